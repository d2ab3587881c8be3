"""Executed notebooks turned into reveal.js decks: static pages that open from disk."""

import base64
import copy
import functools
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbconvert.exporters.slides import SlidesExporter
from nbformat import NotebookNode
from traitlets.config import Config

from coursetools.project import SLIDES

TEMPLATES = SLIDES / "template"
THEME = SLIDES / "theme"
WIDTH, HEIGHT = 1280, 720  # of a slide, in CSS pixels


class NotebookError(ValueError):
    """A notebook cannot be turned into a deck; the message says why and what to do."""


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook, and make sure that it has been executed.

    Raises
    ------
    NotebookError
        If the file is missing or not a notebook, or contains a code cell that has not been run.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"{path}: no such notebook.") from None
    except nbformat.reader.NotJSONError:
        raise NotebookError(f"{path}: not a notebook (not JSON).") from None
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise NotebookError(f"{path}: cell {number} has not been run. Execute the notebook first (`make refresh`).")
    return notebook


def title_of(notebook: NotebookNode) -> str:
    """Return the notebook's level-1 heading without Markdown markup, or "" if there is none.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> title_of(new_notebook(cells=[new_markdown_cell("# 03 · `autograd` and you")]))
    '03 · autograd and you'
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := re.search(r"^# +(.+)$", cell.source, re.MULTILINE)):
            return re.sub(r"[`*_]", "", match[1]).strip()
    return ""


@functools.cache
def deck_exporter() -> SlidesExporter:
    """Make nbconvert's slide exporter with our template; cached, because this is slow."""
    config = Config()
    config.TemplateExporter.template_name = "course-deck"
    config.TemplateExporter.extra_template_basedirs = [str(TEMPLATES)]
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"remove-cell"}
    config.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
    config.SlidesExporter.reveal_url_prefix = "assets/reveal"
    config.SlidesExporter.mathjax_url = "assets/mathjax/tex-chtml-full.js"
    config.SlidesExporter.reveal_theme = "white"
    config.SlidesExporter.reveal_number = "c/t"
    config.SlidesExporter.reveal_transition = "none"
    config.SlidesExporter.reveal_width = str(WIDTH)
    config.SlidesExporter.reveal_height = str(HEIGHT)
    return SlidesExporter(config=config)


def embed_pictures(text: str, folder: Path) -> str:
    """Embed the pictures that Markdown links to, relative to `folder`, in the text itself.

    nbconvert's own option for this closes `<details>` after its first line, which reveals what should stay hidden.

    Raises
    ------
    NotebookError
        If a picture does not exist.
    """

    def embed(match: re.Match[str]) -> str:
        path = folder / match["path"]
        if not path.is_file():
            raise NotebookError(f"A Markdown cell shows {match['path']}, which is not in {folder}.")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"![{match['alt']}](data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"

    return re.sub(r"!\[(?P<alt>[^]]*)\]\((?P<path>(?![a-z]+:)[^)\s]+)\)", embed, text)


def link_to_pages(text: str) -> str:
    """Replace links to other notebooks by links to their pages in the book, which can be read without Jupyter.

    >>> link_to_pages("See [01](01-ndarray.ipynb#memory) and [d2l](https://d2l.ai/a.ipynb).")
    'See [01](../notebooks/01-ndarray.html#memory) and [d2l](https://d2l.ai/a.ipynb).'
    """
    return re.sub(
        r"\]\(([\w-]+)\.ipynb(#[^)\s]*)?\)", lambda match: f"](../notebooks/{match[1]}.html{match[2] or ''})", text
    )


def write_deck(source: Path, out: Path) -> Path:
    """Turn the notebook `source` into the deck `out`/NAME.html, which needs the folder `out`/assets."""
    notebook = copy.deepcopy(read_notebook(source))
    notebook.metadata["title"] = title_of(notebook) or source.stem
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = link_to_pages(embed_pictures(cell.source, source.parent))
    notebook.metadata.pop("widgets", None)  # live widgets need a kernel and scripts from the network
    resources = {
        "metadata": {"name": source.stem, "path": str(source.parent)},
        "course_css": (THEME / "course.css").read_text() + (THEME / "deck.css").read_text(),
    }
    text, _ = deck_exporter().from_notebook_node(notebook, resources=resources)
    target = out / f"{source.stem}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def find_notebooks(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """List the notebooks NN-name.ipynb in a folder: all of them, or those that `names` gives by number, name, or file.

    Raises
    ------
    NotebookError
        If a name fits no notebook, or the folder contains none.
    """
    every = sorted(folder.glob("[0-9][0-9]-*.ipynb"))
    if not every:
        raise NotebookError(f"{folder}: no notebook named NN-name.ipynb there.")
    found: list[Path] = []
    for name in names:
        stem = Path(name).stem
        fitting = [path for path in every if path.stem == stem or path.stem.startswith(f"{stem}-")]
        if not fitting:
            raise NotebookError(f"No notebook {name!r} in {folder}; there are {', '.join(p.stem for p in every)}.")
        found += [path for path in fitting if path not in found]
    return found if names else every


def find_pages(folder: Path) -> list[Path]:
    """List the notebooks in a folder that are pages rather than slides: those without a number."""
    return sorted(path for path in folder.glob("*.ipynb") if not re.match(r"\d\d-", path.name))
