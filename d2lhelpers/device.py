"""Which device to compute on; the functions have the same names as in d2l.

If there is no GPU, `try_all_gpus` returns the CPU, as d2l documents; d2l's own function returns an empty list.
"""

from mxnet import cpu, gpu
from mxnet.context import Context

from d2lhelpers.arguments import check_integer
from mxnet_compat.cuda import num_usable_gpus


def try_gpu(i: int = 0) -> Context:
    """Return GPU number `i` (from 0) if it exists, otherwise the CPU.

    Examples
    --------
    >>> try_gpu(99)  # no machine has 100 GPUs
    cpu(0)
    """
    number = check_integer("i", i, minimum=0)
    return gpu(number) if number < num_usable_gpus() else cpu()


def try_all_gpus() -> list[Context]:
    """Return all GPUs, or ``[cpu()]`` if there is none."""
    return [gpu(i) for i in range(num_usable_gpus())] or [cpu()]
