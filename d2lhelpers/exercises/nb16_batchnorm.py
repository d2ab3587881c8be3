"""Checks of the exercises in notebook 16, batch normalization."""

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp
from mxnet import autograd, gluon, init, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet

# What exercise 1 states in the notebook.
BATCH_MEAN, NUM_BATCHES, MOMENTUM = 10, 3, 0.9

EPSILON = 1e-5  # nn.BatchNorm's
RTOL, ATOL = 1e-3, 1e-4  # students compute in single precision


def exercise_1(answer: object) -> str:
    """Check the running mean after three batches with mean 10, from 0, with momentum 0.9."""
    got = as_number(answer)
    mistakes = {
        "0.9 is the part that is kept, not the part that is new: that is PyTorch's momentum.": 1
        - (1 - MOMENTUM) ** NUM_BATCHES,
        "this is how far it still has to go to 10.": MOMENTUM**NUM_BATCHES,
        "this is where it is after one batch; two more follow.": 1 - MOMENTUM,
        "this is where it is after two batches; one more follows.": 1 - MOMENTUM**2,
        "each batch adds a tenth of 10, but only nine tenths of what was there are kept, not all of it.": NUM_BATCHES
        * (1 - MOMENTUM),
        "this is the plain average of the batches. A running average remembers its start, 0, as well.": 1.0,
        "this is where it starts; each batch adds a tenth of its mean.": 0.0,
    }
    name_mistake(got, {words: BATCH_MEAN * part for words, part in mistakes.items()})
    compare(got, BATCH_MEAN * (1 - MOMENTUM**NUM_BATCHES))
    return "It still has seven tenths of the way to go, so after few batches you cannot trust the running averages."


def exercise_2(answer: object) -> str:
    """Check a block of convolution, batch norm and ReLU, without a bias in the convolution."""
    npx.set_np()  # before the layers are made: they are of the kind that is set then
    for channels, in_channels, size in ((4, 3, 6), (2, 1, 5)):
        net = call(answer, channels, shown=f"block({channels})")
        if not isinstance(net, gluon.Block):
            raise WrongAnswer(f"block({channels}) should return a net, but it returns {type(net).__name__}.")
        _check_block(net, channels, in_channels, size)
    return "This is the building block of most convolutional networks since 2015."


def _check_block(net: gluon.Block, channels: int, in_channels: int, size: int) -> None:
    random = onp.random.RandomState(15)
    X = random.normal(size=(8, in_channels, size, size))
    net.initialize(init.Xavier(), force_reinit=True)
    with autograd.train_mode():
        Y = as_array(net(to_mxnet(X)), what="the block's output")
    shapes = [parameter.data().shape for parameter in net.collect_params().values()]
    kernels = [p.data() for p in net.collect_params().values() if len(p.data().shape) == 4]
    vectors = len(shapes) - len(kernels)
    expected = (8, channels, size, size)
    if [kernel.shape for kernel in kernels] != [(channels, in_channels, 3, 3)]:
        found = ", ".join(str(kernel.shape) for kernel in kernels) or "none"
        raise WrongAnswer(
            f"one convolution with weights {(channels, in_channels, 3, 3)} is asked for; there is: {found}."
        )
    if Y.shape != expected:
        raise WrongAnswer(f"for images {X.shape} the output has shape {Y.shape}, and {expected} is right: padding=1.")
    if vectors < 4:
        raise WrongAnswer("there is no batch norm in the block: it would have γ, β and two running averages.")
    if any(len(shape) == 1 and shape != (channels,) for shape in shapes):
        raise WrongAnswer(f"there should be one γ and one β for each of {channels} channels: leave axis at 1.")
    _name_order(Y, _convolution(X, as_array(kernels[0])))
    if vectors == 5:
        raise WrongAnswer(
            "the order is right, but one parameter is useless: the convolution's bias. Pass use_bias=False."
        )
    if vectors > 5:
        raise WrongAnswer("one batch norm is enough; there are parameters of more than one.")


def _name_order(Y: onp.ndarray, Z: onp.ndarray) -> None:
    """Compare the block's output with that of every order of the layers after the convolution's output Z."""
    mistakes = {
        "this is the convolution with batch norm, and no ReLU.": _normalized(Z),
        "batch norm comes after the ReLU: the ReLU is still part of the convolution, or comes too early.": _normalized(
            _relu(Z)
        ),
        "there are two ReLUs: one is still part of the convolution, because of its argument activation.": _relu(
            _normalized(_relu(Z))
        ),
        "batch norm has no effect: is the layer called in forward?": _relu(Z),
    }
    name_mistake(Y, mistakes, rtol=RTOL, atol=ATOL)
    compare(Y, _relu(_normalized(Z)), what="the block's output in training", rtol=RTOL, atol=ATOL)


