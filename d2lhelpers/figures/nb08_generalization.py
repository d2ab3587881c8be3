"""Figures of notebook 08, generalization."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes

from d2lhelpers.drawing import draw_cells
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
    grid = onp.linspace(-1, 1, 400)
    (x, y), (x_validation, y_validation) = points
    ax.plot(x_validation, y_validation, ".", color=VALIDATION, alpha=0.35, markersize=8, label="unseen")
    ax.plot(grid, truth(grid), color=PALE, linestyle="--", linewidth=1.5, label="truth")
    ax.plot(grid, predict(grid), color=COLORS["black"], linewidth=2, label="fit")
    ax.plot(x, y, "o", color=TRAIN, markersize=9, markeredgecolor="white", label="training")
    ax.set(xlim=(-1.05, 1.05), ylim=(-2.2, 2.7), xticks=[-1, 0, 1], yticks=[-2, 0, 2], xlabel="x", ylabel="y")
    if ax is ax.figure.axes[0]:
        ax.legend(loc="upper left", ncols=2, columnspacing=1, handlelength=1.2)


def capacity(degrees: Sequence[int], training: Any, validation: Any) -> None:
    """Draw the errors against the degree, and mark the degree with the smallest validation error."""
    fig, ax = subplots(width=10.0, height=4.2)
    ax.semilogy(degrees, training, "o-", color=TRAIN)
    ax.semilogy(degrees, validation, "s--", color=VALIDATION)
    best = int(onp.argmin(validation))
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


def sizes(counts: Sequence[int], training: Any, validation: Any, noise: float) -> None:
    """Draw the errors against the number of training points, and the variance of the noise."""
    fig, ax = subplots(width=10.0, height=4.2)
    ax.loglog(counts, training, "o-", color=TRAIN)
    ax.loglog(counts, validation, "s--", color=VALIDATION)
    ax.axhline(noise**2, color=PALE, linestyle=":", zorder=0)
    ax.text(counts[-1] * 1.1, noise**2, "variance\nof the noise", color=COLORS["black"], va="center")
    ax.text(counts[1], training[1] * 0.75, "training", color=TRAIN, va="top")
    ax.text(counts[0] * 1.08, validation[0], "validation", color=VALIDATION, va="center")
    ax.set(xlabel="training points", ylabel="mean squared error", xticks=counts, xticklabels=map(str, counts))
    ax.minorticks_off()
    ax.grid(axis="y")
    show(
        fig,
        alt="Error of degree 15 against the number of training points. The validation error falls steeply and the "
        "training error rises, until both meet at the variance of the noise.",
    )


def losses(curves: Mapping[str, Sequence[float]], *, best: int) -> None:
    """Draw loss and accuracy of training and validation after each epoch, and mark the best epoch."""
    fig, axes = subplots(1, 2, width=11.0, height=4.0)
    for ax, kind in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(curves[f"training {kind}"], "o-", color=TRAIN, label="training")
        ax.plot(curves[f"validation {kind}"], "s--", color=VALIDATION, label="validation")
        ax.axvline(best, color=PALE, linestyle=":", zorder=0)
        ax.set(xlabel="epoch", ylabel=kind, ylim=(0, None if kind == "loss" else 1.03))
        ax.grid(axis="y")
    axes[0].legend(loc="lower left")
    show(
        fig,
        alt="Left: the training loss falls to almost zero, while the validation loss falls for a few epochs, then "
        "rises. Right: training accuracy rises to one, validation accuracy levels off at about one half.",
    )


def confidence(ax: Axes, certainty: Any, right: Any) -> None:
    """Draw histograms of the probability of the answer (n,), for the answers that are right (n,) and the others."""
    bins: Any = onp.linspace(0, 1, 11)
    for chosen, color, name, style in ((right, TRAIN, "right", "-"), (~right, VALIDATION, "wrong", "--")):
        shares = onp.histogram(certainty[chosen], bins)[0] / chosen.sum()
        label = f"{name}, mean {certainty[chosen].mean():.2f}"
        ax.stairs(shares, bins, color=color, linewidth=2.5, linestyle=style, label=label)
    ax.set(xlim=(0, 1), ylim=(0, 0.65), xlabel="probability of the answer", xticks=[0, 0.5, 1], yticks=[0, 0.2, 0.4])
    ax.set_ylabel("share of the answers")
    ax.legend(loc="upper left")


def dropout(training: Any, afterwards: Any) -> None:
    """Draw the outputs of a dropout layer (two matrices), with the units that survive colored."""
    fig, axes = subplots(2, 1, width=11.0, height=4.2)
    for ax, values, title in zip(axes, (training, afterwards), ("while training", "afterwards"), strict=True):
        draw_cells(ax, values, highlight=values > 0, title=title)
    show(
        fig,
        alt="Two matrices. While training, about half of the entries are 0 and the others 2; afterwards, all are 1.",
    )


def penalties(results: Mapping[float, Mapping[str, float]]) -> None:
    """Draw the losses of training and validation for each penalty, and mark the smallest validation loss."""
    fig, ax = subplots(width=10.0, height=4.2)
    positions = range(len(results))
    for name, look, color in (("training", "o-", TRAIN), ("validation", "s--", VALIDATION)):
        values = [result[f"{name} loss"] for result in results.values()]
        ax.plot(positions, values, look, color=color, markersize=10, label=name)
    ax.axvline(int(onp.argmin(values)), color=PALE, linestyle=":", zorder=0)  # validation
    ax.set(xlabel="λ, the strength of weight decay", ylabel="loss after the last epoch", ylim=(0, None))
    ax.set_xticks(positions, [f"{penalty:g}" for penalty in results])
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    show(
        fig,
        alt="Loss against the strength of weight decay. The training loss rises with it; the validation loss falls to "
        "a minimum in the middle, then rises.",
    )


def gaps(results: Mapping[str, Mapping[str, float]], *, plain: str, constant: float) -> None:
    """Draw losses and accuracies of each run as two points on a line, and the accuracy of a constant answer."""
    fig, axes = subplots(1, 2, width=11.0, height=4.4, sharey=True)
    rows = onp.arange(len(results))[::-1]
    for ax, kind in zip(axes, ("loss", "accuracy"), strict=True):
        training, validation = (
            [result[f"{name} {kind}"] for result in results.values()] for name in ("training", "validation")
        )
        ax.hlines(rows, training, validation, color=PALE, linewidth=4, zorder=1)
        ax.plot(training, rows, "o", color=TRAIN, markersize=12, label="training")
        ax.plot(validation, rows, "s", color=VALIDATION, markersize=11, label="validation")
        ax.axvline(results[plain][f"validation {kind}"], color=VALIDATION, linestyle=":", linewidth=1.5, zorder=0)
        ax.set(xlabel=kind, yticks=rows, yticklabels=list(results), ylim=(-0.6, len(rows) - 0.4))
    axes[1].axvline(constant, color=COLORS["black"], linestyle=":", linewidth=1.5, label="constant answer")
    axes[1].set(xlim=(0.2, 1.04), xticks=[0.4, 0.6, 0.8, 1.0])
    axes[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0)
    axes[1].legend(axes[1].lines[-1:], ["constant answer"], loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    show(
        fig,
        alt="A row per remedy, with training and validation loss and accuracy as points joined by a line. Less data "
        "makes the line longer; every remedy makes it shorter. A constant answer is right about a quarter of the time.",
    )


def spread(accuracies: Any, expected: float, half: float) -> None:
    """Draw a histogram of measured accuracies, and the interval around the expected one."""
    fig, ax = subplots(width=10.0, height=3.8)
    ax.axvspan(expected - half, expected + half, color=TINTS["green"], label="true accuracy ± 2√(p(1−p)/n)")
    values, counts = onp.unique(accuracies, return_counts=True)
    ax.bar(values, counts, width=0.8 * onp.diff(values).min(), color=COLORS["blue"])
    ax.axvline(expected, color=COLORS["black"], linewidth=1.5)
    ax.set(xlabel="accuracy measured on a test set", ylabel="test sets")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), borderaxespad=0)
    show(fig, alt="A bell of measured accuracies around the true one. Nearly all of it lies in the shaded interval.")


def best_of_many(chosen_on: Any, fresh: Any) -> None:
    """Draw each classifier's accuracy on the set that it is chosen on against that on fresh examples."""
    fig, ax = subplots(width=9.0, height=4.4)
    best = int(onp.argmax(chosen_on))
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
    degrees = onp.arange(1, len(errors) + 1)
    lines = ax.plot(degrees, errors, "o-", color=COLORS["sky"], markersize=9, linewidth=1.5)
    lines[0].set_label("one fold each")
    ax.plot(degrees, errors.mean(axis=1), "s-", color=VALIDATION, linewidth=3, label="mean of the folds")
    ax.set(xlabel="degree", ylabel="error in miles per gallon", xticks=degrees)
    ax.grid(axis="y")
    ax.legend(loc="upper left")
    show(
        fig,
        alt="Errors of five folds for each degree, a line for each fold. The folds differ widely; their mean is "
        "smallest at degree 2.",
    )


