"""Distributions of ``np.random`` that were wrong.

``chisquare`` was a quarter of what it should be. ``multivariate_normal`` multiplied by the transposed factor of the
covariance, so the covariance of its numbers was another one; it also needed a positive definite covariance. If the
parameters of ``beta`` had different shapes, its numbers were not independent; if they were small, they were NaN.
``lognormal(..., out=x)`` wrote normal numbers to `x`. ``rayleigh()`` in a hybridized network was always 0.
"""

from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.patches.random_parameters import (
    ABOVE_ZERO,
    NOT_NEGATIVE,
    check,
    check_size,
    is_array,
    number_or_array,
)

MODULES = ("mxnet.ndarray.numpy", "mxnet.symbol.numpy", "mxnet.numpy_op_fallback")

_SMALL = 0.05  # For smaller parameters, two draws from gamma distributions in float64 may both be 0.


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    names = vars(module)
    if module.__name__ == "mxnet.numpy_op_fallback":
        names["MultivariateNormal"].forward = _draw_multivariate
        return
    random = names["random"]
    random.chisquare = _chisquare(random)
    random.beta = _beta(module, random)
    random.lognormal = _lognormal(module, random)
    random.multivariate_normal = _multivariate_normal(module)
    rayleigh = random.rayleigh
    rayleigh.__defaults__ = (1.0, *rayleigh.__defaults__[1:])


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
    def multivariate_normal(mean: Any, cov: Any, size: Any = None, check_valid: Any = None, tol: Any = None) -> Any:
        """Draw samples from a multivariate normal distribution."""
        if check_valid is not None or tol is not None:
            raise NotImplementedError("np.random.multivariate_normal: check_valid and tol are not supported.")
        if size is not None:
            check_size("np.random.multivariate_normal", size)
        mean = number_or_array("np.random.multivariate_normal", "mean", mean)
        cov = number_or_array("np.random.multivariate_normal", "cov", cov)
        if is_array(cov):
            _check_shapes(mean.shape, cov.shape)
            _check_covariance(cov.asnumpy())
        return mean + np._internal.mvn_fallback(np.zeros_like(mean), cov, size=size)

    return multivariate_normal


def _check_shapes(mean: tuple[int, ...], cov: tuple[int, ...]) -> None:
    if len(mean) < 1 or len(cov) < 2 or cov[-1] != cov[-2] or cov[-1] != mean[-1]:
        raise ValueError(
            "np.random.multivariate_normal: mean must be a vector and cov a square matrix of the same length, "
            f"but their shapes are {mean} and {cov}."
        )


def _check_covariance(cov: Any) -> None:
    """Raise a ValueError unless a matrix is a covariance, except for rounding."""
    tolerance = 1e-5 * abs(cov).max(initial=0)
    symmetric = bool((abs(cov - cov.swapaxes(-1, -2)) <= tolerance).all())
    if not symmetric or not (onp.linalg.eigvalsh(cov.astype("float64")) >= -tolerance).all():
        raise ValueError("np.random.multivariate_normal: cov is not symmetric and positive semidefinite.")


def _draw_multivariate(self: Any, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
    """Draw the numbers; this replaces the method `forward` of MXNet's operator."""
    from mxnet import numpy

    mean, cov = in_data
    if out_data[0].size == 0:
        return
    values, vectors = onp.linalg.eigh(cov.asnumpy().astype("float64"))
    factor = vectors * onp.sqrt(values.clip(0))[..., None, :]
    noise = numpy.random.normal(size=out_data[0].shape, dtype=mean.dtype, ctx=mean.ctx)
    factor = numpy.array(factor, dtype=mean.dtype, ctx=mean.ctx)
    self.assign(out_data[0], req[0], mean + numpy.einsum("...jk,...k->...j", factor, noise))
