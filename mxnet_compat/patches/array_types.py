"""Types of numbers that MXNet does not have, such as int16, uint32, complex64, object, and str.

An array of such a type raised a KeyError. It is not converted by itself, because no type of MXNet holds every uint64,
complex number, or string; the error says what to write. A pandas Series of one of pandas' own types was rejected even
if its numbers fit.

Bools in lists became the numbers 0.0 and 1.0, so what was meant as a mask selected the first two entries.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.ndarray", "mxnet.numpy.multiarray")


def apply(module: ModuleType) -> None:
    """Replace the table of types, which all of MXNet's modules import, and `np.array`."""
    names = vars(module)
    if module.__name__ == "mxnet.ndarray.ndarray":
        names["_DTYPE_NP_TO_MX"] = _TypeNumbers(names["_DTYPE_NP_TO_MX"])
    else:
        names["array"] = _of_any_type(names["array"], names["NDArray"])


class _TypeNumbers(dict[Any, int]):
    """MXNet's numbers of types, by NumPy's classes."""

    def __missing__(self, dtype: Any) -> int:
        wanted = numpy.dtype(dtype)
        instead = {"i": "int32", "u": "int64"}.get(wanted.kind, "float32")
        raise TypeError(
            f"MXNet has no arrays of type {wanted.name}. Convert the values first, for example with "
            f".astype({instead!r}). The types are bool, int8, uint8, int32, int64, float16, float32, and float64."
        )


def _of_any_type(array: Callable[..., Any], array_class: type) -> Callable[..., Any]:
    @functools.wraps(array)
    def of_any_type(object: Any, dtype: Any = None, ctx: Any = None) -> Any:
        if dtype is None and _starts_with_bool(object) and numpy.asarray(object).dtype == bool:
            dtype = bool
        elif dtype is None and hasattr(object, "dtype") and not isinstance(object, (array_class, numpy.ndarray)):
            object = numpy.asarray(object)  # which knows what pandas' or PyTorch's types mean
        return array(object, dtype, ctx)

    return of_any_type


def _starts_with_bool(object: Any) -> bool:
    """Return whether an object is a bool, or the first entry of a nested list is one."""
    while isinstance(object, (list, tuple)) and object:
        object = object[0]
    return isinstance(object, (bool, numpy.bool_))
