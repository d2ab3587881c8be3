"""Figures of notebook 14, VGG."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.drawing import draw_blocks, draw_cells, draw_layers
from d2lhelpers.plotting import COLORS, show, subplots
from d2lhelpers.summary import summarize


def two_plans() -> None:
    """Draw AlexNet's layers above VGG's blocks."""
    alexnet = ["11×11\n96 maps\nstride 4", "pool", "5×5\n256 maps", "pool"]
    alexnet += ["3×3\n384 maps", "3×3\n384 maps", "3×3\n256 maps", "pool"]
    boxes = {}
    for i, text in enumerate(alexnet):
        boxes[f"alexnet {i}"] = (float(i), 2.0, "pool" if text == "pool" else "conv", text)
    blocks = [(1, 64), (1, 128), (2, 256), (2, 512), (2, 512)]
    for i, (count, width) in enumerate(blocks):
        boxes[f"vgg {i}"] = (float(i), 0.4, "block", f"{count} × 3×3\n{width} maps\nand pool")
    arrows = [(f"alexnet {i}", f"alexnet {i + 1}") for i in range(len(alexnet) - 1)]
    arrows += [(f"vgg {i}", f"vgg {i + 1}") for i in range(len(blocks) - 1)]
    fig, ax = subplots(width=11.5, height=4.6)
    draw_blocks(ax, boxes, arrows, box_width=0.84)
    ax.set_ylim(-0.1, 2.8)
    ax.text(-0.42, 2.55, "AlexNet, 2012: each layer was designed by itself")
    ax.text(-0.42, 0.95, "VGG, 2014 (the smallest): one kind of block, five times")
    show(
        fig,
        alt="Above, the convolutions and pools of AlexNet, hardly two alike. Below, five VGG blocks, each "
        "of one or two convolutions of 3×3 and a pool, whose width grows from 64 to 512 maps.",
    )


def chain(block: Any, input_shape: tuple[int, ...]) -> None:
    """Draw a chain of layers from left to right, and under each the shape of its output and its parameters."""
    rows = summarize(block, (1, *input_shape)).rows
    boxes = {"input": (0.0, 0.0, "data", "input")}
    for i, row in enumerate(rows):
        kind, size = row.name.split()[:2]
        channels, _, kernel = size.rstrip(",").partition("×")
        conv = kind == "Conv2D"
        step = ", " + row.name.split(", ")[1].split(" relu")[0] if ", " in row.name else ""
        text = f"{kernel}{step or ' conv'}\n{channels} maps\nReLU" if conv else "2×2 max\npooling\nstride 2"
        boxes[row.path] = (i + 1.0, 0.0, "conv" if conv else "pool", text)
    fig, ax = subplots(width=11.0, height=2.9)
    draw_blocks(ax, boxes, list(pairwise(boxes)), box_width=0.66)
    ax.set_ylim(-0.85, 0.36)
    shapes = [input_shape, *(row.output_shape[1:] for row in rows)]
    for i, shape in enumerate(shapes):
        ax.text(i, -0.53, "×".join(str(side) for side in shape), ha="center")
    for i, row in enumerate(rows):
        ax.text(i + 1, -0.74, f"{row.parameters:,} parameters", ha="center")
    show(
        fig,
        alt=f"A chain from the input through {len(rows)} layers: {', '.join(row.name for row in rows)}.",
    )


def feature_maps(table: Any) -> None:
    """Draw VGG-11's feature maps and vectors; their sizes come from its table."""
    rows = [row for row in table.rows if not row.name.startswith("Dropout")]
    labels = ["image", *(f"block {i + 1}" for i in range(5)), "2 × dense", "dense:\nscores"]
    shapes = [(3, 224, 224), *(row.output_shape[1:] for row in rows[:5]), rows[6].output_shape[1:]]
    shapes.append(rows[7].output_shape[1:])
    fig, ax = subplots(width=11.5, height=2.9)
    draw_layers(ax, list(zip(labels, shapes, strict=True)))
    show(fig, alt="VGG-11 from left to right: five stacks of maps, each half as large as the one before, then vectors.")


