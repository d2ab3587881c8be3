"""Fixtures for all tests."""

import pytest
from hypothesis import settings
from mxnet import npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Start every test as a notebook starts, no matter what the test before it did."""
    npx.set_np()


# Tests with random arguments make the same few calls each time, unless asked for more.
settings.register_profile("default", max_examples=12, deadline=None, database=None, derandomize=True, print_blob=False)
settings.register_profile("thorough", max_examples=500, deadline=None, database=None)
settings.load_profile("default")
