"""Checks of the exercises in notebook 04, linear regression."""

import numbers

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.data import SpotPrices, spot_prices
from d2lhelpers.exercises.answers import WrongAnswer, as_array, call, compare, name_mistake, to_mxnet

# What exercise 2 states in the notebook.
NUM_EXAMPLES, NUM_TRAIN, BATCH_SIZE, NUM_EPOCHS = 1000, 800, 100, 5
MARGIN = 1.05

RTOL, ATOL = 1e-3, 1e-4  # students compute in single precision, and solve equations with it


def exercise_1(answer: object) -> str:
    """Check the updates of an epoch and the size of the last batch, for 1000 examples in batches of 64."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise WrongAnswer("give two numbers: (updates, size_of_last_batch).")
    num_examples, batch_size = 1000, 64
    full, rest = divmod(num_examples, batch_size)
    if tuple(answer) == (full + 1, rest):
        return f"{full} full batches and one of {rest}: no example is left out."
    updates, last = answer
    if updates == full:
        raise WrongAnswer(
            f"{full} batches hold {full * batch_size} examples; the {rest} that are left form a batch too."
        )
    if isinstance(updates, numbers.Real) and updates == num_examples / batch_size:
        raise WrongAnswer("the number of updates is whole: a smaller last batch counts as well.")
    if updates == full + 1 and last == batch_size:
        raise WrongAnswer(f"{full + 1} full batches would need {(full + 1) * batch_size} examples.")
    if updates == full + 1 and last == batch_size - rest:
        raise WrongAnswer(f"{last} is how many more examples would fill the last batch; how many are in it?")
    if (updates, last) == (rest, full + 1):
        raise WrongAnswer("these are the right numbers in the wrong order: updates first.")
    raise WrongAnswer(f"{updates} updates with a last batch of {last} do not use each of {num_examples} examples once.")


def exercise_2(answer: object) -> str:
    """Check a learning rate with which large batches reach the closed form's test error in a few epochs."""
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        raise WrongAnswer("a learning rate is one number, such as 0.05.")
    lr = float(answer)
    if not lr > 0:
        raise WrongAnswer(f"with lr = {lr:g} no update goes down the slope: the rate must be positive.")
    data = spot_prices(NUM_EXAMPLES)
    best, reached = _error_of_closed_form(data), _error_of_training(data, lr)
    if reached <= MARGIN * best:
        return f"The test error is {reached:.4f} dollars after {NUM_EPOCHS} epochs; the closed form has {best:.4f}."
    if not reached <= _error_of_training(data, 0.0):  # also if it is no longer a number
        raise WrongAnswer(
            f"with lr = {lr:g} training diverges: each step overshoots the minimum by more than the one before."
        )
    advice = "small" if _error_of_training(data, 0.9 * lr) > reached else "large"
    raise WrongAnswer(
        f"lr = {lr:g} is too {advice}: the test error is {reached:.4f} dollars after {NUM_EPOCHS} epochs, "
        f"but should be at most {MARGIN * best:.4f}."
    )


def exercise_3(answer: object) -> str:
    """Check one update of minibatch SGD for a linear model with bias, the gradients by hand."""
    lr, b = 0.1, 0.5
    for num_examples in (3, 8):  # a square X first: it can be multiplied where its transpose should be
        X, y, w = _random_problem(num_examples, 3)
        shown = f"step(X, y, w, b, lr) with X of shape {X.shape}"
        got = call(answer, to_mxnet(X), to_mxnet(y), to_mxnet(w), b, lr, shown=shown)
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            raise WrongAnswer("step should return two things, (new w, new b).")
        _check_step_of_weights(as_array(got[0]), X, y, w, b, lr)
        _check_step_of_bias(as_array(got[1]), X, y, w, b, lr)
    return "This is all that autograd and the trainer did for a linear model."


def _check_step_of_weights(
    got: onp.ndarray, X: onp.ndarray, y: onp.ndarray, w: onp.ndarray, b: float, lr: float
) -> None:
    n = len(y)
    if got.ndim == 2:
        raise WrongAnswer(
            f"the new w has shape {got.shape} instead of {w.shape}. Did the residual become a matrix? Subtract X w "
            f"from y as vectors, both of shape ({n},)."
        )
    residual = y - X @ w - b
    gradient = -2 / n * X.T @ residual
    mistakes = {
        "the weights move uphill. Mind the sign: the residual y - Xw - b has a minus before w.": w + lr * gradient,
        "for the weights, 1/n is missing: the loss is a mean, not a sum.": w - lr * n * gradient,
        "for the weights, the factor 2 is missing: the derivative of r² is 2r.": w - lr * gradient / 2,
        "for the weights, 2/n is missing: the square gives 2, the mean 1/n.": w - lr * n / 2 * gradient,
        "for the weights, the bias is missing in the residual y - Xw - b.": w + lr * 2 / n * X.T @ (y - X @ w),
        "for the weights, the residual is y - (Xw + b): mind the parentheses, the bias has a minus, too.": w
        + lr * 2 / n * X.T @ (y - X @ w + b),
        "this is the gradient for w, not the new w, which is w - lr * gradient.": gradient,
        "the weights have not changed.": w,
    }
    if X.shape[0] == X.shape[1]:
        words = "X is not transposed: an entry of the gradient sums over the examples, down a column of X."
        mistakes[words] = w + lr * 2 / n * X @ residual
    name_mistake(got, mistakes, rtol=RTOL, atol=ATOL)
    compare(got, w - lr * gradient, what="the new w", rtol=RTOL, atol=ATOL)


