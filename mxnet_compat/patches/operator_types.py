"""Data types that an operator cannot compute with: TypeError at the call.

MXNet raised MXNetError later, at whichever call needed a value first: "This operation only support floating point
types, not int32" for pooling, activations, and dropout of integers; "FP16 gemm on cpu not implemented!" for dense,
convolutional, and recurrent layers in float16 on the CPU. The output of transposed convolutions with dilation in
float64 was wrong without a word. (Hybridized networks: see `layer_types`.)
"""

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as onp

MODULES = ("mxnet.ndarray.register",)
_ONLY_FLOATS = ("Activation", "Dropout", "LeakyReLU", "Pooling")
_NO_FLOAT16 = ("Convolution", "Deconvolution", "FullyConnected", "RNN")


def apply(module: ModuleType) -> None:
    """Replace the function that runs all operators by one that checks the first input of these."""
    names = vars(module)
    checks = {_handle(module, name): functools.partial(_check_floats, name) for name in _ONLY_FLOATS}
    checks |= {_handle(module, name): functools.partial(_check_float16, name) for name in _NO_FLOAT16}
    names["_imperative_invoke"] = _checked(names["_imperative_invoke"], checks)


def _handle(module: Any, name: str) -> int:
    handle = module.ctypes.c_void_p()
    module.check_call(module._LIB.NNGetOpHandle(name.encode(), module.ctypes.byref(handle)))
    return int(handle.value)


def _checked(
    invoke: Callable[..., Any], checks: Mapping[int, Callable[[Any, dict[str, Any]], None]]
) -> Callable[..., Any]:
    @functools.wraps(invoke)
    def invoke_checked(handle: int, arrays: Any, keys: Any, values: Any, *args: Any) -> Any:
        if handle in checks:
            checks[handle](arrays[0], dict(zip(keys, values, strict=True)))
        return invoke(handle, arrays, keys, values, *args)

    return invoke_checked


def _check_floats(name: str, array: Any, options: dict[str, Any]) -> None:
    if onp.dtype(array.dtype).kind in "iub":
        raise TypeError(
            f"{name} computes with floating-point numbers only, but its input is {onp.dtype(array.dtype).name}. "
            "Convert it with x.astype('float32')."
        )


def _check_float16(name: str, array: Any, options: dict[str, Any]) -> None:
    if array.dtype == onp.float16 and array.ctx.device_type == "cpu":
        raise TypeError(
            f"{name}: MXNet computes this in float16 only on a GPU. On the CPU, use x.astype('float32') and "
            "net.cast('float32')."
        )
    if name == "Deconvolution" and array.dtype == onp.float64 and set(options.get("dilate", ())) - {1}:
        raise TypeError("Deconvolution: MXNet computes it with dilation only in float32. Use x.astype('float32').")
