"""Train and evaluate Gluon networks: one loop for every device, loss and network of the course."""

import contextlib
import itertools
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mxnet import autograd, gluon, init, np, npx
from mxnet.context import Context
from mxnet.kvstore import KVStore
from mxnet.optimizer import Optimizer

from d2lhelpers.device import try_gpu
from d2lhelpers.distributed import DistributedTrainer, Workers, connect_workers
from d2lhelpers.plotting import LiveCurve
from d2lhelpers.random import seed as seed_all
from mxnet_compat.threads import threads_in_use

Batch = tuple[np.ndarray, np.ndarray]

# So many minibatches may wait in MXNet's queue. The loop would otherwise run far ahead of the device: the batches
# waiting would fill the memory, and the progress shown would be the loop's and not the training's.
_STEPS_AHEAD = 4


class TrainingDiverged(ValueError):
    """The loss is infinite or not a number. `history` holds the curves up to there."""

    def __init__(self, message: str, history: "History") -> None:
        super().__init__(message)
        self.history = history


@dataclass(repr=False)
class History:
    """What a training run recorded, one entry per epoch in each list.

    Attributes
    ----------
    train_loss, train_accuracy : list of float
        Means over the epoch's examples, each taken when its minibatch was trained on: the network changes meanwhile,
        and dropout is on. The accuracy is empty in regression.
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
        """Return the recorded losses and accuracies by name; empty ones left out."""
        names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def final(self, digits: int = 2) -> str:
        """Return the last epoch's values as text, rounded to so many digits after the point.

        >>> History(train_loss=[0.9, 0.512], test_accuracy=[0.5, 0.871]).final()
        'train loss 0.51, test accuracy 0.87'
        """
        return ", ".join(f"{name.replace('_', ' ')} {series[-1]:.{digits}f}" for name, series in self.curves().items())

    def __repr__(self) -> str:
        # No numbers: a notebook shows this below a cell that ends with `fit(...)`, and times differ from run to run.
        epochs = len(self.train_loss)
        return f"<History of {epochs} epoch{'' if epochs == 1 else 's'}: {', '.join(self.curves())}>"


class Timer:
    """Record several running times, in seconds, with the interface of d2l's `Timer`.

    The clock starts when the timer is made, and again at each `start`.
    """

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


def accuracy(y_hat: np.ndarray, y: np.ndarray) -> float:
    """Return the fraction of examples whose largest output is at their label.

    Parameters
    ----------
    y_hat : mxnet.np.ndarray, shape (n, classes), or (n,) when it already holds the predicted classes
    y : mxnet.np.ndarray, shape (n,)

    Examples
    --------
    >>> accuracy(np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]]), np.array([1, 2]))
    0.5
    """
    if y.ndim != 1 or y_hat.ndim not in (1, 2) or len(y_hat) != len(y):
        raise ValueError(
            f"y_hat must have shape (n, classes) or (n,) and y shape (n,), but they have {y_hat.shape} and {y.shape}"
        )
    if len(y) == 0:
        raise ValueError("the accuracy of no examples is not defined: y is empty")
    classes = y_hat.argmax(axis=1) if y_hat.ndim == 2 else y_hat
    return float((classes.astype(y.dtype) == y).sum()) / len(y)


def fit(
    net: gluon.Block,
    train_loader: Iterable[Batch],
    test_loader: Iterable[Batch] | None = None,
    *,
    num_epochs: int,
    lr: float = 0.1,
    optimizer: str | Optimizer | gluon.Trainer = "sgd",
    loss: gluon.loss.Loss | None = None,
    devices: Context | Sequence[Context] | None = None,
    kvstore: str | KVStore = "device",
    plot: bool = True,
    seed: int | None = None,
    title: str = "",
    alt: str | None = None,
) -> History:
    """Train a network with minibatch gradient descent.

    Parameters that are not yet initialized are (Xavier for weights, the layer's own choice for the rest); the others
    are trained on from what they are. In a notebook, curves of loss and accuracy grow while the network trains, with
    the time left above them; in a plain script each epoch prints a line.

    Parameters
    ----------
    net : mxnet.gluon.Block
        The network. It is moved to `devices`.
    train_loader, test_loader : iterable of (X, y)
        Minibatches of MXNet arrays with examples along the first axis; gone through once an epoch. `ArrayLoader`,
        Gluon's `DataLoader` and lists are; a generator is not.
    num_epochs : int
        How often to go through the training set.
    lr : float
        Learning rate of an optimizer given by name. One given as an object has its own, and keeps it.
    optimizer : str, mxnet.optimizer.Optimizer or mxnet.gluon.Trainer
        MXNet's name of an optimizer (`"sgd"`, `"adam"`, ...), or one that is made already.
    loss : mxnet.gluon.loss.Loss, optional
        Maps outputs and labels to one number for each example. The default is softmax cross-entropy. Accuracy is
        recorded with softmax cross-entropy only.
    devices : mxnet.Context or sequence of them, optional
        Where to compute. On several devices each minibatch is divided among them. The default is the first GPU if there
        is one, else the CPU; with a `Trainer`, where its parameters are.
    kvstore : str or mxnet.kvstore.KVStore
        What adds up the gradients: of this process's devices `"device"` or `"local"`; of several processes, which
        ``python -m d2lhelpers launch`` starts, `"dist_sync"` or the store that `connect_workers` returns.
    plot : bool
        Whether to show curves (in a notebook) or lines (in a script).
    seed : int, optional
        Seeds every random number generator first, so that initialization and dropout can be repeated. Worker number k
        takes `seed + k`.
    title, alt : str, optional
        Title and alternative text of the finished curves.

    Returns
    -------
    History

    Raises
    ------
    TrainingDiverged
        If the training loss of an epoch is not a finite number.
    TypeError, ValueError
        If an argument, the data or the labels cannot be trained with; the message says what to do.

    Notes
    -----
    The loss is added up on the device and read once an epoch, because every read makes the CPU wait for it. Means
    weigh each example alike, also those of a smaller last minibatch.

    Several devices, or several workers, compute what one does with their minibatches in one, up to rounding, except for
    what an example's share of the minibatch decides: dropout draws its own mask on each, and batch normalization
    takes mean and variance of each share by itself, so that every device keeps running statistics of its own
    (`net.save_parameters` saves their mean over this worker's devices).

    With several workers, each goes through its own loader: a step takes one minibatch of each worker, so two workers
    with batches of 32 do what one does with batches of 64. Sizes may differ, and so may the number of minibatches:
    who has none left waits for the others. Training starts from worker 0's parameters, its lines or curves are the only
    ones shown, and losses, accuracies and examples per second are those of all workers together. The test set can be
    divided or be the same for all. `num_epochs` and whether there is a test set must be the same.
    """
    npx.set_np()
    _check_arguments(net, train_loader, test_loader, num_epochs, lr)
    criterion = _Criterion(loss)
    workers = _find_workers(kvstore, optimizer)
    if seed is not None:
        seed_all(seed)
        if workers is not None and workers.rank:
            seed_all((seed + workers.rank) % 2**32)
    contexts = _choose_devices(devices, optimizer)
    _place_parameters(net, contexts)
    trainer = _make_trainer(net, optimizer, lr, kvstore if workers is None else workers)
    if workers is not None:
        shared = {"num_epochs": num_epochs, "having a test_loader (1 or 0)": int(test_loader is not None)}
        workers.check_same({**shared, "the number of parameters": len(net.collect_params().keys())})

    history = History()
    names = _metric_names(criterion.axis is not None, test_loader is not None)
    curve = LiveCurve(names, num_epochs, title=title, alt=alt) if plot and not (workers and workers.rank) else None
    try:
        for epoch in range(1, num_epochs + 1):
            start = time.perf_counter()
            batches = _with_progress(train_loader, epoch - 1, curve)
            totals = _Totals(criterion, check_labels=epoch == 1)
            for parts, size in _steps(batches, contexts, workers):
                if workers is not None and epoch == 1 and totals.count == 0:
                    _share_parameters(net, parts, workers)
                outputs, losses = _forward(net, criterion, parts, train=True)
                for value in losses:
                    value.backward()
                    _take_turns(contexts)
                trainer.step(size)
                totals.add(outputs, losses, parts)
            mean_loss, mean_accuracy = totals.means("train_loader", epoch, workers)
            seconds = time.perf_counter() - start
            history.train_loss.append(mean_loss)
            history.seconds.append(seconds)
            history.examples_per_second.append(totals.count / seconds)
            if mean_accuracy is not None:
                history.train_accuracy.append(mean_accuracy)
            if test_loader is not None and math.isfinite(mean_loss):
                mean_loss, mean_accuracy = _evaluate(
                    net, test_loader, criterion, contexts, "test_loader", epoch, workers
                )
                history.test_loss.append(mean_loss)
                if mean_accuracy is not None:
                    history.test_accuracy.append(mean_accuracy)
            if curve is not None:
                latest = {name: series[-1] for name, series in history.curves().items() if len(series) == epoch}
                curve.add(epoch, **latest)
            if not math.isfinite(history.train_loss[-1]):
                raise TrainingDiverged(_divergence(history.train_loss, num_epochs, trainer.learning_rate), history)
    finally:
        if curve is not None:
            curve.close()
    return history


def evaluate(
    net: gluon.Block,
    loader: Iterable[Batch],
    loss: gluon.loss.Loss | None = None,
    devices: Context | Sequence[Context] | None = None,
) -> tuple[float, float | None]:
    """Return a network's mean loss and accuracy on a data set.

    Parameters
    ----------
    net : mxnet.gluon.Block
        An initialized network.
    loader : iterable of (X, y)
        Minibatches, as for `fit`.
    loss : mxnet.gluon.loss.Loss, optional
        The default is softmax cross-entropy.
    devices : mxnet.Context or sequence of them, optional
        Where to compute; the default is where the network's parameters are.

    Returns
    -------
    mean_loss : float
        Mean over the examples.
    accuracy : float or None
        Fraction of the examples classified right; None for another loss than softmax cross-entropy.
    """
    npx.set_np()
    if devices is None:
        parameters = list(net.collect_params().values())
        devices = parameters[0].list_ctx() if parameters else try_gpu()
    contexts = [devices] if isinstance(devices, Context) else list(devices)
    return _evaluate(net, loader, _Criterion(loss), contexts, "loader", 1)


def _evaluate(
    net: gluon.Block,
    loader: Iterable[Batch],
    criterion: "_Criterion",
    contexts: list[Context],
    name: str,
    epoch: int,
    workers: Workers | None = None,
) -> tuple[float, float | None]:
    totals = _Totals(criterion, check_labels=epoch == 1)
    for X, y in _with_progress(loader, 0, None):
        parts = _split(X, y, contexts)
        outputs, losses = _forward(net, criterion, parts, train=False)
        totals.add(outputs, losses, parts)
    return totals.means(name, epoch, workers)


def _forward(
    net: gluon.Block, criterion: "_Criterion", parts: list["_Part"], train: bool
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return each device's outputs and example losses, recorded for their gradients if `train`."""
    outputs, losses = [], []
    for part in parts:
        # An idle part is no example: batch normalization must not count it.
        with autograd.record(train_mode=not part.idle) if train else contextlib.nullcontext():
            outputs.append(net(part.X))
            losses.append(_example_losses(criterion.loss, outputs[-1], part))
        _take_turns([part.X.ctx for part in parts])
    return outputs, losses


def _take_turns(contexts: list[Context]) -> None:
    """Wait for what was ordered, if the next order could meet it on the CPU.

    MXNet computes at the same time what is ordered on several CPU contexts, but two matrix products with more than one
    thread each, at the same time, hang for ever in its OpenBLAS. Nothing is lost: each of them takes all cores.
    """
    if sum(context.device_type != "gpu" for context in contexts) > 1 and threads_in_use() != 1:
        npx.waitall()


def _check_arguments(
    net: gluon.Block, train_loader: Iterable[Batch], test_loader: Iterable[Batch] | None, num_epochs: int, lr: float
) -> None:
    if not isinstance(net, gluon.Block):
        raise TypeError(f"net must be a Gluon network (gluon.Block), not {type(net).__name__}")
    if not list(net.collect_params().values()):
        raise ValueError("the network has no parameters to train: add a layer such as nn.Dense(10)")
    if isinstance(num_epochs, bool) or not isinstance(num_epochs, int) or num_epochs < 1:
        raise ValueError(f"num_epochs must be a whole number, at least 1, not {num_epochs!r}")
    if not (lr > 0 and math.isfinite(lr)):
        raise ValueError(f"lr, the learning rate, must be a positive number, not {lr!r}")
    for name, loader in (("train_loader", train_loader), ("test_loader", test_loader)):
        if loader is None and name == "test_loader":
            continue
        if not isinstance(loader, Iterable):
            raise TypeError(f"{name} must give minibatches (X, y) in a for loop; {type(loader).__name__} does not")
        if isinstance(loader, Iterator):
            raise TypeError(f"{name} is used up after one epoch: pass a list or an ArrayLoader instead of an iterator")


def _metric_names(classes: bool, test: bool) -> list[str]:
    kinds = ["loss", "accuracy"] if classes else ["loss"]
    return [f"{part}_{kind}" for kind in kinds for part in (["train", "test"] if test else ["train"])]


def _choose_devices(
    devices: Context | Sequence[Context] | None, optimizer: str | Optimizer | gluon.Trainer
) -> list[Context]:
    trained_on = list(optimizer._params[0].list_ctx()) if isinstance(optimizer, gluon.Trainer) else None
    if devices is None:
        return trained_on or [try_gpu()]
    contexts = [devices] if isinstance(devices, Context) else list(devices)
    if trained_on is not None and set(contexts) != set(trained_on):
        raise ValueError(f"the Trainer's parameters are on {trained_on}, not on {contexts}: make it after moving them")
    if not contexts:
        raise ValueError("devices is empty: pass at least one, such as devices=[npx.cpu()]")
    if len(set(contexts)) < len(contexts):
        raise ValueError(f"devices names a device twice: {contexts}")
    return contexts


def _place_parameters(net: gluon.Block, contexts: list[Context]) -> None:
    """Initialize the parameters that are not yet, and bring the others to the devices with their values."""
    default = init.Xavier()
    for parameter in net.collect_params().values():
        # One by one: net.initialize() would complain, on stderr, of each parameter that has its values already.
        if parameter._data is None and not parameter._deferred_init:
            parameter.initialize(ctx=contexts, default_init=default)
        elif set(parameter.list_ctx()) != set(contexts):
            parameter.reset_ctx(contexts)


def _find_workers(kvstore: str | KVStore, optimizer: str | Optimizer | gluon.Trainer) -> Workers | None:
    """Return the workers to train with, None when this process trains alone."""
    if not isinstance(kvstore, str | KVStore):
        raise TypeError(f"kvstore must be a name such as 'dist_sync', or an MXNet KVStore, not {kvstore!r}")
    kind = kvstore if isinstance(kvstore, str) else kvstore.type
    if kind not in ("device", "local", "dist_sync"):
        raise ValueError(f"kvstore {kind!r} is not supported: use 'dist_sync' for several processes, else 'device'")
    if isinstance(optimizer, gluon.Trainer):
        own = optimizer._kvstore_params["kvstore"]
        if "dist" in (own if isinstance(own, str) else getattr(own, "type", "")) or kvstore != "device":
            raise ValueError(
                "a Trainer cannot be combined with kvstore, nor have a distributed one itself: pass the optimizer's "
                "name, or an Optimizer, and kvstore to fit"
            )
    if not kind.startswith("dist"):
        return None
    return Workers(connect_workers() if isinstance(kvstore, str) else kvstore)


def _make_trainer(
    net: gluon.Block, optimizer: str | Optimizer | gluon.Trainer, lr: float, kvstore: str | KVStore | Workers
) -> gluon.Trainer:
    if isinstance(optimizer, gluon.Trainer):
        return optimizer
    if not isinstance(optimizer, str | Optimizer):
        raise TypeError(f"optimizer must be a name such as 'sgd', an Optimizer or a Trainer, not {optimizer!r}")
    known = Optimizer.opt_registry
    if isinstance(optimizer, str) and optimizer.lower() not in known:
        raise ValueError(f"MXNet has no optimizer {optimizer!r}; it has {', '.join(sorted(known))}")
    options = {"learning_rate": lr} if isinstance(optimizer, str) else None
    if isinstance(kvstore, Workers):
        return DistributedTrainer(net.collect_params(), optimizer, options, kvstore)
    return gluon.Trainer(net.collect_params(), optimizer, options, kvstore=kvstore)


def _share_parameters(net: gluon.Block, parts: list["_Part"], workers: Workers) -> None:
    """Start all workers from the parameters of worker 0."""
    parameters = list(net.collect_params().values())
    for part in parts if any(parameter._deferred_init for parameter in parameters) else []:
        net(part.X[:1])  # finds the shapes, without which there are no values
        npx.waitall()
    workers.share_parameters(parameters)


def _with_progress(loader: Iterable[Batch], epochs_done: int, curve: LiveCurve | None) -> Iterator[Batch]:
    """Give the loader's batches, checked, and tell the curve how far the epoch is."""
    num_batches = len(loader) if hasattr(loader, "__len__") else None  # type: ignore[arg-type]
    for index, batch in enumerate(loader):
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            raise ValueError(f"a loader must give pairs (X, y), but gave {_describe(batch)}")
        X, y = batch
        for array, name in ((X, "X"), (y, "y")):
            if not isinstance(array, np.ndarray):
                raise TypeError(f"{name} of a batch must be an MXNet array (mxnet.np.ndarray), not {_describe(array)}")
        if y.ndim == 0 or X.ndim == 0 or len(X) != len(y):
            raise ValueError(f"X and y of a batch must have one row per example, but have shapes {X.shape}, {y.shape}")
        if len(X) == 0:
            raise ValueError(f"batch {index} is empty: X has shape {X.shape}")
        yield X, y
        if curve is not None and num_batches:
            curve.progress(epochs_done + (index + 1) / num_batches)


def _describe(thing: Any) -> str:
    kind = f"{type(thing).__module__}.{type(thing).__name__}".removeprefix("builtins.")
    return f"{kind} of length {len(thing)}" if isinstance(thing, tuple | list) else kind


@dataclass
class _Part:
    """One device's share of a minibatch."""

    X: np.ndarray
    y: np.ndarray
    idle: bool = False  # the minibatch is too small to give this device a share: it repeats an example that counts 0


def _split(X: np.ndarray, y: np.ndarray, contexts: list[Context]) -> list[_Part]:
    """Divide a minibatch among the devices, as evenly as can be."""
    size, rest = divmod(len(X), len(contexts))
    parts = []
    start = 0
    for index, context in enumerate(contexts):
        stop = start + size + (index < rest)
        idle = stop == start
        rows = slice(0, 1) if idle else slice(start, stop)
        whole = len(contexts) == 1
        parts.append(
            _Part((X if whole else X[rows]).as_in_ctx(context), (y if whole else y[rows]).as_in_ctx(context), idle)
        )
        start = stop
    return parts


def _steps(
    batches: Iterator[Batch], contexts: list[Context], workers: Workers | None
) -> Iterator[tuple[list[_Part], int]]:
    """Give for each step of an epoch the devices' shares, and the number of examples in it, of all workers."""
    if workers is None:
        for X, y in batches:
            yield _split(X, y, contexts), len(X)
        return
    parts: list[_Part] = []
    for batch, size in workers.in_step((batch, len(batch[0])) for batch in batches):
        if batch is not None:
            parts = _split(*batch, contexts)
        elif not parts:
            raise ValueError("train_loader gave no minibatch to this worker: is its part of the data set empty?")
        else:  # to go on with the others, which have more minibatches: gradients of zero
            parts = [replace(part, X=part.X[:1], y=part.y[:1], idle=True) for part in parts]
        yield parts, size


def _example_losses(loss: gluon.loss.Loss, y_hat: np.ndarray, part: _Part) -> np.ndarray:
    """Return the losses of a part's examples, shape (n,)."""
    values = loss(y_hat, part.y)
    if values.shape != (len(part.y),):
        raise ValueError(
            f"the loss must give one number per example, shape ({len(part.y)},), but gave shape {values.shape} "
            f"for outputs {y_hat.shape} and labels {part.y.shape}"
        )
    return values * 0 if part.idle else values


class _AddUp(gluon.HybridBlock):
    """Adds a minibatch to the sum of its losses and the number of right answers."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self._axis = axis

    def hybrid_forward(
        self, F: Any, loss: np.ndarray, right: np.ndarray, losses: np.ndarray, y_hat: np.ndarray, y: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return `loss` and `right` with the minibatch's added."""
        hits = F.np.equal(F.np.argmax(y_hat, axis=self._axis), y.astype("int64"))
        return loss + F.np.sum(losses), right + F.np.sum(hits)


class _Criterion:
    """What is trained for: a loss and, if its labels are class numbers (not one-hot rows, not quantities), accuracy.

    The default loss and the sums are compiled by Gluon, each to one order for MXNet in place of 4 and 7: to order its
    operators takes a small network most of the time.

    Attributes
    ----------
    loss : mxnet.gluon.loss.Loss
        The given one, by default softmax cross-entropy.
    axis : int or None
        Where the classes are in the network's outputs; None where accuracy means nothing.
    add_up : _AddUp or None
    """

    def __init__(self, loss: gluon.loss.Loss | None) -> None:
        if loss is None:
            loss = gluon.loss.SoftmaxCrossEntropyLoss()
            loss.hybridize()
        self.loss = loss
        classes = isinstance(loss, gluon.loss.SoftmaxCrossEntropyLoss) and loss._sparse_label
        self.axis: int | None = loss._axis if classes else None
        self.add_up = None
        if self.axis is not None:
            self.add_up = _AddUp(self.axis)
            self.add_up.hybridize()


class _Totals:
    """Sums of losses and right answers over minibatches, kept on the devices until they are asked for."""

    def __init__(self, criterion: _Criterion, check_labels: bool) -> None:
        self.count = 0
        self._criterion = criterion
        self._check_labels = check_labels and criterion.axis is not None
        self._losses: dict[Context, np.ndarray] = {}
        self._right: dict[Context, np.ndarray] = {}
        self._unchecked: list[np.ndarray] = []  # labels
        self._num_classes = 0
        self._waiting: deque[np.ndarray] = deque()

    def add(self, outputs: list[np.ndarray], losses: list[np.ndarray], parts: list[_Part]) -> None:
        """Add a minibatch: each device's outputs, example losses and share."""
        first_batch = self.count == 0
        for y_hat, values, part in zip(outputs, losses, parts, strict=True):
            device = values.ctx
            if device not in self._losses:
                self._losses[device] = np.zeros((), ctx=device)
                self._right[device] = np.zeros((), dtype="int64", ctx=device)
            if part.idle:
                continue
            self.count += len(part.y)
            if self._criterion.add_up is None:
                self._losses[device] = self._losses[device] + values.sum()
                continue
            if self._check_labels:
                self._num_classes = y_hat.shape[self._criterion.axis]
                self._unchecked.append(part.y)
            self._losses[device], self._right[device] = self._criterion.add_up(
                self._losses[device], self._right[device], values, y_hat, part.y
            )
        if first_batch:
            self._refuse_wrong_labels()  # at once: a wrong set-up should not have to wait for the end of an epoch
        self._waiting.append(self._losses[parts[0].X.ctx])
        if len(self._waiting) > _STEPS_AHEAD:
            self._waiting.popleft().wait_to_read()

    def means(self, name: str, epoch: int, workers: Workers | None = None) -> tuple[float, float | None]:
        """Return mean loss and accuracy, of all workers, and wait for the devices to finish."""
        if self.count == 0:
            raise ValueError(f"{name} gave no minibatch in epoch {epoch}: is the data set empty?")
        npx.waitall()
        self._refuse_wrong_labels()
        loss = sum(float(total) for total in self._losses.values())
        right = sum(int(right) for right in self._right.values())
        if workers is not None:
            loss, right, self.count = workers.total([loss, right, self.count]).tolist()
        return loss / self.count, None if self._criterion.axis is None else right / self.count

    def _refuse_wrong_labels(self) -> None:
        """Refuse labels that are no class of the network: MXNet would take the nearest class without a word."""
        for array in self._unchecked:
            labels = array.asnumpy()
            for label in (float(labels.min()), float(labels.max())):
                if not label.is_integer():
                    raise ValueError(
                        f"label {label:g} is no class number such as 0, 1, 2, which softmax cross-entropy needs, the "
                        "default loss. To predict quantities pass loss=gluon.loss.L2Loss()."
                    )
                if not 0 <= label < self._num_classes:
                    raise ValueError(
                        f"label {label:g} is out of range: the network has {self._num_classes} outputs, for the labels "
                        f"0 to {self._num_classes - 1}. Give the last layer as many outputs as there are classes."
                    )
        self._unchecked.clear()


def _divergence(losses: list[float], num_epochs: int, lr: float) -> str:
    return (
        f"the training loss is {losses[-1]} after epoch {len(losses)} of {num_epochs}: the parameters have grown "
        f"without bound. Start again from new parameters with a smaller learning rate than {lr:g}, such as {lr / 10:g}."
    )
