"""Notebook 06: its formulas against NumPy, what its training shows, and the wrong answers to its exercises."""

import re

import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import ArrayLoader, evaluate, fit, load_images
from d2lhelpers.exercises import nb06_softmax_regression as exercises

npx.set_np()
NOTEBOOK = StoredNotebook("06-softmax-regression")


@pytest.fixture(scope="module")
def names():
    """The functions that the notebook's own cells define."""
    names = {}
    exec(NOTEBOOK.imports(), names)
    exec("names = [str(i) for i in range(10)]\nscores = np.array([1.0, -1.0, 2.0])", names)
    for text in ("def softmax(", "def log_softmax(", "def model(", "def count_confusions(", "def center("):
        exec(NOTEBOOK.cell_with(text).source, names)
    return names


def softmax_by_hand(scores):
    exponentials = onp.exp(onp.asarray(scores, dtype="float64"))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


# ---- Formulas ----


def test_the_lecture_s_scores_and_its_slip():
    """The slide prints 0.26, 0.04, 0.70; the last is 0.7054, which rounds to 0.71."""
    by_hand = softmax_by_hand([1, -1, 2])
    assert by_hand.round(2).tolist() == [0.26, 0.04, 0.71]
    assert "[0.26, 0.04, 0.71]" in NOTEBOOK.printed_by("def softmax(")


def test_squared_loss_punishes_the_right_answer():
    losses = [float(x.replace(",", "")) for x in re.findall(r"loss ([\d,.]+)", NOTEBOOK.printed_by("sure and right"))]
    assert losses == pytest.approx([0.3**2 + 6999**2, 0.6**2 + 0.2**2 + 0.5**2], rel=1e-6)
    assert re.findall(r"argmax (\d)", NOTEBOOK.printed_by("sure and right")) == ["2", "0"]


def test_cross_entropy_puts_the_two_answers_in_order():
    losses = [float(x) for x in re.findall(r"loss ([\d.]+)", NOTEBOOK.printed_by("abs(log_p)"))]
    unsure = -onp.log(softmax_by_hand([0.6, 0.2, 0.5])[2])
    assert losses == pytest.approx([0, unsure], abs=0.006)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_softmax_and_cross_entropy_against_numpy(names, seed):
    scores = onp.random.RandomState(seed).normal(0, 3, size=(5, 4))
    y = onp.random.RandomState(seed + 9).randint(0, 4, size=5)
    p = softmax_by_hand(scores)
    onp.testing.assert_allclose(names["softmax"](np.array(scores)).asnumpy(), p, rtol=1e-4)
    onp.testing.assert_allclose(names["log_softmax"](np.array(scores)).asnumpy(), onp.log(p), rtol=1e-4, atol=1e-5)
    loss = names["batch_loss"](np.array(scores), np.array(y, dtype="int32")).item()
    assert loss == pytest.approx(-onp.log(p[onp.arange(5), y]).mean(), rel=1e-4)


@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_gradient_is_prediction_minus_truth(label):
    scores = np.array([1.0, -1.0, 2.0])
    scores.attach_grad()
    with autograd.record():
        loss = gluon.loss.SoftmaxCrossEntropyLoss()(scores.reshape(1, 3), np.array([label]))
    loss.backward()
    onp.testing.assert_allclose(
        scores.grad.asnumpy(), softmax_by_hand([1, -1, 2]) - onp.eye(3)[label], rtol=1e-4, atol=1e-6
    )


def test_overflow_is_shown_failing_and_mended(names):
    scores = np.array([200.0, 199.0, 0.0])
    assert not onp.isfinite(names["softmax"](scores).asnumpy()).any()
    mended = names["log_softmax"](scores)
    rest = onp.log1p(onp.exp(-1))
    onp.testing.assert_allclose(mended.asnumpy(), [-rest, -1 - rest, -200 - rest], rtol=1e-4)
    assert np.exp(mended)[2].item() == 0, "the third probability vanishes; its loss does not"
    largest = onp.finfo("float32").max
    assert onp.exp(88.0) < largest < onp.exp(89.0)


# ---- Training ----


def test_scratch_and_gluon_agree():
    assert NOTEBOOK.printed_by("init.Zero()") == "as from scratch: True\n"


def train(X, y, seed):
    net = nn.Dense(10)
    loader = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=seed)
    fit(net, loader, num_epochs=8, lr=0.1, plot=False, seed=seed)
    return net


@pytest.fixture(scope="module")
def images():
    return {train: load_images(train=train, source="digits") for train in (True, False)}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_about_half_are_right_anywhere_and_most_in_the_middle(names, images, seed):
    (X, y), (X_test, y_test) = images[True], images[False]

    def right(net, X):
        return evaluate(net, ArrayLoader(X, y_test, batch_size=256))[1]

    anywhere = right(train(X, y, seed), X_test)
    middle = right(train(names["center"](X), y, seed), names["center"](X_test))
    assert 0.4 < anywhere < 0.6
    assert middle > 0.9


