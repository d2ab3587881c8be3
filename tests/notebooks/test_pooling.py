"""Notebook 11: pooling, compared with NumPy; what it claims about moved digits; wrong answers to its exercises."""

import itertools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import autograd, np
from mxnet.gluon import nn
from numpy.lib.stride_tricks import sliding_window_view
from support import said

from d2lhelpers import load_images, seed, summarize


@pytest.fixture
def names():
    return lesson("11-pooling").names()


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 1), (2, 2), (3, 2), (5, 3)])
def test_pooling_from_scratch_agrees_with_numpy(names, size, stride):
    X = onp.random.RandomState(0).normal(size=(5, 7))
    windows = sliding_window_view(X, (size, size))[::stride, ::stride]
    largest = names["pool2d"](np.array(X), size, stride)
    onp.testing.assert_allclose(largest.asnumpy(), windows.max(axis=(2, 3)), rtol=1e-5)
    means = names["pool2d"](np.array(X), size, stride, np.mean)
    onp.testing.assert_allclose(means.asnumpy(), windows.mean(axis=(2, 3)), rtol=1e-5, atol=1e-6)


def test_the_formula_counts_the_positions_of_the_window(names):
    for k, padding, stride in itertools.product((2, 3, 4, 28), (0, 1), (1, 2, 4)):
        positions = range(0, 28 + 2 * padding - k + 1, stride)
        assert names["output_size"](28, k, 2 * padding, stride) == len(positions)


def test_padding_is_ignored_by_the_maximum_and_counted_by_the_mean():
    ones, window = np.ones((1, 1, 4, 4)), {"pool_size": 3, "strides": 1, "padding": 1}
    assert float(nn.MaxPool2D(**window)(-ones)[0, 0, 0, 0]) == -1
    assert float(nn.AvgPool2D(**window)(ones)[0, 0, 0, 0]) == pytest.approx(4 / 9)
    assert float(nn.AvgPool2D(**window, count_include_pad=False)(ones)[0, 0, 0, 0]) == pytest.approx(1)


def test_of_equal_numbers_the_first_gets_the_gradient():
    tied = np.array([[2, 2], [1, 2]])
    tied.attach_grad()
    with autograd.record():
        total = nn.MaxPool2D(2)(tied.reshape(1, 1, 2, 2)).sum()
    total.backward()
    assert tied.grad.tolist() == [[1, 0], [0, 0]]


# ---- What pooling forgives, without training ----


def test_at_stride_2_one_pixel_changes_nothing_or_everything(names):
    layers = nn.MaxPool2D((1, 2), strides=1), nn.MaxPool2D((1, 2))
    parts = [[names["part_that_stays"](layer, column) for column in range(5, 1, -1)] for layer in layers]
    assert parts == [[0.5] * 4, [1, 0, 1, 0]]


def test_at_stride_2_only_even_shifts_move_the_map(names):
    wide = np.pad(load_images(source="mnist", size=1)[0], ((0, 0), (0, 0), (0, 0), (2, 10)))
    pool = nn.MaxPool2D(2)
    for columns in range(1, 7):
        moved_first, unmoved = pool(names["move"](wide, columns)), pool(wide)
        candidates = [names["move"](unmoved, steps) for steps in range(8)]
        equal = [bool((moved_first == moved).all()) for moved in candidates]
        assert any(equal) == (columns % 2 == 0)


@pytest.fixture(scope="module")
def measured():
    cells = "digits = load_images(", "def difference(", "halve = nn.MaxPool2D(2)", 'cases["one average"]'
    return lesson("11-pooling").names(*cells)


def test_the_window_forgives_and_not_the_stride(measured):
    without, skipped, stride_1, stride_2 = measured["changed"].values()
    for columns in (1, 2, 3, 4):
        assert skipped[columns] == pytest.approx(without[columns], abs=0.02)
        assert stride_2[columns] == pytest.approx(stride_1[columns], abs=0.02)
        assert stride_1[columns] < without[columns] - 0.1
    assert without[1] > 0.5
    assert without[3] > measured["other_digit"][0]  # as far as to another digit
    assert stride_1[1] < without[1] / 2


