"""Threads: how many physical cores are there, how many are free, and how many MXNet computes with.

By itself, MXNet uses one thread for every two cores that it sees (it assumes hyper-threading), and it ignores a
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
from contextlib import contextmanager
from pathlib import Path

# Read by MXNet, its OpenBLAS and OpenMP when they are loaded, and only then.
THREADS = "OMP_NUM_THREADS"
MAX_THREADS = "MXNET_OMP_MAX_THREADS"
WORKERS = "MXNET_CPU_WORKER_NTHREADS"
_PARALLEL_COPY = "MXNET_CPU_PARALLEL_SIZE"

# free_cores() looks this often, and waits in between: a program that runs only for a moment is not left a core.
_LOOKS = 5
_SECONDS_BETWEEN_LOOKS = 0.02


# Cores


def usable_cores(root: str | Path = "/", cpus: Iterable[int] | None = None) -> int:
    """Return how many physical cores this process may use, at least 1.

    Hyper-threads of the same core count once, because they share the unit that multiplies matrices. A container's CPU
    quota limits the result, rounded down: with one more thread for half a core, an MLP trains a quarter slower, because
    threads that wait for each other use up the quota.

    Parameters
    ----------
    root : path
        The folder that contains Linux's ``proc`` and ``sys``; tests use another one.
    cpus : iterable of int, optional
        Logical processors to count; by default those on which the system lets this process run.
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
    """Return (package, core) of each logical processor, if /proc/cpuinfo tells (it does not on ARM)."""
    cores = {}
    for entry in (_read(root / "proc/cpuinfo") or "").split("\n\n"):
        fields = dict(re.findall(r"^(processor|physical id|core id)\s*:\s*(\d+)", entry, re.MULTILINE))
        if len(fields) == 3:
            cores[int(fields["processor"])] = (fields["physical id"], fields["core id"])
    return cores


def _cpu_quota(root: Path) -> float | None:
    """Return how many processors' worth of time this process's control groups allow, None if there is no limit."""
    quotas = []
    for line in (_read(root / "proc/self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:  # version 2
            mounts = [root / "sys/fs/cgroup"]
        elif "cpu" in controllers.split(","):  # version 1
            mounts = [root / "sys/fs/cgroup" / name for name in {controllers, "cpu", "cpu,cpuacct"}]
        else:
            continue
        # Limits on outer groups hold as well. In a container the path may be the host's: then only "." exists.
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
    """Return how many of the `usable_cores` no other program is using at this moment, at least 1.

    The threads of an operator wait for the slowest: on a machine with two cores, one of which is busy, two threads are
    slower than one. Hyper-threads are left to the other programs first.

    Parameters
    ----------
    loadavg : path
        Where Linux says how many processes are running; tests use another file. Without it, all cores count as free.
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


# OpenMP


@contextmanager
def configured() -> Iterator[None]:
    """Let MXNet compute with all free cores; it must be loaded inside this context, as ``import mxnet`` does.

    - ``OMP_NUM_THREADS`` is `free_cores()` meanwhile, unless you have set it or ``MXNET_OMP_MAX_THREADS``.
      ``OPENBLAS_NUM_THREADS``, which MXNet's OpenBLAS ignores, is respected too.
    - ``OMP_NUM_THREADS`` and ``MXNET_CPU_WORKER_NTHREADS`` both above 1 make MXNet hang. If you have set only the
      second, the first is 1 (several operators at a time, one thread each). If you have set both, the second becomes 1
      (one operator at a time, with all threads). Either way you get a warning.
    - ``MXNET_CPU_PARALLEL_SIZE``, the size from which Python's own thread copies arrays with all cores, becomes the
      largest possible, unless you have set it. For these copies, OpenMP would keep a second set of threads alive;
      with more threads than cores, waiting threads no longer spin, and LeNet trains at half the speed.
    - An OpenMP library that is loaded already does not read the environment again, so it is told.

    Threads that wait for the next operator spin for about a millisecond before they sleep, which is OpenMP's default:
    LeNet trains twice as fast as with threads that sleep at once. If many people share a machine, set
    ``OMP_NUM_THREADS=1`` or ``OMP_WAIT_POLICY=PASSIVE``.
    """
    os.environ.setdefault(_PARALLEL_COPY, str(2**31 - 1))  # stays set: MXNet reads it when it first copies an array
    chosen = _choose_threads()
    if chosen is not None:
        os.environ[THREADS] = str(chosen)
    openmp = _loaded_openmp()
    if openmp and number_in(THREADS):
        openmp.omp_set_num_threads(number_in(THREADS))
    try:
        yield
    finally:
        if chosen is not None:  # other processes that this one starts choose for themselves
            del os.environ[THREADS]


def _choose_threads() -> int | None:
    """Return what ``OMP_NUM_THREADS`` should be while MXNet is loaded, None to leave it."""
    if number_in(WORKERS) > 1:
        return _prevent_hang()
    if THREADS in os.environ or MAX_THREADS in os.environ:
        return None
    return number_in("OPENBLAS_NUM_THREADS") or free_cores()


def _prevent_hang() -> int | None:
    """Reduce one of two variables to 1 if both are, or would be, above 1; ``MXNET_CPU_WORKER_NTHREADS`` is."""
    workers = f"{WORKERS}={os.environ[WORKERS]}"
    limits = [name for name in (THREADS, MAX_THREADS) if number_in(name)]
    if not limits:
        _warn(f"MXNet computes with {THREADS}=1 because {workers} is set: it hangs if both are above 1.")
        return 1
    if any(number_in(name) > 1 for name in limits):
        os.environ[WORKERS] = "1"
        threads = " and ".join(f"{name}={os.environ[name]}" for name in limits)
        _warn(
            f"{workers} together with {threads} makes MXNet hang, so {WORKERS} is now 1. "
            f"Unset it, or set {' and '.join(limits)} to 1."
        )
    return None


def _warn(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=2)


def threads_in_use() -> int | None:
    """Return how many threads an operator of MXNet uses; None if MXNet is not loaded or cannot tell."""
    openmp = _loaded_openmp() if "mxnet.base" in sys.modules else None
    return openmp.omp_get_max_threads() if openmp else None


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
