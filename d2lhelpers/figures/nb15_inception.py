"""Figures of notebook 15, Inception."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from d2lhelpers.drawing import draw_blocks, draw_cells
from d2lhelpers.drawing.blocks import Arrow, Box
from d2lhelpers.plotting import COLORS, PALE, TINTS, show, subplots

PATHS = ("1×1", "3×3", "5×5", "pool")
STAGES = {3: "ab", 4: "abcde", 5: "ab"}  # GoogLeNet's blocks


def windows(photo: Any, row: int, column: int, sizes: Mapping[str, int]) -> None:
    """Draw a photograph (3, h, w) with windows of several sizes around a pixel, and what is in each."""
    pixels = photo.transpose(1, 2, 0).asnumpy()
    fig, axes = subplots(1, len(sizes) + 1, width=11.6, height=3.6, width_ratios=[1.5] + [1] * len(sizes))
    axes[0].imshow(pixels)
    for ax, (network, k) in zip(axes[1:], sizes.items(), strict=True):
        top, left = row - k // 2, column - k // 2
        axes[0].add_patch(Rectangle((left - 0.5, top - 0.5), k, k, fill=False, edgecolor="white", linewidth=1.5))
        ax.imshow(pixels[top : top + k, left : left + k])
        ax.set_title(f"{network}\n{k}×{k}")
    for ax in axes:
        ax.set_axis_off()
    show(fig, alt="A portrait with four square windows around an eye: one pixel, a spot, a pupil, the whole eye.")


def four_paths() -> None:
    """Draw four operations side by side on one input, joined by a concatenation."""
    boxes = {
        "x": (0, 1.5, "data", "input"),
        "1": (1.5, 3, "conv", "1×1 convolution"),
        "3": (1.5, 2, "conv", "3×3 convolution"),
        "5": (1.5, 1, "conv", "5×5 convolution"),
        "p": (1.5, 0, "pool", "3×3 max pooling"),
        "cat": (3, 1.5, "data", "concatenate"),
    }
    paths = ("1", "3", "5", "p")
    fig, ax = subplots(width=11.0, height=4.2)
    draw_blocks(ax, boxes, [("x", path) for path in paths] + [(path, "cat") for path in paths])
    show(fig, alt="One input goes into a 1×1, a 3×3, a 5×5 convolution, and a pooling; all four are concatenated.")


def concatenation(A: Any, B: Any, joined: Any) -> None:
    """Draw the channels of two inputs (1, c, h, w) and of their concatenation as grids of numbers."""
    planes = [*A[0], *B[0], *joined[0]]
    names = ["A", "B, channel 0", "B, channel 1", "channel 0", "channel 1", "channel 2"]
    shades = [COLORS["orange"], COLORS["sky"], COLORS["sky"]] * 2
    fig, axes = subplots(1, 7, width=11.6, height=2.2, width_ratios=[1, 1, 1, 0.5, 1, 1, 1])
    axes[3].text(0.5, 0.5, "→", ha="center", va="center", fontsize=26)
    axes[3].set_axis_off()
    places = [ax for index, ax in enumerate(axes) if index != 3]
    for ax, plane, name, shade in zip(places, planes, names, shades, strict=True):
        draw_cells(ax, plane, onp.ones(plane.shape), name, color=shade)
    show(fig, alt="One plane of A and two of B, each 2×2, become three planes in a row, their numbers unchanged.")


def reduction(ax: Axes, channels: tuple[int, int, int], kernels: tuple[int, int], share: float) -> None:
    """Draw three numbers of channels as bars, with the weights between them, and their share of the direct way."""
    top = max(channels) / 2
    for x, height in enumerate(channels):
        ax.bar(x, height, width=0.16, bottom=-height / 2, color=COLORS["blue"])
        ax.text(x, 1.08 * top, str(height), ha="center")
    for x, shade in ((0, TINTS["sky"]), (1, TINTS["orange"])):
        left, right, k = channels[x] / 2, channels[x + 1] / 2, kernels[x]
        corners = [(x + 0.1, left), (x + 0.9, right), (x + 0.9, -right), (x + 0.1, -left)]
        ax.add_patch(Polygon(corners, facecolor=shade, edgecolor="none"))
        weights = channels[x] * channels[x + 1] * k * k
        ax.text(x + 0.5, -1.3 * top, f"{k}×{k}\n{weights:,}", ha="center", va="center")
    ax.set_title(f"reduced to {channels[1]}:\n{share:.0%} of the direct way")
    ax.set(xlim=(-0.4, 2.4), ylim=(-1.65 * top, 1.3 * top))
    ax.set_axis_off()


def variance(combined: Sequence[float], single: Sequence[float], marks: Sequence[int]) -> None:
    """Draw which share of the variance the best combinations of channels have, and the best single channels."""
    fig, ax = subplots(width=11.0, height=4.4)
    for values, style, color, name in (
        (combined, "-", "blue", "the best combinations"),
        (single, "--", "vermilion", "the best single channels"),
    ):
        ax.plot(range(len(values) + 1), [0, *values], style, color=COLORS[color], label=name)
    for mark in marks:
        ax.plot(mark, combined[mark - 1], "o", color=COLORS["blue"], markersize=10)
        text = f"{mark} combinations: {combined[mark - 1]:.0%}"
        ax.annotate(text, (mark, combined[mark - 1]), (14, -18), textcoords="offset points")
    last = marks[-1]
    ax.plot(last, single[last - 1], "s", color=COLORS["vermilion"], markersize=9)
    text = f"{last} channels: {single[last - 1]:.0%}"
    ax.annotate(text, (last, single[last - 1]), (14, -18), textcoords="offset points")
    ax.set(xlabel="how many", ylabel="share of the variance", xlim=(0, len(single)), ylim=(0, 1.03))
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    shares = ", ".join(f"{mark} combinations have {combined[mark - 1]:.0%}" for mark in marks)
    shares += f", {last} single channels {single[last - 1]:.0%}"
    show(fig, alt=f"Share of the variance of {len(single)} channels: {shares}.")


def first_block() -> None:
    """Draw the first Inception block of GoogLeNet with its channels."""
    boxes = {
        "x": (0, 1.5, "data", "input\n192×28×28"),
        "a": (2, 3, "conv", "1×1\n64 channels"),
        "b1": (1, 2, "conv", "1×1\n96"),
        "b2": (2, 2, "conv", "3×3\n128 channels"),
        "c1": (1, 1, "conv", "1×1\n16"),
        "c2": (2, 1, "conv", "5×5\n32 channels"),
        "d1": (1, 0, "pool", "3×3 max\npooling"),
        "d2": (2, 0, "conv", "1×1\n32 channels"),
        "cat": (3, 1.5, "data", "concatenate\n256×28×28"),
    }
    arrows: list[Arrow] = [
        ("x", "a", 3),
        ("x", "b1"),
        ("b1", "b2"),
        ("x", "c1"),
        ("c1", "c2"),
        ("x", "d1", 0),
        ("d1", "d2"),
    ]
    arrows += [("a", "cat", 3), ("b2", "cat"), ("c2", "cat"), ("d2", "cat", 0)]
    fig, ax = subplots(width=11.5, height=5.4)
    draw_blocks(ax, boxes, arrows, box_width=0.66)
    for y in range(4):
        ax.text(0.68, y + (0.1 if y == 3 else 0.38), f"path {4 - y}", color=PALE)
    show(
        fig,
        alt="Input of 192 channels; path 1: 1×1 to 64; path 2: 1×1 to 96, 3×3 to 128; path 3: 1×1 to 16, 5×5 to 32; "
        "path 4: pooling, 1×1 to 32; concatenated to 256.",
    )


def costs(work: Mapping[str, float], parameters: Mapping[str, int]) -> None:
    """Draw the millions of multiply-adds of several layers as bars, with the parameters in their labels."""
    fig, ax = subplots(width=11.0, height=4.0)
    bars = ax.barh(list(work), list(work.values()), color=[COLORS["blue"], *[COLORS["sky"]] * (len(work) - 1)])
    ax.bar_label(bars, [f"{value:.0f} M, {parameters[name]:,} parameters" for name, value in work.items()], padding=4)
    ax.set(xlabel="million multiply-adds", xlim=(0, 1.45 * max(work.values())))
    ax.invert_yaxis()
    show(fig, alt="Bars, in million multiply-adds: " + ", ".join(f"{name} {value:.0f}" for name, value in work.items()))


def race(curves: Mapping[str, Sequence[float]], examples: int) -> None:
    """Draw networks' accuracy after each epoch, the last one with its 95 % interval for so many examples."""
    fig, ax = subplots(width=11.0, height=4.8)
    looks = zip(("o-", "s--", "^:", "v-."), ("blue", "vermilion", "green", "purple"), strict=True)
    for i, ((name, values), (style, color)) in enumerate(zip(curves.items(), looks, strict=False)):
        epochs = [epoch + 0.04 * (i - 1) for epoch in range(1, len(values) + 1)]
        ax.plot(epochs, values, style, color=COLORS[color], label=name)
        half = 1.96 * (values[-1] * (1 - values[-1]) / examples) ** 0.5
        ax.errorbar(epochs[-1], values[-1], half, color=COLORS[color], capsize=6)
    ax.set(xlabel="epoch", ylabel="validation accuracy", xticks=range(1, len(values) + 1))
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    ends = ", ".join(f"{name} {values[-1]:.3f}" for name, values in curves.items())
    show(fig, alt=f"Validation accuracy by epoch. At the end: {ends}.")


