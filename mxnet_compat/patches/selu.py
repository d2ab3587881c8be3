"""The gradient of SELU, ``npx.leaky_relu(x, act_type="selu")`` and ``nn.SELU``, which was wrong for negative numbers.

MXNet evaluates the derivative at the function's value instead of at its argument. The patch computes SELU as a multiple
of ELU, whose derivative is right.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension", "mxnet.symbol.numpy_extension")

_ALPHA, _SCALE = 1.6732632423543772, 1.0507009873554805


def apply(module: ModuleType) -> None:
    """Replace `leaky_relu`."""
    names = vars(module)
    names["leaky_relu"] = _with_selu(names["leaky_relu"])


def _with_selu(leaky_relu: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(leaky_relu)
    def with_selu(data: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("act_type") != "selu":
            return leaky_relu(data, *args, **kwargs)
        return _SCALE * leaky_relu(data, *args, **{**kwargs, "act_type": "elu", "slope": _ALPHA})

    return with_selu
