"""The progress that a training run shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from typing import Any

from d2lhelpers.plotting import LiveCurve


class Progress:
    """Shows a training run as curves in a notebook, as a line per epoch in a script, or not at all."""

    def __init__(self, metrics: Sequence[str], num_epochs: int, *, shown: bool, title: str, alt: str | None) -> None:
        self._curve = LiveCurve(metrics, num_epochs, title=title, alt=alt) if shown else None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        if self._curve:
            self._curve.close()

    def follow(self, loader: Iterable[Any], epoch: int) -> Iterator[Any]:
        """Yield the loader's minibatches, and show the time left after each."""
        num_batches = len(loader) if isinstance(loader, Sized) else None
        for count, batch in enumerate(loader, start=1):
            yield batch
            if self._curve and num_batches:
                self._curve.progress(epoch - 1 + count / num_batches)

    def add(self, epoch: int, curves: Mapping[str, Sequence[float]]) -> None:
        """Show the values of a finished epoch; metrics without a value for it are left out."""
        if self._curve:
            self._curve.add(epoch, **{name: series[-1] for name, series in curves.items() if len(series) == epoch})
