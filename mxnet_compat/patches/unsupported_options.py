"""Options that operators do not support: an error at the call.

The argument `initial` of ``np.sum``, ``prod``, ``max``, and ``min`` failed only at a later line, and
``npx.arange_like(x, repeat=0)`` ended the process. ``np.around(x, -(2**31))`` would compute for hours.
"""

from collections.abc import Callable
from typing import Any


def _without_initial(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def checked(handle: Any, inputs: Any, keys: Any, values: Any, *options: Any) -> Any:
        if "initial" in keys and values[keys.index("initial")] is not None:
            raise NotImplementedError("MXNet does not support `initial`. Combine it with the result instead.")
        return invoke(handle, inputs, keys, values, *options)

    return checked


def _with_repeat(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def checked(handle: Any, inputs: Any, keys: Any, values: Any, *options: Any) -> Any:
        if "repeat" in keys and values[keys.index("repeat")] < 1:
            raise ValueError(f"npx.arange_like: repeat must be at least 1, not {values[keys.index('repeat')]}.")
        return invoke(handle, inputs, keys, values, *options)

    return checked


def _with_decimals(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def checked(handle: Any, inputs: Any, keys: Any, values: Any, *options: Any) -> Any:
        if "decimals" in keys and abs(values[keys.index("decimals")]) > 308:  # as many as float64 has
            raise ValueError(f"np.around: decimals must be from -308 to 308, not {values[keys.index('decimals')]}.")
        return invoke(handle, inputs, keys, values, *options)

    return checked


# What `operator_calls` does with these operators
SPECIAL = {
    **dict.fromkeys(("_np_sum", "_np_prod", "_np_max", "_np_amax", "_np_min", "_np_amin"), _without_initial),
    "_contrib_arange_like": _with_repeat,
    "_npi_around": _with_decimals,
}
