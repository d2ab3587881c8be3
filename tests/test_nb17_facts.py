"""Notebook 17, modern blocks: its numbers counted another way, what depends on what, its claims over three seeds."""

import numpy as onp
import pytest
from mxnet import np, npx
from mxnet.gluon.model_zoo import vision
from support import StoredNotebook, said

from d2lhelpers import fit, load_data, summarize

npx.set_np()
NOTEBOOK = StoredNotebook("17-modern-blocks")
CELLS = ("npx.set_np()", "def conv(", "class DenseBlock", "def sequence(", "class SqueezeExcite", "def depends(")
CELLS += ("class ChannelShuffle", "def shuffled(", "def formulas(", "def bottleneck(", "def network(", "def images_of(")


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define."""
    names = {}
    for text in CELLS:
        exec(NOTEBOOK.cell_with(text).source, names)
    return names


def weights(net, shape):
    """The sizes of a network's arrays of weights, from the arrays themselves."""
    net.initialize(force_reinit=True)
    net(np.zeros(shape))
    return [parameter.data().size for parameter in net.collect_params().values()]


class TestCounts:
    def test_plain(self):
        assert NOTEBOOK.printed_by("def conv(") == (
            f"weights:       {64 * 64 * 9:10,}, table 36,864\n"
            f"multiply-adds: {64 * 64 * 9 * 784:10,}, table 28,901,376\n"
        )

    def test_dense_block_grows(self, names):
        sizes = [9 * 16 * (64 + 16 * layer) for layer in range(4)]
        assert weights(names["DenseBlock"](4, 16), (1, 64, 5, 5)) == sizes
        assert str(sizes) in NOTEBOOK.printed_by("class DenseBlock")
        assert onp.diff(sizes).tolist() == [2304] * 3

    def test_dense_block_keeps_its_input(self, names):
        """x3 = [x1, f1(x1), f2(x2)]: the erratum's numbering, on the block itself."""
        block = names["DenseBlock"](2, 16)
        block.initialize()
        x1 = np.random.normal(size=(2, 8, 5, 5))
        x3 = block(x1)
        f1 = block.layers[0](x1)
        f2 = block.layers[1](np.concatenate([x1, f1], axis=1))
        assert x3.shape == (2, 8 + 16 + 16, 5, 5)
        for start, part in ((0, x1), (8, f1), (24, f2)):
            onp.testing.assert_allclose(x3[:, start : start + part.shape[1]].asnumpy(), part.asnumpy(), atol=1e-5)

    def test_transition(self):
        assert NOTEBOOK.printed_by("def transition(").split("\n")[:-1] == [
            "dense       (1, 128, 28, 28)",
            "transition  (1, 64, 14, 14)",
            "dense       (1, 128, 14, 14)",
            "transition  (1, 64, 7, 7)",
        ]

    def test_squeeze_excite(self, names):
        assert NOTEBOOK.printed_by("class SqueezeExcite") == (
            f"weights       {2 * 64 * 16 + 16 + 64:,} of 36,864\nmultiply-adds {2 * 64 * 16:,} of 28,901,376\n"
        )
        block = names["SqueezeExcite"](8)
        block.initialize()
        X = np.random.normal(1, 1, size=(3, 8, 5, 5))
        expected = X.asnumpy() * block.weights(X).asnumpy()[:, :, None, None]
        onp.testing.assert_allclose(block(X).asnumpy(), expected, rtol=1e-4, atol=1e-5)

    def test_bottlenecks_cost_the_same(self):
        printed = NOTEBOOK.printed_by("def bottleneck(")
        resnet = 256 * 64 + 9 * 64 * 64 + 64 * 256
        resnext = 32 * (256 * 4 + 9 * 4 * 4 + 4 * 256)
        assert f"{resnet:,} weights" in printed
        assert f"{resnext:,} weights" in printed
        assert abs(resnext / resnet - 1) < 0.01

    def test_separable(self):
        """The lecture's slide has m·m·k·k·c; the cell adds the 1×1 convolution."""
        lecture = 28 * 28 * 3 * 3 * 64
        printed = NOTEBOOK.printed_by("pair = summarize(")
        assert printed.count(f"{lecture:,} + {28 * 28 * 64 * 64:,}") == 2
        assert f"{1 / (1 / 64 + 1 / 9):.1f} times less work" in printed

    @pytest.mark.parametrize(("c", "m"), [(64, 28), (32, 7), (16, 9)])
    def test_formulas(self, names, c, m):
        for name, make in names["blocks"].items():
            table = summarize(make(c), (1, c, m, m))
            assert (table.total_parameters, table.total_multiply_adds) == names["formulas"](c, m)[name]
            assert sum(weights(make(c), (1, c, m, m))) == table.total_parameters
            assert table.rows[-1].output_shape == (1, c, m, m) or name == "squeeze-excite"

    def test_table(self, names):
        lines = NOTEBOOK.printed_by("costs, by_hand").splitlines()[1:]
        by_hand = names["formulas"](64, 28)
        for line, (name, (parameters, adds)) in zip(lines, by_hand.items(), strict=True):
            assert line.split() == [name, f"{parameters:,}", f"{adds:,}", f"{adds / by_hand['plain'][1]:.0%}"]

    def test_mobilenet_is_the_paper_s(self):
        printed = NOTEBOOK.printed_by("vision.mobilenet1_0()")
        words = printed.splitlines()[-1].replace(",", "").split()
        parameters, adds = (int(word) for word in words if word.isdigit())
        assert round(parameters / 1e6, 1) == 4.2
        assert round(adds / 1e6) == 569
        assert "94.9% of work" in printed
        rows = summarize(vision.mobilenet1_0(), (1, 3, 64, 64)).rows
        assert [sum(mark in row.name for row in rows) for mark in ("×1×1", " groups")] == [13, 13]


