"""The table of layers, compared with published sizes, with calculations by hand, and with MXNet's own parameters."""

import math

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np
from mxnet.gluon import nn
from mxnet.gluon.model_zoo import vision

from d2lhelpers import seed, summarize

LENET_INPUT = (1, 1, 28, 28)


def chain(*layers):
    net = nn.HybridSequential()
    net.add(*layers)
    return net


def lenet():
    return chain(
        nn.Conv2D(6, kernel_size=5, padding=2, activation="sigmoid"),
        nn.AvgPool2D(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation="sigmoid"),
        nn.AvgPool2D(pool_size=2, strides=2),
        nn.Dense(120, activation="sigmoid"),
        nn.Dense(84, activation="sigmoid"),
        nn.Dense(10),
    )


def row_of(layer, shape):
    (row,) = summarize(layer, shape).rows
    return row


# ---- Numbers ----


def test_lenet():
    table = summarize(lenet(), LENET_INPUT)
    assert [row.multiply_adds for row in table.rows] == [117_600, 0, 240_000, 0, 48_000, 10_080, 840]
    assert [row.parameters for row in table.rows] == [156, 0, 2_416, 0, 48_120, 10_164, 850]
    assert (table.total_parameters, table.total_multiply_adds) == (61_706, 416_520)
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


@pytest.mark.parametrize(
    ("options", "sides", "weights_per_channel"),
    [
        ({}, (9, 7), 4 * 9),
        ({"strides": 2, "padding": 1}, (6, 5), 4 * 9),
        ({"kernel_size": (3, 5), "padding": (0, 2)}, (9, 9), 4 * 15),
        ({"dilation": 2}, (7, 5), 4 * 9),
        ({"groups": 2}, (9, 7), 2 * 9),
        ({"groups": 4, "use_bias": False}, (9, 7), 1 * 9),
    ],
)
def test_convolutions(options, sides, weights_per_channel):
    row = row_of(nn.Conv2D(8, **{"kernel_size": 3} | options), (2, 4, 11, 9))
    assert row.output_shape == (2, 8, *sides)
    assert row.multiply_adds == 8 * math.prod(sides) * weights_per_channel
    assert row.parameters == 8 * (weights_per_channel + options.get("use_bias", True))


def test_convolutions_along_one_or_three_axes_and_transposed():
    assert row_of(nn.Conv1D(5, 3), (1, 2, 10)).multiply_adds == 5 * 8 * 2 * 3
    assert row_of(nn.Conv3D(5, 2), (1, 2, 4, 4, 4)).multiply_adds == 5 * 27 * 2 * 8
    row = row_of(nn.Conv2DTranspose(5, 3, strides=2), (1, 2, 4, 4))
    assert row.output_shape == (1, 5, 9, 9)
    assert row.multiply_adds == 2 * 16 * 5 * 9  # every input number meets every weight of its channel
    assert row.parameters == 2 * 5 * 9 + 5


def test_a_dense_layer_flattens_or_keeps_rows():
    assert row_of(nn.Dense(7, use_bias=False), (2, 3, 4)).multiply_adds == 12 * 7
    kept = row_of(nn.Dense(7, flatten=False), (2, 3, 4))
    assert (kept.output_shape, kept.parameters, kept.multiply_adds) == ((2, 3, 7), 4 * 7 + 7, 3 * 4 * 7)


def test_numbers_are_per_example():
    many = summarize(lenet(), (onp.int64(5), 1, 28, 28))
    assert (many.total_parameters, many.total_multiply_adds) == (61_706, 416_520)
    assert many.rows[0].output_shape == (5, 6, 28, 28)


def test_parameters_are_what_training_may_change():
    row = row_of(nn.BatchNorm(), (1, 8, 4, 4))
    assert (row.parameters, row.multiply_adds) == (16, 0)  # scale and shift, but not the running statistics
    frozen = lenet()
    frozen.collect_params().setattr("grad_req", "null")
    assert summarize(frozen, LENET_INPUT).total_parameters == 61_706


