"""Figures in the course's style: shown with alternative text, drawn live while a network trains, grids of images.

Figures are plain `matplotlib.figure.Figure` objects. pyplot is not used, so nothing is kept in a global list, nothing
has to be closed, and the caller's own matplotlib settings stay as they are.
"""

import base64
import html
import io
import math
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, MaxNLocator
from PIL import Image

if TYPE_CHECKING:
    from d2lhelpers.training import History

# Okabe and Ito's palette (Color Universal Design, 2008), which color-blind people can tell apart. Its yellow is left
# out: it is too pale for a line on white.
COLORS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "black": "#000000",
}
INK = "#222222"  # text and outlines
PALE = "#8A8A8A"  # axes, connections: there, but behind the data
FILL = "#F3F3F3"  # the inside of a cell or box that is not highlighted

FONT_SIZE = 14  # points; 19 px as shown
PIXELS_PER_INCH = 100  # CSS pixels on the page to one inch of figure
_RESOLUTION = 2  # image pixels to one CSS pixel, sharp on a projector and on a high-resolution screen

# Line styles go with the colors: the third cue, besides color and marker, for a print in gray.
STYLE: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": FONT_SIZE,
    "axes.labelsize": FONT_SIZE,
    "axes.titlesize": FONT_SIZE,
    "xtick.labelsize": FONT_SIZE - 1,
    "ytick.labelsize": FONT_SIZE - 1,
    "legend.fontsize": FONT_SIZE - 1,
    "legend.frameon": False,
    "figure.titlesize": FONT_SIZE + 1,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": PALE,
    "ytick.color": PALE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": "#E2E2E2",
    "grid.linewidth": 1.0,
    "lines.linewidth": 2.5,
    "lines.markersize": 7,
    "patch.linewidth": 1.5,
    "image.cmap": "viridis",
}


def _with_size(options: dict[str, Any], size: float, *names: str) -> dict[str, Any]:
    """Add the course's font size to the keyword arguments of a text unless they already choose one."""
    if any(name in options for name in ("fontsize", "size", "fontproperties", "font_properties", "font", *names)):
        return options
    return {**options, "fontsize": size}


_LEGEND: dict[str, Any] = {"frameon": False, "labelcolor": INK}


