"""What pytest does before all tests."""

import os

import pytest
from support import load_tool

# The default run is offline and deterministic: it never sees a data set that the user has chosen or downloaded.
os.environ["D2L_DATASET"] = "digits"


@pytest.fixture(scope="session")
def notebook_tool():
    return load_tool("tools/notebooks.py")
