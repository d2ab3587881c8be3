"""From strokes of a pen to an image like those of MNIST.

The authors of MNIST scaled each digit to fit into a box of 20×20 pixels, and placed that box in an image of 28×28
pixels so that the digit's center of mass is as close as possible to pixel (14, 14), counted from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as onp  # NumPy itself
from PIL import Image, ImageDraw

Stroke = Sequence[Sequence[float]]  # points (x, y), in any unit; y grows downward

SIDE = 28  # pixels of an image
BOX = 20  # pixels of the box that the digit fits into
PEN = 2.4  # width of the line in these pixels, about as in MNIST, no matter how large the digit is drawn
_ZOOM = 16  # pixels of the drawing for each pixel of the image
_SMALLEST = 0.05  # drawings smaller than that, in units of the strokes, are dots and are not enlarged any further


def draw_strokes(strokes: Sequence[Stroke]) -> onp.ndarray:
    """Draw strokes as white lines on black, so that they fill a box of 20×20 pixels, 16 times enlarged; uint8."""
    points = onp.array([point for stroke in strokes for point in stroke], dtype="float64")
    corner, extent = points.min(axis=0), float(onp.ptp(points, axis=0).max())
    zoom = _ZOOM * (BOX - PEN) / max(extent, _SMALLEST)
    picture = Image.new("L", (BOX * _ZOOM, BOX * _ZOOM))
    pen, radius = ImageDraw.Draw(picture), _ZOOM * PEN / 2
    for stroke in strokes:
        path = [tuple(point) for point in (onp.asarray(stroke) - corner) * zoom + radius]
        pen.line(path, fill=255, width=round(2 * radius))
        for x, y in path:  # round ends and corners
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return onp.asarray(picture)


def center_digit(picture: onp.ndarray) -> onp.ndarray:
    """Scale and center a white digit on black, (height, width) uint8, as MNIST does: (28, 28) uint8."""
    rows, columns = (onp.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
    digit = Image.fromarray(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    longest = max(digit.size)
    size = [max(1, round(length * BOX / longest)) for length in digit.size]
    box = onp.asarray(digit.resize(size, Image.Resampling.BILINEAR))
    top, left = (_offset(box, axis) for axis in (0, 1))
    image = onp.zeros((SIDE, SIDE), "uint8")
    image[top : top + box.shape[0], left : left + box.shape[1]] = box
    return image


def _offset(box: onp.ndarray, axis: int) -> int:
    """Return the row or column of the image where the box begins."""
    mass = box.sum(axis=1 - axis, dtype="float64")
    center = mass @ onp.arange(len(mass)) / mass.sum()
    return int(onp.clip(onp.rint(SIDE / 2 - center), 0, SIDE - len(mass)))
