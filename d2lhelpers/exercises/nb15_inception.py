"""Checks of the exercises of notebook 15, Inception."""

from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from numbers import Real
from typing import Any

from mxnet import MXNetError, gluon, init, np, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake

Pair = tuple[int, int]

# GoogLeNet's block 3b, which exercise 1 states in the notebook.
_IN, _SIZE = 256, 28
_C1, _C2, _C3, _C4 = 128, (128, 192), (32, 96), 64


def exercise_1(answer: object) -> str:
    """Check the output shape of block 3b, and which of its paths has the most weights."""
    if not isinstance(answer, Sequence) or isinstance(answer, str) or len(answer) != 4:
        raise WrongAnswer("four numbers are asked for: (channels, height, width, path).")
    if any(isinstance(number, bool) or not isinstance(number, Real) for number in answer):
        raise WrongAnswer(f"{answer!r} does not hold four numbers: replace every ... by one.")
    channels, height, width, path = answer
    right = _C1 + _C2[1] + _C3[1] + _C4
    if (height, width) != (_SIZE, _SIZE):
        if right in (height, width):
            raise WrongAnswer("MXNet puts the channels first: (channels, height, width), then the path.")
        if (height, width) == (_SIZE // 2, _SIZE // 2):
            raise WrongAnswer("the pooling inside a block has a stride of 1, so it does not halve height and width.")
        raise WrongAnswer(
            f"height and width stay at {_SIZE}: each layer of a block has the padding that its kernel needs."
        )
    with_reductions = right + _C2[0] + _C3[0]
    said = {
        with_reductions: "the channels of the reductions stay inside their path: only the output of its last layer is "
        "concatenated.",
        right - _C4: "the path with the pooling outputs channels, too.",
        right - _C4 + _IN: f"the 1×1 after the pooling reduces its {_IN} channels to {_C4}.",
        _IN: f"{_IN} channels go in. The block outputs the channels of all four paths together.",
        _C2[1]: "the paths are concatenated and not added, so their numbers of channels add up.",
        _IN + right: "the input itself is not one of the paths.",
    }
    if channels in said:
        raise WrongAnswer(f"{channels:g} channels? {said[int(channels)]}")
    compare(channels, right, what="the number of channels")
    _check_heaviest_path(float(path))
    return f"Path 2 has {_weights_of_paths()[1]:,} weights, path 3 only {_weights_of_paths()[2]:,}."


def _weights_of_paths() -> list[int]:
    return [
        _IN * _C1,
        _IN * _C2[0] + _C2[0] * _C2[1] * 9,
        _IN * _C3[0] + _C3[0] * _C3[1] * 25,
        _IN * _C4,
    ]


def _check_heaviest_path(path: float) -> None:
    if path not in (1, 2, 3, 4):
        raise WrongAnswer(f"the shape is right, but the paths are numbered 1 to 4, and {path:g} is none of them.")
    if path == 3:
        raise WrongAnswer(
            "the shape is right. Path 3 has the largest kernels, but they read only "
            f"{_C3[0]} channels and output {_C3[1]}: compute the weights of paths 2 and 3."
        )
    if path != 2:
        count = _weights_of_paths()[int(path) - 1]
        raise WrongAnswer(f"the shape is right. Path {path:g} has {count:,} weights, and there is one with more.")


def exercise_2(answer: object) -> str:
    """Check a path of a 1x1 and two 3x3 convolutions, ReLU after each."""
    npx.set_np()  # before the layers are made: they are of the kind that is set then
    for reduced, channels in ((4, 6), (8, 5)):
        shown = f"path3({reduced}, {channels})"
        net = call(answer, reduced, channels, shown=shown)
        if not isinstance(net, gluon.Block):
            raise WrongAnswer(f"{shown} should return a net, but it returns {type(net).__name__}.")
        X = np.array([[[[(3 * c + 5 * i + 7 * j) % 11 - 4 for j in range(7)] for i in range(7)] for c in range(3)]])
        Y = _run(net, X, shown)
        kernels, biases = _parameters(net)
        _check_kernels([kernel.shape[2:] for kernel in kernels], shown)
        _check_channels([kernel.shape[0] for kernel in kernels], reduced, channels, shown)
        if Y.shape[2:] != X.shape[2:]:
            raise WrongAnswer(
                f"height and width go from {X.shape[2]} to {Y.shape[2]}. A 3×3 needs one row of padding on each side, "
                "a 1×1 none."
            )
        _check_activations(Y, X, kernels, biases, shown)
    return "Two 3×3 see as far as one 5×5."


def _run(net: gluon.Block, X: Any, shown: str) -> Any:
    """Return what the net puts out when its weights are the same everywhere: neither small nor all positive."""
    net.initialize(init.Zero(), force_reinit=True)
    try:
        with redirect_stdout(StringIO()):  # Gluon prints when shapes do not fit; the message below says it
            net(X).wait_to_read()
        for parameter in net.collect_params().values():
            values = np.arange(parameter.data().size).reshape(parameter.shape)
            parameter.set_data(((values * 7 + 3) % 10 - 4.6) / 10)
        return net(X)
    except (MXNetError, ValueError, AssertionError, TypeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[-1]
        raise WrongAnswer(f"the net of {shown} does not take an image of shape {X.shape}: {reason}") from None


def _parameters(net: gluon.Block) -> tuple[list[Any], list[Any]]:
    """Return the kernels of a net and, for each, its bias or None."""
    kernels: list[Any] = []
    biases: list[Any] = []
    for parameter in net.collect_params().values():
        if len(parameter.shape) == 4:
            kernels.append(parameter.data())
            biases.append(None)
        elif len(parameter.shape) == 1 and kernels and biases[-1] is None:
            biases[-1] = parameter.data()
        else:
            raise WrongAnswer("the path should consist of convolutions, but it contains another layer with parameters.")
    return kernels, biases


def _check_kernels(kernels: list[Pair], shown: str) -> None:
    right = [(1, 1), (3, 3), (3, 3)]
    if kernels == right:
        return
    if not kernels:
        raise WrongAnswer(f"the net of {shown} has no layers with weights yet: add three convolutions.")
    if (5, 5) in kernels:
        raise WrongAnswer("there is still a 5×5 convolution: replace it by two 3×3.")
    if kernels == right[1:]:
        raise WrongAnswer("the 1×1 convolution is missing: the 3×3 would read all channels of the input.")
    if kernels == right[:2]:
        raise WrongAnswer("one 3×3 sees only 3×3: a second one after it is needed to see 5×5.")
    if kernels == [(3, 3), (3, 3), (1, 1)]:
        raise WrongAnswer("the 1×1 convolution comes last, where it saves nothing: it should come first.")
    said = ", ".join(f"{height}×{width}" for height, width in kernels)
    raise WrongAnswer(f"the kernels should be 1×1, 3×3, 3×3; yours are {said}.")


def _check_channels(got: list[int], reduced: int, channels: int, shown: str) -> None:
    if got == [reduced, reduced, channels]:
        raise WrongAnswer(f"in {shown} the first 3×3 outputs {reduced} channels; both 3×3 should output {channels}.")
    if got[0] == channels != reduced:
        raise WrongAnswer(f"in {shown} the 1×1 outputs {channels} channels: it should reduce them to {reduced}.")
    if got != [reduced, channels, channels]:
        raise WrongAnswer(f"in {shown} the layers output {got} channels instead of {[reduced, channels, channels]}.")


def _check_activations(Y: Any, X: Any, kernels: list[Any], biases: list[Any], shown: str) -> None:
    """Compare the output with that of the same weights, with ReLU after every convolution."""

    def run(relu_after: tuple[int, ...]) -> Any:
        H = X
        for place, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
            side = kernel.shape[2]
            options = {"kernel": (side, side), "pad": (side // 2, side // 2), "num_filter": kernel.shape[0]}
            arrays = (H, kernel) if bias is None else (H, kernel, bias)
            H = npx.convolution(*arrays, no_bias=bias is None, **options)
            H = npx.relu(H) if place in relu_after else H
        return as_array(H)

    mistakes = {
        "no convolution is followed by ReLU: without it, all three together are one linear layer.": (),
        "the last convolution lacks its ReLU.": (0, 1),
        "the 1×1 convolution lacks its ReLU.": (1, 2),
        "the first 3×3 convolution lacks its ReLU.": (0, 2),
        "only the last convolution is followed by ReLU; each of the three should be.": (2,),
        "only the 1×1 convolution is followed by ReLU; each of the three should be.": (0,),
    }
    name_mistake(Y, {words: run(places) for words, places in mistakes.items()}, rtol=1e-3, atol=1e-3)
    compare(Y, run((0, 1, 2)), what=f"the output of {shown}", rtol=1e-3, atol=1e-3)


def exercise_3(answer: object) -> str:
    """Check a function that counts the parameters and multiply-adds of an Inception block."""
    cases: tuple[tuple[int, int, Pair, Pair, int, int], ...] = (
        (192, 64, (96, 128), (16, 32), 32, 28),
        (480, 192, (96, 208), (16, 48), 64, 14),
        (10, 2, (3, 5), (4, 7), 6, 8),
    )
    for case in cases:
        shown = f"block_cost({', '.join(str(number) for number in case)})"
        got = call(answer, *case, shown=shown)
        if not isinstance(got, Sequence) or isinstance(got, str) or len(got) != 2:
            raise WrongAnswer(f"{shown} should return two numbers: (parameters, multiply-adds).")
        parameters, work = (as_number(number, what=f"a number of {shown}") for number in got)
        _check_cost(parameters, work, case, shown)
    return "The first case of the check is block 3a, the second is 4a."


def _check_cost(parameters: float, work: float, case: tuple[int, int, Pair, Pair, int, int], shown: str) -> None:
    c_in, c1, c2, c3, c4, size = case
    first, last = c_in * (c1 + c2[0] + c3[0] + c4), 9 * c2[0] * c2[1] + 25 * c3[0] * c3[1]
    weights = first + last
    biases = c1 + sum(c2) + sum(c3) + c4
    outputs = c1 + c2[1] + c3[1] + c4
    direct = c_in * (c1 + 9 * c2[1] + 25 * c3[1] + c4)
    wide = first + c_in * (9 * c2[1] + 25 * c3[1])
    kernels_of_one = first + c2[0] * c2[1] + c3[0] * c3[1]
    kernels_of_k = first + 3 * c2[0] * c2[1] + 5 * c3[0] * c3[1]
    square = size * size
    at_all_positions = (weights + biases) * square
    if (parameters, work) == (weights * square, weights + biases):
        raise WrongAnswer("these are the right numbers in another order: parameters first.")
    said = {
        weights: "these are the weights; the biases are missing.",
        weights + outputs: "the reductions have biases, too.",
        weights + biases - c4 * (c_in + 1): "path 4 is missing: after the pooling comes a 1×1 convolution.",
        last + c2[1] + c3[1]: "the 1×1 convolutions are missing.",
        direct + outputs: "the reductions are missing: your 3×3 and 5×5 read the input.",
        wide + biases: f"the 3×3 and the 5×5 read the channels of their reduction, not all {c_in}.",
        kernels_of_one + biases: "a kernel has k² weights for each pair of channels: 9 for the 3×3, 25 for the 5×5.",
        kernels_of_k + biases: "a kernel has k² weights for each pair of channels, not k.",
        at_all_positions: "the same weights are used at all positions: do not multiply the parameters by the size.",
    }
    said.pop(weights + biases, None)
    if parameters in said:
        raise WrongAnswer(f"{shown} gives {parameters:,.0f} parameters: {said[int(parameters)]}")
    compare(parameters, weights + biases, what=f"the number of parameters of {shown}", rtol=0, atol=0.5)
    said = {
        at_all_positions: "leave out the biases here: they are added, not multiplied.",
        weights * size: "a map has size · size positions.",
        weights: "each weight works once at each position: multiply by size · size.",
        2 * weights * square: "count a multiplication and its addition as one multiply-add.",
        (weights - c_in * c4) * square: "path 4 is missing: after the pooling comes a 1×1 convolution.",
    }
    if work in said:
        raise WrongAnswer(f"{shown} gives {work:,.0f} multiply-adds: {said[int(work)]}")
    compare(work, weights * square, what=f"the number of multiply-adds of {shown}", rtol=0, atol=0.5)
