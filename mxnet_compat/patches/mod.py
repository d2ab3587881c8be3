"""The remainder of a real number divided by zero, ``x % 0.0``: 0 in MXNet, and not a number in NumPy."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function, which has two names."""
    names = vars(module)
    names["mod"] = names["remainder"] = _with_zeros(names["mod"], names)


def _with_zeros(mod: Callable[..., Any], names: dict[str, Any]) -> Callable[..., Any]:
    array_type, number_types = names["NDArray"], names["numeric_types"]

    def checked_mod(x1: Any, x2: Any, out: Any = None, **kwargs: Any) -> Any:
        """Return the remainder, which has the sign of the divisor."""
        remainder = mod(x1, x2, out=out, **kwargs)
        never_zero = isinstance(x2, number_types) and x2 != 0
        if never_zero or not isinstance(remainder, array_type) or numpy.dtype(remainder.dtype).kind != "f":
            return remainder
        not_zero = x2 != 0 if isinstance(x2, array_type) else numpy.not_equal(x2, 0)
        not_zero = not_zero.astype(remainder.dtype)
        return names["true_divide"](remainder, not_zero, out=out)

    checked_mod.__name__ = "mod"
    return checked_mod
