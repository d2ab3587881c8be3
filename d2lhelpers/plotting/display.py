"""Figures and tables on the page: pictures with alternative text, byte for byte the same every time."""

import base64
import html
import io
import re
import sys
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from d2lhelpers.formatting import html_table, text_table
from d2lhelpers.plotting.style import PIXELS_PER_INCH, STYLE

_RESOLUTION = 2  # image pixels per CSS pixel: sharp on a projector and on a high-resolution screen


def show(fig: Figure, alt: str, *, display_id: str | None = None, update: bool = False) -> None:
    """Show a figure below the cell, with alternative text for readers who cannot see it.

    The alternative text is stored in the output's metadata, where the slides find it, and as the output's plain text.
    A plain Python script prints it instead of showing a picture.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Shown at 100 CSS pixels per inch of its size.
    alt : str
        What the picture shows, in a sentence or two.
    display_id : str, optional
        A name for the picture, so that a later call can replace it.
    update : bool
        Whether to replace the picture previously shown under `display_id`.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what the picture shows, not {alt!r}")
    if update and display_id is None:
        raise ValueError("update=True needs the display_id of the picture to replace")
    alt = " ".join(alt.split())
    if ipython_shell() is not None:
        publish(fig, alt, display_id=display_id, update=update)
    elif not update:
        print(alt)


def show_table(rows: Sequence[Sequence[str]], caption: str) -> None:
    """Show a table below the cell. A plain Python script prints it.

    Parameters
    ----------
    rows : sequence of sequences of str
        The cells. The first row is the head, and the first cell of each row is its heading. The first column is aligned
        left, the others right. A hyphen before a number becomes a minus sign.
    caption : str
        What the table shows.

    Examples
    --------
    >>> show_table([("", "slope"), ("found", "-0.049"), ("true", "-0.050")], "dollars per quarter")
    dollars per quarter
            slope
    ─────────────
    found  −0.049
    true   −0.050
    """
    rows = [[re.sub(r"^-(?=[\d.])", "−", cell) for cell in row] for row in rows]
    sides = "<" + ">" * (len(rows[0]) - 1)
    text = f"{caption}\n{text_table(rows, sides, foot=False)}"
    if ipython_shell() is None:
        print(text)
        return
    from IPython.display import display  # already imported here; in a script, importing it would take half a second

    display({"text/html": html_table(rows, sides, caption, foot=False), "text/plain": text}, raw=True)


def publish(fig: Figure, alt: str, *, display_id: str | None, update: bool, shrink: bool = True) -> None:
    """Send a figure to the notebook: as a small file if `shrink` is true, else as fast as possible."""
    from IPython.display import display  # already imported here; in a script, importing it would take half a second

    kind, data = _shrink(_render(fig)) if shrink else ("image/png", _render(fig))
    width, height = _size_on_page(fig)
    display(
        {kind: base64.b64encode(data).decode("ascii"), "text/plain": alt},
        raw=True,
        metadata={kind: {"width": width, "height": height, "alt": alt}},
        **({} if display_id is None else {"display_id": display_id, "update": update}),
    )


def picture_html(fig: Figure, alt: str) -> str:
    """Return a figure as an HTML picture with its alternative text, for a widget."""
    width, height = _size_on_page(fig)
    data = base64.b64encode(_render(fig)).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" width="{width}" height="{height}" alt="{html.escape(alt)}">'


def ipython_shell() -> Any:
    """Return the shell of the notebook or IPython console that runs this code, or None in a plain script."""
    module = sys.modules.get("IPython")  # importing it to find out would slow scripts down
    return module and module.get_ipython()


def _size_on_page(fig: Figure) -> tuple[int, int]:
    width, height = fig.get_size_inches()
    return round(width * PIXELS_PER_INCH), round(height * PIXELS_PER_INCH)


def _render(fig: Figure) -> bytes:
    """Return a figure as a PNG file, byte for byte the same whenever the picture is the same."""
    options: dict[str, Any] = {"facecolor": "white", "transparent": False, "metadata": {"Software": None}}
    buffer = io.BytesIO()
    with rc_context(STYLE):
        fig.savefig(buffer, format="png", dpi=PIXELS_PER_INCH * _RESOLUTION, **options)
    return buffer.getvalue()


def _shrink(png: bytes) -> tuple[str, bytes]:
    """Return the MIME type and the bytes of a smaller file that looks the same.

    Drawings get a palette of 256 colors. Pictures with many colors, such as photographs, become a JPEG file, unless it
    would be larger, as it is if single pixels are shown as large squares.
    """
    image = Image.open(io.BytesIO(png)).convert("RGB")
    buffer = io.BytesIO()
    if image.getcolors(maxcolors=2000) is None:
        image.save(buffer, format="jpeg", quality=90, subsampling=0, optimize=True)
        jpeg = buffer.getvalue()
        return ("image/jpeg", jpeg) if len(jpeg) < len(png) else ("image/png", png)
    palette = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(buffer, format="png", optimize=True)
    return "image/png", buffer.getvalue()
