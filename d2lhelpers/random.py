"""Random numbers that are the same in every run."""

import random

import mxnet
import numpy as np

from d2lhelpers.arguments import MAX_SEED, check_integer


def seed(n: int) -> None:
    """Seed the random numbers of Python, NumPy, and MXNet.

    Parameters
    ----------
    n : int
        From 0 to 4,294,967,295, NumPy's limit.

    Examples
    --------
    >>> seed(1)
    >>> first = random.random()
    >>> seed(1)
    >>> random.random() == first
    True
    """
    number = check_integer("seed", n, 0, MAX_SEED)
    random.seed(number)
    np.random.seed(number)
    mxnet.random.seed(number)


def random_stream(seed: int, *path: int) -> np.random.RandomState:
    """Start a stream of random numbers that depends only on `seed` and `path` (such as the epoch number).

    NumPy guarantees that the streams of RandomState never change (NEP 19), so a seed gives the same data in the same
    order with every version. The streams of its successor, `numpy.random.default_rng`, may change between releases.
    """
    return np.random.RandomState([check_integer("seed", seed, 0, MAX_SEED), *path])
