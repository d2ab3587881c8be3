"""Operators of the old interface, given NumPy arrays: ``mx.nd.relu(x)``, ``F.relu(x)`` in `hybrid_forward`, and so on.

Many parts of Gluon call them even after ``npx.set_np()``: most losses and metrics, recurrent cells, `GroupNorm`,
`ReflectionPad2D`, `clip_global_norm` (apache/mxnet#18617, apache/mxnet#19609). MXNet refuses to pass them NumPy arrays
although both kinds of array are the same object on its C++ side. They accept both now, and the result is a NumPy array
if one of the inputs is; symbols likewise.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.register", "mxnet.symbol.register")


def apply(module: ModuleType) -> None:
    """Replace the functions that check the inputs and create the outputs of all operators."""
    names = vars(module)
    if module.__name__ == "mxnet.ndarray.register":
        names["_verify_all_legacy_ndarrays"] = _accept
    else:
        names["_verify_legacy_symbol"] = _accept
        names["_symbol_creator"] = _for_symbols(names["_symbol_creator"])


def _accept(*_: object) -> None:
    """Accept all inputs."""


def has_numpy_array(arrays: Any) -> bool:
    """Return whether an operator of the old interface has been given an array of the new one."""
    return any(isinstance(array, _numpy_classes()[0]) for array in arrays)


def _for_symbols(create: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(create)
    def create_any(
        handle: int, args: Any, kwargs: Any, keys: Any, values: Any, name: str, is_np: bool, is_list: bool
    ) -> Any:
        if not is_np:
            is_np = any(isinstance(symbol, _numpy_classes()[1]) for symbol in (*(args or ()), *kwargs.values()))
        return create(handle, args, kwargs, keys, values, name, is_np, is_list)

    return create_any


@functools.cache
def _numpy_classes() -> tuple[type, type]:
    """Return the classes of NumPy arrays and symbols, which MXNet defines after its operators."""
    from mxnet.numpy import ndarray
    from mxnet.symbol.numpy import _Symbol

    return ndarray, _Symbol
