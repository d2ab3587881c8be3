"""Notebook 09: the crowd, what the notebook claims about convolutions, and the wrong answers to its exercises."""

import hashlib

import numpy as onp
import pytest
from mxnet import autograd, np, npx
from mxnet.gluon import nn
from support import StoredNotebook, said

from d2lhelpers import draw_crowd, load_photo, summarize
from d2lhelpers.exercises import nb09_convolutions as exercises

npx.set_np()
NOTEBOOK = StoredNotebook("09-convolutions")
DIGEST = "f7d25d88e806561be7184eaacf7cd596506df9634d2fac0957020c3f74f1bc0b"  # of the crowd with seed 0


@pytest.fixture(scope="module")
def names():
    """The names that the notebook's own cells define, drawings left out."""
    names = {}
    exec(NOTEBOOK.imports(), names)
    for text in ("places = [", "def corr2d(", "def convolve(", "def find(", "X_edge = np.ones", "def sides("):
        lines = NOTEBOOK.cell_with(text).source.splitlines()
        exec("\n".join(line for line in lines if not line.startswith(("draw_", "explore("))), names)
    exec(NOTEBOOK.cell_with("def output_size(").source, names)
    return names


def correlate(X, K, padding=(0, 0), stride=(1, 1)):
    """The oracle: one window after the other, in double precision."""
    X = onp.pad(onp.asarray(X, dtype=float), [(side, side) for side in padding])
    K = onp.asarray(K, dtype=float)
    rows = range(0, X.shape[0] - K.shape[0] + 1, stride[0])
    columns = range(0, X.shape[1] - K.shape[1] + 1, stride[1])
    return onp.array([[(X[i : i + K.shape[0], j : j + K.shape[1]] * K).sum() for j in columns] for i in rows])


# ---- The crowd ----


def score_map(image, kernel):
    return npx.convolution(
        image[None, None], kernel[None, None], kernel=kernel.shape, num_filter=1, no_bias=True
    ).asnumpy()[0, 0]


def test_a_crowd_is_the_same_on_every_machine():
    crowd = draw_crowd(0)
    assert crowd.image.shape == (3, 99, 312)
    assert crowd.figure.shape == (3, 15, 13)
    assert crowd.image.dtype == onp.float32
    pixels = (255 * crowd.image.asnumpy()).round().astype("uint8")
    assert hashlib.sha256(pixels.tobytes()).hexdigest() == DIGEST
    assert crowd.place == (59, 72)


