"""A negative axis in ``np.cumsum``, which raised an error at some later line.

A parameter `initial` of ``sum``, ``prod``, ``max``, and ``min``, which MXNet does not support, did so, too.
"""

import ctypes
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet._ctypes.ndarray",)


def apply(module: ModuleType) -> None:
    """Wrap the function that calls all operators."""
    names = vars(module)
    names["_imperative_invoke"] = _with_checks(names["_imperative_invoke"], names["_LIB"])


def _handles(library: Any, names: tuple[str, ...]) -> set[int | None]:
    handles = set()
    for name in names:
        handle = ctypes.c_void_p()
        if library.NNGetOpHandle(name.encode(), ctypes.byref(handle)) == 0:
            handles.add(handle.value)
    return handles


def _with_checks(invoke: Callable[..., Any], library: Any) -> Callable[..., Any]:
    cumulative = _handles(library, ("_np_cumsum",))
    reductions = _handles(library, ("_np_sum", "_np_prod", "_np_max", "_np_amax", "_np_min", "_np_amin"))

    def checked(handle: Any, inputs: Any, keys: Any, values: Any, *options: Any) -> Any:
        if handle in reductions and "initial" in keys and values[keys.index("initial")] is not None:
            raise NotImplementedError("MXNet does not support `initial`. Combine it with the result instead.")
        if handle in cumulative and "axis" in keys:
            position = keys.index("axis")
            axis, ndim = values[position], inputs[0].ndim
            if axis is not None and not -ndim <= axis < ndim:
                raise IndexError(f"np.cumsum: axis {axis} is out of bounds for an array with {ndim} axes.")
            if axis is not None and axis < 0:
                values = [*values[:position], axis + ndim, *values[position + 1 :]]
        return invoke(handle, inputs, keys, values, *options)

    return checked
