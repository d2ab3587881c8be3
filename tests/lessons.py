"""Gives tests access to what a notebook defines and prints, without training its networks again."""

import ast
import contextlib
import functools
import io
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


class Lesson:
    """A stored notebook of the course."""

    def __init__(self, name: str) -> None:
        cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
        left_out = {"install", "exercise", "check"}
        self.cells = [c for c in cells if c.cell_type == "code" and not left_out & {*c.metadata.get("tags", [])}]
        self._names: dict[tuple[str, ...], dict] = {}

    def cell(self, text: str) -> nbformat.NotebookNode:
        """Return the only code cell whose source contains `text`."""
        (found,) = [cell for cell in self.cells if text in cell.source]
        return found

    def printed_by(self, text: str) -> str:
        """Return the stored text output of the only code cell whose source contains `text`."""
        return "".join(output.text for output in self.cell(text).outputs if output.output_type == "stream")

    def names(self, *texts: str) -> dict:
        """Return the notebook's namespace: its imports and definitions, and everything that the cells with `texts` do.

        It is the namespace after the last of those cells or, without `texts`, at the end of the notebook. Tests share
        it, so they must not change it.
        """
        if texts not in self._names:
            self._names[texts] = self._run(texts)
        return self._names[texts]

    def _run(self, texts: tuple[str, ...]) -> dict:
        whole = [self.cell(text) for text in texts]
        last = max(map(self.cells.index, whole), default=len(self.cells) - 1)
        names: dict = {"__name__": "__main__"}
        with contextlib.chdir(NOTEBOOKS), contextlib.redirect_stdout(io.StringIO()):
            for cell in self.cells[: last + 1]:
                code = ast.parse(cell.source)
                if cell not in whole:
                    code.body = [statement for statement in code.body if _defines(statement)]
                exec(compile(code, f"<{cell.source.splitlines()[0]}>", "exec"), names)
        plt.close("all")
        return names


def _defines(statement: ast.stmt) -> bool:
    """Return whether a statement computes nothing: an import, a function, a class, a constant, or `npx.set_np()`."""
    if isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        with contextlib.suppress(ValueError):
            ast.literal_eval(statement.value)
            return True
    definitions = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return isinstance(statement, definitions) or ast.unparse(statement) == "npx.set_np()"


@functools.cache
def lesson(name: str) -> Lesson:
    """Return a notebook by the name of its file without the extension, such as "07-mlp"; each is read only once."""
    return Lesson(name)
