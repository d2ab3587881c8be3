"""Checks of the exercises in notebook 09, GPUs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import mxnet
import numpy as onp  # answers are computed in the original NumPy: independent of what the student computes with
from mxnet import gluon, init, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_array, call, compare, name_mistake, to_mxnet

# The GPU's peaks, and the size of the matrices in exercise 1.
FLOP_PER_SECOND, BYTES_PER_SECOND = 12.4e12, 672e9
SIZE = 4096
ROUGHLY = 0.013  # relative: a time may be rounded to two digits, and no mistake is so near to another


def exercise_1(answer: object) -> str:
    """Check the least times, in milliseconds, of a sum and of a product of two large matrices."""
    times = as_array(answer, what="(sum, product)")
    if times.shape != (2,):
        raise WrongAnswer(f"two times are asked for, (sum, product), but this has shape {times.shape}.")
    got_sum, got_product = (float(time) for time in times)
    moving = 1000 * 3 * 4 * SIZE**2 / BYTES_PER_SECOND
    adding, multiplying = 1000 * SIZE**2 / FLOP_PER_SECOND, 1000 * 2 * SIZE**3 / FLOP_PER_SECOND
    if _near(got_sum, multiplying) and _near(got_product, moving):
        raise WrongAnswer("both times are right, but in the other order: first the sum, then the product.")
    if _near(1000 * got_sum, moving) and _near(1000 * got_product, multiplying):
        raise WrongAnswer("these are seconds; milliseconds are asked for.")
    _check_time("sum", got_sum, moving, {
        "that is the time of the additions alone. The numbers have to come from memory, and go back": adding,
        "that is the time for the two matrices that are read. The third one is written, and moves too": 2 / 3 * moving,
        "that is the time for one matrix; three move, two in and one out": moving / 3,
        "that counts numbers where bytes are moved: a float32 has 4 bytes": moving / 4,
        "that counts 8 bytes per number, which would be float64": 2 * moving,
        "that counts bits: a GB is a billion bytes": 8 * moving,
    })  # fmt: skip
    _check_time("product", got_product, multiplying, {
        "that is the time to move the matrices. There is more arithmetic than that": moving,
        "that counts a multiply-add as one operation; it is 2 FLOP": multiplying / 2,
        "computing and moving go on at the same time: take the longer one, not the sum": multiplying + moving,
        "that counts one multiplication per entry; each entry is a sum of 4,096 products": adding,
        "that counts two operations per entry; each entry is a sum of 4,096 products": 2 * adding,
    })  # fmt: skip
    ratio = got_product / got_sum
    return (
        f"The product does {2 * SIZE:,} times as many operations as the sum, but takes only {ratio:.0f} times as long."
    )


def _near(got: float, expected: float) -> bool:
    return abs(got - expected) <= ROUGHLY * expected


def _check_time(what: str, got: float, expected: float, mistakes: dict[str, float]) -> None:
    if _near(got, expected):
        return
    for words, wrong in mistakes.items():
        if _near(got, wrong):
            raise WrongAnswer(f"the {what}: {words}.")
    raise WrongAnswer(
        f"{got:g} ms is too {'short' if got < expected else 'long'} for the {what}. How many bytes move, at 672 GB/s? "
        "How many FLOP are there, at 12.4 TFLOP/s? The longer time counts."
    )


def exercise_2(answer: object) -> str:
    """Check a mean loss and an accuracy that read at most two numbers.

    Three waits are accepted: adding an array of integers to 0.0, as the solution does, makes MXNet wait once more.
    """
    sizes = (4, 4, 4, 4, 2)
    random = onp.random.RandomState(8)
    X, y = random.normal(size=(sum(sizes), 3)), random.randint(0, 3, size=sum(sizes))
    npx.set_np()
    net = gluon.nn.Dense(3, in_units=3)
    net.initialize(init.Zero())
    net.weight.set_data(to_mxnet(onp.diag([3.0, 2.0, 1.0])))  # (outputs, inputs): the scores are X times these
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    stops = onp.cumsum(sizes)
    batches = [
        (to_mxnet(X[stop - size : stop]), to_mxnet(y[stop - size : stop]))
        for stop, size in zip(stops, sizes, strict=True)
    ]
    with _counted_waits() as waits:
        result = call(answer, net, loss, batches, shown=f"evaluate(net, loss, batches) with batches of {sizes}")
        number_of_waits = len(waits)

    got = as_array(result, what="(mean loss, accuracy)")
    if got.shape != (2,):
        raise WrongAnswer(f"two numbers are asked for, (mean loss, accuracy); this has shape {got.shape}.")
    scores = X * [3.0, 2.0, 1.0]
    losses = onp.log(onp.exp(scores).sum(axis=1)) - scores[onp.arange(len(y)), y]
    right = (scores.argmax(axis=1) == y).astype(float)
    if onp.allclose(got, [right.mean(), losses.mean()], rtol=1e-3):
        raise WrongAnswer("both numbers are right, but in the other order: first the mean loss, then the accuracy.")
    for what, one, values in (("mean loss", got[0], losses), ("accuracy", got[1], right)):
        _check_mean(what, one, values, sizes)
    if number_of_waits > 3:
        raise WrongAnswer(
            f"both numbers are right, but the function waits {number_of_waits} times for {len(sizes)} batches. "
            "float(), item(), asnumpy(), print() and wait_to_read() all wait: call them after the loop."
        )
    if number_of_waits == 0:
        return "It doesn't wait at all: only reading what it returns does."
    times = "One wait" if number_of_waits == 1 else f"{number_of_waits} waits"
    return f"{times} for {len(sizes)} batches: the device gets all its orders first."


def _check_mean(what: str, got: float, values: onp.ndarray, sizes: Sequence[int]) -> None:
    parts = onp.split(values, onp.cumsum(sizes)[:-1])
    of_batches = [part.mean() for part in parts]
    mistakes = {
        "this is the mean of the batches' means: the examples of the small last batch count too much.": onp.mean(
            of_batches
        ),
        "this is the sum over the examples, not their mean.": values.sum(),
        "this is divided by the number of batches, not of examples.": values.sum() / len(sizes),
        "this is the sum of the batches' means.": onp.sum(of_batches),
        "this is the last batch only.": of_batches[-1],
        "this is the sum of the last batch only.": parts[-1].sum(),
        "this is the first batch only: does `return` stand in the loop?": of_batches[0],
    }
    if not onp.isclose(got, values.mean(), rtol=1e-4):
        name_mistake(got, {f"the {what}: {words}": wrong for words, wrong in mistakes.items()})
    compare(got, values.mean(), what=f"the {what}")


@contextmanager
def _counted_waits() -> Iterator[list[str]]:
    """Note in a list each time that Python waits for MXNet's results."""
    waits: list[str] = []

    def counted(owner: Any, name: str) -> Any:
        original = getattr(owner, name)

        def wait(*arguments: Any, **options: Any) -> Any:
            waits.append(name)
            return original(*arguments, **options)

        return original, wait

    # All other ways to read an array (float, item, tolist, print, bool) lead to asnumpy.
    places = [(mxnet.np.ndarray, "asnumpy"), (mxnet.np.ndarray, "wait_to_read"), (mxnet.npx, "waitall")]
    inherited = [name not in vars(owner) for owner, name in places]
    originals = []
    for owner, name in places:
        original, wait = counted(owner, name)
        originals.append(original)
        setattr(owner, name, wait)
    try:
        yield waits
    finally:
        for (owner, name), original, was_inherited in zip(places, originals, inherited, strict=True):
            if was_inherited:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


