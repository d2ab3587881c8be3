"""Every public function of mxnet.np, called with random arguments, gives NumPy's answer or a clear error.

The functions are enumerated: one without an entry in random_calls.py fails the test. For many more calls, set
``HYPOTHESIS_PROFILE=thorough``.
"""

import inspect
import operator

import numpy as onp
import pytest
from hypothesis import given
from mxnet import np, npx
from mxnet.base import MXNetError
from random_calls import CALLS, LINALG_CALLS, pairs

# Not functions of arrays, or tested elsewhere.
ELSEWHERE = {"genfromtxt", "set_printoptions"}
# NumPy itself removed these.
GONE = {name for name in CALLS if not hasattr(onp, name)} | {
    "in1d",
    "mirr",
    "msort",
    "npv",
    "ppmt",
    "pv",
    "rate",
    "trapz",
}
# MXNet makes real numbers from Python's integers and bools.
REAL_BY_DEFAULT = {"arange", "array", "full", "where"}
KEEPS_INTEGERS = {"fabs", "rint", "ceil", "fix", "floor", "trunc"}  # for the last four, NumPy before 2.1 does not


def public_functions(module):
    return {
        name
        for name in dir(module)
        if not name.startswith("_") and callable(getattr(module, name)) and not inspect.isclass(getattr(module, name))
    }


def test_every_function_has_an_entry():
    assert public_functions(np) - set(CALLS) - ELSEWHERE - GONE == set()
    assert public_functions(np.linalg) - set(LINALG_CALLS) == set()


# ---- what may differ, and why; docs/differences.md says so, too ----


def anything(args, kwargs):
    return True


def no_axes(args, kwargs):
    return args[0].ndim == 0


def infinite(args, kwargs):
    return not onp.isfinite(args[0]).all()


def by_name(*names):
    return lambda args, kwargs: any(kwargs.get(name) for name in names)


DIFFERENT = {
    "empty": anything,  # whatever is in memory
    "empty_like": anything,
    "eig": anything,  # MXNet has no complex numbers
    "eigvals": anything,
    "eigh": anything,  # eigenvectors have any sign
    "svd": anything,  # singular vectors have any sign, and the small matrices are returned
    "roots": anything,  # a NumPy array, because it may be complex
    "nonzero": no_axes,
    "where": lambda args, kwargs: len(args) == 1 and no_axes(args, kwargs),
    "sign": infinite,  # of nan, it is 0
    "mean": infinite,  # MXNet compensates for rounding errors, so an infinite sum becomes nan
    "sum": infinite,
    "average": infinite,
    "unique": by_name("return_inverse"),  # whose shape NumPy 2 has changed
    "meshgrid": by_name("sparse"),
}


def converted(value):
    if isinstance(value, onp.ndarray):
        return np.array(value, dtype=value.dtype)
    if isinstance(value, (list, tuple)):
        return type(value)(map(converted, value))
    return value


def outcome(function, args, kwargs):
    """Return the result, or the error that was raised at the call."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return error


def as_numpy(value):
    if isinstance(value, (list, tuple)):
        return [as_numpy(item) for item in value]
    return value.asnumpy() if isinstance(value, np.ndarray) else value


def assert_agree(ours, theirs, any_kind=False):
    if isinstance(theirs, (list, tuple)):
        assert len(ours) == len(theirs)
        for pair in zip(ours, theirs, strict=True):
            assert_agree(*pair, any_kind)
        return
    ours, theirs = onp.asarray(ours), onp.asarray(theirs)
    assert ours.shape == theirs.shape
    if theirs.dtype.kind in "biuf":
        kinds = {"i": "iu", "u": "iu"}.get(theirs.dtype.kind, theirs.dtype.kind)
        exact = onp.array_equal(ours, theirs.astype(ours.dtype))
        assert ours.dtype.kind in kinds or (exact and (any_kind))
        onp.testing.assert_allclose(ours.astype("float64"), theirs.astype("float64"), rtol=1e-4, atol=1e-5)
    else:
        assert (ours == theirs).all()


def assert_same_answer(name, ours, theirs, call):
    args, kwargs = call
    with onp.errstate(all="ignore"):
        right = outcome(theirs, args, kwargs)
    got = outcome(ours, tuple(map(converted, args)), {key: converted(value) for key, value in kwargs.items()})
    if not isinstance(got, Exception):
        got = as_numpy(got)  # an error that comes only here would be one too late
    npx.waitall()
    if name in DIFFERENT and DIFFERENT[name](args, kwargs):
        return
    if isinstance(right, Exception):
        assert isinstance(got, Exception), f"NumPy raises {right!r}"
        return
    if isinstance(got, Exception):
        assert not isinstance(got, MXNetError)
        raise got
    assert_agree(got, right, name in REAL_BY_DEFAULT | KEEPS_INTEGERS)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(set(CALLS) - GONE))
def test_functions(name):
    given(CALLS[name])(lambda call: assert_same_answer(name, getattr(np, name), getattr(onp, name), call))()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(LINALG_CALLS))
def test_linear_algebra(name):
    ours, theirs = getattr(np.linalg, name), getattr(onp.linalg, name)
    given(LINALG_CALLS[name])(lambda call: assert_same_answer(name, ours, theirs, call))()


METHODS = [
    "all",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "clip",
    "copy",
    "cumsum",
    "dot",
    "max",
    "mean",
    "min",
    "nonzero",
    "prod",
    "ravel",
    "repeat",
    "reshape",
    "round",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "transpose",
    "var",
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", METHODS)
def test_methods(name):
    def method(array, *args, **kwargs):
        return getattr(array, name)(*args, **kwargs)

    calls = CALLS[name].filter(lambda call: not onp.isscalar(call[0][0]))
    given(calls)(lambda call: assert_same_answer(name, method, method, call))()


OPERATORS = ["add", "sub", "mul", "truediv", "mod", "pow", "eq", "ne", "lt", "le", "gt", "ge"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OPERATORS)
def test_operators(name):
    function = getattr(operator, name)
    given(pairs())(lambda call: assert_same_answer(name, function, function, call))()
