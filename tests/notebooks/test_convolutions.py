"""Notebook 10: its convolutions, compared with NumPy; wrong answers to its exercises."""

import itertools
import re

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, np
from numpy.lib.stride_tricks import sliding_window_view
from support import said

from d2lhelpers import draw_crowd


@pytest.fixture
def names():
    return lesson("10-convolutions").names()


def correlate(X, K, padding=0, stride=(1, 1)):
    """Return the cross-correlation that NumPy computes, in double precision."""
    X, K = onp.pad(onp.asarray(X, dtype="float64"), padding), onp.asarray(K)
    windows = sliding_window_view(X, K.shape)[:: stride[0], :: stride[1]]
    return onp.einsum("ijab,ab->ij", windows, K)


# ---- The crowd ----


def test_the_figure_is_found_with_a_margin(names):
    for seed in range(5):
        crowd = draw_crowd(seed)
        kernel = crowd.figure.mean(axis=0) - crowd.figure.mean()
        position, score = names["find"](crowd.image.mean(axis=0), kernel)
        assert position == crowd.place
        assert score == pytest.approx(28.317, abs=0.001)  # in every crowd: the person is drawn with the same pixels
        scores = names["convolve"](crowd.image.mean(axis=0), kernel).asnumpy()
        row, column = crowd.place
        best = scores[row, column]
        scores[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5] = 0
        assert best > 1.02 * scores.max()


def test_without_subtracting_the_mean_the_whitest_window_wins(names):
    crowd = draw_crowd(0)
    scores = names["convolve"](crowd.image.mean(axis=0), crowd.figure.mean(axis=0)).asnumpy()
    row, column = onp.unravel_index(scores.argmax(), scores.shape)
    assert crowd.image[:, row : row + 15, column : column + 13].mean() > 0.9
    assert (scores > scores[crowd.place]).mean() > 0.25


# ---- Convolutions ----


@pytest.mark.parametrize("function", ["corr2d", "convolve"])
def test_cross_correlation_agrees_with_numpy(names, function):
    random = onp.random.RandomState(0)
    X, K = random.normal(size=(6, 8)), random.normal(size=(3, 2))
    got = names[function](np.array(X), np.array(K))
    onp.testing.assert_allclose(got.asnumpy(), correlate(X, K), atol=1e-5)


def test_the_outputs_in_the_drawings_agree_with_numpy():
    x, k = onp.arange(9).reshape(3, 3), onp.arange(4).reshape(2, 2)
    cells = ["def corr2d(", "X_edge = np.ones", "padded = np.pad("]
    drawn = lesson("10-convolutions").names(*cells)
    assert (drawn["Y_edge"].asnumpy() == [0, 1, 0, 0, 0, -1, 0]).all()
    assert drawn["Y"].tolist() == correlate(x, k, padding=1).tolist()
    drawn = lesson("10-convolutions").names(*cells, "strides=(3, 2)")
    assert drawn["Y"].tolist() == correlate(x, k, padding=1, stride=(3, 2)).tolist()


def test_a_white_picture_teaches_only_the_sum_of_the_weights(names):
    X, K = np.ones((4, 4)), np.array([[0.9, 0.3]])
    K.attach_grad()
    for _ in range(50):
        with autograd.record():
            loss = (names["convolve"](X, K) ** 2).mean()
        loss.backward()
        K[:] = K - 0.1 * K.grad
    assert K.asnumpy().tolist() == [[pytest.approx(0.3, abs=1e-4), pytest.approx(-0.3, abs=1e-4)]]


def test_locality_and_translation_leave_as_many_weights_as_counted():
    """Counted are the pairs of two positions, their differences, and the differences of at most 2."""
    steps = lesson("10-convolutions").names("inputs = 12_000_000", "steps = {")["steps"]
    positions = onp.stack(onp.meshgrid(range(32), range(32)), axis=-1).reshape(-1, 2)
    down, across = (positions[:, None] - positions[None]).reshape(-1, 2).T
    near = (abs(down) <= 2) & (abs(across) <= 2)
    differences = 100 * down + across
    counted = [len(differences), len(onp.unique(differences)), len(onp.unique(differences[near]))]
    assert list(steps.values())[:3] == counted


def test_the_formula_counts_the_positions_of_the_window(names):
    for n, k, padding, stride in itertools.product((7, 8, 12), (1, 2, 3, 5), (0, 1, 2), (1, 2, 3)):
        positions = range(0, n + 2 * padding - k + 1, stride)
        assert names["output_size"](n, k, 2 * padding, stride) == len(positions)


# ---- Equivariance, invariance, and what a dense layer lacks ----


@pytest.mark.parametrize("columns", [1, 5, 8])
def test_a_convolution_is_equivariant_and_its_maximum_is_invariant(names, columns):
    random = onp.random.RandomState(columns)
    X = np.pad(np.array(random.randint(0, 9, size=(7, 9))), ((0, 0), (10, 10))).astype("float32")
    K = np.array(random.randint(-3, 4, size=(3, 3))).astype("float32")
    moved_first = names["convolve"](names["move"](X, columns), K)
    moved_last = names["move"](names["convolve"](X, K), columns)
    assert moved_first.tolist() == moved_last.tolist()
    assert moved_first.max() == names["convolve"](X, K).max()
    assert moved_first.tolist() != names["convolve"](X, K).tolist()


def test_with_a_stride_only_whole_multiples_of_it_commute(names):
    X = np.pad(np.arange(1, 26).reshape(5, 5), ((0, 0), (6, 6))).astype("float32")
    K = np.array([[1, 2], [3, 5]], dtype="float32")

    def strided(X):
        return names["convolve"](X, K)[::2, ::2]

    assert strided(names["move"](X, 2)).tolist() == names["move"](strided(X), 1).tolist()
    moved_by_one = strided(names["move"](X, 1)).tolist()
    assert all(moved_by_one != names["move"](strided(X), columns).tolist() for columns in (0, 1))


