"""Training with several worker processes (distributed.py, and `kvstore` of training.fit)."""

import json
import math
import re
import subprocess
import sys
import textwrap

import mxnet as mx
import numpy as onp
import pytest
from mxnet import gluon, np, npx
from mxnet.gluon import nn

from d2lhelpers import ArrayLoader, connect_workers, evaluate, fit, load_images
from d2lhelpers.distributed import workers as distributed

npx.set_np()

pytestmark = pytest.mark.jobs
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="jobs run on Linux only")

# What the one process here and the workers of a job have in common.
COMMON = """
import mxnet as mx
import numpy as onp
from mxnet import gluon, np, npx
from mxnet.gluon import nn

npx.set_np()
BATCH = 16

def batches(rows=slice(None), size=BATCH):
    random = onp.random.RandomState(0)
    X = random.normal(size=(50, 4)).astype("float32")
    y = X[:, :3].argmax(axis=1).astype("int32")
    cut = [(X[i : i + size][rows], y[i : i + size][rows]) for i in range(0, 50, size)]
    return [(np.array(X), np.array(y, dtype="int32")) for X, y in cut if len(X)]

def make_net():
    net = nn.HybridSequential()
    net.add(nn.Dense(8, activation="relu"), nn.Dense(3))
    return net

def momentum():
    schedule = mx.lr_scheduler.FactorScheduler(step=4, factor=0.5, base_lr=0.2)
    return mx.optimizer.SGD(learning_rate=0.2, momentum=0.9, wd=0.01, lr_scheduler=schedule)

CASES = {
    "sgd": dict(optimizer="sgd", lr=0.2),
    "momentum": dict(optimizer=momentum),
    "adam": dict(optimizer="adam", lr=0.02),
    "devices": dict(optimizer="adam", lr=0.02, devices=[mx.cpu(0), mx.cpu(1)]),
}

def train(kind, train_loader, test_loader, seed, **kwargs):
    options = {**CASES[kind], **kwargs}
    if kind == "momentum":
        options["optimizer"] = momentum()
    net = make_net()
    history = fit(net, train_loader, test_loader, num_epochs=3, seed=seed, **options)
    return history.curves(), [p.data(mx.cpu(0)).asnumpy().tolist() for p in net.collect_params().values()]
"""

SCRIPT = """
import json
from d2lhelpers import connect_workers, fit
{common}
store = connect_workers()
assert connect_workers() is store
rank = store.rank
print("rank", rank, "of", store.num_workers)
results = {{}}
for kind in CASES:
    # Uneven: 10 and 6 of 16; of the last batch, 2 and none. The test set is divided by rows. Worker 1 has another seed.
    mine = slice(10) if rank == 0 else slice(10, None)
    results[kind] = train(
        kind, batches(mine), batches()[rank::2], 1 + rank, plot=kind == "sgd", kvstore="dist_sync" if rank else store
    )
# An epoch without a step for one worker of two; the test set is the same for both.
results["alone"] = train("sgd", batches() if rank == 0 else batches()[:1], batches(), 1, plot=False, kvstore=store)
for name, arguments in (("epochs", dict(num_epochs=2 + rank)), ("test", dict(test_loader=batches() if rank else None))):
    try:
        fit(make_net(), batches(), **{{"num_epochs": 1, "kvstore": store, **arguments}})
    except ValueError as error:
        results[name] = str(error)
print("results", json.dumps(results))
"""


