"""Notebooks are executed in parallel, in separate kernels; one that fails is named and does not stop the others."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from coursetools import __main__ as command
from coursetools import execution

ANSWER = "import os\nprint(os.environ.get('OMP_NUM_THREADS'), os.path.basename(os.getcwd()))"


@pytest.fixture
def write(tmp_path):
    """Write a notebook of code cells; returns its path."""

    def write(name, *cells):
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
        return path

    return write


def test_the_seconds_and_the_peak_of_the_memory_are_measured():
    code = "import time\nkept = bytearray(b'x') * 300_000_000\ndel kept\ntime.sleep(1)"
    run = execution.execute(new_notebook(cells=[new_code_cell(code), new_code_cell("1")]), "sample")
    assert run.failure == ""
    assert run.seconds >= 1
    assert run.megabytes is None if execution.peak_memory(1) is None else 300 < run.megabytes < 1000


def test_memory_of_a_process_that_has_ended_is_unknown():
    assert execution.peak_memory(2**31 - 1) is None


def test_side_by_side_each_has_one_thread_and_alone_what_the_user_has_set(write, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    paths, printed = [write("01-a", ANSWER), write("02-b", ANSWER)], {}

    def finish(notebook, path):
        printed[path.stem] = notebook.cells[0].outputs[0].text.strip()

    execution.execute_side_by_side(paths, finish, workers=2)
    assert printed == {"01-a": "1 notebooks", "02-b": "1 notebooks"}
    execution.execute_side_by_side(paths[:1], finish, workers=1)
    assert printed["01-a"] == "None notebooks"


def test_a_failure_names_notebook_cell_and_error_and_the_others_finish(write, monkeypatch, tmp_path, capsys):
    write("01-good", "1 + 1")
    write("02-wrong", "x = 1", "x / 0  # wrong", "never = 1")
    write("03-dies", "import os\nos._exit(3)")
    write("04-also-good", "2 + 2")
    monkeypatch.setattr(command, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(command, "BUILD", tmp_path / "build")
    assert command.run([]) == 1
    said = capsys.readouterr()
    assert "FAILED: 02-wrong, cell 1 (x / 0  # wrong): ZeroDivisionError: division by zero" in said.err
    assert "FAILED: 03-dies, cell 0 (import os)" in said.err
    assert said.err.count("FAILED") == 2
    assert "4 of 4 done" in said.out
    assert "4 notebooks in" in said.out
    stored = nbformat.read(tmp_path / "build" / "notebooks" / "04-also-good.ipynb", as_version=4)
    assert stored.cells[0].outputs[0].data["text/plain"] == "4"


def test_the_time_left_follows_the_pace_of_those_that_have_ended(write, monkeypatch):
    paths = [write(name) for name in ("a", "b", "c", "d")]
    progress = execution.Progress(paths, workers=2, expected={"a": 30, "b": 10, "c": 10, "d": 10})
    assert progress.seconds_left() == 30  # 60 s of work for two
    monkeypatch.setattr(execution.time, "perf_counter", lambda: progress.begin + 45)
    progress.start("a")
    progress.end(execution.Execution("a", 45, None))
    assert progress.seconds_left() == 45  # half of the work has taken 45 s


def test_notebooks_that_are_not_named_are_there_as_they_were_stored(write, monkeypatch, tmp_path):
    write("01-named", "6 * 7")
    other = write("02-other", "x / 0")
    monkeypatch.setattr(command, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(command, "BUILD", tmp_path / "build")
    (tmp_path / "build" / "notebooks").mkdir(parents=True)
    (tmp_path / "build" / "notebooks" / "03-of-earlier.ipynb").touch()
    assert command.run(["01"]) == 0
    made = {path.stem: path for path in (tmp_path / "build" / "notebooks").iterdir()}
    assert set(made) == {"01-named", "02-other"}
    assert nbformat.read(made["01-named"], 4).cells[0].outputs[0].data["text/plain"] == "42"
    assert made["02-other"].read_bytes() == other.read_bytes()
