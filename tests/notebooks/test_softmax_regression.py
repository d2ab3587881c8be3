"""Notebook 06: its functions, compared with NumPy; what it claims about training; wrong answers to its exercises."""

import re

import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, gluon, np
from mxnet.gluon import nn
from support import said

from d2lhelpers import ArrayLoader, accuracy, evaluate, fit, load_images
from d2lhelpers.exercises import nb06_softmax_regression as exercises


@pytest.fixture
def names():
    return lesson("06-softmax-regression").names("X_train, y_train = load_images", "def move(", "def center(")


def softmax_by_hand(scores):
    exponentials = onp.exp(onp.asarray(scores, dtype="float64"))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


# ---- Functions ----


def test_softmax_and_the_losses_agree_with_numpy(names):
    random = onp.random.RandomState(0)
    scores, y = random.normal(0, 3, size=(5, 4)), random.randint(0, 4, size=5)
    p = softmax_by_hand(scores)
    losses = -onp.log(p[onp.arange(5), y])
    given, labels = np.array(scores), np.array(y, dtype="int32")
    onp.testing.assert_allclose(names["softmax"](given).asnumpy(), p, rtol=1e-4)
    onp.testing.assert_allclose(names["log_softmax"](given).asnumpy(), onp.log(p), rtol=1e-4, atol=1e-5)
    assert names["cross_entropy"](given[0], int(y[0])).item() == pytest.approx(losses[0], rel=1e-4)
    assert names["batch_loss"](given, labels).item() == pytest.approx(losses.mean(), rel=1e-4)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_gradient_is_prediction_minus_truth(names, label):
    scores = np.array([1.0, -1.0, 2.0])
    scores.attach_grad()
    with autograd.record():
        loss = names["cross_entropy"](scores, label)
    loss.backward()
    expected = softmax_by_hand([1, -1, 2]) - onp.eye(3)[label]
    onp.testing.assert_allclose(scores.grad.asnumpy(), expected, rtol=1e-4, atol=1e-6)


def test_only_log_softmax_survives_large_scores(names):
    scores = np.array([200.0, 199.0, 0.0])
    assert not onp.isfinite(names["softmax"](scores).asnumpy()).any()
    rest = onp.log1p(onp.exp(-1))
    expected = [-rest, -1 - rest, -200 - rest]
    onp.testing.assert_allclose(names["log_softmax"](scores).asnumpy(), expected, rtol=1e-4)


def test_centering_moves_the_ink_and_keeps_it(names):
    images, _ = load_images(train=False, source="mnist", size=50)
    moved = names["center"](images).asnumpy()
    onp.testing.assert_allclose(moved.sum(axis=(1, 2, 3)), images.asnumpy().sum(axis=(1, 2, 3)), rtol=1e-5)
    for image in moved[:, 0]:
        rows, columns = onp.nonzero(image > 0.1)
        assert abs(rows.min() + rows.max() - 27) <= 2
        assert abs(columns.min() + columns.max() - 27) <= 2


def test_soft_labels_mix_the_losses_of_the_classes(names):
    scores = np.array([1.0, -1.0, 2.0])
    mixed = names["soft_cross_entropy"](scores, np.array([0.3, 0, 0.7])).item()
    losses = -onp.log(softmax_by_hand([1, -1, 2]))
    assert mixed == pytest.approx(0.3 * losses[0] + 0.7 * losses[2], rel=1e-4)


