"""The pages without a number: notation, glossary, common errors, errata, and the quiz."""

import re

import nbformat
import pytest
from support import ROOT

FOLDER = ROOT / "notebooks"
PAGES = ("common-errors", "errata", "glossary", "notation", "quiz-basics")
LOOK_UP = {"common-errors", "glossary", "notation"}  # what every notebook links to


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def text_of(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_these_are_the_pages():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb") if not path.stem[:2].isdigit()) == list(PAGES)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_links_to_notebooks_lead_somewhere(path):
    for target in re.findall(r"\]\(([\w-]+\.ipynb)", text_of(read(path.stem))):
        assert (FOLDER / target).is_file(), target


@pytest.mark.parametrize("path", sorted(FOLDER.glob("[0-9][0-9]-*.ipynb")), ids=lambda path: path.stem)
def test_every_notebook_links_to_the_pages(path):
    links = set(re.findall(r"\]\(([\w-]+)\.ipynb\)", text_of(read(path.stem))))
    assert links >= LOOK_UP


@pytest.mark.parametrize("name", PAGES)
def test_code_fits_a_page(name):
    lines = [line for cell in read(name).cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert max(map(len, lines), default=0) <= 92  # the pages to read cut longer lines off


# ---- Common errors ----


def sections():
    """Return (heading, cells) of each section of the page of errors."""
    found = []
    for cell in read("common-errors").cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found.append((cell.source.splitlines()[0][3:], [cell]))
        elif found:
            found[-1][1].append(cell)
    return found


def test_there_are_enough_and_not_too_many_errors():
    assert 12 <= len(sections()) <= 32


@pytest.mark.parametrize(("heading", "cells"), sections(), ids=[heading for heading, _ in sections()])
def test_a_section_has_cause_message_and_cure(heading, cells):
    kinds = [cell.cell_type for cell in cells]
    assert kinds == ["markdown", "code", "markdown", "code"]
    assert "\n**Cause:** " in cells[0].source
    assert cells[2].source.startswith("**Cure:** ")
    provoked, mended = ("".join(o.get("text", "") for o in cell.outputs) for cell in (cells[1], cells[3]))
    assert provoked.strip()
    assert mended.strip()
    assert "Error" not in mended
    silent = heading.startswith("No error")
    assert ("Error" in provoked or "Warning" in provoked or "Diverged" in provoked) != silent


def test_a_heading_quotes_the_message():
    """So that a search for the message finds the section."""
    messages = " ".join(o.get("text", "") for cell in read("common-errors").cells for o in cell.get("outputs", []))
    messages = messages.lower()
    for heading, _ in sections():
        if heading.startswith(("No error", "The error comes later", "The kernel hangs")):
            continue
        words = re.findall(r"\w+", heading.split(",")[0].split("…")[0].lower().replace("label is", "is"))
        assert all(word in messages for word in words), heading


def test_provoking_without_an_error_is_an_error():
    """Otherwise a section could show nothing at all, and pass."""
    names = {}
    cells = [cell.source for cell in read("common-errors").cells if cell.cell_type == "code"]
    exec("\n".join(cells[:3]), names)
    with pytest.raises(AssertionError, match="should have raised"), names["shows"](ValueError):
        pass
    with pytest.raises(ZeroDivisionError), names["shows"](ValueError):
        1 / 0  # noqa: B018


# ---- Glossary and notation ----


def entries():
    text = " ".join(line.strip() for line in text_of(read("glossary")).splitlines())
    return re.findall(r"- \*\*(.+?)\*\*: (.+?) \[(\d\d)\]\(([\w-]+)\.ipynb\)", text)


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = [entry[0].lower() for entry in entries()]
    assert words == sorted(set(words))
    assert 100 <= len(words) <= 200
    assert len(words) == text_of(read("glossary")).count("- **")


def test_an_entry_s_number_is_that_of_its_notebook():
    assert all(target.startswith(f"{number}-") for _, _, number, target in entries())


def test_a_word_occurs_in_the_notebook_that_explains_it():
    for word, _, _, target in entries():
        notebook = read(target)
        whole = " ".join(" ".join(cell.source for cell in notebook.cells).lower().split())
        stem = word.lower().replace("-", "[ -]?").removesuffix("s")
        assert re.search(stem, whole), f"{word} is not in {target}"


EVERYDAY = {"array", "block", "depth", "label", "leak", "unit", "width"}  # words that also have an ordinary meaning


def paragraphs(path):
    """What the reader of a notebook reads, cell by cell, without code, formulas, and links."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.metadata.slideshow.slide_type != "notes":
            text = re.sub(r"```.*?```|`[^`]*`|\$[^$]*\$|\]\([^)]*\)", "", cell.source, flags=re.S)
            yield " ".join(text.split())


def test_a_term_is_explained_or_announced_where_it_is_first_used():
    read_so_far = [(path.stem[:2], text) for path in sorted(FOLDER.glob("[0-9]*.ipynb")) for text in paragraphs(path)]
    early = []
    for word, _, explained_in, _ in entries():
        term = rf"\b{re.escape(word)}(s|es|d)?\b"
        number, text = next((use for use in read_so_far if re.search(term, use[1], re.IGNORECASE)), (explained_in, ""))
        introduced = re.search(rf"\*[^*]*{term}[^*]*\*", text, re.IGNORECASE)  # new terms are in italics
        announced = "Next:" in text or re.search(rf"\b{explained_in}\b", text)
        if number < explained_in and not (introduced or announced or word.lower() in EVERYDAY):
            early.append(f"{word}: explained in {explained_in}, but used in {number}: {text[:80]}")
    assert not early


def notation_rows():
    """Return the columns (symbol, in code, shape, meaning, notebooks) of each row below a table's head."""
    lines = [line for line in text_of(read("notation")).splitlines() if line.startswith("|")]
    cut = [[column.strip() for column in line.replace(r"\|", "‖").split("|")][1:-1] for line in lines]
    return [columns for columns in cut if columns[0] != "symbol" and set(columns[0]) != {"-"}]


def test_a_row_of_the_notation_has_all_columns():
    rows = notation_rows()
    assert len(rows) > 30
    for row in rows:
        assert len(row) == 5, row
        symbol, code, _, meaning, numbers = row
        assert symbol or code, row
        assert meaning, row
        assert re.fullmatch(r"\d\d(, \d\d)*", numbers), row


def test_a_name_of_the_notation_occurs_in_the_notebooks_that_explain_it():
    for _, code, _, _, numbers in notation_rows():
        sources = ""
        for number in numbers.split(", "):
            (path,) = FOLDER.glob(f"{number}-*.ipynb")
            sources += "\n".join(cell.source for cell in read(path.stem).cells)
        for name in re.findall(r"`([\w.]+)", code):
            last = name.split(".")[-1]  # of np.dot, x.grad, A.T what does not depend on the names of the arrays
            assert re.search(rf"\b{last}\b", sources), f"{name} is not in {numbers}"
