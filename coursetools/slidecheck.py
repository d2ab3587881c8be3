"""Visit every slide, or a page of the book, in a real browser, and report what is wrong with it.

    python -m coursetools.slidecheck                                   the decks in build/site/slides/
    python -m coursetools.slidecheck build/site/slides/01-ndarray.html --viewport 1024x768 --shots build/shots
    python -m coursetools.slidecheck --mode classic notebooks/01-ndarray.ipynb      RISE in the classic notebook
    python -m coursetools.slidecheck --mode lab notebooks/01-ndarray.ipynb          RISE in JupyterLab
    python -m coursetools.slidecheck --mode page build/site/notebooks/01-ndarray.html --viewport 390x844   the book

It finds content that runs over the edge or is partly hidden, formulas that are not typeset or contain errors, pictures
without alternative text, text with low contrast (WCAG AA) or in small type, errors on the console, requests that fail,
and requests to other machines, which it blocks. The exit status is 1 if it finds a fault.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import BrowserContext, Page, Route

from coursetools.browser import NoBrowserError, open_browser
from coursetools.project import BUILD, NOTEBOOKS
from coursetools.rise import RiseServer, ServerError, walk_classic, walk_lab

MEASURE = (Path(__file__).resolve().parent / "measure.js").read_text()
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

# Harmless errors in other people's code: part of the message -> why it can be ignored.
HARMLESS = {
    "deck": {},
    "page": {"Got invalid theme mode": "the theme, when the page is opened for the first time"},
    "classic": {
        "SessionAlreadyStarting": "the classic notebook asks for its kernel twice when the machine is slow",
        "about:blank": "RISE's copy of reveal.js has font rules with an empty address",
        ".css' because its MIME type": "RISE also looks for a style sheet named as the notebook, which need not exist",
    },
    "lab": {
        ".css' because its MIME type": "as in classic",
        "RangeError": "jupyterlab_rise moves CodeMirror's cursor before the editor has its text",
        "The getter for the shared module": "jupyterlab_rise lacks a module that the widgets' extension asks for:",
        "@jupyterlab/console": "live widgets do not show there, everything else does",
    },
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the slide ("" for the whole deck), the kind of fault, and the details."""

    slide: str
    kind: str
    detail: str


@dataclass
class Report:
    """What was found in one deck or show."""

    target: str
    slides: list[tuple[str, str, int]] = field(default_factory=list)  # (id, title, fill in percent)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Limits:
    """The smallest type that is allowed, and how much a box may hide without being reported, both in pixels."""

    min_pixels: float = 14.0
    slack: int = 8


def is_harmless(text: str, mode: str) -> bool:
    """Return whether an error message or the address of a failed request can be ignored."""
    return any(part in text for part in HARMLESS[mode])


def is_own_sheet(url: str, page_url: str) -> bool:
    """Return whether `url` is the style sheet NAME.css that RISE looks for next to NAME.ipynb; it need not exist."""
    sheet, notebook = Path(urlparse(url).path), Path(urlparse(page_url).path)
    return notebook.suffix == ".ipynb" and sheet.name == f"{notebook.stem}.css"


