"""Matrices as grids of cells."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.arrays import to_numpy
from d2lhelpers.plotting import COLORS, FONT_SIZE, INK


def draw_cells(
    ax: Axes,
    values: Any,
    highlight: Any = None,
    title: str = "",
    *,
    color: str | Sequence[str] = COLORS["sky"],
    indices: bool = False,
) -> None:
    """Draw a matrix as a grid of cells with its numbers in them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    values : array or nested list, shape (rows, columns)
        Numbers or strings.
    highlight : array, same shape, optional
        Which cells to color: True or False, or 0 for no color, 1 for the first color, 2 for the second, and so on.
    title : str
        Text above the grid.
    color : str or sequence of str
        Color or colors of the highlighted cells, as #rrggbb.
    indices : bool
        Whether to number the rows and columns along the edges.
    """
    cells = to_numpy(values)
    if cells.ndim != 2 or 0 in cells.shape:
        raise ValueError(f"values must be a matrix (rows, columns), but have shape {cells.shape}")
    fills = _fills(cells.shape, highlight, [color] if isinstance(color, str) else list(color))
    for (row, column), value in np.ndenumerate(cells):
        _draw_cell(ax, row, column, _number(value), fills[row][column])
    rows, columns = cells.shape
    if indices:
        edge: dict[str, Any] = {"ha": "center", "va": "center", "color": "#666666", "fontsize": FONT_SIZE - 1}
        for row in range(rows):
            ax.text(-0.35, row + 0.5, str(row), **edge)
        for column in range(columns):
            ax.text(column + 0.5, -0.35, str(column), **edge)
    margin = 0.65 if indices else 0.04
    ax.set_xlim(-margin, columns + 0.04)
    ax.set_ylim(rows + 0.04, -margin)  # row 0 at the top
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(title)


def _fills(shape: tuple[int, ...], highlight: Any, palette: list[str]) -> list[list[str | None]]:
    """Return the fill color of each cell, None for cells that are not highlighted."""
    chosen = np.zeros(shape, dtype=int) if highlight is None else to_numpy(highlight).astype(int)
    if chosen.shape != shape:
        raise ValueError(f"highlight has shape {chosen.shape}, but must have the shape of the values, {shape}")
    if chosen.min() < 0 or chosen.max() > len(palette):
        raise ValueError(
            f"highlight must be between 0 and {len(palette)}, the number of colors, but contains {chosen.min()} to "
            f"{chosen.max()}"
        )
    colors = [None, *palette]
    return [[colors[index] for index in row] for row in chosen]


def _draw_cell(ax: Axes, row: int, column: int, text: str, fill: str | None) -> None:
    ax.add_patch(Rectangle((column, row), 1, 1, facecolor=fill or "white", edgecolor=INK, linewidth=1.5))
    ax.text(
        column + 0.5,
        row + 0.5,
        text,
        ha="center",
        va="center_baseline",
        fontsize=FONT_SIZE + 1,
        fontweight="bold" if fill else "normal",
        color=_text_color(fill) if fill else INK,
    )


def _number(value: Any) -> str:
    """Format the content of a cell: a string unchanged, a number with up to three digits.

    >>> _number(3), _number(2.0), _number(0.12345), _number(-1.5), _number("a")
    ('3', '2', '0.123', '−1.5', 'a')
    """
    return value if isinstance(value, str) else f"{float(value):.3g}".replace("-", "\N{MINUS SIGN}")


def _text_color(background: str) -> str:
    """Return ink or white, whichever contrasts more with a color given as #rrggbb (WCAG 2's relative luminance)."""
    channels = [int(background[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if luminance < 0.18 else INK
