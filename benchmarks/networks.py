"""The networks of the benchmarks. Both libraries build them from the same description, so they are the same.

A network is a list of layers, and a layer is a tuple of a name and numbers:

=====================================================  =====================================================
("conv", channels, kernel, stride, padding)            convolution with bias
("norm",)                                              batch normalization
("relu",), ("sigmoid",)                                activation
("max", kernel, stride, padding), ("avg", ...)         pooling
("mean",)                                              one number per channel: global average pooling
("flatten",), ("dense", units), ("dropout", p)
("concat", path, path, ...)                            lists of layers side by side, joined along the channels
("add", body, shortcut)                                the sum of two lists of layers; an empty one is the identity
=====================================================  =====================================================
"""

from __future__ import annotations

from typing import Any

Layers = list[tuple[Any, ...]]

RELU = ("relu",)


def mlp() -> Layers:
    """Return an MLP with 784 inputs and 256 hidden units, as in notebook 07."""
    return [("flatten",), ("dense", 256), RELU, ("dense", 10)]


def softmax() -> Layers:
    """Return a linear model, as in notebook 06."""
    return [("flatten",), ("dense", 10)]


def lenet() -> Layers:
    """Return LeNet of 1998, as in notebook 12."""
    half = ("avg", 2, 2, 0)
    features = [("conv", 6, 5, 1, 2), ("sigmoid",), half, ("conv", 16, 5, 1, 0), ("sigmoid",), half, ("flatten",)]
    return [*features, ("dense", 120), ("sigmoid",), ("dense", 84), ("sigmoid",), ("dense", 10)]


def alexnet() -> Layers:
    """Return AlexNet for one channel of 224×224 pixels and ten classes, as d2l trains it on Fashion-MNIST."""
    pool = ("max", 3, 2, 0)
    layers: Layers = [("conv", 96, 11, 4, 1), RELU, pool, ("conv", 256, 5, 1, 2), RELU, pool]
    for channels in (384, 384, 256):
        layers += [("conv", channels, 3, 1, 1), RELU]
    layers += [pool, ("flatten",)]
    for _ in range(2):
        layers += [("dense", 4096), RELU, ("dropout", 0.5)]
    return [*layers, ("dense", 10)]


def vgg11() -> Layers:
    """Return VGG-11: five blocks, and dense layers of 4096 units."""
    layers: Layers = []
    for count, channels in ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)):
        layers += [("conv", channels, 3, 1, 1), RELU] * count + [("max", 2, 2, 0)]
    layers += [("flatten",)]
    for _ in range(2):
        layers += [("dense", 4096), RELU, ("dropout", 0.5)]
    return [*layers, ("dense", 10)]


def inception(c1: int, c2: tuple[int, int], c3: tuple[int, int], c4: int) -> tuple[Any, ...]:
    """Return an Inception block with four paths: 1×1; 1×1 and 3×3; 1×1 and 5×5; pooling and 1×1."""
    return (
        "concat",
        [("conv", c1, 1, 1, 0), RELU],
        [("conv", c2[0], 1, 1, 0), RELU, ("conv", c2[1], 3, 1, 1), RELU],
        [("conv", c3[0], 1, 1, 0), RELU, ("conv", c3[1], 5, 1, 2), RELU],
        [("max", 3, 1, 1), ("conv", c4, 1, 1, 0), RELU],
    )


def googlenet() -> Layers:
    """Return GoogLeNet: nine Inception blocks in five stages."""
    pool = ("max", 3, 2, 1)
    return [
        ("conv", 64, 7, 2, 3), RELU, pool,
        ("conv", 64, 1, 1, 0), RELU, ("conv", 192, 3, 1, 1), RELU, pool,
        inception(64, (96, 128), (16, 32), 32),
        inception(128, (128, 192), (32, 96), 64), pool,
        inception(192, (96, 208), (16, 48), 64),
        inception(160, (112, 224), (24, 64), 64),
        inception(128, (128, 256), (24, 64), 64),
        inception(112, (144, 288), (32, 64), 64),
        inception(256, (160, 320), (32, 128), 128), pool,
        inception(256, (160, 320), (32, 128), 128),
        inception(384, (192, 384), (48, 128), 128),
        ("mean",), ("dense", 10),
    ]  # fmt: skip


def resnet18() -> Layers:
    """Return ResNet-18: four modules of two residual blocks each."""
    layers: Layers = [("conv", 64, 7, 2, 3), ("norm",), RELU, ("max", 3, 2, 1)]
    for module, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if module > 0 and block == 0 else 1
            body = [("conv", channels, 3, stride, 1), ("norm",), RELU, ("conv", channels, 3, 1, 1), ("norm",)]
            layers += [("add", body, [("conv", channels, 1, stride, 0)] if stride == 2 else []), RELU]
    return [*layers, ("mean",), ("dense", 10)]


# Name -> function that returns the layers, channels and side length of the images, batch size.
NETWORKS = {
    "softmax": (softmax, 1, 28, 256),
    "MLP": (mlp, 1, 28, 256),
    "LeNet": (lenet, 1, 28, 256),
    "AlexNet": (alexnet, 1, 224, 32),
    "VGG-11": (vgg11, 1, 64, 32),
    "GoogLeNet": (googlenet, 1, 96, 32),
    "ResNet-18": (resnet18, 1, 96, 32),
}
