"""The slide checker finds each kind of fault, names the slide, and reports nothing for a clean deck."""

import re

import pytest
from slide_tools import SAMPLES, need_browser, need_packages

from coursetools import assets, slidecheck

pytestmark = pytest.mark.browser

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PICTURE = f'<img src="{PIXEL}" width="200" height="100" '

# What is planted on a slide, the kind of fault that it is, and a part of what is said of it.
FAULTS = {
    "past the bottom": ('<div style="height: 700px"></div><p>Low</p>', "overflow", "past the bottom"),
    "past the right": ('<p style="white-space: nowrap">' + "long " * 150 + "</p>", "overflow", "past the right"),
    "past the left": ('<p style="margin-left: -80px">Left</p>', "overflow", "past the left"),
    "wide table": ('<table style="width: 1500px"><tr><td>1</td></tr></table>', "overflow", "table"),
    "wide formula": ("<p>$$" + r"\frac{a}{b} + " * 40 + "c$$</p>", "overflow", "past the right"),
    "high picture": (PICTURE.replace("100", "900") + 'alt="A" style="max-height: none">', "overflow", 'img "A"'),
    "in a fragment": ('<p class="fragment" style="margin-top: 700px">Later</p>', "overflow", "Later"),
    "long line of code": (
        '<div class="jp-InputArea-editor" style="width: 500px"><pre style="overflow: visible; width: auto">'
        + "x" * 70
        + "</pre></div>",
        "long line",
        "wider than its box",
    ),
    "hidden part": ('<div style="height: 50px; overflow: hidden">A<br>B<br>C<br>D</div>', "clipped", "hides"),
    "scroll bar": ('<pre style="width: 300px; overflow: auto">' + "x" * 90 + "</pre>", "clipped", "px in width"),
    "math left as source": ('<p class="tex2jax_ignore mathjax_ignore">$x^2$</p>', "math", "not typeset"),
    "math that is wrong": (r"<p>$\frac{1}$</p>", "math", "error"),
    "math of no package": (r"<p>$\nosuchcommand$</p>", "math", "unknown command"),
    "no alt": (PICTURE + ">", "alt text", "none"),
    "empty alt": (PICTURE + 'alt=" ">', "alt text", "none"),
    "alt of no use": (PICTURE + 'alt="No description has been provided for this image">', "alt text", "nothing"),
    "broken picture": ('<img src="data:image/png;base64,AAAA" alt="A">', "picture", "broken"),
    "pale text": ('<p style="color: #999">Pale</p>', "contrast", "2.85 : 1"),
    "small text": ('<p style="font-size: 13px">Small</p>', "small text", "13.0 px"),
}

# The same for faults of a deck as a whole.
DECK_FAULTS = {
    "console error": ("<script>console.error('it broke')</script>", "console", "it broke"),
    "uncaught error": ("<script>throw new TypeError('it broke')</script>", "console", "it broke"),
    "missing file": ('<link rel="stylesheet" href="missing.css">', "failed request", "missing.css"),
    "remote file": ('<link rel="stylesheet" href="https://example.org/x.css">', "remote request", "example.org"),
}

# What looks like one of these, and is none.
CLEAN = {
    "nothing": "",
    "large pale text": '<p style="font-size: 40px; color: #888">Large</p>',
    "white on dark": '<div style="background: #036"><p style="color: white">White</p></div>',
    "dollars in code": "<pre><code>$ pip install $PACKAGE</code></pre>",
    "invisible": '<p style="display: none; font-size: 3px">Never seen</p>',
    "eight pixels hidden": '<div style="height: 40px; overflow: hidden"><div style="height: 47px">A</div></div>',
    "picture with alt": PICTURE + 'alt="A rising line">',
    "link": '<p><a href="https://example.org">Elsewhere</a></p>',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    need_packages()
    folder = tmp_path_factory.mktemp("decks")
    assets.copy_assets(folder)
    return folder


@pytest.fixture(scope="module")
def context(folder):
    with need_browser()() as browser:
        yield browser.new_context(viewport={"width": 1280, "height": 720})


def write_deck(folder, *bodies):
    slides = "\n".join(f"<section><h2>Slide</h2>{body}</section>" for body in bodies)
    path = folder / "deck.html"
    path.write_text((SAMPLES / "deck.html").read_text().replace("<!-- SLIDES -->", slides))
    return path


@pytest.fixture(scope="module")
def report(context, folder):
    """What the checker says of a deck with all planted faults, and all that is none, each on its own slide."""
    bodies = [body for body, _, _ in FAULTS.values()] + list(CLEAN.values())
    return slidecheck.check(context, write_deck(folder, *bodies).as_uri())


def faults_of(report, number):
    """Faults of the slide that is the deck's `number`th column; the first is the fixture's own."""
    return [fault for fault in report.faults if fault.slide == f"{number + 1}.0"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(name, report):
    _, kind, detail = FAULTS[name]
    (fault,) = faults_of(report, list(FAULTS).index(name))
    assert fault.kind == kind
    assert detail in fault.detail


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_no_fault_is_passed_over(name, report):
    assert faults_of(report, len(FAULTS) + list(CLEAN).index(name)) == []


def test_every_slide_is_visited(report):
    across = [f"{number}.0" for number in range(len(FAULTS) + len(CLEAN) + 2)]
    assert [slide for slide, _, _ in report.slides] == ["0.0", "0.1", *across[1:]]
    assert not [fault for fault in report.faults if fault.slide in ("", "0.0", "0.1", across[-1])]


@pytest.mark.parametrize("name", DECK_FAULTS)
def test_a_fault_of_the_whole_deck_is_found_once(name, context, folder):
    body, kind, detail = DECK_FAULTS[name]
    (fault,) = slidecheck.check(context, write_deck(folder, body).as_uri()).faults
    assert (fault.slide, fault.kind) == ("", kind)
    assert detail in fault.detail


def test_type_is_measured_as_shown(context, folder):
    """17 px on a slide 1280 wide are 13.6 px in a window 1024 wide."""
    path = write_deck(folder, '<p style="font-size: 17px">Just large enough</p>')
    assert slidecheck.check(context, path.as_uri()).faults == []
    small = context.browser.new_context(viewport={"width": 1024, "height": 768})
    assert [fault.detail[:7] for fault in slidecheck.check(small, path.as_uri()).faults] == ["13.6 px"]
    small.close()


def test_a_deck_without_slides_is_a_fault(context, folder):
    path = write_deck(folder)
    path.write_text(re.sub(r"(?s)<section>.*</section>", "", path.read_text()))
    assert [fault.detail for fault in slidecheck.check(context, path.as_uri()).faults] == ["there is no slide"]


def test_pictures_of_slides_are_kept(context, folder, tmp_path):
    slidecheck.check(context, write_deck(folder, "").as_uri(), shots=tmp_path / "shots")
    assert sorted(path.name for path in (tmp_path / "shots").iterdir()) == ["0.0.png", "0.1.png", "1.0.png", "2.0.png"]


def test_harmless_errors_of_others_are_passed_over():
    assert slidecheck.is_harmless("pageerror RangeError: Position 5 is out of range", "lab")
    assert not slidecheck.is_harmless("pageerror RangeError: Position 5 is out of range", "deck")
    assert slidecheck.is_own_sheet("http://localhost:1/files/01-a.css", "http://localhost:1/rise/01-a.ipynb?token=x")
    assert not slidecheck.is_own_sheet("http://localhost:1/files/rise.css", "http://localhost:1/rise/01-a.ipynb")
