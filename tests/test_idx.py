"""The reader of MNIST's file format: what is right is read as it is, and everything else is refused."""

import contextlib
import gzip
import math
import os
import struct
import time
import tracemalloc
import zlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mirror import idx, image_file, label_file

from d2lhelpers.data import DataError
from d2lhelpers.data import idx as reader
from d2lhelpers.data.idx import read_idx_images, read_idx_labels


def written(tmp_path, content):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    return path


def test_files_are_read_as_written(tmp_path):
    pixels, content = image_file(3)
    result = read_idx_images(written(tmp_path, content))
    assert result.dtype == "uint8"
    assert (result == pixels).all()
    assert read_idx_labels(written(tmp_path, label_file([0, 9, 4]))).tolist() == [0, 9, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx(0x801, (3,), [1, 2, 10]), "label 10, but labels go from 0 to 9"),
        (idx(0x801, (3,), [1, 2]), r"shape \(3,\) needs 3 values, but there are 2"),
        (idx(0x801, (3,), [1, 2, 3, 4]), r"shape \(3,\) needs 3 values, but there are more"),
        (idx(0x801, (0,), []), "holds no values"),
        (idx(0x803, (3, 1, 1), [1, 2, 3]), "magic number is 0x00000803 instead of 0x00000801"),
        (idx(0xD01, (3,), [1, 2, 3]), "magic number is 0x00000d01"),
        (struct.pack("<2I", 0x801, 3) + bytes(3), "magic number is 0x01080000"),
        (b"\0\0\x08\x01\0\0", "6 bytes are too short"),
        (b"", "0 bytes are too short"),
    ],
)
def test_wrong_labels(tmp_path, content, message):
    with pytest.raises(DataError, match=f"file.gz.*{message}"):
        read_idx_labels(written(tmp_path, gzip.compress(content)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx(0x803, (1, 28, 27), [0] * 756), "images of 28x27 pixels instead of 28x28"),
        (idx(0x803, (2, 28, 28), [0] * 784), "needs 1,568 values, but there are 784"),
        (idx(0x803, (2**32 - 1,) * 3, []), "needs 79,228,162,458,924,105,385,300,197,375 values"),
        (idx(0x803, (0, 28, 28), []), "holds no values"),
        (idx(0x801, (28,), [0] * 28), "magic number is 0x00000801 instead of 0x00000803"),
    ],
)
def test_wrong_images(tmp_path, content, message):
    with pytest.raises(DataError, match=f"file.gz.*{message}"):
        read_idx_images(written(tmp_path, gzip.compress(content)))


@pytest.mark.parametrize("damage", [
    lambda content: content[:-20],                                     # cut off
    lambda content: content[:900] + bytes([content[900] ^ 255]) + content[901:],  # a byte changed
    lambda content: gzip.decompress(content),                          # not compressed
    lambda content: b"<html>Please log in</html>",
])  # fmt: skip
def test_damaged_archives(tmp_path, damage):
    with pytest.raises(DataError, match=r"file.gz: cannot be read as a gzip file"):
        read_idx_images(written(tmp_path, damage(image_file(2)[1])))


def test_archive_in_several_members(tmp_path):
    """The gzip format allows it, and `cat a.gz b.gz` makes it."""
    content = idx(0x801, (4,), [1, 2, 3, 4])
    assert read_idx_labels(written(tmp_path, gzip.compress(content[:5]) + gzip.compress(content[5:]))).tolist() == [
        1, 2, 3, 4
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        (b"more", "cannot be read as a gzip file: Not a gzipped file"),
        (gzip.compress(b"more"), r"needs 3 values, but there are more"),
    ],
    ids=["no archive", "another archive"],
)
def test_trailing_bytes(tmp_path, tail, message):
    with pytest.raises(DataError, match=message):
        read_idx_labels(written(tmp_path, label_file([1, 2, 3]) + tail))


@pytest.mark.parametrize("checked", [-1, -5], ids=["length", "checksum"])
def test_trailer_of_the_archive(tmp_path, checked):
    content = bytearray(label_file([1, 2, 3]))
    content[checked] ^= 1
    with pytest.raises(DataError, match=r"cannot be read as a gzip file: (CRC|Incorrect length)"):
        read_idx_labels(written(tmp_path, bytes(content)))


def test_header_that_promises_too_much(tmp_path):
    """Refused before any memory is asked for: nobody sees a machine grind to a halt."""
    for count, message in ((342_393, "more than 268,435,456 are not read"), (2_000, "than gzip can put")):
        path = written(tmp_path, gzip.compress(idx(0x803, (count, 28, 28), [])))
        with pytest.raises(DataError, match=message), small_memory(2**20):
            read_idx_images(path)


def test_content_without_end_is_not_unpacked(tmp_path):
    path = written(tmp_path, gzip.compress(idx(0x801, (3,), [1, 2, 3]) + bytes(50_000_000)))
    with pytest.raises(DataError, match="there are more"), small_memory(2**20):
        read_idx_labels(path)


def test_not_enough_memory(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(reader.onp, "empty", refuse)
    with pytest.raises(DataError, match="3 bytes of memory are needed and not to be had"):
        read_idx_labels(written(tmp_path, label_file([1, 2, 3])))


def test_not_a_file(tmp_path):
    with pytest.raises(DataError, match=r"nothing.gz: cannot be read: No such file"):
        read_idx_labels(tmp_path / "nothing.gz")
    with pytest.raises(DataError, match="is not a file"):
        read_idx_labels(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="is not a file"):
        read_idx_labels(tmp_path / "pipe")
    with pytest.raises(DataError, match="File name too long"):
        read_idx_labels(tmp_path / ("a" * 300))


def test_file_that_may_not_be_read(tmp_path, monkeypatch):
    """As root, who may read everything, cannot try it out: by the error that the system would give."""

    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reader, "open", refuse, raising=False)
    with pytest.raises(DataError, match=r"file.gz: cannot be read: Permission denied"):
        read_idx_labels(written(tmp_path, label_file([1])))


