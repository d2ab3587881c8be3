"""Functions without a gradient: ``backward`` raises an error that names them.

Some of MXNet's operators have no derivative. If ``backward`` or ``autograd.grad`` meets one, MXNet's error names its
C++ operator, such as ``_npi_delete`` or ``_backward_npi_broadcast_mul``. In the latter case, the derivative of a
gradient was asked for (apache/mxnet#9979, #12529). The patch raises NotImplementedError, which names the function as it
is written in Python. `without_gradient` makes other functions raise the same error.
"""

import functools
import json
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.autograd", "mxnet.ndarray.ndarray", "mxnet._ctypes.ndarray")

_NOT_DIFFERENTIABLE = re.compile(r"Operator (\w+) is non-differentiable")
# An operator without a derivative that multiplies by a number; nothing else uses it.
_BARRIER = "_contrib_backward_gradientmultiplier"
_WRITTEN = {
    "broadcast_add": "np.add (+)",
    "broadcast_sub": "np.subtract (-)",
    "broadcast_mul": "np.multiply (*)",
    "broadcast_div": "np.true_divide (/)",
    "broadcast_power": "np.power (**)",
    "mul_scalar": "np.multiply (*)",
    "multiply_scalar": "np.multiply (*)",
    "div_scalar": "np.true_divide (/)",
    "rdiv_scalar": "np.true_divide (/)",
    "power_scalar": "np.power (**)",
    "rpower_scalar": "np.power (**)",
    "insert_scalar": "np.insert",
    "insert_slice": "np.insert",
    "insert_tensor": "np.insert",
    "FullyConnected": "npx.fully_connected",
}
_INSTEAD = {
    "np.percentile": "np.sort has a gradient, and so does picking entries from its result.",
    "np.bincount": "Write weights @ npx.one_hot(x, size) instead.",
    "np.delete": "Pick the entries that remain by their indices instead.",
    "np.insert": "Use np.concatenate instead.",
    "np.average": "With returned=True, compute the sum of the weights yourself.",
    "np.linalg.norm": "In a hybridized network, only norms of vectors with axis=0 and the Frobenius norm have one.",
    "np.linalg.eigvals": "If the matrix is symmetric, np.linalg.eigvalsh has a gradient.",
    "np.linalg.eig": "If the matrix is symmetric, np.linalg.eigvalsh has a gradient.",
    "np.linalg.eigh": "Its eigenvalues have a gradient, its eigenvectors don't.",
}


def apply(module: ModuleType) -> None:
    """Translate the error in everything that computes gradients."""
    names = vars(module)
    if module.__name__ == "mxnet.autograd":
        names["backward"] = _translated(names["backward"])
        names["grad"] = _translated(names["grad"])
    elif module.__name__ == "mxnet.ndarray.ndarray":
        names["NDArray"].backward = _translated(names["NDArray"].backward)
    else:
        names["CachedOp"].__init__ = _translated(names["CachedOp"].__init__, graph_argument=1)


def without_gradient(x: Any) -> Any:
    """Return the same values (an array or a symbol) with no derivative."""
    package = sys.modules["mxnet"]
    contrib = (package.sym if isinstance(x, package.sym.Symbol) else package.nd).contrib
    return contrib.backward_gradientmultiplier(x.as_nd_ndarray(), scalar=1.0).as_np_ndarray()


def _translated(function: Callable[..., Any], graph_argument: int = 0) -> Callable[..., Any]:
    """Wrap a function whose argument at `graph_argument` is the array, list of arrays, or symbol to differentiate."""

    @functools.wraps(function)
    def translated(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except sys.modules["mxnet.base"].MXNetError as error:  # type: ignore[attr-defined]
            found = _NOT_DIFFERENTIABLE.search(str(error))
            if not found:
                raise
            graph = args[graph_argument] if len(args) > graph_argument else kwargs.get("heads")
            message = _message(found[1], graph)
        raise NotImplementedError(message)

    return translated


def _message(operator: str, graph: Any) -> str:
    """Explain that an operator in the graph of an array, a list of arrays, or a symbol has no derivative."""
    if operator.startswith("_backward"):
        name = _written(operator)
        return (
            f"MXNet has no second derivative of {name}, so the gradient that autograd.grad returned cannot be "
            "differentiated. Only elementwise functions of one array, such as np.square, np.exp, np.log, np.sin, "
            "np.tanh, and npx.sigmoid, have one. For anything else, approximate it by finite differences of the "
            "gradient: (gradient(x + h) - gradient(x - h)) / (2 * h)."
        )
    used = _before_barriers(graph) if operator == _BARRIER else [operator]
    name = " or ".join(dict.fromkeys(map(_written, used))) or "this computation"
    instead = " ".join(dict.fromkeys(_INSTEAD[n] for n in map(_written, used) if n in _INSTEAD))
    return (
        f"{name} has no gradient in MXNet. {instead} If its result is to count as a constant, use x.detach() of its "
        "argument x; in a hybridized network, move it out of the network."
    ).replace("  ", " ")


def _before_barriers(graph: Any) -> list[str]:
    """Return the operators whose results went through `without_gradient`."""
    package = sys.modules["mxnet"]
    if not isinstance(graph, package.sym.Symbol):
        heads = graph if isinstance(graph, (list, tuple)) else [graph]
        return [name for head in heads for name in _before_barriers(package.autograd.get_symbol(head))]
    nodes = json.loads(graph.tojson())["nodes"]
    return [nodes[node["inputs"][0][0]]["op"] for node in nodes if node["op"] == _BARRIER]


def _written(operator: str) -> str:
    """Return the name of an operator as it is written in Python: "np.linalg.eig" for "_npi_eig"."""
    package = sys.modules["mxnet"]
    plain = re.sub(r"^_?(backward_)?_?(npi_|npx_|np_)?", "", operator)
    if plain in _WRITTEN:
        return _WRITTEN[plain]
    for prefix, namespace in (("np.", package.np), ("np.linalg.", package.np.linalg), ("npx.", package.npx)):
        if hasattr(namespace, plain.lower()):
            return prefix + plain.lower()
    return f"the operator {plain}"
