"""Notebook 16: batch normalization, compared with NumPy and Gluon; its claims over several seeds; the exercises."""

import re

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import evaluate

EPSILON, MOMENTUM = 1e-5, 0.9
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    return lesson("16-batchnorm").names(
        "images, labels = load_images", "def seen_as", "noise = {}", "dropout = nn.Dropout"
    )


@pytest.fixture(scope="module")
def sweep(names):
    """LeNet with and without batch norm: nets and runs by normalization, rate, and seed, as in the notebook."""
    return {
        (norm, rate, seed): names["train"](norm, rate, names["make_loader"](1000), random_seed=seed)
        for norm in (None, nn.BatchNorm)
        for rate in (0.1, 0.5, 1.0, 2.0, 5.0)
        for seed in SEEDS
    }


def median(values):
    return float(onp.median(list(values)))


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
    (output,) = lesson("16-batchnorm").cell("nn.Dropout(0.5)").outputs
    assert re.findall(r"\d\.\d", output.data["text/plain"]) == [f"{training:.1f}", f"{prediction:.1f}"]


# ---- The noise ----


def test_the_noise_falls_with_the_root_of_the_batch_size(names):
    for n, (shift, scale) in names["noise"].items():
        assert shift.mean() == pytest.approx(0, abs=0.02)
        assert shift.std() == pytest.approx(n**-0.5, abs=0.01)
        assert 0.6 < scale.std() * (2 * n) ** 0.5 < 1  # for a bell curve: 1
        assert 1 - 1 / n - 0.05 <= scale.mean() <= 1


def test_in_a_batch_of_two_an_example_becomes_one_or_minus_one(names):
    values = abs(names["seen_as"](0.3, 2))
    assert values.max() <= 1
    assert (values > 0.99).mean() > 0.95  # the rest: the other one is nearly the same


# ---- Training ----


@pytest.fixture(params=SEEDS)
def seed(request):
    return request.param


@pytest.mark.training
def test_with_batch_norm_any_rate_up_to_2_beats_the_best_one_without(sweep):
    losses = {key: run.train_loss[-1] for key, (_, run) in sweep.items()}
    plain = {rate: [losses[None, rate, seed] for seed in SEEDS] for rate in (0.1, 0.5, 1.0, 2.0, 5.0)}
    normed = {rate: [losses[nn.BatchNorm, rate, seed] for seed in SEEDS] for rate in plain}
    best = min(median(values) for values in plain.values())
    assert all(median(normed[rate]) < best - 0.15 for rate in (0.1, 0.5, 1.0, 2.0))
    assert max(plain[0.5]) < 2.1 < 2.2 < min(plain[1.0] + plain[2.0] + plain[5.0])  # log 10 is 2.3
    assert max(normed[2.0]) < 1.1 < 1.2 < min(normed[5.0])
    assert min(plain, key=lambda rate: median(plain[rate])) == 0.1
    assert min(normed, key=lambda rate: median(normed[rate])) in (0.5, 1.0)
    for seed in SEEDS:  # the left panel of the learning curves
        pairs = zip(*(sweep[norm, 0.1, seed][1].train_loss for norm in (None, nn.BatchNorm)), strict=True)
        assert all(plain_loss > normed_loss + 0.1 for plain_loss, normed_loss in pairs)


@pytest.mark.training
def test_at_a_rate_of_1_the_plain_network_dies(names, sweep, seed):
    alive = {key: names["units_alive"](sweep[*key, seed][0]) for key in ((None, 1.0), (nn.BatchNorm, 1.0), (None, 0.1))}
    assert alive[None, 1.0] < 42
    assert min(alive[nn.BatchNorm, 1.0], alive[None, 0.1]) > 60


@pytest.mark.training
def test_batch_norm_does_not_notice_the_scale_of_the_pixels(names, sweep, seed):
    bright = names["ArrayLoader"](names["images"][:1000] * 255, names["labels"][:1000], batch_size=64, shuffle=True)
    run = names["train"](nn.BatchNorm, 0.1, bright, random_seed=seed)[1]
    assert run.train_loss == pytest.approx(sweep[nn.BatchNorm, 0.1, seed][1].train_loss, abs=0.1)
    assert not names["train"](None, 0.1, bright, random_seed=seed)[1].train_loss[-1] < 2.2  # nan counts as well