# Thousands of made files. `oracle` says in the plainest way what a file holds; the reader has to agree, or to refuse.


def oracle(archive, images):
    """Return shape and values if the archive is a right one, else None."""
    try:
        content = gzip.decompress(archive)
    except (OSError, EOFError, zlib.error):
        return None
    header = 16 if images else 8
    if len(content) < header:
        return None
    magic, *shape = struct.unpack(">4I" if images else ">2I", content[:header])
    values = content[header:]
    if magic != (0x803 if images else 0x801) or math.prod(shape) != len(values) or not values:
        return None
    if images:
        return (shape, values) if shape[1:] == [28, 28] else None
    return (shape, values) if max(values) <= 9 else None


def check_reader(path, archive, images):
    """Read an archive and compare with the oracle; return whether it was a right one."""
    path.write_bytes(archive)
    expected = oracle(archive, images)
    try:
        with small_memory(2**20 + 1032 * len(archive)):
            result = (read_idx_images if images else read_idx_labels)(path)
    except DataError as error:
        result, message = None, str(error)
    if result is None:
        assert expected is None, f"refused a good file: {message}"
        assert str(path) in message
        return False
    assert expected is not None
    assert result.dtype == "uint8"
    assert (list(result.shape), result.tobytes()) == expected
    return True


@contextlib.contextmanager
def small_memory(limit):
    """Assert that the lines within never hold more than `limit` bytes more than before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        yield
    finally:
        peak = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
    assert peak < limit, f"{peak:,} bytes"


# Hypothesis draws a string of bytes, and a file is made as they say: one draw for a file is many times faster than one
# for each choice, and there are thousands of files.
choices = st.binary(min_size=64, max_size=64)
thorough = settings(deadline=None, derandomize=True, database=None)
ODD = (0, 27, 29, 255, 784, 60_000, 2**16, 2**28, 2**31, 2**32 - 1)


class Choices:
    """Choices that were made before, one byte each."""

    def __init__(self, drawn):
        self.rest = iter(drawn)

    def of(self, options):
        return options[next(self.rest) % len(options)]

    def number(self, low, high):
        return low + int.from_bytes([next(self.rest), next(self.rest)]) % (high - low + 1)

    def some_bytes(self, most):
        return bytes(next(self.rest) for _ in range(self.number(1, most)))


def made_file(choices):
    """A file in the format, more or less: a right or wrong header, and about as many values as it promises."""
    magic, shape = choices.of([(0x801, []), (0x803, [28, 28])])
    shape = [choices.number(1, 4), *shape]
    lie = choices.of(["", "", "magic", "length", "axes"])
    if lie == "magic":
        magic = choices.of([0, 0x801, 0x803, 0x8FF, 0xD03, 0x1080000, choices.number(0, 2**16 - 1)])
    elif lie == "length":
        shape[choices.number(0, len(shape) - 1)] = choices.of(ODD)
    elif lie == "axes":
        shape = [choices.of((1, 2, 28, *ODD)) for _ in range(choices.number(0, 4))]
    count = max(0, min(math.prod(shape), 4 * 784) + choices.of([0, 0, 0, -1, 1, 100]))
    values = (choices.some_bytes(9) * count)[:count]
    if choices.of([True, False]):
        values = bytes(value % 10 for value in values)
    return magic == 0x803, gzip.compress(idx(magic, shape, values), choices.of([0, 1, 9]), mtime=0)


def damaged_file(choices):
    """A good file, damaged in its content or in the archive: bytes changed, cut off, added, put in, taken out."""
    images, inside = choices.of([True, False]), choices.of([True, False])
    archive = image_file(choices.number(1, 3))[1] if images else label_file([b % 10 for b in choices.some_bytes(9)])
    data = bytearray(gzip.decompress(archive) if inside else archive)
    for _ in range(choices.number(0, 3)):
        # Half of them in the first bytes, where the headers are.
        place = min(choices.number(0, choices.of([20, len(data)])), len(data))
        damage, some = choices.of(["flip", "cut", "append", "insert", "remove", "repeat"]), choices.some_bytes(6)
        if damage == "flip":
            data[place : place + 1] = bytes([data[place] ^ some[0]]) if place < len(data) else b""
        elif damage == "cut":
            del data[place:]
        elif damage == "append":
            data += some
        elif damage == "insert":
            data[place:place] = some
        elif damage == "remove":
            del data[place : place + len(some)]
        else:
            data += data[place:]
    return images, gzip.compress(bytes(data), 1, mtime=0) if inside else bytes(data)


@pytest.mark.parametrize("make", [made_file, damaged_file])
def test_thousands_of_files(make, tmp_path):
    found, different = Counter(), set()

    @settings(thorough, max_examples=5_500)
    @given(choices)
    def run(drawn):
        images, archive = make(Choices(drawn))
        found[check_reader(tmp_path / "file.gz", archive, images)] += 1
        different.add(hash(archive))

    start = time.monotonic()
    run()
    assert time.monotonic() - start < 120
    assert sum(found.values()) >= 5_500
    assert len(different) > 4_000
    assert found[True] > 500
    assert found[False] > 3_000
