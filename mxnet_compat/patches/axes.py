"""Negative axes of ``np.cumsum`` and ``np.flip``, which MXNet rejects only when a later line waits for the result.

The same for axes that an array doesn't have, for which NumPy raises its ``AxisError`` at once. In ``np.moveaxis``, they
end the process.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.numpy._register", "mxnet.ndarray.numpy._register")

_AxisError = getattr(numpy, "exceptions", numpy).AxisError


def apply(module: ModuleType) -> None:
    """Replace the functions of the module `_op` beside the one that has just made them."""
    names = vars(sys.modules[module.__name__.replace("_register", "_op")])
    for name in ("cumsum", "flip"):
        if name in names:
            names[name] = _with_checked_axis(names[name])
    if "moveaxis" in names:
        names["moveaxis"] = _with_checked_axes(names["moveaxis"])


def _with_checked_axis(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def checked(array: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(axis, (int, numpy.integer)):
            axis = checked_axis(int(axis), array.ndim)
        elif axis is not None:
            axis = tuple(checked_axis(one, array.ndim) for one in axis)
        return function(array, axis, *args, **kwargs)

    return checked


def _with_checked_axes(moveaxis: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(moveaxis)
    def checked(a: Any, source: Any, destination: Any) -> Any:
        ndim = a.ndim
        for axes in (source, destination):
            for axis in axes if isinstance(axes, (list, tuple)) else (axes,):
                checked_axis(axis, ndim)
        return moveaxis(a, source, destination)

    return checked


def checked_axis(axis: int, ndim: int) -> int:
    """Return the axis counted from the first one, or raise NumPy's error if there is no such axis."""
    if not -ndim <= axis < ndim:
        raise _AxisError(axis, ndim)
    return axis % ndim
