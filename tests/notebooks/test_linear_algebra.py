"""Notebook 02: norms, products, and eigenvectors, compared with NumPy; what its exercises say about wrong answers."""

import re

import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import np
from support import said

NOTEBOOK = lesson("02-linear-algebra")


def random(*shape):
    return onp.random.RandomState(0).normal(size=shape).astype("float32")


@pytest.fixture(scope="module")
def names():
    return NOTEBOOK.names("def matrix_times_matrix(")


# ---- Norms, products, eigenvectors ----


@pytest.mark.parametrize("vector", [onp.zeros(3), onp.array([-2.0]), random(784)], ids=["zero", "one entry", "random"])
def test_norm_by_loop_agrees_with_numpy(names, vector):
    assert names["norm"](np.array(vector)) == pytest.approx(onp.linalg.norm(vector), rel=1e-5)


@pytest.mark.parametrize(("m", "n", "k"), [(1, 1, 1), (2, 3, 4), (5, 1, 2)])
def test_products_by_loops_agree_with_numpy(names, m, n, k):
    A, B = random(m, n), random(n, k)
    AB = names["matrix_times_matrix"](np.array(A), np.array(B))
    onp.testing.assert_allclose(AB.asnumpy(), A @ B, rtol=1e-4, atol=1e-6)
    Ab = names["matrix_times_vector"](np.array(A), np.array(B[:, 0]))
    onp.testing.assert_allclose(Ab.asnumpy(), A @ B[:, 0], rtol=1e-4, atol=1e-6)


def test_projection_drops_points_at_right_angles_onto_its_line():
    P = NOTEBOOK.names('"project": ')["maps"]["project"].asnumpy()
    onp.testing.assert_allclose(P @ P, P, atol=1e-6)
    onp.testing.assert_allclose(P, P.T)


def test_longest_and_shortest_arrows_are_where_the_notes_say():
    """The longest is 1.92 at 35 degrees, the shortest 0.75 at a right angle to it."""
    A = NOTEBOOK.names("stretching = np.array")["stretching"].asnumpy()
    _, (longest, shortest), directions = onp.linalg.svd(A)
    assert (longest, shortest) == (pytest.approx(1.92, abs=0.005), pytest.approx(0.75, abs=0.005))
    degrees = onp.degrees(onp.arctan2(directions[:, 1], directions[:, 0])) % 180
    assert degrees == pytest.approx([35, 125], abs=2.5)  # the slider moves by 5 degrees


def test_printed_norms_of_a_matrix_are_those_of_its_singular_values():
    singular_values = onp.linalg.svd(NOTEBOOK.names("stretching = np.array")["stretching"].asnumpy())[1]
    printed = NOTEBOOK.printed_by("spectral, frobenius = ").splitlines()[0]
    expected = [singular_values.max(), (singular_values**2).sum() ** 0.5]
    assert [float(number) for number in re.findall(r"[\d.]+", printed)] == pytest.approx(expected, abs=1e-3)


def test_the_most_stretched_vector_is_not_an_eigenvector():
    A = NOTEBOOK.names("stretching = np.array")["stretching"].asnumpy()
    values, vectors = onp.linalg.eig(A)
    assert values.real == pytest.approx([1.8, 0.8])
    degrees = onp.degrees(onp.arctan2(vectors[1].real, vectors[0].real)) % 180
    assert degrees == pytest.approx([14, 135], abs=0.1)


def test_eigenvectors_are_stretched_by_the_eigenvalues_of_numpy():
    found = NOTEBOOK.names("stretching = np.array", "np.linalg.eigh(")
    A, values, vectors = (found[name].asnumpy() for name in ("A_symmetric", "eigenvalues", "eigenvectors"))
    assert values == pytest.approx(sorted(onp.linalg.eigvals(A)), rel=1e-5)
    onp.testing.assert_allclose(A @ vectors, values * vectors, atol=1e-5)


# ---- Rank, and digits ----


