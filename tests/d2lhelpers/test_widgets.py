"""The pad and the upload: from strokes and picture files to arrays, live and not. A browser test uses them for real."""

import contextlib
import io

import numpy as onp
import pytest
from handwriting import DIGITS, changed
from mxnet import init, np
from mxnet.gluon import nn
from PIL import Image, ImageOps

from d2lhelpers import UserImage, draw_digit, fit, load_data, load_images, load_photos, upload_photo
from d2lhelpers.widgets.front_end import PadWidget, UploadWidget
from d2lhelpers.widgets.strokes import PEN, center_digit, draw_strokes


@pytest.fixture(autouse=True)
def not_live(monkeypatch):
    monkeypatch.setenv("D2L_WIDGETS", "0")


@pytest.fixture
def shown(monkeypatch):
    """What a live notebook displays."""
    things = []
    monkeypatch.setenv("D2L_WIDGETS", "1")
    monkeypatch.setattr("IPython.display.display", things.append)
    return things


# Strokes


def image_of(strokes):
    return center_digit(draw_strokes(strokes)) / 255


def test_images_of_mnist_are_centered_already():
    images = onp.rint(255 * load_images(True, source="mnist", size=1000)[0].asnumpy()[:, 0]).astype("uint8")
    difference = onp.abs(onp.stack([center_digit(image) for image in images]) / 255 - images / 255)
    assert difference.mean() < 0.0002
    assert (difference.max(axis=(1, 2)) == 0).mean() > 0.995


@pytest.mark.parametrize("digit", range(10))
def test_position_and_size_do_not_matter(digit):
    drawn = image_of(DIGITS[digit])
    rows, columns = onp.nonzero(drawn)
    assert max(onp.ptp(rows), onp.ptp(columns)) + 1 in (19, 20)
    center = onp.array([rows, columns]) @ drawn[rows, columns] / drawn.sum()
    onp.testing.assert_allclose(center, 14, atol=0.51)
    for scale, dx, dy in [(1, 0.18, -0.17), (0.4, 0, 0), (0.3, -0.3, 0.3), (100, 0, 0)]:
        other = image_of(changed(DIGITS[digit], scale=scale, dx=dx, dy=dy))
        assert onp.abs(other - drawn).mean() < 0.003


def test_lines_are_as_thick_as_in_mnist():
    images, labels = load_images(True, source="mnist", size=2000)
    ink = images.asnumpy().sum(axis=(1, 2, 3))
    for digit, strokes in enumerate(DIGITS):
        low, high = onp.quantile(ink[labels.asnumpy() == digit], (0.02, 0.98))
        assert low < image_of(strokes).sum() < high


def test_a_dot_stays_round_and_a_stroke_is_placed_as_it_is_drawn():
    dot = image_of([[(0.2, 0.9)]])
    assert dot[13:15, 13:15].min() > 0.9
    line = image_of([[(0.1, 0.5), (0.9, 0.5)]])
    rows, columns = onp.nonzero(line > 0.5)
    assert onp.ptp(columns) + 1 == 20
    assert onp.ptp(rows) + 1 == round(PEN)


@pytest.mark.training
def test_a_network_trained_for_seconds_recognizes_the_digits():
    generator = onp.random.default_rng(0)
    for number in range(3):
        net = nn.Sequential()
        net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
        net.initialize(init.Xavier())
        train, test = load_data(64, source="mnist")
        fit(net, train, test, num_epochs=4, lr=0.3, plot=False, seed=number)
        drawn = np.array([image_of(strokes) for strokes in DIGITS], dtype="float32")
        assert net(drawn).argmax(axis=1).tolist() == list(range(10))
        right = 0
        for _ in range(30):
            scale, dx, dy, slant, stretch = generator.uniform((0.3, -0.2, -0.2, -0.1, 0.8), (1.2, 0.2, 0.2, 0.4, 1.2))
            how = {"scale": scale, "dx": dx, "dy": dy, "slant": slant, "stretch": stretch}
            others = np.array([image_of(changed(strokes, **how)) for strokes in DIGITS], dtype="float32")
            right += int((net(others).argmax(axis=1).asnumpy() == onp.arange(10)).sum())
        assert right / 300 > 0.9


# The pad


@pytest.mark.parametrize("example", [3, 8])
def test_a_notebook_that_is_not_live_has_a_stored_digit(capsys, example):
    digit = draw_digit(example)
    assert capsys.readouterr().out == f"A handwritten {example}, which is a stored example.\n"
    assert (digit.image.shape, digit.image.dtype) == ((1, 1, 28, 28), "float32")
    images, labels = load_images(False, source="mnist")
    (index,) = onp.flatnonzero((images.asnumpy() == digit.image.asnumpy()).all(axis=(1, 2, 3)))
    assert labels[index] == example


