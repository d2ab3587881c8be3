"""MNIST and Fashion-MNIST: where they are, whether they arrived whole, and how to read them.

A file counts only if its SHA-256 is the one below, wherever it came from; so any mirror will do, and a login page
that a network delivers instead of the file is noticed. Neither data set is ever taken from MXNet's own cache: its
Fashion-MNIST is an earlier release, whose files must not be mixed with these.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as onp
import pooch
from tqdm import tqdm

TIMEOUT = (10, 30)  # seconds to connect, and between two pieces of the file
PROGRESS_FROM = 5_000_000  # bytes; smaller files are there before anyone reads a progress line

MAGIC_IMAGES = 0x00000803  # unsigned bytes, three axes
MAGIC_LABELS = 0x00000801  # unsigned bytes, one axis
IMAGE_SHAPE = (28, 28)
NUM_CLASSES = 10


class DataError(RuntimeError):
    """A data set could not be had, or a file of it is damaged; the message says how to go on."""


@dataclass(frozen=True)
class RemoteFile:
    """One file of a data set; `size` in bytes, 0 if not known."""

    name: str
    sha256: str
    size: int = 0


@dataclass(frozen=True)
class RemoteDataSet:
    """A data set in MNIST's format: four gzipped IDX files with the same names at each mirror."""

    name: str
    title: str
    mirrors: tuple[str, ...]
    train_images: RemoteFile
    train_labels: RemoteFile
    test_images: RemoteFile
    test_labels: RemoteFile

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        """All files, in the order of the fields."""
        return self.train_images, self.train_labels, self.test_images, self.test_labels


MNIST = RemoteDataSet(
    name="mnist",
    title="MNIST",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://apache-mxnet.s3.amazonaws.com/gluon/dataset/mnist/",
    ),
    train_images=RemoteFile(
        "train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422
    ),
    train_labels=RemoteFile(
        "train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881
    ),
    test_images=RemoteFile(
        "t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877
    ),
    test_labels=RemoteFile(
        "t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542
    ),
)

# The current release, of 2017-08-31.
FASHION_MNIST = RemoteDataSet(
    name="fashion_mnist",
    title="Fashion-MNIST",
    mirrors=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    train_images=RemoteFile(
        "train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880
    ),
    train_labels=RemoteFile(
        "train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515
    ),
    test_images=RemoteFile(
        "t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    test_labels=RemoteFile(
        "t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148
    ),
)

DATA_SETS = MappingProxyType({data_set.name: data_set for data_set in (MNIST, FASHION_MNIST)})


def read_data_set(name: str, *, train: bool) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 28, 28) and labels (n,), both uint8, of a data set; download what is not in the cache.

    Raises
    ------
    DataError
        If a file can neither be found in the cache nor downloaded, or is not what it should be.
    """
    data_set = DATA_SETS[name]
    image_file, label_file = (
        (data_set.train_images, data_set.train_labels) if train else (data_set.test_images, data_set.test_labels)
    )
    # The small file first: when the mirrors can't be reached it makes no difference, else it fails sooner.
    labels = read_idx_labels(fetch(data_set, label_file))
    images = read_idx_images(fetch(data_set, image_file))
    if len(images) != len(labels):
        raise DataError(f"{data_set.title}: {len(images):,} images in {image_file.name}, but {len(labels):,} labels")
    return images, labels


def cache_folder() -> Path:
    """Return where downloads are kept: D2L_DATA_DIR, else the platform's folder for caches. It need not exist."""
    chosen = os.environ.get("D2L_DATA_DIR")
    return Path(chosen).expanduser() if chosen else Path(pooch.os_cache("d2lhelpers"))


def is_cached(data_set: RemoteDataSet, file: RemoteFile) -> bool:
    """Return whether the file lies in the cache, unharmed."""
    path = cache_folder() / data_set.name / file.name
    try:
        return path.is_file() and pooch.file_hash(str(path), alg="sha256") == file.sha256
    except OSError:  # such as a folder that only others may read
        return False


def cached_data_sets() -> list[str]:
    """Name the data sets whose files are all in the cache, unharmed."""
    return [name for name, data_set in DATA_SETS.items() if all(is_cached(data_set, file) for file in data_set.files)]


