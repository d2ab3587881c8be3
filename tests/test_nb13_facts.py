"""Notebook 13, VGG: its sizes against counts made another way and the paper's, its training, its exercises."""

import re

import jupytext
import nbformat
import numpy as onp
import pytest
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn
from support import ROOT

from d2lhelpers import fit, load_data, summarize
from d2lhelpers.exercises import check

SOURCE = ROOT / "notebooks" / "source" / "13-vgg.py"
NOTEBOOK = ROOT / "notebooks" / "13-vgg.ipynb"

FAMILY = {"VGG-11": (1, 1, 2, 2, 2), "VGG-13": (2, 2, 2, 2, 2), "VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}
PAPER = {"VGG-11": 133, "VGG-13": 133, "VGG-16": 138, "VGG-19": 144}  # millions of parameters, its table 2
WIDTHS = (64, 128, 256, 512, 512)
HEAD = (25088 + 1) * 4096 + (4096 + 1) * 4096 + (4096 + 1) * 1000


@pytest.fixture(scope="module")
def taught():
    """The functions that the notebook's own cells define."""
    npx.set_np()
    cells = [cell.source for cell in jupytext.read(SOURCE, fmt="py:percent").cells if cell.cell_type == "code"]
    names: dict = {"nn": nn, "np": np, "npx": npx, "init": init, "autograd": autograd, "widths": WIDTHS}
    functions = ("vgg_block", "vgg", "stack", "seen_from_the_middle", "count_convs", "nin_block", "vgg_nin")
    for name in functions:
        (cell,) = [source for source in cells if source.startswith(f"def {name}(")]
        exec(cell.split("\n\n\n")[0], names)
    return names


@pytest.fixture(scope="module")
def printed():
    """What the stored notebook printed."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def channels_of(depths):
    """Channels in and out, and side of the image, of each convolution of a VGG."""
    channels_in, side = 3, 224
    for depth, width in zip(depths, WIDTHS, strict=True):
        for _ in range(depth):
            yield channels_in, width, side
            channels_in = width
        side //= 2


class TestSizes:
    @pytest.mark.parametrize(("channels", "work"), [(3, "7.61"), (1, "7.55")])
    def test_full_size(self, taught, printed, channels, work):
        net = taught["vgg"](list(zip(FAMILY["VGG-11"], WIDTHS, strict=True)))
        table = summarize(net, (1, channels, 224, 224), depth=1)
        convs = 9_220_480 - 9 * 64 * (3 - channels)
        assert table.total_parameters == convs + HEAD
        assert [row.output_shape[1:] for row in table.rows[:5]] == [
            (64, 112, 112), (128, 56, 56), (256, 28, 28), (512, 14, 14), (512, 7, 7)
        ]  # fmt: skip
        assert f"{table.total_multiply_adds / 1e9:.2f}" == work
        assert f"132.86 M parameters, {work} G multiply-adds" in printed

    def test_dense_share(self, printed):
        assert round(100 * HEAD / (9_220_480 + HEAD)) == 93
        assert "dense: 93% of the parameters, 2% of the work" in printed

    @pytest.mark.parametrize("name", FAMILY)
    def test_family(self, taught, printed, name):
        layers = list(channels_of(FAMILY[name]))
        parameters, work = taught["count_convs"](FAMILY[name])
        assert parameters == sum(9 * i * o + o for i, o, _ in layers)
        assert work == sum(9 * i * o * side * side for i, o, side in layers)
        assert round((parameters + HEAD) / 1e6) == PAPER[name]
        assert f"{name}: {(parameters + HEAD) / 1e6:.1f} M parameters; paper: {PAPER[name]} M" in printed
        assert len(layers) + 3 == int(name.removeprefix("VGG-"))

    def test_count_by_list_agrees_with_the_network(self, taught):
        blocks = list(zip(FAMILY["VGG-11"], WIDTHS, strict=True))
        convs = nn.Sequential()
        for num_convs, width in blocks:
            convs.add(taught["vgg_block"](num_convs, width))
        table = summarize(convs, (1, 3, 224, 224))
        assert (table.total_parameters, table.total_multiply_adds) == taught["count_convs"](FAMILY["VGG-11"])

    def test_work_of_the_family(self, taught):
        dense_work = 25088 * 4096 + 4096 * 4096 + 4096 * 1000
        work = {name: (taught["count_convs"](depths)[1] + dense_work) / 1e9 for name, depths in FAMILY.items()}
        assert {name: round(value, 1) for name, value in work.items()} == {
            "VGG-11": 7.6, "VGG-13": 11.3, "VGG-16": 15.5, "VGG-19": 19.6
        }  # fmt: skip
        assert 2.5 < work["VGG-19"] / work["VGG-11"] < 2.6  # "two and a half times"

    def test_heads(self, printed):
        assert HEAD == 123_642_856
        assert round((9_220_480 + 513_000) / 1e6, 1) == 9.7
        assert 2000 < (9_220_480 + HEAD) / 61_706 < 2200  # LeNet
        assert f"123,642,856 → 513,000: {HEAD / 513_000:.0f} times fewer" in printed

    def test_nin_block(self, taught):
        rows = summarize(taught["nin_block"](96, 11, 4), (1, 3, 224, 224)).rows
        assert [row.parameters for row in rows] == [96 * (3 * 121 + 1), 96 * 97, 96 * 97]
        assert [row.output_shape for row in rows] == [(1, 96, 54, 54)] * 3
        assert 0.5 <= 2 * 97 / (3 * 121 + 1) < 0.55  # "half as many parameters again"

    def test_only_the_dense_head_depends_on_the_image(self, taught, printed):
        blocks = [(depth, width // 8) for depth, width in zip(FAMILY["VGG-11"], WIDTHS, strict=True)]
        for size, dense in ((64, 543_786), (96, 707_626), (128, 937_002)):
            table = summarize(taught["vgg"](blocks, 512, 10), (1, 1, size, size))
            assert table.total_parameters == dense
            assert summarize(taught["vgg_nin"](blocks, 10), (1, 1, size, size)).total_parameters == 145_066
            assert re.search(rf"{size} pixels: dense +{dense:,}, NiN's 145,066", printed)


class TestStacks:
    @pytest.mark.parametrize("n", [1, 2, 3, 5, 6])
    def test_receptive_field(self, taught, n):
        for net in (taught["stack"](n, 3, 1), taught["stack"](1, 2 * n + 1, 1)):
            seen = taught["seen_from_the_middle"](net, 15).asnumpy() > 0
            rows, columns = onp.nonzero(seen)
            assert set(rows) == set(columns) == set(range(7 - n, 7 + n + 1))
            assert seen.sum() == (2 * n + 1) ** 2

    def test_receptive_field_of_vgg11(self, taught):
        net, sides = nn.Sequential(), []
        for depth in FAMILY["VGG-11"]:
            net.add(taught["vgg_block"](depth, 1, pool=nn.AvgPool2D))
            sides.append(int((taught["seen_from_the_middle"](net, 224).asnumpy().sum(axis=0) > 0).sum()))
        assert sides == [4, 10, 30, 70, 150]

    @pytest.mark.parametrize(("n", "share"), [(1, 100), (2, 72), (3, 55), (5, 37)])
    def test_cost(self, taught, printed, n, share):
        small = summarize(taught["stack"](n, 3, 256), (1, 256, 28, 28))
        large = summarize(taught["stack"](1, 2 * n + 1, 256), (1, 256, 28, 28))
        assert small.total_parameters == n * (9 * 256**2 + 256)
        assert large.total_parameters == (2 * n + 1) ** 2 * 256**2 + 256
        assert small.total_multiply_adds == n * 9 * 256**2 * 28**2
        line = rf"{small.total_parameters:,} +{large.total_parameters:,} +{share}%"
        assert re.search(rf"{line} +{small.total_multiply_adds / 1e6:,.0f} M", printed)

    def test_collapse_without_relu(self, printed):
        assert "without ReLU differs from the 5×5 kernel by up to 0\n" in printed
        assert re.search(r"with ReLU +differs from the 5×5 kernel by up to [1-9]", printed)


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_both_heads_learn(taught, seed):
    """In three epochs of the notebook's five the small head is not behind, with a quarter of the parameters."""
    blocks = [(depth, width // 8) for depth, width in zip(FAMILY["VGG-11"], WIDTHS, strict=True)]

    def accuracy(net):
        loaders = load_data(32, source="digits", train_size=1500, test_size=500, resize=64)
        net.initialize(init.Xavier("gaussian", "in", magnitude=2))
        options = {"num_epochs": 3, "optimizer": "adam", "lr": 0.001, "seed": seed, "plot": False}
        return fit(net, *loaders, **options).test_accuracy[-1]

    dense = accuracy(taught["vgg"](blocks, 512, 10))
    nin = accuracy(taught["vgg_nin"](blocks, 10))
    assert dense > 0.4
    assert nin > 0.6
    assert nin > dense - 0.1


def field(layers, *, step_first=False, last_only=False, start=1, overlap=1, strides=True):
    """The receptive field with the slips that students make."""
    total, step = start, 1
    for kernel, stride in layers:
        factor = stride if strides else 1
        if step_first:
            step *= factor
        total += (kernel - overlap) * step
        if not step_first:
            step = factor if last_only else step * factor
    return total


def from_the_top(layers):
    total = 1
    for kernel, stride in layers:
        total = (total - 1) * stride + kernel
    return total


STACK, SINGLE = 45 * 64**2, 121 * 64**2


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("13.1", 5, "three numbers are asked for"),
        ("13.1", (5, ..., SINGLE), "replace every ... by one"),
        ("13.1", (6, STACK, SINGLE), "one too many"),
        ("13.1", (4, STACK, SINGLE), "the views overlap"),
        ("13.1", (9, STACK, SINGLE), "two in all and not one"),
        ("13.1", (7, STACK, SINGLE), "is 7 where 5 is right"),
        ("13.1", (5, 9 * 64**2, SINGLE), "that is one layer of 3×3"),
        ("13.1", (5, 45 * 64, SINGLE), "for each of the 64 input channels"),
        ("13.1", (5, 45, SINGLE), "one channel in and one out"),
        ("13.1", (5, STACK + 5 * 64, SINGLE), "no biases"),
        ("13.1", (5, 9**5 * 64**2, SINGLE), "do not multiply"),
        ("13.1", (5, SINGLE, STACK), "the stack comes first"),
        ("13.1", (5, 8, SINGLE), "weights of the stack is 8"),
        ("13.1", (5, STACK, 121 * 64), "for each of the 64 input channels"),
        ("13.1", (5, STACK, 121), "one channel in and one out"),
        ("13.1", (5, STACK, SINGLE + 64), "no biases"),
        ("13.1", (5, STACK, 11 * 64**2), "has 121 weights, not 11"),
        ("13.1", (5, STACK, 8), "weights of 11×11 is 8"),
        ("13.2", 4, "a list of pairs"),
        ("13.2", [], "a list of pairs"),
        ("13.2", [...], "still a ... in the list"),
        ("13.2", [(2, 32, 3)], "each block is a pair"),
        ("13.2", [2, 32], "each block is a pair"),
        ("13.2", [(2, 32.5)], "two whole numbers"),
        ("13.2", [(32, 2), (64, 2), (128, 3), (256, 3)], "in this order"),
        ("13.2", [(2, 32), (2, 64), (2, 128), (2, 256), (2, 256)], "5 blocks halve 64 down to 2"),
        ("13.2", [(10, 256)], "1 block halve"),
        ("13.2", [(2, 32), (2, 64), (2, 128), (3, 256)], "these are 9 convolutions"),
        ("13.2", [(2, 32), (2, 64), (3, 128), (3, 512)], "leaves 512 maps"),
        ("13.2", [(2, 64), (2, 128), (3, 256), (3, 256)], "there are 3,504,576 parameters"),
        ("13.3", 7, "a function is asked for"),
        ("13.3", lambda layers: "wide", "should be one number"),
        ("13.3", lambda layers: field(layers, strides=False), "the strides are missing"),
        ("13.3", lambda layers: field(layers, step_first=True), "not its own"),
        ("13.3", from_the_top, "from the last layer to the first"),
        ("13.3", lambda layers: field(layers, last_only=True), "strides multiply"),
        ("13.3", lambda layers: field(layers, start=0), "one short"),
        ("13.3", lambda layers: field(layers, start=0, overlap=0, strides=False), "the views overlap"),
        ("13.3", lambda layers: 100, "is 100 where 5 is right"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"✗ Exercise {name}: ")
    assert message in said


@pytest.mark.parametrize(
    ("name", "answer", "praise"),
    [
        ("13.1", [5, STACK, SINGLE], "37%"),
        ("13.1", (5.0, float(STACK), float(SINGLE)), "37%"),
        ("13.2", [(2, 32), (2, 64), (3, 128), (3, 256)], "1,909,344 parameters"),
        ("13.2", ([4, 16], [3, 32], [2, 64], [1, 256]), "parameters"),
        ("13.3", field, "VGG-11 sees 150 pixels, as measured; AlexNet's convolutions and pools see 195"),
        ("13.3", lambda layers: np.array(from_the_top(layers[::-1])), "150 pixels"),
    ],
)
def test_right_answers_of_another_form(name, answer, praise, capsys):
    check(name, answer)
    said = capsys.readouterr().out
    assert said.startswith(f"✓ Exercise {name}: right. ")
    assert praise in said


def test_own_error_of_a_student_is_shown():
    with pytest.raises(ZeroDivisionError) as caught:
        check("13.3", lambda layers: 1 / 0)
    assert "receptive_field([(3, 1), (3, 1)])" in caught.value.__notes__[0]
