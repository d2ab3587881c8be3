"""Figures of notebook 05, optimization."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from d2lhelpers.plotting import COLORS, TINTS, show, subplots

Function = Callable[[Any], Any]
_LOOKS = (("green", ":", "^"), ("vermilion", "-", "o"), ("blue", "--", "s"), ("black", "-.", "D"))
GOLDILOCKS = (
    "A parabola with the points of a descent from the left. At 0.05 the points creep and do not arrive; at 0.4 they "
    "reach the bottom in three steps; at 1.03 they jump from side to side, higher each time."
)
THREE_RATES = (
    "Paths of 20 steps over the contours of a long valley. At 0.1: down to the bottom of the valley, then in small "
    "steps along it, far from the star. At 0.4: a zigzag that ends close to the star. At 0.49: wide jumps across the "
    "valley to the end."
)
THREE_MEMORIES = (
    "Paths of 20 steps over the contours of a long valley. Without momentum the path ends on the way to the star, with "
    "0.5 it ends at the star, and with 0.8 it shoots past the star, turns, and ends near it."
)
STEPS = "Two paths in the valley after 2, 8 and 20 steps: plain descent is behind, momentum has reached the star."
WALKS = (
    "Two walks over contours after 3, 20 and 100 updates. Two examples: a crooked path that ends near the minimum and "
    "keeps moving around it. All examples: a smooth curve to the minimum."
)
PRICE_RACE = (
    "Loss above the smallest against epochs and seconds, axes logarithmic. The single example is first in epochs and "
    "stays high, the minibatch is first in seconds, the full gradient goes on falling to the end."
)
BATCH_SIZES = (
    "Training loss against epochs and against seconds for four batch sizes, axes logarithmic. At equal epochs the "
    "smaller batch is lower. At equal seconds the sizes in the middle are lowest."
)
OPTIMIZERS = "Training loss against epochs: momentum and Adam are well below plain SGD, Adam a little lower."
NOISY_RATES = (
    "Loss above the smallest against updates: low at once and then level at a large rate, slow and much lower in the "
    "end at a small one, low at once and ever lower at a falling rate."
)
SCHEDULES = "Training loss of a network against epochs: at the end, the constant rate is below the falling one."
TWO_LOSSES = "Loss against epochs: on training images it falls steadily, on new images it soon levels off."
_START: dict[str, Any] = {"color": COLORS["black"], "marker": "s", "markersize": 10, "linestyle": "none"}
_KEY: dict[str, Any] = {"loc": "upper right", "frameon": True, "framealpha": 1, "edgecolor": "none"}
_AREA = (-5.6, 3.2, -2.6, 2.6)  # of the valley


class Run(Protocol):
    """What a training run has measured, after each epoch or so."""

    epochs: Sequence[float]
    seconds: Sequence[float]
    losses: Sequence[float]


def promise(lr: float) -> None:
    """Draw x², its tangent at 1, and a step of gradient descent: where the tangent leads, and where the curve is."""
    fig, ax = subplots(width=10.4, height=4.6)
    x = onp.linspace(-0.2, 1.5, 100)
    end = 1 - lr * 2
    ax.plot(x, x**2, color=COLORS["black"], linewidth=1.5, label="f")
    ax.plot(x, 2 * x - 1, color=COLORS["sky"], linestyle="--", label="tangent at x = 1")
    ax.plot(1, 1, **_START, label="start")
    ax.plot(end, end**2, "o", color=COLORS["vermilion"], label="where the step leads")
    ax.plot(end, 1 - lr * 4, "D", color=COLORS["sky"], label="promised by the tangent")
    ax.annotate("", (end, 1), (1, 1), arrowprops={"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5})
    ax.text((1 + end) / 2, 1.1, "−η f′(x)", ha="center")
    ax.set(xlabel="x", ylabel="f(x)", ylim=(-0.6, 1.9))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(
        fig,
        alt="A parabola and its tangent at 1. A step to the left leads to a point on the parabola that lies lower "
        "than the start, and a little above the tangent.",
    )


def parabola(ax: Axes, path: Sequence[float], lr: float) -> None:
    """Draw the parabola x² and the points that a descent on it visits."""
    x, points = onp.linspace(-1.9, 1.9, 100), onp.array(path)
    ax.plot(x, x**2, color=COLORS["black"], linewidth=1.5)
    ax.plot(points, points**2, color=COLORS["vermilion"], marker="o", linewidth=1.5)
    ax.plot(points[:1], points[:1] ** 2, **_START)
    missed = "too small" if lr < 0.5 else "too large"
    ax.set_title(f"η = {lr:g}: {'right' if abs(points[-1]) < 0.3 else missed}")
    ax.set(xlim=(-1.9, 1.9), ylim=(-0.2, 3.4), xlabel="x", ylabel="f(x)")


def valley_path(ax: Axes, paths: Mapping[str, Sequence[Any]]) -> None:
    """Draw descents over the contours of the valley 0.1 x₁² + 2 x₂², each in its own color."""
    left, right, bottom, top = _AREA
    u, v = onp.meshgrid(onp.linspace(left, right, 120), onp.linspace(bottom, top, 80))
    ax.contour(u, v, 0.1 * u**2 + 2 * v**2, levels=[0.1, 0.5, 1, 2, 4, 8], colors="#9a9a9a", linewidths=1)
    for (name, path), (color, line, marker) in zip(paths.items(), _LOOKS[1:], strict=False):
        points = onp.array([point.asnumpy() for point in path])
        ax.plot(*points.T, color=COLORS[color], linestyle=line, marker=marker, markersize=4, linewidth=1.5, label=name)
        ax.plot(*points[-1], color=COLORS[color], marker=marker, markersize=7)
    ax.plot(*points[0], **_START)
    ax.plot(0, 0, color=COLORS["black"], marker="*", markersize=14)
    if len(paths) > 1:
        ax.legend(**_KEY)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="x₁", ylabel="x₂")
    ax.label_outer()


def valley(paths: Mapping[str, Sequence[Any]], alt: str) -> None:
    """Draw descents over the contours of the valley, side by side."""
    fig, axes = subplots(1, len(paths), width=11.4, height=3.7, sharey=True)
    for ax, (title, path) in zip(axes, paths.items(), strict=True):
        valley_path(ax, {title: path})
        ax.set_title(title)
    show(fig, alt)


def saddle(f: Function, path: Sequence[Any]) -> None:
    """Draw a descent over the contours of a function with a saddle at 0, and the value of the function at each step."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=4.6)
    u, v = onp.meshgrid(onp.linspace(-1.6, 1.6, 120), onp.linspace(-1.6, 1.6, 120))
    heights = f((u, v))
    left.contourf(u, v, heights, levels=[-9, 0, 9], colors=[TINTS["orange"], "white"])
    left.contour(u, v, heights, levels=15, colors="#9a9a9a", linewidths=1, linestyles="-")
    points = onp.array([point.asnumpy() for point in path])
    left.plot(*points.T, color=COLORS["vermilion"], marker="o", markersize=5, linewidth=1.5)
    left.plot(*points[0], **_START)
    left.plot(0, 0, "X", color=COLORS["black"], markersize=12)
    left.plot([0, 0], [-1, 1], "*", color=COLORS["black"], markersize=14)
    left.set(xlabel="x₁", ylabel="x₂", title="✕ saddle point, ★ minima", aspect="equal")
    right.plot([float(f(point)) for point in points], color=COLORS["vermilion"], marker="o", markersize=4)
    right.set(xlabel="step", ylabel="f(x)", title="value at each step")
    show(
        fig,
        alt="Left: a path slides down to a saddle point between two minima, then turns and ends in one of them. The "
        "areas around the minima are colored, for they are below zero. Right: the value falls, stays level for many "
        "steps, then falls again.",
    )


