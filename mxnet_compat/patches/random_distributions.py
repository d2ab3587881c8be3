"""Distributions of ``np.random`` that were wrong.

``chisquare`` was a quarter of what it should be. ``multivariate_normal`` multiplied by the transposed factor of the
covariance, so its numbers had another covariance. It also needed a positive definite covariance, had no gradient, and
drew in a thread of its own, so that the same seed did not always give the same numbers. If the parameters of ``beta``
had different shapes, its numbers were not independent; if they were small, they were NaN. ``lognormal(..., out=x)``
wrote normal numbers to `x`. ``rayleigh()`` in a hybridized network was always 0. The gradient of ``gamma`` was 0, and
with it those of ``beta`` and ``chisquare``; now ``backward`` raises an error. All functions rejected a NumPy integer
as their size, because they compare it with ``()``.
"""

import functools
import inspect
from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.patches.gradient_errors import without_gradient
from mxnet_compat.patches.random_parameters import (
    ABOVE_ZERO,
    NOT_NEGATIVE,
    check,
    check_size,
    is_array,
    number_or_array,
)

MODULES = ("mxnet.ndarray.numpy", "mxnet.symbol.numpy")

_DISTRIBUTIONS = (
    *("uniform", "normal", "logistic", "gumbel", "gamma"),
    *("rayleigh", "exponential", "weibull", "pareto", "power"),
)
_SMALL = 0.05  # For smaller parameters, two draws from gamma distributions in float64 may both be 0.


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    random = vars(module)["random"]
    random.gamma = _without_gradient(random.gamma)
    random.chisquare = _chisquare(random)
    random.beta = _beta(module, random)
    random.lognormal = _lognormal(module, random)
    random.multivariate_normal = _multivariate_normal(module)
    rayleigh = random.rayleigh
    rayleigh.__defaults__ = (1.0, *rayleigh.__defaults__[1:])
    for name in _DISTRIBUTIONS:
        setattr(random, name, _with_plain_size(getattr(random, name)))


def _with_plain_size(function: Any) -> Any:
    position = list(inspect.signature(function).parameters).index("size")

    @functools.wraps(function)
    def draw(*args: Any, **kwargs: Any) -> Any:
        if len(args) > position:
            if isinstance(args[position], onp.integer):
                args = (*args[:position], int(args[position]), *args[position + 1 :])
        elif isinstance(kwargs.get("size"), onp.integer):
            kwargs["size"] = int(kwargs["size"])
        return function(*args, **kwargs)

    return draw


def _without_gradient(gamma: Any) -> Any:
    @functools.wraps(gamma)
    def draw(shape: Any, scale: Any = 1.0, *args: Any, **kwargs: Any) -> Any:
        numbers = gamma(shape, scale, *args, **kwargs)
        return without_gradient(numbers) if is_array(shape) or is_array(scale) else numbers

    return draw


