"""``ndarray.tostring()``, with which ``mxnet.recordio`` packs labels and images; NumPy 2.3 removed it.

Methods cannot be added to NumPy's class, so the two functions call ``tobytes()``, the new name of the same method.
"""

from types import ModuleType

MODULES = ("mxnet.recordio",)


def apply(module: ModuleType) -> None:
    """Rename the method in the code of both functions."""
    for function in (vars(module)["pack"], vars(module)["pack_img"]):
        names = function.__code__.co_names
        renamed = tuple("tobytes" if name == "tostring" else name for name in names)
        function.__code__ = function.__code__.replace(co_names=renamed)
