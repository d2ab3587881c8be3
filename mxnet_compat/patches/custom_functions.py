"""Functions with a derivative of one's own: subclasses of ``autograd.Function``.

MXNet called their ``backward`` with arrays of the old interface, which cannot be combined with those of the NumPy
interface. If an argument needed no gradient, the gradients of all arguments after it were lost, and so were gradients
with ``grad_req="add"``. An error in ``backward`` was only printed; reading the gradient later raised an MXNetError that
said nothing about it. Now reading the gradient raises the error itself.
"""

import ctypes
import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.autograd", "mxnet.base")

_WRITE, _ADD = (1, 2), 3  # what MXNet asks to do with a gradient; the second value of the first is "in place"


def apply(module: ModuleType) -> None:
    """Replace the callback for ``backward``, or the function that creates errors."""
    names = vars(module)
    if module.__name__ == "mxnet.base":
        names["get_last_ffi_error"] = _with_own_errors(names["get_last_ffi_error"])
        return
    function = names["Function"]
    function._registry.error = None
    c_type = function._bwd_functype
    # MXNet passes its callback, a closure of the function object, to this type.
    function._bwd_functype = lambda entry: c_type(_callback(inspect.getclosurevars(entry).nonlocals["self"]))


def _callback(function: Any) -> Callable[..., bool]:
    """Return what MXNet calls, in a thread of its own, to compute the gradients of a function's arguments."""
    from mxnet import nd, util
    from mxnet.base import NDArrayHandle

    numpy = util.is_np_array()

    def backward(n_outputs: int, n_inputs: int, pointers: Any, requests: Any, is_train: int, _: Any) -> bool:
        try:
            arrays = [nd.NDArray(ctypes.cast(p, NDArrayHandle)) for p in pointers[: n_outputs + n_inputs]]
            with util.np_shape(numpy), util.np_array(numpy):
                gradients = function.backward(*[x.as_np_ndarray() if numpy else x for x in arrays[:n_outputs]])
                _store(function, gradients, arrays[n_outputs:], requests[:n_inputs])
        except Exception as error:  # raised again where the gradient is read
            type(function)._registry.error = error
            return False
        return True

    return backward


def _store(function: Any, gradients: Any, targets: list[Any], requests: list[int]) -> None:
    gradients = gradients if isinstance(gradients, (tuple, list)) else [gradients]
    if len(gradients) != len(targets):
        raise ValueError(
            f"{type(function).__name__}.backward must return one gradient for each of the {len(targets)} arguments of "
            f"forward, not {len(gradients)}."
        )
    for gradient, target, request in zip(gradients, targets, requests, strict=True):
        if request in _WRITE:
            target[:] = gradient.as_nd_ndarray()
        elif request == _ADD:
            target[:] += gradient.as_nd_ndarray()


def _with_own_errors(get_last_error: Callable[[], Exception]) -> Callable[[], Exception]:
    def get_error() -> Exception:
        error = get_last_error()
        if "CustomFunctionBwdFunc" not in str(error):
            return error
        registry = sys.modules["mxnet.autograd"].Function._registry
        return registry.error or error

    return get_error
