"""Memory: keeps freed memory for MXNet's next array."""

import ctypes
import os
import sys

# Parameters of glibc's mallopt (malloc.h)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
# glibc's limits: the size of a thread's heap, and the largest array that can come from one
_HEAP = 64 << 20
_LARGEST_FROM_HEAP = _HEAP // 2


def keep_freed() -> None:
    """Let the C library (glibc) keep freed memory for the next array instead of returning it to the system.

    MXNet allocates every CPU array with ``malloc``. By default, glibc gets arrays of a few megabytes from the system
    and returns them each time, and each of their pages costs a page fault: 4,300 in one training step of LeNet, a third
    of its time. This remains so for arrays of more than 32 MB, glibc's limit. The function does nothing with other C
    libraries, or if you have set a ``MALLOC_`` variable or ``GLIBC_TUNABLES``.
    """
    chosen = any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in os.environ)
    if chosen or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt"):  # musl
        return
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_FROM_HEAP)
    libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    # Without this, a thread returns a heap as soon as it is empty. (A single arena for all threads would also prevent
    # that, but then Python's and MXNet's threads would wait for each other.)
    libc.mallopt(_M_TOP_PAD, _HEAP)
