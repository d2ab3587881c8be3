"""Notebook 16, ResNet: its numbers against counts made another way, its claims over three seeds, its exercises."""

import itertools
import re

import jupytext
import nbformat
import numpy as np
import pytest
from matplotlib.path import Path
from mxnet import MXNetError, autograd, gluon, init, lr_scheduler, npx, optimizer
from mxnet import np as mxnp
from mxnet.gluon import nn
from support import ROOT

import d2lhelpers
from d2lhelpers import fit, load_data, seed, summarize
from d2lhelpers.exercises import check

SOURCE = ROOT / "notebooks" / "source" / "16-resnet.py"
NOTEBOOK = ROOT / "notebooks" / "16-resnet.ipynb"
SEEDS = (0, 1, 2)


@pytest.fixture(autouse=True)
def numpy_shapes():
    npx.set_np()


@pytest.fixture(scope="module")
def taught():
    """The names that the notebook's own cells define: blocks, networks, regions; nothing is trained or printed."""
    npx.set_np()
    names: dict = {name: getattr(d2lhelpers, name) for name in d2lhelpers.__all__}
    names |= {"nn": nn, "gluon": gluon, "np": mxnp, "npx": npx, "onp": np, "init": init, "autograd": autograd}
    names |= {"Path": Path, "itertools": itertools}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type == "code" and re.match(r"def |class |STAR", cell.source) and "exercise" not in cell.metadata:
            exec(re.split(r"\n\n\n(?=for |table |resnet18 )", cell.source)[0], names)
    return names


@pytest.fixture(scope="module")
def printed():
    """What the stored notebook printed."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def product(sides):
    return int(np.prod(sides))


def weights_of(net, shape):
    """The shapes of a network's parameters that are trained, from the arrays themselves."""
    net.initialize()
    net(mxnp.zeros(shape))
    return [p.data().shape for p in net.collect_params().values() if p.grad_req != "null"]


class TestCounts:
    def test_resnet_18(self, taught, printed):
        table = summarize(taught["resnet"]((2, 2, 2, 2), 1000), (1, 3, 224, 224), depth=1)
        shapes = weights_of(taught["resnet"]((2, 2, 2, 2), 1000), (1, 3, 64, 64))
        # 11,689,512 are torchvision's, which has a batch norm on each of the three strided skips.
        assert table.total_parameters == sum(map(product, shapes)) == 11_689_512 - 2 * (128 + 256 + 512)
        assert sum(len(shape) == 4 and shape[2] > 1 for shape in shapes) + 1 == 18
        assert [row.output_shape[1:] for row in table.rows[4:8]] == [
            (64, 56, 56),
            (128, 28, 28),
            (256, 14, 14),
            (512, 7, 7),
        ]
        assert "layers with weights: 18\n" in printed

    def test_multiply_adds_by_hand(self, taught):
        """Each block costs the same, if it does not halve."""
        total = 3 * 49 * 64 * 112**2 + 1000 * 512
        for channels, side in ((64, 56), (128, 28), (256, 14), (512, 7)):
            block = 2 * 9 * channels**2 * side**2
            assert block == 231_211_008
            total += 2 * block
            if channels > 64:  # the first convolution has half the inputs; the 1×1 convolution comes on top
                total += (channels // 2 * channels - 9 * channels * channels // 2) * side**2
        assert total == summarize(taught["resnet"]((2, 2, 2, 2), 1000), (1, 3, 224, 224)).total_multiply_adds
        assert total == 1_814_073_344

    @pytest.mark.parametrize("layers", [18, 34, 50, 101, 152])
    def test_the_paper_s_table(self, taught, layers, printed):
        paper = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}[layers]
        row = re.search(rf"^ *{layers}  \(([\d, ]+)\) +([\d.]+) +([\d.]+) +([\d.]+) M$", printed, re.MULTILINE)
        blocks = [int(number) for number in row[1].split(",")]
        assert sum(blocks) * (2 if layers < 50 else 3) + 2 == layers
        assert float(row[2]) == paper
        assert abs(float(row[3]) - paper) < 0.1
        assert float(row[4]) == {18: 11.69, 34: 21.8, 50: 25.55, 101: 44.54, 152: 60.19}[layers]

    def test_bottleneck_against_basic(self, taught, printed):
        basic, wide, bottleneck = 2 * 9 * 64**2, 2 * 9 * 256**2, 256 * 64 + 9 * 64**2 + 64 * 256
        for weights, norms in ((basic, 4 * 64), (wide, 4 * 256), (bottleneck, 4 * 64 + 2 * 256)):
            assert re.search(rf"{weights + norms:9,} parameters +{weights * 56**2 / 1e6:6,.0f} M", printed)
        assert wide == 16 * basic
        assert bottleneck < basic

    def test_skip_has_no_weights(self, taught, printed):
        for num_layers in (8, 32):
            plain, residual = (
                summarize(taught["deep"](taught[name], num_layers), (1, 1, 16, 16)) for name in ("Plain", "Residual")
            )
            assert plain.total_parameters == residual.total_parameters
            assert f"{plain.total_parameters:,} parameters" in printed


