"""Diagrams: every cell, node, layer, box, and arrow is in the right place, readable, and inside the figure."""

import itertools

import matplotlib.colors
import numpy as onp
import pytest
from matplotlib.patches import Circle, Rectangle
from mxnet import np

from d2lhelpers import COLORS, draw_blocks, draw_cells, draw_layers, draw_network, subplots


@pytest.fixture
def ax():
    return subplots(width=11)[1]


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def contrast(first, second) -> float:
    """Return WCAG 2's contrast ratio of two colors."""

    def luminance(color):
        channels = onp.array(matplotlib.colors.to_rgb(color))
        return onp.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4) @ (
            0.2126,
            0.7152,
            0.0722,
        )

    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


# ---- Cells ----


def test_cells_hold_the_numbers_and_are_highlighted(ax):
    values = np.arange(16).reshape(4, 4)
    draw_cells(ax, values, values % 4 == 1, "column 1")
    assert texts(ax) == [str(n) for n in range(16)]
    sky = matplotlib.colors.to_rgba(COLORS["sky"])
    colored = {(cell.get_y(), cell.get_x()) for cell in ax.patches if cell.get_facecolor() == sky}
    assert colored == {(row, 1) for row in range(4)}
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # row 0 at the top
    assert ax.get_title() == "column 1"


def test_cells_round_to_three_digits_and_number_their_edges(ax):
    draw_cells(ax, [[-0.12345, 2.0]], indices=True)
    assert texts(ax) == ["−0.123", "2", "0", "0", "1"]


@pytest.mark.parametrize("color", COLORS.values())
def test_text_in_a_highlighted_cell_is_black_or_white_whichever_reads_better(ax, color):
    draw_cells(ax, [["a"]], [[2]], color=["#FFFFFF", color])
    chosen = contrast(ax.texts[0].get_color(), color)
    assert chosen == max(contrast("#222222", color), contrast("white", color))


# ---- Dense networks ----


@pytest.mark.parametrize("sizes", [(4, 1), (3, 5, 2), (1, 1)])
def test_a_network_has_every_node_and_weight(ax, sizes):
    draw_network(ax, sizes, ["x", *["h"] * (len(sizes) - 2), ["o"] * sizes[-1]])
    assert sum(isinstance(patch, Circle) for patch in ax.patches) == sum(sizes)
    assert len(ax.lines) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert texts(ax)[0] == ("$x$" if sizes[0] == 1 else "$x_{1}$")
    assert texts(ax)[-1] == "o"


def test_dots_stand_for_the_nodes_of_a_large_layer(ax):
    draw_network(ax, (784, 10), ["x", None], names=["pixels", "classes"], max_nodes=5)
    assert texts(ax) == ["$x_{1}$", "$x_{2}$", "$x_{3}$", "$x_{784}$", "pixels", "classes"]
    assert len(ax.lines) == 4 * 4
    circles = [patch for patch in ax.patches if patch.center[0] == 0]
    assert [circle.center[1] for circle in circles if circle.radius > 0.1] == [-2, -1, 0, 2]
    assert [circle.center[1] for circle in circles if circle.radius < 0.1] == [0.78, 1, 1.22]


# ---- Convolutional networks ----

LENET = [
    ("input", (1, 28, 28)),
    ("conv 5×5", (6, 28, 28)),
    ("pool 2×2", (6, 14, 14)),
    ("conv 5×5", (16, 10, 10)),
    ("pool 2×2", (16, 5, 5)),
    ("dense", (120,)),
    ("dense", (84,)),
    ("output", (10,)),
]
DEEP = [("input", (3, 224, 224)), *[("conv", (256, 112, 112))] * 8, ("dense", (4096,))]


@pytest.mark.parametrize(
    ("stages", "sizes"),
    [(LENET, {"1×28×28", "6×28×28", "16×5×5", "120", "84", "10"}), (DEEP, {"3\n224×224", "256\n112×112", "4096"})],
)
def test_layers_show_their_names_and_sizes_without_overlap(ax, stages, sizes):
    draw_layers(ax, stages)
    assert sizes | {label for label, _ in stages} <= set(texts(ax))
    ax.figure.canvas.draw()
    found = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in found]
    assert not any(first.overlaps(second) for first, second in itertools.combinations(boxes, 2))
    assert min(text.get_fontsize() for text in found) >= 13


def test_an_arrow_leads_from_each_layer_to_the_next(ax):
    draw_layers(ax, LENET)
    arrows = [(text.xyann[0], text.xy[0]) for text in ax.texts if not text.get_text()]
    assert len(arrows) == len(LENET) - 1
    assert all(start < end for start, end in arrows)


# ---- Blocks ----

BOXES = {
    "x": (0, 0, "data", "x"),
    "conv": (1, 0, "conv", "3×3 conv"),
    "up": (1, 1, "pool", "pool"),
    "+": (2, 0, "join", "+"),
}


