"""Initial parameters in float64 and float16 (apache/mxnet#19118).

`Uniform`, `Normal`, `Xavier`, and `MSRAPrelu` could only fill float32 arrays after ``npx.set_np()``, so a layer with
another data type, or a network that was cast before its parameters were initialized, failed. Besides, `Mixed` and
`Load` are not for Gluon, which said: "initializer must be of string type".
"""

import functools
from collections.abc import Callable
from typing import Any

MODULES = ("mxnet.initializer",)


def apply(module: Any) -> None:
    """Replace `_init_weight` of the initializers that draw random numbers."""
    for name in ("Uniform", "Normal", "Xavier"):
        initializer = vars(module)[name]
        initializer._init_weight = _through_float32(initializer._init_weight)
    vars(module)["create"] = _refusing_mixed(module.create, (module.Mixed, module.Load))


def _through_float32(fill: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(fill)
    def init_weight(self: Any, name: str, array: Any) -> None:
        from mxnet import np

        if not isinstance(array, np.ndarray) or array.dtype == "float32":
            fill(self, name, array)
            return
        values = np.zeros(array.shape, ctx=array.ctx)
        fill(self, name, values)
        array[:] = values.astype(array.dtype)

    return init_weight


def _refusing_mixed(create: Callable[..., Any], refused: tuple[type, ...]) -> Callable[..., Any]:
    @functools.wraps(create)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], refused):
            raise TypeError(
                f"Gluon cannot use init.{type(args[0]).__name__}. Initialize parts of the network one after the other, "
                "as in net.collect_params('.*bias').initialize(init.One()), or use net.load_parameters."
            )
        return create(*args, **kwargs)

    return wrapper
