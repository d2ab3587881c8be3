"""Figures of notebook 03, autograd."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from d2lhelpers.arrays import to_numpy
from d2lhelpers.formatting import rounded
from d2lhelpers.interactive import explore
from d2lhelpers.plotting import COLORS, FILL, INK, PALE, show, subplots

BLUE, RED = COLORS["blue"], "#B34700"  # forward, backward: dark enough for text
NODES = {  # name: (x, y, half the width of the box, formula)
    "x": (1.2, 2.75, 0.27, r"$\mathbf{x}$"),
    "w": (1.2, 0.7, 0.27, r"$\mathbf{w}$"),
    "a": (4.1, 2.2, 0.78, r"$a = \langle\mathbf{x}, \mathbf{w}\rangle$"),
    "y": (4.1, 0.6, 0.27, r"$y$"),
    "b": (7.2, 1.6, 0.7, r"$b = a - y$"),
    "z": (9.9, 1.6, 0.55, r"$z = b^2$"),
}
EDGES = {  # (from, to): the local derivative, and where it is next to the arrow
    ("x", "a"): (r"$\times\,\mathbf{w}$", 0.1),
    ("w", "a"): (r"$\times\,\mathbf{x}$", -0.45),
    ("a", "b"): (r"$\times\,1$", 0.1),
    ("y", "b"): (r"$\times\,(-1)$", -0.45),
    ("b", "z"): (r"$\times\,2b$", 0.1),
}


def secants() -> None:
    """Show how the line through two points of a parabola becomes the tangent."""
    explore(
        _draw_secant,
        [1.5, 0.5, 0.1],
        values=[2.0, 1.5, 1.0, 0.5, 0.2, 0.1, 0.05, 0.01],
        play=True,
        label="h",
        alt="The parabola with its dashed tangent at 1 and the line through 1 and 1 + h: slope 3.5, then 2.5, then "
        "2.1. The line turns into the tangent.",
        height=4.6,
        sharey=True,
    )


def _draw_secant(ax: Axes, h: float) -> None:
    """Draw x², its tangent at 1, and the line through the points at 1 and 1 + h."""
    xs = [i / 20 for i in range(-8, 61)]
    ax.plot(xs, [x * x for x in xs], color="black", label=r"$y = x^2$")
    ends = (-0.4, 3)
    ax.plot(ends, [1 + 2 * (x - 1) for x in ends], color=COLORS["blue"], linestyle="--", label="tangent")
    slope = ((1 + h) ** 2 - 1) / h
    ax.plot(ends, [1 + slope * (x - 1) for x in ends], color=COLORS["vermilion"], label=f"slope {slope:.4g}")
    ax.plot([1, 1 + h], [1, (1 + h) ** 2], "o", color=COLORS["vermilion"])
    ax.set(xlabel="x", xlim=ends, ylim=(-2, 9))
    ax.legend(loc="upper left", handlelength=1.4, borderaxespad=0)


def valley(steps: Sequence[float], errors: Mapping[str, Sequence[float]]) -> None:
    """Plot the error of each difference quotient against its step."""
    fig, ax = subplots(width=11.0, height=3.6)
    for (name, values), marker in zip(errors.items(), "os^", strict=False):
        ax.loglog(steps, values, marker=marker, markersize=5, label=name)
    ax.set(xlabel="step h", ylabel="mean relative error", ylim=(1e-6, 3))
    ax.legend(loc="upper center")
    found = []
    for name, values in errors.items():
        best = min(range(len(steps)), key=lambda i: values[i])
        found.append(f"the {name} quotient is best at h = {steps[best]:.1g}")
    alt = (
        "Error against step, on logarithmic scales. Each curve is a V: the error grows to the right, where the step is "
    )
    show(fig, alt=alt + f"too long, and to the left, where rounding dominates; {' and '.join(found)}.")


def kinks() -> None:
    """Draw |x| and max(x, 0) with lines through the kink that stay below the curve."""
    fig, axes = subplots(1, 2, width=11.0, height=2.6, sharey=True)
    curves: list[tuple[str, Callable[[float], float], tuple[float, ...]]] = [
        (r"$|x|$", abs, (-1, -0.5, 0, 0.5, 1)),
        (r"$\max(x, 0)$", lambda x: max(x, 0), (0, 0.25, 0.5, 0.75, 1)),
    ]
    for ax, (name, f, slopes) in zip(axes, curves, strict=True):
        for slope in slopes:
            ax.plot([-2, 2], [-2 * slope, 2 * slope], "--", color=COLORS["sky"], linewidth=1.8)
            ax.text(2.05, 2 * slope, _signed(f"a = {slope:g}"), va="center", fontsize=13)
        ax.plot([-2, 0, 2], [f(-2), 0, f(2)], color="black")
        ax.plot(0, 0, "o", color=COLORS["vermilion"])
        ax.set_title(_signed(f"{name}: any slope a from {slopes[0]} to {slopes[-1]}"))
        ax.set(xlabel="x", xlim=(-2, 2.8), ylim=(-2.2, 2.2), xticks=[-2, -1, 0, 1, 2], yticks=[-2, -1, 0, 1, 2])
    axes[0].set_ylabel("y")
    show(
        fig,
        alt="Two curves with a kink at 0, and dashed lines through it that stay below the curve: slopes −1 to 1 for "
        "the absolute value, 0 to 1 for max(x, 0).",
    )


def arrows(f: Callable[[Any], float], points: Sequence[Any], gradients: Sequence[Any]) -> None:
    """Draw contour lines of f(x1, x2), and the gradients at some points as arrows at 0.3 of their length."""
    fig, ax = subplots(width=11.0, height=3.4)
    ticks = [i / 25 for i in range(-100, 101)]
    heights = [[f([x1, x2]) for x1 in ticks] for x2 in ticks[25:176]]
    levels = (0.5, 2, 4.5, 8)
    lines = ax.contour(ticks, ticks[25:176], heights, levels=levels, colors=PALE, linewidths=1.5)
    places = [(1.28 * level**0.5, 0.3 * level**0.5) for level in levels]  # between the arrows
    ax.clabel(lines, fmt="%g", fontsize=14, colors=INK, manual=places)
    style = {"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5, "mutation_scale": 18}
    for (x1, x2), gradient in zip(points, gradients, strict=True):
        d1, d2 = 0.3 * to_numpy(gradient)
        ax.annotate("", xy=(x1 + d1, x2 + d2), xytext=(x1, x2), arrowprops=style)
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=(-4.1, 4.1), ylim=(-2.3, 2.3))
    show(
        fig,
        alt="Ellipses of equal height around 0, wider than tall. Arrows, the gradients, point outward at right angles "
        "to the lines, and are longest where the lines are close.",
    )


def graph(values: Mapping[str, Any], gradients: Mapping[str, Any] | None = None) -> None:
    """Show the graph of z = (⟨x, w⟩ − y)², with values above the boxes and gradients below, as far as given."""
    fig, ax = subplots(width=11.0, height=3.2)
    _draw_graph(ax, values, gradients or {})
    show(fig, alt=_alt(values, gradients or {}))


def passes(values: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
    """Play how the forward pass, and then the backward pass, fill the graph; on paper, show the full graph."""

    def draw(ax: Axes, step: int) -> None:
        forward = min(step, len(values))
        ax.set_title("")
        _draw_graph(ax, dict([*values.items()][:forward]), dict([*gradients.items()][: step - forward]))

    last = len(values) + len(gradients)
    explore(draw, [last], values=range(last + 1), play=True, label="step", alt=_alt(values, gradients), height=3.0)


def _draw_graph(ax: Axes, values: Mapping[str, Any], gradients: Mapping[str, Any]) -> None:
    figure: Any = ax.figure
    size = figure.get_figwidth() / 11  # a live picture is narrower
    box = {"boxstyle": "round,pad=0.35", "facecolor": FILL, "edgecolor": INK}
    for name, (x, y, _, formula) in NODES.items():
        ax.text(x, y, formula, ha="center", va="center", fontsize=19 * size, bbox=box)
        if name in values:
            words = _in_words(values[name])
            ax.text(x, y + 0.33, words, ha="center", va="bottom", color=BLUE, weight="bold", fontsize=17 * size)
        if name in gradients:
            symbol = rf"\mathbf{{{name}}}" if name in "xw" else name
            words = rf"$\partial z / \partial {symbol}$ = {_in_words(gradients[name])}"
            ax.text(x, y - 0.35, words, ha="center", va="top", color=RED, weight="bold", fontsize=16 * size)
    for (start, end), factor in EDGES.items():
        _draw_edge(ax, NODES[start], NODES[end], factor if start in gradients else None, 16 * size)
    ax.set(xlim=(0, 11), ylim=(-0.3, 3.5))
    ax.set_axis_off()


def _draw_edge(ax: Axes, start: Any, end: Any, factor: tuple[str, float] | None, fontsize: float) -> None:
    """Draw an arrow between two boxes: gray and solid or, going backward, red and dashed with its factor."""
    tail, head = (start[0] + start[2] + 0.1, start[1]), (end[0] - end[2] - 0.1, end[1])
    style = {"arrowstyle": "-|>", "linewidth": 2.2, "mutation_scale": 20, "shrinkA": 0, "shrinkB": 0, "color": PALE}
    if factor is not None:
        style |= {"arrowstyle": "<|-", "linestyle": (0, (4, 2)), "color": RED}
        x, y = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
        ax.text(x, y + factor[1], factor[0], ha="center", va="bottom", color=RED, fontsize=fontsize)
    ax.annotate("", xy=head, xytext=tail, arrowprops=style)


def _alt(values: Mapping[str, Any], gradients: Mapping[str, Any]) -> str:
    text = "Compute graph: x and w lead to a, a and y to b, b to z. Values: "
    text += ", ".join(f"{name} = {_in_words(value)}" for name, value in values.items())
    back = ", ".join(f"{name} {_in_words(value)}" for name, value in gradients.items())
    return text + (f". Gradients, going back: {back}." if back else ".")


def _in_words(value: Any) -> str:
    numbers = rounded(value, 0)
    return _signed(f"({', '.join(map(str, numbers))})" if isinstance(numbers, list) else str(numbers))


def _signed(text: str) -> str:
    """Return the text with minus signs instead of hyphens."""
    return text.replace("-", "−")


def lines(
    cars: Mapping[str, tuple[Any, Any]], history: Sequence[Any], cases: Sequence[int], height: float = 3.2
) -> None:
    """Play how the line w x + b moves through some cars, step by step."""

    def draw(ax: Axes, step: int) -> None:
        for (label, (x, y)), color in zip(cars.items(), ("blue", "orange"), strict=False):
            ax.plot(to_numpy(x), to_numpy(y), "o", color=COLORS[color], markersize=4, alpha=0.6, label=label)
        w, b = history[step]
        ends = (-0.5, 3.2) if len(cars) > 1 else (-0.5, 0.6)
        ax.plot(ends, [w * x + b for x in ends], color=COLORS["vermilion"], linewidth=3)
        ax.axhline(0, color=PALE, linewidth=1)
        ax.set(xlabel="1,000 pounds above 2,000", xlim=ends, ylim=(-12 if len(cars) > 1 else -2, 50))
        if step == cases[0]:
            ax.set_ylabel("miles per gallon")
        if len(cars) > 1:
            ax.legend(loc="upper right")

    last = {step: " and ".join(f"{number:.0f}" for number in history[step]) for step in cases}
    alt = (
        f"Miles per gallon against weight: {' and '.join(cars)} as points, with the fitted line. Its slope and height: "
    )
    alt += "; ".join(f"{numbers} at step {step}" for step, numbers in last.items()) + "."
    steps = sorted({*range(10), *range(10, len(history), 10), *cases})
    explore(draw, cases, values=steps, play=True, label="step", alt=alt, height=height, sharey=True)


def errors(seen: Sequence[float], unseen: Sequence[float]) -> None:
    """Plot the typical error on the examples that the loss contains, and on those that it does not."""
    fig, ax = subplots(width=11.0, height=4.2)
    for label, values, color in (("light cars, used", seen, "blue"), ("heavy cars, not used", unseen, "orange")):
        ax.plot(range(len(values)), values, color=COLORS[color], label=label, linewidth=3)
    ax.set(xlabel="step", ylabel="error in miles per gallon", ylim=(0, 33))
    ax.legend(loc="upper right")
    best = min(range(len(unseen)), key=lambda step: unseen[step])
    show(
        fig,
        alt=f"Error against step. On the light cars it falls fast, then slowly, to {seen[-1]:.1f}. On the heavy cars "
        f"it falls, rises, falls to {unseen[best]:.1f}, and rises again to {unseen[-1]:.1f}.",
    )
