"""Notebook 15: Inception's costs, compared with formulas and publications; experiments over seeds; exercises."""

import functools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import summarize
from d2lhelpers.figures import nb15_inception as figures


@pytest.fixture(scope="module")
def names():
    return lesson("15-inception").names(
        "plans = {", "X, y = load_images", "plans |= {", "recorded_lost = {", "full_size =", "counts = {"
    )


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
    drawn = [f"{stage}{letter}" for stage, letters in figures.STAGES.items() for letter in letters]
    assert list(names["BLOCKS"]) == drawn
    assert widths == [256, 480, 512, 512, 512, 528, 832, 832, 1024]  # the paper's
    assert all(number % 8 == 0 for c1, c2, c3, c4 in names["BLOCKS"].values() for number in (c1, *c2, *c3, c4))
    table = summarize(names["googlenet"](), (1, 3, size, size))
    assert table.total_parameters == sum(o * (i * k + 1) for i, o, k, _ in layers)
    assert table.total_multiply_adds == sum(i * o * k * side**2 for i, o, k, side in layers)


def test_the_reductions_of_googlenet_save_most_of_its_blocks_work(names):
    c_in, work, direct = 192, 0, 0
    for name, block in names["BLOCKS"].items():
        positions = {"3": 28, "4": 14, "5": 7}[name[0]] ** 2
        work += positions * sum(i * o * k for i, o, k in layers_of(c_in, *block))
        c1, (_, c2), (_, c3), c4 = block
        direct += positions * c_in * (c1 + 9 * c2 + 25 * c3 + c4)
        c_in = c1 + c2 + c3 + c4
    assert (round(direct / 1e9, 1), round(work / 1e9, 1)) == (3.9, 1.1)


