"""Notebook 00: what its examples claim, its map, and the wrong answers that its exercises tell apart."""

import re

import numpy as onp
import pytest
from mxnet import np, npx
from support import ROOT, StoredNotebook, said

from d2lhelpers import read_course
from d2lhelpers.exercises.nb00_welcome import CITIES, KINDS, NUMBERS, PEOPLE

npx.set_np()
NOTEBOOK = StoredNotebook("00-welcome")


# ---- The notebook ----


@pytest.fixture(scope="module")
def continue_text():
    names = {}
    imports = NOTEBOOK.imports()
    for source in (imports, NOTEBOOK.cell_with("TALE = (").source, NOTEBOOK.cell_with("def continue_text").source):
        exec(source, names)
    return names


def test_continued_text_consists_of_pieces_of_the_tale(continue_text):
    text, tale = continue_text["continue_text"]("the ", 80), continue_text["TALE"]
    assert len(text) == 80
    assert all(text[i : i + 5] in tale for i in range(75))
    assert text not in tale  # it is not copied either


def test_a_long_memory_copies_the_tale_and_a_short_one_babbles(continue_text):
    tale = continue_text["TALE"]
    assert continue_text["continue_text"](tale[:30], 300, memory=30) == tale[:300]
    assert len({tale[i : i + 30] for i in range(len(tale) - 29)}) == len(tale) - 29  # each thirty occur once
    babble = continue_text["continue_text"]("t", 200, memory=1)
    assert len(set(re.findall(r"\w+", babble)) - set(re.findall(r"\w+", tale))) > 10


@pytest.mark.parametrize(("start", "memory"), [("the ", 4), ("the ", 8), ("Zebras", 4), ("", 4)])
def test_any_start_and_any_memory_go_on_past_the_end_of_the_tale(continue_text, start, memory):
    text = continue_text["continue_text"](start, 1000, memory=memory)
    assert len(text) == 1000
    assert "   " not in text


def test_the_check_needs_no_cell_before_it(capsys):
    """Where MXNet cannot be imported, the imports fail, and the table is to say why."""
    exec(NOTEBOOK.cell_with("check_setup()").source, {})
    assert "MXNet" in capsys.readouterr().out


def test_the_check_table_is_all_right():
    rows = NOTEBOOK.cell_with("check_setup()").outputs[0].text.splitlines()
    assert len(rows) >= 9
    assert all(row.startswith("ok ") for row in rows)


def test_the_map_shows_each_notebook_with_its_measured_time():
    shown = NOTEBOOK.cell_with("read_course()").outputs[0].text
    for chapter in read_course(ROOT / "notebooks"):
        (line,) = [line for line in shown.splitlines() if line.startswith(f"{chapter.number}  ")]
        assert chapter.title in line
        assert re.search(r"\d+ min +\d+\.\d s", line), line


def test_the_first_network_is_far_above_chance():
    right = re.search(
        r"(\d+)% of the test images", NOTEBOOK.cell_with("show_predictions(net, test_loader").outputs[-1].text
    )
    assert int(right[1]) > 80


# ---- The exercises ----

RIGHT = {task: kind for task, (kind, _) in KINDS.items()}


def test_the_tasks_are_those_of_the_notebook():
    names = {}
    exec(NOTEBOOK.cell_with("kinds = {").source, names)
    assert set(names["kinds"]) == set(KINDS)


@pytest.mark.parametrize("task", RIGHT)
def test_a_wrong_kind_gets_its_reason(task, capsys):
    for kind in {"classification", "regression", "sequence"} - {RIGHT[task]}:
        assert KINDS[task][1] in said("00.1", RIGHT | {task: kind}, capsys)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (RIGHT | {"is this mail spam?": "classify"}, "'classify' is not one of the three kinds"),
        (RIGHT | {"is this mail spam?": ...}, "'is this mail spam?' has no kind yet"),
        ({"is this mail spam?": "classification"}, "keep the dictionary"),
        ("classification", "keep the dictionary"),
    ],
)
def test_an_answer_of_another_form_is_told_so(answer, words, capsys):
    assert words in said("00.1", answer, capsys)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.dot(np.ones((2, 3)), np.ones((3, 2))), "shape (2, 2)"),
        (np.dot(np.ones((3, 2)), np.ones((2, 3))), "shape (3, 3)"),
        (np.ones((2, 3)) * np.ones((2, 3)), "use np.dot"),
        (np.dot(np.ones((2, 3)), np.ones((3, 4))), "shape (2, 4)"),
        ("(2, 3)", "should be numbers"),
    ],
)
def test_wrong_products(answer, words, capsys):
    out = said("00.2", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("inner", [2, 3])
def test_both_ways_to_change_one_number_are_right(inner, capsys):
    product = np.dot(np.ones((2, inner)), np.ones((inner, 3)))
    assert said("00.2", product, capsys).startswith("✓")


def nearest(vectors, target, leave_out=()):
    others = [word for word in vectors if word not in leave_out]
    return min(others, key=lambda word: float(np.linalg.norm(vectors[word] - target)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c]), "a word of the question itself"),
        (lambda v, a, b, c: nearest(v, v[a] - v[b] + v[c], (a, b, c)), "a and b have each other's sign"),
        (lambda v, a, b, c: v[b] - v[a] + v[c], "should return a word"),
        (lambda v, a, b, c: "Bern", "none of the words"),
        (
            lambda v, a, b, c: max(set(v) - {a, b, c}, key=lambda w: float(np.linalg.norm(v[w] - v[b] + v[a] - v[c]))),
            "the farthest word",
        ),
        (lambda v, a, b, c: nearest(v, v[a] + v[b] + v[c], (a, b, c)), "a is to be subtracted."),
        (lambda v, a, b, c: nearest(v, v[a] + v[b] - v[c], (a, b, c)), "a is to be subtracted, and c added"),
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], (b, c)), "'two', a word of the question itself"),
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], (a, c)), "'woman', a word of the question itself"),
        (lambda v, a, b, c: nearest(v, v[b] - v[a] + v[c], (a, b)), "'woman', a word of the question itself"),
    ],
)
def test_wrong_analogies(answer, words, capsys):
    out = said("00.3", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize(
    ("words", "a", "b", "c", "place"),
    [
        (PEOPLE, "man", "king", "woman", 2),
        (PEOPLE, "man", "woman", "king", 1),
        (NUMBERS, "two", "three", "one", 0),
    ],
)
def test_each_word_of_the_question_can_be_the_nearest_of_all(words, a, b, c, place):
    """Otherwise leaving it out would make no difference, and the check would not notice."""
    vectors = {word: onp.array(vector) for word, vector in words.items()}
    target = vectors[b] - vectors[a] + vectors[c]
    distances = {word: onp.linalg.norm(vector - target) for word, vector in vectors.items()}
    assert min(distances, key=distances.get) == (a, b, c)[place]
    assert set(CITIES) > {"Paris", "France", "Rome", "Italy"}
