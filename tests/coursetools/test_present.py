"""`make present`: what it starts, and what it says when it can't."""

import os

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from support import ROOT

from coursetools import present

NOTEBOOK = ROOT / "notebooks" / "02-linear-algebra.ipynb"


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Collect what would be started, as somebody who is not root, with signatures in a folder of their own."""
    calls = []
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(os, "execve", lambda program, command, environment: calls.append((command, environment)))
    return calls


@pytest.mark.parametrize(("front", "address"), [("classic", "/nbclassic/notebooks/"), ("lab", "/rise/")])
def test_it_opens_the_notebook_as_a_show(started, capsys, front, address):
    present.main(["02", "--front", front, "--options=--port=9 --no-browser"])
    ((command, environment),) = started
    assert any(option.endswith(f"={address}{NOTEBOOK.name}") for option in command)
    assert command[-2:] == ["--port=9", "--no-browser"]
    assert environment["JUPYTER_CONFIG_PATH"] == str(ROOT / "slides" / "jupyter")
    assert "02-linear-algebra.ipynb" in capsys.readouterr().out


def test_the_notebook_is_trusted_from_then_on(started):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not NotebookNotary().check_signature(notebook)
    present.main(["02"])
    assert NotebookNotary().check_signature(notebook)


def test_without_a_number_it_lists_all_notebooks(started):
    present.main([])
    assert not any("default_url" in option for option in started[0][0])


@pytest.mark.parametrize(
    ("names", "message"),
    [(["99"], "No notebook '99'"), (["1"], "No notebook '1'"), (["01", "04"], "one notebook, not 01 04")],
)
def test_not_one_notebook(started, names, message):
    with pytest.raises(SystemExit, match=message):
        present.main(names)
    assert not started


def test_root_is_told_what_to_do(started, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 0)
    with pytest.raises(SystemExit, match='OPTIONS="--allow-root'):
        present.main(["02"])
    present.main(["02", "--options=--allow-root"])
    assert started
