"""``npx.sequence_mask`` and ``npx.gather_nd``, which wrote outside of the arrays.

`sequence_mask` did so if a length was negative, nan, or infinite, and the gradient of `gather_nd` if an index was
negative; for indices that are too large, it raised an error later. Here, lengths that are negative or nan mean 0, and
indices are checked at the call. In hybridized networks, only the lengths are.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat import keys

MODULES = (
    "mxnet.numpy_extension._register",
    "mxnet.ndarray.numpy_extension._register",
    "mxnet.symbol.numpy_extension._register",
)

_LONGEST = 2**24  # an axis with more entries could not be counted in float32


def apply(module: ModuleType) -> None:
    """Replace the functions of the module `_op` beside the one that has just made them."""
    names = vars(sys.modules[module.__name__.replace("_register", "_op")])
    if module.__name__.startswith("mxnet.symbol"):  # `sequence_lengths` checks those of arrays
        names["sequence_mask"] = _with_possible_lengths(names["sequence_mask"])
    else:
        names["gather_nd"] = _with_checked_indices(names["gather_nd"])


def _with_possible_lengths(function: Callable[..., Any]) -> Callable[..., Any]:
    package = sys.modules["mxnet"]

    @functools.wraps(function)
    def sequence_mask(data: Any = None, sequence_length: Any = None, *args: Any, **kwargs: Any) -> Any:
        if sequence_length is None:
            return function(data, sequence_length, *args, **kwargs)
        np = package.sym.np
        lengths = np.clip(np.nan_to_num(sequence_length, nan=0, posinf=_LONGEST, neginf=0), 0, _LONGEST)
        return function(data, lengths, *args, **kwargs)

    return sequence_mask


def _with_checked_indices(function: Callable[..., Any]) -> Callable[..., Any]:
    package = sys.modules["mxnet"]

    @functools.wraps(function)
    def gather_nd(data: Any, indices: Any, *args: Any, **kwargs: Any) -> Any:
        plain = numpy.atleast_1d(keys.plain(indices))
        if not 1 <= len(plain) <= data.ndim:
            raise IndexError(f"npx.gather_nd: {len(plain)} rows of indices for an array of {data.ndim} axes")
        rows = []
        for axis, row in enumerate(plain.astype(numpy.int64)):
            keys.check_range(row, data.shape[axis], f"axis {axis}")
            rows.append(numpy.where(row < 0, row + data.shape[axis], row))
        checked = package.np.array(numpy.stack(rows), dtype="int64", ctx=data.ctx)
        return function(data, checked, *args, **kwargs)

    return gather_nd
