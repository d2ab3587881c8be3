"""Element-wise functions of integers, of bools, and of two types, such as ``np.exp(n)``, ``n + 0.5`` and ``x == n``.

For an array ``n`` of integers, MXNet's functions of real numbers return integers, cut off without a word, and so does
arithmetic with a real number (apache/mxnet#16111, #16653, #19891). For bools and for some pairs of types, they raise an
error about an unknown type, often only when a later line waits for the result.

Here, a pair with a float array is converted to its type. What has only integers and bools, and thus no gradient, and
what MXNet cannot do with them, NumPy computes. Real results are float32, as everywhere in MXNet, but an array of
integers and a real number give float64, as in hybridized networks.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import BOOL, FLOATS, INT8, INT32, INT64, INTEGERS, UINT8, by_numpy, make_type_number
from mxnet_compat.patches.numpy_functions import both_ours

MODULES = ("mxnet.ndarray.numpy._op",)

# Functions of one array that MXNet computes correctly for integers, and those that it computes for bools.
_OF_BOOLS = frozenset(
    {
        numpy.isfinite,
        numpy.isinf,
        numpy.isnan,
        numpy.isneginf,
        numpy.isposinf,
        numpy.logical_not,
        numpy.bitwise_not,
        numpy.tile,
    }
)
_OF_INTEGERS = _OF_BOOLS | {
    numpy.abs,
    numpy.ceil,
    numpy.fix,
    numpy.floor,
    numpy.negative,
    numpy.reciprocal,
    numpy.sign,
    numpy.square,
    numpy.trunc,
}
# Functions of two arrays that MXNet does not compute correctly for integers, and those that exist only for them.
_OF_FLOATS = frozenset({numpy.arctan2, numpy.copysign, numpy.hypot, numpy.ldexp})
# For numpy.power, a negative exponent among the integers would have to be found first.
_NOT_OF_TWO_INTEGERS = _OF_FLOATS | {numpy.power}
_ONLY_OF_INTEGERS = frozenset({numpy.bitwise_and, numpy.bitwise_or, numpy.bitwise_xor, numpy.lcm})

# The numbers to which MXNet, which passes them as float64, converts arrays of integers exactly.
_LIMITS = {UINT8: (0, 255), INT8: (-128, 127), INT32: (-(2**31), 2**31 - 1), INT64: (-(2**53), 2**53)}


def apply(module: ModuleType) -> None:
    """Replace the two functions that call MXNet's operators."""
    names = vars(module)
    array_type, number_types = names["NDArray"], names["numeric_types"]
    names["_unary_func_helper"] = _make_unary(array_type, number_types)
    names["_ufunc_helper"] = _make_binary(array_type, number_types)


def _make_unary(array_type: Any, number_types: tuple[type, ...]) -> Callable[..., Any]:
    type_number = make_type_number()

    def unary(
        x: Any, of_array: Callable[..., Any], function: Callable[..., Any], out: Any = None, **kwargs: Any
    ) -> Any:
        """Call MXNet's operator `of_array`, or NumPy's `function`."""
        if isinstance(x, number_types):
            return function(x, **kwargs)
        if not isinstance(x, array_type):
            raise TypeError(f"np.{function.__name__} needs an array or a number, not {type(x).__name__}")
        number = type_number(x)
        if number in FLOATS or function in (_OF_BOOLS if number == BOOL else _OF_INTEGERS):
            return of_array(x, out=out, **kwargs)
        return by_numpy(function, x, out=out, **kwargs)

    return unary


def _make_binary(array_type: Any, number_types: Any) -> Callable[..., Any]:
    type_number = make_type_number()

    def binary(
        x: Any,
        y: Any,
        of_arrays: Callable[..., Any],
        function: Callable[..., Any],
        of_scalar: Callable[..., Any],
        scalar_first: Callable[..., Any] | None = None,
        out: Any = None,
    ) -> Any:
        """Call one of MXNet's operators, for two arrays or for an array and a number, or NumPy's `function`."""
        if isinstance(y, number_types):
            if isinstance(x, number_types):
                return function(x, y, out=out)
            array, scalar, operator = x, y, of_scalar
        elif isinstance(x, number_types):
            array, scalar, operator = y, x, scalar_first or of_scalar
        elif isinstance(x, array_type) and isinstance(y, array_type):
            first = type_number(x)
            if first == type_number(y) and (
                first in FLOATS or (first in INTEGERS and function not in _NOT_OF_TWO_INTEGERS)
            ):
                return of_arrays(x, y, out=out)
            return _of_two_types(x, y, of_arrays, function, out)
        else:
            ours = both_ours(x, y, out)
            if not all(isinstance(operand, (array_type, *number_types)) for operand in ours):
                wrong = x if isinstance(y, array_type) else y
                raise TypeError(f"np.{function.__name__} needs arrays or numbers, not {type(wrong).__name__}")
            return binary(*ours, of_arrays, function, of_scalar, scalar_first, out)
        if type_number(array) in FLOATS or _is_exact(type_number(array), scalar, function):
            return operator(array, float(scalar), out=out)
        return by_numpy(function, x, y, out=out, wide=True)

    return binary


def _is_exact(array_type: int, scalar: Any, function: Callable[..., Any]) -> bool:
    """Say whether MXNet computes a function of an array of integers and a number correctly."""
    if array_type not in INTEGERS or function in _OF_FLOATS or not isinstance(scalar, (int, numpy.integer)):
        return False
    lowest, highest = _LIMITS[array_type]
    return bool(lowest <= scalar <= highest and not (scalar < 0 and function is numpy.power))


def _of_two_types(x: Any, y: Any, of_arrays: Callable[..., Any], function: Callable[..., Any], out: Any) -> Any:
    """Convert two arrays to a common float type, or have NumPy compute what has no float array."""
    floats = [array.dtype for array in (x, y) if numpy.dtype(array.dtype).kind == "f"]
    if not floats or function in _ONLY_OF_INTEGERS:
        return by_numpy(function, x, y, out=out)
    common = numpy.result_type(*floats)
    if out is not None and numpy.can_cast(common, out.dtype, "same_kind"):
        common = out.dtype
    return of_arrays(x.astype(common, copy=False), y.astype(common, copy=False), out=out)
