"""The exercises: every stub is 'not done yet', every solution is correct, and messages say what is wrong."""

import contextlib
import io
import re

import mxnet as mx
import nbformat
import numpy as np
import pytest
from lessons import NOTEBOOKS, lesson

from d2lhelpers.exercises import check, exercise_names
from d2lhelpers.exercises.answers import NotDone, WrongAnswer, as_number, call, compare, name_mistake


def exercises_of(path):
    """Return (name, notebook, stub, check, text below) of each exercise of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    checks = [index for index, cell in enumerate(cells) if "check" in cell.metadata.get("tags", [])]
    return [
        pytest.param(path.stem, cells[index - 1], cells[index], cells[index + 1].source, id=name_in(cells[index]))
        for index in checks
    ]


def name_in(cell) -> str:
    return re.search(r'check\("([\d.]+)"', cell.source)[1]


EXERCISES = [exercise for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")) for exercise in exercises_of(path)]


def printed_by(notebook, *pieces) -> str:
    """Run pieces of code after a notebook's cell of imports, and return what they print."""
    imports = lesson(notebook).cells[0]
    names = dict(lesson(notebook).names(imports.source))
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec("\n".join(pieces), names)
    return output.getvalue()


@pytest.mark.parametrize(("notebook", "stub", "checks", "below"), EXERCISES)
def test_stubs_are_not_done_yet_and_solutions_are_right(notebook, stub, checks, below):
    name = name_in(checks)
    assert "exercise" in stub.metadata.tags
    assert printed_by(notebook, stub.source, checks.source) == f"– Exercise {name}: not done yet.\n"
    assert "<summary>Hint</summary>" in below
    solution = re.search(r"<summary>Solution</summary>\s+```python\n(.*?)```", below, re.DOTALL)[1]
    assert printed_by(notebook, solution, checks.source).startswith(f"✓ Exercise {name}: right.")


def test_every_check_is_used_by_a_notebook():
    assert [exercise.id for exercise in EXERCISES] == exercise_names()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("01.99", r"'01\.99': pass '01\.1', '01\.2'"), (4.1, r"4\.1: pass '04\.1'"), ("x", r"a name such as '04\.1'")],
)
def test_an_unknown_exercise_is_answered_with_known_ones(name, expected):
    with pytest.raises(ValueError, match=f"there is no exercise .*{expected}"):
        check(name, 1)


def test_answers_are_compared_to_within_rounding():
    compare(np.float32(0.1) + np.float32(0.2), 0.3)


@pytest.mark.parametrize(
    ("answer", "expected", "message"),
    [
        ([[1, 2], [5, 4]], [[1, 2], [3, 4]], r"X is 5 at index \[1, 0\], but should be 3"),
        ([1, 2], [[1], [2]], r"X has shape \(2,\), but should have shape \(2, 1\)"),
        ("three", 3, "X should be numbers, but it is str 'three'"),
        (float("nan"), 3, "X is nan, but should be 3"),
    ],
)
def test_the_first_difference_is_named(answer, expected, message):
    with pytest.raises(WrongAnswer, match=message):
        compare(answer, expected, what="X")


def test_a_mistake_is_recognized_by_its_value():
    mistakes = {"this is the sum.": [8, 9], "this is transposed.": [[1], [2]]}
    name_mistake([7, 9], mistakes)
    with pytest.raises(WrongAnswer, match="this is the sum"):
        name_mistake(np.float32([8, 9]), mistakes)


@pytest.mark.parametrize(("answer", "shown"), [(True, "bool True"), ("8", "str '8'"), (np.ones(2), r"shape \(2,\)")])
def test_one_number_is_asked_for(answer, shown):
    assert as_number(np.array([[8]])) == 8.0
    with pytest.raises(WrongAnswer, match=f"should be one number, but it is .*{shown}"):
        as_number(answer)


def test_a_stub_is_not_done_yet():
    def stub(x):
        """What to write."""
        ...

    with pytest.raises(NotDone):
        call(stub, 3, shown="f(3)")
    with pytest.raises(NotDone):
        compare(..., 3)


def test_a_missing_return_is_no_stub():
    def forgetful(x):
        print(x + 1)

    with pytest.raises(WrongAnswer, match=r"f\(3\) is None. Does your function end with `return`"):
        call(forgetful, 3, shown="f(3)")


def test_what_cannot_be_called_is_no_function():
    with pytest.raises(WrongAnswer, match="the answer should be a function, but it is int 3"):
        call(3, shown="f()")


@pytest.mark.parametrize(
    ("answer", "argument", "message"),
    [
        (lambda x: 1 / x, 0, r"in line \d+ of its cell, `.*`: ZeroDivisionError: division by zero\. This .* f\(x\)"),
        (lambda x: {y: 1 for y in x}, mx.np.ones(2), r"unhashable type: 'ndarray'\. .*`\.tolist\(\)` makes numbers"),
        (lambda: 1, 0, r"raised an error: TypeError: .* takes 0 positional arguments but 1 was given\. This"),
    ],
)
def test_an_error_in_the_students_function_is_told_with_its_line(answer, argument, message):
    with pytest.raises(WrongAnswer, match=message):
        call(answer, argument, shown="f(x)")
