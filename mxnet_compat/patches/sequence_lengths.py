"""Lengths of sequences that are out of range, with which MXNet reads or writes elsewhere in the memory.

``npx.sequence_mask`` now takes a negative length, or nan, for 0. ``nd.SequenceLast`` and ``nd.SequenceReverse``, which
have no answer for such lengths, raise a ValueError; for that, they wait for the lengths.
"""

import ctypes
from types import ModuleType
from typing import Any

import numpy as onp

MODULES = ("mxnet.ndarray.register",)

# The least length that an operator can take
_LEAST = {"SequenceLast": 1, "SequenceReverse": 0}


def apply(module: ModuleType) -> None:
    """Replace the function that runs all operators by one that checks the second input of these."""
    names = vars(module)
    invoke, masks = names["_imperative_invoke"], _handle(module, "SequenceMask")
    checked_names = {_handle(module, name): name for name in _LEAST}

    def checked(handle: Any, arrays: Any, *args: Any) -> Any:
        if (handle == masks or handle in checked_names) and len(arrays) > 1:
            data, lengths = arrays
            axis = int(dict(zip(*args[:2], strict=True)).get("axis", 0))  # of the keys and values
            if handle in checked_names:
                _check(checked_names[handle], lengths, data.shape[axis])
            else:
                arrays = [data, _within(lengths, data.shape[axis])]
        return invoke(handle, arrays, *args)

    names["_imperative_invoke"] = checked


def _handle(module: Any, name: str) -> Any:
    handle = ctypes.c_void_p()
    module.check_call(module._LIB.NNGetOpHandle(name.encode(), ctypes.byref(handle)))
    return handle.value


def _within(lengths: Any, limit: int) -> Any:
    """Return lengths between 0 and `limit`, without waiting for them; for nan, 0."""
    from mxnet import np

    lengths = lengths.as_np_ndarray()
    if onp.dtype(lengths.dtype).kind == "f":
        return np.clip(np.nan_to_num(lengths), 0, limit)
    return np.maximum(lengths, 0)


def _check(name: str, lengths: Any, limit: int) -> None:
    values = lengths.asnumpy()
    if not ((values >= _LEAST[name]) & (values <= limit)).all():
        raise ValueError(f"{name}: the lengths must be between {_LEAST[name]} and {limit}, but are {values}.")
