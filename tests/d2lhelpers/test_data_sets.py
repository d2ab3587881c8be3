"""The embedded data: each file is unchanged, and the loaders return its content."""

import datetime
import hashlib
import json
import re
import tomllib
from importlib import resources

import numpy as onp
import pytest
from support import ROOT

import d2lhelpers.data as data
from d2lhelpers.data import images
from d2lhelpers.data.dates import STYLES
from d2lhelpers.data.embedded import read_arrays

FOLDER = resources.files("d2lhelpers") / "datasets"
SOURCES = json.loads((FOLDER / "sources.json").read_text(encoding="utf-8"))
TABLE = tomllib.loads((ROOT / "coursetools" / "datasets.toml").read_text(encoding="utf-8"))


# Files


@pytest.mark.parametrize("name", TABLE["files"])
def test_files_are_those_that_were_made_and_have_a_license(name):
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == SOURCES[name]["sha256"]
    notice = (ROOT / "LICENSE-DATA").read_text(encoding="utf-8")
    assert f"d2lhelpers/datasets/{name}\n    {SOURCES[name]['title']}\n" in notice
    for license_name in SOURCES[name]["license"].split(" AND "):
        assert license_name == "public domain" or f"\n{license_name}:\n" in notice


def test_every_file_has_a_source():
    files = {path.name for folder in (FOLDER, FOLDER / "photos") for path in folder.iterdir() if path.is_file()}
    assert files - {"sources.json", "LICENSE-Apache-2.0.txt"} == {n.split("/")[-1] for n in SOURCES}


# Images


@pytest.mark.parametrize(
    ("source", "train", "shape", "first", "counts"),
    [
        ("mnist", True, (10_000, 1, 28, 28), [5, 0, 4, 1, 9], [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]),
        ("mnist", False, (2_000, 1, 28, 28), [7, 2, 1, 0, 4], [175, 234, 219, 207, 217, 179, 178, 205, 192, 194]),
        (
            "fashion_mnist", True, (10_000, 1, 28, 28), [9, 0, 0, 3, 0],
            [942, 1027, 1016, 1019, 974, 989, 1021, 1022, 990, 1000],
        ),
        (
            "fashion_mnist", False, (2_000, 1, 28, 28), [9, 2, 1, 1, 6],
            [200, 203, 214, 190, 219, 195, 197, 200, 194, 188],
        ),
        ("emoji", True, (3_590, 3, 32, 32), [2, 3, 1, 2, 1], [602, 554, 458, 747, 928, 301]),
        ("emoji", False, (899, 3, 32, 32), [0, 1, 5, 4, 2], [146, 131, 110, 187, 248, 77]),
    ],
)  # fmt: skip
def test_images(source, train, shape, first, counts):
    pictures, labels = data.load_images(train, source=source)
    assert (pictures.shape, pictures.dtype, labels.shape, labels.dtype) == (shape, "float32", shape[:1], "int32")
    assert (float(pictures.min()), float(pictures.max())) == (0, 1)
    assert labels.tolist()[:5] == first
    assert onp.bincount(labels.asnumpy()).tolist() == counts
    assert len(data.class_names(source)) == len(counts)


def test_fewer_images_are_the_first_ones():
    pictures, labels = data.load_images(source="emoji")
    some, some_labels = data.load_images(source="emoji", size=30)
    onp.testing.assert_array_equal(some.asnumpy(), pictures[:30].asnumpy())
    assert some_labels.tolist() == labels[:30].tolist()


@pytest.mark.parametrize(("train", "embedded"), [(True, 10_000), (False, 2_000)])
def test_only_more_images_than_are_embedded_are_read_from_files(monkeypatch, train, embedded):
    files = onp.zeros((60_000, 28, 28), "uint8"), onp.zeros(60_000, "uint8")
    monkeypatch.setattr(images, "_read_files", lambda source, train: files)
    assert data.load_images(train, source="mnist", size=embedded)[0].max() == 1
    more, _ = data.load_images(train, source="mnist", size=embedded + 1)
    assert (len(more), more.max()) == (embedded + 1, 0)


