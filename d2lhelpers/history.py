"""What a training run records: losses, accuracies, and times."""

import itertools
import time
from dataclasses import dataclass, field

from d2lhelpers.metrics import Means


@dataclass(repr=False)
class History:
    """What a training run recorded, one entry per epoch in each list.

    Attributes
    ----------
    train_loss, train_accuracy : list of float
        Means over the epoch's examples, each taken when its minibatch was trained on, while the network was changing
        and with dropout. The accuracy is empty in regression.
    test_loss, test_accuracy : list of float
        Means over the test set after the epoch. Empty without a test set.
    seconds : list of float
        Training time, without evaluation and drawing between epochs.
    examples_per_second : list of float
        Training examples divided by `seconds`.
    """

    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    examples_per_second: list[float] = field(default_factory=list)

    def curves(self) -> dict[str, list[float]]:
        """Return the recorded losses and accuracies by name, without empty ones."""
        names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def final(self, digits: int = 2) -> str:
        """Return the last epoch's values as text, with `digits` decimals.

        >>> History(train_loss=[0.9, 0.512], test_accuracy=[0.5, 0.871]).final()
        'train loss 0.51, test accuracy 0.87'
        """
        return ", ".join(f"{name.replace('_', ' ')} {series[-1]:.{digits}f}" for name, series in self.curves().items())

    def add(self, train: Means, test: Means | None, seconds: float) -> None:
        """Record an epoch."""
        self.train_loss.append(train.loss)
        self.seconds.append(seconds)
        self.examples_per_second.append(train.examples / seconds)
        if train.accuracy is not None:
            self.train_accuracy.append(train.accuracy)
        if test is not None:
            self.test_loss.append(test.loss)
            if test.accuracy is not None:
                self.test_accuracy.append(test.accuracy)

    def __repr__(self) -> str:
        # No numbers, because a notebook shows this below a cell that ends with `fit(...)`, and times vary between runs.
        epochs = len(self.train_loss)
        return f"<History of {epochs} epoch{'' if epochs == 1 else 's'}: {', '.join(self.curves())}>"


class Timer:
    """Record running times in seconds, like d2l's `Timer`. The clock starts immediately, and again at each `start`."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Start the clock."""
        self.tik = time.perf_counter()

    def stop(self) -> float:
        """Record the time since the last start, and return it."""
        self.times.append(time.perf_counter() - self.tik)
        return self.times[-1]

    def avg(self) -> float:
        """Return the mean of the recorded times."""
        return sum(self.times) / len(self.times)

    def sum(self) -> float:
        """Return the sum of the recorded times."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """Return the running totals of the recorded times."""
        return list(itertools.accumulate(self.times))
