"""What notebook 01 says about arrays, held against NumPy and against counting; its errata; its exercises' messages."""

import time

import nbformat
import numpy as onp
import pytest
from mxnet import MXNetError, gluon, np, npx
from support import ROOT

from d2lhelpers.exercises import check


@pytest.fixture(autouse=True)
def numpy_rules():
    npx.set_np()


@pytest.fixture(scope="module")
def printed():
    """Return all that the stored notebook prints, as one text."""
    notebook = nbformat.read(ROOT / "notebooks" / "01-ndarray.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(output.text for output in outputs if output.output_type == "stream")


@pytest.fixture
def grid():
    return np.arange(1, 17).reshape(4, 4)


class TestErrata:
    def test_column_is_the_second_index(self, grid):
        rows = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]
        assert grid[:, 1].tolist() == [row[1] for row in rows]
        assert grid[1, :].tolist() == rows[1]  # what the lecture's slide calls the column

    def test_images_are_channels_height_width(self):
        """A 1×1 convolution that looks at channel 2 only gives back that channel, height before width."""
        layer = gluon.nn.Conv2D(1, kernel_size=1, in_channels=3, use_bias=False)
        layer.initialize()
        layer.weight.set_data(np.array([0, 0, 1]).reshape(1, 3, 1, 1))
        images = onp.random.RandomState(0).rand(2, 3, 4, 5).astype("float32")
        onp.testing.assert_array_equal(layer(np.array(images)).asnumpy()[:, 0], images[:, 2])

    def test_height_shrinks_with_the_kernels_height(self):
        layer = gluon.nn.Conv2D(8, kernel_size=(5, 1))
        layer.initialize()
        assert layer(np.zeros((64, 3, 32, 48))).shape == (64, 8, 28, 48)

    @pytest.mark.parametrize(
        ("seconds", "on_the_slide", "shown"), [(53.658205, 4.002153, "40.0"), (18.248058, 11.768286, "117.7")]
    )
    def test_lectures_rates_are_ten_times_too_low(self, seconds, on_the_slide, shown, printed):
        rate = 1000 * 2 * 1024**3 / seconds / 1e9
        assert rate == pytest.approx(10 * on_the_slide, rel=1e-5)
        assert f"{shown} GFLOP/s" in printed

    def test_lectures_loop_did_run_a_thousand_times(self):
        """Its single call took 0.065 s: the seconds fit 1,000 calls, not 100."""
        assert pytest.approx(0.065011, rel=0.25) == 53.658205 / 1000


def test_flop_of_a_matrix_product():
    """Count what the three loops do."""
    n, operations = 5, 0
    for _ in range(n):
        for _ in range(n):
            for _ in range(n):
                operations += 2  # one multiplication, one addition
    assert operations == 2 * n**3


class TestAccess:
    @pytest.mark.parametrize(
        "index", [onp.s_[1, 2], onp.s_[1, :], onp.s_[:, 1], onp.s_[1:3, 1:], onp.s_[::3, ::2], onp.s_[1::2, :-1]]
    )
    def test_as_in_numpy(self, grid, index):
        onp.testing.assert_array_equal(grid[index].asnumpy(), onp.arange(1, 17).reshape(4, 4)[index])

    @pytest.mark.parametrize(
        "index", [onp.s_[1], onp.s_[1:3], onp.s_[1, 1:3], onp.s_[:, 1], onp.s_[::2], onp.s_[1:3, 1:], onp.s_[1:2, 1:3]]
    )
    def test_a_part_is_a_view_exactly_if_it_lies_in_one_piece(self, grid, index):
        one_piece = onp.zeros((4, 4))[index].flags.c_contiguous
        part = grid[index]
        part[:] = -1
        assert bool((grid == -1).sum() > 0) == one_piece

    def test_writing_by_index_works_for_columns(self, grid):
        grid[:, 0] = 5
        assert grid[:, 0].tolist() == [5, 5, 5, 5]