def bars(accuracies: Mapping[str, tuple[float, tuple[float, float]]], *, constant: float) -> None:
    """Draw accuracies (value, interval) as bars, and the accuracy of a constant answer as a line."""
    fig, ax = subplots(width=10.0, height=3.9)
    colors = [TRAIN, VALIDATION, COLORS["purple"], TEST]
    for row, (value, (low, high)) in enumerate(accuracies.values()):
        ax.barh(-row, value, color=colors[row % 4], height=0.6)
        ax.errorbar(value, -row, xerr=[[value - low], [high - value]], color=COLORS["black"], capsize=6)
        ax.text(high + 0.02, -row, f"{value:.2f}", va="center", weight="bold")
    ax.axvline(constant, color=COLORS["black"], linestyle=":", label="constant answer")
    ax.set(xlim=(0, 0.85), xlabel="accuracy", yticks=[-row for row in range(len(accuracies))])
    ax.set_yticklabels(list(accuracies))
    ax.legend(loc="lower right")
    show(fig, alt="Accuracies as bars with their intervals: " + "; ".join(accuracies) + ".")


def intervals(rows: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Draw the intervals of two models in each row, one above the other."""
    fig, ax = subplots(width=10.0, height=4.2)
    for row, pair in enumerate(rows.values()):
        for (low, high), color, shift, name in zip(pair, (TRAIN, VALIDATION), (0.15, -0.15), "AB", strict=True):
            label = f"model {name}" if row == 0 else None
            ax.plot([low, high], [shift - row] * 2, color=color, linewidth=7, solid_capstyle="butt", label=label)
            ax.plot((low + high) / 2, shift - row, "o", color=COLORS["black"], markersize=6)
    ax.set(yticks=[-row for row in range(len(rows))], yticklabels=list(rows), xlabel="accuracy")
    ax.grid(axis="x")
    ax.legend(loc="lower right")
    show(fig, alt="Two intervals in each row. They overlap for few test images, and are apart for the most.")
