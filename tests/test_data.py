"""Image data sets: the embedded digits, and the one interface to all."""

import functools
import hashlib
import pickle
import re
from importlib import resources
from pathlib import Path

import numpy as onp
import pytest
from mxnet import np, npx

import d2lhelpers.data as data
from d2lhelpers.data import images
from d2lhelpers.data.digits import draw_digits


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """Tests see neither the user's choice of data nor the user's cache."""
    monkeypatch.delenv("D2L_DATASET", raising=False)
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / "cache"))


# The embedded digits


@functools.cache
def originals():
    with (resources.files("d2lhelpers") / "datasets" / "digits.npz").open("rb") as stream, onp.load(stream) as file:
        return file["images"], file["labels"]


def enlarge_pixel_by_pixel(originals):
    """The oracle: bilinear interpolation from 8 to 20 pixels, one new pixel after the other, in whole numbers.

    New pixel i is at (i + 1/2) * 8/20 - 1/2 = (4i - 3) / 10.
    """

    def neighbors(i):
        tenths = min(max(4 * i - 3, 0), 70)
        low = min(tenths // 10, 6)
        return ((low, 10 * (low + 1) - tenths), (low + 1, tenths - 10 * low))

    old, new = originals.astype(int), onp.zeros((len(originals), 20, 20), dtype=int)
    for i in range(20):
        for j in range(20):
            new[:, i, j] = sum(p * q * old[:, r, c] for r, p in neighbors(i) for c, q in neighbors(j))
    return (2 * 255 * new + 1600) // 3200


def trimmed(image):
    """The part of an image that has ink: it does not depend on where the digit was drawn."""
    rows, columns = image.any(axis=1).nonzero()[0], image.any(axis=0).nonzero()[0]
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype("uint8").tobytes()


@functools.cache
def original_of_picture():
    pictures = [trimmed(image) for image in enlarge_pixel_by_pixel(originals()[0])]
    assert len(set(pictures)) == 1797
    return {picture: number for number, picture in enumerate(pictures)}


def shown(images):
    """Which original each image shows; a KeyError if it shows none exactly."""
    return onp.array([original_of_picture()[trimmed(image)] for image in images])


@pytest.mark.parametrize(
    ("train", "count", "digest"),
    [
        (True, 6000, "7e5895808e942d5e80f8e227dd9349332b54d9f068a7005ccdae590056218d07"),
        (False, 1000, "30727ab0f5f291916c56e70a17db542e31ddb50b9a49e583a2b0d96048c05e58"),
    ],
)
def test_digits_are_the_same_on_every_machine(train, count, digest):
    pictures, labels = draw_digits(count, train=train, seed=0)
    assert pictures.shape == (count, 28, 28)
    assert pictures.dtype == "uint8"
    assert labels.shape == (count,)
    assert labels.dtype == "uint8"
    assert hashlib.sha256(pictures.tobytes() + labels.tobytes()).hexdigest() == digest


def test_originals_are_those_of_the_source():
    pictures, labels = originals()
    assert pictures.shape == (1797, 8, 8)
    assert pictures.min() == 0
    assert pictures.max() == 16
    # Classes and first labels as scikit-learn's documentation of the data set gives them.
    assert onp.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    assert pictures[0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_each_digit_is_an_enlarged_original_with_its_label():
    for train, count in ((True, 3000), (False, 1000)):
        pictures, labels = draw_digits(count, train=train, seed=3)
        assert (labels == originals()[1][shown(pictures)]).all()


def test_no_original_is_in_both_parts():
    train = set(shown(draw_digits(1437, train=True, seed=0)[0]))
    test = set(shown(draw_digits(360, train=False, seed=0)[0]))
    assert len(train) == 1437
    assert len(test) == 360
    assert not train & test
    # Whatever the seed
    assert set(shown(draw_digits(1437, train=True, seed=9)[0])) == train
    assert set(shown(draw_digits(360, train=False, seed=9)[0])) == test


def test_originals_come_equally_often():
    counts = onp.bincount(shown(draw_digits(1000, train=False, seed=0)[0]))
    assert set(counts) == {0, 2, 3}


def test_classes_are_even():
    for train, count in ((True, 6000), (False, 1000)):
        _, labels = draw_digits(count, train=train, seed=0)
        onp.testing.assert_allclose(onp.bincount(labels) / count, 0.1, atol=0.02)


def test_every_place_is_used():
    pictures, _ = draw_digits(6000, train=True, seed=0)
    ink = (pictures > 0).mean(axis=0)
    assert (ink[:, 13:15] > 0).all()
    assert (ink[13:15] > 0).all()
    middle = (ink * onp.arange(28)).sum() / ink.sum(), (ink.T * onp.arange(28)).sum() / ink.sum()
    onp.testing.assert_allclose(middle, 13.5, atol=0.3)


def test_fewer_draws_are_the_first_ones():
    many, many_labels = draw_digits(3000, train=True, seed=5)
    few, few_labels = draw_digits(10, train=True, seed=5)
    assert (few == many[:10]).all()
    assert (few_labels == many_labels[:10]).all()


def test_other_seed_other_draws():
    assert (draw_digits(10, train=True, seed=0)[0] != draw_digits(10, train=True, seed=1)[0]).any()


def test_license_of_the_digits():
    text = (resources.files("d2lhelpers") / "datasets" / "LICENSE-digits.txt").read_text(encoding="utf-8")
    for needed in ("Alpaydin", "Kaynak", "CC BY 4.0", "10.24432/C50P49", "What we changed"):
        assert needed in text


# load_data and load_images


def test_load_data_defaults():
    train, test = data.load_data(256)
    assert (train.num_examples, test.num_examples, len(train), len(test)) == (6000, 1000, 24, 4)
    for loader in (train, test):
        batch, labels = next(iter(loader))
        assert isinstance(batch, np.ndarray)
        assert batch.shape == (256, 1, 28, 28)
        assert batch.dtype == "float32"
        assert isinstance(labels, np.ndarray)
        assert labels.shape == (256,)
        assert labels.dtype == "int32"
        assert batch.ctx == labels.ctx == npx.cpu()
        assert batch.min() == 0
        assert batch.max() == 1


def test_only_the_training_examples_are_shuffled():
    train, test = data.load_data(50, train_size=50, test_size=50)
    (first,), (second,) = ([labels.tolist() for _, labels in train] for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second)
    assert [labels.tolist() for _, labels in test] == [data.load_images(train=False, size=50)[1].tolist()]


def test_load_images_are_those_of_load_data():
    pictures, labels = data.load_images(size=40, seed=4)
    train, _ = data.load_data(40, train_size=40, seed=4)
    ((batch, batch_labels),) = train
    everything = {image.tobytes() for image in pictures.asnumpy()}
    assert {image.tobytes() for image in batch.asnumpy()} == everything
    assert sorted(labels.tolist()) == sorted(batch_labels.tolist())


def test_load_images_are_255ths():
    pictures, labels = data.load_images(train=False, seed=2)
    raw, raw_labels = draw_digits(1000, train=False, seed=2)
    assert pictures.shape == (1000, 1, 28, 28)
    assert pictures.dtype == "float32"
    assert labels.dtype == "int32"
    assert labels.tolist() == raw_labels.tolist()
    assert (pictures.asnumpy()[:, 0] == (raw / 255).astype("float32")).all()
    assert data.load_images()[0].shape == (6000, 1, 28, 28)


def test_resize():
    train, test = data.load_data(32, train_size=40, test_size=32, resize=64)
    assert [batch.shape for batch, _ in train] == [(32, 1, 64, 64), (8, 1, 64, 64)]
    ((batch, _),) = test
    pictures, _ = data.load_images(train=False, size=32, resize=64)
    onp.testing.assert_array_equal(batch.asnumpy(), pictures.asnumpy())
    assert pictures.min() >= 0
    assert pictures.max() <= 1


def test_works_without_set_np():
    npx.reset_np()
    try:
        pictures, _ = data.load_images(size=3)
        assert pictures.sum().shape == ()
    finally:
        npx.set_np()


@pytest.mark.parametrize(("source", "names"), [(None, "0 1 2 3"), ("digits", "0 1 2 3"), ("mnist", "0 1 2 3"),
                                               ("fashion_mnist", "t-shirt trouser pullover dress")])  # fmt: skip
def test_class_names(source, names):
    found = data.class_names(source)
    assert len(found) == len(set(found)) == 10
    assert found[:4] == names.split()


def test_source_from_the_environment(monkeypatch):
    monkeypatch.setenv("D2L_DATASET", "fashion_mnist")
    assert data.class_names()[0] == "t-shirt"
    assert data.class_names("digits")[0] == "0"  # the argument wins
    monkeypatch.setenv("D2L_DATASET", "")
    assert data.class_names()[0] == "0"
    monkeypatch.setenv("D2L_DATASET", "cifar")
    with pytest.raises(ValueError, match=r"'cifar' .*environment variable D2L_DATASET.*choose digits"):
        data.load_data(10)


@pytest.mark.parametrize("source", ["cifar", "MNIST", "", 3])
@pytest.mark.parametrize("function", [data.class_names, lambda s: data.load_data(8, source=s),
                                      lambda s: data.load_images(source=s)])  # fmt: skip
def test_unknown_source(function, source):
    message = f"unknown data set {source!r}: choose digits, mnist or fashion_mnist"
    with pytest.raises(ValueError, match=re.escape(message)):
        function(source)


@pytest.mark.parametrize("source", images.SOURCES)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0: must be a whole number, 1 or more"),
        ({"batch_size": 2.5}, TypeError, "batch_size=2.5: must be a whole number, 1 or more"),
        ({"batch_size": True}, TypeError, "batch_size=True: must be a whole number, 1 or more"),
        ({"train_size": 60_001}, ValueError, "train_size=60001: must be a whole number, 1 to 60,000"),
        ({"test_size": 10_001}, ValueError, "test_size=10001: must be a whole number, 1 to 10,000"),
        ({"train_size": 0}, ValueError, "train_size=0"),
        ({"test_size": 1e3}, TypeError, "test_size=1000.0"),
        ({"resize": 7}, ValueError, "resize=7: must be a whole number, 8 to 1,024"),
        ({"resize": 32.0}, TypeError, "resize=32.0"),
        ({"seed": -1}, ValueError, "seed=-1: must be a whole number, 0 to 4,294,967,295"),
        ({"seed": None}, TypeError, "seed=None"),
    ],
)
def test_wrong_arguments_before_any_download(monkeypatch, source, arguments, error, message):
    monkeypatch.setattr(images, "read_data_set", None)  # would raise if it were called
    with pytest.raises(error, match=re.escape(message)):
        data.load_data(**{"batch_size": 32, "source": source, **arguments})


