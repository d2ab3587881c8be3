"""Functions that MXNet has only for some types: NumPy answers for integers and bools.

MXNet raises an error about an unknown type, often only when a later line waits for the result (apache/mxnet#18213), or
its result overflows, as in the sum of many small integers. Such arrays have no gradient, so nothing is lost.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import BOOL, INT8, INT32, INTEGERS, UINT8, by_numpy, make_type_number

# The first two make functions from MXNet's operators, and put them into a module `_op` beside them.
MODULES = ("mxnet.numpy._register", "mxnet.ndarray.numpy._register", "mxnet.numpy.multiarray")

# Of these, the third calls operators itself; its other functions call those of the second.
_CALLED_THERE = ("dstack", "std", "swapaxes", "var")

_NOT_OF_BOOLS = [
    "argmax",
    "argmin",
    "around",
    "array_split",
    "clip",
    "column_stack",
    "delete",
    "diag",
    "diagflat",
    "diagonal",
    "diff",
    "dsplit",
    "dstack",
    "flip",
    "fliplr",
    "flipud",
    "hsplit",
    "hstack",
    "moveaxis",
    "roll",
    "rot90",
    "round",
    "row_stack",
    "split",
    "swapaxes",
    "transpose",
    "tril",
    "vsplit",
    "vstack",
]
_ONLY_OF_FLOATS = [
    "cumsum",
    "dot",
    "inner",
    "matmul",
    "outer",
    "prod",
    "std",
    "tensordot",
    "trace",
    "var",
    "vdot",
]

_GROUPS = (
    (frozenset({BOOL}), _NOT_OF_BOOLS),
    (INTEGERS | {BOOL}, _ONLY_OF_FLOATS),
    (frozenset({UINT8, INT8, INT32}), ["sum"]),  # would overflow
)


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(sys.modules[module.__name__.replace("_register", "_op")])
    for unable, functions in _GROUPS:
        for name in functions:
            if name in names and (module.__name__ != "mxnet.numpy.multiarray" or name in _CALLED_THERE):
                numpys = numpy.vstack if name == "row_stack" else getattr(numpy, name)  # an alias deprecated in NumPy
                names[name] = _unless(unable, names[name], numpys)


def _unless(unable: frozenset[int], function: Callable[..., Any], numpys: Callable[..., Any]) -> Callable[..., Any]:
    """Let NumPy compute a function of an array, of two, or of a list, if one has a type that MXNet can't take."""
    from mxnet.ndarray.ndarray import NDArray

    type_number = make_type_number()

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        first = args[0] if args else None
        if isinstance(first, NDArray):
            second = args[1] if len(args) > 1 else None
            if type_number(first) in unable or (isinstance(second, NDArray) and type_number(second) in unable):
                return by_numpy(numpys, *args, **kwargs)
        elif isinstance(first, (list, tuple)) and any(
            isinstance(array, NDArray) and type_number(array) in unable for array in first
        ):
            return by_numpy(numpys, *args, **kwargs)
        return function(*args, **kwargs)

    return guarded
