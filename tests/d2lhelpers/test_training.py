"""The training loop, compared with NumPy and with a plain loop; what it rejects, and what it shows."""

import itertools
import math
import os
import subprocess
import sys
import textwrap

import mxnet as mx
import nbformat
import numpy as onp
import pytest
from mxnet import autograd, gluon, np
from mxnet.gluon import nn
from nbclient import NotebookClient

from d2lhelpers import ArrayLoader, LiveCurve, seed
from d2lhelpers.history import History, Timer
from d2lhelpers.training import TrainingDiverged, accuracy, evaluate, fit

NUM_INPUTS, NUM_CLASSES = 4, 3
TWO_DEVICES = [mx.cpu(0), mx.cpu(1)]


def numbers(n=50, start=0):
    """Return inputs (n, 4), class numbers (n,) and quantities (n, 1) as NumPy arrays; the classes can be learned."""
    random = onp.random.RandomState(start)
    X = random.normal(size=(n, NUM_INPUTS)).astype("float32")
    labels = X[:, :NUM_CLASSES].argmax(axis=1).astype("int32")
    quantities = (X @ onp.arange(1, NUM_INPUTS + 1)[:, None] / 5 + 0.3).astype("float32")
    return X, labels, quantities


def batches(X, y, batch_size=16):
    """Cut arrays into minibatches; the last may be smaller (50 = 16 + 16 + 16 + 2)."""
    return list(ArrayLoader(X, y, batch_size=batch_size))


def labeled(n=50, **options):
    return batches(*numbers(n)[:2], **options)


def mlp(*units):
    net = nn.HybridSequential()
    for count in units[:-1]:
        net.add(nn.Dense(count, activation="relu"))
    net.add(nn.Dense(units[-1]))
    return net


def linear(weight, bias):
    """Return a dense layer with the given parameters."""
    net = nn.Dense(weight.shape[0], in_units=weight.shape[1])
    net.initialize()
    net.weight.set_data(np.array(weight))
    net.bias.set_data(np.array(bias))
    return net


def train(net, loader, test_loader=None, **options):
    return fit(net, loader, test_loader, **({"num_epochs": 3, "plot": False, "seed": 1} | options))


def assert_same_parameters(net, other, **tolerance):
    for ours, theirs in zip(net.collect_params().values(), other.collect_params().values(), strict=True):
        ours, theirs = (parameter.list_data()[0].asnumpy() for parameter in (ours, theirs))
        onp.testing.assert_allclose(ours, theirs, **tolerance)


def assert_same_curves(history, other, rel=1e-5):
    assert history.curves().keys() == other.curves().keys()
    for name, values in history.curves().items():
        assert other.curves()[name] == pytest.approx(values, rel=rel), name


# Against oracles


