"""Notebook 02: its laws and products against NumPy, and the wrong answers to its exercises."""

import re

import numpy as onp
import pytest
from mxnet import np, npx
from support import StoredNotebook, said

npx.set_np()
NOTEBOOK = StoredNotebook("02-linear-algebra")


@pytest.fixture(scope="module")
def names():
    """The functions that the notebook's own cells define."""
    names = {}
    for text in (
        "npx.set_np()",
        "def random_arrays(",
        "def norm(",
        "def matrix_times_vector(",
        "def matrix_times_matrix(",
    ):
        exec(NOTEBOOK.cell_with(text).source, names)
    return names


def random(*shape, seed=0):
    return onp.random.RandomState(seed).normal(size=shape)


def mxnet_array(values):
    return np.array(values, dtype="float32")


# ---- Lengths and products ----


def test_the_norm_by_loop_is_that_of_numpy(names):
    for size in (1, 2, 784):
        vector = random(size, seed=size)
        assert names["norm"](np.array(vector)) == pytest.approx(onp.linalg.norm(vector), rel=1e-5)
    assert names["norm"](np.zeros(3)) == 0


def test_the_laws_of_a_norm_hold_in_the_cell():
    assert NOTEBOOK.printed_by("no detour is shorter").count("True") == 3


def test_the_angle_is_the_one_of_the_formula():
    a, b = onp.array([2.0, 2.0]), onp.array([4.0, 0.0])
    degrees = onp.degrees(onp.arccos(a @ b / onp.linalg.norm(a) / onp.linalg.norm(b)))
    assert f"angle: {degrees:.1f} degrees" in NOTEBOOK.printed_by("by_loop = sum")


def test_what_is_orthogonal_to_two_is_orthogonal_to_their_combinations():
    a, b, c = onp.array([1, 2, 2]), onp.array([2, 1, -2]), onp.array([2, -2, 1])
    assert (a @ b, a @ c, b @ c) == (0, 0, 0)
    for seed in range(3):
        s, t = random(2, seed=seed)
        assert a @ (s * b + t * c) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 4), (5, 1, 2), (4, 4, 4)])
def test_products_by_loops_are_those_of_numpy(names, shape):
    m, n, k = shape
    A, B = random(m, n, seed=1), random(n, k, seed=2)
    by_loops = names["matrix_times_matrix"](mxnet_array(A), mxnet_array(B)).asnumpy()
    onp.testing.assert_allclose(by_loops, A @ B, rtol=1e-4, atol=1e-5)
    vector = names["matrix_times_vector"](mxnet_array(A), mxnet_array(B[:, 0])).asnumpy()
    onp.testing.assert_allclose(vector, A @ B[:, 0], rtol=1e-4, atol=1e-5)


def test_order_counts_and_brackets_do_not():
    lines = dict(re.findall(r"(\(AB\) x|A \(Bx\)|\(BA\) x): (.*)", NOTEBOOK.printed_by("def matrix_times_matrix(")))
    assert lines["(AB) x"] == lines["A (Bx)"] != lines["(BA) x"]


def test_the_projection_is_one():
    """Done twice it is done once, and it is symmetric: it drops each point onto the line at a right angle."""
    P = onp.array([[0.8, 0.4], [0.4, 0.2]])
    assert f'"project": np.array({P.tolist()})' in NOTEBOOK.cell_with('"project"').source
    onp.testing.assert_allclose(P @ P, P, atol=1e-12)


def test_the_columns_are_the_images_of_the_unit_vectors(names):
    A = mxnet_array(random(3, 3))
    for j in range(3):
        onp.testing.assert_allclose(names["matrix_times_vector"](A, np.eye(3)[j]).asnumpy(), A[:, j].asnumpy())


# ---- Norms and eigenvectors of matrices ----


