"""Checks of arguments: which values are accepted, and what the errors say."""

from decimal import Decimal

import numpy as onp
import pytest
from mxnet import np

from d2lhelpers.arguments import check_integer, check_positive


@pytest.mark.parametrize("make", [int, onp.int64, onp.uint8, onp.array, np.array])
def test_integers_of_python_numpy_and_mxnet(make):
    number = check_integer("n", make(3), minimum=3, maximum=3)
    assert (number, type(number)) == (3, int)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (0, ValueError, "n=0: must be a whole number, 1 or more"),
        (2.0, TypeError, "n=2.0: must be a whole number"),
        (True, TypeError, "n=True"),
        (onp.bool_(True), TypeError, "n=.*True"),
        ("2", TypeError, "n='2'"),
        (None, TypeError, "n=None"),
        (onp.array([2]), TypeError, r"n=array\(\[2\]\)"),
        ("x" * 200, TypeError, r"n='x{96}\.\.\.: must"),
    ],
)
def test_what_is_no_integer_in_range(value, error, message):
    with pytest.raises(error, match=message):
        check_integer("n", value, minimum=1)


def test_huge_integer_has_a_short_message():
    with pytest.raises(ValueError, match="n=a number of 16,610 bits: must be a whole number, 1 to 1,000"):
        check_integer("n", 10**5000, minimum=1, maximum=1000)


def test_mxnet_numbers_with_a_fraction_or_an_axis_are_no_integers():
    for value in (np.array(2.5), np.array([2.0])):
        with pytest.raises(TypeError, match="must be a whole number"):
            check_integer("n", value, minimum=1)


@pytest.mark.parametrize("make", [float, onp.float32, onp.array, np.array, Decimal])
def test_positive_numbers_of_python_numpy_and_mxnet(make):
    number = check_positive("lr", make(0.5))
    assert (number, type(number)) == (0.5, float)


@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ValueError), (-0.1, ValueError), (onp.nan, ValueError), (onp.inf, ValueError)]
    + [(value, TypeError) for value in ("0.1", None, True, 1j, onp.array([0.1]))],
)
def test_what_is_no_positive_number(value, error):
    with pytest.raises(error, match=r"lr=.*: must be a number greater than 0"):
        check_positive("lr", value)
