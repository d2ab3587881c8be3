"""Notebook 14, Inception: its numbers against counts made another way, its claims over seeds, its exercises."""

import re

import numpy as onp
import pytest
from mxnet import np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import summarize

FIRST = (64, (96, 128), (16, 32), 32)
PIECES = (
    "def conv(channels, k)",
    "def weights(c_in",
    "class Inception(",
    "BLOCKS = {",
    "def googlenet(",
    "VGG11 = [",
    "at_scale(laptop=28",
    "def train(name",
    "def conv_bn(",
    "def parameters(windows)",
    "def convolve(X",
    "class ResidualInception",
)


@pytest.fixture(scope="module")
def stored():
    return StoredNotebook("14-inception")


@pytest.fixture(scope="module")
def taught(stored):
    """The names that the notebook's own cells define, without what they show."""
    names: dict = {}
    exec(stored.imports(), names)
    names.update({name: lambda *arguments, **options: None for name in ("show", "print", "draw_residual")})
    for piece in PIECES:
        exec(stored.cell_with(piece).source, names)
    return names


def numbers(text):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


class TestBlock:
    def test_costs(self, stored):
        printed = stored.printed_by("by_hand = sum(")
        assert "163,328\n" in printed
        assert printed.count("163,696") == 2
        assert printed.count("128,049,152") == 2

    def test_shapes(self, stored):
        printed = stored.printed_by("block = Inception(64")
        channels = [int(c) for c in re.findall(r"\(1, (\d+), 28, 28\)", printed)]
        assert channels == [64, 128, 32, 32, sum(channels[:4])] == [64, 128, 32, 32, 256]
        assert "True" in printed

    @pytest.mark.parametrize(
        ("name", "parameters", "weights", "work"),
        [
            ("Inception", 163_696, 163_328, 128_049_152),
            ("3×3", 192 * 256 * 9 + 256, 442_368, 346_816_512),
            ("5×5", 192 * 256 * 25 + 256, 1_228_800, 963_379_200),
        ],
    )
    def test_rivals_and_the_lecture(self, stored, name, parameters, weights, work):
        printed = stored.printed_by("rivals |=")
        line = next(line for line in printed.splitlines() if line.startswith(name))
        assert numbers(line.removeprefix(name))[:3] == [parameters, weights, work]
        million, flop = re.search(r"([\d.]+) M  (\d+) M", line).groups()
        assert float(million) == weights // 10_000 / 100  # digits cut off, not rounded
        assert int(flop) == work // 1_000_000

    def test_what_the_slide_cuts_off(self):
        assert round(1_228_800 / 1e6, 2) == 1.23
        assert round(346_816_512 / 1e6) == 347

    def test_bottlenecks(self, stored):
        printed = stored.printed_by("wide.path2 =")
        without = 192 * (64 + 128 * 9 + 32 * 25 + 32)
        assert f"without  {without:9,} weights   308 M" in printed
        assert round(without * 784 / 1e6) == 308
        assert 0.8 < without / 442_368 < 0.9
        assert 163_328 / without < 0.45
        assert "416 channels" in printed

    def test_detour_pays_below_a_width_of_155(self):
        direct = 192 * 32 * 25
        assert 154 * (192 + 32 * 25) < direct < 155 * (192 + 32 * 25)
        assert [round(100 * r * 992 / direct) for r in (4, 16, 64, 160)] == [3, 10, 41, 103]

    def test_block_is_its_paths_side_by_side(self, taught):
        block = taught["Inception"](3, (2, 4), (1, 2), 5)
        block.initialize()
        X = np.random.normal(size=(2, 6, 7, 7))
        Y = block(X)
        assert Y.shape == (2, 14, 7, 7)
        assert (Y[:, 3:7] == block.path2(X)).all()
        assert (Y[:, 9:] == block.path4(X)).all()


