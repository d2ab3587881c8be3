"""Notebook 09: its models of hardware and of waiting times, its two devices, and wrong answers to its exercises."""

import itertools
import re
import threading
from operator import methodcaller
from queue import Queue

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import MXNetError, gluon, np, npx
from support import said

from d2lhelpers import check, summarize
from d2lhelpers.exercises import nb09_gpu as exercises
from d2lhelpers.figures import nb09_gpu as figures

BEGIN = "loss_function = gluon.loss", "device = try_gpu()"


@pytest.fixture
def names():
    return lesson("09-gpu").names(
        *BEGIN, "CPU, GPU = {}, {}", "PEAKS = {", "pair = gpus[:2]", "def per_batch(", "def race("
    )


# ---- What limits the speed ----


def test_peak_against_peak_the_gpu_is_twenty_times_faster(names):
    (cpu_peak, cpu_bandwidth), (gpu_peak, gpu_bandwidth) = names["PEAKS"].values()
    assert cpu_peak == pytest.approx(4 * 2 * 8 * 2 * 4.0e9)
    assert gpu_peak == pytest.approx(4608 * 2 * 1.35e9)
    assert gpu_peak / cpu_peak == pytest.approx(24, abs=0.5)
    assert gpu_bandwidth / cpu_bandwidth == pytest.approx(20, abs=0.5)


def test_the_pictures_show_the_numbers_of_the_data_sheets(names):
    assert [chip.gb_per_second for chip in figures._CHIPS] == [round(names[chip]["GB/s"]) for chip in ("CPU", "GPU")]
    assert names["GPU"]["units"] == 72 * names["CPU"]["units"]  # "seventy times as many arithmetic units"
    assert 8 * names["GPU"]["units"] == 576 * 64  # "another 8 times as many"


def test_a_large_copy_takes_far_longer_than_one_number(names):
    one, many = (np.ones((2, size)) for size in (1, 2**24))
    assert names["fastest"](many[0].copyto, many[1]) > 10 * names["fastest"](one[0].copyto, one[1], tries=20)


def test_a_product_does_more_operations_per_second_than_a_sum(names):
    n = 512
    A, B, C = np.random.uniform(0, 1, (3, n, n))
    a_sum = n**2 / names["fastest"](np.add, A, B, out=C)
    product = 2 * n**3 / names["fastest"](np.dot, A, B, out=C)
    assert product > 3 * a_sum  # at least ten times as many on a quiet machine


def test_a_layer_is_faster_with_more_examples(names):
    n = 2048
    layer = gluon.nn.Dense(n, in_units=n, use_bias=False)
    layer.initialize()
    one, many = (batch / names["fastest"](layer, np.ones((batch, n))) for batch in (1, 64))
    assert many > 3 * one


@pytest.mark.skipif(npx.num_gpus() > 0, reason="this machine has a GPU")
def test_to_use_a_gpu_that_is_not_there_is_an_error():
    with pytest.raises(MXNetError, match="not implemented for GPU"):
        np.ones(1, ctx=npx.gpu())


# ---- Clocks ----


def test_the_recorded_speed_of_alexnet_is_five_times_the_peak(names):
    multiply_adds = summarize(names["alexnet"](), (1, 1, 224, 224)).total_multiply_adds
    _, printed = names["RECORDED"]["AlexNet, 224×224"]
    assert printed * 6 * multiply_adds / (2 * 5120 * 1.53e9) == pytest.approx(5.2, abs=0.1)


def test_the_limits_of_the_recorded_runs_are_those_that_the_text_names():
    """Lower limits are below both upper ones; LeNet is limited by queuing, the other two by the peak."""
    recorded = lesson("09-gpu").names()["RECORDED"]
    flop = {"LeNet": 2.5e6, "ResNet-18": 1911.9e6, "AlexNet": 5628.9e6}  # of training, as summarize counts
    shares = {}
    for name, (duration, printed) in recorded.items():
        limit = 2 * 5120 * 1.53e9 / flop[name.split(",")[0]]
        assert 600_000 / duration < min(printed, limit)
        shares[name.split(",")[0]] = limit / printed
    assert shares["LeNet"] == pytest.approx(119, abs=3)  # "a hundred times as many images as Python could queue"
    assert shares["AlexNet"] < 0.3 < 0.5 < shares["ResNet-18"] < 0.8


