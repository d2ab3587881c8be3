"""The data files that are part of the package; datasets/sources.json says where each comes from."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import IO, Any

import numpy as onp  # NumPy itself; np is MXNet's

EMBEDDED_SIZES = (10_000, 2_000)  # of MNIST and Fashion-MNIST, for training and testing


def open_embedded(name: str) -> IO[bytes]:
    """Open a file in the folder `datasets`, such as "alice.txt"."""
    return resources.files("d2lhelpers").joinpath("datasets", name).open("rb")


def read_arrays(name: str, *keys: str) -> list[onp.ndarray]:
    """Read arrays from an embedded .npz file."""
    with open_embedded(name) as stream, onp.load(stream, allow_pickle=False) as file:
        return [file[key] for key in keys]


@functools.cache
def read_sources() -> dict[str, dict[str, Any]]:
    """Return the title, authors, license, source, and SHA-256 of each file that `make datasets` makes, by name."""
    with open_embedded("sources.json") as stream:
        return dict(json.load(stream))
