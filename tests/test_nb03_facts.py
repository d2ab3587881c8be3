"""What notebook 03 teaches, against independent oracles: finite differences and calculus in double precision."""

import json
import re

import numpy as np
import pytest
from mxnet import autograd, gluon, npx, sym
from mxnet import np as mxnp
from mxnet.base import MXNetError
from support import ROOT

from d2lhelpers import seed
from d2lhelpers.exercises import WrongAnswer, check
from d2lhelpers.exercises import nb03_autograd as exercises

SOURCE = ROOT / "notebooks" / "source" / "03-autograd.py"
POINTS = (0.3, 1.0, 2.0)
SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def numpy_shapes():
    npx.set_np()


@pytest.fixture(scope="module")
def notebook():
    """The functions of the notebook itself, as its source defines them."""
    text = SOURCE.read_text()
    names = {"np": mxnp, "autograd": autograd, "json": json}
    wanted = ("square", "quotient", "gradient", "central", "bowl", "derivative", "joined", "operators")
    for name in (*wanted, "recorded", "root"):
        exec(re.search(rf"^def {name}\(.*?(?=^\S|\n\n)", text, re.DOTALL | re.MULTILINE)[0], names)
    return names


def slope(f, x, step=1e-5):
    """Return the central difference quotient in double precision."""
    return (f(x + step) - f(x - step)) / (2 * step)


def table_of_slopes(f, x, step=1e-5):
    """Return all derivatives of f, from an array to an array, in double precision: y's axes, then x's backward."""
    columns = []
    for place in np.ndindex(x.shape):
        move = np.zeros(x.shape)
        move[place] = step
        columns.append((f(x + move) - f(x - move)) / (2 * step))
    stacked = np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)
    y_axes = range(np.ndim(columns[0]))
    return stacked.transpose(*y_axes, *reversed(range(len(y_axes), stacked.ndim)))


def plain(array):
    return array.asnumpy().astype(float)


class TestScalars:
    @pytest.mark.parametrize("h", [1.0, 0.1, 0.01])
    def test_slope_of_the_secant_is_two_plus_h(self, notebook, h):
        assert notebook["quotient"](notebook["square"], 1.0, h) == pytest.approx(2 + h)

    @pytest.mark.parametrize("x", POINTS)
    @pytest.mark.parametrize(
        ("in_mxnet", "in_numpy", "rule"),
        [
            (lambda x: 3 * mxnp.ones_like(x), lambda x: 3, lambda x: 0),
            (lambda x: x**5, lambda x: x**5, lambda x: 5 * x**4),
            (mxnp.exp, np.exp, np.exp),
            (mxnp.log, np.log, lambda x: 1 / x),
            (mxnp.sin, np.sin, np.cos),
            (lambda x: mxnp.sin(x) + x**2, lambda x: np.sin(x) + x**2, lambda x: np.cos(x) + 2 * x),
            (lambda x: mxnp.sin(x) * x**2, lambda x: np.sin(x) * x**2, lambda x: np.cos(x) * x**2 + np.sin(x) * 2 * x),
            (lambda x: mxnp.sin(x**2), lambda x: np.sin(x**2), lambda x: np.cos(x**2) * 2 * x),
        ],
        ids=["constant", "power", "exp", "log", "sin", "sum", "product", "chain"],
    )
    def test_rule_autograd_and_finite_differences_agree(self, notebook, x, in_mxnet, in_numpy, rule):
        assert rule(x) == pytest.approx(slope(in_numpy, x), rel=1e-6, abs=1e-8)
        assert float(notebook["gradient"](in_mxnet, x)) == pytest.approx(rule(x), rel=1e-5, abs=1e-6)

    def test_an_array_made_without_x_has_no_way_back(self, notebook):
        with pytest.raises(MXNetError, match="not in a computational graph"):
            notebook["gradient"](lambda x: mxnp.array(3.0), 2.0)

    @pytest.mark.parametrize(
        ("function", "at_zero", "left", "right"),
        [
            (mxnp.abs, 0, -1, 1),
            (npx.relu, 0, 0, 1),
            (lambda x: mxnp.maximum(x, 0), 1, 0, 1),
            (lambda x: mxnp.sqrt(x * x), np.nan, -1, 1),
        ],
        ids=["abs", "relu", "maximum", "sqrt"],
    )
    def test_at_a_kink(self, notebook, function, at_zero, left, right):
        found = [float(notebook["gradient"](function, x)) for x in (-0.5, 0.0, 0.5)]
        np.testing.assert_allclose(found, [left, at_zero, right], rtol=1e-6)
        assert np.isnan(at_zero) or left <= at_zero <= right  # a subderivative

    def test_norm_at_zero_is_not_a_number(self, notebook):
        assert np.isnan(plain(notebook["gradient"](mxnp.linalg.norm, [0.0, 0.0]))).all()


