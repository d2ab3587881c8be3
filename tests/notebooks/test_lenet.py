"""Notebook 12: LeNet's size, what its structure is worth, how to look inside, and wrong answers to its exercises."""

import functools
from collections import Counter

import numpy as onp
import pytest
from lessons import lesson
from mxnet import init, np
from mxnet.gluon import nn
from support import said

from d2lhelpers import ArrayLoader, evaluate, load_images, seed, summarize


@pytest.fixture
def names():
    return lesson("12-lenet").names("X_train, y_train = ", "device = try_gpu()", "new_order = ", "def occlusion_map")


def positions(size, kernel, padding=0, stride=1):
    """Return at how many positions a kernel fits into a row of pixels."""
    return len(range(0, size + 2 * padding - kernel + 1, stride))


# ---- The network ----


def test_lenet_multiplies_and_adds_as_often_as_counted(names):
    table = summarize(names["lenet"](), (1, 1, 28, 28))
    assert [row.multiply_adds for row in table.rows if row.parameters] == [
        6 * 25 * positions(28, 5, padding=2) ** 2,
        16 * 6 * 25 * positions(14, 5) ** 2,
        400 * 120,
        120 * 84,
        84 * 10,
    ]


def test_what_the_text_says_about_sizes(names):
    ours, rival = (summarize(names[name](), (1, 1, 28, 28)) for name in ("lenet", "mlp"))
    assert (ours.total_parameters, ours.total_multiply_adds, rival.total_parameters) == (61_706, 416_520, 269_322)
    assert rival.total_multiply_adds == 268_800
    hidden = sum(row.parameters for row in ours.rows if row.name.startswith(("Dense 120", "Dense 84")))
    assert f"{hidden / ours.total_parameters:.0%}" == "94%"


# ---- Look inside ----


def test_a_piece_contains_exactly_the_pixels_that_a_number_depends_on(names):
    """Outside of the piece that excites a channel most, pixels don't matter; within it, they do."""
    net = names["lenet"]()
    net.initialize(init.Xavier(), ctx=names["device"])
    image = onp.random.RandomState(0).uniform(size=(1, 1, 28, 28)).astype("float32")
    pieces = names["exciting_pieces"](net, image, 1)
    assert pieces.shape == (16, 1, 14, 14)
    padded = onp.pad(image[0, 0], 2)
    for channel in range(16):
        biggest = net[:3](np.array(image, ctx=names["device"]))[0, channel].max().item()
        found = [
            (top, left)
            for top in range(0, 20, 2)
            for left in range(0, 20, 2)
            if (padded[top : top + 14, left : left + 14] == pieces[channel, 0]).all()
        ]
        ((top, left),) = found
        alone = onp.zeros_like(padded)
        alone[top : top + 14, left : left + 14] = pieces[channel, 0]
        found = net[:3](np.array(alone[None, None, 2:-2, 2:-2], ctx=names["device"]))
        assert found[0, channel].max().item() >= biggest - 1e-4


def test_an_occlusion_map_shows_where_the_evidence_is(names):
    """A network that looks at one pixel gives up its answer only if that pixel is erased."""
    net = nn.Sequential()
    net.add(nn.Dense(10))
    net.initialize(init.Zero(), ctx=names["device"])
    weight = onp.zeros((10, 784), "float32")
    weight[3, 5 * 28 + 20] = 50
    net(np.zeros((1, 1, 28, 28), ctx=names["device"]))
    net[0].weight.set_data(np.array(weight))
    probability, answer = names["occlusion_map"](net, onp.ones((1, 28, 28), "float32"))
    assert answer == 3
    erased = [(int(row), int(column)) for row, column in onp.argwhere(probability < 0.5)]
    assert erased == [(row, column) for row in range(2, 10) for column in range(17, 25)]


# ---- Training ----


@pytest.fixture
def train(names, monkeypatch, request):
    """Return the notebook's `train`, from the random seed of the test; it returns the error on held-out images."""
    number = request.getfixturevalue("number")
    monkeypatch.setitem(names, "seed", lambda _: seed(number))
    monkeypatch.setitem(names, "ArrayLoader", functools.partial(ArrayLoader, seed=number))
    return lambda *args, **options: 1 - names["train"](*args, **options).test_accuracy[-1]