def test_centering_moves_the_ink_and_keeps_it(names, images):
    X = images[False][0][:50]
    moved = names["center"](X).asnumpy()
    onp.testing.assert_allclose(moved.sum(axis=(1, 2, 3)), X.asnumpy().sum(axis=(1, 2, 3)), rtol=1e-5)
    for image in moved[:, 0]:
        rows, columns = onp.nonzero(image > 0.1)
        assert abs(rows.min() + rows.max() - 27) <= 2
        assert abs(columns.min() + columns.max() - 27) <= 2


def test_confusions_are_counted_by_truth_and_prediction(names):
    def net(X):  # says 1 for each image
        return npx.one_hot(np.ones(len(X)), 10)

    counts = names["count_confusions"](net, np.zeros((4, 1, 28, 28)), np.array([1, 3, 3, 0], dtype="int32"))
    assert counts.sum() == 4
    assert (counts[1, 1], counts[3, 1], counts[0, 1]) == (1, 2, 1)


# ---- Exercises ----


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((0.25, 0.25), "a quarter is the probability"),
        ((2, 2), "base 2"),
        ((0.602, 0.602), "base 10"),
        ((-1.386, 1.386), "the sign is missing"),
        ((3.386, 3.386), "has to be subtracted"),
        ((0, 0), "only with probability 1"),
        ((1.39, 11.39), "the difference stays"),
        ((1.39, 0), "1.38629 is right"),
        (1.39, "the pair"),
        (("log 4", 1), "one number"),
    ],
)
def test_wrong_losses(answer, words, capsys):
    out = said("06.1", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("answer", [(1.39, 1.386), (float(onp.log(4)), np.log(np.array(4.0)))])
def test_right_losses(answer, capsys):
    assert said("06.1", answer, capsys).startswith("✓")


@pytest.mark.parametrize(
    ("lr", "words"),
    [(0.02, "too small"), (1.0, "too large"), (0, "positive"), ("0.2", "number"), (float("inf"), "finite")],
)
def test_wrong_rates(lr, words, capsys):
    out = said("06.2", lr, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("lr", [0.2, 0.25, 0.3])
def test_the_rates_that_the_solution_names_are_right(lr, capsys):
    assert said("06.2", lr, capsys).startswith("✓")


def pick(scores, y):
    return scores[np.arange(len(y)), y]


def shifted(scores):
    return scores - scores.max(axis=1, keepdims=True)


def log_sum(scores, **options):
    return np.log(np.exp(scores).sum(**(options or {"axis": 1})))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, y: (log_sum(s) - pick(s, y)).mean(), "overflowed"),
        (lambda s, y: -np.log(pick(np.exp(s) / np.exp(s).sum(axis=1, keepdims=True), y)).mean(), "overflowed"),
        (lambda s, y: (log_sum(s - s.max()) - pick(s - s.max(), y)).mean(), "Subtract each row's max"),
        (lambda s, y: -np.log(pick(np.exp(shifted(s)) / np.exp(log_sum(shifted(s)))[:, None], y)).mean(), "of 0"),
        (lambda s, y: log_sum(shifted(s)) - pick(shifted(s), y), "one number is asked for"),
        (lambda s, y: (log_sum(shifted(s)) - pick(shifted(s), y)).sum(), "the sum over the examples"),
        (lambda s, y: (pick(shifted(s), y) - log_sum(shifted(s))).mean(), "wrong sign"),
        (lambda s, y: log_sum(shifted(s)).mean(), "is not subtracted"),
        (lambda s, y: (log_sum(shifted(s)) - pick(s, y)).mean(), "shift added back"),
        (lambda s, y: (log_sum(s - s.max(), axis=None) - pick(s - s.max(), y)).mean(), "whole batch"),
        (lambda s, y: (np.log(np.exp(shifted(s)).sum(axis=1, keepdims=True)) - shifted(s)).mean(), "all entries"),
    ],
)
def test_wrong_cross_entropies(answer, words, capsys):
    out = said("06.3", answer, capsys)
    assert out.startswith("✗")
    assert words in out


def top(scores, y, k):
    best = np.argsort(scores, axis=1)[:, -k:].astype("int32")
    return (best == y.reshape(-1, 1)).sum().item()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s, y, k: top(-s, y, k) / len(y), "the k smallest"),
        (lambda s, y, k: top(s, y, k), "divide by how many"),
        (lambda s, y, k: top(s, y, k) / (k * len(y)), "each example counts once"),
        (lambda s, y, k: top(s, y, 1) / len(y), "the largest score only"),
        (lambda s, y, k: (top(s, y, k) - (top(s, y, k - 1) if k > 1 else 0)) / len(y), "th largest score only"),
        (lambda s, y, k: 100 * top(s, y, k) / len(y), "in percent"),
        (lambda s, y, k: [0.5], "should be one number"),
    ],
)
def test_wrong_top_k(answer, words, capsys):
    out = said("06.4", answer, capsys)
    assert out.startswith("✗")
    assert words in out


def test_the_check_of_the_rate_trains_as_softmax_regression_does():
    """The notebook's own model on the same batches reaches the same accuracy, to within a few images."""
    (X, y), (X_test, y_test) = (load_images(train=train, source="digits") for train in (True, False))
    net = nn.Dense(10, weight_initializer="zeros")
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.2})
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
    reached = evaluate(net, ArrayLoader(X_test, y_test, batch_size=256))[1]
    assert reached == pytest.approx(exercises._accuracy_of_training(0.2), abs=0.005)
