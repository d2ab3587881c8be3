"""Learning curves: drawn live while a network trains, or from the history of a finished run."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator

from d2lhelpers.history import History
from d2lhelpers.plotting.display import ipython_shell, publish, show
from d2lhelpers.plotting.style import COLORS, subplots

# Thanks to line styles and markers, the curves can be told apart in grayscale, too.
_LOOKS: list[dict[str, Any]] = [
    {"color": COLORS["blue"], "linestyle": "-", "marker": "o"},
    {"color": COLORS["vermilion"], "linestyle": "--", "marker": "s"},
    {"color": COLORS["green"], "linestyle": "-.", "marker": "^"},
    {"color": COLORS["purple"], "linestyle": ":", "marker": "D"},
]


class LiveCurve:
    """Curves that grow while a network trains.

    Metrics whose names end in the same word share one set of axes, such as `train_loss` and `test_loss`. A notebook
    shows one picture, which is redrawn in place and takes at most a tenth of the time; its title shows the epoch and
    the time left. A plain script prints one line per call to `add`.

    Parameters
    ----------
    metrics : sequence of str
        Names of the curves, such as `["train_loss", "test_loss"]`.
    num_epochs : int
        Length of the horizontal axis.
    title : str
        Title of the finished picture.
    alt : str, optional
        Alternative text. It is part of the stored output, so it should not contain numbers that vary between runs.

    Examples
    --------
    >>> curve = LiveCurve(["train_loss"], num_epochs=2)
    >>> curve.add(1, train_loss=0.9)
    epoch 1/2: train loss 0.900
    >>> curve.close()
    """

    def __init__(self, metrics: Sequence[str], num_epochs: int, title: str = "", alt: str | None = None) -> None:
        if isinstance(metrics, str) or not metrics:
            raise ValueError(f"metrics must be a list with at least one name, not {metrics!r}")
        if num_epochs < 1:
            raise ValueError(f"num_epochs must be at least 1, not {num_epochs}")
        self.num_epochs = num_epochs
        self.title = title
        self.alt = " ".join((alt or _describe(metrics, num_epochs)).split())
        self.epochs: list[float] = []
        self.values: dict[str, list[float]] = {name: [] for name in metrics}
        self._live = ipython_shell() is not None
        self._closed = False
        self._started = time.perf_counter()
        self._next_drawing = 0.0  # not before this time
        self._display_id = f"curve-{id(self):x}-{time.time_ns():x}"
        if self._live:
            self._fig, axes = subplots(1, len(_panels(metrics)), squeeze=False)
            self._axes = list(axes.flat)
            self._draw(f"epoch 0/{num_epochs}", update=False)

    def add(self, epoch: float, **values: float) -> None:
        """Add a point to each of the named curves; a curve that is left out has a gap there.

        Parameters
        ----------
        epoch : float
            The number of epochs finished.
        **values : float
            The metrics' values.
        """
        if self._closed:
            raise RuntimeError("the curve is closed: make a new LiveCurve")
        unknown = sorted(set(values) - set(self.values))
        if unknown:
            raise ValueError(f"no metric named {', '.join(unknown)}: this curve has {', '.join(self.values)}")
        self.epochs.append(epoch)
        for name, series in self.values.items():
            series.append(float(values.get(name, math.nan)))
        if self._live:
            self.progress(epoch)
        else:
            numbers = ", ".join(f"{_words(name)} {value:.3f}" for name, value in values.items())
            print(f"epoch {epoch:g}/{self.num_epochs}: {numbers}", flush=True)

    def progress(self, epochs_done: float) -> None:
        """Update the title with the epoch and the time left; `epochs_done` may be a fraction."""
        now = time.perf_counter()
        if not self._live or self._closed or now < self._next_drawing or epochs_done >= self.num_epochs:
            return
        current = min(math.floor(epochs_done) + 1, self.num_epochs)
        status = f"epoch {current}/{self.num_epochs}"
        if epochs_done > 0:
            left = (now - self._started) / epochs_done * (self.num_epochs - epochs_done)
            status += f" · about {_duration(left)} left"
        self._draw(status)

    def close(self) -> None:
        """Draw the finished curves with their final title. Further calls do nothing."""
        if self._live and not self._closed:
            self._draw(self.title, final=True)
        self._closed = True

    def _draw(self, title: str, *, update: bool = True, final: bool = False) -> None:
        start = time.perf_counter()
        _draw_curves(self._axes, self.epochs, self.values, self.num_epochs)
        self._fig.suptitle(title)
        publish(self._fig, self.alt, display_id=self._display_id, update=update, shrink=final)
        end = time.perf_counter()
        self._next_drawing = end + max(0.5, 9 * (end - start))


def plot_history(history: History, alt: str | None = None, *, title: str = "") -> None:
    """Show the curves of a finished training run.

    Parameters
    ----------
    history : History
        What `fit` returned.
    alt : str, optional
        Alternative text; by default it names the curves.
    title : str
        Title of the picture.
    """
    values = {name: series for name, series in history.curves().items() if series}
    if not values:
        raise ValueError("the history is empty: nothing has been trained")
    num_epochs = len(history.train_loss)
    fig, axes = subplots(1, len(_panels(values)), squeeze=False)
    _draw_curves(list(axes.flat), range(1, num_epochs + 1), values, num_epochs)
    fig.suptitle(title)
    show(fig, alt or _describe(values, num_epochs))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _panels(metrics: Iterable[str]) -> dict[str, list[str]]:
    """Group metrics by the last word of their names."""
    panels: dict[str, list[str]] = {}
    for name in metrics:
        panels.setdefault(_words(name).split()[-1], []).append(name)
    return panels


def _describe(metrics: Iterable[str], num_epochs: int) -> str:
    names = [_words(name) for name in metrics]
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return f"Curves of {listed} against the epoch, {num_epochs} epoch{'s' if num_epochs > 1 else ''}."


def _duration(seconds: float) -> str:
    """Format a duration in suitable units.

    >>> _duration(4.2), _duration(75), _duration(7300)
    ('5 s', '1 min 15 s', '2 h 2 min')
    """
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {math.ceil(whole % 3600 / 60)} min"


def _draw_curves(
    axes: Sequence[Axes], epochs: Sequence[float], values: Mapping[str, Sequence[float]], num_epochs: int
) -> None:
    for ax, (kind, names) in zip(axes, _panels(values).items(), strict=True):
        for line in list(ax.lines):
            line.remove()
        ax.relim()
        for index, name in enumerate(names):
            look = _LOOKS[index % len(_LOOKS)]
            if num_epochs > 20:  # so many markers would hide the lines
                look = look | {"marker": "o" if len(epochs) == 1 else ""}
            ax.plot(epochs, values[name], label=_words(name), **look)
        ax.set_xlabel("epoch")
        ax.set_ylabel(kind)
        margin = 0.04 * (num_epochs - 1) or 0.5
        ax.set_xlim(1 - margin, num_epochs + margin)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True) if num_epochs > 1 else FixedLocator([1]))
        ax.grid(True, axis="y")
        ax.autoscale(axis="y")
        if len(names) > 1:
            ax.legend()