def numpy_softmax_regression(W, b, X, y, X_test, y_test, lr, num_epochs, batch_size):
    """Train softmax regression in float64, and return what `fit` should report."""
    X, X_test, W, b = (array.astype("float64") for array in (X, X_test, W, b))

    def probabilities(X):
        scores = onp.exp(X @ W.T + b)
        return scores / scores.sum(axis=1, keepdims=True)

    report = {"train_loss": [], "train_accuracy": [], "test_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        losses, correct = [], []
        for start in range(0, len(X), batch_size):
            rows, labels = X[start : start + batch_size], y[start : start + batch_size]
            p = probabilities(rows)
            losses.extend(-onp.log(p[onp.arange(len(rows)), labels]))
            correct.extend(p.argmax(axis=1) == labels)
            gradient = (p - onp.eye(W.shape[0])[labels]) / len(rows)
            W = W - lr * gradient.T @ rows
            b = b - lr * gradient.sum(axis=0)
        p = probabilities(X_test)
        report["train_loss"].append(onp.mean(losses))
        report["train_accuracy"].append(onp.mean(correct))
        report["test_loss"].append(onp.mean(-onp.log(p[onp.arange(len(X_test)), y_test])))
        report["test_accuracy"].append(onp.mean(p.argmax(axis=1) == y_test))
    return report, W, b


def test_classification_equals_numpy_with_a_smaller_last_batch():
    X, y, _ = numbers(50)
    X_test, y_test, _ = numbers(23, start=1)
    W = onp.random.RandomState(2).normal(size=(NUM_CLASSES, NUM_INPUTS)).astype("float32")
    b = onp.zeros(NUM_CLASSES, dtype="float32")
    expected, W_trained, b_trained = numpy_softmax_regression(W, b, X, y, X_test, y_test, 0.5, 4, 16)
    net, test = linear(W, b), batches(X_test, y_test)
    history = fit(net, batches(X, y), test, num_epochs=4, lr=0.5, plot=False)
    assert list(history.curves()) == ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    for name, values in expected.items():
        onp.testing.assert_allclose(getattr(history, name), values, rtol=1e-5, err_msg=name)
    onp.testing.assert_allclose(net.weight.data().asnumpy(), W_trained, atol=1e-5)
    onp.testing.assert_allclose(net.bias.data().asnumpy(), b_trained, atol=1e-5)
    assert evaluate(net, test) == pytest.approx((expected["test_loss"][-1], expected["test_accuracy"][-1]), rel=1e-5)


def test_regression_reports_losses_only():
    X, _, y = numbers(50)
    W, b = onp.ones((1, NUM_INPUTS), dtype="float32"), onp.zeros(1, dtype="float32")
    net, loader = linear(W, b), batches(X, y)
    history = train(net, loader, loader, loss=gluon.loss.L2Loss(), num_epochs=1, lr=1e-12)
    expected = ((X @ W.T - y) ** 2).mean() / 2  # L2Loss halves the square
    assert history.train_loss == pytest.approx([expected], rel=1e-5)
    assert history.test_loss == pytest.approx([expected], rel=1e-5)
    assert history.train_accuracy == history.test_accuracy == []
    assert evaluate(net, loader, gluon.loss.L2Loss()) == (pytest.approx(expected, rel=1e-5), None)


@pytest.mark.parametrize(("optimizer", "hybridize"), [("sgd", False), ("adam", True)])
def test_same_training_as_a_plain_loop(optimizer, hybridize):
    loader = labeled()
    ours, theirs = mlp(8, NUM_CLASSES), mlp(8, NUM_CLASSES)
    if hybridize:
        ours.hybridize()
    history = fit(ours, loader, num_epochs=3, lr=0.05, optimizer=optimizer, plot=False, seed=5)
    seed(5)
    theirs.initialize(mx.init.Xavier())
    trainer = gluon.Trainer(theirs.collect_params(), optimizer, {"learning_rate": 0.05})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    means = []
    for _ in range(3):
        total = 0.0
        for X, y in loader:
            with autograd.record():
                values = loss(theirs(X), y)
            values.backward()
            trainer.step(len(X))
            total += float(values.sum())
        means.append(total / 50)
    assert history.train_loss == pytest.approx(means, rel=1e-6)
    assert_same_parameters(ours, theirs, rtol=0)


def test_evaluation_uses_the_whole_network_and_changes_nothing():
    X, y, _ = numbers()
    net = nn.HybridSequential()
    net.add(nn.BatchNorm(), nn.Dropout(0.5), nn.Dense(NUM_CLASSES))
    history = train(net, batches(X, y), batches(X, y))
    statistics = net[0].running_mean.data().asnumpy()
    for _ in range(2):
        assert evaluate(net, batches(X, y)) == (history.test_loss[-1], history.test_accuracy[-1])
    onp.testing.assert_array_equal(net[0].running_mean.data().asnumpy(), statistics)


# Labels and accuracy


@pytest.mark.parametrize("dtype", ["int64", "float32", "uint8", "bool"])
def test_class_numbers_of_any_type(dtype):
    X, y, _ = numbers()
    y = (y > 0).astype("int32")
    expected = train(mlp(2), batches(X, y), batches(X, y))
    assert train(mlp(2), batches(X, y.astype(dtype)), batches(X, y.astype(dtype))).curves() == expected.curves()


def test_column_of_labels_counts_as_labels():
    X, y, _ = numbers()
    expected = train(mlp(NUM_CLASSES), batches(X, y), batches(X, y))
    column = y[:, None]
    assert train(mlp(NUM_CLASSES), batches(X, column), batches(X, column)).curves() == expected.curves()


@pytest.mark.parametrize("shape", [(5, 6, 7), (5, 1, 6, 7)])
def test_accuracy_of_pixels_counts_pixels(shape):
    random = onp.random.RandomState(0)
    pictures = random.normal(size=(5, 2, 6, 7)).astype("float32")
    labels = random.randint(2, size=(5, 6, 7)).astype("int32")
    net = nn.Conv2D(2, kernel_size=1, in_channels=2)
    net.initialize()
    net.weight.set_data(np.eye(2).reshape(2, 2, 1, 1))  # the outputs are the inputs
    loader = batches(pictures, labels.reshape(shape), batch_size=2)
    loss = gluon.loss.SoftmaxCrossEntropyLoss(axis=1)
    history = train(net, loader, loader, loss=loss, num_epochs=1, lr=1e-12)
    probabilities = onp.exp(pictures) / onp.exp(pictures).sum(axis=1, keepdims=True)
    expected_loss = -onp.log(onp.where(labels == 1, probabilities[:, 1], probabilities[:, 0])).mean()
    expected_accuracy = (pictures.argmax(axis=1) == labels).mean()
    assert history.train_loss == history.test_loss == pytest.approx([expected_loss], rel=1e-5)
    assert history.train_accuracy == history.test_accuracy == [pytest.approx(expected_accuracy)]


def test_one_hot_labels_have_a_loss_and_no_accuracy():
    X, y, _ = numbers()
    one_hot = onp.eye(NUM_CLASSES, dtype="float32")[y]
    history = train(mlp(3), batches(X, one_hot), loss=gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=False))
    assert history.train_loss == pytest.approx(train(mlp(3), batches(X, y)).train_loss, rel=1e-5)
    assert history.train_accuracy == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda y: onp.eye(3)[y], r"shape of the outputs, \(16, 3\), .* one-hot encoded.*sparse_label=False"),
        (
            lambda y: onp.stack([y, y], axis=1),
            r"\(16, 3\) .* along axis 1 need labels of shape \(16,\), but .*\(16, 2\)",
        ),
        (lambda y: y + 0.5, r"label 0.5 is no class number .* pass loss=gluon.loss.L2Loss\(\)"),
        (lambda y: y + 1, "label 3 is out of range: the network has 3 outputs, for the labels 0 to 2"),
        (lambda y: y - 1, "label -1 is out of range"),
        (lambda y: onp.where(onp.arange(50) < 49, y, 7), "label 7 is out of range"),  # the last batch
    ],
)
def test_labels_that_do_not_fit_the_network(change, message):
    X, y, _ = numbers()
    good, bad = batches(X, y), batches(X, change(y))
    net = mlp(NUM_CLASSES)
    for loaders in ((bad,), (good, bad)):
        with pytest.raises(ValueError, match=message):
            train(net, *loaders)
    with pytest.raises(ValueError, match=message):
        evaluate(net, bad)


