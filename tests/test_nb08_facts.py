"""What notebook 08 teaches: machines, devices, waiting, two devices; and what its exercises say to wrong answers."""

import itertools
import re
from time import perf_counter

import mxnet
import numpy as np
import pytest
from mxnet import autograd, gluon, init, npx
from mxnet import np as mxnp
from support import StoredNotebook, said

from d2lhelpers import load_images, try_all_gpus, try_gpu
from d2lhelpers.exercises import WrongAnswer
from d2lhelpers.exercises import nb08_gpu as exercises

SEEDS = (0, 1, 2)
HERE, THERE = npx.cpu(0), npx.cpu(1)


@pytest.fixture(autouse=True)
def numpy_shapes():
    npx.set_np()


@pytest.fixture(scope="module")
def notebook():
    return StoredNotebook("08-gpu")


@pytest.fixture(scope="module")
def defined(notebook):
    """What some of the notebook's own cells define, on the CPU."""
    names = {}
    exec(notebook.imports(), names)
    names["device"] = HERE
    for text in ("cpu = {", "def fastest", "def run_epoch", "def make_training", "def times_of_batches"):
        exec(notebook.cell_with(text).source, names)
    for text in ("def draw_roofline", "def draw_uses", "def draw_division", "def draw_chips", "def draw_road"):
        exec(notebook.cell_with(text).source, names)
    return names


def numbers(text):
    return [float(word) for word in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text)]


class TestMachines:
    def test_peaks(self, notebook):
        printed = notebook.printed_by("dots_a_core")
        assert re.findall(r"(\d+) dots: at most +([\d.]+)", printed) == [("64", "0.51"), ("4608", "12.44")]
        peaks = [2 * 64 * 4.0e9, 2 * 4608 * 1.35e9]
        assert [round(peak / 1e12, 2) for peak in peaks] == [0.51, 12.44]

    def test_ratios(self, notebook, defined):
        assert defined["gpu"]["TFLOP/s"] / defined["cpu"]["TFLOP/s"] == pytest.approx(80)
        assert defined["gpu"]["GB/s to memory"] / defined["cpu"]["GB/s to memory"] == pytest.approx(22.4)
        printed = notebook.printed_by("GB of memory")
        assert numbers(printed.splitlines()[1])[-3:] == [0.15, 12, 80]
        assert numbers(printed.splitlines()[2])[-3:] == [30, 672, 22.4]

    def test_lecture_s_conclusion(self, notebook):
        """The slide says 18 h and 14 min for 10 PFLOP."""
        printed = [numbers(line) for line in notebook.printed_by("work = 10e15").splitlines()]
        assert printed[0][-2] == pytest.approx(10e15 / 0.15e12 / 3600, abs=0.005)
        assert printed[1][-1] == pytest.approx(10e15 / 12e12 / 60, abs=0.05)
        assert (int(printed[0][-2]), round(printed[1][-1])) == (18, 14)

    def test_road_is_slower_than_the_sum(self, notebook):
        on_cpu, on_gpu, road = (numbers(line)[-1] for line in notebook.printed_by("a sum of 100 million").splitlines())
        assert (on_cpu, on_gpu, road) == (40.0, 1.8, 75.0)

    def test_work_for_each_number(self, notebook):
        rows = [numbers(line.replace(",", "")) for line in notebook.printed_by("moved = 3").splitlines()[1:]]
        assert len(rows) == 3
        for n, moved, a_sum, product in rows:
            assert moved == 3 * n**2
            assert a_sum == pytest.approx(1 / 3, abs=0.005)
            assert product == pytest.approx(2 * n / 3, abs=0.51)

    def test_where_the_roofs_bend(self, defined):
        """The notes say n = 30 on the CPU and 107 on the GPU: n / 6 operations a byte for a product."""
        bends = [1000 * machine["TFLOP/s"] / machine["GB/s to memory"] for machine in (defined["cpu"], defined["gpu"])]
        assert [round(6 * bend) for bend in bends] == [30, 107]
        assert [round(bend) for bend in bends] == [5, 18]

    def test_roofline_titles(self, defined):
        from d2lhelpers import subplots

        titles = []
        for n in (16, 64, 1024):
            _, ax = subplots()
            defined["draw_roofline"](ax, n)
            titles.append(ax.get_title())
        assert titles == ["n = 16: GPU 22× faster", "n = 64: GPU 48× faster", "n = 1024: GPU 80× faster"]

    def test_drawings_say_what_to_see(self, defined, capsys):
        for name in ("draw_uses", "draw_division", "draw_chips", "draw_road"):
            defined[name]()
            alt = capsys.readouterr().out.strip()
            assert alt
            assert len(alt) <= 220, name

    def test_product_does_more_operations_a_second_than_sum(self, defined):
        n = 512
        A, B, C = mxnp.random.uniform(0, 1, (3, n, n))
        a_sum = n**2 / defined["fastest"](mxnp.add, A, B, out=C)
        product = 2 * n**3 / defined["fastest"](mxnp.dot, A, B, out=C)
        assert product > 3 * a_sum  # ten times and more on a quiet machine


