"""Which device to compute on.

The names are those of d2l. ``d2l.try_all_gpus`` returns an empty list where there is no GPU, against its own
documentation; this one returns the CPU there.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxnet.context import Context


def _num_gpus() -> int:
    """Return the number of GPUs that MXNet can use; 0 when it was built without GPU support or finds no driver."""
    from mxnet import MXNetError, npx

    try:
        return npx.num_gpus()
    except MXNetError:  # a wheel with GPU support on a machine whose driver is missing or too old
        return 0


def try_gpu(i: int = 0) -> Context:
    """Return GPU number `i` if there is one, else the CPU.

    Parameters
    ----------
    i : int
        Number of the GPU, from 0.

    Returns
    -------
    mxnet.Context
        ``gpu(i)`` or ``cpu()``.

    Raises
    ------
    TypeError, ValueError
        If `i` is not an integer, or negative.

    Examples
    --------
    >>> try_gpu(99)  # no machine has that many
    cpu(0)
    """
    from mxnet import cpu, gpu

    try:
        i = operator.index(i)
    except TypeError:
        raise TypeError(f"a GPU is named by its number (0, 1, ...), not by {i!r}") from None
    if i < 0:
        raise ValueError(f"a GPU's number is 0 or more, but got {i}")
    return gpu(i) if i < _num_gpus() else cpu()


def try_all_gpus() -> list[Context]:
    """Return all GPUs, or ``[cpu()]`` if there is none."""
    from mxnet import cpu, gpu

    return [gpu(i) for i in range(_num_gpus())] or [cpu()]
