"""Figures of notebook 16, batch normalization."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes

from d2lhelpers.drawing import draw_blocks, draw_cells
from d2lhelpers.formatting import rounded
from d2lhelpers.history import History
from d2lhelpers.plotting import COLORS, INK, PALE, TINTS, show, subplots

_LOOKS = {"plain": ("s--", "vermilion"), "batch norm": ("o-", "blue"), "drift put back": ("^-.", "green")}


def _look(name: str) -> dict[str, Any]:
    style, color = _LOOKS[name]
    return {"marker": style[0], "linestyle": style[1:], "color": COLORS[color], "label": name, "markersize": 8}


def chase() -> None:
    """Draw data, three layers, and the loss in a row; data flow to the right and gradients to the left."""
    boxes = {"x": (0, 0, "data", "data")}
    for i, text in enumerate(("layer 1", "layer 2", "layer 3"), start=1):
        boxes[text] = (i, 0, "dense", text)
    boxes["loss"] = (4, 0, "data", "loss")
    fig, ax = subplots(width=11.0, height=3.8)
    draw_blocks(ax, boxes, list(itertools.pairwise(boxes)))
    ax.set_ylim(-1.5, 1.3)
    arrow: dict[str, Any] = {"arrowstyle": "->", "linewidth": 2.5}
    back = {**arrow, "color": COLORS["vermilion"], "linestyle": "--"}
    ax.annotate("", (-0.2, -0.75), (4.2, -0.75), arrowprops=back)
    ax.annotate("", (4.2, 0.75), (-0.2, 0.75), arrowprops={**arrow, "color": COLORS["blue"]})
    ax.text(2, -1.15, "gradients: all layers change at the same time", ha="center", fontsize=17)
    ax.text(2, 0.95, "a change of layer 1 reaches all later layers", ha="center", fontsize=17)
    show(
        fig,
        alt="Data, three layers, and the loss in a row. An arrow above runs right: a change of layer 1 reaches all "
        "later layers. A dashed arrow below runs left, from the loss to the data: the gradients.",
    )


def units(ax: Axes, means: Any, deviations: Any, start: tuple[Any, Any]) -> None:
    """Draw each unit as a point, its mean (units,) against its deviation (units,), and where it started."""
    ax.axvline(0, color=PALE, linewidth=1)
    ax.axhline(1, color=PALE, linewidth=1)
    ax.plot(*start, "o", color=PALE, markersize=4, alpha=0.6)
    ax.plot(means, deviations, "o", color=COLORS["vermilion"], markersize=8, alpha=0.75)
    ax.set(xlim=(-4, 4), ylim=(0, 3.2), xlabel="mean of the unit", ylabel="its standard deviation")


def steps(X: Any, normalized: Any, scaled: Any) -> None:
    """Draw a small batch, the batch normalized, and the batch with γ and β, as three grids of numbers."""
    fig, axes = subplots(1, 3, width=10.4, height=3.4)
    titles = ["a batch X", "mean 0, deviation 1", "γ = (1, 2), β = (0, 5)"]
    colors = [COLORS["sky"], COLORS["orange"]]
    for ax, values, title in zip(axes, (X, normalized, scaled), titles, strict=True):
        draw_cells(ax, rounded(values, 1), highlight=[[1, 2]] * 4, title=title, color=colors)
    show(fig, alt="Three grids of four rows and two columns: a batch; both columns equal after normalization; scaled.")


def axes_of_means() -> None:
    """Draw which numbers share a mean: columns of a batch of vectors, channels of a batch of images."""
    fig, (left, right) = subplots(1, 2, width=11.0, height=4.6, width_ratios=(2, 3))
    fills = (TINTS["sky"], TINTS["orange"], TINTS["green"])
    for ax, side in ((left, 1), (right, 3)):
        for example, channel in itertools.product(range(4), range(3)):
            x0, y0 = channel * (side + 0.8), -example * (side + 0.5)
            for i in range(side * side):
                x, y = x0 + i % side, y0 - i // side
                ax.fill([x, x + 1, x + 1, x], [y, y, y - 1, y - 1], facecolor=fills[channel], edgecolor=INK)
                size = 16 if side == 1 else 11
                ax.text(x + 0.5, y - 0.5, "abc"[channel], ha="center", va="center", fontsize=size)
        ax.set_aspect("equal" if side == 1 else "auto")
        low, high = ax.get_ylim()
        ax.text(ax.get_xlim()[0], (low + high) / 2, "4 examples", rotation=90, ha="right", va="center")
        ax.axis("off")
    left.set_title("dense layer, (4, 3):\na mean for each feature")
    right.set_title("convolution, (4, 3, 3, 3):\na mean for each channel")
    show(
        fig,
        alt="Left: four rows of three cells with the letters a, b, c by column. Right: four rows of three grids of 3×3 "
        "cells; all cells of a channel have the same letter. The same letter means the same mean.",
    )


def running(ax: Axes, batch_means: Any, averages: Any) -> None:
    """Draw the means of batches and their running average."""
    numbers = range(1, len(batch_means) + 1)
    ax.plot(numbers, batch_means, "o", color=PALE, markersize=4)
    ax.plot(numbers, averages, color=COLORS["blue"])
    ax.axhline(2, color=COLORS["black"], linestyle="--", linewidth=1)
    ax.set(xlabel="batches", ylim=(0, 3.4))


def rates(runs: Mapping[tuple[str, float], History]) -> None:
    """Draw the final training loss of both networks against the learning rate."""
    fig, ax = subplots(width=10.5, height=4.6)
    for name in dict.fromkeys(name for name, _ in runs):
        losses = {
            rate: run.train_loss[-1] if run.train_loss else math.nan for (n, rate), run in runs.items() if n == name
        }
        ax.plot(list(losses), onp.minimum(list(losses.values()), 2.6), **_look(name))
    ax.axhline(math.log(10), color=COLORS["black"], linestyle=":", linewidth=1)
    tried = list(dict.fromkeys(rate for _, rate in runs))
    ax.text(tried[0], math.log(10) + 0.04, "log 10: no idea which of the ten classes", va="bottom")
    ax.set_xscale("log")
    ax.set_xticks(tried, [f"{rate:g}" for rate in tried])
    ax.minorticks_off()
    ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0, 2.75))
    ax.legend(loc="lower left")
    show(
        fig,
        alt="Training loss against the learning rate. The plain network's is higher everywhere, and jumps to log 10 "
        "at the larger rates. With batch norm, it stays low up to a rate ten times as large.",
    )


def curves(runs: Mapping[tuple[str, float], History], shown: Sequence[float]) -> None:
    """Draw the training loss of both networks after each epoch, a panel for each of the learning rates `shown`."""
    fig, axes = subplots(1, len(shown), width=11.2, height=4.6, sharey=True)
    for ax, rate in zip(axes, shown, strict=True):
        ax.axhline(math.log(10), color=COLORS["black"], linewidth=1, linestyle=":")
        for (name, run_rate), run in runs.items():
            if run_rate == rate and run.train_loss:
                ax.plot(range(1, len(run.train_loss) + 1), onp.minimum(run.train_loss, 2.6), **_look(name))
        ax.set(xlabel="epoch", title=f"learning rate {rate:g}", ylim=(0, 2.75))
        ax.xaxis.get_major_locator().set_params(integer=True)
    axes[0].set(ylabel="training loss")
    axes[0].legend(loc="lower left")
    show(
        fig,
        alt="Training loss after each epoch. At the smaller rate both networks learn, with batch norm much faster. "
        "At the larger one the plain network stays at log 10, and the other one learns as before.",
    )


def suspects(losses: Mapping[str, Sequence[float]], moves: Mapping[str, float]) -> None:
    """Draw how far a unit's mean moves from batch to batch, and the training loss, of several networks."""
    fig, (left, right) = subplots(1, 2, width=11.2, height=4.4, width_ratios=(3, 4))
    bars = left.barh(list(moves), list(moves.values()), color=[COLORS[_LOOKS[name][1]] for name in moves])
    left.bar_label(bars, [f"{value:.2f}" for value in moves.values()], padding=4, fontsize=14)
    left.invert_yaxis()
    left.set(xlabel="move of a mean, in deviations", xlim=(0, 1.3 * max(moves.values())))
    for name, values in losses.items():
        right.plot(range(1, len(values) + 1), values, **_look(name))
    right.set(xlabel="epoch", ylabel="training loss", ylim=(0, None), xticks=range(1, len(values) + 1))
    right.legend(loc="lower left")
    show(
        fig,
        alt="Left, bars: the means move most with drift put back, less in the plain network, and hardly at all with "
        "batch norm. Right: with drift put back, the loss is still below the plain network's.",
    )


