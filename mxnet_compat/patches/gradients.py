"""Functions whose gradient MXNet computes wrongly, without a word.

The gradient was zero for ``np.var`` and ``np.std`` (apache/mxnet#18074), ``np.atleast_1d`` to ``3d``, ``np.unique``,
``np.linalg.pinv``, and ``np.linalg.eigvalsh``. It went to the other branch of ``np.where`` with a number
(apache/mxnet#17893), was rotated the wrong way by ``np.rot90``, belonged to another function for
``np.arctan2(number, x)``, was NaN where a factor of ``np.prod`` is zero, and was multiplied twice by the gradient of
what follows ``np.linalg.norm`` of a matrix. ``np.polyval`` and ``np.ediff1d`` lost the gradient of one argument if the
other has none. ``np.copysign`` with a number, ``np.cumsum`` along a negative axis, ``np.resize``, and
``np.linalg.solve`` with a vector failed.

While MXNet records, and always in hybridized networks, the patch computes these functions from others, whose gradient
is right. Other functions whose gradient was always zero, such as ``np.percentile``, now have none.
"""

import functools
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from mxnet_compat.patches.gradient_errors import without_gradient

MODULES = ("mxnet.numpy._register", "mxnet.symbol.numpy", "mxnet.numpy_op_fallback")


def apply(module: ModuleType) -> None:
    """Replace the operators behind the functions, which arrays' methods share."""
    loaded = sys.modules
    if module.__name__ == "mxnet.numpy_op_fallback":
        vars(module)["Resize"].backward = _resize_backward
    elif module.__name__ == "mxnet.symbol.numpy":
        _replace("mxnet.symbol", [module, loaded["mxnet.symbol.numpy._op"]], _always)
    else:
        public = [loaded["mxnet.numpy._op"], loaded["mxnet.ndarray.numpy"], loaded["mxnet.ndarray.numpy._op"]]
        _replace("mxnet.ndarray", public, _while_recording)


def _replace(package: str, public: list[ModuleType], wrap: Callable[..., Any]) -> None:
    internal = sys.modules[f"{package}.numpy._internal"]
    originals = SimpleNamespace(**{**vars(public[-1]), **vars(internal)}, package=sys.modules[package])
    for target, replacements in [*[(target, _PUBLIC) for target in public], (internal, _INTERNAL)]:
        for name, replacement in replacements.items():
            vars(target)[name] = wrap(vars(target)[name], replacement, originals)


def _while_recording(original: Callable[..., Any], replacement: Callable[..., Any], ops: Any) -> Callable[..., Any]:
    from mxnet.autograd import is_recording

    always = _always(original, replacement, ops)
    if replacement is _norm:  # MXNet's own fails for matrices with more rows than columns
        return always

    @functools.wraps(original)
    def operator(*args: Any, **kwargs: Any) -> Any:
        return always(*args, **kwargs) if is_recording() else original(*args, **kwargs)

    return operator


def _always(original: Callable[..., Any], replacement: Callable[..., Any], ops: Any) -> Callable[..., Any]:
    @functools.wraps(original)
    def operator(*args: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None)
        result = replacement(ops, *args, **kwargs)
        return result if out is None else ops.multiply_scalar(result, 1.0, out=out)

    return operator


# The replacements. `ops` has MXNet's operators, for arrays or for symbols; a symbol doesn't know its shape or type.


def _legacy(operator: Callable[..., Any], *args: Any) -> Any:
    """Call an operator that takes only arrays of the old interface."""
    return operator(*[x.as_nd_ndarray() for x in args]).as_np_ndarray()


def _detached(ops: Any, x: Any) -> Any:
    return _legacy(ops.package.BlockGrad, x)


def _like(ops: Any, x: Any, number: float) -> Any:
    return ops.full_like(x, fill_value=number)


def _where_number(ops: Any, condition: Any, y: Any, scalar: float) -> Any:
    return ops.where(condition, _like(ops, y, scalar), y)


def _where_or_number(ops: Any, condition: Any, x: Any, scalar: float) -> Any:
    return ops.where(condition, x, _like(ops, x, scalar))


def _arctan2_of_number(ops: Any, x: Any, scalar: float, **_: Any) -> Any:
    return ops.arctan2(_like(ops, x, scalar), x)


def _copysign_number(ops: Any, x: Any, scalar: float, **_: Any) -> Any:
    return ops.copysign(x, _like(ops, x, scalar))


def _copysign_of_number(ops: Any, x: Any, scalar: float, **_: Any) -> Any:
    return ops.copysign(_like(ops, x, scalar), x)


