"""The examples of docs/differences/ do what the page says."""

import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.base import MXNetError
from mxnet.gluon import nn

from coursetools.differences import PAGE, SECTIONS, make_page, read_entries

EXAMPLES = [(entry["example"], entry["treatment"]) for entry in read_entries() if entry.get("example")]


def test_the_page_is_current():
    assert PAGE.read_text() == make_page(), "run python -m coursetools differences"


def test_entries_are_complete():
    for entry in read_entries():
        assert entry["treatment"] in SECTIONS
        assert entry["names"]
        assert entry["fault"]
        assert entry["treatment"] == "fixed" or entry["now"]


def answer(expression, numpy):
    try:
        result = eval(expression, {"np": numpy, "npx": npx, "gluon": gluon, "nn": nn, "autograd": autograd})
        npx.waitall()
        return onp.asarray(result.asnumpy() if isinstance(result, np.ndarray) else result)
    except Exception as error:
        return error


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("expression", "treatment"), EXAMPLES)
def test_examples(expression, treatment):
    ours = answer(expression, np)
    if treatment == "refused":
        assert isinstance(ours, Exception)
        assert not isinstance(ours, MXNetError)
        return
    with onp.errstate(all="ignore"):
        theirs = answer(expression, onp)
    equal = not isinstance(ours, Exception) and onp.allclose(ours, theirs, rtol=1e-5, equal_nan=True)
    assert equal == (treatment == "fixed"), f"{ours!r}, NumPy {theirs!r}"
