"""``np.average``: integers are cut off, weights of another type are rejected, and infinite numbers give nan."""

from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["average"]

    def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, out: Any = None) -> Any:
        """Return the weighted mean."""
        if numpy.dtype(a.dtype).kind != "f":
            a = a.astype("float32")
        if weights is None:
            if not returned:
                return names["mean"](a, axis, out=out)
            weights = names["ones_like"](a)
        return original(a, axis, weights.astype(a.dtype, copy=False), returned, out)

    names["average"] = average
