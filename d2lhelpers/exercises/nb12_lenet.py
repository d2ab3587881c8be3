"""Checks of the exercises of notebook 12, LeNet."""

from collections import Counter
from collections.abc import Sequence
from numbers import Real
from typing import SupportsInt

from mxnet import MXNetError, gluon, np, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_number, call, compare

# Exercise 1: a convolution with 32 kernels of 3x3, without padding, over 16 channels of 14x14.
_IN, _OUT, _KERNEL, _SIZE = 16, 32, 3, 14


def exercise_1(answer: object) -> str:
    """Check the output shape and the number of parameters of a convolution."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or len(answer) != 4:
        raise WrongAnswer("four numbers are asked for: (channels, height, width, parameters).")
    if any(not isinstance(number, Real) for number in answer):
        raise WrongAnswer(f"{answer!r} should contain four numbers: replace every ... with one.")
    side = _SIZE - _KERNEL + 1
    channels, height, width, parameters = answer
    shape = (channels, height, width)
    weights, biases = _OUT * _IN * _KERNEL**2, _OUT
    if shape == (side, side, _OUT):
        raise WrongAnswer(
            f"these are the right numbers in another order: MXNet puts the channels first, and there are {_OUT}."
        )
    if channels == _IN:
        raise WrongAnswer(f"{_IN} channels go in. How many come out is up to the layer: one for each of its kernels.")
    if shape == (_OUT, _SIZE, _SIZE):
        raise WrongAnswer(f"height and width stay at {_SIZE} only with padding. This layer has none.")
    if shape == (_OUT, _SIZE - _KERNEL, _SIZE - _KERNEL):
        raise WrongAnswer(
            "height and width are one short: a kernel as wide as its input still has one position, n − k + 1."
        )
    compare(shape, (_OUT, side, side), what="(channels, height, width)")
    said = {
        weights: f"these are the weights alone. Each of the {_OUT} output channels has a bias, too.",
        weights + _OUT * _IN: "there is one bias per output channel, not one per pair of input and output channel.",
        weights + _IN: "there is one bias per output channel; you added one per input channel.",
        weights + 1: "there is one bias per output channel, not one for the whole layer.",
        _OUT * _KERNEL**2 + biases: f"each kernel reaches through all {_IN} input channels: that factor is missing.",
        _OUT * _KERNEL**2: f"each kernel reaches through all {_IN} input channels, and each has a bias.",
        weights * side**2: "these are the multiply-adds. The same weights serve all output positions: count them once.",
        (weights + biases) * side**2: "the same weights serve all output positions: count them once.",
    }
    if parameters in said:
        raise WrongAnswer(f"the shape is right, but the {parameters:,} parameters are not: {said[parameters]}")
    compare(parameters, weights + biases, what="the number of parameters")
    return "The image shrinks by k − 1, and the parameters do not depend on its size at all."


def exercise_2(answer: object) -> str:
    """Check a LeNet that takes 32x32 color images."""
    npx.set_np()  # before the layers are made: they are of the kind that is set then
    net = call(answer, shown="color_lenet()")
    if not isinstance(net, gluon.Block):
        raise WrongAnswer(f"color_lenet() should return a net, but it returns {type(net).__name__}.")
    weights, output = _run(net, (2, 3, 32, 32))
    kernels = [shape for shape in weights if len(shape) == 4]
    matrices = [shape for shape in weights if len(shape) == 2]
    if [shape[0] for shape in kernels] != [6, 16] or any(shape[2:] != (5, 5) for shape in kernels):
        raise WrongAnswer(f"the convolutions should keep their 6 and 16 kernels of 5×5; their weights are {kernels}.")
    if [shape[0] for shape in matrices] != [120, 84, 10]:
        raise WrongAnswer(f"the dense layers should keep 120, 84 and 10 units; yours have {[s[0] for s in matrices]}.")
    inputs = matrices[0][1]
    if inputs == 16 * 6 * 6:
        raise WrongAnswer(
            "the first dense layer gets 576 = 16·6·6 inputs, not 400. The padding of 2 made room around a 28×28 "
            "image; a 32×32 image needs none."
        )
    if inputs != 16 * 5 * 5:
        raise WrongAnswer(f"the first dense layer gets {inputs} inputs, and should get 400 = 16·5·5 as before.")
    if output != (2, 10):
        raise WrongAnswer(f"for 2 images the net should return shape (2, 10); it returns {output}.")
    _check_activations(net)
    return "Only the first convolution changes: it has three times its weights, which makes 62,006 parameters in all."


def _check_activations(net: gluon.Block) -> None:
    """Raise `WrongAnswer` if none of the layers is followed by an activation."""
    # If all pixels are equal, max pooling does nothing, so only activations can bend the outputs' straight lines.
    low, middle, high = net(np.array([-100, 0, 200]).reshape(3, 1, 1, 1) * np.ones((1, 3, 32, 32))).asnumpy()
    if abs((high - middle) - 2 * (middle - low)).max() < 1e-4 * abs(high - low).max():
        raise WrongAnswer(
            'the sizes are right, but the activations are missing: activation="relu" in both convolutions and in the '
            "first two dense layers. Without them, layers in a row can do no more than one."
        )


def _run(net: gluon.Block, shape: tuple[int, ...]) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """Return the shapes of the weights of a net, in order, and its output's, after a batch of the given shape."""
    net.initialize(force_reinit=True)
    try:
        output = net(np.zeros(shape))
        output.wait_to_read()
    except (MXNetError, ValueError, AssertionError) as error:
        reason = str(error).strip().splitlines()[-1]
        raise WrongAnswer(f"the net does not take a batch of shape {shape}: {reason}") from None
    weights = [p.shape for name, p in net.collect_params().items() if name.endswith("weight")]
    return weights, output.shape