@pytest.mark.training
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_structure_of_lenet_is_right_for_pictures_only(names, train, number):
    """With epochs for about equal time, with half of the images, with shuffled pixels, and after a shift."""
    net, rival, data = names["lenet"](), names["mlp"](), names["training"]
    lenet = train(net, data, lr=0.006, num_epochs=4)
    mlp = train(rival, data, lr=0.002, num_epochs=16)
    half = train(names["lenet"](), [array[:4000] for array in data], lr=0.004, num_epochs=4, batch_size=64)
    shuffle = names["shuffle_pixels"]
    mixed, held_out = ((shuffle(X), y) for X, y in (data, names["validation"]))
    shuffled = train(names["lenet"](), mixed, lr=0.006, num_epochs=4, held_out=held_out)
    shuffled_mlp = train(names["mlp"](), mixed, lr=0.002, num_epochs=6, held_out=held_out)
    moved = ArrayLoader(np.array(shift(names["X_validation"], 2)), names["y_validation"], batch_size=500)
    after_shift = [1 - evaluate(network, moved)[1] for network in (net, rival)]
    print(number, lenet, mlp, half, shuffled, shuffled_mlp, after_shift)
    assert (lenet, mlp) == (pytest.approx(0.03, abs=0.007), pytest.approx(0.05, abs=0.007))
    assert lenet < 0.75 * mlp
    assert half < mlp + 0.008  # about as good
    assert shuffled > max(2.5 * lenet, 1.6 * mlp)
    assert shuffled_mlp == pytest.approx(mlp, abs=0.012)
    assert after_shift[0] < 0.7 * after_shift[1]


@pytest.mark.training
@pytest.mark.parametrize("number", [0, 1, 2])
def test_with_few_images_lenet_leads_by_as_much_as_recorded(names, train, number):
    recorded = names["recorded"]
    for i, (count, num_epochs) in enumerate(((500, 12), (2000, 6))):
        few = [array[:count] for array in names["training"]]
        lenet = train(names["lenet"](), few, lr=0.004, num_epochs=num_epochs, batch_size=64)
        mlp = train(names["mlp"](), few, lr=0.002, num_epochs=2 * num_epochs, batch_size=64)
        print(number, count, lenet, mlp)
        assert lenet < 0.85 * mlp
        assert (lenet, mlp) == pytest.approx((recorded["LeNet"][i], recorded["MLP"][i]), abs=0.015)


def shift(X, columns):
    """Move images (n, 1, 28, 28) to the right, with zeros from the left."""
    moved = onp.zeros_like(X)
    moved[..., columns:] = X[..., :-columns]
    return moved


@pytest.mark.training
@pytest.mark.parametrize("number", [0, 1, 2])
def test_networks_on_clothes(names, train, number):
    """The first rows of the scoreboard, with the numbers of epochs and the rates of the notebook."""
    (X, y), (X_test, y_test) = (load_images(train=part, source="fashion_mnist") for part in (True, False))
    mean, deviation = X.mean(), X.std()
    data, held_out = ((X - mean) / deviation, y), ((X_test - mean) / deviation, y_test)
    softmax = nn.Sequential()
    softmax.add(nn.Dense(10))
    errors = [
        train(net, data, lr, num_epochs, batch_size=batch_size, held_out=held_out)
        for net, num_epochs, lr, batch_size in (
            (softmax, 8, 0.005, 128),
            (names["mlp"](), 6, 0.002, 128),
            (names["lenet"](), 6, 0.004, 64),
        )
    ]
    print(number, errors)
    assert errors[0] > errors[1] + 0.01
    assert errors[1] > errors[2]
    assert errors == pytest.approx([0.155, 0.127, 0.117], abs=0.012)


@pytest.mark.training
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_mini_project_can_be_done(names, train, number):
    """The sample solution: fewer than 10,000 parameters, and an accuracy of 0.96 on the test images."""
    net = nn.Sequential()
    net.add(
        nn.Conv2D(8, kernel_size=5, padding=2, activation="relu"),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation="relu"),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=3, activation="relu"),
        nn.Dense(10),
    )
    error = train(net, names["training"], lr=0.008, num_epochs=7)
    test_error = 1 - evaluate(net, ArrayLoader(*load_images(train=False, source="mnist"), batch_size=500))[1]
    print(number, error, test_error)
    assert summarize(net, (1, 1, 28, 28)).total_parameters == 7_194
    assert (error, test_error) == (pytest.approx(0.03, abs=0.007), pytest.approx(0.03, abs=0.007))


# ---- Exercises ----


