"""Notebook 03: its derivatives, compared with finite differences, and what its exercises say about wrong answers."""

import contextlib
import io
import math
import re

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, np, npx
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


# ---- Slopes ----


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


def test_central_quotient_is_ten_to_a_hundred_times_better():
    """Both errors have their minimum between steps that are too small and steps that are too large."""
    found = lesson("03-autograd").names("def square", "def central", "steps = [", "lowest =")
    steps, errors, lowest = found["steps"], found["errors"], found["lowest"]
    assert steps[errors["central"].index(lowest["central"])] == pytest.approx(0.0032, rel=0.02)
    nearby = sorted(errors["central"])[:4]  # the lowest point of a noisy curve is luck
    assert all(10 < lowest["one-sided"] / error < 100 for error in nearby)
    for values in errors.values():
        assert min(values[0], values[-1]) > 100 * min(values)


@pytest.mark.parametrize("f", [lambda x: np.array(3.0), lambda x: (x * x).detach()], ids=["constant", "detached"])
def test_there_is_no_way_back_without_a_graph(names, f):
    with pytest.raises(MXNetError, match="not in a computational graph"):
        names["gradient"](f, 2.0)


def test_gradient_of_the_norm_at_zero_is_not_a_number(names):
    assert onp.isnan(plain(names["gradient"](np.linalg.norm, [0.0, 0.0]))).all()


@pytest.mark.parametrize(("f", "slope"), [(npx.relu, 0), (lambda x: np.maximum(x, 0), 2)], ids=["relu", "maximum"])
def test_slopes_at_kinks_can_combine_to_a_wrong_one(names, f, slope):
    assert float(names["gradient"](lambda x: f(x) - f(-x), 0.0)) == slope
    assert float(names["gradient"](lambda x: f(x) - f(-x), 0.1)) == 1


def test_a_gradient_is_zero_before_the_first_backward():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    assert x.grad.tolist() == [0, 0]
    y = (x * x).sum()
    with pytest.raises(MXNetError, match="Cannot differentiate node because it is not in a computational graph"):
        y.backward()


@pytest.mark.parametrize("f", [np.round, np.floor])
def test_a_step_that_jumps_has_no_slope_to_follow(names, f):
    assert float(names["gradient"](lambda x: f(x) * 3.0, 0.7)) == 0


# ---- Shapes ----


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
    cells = ('values = {"x"', 'gradients = {"z"', 'print("autograd: x"')
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


def test_dual_numbers_agree_with_autograd():
    Dual = lesson("03-autograd").names("class Dual")["Dual"]

    def program(u, v):
        return u * v + u * u * v + v

    for pair in onp.random.RandomState(0).normal(size=(5, 2)):
        leaves = [np.array(number) for number in pair]
        for leaf in leaves:
            leaf.attach_grad()
        with autograd.record():
            z = program(*leaves)
        z.backward()
        for index, leaf in enumerate(leaves):
            found = program(*(Dual(number, int(i == index)) for i, number in enumerate(pair)))
            assert found.value == pytest.approx(float(z), rel=1e-4, abs=1e-5)
            assert found.slope == pytest.approx(float(leaf.grad), rel=1e-4, abs=1e-5)


def test_a_gradient_takes_a_few_runs_of_the_function():
    runs = re.search(r"or about (\d+) runs", lesson("03-autograd").printed_by("alone, both ="))[1]
    assert 2 <= int(runs) <= 5


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (np.exp, math.exp(2)),
        (np.sin, -math.sin(2)),
        (np.tanh, -2 * math.tanh(2) / math.cosh(2) ** 2),
        (lambda x: x * x, None),
        (lambda x: x**3, None),
        (lambda x: np.square(x).sum(), None),
    ],
    ids=["exp", "sin", "tanh", "product", "power", "sum"],
)
def test_some_elementwise_functions_have_a_second_derivative_but_not_all(f, slope):
    x = np.array(2.0)
    x.attach_grad()
    with autograd.record():
        (first,) = autograd.grad(f(x), [x], create_graph=True)
    if slope is None:
        with pytest.raises(NotImplementedError):
            first.backward()
    else:
        first.backward()
        assert float(x.grad) == pytest.approx(slope)