def launch(folder, code, *options):
    (folder / "script.py").write_text(textwrap.dedent(code))
    command = [sys.executable, "-m", "d2lhelpers", "launch", *options, "script.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=200)


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """Run a job of two workers, and return its output and the workers' results."""
    done = launch(tmp_path_factory.mktemp("job"), SCRIPT.format(common=COMMON), "-n", "2", "-s", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    results = {}
    for line in done.stdout.splitlines():
        if found := re.match(r"\[worker (\d)\] results (.*)", line):
            results[int(found[1])] = json.loads(found[2])
    assert sorted(results) == [0, 1]
    return done, results


@pytest.fixture(scope="module")
def alone():
    space = {"fit": fit}
    exec(COMMON, space)
    return space


@LINUX
@pytest.mark.parametrize("kind", ["sgd", "momentum", "adam", "devices"])
def test_two_workers_train_as_one_with_the_doubled_batch(job, alone, kind):
    curves, weights = alone["train"](kind, alone["batches"](), alone["batches"](), 1, plot=False, devices=mx.cpu(0))
    for rank in range(2):
        their_curves, their_weights = job[1][rank][kind]
        assert their_curves.keys() == curves.keys()
        for name, values in curves.items():
            assert their_curves[name] == pytest.approx(values, rel=2e-5), name
        for mine, theirs in zip(weights, their_weights, strict=True):
            onp.testing.assert_allclose(theirs, mine, rtol=2e-4, atol=2e-6)
    assert job[1][0][kind] == job[1][1][kind]  # to the last bit


@LINUX
def test_worker_without_minibatches_left_follows_the_others(job, alone):
    # Worker 1's only minibatch is the same as worker 0's first: that step has it twice.
    X, y = alone["batches"]()[0]
    doubled = [(np.concatenate([X, X]), np.concatenate([y, y])), *alone["batches"]()[1:]]
    curves, weights = alone["train"]("sgd", doubled, alone["batches"](), 1, plot=False)
    for rank in range(2):
        their_curves, their_weights = job[1][rank]["alone"]
        for name, values in curves.items():
            assert their_curves[name] == pytest.approx(values, rel=2e-5), name
        for mine, theirs in zip(weights, their_weights, strict=True):
            onp.testing.assert_allclose(theirs, mine, rtol=2e-4, atol=2e-6)


@LINUX
def test_workers_that_would_wait_for_ever_are_told(job):
    for rank in range(2):
        assert job[1][rank]["epochs"] == (
            "num_epochs must be the same on all workers, but is 2, 3 on workers 0 to 1: they would wait for each other "
            "for ever"
        )
        assert job[1][rank]["test"].startswith("having a test_loader (1 or 0) must be the same on all workers, but is")


@LINUX
def test_numbers_shown_are_ranks_and_only_worker_0_prints_epochs(job):
    lines = job[0].stdout.splitlines()
    assert sorted(line for line in lines if " rank " in line) == [f"[worker {i}] rank {i} of 2" for i in range(2)]
    assert [line[:21] for line in lines if "epoch" in line and "results" not in line] == [
        f"[worker 0] epoch {i}/3:" for i in range(1, 4)
    ]
    assert job[0].stderr == ""


@LINUX
def test_example_of_the_documentation(tmp_path):
    text = connect_workers.__doc__.partition("::\n")[2].rpartition("python -m d2lhelpers launch")
    code = textwrap.dedent(text[0])
    assert code.count("\n") < 20
    assert text[2].strip() == "-n 2 script.py"
    done = launch(tmp_path, code, "-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"(\[worker 0\] epoch \d/3: train loss .*, test accuracy .*\n){3}", done.stdout)
    net = nn.Sequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    net.load_parameters(str(tmp_path / "digits.params"))
    test_loader = ArrayLoader(*load_images(train=False), batch_size=256)
    assert evaluate(net, test_loader)[1] > 0.2  # by chance: 0.1


# In one process


@pytest.mark.parametrize("start", [connect_workers, lambda: fit(nn.Dense(2), [], num_epochs=1, kvstore="dist_sync")])
@pytest.mark.parametrize("variables", [{}, {"DMLC_ROLE": "worker"}, {"DMLC_PS_ROOT_URI": "127.0.0.1"}])
def test_script_that_was_started_alone(monkeypatch, start, variables):
    for name in ("DMLC_ROLE", "DMLC_PS_ROOT_URI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match=r"started alone.* python -m d2lhelpers launch -n 2 script\.py"):
        start()


def test_sums_of_one_worker():
    workers = distributed.Workers(mx.kv.create("local"))
    assert (workers.rank, workers.count) == (0, 1)
    assert workers.total([2**24 + 1, 0.1]).tolist() == [2**24 + 1, 0.1]
    assert math.isnan(workers.total([math.nan, 1.0]).tolist()[0])
    copies = [np.array([1.0, 2.0], ctx=mx.cpu(i)) for i in range(2)]
    workers.add_up([copies])
    assert [copy.tolist() for copy in copies] == [[2.0, 4.0], [2.0, 4.0]]
    assert list(workers.in_step([("a", 3), ("b", 2)])) == [("a", 3), ("b", 2)]
    assert list(workers.in_step([])) == []
    workers.check_same({"name": 3})


def test_store_is_used_again_with_the_keys_it_has():
    store = mx.kv.create("local")
    distributed.Workers(store).total([1.0])
    again = distributed.Workers(store)
    assert again.total([2.0]).tolist() == [2.0]
    assert again.total([2.0, 3.0]).tolist() == [2.0, 3.0]


def test_parameters_are_those_of_worker_0():
    net = nn.Dense(3, in_units=2)
    net.initialize(ctx=[mx.cpu(0), mx.cpu(1)])
    before = net.weight.data(mx.cpu(0)).asnumpy()
    distributed.Workers(mx.kv.create("local")).share_parameters(net.collect_params().values())
    for i in range(2):
        onp.testing.assert_array_equal(net.weight.data(mx.cpu(i)).asnumpy(), before)


@pytest.mark.parametrize("devices", [mx.cpu(0), [mx.cpu(0), mx.cpu(1)]])
def test_stores_of_one_process_train_alike(alone, devices):
    default = alone["train"]("momentum", alone["batches"](), alone["batches"](), 1, plot=False, devices=devices)
    for kvstore in ("local", "device", mx.kv.create("local"), mx.kv.create("device")):
        curves, weights = alone["train"](
            "momentum", alone["batches"](), alone["batches"](), 1, plot=False, devices=devices, kvstore=kvstore
        )
        assert curves["train_loss"] == pytest.approx(default[0]["train_loss"], rel=1e-5)
        for a, b in zip(weights, default[1], strict=True):
            onp.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-6)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"kvstore": "horovod"}, ValueError, "kvstore 'horovod' is not supported: use 'dist_sync' for several"),
        ({"kvstore": "dist_async"}, ValueError, "kvstore 'dist_async' is not supported"),
        ({"kvstore": "dist_device_sync"}, ValueError, "kvstore 'dist_device_sync' is not supported"),
        ({"kvstore": None}, TypeError, "kvstore must be a name such as 'dist_sync', or an MXNet KVStore, not None"),
    ],
)
def test_bad_stores(alone, arguments, error, said):
    with pytest.raises(error, match=said):
        fit(alone["make_net"](), alone["batches"](), num_epochs=1, plot=False, **arguments)


@pytest.mark.parametrize(("own", "given"), [("dist_sync", "device"), ("device", "local"), ("device", "dist_sync")])
def test_trainers_have_their_own_store(alone, own, given):
    net = alone["make_net"]()
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", kvstore=own)
    with pytest.raises(ValueError, match="a Trainer cannot be combined with kvstore"):
        fit(net, alone["batches"](), num_epochs=1, optimizer=trainer, kvstore=given)
