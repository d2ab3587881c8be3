"""One switch for the size of an experiment: what a laptop trains in a minute, or what the paper used."""

import os
from typing import TypeVar

T = TypeVar("T")


def at_scale(*, laptop: T, full: T) -> T:
    """Return one of two settings, depending on the environment variable D2L_SCALE.

    Parameters
    ----------
    laptop : object
        The setting that two cores can train in a minute: the default, or ``D2L_SCALE=laptop``.
    full : object
        The paper's setting, for a GPU or several hours: ``D2L_SCALE=full``.

    Examples
    --------
    >>> at_scale(laptop=64, full=224)
    64
    """
    scale = os.environ.get("D2L_SCALE") or "laptop"
    if scale not in ("laptop", "full"):
        raise ValueError(f"D2L_SCALE must be laptop or full, not {scale!r}")
    return full if scale == "full" else laptop
