"""``np.linalg.tensorsolve`` with axes that the array doesn't have, or has only once: it corrupts the memory."""

import functools
from types import ModuleType
from typing import Any

from mxnet_compat.patches.axes import checked_axis

MODULES = ("mxnet.ndarray.numpy.linalg",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["tensorsolve"]

    @functools.wraps(original)
    def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
        if axes is not None:
            if not isinstance(axes, (list, tuple)):
                raise TypeError(f"np.linalg.tensorsolve: axes must be a tuple of integers or None, not {axes!r}.")
            axes = tuple(checked_axis(axis, a.ndim) for axis in axes)
            if len(set(axes)) < len(axes):
                raise ValueError(f"np.linalg.tensorsolve: axes has an axis twice: {axes}.")
        return original(a, b, axes)

    names["tensorsolve"] = tensorsolve