@pytest.mark.training
def test_an_update_of_the_averages_changes_no_weight_and_helps(names):
    gains = []
    for seed in SEEDS:
        net, _ = names["train"](nn.BatchNorm, 1.0, names["make_loader"](1000), num_epochs=1, random_seed=seed)
        before = names["validation_accuracy"](net)
        weights = [weight.data().asnumpy() for weight in net.collect_params(".*weight|.*gamma|.*beta").values()]
        names["update_averages"](net, names["make_loader"](1000))
        for old, weight in zip(weights, net.collect_params(".*weight|.*gamma|.*beta").values(), strict=True):
            assert (old == weight.data().asnumpy()).all()
        gains.append(names["validation_accuracy"](net) - before)
    assert min(gains) > -0.01
    assert median(gains) > 0.02


@pytest.mark.training
def test_drift_put_back_does_not_spoil_batch_norm(names, seed):
    """The means of the plain MLP drift; those with drift put back move more, and yet that network learns faster."""
    moves, losses = [], []
    for between in ((), (nn.BatchNorm,), (nn.BatchNorm, names["Drift"])):
        means, deviations, loss = names["watch"](names["mlp"](*between), random_seed=seed)
        if not between:
            assert onp.median(abs(means[-1] - means[0]) / deviations[0]) > 2
            assert onp.median(deviations[-1] / deviations[0]) > 2.5
        moves.append((abs(means[1:] - means[:-1]) / deviations[:-1]).mean())
        losses.append(loss[-1])
    plain, normed, drifting = moves
    assert normed < 0.05 < plain < drifting / 1.5
    assert losses[1] + 0.1 < losses[2] < losses[0] - 0.05
    assert 0.5 < (losses[2] - losses[1]) / (losses[0] - losses[1]) < 0.75  # more than half of the gain is lost


@pytest.mark.training
def test_more_noise_means_slower_learning(names, seed):
    """Batches normalized whole, in shares of 16, and in shares of 4, which are slower than no normalization."""
    between = [(nn.BatchNorm,), *((lambda size=size: names["Shares"](size), nn.BatchNorm) for size in (16, 4)), ()]
    normed, shares_16, shares_4, plain = (
        names["watch"](names["mlp"](*layers), random_seed=seed)[2][-1] for layers in between
    )
    assert normed + 0.05 < shares_16 < plain - 0.05 < plain + 0.1 < shares_4


@pytest.mark.training
def test_with_batch_norm_the_best_step_is_about_ten_times_as_long(names, seed):
    """At about the same training loss, and with gradients of similar lengths."""
    lengths, best, safe, gradients, losses = (0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5), [], [], [], []
    for between, num_epochs in (((), 4), ((nn.BatchNorm,), 2)):
        net = names["mlp"](*between)
        losses.append(names["watch"](net, rate=0.02, num_epochs=num_epochs, random_seed=seed)[2][-1])
        before = [weight.data().asnumpy() for weight in net.collect_params(".*weight").values()]
        gradient, along = names["losses_along_gradient"](net, lengths)
        after = [weight.data().asnumpy() for weight in net.collect_params(".*weight").values()]
        assert all((a == b).all() for a, b in zip(before, after, strict=True))
        gradients.append(gradient)
        best.append(lengths[onp.argmin(along)])
        safe.append(max(length for length, loss in zip(lengths, along, strict=True) if loss < along[0]))
    assert losses[0] == pytest.approx(losses[1], abs=0.1)
    assert 0.5 < gradients[1] / gradients[0] < 1.3
    assert best[0] == 0.05
    assert best[1] in (0.5, 1)
    assert safe[0] <= 0.1
    assert safe[1] >= 1


@pytest.mark.training
def test_from_16_to_64_little_changes_and_256_makes_too_few_updates(names):
    accuracies = {}
    for size in (16, 64, 256):
        accuracies[size] = []
        for seed in SEEDS:
            net, _ = names["train"](nn.BatchNorm, 0.2, names["make_loader"](2000, size), num_epochs=2, random_seed=seed)
            names["update_averages"](net, names["make_loader"](1000))
            accuracies[size].append(names["validation_accuracy"](net))
    medians = {size: median(values) for size, values in accuracies.items()}
    assert abs(medians[16] - medians[64]) < 0.04
    assert medians[256] < min(medians[16], medians[64]) - 0.02


