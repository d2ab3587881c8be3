"""Training with several processes, through MXNet's own parameter server.

``python -m d2lhelpers launch`` starts the processes (`launch`). Each *worker* runs the same script on its own part of
the data; `fit` adds up their gradients on the servers, so that all workers take the same steps.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from mxnet import gluon, np
from mxnet import kvstore as kv

T = TypeVar("T")

# MXNet's Trainers count their keys from 0. It finds the server of a key in 32 bits, key * 9973: 215,328 is too large.
_FIRST_KEY = 100_000


@functools.cache
def connect_workers() -> kv.KVStore:
    """Connect this process with the others of its job, and return MXNet's store `dist_sync`.

    Its attribute `num_workers` says how many workers there are, `rank` which one this is, from 0: with them a script
    takes its part of the data. A process can connect only once, so further calls return the same store; a call of
    ``mxnet.kv.create("dist_sync")`` beside it would hang.

    Returns
    -------
    mxnet.kvstore.KVStore
        For the argument `kvstore` of `fit`.

    Raises
    ------
    RuntimeError
        If the process was not started by ``python -m d2lhelpers launch``, or as MXNet's launcher does.

    Examples
    --------
    The script of a job, and the command that runs it with two workers on this machine::

        from mxnet.gluon import nn
        from d2lhelpers import ArrayLoader, connect_workers, fit, load_images

        store = connect_workers()
        images, labels = load_images(size=2000)
        mine = slice(store.rank, None, store.num_workers)  # every second example, with two workers
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
            "kvstore 'dist_sync' needs other processes to work with, and this one was started alone. Start the script "
            "with python -m d2lhelpers launch -n 2 script.py"
        )
    return kv.create("dist_sync")


class Workers:
    """All workers of a job, seen from one of them.

    Everything here is done by all workers, in the same order: each waits for the others.

    Parameters
    ----------
    store : mxnet.kvstore.KVStore
        A synchronous distributed store.

    Attributes
    ----------
    rank : int
        Number of this worker, from 0.
    count : int
        How many workers there are.
    """

    def __init__(self, store: kv.KVStore) -> None:
        self._store = store
        self.rank: int = store.rank
        self.count: int = store.num_workers
        # The store cannot forget a key, nor take one twice: what was used is kept with it for the next `fit`.
        self._keys: dict[tuple, int] = vars(store).setdefault("_d2lhelpers_keys", {})

    def add_up(self, arrays: Iterable[Sequence[np.ndarray]]) -> None:
        """Replace arrays by their sums over all workers; each is given as one array per device, added up too."""
        for place, copies in enumerate(arrays):
            # First layers first: the next minibatch needs them first.
            self._store.pushpull(self._key(place, copies[0]), list(copies), priority=-place)

    def _key(self, place: int, array: np.ndarray) -> int:
        kind = (place, array.shape, array.dtype)
        if kind not in self._keys:
            self._keys[kind] = _FIRST_KEY + len(self._keys)
            self._store.init(self._keys[kind], np.zeros(array.shape, dtype=array.dtype))
        return self._keys[kind]

    def total(self, numbers: Sequence[float]) -> np.ndarray:
        """Return the sums of numbers over all workers, on their way: only reading them waits."""
        sums = np.array(numbers, dtype="float64")  # MXNet's float32 would count wrong above 16,777,216
        self.add_up([[sums]])
        return sums

    def check_same(self, values: Mapping[str, int]) -> None:
        """Raise ValueError, on all workers, if one of these whole numbers is not the same on all of them."""
        table = np.zeros((self.count, len(values)), dtype="float64")
        table[self.rank] = np.array(list(values.values()), dtype="float64")
        self.add_up([[table]])
        for name, column in zip(values, table.asnumpy().T, strict=True):
            if len(set(column)) > 1:
                raise ValueError(
                    f"{name} must be the same on all workers, but is {', '.join(f'{value:g}' for value in column)} on "
                    f"workers 0 to {self.count - 1}: they would wait for each other for ever"
                )

    def share_parameters(self, parameters: Iterable[gluon.Parameter]) -> None:
        """Give all workers the values of worker 0."""
        parameters = list(parameters)
        values = [parameter.list_data() for parameter in parameters]
        # The sum over workers, when all but worker 0 give zeros; so over devices, which are alike.
        shared = [
            [np.array(copy) if self.rank == device == 0 else np.zeros_like(copy) for device, copy in enumerate(copies)]
            for copies in values
        ]
        self.add_up(shared)
        for parameter, copies in zip(parameters, shared, strict=True):
            parameter.set_data(copies[0])

    def in_step(self, batches: Iterable[tuple[T, int]]) -> Iterator[tuple[T | None, int]]:
        """Give batches with their sizes over all workers.

        Parameters
        ----------
        batches : iterable of (batch, size)
            This worker's.

        Yields
        ------
        batch
            None when this worker has no more, and others still have.
        size : int
            Examples of all workers in this step.
        """
        endless = itertools.chain(batches, itertools.repeat((None, 0)))
        batch, size = next(endless)
        total = self.total([size])
        while int(total[0]):
            current, current_total = batch, int(total[0])
            # The size of the next step travels while this one is computed.
            batch, size = next(endless)
            total = self.total([size])
            yield current, current_total


class DistributedTrainer(gluon.Trainer):
    """A Trainer whose steps take the gradients of all workers.

    The optimizer runs in each worker, on the same sums. MXNet's Trainer would send it to the servers instead, where it
    keeps the batch size of the first step, and cannot be a class of the script.
    """

    def __init__(self, parameters: gluon.ParameterDict, optimizer: object, options: dict | None, workers: Workers):
        super().__init__(parameters, optimizer, options, kvstore=None)
        self._workers = workers

    def step(self, batch_size: int, ignore_stale_grad: bool = False) -> None:
        """Add up the gradients of all workers, and update the parameters; `batch_size` counts all workers' examples."""
        self._workers.add_up(parameter.list_grad() for parameter in self._params if parameter.grad_req != "null")
        self.update(batch_size, ignore_stale_grad)