@pytest.mark.training
def test_a_clock_that_does_not_wait_shows_too_high_a_speed(names):
    for make, shape, batch_size in ((names["lenet"], (1, 28, 28), 256), (names["alexnet"], (1, 224, 224), 8)):
        queued, done = names["training_speeds"](make(), shape, batch_size, steps=2)
        assert queued > 4 * done  # at least 16 times on a quiet machine


def run(read, num_batches, names):
    training = names["make_training"](width=32, batch_size=32, num_batches=num_batches)
    with exercises._counted_waits() as waits:
        return float(names["run_epoch"](*training, read=read)), len(waits)


@pytest.mark.training
def test_reading_each_loss_waits_once_per_batch_and_gives_the_same_mean(names):
    (each, waits), (at_end, one) = run(True, 20, names), run(False, 20, names)
    assert (waits, one) == (20, 1)
    assert each == pytest.approx(at_end, rel=1e-5)


@pytest.mark.training
def test_reading_costs_the_sum_where_python_has_to_wait():
    """Over three runs. Without a disk, the effect of reading is small; with one, it is a factor of about 1.5."""
    per_batch = lesson("09-gpu").names(*BEGIN, "net, trainer, batches = make_training()")["per_batch"]
    in_memory, from_disk = [], []
    for _ in range(3):
        computing = per_batch(0, read=False)
        for ratios, delay in ((in_memory, 0), (from_disk, computing)):
            ratios.append(per_batch(delay, read=True) / per_batch(delay, read=False))
    assert sorted(in_memory)[1] < 1.35
    assert max(from_disk) > 1.2  # 1.5 on two quiet cores; on a busy one, the backward pass may overlap with the disk


@pytest.mark.parametrize("computing", [0.25, 1, 8])
def test_the_time_line_takes_turns_only_when_each_result_is_read(computing):
    n = 1000
    *_, read = figures.timeline(computing, True, n)
    *_, not_read = figures.timeline(computing, False, n)
    assert read == pytest.approx(n * (1 + computing))
    assert not_read == pytest.approx(n * max(1, computing), rel=0.01)


@pytest.mark.parametrize("read", [True, False])
def test_on_the_time_line_the_engine_computes_one_batch_at_a_time_once_it_is_prepared(read):
    prepared, computed, end = figures.timeline(2, read)
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise([*computed, end]))
    assert all(work >= start + 1 for start, work in zip(prepared, computed, strict=True))


# ---- Two devices ----


def test_the_gradients_of_two_halves_add_up_to_that_of_numpy(names):
    images, labels, net = names["images"], names["labels"], names["net"]
    first, second = names["pair"]
    halves = names["gradient"](images[:32], labels[:32], first) + names["gradient"](images[32:], labels[32:], second)
    X, W = images.asnumpy().reshape(64, 784), net.weight.data(first).asnumpy()
    exponentials = onp.exp(X @ W.T)
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    expected = (p - onp.eye(10)[labels.asnumpy()]).T @ X
    onp.testing.assert_allclose(halves.asnumpy(), expected, atol=1e-4)


# ---- Exercises ----


def of_batches(mean_loss, share_right=None):
    """Return an answer to exercise 2: what two functions make of the losses and hits of the batches."""
    share_right = share_right or mean_loss

    def evaluate(net, loss, batches):
        hits = [(net(X).argmax(axis=1) == y).astype("float32") for X, y in batches]
        return mean_loss([loss(net(X), y) for X, y in batches]), share_right(hits)

    return evaluate


def mean(parts):
    return np.concatenate(parts).mean()


