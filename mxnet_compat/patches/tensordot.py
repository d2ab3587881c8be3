"""``np.tensordot`` with axes that the arrays don't have: the process ended, or the numbers were wrong.

The same for None instead of an array or of axes. Arrays of two float types were an error, and float16 a later one.
"""

import operator
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import FLOAT16, make_type_number
from mxnet_compat.patches.axes import checked_axis

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    names["tensordot"] = _checked(names["tensordot"], names["NDArray"])


def _checked(function: Callable[..., Any], array_type: Any) -> Callable[..., Any]:
    type_number = make_type_number()

    def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
        """Sum products over axes of two arrays; NumPy's function."""
        if not isinstance(a, array_type) or not isinstance(b, array_type):
            wrong = b if isinstance(a, array_type) else a
            raise TypeError(f"np.tensordot needs two MXNet arrays, not {type(wrong).__name__}; write np.array(...)")
        shapes = a.shape, b.shape
        if type(axes) is not int or axes > min(map(len, shapes)):
            axes = _existing(axes, *shapes)
        first = type_number(a)
        if first != FLOAT16 and first == type_number(b):
            return function(a, b, axes)
        result = numpy.result_type(a.dtype, b.dtype)
        computed = numpy.promote_types(result, numpy.float32)
        product = function(a.astype(computed, copy=False), b.astype(computed, copy=False), axes)
        return product.astype(result, copy=False)

    return tensordot


def _existing(axes: Any, a_shape: tuple[int, ...], b_shape: tuple[int, ...]) -> Any:
    """Return the axes as a number or as two lists that count from the first axis; raise an error as NumPy does."""
    try:
        first, second = axes
    except TypeError:
        count = operator.index(axes)
        if count > min(len(a_shape), len(b_shape)):
            raise ValueError(f"np.tensordot: {count} axes, but the shapes are {a_shape} and {b_shape}") from None
        return count
    pairs = []
    for some, shape in ((first, a_shape), (second, b_shape)):
        some = numpy.atleast_1d(some).tolist()
        pairs.append([checked_axis(operator.index(axis), len(shape)) for axis in some])
    sizes = [[shape[axis] for axis in some] for some, shape in zip(pairs, (a_shape, b_shape), strict=True)]
    if sizes[0] != sizes[1] or any(len(set(some)) < len(some) for some in pairs):
        raise ValueError(f"np.tensordot: the axes {axes} of the shapes {a_shape} and {b_shape} do not match")
    return pairs
