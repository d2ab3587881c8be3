"""How training speed grows with examples, batch size and cores; drawn to benchmarks/growth.svg.

    python benchmarks/growth.py

- Examples: seconds of an epoch of `fit` over 2,000 to 60,000 images. More images cost more in proportion: the line
  through the largest measurement and the origin is drawn as well.
- Batch: training images a second with 16 to 1,024 images in a batch.
- Cores: training images a second with 1 to all cores, as a multiple of one core's; dashed, the best that could be.

Every point is the best of three processes, each of which measures several times (timing.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from d2lhelpers.runtime import usable_cores

HERE = Path(__file__).resolve().parent
NETWORKS = ("MLP", "LeNet")
EXAMPLES = (2_000, 5_000, 10_000, 20_000, 40_000, 60_000)
BATCHES = (16, 32, 64, 128, 256, 512, 1_024)


def best(*arguments: object, cores: int | None = None) -> float:
    """Return the best sample of three processes of measure_mxnet.py with these arguments."""
    command = [sys.executable, str(HERE / "measure_mxnet.py"), *map(str, arguments)]
    threads = {"OMP_NUM_THREADS": str(cores or usable_cores())}
    samples = []
    for _ in range(3):
        run = subprocess.run(command, env={**os.environ, **threads}, capture_output=True, text=True, check=True)
        samples += json.loads(run.stdout.splitlines()[-1])
    return max(samples)


def curve(values: tuple[int, ...], measure: Callable[[int], float], title: str) -> list[float]:
    """Measure at each value, and print the figures."""
    measured = [measure(value) for value in values]
    print(title, *(f"{value:,}: {figure:,.4g}" for value, figure in zip(values, measured, strict=True)), sep="\n    ")
    return measured


def main() -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 11})
    cores = tuple(range(1, usable_cores() + 1))
    figure, (by_examples, by_batch, by_cores) = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    for name in NETWORKS:
        seconds = curve(EXAMPLES, lambda count, name=name: count / best("epoch", name, count), f"{name}, s an epoch")
        (line,) = by_examples.plot(EXAMPLES, seconds, "o-", label=name)
        by_examples.plot([0, EXAMPLES[-1]], [0, seconds[-1]], ":", color=line.get_color())
        rates = curve(BATCHES, lambda batch, name=name: best("step", name, batch), f"{name}, img/s by batch")
        by_batch.plot(BATCHES, rates, "o-", label=name)
    for name in (*NETWORKS, "ResNet-18"):
        rates = curve(cores, lambda count, name=name: best("step", name, cores=count), f"{name}, img/s by cores")
        by_cores.plot(cores, [rate / rates[0] for rate in rates], "o-", label=name)
    by_cores.plot(cores, cores, "--", color="gray", label="in proportion")

    by_examples.set(xlabel="examples", ylabel="seconds an epoch", title="An epoch, by examples")
    by_batch.set(xlabel="images in a batch", ylabel="images a second", title="Training speed, by batch size")
    by_batch.set(xscale="log", yscale="log", xticks=BATCHES, xticklabels=BATCHES)
    by_cores.set(xlabel="cores", ylabel="times the speed of one", title="Training speed, by cores", xticks=cores)
    for axes in (by_examples, by_batch, by_cores):
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(HERE / "growth.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
