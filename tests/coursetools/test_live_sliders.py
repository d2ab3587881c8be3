"""A slider of `explore`, moved in a live slide show of each flavor of RISE."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from slide_tools import need_browser
from support import ROOT

from coursetools import notebooks, rise

CODE = """
from d2lhelpers import explore

def draw(ax, slope):
    ax.plot([0, 1], [0, slope])

explore(draw, [0.5, 1.0, 2.0], values=[0.0, 0.5, 1.0, 1.5, 2.0], label="slope", alt="Three lines.")
"""
PICTURE = "img[alt^='slope = ']"


@pytest.fixture
def notebook(tmp_path):
    cells = [new_markdown_cell("# 03 · A slider"), new_code_cell(CODE.strip())]
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    metadata = notebooks.NOTEBOOK_METADATA
    nbformat.write(new_notebook(cells=cells, metadata=metadata), tmp_path / "03-slider.ipynb")
    (tmp_path / "rise.css").write_bytes((ROOT / "notebooks" / "rise.css").read_bytes())
    return tmp_path / "03-slider.ipynb"


@pytest.mark.live
@pytest.mark.parametrize("mode", ["classic", "lab"])
def test_a_slider_moves_the_picture_in_the_show(notebook, mode):
    open_browser = need_browser()
    walk = {"classic": rise.walk_classic, "lab": rise.walk_lab}[mode]
    with rise.RiseServer(mode, [notebook]) as server, open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for _ in walk(page, server.address(notebook)):
            pass  # to the last slide
        page.locator(".slides > section.present > section.present :is(.cm-content, .CodeMirror)").click()
        page.keyboard.press("Control+Enter")
        page.locator(PICTURE).wait_for(timeout=60_000)
        assert page.locator(PICTURE).get_attribute("alt").startswith("slope = 1.")
        handle = page.locator(".noUi-handle").bounding_box()
        page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        page.mouse.move(handle["x"] + 600, handle["y"], steps=8)
        page.mouse.up()
        page.locator("img[alt^='slope = 2.']").wait_for(timeout=30_000)
