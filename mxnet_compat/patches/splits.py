"""``np.split`` and its relatives at positions beyond the end, where NumPy's parts are empty; MXNet raises an error.

And into less than one part, where MXNet ends the process if the array is empty, or into billions, where it hangs.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op",)

_MOST_PARTS = 1_000_000
_AXES = {"split": None, "array_split": None, "hsplit": 1, "vsplit": 0, "dsplit": 2}


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(module)
    for name, axis in _AXES.items():
        names[name] = _with_ends(names[name], axis)


def _with_ends(split: Callable[..., Any], fixed_axis: int | None) -> Callable[..., Any]:
    @functools.wraps(split)
    def within(array: Any, indices_or_sections: Any, axis: int = 0) -> Any:
        along = axis if fixed_axis is None else 0 if array.ndim == 1 else fixed_axis
        if isinstance(indices_or_sections, (list, tuple)) and -array.ndim <= along < array.ndim:
            indices_or_sections = [min(position, array.shape[along]) for position in indices_or_sections]
        elif isinstance(indices_or_sections, (int, numpy.integer)) and not 1 <= indices_or_sections <= _MOST_PARTS:
            raise ValueError(
                f"np.{split.__name__}: the number of parts must be from 1 to {_MOST_PARTS:,}, not {indices_or_sections}"
            )
        return split(array, indices_or_sections, axis) if fixed_axis is None else split(array, indices_or_sections)

    return within
