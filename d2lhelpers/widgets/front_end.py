"""The widgets themselves. This module is imported only in a live notebook, because it takes a third of a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_FOLDER = Path(__file__).parent


class PadWidget(anywidget.AnyWidget):
    """A pad to draw on, with a preview of what the network gets."""

    _esm = _FOLDER / "pad.js"
    strokes: traitlets.List[Any] = traitlets.List().tag(sync=True)  # each a list of points [x, y] between 0 and 1
    preview = traitlets.Bytes(b"").tag(sync=True)  # 28×28 pixels; empty if nothing is drawn


class UploadWidget(anywidget.AnyWidget):
    """A button that uploads a file, and the picture that was made from it."""

    _esm = _FOLDER / "upload.js"
    message = traitlets.Unicode("").tag(sync=True)
    picture = traitlets.Bytes(b"").tag(sync=True)  # a PNG file; empty if there is none
