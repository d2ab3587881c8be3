"""Figures of notebook 13, AlexNet."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from mxnet import gluon

from d2lhelpers.drawing import draw_blocks, draw_layers
from d2lhelpers.plotting import COLORS, INK, PALE, TINTS, show, subplots
from d2lhelpers.summary import summarize

GROUPS = ("conv 1", "conv 2", "conv 3–5", "dense 1", "dense 2", "output")
_LOOKS = (("blue", "o-"), ("orange", "^-"), ("green", "D-"), ("vermilion", "s-"))  # of up to four runs


def contest(errors: Mapping[str, float]) -> None:
    """Draw the error of each entry as a bar, the last one's in another color."""
    fig, ax = subplots(width=11.0, height=4.4)
    colors = [COLORS["sky"]] * (len(errors) - 1) + [COLORS["vermilion"]]
    bars = ax.barh(list(errors), list(errors.values()), color=colors)
    ax.bar_label(bars, [f"{error} %" for error in errors.values()], padding=5, fontsize=16)
    ax.invert_yaxis()
    ax.set(xlabel="test images whose class is not among five guesses, in percent", xlim=(0, 32))
    show(fig, alt="Bars of error: three entries of 2010 to 2012 between 25 and 29 percent, AlexNet's at 15 percent.")


def two_ways() -> None:
    """Draw the way from image to class in the contest until 2011, and AlexNet's: who makes the features."""
    fig, ax = subplots(width=11.2, height=4.0)
    boxes = {
        "image 1": (1, 2, "data", "image"),
        "by hand": (2, 2, "block", "features,\ndesigned"),
        "classifier 1": (3, 2, "dense", "classifier,\nlearned"),
        "class 1": (4, 2, "data", "class"),
        "image 2": (1, 1, "data", "image"),
        "learned": (2, 1, "conv", "features,\nlearned"),
        "classifier 2": (3, 1, "dense", "classifier,\nlearned"),
        "class 2": (4, 1, "data", "class"),
    }
    names = list(boxes)
    arrows = [(names[i], names[i + 1]) for i in range(len(names) - 1) if names[i] != "class 1"]
    draw_blocks(ax, boxes, arrows)
    ax.set_xlim(-0.4, 4.5)
    for y, words in ((2, "contest,\nuntil 2011"), (1, "AlexNet,\n2012")):
        ax.text(0.0, y, words, ha="center", va="center", fontsize=16)
    show(
        fig,
        alt="Two rows of boxes from image to class. In the contest until 2011, features are designed and the "
        "classifier is learned; in AlexNet, both are learned.",
    )


def _stages(net: gluon.Block, shape: Sequence[int], words: Sequence[str]) -> list[tuple[str, Sequence[int]]]:
    """Return what `draw_layers` draws of a network: the words and the sizes of its input and its layers."""
    rows = [row for row in summarize(net, (1, *shape)).rows if "Dropout" not in row.name]
    sizes = [shape, *(row.output_shape[1:] for row in rows)]
    return list(zip(words, sizes, strict=True))


def side_by_side(small: gluon.Block, large: gluon.Block) -> None:
    """Draw LeNet above AlexNet; the sizes come from the networks."""
    small_words = ["image", "conv\n5×5", "average\npool 2×2", "conv\n5×5", "average\npool 2×2"]
    small_words += ["dense", "dense", "scores"]
    large_words = ["image", "conv\n11×11", "max\npool 3×3", "conv\n5×5", "max\npool 3×3"]
    large_words += ["conv\n3×3"] * 3 + ["max\npool 3×3", "dense", "dense", "scores"]
    fig, (above, below) = subplots(2, 1, width=11.6, height=5.7)
    draw_layers(above, _stages(small, (1, 28, 28), small_words))
    draw_layers(below, _stages(large, (3, 224, 224), large_words))
    show(
        fig,
        alt="LeNet at the top, AlexNet below, each to its own scale. Both go from a large image through smaller and "
        "smaller feature maps to vectors; AlexNet has more layers, and many more channels.",
    )


