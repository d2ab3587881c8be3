"""Conversions between MXNet's and NumPy's arrays, for patches that let NumPy answer."""

import ctypes
from collections.abc import Callable
from typing import Any

import numpy

# MXNet's numbers for types (include/mxnet/base.h, mshadow/base.h), by which `type_number` reports them.
FLOAT32, FLOAT64, FLOAT16, UINT8, INT32, INT8, INT64, BOOL = range(8)
FLOATS = frozenset({FLOAT32, FLOAT64, FLOAT16})
INTEGERS = frozenset({UINT8, INT32, INT8, INT64})

_SUPPORTED = ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64")


def make_type_number() -> Callable[[Any], int]:
    """Return a function that gives the number of an MXNet array's type.

    It takes a third of the time of ``array.dtype``, because it does not release the interpreter's lock.
    """
    from mxnet.base import _LIB

    get_type = ctypes.PyDLL(_LIB._name).MXNDArrayGetDType
    number = ctypes.c_int()
    address = ctypes.byref(number)

    def type_number(array: Any) -> int:
        get_type(array.handle, address)
        return number.value

    return type_number


def make_is_empty() -> Callable[[Any], bool]:
    """Return a function that says whether an MXNet array has no entries, faster than ``array.shape`` could."""
    from mxnet.base import _LIB

    get_shape = ctypes.PyDLL(_LIB._name).MXNDArrayGetShapeEx
    ndim, sizes = ctypes.c_int(), ctypes.POINTER(ctypes.c_int)()
    addresses = ctypes.byref(ndim), ctypes.byref(sizes)

    def is_empty(array: Any) -> bool:
        get_shape(array.handle, *addresses)
        return 0 in sizes[: ndim.value]

    return is_empty


def to_numpy(value: Any) -> Any:
    """Return a value with NumPy's arrays instead of MXNet's, even in lists and tuples."""
    if isinstance(value, (list, tuple)):
        items = [to_numpy(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    return value.asnumpy() if hasattr(value, "asnumpy") else value


def from_numpy(value: Any, wide: bool = False) -> Any:
    """Return a value with MXNet's arrays instead of NumPy's, even in lists and tuples.

    MXNet's own type for real numbers is float32, so float64 is narrowed unless `wide` is true. Integers of types that
    MXNet doesn't have become int64.

    Raises
    ------
    TypeError
        If MXNet has no such numbers, as for complex ones.
    """
    from mxnet import np

    if isinstance(value, (list, tuple)):
        items = [from_numpy(item, wide) for item in value]
        return items if isinstance(value, list) else tuple(items)  # even if NumPy returned a named tuple
    if not isinstance(value, (numpy.ndarray, numpy.generic)):
        return value
    kind, name = value.dtype.kind, value.dtype.name
    if kind == "f":
        name = "float64" if wide and name == "float64" else "float32"
    elif kind in "iu" and name not in _SUPPORTED:
        name = "int64"
    elif kind not in "biuf":
        raise TypeError(f"the result has the type {name}, which MXNet doesn't have: call NumPy with x.asnumpy()")
    return np.array(numpy.asarray(value, dtype=name), dtype=name)


def by_numpy(function: Callable[..., Any], *args: Any, out: Any = None, wide: bool = False, **kwargs: Any) -> Any:
    """Return the answer of one of NumPy's functions as MXNet arrays; see `from_numpy` for `wide`.

    Raises
    ------
    NotImplementedError
        If MXNet is recording and an argument is a float array, which would get no gradient.
    """
    from mxnet import autograd

    arrays = [value.dtype for value in _arrays_in((*args, *kwargs.values()))]
    if autograd.is_recording() and any(dtype in (numpy.float32, numpy.float64, numpy.float16) for dtype in arrays):
        raise NotImplementedError(
            f"np.{function.__name__} with these arguments has no gradient in MXNet: "
            "call it outside of autograd.record(), or with x.detach()"
        )
    result = function(*to_numpy(args), **{name: to_numpy(value) for name, value in kwargs.items()})
    result = from_numpy(result, wide=wide or any(dtype == numpy.float64 for dtype in arrays))
    if out is None:
        return result
    if not numpy.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(
            f"np.{function.__name__} gives {result.dtype}, which cannot be stored in an array of {out.dtype}"
        )
    out[()] = result
    return out


def _arrays_in(values: Any) -> list[Any]:
    """List the MXNet arrays among arguments, even in lists and tuples."""
    found = []
    for value in values:
        if isinstance(value, (list, tuple)):
            found += _arrays_in(value)
        elif hasattr(value, "asnumpy"):
            found.append(value)
    return found
