"""The stored notebooks: paired with their source, executed in order, fit to be presented."""

import copy
import re

import nbformat
import pytest
from support import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem[:2].isdigit()]  # the others are pages: no slides, no exercises
SECTIONS = ("## What you will learn", "## Recap", "## Exercise {number}.1: ", "## Where to read on")


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_notebooks_and_sources_agree(notebook_tool):
    assert list(notebook_tool.find_faults()) == []


def test_notebook_is_valid(notebook):
    nbformat.validate(notebook)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_frame(path):
    notebook = nbformat.read(path, as_version=4)
    text = text_of(notebook)
    title = re.match(r"# (\d\d) · \S", notebook.cells[0].source)
    assert title
    assert [section for section in SECTIONS if section.format(number=title[1]) not in text] == []
    assert sum("check" in cell.metadata.get("tags", []) for cell in notebook.cells) >= 3


def test_every_picture_says_what_to_see(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert output.metadata["image/png"]["alt"].strip(), cell.source


def test_no_path_or_address_of_a_machine_is_stored(notebook):
    text = nbformat.writes(notebook)
    assert not re.search(r"/home/|/Users/|/root/|/tmp/|site-packages|at 0x[0-9a-f]{6}", text)


def test_code_fits_a_slide(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.slideshow.slide_type != "skip":
            lines = cell.source.splitlines()
            assert len(lines) <= 20, cell.source
            assert max(map(len, lines)) <= 90, cell.source  # slides/README.md


# The faults that `verify` is there to find, planted one by one.


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
def test_a_fault_in_a_cell_is_found(notebook_tool, change, words):
    good = nbformat.read(NOTEBOOKS[0], as_version=4)
    assert list(notebook_tool.cell_faults(good)) == []
    faults = list(notebook_tool.cell_faults(planted(good, change)))
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
def test_a_notebook_that_differs_from_its_source_is_found(notebook_tool, change, words):
    good = nbformat.read(NOTEBOOKS[0], as_version=4)
    source = notebook_tool.from_source(ROOT / "notebooks" / "source" / f"{NOTEBOOKS[0].stem}.py")
    assert list(notebook_tool.pairing_faults(good, source)) == []
    faults = list(notebook_tool.pairing_faults(planted(good, change), source))
    assert any(words in fault for fault in faults)


def test_unknown_number_lists_the_known_ones(notebook_tool):
    with pytest.raises(SystemExit, match=r"no notebook 99: choose among .*01.*glossary"):
        notebook_tool.refresh(["99"])


def test_pieces_of_one_stream_are_joined(notebook_tool):
    pieces = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in ("a", "b\n")]
    other = nbformat.v4.new_output("display_data", data={"text/plain": "c"})
    joined = notebook_tool.join_streams([*pieces, other, *copy.deepcopy(pieces)])
    assert [output.get("text") for output in joined] == ["ab\n", None, "ab\n"]


def test_memory_and_seconds_of_a_notebook_are_measured(notebook_tool):
    code = "import time\nkept = bytearray(b'x') * 300_000_000\ndel kept\ntime.sleep(1)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code), nbformat.v4.new_code_cell("1")])
    seconds, megabytes = notebook_tool.execute(notebook, "sample")
    assert seconds >= 1
    assert megabytes is None if notebook_tool.peak_memory(1) is None else 300 < megabytes < 1000


def test_memory_of_a_process_that_is_gone_is_not_known(notebook_tool):
    assert notebook_tool.peak_memory(2**31 - 1) is None