def test_loss_must_be_one_number_per_example():
    class MeanLoss(gluon.loss.Loss):
        def hybrid_forward(self, F, y_hat, y):
            return ((y_hat - y) ** 2).mean()

    X, _, y = numbers()
    with pytest.raises(ValueError, match=r"one number per example, shape \(16,\), but returned shape \(\)"):
        train(mlp(1), batches(X, y), loss=MeanLoss(1.0, 0))


# Numbers that are not finite


@pytest.mark.parametrize("bad", [onp.nan, onp.inf])
@pytest.mark.parametrize("part", ["train_loader", "test_loader"])
def test_inputs_that_are_not_finite_are_named(part, bad):
    """A hidden ReLU turns nan into a number: the loss would not show it."""
    X, y, _ = numbers()
    bad_X = X.copy()
    bad_X[20, 2] = bad
    loaders = (batches(bad_X, y),) if part == "train_loader" else (batches(X, y), batches(bad_X, y))
    with pytest.raises(ValueError, match=rf"X in minibatch 1 of {part} contains {bad} at position \(4, 2\)"):
        train(mlp(8, NUM_CLASSES), *loaders)


def test_quantities_that_are_not_finite_are_named():
    X, _, y = numbers()
    y[3] = onp.nan
    with pytest.raises(ValueError, match=r"y in minibatch 0 of loader contains nan at position \(3, 0\)"):
        evaluate(linear(onp.ones((1, 4), "float32"), onp.zeros(1, "float32")), batches(X, y), gluon.loss.L2Loss())