@pytest.mark.training
def test_batches_of_2_and_the_sample_solution_of_the_mini_project(names, seed):
    """Batch norm fails with batches of 2, the plain network does not; layer norm learns there and at the rate 1."""
    cells = nbformat.read(NOTEBOOKS / "16-batchnorm.ipynb", as_version=4).cells
    (text,) = [c.source for c in cells if c.cell_type == "markdown" and "class ExampleNorm" in c.source]
    (code,) = re.findall(r"```python\n(.*?)\n\n\nfor rate", text, re.DOTALL)
    solution = dict(names)
    exec(code, solution)
    tiny = names["make_loader"](1000, batch_size=2)
    accuracies = {}
    for norm in (None, nn.BatchNorm, solution["ExampleNorm"]):
        net, _ = names["train"](norm, 0.02, tiny, num_epochs=1, random_seed=seed)
        accuracies[norm] = names["validation_accuracy"](net)
    assert accuracies[nn.BatchNorm] < 0.45
    assert min(accuracies[None], accuracies[solution["ExampleNorm"]]) >= 0.5
    assert abs(accuracies[None] - accuracies[solution["ExampleNorm"]]) < 0.15
    loader = names["make_loader"](3000)
    net, _ = names["train"](solution["ExampleNorm"], 1.0, loader, num_epochs=2, random_seed=seed)
    assert names["validation_accuracy"](net) >= 0.4


@pytest.mark.training
def test_lenet_has_more_right_answers_with_batch_norm_after_the_same_epochs(names, seed):
    """Each at its own best rate, as on the scoreboard."""
    train_loader, test_loader = names["load_data"](64, source="fashion_mnist")
    accuracies = []
    for norm, rate in ((None, 0.1), (nn.BatchNorm, 0.5)):
        net = names["lenet"](norm)
        names["fit"](net, train_loader, num_epochs=2, lr=rate, seed=seed, plot=False)
        names["fit"](net, train_loader, num_epochs=1, lr=rate / 10, plot=False)
        accuracies.append(evaluate(net, test_loader)[1])
    assert accuracies[1] > accuracies[0] + 0.015
    assert accuracies[1] > 0.86


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
        ("16.1", 3.0, "only nine tenths of what was there"),
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
        ("16.3", fold(lambda W, **_: W), "the same as the old one"),
        ("16.3", fold(lambda W, sigma, **_: W / sigma[:, None]), "for the new W, γ is missing"),
        ("16.3", fold(lambda W, gamma, **_: W * gamma[:, None]), "the division by σ is missing"),
        ("16.3", fold(lambda W, gamma, sigma, **_: W * (gamma / sigma**2)[:, None]), "divided by the variance"),
        ("16.3", fold(lambda W, gamma, var, **_: W * (gamma / var**0.5)[:, None]), "eps is missing"),
        (
            "16.3",
            fold(lambda W, gamma, var, eps, **_: W * (gamma / (var**0.5 + eps))[:, None]),
            "belongs under the root",
        ),
        ("16.3", fold(lambda W, factor, **_: W * factor), "the rows of W"),
        ("16.3", fold(change_b=lambda beta, **_: beta), "the new b lacks the mean"),
        ("16.3", fold(change_b=lambda mean, factor, **_: -factor * mean), "the new b lacks β"),
        ("16.3", fold(change_b=lambda beta, mean, factor, **_: beta + factor * mean), "the mean is subtracted"),
        ("16.3", fold(change_b=lambda beta, mean, **_: beta - mean), "divided by σ and multiplied by γ as well"),
        ("16.3", fold(change_b=lambda beta, mean, sigma, **_: beta - mean / sigma), "γ is missing before the mean"),
        ("16.3", fold(change_b=lambda beta, mean, gamma, **_: beta - gamma * mean), "division of the mean by σ"),
        ("16.3", fold(change_b=lambda beta, mean, factor, **_: factor * (beta - mean)), "β is added last"),
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
