"""Every loss of Gluon against its formula."""

import functools
import inspect
import time

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import check_block, check_call, random
from mxnet import autograd, gluon, np
from mxnet.gluon import loss as losses
from scipy import special

SIGNS = onp.where(random(4, 3, seed=5) > 0, 1.0, -1.0)
BITS = (SIGNS + 1) / 2
CLASSES = onp.array([0, 2, 1, 1])
DISTRIBUTIONS = special.softmax(random(4, 3, seed=6), axis=1)
PRED, LABEL, WEIGHTS = random(4, 3, high=2), random(4, 3, seed=1), random(4, 1, low=0.5, seed=2)


def softplus(x):
    return onp.logaddexp(0, x)


def bce(x, z, positive=1.0):
    return positive * z * softplus(-x) + (1 - z) * softplus(x)


def pick(logs, labels, axis=-1):
    return -onp.take_along_axis(logs, onp.expand_dims(labels, axis), axis).squeeze(axis)


def poisson(rate, target):
    large = onp.maximum(target, 1)
    stirling = large * onp.log(large) - large + 0.5 * onp.log(2 * onp.pi * large)
    return rate - target * onp.log(rate) + (target > 1) * stirling


def cosine(a, b, sign, margin=0.0):
    similarity = (a * b).sum(-1) / onp.linalg.norm(a, axis=-1) / onp.linalg.norm(b, axis=-1)
    return onp.where(sign == 1, 1 - similarity, onp.maximum(similarity - margin, 0))


def sdml(a, b, smoothing=0.3):
    n = len(a)
    target = onp.full((n, n), smoothing / (n - 1))
    onp.fill_diagonal(target, 1 - smoothing)
    logs = special.log_softmax(-((a[:, None] - b[None]) ** 2).sum(2), axis=1)
    return (target * (onp.log(target) - logs)).sum(1)


def huber(d, rho=1.0):
    return onp.where(abs(d) > rho, abs(d) - rho / 2, d**2 / (2 * rho))


def triplet(x, good, bad, margin=1.0):
    return onp.maximum(((x - good) ** 2 - (x - bad) ** 2).sum(1) + margin, 0)


