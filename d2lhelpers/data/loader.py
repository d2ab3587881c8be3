"""Batches from arrays in memory.

Gluon's DataLoader fetches and transforms one example after the other, in Python, and needs worker processes to be
bearable. The course's data fit into memory, where taking a batch is one indexing operation: no workers, and many times
faster.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import base, np, npx

from d2lhelpers.data.arguments import MAX_SEED, random_stream, shown, whole_number

MIN_RESIZE, MAX_RESIZE = 8, 1024  # a batch of 256 images of 1,024 pixels a side takes 1 GB
MAX_RESIZED = 2**32  # bytes of images that are resized at once
# What mxnet can hold.
DTYPES = ("bool", "int8", "uint8", "int32", "int64", "float16", "float32", "float64")


class ArrayLoader:
    """Iterate over arrays in batches.

    Each pass over the loader is an epoch and gives every example once. With `shuffle`, each epoch has an order of its
    own, which depends on `seed` and the epoch's number only: two loaders with the same seed give the same batches.
    Every `iter(loader)` starts the next epoch, also if it is not read to its end.

    Parameters
    ----------
    *arrays : array_like
        One or more arrays, NumPy's or MXNet's, whose first axis counts the examples: features and labels, as a rule.
        They are kept, not copied, if they are NumPy's and lie in memory row by row. float64 becomes float32, what
        networks compute with; all other types stay.
    batch_size : int
        Examples in a batch. The last batch is smaller if the examples do not divide evenly; all examples
        come in one batch if there are fewer than `batch_size`.
    shuffle : bool
        Whether to go through the examples in random order.
    seed : int
        Of the random order, 0 to 2**32 - 1.
    resize : int, optional
        New height and width of the first array's images, which must have the shape (N, channels, height, width);
        see `resize_images`. They are resized batch by batch, so that the large ones need little memory.

    Yields
    ------
    tuple of mxnet.numpy.ndarray
        One batch of each array, on the CPU.

    Raises
    ------
    TypeError, ValueError
        If `batch_size`, `seed` or `resize` is not a whole number in its range, or `shuffle` neither True nor False; if
        there are no arrays, or no examples; if the arrays have different lengths, or types that MXNet does not have.

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
        npx.set_np()  # else MXNet takes the shape of an array without axes for an unknown one
        if not arrays:
            raise ValueError("ArrayLoader needs at least one array")
        self.batch_size = whole_number("batch_size", batch_size, 1)
        if not isinstance(shuffle, (bool, onp.bool_)):
            raise TypeError(f"shuffle={shown(shuffle)}: must be True or False")
        self.shuffle = bool(shuffle)
        self.seed = whole_number("seed", seed, 0, MAX_SEED)
        self.resize = check_resize(resize)
        self._arrays = [_to_numpy(array, place) for place, array in enumerate(arrays)]
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
            _check_memory(batch_shape, self.resize)  # now, and not at the first batch
        self._epoch = 0

    def __len__(self) -> int:
        """Count the batches of an epoch, a smaller last one included."""
        return -(-self.num_examples // self.batch_size)

    def __repr__(self) -> str:
        order = f"shuffled, seed {self.seed}" if self.shuffle else "in order"
        return f"<ArrayLoader: {self.num_examples:,} examples, {len(self):,} batches of {self.batch_size:,}, {order}>"

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        # Not a generator itself: the epoch is counted now, not when somebody asks for the first batch.
        if not self.shuffle:
            return self._batches(onp.arange(self.num_examples))
        order = random_stream(self.seed, self._epoch).permutation(self.num_examples)
        self._epoch += 1
        return self._batches(order)

    def _batches(self, order: onp.ndarray) -> Iterator[tuple[Any, ...]]:
        for start in range(0, self.num_examples, self.batch_size):
            chosen = order[start : start + self.batch_size]
            yield tuple(self._take(place, chosen) for place in range(len(self._arrays)))

    def _take(self, place: int, chosen: onp.ndarray) -> Any:
        """Return the chosen examples of one of the arrays."""
        array = self._arrays[place]
        if place == 0 and self.resize is not None:
            images = resize_images(array.take(chosen, axis=0), self.resize)
            batch, memory = _new_array(images.shape, images.dtype)
            memory[...] = images
        else:
            batch, memory = _new_array((len(chosen), *array.shape[1:]), array.dtype)
            array.take(chosen, axis=0, out=memory, mode="clip")  # with "raise", NumPy would copy twice
        return batch


def _new_array(shape: tuple[int, ...], dtype: onp.dtype) -> tuple[Any, onp.ndarray]:
    """Return a new MXNet array on the CPU, and its memory as a NumPy array to be filled, without waiting for MXNet.

    `np.array` waits until MXNet has computed everything that was ordered before: the processor would then have nothing
    to do until the next step is ordered. A new array is nobody else's, and its memory can be written at once.
    """
    array = np.empty(shape, dtype=dtype, ctx=npx.cpu())
    address = ctypes.c_void_p()
    base.check_call(base._LIB.MXNDArrayGetData(array.handle, ctypes.byref(address)))
    memory = (ctypes.c_char * (math.prod(shape) * dtype.itemsize)).from_address(address.value or 0)
    return array, onp.ndarray(shape, dtype, memory)


def _to_numpy(array: Any, place: int) -> onp.ndarray:
    try:
        array = array.asnumpy() if hasattr(array, "asnumpy") else onp.asarray(array)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"array {place} is not an array: {shown(array)}") from error
    if array.ndim == 0:
        raise ValueError(
            f"array {place} is a single number, {shown(array.item())}: its first axis must count the examples"
        )
    if array.dtype.name not in DTYPES:
        raise TypeError(f"array {place} holds {array.dtype}: choose {', '.join(DTYPES)}")
    # In the byte order that MXNet knows, and row by row: NumPy would do the latter to the whole array for each batch.
    dtype = array.dtype.newbyteorder("=")
    return onp.ascontiguousarray(array, dtype="float32" if dtype == "float64" else dtype)


