"""Training with several processes, through MXNet's own parameter server.

``python -m d2lhelpers launch`` starts the processes. Each *worker* runs the same script on its own part of the data.
`fit` adds up their gradients on the servers, so that all workers take the same steps.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mxnet import gluon, np, npx
from mxnet import kvstore as kv

from d2lhelpers.distributed.single import SingleProcess
from d2lhelpers.minibatches import Minibatch

# MXNet's Trainers number their keys from 0. MXNet computes key * 9973 in 32 bits, which keys above 215,329 overflow.
_FIRST_KEY = 100_000


@functools.cache
def connect_workers() -> kv.KVStore:
    """Connect this process to the others in its job, and return MXNet's store `dist_sync` for `fit`'s `kvstore`.

    The store's `num_workers` is the number of workers and `rank` is this worker's number, from 0: a script uses them to
    choose its part of the data. Further calls return the same store, because a process can connect only once: calling
    ``mxnet.kv.create("dist_sync")`` as well would hang.

    Raises RuntimeError if the process was not started by ``python -m d2lhelpers launch`` (or MXNet's own launcher).

    Examples
    --------
    The script of a job, and the command that runs it with two workers on this machine::

        from mxnet.gluon import nn
        from d2lhelpers import ArrayLoader, connect_workers, fit, load_images

        store = connect_workers()
        images, labels = load_images(size=2000)
        mine = slice(store.rank, None, store.num_workers)  # every other example, with two workers
        train_loader = ArrayLoader(images[mine], labels[mine], batch_size=32, shuffle=True)
        test_loader = ArrayLoader(*load_images(train=False), batch_size=256)

        net = nn.Sequential()
        net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
        history = fit(net, train_loader, test_loader, num_epochs=3, kvstore=store)
        if store.rank == 0:
            net.save_parameters("digits.params")

        python -m d2lhelpers launch -n 2 script.py
    """
    # MXNet's own message would be: Check notnull: Environment::Get()->find("DMLC_NUM_WORKER").
    if os.environ.get("DMLC_ROLE") != "worker" or "DMLC_PS_ROOT_URI" not in os.environ:
        raise RuntimeError(
            "kvstore 'dist_sync' trains with several processes, but this one was started alone. Start the script with "
            "python -m d2lhelpers launch -n 2 script.py"
        )
    return kv.create("dist_sync")


def choose_processes(kvstore: str | kv.KVStore, optimizer: Any) -> SingleProcess | Workers:
    """Return what `fit` trains with: this process alone or, with a distributed `kvstore`, all workers."""
    if not isinstance(kvstore, str | kv.KVStore):
        raise TypeError(f"kvstore must be a name such as 'dist_sync', or an MXNet KVStore, not {kvstore!r}")
    kind = kvstore if isinstance(kvstore, str) else kvstore.type
    if kind not in ("device", "local", "dist_sync"):
        raise ValueError(
            f"kvstore {kind!r} is not supported: use 'dist_sync' for several processes, otherwise 'device'"
        )
    if isinstance(optimizer, gluon.Trainer):
        own = optimizer._kvstore_params["kvstore"]
        if "dist" in (own if isinstance(own, str) else getattr(own, "type", "")) or kvstore != "device":
            raise ValueError(
                "a Trainer cannot be combined with kvstore, nor have a distributed kvstore of its own: pass the "
                "optimizer's name, or an Optimizer, together with kvstore"
            )
    if kind != "dist_sync":
        return SingleProcess(kvstore)
    return Workers(connect_workers() if isinstance(kvstore, str) else kvstore)


class Workers:
    """All workers of a job, seen from one of them, with the methods of `SingleProcess`.

    All workers must call the same methods in the same order, because each call waits for the other workers.
    """

    def __init__(self, store: kv.KVStore) -> None:
        self._store = store
        self.rank: int = store.rank
        self._count: int = store.num_workers
        self._alike = False
        # The store can neither forget a key nor initialize one twice, so it keeps those in use for the next `fit`.
        self._keys: dict[tuple[Any, ...], int] = vars(store).setdefault("_d2lhelpers_keys", {})

    def make_trainer(
        self, parameters: gluon.ParameterDict, optimizer: Any, options: dict[str, Any] | None
    ) -> gluon.Trainer:
        """Return a Trainer whose steps use the gradients of all workers."""
        return _DistributedTrainer(parameters, optimizer, options, self)

    def check_same(self, values: Mapping[str, int]) -> None:
        """Raise ValueError, on all workers, if one of these integers is not the same on all of them."""
        table = np.zeros((self._count, len(values)), dtype="float64")
        table[self.rank] = np.array(list(values.values()), dtype="float64")
        self.add_up([[table]])
        for name, column in zip(values, table.asnumpy().T, strict=True):
            if len(set(column)) > 1:
                raise ValueError(
                    f"{name} must be the same on all workers, but is {', '.join(f'{value:g}' for value in column)} on "
                    f"workers 0 to {self._count - 1}: they would wait for each other forever"
                )

    def start_alike(self, net: gluon.Block, shares: Sequence[Minibatch]) -> None:
        """Give all workers the parameters of worker 0, before the first step: later calls do nothing."""
        if self._alike:
            return
        self._alike = True
        parameters = list(net.collect_params().values())
        if any(parameter._deferred_init for parameter in parameters):
            for share in shares:
                net(share.X[:1])  # infers the missing shapes, without which parameters have no values
                npx.waitall()
        # All but worker 0's first device contribute zeros, so the sum over workers and devices is that device's values.
        shared = [
            [values.copy() if self.rank == device == 0 else np.zeros_like(values) for device, values in enumerate(own)]
            for own in (parameter.list_data() for parameter in parameters)
        ]
        self.add_up(shared)
        for parameter, (values, *_) in zip(parameters, shared, strict=True):
            parameter.set_data(values)

    def steps(self, batches: Iterable[Minibatch]) -> Iterator[tuple[Minibatch, int]]:
        """Yield this worker's minibatches, each with the number of examples that all workers have in the step.

        Once a worker has no minibatch left, it yields idle ones until all workers are done.
        """
        endless = _continue_idle(batches)
        batch, size = next(endless)
        total = self._sum([size])
        while num_examples := int(total[0]):
            current = batch
            batch, size = next(endless)
            total = self._sum([size])  # transferred while this step is computed
            yield current, num_examples

    def total(self, numbers: Sequence[float]) -> list[float]:
        """Return the sum of each number over all workers."""
        return self._sum(numbers).tolist()

    def _sum(self, numbers: Sequence[float]) -> np.ndarray:
        """Return an array of the sums without waiting for them: only reading it waits."""
        sums = np.array(numbers, dtype="float64")  # float32 would miscount above 16,777,216
        self.add_up([[sums]])
        return sums

    def add_up(self, arrays: Iterable[Sequence[np.ndarray]]) -> None:
        """Replace arrays, each given as one copy per device, with their sums over all workers and devices."""
        for position, copies in enumerate(arrays):
            kind = (position, copies[0].shape, copies[0].dtype)
            if kind not in self._keys:
                self._keys[kind] = _FIRST_KEY + len(self._keys)
                self._store.init(self._keys[kind], np.zeros(copies[0].shape, dtype=copies[0].dtype))
            # First layers first: the next minibatch needs them first.
            self._store.pushpull(self._keys[kind], list(copies), priority=-position)


def _continue_idle(batches: Iterable[Minibatch]) -> Iterator[tuple[Minibatch, int]]:
    """Yield minibatches with their sizes, and then idle ones forever."""
    for batch in batches:
        yield batch, len(batch.X)
    while True:
        yield batch.as_idle(), 0


class _DistributedTrainer(gluon.Trainer):
    """A Trainer whose steps use the gradients of all workers.

    The optimizer runs in each worker, on the same sums. MXNet's Trainer would send it to the servers instead, where it
    would keep the batch size of the first step, and could not be a class defined in the script.
    """

    def __init__(
        self, parameters: gluon.ParameterDict, optimizer: Any, options: dict[str, Any] | None, workers: Workers
    ) -> None:
        super().__init__(parameters, optimizer, options, kvstore=None)
        self._workers = workers

    def step(self, batch_size: int, ignore_stale_grad: bool = False) -> None:
        """Add up the gradients of all workers and update; `batch_size` is the number of examples of all workers."""
        self._workers.add_up(parameter.list_grad() for parameter in self._params if parameter.grad_req != "null")
        self.update(batch_size, ignore_stale_grad)
