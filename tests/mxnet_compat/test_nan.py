"""NaN and infinity: functions and layers pass them on as NumPy does. What does not is in docs/differences/."""

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

REDUCTIONS = "max min argmax argmin sum prod mean std var cumsum any all amax amin"
UNARY = (
    "abs sqrt exp log sin cos tanh floor ceil rint trunc square reciprocal isnan isinf isfinite isposinf isneginf "
    "log1p expm1 cbrt negative logical_not fix"
)
BINARY = "maximum minimum add multiply divide power arctan2 hypot equal not_equal less greater less_equal"
nan, inf = onp.nan, onp.inf
X = onp.array([[nan, 1, -2, 3], [inf, 0.5, 4, 2], [1, 2, 3, 4]], dtype="float32")
Y = onp.array([1, nan, inf, -inf, 0], dtype="float32")


def check(got, expected):
    assert onp.allclose(got.asnumpy(), expected, equal_nan=True)


@pytest.mark.parametrize("name", REDUCTIONS.split())
def test_reductions(name):
    x = onp.where(onp.isinf(X), 7, X) if name in ("sum", "mean") else X  # docs/differences: a sum with inf is NaN
    with onp.errstate(all="ignore"):
        for axis in (None, 0, 1):
            check(getattr(np, name)(np.array(x), axis=axis), getattr(onp, name)(x, axis=axis))


@pytest.mark.parametrize(
    "name",
    UNARY.split(),
)
def test_functions_of_one_array(name):
    with onp.errstate(all="ignore"):
        check(getattr(np, name)(np.array(Y)), getattr(onp, name)(Y))


@pytest.mark.parametrize("name", BINARY.split())
def test_functions_of_two_arrays(name):
    ours, numpys = getattr(np, name), getattr(onp, name)
    with onp.errstate(all="ignore"):
        check(ours(np.array(Y), np.array(Y[::-1].copy())), numpys(Y, Y[::-1]))
        for number in (2.0, nan, inf):
            check(ours(np.array(Y), number), numpys(Y, onp.float32(number)))
            check(ours(number, np.array(Y)), numpys(onp.float32(number), Y))


def test_clip_where_and_replacement():
    check(np.clip(np.array(Y), 0, 1), Y.clip(0, 1))
    check(np.where(np.array(Y) > 0, np.array(Y), 0), onp.where(Y > 0, Y, 0))
    check(np.nan_to_num(np.array(Y), nan=5.0, posinf=6.0, neginf=7.0), onp.nan_to_num(Y, nan=5, posinf=6, neginf=7))


LAYERS = {
    "relu": lambda: nn.Activation("relu"),
    "sigmoid": lambda: nn.Activation("sigmoid"),
    "tanh": lambda: nn.Activation("tanh"),
    "softrelu": lambda: nn.Activation("softrelu"),
    "softsign": lambda: nn.Activation("softsign"),
    "LeakyReLU": lambda: nn.LeakyReLU(0.1),
    "PReLU": nn.PReLU,
    "ELU": nn.ELU,
    "SELU": nn.SELU,
    "GELU": nn.GELU,
    "Swish": nn.Swish,
    "BatchNorm": nn.BatchNorm,
    "LayerNorm": nn.LayerNorm,
    "Dense": lambda: nn.Dense(3),
    "Dense with ReLU": lambda: nn.Dense(3, activation="relu"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_pass_nan_on(name):
    layer = LAYERS[name]()
    layer.initialize(mx.init.One())
    for shape in ((2,), (2, 2)) if "Norm" not in name and "Dense" not in name else ((2, 2),):
        x = onp.ones(shape, dtype="float32")
        x.flat[0] = nan
        assert onp.isnan(layer(np.array(x)).asnumpy()).flat[0]


@pytest.mark.parametrize("pool", ["avg", "sum", "lp"])
def test_pooling_passes_nan_on(pool):
    got = npx.pooling(np.array([[[[nan, 2.0, 1.0]]]]), kernel=(1, 2), pool_type=pool, p_value=2)
    assert onp.isnan(got.asnumpy()).ravel().tolist() == [True, False]


def test_relu_and_its_gradient_are_unchanged_for_numbers():
    values = onp.array([[-1.0, 0.0, 2.0]], dtype="float32")
    for arguments in (("relu",), ()):
        x = np.array(values)
        x.attach_grad()
        with autograd.record():
            y = npx.activation(x, *arguments) if arguments else npx.activation(x, act_type="relu")
        y.backward()
        assert (y.tolist(), x.grad.tolist()) == ([[0, 0, 2]], [[0, 0, 1]])


@pytest.mark.parametrize("name", ["L1Loss", "L2Loss", "SigmoidBinaryCrossEntropyLoss"])
def test_losses_are_nan(name):
    loss = getattr(gluon.loss, name)()
    good, bad = np.array([[1.0, 1.0]]), np.array([[nan, 1.0]])
    assert onp.isnan(loss(bad, good).asnumpy()).all()
    assert onp.isnan(loss(good, bad).asnumpy()).all()
