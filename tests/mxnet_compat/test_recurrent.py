"""Recurrent cells and layers against formulas in NumPy."""

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import array, check_block, random
from mxnet import autograd, gluon, np
from mxnet.gluon import contrib, rnn
from scipy.special import expit as sigmoid

X = random(2, 5, 4)  # two sequences of five vectors
LENGTHS = onp.array([3.0, 5.0])
UNITS = 3


def rnn_step(p, x, states, prefix="", activation=onp.tanh):
    (h,) = states
    h = activation(
        x @ p[f"{prefix}i2h_weight"].T
        + p[f"{prefix}i2h_bias"]
        + h @ p[f"{prefix}h2h_weight"].T
        + p[f"{prefix}h2h_bias"]
    )
    return h, [h]


def relu_step(p, x, states, prefix=""):
    return rnn_step(p, x, states, prefix, lambda z: onp.maximum(z, 0))


def lstm_step(p, x, states, prefix=""):
    h, c = states
    z = (
        x @ p[f"{prefix}i2h_weight"].T
        + p[f"{prefix}i2h_bias"]
        + h @ p[f"{prefix}h2h_weight"].T
        + p[f"{prefix}h2h_bias"]
    )
    i, f, g, o = onp.split(z, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * onp.tanh(g)
    h = sigmoid(o) * onp.tanh(c)
    return h, [h, c]


def lstmp_step(p, x, states, prefix=""):
    h, (_, c) = lstm_step(p, x, states, prefix)
    r = h @ p[f"{prefix}h2r_weight"].T
    return r, [r, c]


def gru_step(p, x, states, prefix=""):
    (h,) = states
    a = onp.split(x @ p[f"{prefix}i2h_weight"].T + p[f"{prefix}i2h_bias"], 3, axis=1)
    b = onp.split(h @ p[f"{prefix}h2h_weight"].T + p[f"{prefix}h2h_bias"], 3, axis=1)
    r, z = sigmoid(a[0] + b[0]), sigmoid(a[1] + b[1])
    h = (1 - z) * onp.tanh(a[2] + r * b[2]) + z * h
    return h, [h]


STEPS = {"RNN": (rnn_step, 1), "LSTM": (lstm_step, 2), "GRU": (gru_step, 1)}


def run(step, count, p, x, prefix="", backward=False, lengths=None, units=UNITS):
    """Return the outputs of a sequence, (batch, time, units), and the last states."""
    batch, time = x.shape[:2]
    states = [onp.zeros((batch, units)) for _ in range(count)]
    lengths = onp.full(batch, time) if lengths is None else lengths.astype(int)
    outputs = onp.zeros((batch, time, units), dtype=float)
    order = reversed(range(time)) if backward else range(time)
    for t in order:
        valid = (t < lengths)[:, None]
        output, new = step(p, x[:, t], states, prefix)
        states = [onp.where(valid, after, before) for after, before in zip(new, states, strict=True)]
        outputs[:, t] = onp.where(valid, output, 0)
    return outputs, states


class Unrolled(gluon.HybridBlock):
    """Runs a cell over a sequence, padded if its length is given."""

    def __init__(self, cell, merge=True):
        super().__init__()
        self.cell, self.merge = cell, merge

    def hybrid_forward(self, F, x, lengths=None):
        outputs, _ = self.cell.unroll(5, x, merge_outputs=self.merge, valid_length=lengths)
        return outputs if self.merge else F.stack(*outputs, axis=1)


def outputs_of(function):
    """Turn names of the parameters within `Unrolled` into those of the cell."""

    def formula(p, *inputs):
        return function({name.removeprefix("cell."): value for name, value in p.items()}, *inputs)

    return formula


@pytest.mark.parametrize("merge", [True, False])
@pytest.mark.parametrize("name", STEPS)
def test_cells(name, merge):
    step, count = STEPS[name]
    cell = getattr(rnn, f"{name}Cell")(UNITS)
    check_block(Unrolled(cell, merge), (X,), outputs_of(lambda p, x: run(step, count, p, x)[0]))


@pytest.mark.parametrize("name", STEPS)
def test_cells_with_padded_sequences(name):
    step, count = STEPS[name]

    def formula(p, x):
        return run(step, count, p, x, lengths=LENGTHS)[0]

    cell = getattr(rnn, f"{name}Cell")(UNITS)
    check_block(WithLengths(Unrolled(cell)), (X,), lambda p, x: outputs_of(formula)(strip(p), x), hybridize=(False,))
    network = Unrolled(cell)
    network.hybridize()
    values = {
        key: value.data().asnumpy().astype("float64") for key, value in cell._collect_params_with_prefix().items()
    }
    result = network(np.array(X, dtype="float64"), np.array(LENGTHS, dtype="float64"))
    onp.testing.assert_allclose(result.asnumpy(), formula(values, X), rtol=1e-6)


class WithLengths(gluon.Block):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x, np.array(LENGTHS, dtype=x.dtype))