# name: arguments, inputs, formula of the loss of each example
CASES = {
    "L2Loss": ({}, (PRED, LABEL), lambda x, y: ((x - y) ** 2).mean(1) / 2),
    "L2Loss weighted": ({"weight": 3.0}, (PRED, LABEL, WEIGHTS), lambda x, y, w: 1.5 * ((x - y) ** 2 * w).mean(1)),
    "L2Loss over the second axis": ({"batch_axis": 1}, (PRED, LABEL), lambda x, y: ((x - y) ** 2).mean(0) / 2),
    "L2Loss of a column": ({}, (PRED[:, :1], LABEL[:, 0]), lambda x, y: (x[:, 0] - y) ** 2 / 2),
    "L1Loss": ({}, (PRED, LABEL), lambda x, y: abs(x - y).mean(1)),
    "L1Loss over the second axis": ({"batch_axis": 1}, (PRED, LABEL), lambda x, y: abs(x - y).mean(0)),
    "SigmoidBinaryCrossEntropyLoss": ({}, (PRED, BITS), lambda x, z: bce(x, z).mean(1)),
    "SigmoidBinaryCrossEntropyLoss of probabilities": (
        {"from_sigmoid": True},
        (DISTRIBUTIONS, BITS),
        lambda p, z: bce(special.logit(p), z).mean(1),
    ),
    "SigmoidBinaryCrossEntropyLoss with pos_weight": (
        {},
        (PRED, BITS, onp.ones((1, 1)), onp.array([[2.0, 3.0, 0.5]])),
        lambda x, z, w, p: (w * bce(x, z, p)).mean(1),
    ),
    "SigmoidBinaryCrossEntropyLoss over the second axis": (
        {"batch_axis": 1},
        (PRED, BITS),
        lambda x, z: bce(x, z).mean(0),
    ),
    "SoftmaxCrossEntropyLoss": ({}, (PRED, CLASSES), lambda x, y: pick(special.log_softmax(x, 1), y)),
    "SoftmaxCrossEntropyLoss of a column": (
        {},
        (PRED, CLASSES[:, None]),
        lambda x, y: pick(special.log_softmax(x, 1), y[:, 0]),
    ),
    "SoftmaxCrossEntropyLoss weighted": (
        {"weight": 0.5},
        (PRED, CLASSES, WEIGHTS),
        lambda x, y, w: 0.5 * w[:, 0] * pick(special.log_softmax(x, 1), y),
    ),
    "SoftmaxCrossEntropyLoss of distributions": (
        {"sparse_label": False},
        (PRED, DISTRIBUTIONS),
        lambda x, p: -(p * special.log_softmax(x, 1)).sum(1),
    ),
    "SoftmaxCrossEntropyLoss of logarithms": (
        {"from_logits": True},
        (onp.log(DISTRIBUTIONS), CLASSES),
        lambda logs, y: pick(logs, y),
    ),
    "SoftmaxCrossEntropyLoss of pixels": (
        {"axis": 1},
        (random(2, 3, 2, 2), onp.array([[[0, 1], [2, 0]], [[1, 1], [0, 2]]])),
        lambda x, y: pick(special.log_softmax(x, 1), y, 1).mean((1, 2)),
    ),
    "SoftmaxCrossEntropyLoss over the second axis": (
        {"batch_axis": 1},
        (random(2, 4, 3), onp.array([[0, 1, 2, 0], [1, 1, 0, 2]])),
        lambda x, y: pick(special.log_softmax(x, 2), y).mean(0),
    ),
    "KLDivLoss": (
        {},
        (onp.log(DISTRIBUTIONS[::-1]), DISTRIBUTIONS),
        lambda logs, p: (p * (onp.log(p + 1e-12) - logs)).sum(1),
    ),
    "KLDivLoss of numbers": (
        {"from_logits": False},
        (PRED, DISTRIBUTIONS),
        lambda x, p: (p * (onp.log(p + 1e-12) - special.log_softmax(x, 1))).sum(1),
    ),
    "HuberLoss": ({"rho": 0.5}, (PRED, LABEL), lambda x, y: huber(x - y, 0.5).mean(1)),
    "HuberLoss weighted": ({}, (PRED, LABEL, WEIGHTS), lambda x, y, w: (w * huber(x - y)).mean(1)),
    "HuberLoss over the second axis": ({"batch_axis": 1}, (PRED, LABEL), lambda x, y: huber(x - y).mean(0)),
    "HingeLoss": ({"margin": 1.5}, (PRED, SIGNS), lambda x, s: onp.maximum(1.5 - x * s, 0).mean(1)),
    "SquaredHingeLoss": ({}, (PRED, SIGNS), lambda x, s: (onp.maximum(1 - x * s, 0) ** 2).mean(1)),
    "LogisticLoss": ({}, (PRED, SIGNS), lambda x, s: softplus(-x * s).mean(1)),
    "LogisticLoss of bits": ({"label_format": "binary"}, (PRED, BITS), lambda x, z: bce(x, z).mean(1)),
    "TripletLoss": ({}, (PRED, LABEL, random(4, 3, seed=9)), triplet),
    "PoissonNLLLoss": ({}, (PRED, onp.arange(12.0).reshape(4, 3)), lambda x, t: (onp.exp(x) - t * x).mean()),
    "PoissonNLLLoss in full": (
        {"from_logits": False, "compute_full": True},
        (DISTRIBUTIONS, onp.arange(0.5, 12).reshape(4, 3)),
        lambda x, t: poisson(x + 1e-8, t).mean() - 1e-8,
    ),
    "CosineEmbeddingLoss": (
        {"margin": 0.1},
        (PRED, LABEL, onp.array([1, -1, 1, -1])),
        lambda a, b, s: cosine(a, b, s, 0.1),
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_values_and_gradients(case, dtype):
    arguments, inputs, formula = CASES[case]
    loss = getattr(losses, case.split()[0])(**arguments)
    for hybrid in (False, True):
        loss.hybridize(hybrid)
        others = [onp.asarray(x) for x in inputs[1:]]
        constants = [np.array(x, dtype=dtype if x.dtype.kind == "f" else "int32") for x in others]
        prediction = np.array(inputs[0], dtype=dtype)
        of_prediction = functools.partial(of_first_input, formula, others)
        check_call(With(loss, constants), [prediction], of_prediction, dtype, training=True)


def of_first_input(formula, others, parameters, x):
    return formula(x, *others)


class With(gluon.Block):
    """A loss and all its inputs but the predictions."""

    def __init__(self, loss, constants):
        super().__init__()
        self.loss, self.constants = loss, constants

    def forward(self, x):
        return self.loss(x, *self.constants)


def test_sdml_loss():
    loss = losses.SDMLLoss(smoothing_parameter=0.2)
    check_block(loss, (random(4, 3), random(4, 3, seed=1)), lambda _, a, b: sdml(a, b, 0.2), hybridize=(False,))
    loss.hybridize()
    with pytest.raises(NotImplementedError, match="size of the batch"):
        loss(np.ones((4, 3)), np.ones((4, 3)))


def ctc(x, label):
    """The negative logarithm of the sum of all paths' probabilities, by trying them all; the last class is blank."""
    steps, classes = x.shape
    logs, total = special.log_softmax(x, 1), 0.0
    for path in onp.ndindex(*[classes] * steps):
        merged = [c for i, c in enumerate(path) if (i == 0 or path[i - 1] != c) and c != classes - 1]
        if merged == list(label):
            total += onp.exp(sum(logs[t, c] for t, c in enumerate(path)))
    return -onp.log(total)


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("layout", ["NTC", "TNC"])
def test_ctc_loss(hybrid, layout):
    x = random(2, 4, 3)
    loss, with_lengths = losses.CTCLoss(layout=layout), losses.CTCLoss(layout=layout)
    loss.hybridize(hybrid)
    with_lengths.hybridize(hybrid)
    pred = np.array(x if layout == "NTC" else x.swapaxes(0, 1), dtype="float32")
    value = loss(pred, np.array([[0, 1], [1, -1]]))
    assert type(value) is np.ndarray
    assert value.asnumpy() == pytest.approx([ctc(x[0], [0, 1]), ctc(x[1], [1])], rel=1e-4)
    value = with_lengths(pred, np.array([[0, 1], [1, 0]]), np.array([3, 4]), np.array([2, 1]))
    assert value.asnumpy() == pytest.approx([ctc(x[0, :3], [0, 1]), ctc(x[1], [1])], rel=1e-4)


def test_every_loss_is_tested():
    names = {name for name, value in vars(losses).items() if inspect.isclass(value) and issubclass(value, losses.Loss)}
    aliases = {"Loss", "SigmoidBCELoss", "SoftmaxCELoss"}
    assert names - aliases == {case.split()[0] for case in CASES} | {"SDMLLoss", "CTCLoss"}


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64"])
@pytest.mark.parametrize("case", [case for case in CASES if " " not in case and case != "SoftmaxCrossEntropyLoss"])
def test_labels_of_every_type(case, dtype):
    arguments, inputs, formula = CASES[case]
    others = [onp.asarray(abs(x) > 0.05).astype(dtype) for x in inputs[1:]]
    value = getattr(losses, case)(**arguments)(np.array(inputs[0]), *(np.array(x, dtype=dtype) for x in others))
    expected = formula(inputs[0], *(x.astype("float64") for x in others))
    onp.testing.assert_allclose(value.asnumpy(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64"])
@pytest.mark.parametrize("hybrid", [False, True])
def test_classes_of_every_type(dtype, hybrid):
    loss = losses.SoftmaxCrossEntropyLoss()
    loss.hybridize(hybrid)
    labels = onp.array([0, 1, 1, 0])
    value = loss(np.array(PRED), np.array(labels, dtype=dtype)).asnumpy()
    assert value == pytest.approx(pick(special.log_softmax(PRED, 1), labels), rel=1e-4)


@pytest.mark.parametrize(("label", "named"), [([0, 3, 1, 1], "3"), ([0, -1, 1, 1], "-1"), ([0, onp.nan, 1, 1], "nan")])
@pytest.mark.parametrize("hybrid", [False, True])
def test_labels_that_are_not_classes(label, named, hybrid):
    loss = losses.SoftmaxCrossEntropyLoss()
    loss.hybridize(hybrid)
    with pytest.raises(ValueError, match=f"label {named} is out of range.*3 outputs, for the labels 0 to 2"):
        loss(np.array(PRED), np.array(label))


def test_an_ignored_label_may_be_any_number():
    value = losses.SoftmaxCrossEntropyLoss()(np.array(PRED), np.array([0, -1, 1, 1]), np.array([[1], [0], [1], [1]]))
    assert value[1] == 0
    with pytest.raises(ValueError, match="label -1"):
        losses.SoftmaxCrossEntropyLoss()(np.array(PRED), np.array([0, -1, 1, 1]), np.array([[1], [1], [1], [1]]))


@pytest.mark.parametrize("hybrid", [False, True])
def test_weights_that_would_mix_the_examples(hybrid):
    if not hybrid:
        with pytest.raises(ValueError, match=r"sample_weight.reshape\(-1, 1\)"):
            losses.L2Loss()(np.ones((4, 1)), np.zeros((4, 1)), np.ones(4))
        return
    loss = losses.L2Loss()
    loss.hybridize()
    with pytest.raises(mx.MXNetError):
        loss(np.ones((4, 1)), np.zeros((4, 1)), np.ones(4)).asnumpy()


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_ctc_loss_says_that_it_needs_float32(dtype):
    with pytest.raises(TypeError, match="computes in float32"):
        losses.CTCLoss()(np.ones((1, 4, 3), dtype=dtype), np.zeros((1, 2)))


def test_labels_that_would_be_broadcast():
    with pytest.raises(ValueError, match=r"labels of shape \(4,\) do not fit predictions of \(4, 1\)"):
        losses.KLDivLoss()(np.ones((4, 1)), np.ones(4))


def test_losses_do_not_wait_for_the_network():
    x = np.ones((1000, 1000))
    start = time.perf_counter()
    for _ in range(30):
        x = np.dot(x, x) * 1e-3
    classes = np.zeros(1000)  # an array that is there already
    for loss in (losses.HuberLoss(), losses.SoftmaxCrossEntropyLoss()):
        with autograd.record():
            loss(x, classes if isinstance(loss, losses.SoftmaxCrossEntropyLoss) else x)
    queued = time.perf_counter() - start
    x.wait_to_read()
    assert queued < 0.5 * (time.perf_counter() - start)
