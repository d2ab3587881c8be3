"""Data types that a layer cannot compute with: an error at the call that names them (apache/mxnet#19118).

* Input of another type than the parameters raised MXNetError: "Incompatible attr in node  at 1-th input: expected
  float64, got float32". It raises TypeError, which says what to convert.
* float16 on the CPU: hybridized networks with dense, convolutional, or recurrent layers raised MXNetError at a later
  call, whichever needed a value first. They raise TypeError when they are first called.
* `InstanceNorm` and `Conv3DTranspose` can only compute in float32, and so can other transposed convolutions with
  dilation, whose output was wrong without a word. They say so when they are cast.
"""

import functools
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as onp

MODULES = (
    "mxnet.gluon.block",
    "mxnet.gluon.nn.basic_layers",
    "mxnet.gluon.nn.conv_layers",
    "mxnet.gluon.rnn.rnn_layer",
    "mxnet.gluon.rnn.rnn_cell",
)
_NOT_IN_FLOAT16 = ("Dense", "_Conv", "_RNNLayer", "RNNCell", "LSTMCell", "GRUCell")
_ONLY_IN_FLOAT32 = {
    "InstanceNorm": "Use GroupNorm with as many groups as channels, which computes the same.",
    "_Conv": "Cast only the other layers, and convert its input and output.",
}
_ABOUT_TYPES = re.compile(
    r"xpected '?(float|int|uint|bool)|floating point types|Unsupported data type|Type inconsistent"
)


def apply(module: ModuleType) -> None:
    """Replace `forward` and `_build_cache` of all networks, and methods of the layers above."""
    names = vars(module)
    if module.__name__ == "mxnet.gluon.block":
        names["HybridBlock"].forward = _explained(names["HybridBlock"].forward, names["MXNetError"])
        names["HybridBlock"]._build_cache = _refusing_float16_within(names["HybridBlock"]._build_cache)
    for name in _NOT_IN_FLOAT16:
        if name in names:
            names[name]._needs_gpu_for_float16 = True
    for name, alternative in _ONLY_IN_FLOAT32.items():
        if name in names:
            names[name].cast = _refusing_all_but_float32(names[name].cast, alternative)


def _explained(forward: Callable[..., Any], failure: type[Exception]) -> Callable[..., Any]:
    @functools.wraps(forward)
    def explained(self: Any, x: Any, *args: Any) -> Any:
        try:
            return forward(self, x, *args)
        except failure as error:
            if _ABOUT_TYPES.search(str(error)) and (message := _mismatch(self, (x, *args))):
                raise TypeError(message) from error
            raise

    return explained


def _mismatch(block: Any, inputs: Any) -> str | None:
    """Return what is wrong with the types of the inputs or the parameters, or None if they are the same."""
    given = sorted({onp.dtype(array.dtype).name for array in _arrays(inputs)})
    own = sorted({onp.dtype(parameter.dtype).name for parameter in block.collect_params().values()})
    if not given or given == own:
        return None
    right = own[0] if own else "float32"
    message = f"{type(block).__name__} {block.name!r}: the input is {' and '.join(given)}, "
    message += f"but the parameters are {' and '.join(own)}. " if own else "which it cannot compute with. "
    message += f"Convert the input with x.astype({right!r})"
    return message + (f", or the network with net.cast({given[0]!r})." if "float" in given[0] and own else ".")


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays(item)
    elif hasattr(value, "asnumpy"):
        yield value


def _refusing_float16_within(build_cache: Callable[..., Any]) -> Callable[..., Any]:
    """Return `_build_cache`, which runs once per hybridized network, with a check of its layers."""

    def check(layer: Any) -> None:
        if not getattr(layer, "_needs_gpu_for_float16", False):
            return
        for parameter in layer.params.values():
            on_cpu = parameter._data is not None and parameter.list_ctx()[0].device_type == "cpu"
            if on_cpu and parameter.dtype in ("float16", onp.float16):
                raise TypeError(_no_float16(layer))

    @functools.wraps(build_cache)
    def checked(self: Any, *args: Any) -> None:
        build_cache(self, *args)
        self.apply(check)

    return checked


def _no_float16(layer: Any) -> str:
    return (
        f"{type(layer).__name__} {layer.name!r}: MXNet computes this layer in float16 only on a GPU. On the CPU, use "
        "net.cast('float32')."
    )


def _only_in_float32(layer: Any) -> bool:
    dilation = getattr(layer, "_kwargs", {}).get("dilate", ())
    kind = type(layer).__name__
    return kind in ("InstanceNorm", "Conv3DTranspose") or ("Transpose" in kind and set(dilation) != {1})


def _refusing_all_but_float32(cast: Callable[..., None], alternative: str) -> Callable[..., None]:
    @functools.wraps(cast)
    def checked(self: Any, dtype: Any) -> None:
        if onp.dtype(dtype) != "float32" and _only_in_float32(self):
            raise TypeError(f"{type(self).__name__} {self.name!r}: computes only in float32. {alternative}")
        cast(self, dtype)

    return checked
