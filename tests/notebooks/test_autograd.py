"""Notebook 03: its derivatives, compared with finite differences, and what its exercises say about wrong answers."""

import numpy as onp
import pytest
from lessons import lesson
from mxnet import autograd, np
from mxnet.base import MXNetError
from mxnet.gluon import nn
from support import said

from d2lhelpers.exercises import nb03_autograd as exercises


@pytest.fixture(scope="module")
def names():
    return lesson("03-autograd").names()


def finite_differences(f, x, step=1e-5):
    """Return the derivatives of y = f(x) in double precision: the axes of y, then those of x in reverse."""
    slopes = onp.zeros(onp.shape(f(x)) + x.shape)
    for index in onp.ndindex(x.shape):
        move = onp.zeros(x.shape)
        move[index] = step
        slopes[(..., *index)] = (f(x + move) - f(x - move)) / (2 * step)
    axes_of_y = slopes.ndim - x.ndim
    return slopes.transpose(*range(axes_of_y), *reversed(range(axes_of_y, slopes.ndim)))


def plain(array):
    return array.asnumpy().astype(float)


# ---- One number in, one out ----


@pytest.mark.parametrize(
    "f",
    [lambda np, x: np.sin(x) * x**2, lambda np, x: np.sin(x**2), lambda np, x: np.exp(x) + np.log(x)],
    ids=["product", "chain", "sum"],
)
@pytest.mark.parametrize("x", [0.3, 2.0])
def test_gradient_agrees_with_finite_differences(names, f, x):
    expected = finite_differences(lambda x: f(onp, x), onp.array(x))
    assert float(names["gradient"](lambda x: f(np, x), x)) == pytest.approx(float(expected), rel=1e-5)


def test_slope_of_the_secant_of_a_parabola_is_two_plus_h(names):
    assert names["quotient"](names["square"], 1.0, 0.1) == pytest.approx(2.1)


def test_central_quotient_is_ten_times_better_at_its_best_step(names):
    """Both errors have their minimum between steps that are too small and steps that are too large."""
    x = np.linspace(1, 2, 101)
    lowest = {}
    for name in ("quotient", "central"):
        slopes = [names[name](lambda x: x * x * x, x, 10**exponent) for exponent in onp.arange(-7, 0.1, 0.5)]
        errors = [float(abs(slope / (3 * x * x) - 1).mean()) for slope in slopes]
        lowest[name] = min(errors)
        assert min(errors[0], errors[-1]) > 100 * lowest[name]
    assert lowest["central"] < lowest["quotient"] / 10


@pytest.mark.parametrize("f", [lambda x: np.array(3.0), lambda x: (x * x).detach()], ids=["constant", "detached"])
def test_there_is_no_way_back_without_a_graph(names, f):
    with pytest.raises(MXNetError, match="not in a computational graph"):
        names["gradient"](f, 2.0)


def test_gradient_of_the_norm_at_zero_is_not_a_number(names):
    assert onp.isnan(plain(names["gradient"](np.linalg.norm, [0.0, 0.0]))).all()


# ---- Vectors in, vectors out ----


def test_mxnet_stores_a_gradient_in_the_shape_of_its_array(names):
    assert names["gradient"](lambda x: x.sum(), np.ones((4, 5))).shape == (4, 5)


@pytest.mark.parametrize(
    ("y_shape", "x_shape", "in_the_table"),
    [
        ((), (), ()),
        ((), (4, 1), (1, 4)),
        ((), (4, 5), (5, 4)),
        ((2, 1), (), (2, 1)),
        ((2, 1), (4, 1), (2, 4)),
        ((2, 1), (4, 5), (2, 5, 4)),
        ((2, 3), (), (2, 3)),
        ((2, 3), (4, 1), (2, 3, 4)),
        ((2, 3), (4, 5), (2, 3, 5, 4)),
    ],
)
def test_derivative_is_finite_differences_in_numerator_layout(names, y_shape, x_shape, in_the_table):
    random = onp.random.RandomState(0)
    x, W = onp.array(random.normal(size=x_shape)), random.normal(size=(*y_shape, int(onp.prod(x_shape))))
    found = names["derivative"](lambda x: np.sin(np.dot(np.array(W), x.reshape(-1))), np.array(x))
    expected = finite_differences(lambda x: onp.sin(W @ x.reshape(-1)), x)
    assert names["joined"](found.shape) == in_the_table
    assert found.shape == expected.shape
    onp.testing.assert_allclose(plain(found), expected, atol=1e-5)


