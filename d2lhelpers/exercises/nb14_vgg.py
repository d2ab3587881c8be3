"""Checks of the exercises of notebook 14, VGG."""

from collections.abc import Sequence
from numbers import Integral, Real

from d2lhelpers.exercises.answers import WrongAnswer, as_number, call, compare

# Exercise 1: 3x3 layers that see as far as one 11x11, with 64 channels in and out.
_VIEW, _CHANNELS = 11, 64

# Exercise 2: ten convolutions that turn one map of 64x64 into 256 of 4x4, with less than so many parameters.
_SIZE, _SIZE_OUT, _CHANNELS_OUT, _CONVS, _LIMIT = 64, 4, 256, 10, 2_000_000


def exercise_1(answer: object) -> str:
    """Check the depth and the weights of a stack of 3x3 layers, and the weights of one large kernel."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or len(answer) != 3:
        raise WrongAnswer("three numbers are asked for: (layers, weights of the stack, weights of 11×11).")
    if any(isinstance(number, bool) or not isinstance(number, Real) for number in answer):
        raise WrongAnswer(f"{answer!r} does not hold three numbers: replace every ... by one.")
    layers, stack, single = answer
    right_layers = (_VIEW - 1) // 2
    pairs = _CHANNELS**2
    if layers == right_layers + 1:
        raise WrongAnswer("one too many: the first layer sees 3 pixels already, and every further one adds two.")
    if layers in (3, 4, _VIEW / 3):
        raise WrongAnswer("the views overlap: a further layer adds one pixel on each side, two in all and not three.")
    if layers == _VIEW - 2:
        raise WrongAnswer("a further layer adds one pixel on each side, so two in all and not one.")
    compare(layers, right_layers, what="the number of layers")
    said = {
        9 * pairs: f"that is one layer of 3×3, and the stack has {right_layers}.",
        9 * right_layers * _CHANNELS: "each of the 64 output channels has a kernel for each of the 64 input channels.",
        9 * right_layers: "that is for one channel in and one out; there are 64 of each.",
        9 * right_layers * pairs + right_layers * _CHANNELS: "no biases are asked for, only weights.",
        9**right_layers * pairs: "layers that follow each other add their weights; they do not multiply them.",
        _VIEW**2 * pairs: "that is the single layer of 11×11: the stack comes first.",
    }
    if stack in said:
        raise WrongAnswer(f"{stack:,} weights of the stack: {said[stack]}")
    compare(stack, 9 * right_layers * pairs, what="the number of weights of the stack")
    said = {
        _VIEW**2 * _CHANNELS: "each of the 64 output channels has a kernel for each of the 64 input channels.",
        _VIEW**2: "that is for one channel in and one out; there are 64 of each.",
        _VIEW**2 * pairs + _CHANNELS: "no biases are asked for, only weights.",
        _VIEW * pairs: "a kernel of 11×11 has 121 weights, not 11.",
    }
    if single in said:
        raise WrongAnswer(f"{single:,} weights of 11×11: {said[single]}")
    compare(single, _VIEW**2 * pairs, what="the number of weights of 11×11")
    return f"The stack has {9 * right_layers / _VIEW**2:.0%} of the weights, and four more ReLUs."


def exercise_2(answer: object) -> str:
    """Check a list of VGG blocks."""
    blocks = _blocks(answer)
    halvings = len(blocks)
    size = _SIZE >> halvings
    if size != _SIZE_OUT:
        raise WrongAnswer(
            f"after {halvings} block{'s' if halvings > 1 else ''}, 64 pixels have become {size}, but 4 are asked for. "
            "Each block halves once."
        )
    convs = sum(count for count, _ in blocks)
    if convs != _CONVS:
        raise WrongAnswer(f"these are {convs} convolutions, but {_CONVS} are asked for.")
    width = blocks[-1][1]
    if width != _CHANNELS_OUT:
        raise WrongAnswer(f"the last block outputs {width} maps, but {_CHANNELS_OUT} are asked for.")
    parameters, channels_in = 0, 1
    for count, channels in blocks:
        for _ in range(count):
            parameters += channels * (channels_in * 9 + 1)
            channels_in = channels
    if parameters >= _LIMIT:
        raise WrongAnswer(
            f"shape and depth are right, but there are {parameters:,} parameters. A layer's grow with the square of "
            "its width: make the early blocks narrower, or move convolutions there."
        )
    return f"Your blocks have {parameters:,} parameters."


def _blocks(answer: object) -> list[tuple[int, int]]:
    """Return an answer as a list of pairs of positive whole numbers."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or not answer:
        raise WrongAnswer("a list of pairs is asked for, one for each block: [(convolutions, channels), ...].")
    blocks = []
    for pair in answer:
        if pair is ...:
            raise WrongAnswer("there is still a ... in the list: replace it by blocks.")
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise WrongAnswer(f"each block is a pair (convolutions, channels), but one of yours is {pair!r}.")
        if any(isinstance(number, bool) or not isinstance(number, Integral) or number < 1 for number in pair):
            raise WrongAnswer(f"{pair!r} should hold two whole numbers, 1 or more.")
        blocks.append((int(pair[0]), int(pair[1])))
    if any(count > channels for count, channels in blocks):
        raise WrongAnswer("a pair is (convolutions, channels), in this order. Yours look the other way round.")
    return blocks


def exercise_3(answer: object) -> str:
    """Check a function that computes the receptive field of a chain of layers."""
    block = [(3, 1), (3, 1), (2, 2)]
    vgg11 = [layer for count in (1, 1, 2, 2, 2) for layer in [(3, 1)] * count + [(2, 2)]]
    alexnet = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    for name, layers in (("", [(3, 1), (3, 1)]), ("", block), ("", block * 2), ("VGG-11", vgg11), ("AlexNet", alexnet)):
        shown = f"receptive_field({f'layers of {name}' if name else layers})"
        value = as_number(call(answer, list(layers), shown=shown), what=shown)
        right = _field(layers)
        wrong: dict[float, str] = {
            _without_strides(layers): "the strides are missing: after a stride of 2 each step is two pixels wide.",
            _stride_too_early(layers): "a layer's own stride widens the steps of the layers above it, not its own.",
            _upside_down(layers): "field = (field − 1) · stride + kernel goes from the last layer to the first.",
            _latest_stride(layers): "strides multiply: after two of them, a step is 2 · 2 pixels wide.",
            right - 1: "one short: before the first layer the field is one pixel, not none.",
            sum(kernel for kernel, _ in layers): "the views overlap: a layer adds kernel − 1 steps, not kernel.",
        }
        wrong.pop(right, None)  # in simple chains some of the wrong ways give the right number
        if value in wrong:
            raise WrongAnswer(f"{shown} is {value:g}, and should be {right}: {wrong[value]}")
        compare(value, right, what=shown)
    return f"VGG-11 sees {_field(vgg11)} pixels, as measured; AlexNet's convolutions and pools see {_field(alexnet)}."


Layers = Sequence[tuple[int, int]]


def _field(layers: Layers) -> int:
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


def _without_strides(layers: Layers) -> int:
    return 1 + sum(kernel - 1 for kernel, _ in layers)


def _stride_too_early(layers: Layers) -> int:
    field, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        field += (kernel - 1) * step
    return field


def _upside_down(layers: Layers) -> int:
    field = 1
    for kernel, stride in layers:
        field = (field - 1) * stride + kernel
    return field


def _latest_stride(layers: Layers) -> int:
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step = stride
    return field
