"""The exercises: every stub is 'not done yet', every solution passes its check, wrong answers are told apart."""

import contextlib
import io
import re

import jupytext
import numpy as np
import pytest
from support import ROOT, imports_cell

from d2lhelpers.exercises import NotDone, WrongAnswer, call, check, compare, exercise_names

SOURCES = sorted((ROOT / "notebooks" / "source").glob("[0-9][0-9]-*.py"))


def exercises_of(path):
    """Yield (name, imports, stub, check, solution) of each exercise of a notebook, as code."""
    cells = jupytext.read(path, fmt="py:percent").cells
    imports = imports_cell(cells)
    for index, cell in enumerate(cells):
        if "check" not in cell.metadata.get("tags", []):
            continue
        name = re.search(r'check\("([\d.]+)"', cell.source)[1]
        assert "exercise" in cells[index - 1].metadata.get("tags", []), f"{name}: no stub before the check"
        folded = cells[index + 1].source
        assert "<summary>Hint</summary>" in folded, f"{name}: no hint"
        solution = re.search(r"<summary>Solution</summary>\s+```python\n(.*?)```", folded, re.DOTALL)
        assert solution, f"{name}: no solution"
        yield name, imports, cells[index - 1].source, cell.source, solution[1]


EXERCISES = [exercise for path in SOURCES for exercise in exercises_of(path)]


def printed_by(*pieces):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec("\n".join(pieces), {"__name__": "__main__"})
    return output.getvalue()


@pytest.mark.parametrize(("name", "imports", "stub", "checks", "solution"), EXERCISES, ids=[e[0] for e in EXERCISES])
class TestExercise:
    def test_stub_is_not_done_yet(self, name, imports, stub, checks, solution):
        assert printed_by(imports, stub, checks) == f"– Exercise {name}: not done yet.\n"

    def test_solution_passes(self, name, imports, stub, checks, solution):
        assert printed_by(imports, solution, checks).startswith(f"✓ Exercise {name}: right.")


def test_every_check_is_used_in_a_notebook():
    assert [exercise[0] for exercise in EXERCISES] == exercise_names()


def test_unknown_exercise_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"no exercise '01\.99'; there are 00\.1, .*01\.1"):
        check("01.99", 1)


class TestCompare:
    def test_equal_to_within_rounding(self):
        compare(np.float32(0.1) + np.float32(0.2), 0.3)

    def test_first_difference_is_named(self):
        with pytest.raises(WrongAnswer, match=r"X is 5 at index \[1, 0\] where 3 is right"):
            compare([[1, 2], [5, 4]], [[1, 2], [3, 4]], what="X")

    def test_shape(self):
        with pytest.raises(WrongAnswer, match=r"shape \(2,\) where \(2, 1\) is right"):
            compare([1, 2], [[1], [2]])

    def test_words_instead_of_numbers(self):
        with pytest.raises(WrongAnswer, match="should be numbers, but it is str 'three'"):
            compare("three", 3)

    def test_nan_is_wrong(self):
        with pytest.raises(WrongAnswer, match="nan"):
            compare(float("nan"), 3)

    def test_nothing(self):
        with pytest.raises(NotDone):
            compare(..., 3)


class TestCall:
    def test_not_a_function(self):
        with pytest.raises(WrongAnswer, match="a function is asked for, but this is int 3"):
            call(3, shown="f()")

    def test_stub(self):
        with pytest.raises(NotDone):
            call(lambda: None, shown="f()")

    def test_own_error_comes_through_with_a_note(self):
        with pytest.raises(ZeroDivisionError) as caught:
            call(lambda x: 1 / x, 0, shown="f(0)")
        assert "when the check called f(0)" in caught.value.__notes__[0]
