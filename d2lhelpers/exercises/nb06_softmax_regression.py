"""Checks of the exercises of notebook 06, softmax regression."""

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp
from mxnet import np

from d2lhelpers.data import load_images
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
NUM_TRAIN, BATCH_SIZE, NUM_EPOCHS, GOAL = 8_000, 600, 4, 0.87


def exercise_1(answer: object) -> str:
    """Check the cross-entropy of four equal scores, and of the same ten higher."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("check needs the pair (loss_then, loss_when_higher).")
    if any(part is ... or part is None for part in answer):
        raise NotDone
    names = ("loss_then", "loss_when_higher")
    first, second = (as_number(part, what=name) for part, name in zip(answer, names, strict=True))
    mistakes = {
        "a quarter is the probability; the loss is its negative logarithm.": 0.25,
        "a logarithm to base 2 gives 2 bits; the loss uses the natural logarithm.": 2.0,
        "this is the logarithm to base 10; the loss uses the natural one.": float(onp.log10(4)),
        "the sign is missing: the loss is minus the logarithm.": -float(onp.log(4)),
        "the score of the true class has to be subtracted from the log of the sum.": 2 + float(onp.log(4)),
        "the loss would be 0 only with probability 1; here it is a quarter.": 0.0,
    }
    name_mistake(first, mistakes, atol=0.006)
    compare(first, onp.log(4), what="loss_then", atol=0.006)
    name_mistake(
        second,
        {
            "if the score rises by 10, so does the log of the sum: the difference stays.": onp.log(4) + 10,
            "if the score rises by 10, the log of the sum does, too: the difference stays.": onp.log(4) - 10,
        },
        atol=0.006,
    )
    compare(second, onp.log(4), what="loss_when_higher", atol=0.006)
    return "log 4: the loss of guessing among four classes. Only differences of scores matter."


def exercise_2(answer: object) -> str:
    """Check a learning rate with which large batches reach the accuracy asked for in a few epochs."""
    lr = as_number(answer, what="learning_rate")
    if not lr > 0:
        raise WrongAnswer(f"with a rate of {lr:g} no update goes down the slope: it must be positive.")
    if lr == onp.inf:
        raise WrongAnswer("an infinite step leads nowhere: give a finite number.")
    reached = _accuracy_of_training(lr)
    if reached >= GOAL:
        return f"The accuracy is {reached:.3f} after {NUM_EPOCHS} epochs."
    advice = "large: the steps overshoot" if lr > 1 else "small: 56 updates don't get far enough"
    raise WrongAnswer(
        f"{lr:g} is too {advice}. The accuracy is {reached:.3f} after {NUM_EPOCHS} epochs; {GOAL} is asked for."
    )


def _accuracy_of_training(lr: float) -> float:
    """Return the accuracy of softmax regression, from zero weights, on training images that it has not seen."""
    X, y = _as_rows(*load_images(train=True, source="mnist"))
    X, y, X_rest, y_rest = X[:NUM_TRAIN], y[:NUM_TRAIN], X[NUM_TRAIN:], y[NUM_TRAIN:]
    W, b = onp.zeros((X.shape[1], 10)), onp.zeros(10)
    random = onp.random.RandomState(0)
    for _ in range(NUM_EPOCHS):
        order = random.permutation(len(X))
        for start in range(0, len(X), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            scores = X[rows] @ W + b
            scores -= scores.max(axis=1, keepdims=True)
            error = onp.exp(scores) / onp.exp(scores).sum(axis=1, keepdims=True)
            error[onp.arange(len(rows)), y[rows]] -= 1
            W -= lr * X[rows].T @ error / len(rows)
            b -= lr * error.mean(axis=0)
    return float(((X_rest @ W + b).argmax(axis=1) == y_rest).mean())


def _as_rows(images: np.ndarray, labels: np.ndarray) -> tuple[onp.ndarray, onp.ndarray]:
    return as_array(images).reshape(len(images), -1), labels.asnumpy()


def exercise_3(answer: object) -> str:
    """Check the mean cross-entropy of a batch, also for large scores."""
    y = onp.array([2, 0, 1])
    small = onp.array([[1.0, -1.0, 2.0, 0.0], [0.5, 0.0, -2.0, 1.0], [3.0, 1.0, 0.0, -1.0]])
    rows_apart = onp.array([[0.0], [400.0], [-400.0]])  # a shift common to the batch does not save the last row
    for scores in (small, small * 100, small * 100 - 300, small + rows_apart):
        what = f"mean_cross_entropy(scores, y) for scores up to {onp.max(onp.abs(scores)):g}"
        got = call(answer, to_mxnet(scores), np.array(y, dtype="int32"), shown=what)
        if as_array(got, what=what).shape == (len(y),):
            raise WrongAnswer("one number is asked for, the mean over the examples; this is one loss for each of them.")
        value = as_number(got, what=what)
        if not onp.isfinite(value):
            raise WrongAnswer(
                f"{what} is {value:g}: exp has overflowed, or log was taken of 0. Subtract each row's max, and compute "
                "the logarithm of the fraction as a difference."
            )
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_p = shifted - onp.log(onp.exp(shifted).sum(axis=1, keepdims=True))
        right = -log_p[onp.arange(3), y].mean()
        whole = scores - onp.max(scores)
        mistakes = {
            f"{what} is the sum over the examples; the mean is asked for.": 3 * right,
            f"{what} has the wrong sign: it is minus the logarithm.": -right,
            "the score of the true class is not subtracted.": onp.log(onp.exp(shifted).sum(axis=1)).mean(),
            "the mean goes over all entries; only the true class of each row counts.": -log_p.mean(),
            "the sum of exponentials goes over the whole batch: take axis=1, over the classes.": (
                onp.log(onp.exp(whole).sum()) - whole[onp.arange(3), y].mean()
            ),
            "the shifted score has to be subtracted, or the shift added back: one of the two is missing.": (
                onp.log(onp.exp(shifted).sum(axis=1)) - scores[onp.arange(3), y]
            ).mean(),
        }
        name_mistake(value, {words: w for words, w in mistakes.items() if abs(w - right) > 1e-3}, rtol=1e-3)
        compare(value, right, what=what, rtol=1e-3, atol=1e-4)
    return "This is what SoftmaxCrossEntropyLoss computes, and then the mean."


def exercise_4(answer: object) -> str:
    """Check the share of examples whose true class is among the k largest scores."""
    scores = onp.random.RandomState(6).normal(size=(40, 7))
    y = onp.random.RandomState(7).randint(0, 7, size=40)
    ranks = onp.argsort(-scores, axis=1)
    for k in (1, 2, 5, 7):
        what = f"top_k_accuracy(scores, y, {k})"
        got = call(answer, to_mxnet(scores), np.array(y, dtype="int32"), k, shown=what)
        value = as_number(got, what=what)
        right = (ranks[:, :k] == y[:, None]).any(axis=1).mean()
        mistakes = {
            f"{what} counts the k smallest scores; argsort begins with the smallest.": (
                (ranks[:, 7 - k :] == y[:, None]).any(axis=1).mean()
            ),
            f"{what} is the number of examples; divide by how many there are.": right * len(y),
            f"{what} is in percent; a share lies between 0 and 1.": 100 * right,
            f"{what} is the share of all {k} n places; each example counts once.": right / k,
            f"{what} looks at the largest score only.": (ranks[:, 0] == y).mean(),
            f"{what} looks at the {k}th largest score only; all up to it count.": (ranks[:, k - 1] == y).mean(),
        }
        name_mistake(value, {words: w for words, w in mistakes.items() if abs(w - right) > 1e-3})
        compare(value, right, what=what)
    return "On ImageNet's thousand classes top-5 was the number that everybody quoted."
