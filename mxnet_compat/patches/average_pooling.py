"""The gradient of average pooling with ``ceil_mode=True``, in float32 on the CPU.

The last windows may reach beyond the input. oneDNN divides their sums by the number of entries that are inside, but
divided the gradient by the size of the kernel. It does not if padding is not counted, which makes no difference if
there is no padding. So padding is added to the input before.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy_extension", "mxnet.ndarray.numpy_extension", "mxnet.symbol.numpy_extension")


def apply(module: ModuleType) -> None:
    """Replace `pooling` for arrays or symbols."""
    names = vars(module)
    names["pooling"] = _without_padding(names["pooling"], of_symbols=".symbol." in module.__name__)


def _without_padding(pooling: Callable[..., Any], of_symbols: bool) -> Callable[..., Any]:
    @functools.wraps(pooling)
    def wrapper(data: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("pooling_convention") != "full" or kwargs.get("pool_type") != "avg":
            return pooling(data, *args, **kwargs)
        if kwargs.get("count_include_pad", True) and not kwargs.get("global_pool"):
            kwargs["count_include_pad"] = False
            if any(pad := kwargs.pop("pad", ())):
                from mxnet import np, sym

                none, widths = (0, 0), tuple((width, width) for width in pad)
                channels_last = str(kwargs.get("layout")).endswith("C")
                around = (none, *widths, none) if channels_last else (none, none, *widths)
                data = (sym.np if of_symbols else np).pad(data, around)
        return pooling(data, *args, **kwargs)

    return wrapper
