"""Compare the course's MXNet with other libraries. benchmarks/README.md explains the rows.

    python benchmarks/run.py                         all rows
    python benchmarks/run.py product step            rows whose names begin with "product" or "step"
    python benchmarks/run.py --rounds 5 --json build/benchmarks.json

Each side of a row runs in a separate process, and the sides take turns, so that changes in the machine's load affect
all of them. A result is the median over all samples; the spread is from the lowest to the highest. The ratio is ours
over theirs or, for seconds, theirs over ours, so ours is better if the ratio is above 1. A side whose package is not
installed, or which fails, is reported as such and skipped. The exit status is 1 if a side failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = "mxnet"
PACKAGES = {
    "torch": "torch",
    "mxnet": "mxnet",
    "gluon": "d2l",
    "numpy": "numpy",
    "imports": "mxnet",
}  # name of a side -> package that it needs


@dataclass(frozen=True)
class Side:
    """One side of a comparison: measure_NAME.py with its arguments."""

    name: str
    arguments: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Row:
    """Our side, and other sides with the ratio that we want to reach; None if they should be equal."""

    name: str
    unit: str
    ours: Side
    others: tuple[tuple[Side, float | None], ...]
    less_is_better: bool = False
    limit: float | None = None  # target of a row without other sides


def step_row(network: str) -> Row:
    """Return the row that compares the training steps of a network with PyTorch's."""
    arguments = ("step", network)
    theirs = Side("torch", arguments, "PyTorch")
    return Row(f"step {network}", "img/s", Side(OURS, arguments, "MXNet"), ((theirs, 1.0),))


def hybridized_row(network: str) -> Row:
    """Return the row of the training steps of a network and a loss that Gluon compiles into one graph each."""
    ours = Side(OURS, ("step", network, "", "compiled"), "MXNet, hybridized")
    return Row(f"hybridized {network}", "img/s", ours, step_row(network).others)


def epoch_row(network: str, target: float) -> Row:
    """Return the row that compares an epoch, including data and logging, with d2l's."""
    arguments = ("epoch", network)
    return Row(f"epoch {network}", "img/s", Side(OURS, arguments, "fit"), ((Side("gluon", arguments, "d2l"), target),))


def setup_row(work: tuple[str, ...], unit: str) -> Row:
    """Return the row that compares our threads, memory settings, and kernels with MXNet's own."""
    theirs = Side("gluon", work, "MXNet's own choice")
    return Row(f"set-up {work[-1]}", unit, Side(OURS, work, "d2lhelpers' choice"), ((theirs, 0.95),))


def accuracy_row(network: str) -> Row:
    """Return the row that compares the test accuracy after the same training, over five seeds."""
    arguments = ("accuracy", network)
    others = ((Side("gluon", arguments, "d2l"), None), (Side("torch", arguments, "PyTorch"), None))
    return Row(f"accuracy {network}", "", Side(OURS, arguments, "fit"), others)


def pretrained_row(batch_size: int) -> Row:
    """Return the row of the images per second that the pretrained network recognizes."""
    return Row(
        f"pretrained {batch_size}", "img/s", Side(OURS, ("pretrained", str(batch_size)), "MXNet, hybridized"), ()
    )


def data_row(source: str) -> Row:
    """Return the row of the images per second that are read from the package and given out in batches."""
    return Row(f"data {source}", "img/s", Side(OURS, ("data", source), "load_data"), ())


def import_row(what: str, title: str) -> Row:
    """Return the row that compares the seconds from the start of Python."""
    theirs = Side("imports", ("d2l",), "import d2l")
    return Row(f"start {what}", "s", Side("imports", (what,), title), ((theirs, 1.0),), less_is_better=True)


ROWS = (
    Row(
        "product 1024²",
        "GFLOP/s",
        Side(OURS, ("product",), "MXNet"),
        (
            (Side("torch", ("product",), "PyTorch"), 1.0),
            (Side("numpy", ("product", "float64"), "NumPy float64"), 1.9),
            (Side("numpy", ("product", "float32"), "NumPy float32"), 0.95),
        ),
    ),
    Row("dispatch", "of the time to compute", Side(OURS, ("dispatch",), "MXNet, 200 products"), (), limit=0.01),
    Row(
        "loader",
        "img/s",
        Side(OURS, ("loader",), "ArrayLoader"),
        (
            (Side("gluon", ("loader", "0"), "Gluon, no worker"), 10.0),
            (Side("gluon", ("loader", "4"), "Gluon, 4 workers"), 10.0),
            (Side("torch", ("transformed",), "PyTorch, by image"), 10.0),
            (Side("torch", ("loader",), "PyTorch, tensors"), 1.0),
        ),
    ),
    *(data_row(source) for source in ("mnist", "fashion_mnist", "emoji")),
    epoch_row("softmax", 8.0),
    epoch_row("MLP", 4.0),
    epoch_row("LeNet", 1.5),
    *(step_row(network) for network in ("MLP", "LeNet", "AlexNet", "VGG-11", "GoogLeNet", "ResNet-18")),
    *(hybridized_row(network) for network in ("MLP", "LeNet")),
    *(pretrained_row(batch_size) for batch_size in (1, 32)),
    setup_row(("product",), "GFLOP/s"),
    *(setup_row(("step", network), "img/s") for network in ("softmax", "MLP", "LeNet", "ResNet-18")),
    accuracy_row("softmax"),
    accuracy_row("MLP"),
    import_row("d2lhelpers", "import d2lhelpers"),
    import_row("mxnet", "with mxnet ready"),
    import_row("plot", "first plot of 01"),
)


