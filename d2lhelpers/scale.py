"""One switch for the size of an experiment: what a laptop trains in a minute, or what the papers had."""

import os
from typing import TypeVar

T = TypeVar("T")
SCALES = ("laptop", "full")
VARIABLE = "D2L_SCALE"


def at_scale(*, laptop: T, full: T) -> T:
    """Return one of two settings of a notebook, by the environment variable D2L_SCALE.

    Parameters
    ----------
    laptop : object
        The setting for two cores and a minute: the default, and for ``D2L_SCALE=laptop``.
    full : object
        The setting of the paper, for a GPU or an evening: for ``D2L_SCALE=full``.

    Raises
    ------
    ValueError
        If D2L_SCALE is anything else.

    Examples
    --------
    >>> at_scale(laptop=64, full=224)
    64
    """
    scale = os.environ.get(VARIABLE) or "laptop"
    if scale not in SCALES:
        raise ValueError(f"{VARIABLE}={scale!r} is not known: choose {' or '.join(SCALES)}")
    return full if scale == "full" else laptop
