"""PDF handouts: each deck printed, one page a slide, with tags for screen readers and an outline."""

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

from browser import open_browser
from decks import HEIGHT, WIDTH


class HandoutError(RuntimeError):
    """The PDF of a deck is not one page a slide: some slide is too full."""


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF made by Chromium has, read from its page tree.

    >>> count_pages(b"1 0 obj <</Type /Pages /Count 12 /Kids [2 0 R]>> endobj")
    12
    """
    parts = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):  # objects may lie in packed streams
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


def print_handouts(decks: Sequence[Path]) -> list[Path]:
    """Print each deck NAME.html to NAME.pdf beside it.

    Raises
    ------
    NoBrowserError
        There is no Chromium.
    HandoutError
        A deck gives more or fewer pages than it has slides. Its PDF is not kept.
    """
    written = []
    with open_browser() as browser:
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        for deck in decks:
            page = context.new_page()
            page.goto(f"{deck.resolve().as_uri()}?print-pdf")
            page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'", timeout=60_000)
            page.evaluate("document.fonts.ready.then(() => null)")
            slides = page.evaluate("Reveal.getTotalSlides()")
            pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
            page.close()
            pages = count_pages(pdf)
            if pages != slides:
                raise HandoutError(
                    f"{deck}: {slides} slides print on {pages} pages: some slide is higher than the page. "
                    f"`python slides/check.py {deck}` says which."
                )
            target = deck.with_suffix(".pdf")
            target.write_bytes(pdf)
            written.append(target)
    return written
