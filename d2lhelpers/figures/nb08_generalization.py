"""Figures of notebook 08, generalization."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from d2lhelpers.plotting import COLORS, PALE, TINTS, show, subplots

TRAIN, VALIDATION, TEST = COLORS["blue"], COLORS["vermilion"], COLORS["green"]


def three_sets(sizes: Mapping[str, int]) -> None:
    """Draw the three sets as bars as long as their shares of the data, with what each is for."""
    purposes = ("computes gradients:\nsets the weights", "compares models:\nsets the rest", "used once:\nreports")
    fig, ax = subplots(width=11.0, height=2.6)
    start, total = 0.0, sum(sizes.values())
    tints = (TINTS["sky"], TINTS["vermilion"], TINTS["green"])
    for (name, size), purpose, tint in zip(sizes.items(), purposes, tints, strict=True):
        ax.barh(0, size / total, left=start, color=tint, edgecolor="#222222", height=1)
        middle = start + size / total / 2
        ax.text(middle, 0.2, f"{name}\n{size:,} images", ha="center", va="center", weight="bold")
        ax.text(middle, -0.24, purpose, ha="center", va="center")
        start += size / total
    ax.set(xlim=(0, 1), ylim=(-0.55, 0.55))
    ax.axis("off")
    show(fig, alt="A bar divided in three: training, validation, and test set, with the purpose of each.")


def polynomial(ax: Axes, points: Any, predict: Callable[[Any], Any], truth: Callable[[Any], Any]) -> None:
    """Draw the points of training and validation (two pairs x, y), the fitted curve, and the truth."""
    grid = np.linspace(-1, 1, 400)
    (x, y), (x_validation, y_validation) = points
    ax.plot(x_validation, y_validation, ".", color=VALIDATION, alpha=0.35, markersize=8, label="validation")
    ax.plot(grid, truth(grid), color=PALE, linestyle="--", linewidth=1.5, label="truth")
    ax.plot(grid, predict(grid), color=COLORS["black"], linewidth=2, label="polynomial")
    ax.plot(x, y, "o", color=TRAIN, markersize=9, markeredgecolor="white", label="training")
    ax.set(xlim=(-1.03, 1.03), ylim=(-2.2, 2.2), xticks=[-1, 0, 1], yticks=[-2, 0, 2])


def capacity(degrees: Sequence[int], training: Any, validation: Any) -> None:
    """Draw the errors against the degree, and mark the degree with the smallest validation error."""
    fig, ax = subplots(width=10.0, height=4.2)
    ax.semilogy(degrees, training, "o-", color=TRAIN)
    ax.semilogy(degrees, validation, "s--", color=VALIDATION)
    best = int(np.argmin(validation))
    ax.axvline(degrees[best], color=PALE, linestyle=":", zorder=0)
    ax.annotate("underfitting ←", (degrees[best] - 0.2, 0.93), xycoords=("data", "axes fraction"), ha="right")
    ax.annotate("→ overfitting", (degrees[best] + 0.2, 0.93), xycoords=("data", "axes fraction"))
    ax.text(degrees[-1] + 0.3, training[-1], "training", color=TRAIN, va="center")
    ax.text(degrees[-1] + 0.3, validation[-1], "validation", color=VALIDATION, va="center")
    ax.set(xlabel="degree of the polynomial", ylabel="mean squared error", xticks=degrees[::2])
    ax.grid(axis="y")
    show(
        fig,
        alt="Mean squared error against the degree. The training error falls all the way. The validation error falls "
        "to a minimum at a small degree, then rises far above its start.",
    )


def losses(curves: Any, *, best: int | None = None, label: str = "epoch") -> None:
    """Draw loss and accuracy of training and validation after each epoch, from an array (1 + epochs, 4)."""
    fig, axes = subplots(1, 2, width=11.0, height=4.0)
    epochs = np.arange(len(curves))
    for ax, column, name in zip(axes, (0, 1), ("loss", "accuracy"), strict=True):
        ax.plot(epochs, curves[:, column], "o-", color=TRAIN, label="training")
        ax.plot(epochs, curves[:, column + 2], "s--", color=VALIDATION, label="validation")
        if best is not None:
            ax.axvline(best, color=PALE, linestyle=":", zorder=0)
        ax.set(xlabel=label, ylabel=name, ylim=(0, None if name == "loss" else 1.03))
        ax.grid(axis="y")
    axes[0].legend(loc="lower left")
    show(
        fig,
        alt="Left: the training loss falls to almost zero, while the validation loss falls for a few epochs, then "
        "rises. Right: training accuracy rises to one, validation accuracy levels off at about one half.",
    )


def confidence(ax: Axes, training: Any, validation: Any) -> None:
    """Draw histograms of the probability that the network gives to the true class."""
    bins: Any = np.linspace(0, 1, 11)
    for values, color, name, style in (
        (training, TRAIN, "training", "-"),
        (validation, VALIDATION, "validation", "--"),
    ):
        shares = np.histogram(values, bins)[0] / len(values)
        ax.stairs(shares, bins, color=color, linewidth=2.5, linestyle=style, label=name)
    ax.set(xlim=(0, 1), ylim=(0, 0.8), xlabel="probability of the true class", yticks=[0, 0.4, 0.8])
    ax.set_ylabel("share of the images")
    ax.legend(loc="upper center")


def gaps(results: Mapping[str, Any], *, baseline: str) -> None:
    """Draw training and validation loss, and both accuracies, of each run as two points on a line."""
    fig, axes = subplots(1, 2, width=11.0, height=4.4, sharey=True)
    rows = np.arange(len(results))[::-1]
    values = np.array(list(results.values()))  # (runs, 4)
    for ax, column, name in zip(axes, (0, 1), ("loss", "accuracy"), strict=True):
        ax.hlines(rows, values[:, column], values[:, column + 2], color=PALE, linewidth=4, zorder=1)
        ax.plot(values[:, column], rows, "o", color=TRAIN, markersize=12, label="training")
        ax.plot(values[:, column + 2], rows, "s", color=VALIDATION, markersize=11, label="validation")
        ax.axvline(results[baseline][column + 2], color=VALIDATION, linestyle=":", linewidth=1.5, zorder=0)
        ax.set(xlabel=name, yticks=rows, yticklabels=list(results), ylim=(-0.6, len(rows) - 0.4))
    axes[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0)
    show(
        fig,
        alt="A row per remedy, with training and validation loss and accuracy as points joined by a line. The plain "
        "network has the longest line; every remedy shortens it.",
    )


def spread(accuracies: Any, expected: float, half: float) -> None:
    """Draw a histogram of measured accuracies, and the interval around the expected one."""
    fig, ax = subplots(width=10.0, height=3.8)
    ax.axvspan(expected - half, expected + half, color=TINTS["green"], label="true accuracy ± 2√(p(1−p)/n)")
    values, counts = np.unique(accuracies, return_counts=True)
    ax.bar(values, counts, width=0.8 * np.diff(values).min(), color=COLORS["blue"])
    ax.axvline(expected, color=COLORS["black"], linewidth=1.5)
    ax.set(xlabel="accuracy measured on a test set", ylabel="test sets")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), borderaxespad=0)
    show(fig, alt="A bell of measured accuracies around the true one. Nearly all of it lies in the shaded interval.")


def best_of_many(chosen_on: Any, fresh: Any) -> None:
    """Draw each classifier's accuracy on the set that it is chosen on against that on fresh examples."""
    fig, ax = subplots(width=9.0, height=4.4)
    best = int(np.argmax(chosen_on))
    ax.plot(chosen_on, fresh, "o", color=COLORS["sky"], markersize=8, alpha=0.8)
    ax.plot(chosen_on[best], fresh[best], "o", color=VALIDATION, markersize=15)
    ax.axhline(0.5, color=PALE, linestyle=":", zorder=0)
    ax.annotate("the winner", (chosen_on[best], fresh[best]), (-14, 24), textcoords="offset points", ha="center")
    ax.set(xlabel="accuracy on the 50 examples it was chosen on", ylabel="on 10,000 fresh ones", ylim=(0.4, 0.6))
    show(
        fig,
        alt="A hundred points, all at a height of one half. They spread widely from left to right; the rightmost, the "
        "winner, is as low as the others.",
    )


