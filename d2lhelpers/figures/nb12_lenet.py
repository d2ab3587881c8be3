"""Figures of notebook 12, LeNet."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes

from d2lhelpers.drawing import draw_layers
from d2lhelpers.history import History
from d2lhelpers.plotting import COLORS, INK, PALE, show, show_images, subplots
from d2lhelpers.summary import LayerTable

_LOOKS = {"LeNet": ("s-", COLORS["vermilion"]), "MLP": ("o--", COLORS["blue"])}

_TEN = [*(color for name, color in COLORS.items() if name != "black"), INK, PALE, "#8B4513", "#6A3D9A"]


def network(table: LayerTable, labels: Sequence[str]) -> None:
    """Draw a network's feature maps and vectors, in the sizes of its table of layers, each with a label."""
    shapes = [table.input_shape[1:], *(row.output_shape[1:] for row in table.rows)]
    fig, ax = subplots(width=11.5, height=4.0)
    draw_layers(ax, list(zip(labels, shapes, strict=True)))
    show(fig, "Feature maps from left to right get smaller and more numerous; then come three ever shorter vectors.")


def shares(table: LayerTable) -> None:
    """Draw the share of each layer with weights in the parameters and in the multiply-adds."""
    rows = [row for row in table.rows if row.parameters]
    names = [" ".join(row.name.split()[:2]) for row in rows]
    fig, (left, right) = subplots(1, 2, width=11.2, height=4.4, sharey=True)
    for ax, field, total, color in (
        (left, "parameters", table.total_parameters, COLORS["orange"]),
        (right, "multiply_adds", table.total_multiply_adds, COLORS["sky"]),
    ):
        values = [getattr(row, field) for row in rows]
        bars = ax.barh(names, [100 * value / total for value in values], color=color)
        ax.bar_label(bars, [f"{value:,}" for value in values], padding=4, fontsize=14)
        ax.set(xlabel=f"% of {total:,} {field.replace('_', '-')}", xlim=(0, 105))
    left.invert_yaxis()
    show(
        fig,
        alt="Bars for the five layers with weights. The first dense layer has most of the parameters; the two "
        "convolutions do most of the multiply-adds.",
    )


def separating_plane(features: Any, labels: Any) -> tuple[Any, Any]:
    """Return a point (d,) and two directions (d, 2) in which the class means of features (n, d) are most spread out."""
    means = onp.stack([features[labels == label].mean(axis=0) for label in range(10)])  # (10, d)
    center = means.mean(axis=0)
    return center, onp.linalg.svd(means - center)[2][:2].T


def classes(ax: Axes, features: Any, labels: Any, plane: tuple[Any, Any]) -> None:
    """Draw each example as its label, at the position of its features (n, d) in a plane."""
    center, directions = plane
    positions = (features - center) @ directions  # (n, 2)
    low, high = positions.min(axis=0), positions.max(axis=0)
    positions = (2 * positions - low - high) / (high - low + 1e-9)
    for (x, y), label in zip(positions, labels, strict=True):
        ax.text(x, y, str(label), color=_TEN[label], fontsize=13, ha="center", va="center", clip_on=True)
    ax.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[], yticks=[])


def race(histories: Mapping[str, History]) -> None:
    """Draw the validation error of each network against the seconds of training."""
    fig, ax = subplots(width=10.6, height=4.6)
    for name, (style, color) in _LOOKS.items():
        history = histories[name]
        errors = [1 - accuracy for accuracy in history.test_accuracy]
        ax.plot(onp.cumsum(history.seconds), errors, style, color=color, markersize=9, label=name)
    ax.set(xlabel="seconds of training", ylabel="validation error", xlim=(0, None), ylim=(0, None))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.grid(True, axis="y")
    ax.legend()
    show(
        fig,
        alt="Validation error against seconds of training. Both curves fall; the MLP's levels off above LeNet's.",
    )