def verdict(results: Mapping[str, tuple[float, float, Sequence[float]]], equal: int) -> None:
    """Draw networks' accuracies and seconds; the first `equal` ones do the same work, a line divides them."""
    fig, (left, right) = subplots(1, 2, width=11.6, height=5.0, sharey=True, width_ratios=[1.2, 1])
    names = list(results)
    work, seconds, accuracies = zip(*results.values(), strict=True)
    means = [sum(values) / len(values) for values in accuracies]
    shades = [COLORS["blue" if name == "Inception" else "sky"] for name in names]
    for row, (values, mean) in enumerate(zip(accuracies, means, strict=True)):
        left.plot(mean, row, "|", color="black", markersize=26, markeredgewidth=3)
        heights = [row + 0.13 * (place - 1) for place in range(len(values))]  # equal ones must not overlap
        left.plot(values, heights, "o", color=COLORS["orange"], markersize=7)
    bars = right.barh(names, seconds, color=shades)
    labels = [f"{number:.2f} million" for number in work]
    labels[0] += " multiply-adds"  # the unit, once
    right.bar_label(bars, labels, padding=4)
    top = 1.65 * max(seconds)
    for ax in (left, right):
        ax.axhline(equal - 0.5, color=PALE, linewidth=1.5)
    for height, text in (((equal - 1) / 2, "equal work"), ((equal + len(names) - 1) / 2, "other work")):
        right.text(top, height, text, rotation=270, ha="right", va="center", color=PALE)
    left.set(xlabel="validation accuracy: seeds and mean")
    right.set(xlabel="seconds of training", xlim=(0, top))
    left.grid(axis="x")
    left.invert_yaxis()
    told = ", ".join(
        f"{name} {mean:.3f} in {duration:.0f} s" for name, mean, duration in zip(names, means, seconds, strict=True)
    )
    show(fig, alt=f"Mean accuracy of {len(accuracies[0])} seeds, and seconds: {told}.")