def folds(errors: Any) -> None:
    """Draw the error of each degree (rows) on each fold (columns), and the mean over the folds."""
    fig, ax = subplots(width=10.0, height=4.2)
    degrees = np.arange(1, len(errors) + 1)
    markers = "osD^vP*X"
    for fold, marker in zip(range(errors.shape[1]), markers, strict=False):
        ax.plot(degrees, errors[:, fold], marker, color=COLORS["sky"], markersize=11, alpha=0.9)
    ax.plot([], [], "o", color=COLORS["sky"], markersize=11, label="one fold each")
    ax.plot(degrees, errors.mean(axis=1), "-", color=VALIDATION, label="mean of the folds")
    ax.set(xlabel="degree", ylabel="error in miles per gallon", xticks=degrees)
    ax.grid(axis="y")
    ax.legend(loc="upper center")
    show(fig, alt="Errors of five folds for each degree: they scatter widely, but their mean has a clear minimum.")


def bars(accuracies: Mapping[str, tuple[float, int]]) -> None:
    """Draw accuracies (value, number of examples) as bars, with their intervals."""
    fig, ax = subplots(width=10.0, height=3.9)
    colors = [TRAIN, VALIDATION, COLORS["purple"], TEST]
    for row, (value, size) in enumerate(accuracies.values()):
        half = 2 * np.sqrt(value * (1 - value) / size)
        ax.barh(-row, value, color=colors[row % 4], height=0.6)
        ax.errorbar(value, -row, xerr=half, color=COLORS["black"], capsize=6)
        ax.text(value + half + 0.02, -row, f"{value:.2f}", va="center", weight="bold")
    ax.set(xlim=(0, 1.1), xlabel="accuracy", yticks=[-row for row in range(len(accuracies))])
    ax.set_yticklabels(list(accuracies))
    show(fig, alt="Accuracies as bars with their intervals: " + "; ".join(accuracies) + ".")


def intervals(rows: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Draw the intervals of two models in each row, one above the other."""
    fig, ax = subplots(width=10.0, height=3.9)
    for row, pair in enumerate(rows.values()):
        for (low, high), color, shift in zip(pair, (TRAIN, VALIDATION), (0.15, -0.15), strict=True):
            ax.plot([low, high], [shift - row] * 2, color=color, linewidth=7, solid_capstyle="butt")
            ax.plot((low + high) / 2, shift - row, "o", color=COLORS["black"], markersize=6)
    ax.set(yticks=[-row for row in range(len(rows))], yticklabels=list(rows), xlabel="accuracy")
    ax.grid(axis="x")
    show(fig, alt="Two intervals in each row. They overlap for few test images, and are apart for the most.")
