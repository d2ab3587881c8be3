"""MXNet's views of NumPy and distutils: the installed versions, plus the names that they have lost since 2022.

And its view of SciPy: ``scipy.stats``, loaded only when it is used.
"""

import builtins
import importlib
import importlib.util
import types
from collections.abc import Callable
from typing import Any

import numpy

# What Python asks for in ``from scipy import stats`` and in ``import scipy.stats as ss``.
_STATS = (("scipy", ("stats",)), ("scipy.stats", None))


def make_builtins() -> dict[str, Any]:
    """Return the built-in names for MXNet's modules, with an ``__import__`` that returns the views."""
    numpy_view, version_view, scipy_view = make_numpy_view(numpy), make_version_view(), make_scipy_view()

    def import_(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if level == 0 and name == "distutils.version":
            return version_view
        if level == 0 and (name, fromlist) in _STATS and importlib.util.find_spec("scipy"):
            return scipy_view
        module = builtins.__import__(name, globals, locals, fromlist, level)
        return numpy_view if module is numpy else module

    return {**vars(builtins), "__import__": import_}


def make_numpy_view(np: types.ModuleType) -> types.ModuleType:
    """Return a module with all names of NumPy 1.23 that MXNet uses: those of `np`, plus those that it no longer has."""

    def array(object: Any, dtype: Any = None, **kwargs: Any) -> Any:
        try:
            return np.array(object, dtype=dtype, **kwargs)
        except OverflowError:  # before NumPy 2, integers that are too large wrapped around: 300 became 44 in uint8
            return np.array(object, **kwargs).astype(dtype)

    view = types.ModuleType("numpy")
    names = vars(view)
    names.update(
        # Removed in 1.24, along with other aliases that MXNet does not use
        int=int,
        # Removed in 2.0
        Inf=np.inf,
        PINF=np.inf,
        NINF=-np.inf,
        NAN=np.nan,
        NaN=np.nan,
        PZERO=0.0,
        NZERO=-0.0,
        alltrue=np.all,
        sometrue=np.any,
        product=np.prod,
        round_=np.round,
        msort=lambda a: np.sort(a, axis=0),
        compat=types.SimpleNamespace(basestring=str),  # np.pad asks whether its mode is a string
        # Removed in 2.4
        in1d=lambda ar1, ar2, **kwargs: np.isin(np.ravel(ar1), ar2, **kwargs),
        trapz=np.trapezoid if hasattr(np, "trapezoid") else np.trapz,
        # Already removed in 1.20, but MXNet lists them by name
        **{name: _removed(name) for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate")},
    )
    # What NumPy still has takes precedence. This includes its __getattr__, which loads some submodules on first use.
    names.update(vars(np))
    names["array"] = array
    names["bool"] = bool  # removed in 1.24; since 2.0 the name means numpy.bool_
    return view


def _removed(name: str) -> Callable[..., None]:
    """Return the stub that NumPy 1.20 to 1.23 had for a removed financial function: it only raises."""

    def function(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"numpy.{name} was removed in NumPy 1.20; use numpy_financial.{name} instead")

    return function


def make_version_view() -> types.ModuleType:
    """Return a ``distutils.version`` that can compare NumPy's version with 1.6, 1.15, and 1.17, as MXNet does."""

    class Version(tuple[int, ...]):
        def __new__(cls, text: str) -> "Version":
            return super().__new__(cls, (int(part) for part in text.split(".")[:2]))

    view = types.ModuleType("distutils.version")
    vars(view).update(StrictVersion=Version, LooseVersion=Version)
    return view


def make_scipy_view() -> types.ModuleType:
    """Return a ``scipy`` whose only name is ``stats``, which loads the real module on first use.

    ``mxnet.contrib.quantization`` and ``mxnet.test_utils`` import it together with MXNet, which would take longer than
    any other module.
    """

    class Stats(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("scipy.stats"), name)

    view = types.ModuleType("scipy")
    vars(view).update(stats=Stats("scipy.stats"))
    return view
