"""Slices through the channels of a convolution's output, such as ``Y[:, 0]``, on the CPU.

oneDNN stores the output of a convolution in blocks of 8 or 16 channels. The operator that slices such arrays
(apache/mxnet#13730) does not raise an error but crashes the process if the slice cuts through a block. Given a view
with one more axis, MXNet first converts the array to the ordinary layout.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy", "mxnet.symbol.numpy")


def apply(module: ModuleType) -> None:
    """Replace the operator `slice` behind the indexing of arrays and of symbols."""
    operators = vars(module)["_internal"]
    if module.__name__ == "mxnet.ndarray.numpy":
        operators.slice = _of_array(operators.slice)
    else:
        operators.slice = _of_symbol(operators.slice, module)


def _of_array(slice_: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(slice_)
    def through_blocks(data: Any, begin: Any, end: Any, step: Any, **kwargs: Any) -> Any:
        if data.ndim != 4 or data.size == 0 or not _cuts_channels(begin, end):
            return slice_(data, begin, end, step, **kwargs)
        view = data.reshape_view((1, *data.shape))
        part = slice_(view, (0, *begin), (1, *end), (1, *step), **kwargs)
        return part.reshape_view(part.shape[1:]) if part.size else part.reshape(part.shape[1:])

    return through_blocks


def _of_symbol(slice_: Callable[..., Any], np: Any) -> Callable[..., Any]:
    """Like `_of_array`, but a symbol does not know how many axes it has."""

    @functools.wraps(slice_)
    def through_blocks(data: Any, begin: Any, end: Any, step: Any = None, **kwargs: Any) -> Any:
        if not isinstance(begin, list) or len(begin) < 2 or not _cuts_channels(begin, end):
            return slice_(data, begin, end, step, **kwargs)
        part = slice_(np.expand_dims(data, 0), (0, *begin), (1, *end), (1, *step), **kwargs)
        return np.squeeze(part, 0)

    return through_blocks


def _cuts_channels(begin: Any, end: Any) -> bool:
    return (begin[1], end[1]) != (None, None)
