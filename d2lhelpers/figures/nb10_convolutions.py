"""Figures of notebook 10, convolutions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.drawing import draw_cells
from d2lhelpers.plotting import COLORS, PALE, TINTS, show, subplots

_FOUR = [TINTS[name] for name in ("sky", "orange", "green", "purple")]
_ZEROS = "#E2E2E2"  # of padding
_SIGNED: dict[str, Any] = {"cmap": "PuOr_r", "interpolation": "nearest"}


def billions(amounts: Mapping[str, int]) -> None:
    """Draw a bar for each amount, in billions."""
    fig, ax = subplots(width=11.0, height=3.2)
    values = [amount / 1e9 for amount in amounts.values()]
    bars = ax.barh(list(amounts), values, color=[COLORS["vermilion"], COLORS["sky"]])
    ax.bar_label(bars, [f"{value:.1f} billion" for value in values], padding=6, fontsize=16)
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=16)
    ax.set(xlim=(0, 1.25 * max(values)), xticks=[])
    ax.spines["bottom"].set_visible(False)
    show(fig, alt="Two bars: the weights of one dense layer and, less than half as long, all dogs and cats.")


def crowd(image: Any, figure: Any = None, position: tuple[int, int] | None = None) -> None:
    """Draw the crowd; with the figure and its position, put a frame around it."""
    fig, ax = subplots(width=11.6, height=3.75)
    ax.imshow(image.asnumpy().transpose(1, 2, 0), interpolation="nearest")
    alt = "A crowd of small pixel people in colorful clothes"
    if position is not None:
        corner, (height, width) = (position[1] - 2.5, position[0] - 2.5), figure.shape[1:]
        frame = Rectangle(corner, width + 4, height + 4, fill=False, edgecolor=COLORS["vermilion"], linewidth=5)
        ax.add_patch(frame)
        alt += ", with a frame around one in a blue coat, with a green hat and a red bag"
    ax.axis("off")
    show(fig, alt=alt + ".")


def two_outputs(weights: Any, outputs: Sequence[tuple[int, int]], alt: str) -> None:
    """Draw the weights (n, n, n, n), standard normal, of two outputs as images of the input, and their positions."""
    fig, axes = subplots(1, 2, width=10.0, height=3.3)
    for ax, (i, j) in zip(axes, outputs, strict=True):
        ax.imshow(weights[i, j], vmin=-2, vmax=2, **_SIGNED)
        ax.plot(j, i, "x", color=COLORS["black"], markersize=13, markeredgewidth=3)
        ax.set(title=f"weights of output ({i}, {j})", xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(True)
    show(fig, alt=alt)


def _grids(ax: Axes, parts: Sequence[Any], titles: Sequence[str] = (), *, framed: bool = False) -> None:
    """Draw matrices in a row with signs between them; a part is a sign or (values, highlight, colors).

    With ``framed``, a frame separates the first matrix from its border of one cell.
    """
    height = max(len(part[0]) for part in parts if not isinstance(part, str))
    x, names = 0.0, iter(titles)
    for part in parts:
        if isinstance(part, str):
            ax.text(x + 0.55, height / 2, part, ha="center", va="center", fontsize=22)
            x += 1.1
            continue
        values, highlight, color = part
        rows, columns = len(values), len(values[0])
        top = (height - rows) / 2
        inset = ax.inset_axes((x, top, columns, rows), transform=ax.transData)
        draw_cells(inset, values, highlight, color=color)
        if framed and x == 0:
            inset.add_patch(Rectangle((1, 1), columns - 2, rows - 2, fill=False, linewidth=5, zorder=5))
        ax.text(x + columns / 2, top - 0.15, next(names, ""), ha="center", va="bottom")
        x += columns
    ax.set(xlim=(-0.1, x + 0.1), ylim=(height + 0.1, -0.65), aspect="equal")
    ax.axis("off")


def window(ax: Axes, position: tuple[int, int]) -> None:
    """Draw a 3×3 matrix with the products in a 2×2 window, and below it the sums of the windows up to this one."""
    row, column = position
    x, kernel = onp.arange(9).reshape(3, 3), onp.arange(4).reshape(2, 2)
    cells, inside = x.astype(str).astype(object), onp.zeros((3, 3), dtype=int)
    sums, chosen = onp.full((2, 2), "", dtype=object), onp.zeros((2, 2), dtype=int)
    for a, b in onp.ndindex(2, 2):
        cells[row + a, column + b] = f"{x[row + a, column + b]}·{kernel[a, b]}"
        inside[row + a, column + b] = 1
        if (a, b) <= position:
            sums[a, b] = str((x[a : a + 2, b : b + 2] * kernel).sum())
    chosen[row, column] = 1
    for values, highlight, left, top in ((cells, inside, 0, 0), (sums, chosen, 0.5, 3.5)):
        inset = ax.inset_axes((left, top, len(values), len(values)), transform=ax.transData)
        draw_cells(inset, values.tolist(), highlight)
    ax.set(xlim=(-0.1, 3.1), ylim=(5.6, -0.1), aspect="equal", title=f"window at {position}")
    ax.axis("off")


def shared_weights(W: Any) -> None:
    """Draw the dense matrix (4, 9) of a 2×2 kernel over a 3×3 image, each weight of the kernel in its own color."""
    number: Any = onp.zeros((2, 2, 3, 3), dtype=int)
    for i, j in onp.ndindex(2, 2):
        number[i, j, i : i + 2, j : j + 2] = [[1, 2], [3, 4]]
    number = number.reshape(4, 9)
    cells = onp.where(number > 0, onp.array([f"{weight:g}" for weight in W.asnumpy().flat]).reshape(4, 9), "")
    fig, ax = subplots(width=11.4, height=3.7)
    _grids(ax, [(cells.tolist(), number, _FOUR)], ["one column for each pixel, one row for each output"])
    show(
        fig, alt="A 4×9 matrix. Each row has the kernel's four numbers at shifted positions; the other cells are empty."
    )


def images(pictures: Mapping[str, Any], alt: str, *, signed: Sequence[str] = ()) -> None:
    """Draw gray (H, W) or color (3, H, W) images in a row; signed ones from purple to orange, with 0 in white."""
    rows, columns = next(iter(pictures.values())).shape[-2:]
    width = 11.6 / len(pictures)
    fig, axes = subplots(1, len(pictures), width=11.6, height=width * rows / columns + 0.4)
    for ax, (name, picture) in zip(axes, pictures.items(), strict=True):
        values = picture.asnumpy()
        if values.ndim == 3:
            ax.imshow(values.transpose(1, 2, 0).clip(0, 1), interpolation="nearest")
        elif name in signed:
            limit = float(abs(values).max()) or 1.0
            ax.imshow(values, vmin=-limit, vmax=limit, **_SIGNED)
        else:
            ax.imshow(values, cmap="gray", interpolation="nearest")
        ax.set(title=name, xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(name in signed)
    show(fig, alt=alt)


def edge(X: Any, K: Any, Y: Any) -> None:
    """Draw an image of ones and zeros, a kernel of two weights, and the result with its edges marked."""
    fig, ax = subplots(width=11.4, height=3.4)
    signs = onp.where(Y.asnumpy() > 0, 1, onp.where(Y.asnumpy() < 0, 2, 0))
    parts = [
        (X.tolist(), X.asnumpy() == 0, PALE),
        "★",
        (K.tolist(), None, "#FFFFFF"),
        "=",
        (Y.tolist(), signs, [TINTS["sky"], TINTS["orange"]]),
    ]
    _grids(ax, parts, ["bright 1, dark 0", "kernel", "edges"])
    show(fig, alt="A 6×8 image with a dark block; the result is 1 at its left edge, −1 at its right edge, 0 elsewhere.")


def learned(ax: Axes, image: Any, maps: Mapping[str, Any]) -> None:
    """Draw an image (1, 1, H, W) in gray, and three maps of it on the scale of the first, in two rows."""
    limit = float(abs(next(iter(maps.values()))).max())
    ax.axis("off")
    for index, (name, values) in enumerate([("image", image), *maps.items()]):
        row, column = divmod(index, 2)
        panel = ax.inset_axes((0.5 * column, 0.53 * (1 - row), 0.49, 0.39))
        style: dict[str, Any] = {"cmap": "gray"} if index == 0 else {"vmin": -limit, "vmax": limit, **_SIGNED}
        panel.imshow(values.asnumpy()[0, 0], **style)
        panel.set(xticks=[], yticks=[])
        panel.set_title(name, fontsize=16, pad=3)
        for spine in panel.spines.values():
            spine.set_visible(True)


def equivariance(X: Any, move_first: Sequence[Any], edges_first: Sequence[Any]) -> None:
    """Draw two ways from an image to its moved edges, one in each row: (T X, f(T X)), and (f(X), T f(X))."""
    fig, axes = subplots(2, 3, width=11.2, height=4.0)
    names = ["X", "T X", "f(T X)", "X", "f(X)", "T f(X)"]
    for ax, name, picture in zip(axes.flat, names, [X, *move_first, X, *edges_first], strict=True):
        values, is_map = picture.asnumpy(), "f" in name
        limit = float(abs(values).max())
        style: dict[str, Any] = {"vmin": -limit, "vmax": limit, **_SIGNED} if is_map else {"cmap": "gray"}
        ax.imshow(values, **style)
        ax.set(title=name, xticks=[], yticks=[])
        for spine in ax.spines.values():
            spine.set_visible(is_map)
        if name != "X":
            ax.annotate("→", (-0.12, 0.5), xycoords="axes fraction", ha="center", va="center", fontsize=26)
    for ax, way in zip(axes[:, 0], ("first move", "first edges"), strict=True):
        ax.set_ylabel(way, fontsize=16, rotation=0, ha="right", va="center", labelpad=14)
    show(fig, alt="A digit, moved, then its edges; the digit, its edges, then moved: the two results are equal.")


def errors(shifts: Sequence[int], values: Mapping[str, Sequence[float]]) -> None:
    """Draw the error of each layer, as a part of the wanted map, against how far the digits are moved."""
    fig, ax = subplots(width=11.2, height=4.7)
    colors = (COLORS["orange"], COLORS["vermilion"], COLORS["blue"])
    for (name, line), color, marker in zip(values.items(), colors, "^os", strict=True):
        ax.plot(shifts, [100 * value for value in line], f"{marker}-", color=color, markersize=9)
        ax.text(shifts[-1] + 0.2, 100 * line[-1], name, color=color, va="center", fontweight="bold")
    ax.set(xlabel="columns by which the new digits are moved to the right", ylabel="error (%)", xticks=list(shifts))
    ax.set(xlim=(-0.3, shifts[-1] + 2.9), ylim=(-8, None))
    ax.axhline(100, color=PALE, linestyle=":", zorder=0)
    ax.text(-0.2, 103, "an empty map", color=PALE, va="bottom")
    ax.grid(True, axis="y")
    show(
        fig,
        alt="Error on new digits against the shift. The dense layer after 20 epochs begins far above 0, and soon "
        "exceeds an empty map. Solved exactly, it begins near 0 and rises with each pixel. The convolution stays at 0.",
    )


def padding(padded: Any, K: Any, Y: Any) -> None:
    """Draw the padded 3×3 image with its zeros shaded, the kernel, and the 4×4 result."""
    border = onp.ones((5, 5), dtype=int)
    border[1:4, 1:4] = 0
    border[:2, :2] = 2
    first = onp.zeros((4, 4), dtype=int)
    first[0, 0] = 2
    palette = [_ZEROS, TINTS["sky"]]
    fig, ax = subplots(width=11.4, height=3.1)
    parts = [(padded.tolist(), border, palette), "★", (K.tolist(), None, palette), "=", (Y.tolist(), first, palette)]
    _grids(ax, parts, ["3×3, padded to 5×5", "kernel", "4×4"], framed=True)
    show(
        fig, alt="A 3×3 matrix in a ring of zeros, convolved with a 2×2 kernel, gives a 4×4 matrix that begins with 0."
    )


def stride(padded: Any, K: Any, Y: Any) -> None:
    """Draw the padded image with the four windows of strides 3 and 2, the kernel, and the result."""
    windows = onp.full((5, 5), 5)
    windows[1:4, 1:4] = 0
    for number, (top, left) in enumerate(((0, 0), (0, 2), (3, 0), (3, 2))):
        windows[top : top + 2, left : left + 2] = number + 1
    fig, ax = subplots(width=11.4, height=3.3)
    parts = [(padded.tolist(), windows, [*_FOUR, _ZEROS]), "★", (K.tolist(), None, _FOUR), "="]
    parts.append((Y.tolist(), [[1, 2], [3, 4]], _FOUR))
    _grids(ax, parts, ["3 down, 2 to the right", "kernel", "2×2"], framed=True)
    show(fig, alt="A padded 5×5 matrix with four colored 2×2 windows; the result has four entries in the same colors.")


def channels(X: Any, K: Any, Y: Any) -> None:
    """Draw two channels, each with its own kernel, and the sum; the first window is colored."""
    fig, ax = subplots(width=11.6, height=3.2)
    window = onp.zeros((3, 3), dtype=int)
    window[:2, :2] = 1
    sky, parts = TINTS["sky"], []
    for channel, kernel in zip(X.tolist(), K.tolist(), strict=True):
        parts += [(channel, window, sky), "★", (kernel, None, sky), "+"]
    parts[-1] = "="
    parts.append((Y.tolist(), [[1, 0], [0, 0]], sky))
    _grids(ax, parts, ["channel 0", "its kernel", "channel 1", "its kernel", "sum"])
    show(fig, alt="Channel 0 with its kernel plus channel 1 with its kernel gives one matrix; its first entry is 56.")
