"""What notebook 04 teaches, against independent oracles: finite differences and NumPy in double precision."""

import re

import numpy as np
import pytest
from mxnet import autograd, gluon, init, npx
from mxnet import np as mxnp
from mxnet.base import MXNetError
from support import ROOT

from d2lhelpers import ArrayLoader, fit, seed, spot_prices
from d2lhelpers.exercises import WrongAnswer, check
from d2lhelpers.exercises import nb04_linear_regression as exercises

SOURCE = ROOT / "notebooks" / "source" / "04-linear-regression.py"
NUM_TRAIN = 800
SEEDS = (0, 1, 2, 3)


@pytest.fixture(autouse=True)
def numpy_shapes():
    npx.set_np()


def plain(data):
    """Return X (n, 6) and y (n,) in double precision."""
    return data.features.asnumpy().astype(float), data.prices.asnumpy().astype(float)


def lstsq(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


def mean_square(X, y, w):
    return np.mean((y - X @ w) ** 2)


def finite_differences(function, w, step=1e-5):
    moves = step * np.eye(len(w))
    return np.array([(function(w + move) - function(w - move)) / (2 * step) for move in moves])


@pytest.fixture(scope="module")
def notebook():
    """The functions of the notebook itself, as its source defines them."""
    text = SOURCE.read_text()
    names = {"onp": np, "np": mxnp}
    for name in ("squared_loss", "batches", "model", "update", "closed_form"):
        exec(re.search(rf"^def {name}\(.*?(?=^\S|\n\n)", text, re.DOTALL | re.MULTILINE)[0], names)
    return names


def train_from_scratch(notebook, X, y, lr=0.1, batch_size=32, num_epochs=10):
    w = mxnp.zeros(X.shape[1])
    w.attach_grad()
    for epoch in range(num_epochs):
        for X_batch, y_batch in notebook["batches"](X, y, batch_size, epoch):
            with autograd.record():
                loss = notebook["squared_loss"](notebook["model"](X_batch, w), y_batch)
            loss.backward()
            notebook["update"](w, lr)
    return w


def train_in_gluon(notebook, X, y, lr=0.1, batch_size=32, num_epochs=10):
    net = gluon.nn.Dense(1, use_bias=False)
    net.initialize(init.Zero())
    loss = gluon.loss.L2Loss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 2 * lr})
    for epoch in range(num_epochs):
        for X_batch, y_batch in notebook["batches"](X, y, batch_size, epoch):
            with autograd.record():
                losses = loss(net(X_batch), y_batch)
            losses.backward()
            trainer.step(len(y_batch))
    return net.weight.data()[0]


class TestLecture:
    def test_three_prices_lie_on_a_line(self):
        slope, start = np.polyfit([16, 32, 64], [0.41, 0.73, 1.37], 1)
        assert (slope, start) == (pytest.approx(0.02), pytest.approx(0.09))
        np.testing.assert_allclose(np.polyval([slope, start], [16, 32, 64]), [0.41, 0.73, 1.37])

    @pytest.mark.parametrize("number", SEEDS)
    def test_erratum_sign_of_the_gradient(self, number):
        X, y = plain(spot_prices(200, seed=number))
        w = np.random.RandomState(number).normal(size=6)
        numeric = finite_differences(lambda v: mean_square(X, y, v), w)
        printed = 2 / len(y) * (y - X @ w) @ X
        np.testing.assert_allclose(-printed, numeric, rtol=1e-6)
        assert not np.allclose(printed, numeric)
        # The zero is the same, but a step against the printed sign climbs.
        np.testing.assert_allclose(2 / len(y) * (y - X @ lstsq(X, y)) @ X, 0, atol=1e-12)
        assert mean_square(X, y, w - 0.01 * printed) > mean_square(X, y, w) > mean_square(X, y, w + 0.01 * printed)

    def test_autograd_agrees_with_finite_differences(self, notebook):
        data = spot_prices(100)
        w = mxnp.array([0.3, -0.2, 0.1, 0.0, 0.5, -1.0])
        w.attach_grad()
        with autograd.record():
            loss = notebook["squared_loss"](notebook["model"](data.features, w), data.prices)
        loss.backward()
        X, y = plain(data)
        numeric = finite_differences(lambda v: mean_square(X, y, v), w.asnumpy().astype(float))
        np.testing.assert_allclose(w.grad.asnumpy(), numeric, rtol=1e-4)

    def test_erratum_closed_form_without_the_transpose_has_no_shape(self):
        data = spot_prices(100)
        X, y = data.features, data.prices
        inverse = mxnp.linalg.inv(mxnp.dot(X.T, X))
        with pytest.raises(MXNetError):
            mxnp.dot(inverse, X).asnumpy()
        with pytest.raises(MXNetError):
            mxnp.dot(X, y).asnumpy()
        np.testing.assert_allclose(mxnp.dot(mxnp.dot(inverse, X.T), y).asnumpy(), lstsq(*plain(data)), atol=1e-4)