# ---- Follow the gradient ----


@pytest.fixture(scope="module")
def fitted():
    cells = ("cars = load_cars()", "weights = np.zeros(2)", "used, not_used =")
    return lesson("03-autograd").names(*cells)


def test_the_line_becomes_the_one_of_least_squares(fitted):
    best = onp.polyfit(plain(fitted["x"]), plain(fitted["y"]), 1)
    assert fitted["history"][0] == [0, 0]
    assert len(fitted["history"]) == 301
    assert fitted["history"][-1] == pytest.approx(best, rel=0.01)


def test_each_step_helps_the_cars_that_are_used_but_not_the_others(fitted):
    used, others = onp.array(fitted["used"]), onp.array(fitted["not_used"])
    assert (onp.diff(used[:101]) < 0).all()
    assert used[100] - used[-1] < 0.01  # it hardly changes after that
    best = int(others.argmin())
    assert best == pytest.approx(40, abs=2)
    assert others[best] < used[best]
    turns = onp.flatnonzero(onp.diff(onp.sign(onp.diff(others[:290]))))
    assert len(turns) == 3  # it falls, rises, falls, and rises again
    assert 10 < best < 100
    assert others[-1] > 2 * others[best]
    w, b = fitted["history"][-1]
    assert w * fitted["cars"]["above"].max() + b < 0  # a mileage below zero


def test_heavy_cars_scatter_less_around_a_line(fitted):
    """The line of step 40 is nearly the best one for them."""
    tables = (fitted["light"], fitted["heavy"])
    groups = [[plain(column) for column in fitted["columns"](table)] for table in tables]
    errors = [onp.std(y - onp.polyval(onp.polyfit(x, y, 1), x)) for x, y in groups]
    assert errors[1] < 0.7 * errors[0]
    assert fitted["not_used"][40] < 1.1 * errors[1]


def test_loss_is_28_times_as_curved_in_one_direction_as_in_the_other(fitted):
    x = plain(fitted["x"])
    curvatures = onp.linalg.eigvalsh(onp.array([[(x * x).mean(), x.mean()], [x.mean(), 1]]))
    assert curvatures[1] / curvatures[0] == pytest.approx(28, abs=0.5)


@pytest.mark.parametrize("seed", range(5))
def test_error_falls_on_light_cars_that_are_not_used(fitted, seed):
    x, y = plain(fitted["x"]), plain(fitted["y"])
    order = onp.random.RandomState(seed).permutation(len(x))
    kept_out, used = order[:46], order[46:]
    w = b = 0.0
    for _ in range(300):
        error = w * x[used] + b - y[used]
        w, b = w - 0.8 * (error * x[used]).mean(), b - 0.8 * error.mean()
    before, after = onp.sqrt((y[kept_out] ** 2).mean()), onp.sqrt(((w * x + b - y)[kept_out] ** 2).mean())
    assert after < 0.25 * before


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


def test_sample_solution_of_the_mini_project_reaches_its_goals(fitted):
    """Its class agrees with MXNet to the last digit, and fits the line that the notebook has found."""
    cells = nbformat.read(NOTEBOOKS / "03-autograd.ipynb", as_version=4).cells
    (text,) = [cell.source for cell in cells if "class Value:" in cell.source and cell.cell_type == "markdown"]
    names = {"np": np, "autograd": autograd} | {name: fitted[name] for name in ("x", "y", "history")}
    with contextlib.redirect_stdout(io.StringIO()) as output:
        for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            exec(code, names)
    *digits, line = output.getvalue().splitlines()
    assert len(digits) == 5
    assert all(row.endswith("True") for row in digits)
    own, expected = line.split(" [")
    assert [float(number) for number in own.split()] == pytest.approx(
        [float(number) for number in expected.strip("]").split(", ")], rel=1e-3
    )