def color_lenet(*, padding=0, channels=(6, 16), units=(120, 84, 10), in_channels=0, activation="relu"):
    """Return a solution of exercise 2, or one with mistakes in it."""

    def make():
        net = nn.Sequential()
        net.add(
            nn.Conv2D(channels[0], 5, padding=padding, activation=activation, in_channels=in_channels),
            nn.MaxPool2D(2, 2),
            nn.Conv2D(channels[1], 5, activation=activation),
            nn.MaxPool2D(2, 2),
            *(nn.Dense(number, activation=activation) for number in units[:-1]),
            nn.Dense(units[-1]),
        )
        return net

    return make


def most_confused(keep=lambda truth, answer: truth != answer, order=lambda truth, answer: (truth, answer)):
    """Return a solution of exercise 4, or one with mistakes in it."""

    def find(labels, predictions):
        pairs = zip(labels.tolist(), predictions.tolist(), strict=True)
        [(pair, count)] = Counter(order(*pair) for pair in pairs if keep(*pair)).most_common(1)
        return [*pair, count]

    return find


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("12.1", (32, 12, 12, 4608), "Each of the 32 output channels has a bias"),
        ("12.1", (32, 12, 12, 4608 + 512), "not one per pair of input and output channel"),
        ("12.1", (32, 12, 12, 4624), "one per input channel"),
        ("12.1", (32, 12, 12, 4609), "not one for the whole layer"),
        ("12.1", (32, 12, 12, 320), "that factor is missing"),
        ("12.1", (32, 12, 12, 288), "and each has a bias"),
        ("12.1", (32, 12, 12, 4608 * 144), "these are the multiply-adds"),
        ("12.1", (32, 12, 12, 4640 * 144), "serve all output positions: count them once"),
        ("12.1", (32, 14, 14, 4640), "only with padding"),
        ("12.1", (32, 11, 11, 4640), "one short"),
        ("12.1", (12, 12, 32, 4640), "in another order"),
        ("12.1", (16, 12, 12, 4640), "16 channels go in"),
        ("12.1", 4640, "four numbers"),
        ("12.1", (32, 12, 12, ...), "replace every ... with one"),
        ("12.2", color_lenet(padding=2), "576 = 16·6·6"),
        ("12.2", color_lenet(padding=4), "gets 784 inputs, and should get 400"),
        ("12.2", color_lenet(channels=(12, 16)), "keep their 6 and 16 kernels"),
        ("12.2", color_lenet(units=(120, 10)), "keep 120, 84 and 10 units"),
        ("12.2", color_lenet(in_channels=1), "does not take a batch of shape (2, 3, 32, 32)"),
        ("12.2", color_lenet(activation=None), "the activations are missing"),
        ("12.2", lambda: 3, "should return a net, but it returns int"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k, "work for one output position"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k + o, "these are the parameters"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * n * n, "positions in the input"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * (n - k + 1) ** 2, "padding is missing"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * (n - k + p + 1) ** 2, "on both sides"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * (n - k + 2 * p) ** 2, "one wider"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * positions(n, k, p), "height times width positions"),
        ("12.3", lambda i, o, k, n, p: o * k * k * positions(n, k, p) ** 2, "all input channels"),
        ("12.3", lambda i, o, k, n, p: i * k * k * positions(n, k, p) ** 2, "each output channel"),
        ("12.3", lambda i, o, k, n, p: i * o * k * positions(n, k, p) ** 2, "kernel²"),
        ("12.3", lambda i, o, k, n, p: 2 * i * o * k * k * positions(n, k, p) ** 2, "as one multiply-add"),
        ("12.3", lambda i, o, k, n, p: o * (i * k * k + 1) * positions(n, k, p) ** 2, "leave the biases out"),
        ("12.4", most_confused(keep=lambda truth, answer: True), "no confusion"),
        ("12.4", most_confused(order=lambda truth, answer: (answer, truth)), "the true digit comes first"),
        ("12.4", most_confused(order=lambda *pair: tuple(sorted(pair))), "the reverse another"),
        ("12.4", lambda labels, predictions: (4, 9, 1), "the count of most_confused"),
        ("12.4", lambda labels, predictions: (4, 9), "(true digit, predicted digit, times)"),
        ("12.4", lambda labels, predictions: ("four", 9, 2), "three integers"),
        ("12.4", lambda labels, predictions: (7, 1, 1), "and should be (4, 9, 2)"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("12.1", [32, 12, 12, 4640]),
        ("12.2", color_lenet(in_channels=3)),
        ("12.2", color_lenet(activation="sigmoid")),
        ("12.3", lambda i, o, k, n, p: i * o * k**2 * positions(n, k, p) ** 2),
        ("12.4", most_confused()),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
