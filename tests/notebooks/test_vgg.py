"""Notebook 14: VGG networks, compared with published counts; receptive fields; experiments over seeds; exercises."""

import functools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import MXNetError, init, np, npx
from mxnet.gluon import nn
from support import said

from d2lhelpers import ArrayLoader, evaluate, fit, summarize

WIDTHS = (64, 128, 256, 512, 512)
VGG_11 = (1, 1, 2, 2, 2)


@pytest.fixture(scope="module")
def names():
    return lesson("14-vgg").names("plans = {", "X, y = load_images", "WALL = ")  # the last one only defines


# ---- Sizes ----


@pytest.mark.parametrize(
    ("depths", "parameters", "giga"),  # as torchvision's documentation gives them
    [
        (VGG_11, 132_863_336, 7.61),
        ((2, 2, 2, 2, 2), 133_047_848, 11.31),
        ((2, 2, 3, 3, 3), 138_357_544, 15.47),
        ((2, 2, 4, 4, 4), 143_667_240, 19.63),
    ],
)
def test_the_family_has_the_published_sizes(names, depths, parameters, giga):
    dense = [(25088, 4096), (4096, 4096), (4096, 1000)]
    convolutions, work = names["count_convs"](depths)
    assert convolutions + sum((i + 1) * o for i, o in dense) == parameters
    assert round((work + sum(i * o for i, o in dense)) / 1e9, 2) == giga


def test_the_network_has_the_layers_of_its_list(names):
    net = names["vgg"](list(zip(VGG_11, WIDTHS, strict=True)), units=16, num_classes=10)
    table = summarize(net, (1, 3, 64, 64), depth=1)
    shapes = [row.output_shape[1:] for row in table.rows[:5]]
    assert shapes == [(64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4), (512, 2, 2)]
    convolutions, work = names["count_convs"](VGG_11, size=64)
    assert table.total_parameters == convolutions + (2048 + 1) * 16 + (16 + 1) * 16 + (16 + 1) * 10
    assert table.total_multiply_adds == work + 2048 * 16 + 16 * 16 + 16 * 10


def test_a_nin_block_is_a_convolution_and_two_dense_layers_at_every_pixel(names):
    rows = summarize(names["nin_block"](96, 11, 4), (1, 3, 224, 224)).rows
    assert [row.parameters for row in rows] == [96 * (3 * 121 + 1), 96 * 97, 96 * 97]
    assert [row.output_shape for row in rows] == [(1, 96, 54, 54)] * 3


def test_only_the_network_without_dense_layers_takes_images_of_any_size(names):
    dense, nin = (names["build"](names["plans"]["two 3×3"], names[head]()) for head in ("dense_head", "mean_head"))
    for net in (dense, nin):
        net.initialize()
        assert net(np.zeros((2, 1, 28, 28))).shape == (2, 10)
    assert nin(np.zeros((2, 1, 84, 84))).shape == (2, 10)
    with pytest.raises(MXNetError, match="Shape inconsistent"):
        dense(np.zeros((2, 1, 84, 84)))


def test_a_picture_as_large_as_a_training_image_is_a_single_window(names):
    net = names["build"](names["plans"]["two 3×3"], names["mean_head"]())
    net.initialize(init.Xavier())
    pictures = names["X"][:5]
    assert np.allclose(names["windows"](net, pictures)[:, :, 0, 0], npx.softmax(net(pictures)), atol=1e-5)
    assert names["windows"](net, np.zeros((1, 1, 96, 96))).shape == (1, 10, 10, 10)


def test_a_shift_to_the_right_drops_the_last_columns(names):
    shifted = names["shifted"](np.arange(6).reshape(1, 1, 1, 6), 2)
    assert shifted.tolist() == [[[[0, 0, 0, 1, 2, 3]]]]


def test_the_convolutions_more_than_double_while_the_dense_layers_stay(names):
    small, large = (names["count_convs"](depths) for depths in (VGG_11, (2, 2, 4, 4, 4)))
    assert round(small[0] / 1e6, 1) == 9.2
    assert round(large[0] / 1e6, 1) == 20.0
    assert round(large[1] / small[1], 1) == 2.6  # the work