def test_divergence_is_an_error_with_advice():
    X, _, y = numbers()
    loader = batches(X, y)
    message = r"training loss is (nan|inf) after epoch \d of 50: .* than 1000, such as 100"
    with pytest.raises(TrainingDiverged, match=message) as caught:
        train(mlp(1), loader, loader, loss=gluon.loss.L2Loss(), lr=1e3, num_epochs=50)
    history = caught.value.history
    assert not math.isfinite(history.train_loss[-1])
    assert all(math.isfinite(loss) for loss in history.train_loss[:-1])
    assert len(history.test_loss) == len(history.train_loss) - 1


def test_network_that_has_diverged_before_is_refused():
    net = linear(onp.array([[1, 2, onp.nan, 4]], "float32"), onp.zeros(1, "float32"))
    with pytest.raises(ValueError, match=r"\w+weight already contains values that are not finite.* new network"):
        train(net, labeled())


def test_parameter_that_is_not_finite_is_named_though_the_loss_is():
    class Root(nn.Block):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(NUM_CLASSES)
            self.number = self.params.get("number", shape=(1,), init=mx.init.Zero())

        def forward(self, X):
            return self.dense(X) + 0 * np.sqrt(self.number.data())  # a finite sum, with the gradient 0 · ∞

    X, y, _ = numbers()
    with pytest.raises(TrainingDiverged, match=r"parameter \w*number is not finite after epoch 1 of 3") as caught:
        train(Root(), batches(X, y, batch_size=50))
    assert math.isfinite(caught.value.history.train_loss[0])


def test_curve_is_closed_after_an_error(monkeypatch, capsys):
    closed = []
    monkeypatch.setattr(LiveCurve, "close", lambda self: closed.append(self))
    X, _, y = numbers()
    with pytest.raises(TrainingDiverged):
        train(mlp(1), batches(X, y), loss=gluon.loss.L2Loss(), lr=1e30, plot=True)
    assert len(closed) == 1
    assert "train loss" in capsys.readouterr().out


# Devices


@pytest.mark.parametrize(
    ("n", "batch_size", "devices", "loss"),
    [
        (50, 16, TWO_DEVICES, None),
        (49, 16, TWO_DEVICES, gluon.loss.L2Loss()),  # a last minibatch of 1, too small to share
        (50, 7, [mx.cpu(i) for i in range(3)], None),  # 3 + 2 + 2, and a last minibatch of 1
    ],
)
def test_several_devices_compute_what_one_does(n, batch_size, devices, loss):
    X, labels, quantities = numbers(n)
    loader = batches(X, quantities if loss else labels, batch_size)
    units = (8, 1) if loss else (8, NUM_CLASSES)
    one, several = mlp(*units), mlp(*units)
    options = {"loss": loss, "optimizer": "adam", "lr": 0.05}
    assert_same_curves(
        train(one, loader, loader[:1], devices=mx.cpu(0), **options),
        train(several, loader, loader[:1], devices=devices, **options),
    )
    assert_same_parameters(one, several, rtol=2e-4, atol=1e-5)
    for parameter in several.collect_params().values():  # the devices agree
        for copy in parameter.list_data():
            onp.testing.assert_array_equal(copy.asnumpy(), parameter.data(devices[0]).asnumpy())


