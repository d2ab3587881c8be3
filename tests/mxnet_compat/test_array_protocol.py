"""What other libraries, Python, and NumPy's functions do with MXNet arrays."""

import collections.abc
import io
import itertools
import math
import operator
import random

import matplotlib
import mxnet as mx
import numpy as onp
import pandas as pd
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.special
import scipy.stats
from matplotlib import pyplot as plt
from mxnet import autograd, np
from PIL import Image

matplotlib.use("Agg")

TYPES = ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64")
FOREIGN_TYPES = ("int16", "uint16", "uint32", "uint64", "complex64", "object", "U3", "datetime64[s]")
NUMPY_2 = int(onp.__version__.split(".")[0]) >= 2

X = onp.linspace(0.1, 1, 12).astype("float32")
Y = X**2
IMAGE = onp.random.RandomState(0).uniform(size=(8, 8)).astype("float32")
COLORS = onp.random.RandomState(0).uniform(size=(8, 8, 3)).astype("float32")
COUNTS = onp.arange(12, dtype="int32")
HALF = onp.array(0.5, dtype="float32")


def ours(value):
    """Return the value with MXNet arrays instead of NumPy arrays."""
    if isinstance(value, onp.ndarray):
        return np.array(value)
    if isinstance(value, (list, tuple)):
        return type(value)(map(ours, value))
    return {key: ours(item) for key, item in value.items()} if isinstance(value, dict) else value