def strip(p):
    return {name.removeprefix("network."): value for name, value in p.items()}


@pytest.mark.parametrize("name", STEPS)
def test_one_step(name):
    step, count = STEPS[name]
    cell = getattr(rnn, f"{name}Cell")(UNITS)
    cell.initialize()
    states = cell.begin_state(batch_size=2)
    assert [type(state) for state in states] == [np.ndarray] * count
    output, states = cell(array(X[:, 0]), states)
    p = {key: value.data().asnumpy() for key, value in cell._collect_params_with_prefix().items()}
    expected, last = step(p, X[:, 0], [onp.zeros((2, UNITS))] * count)
    for got, right in zip([output, *states], [expected, *last], strict=True):
        assert type(got) is np.ndarray
        onp.testing.assert_allclose(got.asnumpy(), right, rtol=1e-4, atol=1e-6)


def sequence(container):
    stack = container()
    for cell in (rnn.GRUCell(UNITS), rnn.DropoutCell(0), rnn.ResidualCell(rnn.GRUCell(UNITS))):
        stack.add(cell)
    return stack


def stacked(p, x):
    first, _ = run(gru_step, 1, p, x, "0.")
    return first + run(gru_step, 1, p, first, "2.base_cell.")[0]


def both_ways(p, x, step=gru_step, count=1, names=("l_cell.", "r_cell.")):
    return onp.concatenate([run(step, count, p, x, n, n.startswith("r"))[0] for n in names], axis=2)


COMBINED = {
    "HybridSequentialRNNCell": (lambda: sequence(rnn.HybridSequentialRNNCell), stacked),
    "SequentialRNNCell": (lambda: sequence(rnn.SequentialRNNCell), stacked),
    "BidirectionalCell": (lambda: rnn.BidirectionalCell(rnn.GRUCell(UNITS), rnn.GRUCell(UNITS)), both_ways),
    "ResidualCell": (
        lambda: rnn.ResidualCell(rnn.RNNCell(4)),
        lambda p, x: x + run(rnn_step, 1, p, x, "base_cell.", units=4)[0],
    ),
    "ZoneoutCell": (
        lambda: rnn.ZoneoutCell(rnn.LSTMCell(UNITS)),
        lambda p, x: run(lstm_step, 2, p, x, "base_cell.")[0],
    ),
    "DropoutCell": (lambda: rnn.DropoutCell(0.0), lambda p, x: x),
    "VariationalDropoutCell": (
        lambda: contrib.rnn.VariationalDropoutCell(rnn.RNNCell(UNITS)),
        lambda p, x: run(rnn_step, 1, p, x, "base_cell.")[0],
    ),
}


