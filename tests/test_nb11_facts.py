"""Notebook 11, LeNet: its numbers against counts made another way, its claim over several seeds, its exercises."""

import itertools
import re

import jupytext
import nbformat
import pytest
from mxnet import gluon, init, np, npx
from mxnet.gluon import nn
from support import ROOT

from d2lhelpers import fit, load_data, summarize
from d2lhelpers.exercises import check

SOURCE = ROOT / "notebooks" / "source" / "11-lenet.py"
NOTEBOOK = ROOT / "notebooks" / "11-lenet.ipynb"


@pytest.fixture(scope="module")
def taught():
    """The names that the notebook's own cells define: its two networks."""
    cells = [cell.source for cell in jupytext.read(SOURCE, fmt="py:percent").cells if cell.cell_type == "code"]
    names: dict = {"nn": nn, "gluon": gluon}
    for start in ("def lenet(", "def mlp("):
        (cell,) = [source for source in cells if source.startswith(start)]
        exec(cell.split("\n\n\n")[0], names)
    return names


@pytest.fixture(scope="module")
def printed():
    """What the stored notebook printed."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


@pytest.fixture(scope="module")
def weights(taught):
    """The shapes of LeNet's parameters, from the arrays of an initialized network."""
    npx.set_np()
    net = taught["lenet"]()
    net.initialize()
    net(np.zeros((1, 1, 28, 28)))
    return [parameter.data().shape for parameter in net.collect_params().values()]


def product(sides):
    result = 1
    for side in sides:
        result *= side
    return result


def positions(size, kernel, padding=0, stride=1):
    """Places where a kernel fits on a square image, one by one."""
    corners = [p for p in range(-padding, size + padding, stride) if p + kernel <= size + padding]
    return len(list(itertools.product(corners, corners)))


def test_parameters(weights, printed):
    assert [product(shape) for shape in weights] == [150, 6, 2400, 16, 48000, 120, 10080, 84, 840, 10]
    assert sum(product(shape) for shape in weights) == 61_706
    assert "61,706 by hand, 61,706 by the table" in printed


def test_multiply_adds(taught, printed):
    expected = [
        6 * 25 * positions(28, 5, padding=2),
        16 * 6 * 25 * positions(14, 5),
        400 * 120,
        120 * 84,
        84 * 10,
    ]
    assert expected == [117_600, 240_000, 48_000, 10_080, 840]
    table = summarize(taught["lenet"](), (1, 1, 28, 28))
    assert [row.multiply_adds for row in table.rows if row.parameters] == expected
    assert "416,520 by hand, 416,520 by the table" in printed


def test_sizes(taught, printed):
    sides = [row.output_shape[2] for row in summarize(taught["lenet"](), (1, 1, 28, 28)).rows[:4]]
    assert sides == [28, 14, 10, 5]
    assert "28 14 10 5\n" in printed
    assert positions(28, 2, stride=2) == 14**2


def test_parameters_are_dense_and_work_is_convolution(printed):
    assert "96% of the parameters are dense" in printed
    assert "86% of the work is convolution" in printed
    assert round(100 * (48_120 + 10_164 + 850) / 61_706) == 96
    assert round(100 * (117_600 + 240_000) / 416_520) == 86


def test_mlp_has_more_parameters_and_less_work(taught, printed):
    table = summarize(taught["mlp"](), (1, 1, 28, 28))
    assert table.total_parameters == 784 * 256 + 256 + 256 * 10 + 10 == 203_530
    assert table.total_multiply_adds == 784 * 256 + 256 * 10 == 203_264
    assert "parameters: MLP 203,530, LeNet 61,706" in printed


