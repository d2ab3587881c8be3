"""What pytest does before all tests, including those of notebooks (nbval)."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# Workers of pytest-xdist (`-n`) share the machine, so each computes with one thread. MXNet reads this when it loads.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
# At the end of the path, so that `coursetools` is found here, but the packages under test where they are installed.
sys.path.append(str(ROOT))


def pytest_xdist_auto_num_workers(config):
    """Make `-n auto` start one worker per physical core."""
    from mxnet_compat.threads import usable_cores

    return usable_cores()


def pytest_collection_modifyitems(items):
    """Start with the notebooks that take longest, so that none of them runs alone at the end."""
    seconds = json.loads((ROOT / "notebooks" / "times.json").read_text())
    items.sort(key=lambda item: -seconds.get(item.path.stem, 0) if item.path.suffix == ".ipynb" else 0)
