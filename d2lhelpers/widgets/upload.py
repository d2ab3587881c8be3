"""`upload_photo`: an upload, a file, or a stored photograph."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as onp  # NumPy itself
from PIL import Image

from d2lhelpers.arguments import check_choice, check_integer, shorten
from d2lhelpers.data import load_photos
from d2lhelpers.interactive import is_live
from d2lhelpers.plotting import show_images
from d2lhelpers.widgets.picture import read_square
from d2lhelpers.widgets.user_image import UserImage

_EMPTY = "Nothing has been uploaded yet: choose a picture, wait until it is shown, and run this cell again."


def upload_photo(
    source: str | os.PathLike[str] | bytes | None = None, *, size: int = 224, example: str = "chelsea"
) -> UserImage:
    """Let the user upload a picture, or read one from a file; crop it to a square and resize it.

    Parameters
    ----------
    source : path or bytes, optional
        A picture file, or its content. By default, the notebook shows a button that uploads a file. Where files cannot
        be uploaded this way, copy the file next to the notebook (on Colab, into the files panel) and name it here.
    size : int
        Height and width in pixels, 8 to 1,024: 224 is what pretrained networks expect.
    example : str
        The photograph of `load_photos` to show and return where nobody can upload one: in a script, a stored notebook,
        or a static deck.

    Returns
    -------
    UserImage
        Its `image` has shape (1, 3, size, size) and contains red, green, and blue as float32 in [0, 1]. It raises
        ValueError as long as there is none.

    Examples
    --------
    >>> photo = upload_photo(size=64)
    Chelsea the cat, which is a stored example.
    >>> photo.image.shape
    (1, 3, 64, 64)
    """
    size = check_integer("size", size, 8, 1024)
    if source is not None:
        return UserImage("", _planes(read_square(*_content(source), size)))
    if is_live():
        return _show_upload(size)
    photos = {photo.name: photo for photo in load_photos(size)}
    photo = photos[check_choice("example", example, tuple(photos))]
    show_images(photo.image[None], alt=f"{photo.title}, which is a stored example.", width=2.8)
    return UserImage("", photo.image.asnumpy())


def _content(source: Any) -> tuple[bytes, str]:
    """Return a file's content and its name."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), "the picture"
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        return path.read_bytes(), path.name
    raise TypeError(f"source={shorten(source)}: must be the path of a picture file, or its content as bytes")


def _planes(square: Image.Image) -> onp.ndarray:
    return onp.asarray(square, dtype="float32").transpose(2, 0, 1) / onp.float32(255)


def _show_upload(size: int) -> UserImage:
    from IPython.display import display

    from d2lhelpers.widgets.front_end import UploadWidget

    photo, widget = UserImage(_EMPTY), UploadWidget()

    def receive(_: Any, message: dict[str, str], buffers: list[memoryview]) -> None:
        name = message["name"]
        widget.message = ""  # so that the same message again is a change, which the widget shows
        try:
            if "error" in message:
                raise ValueError(message["error"])
            square = read_square(bytes(buffers[0]), name, size)
        except ValueError as error:
            photo.remove(str(error))
            widget.picture, widget.message = b"", f"{error}."
            return
        photo.set(_planes(square))
        file = io.BytesIO()
        square.save(file, "png")
        widget.picture, widget.message = file.getvalue(), f"{name}, {size} × {size} pixels"

    widget.on_msg(receive)
    display(widget)
    return photo