def shuffled(image: Any, disordered: Any, errors: Mapping[str, tuple[float, float]]) -> None:
    """Draw an image, the same image with shuffled pixels, and each network's error on both kinds of images."""
    fig, axes = subplots(1, 3, width=11.2, height=4.2, gridspec_kw={"width_ratios": [1, 1, 1.5]})
    for ax, picture, title in zip(axes, (image, disordered), ("as it is", "pixels shuffled"), strict=False):
        ax.imshow(picture, cmap="gray")
        ax.set_title(title)
        ax.set_axis_off()
    ax = axes[2]
    for index, (name, values) in enumerate(errors.items()):
        bars = ax.bar(onp.arange(2) + 0.4 * index, values, width=0.38, color=_LOOKS[name][1], label=name)
        ax.bar_label(bars, [f"{value:.1%}" for value in values], padding=3, fontsize=14)
    ax.set_xticks([0.2, 1.2], ["as it is", "shuffled"])
    ax.set(xlabel="images", ylabel="validation error", ylim=(0, 1.35 * max(map(max, errors.values()))))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.legend(loc="upper left")
    show(
        fig,
        alt="A digit, the same digit as a cloud of dots, and bars: shuffling leaves the MLP's error as it is and makes "
        "LeNet's much larger.",
    )


def sizes(counts: Sequence[int], errors: Mapping[str, Sequence[float]]) -> None:
    """Draw the validation error of each network against the number of training images."""
    fig, ax = subplots(width=10.6, height=4.6)
    for name, (style, color) in _LOOKS.items():
        values = errors[name]
        ax.loglog(counts, values, style, color=color, markersize=10, label=name)
        for count, value in zip(counts, values, strict=True):
            offset = (0, 12) if name == "MLP" else (0, -24)
            ax.annotate(f"{value:.1%}", (count, value), offset, textcoords="offset points", ha="center", color=color)
    ax.set_xticks(counts, [f"{count:,}" for count in counts])
    ax.minorticks_off()
    ax.set_yticks([0.04, 0.06, 0.1, 0.15], ["4%", "6%", "10%", "15%"])
    ax.margins(0.1, 0.25)
    ax.set(xlabel="training images", ylabel="validation error")
    ax.grid(True, axis="y")
    ax.legend()
    show(
        fig, alt="Validation error against the number of training images: both curves fall, LeNet's is below the MLP's."
    )


def shifts(pixels: Sequence[int], accuracies: Mapping[str, Sequence[float]]) -> None:
    """Draw the accuracy of each network against the shift of the images."""
    fig, ax = subplots(width=10.0, height=4.3)
    for name, (style, color) in _LOOKS.items():
        ax.plot(pixels, accuracies[name], style, color=color, markersize=10, label=name)
    ax.axhline(0.1, linestyle="--", color=PALE, linewidth=1.5)
    ax.text(0, 0.12, "guessing", color=INK, fontsize=14)
    ax.set(xlabel="shift to the right, pixels", ylabel="accuracy", ylim=(0, 1.03), xticks=list(pixels))
    ax.grid(True, axis="y")
    ax.legend()
    show(fig, alt="Accuracy against the shift: both networks lose it, LeNet somewhat later than the MLP.")


def kernels(before: Any, after: Any) -> None:
    """Show kernels (n, 1, h, w) before and after training: orange for positive weights, purple for negative ones."""
    both: Any = onp.concatenate([onp.asarray(weights.asnumpy()) for weights in (before, after)])
    limit = float(abs(both).max())
    numbers = range(1, len(before) + 1)
    titles = [f"kernel {number}, start" for number in numbers] + [f"kernel {number}, trained" for number in numbers]
    alt = "Kernels of 5×5 weights, above at the start, below after training: there, neighbors more often share a sign."
    look: dict[str, Any] = {
        "num_columns": len(before),
        "width": 11.2,
        "height": 4.4,
        "cmap": "PuOr_r",
        "vmin": -limit,
        "vmax": limit,
    }
    show_images(both, titles, alt=alt, **look)


