"""The derivative of SELU, ``npx.leaky_relu(x, act_type="selu")`` and `nn.SELU`, for negative numbers.

MXNet computed scale * (alpha + y) instead of scale * alpha + y: 0.161 instead of 0.238 at -2. Now SELU is computed as
scale * ELU, whose derivative is right.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension", "mxnet.symbol.numpy_extension")
_ALPHA, _SCALE = 1.6732632423543772, 1.0507009873554805


def apply(module: ModuleType) -> None:
    """Replace `leaky_relu` for arrays or symbols."""
    names = vars(module)
    names["leaky_relu"] = _with_scaled_elu(names["leaky_relu"])


def _with_scaled_elu(leaky_relu: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(leaky_relu)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("act_type") != "selu":
            return leaky_relu(*args, **kwargs)
        return leaky_relu(*args, **{**kwargs, "act_type": "elu", "slope": _ALPHA}) * _SCALE

    return wrapper
