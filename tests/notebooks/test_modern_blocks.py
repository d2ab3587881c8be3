"""Notebook 18: what modern blocks cost, which inputs their outputs depend on, claims over several seeds, exercises."""

import numpy as onp
import pytest
from lessons import lesson
from mxnet import init, np, npx
from support import said

from d2lhelpers import evaluate, seed, summarize

INPUT = (1, 1, 28, 28)


@pytest.fixture(scope="module")
def names():
    return lesson("18-modern-blocks").names("stages = {")


@pytest.fixture(scope="module")
def data():
    run = "stages = {", "images, labels = (array", "recorded = {", "def gate_weights"
    return lesson("18-modern-blocks").names(*run)


# ---- Blocks ----


def by_hand(name, c, m):
    """Return the multiply-adds of a stage of c channels of m×m."""
    plain = 9 * c * c
    return {
        "plain": m * m * plain,
        "squeeze-excite": m * m * plain + 2 * c * (c // 4),
        "dense": m * m * plain,
        "grouped": m * m * (9 * 8 * c + c * c),
        "separable": m * m * (9 * c + c * c),
    }[name]


@pytest.mark.parametrize("name", ["plain", "squeeze-excite", "dense", "grouped", "separable"])
def test_formulas_hold_and_only_a_dense_block_adds_channels(names, name):
    c, m = 32, 7
    block = names["stages"][name][1](c)
    assert summarize(block, (1, c, m, m)).total_multiply_adds == by_hand(name, c, m)
    block.initialize()
    assert block(np.zeros((1, c, m, m))).shape == (1, 2 * c if name == "dense" else c, m, m)


def test_the_networks_do_the_same_work_but_compute_more_numbers(names):
    tables = {name: summarize(names["build"](name), INPUT) for name in names["stages"]}
    plain = tables["plain"].total_multiply_adds
    assert all(abs(table.total_multiply_adds / plain - 1) < 0.14 for table in tables.values())
    numbers = {name: sum(onp.prod(row.output_shape) for row in table.rows) for name, table in tables.items()}
    assert numbers["separable"] > 2.5 * numbers["plain"]
    lenet_parameters, lenet_work = 61_706, 416_520  # the text compares the separable network with LeNet
    assert 4 * tables["separable"].total_parameters < lenet_parameters
    assert tables["separable"].total_multiply_adds > 2 * lenet_work


def test_a_dense_block_keeps_its_input_and_every_feature(names):
    block = names["DenseBlock"](2, 16)
    block.initialize()
    x1 = np.random.normal(size=(2, 8, 5, 5))
    x3 = block(x1)
    f1 = block.layers[0](x1)
    f2 = block.layers[1](np.concatenate([x1, f1], axis=1))
    assert x3.shape == (2, 8 + 16 + 16, 5, 5)
    for start, part in ((0, x1), (8, f1), (24, f2)):
        onp.testing.assert_allclose(x3[:, start : start + part.shape[1]].asnumpy(), part.asnumpy(), atol=1e-5)


def test_squeeze_and_excite_agrees_with_numpy(names):
    seed(0)
    block = names["SqueezeExcite"](32)
    block.initialize(init.Normal(1))  # with small weights all channels would get about 1/2
    X = onp.random.RandomState(0).normal(size=(3, 32, 5, 5)).astype("float32")
    Y = block(np.array(X)).asnumpy()
    layers = (block.squeeze, block.excite)
    (W1, b1), (W2, b2) = ((layer.weight.data().asnumpy(), layer.bias.data().asnumpy()) for layer in layers)
    hidden = onp.maximum(X.mean(axis=(2, 3)) @ W1.T + b1, 0)
    weights = 1 / (1 + onp.exp(-hidden @ W2.T - b2))
    onp.testing.assert_allclose(Y, X * weights[:, :, None, None], rtol=1e-4, atol=1e-5)


def test_three_kinds_of_layers_are_nearly_all_of_mobilenet():
    rows = lesson("18-modern-blocks").names("mobilenet = summarize(")["rows"]
    for column in (1, 2):
        assert sum(float(row[column].rstrip("%")) for row in rows[1:4]) > 97


# ---- What depends on what ----


@pytest.mark.parametrize("groups", [2, 8])
def test_a_grouped_convolution_joins_only_channels_of_one_group(names, groups):
    side = 8 // groups
    expected = onp.kron(onp.eye(groups), onp.ones((side, side))) > 0
    assert (names["depends"](names["conv"](8, groups=groups), 8) == expected).all()


@pytest.mark.parametrize(("groups", "without", "mixed"), [(2, 4, 8), (4, 2, 4)])
def test_a_shuffle_lets_groups_meet_but_small_ones_only_in_part(names, groups, without, mixed):
    conv, sequence, shuffle = names["conv"], names["sequence"], names["ChannelShuffle"]
    net = sequence(conv(8, groups=groups), conv(8, groups=groups))
    assert (names["depends"](net, 8).sum(axis=1) == without).all()
    net = sequence(conv(8, groups=groups), shuffle(groups), conv(8, groups=groups))
    assert (names["depends"](net, 8).sum(axis=1) == mixed).all()


def test_a_shuffle_is_a_transpose(names):
    numbers = np.arange(12).reshape(1, 12, 1, 1)
    shuffled = names["ChannelShuffle"](3)(numbers)
    assert shuffled.flatten().tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert (names["ChannelShuffle"](4)(shuffled) == numbers).all()


# ---- Training ----


def accuracies(data, build, num_epochs):
    """Return the validation accuracies over three seeds."""
    found = []
    for start in (0, 1, 2):
        net = build()
        data["train"](net, num_epochs, random_seed=start)
        found.append(evaluate(net, data["validation_loader"])[1])
    return found


RUNS = [*((name, 3) for name in ("plain", "squeeze-excite", "dense", "grouped", "separable")), ("plain", 6)]


@pytest.mark.training
@pytest.mark.parametrize("run", RUNS)
def test_three_seeds_reach_about_the_recorded_accuracies(data, run):
    name, num_epochs = run
    found = accuracies(data, lambda: data["build"](name), num_epochs)
    print(run, found)
    assert abs(onp.mean(found) - data["average"][run]) < 0.012


@pytest.mark.training
def test_networks_need_about_the_recorded_times(data):
    seconds = {name: [] for name in data["stages"]}
    for _ in range(3):
        for name, found in seconds.items():
            found.append(data["train"](data["build"](name), 1, num_images=4000))
    times = {name: min(found) / min(seconds["plain"]) for name, found in seconds.items()}
    print(times)
    for name, time in times.items():
        assert time == pytest.approx(data["recorded"][name, 3][-1], rel=0.25)


def test_recorded_accuracies_rank_as_the_text_says(data):
    average = data["average"]
    others = [average[name, 3] for name in ("dense", "squeeze-excite", "grouped")]
    assert average["plain", 3] < min(others)
    assert max(others) < average["separable", 3] < average["plain", 6]
    three, six, separable = (data["recorded"][run][:3] for run in (("plain", 3), ("plain", 6), ("separable", 3)))
    assert all(a < b < c for a, b, c in zip(three, separable, six, strict=True))  # with every seed
    assert round(100 * (average["separable", 3] - average["plain", 3])) == 2
    assert round(100 * (average["dense", 3] - average["plain", 3])) == 1


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_the_second_block_tells_shoes_from_clothes_and_knows_the_class_better(data, start):
    net = data["build"]("squeeze-excite")
    data["train"](net, num_images=4000, random_seed=start)
    labels, shares = data["labels"][8000:], []
    for weights in data["gate_weights"](net, data["images"][8000:]):
        means = data["class_means"](weights)
        shares.append(means[labels].var(axis=0).sum() / weights.var(axis=0).sum())
    assert shares[1] > shares[0]
    pullover, coat, sandal, sneaker = (means[label] for label in (2, 4, 5, 7))
    apart = abs(sneaker - pullover).mean()
    assert max(abs(sandal - sneaker).mean(), abs(pullover - coat).mean()) < apart / 2


@pytest.mark.training
def test_the_sample_solution_reaches_the_goal_of_the_mini_project(data):
    def build():
        def stage(c):
            convolutions = data["active"](data["conv"](c, groups=c), data["conv"](c, 1))
            return data["Residual"](convolutions, data["SqueezeExcite"](c))

        return data["network"](stage, 24)

    assert summarize(build(), INPUT).total_multiply_adds <= 480_000
    assert onp.mean(accuracies(data, build, 3)) >= 0.785


def test_a_single_dense_layer_would_be_larger_than_the_two_of_squeeze_and_excite(names):
    assert summarize(names["SqueezeExcite"](64), (1, 64, 28, 28)).total_parameters == 2128 < 64 * 64 + 64 == 4160


# ---- Exercises ----


def squeeze(
    activations=("relu", "sigmoid"), pool=lambda X: X.mean(axis=(2, 3)), product=lambda X, weights: X * weights
):
    """Return a student's function for exercise 18.3."""

    def function(X, W1, W2):
        apply = {"relu": npx.relu, "sigmoid": npx.sigmoid, "softmax": npx.softmax, "": lambda x: x}
        hidden = apply[activations[0]](np.dot(pool(X), W1.T))
        weights = apply[activations[1]](np.dot(hidden, W2.T))
        return product(X, weights.reshape(*weights.shape, 1, 1))

    return function


PLAIN = 25 * 128 * 128


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("18.1", PLAIN, "three numbers"),
        ("18.1", (PLAIN, ..., ...), "still dots"),
        ("18.1", (25 * 128, 0, 0), "one for every input channel"),
        ("18.1", (PLAIN + 128, 0, 0), "biases"),
        ("18.1", (5 * 128 * 128, 0, 0), "a kernel has 5·5 weights"),
        ("18.1", (7, 0, 0), "is 7, but should be 409600"),
        ("18.1", (PLAIN, PLAIN / 64, 0), "still 128 outputs"),
        ("18.1", (PLAIN, PLAIN * 8, 0), "don't multiply it"),
        ("18.1", (PLAIN, PLAIN / 16, 0), "would be 16 groups"),
        ("18.1", (PLAIN, PLAIN, 0), "only its own group"),
        ("18.1", (PLAIN, 7, 0), "is 7, but should be 51200"),
        ("18.1", (PLAIN, PLAIN / 8, 3200), "depthwise layer alone"),
        ("18.1", (PLAIN, PLAIN / 8, 128 * 128), "1×1 convolution alone"),
        ("18.1", (PLAIN, PLAIN / 8, 3200 * 128 * 128), "you multiplied"),
        ("18.1", (PLAIN, PLAIN / 8, 3200 + 128), "128·128"),
        ("18.1", (PLAIN, PLAIN / 8, 7), "is 7, but should be 19584"),
        ("18.2", 13, "width of one group"),
        ("18.2", 0.5, "positive whole number"),
        ("18.2", 100, "cannot be cut into 8 equal groups"),
        ("18.2", 64, "at width 64 the groups save: 37,376 weights"),
        ("18.2", 112, "more than 69,632. Make it narrower"),
        ("18.2", 96, "room for more"),
        ("18.3", lambda *arguments: squeeze()(*arguments)[0], "has shape"),
        ("18.3", squeeze(product=lambda X, weights: weights[:, :, 0, 0]), "these are the weights."),
        ("18.3", squeeze(product=lambda X, weights: weights), "with two more axes"),
        ("18.3", squeeze(product=lambda X, weights: X + weights), "don't add them"),
        ("18.3", squeeze(("", "sigmoid")), "ReLU after W1 is missing"),
        ("18.3", squeeze(("relu", "")), "sigmoid after W2 is missing"),
        ("18.3", squeeze(("relu", "relu")), "ReLU twice"),
        ("18.3", squeeze(("relu", "softmax")), "softmax makes channels compete"),
        ("18.3", squeeze(("sigmoid", "relu")), "yours are swapped"),
        ("18.3", squeeze(pool=lambda X: X.sum(axis=(2, 3))), "not the sum"),
        ("18.3", squeeze(pool=lambda X: X.max(axis=(2, 3))), "not the maximum"),
        ("18.3", lambda X, *W: X, "but should be"),
    ],
)
def test_every_mistake_gets_its_own_message(name, answer, words, capsys):
    message = said(name, answer, capsys)
    assert message.startswith(f"✗ Exercise {name}: ")
    assert words in message


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("18.1", [PLAIN, PLAIN // 8, 25 * 128 + 128**2]),
        ("18.2", 104.0),
        ("18.3", squeeze(pool=lambda X: X.reshape(*X.shape[:2], -1).mean(axis=2))),
    ],
)
def test_right_answers_of_another_form_pass(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
