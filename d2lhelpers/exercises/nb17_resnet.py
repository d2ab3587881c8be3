"""Checks of the exercises of notebook 17, ResNet."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from numbers import Real
from typing import Any

import numpy as onp  # NumPy itself, for random numbers; np is MXNet's
from mxnet import gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers.exercises.answers import NotDone, WrongAnswer, as_array, call, compare

# Exercise 1: a residual block of 128 channels with stride 2, applied to 64 channels of 56×56.
_IN, _OUT, _SIZE = 64, 128, 56


def exercise_1(answer: object) -> str:
    """Check the output shape of a residual block and the weights of its 1×1 convolution."""
    channels, height, width, weights = _numbers(answer, "(channels, height, width, weights)")
    half = _SIZE // 2
    shape = (channels, height, width)
    if shape == (half, half, _OUT):
        raise WrongAnswer(f"these are the right numbers in another order: MXNet puts the channels, {_OUT} here, first.")
    if channels == _IN:
        raise WrongAnswer(f"{_IN} channels go in. The block's first argument says how many come out.")
    if shape == (_OUT, _SIZE, _SIZE):
        raise WrongAnswer(f"height and width stay at {_SIZE} only with strides=1. This block has strides=2.")
    if shape == (_OUT, half // 2, half // 2):
        raise WrongAnswer(
            "the size is halved once, not twice: only the first of the two 3×3 convolutions has stride 2."
        )
    if shape in {(_OUT, half - 1, half - 1), (_OUT, half + 1, half + 1)}:
        raise WrongAnswer(f"with its padding, a stride of 2 turns {_SIZE} rows into exactly half as many.")
    compare(shape, (_OUT, half, half), what="(channels, height, width)")
    right = _IN * _OUT
    said: dict[float, str] = {
        right + _OUT: "the block's convolutions have no bias: batch norm would subtract it. Count the weights only.",
        right * 9: "that is a 3×3 convolution. A 1×1 kernel has one weight for each pair of channels.",
        _OUT * _OUT * 9: "that is the second 3×3 convolution. A 1×1 kernel has one weight for each pair of channels.",
        _OUT * _OUT: f"the 1×1 convolution is on the skip connection: {_IN} channels go into it, not {_OUT}.",
        _IN * _IN: f"the 1×1 convolution gives the skip connection {_OUT} channels, so that the sum is possible.",
        _OUT: f"each of the {_OUT} output channels has a weight for each of the {_IN} input channels.",
        _IN: f"each of the {_OUT} output channels has a weight for each of the {_IN} input channels.",
        right * half**2: "these are the multiply-adds. The same weights are used at all positions: count them once.",
        right * _SIZE**2: "the same weights are used at all positions: count them once.",
    }
    if weights in said:
        raise WrongAnswer(f"the shape is right, but not the {weights:,.0f} weights: {said[weights]}")
    compare(weights, right, what="the number of weights")
    return "The 1×1 convolution has a ninth of the weights of the 3×3 convolution on the other path."


# Exercise 2: ResNet-34 with its blocks distributed differently.
_PAPER, _LAYERS, _LIMIT = (3, 4, 6, 3), 34, 15_000_000


def exercise_2(answer: object) -> str:
    """Check the numbers of blocks of a ResNet with 34 layers and few parameters."""
    blocks = tuple(_numbers(answer, "the number of blocks in each of four modules"))
    if any(number != int(number) for number in blocks):
        raise WrongAnswer(f"{answer!r} contains a fraction of a block. The numbers must be integers.")
    if any(number < 2 for number in blocks):
        raise WrongAnswer(f"each module should have at least 2 blocks, and one of yours has {min(blocks):g}.")
    number = int(sum(blocks))
    layers = 2 * number + 2
    said: dict[float, str] = {
        32: "you have counted blocks as layers: each has two.",
        34: "you have counted blocks as layers: each has two.",
        17: "the first convolution and the dense layer count, too, and are in no block.",
    }
    if layers != _LAYERS:
        hint = said.get(number, f"count two in each of the {number} blocks, and two more.")
        raise WrongAnswer(f"with {blocks} the network has {layers} layers, not {_LAYERS}: {hint}")
    parameters = _count_parameters(blocks)
    if blocks == _PAPER:
        raise WrongAnswer(f"this is ResNet-34 as it is, with {parameters:,} parameters. Choose other numbers.")
    if parameters >= _LIMIT:
        last = 2 * 9 * 512**2 + 4 * 512
        raise WrongAnswer(
            f"{_LAYERS} layers, but {parameters:,} parameters. A block of the last module alone has {last:,}: use "
            "fewer of those, and more of the early ones."
        )
    return (
        f"{_LAYERS} layers, {parameters / 1e6:.1f} million parameters, and as many multiply-adds as ResNet-34, because "
        "blocks of all modules do the same work."
    )


def _count_parameters(blocks: Sequence[float]) -> int:
    """Count the parameters of a ResNet of basic blocks for color images and 1000 classes."""
    total = 3 * 64 * 7 * 7 + 2 * 64  # the first convolution and its batch norm
    before = 64
    for i, number in enumerate(blocks):
        channels = 64 * 2**i
        total += int(number) * (2 * 9 * channels**2 + 4 * channels)
        if channels != before:  # the first block has fewer inputs, and a 1×1 convolution
            total += (before - channels) * 9 * channels + before * channels
        before = channels
    return total + 1000 * (before + 1)


def exercise_3(answer: object) -> str:
    """Check a pre-activation residual block."""
    npx.set_np()  # before the layers are made: they are of the kind that is set then
    if isinstance(answer, gluon.Block):
        raise WrongAnswer("the answer should be the class itself, PreActivation, without (…) after it.")
    block = call(answer, 4, shown="PreActivation(4)")
    if not isinstance(block, gluon.Block):
        raise WrongAnswer(f"PreActivation(4) should be a block of layers, but it is {type(block).__name__}.")
    X = np.array(onp.random.RandomState(16).normal(size=(2, 4, 6, 6)), dtype="float32")
    block.initialize(init.Xavier())
    output = call(block, X, shown="PreActivation(4)(X) with X of shape (2, 4, 6, 6)")
    if output is ...:
        raise NotDone
    convolutions = [layer for layer in _layers(block) if isinstance(layer, nn.Conv2D)]
    norms = [layer for layer in _layers(block) if isinstance(layer, nn.BatchNorm)]
    if len(convolutions) != 2 or len(norms) != 2:
        raise WrongAnswer(
            f"the block should have 2 convolutions and 2 batch norms; yours has {len(convolutions)} and {len(norms)}."
        )
    kernels = [layer.weight.shape for layer in convolutions]
    if kernels != [(4, 4, 3, 3)] * 2:
        raise WrongAnswer(f"both convolutions should be 3×3 from 4 channels to 4; their weights are {kernels}.")
    if as_array(output, what="the output").shape != X.shape:
        raise WrongAnswer(f"an input of shape {X.shape} gives an output of shape {output.shape}: they should be equal.")  # type: ignore[attr-defined]
    _draw_parameters(block)
    output = as_array(block(X), what="the output")
    if _equals(output, X, convolutions, norms, _right):
        return (
            "With zero convolutions it is the identity for every input. The original block is one only for inputs that "
            "are not negative."
        )
    for words, wrong in _WRONG.items():
        if _equals(output, X, convolutions, norms, wrong):
            raise WrongAnswer(words)
    raise WrongAnswer("the output is not X + conv2(relu(bn2(conv1(relu(bn1(X)))))).")


_Layer = Callable[[Any], Any]
_Formula = Callable[[Any, _Layer, _Layer, _Layer, _Layer], Any]


def _right(X: Any, conv1: _Layer, conv2: _Layer, bn1: _Layer, bn2: _Layer) -> Any:
    return X + conv2(npx.relu(bn2(conv1(npx.relu(bn1(X))))))


_WRONG: dict[str, _Formula] = {
    "the input is not added: the block returns g(X), but it should return X + g(X).": (
        lambda X, conv1, conv2, bn1, bn2: conv2(npx.relu(bn2(conv1(npx.relu(bn1(X))))))
    ),
    "there is a ReLU after the sum. It cuts off what comes along the skip connection; leave the sum as it is.": (
        lambda X, conv1, conv2, bn1, bn2: npx.relu(_right(X, conv1, conv2, bn1, bn2))
    ),
    "this is the original block: convolution first, ReLU after the sum. Here each convolution comes last.": (
        lambda X, conv1, conv2, bn1, bn2: npx.relu(X + bn2(conv2(npx.relu(bn1(conv1(X))))))
    ),
    "batch norm comes after its convolution, as in the original block. Here it comes first, then ReLU.": (
        lambda X, conv1, conv2, bn1, bn2: X + bn2(conv2(npx.relu(bn1(conv1(X)))))
    ),
    "batch norm and ReLU come after each convolution. Here they come before it.": (
        lambda X, conv1, conv2, bn1, bn2: X + npx.relu(bn2(conv2(npx.relu(bn1(conv1(X))))))
    ),
    "the skip connection starts too late, after the first batch norm and ReLU. Add X itself.": (
        lambda X, conv1, conv2, bn1, bn2: npx.relu(bn1(X)) + conv2(npx.relu(bn2(conv1(npx.relu(bn1(X))))))
    ),
    "ReLU comes before batch norm. Here batch norm comes first: relu(bn1(X)).": (
        lambda X, conv1, conv2, bn1, bn2: X + conv2(bn2(npx.relu(conv1(bn1(npx.relu(X))))))
    ),
    "the first ReLU is missing: relu(bn1(X)) goes into the first convolution.": (
        lambda X, conv1, conv2, bn1, bn2: X + conv2(npx.relu(bn2(conv1(bn1(X)))))
    ),
    "the second ReLU is missing: relu(bn2(Y)) goes into the second convolution.": (
        lambda X, conv1, conv2, bn1, bn2: X + conv2(bn2(conv1(npx.relu(bn1(X)))))
    ),
    "both ReLUs are missing: each comes between a batch norm and its convolution.": (
        lambda X, conv1, conv2, bn1, bn2: X + conv2(bn2(conv1(bn1(X))))
    ),
}


def _equals(output: Any, X: Any, convolutions: list[Any], norms: list[Any], formula: _Formula) -> bool:
    """Whether a formula, with the student's own layers in either order, gives this output."""
    for conv1, conv2 in itertools.permutations(convolutions):
        for bn1, bn2 in itertools.permutations(norms):
            if onp.allclose(output, formula(X, conv1, conv2, bn1, bn2).asnumpy(), rtol=1e-4, atol=1e-4):
                return True
    return False


def _draw_parameters(block: gluon.Block) -> None:
    """Give every trainable parameter random numbers, so that the order of the layers shows in the output."""
    random = onp.random.RandomState(0)
    for parameter in block.collect_params().values():
        if parameter.grad_req != "null":
            parameter.set_data(np.array(random.normal(0, 0.5, size=parameter.shape), dtype="float32"))


def _layers(block: gluon.Block) -> Iterator[gluon.Block]:
    """Give all blocks in a block, in order, each once."""
    seen: set[int] = set()
    for child in block._children.values():
        for layer in [child, *_layers(child)]:
            if id(layer) not in seen:
                seen.add(id(layer))
                yield layer


def _numbers(answer: object, what: str) -> list[float]:
    """Return an answer of four numbers, or say what is asked for."""
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if not isinstance(answer, Sequence) or isinstance(answer, str) or len(answer) != 4:
        raise WrongAnswer(f"the answer should be four numbers: {what}.")
    if any(not isinstance(number, Real) or isinstance(number, bool) for number in answer):
        raise WrongAnswer(f"{answer!r} does not contain four numbers: replace every ... with one.")
    return list(answer)
