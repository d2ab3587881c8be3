"""Notebook 09: its models of hardware and of waiting times, its two devices, and wrong answers to its exercises."""

import itertools
from operator import methodcaller

import numpy as onp
import pytest
from lessons import lesson
from matplotlib.figure import Figure
from mxnet import gluon, np, npx
from support import said

from d2lhelpers import check, try_gpu
from d2lhelpers.exercises import nb09_gpu as exercises


@pytest.fixture
def names():
    return lesson("09-gpu").names("device, other = try_gpu()", "def run_epoch(", "pair = gpus[:2]")


# ---- Machines and devices ----


@pytest.mark.parametrize("n", [16, 64, 1024])  # both wait for memory, only the GPU does, neither does
def test_the_roofline_says_how_many_times_faster_the_gpu_multiplies(names, n):
    operations_per_byte = 2 * n**3 / (3 * n**2 * 4)
    cpu, gpu = min(0.15e12, 30e9 * operations_per_byte), min(12e12, 672e9 * operations_per_byte)
    ax = Figure().subplots()
    names["draw_roofline"](ax, n)
    assert ax.get_title() == f"n = {n}: GPU {gpu / cpu:.0f}× faster"


def test_a_product_does_more_operations_per_second_than_a_sum(names):
    n = 512
    A, B, C = np.random.uniform(0, 1, (3, n, n))
    a_sum = n**2 / names["fastest"](np.add, A, B, out=C)
    product = 2 * n**3 / names["fastest"](np.dot, A, B, out=C)
    assert product > 3 * a_sum  # at least ten times as many on a quiet machine


@pytest.mark.parametrize("num_gpus", [0, 2])
def test_the_first_device_is_that_of_try_gpu(names, num_gpus, monkeypatch):
    monkeypatch.setattr(npx, "num_gpus", lambda: num_gpus)
    assert names["first_device"]() == try_gpu() == (npx.gpu(0) if num_gpus else npx.cpu())


# ---- Waiting ----


@pytest.mark.training
def test_reading_each_loss_waits_once_per_batch_and_gives_the_same_mean(names):
    means, waits = [], []
    for read in (True, False):
        training = names["make_training"](32, 32, num_batches=20)
        with exercises._counted_waits() as counted:
            means.append(names["run_epoch"](*training, read=read))
            waits.append(len(counted))
    assert waits == [20, 1]
    assert means[0] == pytest.approx(means[1], rel=1e-5)


@pytest.mark.parametrize("compute", [0.25, 1, 8])
def test_the_time_line_takes_turns_only_when_each_result_is_read(names, compute):
    n = 1000
    *_, read = names["times_of_batches"](compute, True, n)
    *_, not_read = names["times_of_batches"](compute, False, n)
    assert read == pytest.approx(n * (1 + compute + 0.3))
    assert not_read == pytest.approx(n * max(1, compute), rel=0.01)


@pytest.mark.parametrize("read", [True, False])
def test_on_the_time_line_the_engine_computes_one_batch_at_a_time_once_it_is_ordered(names, read):
    orders, works, end = names["times_of_batches"](2, read)
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise([*works, end]))
    assert all(work >= order + 1 for order, work in zip(orders, works, strict=True))


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


def of_batches(combine):
    """Return an answer to exercise 2: what `combine` makes of the losses of the batches, one array for each."""
    return lambda net, loss, batches: combine([loss(net(X), y) for X, y in batches])


def wait_for_each(net, loss, batches):
    total, count = 0.0, 0
    for X, y in batches:
        total += loss(net(X), y).sum().item()
        count += len(y)
    return total / count


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
        ("09.1", 0.0067, "the additions alone"),
        ("09.1", 0.27, "The third one is written"),
        ("09.1", 0.133, "takes one vector"),
        ("09.1", 0.1, "a float32 has 4 bytes"),
        ("09.1", 0.8, "float64"),
        ("09.1", 3.2, "counts bits"),
        ("09.1", 0.407, "the longer one, not the sum"),
        ("09.1", 400, "milliseconds"),
        ("09.1", 12, "Divide by the GB/s"),
        ("09.1", 0.01, "too short"),
        ("09.1", 7, "too long"),
        ("09.2", wait_for_each, "waits 3 times for 3 batches"),
        ("09.2", of_batches(lambda losses: sum(each.mean() for each in losses) / 3), "mean of the batches' means"),
        ("09.2", of_batches(lambda losses: sum(each.sum() for each in losses)), "sum over the examples"),
        ("09.2", of_batches(lambda losses: sum(each.sum() for each in losses) / 3), "number of batches"),
        ("09.2", of_batches(lambda losses: sum(each.mean() for each in losses)), "sum of the batches' means"),
        ("09.2", of_batches(lambda losses: losses[-1].mean()), "the last batch only"),
        ("09.2", of_batches(lambda losses: losses[-1].sum()), "sum of the last batch only"),
        ("09.2", of_batches(lambda losses: losses[0].mean()), "does `return` stand in the loop"),
        ("09.2", of_batches(lambda losses: losses[0]), "this has shape (4,)"),
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
        ("09.2", of_batches(lambda losses: np.concatenate(losses).mean().item()), "One wait for 3 batches"),
        ("09.2", of_batches(lambda losses: np.concatenate(losses).mean()), "does not wait at all"),
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
    with pytest.raises(ZeroDivisionError):
        check("09.2", lambda net, loss, batches: 1 / 0)
    assert (np.ndarray.asnumpy, np.ndarray.wait_to_read, npx.waitall) == before
    assert "wait_to_read" not in vars(np.ndarray)
