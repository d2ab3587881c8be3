"""Measure Gluon and d2l with MXNet's own settings instead of ours. run.py runs this in a separate process."""

from __future__ import annotations

import contextlib
import sys

import timing

from mxnet_compat import kernels, memory, threads

# These must be replaced before mxnet is imported, which calls them.
threads.configured = contextlib.nullcontext
memory.keep_freed = lambda: None
kernels.load_openblas = lambda folder: None

import measure_mxnet  # isort: skip
import mxnet  # isort: skip
from d2l import mxnet as d2l  # isort: skip
from mxnet import gluon, np, npx  # isort: skip
from mxnet.gluon.data.vision import transforms  # isort: skip
from networks import NETWORKS  # isort: skip


def batches(images: timing.Array, labels: timing.Array, batch_size: int, workers: int) -> gluon.data.DataLoader:
    """Return a loader like d2l's: unsigned bytes, ToTensor, shuffled batches."""
    pixels = (255 * images.transpose(0, 2, 3, 1)).astype("uint8")
    data = gluon.data.ArrayDataset(np.array(pixels, dtype="uint8"), labels).transform_first(transforms.ToTensor())
    return gluon.data.DataLoader(data, batch_size, shuffle=True, num_workers=workers)


def loader(workers: str) -> list[float]:
    """Return images per second from Gluon's DataLoader."""
    images, labels = timing.made_images(20_000)
    chosen = batches(images, labels, 256, int(workers))

    def work() -> None:
        for X, _ in chosen:
            X.wait_to_read()

    return timing.rates(work, len(images))


def epoch(name: str) -> list[float]:
    """Return images per second in an epoch of d2l's `train_ch6` over 60,000 images, with test accuracy and curve."""
    images, labels = timing.made_images()
    workers = d2l.get_dataloader_workers()
    train, test, few = (batches(images[:count], labels[:count], 256, workers) for count in (None, 10_000, 2_560))
    net = measure_mxnet.build(NETWORKS[name][0]())

    def work(train: gluon.data.DataLoader, test: gluon.data.DataLoader) -> None:
        with timing.silent():
            d2l.train_ch6(net, train, test, 1, 0.1, d2l.cpu())

    work(few, few)
    return timing.single_rates(lambda: work(train, test), len(images))


def accuracy(name: str) -> list[float]:
    """Return, for each seed, the test accuracy after 8 epochs of d2l's `train_ch6` over 6,000 images of MNIST."""
    (images, labels), (test_images, test_labels) = timing.mnist()
    test = batches(test_images, test_labels, 256, 0)
    accuracies = []
    for seed in timing.SEEDS:
        mxnet.random.seed(seed)
        net = measure_mxnet.build(NETWORKS[name][0]())
        with timing.silent():
            d2l.train_ch6(net, batches(images, labels, 64, 0), test, 8, 0.1, d2l.cpu())
        accuracies.append(float(d2l.evaluate_accuracy_gpu(net, test)))
    return accuracies


if __name__ == "__main__":
    npx.set_np()
    works = {"loader": loader, "epoch": epoch, "accuracy": accuracy}
    timing.main(sys.argv[1:], {**works, "product": measure_mxnet.product, "step": measure_mxnet.step})
