"""Slices and softmax of a convolution's output, such as ``Y[:, 0]`` and ``npx.softmax(Y)``, on the CPU.

oneDNN stores the output of a convolution in blocks of 8 or 16 channels. Almost all operators convert such an array
before they use it, but two do not: the slice (apache/mxnet#13730) if it cuts through a block, and softmax over the last
axis. They crash the process. Given a view with another number of axes, MXNet converts the array first.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mxnet_compat import layout

# The modules that create MXNet's operators, and the modules where they put those that are patched here
_OPERATORS = {
    "mxnet.ndarray.register": "mxnet.ndarray.op",
    "mxnet.ndarray.numpy._register": "mxnet.ndarray.numpy._internal",
    "mxnet.ndarray.numpy_extension._register": "mxnet.ndarray.numpy_extension._op",
    "mxnet.numpy_extension._register": "mxnet.numpy_extension._op",
    "mxnet.symbol.register": "mxnet.symbol.op",
    "mxnet.symbol.numpy._register": "mxnet.symbol.numpy._internal",
    "mxnet.symbol.numpy_extension._register": "mxnet.symbol.numpy_extension._op",
}
MODULES = tuple(_OPERATORS)


def apply(module: ModuleType) -> None:
    """Replace the operators `slice`, `softmax`, and `log_softmax`, where the module created them."""
    names = vars(sys.modules[_OPERATORS[module.__name__]])
    patches: dict[str, Callable[..., Any]] = {"slice": _slice_of_array, "softmax": _softmax_of_array}
    if module.__name__.startswith("mxnet.symbol"):
        axes = sys.modules["mxnet.symbol.op" if module.__name__ == "mxnet.symbol.register" else "mxnet.symbol.numpy"]
        patches["slice"] = functools.partial(_slice_of_symbol, axes)
        patches["softmax"] = functools.partial(_softmax_of_symbol, axes)
    for name in {"slice", "softmax", "log_softmax"} & names.keys():
        names[name] = patches[name.removeprefix("log_")](names[name])


def _slice_of_array(slice_: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(slice_)
    def through_blocks(data: Any, begin: Any, end: Any, step: Any = (), **kwargs: Any) -> Any:
        if not _cuts_channels(begin, end) or not _blocked(data) or kwargs.get("out") is not None:
            return slice_(data, begin, end, step, **kwargs)
        part = slice_(_view(data, (1, *data.shape)), (0, *begin), (1, *end), (1, *step) if step else (), **kwargs)
        return _view(part, part.shape[1:]) if part.size else part.reshape(part.shape[1:])

    return through_blocks


def _slice_of_symbol(axes: Any, slice_: Callable[..., Any]) -> Callable[..., Any]:
    """Like `_slice_of_array`, but a symbol does not know how many axes it has."""

    @functools.wraps(slice_)
    def through_blocks(data: Any, begin: Any, end: Any, step: Any = (), **kwargs: Any) -> Any:
        if not _cuts_channels(begin, end):
            return slice_(data, begin, end, step, **kwargs)
        view = axes.expand_dims(data, axis=0)
        part = slice_(view, (0, *begin), (1, *end), (1, *step) if step else (), **kwargs)
        return axes.squeeze(part, axis=0)

    return through_blocks


def _cuts_channels(begin: Any, end: Any) -> bool:
    return isinstance(begin, (tuple, list)) and len(begin) > 1 and (begin[1], end[1]) != (None, None)


def _softmax_of_array(softmax: Callable[..., Any]) -> Callable[..., Any]:
    find_axis = _axis_finder(softmax)

    @functools.wraps(softmax)
    def over_rows(data: Any, *args: Any, **kwargs: Any) -> Any:
        if not _blocked(data) or kwargs.get("out") is not None or kwargs.get("use_length") is True:
            return softmax(data, *args, **kwargs)
        axis, args, kwargs = find_axis(args, kwargs)
        if axis not in (-1, data.ndim - 1):
            return softmax(data, *args, axis=axis, **kwargs)
        rows = _view(data, (-1, data.shape[-1]))
        return _view(softmax(rows, *args, axis=-1, **kwargs), data.shape)

    return over_rows


def _softmax_of_symbol(axes: Any, softmax: Callable[..., Any]) -> Callable[..., Any]:
    find_axis = _axis_finder(softmax)

    @functools.wraps(softmax)
    def over_rows(data: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("use_length") is True:
            return softmax(data, *args, **kwargs)
        axis, args, kwargs = find_axis(args, kwargs)
        if axis not in (-1, 2, 3, 4):
            return softmax(data, *args, axis=axis, **kwargs)
        part = softmax(axes.expand_dims(data, axis=0), *args, axis=axis if axis < 0 else axis + 1, **kwargs)
        return axes.squeeze(part, axis=0)

    return over_rows


def _axis_finder(softmax: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that takes the axis out of the arguments after the first."""
    before = 1 if softmax.__name__ == "softmax" else 0  # softmax(data, length, axis), log_softmax(data, axis)

    def find(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, tuple[Any, ...], dict[str, Any]]:
        if len(args) > before:
            names = ("axis", "temperature", "dtype")
            kwargs = {**dict(zip(names, args[before:], strict=False)), **kwargs}
            args = args[:before]
        axis = kwargs.pop("axis", -1)
        return (axis if isinstance(axis, int) else -1), args, kwargs

    return find


def _blocked(data: Any) -> bool:
    shape = data.shape
    return layout.may_be_blocked(shape) and 0 not in shape


def _view(array: Any, shape: tuple[int, ...]) -> Any:
    """Return a view; the method that does so in NumPy's interface is called `reshape` in the old one."""
    return getattr(array, "reshape_view", array.reshape)(shape)