def test_second_backward_needs_the_graph_to_be_retained():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(MXNetError):
        y.backward()


# ---- How autograd works ----


def test_gradients_by_hand_and_by_autograd_agree_with_finite_differences():
    cells = ("NODES = {", 'values = {"x"', 'gradients = {"z"', 'gradients["y"]', 'print("autograd: x"')
    found = lesson("03-autograd").names(*cells)
    leaves = {leaf: plain(found[leaf]) for leaf in "xwy"}

    def z(x, w, y):
        return (x @ w - y) ** 2

    for leaf, value in leaves.items():
        expected = finite_differences(lambda moved, leaf=leaf: z(**leaves | {leaf: moved}), value)
        onp.testing.assert_allclose(plain(found["gradients"][leaf]), expected, rtol=1e-6)
        onp.testing.assert_allclose(plain(found[leaf].grad), expected, rtol=1e-6)


@pytest.mark.parametrize(("number", "turns"), [(2.0, 3), (100.0, 6), (10000.0, 9)])
def test_loop_for_the_square_root_is_differentiated_turn_by_turn(names, number, turns):
    assert float(names["gradient"](names["root"], number)) == pytest.approx(0.5 / number**0.5, rel=1e-2)
    assert len(names["recorded"](names["root"], number)) == 3 * turns


def test_gradients_of_the_parts_of_a_batch_add_up_to_that_of_the_whole():
    X, w = np.array([[1, 2], [3, 4], [5, 6]]), np.array([1, -1])
    found = []
    for parts in ([X], [X[:2], X[2:]]):
        w.attach_grad("add")
        for part in parts:
            with autograd.record():
                loss = (np.dot(part, w) ** 2).sum()
            loss.backward()
        found.append(w.grad.tolist())
    assert found[0] == found[1]


def test_dropout_doubles_what_it_keeps_half_of():
    with autograd.record():
        y = nn.Dropout(0.5)(np.ones(1000))
    assert {*y.tolist()} == {0, 2}


# ---- Exercises ----


def test_right_gradient_of_exercise_1_is_that_of_autograd(capsys):
    x = np.array(3.0)
    x.attach_grad(grad_req="add")
    for _ in range(3):
        with autograd.record():
            y = x * x
            z = y.detach() * x + y
        z.backward()
    assert said("03.1", x.grad, capsys).startswith("✓")


@pytest.mark.parametrize("h", [0.001, 0.017])
def test_both_ends_of_the_range_of_steps_are_right(h, capsys):
    assert said("03.2", h, capsys).startswith("✓")


def test_start_of_exercise_2_is_as_wrong_as_it_says():
    assert exercises._error_of_central_quotient(0.1) == pytest.approx(0.0033, rel=0.02)


def test_no_step_brings_the_one_sided_quotient_below_the_allowed_error():
    x = onp.linspace(1, 2, exercises.NUM_POINTS).astype("float32")
    for h in (10 ** onp.arange(-8, 1, 0.05)).astype("float32"):
        slopes = ((x + h) * (x + h) * (x + h) - x * x * x) / h
        assert abs(slopes / (3 * x * x) - 1).max() > exercises.ALLOWED


def test_moving_x_in_place_is_right_if_it_is_put_back(capsys):
    assert said("03.3", gradient_in_place(puts_back=True), capsys).startswith("✓")


def test_right_gradients_of_exercise_4_are_those_of_autograd(capsys):
    def backward(x, w, y):
        leaves = x, w, np.array(y)
        for leaf in leaves:
            leaf.attach_grad()
        with autograd.record():
            a = np.dot(x, w)
            z = a * (a - leaves[2])
        z.backward()
        return [leaf.grad for leaf in leaves]

    assert said("03.4", backward, capsys).startswith("✓")


def by_quotient(quotient, moves=lambda n, h: h * np.eye(n)):
    """Return a `numeric_gradient` that takes the given quotient of f, x, move and h for each move."""

    def numeric_gradient(f, x, h):
        return np.stack([quotient(f, x, move, h) for move in moves(len(x), h)])

    return numeric_gradient


