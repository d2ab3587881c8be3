"""Every layer of Gluon against its formula: values, derivatives by inputs and parameters, hybridized or not."""

import inspect
import itertools
import re

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import check_block, random
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import contrib, nn
from mxnet.gluon.contrib.cnn import DeformableConvolution
from scipy import special

X = random(2, 4, 5, low=-2, high=2)
IMAGES = random(2, 4, 7, 6)


def sliding(x, kernel, stride, pad, dilate, out=None, value=0.0):
    """Yield, for each position in the kernel, that entry of all windows of x."""
    n = x.ndim - 2
    size = [(x.shape[2 + i] + 2 * pad[i] - dilate[i] * (kernel[i] - 1) - 1) // stride[i] + 1 for i in range(n)]
    size = out or size
    extra = [max(0, (size[i] - 1) * stride[i] + dilate[i] * (kernel[i] - 1) + 1 - x.shape[2 + i]) for i in range(n)]
    x = onp.pad(x, [(0, 0), (0, 0), *[(pad[i], extra[i]) for i in range(n)]], constant_values=value)
    for place in itertools.product(*map(range, kernel)):
        starts = [place[i] * dilate[i] for i in range(n)]
        cut = tuple(slice(s, s + (size[i] - 1) * stride[i] + 1, stride[i]) for i, s in enumerate(starts))
        yield place, x[(slice(None), slice(None), *cut)]


def convolution(stride=1, pad=0, dilate=1, groups=1, activation=lambda x: x):
    def formula(p, x):
        w, n = p["weight"], x.ndim - 2
        out = 0.0
        for place, part in sliding(x, w.shape[2:], (stride,) * n, (pad,) * n, (dilate,) * n):
            part = part.reshape(len(x), groups, -1, *part.shape[2:])
            filters = w[(slice(None), slice(None), *place)].reshape(groups, -1, w.shape[1])
            summed = onp.einsum("ngc...,gfc->ngf...", part, filters)
            out = out + summed.reshape(len(x), -1, *summed.shape[3:])
        return activation(out + p["bias"].reshape(-1, *[1] * n) if "bias" in p else out)

    return formula


def transposed_convolution(stride=1, pad=0, dilate=1, groups=1, more=0):
    def formula(p, x):
        w, n = p["weight"], x.ndim - 2
        kernel = w.shape[2:]
        inner = [(x.shape[2 + i] - 1) * stride + dilate * (kernel[i] - 1) + 1 for i in range(n)]
        out = onp.zeros((len(x), w.shape[1] * groups, *[size + more for size in inner]))
        grouped = x.reshape(len(x), groups, -1, *x.shape[2:])
        for place in itertools.product(*map(range, kernel)):
            filters = w[(slice(None), slice(None), *place)].reshape(groups, -1, w.shape[1])
            part = onp.einsum("ngc...,gcf->ngf...", grouped, filters)
            cut = [
                slice(k * dilate, k * dilate + (x.shape[2 + i] - 1) * stride + 1, stride) for i, k in enumerate(place)
            ]
            out[(slice(None), slice(None), *cut)] += part.reshape(len(x), -1, *x.shape[2:])
        out = out[(slice(None), slice(None), *[slice(pad, size - pad) for size in out.shape[2:]])]
        return out + p["bias"].reshape(-1, *[1] * n)

    return formula


def pooling(kind, kernel=2, stride=2, pad=0, ceil=False, count_pad=True):
    def formula(_, x):
        n = x.ndim - 2
        rounded = onp.ceil if ceil else onp.floor
        out = [int(rounded((size + 2 * pad - kernel) / stride)) + 1 for size in x.shape[2:]]
        arguments = ((kernel,) * n, (stride,) * n, (pad,) * n, (1,) * n, out)
        if kind == "max":
            return onp.max([part for _, part in sliding(x, *arguments, value=-onp.inf)], axis=0)
        area = onp.pad(onp.ones_like(x), [(0, 0), (0, 0), *[(pad, pad)] * n], constant_values=float(count_pad))
        area = sum(part for _, part in sliding(area, *arguments[:2], (0,) * n, (1,) * n, out))
        return sum(part for _, part in sliding(x, *arguments)) / area

    return formula


def over_space(function):
    return lambda _, x: function(x, axis=tuple(range(2, x.ndim)), keepdims=True)


def normalized(x, axes, eps):
    return (x - x.mean(axes, keepdims=True)) / onp.sqrt(x.var(axes, keepdims=True) + eps)


def along(vector, x, axis=1):
    return vector.reshape([-1 if i == axis % x.ndim else 1 for i in range(x.ndim)])


def batch_norm(axis=1, eps=1e-5, scale=True):
    def formula(p, x):
        others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
        gamma = along(p["gamma"], x, axis) if scale else 1.0
        return normalized(x, others, eps) * gamma + along(p["beta"], x, axis)

    return formula


def layer_norm(p, x, axis=-1):
    return normalized(x, axis, 1e-5) * along(p["gamma"], x, axis) + along(p["beta"], x, axis)


def instance_norm(p, x):
    return normalized(x, tuple(range(2, x.ndim)), 1e-5) * along(p["gamma"], x) + along(p["beta"], x)


def group_norm(p, x, groups=2):
    grouped = x.reshape(len(x), groups, -1)
    grouped = normalized(grouped, 2, 1e-5) * p["gamma"][:, None] + p["beta"][:, None]
    return grouped.reshape(x.shape)


def dense(p, x):
    return x.reshape(len(x), -1) @ p["weight"].T + p["bias"]


def elu(x, alpha=1.0):
    return onp.where(x > 0, x, alpha * onp.expm1(x))


def pixel_shuffle(x, factor):
    n = x.ndim - 2
    x = x.reshape(len(x), -1, *[factor] * n, *x.shape[2:])
    order = [axis for i in range(n) for axis in (2 + n + i, 2 + i)]
    return x.transpose(0, 1, *order).reshape(len(x), x.shape[1], *[factor * size for size in x.shape[2 + n :]])


def two(container, **arguments):
    block = container(**arguments)
    block.add(nn.Dense(3), nn.Dense(2))
    return block


def deformable():
    """A convolution, because its offsets are 0."""
    layer = DeformableConvolution(3, 3, padding=1)
    layer.offset_weight.grad_req = layer.offset_bias.grad_req = "null"
    return layer


def both(p, x):
    return onp.concatenate([x @ p[f"{i}.weight"].T + p[f"{i}.bias"] for i in "01"], axis=1)


def chain(p, x):
    return (x @ p["0.weight"].T + p["0.bias"]) @ p["1.weight"].T + p["1.bias"]


# The layer as a student writes it, input, formula
CASES = {
    "nn.Dense(3)": (X, dense),
    "nn.Dense(3, use_bias=False, flatten=False)": (X, lambda p, x: x @ p["weight"].T),
    "nn.Dense(3, activation='tanh')": (X, lambda p, x: onp.tanh(dense(p, x))),
    "nn.Dense(3, in_units=20)": (X, dense),
    "nn.Activation('relu')": (X, lambda _, x: onp.maximum(x, 0)),
    "nn.Activation('sigmoid')": (X, lambda _, x: special.expit(x)),
    "nn.Activation('tanh')": (X, lambda _, x: onp.tanh(x)),
    "nn.Activation('softrelu')": (X, lambda _, x: onp.logaddexp(0, x)),
    "nn.Activation('softsign')": (X, lambda _, x: x / (1 + abs(x))),
    "nn.LeakyReLU(0.1)": (X, lambda _, x: onp.where(x > 0, x, 0.1 * x)),
    "nn.PReLU()": (X, lambda p, x: onp.where(x > 0, x, p["alpha"] * x)),
    "nn.PReLU(in_channels=4)": (X, lambda p, x: onp.where(x > 0, x, along(p["alpha"], x) * x)),
    "nn.ELU(0.5)": (X, lambda _, x: elu(x, 0.5)),
    "nn.SELU()": (X, lambda _, x: 1.0507009873554805 * elu(x, 1.6732632423543772)),
    "nn.GELU()": (X, lambda _, x: x * special.ndtr(x)),
    "nn.Swish(1.5)": (X, lambda _, x: x * special.expit(1.5 * x)),
    "nn.Flatten()": (X, lambda _, x: x.reshape(len(x), -1)),
    "nn.Lambda('tanh')": (X, lambda _, x: onp.tanh(x)),
    "nn.Lambda(lambda x: np.exp(x))": (X, lambda _, x: onp.exp(x)),
    "nn.HybridLambda('relu')": (X, lambda _, x: onp.maximum(x, 0)),
    "nn.HybridLambda(lambda F, x: F.np.square(x))": (X, lambda _, x: x**2),
    "nn.Dropout(0)": (X, lambda _, x: x),
    "nn.Embedding(9, 3)": (onp.array([[1, 8], [0, 1]]), lambda p, x: p["weight"][x]),
    "nn.BatchNorm()": (IMAGES, batch_norm()),
    "nn.BatchNorm(axis=-1, epsilon=0.1)": (X, batch_norm(axis=-1, eps=0.1)),
    "nn.BatchNorm(scale=False)": (IMAGES, batch_norm(scale=False)),
    "nn.BatchNormReLU()": (IMAGES, lambda p, x: onp.maximum(batch_norm()(p, x), 0)),
    "nn.LayerNorm()": (X, layer_norm),
    "nn.LayerNorm(axis=1)": (X, lambda p, x: layer_norm(p, x, 1)),
    "nn.InstanceNorm(scale=True)": (IMAGES, instance_norm),
    "nn.InstanceNorm(axis=2, scale=True)": (X, lambda p, x: instance_norm(p, x.swapaxes(1, 2)).swapaxes(1, 2)),
    "nn.GroupNorm(2)": (IMAGES, group_norm),
    "nn.Conv1D(6, 3, 2, 1)": (X, convolution(2, 1)),
    "nn.Conv2D(6, 3, activation='relu')": (IMAGES, convolution(activation=lambda x: onp.maximum(x, 0))),
    "nn.Conv2D(6, 3, 2, 1, groups=2, use_bias=False)": (IMAGES, convolution(2, 1, groups=2)),
    "nn.Conv2D(6, (2, 3), dilation=2, in_channels=4)": (IMAGES, convolution(dilate=2)),
    "nn.Conv3D(3, 2, 2, 1)": (random(2, 2, 4, 3, 5), convolution(2, 1)),
    "nn.Conv1DTranspose(6, 3, 2, 1, 1)": (X, transposed_convolution(2, 1, more=1)),
    "nn.Conv2DTranspose(6, 3, groups=2)": (IMAGES, transposed_convolution(groups=2)),
    "nn.Conv2DTranspose(3, 2, 3, 1, 2)": (IMAGES, transposed_convolution(3, 1, more=2)),
    "nn.Conv2DTranspose(3, 3, 2, dilation=2)": (IMAGES, transposed_convolution(2, dilate=2)),
    "nn.Conv1DTranspose(3, 2, dilation=3)": (X, transposed_convolution(dilate=3)),
    "nn.Conv3DTranspose(3, 2, 2, 1, 1)": (random(2, 2, 4, 3, 5), transposed_convolution(2, 1, more=1)),
    "nn.ReflectionPad2D(2)": (IMAGES, lambda _, x: onp.pad(x, [(0, 0), (0, 0), (2, 2), (2, 2)], mode="reflect")),
    "contrib.nn.Identity()": (X, lambda _, x: x),
    "contrib.nn.PixelShuffle1D(2)": (X, lambda _, x: pixel_shuffle(x, 2)),
    "contrib.nn.PixelShuffle2D(2)": (IMAGES, lambda _, x: pixel_shuffle(x, 2)),
    "contrib.nn.PixelShuffle3D(2)": (random(1, 8, 2, 3, 2), lambda _, x: pixel_shuffle(x, 2)),
    "contrib.nn.SyncBatchNorm(num_devices=1)": (IMAGES, batch_norm()),
    "deformable()": (
        IMAGES,
        lambda p, x: convolution(1, 1)({"weight": p["deformable_conv_weight"], "bias": p["deformable_conv_bias"]}, x),
    ),
    "two(nn.Sequential)": (X[0], chain),
    "two(nn.HybridSequential)": (X[0], chain),
    "two(contrib.nn.Concurrent, axis=1)": (X[0], both),
    "two(contrib.nn.HybridConcurrent, axis=1)": (X[0], both),
}
for dimensions, kind in itertools.product((1, 2, 3), ("max", "avg")):
    x = random(2, 3, *(6, 7, 5)[:dimensions], seed=dimensions)
    name = f"{kind.title()}Pool{dimensions}D"
    CASES[f"nn.{name}()"] = (x, pooling(kind))
    CASES[f"nn.{name}(3, 2, 1)"] = (x, pooling(kind, 3, 2, 1))
    CASES[f"nn.{name}(3, 2, ceil_mode=True)"] = (x, pooling(kind, 3, 2, ceil=True))
    CASES[f"nn.{name}(3, 2, 1, ceil_mode=True)"] = (x, pooling(kind, 3, 2, 1, ceil=True))
    CASES[f"nn.Global{name}()"] = (x, over_space(onp.max if kind == "max" else onp.mean))
    if kind == "avg":
        CASES[f"nn.{name}(3, 2, 1, count_include_pad=False)"] = (x, pooling(kind, 3, 2, 1, count_pad=False))

ONLY_FLOAT32 = (
    "Transpose(3, 3, 2, dilation=2)",
    "dilation=3",
    "InstanceNorm",
    "Conv3DTranspose",
    "SyncBatchNorm",
    "deformable",
)
ALL_TYPES = [(case, "float32") for case in CASES]
ALL_TYPES += [(case, "float64") for case in CASES if not any(name in case for name in ONLY_FLOAT32)]


@pytest.mark.filterwarnings("ignore:All children of this Sequential")
@pytest.mark.parametrize(("case", "dtype"), ALL_TYPES)
def test_values_and_gradients(case, dtype):
    x, formula = CASES[case]
    check_block(eval(case), (x,), formula, dtype)


def test_every_layer_is_tested():
    modules = (nn.activations, nn.basic_layers, nn.conv_layers, contrib.nn.basic_layers)
    names = {name for module in modules for name in module.__all__}
    assert all(inspect.isclass(getattr(nn, name, None) or getattr(contrib.nn, name)) for name in names)
    tested = set(re.findall(r"\w+", " ".join(CASES))) | {"Dropout", "SparseEmbedding"}
    assert names - tested == set()


# Statistics and random numbers


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("hybrid", [False, True])
def test_running_statistics_change_once_per_recorded_step(dtype, hybrid):
    layer = nn.BatchNorm(momentum=0.8)
    layer.initialize()
    layer.cast(dtype)
    layer.hybridize(hybrid)
    mean, variance = onp.zeros(4), onp.ones(4)
    for seed in range(3):
        x = random(5, 4, 3, low=-1, high=3, seed=seed)
        with autograd.record():
            output = layer(np.array(x, dtype=dtype))
        output.backward()
        mean = 0.8 * mean + 0.2 * x.mean((0, 2))
        variance = 0.8 * variance + 0.2 * x.var((0, 2))
        output.wait_to_read()
        onp.testing.assert_allclose(layer.running_mean.data().asnumpy(), mean, rtol=1e-5)
        onp.testing.assert_allclose(layer.running_var.data().asnumpy(), variance, rtol=1e-5)
    output = layer(np.array(x, dtype=dtype)).asnumpy()  # prediction: uses them and leaves them as they are
    expected = (x - along(mean, x)) / onp.sqrt(along(variance, x) + 1e-5)
    onp.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-5)
    onp.testing.assert_allclose(layer.running_mean.data().asnumpy(), mean, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_global_statistics(dtype):
    layer = nn.BatchNorm(use_global_stats=True, in_channels=4, running_variance_initializer=mx.init.Constant(4))

    def formula(p, x):
        shift = along(p["running_mean"], x), along(p["running_var"], x)
        return (x - shift[0]) / onp.sqrt(shift[1] + 1e-5) * along(p["gamma"], x) + along(p["beta"], x)

    check_block(layer, (IMAGES,), formula, dtype)


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize(("axes", "constant"), [((), ()), ((1,), (1,)), ((0, 2), (0, 2))])
def test_dropout(hybrid, axes, constant):
    layer = nn.Dropout(0.3, axes=axes)
    layer.hybridize(hybrid)
    x = np.ones((60, 50, 40))
    assert (layer(x) == 1).all()
    with autograd.record():
        y = layer(x).asnumpy()
    kept = y != 0
    assert onp.allclose(y[kept], 1 / 0.7)
    drawn = kept.size / onp.prod([kept.shape[axis] for axis in constant], dtype=int)
    assert abs(kept.mean() - 0.7) < 5 * onp.sqrt(0.21 / drawn)
    for axis in constant:
        assert (kept == kept.take([0], axis)).all()


# Data types


@pytest.mark.parametrize("dtype", ["float64", "float16"])
@pytest.mark.parametrize("hybrid", [False, True])
def test_a_layer_that_finds_its_inputs_itself(dtype, hybrid):
    layer = nn.Dense(2, dtype=dtype) if dtype == "float64" else nn.LayerNorm()
    layer.cast(dtype)
    layer.initialize()
    layer.hybridize(hybrid)
    output = layer(np.ones((1, 3), dtype=dtype))
    assert output.dtype == dtype
    assert output.shape[0] == 1


LAYERS = {
    "nn.Dense(2)": X,
    "nn.Conv2D(3, 3)": IMAGES,
    "nn.Conv2DTranspose(3, 3)": IMAGES,
    "nn.BatchNorm()": X,
    "nn.LayerNorm()": X,
    "nn.GroupNorm(2)": X,
    "nn.InstanceNorm()": X,
    "gluon.rnn.LSTM(3)": X,
}


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "int32"])
@pytest.mark.parametrize("case", LAYERS)
def test_an_input_of_another_type_than_the_parameters(case, dtype, hybrid):
    layer = eval(case)
    layer.initialize()
    layer.hybridize(hybrid)
    with pytest.raises(TypeError, match=rf"the input is {dtype}, but the parameters are float32.*astype\('float32'\)"):
        layer(np.array(LAYERS[case], dtype=dtype))


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("case", ["nn.Dense(2)", "nn.Conv2D(3, 3)", "nn.Conv2DTranspose(3, 3)"])
def test_float16_on_the_cpu(case, hybrid):
    layer = eval(case)
    layer.initialize()
    layer.cast("float16")
    layer.hybridize(hybrid)
    with pytest.raises(TypeError, match="float16 only on a GPU"):
        layer(np.array(LAYERS[case], dtype="float16"))


