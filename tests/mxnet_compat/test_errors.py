"""Errors that say what is wrong, files, and integer arrays."""

import operator
import pathlib

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

# Messages


class Doubled(gluon.HybridBlock):
    def __init__(self, used=True):
        super().__init__()
        self.used = used
        self.w = self.params.get("w", shape=(0,), allow_deferred_init=True)

    def hybrid_forward(self, F, x, w):
        return x * 2 if not self.used else x * w


def use_other_shape():
    net = Doubled(used=False)
    net.initialize()
    net(np.ones(3))


ERRORS = {
    "reshape": (lambda: np.ones(6).reshape(shape=(2, 3)), TypeError, r"no argument shape.*x\.reshape\(2, 3\)"),
    "overridden": (lambda: setattr(Doubled(), "w", gluon.Parameter("v")), AssertionError, "Parameter attribute w is"),
    "initializer": (
        lambda: mx.init.Mixed(["b"], [mx.init.Zero()])("w", np.ones(1)),
        ValueError,
        "Parameter name w did",
    ),
    "unused parameter": (use_other_shape, ValueError, "does not use its parameter doubled.*_w"),
    "sort of a symbol": (lambda: mx.sym.var("x").as_np_ndarray().sort(), NotImplementedError, "hybridized"),
    "hash": (lambda: {np.ones(1): 1}, TypeError, "unhashable"),
    "dot": (lambda: np.dot(np.ones((2, 3)), np.ones((2, 3))), mx.base.MXNetError, r"\[2,3\]"),
    "add": (lambda: np.ones((2, 3)) + np.ones((2, 2)), mx.base.MXNetError, r"\[2,3\] \[2,2\]"),
    "concatenate": (lambda: np.concatenate([np.ones((2, 3)), np.ones((2, 2))]), mx.base.MXNetError, r"\[2,2\]"),
    "shape of reshape": (lambda: np.ones((2, 3)).reshape(4, 2), mx.base.MXNetError, r"size 6 into shape \[4,2\]"),
    "negative power": (lambda: np.ones(2, dtype="int32") ** -1, ValueError, "negative integer powers"),
    "in place": (
        lambda: operator.imul(np.ones(2, dtype="int32"), 0.5),
        TypeError,
        "cannot be stored in an array of int32",
    ),
}


@pytest.mark.parametrize(("function", "error", "message"), ERRORS.values(), ids=ERRORS)
def test_messages(function, error, message):
    with pytest.raises(error, match=message):
        function()


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_sort_is_in_place(axis):
    x = onp.random.RandomState(0).uniform(size=(3, 4))
    y = np.array(x)
    x.sort(axis=axis)
    assert y.sort(axis=axis) is None
    assert onp.array_equal(y.asnumpy(), x)


def test_the_deprecated_save_params_quotes_the_error(tmp_path):
    inner = nn.Dense(2, in_units=2)
    net = nn.Sequential()
    net.add(inner)
    net.initialize()
    with pytest.warns(UserWarning, match="deprecated"), pytest.raises(ValueError, match="to be striped before saving"):
        net.save_params(str(tmp_path / "net.params"))


# Files


@pytest.fixture
def net():
    net = nn.Dense(2, in_units=3)
    net.initialize()
    return net


def trainer(net):
    return gluon.Trainer(net.collect_params(), "sgd", {"momentum": 0.9})


