"""Losses, layers, cells, and image functions that were only written for MXNet's old interface (apache/mxnet#18617).

After ``npx.set_np()``, they compute what they always did: their inputs and parameters are passed as arrays or symbols
of the old interface, which share the memory and the recorded computation, and their outputs are converted back. Then
comparisons give numbers instead of bools, and arrays have the methods that this code calls.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

_METHODS: dict[str, dict[str, tuple[str, ...]]] = {
    "mxnet.gluon.loss": {
        "hybrid_forward": (
            *("KLDivLoss", "CTCLoss", "HuberLoss", "HingeLoss", "SquaredHingeLoss", "LogisticLoss", "TripletLoss"),
        )
    },
    "mxnet.gluon.nn.basic_layers": {"hybrid_forward": ("InstanceNorm", "GroupNorm")},
    "mxnet.gluon.nn.conv_layers": {"hybrid_forward": ("ReflectionPad2D",)},
    "mxnet.gluon.contrib.rnn.rnn_cell": {"hybrid_forward": ("LSTMPCell",)},
    "mxnet.gluon.contrib.rnn.conv_rnn_cell": {"hybrid_forward": ("_ConvRNNCell", "_ConvLSTMCell", "_ConvGRUCell")},
    "mxnet.gluon.data.vision.transforms": {"forward": ("Rotate", "RandomRotation")},
    "mxnet.image.image": {
        "__call__": (
            *("BrightnessJitterAug", "ContrastJitterAug", "SaturationJitterAug", "HueJitterAug", "ColorJitterAug"),
            *("LightingAug", "ColorNormalizeAug", "RandomGrayAug", "RandomOrderAug", "SequentialAug"),
        )
    },
}
_FUNCTIONS = {"mxnet.image.image": ("imrotate", "random_rotate")}
MODULES = tuple(_METHODS)


def apply(module: ModuleType) -> None:
    """Replace these methods and functions."""
    names = vars(module)
    for method, classes in _METHODS[module.__name__].items():
        for name in classes:
            setattr(names[name], method, on_classic_arrays(getattr(names[name], method)))
    for name in _FUNCTIONS.get(module.__name__, ()):
        names[name] = on_classic_arrays(names[name])


def on_classic_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that converts its arguments before the call, and what it returns after it."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        from mxnet import util

        if not util.is_np_array():
            return function(*args, **kwargs)
        args, kwargs = as_classic(args), {name: as_classic(value) for name, value in kwargs.items()}
        with util.np_array(False):
            outputs = function(*args, **kwargs)
        return as_numpys(outputs)

    return wrapper


def as_classic(value: Any) -> Any:
    """Return an array or a symbol, or those in a list or tuple, as one of the old interface."""
    if type(value) in (list, tuple):
        return type(value)(map(as_classic, value))
    return value.as_nd_ndarray() if hasattr(value, "as_nd_ndarray") else value


def as_numpys(value: Any) -> Any:
    """Return an array or a symbol, or those in a list or tuple, as one of the NumPy interface."""
    if type(value) in (list, tuple):
        return type(value)(map(as_numpys, value))
    return value.as_np_ndarray() if hasattr(value, "as_np_ndarray") else value
