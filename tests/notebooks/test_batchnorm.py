"""Notebook 16: batch normalization, compared with NumPy and Gluon; its claims over several seeds; the exercises."""

import re

import numpy as onp
import pytest
from lessons import lesson
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import evaluate, fit, load_data, load_images

EPSILON, MOMENTUM = 1e-5, 0.9
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    return lesson("16-batchnorm").names("images, _ = load_images(size=1500)", "table = {}")


def gluons_layer():
    layer = nn.BatchNorm()
    layer.initialize()
    return layer


# ---- The layer ----


@pytest.mark.parametrize("shape", [(8, 3), (8, 3, 5, 5)])
def test_our_layer_and_gluons_compute_what_numpy_does(names, shape):
    axes = (0,) if len(shape) == 2 else (0, 2, 3)
    random = onp.random.RandomState(1)
    ours, gluons = names["OurBatchNorm"](3, len(shape)), gluons_layer()
    mean, var = 0.0, 1.0
    for _ in range(6):
        X = random.normal(-1, 2, size=shape)
        batch_mean, batch_var = X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True)
        mean = MOMENTUM * mean + (1 - MOMENTUM) * batch_mean
        var = MOMENTUM * var + (1 - MOMENTUM) * batch_var  # the biased one: divided by n
        with autograd.record():
            outputs = [layer(np.array(X, dtype="float32")) for layer in (ours, gluons)]
        outputs[1].backward()  # updates Gluon's running averages
        for output in outputs:
            expected = (X - batch_mean) / onp.sqrt(batch_var + EPSILON)
            assert output.asnumpy() == pytest.approx(expected, abs=1e-4)
    for running, expected in ((ours.mean, mean), (gluons.running_mean.data(), mean), (ours.var, var)):
        assert running.asnumpy().ravel() == pytest.approx(expected.ravel(), abs=1e-5)
    for layer in (ours, gluons):
        output = layer(np.array(X, dtype="float32")).asnumpy()
        assert output == pytest.approx((X - mean) / onp.sqrt(var + EPSILON), abs=1e-4)


@pytest.mark.parametrize("shape", [(8, 3), (8, 3, 5, 5)])
def test_gradients_of_our_layer_are_those_of_gluons(names, shape):
    random = onp.random.RandomState(2)
    X, head = (np.array(random.normal(size=shape), dtype="float32") for _ in range(2))
    gradients = []
    for layer in (names["OurBatchNorm"](3, len(shape)), gluons_layer()):
        X.attach_grad()
        with autograd.record():
            Y = layer(X)
        Y.backward(head)
        gradients.append(X.grad.asnumpy())
    assert gradients[0] == pytest.approx(gradients[1], abs=1e-4)
    assert abs(gradients[0]).max() > 0.1


def test_gluon_updates_its_running_averages_in_the_backward_pass():
    layer = gluons_layer()
    with autograd.record():
        Y = layer(np.full((8, 3), 3.0))
    Y.wait_to_read()
    assert layer.running_mean.data().asnumpy() == pytest.approx([0, 0, 0])
    Y.backward()
    assert layer.running_mean.data().asnumpy() == pytest.approx([0.3, 0.3, 0.3])


def test_no_gradient_passes_through_a_batch_of_one():
    X = np.array([[1.0, 2, 3]])
    X.attach_grad()
    with autograd.record():
        Y = gluons_layer()(X)
    Y.backward(np.array([[1.0, -2, 3]]))
    assert X.grad.asnumpy() == pytest.approx(onp.zeros((1, 3)))


def test_dropout_changes_the_variance_as_calculated():
    """Of ReLU(z), z standard normal, the mean square is 1/2 and the mean is 1/√(2π)."""
    training, prediction = 2 * 0.5 - 1 / (2 * onp.pi), 0.5 - 1 / (2 * onp.pi)
    printed = re.findall(r"[\d.]+", lesson("16-batchnorm").printed_by("nn.Dropout(0.5)"))
    assert printed == [f"{training:.1f}", f"{prediction:.1f}"]


# ---- The noise ----


def test_the_noise_falls_with_the_root_of_the_batch_size(names):
    for n, (shift, scale) in names["table"].items():
        assert shift.mean() == pytest.approx(0, abs=0.02)
        assert shift.std() == pytest.approx(n**-0.5, abs=0.01)
        assert scale.std() == pytest.approx((2 * n) ** -0.5, abs=0.03)
        assert 1 - 1 / n - 0.05 <= scale.mean() <= 1


def test_in_a_batch_of_two_an_example_becomes_one_or_minus_one(names):
    values = abs(names["seen_as"](0.3, 2))
    assert values.max() <= 1
    assert (values > 0.99).mean() > 0.95  # the rest: the other one is nearly the same


# ---- Training ----


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
def test_lenet_learns_at_rate_one_only_with_batch_norm(trained):
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
def test_running_averages_can_be_brought_up_to_date(trained):
    net, _ = trained[1]
    train_loader, test_loader = load_data(64, source="digits", train_size=1500, test_size=500)
    before = evaluate(net, test_loader)[1]
    for X, _ in train_loader:
        with autograd.record():
            scores = net(X)
        scores.backward()
    assert evaluate(net, test_loader)[1] > max(before - 0.02, 0.7)


@pytest.mark.training
def test_two_epochs_with_batch_norm_are_worth_more_than_four_without(names):
    losses = []
    for norm, num_epochs in ((False, 4), (True, 2)):
        loader, _ = load_data(64, source="digits", train_size=1500)
        run = fit(names["lenet"](norm), loader, num_epochs=num_epochs, lr=0.1, seed=1, plot=False)
        losses.append(run.train_loss[-1])
    assert losses[1] < losses[0] - 0.3


