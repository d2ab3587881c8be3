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
    P = NOTEBOOK.names('"project": ')["matrices"]["project"].asnumpy()
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


def test_eigenvectors_are_stretched_by_the_eigenvalues_of_numpy():
    found = NOTEBOOK.names("stretching = np.array", "np.linalg.eigh(A)")
    A, values, vectors = (found[name].asnumpy() for name in ("A", "eigenvalues", "eigenvectors"))
    assert values == pytest.approx(sorted(onp.linalg.eigvals(A)), rel=1e-5)
    onp.testing.assert_allclose(A @ vectors, values * vectors, atol=1e-5)


# ---- Rank, and digits ----


def test_table_with_dependent_columns_is_not_of_full_rank():
    X = NOTEBOOK.names('"project": ', "figures.dependent(")["X"].asnumpy()
    assert onp.linalg.matrix_rank(X) == 2 < X.shape[1]
    assert (X @ [60, -1, 0] == 0).all()


def test_random_vectors_are_nearly_orthogonal_in_high_dimensions():
    degrees = NOTEBOOK.names("degrees[d] = ")["degrees"]
    assert abs(degrees[784] - 90).max() < 10
    assert onp.mean(abs(degrees[2] - 90) < 10) < 0.15


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


WRONG_ANSWERS = {
    "02.1": [
        (([1, -2], [-2, -1]), "a turn to the right"),
        (([1, 2], [-2, -1]), "the sign of the first entry"),
        (([2, -1], [-2, -1]), "the wrong order"),
        (([2, 1], [2, 1]), "x is as it was"),
        (([-2, 1], [0, 0]), "entry by entry"),
        (([-1, 2], [-1, 2]), "apply A once more"),
        (([-1, 2], [2, 1]), "half a turn, not none"),
        (([-1, 2], [-2, 1]), "to the left as well"),
        (([-1, 2], [0, 0]), "AAx is 0 at index [0], but should be -2"),
        (([-1], [-2, -1]), "Ax has shape (1,), but should have shape (2,)"),
        ([[-1, 2], [-2, -1]], "the pair"),
    ],
    "02.2": [
        (onp.array([[2, 1], [-1, 1]]), "rows and columns are exchanged: "),
        (onp.array([[-1, 2], [1, 1]]), "the two columns are exchanged"),
        (onp.array([[1, 2], [1, -1]]), "rows and columns are exchanged, and the images, too"),
        (onp.eye(2), "identity still"),
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
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
