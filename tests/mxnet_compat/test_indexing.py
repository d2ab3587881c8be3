"""Indexing: what `np.ndarray` selects, writes, and differentiates is what NumPy does, for all kinds of keys."""

import os

import mxnet as mx
import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mxnet import autograd, np, npx

EXAMPLES = int(os.environ.get("INDEXING_EXAMPLES", "40"))  # for each of the tests with random keys
SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
run_examples = settings(max_examples=EXAMPLES, deadline=None, derandomize="INDEXING_EXAMPLES" not in os.environ)


@pytest.fixture(autouse=True)
def numpy_semantics():
    npx.set_np()


def numbers(shape, dtype="float32"):
    return onp.arange(1, 1 + onp.prod(shape, dtype=int), dtype=dtype).reshape(shape)


def as_mxnet(key, kinds):
    """Return a key for MXNet: each array becomes a list, an array of MXNet, or stays, as `kinds` says."""
    if isinstance(key, tuple):
        return tuple(as_mxnet(part, kinds[n % len(kinds) :]) for n, part in enumerate(key))
    if not isinstance(key, onp.ndarray):
        return key
    return {
        "numpy": lambda: key,
        "list": key.tolist,
        "mxnet": lambda: np.array(key, dtype=key.dtype),
        "float": lambda: np.array(key, dtype="float32") if key.dtype != bool else np.array(key, dtype=bool),
    }[kinds[0]]()


@st.composite
def shapes_and_keys(draw):
    """Return a shape, a key, and how arrays in the key are given to MXNet."""
    shape = draw(SHAPES)
    part = st.one_of(
        st.integers(-4, 3),
        st.slices(4),
        st.none(),
        st.just(...),
        st.booleans(),
        hnp.arrays("int64", st.sampled_from([(), (0,), (1,), (2,), (3,), (2, 3), (2, 1)]), elements=st.integers(-4, 3)),
        hnp.arrays(bool, st.integers(1, len(shape)).map(lambda n: shape[:n])),
        st.sampled_from(shape).flatmap(lambda n: hnp.arrays(bool, (n,))),
    )
    key = draw(
        st.one_of(
            hnp.basic_indices(shape, allow_newaxis=True),
            hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=3, max_side=3)),
            hnp.arrays(bool, shape),
            part,
            st.lists(part, max_size=5).map(tuple),
        )
    )
    return shape, key, draw(st.lists(st.sampled_from(["numpy", "list", "mxnet", "float"]), min_size=5, max_size=5))


def outcome(function):
    """Return what a function returns, or the type of its error."""
    try:
        return function()
    except (IndexError, ValueError, mx.MXNetError) as error:
        return type(error)


@run_examples
@given(shapes_and_keys())
def test_reading(drawn):
    shape, key, kinds = drawn
    expected = outcome(lambda: numbers(shape)[key])
    got = outcome(lambda: np.array(numbers(shape))[as_mxnet(key, kinds)].asnumpy())
    if isinstance(expected, type):
        assert got is expected
    else:
        assert not isinstance(got, type), got
        assert got.shape == expected.shape
        assert got.tolist() == expected.tolist()


@run_examples
@given(shapes_and_keys(), st.sampled_from(["scalar", "row", "whole", "column", "too many"]), st.booleans())
def test_writing(drawn, form, with_numpy):
    shape, key, kinds = drawn
    expected = numbers(shape)
    selected = outcome(lambda: expected[key])
    size = onp.shape(selected) if not isinstance(selected, type) else (1,)
    value = {
        "scalar": 7.0,
        "row": 100 + numbers(size[-1:]),
        "whole": 100 + numbers(size),
        "column": 100 + numbers((*size[:-1], 1) if size else ()),
        "too many": 100 + numbers((*size[:-1], 5)),
    }[form]
    x = np.array(expected)

    def write(array, key, value):
        array[key] = value
        return array

    right = outcome(lambda: write(expected, key, value))
    given_value = value if with_numpy or form == "scalar" else np.array(value)
    got = outcome(lambda: write(x, as_mxnet(key, kinds), given_value).asnumpy())
    if isinstance(right, type):
        assert isinstance(got, type)
    else:
        assert not isinstance(got, type), got
        assert got.tolist() == right.tolist()


@run_examples
@given(shapes_and_keys())
def test_adding_in_place(drawn):
    shape, key, kinds = drawn
    expected, x = numbers(shape), np.array(numbers(shape))
    if isinstance(outcome(lambda: expected[key]), type):
        return
    expected[key] += 10
    x[as_mxnet(key, kinds)] += 10
    assert x.asnumpy().tolist() == expected.tolist()


@run_examples
@given(shapes_and_keys())
def test_the_gradient_adds_up_at_the_entries_that_were_read(drawn):
    shape, key, kinds = drawn
    selected = outcome(lambda: numbers(shape)[key])
    if isinstance(selected, type) or selected.size == 0:
        return
    weights = numbers(selected.shape, "float64")
    expected = onp.zeros(shape)
    onp.add.at(expected, key, weights)
    x = np.array(numbers(shape))
    x.attach_grad()
    with autograd.record():
        y = x[as_mxnet(key, kinds)]
        total = (y * np.array(weights, dtype="float32")).sum()
    total.backward()
    assert x.grad.asnumpy().tolist() == expected.tolist()