@pytest.mark.network
@pytest.mark.parametrize("source", ["mnist", "fashion_mnist"])
def test_the_embedded_images_are_a_prefix_of_the_official_files(source):
    for train, everything in ((True, 60_000), (False, 10_000)):
        pictures, labels = data.load_images(train, source=source)
        official, official_labels = data.load_images(train, source=source, size=everything)
        assert (official[: len(pictures)] == pictures).all()
        assert official_labels[: len(labels)].tolist() == labels.tolist()


# Emoji


def drawn_in(train, split):
    """Look up styles and concepts of the images of a split by their pixels."""
    emoji = data.load_emoji()
    place = {image.tobytes(): i for i, image in enumerate(emoji.images)}
    assert len(place) == len(emoji.images)  # no image occurs twice
    pictures, labels = data.load_images(train, source="emoji", split=split)
    found = [place[image.tobytes()] for image in pictures.asnumpy()]
    assert emoji.labels[found].tolist() == labels.tolist()
    return set(emoji.styles[found]), set(emoji.concepts[found]), found


@pytest.mark.parametrize("split", ["concept", "style"])
def test_emoji_splits_share_only_styles_or_only_concepts(split):
    (styles, concepts, places), (test_styles, test_concepts, test_places) = (
        drawn_in(True, split),
        drawn_in(False, split),
    )
    assert sorted(places + test_places) == list(range(4489))
    if split == "concept":
        assert not concepts & test_concepts
        assert styles == test_styles == set(range(5))
    else:
        assert (styles, test_styles) == ({0, 1, 3, 4}, {2})
        assert test_concepts == set(range(1009))


def test_emoji_names():
    emoji = data.load_emoji()
    for names, key in ((emoji.class_names, "class_names"), (emoji.style_names, "style_names")):
        assert list(names) == read_arrays("emoji.npz", key)[0].tolist()
    assert data.class_names("emoji") == list(emoji.class_names)
    tulips = emoji.concepts == emoji.concept_names.index("tulip")
    assert set(emoji.labels[tulips]) == {emoji.class_names.index("animals and plants")}
    red, green, blue = emoji.images[tulips].mean(axis=(0, 2, 3))
    assert red > green > blue  # pink, red and orange flowers on green stems
    assert (emoji.images[:, :, 0, 0] == 1).mean() > 0.9  # the corners are white


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "emoji", "split": "color"}, "split='color': choose 'concept' or 'style'"),
        ({"source": "mnist", "split": "style"}, "split='style': only the emoji can be split in different ways"),
        (
            {"source": "emoji", "train_size": 3_591},
            "train_size=3591: must be a whole number, 1 to 3,590 (emoji, split 'concept')",
        ),
        (
            {"source": "emoji", "split": "style", "test_size": 1_010},
            "test_size=1010: must be a whole number, 1 to 1,009 (emoji, split 'style')",
        ),
    ],
)
def test_wrong_splits_and_sizes(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        data.load_data(8, **arguments)


# Tables, texts, photographs, dates


def test_cars():
    cars = data.load_cars()
    assert cars.loc[0].tolist() == ["chevrolet chevelle malibu", 18, 8, 307, 130, 3504, 12, 1970, "USA"]
    missing = {name: count for name, count in cars.isna().sum().items() if count}
    assert missing == {"mpg": 8, "horsepower": 6}
    assert cars["year"].value_counts()[[1970, 1980, 1981, 1982]].tolist() == [35, 29, 30, 31]
    assert "honda accord" in set(cars["name"])
    assert set(cars.attrs["units"]) < set(cars.columns)


def test_origins_of_cars_are_one_hot_on_request():
    encoded = data.load_cars(one_hot=True).filter(like="origin_")
    assert encoded.sum().to_dict() == {"origin_Europe": 73, "origin_Japan": 79, "origin_USA": 254}
    decoded = encoded.idxmax(axis=1).str.removeprefix("origin_")
    assert decoded.tolist() == data.load_cars()["origin"].tolist()
    with pytest.raises(TypeError, match="one_hot='origin': must be True or False"):
        data.load_cars(one_hot="origin")


@pytest.mark.parametrize(
    ("name", "start", "end", "length"),
    [
        ("alice", "CHAPTER I\n", "the happy summer days.\n", 148_265),
        ("as_you_like_it", "ACT I\n", "[Exeunt]\n", 124_265),
    ],
)
def test_texts(name, start, end, length):
    text = data.load_text(name)
    assert (text.startswith(start), text.endswith(end), len(text)) == (True, True, length)
    assert text.isascii()
    assert "\r" not in text


def test_unknown_text():
    with pytest.raises(ValueError, match=r"name='hamlet': choose 'alice' or 'as_you_like_it'"):
        data.load_text("hamlet")


def test_names():
    names = data.load_names()
    assert len(set(names)) == len(names) == 5163
    assert names == sorted(names)
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in names)
    assert {"Mary", "James", "Zula"} < set(names)


