"""Copies of networks: ``copy.deepcopy(net)`` and pickle.

A copied network could not be trained, because its parameters were not connected with their gradients
(apache/mxnet#18358, apache/mxnet#19181), and a hybridized network could not be copied after its first call, because its
compiled graph cannot. A copy compiles its own graph now. A `Trainer` is refused: its copy would go on updating the
first network, or neither.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = (
    "mxnet._ctypes.ndarray",
    "mxnet.symbol.numpy._symbol",
    "mxnet.gluon.parameter",
    "mxnet.gluon.block",
    "mxnet.gluon.trainer",
)


def apply(module: ModuleType) -> None:
    """Say what is copied of each class."""
    names = vars(module)
    if module.__name__ == "mxnet._ctypes.ndarray":
        names["CachedOp"].__del__ = _if_created(names["CachedOp"].__del__)
    elif module.__name__ == "mxnet.symbol.numpy._symbol":
        names["_Symbol"].__reduce__ = _as_same_class
    elif module.__name__ == "mxnet.gluon.parameter":
        names["Parameter"].__getstate__ = _without_trainer
        names["Parameter"].__setstate__ = functools.partialmethod(_with_gradients, names["autograd"])
    elif module.__name__ == "mxnet.gluon.block":
        names["HybridBlock"].__getstate__ = _without_compiled_graph
        names["SymbolBlock"].__getstate__ = functools.partialmethod(_without_compiled_graph, keep_symbol=True)
    else:
        names["Trainer"].__reduce__ = _refuse


def _if_created(delete: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return ``CachedOp.__del__`` for objects whose construction has failed, too."""
    return lambda self: delete(self) if hasattr(self, "handle") else None


def _as_same_class(symbol: Any) -> tuple[Any, ...]:
    return type(symbol), (None,), symbol.__getstate__()  # MXNet made it a symbol of the old interface


def _without_trainer(parameter: Any) -> dict[str, Any]:
    return {**vars(parameter), "_trainer": None, "_var": None}  # `_var` is created when it is asked for


def _with_gradients(parameter: Any, autograd: Any, state: dict[str, Any]) -> None:
    vars(parameter).update(state)
    if parameter._data is not None and parameter._grad is not None:
        autograd.mark_variables(parameter._data, parameter._grad, parameter.grad_req)


def _without_compiled_graph(block: Any, keep_symbol: bool = False) -> dict[str, Any]:
    state = {**vars(block), "_cached_op": None, "_cached_op_args": []}
    return state if keep_symbol else {**state, "_cached_graph": ()}


def _refuse(trainer: Any) -> None:
    raise TypeError(
        "A Trainer cannot be copied or pickled. Copy the network, create a Trainer for the copy's parameters, and move "
        "the state of the optimizer with save_states and load_states."
    )
