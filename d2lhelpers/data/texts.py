"""Texts and names for language models, all of them embedded in the package and in the public domain."""

from __future__ import annotations

from d2lhelpers.arguments import check_choice
from d2lhelpers.data.embedded import open_embedded

TEXTS = ("alice", "as_you_like_it")


def load_text(name: str) -> str:
    """Load a book or a play as one string of ASCII characters, including line breaks.

    Parameters
    ----------
    name : {"alice", "as_you_like_it"}
        *Alice's Adventures in Wonderland* by Lewis Carroll, or *As You Like It* by William Shakespeare.

    Examples
    --------
    >>> len(load_text("alice").split())
    26444
    """
    return _read(f"{check_choice('name', name, TEXTS)}.txt")


def load_names() -> list[str]:
    """Load 5,163 first names of women and men in the United States in alphabetical order.

    They are from the 1990 census, in which the rarest had a share of 0.001%.

    >>> load_names()[:3]
    ['Aaron', 'Abbey', 'Abbie']
    """
    return _read("names.txt").splitlines()


def _read(name: str) -> str:
    with open_embedded(name) as stream:
        return stream.read().decode("ascii")
