"""NumPy's named tuples, such as the result of ``numpy.linalg.qr`` for an MXNet array.

MXNet converts the arrays in a result of class C and rebuilds it as ``C([...])``. Since NumPy 2.0, some functions return
named tuples, whose classes take each field as an argument. NumPy 1 returned plain tuples, and so does MXNet once again.
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
