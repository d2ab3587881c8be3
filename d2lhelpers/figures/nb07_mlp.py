"""Figures of notebook 07, multilayer perceptron."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from mxnet import autograd, np

from d2lhelpers.drawing import draw_network
from d2lhelpers.history import History
from d2lhelpers.plotting import COLORS, INK, PALE, TINTS, show, show_images, subplots

Score = Callable[[Any], Any]
_AREAS = ("#CFE3F1", "#FBE6BF")  # pale blue for class 0, pale orange for class 1
_SIDE = 160  # grid points along each side of a region plot


def neuron() -> None:
    """Draw a neuron: inputs on weighted lines, their sum with a bias, an activation function, the output."""
    fig, ax = subplots(width=11.0, height=4.6)
    for i in range(3):
        y = 1.2 - 1.2 * i
        ax.plot([0, 3], [y, 0], color=PALE, linewidth=1.5)
        ax.plot(0, y, "o", color=TINTS["sky"], markersize=42, markeredgecolor=INK)
        ax.text(0, y, f"$x_{i + 1}$", ha="center", va="center", fontsize=18)
        ax.text(1.3, 0.57 * y + 0.14, f"$w_{i + 1}$", ha="center", color=COLORS["vermilion"], fontsize=18)
    ax.plot([3, 6.9], [0, 0], color=PALE, linewidth=1.5)
    for x, sign, words in ((3, r"$\Sigma + b$", "sum"), (5, r"$\sigma$", "activation"), (7, "$h$", "output")):
        color = TINTS["vermilion"] if x == 7 else "white"
        ax.plot(x, 0, "o", color=color, markersize=42 if x == 7 else 68, markeredgecolor=INK)
        ax.text(x, 0, sign, ha="center", va="center", fontsize=18)
        ax.text(x, -0.85, words, ha="center", va="center", fontsize=16)
    ax.text(0, -1.85, "inputs", ha="center", va="center", fontsize=16)
    ax.set(xlim=(-0.6, 7.6), ylim=(-2, 1.6))
    ax.axis("off")
    show(
        fig,
        alt="Three inputs, each on a line with its weight, meet in a circle that adds them up with a bias. An "
        "activation function follows, then the output.",
    )


def points(ax: Axes, X: Any, y: Any, size: float = 15) -> None:
    """Draw points (n, 2) of two classes: blue discs for class 0, orange squares for class 1."""
    for label, color, marker in ((0, COLORS["blue"], "o"), (1, COLORS["orange"], "s")):
        chosen = X.asnumpy()[y.asnumpy() == label].T
        ax.plot(*chosen, marker, color=color, markeredgecolor="white", linestyle="", markersize=size)


def grid(limits: tuple[float, float]) -> Any:
    """Return the points of a square grid, as an MXNet array (n, 2)."""
    side = onp.linspace(*limits, _SIDE)
    return np.array(onp.stack(onp.meshgrid(side, side), axis=-1).reshape(-1, 2), dtype="float32")


def regions(ax: Axes, scores: Any, limits: tuple[float, float]) -> None:
    """Color the plane by where the scores (n,) of the points of `grid(limits)` are above 0."""
    side, values = onp.linspace(*limits, _SIDE), scores.asnumpy().reshape(_SIDE, _SIDE)
    ax.contourf(side, side, values > 0, levels=[-0.5, 0.5, 1.5], colors=_AREAS)
    if values.min() < 0 < values.max():
        ax.contour(side, side, values, levels=[0], colors=INK, linewidths=1.5)
    ax.set(xlim=limits, ylim=limits, aspect="equal", xticks=[], yticks=[])


def xor(X: Any, y: Any) -> None:
    """Draw the four points of XOR with their coordinates."""
    fig, ax = subplots(width=9.0, height=3.9)
    points(ax, X, y, size=22)
    for x1, x2 in X.asnumpy().astype(int).tolist():
        ax.text(x1 + 0.1, x2, f"({x1}, {x2})", va="center")
    ax.set(xlim=(-0.3, 1.5), ylim=(-0.3, 1.3), aspect="equal", xticks=[0, 1], yticks=[0, 1])
    ax.set(xlabel="x₁", ylabel="x₂")
    names = ["class 0: inputs equal", "class 1: inputs differ"]
    ax.legend(names, loc="center left", bbox_to_anchor=(1.02, 0.5), markerscale=0.7, labelspacing=1)
    show(
        fig,
        alt="Four points at the corners of a square. Discs, class 0, at (0, 0) and (1, 1); squares, class 1, at (0, 1) "
        "and (1, 0).",
    )


def xor_regions(X: Any, y: Any, scores: Mapping[str, Score]) -> None:
    """Draw the four points of XOR over the regions of each score function, its name above."""
    fig, axes = subplots(1, len(scores), width=11.4, height=3.4 if len(scores) < 4 else 2.9, squeeze=False)
    for ax, (title, score) in zip(axes.flat, scores.items(), strict=True):
        regions(ax, score(grid((-0.6, 1.6))), (-0.6, 1.6))
        points(ax, X, y)
        ax.set_title(title)
    show(fig, alt="The four points of XOR over the regions of: " + "; ".join(scores) + ".")


def hidden_space(X: Any, y: Any, hidden: Score, output: Score) -> None:
    """Draw the regions of the network ``output(hidden(X))``, and the same points by their hidden values (n, 2)."""
    fig, (left, right) = subplots(1, 2, width=9.6, height=3.45)
    inputs, features = (-0.6, 1.6), (-0.8, 3.0)
    regions(left, output(hidden(grid(inputs))), inputs)
    regions(right, output(grid(features)), features)
    points(left, X, y)
    points(right, hidden(X), y)
    left.set(title="the inputs", xlabel="x₁", ylabel="x₂")
    right.set(title="the hidden units", xlabel="h₁", ylabel="h₂", xticks=[0, 1, 2], yticks=[0, 1, 2])
    left.set(xticks=[0, 1], yticks=[0, 1])
    for x, y, corner in ((-0.3, 0.35, "(0, 0)"), (0.75, -0.5, "(0, 1) and (1, 0)"), (1.7, 1.35, "(1, 1)")):
        right.text(x, y, corner)
    show(
        fig,
        alt="Left: the four points of XOR over a diagonal strip. Right: the points as the hidden units see them: three "
        "positions are left, and one straight line separates the classes.",
    )


def learned_regions(ax: Axes, scores: Any, train: Any, held_out: Any, limits: tuple[float, float]) -> None:
    """Draw regions from the scores of `grid(limits)`, with training points and smaller, held-out ones."""
    regions(ax, scores, limits)
    points(ax, train[0], train[1], size=6.5)
    for label, color, marker in ((0, COLORS["blue"], "o"), (1, COLORS["orange"], "s")):
        chosen = held_out[0].asnumpy()[held_out[1].asnumpy() == label].T
        ax.plot(*chosen, marker, color="white", markeredgecolor=color, linestyle="", markersize=5.5)


def network(sizes: Sequence[int], *, height: float = 2.5, **options: Any) -> None:
    """Draw a dense network with so many units in each layer."""
    fig, ax = subplots(width=10.0, height=height)
    hidden = ["hidden layer"] if len(sizes) == 3 else [f"hidden {index}" for index in range(1, len(sizes) - 1)]
    draw_network(ax, sizes, names=["inputs", *hidden, "outputs"], **options)
    columns = ", ".join(map(str, sizes))
    show(fig, f"Columns of {columns} circles, each circle joined to all of the next column.")


def activations(functions: Mapping[str, Score]) -> None:
    """Draw functions, and below them their gradients from autograd."""
    fig, axes = subplots(2, len(functions), width=11.4, height=4.6, sharex=True, sharey="row")
    for (above, below), (name, function) in zip(axes.T, functions.items(), strict=True):
        x = np.arange(-4, 4.01, 0.05)
        x.attach_grad()
        with autograd.record():
            value = function(x)
        value.backward()
        above.plot(x.asnumpy(), value.asnumpy(), color=COLORS["blue"])
        below.plot(x.asnumpy(), x.grad.asnumpy(), color=COLORS["vermilion"], linestyle="--")
        above.set(title=name, ylim=(-1.2, 2.2))
        below.set(ylim=(-0.1, 1.15), xlabel="z")
        for ax in (above, below):
            ax.grid(True)
    axes[0, 0].set_ylabel("σ(z)")
    axes[1, 0].set_ylabel("gradient")
    show(
        fig,
        alt="ReLU, sigmoid and tanh above, their gradients below. ReLU's is 0, then 1. Sigmoid's is a bell of height a "
        "quarter, tanh's a bell of height 1; both vanish away from 0.",
    )


def approximation(ax: Axes, target: Score, network: Score) -> None:
    """Draw a function on [-0.5, 1.5], gray, and a network that approximates it between 0 and 1."""
    x = np.arange(-0.5, 1.5001, 0.005)
    ax.axvspan(0, 1, color=TINTS["green"], zorder=0)
    ax.plot(x.asnumpy(), target(x).asnumpy(), color=PALE, linewidth=4)
    ax.plot(x.asnumpy(), network(x).asnumpy(), color=COLORS["vermilion"])
    ax.set(xlim=(-0.5, 1.5), ylim=(-2.2, 2.2), xticks=[0, 1], yticks=[-2, 0, 2], xlabel="x")


def learning_curves(history: History) -> None:
    """Draw loss and accuracy of training and validation after each epoch."""
    fig, axes = subplots(1, 2, width=11.0, height=3.9)
    epochs = range(1, len(history.train_loss) + 1)
    for ax, kind in zip(axes, ("loss", "accuracy"), strict=True):
        ax.plot(epochs, getattr(history, f"train_{kind}"), "o-", color=COLORS["blue"], label="training")
        ax.plot(epochs, getattr(history, f"test_{kind}"), "s--", color=COLORS["vermilion"], label="validation")
        ax.set(xlabel="epoch", ylabel=kind, xticks=list(epochs))
        ax.grid(True, axis="y")
    axes[0].legend()
    show(
        fig,
        alt="Loss and accuracy against the epoch. Training loss falls all the way. Validation loss falls steeply, then "
        "more and more slowly, and ends above it; the accuracies mirror this.",
    )


def gradients(arrays: Mapping[str, Any], count: int = 8) -> None:
    """Show the first columns of each gradient (784, units) as a row of images with its name; white is zero."""
    fig, axes = subplots(len(arrays), count, width=11.0, height=1.2 * len(arrays))
    for row, (name, gradient) in zip(axes, arrays.items(), strict=True):
        pictures = gradient.asnumpy()[:, :count].T.reshape(-1, 28, 28)
        limit = abs(pictures).max() or 1
        for ax, picture in zip(row, pictures, strict=True):
            ax.imshow(picture, cmap="PuOr_r", vmin=-limit, vmax=limit)
            ax.set(xticks=[], yticks=[])
        row[0].set_ylabel(name)
    show(
        fig,
        alt="Gradients as images. Zero start: all empty. Equal start: the same image for each unit. Random start: a "
        "different image for each unit.",
    )


def _half_interval(accuracy: float, num_examples: int) -> float:
    return float(2 * (accuracy * (1 - accuracy) / num_examples) ** 0.5)


def sweep(results: Mapping[tuple[int, ...], tuple[int, float]], num_examples: int) -> None:
    """Draw validation accuracies with 95 % intervals against parameters; results are widths: (parameters, accuracy)."""
    fig, ax = subplots(width=10.6, height=4.4)
    for widths, (parameters, accuracy) in results.items():
        half = _half_interval(accuracy, num_examples)
        color, marker = (COLORS["vermilion"], "s") if len(widths) > 1 else (COLORS["blue"], "o")
        ax.errorbar(parameters, accuracy, half, fmt=marker, color=color, capsize=5, markersize=9, linewidth=2)
        name = str(list(widths)) if widths else "no hidden layer"
        ax.annotate(name, (parameters, accuracy), (9, -22), textcoords="offset points")
    ax.axhline(max(accuracy for _, accuracy in results.values()), color=COLORS["green"], linestyle="--", zorder=0)
    ax.set(xscale="log", xlabel="parameters", ylabel="validation accuracy", xlim=(5e3, 6e5))
    ax.grid(True, axis="y")
    show(
        fig,
        alt="Validation accuracy with 95 percent intervals against the number of parameters. It is lowest without a "
        "hidden layer, higher with 16 units, and highest with the most parameters. Some intervals below the best "
        "result reach it.",
    )


def two_sets(accuracies: Mapping[str, tuple[float, float]], num_examples: int) -> None:
    """Draw each network's accuracies on validation and test data, with 95 % intervals; both sets have the same size."""
    fig, ax = subplots(width=10.6, height=4.6)
    looks = (("validation", COLORS["vermilion"], "s", -0.12), ("test", COLORS["blue"], "o", 0.12))
    for index, (name, color, marker, shift) in enumerate(looks):
        values = [pair[index] for pair in accuracies.values()]
        places = [place + shift for place in range(len(values))]
        halves = [_half_interval(value, num_examples) for value in values]
        ax.errorbar(places, values, halves, fmt=marker, color=color, capsize=5, markersize=10, linewidth=2, label=name)
        for place, value in zip(places, values, strict=True):
            side = 10 if index else -10
            ax.annotate(f"{value:.3f}", (place, value), (side, 0), textcoords="offset points", va="center",
                        ha="left" if index else "right")  # fmt: skip
    ax.set_xticks(range(len(accuracies)), labels=list(accuracies))
    ax.set(xlim=(-0.6, len(accuracies) - 0.4), ylabel="accuracy")
    ax.grid(True, axis="y")
    ax.legend(loc="upper left")
    show(
        fig,
        alt="Accuracy on validation and test data, with 95 percent intervals. The network with hidden layers is best "
        "on both. For each network, the interval on test data is below the one on validation data.",
    )


