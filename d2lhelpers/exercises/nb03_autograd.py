"""Checks of the exercises in notebook 03, autograd."""

from typing import Any

# Answers are computed in the original NumPy, and by calculus: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import (
    NotDone,
    WrongAnswer,
    as_array,
    as_number,
    call,
    compare,
    is_stub,
    name_mistake,
    to_mxnet,
)

# What exercise 2 states in the notebook.
NUM_POINTS, ALLOWED = 101, 1e-4

RTOL, ATOL = 2e-3, 1e-3  # differences of numbers in single precision lose some of their digits


def exercise_1(answer: object) -> str:
    """Check the gradient of z = (y detached) x + y with y = x², at x = 3, added up three times."""
    got = as_number(answer)
    x, passes = 3.0, 3
    y = x * x
    right = passes * (y + 2 * x)
    mistakes = {
        'this is the gradient of one pass. What does grad_req="add" do with the others?': y + 2 * x,
        "detach is overlooked: in the first term y counts as a constant.": passes * (3 * x**2 + 2 * x),
        "detach is overlooked, and so is grad_req.": 3 * x**2 + 2 * x,
        "only the y of the first term is detached: the second one has a slope.": passes * y,
        "only the y of the first term is detached, and the passes add up.": y,
        "the first term has a slope too: a constant times x.": passes * 2 * x,
        "the first term has a slope too, a constant times x; and the passes add up.": 2 * x,
        "this is the value of z, not its gradient.": y * x + y,
    }
    name_mistake(got, mistakes)
    compare(got, right, what="x.grad")
    return "A constant times x, plus x squared: 9 + 2x at 3, three times."


def exercise_2(answer: object) -> str:
    """Check a step with which the central difference quotient in single precision is good to four digits."""
    if isinstance(answer, (bool, str)):
        raise WrongAnswer("a step is one number, such as 0.1.")
    h = as_number(answer, what="the step")
    if not 0 < h < onp.inf:
        raise WrongAnswer(f"with h = {h:g} there is no step to the right: h must be positive.")
    error = _error_of_central_quotient(h)
    if error < ALLOWED:
        return f"The largest error is {1e4 * error:.1f} parts in ten thousand."
    if onp.float32(1 + h) == 1:
        raise WrongAnswer(f"in float32 1 + {h:g} is 1: there is no step at all.")
    if error > _error_of_central_quotient(1.5 * h):
        raise WrongAnswer(
            f"h = {h:g} is too small: the largest error is {1e4 * error:.1f} parts in ten thousand. "
            "Rounding takes the digits of the difference."
        )
    raise WrongAnswer(
        f"h = {h:g} is too large: the largest error is {1e4 * error:.1f} parts in ten thousand. "
        "The curve bends between the two points."
    )


def _error_of_central_quotient(h: float) -> float:
    """Return the largest relative error for x³ from 1 to 2, in single precision."""

    def cube(x: onp.ndarray) -> onp.ndarray:
        return x * x * x

    x, step = onp.linspace(1, 2, NUM_POINTS).astype("float32"), onp.float32(h)
    with onp.errstate(all="ignore"):  # a huge step overflows: then the error is infinite, or no number
        slopes = (cube(x + step) - cube(x - step)) / (2 * step)
    errors = onp.abs(slopes / (3 * x.astype("float64") ** 2) - 1)
    return float(onp.nan_to_num(errors, nan=onp.inf).max())


def exercise_3(answer: object) -> str:
    """Check a gradient by central difference quotients."""
    x, h = onp.array([1.0, 2.0, -1.0]), 0.25
    array = to_mxnet(x)
    got = as_array(call(answer, _curved, array, h, shown="numeric_gradient(f, x, 0.25) with x of shape (3,)"))
    moves = h * onp.eye(len(x))
    two_sided = onp.array([_curved(x + move) - _curved(x - move) for move in moves])
    right = two_sided / (2 * h)
    forward = onp.array([_curved(x + move) - _curved(x) for move in moves]) / h
    backward = onp.array([_curved(x) - _curved(x - move) for move in moves]) / h
    together = (_curved(x + h) - _curved(x - h)) / (2 * h)
    if not onp.array_equal(as_array(array), x):
        raise WrongAnswer("your function changes x itself. Move a copy, or put the entry back.")
    if got.shape == ():
        raise WrongAnswer("it returns one number; the gradient has one slope for each entry of x.")
    mistakes = {
        "the 2 is missing: the two points are 2h apart.": two_sided / h,
        "the division by 2h is missing.": two_sided,
        "the division by h is missing.": two_sided / 2,
        "h multiplies: 2 * h needs parentheses when you divide by it.": two_sided / 2 * h,
        "it goes to the right only. The central quotient takes both sides.": forward,
        "it goes to the left only. The central quotient takes both sides.": backward,
        "all entries move at once; move one and leave the others.": onp.full(3, together),
        "the sign is wrong: it should be f(x + h) minus f(x - h).": -right,
        "these are the differences to f(x), not yet divided by h.": forward * h,
    }
    name_mistake(got, mistakes, rtol=RTOL, atol=ATOL)
    compare(got, right, what="the gradient", rtol=RTOL, atol=ATOL)
    return "With it you can check any gradient, also one that autograd has found."


def _curved(x: Any) -> Any:
    """Return a number for x of shape (3,), MXNet's or NumPy's: curved, and with entries that act on one another."""
    return (x * x * x).sum() + x[0] * x[1] * x[2] + 2 * x[1]


