"""What ``update(labels, preds)`` of metrics accepts: arrays of MXNet's two interfaces and of NumPy, or lists of them.

Several metrics called methods that NumPy arrays do not have, such as `asscalar` (apache/mxnet#18617). Labels of shape
(n, 1) made `F1` and `MCC` compare each label with all predictions, and these were wrong without a word: labels and
predictions of different sizes in `MAE`, `MSE`, and `RMSE`; labels that are not classes in `CrossEntropy`,
`NegativeLogLikelihood`, and `Perplexity`; one-hot labels in `Accuracy` (apache/mxnet#1312). Those raise ValueError.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.patches import classic_blocks

MODULES = ("mxnet.metric",)


def apply(module: ModuleType) -> None:
    """Replace `update` of all metrics, and how binary labels and predictions are counted."""
    names = vars(module)
    for metric in list(names.values()):
        if isinstance(metric, type) and issubclass(metric, names["EvalMetric"]) and "update" in vars(metric):
            metric.update = _with_classic_arrays(metric.update)  # type: ignore[attr-defined]
    binary = names["_BinaryClassificationMetrics"]
    binary.update_binary_stats = _with_vectors(binary.update_binary_stats)


def _with_classic_arrays(update: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(update)
    def wrapper(self: Any, labels: Any, preds: Any) -> None:
        from mxnet import util

        labels, preds = _arrays(labels), _arrays(preds)
        check = _CHECKS.get(type(self).__name__)
        if check and len(labels) == len(preds):
            for label, pred in zip(labels, preds, strict=True):
                check(self, label, pred)
        with util.np_array(False):
            update(self, labels, preds)

    return wrapper


def _with_vectors(count: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(count)
    def wrapper(self: Any, label: Any, pred: Any) -> None:
        count(self, label.reshape((-1,)), pred)

    return wrapper


def _arrays(values: Any) -> list[Any]:
    """Return the arrays in `values` as arrays of the old interface."""
    if not isinstance(values, (list, tuple)) or (values and onp.isscalar(values[0])):
        values = [values]
    return [_array(value) for value in values]


def _array(value: Any) -> Any:
    from mxnet import nd

    if value is None or isinstance(value, nd.NDArray):
        return classic_blocks.as_classic(value)
    array = onp.asarray(value)
    return nd.array(array, dtype=array.dtype if array.dtype.kind == "f" else "int32")


def _check_sizes(metric: Any, label: Any, pred: Any) -> None:
    if label.size != pred.size:
        raise ValueError(f"{metric.name}: labels of shape {label.shape} do not fit predictions of shape {pred.shape}.")


def _check_one_hot(metric: Any, label: Any, pred: Any) -> None:
    if label.shape == pred.shape and ((values := pred.asnumpy()) % 1).any():
        raise ValueError(
            f"{metric.name}: predictions that have the shape of the labels, here {label.shape}, must be classes, but "
            f"some are fractions such as {values[values % 1 != 0].flat[0]:.3g}. Pass labels as class numbers."
        )


def _check_classes(metric: Any, label: Any, pred: Any) -> None:
    classes, values = pred.shape[-1], label.asnumpy()
    wrong = (values < 0) | (values >= classes)
    if (ignored := getattr(metric, "ignore_label", None)) is not None:
        wrong &= values != ignored
    if wrong.any():
        raise ValueError(f"{metric.name}: the label {values[wrong].flat[0]:g} is not a class from 0 to {classes - 1}.")


_CHECKS: dict[str, Callable[[Any, Any, Any], None]] = {
    **dict.fromkeys(("MAE", "MSE", "RMSE"), _check_sizes),
    **dict.fromkeys(("CrossEntropy", "NegativeLogLikelihood", "Perplexity"), _check_classes),
    "Accuracy": _check_one_hot,
}
