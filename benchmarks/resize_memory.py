"""Measure memory and speed of `load_data(..., resize=224)` over 60,000 images.

    python benchmarks/resize_memory.py [--batches N] [--size 224] [--batch-size 256]

If all images were resized at once, as 32-bit numbers, they would take 12 GB. The loader resizes each batch when it is
requested.

The data set is synthetic, in MNIST's shape and format, with random pixels, which don't compress well. `load_data` reads
it from a temporary cache folder like a downloaded one: it compares hashes and unpacks files. There is one process and
one epoch, which --batches can shorten. The last line says by how much the peak of resident memory (of the whole
process, including MXNet) exceeds the size of the raw pixels and labels.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import struct
import sys
import tempfile
import time
from pathlib import Path
from types import MappingProxyType

import numpy as onp
import pooch

from d2lhelpers.data import load_data, mirrors

TRAIN, TEST = 60_000, 10_000
LIMIT = 1_000_000_000  # bytes over the raw data


def main() -> int:
    """Measure, print a table, and return 1 if the limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=224, help="height and width after resizing (224)")
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--batches", type=int, help="stop after so many batches (all)")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        os.environ["D2L_DATA_DIR"] = folder
        make_data_set(Path(folder) / "mnist")
        mirrors.DATA_SETS = MappingProxyType({"mnist": describe(Path(folder) / "mnist")})

        before = peak_memory()
        start = time.perf_counter()
        train, _ = load_data(options.batch_size, source="mnist", resize=options.size, train_size=TRAIN, test_size=TEST)
        loading, loaded = time.perf_counter() - start, peak_memory()

        batches = len(train) if options.batches is None else min(options.batches, len(train))
        images = 0
        start = time.perf_counter()
        for number, (batch, _) in enumerate(train, start=1):
            batch.wait_to_read()
            images += len(batch)
            if number == batches:
                break
        walking, walked = time.perf_counter() - start, peak_memory()

    raw = (TRAIN + TEST) * (28 * 28 + 1)
    over = walked - raw
    rows = [
        ("images walked", f"{images:,} of {TRAIN:,}, {options.size}x{options.size}, batches of {options.batch_size}"),
        ("raw data", f"{raw / 1e6:,.0f} MB"),
        ("all resized at once", f"{TRAIN * options.size**2 * 4 / 1e6:,.0f} MB"),
        ("peak before loading", f"{before / 1e6:,.0f} MB"),
        ("peak after loading", f"{loaded / 1e6:,.0f} MB, {loading:.1f} s"),
        ("peak after walking", f"{walked / 1e6:,.0f} MB, {walking:.1f} s, {images / walking:,.0f} img/s"),
        ("over the raw data", f"{over / 1e6:,.0f} MB: {'less' if over < LIMIT else 'MORE'} than {LIMIT / 1e6:,.0f} MB"),
    ]
    for name, value in rows:
        print(f"{name:<24}{value}")
    return int(over >= LIMIT)


def make_data_set(folder: Path) -> None:
    """Write the four files with random pixels and labels, in pieces, so that this does not set the peak memory."""
    random = onp.random.RandomState(0)
    folder.mkdir(parents=True)
    for part, count in (("train", TRAIN), ("t10k", TEST)):
        with gzip.open(folder / f"{part}-images-idx3-ubyte.gz", "wb", 1) as file:
            file.write(struct.pack(">4I", 0x803, count, 28, 28))
            for _ in range(count // 1_000):
                file.write(random.bytes(1_000 * 28 * 28))
        with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz", "wb", 1) as file:
            file.write(struct.pack(">2I", 0x801, count) + random.randint(0, 10, count).astype("uint8").tobytes())


def describe(folder: Path) -> mirrors.RemoteDataSet:
    """Return a description of the synthetic files, to be used instead of MNIST's."""
    files = {name: pooch.file_hash(str(folder / name), alg="sha256") for name in mirrors.MNIST.files}
    return mirrors.RemoteDataSet("mnist", "Made MNIST", (), files)


def peak_memory() -> int:
    """Return the peak memory of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    sys.exit(main())
