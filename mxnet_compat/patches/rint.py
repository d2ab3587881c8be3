"""``np.rint``, which rounds halves down: ``np.rint(1.5)`` is 1. ``np.around`` rounds them to even numbers."""

from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy._op", "mxnet.symbol.numpy._symbol")


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)

    def rint(x: Any, out: Any = None, **kwargs: Any) -> Any:
        """Round to the nearest integer, halves to even ones."""
        return names["around"](x, 0, out=out, **kwargs)

    names["rint"] = rint
