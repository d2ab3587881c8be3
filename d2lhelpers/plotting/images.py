"""Grids of images."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from d2lhelpers.arrays import to_numpy
from d2lhelpers.plotting.display import show
from d2lhelpers.plotting.style import subplots


def show_images(
    images: Any,
    titles: Sequence[Any] | None = None,
    *,
    alt: str,
    num_columns: int = 8,
    width: float = 8.0,
    height: float | None = None,
    cmap: str = "gray",
    vmin: float | None = None,
    vmax: float | None = None,
) -> None:
    """Show images side by side.

    Parameters
    ----------
    images : array or list of arrays
        Shape (N, H, W), (N, 1, H, W), (N, 3, H, W), or (H, W) for a single image. Color images contain red, green, and
        blue as numbers in [0, 1] or in [0, 255].
    titles : sequence, optional
        A title for each image: a string, or an object that `str` converts to one.
    alt : str
        What the picture shows.
    num_columns : int
        Images per row.
    width, height : float
        Size of the figure in inches, at 100 pixels per inch. By default, the images are as large as the width allows.
    cmap : str
        Matplotlib's name for the colormap of images with one channel.
    vmin, vmax : float, optional
        Values that the first and last colors stand for, in all images. By default, 0 and 1 if all values are between
        them, otherwise the smallest and the largest value.
    """
    pictures = _image_stack(images)
    count = len(pictures)
    if titles is not None and len(titles) != count:
        raise ValueError(f"{len(titles)} titles for {count} images: give one for each")
    if num_columns < 1:
        raise ValueError(f"num_columns must be at least 1, not {num_columns}")
    columns = min(num_columns, count)
    rows = math.ceil(count / columns)
    if height is None:
        title_height = 0.0 if titles is None else 0.34
        height = rows * (0.96 * width / columns * pictures.shape[1] / pictures.shape[2] + title_height) + 0.08
    scale = {"cmap": cmap, **_color_limits(pictures, vmin, vmax)} if pictures.ndim == 3 else {}
    fig, axes = subplots(rows, columns, width=width, height=height, squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for index, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):  # the last row may have empty axes
        ax.imshow(picture, interpolation="nearest", **scale)
        if titles is not None:
            ax.set_title(str(titles[index]), pad=4)
    show(fig, alt)


def _color_limits(pictures: np.ndarray, vmin: float | None, vmax: float | None) -> dict[str, float]:
    low, high = float(np.min(pictures)), float(np.max(pictures))
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return {"vmin": low if vmin is None else vmin, "vmax": high if vmax is None else vmax}


def _image_stack(images: Any) -> np.ndarray:
    """Return images in shape (N, H, W), or (N, H, W, 3) with values that Matplotlib takes as colors."""
    if isinstance(images, list | tuple):
        stack = np.stack([to_numpy(image) for image in images]) if images else np.empty((0, 1, 1))
    else:
        stack = to_numpy(images)
    if stack.ndim == 2:
        stack = stack[None]
    if stack.ndim not in (3, 4) or (stack.ndim == 4 and stack.shape[1] not in (1, 3)):
        raise ValueError(f"images must have shape (N, H, W), (N, 1, H, W) or (N, 3, H, W), not {stack.shape}")
    if 0 in stack.shape:
        raise ValueError(f"there is no image to show in an array of shape {stack.shape}")
    if stack.ndim == 3:
        return stack
    if stack.shape[1] == 1:
        return stack[:, 0]
    stack = stack.transpose(0, 2, 3, 1)
    return stack if stack.dtype == np.uint8 else np.clip(stack / (255 if np.max(stack) > 1 else 1), 0, 1)