def test_the_curvature_is_a_tenth_of_the_largest_eigenvalue_at_equal_probabilities():
    """The matrix of second derivatives with respect to the scores stretches no vector by more than 0.1."""
    p = onp.full(10, 0.1)
    assert onp.linalg.eigvalsh(onp.diag(p) - onp.outer(p, p))[-1] == pytest.approx(0.1)


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_pixels_scale_and_place_decide(names, seed):
    (X, y), (X_test, y_test) = (load_images(train=train, source="mnist") for train in (True, False))

    def trained(X, lr=0.1, num_epochs=5):
        net = nn.Dense(10)
        loader = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=num_epochs, lr=lr, plot=False, seed=seed)
        return net

    mean, net = X.mean(axis=0), trained(X)
    usual = accuracy(net(X_test), y_test)
    assert 0.85 < usual < 0.91
    assert abs(accuracy(trained(X - mean)(X_test - mean), y_test) - usual) < 0.02
    assert accuracy(trained(X + 2)(X_test + 2), y_test) < 0.75
    assert accuracy(trained(X + 2, lr=0.006)(X_test + 2), y_test) < 0.75
    fast = accuracy(trained(X - mean, lr=1, num_epochs=1)(X_test - mean), y_test)
    assert fast > accuracy(trained(X, lr=1, num_epochs=1)(X_test), y_test) + 0.02
    assert evaluate(trained(255 * X), [(255 * X_test, y_test)])[0] > 100
    assert accuracy(net(np.roll(X_test, 4, axis=3)), y_test) < 0.35
    random = onp.random.RandomState(seed)
    anywhere, tests = (names["move"](Z, random.randint(-4, 5, size=(len(Z), 2))) for Z in (X, X_test))
    center = names["center"]
    there = accuracy(trained(anywhere)(tests), y_test)
    assert there > accuracy(net(tests), y_test) + 0.1
    assert accuracy(trained(center(anywhere))(center(tests)), y_test) > there + 0.25


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_probabilities_are_too_modest_at_first_and_too_high_for_shifted_digits(seed):
    (X, y), (X_test, y_test) = (load_images(train=train, source="mnist") for train in (True, False))

    def trained(batch_size, num_epochs, lr):
        net = nn.Dense(10)
        loader = ArrayLoader(X, y, batch_size=batch_size, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=num_epochs, lr=lr, plot=False, seed=seed)
        p = softmax_by_hand(net(X_test).asnumpy())
        return net, p.max(axis=1), p.argmax(axis=1) == y_test.asnumpy()

    net, p, right = trained(64, 5, 0.1)
    assert p[right].mean() == pytest.approx(0.85, abs=0.01)
    assert p[~right].mean() == pytest.approx(0.56, abs=0.015)
    recall = [right[y_test.asnumpy() == label].mean() for label in range(10)]
    assert min(recall[:2]) > 0.97
    assert max(recall[label] for label in (2, 3, 5, 7, 8, 9)) < 0.88
    assert right.mean() - p.mean() > 0.04
    _, p_longer, right_longer = trained(256, 40, 0.4)
    assert -0.02 < right_longer.mean() - p_longer.mean() < 0.03
    assert 0 < right_longer.mean() - right.mean() < 0.025
    shifted = softmax_by_hand(net(np.roll(X_test, 4, axis=3)).asnumpy())
    assert 0.55 < shifted.max(axis=1).mean() < 0.62
    assert accuracy(np.array(shifted), y_test) < 0.3


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_straightened_digits_reach_the_goal_of_the_mini_project(seed):
    (X, y), (X_test, y_test) = (load_images(train=train, source="mnist") for train in (True, False))
    source = (NOTEBOOKS / "source" / "06-softmax-regression.py").read_text(encoding="utf-8")
    (solution,) = re.findall(r"(# def prepare\(images\):\n(?:#.*\n)*?)#\n#\n# print", source)
    names = {"onp": onp, "np": np}
    exec(re.sub(r"^# ?", "", solution, flags=re.MULTILINE), names)
    net = nn.Dense(10)
    loader = ArrayLoader(names["prepare"](X), y, batch_size=64, shuffle=True, seed=seed)
    fit(net, loader, num_epochs=5, lr=0.1, plot=False, seed=seed)
    assert 0.905 < accuracy(net(names["prepare"](X_test)), y_test) < 0.925


