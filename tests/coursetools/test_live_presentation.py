"""A whole notebook presented live, in each flavor of RISE: every cell runs on its slide and shows its output there."""

import re

import nbformat
import pytest
from slide_tools import need_browser
from support import ROOT

from coursetools import rise

SOURCE = ROOT / "notebooks" / "04-linear-regression.ipynb"
EDITOR = ":is(.jp-CodeCell .cm-content, .code_cell .CodeMirror)"
HAS_RUN = """
editor => /\\[\\d+\\]/.test(
  editor.closest('.jp-Cell, .cell').querySelector('.jp-InputPrompt, .input_prompt').textContent)
"""


@pytest.fixture
def unrun(tmp_path):
    """The notebook without outputs, as after *Clear Outputs of All Cells*; what is for readers is on slides, too."""
    notebook = nbformat.read(SOURCE, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if cell.metadata.slideshow.slide_type == "skip":
                cell.metadata.slideshow.slide_type = "subslide"
    nbformat.write(notebook, tmp_path / SOURCE.name)
    (tmp_path / "rise.css").write_bytes((ROOT / "notebooks" / "rise.css").read_bytes())
    return tmp_path / SOURCE.name


def printed(notebook):
    """What each cell of the stored notebook prints, one string a cell; cells without text left out."""
    texts = ["".join(o.get("text", "") for o in cell.get("outputs", [])).strip() for cell in notebook.cells]
    return [" ".join(text.split()) for text in texts if text]


@pytest.mark.live
@pytest.mark.parametrize("mode", ["classic", "lab"])
def test_every_cell_runs_in_its_slide(unrun, mode):
    open_browser = need_browser()
    stored = nbformat.read(SOURCE, as_version=4)
    walk = {"classic": rise.walk_classic, "lab": rise.walk_lab}[mode]
    seen, pictures = "", 0
    with rise.RiseServer(mode, [unrun]) as server, open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for _ in walk(page, server.address(unrun)):
            slide = page.locator(".slides > section.present > section.present")
            for editor in slide.locator(EDITOR).all():
                editor.scroll_into_view_if_needed()
                editor.click(position={"x": 5, "y": 5})
                page.keyboard.press("Control+Enter")
                page.wait_for_function(HAS_RUN, arg=editor.element_handle(), timeout=60_000)
            page.wait_for_timeout(400)  # outputs are drawn
            seen += " " + slide.inner_text()
            pictures += slide.locator("img").count()
    seen = " ".join(seen.split())
    missing = [text for text in printed(stored) if text not in seen]
    assert not missing
    drawn = sum("image/" in " ".join(o.get("data", {})) for cell in stored.cells for o in cell.get("outputs", []))
    assert pictures >= drawn
    assert not re.search(r"Traceback|NameError", seen)
