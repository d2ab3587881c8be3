"""Decks and handouts, built from a sample notebook with every kind of cell and output."""

import json
import re
import shutil

import jupytext
import nbclient
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from slide_tools import SAMPLES, need_browser, need_packages, remote_loads, write_notebook

from coursetools import assets, build, decks, handouts, notebooks, rise, slidecheck
from coursetools.project import NOTEBOOKS, ROOT, SLIDES

ALT = "Two falling curves: the training loss goes to 0, the test loss levels off at 0.2 after epoch 6."


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Path of the sample notebook, executed, with the theme beside it as in notebooks/."""
    folder = tmp_path_factory.mktemp("notebooks")
    notebook = jupytext.read(SAMPLES / "01-sample.py")
    nbclient.NotebookClient(notebook, timeout=60, allow_errors=True, kernel_name="python3").execute()
    nbformat.write(notebook, folder / "01-sample.ipynb")
    shutil.copy(ROOT / "notebooks" / "rise.css", folder)
    return folder / "01-sample.ipynb"


@pytest.fixture(scope="module")
def deck(sample, tmp_path_factory):
    """Path of the sample's deck, without assets."""
    return decks.write_deck(sample, tmp_path_factory.mktemp("deck"))


@pytest.fixture(scope="module")
def soup(deck):
    return BeautifulSoup(deck.read_text(), "html.parser")


@pytest.fixture(scope="module")
def built_deck(deck):
    """Path of the sample's deck with its assets: one that a browser can show."""
    need_packages()
    assets.copy_assets(deck.parent)
    return deck


# ---- The theme ----


def test_rise_has_the_same_theme_as_the_decks():
    assert (ROOT / "notebooks" / "rise.css").read_bytes() == (SLIDES / "theme" / "course.css").read_bytes(), (
        "run `python -m coursetools.build --theme`"
    )


def test_classic_rise_has_the_same_settings_as_the_notebooks():
    settings = json.loads((SLIDES / "jupyter" / "nbconfig" / "rise.json").read_text())
    assert notebooks.NOTEBOOK_METADATA["rise"].items() <= settings.items()


def theme_colors():
    theme = (SLIDES / "theme" / "course.css").read_text()
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", theme))


INKS = [name for name in theme_colors() if name.startswith("code-") and name != "code-paper"] + [
    "ink",
    "muted",
    "accent",
]


@pytest.mark.parametrize(
    ("paper", "inks"),
    [
        ("code-paper", INKS),
        ("section-paper", ["ink", "muted", "accent"]),
        ("exercise-paper", ["ink", "muted", "accent", "exercise-ink"]),
        ("title-paper", ["title-ink"]),
    ],
)
def test_colors_are_readable(paper, inks):
    """WCAG 2 asks for a contrast ratio of 4.5 : 1."""
    colors = theme_colors()

    def luminance(color):
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len(INKS) == 8
    for ink in inks:
        dark, light = sorted([luminance(colors[paper]), luminance(colors[ink])])
        assert (light + 0.05) / (dark + 0.05) >= 4.5, ink


# ---- Assets ----