class TestBlock:
    def test_is_the_lecture_s(self, taught):
        """The lecture's forward, with the block's own layers."""
        seed(0)
        block = taught["Residual"](6, use_1x1conv=True, strides=2)
        block.initialize()
        X = mxnp.random.normal(size=(4, 3, 6, 6))
        Y = npx.relu(block.bn1(block.conv1(X)))
        Y = npx.relu(block.bn2(block.conv2(Y)) + block.conv3(X))
        np.testing.assert_allclose(block(X).asnumpy(), Y.asnumpy(), atol=1e-6)
        assert block(X).shape == (4, 6, 3, 3)

    def test_shapes_that_do_not_fit_have_no_sum(self, taught):
        block = taught["Residual"](6, strides=2)
        block.initialize()
        with pytest.raises(MXNetError, match="broadcast"):
            block(mxnp.zeros((4, 3, 6, 6)))

    @pytest.mark.parametrize("train_mode", [False, True])
    def test_zero_weights_are_the_identity_also_in_training(self, taught, train_mode):
        block = taught["Residual"](3)
        block.initialize(init.Zero())
        X = abs(mxnp.random.normal(size=(4, 3, 6, 6)))
        with autograd.record(train_mode=train_mode):
            Y = block(X)
        np.testing.assert_array_equal(Y.asnumpy(), X.asnumpy())
        np.testing.assert_array_equal(block(-X).asnumpy(), 0)  # only numbers that are not negative pass the last ReLU

    def test_zero_weights_are_a_trap(self, taught):
        block = taught["Residual"](3)
        block.initialize(init.Zero())
        with autograd.record():
            loss = (block(mxnp.ones((4, 3, 6, 6))) ** 2).sum()
        loss.backward()
        assert float(abs(block.conv1.weight.grad()).max()) == float(abs(block.conv2.weight.grad()).max()) == 0

    def test_plain_block_can_copy(self, taught, printed):
        kernel = taught["identity_kernel"](16)
        X = abs(mxnp.random.normal(size=(2, 16, 8, 8)))
        block = taught["Plain"](16)
        block.initialize()
        block(X)
        for layer in (block.conv1, block.conv2):
            layer.weight.set_data(kernel)
        np.testing.assert_allclose(block(X).asnumpy(), X.asnumpy(), rtol=1e-4)
        assert "output equals input: True\n" in printed
        assert 2 * 16 * 16 * 9 == 4608

    def test_stored_difference_is_zero(self, printed):
        assert "14,362 parameters\n70,426 parameters\nlargest difference: 0.0\n" in printed


