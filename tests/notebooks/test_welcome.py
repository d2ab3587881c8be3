"""Notebook 00: continuing a text, its stored tables, and what its exercises say about wrong answers."""

import re

import numpy as onp
import pytest
from lessons import lesson
from mxnet import np
from support import ROOT, said

from d2lhelpers import read_course
from d2lhelpers.exercises.nb00_welcome import KINDS

NOTEBOOK = lesson("00-welcome")


# ---- The text that continues ----


def test_continued_text_is_new_but_made_of_pieces_of_the_tale():
    names = NOTEBOOK.names()
    text, tale = names["continue_text"]("the ", 80), names["TALE"]
    assert len(text) == 80
    assert all(text[i : i + 5] in tale for i in range(76))
    assert text not in tale


def test_a_long_memory_copies_the_tale_and_a_short_one_babbles():
    names = NOTEBOOK.names()
    tale = names["TALE"]
    assert names["continue_text"](tale[:30], 300, memory=30) == tale[:300]
    babble = names["continue_text"]("t", 200, memory=1)
    assert len(set(re.findall(r"\w+", babble)) - set(re.findall(r"\w+", tale))) > 10


@pytest.mark.parametrize(("start", "memory"), [("the ", 8), ("Zebras", 4), ("", 4)])
def test_text_continues_past_the_end_of_the_tale_from_any_start(start, memory):
    assert len(NOTEBOOK.names()["continue_text"](start, 1000, memory=memory)) == 1000


# ---- Stored outputs that nbval does not compare ----


def test_setup_check_needs_no_cell_before_it(capsys):
    """Its table has to explain why the imports failed."""
    exec(NOTEBOOK.cell("report.examine()").source, {})
    assert "MXNet" in capsys.readouterr().out


def test_stored_setup_table_shows_no_problem():
    rows = NOTEBOOK.printed_by("report.examine()").splitlines()
    assert len(rows) == 5
    assert all(row.startswith("ok ") for row in rows)


def test_stored_map_shows_every_notebook_with_its_times():
    shown = NOTEBOOK.printed_by("read_course()")
    for chapter in read_course(ROOT / "notebooks"):
        (line,) = [line for line in shown.splitlines() if line.startswith(f"{chapter.number}  ")]
        assert chapter.title in line
        assert re.search(r"\d+ min +\d+\.\d s", line), line


def test_stored_accuracy_of_the_first_network_is_far_above_chance():
    percent = NOTEBOOK.printed_by("show_predictions(net, test_loader").split("%")[0]
    assert int(percent) > 80


# ---- Exercises ----

RIGHT = {task: kind for task, (kind, _) in KINDS.items()}


def test_wrong_kinds_get_the_reason_for_the_right_one(capsys):
    for task, (right, reason) in KINDS.items():
        for wrong in {"classification", "regression", "sequence"} - {right}:
            assert reason in said("00.1", RIGHT | {task: wrong}, capsys)


def test_changing_the_first_factor_is_right_too(capsys):
    assert said("00.2", onp.ones((2, 2)) @ onp.ones((2, 3)), capsys).startswith("✓")


def distance(vector, target):
    return float(np.linalg.norm(vector - target))


def nearest(vectors, target, *leave_out):
    return min(set(vectors) - set(leave_out), key=lambda word: distance(vectors[word], target))


def farthest(vectors, target, *leave_out):
    return max(set(vectors) - set(leave_out), key=lambda word: distance(vectors[word], target))


WRONG_ANSWERS = {
    "00.1": [
        (RIGHT | {"is this mail spam?": "classify"}, "'classify' is not one of the three kinds"),
        (RIGHT | {"is this mail spam?": ...}, "'is this mail spam?' has no kind yet"),
        ({"is this mail spam?": "classification"}, "keep the dictionary"),
        ("classification", "keep the dictionary"),
    ],
    "00.2": [
        (onp.ones((2, 3)) @ onp.ones((3, 2)), "shape (2, 2)"),
        (onp.ones((3, 2)) @ onp.ones((2, 3)), "shape (3, 3)"),
        (onp.ones((2, 3)) * onp.ones((2, 3)), "use np.dot"),
        (onp.ones((2, 4)) @ onp.ones((4, 3)), "product is 4"),
    ],
    "00.3": [
        (lambda v, a, b, c: nearest(v, v[a] - v[b] + v[c], a, b, c), "a and b have each other's sign"),
        (lambda v, a, b, c: nearest(v, v[a] + v[b] + v[c], a, b, c), "a is to be subtracted."),
        (lambda v, a, b, c: nearest(v, v[a] + v[b] - v[c], a, b, c), "a is to be subtracted, and c added"),
        (lambda v, a, b, c: farthest(v, v[b] - v[a] + v[c], a, b, c), "the farthest word"),
        # All three words have to be left out: two of them are not enough.
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], b, c), "'two', a word of the question itself"),
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], a, c), "'woman', a word of the question itself"),
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], a, b), "'woman', a word of the question itself"),
        (lambda v, a, b, c: v[b] - v[a] + v[c], "should return a word"),
        (lambda v, a, b, c: "Bern", "none of the words"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
