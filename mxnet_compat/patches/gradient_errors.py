"""Functions without a gradient: ``backward`` raises an error that names them.

Some of MXNet's operators have no derivative. If ``backward`` or ``autograd.grad`` meets one, MXNet's error names its
C++ operator, such as ``_npi_delete`` or ``_backward_npi_broadcast_mul``. In the latter case, the derivative of a
gradient was asked for (apache/mxnet#9979, #12529). The patch raises NotImplementedError, which names the function as it
is written in Python. The second derivatives of ``np.arcsinh`` and ``np.arccosh``, which have the wrong sign, are
refused as well. `without_gradient` makes other functions raise the same error.
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
    "div_scalar": "np.true_divide (/)",
    "rdiv_scalar": "np.true_divide (/)",
    "power_scalar": "np.power (**)",
    "rpower_scalar": "np.power (**)",
    "insert_scalar": "np.insert",
    "insert_slice": "np.insert",
    "insert_tensor": "np.insert",
    "reshape": "np.reshape (or np.expand_dims)",
    "slice": "slicing (x[a:b])",
    "concat": "np.concatenate",
    "percentile": "np.percentile (or np.quantile)",
    "FullyConnected": "npx.fully_connected",
    "LeakyReLU": "npx.leaky_relu",
}
_INSTEAD = {
    "np.percentile (or np.quantile)": "np.sort has a gradient, and so does picking entries from its result.",
    "np.bincount": "Write weights @ npx.one_hot(x, size) instead.",
    "np.delete": "Pick the entries that remain by their indices instead.",
    "np.insert": "Use np.concatenate instead.",
    "np.average": "With returned=True, compute the sum of the weights yourself.",
    "np.linalg.norm": "In a hybridized network, only norms of vectors with axis=0 and the Frobenius norm have one.",
    "np.linalg.eigvals": "If the matrix is symmetric, np.linalg.eigvalsh has a gradient.",
    "np.linalg.eig": "If the matrix is symmetric, np.linalg.eigvalsh has a gradient.",
    "np.random.gamma": "With respect to its scale, scale * np.random.gamma(shape) has one.",
    "np.linalg.eigh": "Its eigenvalues have a gradient, its eigenvectors don't.",
}
_NO_SECOND = (
    "MXNet has no second derivative of {}, so the gradient that autograd.grad returned cannot be differentiated. Only "
    "elementwise functions of one array, such as np.square, np.exp, np.log, np.sin, np.tanh, and npx.sigmoid, have "
    "one. For anything else, approximate it by finite differences of the gradient: "
    "(gradient(x + h) - gradient(x - h)) / (2 * h)."
)


def apply(module: ModuleType) -> None:
    """Translate the error in everything that computes gradients."""
    names = vars(module)
    if module.__name__ == "mxnet.autograd":
        names["backward"] = _translated(names["backward"])
        names["grad"] = _without_wrong_signs(_translated(names["grad"]))
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
        except sys.modules["mxnet.base"].MXNetError as error:
            found = _NOT_DIFFERENTIABLE.search(str(error))
            if not found:
                raise
            graph = args[graph_argument] if len(args) > graph_argument else kwargs.get("heads")
            message = _message(found[1], graph)
        raise NotImplementedError(message)

    return translated


def _without_wrong_signs(grad: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(grad)
    def checked(heads: Any, variables: Any, head_grads: Any = None, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("create_graph") or args[1:2] == (True,):
            wrong = [node["op"] for node in _nodes(heads) if node["op"].endswith(("arcsinh", "arccosh"))]
            if wrong:
                raise NotImplementedError(_NO_SECOND.format(_written(wrong[0])))
        return grad(heads, variables, head_grads, *args, **kwargs)

    return checked


def _message(operator: str, graph: Any) -> str:
    """Explain that an operator in the graph of an array, a list of arrays, or a symbol has no derivative."""
    if "backward" in operator and operator != _BARRIER:
        return _NO_SECOND.format(_written(operator))
    used = [operator]
    if operator == _BARRIER:
        nodes = _nodes(graph)
        used = [nodes[node["inputs"][0][0]]["op"] for node in nodes if node["op"] == _BARRIER]
    names = list(dict.fromkeys(map(_written, used)))
    parts = [
        f"{' or '.join(names)} has no gradient in MXNet.",
        *(_INSTEAD[name] for name in names if name in _INSTEAD),
        "If its result is to count as a constant, pass it x.detach() instead of x; in a hybridized network, move it "
        "out of the network.",
    ]
    return " ".join(parts)


def _nodes(graph: Any) -> list[dict[str, Any]]:
    """Return the operators that computed an array or symbol; of several arrays, the first."""
    package = sys.modules["mxnet"]
    if not isinstance(graph, package.sym.Symbol):
        graph = package.autograd.get_symbol(graph[0] if isinstance(graph, (list, tuple)) else graph)
    nodes: list[dict[str, Any]] = json.loads(graph.tojson())["nodes"]
    return nodes


def _written(operator: str) -> str:
    """Return the name of an operator as it is written in Python: "np.linalg.eig" for "_npi_eig"."""
    package = sys.modules["mxnet"]
    name = re.sub(r"^_?(npi_|npx_|np_)?(backward_)?(npi_|npx_|np_)?", "", operator)
    if name in _WRITTEN:
        return _WRITTEN[name]
    for public in (name.lower(), name.removeprefix("broadcast_").removesuffix("_scalar").lower()):
        for prefix, namespace in (
            ("np.", package.np),
            ("np.linalg.", package.np.linalg),
            ("np.random.", package.np.random),
            ("npx.", package.npx),
        ):
            if hasattr(namespace, public):
                return prefix + public
    return f"the operator {operator}"
