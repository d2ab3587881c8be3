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
        "02-maps": "# 02 · `Maps`\n\nWhy.\n\n*45 minutes · needs 00, 01 · not on the fast path*",
        "00-welcome": "# 00 · Welcome\n\nWhy.\n\n*20 minutes · on the fast path*",
        "03-bare": "No title",
        "glossary": "# Glossary",
    }
    for name, text in texts.items():
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / f"{name}.ipynb")
    return folder


def test_titles_minutes_and_needs_come_from_the_first_cell(folder):
    chapters = [(c.number, c.title, c.minutes, c.needs, c.fast) for c in read_course(folder)]
    assert chapters == [
        ("00", "Welcome", 20, "", True),
        ("02", "Maps", 45, "00, 01", False),
        ("03", "bare", None, "", False),
    ]


def test_seconds_are_those_of_the_stored_notebooks(folder):
    (folder / "times.json").write_text('{"00-welcome": 2.5, "02-maps": 9.0}')
    assert [chapter.seconds for chapter in read_course(folder)] == [2.5, 9.0, None]


def test_a_damaged_file_of_times_is_ignored(folder):
    (folder / "times.json").write_text("{")
    assert all(chapter.seconds is None for chapter in read_course(folder))


def test_the_map_is_printed_as_a_table(folder):
    (folder / "times.json").write_text('{"02-maps": 123.4}')
    assert format_course(read_course(folder)).splitlines() == [
        "    notebook  to study   to run  needs   fast path",
        "00  Welcome     20 min                   ●",
        "02  Maps        45 min  123.4 s  00, 01",
        "03  bare",
    ]


def test_a_folder_without_notebooks_has_an_empty_map(tmp_path):
    assert read_course(tmp_path) == []
    assert format_course([]).split() == ["notebook", "to", "study", "to", "run", "needs", "fast", "path"]


def test_every_notebook_states_its_minutes_and_needs_only_earlier_ones():
    chapters = read_course(ROOT / "notebooks")
    assert all(chapter.minutes for chapter in chapters)
    for index, chapter in enumerate(chapters):
        earlier = {other.number for other in chapters[:index]}
        assert {need for need in chapter.needs.split(", ") if need} <= earlier


def test_every_notebook_has_been_timed():
    times = json.loads((ROOT / "notebooks" / "times.json").read_text())
    assert sorted(times) == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