def timings(numbers: Sequence[int], times: Mapping[str, Sequence[float]]) -> None:
    """Draw the milliseconds of layers as bars, by their number of output channels, a color for each kernel."""
    fig, ax = subplots(width=11.0, height=4.6)
    for place, ((kernel, values), color) in enumerate(zip(times.items(), ("sky", "blue"), strict=True)):
        positions = onp.arange(len(numbers)) + 0.4 * (place - 0.5)
        bars = ax.bar(positions, values, width=0.38, color=COLORS[color], label=f"{kernel} kernels")
        ax.bar_label(bars, [f"{value:.1f}" for value in values], padding=2)
    ax.set_xticks(range(len(numbers)), [f"{number} channels" for number in numbers])
    ax.set_ylabel("milliseconds")
    ax.legend(loc="upper left", ncols=2, bbox_to_anchor=(0, 1.15))
    told = ", ".join(f"{kernel}: " + " ".join(f"{value:.1f}" for value in values) for kernel, values in times.items())
    show(fig, alt=f"Bars, milliseconds of a layer with {', '.join(map(str, numbers))} output channels; {told}.")


def lost(ax: Axes, points: Any) -> None:
    """Draw how many points of accuracy are lost without each path, (2, 4): two blocks with four paths."""
    for block, (values, color) in enumerate(zip(points, ("blue", "orange"), strict=True)):
        positions = onp.arange(len(PATHS)) + 0.4 * (block - 0.5)
        ax.bar(positions, values, width=0.38, color=COLORS[color], label=f"block {block + 1}")
    ax.axhline(0, color=PALE, linewidth=1)
    ax.set_xticks(range(len(PATHS)), PATHS)
    ax.set_ylabel("points lost")
    ax.legend(loc="upper right")