class TestFunctionClasses:
    def test_nested_regions_lie_inside_each_other(self, taught):
        for inner, outer in itertools.pairwise(taught["nested"]):
            assert Path(outer).contains_points(inner).all()

    def test_generic_ones_grow_and_do_not_contain_each_other(self, taught):
        def area(outline):
            x, y = outline.T
            return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2

        regions = taught["generic"]
        assert all(area(a) < area(b) for a, b in itertools.pairwise(regions))
        assert not any(Path(b).contains_points(a).all() for a, b in itertools.pairwise(regions))

    def test_distances(self, taught, printed):
        for name in ("generic", "nested"):
            nearest = [
                min(np.hypot(*(point - taught["STAR"])) for point in outline) for outline in taught[name]
            ]  # the star is in none of them
            assert [taught["gap"](outline)[0] for outline in taught[name]] == pytest.approx(nearest)
            label = "elsewhere" if name == "generic" else "nested   "
            assert " ".join([label, *(f"{value:5.1f}" for value in nearest)]) in printed
            if name == "nested":
                assert nearest == sorted(nearest, reverse=True)
            else:
                assert nearest[5] > nearest[3] == min(nearest)


class TestGradients:
    @pytest.mark.parametrize("number", SEEDS)
    def test_vanish_without_skip_and_without_batch_norm(self, taught, number, monkeypatch):
        monkeypatch.setitem(taught, "seed", lambda _: seed(number))
        plain8, plain32, residual8, residual32 = (
            np.mean(taught["gradient_norms"](taught[name], num_layers, batch_norm=False))
            for name in ("Plain", "Residual")
            for num_layers in (8, 32)
        )
        assert 1e3 < plain8 / plain32 < 1e6
        assert residual32 > residual8 > 10 * plain8

    @pytest.mark.parametrize("number", SEEDS)
    def test_grow_toward_the_data_with_batch_norm(self, taught, number, monkeypatch):
        monkeypatch.setitem(taught, "seed", lambda _: seed(number))
        plain, residual = (
            taught["gradient_norms"](taught[name], 32, batch_norm=True) for name in ("Plain", "Residual")
        )
        assert plain[0] / plain[-1] > 50
        assert residual[0] / residual[-1] < 15

    def test_stored_ratios(self, taught, printed):
        for num_layers in (8, 20, 32):
            ratios = []
            for name in ("Plain", "Residual"):
                norms = taught["gradient_norms"](taught[name], num_layers, batch_norm=True)
                ratios.append(norms[0] / norms[-1])
            row = re.search(rf"^ *{num_layers} +(\d+) +(\d+)$", printed, re.MULTILINE)
            assert [float(row[1]), float(row[2])] == pytest.approx(ratios, rel=0.4)

    def test_recording_in_predict_mode_gives_the_true_gradient(self, taught):
        """Against finite differences. (With a max pooling in the network it does not: the stem has none.)"""
        seed(0)
        net = taught["deep"](taught["Residual"], 8)
        net.initialize(init.Xavier())
        X, y = next(iter(load_data(16, source="digits", train_size=16, test_size=1, resize=16)[0]))
        loss = gluon.loss.SoftmaxCrossEntropyLoss()
        with autograd.record(train_mode=False):
            value = loss(net(X), y).mean()
        value.backward(train_mode=False)
        for weight in (net[0].weight, net[4].conv2.weight):
            start, gradient = weight.data().asnumpy(), weight.grad().asnumpy()
            direction = gradient / np.linalg.norm(gradient)
            values = []
            for step in (-0.02, 0.02):
                weight.set_data(mxnp.array(start + step * direction))
                values.append(float(loss(net(X), y).mean()))
            weight.set_data(mxnp.array(start))
            assert (values[1] - values[0]) / 0.04 == pytest.approx(np.linalg.norm(gradient), rel=0.05)

    def test_stored_products(self, printed):
        assert "15 blocks: plain 1e-08, residual 51.2\n" in printed
        assert f"{0.3**15:.0e}, {1.3**15:.1f}" == "1e-08, 51.2"


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_depth_hurts_plain_networks_and_helps_residual_ones(taught, number):
    final = {
        (name, num_layers): taught["train_deep"](taught[name], num_layers, number, num_epochs=2, source="digits")[-1]
        for name in ("Plain", "Residual")
        for num_layers in (8, 32)
    }
    assert final["Plain", 32] > final["Plain", 8] + 0.3
    assert final["Residual", 32] < final["Residual", 8] - 0.1
    assert final["Residual", 32] < final["Plain", 8]