def plain(value):
    """Return the value with NumPy arrays instead of MXNet arrays."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.asnumpy() if isinstance(value, mx.nd.NDArray) else onp.asarray(value)


def assert_same(got, expected, **tolerances):
    if isinstance(expected, (list, tuple)):
        assert len(got) == len(expected)
        for one, right in zip(got, expected, strict=True):
            assert_same(one, right, **tolerances)
    else:
        assert onp.shape(plain(got)) == onp.shape(expected)
        onp.testing.assert_allclose(plain(got), expected, **{"rtol": 1e-5, "atol": 1e-6, **tolerances})


@pytest.fixture
def copies(monkeypatch):
    """Return a list that grows with each copy of an array to NumPy."""
    counted = []
    asnumpy = mx.nd.NDArray.asnumpy
    monkeypatch.setattr(mx.nd.NDArray, "asnumpy", lambda self: counted.append(self.shape) or asnumpy(self))
    return counted


# Attributes


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (2, 3, 4), (0, 3), (1, 1, 1, 1)], ids=str)
@pytest.mark.parametrize("new", [np.array, lambda x: np.array(x).as_nd_ndarray()], ids=["np", "nd"])
def test_attributes_are_those_of_the_same_numpy_array(new, shape, dtype):
    x = onp.arange(math.prod(shape)).reshape(shape).astype(dtype)
    y = new(x)
    for read in (onp.asarray, onp.array):
        assert read(y).dtype == x.dtype
        assert onp.array_equal(read(y), x)
        assert read(y, dtype="float64").dtype == "float64"
    assert onp.array_equal(y.__array__(), x)
    assert y.__array__("float64").dtype == "float64"
    assert (y.itemsize, y.nbytes, y.tobytes()) == (x.itemsize, x.nbytes, x.tobytes())
    assert y.strides == x.strides or x.size == 0  # NumPy's strides of an empty array have no meaning
    assert list(y.flat) == list(x.flat)
    assert y.__dlpack_device__() == x.__dlpack_device__()


def test_what_numpy_gets_is_a_copy_in_both_directions():
    x = np.ones((2, 3))
    for copy in (onp.asarray(x), x.__array__(), x.to_numpy(), onp.array(x)):
        copy[:] = 7
    assert x.asnumpy().tolist() == [[1, 1, 1], [1, 1, 1]]
    copy = onp.asarray(x)
    x[:] = 5
    assert copy.tolist() == [[1, 1, 1], [1, 1, 1]]
    with pytest.raises(ValueError, match="only as a copy"):
        x.__array__(copy=False)
    with pytest.raises(ValueError, match="read-only"):
        x.flat[0] = 3


@pytest.mark.skipif(not NUMPY_2, reason="before NumPy 2, from_dlpack needs arrays that can be written")
def test_dlpack():
    x = np.ones((2, 3))
    assert onp.from_dlpack(x).tolist() == [[1, 1, 1], [1, 1, 1]]


# Python


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64"])
def test_an_integer_can_be_an_index(dtype):
    i = np.array(3, dtype=dtype)
    assert (list(range(i)), list(range(9))[i], "abcde"[:i], operator.index(i)) == ([0, 1, 2], 3, "abc", 3)
    assert onp.arange(9)[i] == 3


@pytest.mark.parametrize("x", [np.array(3.0), np.array([3], dtype="int32"), np.array(True)], ids=str)
def test_other_arrays_are_no_indices(x):
    with pytest.raises(TypeError, match="write int"):
        range(x)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: [float(item) for item in x],
        lambda x: [float(item) for item in reversed(x)],
        lambda x: [round(float(item), 5) for item in sorted(x)],
        lambda x: round(float(sum(x)), 5),
        lambda x: (float(min(x)), float(max(x))),
        lambda x: math.sqrt(x[1]),
        lambda x: f"{x[0]:.2f} {x[1]:8.3e}",
        lambda x: format(x[2], ".1f") + str(int(x[3] * 10)),
        lambda x: (0.0 in x, x[3] in x, 7 in x.reshape(3, 4)),
        lambda x: [float(first) for first, *_ in [x]],
        lambda x: float(random.Random(0).choice(x)),
        lambda x: isinstance(x, collections.abc.Iterable) and not isinstance(x, collections.abc.Hashable),
        lambda x: [row.shape for row in x.reshape(3, 4)],
        lambda x: list(itertools.chain(x[:2].tolist())),
        lambda x: complex(x[1]),
    ],
)
def test_python_gets_numpys_answer(function):
    answers = [function(x) for x in (np.array(X), X)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (iter, "iteration over a 0-d array"),
        (lambda x: {x: 1}, "unhashable type"),
        (lambda x: range(x), r"write int\(x\)"),
        (len, "unsized"),
    ],
)
def test_python_gets_a_type_error(function, message):
    with pytest.raises(TypeError, match=message):
        function(np.array(0.5))


def test_the_truth_of_several_entries_is_an_error():
    with pytest.raises(ValueError, match="ambiguous"):
        bool(np.ones(2))


@pytest.mark.parametrize("other", [None, "a", [0.1, 2.0], (1, 1), HALF, onp.array([0.5, 1])], ids=str)
def test_comparison_with_anything(other):
    x = onp.array([0.5, 1], dtype="float32")
    assert (np.array(x) == other).asnumpy().tolist() == onp.broadcast_to(x == other, 2).tolist()
    assert (np.array(x) != other).asnumpy().tolist() == onp.broadcast_to(x != other, 2).tolist()


def test_items_of_a_recorded_array_have_gradients():
    x = np.array([1.0, 2.0, 3.0])
    x.attach_grad()
    with autograd.record():
        a, b, c = x
        (a * b + c**2).backward()
    assert x.grad.asnumpy().tolist() == [2, 1, 6]


# Mixes with NumPy arrays

OPERATORS = ("add", "sub", "mul", "truediv", "mod", "pow", "eq", "ne", "lt", "le", "gt", "ge")


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64"])
@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_with_a_numpy_array_gives_an_mxnet_array(name, dtype):
    function = getattr(operator, name)
    x, other = (onp.array([[1, 2, 3], [4, 5, 6]]).astype(kind) for kind in ("float32", dtype))
    for got in (function(np.array(x), other), function(other, np.array(x)), function(np.array(x), other[0].tolist())):
        assert type(got) is np.ndarray
    common = "float64" if dtype == "float64" else "float32"  # MXNet's rule: an integer does not change it
    assert_same(
        function(np.array(x), other), function(x, other).astype(bool if function(x, x).dtype == bool else common)
    )
    assert_same(function(other, np.array(x)), function(other, x))
    assert_same(function(other[0].tolist(), np.array(x)), function(other[0].tolist(), x))
    assert (np.array(x) + other).dtype == common


@pytest.mark.parametrize("function", [onp.maximum, np.maximum, np.minimum, np.hypot, np.arctan2, onp.logaddexp])
def test_two_floating_point_types(function):
    expected = getattr(onp, function.__name__)(X, Y.astype("float64"))
    for got in (function(np.array(X), Y.astype("float64")), function(np.array(X), np.array(Y, dtype="float64"))):
        assert (type(got), got.dtype) == (np.ndarray, onp.float64)
        assert_same(got, expected)


def test_operators_in_place():
    x, y = np.ones(3), onp.array([1.0, 2.0, 3.0])
    kept = x
    x += y
    x *= y
    assert kept.asnumpy().tolist() == [2, 6, 12]
    assert kept.dtype == onp.float32
    kept = y
    y += x
    y *= x
    assert kept.tolist() == [6, 48, 180]
    assert kept.flags.writeable
    onp.subtract(x, x, out=y)
    assert kept.tolist() == [0, 0, 0]
    onp.heaviside(x, 0.5, out=x)
    assert x.asnumpy().tolist() == [1, 1, 1]


@pytest.mark.parametrize("function", [lambda x, a: x * a, lambda x, a: a * x, lambda x, a: onp.multiply(a, x)])
def test_a_recorded_operation_with_a_numpy_array_has_a_gradient(function):
    x, a = np.array([1.0, 2.0]), onp.array([3.0, 4.0])
    x.attach_grad()
    with autograd.record():
        y = (function(x, a) + x @ a.astype("float32")).sum()
    y.backward()
    assert x.grad.asnumpy().tolist() == [9, 12]


MIXES = {
    "concatenate": lambda x, y: onp.concatenate([x, y]),
    "stack": lambda x, y: onp.stack([x, y]),
    "where": lambda x, y: onp.where(x > 0.5, x, y),
    "dot": lambda x, y: onp.dot(x, y),
    "einsum": lambda x, y: onp.einsum("i,i", x, y),
    "broadcast_arrays": lambda x, y: onp.broadcast_arrays(x, y),
    "interp": lambda x, y: onp.interp(x, y, y),
    "r_": lambda x, y: onp.r_[x, y],
    "searchsorted": lambda x, y: onp.searchsorted(x, y),
}


@pytest.mark.parametrize("function", MIXES.values(), ids=MIXES)
def test_other_functions_of_a_mix_give_numpy_arrays(function):
    for arguments in ((ours(X), Y), (X, ours(Y))):
        got = function(*arguments)
        assert not isinstance(got, np.ndarray)
        assert_same(got, function(X, Y))


FUNCTIONS = {
    "sum": lambda x: onp.sum(x),
    "sum with where": lambda x: onp.sum(x, where=x > 0.5),
    "reduce": lambda x: onp.add.reduce(x),
    "accumulate": lambda x: onp.multiply.accumulate(x),
    "outer": lambda x: onp.subtract.outer(x, x),
    "with where": lambda x: onp.add(x, x, where=x > 0, out=None),
    "norm": lambda x: onp.linalg.norm(x),
    "median": lambda x: onp.median(x),
    "quantile": lambda x: onp.quantile(x, 0.3, method="lower"),
    "log1p": lambda x: onp.log1p(x),
    "modf": lambda x: onp.modf(x),
    "floor_divide": lambda x: onp.floor_divide(x, 0.3),
    "polyval": lambda x: onp.polyval(onp.polyfit(x, x, 1), x),
    "fft": lambda x: abs(onp.fft.fft(x)),
    "histogram": lambda x: onp.histogram(x, bins=3),
    "svd": lambda x: onp.linalg.svd(onp.outer(x, x), compute_uv=False),
    "unique": lambda x: onp.unique(x),
    "clip": lambda x: onp.clip(x, 0.2, 0.5),
    "vectorize": lambda x: onp.vectorize(math.sqrt)(x),
    "masked": lambda x: onp.ma.masked_where(x > 0.5, x).sum(),
    "indexing": lambda x: X[x > 0.5],
    "allclose": lambda x: onp.allclose(x, x),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_numpys_functions(function):
    assert_same(function(np.array(X)), function(X), rtol=1e-4, atol=1e-5)


def test_numpys_functions_give_mxnet_arrays_if_mxnet_has_their_type():
    x = np.array(X)
    for function in (onp.sin, onp.log1p, onp.cumsum, onp.cumprod, onp.add.accumulate, lambda x: onp.modf(x)[0]):
        assert type(function(x)) is np.ndarray
    assert type(onp.fft.fft(x)) is onp.ndarray
    assert type(onp.array2string(x)) is str


def test_out_of_a_function():
    x, y = np.array(X), X.copy()
    assert onp.cumsum(x, out=y) is y
    assert_same(y, onp.cumsum(X))
    assert y.flags.writeable
    z = np.zeros(12)
    assert onp.nancumsum(x, out=z) is z
    assert_same(z, onp.cumsum(X))


@pytest.mark.parametrize(
    "write",
    [
        lambda x: onp.copyto(x, 0),
        lambda x: onp.fill_diagonal(x, 0),
        lambda x: onp.put(x, [0], 0),
        lambda x: onp.putmask(x, x > 0, 0),
        lambda x: onp.place(x, x > 0, [0]),
        lambda x: onp.put_along_axis(x, onp.zeros((1, 3), dtype=int), 0, 0),
        lambda x: onp.add.at(x, [0], 1),
    ],
)
def test_a_function_that_would_lose_what_it_writes_is_refused(write):
    with pytest.raises(TypeError, match=r"cannot write to an MXNet array\. Use an assignment"):
        write(np.ones((3, 3)))


def test_what_numpy_computes_cannot_be_recorded():
    x = np.array(X)
    x.attach_grad()
    for function in (onp.float_power, np.float_power):
        with autograd.record(), pytest.raises(ValueError, match="float_power of an MXNet array cannot be recorded"):
            function(x, 2)
    with autograd.record(), pytest.raises(ValueError, match=r"numpy\.linalg\.qr of"):
        onp.linalg.qr(np.eye(2))
    with autograd.record(), pytest.raises(ValueError, match="concatenate of"):
        onp.concatenate([x, X])


def test_scipys_function_is_not_numpys_random_function_of_that_name():
    x, y = ours(X), ours(Y)
    assert_same(scipy.special.beta(x, y), scipy.special.beta(X, Y), rtol=1e-4)
    assert_same(scipy.special.gamma(x), scipy.special.gamma(X), rtol=1e-4)


# Types


@pytest.mark.parametrize("dtype", FOREIGN_TYPES)
def test_a_type_that_mxnet_does_not_have_is_a_type_error(dtype):
    array = onp.ones(2).astype(dtype)
    name = onp.dtype(array.dtype.type).name
    for convert in (
        np.array,
        lambda x: np.ones(2).astype(x.dtype),
        lambda x: np.empty(2, dtype=x.dtype),
        lambda x: mx.nd.empty(2, dtype=x.dtype),
    ):
        with pytest.raises(TypeError, match=rf"no arrays of type {name}\. .*\.astype\('"):
            convert(array)
    for function in (np.zeros, np.ones):
        with pytest.raises(mx.base.MXNetError, match=name):
            function(2, dtype=array.dtype)


def test_arrays_of_sequences():
    x, y = ours(X), ours(Y)
    assert_same(np.array([x, y]), onp.array([X, Y]))
    assert_same(np.array([[x, y], [y, X]]), onp.array([[X, Y], [Y, X]]))
    for wrong in ([[1], [1, 2]], [x, y[:2]], ["a"], {1: 2}, [1j]):
        with pytest.raises(TypeError):
            np.array(wrong)


@pytest.mark.parametrize(
    ("table", "dtype"),
    [
        (pd.Series([1, 2]), "int64"),
        (pd.Series([0.5, 2]), "float64"),
        (pd.Series([0.5, 2], dtype="float32"), "float32"),
        (pd.Series([True, False]), "bool"),
        pytest.param(
            pd.Series([1, 2], dtype="Int64"),
            "int64",
            marks=pytest.mark.skipif(pd.__version__ < "3", reason="before pandas 3, NumPy sees objects"),
        ),
        (pd.DataFrame({"a": [1, 2], "b": [0.5, 2]}), "float32"),
        (pd.DataFrame({"a": [1, 2], "b": [True, False]}), "float32"),
    ],
)
def test_arrays_of_tables(table, dtype):
    x = np.array(table)
    assert onp.dtype(x.dtype) == dtype
    assert_same(x, onp.array(table).astype("float64"))


@pytest.mark.parametrize("series", [pd.Series(["a", "b"]), pd.Series([1, "a"])], ids=["text", "mixed"])
def test_a_column_of_text_is_a_type_error(series):
    with pytest.raises(TypeError, match="no arrays of type object"):
        np.array(series)


# Copies in one piece

LARGE = 3000


@pytest.mark.parametrize(
    "function",
    [
        onp.asarray,
        lambda x: onp.array(x, dtype="float64"),
        lambda x: onp.concatenate([x, X]),
        lambda x: x.tolist(),
        lambda x: pd.DataFrame({"a": x}),
        pd.Series,
        scipy.stats.describe,
        lambda x: 0.5 in x,
        plt.plot,
        plt.hist,
        lambda x: plt.scatter(x, x, c=x),
        lambda x: plt.fill_between(x, x),
        lambda x: plt.errorbar(x, x, yerr=x),
        lambda x: plt.imshow(x.reshape(30, -1)),
        lambda x: Image.fromarray(x.reshape(30, -1)),
        lambda x: np.array([x, x]),
    ],
)
def test_an_array_is_not_copied_item_by_item(function, copies):
    function(np.arange(LARGE) / LARGE)
    plt.close("all")
    assert 0 < len(copies) <= 15


# Matplotlib: the same picture as with NumPy arrays

PLOTS = {
    "plot": lambda ax, a: ax.plot(a(X), a(Y)),
    "plot of a matrix": lambda ax, a: ax.plot(a(IMAGE)),
    "plot of a mix": lambda ax, a: ax.plot(X, a(Y)),
    "plot of numbers": lambda ax, a: ax.plot([a(HALF), 1], [0, a(HALF)], linewidth=a(HALF)),
    "plot of lists": lambda ax, a: ax.plot(list(a(X)), list(a(Y))),
    "scatter": lambda ax, a: ax.scatter(a(X), a(Y), c=a(Y), s=a(Y * 10)),
    "imshow": lambda ax, a: ax.imshow(a(IMAGE), vmin=a(HALF), extent=(0, a(HALF), 0, 1)),
    "imshow in color": lambda ax, a: ax.imshow(a(COLORS)),
    "imshow of bytes": lambda ax, a: ax.imshow(a((COLORS * 255).astype("uint8"))),
    "hist": lambda ax, a: ax.hist(a(X), bins=a(X[::4]), weights=a(Y)),
    "hist of two": lambda ax, a: ax.hist([a(X), a(Y)]),
    "bar": lambda ax, a: ax.bar(a(COUNTS), a(Y), width=a(HALF), yerr=a(X)),
    "bar of a mix": lambda ax, a: ax.bar(X, a(Y)),
    "barh": lambda ax, a: ax.barh(a(COUNTS), a(Y)),
    "contour": lambda ax, a: ax.contour(a(X[:8]), a(X[:8]), a(IMAGE), levels=a(X[::4])),
    "contourf": lambda ax, a: ax.contourf(a(IMAGE)),
    "fill_between": lambda ax, a: ax.fill_between(a(X), a(X), a(Y), where=a(X > 0.5)),
    "errorbar": lambda ax, a: ax.errorbar(a(X), a(Y), yerr=a(onp.stack([Y, Y])), xerr=a(HALF)),
    "ticks": lambda ax, a: ax.set_xticks(a(COUNTS[:5]), list("abcde")),
    "limits": lambda ax, a: (ax.set_xlim(a(HALF), a(HALF) + 1), ax.set_ylim(a(X[:2]))),
    "pcolormesh": lambda ax, a: ax.pcolormesh(a(X[:9]), a(X[:9]), a(IMAGE)),
    "quiver": lambda ax, a: ax.quiver(a(X), a(Y), a(X), a(Y)),
    "text": lambda ax, a: (ax.text(a(HALF), a(X)[1], "text"), ax.annotate("text", a(X[:2]))),
    "lines": lambda ax, a: (ax.axhline(a(HALF)), ax.axvline(a(X)[3]), ax.hlines(a(X), 0, a(Y))),
    "step and stem": lambda ax, a: (ax.step(a(X), a(Y)), ax.stem(a(X), a(Y))),
    "stackplot": lambda ax, a: ax.stackplot(a(X), a(onp.stack([X, Y]))),
    "boxplot": lambda ax, a: ax.boxplot(a(IMAGE)),
    "logarithmic": lambda ax, a: ax.loglog(a(X), a(Y), label="x"),
    "pie": lambda ax, a: ax.pie(a(Y)),
    "circle": lambda ax, a: ax.add_patch(plt.Circle((a(HALF), a(HALF)), a(HALF))),
    "hist2d": lambda ax, a: ax.hist2d(a(X), a(Y)),
}


def picture(plot, convert):
    figure, axes = plt.subplots(figsize=(2, 2), dpi=40)
    plot(axes, convert)
    figure.canvas.draw()
    pixels = onp.asarray(figure.canvas.buffer_rgba()).copy()
    plt.close(figure)
    return pixels


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)
def test_plots(plot):
    different = (picture(plot, np.array) != picture(plot, lambda x: x)).any(axis=-1)
    assert different.mean() < 0.01  # the edge of a bar may move to the next pixel, because MXNet computes in float32


# pandas, SciPy, Pillow, files

TABLES = {
    "columns": lambda a: pd.DataFrame({"a": a(X), "b": a(COUNTS), "c": a(X > 0.5)}),
    "matrix": lambda a: pd.DataFrame(a(IMAGE), columns=list("abcdefgh"), index=a(COUNTS[:8])),
    "series": lambda a: pd.DataFrame({"a": pd.Series(a(X)) * a(Y)}),
    "concatenated": lambda a: pd.concat([pd.Series(a(X)), pd.Series(a(Y))]).to_frame(),
    "assigned": lambda a: pd.DataFrame({"a": X}).assign(b=a(Y)),
    "grouped": lambda a: pd.DataFrame({"a": a(X), "key": a(COUNTS % 2)}).groupby("key").mean(),
    "selected": lambda a: pd.DataFrame({"a": X}).iloc[a(COUNTS[:3])],
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_tables(table):
    pd.testing.assert_frame_equal(table(np.array), table(lambda x: x))


SCIPY = {
    "linregress": lambda a: scipy.stats.linregress(a(X), a(Y)).slope,
    "cdf": lambda a: scipy.stats.norm.cdf(a(X)),
    "ttest": lambda a: scipy.stats.ttest_ind(a(X), a(Y)).pvalue,
    "inv": lambda a: scipy.linalg.inv(a(IMAGE)),
    "svd": lambda a: scipy.linalg.svd(a(IMAGE))[1],
    "convolve": lambda a: scipy.signal.convolve2d(a(IMAGE), a(IMAGE)),
    "minimize": lambda a: scipy.optimize.minimize(lambda w: float(((a(w) - 1) ** 2).sum()), onp.zeros(2)).x,
    "spline": lambda a: scipy.interpolate.CubicSpline(a(X), a(Y))(a(X[:3])),
    "expit": lambda a: scipy.special.expit(a(X)),
    "logsumexp": lambda a: scipy.special.logsumexp(a(X)),
}


@pytest.mark.parametrize("function", SCIPY.values(), ids=SCIPY)
def test_scipy(function):
    assert_same(function(np.array), function(lambda x: x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("array", [IMAGE, (IMAGE * 255).astype("uint8"), (COLORS * 255).astype("uint8"), IMAGE > 0.5])
def test_images(array):
    assert Image.fromarray(np.array(array)).tobytes() == Image.fromarray(array).tobytes()


def test_numpys_files():
    file = io.BytesIO()
    onp.savez(file, a=np.array(X), b=np.array(COUNTS))
    file.seek(0)
    loaded = onp.load(file)
    assert onp.array_equal(loaded["a"], X)
    assert loaded["b"].dtype == "int32"
    file = io.BytesIO()
    onp.save(file, np.array(IMAGE))
    file.seek(0)
    assert onp.array_equal(onp.load(file), IMAGE)


def test_numpys_assertions():
    onp.testing.assert_allclose(np.array(X), X)
    onp.testing.assert_array_equal(X, np.array(X))
    with pytest.raises(AssertionError):
        onp.testing.assert_allclose(np.array(X), Y)


@pytest.mark.parametrize("shapes", [((2, 3), (3, 2)), ((4,), (2, 2)), ((2, 3), (2, 2))], ids=str)
def test_stack_needs_equal_shapes(shapes):
    with pytest.raises(ValueError, match="same shape"):
        np.stack([np.ones(shape) for shape in shapes])
    assert np.stack([np.ones(shapes[0])] * 2, axis=-1).shape == (*shapes[0], 2)
