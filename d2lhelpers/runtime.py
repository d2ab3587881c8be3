"""What this machine can do for MXNet: cores, threads, random numbers, and a check of the whole set-up.

MXNet computes with one thread for every two cores it sees (it assumes hyper-threading) and knows nothing of a
container's CPU quota. Its OpenBLAS does not know today's processors. `configure_threads` and `load_openblas` set that
right, and `keep_freed_memory` spares it page faults; `compat` calls all three just before MXNet is loaded.
"""

from __future__ import annotations

import ctypes
import operator
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

from d2lhelpers import compat, cuda

# Read by MXNet (all but the first) and by its OpenBLAS and libgomp (the first) when they are loaded, and only then.
_THREADS = "OMP_NUM_THREADS"
_MAX_THREADS = "MXNET_OMP_MAX_THREADS"
_WORKERS = "MXNET_CPU_WORKER_NTHREADS"
_PARALLEL_COPY = "MXNET_CPU_PARALLEL_SIZE"
_KERNELS = "OPENBLAS_CORETYPE"

# Looks at the processes that run, and the time between them: a program that only flares up is not left a core.
_LOOKS = 5
_LOOK_SECONDS = 0.02

# Parameters of glibc's mallopt (malloc.h), the size of a heap, and the largest array that then comes from one (both
# are its own limits).
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3
_HEAP = 64 << 20
_MAX_HEAP_ARRAY = _HEAP // 2

# What importing a broken or half-installed package raises.
_IMPORT_ERRORS = (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OSError)


# Cores


def usable_cores(root: str | Path = "/", cpus: Iterable[int] | None = None) -> int:
    """Return how many physical cores this process may use.

    Hyper-threads of one core count once: they share the unit that multiplies matrices. A container's CPU quota (cgroup
    v1 or v2) limits the number too, to whole cores: with a thread for half a core more, an MLP trains a quarter slower
    than without, because threads that wait for each other use up the quota.

    Parameters
    ----------
    root : path
        Folder that holds Linux's ``proc`` and ``sys``; another one only in tests.
    cpus : iterable of int, optional
        Numbers of the logical processors to count; by default those on which the system lets this process run.

    Returns
    -------
    int
        At least 1. Where the system tells nothing, ``os.cpu_count()``.
    """
    if sys.platform == "darwin":
        return _macos_cores() or os.cpu_count() or 1
    if cpus is None:
        cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    root = Path(root)
    cores = len(_physical_cores(root, set(cpus)))
    quota = _cpu_quota(root)
    if quota is not None:
        cores = min(cores, int(quota))
    return max(cores, 1)


