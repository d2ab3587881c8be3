"""Checks of the exercises of notebook 13, AlexNet."""

from collections.abc import Sequence
from numbers import Real

import numpy as np
from mxnet import autograd

from d2lhelpers.exercises.answers import WrongAnswer, as_array, call, compare, name_mistake, to_mxnet

# Exercise 1: AlexNet on images of this side; window and stride of the first convolution and of the poolings.
_SIDE = 256
_WINDOWS = ((11, 4), (3, 2), (3, 2), (3, 2))
_CHANNELS, _UNITS = 256, 4096


def _side(windows: Sequence[tuple[int, int]], side: int = _SIDE) -> int:
    for window, stride in windows:
        side = (side - window) // stride + 1
    return side


def exercise_1(answer: object) -> str:
    """Check the shape of the last feature maps, and the parameters of the first dense layer."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or len(answer) != 4:
        raise WrongAnswer("four numbers are asked for: (channels, height, width, parameters).")
    if any(not isinstance(number, Real) for number in answer):
        raise WrongAnswer(f"{answer!r} does not hold four numbers: replace every ... by one.")
    side = _side(_WINDOWS)
    channels, height, width, parameters = answer
    shape = (channels, height, width)
    if shape == (side, side, _CHANNELS):
        raise WrongAnswer(f"the right numbers in another order: MXNet puts the channels, {_CHANNELS} here, first.")
    if channels == 384:
        raise WrongAnswer("the third and fourth convolution put out 384 channels, the fifth one 256 again.")
    said = {
        _side(_WINDOWS, 224): "that is the size for images of 224×224; these have 256×256. Or is the + 1 missing in "
        "each layer?",
        _side(_WINDOWS[:3]): "one pooling is missing: there are three, the last one after the fifth convolution.",
        _side(_WINDOWS) + 1: "one too many: a window that does not fit is left out, so round down at every layer, "
        "and the poolings have windows of 3×3.",
        _side((_WINDOWS[0], (3, 3), (3, 3), (3, 3))): "the windows of 3×3 overlap: they move by 2, not by 3.",
    }
    if height == width and height in said:
        raise WrongAnswer(f"height and width are not {height}: {said[height]}")
    compare(shape, (_CHANNELS, side, side), what="(channels, height, width)")
    inputs = _CHANNELS * side * side
    mistakes = {
        inputs * _UNITS: f"these are the weights alone. Each of the {_UNITS:,} units has a bias, too.",
        inputs: f"these are the inputs of one unit. There are {_UNITS:,} units.",
        inputs + 1: f"these are the parameters of one unit. There are {_UNITS:,} units.",
        inputs * _UNITS + 1: f"each of the {_UNITS:,} units has a bias of its own.",
        inputs * (_UNITS + 1): "there is one bias for each unit, not one for each input.",
        (_CHANNELS + 1) * _UNITS: f"each unit reads all {side}×{side} positions of every channel.",
        _CHANNELS * _UNITS: f"each unit reads all {side}×{side} positions of every channel, and has a bias.",
        (side * side + 1) * _UNITS: f"each unit reads all {_CHANNELS} channels, not one.",
    }
    if parameters in mistakes:
        raise WrongAnswer(f"the shape is right, but not the {parameters:,} parameters: {mistakes[int(parameters)]}")
    compare(parameters, (inputs + 1) * _UNITS, what="the number of parameters", rtol=0)
    return "One more row and one more column than for 224×224, and the layer has almost half as many parameters again."


def exercise_2(answer: object) -> str:
    """Check a dropout that rescales when predicting instead of when training."""
    for rate in (0.2, 0.75):
        values = np.array([[1.0, -2, 3, 4], [5, 6, -7, 8]])
        mask = np.array([[1.0, 0, 1, 1], [0, 1, 1, 0]])
        arguments = to_mxnet(values), to_mxnet(mask), rate
        shown = f"paper_dropout(H, keep, {rate})"
        with autograd.train_mode():
            training = as_array(call(answer, *arguments, shown=shown), what=shown)
        with autograd.predict_mode():
            predicting = as_array(call(answer, *arguments, shown=shown), what=shown)
        what = f"{shown} in training"
        if not np.allclose(values * mask, training) and np.allclose(training, predicting):
            raise WrongAnswer(f"{shown} gives the same in training and in predicting: ask autograd.is_training().")
        name_mistake(
            training,
            {
                f"{what} divides by 1 − rate, as Gluon does. In the paper, they stay as they are.": values
                * mask
                / (1 - rate),
                f"{what} multiplies by 1 − rate: that is for predicting.": values * (1 - rate),
                f"{what} should set to zero the units whose mask is 0; it sets those to zero whose mask is 1.": values
                * (1 - mask),
                f"{what} drops and multiplies by 1 − rate. In the paper, units that stay keep theirs.": values
                * mask
                * (1 - rate),
                f"{what} should set units to zero: multiply by the mask.": values,
            },
            what=what,
        )
        compare(training, values * mask, what=what)
        what = f"{shown} in predicting"
        name_mistake(
            predicting,
            {
                f"{what} leaves the units as they are. In training, some were zero; all of them together are "
                "too much for the next layer.": values,
                f"{what} uses the mask. All units take part in predicting.": values * mask,
                f"{what} uses the mask. All units take part, each times 1 − rate.": values * mask * (1 - rate),
                f"{what} multiplies by the rate. In training, only a share of 1 − rate was there.": values * rate,
                f"{what} divides by 1 − rate. All units are there now, more than in training: they must be smaller.": (
                    values / (1 - rate)
                ),
            },
            what=what,
        )
        compare(predicting, values * (1 - rate), what=what)
    return "Every use of the network pays for that factor; Gluon's way, training pays for it."


def exercise_3(answer: object) -> str:
    """Check a function that mirrors the chosen images of a batch."""
    random = np.random.RandomState(0)
    for shape, which in (((4, 3, 2, 5), [1, 0, 0, 1]), ((3, 1, 4, 4), [0, 1, 0]), ((2, 3, 3, 6), [0, 0])):
        X = random.normal(size=shape).astype("float32")
        chosen = np.array(which)
        given = to_mxnet(X)
        shown = f"flip_some(X, {which}), X of shape {shape},"
        got = call(answer, given, to_mxnet(chosen), shown=shown)
        if not np.array_equal(as_array(given), X):
            raise WrongAnswer("X itself has been changed. The caller may need it again, so return new images.")
        condition = chosen.astype(bool).reshape(-1, 1, 1, 1)
        right = np.where(condition, X[..., ::-1], X)
        mistakes = {
            "all images are mirrored. Those with a 0 in `chosen` should stay as they are.": X[..., ::-1],
            "no image is mirrored. Those with a 1 in `chosen` should be.": X,
            "the images with a 0 are mirrored, and those with a 1 are not: the other way round.": np.where(
                condition, X, X[..., ::-1]
            ),
            "the images are turned upside down. Left and right is the last axis.": np.where(
                condition, X[:, :, ::-1], X
            ),
            "the images are turned by half a turn. Only the last axis should be reversed.": np.where(
                condition, X[:, :, ::-1, ::-1], X
            ),
            "the channels are reversed: red is blue now. Left and right is the last axis.": np.where(
                condition, X[:, ::-1], X
            ),
        }
        name_mistake(got, {words: wrong for words, wrong in mistakes.items() if not np.array_equal(wrong, right)})
        compare(got, right, what=shown)
    return "With `chosen` drawn anew for every batch, this is the paper's random mirroring."