def patches(pictures: Any) -> None:
    """Show patches (channels, n, h, w): the channels in two columns, a row of patches for each."""
    channels, count, height, width = pictures.shape
    rows = channels // 2
    fig, axes = subplots(1, 2, width=11.4, height=5.0)
    for ax, half, first in zip(axes, (pictures[:rows], pictures[rows:]), (0, rows), strict=True):
        framed = onp.pad(half, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=0.45)
        mosaic = framed.transpose(0, 2, 1, 3).reshape(rows * (height + 2), count * (width + 2))
        ax.imshow(mosaic, cmap="gray", vmin=0, vmax=1, aspect="auto")
        ax.set_yticks([(height + 2) * (row + 0.5) - 0.5 for row in range(rows)], range(first + 1, first + rows + 1))
        ax.tick_params(length=0)
        ax.set_xticks([])
        ax.set_ylabel("channel")
    show(
        fig,
        alt="For each of sixteen channels, the pieces of validation images that excite it most. Within a row, the "
        "pieces resemble each other: a bar, a bend, the end of a stroke.",
    )


def passage(image: Any, maps: Sequence[Any], probabilities: Mapping[str, Any]) -> None:
    """Draw an image (h, w), feature maps (c, h, w) of two layers, and each network's probabilities (10,)."""
    fig, axes = subplots(1, 4, width=11.6, height=4.3, gridspec_kw={"width_ratios": [0.75, 1.5, 1, 0.9]})
    titles = ["your digit", "6 maps, layer 1", "16 maps, layer 2"]
    pictures = [image, _tile(maps[0], 3), _tile(maps[1], 4)]
    for ax, picture, title in zip(axes, pictures, titles, strict=False):
        ax.imshow(picture, cmap="gray")
        ax.set_title(title)
        ax.set_axis_off()
    ax = axes[3]
    for offset, (name, values) in zip((-0.2, 0.2), probabilities.items(), strict=True):
        ax.barh(onp.arange(10) + offset, values, height=0.38, color=_LOOKS[name][1], label=name)
    ax.set(yticks=range(10), xlim=(0, 1), xticks=[0, 1], xlabel="probability")
    ax.invert_yaxis()
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, borderaxespad=0.2, columnspacing=0.8)
    show(
        fig,
        alt="A digit, its six feature maps of the first layer, sixteen smaller ones of the second, and bars: the "
        "probability of each digit according to " + " and ".join(probabilities) + ".",
    )


def _tile(maps: Any, num_columns: int) -> Any:
    """Return feature maps (c, h, w) as one picture (rows, columns), each map scaled to its own maximum."""
    scaled = maps / onp.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-9)
    framed = onp.pad(scaled, ((0, 0), (1, 1), (1, 1)), constant_values=0.45)
    height, width = framed.shape[1:]
    rows = len(maps) // num_columns
    grid = framed.reshape(rows, num_columns, height, width).transpose(0, 2, 1, 3)
    return grid.reshape(rows * height, num_columns * width)


def occlusion(images: Any, maps: Any, answers: Sequence[int]) -> None:
    """Draw digits (n, h, w), and below each the map (h, w) of the probability of its answer with a patch erased."""
    fig, axes = subplots(2, len(images), width=11.2, height=4.4)
    for column, (image, probability, answer) in enumerate(zip(images, maps, answers, strict=True)):
        above, below = axes[:, column]
        above.imshow(image, cmap="gray")
        above.set_title(f"answer: {answer}")
        picture = below.imshow(probability, cmap="RdYlBu", vmin=0, vmax=1)
        below.contour(image, levels=[0.5], colors=INK, linewidths=1.2)
        for ax in (above, below):
            ax.set_axis_off()
    bar = fig.colorbar(picture, ax=axes, shrink=0.8, pad=0.02)
    bar.set_label("probability", color=INK)
    show(
        fig,
        alt="Digits, and below each a map: blue where the answer survives when a patch is erased, yellow or red "
        "at the strokes that the answer depends on.",
    )


def mistakes(images: Any, labels: Any, scores: Any, count: int = 16) -> None:
    """Show the images (n, 1, h, w) with the largest losses, titled with the label, the answer, and its probability."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = onp.exp(shifted) / onp.exp(shifted).sum(axis=1, keepdims=True)  # (n, 10)
    worst = onp.argsort(p[onp.arange(len(labels)), labels])[:count]
    titles = [f"{labels[i]} → {p[i].argmax()}\n{p[i].max():.2f}" for i in worst]
    alt = "The test images with the largest losses, above each the true class and the network's wrong answer."
    show_images(images[worst], titles, alt=alt, num_columns=8, width=11.2, height=4.2)
