"""The first cell of the notebooks, which installs the course if it is not installed, and the code that writes it."""

import contextlib
import io
import re
import shutil
import subprocess
import sys
from importlib import metadata

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import ROOT

from coursetools import decks, install_cell, notebooks
from coursetools.project import read_repository

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WITH_CODE = [path for path in NOTEBOOKS if '"cell_type": "code"' in path.read_text()]


def first_code(path):
    return next(cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")


def text_of_cell(repository=""):
    """Return what the tool writes, without the header that jupytext reads."""
    return install_cell.first_cell(repository).partition("\n")[2].strip()


@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.stem)
def test_every_notebook_begins_with_the_same_cell(path):
    cell = first_code(path)
    assert cell.source == text_of_cell(read_repository())
    assert cell.metadata == {"slideshow": {"slide_type": "skip"}, "tags": ["install", "remove-cell"]}
    assert cell.outputs == []


def test_most_notebooks_have_code():
    assert len(WITH_CODE) >= 19


@pytest.mark.parametrize("repository", ["", "owner/course"])
def test_the_cell_is_short(repository):
    lines = text_of_cell(repository).splitlines()
    assert len(lines) <= 16
    assert max(map(len, lines)) <= 92


@pytest.mark.parametrize("repository", ["", "owner/course"])
def test_the_cell_does_nothing_where_the_course_is_installed(monkeypatch, repository):
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: pytest.fail("started a process"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        exec(text_of_cell(repository), {})
    assert printed.getvalue() == ""


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Stand in an empty folder, with nothing of the course installed; return what the cell has started."""
    started = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "mxnet_compat.install", None)
    monkeypatch.setattr(subprocess, "run", lambda command, check: started.append(command))
    return started


def test_without_a_wheel_the_cell_says_what_to_upload(elsewhere):
    with pytest.raises(SystemExit, match=r"Upload d2lhelpers-\*.whl next to this notebook"):
        exec(text_of_cell(), {})
    assert elsewhere == []


def test_with_a_wheel_the_cell_installs_the_newest(elsewhere, tmp_path):
    for version in ("1.0.0", "1.1.0"):
        (tmp_path / f"d2lhelpers-{version}-py3-none-any.whl").touch()
    with pytest.raises(ModuleNotFoundError):  # as nothing was really installed
        exec(text_of_cell(), {})
    assert elsewhere == [[sys.executable, "-m", "pip", "install", "-q", "d2lhelpers-1.1.0-py3-none-any.whl"]]


def test_with_an_address_the_cell_installs_from_there(elsewhere):
    with pytest.raises(ModuleNotFoundError):
        exec(text_of_cell("owner/course"), {})
    address = "https://github.com/owner/course/archive/refs/heads/main.zip"
    assert elsewhere == [[sys.executable, "-m", "pip", "install", "-q", address]]


def test_a_deck_does_not_show_the_cell(tmp_path):
    deck = decks.write_deck(ROOT / "notebooks" / "01-ndarray.ipynb", tmp_path)
    assert "install_missing" not in re.sub(r"<[^>]+>", "", deck.read_text())


# What writes it


@pytest.fixture
def course(monkeypatch, tmp_path):
    """Let the tool work on a copy of three notebooks and of pyproject.toml."""
    folder = tmp_path / "notebooks"
    (folder / "source").mkdir(parents=True)
    for name in ("00-welcome", "04-linear-regression", "glossary"):
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder)
        shutil.copy(ROOT / "notebooks" / "source" / f"{name}.py", folder / "source")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in (install_cell, notebooks):
        monkeypatch.setattr(module, "NOTEBOOKS", folder)
        monkeypatch.setattr(module, "SOURCES", folder / "source")
    monkeypatch.setattr(install_cell, "PROJECT", tmp_path / "pyproject.toml")
    return tmp_path


def contents(course):
    return {path.name: path.read_bytes() for path in course.rglob("*") if path.is_file()}


def test_writing_again_changes_nothing(course):
    before = contents(course)
    assert install_cell.write_first_cells(None) == 0
    assert contents(course) == before


def test_an_address_comes_into_the_project_the_cell_and_the_link(course):
    before = contents(course)
    assert install_cell.write_first_cells("owner/course.io") == 0
    after = contents(course)
    changed = {name for name in after if after[name] != before[name]}
    stems = ("00-welcome", "04-linear-regression")
    assert changed == {"pyproject.toml", *(f"{stem}{kind}" for stem in stems for kind in (".py", ".ipynb"))}
    assert b'\nrepository = "owner/course.io"\n' in after["pyproject.toml"]
    for stem in stems:
        cells = nbformat.reads(after[f"{stem}.ipynb"].decode(), as_version=4).cells
        old = nbformat.reads(before[f"{stem}.ipynb"].decode(), as_version=4).cells
        index = next(index for index, cell in enumerate(cells) if cell.cell_type == "code")
        assert "owner/course.io/archive" in cells[index].source
        link = cells[index - 1]
        address = f"https://colab.research.google.com/github/owner/course.io/blob/main/notebooks/{stem}.ipynb"
        assert link.source == f"[Open this notebook in Colab]({address})"
        assert link.metadata.slideshow.slide_type == "skip"
        assert [cell.get("outputs") for cell in cells[index + 1 :]] == [cell.get("outputs") for cell in old[index:]]
    install_cell.write_first_cells("other/name")
    assert b"owner/course.io" not in b"".join(contents(course).values())


def test_a_new_first_cell_keeps_outputs_and_counts_anew(course):
    """As when the cell was written for the first time."""
    source = course / "notebooks" / "source" / "04-linear-regression.py"
    target = course / "notebooks" / "04-linear-regression.ipynb"
    before = contents(course)
    cells = re.split(r"^(?=# %%)", source.read_text(), flags=re.MULTILINE)
    source.write_text("".join(cell for cell in cells if '"install"' not in cell))
    notebook = nbformat.read(target, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "install" not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        if cell.get("execution_count"):
            cell.execution_count -= 1
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count -= 1
    nbformat.write(notebook, target)
    assert install_cell.write_first_cells(None) == 0
    assert contents(course) == before


def test_a_cell_that_was_not_run_is_not_given_another_s_output(course):
    source = course / "notebooks" / "source" / "04-linear-regression.py"
    source.write_text(source.read_text() + '\n# %% slideshow={"slide_type": "skip"}\nprint("new")\n')
    with pytest.raises(SystemExit, match=r"04-linear-regression has a cell that was not run yet: `make refresh`"):
        install_cell.write_first_cells(None)


@pytest.mark.parametrize(
    "repository", ["name", "owner/", "/name", "https://github.com/owner/name", "a/b/c", "-a/b", "a b/c", 'a/b"', "a/.."]
)
def test_what_is_no_repository_is_refused(course, repository):
    before = contents(course)
    with pytest.raises(SystemExit, match="is not a repository on GitHub: write it as OWNER/NAME"):
        install_cell.write_first_cells(repository)
    assert contents(course) == before


def test_colab_s_versions_fit_what_the_package_declares():
    lines = (ROOT / "tests" / "colab.txt").read_text().splitlines()
    versions = dict(line.split("==") for line in lines if "==" in line)
    for text in metadata.requires("d2lhelpers"):
        requirement = Requirement(text)
        version = versions.get(canonicalize_name(requirement.name))
        if version and (requirement.marker is None or re.search('"(mxnet|course)"', str(requirement.marker))):
            assert version in requirement.specifier, text
