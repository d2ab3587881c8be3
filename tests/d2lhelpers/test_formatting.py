"""Numbers and tables as text."""

import math

import numpy as onp
import pytest
from mxnet import np

from d2lhelpers import rounded
from d2lhelpers.arrays import to_numpy
from d2lhelpers.formatting import html_table, text_table

ROWS = [("layer", "size"), ("a < b", "1,000"), ("total", "7")]


@pytest.mark.parametrize("library", [np, onp])
def test_an_array_is_rounded_to_a_list_of_the_same_shape(library):
    assert rounded(library.array([[0.18, 1.23456], [-2.0, 1e-9]])) == [[0.18, 1.235], [-2.0, 0.0]]


def test_a_number_is_printed_without_the_noise_of_single_precision():
    assert str(np.array(0.18).round(2).item()) == "0.17999999225139618"
    assert str(rounded(np.array(0.18), 2)) == "0.18"


def test_no_digits_give_integers():
    assert str(rounded([2.0, -0.2], 0)) == "[2, 0]"


def test_zero_has_no_sign():
    assert math.copysign(1, rounded(-1e-9)) == 1


def test_nan_stays_nan():
    assert math.isnan(rounded(float("nan")))


@pytest.mark.parametrize("values", [[[1, 2]], onp.array([[1, 2]]), np.array([[1, 2]])])
def test_arrays_of_every_kind_become_numpy_arrays(values):
    array = to_numpy(values, dtype="float64")
    assert type(array) is onp.ndarray
    assert array.dtype == "float64"
    assert array.tolist() == [[1, 2]]


def test_a_text_table_aligns_its_columns():
    assert text_table(ROWS, "<>").splitlines() == [
        "layer   size",
        "────────────",
        "a < b  1,000",
        "────────────",
        "total      7",
    ]


def test_an_html_table_escapes_its_cells_and_names_its_headings():
    text = html_table(ROWS, "<>", "5 > 3")
    assert "<caption>5 &gt; 3</caption>" in text
    assert '<th scope="col" style="text-align: right">size</th>' in text
    left, right = 'style="text-align: left"', 'style="text-align: right"'
    assert f'<tbody>\n<tr><th scope="row" {left}>a &lt; b</th><td {right}>1,000</td></tr>\n</tbody>' in text
