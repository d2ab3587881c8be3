"""Notebook 15: batch norm against NumPy, what training with it shows over three seeds, and wrong answers."""

import re

import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import evaluate, fit, load_data, load_images, summarize

npx.set_np()
NOTEBOOK = StoredNotebook("15-batchnorm")
SEEDS = (0, 1, 2)
EPSILON, MOMENTUM = 1e-5, 0.9


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define."""
    names = {}
    exec(NOTEBOOK.imports(), names)
    for text in ("def batch_statistics(", "class OurBatchNorm", "def watch(", "def mlp(", "def lenet(", "def seen_as("):
        exec(NOTEBOOK.cell_with(text).source, names)
    exec(NOTEBOOK.cell_with("class Drift(").source.split("\n\n\n")[0], names)
    return names


def numpy_statistics(X):
    axes = (0,) if X.ndim == 2 else (0, 2, 3)
    return X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True)


def numpy_batch_norm(X, mean, var, gamma=1.0, beta=0.0):
    return gamma * (X - mean) / onp.sqrt(var + EPSILON) + beta


# ---- the layer ----


@pytest.mark.parametrize("shape", [(8, 3), (8, 3, 5, 5)])
class TestLayer:
    def test_ours_and_gluons_are_numpys(self, names, shape):
        random = onp.random.RandomState(1)
        ours, gluons = names["OurBatchNorm"](3, len(shape)), nn.BatchNorm()
        gluons.initialize()
        mean, var = 0.0, 1.0
        for _ in range(6):
            X = random.normal(-1, 2, size=shape)
            batch = numpy_statistics(X)
            mean = MOMENTUM * mean + (1 - MOMENTUM) * batch[0]
            var = MOMENTUM * var + (1 - MOMENTUM) * batch[1]  # the biased one: divided by n
            with autograd.record():
                outputs = [layer(np.array(X, dtype="float32")) for layer in (ours, gluons)]
            outputs[1].backward()
            for output in outputs:
                assert output.asnumpy() == pytest.approx(numpy_batch_norm(X, *batch), abs=1e-4)
        for found in (ours.mean, gluons.running_mean.data()):
            assert found.asnumpy().ravel() == pytest.approx(mean.ravel(), abs=1e-5)
        for found in (ours.var, gluons.running_var.data()):
            assert found.asnumpy().ravel() == pytest.approx(var.ravel(), abs=1e-5)
        for layer in (ours, gluons):
            output = layer(np.array(X, dtype="float32"))
            assert output.asnumpy() == pytest.approx(numpy_batch_norm(X, mean, var), abs=1e-4)

    def test_gradients_agree(self, names, shape):
        random = onp.random.RandomState(2)
        X, head = (np.array(random.normal(size=shape), dtype="float32") for _ in range(2))
        gluons = nn.BatchNorm()
        gluons.initialize()
        gradients = []
        for layer in (names["OurBatchNorm"](3, len(shape)), gluons):
            X.attach_grad()
            with autograd.record():
                Y = layer(X)
            Y.backward(head)
            gradients.append(X.grad.asnumpy())
        assert gradients[0] == pytest.approx(gradients[1], abs=1e-4)
        assert abs(gradients[0]).max() > 0.1

    def test_mxnet_updates_the_averages_in_the_backward_pass(self, names, shape):
        layer = nn.BatchNorm()
        layer.initialize()
        with autograd.record():
            Y = layer(np.full(shape, 3.0))
        Y.wait_to_read()
        assert layer.running_mean.data().asnumpy() == pytest.approx([0, 0, 0])
        Y.backward()
        assert layer.running_mean.data().asnumpy() == pytest.approx([0.3, 0.3, 0.3])


def test_the_notebook_says_that_they_agree():
    printed = NOTEBOOK.printed_by("gluons.initialize()")
    assert printed.count("True") == 8
    assert "False" not in printed


def test_small_batch():
    assert NOTEBOOK.printed_by("normalized = (X - mean)") == "mean [3.0, 30.0]  variance [2.0, 200.0]\n"
    X = onp.array([[1, 10], [3, 30], [3, 30], [5, 50]])
    assert numpy_batch_norm(X, *numpy_statistics(X))[:, 0] == pytest.approx([-(2**0.5), 0, 0, 2**0.5], abs=1e-4)


def test_bias_before_batch_norm_is_useless():
    rows = re.findall(r"first row (\[.*?\])  gradient (\[.*?\])", NOTEBOOK.printed_by("bias = np.full("))
    assert len(rows) == 2
    assert rows[0] == rows[1]
    assert rows[0][1] == "[0.0, 0.0]"


def test_batch_of_one_gives_beta_and_no_gradient():
    assert NOTEBOOK.printed_by("[[-70, 0, 1000]]").count("training [[0.0, 0.0, 0.0]]") == 2
    layer = nn.BatchNorm()
    layer.initialize()
    X = np.array([[1.0, 2, 3]])
    X.attach_grad()
    with autograd.record():
        Y = layer(X)
    Y.backward(np.array([[1.0, -2, 3]]))
    assert X.grad.asnumpy() == pytest.approx(onp.zeros((1, 3)))


def test_scaled_weights_change_nothing_and_shrink_the_gradient():
    rows = re.findall(r"first row (\[.*?\]), gradient ([\d.]+)", NOTEBOOK.printed_by("W_scaled ="))
    assert len({row for row, _ in rows}) == 1
    lengths = [float(length) for _, length in rows]
    assert lengths[1] == pytest.approx(lengths[0] / 10, rel=0.01)
    assert lengths[2] == pytest.approx(lengths[0] / 100, rel=0.05)


def test_parameters(names):
    sizes = [summarize(names["lenet"](norm), (1, 1, 28, 28)).total_parameters for norm in (False, True)]
    assert sizes == [61_706, 61_706 + 2 * (6 + 16 + 120 + 84)]
    assert NOTEBOOK.printed_by("before = summarize") == "61,706 parameters, and 452 = 2 · 226\n"


def test_dropout_changes_the_variance():
    """Of ReLU(z), z standard normal: half of z² is left, the mean is 1/√(2π)."""
    mean_square, mean = 0.5, 1 / onp.sqrt(2 * onp.pi)
    assert 2 * mean_square - mean**2 == pytest.approx(0.84, abs=0.01)
    assert mean_square - mean**2 == pytest.approx(0.34, abs=0.01)
    assert re.findall(r"[\d.]+", NOTEBOOK.printed_by("nn.Dropout(0.5)")) == ["0.8", "0.3"]


# ---- the noise ----


def test_noise_falls_with_the_root_of_the_batch_size():
    rows = re.findall(r"(\d+) +([\d.-]+) ± ([\d.]+) +([\d.]+) ± ([\d.]+) +([\d.]+)", NOTEBOOK.printed_by("table = {}"))
    assert [int(row[0]) for row in rows] == [4, 16, 64, 256]
    for n, shift, shift_noise, scale, scale_noise, promised in (map(float, row) for row in rows):
        assert abs(shift) <= 0.02
        assert shift_noise == pytest.approx(n**-0.5, abs=0.01)
        assert promised == pytest.approx(n**-0.5, abs=0.006)
        assert scale_noise == pytest.approx((2 * n) ** -0.5, abs=0.03)
        assert 1 - 1 / n <= scale + 0.05 <= 1.05


def test_company_matters_less_in_larger_batches(names):
    names["hidden"] = onp.random.RandomState(3).normal(size=1500)
    spreads = [names["seen_as"](-1.0, size).std() for size in (4, 16, 64, 256)]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] > 5 * spreads[-1]
    pairs = names["seen_as"](0.3, 2)  # larger or smaller than the other one, or the same one twice
    assert abs(pairs).max() <= 1
    assert (abs(pairs) > 0.99).mean() > 0.95


# ---- training ----


@pytest.fixture(scope="module", params=SEEDS)
def trained(names, request):
    """LeNet at rate 1.0 without and with batch norm, after three epochs on the digits: (network, history) each."""
    result = []
    for norm in (False, True):
        net = names["lenet"](norm)
        loaders = load_data(64, source="digits", train_size=1500, test_size=500)
        result.append((net, fit(net, *loaders, num_epochs=3, lr=1.0, seed=request.param, plot=False)))
    return result


@pytest.mark.training
def test_only_with_batch_norm_lenet_learns_at_rate_one(trained):
    (_, plain), (_, normed) = trained
    assert plain.train_loss[-1] > 2.2  # log 10 is 2.3
    assert normed.train_loss[-1] < 0.8


@pytest.mark.training
def test_the_plain_network_has_died(trained):
    images, _ = load_images(train=False, source="digits", size=200)
    alive = []
    for net, _ in trained:
        hidden = images
        for layer in list(net)[:-1]:
            hidden = layer(hidden)
        alive.append(int((hidden.max(axis=0) > 0).sum()))
    assert alive[0] < 50  # 0 to 22 were seen, over eight seeds and two kinds of processor
    assert alive[1] > 65  # 75 to 84


@pytest.mark.training
def test_running_averages_brought_up_to_date(trained):
    net, _ = trained[1]
    train_loader, test_loader = load_data(64, source="digits", train_size=1500, test_size=500)
    before = evaluate(net, test_loader)[1]
    for X, _ in train_loader:
        with autograd.record():
            scores = net(X)
        scores.backward()
    assert evaluate(net, test_loader)[1] > max(before - 0.02, 0.7)


@pytest.mark.training
def test_at_the_small_rate_lenet_is_ahead_with_batch_norm(names):
    losses = []
    for norm, num_epochs in ((False, 4), (True, 2)):
        loader, _ = load_data(64, source="digits", train_size=1500)
        run = fit(names["lenet"](norm), loader, num_epochs=num_epochs, lr=0.1, seed=1, plot=False)
        losses.append(run.train_loss[-1])
    assert losses[1] < losses[0] - 0.3


@pytest.mark.training
@pytest.mark.parametrize("seed", SEEDS)
def test_drift_put_back_does_not_spoil_batch_norm(names, monkeypatch, seed):
    """The means of the plain MLP drift; those with drift put back move more; and yet that network learns faster."""
    monkeypatch.setenv("D2L_DATASET", "digits")
    monkeypatch.setitem(names, "fit", lambda *args, **options: fit(*args, **{**options, "seed": seed}))
    moves, losses = [], []
    for between in ((), (nn.BatchNorm,), (nn.BatchNorm, names["Drift"])):
        means, stds, loss = (
            onp.array(values) if isinstance(values, list) else values.asnumpy()
            for values in names["watch"](names["mlp"](*between))
        )
        if not between:
            assert onp.median(abs(means[-1] - means[0]) / stds[0]) > 1.5
            assert onp.median(stds[-1]) > 2 * onp.median(stds[0])
        moves.append((abs(means[1:] - means[:-1]) / stds[:-1]).mean())
        losses.append(loss[-1])
    plain, normed, drifting = moves
    assert normed < 0.05 < plain < drifting / 1.5
    assert losses[1] + 0.2 < losses[2] < losses[0] - 0.15


# ---- exercises ----


class Custom(gluon.Block):
    """A right block for exercise 2, with a forward of its own."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2D(channels, 3, padding=1, use_bias=False)
        self.norm = nn.BatchNorm()

    def forward(self, X):
        return npx.relu(self.norm(self.conv(X)))