def _macos_cores() -> int | None:
    try:
        answer = subprocess.run(["sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True, timeout=5)
        return int(answer.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _physical_cores(root: Path, cpus: set[int]) -> set[object]:
    """Return one item for each physical core that the logical processors `cpus` belong to."""
    described = _cpuinfo_cores(root)
    cores: set[object] = set()
    for cpu in cpus:
        siblings = root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
        cores.add(_read(siblings) or described.get(cpu, cpu))
    return cores


def _cpuinfo_cores(root: Path) -> dict[int, object]:
    """Return (package, core) of each logical processor, as far as /proc/cpuinfo tells (on Arm it does not)."""
    cores: dict[int, object] = {}
    for entry in (_read(root / "proc/cpuinfo") or "").split("\n\n"):
        fields = dict(re.findall(r"^(processor|physical id|core id)\s*:\s*(\d+)", entry, re.MULTILINE))
        if len(fields) == 3:
            cores[int(fields["processor"])] = (fields["physical id"], fields["core id"])
    return cores


def _cpu_quota(root: Path) -> float | None:
    """Return the processors' worth of time that the control groups of this process allow, None for no limit."""
    quotas = []
    for line in (_read(root / "proc/self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:  # version 2
            mounts = [root / "sys/fs/cgroup"]
        elif "cpu" in controllers.split(","):  # version 1
            mounts = [root / "sys/fs/cgroup" / name for name in {controllers, "cpu", "cpu,cpuacct"}]
        else:
            continue
        # A limit on any group above holds as well. In a container the path may be the host's: then only "." is there.
        inner = Path(path.lstrip("/"))
        quotas += [_group_quota(mount / group) for mount in mounts for group in (inner, *inner.parents)]
    return min((quota for quota in quotas if quota is not None), default=None)


def _group_quota(folder: Path) -> float | None:
    text = _read(folder / "cpu.max")  # version 2: "max 100000" or "150000 100000" (microseconds, of microseconds)
    if text is None:
        text = f"{_read(folder / 'cpu.cfs_quota_us')} {_read(folder / 'cpu.cfs_period_us')}"  # version 1: "-1" for none
    numbers = re.fullmatch(r"(\d+) (\d+)", text)
    return int(numbers[1]) / int(numbers[2]) if numbers and int(numbers[2]) else None


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None


def free_cores(loadavg: str | Path = "/proc/loadavg") -> int:
    """Return how many of the `usable_cores` no other program computes with at this moment.

    An operator's threads wait for their slowest: on a machine of two cores whose other core is taken, two threads are
    slower than one. Logical processors that are not needed for a thread (hyper-threads) are for the others first.

    Parameters
    ----------
    loadavg : path
        Where Linux says how many processes run; another file only in tests.

    Returns
    -------
    int
        At least 1. Where the system does not tell, `usable_cores()`.
    """
    running = []
    for look in range(_LOOKS):
        time.sleep(_LOOK_SECONDS if look else 0)
        count = re.search(r" (\d+)/\d+ ", _read(Path(loadavg)) or "")  # "0.20 0.18 0.12 1/80 11206"
        if count is None:
            return usable_cores()
        running.append(int(count[1]) - 1)  # this process
    free = (os.cpu_count() or 1) - max(min(running), 0)
    return max(min(usable_cores(), free), 1)


# Threads, memory, kernels


def configure_threads() -> None:
    """Let MXNet compute with all physical cores that are free; to be called before MXNet is loaded.

    ``import mxnet`` calls it by itself (see `compat`). It does its work through the environment:

    - ``OMP_NUM_THREADS`` becomes `free_cores()`, unless you have set it or ``MXNET_OMP_MAX_THREADS``, MXNet's own
      limit: those are respected. ``OPENBLAS_NUM_THREADS``, which MXNet's OpenBLAS does not read, is handed on to it.
    - ``OMP_NUM_THREADS`` above 1 with ``MXNET_CPU_WORKER_NTHREADS`` above 1 makes MXNet hang for ever. If you have set
      only the second, the first becomes 1 (several operators at a time, one thread each). If you have set both, the
      second becomes 1 (one operator at a time, all its threads).
    - ``MXNET_CPU_PARALLEL_SIZE``, the size from which Python's thread copies an array (into MXNet, or out of it) with
      all cores, becomes the largest there is, unless you have set it. OpenMP would keep a second set of threads for
      these copies for ever after; with more threads than cores it no longer lets them wait actively, and LeNet then
      trains at half its speed.
    - An OpenMP library that another package has loaded already does not read the environment again; it is told.

    Threads that wait for the next operator spin for about a millisecond before they sleep (OpenMP's own default):
    LeNet trains twice as fast as with threads that sleep at once. Where many share a machine and start to compute only
    later, a class on one server say, set ``OMP_NUM_THREADS=1``, or ``OMP_WAIT_POLICY=PASSIVE``.

    Warns
    -----
    RuntimeWarning
        When the two variables contradict each other, saying what was done, and when it is too late because MXNet is
        loaded already with another number of threads.
    """
    if "mxnet.base" in sys.modules:
        _warn_if_too_late()
        return
    if _number(_WORKERS) > 1:
        _prevent_hang()
    elif _THREADS not in os.environ and _MAX_THREADS not in os.environ:
        os.environ[_THREADS] = str(_number("OPENBLAS_NUM_THREADS") or free_cores())
    os.environ.setdefault(_PARALLEL_COPY, str(2**31 - 1))
    openmp = _loaded_openmp()
    if openmp and _number(_THREADS):
        openmp.omp_set_num_threads(_number(_THREADS))


def keep_freed_memory() -> None:
    """Let the C library (glibc) keep freed memory for the next array, in place of giving it back to the system.

    MXNet's CPU arrays come from ``malloc`` one by one. Those of some megabytes glibc takes from the system and returns
    to it each time, and each of their pages costs a fault: 4,300 in one training step of LeNet, a third of its time.
    Arrays of more than 32 MB, glibc's limit, still come and go. Does nothing where the C library is another one, or if
    you have set a ``MALLOC_`` variable or ``GLIBC_TUNABLES``.
    """
    chosen = any(name.startswith("MALLOC_") or name == "GLIBC_TUNABLES" for name in os.environ)
    if chosen or not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallopt"):  # musl
        return
    libc.mallopt(_M_MMAP_THRESHOLD, _MAX_HEAP_ARRAY)
    libc.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    # A thread's own heaps are given back whole when they are empty, unless this asks for as much space as one has.
    # (One arena for all threads does the same, but Python's and MXNet's threads then wait for each other.)
    libc.mallopt(_M_TOP_PAD, _HEAP)


def load_openblas(folder: str | Path, root: str | Path = "/") -> None:
    """Load MXNet's OpenBLAS, with the kernels that are right for this processor.

    OpenBLAS 0.3.13, of 2020, tells processors by their model numbers. For those that came later (Intel's
    Raptor Lake, say: OpenBLAS's issue 4267) it takes kernels of 2004: 81 GFLOP/s in a product of 1024² matrices where
    its newest ones, for Haswell, reach 203. So every processor with AVX2 gets those. It has none for AVX-512,
    with which NumPy reaches 318 on the same processor.

    The kernels are chosen through ``OPENBLAS_CORETYPE``, which is set while this one library is loaded, and unset
    before NumPy's or SciPy's own OpenBLAS can see it. Does nothing if you have set it.

    Parameters
    ----------
    folder : path
        Where the wheel has MXNet's libraries. Does nothing where OpenBLAS is not among them.
    root : path
        Folder that holds Linux's ``proc``; another one only in tests.

    Raises
    ------
    OSError
        If the library cannot be loaded, because one that it needs is missing.
    """
    library = Path(folder, "libopenblas.so.0")
    flags = re.search(r"^flags\s*:(.*)", _read(Path(root, "proc/cpuinfo")) or "", re.MULTILINE)
    has_avx2 = flags is not None and {"avx2", "fma"} <= set(flags[1].split())
    if not has_avx2 or _KERNELS in os.environ or not library.exists():
        return
    os.environ[_KERNELS] = "Haswell"
    try:
        ctypes.CDLL(str(library))  # stays loaded: MXNet's library finds it by its name
    finally:
        del os.environ[_KERNELS]


def _prevent_hang() -> None:
    """Bring one of two variables down to 1 where both are, or would be, above 1; MXNET_CPU_WORKER_NTHREADS is."""
    workers = f"{_WORKERS}={os.environ[_WORKERS]}"
    asked = [name for name in (_THREADS, _MAX_THREADS) if _number(name)]
    if not asked:
        os.environ[_THREADS] = "1"
        message = f"{_THREADS} is now 1, because {workers} is set: MXNet hangs for ever when both are above 1."
    elif any(_number(name) > 1 for name in asked):
        os.environ[_WORKERS] = "1"
        threads = " and ".join(f"{name}={os.environ[name]}" for name in asked)
        message = (
            f"{workers} together with {threads} makes MXNet hang for ever, so {_WORKERS} is now 1. "
            f"Unset it, or set {' and '.join(asked)} to 1."
        )
    else:
        return
    warnings.warn(message, RuntimeWarning, stacklevel=3)


def _warn_if_too_late() -> None:
    used, wanted = threads_in_use(), _number(_THREADS) or usable_cores()
    if used is not None and used != wanted and _MAX_THREADS not in os.environ:
        warnings.warn(
            f"MXNet is loaded already and keeps to {used} thread(s); {wanted} would be right. Set {_THREADS} before "
            "MXNet is imported: restart Python (in a notebook: restart the kernel).",
            RuntimeWarning,
            stacklevel=3,
        )


def threads_in_use() -> int | None:
    """Return the number of threads of an MXNet operator; None before MXNet is loaded, or where it cannot be known."""
    openmp = _loaded_openmp() if "mxnet.base" in sys.modules else None
    return openmp.omp_get_max_threads() if openmp else None


def _loaded_openmp() -> ctypes.CDLL | None:
    """Return the OpenMP library that MXNet uses, if something has loaded it into this process already."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL("libgomp.so.1", mode=os.RTLD_NOLOAD)
    except OSError:
        return None


def _number(variable: str) -> int:
    """Return the number in an environment variable (the first of a list such as "4,2"); 0 if there is none."""
    digits = re.match(r"\s*(\d+)", os.environ.get(variable, ""))
    return int(digits[1]) if digits else 0


# Random numbers


def seed(n: int) -> None:
    """Seed Python's, NumPy's and MXNet's random numbers, so that a notebook gives the same results in every run.

    Parameters
    ----------
    n : int
        From 0 to 4,294,967,295 (32 bits, NumPy's limit).

    Raises
    ------
    TypeError, ValueError
        If `n` is not an integer, or out of range.

    Examples
    --------
    >>> from d2lhelpers import runtime
    >>> runtime.seed(1)
    >>> first = random.random()
    >>> runtime.seed(1)
    >>> random.random() == first
    True
    """
    try:
        number = operator.index(n)
    except TypeError:
        raise TypeError(f"a seed is an integer such as 0 or 42, not {n!r}") from None
    if isinstance(n, bool):
        raise TypeError(f"a seed is an integer such as 0 or 42, not {n!r}")
    if not 0 <= number < 2**32:
        raise ValueError(f"a seed is from 0 to 4294967295, but got {number}")
    import mxnet
    import numpy as np

    random.seed(number)
    np.random.seed(number)
    mxnet.random.seed(number)


# The check of the set-up


def unsupported_platform() -> str | None:
    """Return why MXNet cannot run on this machine, and the way out; None where it can."""
    system, machine = sys.platform, platform.machine()
    if sys.version_info[:2] < compat.TRIED_PYTHON[0]:
        return f"Python {platform.python_version()} is too old: the course needs {compat.tried_versions()}."
    if system in ("win32", "cygwin"):
        return "There is no MXNet for Windows: use WSL2 (wsl --install) and work in its Linux."
    if system == "darwin" and machine == "arm64":
        # pip would take MXNet 1.6.0 here, whose library was built for Linux.
        return "There is no MXNet for Apple silicon: use a Linux container, or an x86-64 Python under Rosetta."
    bits = 64 if sys.maxsize > 2**32 else 32
    if bits == 32 or (system, machine) not in {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "x86_64")}:
        return (
            f"There is no MXNet for {system} on {machine} with a {bits}-bit Python: it needs a 64-bit Python on Linux "
            "(x86-64, ARM64) or macOS (Intel). Colab runs the course in a browser."
        )
    if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        return "MXNet needs glibc, and this system (Alpine?) has musl: use a Debian, Ubuntu or Fedora image."
    return None


@dataclass(frozen=True)
class Check:
    """One row of the set-up check.

    Attributes
    ----------
    name : str
        What was looked at.
    state : {"ok", "warning", "error"}
        "error" when the course cannot run, "warning" when it can, but less well.
    found : str
        What was found.
    mend : str
        What to do about it; empty when nothing.
    """

    name: str
    state: Literal["ok", "warning", "error"]
    found: str
    mend: str = ""


def check_setup() -> list[Check]:
    """Look at everything that the course needs, and never raise: what is wrong is in the rows.

    Returns
    -------
    list of Check
        Use `format_checks` to print it; ``python -m d2lhelpers check`` does both.
    """
    mxnet = _check_mxnet()
    # What cannot work without MXNet is not looked at then: one fault, one row.
    on_mxnet = [_check_threads(), _check_gpu(), _check_d2l(), _check_data()] if mxnet.state == "ok" else []
    return [
        _check_python(),
        _check_numpy(),
        mxnet,
        *on_mxnet,
        _check_packages("Jupyter", ["jupyterlab", "notebook", "nbclassic"], "to open the notebooks"),
        _check_packages("RISE", ["rise", "jupyterlab_rise"], "to present from the live notebook"),
        _check_browser(),
    ]


def format_checks(rows: Iterable[Check]) -> str:
    """Return the rows as a table in plain text, each followed by what mends it.

    Examples
    --------
    >>> print(format_checks([Check("Python", "ok", "3.13.0"), Check("RISE", "warning", "missing", "pip install rise")]))
    ok       Python  3.13.0
    warning  RISE    missing
                     -> pip install rise
    """
    rows = list(rows)
    width = max((len(row.name) for row in rows), default=0)
    margin = "\n" + " " * (width + 11)
    lines = []
    for row in rows:
        lines.append(f"{row.state:<7}  {row.name:<{width}}  {margin.join(row.found.splitlines())}")
        lines += [f"{margin[1:]}-> {line.strip()}" for line in row.mend.splitlines()]
    return "\n".join(lines)


def _check_python() -> Check:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return _judge_version("Python", sys.version_info[:2], compat.TRIED_PYTHON, found)


def _check_numpy() -> Check:
    try:
        import numpy as np
    except _IMPORT_ERRORS as error:
        return _failed("NumPy", error, "python -m pip install numpy")
    version = tuple(map(int, np.__version__.split(".")[:2]))
    return _judge_version("NumPy", version, compat.TRIED_NUMPY, np.__version__)


def _judge_version(
    name: str, version: tuple[int, ...], tried: tuple[tuple[int, ...], tuple[int, ...]], found: str
) -> Check:
    if version < tried[0]:
        return Check(name, "error", f"{found}: too old", f"The course needs {compat.tried_versions()}.")
    if version > tried[1]:
        return Check(name, "warning", f"{found}: untried", f"Tried with {compat.tried_versions()}.")
    return Check(name, "ok", found)


def _check_mxnet() -> Check:
    try:
        import mxnet
        from mxnet import np

        # Works whether or not npx.set_np() has been called, and does not call it.
        product = np.dot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])).asnumpy()
    except ModuleNotFoundError as error:
        install = unsupported_platform() or "python -m d2lhelpers install"
        return _failed("MXNet", error, install if error.name == "mxnet" else f"pip install {error.name}")
    except (*_IMPORT_ERRORS, ArithmeticError) as error:
        return _failed("MXNet", error, _mxnet_install())
    if product.tolist() != [[19.0, 22.0], [43.0, 50.0]]:
        return Check("MXNet", "error", f"multiplies two matrices to {product.tolist()}", _mxnet_install())
    return Check("MXNet", "ok", f"{mxnet.__version__}, imports and multiplies matrices")


def _mxnet_install() -> str:
    return unsupported_platform() or "python -m pip install --no-deps --force-reinstall mxnet==1.9.1"


def _check_threads() -> Check:
    cores, used = usable_cores(), threads_in_use()
    if used is None:
        return Check("Threads", "ok", f"{cores} physical core(s); MXNet's threads are not known here")
    found = f"MXNet computes with {used} thread(s) on {cores} physical core(s)"
    if min(_number(_WORKERS), used) > 1:
        return Check("Threads", "error", f"{found}; {_WORKERS} makes it hang", f"unset {_WORKERS}, then restart Python")
    if _number(_WORKERS) > 1:
        return Check("Threads", "ok", f"{found} in each of {_number(_WORKERS)} workers")
    if used < cores:
        mend = f"restart Python when no other program computes, or export {_THREADS}={cores} before"
        return Check("Threads", "warning", f"{found}: slower", mend)
    if used > cores:
        mend = f"unset {_THREADS} (or set it to {cores}), then restart Python"
        return Check("Threads", "warning", f"{found}: too many, they wait for each other", mend)
    return Check("Threads", "ok", found)


def _check_gpu() -> Check:
    import mxnet

    from d2lhelpers.device import try_all_gpus

    used = [str(device) for device in try_all_gpus() if device.device_type == "gpu"]
    gpus = cuda.find_gpus()
    found = ", ".join(map(str, gpus or used))
    install_cpu = "python -m d2lhelpers install --cpu      brings the build without GPU"
    if used:
        if all(gpu.is_supported for gpu in gpus):
            return Check("GPU", "ok", found)
        return Check("GPU", "error", f"{found}: MXNet has code for {cuda.supported_text()} only", install_cpu)
    if mxnet.runtime.Features().is_enabled("CUDA"):
        return Check("GPU", "warning", f"{found or 'none'}, though this is MXNet's build for GPUs", install_cpu)
    if not gpus:
        return Check("GPU", "ok", "none; the CPU is enough for the course")
    if any(gpu.is_supported for gpu in gpus):
        mend = "python -m d2lhelpers install --gpu      brings MXNet for it (2.4 GB)"
        return Check("GPU", "ok", f"{found}, not used: this is MXNet's build for the CPU, which is enough", mend)
    return Check("GPU", "ok", f"{found}: too new or too old for MXNet; the CPU is enough for the course")


def _check_d2l() -> Check:
    try:
        import_module("d2l.mxnet")
        version = metadata.version("d2l")
    except _IMPORT_ERRORS as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else "d2l"
        package = "d2l==1.0.3" if missing.partition(".")[0] in ("d2l", "mxnet") else missing
        row = _failed("d2l", error, f"python -m pip install --no-deps {package}")
        return Check(row.name, "warning", row.found, row.mend)  # only what is compared with d2l needs it
    return Check("d2l", "ok", version)


def _check_data() -> Check:
    try:
        from d2lhelpers import data

        cached = [name for name in data.cached_sources() if name != "digits"]
    except _IMPORT_ERRORS as error:
        return _failed("Data", error, "python -m pip install --force-reinstall --no-deps d2lhelpers")
    return Check("Data", "ok", ", ".join(["digits (in the package)", *(f"{name} (downloaded)" for name in cached)]))


def _check_packages(name: str, packages: list[str], purpose: str) -> Check:
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            missing.append(package)
    text = ", ".join(found + [f"{package} missing" for package in missing])
    if missing:
        return Check(name, "warning", text, f"python -m pip install {' '.join(missing)}   ({purpose})")
    return Check(name, "ok", text)


def _check_browser() -> Check:
    for program in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox"):
        if shutil.which(program):
            return Check("Browser", "ok", program)
    return Check("Browser", "ok", "none found here; needed only to look at slides and to make PDF handouts")


def _failed(name: str, error: BaseException, mend: str) -> Check:
    """Return an error row; what the error itself says to do is better than our guess."""
    lines = str(error).splitlines() or ["no message"]
    if isinstance(error, cuda.GpuBuildError):
        return Check(name, "error", lines[0], error.mend)
    notes = "\n".join(getattr(error, "__notes__", []))
    return Check(name, "error", f"{type(error).__name__}: {lines[0]}", notes or mend)
