"""Figures of notebook 19, fine-tuning."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes

from d2lhelpers.arrays import to_numpy
from d2lhelpers.plotting import COLORS, INK, show, show_images, subplots

CLASS_COLORS = (COLORS["blue"], COLORS["green"], COLORS["orange"], COLORS["purple"])
MARKERS = "os^D"
LOOKS = (("blue", "o-"), ("vermilion", "s--"), ("green", "^-."), ("purple", "D:"))


def inside(image: Any, maps: Mapping[str, Any], answers: Sequence[tuple[str, float]]) -> None:
    """Draw a picture, one feature map for each name, and the most probable answers as bars."""
    fig, axes = subplots(1, len(maps) + 2, width=11.6, height=3.2, width_ratios=[1] * (len(maps) + 1) + [1.1])
    axes[0].imshow(to_numpy(image).transpose(1, 2, 0))
    axes[0].set_title("picture")
    for ax, (name, values) in zip(axes[1:], maps.items(), strict=False):
        ax.imshow(to_numpy(values), cmap="viridis")
        ax.set_title(f"{name}\n{values.shape[0]}×{values.shape[1]}")
    for ax in axes[:-1]:
        ax.axis("off")
    names, probabilities = zip(*reversed(answers), strict=True)
    bars = axes[-1].barh(names, probabilities, color=COLORS["sky"])
    axes[-1].set(xlim=(0, 1), xticks=[], yticks=[])
    axes[-1].set_title("answers")
    for bar, name, probability in zip(bars, names, probabilities, strict=True):
        axes[-1].text(0.03, bar.get_y() + bar.get_height() / 2, f"{name} {probability:.0%}", va="center", fontsize=13)
    alt = f"A picture, then feature maps that get coarser, then the answers; the first is {names[-1]}."
    show(fig, alt=alt)


def kernels(weights: Any) -> None:
    """Show kernels (n, 3, height, width), each scaled to its own largest weight: changes first, colors last."""
    values = to_numpy(weights)
    plain = (values.mean(axis=(2, 3)) ** 2).sum(axis=1) / (values**2).mean(axis=(2, 3)).sum(axis=1)  # 1: one color
    values = values[plain.argsort(kind="stable")]
    values = 0.5 + 0.5 * values / onp.abs(values).max(axis=(1, 2, 3), keepdims=True)
    alt = "The kernels of the first layer as color pictures: the first have different sides, the last are plain colors."
    show_images(values, alt=alt, num_columns=8, width=10.6)


def favorites(rows: Mapping[str, Any], *, height: float) -> None:
    """Draw rows of images (n, 3, height, width), each with its name at the left."""
    count = max(len(images) for images in rows.values())
    fig, axes = subplots(len(rows), count, width=11.4, height=height, squeeze=False)
    for line, (name, images) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(line, to_numpy(images), strict=True):
            ax.imshow(image.transpose(1, 2, 0))
            ax.axis("off")
        line[0].text(-0.15, 0.5, name, transform=line[0].transAxes, ha="right", va="center", fontsize=14)
    show(fig, alt="Rows of pictures: " + "; ".join(rows) + ".")


def race(results: Mapping[str, Mapping[int, float]], constant: float) -> None:
    """Draw validation accuracy against the number of training images per class, a line for each way to train."""
    fig, ax = subplots(width=10.4, height=3.9)
    lines = []
    for (name, accuracies), (color, look), shift in zip(results.items(), LOOKS, (11, -24), strict=False):
        counts, values = list(accuracies), list(accuracies.values())
        ax.plot(counts, values, look, color=COLORS[color], markersize=10)
        for count, value in accuracies.items():
            ax.annotate(f"{value:.2f}", (count, value), (0, shift), textcoords="offset points", ha="center")
        ax.text(counts[-1] * 1.13, values[-1], name, color=COLORS[color], va="bottom" if shift > 0 else "top")
        lines.append(" ".join(name.split()) + " " + ", ".join(f"{value:.2f}" for value in values))
    ax.axhline(constant, color=INK, linewidth=1.5, linestyle=":")
    ax.text(4.2, constant - 0.01, "constant answer", va="top")
    ax.set_xscale("log")
    ax.set(xlim=(4, 430), ylim=(0.2, 0.8), xlabel="training images per class", ylabel="validation accuracy")
    ax.set_xticks(counts, [str(count) for count in counts])
    ax.minorticks_off()
    ax.grid(axis="y")
    show(fig, alt=f"Accuracy with {', '.join(map(str, counts))} images per class: " + "; ".join(lines) + ".")


def cloud(ax: Axes, points: Any, labels: Any, names: Sequence[str]) -> None:
    """Draw points (n, 2) in the color and with the marker of their class."""
    for label, name in enumerate(names):
        x, y = points[labels == label].T
        color = CLASS_COLORS[label]
        ax.plot(x, y, MARKERS[label], color=color, alpha=0.6, markersize=6, linestyle="")
        if ax is ax.figure.axes[0]:
            look: Any = {"fontsize": 13, "transform": ax.transAxes, "va": "top"}
            ax.text(0.02, 0.99 - 0.065 * label, f"{name.split()[0]} ({'●■▲◆'[label]})", color=color, **look)
    ax.set(xticks=[], yticks=[])


def learning(curves: Mapping[str, Sequence[float]], *, first: int = 0, frozen: float | None = None) -> None:
    """Draw the accuracy after each epoch from number `first`, a line for each run, and that of a frozen body."""
    fig, ax = subplots(width=10.4, height=4.3)
    for (name, values), (color, look) in zip(curves.items(), LOOKS, strict=False):
        epochs = range(first, first + len(values))
        ax.plot(epochs, values, look, color=COLORS[color], markersize=8 if len(values) < 10 else 4)
        ax.text(1.03 * epochs[-1], values[-1], name, color=COLORS[color], va="center")
    last = first + max(map(len, curves.values())) - 1
    ax.set(xlim=(first - 0.02 * last, 1.5 * last), xlabel="epoch", ylabel="accuracy")
    ax.set_xticks(range(first, last + 1, max(1, last // 5)))
    if frozen is not None:
        ax.axhline(frozen, color=INK, linewidth=1.5, linestyle=":")
        ax.text(1.49 * last, frozen - 0.01, "only the head", ha="right", va="top")
    ax.grid(axis="y")
    ends = ", ".join(f"{name} ends at {values[-1]:.2f}" for name, values in curves.items())
    show(fig, alt=f"Accuracy against the epoch: {ends}.")


def overlay(ax: Axes, image: Any, drops: Any) -> None:
    """Draw a picture in gray, and in red over it by how much a score falls if a place is covered; full red: by 4."""
    height, width = image.shape[1:]
    ax.imshow(to_numpy(image).mean(axis=0), cmap="gray", vmin=0, vmax=1, extent=(0, width, height, 0))
    look: Any = {"cmap": "RdBu_r", "alpha": 0.55, "interpolation": "bilinear", "vmin": -4, "vmax": 4}
    ax.imshow(to_numpy(drops), extent=(0, width, height, 0), **look)
    ax.axis("off")


def mistakes(images: Any, titles: Sequence[str], drops: Sequence[Any]) -> None:
    """Draw images with their titles, and below each what its answer depends on."""
    fig, axes = subplots(2, len(drops), width=2.28 * max(len(drops), 2), height=5.0, squeeze=False)
    for column, (image, title, values) in enumerate(zip(to_numpy(images), titles, drops, strict=True)):
        axes[0, column].imshow(image.transpose(1, 2, 0))
        axes[0, column].set_title(title, fontsize=13)
        axes[0, column].axis("off")
        overlay(axes[1, column], image, values)
    shown = "; ".join(" ".join(title.split()) for title in titles)
    show(fig, alt=f"Images with wrong answers, and below each, in red, what the answer depends on: {shown}")
