"""The embedded data set: handwritten digits, drawn at random positions on a canvas of MNIST's size.

The originals are 1,797 images of 8x8 pixels (datasets/LICENSE-digits.txt). As they are, they are too few and too easy
to show differences between networks: all digits have the same position, so a linear model does as well as a deep one.
Drawn at random positions, they require what convolutional networks have and linear models lack.
"""

from __future__ import annotations

from importlib import resources

import numpy as onp

from d2lhelpers.data.loader import bilinear_weights
from d2lhelpers.random import random_stream

TRAIN_ORIGINALS = 1437  # 80% of 1,797
# Of the seeds 0, 1, and 2, the one with the most balanced classes: 32 to 44 test originals each.
SPLIT_SEED = 2
PEN_SIZE = 20  # height and width of an enlarged digit
CANVAS_SIZE = 28


def draw_digits(count: int, *, train: bool, seed: int) -> tuple[onp.ndarray, onp.ndarray]:
    """Draw `count` digits, each at a random position on an empty canvas.

    Training and test images never show the same original. All originals occur equally often, give or take one. With the
    same seed, a smaller `count` gives the first images of a larger one.

    Returns
    -------
    images : numpy.ndarray
        (count, 28, 28), uint8, 0 (paper) to 255 (ink). Bit for bit the same on every machine.
    labels : numpy.ndarray
        (count,), uint8, 0 to 9.
    """
    images, labels = _originals(train)
    # Separate streams for which and where, because otherwise more draws would change the positions of the first ones.
    which, where = random_stream(seed, int(train), 0), random_stream(seed, int(train), 1)
    rounds = -(-count // len(images))
    chosen = onp.concatenate([which.permutation(len(images)) for _ in range(rounds)])[:count]
    top, left = where.randint(0, CANVAS_SIZE - PEN_SIZE + 1, size=(count, 2)).T

    canvas = onp.zeros((count, CANVAS_SIZE, CANVAS_SIZE), dtype="uint8")
    # windows[i, t, l] is the part of canvas i whose top left corner is at row t, column l.
    windows = onp.lib.stride_tricks.sliding_window_view(canvas, (PEN_SIZE, PEN_SIZE), axis=(1, 2), writeable=True)
    windows[onp.arange(count), top, left] = _enlarge(images)[chosen]
    return canvas, labels[chosen]


def _originals(train: bool) -> tuple[onp.ndarray, onp.ndarray]:
    """Read the originals for training or testing: (n, 8, 8) and (n,), uint8, values 0 to 16 and 0 to 9.

    They are split at random, so the 13 writers are in both parts (who wrote what is not known).
    """
    path = resources.files("d2lhelpers") / "datasets" / "digits.npz"
    with path.open("rb") as stream, onp.load(stream, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    order = onp.random.RandomState(SPLIT_SEED).permutation(len(images))
    mine = order[:TRAIN_ORIGINALS] if train else order[TRAIN_ORIGINALS:]
    return images[mine], labels[mine]


def _enlarge(images: onp.ndarray) -> onp.ndarray:
    """Interpolate images (n, 8, 8) with values 0 to 16 bilinearly to images (n, 20, 20) with values 0 to 255.

    The weights from 8 to 20 pixels are whole tenths. Ten times the weights, and everything after, are whole numbers,
    which float64 multiplies and adds without rounding, so the result cannot depend on the machine or the library.
    """
    tenths = onp.rint(10 * bilinear_weights(8, PEN_SIZE))
    hundredths = (tenths @ images.astype("float64") @ tenths.T).astype("int64")  # 0 to 1600 of them are 0 to 16
    return ((hundredths * 255 + 800) // 1600).astype("uint8")  # rounded to the nearest, as 800 is half of 1600