@pytest.mark.parametrize(("large", "stack"), [("one 5×5", "two 3×3"), ("one 7×7", "three 3×3")])
def test_both_networks_of_a_race_do_about_the_same_work_with_the_same_view(names, large, stack):
    tables = [
        summarize(names["build"](names["plans"][name], names["dense_head"]()), (1, 1, 28, 28))
        for name in (large, stack)
    ]
    for count in ("total_multiply_adds", "total_parameters"):
        first, second = (getattr(table, count) for table in tables)
        assert abs(first / second - 1) < 0.09
    fields = [
        field([layer for depth, _, kernel in names["plans"][name] for layer in [(kernel, 1)] * depth + [(2, 2)]])
        for name in (large, stack)
    ]
    assert fields[0] == fields[1]


# ---- Receptive fields ----


def field(layers, *, step_first=False, last_only=False, start=1, overlap=1, strides=True):
    """Compute the receptive field of (kernel, stride) layers, with the slips that students make."""
    total, step = start, 1
    for kernel, stride in layers:
        factor = stride if strides else 1
        if step_first:
            step *= factor
        total += (kernel - overlap) * step
        if not step_first:
            step = factor if last_only else step * factor
    return total


@pytest.mark.parametrize("n", [1, 3, 6])
def test_a_stack_of_small_kernels_sees_the_square_that_one_large_kernel_sees(names, n):
    for net in (names["stack"](n, 3, 1), names["stack"](1, 2 * n + 1, 1)):
        seen = names["seen_from_the_middle"](net, 15).asnumpy() > 0
        square = onp.zeros((15, 15), dtype=bool)
        square[7 - n : 7 + n + 1, 7 - n : 7 + n + 1] = True
        assert (seen == square).all()


def test_the_measured_fields_of_vgg_11_follow_the_formula(names):
    net, layers = nn.Sequential(), []
    for depth in VGG_11:
        net.add(names["vgg_block"](depth, 1, pool=nn.AvgPool2D))
        layers += [(3, 1)] * depth + [(2, 2)]
        measured = (names["seen_from_the_middle"](net, 224).sum(axis=0) > 0).sum()
        assert measured == field(layers)
    assert measured == 150


# ---- Training ----


@pytest.fixture(scope="module")
def run(names):
    """Return a function that trains a network as the notebook does, once, and returns it and its last accuracy."""

    @functools.cache
    def train(plan, head, seed):
        net = names["build"](names["plans"][plan], names[head]())
        return net, names["train"](net, random_seed=seed).test_accuracy[-1]

    return train


MEANS = {"one 5×5": 0.871, "two 3×3": 0.867, "one 7×7": 0.877, "three 3×3": 0.866}  # as the notebook has them


@pytest.mark.training
@pytest.mark.parametrize(("large", "stack"), [("one 5×5", "two 3×3"), ("one 7×7", "three 3×3")])
def test_at_equal_work_the_stack_is_not_ahead(run, large, stack):
    means = {plan: onp.mean([run(plan, "dense_head", seed)[1] for seed in range(3)]) for plan in (large, stack)}
    assert means[stack] < means[large] + 0.004
    assert all(abs(mean - MEANS[plan]) < 0.008 for plan, mean in means.items())


@pytest.mark.training
def test_the_dense_head_wins_in_the_middle_and_the_mean_wins_off_center(names, run):
    moved = ArrayLoader(names["shifted"](names["X"][8000:], 4), names["y"][8000:], batch_size=500)
    nets = {head: [run("two 3×3", head, seed) for seed in range(3)] for head in ("dense_head", "mean_head")}
    centered = {head: onp.mean([accuracy for _, accuracy in runs]) for head, runs in nets.items()}
    off_center = {head: onp.mean([evaluate(net, moved)[1] for net, _ in runs]) for head, runs in nets.items()}
    assert centered["dense_head"] > centered["mean_head"] + 0.01
    assert off_center["mean_head"] > off_center["dense_head"] + 0.05


@pytest.mark.training
def test_windows_on_the_garments_of_a_wall_get_the_right_answers(names, run):
    """Nine walls of nine validation images, for each of three seeds."""
    X, labels = names["X"][8000:], names["y"][8000:].asnumpy()
    right = []
    for seed in range(3):
        net, _ = run("two 3×3", "mean_head", seed)
        for start in range(0, 81, 9):
            tiles = np.pad(X[start : start + 9], ((0, 0), (0, 0), (0, 4), (0, 4)))
            wall = tiles.reshape(3, 3, 32, 32).transpose(0, 2, 1, 3).reshape(1, 1, 96, 96)
            answers = names["windows"](net, wall)[0, :, ::4, ::4].asnumpy().argmax(axis=0).ravel()
            right.append((answers == labels[start : start + 9]).mean())
    assert onp.mean(right) > 0.6


