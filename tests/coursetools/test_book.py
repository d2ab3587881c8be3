"""The website: built once from the stored notebooks, then read by a parser and by a browser."""

import re

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from slide_tools import need_browser, need_packages, remote_loads, write_notebook
from support import ROOT

from coursetools import assets, book, decks, slidecheck
from coursetools.project import read_repository

NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole site, with one deck."""
    need_packages()
    folder = tmp_path_factory.mktemp("site")
    assets.copy_assets(folder / "slides")
    decks.write_deck(NOTEBOOKS / "04-linear-regression.ipynb", folder / "slides")
    book.write_book([*decks.find_notebooks(NOTEBOOKS), *decks.find_pages(NOTEBOOKS)], folder)
    return folder


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages(site):
    return [path for path in site.rglob("*.html") if "_static" not in path.parts]


def test_the_site_has_a_page_for_everything(site):
    for source in NOTEBOOKS.glob("*.ipynb"):
        assert (site / "notebooks" / f"{source.stem}.html").is_file()
    for name in (
        "docs/differences",
        "docs/class-server",
        "docs/mxnet-compat",
        "docs/reference",
        "slides/README",
        "CHANGELOG",
    ):
        assert (site / f"{name}.html").is_file(), name
    assert "fit(" in soup(site / "docs" / "reference.html").get_text().replace(" ", "")


def test_every_link_leads_somewhere_inside_the_site(site):
    for page in pages(site):
        tags = soup(page).find_all(["a", "link", "script", "img"])
        for address in filter(None, (tag.get("href") or tag.get("src") for tag in tags)):
            if re.match(r"[a-z]+:|#", address) or ("/slides/" in address and page.parts[-2] == "notebooks"):
                continue
            target = (page.parent / re.split("[#?]", address)[0]).resolve()
            assert target.is_relative_to(site.resolve()), f"{page.name}: {address}"
            assert target.exists(), f"{page.name}: {address}"


def test_nothing_comes_from_the_network(site):
    for page in pages(site):
        assert remote_loads(soup(page)) == [], page


def test_pages_are_for_readers(site):
    """They show neither speaker notes nor the install cell, and fold hints and solutions."""
    page = soup(site / "notebooks" / "04-linear-regression.html")
    text = page.get_text()
    assert "What you will learn" in text
    assert "npx.set_np" in text
    assert "install_missing" not in text
    notes = [cell.source for cell in decks.read_notebook(NOTEBOOKS / "04-linear-regression.ipynb").cells
             if cell.metadata.slideshow.slide_type == "notes"]  # fmt: skip
    assert notes
    assert not any(note.split("\n")[0][:40] in text for note in notes)
    assert "hint" in page.find_all("details")[-1].find_parent("article").get_text().lower()
    assert len(page.find_all("details")) >= 5
    assert all(picture["alt"].strip() for picture in page.article.find_all("img"))


def test_a_page_links_to_its_deck_and_notebook(site):
    links = soup(site / "notebooks" / "04-linear-regression.html").find(class_="course-links").find_all("a")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Slides", "../slides/04-linear-regression.html"),
        ("Notebook", "04-linear-regression.ipynb"),
    ]


def test_colab_is_linked_once_the_course_has_an_address(tmp_path):
    source = write_notebook(tmp_path / "03-plain.ipynb", new_markdown_cell("# 03 · Plain"))
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.course]\nrepository = "owner/course"\n')
    assert "Colab" not in book.page_of(source, tmp_path, "").cells[0].source
    address = "https://colab.research.google.com/github/owner/course/blob/main/notebooks/03-plain.ipynb"
    assert f'href="{address}">Open in Colab' in book.page_of(source, tmp_path, read_repository(project)).cells[0].source


def test_alternative_texts_are_kept_and_escaped(tmp_path):
    alt = 'a "quoted" <b> & more'
    output = new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata={"image/png": {"alt": alt, "width": 5}})
    cell = new_code_cell("1", execution_count=1, outputs=[output])
    source = write_notebook(tmp_path / "01-a.ipynb", new_markdown_cell("# A"), cell)
    (made,) = book.page_of(source, tmp_path, "").cells[1].outputs
    picture = BeautifulSoup(made.data["text/html"], "html.parser").img
    assert (picture["alt"], picture["width"]) == (alt, "5")


def test_what_sphinx_says_about_a_broken_link_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(book, "BUILD", tmp_path)
    source = write_notebook(tmp_path / "00-a.ipynb", new_markdown_cell("# A\n\n[nowhere](none.ipynb)"))
    with pytest.raises(book.BookError, match=r"00-a\.ipynb.*none\.ipynb"):
        book.write_book([source], tmp_path / "site")


@pytest.mark.browser
@pytest.mark.parametrize("viewport", ["1280x720", "390x844"])
def test_pages_are_without_fault_in_light_and_dark(site, viewport, capsys):
    """On a laptop and a phone; with the marker `decks`, there is a test of all pages."""
    need_browser()
    targets = [
        str(site / name) for name in ("index.html", "notebooks/04-linear-regression.html", "docs/reference.html")
    ]
    assert slidecheck.main(["--mode", "page", "--viewport", viewport, *targets]) == 0, capsys.readouterr().out


@pytest.mark.browser
@pytest.mark.decks
def test_all_pages_are_without_fault(site, capsys):
    need_browser()
    written = [path for path in pages(site) if path.name != "search.html" and not re.match(r"\d\d-", path.name)]
    targets = map(str, [*written, *(site / "notebooks").glob("[0-9]*.html")])
    assert slidecheck.main(["--mode", "page", "--viewport", "390x844", *targets]) == 0, capsys.readouterr().out
