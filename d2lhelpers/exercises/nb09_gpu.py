"""Checks of the exercises in notebook 09, GPUs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import mxnet
import numpy as onp  # answers are computed in the original NumPy: independent of what the student computes with
from mxnet import gluon, init, npx

from d2lhelpers.exercises.answers import WrongAnswer, as_array, as_number, call, compare, name_mistake, to_mxnet

# The lecture's CPU, and the task of exercise 1.
OPERATIONS_PER_SECOND, BYTES_PER_SECOND = 0.15e12, 30e9
NUM_ENTRIES = 10**9
ROUGHLY = 0.015  # relative: a time may be rounded to two digits, and no mistake is so near to another


def exercise_1(answer: object) -> str:
    """Check the least time in which two long vectors can be added."""
    got = as_number(answer)
    adding, moving = NUM_ENTRIES / OPERATIONS_PER_SECOND, 3 * 4 * NUM_ENTRIES / BYTES_PER_SECOND
    mistakes = {
        "this is the time of the additions alone. The numbers have to come from memory, and go back.": adding,
        "so long take the two vectors that are read. The third one is written, and moves too.": 2 / 3 * moving,
        "so long takes one vector; three move, two in and one out.": moving / 3,
        "this counts numbers where bytes are moved: a float32 has 4 bytes.": moving / 4,
        "this counts 8 bytes a number: that would be float64.": 2 * moving,
        "this counts bits: a GB is a billion bytes.": 8 * moving,
        "adding and moving go on at the same time: take the longer one, not the sum.": adding + moving,
        "these are milliseconds; seconds are asked for.": 1000 * moving,
        "so many GB are moved. Divide by the GB/s.": moving * BYTES_PER_SECOND / 1e9,
    }
    if abs(got - moving) < 0.5 * adding:
        return (
            f"Moving the numbers takes {moving:g} s, adding them {adding:.4f} s: the arithmetic waits for the memory."
        )
    for words, wrong in mistakes.items():
        if abs(got - wrong) <= ROUGHLY * wrong:
            raise WrongAnswer(words)
    raise WrongAnswer(
        f"{got:g} s is too {'short' if got < moving else 'long'}. How many bytes move, at 30 GB/s? How many additions "
        "are there, at 0.15 TFLOP/s? The longer time counts."
    )


def exercise_2(answer: object) -> str:
    """Check a mean loss that waits for the device only once."""
    sizes = (4, 4, 2)
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
        result = call(answer, net, loss, batches, shown=f"mean_loss(net, loss, batches) with batches of {sizes}")
        number_of_waits = len(waits)

    scores = X * [3.0, 2.0, 1.0]
    losses = onp.log(onp.exp(scores).sum(axis=1)) - scores[onp.arange(len(y)), y]
    of_batches = [part.mean() for part in onp.split(losses, stops[:-1])]
    got = as_array(result)
    if got.size != 1:
        raise WrongAnswer(f"one number is asked for, the mean over all examples; this has shape {got.shape}.")
    mistakes = {
        "this is the mean of the batches' means: the examples of the small last batch count too much.": onp.mean(
            of_batches
        ),
        "this is the sum over the examples, not their mean.": losses.sum(),
        "this is divided by the number of batches, not of examples.": losses.sum() / len(sizes),
        "this is the sum of the batches' means.": onp.sum(of_batches),
        "this is the last batch only.": of_batches[-1],
        "this is the sum of the last batch only.": losses[-sizes[-1] :].sum(),
        "this is the first batch only: does `return` stand in the loop?": of_batches[0],
    }
    name_mistake(got.reshape(()), mistakes)
    compare(got.reshape(()), losses.mean(), what="mean_loss(net, loss, batches)")
    if number_of_waits > 1:
        raise WrongAnswer(
            f"the mean is right, but the function waits {number_of_waits} times for {len(sizes)} batches. "
            "float(), item(), asnumpy(), print() and wait_to_read() all wait: call one of them once, after the loop."
        )
    if number_of_waits == 0:
        return "It does not wait at all: whoever reads the array it returns will."
    return f"One wait for {len(sizes)} batches: the device gets all its orders first."


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
