"""Training with several workers, compared with training in one process."""

import json
import math
import re
import subprocess
import sys
import textwrap

import mxnet as mx
import numpy as onp
import pytest
from mxnet import gluon, np
from mxnet.gluon import nn

from d2lhelpers import ArrayLoader, connect_workers, evaluate, fit, load_images
from d2lhelpers.distributed.workers import Workers
from d2lhelpers.minibatches import Minibatch

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="jobs run on Linux only")

# What this process and the workers of a job have in common.
COMMON = """
import mxnet as mx
import numpy as onp
from mxnet import gluon, np, npx
from mxnet.gluon import nn

npx.set_np()

def batches(rows=slice(None)):
    random = onp.random.RandomState(0)
    X = random.normal(size=(50, 4)).astype("float32")
    y = X[:, :3].argmax(axis=1).astype("int32")
    cut = [(X[i : i + 16][rows], y[i : i + 16][rows]) for i in range(0, 50, 16)]
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
results["random number"] = float(np.random.uniform())
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
    found = re.findall(r"^\[worker (\d)\] results (.*)$", done.stdout, flags=re.MULTILINE)
    results = {int(rank): json.loads(text) for rank, text in found}
    assert sorted(results) == [0, 1]
    return done, results


@pytest.fixture(scope="module")
def alone():
    space = {"fit": fit}
    exec(COMMON, space)
    return space


def assert_same_training(one, other):
    (curves, weights), (their_curves, their_weights) = one, other
    assert their_curves.keys() == curves.keys()
    for name, values in curves.items():
        assert their_curves[name] == pytest.approx(values, rel=2e-5), name
    for mine, theirs in zip(weights, their_weights, strict=True):
        onp.testing.assert_allclose(theirs, mine, rtol=2e-4, atol=2e-6)


@LINUX
@pytest.mark.jobs
@pytest.mark.parametrize("kind", ["sgd", "momentum", "devices"])
def test_two_workers_train_as_one_with_the_batches_joined(job, alone, kind):
    one = alone["train"](kind, alone["batches"](), alone["batches"](), 1, plot=False, devices=mx.cpu(0))
    assert_same_training(one, job[1][0][kind])
    assert job[1][0][kind] == job[1][1][kind]  # to the last bit


@LINUX
@pytest.mark.jobs
def test_worker_without_minibatches_left_follows_the_others(job, alone):
    # Worker 1's only minibatch is the same as worker 0's first: that step has it twice.
    X, y = alone["batches"]()[0]
    doubled = [(np.concatenate([X, X]), np.concatenate([y, y])), *alone["batches"]()[1:]]
    one = alone["train"]("sgd", doubled, alone["batches"](), 1, plot=False)
    for rank in range(2):
        assert_same_training(one, job[1][rank]["alone"])


@LINUX
@pytest.mark.jobs
def test_workers_with_the_same_seed_draw_numbers_of_their_own(job):
    assert job[1][0]["random number"] != job[1][1]["random number"]


@LINUX
@pytest.mark.jobs
def test_workers_that_would_wait_forever_are_told(job):
    for rank in range(2):
        assert job[1][rank]["epochs"] == (
            "num_epochs must be the same on all workers, but is 2, 3 on workers 0 to 1: they would wait for each other "
            "forever"
        )
        assert job[1][rank]["test"].startswith("having a test_loader (1 or 0) must be the same on all workers, but is")


@LINUX
@pytest.mark.jobs
def test_numbers_shown_are_ranks_and_only_worker_0_prints_epochs(job):
    lines = job[0].stdout.splitlines()
    assert sorted(line for line in lines if " rank " in line) == [f"[worker {i}] rank {i} of 2" for i in range(2)]
    assert [line[:21] for line in lines if "epoch" in line and "results" not in line] == [
        f"[worker 0] epoch {i}/3:" for i in range(1, 4)
    ]
    assert job[0].stderr == ""


@LINUX
@pytest.mark.jobs
def test_example_of_the_documentation(tmp_path):
    code, _, command = connect_workers.__doc__.partition("::\n")[2].rpartition("python -m d2lhelpers launch")
    assert command.strip() == "-n 2 script.py"
    done = launch(tmp_path, code, "-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"(\[worker 0\] epoch \d/3: train loss .*, test accuracy .*\n){3}", done.stdout)
    net = nn.Sequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    net.load_parameters(str(tmp_path / "digits.params"))
    test_loader = ArrayLoader(*load_images(train=False), batch_size=256)
    assert evaluate(net, test_loader)[1] > 0.2  # by chance: 0.1


# In one process


@pytest.mark.parametrize("variables", [{}, {"DMLC_ROLE": "worker"}, {"DMLC_PS_ROOT_URI": "127.0.0.1"}])
def test_script_that_was_started_alone(monkeypatch, variables):
    for name in ("DMLC_ROLE", "DMLC_PS_ROOT_URI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for start in (connect_workers, lambda: fit(nn.Dense(2), [], num_epochs=1, kvstore="dist_sync")):
        with pytest.raises(RuntimeError, match=r"started alone.* python -m d2lhelpers launch -n 2 script\.py"):
            start()


def test_sums_of_one_worker():
    workers = Workers(mx.kv.create("local"))
    assert workers.total([2**24 + 1, 0.1]) == [2**24 + 1, 0.1]  # float32 holds neither
    assert math.isnan(workers.total([math.nan, 1.0])[0])
    copies = [np.array([1.0, 2.0], ctx=mx.cpu(i)) for i in range(2)]
    workers.add_up([copies])
    assert [copy.tolist() for copy in copies] == [[2.0, 4.0], [2.0, 4.0]]
    batches = [Minibatch(np.ones((n, 2)), np.ones(n)) for n in (3, 2)]
    assert list(workers.steps(batches)) == [(batches[0], 3), (batches[1], 2)]


def test_store_can_be_used_again():
    store = mx.kv.create("local")
    Workers(store).total([1.0])
    assert Workers(store).total([2.0]) == [2.0]
    assert Workers(store).total([2.0, 3.0]) == [2.0, 3.0]


@pytest.mark.parametrize("in_units", [2, 0])  # 0: known after the first minibatch
def test_parameters_become_those_of_worker_0(in_units):
    devices = [mx.cpu(0), mx.cpu(1)]
    net = nn.Dense(3, in_units=in_units)
    net.initialize(mx.init.Constant(0.5), ctx=devices)
    shares = [Minibatch(np.ones((1, 2), ctx=device), np.ones(1, ctx=device)) for device in devices]
    Workers(mx.kv.create("local")).start_alike(net, shares)
    for device in devices:
        assert net.weight.data(device).tolist() == [[0.5, 0.5]] * 3


@pytest.mark.parametrize("devices", [mx.cpu(0), [mx.cpu(0), mx.cpu(1)]])
def test_stores_of_one_process_train_alike(alone, devices):
    def run(**options):
        return alone["train"]("momentum", alone["batches"](), None, 1, plot=False, devices=devices, **options)

    default = run()
    for kvstore in ("local", mx.kv.create("local"), mx.kv.create("device")):
        assert_same_training(default, run(kvstore=kvstore))


@pytest.mark.parametrize(
    ("kvstore", "error", "message"),
    [
        ("horovod", ValueError, "kvstore 'horovod' is not supported: use 'dist_sync' for several"),
        ("dist_async", ValueError, "kvstore 'dist_async' is not supported"),
        (None, TypeError, "kvstore must be a name such as 'dist_sync', or an MXNet KVStore, not None"),
    ],
)
def test_stores_that_are_not_supported(alone, kvstore, error, message):
    with pytest.raises(error, match=message):
        fit(alone["make_net"](), alone["batches"](), num_epochs=1, plot=False, kvstore=kvstore)


@pytest.mark.parametrize(("own", "given"), [("dist_sync", "device"), ("device", "local"), ("device", "dist_sync")])
def test_trainer_has_its_own_store(alone, own, given):
    net = alone["make_net"]()
    net.initialize()
    trainer = gluon.Trainer(net.collect_params(), "sgd", kvstore=own)
    with pytest.raises(ValueError, match="a Trainer cannot be combined with kvstore"):
        fit(net, alone["batches"](), num_epochs=1, optimizer=trainer, kvstore=given)
