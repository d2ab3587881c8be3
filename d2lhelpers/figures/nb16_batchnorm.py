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


Runs = Mapping[tuple[str, float, int], History]  # by network, learning rate, and seed


def _clipped(losses: Any) -> Any:
    return onp.minimum(losses, 2.65)  # in the figures, losses above are drawn at the upper edge


def _log_10(ax: Axes) -> None:
    ax.axhline(math.log(10), color=COLORS["black"], linestyle=":", linewidth=1)


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
    ax.set(xlim=(-2.8, 2.8), ylim=(0, 2.6), xlabel="mean of the unit", ylabel="its standard deviation")


def steps(X: Any, normalized: Any, scaled: Any) -> None:
    """Draw a small batch, the batch normalized, and the batch with γ and β, as three grids of numbers."""
    fig, axes = subplots(1, 3, width=10.4, height=3.4)
    titles = ["a batch X", "mean 0, deviation 1", "γ = (1, 2), β = (0, 5)"]
    colors = [COLORS["sky"], COLORS["orange"]]
    for ax, values, title in zip(axes, (X, normalized, scaled), titles, strict=True):
        draw_cells(ax, rounded(values, 1), highlight=[[1, 2]] * 4, title=title, color=colors)
    show(
        fig,
        alt="Three grids of four rows and two columns: the batch; the same after normalization, with two equal "
        "columns; and after scaling and shifting.",
    )


def axes_of_means() -> None:
    """Draw which numbers share a mean: columns of a batch of vectors, channels of a batch of images."""
    fig, (left, right) = subplots(1, 2, width=11.0, height=5.0, width_ratios=(1, 1))
    fills = (TINTS["sky"], TINTS["orange"], TINTS["green"])
    for ax, side in ((left, 1), (right, 3)):
        for example, channel in itertools.product(range(4), range(3)):
            x0, y0 = channel * (side + 0.8), -example * (side + 0.5)
            for i in range(side * side):
                x, y = x0 + i % side, y0 - i // side
                ax.fill([x, x + 1, x + 1, x], [y, y, y - 1, y - 1], facecolor=fills[channel], edgecolor=INK)
                ax.text(x + 0.5, y - 0.5, "abc"[channel], ha="center", va="center", fontsize=19 if side == 1 else 14)
        ax.set_aspect("equal")
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


def rates(runs: Runs) -> None:
    """Draw the final training loss of every run against the learning rate, and the median for each network and rate."""
    fig, ax = subplots(width=10.5, height=4.6)
    tried = list(dict.fromkeys(rate for _, rate, _ in runs))
    for name in dict.fromkeys(name for name, _, _ in runs):
        losses = [[run.train_loss[-1] for (n, r, _), run in runs.items() if (n, r) == (name, rate)] for rate in tried]
        ax.plot(tried, _clipped(onp.median(losses, axis=1)), **_look(name))
        ax.plot(tried, _clipped(losses), ".", color=COLORS[_LOOKS[name][1]], alpha=0.6, markersize=9)
    _log_10(ax)
    ax.text(tried[0], math.log(10) + 0.04, "log 10: no idea which of the ten classes", va="bottom")
    ax.set_xscale("log")
    ax.set_xticks(tried, [f"{rate:g}" for rate in tried])
    ax.minorticks_off()
    ax.set(xlabel="learning rate", ylabel="training loss", ylim=(0, 2.75))
    ax.legend(loc="lower left")
    show(
        fig,
        alt="Training loss against the learning rate. The plain network's is higher everywhere, and is log 10 from a "
        "rate of 1 on. With batch norm it stays low up to a rate of 2, and is high at 5.",
    )


def curves(runs: Runs, shown: Sequence[float]) -> None:
    """Draw the training loss of every run after each epoch, and medians, a panel for each of the rates `shown`."""
    fig, axes = subplots(1, len(shown), width=11.2, height=4.6, sharey=True)
    for ax, rate in zip(axes, shown, strict=True):
        _log_10(ax)
        for name in dict.fromkeys(name for name, _, _ in runs):
            losses = [run.train_loss for (n, r, _), run in runs.items() if (n, r) == (name, rate)]
            if len({len(values) for values in losses}) == 1:
                epochs = range(1, len(losses[0]) + 1)
                ax.plot(epochs, _clipped(onp.median(losses, axis=0)), **_look(name))
            for values in losses:
                ax.plot(range(1, len(values) + 1), _clipped(values), color=COLORS[_LOOKS[name][1]], alpha=0.4, lw=1.2)
        ax.set(xlabel="epoch", title=f"learning rate {rate:g}", ylim=(0, 2.75))
        ax.xaxis.get_major_locator().set_params(integer=True)
    axes[0].set(ylabel="training loss")
    axes[0].legend(loc="lower left")
    show(
        fig,
        alt="Training loss after each epoch. At the smaller rate both networks learn, with batch norm much faster. "
        "At the larger one the plain network stays at log 10 or above, and the other one learns.",
    )


