"""Reads the parameters that PyTorch saved to a file, without PyTorch."""

from __future__ import annotations

import collections
import pickle
from typing import IO, Any

import numpy as np

_TYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Unpickler(pickle.Unpickler):
    """Reads tensors as tuples (storage, offset, shape, strides); a storage is a tuple that names its type and key."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *arguments: arguments[:4]
        if module == "torch" and name in _TYPES:
            return name
        # A pickle can name any function to call, so this is what keeps a file from running code.
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a file of parameters")

    def persistent_load(self, storage: Any) -> Any:
        return storage


def read_torch_file(file: IO[bytes]) -> dict[str, np.ndarray]:
    """Read a dictionary of arrays that `torch.save` wrote before PyTorch 1.6, in the order in which they were saved.

    Such a file consists of pickles (three about the version, the dictionary without its numbers, and the keys of the
    storages) and the storages themselves: each with its length, and in the order of the keys.
    """
    for _ in range(3):
        _Unpickler(file).load()
    tensors = _Unpickler(file).load()
    types = {storage[2]: _TYPES[storage[1]] for storage, *_ in tensors.values()}
    storages = {key: _read_storage(file, types[key]) for key in _Unpickler(file).load()}
    return {
        name: _view(storages[storage[2]], offset, shape, strides)
        for name, (storage, offset, shape, strides) in tensors.items()
    }


def _read_storage(file: IO[bytes], dtype: np.dtype[Any]) -> np.ndarray:
    (length,) = np.frombuffer(file.read(8), "<i8")
    return np.frombuffer(file.read(length * dtype.itemsize), dtype)


def _view(storage: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> np.ndarray:
    """Return a tensor, which need not be in row-major order; NumPy checks that all of it is in the storage."""
    size = storage.itemsize
    return np.ndarray(shape, storage.dtype, storage, offset * size, [stride * size for stride in strides])
