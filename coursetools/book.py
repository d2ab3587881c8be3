"""Build the website: a book of the executed notebooks and the prose pages, made by Sphinx (docs/conf.py).

Sphinx reads one tree, which `write_book` collects in build/book: documents keep their places in it, so that links
between them hold.
"""

import copy
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from coursetools.decks import read_notebook
from coursetools.project import BUILD, ROOT, colab_address, read_repository

DOCUMENTS = ("CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md", "benchmarks/growth.svg", "slides/README.md")
LICENSES = ("LICENSE", "LICENSE-DATA", "LICENSE-TEXT")


class BookError(RuntimeError):
    """Sphinx could not build the book, or warned about something; the message is its own."""


def keep_alternative_texts(notebook: NotebookNode) -> None:
    """Turn each picture into HTML with its alternative text and its size, which MyST-NB would leave out."""
    for cell in notebook.cells:
        for number, output in enumerate(cell.get("outputs", [])):
            for kind in ("image/png", "image/jpeg"):
                if data := output.get("data", {}).get(kind):
                    facts = output.metadata.get(kind, {})
                    width = f' width="{facts.width}"' if "width" in facts else ""
                    source = f"data:{kind};base64,{data.replace(chr(10), '')}"
                    html = f'<img src="{source}" alt="{escape(facts.get("alt", ""))}"{width}>'
                    cell.outputs[number] = new_output("display_data", {"text/html": html})


def links_of(source: Path, site: Path, repository: str) -> str:
    """Return the line below a notebook's title: where its deck, its handouts, and the notebook itself are."""
    name = source.stem
    files = {
        f"slides/{name}.html": "Slides",
        f"slides/{name}.pdf": "Handout",
        f"slides/{name}-notes.pdf": "Handout with notes",
    }
    links = {f"../{path}": text for path, text in files.items() if (site / path).exists()}
    links[source.name] = "Notebook"
    links[colab_address(repository, name)] = "Open in Colab"
    return " · ".join(f'<a href="{address}">{text}</a>' for address, text in links.items() if address)


def page_of(source: Path, site: Path, repository: str) -> NotebookNode:
    """Return a notebook as the book shows it: without speaker notes, and with links below its title."""
    notebook = copy.deepcopy(read_notebook(source))
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("slideshow", {}).get("slide_type") != "notes"
    ]
    links = f'<p class="course-links">{links_of(source, site, repository)}</p>'
    head, *rest = re.split(r"(?<=\n)(?=\n)", notebook.cells[0].source, maxsplit=1)
    notebook.cells[0].source = "\n".join([head, links, *rest])
    keep_alternative_texts(notebook)
    notebook.metadata.pop("widgets", None)  # live widgets need a kernel
    return notebook


def collect(sources: Sequence[Path], site: Path, tree: Path) -> None:
    """Write everything that Sphinx reads to the folder `tree`, and the notebooks as they are to `site`/notebooks."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT / "docs", tree / "docs")
    (tree / "docs" / "index.md").rename(tree / "index.md")
    for name in (*DOCUMENTS, *LICENSES):
        (tree / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    (tree / "notebooks").mkdir()
    (site / "notebooks").mkdir(parents=True, exist_ok=True)
    repository = read_repository()
    for source in sources:
        nbformat.write(page_of(source, site, repository), tree / "notebooks" / source.name)
        shutil.copy(source, site / "notebooks" / source.name)


def write_book(sources: Sequence[Path], site: Path) -> Path:
    """Build the book in the folder `site`, next to the decks in `site`/slides, whose MathJax it uses.

    Raises
    ------
    BookError
        If Sphinx fails or warns, for example about a link that leads nowhere.
    """
    tree = BUILD / "book"
    collect(sources, site, tree)
    command = [sys.executable, "-m", "sphinx", "--quiet", "--jobs", "auto", "--fail-on-warning", "--keep-going"]
    command += ["--conf-dir", str(ROOT / "docs"), "--doctree-dir", str(BUILD / "doctrees"), str(tree), str(site)]
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
    if result.returncode:
        raise BookError(result.stderr.strip())
    return site / "index.html"
