"""Batches from arrays in memory.

Gluon's DataLoader fetches and transforms one example at a time in Python, and needs worker processes to be fast enough.
The course's data fits into memory, where taking a batch is a single indexing operation, which needs no workers and is
many times faster.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import base, np, npx

from d2lhelpers.arguments import MAX_SEED, check_integer, shorten
from d2lhelpers.arrays import to_numpy
from d2lhelpers.random import random_stream

MIN_RESIZE, MAX_RESIZE = 8, 1024  # a batch of 256 images of 1,024 by 1,024 pixels takes 1 GB
MAX_RESIZED = 2**32  # bytes of images that may be resized at once
# The types that MXNet supports.
DTYPES = ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64")


class ArrayLoader:
    """Iterate over arrays in batches.

    Each pass over the loader is an epoch and yields every example once, as a tuple with one batch of each array, on the
    CPU. With `shuffle`, each epoch has an order of its own, which depends only on `seed` and the epoch number. Every
    `iter(loader)` starts the next epoch, even if the previous one was not read to the end.

    Parameters
    ----------
    *arrays : array_like
        NumPy or MXNet arrays whose first axis counts the examples, usually features and labels. NumPy arrays in
        row-major order are not copied. float64 becomes float32, which networks compute with; all other types are kept.
    batch_size : int
        Examples per batch. The last batch is smaller if the examples do not divide evenly.
    shuffle : bool
        Whether to go through the examples in random order.
    seed : int
        Seed for the random order, 0 to 2**32 - 1.
    resize : int, optional
        New height and width of the images in the first array, which must have the shape (N, channels, height, width).
        They are resized batch by batch, because all of them at once might not fit into memory.

    Examples
    --------
    >>> X, y = onp.arange(10, dtype="float32").reshape(5, 2), onp.arange(5, dtype="int32")
    >>> loader = ArrayLoader(X, y, batch_size=2)
    >>> len(loader), loader.num_examples
    (3, 5)
    >>> [labels.tolist() for features, labels in loader]
    [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self, *arrays: Any, batch_size: int, shuffle: bool = False, seed: int = 0, resize: int | None = None
    ) -> None:
        npx.set_np()  # otherwise MXNet mistakes the shape of an array without axes for an unknown shape
        if not arrays:
            raise ValueError("ArrayLoader needs at least one array")
        self.batch_size = check_integer("batch_size", batch_size, 1)
        if not isinstance(shuffle, (bool, onp.bool_)):
            raise TypeError(f"shuffle={shorten(shuffle)}: must be True or False")
        self.shuffle = bool(shuffle)
        self.seed = check_integer("seed", seed, 0, MAX_SEED)
        self.resize = check_resize(resize)
        self._arrays = [_check_array(array, index) for index, array in enumerate(arrays)]
        lengths = [len(array) for array in self._arrays]
        if len(set(lengths)) > 1:
            raise ValueError(f"the arrays have different numbers of examples: {', '.join(map(str, lengths))}")
        self.num_examples = lengths[0]
        if self.num_examples == 0:
            raise ValueError(f"there are no examples: the first array's shape is {self._arrays[0].shape}")
        if self.resize is not None and self._arrays[0].ndim != 4:
            raise ValueError(
                f"resize={resize}: the first array must be images, of shape (N, channels, height, width), "
                f"but its shape is {self._arrays[0].shape}"
            )
        if self.resize is not None:
            batch_shape = (min(self.batch_size, self.num_examples), *self._arrays[0].shape[1:])
            _check_memory(batch_shape, self.resize)  # now rather than at the first batch
        self._epoch = 0

    def __len__(self) -> int:
        """Return the number of batches in an epoch, including a smaller last one."""
        return -(-self.num_examples // self.batch_size)

    def __repr__(self) -> str:
        order = f"shuffled, seed {self.seed}" if self.shuffle else "in order"
        return f"<ArrayLoader: {self.num_examples:,} examples, {len(self):,} batches of {self.batch_size:,}, {order}>"

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        # Not a generator itself, so that the epoch starts now rather than when the first batch is taken.
        if not self.shuffle:
            return self._batches(onp.arange(self.num_examples))
        order = random_stream(self.seed, self._epoch).permutation(self.num_examples)
        self._epoch += 1
        return self._batches(order)

    def _batches(self, order: onp.ndarray) -> Iterator[tuple[Any, ...]]:
        for start in range(0, self.num_examples, self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield tuple(self._take(index, chosen) for index in range(len(self._arrays)))

    def _take(self, index: int, chosen: onp.ndarray) -> Any:
        """Return the chosen examples of one of the arrays."""
        array = self._arrays[index]
        if index == 0 and self.resize is not None:
            images = resize_images(array.take(chosen, axis=0), self.resize)
            batch, memory = _new_array(images.shape, images.dtype)
            memory[...] = images
        else:
            batch, memory = _new_array((len(chosen), *array.shape[1:]), array.dtype)
            array.take(chosen, axis=0, out=memory, mode="clip")  # with "raise", NumPy would copy twice
        return batch


def _new_array(shape: tuple[int, ...], dtype: onp.dtype) -> tuple[Any, onp.ndarray]:
    """Return a new MXNet array on the CPU, and its memory as a NumPy array to fill, without waiting for MXNet.

    `np.array` waits until MXNet has finished all queued operations, so the processor would have nothing to do until the
    next step is queued. Nothing else uses a new array, so its memory can be written immediately.
    """
    array = np.empty(shape, dtype=dtype, ctx=npx.cpu())
    address = ctypes.c_void_p()
    base.check_call(base._LIB.MXNDArrayGetData(array.handle, ctypes.byref(address)))
    memory = (ctypes.c_char * (math.prod(shape) * dtype.itemsize)).from_address(address.value or 0)
    return array, onp.ndarray(shape, dtype, memory)


def _check_array(array: Any, index: int) -> onp.ndarray:
    try:
        array = to_numpy(array)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"array {index} is not an array: {shorten(array)}") from error
    if array.ndim == 0:
        raise ValueError(
            f"array {index} is a single number, {shorten(array.item())}: its first axis must count the examples"
        )
    if array.dtype.name not in DTYPES:
        raise TypeError(f"array {index} has type {array.dtype}: choose {', '.join(DTYPES)}")
    # In MXNet's byte order and in row-major order; otherwise NumPy would reorder the whole array for each batch.
    dtype = array.dtype.newbyteorder("=")
    return onp.ascontiguousarray(array, dtype="float32" if dtype == "float64" else dtype)


def check_resize(resize: Any) -> int | None:
    """Return `resize` if it is None or an integer from 8 to 1,024; otherwise raise TypeError or ValueError."""
    return None if resize is None else check_integer("resize", resize, MIN_RESIZE, MAX_RESIZE)


def resize_images(images: onp.ndarray, size: int) -> onp.ndarray:
    """Resize images (..., height, width) to float32 images (..., size, size), by bilinear interpolation.

    The result is that of PyTorch's `interpolate(mode="bilinear", align_corners=False)` and OpenCV's INTER_LINEAR. Two
    small matrix products per image are at least as fast as MXNet's own operator.
    """
    height, width = images.shape[-2:]
    if (height, width) == (size, size):
        return images.astype("float32", copy=False)
    _check_memory(images.shape, size)
    rows = bilinear_weights(height, size).astype("float32")
    columns = bilinear_weights(width, size).astype("float32")
    return rows @ images.astype("float32", copy=False) @ columns.T


def _check_memory(shape: tuple[int, ...], size: int) -> None:
    """Refuse to fill the memory: Linux would grant the request, and kill the whole kernel once the memory is used."""
    needed = 4 * math.prod(shape[:-2]) * size**2
    if needed > MAX_RESIZED:
        raise ValueError(
            f"resize={size}: {shape[0]:,} images at once need {needed / 1e9:,.0f} GB, and the limit is "
            f"{MAX_RESIZED / 1e9:,.0f} GB: load fewer images, or use smaller batches"
        )


def bilinear_weights(old: int, new: int) -> onp.ndarray:
    """Return the matrix (new, old) that interpolates `old` pixels linearly at the positions of `new` pixels.

    A pixel is a small square whose value belongs to its center: pixel i is at i + 1/2, and the center of new pixel i is
    at (i + 1/2) * old / new in old pixels. Beyond the first and last centers, their values are repeated. Every row sums
    to 1. Shrinking samples pixels instead of averaging them: below half the size, it skips some.

    >>> bilinear_weights(2, 4)
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    position = onp.clip((onp.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    # The weight of an old pixel falls linearly from 1 at its own position to 0 at those of its neighbors.
    return onp.maximum(1 - onp.abs(position[:, None] - onp.arange(old)), 0)
