"""Arrays and batches without entries.

For them, some operators returned wrong numbers (a mean of nothing was 0), ended the process, or failed in the
background, so that a later, innocent line raised an error such as ``Check failed: delay_alloc`` (apache/mxnet#16357,
apache/mxnet#16936). Where a function is NumPy's, NumPy now computes the answer, or raises its error. Layers raise a
ValueError at the call.
"""

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.conversion import make_is_empty

MODULES = ("mxnet.gluon.block",)

Answer = Callable[..., Any]


def apply(module: ModuleType) -> None:
    """Replace the call of hybridized networks; what happens to operators is in `SPECIAL`."""
    block = vars(module)["HybridBlock"]
    block._call_cached_op = _checked_network(block._call_cached_op)


def _reject(function: str) -> Answer:
    def reject(*arrays: Any, **parameters: Any) -> Any:
        raise ValueError(f"{function}: the array or batch is empty; its shape is {arrays[0].shape}.")

    return reject


def _same(data: Any, *others: Any, **parameters: Any) -> Any:
    return data


def _flatten(data: Any) -> Any:
    return data.reshape(len(data), math.prod(data.shape[1:]))


def _pick(data: Any, index: Any, axis: int = -1, keepdims: bool = False, **parameters: Any) -> Any:
    if data.shape[axis] == 0:
        raise IndexError(f"npx.pick: axis {axis} is empty; the shape is {data.shape}.")
    return data.max(axis, keepdims=keepdims)  # which is empty, too


def _masked(data: Any, mask: Any, axis: int = 0) -> Any:
    return data.compress(mask.astype(bool).ravel(), axis=axis) if mask.ndim == 1 else data[mask.astype(bool)]


def _take(data: Any, indices: Any, **parameters: Any) -> Any:
    return onp.take(data, indices.astype("int64"), **parameters)


# What to do if the first input of an operator is empty
_ANSWERS: dict[str, Answer] = {
    "_np_sum": onp.sum,
    "_np_prod": onp.prod,
    "_np_product": onp.prod,
    "_np_max": onp.max,
    "_np_amax": onp.max,
    "_np_min": onp.min,
    "_np_amin": onp.min,
    "_np_cumsum": onp.cumsum,
    "_np_diagflat": onp.diagflat,
    "_np_repeat": onp.repeat,
    "_npi_argmax": onp.argmax,
    "_npi_argmin": onp.argmin,
    "_npi_mean": onp.mean,
    "_npi_std": onp.std,
    "_npi_var": onp.var,
    "_npi_det": onp.linalg.det,
    "_npi_boolean_mask": _masked,
    "_npi_take": _take,
    "_npi_average": _reject("np.average"),
    "_npi_percentile": _reject("np.percentile"),
    "Activation": _same,
    "Dropout": _same,
    "Flatten": _flatten,
    "SequenceMask": _same,
    "_shuffle": _same,
    "pick": _pick,
    "argmax": _reject("mx.nd.argmax"),
    "argmin": _reject("mx.nd.argmin"),
    "SoftmaxOutput": _reject("mx.nd.SoftmaxOutput"),
    "FullyConnected": _reject("npx.fully_connected"),
    "Convolution": _reject("npx.convolution"),
    "Deconvolution": _reject("npx.deconvolution"),
    "Pooling": _reject("npx.pooling"),
    "BatchNorm": _reject("npx.batch_norm"),
    "LayerNorm": _reject("npx.layer_norm"),
    "GroupNorm": _reject("npx.group_norm"),
    "InstanceNorm": _reject("npx.instance_norm"),
    "RNN": _reject("npx.rnn"),
    "_image_resize": _reject("npx.image.resize"),
}


def _unless_empty(answer: Answer) -> Callable[..., Any]:
    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        is_empty = make_is_empty()

        def checked(handle: Any, inputs: Any, keys: Any, values: Any, out: Any, is_np_op: Any, *options: Any) -> Any:
            if not inputs or not is_empty(inputs[0]):
                return invoke(handle, inputs, keys, values, out, is_np_op, *options)
            result = _compute(answer, inputs, dict(zip(keys, values, strict=True)))
            if out is None:
                return result if is_np_op else result.as_nd_ndarray()
            out[:] = result if is_np_op else result.as_nd_ndarray()
            return out

        return checked

    return wrap


SPECIAL = {name: _unless_empty(answer) for name, answer in _ANSWERS.items()}


def _compute(answer: Answer, inputs: Any, parameters: dict[str, Any]) -> Any:
    """Return an operator's output, computed by NumPy."""
    from mxnet import autograd, numpy

    data = inputs[0].as_np_ndarray()
    parameters = {name: value for name, value in parameters.items() if value is not None}
    result = onp.asarray(answer(*[array.asnumpy() for array in inputs], **parameters))
    dtype = result.dtype
    if dtype == onp.float64 and data.dtype != onp.float64 and "dtype" not in parameters:
        dtype = onp.dtype("float32")
    result = numpy.array(result, dtype=dtype, ctx=data.ctx)
    if not autograd.is_recording() or dtype.kind != "f":
        return result
    # Append the result to the data, which have no entries, so that it can be differentiated with respect to them.
    parts = [data.reshape((-1,)).astype(dtype), result.reshape((-1,))]
    return numpy.concatenate(parts).reshape(result.shape)


def _checked_network(call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(self: Any, *args: Any) -> Any:
        for arg in args:
            if hasattr(arg, "shape") and 0 in arg.shape:
                raise ValueError(f"{self.name}: the batch is empty; the shape of an input is {arg.shape}.")
        return call(self, *args)

    return checked
