"""One interface to all image data sets: the same shapes and types, whatever the source."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx

from d2lhelpers.data import downloads, mirrors
from d2lhelpers.data.arguments import MAX_SEED, shown, whole_number
from d2lhelpers.data.digits import draw_digits
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
    """Load images and labels in batches: for training, in a new order each epoch, and for testing, in a fixed order.

    Parameters
    ----------
    batch_size : int
        Examples in a batch; the last batch of an epoch can be smaller.
    source : {"digits", "mnist", "fashion_mnist"}, optional
        By default the environment variable D2L_DATASET, or else "digits", which are part of the package. The others
        are downloaded once, to the folder that D2L_DATA_DIR names or to the system's folder for caches.
    resize : int, optional
        Height and width of the images, 8 to 1,024, instead of 28.
    train_size, test_size : int, optional
        How many examples: the first ones of at most 60,000 and 10,000. By default 6,000 and 1,000 of the digits, and
        all of the others.
    seed : int
        For the order of the training examples and the positions of the digits; independent of any other seed.

    Returns
    -------
    train_loader, test_loader : ArrayLoader
        Each batch is a pair of MXNet arrays on the CPU: images (n, 1, height, width), float32 in [0, 1], where 1
        is ink, and labels (n,), int32, 0 to 9.

    >>> train_loader, test_loader = load_data(256, source="digits")
    >>> images, labels = next(iter(train_loader))
    >>> len(train_loader), images.shape, labels.shape
    (24, (256, 1, 28, 28), (256,))
    """
    # All arguments are checked before anything is downloaded.
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
    """Load images (n, 1, height, width) and labels (n,) for training (or testing) as two whole arrays.

    They are those of `load_data` with the same arguments, `size` being `train_size` or `test_size`, in the order of the
    data set.

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
    """Name the data sets that need no network: "digits", and those whose files are all in the cache and intact."""
    return ["digits"] + [
        name
        for name, data_set in mirrors.DATA_SETS.items()
        if all(downloads.file_state(data_set, file) == "ok" for file in data_set.files)
    ]


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
    # The same limits for all: those of the digits were chosen to match MNIST.
    return None if size is None else whole_number(name, size, 1, MAX_TRAIN if train else MAX_TEST)


def _read(source: str, train: bool, size: int | None, seed: int) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 1, 28, 28) float32 and labels (n,) int32."""
    seed = whole_number("seed", seed, 0, MAX_SEED)
    if source == "digits":
        default = DIGITS_TRAIN if train else DIGITS_TEST
        images, labels = draw_digits(default if size is None else size, train=train, seed=seed)
    else:
        images, labels = _read_files(source, train)
        images, labels = images[:size], labels[:size]
    # Dividing once takes four times the memory (Fashion-MNIST: 190 MB), but no time in each batch.
    return onp.divide(images[:, None], 255, dtype="float32"), labels.astype("int32")


def _read_files(source: str, train: bool) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 28, 28) and labels (n,), both uint8, from files that are downloaded if necessary."""
    data_set = mirrors.DATA_SETS[source]
    image_file, label_file = mirrors.TRAIN_FILES if train else mirrors.TEST_FILES
    labels = read_idx(downloads.fetch(data_set, label_file))
    return read_idx(downloads.fetch(data_set, image_file)), labels


def read_idx(path: Path) -> onp.ndarray:
    """Read a gzipped IDX file of unsigned bytes, the format of MNIST.

    Its header has four bytes, the last of which is the number of axes, and the length of each axis as a big-endian
    32-bit integer. The file is trusted, because its SHA-256 has been verified.
    """
    with gzip.open(path) as file:
        content = file.read()
    num_axes = content[3]
    shape = struct.unpack_from(f">{num_axes}I", content, 4)
    return onp.frombuffer(content, "uint8", offset=4 + 4 * num_axes).reshape(shape)
