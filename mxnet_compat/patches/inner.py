"""``np.inner`` of a single number and an array, or of what is no array, which ends the process."""

from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy._op", "mxnet.numpy.multiarray")


def apply(module: ModuleType) -> None:
    """Replace the function of the first module, and that of the second, which calls `tensordot` itself."""
    names = vars(module)
    original, multiply = names["inner"], names["multiply"]

    def inner(a: Any, b: Any) -> Any:
        """Return the product over the last axes."""
        # What has no axes, `multiply` computes or rejects.
        return original(a, b) if getattr(a, "ndim", 0) and getattr(b, "ndim", 0) else multiply(a, b)

    names["inner"] = inner