class TestErrata:
    def test_mnist_has_60_000_training_images(self, printed):
        assert re.search(r"training +60,000 images", printed)
        assert re.search(r"test +10,000 images", printed)

    @pytest.mark.parametrize(
        ("slide", "true"),
        [
            (0.48e6, 48_120),
            (0.1e6, 10_164),
            (0.6e6, 61_706),
            (1.2e6, 117_600),
            (2.4e6, 240_000),
            (4e6, 416_520),
        ],
    )
    def test_the_slide_is_ten_times_too_high(self, slide, true, printed):
        assert round(slide / true) == 10
        assert re.search(rf"{slide:,.0f} +{true:,} +{slide / true:.1f} times", printed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_lenet_beats_the_mlp(taught, seed):
    """On few images, also when the MLP has twice the epochs: it has stopped getting better by then.

    Means of the last three epochs are compared, as the curves jump from epoch to epoch.
    """

    def accuracy(net, lr, num_epochs, magnitude=3):
        loaders = load_data(32, source="digits", train_size=2000)
        net.initialize(init.Xavier(magnitude=magnitude))
        history = fit(net, *loaders, num_epochs=num_epochs, optimizer="adam", lr=lr, seed=seed, plot=False)
        return sum(history.test_accuracy[-3:]) / 3

    mlp = accuracy(taught["mlp"](), 0.001, 40)
    assert 0.85 < mlp < 0.92
    assert accuracy(taught["lenet"]("relu", nn.MaxPool2D), 0.002, 16) > mlp + 0.01
    assert accuracy(taught["lenet"](), 0.005, 20, magnitude=24) > mlp


def color_lenet(*, padding=0, channels=(6, 16), units=(120, 84, 10), in_channels=0):
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


def count(formula):
    """A student's function for exercise 3: c_i, c_o, k, n, p -> a number."""
    return lambda in_channels, out_channels, kernel, size, padding=0: formula(
        in_channels, out_channels, kernel, size, padding
    )


def pairs(labels, predictions, keep=lambda a, b: a != b, order=lambda a, b: (a, b)):
    found = [order(a, b) for a, b in zip(labels.tolist(), predictions.tolist(), strict=True) if keep(a, b)]
    best = max(found, key=found.count)
    return (*best, found.count(best))


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("11.1", (32, 12, 12, 4608), "Each of the 32 output channels has a bias"),
        ("11.1", (32, 12, 12, 4608 + 512), "not one per pair of input and output channel"),
        ("11.1", (32, 12, 12, 4624), "one per input channel"),
        ("11.1", (32, 12, 12, 4609), "not one for the whole layer"),
        ("11.1", (32, 12, 12, 320), "that factor is missing"),
        ("11.1", (32, 12, 12, 4608 * 144), "these are the multiply-adds"),
        ("11.1", (32, 14, 14, 4640), "only with padding"),
        ("11.1", (32, 11, 11, 4640), "one short"),
        ("11.1", (12, 12, 32, 4640), "in another order"),
        ("11.1", (16, 12, 12, 4640), "16 channels go in"),
        ("11.1", (32, 12, 12, 7), "is 7 where 4640 is right"),
        ("11.1", 4640, "four numbers"),
        ("11.1", (32, 12, 12, ...), "replace every ... by one"),
        ("11.2", color_lenet(padding=2), "576 = 16·6·6"),
        ("11.2", color_lenet(padding=4), "gets 784 inputs, and should get 400"),
        ("11.2", color_lenet(channels=(12, 16)), "keep their 6 and 16 kernels"),
        ("11.2", color_lenet(units=(120, 10)), "keep 120, 84 and 10 units"),
        ("11.2", color_lenet(in_channels=1), "does not take a batch of shape (2, 3, 32, 32)"),
        ("11.2", lambda: 3, "should return a net, but it returns int"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k), "work for one output position"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k + o), "these are the parameters"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k * n * n), "positions of the input"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k * (n - k + 1) ** 2), "padding is missing"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k * (n - k + p + 1) ** 2), "on both sides"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k * (n - k + 2 * p) ** 2), "one wider"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * k * (n - k + 2 * p + 1)), "height times width positions"),
        ("11.3", count(lambda i, o, k, n, p: o * k * k * (n - k + 2 * p + 1) ** 2), "all input channels"),
        ("11.3", count(lambda i, o, k, n, p: i * k * k * (n - k + 2 * p + 1) ** 2), "each output channel"),
        ("11.3", count(lambda i, o, k, n, p: i * o * k * (n - k + 2 * p + 1) ** 2), "kernel²"),
        ("11.3", count(lambda i, o, k, n, p: 2 * i * o * k * k * (n - k + 2 * p + 1) ** 2), "as one multiply-add"),
        ("11.3", count(lambda i, o, k, n, p: o * (i * k * k + 1) * (n - k + 2 * p + 1) ** 2), "leave the biases out"),
        ("11.3", count(lambda i, o, k, n, p: 7), "is 7 where 240000 is right"),
        ("11.3", count(lambda i, o, k, n, p: "many"), "should be one number, but it is str 'many'"),
        ("11.4", lambda y, said: pairs(y, said, keep=lambda a, b: True), "no confusion"),
        ("11.4", lambda y, said: pairs(y, said, order=lambda a, b: (b, a)), "the true digit comes first"),
        ("11.4", lambda y, said: pairs(y, said, order=lambda a, b: (min(a, b), max(a, b))), "the reverse another"),
        ("11.4", lambda y, said: (*pairs(y, said)[:2], 1), "is 1 where 2 is right"),
        ("11.4", lambda y, said: pairs(y, said)[:2], "(true digit, predicted digit, times)"),
        ("11.4", lambda y, said: ("four", 9, 2), "three integers"),
        ("11.4", lambda y, said: (7, 1, 1), "and should be (4, 9, 2)"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"✗ Exercise {name}: ")
    assert message in said


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("11.1", [32, 12, 12, 4640]),
        ("11.2", color_lenet(in_channels=3)),
        ("11.3", lambda i, o, k, n, p=0: i * o * k**2 * positions(n, k, p)),
        ("11.4", lambda y, said: list(pairs(y, said))),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"✓ Exercise {name}: right. ")


def test_own_error_of_a_student_is_shown(capsys):
    with pytest.raises(ZeroDivisionError) as caught:
        check("11.3", lambda *arguments: 1 / 0)
    assert "conv_multiply_adds(6, 16, 5, 14, 0)" in caught.value.__notes__[0]
