"""The layer table, held against published sizes, hand-worked formulas and MXNet's own parameter lists."""

import math

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from mxnet.gluon.model_zoo import vision

from d2lhelpers import random
from d2lhelpers.summary import summarize

npx.set_np()


def lenet():
    net = nn.HybridSequential()
    net.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation="sigmoid"),
        nn.AvgPool2D(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation="sigmoid"),
        nn.AvgPool2D(pool_size=2, strides=2),
        nn.Dense(120, activation="sigmoid"),
        nn.Dense(84, activation="sigmoid"),
        nn.Dense(10),
    )
    return net


LENET_INPUT = (1, 1, 28, 28)


def one(layer, shape):
    """Summarize a network of one layer, and return its row."""
    net = nn.Sequential()
    net.add(layer)
    (row,) = summarize(net, shape).rows
    return row


def counted_by_mxnet(net):
    """Count trainable parameters from an initialized network's own list."""
    return sum(
        math.prod(parameter.shape)
        for name, parameter in net.collect_params().items()
        if not name.endswith(("running_mean", "running_var"))
    )


# Numbers


def test_lenet():
    table = summarize(lenet(), LENET_INPUT)
    assert [row.multiply_adds for row in table.rows] == [117_600, 0, 240_000, 0, 48_000, 10_080, 840]
    assert [row.parameters for row in table.rows] == [156, 0, 2_416, 0, 48_120, 10_164, 850]
    assert table.total_parameters == 61_706
    assert table.total_multiply_adds == 416_520
    assert table.rows[0].output_shape == (1, 6, 28, 28)
    assert table.rows[3].output_shape == (1, 16, 5, 5)
    assert [row.path for row in table.rows] == list("0123456")


@pytest.mark.parametrize(
    ("make", "parameters", "multiply_adds"),
    [
        # Krizhevsky's one-tower form: conv 64×11×11/4, 192×5×5, 384, 256, 256 of 3×3, dense 4096, 4096, 1000.
        (vision.alexnet, 61_100_840, 714_188_480),
        # He et al. 2015, table 1: 1.8 · 10⁹ multiply-adds.
        (vision.resnet18_v1, 11_689_512, 1_814_073_344),
        # Howard et al. 2017, table 8: 4.2 million parameters, 569 million multiply-adds. (Grouped convolutions.)
        (vision.mobilenet1_0, 4_231_976, 568_740_352),
    ],
)
def test_published_networks(make, parameters, multiply_adds):
    table = summarize(make(), (1, 3, 224, 224))
    assert (table.total_parameters, table.total_multiply_adds) == (parameters, multiply_adds)


def convolution_by_counting(size, kernel, stride, padding, dilation):
    """Count along one axis how often the kernel is laid down (none of the padding left out, as is usual)."""
    span = dilation * (kernel - 1) + 1
    return len(range(0, size + 2 * padding - span + 1, stride))


@pytest.mark.parametrize(
    ("channels", "options"),
    [
        (3, {}),
        (4, {"strides": 2, "padding": 1}),
        (6, {"kernel_size": (3, 5), "padding": (0, 2)}),
        (6, {"dilation": 2}),
        (8, {"groups": 2}),
        (4, {"groups": 4, "use_bias": False}),
        (2, {"kernel_size": 1}),
    ],
)
def test_convolutions(channels, options):
    options = {"kernel_size": 3} | options
    inputs, height, width = 4, 11, 9
    row = one(nn.Conv2D(channels, **options), (2, inputs, height, width))

    def pair(name, default):
        value = options.get(name, default)
        return value if isinstance(value, tuple) else (value, value)

    kernel, stride, padding, dilation = (
        pair("kernel_size", 3),
        pair("strides", 1),
        pair("padding", 0),
        pair("dilation", 1),
    )
    high, wide = (
        convolution_by_counting(size, *numbers)
        for size, *numbers in zip((height, width), kernel, stride, padding, dilation, strict=True)
    )
    weights_each = inputs // options.get("groups", 1) * kernel[0] * kernel[1]
    assert row.output_shape == (2, channels, high, wide)
    assert row.multiply_adds == channels * high * wide * weights_each
    assert row.parameters == channels * (weights_each + options.get("use_bias", True))


