"""Notebook 17: ResNet's sizes, compared with published ones; what it measures, over several seeds; exercises."""

import functools
import itertools

import numpy as onp
import pytest
from lessons import lesson
from matplotlib.path import Path
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import evaluate, fit, seed, summarize
from d2lhelpers.exercises.nb17_resnet import _count_parameters
from d2lhelpers.figures import nb17_resnet as figures

SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    run = "BLOCKS = {", "images, labels = (", "Run = namedtuple(", "CASES = {", "PAPER = {", "def occlusion_map(net"
    return lesson("17-resnet").names(*run)


# ---- Sizes ----


@pytest.mark.parametrize(
    ("layers", "parameters"),  # torchvision's
    [(18, 11_689_512), (34, 21_797_672), (50, 25_557_032)],
)
def test_the_networks_have_the_published_parameters(names, layers, parameters):
    blocks, block, wide, _ = names["PAPER"][layers]
    table = summarize(names["paper_network"](blocks, block, wide), (1, 3, 64, 64))
    # torchvision's networks also have a batch norm on each skip connection with a 1×1 convolution.
    on_skips = (256, 512, 1024, 2048) if layers == 50 else (128, 256, 512)
    assert table.total_parameters == parameters - 2 * sum(on_skips)


def test_counts_agree_with_the_paper_to_a_tenth_of_a_billion(names):
    for blocks, block, wide, paper in names["PAPER"].values():
        table = summarize(names["paper_network"](blocks, block, wide), (1, 3, 224, 224), depth=1)
        assert table.total_multiply_adds / 1e9 == pytest.approx(paper, abs=0.1)