class TestGoogLeNet:
    def test_full_size(self, stored):
        printed = stored.printed_by("full_size = summarize")
        assert "6,998,552  1,582,671,872" in printed
        assert numbers(printed.splitlines()[4])[-2:] == [2_809_168, 549_878_784]

    def test_channels_add_up(self, taught):
        out = {name: c[0] + c[1][1] + c[2][1] + c[3] for name, c in taught["BLOCKS"].items()}
        assert list(out) == ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
        assert list(out.values()) == [256, 480, 512, 512, 512, 528, 832, 832, 1024]

    def test_papers_table(self):
        """What the notes say about the paper's own figures, in thousands and millions."""
        parameters = [2.7, 112, 159, 380, 364, 437, 463, 580, 840, 1072, 1388, 1000]
        work = [34, 360, 128, 304, 73, 88, 100, 119, 170, 54, 71, 1]
        assert round(sum(parameters) / 1000, 1) == 6.8
        assert round(sum(work) / 1000, 1) == 1.5
        assert 163_328 // 1024 == 159
        assert 7 * 7 * 3 * 64 == 9408
        assert 9408 * 112**2 == 118_013_952
        assert abs(1502 + (118 - 34) - 1583) < 5

    def test_counts_of_the_others(self, taught, stored):
        convolutions, dense, work = taught["count"](taught["ALEXNET"])
        assert (convolutions + dense, dense, work) == (62_378_344, 58_631_144, 1_135_256_096)
        assert sum(taught["count"](taught["VGG11"])[:2]) == 132_863_336
        printed = stored.printed_by("count(VGG11)")
        assert "AlexNet: 8.9 times" in printed
        assert "VGG-11: 19.0 times" in printed
        assert 62_378_344 / 12 < 5.2e6
        assert convolutions < 6_998_552 - 1_025_000

    def test_count_agrees_with_summarize(self, taught):
        net = nn.Sequential()
        net.add(nn.Conv2D(8, 3, padding=1), nn.Conv2D(4, 5, padding=2), nn.Dense(7))
        table = summarize(net, (1, 3, 6, 6))
        convolutions, dense, work = taught["count"]([(3, 8, 3, 6), (8, 4, 5, 6), (4 * 36, 7, 1, 1)])
        assert (convolutions + dense, work) == (table.total_parameters, table.total_multiply_adds)
        assert dense == table.rows[-1].parameters

    def test_22_layers(self, taught):
        chain_of = [row for row in summarize(taught["googlenet"](), (1, 3, 64, 64)).rows if row.parameters]
        assert len(chain_of) == 3 + 9 * 6 + 1
        assert 3 + 9 * 2 + 1 == 22


class TestVersions:
    def test_signal_fades_without_normalization(self, taught, stored):
        plain, normalized = (
            taught["spreads"](taught["googlenet"](width=1 / 4, conv=kind))
            for kind in (taught["conv"], taught["conv_bn"])
        )
        assert plain[1] > 4 * plain[3]
        assert plain[1] > 10 * plain[4]
        assert min(normalized[1:4]) > 0.5
        lines = stored.printed_by("spread = {}").splitlines()
        for line, values in zip(lines, (plain, normalized), strict=True):
            assert line.split()[2:] == [f"{value:.1g}" for value in values]

    @pytest.mark.parametrize(
        ("old", "new", "share"),
        [
            ([(5, 5)], [(3, 3)] * 2, 28),
            ([(7, 7)], [(1, 7), (7, 1)], 71),
            ([(5, 5)], [(1, 7), (7, 1)], 44),
            ([(3, 3)], [(1, 3), (3, 1)], 33),
        ],
    )
    def test_factors(self, taught, stored, old, new, share):
        count = taught["parameters"]
        assert count(new) == 64 * (64 * sum(h * w for h, w in new) + len(new))
        assert round(100 * (1 - count(new) / count(old))) == share
        assert f"{count(old):,} →  {count(new):,} parameters, {share}% less" in stored.printed_by("replacements =")

    def test_rank_one(self, taught, stored):
        X = np.array(onp.random.RandomState(0).normal(size=(9, 9)), dtype="float32")
        column, row = np.array([[1], [2], [1]]), np.array([[1, 0, -1]])
        whole = taught["convolve"](X, np.dot(column, row))
        assert abs(whole - taught["convolve"](taught["convolve"](X, column), row)).max() < 1e-4
        assert stored.printed_by("in_two_steps = ") == "equal: True\nranks: 1 2\n"

    def test_residual_block_hands_on_its_input_when_the_way_back_is_zero(self, taught, stored):
        block = taught["ResidualInception"](6)
        block.initialize()
        X = np.random.uniform(size=(1, 6, 5, 5))
        block(X)
        block.back.weight.set_data(np.zeros(block.back.weight.shape))
        assert (block(X) == X).all()
        assert "(1, 192, 28, 28)" in stored.printed_by("class ResidualInception")


