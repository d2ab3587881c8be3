"""Measure how training speed depends on examples, batch size, and cores, and draw it to benchmarks/growth.svg.

    python benchmarks/growth.py

- Examples: seconds per epoch of `fit` with 2,000 to 60,000 images. The time should be proportional to the number of
  images, so a dotted line through the origin and the last point shows that.
- Batch: training images per second with 16 to 1,024 images in a batch.
- Cores: training images per second with 1 to all cores, relative to one core. The dashed line is the ideal.

Every point is the best of three processes, each of which measures several times (timing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import run
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from mxnet_compat.threads import usable_cores

HERE = Path(__file__).resolve().parent
NETWORKS = ("MLP", "LeNet")
EXAMPLES = (2_000, 5_000, 10_000, 20_000, 40_000, 60_000)
BATCHES = (16, 32, 64, 128, 256, 512, 1_024)
ROUNDS = 3

Curves = dict[str, list[float]]  # name of a network -> images per second at each value


def measure_rate(*arguments: object, cores: int | None = None) -> float:
    """Run measure_mxnet.py with these arguments, and return its best sample."""
    return max(run.measure("mxnet", *map(str, arguments), OMP_NUM_THREADS=str(cores or usable_cores())))


def best_rates(values: Sequence[int], measure: Callable[[int], float], title: str) -> list[float]:
    """Measure all values in turns, so that a slow minute does not affect only one of them; return the best of each."""
    rounds = [[measure(value) for value in values] for _ in range(ROUNDS)]
    best = [max(rates) for rates in zip(*rounds, strict=True)]
    print(
        title, *(f"{value:,}: {rate:,.4g}" for value, rate in zip(values, best, strict=True)), sep="\n    ", flush=True
    )
    return best


def draw(by_examples: Curves, by_batch: Curves, by_cores: Curves) -> Figure:
    """Draw the rates of each network, which are in images per second."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    for name, rates in by_examples.items():
        seconds = [count / rate for count, rate in zip(EXAMPLES, rates, strict=True)]
        (line,) = left.plot(EXAMPLES, seconds, "o-", label=name)
        left.plot([0, EXAMPLES[-1]], [0, seconds[-1]], ":", color=line.get_color())
    for name, rates in by_batch.items():
        middle.plot(BATCHES, rates, "o-", label=name)
    cores = range(1, usable_cores() + 1)
    for name, rates in by_cores.items():
        right.plot(cores, [rate / rates[0] for rate in rates], "o-", label=name)
    right.plot(cores, cores, "--", color="gray", label="in proportion")

    left.set(xlabel="examples", ylabel="seconds an epoch", title="An epoch, by examples")
    left.set(xticks=range(0, EXAMPLES[-1] + 1, 20_000))
    middle.set(xlabel="images in a batch", ylabel="images a second", title="Training speed, by batch size")
    middle.set(xscale="log", yscale="log", xticks=BATCHES, xticklabels=BATCHES)
    right.set(xlabel="cores", ylabel="times the speed of one", title="Training speed, by cores", xticks=cores)
    for axes in (left, middle, right):
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def main() -> None:
    by_examples, by_batch, by_cores = {}, {}, {}
    for name in NETWORKS:
        by_examples[name] = best_rates(EXAMPLES, partial(measure_rate, "epoch", name), f"{name}, img/s by examples")
        by_batch[name] = best_rates(BATCHES, partial(measure_rate, "step", name), f"{name}, img/s by batch size")
    for name in (*NETWORKS, "ResNet-18"):
        by_cores[name] = measure_cores(name)
    save(draw(by_examples, by_batch, by_cores))


def measure_cores(name: str) -> list[float]:
    """Measure a network's training steps with 1 to all cores."""
    cores = range(1, usable_cores() + 1)
    return best_rates(cores, lambda count: measure_rate("step", name, cores=count), f"{name}, img/s by cores")


def save(figure: Figure) -> None:
    """Write the picture. The same rates give the same bytes."""
    with plt.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none"}):
        figure.savefig(HERE / "growth.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
