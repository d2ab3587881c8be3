"""Softmax over the last axis of a convolution's output, ``npx.softmax(Y)``, on the CPU.

oneDNN stores the output of a convolution in blocks of 8 or 16 channels. For such arrays, its softmax over the last axis
does not raise an error but crashes the process, so it is computed on a view that is a matrix with the same rows. In a
hybridized network, the crash remains, because a symbol does not know its shape.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension")


def apply(module: ModuleType) -> None:
    """Replace `softmax` and `log_softmax`."""
    names = vars(module)
    names["softmax"] = _over_rows(names["softmax"], axis_argument=1)
    names["log_softmax"] = _over_rows(names["log_softmax"], axis_argument=0)


def _over_rows(softmax: Callable[..., Any], axis_argument: int) -> Callable[..., Any]:
    """Return the patched function; `axis_argument` is the position of the axis among ``*args``."""

    @functools.wraps(softmax)
    def over_rows(data: Any, *args: Any, **kwargs: Any) -> Any:
        by_position = len(args) > axis_argument
        axis = args[axis_argument] if by_position else kwargs.get("axis", -1)
        over_last = data.ndim in (3, 4) and data.size > 0 and axis in (-1, data.ndim - 1)
        if not over_last or kwargs.get("use_length") or kwargs.get("out") is not None:
            return softmax(data, *args, **kwargs)
        if by_position:
            args = (*args[:axis_argument], -1, *args[axis_argument + 1 :])
        else:
            kwargs["axis"] = -1
        return softmax(data.reshape_view((-1, data.shape[-1])), *args, **kwargs).reshape_view(data.shape)

    return over_rows