def exercise_3(answer: object) -> str:
    """Check the division of a batch among devices."""
    for n, k in ((8, 2), (7, 3), (5, 1)):
        devices = [npx.cpu(i) for i in range(k)]
        X = onp.arange(2.0 * n).reshape(n, 2)
        shown = f"divide(X, devices) with {n} examples and {k} device{'s' if k > 1 else ''}"
        _check_parts(call(answer, to_mxnet(X), devices, shown=shown), X, devices, shown)
    return "Gluon has it as gluon.utils.split_and_load(X, devices, even_split=False)."


def _check_parts(parts: Any, X: onp.ndarray, devices: Sequence[Any], shown: str) -> None:
    n, k = len(X), len(devices)
    if not isinstance(parts, (list, tuple)):
        raise WrongAnswer(f"{shown} should return a list of arrays.")
    if len(parts) != k:
        raise WrongAnswer(
            f"{shown} gives {len(parts)} part{'' if len(parts) == 1 else 's'}, not {k}: one for each device."
        )
    for part, place in zip(parts, devices, strict=True):
        if not hasattr(part, "ctx"):
            raise WrongAnswer(f"{shown}: a part should be an MXNet array, which is on a device.")
        if part.shape[1:] != X.shape[1:]:
            raise WrongAnswer(f"{shown}: a part has shape {part.shape}; divide along the first axis, the examples.")
        if part.ctx != place:
            raise WrongAnswer(f"{shown}: a part is on {part.ctx} and should be on {place}. Use as_in_ctx.")
    sizes = [len(part) for part in parts]
    words = ", ".join(map(str, sizes))
    if sum(sizes) == n * k and k > 1:
        raise WrongAnswer(f"{shown}: every device gets the whole batch.")
    if sum(sizes) < n:
        raise WrongAnswer(f"{shown} gives parts of {words}: {n - sum(sizes)} lost. {n} // {k} leaves a remainder.")
    if sum(sizes) > n:
        raise WrongAnswer(f"{shown} gives parts of {words}: more than the {n} examples, so some are there twice.")
    if max(sizes) - min(sizes) > 1:
        raise WrongAnswer(f"{shown} gives parts of {words}: one device would wait for another. They may differ by 1.")
    joined = onp.concatenate([as_array(part) for part in parts])
    if not onp.array_equal(joined, X):
        same = onp.array_equal(onp.sort(joined[:, 0]), X[:, 0])
        raise WrongAnswer(
            f"{shown}: the sizes are right, but "
            + ("the examples are in another order." if same else "some examples are there twice, others not at all.")
        )