def test_narrow_network_has_a_quarter_of_the_parameters(taught):
    make, names = taught["googlenet"], taught["names"]
    inception, single = (
        summarize(make(10, taught["width"], names, block), (1, 1, 28, 28))
        for block in (taught["Inception"], taught["single"])
    )
    assert (inception.total_parameters, single.total_parameters) == (92_786, 351_514)
    assert 0.25 < inception.total_parameters / single.total_parameters < 0.27
    assert 0.5 < inception.total_multiply_adds / single.total_multiply_adds < 0.56


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_cheaper_network_is_no_worse(taught, seed):
    accuracy = {}
    for block in ("Inception", "single"):
        _, history = taught["train"](block, taught[block], start=seed, plot=False)
        accuracy[block] = sum(history.test_accuracy[-3:]) / 3
    assert accuracy["Inception"] > 0.88
    assert accuracy["Inception"] > accuracy["single"] - 0.04


def path(*layers, relu=(True, True, True)):
    """Return a student's function for exercise 14.2; layers are (which number of channels, window, padding)."""

    def make(reduced, channels):
        npx.set_np()
        net = nn.Sequential()
        for place, (which, window, padding) in enumerate(layers):
            count = {"r": reduced, "c": channels}[which]
            activation = "relu" if relu[place] else None
            net.add(nn.Conv2D(count, window, padding=padding, activation=activation))
        return net

    return make


ONE, THREE, NARROW, LAST = ("r", 1, 0), ("c", 3, 1), ("r", 3, 1), ("c", 1, 0)


def cost(layers, bias=True, work=lambda weights, biases, size: weights * size * size, swap=False):
    """Return a student's function for exercise 14.3; layers are (channels in, channels out, k²)."""

    def block_cost(c_in, c1, c2, c3, c4, size):
        made = layers(c_in, c1, c2, c3, c4)
        weights = sum(a * b * k for a, b, k in made)
        biases = sum(b for _, b, _ in made)
        answer = (weights + bias * biases, work(weights, biases, size))
        return answer[::-1] if swap else answer

    return block_cost


def all_layers(i, a, b, c, d):
    return [(i, a, 1), (i, b[0], 1), (b[0], b[1], 9), (i, c[0], 1), (c[0], c[1], 25), (i, d, 1)]


