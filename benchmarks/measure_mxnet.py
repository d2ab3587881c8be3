"""Measure the course's side: MXNet as `mxnet_compat` sets it up. run.py runs this in a separate process."""

from __future__ import annotations

import sys

import timing
from networks import NETWORKS, Layers

import d2lhelpers  # before mxnet, as in the notebooks

from mxnet import autograd, gluon, init, np, npx  # isort: skip
from mxnet.gluon import nn  # isort: skip


def product() -> list[float]:
    """Return the GFLOP/s of 1024² products, float32, all queued before one barrier."""
    A, B = (np.random.uniform(size=(1024, 1024)) for _ in range(2))

    def work() -> None:
        for _ in range(20):
            np.dot(A, B)
        npx.waitall()

    return timing.rates(work, 20 * 2 * 1024**3 / 1e9)


def dispatch() -> list[float]:
    """Return the time to queue 200 products, as a share of the time to compute them; the queue holds 512."""
    A, B = (np.random.uniform(size=(1024, 1024)) for _ in range(2))
    shares = []
    for _ in range(3):
        npx.waitall()
        with timing.Stopwatch() as whole:
            with timing.Stopwatch() as ordering:
                for _ in range(200):
                    np.dot(A, B)
            npx.waitall()
        shares.append(ordering.seconds / (whole.seconds - ordering.seconds))
    return shares


def loader() -> list[float]:
    """Return images per second from `ArrayLoader`, in shuffled batches of 256."""
    images, labels = timing.made_images()
    batches = d2lhelpers.ArrayLoader(images, labels, batch_size=256, shuffle=True)

    def work() -> None:
        for X, _ in batches:
            X.wait_to_read()

    return timing.rates(work, len(images))


def data(source: str) -> list[float]:
    """Return images per second from reading a data set of the package, and all its batches of 256, test images too."""

    def work() -> None:
        for batches in d2lhelpers.load_data(256, source=source):
            for X, _ in batches:
                X.wait_to_read()

    return timing.rates(work, sum(part.num_examples for part in d2lhelpers.load_data(256, source=source)))


def epoch(name: str, examples: str = "60000") -> list[float]:
    """Return images per second in an epoch of `fit`, with test accuracy (on up to 10,000 images) and progress."""
    images, labels = timing.made_images(int(examples))

    def load(count: int | None, shuffle: bool = False) -> d2lhelpers.ArrayLoader:
        return d2lhelpers.ArrayLoader(images[:count], labels[:count], batch_size=256, shuffle=shuffle)

    train, test, few = load(None, shuffle=True), load(10_000), load(2_560)
    net = build(NETWORKS[name][0]())

    def work(train: d2lhelpers.ArrayLoader, test: d2lhelpers.ArrayLoader) -> None:
        with timing.silent():
            d2lhelpers.fit(net, train, test, num_epochs=1, lr=0.1)

    work(few, few)
    return timing.single_rates(lambda: work(train, test), len(images))


def accuracy(name: str) -> list[float]:
    """Return, for each seed, the test accuracy after 8 epochs of `fit` over 6,000 images of MNIST."""
    (images, labels), (test_images, test_labels) = timing.mnist()
    test = d2lhelpers.ArrayLoader(test_images, test_labels, batch_size=256)
    accuracies = []
    for seed in timing.SEEDS:
        train = d2lhelpers.ArrayLoader(images, labels, batch_size=64, shuffle=True, seed=seed)
        net = build(NETWORKS[name][0]())
        with timing.silent():
            history = d2lhelpers.fit(net, train, test, num_epochs=8, lr=0.1, seed=seed)
        accuracies.append(history.test_accuracy[-1])
    return accuracies


def step(name: str, batch_size: str = "", compiled: str = "") -> list[float]:
    """Return images per second in training steps; if `compiled` is set, the network and the loss are one graph each."""
    make, channels, side, batch = NETWORKS[name]
    batch = int(batch_size or batch)
    net = build(make(), nn.HybridSequential if compiled else nn.Sequential)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    net.initialize(init.Xavier())
    for block in (net, loss) if compiled else ():
        block.hybridize(static_alloc=True, static_shape=True)
    X = np.random.uniform(size=(batch, channels, side, side))
    y = np.random.randint(0, 10, size=(batch,))
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})

    def work() -> None:
        for _ in range(4):
            with autograd.record():
                value = loss(net(X), y)
            value.backward()
            trainer.step(batch)
        npx.waitall()

    return timing.rates(work, 4 * batch)


def pretrained(batch_size: str) -> list[float]:
    """Return images per second that the pretrained network recognizes at 224×224 pixels, compiled."""
    net = d2lhelpers.load_pretrained()
    net.hybridize(static_alloc=True, static_shape=True)
    X = np.random.uniform(size=(int(batch_size), 3, 224, 224))
    return timing.rates(lambda: net(X).wait_to_read(), len(X))


def build(layers: Layers, container: type[nn.Sequential | nn.HybridSequential] = nn.Sequential) -> gluon.Block:
    """Make the network that the layers describe."""
    net = container()
    for kind, *values in layers:
        net.add(MAKE[kind](*values))
    return net


class Concat(nn.Block):
    """Paths side by side, joined along the channels."""

    def __init__(self, *paths: Layers) -> None:
        super().__init__()
        self.paths = [build(path) for path in paths]
        for path in self.paths:
            self.register_child(path)

    def forward(self, X: np.ndarray) -> np.ndarray:
        return np.concatenate([path(X) for path in self.paths], axis=1)


class Add(nn.Block):
    """The sum of a body and a shortcut."""

    def __init__(self, body: Layers, shortcut: Layers) -> None:
        super().__init__()
        self.body, self.shortcut = build(body), build(shortcut)

    def forward(self, X: np.ndarray) -> np.ndarray:
        return self.body(X) + (self.shortcut(X) if len(self.shortcut) else X)


MAKE = {
    "conv": nn.Conv2D,
    "norm": nn.BatchNorm,
    "relu": lambda: nn.Activation("relu"),
    "sigmoid": lambda: nn.Activation("sigmoid"),
    "max": nn.MaxPool2D,
    "avg": nn.AvgPool2D,
    "mean": nn.GlobalAvgPool2D,
    "flatten": nn.Flatten,
    "dense": nn.Dense,
    "dropout": nn.Dropout,
    "concat": Concat,
    "add": Add,
}

if __name__ == "__main__":
    npx.set_np()
    works = {"product": product, "dispatch": dispatch, "loader": loader, "data": data, "epoch": epoch, "step": step}
    timing.main(sys.argv[1:], {**works, "accuracy": accuracy, "pretrained": pretrained})
