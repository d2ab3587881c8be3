"""One interface to all image data sets: the same shapes and types, whatever the source."""

from __future__ import annotations

import os
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx

from d2lhelpers.data.arguments import MAX_SEED, shown, whole_number
from d2lhelpers.data.cache import cached_data_sets
from d2lhelpers.data.digits import draw_digits
from d2lhelpers.data.downloads import read_data_set
from d2lhelpers.data.loader import ArrayLoader, check_resize, resize_images

SOURCES = ("digits", "mnist", "fashion_mnist")
DEFAULT_SOURCE = "digits"
# More draws of 1,437 and 360 originals would hardly show anything new; MNIST has as many images.
MAX_TRAIN, MAX_TEST = 60_000, 10_000
DIGITS_TRAIN, DIGITS_TEST = 6_000, 1_000

DIGIT_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
FASHION_NAMES = (
    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
)  # fmt: skip


def load_data(
    batch_size: int,
    *,
    source: str | None = None,
    resize: int | None = None,
    train_size: int | None = None,
    test_size: int | None = None,
    seed: int = 0,
) -> tuple[ArrayLoader, ArrayLoader]:
    """Load images and labels in batches: to train on, in an order new each epoch, and to test on, in a fixed one.

    Parameters
    ----------
    batch_size : int
        Examples in a batch; the last one of an epoch can be smaller.
    source : {"digits", "mnist", "fashion_mnist"}, optional
        Which data set; by default what the environment variable D2L_DATASET says, else "digits".
        The digits are part of the package (`d2lhelpers.data.digits`); the others are downloaded when first needed,
        and kept in the folder that D2L_DATA_DIR names, else in the platform's folder for caches.
    resize : int, optional
        Height and width of the images, 8 to 1,024; by default 28. Resized bilinearly, batch by batch.
    train_size, test_size : int, optional
        How many examples, at most 60,000 and 10,000. By default 6,000 and 1,000 draws of the digits, and all there are
        of the others. Of these, fewer means the first ones.
    seed : int
        Of the order of the training examples, and of the digits' places. Does not depend on any other seed.

    Returns
    -------
    train_loader, test_loader : ArrayLoader
        Each batch is a pair of MXNet arrays on the CPU: images (n, 1, height, width), float32 in [0, 1], where 1
        is ink, and labels (n,), int32, 0 to 9.

    Raises
    ------
    TypeError, ValueError
        If an argument (or D2L_DATASET) is not one of those that are allowed.
    DataError
        If the data set cannot be downloaded, or its files are damaged.

    >>> train_loader, test_loader = load_data(256, source="digits")
    >>> len(train_loader), len(test_loader)
    (24, 4)
    >>> images, labels = next(iter(train_loader))
    >>> images.shape, labels.shape
    ((256, 1, 28, 28), (256,))
    """
    # Before a download, not after it.
    batch_size = whole_number("batch_size", batch_size, 1)
    resize = check_resize(resize)
    source = _check_source(source)
    train_size = _check_size("train_size", train_size, True)
    test_size = _check_size("test_size", test_size, False)
    train = _read(source, True, train_size, seed)
    test = _read(source, False, test_size, seed)
    return (
        ArrayLoader(*train, batch_size=batch_size, shuffle=True, seed=seed, resize=resize),
        ArrayLoader(*test, batch_size=batch_size, resize=resize),
    )


def load_data_fashion_mnist(batch_size: int, resize: int | None = None) -> tuple[ArrayLoader, ArrayLoader]:
    """Load Fashion-MNIST in batches: `load_data(..., source="fashion_mnist")` under the name it has in d2l."""
    return load_data(batch_size, source="fashion_mnist", resize=resize)


def load_images(
    train: bool = True,
    *,
    source: str | None = None,
    resize: int | None = None,
    size: int | None = None,
    seed: int = 0,
) -> tuple[Any, Any]:
    """Load images and labels to train on (or to test on, with `train=False`) as two whole arrays.

    The parameters and errors are those of `load_data`, `size` being `train_size` or `test_size`; so are the examples,
    in the order of the data set.

    Returns
    -------
    images : mxnet.numpy.ndarray
        (n, 1, height, width) float32 in [0, 1].
    labels : mxnet.numpy.ndarray
        (n,) int32, 0 to 9.

    >>> images, labels = load_images(train=False, source="digits", size=100)
    >>> images.shape, labels.shape
    ((100, 1, 28, 28), (100,))
    """
    npx.set_np()
    if not isinstance(train, bool):
        raise TypeError(f"train={shown(train)}: must be True or False")
    resize = check_resize(resize)
    images, labels = _read(_check_source(source), train, _check_size("size", size, train), seed)
    if resize is not None:
        images = resize_images(images, resize)
    return np.array(images, dtype="float32", ctx=npx.cpu()), np.array(labels, dtype="int32", ctx=npx.cpu())


def class_names(source: str | None = None) -> list[str]:
    """Name the ten classes of a data set (by default that of `load_data`), in the order of their labels.

    >>> class_names("fashion_mnist")[:3]
    ['t-shirt', 'trouser', 'pullover']
    """
    return list(FASHION_NAMES if _check_source(source) == "fashion_mnist" else DIGIT_NAMES)


def cached_sources() -> list[str]:
    """Name the data sets that need no network: "digits", and those whose files are all in the cache, unharmed."""
    return ["digits", *cached_data_sets()]


def _check_source(source: str | None) -> str:
    origin = ""
    if source is None:
        source = os.environ.get("D2L_DATASET") or DEFAULT_SOURCE
        origin = " (from the environment variable D2L_DATASET)"
    if not isinstance(source, str) or source not in SOURCES:
        known = ", ".join(SOURCES[:-1]) + " or " + SOURCES[-1]
        raise ValueError(f"unknown data set {shown(source)}{origin}: choose {known}")
    return source


def _check_size(name: str, size: int | None, train: bool) -> int | None:
    # The same limits for all: the digits' were chosen to be MNIST's.
    return None if size is None else whole_number(name, size, 1, MAX_TRAIN if train else MAX_TEST)


def _read(source: str, train: bool, size: int | None, seed: int) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 1, 28, 28) float32 and labels (n,) int32."""
    seed = whole_number("seed", seed, 0, MAX_SEED)
    if source == "digits":
        default = DIGITS_TRAIN if train else DIGITS_TEST
        images, labels = draw_digits(default if size is None else size, train=train, seed=seed)
    else:
        images, labels = read_data_set(source, train=train)
        images, labels = images[:size], labels[:size]
    # Divided once, here: float32 takes four times the memory (Fashion-MNIST: 190 MB), but no time in each batch.
    return onp.divide(images[:, None], 255, dtype="float32"), labels.astype("int32")