def only_outputs(c_in, c1, c2, c3, c4, size):
    parameters, work = cost(all_layers)(c_in, c1, c2, c3, c4, size)
    return parameters - c2[0] - c3[0], work


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("14.1", (640, 28, 28, 2), "stay inside their path"),
        ("14.1", (416, 28, 28, 2), "the path with the pooling puts out channels"),
        ("14.1", (672, 28, 28, 2), "leaves 64 of its 256"),
        ("14.1", (256, 28, 28, 2), "256 channels go in"),
        ("14.1", (192, 28, 28, 2), "their numbers add up"),
        ("14.1", (736, 28, 28, 2), "not one of the paths"),
        ("14.1", (480, 14, 14, 2), "moves by one place"),
        ("14.1", (480, 26, 26, 2), "has the padding that its window needs"),
        ("14.1", (28, 28, 480, 2), "channels first"),
        ("14.1", (480, 28, 28, 3), "has the largest window, but reads only 32"),
        ("14.1", (480, 28, 28, 1), "Path 1 has 32,768 weights"),
        ("14.1", (480, 28, 28, 4), "Path 4 has 16,384 weights"),
        ("14.1", (480, 28, 28, 0), "numbered 1 to 4"),
        ("14.1", (481, 28, 28, 2), "is 481 where 480 is right"),
        ("14.1", 480, "four numbers are asked for"),
        ("14.1", (480, 28, 28, ...), "replace every ... by one"),
        ("14.2", path(ONE, ("c", 5, 2)), "still is a 5×5"),
        ("14.2", path(THREE, THREE), "the 1×1 convolution is missing"),
        ("14.2", path(ONE, THREE), "a second one after it"),
        ("14.2", path(THREE, THREE, LAST), "comes last"),
        ("14.2", path(ONE, THREE, THREE, THREE, relu=[True] * 4), "yours are 1×1, 3×3, 3×3, 3×3"),
        ("14.2", path(ONE, NARROW, THREE), "both 3×3 should put out 6"),
        ("14.2", path(LAST, THREE, THREE), "should reduce them to 4"),
        ("14.2", path(ONE, THREE, NARROW), "put out [4, 6, 4] channels"),
        ("14.2", path(ONE, ("c", 3, 0), ("c", 3, 0)), "go from 7 to 3"),
        ("14.2", path(("r", 1, 1), THREE, THREE), "go from 7 to 9"),
        ("14.2", path(ONE, THREE, THREE, relu=(False,) * 3), "no convolution is followed by ReLU"),
        ("14.2", path(ONE, THREE, THREE, relu=(True, True, False)), "the last convolution lacks"),
        ("14.2", path(ONE, THREE, THREE, relu=(True, False, True)), "the first 3×3 convolution lacks"),
        ("14.2", path(ONE, THREE, THREE, relu=(False, True, True)), "the 1×1 convolution lacks"),
        ("14.2", path(ONE, THREE, THREE, relu=(False, False, True)), "only the last"),
        ("14.2", path(), "no layers with weights"),
        ("14.2", lambda reduced, channels: nn.Dense(channels), "another layer with parameters"),
        ("14.2", lambda reduced, channels: nn.Conv2D(channels, 9), "does not take an image"),
        ("14.2", lambda reduced, channels: 3, "should return a net, but it returns int"),
        ("14.3", cost(all_layers, bias=False), "the biases are missing"),
        ("14.3", only_outputs, "the bottlenecks have biases, too"),
        ("14.3", cost(lambda *a: all_layers(*a)[:-1]), "path 4 is missing"),
        ("14.3", cost(lambda i, a, b, c, d: [(i, a, 1), (i, b[1], 9), (i, c[1], 25), (i, d, 1)]), "let the 3×3"),
        (
            "14.3",
            cost(lambda i, a, b, c, d: [(i, a, 1), (i, b[0], 1), (i, b[1], 9), (i, c[0], 1), (i, c[1], 25), (i, d, 1)]),
            "the channels of their bottleneck, not all 192",
        ),
        ("14.3", cost(lambda *a: [(i, o, 1) for i, o, _ in all_layers(*a)]), "a window has k² weights: 9"),
        ("14.3", cost(lambda *a: [(i, o, round(k**0.5)) for i, o, k in all_layers(*a)]), "k² weights, not k"),
        ("14.3", cost(all_layers, work=lambda w, b, s: (w + b) * s * s), "leave the biases out"),
        ("14.3", cost(all_layers, work=lambda w, b, s: w * s), "size · size places"),
        ("14.3", cost(all_layers, work=lambda w, b, s: w), "works once at every place"),
        ("14.3", cost(all_layers, work=lambda w, b, s: 2 * w * s * s), "with its addition as one"),
        ("14.3", cost(all_layers, swap=True), "parameters first"),
        ("14.3", lambda *arguments: 7, "two numbers"),
        ("14.3", lambda *arguments: (7, 8), "is 7 where 163696 is right"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    printed = said(name, answer, capsys)
    assert printed.startswith(f"✗ Exercise {name}: ")
    assert message in printed


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("14.1", [480, 28, 28, 2]),
        ("14.2", path(ONE, THREE, THREE)),
        ("14.3", cost(all_layers)),
    ],
)
def test_right_answers(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


@pytest.mark.parametrize("name", ["14.1", "14.2", "14.3"])
def test_solutions_of_the_notebook(name, stored, capsys):
    (source,) = [cell.source for cell in stored.cells if "Solution" in cell.source and _exercise(stored, cell) == name]
    names: dict = {"nn": nn}
    exec(source.split("```python\n")[1].split("```")[0], names)
    answer = {"14.1": "my_prediction", "14.2": "path3", "14.3": "block_cost"}[name]
    assert "✓" in said(name, names[answer], capsys)


def _exercise(stored, cell):
    before = "".join(other.source for other in stored.cells[: stored.cells.index(cell)])
    return re.findall(r"## Exercise (\d\d\.\d)", before)[-1]