def test_the_norms_of_the_cell_are_those_of_numpy():
    A = onp.array([[1.6, 0.8], [0.2, 1.0]])
    longest, spectral, frobenius = (
        float(x) for x in re.findall(r": +([\d.]+)", NOTEBOOK.printed_by("Frobenius norm:  "))
    )
    assert spectral == pytest.approx(onp.linalg.svd(A)[1][0], abs=1e-4)
    assert frobenius == pytest.approx((A**2).sum() ** 0.5, abs=1e-4)
    assert longest == pytest.approx(spectral, abs=1e-3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_vector_is_stretched_beyond_the_norms(seed):
    for A, b in zip(random(200, 4, 4, seed=seed), random(200, 4, seed=seed + 10), strict=True):
        stretched = onp.linalg.norm(A @ b)
        spectral = float(np.linalg.norm(np.array(A, dtype="float32"), ord=2))
        frobenius = float(np.linalg.norm(np.array(A, dtype="float32")))
        assert stretched <= spectral * onp.linalg.norm(b) * 1.00001
        assert spectral <= frobenius * 1.00001


def test_the_longest_arrow_is_where_the_notes_say():
    """35 degrees, 1.92; and the shortest at a right angle to it, 0.75."""
    A = onp.array([[1.6, 0.8], [0.2, 1.0]])
    degrees = onp.arange(0, 180, 5)
    lengths = onp.linalg.norm(A @ onp.stack([onp.cos(onp.radians(degrees)), onp.sin(onp.radians(degrees))]), axis=0)
    assert (degrees[lengths.argmax()], round(lengths.max(), 2)) == (35, 1.92)
    assert (degrees[lengths.argmin()], round(lengths.min(), 2)) == (125, 0.75)


def test_eigenvectors_keep_their_direction_and_not_their_length():
    rows = re.findall(r"λ = (\S+), v = (\[.*?\]), Av / λ = (\[.*?\])", NOTEBOOK.printed_by("np.linalg.eigh(A)"))
    values = onp.linalg.eigvalsh([[2.0, 0.8], [0.8, 1.0]])
    assert [float(row[0]) for row in rows] == pytest.approx(values, abs=1e-3)
    assert all(row[1] == row[2] for row in rows)
    assert not any(abs(value - 1) < 0.1 for value in values)  # "does not change" would mean 1


def test_greater_or_equal_zero_is_not_enough_for_positive_definite():
    """The lecture's slide writes xᵀAx >= 0 with 'all positive eigenvalues'; the trough has an eigenvalue 0."""
    trough = onp.array([[1.0, -1.0], [-1.0, 1.0]])
    for x in random(200, 2):
        assert x @ trough @ x >= -1e-12
    assert "trough eigenvalues [0.0, 2.0]" in NOTEBOOK.printed_by("forms = {")
    assert onp.linalg.eigvalsh(trough) == pytest.approx([0, 2], abs=1e-12)


# ---- Special matrices ----


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_square_matrix_is_symmetric_plus_antisymmetric(seed):
    M, x = random(5, 5, seed=seed), random(5, seed=seed + 1)
    S, K = (M + M.T) / 2, (M - M.T) / 2
    onp.testing.assert_allclose(S + K, M)
    assert x @ K @ x == pytest.approx(0, abs=1e-12)
    assert "xᵀKx: 0.0" in NOTEBOOK.printed_by("antisymmetric = ")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_orthonormal_rows_make_orthonormal_columns(seed):
    U = onp.linalg.qr(random(6, 6, seed=seed))[0]
    onp.testing.assert_allclose(U @ U.T, onp.eye(6), atol=1e-12)
    onp.testing.assert_allclose(U.T @ U, onp.eye(6), atol=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_permutation_matrices_are_orthogonal(seed):
    order = onp.random.RandomState(seed).permutation(7)
    P = np.eye(7)[np.array(order, dtype="int32")].asnumpy()
    assert (onp.eye(7) == P @ P.T).all()
    assert (P @ onp.arange(7) == order).all()
    assert all(P[i, order[i]] == 1 for i in range(7))


def test_a_dense_layer_is_a_matrix():
    assert NOTEBOOK.printed_by("layer = nn.Dense").count("True") == 2


# ---- Exercises ----


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (([1, -2], [-2, -1]), "a turn to the right"),
        (([1, 2], [-2, -1]), "the sign of the first entry"),
        (([2, -1], [-2, -1]), "the wrong order"),
        (([2, 1], [2, 1]), "x is as it was"),
        (([-2, 1], [0, 0]), "entry by entry"),
        (([-1, 2], [-1, 2]), "apply A once more"),
        (([-1, 2], [2, 1]), "half a turn, not none"),
        (([-1, 2], [-2, 1]), "to the left as well"),
        (([-1, 2], [0, 0]), "AAx is 0 at index [0] where -2 is right"),
        (([-1], [-2, -1]), "shape (1,) where (2,)"),
        ([[-1, 2], [-2, -1]], "the pair"),
    ],
)
def test_wrong_images(answer, words, capsys):
    out = said("02.1", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.array([[2, 1], [-1, 1]]), "rows and columns are exchanged"),
        (np.array([[-1, 2], [1, 1]]), "the two columns are exchanged"),
        (np.eye(2), "identity still"),
        (onp.linalg.inv([[2, -1], [1, 1]]), "it is the inverse"),
        (np.array([[2, -1], [1, 2]]), "index [1, 1] where 1 is right"),
    ],
)
def test_wrong_matrices(answer, words, capsys):
    out = said("02.2", answer, capsys)
    assert out.startswith("✗")
    assert words in out


