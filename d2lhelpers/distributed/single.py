"""The methods that `fit` needs to train with several processes, for a process that trains alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mxnet import gluon

from d2lhelpers.minibatches import Minibatch


class SingleProcess:
    """A process that trains alone. `Workers` has the same methods for several processes."""

    rank = 0  # number of this process

    def __init__(self, kvstore: Any = "device") -> None:
        self._kvstore = kvstore

    def make_trainer(
        self, parameters: gluon.ParameterDict, optimizer: Any, options: dict[str, Any] | None
    ) -> gluon.Trainer:
        """Return a Trainer whose steps use the gradients of all processes."""
        return gluon.Trainer(parameters, optimizer, options, kvstore=self._kvstore)

    def check_same(self, values: Mapping[str, int]) -> None:
        """Raise ValueError, in all processes, if one of these integers is not the same in all of them."""

    def start_alike(self, net: gluon.Block, shares: Sequence[Minibatch]) -> None:
        """Give all processes the parameters of process 0, before the first step: later calls do nothing."""

    def steps(self, batches: Iterable[Minibatch]) -> Iterator[tuple[Minibatch, int]]:
        """Yield this process's minibatches, each with the number of examples that all processes have in the step."""
        for batch in batches:
            yield batch, len(batch.X)

    def total(self, numbers: Sequence[float]) -> list[float]:
        """Return the sum of each number over all processes."""
        return list(numbers)
