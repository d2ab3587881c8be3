"""What pytest does before all tests."""

import os

# Workers of pytest-xdist (`-n`) share the machine: each computes with one thread. Read by MXNet when it is loaded.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
# The default run is offline and deterministic: it never sees a data set that the user has chosen or downloaded.
os.environ["D2L_DATASET"] = "digits"

import pytest
from mxnet import npx
from support import load_tool


@pytest.fixture(autouse=True)
def numpy_semantics():
    """Let every test start as a notebook does, whatever the test before it has done."""
    npx.set_np()


@pytest.fixture(scope="session")
def notebook_tool():
    return load_tool("tools/notebooks.py")