@pytest.mark.training
def test_the_check_of_the_learning_rate_trains_as_gluon_does():
    X, y = load_images(train=True, source="mnist")
    X, y, X_rest, y_rest = X[:8000], y[:8000], X[8000:], y[8000:]
    net = nn.Dense(10, weight_initializer="zeros")
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.5})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    random = onp.random.RandomState(0)
    for _ in range(exercises.NUM_EPOCHS):
        order = np.array(random.permutation(len(X)), dtype="int32")
        for start in range(0, len(X), exercises.BATCH_SIZE):
            rows = order[start : start + exercises.BATCH_SIZE]
            with autograd.record():
                losses = loss(net(X[rows]), y[rows])
            losses.backward()
            trainer.step(len(rows))
    assert accuracy(net(X_rest), y_rest) == pytest.approx(exercises._accuracy_of_training(0.5), abs=0.005)


# ---- Exercises ----


def pick(scores, y):
    return scores[np.arange(len(y)), y]


def shifted(scores):
    return scores - scores.max(axis=1, keepdims=True)


def log_sum(scores, axis=1):
    return np.log(np.exp(scores).sum(axis=axis))


def log_p(scores):
    return shifted(scores) - log_sum(shifted(scores))[:, None]


def top(scores, y, k):
    best = np.argsort(scores, axis=1)[:, -k:].astype("int32")
    return (best == y.reshape(-1, 1)).sum().item()


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("06.1", (0.25, 0.25), "a quarter is the probability"),
        ("06.1", (2, 2), "base 2"),
        ("06.1", (0.602, 0.602), "base 10"),
        ("06.1", (-1.386, 1.386), "the sign is missing"),
        ("06.1", (3.386, 3.386), "has to be subtracted"),
        ("06.1", (0, 0), "only with probability 1"),
        ("06.1", (1.39, 11.39), "the difference stays"),
        ("06.1", 1.39, "the pair"),
        ("06.2", 0.02, "too small"),
        ("06.2", 5.0, "too large"),
        ("06.2", 0, "positive"),
        ("06.2", float("inf"), "finite"),
        ("06.3", lambda s, y: (log_sum(s - s.max()) - pick(s - s.max(), y)).mean(), "Subtract each row's max"),
        ("06.3", lambda s, y: -np.log(pick(np.exp(log_p(s)), y)).mean(), "log was taken of 0"),
        ("06.3", lambda s, y: log_sum(shifted(s)) - pick(shifted(s), y), "one number is asked for"),
        ("06.3", lambda s, y: (log_sum(shifted(s)) - pick(shifted(s), y)).sum(), "the sum over the examples"),
        ("06.3", lambda s, y: pick(log_p(s), y).mean(), "wrong sign"),
        ("06.3", lambda s, y: log_sum(shifted(s)).mean(), "is not subtracted"),
        ("06.3", lambda s, y: (log_sum(shifted(s)) - pick(s, y)).mean(), "shift added back"),
        ("06.3", lambda s, y: (log_sum(s - s.max(), axis=None) - pick(s - s.max(), y)).mean(), "whole batch"),
        ("06.3", lambda s, y: -log_p(s).mean(), "all entries"),
        ("06.4", lambda s, y, k: top(-s, y, k) / len(y), "the k smallest"),
        ("06.4", lambda s, y, k: top(s, y, k), "divide by how many"),
        ("06.4", lambda s, y, k: top(s, y, k) / (k * len(y)), "each example counts once"),
        ("06.4", lambda s, y, k: top(s, y, 1) / len(y), "the largest score only"),
        ("06.4", lambda s, y, k: (top(s, y, k) - (k > 1 and top(s, y, k - 1))) / len(y), "th largest score only"),
        ("06.4", lambda s, y, k: 100 * top(s, y, k) / len(y), "in percent"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(("name", "answer"), [("06.1", (1.39, 1.386)), ("06.2", 0.4), ("06.2", 2)])
def test_rounded_losses_and_the_extreme_rates_of_the_solution_are_right(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right.")
