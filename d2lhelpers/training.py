"""Train and evaluate Gluon networks: one loop for every network, loss, and device in the course."""

import contextlib
import copy
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as onp
from mxnet import autograd, gluon, init, np, npx
from mxnet.context import Context
from mxnet.kvstore import KVStore
from mxnet.optimizer import Optimizer

from d2lhelpers.arguments import MAX_SEED, check_integer, check_positive
from d2lhelpers.device import try_gpu
from d2lhelpers.distributed.single import SingleProcess
from d2lhelpers.distributed.workers import Workers, choose_processes
from d2lhelpers.history import History, Timer
from d2lhelpers.metrics import Criterion, Means, Predictions, Totals, accuracy
from d2lhelpers.minibatches import Minibatch, read_minibatches, split
from d2lhelpers.progress import Progress
from d2lhelpers.random import seed as seed_everything
from mxnet_compat.threads import threads_in_use

__all__ = ["TrainingDiverged", "accuracy", "evaluate", "fit"]

Batch = tuple[np.ndarray, np.ndarray]


class TrainingDiverged(ValueError):
    """The training loss or a parameter is not a finite number. `history` contains the curves up to that point."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


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

    Parameters without values are initialized (Xavier for weights, the layer's own choice for the rest). In a notebook,
    curves of loss and accuracy grow while the network trains, with the time left above them; in a plain script each
    epoch prints a line.

    Parameters
    ----------
    net : mxnet.gluon.Block
        The network. It is moved to `devices`.
    train_loader, test_loader : iterable of (X, y)
        Minibatches of MXNet arrays with examples along the first axis, such as an `ArrayLoader`, Gluon's `DataLoader`
        or a list; not an iterator, because each epoch goes through all of them.
    num_epochs : int
        How often to go through the training set.
    lr : float
        Learning rate of an optimizer given by name. An optimizer given as an object keeps its own.
    optimizer : str, mxnet.optimizer.Optimizer or mxnet.gluon.Trainer
        MXNet's name for an optimizer, such as `"sgd"` or `"adam"`, or an object. `fit` copies an `Optimizer`, so each
        run with the same object starts alike.
    loss : mxnet.gluon.loss.Loss, optional
        Maps outputs and labels to one number per example. The default is softmax cross-entropy, the only loss with
        which accuracy is recorded. Its labels are class numbers: one per example or, with `axis=1`, one per pixel.
    devices : mxnet.Context or sequence of them, optional
        Where to compute. Several devices share each minibatch. The default is the first GPU if there is one, otherwise
        the CPU; with a `Trainer`, the devices of its parameters.
    kvstore : str or mxnet.kvstore.KVStore
        What adds up the gradients: `"device"` or `"local"` within this process; `"dist_sync"`, or the store that
        `connect_workers` returns, for all workers that ``python -m d2lhelpers launch`` has started.
    plot : bool
        Whether to show curves or lines. Only worker 0 shows any.
    seed : int, optional
        Seeds all random number generators first, so that initialization and dropout are reproducible. Worker number k
        uses `seed + k`.
    title, alt : str, optional
        Title and alternative text of the finished curves.

    Raises
    ------
    TrainingDiverged
        If the training loss of an epoch, or a parameter after it, is not a finite number.
    TypeError, ValueError
        If an argument, the data, or the labels cannot be used for training; the message says what to do.

    Notes
    -----
    Several devices or workers compute the same as one device with their minibatches combined, up to rounding and except
    for dropout, which draws a mask on each, and batch normalization, which uses the statistics of each share. Workers
    start from worker 0's parameters and return the joint history. A worker that runs out of minibatches waits for the
    others, but `num_epochs`, and whether there is a test set, must be the same for all.
    """
    npx.set_np()
    num_epochs = check_integer("num_epochs", num_epochs, minimum=1)
    lr = check_positive("lr", lr)
    _check_arguments(net, train_loader, test_loader, optimizer)
    processes = choose_processes(kvstore, optimizer)
    if seed is not None:
        seed_everything((check_integer("seed", seed, 0, MAX_SEED) + processes.rank) % 2**32)
    learner = _Learner(net, Criterion(loss), _choose_devices(devices, optimizer), processes)
    learner.place_parameters()
    trainer = learner.make_trainer(optimizer, lr)
    has_test = test_loader is not None
    shared = {"num_epochs": num_epochs, "having a test_loader (1 or 0)": int(has_test)}
    processes.check_same({**shared, "the number of parameters": len(net.collect_params().keys())})

    history = History()
    metrics = learner.criterion.metric_names(has_test)
    with Progress(metrics, num_epochs, shown=plot and processes.rank == 0, title=title, alt=alt) as progress:
        for epoch in range(1, num_epochs + 1):
            timer = Timer()
            train = _train_epoch(learner, trainer, progress.follow(train_loader, epoch), epoch)
            seconds = timer.stop()
            failure = learner.find_failure(train.loss)
            test = None if test_loader is None or failure else _evaluate(learner, test_loader, "test_loader", epoch)
            history.add(train, test, seconds)
            progress.add(epoch, history.curves())
            if failure:
                raise TrainingDiverged(_advise(failure, epoch, num_epochs, trainer.learning_rate), history)
    return history


