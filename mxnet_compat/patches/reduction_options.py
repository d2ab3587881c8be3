"""The argument `initial` of ``np.sum``, ``prod``, ``max``, and ``min``: an error at the call, not at a later line."""

from collections.abc import Callable
from typing import Any


def _without_initial(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def checked(handle: Any, inputs: Any, keys: Any, values: Any, *options: Any) -> Any:
        if "initial" in keys and values[keys.index("initial")] is not None:
            raise NotImplementedError("MXNet does not support `initial`. Combine it with the result instead.")
        return invoke(handle, inputs, keys, values, *options)

    return checked


SPECIAL = dict.fromkeys(("_np_sum", "_np_prod", "_np_max", "_np_amax", "_np_min", "_np_amin"), _without_initial)
