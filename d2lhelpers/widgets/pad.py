"""`draw_digit`: a pad in a live notebook, a stored digit elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as onp  # NumPy itself

from d2lhelpers.arguments import check_integer
from d2lhelpers.data import load_images
from d2lhelpers.interactive import is_live
from d2lhelpers.plotting import show_images
from d2lhelpers.widgets.strokes import center_digit, draw_strokes
from d2lhelpers.widgets.user_image import UserImage

_EMPTY = "Nothing has been drawn yet: draw a digit on the pad, and run this cell again."


def draw_digit(example: int = 3) -> UserImage:
    """Show a pad to draw a digit on, with a mouse, a pen, or a finger.

    Parameters
    ----------
    example : int
        The digit to show and return where nobody can draw: in a script, a stored notebook, or a static deck.

    Returns
    -------
    UserImage
        Its `image` is what is on the pad when you ask for it: shape (1, 1, 28, 28), float32 in [0, 1], scaled and
        centered like the images of MNIST. It raises ValueError if the pad is empty.

    Examples
    --------
    >>> digit = draw_digit()
    A handwritten 3, which is a stored example.
    >>> digit.image.shape
    (1, 1, 28, 28)
    """
    example = check_integer("example", example, 0, 9)
    if is_live():
        return _show_pad()
    images, labels = load_images(False, source="mnist", size=100)
    stored = images.asnumpy()[labels.tolist().index(example)]
    show_images(stored, alt=f"A handwritten {example}, which is a stored example.", width=2.8)
    return UserImage(_EMPTY, stored)


def _show_pad() -> UserImage:
    from IPython.display import display

    from d2lhelpers.widgets.front_end import PadWidget

    digit, widget = UserImage(_EMPTY), PadWidget()

    def update(change: Any) -> None:
        if not widget.strokes:
            digit.remove(_EMPTY)
            widget.preview = b""
            return
        pixels = center_digit(draw_strokes(widget.strokes))
        digit.set(pixels[None].astype("float32") / onp.float32(255))
        widget.preview = pixels.tobytes()

    widget.observe(update, names="strokes")
    display(widget)
    return digit