def along(etas: Sequence[float], losses: Mapping[str, Sequence[float]]) -> None:
    """Draw the loss after a single step along the gradient against the step's learning rate."""
    fig, ax = subplots(width=10.5, height=4.6)
    for name, values in losses.items():
        ax.plot(etas, values, **_look(name))
        ax.axhline(values[0], color=COLORS[_LOOKS[name][1]], linestyle=":", linewidth=1.2)
    ax.set_xscale("symlog", linthresh=etas[1], linscale=0.4)
    ax.set_xticks(list(etas), [f"{eta:g}" for eta in etas])
    ax.minorticks_off()
    ax.set(xlabel="learning rate of a single step", ylabel="loss on the batch", ylim=(0, 3.5))
    ax.legend(loc="upper left")
    show(
        fig,
        alt="Loss on a batch after one step along its gradient. All fall at first. The plain network's loss rises "
        "above its start at a much smaller rate than with batch norm.",
    )


def company(ax: Axes, values: Any, alone: float) -> None:
    """Draw a histogram of an example's normalized values (batches,), and its value in the company of all."""
    ax.hist(values, bins=onp.linspace(-2.5, 2.5, 81).tolist(), color=COLORS["sky"])
    ax.axvline(alone, color=COLORS["black"], linestyle="--")
    ax.set(xlabel="normalized value", xlim=(-2.5, 2.5), yticks=[])


