"""Numbers as text."""

import math

import numpy as onp
import pytest
from mxnet import np, npx

from d2lhelpers import rounded

npx.set_np()


@pytest.mark.parametrize("library", [np, onp])
def test_array_becomes_a_list_of_the_same_shape(library):
    assert rounded(library.array([[0.18, 1.23456], [-2.0, 1e-9]])) == [[0.18, 1.235], [-2.0, 0.0]]


def test_mxnet_alone_would_print_noise():
    assert str(np.array(0.18).round(2).item()) != "0.18"
    assert str(rounded(np.array(0.18), 2)) == "0.18"


def test_number_stays_a_number():
    assert rounded(2 / 3, 2) == 0.67


def test_whole_numbers_have_no_point():
    assert str(rounded(np.array([2.0, -0.2]), 0)) == "[2, 0]"


def test_zero_has_no_sign():
    assert math.copysign(1, rounded(-1e-9)) == 1


def test_not_a_number_stays():
    assert math.isnan(rounded(float("nan")))
