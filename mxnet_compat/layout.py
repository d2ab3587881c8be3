"""The layout of arrays on the CPU: oneDNN stores the outputs of convolutions in blocks of 8 or 16 channels."""

from typing import Any


def may_be_blocked(shape: tuple[int, ...]) -> bool:
    """Return whether an array of this shape may be stored in blocks; MXNet does not say whether it is."""
    return 2 < len(shape) < 6 and shape[1] % 8 == 0


def make_ordinary(x: Any, shape: tuple[int, ...]) -> None:
    """Store an array of this shape in the ordinary layout, without waiting for its values.

    Operators that work in place see the blocks of other operators' outputs, but as outputs of their own, they would get
    temporary arrays. A view with one more axis is converted whenever it is read, and an array that is
    overwritten without being read gets the ordinary layout.
    """
    if may_be_blocked(shape) and 0 not in shape and x.ctx.device_type == "cpu" and x.dtype == "float32":
        import mxnet

        copy = mxnet.np.multiply(x.reshape_view((1, *shape)), 1)
        mxnet.np.multiply(copy.reshape_view(shape), 1, out=x)