def test_assets_are_pinned_by_hash_and_name_no_host():
    lock = json.loads((SLIDES / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    wanted = json.loads((SLIDES / "package.json").read_text())["dependencies"]
    assert {name.removeprefix("node_modules/"): facts["version"] for name, facts in packages.items()} == wanted
    assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
    for file in ("package.json", "package-lock.json", "requirements-node.txt"):
        assert "://" not in (SLIDES / file).read_text()
    assert "--hash=sha256:" in (SLIDES / "requirements-node.txt").read_text()


def test_a_failing_installation_says_what_to_do(tmp_path, monkeypatch):
    failing = tmp_path / "npm"
    failing.write_text("#!/bin/sh\necho no network >&2\nexit 3\n")
    failing.chmod(0o755)
    monkeypatch.setattr(assets, "find_npm", lambda cache: [str(failing)])
    with pytest.raises(assets.AssetError, match=r"(?s)status 3.*no network.*try again"):
        assets.install_packages(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []  # half an installation is not taken for a whole one


# ---- Decks ----


def test_a_deck_loads_nothing_from_the_network(soup):
    assert remote_loads(soup) == []


def test_slides_fragments_and_notes(soup):
    slides = soup.select(".slides > section > section")
    assert len(slides) == 11
    assert [len(each.find_all("section", recursive=False)) for each in soup.select(".slides > section")].count(2) == 1
    assert soup.select_one(".fragment p").get_text(strip=True).startswith("This sentence appears")
    notes = [each.get_text(" ", strip=True) for each in soup.select("aside.notes")]
    assert len(notes) == 2
    assert "for the speaker's eyes only" in notes[0]


def test_skipped_cells_are_not_in_the_deck(soup):
    text = soup.get_text()
    assert "savefig" not in text
    assert "Hint" not in text


def test_pictures_have_the_alt_text_and_size_of_the_notebook(soup):
    pictures = soup.find_all("img")
    assert [(each["alt"], each["width"], each["height"]) for each in pictures] == [(ALT, "800", "320")] * 2


def test_alt_text_is_escaped(tmp_path):
    alt = 'a "quoted" <b> & more'
    output = new_output(
        "display_data",
        {"image/png": "iVBORw0KGgo=", "text/plain": "x"},
        metadata={"image/png": {"alt": alt, "width": 5, "height": 6}},
    )
    source = write_notebook(tmp_path / "01-a.ipynb", new_code_cell("1", execution_count=1, outputs=[output]))
    (picture,) = BeautifulSoup(decks.write_deck(source, tmp_path).read_text(), "html.parser").find_all("img")
    assert picture["alt"] == alt


def test_tags_take_cells_and_inputs_out(tmp_path):
    source = write_notebook(
        tmp_path / "01-a.ipynb",
        new_markdown_cell("# Title"),
        new_code_cell("print('removed')", execution_count=1, metadata={"tags": ["remove-cell"]}),
        new_code_cell(
            "print('hidden')",
            execution_count=2,
            metadata={"tags": ["hide-input"]},
            outputs=[new_output("stream", name="stdout", text="shown")],
        ),
    )
    text = BeautifulSoup(decks.write_deck(source, tmp_path).read_text(), "html.parser").select_one(".slides").get_text()
    assert "removed" not in text
    assert "hidden" not in text
    assert "shown" in text


def test_pictures_of_markdown_are_put_into_the_deck(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    source = write_notebook(tmp_path / "01-a.ipynb", new_markdown_cell("# T\n\n![An arrow](a.png)"))
    (picture,) = BeautifulSoup(decks.write_deck(source, tmp_path / "x").read_text(), "html.parser").find_all("img")
    assert picture["alt"] == "An arrow"
    assert picture["src"].startswith("data:image/png;base64,")
    with pytest.raises(decks.NotebookError, match=r"b\.png"):
        decks.embed_pictures("![x](b.png)", tmp_path)
    assert decks.embed_pictures("![x](https://example.org/b.png)", tmp_path).endswith("b.png)")  # for the checker


def test_a_notebook_that_was_not_run_is_refused(tmp_path):
    source = write_notebook(tmp_path / "01-a.ipynb", new_markdown_cell("# T"), new_code_cell("1 + 1"))
    with pytest.raises(decks.NotebookError, match="cell 1 has not been run"):
        decks.read_notebook(source)
    write_notebook(source, new_markdown_cell("# T"), new_code_cell(""))
    decks.read_notebook(source)  # an empty cell has nothing to run


@pytest.mark.parametrize("content", ["", "no json", "{"])
def test_what_is_no_notebook_is_refused(content, tmp_path):
    (tmp_path / "01-a.ipynb").write_text(content)
    with pytest.raises(decks.NotebookError, match="not a notebook"):
        decks.read_notebook(tmp_path / "01-a.ipynb")
    with pytest.raises(decks.NotebookError, match="no such notebook"):
        decks.read_notebook(tmp_path / "02-b.ipynb")


def test_notebooks_are_found_by_number_name_or_file(tmp_path):
    for name in ("01-one", "02-two", "10-ten", "notes"):
        (tmp_path / f"{name}.ipynb").touch()

    def found(*names):
        return [path.stem for path in decks.find_notebooks(tmp_path, names)]

    assert found() == ["01-one", "02-two", "10-ten"]
    assert found("10", "01-one", "notebooks/10-ten.ipynb") == ["10-ten", "01-one"]
    with pytest.raises(decks.NotebookError, match=r"'1'.*01-one, 02-two, 10-ten"):
        found("1")
    with pytest.raises(decks.NotebookError, match="no notebook named"):
        decks.find_notebooks(tmp_path / "none")


def test_the_command_reports_faults_in_one_line(tmp_path, capsys):
    assert build.main(["--notebooks", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == f"slides: {tmp_path}: no notebook named NN-name.ipynb there.\n"


def test_links_between_notebooks_lead_to_pages_that_need_no_jupyter(tmp_path):
    text = "# 03 · Links\n\n[words](glossary.ipynb), [axes](01-ndarray.ipynb#axes), [away](https://d2l.ai/a.ipynb)"
    source = write_notebook(tmp_path / "03-links.ipynb", new_markdown_cell(text))
    soup = BeautifulSoup(decks.write_deck(source, tmp_path / "slides").read_text(), "html.parser")
    links = [a["href"] for a in soup.find_all("a") if a.get_text() in ("words", "axes", "away")]
    assert links == ["../notebooks/glossary.html", "../notebooks/01-ndarray.html#axes", "https://d2l.ai/a.ipynb"]


# ---- In a browser ----


@pytest.mark.browser
@pytest.mark.parametrize("viewport", ["1280x720", "1024x768"])
def test_the_sample_deck_is_without_fault(built_deck, viewport, capsys):
    need_browser()
    assert slidecheck.main([str(built_deck), "--viewport", viewport]) == 0, capsys.readouterr().out


@pytest.mark.browser
def test_landmarks_have_a_paper_of_their_own(built_deck):
    """Title, sections and exercises are told apart from afar; header and footer stand on all but the title."""
    with need_browser()() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(built_deck.as_uri())
        page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'")
        papers = {}
        for across, down in page.evaluate(
            "Reveal.getSlides().map(s => Reveal.getIndices(s)).map(i => [i.h, i.v || 0])"
        ):
            page.evaluate("([across, down]) => Reveal.slide(across, down)", [across, down])
            heading = page.locator(".slides > section.present > section.present :is(h1, h2, h3)").inner_text()
            papers[heading] = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert page.locator("#rise-header").is_visible() == ("every kind" not in heading)
        assert page.locator("#rise-header").inner_text() == "01 · A sample"
        assert page.locator("#rise-footer").inner_text() == "A course"
        page.goto(f"{built_deck.as_uri()}?print-pdf")
        page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'")
        printed = page.evaluate("""
            Object.fromEntries([...document.querySelectorAll('.pdf-page section :is(h1, h2, h3)')].map(
              heading => [heading.innerText, getComputedStyle(heading.closest('section')).backgroundColor]))""")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for heading, paper in printed.items():
        assert papers[heading] == ("rgb(255, 255, 255)" if paper == "rgba(0, 0, 0, 0)" else paper), heading
    section, exercise = papers["A section"], papers["Exercise 01.1: sum of the diagonal"]
    title, slide = papers["01 · A sample of every kind of slide"], papers["Code with text output"]
    assert len({title, section, exercise, slide}) == 4
    assert papers["Recap"] == section


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory):
    """Folder with the assets, for the decks of the course's own notebooks."""
    need_packages()
    folder = tmp_path_factory.mktemp("course")
    assets.copy_assets(folder)
    return folder


@pytest.mark.browser
@pytest.mark.decks
@pytest.mark.parametrize("viewport", ["1280x720", "1024x768"])
@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb")), ids=lambda path: path.stem)
def test_every_deck_of_the_course_is_without_fault(notebook, viewport, course_folder, capsys):
    need_browser()
    deck = decks.write_deck(notebook, course_folder)
    assert slidecheck.main([str(deck), "--viewport", viewport]) == 0, capsys.readouterr().out
    handouts.print_handouts([deck])  # refuses a slide that needs two pages


@pytest.mark.browser
@pytest.mark.decks
def test_a_handout_has_one_page_for_each_slide(built_deck):
    need_browser()
    (handout,) = handouts.print_handouts([built_deck])
    pdf = handout.read_bytes()
    assert handouts.count_pages(pdf) == 11
    assert b"/StructTreeRoot" in pdf  # tagged, for screen readers


@pytest.mark.browser
@pytest.mark.decks
def test_the_speakers_handout_has_a_page_for_each_note_too(built_deck, soup):
    need_browser()
    (handout,) = handouts.print_handouts([built_deck], notes=True)
    assert handout.name == "01-sample-notes.pdf"
    assert handouts.count_pages(handout.read_bytes()) == 11 + len(soup.select("aside.notes"))


@pytest.mark.browser
@pytest.mark.decks
def test_a_handout_that_ends_with_a_note_has_no_empty_page(tmp_path):
    need_packages()
    need_browser()
    note = new_markdown_cell("The last word.", metadata={"slideshow": {"slide_type": "notes"}})
    deck = decks.write_deck(write_notebook(tmp_path / "01-end.ipynb", new_markdown_cell("## End"), note), tmp_path)
    assets.copy_assets(tmp_path)
    (handout,) = handouts.print_handouts([deck], notes=True)
    assert handouts.count_pages(handout.read_bytes()) == 2


@pytest.mark.browser
@pytest.mark.decks
def test_a_note_too_long_for_its_page_is_refused(tmp_path):
    need_packages()
    need_browser()
    note = new_markdown_cell("A line to say.\n\n" * 20, metadata={"slideshow": {"slide_type": "notes"}})
    source = write_notebook(tmp_path / "01-full.ipynb", new_markdown_cell("## Empty"), note)
    deck = decks.write_deck(source, tmp_path)
    assets.copy_assets(tmp_path)
    with pytest.raises(handouts.HandoutError, match="pixels too long: A line to say"):
        handouts.print_handouts([deck], notes=True)
    assert len(handouts.print_handouts([deck])) == 1  # without notes it can be printed


@pytest.mark.browser
@pytest.mark.decks
def test_a_slide_too_full_for_its_page_is_refused(tmp_path):
    need_packages()
    need_browser()
    source = write_notebook(tmp_path / "01-full.ipynb", new_markdown_cell("## Full\n\n" + "A line.\n\n" * 30))
    deck = decks.write_deck(source, tmp_path)
    assets.copy_assets(tmp_path)
    with pytest.raises(handouts.HandoutError, match="1 slides print on 3 pages"):
        handouts.print_handouts([deck])
    assert not deck.with_suffix(".pdf").exists()


@pytest.mark.browser
@pytest.mark.decks
def test_the_speakers_view_shows_the_notes(built_deck):
    with need_browser()() as browser:
        page = browser.new_page()
        page.goto(built_deck.as_uri())
        page.wait_for_function("document.documentElement.dataset.deckReady === 'yes'")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        notes = popup.value.locator(".speaker-controls-notes .value")
        notes.get_by_text("Welcome everybody.").wait_for(timeout=10_000)


def test_a_missing_browser_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "no-such-program")
    (tmp_path / "01-a.html").touch()
    assert slidecheck.main([str(tmp_path / "01-a.html")]) == 2
    assert capsys.readouterr().err == "slidecheck: CHROMIUM=no-such-program: no such program.\n"


@pytest.mark.browser
@pytest.mark.live
@pytest.mark.parametrize("mode", ["classic", "lab"])
def test_the_sample_is_without_fault_in_rise(sample, mode, capsys):
    need_browser()
    assert slidecheck.main(["--mode", mode, str(sample)]) == 0, capsys.readouterr().out


def test_a_server_that_does_not_start_shows_its_log(sample, monkeypatch):
    monkeypatch.setitem(rise.MODULES, "lab", "no_such_module")
    with pytest.raises(rise.ServerError, match="No module named no_such_module"), rise.RiseServer("lab", [sample]):
        pass