def shares(table: Any) -> None:
    """Draw for each layer with weights its share of the parameters and of the multiply-adds."""
    rows = [row for row in table.rows if row.parameters]
    names = []
    for row in rows:
        place = [int(step) + 1 for step in row.path.split(".")]
        is_conv = row.name.startswith("Conv2D")
        names.append(f"block {place[0]}, conv {place[1]}" if is_conv else f"dense {(place[0] - 4) // 2}")
    fig, (left, right) = subplots(1, 2, width=11.5, height=4.4, sharey=True)
    panels = (
        (left, "parameters", "parameters", table.total_parameters, COLORS["orange"]),
        (right, "multiply_adds", "multiply-adds", table.total_multiply_adds, COLORS["sky"]),
    )
    for ax, field, label, total, color in panels:
        values = [getattr(row, field) for row in rows]
        bars = ax.barh(names, [100 * value / total for value in values], color=color)
        ax.bar_label(bars, [f"{value / 1e6:,.1f} M" for value in values], padding=4, fontsize=14)
        ax.set(xlabel=f"% of {total / 1e6:,.0f} M {label}", xlim=(0, 100))
    left.invert_yaxis()
    show(
        fig,
        alt="Bars for eight convolutions and three dense layers: dense 1 holds most parameters, the convolutions do "
        "nearly all of the work.",
    )