def noise(table: Mapping[int, tuple[Any, Any]]) -> None:
    """Draw mean and standard deviation of shift and scale over many batches, against the batch size."""
    fig, axes = subplots(1, 2, width=11.2, height=4.6)
    line = onp.geomspace(3, 340, 50)
    for i, (ax, name, start) in enumerate(zip(axes, ("shift", "scale"), (0, 1), strict=True)):
        for n, values in table.items():
            ax.errorbar(n, values[i].mean(), values[i].std(), fmt="o", color=COLORS["blue"], capsize=6, linewidth=2.5)
        for sign in (-1, 1):
            band = start + sign / onp.sqrt((1 + i) * line)
            ax.plot(line, band, color=COLORS["black"], linestyle="--", linewidth=1)
        ax.set_xscale("log")
        ax.set_xticks(list(table), [str(n) for n in table])
        ax.minorticks_off()
        ax.set(xlabel="batch size", ylim=(start - 0.75, start + 0.75))
        ax.set_title(f"random {name}, dashed: ± 1/√{'n' if i == 0 else '(2n)'}")
    show(
        fig,
        alt="Mean and standard deviation of shift and scale over 2,000 batches for each batch size: the error bars "
        "shrink along the dashed curves.",
    )


def batch_sizes(results: Mapping[int, tuple[float, float, float, float]]) -> None:
    """Draw accuracies (training, validation before and after an update of the averages) and seconds per batch size."""
    fig, (left, right) = subplots(1, 2, width=11.2, height=4.6, width_ratios=(4, 3))
    positions = range(len(results))
    training, validation, updated, seconds = zip(*results.values(), strict=True)
    left.plot(positions, training, "o-", color=COLORS["blue"], markersize=9, label="training")
    left.plot(positions, updated, "s--", color=COLORS["vermilion"], markersize=9, label="validation")
    left.plot(positions, validation, "x", color=PALE, markersize=9, label="same, averages not updated")
    left.set(ylabel="accuracy", ylim=(0.5, 1))
    left.legend(loc="lower left")
    right.bar(positions, seconds, color=COLORS["sky"])
    right.set(ylabel="seconds of training")
    for ax in (left, right):
        ax.set_xticks(positions, [str(n) for n in results])
        ax.set(xlabel="batch size")
        ax.grid(axis="y")
    show(
        fig,
        alt="Left: training and validation accuracy hardly depend on the batch size, apart from a lag of the "
        "validation accuracy without an update. Right: the smallest batches take the longest.",
    )