def _var(ops: Any, a: Any, axis: Any = None, dtype: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    if dtype is not None:
        if np.dtype(dtype).kind != "f":
            raise NotImplementedError(f"np.var and np.std have no gradient for dtype={dtype}: leave it out.")
        a = ops.cast(a, dtype=dtype)
    deviations = ops.subtract(a, ops.mean(a, axis=axis, keepdims=True))
    variance = ops.mean(ops.square(deviations), axis=axis, keepdims=keepdims)
    if not ddof:
        return variance
    n = ops.sum(_like(ops, deviations, 1), axis=axis, keepdims=keepdims)
    return ops.multiply(variance, ops.true_divide(n, ops.subtract_scalar(n, ddof)))


def _std(ops: Any, a: Any, **kwargs: Any) -> Any:
    variance = _var(ops, a, **kwargs)
    zero = ops.equal_scalar(variance, 0.0)  # where the derivative of the root is infinite
    return ops.subtract(ops.sqrt(ops.add(variance, zero)), zero)


def _prod(ops: Any, a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    """Return the product of the other factors, times the zero if there is only one."""
    if dtype is not None:
        a = ops.cast(a, dtype=dtype)
    kwargs = {"axis": axis, "keepdims": keepdims}
    zero = ops.equal_scalar(a, 0.0)
    zeros = ops.sum(ops.where(zero, _like(ops, a, 1), _like(ops, a, 0)), **kwargs)
    others = ops.prod(ops.where(zero, _like(ops, a, 1), a), **kwargs)
    one_zero = ops.multiply(others, ops.sum(ops.where(zero, a, _like(ops, a, 0)), **kwargs))
    some_zero = ops.multiply(one_zero, ops.equal_scalar(zeros, 1.0))
    return ops.where(ops.equal_scalar(zeros, 0.0), others, some_zero)


def _rot90(ops: Any, m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    if k % 2 == 0:
        return ops.rot90(m, k=k, axes=axes)
    return ops.flip(ops.swapaxes(m, *axes), axes[0 if k % 4 == 1 else 1])


def _at_least(dimensions: int) -> Callable[..., Any]:
    def at_least(ops: Any, *arrays: Any) -> Any:
        results = getattr(ops, f"atleast_{dimensions}d")(*arrays)
        pairs = zip(arrays, [results] if len(arrays) == 1 else results, strict=True)
        # The operator that reshapes fails for arrays without axes.
        results = [_legacy(ops.package.reshape_like, ops.expand_dims(x, axis=0), y) for x, y in pairs]
        return results[0] if len(arrays) == 1 else results

    return at_least


def _polyval(ops: Any, p: Any, x: Any) -> Any:
    """Have both arguments depend on both, though their values do not."""
    true = ops.ones(shape=(1,), dtype="bool")
    return ops.polyval(ops.where(true, p, ops.mean(x)), ops.where(true, x, ops.mean(p)))


def _ediff1d(ops: Any, ary: Any, *ends: Any, to_begin_arr_given: bool, to_end_arr_given: bool, **scalars: Any) -> Any:
    inner = ops.ediff1d(ary, to_begin_arr_given=False, to_end_arr_given=False, **scalars)
    begin = [ops.reshape(ends[0], newshape=(-1,))] if to_begin_arr_given else []
    end = [ops.reshape(ends[-1], newshape=(-1,))] if to_end_arr_given else []
    return ops.concatenate(*begin, inner, *end, axis=0) if ends else inner


def _norm(ops: Any, x: Any, ord: Any, axis: Any, keepdims: bool, flag: int) -> Any:
    """Compute norms of matrices from sums or singular values; `flag` tells MXNet's operator the kind of norm."""
    kwargs = {"ord": ord, "axis": axis, "keepdims": keepdims, "flag": flag}
    if flag in (1, -2) or (flag == -1 and axis is not None):  # the Frobenius norm, or the norm of vectors
        return ops.norm(x, **kwargs)
    if not hasattr(x, "ndim"):
        return ops.norm(x, **kwargs) if flag == 2 else without_gradient(ops.norm(x, **kwargs))
    if x.ndim == 1:
        return ops.norm(x, **kwargs)
    rows, columns = (i % x.ndim for i in axis or (0, 1))
    if flag != 2 and abs(ord) == 1:
        values, reduced = ops.sum(ops.abs(x), axis=rows, keepdims=True), columns
    else:
        values, reduced = _singular_values(ops, ops.moveaxis(x, (rows, columns), (-2, -1))), -1
    reduce = ops.sum if flag == 2 else ops.max if ord > 0 else ops.min
    shape = [1 if i in (rows, columns) else n for i, n in enumerate(x.shape) if keepdims or i not in (rows, columns)]
    return ops.reshape(reduce(values, axis=reduced), newshape=tuple(shape))


def _singular_values(ops: Any, a: Any) -> Any:
    """Add the derivative: the change of the matrix between each pair of singular vectors."""
    if a.shape[-2] > a.shape[-1]:
        a = ops.swapaxes(a, -1, -2)
    u, values, v = (_detached(ops, x) for x in ops.svd(a))
    change = ops.matmul(v, ops.swapaxes(ops.subtract(a, _detached(ops, a)), -1, -2))
    return ops.add(values, ops.sum(ops.multiply(ops.swapaxes(u, -1, -2), change), axis=-1))


def _pinv(name: str) -> Callable[..., Any]:
    def pinv(ops: Any, a: Any, *args: Any) -> Any:
        """Add terms with the derivative, which holds for a constant rank, and the value zero."""
        p = _detached(ops, getattr(ops, name)(a, *args))
        constant = _detached(ops, a)
        change = ops.subtract(a, constant)
        p_t, change_t = ops.swapaxes(p, -1, -2), ops.swapaxes(change, -1, -2)
        rows = ops.matmul(ops.matmul(p, p_t), change_t)
        columns = ops.matmul(change_t, ops.matmul(p_t, p))
        rows = ops.subtract(rows, ops.matmul(ops.matmul(rows, constant), p))
        columns = ops.subtract(columns, ops.matmul(p, ops.matmul(constant, columns)))
        middle = ops.matmul(ops.matmul(p, change), p)
        return ops.add(p, ops.add(ops.subtract(rows, middle), columns))

    return pinv


def _eigenvalues(ops: Any, a: Any, values: Any, vectors: Any) -> Any:
    """Add the derivative: the change of the matrix along each eigenvector."""
    values, vectors = _detached(ops, values), _detached(ops, vectors)
    change = ops.matmul(ops.subtract(a, _detached(ops, a)), vectors)
    return ops.add(values, ops.sum(ops.multiply(vectors, change), axis=-2))


def _eigvalsh(ops: Any, a: Any, *args: Any) -> Any:
    return _eigenvalues(ops, a, *ops.eigh(a, *args))


def _eigh(ops: Any, a: Any, *args: Any) -> Any:
    values, vectors = ops.eigh(a, *args)
    return [_eigenvalues(ops, a, values, vectors), without_gradient(vectors)]


def _solve(ops: Any, a: Any, b: Any) -> Any:
    if getattr(b, "ndim", None) == 1:  # a symbol doesn't know
        return ops.reshape(ops.solve(a, ops.reshape(b, newshape=(-1, 1))), newshape=(-1,))
    return ops.solve(a, b)


def _unique(ops: Any, ar: Any, index: bool, inverse: bool, counts: bool, axis: int | None) -> Any:
    """Pick the first of equal entries, which then has the gradient."""
    values, first, *others = ops.unique(ar, True, inverse, counts, axis)
    flat = ar if axis is not None else ops.reshape(ar, newshape=(-1,))
    values = ops.take(flat, first, axis=axis or 0)
    results = [values, *([first] if index else []), *others]
    return results if len(results) > 1 else values


def _cumsum(ops: Any, a: Any, axis: int | None = None, **kwargs: Any) -> Any:
    if axis is None or axis >= 0:
        return ops.cumsum(a, axis=axis, **kwargs)
    return ops.swapaxes(ops.cumsum(ops.swapaxes(a, axis, 0), axis=0, **kwargs), axis, 0)


def _no_gradient(name: str) -> Callable[..., Any]:
    """Return a replacement with the same values, whose ``backward`` raises an error."""

    def refused(ops: Any, *args: Any, **kwargs: Any) -> Any:
        results = getattr(ops, name)(*args, **kwargs)
        if isinstance(results, list):
            return [*map(without_gradient, results)]
        return results if name == "bincount" and not kwargs["has_weights"] else without_gradient(results)

    return refused


def _resize_backward(self: Any, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
    """Add the gradients of all copies of an entry; MXNet calls this with lists of one array."""
    (gradient,), (x,) = out_grad, in_data
    positions = np.arange(gradient.size) % x.size
    sums = np.bincount(positions, weights=gradient.asnumpy().ravel(), minlength=x.size)
    self.assign(in_grad[0], req[0], sys.modules["mxnet"].np.array(sums.reshape(x.shape), dtype=x.dtype, ctx=x.ctx))


def _average(ops: Any, a: Any, returned: bool = False, **kwargs: Any) -> Any:
    average = ops.average(a, returned=returned, **kwargs)
    return [average[0], without_gradient(average[1])] if returned and kwargs["weights"] is not None else average


_PUBLIC: dict[str, Callable[..., Any]] = {
    "prod": _prod,
    "product": _prod,
    "cumsum": _cumsum,
    "atleast_1d": _at_least(1),
    "atleast_2d": _at_least(2),
    "atleast_3d": _at_least(3),
}
_INTERNAL: dict[str, Callable[..., Any]] = {
    "where_lscalar": _where_number,
    "where_rscalar": _where_or_number,
    "rarctan2_scalar": _arctan2_of_number,
    "copysign_scalar": _copysign_number,
    "rcopysign_scalar": _copysign_of_number,
    "var": _var,
    "std": _std,
    "rot90": _rot90,
    "polyval": _polyval,
    "ediff1d": _ediff1d,
    "norm": _norm,
    "pinv": _pinv("pinv"),
    "pinv_scalar_rcond": _pinv("pinv_scalar_rcond"),
    "eigvalsh": _eigvalsh,
    "eigh": _eigh,
    "solve": _solve,
    "average": _average,
    "unique": _unique,
    **{name: _no_gradient(name) for name in ("bincount", "eig", "eigvals", "percentile")},
}
