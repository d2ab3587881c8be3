"""A photograph to filter, crop, and rotate: it comes with Matplotlib, so nothing is downloaded."""

from __future__ import annotations

from typing import Any

import numpy as onp  # NumPy itself
from matplotlib import cbook
from PIL import Image

from d2lhelpers.arguments import check_integer
from d2lhelpers.arrays import to_planes

_NAME = "grace_hopper.jpg"
_SQUARE = (70, 20, 450, 400)  # left, upper, right, lower: head and shoulders


def load_photo(size: int = 256, *, gray: bool = False) -> Any:
    """Load a square photograph: Grace Hopper, who wrote one of the first compilers, in her navy uniform.

    Parameters
    ----------
    size : int
        Height and width in pixels, 8 to 380.
    gray : bool
        Whether to return one channel instead of red, green, and blue.

    Returns
    -------
    mxnet.numpy.ndarray
        (3, size, size), or (1, size, size) if gray; float32 in [0, 1], on the CPU.

    Notes
    -----
    Official portrait by the U.S. Navy, in the public domain; one of Matplotlib's sample files.

    >>> load_photo(64).shape
    (3, 64, 64)
    """
    size = check_integer("size", size, 8, _SQUARE[2] - _SQUARE[0])
    path = str(cbook.get_sample_data(_NAME, asfileobj=False))
    with Image.open(path) as photo:
        colors = photo.convert("L" if gray else "RGB")
        square = colors.resize((size, size), Image.Resampling.BILINEAR, box=_SQUARE)
        pixels = onp.asarray(square, dtype="float32") / 255
    return to_planes(onp.atleast_3d(pixels))
