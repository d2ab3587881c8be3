"""Notebook 12: its counts made another way, its claims over three seeds, and the wrong answers to its exercises."""

import math
import re

import numpy as onp
import pytest
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import check, fit, load_data, load_photo, summarize
from d2lhelpers import seed as set_seed

npx.set_np()
NOTEBOOK = StoredNotebook("12-alexnet")
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define."""
    names = {}
    for text in (
        "npx.set_np()",
        "def alexnet(",
        "def lenet(",
        "def by_group(",
        "def gradient_norms(",
        "def dropout(",
        "def flip(",
        "def augment(",
        "class RandomCrops:",
    ):
        exec(NOTEBOOK.cell_with(text).source, names)
    return names


# ---- Architecture and counts ----

# Channels in, channels out, kernel, side of the output: written down from the lecture's architecture.
CONVOLUTIONS = [(3, 96, 11, 54), (96, 256, 5, 26), (256, 384, 3, 12), (384, 384, 3, 12), (384, 256, 3, 12)]
DENSE = [(256 * 5 * 5, 4096), (4096, 4096), (4096, 1000)]
WEIGHTS = [i * o * k * k for i, o, k, _ in CONVOLUTIONS] + [i * o for i, o in DENSE]
BIASES = [o for _, o, _, _ in CONVOLUTIONS] + [o for _, o in DENSE]
WORK = [i * o * k * k * side * side for i, o, k, side in CONVOLUTIONS] + [i * o for i, o in DENSE]


@pytest.fixture(scope="module")
def full_size(names):
    return summarize(names["alexnet"](), (1, 3, 224, 224))


def test_the_network_is_the_lecture_s(full_size):
    rows = [row for row in full_size.rows if row.parameters]
    assert [row.parameters for row in rows] == [w + b for w, b in zip(WEIGHTS, BIASES, strict=True)]
    assert [row.multiply_adds for row in rows] == WORK
    sides = [row.output_shape[-1] for row in full_size.rows if len(row.output_shape) == 4]
    assert sides == [54, 26, 26, 12, 12, 12, 12, 5]
    assert [row.name for row in full_size.rows if "Dropout" in row.name] == ["Dropout 0.5"] * 2


def test_the_stored_table_has_these_counts():
    printed = NOTEBOOK.printed_by("full_size = summarize(")
    assert re.search(r"total +50,844,008 +1,009,945,728", printed)
    assert sum(WEIGHTS) + sum(BIASES) == 50_844_008
    assert sum(WORK) == 1_009_945_728


def test_one_channel_saves_two_thirds_of_the_first_layer(names, full_size):
    gray = summarize(names["alexnet"](), (1, 1, 224, 224))
    assert full_size.total_parameters - gray.total_parameters == 2 * 96 * 11 * 11


def test_what_changed(names, full_size):
    """The numbers in the table of words."""
    lenet = summarize(names["lenet"](), (1, 1, 28, 28))
    with_weights = [[row for row in table.rows if row.parameters] for table in (lenet, full_size)]
    assert [len(rows) for rows in with_weights] == [5, 8]
    channels = [{row.output_shape[1] for row in rows if len(row.output_shape) == 4} for rows in with_weights]
    assert channels == [{6, 16}, {96, 256, 384}]


def test_smallest_image_and_the_laptop_s(names):
    def last_side(side):
        for window, stride in ((11, 4), (3, 2), (3, 2), (3, 2)):
            side = (side - window) // stride + 1
        return side

    assert [last_side(side) for side in (66, 67, 72, 224)] == [0, 1, 1, 5]
    with pytest.raises(ValueError, match="does not fit"):
        summarize(names["alexnet"](10, 8), (1, 1, 66, 66))
    table = summarize(names["alexnet"](10, 8), (1, 1, 72, 72))
    printed = NOTEBOOK.printed_by("at_scale(").split()
    assert printed[0] == f"{table.total_parameters:,}"
    assert printed[2] == f"{table.total_multiply_adds:,}"


def test_the_switch_gives_both_sizes(names, monkeypatch):
    settings = NOTEBOOK.cell_with("at_scale(").source.split("\n\n")[0]
    keys = ("shrink", "image_size", "train_size")
    for scale, expected in (("laptop", (8, 72, 2000)), ("full", (1, 224, None))):
        monkeypatch.setenv("D2L_SCALE", scale)
        found = dict(names)
        exec(settings, found)
        assert tuple(found[key] for key in keys) == expected


# ---- The lecture's complexity table ----

LECTURE = {  # group: layers, parameters printed, FLOP printed
    "conv 1": (slice(0, 1), 35e3, 101e6),
    "conv 2": (slice(1, 2), 614e3, 415e6),
    "conv 3-5": (slice(2, 5), 3e6, 445e6),
    "dense 1": (slice(5, 6), 26e6, 26e6),
    "dense 2": (slice(6, 7), 16e6, 16e6),
}


@pytest.mark.parametrize("group", LECTURE)
def test_the_lecture_s_lines_are_right(names, full_size, group):
    layers, parameters, flop = LECTURE[group]
    ours = names["by_group"](full_size)[group]
    assert ours == (sum(WEIGHTS[layers]) + sum(BIASES[layers]), sum(WORK[layers]))
    assert ours[0] == pytest.approx(parameters, rel=0.05)
    assert ours[1] == pytest.approx(flop, rel=0.05)


def test_erratum_the_total_leaves_out_the_output_layer(names, full_size):
    groups = names["by_group"](full_size)
    assert groups["output"] == (1000 * 4097, 1000 * 4096)
    without = groups["in all"][0] - groups["output"][0]
    assert math.floor(without / 1e6) == 46
    printed = NOTEBOOK.printed_by("large = by_group(")
    assert f"{without:,} parameters without the output layer" in printed
    assert re.search(r"output +4,097,000 +4,096,000", printed)
    assert re.search(r"in all +50,844,008 +46M +1,009,945,728 +1G", printed)


def test_erratum_alexnet_over_lenet(names, full_size):
    small = names["by_group"](summarize(names["lenet"](), (1, 1, 28, 28)))
    assert small["in all"] == (61_706, 416_520)
    assert [small[group][1] for group in ("conv 1", "conv 2", "conv 3-5", "dense 1", "dense 2", "output")] == [
        117_600, 240_000, 0, 48_000, 10_080, 840
    ]  # fmt: skip
    assert round(46_747_008 / 61_706) == 758  # the output layer left out, as on the slide
    assert round(full_size.total_parameters / 61_706) == 824
    assert round(full_size.total_multiply_adds / 416_520) == 2425
    printed = NOTEBOOK.printed_by("small = by_group(")
    assert re.search(r"parameters +824 times; the slide says 11\n", printed)
    assert re.search(r"multiply-adds +2,425 times; the slide says 250\n", printed)
    assert "the slide's own totals: 77 and 250 times" in printed


def test_image_net_beside_mnist():
    rows = [line.split() for line in NOTEBOOK.printed_by("data_sets = {").splitlines()]
    assert rows[-1] == ["times", "21", "100", "192"]


def test_the_cost_of_2012():
    """90 epochs, there and back, two operations each; five and a half days on two GPUs."""
    operations = 90 * 1_281_167 * 6 * 1_009_945_728
    printed = NOTEBOOK.printed_by("operations = ")
    assert "7.0e+17 operations" in printed
    assert operations == pytest.approx(7.0e17, rel=0.01)
    assert f"{operations / 0.15e12 / 86_400:.1f} days" in printed
    assert f"{operations / 12e12 / 86_400:.1f} days" in printed
    assert f"{operations / (5.5 * 86_400) / 1e12:.1f} TFLOP" in printed


# ---- Gradients ----


@pytest.mark.parametrize("depth", [5, 10, 20])
def test_gradients_vanish_through_sigmoids_only(names, depth):
    sigmoid, relu = (names["gradient_norms"](activation, depth) for activation in (npx.sigmoid, npx.relu))
    assert 0.3 < relu[0] / relu[-1] < 3
    assert sigmoid[0] / sigmoid[-1] < 0.5 ** (depth - 1)
    powers = {5: 1.8, 10: 4.3, 20: 9.3}[depth]  # "some nine powers of ten in 20 layers"
    assert math.log10(sigmoid[-1] / sigmoid[0]) == pytest.approx(powers, abs=0.1)
    factors = onp.array(sigmoid[:-1]) / sigmoid[1:]
    assert 0.2 < factors.min() < factors.max() < 0.55  # a straight line on the logarithmic axis


@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_the_gradients_are_those_of_plain_numpy(names, name):
    depth, width = 4, 100
    draw = onp.random.RandomState(0).normal
    weights = draw(0, (2 / width) ** 0.5, (depth, width, width))
    H, end = draw(size=(2, 64, width))
    inputs, slopes = [], []
    for W in weights:
        inputs.append(H)
        Z = H @ W
        H = onp.maximum(Z, 0) if name == "relu" else 1 / (1 + onp.exp(-Z))
        slopes.append((Z > 0).astype(float) if name == "relu" else H * (1 - H))
    norms = []
    for W, before, slope in zip(weights[::-1], inputs[::-1], slopes[::-1], strict=True):
        end = end * slope
        norms.append(onp.linalg.norm(before.T @ end))
        end = end @ W.T
    found = names["gradient_norms"](getattr(npx, name), depth)
    onp.testing.assert_allclose(found, norms[::-1], rtol=1e-3)


def test_stored_powers_of_ten():
    printed = NOTEBOOK.printed_by("power = round(")
    assert re.search(r"sigmoid .* 10 to the power -4\n", printed)
    assert re.search(r"ReLU .* 10 to the power 0\n", printed)


# ---- Dropout ----


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_dropout_keeps_the_mean_and_is_gluon_s(names, p):
    layer = nn.Dropout(p)
    H = np.array([[1.0, 2, 3, 4]] * 50_000)
    with autograd.train_mode():
        set_seed(3)
        keep = layer(np.ones(H.shape)) > 0
        set_seed(3)
        by_gluon = layer(H).asnumpy()
        by_hand = names["dropout"](H, keep, p).asnumpy()
    onp.testing.assert_allclose(by_hand, by_gluon, rtol=1e-6)
    assert keep.asnumpy().mean() == pytest.approx(1 - p, abs=0.01)
    onp.testing.assert_allclose(by_hand.mean(axis=0), [1, 2, 3, 4], rtol=0.05)
    assert (names["dropout"](H, keep, p) == H).all()


def test_silent_units_in_the_drawing(names):
    source = NOTEBOOK.cell_with("def draw_thinned(").source
    exec(source, names)
    titles = {}
    for p in (0.0, 0.2, 0.5, 0.8):
        _, ax = names["subplots"]()
        names["draw_thinned"](ax, p)
        titles[p] = ax.get_title()
    assert titles[0.0].endswith(": 0 of 12 are silent")
    assert titles[0.5].endswith(": 6 of 12 are silent")


# ---- Augmentation ----


def test_flip_crop_brighten(names):
    photo = load_photo(32)
    pixels = photo.asnumpy()
    onp.testing.assert_array_equal(names["flip"](photo).asnumpy(), onp.flip(pixels, axis=2))
    onp.testing.assert_array_equal(names["crop"](photo, 3, 5, 20).asnumpy(), pixels[:, 3:23, 5:25])
    bright = names["brighten"](photo, 1.5).asnumpy()
    onp.testing.assert_allclose(bright, onp.minimum(1.5 * pixels, 1), rtol=1e-6)


def test_augment_reaches_every_corner_and_both_sides(names):
    """Draws from a picture that tells each pixel's place."""
    side = 8
    place = np.arange(side * side).reshape(1, side, side) / (4.0 * side * side)  # too dark to be clipped
    random_numbers = onp.random.RandomState(0)
    seen = set()
    for _ in range(300):
        X = names["augment"](place, 6, random_numbers).asnumpy()
        assert X.shape == (1, 6, 6)
        factor = (X[0, 1, 0] - X[0, 0, 0]) * 4 * side
        first = onp.round(X[0, 0] / factor * 4 * side * side).astype(int)
        seen.add((int(first.min()) // side, int(first.min()) % side, bool(first[0] > first[-1])))
    assert seen == {(top, left, flipped) for top in range(3) for left in range(3) for flipped in (False, True)}


def test_crops_of_the_paper():
    places = sum(1 for top in range(256) for left in range(256) if top + 224 <= 256 and left + 224 <= 256)
    assert 2 * places == 2178
    printed = NOTEBOOK.printed_by("flip as Gluon's")
    assert printed == "flip as Gluon's: True\ncrops of 224, flipped or not: 2,178\n"


def test_random_crops_move_a_batch_by_at_most_four(names):
    X = onp.zeros((2, 1, 28, 28), dtype="float32")
    X[:, :, 14, 14] = 1
    batches = names["RandomCrops"]([(np.array(X), np.array([3, 4]))])
    assert len(batches) == 1
    places = set()
    for _ in range(400):
        ((moved, y),) = list(batches)
        assert moved.shape == X.shape
        assert y.tolist() == [3, 4]
        first, second = (tuple(onp.argwhere(image)[0]) for image in moved.asnumpy()[:, 0])
        assert first == second
        places.add(first)
    assert {row for row, _ in places} == {column for _, column in places} == set(range(10, 19))


@pytest.mark.training
@pytest.mark.parametrize("start", SEEDS)
def test_crops_and_dropout_against_overfitting(names, start):
    plain = names["overfit"](names["small_mlp"](), start=start)
    dropped = names["overfit"](names["small_mlp"](p=0.5), start=start)
    cropped = names["overfit"](names["small_mlp"](), names["RandomCrops"], start=start)
    assert plain[1] == 1.0
    assert 0.68 < plain[3] < 0.82
    # Crops: the accuracy. Dropout: the gap between the losses, and the test loss; not the accuracy.
    assert cropped[3] > plain[3] + 0.06
    assert cropped[2] < 0.6 * plain[2]
    assert dropped[2] - dropped[0] < 0.93 * (plain[2] - plain[0])
    assert dropped[2] < plain[2] - 0.03
    assert dropped[3] < plain[3] + 0.03


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("start", SEEDS)
def test_alexnet_learns_with_relu_and_not_with_sigmoids(names, start):
    """As in the notebook, but for half as many epochs."""
    reached = {}
    for act, num_epochs in (("relu", 3), ("sigmoid", 2)):
        train_loader, _ = load_data(32, source="digits", train_size=2000, resize=72)
        _, test_loader = load_data(250, source="digits", test_size=500, resize=72)
        set_seed(start)
        net = names["alexnet"](10, 8, act)
        net.initialize(init.Xavier("gaussian", factor_type="in", magnitude=2))
        options = {"num_epochs": num_epochs, "lr": 0.001, "optimizer": "adam", "seed": start, "plot": False}
        reached[act] = fit(net, train_loader, test_loader, **options).test_accuracy[-1]
    assert reached["relu"] > 0.45
    assert reached["sigmoid"] < 0.2


# ---- Exercises ----


def paper(training=lambda H, keep, p: H * keep, predicting=lambda H, keep, p: H * (1 - p)):
    """Return dropout with a student's two formulas."""
    return lambda H, keep, p: (training if autograd.is_training() else predicting)(H, keep, p)


def flips(mirror, pick=lambda chosen: chosen):
    """Return a function that applies `mirror` to the images picked."""

    def flip_some(X, chosen):
        return np.where(pick(chosen).reshape(-1, 1, 1, 1), mirror(X), X)

    return flip_some


def flip_in_place(X, chosen):
    for i in range(len(X)):
        if chosen[i]:
            X[i] = X[i, :, :, ::-1].copy()
    return X


def flip_by_loop(X, chosen):
    rows = [X[i, :, :, ::-1] if chosen[i] else X[i] for i in range(len(X))]
    return np.stack(rows)


WRONG = [
    ("12.1", (256, 6, 6, 37_748_736), "Each of the 4,096 units has a bias"),
    ("12.1", (256, 6, 6, 9216), "the inputs of one unit"),
    ("12.1", (256, 6, 6, 9217), "the parameters of one unit"),
    ("12.1", (256, 6, 6, 37_748_737), "has a bias of its own"),
    ("12.1", (256, 6, 6, 9216 * 4097), "not one for each input"),
    ("12.1", (256, 6, 6, 257 * 4096), "reads all 6×6 places"),
    ("12.1", (256, 6, 6, 256 * 4096), "reads all 6×6 places"),
    ("12.1", (256, 6, 6, 37 * 4096), "reads all 256 channels"),
    ("12.1", (256, 6, 6, 7), "is 7 where 3.77528e+07 is right"),
    ("12.1", (256, 5, 5, 26_218_496), "the size for images of 224×224"),
    ("12.1", (256, 7, 7, 51_384_320), "round down"),
    ("12.1", (256, 14, 14, 205_524_992), "one pooling is missing"),
    ("12.1", (256, 2, 2, 4_198_400), "move by 2, not by 3"),
    ("12.1", (256, 6, 7, 1), "is 7 at index [2] where 6 is right"),
    ("12.1", (384, 6, 6, 1), "the fifth one 256 again"),
    ("12.1", (6, 6, 256, 37_752_832), "in another order"),
    ("12.1", 37_752_832, "four numbers"),
    ("12.1", (256, 6, 6, ...), "replace every ... by one"),
    ("12.2", lambda H, keep, p: H * keep, "uses the mask. All units take part in predicting"),
    ("12.2", lambda H, keep, p: H * (1 - p), "gives the same in training and in predicting"),
    ("12.2", paper(training=lambda H, keep, p: H * keep / (1 - p)), "divides by 1 − p, as Gluon does"),
    ("12.2", paper(training=lambda H, keep, p: H * (1 - keep)), "silences those whose mask is 1"),
    ("12.2", paper(training=lambda H, keep, p: H * keep * (1 - p)), "the survivors keep their values"),
    ("12.2", paper(training=lambda H, keep, p: H), "should silence units"),
    ("12.2", paper(lambda H, keep, p: H * (1 - p), lambda H, keep, p: H * keep), "that is for predicting"),
    ("12.2", paper(training=lambda H, keep, p: H * keep + 1), "in training is 2 at index [0, 0] where 1 is right"),
    ("12.2", paper(predicting=lambda H, keep, p: H), "too loud for the next layer"),
    ("12.2", paper(predicting=lambda H, keep, p: H * keep), "All units take part in predicting"),
    ("12.2", paper(predicting=lambda H, keep, p: H * keep * (1 - p)), "All units take part, each times 1 − p"),
    ("12.2", paper(predicting=lambda H, keep, p: H * p), "multiplies by p"),
    ("12.2", paper(predicting=lambda H, keep, p: H / (1 - p)), "they must be quieter"),
    ("12.2", paper(predicting=lambda H, keep, p: H[0]), "has shape (4,) where (2, 4) is right"),
    ("12.2", 3, "a function is asked for"),
    ("12.3", lambda X, chosen: X[..., ::-1], "all images are mirrored"),
    ("12.3", lambda X, chosen: X, "no image is mirrored"),
    ("12.3", flips(lambda X: X[..., ::-1], pick=lambda chosen: 1 - chosen), "the other way round"),
    ("12.3", flips(lambda X: X[:, :, ::-1]), "upside down"),
    ("12.3", flips(lambda X: X[:, :, ::-1, ::-1]), "half a turn"),
    ("12.3", flips(lambda X: X[:, ::-1]), "red is blue"),
    ("12.3", flip_in_place, "X itself has been changed"),
    ("12.3", lambda X, chosen: X[0], "has shape (3, 2, 5) where (4, 3, 2, 5) is right"),
    ("12.3", flips(lambda X: 2 * X[..., ::-1]), "is right"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("12.1", [256, 6.0, 6, 37_752_832]),
        ("12.2", lambda H, keep, p: H * keep if autograd.is_training() else H - p * H),
        ("12.3", flip_by_loop),
        ("12.3", lambda X, chosen: np.array(flip_by_loop(X, chosen).asnumpy())),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


def test_praise_of_the_first_exercise_is_true():
    smaller, larger = ((256 * side * side + 1) * 4096 for side in (5, 6))
    assert larger / smaller == pytest.approx(1.5, abs=0.07)


def test_own_error_of_a_student_is_shown():
    with pytest.raises(ZeroDivisionError) as caught:
        check("12.2", lambda H, keep, p: 1 / 0)
    assert "paper_dropout(H, keep, 0.2)" in caught.value.__notes__[0]