class TestWhoDependsOnWhom:
    def test_pairs(self):
        assert NOTEBOOK.printed_by("def depends(") == f"groups=1: 64 of 64 pairs\ngroups=4: {4 * 2 * 2} of 64 pairs\n"

    @pytest.mark.parametrize("groups", [1, 2, 4, 8])
    def test_groups(self, names, groups):
        side = 8 // groups
        expected = onp.kron(onp.eye(groups), onp.ones((side, side))) > 0
        assert (names["depends"](names["conv"](8, groups=groups), 8) == expected).all()

    def test_shuffle_mixes_two_groups(self, names):
        conv, sequence = names["conv"], names["sequence"]
        without = names["depends"](sequence(conv(8, groups=2), conv(8, groups=2)), 8)
        mixed = names["depends"](sequence(conv(8, groups=2), names["ChannelShuffle"](2), conv(8, groups=2)), 8)
        assert (without.sum(), mixed.sum()) == (32, 64)

    def test_one_shuffle_is_not_enough_for_small_groups(self, names):
        """As the notes say: 8 channels in 4 groups reach four inputs after two layers."""
        conv = names["conv"]
        mixed = names["depends"](names["sequence"](conv(8, groups=4), names["ChannelShuffle"](4), conv(8, groups=4)), 8)
        assert (mixed.sum(axis=1) == 4).all()

    def test_shuffled_block_mixes(self, names):
        assert names["depends"](names["shuffled"](16), 16).all()

    def test_shuffle_is_a_transpose(self, names):
        numbers = np.arange(12).reshape(1, 12, 1, 1)
        shuffled = names["ChannelShuffle"](3)(numbers)
        assert shuffled.flatten().tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
        assert (names["ChannelShuffle"](4)(shuffled) == numbers).all()

    def test_groups_from_scratch(self):
        assert NOTEBOOK.printed_by("kernels = np.split").endswith("as groups=4: True\n")


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_blocks_learn(names, seed):
    """The separable block is a few points behind with a fourth of the parameters; squeeze-and-excite tells digits."""
    accuracies, sizes = {}, {}
    for name in ("squeeze-excite", "separable"):
        net = names["network"](names["blocks"][name], 32)
        loaders = load_data(32, source="digits", train_size=1500, test_size=1000)
        options = {"optimizer": "adam", "seed": seed, "plot": False}
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


