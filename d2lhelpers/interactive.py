"""An interactive drawing: a slider or an animation in a live notebook, a row of fixed cases everywhere else.

One function draws all of them. The stored notebook contains the row of cases, so that is what slides, printed pages,
and GitHub show. The slider needs a live front end, such as Jupyter, Colab, or VS Code.
"""

import functools
import os
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes

from d2lhelpers.plotting import ipython_shell, picture_html, show, subplots

# Set in the kernels that Jupyter's server (2.0 or later) and Colab start for users, but not in those of nbclient,
# nbval, and nbconvert.
_LIVE_VARIABLES = ("JPY_SESSION_NAME", "COLAB_RELEASE_TAG")

Draw = Callable[[Axes, Any], object]


def is_live() -> bool:
    """Return whether there is a user who can move a slider.

    The environment variable ``D2L_WIDGETS`` decides if it is set (0 for no, anything else for yes). Otherwise, a
    notebook is live if Jupyter's server, Colab, or VS Code has started its kernel.
    """
    choice = os.environ.get("D2L_WIDGETS")
    if choice is not None:
        return choice not in ("0", "")
    shell = ipython_shell()
    if shell is None:
        return False
    return any(name in os.environ for name in _LIVE_VARIABLES) or "__vsc_ipynb_file__" in shell.user_ns


def explore(
    draw: Draw,
    cases: Sequence[Any],
    *,
    label: str,
    alt: str,
    values: Sequence[Any] | None = None,
    play: bool = False,
    width: float = 11.0,
    height: float = 3.4,
    **options: Any,
) -> None:
    """Show a drawing for several values: with a slider in a live notebook, otherwise side by side for a few cases.

    Parameters
    ----------
    draw : callable
        ``draw(ax, value)`` draws the picture for one value on empty axes. It may replace the title "label = value".
    cases : sequence
        The values shown side by side. Two to four fit on a slide.
    label : str
        What the value is, such as ``"learning rate"``.
    alt : str
        What the row of cases shows.
    values : sequence, optional
        The slider's positions, in order; by default, the cases. The slider starts at the middle case.
    play : bool
        Whether the slider can move by itself, which makes it an animation: for example, of a network that learns, with
        an epoch as the value. It starts at the first value then, and shows five pictures a second.
    width, height : float
        Size of the row in inches, at 100 pixels per inch. The live picture has the same height and two thirds of the
        width.
    **options
        Further arguments to `subplots` for the row, such as ``sharey=True``.
    """
    if len(cases) == 0:
        raise ValueError("cases must contain at least one value to draw")
    positions = list(cases if values is None else values)
    missing = [str(case) for case in cases if case not in positions]
    if missing:
        raise ValueError(f"values must include every case, but {', '.join(missing)} is missing")
    if is_live():
        start = positions[0] if play else cases[(len(cases) - 1) // 2]
        _show_slider(draw, positions, start, label, alt, (2 / 3 * width, height), play)
        return
    fig, axes = subplots(1, len(cases), width=width, height=height, squeeze=False, **options)
    for ax, case in zip(axes.flat, cases, strict=True):
        _draw_case(draw, ax, case, label)
    show(fig, alt)


def _draw_case(draw: Draw, ax: Axes, value: Any, label: str) -> None:
    ax.set_title(f"{label} = {_text(value)}")
    draw(ax, value)


def _show_slider(
    draw: Draw, values: list[Any], start: Any, label: str, alt: str, size: tuple[float, float], play: bool
) -> None:
    import ipywidgets  # here, because importing it takes a fifth of a second
    from IPython.display import display

    slider = ipywidgets.SelectionSlider(
        options=[(_text(value), value) for value in values],
        value=start,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "min(100%, 700px)"},
    )
    picture = ipywidgets.HTML()

    @functools.cache  # so that an animation runs smoothly from the second time on
    def render(index: int) -> str:
        fig, ax = subplots(width=size[0], height=size[1])
        _draw_case(draw, ax, values[index], label)
        return picture_html(fig, f"{label} = {_text(values[index])}. In the row of cases: {alt}")

    def redraw(change: object = None) -> None:
        picture.value = render(slider.index)

    slider.observe(redraw, names="index")
    redraw()
    controls: list[Any] = [slider]
    if play:
        player = ipywidgets.Play(min=0, max=len(values) - 1, interval=200)
        ipywidgets.jslink((player, "value"), (slider, "index"))
        controls.insert(0, player)
    display(ipywidgets.VBox([ipywidgets.HBox(controls), picture]))


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
