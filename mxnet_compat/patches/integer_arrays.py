"""Integer arrays with numbers that are not integers, such as ``x + 0.5``, ``np.clip(x, 0.5, 1.5)``, and ``x ** -1``.

MXNet truncated such numbers to the type of the array, so the results were wrong without an error; those of hybridized
networks were right. Now the result is a float64 array, as in NumPy and in hybridized networks. A negative power of
integers is an error, as in NumPy.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op",)

#: Numbers that are not integers; numpy.float64 is a subclass of float.
FLOATS = (float, numpy.floating)


def apply(module: ModuleType) -> None:
    """Replace the functions; those of all other operators are in `numpy_functions`, which has to wrap them anyway."""
    names = vars(module)
    names["clip"] = _clip(names["clip"])
    names["where"] = _where(names["where"])
    names["power"] = _power(names["power"])


def as_floating(operand: Any, out: Any = None) -> Any:
    """Return an operand to be combined with a number that is not an integer: an integer array as float64."""
    if not hasattr(operand, "astype") or numpy.dtype(operand.dtype).kind == "f":
        return operand
    if out is not None and numpy.dtype(out.dtype).kind in "iu":
        raise TypeError(
            f"A result with fractions cannot be written to an array of type {out.dtype}. Write x = x * 0.5 instead of "
            "x *= 0.5."
        )
    return operand.astype("float64")


def _clip(clip: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(clip)
    def clip_any(a: Any, a_min: Any, a_max: Any, out: Any = None) -> Any:
        if isinstance(a_min, FLOATS) or isinstance(a_max, FLOATS):
            a = as_floating(a, out)
        return clip(a, a_min, a_max, out=out)

    return clip_any


def _where(where: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(where)
    def where_any(condition: Any, x: Any = None, y: Any = None) -> Any:
        if isinstance(x, FLOATS):
            y = as_floating(y)
        elif isinstance(y, FLOATS):
            x = as_floating(x)
        return where(condition, x, y)

    return where_any


def _power(power: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(power)
    def power_any(x1: Any, x2: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(x2, (int, numpy.integer)) and x2 < 0 and numpy.dtype(getattr(x1, "dtype", float)).kind in "iu":
            raise ValueError("Integers cannot be raised to negative powers. Write x ** -1.0 instead of x ** -1.")
        return power(x1, x2, *args, **kwargs)

    return power_any
