"""The training loop, held against NumPy, a plain written-out loop and d2l's; its errors; its output in a notebook."""

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
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from nbclient import NotebookClient

from d2lhelpers import random
from d2lhelpers.plotting import LiveCurve
from d2lhelpers.training import History, Timer, TrainingDiverged, accuracy, evaluate, fit

npx.set_np()

NUM_INPUTS, NUM_CLASSES = 4, 3


def numbers(n=50, seed=0):
    """Return inputs (n, 4), class labels (n,) and targets (n, 1) as NumPy arrays; the classes can be learned."""
    random = onp.random.RandomState(seed)
    X = random.normal(size=(n, NUM_INPUTS)).astype("float32")
    labels = X[:, :NUM_CLASSES].argmax(axis=1).astype("int32")
    targets = (X @ onp.arange(1, NUM_INPUTS + 1)[:, None] / 5 + 0.3).astype("float32")
    return X, labels, targets


def batches(X, y, batch_size=16):
    """Cut arrays into minibatches; the last may be smaller (50 = 16 + 16 + 16 + 2)."""
    return [
        (np.array(X[i : i + batch_size], dtype=X.dtype), np.array(y[i : i + batch_size], dtype=y.dtype))
        for i in range(0, len(X), batch_size)
    ]


def classes_batches(n=50, seed=0, **kwargs):
    X, labels, _ = numbers(n, seed)
    return batches(X, labels, **kwargs)


def target_batches(n=50, seed=0, **kwargs):
    X, _, targets = numbers(n, seed)
    return batches(X, targets, **kwargs)


def mlp(*units):
    net = nn.HybridSequential()
    for count in units[:-1]:
        net.add(nn.Dense(count, activation="relu"))
    net.add(nn.Dense(units[-1]))
    return net


def linear(weight, bias):
    """Return an initialized dense layer with the given parameters."""
    net = nn.Dense(weight.shape[0], in_units=weight.shape[1])
    net.initialize()
    net.weight.set_data(np.array(weight))
    net.bias.set_data(np.array(bias))
    return net


def parameters(net):
    return [parameter.data(parameter.list_ctx()[0]).asnumpy() for parameter in net.collect_params().values()]


def quiet(net, train, test=None, **kwargs):
    return fit(net, train, test, **({"num_epochs": 3, "plot": False, "seed": 1} | kwargs))


# Against oracles


def numpy_softmax_regression(W, b, X, y, Xt, yt, lr, num_epochs, batch_size):
    """Train softmax regression in float64, and return what `fit` should report."""
    X, Xt, W, b = (a.astype("float64") for a in (X, Xt, W, b))

    def probabilities(X):
        scores = onp.exp(X @ W.T + b)
        return scores / scores.sum(axis=1, keepdims=True)

    report = {"train_loss": [], "train_accuracy": [], "test_loss": [], "test_accuracy": []}
    for _ in range(num_epochs):
        losses, right = [], []
        for start in range(0, len(X), batch_size):
            rows, labels = X[start : start + batch_size], y[start : start + batch_size]
            p = probabilities(rows)
            losses.extend(-onp.log(p[onp.arange(len(rows)), labels]))
            right.extend(p.argmax(axis=1) == labels)
            gradient = (p - onp.eye(W.shape[0])[labels]) / len(rows)
            W = W - lr * gradient.T @ rows
            b = b - lr * gradient.sum(axis=0)
        p = probabilities(Xt)
        report["train_loss"].append(onp.mean(losses))
        report["train_accuracy"].append(onp.mean(right))
        report["test_loss"].append(onp.mean(-onp.log(p[onp.arange(len(Xt)), yt])))
        report["test_accuracy"].append(onp.mean(p.argmax(axis=1) == yt))
    return report, W, b


