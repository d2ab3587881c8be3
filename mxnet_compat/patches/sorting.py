"""``np.sort``, ``np.argsort``, and ``np.unique``, which NumPy computes, except while MXNet records.

MXNet's operators do not sort arrays that contain nan, and reject bools, single numbers, and some types of integers.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat.conversion import by_numpy

MODULES = ("mxnet.ndarray.numpy._op",)


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(module)
    for function in (numpy.sort, numpy.argsort, numpy.unique):
        names[function.__name__] = _unless_recording(names[function.__name__], function)


def _unless_recording(function: Callable[..., Any], numpys: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def computed(*args: Any, **kwargs: Any) -> Any:
        from mxnet.autograd import is_recording  # which is loaded after the functions

        return function(*args, **kwargs) if is_recording() else by_numpy(numpys, *args, **kwargs)

    return computed