@pytest.mark.parametrize("name", COMBINED)
def test_cells_made_of_cells(name):
    make, formula = COMBINED[name]
    if name == "SequentialRNNCell":
        network = type(
            "Eager", (gluon.Block,), {"forward": lambda self, x: self.cell.unroll(5, x, merge_outputs=True)[0]}
        )()
        network.cell = make()
        check_block(network, (X,), outputs_of(formula), hybridize=(False,))
    else:
        check_block(
            Unrolled(make()), (X,), outputs_of(formula), hybridize=(False, True) if name != "DropoutCell" else (False,)
        )


def test_every_cell_is_tested():
    cells = {name for name in (*rnn.rnn_cell.__all__, *contrib.rnn.rnn_cell.__all__) if not name.startswith("dynamic")}
    abstract = {"RecurrentCell", "HybridRecurrentCell", "ModifierCell"}
    assert cells - abstract == {f"{name}Cell" for name in STEPS} | set(COMBINED) | {"LSTMPCell"}
    assert set(rnn.rnn_layer.__all__) == set(STEPS)


def test_a_cell_with_projection():
    check_block(
        Unrolled(contrib.rnn.LSTMPCell(UNITS, 2)),
        (X,),
        outputs_of(lambda p, x: run_projected(p, x)),
        dtype="float32",
    )


def run_projected(p, x):
    states, outputs = [onp.zeros((2, 2)), onp.zeros((2, UNITS))], []
    for t in range(x.shape[1]):
        output, states = lstmp_step(p, x[:, t], states)
        outputs.append(output)
    return onp.stack(outputs, axis=1)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("dimensions", [1, 2])
def test_convolutional_cells(name, dimensions):
    """With a kernel of one pixel, they compute what the other cells do, for each pixel."""
    step, count = STEPS[name]
    space = (3, 2)[:dimensions]
    cell = getattr(contrib.rnn, f"Conv{dimensions}D{name}Cell")((4, *space), UNITS, 1, 1)
    cell.initialize(mx.init.Normal(0.4))
    x = random(2, 4, *space)
    states = cell.begin_state(batch_size=2)
    cell(array(x), states)
    output, _ = cell(array(x), states)
    p = {key: value.data().asnumpy() for key, value in cell._collect_params_with_prefix().items()}
    p = {key: value.reshape(len(value), -1) if "weight" in key else value for key, value in p.items()}
    pixels = onp.moveaxis(x, 1, -1).reshape(-1, 4)
    expected, _ = step(p, pixels, [onp.zeros((len(pixels), UNITS))] * count)
    got = onp.moveaxis(output.asnumpy(), 1, -1).reshape(-1, UNITS)
    onp.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-5)


# Layers


def layer_formula(name, layers, bidirectional, layout, step=None):
    step, count = (step, 1) if step else STEPS[name]
    cells = "_unfused.{}.{}_cell." if bidirectional else "_unfused.{}."

    def formula(p, x):
        y = x if layout == "NTC" else x.swapaxes(0, 1)
        for i in range(layers):
            names = [cells.format(i, side) for side in ("lr" if bidirectional else "l")]
            y = onp.concatenate([run(step, count, p, y, n, ".r_" in n)[0] for n in names], axis=2)
        return y if layout == "NTC" else y.swapaxes(0, 1)

    return formula


@pytest.mark.parametrize(
    ("layers", "bidirectional", "layout"), [(1, False, "TNC"), (2, True, "NTC"), (2, False, "NTC")]
)
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_layers(name, layers, bidirectional, layout, dtype):
    arguments = {"activation": "tanh"} if name == "RNN" else {}
    layer = getattr(rnn, name)(UNITS, layers, layout=layout, bidirectional=bidirectional, **arguments)
    check_block(layer, (X,), layer_formula(name, layers, bidirectional, layout), dtype)


def test_an_rnn_has_relu_by_default():
    check_block(rnn.RNN(UNITS), (X,), layer_formula("RNN", 1, False, "TNC", relu_step))


class Parent(gluon.HybridBlock):
    def __init__(self, child):
        super().__init__()
        self.child = child

    def hybrid_forward(self, F, x):
        return self.child(x)