def test_classification_equals_numpy_with_a_smaller_last_batch():
    X, y, _ = numbers(50)
    Xt, yt, _ = numbers(23, seed=1)
    W = onp.random.RandomState(2).normal(size=(NUM_CLASSES, NUM_INPUTS)).astype("float32")
    b = onp.zeros(NUM_CLASSES, dtype="float32")
    expected, W_trained, b_trained = numpy_softmax_regression(W, b, X, y, Xt, yt, 0.5, 4, 16)
    net = linear(W, b)
    history = fit(net, batches(X, y), batches(Xt, yt), num_epochs=4, lr=0.5, plot=False)
    for name, values in expected.items():
        onp.testing.assert_allclose(getattr(history, name), values, rtol=1e-5, err_msg=name)
    onp.testing.assert_allclose(net.weight.data().asnumpy(), W_trained, atol=1e-5)
    onp.testing.assert_allclose(net.bias.data().asnumpy(), b_trained, atol=1e-5)
    mean_loss, mean_accuracy = evaluate(net, batches(Xt, yt))
    assert mean_loss == pytest.approx(expected["test_loss"][-1], rel=1e-5)
    assert mean_accuracy == expected["test_accuracy"][-1]


def test_regression_reports_losses_only():
    X, _, y = numbers(50)
    W, b = onp.ones((1, NUM_INPUTS), dtype="float32"), onp.zeros(1, dtype="float32")
    net = linear(W, b)
    history = quiet(net, batches(X, y), batches(X, y), loss=gluon.loss.L2Loss(), num_epochs=1, lr=1e-12)
    expected = ((X @ W.T - y) ** 2).mean() / 2  # L2Loss halves the square
    assert history.train_loss == pytest.approx([expected], rel=1e-5)
    assert history.test_loss == pytest.approx([expected], rel=1e-5)
    assert history.train_accuracy == history.test_accuracy == []
    assert evaluate(net, batches(X, y), gluon.loss.L2Loss()) == (pytest.approx(expected, rel=1e-5), None)


def plain_loop(net, train, optimizer, num_epochs):
    """Train as a Gluon tutorial would."""
    trainer = gluon.Trainer(net.collect_params(), optimizer, {"learning_rate": 0.05})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    means = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, y in train:
            with autograd.record():
                values = loss(net(X), y)
            values.backward()
            trainer.step(len(X))
            total, count = total + float(values.sum()), count + len(X)
        means.append(total / count)
    return means


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("hybridize", [False, True])
def test_same_training_as_a_plain_loop(optimizer, hybridize):
    train = classes_batches()
    ours, theirs = mlp(8, NUM_CLASSES), mlp(8, NUM_CLASSES)
    if hybridize:
        ours.hybridize()
    history = fit(ours, train, num_epochs=3, lr=0.05, optimizer=optimizer, plot=False, seed=5)
    random.seed(5)
    theirs.initialize(mx.init.Xavier())
    assert plain_loop(theirs, train, optimizer, 3) == pytest.approx(history.train_loss, rel=1e-6)
    for a, b in zip(parameters(ours), parameters(theirs), strict=True):
        onp.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:ndarray.as_in_context has been renamed")  # d2l uses the old name
def test_same_loss_as_d2l():
    from d2l import mxnet as d2l  # loads pandas, pyplot and more

    train = classes_batches()
    ours, theirs = mlp(8, NUM_CLASSES), mlp(8, NUM_CLASSES)
    history = fit(ours, train, num_epochs=2, lr=0.1, plot=False, seed=3, devices=[mx.cpu(0), mx.cpu(1)])
    random.seed(3)
    theirs.initialize(mx.init.Xavier(), ctx=[mx.cpu(0), mx.cpu(1)])
    trainer = gluon.Trainer(theirs.collect_params(), "sgd", {"learning_rate": 0.1})
    for epoch in range(2):
        sums = [
            d2l.train_batch_ch13(
                theirs, X, y, gluon.loss.SoftmaxCrossEntropyLoss(), trainer, [mx.cpu(0), mx.cpu(1)], d2l.split_batch
            )
            for X, y in train
        ]
        count = sum(len(X) for X, _ in train)
        assert sum(loss for loss, _ in sums) / count == pytest.approx(history.train_loss[epoch], rel=1e-6)
        assert sum(right for _, right in sums) / count == history.train_accuracy[epoch]


