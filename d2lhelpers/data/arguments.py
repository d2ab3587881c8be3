"""Checks of arguments, and random streams, for the functions of this package."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as onp

MAX_SEED = 2**32 - 1


def whole_number(name: str, value: Any, low: int, high: int | None = None) -> int:
    """Return `value` as a Python int if it is an integer from `low` to `high`.

    Raises
    ------
    TypeError
        If `value` is not an integer. True and 2.0 are refused because they are more often a mistake than intended.
    ValueError
        If it is out of range.

    >>> whole_number("batch_size", 32, low=1)
    32
    >>> whole_number("batch_size", 0, low=1)
    Traceback (most recent call last):
        ...
    ValueError: batch_size=0: must be a whole number, 1 or more
    """
    wanted = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
    message = f"{name}={shown(value)}: must be a whole number, {wanted}"
    if isinstance(value, (bool, onp.bool_)):
        raise TypeError(message)
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(message) from None
    if number < low or (high is not None and number > high):
        raise ValueError(message)
    return number


def one_of(name: str, value: Any, allowed: Sequence[str]) -> str:
    """Return `value` if it is one of the allowed strings, or raise ValueError.

    >>> one_of("name", "alic", ("alice", "as_you_like_it"))
    Traceback (most recent call last):
        ...
    ValueError: name='alic': choose 'alice' or 'as_you_like_it'
    """
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name}={shown(value)}: choose {' or '.join(map(repr, allowed))}")
    return value


def shown(value: Any) -> str:
    """Return `repr(value)`, shortened to fit into a message."""
    text = repr(value)
    return text if len(text) <= 100 else text[:97] + "..."


def random_stream(seed: int, *path: int) -> onp.random.RandomState:
    """Start a stream of random numbers that depends only on `seed` and `path` (such as the number of the epoch).

    NumPy guarantees that the streams of RandomState never change (NEP 19), so a seed gives the same data and the same
    order with every version. The streams of its successor, `numpy.random.default_rng`, may change with a release.
    """
    return onp.random.RandomState([whole_number("seed", seed, 0, MAX_SEED), *path])
