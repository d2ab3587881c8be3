"""Fixtures that several tests need."""

import pytest
from mirror import archives, data_folder, dead_url, impatient, start_mirror, tiny  # noqa: F401 (fixtures)
from mxnet import npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Let every test start as a notebook does, whatever the test before it has done."""
    npx.set_np()
