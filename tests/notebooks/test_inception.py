"""Notebook 15: Inception's costs, compared with formulas and publications; experiments over seeds; exercises."""

import functools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import summarize


@pytest.fixture(scope="module")
def names():
    return lesson("15-inception").names("plans = {", "X, y = load_images", "plans |= {", "VGG11 = [")


def layers_of(c_in, c1, c2, c3, c4):
    """List the convolutions of an Inception block as (channels in, channels out, weights of a kernel)."""
    return [(c_in, c1, 1), (c_in, c2[0], 1), (*c2, 9), (c_in, c3[0], 1), (*c3, 25), (c_in, c4, 1)]


# ---- One block ----


def test_a_block_costs_what_its_six_convolutions_cost(names):
    first = (64, (96, 128), (16, 32), 32)  # block 3a of the paper
    table = summarize(names["Inception"](*first), (1, 192, 28, 28))
    assert table.total_parameters == sum(o * (i * k + 1) for i, o, k in layers_of(192, *first))
    assert table.total_multiply_adds == sum(i * o * k for i, o, k in layers_of(192, *first)) * 28**2


def test_a_block_without_reductions_reads_all_channels(names):
    table = summarize(names["without_reduction"](64, 128, 32, 32), (1, 192, 28, 28))
    assert table.total_multiply_adds == 192 * (64 + 9 * 128 + 25 * 32 + 32) * 28**2


def test_a_block_puts_its_four_paths_next_to_each_other(names):
    block = names["Inception"](3, (2, 4), (1, 2), 5)
    block.initialize()
    X = np.random.normal(size=(2, 6, 7, 7))
    start, Y = 0, block(X)
    for path, channels in zip((block.path1, block.path2, block.path3, block.path4), block.widths, strict=True):
        assert (Y[:, start : start + channels] == path(X)).all()
        start += channels
    assert Y.shape == (2, start, 7, 7)


def test_the_detour_through_a_reduction_pays_up_to_a_width_of_154(names):
    weights = names["weights"]

    def detour(width):
        return weights(192, width, k=1) + weights(width, 32, k=5)

    assert detour(154) < weights(192, 32, k=5) < detour(155)
    shares = [round(100 * detour(width) / weights(192, 32, k=5)) for width in (4, 16, 64, 160)]
    assert shares == [3, 10, 41, 103]  # as the description of the figure says


def test_combinations_of_channels_keep_more_variance_than_channels():
    measured = lesson("15-inception").names("pretrained = load_pretrained")
    combined, single = measured["combined"], measured["single"]
    assert (round(100 * combined[19]), round(100 * combined[119])) == (65, 95)
    assert round(100 * single[119]) == 65


# ---- GoogLeNet ----


