"""What other libraries, and Python itself, ask of an array: ``__array__``, ``nbytes``, ``iter(x)``, ``range(x)``, ...

MXNet's arrays lack all of this (apache/mxnet#18558, apache/mxnet#11119), so ``numpy.asarray(x)`` is an array of
objects, and Matplotlib, pandas, SciPy, and Pillow fail, or read one number at a time.

Everything that is handed out is a copy, made in one piece, because MXNet may still be writing to the memory of an array
while other code reads it.
"""

import math
import operator
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.ndarray", "mxnet.numpy.multiarray")


def apply(module: ModuleType) -> None:
    """Add what is missing to both classes of arrays; `mxnet.np.ndarray` is a subclass of `NDArray`."""
    if module.__name__ == "mxnet.ndarray.ndarray":
        _add(vars(module)["NDArray"], _Exported)
    else:
        _add(vars(module)["ndarray"], _Sequence)
        vars(module)["ndarray"].__hash__ = None  # hash(x) raises TypeError, as for NumPy's arrays


def _add(array_class: Any, source: type) -> None:
    for name, value in vars(source).items():
        if name not in ("__module__", "__doc__", "__dict__", "__weakref__", "__qualname__", "__firstlineno__"):
            setattr(array_class, name, value)


class _Exported:
    """Attributes of all arrays, with the meaning that NumPy's documentation gives them."""

    asnumpy: Any
    dtype: Any
    shape: Any
    size: Any

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if copy is False:
            raise ValueError("An MXNet array can be given to NumPy only as a copy.")
        array = self.asnumpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        array = self.asnumpy()
        # `data` keeps the copy alive; because of `strides`, Pillow calls tobytes() instead of asking for a buffer.
        return {**array.__array_interface__, "data": array, "strides": array.strides}

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self.asnumpy().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> Any:
        return self.asnumpy().__dlpack_device__()

    @property
    def itemsize(self) -> int:
        return numpy.dtype(self.dtype).itemsize

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(self.itemsize * math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape)))

    @property
    def flat(self) -> Any:
        array = self.asnumpy()
        array.flags.writeable = False  # writing to a copy would be lost
        return array.flat

    def tobytes(self) -> bytes:
        return self.asnumpy().tobytes()

    def to_numpy(self) -> Any:
        """Return `asnumpy()`, under the name that Matplotlib looks for (pandas uses it too)."""
        return self.asnumpy()


class _Sequence:
    """Methods of ``mxnet.np.ndarray``."""

    asnumpy: Any
    dtype: Any
    item: Any
    ndim: Any
    reshape: Any
    __getitem__: Any
    __len__: Any

    def ravel(self, order: str = "C") -> Any:
        return self.reshape(-1, order=order)

    def __iter__(self) -> Iterator[Any]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool((self.asnumpy() == value).any())

    def __index__(self) -> int:
        if self.ndim or not numpy.issubdtype(self.dtype, numpy.integer):
            raise TypeError(
                f"Only an integer array without axes can be used as an integer, not one of type "
                f"{numpy.dtype(self.dtype)} with {self.ndim} axes. If its value is an integer, write int(x)."
            )
        return operator.index(self.item())
