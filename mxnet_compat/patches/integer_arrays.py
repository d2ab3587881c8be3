"""Integer arrays with numbers that are not integers, in ``np.clip(x, 0.5, 1.5)`` and ``np.where(c, x, 0.5)``.

MXNet truncated such numbers to the type of the array, so the results were wrong without an error. Now the result is a
float64 array, as in ``x + 0.5`` (`number_types`).
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op",)

# Numbers that are not integers; numpy.float64 is a subclass of float.
_FLOATS = (float, numpy.floating)


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(module)
    names["clip"] = _clip(names["clip"])
    names["where"] = _where(names["where"])


def _as_floating(operand: Any, out: Any = None) -> Any:
    """Return an operand to be combined with a number that is not an integer: an integer array as float64."""
    if not hasattr(operand, "astype") or numpy.dtype(operand.dtype).kind == "f":
        return operand
    if out is not None and numpy.dtype(out.dtype).kind in "iu":
        raise TypeError(
            f"Numbers with fractions cannot be written to an array of type {out.dtype}: leave out the argument `out`."
        )
    return operand.astype("float64")


def _clip(clip: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(clip)
    def clip_any(a: Any, a_min: Any, a_max: Any, out: Any = None) -> Any:
        if isinstance(a_min, _FLOATS) or isinstance(a_max, _FLOATS):
            a = _as_floating(a, out)
        return clip(a, a_min, a_max, out=out)

    return clip_any


def _where(where: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(where)
    def where_any(condition: Any, x: Any = None, y: Any = None) -> Any:
        if isinstance(x, _FLOATS):
            y = _as_floating(y)
        elif isinstance(y, _FLOATS):
            x = _as_floating(x)
        return where(condition, x, y)

    return where_any
