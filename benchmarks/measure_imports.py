"""Measure the seconds from the start of Python until something is imported or drawn. run.py runs this."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import timing

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "01-ndarray.ipynb"


def started(code: str) -> list[float]:
    """Return how many seconds Python takes to start and run the code."""
    samples = []
    for _ in range(timing.REPEATS + 1):
        with timing.Stopwatch() as watch:
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        samples.append(watch.seconds)
    return samples[1:]  # the first run brings the files into the system's cache


def first_plot() -> list[float]:
    """Return how many seconds it takes to run notebook 01 up to its first picture."""
    code = []
    for cell in json.loads(NOTEBOOK.read_text())["cells"]:
        if cell["cell_type"] == "code":
            code.append("".join(cell["source"]))
            if any("image/" in " ".join(output.get("data", {})) for output in cell["outputs"]):
                break
    return started("\n".join(code))


if __name__ == "__main__":
    timing.main(
        sys.argv[1:],
        {
            "d2lhelpers": lambda: started("import d2lhelpers"),
            "mxnet": lambda: started(
                "import d2lhelpers; from mxnet import np, npx; npx.set_np(); np.ones(3).asnumpy()"
            ),
            "plot": first_plot,
            "d2l": lambda: started("from d2l import mxnet as d2l"),
        },
    )
