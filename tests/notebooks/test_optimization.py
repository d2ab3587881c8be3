"""Notebook 05: descent, momentum, and minibatches, compared with NumPy; what its exercises say about wrong answers."""

import json
import re

import numpy as onp
import pytest
from lessons import lesson
from mxnet import autograd, np
from support import said

from d2lhelpers import spot_prices

NOTEBOOK = lesson("05-optimization")


@pytest.fixture(scope="module")
def names():
    return NOTEBOOK.names()


@pytest.fixture(scope="module")
def with_data():
    """Return the notebook's namespace with its prices X and y."""
    return NOTEBOOK.names("data = spot_prices(400_000)", "def gradient(")


# ---- Descent and momentum ----


@pytest.mark.parametrize(("lr", "factor"), [(0.05, 0.9), (0.4, 0.2), (1.03, -1.06)])
def test_descent_on_a_parabola_is_a_geometric_series(names, lr, factor):
    path = [x.item() for x in names["descend"](names["square"], [-1.0], lr, 8)]
    assert path == pytest.approx([-(factor**step) for step in range(9)], rel=1e-4)


def momentum_in_the_valley(lr, num_steps, beta):
    """Return the path of gradient descent with momentum on 0.1 x₁² + 2 x₂², in double precision."""
    x, v = onp.array([-5.0, -2.0]), onp.zeros(2)
    path = [x]
    for _ in range(num_steps):
        v = beta * v - lr * onp.array([0.2, 4.0]) * x
        x = x + v
        path.append(x)
    return path


