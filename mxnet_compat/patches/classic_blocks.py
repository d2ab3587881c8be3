"""Losses and layers whose code was only written for MXNet's old interface (apache/mxnet#18617).

After ``npx.set_np()``, they compute what they always did: their inputs and parameters are passed as arrays or symbols
of the old interface, which share the memory and the recorded computation, and their outputs are converted back. Then
comparisons give numbers instead of bools, and arrays have the methods that this code calls.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

_CLASSES = {
    "mxnet.gluon.loss": (
        *("KLDivLoss", "CTCLoss", "HuberLoss", "HingeLoss", "SquaredHingeLoss", "LogisticLoss", "TripletLoss"),
    ),
    "mxnet.gluon.nn.basic_layers": ("InstanceNorm", "GroupNorm"),
    "mxnet.gluon.nn.conv_layers": ("ReflectionPad2D",),
}
MODULES = tuple(_CLASSES)


def apply(module: ModuleType) -> None:
    """Replace `hybrid_forward` of these classes."""
    for name in _CLASSES[module.__name__]:
        block = vars(module)[name]
        block.hybrid_forward = on_classic_arrays(block.hybrid_forward)


def on_classic_arrays(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that converts NumPy arrays and symbols before and after the call."""

    @functools.wraps(forward)
    def hybrid_forward(self: Any, F: ModuleType, *inputs: Any, **parameters: Any) -> Any:
        from mxnet import util

        if not util.is_np_array():
            return forward(self, F, *inputs, **parameters)
        classic = {name: as_classic(value) for name, value in parameters.items()}
        with util.np_array(False):
            outputs = forward(self, F, *map(as_classic, inputs), **classic)
        return as_numpys(outputs)

    return hybrid_forward


def as_classic(value: Any) -> Any:
    """Return an array or a symbol, or those in a list, as one of the old interface."""
    if isinstance(value, (list, tuple)):
        return [as_classic(item) for item in value]
    return value.as_nd_ndarray() if hasattr(value, "as_nd_ndarray") else value


def as_numpys(value: Any) -> Any:
    """Return an array or a symbol, or those in a list, as one of the NumPy interface."""
    if isinstance(value, (list, tuple)):
        return [as_numpys(item) for item in value]
    return value.as_np_ndarray() if hasattr(value, "as_np_ndarray") else value
