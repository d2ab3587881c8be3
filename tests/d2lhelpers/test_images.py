"""Image data sets: the common interface to all of them."""

import re
from fractions import Fraction

import numpy as onp
import pytest
from mxnet import np, npx

import d2lhelpers.data as data
from d2lhelpers.data import images
from d2lhelpers.data.embedded import read_arrays


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    """Hide the user's downloads and mirror from the tests."""
    monkeypatch.delenv("D2L_MIRROR", raising=False)
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / "cache"))


# load_data and load_images


def test_load_data_defaults():
    train, test = data.load_data(256)
    assert (train.num_examples, test.num_examples, len(train), len(test)) == (10_000, 2000, 40, 8)
    for loader in (train, test):
        batch, labels = next(iter(loader))
        assert isinstance(batch, np.ndarray)
        assert isinstance(labels, np.ndarray)
        assert (batch.shape, batch.dtype, labels.shape, labels.dtype) == ((256, 1, 28, 28), "float32", (256,), "int32")
        assert batch.ctx == labels.ctx == npx.cpu()


def test_only_the_training_examples_are_shuffled():
    train, test = data.load_data(50, train_size=50, test_size=50)
    (first,), (second,) = ([labels.tolist() for _, labels in train] for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second)
    assert [labels.tolist() for _, labels in test] == [data.load_images(train=False, size=50)[1].tolist()]


def test_load_images_are_those_of_load_data():
    pictures, labels = data.load_images(size=40)
    train, _ = data.load_data(40, train_size=40, seed=4)
    ((batch, batch_labels),) = train

    def examples(images, labels):
        return {(image.tobytes(), label) for image, label in zip(images.asnumpy(), labels.tolist(), strict=True)}

    assert examples(batch, batch_labels) == examples(pictures, labels)


def test_load_images_are_255ths():
    pictures, labels = data.load_images(train=False, size=50)
    raw, raw_labels = read_arrays("mnist.npz", "test_images", "test_labels")
    assert (pictures.dtype, labels.dtype) == ("float32", "int32")
    assert labels.tolist() == raw_labels[:50].tolist()
    assert (pictures.asnumpy()[:, 0] == (raw[:50] / 255).astype("float32")).all()


def test_resize():
    train, test = data.load_data(32, train_size=40, test_size=32, resize=64)
    assert [batch.shape for batch, _ in train] == [(32, 1, 64, 64), (8, 1, 64, 64)]
    ((batch, _),) = test
    pictures, _ = data.load_images(train=False, size=32, resize=64)
    onp.testing.assert_array_equal(batch.asnumpy(), pictures.asnumpy())


def test_works_without_set_np():
    npx.reset_np()
    try:
        pictures, _ = data.load_images(size=3)
        assert pictures.sum().shape == ()
    finally:
        npx.set_np()


def test_fashion_mnist_under_its_name_in_d2l():
    train, test = data.load_data_fashion_mnist(8, 32)
    batch, labels = next(iter(test))
    assert batch.shape == (8, 1, 32, 32)
    assert labels.tolist() == data.load_images(train=False, source="fashion_mnist", size=8)[1].tolist()
    assert train.shuffle
    assert not test.shuffle


# Wrong arguments


@pytest.mark.parametrize("source", ["cifar", "MNIST", "", 3, ["mnist"], 10**100])
@pytest.mark.parametrize(
    "function",
    [data.class_names, lambda source: data.load_data(8, source=source), lambda s: data.load_images(source=s)],
)
def test_unknown_source(function, source):
    with pytest.raises(ValueError, match=re.escape(f"unknown data set {repr(source)[:97]}")) as caught:
        function(source)
    assert str(caught.value).endswith(": choose mnist, fashion_mnist or emoji")


@pytest.mark.parametrize("source", ["mnist", "fashion_mnist"])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0: must be a whole number, 1 or more"),
        ({"train_size": 60_001}, ValueError, "train_size=60001: must be a whole number, 1 to 60,000"),
        ({"train_size": 0}, ValueError, "train_size=0"),
        ({"test_size": 10_001}, ValueError, "test_size=10001: must be a whole number, 1 to 10,000"),
        ({"test_size": 1e3}, TypeError, "test_size=1000.0"),
        ({"resize": 7}, ValueError, "resize=7: must be a whole number, 8 to 1,024"),
        ({"seed": -1}, ValueError, "seed=-1: must be a whole number, 0 to 4,294,967,295"),
        ({"seed": None}, TypeError, "seed=None"),
    ],
)
def test_wrong_arguments_are_found_before_any_download(monkeypatch, source, arguments, error, message):
    monkeypatch.setattr(images, "_read_files", None)  # would raise if it were called
    with pytest.raises(error, match=re.escape(message)):
        data.load_data(**{"batch_size": 32, "source": source, "train_size": 60_000, "test_size": 10_000, **arguments})


@pytest.mark.parametrize(
    "value",
    [2.0, True, onp.bool_(True), None, "2", b"2", 2j, Fraction(2), [2], onp.array([2]), onp.float64(2), "x" * 200],
)
def test_only_integers_are_whole_numbers(value):
    with pytest.raises(TypeError, match=re.escape(f"batch_size={repr(value)[:97]}")) as caught:
        data.load_data(value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [onp.int64(7), onp.uint8(7), onp.array(7)])
def test_numpy_integers_are_whole_numbers(value):
    assert data.load_data(value, train_size=20)[0].batch_size == 7


def test_wrong_arguments_of_load_images():
    with pytest.raises(TypeError, match="train='test': must be True or False"):
        data.load_images("test")
    with pytest.raises(ValueError, match="size=10001: must be a whole number, 1 to 10,000"):
        data.load_images(train=False, size=10_001)
