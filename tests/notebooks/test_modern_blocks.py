"""Notebook 18: what modern blocks cost, which inputs their outputs depend on, claims over several seeds, exercises."""

import numpy as onp
import pytest
from lessons import lesson
from mxnet import init, np, npx
from support import said

from d2lhelpers import fit, load_data, seed, summarize


@pytest.fixture(scope="module")
def names():
    return lesson("18-modern-blocks").names("def shuffled(", "def images_of(")


# ---- Blocks ----


@pytest.mark.parametrize("name", ["plain", "dense", "squeeze-excite", "grouped", "separable", "shuffled"])
def test_formulas_hold_at_another_size_too(names, name):
    c, m = 32, 7
    block = names["blocks"][name](c)
    table = summarize(block, (1, c, m, m))
    assert (table.total_parameters, table.total_multiply_adds) == names["formulas"](c, m)[name]
    block.initialize()
    assert block(np.zeros((1, c, m, m))).shape == (1, c, m, m)
    assert sum(parameter.data().size for parameter in block.collect_params().values()) == table.total_parameters


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


def test_the_shuffled_block_mixes_all_channels(names):
    assert names["depends"](names["shuffled"](16), 16).all()


def test_a_shuffle_is_a_transpose(names):
    numbers = np.arange(12).reshape(1, 12, 1, 1)
    shuffled = names["ChannelShuffle"](3)(numbers)
    assert shuffled.flatten().tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert (names["ChannelShuffle"](4)(shuffled) == numbers).all()


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_the_separable_block_is_hardly_behind_and_squeeze_and_excite_tells_digits_apart(names, start):
    accuracies, sizes = {}, {}
    for name in ("squeeze-excite", "separable"):
        net = names["network"](names["blocks"][name], 32)
        loaders = load_data(32, source="digits", train_size=1500, test_size=1000)
        options = {"optimizer": "adam", "seed": start, "plot": False}
        fit(net, loaders[0], num_epochs=5, lr=0.01, **options)
        accuracies[name] = fit(net, *loaders, num_epochs=2, lr=0.001, **options).test_accuracy[-1]
        sizes[name] = summarize(net, (1, 1, 28, 28)).total_parameters
        if name == "squeeze-excite":
            channels = names["channel_weights"](net, names["images_of"](range(10), each=10)).reshape(10, 10, -1)
    assert accuracies["squeeze-excite"] > 0.93
    assert 0.9 < accuracies["separable"] < accuracies["squeeze-excite"] + 0.01
    assert sizes["separable"] < sizes["squeeze-excite"] / 4
    within, between = channels.std(axis=1).mean(), channels.mean(axis=1).std(axis=0).mean()
    assert between > 1.2 * within


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
        ("18.1", (PLAIN, PLAIN * 8, 0), "not multiplied"),
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
        ("18.2", 112, "more than 69,632: narrower"),
        ("18.2", 96, "room for more"),
        ("18.3", lambda *arguments: squeeze()(*arguments)[0], "has shape"),
        ("18.3", squeeze(product=lambda X, weights: weights[:, :, 0, 0]), "these are the weights."),
        ("18.3", squeeze(product=lambda X, weights: weights), "with two more axes"),
        ("18.3", squeeze(product=lambda X, weights: X + weights), "not added"),
        ("18.3", squeeze(("", "sigmoid")), "ReLU after W1 is missing"),
        ("18.3", squeeze(("relu", "")), "sigmoid after W2 is missing"),
        ("18.3", squeeze(("relu", "relu")), "ReLU twice"),
        ("18.3", squeeze(("relu", "softmax")), "softmax makes channels compete"),
        ("18.3", squeeze(("sigmoid", "relu")), "the other way round"),
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