def _check_step_of_bias(got: onp.ndarray, X: onp.ndarray, y: onp.ndarray, w: onp.ndarray, b: float, lr: float) -> None:
    n = len(y)
    residual = y - X @ w - b
    gradient = -2 * residual.mean()
    new_residual = y - X @ (w + lr * 2 / n * X.T @ residual) - b
    mistakes = {
        "the bias has not changed; it is learned too.": b,
        "the bias moves uphill. Mind the sign.": b + lr * gradient,
        "for the bias, 1/n is missing: its gradient is a mean over the examples.": b - lr * n * gradient,
        "for the bias, the factor 2 is missing.": b - lr * gradient / 2,
        "for the bias, 2/n is missing.": b - lr * n / 2 * gradient,
        "the bias already uses the new w; both gradients belong to the old weights.": b + lr * 2 * new_residual.mean(),
        "this is the gradient for b, not the new b, which is b - lr * gradient.": gradient,
    }
    if got.shape == (n,):
        raise WrongAnswer(
            f"the new b has one entry per example, {n}; sum the residuals, because the bias is one number."
        )
    got = got.reshape(()) if got.size == 1 else got
    name_mistake(got, mistakes, rtol=RTOL, atol=ATOL)
    compare(got, b - lr * gradient, what="the new b", rtol=RTOL, atol=ATOL)


def exercise_4(answer: object) -> str:
    """Check the closed form of linear regression with a ridge penalty."""
    X, y, _ = _random_problem(12, 3)
    n, d = X.shape
    lam = 0.5

    def solve(added: onp.ndarray | float) -> onp.ndarray:
        return onp.linalg.solve(X.T @ X + added, X.T @ y)

    def ridge(lam: float) -> onp.ndarray:
        shown = f"ridge(X, y, {lam:g}) with X of shape {X.shape}"
        return as_array(call(answer, to_mxnet(X), to_mxnet(y), lam, shown=shown))

    got = ridge(lam)
    if got.shape == (n,):
        raise WrongAnswer(f"it has one weight per example, {n}, not one per feature, {d}: X Xᵀ instead of XᵀX?")
    identity = onp.eye(d)
    mistakes = {
        "the penalty has no effect: this is the closed form without it.": solve(0.0),
        "n is missing: the loss is a mean, and multiplying by n gives λ the factor n.": solve(lam * identity),
        "n λ is added to every entry of XᵀX: it belongs on the diagonal, times the identity matrix.": solve(n * lam),
        "λ is added to every entry of XᵀX: n λ belongs on the diagonal, times the identity matrix.": solve(lam),
        "the sign before λ is wrong: a penalty adds to the diagonal.": solve(-n * lam * identity),
        "λ counts twice: both terms of the gradient have a factor 2, which cancels.": solve(2 * n * lam * identity),
        "λ counts half: both terms of the gradient have a factor 2, which cancels.": solve(n * lam / 2 * identity),
    }
    name_mistake(got, mistakes, rtol=RTOL, atol=ATOL)
    for value in (lam, 0.0, 100.0):  # also the ends: no penalty, and one that shrinks all weights towards 0
        compare(ridge(value), solve(n * value * identity), what=f"ridge(X, y, {value:g})", rtol=RTOL, atol=ATOL)
    return "With lam = 0 it is the closed form without a penalty; a large lam pulls every weight towards 0."


def _random_problem(num_examples: int, num_features: int) -> tuple[onp.ndarray, onp.ndarray, onp.ndarray]:
    """Return X (n, d), y (n,) and w (d,), the same at every call."""
    random = onp.random.RandomState(4)
    return (
        random.normal(size=(num_examples, num_features)),
        random.normal(size=num_examples),
        random.normal(size=num_features),
    )


def _error_of_training(data: SpotPrices, lr: float) -> float:
    """Return the root mean squared test error after minibatch SGD from zero weights."""
    X, y = as_array(data.features), as_array(data.prices)
    random = onp.random.RandomState(0)
    w = onp.zeros(X.shape[1])
    with onp.errstate(over="ignore", invalid="ignore"):  # training may diverge
        for _ in range(NUM_EPOCHS):
            order = random.permutation(NUM_TRAIN)
            for start in range(0, NUM_TRAIN, BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                w += lr * 2 / len(batch) * X[batch].T @ (y[batch] - X[batch] @ w)
        return _root_mean_square(y[NUM_TRAIN:] - X[NUM_TRAIN:] @ w)


def _error_of_closed_form(data: SpotPrices) -> float:
    X, y = as_array(data.features), as_array(data.prices)
    w = onp.linalg.lstsq(X[:NUM_TRAIN], y[:NUM_TRAIN], rcond=None)[0]
    return _root_mean_square(y[NUM_TRAIN:] - X[NUM_TRAIN:] @ w)


def _root_mean_square(values: onp.ndarray) -> float:
    return float(onp.sqrt(onp.mean(values**2)))
