"""NumPy numbers in operator parameters, as in ``x.reshape((n, 6))`` with ``n = np.int64(4)``.

MXNet passes parameters to its C++ side as ``str(value)``. With NumPy 2, that is ``(np.int64(4), 6)``, which the C++
side rejects or misreads; it expects ``(4, 6)``.
"""

from types import ModuleType
from typing import Any

# In these modules, str() formats parameters of operators, attributes of symbols, and parameters of data iterators.
MODULES = ("mxnet._ctypes.ndarray", "mxnet._ctypes.symbol", "mxnet.symbol.symbol", "mxnet.io.io")


def apply(module: ModuleType) -> None:
    """Replace `str` in the module."""
    vars(module)["str"] = Text


class _TextType(type):
    """Makes the class below behave as `str` does: a call returns a string, and strings are its instances."""

    def __call__(cls, value: object = "") -> str:
        return parameter_text(value)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, str)


class Text(metaclass=_TextType):
    """`str` for MXNet's modules."""


def parameter_text(value: object) -> str:
    """Return ``str(value)`` as it was with NumPy 1."""
    text = str(value)
    if "np." in text and isinstance(value, (tuple, list)):  # in this order, the common case costs only one search
        return str(_plain(value))
    return text


def _plain(value: Any) -> Any:
    """Return the value with Python numbers instead of NumPy's, even in nested tuples and lists."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, list):
        return list(map(_plain, value))
    return value.item() if type(value).__module__ == "numpy" else value
