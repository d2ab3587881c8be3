"""``np.percentile`` and ``np.quantile``, which NumPy computes, except while MXNet records.

MXNet's operator rejects integers, single numbers, and lists of positions, partly only when a later line waits; it
returns what happens to be in memory for empty arrays, ignores nan, reads beyond the array if a position is out of
range, and has no gradient.
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
    names["percentile"] = _unless_recording(names["percentile"], numpy.percentile, 100)
    names["quantile"] = _unless_recording(names["quantile"], numpy.quantile, 1)


def _unless_recording(quantile: Callable[..., Any], numpys: Callable[..., Any], highest: int) -> Callable[..., Any]:
    def computed(
        a: Any,
        q: Any,
        axis: Any = None,
        out: Any = None,
        overwrite_input: Any = None,
        interpolation: str = "linear",
        keepdims: bool = False,
    ) -> Any:
        from mxnet import autograd, np

        if not autograd.is_recording():
            return by_numpy(numpys, a, q, axis, method=interpolation, keepdims=keepdims, out=out)
        q = np.array(q) if isinstance(q, (list, tuple)) else q
        positions = numpy.asarray(q)
        if not ((positions >= 0) & (positions <= highest)).all():
            raise ValueError(f"np.{numpys.__name__}: q must be from 0 to {highest}, but is {positions}.")
        return quantile(a, q, axis, out, overwrite_input, interpolation, keepdims)

    computed.__name__ = numpys.__name__
    return computed