class Forgetful(Custom):
    """It has a batch norm and does not call it."""

    def forward(self, X):
        self.norm(self.conv(X))
        return npx.relu(self.conv(X))


def block(*kinds, **options):
    """Return a student's block for exercise 2: conv with the given options, then the layers that are named."""
    options = {"kernel_size": 3, "padding": 1, "use_bias": False} | options

    def make(channels):
        net = nn.Sequential()
        for kind in kinds:
            if kind == "conv":
                net.add(nn.Conv2D(channels, **options))
            else:
                net.add(nn.Activation("relu") if kind == "relu" else nn.BatchNorm(axis=2 if kind == "norm 2" else 1))
        return net

    return make


def fold(
    change_W=lambda W, factor, **_: factor[:, None] * W, change_b=lambda beta, mean, factor, **_: beta - factor * mean
):
    """Return a student's function for exercise 3, in NumPy."""

    def student(W, gamma, beta, mean, var, eps):
        arrays = {"W": W, "gamma": gamma, "beta": beta, "mean": mean, "var": var}
        arrays = {name: values.asnumpy() for name, values in arrays.items()}
        arrays["sigma"] = onp.sqrt(arrays["var"] + eps)
        arrays["factor"] = arrays["gamma"] / arrays["sigma"]
        return change_W(**arrays, eps=eps), change_b(**arrays, eps=eps)

    return student


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("15.1", 9.99, "that is PyTorch's momentum"),
        ("15.1", 7.29, "how far it still has to go"),
        ("15.1", 1, "after one batch"),
        ("15.1", 1.9, "after two batches"),
        ("15.1", 3.0, "nine tenths of what was there are kept"),
        ("15.1", 10, "plain average"),
        ("15.1", 0, "where it starts"),
        ("15.1", 5, "is 5 where 2.71 is right"),
        ("15.1", "2.71", "should be one number"),
        ("15.2", block("conv", "relu"), "there is no batch norm"),
        ("15.2", block("conv", "norm", activation="relu"), "batch norm comes after the ReLU"),
        ("15.2", block("conv", "relu", "norm"), "batch norm comes after the ReLU"),
        ("15.2", block("conv", "norm", "relu", activation="relu"), "there are two ReLUs"),
        ("15.2", block("conv", "norm"), "no ReLU"),
        ("15.2", block("conv", "norm", "relu", use_bias=True), "the convolution's bias"),
        ("15.2", block("conv", "norm", "norm", "relu"), "one batch norm is enough"),
        ("15.2", block("conv", "norm", "relu", padding=0), "padding=1"),
        ("15.2", block("conv", "norm", "relu", kernel_size=5, padding=2), "one convolution with weights (4, 3, 3, 3)"),
        ("15.2", block("conv", "norm 2", "relu"), "leave axis at 1"),
        ("15.2", block("norm", "relu"), "there is: none"),
        ("15.2", block("relu"), "there is: none"),
        ("15.2", lambda channels: block("conv", "norm", "relu")(7), "one convolution with weights (4, 3, 3, 3)"),
        ("15.2", lambda channels: Forgetful(channels), "batch norm has no effect"),
        ("15.2", lambda channels: 3, "should return a net, but it returns int"),
        ("15.3", fold(lambda W, **_: W), "as the old one"),
        ("15.3", fold(lambda W, sigma, **_: W / sigma[:, None]), "for the new W, γ is missing"),
        ("15.3", fold(lambda W, gamma, **_: W * gamma[:, None]), "the division by σ is missing"),
        ("15.3", fold(lambda W, gamma, sigma, **_: W * (gamma / sigma**2)[:, None]), "divided by the variance"),
        ("15.3", fold(lambda W, gamma, var, **_: W * (gamma / var**0.5)[:, None]), "eps is missing"),
        ("15.3", fold(lambda W, gamma, var, eps, **_: W * (gamma / (var**0.5 + eps))[:, None]), "under the root"),
        ("15.3", fold(lambda W, factor, **_: W * factor), "the rows of W"),
        ("15.3", fold(change_b=lambda beta, **_: beta), "the new b lacks the mean"),
        ("15.3", fold(change_b=lambda mean, factor, **_: -factor * mean), "the new b lacks β"),
        ("15.3", fold(change_b=lambda beta, mean, factor, **_: beta + factor * mean), "mind the sign"),
        ("15.3", fold(change_b=lambda beta, mean, **_: beta - mean), "divided by σ and multiplied by γ"),
        ("15.3", fold(change_b=lambda beta, mean, sigma, **_: beta - mean / sigma), "γ is missing before the mean"),
        ("15.3", fold(change_b=lambda beta, mean, gamma, **_: beta - gamma * mean), "division of the mean by σ"),
        ("15.3", fold(change_b=lambda beta, mean, factor, **_: factor * (beta - mean)), "β comes after"),
        ("15.3", lambda *arguments: arguments[0], "two things, (new W, new b)"),
        ("15.3", 3, "a function is asked for"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    words = said(name, answer, capsys)
    assert words.startswith(f"✗ Exercise {name}: ")
    assert message in words


@pytest.mark.parametrize(
    ("name", "answer"),
    [("15.1", 2.71), ("15.1", np.array(2.71)), ("15.2", Custom), ("15.3", fold())],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


def test_own_error_of_a_student_is_shown():
    from d2lhelpers import check

    with pytest.raises(ZeroDivisionError) as caught:
        check("15.3", lambda *arguments: 1 / 0)
    assert "fold(W, gamma, beta, mean, var, eps)" in caught.value.__notes__[0]
