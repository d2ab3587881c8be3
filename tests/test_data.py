"""Image data sets: the embedded digits, and MNIST's format, cache and downloads (from a server in this process)."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import re
import socket
import struct
import threading
from importlib import resources
from types import MappingProxyType

import numpy as onp
import pytest
from mxnet import np, npx

import d2lhelpers.data as data
from d2lhelpers.data import downloads, images
from d2lhelpers.data.digits import draw_digits
from d2lhelpers.data.downloads import DataError, RemoteDataSet, RemoteFile, read_idx_images, read_idx_labels


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
        ({"resize": 7}, ValueError, "resize=7: must be a whole number, 8 or more"),
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


# The IDX format


def idx(magic, shape, values):
    return struct.pack(f">{1 + len(shape)}I", magic, *shape) + bytes(values)


def image_file(count, seed=0):
    pixels = onp.random.RandomState(seed).randint(0, 256, (count, 28, 28)).astype("uint8")
    return pixels, gzip.compress(idx(0x803, pixels.shape, pixels.tobytes()))


def label_file(labels):
    return gzip.compress(idx(0x801, (len(labels),), labels))


def written(tmp_path, content):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    return path


def test_idx_files_are_read_as_written(tmp_path):
    pixels, content = image_file(3)
    result = read_idx_images(written(tmp_path, content))
    assert result.dtype == "uint8"
    assert (result == pixels).all()
    assert read_idx_labels(written(tmp_path, label_file([0, 9, 4]))).tolist() == [0, 9, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx(0x801, (3,), [1, 2, 10]), "label 10, but labels go from 0 to 9"),
        (idx(0x801, (3,), [1, 2]), r"shape \(3,\) needs 3 values, but there are 2"),
        (idx(0x801, (3,), [1, 2, 3, 4]), r"shape \(3,\) needs 3 values, but there are 4"),
        (idx(0x801, (0,), []), "holds no values"),
        (idx(0x803, (3, 1, 1), [1, 2, 3]), "magic number is 0x00000803 instead of 0x00000801"),
        (idx(0xD01, (3,), [1, 2, 3]), "magic number is 0x00000d01"),
        (struct.pack("<2I", 0x801, 3) + bytes(3), "magic number is 0x01080000"),
        (b"\0\0\x08\x01\0\0", "6 bytes are too short"),
        (b"", "0 bytes are too short"),
    ],
)
def test_wrong_labels(tmp_path, content, message):
    with pytest.raises(DataError, match=f"file.gz.*{message}"):
        read_idx_labels(written(tmp_path, gzip.compress(content)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (idx(0x803, (1, 28, 27), [0] * 756), "images of 28x27 pixels instead of 28x28"),
        (idx(0x803, (2, 28, 28), [0] * 784), "needs 1,568 values, but there are 784"),
        (idx(0x803, (2**32 - 1,) * 3, []), "needs 79,228,162,458,924,105,385,300,197,375 values"),
        (idx(0x803, (0, 28, 28), []), "holds no values"),
        (idx(0x801, (28,), [0] * 28), "magic number is 0x00000801 instead of 0x00000803"),
    ],
)
def test_wrong_images(tmp_path, content, message):
    with pytest.raises(DataError, match=f"file.gz.*{message}"):
        read_idx_images(written(tmp_path, gzip.compress(content)))


@pytest.mark.parametrize("damage", [
    lambda content: content[:-20],                                     # cut off
    lambda content: content[:30] + bytes([content[30] ^ 255]) + content[31:],  # a byte changed
    lambda content: gzip.decompress(content),                          # not compressed
    lambda content: b"<html>Please log in</html>",
])  # fmt: skip
def test_damaged_archives(tmp_path, damage):
    with pytest.raises(DataError, match=r"file.gz: cannot be read as a gzip file"):
        read_idx_images(written(tmp_path, damage(image_file(2)[1])))


# Cache and downloads, with small archives and a server on this machine

NAMES = ("train-images.gz", "train-labels.gz", "t10k-images.gz", "t10k-labels.gz")


class Mirror:
    """A web server with the files `answers` (or HTTP error codes), which counts what it was asked for."""

    def __init__(self, answers):
        mirror = self
        self.answers, self.requests = dict(answers), []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.requests.append(self.path[1:])
                answer = mirror.answers.get(self.path[1:], 404)
                if isinstance(answer, int):
                    self.send_error(answer)
                    return
                content, announced = answer if isinstance(answer, tuple) else (answer, len(answer))
                self.send_response(200)
                self.send_header("Content-Length", str(announced))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def mirrors(monkeypatch):
    """A function that starts a mirror."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with contextlib.ExitStack() as stack:

        def start(answers):
            mirror = Mirror(answers)
            stack.callback(mirror.close)
            return mirror

        yield start


