"""Losses: labels of every data type, labels that are not classes, weights that broadcast, and `batch_axis`.

* Labels of another data type than the predictions raised errors, and bool labels raised "Unknown type enum 7" later, at
  a call that had nothing to do with it (apache/mxnet#16658).
* `SoftmaxCrossEntropyLoss` used the nearest class instead of a label that is not a class. That raises ValueError.
* A `sample_weight` of shape (n,) for a loss of shape (n, 1) weighted each example by all weights. That raises
  ValueError.
* After ``npx.set_np()``, four losses averaged over all axes but the first, whatever `batch_axis` was.
* `CosineEmbeddingLoss` and `SDMLLoss` failed in float64, and the full `PoissonNLLLoss` while recording.
"""

import functools
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.patches import classic_blocks

MODULES = ("mxnet.gluon.loss",)
_PROMOTE_TYPES = ("L1Loss", "L2Loss", "SigmoidBinaryCrossEntropyLoss")


def apply(module: ModuleType) -> None:
    """Replace the methods and the function that these losses share."""
    names = vars(module)
    names["Loss"].forward = _with_checked_inputs(names["Loss"].forward, module)
    names["_apply_weighting"] = _with_checked_weights(names["_apply_weighting"], module)
    for name in (*_PROMOTE_TYPES, "SoftmaxCrossEntropyLoss"):
        names[name].hybrid_forward = _along_any_axis(names[name].hybrid_forward)
    for name, formula in (("PoissonNLLLoss", _poisson), ("CosineEmbeddingLoss", _cosine), ("SDMLLoss", _sdml)):
        names[name].hybrid_forward = _replaced_by(formula, names[name].hybrid_forward)


def _with_checked_inputs(forward: Callable[..., Any], module: Any) -> Callable[..., Any]:
    """Return `forward` of all losses: it checks and converts arrays before they are computed with, or recorded."""

    @functools.wraps(forward)
    def checked(self: Any, pred: Any, *others: Any) -> Any:
        if not module.is_np_array() or not isinstance(pred, module.ndarray.NDArray):
            return forward(self, pred, *others)
        if isinstance(self, module.KLDivLoss) and pred.shape != others[0].shape:  # would broadcast
            raise ValueError(f"KLDivLoss: labels of shape {others[0].shape} do not fit predictions of {pred.shape}.")
        if isinstance(self, module.SoftmaxCrossEntropyLoss) and self._sparse_label:
            others = (_checked_classes(self, pred, *others[:2]), *others[1:])
        elif isinstance(self, module.CTCLoss):
            if pred.dtype != "float32":
                raise TypeError(f"CTCLoss computes in float32. Pass pred.astype('float32') instead of {_name(pred)}.")
            others = tuple(other if other is None else other.astype("float32", copy=False) for other in others)
        elif type(self).__name__ not in _PROMOTE_TYPES or self._batch_axis != 0:
            others = tuple(other if other is None else other.astype(pred.dtype, copy=False) for other in others)
        return forward(self, pred, *others)

    return checked


def _name(array: Any) -> str:
    return onp.dtype(array.dtype).name


