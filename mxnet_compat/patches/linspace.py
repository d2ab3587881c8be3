"""``np.linspace`` with integers as its type, which MXNet cuts off toward zero, and NumPy rounds down.

Also the step that it returns, which MXNet computes as if the end were always included.
"""

from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["linspace"]

    def linspace(
        start: Any,
        stop: Any,
        num: int = 50,
        endpoint: bool = True,
        retstep: bool = False,
        dtype: Any = None,
        axis: int = 0,
        ctx: Any = None,
    ) -> Any:
        """Return evenly spaced numbers."""
        if retstep or (dtype is not None and numpy.dtype(dtype).kind != "f"):
            return by_numpy(numpy.linspace, start, stop, num, endpoint, retstep, dtype, axis)
        return original(start, stop, num, endpoint, retstep, dtype, axis, ctx)

    names["linspace"] = linspace
