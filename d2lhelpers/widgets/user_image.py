"""The image that a user draws or uploads."""

from __future__ import annotations

from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx


class UserImage:
    """A minibatch with the one image that a user has drawn or uploaded last.

    Parameters
    ----------
    missing : str
        What to do to get an image, for the error if there is none yet.
    pixels : numpy.ndarray, optional
        The image, (channels, height, width), with values in [0, 1].
    """

    def __init__(self, missing: str, pixels: onp.ndarray | None = None) -> None:
        self._missing = missing
        self._pixels = pixels

    @property
    def image(self) -> Any:
        """The image as an MXNet array (1, channels, height, width), float32 in [0, 1], on the CPU."""
        if self._pixels is None:
            raise ValueError(self._missing)
        npx.set_np()
        return np.array(self._pixels[None], dtype="float32", ctx=npx.cpu())

    def set(self, pixels: onp.ndarray) -> None:
        """Replace the image."""
        self._pixels = pixels

    def remove(self, missing: str) -> None:
        """Remove the image, and say what to do to get another."""
        self._pixels, self._missing = None, missing

    def __repr__(self) -> str:
        return "<UserImage, still empty>" if self._pixels is None else f"<UserImage {(1, *self._pixels.shape)}>"
