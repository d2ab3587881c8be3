"""The arrow that all diagrams share."""

from typing import Any

from matplotlib.axes import Axes

Point = tuple[float, float]


def draw_arrow(
    ax: Axes, start: Point, end: Point, *, color: str, head: float, gaps: tuple[float, float] = (0, 0), **options: Any
) -> None:
    """Draw a straight arrow with a filled head.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    start, end : (x, y)
        In the coordinates of the axes.
    color : str
        Color of the line and the head.
    head : float
        Size of the head in points.
    gaps : (float, float)
        Distance of the line from the start and from the end, in points.
    **options
        Further arguments to `matplotlib.axes.Axes.annotate`.
    """
    style = {
        "arrowstyle": "-|>",
        "color": color,
        "linewidth": 1.8,
        "mutation_scale": head,
        "shrinkA": gaps[0],
        "shrinkB": gaps[1],
    }
    ax.annotate("", xy=end, xytext=start, arrowprops=style, **options)
