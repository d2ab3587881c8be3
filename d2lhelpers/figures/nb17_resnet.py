"""Figures of notebook 17, ResNet."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp  # NumPy itself
from matplotlib.axes import Axes
from matplotlib.path import Path

from d2lhelpers.drawing import draw_blocks, draw_layers
from d2lhelpers.plotting import COLORS, PALE, show, subplots

LOOKS = {"plain": (COLORS["blue"], "o"), "residual": (COLORS["vermilion"], "s")}
STAR = onp.array([2.9, 1.7])
ANGLES = onp.linspace(0, 2 * onp.pi, 720, endpoint=False)
CENTERS = ((-1.6, -1.1), (-0.2, 0.9), (1.0, -1.5), (0.6, 2.5), (-1.5, 1.3), (-0.9, -1.2))


def losses(runs: Mapping[tuple[str, int], Any], *, drop: int) -> None:
    """Draw training loss and validation accuracy of networks, named (kind, layers), and when the rate drops."""
    fig, axes = subplots(1, 2, width=11.4, height=4.1)
    ends = []
    for (kind, num_layers), run in runs.items():
        color, marker = LOOKS[kind]
        look = {"color": color, "marker": marker, "linestyle": "-" if num_layers > 18 else "--"}
        epochs = range(1, len(run.loss) + 1)
        axes[0].plot(epochs, run.loss, label=f"{kind}, {num_layers} layers", **look)
        axes[1].plot(epochs, run.accuracy, **look)
        ends.append(f"{kind}, {num_layers} layers: {run.loss[-1]:.2f} and {run.accuracy[-1]:.2f}")
    for ax, name in zip(axes, ("training loss", "validation accuracy"), strict=True):
        ax.axvline(drop + 0.5, color=PALE, linestyle=":", zorder=0)
        ax.set(xlabel="epoch", ylabel=name, xticks=epochs)
        ax.grid(axis="y")
    axes[0].set_ylim(0, 2.6)
    axes[1].set_ylim(0, 1)
    axes[1].text(drop + 0.6, 0.04, "rate ÷ 10")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, handlelength=2.6)
    show(fig, alt=f"Left training loss, right validation accuracy, by epoch. At the end: {'; '.join(ends)}.")


def drop(
    curve: Sequence[float], same_rate: Sequence[float], refreshed: Mapping[str, tuple[float, float]], *, drop: int
) -> None:
    """Draw validation accuracies with and without a drop of the rate (left), and with refreshed averages (right)."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=4.4, sharey=True)
    end, looks = (
        len(curve),
        {"rate ÷ 10": ("vermilion", "s"), "same rate": ("blue", "o"), "before the drop": ("black", "o")},
    )
    lines = {
        "rate ÷ 10": curve[drop - 1 :],
        "same rate": [curve[drop - 1], *same_rate],
        "before the drop": curve[:drop],
    }
    for name, values in lines.items():
        color, marker = COLORS[looks[name][0]], looks[name][1]
        start = 1 if name == "before the drop" else drop
        left.plot(range(start, start + len(values)), values, color=color, marker=marker, label=name)
    for x, name in enumerate(reversed(looks)):
        color, marker = COLORS[looks[name][0]], looks[name][1]
        right.plot([x, x], refreshed[name], color=color, linewidth=1.5, zorder=1)
        for value, face, side in zip(refreshed[name], (color, "white"), ("right", "left"), strict=True):
            right.plot(x, value, marker=marker, color=color, markerfacecolor=face, markersize=10, markeredgewidth=2)
            shift = {"right": -12, "left": 12}[side]
            right.annotate(f"{value:.3f}", (x, value), (shift, 0), textcoords="offset points", ha=side, va="center")
    left.set(xlabel="epoch", ylabel="validation accuracy", xticks=range(1, end + 1))
    low, high = min(curve[1], *map(min, refreshed.values())), max(map(max, refreshed.values()))
    left.set(xlim=(1.7, end + 0.3), ylim=(low - 0.03, high + 0.03))
    names = [f"before the drop\n(epoch {drop})", f"same rate\n(epoch {end})", f"rate ÷ 10\n(epoch {end})"]
    right.set_xticks(range(3), names)
    right.set(xlim=(-0.5, 2.5), title="filled: as it is   open: averages refreshed")
    left.legend(loc="lower right")
    for ax in (left, right):
        ax.grid(axis="y")
    text = "; ".join(f"{name}: {old:.3f}, refreshed {new:.3f}" for name, (old, new) in refreshed.items())
    show(fig, alt=f"Left validation accuracy by epoch, with two continuations. Right the last accuracies, {text}.")


