"""Notebook 12: LeNet's size, its comparison with an MLP, and wrong answers to its exercises."""

import itertools
from collections import Counter

import pytest
from lessons import lesson
from mxnet import init
from mxnet.gluon import nn
from support import said

from d2lhelpers import fit, load_data, summarize


@pytest.fixture
def names():
    return lesson("12-lenet").names()


def positions(size, kernel, padding=0, stride=1):
    """Return at how many positions a kernel fits into a row of pixels."""
    return len(range(0, size + 2 * padding - kernel + 1, stride))


def test_the_formula_counts_the_positions_of_the_kernel(names):
    for arguments in itertools.product((7, 8, 28), (1, 2, 5), (0, 1, 2), (1, 2, 3)):
        assert names["output_size"](*arguments) == positions(*arguments)


def test_lenet_multiplies_and_adds_as_often_as_counted(names):
    table = summarize(names["lenet"](), (1, 1, 28, 28))
    assert [row.multiply_adds for row in table.rows if row.parameters] == [
        6 * 25 * positions(28, 5, padding=2) ** 2,
        16 * 6 * 25 * positions(14, 5) ** 2,
        400 * 120,
        120 * 84,
        84 * 10,
    ]


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lenet_beats_the_mlp(names, seed):
    """On few images, even if the MLP has twice the epochs: by then it has stopped improving.

    Means of the last three epochs are compared, as the curves jump from epoch to epoch.
    """

    def accuracy(net, lr, num_epochs, magnitude=3):
        loaders = load_data(32, source="digits", train_size=2000)
        net.initialize(init.Xavier(magnitude=magnitude))
        history = fit(net, *loaders, num_epochs=num_epochs, optimizer="adam", lr=lr, seed=seed, plot=False)
        return sum(history.test_accuracy[-3:]) / 3

    mlp = accuracy(names["mlp"](), 0.001, 40)
    assert 0.85 < mlp < 0.92
    assert accuracy(names["lenet"]("relu", nn.MaxPool2D), 0.002, 16) > mlp + 0.01
    assert accuracy(names["lenet"](), 0.005, 20, magnitude=24) > mlp


# ---- Exercises ----


def color_lenet(*, padding=0, channels=(6, 16), units=(120, 84, 10), in_channels=0):
    """Return a solution of exercise 2, or one with mistakes in it."""

    def make():
        net = nn.Sequential()
        net.add(
            nn.Conv2D(channels[0], 5, padding=padding, activation="sigmoid", in_channels=in_channels),
            nn.AvgPool2D(2, 2),
            nn.Conv2D(channels[1], 5, activation="sigmoid"),
            nn.AvgPool2D(2, 2),
            *(nn.Dense(number) for number in units),
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
        ("12.1", (32, 12, 12, ...), "replace every ... by one"),
        ("12.2", color_lenet(padding=2), "576 = 16·6·6"),
        ("12.2", color_lenet(padding=4), "gets 784 inputs, and should get 400"),
        ("12.2", color_lenet(channels=(12, 16)), "keep their 6 and 16 kernels"),
        ("12.2", color_lenet(units=(120, 10)), "keep 120, 84 and 10 units"),
        ("12.2", color_lenet(in_channels=1), "does not take a batch of shape (2, 3, 32, 32)"),
        ("12.2", lambda: 3, "should return a net, but it returns int"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k, "work for one output position"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k + o, "these are the parameters"),
        ("12.3", lambda i, o, k, n, p: i * o * k * k * n * n, "positions of the input"),
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
        ("12.3", lambda i, o, k, n, p: i * o * k**2 * positions(n, k, p) ** 2),
        ("12.4", most_confused()),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