@pytest.mark.training
def test_the_sample_solution_of_the_mini_project_reaches_its_goal(names):
    emoji = names["load_emoji"]()
    fold = emoji.concepts % 5
    validation = ArrayLoader(emoji.images[fold == 3], emoji.labels[fold == 3], batch_size=500)
    reached = []
    for seed in range(3):
        net = names["build"]([(1, 12, 3), (2, 16, 3), (2, 24, 3)], names["mean_head"](num_classes=6))
        assert summarize(net, (1, 3, 32, 32)).total_parameters == 13_238
        net.initialize(init.Xavier("gaussian", "in", magnitude=2))
        loader = ArrayLoader(emoji.images[fold < 3], emoji.labels[fold < 3], batch_size=32, shuffle=True)
        adam = names["make_adam"](20 * len(loader), lr=0.006)
        history = fit(net, loader, validation, num_epochs=20, optimizer=adam, seed=seed, plot=False)
        reached.append(history.test_accuracy[-1])
    assert onp.mean(reached) > 0.45


# ---- Exercises ----


def from_the_top(layers):
    total = 1
    for kernel, stride in layers:
        total = (total - 1) * stride + kernel
    return total


STACK, SINGLE = 45 * 64**2, 121 * 64**2


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("14.1", 5, "three numbers are asked for"),
        ("14.1", (5, ..., SINGLE), "replace every ... by one"),
        ("14.1", (6, STACK, SINGLE), "one too many"),
        ("14.1", (4, STACK, SINGLE), "the views overlap"),
        ("14.1", (9, STACK, SINGLE), "two in all and not one"),
        ("14.1", (7, STACK, SINGLE), "is 7, but should be 5"),
        ("14.1", (5, 9 * 64**2, SINGLE), "that is one layer of 3×3"),
        ("14.1", (5, 45 * 64, SINGLE), "for each of the 64 input channels"),
        ("14.1", (5, 45, SINGLE), "one channel in and one out"),
        ("14.1", (5, STACK + 5 * 64, SINGLE), "no biases"),
        ("14.1", (5, 9**5 * 64**2, SINGLE), "do not multiply"),
        ("14.1", (5, SINGLE, STACK), "the stack comes first"),
        ("14.1", (5, 8, SINGLE), "weights of the stack is 8"),
        ("14.1", (5, STACK, 11 * 64**2), "has 121 weights, not 11"),
        ("14.1", (5, STACK, 8), "weights of 11×11 is 8"),
        ("14.2", 4, "a list of pairs"),
        ("14.2", [...], "still a ... in the list"),
        ("14.2", [(2, 32, 3)], "each block is a pair"),
        ("14.2", [(2, 32.5)], "two whole numbers"),
        ("14.2", [(32, 2), (64, 2), (128, 3), (256, 3)], "in this order"),
        ("14.2", [(2, 32), (2, 64), (2, 128), (2, 256), (2, 256)], "after 5 blocks, 64 pixels have become 2"),
        ("14.2", [(2, 32), (2, 64), (2, 128), (3, 256)], "these are 9 convolutions"),
        ("14.2", [(2, 32), (2, 64), (3, 128), (3, 512)], "outputs 512 maps"),
        ("14.2", [(2, 64), (2, 128), (3, 256), (3, 256)], "there are 3,504,576 parameters"),
        ("14.3", lambda layers: field(layers, strides=False), "the strides are missing"),
        ("14.3", lambda layers: field(layers, step_first=True), "not its own"),
        ("14.3", from_the_top, "from the last layer to the first"),
        ("14.3", lambda layers: field(layers, last_only=True), "strides multiply"),
        ("14.3", lambda layers: field(layers, start=0), "one short"),
        ("14.3", lambda layers: field(layers, start=0, overlap=0, strides=False), "the views overlap"),
        ("14.3", lambda layers: 100, "is 100, but should be 5"),
    ],
)
def test_every_mistake_gets_its_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("14.1", [5.0, STACK, SINGLE]),
        ("14.2", ([4, 16], [3, 32], [2, 64], [1, 256])),
        ("14.3", lambda layers: np.array(from_the_top(layers[::-1]))),
    ],
)
def test_right_answers_of_another_form_pass(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