def check_resize(resize: Any) -> int | None:
    """Return `resize` as an int, or None; raise TypeError or ValueError if it is neither, or not 8 to 1,024."""
    return None if resize is None else whole_number("resize", resize, MIN_RESIZE, MAX_RESIZE)


def resize_images(images: onp.ndarray, size: int) -> onp.ndarray:
    """Resize images (..., height, width) to float32 images (..., size, size), by bilinear interpolation.

    As in PyTorch's `interpolate(mode="bilinear", align_corners=False)` and OpenCV's INTER_LINEAR; see
    `bilinear_weights`. Two small matrix products per image: as fast as MXNet's own operator or faster.
    """
    height, width = images.shape[-2:]
    if (height, width) == (size, size):
        return images.astype("float32", copy=False)
    _check_memory(images.shape, size)
    rows = bilinear_weights(height, size).astype("float32")
    columns = bilinear_weights(width, size).astype("float32")
    return rows @ images.astype("float32", copy=False) @ columns.T


def _check_memory(shape: tuple[int, ...], size: int) -> None:
    """Refuse what would fill the memory: Linux grants it, and ends the whole kernel when it is used."""
    needed = 4 * math.prod(shape[:-2]) * size**2
    if needed > MAX_RESIZED:
        raise ValueError(
            f"resize={size}: {shape[0]:,} images at once need {needed / 1e9:,.0f} GB, and at most "
            f"{MAX_RESIZED / 1e9:,.0f} are taken: load fewer of them, or in smaller batches"
        )


def bilinear_weights(old: int, new: int) -> onp.ndarray:
    """Make the matrix (new, old) that interpolates `old` pixels linearly at the places of `new` ones.

    A pixel is a little square, and its value belongs to its middle: pixel i lies at i + 1/2. The middle of new pixel i
    is at (i + 1/2) * old / new in old pixels. Outside the middles of the first and last pixel their values continue.
    Every row sums to 1.
    Shrinking samples and does not average: below half the size it leaves pixels out.

    >>> bilinear_weights(2, 4)
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    place = onp.clip((onp.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    # The weight of an old pixel falls linearly from 1 at its place to 0 at its neighbors'.
    return onp.maximum(1 - onp.abs(place[:, None] - onp.arange(old)), 0)