def value_class(backward, product=lambda cls, a, b: cls(a.data * b.data, [(a, b.data), (b, a.data)])):
    """Return a class like the sample solution's with another way back, or another product."""

    class Value:
        def __init__(self, data, steps=()):
            self.data, self.grad, self.steps = data, 0.0, steps

        def __add__(self, other):
            return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

        def __mul__(self, other):
            return product(Value, self, other)

    Value.backward = backward
    return Value


def in_order(self, forward=False, overwrite=False):
    """Go back through all values, each after those computed from it unless `forward`."""
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            if forward:
                order.append(value)
            for source, _ in value.steps:
                visit(source)
            if not forward:
                order.insert(0, value)

    visit(self)
    self.grad = 1.0
    for value in order:
        for source, slope in value.steps:
            source.grad = value.grad * slope + (0 if overwrite else source.grad)


def recursively(self, top=True):
    if top:
        self.grad = 1.0
    for source, slope in self.steps:
        source.grad += self.grad * slope
        source.backward(top=False)


def by_queue(self):
    self.grad, queue = 1.0, [self]
    while queue:
        value = queue.pop(0)
        for source, slope in value.steps:
            source.grad += value.grad * slope
            queue.append(source)


def test_any_order_that_respects_the_graph_is_right(capsys):
    assert said("03.5", value_class(in_order), capsys).startswith("✓")


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
        (by_quotient(lambda f, x, d, h: (f(x + d) - f(x - d)) / 2 * h), "needs parentheses"),
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
        (ways_back(a_gradient=lambda a, b: b), "only the direct path from a to z"),
        (ways_back(a_gradient=lambda a, b: a), "only the path through b"),
        (ways_back(a_gradient=lambda a, b: a * b), "the two paths are multiplied"),
        (ways_back(a_gradient=lambda a, b: b - a), "one path is subtracted from the other"),
        (ways_back(a_gradient=lambda a, b: 1), "the derivative of a, not of z"),
        (ways_back(a_gradient=lambda a, b: 2 * b), "that of b squared"),
        (ways_back(leaf=lambda g, x, w: (g * x, g * w)), "dz_dx has the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * w, g * w)), "dz_dw has the wrong factor"),
        (ways_back(leaf=lambda g, x, w: (g * np.ones_like(x), g * x)), "lacks the last step"),
        (ways_back(leaf=lambda g, x, w: (g, g)), "dz_dx is one number"),
        (ways_back(leaf=lambda g, x, w: (7 * x, 7 * x)), "dz_dx is 7"),
        (ways_back(y_gradient=lambda a, b: a), "the sign of dz_dy is wrong"),
        (ways_back(y_gradient=lambda a, b: -(a + b)), "y reaches z through b only"),
        (ways_back(y_gradient=lambda a, b: -b), "with respect to b is a, not b"),
        (ways_back(y_gradient=lambda a, b: -1), "derivative of b, not of z"),
        (ways_back(y_gradient=lambda a, b: 7), "dz_dy is 7"),
        (lambda x, w, y: x, "return three things"),
    ],
    "03.5": [
        (value_class(in_order, lambda cls, a, b: cls(a.data * b.data, [(a, a.data), (b, b.data)])), "its own value"),
        (value_class(in_order, lambda cls, a, b: cls(a.data * b.data, [(a, 1.0), (b, 1.0)])), "slopes of a + b"),
        (value_class(in_order, lambda cls, a, b: a.data * b.data), "should be a Value"),
        (value_class(lambda self: None), "leaves every gradient at 0"),
        (value_class(lambda self: in_order(self, overwrite=True)), "use +="),
        (value_class(lambda self: in_order(self, forward=True)), "before all of it has arrived"),
        (value_class(recursively), "what it has passed on before"),
        (value_class(by_queue), "visited several times"),
        (float, "a method backward"),
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
