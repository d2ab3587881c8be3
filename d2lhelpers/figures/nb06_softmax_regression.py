"""Figures of notebook 06, softmax regression."""

from collections.abc import Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.plotting import COLORS, show, show_images, subplots


def probabilities(ax: Axes, scores: Sequence[float], heights: Any) -> None:
    """Draw probabilities as bars with the scores below; the last bar is the one that changes."""
    positions = range(len(scores))
    colors = [COLORS["sky"]] * (len(scores) - 1) + [COLORS["vermilion"]]
    bars = ax.bar(positions, heights.asnumpy(), color=colors)
    ax.bar_label(bars, [f"{height:.2f}" for height in heights.tolist()], fontsize=14)
    ax.set_xticks(positions, [f"o = {score:g}".replace("-", "−") for score in scores])
    ax.set(ylim=(0, 1.1), ylabel="probability", title=ax.get_title().replace("-", "−"))


def surprise(p: Any, losses: Sequence[float]) -> None:
    """Draw -log p, and on it the loss of each class, if it is the true one, at its probability p."""
    fig, ax = subplots(width=11.0, height=3.3)
    grid = onp.linspace(0.01, 1, 200)
    ax.plot(grid, -onp.log(grid), color=COLORS["blue"])
    ax.plot(p.asnumpy(), losses, "o", color=COLORS["vermilion"], markersize=11)
    for label, (x, loss) in enumerate(zip(p.tolist(), losses, strict=True)):
        text = f"true class {label}: p = {x:.2f}, loss {loss:.2f}"
        ax.annotate(text, (x, loss), xytext=(10, 6), textcoords="offset points")
    ax.set(xlabel="probability of the true class", ylabel="loss", ylim=(0, 4.8))
    show(fig, alt="The loss falls from above 4 at probability 0.01 to 0 at 1; three points lie on the curve.")


def gradient(p: Any, y: Any, grad: Any) -> None:
    """Draw p, y, and p - y of each class as bars, and what autograd has computed as points."""
    fig, ax = subplots(width=11.0, height=3.4)
    positions = onp.arange(len(p))
    series = (("p, prediction", p, "sky"), ("y, truth", y, "orange"), ("p − y", p - y, "blue"))
    for shift, (name, heights, color) in zip((-0.27, 0, 0.27), series, strict=True):
        bars = ax.bar(positions + shift, heights.asnumpy(), 0.25, color=COLORS[color], label=name)
        ax.bar_label(bars, [f"{height:.2f}".replace("-", "−") for height in heights.tolist()], padding=8)
    ax.plot(positions + 0.27, grad.asnumpy(), "o", color=COLORS["vermilion"], markersize=9, label="autograd")
    ax.axhline(0, color="#777777", linewidth=1)
    ax.set_xticks(positions, [f"class {position}" for position in positions])
    ax.set(ylim=(-0.6, 1.3))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt="Prediction, truth, and their difference for three classes; autograd's points end the differences.")


def answer(p: Any) -> None:
    """Draw the probabilities of the ten classes as bars, the largest in another color."""
    fig, ax = subplots(width=10.0, height=4.2)
    heights = p.asnumpy()
    colors = [COLORS["vermilion" if height == heights.max() else "sky"] for height in heights]
    ax.bar_label(ax.bar(range(len(heights)), heights, color=colors), fmt="%.2f")
    ax.set_xticks(range(len(heights)))
    ax.set(ylim=(0, 1.15), xlabel="class", ylabel="probability")
    show(fig, alt="Ten bars, the probability of each class; the largest is the answer.")


def accuracy_and_loss(weights: Any, accuracies: Any, losses: Any) -> None:
    """Draw accuracy, a staircase, above the smooth loss, both against one weight."""
    fig, axes = subplots(2, 1, width=11.0, height=3.6, sharex=True)
    axes[0].step(weights, accuracies, color=COLORS["vermilion"], where="mid")
    axes[1].plot(weights, losses, color=COLORS["blue"])
    axes[0].set_ylabel("accuracy")
    axes[1].set(xlabel="one weight", ylabel="cross-entropy")
    alt = "Against one weight, the accuracy is a staircase with flat steps; the cross-entropy is a smooth curve."
    show(fig, alt)


def predictions(images: Any, p: Any, labels: Any) -> None:
    """Show images with the predicted class and its probability; a wrong one has a cross and the true class."""
    titles = []
    for row, label in zip(p.asnumpy(), labels.asnumpy().astype(int), strict=True):
        answer = int(row.argmax())
        titles.append(f"{answer}{'' if answer == label else f' ✗ ({label})'}\n{row[answer]:.2f}")
    alt = (
        "Test images, above each the predicted class and its probability; wrong ones carry a cross and the true class."
    )
    show_images(images, titles, alt=alt, num_columns=8, width=10.5, height=4.1)


