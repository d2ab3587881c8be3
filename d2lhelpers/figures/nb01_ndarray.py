"""Figures of notebook 01, arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as onp
from matplotlib.axes import Axes

from d2lhelpers.arrays import to_numpy
from d2lhelpers.drawing import draw_cells
from d2lhelpers.plotting import COLORS, INK, show, subplots

STRIDED = "Three squares of 36 cells: all colored, every second row and column, every third row and column."


def axes_of_arrays(label: Any, pixels: Any, digit: Any, photo: Any, batch: Any, videos: Any) -> None:
    """Draw what arrays of 0 to 5 axes hold: a label, a row of pixels, a digit, a photograph, a batch, and two films."""
    fig, grid = subplots(2, 3, width=11.4, height=4.9)
    axes = list(grid.flat)
    axes[0].text(0.5, 0.5, f"{to_numpy(label).item():.0f}", ha="center", va="center", fontsize=60)
    axes[1].imshow(to_numpy(pixels)[None], cmap="gray", vmin=0, vmax=1, aspect=3)
    axes[2].imshow(to_numpy(digit), cmap="gray", vmin=0, vmax=1)
    axes[3].imshow(_channels_last(photo))
    axes[4].imshow(_tile(to_numpy(batch)[:, :, ::2, ::2].reshape(4, 8, 1, 14, 14).repeat(3, axis=2)))
    axes[5].imshow(_tile(to_numpy(videos)))
    names = ("a label", "a row of pixels", "a digit", "a photograph", "a batch of digits", "a batch of films")
    for ax, name, array in zip(axes, names, (label, pixels, digit, photo, batch, videos), strict=True):
        ax.set_title(f"{array.ndim} {'axis' if array.ndim == 1 else 'axes'}: {name}\n{array.shape}")
        ax.axis("off")
    show(
        fig,
        alt="A single number; a row of gray pixels; a handwritten digit; a photograph in color; many digits side by "
        "side; two rows of photographs, the frames of two films.",
    )


def _channels_last(image: Any) -> onp.ndarray:
    return to_numpy(image).transpose(1, 2, 0)


def _tile(videos: onp.ndarray) -> onp.ndarray:
    """Arrange frames (rows, columns, 3, H, W) as one picture (rows * H, columns * W, 3), with white gaps."""
    framed = onp.pad(videos, [(0, 0)] * 3 + [(2, 2)] * 2, constant_values=1)
    rows, columns, channels, height, width = framed.shape
    return framed.transpose(0, 3, 1, 4, 2).reshape(rows * height, columns * width, channels)


def planes(image: Any) -> None:
    """Draw a photograph (3, H, W) and its red, green, and blue planes."""
    fig, axes = subplots(2, 2, width=11.4, height=4.95)
    axes[0, 0].imshow(_channels_last(image))
    axes[0, 0].set_title(f"the photograph {image.shape}")
    for channel, (ax, name) in enumerate(zip(axes.flat[1:], ("red", "green", "blue"), strict=True)):
        ax.imshow(to_numpy(image)[channel], cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"{name}: flower[{channel}]")
    for ax in axes.flat:
        ax.axis("off")
    show(
        fig,
        alt="An orange dahlia before blue-green leaves, and three gray pictures of it: the blossom is nearly white in "
        "the red plane, gray in the green one, and darker in the blue one.",
    )


def pictures(images: Mapping[str, Any], alt: str, height: float = 3.2) -> None:
    """Draw photographs (3, H, W) of different shapes side by side, with titles."""
    fig, axes = subplots(1, len(images), width=11.4, height=height)
    for ax, (title, image) in zip(axes, images.items(), strict=True):
        ax.imshow(_channels_last(image), interpolation="nearest")
        ax.set_title(f"{title}\n{image.shape}")
        ax.axis("off")
    show(fig, alt)


def selections(X: Any, parts: Mapping[str, Any]) -> None:
    """Draw a matrix of distinct numbers once for each selection, with the selected elements colored."""
    fig, axes = subplots(1, len(parts), width=11.4, height=2.9)
    for ax, (title, part) in zip(axes, parts.items(), strict=True):
        draw_cells(ax, X, highlight=onp.isin(to_numpy(X), to_numpy(part)), title=title)
    colored = [f"{title} is {part.astype('int32').tolist()}" for title, part in parts.items()]
    show(fig, alt=f"Grids of the numbers 1 to 16 with the selected ones colored: {', '.join(colored)}.")


def strided(ax: Axes, step: int) -> None:
    """Draw the numbers 1 to 36 as a square, with every step-th row and column colored."""
    square = onp.arange(1, 37).reshape(6, 6)
    part = square[::step, ::step]
    draw_cells(ax, square, highlight=onp.isin(square, part), title=f"X[::{step}, ::{step}] has shape {part.shape}")


def histograms(**arrays: Any) -> None:
    """Draw a histogram of the elements of each array."""
    fig, axes = subplots(1, len(arrays), width=11.4, height=3.3, sharex=True, sharey=True)
    bins = onp.linspace(-4.5, 4.5, 37)
    for ax, (name, array) in zip(axes, arrays.items(), strict=True):
        ax.hist(to_numpy(array).reshape(-1), bins=bins, color=COLORS["blue"])
        ax.set(title=name, xlabel="value", ylabel="how many")
    show(
        fig, alt="Histograms of 10,000 draws: normal ones form a bell around 0, uniform ones a tall block from 0 to 1."
    )


def broadcast(a: Any, b: Any) -> None:
    """Draw a (n, 1) and b (1, m) stretched to (n, m), their own cells colored, and the sum."""
    fig, axes = subplots(1, 3, width=11.4, height=3.1)
    wide = onp.broadcast_arrays(to_numpy(a), to_numpy(b))
    own = onp.zeros((2, *wide[0].shape), bool)
    own[0][:, 0] = own[1][0, :] = True
    total = to_numpy(a + b)
    draw_cells(axes[0], wide[0], highlight=own[0], title=f"a, shape {a.shape},\nrepeated to {total.shape}")
    draw_cells(axes[1], wide[1], highlight=own[1], title=f"b, shape {b.shape},\nrepeated to {total.shape}")
    draw_cells(axes[2], total, title=f"a + b,\nshape {total.shape}")
    show(fig, alt="A column repeated four times, a row repeated three times, and the 3 by 4 matrix of all their sums.")


def concatenation(A: Any, B: Any) -> None:
    """Draw two matrices joined along axis 0, along axis 1, and stacked; the cells of the second are colored."""
    fig, axes = subplots(1, 3, width=11.4, height=3.2)
    for axis in (0, 1):
        joined = onp.concatenate([to_numpy(A), to_numpy(B)], axis=axis)
        second = onp.concatenate([onp.zeros(A.shape), onp.ones(B.shape)], axis=axis)
        draw_cells(axes[axis], joined, highlight=second > 0, title=f"concatenate, axis={axis}\n{joined.shape}")
    draw_cells(axes[2].inset_axes((0.24, 0.4, 0.76, 0.6)), B, highlight=onp.ones(B.shape))
    draw_cells(axes[2].inset_axes((0, 0.1, 0.76, 0.6)), A)
    axes[2].set_title(f"stack\n{onp.stack([to_numpy(A), to_numpy(B)]).shape}")
    axes[2].axis("off")
    show(
        fig,
        alt="A above B makes a matrix of 4 rows and 3 columns; A next to B makes one of 2 rows and 6 columns; stack "
        "puts A in front of B, as two layers.",
    )


def timeline(number: int = 4) -> None:
    """Draw when Python queues products and when the engine computes them, with one barrier and with many."""
    fig, axes = subplots(2, 1, width=11.4, height=4.2)
    for ax, wait in zip(axes, (False, True), strict=True):
        queued = [(1.35 if wait else 0.2) * i for i in range(number)]
        computed = [0.2 + (1.35 if wait else 1.1) * i for i in range(number)]
        ax.broken_barh([(start, 0.15) for start in queued], (1.1, 0.6), color=COLORS["vermilion"])
        ax.broken_barh([(start, 1.05) for start in computed], (0.1, 0.6), color=COLORS["blue"])
        for stop in [start + 1.09 for start in computed] if wait else [computed[-1] + 1.09]:
            ax.axvline(stop, color=INK, linestyle="--", linewidth=2)
        ax.set(xlim=(-0.1, 6), ylim=(0, 1.9), xticks=[], yticks=[0.4, 1.4], yticklabels=["engine", "Python"])
        ax.set_title("wait_to_read() after each product" if wait else "waitall() at the end")
    axes[1].set_xlabel("time")
    show(
        fig,
        alt="Two timelines. With one barrier at the end, Python queues all products at once, and the engine computes "
        "them one after the other. With a barrier after each product, they take turns.",
    )


def rates(values: Mapping[str, float]) -> None:
    """Draw GFLOP/s as horizontal bars, with a color for each library."""
    fig, ax = subplots(width=11.4, height=0.7 + 0.64 * len(values))
    known = {"NumPy": "orange", "Deep": "blue"}
    colors = [COLORS[known.get(name.split()[0], "purple")] for name in values]
    bars = ax.barh(list(values), list(values.values()), color=colors)
    ax.bar_label(bars, fmt="%.0f", padding=4, fontsize=16)
    ax.set(xlabel="GFLOP/s on this machine", xlim=(0, 1.15 * max(values.values())))
    ax.invert_yaxis()
    show(fig, alt="Bars: GFLOP/s of NumPy with float64 and float32, and of Deep NumPy with one barrier and with many.")


def times_by_size(sizes: Sequence[int], seconds: Mapping[str, Sequence[float]]) -> None:
    """Draw the microseconds of one product against its size, a line for each way to compute it."""
    fig, ax = subplots(width=11.4, height=4.2)
    looks = (("orange", "-", "s"), ("blue", "-", "o"), ("sky", "--", "^"), ("vermilion", ":", "D"))
    for (name, values), (color, line, marker) in zip(seconds.items(), looks, strict=True):
        ax.loglog(sizes, [1e6 * v for v in values], line, color=COLORS[color], marker=marker, label=name)
    ax.set(xlabel="size n of the matrices (n, n)", ylabel="µs per product")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.grid(True)
    ax.legend()
    show(
        fig,
        alt="Microseconds per product against its size, logarithmic axes. The line of queuing alone is almost level; "
        "the others rise steeply with the size, and NumPy's is lowest for small matrices.",
    )
