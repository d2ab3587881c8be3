"""The index page: a card for each notebook with links to its deck, page, and handouts, by part of the course."""

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from nbformat import NotebookNode

from coursetools.browser import NoBrowserError, open_browser
from coursetools.decks import FONT, HEIGHT, WIDTH, read_notebook, title_of
from coursetools.project import SLIDES, colab_address, read_repository, read_times

PARTS = {"Basics": range(0, 9), "Convolutional networks": range(9, 100)}  # by the notebooks' numbers


@dataclass(frozen=True)
class Card:
    """What the index page says about one notebook. Links are relative to the page; "" means that there is no file."""

    part: str
    number: str
    title: str
    summary: str
    duration: str
    picture: str
    present: str
    read: str
    handout: str
    notes: str
    notebook: str
    colab: str


def summary_of(notebook: NotebookNode) -> str:
    r"""Return the first paragraph below the level-1 heading without Markdown markup, or "" if there is none.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> summary_of(new_notebook(cells=[new_markdown_cell("# 03 · Title\n\nWhat *you*\nlearn.\n\nMore.")]))
    'What you learn.'
    """
    for cell in notebook.cells:
        match = re.search(r"^# .+\n+([^\n#][\s\S]*?)(?:\n\n|\Z)", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and match:
            text = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", match[1])  # keeps only the text of links
            return " ".join(re.sub(r"[`*_]", "", text).split())
    return ""


def first_picture(notebook: NotebookNode) -> bytes | None:
    """Return the first PNG among the outputs, or None."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get("image/png")
            if data:
                return base64.b64decode(data)
    return None


def say_duration(seconds: float | None) -> str:
    """Return a run time in words.

    >>> say_duration(None), say_duration(7.4), say_duration(125)
    ('', 'runs in 7 s', 'runs in 2 min')
    """
    if seconds is None:
        return ""
    return f"runs in {seconds:.0f} s" if seconds < 90 else f"runs in {seconds / 60:.0f} min"


def photograph(deck: Path, target: Path) -> None:
    """Save a picture of a deck's first slide.

    Raises
    ------
    NoBrowserError
        If there is no Chromium.
    """
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(deck.resolve().as_uri())
        page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'", timeout=60_000)
        page.evaluate("document.fonts.ready.then(() => null)")
        page.evaluate("Reveal.configure({ controls: false, progress: false, slideNumber: false })")
        page.screenshot(path=target)


def keep_picture(notebook: NotebookNode, deck: Path, target: Path) -> None:
    """Save the notebook's first picture or, if it has none and there is a browser, a picture of its first slide."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    data = first_picture(notebook)
    if data:
        target.write_bytes(data)
    elif deck.exists():
        try:
            photograph(deck, target)
        except NoBrowserError:
            return  # a card can do without a picture


def part_of(number: str) -> str:
    """Return the name of the part of the course that a notebook belongs to.

    >>> part_of("08"), part_of("09")
    ('Basics', 'Convolutional networks')
    """
    return next(part for part, numbers in PARTS.items() if int(number) in numbers)


def write_index(target: Path, sources: Sequence[Path], lookups: Sequence[Path], slides: Path, pages: Path) -> Path:
    """Write the index page.

    Parameters
    ----------
    target : Path
        The page. A folder `pictures` is made next to it.
    sources : sequence of Path
        Executed notebooks; each gets a card.
    lookups : sequence of Path
        Reference pages, such as the glossary; each gets a link.
    slides, pages : Path
        Folders of decks (with their PDFs) and of pages to read. All links, also those to notebooks, are relative to
        the index page, so everything works from disk.
    """
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True)

    def link(path: Path) -> str:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix() if path.exists() else ""

    seconds = read_times()
    repository = read_repository()
    cards = []
    for source in sources:
        notebook = read_notebook(source)
        deck = slides / f"{source.stem}.html"
        picture = folder / "pictures" / f"{source.stem}.png"
        keep_picture(notebook, deck, picture)
        number, _, title = title_of(notebook).partition(" · ")
        cards.append(
            Card(
                part=part_of(source.stem[:2]),
                number=number if title else source.stem[:2],
                title=title or number or source.stem,
                summary=summary_of(notebook),
                duration=say_duration(seconds.get(source.stem)),
                picture=link(picture),
                present=link(deck),
                read=link(pages / f"{source.stem}.html"),
                handout=link(slides / f"{source.stem}.pdf"),
                notes=link(slides / f"{source.stem}-notes.pdf"),
                notebook=link(source),
                colab=colab_address(repository, source.stem),
            )
        )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SLIDES / "template"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    links = {title_of(read_notebook(path)): link(pages / f"{path.stem}.html") for path in lookups}
    text = environment.get_template("index.html.j2").render(
        cards=cards,
        parts=list(dict.fromkeys(card.part for card in cards)),
        links=links,
        font=link(slides / "assets" / FONT),
    )
    target.write_text(text, encoding="utf-8")
    return target