def stages(shapes: Sequence[Sequence[int]]) -> None:
    """Draw GoogLeNet's five stages as lines, to be read like a text, with the shape that each outputs."""
    pool = ("pool", "max pool\n÷2")
    blocks = [[("block", f"Inception\n{stage}{letter}") for letter in letters] for stage, letters in STAGES.items()]
    lines = [
        [("conv", "7×7\n÷2"), pool],
        [("conv", "1×1"), ("conv", "3×3"), pool],
        [*blocks[0], pool],
        [*blocks[1], pool],
        [*blocks[2], ("pool", "mean of\neach map"), ("dense", "dense\n1000")],
    ]
    boxes: dict[str, Box] = {}
    arrows: list[Arrow] = []
    for stage, line in enumerate(lines):
        for place, (kind, text) in enumerate(line):
            boxes[f"{stage} {place}"] = (float(place), float(-stage), kind, text)
            if place:
                arrows.append((f"{stage} {place - 1}", f"{stage} {place}"))
    fig, ax = subplots(width=11.6, height=5.8)
    draw_blocks(ax, boxes, arrows, box_width=0.82)
    for stage, shape in enumerate(shapes):
        ax.text(-0.55, -stage, f"stage {stage + 1}", ha="right", va="center")
        ax.text(5.6, -stage, "×".join(map(str, shape)), ha="left", va="center")
    ax.set_xlim(-1.4, 6.9)
    show(
        fig,
        alt="Five lines of boxes: two stages of convolutions, then two, five, and two Inception blocks; each of the "
        "first four stages ends in a pooling, the last in a mean and a dense layer.",
    )


def sizes(networks: Mapping[str, tuple[int, int, int]]) -> None:
    """Draw parameters in convolutions and in dense layers, and multiply-adds, of several networks."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=4.2, sharey=True)
    names = list(networks)
    convolutions, dense, work = (onp.array(values) for values in zip(*networks.values(), strict=True))
    left.barh(names, convolutions / 1e6, color=COLORS["blue"], label="convolutions")
    style: dict[str, Any] = {"color": COLORS["orange"], "hatch": "//", "edgecolor": "white", "label": "dense layers"}
    bars = left.barh(names, dense / 1e6, left=convolutions / 1e6, **style)
    left.bar_label(bars, [f"{total / 1e6:.1f}" for total in convolutions + dense], padding=4)
    bars = right.barh(names, work / 1e9, color=COLORS["sky"])
    right.bar_label(bars, [f"{number / 1e9:.1f}" for number in work], padding=4)
    # The limits leave room for VGG-11's labels.
    left.set(xlabel="million parameters", xlim=(0, 165))
    right.set(xlabel="billion multiply-adds", xlim=(0, 9))
    left.invert_yaxis()
    left.legend(loc="lower right")
    show(
        fig,
        alt="Bars: AlexNet and VGG-11 have most parameters in dense layers, GoogLeNet has few in all; VGG-11 does by "
        "far the most work.",
    )


def versions() -> None:
    """Draw three replacements of version 3, each above what it replaces."""
    boxes = {
        "a": (0, 1, "conv", "5×5"),
        "a1": (-0.5, 0, "conv", "3×3"),
        "a2": (0.5, 0, "conv", "3×3"),
        "b": (2.5, 1, "conv", "7×7"),
        "b1": (2, 0, "conv", "1×7"),
        "b2": (3, 0, "conv", "7×1"),
        "c": (5, 1, "conv", "3×3"),
        "c1": (4.5, 0, "conv", "1×3"),
        "c2": (5.5, 0, "conv", "3×1"),
    }
    fig, ax = subplots(width=10.5, height=2.2)
    draw_blocks(ax, boxes, [("a1", "a2"), ("b1", "b2"), ("c1", "c2")], box_width=0.62)
    show(fig, alt="A 5×5 above two 3×3 in a row, a 7×7 above 1×7 and 7×1, a 3×3 above 1×3 and 3×1.")
