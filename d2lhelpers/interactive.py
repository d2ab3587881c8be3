"""A drawing to play with: a slider where the notebook is live, a row of fixed cases everywhere else.

Both come from one function that draws on given axes. The row is what a deck, a printed page, GitHub and the tests
show; it is stored in the notebook. The slider needs a front end that answers: Jupyter's, Colab's, VS Code's.
"""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes

from d2lhelpers.plotting import picture_html, show, subplots

# Set by what starts kernels for people: Jupyter's server (2.0 on), Colab. nbclient, nbval and nbconvert set neither.
_LIVE_VARIABLES = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG")


def is_live() -> bool:
    """Return whether somebody may move a slider below the cell.

    The environment variable ``D2L_WIDGETS`` decides if it is set (0 for no, anything else for yes). Otherwise a
    notebook counts as live when Jupyter's server, Colab or VS Code has started its kernel.
    """
    choice = os.environ.get("D2L_WIDGETS")
    if choice is not None:
        return choice not in ("0", "")
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    if shell is None:
        return False
    return any(name in os.environ for name in _LIVE_VARIABLES) or "__vsc_ipynb_file__" in shell.user_ns


def explore(
    draw: Callable[[Axes, Any], object],
    cases: Sequence[Any],
    *,
    label: str,
    alt: str,
    values: Sequence[Any] | None = None,
    width: float = 11.0,
    height: float = 3.4,
    **options: Any,
) -> None:
    """Show a drawing for several values: with a slider to move when live, else side by side for a few fixed cases.

    Parameters
    ----------
    draw : callable
        ``draw(ax, value)`` draws the picture for one value on empty axes, its title included if it wants another
        than "label = value".
    cases : sequence
        The values shown side by side. Two to four fit a slide.
    label : str
        What the value is, such as ``"learning rate"``.
    alt : str
        What there is to see in the row of cases.
    values : sequence, optional
        The slider's positions, in order; the cases when left out. The slider starts at the middle case.
    width, height : float
        Size of the row in inches of 100 pixels. The live picture has the same height, and two thirds of the width.
    **options
        Further arguments of `subplots`, such as ``sharey=True``.

    Raises
    ------
    ValueError
        If there is no case, or a case is not among the values.
    """
    if len(cases) == 0:
        raise ValueError("cases must hold at least one value to draw")
    positions = list(cases if values is None else values)
    start = list(cases)[(len(cases) - 1) // 2]
    missing = [case for case in cases if case not in positions]
    if missing:
        raise ValueError(f"the slider's values must hold every case, and lack {', '.join(map(str, missing))}")
    if is_live():
        _show_slider(draw, positions, start, label, alt, (2 / 3 * width, height))
        return
    fig, axes = subplots(1, len(cases), width=width, height=height, squeeze=False, **options)
    for ax, case in zip(axes.flat, cases, strict=True):
        _draw_case(draw, ax, case, label)
    show(fig, alt)


def _draw_case(draw: Callable[[Axes, Any], object], ax: Axes, value: Any, label: str) -> None:
    ax.set_title(f"{label} = {_words(value)}")
    draw(ax, value)


def _show_slider(
    draw: Callable[[Axes, Any], object],
    values: list[Any],
    start: Any,
    label: str,
    alt: str,
    size: tuple[float, float],
) -> None:
    import ipywidgets  # only where a slider is shown: importing it takes a fifth of a second
    from IPython.display import display

    slider = ipywidgets.SelectionSlider(
        options=[(_words(value), value) for value in values],
        value=start,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "min(100%, 700px)"},
    )
    picture = ipywidgets.HTML()

    def redraw(change: object = None) -> None:
        fig, ax = subplots(width=size[0], height=size[1])
        _draw_case(draw, ax, slider.value, label)
        picture.value = picture_html(fig, f"{label} = {_words(slider.value)}. In the row of cases: {alt}")

    slider.observe(redraw, names="value")
    redraw()
    display(ipywidgets.VBox([slider, picture]))


def _words(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
