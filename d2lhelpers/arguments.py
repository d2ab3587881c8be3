"""Argument checks that several modules share."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as onp

MAX_SEED = 2**32 - 1  # NumPy's limit


def check_integer(name: str, value: Any, minimum: int, maximum: int | None = None) -> int:
    """Return `value` as an int if it is an integer from `minimum` to `maximum`; else raise TypeError or ValueError.

    NumPy integers and MXNet scalars with whole values are accepted; True and 2.0 are usually mistakes, and are not.

    >>> check_integer("batch_size", 0, minimum=1)
    Traceback (most recent call last):
        ...
    ValueError: batch_size=0: must be a whole number, 1 or more
    """
    wanted = f"{minimum:,} or more" if maximum is None else f"{minimum:,} to {maximum:,}"
    message = f"{name}={shorten(value)}: must be a whole number, {wanted}"
    value = _from_mxnet(value)
    if isinstance(value, bool | onp.bool_):
        raise TypeError(message)
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(message) from None
    if number < minimum or (maximum is not None and number > maximum):
        raise ValueError(message)
    return number


def check_positive(name: str, value: Any) -> float:
    """Return `value` as a Python float if it is a finite number above 0; raise TypeError or ValueError otherwise."""
    message = f"{name}={shorten(value)}: must be a number greater than 0"
    value = _from_mxnet(value)
    if isinstance(value, bool | onp.bool_) or not hasattr(value, "__float__") or getattr(value, "shape", ()) != ():
        raise TypeError(message)
    number = float(value)
    if not (number > 0 and math.isfinite(number)):
        raise ValueError(message)
    return number


def check_choice(name: str, value: Any, allowed: Sequence[str]) -> str:
    """Return `value` if it is one of the allowed strings; raise ValueError otherwise.

    >>> check_choice("name", "alic", ("alice", "as_you_like_it"))
    Traceback (most recent call last):
        ...
    ValueError: name='alic': choose 'alice' or 'as_you_like_it'
    """
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name}={shorten(value)}: choose {' or '.join(map(repr, allowed))}")
    return value


def shorten(value: Any) -> str:
    """Return `repr(value)` for a message, cut off if it is long."""
    if isinstance(value, int) and value.bit_length() > 1000:  # Python refuses to print more than 4,300 digits
        return f"a number of {value.bit_length():,} bits"
    text = repr(value)
    return text if len(text) <= 100 else text[:97] + "..."


def _from_mxnet(value: Any) -> Any:
    """Return MXNet's scalars as Python numbers: they are float32 by default, even if they are whole numbers."""
    if not hasattr(value, "asnumpy") or value.shape != ():
        return value
    number = value.item()
    return int(number) if isinstance(number, float) and number.is_integer() else number
