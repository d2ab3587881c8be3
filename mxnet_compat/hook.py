"""The import hook: loads MXNet's modules with private views of NumPy and distutils, and patches them.

MXNet 1.9.1 (2022) uses names that NumPy 1.24 to 2.4 removed (apache/mxnet#21165), and ``distutils``, which Python 3.12
removed. Modules loaded by this hook get their own ``__import__``, which returns views that still have those names.
MXNet's files, and the ``numpy`` that all other code sees, are not changed.

Python imports this module every time it starts, so the module imports only what is already loaded by then. The rest of
the package is imported together with MXNet.
"""

import importlib.machinery
import sys

TYPE_CHECKING = False  # importing it from typing would take longer than everything else here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class Loader(importlib.machinery.SourceFileLoader):
    """Executes a module of MXNet with the views in place, then patches it."""

    def exec_module(self, module: "ModuleType") -> None:
        """Execute `module`; Python calls this."""
        if module.__name__ == "mxnet":
            from mxnet_compat import startup

            startup.load_mxnet(module, super().exec_module)
            return
        from mxnet_compat import patches

        # Python's import statement uses the __import__ that it finds here.
        vars(module)["__builtins__"] = vars(sys.modules["mxnet"])["__builtins__"]
        super().exec_module(module)
        patches.apply_to(module)


class Finder:
    """Finds MXNet's modules where Python would, and has `Loader` load them.

    If MXNet is not installed, ``import mxnet`` raises the usual ModuleNotFoundError, and
    ``importlib.util.find_spec("mxnet")`` returns None, as programs with optional dependencies expect.
    """

    @staticmethod
    def find_spec(
        name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "importlib.machinery.ModuleSpec | None":
        """Return the spec of one of MXNet's modules, or None for any other module; Python calls this."""
        if name != "mxnet" and not name.startswith("mxnet."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(spec.loader.name, spec.loader.path)
        return spec


def install() -> None:
    """Put the finder first in `sys.meta_path`, only once even if this is called or the module reloaded repeatedly."""
    others = [finder for finder in sys.meta_path if getattr(finder, "__module__", None) != __name__]
    sys.meta_path[:] = [Finder, *others]
