"""Arrays and batches without entries: NumPy's answer, or an error at the call, never at a later line."""

import warnings

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

SHAPES = [(0,), (0, 3), (3, 0), (2, 0, 3), (0, 0)]
# Every public function that takes one array; those that MXNet and NumPy both have are found here, not listed.
BINARY = "add subtract multiply divide true_divide mod power maximum minimum arctan2 copysign hypot equal less greater"
REDUCTIONS = "sum prod mean std var max min amax amin argmax argmin cumsum any all"
NOT_COMPARABLE = {
    # NumPy's are other functions, or their answers differ in ways that have nothing to do with emptiness.
    *(
        "array_repr",
        "asarray",
        "array",
        "bitwise_not",
        "empty",
        "empty_like",
        "fliplr",
        "flipud",
        "histogram",
        "identity",
    ),
    *("invert", "ones", "zeros", "polyval", "save", "load", "set_printoptions", "shares_memory", "may_share_memory"),
    *("random", "bincount", "average", "blackman", "hamming", "hanning", "eye", "arange", "genfromtxt", "fromfile"),
}


@pytest.fixture(autouse=True)
def nothing_comes_later():
    npx.set_np()
    yield
    npx.waitall()  # raises what MXNet's threads have found meanwhile


def numpys(function, *args, **kwargs):
    """NumPy's answer, or the class of its error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(*args, **kwargs)
        except (ValueError, IndexError, TypeError, ZeroDivisionError, onp.linalg.LinAlgError) as error:
            return error


def agree(name, *args, module=np, **kwargs):
    ours, theirs = getattr(module, name), getattr(onp, name)
    expected = numpys(theirs, *[a.asnumpy() if isinstance(a, np.ndarray) else a for a in args], **kwargs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(expected, Exception):
            with pytest.raises((type(expected), mx.MXNetError)):
                ours(*args, **kwargs)
            return
        got = ours(*args, **kwargs)
    for one, other in zip(*[x if isinstance(x, (list, tuple)) else [x] for x in (got, expected)], strict=True):
        value = one.asnumpy() if isinstance(one, np.ndarray) else onp.asarray(one)
        assert value.shape == onp.shape(other)
        assert onp.array_equal(value, other, equal_nan=value.dtype.kind == "f")
        npx.waitall()


def functions_of_one_array():
    """Functions that NumPy has, too, and that take one array of ones without complaint in both."""
    npx.set_np()
    x = np.ones((2, 2))
    for name in sorted(set(dir(np)) & set(dir(onp)) - NOT_COMPARABLE - set(REDUCTIONS.split())):
        function, theirs = getattr(np, name), getattr(onp, name)
        if name.startswith("_") or not callable(function) or isinstance(function, type):
            continue
        try:
            same = onp.allclose(function(x).asnumpy(), theirs(x.asnumpy()))
        except Exception:  # whatever it is, this is not a function of one array
            continue
        if same:
            yield name


FUNCTIONS = list(functions_of_one_array())
npx.reset_np()


def test_the_enumeration_finds_functions():
    assert len(FUNCTIONS) >= 50
    assert {"exp", "sort", "squeeze", "ravel", "transpose"} <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_one_array(name):
    for shape in SHAPES:
        agree(name, np.ones(shape))


@pytest.mark.parametrize("name", BINARY.split())
def test_functions_of_two_arrays(name):
    for shape in SHAPES:
        agree(name, np.ones(shape), np.ones(shape))
        agree(name, np.ones(shape), 2)
        agree(name, np.ones(shape), np.ones(shape[-1:]))


@pytest.mark.parametrize("name", REDUCTIONS.split())
def test_reductions(name):
    for shape in SHAPES:
        x = np.ones(shape)
        agree(name, x)
        for axis in range(-len(shape), len(shape)):
            agree(name, x, axis=axis)
        if name not in ("argmax", "argmin", "cumsum"):
            agree(name, x, keepdims=True)
            agree(name, x, axis=0, keepdims=True)
        if name in ("sum", "prod", "max", "min"):
            agree(name, np.ones(shape, dtype="int32"))


def test_methods_and_out():
    x = np.ones((0, 3))
    assert x.sum(axis=0).tolist() == [0, 0, 0]
    assert onp.isnan(x.mean(axis=0).asnumpy()).tolist() == [True] * 3
    out = np.ones(3)
    np.sum(x, axis=0, out=out)
    assert out.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="zero-size array"):
        x.max()
    assert x.mean().dtype == x.astype("int32").mean().dtype == "float32"


def test_other_functions():
    for shape in SHAPES:
        x = np.ones(shape)
        assert np.concatenate([x, x]).shape == onp.concatenate([onp.ones(shape)] * 2).shape
        agree("repeat", x, 2, axis=0)
        agree("diagflat", x)
        assert x[x > 0].shape == (0,)
        with pytest.raises(IndexError):
            np.take(x, np.array([0]))
        agree("average", x)
    assert float(np.linalg.det(np.ones((0, 0)))) == 1


def test_cumulative_sums_along_negative_axes_and_initial_values():
    x = onp.arange(24.0).reshape(2, 3, 4)
    for axis in (-3, -2, -1, 0, 1, 2, None):
        assert onp.array_equal(np.cumsum(np.array(x), axis=axis).asnumpy(), x.cumsum(axis))
    with pytest.raises(IndexError, match="axis 3 is out of bounds"):
        np.cumsum(np.array(x), axis=3)
    for function in (np.sum, np.prod, np.max, np.min):
        with pytest.raises(NotImplementedError, match="initial"):
            function(np.ones(3), initial=0)


def test_gradients_with_respect_to_nothing():
    x = np.ones((0, 3))
    x.attach_grad()
    with autograd.record():
        y = x.sum() + x.mean(axis=1).sum() + npx.activation(x, act_type="tanh").sum() + npx.batch_flatten(x).sum()
    y.backward()
    assert (float(y), x.grad.shape) == (0, (0, 3))


# Layers

LAYERS = {
    "Dense": (lambda: nn.Dense(2), (4, 3)),
    "Dense with an activation": (lambda: nn.Dense(2, activation="relu"), (4, 3)),
    "Conv2D": (lambda: nn.Conv2D(2, 3), (4, 2, 6, 6)),
    "Conv2DTranspose": (lambda: nn.Conv2DTranspose(2, 3), (4, 2, 6, 6)),
    "MaxPool2D": (nn.MaxPool2D, (4, 2, 6, 6)),
    "GlobalAvgPool2D": (nn.GlobalAvgPool2D, (4, 2, 6, 6)),
    "BatchNorm": (nn.BatchNorm, (4, 2, 6, 6)),
    "LayerNorm": (nn.LayerNorm, (4, 2)),
    "LSTM": (lambda: gluon.rnn.LSTM(2), (4, 2, 3)),
    "GRU": (lambda: gluon.rnn.GRU(2), (4, 2, 3)),
}
ELEMENTWISE = {
    "Activation": lambda: nn.Activation("relu"),
    "Dropout": lambda: nn.Dropout(0.5),
    "ELU": nn.ELU,
    "Flatten": nn.Flatten,
    "GELU": nn.GELU,
    "LeakyReLU": lambda: nn.LeakyReLU(0.1),
    "SELU": nn.SELU,
    "Swish": nn.Swish,
}


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_refuse_an_empty_batch_at_the_call_and_go_on(name, hybrid):
    make, shape = LAYERS[name]
    layer = make()
    layer.initialize()
    if hybrid:
        layer.hybridize()
    expected = layer(np.ones(shape)).asnumpy()
    with pytest.raises(ValueError, match="is empty"), autograd.record():
        layer(np.ones((0, *shape[1:])))
    npx.waitall()
    assert onp.array_equal(layer(np.ones(shape)).asnumpy(), expected)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_layers_pass_nothing_on(name):
    layer = ELEMENTWISE[name]()
    layer.initialize()
    x = np.ones((0, 4))
    x.attach_grad()
    with autograd.record():
        y = layer(x)
    y.backward()
    assert y.shape == x.grad.shape == (0, 4)
    layer.hybridize()
    if isinstance(layer, nn.HybridBlock):
        with pytest.raises(ValueError, match="the batch is empty"):
            layer(x)


def test_an_embedding_of_nothing():
    layer = nn.Embedding(5, 3)
    layer.initialize()
    assert layer(np.ones((0, 4))).shape == (0, 4, 3)


@pytest.mark.parametrize("name", ["L1Loss", "L2Loss", "SigmoidBinaryCrossEntropyLoss", "SoftmaxCrossEntropyLoss"])
def test_losses_of_nothing(name):
    loss = getattr(gluon.loss, name)()
    labels = np.ones((0,)) if name == "SoftmaxCrossEntropyLoss" else np.ones((0, 3))
    assert loss(np.ones((0, 3)), labels).shape == (0,)


def test_the_old_interface():
    x = np.ones((0, 3)).as_nd_ndarray()
    assert type(mx.nd.Activation(x, act_type="relu")) is mx.nd.NDArray
    assert mx.nd.random.shuffle(x).shape == (0, 3)
    for function in (
        lambda: mx.nd.FullyConnected(x, mx.nd.ones((2, 3)), num_hidden=2, no_bias=True),
        lambda: mx.nd.argmax(x, axis=0),
        lambda: mx.nd.SoftmaxOutput(x, mx.nd.ones((3,))),
    ):
        with pytest.raises(ValueError, match="is empty"):
            function()
