"""Ctrl-C while MXNet has operations in its queue (mxnet_compat/queue.py). Without the patch, each loop takes long."""

import textwrap
import threading
import time

import mxnet as mx
import numpy as onp
import pytest
from mxnet import np, npx

from tests.processes import run_python

SETUP = """
    import os, signal, threading, time
    import mxnet as mx
    from mxnet import autograd, np, npx
    from mxnet.gluon import nn

    npx.set_np()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl-C
    a = np.random.uniform(size=(400, 400)) / 200

    def loop():
"""

INTERRUPT = """
    sent = []

    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    npx.waitall()
    threading.Timer(0.5, interrupt).start()
    try:
        loop()
        print("null")
    except KeyboardInterrupt:
        print(time.monotonic() - sent[0])
"""

LOOPS = {
    "a chain of products, print": """
        y = a
        for _ in range(20_000):
            y = np.dot(y, a)
        print(y)
    """,
    "unused products, waitall": """
        for _ in range(20_000):
            np.dot(a, a)
        npx.waitall()
    """,
    "few slow products, item": """
        b = np.tile(a, (10, 10))
        y = [np.dot(b, b) for _ in range(30)][-1]
        y[0, 0].item()
    """,
    "in place": """
        y = np.zeros((1500, 1500))
        for _ in range(60_000):
            y += 1
        y.wait_to_read()
    """,
    "training": """
        net = nn.HybridSequential()
        net.add(nn.Dense(400), nn.Dense(400))
        net.initialize()
        net.hybridize()
        for _ in range(10_000):
            with autograd.record():
                loss = net(a).sum()
            loss.backward()
        float(loss)
    """,
    "the old interface": """
        y = b = mx.nd.random.uniform(shape=(400, 400))
        for _ in range(20_000):
            y = mx.nd.dot(y, b)
        y.asnumpy()
    """,
}


@pytest.mark.parametrize("name", LOOPS)
def test_control_c_arrives_at_once(name):
    loop = textwrap.indent(textwrap.dedent(LOOPS[name]), 8 * " ")
    seconds = run_python(SETUP + loop + INTERRUPT).stdout.split()[-1]
    assert seconds != "null"
    assert float(seconds) < 5  # about 0.01 on an idle machine


def test_the_session_goes_on():
    loop = """
        y = np.eye(200)
        for _ in range(50_000):
            y = np.dot(y, np.eye(200))
        y.asnumpy()
    """
    after = """
    assert float((np.arange(5) + 1).sum()) == 15
    npx.waitall()
    print("right")
    """
    assert run_python(SETUP + loop + INTERRUPT + after).stdout.split()[-1] == "right"


def test_operations_are_still_queued():
    a = np.ones((500, 500))
    np.dot(a, a).wait_to_read()
    start = time.perf_counter()
    for _ in range(100):
        y = np.dot(a, a)
    queued = time.perf_counter() - start
    y.wait_to_read()
    assert queued < (time.perf_counter() - start) / 2


def test_an_error_is_raised_by_waitall():
    bad = np.linalg.inv(np.zeros((2, 2)))
    for _ in range(100):
        np.ones(3) + 1
    with pytest.raises(mx.MXNetError, match="Check failed"):
        npx.waitall()
    npx.waitall()
    del bad


def test_other_threads_queue_and_wait():
    results = []

    def work(start):
        x = mx.nd.full((3,), start)
        for _ in range(1000):
            x = x + 1
        results.append(float(x.asnumpy()[0]))

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 5000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1000, 6000]


def test_outputs_that_are_lists_or_given():
    x = np.arange(6.0)
    for _ in range(600):
        parts = np.split(x, 2)
        np.add(x, 1, out=x)
    assert onp.array_equal(x.asnumpy(), onp.arange(6) + 600)
    assert onp.array_equal(parts[1].asnumpy(), onp.arange(3, 6) + 599)
