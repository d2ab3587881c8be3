"""Notebook 01: what it says about memory and the engine, and what its exercises say about wrong answers."""

import re
from pathlib import Path
from time import perf_counter

import mxnet
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import np, npx
from support import said

# ---- What the notebook says in words ----


@pytest.mark.parametrize("index", [onp.s_[1], onp.s_[1:3], onp.s_[1, 1:3], onp.s_[:, 1], onp.s_[::2]])
def test_a_part_is_a_view_if_and_only_if_it_is_contiguous(index):
    X = np.zeros((4, 4))
    part = X[index]
    part[:] = 1
    assert bool((X == 1).any()) == onp.zeros((4, 4))[index].flags.c_contiguous


def test_writing_by_index_changes_a_column():
    X = np.zeros((3, 3))
    X[:, 0] = 5
    assert X.tolist() == [[5, 0, 0]] * 3


def test_the_newest_kernels_of_mxnets_openblas_are_for_avx2():
    library = Path(mxnet.__file__).with_name("libopenblas.so.0")
    if not library.exists():
        pytest.skip("this MXNet has no OpenBLAS of its own")
    content = library.read_bytes()
    assert b" 0.3.13 " in content
    assert b"_HASWELL" in content
    assert b"_SKYLAKEX" not in content  # AVX-512


def test_an_array_of_positions_selects_images():
    names = lesson("01-ndarray").names("images, labels = load_images(")
    images = names["images"]
    assert (images[np.array([3, 0, 3], dtype="int32")] == np.stack([images[3], images[0], images[3]])).all()


def test_the_average_2_and_5_have_the_darkest_maximum_and_the_1_the_brightest():
    names = lesson("01-ndarray").names("images, labels = load_images(", "averages = np.stack(")
    order = names["averages"].max(axis=(1, 2, 3)).asnumpy().argsort()
    assert {*order[:2]} == {2, 5}
    assert order[-1] == 1


def test_the_average_blossom_is_brightest_in_red_and_darkest_in_blue():
    names = lesson("01-ndarray").names("images, labels = load_images(", "figures.planes(")
    red, green, blue = names["flower"][:, 150:280, 230:400].mean(axis=(1, 2)).tolist()
    assert red > green + 0.2 > blue + 0.3


# Other programs may run at the same time, so each of these claims on time gets several tries.


def test_engine_returns_before_it_has_computed():
    seconds = lesson("01-ndarray").names()["seconds"]
    X = np.ones((1024, 1024))
    npx.waitall()
    assert any(seconds(5, np.dot, X, X) < seconds(1, npx.waitall) for _ in range(5))


def test_array_is_dozens_of_times_faster_than_a_loop():
    names = lesson("01-ndarray").names()
    seconds, square_all = names["seconds"], names["square_all"]
    array = np.array(onp.random.RandomState(1).uniform(size=1_000_000), dtype="float32")
    numbers = array.tolist()
    assert onp.allclose(square_all(numbers), (array * array).asnumpy())
    whole = min(seconds(1, lambda: (array * array).wait_to_read()) for _ in range(10))
    assert min(seconds(1, square_all, numbers) for _ in range(3)) > 20 * whole


def test_queuing_dominates_small_products_and_not_large_ones():
    per_product = lesson("01-ndarray").names()["per_product"]

    def is_as_described():
        numpy, *_, queued = per_product(64)
        _, each, _, queued_large = per_product(512)
        return numpy < queued and queued_large < each / 5

    assert any(is_as_described() for _ in range(5))


def test_one_product_of_a_batch_is_faster_than_a_product_per_example():
    names = lesson("01-ndarray").names("examples, weight =")
    seconds, examples, weight = names["seconds"], names["examples"], names["weight"]

    def is_as_described():
        together = seconds(1, lambda: np.dot(examples, weight).wait_to_read())
        return together < seconds(1, names["multiply_rows"]) / 3

    assert any(is_as_described() for _ in range(10))


def test_reshape_scrambles_the_photograph_and_transpose_does_not():
    names = lesson("01-ndarray").names("images, labels = load_images(", "scrambled = ")
    assert (names["back"] == names["cat"]).all()
    assert not (names["scrambled"] == names["cat"]).all()


def test_sample_solution_of_the_mini_project_reaches_its_goal():
    names = dict(lesson("01-ndarray").names("images, labels = load_images(", "brightness = tiles.mean"))
    source = (NOTEBOOKS / "source" / "01-ndarray.py").read_text(encoding="utf-8")
    (solution,) = re.findall(r"# start = perf_counter\(\)\n(?:# .*\n)*?(?=# ```)", source)
    exec(re.sub(r"^# ", "", solution, flags=re.MULTILINE), names)
    assert names["mosaic"].shape == (896, 896)
    assert names["error"] < 0.005


# ---- Exercises ----


def standardize_in_place(X):
    X -= X.mean(axis=0)
    X /= X.std(axis=0)


def standardize_in_place_and_return(X):
    standardize_in_place(X)
    return X


def clock(wait=False, wait_after=False, only_one=False, factor=1):
    """Return an answer to 01.6 that waits for the products or not, before or after it reads the clock."""

    def product_time(many, X, Y):
        start = perf_counter()
        for _ in range(1 if only_one else many):
            np.dot(X, Y)
        if wait:
            npx.waitall()
        measured = perf_counter() - start
        if wait_after:
            npx.waitall()
        return factor * measured

    return product_time


