"""Notebook 00: what its programs have learned, its stored tables, and what its exercises say about wrong answers."""

import functools
import re

import nbformat
import numpy as onp
import pytest
from lessons import lesson
from mxnet import np, npx
from mxnet.gluon import nn
from support import ROOT, said

from d2lhelpers import (
    accuracy,
    fit,
    load_data,
    load_images,
    load_photos,
    load_pretrained,
    read_course,
    recognize,
    seed,
)
from d2lhelpers.exercises.nb00_welcome import KINDS

NOTEBOOK = lesson("00-welcome")


# ---- The program that has read a book ----


def counted():
    return NOTEBOOK.names("followers = read(seen", "favorite = {", "on_seen = {")


def test_followers_are_listed_in_the_order_of_the_text():
    followers = counted()["read"]("abcab", memory=2)
    assert followers == {
        "": list("abcab"),
        "a": ["b", "b"],
        "ab": ["c"],
        "b": ["c"],
        "bc": ["a"],
        "c": ["a"],
        "ca": ["b"],
    }


def test_words_are_completed_from_what_was_read():
    names = counted()
    assert [names["complete"](word) for word in ("rab", "cur", "impo")] == ["rabbit", "curious", "impossible"]
    followers, favorite = names["followers"], names["favorite"]
    assert names["complete"]("wonderf") == "wonderfectly"
    assert "derf" not in followers
    assert sorted(followers["erf"]) == ["e", "e", "e", "e", "l", "u"]
    assert names["complete"]("compu") == "comput"
    assert "mpu" not in followers
    assert (favorite["pu"], favorite["put"]) == ("t", " ")


def test_continued_text_is_made_of_pieces_of_the_book():
    names = counted()
    text = names["continue_text"]("alice ", 140, memory=5)
    assert len(text) == 140
    assert all(text[i : i + 4] in names["seen"] for i in range(136))
    assert text not in names["seen"]


def test_ten_letters_usually_have_a_single_follower():
    names = counted()
    text = names["continue_text"]("alice ", 140, memory=10)
    known = [names["known_end"](text[:end], 10) for end in range(6, 140)]
    single = sum(len(names["followers"][piece]) == 1 for piece in known) / len(known)
    assert 0.6 < single < 0.9


@pytest.mark.parametrize("start", ["Zebras", ""])
def test_text_continues_from_any_start(start):
    assert len(counted()["continue_text"](start, 300, memory=10)) == 300


def test_the_longer_the_memory_the_longer_the_copies():
    names = counted()
    copies = [names["longest_copy"](names["continue_text"]("alice ", 140, memory)) for memory in (1, 3, 5, 10)]
    assert copies == sorted(copies)
    assert copies[0] < 12
    assert copies[-1] > 40


def test_a_long_memory_helps_only_on_text_that_was_read():
    names = counted()
    on_seen, on_unseen = ([names[name][memory] for memory in (5, 6, 10)] for name in ("on_seen", "on_unseen"))
    assert on_seen[0] < on_seen[1] < on_seen[2]
    assert 0.91 < on_seen[2] < 0.93
    assert max(on_unseen) - min(on_unseen) < 0.02
    assert 0.59 < on_unseen[2] < 0.61


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
    shown = NOTEBOOK.printed_by("course = read_course()") + NOTEBOOK.printed_by('chapter.number >= "09"')
    for chapter in read_course(ROOT / "notebooks"):
        (line,) = [line for line in shown.splitlines() if line.startswith(f"{chapter.number}  ")]
        assert chapter.title in line
        assert re.search(rf" {chapter.minutes} min +\d+\.\d s", line), line
        assert line.endswith("●") == chapter.fast


# ---- The networks ----


def test_the_pretrained_network_answers_as_the_text_says():
    photos = {photo.name: photo.image for photo in load_photos(size=224)}
    expert = load_pretrained()
    (coffee, probability), *_ = recognize(expert, photos["coffee"])
    assert coffee == "espresso"
    assert probability > 0.9
    assert [recognize(expert, photos[name], top=1)[0][0] for name in ("camera", "china", "flower", "rocket")] == [
        "tripod",
        "palace",
        "daisy",
        "missile",
    ]
    assert {name for name, _ in recognize(expert, photos["chelsea"], top=3)} == {
        "Egyptian Mau",
        "tiger cat",
        "tabby cat",
    }
    assert round(sum(values.data().size for values in expert.collect_params().values()) / 1e6, 1) == 4.7


def test_stored_accuracy_of_the_first_network():
    percent = NOTEBOOK.printed_by("figures.digits(images[:16]").split("%")[0]
    assert 89 <= int(percent) <= 93


@functools.cache
def trained(start):
    """Return the arrays of the test images, and the notebook's network, trained from another start."""
    npx.set_np()
    seed(start)
    images, labels = load_images(train=False, source="mnist")
    net = nn.Sequential()
    net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
    history = fit(net, *load_data(batch_size=64, source="mnist"), num_epochs=8, lr=0.1)
    return images, labels, net, history


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_the_first_network_compares_pixel_by_pixel(start):
    images, labels, net, history = trained(start)
    assert 0.89 < history.test_accuracy[-1] < 0.93
    assert history.train_accuracy[-1] > 0.94
    assert int(net(images[8:9]).argmax()) == 6  # a 5
    moved = np.roll(images, 4, axis=3)
    share = accuracy(net(moved), labels)
    assert 0.22 < share < 0.33
    moved[:, :, :, :4] = 0  # no ink comes back at the left
    assert abs(accuracy(net(moved), labels) - share) < 0.01


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_the_pattern_of_the_sample_solution_survives_its_test(start, capsys):
    images, labels, net, _ = trained(start)
    names = {"np": np, "npx": npx, "net": net, "images": images, "labels": labels}
    names["answers"] = net(images).argmax(axis=1).astype("int32")
    cells = nbformat.read(ROOT / "notebooks/00-welcome.ipynb", as_version=4).cells
    (solution,) = [cell.source for cell in cells if "<summary>Sample solution" in cell.source]
    for code in re.findall(r"```python\n(.*?)```", solution, re.DOTALL):
        exec(code, names)
    printed = re.findall(r"(.+): (\d+)% wrong, (\d+)% with", capsys.readouterr().out)
    wrong, fooled = ({name: int(values[i]) for name, *values in printed} for i in (0, 1))
    assert abs(wrong["moved right by 4"] - 77) < 8
    assert wrong["black on white"] > 95
    assert min(fooled["moved right by 4"], fooled["black on white"]) > 50
    assert max(wrong["thicker"], wrong["half as bright"]) < 6
    left = [wrong[f"left and down by {k}"] for k in (1, 2, 3)]
    assert left[0] < 25 < 50 < left[1] < 70 < 80 < left[2]


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
