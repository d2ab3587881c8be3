"""Arrays as convolutions leave them (onednn.py): cut along the channels, and softmax over the last axis.

Without the mends, MXNet ends the process in many of these tests.
"""

import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

npx.set_np()

# 8 and 24: in blocks of 8 on every processor. 16: with AVX-512 only while recording. 5: never in blocks.
CHANNELS = (5, 8, 16, 24)

CUTS = {
    "first channel": onp.s_[:, 0],
    "last channel": onp.s_[:, -1],
    "less than a block": onp.s_[:, :4],
    "within a block": onp.s_[:, 2:5],
    "the last ones": onp.s_[:, -3:],
    "every second": onp.s_[:, ::2],
    "backwards": onp.s_[:, ::-1],
    "of some examples": onp.s_[1:3, 1:4],
    "of one example": onp.s_[2, 1:4],
    "a part of the picture": onp.s_[:, 1:3, 2:5, ::2],
    "all channels": onp.s_[:, :, 2:5, 1:],
    "a new axis": onp.s_[:, None, 1:3],
    "an ellipsis": onp.s_[..., 3],
    "picked": onp.s_[:, [0, 2]],
}


def inputs():
    return np.array(onp.random.RandomState(0).uniform(-1, 1, size=(4, 3, 10, 10)).astype("float32"))


def convolve(X, channels):
    weights = onp.random.RandomState(channels).uniform(-1, 1, size=(channels, 3, 3, 3)).astype("float32")
    return npx.convolution(X, np.array(weights), kernel=(3, 3), pad=(1, 1), num_filter=channels, no_bias=True)


def row_softmax(y):
    powers = onp.exp(y - y.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_cut_of_a_convolution_is_numpys(channels, cut):
    expected = convolve(inputs(), channels).asnumpy()[cut]
    got = convolve(inputs(), channels)[cut]
    assert got.shape == expected.shape
    assert onp.array_equal(got.asnumpy(), expected)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_gradient_of_a_cut_is_that_of_the_channels_it_keeps(channels, cut):
    X = inputs()
    X.attach_grad()
    kept = onp.zeros(convolve(X, channels).shape, dtype="float32")
    kept[cut] = 1
    with autograd.record():
        total = (convolve(X, channels) * np.array(kept)).sum()
    total.backward()
    expected = X.grad.asnumpy()
    with autograd.record():
        total = convolve(X, channels)[cut].sum()
    total.backward()
    assert onp.allclose(X.grad.asnumpy(), expected, atol=1e-4)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("cut", [onp.s_[1], onp.s_[1, 2], onp.s_[1, 2, 3], onp.s_[1:3]], ids=str)
def test_a_piece_of_a_convolution_can_be_computed_with(channels, cut):
    expected = convolve(inputs(), channels).asnumpy()[cut]
    assert onp.allclose((convolve(inputs(), channels)[cut] + 1).asnumpy(), expected + 1)
    assert onp.allclose(npx.relu(convolve(inputs(), channels)[cut]).asnumpy(), onp.maximum(expected, 0))
    assert onp.allclose(convolve(inputs(), channels)[cut].sum().asnumpy(), expected.sum(), atol=1e-4)


def test_cutting_past_the_end_is_numpys_error():
    Y = convolve(inputs(), 8)
    with pytest.raises(IndexError, match="index 8 is out of bounds for axis 1 with size 8"):
        Y[:, 8]
    with pytest.raises(IndexError, match=r"too many indices \(5\) for array with 4 dimensions"):
        Y[0, 0, 0, 0, 0]


@pytest.mark.parametrize("cut", [onp.s_[:, 3:3], onp.s_[:0], onp.s_[:, :0, 1:]], ids=str)
def test_nothing_can_be_cut_out(cut):
    x = onp.ones((4, 5, 10, 10))
    assert np.array(x)[cut].asnumpy().shape == x[cut].shape


def test_a_cut_can_be_written_to():
    Y = convolve(inputs(), 8)
    expected = Y.asnumpy().copy()
    Y = convolve(inputs(), 8)
    Y[:, 1:3] = 7
    expected[:, 1:3] = 7
    assert onp.array_equal(Y.asnumpy(), expected)


@pytest.mark.parametrize(
    "layer", [nn.Conv2D(32, 3, in_channels=16), nn.Conv2DTranspose(16, 2, in_channels=32)], ids=str
)
def test_filters_can_be_looked_at_after_a_prediction(layer):
    layer.initialize()
    before = layer.weight.data().asnumpy()
    layer(np.ones((4, before.shape[0 if isinstance(layer, nn.Conv2DTranspose) else 1], 8, 8))).wait_to_read()
    for cut in (onp.s_[:, 0], onp.s_[:, 1:4], onp.s_[:5, :5]):
        assert onp.array_equal(layer.weight.data()[cut].asnumpy(), before[cut])


class FirstChannels(nn.HybridBlock):
    """A convolution, and of it what `cut` takes."""

    def __init__(self, channels, cut):
        super().__init__()
        self.cut = cut
        self.convolution = nn.Conv2D(channels, 3, padding=1, in_channels=3)

    def hybrid_forward(self, F, X):
        return self.convolution(X)[self.cut]


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize(
    "cut",
    [onp.s_[:, 0], onp.s_[:, -1], onp.s_[:, :4], onp.s_[:, 1:3, 2:5], onp.s_[1, 2:4], onp.s_[1:3], onp.s_[2]],
    ids=str,
)
def test_a_hybridized_network_cuts_as_before(channels, cut):
    net = FirstChannels(channels, cut)
    net.initialize()
    before = net(inputs()).asnumpy()
    net.hybridize()
    for _ in range(2):
        with autograd.record():
            after = net(inputs())
            total = after.sum()
        total.backward()
        assert after.shape == before.shape
        assert onp.allclose(after.asnumpy(), before, atol=1e-5)


def test_a_cut_comes_back_from_disk(tmp_path):
    net = FirstChannels(8, onp.s_[:, 1:4])
    net.initialize()
    net.hybridize()
    before = net(inputs()).asnumpy()
    net.export(str(tmp_path / "net"))
    again = gluon.SymbolBlock.imports(f"{tmp_path}/net-symbol.json", ["data"], f"{tmp_path}/net-0000.params")
    assert onp.array_equal(again(inputs()).asnumpy(), before)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("axis", [{}, {"axis": -1}, {"axis": 3}], ids=str)
def test_softmax_over_the_last_axis_of_a_convolution(channels, axis):
    expected = row_softmax(convolve(inputs(), channels).asnumpy())
    assert onp.allclose(npx.softmax(convolve(inputs(), channels), **axis).asnumpy(), expected, atol=1e-6)
    logarithm = npx.log_softmax(convolve(inputs(), channels), **axis).asnumpy()
    assert onp.allclose(logarithm, onp.log(expected), atol=1e-4)


def test_softmax_takes_the_axis_by_place():
    Y = convolve(inputs(), 8)
    expected = row_softmax(Y.asnumpy())
    assert onp.allclose(npx.softmax(convolve(inputs(), 8), None, -1).asnumpy(), expected, atol=1e-6)
    assert onp.allclose(npx.log_softmax(convolve(inputs(), 8), 3).asnumpy(), onp.log(expected), atol=1e-4)


def test_softmax_of_a_convolution_over_sequences():
    X = inputs().reshape(4, 3, 100)
    Y = npx.convolution(X, np.ones((8, 3, 5)), kernel=(5,), num_filter=8, no_bias=True)
    expected = row_softmax(npx.convolution(X, np.ones((8, 3, 5)), kernel=(5,), num_filter=8, no_bias=True).asnumpy())
    assert onp.allclose(npx.softmax(Y).asnumpy(), expected, atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, 2, -2])
