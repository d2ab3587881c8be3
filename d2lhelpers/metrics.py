"""Loss and accuracy over many minibatches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from mxnet import gluon, np, npx
from mxnet.context import Context

Sums = tuple[np.ndarray, np.ndarray]  # of losses, and of correct answers

# How many minibatches may wait in MXNet's queue. Without a limit, Python would run far ahead of the device: the waiting
# minibatches would fill the memory, and the progress shown would be Python's rather than the training's.
_STEPS_AHEAD = 4


def accuracy(y_hat: np.ndarray, y: np.ndarray) -> float:
    """Return the fraction of examples whose largest output is the one for their label.

    `y_hat` has the shape (n, classes), or (n,) if it already contains the predicted classes; `y` has the shape (n,).

    >>> accuracy(np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1]]), np.array([1, 2]))
    0.5
    """
    if y.ndim != 1 or y_hat.ndim not in (1, 2) or len(y_hat) != len(y):
        raise ValueError(
            f"y_hat must have shape (n, classes) or (n,) and y shape (n,), but they have {y_hat.shape} and {y.shape}"
        )
    if len(y) == 0:
        raise ValueError("accuracy is undefined because there are no examples: y is empty")
    classes = y_hat.argmax(axis=1) if y_hat.ndim == 2 else y_hat
    return float((classes.astype(y.dtype) == y).sum()) / len(y)


class Predictions(NamedTuple):
    """A network's outputs for a minibatch, the labels in a shape that fits them, and one loss per example."""

    y_hat: np.ndarray
    y: np.ndarray
    losses: np.ndarray
    idle: bool


class Means(NamedTuple):
    """Means over a data set, and the number of examples in it; `accuracy` is None if it does not apply."""

    loss: float
    accuracy: float | None
    examples: int


class Criterion:
    """A loss and, if its labels are class numbers (not one-hot vectors or quantities), the accuracy that goes with it.

    The default loss and the sums are compiled by Gluon, which turns eleven operations for MXNet's queue into two: in a
    small network, queueing takes most of the time.
    """

    def __init__(self, loss: gluon.loss.Loss | None) -> None:
        if loss is None:
            loss = gluon.loss.SoftmaxCrossEntropyLoss()
            loss.hybridize()
        self._loss = loss
        has_classes = isinstance(loss, gluon.loss.SoftmaxCrossEntropyLoss) and loss._sparse_label
        self.class_axis: int | None = loss._axis if has_classes else None  # of the network's outputs
        if has_classes:
            self._count = _CountCorrect(loss._axis)
            self._count.hybridize()

    def metric_names(self, has_test: bool) -> list[str]:
        """Return the names of the curves that a training run records."""
        parts = ["train", "test"] if has_test else ["train"]
        kinds = ["loss"] if self.class_axis is None else ["loss", "accuracy"]
        return [f"{part}_{kind}" for kind in kinds for part in parts]

    def compare(self, y_hat: np.ndarray, y: np.ndarray, idle: bool = False) -> Predictions:
        """Return the losses of the examples, together with the outputs and labels they were computed from."""
        if self.class_axis is not None:
            y = _fit_labels(y_hat, y, self.class_axis % y_hat.ndim)
        losses = self._loss(y_hat, y)
        if losses.shape != (len(y),):
            raise ValueError(
                f"the loss must return one number per example, shape ({len(y)},), but returned shape {losses.shape} "
                f"for outputs {y_hat.shape} and labels {y.shape}"
            )
        return Predictions(y_hat, y, losses * 0 if idle else losses, idle)

    def check_labels(self, predictions: Predictions) -> None:
        """Raise ValueError for labels that are not classes of the network: MXNet would silently use the nearest one."""
        num_classes = predictions.y_hat.shape[self.class_axis]
        labels = predictions.y.asnumpy()
        for label in (float(labels.min()), float(labels.max())):
            if not label.is_integer():
                raise ValueError(
                    f"label {label:g} is no class number such as 0, 1, 2, which softmax cross-entropy needs, the "
                    "default loss. To predict quantities pass loss=gluon.loss.L2Loss()."
                )
            if not 0 <= label < num_classes:
                raise ValueError(
                    f"label {label:g} is out of range: the network has {num_classes} outputs, for the labels "
                    f"0 to {num_classes - 1}. Give the last layer as many outputs as there are classes."
                )

    def add_up(self, sums: Sums, predictions: Predictions) -> Sums:
        """Return the sum of the losses and the number of correct labels, with those of `predictions` added."""
        if self.class_axis is None:
            return sums[0] + predictions.losses.sum(), sums[1]
        return self._count(*sums, predictions.losses, predictions.y_hat, predictions.y)