def test_other_convolutions():
    assert one(nn.Conv1D(5, 3), (1, 2, 10)).multiply_adds == 5 * 8 * 2 * 3
    assert one(nn.Conv3D(5, 2), (1, 2, 4, 4, 4)).multiply_adds == 5 * 27 * 2 * 8
    row = one(nn.Conv2DTranspose(5, 3, strides=2), (1, 2, 4, 4))
    assert row.output_shape == (1, 5, 9, 9)
    assert row.multiply_adds == 2 * 16 * 5 * 9  # every input meets every weight of its channel
    assert row.parameters == 2 * 5 * 9 + 5


def test_dense_flattens_or_keeps_rows():
    assert one(nn.Dense(7), (2, 3, 4)).multiply_adds == 12 * 7
    kept = one(nn.Dense(7, flatten=False), (2, 3, 4))
    assert (kept.output_shape, kept.parameters, kept.multiply_adds) == ((2, 3, 7), 4 * 7 + 7, 3 * 4 * 7)
    assert one(nn.Dense(7, use_bias=False), (2, 4)).parameters == 28


def test_batch_size_changes_no_number():
    one_example, many = summarize(lenet(), LENET_INPUT), summarize(lenet(), (5, 1, 28, 28))
    assert many.total_multiply_adds == one_example.total_multiply_adds
    assert many.total_parameters == one_example.total_parameters
    assert many.rows[0].output_shape == (5, 6, 28, 28)


def test_running_statistics_are_no_parameters():
    row = one(nn.BatchNorm(), (1, 8, 4, 4))
    assert (row.parameters, row.multiply_adds) == (16, 0)  # scale and shift
    assert one(nn.BatchNorm(scale=False), (1, 8, 4, 4)).parameters == 8


def test_frozen_weights_are_still_parameters():
    net = lenet()
    net.collect_params().setattr("grad_req", "null")
    assert summarize(net, LENET_INPUT).total_parameters == 61_706


def test_embedding():
    net = nn.Sequential()
    net.add(nn.Embedding(10, 4), nn.Dense(2))
    table = summarize(net, (1, 5), dtype="int32")
    assert [(row.parameters, row.multiply_adds) for row in table.rows] == [(40, 0), (5 * 4 * 2 + 2, 40)]


def test_network_without_parameters():
    net = nn.Sequential()
    net.add(nn.MaxPool2D(2), nn.Flatten(), nn.Dropout(0.5))
    table = summarize(net, (1, 1, 4, 4))
    assert [row.name for row in table.rows] == ["MaxPool2D 2×2, stride 2", "Flatten", "Dropout 0.5"]
    assert table.total_parameters == table.total_multiply_adds == 0
    assert summarize(nn.Activation("relu"), (1, 3)).rows[0].name == "relu"
    assert summarize(nn.Sequential(), (1, 3)).rows == ()


# Networks of one's own


class Paths(nn.Block):
    """Two convolutions side by side."""

    def __init__(self):
        super().__init__()
        self.narrow = nn.Conv2D(2, 1)
        self.wide = nn.Conv2D(3, 3, padding=1)

    def forward(self, X):
        return np.concatenate([self.narrow(X), self.wide(X)], axis=1)


class Residual(nn.HybridBlock):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.HybridSequential()
        self.body.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"))

    def hybrid_forward(self, F, X):
        return F.npx.relu(X + self.body(X))


class OwnDense(nn.Block):
    """A layer whose formula nobody but its author knows."""

    def __init__(self, units, inputs):
        super().__init__()
        self.weight = self.params.get("weight", shape=(units, inputs))

    def forward(self, X):
        return np.dot(X, self.weight.data().T)