def test_a_list_is_a_matrix_too(capsys):
    assert said("02.2", [[2, -1], [1, 1]], capsys).startswith("✓")


def shadow(a, b):
    return np.dot(a, b) / np.dot(b, b) * b


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, b: np.dot(a, b) / np.linalg.norm(b), "the length of the shadow"),
        (lambda a, b: np.dot(a, b) / np.dot(b, b), "the factor t alone"),
        (lambda a, b: np.dot(a, b), "the dot product"),
        (lambda a, b: np.dot(a, b) / np.linalg.norm(b) * b, "not by ‖b‖"),
        (lambda a, b: np.dot(a, b) * b, "division by ‖b‖² is missing"),
        (lambda a, b: a - shadow(a, b), "the rest"),
        (lambda a, b: shadow(b, a), "the other way round"),
        (lambda a, b: np.dot(a, b) / np.dot(a, a) * b, "squared length of a"),
    ],
)
def test_wrong_projections(answer, words, capsys):
    out = said("02.3", answer, capsys)
    assert out.startswith("✗")
    assert words in out


def power(A, v, num_steps=100, scale=True):
    for _ in range(num_steps):
        v = np.dot(A, v)
        v = v / np.linalg.norm(v) if scale else v
    return v


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda A, v: power(A, v), "the eigenvector perhaps"),
        (lambda A, v: np.linalg.norm(np.dot(A, power(A, v))), "has lost its sign"),
        (lambda A, v: np.linalg.eigvalsh(A).min(), "smallest in size"),
        (lambda A, v: np.linalg.eigvalsh(A).max(), "with its sign"),  # the largest, but not in size
        (lambda A, v: np.dot(v, np.dot(A, v)), "keep the new v"),
        (lambda A, v: power(A, v) @ A @ power(A, v) / abs(power(A, v)).max() ** 2, "not by the largest entry"),
        (lambda A, v: power(A, v) @ A @ power(A, v) / power(A, v).sum() ** 2, "not by the sum"),
        (lambda A, v: power(A, v, 0) @ A @ v / np.dot(v, v), "at the start"),
        (lambda A, v: np.dot(power(A, v), power(A, v)), "A is missing"),
        (lambda A, v: np.dot(power(A, v, scale=False), np.dot(A, power(A, v, scale=False))), "explodes"),
    ],
)
def test_wrong_power_methods(answer, words, capsys):
    out = said("02.4", answer, capsys)
    assert out.startswith("✗")
    assert words in out