def test_table_with_dependent_columns_is_not_of_full_rank():
    X = NOTEBOOK.names('"project": ', "X = np.array(")["X"].asnumpy()
    assert onp.linalg.matrix_rank(X) == 2 < X.shape[1]
    assert (X @ [60, -1, 0] == 0).all()


def test_random_vectors_are_nearly_orthogonal_in_high_dimensions():
    plane, _, images = NOTEBOOK.names("degrees = {}")["degrees"].values()
    assert abs(images - 90).max() < 10
    assert onp.mean(abs(plane - 90) < 10) < 0.15


def test_angles_between_digits_are_small_until_the_mean_image_is_subtracted():
    pairs = NOTEBOOK.names("pairs = {}")["pairs"]
    assert [*pairs] == ["different: 67°", "same: 55°", "different, centered: 91°", "same, centered: 74°"]
    assert max(values.max() for title, values in pairs.items() if "centered" not in title) < 90


def test_photo_of_rank_50_is_nearly_the_original():
    names = NOTEBOOK.names("photo = load_photo(")
    photo = names["photo"].asnumpy()
    error = onp.linalg.norm(names["of_rank"](50).asnumpy() - photo) / onp.linalg.norm(photo)
    assert error == pytest.approx(0.055, abs=0.001)


@pytest.fixture(scope="module")
def digits():
    cells = (
        "images, labels = load_images(",
        "right_on_seen = ",
        "new_images, new_labels = ",
        "largest = ",
        "shuffled_seen, ",
    )
    return NOTEBOOK.names(*cells, "shuffled_right = ", "layer.weight.set_data")


def test_nearest_neighbor_is_perfect_only_on_what_it_has_seen(digits):
    assert digits["right_on_seen"].mean().item() == 1
    assert 0.91 < digits["right"].mean().item() < 0.94
    assert (digits["labels"][digits["largest"]] == digits["new_labels"]).mean().item() < 0.65  # dot products alone


def test_long_vectors_win_too_often_by_their_dot_products(digits):
    winners = digits["largest"]
    assert digits["lengths"].mean().item() == pytest.approx(9.2, abs=0.05)
    assert digits["lengths"][winners].mean().item() > 13.5
    assert len(set(winners.tolist())) < 400


def test_nearest_is_the_row_at_the_smallest_distance(digits):
    seen, unseen = random(20, 5), random(30, 5)[20:]
    distances = ((unseen[:, None] - seen[None]) ** 2).sum(axis=2)
    assert digits["nearest"](np.array(unseen), np.array(seen)).tolist() == distances.argmin(axis=1).tolist()


def test_shuffling_pixels_changes_hardly_any_answer(digits):
    """Sums in another order round differently, which may decide between two neighbors at nearly the same distance."""
    assert (digits["shuffled_right"] == digits["right"]).mean().item() > 0.999


def test_layer_of_averages_is_right_three_times_out_of_four(digits):
    assert (digits["scores"].argmax(axis=1) == digits["new_labels"]).mean().item() == pytest.approx(0.76, abs=0.01)


def test_sample_solution_of_the_mini_project_reaches_its_goal(digits):
    source = (NOTEBOOKS / "source" / "02-linear-algebra.py").read_text(encoding="utf-8")
    (solution,) = re.findall(r"(# def blur\(images\):\n(?:#.*\n)*?)# ```", source)
    names = dict(digits)
    exec(re.sub(r"^# ?", "", solution, flags=re.MULTILINE), names)
    assert list(names["results"].values()) == pytest.approx([0.929, 0.943, 0.943, 0.952], abs=0.002)
    assert names["final"] == pytest.approx(0.949, abs=0.002)


# ---- Exercises ----


def test_a_list_is_a_matrix_too(capsys):
    assert said("02.2", [[2, -1], [1, 1]], capsys).startswith("✓")


def shadow(a, b):
    return np.dot(a, b) / np.dot(b, b) * b


def power(A, v, num_steps=100, scale=True):
    for _ in range(num_steps):
        v = np.dot(A, v)
        v = v / np.linalg.norm(v) if scale else v
    return v


KINDS = {"symmetric": "ABC", "positive definite": "A", "orthogonal": "BD", "permutation": "B", "rank 1": "CE"}

