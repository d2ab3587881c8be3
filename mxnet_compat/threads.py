"""Threads: how many physical cores there are, how many are free, and how many threads MXNet computes with.

By default, MXNet uses one thread for every two cores that it sees (it assumes hyper-threading), and it ignores a
container's CPU quota.
"""

import ctypes
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

# MXNet, its OpenBLAS, and OpenMP read these only when they are loaded.
THREADS = "OMP_NUM_THREADS"
MAX_THREADS = "MXNET_OMP_MAX_THREADS"
WORKERS = "MXNET_CPU_WORKER_NTHREADS"

# free_cores() looks this many times, with pauses, so that a program that runs only for a moment does not count.
_LOOKS = 5
_SECONDS_BETWEEN_LOOKS = 0.02


def usable_cores(root: str | Path = "/", cpus: Iterable[int] | None = None) -> int:
    """Return how many physical cores this process may use, at least 1.

    Hyper-threads of the same core count once, because they share the unit that multiplies matrices. A container's CPU
    quota, rounded down, limits the result: with an extra thread for half a core, an MLP trains a quarter slower,
    because threads that wait for each other use up the quota.

    Tests replace `root`, which contains Linux's ``proc`` and ``sys``, and `cpus`, the logical processors to count.
    """
    if sys.platform == "darwin":
        return _macos_cores() or os.cpu_count() or 1
    if cpus is None:
        cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    root = Path(root)
    cores = _physical_cores(root, set(cpus))
    quota = _cpu_quota(root)
    return max(1, cores if quota is None else min(cores, int(quota)))


