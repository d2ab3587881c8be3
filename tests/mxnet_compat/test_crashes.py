"""Calls that ended the process, or corrupted its memory: now they give NumPy's answer, or raise a Python error."""

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, np, npx

EMPTY, ONE, COLUMN = onp.ones((0, 1)), onp.ones(1), onp.ones((1, 1))


@pytest.fixture(autouse=True)
def nothing_comes_later():
    npx.set_np()
    yield
    npx.waitall()


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("where", (EMPTY, onp.array(3), ONE)),
        ("where", (EMPTY, COLUMN, COLUMN)),
        ("where", (COLUMN, EMPTY, ONE)),
        ("where", (COLUMN, ONE, EMPTY)),
        ("where", (EMPTY, ONE, 2)),
        ("inner", (onp.ones((3, 4, 4)), onp.ones(()))),
        ("inner", (onp.ones(()), onp.ones(0))),
        ("inner", (onp.ones(()), 2 * onp.ones(()))),
        ("polyval", (onp.ones(0), onp.ones((3, 1)))),
        ("polyval", (onp.ones(3), EMPTY)),
    ],
)
def test_numpys_answer(function, arguments):
    expected = getattr(onp, function)(*arguments)
    ours = [np.array(value) if isinstance(value, onp.ndarray) else value for value in arguments]
    got = getattr(np, function)(*ours)
    assert got.shape == expected.shape
    assert onp.array_equal(got.asnumpy(), expected)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: np.inner(None, np.ones((2, 1, 2))), TypeError),
        (lambda: np.hanning(2**31), ValueError),
        (lambda: np.hamming(2**31), ValueError),
        (lambda: np.blackman(2**31), ValueError),
        (lambda: np.inner(np.ones(3), None), TypeError),
        (lambda: np.where(np.ones((2, 3)), np.ones(0), np.ones(1)), ValueError),
        (lambda: np.where(np.ones((2, 0)), np.ones((2, 1))), TypeError),
        (lambda: np.moveaxis(np.ones((2, 3)), -5, 0), IndexError),
        (lambda: np.moveaxis(np.ones((2, 3)), 0, (-3,)), IndexError),
        (lambda: np.moveaxis(np.ones((2, 3)), 2, 0), IndexError),
        (lambda: np.array_split(np.ones((0, 1, 3)), -1), ValueError),
        (lambda: np.array_split(np.ones(5), 0), ValueError),
        (lambda: np.split(np.ones(4), onp.int64(-2)), ValueError),
        (lambda: np.split(np.ones(4), 2**31), ValueError),
        (lambda: np.vsplit(np.ones((0, 2)), -100), ValueError),
        (lambda: np.linalg.tensorsolve(np.ones((2, 2)), np.ones(2), (0, 0)), ValueError),
        (lambda: np.linalg.tensorsolve(np.ones((2, 2)), np.ones(2), (7,)), IndexError),
        (lambda: np.linalg.tensorsolve(np.ones((2, 2)), np.ones(2), -5), TypeError),
        (lambda: mx.nd.SequenceLast(mx.nd.ones((2, 3)), mx.nd.array([1, 2, 3]), True), ValueError),
        (lambda: npx.arange_like(np.ones(3), repeat=0), ValueError),
        (lambda: np.around(np.ones(3), -(2**31)), ValueError),
        (lambda: npx.image.resize(np.ones((3, 0, 4)), (1, 1)), ValueError),
        (lambda: npx.image.resize(np.ones((4, 4, 3), dtype="bool"), (2, 2)), TypeError),
        (lambda: npx.image.to_tensor(np.ones((5, 0, 3), dtype="bool")), TypeError),
        (lambda: mx.nd.SequenceLast(mx.nd.ones((2, 3)), mx.nd.array([1, 2, 0]), True), ValueError),
        (lambda: mx.nd.SequenceReverse(mx.nd.ones((2, 3)), mx.nd.array([1, 2, -1]), True), ValueError),
    ],
)
def test_an_error_at_the_call(call, error):
    with pytest.raises(error):
        call()


@pytest.mark.parametrize("q", [onp.nan, 1.5, -0.1])
def test_positions_of_quantiles_are_checked_while_recording(q):
    with autograd.record(), pytest.raises(ValueError, match="q must be from 0 to 1"):
        np.quantile(np.ones(3), np.array([0.5, q]))


def test_dropout_of_nothing_along_an_axis():
    x = np.ones((1, 3, 0))
    x.attach_grad()
    with autograd.record():
        y = npx.dropout(x, p=0.5, axes=2)
    y.backward()
    assert x.grad.shape == y.shape == (1, 3, 0)


@pytest.mark.parametrize("shapes", [((0, 1), (), (1,)), ((1, 1), (0, 1), (1,)), ((0, 3), (3,), (1, 3))])
def test_the_gradient_of_a_choice_of_nothing_is_refused(shapes):
    condition, x, y = map(np.ones, shapes)
    x.attach_grad()
    assert np.where(condition, x, y).shape == onp.where(*map(onp.ones, shapes)).shape
    with autograd.record(), pytest.raises(NotImplementedError, match="no gradient"):
        np.where(condition, x, y)


@pytest.mark.parametrize(("p", "x"), [((0,), (3, 1)), ((3,), (0, 1)), ((4, 0), (3, 1))])
def test_the_gradient_of_polyval_of_nothing_is_refused(p, x):
    with autograd.record(), pytest.raises(NotImplementedError, match="polyval"):
        np.polyval(np.ones(p), np.ones(x))


def test_axes_of_tensorsolve_that_exist():
    a, b = onp.random.default_rng(0).normal(size=(6, 2, 3)), onp.arange(6.0).reshape(2, 3)
    got = np.linalg.tensorsolve(np.array(a, dtype="float64"), np.array(b, dtype="float64"), (0,))
    assert onp.allclose(got.asnumpy(), onp.linalg.tensorsolve(a, b, (0,)))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int8"])
@pytest.mark.parametrize("lengths", [[1, 3, 0], [-1, 99, 2], [-128, -2, 127]])
@pytest.mark.parametrize("axis", [0, 1])
def test_sequence_mask_of_any_lengths(lengths, dtype, axis):
    x = np.ones((3, 3, 2))
    got = npx.sequence_mask(x, np.array(lengths, dtype=dtype), use_sequence_length=True, axis=axis).asnumpy()
    expected = (onp.arange(3)[:, None] < onp.array(lengths))[..., None] * onp.ones((3, 3, 2))
    assert onp.array_equal(got, expected if axis == 0 else expected.swapaxes(0, 1))


@pytest.mark.parametrize(("length", "kept"), [(onp.nan, 0), (onp.inf, 2), (-onp.inf, 0), (1e30, 2), (1.0, 1)])
def test_sequence_mask_of_special_lengths(length, kept):
    x = np.ones((2, 1))
    x.attach_grad()
    with autograd.record():
        y = npx.sequence_mask(x, np.array([length]), use_sequence_length=True)
    y.backward()
    assert y.sum() == x.grad.sum() == kept


def test_the_gradient_of_a_variance_of_integers_is_refused():
    x = np.ones((3, 0))
    x.attach_grad()
    with autograd.record(), pytest.raises(NotImplementedError, match="dtype"):
        x.var(dtype="int32")
