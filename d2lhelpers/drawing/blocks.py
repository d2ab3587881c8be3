"""Blocks of a network: boxes for layers, arrows for the data between them."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from d2lhelpers.drawing.arrows import Point, draw_arrow
from d2lhelpers.plotting import COLORS, FILL, FONT_SIZE, INK, TINTS

KINDS = {  # fill and outline of each kind of box
    "data": ("#FFFFFF", INK),
    "conv": (TINTS["sky"], COLORS["blue"]),
    "pool": (TINTS["purple"], COLORS["purple"]),
    "norm": (TINTS["green"], COLORS["green"]),
    "activation": (TINTS["orange"], COLORS["orange"]),
    "dense": (TINTS["vermilion"], COLORS["vermilion"]),
    "block": (FILL, INK),
    "join": ("#FFFFFF", INK),
}
_JOIN_DIAMETER = 30  # points, regardless of the scale of the axes

Box = tuple[float, float, str, str]
Arrow = tuple[str, str] | tuple[str, str, float]


def draw_blocks(
    ax: Axes,
    boxes: Mapping[str, Box],
    arrows: Sequence[Arrow],
    *,
    box_width: float = 0.78,
    box_height: float = 0.66,
) -> None:
    """Draw a block of a network: a box for each layer, an arrow for each array that a layer passes to another.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw. The diagram fills the axes: the wider the figure, the wider the columns.
    boxes : mapping of name to (x, y, kind, text)
        The center of each box, in columns from the left and rows from the bottom; its kind: "data", "conv", "pool",
        "norm", "activation", "dense", "block", or "join", a small circle for a sum, a product, or a concatenation;
        and the text in it.
    arrows : sequence of (source, target) or (source, target, y)
        Names of two boxes. An arrow is straight, from side to side, or from top to bottom within a column. With `y`, it
        runs at that height and turns up or down at its ends, so that it can go around other boxes.
    box_width, box_height : float
        Size of a box as a fraction of a column's width and a row's height.
    """
    _check(boxes, arrows)
    heights = [y for _, y, _, _ in boxes.values()] + [arrow[2] for arrow in arrows if len(arrow) == 3]
    columns = [x for x, _, _, _ in boxes.values()]
    ax.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    ax.set_ylim(min(heights) - 0.5, max(heights) + 0.5)
    ax.set_axis_off()
    for box in boxes.values():
        _draw_box(ax, box, box_width, box_height)
    for source, target, *around in arrows:
        ends = boxes[source], boxes[target]
        _draw_path(ax, _corners(ends, box_width, box_height, *around), [kind == "join" for _, _, kind, _ in ends])


def _check(boxes: Mapping[str, Box], arrows: Sequence[Arrow]) -> None:
    if not boxes:
        raise ValueError("boxes is empty: give at least one, as name: (x, y, kind, text)")
    for name, (_, _, kind, _) in boxes.items():
        if kind not in KINDS:
            raise ValueError(f"box {name!r} is of kind {kind!r}: choose {', '.join(KINDS)}")
    for arrow in arrows:
        for name in arrow[:2]:
            if name not in boxes:
                raise ValueError(f"an arrow names {name!r}, but the boxes are {', '.join(boxes)}")


def _draw_box(ax: Axes, box: Box, width: float, height: float) -> None:
    x, y, kind, text = box
    fill, outline = KINDS[kind]
    if kind == "join":
        ax.plot([x], [y], "o", markersize=_JOIN_DIAMETER, markerfacecolor=fill, markeredgecolor=outline, zorder=3)
    else:
        corner = (x - width / 2, y - height / 2)
        ax.add_patch(Rectangle(corner, width, height, facecolor=fill, edgecolor=outline, linewidth=1.6, zorder=3))
    ax.text(x, y, text, ha="center", va="center_baseline", fontsize=FONT_SIZE, linespacing=1.3, zorder=4)


def _corners(ends: tuple[Box, Box], width: float, height: float, around: float | None = None) -> list[Point]:
    """Return the points that an arrow connects, from the edge of one box to the edge of another; a join is a point."""
    (x1, y1, _, _), (x2, y2, _, _) = ends
    (half_width1, half_height1), (half_width2, half_height2) = (
        (0.0, 0.0) if kind == "join" else (width / 2, height / 2) for _, _, kind, _ in ends
    )
    right = 1 if x2 > x1 else -1
    side1, side2 = (x1 + right * half_width1, y1), (x2 - right * half_width2, y2)
    if around is not None:
        edge1 = (x1, y1 + (half_height1 if around > y1 else -half_height1))
        edge2 = (x2, y2 + (half_height2 if around > y2 else -half_height2))
        start = [side1] if around == y1 else [edge1, (x1, around)]
        end = [side2] if around == y2 else [(x2, around), edge2]
        return start + end
    if x1 == x2:
        up = 1 if y2 > y1 else -1
        return [(x1, y1 + up * half_height1), (x2, y2 - up * half_height2)]
    return [side1, side2]


def _draw_path(ax: Axes, points: list[Point], joins: list[bool]) -> None:
    """Draw lines from corner to corner and an arrow to the last, which stops at the circle of a join."""
    gaps = [_JOIN_DIAMETER / 2 if join else 0 for join in joins]
    if len(points) > 2:
        ax.add_patch(Polygon(points[:-1], closed=False, fill=False, edgecolor=INK, linewidth=1.8, zorder=2))
        gaps[0] = 0
    draw_arrow(ax, points[-2], points[-1], color=INK, head=16, gaps=(gaps[0], gaps[1]), zorder=2)
