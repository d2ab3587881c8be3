"""Figures of notebook 02, linear algebra."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as onp
from matplotlib.axes import Axes

from d2lhelpers.arrays import to_numpy
from d2lhelpers.drawing import draw_cells
from d2lhelpers.plotting import COLORS, PALE, show, subplots

SQUARE = onp.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]], dtype="float64")  # its corners as columns
CIRCLE = (
    "A circle and the ellipse that a matrix makes of it. As the arrow b turns around the circle, Ab runs around the "
    "ellipse, now long, now short."
)
LOW_RANK = (
    "A photograph of rank 1 is a plaid pattern; at rank 10 a woman can be guessed; at rank 50 she is almost as clear "
    "as in the original, next to it."
)
GRAY = "#B0B0B0"
RANDOM = "Histograms: even from 0 to 180 degrees in 2 dimensions, a narrow peak at 90 in 784."
DIGITS = "Histograms, all below 90 degrees at first; centered, different digits are around 90."
MAPS = "A square becomes wider and lower, is turned, leans to the right, or becomes a line."
BY_ROWS = "Rows (1, 2, 3) and (4, 5, 6); the vector (1, 0, 2); the dot products, 7 and 16."
BILLS = "The second column is 60 times the first; the vector (60, −1, 0); a product of zeros."
HALVES = "M; S, mirrored at its diagonal; K, whose entries change their sign across its diagonal."
PERMUTATION = "A single one in each row and each column; 10, 20, 30, 40; the product 30, 10, 40, 20."
ORTHOGONAL = "A square turned, mirrored, and both: still the same square."


def _arrow(ax: Axes, start: Any, end: Any, color: str, label: str = "", place: Any = None) -> None:
    """Draw an arrow, with a label at `place`, or next to its tip."""
    color = COLORS.get(color, color)
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 2.5, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)
    x, y = (end[0] + 0.12, end[1] + 0.08) if place is None else place
    ax.text(x, y, label, color=color, weight="bold")


def sum_and_multiple(a: Any, b: Any, factor: float) -> None:
    """Draw a + b as one arrow after the other, and multiples of b."""
    a, b, zero = to_numpy(a), to_numpy(b), onp.zeros(2)
    fig, (left, right) = subplots(1, 2, width=11.4, height=3.9)
    _arrow(left, zero, a, "blue", "a", (1.7, 0.1))
    _arrow(left, a, a + b, "green", "b", (3.7, 1.5))
    _arrow(left, zero, a + b, "vermilion", "a + b", (0.6, 1.5))
    left.set_title("one after the other")
    _arrow(right, zero, factor * b, "vermilion", f"{factor:g} b")
    _arrow(right, zero, b, "green", "b", (0.75, 0.6))
    _arrow(right, zero, -b, "purple", "−b", (-1.5, -0.9))
    right.set_title("longer, or turned around")
    for ax in (left, right):
        ax.set(xlim=(-2.2, 5), ylim=(-1.6, 3.8), aspect="equal")
        ax.grid(True)
    show(
        fig,
        alt="Left: the arrow b begins where the arrow a ends, and a + b leads from the beginning of a to the end of b. "
        "Right: twice b has the same direction, minus b the opposite one.",
    )


def angle(a: Any, b: Any) -> None:
    """Draw two arrows, the angle between them, and the shadow of a on b."""
    fig, ax = subplots(width=7.4, height=3.45)
    a, b = to_numpy(a), to_numpy(b)
    shadow = (a @ b) / (b @ b) * b
    around = onp.linspace(math.atan2(b[1], b[0]), math.atan2(a[1], a[0]), 50)
    ax.plot(0.7 * onp.cos(around), 0.7 * onp.sin(around), color="#555555", linewidth=1.5)
    ax.text(0.85 * math.cos(around[25]), 0.85 * math.sin(around[25]), "θ", va="center")
    ax.plot(*zip(a, shadow, strict=True), color=PALE, linestyle=":")
    _arrow(ax, (0, 0), b, "green", "b")
    _arrow(ax, (0, 0), a, "blue", "a")
    _arrow(ax, (0, 0), shadow, "vermilion")
    ax.text(shadow[0] / 2, -0.4, "shadow of a on b", ha="center", color=COLORS["vermilion"])
    ax.set(xlim=(-0.3, 4.6), ylim=(-0.55, 2.4), aspect="equal")
    ax.axis("off")
    show(
        fig,
        alt="Two arrows from one point, with the angle θ between them. A dotted line drops from the tip of a to b and "
        "cuts off a's shadow on b.",
    )


def angles(degrees: Mapping[str, Any], alt: str) -> None:
    """Draw a histogram of angles for each title."""
    fig, axes = subplots(1, len(degrees), width=11.4, height=2.85)
    for ax, (title, values) in zip(axes, degrees.items(), strict=True):
        ax.hist(values, bins=range(0, 181, 5), color=COLORS["blue"])
        ax.set(title=title, xlabel="angle in degrees", xticks=[0, 90, 180], yticks=[])
    axes[0].set_ylabel("how many pairs")
    show(fig, alt=alt)


def maps(matrices: Mapping[str, Any], alt: str) -> None:
    """Draw the unit square, and what each matrix makes of it and of the two unit vectors."""
    fig, axes = subplots(1, len(matrices), width=11.4, height=2.9)
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        A = to_numpy(matrix, "float64")
        ax.fill(*SQUARE, color=PALE, alpha=0.25)
        ax.fill(*(A @ SQUARE), color=COLORS["sky"], alpha=0.4)
        _arrow(ax, (0, 0), A[:, 0], "vermilion")
        _arrow(ax, (0, 0), A[:, 1], "blue")
        ax.set(xlim=(-1.3, 2.3), ylim=(-0.8, 2.3), aspect="equal", title=title)
        ax.grid(True)
    show(fig, alt=alt)


def tables(tables: Mapping[str, Any], highlights: Sequence[Any], alt: str) -> None:
    """Draw matrices, and vectors as columns, side by side; where a highlight is 1, a cell is blue, where 2, orange."""
    values = [to_numpy(table) for table in tables.values()]
    values = [table[:, None] if table.ndim == 1 else table for table in values]
    rows, widths = max(map(len, values)), [table.shape[1] + 0.8 for table in values]
    fig, axes = subplots(
        1, len(values), width=min(11.4, 0.78 * sum(widths)), height=0.72 * rows + 0.4, width_ratios=widths
    )
    for ax, title, table, width, colored in zip(axes, tables, values, widths, highlights, strict=True):
        marks = onp.broadcast_to(to_numpy(colored), table.shape)
        draw_cells(ax, table, highlight=marks, title=title, color=[COLORS["sky"], COLORS["orange"]])
        ax.set(xlim=(-0.4, width - 0.4), ylim=(rows + 0.04, -0.04))
    show(fig, alt=alt)


def low_rank(photo: Any, of_rank: Callable[[int], Any]) -> Callable[[Axes, int], None]:
    """Return a function that draws a photo at a given rank, with its size and error; at full rank the photo itself."""

    def draw(ax: Axes, rank: int) -> None:
        rows, columns = photo.shape
        original = rank == min(rows, columns)
        picture = to_numpy(photo if original else of_rank(rank))
        error = onp.linalg.norm(picture - to_numpy(photo)) / onp.linalg.norm(to_numpy(photo))
        numbers = rows * columns if original else rank * (rows + columns)
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"{'original' if original else f'rank {rank}'}\n{numbers:,} numbers\nerror {error:.0%}")
        ax.axis("off")

    return draw


def circle(A: Any) -> Callable[[Axes, float], None]:
    """Return a function that draws a vector b on the unit circle at an angle, and its image Ab on an ellipse."""
    matrix, turn = to_numpy(A, "float64"), onp.linspace(0, 2 * onp.pi, 200)
    points = onp.stack([onp.cos(turn), onp.sin(turn)])

    def draw(ax: Axes, degrees: float) -> None:
        ax.plot(*points, color=PALE, linewidth=1.5)
        ax.plot(*(matrix @ points), color=COLORS["sky"], linewidth=1.5)
        b = onp.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        image = matrix @ b
        _arrow(ax, (0, 0), image, "vermilion", "Ab", image + onp.array([0.12, -0.05]))
        _arrow(ax, (0, 0), b, "blue", "b", 1.25 * b - [0.1, 0.05])
        ax.set(xlim=(-2.1, 2.3), ylim=(-1.5, 1.6), aspect="equal")
        ax.set_title(f"{degrees}°: ‖Ab‖ = {onp.linalg.norm(image):.2f}")

    return draw


def eigenvectors(A: Any, vectors: Any) -> None:
    """Draw arrows all around and their images under A: two keep their directions, w and the others do not."""
    fig, axes = subplots(1, 2, width=11.4, height=4.2)
    matrix, w = to_numpy(A, "float64"), onp.array([0.0, 1.0])
    arrows = [("v₁", "vermilion"), ("v₂", "blue"), ("w", "green")]
    for ax, title, change, sign in ((axes[0], "before", onp.eye(2), ""), (axes[1], "after", matrix, "A")):
        for turn in onp.radians([45, 105, 165, 225, 285, 345]):
            _arrow(ax, (0, 0), change @ [math.cos(turn), math.sin(turn)], GRAY)
        for v, (name, color) in zip([*to_numpy(vectors).T, w], arrows, strict=True):
            ax.axline((0, 0), v, color=COLORS[color], linestyle=":", linewidth=1.5)  # the direction before
            end = change @ v
            _arrow(ax, (0, 0), end, color, sign + name, (end[0] + 0.1, end[1] - 0.12))
        ax.set(xlim=(-2.6, 2.6), ylim=(-1.6, 1.6), aspect="equal", xticks=range(-2, 3), yticks=(-1, 0, 1))
        ax.set_title(title)
    show(
        fig,
        alt="Arrows around a point, before and after the matrix. v₁ and v₂, at right angles, still lie on their dotted "
        "lines, shorter and longer; a third one, w, has left its own.",
    )


def forms(matrices: Mapping[str, Any]) -> None:
    """Draw xᵀAx over the plane for some symmetric matrices, as contours with their heights."""
    fig, axes = subplots(1, len(matrices), width=11.4, height=4.0)
    u, v = onp.meshgrid(onp.linspace(-2, 2, 81), onp.linspace(-2, 2, 81))
    shades = ["#F6C98B", "#F4F9FD", "#D5E9F6", "#A9D3EE", "#7DBDE5"]
    for ax, (title, A) in zip(axes, matrices.items(), strict=True):
        heights = A[0][0] * u**2 + 2 * A[0][1] * u * v + A[1][1] * v**2
        ax.contourf(u, v, heights, levels=[-99, 0, 1, 4, 9, 99], colors=shades)
        lines = ax.contour(u, v, heights, levels=[-1, 1, 4, 9], colors="#555555", linewidths=1, linestyles="-")
        labels = ax.clabel(lines, levels=[-1, 4] if title == "saddle" else [1, 4, 9], fmt=_height, fontsize=15)
        for label in labels:
            label.set_rotation(0)
        for slope in onp.roots([A[1][1], 2 * A[0][1], A[0][0]]):  # lines through 0 at height 0
            if abs(slope.imag) < 1e-6:
                ax.axline((0, 0), slope=slope.real, color=COLORS["vermilion"], linewidth=2)
        ax.set(aspect="equal", xlim=(-2, 2), ylim=(-2, 2), xticks=[-2, 0, 2], yticks=[-2, 0, 2], title=title)
        ax.set_xlabel("$x_1$")
    axes[0].set_ylabel("$x_2$", rotation=0)
    show(
        fig,
        alt="Maps of xᵀAx, darker where it is higher. Bowl: ellipses around the lowest point. Trough: parallel lines "
        "next to one at height 0. Saddle: two wedges below 0.",
    )


def _height(value: float) -> str:
    """Format the height of a contour, with a real minus sign."""
    return f"{value:.0f}".replace("-", "−")