class TestDevices:
    def test_arrays(self, notebook):
        assert notebook.printed_by("made there") == "cpu(0) cpu(1) cpu(1)\nresult: cpu(1)\n"
        printed = notebook.printed_by("into an array that exists").splitlines()
        assert [line.split()[-1] for line in printed] == ["False", "True", "False", "6.0"]

    def test_as_in_ctx_gives_the_array_itself(self):
        X = mxnp.ones(3)
        Z = X.as_in_ctx(HERE)
        Z += 1
        assert float(X[0]) == 2  # the bug that shows on one machine only
        Z = X.as_in_ctx(THERE)
        Z += 1
        assert float(X[0]) == 2

    def test_two_cpu_contexts_may_be_mixed(self):
        """What the notebook says in words about GPUs does not hold for CPUs."""
        assert (mxnp.ones(3, ctx=HERE) + mxnp.ones(3, ctx=THERE)).ctx == HERE
        assert (mxnp.ones(3, ctx=THERE) + mxnp.ones(3, ctx=HERE)).ctx == THERE

    def test_message_for_mixed_devices_is_mxnet_s_own(self, notebook):
        """It cannot be run without a GPU, but its words are in the library."""
        (text,) = [cell.source for cell in notebook.cells if "Not run here" in cell.source]
        assert "require all inputs live on the same context. But the first argument is on" in " ".join(text.split())
        from mxnet.libinfo import find_lib_path

        with open(find_lib_path()[0], "rb") as library:
            assert b"require all inputs live on the same context. " in library.read()

    def test_no_gpu_no_array(self):
        if npx.num_gpus():
            pytest.skip("this machine has a GPU")
        with pytest.raises(mxnet.MXNetError, match="is not implemented for GPU"):
            mxnp.ones(3, ctx=npx.gpu(0))

    def test_parameters(self, notebook):
        printed = notebook.printed_by("X is on cpu(0)")
        assert "weights on [cpu(1)]" in printed
        assert "was not initialized on context cpu(0). It was only initialized on [cpu(1)]." in printed
        assert notebook.printed_by("reset_ctx").splitlines()[-1] == "network moved: cpu(0) [cpu(0)]"

    def test_moving_keeps_the_values(self):
        net = gluon.nn.Dense(2, in_units=3)
        net.initialize(ctx=THERE)
        before = net.weight.data(THERE).asnumpy()
        net.collect_params().reset_ctx(HERE)
        np.testing.assert_array_equal(net.weight.data(HERE).asnumpy(), before)

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_our_first_device_is_try_gpu(self, notebook, number, monkeypatch):
        monkeypatch.setattr(npx, "num_gpus", lambda: number)
        names = {"npx": npx, "try_gpu": try_gpu, "try_all_gpus": try_all_gpus}
        exec(notebook.cell_with("def first_device").source, names)
        assert names["first_device"]() == names["device"] == try_gpu()


class TestWaiting:
    @pytest.mark.training
    @pytest.mark.parametrize("width", [32, 64])
    def test_same_loss_read_or_not(self, defined, width):
        found = [defined["run_epoch"](*defined["make_training"](width, 32), read=read) for read in (True, False)]
        assert found[0] == pytest.approx(found[1], rel=1e-5)

    @pytest.mark.training
    def test_reading_waits_in_each_batch_and_adding_up_once(self, defined):
        """The fact behind the times, which a busy machine may blur: how often Python waits."""
        counts = []
        for read in (True, False):
            training = defined["make_training"](32, 32)
            with exercises._counted_waits() as waits:
                defined["run_epoch"](*training, read=read)
                counts.append(len(waits))
        assert counts == [20, 1]

    def test_orders_are_written_before_the_work_is_done(self):
        A = mxnp.random.uniform(0, 1, (512, 512))
        shares = []
        for _ in range(3):  # on a busy machine Python may be kept waiting for a core
            npx.waitall()
            start = perf_counter()
            for _ in range(60):
                mxnp.dot(A, A)
            ordered = perf_counter() - start
            npx.waitall()
            shares.append(ordered / (perf_counter() - start))
        assert min(shares) < 0.5

    @pytest.mark.parametrize("compute", [0.25, 0.5, 1, 2, 4, 8])
    def test_timeline(self, defined, compute):
        timeline = defined["times_of_batches"]
        number = 1000
        *_, read = timeline(compute, True, number)
        *_, free = timeline(compute, False, number)
        assert read == pytest.approx(number * (1 + compute + 0.3))
        assert free == pytest.approx(number * max(1, compute), rel=0.01)

    def test_worst_where_both_take_the_same_time(self, defined):
        timeline = defined["times_of_batches"]
        lost = {c: timeline(c, True, 100)[2] / timeline(c, False, 100)[2] for c in (0.25, 0.5, 1, 2, 4, 8)}
        assert max(lost, key=lost.get) == 1

    def test_no_operation_takes_part_in_two_at_once(self, defined):
        for read in (True, False):
            orders, works, end = defined["times_of_batches"](2, read)
            assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(works))
            assert all(work >= order + 1 for order, work in zip(orders, works, strict=True))
            assert end >= works[-1] + 2


