"""Notebook 17: ResNet's sizes, compared with published ones; gradients; claims over several seeds; exercises."""

import itertools

import numpy as onp
import pytest
from lessons import lesson
from matplotlib.path import Path
from mxnet import autograd, gluon, init, lr_scheduler, np, npx, optimizer
from mxnet.gluon import nn
from support import said

from d2lhelpers import fit, load_data, seed, summarize
from d2lhelpers.exercises.nb17_resnet import _count_parameters

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    return lesson("17-resnet").names("def region(", "PAPER = {")


# ---- Sizes ----


@pytest.mark.parametrize(
    ("layers", "parameters"),  # torchvision's
    [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032)],
)
def test_the_networks_have_the_published_parameters(names, layers, parameters):
    blocks, block, _ = names["PAPER"][layers]
    table = summarize(names["paper_resnet"](blocks, block), (1, 3, 64, 64))
    # torchvision's networks also have a batch norm on each skip with a 1×1 convolution.
    on_skips = (256, 512, 1024, 2048) if layers == 50 else (128, 256, 512)
    assert table.total_parameters == parameters - 2 * sum(on_skips)


def test_blocks_of_all_modules_cost_the_same(names):
    total = 3 * 49 * 64 * 112**2 + 1000 * 512
    for channels, side in ((64, 56), (128, 28), (256, 14), (512, 7)):
        block = 2 * 9 * channels**2 * side**2
        assert block == 231_211_008
        total += 2 * block
        if channels > 64:  # the first convolution has half the inputs, and the 1×1 convolution is added
            total += (channels // 2 * channels - 9 * channels * channels // 2) * side**2
    assert summarize(names["resnet"]((2, 2, 2, 2), 1000), (1, 3, 224, 224)).total_multiply_adds == total


# ---- The residual block ----


def test_the_input_is_added_before_the_last_relu(names):
    seed(0)
    block = names["Residual"](6, use_1x1conv=True, strides=2)
    block.initialize()
    X = np.random.normal(size=(4, 3, 6, 6))
    Y = npx.relu(block.bn1(block.conv1(X)))
    Y = npx.relu(block.bn2(block.conv2(Y)) + block.conv3(X))
    assert block(X).shape == (4, 6, 3, 3)
    onp.testing.assert_allclose(block(X).asnumpy(), Y.asnumpy(), atol=1e-6)


def test_zero_weights_are_the_identity_in_training_too_but_teach_the_block_nothing(names):
    block = names["Residual"](3)
    block.initialize(init.Zero())
    X = abs(np.random.normal(size=(4, 3, 6, 6)))
    with autograd.record():
        Y = block(X)
        loss = (Y**2).sum()
    loss.backward()
    assert (Y == X).all()
    assert (block(-X) == 0).all()  # the last ReLU passes only what is not negative
    assert float(abs(block.conv1.weight.grad()).max()) == float(abs(block.conv2.weight.grad()).max()) == 0


# ---- Function classes ----


def test_only_nested_classes_are_sure_to_come_closer(names):
    def contains(outer, inner):
        return Path(outer).contains_points(inner).all()

    nested, generic = names["nested"], names["generic"]
    assert all(contains(larger, smaller) for smaller, larger in itertools.pairwise(nested))
    assert not any(contains(larger, smaller) for smaller, larger in itertools.pairwise(generic))
    distances = [names["gap"](outline)[0] for outline in nested]
    assert distances == sorted(distances, reverse=True)
    distances = [names["gap"](outline)[0] for outline in generic]
    assert distances[5] > distances[3] == min(distances)


# ---- Gradients ----


@pytest.mark.training
@pytest.mark.parametrize("start", SEEDS)
def test_gradients_vanish_without_skip_and_without_batch_norm(names, start, monkeypatch):
    monkeypatch.setitem(names, "seed", lambda _: seed(start))
    plain8, plain32, residual8, residual32 = (
        onp.mean(names["gradient_norms"](names[block], num_layers, batch_norm=False))
        for block in ("Plain", "Residual")
        for num_layers in (8, 32)
    )
    assert 1e3 < plain8 / plain32 < 1e6
    assert residual32 > residual8 > 10 * plain8


@pytest.mark.training
@pytest.mark.parametrize("start", SEEDS)
def test_with_batch_norm_gradients_of_plain_networks_grow_toward_the_data(names, start, monkeypatch):
    monkeypatch.setitem(names, "seed", lambda _: seed(start))
    plain, residual = (names["gradient_norms"](names[block], 32, batch_norm=True) for block in ("Plain", "Residual"))
    assert plain[0] / plain[-1] > 50
    assert residual[0] / residual[-1] < 15


def test_recording_in_predict_mode_gives_the_gradient_of_finite_differences(names):
    """This holds because the network has no max pooling; with one, MXNet's gradient would be wrong."""
    seed(0)
    net = names["deep"](names["Residual"], 8)
    net.initialize(init.Xavier())
    X, y = next(iter(load_data(16, source="digits", train_size=16, test_size=1, resize=16)[0]))
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    with autograd.record(train_mode=False):
        value = loss(net(X), y).mean()
    value.backward(train_mode=False)
    for weight in (net[0].weight, net[4].conv2.weight):
        start, gradient = weight.data().asnumpy(), weight.grad().asnumpy()
        length = onp.linalg.norm(gradient)
        values = []
        for step in (-0.02, 0.02):
            weight.set_data(np.array(start + step * gradient / length))
            values.append(float(loss(net(X), y).mean()))
        weight.set_data(np.array(start))
        assert (values[1] - values[0]) / 0.04 == pytest.approx(length, rel=0.05)


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_depth_hurts_plain_networks_and_helps_residual_ones(names, number):
    final = {
        (block, num_layers): names["train_deep"](names[block], num_layers, number, num_epochs=2, source="digits")[-1]
        for block in ("Plain", "Residual")
        for num_layers in (8, 32)
    }
    assert final["Plain", 32] > final["Plain", 8] + 0.3
    assert final["Residual", 32] < final["Residual", 8] - 0.1
    assert final["Residual", 32] < final["Plain", 8]


@pytest.mark.training
def test_a_narrow_resnet_18_learns_the_digits(names):
    loaders = load_data(32, source="digits", train_size=1500, test_size=500, resize=32)
    schedule = lr_scheduler.MultiFactorScheduler([3 * len(loaders[0])], factor=0.1, base_lr=0.003)
    adam = optimizer.Adam(learning_rate=0.003, lr_scheduler=schedule)
    net = names["resnet"]((2, 2, 2, 2), 10, width=16)
    accuracy = fit(net, *loaders, num_epochs=5, optimizer=adam, seed=0, plot=False).test_accuracy
    assert accuracy[-1] > max(0.87, accuracy[2])  # the lower rate of the last two epochs helps


# ---- Exercises ----


def pre_activation(forward, *, extra=False, channels=None):
    """Return a student's class for exercise 17.3, with `forward(block, X)`."""

    class PreActivation(nn.Block):
        def __init__(self, num_channels):
            super().__init__()
            self.bn1, self.bn2 = nn.BatchNorm(), nn.BatchNorm()
            if extra:
                self.bn3 = nn.BatchNorm()
            self.conv1 = nn.Conv2D(channels or num_channels, 3, padding=1)
            self.conv2 = nn.Conv2D(num_channels, 3, padding=1)

        def forward(self, X):
            return forward(self, X)

    return PreActivation


def right(b, X):
    return X + b.conv2(npx.relu(b.bn2(b.conv1(npx.relu(b.bn1(X))))))


def original(b, X):
    return X + b.bn2(b.conv2(npx.relu(b.bn1(b.conv1(X)))))


def relu_before_norm(b, X):
    return X + b.conv2(b.bn2(npx.relu(b.conv1(b.bn1(npx.relu(X))))))


def in_a_sequence(num_channels):
    """Build the block of exercise 17.3 with its layers in a Sequential."""

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
    ("name", "answer", "words"),
    [
        ("17.1", (128, 56, 56, 8192), "only with strides=1"),
        ("17.1", (128, 14, 14, 8192), "halved once, not twice"),
        ("17.1", (128, 27, 27, 8192), "exactly half"),
        ("17.1", (64, 28, 28, 8192), "64 channels go in"),
        ("17.1", (28, 28, 128, 8192), "in another order"),
        ("17.1", (256, 28, 28, 8192), "is 256 at index [0], but should be 128"),
        ("17.1", (128, 28, 28, 8320), "have no bias"),
        ("17.1", (128, 28, 28, 73728), "that is a 3×3 convolution"),
        ("17.1", (128, 28, 28, 147456), "that is the second 3×3 convolution"),
        ("17.1", (128, 28, 28, 16384), "64 channels go into it, not 128"),
        ("17.1", (128, 28, 28, 4096), "gives the skip 128 channels"),
        ("17.1", (128, 28, 28, 128), "a weight for each of the 64"),
        ("17.1", (128, 28, 28, 8192 * 784), "these are the multiply-adds"),
        ("17.1", (128, 28, 28, 8192 * 3136), "the same weights serve all places"),
        ("17.1", (128, 28, 28, 7), "is 7, but should be 8192"),
        ("17.1", 8192, "four numbers are asked for"),
        ("17.1", (128, 28, 28, ...), "replace every ... by one"),
        ("17.2", (3, 4, 6, 3), "ResNet-34 as it is, with 21,795,880 parameters"),
        ("17.2", (4, 4, 4, 4), "fewer of those"),
        ("17.2", (8, 8, 8, 8), "66 layers, not 34: you have counted blocks as layers"),
        ("17.2", (11, 2, 2, 2), "count too, and are in no block"),
        ("17.2", (2, 2, 2, 2), "18 layers, not 34: count two in each of the 8 blocks"),
        ("17.2", (13, 1, 1, 1), "at least 2 blocks"),
        ("17.2", (8.5, 3.5, 2, 2), "a part of a block"),
        ("17.3", pre_activation(lambda b, X: right(b, X) - X), "the input is not added"),
        ("17.3", pre_activation(lambda b, X: npx.relu(right(b, X))), "a ReLU after the sum"),
        ("17.3", pre_activation(lambda b, X: npx.relu(original(b, X))), "this is the original block"),
        ("17.3", pre_activation(original), "batch norm stands after its convolution"),
        ("17.3", pre_activation(lambda b, X: X + npx.relu(original(b, X) - X)), "stand after each convolution"),
        ("17.3", pre_activation(lambda b, X: right(b, X) - X + npx.relu(b.bn1(X))), "the skip starts too late"),
        ("17.3", pre_activation(relu_before_norm), "ReLU stands before batch norm"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(npx.relu(b.bn2(b.conv1(b.bn1(X)))))), "the first ReLU"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(npx.relu(b.bn1(X)))))), "the second ReLU"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(b.bn1(X))))), "both ReLUs are missing"),
        ("17.3", pre_activation(lambda b, X: 2 * right(b, X)), "is not X + conv2"),
        ("17.3", pre_activation(right, extra=True), "yours has 2 and 3"),
        ("17.3", pre_activation(right, channels=2), "should be 3×3 from 4 channels to 4"),
        ("17.3", pre_activation(lambda b, X: right(b, X)[:, :2]), "they should be equal"),
        ("17.3", pre_activation(right)(4), "the class itself is asked for"),
        ("17.3", lambda num_channels: 3, "should be a block of layers, but it is int"),
    ],
)
def test_every_mistake_gets_its_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


@pytest.mark.parametrize(
    ("name", "answer"),
    [("17.1", onp.array([128, 28, 28, 8192])), ("17.2", [10, 2, 2, 2]), ("17.3", in_a_sequence)],
)
def test_right_answers_of_another_form_pass(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


def test_exercise_2_counts_as_the_network_does(names):
    blocks = (8, 4, 2, 2)
    assert _count_parameters(blocks) == summarize(names["resnet"](blocks, 1000), (1, 3, 64, 64)).total_parameters
