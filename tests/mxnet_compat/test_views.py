"""MXNet sees what NumPy has removed since 1.23, and NumPy itself stays as it is (views.py)."""

import sys

import mxnet as mx
import numpy as onp
import pytest
from mxnet import np

from mxnet_compat import views
from tests.processes import run_python

NUMPY_2 = onp.lib.NumpyVersion(onp.__version__) >= "2.0.0"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("alltrue", ([[1.0, 0.0], [1.0, 1.0]],), False),
        ("sometrue", ([[1.0, 0.0], [0.0, 0.0]],), True),
        ("product", ([[1.0, 2.0], [3.0, 4.0]],), 24.0),
        ("round_", ([0.4, 0.6],), [0.0, 1.0]),
        ("msort", ([[3.0, 1.0], [2.0, 4.0]],), [[2.0, 1.0], [3.0, 4.0]]),
        ("in1d", ([[1.0, 2.0], [3.0, 4.0]], [2.0, 4.0]), [False, True, False, True]),
        ("trapz", ([1.0, 2.0, 3.0],), 4.0),
    ],
)
def test_removed_functions_work(name, arguments, expected):
    result = getattr(np, name)(*map(np.array, arguments))
    assert onp.array_equal(result.asnumpy() if isinstance(result, np.ndarray) else result, expected)


def test_removed_constants_have_their_values():
    assert [0, 0, onp.inf, -onp.inf] == [np.PZERO, np.NZERO, np.PINF, np.NINF]
    assert str(np.NZERO) == "-0.0"
    assert onp.isnan([np.NAN, np.NaN]).all()


@pytest.mark.parametrize("name", ["mirr", "npv", "pmt", "ppmt", "pv", "rate"])
def test_financial_functions_say_where_they_went(name):
    with pytest.raises(RuntimeError, match=f"numpy_financial.{name}"):
        getattr(np.fallback, name)(1, 2)


@pytest.mark.parametrize(
    ("function", "keywords"),
    [(onp.any, {"axis": (0, 1)}), (onp.prod, {"axis": 0, "keepdims": True}), (onp.round, {"decimals": 1})],
)
def test_numpys_own_functions_return_mxnets_arrays_for_mxnets_arrays(function, keywords):
    x = np.array([[1.0, 2.26], [3.5, 0.0]])
    result = function(x, **keywords)
    assert type(result) is np.ndarray
    assert onp.allclose(result.asnumpy(), function(x.asnumpy(), **keywords))


def test_the_view_is_private_and_shared_by_mxnets_modules():
    assert mx.base._np is not onp
    assert sys.modules["numpy"] is onp
    assert np.multiarray._np is mx.base._np
    assert mx.base._np.int is int
    assert mx.base._np.testing is onp.testing  # which NumPy loads on first use


def test_a_name_that_numpy_never_had_is_numpys_error():
    with pytest.raises(AttributeError, match="module 'numpy' has no attribute 'nonsense'"):
        _ = mx.base._np.nonsense


def test_bool_is_pythons_and_masks_of_both_kinds_select():
    assert np.bool is bool
    assert np.full((2,), True, dtype=np.bool).asnumpy().tolist() == [True, True]
    assert np.arange(3)[[True, False, True]].asnumpy().tolist() == [0, 2]
    assert np.arange(3)[onp.array([True, False, True])].asnumpy().tolist() == [0, 2]


def test_integers_that_are_too_large_wrap_around_for_mxnet_only():
    assert np.array([300, -1, 7], dtype="uint8").asnumpy().tolist() == [44, 255, 7]
    assert np.array([2**40 + 5], dtype="int32").asnumpy().tolist() == [5]
    assert mx.nd.array([300, -1], dtype="uint8").asnumpy().tolist() == [44, 255]
    if NUMPY_2:
        with pytest.raises(OverflowError):
            onp.array([300], dtype="uint8")


def test_versions_are_compared_by_number():
    version = views.make_version_view().LooseVersion
    assert version("2.5.0.dev0+git") >= version("1.17") > version("1.15") > version("1.6.0")


def test_scipy_stats_is_loaded_on_first_use():
    code = """
    import sys
    import mxnet as mx
    assert "scipy.stats" not in sys.modules
    entropies = mx.contrib.quantization.stats.entropy, mx.test_utils.ss.entropy
    assert set(entropies) == {sys.modules["scipy.stats"].entropy}
    """
    run_python(code)


def test_without_scipy_quantization_says_so():
    code = """
    import sys
    sys.modules["scipy"] = None  # as if it were not installed
    import mxnet as mx
    try:
        mx.contrib.quantization._get_optimal_thresholds({}, "int8")
    except ImportError as error:
        print(error)
    """
    assert "scipy.stats is required" in run_python(code).stdout


@pytest.mark.parametrize("mode", ["constant", "reflect"])
def test_pad(mode):
    x = onp.arange(6.0).reshape(2, 3)
    width = ((onp.int64(1), onp.int64(1)), (0, 2))
    assert onp.array_equal(np.pad(np.array(x), width, mode=mode).asnumpy(), onp.pad(x, width, mode=mode))