class TestClosedForm:
    @pytest.mark.parametrize("number", SEEDS)
    def test_is_least_squares(self, notebook, number):
        data = spot_prices(1000, seed=number)
        found = notebook["closed_form"](data.features, data.prices).asnumpy()
        np.testing.assert_allclose(found, lstsq(*plain(data)), atol=1e-5)

    @pytest.mark.parametrize("number", SEEDS)
    def test_finds_the_true_weights(self, notebook, number):
        data = spot_prices(1000, seed=number)
        found = notebook["closed_form"](data.features[:NUM_TRAIN], data.prices[:NUM_TRAIN])
        assert float(abs(found - data.true_weights).max()) < 0.004  # four standard errors of the least certain weight

    @pytest.mark.parametrize("number", SEEDS)
    def test_regions_and_ones_are_one_column_too_many(self, number):
        data = spot_prices(1000, seed=number)
        X, y = plain(data)
        ones = np.ones((len(X), 1))
        both = np.hstack([X, ones])
        without_first = np.hstack([X[:, :2], X[:, 3:], ones])
        for matrix, rank in ((X, 6), (both, 6), (without_first, 6)):
            assert np.linalg.matrix_rank(matrix) == rank
            assert mxnp.linalg.matrix_rank(mxnp.array(matrix, dtype="float32")) == rank
        np.testing.assert_array_equal(X[:, 2:].sum(axis=1), 1)
        # A region as baseline: same predictions, its price as bias, the others' weights as differences.
        w, w_baseline = lstsq(X, y), lstsq(without_first, y)
        np.testing.assert_allclose(without_first @ w_baseline, X @ w)
        np.testing.assert_allclose(w_baseline, [w[0], w[1], *(w[3:] - w[2]), w[2]])


class TestTraining:
    def test_batches_are_all_examples_once(self, notebook):
        X, y = mxnp.arange(100).reshape(100, 1), mxnp.arange(100)
        found = list(notebook["batches"](X, y, 32, 0))
        assert [len(labels) for _, labels in found] == [32, 32, 32, 4]
        labels = np.concatenate([labels.asnumpy() for _, labels in found])
        assert sorted(labels) == list(range(100))
        assert list(labels) != sorted(labels)
        np.testing.assert_array_equal(np.concatenate([rows.asnumpy()[:, 0] for rows, _ in found]), labels)
        again, other = (next(notebook["batches"](X, y, 100, epoch))[1].asnumpy() for epoch in (0, 1))
        np.testing.assert_array_equal(again, labels)
        assert list(other) != list(labels)

    @pytest.mark.parametrize("number", SEEDS[:2])
    def test_three_answers_agree(self, notebook, number):
        data = spot_prices(1000, seed=number)
        X, y = data.features[:NUM_TRAIN], data.prices[:NUM_TRAIN]
        scratch, in_gluon = train_from_scratch(notebook, X, y), train_in_gluon(notebook, X, y)
        best = lstsq(*(array[:NUM_TRAIN] for array in plain(data)))
        np.testing.assert_allclose(in_gluon.asnumpy(), scratch.asnumpy(), atol=1e-5)
        np.testing.assert_allclose(scratch.asnumpy(), best, atol=0.004)

    def test_scratch_is_the_same_in_double_precision(self, notebook):
        data = spot_prices(200)
        X, y = plain(data)
        w = np.zeros(6)
        for epoch in range(2):
            order = np.random.RandomState(epoch).permutation(len(X))
            for start in range(0, len(X), 32):
                batch = order[start : start + 32]
                w -= 0.1 * finite_differences(lambda v, batch=batch: mean_square(X[batch], y[batch], v), w)
        found = train_from_scratch(notebook, data.features, data.prices, num_epochs=2)
        np.testing.assert_allclose(found.asnumpy(), w, atol=1e-5)

    @pytest.mark.parametrize("number", SEEDS[:2])
    def test_test_error_is_the_noise_and_far_below_the_baseline(self, notebook, number):
        data = spot_prices(1000, seed=number)
        w = train_from_scratch(notebook, data.features[:NUM_TRAIN], data.prices[:NUM_TRAIN])
        X, y = (array[NUM_TRAIN:] for array in plain(data))
        error = mean_square(X, y, w.asnumpy()) ** 0.5
        assert 0.8 * data.noise_std < error < 1.2 * data.noise_std  # four standard errors of 200 examples
        assert y.std() > 15 * error

    @pytest.mark.parametrize("number", SEEDS[:2])
    def test_fit_finds_the_same_to_the_cent(self, number):
        data = spot_prices(1000, seed=number)
        seed(number)
        net = gluon.nn.Dense(1, use_bias=False)
        loader = ArrayLoader(data.features[:NUM_TRAIN], data.prices[:NUM_TRAIN], batch_size=32, shuffle=True)
        fit(net, loader, num_epochs=10, lr=0.2, loss=gluon.loss.L2Loss(), plot=False)
        np.testing.assert_allclose(net.weight.data()[0].asnumpy(), data.true_weights.asnumpy(), atol=0.005)

    def test_l2_loss_is_half_the_square(self):
        assert float(gluon.loss.L2Loss()(mxnp.array([5.0]), mxnp.array([2.0]))[0]) == 4.5