def views() -> None:
    """Draw one row of pixels seen by two layers of width 3, and by one of width 5."""
    fig, axes = subplots(1, 2, width=11.0, height=3.9)
    plans = (("two layers of 3: 5 pixels", [3, 3]), ("one layer of 5: 5 pixels", [5]))
    for ax, (title, kernels) in zip(axes, plans, strict=True):
        seen = {0}  # positions, counted from the middle
        for level, kernel in zip(range(len(kernels), -1, -1), [*kernels, 1], strict=True):
            y = 2 * level / len(kernels)
            below = 2 * (level - 1) / len(kernels)
            reach = range(-(kernel // 2), kernel // 2 + 1)
            for x in range(-4, 5):
                color = COLORS["sky"] if x in seen else "white"
                ax.add_patch(Rectangle((x - 0.4, y - 0.14), 0.8, 0.28, facecolor=color, edgecolor="black"))
            if level:
                for x in seen:
                    for step in reach:
                        ax.plot([x, x + step], [y - 0.14, below + 0.14], color="black", linewidth=1)
            seen = {x + step for x in seen for step in reach}
        ax.text(-4.6, 0, "image", ha="right", va="center")
        ax.text(-4.6, 2, "output", ha="right", va="center")
        if len(kernels) == 2:
            ax.text(-4.6, 1, "layer 1", ha="right", va="center")
        ax.set(xlim=(-7, 4.6), ylim=(-0.3, 2.3), title=title)
        ax.set_axis_off()
    show(
        fig,
        alt="A row of pixels from the side: one output pixel leads to three pixels of the layer below and to five of "
        "the image; with one layer of width 5 it leads to five at once.",
    )


def seen(ax: Axes, paths: Any) -> None:
    """Shade each pixel by the root of the number of paths (n, n) from it to the output, and frame those with any."""
    size, side = len(paths), int((paths.sum(axis=0) > 0).sum())
    ax.imshow(onp.sqrt(paths / paths.max()), cmap="Blues", extent=(0, size, size, 0), vmin=0, vmax=1.3)
    start = (size - side) / 2
    ax.add_patch(Rectangle((start, start), side, side, fill=False, edgecolor=COLORS["vermilion"], linewidth=2.5))
    ax.set(xticks=range(size + 1), yticks=range(size + 1), xticklabels=[], yticklabels=[])
    ax.grid(color="#CCCCCC")
    ax.tick_params(length=0)


def kernels(first: Any, second: Any, both: Any) -> None:
    """Draw two kernels of 3×3 and the one of 5×5 that does the work of both."""
    fig, axes = subplots(1, 3, width=10.0, height=3.2, width_ratios=[3, 3, 5])
    titles = ("edges", "then blur", "both at once")
    for ax, weight, title in zip(axes, (first, second, both), titles, strict=True):
        draw_cells(ax, weight[0, 0].astype("int32").tolist(), title=title)
        low, high = ax.get_ylim()
        ax.set_ylim(low, low + (high - low) * 5 / weight.shape[2])  # cells of one size in all three
        ax.set_title(title, y=weight.shape[2] / 5)
    show(fig, alt="Two kernels of 3×3, one for edges and one that blurs, and the kernel of 5×5 that does both at once.")


def fields_on_photo(photo: Any, areas: Sequence[tuple[int, int]]) -> None:
    """Draw on a photograph what one output pixel of each block sees, as pairs (first pixel, side)."""
    fig, (whole, middle, bars) = subplots(1, 3, width=11.5, height=4.0, width_ratios=[1, 1, 1.15])
    picture = photo.transpose(1, 2, 0).asnumpy()
    colors = [COLORS[name] for name in ("vermilion", "sky", "orange", "green", "black")]
    for ax in (whole, middle):
        ax.imshow(picture, extent=(0, len(picture), len(picture), 0))
        ax.set_axis_off()
    for i, ((start, side), color) in enumerate(zip(areas, colors, strict=True)):
        for ax in [whole] * (i >= 2) + [middle] * (i <= 2):  # the small ones only enlarged
            ax.add_patch(Rectangle((start, start), side, side, fill=False, edgecolor="white", linewidth=4.5))
            ax.add_patch(Rectangle((start, start), side, side, fill=False, edgecolor=color, linewidth=2.5))
    low, size = areas[2][0] - 3, areas[2][1] + 6
    middle.set(xlim=(low, low + size), ylim=(low + size, low), title="its middle, enlarged")
    names = [f"block {i + 1}" for i in range(len(areas))]
    drawn = bars.barh(names, [side for _, side in areas], color=colors)
    bars.bar_label(drawn, [f"{side}×{side}" for _, side in areas], padding=4, fontsize=14)
    bars.invert_yaxis()
    bars.set(xlabel="pixels that one output sees", xlim=(0, 215))
    show(
        fig,
        alt="A portrait of 224×224 pixels, and its middle enlarged, with nested squares: an output of block 1 sees a "
        "dot, one of block 3 the bridge of the nose, one of block 5 the whole face.",
    )


def family(convs: Mapping[str, tuple[int, int]], dense_parameters: int, dense_work: int) -> None:
    """Draw parameters and work of each network, in convolutions (of which `convs` has both) and in dense layers."""
    fig, axes = subplots(1, 2, width=11.5, height=4.4, sharey=True)
    panels = (("million parameters", 1e6, dense_parameters), ("billion multiply-adds per image", 1e9, dense_work))
    names = list(convs)
    for i, (ax, (label, unit, dense)) in enumerate(zip(axes, panels, strict=True)):
        values = [convs[name][i] / unit for name in names]
        ax.barh(names, values, height=0.45, color=COLORS["blue"], label="convolutions (the number above)")
        ax.barh(names, dense / unit, 0.45, left=values, color=COLORS["orange"], hatch="//", label="dense layers")
        for row, value in enumerate(values):
            ax.text(0, row - 0.27, f"{value:.1f}", color=COLORS["blue"], va="bottom", weight="bold")
            ax.text(value + dense / unit, row, f" {value + dense / unit:.1f}", va="center")
        ax.set(xlabel=label, xlim=(0, 1.2 * (max(values) + dense / unit)), ylim=(3.4, -0.75))
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    show(
        fig,
        alt="Bars for VGG-11 to VGG-19. Both the parameters of the convolutions and their work more than double, but "
        "the dense layers, always the same, hold more than a hundred million parameters and hide the former.",
    )


def race(curves: Mapping[str, Sequence[float]], examples: int) -> None:
    """Draw two networks' accuracy after each epoch, the last one with its 95 % interval for so many examples."""
    fig, ax = subplots(width=11.0, height=4.6)
    for i, ((name, values), style) in enumerate(zip(curves.items(), ("s--", "o-"), strict=True)):
        color = COLORS[("vermilion", "blue")[i]]
        epochs = [epoch + 0.03 * (2 * i - 1) for epoch in range(1, len(values) + 1)]
        ax.plot(epochs, values, style, color=color, label=name)
        half = 1.96 * (values[-1] * (1 - values[-1]) / examples) ** 0.5
        ax.errorbar(epochs[-1], values[-1], half, color=color, capsize=6)
    ax.set(xlabel="epoch", ylabel="validation accuracy", xticks=range(1, len(values) + 1))
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    alt = f"Validation accuracy by epoch, {' against '.join(curves)}: the curves stay close to each other, and "
    show(fig, alt=alt + "in the last epoch their intervals overlap.")


def heads(dense_rows: Sequence[Any], nin_parameters: int) -> None:
    """Draw the dense head above the one without dense layers, with the parameters under each layer."""
    boxes = {"a": (0.0, 1.0, "data", "last maps\n512×7×7"), "b": (0.0, 0.0, "data", "last maps\n512×7×7")}
    for i, units in enumerate((4096, 4096, 1000)):
        boxes[f"dense {i}"] = (i + 1.0, 1.0, "dense", f"dense\n{units}")
    boxes["1×1"] = (1.0, 0.0, "conv", "1×1 conv\n1000 maps")
    boxes["mean"] = (2.0, 0.0, "pool", "mean of\neach map")
    boxes["scores"] = (3.0, 0.0, "data", "1000\nscores")
    arrows = [("a", "dense 0"), ("dense 0", "dense 1"), ("dense 1", "dense 2")]
    arrows += [("b", "1×1"), ("1×1", "mean"), ("mean", "scores")]
    fig, ax = subplots(width=11.0, height=3.6)
    draw_blocks(ax, boxes, arrows, box_width=0.6, box_height=0.5)
    for i, row in enumerate(dense_rows):
        ax.text(i + 1, 0.62, f"{row.parameters:,}", ha="center", va="center")
    ax.text(1, -0.38, f"{nin_parameters:,}", ha="center", va="center")
    ax.text(2, -0.38, "0", ha="center", va="center")
    for y, name in ((1.0, "VGG"), (0.0, "NiN")):
        ax.text(-0.42, y, name, ha="right", va="center", weight="bold")
        ax.text(0, y - 0.38, "parameters:", ha="center", va="center")
    ax.set_xlim(-0.75, 3.35)
    show(
        fig,
        alt="Two ways from 512 maps to 1000 scores: three dense layers with 103, 17 and 4 million parameters, or a 1×1 "
        "convolution with half a million and a mean.",
    )


def shifts(pixels: Sequence[int], curves: Mapping[str, Sequence[float]]) -> None:
    """Draw the accuracy of two networks against the shift of the images."""
    fig, ax = subplots(width=11.0, height=4.8)
    for (name, values), style, color in zip(curves.items(), ("s-", "o--"), ("orange", "blue"), strict=True):
        ax.plot(pixels, values, style, color=COLORS[color], markersize=10, label=name)
    ax.set(xlabel="shift to the right, pixels", ylabel="validation accuracy", ylim=(0, 1), xticks=list(pixels))
    ax.grid(axis="y")
    ax.legend(loc="lower left")
    alt = "Validation accuracy against the shift: without one, the dense layer is ahead; from four pixels on, the mean."
    show(fig, alt=alt)


def class_map(ax: Axes, picture: Any, heat: Any) -> None:
    """Shade a gray picture (h, w) in orange where the windows (rows, columns), 8 pixels apart, have a probability."""
    height, width = picture.shape
    ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1.4, extent=(0, width, height, 0))
    color = onp.array([0.90, 0.40, 0.0])
    layer = onp.concatenate([onp.broadcast_to(color, (*heat.shape, 3)), 0.75 * heat[..., None]], axis=2)
    top = left = 14 - 4  # a window of 28 pixels has its middle at 14, which is also the middle of a square of 8
    bottom, right = top + 8 * heat.shape[0], left + 8 * heat.shape[1]
    ax.imshow(layer, extent=(left, right, bottom, top), interpolation="nearest")
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.set_axis_off()