class TestSinglePrecision:
    def error(self, method, h):
        x = mxnp.linspace(1, 2, 101)
        return float(abs(method(lambda x: x * x * x, x, h) / (3 * x * x) - 1).mean())

    def test_plain_numbers_become_float32(self):
        assert mxnp.array(5).dtype == np.float32

    @pytest.mark.parametrize(("h", "found"), [(1e-7, 2.3842), (1e-8, 0.0)])
    def test_small_steps_lose_their_digits(self, notebook, h, found):
        assert float(notebook["quotient"](notebook["square"], mxnp.array(1.0), h)) == pytest.approx(found, abs=5e-5)

    def test_both_errors_form_a_valley_and_the_central_one_is_deeper(self, notebook):
        steps = [10**exponent for exponent in np.arange(-7, 0.1, 0.5)]
        deepest = {}
        for name in ("quotient", "central"):
            errors = [self.error(notebook[name], h) for h in steps]
            deepest[name] = min(errors)
            assert 0 < np.argmin(errors) < len(errors) - 1
            assert min(errors[0], errors[-1]) > 100 * min(errors)
        assert deepest["central"] < deepest["quotient"] / 10


class TestVectors:
    @pytest.mark.parametrize("number", SEEDS)
    def test_gradient_of_the_bowl(self, notebook, number):
        x = np.random.RandomState(number).normal(size=2)
        found = plain(notebook["gradient"](notebook["bowl"], x.tolist()))
        np.testing.assert_allclose(found, [x[0], 4 * x[1]], rtol=1e-5)
        np.testing.assert_allclose(found, table_of_slopes(notebook["bowl"], x), rtol=1e-5)
        along = np.array([-found[1], found[0]])  # at right angles: there the height does not change
        assert slope(lambda t: notebook["bowl"](x + t * along), 0.0) == pytest.approx(0, abs=1e-6)

    def test_head_gradients_weight_the_rows(self):
        A = mxnp.array([[1, 2, 3], [4, 5, 6]])
        x = mxnp.ones(3)
        x.attach_grad()
        for head, weights in ((None, [1, 1]), ([1, 0], [1, 0]), ([0, 1], [0, 1]), ([1, -1], [1, -1])):
            with autograd.record():
                y = mxnp.dot(A, x)
            y.backward(None if head is None else mxnp.array(head))
            np.testing.assert_array_equal(x.grad.asnumpy(), np.array(weights) @ A.asnumpy())

    def test_backward_twice_needs_the_graph_to_be_kept(self):
        x = mxnp.array([1.0, 2.0])
        x.attach_grad()
        with autograd.record():
            y = (x * x).sum()
        y.backward(retain_graph=True)
        y.backward()
        with pytest.raises(MXNetError):
            y.backward()

    @pytest.mark.parametrize("x_shape", [(), (4, 1), (4, 5), (3,)], ids=str)
    @pytest.mark.parametrize("y_shape", [(), (2, 1), (2, 3), (2,)], ids=str)
    def test_derivative_is_finite_differences_in_numerator_layout(self, notebook, x_shape, y_shape):
        random = np.random.RandomState(0)
        x = random.normal(size=x_shape)
        weights = random.normal(size=(int(np.prod(y_shape)), x.size))
        mx_weights = mxnp.array(weights)
        found = notebook["derivative"](
            lambda x: mxnp.sin(mxnp.dot(mx_weights, x.reshape(-1))).reshape(y_shape), mxnp.array(x)
        )
        expected = table_of_slopes(lambda x: np.sin(weights @ np.reshape(x, -1)).reshape(y_shape), np.asarray(x))
        assert found.shape == y_shape + x_shape[::-1]
        np.testing.assert_allclose(plain(found), expected, atol=1e-5)

    def test_nine_shapes(self, notebook):
        m, l, n, k = 2, 3, 4, 5  # noqa: E741 (the letters of the table)
        table = {
            ((), ()): (),
            ((), (n, 1)): (1, n),
            ((), (n, k)): (k, n),
            ((m, 1), ()): (m, 1),
            ((m, 1), (n, 1)): (m, n),
            ((m, 1), (n, k)): (m, k, n),
            ((m, l), ()): (m, l),
            ((m, l), (n, 1)): (m, l, n),
            ((m, l), (n, k)): (m, l, k, n),
        }
        for (y_shape, x_shape), shape in table.items():
            found = notebook["derivative"](lambda x, s=y_shape: mxnp.ones(s) * x.sum(), mxnp.ones(x_shape))
            assert notebook["joined"](found.shape) == shape

    def test_mxnet_stores_the_gradient_in_the_shape_of_x(self, notebook):
        X = mxnp.ones((4, 5))
        assert notebook["gradient"](lambda x: x.sum(), X).shape == (4, 5)

    @pytest.mark.parametrize("number", SEEDS)
    def test_rules_for_vectors(self, notebook, number):
        random = np.random.RandomState(number)
        A, x = random.normal(size=(3, 3)), random.normal(size=3)
        u, v, du, dv = A @ x, x * x, A, 2 * np.diag(x)
        rules = [
            (lambda A, x: x.sum(), np.ones(3)),
            (lambda A, x: (x * x).sum(), 2 * x),
            (lambda A, x: ((A @ x) * (x * x)).sum(), u @ dv + v @ du),
            (lambda A, x: A @ x, A),
            (lambda A, x: x @ A, A.T),
            (lambda A, x: A @ (A @ x), A @ du),
            (lambda A, x: 3 * (A @ x), 3 * du),
            (lambda A, x: A @ x + x * x, du + dv),
            (lambda A, x: x.sum() * (x * x).sum(), np.ones(3) * (x @ x) + 2 * x * x.sum()),
        ]
        for f, rule in rules:
            np.testing.assert_allclose(table_of_slopes(lambda t, f=f: f(A, t), x), rule, atol=1e-8)
            mx_A = mxnp.array(A)
            found = notebook["derivative"](lambda t, f=f, mx_A=mx_A: f(mx_A, t), mxnp.array(x))
            np.testing.assert_allclose(plain(found), rule, rtol=1e-4, atol=1e-5)

    def test_chain_rule(self, notebook):
        B, C = mxnp.array([[1, 2, 3], [0, 1, 1]]), mxnp.array([[1, 0], [2, 1], [1, 1], [0, 3]])
        x = mxnp.array([1, 2, 3])
        whole = notebook["derivative"](lambda x: mxnp.dot(C, mxnp.dot(B, x) ** 2), x)
        left = notebook["derivative"](lambda u: mxnp.dot(C, u**2), mxnp.dot(B, x))
        right = notebook["derivative"](lambda x: mxnp.dot(B, x), x)
        assert (whole.shape, left.shape, right.shape) == ((4, 3), (4, 2), (2, 3))
        np.testing.assert_array_equal(whole.asnumpy(), left.asnumpy() @ right.asnumpy())
        expected = table_of_slopes(lambda x: plain(C) @ (plain(B) @ x) ** 2, plain(x))
        np.testing.assert_allclose(plain(whole), expected, rtol=1e-6)


