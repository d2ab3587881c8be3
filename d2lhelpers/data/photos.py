"""Photographs that are part of the package, with their titles and credits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp  # NumPy itself
from PIL import Image

from d2lhelpers.arguments import check_integer
from d2lhelpers.arrays import to_planes
from d2lhelpers.data.embedded import open_embedded, read_sources

_FOLDER = "photos/"


@dataclass(frozen=True, eq=False)
class Photo:
    """A photograph: `image` is an MXNet array (3, height, width), float32 in [0, 1], on the CPU."""

    name: str
    title: str
    credit: str
    license: str
    image: Any


def load_photos(size: int | None = None) -> list[Photo]:
    """Load the photographs that are part of the package, in the order of their names.

    Parameters
    ----------
    size : int, optional
        Height and width, 8 to 1,024: crop each photograph to the square in its middle and resize it. By default, the
        photographs are complete, up to 640 pixels wide, and have different shapes.

    Examples
    --------
    >>> [photo.name for photo in load_photos(64)]
    ['astronaut', 'camera', 'chelsea', 'china', 'coffee', 'flower', 'rocket']
    """
    if size is not None:
        size = check_integer("size", size, 8, 1024)
    return [_load(path, size) for path in sorted(read_sources()) if path.startswith(_FOLDER)]


def _load(path: str, size: int | None) -> Photo:
    source = read_sources()[path]
    with open_embedded(path) as stream, Image.open(stream) as file:
        picture = file.convert("RGB")
    if size is not None:
        side = min(picture.size)
        left, top = ((length - side) // 2 for length in picture.size)
        box = (left, top, left + side, top + side)
        picture = picture.resize((size, size), Image.Resampling.BILINEAR, box=box)
    return Photo(
        name=path.removeprefix(_FOLDER).partition(".")[0],
        title=source["title"],
        credit=source["authors"],
        license=source["license"],
        image=to_planes(onp.asarray(picture, dtype="float32") / 255),
    )