class CourseAxes(Axes):
    """Axes whose texts have the course's font size, whatever the caller's own matplotlib settings."""

    def text(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Axes.text`."""
        return super().text(*args, **_with_size({"color": INK} | kwargs, FONT_SIZE))

    def annotate(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Axes.annotate`."""
        return super().annotate(*args, **_with_size({"color": INK} | kwargs, FONT_SIZE))

    def set_title(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Axes.set_title`."""
        return super().set_title(*args, **_with_size(kwargs, FONT_SIZE, "fontdict"))

    def legend(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Axes.legend`, without a frame."""
        return super().legend(*args, **_with_size(_LEGEND | kwargs, FONT_SIZE - 1, "prop"))


class CourseFigure(Figure):
    """Figure whose texts and color bars have the course's style."""

    def suptitle(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Figure.suptitle`."""
        return super().suptitle(*args, **_with_size(kwargs, FONT_SIZE + 1))

    def text(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Figure.text`."""
        return super().text(*args, **_with_size({"color": INK} | kwargs, FONT_SIZE))

    def legend(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Figure.legend`, without a frame."""
        return super().legend(*args, **_with_size(_LEGEND | kwargs, FONT_SIZE - 1, "prop"))

    def colorbar(self, *args: Any, **kwargs: Any) -> Any:
        """Like `Figure.colorbar`."""
        with rc_context(STYLE):
            return super().colorbar(*args, **kwargs)


def subplots(
    nrows: int = 1, ncols: int = 1, *, width: float = 8.0, height: float = 3.2, **kwargs: Any
) -> tuple[Figure, Any]:
    """Make a figure and its axes in the course's style, like `matplotlib.pyplot.subplots`.

    Parameters
    ----------
    nrows, ncols : int
        Rows and columns of axes.
    width, height : float
        Size of the whole figure in inches of 100 pixels on the page: 8.0 is 800 pixels.
    **kwargs
        Further arguments of `matplotlib.figure.Figure.subplots`, such as `sharey` or `width_ratios`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes, or numpy array of them when there are several

    Examples
    --------
    >>> fig, (left, right) = subplots(1, 2, width=6)
    >>> _ = left.plot([1, 2, 3], [1, 4, 9])
    """
    if width <= 0 or height <= 0:
        raise ValueError(f"width and height must be positive numbers of inches, not {width} and {height}")
    subplot_kw = dict(kwargs.pop("subplot_kw", None) or {})
    if "projection" not in subplot_kw:
        subplot_kw.setdefault("axes_class", CourseAxes)
    with rc_context(STYLE):
        layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)  # inches around each set of axes
        fig = CourseFigure(figsize=(width, height), dpi=PIXELS_PER_INCH, layout=layout)
        FigureCanvasAgg(fig)
        axes = fig.subplots(nrows, ncols, subplot_kw=subplot_kw, **kwargs)
        for ax in fig.axes:
            _style_axes(ax)
    return fig, axes


def _style_axes(ax: Axes) -> None:
    """Fix on the axes what matplotlib would look up in its global settings later, when it draws."""
    colors = [color for name, color in COLORS.items() if name != "black"]
    ax.set_prop_cycle(color=colors, linewidth=[STYLE["lines.linewidth"]] * len(colors))
    ax.tick_params(
        labelsize=FONT_SIZE - 1, color=PALE, labelcolor=INK, grid_color=STYLE["grid.color"], grid_linewidth=1.0
    )


def show(fig: Figure, alt: str, *, display_id: str | None = None, update: bool = False) -> None:
    """Show a figure below the cell, with a text for those who cannot see it.

    The picture is a PNG of twice the resolution at which it is shown. The alternative text goes into the output's
    metadata, from where the slides take it, and is the output's plain text. In a plain Python script, where no
    picture can be shown, the alternative text is printed.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Shown at 100 CSS pixels per inch of its size.
    alt : str
        What there is to see, in a sentence or two.
    display_id : str, optional
        A name for the picture's place on the page.
    update : bool
        Replace the picture already shown under `display_id` rather than show a new one.

    Raises
    ------
    ValueError
        If `alt` is empty, or `update` is asked for without a `display_id`.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what the picture shows, not {alt!r}")
    if update and display_id is None:
        raise ValueError("update=True needs the display_id of the picture to replace")
    alt = " ".join(alt.split())
    if _in_ipython():
        _publish(_shrink(_png(fig)), fig, alt, display_id, update)
    elif not update:
        print(alt)


def _publish(png: bytes, fig: Figure, alt: str, display_id: str | None, update: bool) -> None:
    from IPython.display import display  # only where IPython runs already: importing it costs a script half a second

    width, height = (round(inches * PIXELS_PER_INCH) for inches in fig.get_size_inches())
    options = {} if display_id is None else {"display_id": display_id, "update": update}
    display(
        {"image/png": base64.b64encode(png).decode("ascii"), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"width": width, "height": height, "alt": alt}},
        **options,
    )


def picture_html(fig: Figure, alt: str) -> str:
    """Return a figure as an HTML picture, with its alternative text, for a widget."""
    width, height = (round(inches * PIXELS_PER_INCH) for inches in fig.get_size_inches())
    data = base64.b64encode(_png(fig)).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" width="{width}" height="{height}" alt="{html.escape(alt)}">'


def _png(fig: Figure) -> bytes:
    buffer = io.BytesIO()
    with rc_context(STYLE):
        # Without the software's name in it the file is the same whenever the picture is.
        fig.savefig(
            buffer,
            format="png",
            dpi=PIXELS_PER_INCH * _RESOLUTION,
            facecolor="white",
            transparent=False,
            metadata={"Software": None},
        )
    return buffer.getvalue()


def _shrink(png: bytes) -> bytes:
    """Store a drawing with a palette of 256 colors: a third of the size, and no difference to be seen.

    Pictures of many colors, such as photographs, are left as they are.
    """
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.getcolors(maxcolors=2000) is None:
        return png
    buffer = io.BytesIO()
    palette = image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def _in_ipython() -> bool:
    """Whether the code runs in a notebook or an IPython console. Does not import IPython to find out."""
    module = sys.modules.get("IPython")
    return module is not None and module.get_ipython() is not None


class LiveCurve:
    """Curves that grow while a network trains.

    Metrics whose names end in the same word share one set of axes: `train_loss` and `test_loss` one, `train_accuracy`
    and `test_accuracy` another. In a notebook there is one picture, redrawn in place, and never more often than keeps
    drawing below a tenth of the time; its title tells the epoch and the time left until `close` puts the final title
    there. In a plain script every call of `add` prints a line.

    Parameters
    ----------
    metrics : sequence of str
        Names of what is plotted, such as `["train_loss", "test_loss"]`.
    num_epochs : int
        Length of the horizontal axis.
    title : str
        Title above the finished picture.
    alt : str, optional
        Alternative text of the picture. It is part of the stored output, so it should not hold a number that differs
        from run to run.

    Examples
    --------
    >>> curve = LiveCurve(["train_loss"], num_epochs=2)
    >>> curve.add(1, train_loss=0.9)
    epoch 1/2: train loss 0.900
    >>> curve.add(2, train_loss=0.5)
    epoch 2/2: train loss 0.500
    >>> curve.close()
    """

    def __init__(self, metrics: Sequence[str], num_epochs: int, title: str = "", alt: str | None = None) -> None:
        if isinstance(metrics, str) or not metrics:
            raise ValueError(f"metrics must be a list with at least one name, not {metrics!r}")
        if num_epochs < 1:
            raise ValueError(f"num_epochs must be at least 1, not {num_epochs}")
        self.num_epochs = num_epochs
        self.title = title
        self.alt = " ".join((alt or _curve_alt(metrics, num_epochs)).split())
        self.epochs: list[float] = []
        self.values: dict[str, list[float]] = {name: [] for name in metrics}
        self._live = _in_ipython()
        self._closed = False
        self._started = time.perf_counter()
        self._not_before = 0.0  # the time from which the next drawing is allowed
        self._display_id = f"curve-{id(self):x}-{time.time_ns():x}"
        if self._live:
            self._fig, axes = subplots(1, len(_panels(metrics)), squeeze=False)
            self._axes = list(axes.flat)
            self._draw(f"epoch 0/{num_epochs}", update=False)

    def add(self, epoch: float, **values: float) -> None:
        """Add a point to each curve named.

        Parameters
        ----------
        epoch : float
            The number of epochs finished.
        **values : float
            The metrics' values. A metric left out has a gap there.
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
        """Tell how far the training is, in epochs and parts of one, so that the title can say how long it will take."""
        now = time.perf_counter()
        if not self._live or self._closed or now < self._not_before or epochs_done >= self.num_epochs:
            return
        current = min(math.floor(epochs_done) + 1, self.num_epochs)
        status = f"epoch {current}/{self.num_epochs}"
        if epochs_done > 0:
            left = (now - self._started) / epochs_done * (self.num_epochs - epochs_done)
            status += f" · about {_duration(left)} left"
        self._draw(status)

    def close(self) -> None:
        """Draw the finished curves under their final title. Further calls do nothing."""
        if self._live and not self._closed:
            self._draw(self.title, final=True)
        self._closed = True

    def _draw(self, title: str, *, update: bool = True, final: bool = False) -> None:
        start = time.perf_counter()
        _draw_curves(self._axes, self.epochs, self.values, self.num_epochs)
        self._fig.suptitle(title)
        png = _png(self._fig)
        _publish(_shrink(png) if final else png, self._fig, self.alt, self._display_id, update)
        end = time.perf_counter()
        self._not_before = end + max(0.5, 9 * (end - start))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _panels(metrics: Iterable[str]) -> dict[str, list[str]]:
    """Group metrics by the last word of their names."""
    panels: dict[str, list[str]] = {}
    for name in metrics:
        panels.setdefault(_words(name).split()[-1], []).append(name)
    return panels


def _curve_alt(metrics: Iterable[str], num_epochs: int) -> str:
    names = [_words(name) for name in metrics]
    listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return f"Curves of {listed} against the epoch, {num_epochs} epoch{'s' if num_epochs > 1 else ''}."


def _duration(seconds: float) -> str:
    """Say a time to come in as many words as it deserves.

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
    looks = [
        {"color": COLORS["blue"], "linestyle": "-", "marker": "o"},
        {"color": COLORS["vermilion"], "linestyle": "--", "marker": "s"},
        {"color": COLORS["green"], "linestyle": "-.", "marker": "^"},
        {"color": COLORS["purple"], "linestyle": ":", "marker": "D"},
    ]
    for ax, (kind, names) in zip(axes, _panels(values).items(), strict=True):
        for line in list(ax.lines):
            line.remove()
        ax.relim()
        for index, name in enumerate(names):
            look: dict[str, Any] = looks[index % len(looks)]
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


def plot_history(history: "History", alt: str | None = None, *, title: str = "") -> None:
    """Show the curves of a finished training run.

    Parameters
    ----------
    history : History
        What `fit` returned.
    alt : str, optional
        Alternative text; the default names the curves.
    title : str
        Title above the picture.
    """
    values = {name: series for name, series in history.curves().items() if series}
    if not values:
        raise ValueError("the history is empty: nothing has been trained")
    num_epochs = len(history.train_loss)
    fig, axes = subplots(1, len(_panels(values)), squeeze=False)
    _draw_curves(list(axes.flat), range(1, num_epochs + 1), values, num_epochs)
    fig.suptitle(title)
    show(fig, alt or _curve_alt(values, num_epochs))


def to_numpy(array: Any) -> np.ndarray:
    """Return an array of MXNet's, NumPy's, or a nested list, as NumPy's."""
    return array.asnumpy() if hasattr(array, "asnumpy") else np.asarray(array)


def show_images(
    images: Any,
    titles: Sequence[Any] | None = None,
    *,
    alt: str,
    num_columns: int = 8,
    width: float = 8.0,
    height: float | None = None,
    cmap: str = "gray",
    vmin: float | None = None,
    vmax: float | None = None,
) -> None:
    """Show images side by side.

    Parameters
    ----------
    images : array or list of arrays
        MXNet or NumPy, shape (N, H, W), (N, 1, H, W), (N, 3, H, W), or (H, W) for a single one. Color images hold
        red, green and blue as numbers in [0, 1], or as integers in [0, 255].
    titles : sequence, optional
        One text (or anything with a `str`) above each image.
    alt : str
        What there is to see.
    num_columns : int
        Images in a row.
    width, height : float
        Size of the figure in inches of 100 pixels. The default height makes the images as large as the width allows.
    cmap : str
        Matplotlib's name of the color scale for images of one channel.
    vmin, vmax : float, optional
        Values shown as the scale's first and last color. The same for all images, so that they can be compared; by
        default 0 and 1 if all values lie between, otherwise the smallest and the largest of all.
    """
    pictures = _image_stack(images)
    count = len(pictures)
    if titles is not None and len(titles) != count:
        raise ValueError(f"{len(titles)} titles for {count} images: give one for each")
    if num_columns < 1:
        raise ValueError(f"num_columns must be at least 1, not {num_columns}")
    columns = min(num_columns, count)
    rows = math.ceil(count / columns)
    if height is None:
        title_height = 0.0 if titles is None else 0.34
        height = rows * (0.96 * width / columns * pictures.shape[1] / pictures.shape[2] + title_height) + 0.08
    scale: dict[str, Any] = {}
    if pictures.ndim == 3:
        low, high = float(np.min(pictures)), float(np.max(pictures))
        if low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        scale = {"cmap": cmap, "vmin": low if vmin is None else vmin, "vmax": high if vmax is None else vmax}
    fig, axes = subplots(rows, columns, width=width, height=height, squeeze=False)
    for index, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if index < count:
            ax.imshow(pictures[index], interpolation="nearest", **scale)
            if titles is not None:
                ax.set_title(str(titles[index]), pad=4)
    show(fig, alt)


def _image_stack(images: Any) -> np.ndarray:
    """Bring images to shape (N, H, W), or (N, H, W, 3) with values that matplotlib takes as colors."""
    if isinstance(images, list | tuple):
        stack = np.stack([to_numpy(image) for image in images]) if images else np.empty((0, 1, 1))
    else:
        stack = to_numpy(images)
    if stack.ndim == 2:
        stack = stack[None]
    if stack.ndim not in (3, 4) or (stack.ndim == 4 and stack.shape[1] not in (1, 3)):
        raise ValueError(f"images must have shape (N, H, W), (N, 1, H, W) or (N, 3, H, W), not {stack.shape}")
    if 0 in stack.shape:
        raise ValueError(f"there is no image to show in an array of shape {stack.shape}")
    if stack.ndim == 3:
        return stack
    if stack.shape[1] == 1:
        return stack[:, 0]
    stack = stack.transpose(0, 2, 3, 1)
    return stack if stack.dtype == np.uint8 else np.clip(stack / (255 if np.max(stack) > 1 else 1), 0, 1)
