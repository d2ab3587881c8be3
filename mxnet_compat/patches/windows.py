"""Windows of 2**31 points or more, as of ``np.hanning``: MXNet raised an error, and computed on and on behind it."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(module)
    for name in ("blackman", "hamming", "hanning"):
        names[name] = _limited(names[name])


def _limited(window: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(window)
    def limited(M: Any, *args: Any, **kwargs: Any) -> Any:
        if M >= 2**31:
            raise ValueError(f"np.{window.__name__}: M must be less than 2**31, but is {M}.")
        return window(M, *args, **kwargs)

    return limited
