"""Drawings of arrays and networks: matrices as cells, dense networks, the feature maps of a convolutional network."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from d2lhelpers.plotting import COLORS, FILL, FONT_SIZE, INK, PALE, to_numpy


def draw_cells(
    ax: Axes,
    values: Any,
    highlight: Any = None,
    title: str = "",
    *,
    color: str | Sequence[str] = COLORS["sky"],
    indices: bool = False,
) -> None:
    """Draw a matrix as a grid of cells with its numbers in them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : array or nested list, shape (rows, columns)
        Numbers or strings.
    highlight : array, same shape, optional
        Which cells to color: true or false, or integers where 0 is not colored, 1 has the first of the colors, 2 the
        second, and so on.
    title : str
        Text above the grid.
    color : str or sequence of str
        Color or colors of the highlighted cells.
    indices : bool
        Number the rows and the columns along the edges.

    Raises
    ------
    ValueError
        If `values` is not a matrix, or `highlight` has another shape.
    """
    cells = to_numpy(values)
    if cells.ndim != 2 or 0 in cells.shape:
        raise ValueError(f"values must be a matrix (rows, columns), not of shape {cells.shape}")
    mask = np.zeros(cells.shape, dtype=int) if highlight is None else to_numpy(highlight).astype(int)
    if mask.shape != cells.shape:
        raise ValueError(f"highlight has shape {mask.shape}, the values {cells.shape}: they must be the same")
    palette = [color] if isinstance(color, str) else list(color)
    if mask.min() < 0 or mask.max() > len(palette):
        raise ValueError(f"highlight holds {mask.min()} to {mask.max()}, but there are {len(palette)} colors")
    rows, columns = cells.shape
    for (row, column), value in np.ndenumerate(cells):
        chosen = mask[row, column]
        ax.add_patch(
            Rectangle(
                (column, row),
                1,
                1,
                facecolor=palette[chosen - 1] if chosen else "white",
                edgecolor=INK,
                linewidth=1.5,
            )
        )
        ax.text(
            column + 0.5,
            row + 0.5,
            _number(value),
            ha="center",
            va="center_baseline",
            fontsize=FONT_SIZE + 1,
            fontweight="bold" if chosen else "normal",
            color=_text_color(palette[chosen - 1]) if chosen else INK,
        )
    if indices:
        edge: dict[str, Any] = {"ha": "center", "va": "center", "color": "#666666", "fontsize": FONT_SIZE - 1}
        for row in range(rows):
            ax.text(-0.35, row + 0.5, str(row), **edge)
        for column in range(columns):
            ax.text(column + 0.5, -0.35, str(column), **edge)
    room = 0.65 if indices else 0.04
    ax.set_xlim(-room, columns + 0.04)
    ax.set_ylim(rows + 0.04, -room)  # row 0 on top
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(title)


def _number(value: Any) -> str:
    """Write a cell's content: integers and whole floats as integers, other floats with three digits.

    >>> _number(3), _number(2.0), _number(0.12345), _number(-1.5), _number("a")
    ('3', '2', '0.123', '−1.5', 'a')
    """
    if isinstance(value, str):
        return value
    return f"{float(value):.3g}".replace("-", "\N{MINUS SIGN}")


def _text_color(background: str) -> str:
    """Ink or white, whichever stands out more against a color given as #rrggbb (WCAG 2's relative luminance)."""
    channels = [int(background[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.18 else INK


def draw_network(
    ax: Axes,
    sizes: Sequence[int],
    labels: Sequence[Sequence[str] | str | None] | None = None,
    *,
    names: Sequence[str] | None = None,
    max_nodes: int = 6,
) -> None:
    """Draw a dense network from left to right: a circle for each number, a line for each weight.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    sizes : sequence of int
        Numbers of inputs, hidden units of each layer, outputs.
    labels : sequence, optional
        For each layer the texts in its circles: a list with one text each; a letter, which is given subscripts
        (`"x"` becomes x₁, x₂, ...); or None for empty circles.
    names : sequence of str, optional
        A text below each layer, such as `["input", "hidden", "output"]`.
    max_nodes : int
        A layer with more units is drawn with this many places, the last but one showing dots.
    """
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise ValueError(f"sizes must be the units of at least two layers, each at least 1, not {list(sizes)}")
    if max_nodes < 3:
        raise ValueError(f"max_nodes must be at least 3, not {max_nodes}")
    for given, what in ((labels, "labels"), (names, "names")):
        if given is not None and len(given) != len(sizes):
            raise ValueError(f"{len(given)} {what} for {len(sizes)} layers: give one for each")
    tallest = min(max(sizes), max_nodes)
    below = 0.0 if names is None else 0.95
    gap = _column_gap(ax, len(sizes), tallest + below)
    radius = 0.42
    fills = [FILL] * len(sizes)
    fills[0], fills[-1] = "#D6ECF8", "#FBE3D0"  # pale sky and pale vermilion: what goes in, what comes out
    centers = [[(column * gap, y) for y in _node_heights(size, max_nodes)] for column, size in enumerate(sizes)]
    for left, right in itertools.pairwise(centers):
        for a in left:
            for b in right:
                if not math.isnan(a[1]) and not math.isnan(b[1]):
                    ax.plot([a[0], b[0]], [a[1], b[1]], color=PALE, linewidth=1.4, zorder=1)
    for column, (size, nodes) in enumerate(zip(sizes, centers, strict=True)):
        texts = _node_labels(None if labels is None else labels[column], size)
        small = len(nodes) > 4 and size >= 100  # long subscripts in small circles
        for place, (x, y) in enumerate(nodes):
            if math.isnan(y):
                middle = (nodes[place - 1][1] + nodes[place + 1][1]) / 2
                for shift in (-0.22, 0, 0.22):
                    ax.add_patch(Circle((x, middle + shift), 0.055, facecolor=INK, edgecolor="none"))
                continue
            ax.add_patch(Circle((x, y), radius, facecolor=fills[column], edgecolor=INK, linewidth=1.8, zorder=2))
            text = texts[place] if place < len(nodes) - 1 else texts[-1]
            ax.text(x, y, text, ha="center", va="center", fontsize=FONT_SIZE + (-1 if small else 2), zorder=3)
        if names is not None:
            ax.text(column * gap, tallest / 2 + 0.45, names[column], ha="center", va="center")
    ax.set_xlim(-1.1 if names else -0.5, (len(sizes) - 1) * gap + (1.1 if names else 0.5))
    ax.set_ylim(tallest / 2 + below, -tallest / 2)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _column_gap(ax: Axes, columns: int, height: float) -> float:
    """Distance between layers, in node heights, at which the drawing fills the axes' shape."""
    shape = ax.bbox.width / ax.bbox.height
    return min(max((shape * height - 2.2) / (columns - 1), 2.0), 4.5)


def _node_heights(size: int, max_nodes: int) -> list[float]:
    """Vertical places of a layer's nodes, top down, centered on 0; NaN where dots stand for the nodes left out."""
    shown = min(size, max_nodes)
    heights = [place - (shown - 1) / 2 for place in range(shown)]
    if size > max_nodes:
        heights[-2] = math.nan
    return heights


def _node_labels(label: Sequence[str] | str | None, size: int) -> list[str]:
    if label is None:
        return [""] * size
    if isinstance(label, str):
        return [f"${label}$"] if size == 1 else [f"${label}_{{{index}}}$" for index in range(1, size + 1)]
    if len(label) != size:
        raise ValueError(f"{len(label)} labels for a layer of {size} units: give one for each")
    return list(label)


def draw_layers(ax: Axes, stages: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Draw the path of the data through a convolutional network from left to right.

    Feature maps are stacks of squares, vectors are bars. Sides grow with the square root of the true ones, so that
    1×1 and 224×224 can stand on one picture; no more than eight maps of a stack are drawn.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; a figure 11 inches wide holds eight stages.
    stages : sequence of (label, shape)
        What each stage is called, and its output's shape per example: (channels, height, width) or (units,).
    """
    if not stages:
        raise ValueError("stages is empty: give at least one (label, shape)")
    for label, shape in stages:
        if len(shape) not in (1, 3) or any(side < 1 for side in shape):
            raise ValueError(f"the shape of stage {label!r} must be (channels, height, width) or (units,), not {shape}")
    columns = len(stages)
    # One unit is one inch, so that boxes and texts keep their proportions in a figure of any size. The axes will be a
    # little larger than they are now: the layout gives the room kept for tick labels to them when it finds none.
    total_width, total_height = 1.15 * ax.bbox.width / ax.figure.dpi, 1.1 * ax.bbox.height / ax.figure.dpi
    text_height = 0.3
    pitch = total_width / columns
    sizes = _stage_sizes([shape for _, shape in stages], pitch)
    label_lines = 1 + max(label.count("\n") for label, _ in stages)
    size_lines = 1 + max(size.count("\n") for size in sizes)
    room = total_height - text_height * (label_lines + size_lines) - 0.3
    largest = max(max(shape[1:]) if len(shape) == 3 else 1 for _, shape in stages)
    side_limit = min(0.68 * room, 0.72 * pitch)
    middle = 0.0
    previous_edge = None
    for column, (label, shape) in enumerate(stages):
        x = (column + 0.5) * pitch
        if len(shape) == 3:
            half = _draw_maps(ax, x, middle, shape, largest, side_limit, room)
        else:
            half = _draw_bar(ax, x, middle, shape[0], room)
        if previous_edge is not None:
            ax.annotate(
                "",
                xy=(x - half - 0.03, middle),
                xytext=(previous_edge + 0.03, middle),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": PALE,
                    "linewidth": 1.8,
                    "shrinkA": 0,
                    "shrinkB": 0,
                    "mutation_scale": 12,
                },
            )
        previous_edge = x + half
        ax.text(x, middle + room / 2 + 0.1, sizes[column], ha="center", va="bottom", fontsize=FONT_SIZE - 1)
        ax.text(x, middle - room / 2 - 0.12, label, ha="center", va="top", fontsize=FONT_SIZE - 1, linespacing=1.25)
    ax.set_xlim(0, total_width)
    ax.set_ylim(-room / 2 - 0.12 - text_height * label_lines, room / 2 + 0.1 + text_height * size_lines)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _stage_sizes(shapes: Sequence[Sequence[int]], pitch: float) -> list[str]:
    """Write shapes as 6×28×28, or in two lines, channels above, where these would run into one another."""
    texts = ["×".join(str(side) for side in shape) for shape in shapes]
    widest_digit = 0.64 * (FONT_SIZE - 1) / 72  # inches, in DejaVu Sans
    if (max(len(text) for text in texts) + 1) * widest_digit <= pitch:
        return texts
    return [text.replace("×", "\n", 1) for text in texts]


def _draw_maps(
    ax: Axes, x: float, y: float, shape: Sequence[int], largest: int, side_limit: float, room: float
) -> float:
    """Draw a stack of feature maps centered on (x, y) and return half its width."""
    channels, height, width = shape
    tall, wide = (max(0.09, side_limit * math.sqrt(side / largest)) for side in (height, width))
    depth = min(0.3 * side_limit * min(1.0, math.log2(channels + 1) / 5), room - tall, 0.8 * wide)
    layers = min(channels, 8, 1 + int(depth / 0.028))  # closer together, their outlines would be one blot
    step = depth / max(layers - 1, 1)
    left, bottom = x - (wide + depth) / 2, y - (tall + depth) / 2
    for layer in reversed(range(layers)):  # the hindmost first
        ax.add_patch(
            Rectangle(
                (left + layer * step, bottom + layer * step),
                wide,
                tall,
                facecolor="#D6ECF8",
                edgecolor=COLORS["blue"],
                linewidth=1.4,
            )
        )
    return (wide + depth) / 2


def _draw_bar(ax: Axes, x: float, y: float, units: int, room: float) -> float:
    """Draw a vector as a bar, its height growing with the logarithm of its length, and return half its width."""
    tall = room * min(1.0, 0.15 + 0.85 * math.log10(units) / 4)
    wide = 0.16
    ax.add_patch(
        FancyBboxPatch(
            (x - wide / 2, y - tall / 2),
            wide,
            tall,
            boxstyle="round,pad=0,rounding_size=0.04",
            facecolor="#FBE3D0",
            edgecolor=COLORS["vermilion"],
            linewidth=1.4,
        )
    )
    return wide / 2
