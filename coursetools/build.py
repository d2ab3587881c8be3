"""Turn executed notebooks into slide decks and a website that open from disk, without a network.

    python -m coursetools.build                      build a deck of each notebook in build/site/slides/
    python -m coursetools.build 01 12-lenet          only of these two
    python -m coursetools.build --pdf                also two PDF handouts of each: the slides, without and with notes
    python -m coursetools.build --book               also the book that links to them, build/site/index.html
    python -m coursetools.build --theme              only update notebooks/rise.css, the copy of the theme for RISE

The first time, reveal.js and MathJax are downloaded from npm (slides/package-lock.json has their versions and hashes).
They are copied to the folder `assets` next to the decks, so you can copy the whole folder anywhere. On a machine
without npm, npm itself is installed from PyPI.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nbformat.validator import NotebookValidationError

from coursetools import assets, decks
from coursetools.book import BookError, write_book
from coursetools.browser import NoBrowserError
from coursetools.handouts import HandoutError, print_handouts
from coursetools.project import BUILD, NOTEBOOKS

THEME = decks.THEME / "course.css"
RISE_THEME = NOTEBOOKS / "rise.css"


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NB", help="a notebook: its number, name or file; default all")
    parser.add_argument("--notebooks", type=Path, default=NOTEBOOKS, metavar="DIR", help="default notebooks/")
    parser.add_argument(
        "--out", type=Path, default=BUILD / "site" / "slides", metavar="DIR", help="default build/site/slides/"
    )
    parser.add_argument("--pdf", action="store_true", help="also handouts, NAME.pdf and NAME-notes.pdf")
    parser.add_argument("--book", action="store_true", help="also the book, index.html above DIR")
    parser.add_argument("--theme", action="store_true", help="copy the theme to notebooks/rise.css, and nothing else")
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> None:
    """Build what the options ask for, and print the path of each file."""
    sources = decks.find_notebooks(options.notebooks, options.names)
    assets.copy_assets(options.out)
    made = []
    for source in sources:
        made.append(decks.write_deck(source, options.out))
        print(made[-1])
    if options.pdf:
        for handout in (*print_handouts(made), *print_handouts(made, notes=True)):
            print(handout)
    if options.book:
        pages = decks.find_notebooks(options.notebooks), decks.find_pages(options.notebooks)
        start = write_book([*pages[0], *pages[1]], options.out.parent)
        print(f"The website is ready: open {start}")


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    if options.theme:
        RISE_THEME.write_bytes(THEME.read_bytes())
        print(RISE_THEME)
        return 0
    try:
        build(options)
    except (
        assets.AssetError,
        decks.NotebookError,
        NotebookValidationError,
        NoBrowserError,
        HandoutError,
        BookError,
    ) as error:
        print(f"slides: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