def _convolution(X: onp.ndarray, kernel: onp.ndarray) -> onp.ndarray:
    """Return the 3x3 cross-correlation of images (n, c, h, w), padded to keep their size."""
    height, width = X.shape[2:]
    padded = onp.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return sum(
        onp.einsum("nchw,oc->nohw", padded[:, :, a : a + height, b : b + width], kernel[:, :, a, b])
        for a in range(3)
        for b in range(3)
    )


def _normalized(Z: onp.ndarray) -> onp.ndarray:
    axes = (0, 2, 3)
    return (Z - Z.mean(axis=axes, keepdims=True)) / onp.sqrt(Z.var(axis=axes, keepdims=True) + EPSILON)


def _relu(Z: onp.ndarray) -> onp.ndarray:
    return onp.maximum(Z, 0)


def exercise_3(answer: object) -> str:
    """Check the dense layer that does the work of a dense layer and the batch norm after it, in prediction."""
    random = onp.random.RandomState(3)
    for outputs, inputs in ((3, 3), (2, 4)):  # a square W first: it can be scaled along the wrong axis
        W = random.normal(size=(outputs, inputs))
        gamma, beta, mean = random.uniform(0.5, 2, outputs), random.normal(size=outputs), random.normal(size=outputs)
        var, eps = random.uniform(0.3, 3, outputs), 0.1  # an epsilon that is large enough to be missed
        shown = f"fold(W, gamma, beta, mean, var, eps) with W of shape {W.shape}"
        got = call(answer, *(to_mxnet(values) for values in (W, gamma, beta, mean, var)), eps, shown=shown)
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            raise WrongAnswer("fold should return two things, (new W, new b).")
        new_W, new_b = as_array(got[0], what="the new W"), as_array(got[1], what="the new b")
        _check_fold(new_W, new_b, W, gamma, beta, mean, var, eps)
    return "Two layers became one: in prediction, batch norm costs nothing."


def _check_fold(
    new_W: onp.ndarray,
    new_b: onp.ndarray,
    W: onp.ndarray,
    gamma: onp.ndarray,
    beta: onp.ndarray,
    mean: onp.ndarray,
    var: onp.ndarray,
    eps: float,
) -> None:
    sigma = onp.sqrt(var + eps)
    factor = gamma / sigma
    weights = {
        "the new W is the same as the old one, but each of its rows should be multiplied by γ/σ.": W,
        "for the new W, γ is missing.": W / sigma[:, None],
        "for the new W, the division by σ is missing.": W * gamma[:, None],
        "the new W is divided by the variance, but σ is its square root.": W * (gamma / (var + eps))[:, None],
        "for the new W, eps is missing: σ is the square root of var + eps.": W * (gamma / onp.sqrt(var))[:, None],
        "for the new W, eps belongs under the root: σ is the square root of var + eps.": W
        * (gamma / (onp.sqrt(var) + eps))[:, None],
    }
    if W.shape[0] == W.shape[1]:
        words = "the factors belong to the outputs, the rows of W; yours multiply its columns: factor.reshape(-1, 1)."
        weights[words] = W * factor
    name_mistake(new_W, weights, rtol=RTOL, atol=ATOL)
    compare(new_W, W * factor[:, None], what="the new W", rtol=RTOL, atol=ATOL)
    biases = {
        "the new b lacks the mean, which contributes −γ·mean/σ.": beta,
        "the new b lacks β.": -factor * mean,
        "for the new b, check the sign: the mean is subtracted.": beta + factor * mean,
        "for the new b, the mean must be divided by σ and multiplied by γ as well.": beta - mean,
        "for the new b, γ is missing before the mean.": beta - mean / sigma,
        "for the new b, the division of the mean by σ is missing.": beta - gamma * mean,
        "for the new b, β is added last, so it is not multiplied by γ/σ.": factor * (beta - mean),
    }
    name_mistake(new_b, biases, rtol=RTOL, atol=ATOL)
    compare(new_b, beta - factor * mean, what="the new b", rtol=RTOL, atol=ATOL)