class _CountCorrect(gluon.HybridBlock):
    """The sums of a classification, compiled into one operation."""

    def __init__(self, class_axis: int) -> None:
        super().__init__()
        self._class_axis = class_axis

    def hybrid_forward(
        self, F: Any, loss: np.ndarray, correct: np.ndarray, losses: np.ndarray, y_hat: np.ndarray, y: np.ndarray
    ) -> Sums:
        hits = F.np.equal(F.np.argmax(y_hat, axis=self._class_axis), y.astype("int64"))
        return loss + F.np.sum(losses), correct + F.np.sum(hits)


def _fit_labels(y_hat: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
    """Return class numbers in the shape of the outputs without the class axis, in a type that MXNet can use."""
    if y.dtype == bool:  # MXNet cannot use it as an index
        y = y.astype("int32")
    outputs, labels = y_hat.shape, y.shape
    wanted = outputs[:axis] + outputs[axis + 1 :]
    if labels == wanted:
        return y
    if labels[0] == wanted[0] and _drop_ones(labels[1:]) == _drop_ones(wanted[1:]):
        return y.reshape(wanted)
    if labels == outputs:
        raise ValueError(
            f"y has the shape of the outputs, {labels}, so it seems to be one-hot encoded, but this loss needs class "
            f"numbers: pass y.argmax(axis={axis}) as labels, or "
            "loss=gluon.loss.SoftmaxCrossEntropyLoss(sparse_label=False)"
        )
    raise ValueError(
        f"outputs of shape {outputs} with the classes along axis {axis} need labels of shape {wanted}, but y has shape "
        f"{labels}. If the classes are along another axis, pass it: loss=gluon.loss.SoftmaxCrossEntropyLoss(axis=1)"
    )


def _drop_ones(shape: tuple[int, ...]) -> list[int]:
    return [length for length in shape if length != 1]


class Totals:
    """Sums of losses and correct answers over minibatches, kept on the devices until `means` reads them.

    Reading them makes the CPU wait for the devices, so it happens only once per epoch.
    """

    def __init__(self, criterion: Criterion, check_labels: bool) -> None:
        self._criterion = criterion
        self._check_labels = check_labels and criterion.class_axis is not None
        self._examples = self._labels = 0
        self._sums: dict[Context, Sums] = {}
        self._queued: deque[np.ndarray] = deque()

    def add(self, predictions: Sequence[Predictions]) -> None:
        """Add a minibatch, given as one `Predictions` per device."""
        for prediction in predictions:
            device = prediction.losses.ctx
            if device not in self._sums:
                self._sums[device] = np.zeros((), ctx=device), np.zeros((), dtype="int64", ctx=device)
            if prediction.idle:
                continue
            if self._check_labels:
                self._criterion.check_labels(prediction)
            self._examples += len(prediction.y)
            self._labels += prediction.y.size
            self._sums[device] = self._criterion.add_up(self._sums[device], prediction)
        self._queued.append(self._sums[device][0])
        if len(self._queued) > _STEPS_AHEAD:
            self._queued.popleft().wait_to_read()

    def means(self, total: Callable[[list[float]], list[float]]) -> Means:
        """Return the means, once the devices have finished; `total` adds up numbers over all processes."""
        npx.waitall()
        own_loss = sum(float(loss) for loss, _ in self._sums.values())
        own_correct = sum(int(correct) for _, correct in self._sums.values())
        loss, correct, examples, labels = total([own_loss, own_correct, self._examples, self._labels])
        has_classes = self._criterion.class_axis is not None
        return Means(loss / examples, correct / labels if has_classes else None, int(examples))
