"""Notebook 05: what it claims about descent, minibatches and momentum, and the wrong answers to its exercises."""

import itertools
import re

import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from support import StoredNotebook, said

from d2lhelpers import spot_prices

npx.set_np()
NOTEBOOK = StoredNotebook("05-optimization")


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define, without the pictures and the long runs."""
    names = {}
    imports = NOTEBOOK.imports()
    for text in ("def descend(", "def descend_with_momentum(", "def valley(", "def gradient("):
        source = NOTEBOOK.cell_with(text).source
        exec(imports + "\n" + source.replace("draw_paths(paths)", "").replace("descend(square", "descend(abs"), names)
    return names


# ---- Descent ----


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.25, 0.5, 1.0, 1.5])
def test_the_promise_is_off_by_the_square_of_the_step(lr):
    (line,) = re.findall(rf"η = +{lr}: promised +(\S+), true +(\S+)", NOTEBOOK.printed_by("promised, true ="))
    assert float(line[0]) == pytest.approx(1 - 4 * lr, abs=0.006)
    assert float(line[1]) - float(line[0]) == pytest.approx(4 * lr**2, abs=0.011)


@pytest.mark.parametrize(("lr", "last"), [(0.05, 0.9**8), (0.4, 0.2**8), (1.03, 1.06**8)])
def test_descent_on_a_parabola_is_a_geometric_series(names, lr, last):
    path = names["descend"](lambda x: x**2, [-1.0], lr, 8)
    assert len(path) == 9
    assert abs(path[-1].item()) == pytest.approx(last, rel=1e-3)


@pytest.mark.parametrize("curvature", [1, 4, 10])
def test_the_limit_of_the_rate_is_two_over_the_curvature(names, curvature):
    def bowl(x):
        return curvature / 2 * x**2

    assert abs(names["descend"](bowl, [1.0], 1.9 / curvature, 60)[-1].item()) < 0.01
    assert abs(names["descend"](bowl, [1.0], 2.1 / curvature, 60)[-1].item()) > 100


def test_descent_in_the_valley_follows_the_formula(names):
    path = names["descend"](names["valley"], [-5.0, -2.0], 0.4, 20)
    for step, point in enumerate(path):
        expected = [-5 * (1 - 0.4 * 0.2) ** step, -2 * (1 - 0.4 * 4) ** step]
        onp.testing.assert_allclose(point.asnumpy(), expected, rtol=1e-3, atol=1e-5)


def test_momentum_arrives_where_plain_descent_does_not():
    reached = dict(re.findall(r"β = (\S+): f is (\S+)", NOTEBOOK.printed_by('paths[f"β = {beta}"]')))
    assert float(reached["0.5"]) < 0.01 < float(reached["0.0"])


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_momentum_from_scratch_is_that_of_gluon(names, beta):
    path = names["descend_with_momentum"](names["valley"], [-5.0, -2.0], 0.2, 30, beta)
    x = gluon.Parameter("x", shape=(2,))
    x.initialize()
    x.set_data(np.array([-5.0, -2.0]))
    trainer = gluon.Trainer({"x": x}, "sgd", {"learning_rate": 0.2, "momentum": beta})
    for point in path[1:]:
        with autograd.record():
            value = names["valley"](x.data())
        value.backward()
        trainer.step(1)
        onp.testing.assert_allclose(point.asnumpy(), x.data().asnumpy(), rtol=1e-4, atol=1e-5)


def test_gluon_and_scratch_print_the_same():
    lines = NOTEBOOK.printed_by("gluon.Trainer(").splitlines()
    assert lines[0].split(":")[1].strip() == lines[1].split(":")[1].strip()


def test_the_two_starts_end_in_different_valleys():
    ends = [float(x) for x in re.findall(r"to x = +(\S+),", NOTEBOOK.printed_by("def two_minima"))]
    roots = onp.roots([2, 0, -2, 0.2])  # of the derivative of x⁴/2 - x² + 0.2 x
    assert sorted(ends) == pytest.approx([roots.min(), roots.max()], abs=0.01)


# ---- Minibatches ----


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_noise_of_a_minibatch_falls_with_the_root_of_its_size(seed):
    data = spot_prices(100_000, seed=seed)
    X, y = data.features.asnumpy().astype("float64"), data.prices.asnumpy().astype("float64")
    gradients = -2 * X * y[:, None]  # of each example, at w = 0

    def noise(size):
        means = gradients[: 300 * size].reshape(300, size, -1).mean(axis=1)
        return ((means - gradients.mean(axis=0)) ** 2).sum(axis=1).mean() ** 0.5

    assert noise(1) / noise(100) == pytest.approx(10, rel=0.15)


def test_the_measured_noise_is_the_theory_s():
    errors = [float(x) for x in re.findall(r"[\d.]+", NOTEBOOK.printed_by("sizes, errors =").split(":")[1])]
    for first, second in itertools.pairwise(errors):
        assert first / second == pytest.approx(2, rel=0.25)


def test_the_gradient_of_the_notebook_is_that_of_autograd(names):
    X, y, w = names["X"][:500], names["y"][:500], np.array([0.1, -0.2, 0.3, 0.0, 0.5, 1.0])
    w.attach_grad()
    with autograd.record():
        loss = ((y - np.dot(X, w)) ** 2).mean()
    loss.backward()
    onp.testing.assert_allclose(names["gradient"](w, 0, 500).asnumpy(), w.grad.asnumpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_minibatch_needs_a_small_part_of_an_epoch_and_the_full_gradient_many(names, seed):
    """In updates, which no clock can blur: the table's column of epochs."""
    data = spot_prices(50_000, seed=seed)
    X, y = data.features.asnumpy().astype("float64"), data.prices.asnumpy().astype("float64")
    best = onp.linalg.lstsq(X, y, rcond=None)[0]
    C = X.T @ X / len(y)

    def epochs_needed(batch, lr, limit):
        w = onp.zeros(6)
        for update in range(limit):
            rows = slice(update * batch % len(y), update * batch % len(y) + batch)
            w = w + lr * 2 / batch * X[rows].T @ (y[rows] - X[rows] @ w)
            if (w - best) @ C @ (w - best) < 1e-5:
                return (update + 1) * batch / len(y)
        return onp.inf

    assert epochs_needed(100, 0.3, 500) < 0.5
    assert 10 < epochs_needed(len(y), 0.5, 60) < 60


