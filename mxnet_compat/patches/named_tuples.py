"""NumPy's named tuples, such as the result of ``numpy.linalg.qr`` for an array of MXNet's.

MXNet converts the arrays in a result of class C and rebuilds it as ``C([...])``. Since NumPy 2.0 some functions return
named tuples, whose classes take their parts one by one. NumPy 1 returned plain tuples, and so does MXNet again.
"""

from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy.multiarray",)


def apply(module: ModuleType) -> None:
    """Replace the function that converts results."""
    names = vars(module)
    convert = names["_as_mx_np_array"]

    def convert_plain(object: Any, ctx: Any = None) -> Any:
        return convert(tuple(object) if isinstance(object, tuple) else object, ctx)

    names["_as_mx_np_array"] = convert_plain
