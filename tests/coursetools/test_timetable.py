"""The instructor's guide: its timetable is up to date, and everything that it names exists."""

import itertools
import math
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support import ROOT

from coursetools import decks, timetable

GUIDE = (ROOT / "slides" / "README.md").read_text()
SOURCES = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def cell(text, kind):
    return new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}})


def test_a_notebook_takes_the_time_to_say_and_to_run_it():
    cells = [
        cell("# 05 · Title", "slide"),  # one word
        cell("word " * 129, "notes"),
        cell("never said " * 500, "skip"),
        cell("word " * 130, "slide"),
        new_code_cell("x = 1\n" * 20, outputs=[new_output("display_data", {"image/png": ""})] * 3),
        cell("word " * 1000, "subslide"),
        new_code_cell("optional = True\n" * 100),
    ]
    turn = timetable.measure(new_notebook(cells=cells), seconds=120)
    assert (turn.title, turn.slides) == ("05 · Title", 2)
    # Two minutes of words, one of code, one of figures, two of running, a quarter for questions; four for an exercise.
    assert turn.minutes == math.ceil(6 * 1.25 + 4)


def test_a_day_has_breaks_and_one_lunch():
    turns = [timetable.Turn(str(number), 20, 40) for number in range(9)]
    lines = timetable.plan(turns, start=9 * 60)
    names = [name for _, name in lines]
    assert [name for name in names if name.isdigit()] == [str(number) for number in range(9)]
    assert names.count("lunch") == 1
    (noon,) = [minute for minute, name in lines if name == "lunch"]
    assert 11 * 60 + 30 <= noon <= 13 * 60
    starts = [minute for minute, name in lines]
    assert starts == sorted(starts)
    rests = [0, *(i for i, name in enumerate(names) if name in ("break", "lunch")), len(names) - 1]
    for first, second in itertools.pairwise(rests):
        begin = starts[first] + {"break": 15, "lunch": 60}.get(names[first], 0)
        assert starts[second] - begin <= 90


def test_an_afternoon_has_no_lunch():
    lines = timetable.plan([timetable.Turn("a", 9, 80), timetable.Turn("b", 9, 80)], start=13 * 60)
    assert lines == [(780, "a"), (860, "break"), (875, "b"), (955, "end")]


@pytest.mark.parametrize("text", ["25:00", "9:75", "noon", ""])
def test_no_time_of_the_day(text):
    with pytest.raises(timetable.argparse.ArgumentTypeError, match="is not a time such as 9:00"):
        timetable.parse_clock(text)


def test_unknown_notebook_is_named(capsys):
    assert timetable.main(["77"]) == 1
    assert "No notebook '77'" in capsys.readouterr().err


def test_the_guide_s_timetable_is_that_of_the_notebooks(capsys):
    """To a few minutes: a sentence more in the notes should not break a test."""
    assert timetable.main([]) == 0
    pattern = re.compile(r"^ *(\d+):(\d+) +(\d+) +(\d+)  (\d\d · .+)$", re.MULTILINE)
    printed = {row[4]: row for row in pattern.findall(capsys.readouterr().out)}
    shown = {row[4]: row for row in pattern.findall(GUIDE.replace("    ", ""))}
    assert list(shown) == list(printed)
    for title, (*_, slides, minutes, _) in shown.items():
        assert slides == printed[title][2], title
        assert abs(int(minutes) - int(printed[title][3])) <= 4, title
    assert abs(sum(int(row[3]) for row in shown.values()) - sum(int(row[3]) for row in printed.values())) <= 10


def test_the_guide_s_hours_follow_from_its_minutes():
    rows = re.findall(r"^ *(\d+:\d+) +(\d+) +(\d+)  ((\d\d) · .+)$", GUIDE.replace("    ", ""), re.MULTILINE)
    turns = {number: timetable.Turn(title, int(slides), int(minutes)) for _, slides, minutes, title, number in rows}

    def end(numbers):
        return timetable.clock(timetable.plan([turns[number] for number in numbers], start=9 * 60)[-1][0])

    begins = [timetable.clock(minute) for minute, name in timetable.plan(list(turns.values()), 9 * 60) if " · " in name]
    assert begins == [row[0] for row in rows]
    assert re.search(r"^ *(\d+:\d+) +end$", GUIDE, re.MULTILINE)[1] == end(turns)
    selections = re.findall(r"^\| .+ \| ([\d ]+) \| (\d+:\d+) \|", GUIDE, re.MULTILINE)
    assert len(selections) >= 5
    assert [hour for _, hour in selections] == [end(numbers.split()) for numbers, _ in selections]


def test_slides_to_skip_are_there():
    table = GUIDE[GUIDE.index("| | ask the class |") :].split("\n\n")[0]
    rows = re.findall(r"^\| (\d\d) \| .+ \| (.+) \|$", table, re.MULTILINE)
    assert [number for number, _ in rows] == [path.stem[:2] for path in SOURCES]
    for (number, skipped), path in zip(rows, SOURCES, strict=True):
        titles = [
            line
            for each in nbformat.read(path, as_version=4).cells
            if each.cell_type == "markdown" and each.metadata.slideshow.slide_type == "slide"
            for line in each.source.splitlines()
            if re.match("##+ ", line)
        ]
        for name in re.findall(r"\*([^*]+)\*", skipped):
            assert any(title.lstrip("# ").startswith(name) for title in titles), f"{number}: {name}"


def test_make_targets_of_the_guide_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z]+)", GUIDE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_files_of_the_guide_exist():
    table = GUIDE[GUIDE.index("| file | subject |") :].split("\n\n")[0]
    for name in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[2:]:
        for file in name.split(", "):
            assert (ROOT / "slides" / file.strip()).exists(), file


def test_the_deck_finds_its_title_as_the_timetable_does():
    assert all(decks.title_of(decks.read_notebook(path)) for path in SOURCES)
