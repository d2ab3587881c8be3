"""Indices in lists and arrays, and masks (apache/mxnet#10673, #11551, #12389, #15933, #17342, #17480).

MXNet reads and writes through them with operators that trust each index: a negative one is right in ``x[[0, -1]]``, but
writes in front of the array in ``x[[0, -1]] = 5`` and in the gradient, and one that is too large writes behind it. In
writing, masks of NumPy and lists of bools are taken for the indices 0 and 1. Here NumPy interprets such keys, and
MXNet's operators get positions that exist.
"""

import ctypes
import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

from mxnet_compat import keys, layout

MODULES = ("mxnet.ndarray.ndarray", "mxnet.numpy.multiarray")


def apply(module: ModuleType) -> None:
    """Replace the methods of the module's class of arrays."""
    if module.__name__ == "mxnet.ndarray.ndarray":
        array = module.NDArray
        array._advanced_index_to_array = staticmethod(_checked(array._advanced_index_to_array))
        array._scatter_set_nd = _to_ordinary(array._scatter_set_nd)
        array._sync_copyfrom = _to_ordinary(array._sync_copyfrom)
        array.copyto = _copied_to_ordinary(array.copyto)
        return
    array = module.ndarray
    array._scatter_set_nd = _to_ordinary(array._scatter_set_nd)
    array.copyto = _copied_to_ordinary(array.copyto)
    array.__getitem__ = _getitem(array.__getitem__, module)
    array.__setitem__ = _setitem(array.__setitem__, module)


def _checked(convert: Callable[..., Any]) -> Callable[..., Any]:
    """Return the conversion of an index in old-style arrays, which now folds negative entries and checks the others."""

    @functools.wraps(convert)
    def convert_checked(idx: Any, ax_len: int, ctx: Any) -> Any:
        if not isinstance(idx, slice):
            idx = numpy.atleast_1d(keys.plain(idx))
            if idx.dtype == bool:
                raise IndexError("mx.nd.NDArray takes no masks; use mx.np.ndarray, or mx.nd.contrib.boolean_mask")
            keys.check_range(idx, ax_len)
            idx = numpy.where(idx < 0, idx + ax_len, idx)
        return convert(idx, ax_len, ctx)

    return convert_checked


def _to_ordinary(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that writes to an array, which now also works for outputs of convolutions."""

    @functools.wraps(write)
    def write_ordinary(self: Any, *args: Any) -> Any:
        layout.make_ordinary(self, self.shape)
        return write(self, *args)

    return write_ordinary


def _copied_to_ordinary(copyto: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``copyto``, which now also copies to outputs of convolutions over sequences and volumes."""

    @functools.wraps(copyto)
    def copy_to_ordinary(self: Any, other: Any) -> Any:
        shape = getattr(other, "shape", ())
        if len(shape) in (3, 5):
            layout.make_ordinary(other, shape)
        return copyto(self, other)

    return copy_to_ordinary


def _getitem(getitem: Callable[..., Any], np: Any) -> Callable[..., Any]:
    take = np._npi.take

    @functools.wraps(getitem)
    def get(self: Any, key: Any) -> Any:
        kind = type(key)
        if kind is int or (kind is np.ndarray and key.dtype == bool):
            return getitem(self, key)
        if kind is slice and key.step is None and (key.start, key.stop) != (None, None) and (shape := self.shape):
            start, stop, _ = key.indices(shape[0])
            if start < stop:  # as in ndarray._slice, which would ask for the shape once more
                handle = np.NDArrayHandle()
                np.check_call(np._LIB.MXNDArraySlice(self.handle, start, stop, ctypes.byref(handle)))
                return np.ndarray(handle=handle, writable=self.writable)
        if not keys.is_basic(key):
            key = keys.plain(key)
        if keys.is_basic(key) and not _needs_care(self, key):
            return getitem(self, key)
        shape = self.shape
        positions, axes = keys.select(key, shape)
        if 0 in shape:
            return self.reshape(positions.shape + shape[axes:])
        rows = np._reshape_view(self, -1, *shape[axes:])
        return take(rows, _on_device(positions, self, np), axis=0, mode="clip")

    return get


def _needs_care(x: Any, key: Any) -> bool:
    """Return whether reading through a basic key must avoid views: they cannot be empty, or numbers in a block."""
    if type(key) is not tuple:
        return type(key) is slice and keys.selects_nothing(key, x.shape)
    if slice in map(type, key):
        return keys.selects_nothing(key, x.shape)
    return len(key) > 2 and layout.may_be_blocked(x.shape)


def _setitem(setitem: Callable[..., Any], np: Any) -> Callable[..., Any]:
    from mxnet.base import MXNetError

    fill, write_rows = np._npi.boolean_mask_assign_scalar, np._npi.boolean_mask_assign_tensor

    @functools.wraps(setitem)
    def set_(self: Any, key: Any, value: Any) -> None:
        if type(key) is np.ndarray and type(value) in (float, int) and key.dtype == bool:
            layout.make_ordinary(self, self.shape)
            try:
                fill(data=self, mask=key, value=value, start_axis=0, out=self)
            except MXNetError:
                keys.select(key.asnumpy(), self.shape)  # raises NumPy's IndexError if the shapes do not match
                raise
            return
        if type(key) is np.ndarray and type(value) is np.ndarray and _fits_mask(self, key, value):
            layout.make_ordinary(self, self.shape)
            write_rows(data=self, mask=key, value=value.copy(), start_axis=0, out=self)  # which may share memory
            return
        if not keys.is_basic(key):
            key = keys.plain(key)
        if keys.is_basic(key) and not keys.selects_nothing(key, self.shape):
            setitem(self, key, value)
        else:
            _write(self, key, value, np)

    return set_


def _fits_mask(x: Any, mask: Any, value: Any) -> bool:
    """Return whether MXNet's operator can write a value, which has a row for each true entry of the mask."""
    shape, rows = mask.shape, value.shape
    axes = len(shape)
    if mask.dtype != bool or not axes or x.shape[:axes] != shape or x.shape[axes:] != rows[1:] or 0 in rows:
        return False
    return bool(rows and value.dtype == x.dtype and numpy.count_nonzero(mask.asnumpy()) == rows[0])


def _write(x: Any, key: Any, value: Any, np: Any) -> None:
    """Write an array or a number to the entries of `x` that a plain key selects."""
    positions, axes = keys.select(key, x.shape)
    if not axes:  # a single number
        x, axes = np._reshape_view(x, 1), 1
    grid, row = x.shape[:axes], x.shape[axes:]
    target = positions.shape + row
    shape = value.shape if isinstance(value, np.NDArray) else numpy.shape(value)
    if not keys.broadcasts(shape, target):
        raise ValueError(f"shape mismatch: a value of shape {shape} cannot be broadcast to the selection {target}")
    if 0 in target:
        return
    values = x._prepare_value_nd(value, target)
    if values is value:  # it may share memory with x
        values = values.copy()
    positions = positions.ravel()
    values = values.reshape(-1, *row)
    if shape:  # if an entry is selected several times, it gets the last value
        _, last = numpy.unique(positions[::-1], return_index=True)
        if last.size < positions.size:
            kept = positions.size - 1 - last
            positions, values = positions[kept], values[kept]
    coordinates = numpy.stack(numpy.unravel_index(positions, grid))
    x._scatter_set_nd(values, _on_device(coordinates, x, np))


def _on_device(integers: Any, like: Any, np: Any) -> Any:
    """Return NumPy's integers as an MXNet array on the device of another."""
    array = np.empty(integers.shape, dtype="int64", ctx=like.ctx)
    array._sync_copyfrom(integers)
    return array
