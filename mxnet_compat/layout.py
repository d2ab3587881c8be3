"""The layout of arrays on the CPU: oneDNN stores the outputs of convolutions in blocks of 8 or 16 channels."""

import ctypes
from typing import Any


def may_be_blocked(shape: tuple[int, ...]) -> bool:
    """Return whether an array of this shape may be stored in blocks; MXNet does not say whether it is."""
    return 2 < len(shape) < 6 and shape[1] % 8 == 0


def make_ordinary(x: Any, shape: tuple[int, ...]) -> None:
    """Store an array of this shape in the ordinary layout if it is stored in blocks.

    MXNet does so when it is asked for the address of the data. It has to wait for the array.
    """
    if may_be_blocked(shape) and x.ctx.device_type == "cpu":
        from mxnet.base import _LIB, check_call

        x.wait_to_read()
        check_call(_LIB.MXNDArrayGetData(x.handle, ctypes.byref(ctypes.c_void_p())))
