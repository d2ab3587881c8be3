"""``np.inner`` of a single number and an array, which ends the process if the array is empty."""

from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["inner"]

    def inner(a: Any, b: Any) -> Any:
        """Return the product over the last axes."""
        return names["multiply"](a, b) if a.ndim == 0 or b.ndim == 0 else original(a, b)

    names["inner"] = inner