# The exercises: what students get wrong, and what they are told.


def said(name, answer, capsys):
    check(name, answer)
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((15, 40), "the 40 left over make a batch too"),
        ((15, 64), "the 40 left over make a batch too"),
        ((15.625, 40), "number of updates is whole"),
        ((16, 64), "16 full batches would need 1024"),
        ((16, 24), "24 is what the last batch lacks"),
        ((40, 16), "wrong order"),
        ((10, 100), "do not use each of 1000 examples once"),
        (16, "two numbers are asked for"),
    ],
)
def test_exercise_1_tells_mistakes_apart(answer, words, capsys):
    assert words in said("04.1", answer, capsys)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (-0.1, "the rate must be positive"),
        (0, "the rate must be positive"),
        (float("nan"), "the rate must be positive"),
        (0.1, "too small"),
        (1e-6, "too small"),
        (0.82, "too large"),
        (1.0, "diverges"),
        (1e30, "diverges"),
        ("fast", "one number"),
        (True, "one number"),
        (0.3, "✓"),
        (0.6, "✓"),
    ],
)
def test_exercise_2_tells_mistakes_apart(answer, words, capsys):
    with np.errstate(all="raise"):  # a diverging training must not warn on the student's screen
        assert words in said("04.2", answer, capsys)


def steps(gradient_w=lambda X, r: -2 / len(r) * mxnp.dot(X.T, r), gradient_b=lambda r: -2 * r.mean(), residual=None):
    """Return a `step` with the right gradients, or with wrong ones in their place."""
    residual = residual or (lambda X, y, w, b: y - mxnp.dot(X, w) - b)

    def step(X, y, w, b, lr):
        r = residual(X, y, w, b)
        return w - lr * gradient_w(X, r), b - lr * gradient_b(r)

    return step