def test_descent_is_momentum_without_memory(names):
    path = names["descend"](names["valley"], [-5.0, -2.0], 0.4, 20)
    onp.testing.assert_allclose(np.stack(path).asnumpy(), momentum_in_the_valley(0.4, 20, 0), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_momentum_from_scratch_takes_the_steps_of_numpy(names, beta):
    path = names["descend"](names["valley"], [-5.0, -2.0], 0.2, 30, momentum=beta)
    onp.testing.assert_allclose(np.stack(path).asnumpy(), momentum_in_the_valley(0.2, 30, beta), rtol=1e-3, atol=1e-5)


def test_momentum_in_gluon_ends_where_numpy_does():
    x = NOTEBOOK.names("start = [", "by_beta = {", 'gluon.Parameter("x"')["x"].data()
    onp.testing.assert_allclose(x.asnumpy(), momentum_in_the_valley(0.4, 20, 0.5)[-1], rtol=1e-3, atol=1e-5)


def test_more_memory_stays_behind_in_the_valley():
    values = {}
    for beta in (0.5, 0.8):
        path = onp.array(momentum_in_the_valley(0.4, 200, beta))
        values[beta] = 0.1 * path[:, 0] ** 2 + 2 * path[:, 1] ** 2
    assert (values[0.8] > values[0.5])[8:].all()


def test_largest_curvature_of_the_prices_sets_the_limit_at_which_descent_diverges():
    data = spot_prices(1000)
    X, y = data.features[:800].asnumpy().astype("float64"), data.prices[:800].asnumpy().astype("float64")
    limit, ratio = (
        float(NOTEBOOK.printed_by("curvatures = ").split(words)[1].split()[0]) for words in ("rate:", "smallest:")
    )
    lengths = []
    for lr in (0.97 * limit, 1.03 * limit):
        w = onp.zeros(6)
        for _ in range(500):
            w = w + lr * 2 / 800 * X.T @ (y - X @ w)
        lengths.append(onp.linalg.norm(w))
    assert lengths[0] < 1 < 1000 < lengths[1]
    assert ratio == pytest.approx(onp.linalg.cond(X.T @ X), abs=0.05)


def test_two_starts_end_in_the_two_minima(names):
    left, _, right = sorted(onp.roots([2, 0, -2, 0.2]))  # of the derivative of x⁴/2 - x² + 0.2 x
    ends = [names["descend"](names["two_minima"], [start], 0.1, 40)[-1].item() for start in (0.05, 0.2)]
    assert ends == pytest.approx([left, right], abs=0.01)


# ---- Minibatches ----


def test_gradient_of_the_notebook_is_that_of_autograd(with_data):
    X, y, w = with_data["X"][:500], with_data["y"][:500], np.array([0.1, -0.2, 0.3, 0.0, 0.5, 1.0])
    w.attach_grad()
    with autograd.record():
        loss = ((y - np.dot(X, w)) ** 2).mean()
    loss.backward()
    onp.testing.assert_allclose(with_data["gradient"](w, 0, 500).asnumpy(), w.grad.asnumpy(), rtol=1e-4, atol=1e-6)


def test_every_fourth_batch_of_a_hundred_has_the_wrong_sign_for_time_and_only_there(with_data):
    gradients = -2 * with_data["X"].asnumpy() * with_data["y"].asnumpy()[:, None]  # of each example, at w = 0
    exact, batches = gradients.mean(axis=0), gradients.reshape(-1, 100, 6).mean(axis=1)
    wrong = (onp.sign(batches) != onp.sign(exact)).mean(axis=0)
    assert wrong == pytest.approx([0.25, 0, 0, 0, 0, 0], abs=0.01)
    off = batches.std(axis=0) / abs(exact)
    assert off[0] > 1
    assert (off[1:] > 0.1).all()
    assert (off[1:] < 0.25).all()
    cosines = batches @ exact / onp.linalg.norm(batches, axis=1) / onp.linalg.norm(exact)
    assert cosines.min() > 0.9


def test_a_loss_of_a_hundred_thousandth_above_the_smallest_is_a_twentieth_of_a_cent(with_data):
    X, y = with_data["X"].asnumpy().astype("float64"), with_data["y"].asnumpy().astype("float64")
    smallest = onp.linalg.lstsq(X, y, rcond=None)[1][0] / len(y)
    cents = 100 * onp.sqrt([smallest, smallest + 1e-5])
    assert cents.round(2).tolist() == [1.0, 1.05]


def test_printed_noise_falls_with_the_root_of_the_batch_size(with_data):
    gradients = -2 * with_data["X"].asnumpy() * with_data["y"].asnumpy()[:, None]  # of each example, at w = 0
    mean = gradients.mean(axis=0)
    of_one = (((gradients - mean) ** 2).sum(axis=1).mean() / (mean**2).sum()) ** 0.5
    printed = json.loads(NOTEBOOK.printed_by("sizes, errors = ").split(":")[1])
    assert printed == pytest.approx([of_one / size**0.5 for size in (1, 4, 16, 64, 256, 1024)], rel=0.1, abs=0.005)


@pytest.mark.training
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_minibatches_need_a_small_part_of_an_epoch_and_the_full_gradient_many(seed):
    """The numbers of epochs in the table of the race, where no clock is involved."""
    data = spot_prices(50_000, seed=seed)
    X, y = data.features.asnumpy().astype("float64"), data.prices.asnumpy().astype("float64")
    best = onp.linalg.lstsq(X, y, rcond=None)[0]
    C = X.T @ X / len(y)

    def epochs_needed(batch_size, lr, limit):
        w = onp.zeros(6)
        for update in range(limit):
            first = update * batch_size % len(y)
            rows = slice(first, first + batch_size)
            w = w + lr * 2 / batch_size * X[rows].T @ (y[rows] - X[rows] @ w)
            if (w - best) @ C @ (w - best) < 1e-5:
                return (update + 1) * batch_size / len(y)
        return onp.inf

    assert epochs_needed(100, 0.3, 500) < 0.5
    assert 10 < epochs_needed(len(y), 0.5, 60) < 60


# ---- Stored times, which nbval does not compare ----


def test_stored_time_of_a_hundred_examples_is_hardly_longer_than_of_one():
    one, hundred, all_of_them = json.loads(NOTEBOOK.printed_by("counts = [").split(":")[1])
    assert hundred < 2 * one
    assert one > 10_000 * all_of_them / 400_000


def test_stored_race_is_won_by_the_minibatch():
    table = next(o.data["text/plain"] for o in NOTEBOOK.cell("rows.append(describe").outputs)
    arrivals = dict(re.findall(r"(?m)^(SGD|minibatch SGD|GD) .* ([\d.]+) s$", table))
    assert float(arrivals["minibatch SGD"]) == min(map(float, arrivals.values()))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_falling_rate_is_as_fast_as_a_large_one_and_gets_as_low_as_a_small_one(seed):
    schedules = NOTEBOOK.names("data = spot_prices(400_000)", "C = np.dot(X.T, X)", "falling = [")["schedules"]
    data = spot_prices(12_000, seed=seed)
    X, y = data.features.asnumpy().astype("float64"), data.prices.asnumpy().astype("float64")
    C, best = X.T @ X / len(y), onp.linalg.lstsq(X, y, rcond=None)[0]
    large, small, falling = (onp.zeros(1200) for _ in range(3))
    for losses, rates in zip((large, small, falling), schedules.values(), strict=True):
        w = onp.zeros(6)
        for update, lr in enumerate(rates):
            rows = slice(10 * update, 10 * update + 10)
            w = w + lr * 2 / 10 * X[rows].T @ (y[rows] - X[rows] @ w)
            losses[update] = (w - best) @ C @ (w - best)
    assert falling[180:300].mean() < large[180:300].mean() < small[180:300].mean() / 5
    assert small[-300:].mean() < large[-300:].mean() / 3
    assert falling[-300:].mean() < 1.1 * small[-300:].mean()


# ---- The network ----


@pytest.fixture(scope="module")
def learn():
    """Return the notebook's `learn`, with its images."""
    return NOTEBOOK.names("images, labels = load_images", "def learn(")["learn"]


@pytest.mark.training
@pytest.mark.parametrize("start", [1, 2, 3])
def test_at_equal_epochs_smaller_batches_reach_a_lower_training_loss(learn, start):
    settings = ((16, 0.3), (64, 0.5), (512, 0.7), (4000, 0.7))
    losses = [learn(b, 3, learning_rate=lr, start=start).losses[-1] for b, lr in settings]
    assert losses == sorted(losses)


@pytest.mark.training
@pytest.mark.parametrize("start", [1, 2, 3])
def test_momentum_and_adam_beat_plain_sgd_at_equal_updates(learn, start):
    plain = learn(64, 6, learning_rate=0.5, start=start).losses[-1]
    assert learn(64, 6, learning_rate=0.1, momentum=0.9, start=start).losses[-1] < 0.8 * plain
    assert learn(64, 6, "adam", learning_rate=0.01, start=start).losses[-1] < 0.8 * plain


@pytest.mark.training
@pytest.mark.parametrize("start", [1, 2, 3])
def test_in_a_short_run_the_best_constant_rate_ends_below_the_best_cosine(names, learn, start):
    def cosine(num_epochs):
        return learn(64, num_epochs, learning_rate=0.7, schedule=names["cosine"], start=start).losses[-1]

    six, seven = learn(64, 7, learning_rate=0.5, start=start).losses[-2:]
    assert six < cosine(6)
    assert seven > max(six, cosine(7))


@pytest.mark.training
@pytest.mark.parametrize("start", [1, 2, 3])
def test_sample_solutions_of_the_mini_project_reach_the_goal(learn, start):
    assert min(learn(512, 12, "adam", learning_rate=0.01, start=start).losses) < 0.1  # 96 updates
    losses = learn(64, 4, learning_rate=0.1, momentum=0.9, start=start).losses
    assert losses[3] < 0.1 < losses[2]  # 4 epochs: 252 updates, 16,000 images


@pytest.mark.training
def test_first_sample_solution_needs_64_updates(learn):
    losses = learn(512, 8, "adam", learning_rate=0.01).losses
    assert losses[7] < 0.1 < losses[6]  # 8 epochs of 8 updates: 32,000 images


@pytest.mark.training
@pytest.mark.parametrize("start", [1, 2, 3])
def test_training_loss_falls_to_a_tenth_and_the_loss_on_new_images_hardly_moves(learn, start):
    run = learn(128, 20, "adam", learning_rate=0.005, start=start)
    assert run.losses[19] < run.losses[4] / 10
    assert run.new_losses[19] == pytest.approx(run.new_losses[4], rel=0.15)
    assert onp.mean(run.new_losses[-3:]) > 1.02 * min(run.new_losses)  # it rises at the end
    assert 0.01 < run.accuracies[19] - run.accuracies[4] < 0.035


def test_descent_leaves_the_saddle_for_a_minimum(names):
    path = [point.asnumpy() for point in names["descend"](names["saddle"], [-1.5, 0.001], 0.1, 120)]
    assert abs(path[20][0]) < 0.03
    assert abs(path[20][1]) < 0.01
    onp.testing.assert_allclose(path[-1], [0, 1], atol=0.01)


# ---- Exercises ----


@pytest.mark.parametrize("smaller", [onp.True_, onp.array(True)], ids=["scalar", "array"])
def test_truth_may_come_from_arrays(smaller, capsys):
    assert said("05.1", (onp.array(0.16), smaller), capsys).startswith("✓")


@pytest.mark.parametrize("answer", [(0.16, ...), (None, True)])
def test_half_an_answer_is_not_done(answer, capsys):
    assert "not done yet" in said("05.1", answer, capsys)


def test_check_of_the_rate_descends_as_the_notebook_does(names, capsys):
    end = names["descend"](names["valley"], [-5.0, -2.0], 0.3, 50)[-1]
    assert f"f is {names['valley'](end).item():.5f}" in said("05.2", 0.3, capsys)


def change_in_place(x, v, g, lr, beta):
    v[:] = beta * v - lr * g
    x[:] = x + v
    return x, v


def norm_of(g):
    return float(np.linalg.norm(g))


WRONG_ANSWERS = {
    "05.1": [
        ((-0.4, True), "after one step"),
        ((-0.16, True), "a sign is lost"),
        ((0.09, True), "4x, not 2x"),
        ((0.4225, True), "4x, not x"),
        ((-1.8, True), "at the new position"),
        ((5.76, False), "against the slope"),
        ((0.5, True), "but should be 0.16"),
        ((0.16, False), "compare the values"),
        ((0.16, "yes"), "True or False"),
        (0.16, "the pair"),
        (("0.16", True), "one number"),
    ],
    "05.2": [
        (0.1, "x₁ has not arrived"),
        (0.49, "x₂ has not arrived"),
        (0.5, "too large"),
        (0, "positive"),
    ],
    "05.3": [
        (lambda x, v, g, lr, b: (b * v - lr * g, x + b * v - lr * g), "the order is"),
        (lambda x, v, g, lr, b: (x + v, b * v - lr * g), "the old velocity"),
        (lambda x, v, g, lr, b: (x - lr * g, b * v - lr * g), "the gradient alone"),
        (lambda x, v, g, lr, b: (x - (b * v - lr * g), b * v - lr * g), "not subtracted"),
        (lambda x, v, g, lr, b: (x + lr * (b * v - lr * g), b * v - lr * g), "once more"),
        (lambda x, v, g, lr, b: (x, b * v - lr * g), "x has not changed"),
        (lambda x, v, g, lr, b: (x + b * v + lr * g, b * v + lr * g), "climbs"),
        (lambda x, v, g, lr, b: (x + v - lr * g, v - lr * g), "not multiplied by β"),
        (lambda x, v, g, lr, b: (x + v - b * lr * g, v - b * lr * g), "not to the gradient"),
        (lambda x, v, g, lr, b: (x + b * v - g, b * v - g), "not multiplied by the learning rate"),
        (lambda x, v, g, lr, b: (x - lr * g, -lr * g), "no memory"),
        (lambda x, v, g, lr, b: (x + b * v, b * v), "forgets the gradient"),
        (lambda x, v, g, lr, b: x + b * v - lr * g, "two arrays"),
        (lambda x, v, g, lr, b: (x[:2], v), "has shape (2,)"),
        (change_in_place, "changed in place"),
    ],
    "05.4": [
        (lambda g, limit: np.clip(g, -limit, limit), "one by one"),
        (lambda g, limit: g * limit / max(norm_of(g), 1e-9), "stretched"),
        (lambda g, limit: g if norm_of(g) <= limit else g / norm_of(g), "has norm 1"),
        (lambda g, limit: g, "has not changed"),
        (lambda g, limit: g * min(1.0, limit / max(norm_of(g) ** 2, 1e-9)), "squared norm"),
        (lambda g, limit: g / np.linalg.norm(g) * np.minimum(np.linalg.norm(g), limit), "not a number"),
        (lambda g, limit: norm_of(g), "shape (), but should have shape (2,)"),
        (
            lambda g, limit: g * limit / norm_of(g) if norm_of(g) > limit else None,
            "is None. Does your function end",
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