class TestTwoDevices:
    @pytest.mark.parametrize("number", SEEDS)
    def test_half_gradients_add_up(self, number):
        images, labels = load_images(train=True, size=64)
        mxnet.random.seed(number)
        net = gluon.nn.Dense(10)
        net.initialize(init.Xavier(), ctx=[HERE, THERE])
        loss = gluon.loss.SoftmaxCrossEntropyLoss()

        def gradient(rows, place):
            X, y = images[rows].as_in_ctx(place), labels[rows].as_in_ctx(place)
            with autograd.record():
                value = loss(net(X), y).sum()
            value.backward()
            return net.weight.grad(place).asnumpy()

        whole = gradient(slice(0, 64), HERE)
        halves = gradient(slice(0, 32), HERE) + gradient(slice(32, 64), THERE)
        np.testing.assert_allclose(halves, whole, atol=1e-4)
        assert abs(whole).max() > 0.1

    def test_notebook_says_so(self, notebook):
        assert notebook.printed_by("halves add up") == "halves add up: True\n"
        assert notebook.printed_by('print("same:"') == "same: True\n"

    @pytest.mark.training
    @pytest.mark.parametrize("number", SEEDS)
    def test_same_loss_on_one_and_two(self, notebook, number):
        names = {}
        exec(notebook.imports(), names)
        source = notebook.cell_with("def losses_on").source.replace('"seed": 0', f'"seed": {number}')
        exec(source[: source.index("\n\n\n")], names)
        one, two = names["losses_on"]([HERE]), names["losses_on"]([HERE, THERE])
        assert two == pytest.approx(one, abs=2e-4)  # the notebook allows 1e-3
        assert one[-1] < one[0] - 0.3  # and it learns


# The exercises: what students get wrong, and what they are told.


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.4, "✓"),
        (mxnp.array([0.4]), "✓"),
        (1e9 / 0.15e12, "the additions alone"),
        (0.0067, "the additions alone"),
        (0.27, "The third one is written"),
        (0.133, "takes one vector"),
        (0.1, "a float32 has 4 bytes"),
        (0.8, "float64"),
        (3.2, "counts bits"),
        (0.4067, "the longer one, not the sum"),
        (0.407, "the longer one, not the sum"),
        (400, "milliseconds"),
        (12, "Divide by the GB/s"),
        (0.01, "too short"),
        (7, "too long"),
        ("soon", "one number"),
        (..., "not done yet"),
    ],
)
def test_exercise_1_tells_mistakes_apart(answer, words, capsys):
    assert words in said("08.1", answer, capsys)


def total_of(net, loss, batches):
    return sum(loss(net(X), y).sum() for X, y in batches)


def count_of(batches):
    return sum(len(y) for _, y in batches)


def means(net, loss, batches):
    return [loss(net(X), y).mean() for X, y in batches]


def loop_of_the_slide(net, loss, batches):
    total, count = 0.0, 0
    for X, y in batches:
        total += float(loss(net(X), y).sum())
        count += len(y)
    return total / count


def solution(net, loss, batches):
    total, count = 0.0, 0
    for X, y in batches:
        total = total + loss(net(X), y).sum()
        count += len(y)
    return float(total) / count


def with_wait_to_read(net, loss, batches):
    total = 0.0
    for X, y in batches:
        value = loss(net(X), y).sum()
        value.wait_to_read()
        total = total + value
    return float(total) / count_of(batches)


def with_waitall(net, loss, batches):
    for _ in batches:
        npx.waitall()
    return solution(net, loss, batches)


def joined(net, loss, batches):
    return mxnp.concatenate([loss(net(X), y) for X, y in batches]).mean().item()


