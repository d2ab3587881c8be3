"""Where the course's files are, and what `pyproject.toml` says about it."""

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
SLIDES = ROOT / "slides"
BUILD = ROOT / "build"
PROJECT = ROOT / "pyproject.toml"
TIMES = NOTEBOOKS / "times.json"
RESULTS = NOTEBOOKS / "scoreboard.json"  # what the stored notebooks have added to the scoreboard


def read_repository(project: Path = PROJECT) -> str:
    """Return OWNER/NAME of the course's public repository, or "" if it has none."""
    return str(tomllib.loads(project.read_text()).get("tool", {}).get("course", {}).get("repository", ""))


def colab_address(repository: str, name: str) -> str:
    """Return the address that opens a notebook in Colab, or "" if there is no public repository.

    >>> colab_address("owner/course", "01-ndarray")
    'https://colab.research.google.com/github/owner/course/blob/main/notebooks/01-ndarray.ipynb'
    """
    if not repository:
        return ""
    return f"https://colab.research.google.com/github/{repository}/blob/main/notebooks/{name}.ipynb"


def read_times(path: Path = TIMES) -> dict[str, float]:
    """Return each notebook's run time in seconds, such as {"01-ndarray": 7.4}; empty if there is no file."""
    if not path.exists():
        return {}
    return {str(name): float(seconds) for name, seconds in json.loads(path.read_text()).items()}