def shares(networks: Mapping[str, Mapping[str, tuple[int, int]]]) -> None:
    """Draw each layer group's share of the parameters and multiply-adds (two numbers) of two networks."""
    fig, axes = subplots(1, 2, width=11.2, height=4.8, sharey=True)
    looks = ((COLORS["orange"], "//"), (COLORS["blue"], ""))
    for which, (ax, what) in enumerate(zip(axes, ("parameters", "multiply-adds"), strict=True)):
        for place, ((name, groups), (color, hatch)) in enumerate(zip(networks.items(), looks, strict=True)):
            total = sum(pair[which] for pair in groups.values())
            values = [100 * groups[group][which] / total for group in GROUPS]
            heights = [row + 0.4 * place - 0.2 for row in range(len(GROUPS))]
            bars = ax.barh(heights, values, height=0.38, color=color, hatch=hatch, edgecolor="white", label=name)
            words = [
                f"{value:.0f}" if groups[group][which] else "–" for group, value in zip(GROUPS, values, strict=True)
            ]
            ax.bar_label(bars, words, padding=4)
        ax.set(xlabel=f"% of all {what}", xlim=(0, 100), yticks=range(len(GROUPS)), yticklabels=GROUPS)
    axes[0].invert_yaxis()
    axes[1].legend(loc="lower right")
    show(
        fig,
        alt="Shares of layer groups, alike for LeNet and AlexNet: most parameters are in the first dense layers, most "
        "multiply-adds in the convolutions.",
    )


def gradients(ax: Axes, norms: Mapping[str, Sequence[float]]) -> None:
    """Draw the norm of each layer's gradient for several activations, on a logarithmic axis."""
    for (name, values), (color, look) in zip(norms.items(), (("blue", "s-"), ("vermilion", "o--")), strict=True):
        ax.semilogy(range(1, len(values) + 1), values, look, color=COLORS[color], label=name)
    ax.set(xlabel="layer (1 is next to the input)", ylabel="norm of the gradient", ylim=(1e-9, 1e5))
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.label_outer()
    ax.grid(True)
    ax.legend(loc="lower right")


def thinned(ax: Axes, rate: float) -> None:
    """Draw a network with two hidden layers whose units are dropped with this probability."""
    random_numbers = onp.random.RandomState(739)
    sizes = (4, 6, 6, 3)
    kept: list[Any] = [onp.ones(4), *(random_numbers.uniform(size=6) >= rate for _ in range(2)), onp.ones(3)]
    places = [[(2.0 * column, i - (size - 1) / 2) for i in range(size)] for column, size in enumerate(sizes)]
    for column in range(3):
        for start, on in zip(places[column], kept[column], strict=True):
            for end, also_on in zip(places[column + 1], kept[column + 1], strict=True):
                if on and also_on:
                    ax.plot((start[0], end[0]), (start[1], end[1]), color=PALE, linewidth=1.0, zorder=1)
    for layer, mask in zip(places, kept, strict=True):
        for (x, y), on in zip(layer, mask, strict=True):
            fill, edge = (TINTS["sky"], COLORS["blue"]) if on else ("white", PALE)
            ax.plot(x, y, "o", markersize=22, color=fill, markeredgecolor=edge, markeredgewidth=1.6, zorder=2)
            if not on:
                ax.plot(x, y, "x", markersize=12, color=COLORS["vermilion"], markeredgewidth=2.5, zorder=3)
    ax.set_title(f"rate {rate:g}: {int(12 - kept[1].sum() - kept[2].sum())} of 12 are dropped")
    ax.set(xlim=(-0.5, 6.5), ylim=(3, -3))
    ax.set_axis_off()