@pytest.mark.parametrize(("rows", "columns"), [(5, 22), (2, 2), (9, 4)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_figure_stands_once_at_its_place(seed, rows, columns):
    crowd = draw_crowd(seed, rows=rows, columns=columns)
    image, figure = crowd.image.asnumpy(), crowd.figure.asnumpy()
    assert image.min() >= 0
    assert image.max() == 1
    windows = onp.lib.stride_tricks.sliding_window_view(image, figure.shape)[0]
    same = (windows == figure).all(axis=(2, 3, 4))
    assert onp.argwhere(same).tolist() == [list(crowd.place)]


def test_seeds_move_the_figure_but_do_not_change_it():
    crowds = [draw_crowd(seed) for seed in range(10)]
    assert len({crowd.place for crowd in crowds}) > 5
    assert all((crowd.figure == crowds[0].figure).all() for crowd in crowds)


def test_nobody_else_has_a_hat_and_a_bag():
    """The brim is 10 pixels of one color, the bag a 3×3 block right of the body, 8 rows below."""
    for seed in range(5):
        crowd = draw_crowd(seed)
        image = crowd.image.asnumpy().transpose(1, 2, 0)
        white = (image == 1).all(axis=2)
        both = []
        for row in range(image.shape[0] - 13):
            for column in range(image.shape[1] - 12):
                brim, bag = (
                    image[row + 2, column + 1 : column + 11],
                    image[row + 10 : row + 13, column + 9 : column + 12],
                )
                crown = image[row, column + 3 : column + 9]
                bright = white[row + 2, column + 5] or white[row + 10, column + 9]
                if not bright and (brim == brim[0]).all() and (crown == brim[0]).all() and (bag == bag[0, 0]).all():
                    both.append((row, column))
        assert both == [crowd.place]


@pytest.mark.parametrize("seed", range(20))
def test_the_template_finds_the_figure_with_a_margin(names, seed):
    crowd = draw_crowd(seed)
    assert names["find"](crowd.image, crowd.figure) == crowd.place
    template = crowd.figure.mean(axis=0)
    scores = score_map(crowd.image.mean(axis=0), template - template.mean())
    best = scores.max()
    row, column = crowd.place
    scores[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5] = 0
    assert best > 1.02 * scores.max()


def test_without_the_mean_taken_off_white_paper_wins():
    crowd = draw_crowd(0)
    scores = score_map(crowd.image.mean(axis=0), crowd.figure.mean(axis=0))
    best = onp.unravel_index(scores.argmax(), scores.shape)
    assert crowd.image[:, best[0] : best[0] + 15, best[1] : best[1] + 13].mean() > 0.9
    assert (scores > scores[crowd.place]).mean() > 0.25


@pytest.mark.parametrize("options", [{"rows": 1}, {"columns": 51}, {"seed": -1}])
def test_crowd_refuses_sizes_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        draw_crowd(**options)


def test_crowd_size_must_be_whole():
    with pytest.raises(TypeError, match="rows"):
        draw_crowd(rows=2.5)


# ---- The lecture's numbers ----


def test_more_weights_than_dogs_and_cats():
    lines = NOTEBOOK.printed_by("animals =").splitlines()
    assert lines == ["36,000,000 inputs, 3,600,000,000 weights", "14.4 GB in single precision"]


def test_weights_of_each_step():
    """Counted: the pairs of places, their differences, and the differences of at most 2."""
    counts = [line.split()[-2] for line in NOTEBOOK.printed_by("steps = {").splitlines()]
    places = onp.stack(onp.meshgrid(range(32), range(32)), axis=-1).reshape(-1, 2)
    down, across = (places[:, None] - places[None]).reshape(-1, 2).T
    near = (abs(down) <= 2) & (abs(across) <= 2)
    number = 100 * down + across  # another one for each difference
    found = [len(number), len(onp.unique(number)), len(onp.unique(number[near]))]
    assert counts == [f"{amount:,}" for amount in found] == ["1,048,576", "3,969", "25"]
    assert NOTEBOOK.printed_by("100 patterns").splitlines()[1].split()[-2] == "7,500"


def test_worked_example(names):
    expected = [[19, 25], [37, 43]]
    X, K = names["X"], names["K"]
    assert correlate(X.asnumpy(), K.asnumpy()).tolist() == expected
    assert names["corr2d"](X, K).tolist() == names["convolve"](X, K).tolist() == expected
    assert NOTEBOOK.printed_by("def corr2d(") == "[[19, 25], [37, 43]]\n"
    assert NOTEBOOK.printed_by("def convolve(") == "[[19, 25], [37, 43]]\n[[[[19, 25], [37, 43]]]]\n"
    assert NOTEBOOK.printed_by("W = W.reshape(4, 9)") == "dense layer: [19, 25, 37, 43]\n"


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_loops_equal_mxnet(names, seed):
    random = onp.random.RandomState(seed)
    X, K = random.normal(size=(6, 8)), random.normal(size=(3, 2))
    arrays = [np.array(values, dtype="float32") for values in (X, K)]
    for function in ("corr2d", "convolve"):
        onp.testing.assert_allclose(names[function](*arrays).asnumpy(), correlate(X, K), atol=1e-5)


def test_a_shift_in_is_a_shift_out(names):
    X = np.array(onp.random.RandomState(0).normal(size=(12, 12)), dtype="float32")
    K = np.array([[1, 2, 0], [0, -1, 1]])
    moved = names["convolve"](np.roll(X, (2, 3), axis=(0, 1)), K).asnumpy()
    onp.testing.assert_allclose(moved[2:, 3:], names["convolve"](X, K).asnumpy()[:-2, :-3], atol=1e-5)


def test_designed_kernels_on_an_even_wall():
    names = {"np": np, "load_photo": load_photo}
    exec("\n".join(NOTEBOOK.cell_with("edges = np.array").source.splitlines()[:4]), names)
    sums = {name: float(names[name].sum()) for name in ("edges", "sharpen", "blur")}
    assert sums == {"edges": 0, "sharpen": 1, "blur": pytest.approx(1)}
    impulse = onp.zeros((3, 3))
    impulse[1, 1] = 1
    laplace = onp.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    assert (names["sharpen"].asnumpy() == impulse + laplace).all()  # the picture plus its edges


def test_edge_detector(names):
    expected = onp.tile([0, 1, 0, 0, 0, -1, 0], (6, 1))
    assert (names["Y_edge"].asnumpy() == expected).all()


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradient_descent_finds_the_kernel(names, seed, capsys):
    source = NOTEBOOK.cell_with("K_learned.attach_grad()").source
    exec(source.replace("RandomState(0)", f"RandomState({seed})"), names)
    assert names["K_learned"].asnumpy() == pytest.approx(onp.array([[1, -1]]), abs=0.005)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("loss 0.000  [[1.0, -1.0]]")
    losses = [float(line.split()[2]) for line in lines]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 0.05


def test_the_stored_run_and_gluon_s_end_at_the_kernel():
    assert NOTEBOOK.printed_by("K_learned.attach_grad()").splitlines()[-1].endswith("[[1.0, -1.0]]")
    assert NOTEBOOK.printed_by("trainer.step(1)") == "[[[[1.0, -1.0]]]]\n"


def test_a_white_picture_teaches_only_the_sum(names):
    X, K = np.ones((4, 4)), np.array([[0.9, 0.3]])
    K.attach_grad()
    for _ in range(50):
        with autograd.record():
            loss = (names["convolve"](X, K) ** 2).mean()
        loss.backward()
        K[:] = K - 0.1 * K.grad
    assert K.asnumpy().tolist() == [[pytest.approx(0.3, abs=1e-4), pytest.approx(-0.3, abs=1e-4)]]


def test_erratum_layers_without_padding(names):
    """The lecture's slide: 7 layers from 32 to 4 (right), and 44 from 224 to 4 (55)."""
    assert names["sides"](32, 5, smallest=4) == [32, 28, 24, 20, 16, 12, 8, 4]
    large = names["sides"](224, 5, smallest=4)
    assert large[-1] == 4
    assert len(large) - 1 == (224 - 4) // 4 == 55 != 44
    assert NOTEBOOK.printed_by("def sides(").splitlines()[1:] == ["7 layers from 32 to 4", "55 layers from 224 to 4"]


def test_seven_layers_really_end_at_four():
    net = nn.Sequential()
    for _ in range(7):
        net.add(nn.Conv2D(1, 5))
    assert summarize(net, (1, 1, 32, 32)).rows[-1].output_shape == (1, 1, 4, 4)


def test_padding_example(names):
    expected = [[0, 3, 8, 4], [9, 19, 25, 10], [21, 37, 43, 16], [6, 7, 8, 0]]
    X, K = names["X"], names["K"]
    assert correlate(X.asnumpy(), K.asnumpy(), padding=(1, 1)).tolist() == expected
    assert names["convolve"](np.pad(X, ((1, 1), (1, 1))), K).tolist() == expected
    assert NOTEBOOK.printed_by("n, k, p = 3, 2, 2") == "formula: 4  shape: (4, 4)\n"
    # Gluon's padding is on each side.
    layer = nn.Conv2D(1, 2, padding=1, in_channels=1, use_bias=False)
    layer.initialize()
    layer.weight.set_data(K.reshape(1, 1, 2, 2))
    assert layer(X.reshape(1, 1, 3, 3))[0, 0].tolist() == expected


def test_stride_example(names):
    X, K = names["X"], names["K"]
    expected = [[0, 8], [6, 8]]
    assert correlate(X.asnumpy(), K.asnumpy(), padding=(1, 1), stride=(3, 2)).tolist() == expected
    scope = {"np": np, "nn": nn, "X": X, "K": K, "padded": None, "draw_stride": lambda *_: None}
    exec(NOTEBOOK.cell_with("strides=(3, 2)").source, scope)
    assert scope["Y"].tolist() == expected


@pytest.mark.parametrize("n", [7, 8, 12])
@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("s", [1, 2, 3])
def test_formula_of_sizes(names, n, k, padding, s):
    places = len(range(0, n + 2 * padding - k + 1, s))
    size = names["output_size"](n, k, 2 * padding, s)
    assert size == places == (n - k + 2 * padding) // s + 1  # the last as in notebook 11
    if 2 * padding == k - 1:
        assert size == (n + s - 1) // s


def test_table_of_sizes_agrees_with_the_layers():
    for line in NOTEBOOK.printed_by("def output_size(").splitlines()[1:]:
        *_, formula, layer = line.split()
        assert formula == layer
    assert NOTEBOOK.printed_by("halves = [224]") == "224 → 112 → 56 → 28 → 14 → 7 → 4\n"


def test_two_channels_in_give_56():
    lines = NOTEBOOK.printed_by("X2 = np.array").splitlines()
    assert lines == ["sum of both: [[56, 72], [104, 120]]", "MXNet:       [[[[56, 72], [104, 120]]]]"]
    first, second = onp.arange(1, 10).reshape(3, 3), onp.arange(9).reshape(3, 3)
    total = correlate(first, [[1, 2], [3, 4]]) + correlate(second, [[0, 1], [2, 3]])
    assert total.tolist() == [[56, 72], [104, 120]]


def test_erratum_one_bias_for_each_output_channel():
    """The lecture's slide: c_o × c_i, here 48."""
    layer = nn.Conv2D(16, 5, in_channels=3)
    assert layer.bias.shape == (16,)
    assert summarize(layer, (1, 3, 32, 32)).total_parameters == 16 * 3 * 5 * 5 + 16
    assert [line.split()[0] for line in NOTEBOOK.printed_by("channels=16").splitlines()] == ["X", "W", "b", "Y"]
    assert "b  (16,) " in NOTEBOOK.printed_by("channels=16")
    assert "Y  (16, 28, 28) " in NOTEBOOK.printed_by("channels=16")


def test_red_is_what_gray_cannot_tell():
    """Two colors of the same gray, told apart by the third kernel of the notebook."""
    gray = onp.array([0.299, 0.587, 0.114])
    red, green = onp.array([0.587, 0, 0]), onp.array([0, 0.299, 0])
    assert gray @ red == pytest.approx(gray @ green)
    assert onp.array([2, -1, -1]) @ red > 0 > onp.array([2, -1, -1]) @ green


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_by_one_is_dense_over_pixels(seed):
    assert NOTEBOOK.printed_by("W3 = np.array") == "(2, 4, 4) (2, 4, 4) equal: True\n"
    random = onp.random.RandomState(seed)
    X, W = random.normal(size=(3, 5, 4)), random.normal(size=(2, 3))
    layer = nn.Conv2D(2, 1, in_channels=3, use_bias=False)
    layer.initialize()
    layer.weight.set_data(np.array(W.reshape(2, 3, 1, 1), dtype="float32"))
    got = layer(np.array(X[None], dtype="float32"))[0].asnumpy()
    onp.testing.assert_allclose(got, (W @ X.reshape(3, 20)).reshape(2, 5, 4), atol=1e-5)


def test_cost():
    lines = NOTEBOOK.printed_by("c_in, c_out, k, m =").splitlines()
    assert lines == [
        "a layer: 1.02 GFLOP, counted 1,024,000,000",
        "10 layers, 1 million pictures: 10.2 PFLOP",
        "CPU at 0.15 TFLOP/s: 19.0 h, 1,138 min",
        "GPU at 12 TFLOP/s: 0.2 h, 14 min",
    ]
    assert 18 < 10e15 / 0.15e12 / 3600 < 19  # the lecture's 18 h, from 10 PFLOP
    assert int(10e15 / 12e12 / 60) == 13  # and its 14 min, rounded up or from 10.24


# ---- The exercises: what students get wrong, and what they are told ----


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((24, 64, 112), "✓"),
        ([24, 64, 112.0], "✓"),
        (onp.array([24, 64, 112]), "✓"),
        (np.array([24, 64, 112]), "✓"),
        ((np.array(24), 64, onp.int64(112)), "✓"),
        (onp.array([24, 62, 112]), "the padding is missing"),
        ((28, 64, 112), "without padding, the picture gets smaller"),
        ((23, 64, 112), "one short"),
        ((24, 62, 112), "the padding is missing"),
        ((24, 63, 112), "Gluon's padding is added on each side"),
        ((24, 64, 112.5), "round down"),
        ((24, 64, 113), "round down"),
        ((24, 64, 111), "Gluon's padding is added on each side"),
        ((24, 64, 109), "the padding is missing"),
        ((24, 64, 224), "the stride is missing"),
        ((24, 64, 7), "224 rows, a kernel of 7, padding 3 on each side, stride 2"),
        ((24, 64), "three numbers"),
        (24, "three numbers"),
        ((24, 64, ...), "the third should be one number"),
        ((24, "64", 112), "the second should be one number"),
    ],
)
def test_exercise_1_tells_mistakes_apart(answer, words, capsys):
    assert words in said("09.1", answer, capsys)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([[1], [-1]], "✓"),
        ([[0.5, 0.5], [-0.5, -0.5]], "✓"),
        ([[0, 1, 0], [0, -1, 0], [0, 0, 0]], "✓"),
        ([[1, -1]], "it compares left and right"),
        ([[-1, 1]], "it compares left and right"),
        ([[-1], [1]], "wrong sign"),
        ([[2], [-2]], "gives 2 where bright lies above dark"),
        ([[1, 1], [-1, -1]], "gives 2 where bright lies above dark"),
        ([[1], [0], [-1]], "in more than one row"),
        ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "those that run down as well"),
        ([[1, 0], [0, -1]], "those that run down as well"),
        ([[1, -1], [-1, 1]], "no edges at all"),
        ([[1], [1]], "entries should sum to 0"),
        ([1, -1], "a kernel is a matrix"),
        ([[1], [-1], [0], [0]], "two neighbors are enough"),
        ("down", "should be numbers"),
        (None, "not done yet"),
    ],
)
def test_exercise_2_tells_mistakes_apart(answer, words, capsys):
    assert words in said("09.2", np.array(answer) if isinstance(answer, list) else answer, capsys)


