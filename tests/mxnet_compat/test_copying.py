"""Copies of networks and arrays, and what comes back from disk."""

import copy
import gc
import pickle

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, init, np
from mxnet.gluon import nn

INPUTS = onp.random.RandomState(0).uniform(size=(4, 3)).astype("float32")
LABELS = onp.array([0, 1, 0, 1])


class Tied(gluon.HybridBlock):
    """Two layers that share their parameters, a parameter of its own, and a constant."""

    def __init__(self):
        super().__init__()
        self.first = nn.Dense(3, in_units=3)
        self.second = nn.Dense(3, in_units=3, params=self.first.params)
        self.output = nn.Dense(2)
        self.scale = self.params.get("factor", shape=(1,), init=init.One())
        self.shift = self.params.get_constant("shift", onp.ones((1, 2), dtype="float32"))

    def hybrid_forward(self, F, x, scale, shift):
        return self.output(self.second(self.first(x))) * scale + shift


class Single(gluon.HybridBlock):
    """One parameter whose attribute has another name."""

    def __init__(self):
        super().__init__()
        self.weight = self.params.get("kernel", shape=(3, 2))

    def hybrid_forward(self, F, x, weight):
        return F.np.dot(x, weight)


def stacked(container):
    net = container()
    net.add(nn.Dense(5, activation="relu"), nn.BatchNorm(), nn.Dense(2))
    return net


def nested():
    net = nn.HybridSequential()
    net.add(Tied(), stacked(nn.HybridSequential))
    return net


NETWORKS = {
    "layer": lambda: nn.Dense(2),
    "parameter": Single,
    "Sequential": lambda: stacked(nn.Sequential),
    "HybridSequential": lambda: stacked(nn.HybridSequential),
    "shared parameters": Tied,
    "nested": nested,
}
COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}


def train(net):
    """Return the loss after two steps."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9})
    for _ in range(2):
        with autograd.record():
            value = loss(net(np.array(INPUTS)), np.array(LABELS)).mean()
        value.backward()
        trainer.step(1)
    return float(loss(net(np.array(INPUTS)), np.array(LABELS)).mean())


def prepared(name, state):
    net = NETWORKS[name]()
    net.initialize(init.Xavier())
    if "hybridized" in state:
        net.hybridize(static_alloc="static" in state)
    if "called" in state:
        net(np.array(INPUTS))
    if "trained" in state:
        train(net)
    return net


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize(
    "state", ["deferred", "called", "trained", "hybridized", "hybridized, called", "hybridized, static, trained"]
)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_copy_trains_as_the_network_does_and_independently_of_it(name, state, duplicate):
    net = prepared(name, state)
    again = duplicate(net)
    for one in (net, again):  # finishes a deferred initialization with the same numbers
        mx.random.seed(0)
        one(np.array(INPUTS))
    before = net(np.array(INPUTS)).asnumpy()
    assert onp.allclose(again(np.array(INPUTS)).asnumpy(), before, atol=1e-6)
    weights = [parameter.data().asnumpy() for parameter in again.collect_params().values()]
    loss = train(again)
    changed = [
        not onp.array_equal(old, parameter.data().asnumpy())
        for old, parameter in zip(weights, again.collect_params().values(), strict=True)
    ]
    assert sum(changed) >= len(changed) - 1  # all but a constant
    assert onp.array_equal(net(np.array(INPUTS)).asnumpy(), before)
    assert train(net) == pytest.approx(loss, abs=1e-5)


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_keeps_what_its_parameters_share_and_their_settings(duplicate):
    net = prepared("shared parameters", "hybridized, called")
    net.output.weight.grad_req = "null"
    net.output.bias.grad_req = "add"
    net.first.weight.lr_mult = 0.5
    again = duplicate(net)
    assert again.first.weight is again.second.weight
    assert again.first.weight is not net.first.weight
    assert (again.output.weight.grad_req, again.output.bias.grad_req) == ("null", "add")
    assert again.first.weight.lr_mult == 0.5
    assert again._active


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_keeps_its_type(duplicate):
    net = nn.Dense(2, in_units=3)
    net.initialize()
    net.cast("float64")
    assert duplicate(net)(np.ones((1, 3), dtype="float64")).dtype == onp.float64


@pytest.mark.parametrize("duplicate", [*COPIES.values(), copy.copy], ids=[*COPIES, "copy"])
def test_a_trainer_is_refused(duplicate):
    trainer = gluon.Trainer(prepared("layer", "called").collect_params(), "adam")
    with pytest.raises(TypeError, match=r"A Trainer cannot be copied.*save_states"):
        duplicate(trainer)


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_an_exported_network_can_be_copied(duplicate, tmp_path):
    net = prepared("HybridSequential", "hybridized, called")
    net.export(tmp_path / "net")
    files = (tmp_path / "net-symbol.json", ["data"], tmp_path / "net-0000.params")
    again = duplicate(gluon.SymbolBlock.imports(*files))
    assert onp.allclose(again(np.array(INPUTS)).asnumpy(), net(np.array(INPUTS)).asnumpy(), atol=1e-6)
    assert all(type(parameter.data()) is np.ndarray for parameter in again.collect_params().values())
    train(again)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_nothing_fails_when_copies_are_deleted():
    cached = prepared("layer", "hybridized, called")._cached_op
    with pytest.raises(ValueError, match="pointers"):
        copy.deepcopy(cached)
    gc.collect()


# Arrays


@pytest.mark.parametrize("duplicate", [*COPIES.values(), copy.copy], ids=[*COPIES, "copy"])
@pytest.mark.parametrize(
    "array",
    [
        onp.array(1.5),
        onp.zeros((0, 3)),
        onp.ones((2, 3), dtype="float32"),
        *(onp.ones(2, dtype=name) for name in ("bool", "int8", "uint8", "int32", "int64", "float16")),
    ],
    ids=lambda x: f"{x.dtype}{x.shape}",
)
def test_arrays(array, duplicate):
    x = np.array(array)
    again = duplicate(x)
    assert (again.dtype, again.shape) == (x.dtype, x.shape)
    assert onp.array_equal(again.asnumpy(), array)


@pytest.mark.parametrize("duplicate", [*COPIES.values(), copy.copy], ids=[*COPIES, "copy"])
def test_the_copy_of_an_array_has_no_gradient_but_can_have_one(duplicate):
    x = np.ones(2)
    x.attach_grad()
    again = duplicate(x)
    assert again.grad is None
    again.attach_grad()
    with autograd.record():
        y = (again**2).sum()
    y.backward()
    assert again.grad.asnumpy().tolist() == [2, 2]
    assert x.grad.asnumpy().tolist() == [0, 0]


# Files


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_come_back(name, tmp_path):
    net = prepared(name, "trained")
    net.save_parameters(tmp_path / "net.params")
    again = NETWORKS[name]()
    again.load_parameters(tmp_path / "net.params")
    expected = net(np.array(INPUTS)).asnumpy()
    assert onp.allclose(again(np.array(INPUTS)).asnumpy(), expected, atol=1e-6)
    assert train(again) == pytest.approx(train(net), abs=1e-5)


@pytest.mark.parametrize("name", ["layer", "HybridSequential", "nested"])
def test_exported_networks_come_back(name, tmp_path):
    net = prepared(name, "hybridized, called")
    net.export(tmp_path / "net")
    again = gluon.SymbolBlock.imports(tmp_path / "net-symbol.json", ["data"], tmp_path / "net-0000.params")
    assert onp.allclose(again(np.array(INPUTS)).asnumpy(), net(np.array(INPUTS)).asnumpy(), atol=1e-6)
