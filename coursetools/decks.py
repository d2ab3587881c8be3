"""Executed notebooks turned into static pages: a reveal.js deck to present, and a plain page to read."""

import base64
import copy
import functools
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.slides import SlidesExporter
from nbformat import NotebookNode
from traitlets.config import Config

from coursetools.project import SLIDES

TEMPLATES = SLIDES / "template"
THEME = SLIDES / "theme"
FONT = "reveal/dist/theme/fonts/source-sans-pro/source-sans-pro.css"  # within the folder of assets
WIDTH, HEIGHT = 1280, 720  # of a slide, in CSS pixels


class NotebookError(ValueError):
    """A notebook cannot become a deck; the message says why and what to do."""


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook, and see that it has been executed.

    Raises
    ------
    NotebookError
        The file is missing or not a notebook, or holds a code cell that was never run.
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
    """Return the notebook's level-1 heading, without Markdown signs; "" when it has none.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> title_of(new_notebook(cells=[new_markdown_cell("# 03 · `autograd` and you")]))
    '03 · autograd and you'
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := re.search(r"^# +(.+)$", cell.source, re.MULTILINE)):
            return re.sub(r"[`*_]", "", match[1]).strip()
    return ""


def base_config(template: str) -> Config:
    """Return the settings that the deck's exporter and the page's have in common."""
    config = Config()
    config.TemplateExporter.template_name = template
    config.TemplateExporter.extra_template_basedirs = [str(TEMPLATES)]
    config.TemplateExporter.extra_template_paths = [str(TEMPLATES / "course-shared")]
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"remove-cell"}
    config.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
    return config


@functools.cache
def deck_exporter() -> SlidesExporter:
    """Make nbconvert's exporter of slides, with our template; once only, as it is slow."""
    config = base_config("course-deck")
    config.SlidesExporter.reveal_url_prefix = "assets/reveal"
    config.SlidesExporter.mathjax_url = "assets/mathjax/tex-chtml-full.js"
    config.SlidesExporter.reveal_theme = "white"
    config.SlidesExporter.reveal_number = "c/t"
    config.SlidesExporter.reveal_transition = "none"
    config.SlidesExporter.reveal_width = str(WIDTH)
    config.SlidesExporter.reveal_height = str(HEIGHT)
    return SlidesExporter(config=config)


@functools.cache
def page_exporter(assets_url: str) -> HTMLExporter:
    """Make nbconvert's exporter of pages, with our template; `assets_url` leads to the folder of assets."""
    config = base_config("course-page")
    config.HTMLExporter.mathjax_url = f"{assets_url}/mathjax/tex-chtml-full.js"
    return HTMLExporter(config=config)


def embed_pictures(text: str, folder: Path) -> str:
    """Put pictures that Markdown links to, relative to `folder`, into the text itself.

    nbconvert's own option for this closes `<details>` after its first line, which unfolds what is to be hidden.

    Raises
    ------
    NotebookError
        There is no such picture.
    """

    def embed(match: re.Match[str]) -> str:
        path = folder / match["path"]
        if not path.is_file():
            raise NotebookError(f"A Markdown cell shows {match['path']}, which is not in {folder}.")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return f"![{match['alt']}](data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"

    return re.sub(r"!\[(?P<alt>[^]]*)\]\((?P<path>(?![a-z]+:)[^)\s]+)\)", embed, text)


def link_to_pages(text: str, folder: str) -> str:
    """Let Markdown's links to other notebooks lead to their pages in `folder`, which can be read without Jupyter.

    >>> link_to_pages("See [01](01-ndarray.ipynb#memory) and [d2l](https://d2l.ai/a.ipynb).", "../read/")
    'See [01](../read/01-ndarray.html#memory) and [d2l](https://d2l.ai/a.ipynb).'
    """
    return re.sub(
        r"\]\(([\w-]+)\.ipynb(#[^)\s]*)?\)", lambda match: f"]({folder}{match[1]}.html{match[2] or ''})", text
    )


def export(
    exporter: HTMLExporter, notebook: NotebookNode, source: Path, target: Path, pages: str, values: dict[str, str]
) -> None:
    """Write one notebook to one HTML file.

    `pages` leads to the folder of pages, for links between notebooks; `values` are what the template asks of us.
    """
    notebook = copy.deepcopy(notebook)
    notebook.metadata["title"] = title_of(notebook) or source.stem
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = link_to_pages(embed_pictures(cell.source, source.parent), pages)
    notebook.metadata.pop("widgets", None)  # live widgets need a kernel, and scripts from the network
    resources = {"metadata": {"name": source.stem, "path": str(source.parent)}, **values}
    text, _ = exporter.from_notebook_node(notebook, resources=resources)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def write_deck(source: Path, out: Path) -> Path:
    """Turn the notebook `source` into the deck `out`/NAME.html, which needs `out`/assets beside it."""
    target = out / f"{source.stem}.html"
    values = {"course_css": (THEME / "course.css").read_text() + (THEME / "deck.css").read_text()}
    export(deck_exporter(), read_notebook(source), source, target, "../read/", values)
    return target


def write_page(source: Path, out: Path, assets_url: str) -> Path:
    """Turn the notebook `source` into the page `out`/NAME.html to be read as one scrolls."""
    target = out / f"{source.stem}.html"
    values = {
        "page_css": (THEME / "page.css").read_text(),
        "font_url": f"{assets_url}/{FONT}",
        "index_url": "../index.html",
    }
    export(page_exporter(assets_url), read_notebook(source), source, target, "", values)
    return target


def find_notebooks(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """List the notebooks NN-name.ipynb of a folder, or those of them whose name is or begins with one of `names`.

    Raises
    ------
    NotebookError
        A name fits no notebook, or there is none at all.
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
    """List the notebooks of a folder that are for looking things up, not for presenting: those without a number."""
    return sorted(path for path in folder.glob("*.ipynb") if not re.match(r"\d\d-", path.name))
