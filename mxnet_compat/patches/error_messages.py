"""Errors that fail themselves, or whose message lacks what it should say.

These are all of the kind in `mxnet.np`, `npx`, `nd`, `gluon`, `autograd`, and the initializers, except for those that
other patches replace: ``raise sort(...)``, messages with a ``%s`` that is never filled in, and code for an error
message that raises another error.
"""

import functools
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

MODULES = ("mxnet.numpy.multiarray", "mxnet.symbol.numpy._symbol", "mxnet.gluon.block", "mxnet.initializer")


def apply(module: ModuleType) -> None:
    """Replace the methods."""
    names = vars(module)
    if module.__name__ == "mxnet.numpy.multiarray":
        names["ndarray"].sort = _sort_in_place
        names["ndarray"].reshape = _checking_keywords(names["ndarray"].reshape)
    elif module.__name__ == "mxnet.symbol.numpy._symbol":
        names["_Symbol"].sort = _refuse_to_sort
        names["_Symbol"].reshape = _checking_keywords(names["_Symbol"].reshape)
    elif module.__name__ == "mxnet.initializer":
        names["Mixed"].__call__ = _naming_the_parameter(names["Mixed"].__call__)
    else:
        names["Block"].__setattr__ = _naming_the_parameter(names["Block"].__setattr__)
        names["Block"].save_params = _saying_why(names["Block"].save_params)
        names["HybridBlock"]._infer_attrs = _with_all_warnings(names["HybridBlock"]._infer_attrs)


def _sort_in_place(self: Any, axis: int = -1, kind: Any = None, order: Any = None) -> None:
    """Sort the array in place, as NumPy does."""
    from mxnet import np

    self[()] = np.sort(self, axis=axis, kind=kind, order=order)


def _refuse_to_sort(self: Any, *args: Any, **kwargs: Any) -> None:
    raise NotImplementedError("x.sort() sorts in place, which a hybridized network cannot. Write y = F.np.sort(x).")


def _checking_keywords(reshape: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(reshape)
    def checking_keywords(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs and kwargs.keys() != {"order"}:
            raise TypeError(
                f"reshape() has no argument {', '.join(kwargs.keys() - {'order'})}. Give the shape without a name: "
                "x.reshape(2, 3)."
            )
        return reshape(self, *args, **kwargs)

    return checking_keywords


def _naming_the_parameter(method: Callable[..., None]) -> Callable[..., None]:
    """Return a method whose first argument is a name, which its error messages should contain."""

    @functools.wraps(method)
    def naming_the_parameter(self: Any, name: Any, value: Any) -> None:
        try:
            method(self, name, value)
        except (AssertionError, ValueError) as error:
            if "%s" in str(error):
                error.args = (str(error) % name,)
            raise

    return naming_the_parameter


def _saying_why(save_params: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(save_params)
    def saying_why(self: Any, filename: Any) -> None:
        try:
            save_params(self, filename)
        except AttributeError as error:  # `error.message`, while it handles the ValueError
            if not isinstance(error.__context__, ValueError):
                raise
            raise ValueError(f"{error.__context__}\\nsave_params is deprecated. Use save_parameters.") from None

    return saying_why


def _with_all_warnings(infer: Callable[..., None]) -> Callable[..., None]:
    """Return a method that quotes a warning, which Python does not repeat by itself."""

    @functools.wraps(infer)
    def with_all_warnings(*args: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            try:
                infer(*args)
            except KeyError as error:
                raise ValueError(f"The network does not use its parameter {error.args[0]}.") from None

    return with_all_warnings
