"""`Scoreboard`: the results of networks, kept across notebooks; a table, and a plot of accuracy against work."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pooch
from matplotlib.ticker import EngFormatter, LogLocator, NullLocator
from mxnet import gluon

from d2lhelpers.arguments import check_choice, check_integer, check_positive, shorten
from d2lhelpers.formatting import html_table, text_table
from d2lhelpers.interactive import is_live
from d2lhelpers.plotting import COLORS, label_points, show, subplots
from d2lhelpers.summary import summarize

_AXES = {"multiply_adds": "multiply-adds per example", "parameters": "parameters", "seconds": "seconds of training"}
_HEAD = ("network", "data", "accuracy", "95 % interval", "multiply-adds", "parameters", "seconds")
_LOOKS = tuple(zip([color for name, color in COLORS.items() if name != "black"], "os^Dvp", strict=True))
_Z = 1.959964  # 95 % of a normal distribution is within this many standard deviations


@dataclass
class Result:
    """A row of a `Scoreboard`."""

    network: str
    data: str
    accuracy: float
    examples: int  # that the accuracy was measured on
    seconds: float
    multiply_adds: int | None  # None if unknown
    parameters: int

    def __post_init__(self) -> None:
        for name in ("network", "data"):
            if not isinstance(getattr(self, name), str) or not getattr(self, name).strip():
                raise ValueError(f"{name}={shorten(getattr(self, name))}: must be a name")
        if self.accuracy != 0:
            self.accuracy = check_positive("accuracy", self.accuracy)
        if self.accuracy > 1:
            raise ValueError(f"accuracy={self.accuracy:g}: must be a fraction, 0 to 1")
        self.accuracy = float(self.accuracy)
        self.examples = check_integer("examples", self.examples, 1)
        self.seconds = check_positive("seconds", self.seconds)
        for name in ("multiply_adds", "parameters"):
            check_integer(name, getattr(self, name) or 0, 0)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy on further examples (Wilson 1927)."""
        p, n = self.accuracy, self.examples
        middle = p + _Z**2 / (2 * n)
        half = _Z * math.sqrt(p * (1 - p) / n + (_Z / (2 * n)) ** 2)
        return (middle - half) / (1 + _Z**2 / n), (middle + half) / (1 + _Z**2 / n)

    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        low, high = self.interval
        work = "?" if self.multiply_adds is None else f"{self.multiply_adds:,}"
        span, seconds = f"{low:.3f} to {high:.3f}", f"{self.seconds:.1f}"
        return self.network, self.data, f"{self.accuracy:.3f}", span, work, f"{self.parameters:,}", seconds