def measure(name: str, *arguments: str, **environment: str) -> list[float]:
    """Run measure_NAME.py in a new process, and return its samples; raise RuntimeError with its message if it fails."""
    run = subprocess.run(
        [sys.executable, str(HERE / f"measure_{name}.py"), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "MPLBACKEND": "Agg", **environment},
    )
    if run.returncode != 0:
        raise RuntimeError(f"measure_{name}.py {' '.join(arguments)} failed:\n{run.stderr[-2000:]}")
    return list(json.loads(run.stdout.splitlines()[-1]))


def compare(row: Row, rounds: int) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Measure the sides of a row in turns; return the samples, and why others are missing, by the sides' titles."""
    sides = [row.ours, *(side for side, _ in row.others)]
    missing = {side.title: "not installed" for side in sides if not find_spec(PACKAGES[side.name])}
    samples: dict[str, list[float]] = {side.title: [] for side in sides if side.title not in missing}
    for _ in range(rounds):
        for side in sides:
            if side.title in missing:
                continue
            try:
                samples[side.title] += measure(side.name, *side.arguments)
            except RuntimeError as error:
                print(f"{row.name}, {side.title}: {error}", file=sys.stderr)
                missing[side.title] = "failed"
                del samples[side.title]
    return samples, missing


def print_row(row: Row, samples: dict[str, list[float]], missing: dict[str, str]) -> None:
    """Print a line for each side: median, spread, ratio and target."""
    ours = samples.get(row.ours.title)
    targets = {side.title: target for side, target in row.others}
    for title in (row.ours.title, *targets):
        if title in missing:
            print(f"{row.name:<17} {title:<22} {missing[title]}", flush=True)
            continue
        middle = statistics.median(samples[title])
        spread = f"{min(samples[title]):,.4g} to {max(samples[title]):,.4g}"
        verdict = f"(target {row.limit} or less)" if row.limit else ""
        if title in targets and ours:
            ratio = statistics.median(ours) / middle
            better = 1 / ratio if row.less_is_better else ratio
            verdict = f"{better:6.2f}  ({judge(middle, ours, targets[title])})"
        print(f"{row.name:<17} {title:<22} {middle:>10,.4g} {row.unit:<10} {spread:<22} {verdict}".rstrip(), flush=True)


def judge(theirs: float, ours: list[float], target: float | None) -> str:
    """Return the target as text or, without one, whether their median lies within our samples."""
    if target is not None:
        return f"target {target}"
    return f"{'within' if min(ours) <= theirs <= max(ours) else 'OUTSIDE'} the spread of ours"


def machine() -> dict[str, str]:
    """Describe this machine, and the versions that are compared."""
    facts = {"system": platform.platform(), "python": platform.python_version(), "cores": str(os.cpu_count())}
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        facts["processor"] = names[0] if names else "unknown"
    for package in ("numpy", "mxnet", "d2l", "torch"):
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "not installed"
    return facts


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help=f"of: {', '.join(row.name for row in ROWS)}")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side's process is started (3)")
    parser.add_argument("--json", type=Path, help="also write all samples to this file")
    options = parser.parse_args(arguments)
    rows = [row for row in ROWS if not options.rows or row.name.startswith(tuple(options.rows))]
    if not rows or options.rounds < 1:
        parser.error("no such row" if not rows else "--rounds: 1 or more")
    facts = machine()
    print(*(f"{name}: {value}" for name, value in facts.items()), sep="\n")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
    results = []
    failed = False
    for row in rows:
        samples, missing = compare(row, options.rounds)
        print_row(row, samples, missing)
        failed = failed or "failed" in missing.values()
        results.append({**asdict(row), "samples": samples, "missing": missing})
        if options.json:  # after each row, so that an interruption loses only one
            options.json.write_text(json.dumps({"machine": facts, "rows": results}, indent=1) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