def arrows_of(ax):
    """Return the start and end of each straight piece that carries an arrow head."""
    return [(text.xyann, text.xy) for text in ax.texts if not text.get_text()]


def test_boxes_stand_at_their_positions(ax):
    draw_blocks(ax, BOXES, [("x", "+", 2.5)])
    assert texts(ax) == ["x", "3×3 conv", "pool", "+"]
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert [box.get_center().tolist() for box in boxes] == [[0, 0], [1, 0], [1, 1]]
    (circle,) = ax.lines
    assert circle.get_xydata().tolist() == [[2, 0]]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 2.5), (-0.5, 3.0))


def test_straight_arrows_run_from_edge_to_edge(ax):
    pairs = [("x", "conv"), ("conv", "up"), ("conv", "+"), ("conv", "x")]
    draw_blocks(ax, BOXES, pairs, box_width=0.8, box_height=0.6)
    assert arrows_of(ax) == [((0.4, 0), (0.6, 0)), ((1, 0.3), (1, 0.7)), ((1.4, 0), (2, 0)), ((0.6, 0), (0.4, 0))]


@pytest.mark.parametrize(
    ("arrow", "corners", "last"),
    [
        (("x", "+", 0.9), [(0, 0.3), (0, 0.9), (2, 0.9)], ((2, 0.9), (2, 0))),  # up, along, down
        (("x", "+", -0.9), [(0, -0.3), (0, -0.9), (2, -0.9)], ((2, -0.9), (2, 0))),
        (("up", "+", 1), [(1.4, 1), (2, 1)], ((2, 1), (2, 0))),  # along at its own height, then down
        (("x", "up", 1), [(0, 0.3), (0, 1)], ((0, 1), (0.6, 1))),  # up, then in from the side
    ],
)
def test_other_arrows_lead_around_boxes(ax, arrow, corners, last):
    draw_blocks(ax, BOXES, [arrow], box_width=0.8, box_height=0.6)
    (path,) = [patch for patch in ax.patches if not isinstance(patch, Rectangle)]
    assert [tuple(point) for point in path.get_xy()] == corners
    assert arrows_of(ax) == [last]


@pytest.mark.parametrize("kind", ["data", "conv", "pool", "norm", "activation", "dense", "block"])
def test_text_is_readable_in_every_kind_of_box(ax, kind):
    draw_blocks(ax, {"box": (0, 0, kind, "text")}, [])
    assert contrast(ax.texts[0].get_color(), ax.patches[0].get_facecolor()) > 7  # WCAG AAA


# ---- All ----


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: draw_cells(ax, onp.eye(4), indices=True, title="identity"),
        lambda ax: draw_network(ax, (3, 5, 2), names=["input", "hidden", "output"]),
        lambda ax: draw_layers(ax, LENET),
        lambda ax: draw_blocks(ax, BOXES, [("x", "+", 2.5)]),
    ],
)
def test_nothing_touches_the_edge_of_the_figure(ax, draw):
    draw(ax)
    ax.figure.canvas.draw()
    image = onp.asarray(ax.figure.canvas.buffer_rgba())
    assert image.min() < 100
    for edge in (image[0], image[-1], image[:, 0], image[:, -1]):
        assert edge.min() == 255


@pytest.mark.parametrize(
    ("draw", "arguments", "message"),
    [
        (draw_cells, ([1, 2],), r"values must be a matrix .* have shape \(2,\)"),
        (draw_cells, ([[1, 2]], [[True]]), r"highlight has shape \(1, 1\), but must .* of the values, \(1, 2\)"),
        (draw_cells, ([[1, 2]], [[0, 3]]), "highlight must be between 0 and 1, .* but contains 0 to 3"),
        (draw_network, ((3,),), "at least two layers"),
        (draw_network, ((3, 1), ["x"]), "1 labels for 2 layers"),
        (draw_network, ((3, 1), [["a", "b"], None]), "2 labels for a layer of 3 units"),
        (draw_layers, ([],), "stages is empty"),
        (draw_layers, ([("input", (28, 28))],), r"the shape of stage 'input' must be .* not \(28, 28\)"),
        (draw_blocks, ({}, []), "boxes is empty"),
        (draw_blocks, ({"x": (0, 0, "cloud", "x")}, []), "box 'x' is of kind 'cloud': choose data, conv"),
        (draw_blocks, (BOXES, [("x", "y")]), "an arrow names 'y', but the boxes are x, conv, up"),
    ],
)
def test_bad_arguments(ax, draw, arguments, message):
    with pytest.raises(ValueError, match=message):
        draw(ax, *arguments)


def test_a_network_needs_room_for_dots(ax):
    with pytest.raises(ValueError, match="max_nodes must be at least 3, not 2"):
        draw_network(ax, (3, 1), max_nodes=2)
