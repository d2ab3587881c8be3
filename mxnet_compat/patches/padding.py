"""``np.pad``, which ignores `constant_values`, accepts only pairs for each axis, and lacks some modes.

MXNet pads with a number, with the edge, or by reflection of at most the whole array; everything else NumPy pads.
"""

from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the function."""
    names = vars(module)
    operators = names["_npi"]

    def pad(x: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
        """Pad an array; the width is one number, a pair, or a pair for each axis."""
        width = tuple(map(tuple, numpy.broadcast_to(pad_width, (x.ndim, 2)).tolist()))
        value = kwargs.get("constant_values", 0)
        if x.ndim == 1:  # MXNet's operator fails for vectors
            return pad(x.reshape((1, -1)), ((0, 0), *width), mode, **kwargs)[0]
        if numpy.min(pad_width, initial=0) >= 0 and x.ndim and 0 not in x.shape:
            if mode == "constant" and set(kwargs) <= {"constant_values"} and numpy.isscalar(value):
                return operators.pad(x, width, mode="constant", constant_value=value)
            if mode == "edge" or (mode in _MOST and not kwargs and _fits(width, x.shape, _MOST[mode])):
                return operators.pad(x, width, mode=mode, **({} if mode == "edge" else {"reflect_type": "even"}))
        return by_numpy(numpy.pad, x, width, mode, **kwargs)

    names["pad"] = pad


_MOST = {"reflect": 1, "symmetric": 0}  # by how much the width must stay below the size of an axis


def _fits(width: Any, shape: tuple[int, ...], margin: int) -> bool:
    return all(max(pair) <= size - margin for pair, size in zip(width, shape, strict=True))
