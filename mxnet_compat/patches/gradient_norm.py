"""`gluon.utils.clip_global_norm` of NumPy arrays, which failed (apache/mxnet#18617), in every floating-point type."""

import functools
import math
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.gluon.utils",)


def apply(module: ModuleType) -> None:
    """Replace `clip_global_norm`."""
    names = vars(module)
    names["clip_global_norm"] = _of_numpy_arrays(names["clip_global_norm"])


def _of_numpy_arrays(clip: Callable[..., Any]) -> Callable[..., Any]:
    """Return the patched function; `clip` still handles arrays of the old interface, among them sparse ones."""

    @functools.wraps(clip)
    def clip_global_norm(arrays: Any, max_norm: float, check_isfinite: bool = True) -> Any:
        from mxnet import np

        arrays = list(arrays)
        if not arrays or not all(isinstance(array, np.ndarray) for array in arrays):
            return clip(arrays, max_norm, check_isfinite)
        wide = "float64" if any(array.dtype == "float64" for array in arrays) else "float32"
        norm = np.sqrt(sum(np.square(array.astype(wide)).sum().as_in_ctx(arrays[0].ctx) for array in arrays))
        scale = np.minimum(max_norm / (norm + 1e-8), 1.0)
        for array in arrays:
            array[:] = array * scale.astype(array.dtype).as_in_ctx(array.ctx)
        if not check_isfinite:
            return norm
        if not math.isfinite(norm.item()):
            warnings.warn("nan or inf is detected. Clipping results will be undefined.", UserWarning, stacklevel=2)
        return norm.item()

    return clip_global_norm
