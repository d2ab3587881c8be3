"""Functions that are given indices: NumPy's answer, its gradient, or an error at the call."""

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    npx.set_np()


def grid(*shape, dtype="float32"):
    return onp.arange(onp.prod(shape, dtype=int), dtype=dtype).reshape(shape)


X = grid(3, 4)
SELECTIONS = [
    ([0, -1, -1], None, "raise"),
    ([[0, -3], [2, 1]], 0, "raise"),
    ([0, -4, 3, 3], -1, "raise"),
    (-1, 1, "raise"),
    (-12, None, "raise"),
    ([], 0, "raise"),
    ([True, False], 0, "raise"),
    ([-9, 9, 2, 2], 1, "clip"),
    ([-9, 9, 2, 2], 1, "wrap"),
    ([-9, 9, 2, 2], 0, "clip"),
    ([-9, 9, 2, 2], 0, "wrap"),
    ([-20, 20], None, "wrap"),
]
FORMS = {
    "list": lambda indices: indices,
    "NumPy": lambda indices: onp.asarray(indices, dtype="int64" if not onp.size(indices) else None),
    "int32": lambda indices: np.array(indices, dtype="int32"),
    "float32": lambda indices: np.array(indices, dtype="float32"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("indices", "axis", "mode"), SELECTIONS)
def test_take(indices, axis, mode, form):
    as_array = onp.asarray(indices, dtype="int64")
    expected = onp.take(X, as_array, axis=axis, mode=mode)
    x = np.array(X)
    x.attach_grad()
    with autograd.record():
        y = x.take(FORMS[form](indices), axis=axis, mode=mode)
        total = (y * np.array(1 + grid(*y.shape))).sum()
    total.backward()
    assert y.asnumpy().tolist() == expected.tolist()
    positions = onp.take(onp.arange(12).reshape(3, 4), as_array, axis=axis, mode=mode)
    gradient = onp.zeros(12)
    onp.add.at(gradient, positions, 1 + grid(*positions.shape))
    assert x.grad.asnumpy().ravel().tolist() == gradient.tolist()


@pytest.mark.parametrize(
    ("shape", "indices", "axis", "error"),
    [
        ((3, 4), [3], 0, IndexError),
        ((3, 4), [-5], 1, IndexError),
        ((3, 4), np.array([0, 12], dtype="int64"), None, IndexError),
        ((3, 4), np.array([0.5]), 0, IndexError),
        ((3, 4), [float("nan")], 0, IndexError),
        ((3, 4), [0], 2, IndexError),  # NumPy's AxisError is one
        ((0, 3), [0], 0, IndexError),
    ],
)
def test_take_refuses_at_the_call(shape, indices, axis, error):
    with pytest.raises(error):
        np.take(np.ones(shape), indices, axis=axis)


@pytest.mark.parametrize(("shape", "indices", "axis"), [((0, 3), [1, 1], 1), ((3, 0), [], 1), ((), 0, None)])
def test_take_of_no_entries_or_of_a_number(shape, indices, axis):
    right = onp.take(onp.ones(shape), onp.asarray(indices, dtype=int), axis=axis)
    assert np.take(np.ones(shape), indices, axis=axis).shape == right.shape


CALLS = [
    ("delete", (X, [0, -1]), {"axis": 0}),
    ("delete", (X, onp.array([True, False, True])), {"axis": 0}),
    ("delete", (X, -1), {}),
    ("delete", (X.astype("float16"), slice(0, 2)), {"axis": 1}),
    ("delete", (X.astype("int32"), (0, 1)), {"axis": 1}),
    ("insert", (X, [0, 2], 5), {"axis": 0}),
    ("insert", (X, 1, [1, 2, 3, 4]), {"axis": 0}),
    ("insert", (X.astype("int32"), slice(0, 2), [7, 8]), {"axis": 1}),
    ("insert", (X, onp.array([0, -1]), onp.array([7.0, 8.0])), {}),
    ("unravel_index", ([5, 11], (3, 4)), {}),
    ("unravel_index", (onp.array([5, 11], dtype="float32"), (3, 4)), {}),
    ("resize", (X, (5, 2)), {}),
    ("resize", (X, 0), {}),
    ("bincount", (onp.array([1, 1, 3]),), {"minlength": 6}),
    ("bincount", (onp.array([1, 1, 3]), onp.array([0.5, 1, 2])), {}),
    ("diagflat", (onp.float32(3),), {}),
    ("tensordot", (X, X.astype("float64")), {"axes": ([0, -1], [-2, 1])}),
    ("tensordot", (X, X.astype("int8")), {}),
    ("tensordot", (X.astype("float16"), X.astype("float16")), {"axes": ([1], [1])}),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), CALLS)
