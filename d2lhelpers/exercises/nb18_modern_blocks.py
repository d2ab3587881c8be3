"""Checks of the exercises of notebook 18, modern blocks."""

# Answers are computed in the original NumPy: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet

_CHANNELS, _KERNEL, _GROUPS = 128, 5, 8  # exercise 1
_OUTER, _INNER, _BOTTLENECK_GROUPS = 256, 64, 8  # exercise 2


def exercise_1(answer: object) -> str:
    """Check the weights of a plain, a grouped and a depthwise-separable convolution."""
    if not isinstance(answer, tuple | list) or len(answer) != 3:
        raise WrongAnswer("the answer is three numbers: (plain, 8 groups, separable).")
    if any(number is ... for number in answer):
        raise WrongAnswer("there are still dots among the three numbers: replace each ... by a number.")
    plain, grouped, separable = (as_number(number, what="each of the three") for number in answer)
    area, square = _KERNEL**2, _CHANNELS**2
    right = area * square
    name_mistake(
        plain,
        {
            f"plain: {area * _CHANNELS:,} is one kernel for each output. Each needs one for every input channel.": (
                area * _CHANNELS
            ),
            f"plain: {right + _CHANNELS:,} counts {_CHANNELS} biases. These layers have none.": right + _CHANNELS,
            f"plain: a kernel has {_KERNEL}·{_KERNEL} weights, not {_KERNEL}.": _KERNEL * square,
        },
    )
    compare(plain, right, what="the number for the plain convolution")
    name_mistake(
        grouped,
        {
            "8 groups: only the inputs are divided. There are still 128 outputs, not 16 of them.": right / _GROUPS**2,
            "8 groups: divide the plain convolution's number by 8, don't multiply it.": right * _GROUPS,
            "8 groups: groups of 8 channels would be 16 groups.": right * 8 / _CHANNELS,
            "8 groups: that is as many as without. An output channel reads only its own group.": right,
        },
    )
    compare(grouped, right / _GROUPS, what="the number for 8 groups")
    depthwise = area * _CHANNELS
    name_mistake(
        separable,
        {
            "separable: that is the depthwise layer alone. The 1×1 convolution that mixes is missing.": depthwise,
            "separable: that is the 1×1 convolution alone. The depthwise layer before it is missing.": square,
            "separable: the two layers follow one another, so their weights add; you multiplied.": depthwise * square,
            "separable: in the 1×1 convolution each of 128 outputs reads all 128 channels: 128·128.": (
                depthwise + _CHANNELS
            ),
        },
    )
    compare(separable, depthwise + square, what="the number for the separable pair")
    return f"The pair has {right / (depthwise + square):.0f} times fewer weights; with 3×3 kernels it would be 8 times."


def exercise_2(answer: object) -> str:
    """Check the widest bottleneck with 8 groups that has no more weights than ResNet's."""
    width = as_number(answer, what="the width")
    budget = _weights(_INNER, 1)
    best = max(w for w in range(_BOTTLENECK_GROUPS, _OUTER + 1, _BOTTLENECK_GROUPS) if _weights(w) <= budget)
    if width == best // _BOTTLENECK_GROUPS:
        raise WrongAnswer(f"{width:g} is the width of one group. The answer is the width of the layer, all 8 groups.")
    if width != int(width) or width < 1:
        raise WrongAnswer("the width is a number of channels: a positive whole number.")
    width = int(width)
    if width % _BOTTLENECK_GROUPS:
        raise WrongAnswer(f"{width} channels cannot be cut into {_BOTTLENECK_GROUPS} equal groups.")
    weights = _weights(width)
    if width == _INNER:
        raise WrongAnswer(f"at width {_INNER} the groups save: {weights:,} weights of {budget:,}. Spend the rest.")
    if weights > budget:
        raise WrongAnswer(f"width {width} takes {weights:,} weights, more than {budget:,}. Make it narrower.")
    if width != best:
        raise WrongAnswer(f"width {width} takes {weights:,} weights. There is room for more below {budget:,}.")
    return f"{weights:,} weights. The paper widens its network in the same way, up to 32 groups and width 128."


def _weights(width: int, groups: int = _BOTTLENECK_GROUPS) -> int:
    """Count the weights of a bottleneck of three convolutions, 1x1, 3x3 with groups, 1x1."""
    return 2 * _OUTER * width + 9 * width * width // groups


def exercise_3(answer: object) -> str:
    """Check squeeze-and-excite from scratch."""
    generator = onp.random.RandomState(17)
    for n, c, r, h, w in ((2, 6, 3, 4, 5), (1, 4, 2, 3, 3), (3, 3, 2, 3, 3)):
        X = generator.normal(0.3, 1, size=(n, c, h, w))
        W1, W2 = generator.normal(size=(r, c)), generator.normal(size=(c, r))
        shown = f"squeeze_excite(X, W1, W2) with X of shape {X.shape}"
        got = call(answer, to_mxnet(X), to_mxnet(W1), to_mxnet(W2), shown=shown)
        value = as_array(got, what="squeeze_excite(X, W1, W2)")
        means = X.mean((2, 3))
        hidden = onp.maximum(means @ W1.T, 0)
        scores = hidden @ W2.T
        weights = _sigmoid(scores)
        softmax = onp.exp(scores) / onp.exp(scores).sum(1, keepdims=True)
        sums = _sigmoid(onp.maximum(X.sum((2, 3)) @ W1.T, 0) @ W2.T)
        largest = _sigmoid(onp.maximum(X.max((2, 3)) @ W1.T, 0) @ W2.T)
        swapped = onp.maximum(_sigmoid(means @ W1.T) @ W2.T, 0)
        mistakes = {
            "these are the weights. Multiply the input by them.": weights,
            "these are the weights, with two more axes. Multiply the input by them.": weights[:, :, None, None],
            "the ReLU after W1 is missing.": _weighted(X, _sigmoid(means @ W1.T @ W2.T)),
            "the sigmoid after W2 is missing: weights should be between 0 and 1.": _weighted(X, scores),
            "the sigmoid is missing: you used ReLU twice.": _weighted(X, onp.maximum(scores, 0)),
            "a softmax makes channels compete; each should get a weight of its own, from a sigmoid.": _weighted(
                X, softmax
            ),
            "take the mean of each channel, not the sum.": _weighted(X, sums),
            "take the mean of each channel, not the maximum.": _weighted(X, largest),
            "ReLU comes after W1 and the sigmoid after W2: yours are swapped.": _weighted(X, swapped),
            "multiply the input by the weights, don't add them.": X + weights[:, :, None, None],
        }
        right = _weighted(X, weights)
        if value.shape != right.shape or not onp.allclose(value, right, atol=1e-4):  # a mistake may give the same
            name_mistake(value, mistakes, what="squeeze_excite(X, W1, W2)")
        compare(value, right, what="squeeze_excite(X, W1, W2)")
    return "Two matrices are all it learns."


def _sigmoid(x: onp.ndarray) -> onp.ndarray:
    return 1 / (1 + onp.exp(-x))


def _weighted(X: onp.ndarray, weights: onp.ndarray) -> onp.ndarray:
    """Multiply each channel by its weight."""
    return X * weights[:, :, None, None]
