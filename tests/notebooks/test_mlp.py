"""Notebook 07: its networks, compared with NumPy; what it claims about training; wrong answers to its exercises."""

import itertools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import gluon, np, npx
from support import said

from d2lhelpers import ArrayLoader, accuracy, fit, load_images, summarize


@pytest.fixture
def names():
    return lesson("07-mlp").names()


@pytest.fixture
def xor():
    corners = list(itertools.product([0, 1], repeat=2))
    return np.array(corners), np.array([a ^ b for a, b in corners], dtype="int32")


# ---- Networks ----


def test_the_network_by_hand_computes_xor(names, xor):
    points, labels = xor
    assert (names["by_hand"](points) > 0).tolist() == labels.astype(bool).tolist()


def test_the_mlp_from_scratch_agrees_with_numpy(names):
    random = onp.random.RandomState(0)
    X = random.normal(size=(3, 1, 4, 5))
    W1, b1, W2, b2 = (random.normal(size=shape) for shape in ((20, 6), 6, (6, 2), 2))
    got = names["mlp"](np.array(X), [np.array(parameter) for parameter in (W1, b1, W2, b2)])
    expected = onp.maximum(X.reshape(3, 20) @ W1 + b1, 0) @ W2 + b2
    onp.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("widths", [[], [64, 16]])
def test_a_network_is_built_with_the_widths_given(names, widths):
    expected = sum(a * b + b for a, b in itertools.pairwise([784, *widths, 10]))
    assert summarize(names["build"](widths), (1, 1, 28, 28)).total_parameters == expected


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("start", range(5))
def test_a_start_either_learns_xor_or_leaves_two_points_a_coin_toss(names, xor, start):
    points, labels = xor
    net = names["train_two_classes"](points, labels, 2, 400, start)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(points), labels).mean().item()
    assert loss < 0.05 or loss == pytest.approx(onp.log(2) / 2, abs=0.005)


@pytest.mark.training
def test_more_hidden_units_learn_xor_from_more_starts(names, xor):
    points, labels = xor

    def solved(width):
        nets = (names["train_two_classes"](points, labels, width, 150, start) for start in range(10))
        return sum(accuracy(net(points), labels) == 1 for net in nets)

    assert solved(1) == 0
    assert 1 <= solved(2) <= 9
    assert solved(8) >= 9


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_three_hidden_units_enclose_a_disc_and_one_does_not(names, start):
    points, labels = names["make_rings"]()

    def reached(width):
        net = names["train_two_classes"](points, labels, width, 150, start)
        return accuracy(net(points), labels)

    assert reached(1) < 0.8
    assert reached(3) > 0.97


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_hidden_layer_is_far_better_than_none(names, seed):
    (X, y), (X_test, y_test) = (load_images(train=train, source="digits") for train in (True, False))

    def reached(widths):
        net = names["build"](widths)
        loader = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=6, lr=0.1, plot=False, seed=seed)
        return accuracy(net(X_test), y_test)

    none, narrow, wide = reached([]), reached([16]), reached([256])
    assert none + 0.05 < narrow < wide
    assert wide > 0.78


# ---- Exercises ----


def forward(X, layers, *, relu=True, last_relu=False, bias=True, last_bias=True):
    """Return the solution of exercise 3, or one with mistakes in it."""
    for index, (W, b) in enumerate(layers):
        is_last = index == len(layers) - 1
        X = np.dot(X, W) + b * (last_bias if is_last else bias)
        if last_relu if is_last else relu:
            X = npx.relu(X)
    return X


def change_in_place(X, layers):
    scores = forward(X, layers)
    X[:] = 0
    return scores


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("07.1", 784 * 100 + 100 * 50 + 50 * 10, "the weights alone"),
        ("07.1", 84060 + 784, "the inputs have no biases"),
        ("07.1", 84060 - 160 + 3, "each unit has its own"),
        ("07.1", 84060 - 510, "the output layer is missing"),
        ("07.1", 84060 - 10, "the output layer has biases"),
        ("07.1", 784 * 100 + 100 + 784 * 50 + 50 + 510, "not the 784 pixels"),
        ("07.1", 784 + 100 + 50 + 10, "these are the units"),
        ("07.1", 28 * 100 + 100 + 5050 + 510, "784 pixels, not 28"),
        ("07.1", 84061, "Add up three layers"),
        ("07.2", ([1, -2], -0.5), "XOR itself"),
        ("07.2", ([-1, 1], 0.5), "at (1, 1) the score is -0.5, and should be above 0"),
        ("07.2", ([-1, 2], 0), "at (0, 0) the score is 0, and should be above 0"),
        ("07.2", ([1, 1], 0.5), "at (0, 1) the score is 1.5, and should be below 0"),
        ("07.2", ([-1, 2, 0], 0.5), "two weights"),
        ("07.2", [-1, 2], "the pair"),
        ("07.3", lambda X, layers: forward(X, layers, last_relu=True), "after the last layer, too"),
        ("07.3", lambda X, layers: forward(X, layers, relu=False), "missing between the layers"),
        ("07.3", lambda X, layers: forward(X, layers, bias=False, last_bias=False), "the biases are missing"),
        ("07.3", lambda X, layers: forward(X, layers, last_bias=False), "the last bias is missing"),
        ("07.3", lambda X, layers: forward(X, layers, bias=False), "only the last layer has a bias"),
        ("07.3", lambda X, layers: forward(X, layers[:-1], last_relu=True), "the last layer is missing"),
        ("07.3", change_in_place, "changed in place"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize("answer", [([-3, 7], 1), ((-2, 4), 1.0)])
def test_other_output_layers_are_right_as_well(answer, capsys):
    assert said("07.2", answer, capsys).startswith("✓ Exercise 07.2: right.")
