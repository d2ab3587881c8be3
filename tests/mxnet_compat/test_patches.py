"""Bugs of MXNet that are fixed (patches/). Without the patches, some of these tests crash the process."""

import copy
import pickle
from collections import namedtuple

import mxnet as mx
import numpy as onp
import pytest
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

from mxnet_compat.patches.parameter_text import Text

I = onp.int64  # noqa: E741 - a shape or an index that was computed with NumPy contains these

# NumPy's numbers in parameters


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((I(6),), "(6,)"),
        ([onp.float64(0.5), (onp.int32(1), 2)], "[0.5, (1, 2)]"),
        ((onp.bool_(True), None, "np.x"), "(True, None, 'np.x')"),
        ((onp.float64("nan"), onp.float32("inf")), "(nan, inf)"),
        (namedtuple("Shape", "rows columns")(I(2), 3), {"Shape(rows=2, columns=3)", "(2, 3)"}),
        (onp.float32(0.1), "0.1"),
        ("np.int64(6)", "np.int64(6)"),
        (None, "None"),
    ],
)
def test_parameters_are_written_as_with_numpy_1(value, expected):
    text = Text(value)
    assert text in expected if isinstance(expected, set) else text == expected


def test_operators_take_numpys_integers():
    x = onp.arange(24.0).reshape(2, 3, 4)
    assert np.array(x).transpose((I(2), I(0), I(1))).shape == (4, 2, 3)
    assert np.sum(np.array(x), axis=(I(0), I(2))).asnumpy().tolist() == x.sum((0, 2)).tolist()
    assert np.zeros((I(2), I(3))).shape == (2, 3)
    part = mx.nd.slice(mx.nd.array(x), begin=(I(0), I(1), I(1)), end=(I(1), I(3), I(3)))
    assert part.asnumpy().tolist() == x[0:1, 1:3, 1:3].tolist()


def test_symbols_take_numpys_integers():
    a = mx.sym.var("a", shape=(I(2), I(3)))
    assert mx.sym.transpose(a, axes=(I(1), I(0))).infer_shape()[1] == [(3, 2)]


def test_symbols_still_tell_strings_from_other_objects():
    assert mx.sym.var("a").optimize_for("no such backend").list_arguments() == ["a"]
    with pytest.raises(AssertionError):
        mx.sym.var("a").optimize_for(1)


def test_a_hybridized_net_takes_numpys_integers_and_comes_back_from_disk(tmp_path):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(I(3), kernel_size=(I(3), I(3)), in_channels=I(2)), nn.Dense(I(4), in_units=I(3 * 36)))
    net.initialize()
    x = np.random.uniform(size=(1, 2, 8, 8))
    before = net(x).asnumpy()
    net.hybridize()
    assert onp.allclose(net(x).asnumpy(), before, atol=1e-6)
    net.export(str(tmp_path / "net"))
    again = gluon.SymbolBlock.imports(f"{tmp_path}/net-symbol.json", ["data"], f"{tmp_path}/net-0000.params")
    assert onp.allclose(again(x).asnumpy(), before, atol=1e-6)


