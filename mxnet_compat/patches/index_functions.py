"""Functions that are given indices: ``np.take``, ``np.delete``, ``np.insert``, ``np.unravel_index``, ``np.resize``, ...

MXNet's ``np.take`` rejects negative indices and those that are too large only when a later line waits for the result,
and cuts off fractions (apache/mxnet#15933). ``np.delete`` and ``np.insert`` ignore such indices or hang, and take no
lists; the others reject them later, too. Here, NumPy checks the indices of ``np.take`` before MXNet gets them, and
computes the other functions, which have no gradient in MXNet. (``np.diagflat`` of a single number was an error.)
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat import keys
from mxnet_compat.conversion import by_numpy
from mxnet_compat.patches.axes import checked_axis

MODULES = ("mxnet.ndarray.numpy._op", "mxnet.numpy._register", "mxnet.ndarray.numpy._register")


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    if module.__name__ == "mxnet.ndarray.numpy._op":
        names = vars(module)
        names["take"] = _make_take(names)
        names["resize"] = _make_resize(names["resize"])
        for function in (delete, insert, unravel_index, bincount):
            names[function.__name__] = function
        return
    names = vars(sys.modules[module.__name__.replace("_register", "_op")])
    if "diagflat" in names:
        names["diagflat"] = _also_of_numbers(names["diagflat"])


def _make_take(names: dict[str, Any]) -> Callable[..., Any]:
    operators, array_type = names["_npi"], names["NDArray"]
    package = sys.modules["mxnet"]

    def take(a: Any, indices: Any, axis: int | None = None, mode: str = "raise", out: Any = None) -> Any:
        """Take elements from an array along an axis; NumPy's function.

        The modes "clip" and "wrap" don't wait for an MXNet array of integers.
        """
        if mode not in ("raise", "clip", "wrap"):
            raise ValueError(f"np.take: mode is 'raise', 'clip', or 'wrap', not {mode!r}")
        if not isinstance(a, array_type):
            return by_numpy(numpy.take, a, indices, axis, out=out, mode=mode)
        if axis is None or not a.ndim:
            checked_axis(axis or 0, a.ndim or 1)
            a, axis = operators.reshape(a, -1), 0
        axis = checked_axis(axis, a.ndim)
        size = a.shape[axis]
        integers = isinstance(indices, array_type) and indices.dtype in (numpy.int32, numpy.int64)
        if mode == "raise" or not integers:
            given = keys.plain(indices)
            checked = _checked(given, size, axis, mode)
            if not integers or checked is not given:
                indices = checked
            mode = "clip"
        if not size and 0 not in indices.shape:
            raise IndexError(f"np.take: axis {axis} is empty; the shape is {a.shape}")
        if 0 in a.shape:
            return a.reshape(a.shape[:axis] + indices.shape + a.shape[axis + 1 :])
        if not isinstance(indices, array_type):
            positions = package.np.empty(indices.shape, dtype="int64", ctx=a.ctx)
            positions._sync_copyfrom(indices)
            indices = positions
        return operators.take(a, indices, axis, mode, out)

    return take


def _checked(indices: Any, size: int, axis: int, mode: str) -> Any:
    """Return indices as NumPy's integers that count from the first entry: the same array if they do so already."""
    if not isinstance(indices, numpy.ndarray) or indices.dtype.kind != "i":
        indices = numpy.asarray(indices).astype(numpy.int64)
    if mode == "raise":
        keys.check_range(indices, size, f"axis {axis}")
        return numpy.where(indices < 0, indices + size, indices) if (indices < 0).any() else indices
    return indices.clip(0, max(size - 1, 0)) if mode == "clip" else indices % max(size, 1)


def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """Delete the entries with some indices; NumPy's function."""
    return _of_the_same_type(arr, by_numpy(numpy.delete, arr, _plain(obj), axis=axis))


def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """Insert values before some indices; NumPy's function."""
    return _of_the_same_type(arr, by_numpy(numpy.insert, arr, _plain(obj), values, axis=axis))


def unravel_index(indices: Any, shape: Any, order: Any = "C") -> Any:
    """Convert flat indices to a tuple of indices; NumPy's function."""
    return by_numpy(numpy.unravel_index, _plain(indices), shape, order=order)


def _make_resize(original: Callable[..., Any]) -> Callable[..., Any]:
    def resize(a: Any, new_shape: Any) -> Any:
        """Return an array of a new shape, filled with repetitions; NumPy's function, except while MXNet records."""
        from mxnet.autograd import is_recording

        if is_recording() and isinstance(new_shape, (int, tuple)):
            return original(a, new_shape)
        return _of_the_same_type(a, by_numpy(numpy.resize, a, new_shape))

    return resize


def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """Count how often each integer occurs; NumPy's function."""
    return by_numpy(numpy.bincount, _plain(x), weights, minlength)


def _plain(indices: Any) -> Any:
    """Return indices in a form that NumPy understands; a tuple means a list."""
    return keys.plain(list(indices) if isinstance(indices, tuple) else indices)


def _of_the_same_type(array: Any, result: Any) -> Any:
    return result.astype(array.dtype, copy=False) if hasattr(array, "dtype") else result


def _also_of_numbers(diagflat: Callable[..., Any]) -> Callable[..., Any]:
    from mxnet.base import MXNetError

    @functools.wraps(diagflat)
    def also_of_numbers(array: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return diagflat(array, *args, **kwargs)
        except MXNetError:
            if array.shape:
                raise
        return diagflat(array.reshape(1), *args, **kwargs)

    return also_of_numbers