def test_pooling_makes_another_digit_more_alike_but_the_moved_one_even_more(measured):
    same, other = measured["same_digit"], measured["other_digit"]
    assert same == sorted(same, reverse=True)
    assert other == sorted(other, reverse=True)
    ratios = [moved / different for moved, different in zip(same, other, strict=True)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 0.65
    assert ratios[3] < 0.2


def test_by_the_ratio_the_mean_is_better_than_the_maximum(measured):
    (maximum, other_maximum), (mean, other_mean) = measured["cases"]["one"], measured["cases"]["one average"]
    assert mean / other_mean < maximum / other_maximum - 0.02


# ---- Networks ----


@pytest.fixture(scope="module")
def training():
    """The notebook's functions and data, and its networks before training."""
    before = "digits = load_images(", "def difference(", "halve = nn.MaxPool2D(2)"
    return lesson("11-pooling").names(*before, "SHIFTS = range(7)", "nets = {", "everything = {", "recorded = {")


def networks(names):
    """Return the notebook's networks, and those that only its recorded table contains."""
    conv, network, pool = names["conv"], names["network"], nn.MaxPool2D(2)
    return {
        **names["nets"],
        "one average pooling": network(conv(22), nn.AvgPool2D(2)),
        "one pooling, stride 1": network(conv(14), nn.MaxPool2D(2, strides=1)),
        "two poolings": network(conv(8), pool, conv(10), pool),
        **names["everything"],
    }


def test_all_networks_do_the_same_work(training):
    for name, net in networks(training).items():
        work = summarize(net, (1, 1, 28, 28)).total_multiply_adds
        assert work == pytest.approx(200_000, rel=0.035), name


def test_global_pooling_of_a_convolution_with_stride_1_is_invariant_away_from_the_margin(training):
    seed(0)
    net = networks(training)["global, early"]
    net.initialize(force_reinit=True)
    ink = training["X_validation"][:50, :, 4:24, 4:24]
    *away, at_the_margin = (np.pad(ink, ((0, 0), (0, 0), (4, 4), (left, 8 - left))) for left in (4, 5, 7, 8))
    for X in away:  # the last ink in column 26 at most
        onp.testing.assert_allclose(net(X).asnumpy(), net(away[0]).asnumpy(), rtol=1e-4, atol=1e-6)
    assert not onp.allclose(net(at_the_margin).asnumpy(), net(away[0]).asnumpy(), rtol=1e-3, atol=1e-4)


@pytest.fixture(scope="module")
def runs(training):
    """For each of three starts: each network's accuracies, and how many answers change, at each shift."""
    X, accuracies, changes = training["X_validation"], [], []
    shifted = [training["move"](X, columns) for columns in training["SHIFTS"]]
    for start in range(3):
        accuracies.append({})
        changes.append({})
        for name, net in networks(training).items():
            training["train"](net, training["X_train"], training["y_train"], start=start)
            answers = onp.stack([training["answers_of"](net, moved) for moved in shifted])
            accuracies[-1][name] = (answers == training["y_validation"]).mean(axis=1)
            changes[-1][name] = (answers != answers[0]).mean(axis=1)
    return accuracies, changes


@pytest.mark.training
def test_recorded_accuracies_are_measured_again(training, runs):
    accuracies, _ = runs
    recorded = training["recorded"]
    assert set(recorded) == set(accuracies[0])
    for name, values in recorded.items():
        means = onp.mean([found[name] for found in accuracies], axis=0)
        assert means == pytest.approx(values, abs=0.05 if "global" in name else 0.03), name


@pytest.mark.training
def test_the_networks_are_almost_equally_good_in_the_middle(runs):
    for found in runs[0]:
        unmoved = [found[name][0] for name in ("no pooling", "one pooling", "three poolings")]
        assert max(unmoved) - min(unmoved) < 0.05


@pytest.mark.training
def test_one_pooling_forgives_a_little_and_three_a_lot(runs):
    means = {name: onp.mean([found[name] for found in runs[0]], axis=0) for name in runs[0][0]}
    for found in runs[0]:
        names = "no pooling", "one pooling", "three skips", "two poolings", "three poolings"
        for columns in (2, 3):
            in_order = [found[name][columns] for name in names]
            assert in_order == sorted(in_order)
        assert found["three poolings"][3] > found["no pooling"][3] + 0.15
        assert found["three poolings"][3] > found["three skips"][3] + 0.08
    no, one = means["no pooling"], means["one pooling"]
    assert 0.01 < one[2] - no[2] < 0.05
    assert 0 < one[0] - no[0] < 0.025
    assert abs(means["skip every second"][2] - no[2]) < 0.025
    for name in ("one average pooling", "one pooling, stride 1"):
        assert abs(means[name][2] - one[2]) < 0.03
    assert abs(means["two poolings"][3] - means["three skips"][3]) < 0.06


@pytest.mark.training
def test_global_pooling_is_level_and_better_late(runs):
    for found in runs[0]:
        early, late, three = (found[name] for name in ("global, early", "global, late", "three poolings"))
        assert max(early) < 0.6
        assert min(late) > max(early) + 0.15
        assert late[0] < three[0]
        assert all(late[columns] > three[columns] for columns in (3, 4, 5, 6))


@pytest.mark.training
def test_the_network_that_forgets_late_is_invariant_only_to_its_stride(runs):
    for changed in runs[1]:
        assert changed["global, early"][1] < 0.005
        late, without = changed["global, late"], changed["no pooling"]
        assert 0.05 < late[1] < 0.11
        assert abs(late[1] - without[1]) < 0.03
        assert late[4] < 0.75 * late[1]
        assert late[4] < without[4] / 5


@pytest.mark.training
def test_the_learning_rate_suits_the_digits_in_the_middle(training):
    for name, net in networks(training).items():
        accuracies = {}
        for rate in (0.005, 0.01, 0.02):
            training["train"](net, training["X_train"], training["y_train"], learning_rate=rate)
            right = training["answers_of"](net, training["X_validation"]) == training["y_validation"]
            accuracies[rate] = right.mean()
        if name != "global, early":
            assert accuracies[0.01] > max(accuracies.values()) - 0.015, name


@pytest.mark.training
def test_forgetting_early_reads_few_digits_even_if_trained_longer(training):
    net = networks(training)["global, early"]
    training["train"](net, training["X_train"], training["y_train"], num_epochs=15, learning_rate=0.02)
    right = training["answers_of"](net, training["X_validation"]) == training["y_validation"]
    assert 0.58 < right.mean() < 0.7


# ---- Exercises ----


def pool(reduce=onp.max, size=(2, 2), stride=None):
    """Return a solution of exercise 3, or one with mistakes in it; by default, the stride is the window."""
    down, across = stride or size

    def max_pool(X):
        windows = sliding_window_view(X.asnumpy(), size, axis=(2, 3))[:, :, ::down, ::across]
        return reduce(windows, axis=(4, 5))

    return max_pool


def whole(X):
    n, c, h, w = X.shape
    return X[:, :, : h // 2 * 2, : w // 2 * 2], (n, c, h // 2, w // 2)


def four_in_a_row(X):
    X, shape = whole(X)
    return X.reshape(*shape, 4).max(axis=4)


def wrong_axes(X):
    X, (n, c, h, w) = whole(X)
    return X.reshape(n, c, h, 2, w, 2).max(axis=(2, 4))


def by_slices(X):
    X, _ = whole(X)
    rows = np.maximum(X[:, :, ::2], X[:, :, 1::2])
    return np.maximum(rows[..., ::2], rows[..., 1::2])


def change_in_place(X):
    Y = pool()(X)
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
        ("11.1", ((3, 3), 216), "should have four numbers"),
        ("11.1", 216, "should be a pair"),
        ("11.2", nn.MaxPool2D(2, 2), "are side by side"),
        ("11.2", nn.MaxPool2D(3, 1), "overlap by 2 and 2; they"),
        ("11.2", nn.MaxPool2D(3, 2, padding=1), "28×28 from 55×55"),
        ("11.2", nn.MaxPool2D(60, 59), "can't take maps of 55×55"),
        ("11.2", nn.GlobalMaxPool2D(), "no windows that could overlap"),
        ("11.2", nn.MaxPool1D(3, 2), "not MaxPool1D"),
        ("11.2", nn.Conv2D(1, 3, 2), "not Conv2D"),
        ("11.2", nn.MaxPool2D, "that is the class"),
        ("11.3", pool(reduce=onp.mean), "these are the means"),
        ("11.3", pool(reduce=onp.min), "the smallest"),
        ("11.3", pool(size=(1, 2)), "the windows are 1×2"),
        ("11.3", pool(size=(2, 1)), "the windows are 2×1"),
        ("11.3", pool(stride=(1, 1)), "windows of stride 1"),
        ("11.3", lambda X: whole(X)[0][:, :, ::2, ::2], "the corner of each window"),
        ("11.3", lambda X: pool()(X).max(axis=1, keepdims=True), "the channels are mixed"),
        ("11.3", four_in_a_row, "four neighbors of one row"),
        ("11.3", wrong_axes, "the axes are mixed up"),
        ("11.3", lambda X: nn.MaxPool2D(2, ceil_mode=True)(X), "has shape"),
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
        ("11.3", lambda X: pool()(X).tolist()),
        ("11.3", by_slices),
    ],
)
def test_right_answers_of_another_form(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right. ")