# Devices


@pytest.mark.parametrize("n", [50, 49])  # last minibatch of 2, and of 1: too small to share
@pytest.mark.parametrize("loss", [None, gluon.loss.L2Loss()])
def test_two_devices_compute_what_one_does(n, loss):
    make = classes_batches if loss is None else target_batches
    units = (8, NUM_CLASSES) if loss is None else (8, 1)
    one, two = mlp(*units), mlp(*units)
    first = quiet(one, make(n), make(13), loss=loss, devices=mx.cpu(0), optimizer="adam", lr=0.05)
    second = quiet(two, make(n), make(13), loss=loss, devices=[mx.cpu(0), mx.cpu(1)], optimizer="adam", lr=0.05)
    for name, values in first.curves().items():
        assert second.curves()[name] == pytest.approx(values, rel=1e-5), name
    for a, b in zip(parameters(one), parameters(two), strict=True):
        onp.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-5)
    for parameter in two.collect_params().values():  # the devices agree
        onp.testing.assert_array_equal(parameter.data(mx.cpu(0)).asnumpy(), parameter.data(mx.cpu(1)).asnumpy())


def test_more_devices_than_examples():
    devices = [mx.cpu(i) for i in range(3)]
    one, three = mlp(8, NUM_CLASSES), mlp(8, NUM_CLASSES)
    # Minibatches of 7 (3, 2 and 2), and a last one of 1 for the first device.
    first = quiet(one, classes_batches(50, batch_size=7), classes_batches(2), devices=mx.cpu(0))
    second = quiet(three, classes_batches(50, batch_size=7), classes_batches(2), devices=devices)
    for name, values in first.curves().items():
        assert second.curves()[name] == pytest.approx(values, rel=1e-5), name
    for a, b in zip(parameters(one), parameters(three), strict=True):
        onp.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-5)


