"""Lengths of sequences that are out of range, with which MXNet reads or writes elsewhere in the memory.

``npx.sequence_mask`` now takes a negative length, or nan, for 0. ``nd.SequenceLast`` and ``nd.SequenceReverse``, which
have no answer for such lengths, raise a ValueError; for that, they wait for the lengths.
"""

from collections.abc import Callable
from typing import Any

import numpy as onp

# The least length that an operator can take
_LEAST = {"SequenceLast": 1, "SequenceReverse": 0}


def _with_lengths(name: str) -> Callable[..., Any]:
    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def checked(handle: Any, arrays: Any, keys: Any, values: Any, *options: Any) -> Any:
            if len(arrays) > 1:
                data, lengths = arrays
                limit = data.shape[int(dict(zip(keys, values, strict=True)).get("axis", 0))]
                if name in _LEAST:
                    _check(name, lengths, limit)
                else:
                    arrays = [data, _within(lengths, limit)]
            return invoke(handle, arrays, keys, values, *options)

        return checked

    return wrap


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


# What `operator_calls` does with these operators
SPECIAL = {name: _with_lengths(name) for name in ("SequenceMask", *_LEAST)}