def test_batch_normalization_on_two_devices():
    """Each device normalizes by its own share, and counts no example that is not its own."""
    X, y, _ = numbers(17)
    net = nn.HybridSequential()
    net.add(nn.BatchNorm(momentum=0.5), nn.Dense(NUM_CLASSES))
    train(net, batches(X, y, 8), num_epochs=1, lr=1e-30, devices=TWO_DEVICES)  # 4 and 4, 4 and 4, 1 and none
    # At the first step MXNet's Trainer gives all devices what the first one has, including these statistics.
    shares = {mx.cpu(0): [X[0:4], X[8:12], X[16:17]], mx.cpu(1): [X[0:4], X[12:16]]}
    for device, own in shares.items():
        mean, variance = onp.zeros(NUM_INPUTS), onp.ones(NUM_INPUTS)
        for rows in own:
            mean, variance = (mean + rows.mean(axis=0)) / 2, (variance + rows.var(axis=0)) / 2
        onp.testing.assert_allclose(net[0].running_mean.data(device).asnumpy(), mean, rtol=1e-5, atol=1e-6)
        onp.testing.assert_allclose(net[0].running_var.data(device).asnumpy(), variance, rtol=1e-5, atol=1e-6)


def test_matrix_products_on_two_devices_do_not_hang():
    code = """
        from mxnet import cpu, np, npx
        from mxnet.gluon import nn
        from d2lhelpers import fit
        npx.set_np()

        class Products(nn.Block):
            def __init__(self):
                super().__init__()
                self.dense = nn.Dense(256, in_units=256, use_bias=False)

            def forward(self, X):
                for _ in range(30):
                    X = np.dot(X, self.dense.weight.data(X.ctx))
                return X

        data = [(np.ones((256, 256)), np.zeros(256))] * 4
        fit(Products(), data, data, num_epochs=3, lr=1e-9, devices=[cpu(0), cpu(1)], plot=False)
        print("done")
    """
    # It never hangs with one thread, or on one device.
    command = [sys.executable, "-c", textwrap.dedent(code)]
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_trained_network_moves_to_other_devices():
    net = mlp(8, NUM_CLASSES)
    first = train(net, labeled(), devices=mx.cpu(0))
    second = train(net, labeled(), devices=TWO_DEVICES)
    assert second.train_loss[0] < first.train_loss[-1]
    assert evaluate(net, labeled()) == pytest.approx(evaluate(net, labeled(), devices=mx.cpu(1)), rel=1e-6)


# Initialization, optimizers, seeds


def test_equal_seeds_give_equal_runs_with_dropout():
    def run(number):
        net = nn.Sequential()
        net.add(nn.Dense(16, activation="relu"), nn.Dropout(0.5), nn.Dense(NUM_CLASSES))
        return train(net, labeled(), seed=number).train_loss

    assert run(7) == run(7) != run(8)


def test_weights_are_xavier_and_given_ones_are_kept():
    net = mlp(200, 100, NUM_CLASSES)
    net[0].initialize(mx.init.Constant(0.25))
    train(net, labeled(), num_epochs=1, lr=1e-30)
    assert (net[0].weight.data() == 0.25).all()
    weight = net[1].weight.data().asnumpy()
    bound = math.sqrt(3 / ((200 + 100) / 2))  # MXNet's Xavier: uniform, magnitude 3, average of the fans
    assert 0.98 * bound < onp.abs(weight).max() <= bound
    assert float(np.abs(net[1].bias.data()).max()) < 1e-20


