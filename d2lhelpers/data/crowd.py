"""A drawing of a crowd with one person to find: a picture to search with a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp  # NumPy itself

from d2lhelpers.arguments import check_integer
from d2lhelpers.arrays import to_planes
from d2lhelpers.random import random_stream

Color = tuple[float, float, float]

# A person consists of a head, a body, and legs, all 13 pixels wide. Letters stand for colors: h hat, a hair,
# f face and hands, e eyes, c coat, t trousers or skirt, b bag, s shoes. A dot is the white background.
_HEADS = {
    "hat": ("...hhhhhh....", "...hhhhhh....", ".hhhhhhhhhh..", "....fefe.....", "....ffff....."),
    "cap": (".............", "....hhhh.....", "....hhhhhh...", "....fefe.....", "....ffff....."),
    "short hair": (".............", "....aaaa.....", "...aaaaaa....", "...afefea....", "....ffff....."),
    "long hair": (".............", "....aaaa.....", "...aaaaaa....", "..aafefeaa...", "..aaffffaa..."),
    "bald": (".............", ".............", "....ffff.....", "....fefe.....", "....ffff....."),
}
_BODIES = {
    "arms down": ("...cccccc....", "..cccccccc...", "..cccccccc...", "..cccccccc...", "..fccccccf..."),
    "arm up": ("f..cccccc....", "cccccccccc...", "...ccccccc...", "...ccccccc...", "...ccccccf..."),
}
_LEGS = {
    "trousers": ("...tttttt....", "...tt..tt....", "...tt..tt....", "...tt..tt....", "..sss..sss..."),
    "skirt": ("...tttttt....", "..tttttttt...", "..tttttttt...", "....f..f.....", "...ss..ss...."),
}
_BAG = (".........bbb.", ".........bbb.", ".........bbb.")  # next to the legs, starting at their first row
_HEIGHT, _WIDTH = 15, 13
_CELL = (19, 14)  # height and width of the space for each person, in pixels
_MARGIN = 2

_SKIN: tuple[Color, ...] = ((0.98, 0.84, 0.72), (0.91, 0.71, 0.55), (0.72, 0.51, 0.36), (0.50, 0.34, 0.24))
_HAIR: tuple[Color, ...] = ((0.13, 0.10, 0.09), (0.42, 0.26, 0.13), (0.85, 0.66, 0.30), (0.62, 0.62, 0.62))
_CLOTH: tuple[Color, ...] = (
    (0.10, 0.20, 0.48),
    (0.05, 0.36, 0.24),
    (0.64, 0.08, 0.12),
    (0.20, 0.20, 0.22),
    (0.00, 0.45, 0.70),
    (0.90, 0.62, 0.00),
    (0.34, 0.71, 0.91),
    (0.80, 0.47, 0.65),
    (0.95, 0.89, 0.35),
    (0.60, 0.80, 0.55),
)
_BLACK: Color = (0.08, 0.08, 0.08)
_BLUE, _GREEN, _RED, _GRAY = _CLOTH[:4]


@dataclass(frozen=True)
class Crowd:
    """A picture of a crowd, the figure to find in it, and its position.

    Attributes
    ----------
    image : mxnet.numpy.ndarray, shape (3, height, width)
        The crowd in color, with values in [0, 1].
    figure : mxnet.numpy.ndarray, shape (3, 15, 13)
        The person to find, on a white background: the only one with both a brimmed hat and a bag.
    place : tuple of int
        Row and column of the figure's upper left pixel in the image.
    """

    image: Any
    figure: Any
    place: tuple[int, int]


def draw_crowd(seed: int = 0, *, rows: int = 5, columns: int = 22) -> Crowd:
    """Draw a crowd of small people, only one of whom both wears a brimmed hat and carries a bag.

    The others have one of the two or neither; their clothes, skin, hair, and posture are drawn at random. No two people
    overlap.

    Parameters
    ----------
    seed : int
        A different seed gives a different crowd; the figure to find looks the same in all of them.
    rows, columns : int
        The number of rows and columns of people, 2 to 50 each.

    Returns
    -------
    Crowd
        The same on every machine.

    Examples
    --------
    >>> crowd = draw_crowd()
    >>> crowd.image.shape, crowd.figure.shape
    ((3, 99, 312), (3, 15, 13))
    """
    rows, columns = check_integer("rows", rows, 2, 50), check_integer("columns", columns, 2, 50)
    random = random_stream(seed, rows, columns)
    height, width = _CELL
    image = onp.ones((rows * height + 2 * _MARGIN, columns * width + 2 * _MARGIN, 3))
    wanted = divmod(random.randint(rows * columns), columns)
    place = (0, 0)
    for row in range(rows):
        for column in range(columns):
            person = _wanted_person() if (row, column) == wanted else _random_person(random)
            top = _MARGIN + row * height + random.randint(height - _HEIGHT + 1)
            left = _MARGIN + column * width + random.randint(width - _WIDTH + 1)
            image[top : top + _HEIGHT, left : left + _WIDTH] = person
            if (row, column) == wanted:
                place = (top, left)
    return Crowd(to_planes(image), to_planes(_wanted_person()), place)


def _wanted_person() -> onp.ndarray:
    colors = {"h": _GREEN, "f": _SKIN[2], "c": _BLUE, "t": _GRAY, "b": _RED}
    return _person("hat", "arms down", "trousers", True, colors)


def _random_person(random: onp.random.RandomState) -> onp.ndarray:
    head, body, legs = (list(parts)[random.randint(len(parts))] for parts in (_HEADS, _BODIES, _LEGS))
    bag = bool(random.randint(2)) and head != "hat"
    hat, coat, below, carried = (_CLOTH[random.randint(len(_CLOTH))] for _ in range(4))
    skin, hair = _SKIN[random.randint(len(_SKIN))], _HAIR[random.randint(len(_HAIR))]
    return _person(head, body, legs, bag, {"h": hat, "a": hair, "f": skin, "c": coat, "t": below, "b": carried})


def _person(head: str, body: str, legs: str, bag: bool, colors: dict[str, Color]) -> onp.ndarray:
    """Return a picture of shape (15, 13, 3)."""
    pixels = [list(row) for row in (*_HEADS[head], *_BODIES[body], *_LEGS[legs])]
    for number, row in enumerate(_BAG if bag else ()):
        for column, letter in enumerate(row):
            if letter != ".":
                pixels[len(_HEADS[head]) + len(_BODIES[body]) + number][column] = letter
    palette = {".": (1.0, 1.0, 1.0), "e": _BLACK, "s": _BLACK, **colors}
    return onp.array([[palette[letter] for letter in row] for row in pixels])
