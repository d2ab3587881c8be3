"""Notebooks are made from their sources, and each kind of fault in a stored notebook is found."""

import copy
import json
from pathlib import Path

import nbformat
import pytest

from coursetools import notebooks
from coursetools.project import NOTEBOOKS, SOURCES

NAME = "00-welcome"


def planted(notebook, change):
    bad = copy.deepcopy(notebook)
    change(bad)
    return bad


def first_code(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


def run_out_of_order(notebook):
    first_code(notebook).execution_count = 99


def not_run(notebook):
    first_code(notebook).execution_count = None


def print_to_stderr(notebook):
    first_code(notebook).outputs.append(nbformat.v4.new_output("stream", name="stderr", text="careful"))


def raise_an_error(notebook):
    first_code(notebook).outputs.append(nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[]))


def forget_the_slide_type(notebook):
    del first_code(notebook).metadata["slideshow"]


def leave_a_time_stamp(notebook):
    first_code(notebook).metadata["execution"] = {"iopub.status.busy": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (run_out_of_order, "executed as 99"),
        (not_run, "executed as None"),
        (print_to_stderr, "text on stderr: 'careful'"),
        (raise_an_error, "raises ValueError"),
        (forget_the_slide_type, "no slide type"),
        (leave_a_time_stamp, "metadata execution"),
    ],
)
def test_a_fault_in_a_cell_is_found(change, words):
    good = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    assert list(notebooks.cell_faults(good)) == []
    faults = list(notebooks.cell_faults(planted(good, change)))
    assert len(faults) == 1
    assert words in faults[0]


def edit_the_notebook_only(notebook):
    notebook.cells[0].source += " edited"


def drop_a_cell(notebook):
    notebook.cells.pop()


def change_the_kernel(notebook):
    notebook.metadata.kernelspec.name = "dive"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit_the_notebook_only, "cell 0: its source is not the source's"),
        (drop_a_cell, "cells where the source has"),
        (change_the_kernel, "its metadata are not the course's"),
    ],
)
def test_a_notebook_that_differs_from_its_source_is_found(change, words):
    good = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    source = notebooks.from_source(SOURCES / f"{NAME}.py")
    assert list(notebooks.pairing_faults(good, source)) == []
    faults = list(notebooks.pairing_faults(planted(good, change), source))
    assert any(words in fault for fault in faults)


def test_unknown_number_lists_the_known_ones():
    with pytest.raises(SystemExit, match=r"no notebook 99: choose among .*01.*glossary"):
        notebooks.refresh(["99"])


def test_pieces_of_one_stream_are_joined():
    pieces = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in ("a", "b\n")]
    other = nbformat.v4.new_output("display_data", data={"text/plain": "c"})
    joined = notebooks.join_streams([*pieces, other, *copy.deepcopy(pieces)])
    assert [output.get("text") for output in joined] == ["ab\n", None, "ab\n"]


def test_a_notebook_sees_the_results_of_earlier_ones_and_adds_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(notebooks, "RESULTS", tmp_path / "scoreboard.json")

    def play(name, *rows):
        with notebooks.earlier_results(name) as environment:
            file = Path(environment["D2L_SCOREBOARD"])
            earlier = file.read_text().split()
            with file.open("a") as stream:  # as Scoreboard does
                stream.write("".join(f"\n{row}" for row in rows))
        return earlier

    assert play("06-a", "six") == []
    assert play("09-b", "nine") == ["six"]
    assert play("07-c", "seven", "too") == ["six"]
    assert play("06-a", "six again") == []
    assert play("09-b") == ["six", "again", "seven", "too"]
    assert json.loads((tmp_path / "scoreboard.json").read_text()) == {
        "06-a": ["six again"],
        "07-c": ["seven", "too"],
        "09-b": [],
    }