def test_optimizer_as_name_object_or_trainer():
    def run(make):
        net = mlp(8, NUM_CLASSES)
        seed(1)
        net.initialize(mx.init.Xavier())
        return train(net, labeled(), seed=None, lr=0.05, optimizer=make(net)).train_loss

    by_name = run(lambda net: "adam")
    assert run(lambda net: "Adam") == by_name
    assert run(lambda net: mx.optimizer.Adam(learning_rate=0.05)) == by_name
    assert run(lambda net: gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.05})) == by_name


def test_optimizer_object_can_be_used_again():
    optimizer = mx.optimizer.Adam(learning_rate=0.05)
    first, second = (train(mlp(8, NUM_CLASSES), labeled(), optimizer=optimizer).train_loss for _ in range(2))
    assert first == second


def test_trainer_keeps_its_devices():
    net = mlp(8, NUM_CLASSES)
    net.initialize(ctx=TWO_DEVICES)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    train(net, labeled(), optimizer=trainer)
    assert net[0].weight.list_ctx() == TWO_DEVICES
    with pytest.raises(ValueError, match=r"Trainer's parameters are on \[cpu\(0\), cpu\(1\)\], not on \[cpu\(0\)\]"):
        train(net, labeled(), optimizer=trainer, devices=mx.cpu(0))


def test_frozen_parameters_stay():
    net = mlp(8, NUM_CLASSES)
    net[0].initialize()
    net[0].collect_params().setattr("grad_req", "null")
    net[0](np.ones((1, NUM_INPUTS)))
    before = net[0].weight.data().asnumpy()
    train(net, labeled())
    onp.testing.assert_array_equal(net[0].weight.data().asnumpy(), before)


# Arguments


def test_numbers_of_numpy_and_mxnet_are_numbers():
    expected = train(mlp(NUM_CLASSES), labeled(), num_epochs=2, lr=0.5, seed=3).curves()
    options = {"num_epochs": onp.arange(3)[2], "lr": np.linspace(0, 1, 3)[1], "seed": onp.uint8(3)}
    assert train(mlp(NUM_CLASSES), labeled(), **options).curves() == expected
    assert (
        train(mlp(NUM_CLASSES), labeled(), num_epochs=np.arange(3)[2], lr=onp.float32(0.5), seed=3).curves() == expected
    )


def bad_batch(X, y):
    return lambda: [(np.ones(X), np.ones(y))]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"num_epochs": 0}, ValueError, "num_epochs=0: must be a whole number, 1 or more"),
        ({"lr": 0}, ValueError, "lr=0: must be a number greater than 0"),
        ({"seed": 2**32}, ValueError, "seed=4294967296: must be a whole number, 0 to 4,294,967,295"),
        ({"net": nn.Activation("relu")}, ValueError, "no parameters to train"),
        ({"net": abs}, TypeError, "net must be a Gluon network"),
        ({"optimizer": "sdg"}, ValueError, "no optimizer 'sdg'.*sgd"),
        ({"optimizer": None}, TypeError, "optimizer must be a name"),
        ({"devices": []}, ValueError, "devices is empty"),
        ({"devices": [mx.cpu(0), mx.cpu(0)]}, ValueError, "contains the same device twice"),
        ({"train": None}, TypeError, "train_loader must be an iterable of minibatches .* not NoneType"),
        ({"train": iter([])}, TypeError, "train_loader is used up after one epoch"),
        ({"train": []}, ValueError, "train_loader yielded no minibatches in epoch 1"),
        ({"test": []}, ValueError, "test_loader yielded no minibatches in epoch 1"),
        ({"train": lambda: [np.ones((4, 4))]}, ValueError, r"pairs \(X, y\), but yielded mxnet.numpy.ndarray"),
        ({"train": lambda: [(np.ones((4, 4)),)]}, ValueError, "but yielded tuple of length 1"),
        ({"train": [(onp.ones((4, 4)), onp.ones(4))]}, TypeError, "X in minibatches of .* not numpy.ndarray"),
        ({"train": bad_batch((4, 4), (3,))}, ValueError, r"one row per example.* \(4, 4\) and \(3,\)"),
        ({"train": bad_batch((0, 4), (0,))}, ValueError, "minibatch 0 of train_loader is empty"),
    ],
)
def test_bad_arguments(arguments, error, message):
    given = {"net": mlp(NUM_CLASSES), "train": labeled(), "test": None} | arguments
    loader = given.pop("train")
    with pytest.raises(error, match=message):
        train(given.pop("net"), loader() if callable(loader) else loader, given.pop("test"), **given)