def wait_for_each(net, loss, batches):
    total, right, count = 0.0, 0, 0
    for X, y in batches:
        total += loss(net(X), y).sum().item()
        right = right + (net(X).argmax(axis=1) == y).sum()
        count += len(y)
    return total / count, right.item() / count


def wait_once(net, loss, batches):
    both = np.stack(of_batches(mean)(net, loss, batches))
    return both.tolist()


def divide(X, devices, sizes=None):
    """Solve exercise 3, by default with parts of nearly the same size."""
    n, k = len(X), len(devices)
    sizes = sizes(n, k) if sizes else [n // k + (i < n % k) for i in range(k)]
    stops = itertools.accumulate(sizes, initial=0)
    parts = [X[start:stop] for start, stop in itertools.pairwise(stops)]
    return [part.as_in_ctx(device) for part, device in zip(parts, devices, strict=True)]


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("09.1", (0.00135, 11.1), "time of the additions alone"),
        ("09.1", (0.2, 11.1), "The third one is written"),
        ("09.1", (0.1, 11.1), "the time for one matrix"),
        ("09.1", (0.075, 11.1), "a float32 has 4 bytes"),
        ("09.1", (0.6, 11.1), "float64"),
        ("09.1", (2.4, 11.1), "counts bits"),
        ("09.1", (0.3, 0.3), "the time to move the matrices"),
        ("09.1", (0.3, 5.54), "it is 2 FLOP"),
        ("09.1", (0.3, 11.38), "the longer one, not the sum"),
        ("09.1", (0.3, 0.00135), "one multiplication per entry"),
        ("09.1", (0.3, 0.0027), "two operations per entry"),
        ("09.1", (11.1, 0.3), "in the other order"),
        ("09.1", (0.0003, 0.0111), "these are seconds"),
        ("09.1", (0.01, 11.1), "too short for the sum"),
        ("09.1", (0.3, 70), "too long for the product"),
        ("09.1", 0.3, "two times are asked for"),
        ("09.2", wait_for_each, "waits 6 times for 5 batches"),
        ("09.2", of_batches(lambda parts: sum(part.mean() for part in parts) / 5), "loss: this is the mean of the"),
        ("09.2", of_batches(lambda parts: sum(part.sum() for part in parts)), "sum over the examples"),
        ("09.2", of_batches(lambda parts: sum(part.sum() for part in parts) / 5), "number of batches"),
        ("09.2", of_batches(lambda parts: sum(part.mean() for part in parts)), "sum of the batches' means"),
        ("09.2", of_batches(lambda parts: parts[-1].mean()), "the last batch only"),
        ("09.2", of_batches(lambda parts: parts[-1].sum()), "sum of the last batch only"),
        ("09.2", of_batches(lambda parts: parts[0].mean()), "does `return` stand in the loop"),
        ("09.2", of_batches(mean, lambda parts: sum(part.sum() for part in parts)), "accuracy: this is the sum over"),
        ("09.2", of_batches(mean, lambda parts: sum(part.mean() for part in parts) / 5), "accuracy: this is the mean"),
        ("09.2", lambda net, loss, batches: of_batches(mean)(net, loss, batches)[::-1], "in the other order"),
        ("09.2", lambda net, loss, batches: of_batches(mean)(net, loss, batches)[0], "two numbers are asked for"),
        ("09.3", lambda X, devices: divide(X, devices, lambda n, k: [n // k] * k), "1 lost. 7 // 3 leaves a remainder"),
        ("09.3", lambda X, devices: divide(X, devices, lambda n, k: [n - k + 1] + [1] * (k - 1)), "would wait"),
        ("09.3", lambda X, devices: divide(X[::-1], devices), "another order"),
        ("09.3", lambda X, devices: [X.as_in_ctx(d) for d in devices], "every device gets the whole batch"),
        ("09.3", lambda X, devices: [X[: len(X) // len(devices)].as_in_ctx(d) for d in devices], "are there twice"),
        ("09.3", lambda X, devices: [X[: len(X) // 2 + 1].as_in_ctx(d) for d in devices], "more than the 8 examples"),
        ("09.3", lambda X, devices: [p.as_in_ctx(devices[0]) for p in divide(X, devices)], "should be on cpu(1)"),
        ("09.3", lambda X, devices: divide(X, devices)[:1], "gives 1 part, not 2"),
        ("09.3", lambda X, devices: [part.asnumpy() for part in divide(X, devices)], "which is on a device"),
        ("09.3", lambda X, devices: [part.T for part in divide(X, devices)], "divide along the first axis"),
        ("09.3", lambda X, devices: divide(X, devices)[0], "should return a list"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("09.1", [0.3, 11], "8,192 times as many"),
        ("09.1", (0.2996, 11.08), "8,192 times as many"),
        ("09.2", wait_once, "One wait for 5 batches"),
        ("09.2", of_batches(lambda parts: mean(parts).item()), "2 waits for 5 batches"),
        ("09.2", of_batches(mean), "doesn't wait at all"),
        ("09.3", divide, "split_and_load"),
        ("09.3", lambda X, devices: tuple(gluon.utils.split_and_load(X, devices, even_split=False)), "split_and_load"),
    ],
)
def test_right_answers_of_another_form(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✓ Exercise {name}: right. ")
    assert words in text


@pytest.mark.parametrize("read", [float, bool, repr, *map(methodcaller, ["item", "tolist", "wait_to_read"])])
def test_every_way_to_read_an_array_counts_as_one_wait(read):
    array = np.array(1.0)
    with exercises._counted_waits() as waits:
        read(array)
    assert len(waits) == 1


def test_counting_waits_leaves_mxnet_as_it_was():
    before = np.ndarray.asnumpy, np.ndarray.wait_to_read, npx.waitall
    with exercises._counted_waits() as waits:
        npx.waitall()
    assert waits == ["waitall"]
    check("09.2", lambda net, loss, batches: 1 / 0)
    assert (np.ndarray.asnumpy, np.ndarray.wait_to_read, npx.waitall) == before
    assert "wait_to_read" not in vars(np.ndarray)


# ---- Mini-project ----


def sample_solution():
    text = "".join(cell.source for cell in nbformat.read(NOTEBOOKS / "09-gpu.ipynb", as_version=4).cells)
    names = {"race": lambda loader: 1.0}
    exec(re.search(r"<summary>Sample solution</summary>.*?```python\n(.*?)\n```", text, re.DOTALL)[1], names)
    return names["ahead"]


def test_the_sample_solution_yields_the_same_batches_in_order():
    ahead = sample_solution()
    assert list(ahead(iter(range(10)))) == list(range(10))
    assert list(ahead(iter([]))) == []


def test_the_sample_solution_ends_if_the_disk_fails(monkeypatch):
    def failing():
        yield 1
        raise OSError("the disk is broken")

    noticed = Queue()
    monkeypatch.setattr(threading, "excepthook", noticed.put)
    assert list(sample_solution()(failing())) == [1]
    assert str(noticed.get(timeout=10).exc_value) == "the disk is broken"  # not silently ignored


@pytest.mark.parametrize("loader", [lambda batches: None, lambda batches: [*batches][::-1], lambda batches: [(1, 2)]])
def test_a_race_does_not_start_with_other_batches(names, loader, monkeypatch):
    monkeypatch.setitem(names, "batches", [(1, 2), (3, 4)])
    with pytest.raises(AssertionError, match="not the same 2 batches in the same order"):
        names["race"](loader)


@pytest.mark.training
def test_the_sample_solution_reaches_the_goal_and_one_by_one_does_not():
    """Over three runs."""
    names = lesson("09-gpu").names(*BEGIN, "net, trainer, batches = make_training()", "one by one:")
    for _ in range(3):
        assert names["race"](names["one_by_one"]) > 1.4  # about 1.7 to 2
        assert (
            min(names["race"](sample_solution()) for _ in range(2)) < 1.3
        )  # 1.1 to 1.2, but another program may disturb one