def evaluate(
    net: gluon.Block,
    loader: Iterable[Batch],
    loss: gluon.loss.Loss | None = None,
    devices: Context | Sequence[Context] | None = None,
) -> tuple[float, float | None]:
    """Return an initialized network's mean loss per example and its accuracy on a data set.

    `loader` and `loss` are as for `fit`; with a loss other than softmax cross-entropy, the accuracy is None. By
    default, `devices` are those on which the network's parameters are.
    """
    npx.set_np()
    if devices is None:
        parameters = list(net.collect_params().values())
        devices = parameters[0].list_ctx() if parameters else try_gpu()
    learner = _Learner(net, Criterion(loss), _as_list(devices), SingleProcess())
    return _evaluate(learner, loader, "loader", epoch=1)[:2]


def _train_epoch(learner: "_Learner", trainer: gluon.Trainer, batches: Iterable[Batch], epoch: int) -> Means:
    totals = Totals(learner.criterion, check_labels=epoch == 1)
    for batch, num_examples in learner.processes.steps(read_minibatches(batches, "train_loader", epoch)):
        shares = split(batch, learner.devices)
        learner.processes.start_alike(learner.net, shares)
        predictions = learner.predict(shares, train=True)
        for prediction in predictions:
            prediction.losses.backward()
            learner.take_turns()
        trainer.step(num_examples)
        totals.add(predictions)
    return totals.means(learner.processes.total)


def _evaluate(learner: "_Learner", loader: Iterable[Batch], name: str, epoch: int) -> Means:
    totals = Totals(learner.criterion, check_labels=epoch == 1)
    for batch in read_minibatches(loader, name, epoch):
        totals.add(learner.predict(split(batch, learner.devices), train=False))
    return totals.means(learner.processes.total)


