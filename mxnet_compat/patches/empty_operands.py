"""``np.where`` and ``np.polyval`` with an array without entries, which end the process, or give a wrong shape."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy, make_is_empty

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the two functions."""
    names = vars(module)
    names["where"] = _checked_where(names["where"], names)
    names["polyval"] = _checked_polyval(names["polyval"], names["NDArray"])


def _checked_where(where: Callable[..., Any], names: dict[str, Any]) -> Callable[..., Any]:
    array_type, is_empty = names["NDArray"], make_is_empty()

    @functools.wraps(where)
    def checked(condition: Any, x: Any = None, y: Any = None) -> Any:
        if x is not None and y is not None:
            for array in (condition, x, y):
                if isinstance(array, array_type) and is_empty(array):
                    return by_numpy(numpy.where, condition, x, y)  # refused while recording: a gradient of garbage
        return where(condition, x, y)

    return checked


def _checked_polyval(polyval: Callable[..., Any], array_type: Any) -> Callable[..., Any]:
    @functools.wraps(polyval)
    def checked(p: Any, x: Any) -> Any:
        from mxnet import autograd

        if autograd.is_recording() and any(isinstance(array, array_type) and 0 in array.shape for array in (p, x)):
            return by_numpy(numpy.polyval, p, x)  # the gradient would end the process
        return polyval(p, x)

    return checked