def cars(names: Sequence[str], errors: Any) -> None:
    """Draw the errors (models, folds) of models on each held-out fold, one line per fold."""
    fig, ax = subplots(width=10.6, height=3.2)
    for fold in errors.T:
        ax.plot(range(len(names)), fold, "o-", color=COLORS["sky"], markersize=9, linewidth=2)
    means = errors.mean(axis=1)
    ax.plot(range(len(names)), means, "s-", color=COLORS["black"], markersize=11)
    ax.set(xlim=(-0.4, len(names) - 0.4), ylim=(0.9 * errors.min(), 1.05 * errors.max()), ylabel="error (mpg)")
    labels = [f"{name}\n{mean:.2f}" for name, mean in zip(names, means, strict=True)]
    ax.set_xticks(range(len(names)), labels=labels)
    ax.grid(True, axis="y")
    show(
        fig,
        alt="Error on each of five held-out folds of the cars. In each, linear regression's is the largest. It is "
        "smaller with squares as features, and about as small as the network's with squares and cubes.",
    )


def answers(probabilities: Mapping[str, Any]) -> None:
    """Draw each network's probabilities (10,) of the ten digits as bars."""
    fig, axes = subplots(1, len(probabilities), width=11.0, height=3.8, sharey=True)
    for ax, (name, values) in zip(axes, probabilities.items(), strict=True):
        bars = ax.bar(range(10), values.asnumpy(), color=COLORS["blue"])
        ax.bar_label(bars, [f"{value:.2f}" if value >= 0.005 else "" for value in values.tolist()])
        ax.set(title=name, xticks=range(10), ylim=(0, 1.1), xlabel="digit")
    axes[0].set_ylabel("probability")
    show(fig, alt="Bars: the probability of each digit, according to " + " and ".join(probabilities) + ".")


def units(changes: Any, count: int = 12) -> None:
    """Show the rows of changes of weights (units, 784) with the largest norms as images; white is zero."""
    largest = np.argsort(-(changes**2).sum(axis=1))[:count].astype("int32")
    pictures = changes[largest].reshape(-1, 28, 28)
    limit = float(abs(pictures).max())
    show_images(
        pictures,
        alt="Twelve patterns of orange and purple: strokes, edges and spots at various positions, white at the margin.",
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        num_columns=6,
        width=10.8,
    )


def mistakes(images: Any, labels: Any, predicted: Any) -> None:
    """Show the first images whose label was not predicted."""
    true, said = labels.asnumpy(), predicted.asnumpy().astype(int)
    wrong = onp.flatnonzero(said != true)[:16]
    titles = [f"{true[i]} → {said[i]}" for i in wrong]
    alt = "Test images that the network gets wrong, above each the true class and the network's answer."
    show_images(images.asnumpy()[wrong], titles, alt=alt, num_columns=8, width=10.5, height=3.6)