def gradient_in_place(puts_back):
    def numeric_gradient(f, x, h):
        slopes = np.zeros(x.shape)
        for j in range(len(x)):
            x[j] += h
            right = f(x)
            x[j] -= 2 * h
            slopes[j] = (right - f(x)) / (2 * h)
            x[j] += h if puts_back else 0
        return slopes

    return numeric_gradient


def ways_back(
    a_gradient=lambda a, b: a + b, y_gradient=lambda a, b: -a, leaf=lambda dz_da, x, w: (dz_da * w, dz_da * x)
):
    """Return a `backward` with the right steps, or with wrong ones instead of them."""

    def backward(x, w, y):
        a = np.dot(x, w)
        b = a - y
        return (*leaf(a_gradient(a, b), x, w), y_gradient(a, b))

    return backward


WRONG_ANSWERS = {
    "03.1": [
        (15, "gradient of one pass"),
        (99, "in the first term y counts as a constant"),
        (33, "detach is overlooked, and so is grad_req"),
        (27, "the second one has a slope"),
        (9, "and the passes add up"),
        (18, "the first term has a slope too: a constant times x"),
        (6, "the first term has a slope too, a constant times x; and the passes add up"),
        (36, "the value of z"),
        (7, "x.grad is 7, but should be 45"),
        (True, "should be one number"),
    ],
    "03.2": [
        (0.02, "too large"),
        (1e30, "too large"),
        (3e-4, "too small"),
        (1e-8, "no step at all"),
        (0, "must be positive"),
        (float("inf"), "must be positive"),
        (True, "a step is one number"),
        ([0.1, 0.01], "the step should be one number"),
    ],
    "03.3": [
        (gradient_in_place(puts_back=False), "changes x itself"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / h), "the 2 is missing"),
        (by_quotient(lambda f, x, d, h: f(x + d) - f(x - d)), "division by 2h is missing"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / 2), "division by h is missing"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / 2 * h), "needs brackets"),
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x)) / h), "to the right only"),
        (by_quotient(lambda f, x, d, h: (f(x) - f(x - d)) / h), "to the left only"),
        (by_quotient(lambda f, x, d, h: f(x + d) - f(x)), "not yet divided by h"),
        (by_quotient(lambda f, x, d, h: (f(x - d) - f(x + d)) / (2 * h)), "the sign is wrong"),
        (
            by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / (2 * h), lambda n, h: h * np.ones((n, n))),
            "all entries move at once",
        ),
        (lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h), "returns one number"),
        (lambda f, x, h: x * 7, "the gradient is 7"),
    ],
    "03.4": [
        (ways_back(a_gradient=lambda a, b: b), "the straight way from a to z only"),
        (ways_back(a_gradient=lambda a, b: a), "the way through b only"),
        (ways_back(a_gradient=lambda a, b: a * b), "the two ways are multiplied"),
        (ways_back(a_gradient=lambda a, b: b - a), "one way is taken from the other"),
        (ways_back(a_gradient=lambda a, b: 1), "the derivative of a, not of z"),
        (ways_back(a_gradient=lambda a, b: 2 * b), "that of b squared"),
        (ways_back(leaf=lambda g, x, w: (g * x, g * w)), "dz_dx has the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * w, g * w)), "dz_dw has the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * np.ones_like(x), g * x)), "lacks the last step"),
        (ways_back(leaf=lambda g, x, w: (g, g)), "dz_dx is one number"),
        (ways_back(leaf=lambda g, x, w: (7 * x, 7 * x)), "dz_dx is 7"),
        (ways_back(y_gradient=lambda a, b: a), "the sign of dz_dy is wrong"),
        (ways_back(y_gradient=lambda a, b: -(a + b)), "y reaches z through b only"),
        (ways_back(y_gradient=lambda a, b: -b), "by b is a, not b"),
        (ways_back(y_gradient=lambda a, b: -1), "derivative of b, not of z"),
        (ways_back(y_gradient=lambda a, b: 7), "dz_dy is 7"),
        (lambda x, w, y: x, "return three things"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    with onp.errstate(all="raise"):  # an extreme answer causes no warning on the student's screen
        out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
