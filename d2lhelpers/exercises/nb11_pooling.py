"""Checks of the exercises of notebook 11, pooling."""

# Answers are computed in the original NumPy: independent of what the student computes with.
import numpy as onp
from mxnet import MXNetError, np, npx
from mxnet.gluon.nn import conv_layers

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet

_SHAPE = (8, 3, 7, 6)  # exercise 1: what goes in, windows of 2x2
_BEFORE, _AFTER = 55, 27  # exercise 2: sides of the maps


def exercise_1(answer: object) -> str:
    """Check the output shape of average pooling, and the sum of its numbers for an input of ones."""
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise WrongAnswer("check wants the pair ((n, c, h, w), sum).")
    shape = as_array(answer[0], what="the shape")
    right = (_SHAPE[0], _SHAPE[1], _SHAPE[2] // 2, _SHAPE[3] // 2)
    if shape.shape != (4,):
        raise WrongAnswer("a shape of four numbers is asked for: (images, channels, height, width).")
    mistakes = {
        "the stride is the window when nobody says otherwise: 2, not 1.": (8, 3, 6, 5),
        "the seventh row has no partner, and Gluon leaves it out: 3 rows, not 4.": (8, 3, 4, 3),
        "pooling treats each channel by itself: 3 go in, 3 come out.": (8, 1, 3, 3),
        "pooling does not join images: 8 go in, 8 come out.": (1, 3, 3, 3),
    }
    name_mistake(shape, mistakes, what="the shape")
    compare(shape, right, what="the shape")
    total = as_number(answer[1], what="the sum")
    sums = {
        "that is the sum of the input. The mean of four ones is 1, and there are fewer numbers now.": onp.prod(_SHAPE),
        "the mean of four ones is 1; and the last row of the input is in no window.": onp.prod(_SHAPE) / 4,
        "the mean of four ones is 1, not 4.": 4 * onp.prod(right),
        "the mean of four ones is 1, not a quarter.": onp.prod(right) / 4,
        "that is one image's sum; there are 8.": onp.prod(right) / 8,
        "that is one channel of one image.": right[2] * right[3],
    }
    name_mistake(total, sums, what="the sum")
    compare(total, onp.prod(right), what="the sum")
    return "The last row was never looked at: with an odd side something is lost."


def exercise_2(answer: object) -> str:
    """Check a pooling layer with overlapping windows."""
    npx.set_np()
    if isinstance(answer, type) and issubclass(answer, conv_layers._Pooling):
        raise WrongAnswer(f"that is the class; a layer is nn.{answer.__name__}(...), with a window and a stride.")
    if not isinstance(answer, conv_layers._Pooling):
        raise WrongAnswer(f"a pooling layer such as nn.MaxPool2D(...) is asked for, not {type(answer).__name__}.")
    if answer._kwargs["global_pool"]:
        raise WrongAnswer("global pooling makes each map a single number, and has no windows that could overlap.")
    if len(answer._kwargs["kernel"]) != 2:
        raise WrongAnswer(f"maps have height and width: take a layer for two dimensions, not {type(answer).__name__}.")
    (height, width), (down, right) = answer._kwargs["kernel"], answer._kwargs["stride"]
    if (height, down) == (2, 2) or (width, right) == (2, 2):
        raise WrongAnswer("27 is right, but windows of 2 with stride 2 lie side by side. They should overlap by one.")
    if height != down + 1 or width != right + 1:
        raise WrongAnswer(
            f"windows of {height}×{width} with strides {down} and {right} overlap by {height - down} and "
            f"{width - right} pixels; 1 is asked for."
        )
    try:
        sides = answer(np.zeros((1, 1, _BEFORE, _BEFORE))).shape[2:]
    except MXNetError as error:
        raise WrongAnswer(f"the layer does not take maps of 55×55: {str(error).strip().splitlines()[-1]}") from None
    if sides != (_AFTER, _AFTER):
        raise WrongAnswer(
            f"it makes {sides[0]}×{sides[1]} of 55×55, and should make 27×27. Look at stride and padding."
        )
    return "Its authors found that overlapping windows overfit a little less."


def exercise_3(answer: object) -> str:
    """Check max pooling from scratch with a stride."""
    random = onp.random.RandomState(10)
    for shape, size, stride in (((4, 4), 2, 2), ((5, 7), 3, 2), ((6, 4), 2, 1), ((7, 8), 2, 3)):
        X = -1 - 9 * random.rand(*shape)  # negative: an output that starts from zeros would win
        shown = f"max_pool(X, {size}, {stride}) for X of shape {shape}"
        given = to_mxnet(X)
        got = call(answer, given, size, stride, shown=shown)
        if not onp.allclose(as_array(given), X, atol=1e-5):
            raise WrongAnswer("X is changed in place; write into a new array.")
        right = _pool(X, size, stride, onp.max)
        mistakes = {
            f"{shown}: these are the means; the largest numbers are asked for.": _pool(X, size, stride, onp.mean),
            f"{shown}: these are the smallest numbers.": _pool(X, size, stride, onp.min),
            f"{shown}: the stride is not used: these are the windows one apart.": _pool(X, size, 1, onp.max),
            f"{shown}: the stride is asked for, not the size: windows need not lie side by side.": _pool(
                X, size, size, onp.max
            ),
            f"{shown}: all zeros: is the window's maximum written into Y?": onp.zeros_like(right),
        }
        one_apart = _pool(X, size, 1, onp.max)[: right.shape[0], : right.shape[1]]
        mistakes[f"{shown}: the shape is right, but the windows start one apart: multiply by stride."] = one_apart
        different = {words: wrong for words, wrong in mistakes.items() if not _same(wrong, right)}
        name_mistake(got, different, what=shown)
        compare(got, right, what=shown)
    return "The same loop with another last line is a convolution with a stride."


def _pool(X: onp.ndarray, size: int, stride: int, reduce: object) -> onp.ndarray:
    windows = onp.lib.stride_tricks.sliding_window_view(X, (size, size))[::stride, ::stride]
    return reduce(windows, axis=(2, 3))  # type: ignore[operator]


def _same(a: onp.ndarray, b: onp.ndarray) -> bool:
    return a.shape == b.shape and bool(onp.allclose(a, b))