def suspects(losses: Mapping[str, Sequence[float]], moves: Mapping[str, float]) -> None:
    """Draw how far a unit's mean moves from batch to batch, and the training loss, of several networks."""
    fig, (left, right) = subplots(1, 2, width=11.2, height=4.3, width_ratios=(3, 4))
    bars = left.barh(list(moves), list(moves.values()), color=[COLORS[_LOOKS[name][1]] for name in moves])
    left.bar_label(bars, [f"{value:.2f}" for value in moves.values()], padding=4, fontsize=14)
    left.invert_yaxis()
    left.set(xlabel="move of a mean from batch\nto batch, in deviations", xlim=(0, 1.3 * max(moves.values())))
    for name, values in losses.items():
        right.plot(range(1, len(values) + 1), values, **_look(name))
    right.set(xlabel="epoch", ylabel="training loss", ylim=(0, None), xticks=range(1, len(values) + 1))
    right.legend(loc="lower left")
    show(
        fig,
        alt="Left, bars: the means move most with drift put back, less in the plain network, and hardly at all with "
        "batch norm. Right: with drift put back, the loss is still below the plain network's.",
    )


def along(lengths: Sequence[float], losses: Mapping[str, Sequence[float]]) -> None:
    """Draw the loss after a single step against the gradient, for steps of several lengths."""
    fig, ax = subplots(width=10.5, height=4.6)
    for name, values in losses.items():
        ax.plot(lengths, values, **_look(name))
        ax.axhline(values[0], color=COLORS[_LOOKS[name][1]], linestyle=":", linewidth=2.2)
    ax.set_xscale("symlog", linthresh=lengths[1], linscale=0.4)
    ax.set_xticks(list(lengths), [f"{length:g}" for length in lengths])
    ax.minorticks_off()
    ax.set(xlabel="length of a single step", ylabel="loss on the batch", ylim=(0, 2.5), xlim=(0, lengths[-1] * 1.1))
    ax.legend(loc="upper left")
    show(
        fig,
        alt="Loss on a batch after one step along its negative gradient. Both fall at first. The plain network's loss "
        "rises above its start at a tenth of the length at which that with batch norm does.",
    )


def company(ax: Axes, values: Any, alone: float) -> None:
    """Draw a histogram of an example's normalized values (batches,), and its value in the company of all."""
    ax.hist(values, bins=onp.linspace(-3.5, 1, 73).tolist(), color=COLORS["sky"])
    ax.axvline(alone, color=COLORS["black"], linestyle="--")
    ax.set(xlabel="normalized value", xlim=(-3.5, 1), yticks=[])


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
        ax.set(ylabel=("shift, in deviations", "deviation of the batch ÷ of all")[i])
        ax.set_title(f"random {name}, dashed: ± 1/√{'n' if i == 0 else '(2n)'}")
    show(
        fig,
        alt="Mean, and a bar of ± one standard deviation, of shift and scale over 2,000 batches for each batch "
        "size: the bars shrink along the dashed curves.",
    )


def batch_sizes(results: Mapping[int, Sequence[tuple[float, float]]]) -> None:
    """Draw validation accuracies and seconds of training, of several runs for each batch size."""
    fig, axes = subplots(1, 2, width=11.2, height=4.6, width_ratios=(4, 3))
    for i, (ax, color) in enumerate(zip(axes, ("vermilion", "blue"), strict=True)):
        values = [[run[i] for run in runs] for runs in results.values()]
        ax.plot(range(len(results)), values, "o", color=COLORS[color], markersize=9, alpha=0.7)
        ax.plot(range(len(results)), onp.median(values, axis=1), color=COLORS[color], linestyle="--")
        ax.set_xticks(range(len(results)), [str(n) for n in results])
        ax.set(xlabel="batch size", xlim=(-0.4, len(results) - 0.6))
        ax.grid(axis="y")
    axes[0].set(ylabel="validation accuracy", ylim=(0.6, 0.9))
    axes[1].set(ylabel="seconds of training", ylim=(0, None))
    show(
        fig,
        alt="Left: the validation accuracy of three runs for each batch size; with 16 and 64 it is about the "
        "same, with 256 lower. Right: batches of 16 take the longest.",
    )
