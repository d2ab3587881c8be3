"""Gluon and d2l without our help, with MXNet's own choice of threads. Run by run.py, in a process of its own."""

from __future__ import annotations

import sys

import timing
from mxnet import gluon, npx
from mxnet.gluon.data.vision import transforms


def loader(workers: str) -> list[float]:
    """Images a second from Gluon's DataLoader as d2l makes it: unsigned bytes, ToTensor, shuffled batches of 256."""
    images, labels = timing.made_images(20_000)
    pixels = (255 * images.transpose(0, 2, 3, 1)).astype("uint8")
    data = gluon.data.ArrayDataset(pixels, labels).transform_first(transforms.ToTensor())
    batches = gluon.data.DataLoader(data, 256, shuffle=True, num_workers=int(workers))

    def work() -> None:
        for X, _ in batches:
            X.wait_to_read()

    return timing.rates(work, len(images))


if __name__ == "__main__":
    npx.set_np()
    timing.main(sys.argv[1:], {"loader": loader})