def with_new_w(X, y, w, b, lr):
    w = w + lr * 2 / len(y) * mxnp.dot(X.T, y - mxnp.dot(X, w) - b)
    return w, b + lr * 2 * (y - mxnp.dot(X, w) - b).mean()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (steps(), "✓"),
        (steps(gradient_w=lambda X, r: 2 / len(r) * mxnp.dot(X.T, r)), "weights move uphill"),
        (steps(gradient_w=lambda X, r: -2 * mxnp.dot(X.T, r)), "for the weights, 1/n is missing"),
        (steps(gradient_w=lambda X, r: -1 / len(r) * mxnp.dot(X.T, r)), "for the weights, the factor 2 is missing"),
        (steps(gradient_w=lambda X, r: -mxnp.dot(X.T, r)), "for the weights, 2/n is missing"),
        (steps(gradient_w=lambda X, r: -2 / len(r) * mxnp.dot(X, r)), "X is not transposed"),
        (steps(residual=lambda X, y, w, b: y - mxnp.dot(X, w)), "the bias is missing in the residual"),
        (steps(gradient_b=lambda r: 0), "the bias is as it was"),
        (steps(gradient_b=lambda r: 2 * r.mean()), "the bias moves uphill"),
        (steps(gradient_b=lambda r: -2 * r.sum()), "for the bias, 1/n is missing"),
        (steps(gradient_b=lambda r: -r.mean()), "for the bias, the factor 2 is missing"),
        (steps(gradient_b=lambda r: -r.sum()), "for the bias, 2/n is missing"),
        (steps(gradient_b=lambda r: -2 / len(r) * r), "one entry an example"),
        (with_new_w, "the bias uses the new w already"),
        (
            lambda X, y, w, b, lr: (-2 / len(y) * mxnp.dot(X.T, y - mxnp.dot(X, w) - b), b),
            "gradient for w, not the new w",
        ),
        (lambda X, y, w, b, lr: (w, b), "the weights are as they were"),
        (lambda X, y, w, b, lr: w, "return two things"),
        (lambda X, y, w, b, lr: (w * 7, b), "the new w is"),
        (lambda X, y, w, b, lr: ("w", "b"), "should be numbers"),
        (lambda X, y, w, b, lr: None, "not done yet"),
    ],
)
def test_exercise_3_tells_mistakes_apart(answer, words, capsys):
    assert words in said("04.3", answer, capsys)


def ridge_with(added):
    def ridge(X, y, lam):
        n, d = X.shape
        return mxnp.linalg.solve(mxnp.dot(X.T, X) + added(n, lam, mxnp.eye(d)), mxnp.dot(X.T, y))

    return ridge


def ridge_of_examples(X, y, lam):
    n = len(y)
    return mxnp.linalg.solve(mxnp.dot(X, X.T) + n * lam * mxnp.eye(n), y)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ridge_with(lambda n, lam, eye: n * lam * eye), "✓"),
        (
            lambda X, y, lam: mxnp.dot(X.T, ridge_of_examples(X, y, lam)) if lam else ridge_with(lambda *_: 0)(X, y, 0),
            "✓",
        ),
        (ridge_with(lambda n, lam, eye: 0), "the penalty has no effect"),
        (ridge_with(lambda n, lam, eye: lam * eye), "n is missing"),
        (ridge_with(lambda n, lam, eye: n * lam), "n λ is added to every entry"),
        (ridge_with(lambda n, lam, eye: lam), "λ is added to every entry"),
        (ridge_with(lambda n, lam, eye: -n * lam * eye), "the sign before λ is wrong"),
        (ridge_with(lambda n, lam, eye: 2 * n * lam * eye), "λ counts twice"),
        (ridge_with(lambda n, lam, eye: n * lam / 2 * eye), "λ counts half"),
        (ridge_of_examples, "one weight an example"),
        (ridge_with(lambda n, lam, eye: 6 * eye), "ridge(X, y, 0)"),
        (lambda X, y, lam: None, "not done yet"),
        (3, "a function is asked for"),
    ],
)
def test_exercise_4_tells_mistakes_apart(answer, words, capsys):
    assert words in said("04.4", answer, capsys)


def test_exercise_4_is_the_minimum_of_the_penalized_loss():
    X, y, _ = exercises._random_problem(12, 3)
    w = np.linalg.solve(X.T @ X + 12 * 0.5 * np.eye(3), X.T @ y)
    gradient = finite_differences(lambda v: mean_square(X, y, v) + 0.5 * v @ v, w)
    np.testing.assert_allclose(gradient, 0, atol=1e-9)


def test_error_in_the_student_s_code_comes_through_with_a_note():
    with pytest.raises(MXNetError) as caught:
        check("04.3", lambda X, y, w, b, lr: (mxnp.dot(w[:2], X), b))
    assert "step(X, y, w, b, lr) with X of shape" in caught.value.__notes__[0]


def test_wrong_answers_are_raised_as_such():
    with pytest.raises(WrongAnswer):
        exercises.exercise_1((16, 41))