@pytest.mark.parametrize("name", STEPS)
def test_layers_within_a_network(name):
    arguments = {"activation": "tanh"} if name == "RNN" else {}
    formula = layer_formula(name, 1, False, "TNC")
    check_block(
        Parent(getattr(rnn, name)(UNITS, **arguments)),
        (X,),
        lambda p, x: formula({key.removeprefix("child."): value for key, value in p.items()}, x),
        "float32",
    )


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("name", STEPS)
def test_a_sequence_in_two_parts(name, hybrid):
    layer = getattr(rnn, name)(UNITS, 2)
    layer.initialize(mx.init.Normal(0.4))
    layer.hybridize(hybrid)
    x = array(random(6, 2, 4))
    whole, last = layer(x, layer.begin_state(batch_size=2))
    first, states = layer(x[:4], layer.begin_state(batch_size=2))
    second, states = layer(x[4:], states)
    onp.testing.assert_allclose(
        onp.concatenate([first.asnumpy(), second.asnumpy()]), whole.asnumpy(), rtol=1e-5, atol=1e-6
    )
    for got, expected in zip(states, last, strict=True):
        assert type(got) is np.ndarray
        onp.testing.assert_allclose(got.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", STEPS)
def test_dropout_between_layers(name, dtype, within, hybrid):
    layer = getattr(rnn, name)(20, 2, dropout=0.5, bidirectional=True)
    network = Parent(layer) if within else layer
    network.initialize(mx.init.Normal(0.4))
    network.cast(dtype)
    network.hybridize(hybrid)
    x = np.array(random(6, 2, 4), dtype=dtype)
    predicted = network(x).asnumpy()
    with autograd.record():
        first, second = network(x).asnumpy(), network(x).asnumpy()
    assert first.shape == predicted.shape
    assert not onp.allclose(first, predicted)
    assert not onp.allclose(first, second)
    assert (network(x).asnumpy() == predicted).all()


@pytest.mark.parametrize("layout", ["TNC", "NTC"])
@pytest.mark.parametrize("name", STEPS)
def test_layers_with_dropout_predict_as_those_without(name, layout):
    arguments = {"activation": "tanh"} if name == "RNN" else {}
    layer = getattr(rnn, name)(UNITS, 2, layout=layout, dropout=0.5, bidirectional=True, **arguments)
    check_block(layer, (X,), layer_formula(name, 2, True, layout), training=False)
    states = layer.begin_state(batch_size=2 if layout == "NTC" else 5, dtype="float64")
    _, last = layer(np.array(X), states)
    assert [state.shape for state in last] == [state.shape for state in states]


def test_zoneout_keeps_states():
    cell = rnn.ZoneoutCell(rnn.RNNCell(400), zoneout_outputs=0.0, zoneout_states=0.3)
    cell.initialize()
    states = [np.ones((1, 400)) * 7]
    with autograd.record():
        output, states = cell(np.ones((1, 4)), states)
    kept = (states[0] == 7).mean().item()
    assert abs(kept - 0.3) < 0.12
    assert ((states[0] == 7) | (states[0] == output)).all()


def test_variational_dropout_uses_one_mask():
    cell = contrib.rnn.VariationalDropoutCell(rnn.RNNCell(3), drop_outputs=0.5)
    cell.initialize()
    with autograd.record():
        outputs, _ = cell.unroll(6, array(random(4, 6, 5)), merge_outputs=True)
    dropped = outputs.asnumpy() == 0
    assert dropped.any()
    assert (dropped == dropped[:, :1]).all()


def test_a_state_of_the_wrong_shape():
    layer = rnn.GRU(UNITS, input_size=4)
    layer.initialize()
    with pytest.raises(ValueError, match=r"Expecting \(1, 2, 3\), got \(1, 4, 3\)"):
        layer(np.ones((5, 2, 4)), np.zeros((1, 4, 3)))
