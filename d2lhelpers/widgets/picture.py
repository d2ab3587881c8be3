"""From any picture file to a square array."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as onp  # NumPy itself
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = "JPEG, PNG, GIF, WebP, BMP, and TIFF work"
# What Pillow raises if a file is damaged, depending on the format and on where the damage is.
_DAMAGE = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)
# Pillow's names for kinds of pixels that cannot be transparent.
_OPAQUE = ("1", "L", "RGB", "CMYK", "YCbCr", "HSV", "I", "F", "I;16", "I;16B", "I;16L", "I;16N")


def read_square(content: bytes, name: str, size: int) -> Image.Image:
    """Read the content of a picture file, crop it to the square in its middle, and resize that.

    The result is RGB and upright: phones store photographs as the sensor sees them, and metadata say how to turn them.

    Raises
    ------
    ValueError
        If the content is not a picture, or is damaged, or has more than 89 million pixels (Pillow's own limit).
    """
    if not content:
        raise ValueError(f"{name} is empty: {FORMATS}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of unusual metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                return _square(picture, size)
    except _TOO_LARGE:
        raise ValueError(f"{name} has more than 89 million pixels: save a smaller copy, and use that") from None
    except UnidentifiedImageError:
        raise ValueError(
            f"{name} is not a picture in a known format: {FORMATS}. Export an iPhone's HEIC photos as JPEG"
        ) from None
    except _DAMAGE as error:
        raise ValueError(f"{name} cannot be read ({error}): the file may be damaged. {FORMATS}") from None


def _square(file: Image.Image, size: int) -> Image.Image:
    file.draft("RGB", (2 * size, 2 * size))  # a JPEG file is decoded at a size not much larger than needed
    file.load()  # the first frame of an animation
    picture = _stretch(file) if file.mode[0] in "IF" else file
    mode = "RGB" if file.mode in _OPAQUE and "transparency" not in file.info else "RGBA"
    if picture.mode != mode:
        picture = picture.convert(mode)
    side = min(picture.size)
    left, top = ((length - side) // 2 for length in picture.size)
    box = (left, top, left + side, top + side)
    square = picture.resize((size, size), Image.Resampling.BILINEAR, box=box, reducing_gap=3)
    square = _turn(square)  # only now, because turning the whole picture would need as much memory again
    if mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square)
    return square.convert("RGB")


def _turn(picture: Image.Image) -> Image.Image:
    """Turn a picture to the way the camera was held, unless the metadata that say so are damaged."""
    try:
        return ImageOps.exif_transpose(picture)
    except _DAMAGE:
        return picture


def _stretch(picture: Image.Image) -> Image.Image:
    """Convert gray values of more than 8 bits, as from a scanner: the smallest becomes black, the largest white."""
    values = onp.nan_to_num(onp.asarray(picture, dtype="float32"))
    low, high = values.min(), values.max()
    gray = Image.fromarray(((values - low) * (255 / max(high - low, 1e-30))).astype("uint8"))
    gray.info = picture.info
    return gray