def runs(results: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Draw the validation loss and accuracy of up to four runs after each epoch."""
    fig, axes = subplots(1, 2, width=11.4, height=4.8)
    for ax, kind in zip(axes, ("loss", "accuracy"), strict=True):
        for (name, curves), (color, look) in zip(results.items(), _LOOKS, strict=False):
            values = curves[f"validation {kind}"]
            ax.plot(range(1, len(values) + 1), values, look, color=COLORS[color], markersize=6, label=name)
        ax.set(xlabel="epoch", ylabel=f"validation {kind}")
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter("{x:.2f}")
        ax.grid(axis="y")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=len(results))
    show(
        fig,
        alt="Validation loss and accuracy against the epoch, one curve for each run: " + ", ".join(results) + ".",
    )


def activations_compared(curves: Mapping[str, Sequence[float]], chance: float) -> None:
    """Draw the validation accuracy of two runs after each epoch, and what guessing gets."""
    fig, ax = subplots(width=10.5, height=4.4)
    for (name, values), (color, look) in zip(curves.items(), (("blue", "s-"), ("vermilion", "o--")), strict=True):
        ax.plot(range(1, len(values) + 1), values, look, color=COLORS[color], label=name, markersize=9)
    ax.axhline(chance, color=INK, linestyle=":", label="guessing", linewidth=1.5)
    ax.set(xlabel="epoch", ylabel="validation accuracy", ylim=(0, 1))
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt="Validation accuracy by epoch: with ReLU it is high at once, with sigmoids it begins at guessing.")


def confusion(ax: Axes, labels: Any, answers: Any, names: Sequence[str]) -> None:
    """Draw how often each class (row) gets each answer (column), as shares of the row; the diagonal in percent."""
    counts = onp.zeros((len(names), len(names)))
    onp.add.at(counts, (labels, answers), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for place, share in enumerate(shares.diagonal()):
        color = "white" if share > 0.5 else INK
        ax.text(place, place, f"{100 * share:.0f}", color=color, ha="center", va="center", fontsize=10)
    ax.set_xticks(range(len(names)), names, rotation=90)
    ax.set_yticks(range(len(names)), names if ax is ax.figure.axes[0] else [""] * len(names))
    ax.set(xlabel="answer", ylabel="true class" if ax is ax.figure.axes[0] else "")
    ax.tick_params(length=0)


def feature_maps(image: Any, layers: Mapping[str, Any]) -> None:
    """Draw an image (height, width), and in a row for each layer some of its feature maps (channels, ...)."""
    columns = min(10, *(len(maps) for maps in layers.values()))
    fig, axes = subplots(len(layers), columns + 1, width=11.4, height=1.3 * len(layers) + 0.2, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    axes[0, 0].imshow(image, cmap="gray")
    for row, (name, maps) in zip(axes, layers.items(), strict=True):
        if row[0] is not axes[0, 0]:
            row[0].set(xlim=(0, 1), ylim=(0, 1))
        row[1].text(-0.12, 0.5, name, transform=row[1].transAxes, rotation=90, ha="center", va="center")
        strongest = onp.sort(onp.argsort(-maps.reshape(len(maps), -1).max(axis=1))[:columns])
        for ax, channel in zip(row[1:], strongest, strict=True):
            ax.imshow(maps[channel], cmap="viridis", vmin=0)
    show(fig, alt="An image, and a row of feature maps for each of: " + ", ".join(layers) + ". They get coarser.")


def exciting(rows: Mapping[str, Sequence[Any]]) -> None:
    """Draw a row of images (height, width) for each channel, with the channel's name in front."""
    columns = max(len(images) for images in rows.values())
    fig, axes = subplots(len(rows), columns, width=11.2, height=1.12 * len(rows) + 0.1, squeeze=False)
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax in line:
            ax.set_axis_off()
        for ax, image in zip(line, images, strict=False):
            ax.imshow(image, cmap="gray")
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center")
    show(fig, alt="For each channel, a row of the images that excite it most; within a row they resemble each other.")