def test_block_with_two_paths():
    net = nn.Sequential()
    net.add(Paths(), nn.Dense(2))
    table = summarize(net, (1, 4, 6, 6))
    assert [row.path for row in table.rows] == ["0.narrow", "0.wide", "1"]
    assert [row.multiply_adds for row in table.rows] == [36 * 2 * 4, 36 * 3 * 4 * 9, 5 * 36 * 2]


def test_depth_sums_up_blocks():
    net = nn.Sequential()
    net.add(Paths(), Residual(5), nn.Dense(2))
    full, short = summarize(net, (1, 4, 6, 6)), summarize(net, (1, 4, 6, 6), depth=1)
    assert [row.name for row in short.rows] == ["Paths", "Residual", "Dense 2"]
    assert short.rows[0].output_shape == (1, 5, 6, 6)
    assert short.rows[0].parameters == full.rows[0].parameters + full.rows[1].parameters
    assert short.total_parameters == full.total_parameters
    assert short.total_multiply_adds == full.total_multiply_adds
    two = summarize(net, (1, 4, 6, 6), depth=2)
    assert [row.name for row in two.rows] == ["Conv2D 2×1×1", "Conv2D 3×3×3", "HybridSequential of 3", "Dense 2"]
    with pytest.raises(ValueError, match="depth"):
        summarize(net, (1, 4, 6, 6), depth=0)


def test_unknown_layers_are_marked():
    net = nn.Sequential()
    net.add(nn.Dense(3), OwnDense(2, 3))
    table = summarize(net, (1, 4))
    assert table.rows[1].multiply_adds is None
    assert (table.total_parameters, table.total_multiply_adds, table.all_known) == (21, 12, False)
    assert str(table).splitlines()[-3].split() == ["OwnDense", "1×2", "6", "?"]
    assert str(table).splitlines()[-1].split() == ["total", "21", "≥", "12"]
    assert summarize(net, (1, 4), depth=1).rows[1].multiply_adds is None


def test_shared_parameters_count_once():
    shared = nn.Dense(4, in_units=4)
    net = nn.Sequential()
    net.add(shared, nn.Dense(4, in_units=4, params=shared.params), shared)
    table = summarize(net, (1, 4))
    assert [row.parameters for row in table.rows] == [20, 0, 0]
    assert [row.multiply_adds for row in table.rows] == [16, 16, 16]
    net.initialize()
    assert counted_by_mxnet(net) == table.total_parameters == 20


# The network stays as it was


def test_uninitialized_network_stays_open():
    net = lenet()
    summarize(net, LENET_INPUT)
    with pytest.raises(RuntimeError, match="has not been initialized"):
        net[0].weight.data()
    summarize(net, (1, 3, 32, 32))  # other shapes still fit
    net.initialize()
    net(np.ones((1, 2, 40, 40)))
    assert net[0].weight.shape == (6, 2, 5, 5)


@pytest.mark.parametrize("when", ["before", "deferred", "after"])
def test_summary_changes_no_result(when):
    """The same seed gives the same outputs with a summary as without, whenever it is asked for."""

    def outputs(summarized):
        net = lenet()
        if summarized and when == "before":
            summarize(net, LENET_INPUT)
        random.seed(4)
        net.initialize(mx.init.Xavier())
        if summarized and when == "deferred":
            summarize(net, LENET_INPUT)
        X = np.random.normal(size=LENET_INPUT)
        result = net(X)
        if summarized and when == "after":
            summarize(net, LENET_INPUT)
            result = net(X)
        return result.asnumpy()

    onp.testing.assert_array_equal(outputs(True), outputs(False))


def test_hybridized_network_stays_compiled():
    net = lenet()
    net.initialize()
    net.hybridize()
    X = np.ones((2, 1, 28, 28))
    before = net(X).asnumpy()
    compiled = net._cached_op
    assert compiled is not None
    assert summarize(net, LENET_INPUT).total_parameters == 61_706
    assert net._cached_op is compiled
    onp.testing.assert_array_equal(net(X).asnumpy(), before)


