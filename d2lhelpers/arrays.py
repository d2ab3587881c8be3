"""Conversion between MXNet arrays and NumPy."""

from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx


def to_numpy(values: Any, dtype: Any = None) -> onp.ndarray:
    """Return an MXNet or NumPy array, a number, or a nested list as a NumPy array.

    Examples
    --------
    >>> to_numpy([1, 2], dtype="float64")
    array([1., 2.])
    """
    return onp.asarray(values.asnumpy() if hasattr(values, "asnumpy") else values, dtype=dtype)


def to_planes(picture: onp.ndarray) -> Any:
    """Return a picture (height, width, channels) as an MXNet array (channels, height, width), float32 on the CPU."""
    npx.set_np()
    return np.array(onp.ascontiguousarray(picture.transpose(2, 0, 1)), dtype="float32", ctx=npx.cpu())
