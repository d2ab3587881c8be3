"""Fixtures for all tests."""

import os

import pytest
from hypothesis import Phase, settings
from mxnet import npx


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Start every test as a notebook starts, no matter what the test before it did."""
    npx.set_np()


# Tests with random arguments make the same few calls each time; HYPOTHESIS_PROFILE=thorough asks for many others.
_PHASES = (Phase.generate, Phase.shrink)
settings.register_profile("default", max_examples=12, deadline=None, database=None, derandomize=True, phases=_PHASES)
settings.register_profile("thorough", max_examples=500, deadline=None, database=None, phases=_PHASES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
