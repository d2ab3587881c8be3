"""What the sides of a benchmark share: warm-up, repeats, synthetic data, and the report to run.py."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np

Array = np.ndarray

SEEDS = range(5)
REPEATS = 5
SECONDS = 0.7  # minimum duration of one repeat


class Stopwatch:
    """Measures the seconds that the body of a `with` statement takes."""

    seconds: float

    def __enter__(self) -> Stopwatch:
        self.start = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self.start


def rates(work: Callable[[], Any], amount: float) -> list[float]:
    """Do the work once to warm up, then in REPEATS samples of SECONDS or more; return `amount` per second for each."""
    work()
    with Stopwatch() as once:
        work()
    times = max(1, round(SECONDS / once.seconds))
    samples = []
    for _ in range(REPEATS):
        with Stopwatch() as watch:
            for _ in range(times):
                work()
        samples.append(times * amount / watch.seconds)
    return samples


def single_rates(work: Callable[[], Any], amount: float) -> list[float]:
    """Do the work REPEATS times, without warm-up; return `amount` per second for each. For work that takes seconds."""
    samples = []
    for _ in range(REPEATS):
        with Stopwatch() as watch:
            work()
        samples.append(amount / watch.seconds)
    return samples


def made_images(count: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    """Make images (count, 1, 28, 28), float32 in [0, 1], and their labels, for ten classes that can be learned.

    Each class has a coarse random picture, and each image is the picture of its class with noise added.
    """
    random = np.random.RandomState(0)
    classes = random.uniform(size=(10, 7, 7)).repeat(4, axis=1).repeat(4, axis=2)
    labels = random.randint(0, 10, count).astype("int32")
    images = np.empty((count, 1, 28, 28), dtype="float32")
    for start in range(0, count, 1000):
        part = labels[start : start + 1000]
        noise = random.uniform(size=(len(part), 28, 28))
        images[start : start + 1000, 0] = 0.3 * classes[part] + 0.7 * noise
    return images, labels


def mnist() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the first 6,000 images of MNIST to train on and 1,000 to test, (n, 1, 28, 28) in [0, 1], with labels."""
    from d2lhelpers import load_images

    train, test = (load_images(train=train, size=size) for train, size in ((True, 6000), (False, 1000)))
    return tuple(array.asnumpy() for array in train), tuple(array.asnumpy() for array in test)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep curves and progress out of the report. They are still computed and printed, but not shown."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def main(arguments: Sequence[str], works: Mapping[str, Callable[..., list[float]]]) -> None:
    """Do the work that the command line names, and print its samples as the last line."""
    samples = works[arguments[0]](*arguments[1:])
    print(json.dumps(samples), file=sys.__stdout__)
