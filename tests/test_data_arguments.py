"""Junk as arguments of the loaders: each is right, or refused by its name and value, before anything is done."""

import re
from fractions import Fraction

import numpy as onp
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mxnet import np

from d2lhelpers.data import ArrayLoader, class_names, images, load_data, load_images

thorough = settings(max_examples=750, deadline=None, derandomize=True, database=None)


@pytest.fixture(autouse=True)
def no_settings(data_folder, monkeypatch):
    """No user's settings, and no download: the arguments are looked at before."""
    some = onp.zeros((50, 28, 28), "uint8"), onp.zeros(50, "uint8")
    monkeypatch.setattr(images, "read_data_set", lambda name, train: some)


class Unhelpful:
    """Compares, and converts, by raising."""

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None

    def __repr__(self):
        return "Unhelpful()"


junk = st.one_of(
    st.integers(-5, 40),
    st.integers(),
    st.sampled_from([2**31, 2**32 - 1, 2**32, 2**63, 2**64, 10**5000, -(10**5000), 60_000, 60_001, 10_000, 10_001]),
    st.sampled_from(["digits", "mnist", "fashion_mnist"]),
    st.floats(),
    st.booleans(),
    st.none(),
    st.text(max_size=200),
    st.binary(max_size=5),
    st.complex_numbers(),
    st.fractions(),
    st.lists(st.integers(0, 9), max_size=3),
    st.dictionaries(st.integers(), st.integers(), max_size=2),
    st.integers(-5, 40).map(onp.int64),
    st.integers(0, 40).map(onp.uint8),
    st.integers(0, 40).map(lambda number: onp.array([number])),
    st.integers(0, 40).map(onp.array),
    st.sampled_from([onp.float64(2), onp.bool_(True), onp.zeros((2, 2)), Fraction(2), object, len, ...]),
    st.builds(Unhelpful),
    st.integers(1, 3).map(lambda number: np.ones(number)),
    st.integers(1, 3).map(lambda number: np.array(number, dtype="int32")),
)


def allowed(value, low, high):
    """Whether a value is a whole number in a range, as `operator.index` has it; True and False are none."""
    if isinstance(value, (bool, onp.bool_)):
        return False
    if isinstance(value, onp.ndarray) and value.ndim:
        return False
    try:
        number = value.__index__()
    except (AttributeError, TypeError):
        return False
    return low <= number <= high


def shown_in(message, name, value):
    """Whether a message begins with the argument's name and a beginning of its value."""
    if isinstance(value, int) and abs(value) > 10**300:
        return message.startswith(f"{name}=a number of ")
    return message.startswith(f"{name}={repr(value)[:90]}")


def refused(call, name, value):
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert shown_in(str(caught.value), name, value)
    assert len(str(caught.value)) < 200


RANGES = {
    "batch_size": (1, float("inf")),
    "resize": (8, 1024),
    "train_size": (1, 60_000),
    "test_size": (1, 10_000),
    "seed": (0, 2**32 - 1),
}


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("source", ["digits", "mnist"])
def test_numbers(name, source):
    @thorough
    @given(junk)
    @example(None)
    def run(value):
        arguments = {"batch_size": 4, "source": source, "train_size": 5, "test_size": 5, name: value}
        optional = name in ("resize", "train_size", "test_size")
        if (value is None and optional) or allowed(value, *RANGES[name]):
            if name in ("train_size", "test_size") and value is not None and value > 1000:
                return  # right, but slow to draw
            train, test = load_data(**arguments)
            (batch, labels), (test_batch, _) = next(iter(train)), next(iter(test))
            assert len(batch) == len(labels) == min(train.batch_size, train.num_examples)
            size = 28 if arguments.get("resize") is None else int(arguments["resize"])
            assert batch.shape[1:] == test_batch.shape[1:] == (1, size, size)
        else:
            refused(lambda: load_data(**arguments), name, value)

    run()


@thorough
@given(junk)
@pytest.mark.parametrize("function", [class_names, lambda source: load_images(source=source, size=3)])
def test_source(function, value):
    if value is None or (isinstance(value, str) and value in images.SOURCES):
        assert function(value)
    else:
        with pytest.raises(
            ValueError,
            match=f"^unknown data set {re.escape(repr(value)[:90])}"
            if not isinstance(value, int)
            else "^unknown data set",
        ):
            function(value)


@thorough
@given(junk)
def test_train_and_shuffle(value):
    array = onp.arange(6, dtype="int32")
    if isinstance(value, bool):
        load_images(value, size=2, source="digits")
        assert ArrayLoader(array, batch_size=2, shuffle=value).shuffle is value
    else:
        refused(lambda: load_images(value, size=2, source="digits"), "train", value)
        if not isinstance(value, onp.bool_):
            refused(lambda: ArrayLoader(array, batch_size=2, shuffle=value), "shuffle", value)


@thorough
@given(st.one_of(junk, st.lists(junk, max_size=3)))
def test_arrays(value):
    try:
        loader = ArrayLoader(value, batch_size=2)
    except (TypeError, ValueError) as error:
        message = str(error)
        assert message.startswith(("array 0 ", "there are no examples"))
        return
    assert sum(len(batch) for (batch,) in loader) == loader.num_examples == len(value)