class TestGraph:
    def leaves(self, number=None):
        if number is None:
            arrays = mxnp.array([1, 2]), mxnp.array([3, 1]), mxnp.array(2)
        else:
            random = np.random.RandomState(number)
            arrays = tuple(mxnp.array(random.normal(size=size)) for size in (4, 4, ()))
        for array in arrays:
            array.attach_grad()
        return arrays

    def test_the_numbers_in_the_drawing(self):
        x, w, y = self.leaves()
        with autograd.record():
            a = mxnp.dot(x, w)
            b = a - y
            z = b**2
        z.backward()
        assert (float(a), float(b), float(z)) == (5, 3, 9)
        assert (x.grad.tolist(), w.grad.tolist(), float(y.grad)) == ([18, 6], [6, 12], -6)

    @pytest.mark.parametrize("number", SEEDS)
    def test_way_back_by_hand_autograd_and_finite_differences_agree(self, number):
        x, w, y = self.leaves(number)
        with autograd.record():
            z = (mxnp.dot(x, w) - y) ** 2
        z.backward()
        X, W, Y = plain(x), plain(w), plain(y)
        b = X @ W - Y
        for leaf, by_hand, f in (
            (x, 2 * b * W, lambda x: (x @ W - Y) ** 2),
            (w, 2 * b * X, lambda w: (X @ w - Y) ** 2),
            (y, -2 * b, lambda y: (X @ W - y) ** 2),
        ):
            np.testing.assert_allclose(by_hand, table_of_slopes(f, plain(leaf)), rtol=1e-6)
            np.testing.assert_allclose(plain(leaf.grad), by_hand, rtol=1e-4)

    def test_declared_and_traced_graph_are_the_same(self, notebook):
        x, w, y = self.leaves(0)
        names = [sym.var(s, dtype="float32").as_np_ndarray() for s in "xwy"]
        declared = (sym.np.dot(names[0], names[1]) - names[2]) ** 2
        with autograd.record():
            z = (mxnp.dot(x, w) - y) ** 2
        operators = notebook["operators"]
        assert operators(declared) == operators(autograd.get_symbol(z)) == ["dot", "subtract", "power_scalar"]
        assert declared.list_arguments() == ["x", "w", "y"]
        assert float(gluon.SymbolBlock(declared, names)(x, w, y)) == pytest.approx(float(z))

    @pytest.mark.parametrize(("number", "turns"), [(2.0, 3), (100.0, 6), (10000.0, 9)])
    def test_heron_s_loop_is_differentiated(self, notebook, number, turns):
        found = float(notebook["gradient"](notebook["root"], number))
        assert found == pytest.approx(0.5 / number**0.5, rel=1e-2)
        assert f"{found:.4f}" == f"{0.5 / number**0.5:.4f}"
        assert len(notebook["recorded"](notebook["root"], number)) == 3 * turns


