"""Figures of notebook 11, pooling."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.drawing import draw_cells
from d2lhelpers.plotting import COLORS, INK, PALE, TINTS, show, subplots

_WINDOW: dict[str, Any] = {"fill": False, "edgecolor": COLORS["vermilion"], "linewidth": 4, "zorder": 5}
_LOOKS = {
    "no pooling": ("o-", "blue"),
    "skip every second": ("^--", "sky"),
    "three skips": ("v--", "green"),
    "max 2×2, stride 1": ("s-", "vermilion"),
    "max 2×2, stride 2": ("D-", "orange"),
    "one pooling": ("D-", "orange"),
    "three poolings": ("P-", "purple"),
    "global, early": ("o--", "vermilion"),
    "global, late": ("s-", "vermilion"),
}


def matrices(parts: Mapping[str, Any], *, alt: str, height: float = 3.0, side: int = 0) -> None:
    """Draw matrices in a row, all cells of one size; cells that are not 0 are colored.

    With ``side``, frame the windows of that many rows and columns; in the first one, color only their largest cells.
    """
    fig, axes = subplots(1, len(parts), width=11.5, height=height)
    down, across = (max(matrix.shape[axis] for matrix in parts.values()) for axis in (0, 1))
    for ax, (title, matrix) in zip(axes, parts.items(), strict=True):
        values = matrix.asnumpy()
        rows, columns = values.shape
        colored = values != 0
        if side and ax is axes[0]:
            windows = values.reshape(rows // side, side, columns // side, side)
            colored = (windows == windows.max(axis=(1, 3), keepdims=True)).reshape(rows, columns)
        shown = [["¼" if value == 0.25 else f"{value:g}" for value in row] for row in values.tolist()]
        draw_cells(ax, shown, colored, title)
        _frames(ax, rows, columns, side)
        ax.set(xlim=(-0.06, across + 0.06), ylim=(down + 0.06, -0.06))
        ax.title.set_x(columns / across / 2)
    show(fig, alt)


def _frames(ax: Axes, rows: int, columns: int, side: int) -> None:
    """Frame the windows of a matrix that lie side by side."""
    for row, column in onp.ndindex(rows // side, columns // side) if side else ():
        ax.add_patch(Rectangle((column * side, row * side), side, side, **_WINDOW))


def window(ax: Axes, position: tuple[int, int]) -> None:
    """Draw the numbers 0 to 8 with a 2×2 window at a position, and its largest number below."""
    row, column = position
    numbers = onp.arange(9).reshape(3, 3)
    inside = onp.zeros((3, 3), dtype=int)
    inside[row : row + 2, column : column + 2] = 1
    inside[row + 1, column + 1] = 2  # the numbers grow to the right and down
    draw_cells(ax, numbers, inside, color=[TINTS["sky"], COLORS["sky"]])
    ax.add_patch(Rectangle((column, row), 2, 2, **_WINDOW))
    said = ", ".join(str(number) for number in numbers[row : row + 2, column : column + 2].flat)
    ax.set_title(f"max({said}) = {numbers[row + 1, column + 1]}")


def side_by_side(maps: Mapping[str, Any], pooled: Sequence[Any], size: int) -> None:
    """Draw maps with their windows, which lie side by side, and below each the largest numbers of its windows."""
    fig, axes = subplots(2, len(maps), width=11.0, height=4.6, height_ratios=[2, 1.05])
    for (above, below), (title, values), largest in zip(axes.T, maps.items(), pooled, strict=True):
        for ax, cells in ((above, values.asnumpy()), (below, largest.asnumpy())):
            draw_cells(ax, cells, cells != 0)
        _frames(above, values.shape[0], values.shape[1], size)
        above.set_title(title)
        below.set_title("pooled")
    show(
        fig,
        alt="Edges in column 2, 1, and 0, with 2×2 windows side by side. Pooled, the first fills the second column; "
        "the other two fill the first column, and are equal.",
    )


def moving(ax: Axes, maps: Mapping[str, Any]) -> None:
    """Draw maps (h, w) next to each other, without their dark margins above and below, all in the same gray scale."""
    ax.set_axis_off()
    for index, (name, values) in enumerate(maps.items()):
        panel = ax.inset_axes((index / len(maps), 0.0, 0.96 / len(maps), 0.92))
        rows = values.shape[0]
        panel.imshow(values.asnumpy()[rows // 8 : rows - rows // 10], cmap="gray", vmin=0, vmax=2.4)
        panel.set(xticks=[], yticks=[])
        panel.set_title(name, fontsize=18, pad=4)


def largest_and_mean(ax: Axes, largest: Any, mean: Any, size: int) -> None:
    """Draw two pooled versions of a photograph side by side, in their original size."""
    halves = [onp.kron(half.asnumpy(), onp.ones((size, size))) for half in (largest, mean)]
    gap = onp.ones((len(halves[0]), 12))
    ax.imshow(onp.concatenate([halves[0], gap, halves[1]], axis=1), cmap="gray", vmin=0, vmax=1)
    ax.set_axis_off()
    ax.set_title(f"{size}×{size}: largest, mean")


def pictures(images: Mapping[str, Any], *, alt: str, brightest: float = 1.0) -> None:
    """Draw gray images in a row, all in the same gray scale."""
    fig, axes = subplots(1, len(images), width=11.4, height=3.9)
    for ax, (title, image) in zip(axes, images.items(), strict=True):
        ax.imshow(image.asnumpy(), cmap="gray", vmin=0, vmax=brightest, interpolation="nearest")
        ax.set_axis_off()
        ax.set_title(title)
    show(fig, alt)


def differences(shifts: Sequence[int], values: Mapping[str, Sequence[float]]) -> None:
    """Draw how different the numbers that each layer passes on become when the digits move."""
    fig, ax = subplots(width=11.2, height=4.7)
    for name, line in values.items():
        style, color = _LOOKS[name]
        lower = name in ("no pooling", "max 2×2, stride 1")  # another line covers it, so its markers are large rings
        hollow: dict[str, Any] = {"markerfacecolor": "none", "markeredgewidth": 3} if lower else {}
        ax.plot(shifts, line, style, color=COLORS[color], markersize=20 if lower else 8, label=name, **hollow)
    ax.set(xlabel="columns by which the digits are moved", ylabel="difference", xticks=list(shifts))
    ax.set(ylim=(-0.03, 1.03), xlim=(-0.1, shifts[-1] + 0.1))
    ax.grid(True, axis="y")
    ax.legend(loc="lower right", markerscale=0.6)
    show(
        fig,
        alt="Difference against the shift, in two pairs of lines: without pooling, and with every second answer only, "
        "it jumps above one half at the first pixel; with 2×2 pooling, at either stride, it is less than half of that.",
    )


def price(labels: Sequence[str], moved: Sequence[float], other: Sequence[float]) -> None:
    """Draw the difference between a digit and the moved digit, and between two digits, after each pooling."""
    fig, ax = subplots(width=11.2, height=4.5)
    positions = onp.arange(len(labels))
    for offset, values, color, name in (
        (-0.2, moved, "sky", "the same digit, moved by one pixel"),
        (0.2, other, "orange", "another digit"),
    ):
        bars = ax.bar(positions + offset, values, width=0.38, color=COLORS[color], label=name)
        ax.bar_label(bars, [f"{value:.2f}" for value in values], padding=3, fontsize=15)
    ax.set_xticks(positions, labels)
    ax.set(ylabel="difference", ylim=(0, 1))
    ax.legend()
    show(
        fig,
        alt="Pairs of bars for zero to three poolings. Both get shorter with each pooling, but the bar of the moved "
        "digit shrinks faster than the bar of another digit.",
    )


def crowds(parts: Mapping[str, Sequence[Any]]) -> None:
    """Draw crowds, each a map of hats and a map of bags, with a window of 2×2 for each person."""
    fig, axes = subplots(1, len(parts), width=8.0, height=2.4)
    for ax, (title, (hats, bags)) in zip(axes, parts.items(), strict=True):
        kinds = (hats.asnumpy() + 2 * bags.asnumpy()).astype(int)
        names = onp.array(["", "hat", "bag"], dtype=object)[kinds]
        draw_cells(ax, names.tolist(), kinds, title, color=[TINTS["green"], TINTS["orange"]])
        _frames(ax, kinds.shape[0], kinds.shape[1], 2)
    show(
        fig,
        alt="Two crowds of four people. In the first, a hat and a bag are in the same window, in the second in two "
        "windows next to each other.",
    )


def tolerance(shifts: Sequence[int], accuracies: Mapping[str, Sequence[float]], *, alt: str) -> None:
    """Draw the accuracy of each network against the shift."""
    fig, ax = subplots(width=11.2, height=4.7)
    for name, line in accuracies.items():
        style, color = _LOOKS.get(name, ("*-", "black"))
        ax.plot(shifts, line, style, color=COLORS[color], markersize=8, label=name)
    ax.axhline(0.1, color=PALE, linewidth=1.5, linestyle=":")
    ax.text(0, 0.11, "guessing", color=INK, fontsize=13, va="bottom")
    ax.set(xlabel="columns moved", ylabel="accuracy", ylim=(0, 1.03), xticks=list(shifts))
    ax.grid(True, axis="y")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt)