def walk(ax: Axes, C: Any, best: Any, paths: Mapping[str, Sequence[Any]]) -> None:
    """Draw walks of two weights over the contours of (w - best)ᵀ C (w - best), a quadratic loss with its minimum."""
    side, center = onp.linspace(-0.05, 0.05, 80), best.asnumpy()
    u, v = onp.meshgrid(side, side)
    (a, b), (_, d) = C.asnumpy()
    levels = onp.array([0.02, 0.1, 0.3, 0.6, 1, 1.5]) * 0.05**2 * (a + d)
    ax.contour(u, v, a * u**2 + 2 * b * u * v + d * v**2, levels=levels, colors="#9a9a9a", linewidths=1)
    for (name, path), (color, line, marker) in zip(paths.items(), _LOOKS[1:], strict=False):
        points = onp.array([point.asnumpy() for point in path]) - center
        ax.plot(*points.T, color=COLORS[color], linestyle=line, marker=marker, markersize=3, linewidth=1.2, label=name)
        ax.plot(*points[-1], color=COLORS[color], marker=marker, markersize=7)
    ax.plot(0, 0, color=COLORS["black"], marker="*", markersize=14)
    ax.legend(**_KEY)
    ax.set(xlim=(-0.05, 0.05), ylim=(-0.05, 0.05), xticks=[-0.04, 0, 0.04], yticks=[-0.04, 0, 0.04])
    ax.set(xlabel="error of the weight for time", ylabel="error of the weight for server size")
    ax.label_outer()


