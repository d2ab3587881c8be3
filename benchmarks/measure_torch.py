"""Measure PyTorch's side, eagerly and on the CPU. run.py runs this in a separate process."""

from __future__ import annotations

import sys

import timing
import torch
from networks import NETWORKS, Layers
from torch import nn


def product() -> list[float]:
    """Return the GFLOP/s of 1024² products, float32."""
    A, B = torch.rand(1024, 1024), torch.rand(1024, 1024)

    def work() -> None:
        for _ in range(20):
            A @ B

    return timing.rates(work, 20 * 2 * 1024**3 / 1e9)


def loader() -> list[float]:
    """Return images per second from a DataLoader over tensors in memory, in shuffled batches of 256."""
    images, labels = (torch.from_numpy(array) for array in timing.made_images())
    batches = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(images, labels), batch_size=256, shuffle=True)

    def work() -> None:
        for _ in batches:
            pass

    return timing.rates(work, len(images))


class Transformed(torch.utils.data.Dataset):
    """Images as unsigned bytes. Each is converted to a tensor when it is requested, as in torchvision's data sets."""

    def __init__(self, images: timing.Array, labels: timing.Array) -> None:
        self.pixels, self.labels = (255 * images[:, 0]).astype("uint8"), labels

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return torch.from_numpy(self.pixels[index]).unsqueeze(0).to(torch.float32).div(255), int(self.labels[index])


def transformed() -> list[float]:
    """Return images per second from a DataLoader that transforms image by image."""
    data = Transformed(*timing.made_images(20_000))
    batches = torch.utils.data.DataLoader(data, batch_size=256, shuffle=True)

    def work() -> None:
        for _ in batches:
            pass

    return timing.rates(work, len(data))


def accuracy(name: str) -> list[float]:
    """Return, for each seed, the test accuracy after 8 epochs over 6,000 images of MNIST, initialized as in `fit`."""
    (X, y), (test_X, test_y) = (map(torch.from_numpy, part) for part in timing.mnist())
    loss = nn.CrossEntropyLoss()
    accuracies = []
    for seed in timing.SEEDS:
        torch.manual_seed(seed)
        net = build(NETWORKS[name][0]())
        net(X[:1])
        for parameter in net.parameters():
            (nn.init.xavier_uniform_ if parameter.ndim > 1 else nn.init.zeros_)(parameter)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        for _ in range(8):
            for chosen in torch.randperm(len(X)).split(64):
                optimizer.zero_grad()
                loss(net(X[chosen]), y[chosen].long()).backward()
                optimizer.step()
        accuracies.append(float((net(test_X).argmax(1) == test_y).float().mean()))
    return accuracies


def step(name: str) -> list[float]:
    """Return images per second in training steps: forward, backward, update."""
    make, channels, side, batch = NETWORKS[name]
    net, loss = build(make()), nn.CrossEntropyLoss()
    X, y = torch.rand(batch, channels, side, side), torch.randint(0, 10, (batch,))
    net(X)  # gives lazy layers their sizes
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

    def work() -> None:
        for _ in range(4):
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()

    return timing.rates(work, 4 * batch)


def build(layers: Layers) -> nn.Sequential:
    """Make the network that the layers describe."""
    return nn.Sequential(*(MAKE[kind](*values) for kind, *values in layers))


class Concat(nn.Module):
    """Paths side by side, joined along the channels."""

    def __init__(self, *paths: Layers) -> None:
        super().__init__()
        self.paths = nn.ModuleList(build(path) for path in paths)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return torch.cat([path(X) for path in self.paths], dim=1)


class Add(nn.Module):
    """The sum of a body and a shortcut."""

    def __init__(self, body: Layers, shortcut: Layers) -> None:
        super().__init__()
        self.body, self.shortcut = build(body), build(shortcut)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return self.body(X) + self.shortcut(X)  # an empty Sequential is the identity


MAKE = {
    "conv": nn.LazyConv2d,
    "norm": nn.LazyBatchNorm2d,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "max": nn.MaxPool2d,
    "avg": nn.AvgPool2d,
    "mean": lambda: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "flatten": nn.Flatten,
    "dense": nn.LazyLinear,
    "dropout": nn.Dropout,
    "concat": Concat,
    "add": Add,
}

if __name__ == "__main__":
    timing.main(
        sys.argv[1:],
        {"product": product, "loader": loader, "transformed": transformed, "accuracy": accuracy, "step": step},
    )