@pytest.mark.training
def test_small_resnet_18_learns_the_digits(taught):
    loaders = load_data(32, source="digits", train_size=1500, test_size=500, resize=32)
    schedule = lr_scheduler.MultiFactorScheduler([3 * len(loaders[0])], factor=0.1, base_lr=0.003)
    adam = optimizer.Adam(learning_rate=0.003, lr_scheduler=schedule)
    history = fit(
        taught["resnet"]((2, 2, 2, 2), 10, width=16), *loaders, num_epochs=5, optimizer=adam, seed=0, plot=False
    )
    assert history.test_accuracy[-1] > 0.87
    assert history.test_accuracy[-1] > history.test_accuracy[2]  # the lower rate helps


# The exercises.


def pre_activation(forward, *, padding=1, kernel_size=3, extra=False, channels=None):
    """A student's class for exercise 3, with `forward(block, X)`."""

    class PreActivation(nn.Block):
        def __init__(self, num_channels):
            super().__init__()
            self.bn1, self.bn2 = nn.BatchNorm(), nn.BatchNorm()
            if extra:
                self.bn3 = nn.BatchNorm()
            number = channels or num_channels
            self.conv1 = nn.Conv2D(number, kernel_size, padding=padding)
            self.conv2 = nn.Conv2D(num_channels, kernel_size, padding=padding)

        def forward(self, X):
            return forward(self, X)

    return PreActivation


def right(b, X):
    return X + b.conv2(npx.relu(b.bn2(b.conv1(npx.relu(b.bn1(X))))))


