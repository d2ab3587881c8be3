"""The map of the course."""

import json

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from support import ROOT

from d2lhelpers import format_course, read_course


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    texts = {
        "00-welcome": "# 00 · Welcome\n\nWhy.\n\n*20 minutes*",
        "02-maps": "# 02 · `Maps`\n\nWhy.\n\n*45 minutes · needs 00, 01*",
        "03-bare": "Nothing of a title",
        "glossary": "# Glossary",
    }
    for name, text in texts.items():
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / f"{name}.ipynb")
    return folder


def note(file, **times):
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(times))


def test_titles_minutes_and_needs_come_from_the_first_cell(folder):
    chapters = read_course(folder)
    assert [(c.number, c.title, c.minutes, c.needs) for c in chapters] == [
        ("00", "Welcome", 20, ""),
        ("02", "Maps", 45, "00, 01"),
        ("03", "bare", None, ""),
    ]


def test_seconds_are_the_noted_ones(folder):
    note(folder / "times.json", **{"00-welcome": 2.5})
    assert [chapter.seconds for chapter in read_course(folder)] == [2.5, None, None]


def test_a_run_on_this_machine_counts_for_more(folder):
    note(folder / "times.json", **{"00-welcome": 2.5, "02-maps": 9.0})
    note(folder.parent / "build" / "times.json", **{"00-welcome": 4.0})
    assert [chapter.seconds for chapter in read_course(folder)] == [4.0, 9.0, None]


def test_a_damaged_file_of_times_is_as_none(folder):
    (folder / "times.json").write_text("{")
    assert all(chapter.seconds is None for chapter in read_course(folder))


def test_a_folder_without_notebooks_has_an_empty_map(tmp_path):
    assert read_course(tmp_path) == []
    assert format_course([]).split() == ["notebook", "to", "study", "to", "run", "needs"]


def test_every_notebook_of_the_course_says_its_minutes_and_has_been_timed():
    times = json.loads((ROOT / "notebooks" / "times.json").read_text())
    for chapter in read_course(ROOT / "notebooks"):
        assert chapter.minutes
    assert sorted(times) == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_nothing_is_needed_that_comes_later():
    numbers = [chapter.number for chapter in read_course(ROOT / "notebooks")]
    for chapter in read_course(ROOT / "notebooks"):
        assert all(need < chapter.number for need in chapter.needs.split(", ") if need)
        assert all(need in numbers for need in chapter.needs.split(", ") if need)