@pytest.mark.training
@pytest.mark.parametrize("seed", SEEDS)
def test_drift_put_back_does_not_spoil_batch_norm(names, monkeypatch, seed):
    """The means of the plain MLP drift; those with drift put back move more, and yet that network learns faster."""
    monkeypatch.setitem(names, "fit", lambda *args, **options: fit(*args, **{**options, "seed": seed}))
    moves, losses = [], []
    for between in ((), (nn.BatchNorm,), (nn.BatchNorm, names["Drift"])):
        means, stds, loss = names["watch"](names["mlp"](*between))
        means, stds = means.asnumpy(), stds.asnumpy()
        if not between:
            assert onp.median(abs(means[-1] - means[0]) / stds[0]) > 1.5
            assert onp.median(stds[-1]) > 2 * onp.median(stds[0])
        moves.append((abs(means[1:] - means[:-1]) / stds[:-1]).mean())
        losses.append(loss[-1])
    plain, normed, drifting = moves
    assert normed < 0.05 < plain < drifting / 1.5
    assert losses[1] + 0.2 < losses[2] < losses[0] - 0.15


# ---- Exercises ----


class Custom(gluon.Block):
    """A correct block for exercise 16.2, with a forward of its own."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2D(channels, 3, padding=1, use_bias=False)
        self.norm = nn.BatchNorm()

    def forward(self, X):
        return npx.relu(self.norm(self.conv(X)))


class Forgetful(Custom):
    """It calls its batch norm and ignores what comes out."""

    def forward(self, X):
        self.norm(self.conv(X))
        return npx.relu(self.conv(X))


def block(*kinds, **options):
    """Return a student's function for exercise 16.2: a convolution with these options, then the layers named."""
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
    """Return a student's function for exercise 16.3, in NumPy."""

    def student(W, gamma, beta, mean, var, eps):
        arrays = {"W": W, "gamma": gamma, "beta": beta, "mean": mean, "var": var}
        arrays = {name: values.asnumpy() for name, values in arrays.items()}
        arrays["sigma"] = onp.sqrt(arrays["var"] + eps)
        arrays["factor"] = arrays["gamma"] / arrays["sigma"]
        return change_W(**arrays, eps=eps), change_b(**arrays, eps=eps)

    return student


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("16.1", 9.99, "that is PyTorch's momentum"),
        ("16.1", 7.29, "how far it still has to go"),
        ("16.1", 1, "after one batch"),
        ("16.1", 1.9, "after two batches"),
        ("16.1", 3.0, "nine tenths of what was there are kept"),
        ("16.1", 10, "plain average"),
        ("16.1", 0, "where it starts"),
        ("16.1", 5, "is 5, but should be 2.71"),
        ("16.2", block("conv", "relu"), "there is no batch norm"),
        ("16.2", block("conv", "relu", "norm"), "batch norm comes after the ReLU"),
        ("16.2", block("conv", "norm", "relu", activation="relu"), "there are two ReLUs"),
        ("16.2", block("conv", "norm"), "no ReLU"),
        ("16.2", block("conv", "norm", "relu", use_bias=True), "the convolution's bias"),
        ("16.2", block("conv", "norm", "norm", "relu"), "one batch norm is enough"),
        ("16.2", block("conv", "norm", "relu", padding=0), "padding=1"),
        ("16.2", block("conv", "norm", "relu", kernel_size=5, padding=2), "one convolution with weights (4, 3, 3, 3)"),
        ("16.2", block("conv", "norm 2", "relu"), "leave axis at 1"),
        ("16.2", block("norm", "relu"), "there is: none"),
        ("16.2", Forgetful, "batch norm has no effect"),
        ("16.2", lambda channels: 3, "should return a net, but it returns int"),
        ("16.3", fold(lambda W, **_: W), "as the old one"),
        ("16.3", fold(lambda W, sigma, **_: W / sigma[:, None]), "for the new W, γ is missing"),
        ("16.3", fold(lambda W, gamma, **_: W * gamma[:, None]), "the division by σ is missing"),
        ("16.3", fold(lambda W, gamma, sigma, **_: W * (gamma / sigma**2)[:, None]), "divided by the variance"),
        ("16.3", fold(lambda W, gamma, var, **_: W * (gamma / var**0.5)[:, None]), "eps is missing"),
        ("16.3", fold(lambda W, gamma, var, eps, **_: W * (gamma / (var**0.5 + eps))[:, None]), "under the root"),
        ("16.3", fold(lambda W, factor, **_: W * factor), "the rows of W"),
        ("16.3", fold(change_b=lambda beta, **_: beta), "the new b lacks the mean"),
        ("16.3", fold(change_b=lambda mean, factor, **_: -factor * mean), "the new b lacks β"),
        ("16.3", fold(change_b=lambda beta, mean, factor, **_: beta + factor * mean), "mind the sign"),
        ("16.3", fold(change_b=lambda beta, mean, **_: beta - mean), "divided by σ and multiplied by γ"),
        ("16.3", fold(change_b=lambda beta, mean, sigma, **_: beta - mean / sigma), "γ is missing before the mean"),
        ("16.3", fold(change_b=lambda beta, mean, gamma, **_: beta - gamma * mean), "division of the mean by σ"),
        ("16.3", fold(change_b=lambda beta, mean, factor, **_: factor * (beta - mean)), "β comes after"),
        ("16.3", fold(change_b=lambda beta, mean, factor, **_: beta - 2 * factor * mean), "the new b is"),
        ("16.3", lambda *arguments: arguments[0], "two things, (new W, new b)"),
    ],
)
def test_every_mistake_gets_its_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


@pytest.mark.parametrize(("name", "answer"), [("16.2", Custom), ("16.3", fold())])
def test_right_answers_of_another_form_pass(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