class TestTypes:
    def test_defaults(self):
        assert np.zeros(2).dtype == np.array([1, 2]).dtype == np.random.normal(0, 1, 2).dtype == onp.float32
        assert onp.zeros(2).dtype == onp.float64

    def test_plain_float_is_cut_to_the_integer_type(self, printed):
        assert (np.array([20, 30], dtype="int32") + 0.5).tolist() == [20, 30]
        assert (onp.array([20, 30], dtype="int32") + 0.5).tolist() == [20.5, 30.5]
        assert "mxnet.numpy float32 [20 30]" in printed

    def test_conversion_copies_and_keeps_the_type(self):
        data = onp.ones((2, 3))
        X = np.array(data)
        back = X.asnumpy()
        data[0, 0], back[0, 0] = 100, -1
        assert X[0, 0] == 1
        assert X.dtype == onp.float64
        assert np.array(data, dtype="float32").dtype == onp.float32

    def test_product_of_two_types_is_refused(self):
        with pytest.raises(MXNetError, match="expected float64, got float32"):
            np.dot(np.ones((2, 3), dtype="float64"), np.ones((3, 2)))

    def test_original_numpy_array_is_refused(self):
        with pytest.raises(AssertionError, match="must have NDArray type"):
            np.dot(onp.ones((2, 3)), np.ones((3, 2)))


class TestOperators:
    @pytest.mark.parametrize(
        ("a", "b"),
        [((3, 1), (1, 4)), ((3, 1, 5), (4, 1)), ((5, 1, 3), (2, 1)), ((8, 3, 4, 4), (1, 3, 1, 1)), ((2,), ())],
    )
    def test_broadcast_shapes(self, a, b):
        assert (np.ones(a) + np.ones(b)).shape == onp.broadcast_shapes(a, b)

    def test_shapes_that_do_not_fit_are_in_the_last_line(self):
        with pytest.raises(MXNetError) as caught:
            np.ones((3, 4)) - np.ones(3)
        assert str(caught.value).splitlines()[-1].endswith("shapes [3,4] [3]")

    def test_broadcast_values(self):
        a, b = onp.array([[10], [20], [30]]), onp.array([[1, 2, 3, 4]])
        onp.testing.assert_array_equal((np.array(a) + np.array(b)).asnumpy(), a + b)

    @pytest.mark.parametrize("axis", [None, 0, 1])
    def test_sum(self, axis):
        X = onp.arange(1, 13).reshape(3, 4)
        onp.testing.assert_array_equal(np.array(X).sum(axis=axis).asnumpy(), X.sum(axis=axis))

    @pytest.mark.parametrize("axis", [0, 1])
    def test_concatenate(self, axis):
        A = onp.arange(6).reshape(2, 3)
        joined = np.concatenate([np.array(A), np.array(10 * A)], axis=axis)
        onp.testing.assert_array_equal(joined.asnumpy(), onp.concatenate([A, 10 * A], axis=axis))

    def test_in_place(self):
        X, Y = np.ones((2, 2)), np.zeros((2, 2))
        same = Y
        Y += X
        Y[:] = Y + X
        assert same is Y
        assert same.tolist() == [[2, 2], [2, 2]]
        Y = Y + X
        assert same is not Y

    def test_mean_and_deviation_of_the_random_draws(self, printed):
        """Of 10,000 draws the mean is within four standard errors of the distribution's."""
        assert "normal:  mean -0.01, deviation 1.00\nuniform: mean 0.50, deviation 0.29" in printed
        assert 0.01 < 4 / 10_000**0.5
        assert pytest.approx(12**-0.5, abs=0.005) == 0.29


def test_engine_answers_before_it_is_done():
    X = np.ones((1024, 1024))
    for _ in range(3):  # a busy machine may interrupt a try
        npx.waitall()
        start = time.perf_counter()
        for _ in range(20):
            np.dot(X, X)
        ordered = time.perf_counter() - start
        npx.waitall()
        if ordered < 0.5 * (time.perf_counter() - start):
            return
    pytest.fail("np.dot waited for its result")


def add_in_place(X):
    X -= X.mean(axis=0)
    X /= X.std(axis=0)


def change_and_return(X):
    add_in_place(X)
    return X