def test_wrong_arguments_of_load_images():
    with pytest.raises(TypeError, match="train='test'"):
        data.load_images("test")
    with pytest.raises(ValueError, match="size=10001: must be a whole number, 1 to 10,000"):
        data.load_images(train=False, size=10_001)


def test_fashion_mnist_under_its_name_in_d2l(monkeypatch):
    monkeypatch.setattr(
        images, "read_data_set", lambda name, train: (onp.zeros((20, 28, 28), "uint8"), onp.zeros(20, "uint8"))
    )
    train, test = data.load_data_fashion_mnist(8, 32)
    assert [batch.shape for batch, _ in train] == [(8, 1, 32, 32), (8, 1, 32, 32), (4, 1, 32, 32)]
    assert train.shuffle
    assert not test.shuffle


def test_public_names():
    assert set(data.__all__) <= set(dir(data))
    assert all(getattr(data, name) for name in data.__all__)
    with pytest.raises(AttributeError, match=r"'load_dat'; it has .*load_data"):
        data.load_dat  # noqa: B018


def test_nothing_is_unpickled(monkeypatch):
    """Reading a pickle can run any code, so no file of data may be one, whatever it is called."""

    def refuse(*arguments, **options):
        raise AssertionError("a pickle was read")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    data.load_images(size=3)
    package = Path(data.__file__).parent.parent
    for source in package.rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(import|from) (c?[pP]ickle|dill|joblib|shelve|marshal)\b", text, re.MULTILINE), (
            source
        )
        assert all("allow_pickle=False" in call for call in re.findall(r"onp\.load\([^\n]*", text)), source