def exercise_4(answer: object) -> str:
    """Check the backward pass through a graph in which one value is used twice."""
    names = ("dz_dx", "dz_dw", "dz_dy")
    problems: list[tuple[list[float], list[float], float]] = [
        ([1, 2], [3, 1], 2),
        ([0.5, -1, 2], [1, 3, 0.25], 1.5),
    ]
    for entries, weights, y in problems:
        x, w = onp.array(entries, dtype=float), onp.array(weights, dtype=float)
        shown = f"backward(x, w, {y:g}) with x and w of shape {x.shape}"
        got = call(answer, to_mxnet(x), to_mxnet(w), y, shown=shown)
        if not isinstance(got, (tuple, list)) or len(got) != len(names):
            raise WrongAnswer("backward should return three things, (dz_dx, dz_dw, dz_dy).")
        a = float(x @ w)
        b = a - y
        found = dict(zip(names, map(as_array, got), strict=True))
        _check_gradient("dz_dx", found, w, x, a, b)
        _check_gradient("dz_dw", found, x, w, a, b)
        _check_y(found["dz_dy"], a, b)
    return "Gradients that arrive along several paths add up."


def _check_gradient(
    name: str, found: dict[str, onp.ndarray], other: onp.ndarray, own: onp.ndarray, a: float, b: float
) -> None:
    """Check the gradient with respect to x, where the other factor is w, or to w, where it is x."""
    mistakes = {
        f"{name} covers only the direct path from a to z. A second one leads through b.": b * other,
        f"{name} covers only the path through b. A second one leads from a directly to z.": a * other,
        f"for {name} the two paths are multiplied. They add up.": a * b * other,
        f"for {name} one path is subtracted from the other. They add up: a enters b with a plus sign.": (b - a) * other,
        f"{name} has the wrong factor: the derivative of a with respect to x is w, and with respect to w it is x.": (
            a + b
        )
        * own,
        f"{name} lacks the last step, from a to the leaf.": onp.full(other.shape, a + b),
        f"for {name} this is the derivative of a, not of z.": other,
        f"{name} is that of b squared, which is the z of the compute graph in the text; here z is a times b.": 2
        * b
        * other,
    }
    if found[name].shape == ():
        raise WrongAnswer(f"{name} is one number; it needs one slope for each entry.")
    name_mistake(found[name], mistakes)
    compare(found[name], (a + b) * other, what=name)


def _check_y(got: onp.ndarray, a: float, b: float) -> None:
    mistakes = {
        "the sign of dz_dy is wrong: y enters b with a minus sign.": a,
        "dz_dy uses the gradient of a; y reaches z through b only.": -(a + b),
        "for dz_dy, the derivative of a times b with respect to b is a, not b.": -b,
        "dz_dy is the derivative of b, not of z.": -1.0,
    }
    got = got.reshape(()) if got.size == 1 else got
    name_mistake(got, mistakes)
    compare(got, -a, what="dz_dy")


def exercise_5(answer: Any) -> str:
    """Check a class of numbers that record what is computed with them, and its backward pass."""
    for name in ("__add__", "__mul__", "backward"):
        if not hasattr(answer, name):
            raise WrongAnswer(f"Value should be a class with a method {name}.")
    if is_stub(answer.__mul__) and is_stub(answer.backward):
        raise NotDone
    for what, build, expected, mistakes in _PROGRAMS:
        inputs: list[Any] = [call(answer, number, shown=f"Value({number:g})") for number in expected]
        result: Any = call(build, *inputs, shown=what)
        if not hasattr(result, "data"):
            raise WrongAnswer(f"{what} should be a Value, but it is {type(result).__name__}.")
        compare(result.data, build(*expected), what=f"{what}: the value")
        result.backward()
        found = [as_number(value.grad) for value in inputs]
        if not any(found):
            raise WrongAnswer(f"{what}: backward leaves every gradient at 0. Start with self.grad = 1.0.")
        name_mistake(found, {f"{what}: {words}": wrong for words, wrong in mistakes.items()})
        compare(found, [*expected.values()], what=f"{what}: the gradients")
    return "Your own autograd follows the chain rule through any graph of sums and products."


# What is computed, how, the inputs with their gradients, and gradients that show a mistake.
_PROGRAMS: list[tuple[str, Any, dict[float, float], dict[str, list[float]]]] = [
    (
        "a * b at 2 and 3",
        lambda a, b: a * b,
        {2.0: 3.0, 3.0: 2.0},
        {
            "each factor has its own value as its slope. The slope of a * b with respect to a is b.": [2.0, 3.0],
            "these are the slopes of a + b.": [1.0, 1.0],
        },
    ),
    (
        "a * a at 3",
        lambda a: a * a,
        {3.0: 6.0},
        {"one use overwrites the other. Gradients of several uses add up: use +=.": [3.0]},
    ),
    (
        "b + b * b with b = a * a, at 2",
        lambda a: (b := a * a) + b * b,
        {2.0: 36.0},
        {
            "b passes its gradient on before all of it has arrived. Go back in the reverse order of the calculation, "
            "so that b comes after everything computed from it.": [4.0],
            "b passes on again what it has passed on before. Each value should do so once, when its gradient is "
            "complete.": [60.0],
            "b is visited several times, and passes on everything each time. Visit each value once, when its gradient "
            "is complete.": [76.0],
        },
    ),
]