class TestWrongAnswers:
    """Answers that students give, and a part of what they are told."""

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            ((4, 1, 5), "aligned at their last axes"),
            ((3, 1, 5), "shape of the first array"),
            ((3, 1, 5, 4, 1), "not put one after the other"),
            ((1, 1, 1), "nothing shrinks"),
            ((4, 5), "as many axes as the longer"),
            ((3, 4, 1), "axis 2 has length 1, but 5 meets 1 there"),
            ((4, 4, 5), "axis 0 has length 4, but 3 meets 1 there"),
            (60, "a shape is a tuple"),
            ("3, 4, 5", "a shape is a tuple"),
            (onp.ones((3, 4, 5)), "this is an array"),
        ],
    )
    def test_shape(self, answer, told, capsys):
        check("01.1", answer)
        self.assert_told(told, capsys)

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (lambda X: X[::3, ::2], "the block on the slide"),
            (lambda X: X[::3, 1::2], "rows and columns are swapped"),
            (lambda X: X[1::3, ::2], "the two steps are swapped"),
            (lambda X: X[::2, ::3], "the rows begin with row 0"),
            (lambda X: X[2::2, ::3], "the rows begin with row 2"),
            (lambda X: X[1::2, 1::3], "the columns begin with column 1"),
            (lambda X: X[::2, 1::3], "the two starts are swapped"),
            (lambda X: X[1::2, ::2], "the step of the columns is 3"),
            (lambda X: X[1::3, ::3], "the step of the rows is 2"),
            (lambda X: X[1:2, 0:3], "the step comes after a second colon"),
            (lambda X: X[1::2], "all columns are there"),
            (lambda X: X[:, ::3], "all rows are there"),
            (lambda X: X[1::2, ::3].T, "exchanged"),
            (lambda X: X[[1, 3], [0, 3]], "pair by pair"),
            (lambda X: X[1:3:2, ::3], "stops too early"),
            (lambda X: X[1:4:2, 0:4:3], r"shape (7, 8) stops too early"),
            (lambda X: X[3::2, ::3], "has shape (2, 3) where (3, 3) is right"),
            (lambda X: X[1::2, ::3] + 0.5, "is 9.5 at index [0, 0] where 9 is right"),
            (lambda X: "rows", "should be numbers, but it is str"),
            (np.ones(3), "a function is asked for"),
        ],
    )
    def test_block(self, answer, told, capsys):
        check("01.2", answer)
        self.assert_told(told, capsys)

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (lambda X: (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True), "the rows have mean 0"),
            (lambda X: (X - X.mean(axis=1)) / X.std(axis=1), "keepdims"),
            (lambda X: (X - X.mean()) / X.std(), "of the whole matrix"),
            (lambda X: (X - X.mean(axis=0)) / X.std(axis=0, ddof=1), "sample deviation"),
            (lambda X: (X - X.mean(axis=0)) / X.var(axis=0), "variance"),
            (lambda X: X - X.mean(axis=0), "the deviations are not 1 yet"),
            (lambda X: X / X.std(axis=0), "the means are not 0"),
            (lambda X: X - X.mean(axis=0) / X.std(axis=0), "brackets are missing"),
            (lambda X: (X.mean(axis=0) - X) / X.std(axis=0), "every sign is wrong"),
            (lambda X: (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)), "maps each column to 0..1"),
            (add_in_place, "changes the matrix"),
            (change_and_return, "changes the matrix"),
            (lambda X: X.mean(axis=0), "has shape (3,) where (3, 3) is right"),
        ],
    )
    def test_standardize(self, answer, told, capsys):
        check("01.3", answer)
        self.assert_told(told, capsys)

    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (lambda b: b.reshape(b.shape[0], b.shape[2], b.shape[3], b.shape[1]), "mixes the pixels"),
            (lambda b: b.transpose(0, 3, 2, 1), "height and width are exchanged"),
            (lambda b: b.T, "all axes are reversed"),
            (lambda b: b.transpose(0, 2, 1, 3), "one place only"),
            (lambda b: b.transpose(0, 3, 1, 2), "the way back"),
            (lambda b: b, "comes back as it was"),
            (lambda b: b[0].transpose(1, 2, 0), "has shape (4, 5, 3) where (2, 4, 5, 3) is right"),
        ],
    )
    def test_channels_last(self, answer, told, capsys):
        check("01.4", answer)
        self.assert_told(told, capsys)

    def test_error_of_the_students_own_comes_through(self):
        with pytest.raises(MXNetError) as caught:
            check("01.3", lambda X: X - np.ones((5, 7)))
        assert "standardize(X) for X of shape (3, 3)" in caught.value.__notes__[0]

    @staticmethod
    def assert_told(told, capsys):
        line = capsys.readouterr().out
        assert line.startswith("✗ Exercise 01.")
        assert told in line
        assert line.count("\n") == 1