def squeeze(activations=("relu", "sigmoid"), pool=lambda X: X.mean(axis=(2, 3)), product=True):
    """A student's function for exercise 3."""

    def function(X, W1, W2):
        apply = {"relu": npx.relu, "sigmoid": npx.sigmoid, "softmax": npx.softmax, "": lambda x: x}
        hidden = apply[activations[0]](np.dot(pool(X), W1.T))
        found = apply[activations[1]](np.dot(hidden, W2.T))
        return X * found.reshape(*found.shape, 1, 1) if product else found

    return function


PLAIN = 25 * 128 * 128


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("17.1", PLAIN, "three numbers"),
        ("17.1", (PLAIN, ..., ...), "still dots"),
        ("17.1", (25 * 128, 0, 0), "one for every input channel"),
        ("17.1", (PLAIN + 128, 0, 0), "biases"),
        ("17.1", (5 * 128 * 128, 0, 0), "a kernel has 5·5 weights"),
        ("17.1", (PLAIN, PLAIN / 64, 0), "still 128 outputs"),
        ("17.1", (PLAIN, PLAIN * 8, 0), "not multiplied"),
        ("17.1", (PLAIN, PLAIN / 16, 0), "would be 16 groups"),
        ("17.1", (PLAIN, PLAIN, 0), "only its own group"),
        ("17.1", (PLAIN, PLAIN / 8, 3200), "depthwise layer alone"),
        ("17.1", (PLAIN, PLAIN / 8, 128 * 128), "1×1 convolution alone"),
        ("17.1", (PLAIN, PLAIN / 8, 3200 * 128 * 128), "you multiplied"),
        ("17.1", (PLAIN, PLAIN / 8, 3200 + 128), "128·128"),
        ("17.1", (PLAIN, PLAIN / 8, 7), "is 7 where 19584 is right"),
        ("17.2", 13, "width of one group"),
        ("17.2", 0.5, "positive whole number"),
        ("17.2", -8, "positive whole number"),
        ("17.2", 100, "cannot be cut into 8 equal groups"),
        ("17.2", 64, "at width 64 the groups save: 37,376 weights"),
        ("17.2", 112, "more than 69,632: narrower"),
        ("17.2", 96, "room for more"),
        ("17.2", "wide", "should be one number"),
        ("17.3", squeeze(product=False), "these are the weights."),
        ("17.3", lambda X, *W: squeeze(product=False)(X, *W).reshape(*X.shape[:2], 1, 1), "with two more axes"),
        ("17.3", squeeze(("", "sigmoid")), "ReLU after W1 is missing"),
        ("17.3", squeeze(("relu", "")), "sigmoid after W2 is missing"),
        ("17.3", squeeze(("relu", "relu")), "ReLU twice"),
        ("17.3", squeeze(("relu", "softmax")), "softmax makes channels compete"),
        ("17.3", squeeze(pool=lambda X: X.sum(axis=(2, 3))), "not the sum"),
        ("17.3", squeeze(pool=lambda X: X.max(axis=(2, 3))), "not the maximum"),
        ("17.3", squeeze(("sigmoid", "relu")), "the other way round"),
        ("17.3", lambda X, *W: X + squeeze(product=False)(X, *W).reshape(*X.shape[:2], 1, 1), "not added"),
        ("17.3", lambda X, *W: X[:, :1], "has shape (2, 1, 4, 5) where (2, 6, 4, 5) is right"),
        ("17.3", lambda X, *W: X, "where"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    words = said(name, answer, capsys)
    assert words.startswith(f"✗ Exercise {name}: ")
    assert message in words


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("17.1", [PLAIN, PLAIN // 8, 25 * 128 + 128**2]),
        ("17.2", 104),
        ("17.2", 104.0),
        ("17.3", squeeze()),
        ("17.3", squeeze(pool=lambda X: X.reshape(*X.shape[:2], -1).mean(axis=2))),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


def test_praise_is_computed(capsys):
    """21 times fewer weights with 5×5 kernels; 8 times with 3×3."""
    answer = (PLAIN, PLAIN / 8, 25 * 128 + 128**2)
    assert "21 times fewer" in said("17.1", answer, capsys)
    assert round(9 * 128 * 128 / (9 * 128 + 128 * 128)) == 8
