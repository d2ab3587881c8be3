"""The pad of `draw_digit` and the upload of `upload_photo`, used in a real browser in each front end."""

import io
from pathlib import Path

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
PROMPT = "editor => editor.closest('.jp-Cell, .cell').querySelector('.jp-InputPrompt, .input_prompt').textContent"
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
    (tmp_path / "rise.css").write_bytes((ROOT / "notebooks" / "rise.css").read_bytes())
    return new_notebook(cells=cells, metadata=dict(notebooks.NOTEBOOK_METADATA)), tmp_path / "03-own.ipynb"


@pytest.fixture
def pictures(tmp_path):
    """A sideways JPEG photograph of a sunset, a larger one of more than 10 MB, and a file that is not a picture."""
    sunset = np.zeros((40, 60, 3), "uint8")
    sunset[:20], sunset[20:] = (230, 120, 20), (20, 40, 90)
    held = Image.Exif()
    held[274] = 6  # EXIF's orientation: to be turned by 90 degrees clockwise
    Image.fromarray(np.rot90(sunset)).save(tmp_path / "sunset.jpg", quality=95, exif=held)
    noise = np.random.default_rng(0).integers(0, 20, (1600, 2400, 3), "uint8")
    Image.fromarray(sunset.repeat(40, axis=0).repeat(40, axis=1) + noise).save(tmp_path / "large.bmp")
    assert (tmp_path / "large.bmp").stat().st_size > 11e6
    (tmp_path / "notes.txt").write_text("Not a picture.")
    return tmp_path


class Reader:
    """Someone who works through a notebook in a front end; the title is a slide, and so are two cells each."""

    def __init__(self, page, server, path, front_end):
        self.page = page
        self.folder = path.parent
        mode, place = FRONT_ENDS[front_end]
        self.show = WALKS[mode](page, server.address(path)) if place is None else None
        if self.show is None:
            page.goto(f"http://127.0.0.1:{server.port}/{place}/{path.name}?token={server.token}")
            page.wait_for_function(READY, timeout=60_000)
            page.wait_for_timeout(3000)  # the classic notebook asks the kernel for widgets, with no sign of the end

    def turn_page(self):
        if self.show:
            next(self.show)

    def run(self, source):
        """Run the cell that begins with this line."""
        editor = self.page.locator(EDITOR).filter(has_text=source.partition("\n")[0])
        editor.wait_for(timeout=60_000)
        before = editor.evaluate(PROMPT)
        for _ in range(20):  # a front end that is still starting takes the focus away
            editor.scroll_into_view_if_needed()
            editor.click(position={"x": 5, "y": 5})
            self.page.keyboard.press("Control+Enter")
            self.page.wait_for_timeout(1000)
            if editor.evaluate(PROMPT) != before:
                return
        raise AssertionError(f"the cell does not run: {source}")

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
        self.expect(f"saved the {name}", exact=True)
        return np.load(self.folder / f"{name}.npy")

    def choose(self, path):
        button = self.page.locator("input[type=file]")
        button.wait_for(timeout=60_000)
        button.set_input_files(path)

    def expect(self, text, exact=False):
        self.page.get_by_text(text, exact=exact).first.wait_for(timeout=60_000)


def marked(front_end):
    """One front end is tested every time, the others with the live shows."""
    return pytest.param(front_end, marks=pytest.mark.browser if front_end == "jupyterlab" else pytest.mark.live)


def is_sunset(image):
    """Whether the upper half is orange and the lower half is blue."""
    orange, blue = image[0, :, :14].mean(axis=(1, 2)), image[0, :, 18:].mean(axis=(1, 2))
    return np.abs(orange * 255 - (230, 120, 20)).max() < 15 and np.abs(blue * 255 - (20, 40, 90)).max() < 15


@pytest.mark.parametrize("front_end", [marked(name) for name in FRONT_ENDS])
def test_the_next_cell_gets_what_is_drawn_and_uploaded(notebook, pictures, front_end):
    open_browser = need_browser()
    document, path = notebook
    mode, place = FRONT_ENDS[front_end]
    if place:
        del document.metadata["rise"]  # so that the classic notebook doesn't start the show
    write(document, path)
    outside = []
    with rise.RiseServer(mode, [path]) as server, open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("request", lambda request: outside.append(request.url) if "127.0.0.1" not in request.url else None)
        reader = Reader(page, server, Path(server.folder.name) / "notebooks" / path.name, front_end)
        draws_a_digit(reader)
        uploads_photographs(reader, pictures)
    assert not [url for url in outside if url.startswith("http")]


def draws_a_digit(reader):
    reader.turn_page()
    reader.turn_page()
    reader.run(DRAW)
    reader.draw(DIGITS[7])
    reader.page.get_by_role("button", name="Clear", exact=True).click()
    reader.run(SAVE)
    reader.expect("Nothing has been drawn yet")
    reader.draw(DIGITS[3])
    reader.run(SAVE)
    drawn = reader.read("digit")
    assert (drawn.shape, drawn.dtype) == ((1, 1, 28, 28), "float32")
    # The pad rounds places, and an image of the same strokes is the same except for that.
    assert np.abs(drawn[0, 0] - center_digit(draw_strokes(DIGITS[3])) / 255).mean() < 0.01


def shown_picture(square):
    """The picture that the page shows, as `image` has it."""
    content = square.evaluate("async img => Array.from(new Uint8Array(await (await fetch(img.src)).arrayBuffer()))")
    return np.asarray(Image.open(io.BytesIO(bytes(content)))).transpose(2, 0, 1)[None] / 255


def uploads_photographs(reader, pictures):
    reader.turn_page()
    reader.run(CHOOSE)
    square = reader.page.locator("label:has(input[type=file]) ~ img")
    for name in ("sunset.jpg", "notes.txt", "large.bmp"):
        reader.choose(pictures / name)
        if name == "notes.txt":
            reader.expect("notes.txt is not a picture in a known format: JPEG, PNG")
            square.wait_for(state="hidden")
        else:
            reader.expect(f"{name}, 32 × 32 pixels")
            square.wait_for(state="visible")
            assert is_sunset(shown_picture(square)), name
    reader.run(SAVE_PHOTO)
    photo = reader.read("photo")
    assert (photo.shape, photo.dtype) == ((1, 3, 32, 32), "float32")
    assert is_sunset(photo)
