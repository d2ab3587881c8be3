"""Convolutional networks: feature maps as stacks of squares, vectors as bars."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from d2lhelpers.drawing.arrows import draw_arrow
from d2lhelpers.plotting import COLORS, FONT_SIZE, PALE, TINTS

_LINE = 0.3  # height of a line of text, in inches


def draw_layers(ax: Axes, stages: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Draw the path of the data through a convolutional network from left to right.

    The sides of feature maps grow with the square root of their true length, so that 1×1 and 224×224 fit into one
    picture. At most eight maps per stack are drawn.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; a figure 11 inches wide has room for eight stages.
    stages : sequence of (label, shape)
        A name for each stage, and the shape of its output per example: (channels, height, width) or (units,).
    """
    _check(stages)
    labels, shapes = zip(*stages, strict=True)
    # One unit is one inch, so that boxes and texts keep their proportions in a figure of any size. The axes grow a
    # little when the figure is laid out, because there are no tick labels to leave room for.
    width, height = 1.15 * ax.bbox.width / ax.figure.dpi, 1.1 * ax.bbox.height / ax.figure.dpi
    pitch = width / len(stages)
    sizes = _size_texts(shapes, pitch)
    size_lines, label_lines = (1 + max(text.count("\n") for text in texts) for texts in (sizes, labels))
    room = height - _LINE * (label_lines + size_lines) - 0.3
    largest = max(max(shape[1:], default=1) for shape in shapes)
    longest_side = min(0.68 * room, 0.72 * pitch)
    edge = None
    for column, shape in enumerate(shapes):
        x = (column + 0.5) * pitch
        if len(shape) == 3:
            half = _draw_maps(ax, x, shape, largest, longest_side, room) / 2
        else:
            half = _draw_bar(ax, x, shape[0], room) / 2
        if edge is not None:
            draw_arrow(ax, (edge + 0.03, 0), (x - half - 0.03, 0), color=PALE, head=12)
        edge = x + half
        ax.text(x, room / 2 + 0.1, sizes[column], ha="center", va="bottom", fontsize=FONT_SIZE - 1)
        ax.text(x, -room / 2 - 0.12, labels[column], ha="center", va="top", fontsize=FONT_SIZE - 1, linespacing=1.25)
    ax.set_xlim(0, width)
    ax.set_ylim(-room / 2 - 0.12 - _LINE * label_lines, room / 2 + 0.1 + _LINE * size_lines)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _check(stages: Sequence[tuple[str, Sequence[int]]]) -> None:
    if not stages:
        raise ValueError("stages is empty: give at least one (label, shape)")
    for label, shape in stages:
        if len(shape) not in (1, 3) or any(side < 1 for side in shape):
            raise ValueError(f"the shape of stage {label!r} must be (channels, height, width) or (units,), not {shape}")


def _size_texts(shapes: Sequence[Sequence[int]], pitch: float) -> list[str]:
    """Format shapes as 6×28×28, or with the channels on a separate line if the texts would touch each other."""
    texts = ["×".join(str(side) for side in shape) for shape in shapes]
    widest_digit = 0.64 * (FONT_SIZE - 1) / 72  # inches, in DejaVu Sans
    if (max(len(text) for text in texts) + 1) * widest_digit <= pitch:
        return texts
    return [text.replace("×", "\n", 1) for text in texts]


def _draw_maps(ax: Axes, x: float, shape: Sequence[int], largest: int, longest_side: float, room: float) -> float:
    """Draw a stack of feature maps centered on (x, 0) and return its width."""
    channels, *sides = shape
    tall, wide = (max(0.09, longest_side * math.sqrt(side / largest)) for side in sides)
    depth = min(0.3 * longest_side * min(1.0, math.log2(channels + 1) / 5), room - tall, 0.8 * wide)
    count = min(channels, 8, 1 + int(depth / 0.028))  # any closer, and the outlines would merge
    step = depth / max(count - 1, 1)
    left, bottom = x - (wide + depth) / 2, -(tall + depth) / 2
    for layer in reversed(range(count)):  # from the back to the front
        corner = (left + layer * step, bottom + layer * step)
        ax.add_patch(Rectangle(corner, wide, tall, facecolor=TINTS["sky"], edgecolor=COLORS["blue"], linewidth=1.4))
    return wide + depth


def _draw_bar(ax: Axes, x: float, units: int, room: float) -> float:
    """Draw a vector as a bar whose height grows with the logarithm of its length, and return its width."""
    tall = room * min(1.0, 0.15 + 0.85 * math.log10(units) / 4)
    wide = 0.16
    ax.add_patch(
        FancyBboxPatch(
            (x - wide / 2, -tall / 2),
            wide,
            tall,
            boxstyle="round,pad=0,rounding_size=0.04",
            facecolor=TINTS["vermilion"],
            edgecolor=COLORS["vermilion"],
            linewidth=1.4,
        )
    )
    return wide
