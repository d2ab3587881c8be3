"""NumPy's functions given MXNet arrays, and operators between arrays of both packages.

MXNet implements NumPy's protocols ``__array_ufunc__`` and ``__array_function__``, but with gaps. A mix with NumPy's
arrays is a TypeError, as are ``numpy.add.reduce(x)`` and newer arguments. Named tuples (since NumPy 2) and results of
types that MXNet does not have raise errors. What is written to an MXNet array is lost. A function of ``scipy.special``
named as one of ``numpy.random`` calls the latter. The error for a function that cannot be recorded fails itself. Now:

* Operators, and ufuncs such as ``numpy.add``, give MXNet arrays if an operand is one, and are recorded.
* Other functions of NumPy give MXNet arrays if all arrays are MXNet's. For a mix, NumPy computes and the result is
  NumPy's, because this is what libraries such as Matplotlib do with an array that they were given.
* What MXNet does not implement, NumPy computes. Because it cannot be recorded, it is an error while recording.
* A result of a type that MXNet does not have, such as complex or str, stays a NumPy array.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy

MODULES = ("mxnet.ndarray.numpy._op", "mxnet.numpy.multiarray")

# Functions that write to their first argument.
_WRITERS = {"copyto", "fill_diagonal", "place", "put", "put_along_axis", "putmask"}
# What MXNet's functions raise for arguments that they do not know; MXNetError is a RuntimeError.
_NOT_IMPLEMENTED = (AssertionError, NotImplementedError, RuntimeError, TypeError)


def apply(module: ModuleType) -> None:
    """Replace the implementation of both protocols (`number_types` replaces what is behind most operators)."""
    names = vars(module)
    if module.__name__ == "mxnet.ndarray.numpy._op":
        from mxnet.base import MXNetError, numeric_types

        names["matmul"] = _of_any_arrays(names["matmul"], (names["NDArray"], *numeric_types), MXNetError)
        return
    ndarray = names["ndarray"]
    dispatch = _Dispatch(names)
    ndarray.__array_ufunc__ = lambda self, *args, **kwargs: dispatch.ufunc(self, *args, **kwargs)
    ndarray.__array_function__ = lambda self, *args: dispatch.function(self, *args)
    ndarray.__eq__ = _or_different(ndarray.__eq__, different=False)
    ndarray.__ne__ = _or_different(ndarray.__ne__, different=True)


def _of_any_arrays(function: Callable[..., Any], known: tuple[type, ...], error: type[Exception]) -> Callable[..., Any]:
    """Return a function of two operands that also takes a NumPy array or a list, and operands of different types."""

    @functools.wraps(function)
    def of_any_arrays(lhs: Any, rhs: Any, *args: Any, **kwargs: Any) -> Any:
        out = kwargs.get("out", args[-1] if args else None)
        if not isinstance(lhs, known) or not isinstance(rhs, known):
            lhs, rhs = both_ours(lhs, rhs, out)
        try:
            return function(lhs, rhs, *args, **kwargs)
        except error:
            promoted = _promoted(lhs, rhs, out)
            if promoted is None:
                raise
        return function(*promoted, *args, **kwargs)

    return of_any_arrays


def both_ours(lhs: Any, rhs: Any, out: Any) -> tuple[Any, Any]:
    """Return both operands as MXNet arrays, if one of them is one and the other is a NumPy array or a list."""
    from mxnet import np

    ours, other = (lhs, rhs) if isinstance(lhs, np.ndarray) else (rhs, lhs)
    if not isinstance(ours, np.ndarray) or not (hasattr(other, "__array__") or isinstance(other, (list, tuple))):
        return lhs, rhs
    converted = np.array(other, ctx=ours.ctx)
    operands = (lhs, converted) if ours is lhs else (converted, rhs)
    return _promoted(*operands, out) or operands


def _promoted(lhs: Any, rhs: Any, out: Any) -> tuple[Any, Any] | None:
    """Return both operands with the type that the result should have, or None if that would change nothing.

    As in MXNet's operators for mixed types, an integer and a floating-point array give the latter's type.
    """
    if not hasattr(lhs, "astype") or not hasattr(rhs, "astype") or lhs.dtype == rhs.dtype:
        return None
    types = [numpy.dtype(lhs.dtype), numpy.dtype(rhs.dtype)]
    floats = [dtype for dtype in types if dtype.kind == "f"]
    common = floats[0] if len(floats) == 1 else numpy.result_type(*types)
    if out is not None and numpy.can_cast(common, out.dtype, "same_kind"):
        common = out.dtype
    return lhs.astype(common, copy=False), rhs.astype(common, copy=False)


def _or_different(compare: Callable[..., Any], different: bool) -> Callable[..., Any]:
    """Return the operator ``==`` or ``!=`` that also compares with None and strings: each number is different."""

    def compare_any(self: Any, other: Any) -> Any:
        if other is None or isinstance(other, str):
            from mxnet import np

            return np.full(self.shape, different, dtype="bool", ctx=self.ctx)
        return compare(self, other)

    return compare_any


class _Dispatch:
    """What happens when NumPy's functions are called with MXNet arrays."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.array_class = names["ndarray"]
        self.names = names

    def ufunc(self, array: Any, ufunc: Any, method: str, *inputs: Any, out: Any = (), **kwargs: Any) -> Any:
        """Call a ufunc or one of its methods; NumPy's protocol."""
        numpys = ufunc is getattr(numpy, ufunc.__name__, None)  # SciPy has ufuncs, too
        implemented = self.names["_NUMPY_ARRAY_UFUNC_DICT"].get(ufunc.__name__) if numpys else None
        types_exist = all(self.exists(value) for value in inputs)
        outs_are_ours = all(isinstance(value, self.array_class) for value in out)
        if implemented and method == "__call__" and not kwargs and types_exist and outs_are_ours:
            return implemented(*inputs, out=out[0] if out else None)
        if method == "at" and isinstance(inputs[0], self.array_class):
            raise _read_only(f"{ufunc.__name__}.at")
        call = ufunc if method == "__call__" else getattr(ufunc, method)
        if not out:
            return self.to_mxnet(self.computed_by_numpy(call, ufunc.__name__, inputs, kwargs), array.ctx)
        kwargs["out"] = tuple(map(self.to_numpy, out))
        self.computed_by_numpy(call, ufunc.__name__, inputs, kwargs)
        for ours, result in zip(out, kwargs["out"], strict=True):
            if isinstance(ours, self.array_class):
                ours[()] = result
        return out[0] if len(out) == 1 else out

    def function(self, array: Any, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Call any other function of NumPy; NumPy's protocol."""
        name = f"{function.__module__}.{function.__name__}"
        ours = all(issubclass(array_type, self.array_class) for array_type in types)
        implemented = self.names["_NUMPY_ARRAY_FUNCTION_DICT"].get(function) if ours else None
        if implemented:
            try:
                return implemented(*args, **kwargs)
            except _NOT_IMPLEMENTED:
                if self.names["is_recording"]():
                    raise
        if function.__name__ in _WRITERS and args and isinstance(args[0], self.array_class):
            raise _read_only(name)
        result = self.computed_by_numpy(function, name, args, kwargs)
        out = kwargs.get("out")
        if isinstance(out, self.array_class):
            out[()] = result
            return out
        return self.to_mxnet(result, array.ctx) if ours else result

    def computed_by_numpy(self, call: Callable[..., Any], name: str, args: Any, kwargs: Any) -> Any:
        """Return what `call` returns for NumPy arrays."""
        if self.names["is_recording"]():
            raise ValueError(
                f"{name} of an MXNet array cannot be recorded, because NumPy computes it. Call it outside of "
                "autograd.record(), or with x.asnumpy() if it needs no gradient."
            )
        return call(*self.to_numpy(args), **{key: self.to_numpy(value) for key, value in kwargs.items()})

    def exists(self, value: Any) -> bool:
        """Return whether MXNet has arrays of the type of `value`."""
        return not isinstance(value, numpy.ndarray) or value.dtype.type in self.names["_DTYPE_NP_TO_MX"]

    def to_numpy(self, value: Any) -> Any:
        """Return `value` with NumPy arrays instead of MXNet arrays, even in lists."""
        if isinstance(value, self.array_class):
            return value.asnumpy()
        return type(value)(map(self.to_numpy, value)) if type(value) in (tuple, list) else value

    def to_mxnet(self, value: Any, ctx: Any) -> Any:
        """Return `value` with MXNet arrays instead of NumPy arrays, even in lists; named tuples become tuples."""
        if isinstance(value, (tuple, list)):
            convert = tuple if isinstance(value, tuple) else list
            return convert(self.to_mxnet(item, ctx) for item in value)
        if isinstance(value, numpy.ndarray) and self.exists(value):
            return self.names["array"](value, dtype=value.dtype, ctx=ctx)
        return value


def _read_only(name: str) -> TypeError:
    return TypeError(f"{name} cannot write to an MXNet array. Use an assignment, such as x[i] = y.")