class Scoreboard:
    """The results of networks: a table if a cell ends with it, and a plot with `show`.

    Parameters
    ----------
    keep : bool, optional
        Whether to store results in the file `path`, and to show those of other notebooks too. By default, only if the
        notebook is live, or if the environment variable ``D2L_SCOREBOARD`` names the file.

    Examples
    --------
    >>> from mxnet.gluon import nn
    >>> board = Scoreboard(keep=False)
    >>> board.add("softmax", nn.Dense(10), (1, 784), data="MNIST", accuracy=0.91, examples=2_000, seconds=4)
    >>> board
    network  data   accuracy   95 % interval  multiply-adds  parameters  seconds
    ────────────────────────────────────────────────────────────────────────────
    softmax  MNIST     0.910  0.897 to 0.922          7,840       7,850      4.0
    """

    def __init__(self, keep: bool | None = None) -> None:
        self._keep = is_live() or "D2L_SCOREBOARD" in os.environ if keep is None else keep
        self._own: list[Result] = []

    def add(
        self, network: str, net: gluon.Block, input_shape: Sequence[int], *,
        data: str, accuracy: float, examples: int, seconds: float,
    ) -> None:  # fmt: skip
        """Add a trained network, or replace the last result of the same network on the same data.

        Parameters
        ----------
        network, data : str
            The names to show.
        net, input_shape
            The network and the shape of an input, from which `summarize` counts multiply-adds and parameters.
        accuracy, examples
            The accuracy, a fraction, and the number of test examples it was measured on.
        seconds : float
            Time to train.
        """
        table = summarize(net, input_shape)
        work = table.total_multiply_adds if table.all_known else None
        result = Result(network, data, accuracy, examples, seconds, work, table.total_parameters)
        self._own.append(result)
        if self._keep:
            self._store(result)

    @property
    def results(self) -> list[Result]:
        """The latest result of each network on the data of this notebook (on all, if it has none), the best first."""
        data_sets = {result.data for result in self._own}
        found = [result for result in [*self._stored(), *self._own] if not data_sets or result.data in data_sets]
        latest = {(result.network, result.data): result for result in found}
        return sorted(latest.values(), key=lambda result: (result.data, -result.accuracy))

    def show(self, against: str = "multiply_adds", *, width: float = 9.0, height: float = 4.6) -> None:
        """Plot the accuracy against "multiply_adds" (the default), "parameters", or "seconds"."""
        check_choice("against", against, tuple(_AXES))
        results = [result for result in self.results if getattr(result, against)]
        if not results:
            print("There is nothing to plot yet: add a network to the scoreboard.")
            return
        fig, ax = subplots(width=width, height=height)
        _plot(ax, results, against)
        names = ", ".join(f"{result.network} on {result.data}" for result in results)
        show(fig, f"Test accuracy against {_AXES[against]}, one point for each network: {names}.")

    @property
    def path(self) -> Path:
        """The file: in the user's own cache folder, even if a class shares a folder for downloads."""
        if own := os.environ.get("D2L_SCOREBOARD"):
            return Path(own)
        return Path(pooch.os_cache("d2lhelpers")) / "scoreboard.jsonl"

    def _store(self, result: Result) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One unbuffered write at the end of the file, so that notebooks can do this at the same time. The newline
            # comes first, so that a row that was cut off, as on a full disk, doesn't damage the next one.
            with self.path.open("ab", buffering=0) as file:
                file.write(f"\n{json.dumps(asdict(result))}".encode())
        except OSError as error:
            warnings.warn(f"The scoreboard only shows this notebook's results. {error}", stacklevel=3)

    def _stored(self) -> list[Result]:
        """Read the file; rows that are damaged, or of another version, stay there but are not shown."""
        try:
            lines = self.path.read_bytes().splitlines() if self._keep else []
        except OSError:
            return []
        return [result for result in map(_parse, lines) if result is not None]

    def _cells(self) -> list[tuple[str, ...]]:
        return [_HEAD, *(result.cells() for result in self.results)]

    def __repr__(self) -> str:
        return text_table(self._cells(), "<<>>>>>", foot=False)

    def _repr_html_(self) -> str:
        caption = "Accuracy on test examples; multiply-adds are per example"
        return html_table(self._cells(), "<<>>>>>", caption, foot=False)


def _parse(line: bytes) -> Result | None:
    try:
        return Result(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None


def _plot(ax: Any, results: Sequence[Result], against: str) -> None:
    looks = dict(zip(dict.fromkeys(result.data for result in results), _LOOKS * len(results), strict=False))
    for data, (color, marker) in looks.items():
        rows = [result for result in results if result.data == data]
        errors = [[abs(row.accuracy - row.interval[end]) for row in rows] for end in (0, 1)]
        works, accuracies = [getattr(row, against) for row in rows], [row.accuracy for row in rows]
        look = {"color": color, "marker": marker, "markersize": 10, "markeredgecolor": "white", "linestyle": "none"}
        ax.errorbar(works, accuracies, errors, elinewidth=1.8, label=data, **look)
    ax.set_xscale("log")
    ax.margins(0.12, 0.12)
    low, high = ax.get_xlim()
    ax.xaxis.set_major_locator(LogLocator(subs=(1,) if high > 300 * low else (1, 2, 5)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    ax.set_xlabel(_AXES[against])
    ax.set_ylabel("test accuracy")
    ax.grid(True)
    if len(looks) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(looks), borderaxespad=0)  # above the labels
    points = [(getattr(row, against), row.accuracy) for row in results]
    bars = [((x, row.interval[0]), (x, row.interval[1])) for (x, _), row in zip(points, results, strict=True)]
    label_points(ax, points, [row.network for row in results], bars)