def region(center: Sequence[float], radius: float, bend: float = 0.0, turn: float = 0.0) -> Any:
    """Return the outline (720, 2) of a round region with three dents."""
    distance = radius * (1 + bend * onp.cos(3 * ANGLES + turn))
    return onp.stack([center[0] + distance * onp.cos(ANGLES), center[1] + distance * onp.sin(ANGLES)], axis=1)


def gap(outline: Any) -> tuple[float, Any]:
    """Return the distance of the star from a region, 0 if it is inside, and the region's point nearest to it."""
    if Path(outline).contains_point(tuple(STAR)):
        return 0.0, STAR
    distances = onp.linalg.norm(outline - STAR, axis=1)
    return float(distances.min()), outline[distances.argmin()]


GENERIC = [region(center, 0.6 + 0.2 * k, 0.09, k) for k, center in enumerate(CENTERS)]
NESTED = [region((-1.3 + 0.2 * k, -0.9 + 0.13 * k), 0.55 + 0.47 * k, 0.06, 0.4) for k in range(6)]


def function_classes() -> None:
    """Draw six growing classes of functions, elsewhere and nested, and their distances from the truth."""
    fig, axes = subplots(1, 2, width=11.4, height=5.0)
    palette = [COLORS[name] for name in ("sky", "green", "orange", "purple", "blue", "vermilion")]
    for ax, title, regions in zip(axes, ("larger, but elsewhere", "each inside the next"), (GENERIC, NESTED)):  # noqa: B905
        for k, outline in enumerate(regions):
            ax.fill(*outline.T, facecolor=palette[k], alpha=0.13, zorder=1)
            ax.plot(*onp.vstack([outline, outline[:1]]).T, color=palette[k], linewidth=2, zorder=2)
            x, y = outline[outline[:, 1].argmax()]
            box = {"fc": "white", "ec": "none", "pad": 1}
            ax.text(x, y, f"{k + 1}", ha="center", va="center", fontweight="bold", bbox=box)
        ax.plot(*onp.stack([STAR, gap(regions[-1])[1]]).T, "k--", linewidth=2, zorder=3)
        ax.plot(*STAR, "*", color="black", markersize=20, zorder=4)
        ax.text(STAR[0] + 0.25, STAR[1] + 0.25, "truth")
        for x, (above, below) in enumerate([("region", "distance"), *enumerate((gap(r)[0] for r in regions), start=1)]):
            column = (-3.3 if x == 0 else -2.4 + 0.95 * x, -3.4)
            ax.text(*column, str(above), ha="center", va="top", fontweight="bold" if x else None)
            ax.text(column[0], -4.0, below if x == 0 else f"{below:.1f}", ha="center", va="top")
        ax.set(title=title, aspect="equal", xlim=(-4.2, 4.6), ylim=(-4.6, 3.9))
        ax.set_axis_off()
    show(
        fig,
        alt="Left six ever larger regions in different places: the sixth is further from a star than the fourth. Right "
        "six regions, each inside the next: the sixth is nearest.",
    )


def idea() -> None:
    """Draw a plain block, which has to learn f, beside a residual one, which has to learn g."""
    fig, axes = subplots(1, 2, width=11.4, height=2.7)
    boxes = {"x": (0, 0, "data", "$x$"), "g": (1.2, 0, "conv", "layers\nlearn $f$"), "out": (2.4, 0, "data", "$f(x)$")}
    draw_blocks(axes[0], boxes, [("x", "g"), ("g", "out")])
    boxes = {"x": (0, 0, "data", "$x$"), "g": (1.2, 0, "conv", "layers\nlearn $g$"), "+": (2.1, 0, "join", "+")}
    boxes["out"] = (3.0, 0, "data", "$x + g(x)$")
    draw_blocks(axes[1], boxes, [("x", "g"), ("g", "+"), ("+", "out"), ("x", "+", 0.75)])
    for ax, title in zip(axes, ("plain", "residual"), strict=True):
        ax.set_title(title)
        ax.set_ylim(-0.6, 1.0)
    show(
        fig, alt="Left: x through layers to f(x). Right: x through layers to a plus, and on a second path around them."
    )


