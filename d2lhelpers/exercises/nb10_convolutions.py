"""Checks of the exercises in notebook 10, convolutions."""

from numbers import Real

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet

# Exercise 1: rows in, kernel, Gluon's padding, stride; as the notebook states them.
LAYERS = ((28, 5, 0, 1), (64, 3, 1, 1), (224, 7, 3, 2))


def _rows_out(n: int, k: int, p: int, s: int) -> int:
    return (n - k + p + s) // s


def exercise_1(answer: object) -> str:
    """Check the rows that three convolutions put out."""
    if getattr(answer, "shape", None) == (3,):
        answer = as_array(answer).tolist()
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        raise WrongAnswer("give three numbers: (first, second, third).")
    for number, (n, k, padding, s), got in zip(("first", "second", "third"), LAYERS, answer, strict=True):
        if isinstance(got, bool) or not (isinstance(got, Real) or getattr(got, "shape", None) == ()):
            raise WrongAnswer(f"the {number} should be one number, but it is {got!r}.")
        got = as_number(got, what=f"the {number}")
        right = _rows_out(n, k, 2 * padding, s)
        if got == right:
            continue
        wrong: dict[float, str] = {
            (n - k + 2 * padding + s) / s: "the last window does not fit as a whole: round down.",
            right + 1: "the last window does not fit as a whole: round down.",
            right - 1: "it is one short: a window as large as the image has one position.",
            _rows_out(n, k, padding, s): "Gluon's padding is added on each side: p is twice as much.",
            _rows_out(n, k, 0, s): "the padding is missing.",
            _rows_out(n, k, 2 * padding, 1): "the stride is missing: the window moves by 2.",
        }
        if padding == 0:
            wrong[n] = "without padding, the image gets smaller."
        if s == 1:
            wrong.pop(right + 1)
        words = wrong.get(got, f"{n} rows, a kernel of {k}, padding {padding} on each side, stride {s}.")
        raise WrongAnswer(f"the {number} is not {got:g}: {words}")
    return "A padding of (k − 1)/2 keeps the size, and stride 2 halves it."


def exercise_2(answer: object) -> str:
    """Check a kernel that finds edges that run across, bright above dark."""
    kernel = as_array(answer)
    if kernel.ndim != 2:
        raise WrongAnswer(f"a kernel is a matrix with rows and columns; yours has shape {kernel.shape}.")
    if max(kernel.shape) > 3 or 0 in kernel.shape:
        raise WrongAnswer(f"two neighbors are enough; your kernel has shape {kernel.shape}.")
    # Bright above dark, dark above bright, bright above dark: far enough apart for windows of 3.
    stripes = onp.repeat([1.0, 0.0, 1.0, 0.0], 4)
    running_across = onp.tile(stripes[:, None], (1, 8))  # (16, 8)
    even = float(_correlate(onp.ones((4, 4)), kernel)[0, 0])
    if abs(even) > 1e-6:
        raise WrongAnswer(
            f"in an evenly bright image there is no edge, but it gives {even:g}: its entries should sum to 0."
        )
    across = _correlate(running_across, kernel)[:, 0]
    down = _correlate(running_across.T, kernel)
    if onp.abs(down).max() > 1e-6:
        if onp.abs(across).max() > 1e-6:
            raise WrongAnswer("it finds edges that run across, but those that run down as well.")
        raise WrongAnswer("it finds edges that run down: it compares left and right. Compare above and below.")
    found = across[abs(across) > 1e-6]
    if found.size == 0:
        raise WrongAnswer("it finds no edges at all, neither down nor across.")
    expected = onp.array([1.0, -1.0, 1.0])
    if found.size == 3 and onp.allclose(found, -expected, atol=1e-4):
        raise WrongAnswer("it finds the edges, with the wrong sign: bright above dark should give 1.")
    if found.size == 3 and abs(found[0] - 1) > 1e-4 and onp.allclose(found / found[0], expected, atol=1e-4):
        raise WrongAnswer(f"it finds the edges, but gives {found[0]:g} where bright is above dark, and 1 is right.")
    if found.size != 3:
        raise WrongAnswer("it marks an edge in more than one row: compare a pixel with the one just below it.")
    compare(found, expected, what="what it gives at three edges")
    return "A kernel turned by 90° finds edges turned by 90°."


def exercise_3(answer: object) -> str:
    """Check a cross-correlation with padding and stride."""
    random = onp.random.RandomState(9)
    for shape, kernel_shape, padding, stride in (
        ((4, 5), (2, 3), 0, 1),
        ((3, 3), (2, 2), 1, 1),
        ((5, 7), (3, 2), 0, 2),
        ((6, 5), (3, 3), 2, 3),
        ((2, 3), (2, 3), 0, 2),
    ):
        X = random.randint(1, 9, size=shape).astype(float)
        K = random.randint(1, 9, size=kernel_shape).astype(float)
        shown = f"corr2d_strided(X, K, {padding}, {stride}) with X of shape {shape}, K of shape {kernel_shape}"
        got = as_array(call(answer, to_mxnet(X), to_mxnet(K), padding, stride, shown=shown))
        right = _correlate(X, K, padding, stride)
        name_mistake(got, _mistakes(X, K, padding, stride, right))
        short = (right.shape[0] - 1, right.shape[1] - 1)
        if got.shape == short:
            raise WrongAnswer(
                f"the output is a row and a column short, {short}: a window as large as X has one position."
            )
        compare(got, right, what=shown)
    return "With channels added, this is all that a convolution layer computes."


def _mistakes(X: onp.ndarray, K: onp.ndarray, padding: int, stride: int, right: onp.ndarray) -> dict[str, onp.ndarray]:
    """Return what the usual slips give, each under its words; never one that gives the right answer as well."""
    one_side = onp.pad(X, ((padding, 0), (padding, 0)))
    both_halves = onp.pad(X, ((padding // 2, padding - padding // 2),) * 2)
    size_only = _correlate(X, K, padding)[: right.shape[0], : right.shape[1]]
    found = {
        "the kernel is turned around. A network's convolution does not turn it.": _correlate(
            X, K[::-1, ::-1], padding, stride
        ),
        "the padding has no effect.": _correlate(X, K, 0, stride),
        "the stride has no effect.": _correlate(X, K, padding, 1),
        "neither padding nor stride has an effect.": _correlate(X, K),
        "zeros are missing at the bottom and on the right: padding counts for each side.": _correlate(
            one_side, K, 0, stride
        ),
        "padding is what is added on each side, not in total.": _correlate(both_halves, K, 0, stride),
        "the stride works only down.": _correlate(X, K, padding)[::stride],
        "the stride works only across.": _correlate(X, K, padding)[:, ::stride],
        "the size is right, but the window moves by 1: its corner belongs at (i · stride, j · stride).": size_only,
        "rows and columns are mixed up.": right.T,
    }
    return {words: wrong for words, wrong in found.items() if not onp.array_equal(wrong, right)}


def _correlate(X: onp.ndarray, K: onp.ndarray, padding: int = 0, stride: int = 1) -> onp.ndarray:
    """Cross-correlate two matrices."""
    windows = onp.lib.stride_tricks.sliding_window_view(onp.pad(X, padding), K.shape)
    return onp.einsum("ijab,ab->ij", windows[::stride, ::stride], K)
