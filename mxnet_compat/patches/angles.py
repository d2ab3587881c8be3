"""``np.deg2rad`` and ``np.rad2deg``, which call operators that MXNet does not have under these names."""

from types import ModuleType

MODULES = ("mxnet.ndarray.numpy._op", "mxnet.symbol.numpy._symbol")


def apply(module: ModuleType) -> None:
    """Replace both functions by those of the same meaning."""
    names = vars(module)
    names["deg2rad"], names["rad2deg"] = names["radians"], names["degrees"]