def _checked_classes(loss: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
    """Return the labels as numbers. They come from the data, so reading them waits for no computation."""
    values, classes = label.as_nd_ndarray().asnumpy(), pred.shape[loss._axis]
    wrong = ~((values >= 0) & (values < classes))
    if not wrong.any():
        return label.astype("int32") if values.dtype == bool else label
    if sample_weight is not None and wrong.ndim < pred.ndim:  # what has no weight may have any label
        wrong = onp.expand_dims(wrong, loss._axis) & (sample_weight.asnumpy() != 0)
    if wrong.any():
        named = values[wrong.reshape(values.shape)].flat[0]
        raise ValueError(
            f"SoftmaxCrossEntropyLoss: label {named:g} is out of range: the network "
            f"has {classes} outputs, for the labels 0 to {classes - 1}."
        )
    return label


def _with_checked_weights(weigh: Callable[..., Any], module: Any) -> Callable[..., Any]:
    @functools.wraps(weigh)
    def checked(F: Any, loss: Any, weight: Any = None, sample_weight: Any = None) -> Any:
        if sample_weight is not None and F is module.ndarray:
            try:
                fits = onp.broadcast_shapes(loss.shape, sample_weight.shape) == loss.shape
            except ValueError:
                fits = False
            if not fits:
                raise ValueError(
                    f"sample_weight has shape {sample_weight.shape}, which does not broadcast to the loss's shape "
                    f"{loss.shape}. For one weight per example, pass sample_weight.reshape({_column(loss)})."
                )
        elif sample_weight is not None:
            sample_weight = F.broadcast_like(sample_weight, loss)
        return weigh(F, loss, weight, sample_weight)

    return checked


def _column(loss: Any) -> str:
    return ", ".join(["-1", *["1"] * (len(loss.shape) - 1)])


def _along_any_axis(forward: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that uses the old interface's code, which respects `batch_axis`, if that is not 0."""
    classic = classic_blocks.on_classic_arrays(forward)

    @functools.wraps(forward)
    def hybrid_forward(self: Any, F: Any, *inputs: Any, **parameters: Any) -> Any:
        return (forward if self._batch_axis == 0 else classic)(self, F, *inputs, **parameters)

    return hybrid_forward


def _replaced_by(formula: Callable[..., Any], forward: Callable[..., Any]) -> Callable[..., Any]:
    """Return `hybrid_forward` that computes `formula` after ``npx.set_np()``."""

    @functools.wraps(forward)
    def hybrid_forward(self: Any, F: Any, *inputs: Any) -> Any:
        from mxnet import util

        return (formula if util.is_np_array() else forward)(self, F, *inputs)

    return hybrid_forward


def _poisson(self: Any, F: Any, pred: Any, target: Any, sample_weight: Any = None, epsilon: float = 1e-08) -> Any:
    from mxnet.gluon import loss

    target = F.npx.reshape_like(target, pred)
    losses = F.np.exp(pred) - target * pred if self._from_logits else pred - target * F.np.log(pred + epsilon)
    if self._compute_full:
        large = F.np.maximum(target, 1.0)  # Stirling's formula is for targets above 1
        stirling = large * F.np.log(large) - large + 0.5 * F.np.log(2 * math.pi * large)
        losses = losses + (target > 1) * stirling
    return F.np.mean(loss._apply_weighting(F, losses, self._weight, sample_weight))


def _cosine(self: Any, F: Any, input1: Any, input2: Any, label: Any, sample_weight: Any = None) -> Any:
    from mxnet.gluon import loss

    input1 = F.npx.reshape_like(input1, input2)
    norms = F.norm(input1, axis=-1) * F.norm(input2, axis=-1)
    cosine = F.np.sum(input1 * input2, axis=-1) / F.np.maximum(norms, 1e-12)
    label = F.npx.reshape_like(label, cosine)
    losses = (label == 1) * (1 - cosine) + (label == -1) * F.np.maximum(cosine - self._margin, 0.0)
    return loss._apply_weighting(F, losses, self._weight, sample_weight)


def _sdml(self: Any, F: Any, x1: Any, x2: Any) -> Any:
    from mxnet import np
    from mxnet.gluon import loss

    if not hasattr(x1, "shape"):
        raise NotImplementedError("SDMLLoss needs the size of the batch, so it cannot be part of a hybridized network.")
    smoothing, batch_size = self.smoothing_parameter, len(x1)
    target = onp.full((batch_size, batch_size), smoothing / max(batch_size - 1, 1))
    onp.fill_diagonal(target, 1 - smoothing)
    label = np.array(target, dtype=x1.dtype, ctx=x1.ctx)
    distances = F.np.square(F.np.expand_dims(x1, 1) - F.np.expand_dims(x2, 0)).sum(axis=2)
    losses = (label * (F.np.log(label + 1e-12) - F.npx.log_softmax(-distances, axis=1))).sum(axis=1)
    return loss._apply_weighting(F, losses, self._weight)
