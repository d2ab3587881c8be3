"""What several test modules need."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import nbformat

from d2lhelpers import check

ROOT = Path(__file__).resolve().parent.parent


def load_tool(path: str) -> ModuleType:
    """Import a script of the project by its path, such as ``tools/notebooks.py``."""
    name = Path(path).stem + "_tool"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class StoredNotebook:
    """A notebook of the course with its stored outputs, for tests of what its cells define and print."""

    def __init__(self, name: str) -> None:
        self.cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells

    def cell_with(self, text: str) -> nbformat.NotebookNode:
        """Return the only code cell whose source holds `text`."""
        (found,) = [cell for cell in self.cells if cell.cell_type == "code" and text in cell.source]
        return found

    def printed_by(self, text: str) -> str:
        """Return what the only code cell whose source holds `text` has printed."""
        return "".join(output.text for output in self.cell_with(text).outputs if output.output_type == "stream")

    def imports(self) -> str:
        """Return the source of the cell of imports."""
        return imports_cell(self.cells)


def imports_cell(cells) -> str:
    """Return the source of the first code cell after the one that installs the course."""
    return next(
        cell.source for cell in cells if cell.cell_type == "code" and "install" not in cell.metadata.get("tags", [])
    )


def said(name, answer, capsys) -> str:
    """Return what the check of an exercise prints about an answer."""
    check(name, answer)
    return capsys.readouterr().out
