"""Notebook 11: pooling, compared with NumPy; what it claims about shifted digits; wrong answers to its exercises."""

import itertools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import np
from mxnet.gluon import nn
from numpy.lib.stride_tricks import sliding_window_view
from support import said

from d2lhelpers import ArrayLoader, accuracy, fit, load_images


@pytest.fixture
def names():
    return lesson("11-pooling").names()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3), (5, 6)])
def test_pooling_from_scratch_agrees_with_numpy(names, height, width):
    X = onp.random.RandomState(0).normal(size=(5, 6))
    windows = sliding_window_view(X, (height, width))
    largest = names["pool2d"](np.array(X), height, width, np.max)
    onp.testing.assert_allclose(largest.asnumpy(), windows.max(axis=(2, 3)), rtol=1e-5)
    means = names["pool2d"](np.array(X), height, width, np.mean)
    onp.testing.assert_allclose(means.asnumpy(), windows.mean(axis=(2, 3)), rtol=1e-5, atol=1e-6)


def test_the_formula_counts_the_positions_of_the_window(names):
    for k, padding, stride in itertools.product((2, 3, 4, 28), (0, 1), (1, 2, 4)):
        positions = range(0, 28 + 2 * padding - k + 1, stride)
        assert names["output_size"](28, k, 2 * padding, stride) == len(positions)


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_network_with_pooling_tolerates_moved_digits(names, seed):
    images, labels = load_images(train=True, source="digits", size=1500)
    test_images, test_labels = load_images(train=False, source="digits", size=500)
    images, test_images = names["centered"](images), names["centered"](test_images)
    moved = names["moved_right"](test_images, 6)

    def reached(pooling):
        net = names["network"](pooling)
        loader = ArrayLoader(images, labels, batch_size=32, shuffle=True, seed=seed)
        fit(net, loader, num_epochs=10, lr=0.003, optimizer="adam", seed=seed, plot=False)
        return accuracy(net(test_images), test_labels), accuracy(net(moved), test_labels)

    in_the_middle, moved_by_six = reached(pooling=False)
    assert in_the_middle > 0.93
    assert moved_by_six < 0.35
    in_the_middle, moved_by_six = reached(pooling=True)
    assert 0.82 < in_the_middle < 0.97
    assert moved_by_six > 0.7


def test_centering_keeps_the_ink(names):
    images, _ = load_images(train=False, source="digits", size=50)
    middle = names["centered"](images).asnumpy()
    assert middle.sum() == pytest.approx(images.asnumpy().sum(), rel=0.01)
    for image in middle[:, 0]:
        rows, columns = onp.nonzero(image)
        assert abs((rows.min() + rows.max()) / 2 - 13.5) <= 1
        assert abs((columns.min() + columns.max()) / 2 - 13.5) <= 1


def test_what_moves_out_on_the_right_is_lost(names):
    images = onp.arange(28 * 28, dtype="float32").reshape(1, 1, 28, 28)
    moved = names["moved_right"](np.array(images), 3).asnumpy()
    assert (moved[..., 3:] == images[..., :-3]).all()
    assert (moved[..., :3] == 0).all()
    assert (names["moved_right"](np.array(images), 0).asnumpy() == images).all()


# ---- Exercises ----


def pool(reduce=onp.max, step=None, start=None):
    """Return a solution of exercise 3, or one with mistakes in it."""

    def max_pool(X, size, stride):
        rows, columns = ((side - size) // stride + 1 for side in X.shape)
        Y = onp.zeros((rows, columns))
        for i, j in itertools.product(range(rows), range(columns)):
            top, left = i * (step or stride), j * (step or stride)
            window = X.asnumpy()[top : top + size, left : left + size]
            Y[i, j] = reduce(window) if start is None else max(start, reduce(window))
        return Y

    return max_pool


def change_in_place(X, size, stride):
    Y = pool()(X, size, stride)
    X[:] = 0
    return Y


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("11.1", ((8, 3, 6, 5), 720), "the stride is the window"),
        ("11.1", ((8, 3, 4, 3), 288), "the seventh row has no partner"),
        ("11.1", ((8, 1, 3, 3), 72), "3 go in, 3 come out"),
        ("11.1", ((1, 3, 3, 3), 27), "8 go in, 8 come out"),
        ("11.1", ((8, 3, 3, 3), 1008), "the sum of the input"),
        ("11.1", ((8, 3, 3, 3), 864), "the mean of four ones is 1, not 4"),
        ("11.1", ((8, 3, 3, 3), 54), "not a quarter"),
        ("11.1", ((8, 3, 3, 3), 27), "one image's sum"),
        ("11.1", ((8, 3, 3, 3), 9), "one channel of one image"),
        ("11.1", ((8, 3, 3, 3), 252), "the last row of the input is in no window"),
        ("11.1", ((3, 3), 216), "a shape of four numbers"),
        ("11.1", 216, "check wants the pair"),
        ("11.2", nn.MaxPool2D(2, 2), "lie side by side"),
        ("11.2", nn.MaxPool2D(3, 1), "overlap by 2 and 2 pixels"),
        ("11.2", nn.MaxPool2D(3, 2, padding=1), "28×28 of 55×55"),
        ("11.2", nn.GlobalMaxPool2D(), "no windows that could overlap"),
        ("11.2", nn.MaxPool1D(3, 2), "not MaxPool1D"),
        ("11.2", nn.Conv2D(1, 3, 2), "not Conv2D"),
        ("11.2", nn.MaxPool2D, "that is the class"),
        ("11.3", pool(reduce=onp.mean), "these are the means"),
        ("11.3", pool(reduce=onp.min), "the smallest"),
        ("11.3", pool(step=1), "windows start one apart"),
        ("11.3", pool(start=0), "all zeros"),
        ("11.3", lambda X, size, stride: pool()(X, size, 1), "the stride is not used"),
        ("11.3", lambda X, size, stride: pool()(X, size, size), "windows need not lie side by side"),
        ("11.3", change_in_place, "X is changed in place"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("11.1", [[8, 3, 3, 3], 216.0]),
        ("11.2", nn.AvgPool2D((3, 3), (2, 2))),
        ("11.3", lambda X, *window: pool()(X, *window).tolist()),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
