"""``np.linalg.norm`` of integers and empty arrays, and the largest or smallest absolute value (``ord=inf``, ``-inf``).

Norms of integers were integers, and the others failed, mostly only when a later line waited for the result.
"""

import math
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import FLOATS, by_numpy, make_is_empty, make_type_number

MODULES = ("mxnet.ndarray.numpy.linalg",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["norm"]
    type_number, is_empty = make_type_number(), make_is_empty()

    def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
        """Return the norm of a vector or a matrix, or of several."""
        if type_number(x) not in FLOATS or is_empty(x):
            return by_numpy(numpy.linalg.norm, x, ord, axis, keepdims)
        if ord in (math.inf, -math.inf) and (x.ndim == 1 or isinstance(axis, int)):
            along = 0 if axis is None else axis
            size = numpy.abs(x)
            return size.max(along, keepdims=keepdims) if ord > 0 else size.min(along, keepdims=keepdims)
        if ord is not None and axis is None and x.ndim == 2:
            axis = (0, 1)
        return original(x, ord, axis, keepdims)

    names["norm"] = norm
