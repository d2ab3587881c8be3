"""The pad of `draw_digit` and the upload of `upload_photo`, used in a real browser in each front end."""

import numpy as np
import pytest
from handwriting import DIGITS
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image
from slide_tools import need_browser
from support import ROOT

from coursetools import notebooks, rise
from d2lhelpers.widgets.strokes import center_digit, draw_strokes

DRAW = "import numpy\nfrom d2lhelpers import draw_digit, upload_photo\ndigit = draw_digit()"
SAVE = "numpy.save('digit.npy', digit.image.asnumpy())\nprint('saved the digit')"
CHOOSE = "photo = upload_photo(size=32)"
SAVE_PHOTO = "numpy.save('photo.npy', photo.image.asnumpy())\nprint('saved the photo')"
EDITOR = ":is(.jp-CodeCell .cm-content, .code_cell .CodeMirror)"
READY = """() => window.Jupyter?.notebook?.kernel?.is_connected()
  || document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')"""
PAD = "canvas[aria-label^='Pad']"

# The server's mode, and the path of a notebook if it is not the mode's slide show.
FRONT_ENDS = {
    "jupyterlab": ("lab", "lab/tree"),
    "notebook": ("lab", "notebooks"),
    "classic": ("classic", "nbclassic/notebooks"),
    "rise-lab": ("lab", None),
    "rise-classic": ("classic", None),
}
WALKS = {"classic": rise.walk_classic, "lab": rise.walk_lab}


@pytest.fixture
def notebook(tmp_path):
    cells = [new_markdown_cell("# 03 · Your own images"), *map(new_code_cell, (DRAW, SAVE, CHOOSE, SAVE_PHOTO))]
    for cell, place in zip(cells, ("slide", "slide", "-", "slide", "-"), strict=True):
        cell.metadata["slideshow"] = {"slide_type": place}
    return new_notebook(cells=cells)


class Reader:
    """Somebody who reads a notebook in a front end; the first slide is the title, then two cells are on each slide."""

    def __init__(self, page, server, path, front_end):
        self.page = page
        self.folder = path.parent
        mode, place = FRONT_ENDS[front_end]
        self.show = None
        if place is None:
            self.show = WALKS[mode](page, server.address(path))
            next(self.show)
        else:
            page.goto(f"http://127.0.0.1:{server.port}/{place}/{path.name}?token={server.token}")
            page.wait_for_function(READY, timeout=60_000)
            page.wait_for_timeout(3000)  # the classic notebook asks the kernel for widgets, with no sign of the end

    def turn_page(self):
        if self.show:
            next(self.show)

    def run(self, source):
        """Run the cell that begins with this line."""
        line = source.partition("\n")[0]
        editor = self.page.locator(EDITOR).filter(has_text=line)
        editor.scroll_into_view_if_needed()
        editor.click(position={"x": 5, "y": 5}, timeout=60_000)
        self.page.keyboard.press("Control+Enter")

    def draw(self, strokes):
        pad = self.page.locator(PAD)
        pad.wait_for(timeout=60_000)
        pad.scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)  # the front end may still scroll to the output
        for stroke in strokes:
            for index, (x, y) in enumerate(stroke):
                box = pad.bounding_box()
                self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
                if index == 0:
                    self.page.mouse.down()
            self.page.mouse.up()

    def read(self, name):
        self.page.get_by_text(f"saved the {name.partition('.')[0]}", exact=True).wait_for(timeout=60_000)
        return np.load(self.folder / name)