def first_only(net, loss, batches):
    for X, y in batches:
        return loss(net(X), y).mean().item()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (solution, "✓"),
        (solution, "One wait for 3 batches"),
        (joined, "✓"),
        (lambda net, loss, batches: total_of(net, loss, batches) / count_of(batches), "does not wait at all"),
        (loop_of_the_slide, "waits 3 times for 3 batches"),
        (with_wait_to_read, "waits 4 times for 3 batches"),
        (with_waitall, "waits 4 times for 3 batches"),
        (lambda net, loss, batches: float(sum(means(net, loss, batches))) / len(batches), "mean of the batches' means"),
        (lambda net, loss, batches: float(total_of(net, loss, batches)), "sum over the examples"),
        (lambda net, loss, batches: float(total_of(net, loss, batches)) / len(batches), "number of batches"),
        (lambda net, loss, batches: float(sum(means(net, loss, batches))), "sum of the batches' means"),
        (lambda net, loss, batches: means(net, loss, batches)[-1].item(), "the last batch only"),
        (lambda net, loss, batches: 2 * means(net, loss, batches)[-1].item(), "sum of the last batch only"),
        (first_only, "does `return` stand in the loop"),
        (lambda net, loss, batches: loss(net(batches[0][0]), batches[0][1]), "this has shape (4,)"),
        (lambda net, loss, batches: 7.0, "is 7 where"),
        (lambda net, loss, batches: ..., "not done yet"),
        (3.0, "a function is asked for"),
    ],
)
def test_exercise_2_tells_mistakes_apart(answer, words, capsys):
    assert words in said("08.2", answer, capsys)


def test_exercise_2_leaves_mxnet_as_it_was(capsys):
    before = mxnp.ndarray.asnumpy, mxnp.ndarray.wait_to_read, npx.waitall
    said("08.2", loop_of_the_slide, capsys)
    with pytest.raises(ZeroDivisionError):
        said("08.2", lambda net, loss, batches: 1 / 0, capsys)
    assert (mxnp.ndarray.asnumpy, mxnp.ndarray.wait_to_read, npx.waitall) == before
    assert "wait_to_read" not in vars(mxnp.ndarray) or mxnp.ndarray.wait_to_read is before[1]


@pytest.mark.parametrize("read", [float, int, bool, str, repr, print, lambda a: a.item(), lambda a: a.tolist()])
def test_every_way_to_read_counts_as_a_wait(read, capsys):
    array = mxnp.array(1.0)
    with exercises._counted_waits() as waits:
        read(array)
    assert len(waits) == 1


def divide(X, devices):
    n, k = len(X), len(devices)
    parts = [X[i * n // k : (i + 1) * n // k] for i in range(k)]
    return [part.as_in_ctx(place) for part, place in zip(parts, devices, strict=True)]


def cut(sizes):
    """Return a `divide` whose parts have the sizes that `sizes(n, k)` says."""

    def divide(X, devices):
        stops = np.cumsum([0, *sizes(len(X), len(devices))])
        parts = [X[int(a) : int(b)] for a, b in itertools.pairwise(stops)]
        return [part.as_in_ctx(place) for part, place in zip(parts, devices, strict=True)]

    return divide


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (divide, "✓"),
        (lambda X, devices: gluon.utils.split_and_load(X, devices, even_split=False), "✓"),
        (lambda X, devices: tuple(divide(X, devices)), "✓"),
        (cut(lambda n, k: [n // k + (i < n % k) for i in range(k)]), "✓"),
        (cut(lambda n, k: [n // k] * k), "1 lost. 7 // 3 leaves a remainder"),
        (cut(lambda n, k: [n // k] * (k - 1) + [n - n // k * (k - 1)]), "✓"),
        (cut(lambda n, k: [n - k + 1] + [1] * (k - 1)), "one device would wait for another"),
        (lambda X, devices: [X[i :: len(devices)].as_in_ctx(d) for i, d in enumerate(devices)], "another order"),
        (lambda X, devices: divide(X[::-1], devices), "another order"),
        (lambda X, devices: [X.as_in_ctx(d) for d in devices], "every device gets the whole batch"),
        (
            lambda X, devices: [X[: len(X) // len(devices)].as_in_ctx(d) for d in devices],
            "some examples are there twice",
        ),
        (lambda X, devices: [X[: len(X) // 2 + 1].as_in_ctx(d) for d in devices], "more than the 8 examples"),
        (lambda X, devices: [part.as_in_ctx(devices[0]) for part in divide(X, devices)], "should be on cpu(1)"),
        (lambda X, devices: divide(X, devices)[:1], "gives 1 part, not 2"),
        (lambda X, devices: divide(X, devices * 2), "gives 4 parts, not 2"),
        (lambda X, devices: [part.asnumpy() for part in divide(X, devices)], "an MXNet array, which is on a device"),
        (lambda X, devices: [part.T for part in divide(X, devices)], "divide along the first axis"),
        (lambda X, devices: divide(X, devices)[0], "should return a list"),
        (lambda X, devices: ..., "not done yet"),
        (3, "a function is asked for"),
    ],
)
def test_exercise_3_tells_mistakes_apart(answer, words, capsys):
    assert words in said("08.3", answer, capsys)


def test_wrong_answers_are_raised_as_such():
    with pytest.raises(WrongAnswer):
        exercises.exercise_1(0.5)
