"""Fixtures for all tests."""

import pytest
from mxnet import npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Start every test as a notebook starts, no matter what the test before it did."""
    npx.set_np()
