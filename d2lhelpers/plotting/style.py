"""Colors, font sizes, and axes that use them."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# Okabe and Ito's palette (Color Universal Design, 2008), which color-blind people can tell apart. Its yellow is left
# out because it is too pale for a line on white.
COLORS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "black": "#000000",
}
TINTS = {  # pale forms of these colors, on which text in INK is easy to read
    "sky": "#D6ECF8",
    "purple": "#F6E3EE",
    "green": "#D5EFE6",
    "orange": "#FCEBC8",
    "vermilion": "#FBE3D0",
}
INK = "#222222"  # text and outlines
PALE = "#8A8A8A"  # axes and connections: visible, but behind the data
FILL = "#F3F3F3"  # cells and boxes that are not highlighted

FONT_SIZE = 14  # points; 19 CSS pixels
PIXELS_PER_INCH = 100  # CSS pixels on the page per inch of a figure

STYLE: Any = {
    "font.family": "DejaVu Sans",  # comes with Matplotlib, so it is the same on every machine
    "font.size": FONT_SIZE,
    "axes.labelsize": FONT_SIZE,
    "axes.titlesize": FONT_SIZE,
    "xtick.labelsize": FONT_SIZE - 1,
    "ytick.labelsize": FONT_SIZE - 1,
    "legend.fontsize": FONT_SIZE - 1,
    "legend.frameon": False,
    "legend.labelcolor": INK,
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
    "image.cmap": "viridis",
}

Method = TypeVar("Method", bound=Callable[..., Any])


def _in_style(method: Method) -> Method:
    """Make a method of Matplotlib take its defaults from `STYLE` instead of the reader's settings."""

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        with rc_context(STYLE):
            return method(*args, **kwargs)

    return cast(Method, call)


class CourseAxes(Axes):
    """Axes whose text is in the course's style."""

    text = _in_style(Axes.text)
    annotate = _in_style(Axes.annotate)
    set_title = _in_style(Axes.set_title)
    legend = _in_style(Axes.legend)


class CourseFigure(Figure):
    """Figure whose text and color bars are in the course's style."""

    text = _in_style(Figure.text)
    suptitle = _in_style(Figure.suptitle)
    legend = _in_style(Figure.legend)
    colorbar = _in_style(Figure.colorbar)


@_in_style
def subplots(
    nrows: int = 1, ncols: int = 1, *, width: float = 8.0, height: float = 3.2, **kwargs: Any
) -> tuple[Figure, Any]:
    """Make a figure and its axes in the course's style, like `matplotlib.pyplot.subplots`.

    Parameters
    ----------
    nrows, ncols : int
        Rows and columns of axes.
    width, height : float
        Size of the whole figure in inches, at 100 CSS pixels per inch: 8.0 is 800 pixels on the page.
    **kwargs
        Further arguments to `matplotlib.figure.Figure.subplots`, such as `sharey` or `width_ratios`.

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
    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08)  # inches around each set of axes
    fig = CourseFigure(figsize=(width, height), dpi=PIXELS_PER_INCH, layout=layout)
    FigureCanvasAgg(fig)
    axes = fig.subplots(nrows, ncols, subplot_kw=subplot_kw, **kwargs)
    for ax in fig.axes:
        _fix_lines_and_ticks(ax)
    return fig, axes


def _fix_lines_and_ticks(ax: Axes) -> None:
    """Store on the axes what Matplotlib would otherwise look up in its global settings when it draws."""
    colors = [color for name, color in COLORS.items() if name != "black"]
    ax.set_prop_cycle(color=colors, linewidth=[STYLE["lines.linewidth"]] * len(colors))
    ax.tick_params(
        labelsize=FONT_SIZE - 1, color=PALE, labelcolor=INK, grid_color=STYLE["grid.color"], grid_linewidth=1.0
    )
