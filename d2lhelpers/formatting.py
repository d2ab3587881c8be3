"""Numbers and tables as text, the same on every machine."""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np

from d2lhelpers.arrays import to_numpy


def rounded(values: Any, digits: int = 3) -> Any:
    """Return a number or an array as Python numbers, rounded for printing.

    MXNet's own `round` stays in single precision and prints 0.18 as 0.17999999.

    Parameters
    ----------
    values : number or array_like
        An MXNet or NumPy array, a number, or a nested list.
    digits : int
        Decimal places; 0 gives integers.

    Returns
    -------
    int, float, or nested list of them
        Of the same shape. A negative zero becomes 0.

    Examples
    --------
    >>> rounded([0.18000001, -0.0001], 2)
    [0.18, 0.0]
    >>> rounded(2.5e3, 0)
    2500
    """
    numbers = np.round(to_numpy(values, dtype="float64"), digits) + 0.0  # -0.0 + 0.0 is 0.0
    return (numbers.astype(int) if digits == 0 else numbers).tolist()


def align_columns(rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Return the rows of a table as lines with aligned columns.

    Parameters
    ----------
    rows : sequence of sequences of str
        The cells.
    sides : str
        For each column, "<" to align it left or ">" to align it right.

    Examples
    --------
    >>> align_columns([("layer", "size"), ("dense", "1,000"), ("ReLU", "0")], "<>")
    ['layer   size', 'dense  1,000', 'ReLU       0']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)).rstrip()
        for row in rows
    ]


def text_table(rows: Sequence[Sequence[str]], sides: str, *, foot: bool = True) -> str:
    """Return a table as text, with a rule below its first row (the head) and, if `foot` is true, above its last row.

    >>> print(text_table([("layer", "size"), ("dense", "1,000"), ("total", "1,000")], "<>"))
    layer   size
    ────────────
    dense  1,000
    ────────────
    total  1,000
    """
    head, *body = align_columns(rows, sides)
    rule = "─" * max(map(len, [head, *body]))
    if foot:
        body.insert(-1, rule)
    return "\n".join([head, rule, *body])


def html_table(rows: Sequence[Sequence[str]], sides: str, caption: str, *, foot: bool = True) -> str:
    """Return the same table as `text_table`, but as HTML with a caption; a row's first cell is its heading."""
    style = {"<": 'style="text-align: left"', ">": 'style="text-align: right"'}

    def line(row: Sequence[str], in_head: bool = False) -> str:
        first, *others = (html.escape(cell) for cell in row)
        tag, scope, first_scope = ("th", ' scope="col"', "col") if in_head else ("td", "", "row")
        heading = f'<th scope="{first_scope}" {style[sides[0]]}>{first}</th>'
        cells = [f"<{tag}{scope} {style[side]}>{cell}</{tag}>" for side, cell in zip(sides[1:], others, strict=True)]
        return f"<tr>{heading}{''.join(cells)}</tr>"

    head, *body = rows
    last = f"<tfoot>\n{line(body.pop())}\n</tfoot>\n" if foot else ""
    body_lines = "\n".join(line(row) for row in body)
    return (
        f"<table>\n<caption>{html.escape(caption)}</caption>\n<thead>\n{line(head, in_head=True)}\n</thead>\n"
        f"<tbody>\n{body_lines}\n</tbody>\n{last}</table>"
    )
