"""Dense networks: a circle for each number, a line for each weight."""

import itertools
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle

from d2lhelpers.plotting import FILL, FONT_SIZE, INK, PALE, TINTS

_RADIUS = 0.42  # of a node; the nodes of a layer are 1 apart


def draw_network(
    ax: Axes,
    sizes: Sequence[int],
    labels: Sequence[Sequence[str] | str | None] | None = None,
    *,
    names: Sequence[str] | None = None,
    max_nodes: int = 6,
) -> None:
    """Draw a dense network from left to right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    sizes : sequence of int
        Numbers of inputs, hidden units of each layer, and outputs.
    labels : sequence, optional
        For each layer, the texts in its circles: a list with one text per circle; a letter, which gets subscripts
        (`"x"` becomes x₁, x₂, ...); or None for empty circles.
    names : sequence of str, optional
        A text below each layer, such as `["input", "hidden", "output"]`.
    max_nodes : int
        A layer with more units is drawn in this many rows, with dots in the second-to-last one.
    """
    _check(sizes, labels, names, max_nodes)
    tallest = min(max(sizes), max_nodes)
    below = 0.95 if names else 0.0
    gap = _column_gap(ax, len(sizes), tallest + below)
    columns = [[(x * gap, y) for y in _heights(size, max_nodes)] for x, size in enumerate(sizes)]
    for left, right in itertools.pairwise(columns):
        for (x1, y1), (x2, y2) in itertools.product(left, right):
            ax.plot([x1, x2], [y1, y2], color=PALE, linewidth=1.4, zorder=1)
    fills = [TINTS["sky"], *[FILL] * (len(sizes) - 2), TINTS["vermilion"]]
    for index, (nodes, size) in enumerate(zip(columns, sizes, strict=True)):
        _draw_nodes(ax, nodes, _node_labels(labels[index] if labels else None, size), fills[index])
        if names:
            ax.text(index * gap, tallest / 2 + 0.45, names[index], ha="center", va="center")
    margin = 1.1 if names else 0.5
    ax.set_xlim(-margin, (len(sizes) - 1) * gap + margin)
    ax.set_ylim(tallest / 2 + below, -tallest / 2)
    ax.set_aspect("equal")
    ax.set_axis_off()


def _check(sizes: Sequence[int], labels: Sequence[object] | None, names: Sequence[str] | None, max_nodes: int) -> None:
    if len(sizes) < 2 or any(size < 1 for size in sizes):
        raise ValueError(f"sizes must list the units of at least two layers, at least 1 each, not {list(sizes)}")
    if max_nodes < 3:
        raise ValueError(f"max_nodes must be at least 3, not {max_nodes}")
    for texts, what in ((labels, "labels"), (names, "names")):
        if texts is not None and len(texts) != len(sizes):
            raise ValueError(f"{len(texts)} {what} for {len(sizes)} layers: give one for each")


def _column_gap(ax: Axes, columns: int, height: float) -> float:
    """Return the distance between layers with which the drawing fills the axes."""
    shape = ax.bbox.width / ax.bbox.height
    return min(max((shape * height - 2.2) / (columns - 1), 2.0), 4.5)


def _heights(size: int, max_nodes: int) -> list[float]:
    """Return the vertical positions of a layer's nodes, centered on 0, with a gap where dots stand for the others."""
    shown = min(size, max_nodes)
    heights = [row - (shown - 1) / 2 for row in range(shown)]
    if size > max_nodes:
        del heights[-2]
    return heights


def _node_labels(label: Sequence[str] | str | None, size: int) -> list[str]:
    if label is None:
        return [""] * size
    if isinstance(label, str):
        return [f"${label}$"] if size == 1 else [f"${label}_{{{index}}}$" for index in range(1, size + 1)]
    if len(label) != size:
        raise ValueError(f"{len(label)} labels for a layer of {size} units: give one for each")
    return list(label)


def _draw_nodes(ax: Axes, nodes: Sequence[tuple[float, float]], labels: list[str], fill: str) -> None:
    """Draw the circles of a layer; labels without a circle are those that the dots stand for."""
    x, last = nodes[-1]
    if len(labels) > len(nodes):
        for shift in (-0.22, 0, 0.22):
            ax.add_patch(Circle((x, last - 1 + shift), 0.055, facecolor=INK, edgecolor="none"))
    small = len(labels) >= 100 and len(nodes) >= 4  # long subscripts in small circles
    for (_, y), label in zip(nodes, [*labels[: len(nodes) - 1], labels[-1]], strict=True):
        ax.add_patch(Circle((x, y), _RADIUS, facecolor=fill, edgecolor=INK, linewidth=1.8, zorder=2))
        ax.text(x, y, label, ha="center", va="center", fontsize=FONT_SIZE + (-1 if small else 2), zorder=3)