def test_blocks_of_all_modules_cost_the_same(names):
    total = 3 * 49 * 64 * 112**2 + 1000 * 512
    for channels, side in ((64, 56), (128, 28), (256, 14), (512, 7)):
        block = 2 * 9 * channels**2 * side**2
        assert block == 231_211_008
        total += 2 * block
        if channels > 64:  # the first convolution has half the inputs, and the 1×1 convolution is added
            total += (channels // 2 * channels - 9 * channels * channels // 2) * side**2
    assert summarize(names["paper_network"]((2, 2, 2, 2)), (1, 3, 224, 224)).total_multiply_adds == total


@pytest.mark.parametrize("layers", [18, 34])
def test_the_small_networks_have_as_many_layers_as_they_say(names, layers):
    table = summarize(names["small_network"](names["Plain"], names["BLOCKS"][layers]), (1, 1, 28, 28))
    assert sum(row.name.startswith(("Conv2D", "Dense")) for row in table.rows) == layers


# ---- The residual block ----


def test_the_input_is_added_before_the_last_relu(names):
    seed(0)
    block = names["Residual"](6, strides=2)
    block.initialize()
    X = np.random.normal(size=(4, 3, 6, 6))
    conv1, bn1, _, conv2, bn2 = block.g
    Y = npx.relu(bn2(conv2(npx.relu(bn1(conv1(X))))) + block.conv3(X))
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
    assert all(float(abs(block.g[i].weight.grad()).max()) == 0 for i in (0, 3))


def test_a_plain_block_copies_only_when_predicting():
    made = lesson("17-resnet").names("copying = Plain(16)")
    predicting, training = made["distance_from_identity"](made["copying"], made["X"])
    assert predicting == pytest.approx(0, abs=1e-4)  # batch norm divides by the root of 1 + 0.00001
    assert training > 1


def test_small_weights_do_not_make_a_small_contribution_but_a_small_gamma_does(names):
    seed(0)
    block = names["Residual"](3)
    block.initialize(init.Xavier())
    X = np.random.normal(size=(8, 3, 6, 6))

    def contribution():
        with autograd.train_mode():
            return float(abs(block.g(X)).mean())

    whole = contribution()
    block.g[3].weight.set_data(block.g[3].weight.data() / 10)
    assert contribution() == pytest.approx(whole, rel=0.01)
    block.g[4].gamma.set_data(block.g[4].gamma.data() / 10)
    assert contribution() == pytest.approx(whole / 10, rel=0.01)


# ---- Function classes ----


def test_only_nested_classes_are_sure_to_come_closer():
    def contains(outer, inner):
        return Path(outer).contains_points(inner).all()

    nested, generic = figures.NESTED, figures.GENERIC
    assert all(contains(larger, smaller) for smaller, larger in itertools.pairwise(nested))
    assert not any(contains(larger, smaller) for smaller, larger in itertools.pairwise(generic))
    distances = [figures.gap(outline)[0] for outline in nested]
    assert distances == sorted(distances, reverse=True)
    distances = [figures.gap(outline)[0] for outline in generic]
    assert distances[5] > distances[3] == min(distances)


# ---- Gradients ----


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_gradients_vanish_only_without_skip_and_without_batch_norm(names, number):
    norms = {
        (name, title): onp.array(names["gradient_norms"](names[name], *case, random_seed=number))
        for name in ("Plain", "Residual")
        for title, case in names["CASES"].items()
    }
    print(number, {key: values[[0, 16, 32]] for key, values in norms.items()})
    xavier, _, with_batch_norm = names["CASES"]
    assert onp.median(norms["Plain", xavier]) < 1e-3 * onp.median(norms["Residual", xavier])
    assert norms["Plain", xavier][0] > norms["Plain", xavier][-1]
    assert min(norms["Plain", with_batch_norm]) > 1e-3
    plain, residual = (norms[name, with_batch_norm] for name in ("Plain", "Residual"))
    assert plain[0] / plain[-1] > 3 * residual[0] / residual[-1]


# ---- Training ----


@pytest.fixture(scope="module")
def trained(names):
    """Return a function that trains a network once for each seed, such as `trained(0, "Plain", 34)`: net, run."""

    @functools.cache
    def train(number, name, layers):
        net = names["small_network"](names[name], names["BLOCKS"][layers])
        run = names["train_small"](net, random_seed=number)
        print(number, name, layers, run.loss[-1], run.accuracy[-1])
        return net, run

    return train


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_depth_hurts_plain_networks_but_hardly_residual_ones(trained, number):
    keys = itertools.product(("Plain", "Residual"), (18, 34))
    runs = {key: trained(number, *key)[1] for key in keys}
    loss = {key: run.loss[-1] for key, run in runs.items()}
    right = {key: run.accuracy[-1] for key, run in runs.items()}
    assert loss.pop(("Plain", 34)) > 0.8
    assert max(loss.values()) < 0.4
    assert right["Plain", 34] < right["Plain", 18] - 0.05
    assert loss["Residual", 18] < loss["Plain", 18] - 0.1
    assert abs(loss["Residual", 34] - loss["Residual", 18]) < 0.15
    assert abs(right["Residual", 34] - right["Residual", 18]) < 0.06
    for layers in (18, 34):  # at equal work, the residual network wins
        assert right["Residual", layers] > right["Plain", layers]


@pytest.mark.training
def test_three_times_the_epochs_do_not_close_the_gap(names):
    loss = {}
    for layers in (18, 34):
        net = names["small_network"](names["Plain"], names["BLOCKS"][layers])
        loss[layers] = names["train_small"](net, fast=12, slow=6).loss[-1]
    assert loss[18] < 0.1  # 0.02
    assert 0.2 < loss[34] < 0.7  # 0.37


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_only_a_residual_network_survives_the_loss_of_a_block(names, trained, number):
    def drops(name, column):  # 0: with running averages, 1: with those of each batch
        net = trained(number, name, 18)[0]
        whole = names["accuracies_of"](net)[column]
        numbers = names["removable"](net)
        assert numbers == [1, 2, 4, 6, 8]
        return [whole - names["accuracies_of"](names["without"](net, i))[column] for i in numbers]

    values = {(name, column): drops(name, column) for name in ("Plain", "Residual") for column in (0, 1)}
    print(number, values)
    for column in (0, 1):
        assert min(values["Plain", column]) > 0.35
        assert max(values["Residual", column]) < 0.3


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_part_of_the_step_comes_from_the_running_averages(names, trained, number):
    net, run = trained(number, "Residual", 18)
    last = names["copy_state"](net)
    slow = names["as_is_and_refreshed"](net)
    names["restore_state"](net, run.state)
    weight = net[0].weight.data().copy()
    before = names["as_is_and_refreshed"](net)
    assert (net[0].weight.data() == weight).all()
    names["restore_state"](net, run.state)
    loader = names["small_loader"](number)
    history = fit(net, loader, num_epochs=names["SLOW"], lr=0.003, optimizer="adam", plot=False)
    fast = names["as_is_and_refreshed"](net)
    names["restore_state"](net, last)
    print(number, before, fast, slow)
    assert before[1] > before[0] + 0.003
    assert slow[1] == pytest.approx(slow[0], abs=0.01)  # at the low rate, the averages keep up
    assert slow[1] > fast[1] + 0.003  # and the weights settle
    assert run.loss[-1] < history.train_loss[-1] - 0.1


@pytest.mark.training
@pytest.mark.parametrize("number", SEEDS)
def test_two_blocks_of_the_mini_project_can_go(names, trained, number):
    patient, removed = trained(number, "Residual", 34)[0], []
    whole = names["accuracies_of"](patient)[0]
    for _ in range(2):  # the first two rounds of the sample solution
        rest = [i for i in names["removable"](patient) if i not in removed]
        shorter = {i: names["without"](patient, *removed, i) for i in rest}
        accuracies = {i: evaluate(net, names["validation_loader"])[1] for i, net in shorter.items()}
        removed.append(max(accuracies, key=accuracies.get))
    print(number, whole, removed, max(accuracies.values()))
    rest, work = (
        summarize(net, (1, 1, 28, 28)).total_multiply_adds for net in (names["without"](patient, *removed), patient)
    )
    assert rest < 0.9 * work
    assert max(accuracies.values()) >= whole - 0.02


# ---- Look inside ----


def test_an_occlusion_map_shows_the_square_that_matters(names):
    class Net(nn.Block):
        def forward(self, X):  # class 1 if there is ink in the upper left corner
            ink = X[:, 0, :4, :4].sum(axis=(1, 2))
            return np.stack([np.zeros_like(ink), ink], axis=1)

    drops = names["occlusion_map"](Net(), onp.ones((1, 28, 28), dtype="float32"), 1)
    assert drops.shape == (12, 12)
    assert drops.argmax() == 0
    assert drops[0, 0] == pytest.approx(0.5, abs=1e-3)
    assert drops[3:].max() == pytest.approx(0, abs=1e-6)


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
        ("17.1", (128, 28, 28, 4096), "gives the skip connection 128 channels"),
        ("17.1", (128, 28, 28, 128), "a weight for each of the 64"),
        ("17.1", (128, 28, 28, 8192 * 784), "these are the multiply-adds"),
        ("17.1", (128, 28, 28, 8192 * 3136), "the same weights are used at all positions"),
        ("17.1", (128, 28, 28, 7), "is 7, but should be 8192"),
        ("17.1", 8192, "should be four numbers"),
        ("17.1", (128, 28, 28, ...), "replace every ... with one"),
        ("17.2", (3, 4, 6, 3), "ResNet-34 as it is, with 21,795,880 parameters"),
        ("17.2", (4, 4, 4, 4), "fewer of those"),
        ("17.2", (8, 8, 8, 8), "66 layers, not 34: you have counted blocks as layers"),
        ("17.2", (11, 2, 2, 2), "count, too, and are in no block"),
        ("17.2", (2, 2, 2, 2), "18 layers, not 34: count two in each of the 8 blocks"),
        ("17.2", (13, 1, 1, 1), "at least 2 blocks"),
        ("17.2", (8.5, 3.5, 2, 2), "a fraction of a block"),
        ("17.3", pre_activation(lambda b, X: right(b, X) - X), "the input is not added"),
        ("17.3", pre_activation(lambda b, X: npx.relu(right(b, X))), "a ReLU after the sum"),
        ("17.3", pre_activation(lambda b, X: npx.relu(original(b, X))), "this is the original block"),
        ("17.3", pre_activation(original), "batch norm comes after its convolution"),
        ("17.3", pre_activation(lambda b, X: X + npx.relu(original(b, X) - X)), "come after each convolution"),
        (
            "17.3",
            pre_activation(lambda b, X: right(b, X) - X + npx.relu(b.bn1(X))),
            "the skip connection starts too late",
        ),
        ("17.3", pre_activation(relu_before_norm), "ReLU comes before batch norm"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(npx.relu(b.bn2(b.conv1(b.bn1(X)))))), "the first ReLU"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(npx.relu(b.bn1(X)))))), "the second ReLU"),
        ("17.3", pre_activation(lambda b, X: X + b.conv2(b.bn2(b.conv1(b.bn1(X))))), "both ReLUs are missing"),
        ("17.3", pre_activation(lambda b, X: 2 * right(b, X)), "is not X + conv2"),
        ("17.3", pre_activation(right, extra=True), "yours has 2 and 3"),
        ("17.3", pre_activation(right, channels=2), "should be 3×3 from 4 channels to 4"),
        ("17.3", pre_activation(lambda b, X: right(b, X)[:, :2]), "they should be equal"),
        ("17.3", pre_activation(right)(4), "the answer should be the class itself"),
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
    assert _count_parameters(blocks) == summarize(names["paper_network"](blocks), (1, 3, 64, 64)).total_parameters
