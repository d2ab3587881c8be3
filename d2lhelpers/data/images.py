"""One interface to all image data sets: the same shapes and types, whatever the source."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx

from d2lhelpers.arguments import MAX_SEED, check_choice, check_integer, shorten
from d2lhelpers.data import downloads, mirrors
from d2lhelpers.data.embedded import EMBEDDED_SIZES, read_arrays
from d2lhelpers.data.emoji import CLASS_NAMES as EMOJI_NAMES
from d2lhelpers.data.emoji import SPLITS, read_emoji
from d2lhelpers.data.loader import ArrayLoader, check_resize, resize_images

MAX_SIZES = (60_000, 10_000)  # of MNIST and Fashion-MNIST, for training and testing

CLASS_NAMES = {
    "mnist": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "fashion_mnist": (
        "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"
    ),
    "emoji": EMOJI_NAMES,
}  # fmt: skip


def load_data(
    batch_size: int,
    *,
    source: str = "mnist",
    resize: int | None = None,
    train_size: int | None = None,
    test_size: int | None = None,
    split: str | None = None,
    seed: int = 0,
) -> tuple[ArrayLoader, ArrayLoader]:
    """Load images and labels in batches: for training, in a new order each epoch, and for testing, in a fixed order.

    Parameters
    ----------
    batch_size : int
        Examples in a batch; the last batch of an epoch can be smaller.
    source : {"mnist", "fashion_mnist", "emoji"}
        The data set.
    resize : int, optional
        Height and width of the images, 8 to 1,024, instead of 28 (emoji: 32).
    train_size, test_size : int, optional
        The number of examples to load from the beginning, at most 60,000 and 10,000. The default is 10,000 and 2,000,
        which are part of the package. Larger sets are downloaded once, to the folder in D2L_DATA_DIR or to the system's
        cache folder. There are fewer emoji, and by default you get all of them.
    split : {"concept", "style"}, optional
        For the emoji only: test with concepts that do not occur in training (the default), or with another style.
    seed : int
        Seed for the order of the training examples; independent of any other seed.

    Returns
    -------
    train_loader, test_loader : ArrayLoader
        Each batch is a pair of MXNet arrays on the CPU: images (n, channels, height, width), float32 in [0, 1], and
        labels (n,), int32, which count from 0. The emoji have three channels, the others one, where 1 is ink.

    Examples
    --------
    >>> train_loader, test_loader = load_data(256, source="mnist")
    >>> images, labels = next(iter(train_loader))
    >>> len(train_loader), images.shape, labels.shape
    (40, (256, 1, 28, 28), (256,))
    """
    # All arguments are checked before anything is downloaded.
    batch_size = check_integer("batch_size", batch_size, 1)
    resize = check_resize(resize)
    source = _check_source(source)
    split = _check_split(source, split)
    train_size = _check_size("train_size", train_size, source, split, True)
    test_size = _check_size("test_size", test_size, source, split, False)
    seed = check_integer("seed", seed, 0, MAX_SEED)
    train = _read(source, True, train_size, split)
    test = _read(source, False, test_size, split)
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
    source: str = "mnist",
    resize: int | None = None,
    size: int | None = None,
    split: str | None = None,
) -> tuple[Any, Any]:
    """Load images (n, channels, height, width) and labels (n,) for training (or testing) as two whole arrays.

    They are the same as those of `load_data` with the same arguments (`size` is its `train_size` or `test_size`), in
    the order of the data set.

    >>> images, labels = load_images(train=False, source="mnist", size=100)
    >>> images.shape, labels.shape
    ((100, 1, 28, 28), (100,))
    """
    npx.set_np()
    if not isinstance(train, bool):
        raise TypeError(f"train={shorten(train)}: must be True or False")
    resize = check_resize(resize)
    source = _check_source(source)
    split = _check_split(source, split)
    images, labels = _read(source, train, _check_size("size", size, source, split, train), split)
    if resize is not None:
        images = resize_images(images, resize)
    return np.array(images, dtype="float32", ctx=npx.cpu()), np.array(labels, dtype="int32", ctx=npx.cpu())


def class_names(source: str = "mnist") -> list[str]:
    """Return the class names of a data set, in the order of their labels.

    >>> class_names("fashion_mnist")[:3]
    ['t-shirt', 'trouser', 'pullover']
    """
    return list(CLASS_NAMES[_check_source(source)])


def cached_sources() -> list[str]:
    """Return the names of the data sets whose official files are all in the cache and intact."""
    return [
        name
        for name, data_set in mirrors.DATA_SETS.items()
        if all(downloads.file_state(data_set, file) == "ok" for file in data_set.files)
    ]


def _check_source(source: str) -> str:
    if not isinstance(source, str) or source not in CLASS_NAMES:
        *first, last = CLASS_NAMES
        known = ", ".join(first) + " or " + last
        raise ValueError(f"unknown data set {shorten(source)}: choose {known}")
    return source


def _check_split(source: str, split: str | None) -> str:
    if split is not None and source != "emoji":
        raise ValueError(f"split={shorten(split)}: only the emoji can be split in different ways, not {source}")
    return "concept" if split is None else check_choice("split", split, tuple(SPLITS))


def _check_size(name: str, size: int | None, source: str, split: str, train: bool) -> int | None:
    if size is None:
        return None
    if source != "emoji":
        return check_integer(name, size, 1, MAX_SIZES[not train])
    try:
        return check_integer(name, size, 1, SPLITS[split][not train])
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error} (emoji, split {split!r})") from None


def _read(source: str, train: bool, size: int | None, split: str) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, channels, height, width) float32 and labels (n,) int32."""
    if source == "emoji":
        images, labels = read_emoji(train, split)
    elif size is None or size <= EMBEDDED_SIZES[not train]:
        part = "train" if train else "test"
        images, labels = read_arrays(f"{source}.npz", f"{part}_images", f"{part}_labels")
    else:
        images, labels = _read_files(source, train)
    images = images[:size] if images.ndim == 4 else images[:size, None]
    # Dividing all at once takes four times the memory (60,000 images: 190 MB), but saves time in each batch.
    return onp.divide(images, 255, dtype="float32", order="C"), labels[:size].astype("int32")


def _read_files(source: str, train: bool) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 28, 28) and labels (n,), both uint8, from files that are downloaded if necessary."""
    data_set = mirrors.DATA_SETS[source]
    image_file, label_file = mirrors.TRAIN_FILES if train else mirrors.TEST_FILES
    labels = read_idx(downloads.fetch(data_set, label_file))
    return read_idx(downloads.fetch(data_set, image_file)), labels


def read_idx(path: Path) -> onp.ndarray:
    """Read a gzipped IDX file of unsigned bytes, the format of MNIST.

    Its header consists of four bytes, the last of which is the number of axes, and the length of each axis as a
    big-endian 32-bit integer. The file is trusted, because its SHA-256 has been verified.
    """
    with gzip.open(path) as file:
        content = file.read()
    num_axes = content[3]
    shape = struct.unpack_from(f">{num_axes}I", content, 4)
    return onp.frombuffer(content, "uint8", offset=4 + 4 * num_axes).reshape(shape)
