"""Conversion of MXNet arrays to NumPy."""

from typing import Any

import numpy as np


def to_numpy(values: Any, dtype: Any = None) -> np.ndarray:
    """Return an MXNet or NumPy array, a number, or a nested list as a NumPy array.

    Examples
    --------
    >>> to_numpy([1, 2], dtype="float64")
    array([1., 2.])
    """
    return np.asarray(values.asnumpy() if hasattr(values, "asnumpy") else values, dtype=dtype)
