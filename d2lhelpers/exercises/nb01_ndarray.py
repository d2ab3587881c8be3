"""Checks of the exercises of notebook 01, n-dimensional arrays.

Each check knows the answers that students give when one idea has gone wrong, works them out with NumPy, and names the
idea.  Everything else is compared with the right answer, element by element.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as onp  # the original NumPy, in which answers are checked
from mxnet import np, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake

FIRST_SHAPE, SECOND_SHAPE = (3, 1, 5), (4, 1)


def exercise_1(answer: object) -> str:
    """Predict the shape of the sum of arrays of shapes (3, 1, 5) and (4, 1)."""
    if hasattr(answer, "shape") and hasattr(answer, "tolist"):
        raise WrongAnswer("the shape is asked for, a tuple such as (2, 3); this is an array.")
    if not isinstance(answer, (tuple, list)) or not all(isinstance(length, int) for length in answer):
        raise WrongAnswer(f"a shape is a tuple of whole numbers, such as (2, 3); this is {answer!r}.")
    shape = tuple(answer)
    if shape in (FIRST_SHAPE + SECOND_SHAPE, SECOND_SHAPE + FIRST_SHAPE):
        raise WrongAnswer("the shapes are not put one after the other: write them below each other, last axes aligned.")
    if len(shape) != len(FIRST_SHAPE):
        raise WrongAnswer(f"the result has as many axes as the longer of the two shapes: 3, not {len(shape)}.")
    # Missing axes count as length 1, and they are added at the front.
    aligned = (1,) * (len(FIRST_SHAPE) - len(SECOND_SHAPE)) + SECOND_SHAPE
    if shape == (4, 1, 5):
        raise WrongAnswer("the shapes are aligned at their last axes, not at their first: the 4 is below the 1.")
    if shape == tuple(map(min, FIRST_SHAPE, aligned)):
        raise WrongAnswer("where two lengths differ, the 1 is stretched to the other; nothing shrinks.")
    if shape == FIRST_SHAPE:
        raise WrongAnswer("this is the shape of the first array; its axis of length 1 is stretched, too.")
    for axis in reversed(range(len(shape))):
        pair = FIRST_SHAPE[axis], aligned[axis]
        if shape[axis] != max(pair):
            raise WrongAnswer(
                f"axis {axis} has length {shape[axis]}, but {pair[0]} meets {pair[1]} there: the 1 is stretched."
            )
    return "Both arrays are stretched: the first along axis 1, the second along the others."


def exercise_2(block: object) -> str:
    """Every second row beginning with row 1, every third column beginning with column 0."""
    for shape in ((7, 8), (4, 4)):  # the large one first: in the small one different mistakes look the same
        matrix = np.arange(1, shape[0] * shape[1] + 1).reshape(shape)
        shown = f"block(X) for X of shape {shape}"
        answer = call(block, matrix, shown=shown)
        name_mistake(answer, _wrong_blocks(matrix.asnumpy()))
        expected = matrix.asnumpy()[1::2, 0::3]
        got = as_array(answer, what=shown)
        if got.size < expected.size and _is_corner(got, expected):
            raise WrongAnswer(f"{shown} stops too early: leave the stop out, so that it works for every size.")
        compare(answer, expected, what=shown)
    return "start::step takes every step-th element from start to the end, whatever the size."


def _wrong_blocks(X: onp.ndarray) -> dict[str, onp.ndarray]:
    return {
        "this is X[::3, ::2] as it was; change its starts and its steps.": X[::3, ::2],
        "rows and columns are swapped: the first index is the row.": X[0::3, 1::2],
        "the two steps are swapped: the first index is the row.": X[1::3, 0::2],
        "the rows begin with row 0; counting starts at 0, so row 1 is the second one.": X[0::2, 0::3],
        "the rows begin with row 2; counting starts at 0, so row 1 is the second one.": X[2::2, 0::3],
        "the columns begin with column 1; counting starts at 0, so column 0 is the first one.": X[1::2, 1::3],
        "the two starts are swapped: rows begin with row 1, columns with column 0.": X[0::2, 1::3],
        "every second column is taken; the step of the columns is 3.": X[1::2, 0::2],
        "every third row is taken; the step of the rows is 2.": X[1::3, 0::3],
        "after one colon comes the stop; the step comes after a second colon, start::step.": X[1:2, 0:3],
        "the rows are right, but all columns are there; say after a comma which ones.": X[1::2],
        "rows and columns of the result are exchanged, and all columns are there.": X[1::2].T,
        "the columns are right, but all rows are there; say before the comma which ones.": X[:, 0::3],
        "the elements are right, but rows and columns of the result are exchanged.": X[1::2, 0::3].T,
        "two lists as indices pick single elements, pair by pair; use start::step for a block.": X[[1, 3], [0, 3]],
    }


def _is_corner(got: onp.ndarray, expected: onp.ndarray) -> bool:
    if got.ndim != expected.ndim:
        return False
    rows, columns = got.shape
    return bool(got.size and onp.array_equal(got, expected[:rows, :columns]))


def exercise_3(standardize: object) -> str:
    """Give every column of a matrix mean 0 and standard deviation 1, and leave the matrix as it was."""
    cases = (
        # Square first: here a forgotten keepdims raises no error, and the check can say what went wrong.
        [[1.0, 2.0, 3.0], [4.0, 5.0, 9.0], [7.0, 2.0, 6.0]],
        [[0.0, 10.0], [2.0, 30.0], [4.0, 80.0], [10.0, 40.0]],
    )
    for case in cases:
        given = onp.array(case)
        X = np.array(case)
        shown = f"standardize(X) for X of shape {given.shape}"
        try:
            answer = call(standardize, X, shown=shown)
        except WrongAnswer:  # a function that changes its argument often returns nothing
            _reject_change(X, given)
            raise
        name_mistake(answer, _wrong_standards(given))
        compare(answer, (given - given.mean(axis=0)) / given.std(axis=0), what=shown, rtol=1e-4, atol=1e-5)
        _reject_change(X, given)
    return "The means, of shape (d,), are stretched over the rows: no loop."


def _wrong_standards(X: onp.ndarray) -> dict[str, onp.ndarray]:
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    by_row = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    wrong = {
        "the rows have mean 0, not the columns: axis=0 runs down the rows and leaves one number per column.": by_row,
        "one mean and deviation of the whole matrix are used; axis=0 gives one per column.": (X - X.mean()) / X.std(),
        "you divide by the sample deviation (n − 1); use the population's, ddof=0.": (X - mean) / X.std(axis=0, ddof=1),
        "you divide by the variance; the standard deviation is its square root.": (X - mean) / X.var(axis=0),
        "the means are 0, but the deviations are not 1 yet: divide by the standard deviation.": X - mean,
        "the deviations are 1, but the means are not 0: subtract the mean first.": X / deviation,
        "parentheses are missing: / binds tighter than −.": X - mean / deviation,
        "every sign is wrong: subtract the mean from X, not X from the mean.": (mean - X) / deviation,
        "this maps each column to 0..1; mean 0 and deviation 1 are asked for.": (X - X.min(axis=0))
        / (X.max(axis=0) - X.min(axis=0)),
    }
    if X.shape[0] == X.shape[1]:
        message = (
            "the rows' statistics are spread over the columns; take axis=0 (axis=1 would need keepdims=True, too)."
        )
        wrong[message] = (X - X.mean(axis=1)) / X.std(axis=1)
    return wrong


def _reject_change(X: np.ndarray, given: onp.ndarray) -> None:
    if not onp.array_equal(X.asnumpy(), given.astype("float32")):
        raise WrongAnswer(
            "your function changes the matrix that it is given (as X -= ... or X[:] = ... do); return a new one."
        )


def exercise_4(to_channels_last: object) -> str:
    """Turn a batch (N, C, H, W) into (N, H, W, C), every pixel staying where it is."""
    for shape in ((2, 3, 4, 5), (1, 1, 2, 6)):
        batch = np.arange(onp.prod(shape).item()).reshape(shape)
        given = batch.asnumpy()
        shown = f"to_channels_last(batch) for a batch of shape {shape}"
        answer = call(to_channels_last, batch, shown=shown)
        expected = given.transpose(0, 2, 3, 1)
        known = {
            "the batch comes back as it was.": given,
            "height and width are exchanged: the pictures lie on their side.": given.transpose(0, 3, 2, 1),
            "all axes are reversed; the batch axis stays first, and height comes before width.": given.T,
            "the channels have moved by one position only; they belong at the end.": given.transpose(0, 2, 1, 3),
            "this is the way back, from channels last to channels first.": given.transpose(0, 3, 1, 2),
        }
        if given.shape[1] > 1:  # with one channel, reshape and transpose give the same
            message = "the shape is right, but reshape deals the numbers out again and mixes the pixels; move the axes."
            known[message] = given.reshape(expected.shape)
        name_mistake(answer, known)
        compare(answer, expected, what=shown)
    return "transpose renames the axes; reshape would have kept the order of the numbers and mixed the pixels."


def exercise_5(answer: object) -> str:
    """Predict which of three writes change the array that Y names."""
    row, column = onp.array([[1, 1], [0, 0]]), onp.array([[10, 0], [10, 0]])
    nothing = 0 * row
    another_array = "X = X + 100 makes a new array, and Y still names the old one"
    known = {
        "a row shares memory with its array, so row += 1 changes it.": nothing,
        "that is what NumPy does; in Deep NumPy, a column is a copy.": row + column,
        "it is the other way round: a row shares memory, a column is a copy.": column,
        f"this is X; {another_array}.": row + 100,
        f"{another_array}. And the column is a copy.": row + column + 100,
        f"{another_array}. And the row shares memory with its array.": nothing + 100,
        f"{another_array}. And it is the row that shares memory, not the column.": column + 100,
    }
    name_mistake(answer, known)
    compare(answer, row)
    return "Only the row shares its memory with Y; the column is a copy, and X = X + 100 makes a new array."


def exercise_6(product_time: object) -> str:
    """Measure how long products take until they are computed, not only queued."""
    many, X = 5, np.ones((768, 768))
    shown = f"product_time({many}, X, Y)"
    measured = []
    for _ in range(3):  # medians, because the machine may be busy with something else for a while
        needed = _until_idle(lambda: [np.dot(X, X) for _ in range(many)])
        start = perf_counter()
        answer = as_number(call(product_time, many, X, X, shown=shown), what=shown)
        called = perf_counter() - start
        measured.append((answer, called, _until_idle(lambda: None), needed))
    answer, called, left, needed = onp.median(measured, axis=0)
    if left > called:
        raise WrongAnswer(
            f"when your function returned, the engine needed another {1000 * left:.0f} ms: let Python wait for it."
        )
    if answer < 0:
        raise WrongAnswer("the time is negative: subtract the start from the end.")
    if called < needed / 3:
        raise WrongAnswer(f"not all products are computed: there should be {many} of them.")
    if called / 2 < many * answer < 2 * called:
        raise WrongAnswer("this is the time of a single product; return that of all of them.")
    if answer < called / 2:
        raise WrongAnswer("the clock is read before the products are computed: wait first, then read it.")
    if answer > 2 * called:
        raise WrongAnswer(f"your function took {called:.3f} s, but it returned {answer:.3f}: return the seconds.")
    return "With a barrier before the clock is read, the time is that of the products, not of queuing them."


def _until_idle(work: Callable[[], object]) -> float:
    """Return the seconds until `work` and everything else that is queued have been computed."""
    start = perf_counter()
    work()
    npx.waitall()
    return perf_counter() - start