@pytest.mark.parametrize(("example", "error"), [(10, ValueError), (-1, ValueError), ("3", TypeError)])
def test_bad_examples_of_digits(example, error):
    with pytest.raises(error, match=r"example=.*0 to 9"):
        draw_digit(example)


def test_a_live_pad_follows_the_strokes(shown):
    digit = draw_digit()
    (pad,) = shown
    assert isinstance(pad, PadWidget)
    with pytest.raises(ValueError, match="Nothing has been drawn yet: draw a digit on the pad"):
        _ = digit.image
    assert repr(digit) == "<UserImage, still empty>"
    pad.strokes = DIGITS[3]
    image = digit.image
    assert (image.shape, image.dtype, repr(digit)) == ((1, 1, 28, 28), "float32", "<UserImage (1, 1, 28, 28)>")
    onp.testing.assert_allclose(image.asnumpy()[0, 0], image_of(DIGITS[3]), atol=1e-6)
    assert pad.preview == (255 * image).asnumpy().round().astype("uint8").tobytes()
    pad.strokes = []
    assert pad.preview == b""
    with pytest.raises(ValueError, match="Nothing has been drawn"):
        _ = digit.image


def test_two_pads_are_independent(shown):
    first, second = draw_digit(), draw_digit()
    shown[0].strokes = DIGITS[1]
    assert first.image.max() > 0.9
    assert repr(second) == "<UserImage, still empty>"


# Pictures

# Red, green, blue, and olive quarters of a picture that is wider than high.
QUARTERS = onp.array([[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (200, 200, 0)]], "uint8").repeat(60, 0).repeat(100, 1)
PICTURE = Image.fromarray(QUARTERS)


