"""What ``import mxnet`` does before, during, and after the execution of MXNet's own code."""

import importlib.machinery
import os
import sys
from collections.abc import Callable
from types import ModuleType

from mxnet_compat import cuda, kernels, memory, support, threads


def load_mxnet(module: ModuleType, execute: Callable[[ModuleType], None]) -> None:
    """Execute ``mxnet`` itself, which imports most of its modules; `execute` runs the code of the empty `module`.

    Raises ImportError if a user's file hides MXNet or NumPy, or if this is a GPU build that cannot run here. All other
    errors are MXNet's own, with notes about their known causes.
    """
    _refuse_file("mxnet", module.__spec__)
    if not hasattr(module, "__path__"):  # a user's mxnet.py that hides nothing
        execute(module)
        return
    numpy = sys.modules.get("numpy")
    _refuse_file("numpy", numpy.__spec__ if numpy else importlib.machinery.PathFinder.find_spec("numpy"))
    memory.keep_freed()
    try:
        with threads.configured():
            cuda.load_libraries()
            from mxnet_compat import views  # imports NumPy, so that NumPy's OpenBLAS is loaded before MXNet's

            vars(module)["__builtins__"] = views.make_builtins()
            kernels.load_openblas(module.__path__[0])
            execute(module)
    except support.LOADING_ERRORS as error:
        if isinstance(error, OSError) and (explained := cuda.explain(error)):
            raise explained from error
        support.add_notes(error)
        raise


def _refuse_file(name: str, spec: importlib.machinery.ModuleSpec | None) -> None:
    """Raise ImportError if `spec` is that of a single file, such as numpy.py, that hides the installed package."""
    if spec is None or spec.origin is None or spec.submodule_search_locations is not None:
        return
    folder = os.path.dirname(os.path.abspath(spec.origin))
    others = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    hidden = importlib.machinery.PathFinder.find_spec(name, others)
    if hidden and hidden.submodule_search_locations is not None:
        raise ImportError(
            f"{spec.origin} has the same name as the package {name}, so Python imports it instead. Rename the file.",
            name=name,
            path=spec.origin,
        )
