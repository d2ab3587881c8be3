"""Optimizers.

* `AdaGrad`, `RMSProp`, `AdaDelta`, `Ftrl`, and `GroupAdaGrad` failed for parameters in float64, because their states
  were float32.
* `Nadam` multiplied its schedule once per parameter instead of once per step, so the more parameters a network had, the
  further its steps were from the formula.
* `Adamax` set a parameter to NaN as long as its gradient was always 0, like those of words that did not occur yet.
* `AdaDelta` changed the gradients themselves: they were divided by the batch size after each step.
* `NAG` with weight decay added the decay of the weight after the step, instead of before it, to its momentum
  (and still does in float16 with ``multi_precision=True``).
* `DCASGD` with momentum raised an error at the first step. It does so when it is made.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.optimizer.optimizer", "mxnet.optimizer.contrib")


def apply(module: ModuleType) -> None:
    """Replace methods of these optimizers."""
    names = vars(module)
    for name in ("AdaGrad", "RMSProp", "AdaDelta", "Ftrl", "GroupAdaGrad"):
        if name in names:
            names[name].create_state = _of_same_type(names[name].create_state)
    if module.__name__ == "mxnet.optimizer.optimizer":
        names["Nadam"].update = _with_own_schedule(names["Nadam"].update)
        names["nag_mom_update"] = _from_copied_weight(names["nag_mom_update"])
        names["Adamax"].update = _adamax
        names["AdaDelta"].update = _with_copied_gradient(names["AdaDelta"].update)
        names["DCASGD"].__init__ = _without_momentum(names["DCASGD"].__init__)


def _of_same_type(create_state: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(create_state)
    def wrapper(self: Any, index: Any, weight: Any) -> Any:
        state = create_state(self, index, weight)
        if weight.dtype == "float32":
            return state
        if isinstance(state, tuple):
            return tuple(array.astype(weight.dtype) for array in state)
        return state.astype(weight.dtype)

    return wrapper


def _with_own_schedule(update: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(update)
    def wrapper(self: Any, index: Any, weight: Any, grad: Any, state: Any) -> None:
        schedules = vars(self).setdefault("_m_schedules", {})
        self.m_schedule = schedules.get(index, 1.0)
        update(self, index, weight, grad, state)
        schedules[index] = self.m_schedule

    return wrapper


def _from_copied_weight(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return the operator with other memory for its input than for its output, which it writes too early."""

    @functools.wraps(step)
    def wrapper(weight: Any, *args: Any, **kwargs: Any) -> Any:
        return step(weight.copy() if kwargs.get("wd") else weight, *args, **kwargs)

    return wrapper


def _with_copied_gradient(update: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(update)
    def wrapper(self: Any, index: Any, weight: Any, grad: Any, state: Any) -> None:
        update(self, index, weight, grad.copy(), state)

    return wrapper


def _adamax(self: Any, index: Any, weight: Any, grad: Any, state: Any) -> None:
    """`Adamax.update` that leaves a parameter as it is while the largest gradient so far is 0."""
    from mxnet import nd

    self._update_count(index)
    rate = self._get_lr(index) / (1 - self.beta1 ** self._index_update_count[index])
    grad = grad * self.rescale_grad + self._get_wd(index) * weight
    if self.clip_gradient is not None:
        grad = nd.clip(grad, -self.clip_gradient, self.clip_gradient)
    mean, largest = state
    mean[:] = self.beta1 * mean + (1 - self.beta1) * grad
    largest[:] = nd.maximum(self.beta2 * largest, nd.abs(grad))
    weight[:] -= rate * mean / (largest + (largest == 0))


def _without_momentum(init: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(init)
    def wrapper(self: Any, momentum: float = 0.0, *args: Any, **kwargs: Any) -> None:
        if momentum:
            raise NotImplementedError("DCASGD: MXNet 1.9.1 computes it without momentum only.")
        init(self, momentum, *args, **kwargs)

    return wrapper