@pytest.fixture
def task():
    """The names of the notebook with the digits of its test."""
    return lesson("10-convolutions").names("edges = np.array([[0", "train, validation =", "solved = best_dense(")


def errors(task, layer):
    """Return a layer's error on the new digits at each shift from 0 to 8."""
    moved = [task["move"](task["new"], columns) for columns in range(9)]
    return [task["error"](task["answers"](layer, X), task["edge_maps"](X)) for X in moved]


def test_the_best_dense_layer_knows_only_the_positions_it_has_seen(task):
    found = errors(task, task["best_dense"](task["train"]))
    assert found[0] < 0.01
    assert found[8] > 0.2
    assert found == sorted(found)


@pytest.mark.parametrize("size", [1, 10, 100])
def test_one_digit_is_enough_for_a_convolution(task, size):
    layer, few = task["new_convolution"](), task["train"][:size]
    task["learn"](layer, few, learning_rate=0.1, num_epochs=300 // max(1, size // 50))
    assert max(errors(task, layer)) < 0.005
    best = task["best_dense"](few)
    assert task["error"](task["answers"](best, few), task["edge_maps"](few)) < 0.001
    assert errors(task, best)[0] > 0.9


@pytest.mark.training
@pytest.mark.parametrize("start", range(3))
def test_nine_weights_beat_six_hundred_thousand(task, start):
    convolution, dense = task["new_convolution"](), task["new_dense"]()
    task["learn"](convolution, task["train"], learning_rate=0.1, start=start)
    task["learn"](dense, task["train"], learning_rate=0.01, start=start)
    assert max(errors(task, convolution)) < 0.001
    found = errors(task, dense)
    assert found[0] > 0.3
    assert min(found[5:]) > 1  # worse than an empty map


# ---- Exercises ----


def corr2d_strided(X, K, padding=0, stride=1, *, pad_width=None, strides=None, step=None, extra=0):
    """Return the solution of exercise 3, or one with mistakes in it."""
    X = np.pad(X, ((padding, padding),) * 2 if pad_width is None else (pad_width,) * 2)
    h, w = K.shape
    down, across = strides or (stride, stride)
    Y = np.zeros(((X.shape[0] - h) // down + 1 - extra, (X.shape[1] - w) // across + 1 - extra))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            top, left = i * (step or down), j * (step or across)
            Y[i, j] = (X[top : top + h, left : left + w] * K).sum()
    return Y


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("10.1", (28, 64, 112), "without padding, the image gets smaller"),
        ("10.1", (23, 64, 112), "one short"),
        ("10.1", (24, 62, 112), "the padding is missing"),
        ("10.1", (24, 63, 112), "Gluon's padding is added on each side"),
        ("10.1", (24, 64, 113), "round down"),
        ("10.1", (24, 64, 112.5), "round down"),
        ("10.1", (24, 64, 224), "the stride is missing"),
        ("10.1", (24, 64, 7), "224 rows, a kernel of 7, padding 3 on each side, stride 2"),
        ("10.1", (24, 64), "three numbers"),
        ("10.1", (24, "64", 112), "the second should be one number"),
        ("10.2", [[1, -1]], "it compares left and right"),
        ("10.2", [[-1], [1]], "wrong sign"),
        ("10.2", [[2], [-2]], "gives 2 where bright is above dark"),
        ("10.2", [[1], [0], [-1]], "in more than one row"),
        ("10.2", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "those that run down as well"),
        ("10.2", [[1, -1], [-1, 1]], "no edges at all"),
        ("10.2", [[1], [1]], "entries should sum to 0"),
        ("10.2", [1, -1], "a kernel is a matrix"),
        ("10.2", [[1], [-1], [0], [0]], "two neighbors are enough"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K[::-1, ::-1], p, s), "the kernel is turned around"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, 0, s), "the padding has no effect"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, 1), "the stride has no effect"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, s, pad_width=(p, 0)), "zeros are missing at the bottom"),
        (
            "10.3",
            lambda X, K, p, s: corr2d_strided(X, K, p, s, pad_width=(p // 2, p - p // 2)),
            "padding is what is added on each side",
        ),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, strides=(s, 1)), "only down"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, strides=(1, s)), "only across"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, s, step=1), "the window moves by 1"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, s, extra=1), "a row and a column short"),
        ("10.3", lambda X, K, p, s: corr2d_strided(X, K, p, s).T, "rows and columns are mixed up"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("10.1", onp.array([24, 64, 112])),
        ("10.1", [onp.array(24), 64.0, onp.int64(112)]),
        ("10.2", [[0.5, 0.5], [-0.5, -0.5]]),
        ("10.2", [[0, 1, 0], [0, -1, 0], [0, 0, 0]]),
        ("10.3", corr2d_strided),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")


# ---- The mini-project ----


@pytest.mark.training
def test_the_sample_solution_cleans_the_photograph():
    names = dict(lesson("10-convolutions").names("photos = {photo.name", "for name, line in (("))
    page = "".join(cell.source for cell in nbformat.read(NOTEBOOKS / "10-convolutions.ipynb", as_version=4).cells)
    solution = re.search(r"<summary>A sample solution</summary>.*?```python\n(.*?)```", page, re.DOTALL)[1]
    exec(solution, names)
    assert names["remaining"](names["layer"], "chelsea") <= 0.143
    assert names["layer"].weight.data().size <= 49
    assert names["remaining"](names["learn_to_clean"](["astronaut"], 7), "chelsea") > 0.15  # one is not enough
