"""What pytest does before all tests."""

import os

import pytest
from mirror import archives, data_folder, dead_url, impatient, start_mirror, tiny  # noqa: F401 (fixtures)
from support import load_tool

# The default run is offline and deterministic: it never sees a data set that the user has chosen or downloaded.
os.environ["D2L_DATASET"] = "digits"


@pytest.fixture(scope="session")
def notebook_tool():
    return load_tool("tools/notebooks.py")
