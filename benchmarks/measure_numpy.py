"""Measure NumPy's side. run.py runs this in a separate process."""

from __future__ import annotations

import sys

import numpy as np
import timing


def product(dtype: str) -> list[float]:
    """Return the GFLOP/s of 1024² products."""
    random = np.random.RandomState(0)
    A, B = (random.uniform(size=(1024, 1024)).astype(dtype) for _ in range(2))

    def work() -> None:
        for _ in range(20):
            A @ B

    return timing.rates(work, 20 * 2 * 1024**3 / 1e9)


if __name__ == "__main__":
    timing.main(sys.argv[1:], {"product": product})
