"""Labels next to points, placed so that they cover neither each other nor the points."""

import itertools
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from d2lhelpers.plotting.style import PALE

# Where a label can be, relative to its point: first choices first.
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_GAPS = (11, 22, 36)  # pixels between a point and its label
_FAR = 15  # a label farther away gets a line to its point


def label_points(
    ax: Axes,
    points: Sequence[tuple[float, float]],
    texts: Sequence[str],
    obstacles: Sequence[tuple[tuple[float, float], tuple[float, float]]] = (),
) -> None:
    """Write a text next to each point of a finished plot, where it covers the least.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits must be final, because distances on the page depend on them.
    points, texts : sequences of the same length
        The points in data coordinates, and the label of each.
    obstacles : sequence of pairs of points
        Corners of further rectangles to leave free, in data coordinates, such as error bars.
    """
    fig: Any = ax.figure
    fig.draw_without_rendering()  # fixes the layout
    corners = [(point, point) for point in points] + list(obstacles)
    taken = [Bbox(ax.transData.transform(pair)).padded(6) for pair in corners]
    for point, text in zip(points, texts, strict=True):
        label = ax.annotate(text, point, (0, 0), textcoords="offset points", ha="center", va="center", parse_math=False)
        label.set_in_layout(False)
        box = label.get_window_extent()
        x, y = ax.transData.transform(point)
        choices = []
        for rank, (gap, (right, up)) in enumerate(itertools.product(_GAPS, _DIRECTIONS)):
            shift = (right * (box.width / 2 + gap), up * (box.height / 2 + gap * (0.4 if right else 1)))
            place = Bbox.from_bounds(x + shift[0] - box.width / 2, y + shift[1] - box.height / 2, box.width, box.height)
            choices.append((_overlap(place, taken) + 10 * _outside(place, ax.bbox), rank, gap, shift, place))
        _, _, gap, shift, place = min(choices, key=lambda choice: choice[:2])
        label.set_position((72 / fig.dpi * shift[0], 72 / fig.dpi * shift[1]))
        taken.append(place)
        if gap > _FAR:
            _connect(ax, point, place)


def _overlap(place: Bbox, taken: Sequence[Bbox]) -> float:
    """Return how many pixels of a rectangle are taken."""
    shared = (Bbox.intersection(place, other) for other in taken)
    return sum(box.width * box.height for box in shared if box is not None)


def _outside(place: Bbox, page: Bbox) -> float:
    return place.width * place.height - _overlap(place, [page])


def _connect(ax: Axes, point: tuple[float, float], place: Bbox) -> None:
    """Draw a thin line from a point to the closest point of its label."""
    x, y = ax.transData.transform(point)
    end = (min(max(x, place.x0), place.x1), min(max(y, place.y0), place.y1))
    (x0, y0), (x1, y1) = point, ax.transData.inverted().transform(end)
    ax.plot([x0, x1], [y0, y1], color=PALE, linewidth=1, zorder=1, scalex=False, scaley=False)
