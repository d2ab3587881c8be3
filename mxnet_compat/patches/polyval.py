"""``np.polyval`` with coefficients and positions of different types, or of integers, which MXNet rejects."""

from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    original = names["polyval"]

    def polyval(p: Any, x: Any) -> Any:
        """Evaluate a polynomial, whose first coefficient is that of the highest power."""
        types = [numpy.dtype(array.dtype) for array in (p, x) if isinstance(array, names["NDArray"])]
        floats = [dtype for dtype in types if dtype.kind == "f"]
        if len(types) < 2 or types[0] == types[1] == (floats or [None])[0]:
            return original(p, x)
        if not floats:
            return by_numpy(numpy.polyval, p, x)
        common = numpy.result_type(*floats)
        return original(p.astype(common, copy=False), x.astype(common, copy=False))

    names["polyval"] = polyval
