"""Notebook 10, pooling: its numbers against NumPy's, its claim about shifts over three seeds, wrong answers."""

import itertools

import numpy as onp
import pytest
from mxnet import np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import ArrayLoader, accuracy, fit, load_images

npx.set_np()
NOTEBOOK = StoredNotebook("10-pooling")


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define."""
    names = {}
    for text in ("npx.set_np()", "def detect_edges(", "numbers = np.arange", "def pool2d(", "def centered("):
        exec(NOTEBOOK.cell_with(text).source.replace("draw_matrices(pictures, EDGES, height=2.6)", ""), names)
    exec(NOTEBOOK.cell_with("def network(").source.split("\n\n\n")[0], names)
    return names


def windows(X, size, stride=1):
    return onp.lib.stride_tricks.sliding_window_view(X, (size, size))[::stride, ::stride]


class TestPooling:
    def test_the_lecture_s_example(self):
        assert NOTEBOOK.printed_by('print("max: "') == (
            "max:  [[4.0, 5.0], [7.0, 8.0]]\nmean: [[2.0, 3.0], [5.0, 6.0]]\n"
        )
        assert max(0, 1, 3, 4) == 4

    @pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3), (4, 4), (5, 6)])
    def test_from_scratch_equals_numpy(self, names, height, width):
        X = onp.random.RandomState(0).normal(size=(5, 6)).astype("float32")
        view = onp.lib.stride_tricks.sliding_window_view(X, (height, width))
        for reduce, right in ((np.max, view.max((2, 3))), (np.mean, view.mean((2, 3)))):
            got = names["pool2d"](np.array(X), height, width, reduce)
            onp.testing.assert_allclose(got.asnumpy(), right, rtol=1e-5, atol=1e-6)

    def test_gluon_equals_scratch(self):
        printed = NOTEBOOK.printed_by("as from scratch")
        assert printed.count("as from scratch: True") == 2
        assert "without strides=1: [[[[4.0]]]]" in printed

    def test_formula(self):
        """Counted one by one: the places where a window fits."""
        for line in NOTEBOOK.printed_by("def output_size(").splitlines()[1:]:
            k, padding, s, formula, layer = map(int, line.split())
            places = [start for start in range(-padding, 28 + padding, s) if start + k <= 28 + padding]
            assert formula == layer == len(places)

    def test_padding(self):
        lines = NOTEBOOK.printed_by("count_include_pad").splitlines()
        rows = [line.split("[")[1].rstrip("]") for line in lines]
        corner, border = 4 / 9, 6 / 9
        assert rows[0] == "1.0, 1.0, 1.0, 1.0"
        assert rows[1] == "-1.0, -1.0, -1.0, -1.0"
        assert rows[2] == f"{corner:.2f}, {border:.2f}, {border:.2f}, {corner:.2f}"
        assert rows[3] == rows[0]

    def test_channels_and_parameters(self):
        printed = NOTEBOOK.printed_by("blue_alone =")
        assert "(1, 3, 16, 16) blue as by itself: True" in printed
        assert f"{3 * 3 * 4 * 4 + 3} parameters" in printed
        assert " 0 parameters" in printed

    def test_work(self):
        assert NOTEBOOK.printed_by("def work(") == (
            f"on 28×28: {16 * 6 * 25 * 28 * 28:,} multiply-adds\non 14×14: {16 * 6 * 25 * 14 * 14:,}, 4 times fewer\n"
        )


class TestEdge:
    def test_one_pixel_and_nothing_in_common(self):
        assert NOTEBOOK.printed_by("def detect_edges(").endswith("places where both answer: 0\n")

    def test_pooled_they_share_a_column(self):
        edges = onp.array([[0, 1, 0, 0]] * 4)
        moved = onp.array([[1, 0, 0, 0]] * 4)
        shared = (windows(edges, 2).max((2, 3)) * windows(moved, 2).max((2, 3))).sum()
        assert shared == 3
        assert NOTEBOOK.printed_by("moved_pooled =").endswith("places where both answer: 3\n")

    def test_erratum_three_ones_need_a_window_three_wide(self):
        assert NOTEBOOK.printed_by("def pooled_row(") == (
            "window 2 wide: [0, 1, 1, 0, 0]\nwindow 3 wide: [1, 1, 1, 0]\n"
        )


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_pooling_gives_tolerance(names, seed):
    images, labels = load_images(train=True, source="digits", size=1500)
    test_images, test_labels = load_images(train=False, source="digits", size=500)
    images, test_images = names["centered"](images), names["centered"](test_images)
    moved = names["moved_right"](test_images, 6)
    scores = {}
    for pooling in (False, True):
        net = names["network"](pooling)
        loader = ArrayLoader(images, labels, batch_size=32, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=10, lr=0.003, optimizer="adam", seed=seed, plot=False)
        scores[pooling] = accuracy(net(test_images), test_labels), accuracy(net(moved), test_labels)
    assert scores[False][0] > 0.93 > scores[True][0] - 0.04  # in the middle
    assert scores[True][0] > 0.82
    assert scores[False][1] < 0.35
    assert scores[True][1] > 0.7


def test_centering_keeps_the_ink(names):
    images, _ = load_images(train=False, source="digits", size=50)
    middle = names["centered"](images).asnumpy()
    assert middle.sum() == pytest.approx(images.asnumpy().sum(), rel=0.01)
    for image in middle[:, 0]:
        rows, columns = onp.nonzero(image)
        assert abs((rows.min() + rows.max()) / 2 - 13.5) <= 1
        assert abs((columns.min() + columns.max()) / 2 - 13.5) <= 1


def test_moving_right(names):
    images = np.array(onp.arange(28 * 28, dtype="float32").reshape(1, 1, 28, 28))
    moved = names["moved_right"](images, 3).asnumpy()
    assert (moved[..., 3:] == images.asnumpy()[..., :-3]).all()
    assert (moved[..., :3] == 0).all()
    assert (names["moved_right"](images, 0) == images).all()


def pool(reduce=onp.max, step=None, window=None, start=None):
    """A student's function for exercise 3, with mistakes to choose."""

    def max_pool(X, size, stride):
        rows, columns = ((side - size) // stride + 1 for side in X.shape)
        Y = onp.zeros((rows, columns)) if start is None else onp.full((rows, columns), start)
        for i, j in itertools.product(range(rows), range(columns)):
            down = stride if step is None else step
            part = X.asnumpy()[i * down : i * down + size, j * down : j * down + size]
            Y[i, j] = max(Y[i, j], part.max()) if start is not None else reduce(part)
        return Y

    return max_pool


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        ("10.1", ((8, 3, 6, 5), 720), "the stride is the window"),
        ("10.1", ((8, 3, 4, 3), 288), "the seventh row has no partner"),
        ("10.1", ((8, 1, 3, 3), 72), "3 go in, 3 come out"),
        ("10.1", ((1, 3, 3, 3), 27), "8 go in, 8 come out"),
        ("10.1", ((8, 3, 3, 3), 1008), "the sum of the input"),
        ("10.1", ((8, 3, 3, 3), 864), "the mean of four ones is 1, not 4"),
        ("10.1", ((8, 3, 3, 3), 54), "not a quarter"),
        ("10.1", ((8, 3, 3, 3), 27), "one image's sum"),
        ("10.1", ((8, 3, 3, 3), 9), "one channel of one image"),
        ("10.1", ((8, 3, 3, 3), 252), "the last row of the input is in no window"),
        ("10.1", ((8, 3, 3, 3), 5), "the sum is 5 where 216 is right"),
        ("10.1", ((3, 3), 216), "a shape of four numbers"),
        ("10.1", 216, "check wants the pair"),
        ("10.2", nn.MaxPool2D(2, 2), "lie side by side"),
        ("10.2", nn.MaxPool2D(3, 1), "overlap by 2 and 2 pixels"),
        ("10.2", nn.MaxPool2D(4, 3), "18×18 of 55×55"),
        ("10.2", nn.MaxPool2D(3, 2, padding=1), "28×28 of 55×55"),
        ("10.2", nn.MaxPool2D(3), "overlap by 0 and 0 pixels"),
        ("10.2", nn.GlobalMaxPool2D(), "no windows that could overlap"),
        ("10.2", nn.MaxPool1D(3, 2), "not MaxPool1D"),
        ("10.2", nn.Conv2D(1, 3, 2), "not Conv2D"),
        ("10.2", (3, 2), "not tuple"),
        ("10.2", nn.MaxPool2D, "that is the class"),
        ("10.3", pool(reduce=onp.mean), "these are the means"),
        ("10.3", pool(reduce=onp.min), "the smallest"),
        ("10.3", pool(step=1), "windows start one apart"),
        ("10.3", pool(start=0.0), "all zeros"),
        ("10.3", lambda X, size, stride: pool()(X, size, 1), "the stride is not used"),
        ("10.3", lambda X, size, stride: pool()(X, size, size), "windows need not lie side by side"),
        ("10.3", lambda X, size, stride: 7, "has shape () where (2, 2) is right"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, message, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert message in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("10.1", [[8, 3, 3, 3], 216.0]),
        ("10.1", (np.zeros((8, 3, 3, 3)).shape, np.array(216.0))),
        ("10.2", nn.AvgPool2D((3, 3), (2, 2))),
        ("10.3", pool()),
        ("10.3", lambda X, size, stride: windows(X.asnumpy(), size, stride).max((2, 3)).tolist()),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
