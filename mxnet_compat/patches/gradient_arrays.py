"""The types of arrays in ``autograd``.

``autograd.grad`` returned arrays of the old interface for arrays of the NumPy interface, and ``backward`` of an
``autograd.Function`` received them (apache/mxnet#18790 fixed a similar bug). Neither can be used together with NumPy
arrays. Gradients of integers were truncated, so ``attach_grad`` now refuses them.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

MODULES = ("mxnet.autograd", "mxnet.numpy.multiarray")


def apply(module: ModuleType) -> None:
    """Replace `grad` or `attach_grad`."""
    names = vars(module)
    if module.__name__ == "mxnet.autograd":
        names["grad"] = _with_numpy_arrays(names["grad"])
    else:
        names["ndarray"].attach_grad = _for_floats(names["ndarray"].attach_grad)


def _with_numpy_arrays(grad: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(grad)
    def with_numpy_arrays(heads: Any, variables: Any, *args: Any, **kwargs: Any) -> Any:
        gradients = grad(heads, variables, *args, **kwargs)
        ndarray = sys.modules["mxnet"].np.ndarray
        of = variables if isinstance(variables, (list, tuple)) else [variables]
        return [g.as_np_ndarray() if isinstance(x, ndarray) else g for g, x in zip(gradients, of, strict=True)]

    return with_numpy_arrays


def _for_floats(attach_grad: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(attach_grad)
    def for_floats(self: Any, grad_req: str = "write", *args: Any, **kwargs: Any) -> Any:
        if grad_req != "null" and not np.issubdtype(self.dtype, np.floating):
            raise TypeError(
                f"Only arrays of floating-point numbers can have a gradient, but this one has the type {self.dtype}. "
                "Convert it first: x = x.astype('float32')."
            )
        return attach_grad(self, grad_req, *args, **kwargs)

    return for_floats