@pytest.mark.parametrize("case", ["nn.MaxPool2D()", "nn.AvgPool2D()", "nn.Activation('tanh')", "nn.ELU()", "nn.GELU()"])
@pytest.mark.parametrize("dtype", ["int32", "uint8"])
def test_layers_that_cannot_compute_with_integers(case, dtype):
    with pytest.raises(TypeError, match=f"floating-point numbers only, but its input is {dtype}"):
        eval(case)(np.ones((1, 2, 4, 4), dtype=dtype))


@pytest.mark.parametrize("layer", [nn.InstanceNorm(), nn.Conv3DTranspose(2, 2), nn.Conv2DTranspose(2, 2, dilation=2)])
def test_layers_that_only_know_float32(layer):
    layer.cast("float32")
    with pytest.raises(TypeError, match="only in float32"):
        layer.cast("float64")


def test_a_transposed_convolution_with_dilation_in_float64():
    x = np.ones((1, 1, 4, 4), dtype="float64")
    with pytest.raises(TypeError, match="only in float32"):
        npx.deconvolution(x, np.ones((1, 1, 2, 2), dtype="float64"), kernel=(2, 2), dilate=(2, 2), num_filter=1)


# What there is not


@pytest.mark.parametrize("case", ["nn.Embedding(3, 2, sparse_grad=True)", "contrib.nn.SparseEmbedding(3, 2)"])
def test_sparse_gradients_are_refused_at_construction(case):
    with pytest.raises(NotImplementedError, match=r"Use nn.Embedding\(input_dim, output_dim\)"):
        eval(case)
    npx.reset_np()
    assert eval(case)


