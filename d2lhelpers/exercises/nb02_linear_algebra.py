"""Checks of the exercises of notebook 02, linear algebra."""

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import (
    NotDone,
    WrongAnswer,
    as_array,
    as_number,
    call,
    compare,
    name_mistake,
    to_mxnet,
)


def exercise_1(answer: object) -> str:
    """Check where a quarter turn sends a vector, once and twice."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("pass the pair (Ax, AAx) to check.")
    if any(part is ... or (isinstance(part, (list, tuple)) and ... in part) for part in answer):
        raise NotDone
    first, second = answer
    mistakes = {
        "this is xᵀA, the rows of A used as columns: a clockwise turn.": [1, -2],
        "the sign of the first entry is lost: A has −1 in its first row.": [1, 2],
        "the entries are in the wrong order: the first is row 1 times x.": [2, -1],
        "this is x multiplied by A entry by entry; each entry of Ax is a row times x.": [-2, 1],
        "x is as it was; A is not the identity.": [2, 1],
    }
    name_mistake(first, mistakes, what="Ax")
    compare(first, [-1, 2], what="Ax")
    more = {
        "Ax is right, and this is Ax again; apply A once more.": [-1, 2],
        "Ax is right. Two quarter turns are half a turn, not none.": [2, 1],
        "Ax is right. The second turn starts at (−1, 2), and is counterclockwise as well.": [-2, 1],
    }
    name_mistake(second, more, what="AAx")
    compare(second, [-2, -1], what="AAx")
    return "A quarter turn, twice: half a turn, which is the same as minus one."


def exercise_2(answer: object) -> str:
    """Check the matrix that sends (1, 0) to (2, 1) and (0, 1) to (−1, 1)."""
    got = as_array(answer, what="A")
    right = onp.array([[2.0, -1.0], [1.0, 1.0]])
    mistakes = {
        "rows and columns are exchanged: the images are the columns of A, and np.array is given rows.": right.T,
        "the two columns are exchanged: the first is where (1, 0) goes.": right[:, ::-1],
        "rows and columns are exchanged, and the images, too.": right.T[:, ::-1],
        "this is still the identity.": onp.eye(2),
        "this matrix goes the other way: it is the inverse.": onp.linalg.inv(right),
    }
    name_mistake(got, mistakes, what="A")
    compare(got, right, what="A")
    return "Its columns are the images of the unit vectors: that is all there is to a matrix."


def exercise_3(answer: object) -> str:
    """Check the projection of one vector on another."""
    for a, b in (([2.0, 3.0], [4.0, 0.0]), ([1.0, 2.0, 3.0], [-1.0, 1.0, 2.0]), ([1.0, 2.0], [-2.0, 1.0])):
        x, y = onp.array(a), onp.array(b)
        shown = f"project({a}, {b})"
        got = call(answer, to_mxnet(x), to_mxnet(y), shown=shown)
        inner, length = x @ y, onp.linalg.norm(y)
        right = inner / length**2 * y
        mistakes = {
            f"{shown} is a number, the length of the shadow; multiply by the direction of b.": onp.array(
                inner / length
            ),
            f"{shown} is the factor t alone; the shadow is t b.": onp.array(inner / length**2),
            f"{shown} is the dot product; a vector is asked for.": onp.array(inner),
            f"{shown}: divide by ‖b‖², not by ‖b‖.": inner / length * y,
            f"{shown}: the division by ‖b‖² is missing.": inner * y,
            f"{shown} is the rest, a minus the shadow.": x - right,
            f"{shown} is the shadow of b on a; the other way around is asked for.": inner / (x @ x) * x,
            f"{shown}: the squared length of a divides; it should be that of b.": inner / (x @ x) * y,
        }
        different = {
            words: wrong
            for words, wrong in mistakes.items()
            if wrong.shape != right.shape or not onp.allclose(wrong, right, atol=1e-4)
        }
        name_mistake(got, different, what=shown)
        compare(got, right, what=shown)
    return "The last pair is orthogonal: the shadow is the zero vector."


def exercise_4(answer: object) -> str:
    """Check the power method against the eigenvalues from NumPy."""
    matrices = (
        [[2.0, 0.8], [0.8, 1.0]],
        [[20.0, 4.0, 0.0], [4.0, 30.0, 6.0], [0.0, 6.0, 25.0]],
        [[-5.0, 1.0], [1.0, 2.0]],
        [[0.02, 0.01], [0.01, 0.03]],
    )
    for rows in matrices:
        A = onp.array(rows)
        start = onp.arange(1.0, len(A) + 1)
        shown = f"largest_eigenvalue({rows}, {start.tolist()})"
        got = call(answer, to_mxnet(A), to_mxnet(start), shown=shown)
        if as_array(got, what=shown).shape == (len(A),):
            raise WrongAnswer(f"{shown} returns a vector, the eigenvector perhaps; its eigenvalue vᵀAv is asked for.")
        value = as_number(got, what=shown)
        values, vectors = onp.linalg.eigh(A)
        largest = onp.argmax(onp.abs(values))
        right, vector = values[largest], vectors[:, largest]
        if not onp.isfinite(value) or abs(value) > 1e6 or value == 0:
            raise WrongAnswer(
                f"{shown} is {value:g}: the vector explodes or vanishes. Scale it to length 1 in each step."
            )
        unit = start / onp.linalg.norm(start)
        not_kept = f"{shown} is vᵀAv at the start: keep the new v in each step."
        not_unit = f"{shown}: v is not of length 1 at the end, and vᵀAv too large or small by ‖v‖². Divide by the norm"
        mistakes = {
            f"{shown} is the eigenvalue smallest in size; the largest in size is asked for, with its sign.": values[
                onp.argmin(onp.abs(values))
            ],
            f"{shown} has lost its sign: ‖Av‖ is never negative, vᵀAv can be.": abs(right),
            not_kept: unit @ A @ unit,
            not_kept + " And scale it to length 1.": start @ A @ start,
            not_unit + ", not by the largest entry.": right / onp.abs(vector).max() ** 2,
            not_unit + ", not by the sum.": right / vector.sum() ** 2,
            f"{shown} is vᵀv, the squared length of v: A is missing.": 1.0,
        }
        name_mistake(value, {w: x for w, x in mistakes.items() if abs(x - right) > 1e-3}, rtol=1e-3)
        compare(value, right, what=shown, rtol=1e-3)
    return "NumPy's eigh finds all eigenvalues at once; for huge matrices this loop is what remains."


FIVE = {
    "A": [[2.0, 1.0], [1.0, 2.0]],
    "B": [[0.0, 1.0], [1.0, 0.0]],
    "C": [[1.0, -1.0], [-1.0, 1.0]],
    "D": [[0.6, -0.8], [0.8, 0.6]],
    "E": [[1.0, 2.0], [3.0, 6.0]],
}
CRITERIA = {
    "symmetric": "compare the two entries off the diagonal",
    "positive definite": "it takes symmetry, and xᵀMx > 0 for every x but 0; try x = (1, 1) and x = (1, −1)",
    "orthogonal": "each row must have length 1, and the two rows the dot product 0",
    "permutation": "each row and each column must contain a single 1, and zeros elsewhere",
    "rank 1": "one column must be a multiple of the other",
}


def exercise_5(answer: object) -> str:
    """Check which of five matrices are symmetric, positive definite, and so on."""
    if not isinstance(answer, dict) or set(answer) != set(CRITERIA):
        raise WrongAnswer(f"the answer should be a dictionary with the keys {', '.join(CRITERIA)}.")
    if any(letters is ... for letters in answer.values()):
        raise NotDone
    for kind, criterion in CRITERIA.items():
        letters = answer[kind]
        if not isinstance(letters, str) or set(letters) - set("ABCDE"):
            raise WrongAnswer(f"{kind}: give the letters from A to E in one string, such as 'DE', not {letters!r}.")
        for name, rows in FIVE.items():
            right = _kinds(onp.array(rows))[kind]
            if right != (name in letters):
                raise WrongAnswer(f"{kind}: {name} {'belongs' if right else 'does not belong'} here; {criterion}.")
    return "The words overlap: every permutation is orthogonal, and B is symmetric as well."


def _kinds(matrix: onp.ndarray) -> dict[str, bool]:
    """Return for each kind whether a matrix belongs to it."""
    symmetric = bool((matrix == matrix.T).all())
    orthogonal = onp.allclose(matrix @ matrix.T, onp.eye(len(matrix)))
    return {
        "symmetric": symmetric,
        "positive definite": symmetric and bool(onp.linalg.eigvalsh(matrix).min() > 1e-9),
        "orthogonal": orthogonal,
        "permutation": orthogonal and bool(onp.isin(matrix, [0, 1]).all()),
        "rank 1": bool(onp.linalg.matrix_rank(matrix) == 1),
    }
