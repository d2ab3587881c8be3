"""Ctrl-C in a loop of operations, or while waiting for its result.

MXNet queues operations without limit and waits for them in C, where Python cannot handle signals, so Ctrl-C took effect
only when everything had been computed. See `mxnet_compat.queue` for what happens instead. A single operation still
cannot be interrupted: the wait for it ends, but MXNet goes on computing it.
"""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from mxnet_compat.queue import Fences, Queue

MODULES = ("mxnet._ctypes.ndarray", "mxnet.ndarray.ndarray")


def apply(module: ModuleType) -> None:
    """Count the calls of hybridized networks (`operator_calls` counts operators), and replace the waits."""
    names = vars(module)
    queue = queue_of(names["_LIB"])
    if module.__name__ == "mxnet._ctypes.ndarray":
        names["CachedOp"].__call__ = _counted(names["CachedOp"].__call__, queue)
        return
    array = names["NDArray"]
    array.asnumpy = _after_wait(array.asnumpy, queue)
    array.wait_to_read = _after_wait(array.wait_to_read, queue)
    names["waitall"] = functools.wraps(names["waitall"])(functools.partial(queue.wait_for_all, names["waitall"]))


@functools.cache
def queue_of(library: Any) -> Queue:
    """Return the queue of MXNet's engine."""
    return Queue(Fences(library))


def _counted(function: Callable[..., Any], queue: Queue) -> Callable[..., Any]:
    """Return a function that queues an operation, and from time to time waits for an earlier one."""

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        queue.count += 1
        if queue.count >= queue.next_fence:
            queue.pace(result)
        return result

    return counted


def _after_wait(method: Callable[..., Any], queue: Queue) -> Callable[..., Any]:
    """Return a method of an array that waits for it."""

    @functools.wraps(method)
    def after_wait(self: Any) -> Any:
        queue.wait_for(self.handle)
        return method(self)

    return after_wait