def _chisquare(random: Any) -> Any:
    def chisquare(df: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
        """Draw samples from a chi-square distribution."""
        df = number_or_array("np.random.chisquare", "df", df)
        check("np.random.chisquare", "df", df, *ABOVE_ZERO)
        return random.gamma(df / 2, 2.0, size=size, dtype=dtype, ctx=ctx)

    return chisquare


def _beta(np: Any, random: Any) -> Any:
    def beta(a: Any, b: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
        """Draw samples from a beta distribution."""
        a, b = number_or_array("np.random.beta", "a", a), number_or_array("np.random.beta", "b", b)
        check("np.random.beta", "a", a, *ABOVE_ZERO)
        check("np.random.beta", "b", b, *ABOVE_ZERO)
        if not (isinstance(a, float) and isinstance(b, float)):
            a, b = a + 0 * b, b + 0 * a  # to the same shape, so that each number gets its own two draws
        options = {"size": size, "dtype": "float64", "ctx": ctx}
        if _is_small(a) or _is_small(b):
            difference = _log_gamma_draw(np, random, b, options) - _log_gamma_draw(np, random, a, options)
            return (1 / (1 + np.exp(difference))).astype(dtype or "float32")
        x, y = random.gamma(a, 1.0, **options), random.gamma(b, 1.0, **options)
        return (x / (x + y)).astype(dtype or "float32")

    return beta


def _is_small(parameter: Any) -> bool:
    """Tell whether a parameter is so small that the logarithms of draws are needed; for a symbol, nobody knows."""
    if isinstance(parameter, float):
        return parameter < _SMALL
    return is_array(parameter) and bool((parameter.asnumpy() < _SMALL).any())


def _log_gamma_draw(np: Any, random: Any, shape: Any, options: dict[str, Any]) -> Any:
    """Return the logarithm of a draw from a gamma distribution, which is finite where the draw itself would be 0."""
    draw = random.gamma(shape + 1, 1.0, **options)
    uniform = random.uniform(0.0, np.ones_like(draw), dtype="float64")
    return np.log(draw) + np.log(uniform) / (shape if isinstance(shape, float) else shape.astype("float64"))


def _lognormal(np: Any, random: Any) -> Any:
    def lognormal(
        mean: Any = 0.0, sigma: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
    ) -> Any:
        """Draw samples from a log-normal distribution."""
        sigma = number_or_array("np.random.lognormal", "sigma", sigma)
        check("np.random.lognormal", "sigma", sigma, *NOT_NEGATIVE)
        return np.exp(random.normal(loc=mean, scale=sigma, size=size, dtype=dtype, ctx=ctx), out=out)

    return lognormal


def _multivariate_normal(np: Any) -> Any:
    """Return a function that needs no custom operator, whose thread draws at a time that nobody knows."""

    def multivariate_normal(mean: Any, cov: Any, size: Any = None, check_valid: Any = None, tol: Any = None) -> Any:
        """Draw samples from a multivariate normal distribution."""
        if check_valid is not None or tol is not None:
            raise NotImplementedError("np.random.multivariate_normal: check_valid and tol are not supported.")
        if size is not None:
            check_size("np.random.multivariate_normal", size)
            size = (size,) if isinstance(size, (int, onp.integer)) else tuple(size)
        mean = number_or_array("np.random.multivariate_normal", "mean", mean)
        cov = number_or_array("np.random.multivariate_normal", "cov", cov)
        dtype = "float32"
        if is_array(mean) and is_array(cov):
            dtype = mean.dtype if mean.dtype.kind == "f" else "float32"
            _check_shapes(mean.shape, cov.shape)
            factor = _factor(np, cov, dtype)
        else:
            factor = np.linalg.cholesky(cov)
        zeros = np.zeros_like(mean + cov.sum(axis=-1), dtype=dtype)
        noise = np._internal.normal_n(zeros, loc=None, scale=1.0, size=size or None, ctx=None, dtype=dtype)
        return mean + np.einsum("...jk,...k->...j", factor, noise)

    return multivariate_normal


def _check_shapes(mean: tuple[int, ...], cov: tuple[int, ...]) -> None:
    if len(mean) < 1 or len(cov) < 2 or cov[-1] != cov[-2] or cov[-1] != mean[-1]:
        raise ValueError(
            "np.random.multivariate_normal: mean must be a vector and cov a square matrix of the same length, "
            f"but their shapes are {mean} and {cov}."
        )


def _factor(np: Any, cov: Any, dtype: Any) -> Any:
    """Return matrices whose products with their transposes are the covariances."""
    from mxnet import autograd

    cov = cov.astype(dtype)
    matrices = cov.asnumpy().astype("float64")
    tolerance = 1e-5 * abs(matrices).max(initial=0)
    symmetric = bool((abs(matrices - matrices.swapaxes(-1, -2)) <= tolerance).all())
    values, vectors = onp.linalg.eigh(matrices) if symmetric else (onp.array([-1.0]), None)
    if not (values >= -tolerance).all():
        raise ValueError("np.random.multivariate_normal: cov is not symmetric and positive semidefinite.")
    if (values > tolerance).all() and cov.dtype != onp.float16 and cov.size > 0:
        return np.linalg.cholesky(cov)  # which is differentiable
    if autograd.is_recording():
        raise ValueError("np.random.multivariate_normal: while recording, cov must be positive definite.")
    return _as_array(vectors * onp.sqrt(values.clip(0))[..., None, :], cov)


def _as_array(values: Any, like: Any) -> Any:
    from mxnet import numpy

    return numpy.array(values, dtype=like.dtype, ctx=like.ctx)