def fetch(data_set: RemoteDataSet, file: RemoteFile) -> Path:
    """Find the file in the cache, or download it there from the first mirror that has it; return its path.

    The folder is only written to if something must be downloaded: a class can share a read-only one.
    """
    folder = cache_folder() / data_set.name
    if is_cached(data_set, file):
        return folder / file.name
    _make_writable(folder)
    failures = []
    outside = sys.exception()  # what the caller may be handling
    for mirror in data_set.mirrors:
        try:
            return _download(mirror + file.name, file, folder)
        except (OSError, ValueError) as error:  # requests' errors are OSErrors, a wrong hash is a ValueError
            failures.append(f"  {mirror}{file.name}\n    {_reason(error, outside)}")
    raise DataError("\n".join([f"{data_set.title}: no mirror delivered {file.name}:", *failures, _ways_out(data_set)]))


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise DataError(
            f"cannot write to the folder for downloads, {folder}: {error.strerror}.\n"
            "Set the environment variable D2L_DATA_DIR to a folder that you can write to,\n"
            "or take the data that needs no download: D2L_DATASET=digits."
        ) from error


def _download(url: str, file: RemoteFile, folder: Path) -> Path:
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet_pooch())
        progress = None
        if file.size >= PROGRESS_FROM:
            # To stdout: what a notebook writes to stderr looks like an error, and counts as one in its tests.
            progress = stack.enter_context(
                tqdm(desc=file.name, total=file.size, unit="B", unit_scale=True, file=sys.stdout, leave=False)
            )
        downloader = pooch.HTTPDownloader(progressbar=progress, chunk_size=2**16, timeout=TIMEOUT)
        path = pooch.retrieve(
            url, known_hash=f"sha256:{file.sha256}", fname=file.name, path=folder, downloader=downloader
        )
    return Path(path)


@contextlib.contextmanager
def _quiet_pooch() -> Iterator[None]:
    """Keep pooch from reporting each download on stderr."""
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        yield
    finally:
        logger.setLevel(level)


def _reason(error: BaseException, outside: BaseException | None) -> str:
    """Say in a few words why a download failed; `outside` is an error from before it, not to be blamed."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return f"HTTP status {status}"
    if not isinstance(error, OSError):
        return "delivered something else: its SHA-256 is not the file's"
    # requests wraps urllib3's errors, which wrap the system's: only the innermost says what happened.
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) not in (None, outside):
        cause = inner
    return f"{type(error).__name__}: {cause}"


def _ways_out(data_set: RemoteDataSet) -> str:
    names = "\n".join(f"      {file.name}" for file in data_set.files)
    return (
        "What you can do:\n"
        "  - try again later or from another network: a firewall or proxy may be in the way;\n"
        "  - get these files from any mirror of the data set (a browser will do), and put them, still compressed,\n"
        f"    into {cache_folder() / data_set.name}\n{names}\n"
        "  - take the data that needs no download: set the environment variable D2L_DATASET=digits,\n"
        '    or pass source="digits".'
    )


def read_idx_images(path: Path) -> onp.ndarray:
    """Read images (n, 28, 28), uint8, from a gzipped IDX file; raise DataError if it is anything else."""
    images = _read_idx(path, MAGIC_IMAGES)
    if images.shape[1:] != IMAGE_SHAPE:
        raise DataError(f"{path}: images of {images.shape[1]}x{images.shape[2]} pixels instead of 28x28")
    return images


def read_idx_labels(path: Path) -> onp.ndarray:
    """Read labels (n,), uint8, 0 to 9, from a gzipped IDX file; raise DataError if it is anything else."""
    labels = _read_idx(path, MAGIC_LABELS)
    if labels.max() >= NUM_CLASSES:
        raise DataError(f"{path}: label {labels.max()}, but labels go from 0 to {NUM_CLASSES - 1}")
    return labels


def _read_idx(path: Path, magic: int) -> onp.ndarray:
    """Read the array of bytes in a gzipped IDX file.

    The format: a magic number, whose last byte is the number of axes; the length of each axis; the values. All numbers
    have 32 bits, the most significant byte first; the values here are single bytes, the last axis running fastest.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read as a gzip file: {error}") from error
    num_axes = magic & 0xFF
    header = 4 * (1 + num_axes)
    if len(content) < header:
        raise DataError(f"{path}: {len(content)} bytes are too short for the header of an IDX file")
    found, *shape = (int(number) for number in onp.frombuffer(content, dtype=">u4", count=1 + num_axes))
    if found != magic:
        raise DataError(f"{path}: the magic number is {found:#010x} instead of {magic:#010x}")
    expected = 1
    for length in shape:
        expected *= length
    if expected == 0:
        raise DataError(f"{path}: holds no values, its shape is {tuple(shape)}")
    if len(content) - header != expected:
        raise DataError(
            f"{path}: the shape {tuple(shape)} needs {expected:,} values, but there are {len(content) - header:,}"
        )
    return onp.frombuffer(content, dtype="uint8", offset=header).reshape(shape)