def test_answers(name, args, kwargs):
    as_mxnet = [np.array(a, dtype=a.dtype) if hasattr(a, "dtype") else a for a in args]
    if name == "unravel_index":
        args = (onp.asarray(args[0], dtype=int), *args[1:])
    right = onp.asarray(getattr(onp, name)(*args, **kwargs))
    got = getattr(np, name)(*as_mxnet, **kwargs)
    got = onp.array([g.asnumpy() for g in got]) if isinstance(got, tuple) else got.asnumpy()
    assert got.tolist() == right.tolist()
    if name in ("delete", "insert"):
        assert got.dtype == right.dtype


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("delete", (X, [7], 0)),
        ("delete", (X, [0.5], 0)),
        ("insert", (X, [0, 9], 1.0, 0)),
        ("insert", (X, onp.array([9]), 1.0, 0)),
        ("unravel_index", (onp.array([100]), (2, 3))),
        ("unravel_index", (onp.array([1]), (0, 3))),
        ("resize", (X, (-1, 2))),
        ("bincount", (onp.array([-1, 2]),)),
        ("bincount", (onp.array([0.5, 2]),)),
        ("tensordot", (X, X, 7)),
        ("tensordot", (X.astype(bool), X.astype("int8"), 7)),
        ("tensordot", (X, X, ([0], [5]))),
        ("tensordot", (X, X, ([0, 0], [0, 1]))),
        ("tensordot", (X, X, None)),
        ("tensordot", (X, None)),
    ],
)
def test_errors_at_the_call(name, args):
    args = [np.array(a, dtype=a.dtype) if hasattr(a, "dtype") else a for a in args]
    with pytest.raises((IndexError, TypeError, ValueError)):
        getattr(np, name)(*args)


def test_the_gradient_of_gather_nd_with_negative_indices():
    x = np.array(X)
    x.attach_grad()
    with autograd.record():
        y = npx.gather_nd(x, np.array([[0, -1, -1], [-1, 0, 0]]))
    y.backward()
    expected = onp.zeros((3, 4))
    onp.add.at(expected, ([0, -1, -1], [-1, 0, 0]), 1)
    assert y.asnumpy().tolist() == X[[0, -1, -1], [-1, 0, 0]].tolist()
    assert x.grad.asnumpy().tolist() == expected.tolist()


@pytest.mark.parametrize("indices", [[[0, 3], [0, 0]], [[0.5], [0]], [[0], [0], [0]]])
def test_gather_nd_refuses_at_the_call(indices):
    with pytest.raises(IndexError):
        npx.gather_nd(np.array(X), np.array(indices))


class Mask(gluon.HybridBlock):
    """Masks sequences in rows."""

    def hybrid_forward(self, F, x, lengths):
        """Return the sequences, with zeros behind their ends."""
        return F.npx.sequence_mask(x, lengths, True, axis=1)


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_lengths_of_any_value(hybrid, dtype):
    special = [float("nan"), float("inf"), -float("inf"), 1e20] if dtype == "float32" else [9, -9, 0, 4]
    lengths = onp.array([-1, 2, *special])
    net, x = Mask(), np.ones((6, 4))
    if hybrid:
        net.hybridize()
    x.attach_grad()
    with autograd.record():
        y = net(x, np.array(lengths, dtype=dtype))
    y.backward()
    right = (onp.arange(4) < onp.nan_to_num(lengths, nan=0)[:, None]).astype(float)
    assert y.asnumpy().tolist() == right.tolist()
    assert x.grad.asnumpy().tolist() == right.tolist()


@pytest.mark.parametrize("function", ["pick", "embedding", "one_hot"])
def test_out_of_range_indices_damage_no_memory(function):
    calls = {
        "pick": lambda x, i: npx.pick(x, i),
        "embedding": lambda x, i: npx.embedding(i, x, 8, 4),
        "one_hot": lambda x, i: npx.one_hot(i, 4) * x[0, 0],
    }
    for _ in range(20):
        neighbors = [np.full((8, 4), 7.0) for _ in range(4)]
        x, i = np.ones((8, 4)), np.array([-1e6, 1e6, -70, 99, 2e9, float("nan"), -1, 1.5])
        x.attach_grad()
        with autograd.record():
            y = calls[function](x, i)
        y.backward()
        assert onp.isfinite(y.asnumpy()).all()
        assert onp.isfinite(x.grad.asnumpy()).all()
        assert all((array.asnumpy() == 7).all() for array in neighbors)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (True, "bool"),
        ([True, False], "bool"),
        ([[True], [False]], "bool"),
        ((False,), "bool"),
        ([True, 2], "float32"),
        ([2, True], "float32"),
        ([[True, 0.5]], "float32"),
        ([], "float32"),
        ([1, 0], "float32"),
    ],
)
def test_arrays_made_from_bools_are_masks(value, dtype):
    x = np.array(value)
    assert x.dtype == dtype
    assert x.asnumpy().tolist() == onp.array(value, dtype=dtype).tolist()


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
def test_writing_an_array_through_a_mask(dtype):
    mask = X % 3 == 0
    x = np.array(X, dtype=dtype)
    expected = X.astype(dtype)
    expected[mask] = expected[0].copy()
    x[np.array(mask, dtype=bool)] = x[0]  # shares memory
    assert x.asnumpy().tolist() == expected.tolist()
    with pytest.raises(ValueError, match="shape mismatch"):
        x[np.array(mask, dtype=bool)] = np.ones((3,), dtype=dtype)
    mx.nd.waitall()
