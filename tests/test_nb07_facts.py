"""Notebook 07: what it claims about XOR and layers, what training shows, and the wrong answers to its exercises."""

import itertools
import re

import numpy as onp
import pytest
from mxnet import np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import ArrayLoader, accuracy, fit, load_images, summarize

npx.set_np()
NOTEBOOK = StoredNotebook("07-mlp")


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define."""
    names = {}
    for text in (
        "npx.set_np()",
        "y = np.array([0, 1, 1, 0]",
        "def by_hand(",
        "def train_two_classes(",
        "def make_rings(",
    ):
        exec(NOTEBOOK.cell_with(text).source.replace("draw_points()", ""), names)
    exec(NOTEBOOK.cell_with("def mlp(").source, names)
    return names


# ---- XOR ----


def test_the_best_line_gets_three_of_four():
    """An independent look: every way to divide the four corners by a line is one of 14; XOR is not among them."""
    corners = onp.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    divisions = set()
    random = onp.random.RandomState(0)
    for _ in range(5000):
        w, b = random.normal(size=2), random.uniform(-2, 2)
        divisions.add(tuple((corners @ w + b > 0).tolist()))
    assert len(divisions) == 14
    xor = (False, True, True, False)
    assert max(sum(a == b for a, b in zip(division, xor, strict=True)) for division in divisions) == 3
    assert NOTEBOOK.printed_by("says_one =") == "best of 10,000 random lines: 3 of 4, accuracy 0.75\n"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_argument_holds_for_every_linear_score(seed):
    w, b = onp.random.RandomState(seed).normal(size=2), onp.random.RandomState(seed).normal()

    def score(*point):
        return point @ w + b

    assert score(0, 0) + score(1, 1) == pytest.approx(score(0, 1) + score(1, 0))


def test_the_network_by_hand_computes_xor(names):
    assert names["by_hand"](names["X"]).asnumpy().tolist() == [-0.5, 0.5, 0.5, -0.5]


def test_the_lecture_s_table_of_signs():
    """As printed there: blue + - + -, orange + + - -, product + - - +."""
    rows = [line.split() for line in NOTEBOOK.printed_by("blue, orange =").splitlines()]
    assert rows == [["blue", *"+-+-"], ["orange", *"++--"], ["product", *"+--+"]]


@pytest.mark.parametrize("start", range(5))
def test_a_start_either_learns_xor_or_ends_where_two_points_are_a_coin_toss(names, start):
    from mxnet import gluon

    net = names["train_two_classes"](names["X"], names["y"], 2, 400, start)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(names["X"]), names["y"]).mean().item()
    assert loss < 0.05 or loss == pytest.approx(onp.log(2) / 2, abs=0.005)


def test_room_to_spare_helps(names):
    def solved(width):
        nets = (names["train_two_classes"](names["X"], names["y"], width, 150, start) for start in range(10))
        return sum(accuracy(net(names["X"]), names["y"]) == 1 for net in nets)

    one, two, eight = solved(1), solved(2), solved(8)
    assert one == 0
    assert 1 <= two <= 9
    assert eight >= 9


@pytest.mark.parametrize("start", [0, 1, 2])
def test_three_units_enclose_a_disc_and_one_does_not(names, start):
    points, labels = names["make_rings"]()
    reached = {}
    for width in (1, 3):
        net = names["train_two_classes"](points, labels, width, 150, start)
        reached[width] = accuracy(net(points), labels)
    assert reached[1] < 0.8
    assert reached[3] > 0.97


# ---- Layers ----


def test_two_linear_layers_are_one():
    lines = NOTEBOOK.printed_by("two_layers =").splitlines()
    assert lines == ["without ReLU: one layer does the same: True", "with    ReLU: one layer does the same: False"]


def test_the_gradients_of_the_activations():
    from mxnet import autograd

    x = np.arange(-4, 4, 0.37)
    a = x.asnumpy().astype("float64")
    sigmoid = 1 / (1 + onp.exp(-a))
    expected = {npx.relu: (a > 0), npx.sigmoid: sigmoid * (1 - sigmoid), np.tanh: 1 - onp.tanh(a) ** 2}
    for function, gradient in expected.items():
        x.attach_grad()
        with autograd.record():
            y = function(x)
        y.backward()
        onp.testing.assert_allclose(x.grad.asnumpy(), gradient, rtol=1e-4, atol=1e-6)
    assert (sigmoid * (1 - sigmoid)).max() <= 0.25
    assert pytest.approx(1e-6, rel=0.1) == 0.25**10  # "after ten a millionth"


def test_equal_units_get_equal_gradients():
    found = re.findall(r"(\w+) +start: largest ([\d.]+), spread ([\d.]+)", NOTEBOOK.printed_by("spread ="))
    starts = {name: (float(largest), float(spread)) for name, largest, spread in found}
    assert starts["zero"] == (0, 0)
    assert starts["equal"][0] > 0 == starts["equal"][1]
    assert min(starts["random"]) > 0.5


def test_parameters_are_counted_alike():
    assert 784 * 256 + 256 + 256 * 10 + 10 == 203_530
    assert "parameters 203530" in NOTEBOOK.printed_by("batch = np.random")
    assert "203,530" in NOTEBOOK.printed_by("same scores")


def test_scratch_and_gluon_agree():
    assert "same scores: True" in NOTEBOOK.printed_by("same scores")
    assert NOTEBOOK.printed_by("autograd.backward([losses, mean])") == "same weights after an epoch: True\n"


# ---- Training on images ----


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_hidden_layer_is_far_better_than_none(seed):
    (X, y), (X_test, y_test) = (load_images(train=train, source="digits") for train in (True, False))

    def reached(*hidden):
        net = nn.Sequential()
        net.add(*[nn.Dense(width, activation="relu") for width in hidden], nn.Dense(10))
        loader = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=6, lr=0.1, plot=False, seed=seed)
        return accuracy(net(X_test), y_test)

    none, narrow, wide = reached(), reached(16), reached(256)
    assert none + 0.05 < narrow < wide
    assert wide > 0.78


def test_the_table_counts_parameters_as_summarize_does():
    rows = re.findall(r"^(\[.*?\]) +([\d,]+) ", NOTEBOOK.printed_by("hidden layers    parameters"), re.MULTILINE)
    assert len(rows) == 7
    for widths, parameters in rows:
        sizes = [784, *eval(widths), 10]
        expected = sum(a * b + b for a, b in itertools.pairwise(sizes))
        assert int(parameters.replace(",", "")) == expected
    net = nn.Sequential()
    net.add(nn.Dense(16), nn.Dense(10))
    assert summarize(net, (1, 1, 28, 28)).total_parameters == 12_730


# ---- Exercises ----


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (784 * 100 + 100 * 50 + 50 * 10, "the weights alone"),
        (84060 + 784, "the inputs have no biases"),
        (84060 - 160 + 3, "each unit has its own"),
        (84060 - 510, "the output layer is missing"),
        (84060 - 10, "the output layer has biases"),
        (784 * 100 + 100 + 784 * 50 + 50 + 510, "not the 784 pixels"),
        (944, "these are the units"),
        (28 * 100 + 100 + 5050 + 510, "784 pixels, not 28"),
        (84061, "Add up three layers"),
        ("84060", "one number"),
    ],
)
def test_wrong_counts(answer, words, capsys):
    out = said("07.1", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("answer", [84060, 84060.0, np.array(84060)])
def test_right_counts(answer, capsys):
    assert said("07.1", answer, capsys).startswith("✓")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (([1, -2], -0.5), "XOR itself"),
        (([-1, 1], 0.5), "at (1, 1) the score is -0.5, and should be above 0"),
        (([-1, 2], 0), "at (0, 0) the score is 0, and should be above 0"),
        (([1, 1], 0.5), "at (0, 1) the score is 1.5, and should be below 0"),
        (([-1, 2, 0], 0.5), "two weights"),
        ([-1, 2], "the pair"),
        (("a", 1), "should be numbers"),
    ],
)
def test_wrong_output_layers(answer, words, capsys):
    out = said("07.2", answer, capsys)
    assert out.startswith("✗")
    assert words in out


@pytest.mark.parametrize("answer", [([-1, 2], 0.5), (np.array([-3.0, 7.0]), 1), ((-2, 4), 1.0)])
def test_right_output_layers(answer, capsys):
    assert said("07.2", answer, capsys).startswith("✓")


def forward(X, layers, relu=True, last_relu=False, bias=True, last_bias=True):
    for index, (W, b) in enumerate(layers):
        is_last = index == len(layers) - 1
        X = np.dot(X, W) + b * (last_bias if is_last else bias)
        if last_relu if is_last else relu:
            X = npx.relu(X)
    return X


def change_in_place(X, layers):
    out = forward(X, layers)
    X[:] = 0
    return out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda X, layers: forward(X, layers, last_relu=True), "after the last layer, too"),
        (lambda X, layers: forward(X, layers, relu=False), "missing between the layers"),
        (lambda X, layers: forward(X, layers, bias=False, last_bias=False), "the biases are missing"),
        (lambda X, layers: forward(X, layers, last_bias=False), "the last bias is missing"),
        (lambda X, layers: forward(X, layers, bias=False), "only the last layer has a bias"),
        (lambda X, layers: npx.relu(forward(X, layers[:-1], last_relu=True)), "the last layer is missing"),
        (lambda X, layers: forward(X, layers).sum(axis=1), "has shape (6,) where (6, 3)"),
        (change_in_place, "changed in place"),
    ],
)
def test_wrong_forward_passes(answer, words, capsys):
    out = said("07.3", answer, capsys)
    assert out.startswith("✗")
    assert words in out