def test_an_embedding_is_a_lookup_of_integers():
    table = summarize(chain(nn.Embedding(10, 4), nn.Dense(2)), (1, 5), dtype="int32")
    assert [(row.parameters, row.multiply_adds) for row in table.rows] == [(40, 0), (5 * 4 * 2 + 2, 40)]


def test_layers_without_parameters_cost_nothing():
    table = summarize(chain(nn.MaxPool2D(2), nn.Flatten(), nn.Dropout(0.5), nn.Activation("relu")), (1, 1, 4, 4))
    assert [row.name for row in table.rows] == ["MaxPool2D 2×2, stride 2", "Flatten", "Dropout 0.5", "relu"]
    assert table.total_parameters == table.total_multiply_adds == 0
    assert table.all_known
    assert summarize(nn.Sequential(), (1, 3)).rows == ()


# ---- Networks of the reader's own ----


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
        self.body = chain(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"))

    def hybrid_forward(self, F, X):
        return F.npx.relu(X + self.body(X))


class OwnDense(nn.Block):
    """A layer whose formula nobody but its author knows."""

    def __init__(self, units, inputs):
        super().__init__()
        self.weight = self.params.get("weight", shape=(units, inputs))

    def forward(self, X):
        return np.dot(X, self.weight.data().T)


def sequential(*layers):
    net = nn.Sequential()
    net.add(*layers)
    return net


def test_both_paths_of_a_block_have_rows():
    table = summarize(sequential(Paths(), nn.Dense(2)), (1, 4, 6, 6))
    assert [row.path for row in table.rows] == ["0.narrow", "0.wide", "1"]
    assert [row.multiply_adds for row in table.rows] == [36 * 2 * 4, 36 * 3 * 4 * 9, 5 * 36 * 2]


def test_depth_sums_up_blocks():
    net = sequential(Paths(), Residual(5), nn.Dense(2))
    full, two, one = (summarize(net, (1, 4, 6, 6), depth=depth) for depth in (None, 2, 1))
    assert [row.name for row in two.rows] == ["Conv2D 2×1×1", "Conv2D 3×3×3", "HybridSequential of 3", "Dense 2"]
    assert [row.name for row in one.rows] == ["Paths", "Residual", "Dense 2"]
    assert one.rows[0].output_shape == (1, 5, 6, 6)
    assert one.rows[0].parameters == full.rows[0].parameters + full.rows[1].parameters
    for table in (two, one):
        assert table.total_parameters == full.total_parameters
        assert table.total_multiply_adds == full.total_multiply_adds


@pytest.mark.parametrize("depth", [None, 1])
def test_unknown_multiply_adds_are_marked(depth):
    own = OwnDense(4, 4)
    table = summarize(sequential(nn.Dense(4), sequential(own, own)), (1, 4), depth=depth)
    assert all(row.multiply_adds is None for row in table.rows[1:])
    assert (table.total_parameters, table.total_multiply_adds, table.all_known) == (36, 16, False)
    lines = str(table).splitlines()
    assert lines[4].split()[-3:] == ["1×4", "16", "?"]
    assert lines[-1].split() == ["total", "36", "≥", "16"]


def test_shared_parameters_count_once_but_compute_each_time():
    shared = nn.Dense(4, in_units=4)
    net = sequential(shared, nn.Dense(4, in_units=4, params=shared.params), shared)
    table = summarize(net, (1, 4))
    assert [row.parameters for row in table.rows] == [20, 0, 0]
    assert [row.multiply_adds for row in table.rows] == [16, 16, 16]


# ---- The network stays as it was ----


def test_an_uninitialized_network_stays_open():
    net = lenet()
    summarize(net, LENET_INPUT)
    with pytest.raises(RuntimeError, match="has not been initialized"):
        net[0].weight.data()
    summarize(net, (1, 3, 32, 32))  # other shapes still fit
    net.initialize()
    net(np.ones((1, 2, 40, 40)))
    assert net[0].weight.shape == (6, 2, 5, 5)


@pytest.mark.parametrize("when", ["before", "deferred", "after"])
def test_the_same_seed_gives_the_same_outputs_with_and_without_a_summary(when):
    def outputs(summarized):
        net = lenet()
        if summarized and when == "before":
            summarize(net, LENET_INPUT)
        seed(4)
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


def test_a_hybridized_network_stays_hybridized(capfd):
    net = chain(nn.Dense(3), nn.HybridLambda(lambda F, X: print("running Python") or X))
    net.hybridize()
    assert summarize(net, (2, 4)).total_parameters == 15
    net.initialize()
    net(np.ones((2, 4)))
    summarize(net, (2, 4))
    capfd.readouterr()
    net(np.ones((2, 4)))
    assert "running Python" not in capfd.readouterr().out  # the compiled graph computes


def test_training_continues_after_a_summary():
    net = chain(nn.Dense(4), nn.BatchNorm(), nn.Dense(1))
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


def test_a_failed_summary_leaves_nothing_behind():
    net = lenet()
    with pytest.raises(ValueError, match="does not fit"):
        summarize(net, (1, 1, 4, 4))
    assert summarize(net, LENET_INPUT).total_parameters == 61_706
    net.initialize()
    assert net(np.ones((2, 1, 28, 28))).shape == (2, 10)


# ---- Bad arguments ----


@pytest.mark.parametrize(
    ("initialized", "shape", "message"),
    [
        (False, (1, 1, 4, 4), r"Conv2D 16×5×5 sigmoid \(layer 2\) was given 1×6×2×2: kernel size exceed input"),
        (True, (1, 1, 4, 4), r"Conv2D 16×5×5 sigmoid \(layer 2\) was given 1×6×2×2: kernel size exceed input"),
        (True, (1, 3, 28, 28), r"Conv2D 6×5×5 sigmoid \(layer 0\) was given 1×3×28×28: .*[Ss]hape"),
        (True, (1, 1, 32, 32), r"Dense 120 sigmoid \(layer 4\) was given 1×16×6×6"),
        (False, (1, 28), r"Conv2D 6×5×5 sigmoid \(layer 0\) was given 1×28: Input data should be 4D"),
    ],
)
def test_a_shape_that_does_not_fit_names_the_layer(initialized, shape, message):
    net = lenet()
    if initialized:
        net.initialize()
        net(np.ones(LENET_INPUT))
    with pytest.raises(ValueError, match=f"does not fit the network: {message}"):
        summarize(net, shape)


@pytest.mark.parametrize("shape", [(), (0, 1), (1.0, 2)])
def test_a_shape_holds_positive_integers(shape):
    with pytest.raises(ValueError, match="positive integers"):
        summarize(lenet(), shape)


def test_other_bad_arguments():
    with pytest.raises(TypeError, match=r"must be a Gluon network \(gluon.Block\), not function"):
        summarize(lambda X: X, (1,))
    with pytest.raises(ValueError, match="depth must be at least 1, not 0"):
        summarize(lenet(), LENET_INPUT, depth=0)


# ---- What it looks like ----


def test_it_prints_as_text():
    net = chain(nn.Conv2D(1000, 3, strides=2, dilation=(1, 2), groups=2, activation="relu"), nn.GlobalAvgPool2D())
    assert str(summarize(net, (1, 2, 9, 9))).splitlines() == [
        "layer                                                   output shape  parameters  multiply-adds",
        "───────────────────────────────────────────────────────────────────────────────────────────────",
        "input                                                   1×2×9×9",
        "Conv2D 1000×3×3, stride 2, dilation 1×2, 2 groups relu  1×1000×4×3        10,000        108,000",
        "GlobalAvgPool2D                                         1×1000×1×1             0              0",
        "───────────────────────────────────────────────────────────────────────────────────────────────",
        "total                                                                     10,000        108,000",
    ]


def test_a_notebook_shows_it_as_html():
    text = summarize(lenet(), LENET_INPUT)._repr_html_()
    assert text.count("<tr>") == 1 + 1 + 7 + 1
    assert "<caption>HybridSequential: multiply-adds are per example</caption>" in text
    assert '<td style="text-align: right">61,706</td>' in text
