"""MXNet's queue of operations: kept short, and waited for in such a way that Ctrl-C gets through.

MXNet's operations return before they have been computed, so a loop can queue hours of work within seconds. All waits
for a result happen in C, where Python can't handle signals: Ctrl-C arrived after everything had been computed.

Here, the main thread waits for a *fence* instead: an operation that does nothing, but MXNet releases a lock of Python's
as soon as the array that the fence reads has been computed. A wait for such a lock ends when a signal arrives. A fence
keeps no array in memory, and MXNet raises errors where it would raise them without fences.
"""

import ctypes
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

# The pace: at most 2n operations are in the queue. If waiting for n of them takes longer than LONG, n is halved; if it
# takes less time than SHORT, n is doubled.
FEWEST, MOST = 4, 256
LONG, SHORT = 0.25, 0.002  # seconds

# After so few operations, a wait is left to MXNet, because a fence takes a quarter of the time of a small operation.
FEW = 8


class Fences:
    """Pushes fences into MXNet's queue, and waits for them. A fence is represented by the address of its lock."""

    def __init__(self, library: ctypes.CDLL) -> None:
        python = ctypes.CDLL(None)  # unlike ctypes.pythonapi, this releases the GIL
        pointer, number = ctypes.c_void_p, ctypes.c_int
        self._push = library["MXEnginePushSyncND"]
        self._push.argtypes = [*5 * [pointer], number, pointer, number, pointer, number, pointer]
        self._acquire = python["PyThread_acquire_lock_timed"]
        self._acquire.argtypes = [pointer, ctypes.c_longlong, number]
        self._allocate = python["PyThread_allocate_lock"]
        self._allocate.restype = pointer
        self._release = ctypes.cast(python["PyThread_release_lock"], pointer)
        self._do_nothing = ctypes.cast(python["PyThread_get_thread_ident"], pointer)
        self._cpu = (ctypes.c_int32 * 2)(1, 0)
        # MXNet's kinds of operations: one of its threads runs it, or the calling thread does if the array is ready
        self._normal, self._async = ctypes.byref(number(0)), ctypes.byref(number(4))
        self._unused: list[int] = []  # acquired

    def push(self, handle: ctypes.c_void_p | None) -> int:
        """Push a fence that reads the array with this handle, or one behind all operations that are ready to run."""
        fence: int = self._unused.pop() if self._unused else self._new()
        arrays, kind = (0, self._normal) if handle is None else (1, self._async)
        # The engine calls the first function, and then the second one to delete what is between them.
        function, deleter = self._do_nothing, self._release
        self._push(function, fence, deleter, self._cpu, handle and ctypes.byref(handle), arrays, None, 0, kind, 0, None)
        return fence

    def wait(self, fence: int) -> bool:
        """Wait for a fence, and return whether there was something to wait for.

        If a signal handler raises an exception, the lock is not used again: the engine has yet to release it.
        """
        at_once: bool = self._acquire(fence, 0, 0) == 1
        if not at_once:
            # A signal ends the wait only if this thread receives it, so look for signals every 0.2 s.
            while self._acquire(fence, 200_000, 1) != 1:
                pass
        self._unused.append(fence)
        return not at_once

    def _new(self) -> int:
        lock: int = self._allocate()
        self._acquire(lock, -1, 0)
        return lock


class Queue:
    """What the main thread has queued, as far as it is known."""

    def __init__(self, fences: Fences) -> None:
        self.count = 0  # operations queued so far
        self.next_fence = 1  # when `count` is this, call `pace`
        self._fences = fences
        self._spacing = MOST
        self._last_fence: int | None = None
        self._done = 0  # as many of the operations are probably computed
        self._everything: Future[None] | None = None

    def pace(self, result: Any) -> None:
        """Push a fence behind the operation with this result, and wait for the fence before it."""
        array = result[0] if isinstance(result, list | tuple) and result else result
        if not hasattr(array, "handle") or not _in_main_thread():
            return
        last, self._last_fence = self._last_fence, self._fences.push(array.handle)
        self.next_fence = self.count + self._spacing
        if last is None:
            return
        start = time.perf_counter()
        self._fences.wait(last)
        took = time.perf_counter() - start
        if took > LONG:
            self._spacing = max(self._spacing // 2, FEWEST)
        elif took < SHORT:
            self._spacing = min(self._spacing * 2, MOST)

    def wait_for(self, handle: ctypes.c_void_p) -> None:
        """Wait until an array has been computed, unless so little is queued that MXNet's own wait will do."""
        queued = self.count - self._done
        if queued <= FEW:
            self._done = self.count
        elif _in_main_thread():
            if self._fences.wait(self._fences.push(handle)):
                self._forget()
            else:  # an array that was ready proves little about what was queued after it
                self._done += queued // 2

    def wait_for_all(self, waitall: Callable[[], None]) -> None:
        """Call MXNet's `waitall`, in another thread if this could take long.

        If this is interrupted, that thread goes on, and the next call waits for it and raises the error that it found.
        """
        if self._everything is None:
            if self.count - self._done <= FEW or not _in_main_thread() or self._seems_fast():
                waitall()
                self._forget()
                return
            self._everything = _in_new_thread(waitall)
        self._everything.exception()  # waits
        everything, self._everything = self._everything, None
        self._forget()
        everything.result()

    def _forget(self) -> None:
        """Treat everything in the queue as computed, so that it may fill up again."""
        self._done = self.count
        self._spacing = MOST

    def _seems_fast(self) -> bool:
        """Wait for operations that are ready to run, and return whether this took a short time."""
        start = time.perf_counter()
        self._fences.wait(self._fences.push(None))
        return time.perf_counter() - start < SHORT


def _in_new_thread(function: Callable[[], None]) -> Future[None]:
    """Call a function in a thread that doesn't keep Python from exiting."""
    future: Future[None] = Future()

    def run() -> None:
        try:
            function()
            future.set_result(None)
        except Exception as error:  # raised where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def _in_main_thread() -> bool:
    """Return whether this is the thread that handles signals; MXNet's own threads must never wait for a fence."""
    return threading.get_ident() == threading.main_thread().ident