def test_photos():
    photos = data.load_photos()
    shapes = {photo.name: photo.image.shape for photo in photos}
    assert len(shapes) == 7
    assert (shapes["chelsea"], shapes["coffee"]) == ((3, 300, 451), (3, 400, 600))
    for photo in photos:
        assert photo.title
        assert photo.credit
        assert photo.license in ("CC0-1.0", "CC-BY-2.0", "public domain")
        assert photo.image.dtype == "float32"
        assert 0 <= photo.image.min() < 0.1 < 0.9 < photo.image.max() <= 1
    red, green, blue = next(photo.image for photo in photos if photo.name == "coffee").mean(axis=(1, 2))
    assert red > green > blue  # a red saucer on brown wood


def test_photos_of_one_size_are_squares_in_the_middle():
    whole, square = (photos[2].image.asnumpy() for photos in (data.load_photos(), data.load_photos(300)))
    onp.testing.assert_array_equal(square, whole[:, :, 75:375])  # 300 of 451 columns, unscaled
    assert {photo.image.shape for photo in data.load_photos(64)} == {(3, 64, 64)}
    with pytest.raises(ValueError, match="size=7: must be a whole number, 8 to 1,024"):
        data.load_photos(7)


FORMATS = ("%d %B %Y", "%B %d, %Y", "%A, %B %d, %Y", "%d-%b-%Y", "%a %d %b %Y", "%d.%m.%Y")


def parse(text):
    """Read a date with Python's own parser, which must understand exactly one of the formats."""
    found = set()
    for number, form in enumerate(FORMATS):
        try:
            found.add((number, datetime.datetime.strptime(text, form).date()))
        except ValueError:
            continue
    (only,) = found
    return only


def test_dates():
    pairs = data.date_pairs(2000)
    styles, dates = zip(*(parse(text) for text, _ in pairs), strict=True)
    assert [date.isoformat() for date in dates] == [iso for _, iso in pairs]
    assert len(set(dates)) == 2000
    assert (min(dates).year, max(dates).year) == (1900, 2099)
    assert min(onp.bincount(styles, minlength=len(STYLES))) > 250
    for (text, _), date in zip(pairs, dates, strict=True):  # strptime ignores a wrong weekday
        weekday = re.match("Mon|Tue|Wed|Thu|Fri|Sat|Sun", text)
        assert not weekday or weekday[0] == f"{date:%a}"


def test_dates_are_reproducible():
    assert data.date_pairs(10, seed=3) == data.date_pairs(500, seed=3)[:10] != data.date_pairs(10)
    assert len(data.date_pairs(73_049)) == 73_049
    with pytest.raises(ValueError, match="num_pairs=73050: must be a whole number, 1 to 73,049"):
        data.date_pairs(73_050)