class TestSwitches:
    def test_write_and_add(self):
        x = mxnp.array([3, 5])
        found = {}
        for grad_req in ("write", "add"):
            x.attach_grad(grad_req)
            for _ in range(3):
                with autograd.record():
                    y = (x * x).sum()
                y.backward()
            found[grad_req] = x.grad.tolist()
        assert found == {"write": [6, 10], "add": [18, 30]}

    def test_gradients_of_the_parts_of_a_batch_add_up(self):
        random = np.random.RandomState(0)
        X, w = mxnp.array(random.normal(size=(6, 3))), mxnp.array(random.normal(size=3))
        whole = []
        for parts in ([X], [X[:2], X[2:]]):
            w.attach_grad("add")
            for part in parts:
                with autograd.record():
                    loss = (mxnp.dot(part, w) ** 2).sum()
                loss.backward()
            whole.append(w.grad.asnumpy().copy())
        np.testing.assert_allclose(whole[1], whole[0], rtol=1e-5)

    def test_detach_and_pause_make_constants(self):
        x = mxnp.array(3.0)
        x.attach_grad()
        with autograd.record():
            y = x * x
            with autograd.pause():
                unseen = x * x
                assert (autograd.is_recording(), autograd.is_training()) == (False, False)
            z = [y * x, y.detach() * x, unseen * x]
        found = []
        for result in z:
            result.backward(retain_graph=True)
            found.append((float(result), float(x.grad)))
        assert found == [(27, 27), (27, 9), (27, 9)]
        with pytest.raises(MXNetError):
            (y * x).detach().backward()

    @pytest.mark.parametrize("number", SEEDS)
    def test_dropout_only_in_training(self, number):
        seed(number)
        layer, x = gluon.nn.Dropout(0.5), mxnp.ones(10000)

        def state():
            y = layer(x).asnumpy()
            assert y.mean() == pytest.approx(1, abs=0.05)  # the survivors are doubled
            return autograd.is_recording(), autograd.is_training(), round(float((y == 0).mean()), 1)

        found = [state()]
        for mode in (autograd.record(), autograd.record(train_mode=False), autograd.train_mode()):
            with mode:
                found.append(state())
        assert found == [(False, False, 0), (True, True, 0.5), (True, False, 0), (False, True, 0.5)]