def corr2d_strided(X, K, padding=0, stride=1, *, before=None, after=None, flip=False, window_stride=None, extra=0):
    """The solution, with places to go wrong."""
    before = padding if before is None else before
    after = padding if after is None else after
    X = np.pad(X, ((before, after), (before, after)))
    h, w = K.shape
    down, across = stride if isinstance(stride, tuple) else (stride, stride)
    Y = np.zeros(((X.shape[0] - h + down) // down - extra, (X.shape[1] - w + across) // across - extra))
    if flip:
        K = np.flip(K, axis=(0, 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            top, left = (i * down, j * across) if window_stride is None else (i * window_stride, j * window_stride)
            Y[i, j] = (X[top : top + h, left : left + w] * K).sum()
    return Y


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (corr2d_strided, "✓"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s, flip=True), "the kernel is turned around"),
        (lambda X, K, p, s: corr2d_strided(X, K, 0, s), "the padding has no effect"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, 1), "the stride has no effect"),
        (lambda X, K, p, s: corr2d_strided(X, K), "the padding has no effect"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s, after=0), "zeros are missing at the bottom"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s, before=p // 2, after=p - p // 2), "here it is all there is"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, (s, 1)), "only down"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, (1, s)), "only across"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s, window_stride=1), "the window moves by 1"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s, extra=1), "a row and a column short"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s).T, "rows and columns are mixed up"),
        (lambda X, K, p, s: corr2d_strided(X, K, p, s) + 1, "corr2d_strided(X, K, 0, 1) with X of shape (4, 5)"),
        (lambda X, K, p, s: "Y", "should be numbers"),
        (lambda X, K, p, s: None, "not done yet"),
        (7, "a function is asked for"),
    ],
)
def test_exercise_3_tells_mistakes_apart(answer, words, capsys):
    assert words in said("09.3", answer, capsys)


def test_the_oracles_of_the_checks_agree_with_these():
    X, K = onp.arange(30.0).reshape(5, 6), onp.arange(6.0).reshape(2, 3)
    assert (exercises._correlate(X, K, 1, 2) == correlate(X, K, (1, 1), (2, 2))).all()