WRONG_ANSWERS = {
    "01.1": [
        ((4, 1, 5), "aligned at their last axes"),
        ((3, 1, 5), "shape of the first array"),
        ((3, 1, 5, 4, 1), "not put one after the other"),
        ((1, 1, 1), "nothing shrinks"),
        ((4, 5), "as many axes as the longer"),
        ((3, 4, 1), "axis 2 has length 1, but 5 meets 1 there"),
        ((4, 4, 5), "axis 0 has length 4, but 3 meets 1 there"),
        ("3, 4, 5", "a shape is a tuple"),
        (onp.ones((3, 4, 5)), "this is an array"),
    ],
    "01.2": [
        (lambda X: X[::3, ::2], "as it was; change"),
        (lambda X: X[::3, 1::2], "rows and columns are swapped"),
        (lambda X: X[1::3, ::2], "the two steps are swapped"),
        (lambda X: X[::2, ::3], "the rows begin with row 0"),
        (lambda X: X[2::2, ::3], "the rows begin with row 2"),
        (lambda X: X[1::2, 1::3], "the columns begin with column 1"),
        (lambda X: X[::2, 1::3], "the two starts are swapped"),
        (lambda X: X[1::2, ::2], "the step of the columns is 3"),
        (lambda X: X[1::3, ::3], "the step of the rows is 2"),
        (lambda X: X[1:2, 0:3], "the step comes after a second colon"),
        (lambda X: X[1::2], "all columns are there"),
        (lambda X: X[1::2].T, "exchanged, and all columns are there"),
        (lambda X: X[:, ::3], "all rows are there"),
        (lambda X: X[1::2, ::3].T, "the elements are right, but rows and columns"),
        (lambda X: X[[1, 3], [0, 3]], "pair by pair"),
        (lambda X: X[1:4:2, 0:4:3], "stops too early"),
        (lambda X: X[1::2, ::3] + 0.5, "is 9.5 at index [0, 0], but should be 9"),
    ],
    "01.3": [
        (lambda X: (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True), "the rows have mean 0"),
        (lambda X: (X - X.mean(axis=1)) / X.std(axis=1), "keepdims"),
        (lambda X: (X - X.mean()) / X.std(), "of the whole matrix"),
        (lambda X: (X - X.mean(axis=0)) / X.std(axis=0, ddof=1), "sample deviation"),
        (lambda X: (X - X.mean(axis=0)) / X.var(axis=0), "variance"),
        (lambda X: X - X.mean(axis=0), "the deviations are not 1 yet"),
        (lambda X: X / X.std(axis=0), "the means are not 0"),
        (lambda X: X - X.mean(axis=0) / X.std(axis=0), "parentheses are missing"),
        (lambda X: (X.mean(axis=0) - X) / X.std(axis=0), "every sign is wrong"),
        (lambda X: (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)), "maps each column to 0..1"),
        (standardize_in_place, "changes the matrix"),
        (standardize_in_place_and_return, "changes the matrix"),
        (lambda X: X.mean(axis=0), "has shape (3,), but should have shape (3, 3)"),
    ],
    "01.4": [
        (lambda b: b.reshape(b.shape[0], b.shape[2], b.shape[3], b.shape[1]), "mixes the pixels"),
        (lambda b: b.transpose(0, 3, 2, 1), "height and width are exchanged"),
        (lambda b: b.T, "all axes are reversed"),
        (lambda b: b.transpose(0, 2, 1, 3), "by one position only"),
        (lambda b: b.transpose(0, 3, 1, 2), "the way back"),
        (lambda b: b, "comes back as it was"),
        (lambda b: b[0].transpose(1, 2, 0), "has shape (4, 5, 3), but should have shape (2, 4, 5, 3)"),
    ],
    "01.5": [
        ([[0, 0], [0, 0]], "a row shares memory"),
        ([[11, 1], [10, 0]], "that is what NumPy does"),
        ([[10, 0], [10, 0]], "the other way round"),
        ([[101, 101], [100, 100]], "this is X;"),
        ([[111, 101], [110, 100]], "And the column is a copy"),
        ([[100, 100], [100, 100]], "And the row shares memory"),
        ([[110, 100], [110, 100]], "And it is the row"),
        ([1, 1, 0, 0], "has shape (4,), but should have shape (2, 2)"),
        ([[1, 1], [1, 0]], "is 1 at index [1, 0], but should be 0"),
    ],
    "01.6": [
        (clock(), "let Python wait for it"),
        (clock(wait_after=True), "the clock is read before"),
        (clock(wait=True, factor=-1), "negative"),
        (clock(wait=True, factor=1 / 5), "the time of a single product"),
        (clock(wait=True, factor=1000), "return the seconds"),
        (clock(wait=True, only_one=True), "not all products are computed"),
        (lambda many, X, Y: np.dot(X, Y), "should be one number"),
    ],
}


def test_waiting_for_each_product_is_right_as_well(capsys):
    def product_time(many, X, Y):
        start = perf_counter()
        for _ in range(many):
            np.dot(X, Y).wait_to_read()
        return perf_counter() - start

    assert said("01.6", product_time, capsys).startswith("✓")


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