# The exercises: what students get wrong, and what they are told.


def said(name, answer, capsys):
    check(name, answer)
    return capsys.readouterr().out


def test_exercise_1_is_what_autograd_says():
    x = mxnp.array(3.0)
    x.attach_grad(grad_req="add")
    for _ in range(3):
        with autograd.record():
            y = x * x
            z = y.detach() * x + y
        z.backward()
    assert float(x.grad) == 45
    assert exercises.exercise_1(x.grad)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (45, "✓"),
        (mxnp.array([45.0]), "✓"),
        (15, "gradient of one pass"),
        (99, "in the first term y counts as a constant"),
        (33, "detach is overlooked, and so is grad_req"),
        (27, "the second one has a slope"),
        (9, "and the passes add up"),
        (18, "the first term has a slope too"),
        (6, "the first term has a slope too"),
        (36, "the value of z"),
        (7, "x.grad is 7 where 45"),
        ("45", "should be one number"),
        (True, "should be one number"),
    ],
)
def test_exercise_1_tells_mistakes_apart(answer, words, capsys):
    assert words in said("03.1", answer, capsys)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.005, "✓"),
        (0.001, "✓"),
        (0.017, "✓"),
        (mxnp.array(0.01), "✓"),
        (0.1, "too large"),
        (0.02, "too large"),
        (3, "too large"),
        (1e30, "too large"),
        (3e-4, "too small"),
        (1e-5, "too small"),
        (1e-7, "too small"),
        (1e-8, "no step at all"),
        (0, "must be positive"),
        (-0.005, "must be positive"),
        (float("nan"), "must be positive"),
        (float("inf"), "must be positive"),
        ("small", "one number"),
        (True, "one number"),
        ([0.1, 0.01], "one number"),
    ],
)
def test_exercise_2_tells_mistakes_apart(answer, words, capsys):
    with np.errstate(all="raise"):  # no warning on the student's screen
        assert words in said("03.2", answer, capsys)


def test_exercise_2_says_the_truth_about_the_start_and_the_one_sided_quotient():
    assert exercises._error_of_central_quotient(0.1) == pytest.approx(0.0033, rel=0.02)
    x = np.linspace(1, 2, 101).astype("float32")
    for h in 10 ** np.arange(-8, 1, 0.05):
        step = np.float32(h)
        slopes = ((x + step) * (x + step) * (x + step) - x * x * x) / step
        assert abs(slopes / (3 * x * x) - 1).max() > exercises.ALLOWED


def by_quotient(quotient, moves=lambda n, h: h * mxnp.eye(n)):
    """Return a `numeric_gradient` that takes the given quotient of f, x, move and h for each move."""

    def numeric_gradient(f, x, h):
        return mxnp.stack([quotient(f, x, move, h) for move in moves(len(x), h)])

    return numeric_gradient


def in_place(f, x, h):
    slopes = mxnp.zeros(x.shape)
    for j in range(len(x)):
        x[j] += h
        right = f(x)
        x[j] -= 2 * h
        slopes[j] = (right - f(x)) / (2 * h)
    return slopes


