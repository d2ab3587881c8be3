"""The embedded emoji: the same concepts drawn in several styles, and two ways to split them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as onp

from d2lhelpers.data.embedded import read_arrays

CLASS_NAMES = ("smileys", "animals and plants", "food and drink", "travel and places", "objects", "activities")
STYLE_NAMES = ("noto", "fluent", "twemoji", "noto v1", "emojione")
# The numbers of images for training and for testing.
SPLITS = {"concept": (3_590, 899), "style": (3_480, 1_009)}
TEST_STYLE = "twemoji"  # has every concept


@dataclass(frozen=True, eq=False)
class Emoji:
    """4,489 emoji in random order; see `load_emoji` for the fields."""

    images: onp.ndarray
    labels: onp.ndarray
    styles: onp.ndarray
    concepts: onp.ndarray
    class_names: tuple[str, ...]
    style_names: tuple[str, ...]
    concept_names: tuple[str, ...]


def load_emoji() -> Emoji:
    """Load all emoji with their classes, styles, and concepts, so that you can split them as you like.

    A concept, such as "tulip", is drawn in up to five styles. Its class is one of six Unicode groups.

    Returns
    -------
    Emoji
        NumPy arrays, which `ArrayLoader` accepts: `images` (4489, 3, 32, 32) is float32 in [0, 1], on white. `labels`,
        `styles`, and `concepts` (4489,) are int32 and count from 0. `class_names`, `style_names`, and `concept_names`
        give their names.

    Examples
    --------
    >>> emoji = load_emoji()
    >>> emoji.style_names
    ('noto', 'fluent', 'twemoji', 'noto v1', 'emojione')
    >>> emoji.images[emoji.concepts == emoji.concept_names.index("tulip")].shape
    (5, 3, 32, 32)
    """
    images, labels, styles, concepts = read_arrays("emoji.npz", "images", "labels", "styles", "concepts")
    (concept_names,) = read_arrays("emoji.npz", "concept_names")
    return Emoji(
        images=onp.divide(images.transpose(0, 3, 1, 2), 255, dtype="float32", order="C"),
        labels=labels.astype("int32"),
        styles=styles.astype("int32"),
        concepts=concepts.astype("int32"),
        class_names=CLASS_NAMES,
        style_names=STYLE_NAMES,
        concept_names=tuple(concept_names.tolist()),
    )


def read_emoji(train: bool, split: str) -> tuple[onp.ndarray, onp.ndarray]:
    """Return images (n, 3, 32, 32) and labels (n,), both uint8, for training or testing.

    With "concept", the test images are those of every fifth concept, in all styles. With "style", they are those of one
    style, with all concepts.
    """
    images, labels, styles, concepts = read_arrays("emoji.npz", "images", "labels", "styles", "concepts")
    test = styles == STYLE_NAMES.index(TEST_STYLE) if split == "style" else concepts % 5 == 4
    mine = ~test if train else test
    return images[mine].transpose(0, 3, 1, 2), labels[mine]