WRITERS = {
    "npx.save": lambda net, file: npx.save(file, np.ones(2)),
    "nd.save": lambda net, file: mx.nd.save(file, {"a": np.ones(2).as_nd_ndarray()}),
    "nd.save of NumPy-style arrays": lambda net, file: mx.nd.save(file, [np.ones(2)]),
    "save_parameters": lambda net, file: net.save_parameters(file),
    "ParameterDict.save": lambda net, file: net.collect_params().save(file),
    "symbol": lambda net, file: mx.sym.var("x").save(file),
    "record": lambda net, file: mx.recordio.MXRecordIO(file, "w").close(),
    "states": lambda net, file: trainer(net).save_states(file),
}
READERS = {
    "npx.load": lambda net, file: npx.load(file),
    "nd.load": lambda net, file: mx.nd.load(file),
    "load_parameters": lambda net, file: net.load_parameters(file),
    "ParameterDict.load": lambda net, file: net.collect_params().load(file),
    "symbol": lambda net, file: mx.sym.load(file),
    "imports": lambda net, file: gluon.SymbolBlock.imports(file, ["data"]),
    "record": lambda net, file: mx.recordio.MXRecordIO(file, "r"),
    "image": lambda net, file: mx.image.imread(file),
    "states": lambda net, file: trainer(net).load_states(file),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_paths_for_writing(write, net, tmp_path):
    write(net, tmp_path / "by path")
    write(net, str(tmp_path / "by name"))
    assert (tmp_path / "by path").read_bytes() == (tmp_path / "by name").read_bytes()
    with pytest.raises(FileNotFoundError, match="no folder"):
        write(net, tmp_path / "no folder" / "file")


@pytest.mark.parametrize("kind", [str, pathlib.Path])
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_missing_file_is_named(read, kind, net, tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        read(net, kind(tmp_path / "missing"))
    assert raised.value.filename == str(tmp_path / "missing")


@pytest.mark.parametrize("name", ["npx.load", "nd.load", "load_parameters", "ParameterDict.load"])
@pytest.mark.parametrize("content", [b"", b"hello" * 20, b"\x93NUMPY" + bytes(100)], ids=["empty", "text", "npy"])
def test_a_foreign_file_is_named(name, content, net, tmp_path):
    (tmp_path / "foreign").write_bytes(content)
    with pytest.raises(ValueError, match="foreign is not a file of MXNet arrays"):
        READERS[name](net, tmp_path / "foreign")


def test_parameters_of_other_networks_are_named(net, tmp_path):
    net.save_parameters(tmp_path / "dense")
    with pytest.raises(AssertionError, match=r"conv\d+_weight'.*\(2, -1, 3, 3\) vs saved \(2, 3\)"):
        nn.Conv2D(2, 3).load_parameters(tmp_path / "dense")
    with pytest.raises(AssertionError, match=r"weight'.*\(5, 3\) vs saved \(2, 3\)"):
        nn.Dense(5, in_units=3).load_parameters(tmp_path / "dense")
    sequence = nn.Sequential()
    sequence.add(nn.Dense(2))
    with pytest.raises(ValueError, match=r"dense does not contain .*: 0\.weight, 0\.bias"):
        sequence.load_parameters(tmp_path / "dense")
    npx.save(tmp_path / "list", [np.ones(2)])
    with pytest.raises(ValueError, match=r"list does not contain .*: weight, bias"):
        net.load_parameters(tmp_path / "list")


def test_a_record_file_that_was_never_opened_can_be_closed():
    record = mx.recordio.MXRecordIO.__new__(mx.recordio.MXRecordIO)
    record.close()


# Integer arrays

OPERATORS = ("add", "sub", "mul", "truediv", "pow", "eq", "ne", "lt", "le", "gt", "ge")


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64"])
@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("number", [0.5, 2.0, onp.float32(1.5), onp.float64(0.5)], ids=repr)
def test_an_integer_array_with_a_number_that_is_none(name, number, dtype):
    function, x = getattr(operator, name), onp.array([1, 2, 3], dtype=dtype)
    for got, right in (
        (function(np.array(x), number), function(x, number)),
        (function(number, np.array(x)), function(number, x)),
    ):
        assert got.dtype.kind == right.dtype.kind if hasattr(got.dtype, "kind") else True
        assert onp.allclose(got.asnumpy(), right, rtol=1e-5)


INTEGERS = {
    "clip": lambda np, x: np.clip(x, 0.5, 1.5),
    "where": lambda np, x: np.where(x > 1, x, 0.5),
    "where, the other way": lambda np, x: np.where(x > 1, 0.5, x),
    "maximum": lambda np, x: np.maximum(x, 1.5),
    "minimum": lambda np, x: np.minimum(1.5, x),
    "hypot": lambda np, x: np.hypot(x, 0.5),
    "arctan2": lambda np, x: np.arctan2(0.5, x),
    "clip by integers": lambda np, x: np.clip(x, 1, 2),
    "power": lambda np, x: x**2,
}


@pytest.mark.parametrize("function", INTEGERS.values(), ids=INTEGERS)
def test_functions_of_an_integer_array(function):
    x = onp.arange(4, dtype="int32")
    got, right = function(np, np.array(x)), function(onp, x)
    assert onp.allclose(got.asnumpy(), right)
    assert onp.dtype(got.dtype).kind == right.dtype.kind


def test_a_hybridized_network_agrees():
    class Half(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return x * 0.5

    net = Half()
    x = np.array([1, 2, 3], dtype="int32")
    before = net(x)
    net.hybridize()
    assert net(x).asnumpy().tolist() == before.asnumpy().tolist() == [0.5, 1, 1.5]
    assert net(x).dtype == before.dtype


def test_floating_point_arrays_keep_their_type_and_gradient():
    x = np.array([1.0, 2.0])
    x.attach_grad()
    with autograd.record():
        y = (np.clip(x, 0.5, 1.5) + x**-1 + x * onp.float64(0.5)).sum()
    y.backward()
    assert y.dtype == onp.float32
    assert x.grad.asnumpy().tolist() == [1 - 1 + 0.5, 0 - 0.25 + 0.5]