def confusions(counts: Any) -> None:
    """Draw a confusion matrix: right answers in gray, mistakes in color, and the recall of each class on the right."""
    fig, ax = subplots(width=8.4, height=5.2)
    mistakes = onp.where(onp.eye(len(counts), dtype=bool), 0, counts)
    ax.imshow(mistakes, cmap="Oranges", vmin=0, vmax=1.4 * mistakes.max())
    for (row, column), count in onp.ndenumerate(counts):
        if row == column:
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color="#DDDDDD"))
        ax.text(column, row, str(count), ha="center", va="center", weight="bold" if row == column else "normal")
    for row, recall in enumerate(counts.diagonal() / counts.sum(axis=1)):
        ax.text(len(counts) - 0.2, row, f"{recall:.2f}", va="center")
    ax.text(len(counts) - 0.2, -0.8, "recall", va="center")
    ax.set_xticks(range(len(counts)))
    ax.set_yticks(range(len(counts)))
    ax.set(xlabel="predicted", ylabel="true class")
    alt = "Counts by true class and predicted class, with the recall of each class; the darkest mistakes stand out."
    show(fig, alt)


def weights(ax: Axes, W: Any, right: float) -> None:
    """Draw the weights (784, 10) as ten images: orange speaks for the class above it, purple against it."""
    height, gap = 28, 12  # pixels of an image, and of the space for the digit above it
    tiles = onp.pad(W.asnumpy().T.reshape(2, 5, height, height), ((0, 0), (0, 0), (gap, 0), (3, 3)))
    ax.imshow(tiles.transpose(0, 2, 1, 3).reshape(2 * (gap + height), -1), cmap="PuOr_r", vmin=-0.5, vmax=0.5)
    for label in range(10):
        row, column = divmod(label, 5)
        ax.text(34 * column + 16.5, (gap + height) * row + gap / 2, str(label), ha="center", va="center")
    ax.set_title(f"{ax.get_title()}: accuracy {right:.2f}")
    ax.axis("off")


def reliability(groups: dict[str, Sequence[tuple[float, float, int]]]) -> None:
    """Draw the share of right answers against the mean probability, with two standard errors, beside the diagonal."""
    fig, ax = subplots(width=11.0, height=4.3)
    ax.plot([0.35, 1], [0.35, 1], "--", color="#777777", label="calibrated")
    for (name, points), color, marker in zip(groups.items(), ("blue", "vermilion"), "os", strict=True):
        p, share, counts = (onp.array(column) for column in zip(*points, strict=True))
        errors = 2 * onp.sqrt(share * (1 - share) / counts)
        right, said = onp.average(share, weights=counts), onp.average(p, weights=counts)
        label = f"{name}:\naccuracy {right:.2f},\nmean probability {said:.2f}"
        look: dict[str, Any] = {"color": COLORS[color], "markersize": 9, "capsize": 4}
        ax.errorbar(p, share, errors, fmt=marker + "-", label=label, **look)
    ax.set(xlabel="mean probability of the answer", ylabel="share of right answers")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), labelspacing=1)
    alt = "Share of right answers against mean probability in five groups: above the diagonal after short training, "
    show(fig, alt=alt + "close to it after long training.")


def shifts(pixels: Sequence[int], accuracies: Sequence[float], claimed: Sequence[float]) -> None:
    """Draw the accuracy and the mean probability of the answers against the shift of the test images."""
    fig, ax = subplots(width=11.0, height=4.4)
    ax.plot(pixels, claimed, "s-", color=COLORS["blue"], markersize=9, label="mean probability")
    ax.plot(pixels, accuracies, "o-", color=COLORS["vermilion"], markersize=10, label="test accuracy")
    for shift, *pair in zip(pixels, accuracies, claimed, strict=True):
        for value, distance in zip(sorted(pair), (-22, 10), strict=True):  # the smaller one below its point
            ax.annotate(f"{value:.2f}", (shift, value), xytext=(0, distance), textcoords="offset points", ha="center")
    ax.axhline(0.1, linestyle="--", color="#777777", label="guessing")
    ax.set(xlabel="shift to the right, pixels", ylim=(-0.05, 1.05))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    alt = (
        "From 0 to 6 pixels, the accuracy falls from about 0.9 to guessing, but the mean probability only to one half."
    )
    show(fig, alt)


def scales(results: dict[str, Any]) -> None:
    """Draw the accuracy of each way to prepare the pixels as a bar; results are pairs of test loss and accuracy."""
    texts = [f"{right:.2f}, loss {loss:,.2f}" for loss, right in results.values()]
    alt = "Test accuracy for six ways to prepare the pixels: good for 0 to 1 and whenever centered."
    _bars(list(results), [right for _, right in results.values()], texts, 4.0, alt)


def moved_back(results: dict[str, float]) -> None:
    """Draw the accuracy on moved digits of each way to train as a bar."""
    rights = list(results.values())
    alt = "Accuracy on moved digits: lowest if trained on centered ones, by far the highest if all are moved back."
    _bars(list(results), rights, [f"{right:.2f}" for right in rights], 2.6, alt)


def _bars(names: Sequence[str], rights: Sequence[float], texts: Sequence[str], height: float, alt: str) -> None:
    fig, ax = subplots(width=11.0, height=height)
    ax.bar_label(ax.barh(names, rights, color=COLORS["sky"]), texts, padding=6, fontsize=14)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.3), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1], xlabel="test accuracy")
    show(fig, alt)