def two_minima(f: Function, paths: Mapping[float, Sequence[Any]]) -> None:
    """Draw a curve with two minima, and descents into each of them."""
    fig, ax = subplots(width=10.4, height=4.2)
    x = onp.linspace(-1.5, 1.5, 200)
    ax.plot(x, f(x), color=COLORS["black"], linewidth=1.5)
    for (start, path), (color, _, marker) in zip(paths.items(), _LOOKS[1:], strict=False):
        points = onp.array([point.item() for point in path])
        ax.plot(points, f(points), color=COLORS[color], marker=marker, markersize=6, label=f"from {start:g}")
    ax.set(xlabel="x", ylabel="f(x)", ylim=(-0.85, 0.5))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(
        fig,
        alt="A curve with two valleys, the left one deeper. A descent from the left of the hill ends in the left "
        "valley, one from the right of it in the right valley.",
    )


def noise(sizes: Sequence[int], errors: Sequence[float]) -> None:
    """Draw the error of minibatch gradients against the batch size, with the line of the theory."""
    fig, ax = subplots(width=9.6, height=3.0)
    ax.loglog(sizes, errors, "o", color=COLORS["blue"], label="measured")
    theory = errors[0] / onp.sqrt(onp.array(sizes, dtype="float64"))
    ax.loglog(sizes, theory, color=COLORS["vermilion"], linestyle="--", label="falls as 1 / √b")
    ax.set(xlabel="batch size b", ylabel="relative error")
    ax.legend()
    show(
        fig,
        alt="The relative error of the gradient against the batch size, both axes logarithmic: the points lie on a "
        "straight line, falling by ten for a batch a hundred times as large.",
    )


def cost(sizes: Sequence[int], times: Sequence[float]) -> None:
    """Draw the time of a gradient, and the time for each example in it, against the batch size."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=3.6)
    left.loglog(sizes, onp.array(times) * 1e6, marker="o", color=COLORS["blue"])
    left.set(xlabel="batch size", ylabel="µs for a gradient", ylim=(min(times) * 5e5, max(times) * 2e6))
    right.loglog(sizes, onp.array(times) / onp.array(sizes) * 1e6, marker="s", color=COLORS["vermilion"])
    right.set(xlabel="batch size", ylabel="µs for an example")
    show(
        fig,
        alt="Left: the time of a gradient against the batch size, level at first, then rising. Right: the time for "
        "each example, falling steeply, then level.",
    )


def race(runs: Mapping[str, Run], ylabel: str, alt: str) -> None:
    """Draw the losses of runs against epochs and against seconds, axes logarithmic."""
    fig, axes = subplots(1, 2, width=11.4, height=3.8, sharey=True)
    for (name, run), (color, line, marker) in zip(runs.items(), _LOOKS, strict=False):
        for ax, x in zip(axes, (run.epochs, run.seconds), strict=True):
            ax.loglog(x, run.losses, color=COLORS[color], linestyle=line, marker=marker, markersize=5, label=name)
    axes[0].set(xlabel="epochs", ylabel=ylabel)
    axes[1].set(xlabel="seconds")
    axes[1].legend()
    show(fig, alt)


def losses(runs: Mapping[str, tuple[Sequence[float], Sequence[float]]], xlabel: str, ylabel: str, alt: str) -> None:
    """Draw losses on a logarithmic axis: one curve (x, losses) for each run."""
    fig, ax = subplots(width=10.8, height=4.0)
    for (name, (x, values)), (color, line, marker) in zip(runs.items(), _LOOKS, strict=False):
        ax.semilogy(x, values, color=COLORS[color], linestyle=line, marker=marker, markersize=6, label=name)
    if ax.get_ylim()[0] > 1e-3:  # few powers of ten, so label what is between them as well
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt)