def residual_block() -> None:
    """Draw the residual block without and with a 1×1 convolution on the skip."""
    line = {
        "x": (0, 0, "data", "X"),
        "1": (1, 0, "conv", "3×3\nconv"),
        "2": (2, 0, "norm", "batch\nnorm"),
        "3": (3, 0, "activation", "ReLU"),
        "4": (4, 0, "conv", "3×3\nconv"),
        "5": (5, 0, "norm", "batch\nnorm"),
        "+": (6, 0, "join", "+"),
        "6": (7, 0, "activation", "ReLU"),
    }
    path = [("x", "1"), ("1", "2"), ("2", "3"), ("3", "4"), ("4", "5"), ("5", "+"), ("+", "6")]
    fig, (above, below) = subplots(2, 1, width=11.5, height=5.1)
    draw_blocks(above, line, [*path, ("x", "+", 1)])
    strided = line | {"1": (1, 0, "conv", "3×3 conv\nstride 2"), "7": (3, 1, "conv", "1×1 conv\nstride 2")}
    draw_blocks(below, strided, [*path, ("x", "7", 1), ("7", "+", 1)])
    for ax in (above, below):
        ax.set_ylim(-0.5, 1.45)
    above.text(3.0, 1.12, "X itself", ha="center", va="bottom")
    show(
        fig,
        alt="Two chains: 3×3 convolution, batch norm, ReLU, 3×3 convolution, batch norm, plus, ReLU. X goes around to "
        "the plus: above as it is, below through a 1×1 convolution.",
    )


def variants() -> None:
    """Draw the original block, the pre-activation block, and the bottleneck block, one below the other."""

    def chain(*texts: str) -> dict[str, Any]:
        kinds = {"3×3": "conv", "1×1": "conv", "BN": "norm", "+": "join", "ReLU": "activation"}
        boxes = {"x": (0, 0, "data", "X")}
        for column, text in enumerate(texts, start=1):
            boxes[str(column)] = (column, 0, kinds[text.split()[0]], text)
        return boxes

    rows = {
        "original": chain("3×3\nconv", "BN\nReLU", "3×3\nconv", "BN", "+", "ReLU"),
        "pre-activation": chain("BN\nReLU", "3×3\nconv", "BN\nReLU", "3×3\nconv", "+"),
        "bottleneck": chain("1×1\n256→64", "BN\nReLU", "3×3\nconv", "BN\nReLU", "1×1\n64→256", "BN", "+", "ReLU"),
    }
    fig, axes = subplots(3, 1, width=11.5, height=5.4)
    for ax, (name, boxes) in zip(axes, rows.items(), strict=True):
        plus = next(key for key, box in boxes.items() if box[3] == "+")
        arrows: list[Any] = [*itertools.pairwise(boxes), ("x", plus, 0.85)]
        draw_blocks(ax, boxes, arrows, box_height=0.8)
        ax.set(xlim=(-0.5, 8.5), ylim=(-0.5, 1.35))
        ax.text(boxes[plus][0] / 2, 0.92, name, ha="center", va="bottom", fontsize=16)
    show(
        fig,
        alt="Three blocks. Original: convolutions first, ReLU after the plus. Pre-activation: batch norm and ReLU "
        "before each convolution, nothing after the plus. Bottleneck: 1×1, 3×3, 1×1.",
    )


