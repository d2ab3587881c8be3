"""Figures of notebook 06, softmax regression."""

from collections.abc import Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes

from d2lhelpers.plotting import COLORS, show, show_images, subplots


def probabilities(ax: Axes, scores: Sequence[float], heights: Any) -> None:
    """Draw probabilities as bars with the scores below; the last bar is the one that changes."""
    positions = range(len(scores))
    colors = [COLORS["sky"]] * (len(scores) - 1) + [COLORS["vermilion"]]
    bars = ax.bar(positions, heights.asnumpy(), color=colors)
    ax.bar_label(bars, [f"{height:.2f}" for height in heights.tolist()], fontsize=14)
    ax.set_xticks(positions, [f"o = {score:g}" for score in scores])
    ax.set(ylim=(0, 1.1), ylabel="probability")


def surprise(p: Any) -> None:
    """Draw -log p, and the probabilities p as points on it."""
    fig, ax = subplots(width=10.0, height=4.2)
    grid = onp.linspace(0.01, 1, 200)
    ax.plot(grid, -onp.log(grid), color=COLORS["blue"])
    ax.plot(p.asnumpy(), -onp.log(p.asnumpy()), "o", color=COLORS["vermilion"], markersize=11)
    ax.set(xlabel="probability of the true class", ylabel="loss", ylim=(0, 4.8))
    show(fig, alt="The loss falls from above 4 at probability 0.01 to 0 at 1; three points lie on the curve.")


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
    fig, axes = subplots(2, 1, width=10.0, height=3.4, sharex=True)
    axes[0].step(weights, accuracies, color=COLORS["vermilion"], where="mid")
    axes[1].plot(weights, losses, color=COLORS["blue"])
    axes[0].set_ylabel("accuracy")
    axes[1].set(xlabel="one weight", ylabel="cross-entropy")
    show(
        fig, alt="Against one weight, the accuracy is a staircase with flat steps; the cross-entropy is a smooth bowl."
    )


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
    """Draw a confusion matrix with its numbers, and the recall of each class on the right."""
    fig, ax = subplots(width=8.4, height=5.2)
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=1.6 * counts.max())
    for (row, column), count in onp.ndenumerate(counts):
        ax.text(column, row, str(count), ha="center", va="center", weight="bold" if row == column else "normal")
    for row, recall in enumerate(counts.diagonal() / counts.sum(axis=1)):
        ax.text(len(counts) - 0.2, row, f"{recall:.2f}", va="center")
    ax.text(len(counts) - 0.2, -0.8, "recall", va="center")
    ax.set_xticks(range(len(counts)))
    ax.set_yticks(range(len(counts)))
    ax.set(xlabel="predicted", ylabel="true class")
    show(
        fig,
        alt="A table of counts, true class by predicted class, with the recall of each class: the diagonal is dark.",
    )


def weights(ax: Axes, W: Any) -> None:
    """Draw the weights (784, 10) as two rows of images: orange speaks for the class, purple against it."""
    tiles = W.asnumpy().T.reshape(2, 5, 28, 28).transpose(0, 2, 1, 3).reshape(56, 140)
    ax.imshow(tiles, cmap="PuOr_r", vmin=-0.5, vmax=0.5)
    ax.axis("off")


def reliability(groups: dict[str, Sequence[tuple[float, float]]]) -> None:
    """Draw the share of right answers against the mean probability, one point per group, beside the diagonal."""
    fig, ax = subplots(width=9.0, height=4.0)
    ax.plot([0.3, 1], [0.3, 1], "--", color="#777777", label="calibrated")
    looks = zip(groups.items(), ("blue", "vermilion"), "os", strict=True)
    for (name, points), color, marker in looks:
        ax.plot(*zip(*points, strict=True), marker + "-", color=COLORS[color], markersize=9, label=name)
    ax.set(xlabel="mean probability of the answer", ylabel="share of right answers")
    ax.legend()
    alt = "Share of right answers against mean probability in five groups: above the diagonal after short training, "
    show(fig, alt=alt + "close to it after long training.")


def shifts(pixels: Sequence[int], accuracies: Sequence[float]) -> None:
    """Draw the accuracy against the shift of the test images."""
    fig, ax = subplots(width=9.0, height=4.4)
    ax.plot(pixels, accuracies, "o-", color=COLORS["vermilion"], markersize=10)
    ax.axhline(0.1, linestyle="--", color="#777777")
    ax.set(xlabel="shift to the right, pixels", ylabel="test accuracy", ylim=(0, 1))
    show(fig, alt="The accuracy falls from about 0.9 without a shift to near guessing with six pixels.")


def scales(results: dict[str, Any]) -> None:
    """Draw the accuracy of each way to prepare the pixels as a bar; results are pairs of test loss and accuracy."""
    fig, ax = subplots(width=10.0, height=4.0)
    names, rights = list(results), [right for _, right in results.values()]
    bars = ax.barh(names, rights, color=COLORS["sky"])
    ax.bar_label(bars, [f"{right:.2f}, loss {loss:,.2f}" for loss, right in results.values()], padding=6, fontsize=14)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.3), xlabel="test accuracy")
    show(fig, alt="Test accuracy for six ways to prepare the pixels: good for 0 to 1 and whenever centered.")
