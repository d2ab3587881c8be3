"""Block diagrams: boxes where they were asked for, arrows from edge to edge, clear refusals."""

import pytest
from matplotlib.patches import Rectangle

from d2lhelpers import draw_blocks, subplots
from d2lhelpers.diagrams import KINDS
from d2lhelpers.plotting import INK

BOXES = {
    "x": (0, 0, "data", "x"),
    "conv": (1, 0, "conv", "3×3 conv"),
    "up": (1, 1, "pool", "pool"),
    "+": (2, 0, "join", "+"),
}


@pytest.fixture
def ax():
    return subplots(width=6, height=3)[1]


def ends(ax):
    """Start and end of each straight piece that carries an arrow head."""
    return [(arrow.xyann, arrow.xy) for arrow in ax.texts if arrow.get_text() == ""]


def test_boxes_and_their_texts(ax):
    draw_blocks(ax, BOXES, [])
    assert [text.get_text() for text in ax.texts] == ["x", "3×3 conv", "pool", "+"]
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert [box.get_center().tolist() for box in boxes] == [[0, 0], [1, 0], [1, 1]]
    (circle,) = ax.lines
    assert list(circle.get_xydata()[0]) == [2, 0]


def test_arrows_run_from_edge_to_edge(ax):
    draw_blocks(ax, BOXES, [("x", "conv"), ("conv", "up"), ("conv", "+")], box_width=0.8, box_height=0.6)
    assert ends(ax) == [((0.4, 0), (0.6, 0)), ((1, 0.3), (1, 0.7)), ((1.4, 0), (2, 0))]


def test_arrow_to_the_left(ax):
    draw_blocks(ax, BOXES, [("conv", "x")], box_width=0.8)
    assert ends(ax) == [((0.6, 0), (0.4, 0))]


@pytest.mark.parametrize(
    ("arrow", "corners", "last"),
    [
        (("x", "+", 0.9), [(0, 0.3), (0, 0.9), (2, 0.9)], ((2, 0.9), (2, 0))),  # up, along, down
        (("x", "+", -0.9), [(0, -0.3), (0, -0.9), (2, -0.9)], ((2, -0.9), (2, 0))),
        (("up", "+", 1), [(1.4, 1), (2, 1)], ((2, 1), (2, 0))),  # along at its own height, then down
        (("x", "up", 1), [(0, 0.3), (0, 1)], ((0, 1), (0.6, 1))),  # up, then in from the side
    ],
)
def test_ways_around(ax, arrow, corners, last):
    draw_blocks(ax, BOXES, [arrow], box_width=0.8, box_height=0.6)
    (path,) = [patch for patch in ax.patches if not isinstance(patch, Rectangle)]
    assert [tuple(point) for point in path.get_xy()] == corners
    assert ends(ax) == [last]


def test_everything_lies_inside(ax):
    draw_blocks(ax, BOXES, [("x", "+", 2.5)])
    assert ax.get_xlim() == (-0.5, 2.5)
    assert ax.get_ylim() == (-0.5, 3.0)


def test_ink_is_readable_on_every_fill():
    def luminance(color):
        channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for fill, _ in KINDS.values():
        assert (luminance(fill) + 0.05) / (luminance(INK) + 0.05) > 7  # WCAG AAA


@pytest.mark.parametrize(
    ("boxes", "arrows", "message"),
    [
        ({}, [], "boxes is empty"),
        ({"x": (0, 0, "cloud", "x")}, [], "box 'x' is of kind 'cloud'; there are data, conv"),
        (BOXES, [("x", "y")], "an arrow names 'y', but the boxes are x, conv, up"),
    ],
)
def test_refusals(ax, boxes, arrows, message):
    with pytest.raises(ValueError, match=message):
        draw_blocks(ax, boxes, arrows)
