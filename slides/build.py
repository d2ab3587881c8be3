"""Turn executed notebooks into slide decks that open from disk, without a network.

    python slides/build.py                      every notebook of notebooks/ becomes a deck in build/slides/
    python slides/build.py 01 11-lenet          these two
    python slides/build.py --pdf                and two PDF handouts of each: one page a slide, and with the notes
    python slides/build.py --index              and a page of each to read, and build/index.html, which leads to all
    python slides/build.py --theme              only renew notebooks/rise.css, the theme as RISE wants it

reveal.js and MathJax come from npm the first time (slides/package-lock.json holds versions and hashes), and lie in the
folder `assets` beside the decks: the folder can be copied anywhere. A machine without npm gets it from PyPI.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import assets
import decks
from nbformat.validator import NotebookValidationError

ROOT = Path(__file__).resolve().parent.parent
THEME = ROOT / "slides" / "theme" / "course.css"
RISE_THEME = ROOT / "notebooks" / "rise.css"


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NB", help="a notebook: its number, name or file; default all")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks", metavar="DIR", help="default notebooks/")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "build" / "slides", metavar="DIR", help="default build/slides/"
    )
    parser.add_argument("--pdf", action="store_true", help="also handouts, NAME.pdf and NAME-notes.pdf")
    parser.add_argument("--index", action="store_true", help="also pages to read, and index.html above DIR")
    parser.add_argument("--theme", action="store_true", help="copy the theme to notebooks/rise.css, and nothing else")
    return parser.parse_args(arguments)


def build(options: argparse.Namespace) -> None:
    """Build what the options ask for; print the path of each file made."""
    sources = decks.find_notebooks(options.notebooks, options.names)
    folder = assets.copy_assets(options.out)
    made = []
    for source in sources:
        made.append(decks.write_deck(source, options.out))
        print(made[-1])
    if options.pdf:
        from handouts import print_handouts  # needs Playwright, which decks alone do not

        for handout in (*print_handouts(made), *print_handouts(made, notes=True)):
            print(handout)
    if options.index:
        from index_page import write_index

        site = options.out.parent
        pages = site / "read"
        lookups = decks.find_pages(options.notebooks)
        for source in (*sources, *lookups):
            print(decks.write_page(source, pages, Path(os.path.relpath(folder, pages)).as_posix()))
        print(write_index(site / "index.html", sources, lookups, options.out, pages, site / "times.json"))


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    if options.theme:
        RISE_THEME.write_bytes(THEME.read_bytes())
        print(RISE_THEME)
        return 0
    problems: tuple[type[Exception], ...] = (assets.AssetError, decks.NotebookError, NotebookValidationError)
    if options.pdf or options.index:
        try:
            from browser import NoBrowserError
            from handouts import HandoutError
        except ModuleNotFoundError as error:
            print(f"slides: {error.name} is missing: pip install playwright", file=sys.stderr)
            return 1
        problems += (NoBrowserError, HandoutError)
    try:
        build(options)
    except problems as error:
        print(f"slides: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
