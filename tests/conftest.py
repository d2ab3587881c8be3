"""Fixtures that several tests need."""

import pytest
from mxnet import npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Let every test start as a notebook does, whatever the test before it has done."""
    npx.set_np()
