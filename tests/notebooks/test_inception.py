"""Notebook 15: Inception's costs, compared with formulas and publications; claims over several seeds; exercises."""

import pytest
from lessons import lesson
from mxnet import np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import summarize


@pytest.fixture(scope="module")
def names():
    texts = ("BLOCKS = {", "VGG11 = [", "at_scale(laptop=28", "class ResidualInception")
    return lesson("15-inception").names(*texts)


def layers_of(c_in, c1, c2, c3, c4):
    """List the convolutions of an Inception block as (channels in, channels out, weights of the window)."""
    return [(c_in, c1, 1), (c_in, c2[0], 1), (*c2, 9), (c_in, c3[0], 1), (*c3, 25), (c_in, c4, 1)]


# ---- One block ----


def test_a_block_costs_what_its_six_convolutions_cost(names):
    first = (64, (96, 128), (16, 32), 32)  # block 3a of the paper
    table = summarize(names["Inception"](*first), (1, 192, 28, 28))
    assert table.total_parameters == sum(o * (i * k + 1) for i, o, k in layers_of(192, *first))
    assert table.total_multiply_adds == sum(i * o * k for i, o, k in layers_of(192, *first)) * 28**2


def test_a_block_puts_its_four_paths_next_to_each_other(names):
    block = names["Inception"](3, (2, 4), (1, 2), 5)
    block.initialize()
    X = np.random.normal(size=(2, 6, 7, 7))
    start, Y = 0, block(X)
    for path, channels in ((block.path1, 3), (block.path2, 4), (block.path3, 2), (block.path4, 5)):
        assert (Y[:, start : start + channels] == path(X)).all()
        start += channels
    assert Y.shape == (2, start, 7, 7)


def test_the_detour_through_a_bottleneck_pays_up_to_a_width_of_154(names):
    weights = names["weights"]

    def detour(width):
        return weights(192, width, k=1) + weights(width, 32, k=5)

    assert detour(154) < weights(192, 32, k=5) < detour(155)
    shares = [round(100 * detour(width) / weights(192, 32, k=5)) for width in (4, 16, 64, 160)]
    assert shares == [3, 10, 41, 103]  # as the description of the figure says


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
    assert (convolutions + dense, work) == (62_378_344, 1_135_256_096)
    convolutions, dense, work = names["count"](names["VGG11"])
    assert (convolutions + dense, round(work / 1e9, 2)) == (132_863_336, 7.61)  # torchvision's
    assert dense == 25089 * 4096 + 4097 * 4096 + 4097 * 1000


# ---- Training, and later versions ----


def test_the_network_of_blocks_has_a_quarter_of_the_parameters_and_half_of_the_work(names):
    inception, single = (
        summarize(names["googlenet"](10, names["width"], names["names"], names[block]), (1, 1, 28, 28))
        for block in ("Inception", "single")
    )
    assert inception.total_parameters / single.total_parameters == pytest.approx(0.25, abs=0.02)
    assert inception.total_multiply_adds / single.total_multiply_adds == pytest.approx(0.5, abs=0.06)


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_cheaper_network_is_no_worse(names, seed):
    accuracy = {}
    for block in ("Inception", "single"):
        _, history = names["train"](block, names[block], start=seed, plot=False)
        accuracy[block] = sum(history.test_accuracy[-3:]) / 3
    assert accuracy["Inception"] > max(0.88, accuracy["single"] - 0.04)


def test_a_residual_block_with_a_zero_way_back_passes_its_input_on(names):
    block = names["ResidualInception"](6)
    block.initialize()
    X = np.random.uniform(size=(1, 6, 5, 5))
    assert (block(X) != X).any()
    block.back.weight.set_data(np.zeros(block.back.weight.shape))
    assert (block(X) == X).all()


# ---- Exercises ----


def path(*layers, relu=(True, True, True)):
    """Return a student's function for exercise 15.2; layers are (which number of channels, window, padding)."""

    def make(reduced, channels):
        npx.set_np()
        net = nn.Sequential()
        for (which, window, padding), active in zip(layers, relu, strict=False):
            count = {"r": reduced, "c": channels}[which]
            net.add(nn.Conv2D(count, window, padding=padding, activation="relu" if active else None))
        return net

    return make