# Channels that a kernel reads, channels out, kernel size, side of the output; dense layers have size and side 1.
ALEXNET = [(3, 96, 11, 55), (48, 256, 5, 27), (256, 384, 3, 13), (192, 384, 3, 13), (192, 256, 3, 13)]
ALEXNET += [(256 * 6 * 6, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]
VGG11 = [(3, 64, 3, 224), (64, 128, 3, 112), (128, 256, 3, 56), (256, 256, 3, 56)]
VGG11 += [(256, 512, 3, 28), (512, 512, 3, 28), (512, 512, 3, 14), (512, 512, 3, 14)]
VGG11 += [(512 * 7 * 7, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]


@pytest.mark.parametrize(("name", "layers"), [("AlexNet", ALEXNET), ("VGG-11", VGG11)])
def test_rivals_have_the_sizes_that_their_layers_add_up_to(names, name, layers):
    parameters = [o * (i * k * k + 1) for i, o, k, _ in layers]
    work = [i * o * k * k * side**2 for i, o, k, side in layers]
    dense = sum(parameters[-3:])
    assert names["counts"][name] == (sum(parameters) - dense, dense, sum(work))
    if name == "VGG-11":
        assert sum(work[:4]) == pytest.approx(sum(work) / 2, rel=0.01)  # maps of 56×56 and larger


def test_googlenet_has_more_parameters_in_convolutions_than_alexnet(names):
    counts = names["counts"]
    assert counts["GoogLeNet"][0] > 2 * counts["AlexNet"][0]
    assert round(sum(counts["AlexNet"][:2]) / sum(counts["GoogLeNet"][:2])) == 9
    assert round(counts["VGG-11"][2] / counts["GoogLeNet"][2]) == 5


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
        return net, names["train"](names["prepare"](net, seed))[-1].test_accuracy[0]

    return train


RACE = ["one 3×3", "two 3×3", "one 5×5", "no reductions", "Inception", "narrower 3×3", "wider 3×3", "widest 3×3"]


def test_the_page_says_what_the_recorded_runs_show(names):
    assert list(names["recorded"]) == RACE
    accuracies = {name: onp.array(values[:3]) for name, values in names["recorded"].items()}
    seconds = {name: values[3] for name, values in names["recorded"].items()}
    means = {name: values.mean() for name, values in accuracies.items()}
    for rival in ("two 3×3", "one 5×5"):
        assert (accuracies["Inception"] > accuracies[rival]).all()
        assert 0.009 < means["Inception"] - means[rival] < 0.014  # about one point
    lead = accuracies["Inception"] - accuracies["one 3×3"]
    assert (lead[0] > 0.002, lead[1] < -0.002, abs(lead[2]) < 1e-6) == (True, True, True)
    assert means["one 3×3"] - means["one 5×5"] > 0.01
    assert round(1000 * (means["Inception"] - means["no reductions"])) == 5
    assert round(1000 * (means["widest 3×3"] - means["Inception"])) == 7
    assert seconds["Inception"] / seconds["widest 3×3"] == pytest.approx(3, abs=0.3)
    assert seconds["one 3×3"] / seconds["narrower 3×3"] == pytest.approx(3, abs=0.3)
    spread = accuracies["no reductions"].max() - accuracies["no reductions"].min()
    assert round(100 * spread) == 3


@pytest.mark.training
@pytest.mark.parametrize("name", RACE)
def test_the_recorded_accuracies_come_back(names, run, name):
    *accuracies, _ = names["recorded"][name]
    assert onp.mean([run(name, seed)[1] for seed in range(3)]) == pytest.approx(onp.mean(accuracies), abs=0.005)


def test_the_recorded_paths_are_worth_what_the_page_says(names):
    lost = {name: onp.array(blocks) for name, blocks in names["recorded_lost"].items()}
    assert list(lost) == ["1×1", "3×3", "5×5", "pool"]
    others = onp.stack([values for name, values in lost.items() if name != "3×3"])
    assert (lost["3×3"] > others.max(axis=0)).all()
    assert lost["3×3"].min() > 5.5
    assert round(lost["3×3"].max()) == 30
    assert others.max() <= 6
    assert (others <= 3).sum() >= 16
    per_channel = lost["5×5"] / [[4], [8]] > lost["3×3"] / [[16], [32]]
    assert per_channel.tolist() == [[True, False, False], [False, False, False]]
    assert [round(100 * share) for share in names["shares"][1:3]] == [77, 12]


@pytest.mark.training
@pytest.mark.parametrize("seed", range(3))
def test_the_3x3_paths_cost_most(names, run, seed):
    lost = names["points_lost"](run("Inception", seed)[0])
    recorded = onp.array(list(names["recorded_lost"].values()))[:, :, seed].T
    assert (lost.argmax(axis=1) == 1).all()
    assert abs(lost - recorded).max() < 3  # another processor rounds differently


@pytest.mark.training
def test_the_sample_solution_of_the_mini_project_reaches_its_goal(names):
    block, reached = names["Inception"], []
    for seed in range(3):
        net = names["network"](block(6, (5, 10), (2, 4), 4), block(14, (12, 26), (3, 6), 6), stem=10)
        assert summarize(net, (1, 1, 28, 28)).total_multiply_adds == 415_202
        reached.append(names["train"](names["prepare"](net, seed), num_epochs=8)[-1].test_accuracy[0])
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


def layers_without_path_4(*block):
    return layers_of(*block)[:-1]


def layers_without_1x1(*block):
    return [layer for layer in layers_of(*block) if layer[2] > 1]


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
        ("15.3", cost(layers_without_path_4), "parameters: path 4 is missing"),
        ("15.3", cost(layers_without_1x1), "the 1×1 convolutions are missing"),
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
        (
            "15.3",
            lambda *block: (cost()(*block)[0], cost(layers_without_path_4)(*block)[1]),
            "multiply-adds: path 4 is missing",
        ),
        ("15.3", lambda *block: (cost()(*block)[0] * block[-1] ** 2, 0), "do not multiply the parameters by the size"),
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
