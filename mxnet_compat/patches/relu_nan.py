"""NaN in ``npx.activation(x, act_type="relu")``, which is what ``nn.Dense(..., activation="relu")`` calls.

oneDNN turns NaN into 0 (apache/mxnet#11115, apache/mxnet#14157). ``npx.relu`` does not, so vectors and matrices go
there. It would slow down training of convolutional networks by up to 20 %, so images still go to oneDNN. So do
hybridized networks, in which the shape is not known.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension")


def apply(module: ModuleType) -> None:
    """Replace `activation`."""
    names = vars(module)
    names["activation"] = _with_nan(names["activation"], names["relu"])


def _with_nan(activation: Callable[..., Any], relu: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(activation)
    def with_nan(data: Any, *args: Any, **kwargs: Any) -> Any:
        is_relu = args == ("relu",) or kwargs.get("act_type") == "relu"
        if is_relu and kwargs.get("out") is None and data.ndim <= 2:
            return relu(data)
        return activation(data, *args, **kwargs)

    return with_nan
