"""Checks of the exercises of notebook 11, pooling."""

# Answers are computed in the original NumPy: independent of what the student computes with.
import numpy as onp
from mxnet import MXNetError, np, npx
from mxnet.gluon.nn import conv_layers

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet


def exercise_1(answer: object) -> str:
    """Check the output shape of average pooling, and the sum of its numbers for an input of ones."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise WrongAnswer("the answer should be a pair: ((n, c, h, w), sum).")
    shape = as_array(answer[0], what="the shape")
    right = (8, 3, 3, 3)  # from (8, 3, 7, 6)
    if shape.shape != (4,):
        raise WrongAnswer("the shape should have four numbers: (images, channels, height, width).")
    mistakes = {
        "the stride is the window unless you say otherwise: 2, not 1.": (8, 3, 6, 5),
        "the seventh row has no partner, so it is in no window: 3 rows, not 4.": (8, 3, 4, 3),
        "pooling treats each channel by itself: 3 go in, 3 come out.": (8, 1, 3, 3),
        "pooling doesn't mix images: 8 go in, 8 come out.": (1, 3, 3, 3),
    }
    name_mistake(shape, mistakes, what="the shape")
    compare(shape, right, what="the shape")
    total = as_number(answer[1], what="the sum")
    ones_in, ones_out = 8 * 3 * 7 * 6, 8 * 3 * 3 * 3
    sums = {
        "that is the sum of the input. The mean of four ones is 1, and fewer numbers come out.": ones_in,
        "the mean of four ones is 1; and the last row of the input is in no window.": ones_in / 4,
        "the mean of four ones is 1, not 4.": 4 * ones_out,
        "the mean of four ones is 1, not a quarter.": ones_out / 4,
        "that is one image's sum; there are 8.": ones_out / 8,
        "that is one channel of one image.": 3 * 3,
    }
    name_mistake(total, sums, what="the sum")
    compare(total, ones_out, what="the sum")
    return "The seventh row was never looked at: with an odd number of rows, something is lost."


def exercise_2(answer: object) -> str:
    """Check a pooling layer with overlapping windows."""
    npx.set_np()
    # MXNet keeps a pooling layer's window and stride private, but global and 1D layers get messages of their own here.
    if isinstance(answer, type) and issubclass(answer, conv_layers._Pooling):
        raise WrongAnswer(f"that is the class; a layer is nn.{answer.__name__}(...), with a window and a stride.")
    if not isinstance(answer, conv_layers._Pooling):
        raise WrongAnswer(
            f"the answer should be a pooling layer such as nn.MaxPool2D(...), not {type(answer).__name__}."
        )
    if answer._kwargs["global_pool"]:
        raise WrongAnswer("global pooling leaves one number of each map, and has no windows that could overlap.")
    if len(answer._kwargs["kernel"]) != 2:
        raise WrongAnswer(f"maps have height and width: take a layer for two dimensions, not {type(answer).__name__}.")
    (height, width), (down, right) = answer._kwargs["kernel"], answer._kwargs["stride"]
    if (height, down) == (2, 2) or (width, right) == (2, 2):
        raise WrongAnswer("windows of 2 with stride 2 are side by side. They should overlap by one.")
    if height != down + 1 or width != right + 1:
        raise WrongAnswer(
            f"windows of {height}×{width} with strides {down} and {right} overlap by {height - down} and "
            f"{width - right}; they should overlap by 1."
        )
    try:
        sides = answer(np.zeros((1, 1, 55, 55))).shape[2:]
    except MXNetError as error:
        raise WrongAnswer(f"the layer can't take maps of 55×55: {str(error).strip().splitlines()[-1]}") from None
    if sides != (27, 27):
        raise WrongAnswer(
            f"it makes maps of {sides[0]}×{sides[1]} from 55×55; they should be 27×27. Look at stride and padding."
        )
    return "AlexNet's authors found that with overlapping windows, it overfits a little less."


def exercise_3(answer: object) -> str:
    """Check 2×2 max pooling of a batch, without loops."""
    random = onp.random.RandomState(10)
    for shape in ((2, 3, 4, 6), (1, 2, 5, 7), (3, 1, 6, 5)):
        X = -1 - 9 * random.rand(*shape)  # negative: an output that starts from zeros, or padding with them, would win
        shown = f"max_pool(X) for X of shape {shape}"
        given = to_mxnet(X)
        got = call(answer, given, shown=shown)
        if not onp.allclose(as_array(given), X, atol=1e-5):
            raise WrongAnswer("X is changed in place; return a new array.")
        windows = _windows(X)  # (n, c, h // 2, w // 2, 2, 2)
        right = windows.max(axis=(4, 5))
        mistakes = {
            "these are the means; the largest numbers are asked for.": windows.mean(axis=(4, 5)),
            "these are the smallest numbers.": windows.min(axis=(4, 5)),
            "this is the corner of each window; three numbers of each are never looked at.": windows[..., 0, 0],
            "the windows are 1×2: take the maximum over two rows as well.": _largest(X, 1, 2),
            "the windows are 2×1: take the maximum over two columns as well.": _largest(X, 2, 1),
            "these are the windows of stride 1; they should be side by side.": _largest(X, 2, 2, stride=1),
            "the channels are mixed: each of them is pooled by itself.": right.max(axis=1, keepdims=True),
            "the axes are mixed up: in reshape(n, c, h // 2, 2, w // 2, 2), a window has axes 3 and 5.": _wrong_axes(X),
            "four neighbors of one row are taken together, but a window consists of two rows.": _four_in_a_row(X),
        }
        different = {f"{shown}: {words}": wrong for words, wrong in mistakes.items() if not _same(wrong, right)}
        name_mistake(got, different, what=shown)
        compare(got, right, what=shown)
    return "The whole batch at once, without a loop."


def _windows(X: onp.ndarray) -> onp.ndarray:
    """Return the 2×2 windows of images (n, c, h, w), side by side: (n, c, h // 2, w // 2, 2, 2)."""
    return onp.lib.stride_tricks.sliding_window_view(X, (2, 2), axis=(2, 3))[:, :, ::2, ::2]


def _largest(X: onp.ndarray, height: int, width: int, stride: int | None = None) -> onp.ndarray:
    """Return the largest numbers of windows; by default, the stride is the window."""
    windows = onp.lib.stride_tricks.sliding_window_view(X, (height, width), axis=(2, 3))
    return windows[:, :, :: stride or height, :: stride or width].max(axis=(4, 5))


def _whole(X: onp.ndarray) -> onp.ndarray:
    """Return images without the rows and columns that are in no window."""
    return X[:, :, : X.shape[2] // 2 * 2, : X.shape[3] // 2 * 2]


def _wrong_axes(X: onp.ndarray) -> onp.ndarray:
    n, c, h, w = _whole(X).shape
    return _whole(X).reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(2, 4))


def _four_in_a_row(X: onp.ndarray) -> onp.ndarray:
    n, c, h, w = _whole(X).shape
    return _whole(X).reshape(n, c, h // 2, w // 2, 4).max(axis=4)


def _same(a: onp.ndarray, b: onp.ndarray) -> bool:
    return a.shape == b.shape and bool(onp.allclose(a, b))