def test_googlenet_costs_what_its_layers_cost(names):
    size, c_in, widths = 64, 192, []
    layers = [(3, 64, 49, size // 2), (64, 64, 1, size // 4), (64, 192, 9, size // 4)]
    for name, block in names["BLOCKS"].items():
        side = size // {"3": 8, "4": 16, "5": 32}[name[0]]
        layers += [(*layer, side) for layer in layers_of(c_in, *block)]
        c_in = block[0] + block[1][1] + block[2][1] + block[3]
        widths.append(c_in)
    layers.append((1024, 1000, 1, 1))
    assert widths == [256, 480, 512, 512, 512, 528, 832, 832, 1024]  # the paper's
    table = summarize(names["googlenet"](), (1, 3, size, size))
    assert table.total_parameters == sum(o * (i * k + 1) for i, o, k, _ in layers)
    assert table.total_multiply_adds == sum(i * o * k * side**2 for i, o, k, side in layers)


def test_counted_rivals_have_the_published_sizes(names):
    convolutions, dense, work = names["count"](names["ALEXNET"])
    assert (convolutions + dense, work) == (60_965_224, 724_406_816)  # as in notebook 13
    convolutions, dense, work = names["count"](names["VGG11"])
    assert (convolutions + dense, round(work / 1e9, 2)) == (132_863_336, 7.61)  # torchvision's
    assert dense == 25089 * 4096 + 4097 * 4096 + 4097 * 1000


# ---- The race ----


def test_the_networks_of_the_race_do_the_same_work(names):
    work = {name: summarize(names["build"](name), (1, 1, 28, 28)).total_multiply_adds for name in RACE[:5]}
    assert max(work.values()) / min(work.values()) < 1.02
    assert round(work["Inception"] / 416_520, 1) == 2.0  # LeNet's


def test_nothing_is_lost_without_a_path_that_always_says_the_same(names):
    net = names["build"]("Inception")
    net.initialize()
    net(names["X"][:1])
    net[1].path3[1].weight.set_data(np.zeros((4, 2, 5, 5)))
    net[3].path1.weight.set_data(np.zeros((16, 32, 1, 1)))
    lost = names["points_lost"](net)
    assert lost.shape == (2, 4)
    assert lost[0, 2] == lost[1, 0] == 0


@pytest.fixture(scope="module")
def run(names):
    """Return a function that trains a network as the notebook does, once, and returns it and its last accuracy."""

    @functools.cache
    def train(name, seed):
        net = names["build"](name)
        return net, names["train"](net, random_seed=seed)[-1].test_accuracy[0]

    return train


RACE = ["one 3×3", "two 3×3", "one 5×5", "no reductions", "Inception", "wider 3×3", "widest 3×3"]


def test_every_network_has_a_recorded_result(names):
    assert list(names["recorded"]) == RACE


@pytest.mark.training
@pytest.mark.parametrize("name", RACE)
def test_the_recorded_accuracies_come_back(names, run, name):
    *accuracies, _ = names["recorded"][name]
    assert onp.mean([run(name, seed)[1] for seed in range(3)]) == pytest.approx(onp.mean(accuracies), abs=0.008)


@pytest.mark.training
@pytest.mark.parametrize("seed", range(3))
def test_the_3x3_paths_cost_most(names, run, seed):
    lost = names["points_lost"](run("Inception", seed)[0])
    assert (lost.argmax(axis=1) == 1).all()
    assert lost[:, 1].min() > 4
    assert lost[:, [0, 2, 3]].max() < 7.5


@pytest.mark.training
def test_the_sample_solution_of_the_mini_project_reaches_its_goal(names):
    block, reached = names["Inception"], []
    for seed in range(3):
        net = names["network"](block(6, (5, 10), (2, 4), 4), block(14, (12, 26), (3, 6), 6), stem=10)
        assert summarize(net, (1, 1, 28, 28)).total_multiply_adds == 415_202
        reached.append(names["train"](net, num_epochs=8, random_seed=seed)[-1].test_accuracy[0])
    assert onp.mean(reached) > 0.86


# ---- Exercises ----


def path(*layers, relu=(True, True, True)):
    """Return a student's function for exercise 15.2; layers are (which number of channels, kernel size, padding)."""

    def make(reduced, channels):
        npx.set_np()
        net = nn.Sequential()
        for (which, size, padding), active in zip(layers, relu, strict=False):
            count = {"r": reduced, "c": channels}[which]
            net.add(nn.Conv2D(count, size, padding=padding, activation="relu" if active else None))
        return net

    return make


ONE, THREE, NARROW, LAST = ("r", 1, 0), ("c", 3, 1), ("r", 3, 1), ("c", 1, 0)


def cost(layers=layers_of, bias=True, work=lambda weights, biases, size: weights * size * size):
    """Return a student's function for exercise 15.3; layers are (channels in, channels out, weights of a kernel)."""

    def block_cost(c_in, c1, c2, c3, c4, size):
        made = layers(c_in, c1, c2, c3, c4)
        weights = sum(i * o * k for i, o, k in made)
        biases = sum(o for _, o, _ in made)
        return weights + bias * biases, work(weights, biases, size)

    return block_cost


def cost_without_biases_of_reductions(c_in, c1, c2, c3, c4, size):
    parameters, work = cost()(c_in, c1, c2, c3, c4, size)
    return parameters - c2[0] - c3[0], work


def layers_without_reductions(i, a, b, c, d):
    return [(i, a, 1), (i, b[1], 9), (i, c[1], 25), (i, d, 1)]


def layers_that_all_read_the_input(i, a, b, c, d):
    return [(i, o, k) for _, o, k in layers_of(i, a, b, c, d)]


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("15.1", (640, 28, 28, 2), "stay inside their path"),
        ("15.1", (416, 28, 28, 2), "the path with the pooling outputs channels"),
        ("15.1", (672, 28, 28, 2), "reduces its 256 channels to 64"),
        ("15.1", (256, 28, 28, 2), "256 channels go in"),
        ("15.1", (192, 28, 28, 2), "their numbers of channels add up"),
        ("15.1", (736, 28, 28, 2), "not one of the paths"),
        ("15.1", (480, 14, 14, 2), "a stride of 1"),
        ("15.1", (480, 26, 26, 2), "has the padding that its kernel needs"),
        ("15.1", (28, 28, 480, 2), "channels first"),
        ("15.1", (480, 28, 28, 3), "has the largest kernels, but they read only 32"),
        ("15.1", (480, 28, 28, 1), "Path 1 has 32,768 weights"),
        ("15.1", (480, 28, 28, 0), "numbered 1 to 4"),
        ("15.1", (481, 28, 28, 2), "is 481, but should be 480"),
        ("15.1", 480, "four numbers are asked for"),
        ("15.1", (480, 28, 28, ...), "replace every ... by one"),
        ("15.2", path(ONE, ("c", 5, 2)), "still a 5×5"),
        ("15.2", path(THREE, THREE), "the 1×1 convolution is missing"),
        ("15.2", path(ONE, THREE), "a second one after it"),
        ("15.2", path(THREE, THREE, LAST), "comes last"),
        ("15.2", path(ONE, THREE, THREE, THREE, relu=[True] * 4), "yours are 1×1, 3×3, 3×3, 3×3"),
        ("15.2", path(ONE, NARROW, THREE), "both 3×3 should output 6"),
        ("15.2", path(LAST, THREE, THREE), "should reduce them to 4"),
        ("15.2", path(ONE, THREE, NARROW), "output [4, 6, 4] channels"),
        ("15.2", path(ONE, ("c", 3, 0), ("c", 3, 0)), "go from 7 to 3"),
        ("15.2", path(ONE, THREE, THREE, relu=(False,) * 3), "no convolution is followed by ReLU"),
        ("15.2", path(ONE, THREE, THREE, relu=(True, True, False)), "the last convolution lacks"),
        ("15.2", path(ONE, THREE, THREE, relu=(True, False, True)), "the first 3×3 convolution lacks"),
        ("15.2", path(ONE, THREE, THREE, relu=(False, True, True)), "the 1×1 convolution lacks"),
        ("15.2", path(ONE, THREE, THREE, relu=(False, False, True)), "only the last"),
        ("15.2", path(ONE, THREE, THREE, relu=(True, False, False)), "only the 1×1"),
        ("15.2", path(), "no layers with weights"),
        ("15.2", lambda reduced, channels: nn.Dense(channels), "another layer with parameters"),
        ("15.2", lambda reduced, channels: nn.Conv2D(channels, 9), "does not take an image"),
        ("15.2", lambda reduced, channels: 3, "should return a net, but it returns int"),
        ("15.3", cost(bias=False), "the biases are missing"),
        ("15.3", cost_without_biases_of_reductions, "the reductions have biases, too"),
        ("15.3", cost(lambda *block: layers_of(*block)[:-1]), "path 4 is missing"),
        ("15.3", cost(layers_without_reductions), "your 3×3 and 5×5 read the input"),
        ("15.3", cost(layers_that_all_read_the_input), "the channels of their reduction, not all 192"),
        ("15.3", cost(lambda *block: [(i, o, 1) for i, o, _ in layers_of(*block)]), "for each pair of channels: 9"),
        (
            "15.3",
            cost(lambda *block: [(i, o, round(k**0.5)) for i, o, k in layers_of(*block)]),
            "for each pair of channels, not k",
        ),
        ("15.3", cost(work=lambda weights, biases, size: (weights + biases) * size**2), "leave out the biases"),
        ("15.3", cost(work=lambda weights, biases, size: weights * size), "size · size positions"),
        ("15.3", cost(work=lambda weights, biases, size: weights), "works once at each position"),
        ("15.3", cost(work=lambda weights, biases, size: 2 * weights * size**2), "and its addition as one"),
        ("15.3", lambda *block: cost()(*block)[::-1], "parameters first"),
        ("15.3", lambda *block: 7, "two numbers"),
        ("15.3", lambda *block: (7, 8), "is 7, but should be 163696"),
    ],
)
def test_every_mistake_gets_its_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


def test_numbers_may_come_as_a_list(capsys):
    assert said("15.1", [480, 28, 28, 2], capsys).startswith("✓ Exercise 15.1: right. ")