def test_a_hundred_examples_took_hardly_longer_than_one():
    one, hundred = (float(x) for x in re.findall(r"(\d+) µs", NOTEBOOK.printed_by("counts = [")))
    assert hundred < 2 * one


def test_the_race_was_won_by_the_minibatch():
    rows = {
        line.split("  ")[0]: line.split("|")[1].split()
        for line in NOTEBOOK.printed_by("print_methods(runs)").splitlines()[1:]
    }
    seconds = {name.strip(): float(values[1]) for name, values in rows.items()}
    assert seconds["minibatch SGD"] == min(seconds.values())
    epochs = {name.strip(): float(values[0]) for name, values in rows.items()}
    assert epochs["SGD"] < epochs["minibatch SGD"] < epochs["GD"]


def test_a_falling_rate_gets_closer():
    assert int(re.search(r"(\d+) times closer", NOTEBOOK.printed_by("falling = "))[1]) > 10


# ---- Exercises ----


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((-0.4, True), "after one step"),
        ((-0.16, True), "a sign is lost"),
        ((0.09, True), "4x, not 2x"),
        ((0.4225, True), "4x, not x"),
        ((-1.8, True), "at the new place"),
        ((5.76, False), "against the slope"),
        ((0.5, True), "0.16 is right"),
        ((0.16, False), "compare the values"),
        ((0.16, "yes"), "True or False"),
        (0.16, "the pair"),
        (("0.16", True), "one number"),
    ],
)
def test_wrong_predictions(answer, words, capsys):
    out = said("05.1", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("smaller", [onp.True_, onp.array(True), np.array(0.16) < 1])
def test_truth_may_come_from_arrays(smaller, capsys):
    assert said("05.1", (np.array(0.16), smaller), capsys).startswith("✓")


@pytest.mark.parametrize("answer", [(0.16, ...), (..., ...), (None, True)])
def test_half_an_answer_is_not_done(answer, capsys):
    assert "not done yet" in said("05.1", answer, capsys)


@pytest.mark.parametrize(
    ("lr", "words"),
    [(0.1, "x₁ has not arrived"), (0.49, "x₂ has not arrived"), (0.5, "too large"), (3, "too large"), (0, "positive")],
)
def test_wrong_rates(lr, words, capsys):
    out = said("05.2", lr, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("lr", [0.47, 0.475, np.array(0.476)])
def test_right_rates(lr, capsys):
    assert said("05.2", lr, capsys).startswith("✓")


def test_the_check_descends_as_the_notebook_does(names, capsys):
    end = names["descend"](names["valley"], [-5.0, -2.0], 0.3, 50)[-1]
    assert f"f is {names['valley'](end).item():.5f}" in said("05.2", 0.3, capsys)


def change_in_place(x, v, g, lr, beta):
    v[:] = beta * v - lr * g
    x[:] = x + v
    return x, v


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, v, g, lr, b: (b * v - lr * g, x + b * v - lr * g), "the order is"),
        (lambda x, v, g, lr, b: (x + v, b * v - lr * g), "the old velocity"),
        (lambda x, v, g, lr, b: (x - lr * g, b * v - lr * g), "the gradient alone"),
        (lambda x, v, g, lr, b: (x - (b * v - lr * g), b * v - lr * g), "not subtracted"),
        (lambda x, v, g, lr, b: (x + lr * (b * v - lr * g), b * v - lr * g), "once more"),
        (lambda x, v, g, lr, b: (x, b * v - lr * g), "x is as it was"),
        (lambda x, v, g, lr, b: (x + b * v + lr * g, b * v + lr * g), "climbs"),
        (lambda x, v, g, lr, b: (x + v - lr * g, v - lr * g), "not multiplied by β"),
        (lambda x, v, g, lr, b: (x + v - b * lr * g, v - b * lr * g), "not to the gradient"),
        (lambda x, v, g, lr, b: (x + b * v - g, b * v - g), "learning rate"),
        (lambda x, v, g, lr, b: (x - lr * g, -lr * g), "no memory"),
        (lambda x, v, g, lr, b: (x + b * v, b * v), "forgets the gradient"),
        (lambda x, v, g, lr, b: x + b * v - lr * g, "two arrays"),
        (lambda x, v, g, lr, b: (x[:2], v), "has shape (2,)"),
        (change_in_place, "changed in place"),
    ],
)
def test_wrong_momentum(answer, words, capsys):
    out = said("05.3", answer, capsys)
    assert out.startswith("✗")
    assert words in out


def norm_of(g):
    return float(np.linalg.norm(g))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda g, limit: np.clip(g, -limit, limit), "one by one"),
        (lambda g, limit: g * limit / max(norm_of(g), 1e-9), "stretched"),
        (lambda g, limit: g / max(norm_of(g), 1e-9), "has norm 1"),
        (lambda g, limit: g if norm_of(g) < limit or norm_of(g) == 0 else g / norm_of(g), "has norm 1"),
        (lambda g, limit: g, "as it was"),
        (lambda g, limit: g * min(1.0, limit / max(norm_of(g) ** 2, 1e-9)), "squared norm"),
        (lambda g, limit: g / np.linalg.norm(g) * np.minimum(np.linalg.norm(g), limit), "not a number"),
        (lambda g, limit: norm_of(g), "shape () where (2,)"),
        (lambda g, limit: g * limit / norm_of(g) if norm_of(g) > limit else None, "returns nothing"),
    ],
)
def test_wrong_clipping(answer, words, capsys):
    out = said("05.4", answer, capsys)
    assert out.startswith("✗")
    assert words in out