def test_batch_normalization_on_two_devices():
    """Each device normalizes by its own share, and counts no example that is not its own."""
    X, y, _ = numbers(17)
    net = nn.HybridSequential()
    net.add(nn.BatchNorm(momentum=0.5), nn.Dense(NUM_CLASSES))
    devices = [mx.cpu(0), mx.cpu(1)]
    quiet(net, batches(X, y, 8), num_epochs=1, lr=1e-30, devices=devices)  # 4 and 4, 4 and 4, 1 and none
    # At the first step MXNet's Trainer gives all devices what the first one has, these statistics too.
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
        from mxnet_compat.threads import threads_in_use
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
        print("threads", threads_in_use())
    """
    # With one thread, and on one device, it does not hang. OpenBLAS knows no more threads than there are cores.
    command = [sys.executable, "-c", textwrap.dedent(code)]
    environment = {**os.environ, "OMP_NUM_THREADS": "2"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("threads 2\n", "")


def test_trained_network_moves_to_other_devices():
    net = mlp(8, NUM_CLASSES)
    first = quiet(net, classes_batches(), devices=mx.cpu(0))
    second = quiet(net, classes_batches(), devices=[mx.cpu(0), mx.cpu(1)])
    assert second.train_loss[0] < first.train_loss[-1]
    both = evaluate(net, classes_batches())
    assert both == pytest.approx(evaluate(net, classes_batches(), devices=mx.cpu(1)), rel=1e-6)


def test_devices_must_be_some_and_different():
    with pytest.raises(ValueError, match="devices is empty"):
        quiet(mlp(3), classes_batches(), devices=[])
    with pytest.raises(ValueError, match="twice"):
        quiet(mlp(3), classes_batches(), devices=[mx.cpu(0), mx.cpu(0)])


# Initialization, optimizers, seeds


def test_equal_seeds_give_equal_runs_with_dropout():
    def run(seed):
        net = nn.Sequential()
        net.add(nn.Dense(16, activation="relu"), nn.Dropout(0.5), nn.Dense(NUM_CLASSES))
        return quiet(net, classes_batches(), seed=seed)

    assert run(7).train_loss == run(7).train_loss != run(8).train_loss


def test_weights_are_xavier_and_given_ones_are_kept():
    net = mlp(200, 100, NUM_CLASSES)
    net[0].initialize(mx.init.Constant(0.25))
    quiet(net, classes_batches(), num_epochs=1, lr=1e-30)
    assert (net[0].weight.data() == 0.25).all()
    weight = net[1].weight.data().asnumpy()
    bound = math.sqrt(3 / ((200 + 100) / 2))  # MXNet's Xavier: uniform, magnitude 3, average of the fans
    assert 0.98 * bound < onp.abs(weight).max() <= bound
    assert float(np.abs(net[1].bias.data()).max()) < 1e-20


def test_optimizer_as_name_object_or_trainer():
    def run(make):
        net = mlp(8, NUM_CLASSES)
        random.seed(1)
        net.initialize(mx.init.Xavier())
        return quiet(net, classes_batches(), seed=None, lr=0.05, optimizer=make(net)).train_loss

    by_name = run(lambda net: "adam")
    assert run(lambda net: mx.optimizer.Adam(learning_rate=0.05)) == by_name
    assert run(lambda net: gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.05})) == by_name
    assert run(lambda net: "Adam") == by_name
    with pytest.raises(ValueError, match=r"no optimizer 'sdg'.*sgd"):
        run(lambda net: "sdg")
    with pytest.raises(TypeError, match="optimizer must be a name"):
        run(lambda net: None)


def test_trainer_keeps_its_devices():
    net = mlp(8, NUM_CLASSES)
    net.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    quiet(net, classes_batches(), optimizer=trainer)
    assert net[0].weight.list_ctx() == [mx.cpu(0), mx.cpu(1)]
    with pytest.raises(ValueError, match=r"Trainer's parameters are on \[cpu\(0\), cpu\(1\)\], not on \[cpu\(0\)\]"):
        quiet(net, classes_batches(), optimizer=trainer, devices=mx.cpu(0))


def test_frozen_parameters_stay():
    net = mlp(8, NUM_CLASSES)
    net[0].initialize()
    net[0].collect_params().setattr("grad_req", "null")
    net[0](np.ones((1, NUM_INPUTS)))
    before = net[0].weight.data().asnumpy()
    quiet(net, classes_batches())
    onp.testing.assert_array_equal(net[0].weight.data().asnumpy(), before)


# What goes in


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"num_epochs": 0}, ValueError, "num_epochs must be a whole number, at least 1, not 0"),
        ({"num_epochs": 1.5}, ValueError, "not 1.5"),
        ({"num_epochs": True}, ValueError, "not True"),
        ({"lr": 0}, ValueError, "lr, the learning rate, must be a positive number, not 0"),
        ({"lr": math.nan}, ValueError, "not nan"),
        ({"net": nn.Activation("relu")}, ValueError, "no parameters to train"),
        ({"net": lambda X: X}, TypeError, "gluon.Block"),
        ({"train": []}, ValueError, "train_loader gave no minibatch in epoch 1"),
        ({"train": None}, TypeError, "train_loader must give minibatches"),
        ({"train": iter([])}, TypeError, "train_loader is used up after one epoch"),
        ({"test": []}, ValueError, "test_loader gave no minibatch"),
        ({"test": (batch for batch in [])}, TypeError, "test_loader is used up"),
        ({"train": [np.ones((4, 4))]}, ValueError, r"pairs \(X, y\), but gave mxnet.numpy.ndarray"),
        ({"train": [(np.ones((4, 4)),)]}, ValueError, "but gave tuple of length 1"),
        ({"train": [(onp.ones((4, 4)), np.ones(4))]}, TypeError, "X of a batch .* not numpy.ndarray"),
        ({"train": [(np.ones((4, 4)), np.ones(3))]}, ValueError, r"\(4, 4\), \(3,\)"),
        ({"train": [(np.ones((0, 4)), np.ones(0))]}, ValueError, "batch 0 is empty"),
    ],
)
def test_bad_arguments(arguments, error, message):
    given = {"net": mlp(NUM_CLASSES), "train": classes_batches(), "test": None} | arguments
    with pytest.raises(error, match=message):
        quiet(given.pop("net"), given.pop("train"), given.pop("test"), **given)


@pytest.mark.parametrize("position", [0, 2])
@pytest.mark.parametrize("label", [NUM_CLASSES, -1])
@pytest.mark.parametrize("part", ["train", "test"])
def test_labels_that_are_no_class_are_refused(position, label, part):
    loaders = {"train": classes_batches(), "test": classes_batches()}
    loaders[part][position][1][-1] = label
    with pytest.raises(ValueError, match=f"label {label} is out of range: the network has 3 outputs, for .* 0 to 2"):
        quiet(mlp(NUM_CLASSES), loaders["train"], loaders["test"])


@pytest.mark.parametrize("label", [0.5, -2.5, 1e3 + 0.25, onp.nan])
def test_quantities_are_no_classes(label):
    X, _, _ = numbers()
    with pytest.raises(ValueError, match=rf"label {label:g} is no class number .* pass loss=gluon.loss.L2Loss\(\)"):
        quiet(mlp(NUM_CLASSES), batches(X, onp.full(len(X), label, dtype="float32")))


def test_evaluate_refuses_labels_too():
    net = linear(onp.ones((2, NUM_INPUTS), dtype="float32"), onp.zeros(2, dtype="float32"))
    with pytest.raises(ValueError, match="label 2 is out of range"):
        evaluate(net, classes_batches())


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32", "uint8"])
def test_labels_of_any_type(dtype):
    X, y, _ = numbers()
    history = quiet(mlp(NUM_CLASSES), batches(X, y.astype(dtype)))
    assert history.train_loss == quiet(mlp(NUM_CLASSES), batches(X, y)).train_loss
    assert history.train_accuracy[-1] > 0.3


def test_loss_must_be_one_number_per_example():
    class MeanLoss(gluon.loss.Loss):
        def hybrid_forward(self, F, y_hat, y):
            return ((y_hat - y) ** 2).mean()

    with pytest.raises(ValueError, match=r"one number per example, shape \(16,\), but gave shape \(\)"):
        quiet(mlp(1), target_batches(), loss=MeanLoss(1.0, 0))


def test_one_hot_labels_have_no_accuracy():
    X, y, _ = numbers()
    one_hot = onp.eye(NUM_CLASSES, dtype="float32")[y]
    loss = gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=False)
    history = quiet(mlp(NUM_CLASSES), batches(X, one_hot), loss=loss)
    assert history.train_loss == pytest.approx(quiet(mlp(NUM_CLASSES), batches(X, y)).train_loss, rel=1e-5)
    assert history.train_accuracy == []


def test_loader_without_a_length():
    class Loader:
        def __iter__(self):
            return iter(classes_batches())

    assert quiet(mlp(NUM_CLASSES), Loader()).train_loss == quiet(mlp(NUM_CLASSES), classes_batches()).train_loss


# Divergence


def test_divergence_is_an_error_with_advice():
    message = r"is (nan|inf) after epoch \d of 50: .* than 1000, such as 100"
    with pytest.raises(TrainingDiverged, match=message) as caught:
        quiet(mlp(1), target_batches(), target_batches(), loss=gluon.loss.L2Loss(), lr=1e3, num_epochs=50)
    history = caught.value.history
    assert not math.isfinite(history.train_loss[-1])
    assert all(math.isfinite(loss) for loss in history.train_loss[:-1])
    assert len(history.test_loss) == len(history.train_loss) - 1


def test_curve_is_closed_after_an_error(monkeypatch, capsys):
    closed = []
    monkeypatch.setattr(LiveCurve, "close", lambda self: closed.append(self))
    with pytest.raises(TrainingDiverged):
        quiet(mlp(1), target_batches(), loss=gluon.loss.L2Loss(), lr=1e30, plot=True)
    assert len(closed) == 1
    assert "train loss" in capsys.readouterr().out


# What comes out


def test_history():
    history = quiet(mlp(NUM_CLASSES), classes_batches(), classes_batches())
    assert list(history.curves()) == ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert {len(series) for series in history.curves().values()} == {3}
    for seconds, speed in zip(history.seconds, history.examples_per_second, strict=True):
        assert speed == pytest.approx(50 / seconds)
    assert repr(history) == "<History of 3 epochs: train_loss, test_loss, train_accuracy, test_accuracy>"
    assert repr(History(train_loss=[1.0])) == "<History of 1 epoch: train_loss>"
    assert History(train_loss=[1.0, 0.98765]).final(digits=3) == "train loss 0.988"


def test_script_prints_a_line_per_epoch():
    code = """
        from mxnet import np, npx
        from mxnet.gluon import nn
        from d2lhelpers.training import fit
        data = [(np.ones((4, 2)), np.zeros(4))]
        fit(nn.Dense(2), data, num_epochs=2, lr=1e-20, seed=0)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert all("train loss " in line and "train accuracy " in line for line in lines)
    assert done.stderr == ""