@dataclass(frozen=True)
class _Learner:
    """A network, the criterion it is trained with, and the devices and processes that train it."""

    net: gluon.Block
    criterion: Criterion
    devices: list[Context]
    processes: SingleProcess | Workers

    def place_parameters(self) -> None:
        """Initialize the parameters that have no values, and move the others to the devices."""
        if name := self._nonfinite_parameter():
            raise ValueError(
                f"parameter {name} already contains values that are not finite, perhaps from a run that diverged: "
                "train a new network, or reset this one with net.initialize(force_reinit=True)"
            )
        default = init.Xavier()
        for parameter in self.net.collect_params().values():
            # One by one, because net.initialize() would warn on stderr about each parameter that already has values.
            if parameter._data is None and not parameter._deferred_init:
                parameter.initialize(ctx=self.devices, default_init=default)
            elif set(parameter.list_ctx()) != set(self.devices):
                parameter.reset_ctx(self.devices)

    def make_trainer(self, optimizer: str | Optimizer | gluon.Trainer, lr: float) -> gluon.Trainer:
        """Return a Trainer for the network's parameters."""
        if isinstance(optimizer, gluon.Trainer):
            return optimizer
        options = {"learning_rate": lr} if isinstance(optimizer, str) else None
        # A copy, because a Trainer divides the object's `rescale_grad` by the batch size, and counts its updates: the
        # next run with the same object would take steps that are too small.
        optimizer = copy.deepcopy(optimizer)
        return self.processes.make_trainer(self.net.collect_params(), optimizer, options)

    def predict(self, shares: list[Minibatch], *, train: bool) -> list[Predictions]:
        """Return each device's predictions for its share of a minibatch, recorded for gradients if `train` is true."""
        predictions = []
        for X, y, idle in shares:
            # Batch normalization must not count the example of an idle share.
            with autograd.record(train_mode=not idle) if train else contextlib.nullcontext():
                predictions.append(self.criterion.compare(self.net(X), y, idle))
            self.take_turns()
        return predictions

    def take_turns(self) -> None:
        """Wait for the queued operations if the next one could run on the CPU at the same time.

        MXNet runs operations of several CPU contexts at the same time, but two matrix products at once, with more than
        one thread each, hang indefinitely in its OpenBLAS. Waiting costs nothing: each product uses all cores.
        """
        if sum(device.device_type != "gpu" for device in self.devices) > 1 and threads_in_use() != 1:
            npx.waitall()

    def find_failure(self, loss: float) -> str | None:
        """Say what is not finite, if anything. Checking the loss is not enough, because ReLU turns nan into 0."""
        if not math.isfinite(loss):
            return f"the training loss is {loss}"
        name = self._nonfinite_parameter()
        return name and f"parameter {name} is not finite"

    def _nonfinite_parameter(self) -> str | None:
        for name, parameter in self.net.collect_params().items():
            trained = parameter.grad_req != "null" and parameter._data is not None
            if trained and not onp.isfinite(parameter.list_data()[0].asnumpy()).all():
                return name
        return None


def _advise(failure: str, epoch: int, num_epochs: int, lr: float) -> str:
    return (
        f"{failure} after epoch {epoch} of {num_epochs}: the parameters have grown without bound. Start again from new "
        f"parameters with a smaller learning rate than {lr:g}, such as {lr / 10:g}."
    )


def _check_arguments(net: Any, train_loader: Any, test_loader: Any, optimizer: Any) -> None:
    if not isinstance(net, gluon.Block):
        raise TypeError(f"net must be a Gluon network (gluon.Block), not {type(net).__name__}")
    if not net.collect_params().keys():
        raise ValueError("the network has no parameters to train: add a layer such as nn.Dense(10)")
    for name, loader in (("train_loader", train_loader), ("test_loader", test_loader)):
        if loader is None and name == "test_loader":
            continue
        if not isinstance(loader, Iterable):
            raise TypeError(f"{name} must be an iterable of minibatches (X, y), not {type(loader).__name__}")
        if isinstance(loader, Iterator):
            raise TypeError(f"{name} is used up after one epoch: pass a list or an ArrayLoader instead of an iterator")
    if not isinstance(optimizer, str | Optimizer | gluon.Trainer):
        raise TypeError(f"optimizer must be a name such as 'sgd', an Optimizer or a Trainer, not {optimizer!r}")
    known = Optimizer.opt_registry
    if isinstance(optimizer, str) and optimizer.lower() not in known:
        raise ValueError(f"MXNet has no optimizer {optimizer!r}; it has {', '.join(sorted(known))}")


def _as_list(devices: Context | Sequence[Context]) -> list[Context]:
    return [devices] if isinstance(devices, Context) else list(devices)


def _choose_devices(
    devices: Context | Sequence[Context] | None, optimizer: str | Optimizer | gluon.Trainer
) -> list[Context]:
    trained_on = list(optimizer._params[0].list_ctx()) if isinstance(optimizer, gluon.Trainer) else None
    if devices is None:
        return trained_on or [try_gpu()]
    chosen = _as_list(devices)
    if trained_on is not None and set(chosen) != set(trained_on):
        raise ValueError(
            f"the Trainer's parameters are on {trained_on}, not on {chosen}: create the Trainer after moving them"
        )
    if not chosen:
        raise ValueError("devices is empty: pass at least one, such as devices=[npx.cpu()]")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"devices contains the same device twice: {chosen}")
    return chosen