def gradients(norms: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
    """Draw the lengths of gradients against the layer: an axes for each title, a line for each kind of network."""
    fig, axes = subplots(1, len(norms), width=11.4, height=4.0, sharey=True)
    ends = []
    for ax, (title, lines) in zip(axes, norms.items(), strict=True):
        for kind, values in lines.items():
            color, marker = LOOKS[kind]
            ax.semilogy(range(1, len(values) + 1), values, f"{marker}-", color=color, markersize=4, label=kind)
            ends.append(f"{title}, {kind}: {values[0]:.0e} to {values[-1]:.0e}")
        ax.set(title=title, xlabel="convolution (1: next to the data)")
        ax.grid(axis="y")
    axes[0].set_ylabel("length of the gradient")
    axes[0].legend(loc="center right")
    show(fig, alt=f"Lengths of the gradients of 33 convolutions, from the first to the last. {'; '.join(ends)}.")


def lesions(accuracies: Mapping[str, Mapping[int, tuple[float, float]]]) -> None:
    """Draw the accuracy of each network with a block removed (0: none), with running averages and without them."""
    fig, axes = subplots(1, len(accuracies), width=11.4, height=4.2, sharey=True)
    for ax, (name, values) in zip(axes, accuracies.items(), strict=True):
        color = LOOKS[name.split(",")[0]][0]
        for k, (side, alpha) in enumerate(((-0.2, 1.0), (0.2, 0.45))):
            heights = [pair[k] for pair in values.values()]
            bars = ax.bar(onp.arange(len(values)) + side, heights, color=color, alpha=alpha, width=0.4)
            ax.bar_label(bars, [f"{height:.2f}" for height in heights], fontsize=9.5, padding=2)
        ax.axhline(0.1, color=PALE, linestyle=":")
        ax.set(title=name, xlabel="block that is removed", ylim=(0, 1))
        ax.set_xticks(range(len(values)), ["none", *map(str, list(values)[1:])])
    axes[0].set_ylabel("validation accuracy")
    fig.supxlabel("dark: running averages of the whole network    light: averages of each batch", fontsize=13)
    text = "; ".join(
        f"{name}: {', '.join(f'{a:.2f}' for a, _ in values.values())}" for name, values in accuracies.items()
    )
    show(fig, alt=f"Accuracies of the whole networks, then with one block removed. {text}.")


def resnet18(table: Any) -> None:
    """Draw the feature maps of ResNet-18; their sizes come from the network's table."""
    keep = {0: "7×7 conv\nstride 2", 3: "3×3 pool\nstride 2", 8: "average", 9: "dense"}
    keep |= {4 + k: f"module {k + 1}\n2 blocks" for k in range(4)}
    stages = [("image", table.input_shape[1:])]
    stages += [(keep[i], row.output_shape[1:]) for i, row in enumerate(table.rows) if i in keep]
    fig, ax = subplots(width=11.5, height=4.2)
    draw_layers(ax, stages)
    show(
        fig,
        alt="Feature maps from left to right: 224×224 in 3 channels down to 7×7 in 512, their averages, 1,000 scores.",
    )


def clouds(ax: Axes, points: Any, labels: Any, names: Sequence[str], note: str) -> None:
    """Draw points (n, 2), scaled to the same spread, in the colors of their classes, with names at their centers."""
    points = points - points.mean(axis=0)
    points = points / onp.sqrt((points**2).sum(axis=1).mean())
    palette = [*COLORS.values(), "#8A8A8A", "#8C564B", "#17BECF"]
    taken: list[tuple[float, float]] = []
    centers = [tuple(onp.median(points[labels == label], axis=0)) for label in range(len(names))]
    for label in sorted(range(len(names)), key=lambda k: centers[k][1]):
        ax.plot(*points[labels == label].T, ".", color=palette[label], markersize=4, alpha=0.6)
        x, y = centers[label]
        for other_x, other_y in sorted(taken, key=lambda place: place[1]):  # from the bottom up, until it is free
            if abs(x - other_x) < 1.3 and abs(y - other_y) < 0.29:
                y = other_y + 0.29
        taken.append((x, y))
        box = {"fc": "white", "ec": palette[label], "pad": 1.5, "alpha": 0.85}
        ax.text(x, y, names[label], ha="center", va="center", fontsize=11, bbox=box, zorder=3)
    ax.set(xlabel=note, xticks=[], yticks=[], xlim=(-2.5, 2.5), ylim=(-2.6, 2.6))


def feature_maps(image: Any, maps: Mapping[str, Any]) -> None:
    """Draw an image and, in a row for each name, some feature maps (channels, height, width), each scaled by itself."""
    count = max(len(channels) for channels in maps.values())
    fig, axes = subplots(len(maps), count + 1, width=11.4, height=5.4)
    for ax in axes.flat:
        ax.set_axis_off()
    axes[0, 0].imshow(image, cmap="gray")
    for row, (name, channels) in zip(axes, maps.items(), strict=True):
        for ax, channel in zip(row[1:], channels, strict=False):
            ax.imshow(channel, cmap="viridis", interpolation="nearest")
        size = f"{name}\n{channels.shape[1]}×{channels.shape[2]}"
        row[1].text(-0.12, 0.5, size, transform=row[1].transAxes, ha="right", va="center")
    show(fig, alt="An image, and feature maps of four modules: outlines at first, then ever coarser patches.")


def occlusion(images: Any, maps: Any, titles: Sequence[str]) -> None:
    """Draw images (n, h, w) and below each how far covering a place lowers the probability (n, rows, columns)."""
    fig, axes = subplots(2, len(images), width=11.4, height=5.2)
    side = images.shape[-1]
    for (above, below), image, drops, title in zip(axes.T, images, maps, titles, strict=True):
        above.imshow(image, cmap="gray")
        above.set_title(title)
        below.imshow(image, cmap="gray", extent=(0, side, side, 0), vmin=0, vmax=1)
        picture = below.imshow(
            drops, cmap="inferno", alpha=0.75, extent=(0, side, side, 0), vmin=0, vmax=1, interpolation="bilinear"
        )
        for ax in (above, below):
            ax.set_axis_off()
    bar = fig.colorbar(picture, ax=axes[1], shrink=0.9, pad=0.01)
    bar.set_label("drop in probability")
    show(fig, alt="Images, and below each a map that is bright where covering the image changes the answer.")
