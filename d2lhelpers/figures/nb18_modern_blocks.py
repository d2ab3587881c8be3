"""Figures of notebook 18, modern blocks."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from d2lhelpers.drawing import draw_blocks, draw_cells
from d2lhelpers.plotting import COLORS, label_points, show, subplots

LOOKS = tuple(zip([color for name, color in COLORS.items() if name != "black"], "osD^vP", strict=True))


def dense() -> None:
    """Draw two layers of a residual network above two layers of a densely connected one."""
    boxes: dict[str, tuple[float, float, str, str]] = {}
    arrows: list[Any] = []
    for row, join, last, width in ((3.8, "+", "x₃\n64", 64), (0.8, "[,]", "x₃\n96", 16)):
        kinds: Any = (("data", "x₁\n64"), ("conv", f"f₁\n{width}"), ("join", join), ("conv", f"f₂\n{width}"))
        kinds += (("join", join), ("data", last))
        names = [f"{part} {row}" for part in range(6)]
        boxes |= {name: (column, row, *kinds[column]) for column, name in enumerate(names)}
        arrows += list(itertools.pairwise(names))
        arrows += [(names[0], names[2], row + 0.95), (names[2], names[4], row - 0.8)]
    fig, ax = subplots(width=11.0, height=4.5)
    draw_blocks(ax, boxes, arrows, box_width=0.62, box_height=0.9)
    for y, width in ((3.8, 64), (0.8, 80)):
        ax.text(2.15, y + 0.2, f"x₂, {width}", ha="left")  # after the first join
    ax.text(-0.42, 4.95, "ResNet", fontweight="bold", ha="left")
    ax.text(-0.42, 1.95, "DenseNet", fontweight="bold", ha="left")
    show(
        fig,
        alt="Two rows of two layers with paths around them. In ResNet, the paths meet in a sum, and 64 channels stay "
        "64; in DenseNet, they are put side by side, and 64 channels become 96.",
    )


def squeeze() -> None:
    """Draw squeeze-and-excite: channel means, two dense layers, a product."""
    boxes = {
        "x": (0, 0.8, "data", "input\n64×28×28"),
        "pool": (1.1, 2.3, "pool", "mean of each\nchannel: 64"),
        "d1": (2.3, 2.3, "dense", "dense 16\nReLU"),
        "d2": (3.5, 2.3, "dense", "dense 64\nsigmoid"),
        "times": (4.3, 0.8, "join", "×"),
        "y": (5.2, 0.8, "data", "output\n64×28×28"),
    }
    arrows: list[Any] = [
        ("x", "times"),
        ("x", "pool", 2.3),
        ("pool", "d1"),
        ("d1", "d2"),
        ("d2", "times", 2.3),
        ("times", "y"),
    ]
    fig, ax = subplots(width=11.0, height=4.0)
    draw_blocks(ax, boxes, arrows, box_width=0.86, box_height=0.75)
    show(
        fig,
        alt="From the input, one path goes straight to a product. The other takes the mean of each channel through a "
        "dense layer of 16 with ReLU and one of 64 with sigmoid to the same product.",
    )


def pairs(ax: Axes, joined: Any, title: str) -> None:
    """Draw which output channel (row) depends on which input channel (column)."""
    draw_cells(ax, onp.where(joined, "●", ""), joined, title, indices=True)


def mixing(tables: Mapping[str, Any]) -> None:
    """Draw several tables of dependence side by side."""
    fig, axes = subplots(1, len(tables), width=11.0, height=4.0)
    for ax, (title, joined) in zip(axes, tables.items(), strict=True):
        pairs(ax, joined, f"{title}: {joined.sum()} of {joined.size} pairs")
    counts = "; ".join(f"{title}, {joined.sum()} of {joined.size} cells" for title, joined in tables.items())
    show(fig, alt=f"Grids of output channels by input channels, dependent pairs marked: {counts}.")


def shuffle(channels: Any, groups: int, after: Any) -> None:
    """Draw numbered channels as a row, as a matrix with a row for each group, transposed, and after the shuffle."""
    row = onp.asarray(channels)[None]  # (1, c)
    matrix = row.reshape(groups, -1)
    steps = [("channels", row), ("1. reshape", matrix), ("2. transpose", matrix.T)]
    steps.append(("3. reshape", onp.asarray(after)[None]))
    widths = [max(cells.shape[1], 3) for _, cells in steps]
    fig, axes = subplots(1, 4, width=11.3, height=2.3, width_ratios=widths)
    for ax, (title, cells) in zip(axes, steps, strict=True):
        draw_cells(ax, cells, cells // (row.size // groups) + 1, title, color=["#9BD3F2", "#F7C66B"])
    show(
        fig,
        alt="Channels 0 to 7 in a row, two groups in two colors; as 2 rows of 4; transposed to 4 rows of 2; in a row "
        "again, where the colors take turns: 0, 4, 1, 5, 2, 6, 3, 7.",
    )


def bottlenecks() -> None:
    """Draw the bottleneck of ResNet above that of ResNeXt."""
    boxes: dict[str, tuple[float, float, str, str]] = {}
    arrows: list[Any] = []
    rows = {"ResNet": (2.9, "1×1 conv\n64", "3×3 conv\n64"), "ResNeXt": (0.5, "1×1 conv\n128", "3×3, 128\n32 groups")}
    for name, (y, first, second) in rows.items():
        kinds: Any = (("data", "256"), ("conv", first), ("conv", second), ("conv", "1×1 conv\n256"))
        kinds += (("join", "+"), ("data", "256"))
        names = [f"{name} {part}" for part in range(6)]
        columns = (0, 1, 2, 3, 3.9, 4.8)
        boxes |= {names[part]: (columns[part], y, *kinds[part]) for part in range(6)}
        arrows += [*itertools.pairwise(names), (names[0], names[4], y + 0.95)]
    fig, ax = subplots(width=11.0, height=3.0)
    draw_blocks(ax, boxes, arrows, box_width=0.7, box_height=0.9)
    for name, (y, *_) in rows.items():
        ax.text(-0.4, y + 1.05, name, fontweight="bold", ha="left")
    show(
        fig,
        alt="Two residual blocks of three convolutions: ResNet's is 64 channels wide in the middle, ResNeXt's 128 in "
        "32 groups.",
    )


def separable() -> None:
    """Draw a convolution above the two steps of a depthwise separable one, with the weights of each."""
    boxes = {
        "cx": (0, 1.7, "data", "64\nchannels"),
        "c": (1.5, 1.7, "conv", "3×3 convolution\nlooks and mixes\n36,864 weights"),
        "cy": (3, 1.7, "data", "64\nchannels"),
        "x": (0, 0.5, "data", "64\nchannels"),
        "d": (1, 0.5, "conv", "depthwise 3×3\nlooks\n576 weights"),
        "p": (2, 0.5, "conv", "pointwise 1×1\nmixes\n4,096 weights"),
        "y": (3, 0.5, "data", "64\nchannels"),
    }
    arrows = [("cx", "c"), ("c", "cy"), ("x", "d"), ("d", "p"), ("p", "y")]
    fig, ax = subplots(width=11.0, height=4.4)
    draw_blocks(ax, boxes, arrows, box_width=0.72, box_height=0.8)
    show(
        fig,
        alt="Above, one 3×3 convolution with 36,864 weights looks at neighbors and mixes channels. Below, a depthwise "
        "3×3 convolution with 576 weights looks at neighbors, and then a 1×1 convolution with 4,096 weights mixes.",
    )


def frame() -> None:
    """Draw the network in which each kind of block is trained."""
    boxes = {
        "x": (0, 1, "data", "image\n1×28×28"),
        "stem": (1, 1, "conv", "3×3 conv\nc, stride 2"),
        "b1": (2, 1, "block", "stage\nc×14×14"),
        "pool": (3, 1, "pool", "max\npool 2×2"),
        "widen": (4, 1, "conv", "1×1 conv\n2c"),
        "b2": (5, 1, "block", "stage\n2c×7×7"),
        "mean": (6, 1, "pool", "global\nmean"),
        "dense": (7, 1, "dense", "dense\n10"),
    }
    fig, ax = subplots(width=11.5, height=1.7)
    draw_blocks(ax, boxes, list(itertools.pairwise(boxes)))
    show(
        fig,
        alt="Image, 3×3 convolution with stride 2, stage of c channels, max pooling, 1×1 convolution to twice the "
        "channels, stage of 2c channels, global mean, dense layer of 10.",
    )


def race(results: Mapping[tuple[str, int], tuple[float, float]], baseline: str) -> None:
    """Draw accuracy against seconds from (name, epochs): (seconds, accuracy); a line joins the baseline's runs."""
    fig, ax = subplots(width=11.0, height=5.2)
    line = [point for (name, _), point in results.items() if name == baseline]
    ax.plot(*zip(*line, strict=True), "--", color=COLORS["black"], linewidth=1.5, zorder=1)
    names = list(dict.fromkeys(name for name, _ in results))
    bars, labels = [], []
    for (name, epochs), (seconds, accuracy) in results.items():
        color, marker = (COLORS["black"], "o") if name == baseline else LOOKS[names.index(name)]
        half = 1.96 * (accuracy * (1 - accuracy) / 2000) ** 0.5
        look: dict[str, Any] = {"color": color, "marker": marker, "markersize": 11, "markeredgecolor": "white"}
        ax.errorbar(seconds, accuracy, half, elinewidth=1.2, **look)
        bars.append(((seconds, accuracy - half), (seconds, accuracy + half)))
        labels.append(f"{name}, {epochs} epochs" if name == baseline else name)
    ax.set(xlabel="seconds of training", ylabel="validation accuracy")
    ax.set_xlim(0, 1.15 * max(seconds for seconds, _ in results.values()))
    ax.grid(axis="y")
    points = list(results.values())
    start, end = onp.array(line)
    dots = [tuple(dot) for dot in onp.linspace(start, end, 12)]  # along the dashed line
    label_points(ax, points, labels, [*bars, *((dot, dot) for dot in dots)])
    named = zip(labels, points, strict=True)
    values = ", ".join(f"{label} {accuracy:.2f} in {seconds:.0f} s" for label, (seconds, accuracy) in named)
    show(fig, alt=f"Validation accuracy against seconds of training, a dashed line through {baseline}: {values}.")


