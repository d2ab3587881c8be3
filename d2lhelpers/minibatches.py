"""The minibatches that a loader yields: checks, and division among devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as onp
from mxnet import np
from mxnet.context import Context


class Minibatch(NamedTuple):
    """Examples and their labels, along the first axis.

    A device or process that has no examples in a step computes with an `idle` minibatch, which repeats an earlier
    example and does not count.
    """

    X: np.ndarray
    y: np.ndarray
    idle: bool = False

    def as_idle(self) -> Minibatch:
        """Return an idle minibatch of one example."""
        return Minibatch(self.X[:1], self.y[:1], idle=True)


def read_minibatches(batches: Iterable[Any], name: str, epoch: int) -> Iterator[Minibatch]:
    """Yield the minibatches of the loader called `name`, and raise an error for any that is unusable.

    The first epoch also checks that inputs and labels are finite: layers such as ReLU can hide nan from the loss.
    """
    index = -1
    for index, batch in enumerate(batches):
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise ValueError(f"{name} must yield pairs (X, y), but yielded {_describe(batch)}")
        for array, letter in zip(batch, "Xy", strict=True):
            if not isinstance(array, np.ndarray):
                raise TypeError(
                    f"{letter} in minibatches of {name} must be an MXNet array (mxnet.np.ndarray), "
                    f"not {_describe(array)}"
                )
        X, y = batch
        if y.ndim == 0 or X.ndim == 0 or len(X) != len(y):
            raise ValueError(
                f"X and y of a minibatch must have one row per example, but those of {name} have shapes "
                f"{X.shape} and {y.shape}"
            )
        if len(X) == 0:
            raise ValueError(f"minibatch {index} of {name} is empty: X has shape {X.shape}")
        if epoch == 1:
            _check_finite(X, f"X in minibatch {index} of {name}")
            _check_finite(y, f"y in minibatch {index} of {name}")
        yield Minibatch(X, y)
    if index < 0:
        raise ValueError(f"{name} yielded no minibatches in epoch {epoch}: is the data set empty?")


def split(batch: Minibatch, devices: Sequence[Context]) -> list[Minibatch]:
    """Divide a minibatch among devices as evenly as possible; those without an example get an idle minibatch."""
    if len(devices) == 1:
        return [batch._replace(X=batch.X.as_in_ctx(devices[0]), y=batch.y.as_in_ctx(devices[0]))]
    size, rest = divmod(len(batch.X), len(devices))
    shares, start = [], 0
    for index, device in enumerate(devices):
        stop = start + size + (index < rest)
        share = batch._replace(X=batch.X[start:stop], y=batch.y[start:stop]) if start < stop else batch.as_idle()
        shares.append(share._replace(X=share.X.as_in_ctx(device), y=share.y.as_in_ctx(device)))
        start = stop
    return shares


def _check_finite(array: np.ndarray, where: str) -> None:
    if onp.dtype(array.dtype).kind != "f":
        return
    values = array.asnumpy()
    finite = onp.isfinite(values)
    if not finite.all():
        position = tuple(int(index) for index in onp.argwhere(~finite)[0])
        raise ValueError(
            f"{where} contains {values[position]} at position {position}: replace or remove missing and infinite values"
        )


def _describe(thing: Any) -> str:
    kind = f"{type(thing).__module__}.{type(thing).__name__}".removeprefix("builtins.")
    return f"{kind} of length {len(thing)}" if isinstance(thing, tuple | list) else kind
