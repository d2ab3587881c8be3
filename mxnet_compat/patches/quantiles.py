"""``np.percentile`` and ``np.quantile``, which NumPy computes.

MXNet's operator rejects integers, single numbers, and lists of positions, partly only when a later line waits; it
returns what happens to be in memory for empty arrays, ignores nan, and has no gradient.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace both functions."""
    names = vars(module)
    names["percentile"] = _computed_by(numpy.percentile)
    names["quantile"] = _computed_by(numpy.quantile)


def _computed_by(quantile: Callable[..., Any]) -> Callable[..., Any]:
    def computed(
        a: Any,
        q: Any,
        axis: Any = None,
        out: Any = None,
        overwrite_input: Any = None,
        interpolation: str = "linear",
        keepdims: bool = False,
    ) -> Any:
        return by_numpy(quantile, a, q, axis, method=interpolation, keepdims=keepdims, out=out)

    computed.__name__ = quantile.__name__
    return computed
