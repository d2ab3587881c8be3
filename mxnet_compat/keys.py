"""What a key such as ``[[0, -1], 2:4]`` selects from an array: NumPy's answer, without the array."""

import math
from typing import Any

import numpy

_BASIC = frozenset({int, slice, type(None), type(...)})


def is_basic(key: Any) -> bool:
    """Return whether a key contains only what MXNet's own indexing gets right: integers, slices, None, an ellipsis."""
    return _BASIC.issuperset(map(type, key)) if type(key) is tuple else type(key) in _BASIC


def selects_nothing(key: Any, shape: tuple[int, ...]) -> bool:
    """Return whether a slice in a basic key is empty."""
    parts = key if type(key) is tuple else (key,)
    axis = 0
    for part in parts:
        if type(part) is slice:
            if axis < len(shape) and not range(*part.indices(shape[axis])):
                return True
            axis += 1
        elif part is ...:
            axis += len(shape) - sum(other is not None and other is not ... for other in parts)
        elif part is not None:
            axis += 1
    return False


def plain(key: Any) -> Any:
    """Return a key with NumPy arrays and Python integers instead of lists, ranges, and MXNet arrays."""
    return tuple(map(_plain, key)) if isinstance(key, tuple) else _plain(key)


def select(key: Any, shape: tuple[int, ...]) -> tuple[Any, int]:
    """Apply a plain key to an array of some shape.

    Returns the positions of the selected rows and the number n of axes that the key refers to. If the first n axes of
    the array were combined into one, the result would be ``array[positions]``. Raises IndexError as NumPy does.
    """
    parts = _without_the_end(key if isinstance(key, tuple) else (key,))
    axes = len(shape)
    if not any(part is ... for part in parts):
        axes = min(axes, max(sum(map(_axes, parts)), 1))
    grid = shape[:axes]
    positions = numpy.broadcast_to(numpy.intp(0), grid)[parts]
    for axis, size in enumerate(grid):
        coordinates = numpy.arange(size).reshape((-1,) + (1,) * (axes - axis - 1))
        positions = positions * size + numpy.broadcast_to(coordinates, grid)[parts]
    return positions, axes


def check_range(indices: Any, size: int, axis: str = "an axis") -> None:
    """Raise IndexError, in NumPy's words, if an array of integers contains an index outside of an axis of this size."""
    wrong = indices[(indices < -size) | (indices >= size)]
    if wrong.size:
        raise IndexError(f"index {wrong.flat[0]} is out of bounds for {axis} with size {size}")


def whole(indices: Any) -> Any:
    """Return an array of indices as integers; MXNet's default type is float32, even for indices."""
    if indices.dtype.kind != "f":
        return indices
    with numpy.errstate(invalid="ignore"):
        integers = indices.astype(numpy.int64)
    wrong = indices[integers != indices]
    if wrong.size:
        raise IndexError(f"arrays used as indices must contain integers (or bools), but this one contains {wrong[0]}")
    return integers


def broadcasts(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Return whether NumPy would assign a value of the first shape to a selection of the second."""
    extra = max(len(shape) - len(target), 0)
    pairs = zip(reversed(shape[extra:]), reversed(target), strict=False)
    return math.prod(shape[:extra]) == 1 and all(size in (1, wanted) for size, wanted in pairs)


def _plain(part: Any) -> Any:
    if type(part) in _BASIC or isinstance(part, (bool, float, str)):
        return part
    array = numpy.asarray(part.asnumpy() if hasattr(part, "asnumpy") else part)
    if array.dtype == object and isinstance(part, (list, tuple)):  # a list of MXNet arrays
        array = numpy.asarray([_plain(element) for element in part])
    if array.size == 0 and array.dtype.kind != "b":
        return array.astype(numpy.intp)
    array = whole(array)
    return array if array.ndim else array.item()


def _without_the_end(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Remove what NumPy would add by itself: an ellipsis or full slices."""
    if parts and parts[-1] is ... and not any(part is ... for part in parts[:-1]):
        return parts[:-1]
    while parts and isinstance(parts[-1], slice) and parts[-1] == slice(None):
        parts = parts[:-1]
    return parts


def _axes(part: Any) -> int:
    """Return how many of the array's axes an element of a key refers to."""
    if part is None or isinstance(part, bool):
        return 0
    return part.ndim if isinstance(part, numpy.ndarray) and part.dtype == bool else 1