def test_hybridized_before_first_run():
    net = lenet()
    net.hybridize()
    assert summarize(net, LENET_INPUT).total_multiply_adds == 416_520
    net.initialize()
    assert net(np.ones((2, 1, 28, 28))).shape == (2, 10)


def test_training_goes_on_after_a_summary():
    net = nn.HybridSequential()
    net.add(nn.Dense(4), nn.BatchNorm(), nn.Dense(1))
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
    X = np.random.normal(size=(8, 3))
    for _ in range(2):
        with autograd.record():
            loss = (net(X) ** 2).mean()
        loss.backward()
        trainer.step(1)
        statistics = net[1].running_mean.data().asnumpy()
        summarize(net, (8, 3))
        onp.testing.assert_array_equal(net[1].running_mean.data().asnumpy(), statistics)
        assert net[0].weight.grad().shape == (4, 3)


def test_hooks_are_gone():
    net = lenet()
    summarize(net, LENET_INPUT)
    with pytest.raises(ValueError, match="does not fit"):
        summarize(net, (1, 1, 4, 4))
    assert not net._forward_hooks
    assert not net[0]._forward_pre_hooks


# Errors


@pytest.mark.parametrize(
    ("initialized", "shape", "message"),
    [
        (
            False,
            (1, 1, 4, 4),
            r"1×1×4×4 does not fit .* Conv2D 16×5×5 sigmoid \(layer 2\) was given 1×6×2×2: kernel size",
        ),
        (True, (1, 1, 4, 4), r"Conv2D 16×5×5 sigmoid \(layer 2\) was given 1×6×2×2: kernel size exceed input"),
        (True, (1, 3, 28, 28), r"Conv2D 6×5×5 sigmoid \(layer 0\) was given 1×3×28×28: .*[Ss]hape"),
        (True, (1, 1, 32, 32), r"Dense 120 sigmoid \(layer 4\) was given 1×16×6×6"),
        (False, (1, 28), r"Conv2D 6×5×5 sigmoid \(layer 0\) was given 1×28: Input data should be 4D"),
    ],
)
def test_wrong_shapes_name_the_layer(initialized, shape, message):
    net = lenet()
    if initialized:
        net.initialize()
        net(np.ones(LENET_INPUT))
    with pytest.raises(ValueError, match=message):
        summarize(net, shape)


@pytest.mark.parametrize("shape", [(), (0, 1), (1, -1), (1.0, 2), ("a",)])
def test_shapes_that_are_none(shape):
    with pytest.raises(ValueError, match="positive whole numbers"):
        summarize(lenet(), shape)


def test_only_networks():
    with pytest.raises(TypeError, match=r"gluon.Block.*function"):
        summarize(lambda X: X, (1,))


# What it looks like


def test_text():
    net = nn.Sequential()
    net.add(nn.Conv2D(1000, 3, strides=2, groups=2, activation="relu"), nn.GlobalAvgPool2D())
    assert str(summarize(net, (1, 2, 9, 9))).splitlines() == [
        "layer                                     output shape  parameters  multiply-adds",
        "─────────────────────────────────────────────────────────────────────────────────",
        "input                                     1×2×9×9",
        "Conv2D 1000×3×3, stride 2, 2 groups relu  1×1000×4×4        10,000        144,000",
        "GlobalAvgPool2D                           1×1000×1×1             0              0",
        "─────────────────────────────────────────────────────────────────────────────────",
        "total                                                       10,000        144,000",
    ]


def test_html_table():
    text = summarize(lenet(), LENET_INPUT)._repr_html_()
    assert text.count("<tr>") == 1 + 1 + 7 + 1
    assert "<caption>HybridSequential: multiply-adds are per example</caption>" in text
    assert '<td style="text-align: right">61,706</td>' in text
    assert text == summarize(lenet(), LENET_INPUT)._repr_html_()