def intensity(layers: Mapping[str, tuple[float, float]], label: str = "multiply-adds per number moved") -> None:
    """Draw the speed of layers (billion multiply-adds per second) against the work for each number moved."""
    fig, ax = subplots(width=10.5, height=5.3)
    points = list(layers.values())
    ax.plot(*zip(*points, strict=True), "o", color=COLORS["blue"], markersize=11, markeredgecolor="white")
    ax.set(xscale="log", yscale="log", xlabel=label, ylabel="10⁹ multiply-adds per second")
    ax.margins(0.25, 0.2)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.grid(True)
    label_points(ax, points, list(layers))
    values = "; ".join(f"{name}: {y:.0f} at {x:.0f}" for name, (x, y) in layers.items())
    show(fig, alt=f"Billion multiply-adds per second against {label}, on logarithmic axes. {values}.")


def gates(ax: Axes, weights: Any, names: Sequence[str], *, title: str = "") -> Any:
    """Draw the mean weight of every channel (column) for the images of each class (row)."""
    picture = ax.imshow(weights, aspect="auto", cmap="viridis", vmin=0, vmax=1)
    ax.set(xlabel="channel", yticks=range(len(names)), yticklabels=names if ax is ax.figure.axes[0] else [])
    ax.set(xticks=range(0, weights.shape[1], 8))
    if title:
        ax.set_title(title)
    return picture


def depth_of_gates(tables: Mapping[str, Any], names: Sequence[str]) -> None:
    """Draw the mean weights of several squeeze-and-excite blocks side by side, with a scale."""
    fig, axes = subplots(1, len(tables), width=11.3, height=4.4, width_ratios=[w.shape[1] for w in tables.values()])
    for ax, (title, weights) in zip(axes, tables.items(), strict=True):
        picture = gates(ax, weights, names, title=title)
    fig.colorbar(picture, ax=axes, label="mean weight", fraction=0.05)
    show(
        fig,
        alt="Mean weight of every channel for each class, one panel for each block: " + ", ".join(tables) + ". In the "
        "first block the rows are nearly alike; in the second, some channels are off for shoes and others for clothes.",
    )