def listen(page: Page, report: Report, mode: str) -> None:
    """Record console errors, failed requests, and requests to other machines, which are blocked."""
    remote: set[str] = set()

    def guard(route: Route) -> None:
        address = urlparse(route.request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL_HOSTS:
            remote.add(route.request.url)
            report.faults.append(Fault("", "remote request", route.request.url[:120]))
            route.abort()
        else:
            route.continue_()

    def note_error(text: str) -> None:
        # A blocked or failed request is reported twice, here and as a request. Once is enough.
        if not text.startswith("Failed to load resource") and not is_harmless(text, mode):
            report.faults.append(Fault("", "console", text[:160]))

    def note_request(url: str, reason: str) -> None:
        if url not in remote and not is_harmless(url, mode) and not is_own_sheet(url, page.url):
            report.faults.append(Fault("", "failed request", f"{reason}: {url[:120]}"))

    page.route("**/*", guard)
    page.on("console", lambda message: note_error(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: note_error(f"pageerror {error.name}: {error.message}"))
    page.on("requestfailed", lambda request: note_request(request.url, request.failure or "failed"))
    page.on("response", lambda answer: note_request(answer.url, str(answer.status)) if answer.status >= 400 else None)


def walk_deck(page: Page, url: str) -> Iterator[str]:
    """Show each slide of a static deck in turn; yield its number, "horizontal.vertical"."""
    page.goto(url)
    page.wait_for_function("window.Reveal && Reveal.isReady()", timeout=30_000)
    page.evaluate("window.mathReady || (window.MathJax && MathJax.startup && MathJax.startup.promise)")
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate("Reveal.configure({ transition: 'none', fragments: false })")  # all fragments at once
    places = page.evaluate("Reveal.getSlides().map(s => Reveal.getIndices(s)).map(i => [i.h, i.v || 0])")
    for across, down in places:
        page.evaluate("([across, down]) => Reveal.slide(across, down)", [across, down])
        page.wait_for_timeout(100)
        yield f"{across}.{down}"


def walk_page(page: Page, url: str) -> Iterator[str]:
    """Show a page of the book in light and in dark mode; yield the name of the mode."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        page.goto(url)
        page.evaluate("window.MathJax && MathJax.startup && MathJax.startup.promise")
        page.evaluate("document.fonts.ready.then(() => null)")
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        yield scheme


WALKS: dict[str, Callable[[Page, str], Iterator[str]]] = {
    "deck": walk_deck,
    "page": walk_page,
    "classic": walk_classic,
    "lab": walk_lab,
}


def check(
    context: BrowserContext, url: str, mode: str = "deck", limits: Limits = Limits(), shots: Path | None = None
) -> Report:
    """Step through one deck or show, and check every slide.

    Parameters
    ----------
    context : BrowserContext
        A context of Playwright's, with the viewport to be checked.
    url : str
        Address of the deck, or of the notebook on a running server.
    mode : {"deck", "page", "classic", "lab"}
        What shows the slides.
    limits : Limits
        What is allowed.
    shots : Path, optional
        Folder for screenshots of all slides.
    """
    report = Report(url)
    page = context.new_page()
    listen(page, report, mode)
    # Live front ends drop the alternative text of pictures among the outputs, so it is not required there.
    options = {"minPixels": limits.min_pixels, "slack": limits.slack, "liveImages": mode in ("classic", "lab")}
    try:
        for slide in WALKS[mode](page, url):
            found = page.evaluate(MEASURE, options)
            if found is None:
                report.faults.append(Fault(slide, "slide", "not shown"))
                continue
            report.slides.append((slide, found["title"], found["fill"]))
            report.faults += [Fault(slide, each["kind"], each["detail"]) for each in found["faults"]]
            if shots:
                shots.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=shots / f"{slide}.png")
    finally:
        page.close()
    if not report.slides:
        report.faults.append(Fault("", "slide", "there is no slide"))
    return report


def print_report(report: Report, seconds: float, verbose: bool) -> None:
    """Print a line for the deck, and one for each fault."""
    print(f"{report.target}: {len(report.slides)} slides, {len(report.faults)} faults ({seconds:.1f} s)")
    titles = {slide: title for slide, title, _ in report.slides}
    if verbose:
        for slide, title, fill in report.slides:
            print(f"  {slide:9} {fill:3} % of the height  {title}")
    for fault in report.faults:
        place = f"slide {fault.slide} ({titles.get(fault.slide, '')}): " if fault.slide else ""
        print(f"  {fault.kind.upper()}: {place}{fault.detail}")


def parse_viewport(text: str) -> tuple[int, int]:
    """Read WIDTHxHEIGHT.

    >>> parse_viewport("1280x720")
    (1280, 720)
    """
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, such as 1280x720")
    return int(width), int(height)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "targets", nargs="*", type=Path, help="decks or pages (.html), or notebooks (.ipynb) for classic and lab"
    )
    parser.add_argument("--mode", choices=sorted(WALKS), default="deck")
    parser.add_argument(
        "--viewport",
        type=parse_viewport,
        action="append",
        metavar="WxH",
        help="may be given several times; default 1280x720 and 1024x768",
    )
    parser.add_argument("--shots", type=Path, metavar="DIR", help="keep a picture of each slide, in DIR/NAME-MODE-WxH/")
    parser.add_argument("--min-px", type=float, default=Limits.min_pixels, help="smallest type, in screen pixels")
    parser.add_argument("--verbose", "-v", action="store_true", help="list all slides, and how full they are")
    options = parser.parse_args(arguments)
    if not options.targets:
        options.targets = (
            sorted((BUILD / "site" / "slides").glob("[0-9][0-9]-*.html"))
            if options.mode == "deck"
            else sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
        )
        if not options.targets:
            parser.error("nothing to check; build the decks first: python -m coursetools.build")
    suffix = ".html" if options.mode in ("deck", "page") else ".ipynb"
    for target in options.targets:
        if target.suffix != suffix or not target.is_file():
            parser.error(f"{target}: mode {options.mode} takes {suffix} files that exist")
    options.viewport = options.viewport or [(1280, 720), (1024, 768)]
    return options


def check_all(options: argparse.Namespace, addresses: dict[Path, str]) -> int:
    """Check every target at every viewport, and return the number of faults."""
    faults = 0
    with open_browser() as browser:
        for width, height in options.viewport:
            context = browser.new_context(viewport={"width": width, "height": height})
            for target, url in addresses.items():
                start = time.perf_counter()
                shots = options.shots / f"{target.stem}-{options.mode}-{width}x{height}" if options.shots else None
                report = check(context, url, options.mode, Limits(min_pixels=options.min_px), shots)
                report.target = f"{target.name} [{options.mode} {width}x{height}]"
                print_report(report, time.perf_counter() - start, options.verbose)
                faults += len(report.faults)
            context.close()
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    try:
        if options.mode in ("deck", "page"):
            return int(check_all(options, {target: target.resolve().as_uri() for target in options.targets}) > 0)
        with RiseServer(options.mode, options.targets) as server:
            return int(check_all(options, {target: server.address(target) for target in options.targets}) > 0)
    except (NoBrowserError, ServerError) as error:
        print(f"slidecheck: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