def _macos_cores() -> int | None:
    try:
        answer = subprocess.run(["sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True, timeout=5)
        return int(answer.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _physical_cores(root: Path, cpus: set[int]) -> int:
    described = _cores_of_cpuinfo(root)
    cores: set[object] = set()
    for cpu in cpus:
        siblings = _read(root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings or described.get(cpu, cpu))
    return len(cores)


def _cores_of_cpuinfo(root: Path) -> dict[int, tuple[str, str]]:
    """Return (package, core) of each logical processor, if /proc/cpuinfo lists them (it does not on ARM)."""
    cores = {}
    for entry in (_read(root / "proc/cpuinfo") or "").split("\n\n"):
        fields = dict(re.findall(r"^(processor|physical id|core id)\s*:\s*(\d+)", entry, re.MULTILINE))
        if len(fields) == 3:
            cores[int(fields["processor"])] = (fields["physical id"], fields["core id"])
    return cores


def _cpu_quota(root: Path) -> float | None:
    """Return how many processors' worth of time this process's control groups allow, or None if there is no limit."""
    quotas = []
    for line in (_read(root / "proc/self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:  # version 2
            mounts = [root / "sys/fs/cgroup"]
        elif "cpu" in controllers.split(","):  # version 1
            mounts = [root / "sys/fs/cgroup" / name for name in {controllers, "cpu", "cpu,cpuacct"}]
        else:
            continue
        # Limits on outer groups apply as well. In a container, the path may be the host's; then only "." exists.
        inner = Path(path.lstrip("/"))
        quotas += [_group_quota(mount / group) for mount in mounts for group in (inner, *inner.parents)]
    return min((quota for quota in quotas if quota is not None), default=None)


def _group_quota(folder: Path) -> float | None:
    text = _read(folder / "cpu.max")  # version 2: "max 100000" or "150000 100000" (microseconds per microseconds)
    if text is None:
        text = f"{_read(folder / 'cpu.cfs_quota_us')} {_read(folder / 'cpu.cfs_period_us')}"  # version 1; -1 is none
    numbers = re.fullmatch(r"(\d+) (\d+)", text)
    return int(numbers[1]) / int(numbers[2]) if numbers and int(numbers[2]) else None


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None


def free_cores(loadavg: str | Path = "/proc/loadavg") -> int:
    """Return how many of the `usable_cores` are not in use by other programs at the moment, at least 1.

    The threads of an operator wait for the slowest one: on a machine with two cores, one of which is busy, two threads
    are slower than one. Other programs are assumed to run on spare hyper-threads first. Without Linux's `loadavg`,
    which says how many processes are running, all cores count as free.
    """
    others = []
    for look in range(_LOOKS):
        time.sleep(_SECONDS_BETWEEN_LOOKS if look else 0)
        running = re.search(r" (\d+)/\d+ ", _read(Path(loadavg)) or "")  # "0.20 0.18 0.12 1/80 11206"
        if running is None:
            return usable_cores()
        others.append(int(running[1]) - 1)  # without this process
    free = (os.cpu_count() or 1) - max(min(others), 0)
    return max(min(usable_cores(), free), 1)


@contextmanager
def configured() -> Iterator[None]:
    """Let MXNet compute with all free cores if it is loaded in this context.

    It uses `free_cores()` threads, unless you have set ``OMP_NUM_THREADS``, ``MXNET_OMP_MAX_THREADS``, or
    ``OPENBLAS_NUM_THREADS`` (which MXNet's OpenBLAS itself ignores). Afterwards, these variables are restored, so child
    processes make their own choice.

    Threads that wait for the next operator spin for about a millisecond before they sleep, which is OpenMP's default:
    LeNet trains twice as fast as with threads that sleep at once.
    """
    chosen = _choose_threads()
    if chosen is not None:
        os.environ[THREADS] = str(chosen)
    try:
        yield
    finally:
        if chosen is not None:
            del os.environ[THREADS]
    # Operators run in MXNet's own threads. In Python's thread, MXNet only copies arrays, and brings weights that oneDNN
    # has rearranged back into order. With several threads for that, OpenMP would keep a second set of them. With more
    # threads than cores, waiting threads do not spin, and LeNet trains at half the speed.
    if openmp := _loaded_openmp():
        openmp.omp_set_num_threads(1)  # for the calling thread only


def _choose_threads() -> int | None:
    """Return what ``OMP_NUM_THREADS`` should be while MXNet is being loaded, or None to leave it unchanged.

    MXNet hangs if both this and ``MXNET_CPU_WORKER_NTHREADS``, the number of concurrent operators, are above 1.
    """
    limits = [name for name in (THREADS, MAX_THREADS) if name in os.environ]
    if number_in(WORKERS) > 1:
        threads = max(map(number_in, limits), default=0)
        if threads == 0:
            return 1
        if threads > 1:
            variables = " and ".join(f"{name}={os.environ[name]}" for name in (WORKERS, *limits))
            os.environ[WORKERS] = "1"
            message = f"{variables} would make MXNet hang, so {WORKERS} is now 1. Set only one of them above 1."
            warnings.warn(message, RuntimeWarning, stacklevel=2)
    return None if limits else number_in("OPENBLAS_NUM_THREADS") or free_cores()


def threads_in_use() -> int | None:
    """Return how many threads an MXNet operator uses, or None if MXNet is not loaded or the number is unknown."""
    openmp = _loaded_openmp() if "mxnet.base" in sys.modules else None
    if openmp is None:
        return None
    if THREADS not in os.environ and number_in(MAX_THREADS):
        return number_in(MAX_THREADS)
    with ThreadPoolExecutor(1) as new_thread:  # like MXNet's own threads, and unlike this one (see `configured`)
        return new_thread.submit(openmp.omp_get_max_threads).result()


def _loaded_openmp() -> ctypes.CDLL | None:
    """Return the OpenMP library that MXNet uses, if this process has loaded it already."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL("libgomp.so.1", mode=os.RTLD_NOLOAD)
    except OSError:
        return None


def number_in(variable: str) -> int:
    """Return the number in an environment variable (the first of a list such as "4,2"); 0 if there is none."""
    digits = re.match(r"\s*(\d+)", os.environ.get(variable, ""))
    return int(digits[1]) if digits else 0