def content(picture, file_format="png", **options):
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def quarters(image):
    """The color in the middle of each quarter, as 0 to 255."""
    size = image.shape[-1]
    places = (size // 4, 3 * size // 4)
    return [(255 * image[0, :, y, x]).asnumpy().round().astype(int).tolist() for y in places for x in places]


@pytest.mark.parametrize(
    ("picture", "file_format"),
    [
        (PICTURE, "png"), (PICTURE, "jpeg"), (PICTURE, "webp"), (PICTURE, "bmp"), (PICTURE, "tiff"), (PICTURE, "gif"),
        (PICTURE.convert("RGBA"), "png"), (PICTURE.convert("CMYK"), "jpeg"), (PICTURE.convert("CMYK"), "tiff"),
        (PICTURE.convert("P"), "png"), (PICTURE.quantize(4), "gif"), (PICTURE.convert("YCbCr"), "jpeg"),
    ],
)  # fmt: skip
def test_all_kinds_of_color_pictures(picture, file_format):
    image = upload_photo(content(picture, file_format), size=64).image
    assert (image.shape, image.dtype) == ((1, 3, 64, 64), "float32")
    onp.testing.assert_allclose(quarters(image), quarters(upload_photo(content(PICTURE), size=64).image), atol=6)
    onp.testing.assert_allclose(quarters(image), [(255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 200, 0)], atol=6)


GRAY = onp.array([[0, 100], [200, 255]]).repeat(60, 0).repeat(60, 1)


@pytest.mark.parametrize(
    ("values", "file_format"),
    [
        (GRAY.astype("uint8"), "png"),
        (GRAY.astype("uint8"), "jpeg"),
        ((257 * GRAY).astype("uint16"), "png"),
        ((257 * GRAY).astype("uint16"), "tiff"),
        (GRAY.astype("int32"), "tiff"),
        ((GRAY / 255).astype("float32"), "tiff"),
    ],
)
def test_gray_pictures_of_any_depth(values, file_format):
    image = upload_photo(content(Image.fromarray(values), file_format), size=32).image
    onp.testing.assert_allclose(quarters(image), [[0] * 3, [100] * 3, [200] * 3, [255] * 3], atol=2)


def test_transparent_pixels_are_white_and_only_the_first_frame_counts():
    faded = PICTURE.copy()
    faded.putalpha(Image.fromarray(onp.array([[255, 0], [128, 255]], "uint8").repeat(60, 0).repeat(100, 1)))
    onp.testing.assert_allclose(
        quarters(upload_photo(content(faded)).image), [(255, 0, 0), (255,) * 3, (127, 127, 255), (200, 200, 0)], atol=1
    )
    moving = content(PICTURE, "gif", save_all=True, append_images=[Image.new("RGB", PICTURE.size)])
    assert quarters(upload_photo(moving).image)[0] == [255, 0, 0]
    key = content(PICTURE.quantize(4), transparency=PICTURE.quantize(4).getpixel((0, 0)))
    assert quarters(upload_photo(key).image)[0] == [255, 255, 255]


@pytest.mark.parametrize("file_format", ["jpeg", "png", "webp", "tiff"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_upright(file_format, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    file = content(PICTURE, file_format, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    expected = upload_photo(content(upright.convert("RGB")), size=64).image
    onp.testing.assert_allclose(quarters(upload_photo(file, size=64).image), quarters(expected), atol=6)


def test_damaged_metadata_do_not_matter():
    image = upload_photo(content(PICTURE, "jpeg", exif=b"Exif\0\0not what a camera writes")).image
    onp.testing.assert_allclose(quarters(image)[0], (255, 0, 0), atol=6)


def test_the_middle_is_cropped():
    wide = onp.zeros((50, 200, 3), "uint8")
    wide[:, 75:125] = 255
    for pixels in (wide, wide.transpose(1, 0, 2)):
        image = upload_photo(content(Image.fromarray(pixels)), size=50).image
        assert image.shape == (1, 3, 50, 50)
        assert image.min() == 1


def test_tiny_and_huge_pictures():
    assert upload_photo(content(Image.new("RGB", (1, 3), "red")), size=224).image.shape == (1, 3, 224, 224)
    assert upload_photo(content(Image.new("L", (9400, 9400), 7), "jpeg")).image.shape == (1, 3, 224, 224)
    with pytest.raises(ValueError, match="the picture has more than 89 million pixels: save a smaller copy"):
        upload_photo(content(Image.new("1", (9600, 9600))))


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_files_by_their_path(tmp_path, kind):
    (tmp_path / "mine.png").write_bytes(content(PICTURE))
    assert quarters(upload_photo(kind(tmp_path / "mine.png")).image)[0] == [255, 0, 0]
    with pytest.raises(FileNotFoundError, match=r"missing\.png"):
        upload_photo(kind(tmp_path / "missing.png"))


GOOD = content(PICTURE, "jpeg")
HELPS = "JPEG, PNG, GIF, WebP, BMP, and TIFF work"


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        (b"", f"the picture is empty: {HELPS}"),
        (b"<svg></svg>", f"the picture is not a picture in a known format: {HELPS}.*HEIC photos as JPEG"),
        (GOOD[: len(GOOD) // 2], f"the picture cannot be read .*truncated.*may be damaged. {HELPS}"),
        (content(PICTURE)[:200], f"the picture cannot be read .*may be damaged. {HELPS}"),
    ],
)
def test_bad_files(damaged, message):
    with pytest.raises(ValueError, match=message):
        upload_photo(damaged)


@pytest.mark.parametrize("file_format", ["png", "jpeg", "gif", "webp", "tiff", "bmp"])
def test_no_damage_raises_anything_but_a_value_error(file_format):
    good, generator = content(PICTURE, file_format), onp.random.default_rng(0)
    for _ in range(60):
        damaged = bytearray(good[: generator.integers(1, len(good) + 1)])
        for place in generator.integers(len(damaged), size=3):
            damaged[place] = generator.integers(256)
        with contextlib.suppress(ValueError):  # small damage may not be noticed
            upload_photo(bytes(damaged), size=32)


# The upload


def test_a_notebook_that_is_not_live_has_a_stored_photograph(capsys):
    photo = upload_photo(size=64, example="coffee")
    stored = {each.name: each for each in load_photos(64)}["coffee"]
    assert capsys.readouterr().out == f"{stored.title}, which is a stored example.\n"
    assert (photo.image[0] == stored.image).all()
    assert upload_photo().image.shape == (1, 3, 224, 224)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"example": "dog"}, ValueError, "example='dog': choose 'astronaut' or"),
        ({"size": 7}, ValueError, "size=7"),
        ({"source": 3}, TypeError, "source=3: must be the path of a picture file, or its content as bytes"),
    ],
)
def test_bad_arguments_of_uploads(arguments, error, message):
    with pytest.raises(error, match=message):
        upload_photo(**arguments)


def test_a_live_upload(shown):
    photo = upload_photo(size=40)
    (widget,) = shown
    assert isinstance(widget, UploadWidget)
    with pytest.raises(ValueError, match="Nothing has been uploaded yet: choose a picture"):
        _ = photo.image

    def receive(message, *buffers):
        widget._handle_custom_msg(message, [memoryview(buffer) for buffer in buffers])

    receive({"name": "mine.png"}, content(PICTURE))
    assert (widget.message, photo.image.shape) == ("mine.png, 40 × 40 pixels", (1, 3, 40, 40))
    seen = onp.asarray(Image.open(io.BytesIO(widget.picture))).transpose(2, 0, 1)
    onp.testing.assert_allclose(photo.image.asnumpy()[0] * 255, seen, atol=1e-3)
    receive({"name": "notes.txt"}, b"not a picture")
    assert widget.message.startswith("notes.txt is not a picture in a known format: JPEG")
    assert widget.picture == b""
    with pytest.raises(ValueError, match=r"notes\.txt is not a picture"):
        _ = photo.image
    receive({"name": "big.tiff", "error": "The file has 20 MB"})
    assert widget.message == "The file has 20 MB."


def test_an_image_is_a_new_array_each_time():
    given = UserImage("", onp.zeros((1, 2, 2)))
    given.image[:] = 1
    assert given.image.max() == 0
