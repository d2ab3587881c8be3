"""Checks of the exercises of notebook 05, optimization."""

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import (
    NotDone,
    WrongAnswer,
    as_array,
    as_number,
    call,
    compare,
    name_mistake,
    to_mxnet,
)

# What exercise 2 states in the notebook.
START, CURVATURES, NUM_STEPS, GOAL = (-5.0, -2.0), (0.2, 4.0), 50, 0.0005


def exercise_1(answer: object) -> str:
    """Check two steps of gradient descent on 2x² from x = 1 with rate 0.35, and whether the value falls."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("check wants the pair (x_after_two_steps, is_smaller).")
    position, is_smaller = answer
    if any(part is ... or part is None for part in answer):
        raise NotDone
    x = as_number(position, what="x_after_two_steps")
    mistakes = {
        "this is x after one step; take one more from there.": -0.4,
        "a sign is lost: after one step x is negative, after two positive.": -0.16,
        "the slope of 2x² is 4x, not 2x: a step multiplies x by 1 - 4η.": 0.09,
        "the slope of 2x² is 4x, not x: a step multiplies x by 1 - 4η.": 0.4225,
        "the second slope is taken at the new position, -0.4, not at 1 again.": -1.8,
        "each step goes against the slope, not along it.": 5.76,
    }
    name_mistake(x, mistakes)
    compare(x, 0.16, what="x_after_two_steps")
    if getattr(is_smaller, "shape", None) == ():  # what a comparison of arrays gives
        is_smaller = is_smaller.item()
    if not isinstance(is_smaller, bool):
        raise WrongAnswer(f"x is right; is_smaller is True or False, not {is_smaller!r}.")
    if not is_smaller:
        raise WrongAnswer("x is right. Now compare the values: f(0.16) = 2 · 0.16² with f(1) = 2.")
    return "It jumps from side to side, and still converges: 1 - 4η = -0.4 is smaller than 1 in size."


def exercise_2(answer: object) -> str:
    """Check a learning rate with which descent in the valley reaches the goal in 50 steps."""
    lr = as_number(answer, what="learning_rate")
    if not lr > 0:
        raise WrongAnswer(f"with η = {lr:g} no step goes down: the rate must be positive.")
    reached = _value_in_valley(lr)
    if reached < GOAL:
        factors = f"{1 - CURVATURES[0] * lr:.3f} and x₂ by {1 - CURVATURES[1] * lr:.3f}"
        return f"f is {reached:.6f} after {NUM_STEPS} steps: each multiplies x₁ by {factors}."
    if lr >= 2 / CURVATURES[1]:
        raise WrongAnswer(
            f"η = {lr:g} is too large: f is {reached:.3g} after {NUM_STEPS} steps. Across the valley a step multiplies "
            f"x₂ by {1 - CURVATURES[1] * lr:.2f}."
        )
    slow = "x₁ has" if abs(1 - CURVATURES[0] * lr) > abs(1 - CURVATURES[1] * lr) else "x₂ has"
    raise WrongAnswer(
        f"with η = {lr:g} f is {reached:.5f} after {NUM_STEPS} steps, and {GOAL} is asked for: {slow} not arrived. "
        f"The factors are {1 - CURVATURES[0] * lr:.3f} and {1 - CURVATURES[1] * lr:.3f}."
    )


def _value_in_valley(lr: float) -> float:
    """Return 0.1 x₁² + 2 x₂² after gradient descent; a step multiplies each coordinate by 1 - lr · curvature."""
    start, curvatures = onp.array(START), onp.array(CURVATURES)
    with onp.errstate(over="ignore"):
        end = start * (1 - lr * curvatures) ** NUM_STEPS
        return float((curvatures / 2 * end**2).sum())


def exercise_3(answer: object) -> str:
    """Check one update of gradient descent with momentum."""
    x, v, g = onp.array([1.0, -2.0, 0.5]), onp.array([0.3, 0.1, -0.2]), onp.array([2.0, -1.0, 4.0])
    lr, beta = 0.1, 0.9
    for x_given, v_given in ((x, v), (x, onp.zeros(3))):
        arguments = [to_mxnet(values) for values in (x_given, v_given, g)]
        got = call(answer, *arguments, lr, beta, shown="momentum_step(x, v, gradient, 0.1, 0.9)")
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            raise WrongAnswer("momentum_step should return two arrays: (new x, new v).")
        for given, values, name in zip(arguments, (x_given, v_given, g), ("x", "v", "gradient"), strict=True):
            if not onp.allclose(as_array(given), values):
                raise WrongAnswer(f"{name} is changed in place: work with new arrays, as `new_v = ...` makes.")
        new_v = beta * v_given - lr * g
        new_x = x_given + new_v
        for part, name in zip(got, ("the new x", "the new v"), strict=True):
            if as_array(part, what=name).shape != (3,):
                compare(part, new_x, what=name)
        if onp.allclose(as_array(got[0]), new_v, atol=1e-5) and onp.allclose(as_array(got[1]), new_x, atol=1e-5):
            raise WrongAnswer("the order is (new x, new v).")
        wrong_v = {
            "the velocity forgets the gradient: it is β v - η g.": beta * v_given,
            "the velocity climbs: the gradient is subtracted.": beta * v_given + lr * g,
            "the velocity is not multiplied by β.": v_given - lr * g,
            "β belongs to the velocity, not to the gradient.": v_given - beta * lr * g,
            "the gradient is not multiplied by the learning rate.": beta * v_given - g,
            "the velocity has no memory: this is η g alone.": -lr * g,
        }
        name_mistake(got[1], {k: w for k, w in wrong_v.items() if not onp.allclose(w, new_v)}, what="the new v")
        compare(got[1], new_v, what="the new v")
        wrong_x = {
            "x moves by the old velocity; use the new one.": x_given + v_given,
            "x moves by the gradient alone; it moves by the new velocity.": x_given - lr * g,
            "the velocity is added to x, not subtracted: its sign is in it already.": x_given - new_v,
            "the velocity is multiplied by the learning rate once more.": x_given + lr * new_v,
            "x has not changed.": x_given,
        }
        name_mistake(got[0], {k: w for k, w in wrong_x.items() if not onp.allclose(w, new_x)}, what="the new x")
        compare(got[0], new_x, what="the new x")
    return "With beta = 0 it is plain gradient descent."


def exercise_4(answer: object) -> str:
    """Check gradient clipping by the norm."""
    cases = (([3.0, 4.0], 1.0), ([3.0, 4.0], 10.0), ([0.3, -0.4, 0.0], 0.5), ([-6.0, 8.0, 0.0], 2.5), ([0.0, 0.0], 1.0))
    for values, limit in cases:
        g = onp.array(values)
        norm = onp.linalg.norm(g)
        shown = f"clip(np.array({values}), {limit:g})"
        got = call(answer, to_mxnet(g), limit, shown=shown)
        if norm == 0 and not onp.isfinite(as_array(got, what=shown)).all():
            raise WrongAnswer(f"{shown} is not a number: a gradient of zeros has the norm 0, by which nothing divides.")
        right = g * min(1.0, limit / norm) if norm else g
        mistakes = {
            "the entries are clipped one by one, which turns it; scale all by one factor.": onp.clip(g, -limit, limit),
            f"{shown} is stretched: a norm of {norm:g} is below the limit, so nothing should change.": (
                g * limit / norm if norm else g
            ),
            f"{shown} has norm 1: the limit is {limit:g}.": g / norm if norm else g,
            f"{shown} has not changed; its norm, {norm:g}, is above the limit.": g,
            "the limit is compared with the squared norm.": g * min(1.0, limit / norm**2) if norm else g,
        }
        name_mistake(got, {words: w for words, w in mistakes.items() if not onp.allclose(w, right)}, what=shown)
        compare(got, right, what=shown)
    return "Recurrent networks are hardly ever trained without it."
