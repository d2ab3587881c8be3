"""A reader for MNIST's file format, gzipped IDX, that takes nothing on trust.

The format: a magic number, whose last byte is the number of axes; the length of each axis; the values. All numbers have
32 bits, the most significant byte first; the values here are single bytes, the last axis running fastest.

A file may be cut, damaged, or made to do harm. So each number is checked before anything is done with it, memory is
asked for only when the file is large enough to fill it, and never more is unpacked than the header announces.
"""

from __future__ import annotations

import gzip
import math
import os
import stat
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as onp

from d2lhelpers.data.errors import DataError

MAGIC_IMAGES = 0x00000803  # unsigned bytes, three axes
MAGIC_LABELS = 0x00000801  # unsigned bytes, one axis
IMAGE_SHAPE = (28, 28)
NUM_CLASSES = 10

MAX_VALUES = 2**28  # five times as many as the largest file of the course has
MAX_RATIO = 1032  # gzip's: a byte of the archive holds at most so many of the content
CHUNK = 2**20  # bytes unpacked at a time


def read_idx_images(path: Path) -> onp.ndarray:
    """Read images (n, 28, 28), uint8, from a gzipped IDX file.

    Raises
    ------
    DataError
        If the file cannot be read, or is anything else than that.
    """
    return _read_idx(path, MAGIC_IMAGES, IMAGE_SHAPE)


def read_idx_labels(path: Path) -> onp.ndarray:
    """Read labels (n,), uint8, 0 to 9, from a gzipped IDX file.

    Raises
    ------
    DataError
        If the file cannot be read, or is anything else than that.
    """
    labels = _read_idx(path, MAGIC_LABELS, ())
    if labels.max() >= NUM_CLASSES:
        raise DataError(f"{path}: label {labels.max()}, but labels go from 0 to {NUM_CLASSES - 1}")
    return labels


def _read_idx(path: Path, magic: int, example_shape: tuple[int, ...]) -> onp.ndarray:
    try:
        # Before it is opened: opening a pipe would wait for somebody to write to it.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise DataError(f"{path}: is not a file")
        archive = open(path, "rb")  # noqa: SIM115 (it is closed below; only failing to open it belongs here)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        with archive, gzip.GzipFile(fileobj=archive) as content:
            shape = _read_header(path, content, magic)
            count = math.prod(shape)
            if count > MAX_VALUES:
                raise DataError(
                    f"{path}: the shape {shape} needs {count:,} values, and more than {MAX_VALUES:,} are not read"
                )
            size = os.fstat(archive.fileno()).st_size
            if count > size * MAX_RATIO:
                raise DataError(
                    f"{path}: the shape {shape} needs {count:,} values, more than gzip can put into {size:,} bytes"
                )
            if shape[1:] != example_shape:
                found, wanted = ("x".join(map(str, lengths)) for lengths in (shape[1:], example_shape))
                raise DataError(f"{path}: images of {found} pixels instead of {wanted}")
            return _read_values(path, content, shape, count)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: cannot be read as a gzip file: {error}") from error


def _read_header(path: Path, content: BinaryIO | gzip.GzipFile, magic: int) -> tuple[int, ...]:
    """Return the lengths of the axes, none of them 0."""
    num_axes = magic & 0xFF
    header = content.read(4 * (1 + num_axes))
    if len(header) < 4 * (1 + num_axes):
        raise DataError(f"{path}: {len(header)} bytes are too short for the header of an IDX file")
    found, *shape = struct.unpack(f">{1 + num_axes}I", header)
    if found != magic:
        raise DataError(f"{path}: the magic number is {found:#010x} instead of {magic:#010x}")
    if 0 in shape:
        raise DataError(f"{path}: holds no values, its shape is {tuple(shape)}")
    return tuple(shape)


def _read_values(path: Path, content: gzip.GzipFile, shape: tuple[int, ...], count: int) -> onp.ndarray:
    try:
        values = onp.empty(count, dtype="uint8")
    except MemoryError as error:
        raise DataError(f"{path}: {count:,} bytes of memory are needed and not to be had") from error
    place = 0
    while place < count:
        chunk = content.read(min(CHUNK, count - place))
        if not chunk:
            raise DataError(f"{path}: the shape {shape} needs {count:,} values, but there are {place:,}")
        values[place : place + len(chunk)] = onp.frombuffer(chunk, dtype="uint8")
        place += len(chunk)
    # Also makes gzip compare the content with its checksum, which comes last in the archive.
    if content.read(1):
        raise DataError(f"{path}: the shape {shape} needs {count:,} values, but there are more")
    return values.reshape(shape)