def test_data_iterators_take_numpys_integers(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("1,2,3\n4,5,6\n")
    npx.reset_np()
    batch = next(iter(mx.io.CSVIter(data_csv=str(table), data_shape=(I(3),), batch_size=I(2))))
    assert batch.data[0].asnumpy().tolist() == [[1, 2, 3], [4, 5, 6]]


# Named tuples


@pytest.mark.parametrize("name", ["qr", "svd", "eig", "eigh", "slogdet"])
def test_decompositions_by_both_packages_agree_with_numpys(name):
    x = onp.array([[2.0, 1.0], [1.0, 3.0]], dtype="float32")
    expected = getattr(onp.linalg, name)(x)
    for function in (getattr(np.linalg, name), getattr(onp.linalg, name)):
        result = function(np.array(x))
        assert type(result) in (tuple, list)  # not a named tuple
        for part, right in zip(result, expected, strict=True):
            got = part.asnumpy() if isinstance(part, np.ndarray) else part
            # Vectors are right in either direction; eig may list its pairs in any order.
            assert onp.allclose(onp.sort(abs(onp.ravel(got))), onp.sort(abs(onp.ravel(right))), atol=1e-5)


# tostring()


def test_a_record_with_several_labels_comes_back():
    header, content = mx.recordio.unpack(mx.recordio.pack(mx.recordio.IRHeader(0, [1, 2, 3], 7, 0), b"content"))
    assert (header.flag, header.id, content) == (3, 7, b"content")
    assert header.label.tolist() == [1, 2, 3]


def test_a_record_with_an_image_comes_back(monkeypatch):
    class OpenCV:
        IMWRITE_JPEG_QUALITY = 1

        @staticmethod
        def imencode(suffix, image, quality):
            return True, onp.asarray(image, dtype="uint8")

    monkeypatch.setattr(mx.recordio, "cv2", OpenCV)
    _, content = mx.recordio.unpack(mx.recordio.pack_img(mx.recordio.IRHeader(0, 1.0, 7, 0), [1, 2, 3]))
    assert content == bytes([1, 2, 3])


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_arrays_can_be_copied(duplicate):
    x = np.array([[1.0, 2.0]])
    y = duplicate(x)
    y[:] = 0
    assert (type(y), x.asnumpy().tolist()) == (np.ndarray, [[1.0, 2.0]])


# The output of a convolution: slices through its channels

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


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_slice_of_a_convolution_is_numpys(cut):
    for channels in CHANNELS:
        expected = convolve(inputs(), channels).asnumpy()[cut]
        got = convolve(inputs(), channels)[cut]
        assert got.shape == expected.shape
        assert onp.array_equal(got.asnumpy(), expected)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_the_gradient_of_a_slice_is_that_of_the_channels_that_it_keeps(cut):
    for channels in CHANNELS:
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


@pytest.mark.parametrize("cut", [onp.s_[1], onp.s_[1, 2], onp.s_[1, 2, 3], onp.s_[1:3]], ids=str)
def test_a_piece_of_a_convolution_can_be_computed_with(cut):
    for channels in CHANNELS:
        expected = convolve(inputs(), channels).asnumpy()[cut]
        assert onp.allclose((convolve(inputs(), channels)[cut] + 1).asnumpy(), expected + 1)
        assert onp.allclose(npx.relu(convolve(inputs(), channels)[cut]).asnumpy(), onp.maximum(expected, 0))
        assert onp.allclose(convolve(inputs(), channels)[cut].sum().asnumpy(), expected.sum(), atol=1e-4)


def test_a_slice_past_the_end_is_an_error_and_a_slice_can_be_written_to():
    Y = convolve(inputs(), 8)
    with pytest.raises(IndexError, match="index 8 is out of bounds for axis 1 with size 8"):
        Y[:, 8]
    expected = Y.asnumpy().copy()
    Y = convolve(inputs(), 8)
    Y[:, 1:3] = expected[:, 1:3] = 7
    assert onp.array_equal(Y.asnumpy(), expected)


@pytest.mark.parametrize("cut", [onp.s_[:, 3:3], onp.s_[:0], onp.s_[:, :0, 1:]], ids=str)
def test_a_slice_of_an_ordinary_array_can_be_empty(cut):
    x = onp.ones((4, 5, 10, 10))
    assert np.array(x)[cut].asnumpy().shape == x[cut].shape


@pytest.mark.parametrize(("layer", "inputs", "outputs"), [(nn.Conv2D, 16, 32), (nn.Conv2DTranspose, 32, 16)])
def test_filters_can_be_sliced_after_a_prediction(layer, inputs, outputs):
    layer = layer(outputs, 3, in_channels=inputs)
    layer.initialize()
    before = layer.weight.data().asnumpy()
    layer(np.ones((4, inputs, 8, 8))).wait_to_read()
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


@pytest.mark.parametrize(
    "cut", [onp.s_[:, 0], onp.s_[:, -1], onp.s_[:, :4], onp.s_[:, 1:3, 2:5], onp.s_[1, 2:4], onp.s_[1:3]], ids=str
)
def test_a_hybridized_network_slices_as_before(cut, tmp_path):
    for channels in CHANNELS:
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
        net.export(str(tmp_path / "net"))
        again = gluon.SymbolBlock.imports(f"{tmp_path}/net-symbol.json", ["data"], f"{tmp_path}/net-0000.params")
        assert onp.allclose(again(inputs()).asnumpy(), before, atol=1e-5)


# The output of a convolution: softmax over its last axis


def row_softmax(y):
    powers = onp.exp(y - y.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize(
    ("arguments", "log_arguments", "axis"),
    [((), (), {}), ((), (), {"axis": 3}), ((None, -1), (3,), {})],
    ids=["default", "keyword", "position"],
)
def test_softmax_over_the_last_axis_of_a_convolution(channels, arguments, log_arguments, axis):
    expected = row_softmax(convolve(inputs(), channels).asnumpy())
    got = npx.softmax(convolve(inputs(), channels), *arguments, **axis)
    assert onp.allclose(got.asnumpy(), expected, atol=1e-6)
    got = npx.log_softmax(convolve(inputs(), channels), *log_arguments, **axis)
    assert onp.allclose(got.asnumpy(), onp.log(expected), atol=1e-4)


def test_softmax_of_a_convolution_over_sequences():
    X = inputs().reshape(4, 3, 100)
    outputs = [npx.convolution(X, np.ones((8, 3, 5)), kernel=(5,), num_filter=8, no_bias=True) for _ in range(2)]
    assert onp.allclose(npx.softmax(outputs[0]).asnumpy(), row_softmax(outputs[1].asnumpy()), atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, 2, -2])
def test_softmax_over_another_axis_of_a_convolution(axis):
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


def test_softmax_keeps_its_other_arguments_and_its_documentation():
    x = onp.random.RandomState(0).uniform(-2, 2, size=(2, 3, 4)).astype("float32")
    assert onp.allclose(npx.softmax(np.array(x), temperature=2.0).asnumpy(), row_softmax(x / 2), atol=1e-6)
    lengths = np.array([[1, 2, 3], [4, 3, 2]], dtype="int32")
    masked = npx.softmax(np.array(x), lengths, axis=-1, use_length=True).asnumpy()
    assert onp.allclose(masked[0, 1, :2], row_softmax(x[0, 1, :2]), atol=1e-6)
    assert not masked[0, 1, 2:].any()
    assert npx.softmax.__name__ == "softmax"
    assert "axis" in npx.softmax.__doc__