def test_notebook_output_is_one_picture_and_stable():
    code = """
        from mxnet import np, npx
        from mxnet.gluon import nn
        from d2lhelpers.training import fit
        npx.set_np()
        data = [(np.ones((4, 2)), np.zeros(4))]
        fit(nn.Dense(2), data, data, num_epochs=3, seed=0, title="Training")
    """
    cells = [nbformat.v4.new_code_cell(textwrap.dedent(code)) for _ in range(2)]
    NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=300, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in cells]
    assert [output.output_type for output in outputs[0]] == ["display_data", "execute_result"]  # no stderr
    alt = "Curves of train loss, test loss, train accuracy and test accuracy against the epoch, 3 epochs."
    picture, result = outputs[0]
    assert picture.data["text/plain"] == alt
    assert picture.metadata == {"image/png": {"width": 800, "height": 320, "alt": alt}}
    assert result.data["text/plain"].startswith("<History of 3 epochs")
    for first, second in zip(*outputs, strict=True):
        # The picture too: the title with the time left is gone at the end.
        assert first.data == second.data


# Small tools


@pytest.mark.parametrize("y_dtype", ["int32", "float32"])
def test_accuracy(y_dtype):
    y_hat = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    y = np.array([1, 1, 1, 0], dtype=y_dtype)
    assert accuracy(y_hat, y) == 0.75
    assert accuracy(y_hat.argmax(axis=1), y) == 0.75
    for bad in (np.ones(3), np.ones((4, 1))):
        with pytest.raises(ValueError, match="must have shape"):
            accuracy(y_hat, bad)
    with pytest.raises(ValueError, match="no examples"):
        accuracy(np.ones((0, 2)), np.ones(0))


def test_timer_measures_and_adds_up(monkeypatch):
    ticks = itertools.count(step=1.5)
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    timer = Timer()
    assert timer.stop() == 1.5
    timer.start()
    assert timer.stop() == 1.5
    assert timer.stop() == 3.0  # since the last start


def test_timer_agrees_with_d2l():
    from d2l import mxnet as d2l

    ours, theirs = Timer(), d2l.Timer()
    ours.times = theirs.times = [0.5, 0.25, 2.0]
    assert (ours.avg(), ours.sum(), ours.cumsum()) == (theirs.avg(), theirs.sum(), theirs.cumsum())
    public = {name for name in dir(d2l.Timer) if not name.startswith("_")}
    assert public <= set(dir(ours))
