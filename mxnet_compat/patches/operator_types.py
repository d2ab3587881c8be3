"""Data types that an operator cannot compute with: TypeError at the call.

MXNet raised MXNetError later, at whichever call needed a value first: "This operation only support floating point
types, not int32" for pooling, activations, and dropout of integers; "FP16 gemm on cpu not implemented!" for dense,
convolutional, and recurrent layers in float16 on the CPU. The output of transposed convolutions with dilation in
float64 was wrong without a word. (Hybridized networks: see `layer_types`.)
"""

from collections.abc import Callable
from typing import Any

import numpy as onp

from mxnet_compat.conversion import BOOL, FLOAT16, FLOAT64, INT32, INTEGERS, make_type_number


def _with_check(name: str, suspicious: frozenset[int], check: Callable[..., None]) -> Callable[..., Any]:
    """Return a wrapper that calls `check` if the first array has one of the suspicious types."""

    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        type_number = make_type_number()

        def checked(handle: int, arrays: Any, keys: Any, values: Any, *args: Any) -> Any:
            if type_number(arrays[0]) in suspicious:
                check(name, arrays[0], dict(zip(keys, values, strict=True)))
            return invoke(handle, arrays, keys, values, *args)

        return checked

    return wrap


def _refuse_integers(name: str, array: Any, options: dict[str, Any]) -> None:
    raise TypeError(
        f"{name} computes with floating-point numbers only, but its input is {onp.dtype(array.dtype).name}. "
        "Convert it with x.astype('float32')."
    )


def _refuse_type(name: str, array: Any, options: dict[str, Any]) -> None:
    wanted = onp.dtype(array.dtype).name
    raise TypeError(f"{name} cannot take an image of type {wanted}: convert it with .astype('float32').")


def _check_float16(name: str, array: Any, options: dict[str, Any]) -> None:
    if array.dtype == onp.float16 and array.ctx.device_type == "cpu":
        raise TypeError(
            f"{name}: MXNet computes this in float16 only on a GPU. On the CPU, use x.astype('float32') and "
            "net.cast('float32')."
        )
    if name == "Deconvolution" and array.dtype == onp.float64 and set(options.get("dilate", ())) - {1}:
        raise TypeError("Deconvolution: MXNet computes it with dilation only in float32. Use x.astype('float32').")


_NOT_FLOAT, _UNUSUAL = INTEGERS | {BOOL}, frozenset({FLOAT16, FLOAT64})

# What `operator_calls` does with these operators
SPECIAL = {
    "_image_to_tensor": _with_check("npx.image.to_tensor", frozenset({BOOL}), _refuse_type),
    "_image_resize": _with_check("npx.image.resize", frozenset({BOOL, INT32, FLOAT16}), _refuse_type),
    **{
        name: _with_check(name, _NOT_FLOAT, _refuse_integers)
        for name in ("Activation", "Dropout", "LeakyReLU", "Pooling")
    },
    **{
        name: _with_check(name, _UNUSUAL, _check_float16)
        for name in ("Convolution", "Deconvolution", "FullyConnected", "RNN")
    },
}
