"""Figures of notebook 09, GPUs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as onp
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from d2lhelpers.drawing import draw_blocks, draw_cells
from d2lhelpers.drawing.blocks import Arrow, Box
from d2lhelpers.plotting import COLORS, FILL, INK, PALE, TINTS, show, subplots


class _Chip(NamedTuple):
    left: float
    name: str
    last_cache: str
    memory: str
    gb_per_second: int
    line_width: float


_CHIPS = (
    _Chip(0, "CPU: Intel i7-6700K", "L3 cache, 8 MB", "memory", gb_per_second=34, line_width=3),
    _Chip(60, "GPU: Nvidia Titan RTX", "L2 cache, 6 MB", "memory, 24 GB", gb_per_second=672, line_width=16),
)


def _bar(ax: Axes, left: float, bottom: float, width: float, height: float, text: str, color: str = FILL) -> None:
    ax.add_patch(Rectangle((left, bottom), width, height, facecolor=color, edgecolor=INK, linewidth=1.2))
    ax.text(left + width / 2, bottom + height / 2, text, ha="center", va="center")


def _units(ax: Axes, left: float, bottom: float, columns: int, rows: int) -> None:
    places = [(left + 0.5 * (i + 0.5), bottom + 0.5 * (j + 0.5)) for i in range(columns) for j in range(rows)]
    xs, ys = zip(*places, strict=True)
    ax.scatter(xs, ys, s=5, color=COLORS["vermilion"], linewidths=0)


def chips() -> None:
    """Draw a CPU and a GPU with their arithmetic units, caches, and memories."""
    fig, ax = subplots(width=11.6, height=5.0)
    for chip in _CHIPS:
        left = chip.left
        ax.text(left + 28, 57, chip.name, ha="center", va="center", fontsize=16)
        _bar(ax, left, 14, 56, 40, "", "white")
        _bar(ax, left + 1, 15, 54, 4.5, chip.last_cache, TINTS["sky"])
        _bar(ax, left, 0, 56, 5, chip.memory, TINTS["sky"])
        ax.plot([left + 20] * 2, [5.5, 13.5], color=COLORS["blue"], linewidth=chip.line_width, solid_capstyle="butt")
        ax.text(left + 24, 9.5, f"{chip.gb_per_second} GB/s", va="center", fontsize=16)
    for left, bottom in ((1, 20.5), (28.5, 20.5), (1, 37.3), (28.5, 37.3)):
        _bar(ax, left, bottom, 26.5, 15.8, "")
        ax.text(left + 1, bottom + 11.7, "core: control", va="center")
        _units(ax, left + 20.5, bottom + 11, 8, 2)
        _bar(ax, left + 1, bottom + 5, 24.5, 4, "L1 cache, 64 KB", TINTS["sky"])
        _bar(ax, left + 1, bottom + 0.7, 24.5, 4, "L2 cache, 256 KB", TINTS["sky"])
    for i, j in onp.ndindex(12, 6):
        left, bottom = 61.1 + 4.5 * i, 20.6 + 5.5 * j
        ax.add_patch(Rectangle((left, bottom), 4.3, 5.1, facecolor=FILL, edgecolor=PALE, linewidth=0.8))
        _units(ax, left + 0.15, bottom + 0.55, 8, 8)
    ax.set(xlim=(-0.5, 116.5), ylim=(-0.5, 59))
    ax.set_axis_off()
    show(
        fig,
        alt="Two chips. The CPU has four large cores, mostly control and cache, with 16 dots each. The GPU has 72 "
        "small ones, filled with 64 dots each, and a thicker line to its memory.",
    )


def copies(num_bytes: Sequence[float], seconds: Sequence[float], latency: float, bandwidth: float) -> None:
    """Draw the time of a copy against the bytes that it moves, and the line latency + bytes / bandwidth."""
    fig, ax = subplots(width=11.2, height=4.6)
    sizes = onp.geomspace(num_bytes[0], num_bytes[-1], 200)
    ax.loglog(num_bytes, [1e6 * value for value in seconds], "o", color=COLORS["blue"], markersize=9)
    ax.loglog(sizes, 1e6 * (latency + sizes / bandwidth), "--", color=COLORS["vermilion"])
    ax.text(num_bytes[0], 0.75e6 * latency, f"latency: {1e6 * latency:.0f} µs", va="top", fontsize=17)
    place = 0.2 * num_bytes[-1]
    words = f"bandwidth: {bandwidth / 1e9:.0f} GB/s"
    ax.text(place, 1e6 * (latency + place / bandwidth), words + "  ", ha="right", va="bottom", fontsize=17)
    ax.set(xlabel="bytes moved", ylabel="µs", ylim=(0.2e6 * min(seconds), 3e6 * max(seconds)))
    ax.grid(True)
    show(
        fig,
        alt="Time of a copy against its bytes, logarithmic axes. Measured points are level for small copies and rise "
        "in proportion for large ones; a dashed line, latency plus bytes over bandwidth, follows them.",
    )


def uses() -> None:
    """Draw where one number of A is used, in a sum and in a product of two matrices."""
    fig, axes = subplots(1, 7, width=11.4, height=1.8, width_ratios=[1, 1, 1, 0.4, 1, 1, 1])
    axes[3].set_axis_off()
    cell = [[(i, j) == (1, 2) for j in range(4)] for i in range(4)]
    row_of_b, row_of_c = ([[i == row] * 4 for i in range(4)] for row in (2, 1))
    titles = ["A", "+ B", "= sum", "", "A", "× B", "= product"]
    for ax, title, cells in zip(axes, titles, [cell, cell, cell, None, cell, row_of_b, row_of_c], strict=True):
        if cells:
            draw_cells(ax, [[""] * 4] * 4, highlight=onp.array(cells), title=title, color=COLORS["orange"])
    show(
        fig,
        alt="Six grids. In the sum, a number of A meets one number of B and goes into one result; in the product, it "
        "meets a row of B and goes into a row of results.",
    )


def roof(level: float, bandwidth: float, points: Mapping[str, tuple[float, float]]) -> None:
    """Draw the roof of one machine, and measured (FLOP per byte, FLOP/s) with their names."""
    fig, ax = subplots(width=11.2, height=3.9)
    corners = onp.array([1 / 32, level / bandwidth, 4096])
    ax.loglog(corners, onp.minimum(level, bandwidth * corners) / 1e9, "-", color=COLORS["vermilion"])
    ax.text(4096, 1.15 * level / 1e9, "arithmetic", ha="right", va="bottom", color=COLORS["vermilion"])
    ax.text(1 / 6, 1.6e-9 * bandwidth / 6, "memory", ha="right", va="bottom", color=COLORS["vermilion"])
    for name, (intensity, speed) in points.items():
        ax.plot(intensity, speed / 1e9, "o", color=COLORS["blue"], markersize=10)
        ax.annotate(name, (intensity, speed / 1e9), (9, -4), textcoords="offset points", ha="left", va="top")
    ax.set(xlabel="FLOP per byte", ylabel="GFLOP/s", ylim=(0.1 * bandwidth / 1e10, 4 * level / 1e9))
    ax.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    ax.grid(True)
    show(
        fig,
        alt="GFLOP/s against FLOP per byte, logarithmic axes: a roof that rises, then is level, and measured points. "
        "A sum and a layer with one example are down the slope; a layer with many examples comes close to the level.",
    )


def speedups(sizes: Sequence[int], factors: Mapping[str, Sequence[float]], peaks: Mapping[str, float]) -> None:
    """Draw how many times faster the GPU should be against the size n, and the ratios of the peaks as dashed lines."""
    fig, ax = subplots(width=11.2, height=4.7)
    for (name, values), color, marker in zip(factors.items(), ("blue", "vermilion"), "so", strict=True):
        ax.semilogx(sizes, values, f"{marker}-", color=COLORS[color], markersize=9)
        ax.text(1.15 * sizes[-1], 0.94 * values[-1], name, color=COLORS[color], va="top", fontweight="bold")
    for name, ratio in peaks.items():
        ax.axhline(ratio, color=PALE, linestyle=":", zorder=0)
        ax.text(sizes[0], ratio, f"{name}, peak to peak: {ratio:.0f}×", va="bottom")
    ax.set(xlim=(0.8 * sizes[0], 4 * sizes[-1]), ylim=(0, 1.15 * max(peaks.values())))
    ax.set_ylabel("how many times\nfaster the GPU is")
    ax.set_xticks(sizes, [str(n) for n in sizes])
    ax.minorticks_off()
    ax.set_xlabel("size n of the matrices (n, n)")
    show(
        fig,
        alt="How many times faster a GPU should be, against the size of the matrices: about once for small ones; for "
        "large ones, the lines of sum and product come near the ratios of the peaks.",
    )


def link(cpu_speed: float, link_speed: float, gpu_speed: float) -> None:
    """Draw the two processors, their memories, the link between them, and the GB/s of all three ways."""
    fig, ax = subplots(width=11.4, height=3.0)
    boxes: dict[str, Box] = {
        "ram": (0, 0, "data", "memory"),
        "cpu": (1.7, 0, "block", "CPU"),
        "gpu": (3.4, 0, "block", "GPU"),
        "vram": (5.1, 0, "data", "memory"),
    }
    arrows: list[Arrow] = [
        ("ram", "cpu"),
        ("cpu", "ram"),
        ("cpu", "gpu"),
        ("gpu", "cpu"),
        ("gpu", "vram"),
        ("vram", "gpu"),
    ]
    draw_blocks(ax, boxes, [*arrows, ("ram", "vram", -0.85)], box_width=0.8)
    for x, speed in ((0.85, cpu_speed), (2.55, link_speed), (4.25, gpu_speed)):
        ax.text(x, 0.2, f"{speed:.0f} GB/s", ha="center", va="center", fontsize=16)
    for x, name in ((0.85, "npx.cpu()"), (4.25, "npx.gpu(0)")):
        ax.text(x, 0.72, name, ha="center", va="center", family="monospace")
        ax.plot([x - 1.25, x + 1.25], [0.52, 0.52], color=INK, linewidth=1.5)
    ax.text(2.55, -0.68, "X.copyto(npx.gpu(0))", ha="center", va="center", family="monospace")
    ax.set_ylim(-1.0, 0.95)
    show(
        fig,
        alt=f"Memory, CPU, GPU, memory in a row: {cpu_speed:.0f} GB/s between the first two, {link_speed:.0f} between "
        f"CPU and GPU, {gpu_speed:.0f} between the last two. An arrow below leads from the first memory to the last: "
        "X.copyto(npx.gpu(0)).",
    )


def division() -> None:
    """Draw how a batch is divided among two devices, and how the gradients come together."""
    fig, ax = subplots(width=11.5, height=4.2)
    boxes: dict[str, Box] = {
        "batch": (0, 1, "data", "batch:\n64 examples"),
        "x0": (1.5, 2, "data", "32 on\ndevice 0"),
        "x1": (1.5, 0, "data", "32 on\ndevice 1"),
        "net0": (3, 2, "dense", "network,\na copy"),
        "net1": (3, 0, "dense", "network,\na copy"),
        "g0": (4.5, 2, "data", "gradient"),
        "g1": (4.5, 0, "data", "gradient"),
        "sum": (6, 1, "join", "+"),
        "step": (7.3, 1, "block", "the same\nstep, twice"),
    }
    arrows: list[Arrow] = [("batch", "x0", 2), ("batch", "x1", 0), ("x0", "net0"), ("x1", "net1")]
    arrows += [("net0", "g0"), ("net1", "g1")]
    draw_blocks(ax, boxes, [*arrows, ("g0", "sum", 2), ("g1", "sum", 0), ("sum", "step")], box_width=1.1)
    ax.set_xlim(-0.65, 7.95)
    show(
        fig,
        alt="A batch of 64 goes in halves to two devices. Each has a copy of the network and computes a gradient. The "
        "two are added, and both copies make the same step.",
    )


def timeline(computing: float, read: bool, number: int = 4) -> tuple[list[float], list[float], float]:
    """Return when each batch is prepared, when it is computed, and the end, if preparing a batch takes 1."""
    prepared: list[float] = []
    computed: list[float] = []
    python = engine = 0.0
    for _ in range(number):
        prepared.append(python)
        computed.append(max(python + 1, engine))  # the engine needs the batch, and to be free
        engine = computed[-1] + computing
        python = engine if read else python + 1
    return prepared, computed, max(python, engine)


def turns(ax: Axes, computing: float) -> None:
    """Draw Python and the engine over four batches: each result read (above), and read at the end (below)."""
    ends = []
    for read, height in ((True, 2.6), (False, 0.0)):
        prepared, computed, end = timeline(computing, read)
        ends.append(end)
        for starts, length, color, bottom in (
            (prepared, 1.0, "vermilion", height + 1),
            (computed, computing, "blue", height),
        ):
            bars = [(start, length) for start in starts]
            ax.broken_barh(bars, (bottom, 0.8), color=COLORS[color], edgecolor="white", linewidth=2.5)
        ax.plot([end, end], [height - 0.1, height + 1.9], color=INK, linestyle=":")
        words = "each result read" if read else "read at the end"
        ax.text(0.02 * end, height + 1.9, f"{words}: {end:g}", va="bottom")
    ax.set_title(f"computing = {computing:g} × preparing")
    ax.set(xlim=(0, 1.04 * max(ends)), ylim=(-0.2, 5.1), xticks=[], xlabel="time")
    ax.set_yticks([0.4, 1.4, 3.0, 4.0], ["engine", "Python"] * 2)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)


def reading(
    waiting: Sequence[float], computing: float, queuing: float, each: Sequence[float], at_end: Sequence[float]
) -> None:
    """Draw measured times of a batch against the time that Python waits for it, and what sum and maximum predict."""
    fig, ax = subplots(width=11.2, height=4.7)
    longest = max(waiting)
    steps = onp.linspace(0, longest, 100)
    for measured, predicted, color, marker, name in (
        (each, steps + computing, "vermilion", "o", "each result read"),
        (at_end, onp.maximum(steps + queuing, computing), "blue", "s", "read at the end"),
    ):
        ax.plot(1e3 * steps, 1e3 * predicted, "--", color=COLORS[color], linewidth=1.8)
        ax.plot([1e3 * t for t in waiting], [1e3 * t for t in measured], marker, color=COLORS[color], markersize=11)
        ax.text(1.03e3 * longest, 1e3 * float(predicted[-1]), name, color=COLORS[color], va="center", fontweight="bold")
    ax.set(xlabel="ms that Python waits for the disk, per batch", ylabel="ms per batch")
    ax.set(xlim=(-0.04e3 * longest, 1.32e3 * longest), ylim=(0, None))
    ax.grid(True, axis="y")
    show(
        fig,
        alt="Time per batch against the wait for the disk. With each result read, it is the sum of waiting and "
        "computing; read at the end, it stays near the longer of the two. Without a wait, both are about equal.",
    )


def _times(factor: float) -> str:
    return f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"


def gains(factors: Mapping[str, tuple[float, float]]) -> None:
    """Draw how many times faster the recorded GPU was, at least and at most, as bars on a logarithmic axis."""
    fig, ax = subplots(width=11.2, height=0.9 + 0.95 * len(factors))
    words = {name: f"{_times(low)} to {_times(high)}" for name, (low, high) in factors.items()}
    for name, (low, high) in factors.items():
        ax.barh(name, high - low, left=low, color=COLORS["vermilion"], height=0.5)
        ax.text(1.1 * high, name, f"{words[name]}×", va="center", fontsize=16)
    largest = max(high for _, high in factors.values())
    ax.set(xscale="log", xlim=(0.7, 6 * largest), xlabel="recorded on a GPU : measured on this machine")
    ticks = [tick for tick in (1, 10, 100, 1000) if tick < 6 * largest]
    ax.set_xticks(ticks, [f"{tick}×" for tick in ticks])
    ax.minorticks_off()
    ax.grid(True, axis="x")
    ax.invert_yaxis()
    ax.tick_params(axis="y", labelsize=16)
    named = ", ".join(f"{name} {text}" for name, text in words.items())
    show(fig, alt=f"Bars on a logarithmic axis, how many times faster the recorded GPU was: {named}.")