def put_back(f, x, h):
    slopes = mxnp.zeros(x.shape)
    for j in range(len(x)):
        x[j] += h
        right = f(x)
        x[j] -= 2 * h
        slopes[j] = (right - f(x)) / (2 * h)
        x[j] += h
    return slopes


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / (2 * h)), "✓"),
        (put_back, "✓"),
        (in_place, "changes x itself"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / h), "the 2 is missing"),
        (by_quotient(lambda f, x, d, h: f(x + d) - f(x - d)), "division by 2h is missing"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / 2), "division by h is missing"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / 2 * h), "needs brackets"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x)) / h), "to the right only"),
        (by_quotient(lambda f, x, d, h: (f(x) - f(x - d)) / h), "to the left only"),
        (by_quotient(lambda f, x, d, h: f(x + d) - f(x)), "not yet divided by h"),
        (by_quotient(lambda f, x, d, h: (f(x - d) - f(x + d)) / (2 * h)), "the sign is wrong"),
        (
            by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / (2 * h), lambda n, h: h * mxnp.ones((n, n))),
            "all entries move at once",
        ),
        (lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h), "returns one number"),
        (lambda f, x, h: mxnp.zeros(2), "has shape (2,)"),
        (lambda f, x, h: x * 7, "the gradient is 7"),
        (lambda f, x, h: None, "not done yet"),
        (3, "a function is asked for"),
    ],
)
def test_exercise_3_tells_mistakes_apart(answer, words, capsys):
    assert words in said("03.3", answer, capsys)


def ways_back(
    a_gradient=lambda a, b: a + b, y_gradient=lambda a, b: -a, leaf=lambda dz_da, x, w: (dz_da * w, dz_da * x)
):
    """Return a `backward` with the right steps, or with wrong ones in their place."""

    def backward(x, w, y):
        a = mxnp.dot(x, w)
        b = a - y
        return (*leaf(a_gradient(a, b), x, w), y_gradient(a, b))

    return backward


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ways_back(), "✓"),
        (ways_back(a_gradient=lambda a, b: b), "the straight way from a to z only"),
        (ways_back(a_gradient=lambda a, b: a), "the way through b only"),
        (ways_back(a_gradient=lambda a, b: a * b), "the two ways are multiplied"),
        (ways_back(a_gradient=lambda a, b: b - a), "one way is taken from the other"),
        (ways_back(a_gradient=lambda a, b: 1), "the derivative of a, not of z"),
        (ways_back(a_gradient=lambda a, b: 2 * b), "that of b squared"),
        (ways_back(leaf=lambda g, x, w: (g * x, g * w)), "the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * w, g * w)), "dz_dw has the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * mxnp.ones_like(x), g * x)), "lacks the last step"),
        (ways_back(leaf=lambda g, x, w: (g, g)), "dz_dx is one number"),
        (ways_back(y_gradient=lambda a, b: a), "the sign of dz_dy is wrong"),
        (ways_back(y_gradient=lambda a, b: -(a + b)), "through b only"),
        (ways_back(y_gradient=lambda a, b: -b), "by b is a, not b"),
        (ways_back(y_gradient=lambda a, b: -1), "derivative of b, not of z"),
        (ways_back(y_gradient=lambda a, b: 7), "dz_dy is 7"),
        (ways_back(leaf=lambda g, x, w: (7 * x, 7 * x)), "dz_dx is 7"),
        (lambda x, w, y: x, "return three things"),
        (lambda x, w, y: None, "not done yet"),
        (3, "a function is asked for"),
    ],
)
def test_exercise_4_tells_mistakes_apart(answer, words, capsys):
    assert words in said("03.4", answer, capsys)


def test_exercise_4_is_what_autograd_says():
    x, w, y = mxnp.array([0.5, -1, 2]), mxnp.array([1, 3, 0.25]), mxnp.array(1.5)
    for leaf in (x, w, y):
        leaf.attach_grad()
    with autograd.record():
        a = mxnp.dot(x, w)
        z = a * (a - y)
    z.backward()
    for found, expected in zip((x, w, y), ways_back()(x, w, y), strict=True):
        np.testing.assert_allclose(found.grad.asnumpy(), expected.asnumpy(), rtol=1e-5)


def test_error_in_the_student_s_code_comes_through_with_a_note():
    with pytest.raises(ZeroDivisionError) as caught:
        check("03.3", lambda f, x, h: 1 / 0)
    assert "numeric_gradient(f, x, 0.25)" in caught.value.__notes__[0]


def test_wrong_answers_are_raised_as_such():
    with pytest.raises(WrongAnswer):
        exercises.exercise_1(15)