def test_loader_without_a_length():
    class Loader:
        def __iter__(self):
            return iter(labeled())

    assert train(mlp(NUM_CLASSES), Loader()).curves() == train(mlp(NUM_CLASSES), labeled()).curves()


# What comes out


def test_history():
    history = train(mlp(NUM_CLASSES), labeled(), labeled())
    assert {len(series) for series in history.curves().values()} == {3}
    for seconds, speed in zip(history.seconds, history.examples_per_second, strict=True):
        assert speed == pytest.approx(50 / seconds)
    assert repr(history) == "<History of 3 epochs: train_loss, test_loss, train_accuracy, test_accuracy>"
    assert repr(History(train_loss=[1.0])) == "<History of 1 epoch: train_loss>"
    assert History(train_loss=[1.0, 0.98765], test_accuracy=[0.5]).final(digits=3) == (
        "train loss 0.988, test accuracy 0.500"
    )


def test_script_prints_a_line_per_epoch(capfd):
    train(mlp(NUM_CLASSES), labeled(), num_epochs=2, plot=True)
    printed = capfd.readouterr()
    lines = printed.out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert all("train loss " in line and "train accuracy " in line for line in lines)
    assert printed.err == ""


def test_notebook_output_is_one_picture_and_stable():
    code = """
        from mxnet import np, npx
        from mxnet.gluon import nn
        from d2lhelpers import fit
        npx.set_np()
        data = [(np.ones((4, 2)), np.zeros(4))]
        fit(nn.Dense(2), data, data, num_epochs=3, seed=0, title="Training")
    """
    cells = [nbformat.v4.new_code_cell(textwrap.dedent(code)) for _ in range(2)]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in cells]
    assert [output.output_type for output in outputs[0]] == ["display_data", "execute_result"]  # no stderr
    picture, result = outputs[0]
    assert picture.data["text/plain"] == (
        "Curves of train loss, test loss, train accuracy and test accuracy against the epoch, 3 epochs."
    )
    assert result.data["text/plain"].startswith("<History of 3 epochs")
    for first, second in zip(*outputs, strict=True):
        # Including the picture: the title with the time left is gone at the end.
        assert first.data == second.data


def test_accuracy():
    y_hat = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    for dtype in ("int32", "float32"):
        y = np.array([1, 1, 1, 0], dtype=dtype)
        assert accuracy(y_hat, y) == accuracy(y_hat.argmax(axis=1), y) == 0.75
    for shape in ((3,), (4, 1)):
        with pytest.raises(ValueError, match="must have shape"):
            accuracy(y_hat, np.ones(shape))
    with pytest.raises(ValueError, match="no examples"):
        accuracy(np.ones((0, 2)), np.ones(0))


def test_timer(monkeypatch):
    ticks = itertools.count(step=1.5)
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    timer = Timer()
    assert timer.stop() == 1.5
    timer.start()
    assert timer.stop() == 1.5
    assert timer.stop() == 3.0  # since the last start
    assert (timer.avg(), timer.sum(), timer.cumsum()) == (2.0, 6.0, [1.5, 3.0, 6.0])