def test_softmax_over_another_axis(axis):
    Y = convolve(inputs(), 8).asnumpy()
    expected = onp.moveaxis(row_softmax(onp.moveaxis(Y, axis, -1)), -1, axis)
    assert onp.allclose(npx.softmax(convolve(inputs(), 8), axis=axis).asnumpy(), expected, atol=1e-6)


@pytest.mark.parametrize("shape", [(5,), (4, 5), (2, 3, 4), (2, 3, 4, 5), (2, 1, 3, 4, 5), (0, 3, 4)], ids=str)
def test_softmax_of_an_ordinary_array_and_its_gradient(shape):
    x = onp.random.RandomState(0).uniform(-2, 2, size=shape).astype("float32")
    weights = onp.random.RandomState(1).uniform(size=shape).astype("float32")
    X = np.array(x)
    X.attach_grad()
    with autograd.record():
        Y = npx.softmax(X)
    assert Y.shape == shape
    Y.backward(np.array(weights))
    y = row_softmax(x) if x.size else x
    assert onp.allclose(Y.asnumpy(), y, atol=1e-6)
    assert onp.allclose(X.grad.asnumpy(), y * (weights - (weights * y).sum(axis=-1, keepdims=True)), atol=1e-6)


def test_softmax_with_lengths_and_temperature():
    x = onp.random.RandomState(0).uniform(-2, 2, size=(2, 3, 4)).astype("float32")
    assert onp.allclose(npx.softmax(np.array(x), temperature=2.0).asnumpy(), row_softmax(x / 2), atol=1e-6)
    lengths = np.array([[1, 2, 3], [4, 3, 2]], dtype="int32")
    masked = npx.softmax(np.array(x), lengths, axis=-1, use_length=True).asnumpy()
    assert onp.allclose(masked[0, 1, :2], row_softmax(x[0, 1, :2]), atol=1e-6)
    assert not masked[0, 1, 2:].any()


def test_softmax_keeps_its_documentation():
    assert "axis" in npx.softmax.__doc__
    assert npx.softmax.__name__ == "softmax"