def in_a_sequence(num_channels):
    """The same block with its layers in a Sequential."""

    class Block(nn.Block):
        def __init__(self):
            super().__init__()
            self.g = nn.Sequential()
            for _ in range(2):
                conv = nn.Conv2D(num_channels, 3, padding=1, use_bias=False)
                self.g.add(nn.BatchNorm(), nn.Activation("relu"), conv)

        def forward(self, X):
            return X + self.g(X)

    return Block()


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("16.1", (128, 56, 56, 8192), "only with strides=1"),
        ("16.1", (128, 14, 14, 8192), "halved once, not twice"),
        ("16.1", (128, 27, 27, 8192), "exactly half"),
        ("16.1", (64, 28, 28, 8192), "64 channels go in"),
        ("16.1", (28, 28, 128, 8192), "in another order"),
        ("16.1", (256, 28, 28, 8192), "is 256 at index [0] where 128 is right"),
        ("16.1", (128, 28, 28, 8320), "have no bias"),
        ("16.1", (128, 28, 28, 73728), "that is a 3×3 convolution"),
        ("16.1", (128, 28, 28, 147456), "that is the second 3×3 convolution"),
        ("16.1", (128, 28, 28, 16384), "64 channels go into it, not 128"),
        ("16.1", (128, 28, 28, 4096), "gives the skip 128 channels"),
        ("16.1", (128, 28, 28, 128), "a weight for each of the 64"),
        ("16.1", (128, 28, 28, 64), "a weight for each of the 64"),
        ("16.1", (128, 28, 28, 8192 * 784), "these are the multiply-adds"),
        ("16.1", (128, 28, 28, 8192 * 3136), "the same weights serve all places"),
        ("16.1", (128, 28, 28, 7), "is 7 where 8192 is right"),
        ("16.1", 8192, "four numbers are asked for"),
        ("16.1", (128, 28, 28, ...), "replace every ... by one"),
        ("16.2", (3, 4, 6, 3), "ResNet-34 as it is, with 21,795,880 parameters"),
        ("16.2", (4, 4, 4, 4), "fewer of those"),
        ("16.2", (8, 8, 8, 8), "66 layers, not 34: you have counted blocks as layers"),
        ("16.2", (10, 10, 7, 7), "you have counted blocks as layers"),
        ("16.2", (11, 2, 2, 2), "count too, and are in no block"),
        ("16.2", (2, 2, 2, 2), "18 layers, not 34: count two in each of the 8 blocks"),
        ("16.2", (13, 1, 1, 1), "at least 2 blocks"),
        ("16.2", (8.5, 3.5, 2, 2), "a part of a block"),
        ("16.2", 16, "four numbers are asked for"),
        ("16.2", (8, 4, ...), "four numbers are asked for"),
        ("16.2", "8422", "four numbers are asked for"),
        ("16.3", pre_activation(lambda b, X: right(b, X) - X), "the input is not added"),
        ("16.3", pre_activation(lambda b, X: npx.relu(right(b, X))), "a ReLU after the sum"),
        (
            "16.3",
            pre_activation(lambda b, X: npx.relu(X + b.bn2(b.conv2(npx.relu(b.bn1(b.conv1(X))))))),
            "this is the original block",
        ),
        (
            "16.3",
            pre_activation(lambda b, X: X + b.bn2(b.conv2(npx.relu(b.bn1(b.conv1(X)))))),
            "batch norm stands after its convolution",
        ),
        (
            "16.3",
            pre_activation(lambda b, X: X + npx.relu(b.bn2(b.conv2(npx.relu(b.bn1(b.conv1(X))))))),
            "stand after each convolution",
        ),
        ("16.3", pre_activation(lambda b, X: right(b, X) - X + npx.relu(b.bn1(X))), "the skip starts too late"),
        (
            "16.3",
            pre_activation(lambda b, X: X + b.conv2(b.bn2(npx.relu(b.conv1(b.bn1(npx.relu(X))))))),
            "ReLU stands before batch norm",
        ),
        (
            "16.3",
            pre_activation(lambda b, X: X + b.conv2(npx.relu(b.bn2(b.conv1(b.bn1(X)))))),
            "the first ReLU is missing",
        ),
        (
            "16.3",
            pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(npx.relu(b.bn1(X)))))),
            "the second ReLU is missing",
        ),
        ("16.3", pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(b.bn1(X))))), "both ReLUs are missing"),
        ("16.3", pre_activation(lambda b, X: 2 * right(b, X)), "is not X + conv2"),
        ("16.3", pre_activation(right, extra=True), "yours has 2 and 3"),
        ("16.3", pre_activation(right, kernel_size=1, padding=0), "should be 3×3"),
        ("16.3", pre_activation(right, channels=2), "should be 3×3 from 4 channels to 4"),
        ("16.3", pre_activation(lambda b, X: right(b, X)[:, :2]), "they should be equal"),
        ("16.3", pre_activation(right)(4), "the class itself is asked for"),
        ("16.3", lambda num_channels: 3, "should be a block of layers, but it is int"),
        ("16.3", 3, "a function is asked for"),
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
        ("16.1", [128, 28, 28, 8192]),
        ("16.1", np.array([128, 28, 28, 8192])),
        ("16.2", [8, 4, 2, 2]),
        ("16.2", (10, 2, 2, 2)),
        ("16.2", (6, 6, 2, 2)),
        ("16.3", pre_activation(right)),
        ("16.3", in_a_sequence),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"✓ Exercise {name}: right. ")


def test_stub_of_exercise_3_is_not_done(capsys):
    class PreActivation(nn.Block):
        def __init__(self, num_channels):
            super().__init__()

        def forward(self, X):
            return ...

    check("16.3", PreActivation)
    assert "not done yet" in capsys.readouterr().out


def test_padding_forgotten_is_the_student_s_own_error():
    with pytest.raises(MXNetError) as caught:
        check("16.3", pre_activation(right, padding=0))
    assert "PreActivation(4)(X) with X of shape (2, 4, 6, 6)" in caught.value.__notes__[0]


@pytest.mark.parametrize("blocks", [(3, 4, 6, 3), (8, 4, 2, 2), (2, 2, 2, 2)])
def test_exercise_2_counts_as_the_network_does(taught, blocks):
    from d2lhelpers.exercises.nb16_resnet import _count_parameters

    table = summarize(taught["resnet"](blocks, 1000), (1, 3, 64, 64))
    assert _count_parameters(blocks) == table.total_parameters
    if sum(blocks) == 16:
        work = summarize(taught["resnet"](blocks, 1000), (1, 3, 224, 224)).total_multiply_adds
        assert work == 3_663_761_408