ONE, THREE, NARROW, LAST = ("r", 1, 0), ("c", 3, 1), ("r", 3, 1), ("c", 1, 0)


def cost(layers=layers_of, bias=True, work=lambda weights, biases, size: weights * size * size):
    """Return a student's function for exercise 15.3; layers are (channels in, channels out, weights of the window)."""

    def block_cost(c_in, c1, c2, c3, c4, size):
        made = layers(c_in, c1, c2, c3, c4)
        weights = sum(i * o * k for i, o, k in made)
        biases = sum(o for _, o, _ in made)
        return weights + bias * biases, work(weights, biases, size)

    return block_cost


def cost_without_biases_of_bottlenecks(c_in, c1, c2, c3, c4, size):
    parameters, work = cost()(c_in, c1, c2, c3, c4, size)
    return parameters - c2[0] - c3[0], work


def layers_without_bottlenecks(i, a, b, c, d):
    return [(i, a, 1), (i, b[1], 9), (i, c[1], 25), (i, d, 1)]


def layers_that_all_read_the_input(i, a, b, c, d):
    return [(i, o, k) for _, o, k in layers_of(i, a, b, c, d)]


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("15.1", (640, 28, 28, 2), "stay inside their path"),
        ("15.1", (416, 28, 28, 2), "the path with the pooling puts out channels"),
        ("15.1", (672, 28, 28, 2), "leaves 64 of its 256"),
        ("15.1", (256, 28, 28, 2), "256 channels go in"),
        ("15.1", (192, 28, 28, 2), "their numbers add up"),
        ("15.1", (736, 28, 28, 2), "not one of the paths"),
        ("15.1", (480, 14, 14, 2), "moves by one place"),
        ("15.1", (480, 26, 26, 2), "has the padding that its window needs"),
        ("15.1", (28, 28, 480, 2), "channels first"),
        ("15.1", (480, 28, 28, 3), "has the largest window, but reads only 32"),
        ("15.1", (480, 28, 28, 1), "Path 1 has 32,768 weights"),
        ("15.1", (480, 28, 28, 0), "numbered 1 to 4"),
        ("15.1", (481, 28, 28, 2), "is 481, but should be 480"),
        ("15.1", 480, "four numbers are asked for"),
        ("15.1", (480, 28, 28, ...), "replace every ... by one"),
        ("15.2", path(ONE, ("c", 5, 2)), "still is a 5×5"),
        ("15.2", path(THREE, THREE), "the 1×1 convolution is missing"),
        ("15.2", path(ONE, THREE), "a second one after it"),
        ("15.2", path(THREE, THREE, LAST), "comes last"),
        ("15.2", path(ONE, THREE, THREE, THREE, relu=[True] * 4), "yours are 1×1, 3×3, 3×3, 3×3"),
        ("15.2", path(ONE, NARROW, THREE), "both 3×3 should put out 6"),
        ("15.2", path(LAST, THREE, THREE), "should reduce them to 4"),
        ("15.2", path(ONE, THREE, NARROW), "put out [4, 6, 4] channels"),
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
        ("15.3", cost_without_biases_of_bottlenecks, "the bottlenecks have biases, too"),
        ("15.3", cost(lambda *block: layers_of(*block)[:-1]), "path 4 is missing"),
        ("15.3", cost(layers_without_bottlenecks), "let the 3×3"),
        ("15.3", cost(layers_that_all_read_the_input), "the channels of their bottleneck, not all 192"),
        ("15.3", cost(lambda *block: [(i, o, 1) for i, o, _ in layers_of(*block)]), "a window has k² weights: 9"),
        ("15.3", cost(lambda *block: [(i, o, round(k**0.5)) for i, o, k in layers_of(*block)]), "k² weights, not k"),
        ("15.3", cost(work=lambda weights, biases, size: (weights + biases) * size**2), "leave the biases out"),
        ("15.3", cost(work=lambda weights, biases, size: weights * size), "size · size places"),
        ("15.3", cost(work=lambda weights, biases, size: weights), "works once at every place"),
        ("15.3", cost(work=lambda weights, biases, size: 2 * weights * size**2), "with its addition as one"),
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
