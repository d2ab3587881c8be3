"""PDF handouts: each deck printed with one slide per page, with tags for screen readers and an outline.

In the handout with notes, each slide that has speaker notes is followed by a page with them.
"""

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext

from coursetools.browser import open_browser
from coursetools.decks import HEIGHT, WIDTH

# The page with a slide's notes, which reveal.js makes. It cuts off notes that are too long.
_NOTES = ".speaker-notes-pdf"


class HandoutError(RuntimeError):
    """A slide or a note is too long for one page of the PDF."""


def count_pages(pdf: bytes) -> int:
    """Return how many pages a PDF made by Chromium has, according to its page tree.

    >>> count_pages(b"1 0 obj <</Type /Pages /Count 12 /Kids [2 0 R]>> endobj")
    12
    """
    parts = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):  # objects may be in compressed streams
        unpacker = zlib.decompressobj()
        try:
            parts.append(unpacker.decompress(packed))
        except zlib.error:
            continue  # a stream of another kind, such as a picture
    counts = []
    for part in parts:
        for entry in re.findall(rb"<<[^<>]*/Type\s*/Pages\b[^<>]*>>", part):
            if match := re.search(rb"/Count\s+(\d+)", entry):
                counts.append(int(match[1]))
    return max(counts, default=0)


def print_handouts(decks: Sequence[Path], *, notes: bool = False) -> list[Path]:
    """Print each deck NAME.html to NAME.pdf next to it or, with speaker notes, to NAME-notes.pdf.

    Raises
    ------
    NoBrowserError
        If there is no Chromium.
    HandoutError
        If a deck prints on more or fewer pages than it has slides (and notes), or a note is too long for its page. The
        PDF of that deck is not written.
    """
    written = []
    with open_browser() as browser:
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        for deck in decks:
            target = deck.with_name(f"{deck.stem}{'-notes' if notes else ''}.pdf")
            target.write_bytes(_print(context, deck, notes))
            written.append(target)
    return written


def _print(context: BrowserContext, deck: Path, notes: bool) -> bytes:
    """Return the PDF of a deck."""
    page = context.new_page()
    try:
        page.goto(f"{deck.resolve().as_uri()}?print-pdf{'&showNotes=separate-page' if notes else ''}")
        page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'", timeout=60_000)
        page.evaluate("document.fonts.ready.then(() => null)")
        slides = page.evaluate("Reveal.getTotalSlides()")
        for note in page.locator(_NOTES).all():
            too_high = note.evaluate("note => note.scrollHeight - note.clientHeight")
            if too_high > 0:
                raise HandoutError(f"{deck}: a note is {too_high} pixels too long: {note.inner_text()[:60]}…")
        expected = slides + page.locator(_NOTES).count()
        pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    finally:
        page.close()
    pages = count_pages(pdf)
    if pages != expected:
        raise HandoutError(
            f"{deck}: {slides} slides print on {pages} pages: some slide is higher than the page. "
            f"`python -m coursetools.slidecheck {deck}` says which."
        )
    return pdf