@pytest.fixture
def dead_url():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        yield f"http://127.0.0.1:{unused.getsockname()[1]}/"


@pytest.fixture
def archives():
    contents = (image_file(7)[1], label_file([0, 1, 2, 3, 4, 5, 6]), image_file(4, seed=1)[1], label_file([9, 8, 7, 6]))
    return dict(zip(NAMES, contents, strict=True))


@pytest.fixture
def tiny(monkeypatch, archives):
    """A function that makes "mnist" those archives, at the mirrors given."""

    def use(*urls, size=0):
        files = [RemoteFile(name, hashlib.sha256(content).hexdigest(), size) for name, content in archives.items()]
        data_set = RemoteDataSet("mnist", "Tiny MNIST", urls, *files)
        monkeypatch.setattr(downloads, "DATA_SETS", MappingProxyType({"mnist": data_set}))
        return data_set

    return use


def check_tiny():
    for train, count, labels, seed in ((True, 7, [0, 1, 2, 3, 4, 5, 6], 0), (False, 4, [9, 8, 7, 6], 1)):
        pictures, found = data.load_images(train, source="mnist")
        assert found.tolist() == labels
        assert found.dtype == "int32"
        assert pictures.shape == (count, 1, 28, 28)
        assert pictures.dtype == "float32"
        assert (pictures.asnumpy()[:, 0] == image_file(count, seed)[0] / onp.float32(255)).all()


def test_download_and_cache(mirrors, tiny, archives, tmp_path):
    mirror = mirrors(archives)
    tiny(mirror.url)
    assert data.cached_sources() == ["digits"]
    check_tiny()
    assert sorted(mirror.requests) == sorted(NAMES)
    assert sorted(path.name for path in (tmp_path / "cache" / "mnist").iterdir()) == sorted(NAMES)
    assert data.cached_sources() == ["digits", "mnist"]
    mirror.requests.clear()
    check_tiny()
    assert mirror.requests == []


def test_only_what_is_needed_is_downloaded(mirrors, tiny, archives):
    mirror = mirrors(archives)
    tiny(mirror.url)
    data.load_images(False, source="mnist")
    assert sorted(mirror.requests) == ["t10k-images.gz", "t10k-labels.gz"]
    assert data.cached_sources() == ["digits"]


def test_load_data_takes_the_first_ones(mirrors, tiny, archives):
    tiny(mirrors(archives).url)
    train, test = data.load_data(2, source="mnist", train_size=5, test_size=3)
    assert sorted(label for _, labels in train for label in labels.tolist()) == [0, 1, 2, 3, 4]
    assert [labels.tolist() for _, labels in test] == [[9, 8], [7]]


def test_dead_mirror_then_good_one(mirrors, tiny, archives, dead_url):
    tiny(dead_url, mirrors(archives).url)
    check_tiny()


@pytest.mark.parametrize(
    "answer", [404, 500, b"<html>Please log in</html>", b"", (b"half a file", 100)],
    ids=["404", "500", "login", "empty", "cut"],
)  # fmt: skip
def test_bad_mirror_then_good_one(mirrors, tiny, archives, answer, tmp_path):
    bad, good = mirrors(dict.fromkeys(NAMES, answer)), mirrors(archives)
    tiny(bad.url, good.url)
    check_tiny()
    assert len(bad.requests) == len(good.requests) == 4
    assert len(list((tmp_path / "cache" / "mnist").iterdir())) == 4  # nothing of the failures is left over


def test_all_mirrors_dead(mirrors, tiny, archives, dead_url, tmp_path):
    missing, login = mirrors({}), mirrors(dict.fromkeys(NAMES, b"<html>Please log in</html>"))
    tiny(dead_url, missing.url, login.url)
    with pytest.raises(DataError) as caught:
        data.load_data(2, source="mnist")
    message = str(caught.value)
    assert message.startswith("Tiny MNIST: no mirror delivered train-labels.gz:\n")
    assert re.search(rf"{dead_url}train-labels.gz\n +ConnectionError: \[Errno \d+\] Connection refused\n", message)
    assert re.search(rf"{missing.url}train-labels.gz\n +HTTP status 404", message)
    assert re.search(rf"{login.url}train-labels.gz\n +delivered something else", message)
    assert "try again later or from another network" in message
    assert str(tmp_path / "cache" / "mnist") in message
    assert all(name in message for name in NAMES)
    assert "D2L_DATASET=digits" in message


