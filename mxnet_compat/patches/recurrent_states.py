"""The initial states of recurrent cells and layers after ``npx.set_np()``.

`begin_state` of cells returned arrays of the old interface, and for those that modify another cell, such as
`ResidualCell`, symbols unless a function was given. In a hybridized network, the batch size was 0, which stood for
"unknown" before NumPy's shapes existed, where it is -1. And states of cells in float64 were
float32. A hybridized layer that was first called without states did not return them later, either.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mxnet_compat.patches import classic_blocks

_CLASSES = {
    "mxnet.gluon.rnn.rnn_cell": ("RecurrentCell", "ModifierCell"),
    "mxnet.gluon.rnn.rnn_layer": ("_RNNLayer",),
}
MODULES = tuple(_CLASSES)


def apply(module: ModuleType) -> None:
    """Replace `begin_state`."""
    for name in _CLASSES[module.__name__]:
        cell = vars(module)[name]
        cell.begin_state = _in_numpys_interface(cell.begin_state, module)
    if "_RNNLayer" in vars(module):
        vars(module)["_RNNLayer"].__call__ = _with_states_or_without(vars(module)["_RNNLayer"].__call__)


def _in_numpys_interface(begin_state: Callable[..., Any], module: Any) -> Callable[..., Any]:
    @functools.wraps(begin_state)
    def wrapper(self: Any, batch_size: int = 0, func: Callable[..., Any] | None = None, **kwargs: Any) -> Any:
        from mxnet import util

        func = func or module.ndarray.zeros
        if batch_size == 0 and func is module.symbol.zeros and util.is_np_shape():
            batch_size = -1
        if hasattr(self, "i2h_weight"):  # a cell; layers know their data type
            kwargs.setdefault("dtype", self.i2h_weight.dtype)
        states = begin_state(self, batch_size=batch_size, func=func, **kwargs)
        return classic_blocks.as_numpys(states) if util.is_np_array() else states

    return wrapper


def _with_states_or_without(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def wrapper(self: Any, inputs: Any, states: Any = None, *args: Any, **kwargs: Any) -> Any:
        if self._cached_graph and self.skip_states is not (states is None):
            self._clear_cached_op()
        return call(self, inputs, states, *args, **kwargs)

    return wrapper
