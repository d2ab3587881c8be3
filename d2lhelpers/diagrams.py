"""Block diagrams of networks: boxes for layers, arrows for the data between them."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from d2lhelpers.plotting import COLORS, FILL, FONT_SIZE, INK

# Fill and outline of each kind of box: pale tints of the course's colors, on which ink is easy to read.
KINDS = {
    "data": ("#FFFFFF", INK),
    "conv": ("#D6ECF8", COLORS["blue"]),
    "pool": ("#F6E3EE", COLORS["purple"]),
    "norm": ("#D5EFE6", COLORS["green"]),
    "activation": ("#FCEBC8", COLORS["orange"]),
    "dense": ("#FBE3D0", COLORS["vermilion"]),
    "block": (FILL, INK),
    "join": ("#FFFFFF", INK),
}
_JOIN_POINTS = 30  # diameter of a join's circle, in points, whatever the scale of the axes


def draw_blocks(
    ax: Axes,
    boxes: Mapping[str, tuple[float, float, str, str]],
    arrows: Sequence[tuple[str, str] | tuple[str, str, float]],
    *,
    box_width: float = 0.78,
    box_height: float = 0.66,
) -> None:
    """Draw a block of a network: a box for each layer, an arrow for each array that goes from one to another.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw. It is filled: the wider the figure, the wider a column.
    boxes : mapping of name to (x, y, kind, text)
        The middle of each box, in columns from the left and rows from below; what it is: "data", "conv", "pool",
        "norm", "activation", "dense", "block", or "join", a small circle for a sum, a product or a concatenation;
        and the text in it.
    arrows : sequence of (source, target) or (source, target, y)
        Names of two boxes. An arrow goes straight, from side to side, or from top to bottom within a column. With `y`
        it runs along that height, and goes up or down at its two ends: a way around other boxes.
    box_width, box_height : float
        Size of a box as a part of a column's width and a row's height.

    Raises
    ------
    ValueError
        If a kind or a name is not known.
    """
    if not boxes:
        raise ValueError("boxes is empty: give at least one, as name: (x, y, kind, text)")
    for name, (_, _, kind, _) in boxes.items():
        if kind not in KINDS:
            raise ValueError(f"box {name!r} is of kind {kind!r}; there are {', '.join(KINDS)}")
    for arrow in arrows:
        unknown = [name for name in arrow[:2] if name not in boxes]
        if unknown:
            raise ValueError(f"an arrow names {unknown[0]!r}, but the boxes are {', '.join(boxes)}")
    heights = [y for _, y, _, _ in boxes.values()] + [arrow[2] for arrow in arrows if len(arrow) == 3]
    columns = [x for x, _, _, _ in boxes.values()]
    ax.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    ax.set_ylim(min(heights) - 0.5, max(heights) + 0.5)
    ax.set_axis_off()
    for x, y, kind, text in boxes.values():
        _draw_box(ax, x, y, kind, text, box_width, box_height)
    for source, target, *around in arrows:
        places = [boxes[source][:2], boxes[target][:2]]
        joins = [boxes[source][2] == "join", boxes[target][2] == "join"]
        points = _path(places, joins, box_width, box_height, around[0] if around else None)
        _draw_arrow(ax, points, gap_start=joins[0], gap_end=joins[1])


def _draw_box(ax: Axes, x: float, y: float, kind: str, text: str, width: float, height: float) -> None:
    fill, outline = KINDS[kind]
    if kind == "join":
        ax.plot([x], [y], "o", markersize=_JOIN_POINTS, markerfacecolor=fill, markeredgecolor=outline, zorder=3)
    else:
        corner = (x - width / 2, y - height / 2)
        ax.add_patch(Rectangle(corner, width, height, facecolor=fill, edgecolor=outline, linewidth=1.6, zorder=3))
    ax.text(x, y, text, ha="center", va="center_baseline", fontsize=FONT_SIZE, linespacing=1.3, zorder=4)


def _path(
    places: list[tuple[float, float]], joins: list[bool], width: float, height: float, around: float | None
) -> list[tuple[float, float]]:
    """Return the corners of an arrow's way, from edge to edge; a join counts as a point."""
    (x1, y1), (x2, y2) = places
    half_widths = [0.0 if join else width / 2 for join in joins]
    half_heights = [0.0 if join else height / 2 for join in joins]
    right = 1 if x2 > x1 else -1
    side1, side2 = (x1 + right * half_widths[0], y1), (x2 - right * half_widths[1], y2)
    if around is not None:
        edge1, edge2 = (
            (x, y + (half if around > y else -half)) for (x, y), half in zip(places, half_heights, strict=True)
        )
        start = [side1] if around == y1 else [edge1, (x1, around)]
        end = [side2] if around == y2 else [(x2, around), edge2]
        return start + end
    if x1 == x2:
        up = 1 if y2 > y1 else -1
        return [(x1, y1 + up * half_heights[0]), (x2, y2 - up * half_heights[1])]
    return [side1, side2]


def _draw_arrow(ax: Axes, points: list[tuple[float, float]], *, gap_start: bool, gap_end: bool) -> None:
    if len(points) > 2:
        first_corners = Polygon(points[:-1], closed=False, fill=False, edgecolor=INK, linewidth=1.8, zorder=2)
        ax.add_patch(first_corners)
        gap_start = False
    head: dict[str, Any] = {
        "arrowstyle": "-|>",
        "color": INK,
        "linewidth": 1.8,
        "mutation_scale": 16,
        "shrinkA": _JOIN_POINTS / 2 if gap_start else 0,
        "shrinkB": _JOIN_POINTS / 2 if gap_end else 0,
    }
    ax.annotate("", xy=points[-1], xytext=points[-2], arrowprops=head, zorder=2)