def test_reason_is_not_what_the_caller_was_handling(tiny, dead_url):
    tiny(dead_url)
    try:
        raise KeyError("the caller's own trouble")
    except KeyError:
        with pytest.raises(DataError, match=r"ConnectionError: \[Errno \d+\] Connection refused\n"):
            data.load_images(source="mnist")


def test_files_put_into_the_folder_by_hand(tiny, archives, dead_url, tmp_path):
    tiny(dead_url)
    folder = tmp_path / "cache" / "mnist"
    folder.mkdir(parents=True)
    for name, content in archives.items():
        (folder / name).write_bytes(content)
    check_tiny()
    assert data.cached_sources() == ["digits", "mnist"]


def test_damaged_file_in_the_cache_is_replaced(mirrors, tiny, archives, tmp_path):
    mirror = mirrors(archives)
    tiny(mirror.url)
    check_tiny()
    mirror.requests.clear()
    (tmp_path / "cache" / "mnist" / NAMES[0]).write_bytes(b"garbage")
    assert data.cached_sources() == ["digits"]
    check_tiny()
    assert mirror.requests == [NAMES[0]]


def test_complete_cache_is_not_written_to(mirrors, tiny, archives, monkeypatch):
    tiny(mirrors(archives).url)
    check_tiny()
    monkeypatch.setattr(downloads, "_make_writable", None)  # would raise if it were called
    check_tiny()


def test_folder_that_cannot_be_written_to(tiny, dead_url, monkeypatch, tmp_path):
    tiny(dead_url)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / "file" / "cache"))
    assert data.cached_sources() == ["digits"]
    with pytest.raises(DataError, match=r"cannot write to .*cache.mnist: .*\nSet .*D2L_DATA_DIR(.|\n)*=digits"):
        data.load_images(source="mnist")


def test_read_only_folder(tiny, dead_url, monkeypatch):
    """As root, who may write anywhere, cannot try it out: by the error that the system would give."""
    tiny(dead_url)

    def refuse(**arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(downloads.tempfile, "TemporaryFile", refuse)
    with pytest.raises(DataError, match=r"cannot write to the folder for downloads, .*: Permission denied"):
        data.load_images(source="mnist")


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("D2L_DATA_DIR", "~/data")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert downloads.cache_folder() == tmp_path / "data"
    monkeypatch.delenv("D2L_DATA_DIR")
    assert downloads.cache_folder().name == "d2lhelpers"


def test_small_downloads_are_silent(mirrors, tiny, archives, capfd):
    tiny(mirrors(archives).url)
    check_tiny()
    assert capfd.readouterr() == ("", "")


def test_large_downloads_show_progress_on_stdout(mirrors, tiny, archives, capfd):
    tiny(mirrors(archives).url, size=downloads.PROGRESS_FROM)
    check_tiny()
    output, errors = capfd.readouterr()
    assert NAMES[0] in output
    assert "B/s" in output
    assert errors == ""


def test_files_that_do_not_belong_together(mirrors, tiny, archives):
    archives["train-labels.gz"] = label_file([1, 2, 3])
    tiny(mirrors(archives).url)
    with pytest.raises(DataError, match=r"7 images in train-images\.gz, but 3 labels"):
        data.load_images(source="mnist")


def test_fashion_mnist_under_its_name_in_d2l(monkeypatch):
    monkeypatch.setattr(
        images, "read_data_set", lambda name, train: (onp.zeros((20, 28, 28), "uint8"), onp.zeros(20, "uint8"))
    )
    train, test = data.load_data_fashion_mnist(8, 32)
    assert [batch.shape for batch, _ in train] == [(8, 1, 32, 32), (8, 1, 32, 32), (4, 1, 32, 32)]
    assert train.shuffle
    assert not test.shuffle


def test_records():
    for name, data_set in downloads.DATA_SETS.items():
        assert data_set.name == name
        assert name in images.SOURCES
        assert len(data_set.mirrors) >= 3
        assert all(url.startswith("http") and url[-1] == "/" for url in data_set.mirrors)
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in data_set.files)
    hashes = [file.sha256 for data_set in downloads.DATA_SETS.values() for file in data_set.files]
    assert len(set(hashes)) == 8


@pytest.mark.network
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_every_mirror_delivers(name, tmp_path):
    data_set = downloads.DATA_SETS[name]
    for number, mirror in enumerate(data_set.mirrors):
        folder = tmp_path / str(number)
        path = downloads._download(mirror + data_set.test_labels.name, data_set.test_labels, folder)
        assert len(read_idx_labels(path)) == 10_000