def exercise_3(answer: object) -> str:
    """Check a function that counts the multiply-adds of a convolution."""
    for arguments in ((6, 16, 5, 14, 0), (1, 6, 5, 28, 2), (3, 8, 3, 9, 1), (100, 100, 5, 64, 2)):
        in_channels, out_channels, kernel, size, padding = arguments
        shown = f"conv_multiply_adds({', '.join(str(number) for number in arguments)})"
        got = call(answer, *arguments, shown=shown)
        positions = (size - kernel + 2 * padding + 1) ** 2
        right = in_channels * out_channels * kernel**2 * positions
        wrong: dict[float, str] = {
            right // positions: "that is the work for one output position: multiply by the number of positions.",
            right // positions + out_channels: "these are the parameters. Each weight works once per output position.",
            right
            // positions
            * size**2: "you counted the positions in the input. A kernel is applied only where it fits.",
            right // positions * (size - kernel + 1) ** 2: "the padding is missing from the size of the output.",
            right // positions * (size - kernel + padding + 1) ** 2: "padding is added on both sides: 2·padding.",
            right // positions * (size - kernel + 2 * padding) ** 2: "the output is one wider: n − k + 2·padding + 1.",
            right // positions * (size - kernel + 2 * padding + 1): "the output has height times width positions.",
            right // in_channels: "each kernel reaches through all input channels: that factor is missing.",
            right // out_channels: "each output channel costs as much again: that factor is missing.",
            right // kernel: "the kernel has height times width weights: kernel².",
            2 * right: "count a multiplication and its addition as one multiply-add.",
            right + out_channels * positions: "leave the biases out: they are added, not multiplied.",
        }
        wrong.pop(right, None)  # with padding 0, some of the wrong ways give the right number
        value = as_number(got, what=shown)
        if value in wrong:
            raise WrongAnswer(f"{shown} is {value:,.0f}, and should be {right:,}: {wrong[value]}")
        compare(value, right, what=shown)
    return "The last case of the check, 100 channels of 64×64 pixels, takes a billion multiply-adds: 2 GFLOP per image."


def exercise_4(answer: object) -> str:
    """Check a function that finds the most frequent confusion."""
    cases = (
        ([4, 4, 4, 9, 9, 7], [9, 9, 4, 4, 9, 1], (4, 9, 2)),
        ([8, 8, 8, 8, 3, 3, 3, 5], [8, 8, 8, 3, 5, 5, 8, 3], (3, 5, 2)),
        ([0, 1, 2, 2, 1, 1, 0, 0, 0], [0, 1, 1, 2, 7, 7, 6, 6, 6], (0, 6, 3)),
    )
    for labels, predictions, right in cases:
        shown = f"most_confused({labels}, {predictions})"
        got = call(answer, np.array(labels, dtype="int32"), np.array(predictions, dtype="int32"), shown=shown)
        triple = _triple(got, shown)
        pairs = Counter(zip(labels, predictions, strict=True))
        if triple[0] == triple[1]:
            raise WrongAnswer(
                f"{shown} is {triple}: a {triple[0]} taken for a {triple[1]} is no confusion. Leave such pairs out."
            )
        if triple == (right[1], right[0], right[2]):
            raise WrongAnswer(f"{shown} is {triple}: the other way around, the true digit comes first.")
        both = pairs[right[:2]] + pairs[right[1::-1]]
        if triple[2] == both != right[2]:
            raise WrongAnswer(
                f"{shown} is {triple}: {right[0]} taken for {right[1]} is one confusion, the reverse another."
            )
        if triple[:2] == right[:2]:
            compare(triple[2], right[2], what=f"the count of {shown}")
        if triple != right:
            raise WrongAnswer(f"{shown} is {triple}, and should be {right}.")
    return "Try it on `test_labels` and the predictions of your own net."


def _triple(value: object, shown: str) -> tuple[int, int, int]:
    """Return an answer of three numbers as integers."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 3:
        raise WrongAnswer(f"{shown} should be (true digit, predicted digit, times), but it is {value!r}.")
    first, second, third = (_integer(number, shown) for number in value)
    return first, second, third


def _integer(value: object, shown: str) -> int:
    if not isinstance(value, SupportsInt):
        raise WrongAnswer(f"{shown} should contain three integers, but one is {value!r}.")
    return int(value)