def test_old_operators_take_both_kinds_of_arrays():
    x = np.array([[1.0, -2.0]])
    x.attach_grad()
    with autograd.record():
        y = mx.nd.relu(x) * 2
    y.backward()
    assert type(y) is np.ndarray
    assert x.grad.asnumpy().tolist() == [[2, 0]]
    assert type(mx.nd.relu(x.as_nd_ndarray())) is mx.nd.NDArray
    assert type(mx.nd.split(x, 2, axis=1)[0]) is np.ndarray
    assert mx.nd.sum(np.zeros((0, 3)), axis=0).asnumpy().tolist() == [0, 0, 0]
    assert mx.nd.relu(np.array(-3.0)).shape == ()


class OldNetwork(gluon.HybridBlock):
    """As in a tutorial from before the NumPy interface."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(3)

    def hybrid_forward(self, F, x):
        return F.concat(F.relu(self.dense(x)), F.sum(x, axis=1, keepdims=True), dim=1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_network_that_was_written_for_the_old_operators(dtype):
    def formula(p, x):
        hidden = x @ p["dense.weight"].T + p["dense.bias"]
        return onp.concatenate([onp.maximum(hidden, 0), x.sum(1, keepdims=True)], axis=1)

    check_block(OldNetwork(), (X[0],), formula, dtype)