WRONG_ANSWERS = {
    "02.1": [
        (([1, -2], [-2, -1]), "a clockwise turn"),
        (([1, 2], [-2, -1]), "the sign of the first entry"),
        (([2, -1], [-2, -1]), "the wrong order"),
        (([2, 1], [2, 1]), "x is as it was"),
        (([-2, 1], [0, 0]), "entry by entry"),
        (([-1, 2], [-1, 2]), "apply A once more"),
        (([-1, 2], [2, 1]), "half a turn, not none"),
        (([-1, 2], [-2, 1]), "counterclockwise as well"),
        (([-1, 2], [0, 0]), "AAx is 0 at index [0], but should be -2"),
        (([-1], [-2, -1]), "Ax has shape (1,), but should have shape (2,)"),
        ([[-1, 2], [-2, -1]], "the pair"),
    ],
    "02.2": [
        (onp.array([[2, 1], [-1, 1]]), "rows and columns are exchanged: "),
        (onp.array([[-1, 2], [1, 1]]), "the two columns are exchanged"),
        (onp.array([[1, 2], [1, -1]]), "rows and columns are exchanged, and the images, too"),
        (onp.eye(2), "still the identity"),
        (onp.linalg.inv([[2, -1], [1, 1]]), "it is the inverse"),
        (onp.array([[2, -1], [1, 2]]), "index [1, 1], but should be 1"),
    ],
    "02.3": [
        (lambda a, b: np.dot(a, b) / np.linalg.norm(b), "the length of the shadow"),
        (lambda a, b: np.dot(a, b) / np.dot(b, b), "the factor t alone"),
        (lambda a, b: np.dot(a, b), "the dot product"),
        (lambda a, b: np.dot(a, b) / np.linalg.norm(b) * b, "not by ‖b‖"),
        (lambda a, b: np.dot(a, b) * b, "division by ‖b‖² is missing"),
        (lambda a, b: a - shadow(a, b), "the rest"),
        (lambda a, b: shadow(b, a), "the other way around"),
        (lambda a, b: np.dot(a, b) / np.dot(a, a) * b, "squared length of a"),
    ],
    "02.4": [
        (lambda A, v: power(A, v), "the eigenvector perhaps"),
        (lambda A, v: np.linalg.norm(np.dot(A, power(A, v))), "has lost its sign"),
        (lambda A, v: np.linalg.eigvalsh(A).min(), "smallest in size"),
        (lambda A, v: np.dot(v, np.dot(A, v)), "keep the new v"),
        (lambda A, v: v @ A @ v / np.dot(v, v), "at the start"),
        (lambda A, v: power(A, v) @ A @ power(A, v) / abs(power(A, v)).max() ** 2, "not by the largest entry"),
        (lambda A, v: power(A, v) @ A @ power(A, v) / power(A, v).sum() ** 2, "not by the sum"),
        (lambda A, v: np.dot(power(A, v), power(A, v)), "A is missing"),
        (lambda A, v: np.dot(power(A, v, scale=False), np.dot(A, power(A, v, scale=False))), "explodes"),
    ],
    "02.5": [
        ("ABC", "a dictionary with the keys symmetric, "),
        (KINDS | {"symmetric": ["A", "B", "C"]}, "in one string"),
        (KINDS | {"symmetric": "ABCF"}, "from A to E"),
        (KINDS | {"symmetric": "ABCD"}, "symmetric: D does not belong here; compare the two entries"),
        (KINDS | {"positive definite": "AC"}, "positive definite: C does not belong here; it takes symmetry, and xᵀMx"),
        (KINDS | {"positive definite": "AB"}, "positive definite: B does not belong here"),
        (KINDS | {"orthogonal": "BCD"}, "orthogonal: C does not belong here; each row must have length 1"),
        (KINDS | {"orthogonal": "D"}, "orthogonal: B belongs here"),
        (KINDS | {"permutation": "BD"}, "permutation: D does not belong here"),
        (KINDS | {"rank 1": "E"}, "rank 1: C belongs here; one column must be a multiple"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
