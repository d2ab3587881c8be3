"""Cores, threads, seeds and the check of the set-up (runtime.py)."""

import itertools
import json
import os
import platform
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as onp
import pytest
from mxnet import np, npx

from d2lhelpers import runtime
from d2lhelpers.runtime import Check

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MXNET_OMP_MAX_THREADS", "MXNET_CPU_WORKER_NTHREADS")

# Cores


def machine(root, files):
    """Write a folder that looks like a Linux machine's /proc and /sys."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


def topology(*siblings):
    """Return the files that say which logical processors share a core: one text such as "0,2" for each of them."""
    name = "sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    return {name.format(cpu): text for cpu, text in enumerate(siblings)}


HYPERTHREADED = topology("0,2", "1,3", "0,2", "1,3")
FOUR_CORES = topology("0", "1", "2", "3")
CPUINFO = "\n\n".join(f"processor\t: {n}\nphysical id\t: {n // 4}\ncore id\t\t: {n % 2}" for n in range(8))
V1 = "3:cpu,cpuacct:/docker/abc\n2:memory:/docker/abc"


@LINUX
@pytest.mark.parametrize(
    ("files", "cpus", "expected"),
    [
        pytest.param(FOUR_CORES, range(4), 4, id="four cores"),
        pytest.param(HYPERTHREADED, range(4), 2, id="two cores with two hyper-threads each"),
        pytest.param(HYPERTHREADED, [0, 2], 1, id="held to both threads of one core"),
        pytest.param(HYPERTHREADED, [0, 1], 2, id="held to one thread of each core"),
        pytest.param({"proc/cpuinfo": CPUINFO}, range(8), 4, id="cpuinfo: two packages of two cores"),
        pytest.param({"proc/cpuinfo": "processor : 0\n\nprocessor : 1"}, range(2), 2, id="cpuinfo of an Arm machine"),
        pytest.param({}, range(3), 3, id="nothing known"),
        pytest.param({}, [], 1, id="never below one"),
    ],
)
def test_physical_cores(tmp_path, files, cpus, expected):
    assert runtime.usable_cores(machine(tmp_path, files), cpus) == expected


@LINUX
@pytest.mark.parametrize(
    ("cgroup", "limits", "expected"),
    [
        pytest.param("0::/", {"cpu.max": "max 100000"}, 4, id="v2 without a limit"),
        pytest.param("0::/", {"cpu.max": "200000 100000"}, 2, id="v2 in a container"),
        pytest.param("0::/a/b", {"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, 3, id="v2 limit above"),
        pytest.param("0::/a/b", {"a/b/cpu.max": "100000 50000", "a/cpu.max": "300000 100000"}, 2, id="v2 smallest"),
        pytest.param("0::/", {"cpu.max": "190000 100000"}, 1, id="nearly two"),
        pytest.param("0::/", {"cpu.max": "10000 100000"}, 1, id="a tenth of a core"),
        pytest.param("0::/", {"cpu.max": "900000 100000"}, 4, id="more than there are"),
        pytest.param("0::/", {"cpu.max": "garbage"}, 4, id="not readable as a limit"),
        pytest.param("0::/", {}, 4, id="no limit file"),
        pytest.param(
            V1,
            {"cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "250000", "cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000"},
            2,
            id="v1",
        ),
        pytest.param(V1, {"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2, id="v1 container"),
        pytest.param(V1, {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 4, id="v1 without limit"),
        pytest.param("1:memory:/", {"cpu/cpu.cfs_quota_us": "1", "cpu/cpu.cfs_period_us": "1"}, 4, id="not for cpu"),
    ],
)
def test_quota_of_a_container(tmp_path, cgroup, limits, expected):
    files = {"proc/self/cgroup": cgroup, **{f"sys/fs/cgroup/{name}": text for name, text in limits.items()}}
    assert runtime.usable_cores(machine(tmp_path, {**FOUR_CORES, **files}), range(4)) == expected


@LINUX
def test_this_machine():
    assert 1 <= runtime.usable_cores() <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("answer", "expected"), [("8\n", 8), ("", os.cpu_count())])
def test_macos(monkeypatch, answer, expected):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, stdout=answer))
    assert runtime.usable_cores() == expected


@pytest.mark.parametrize(
    ("running", "cores", "processors", "expected"),
    [
        pytest.param([1], 4, 4, 4, id="nobody else"),
        pytest.param([2], 4, 4, 3, id="one other"),
        pytest.param([3], 4, 8, 4, id="hyper-threads are for the others"),
        pytest.param([7], 4, 8, 2, id="more others than hyper-threads"),
        pytest.param([90], 4, 4, 1, id="never less than one"),
        pytest.param([0], 4, 4, 4, id="none at all, as some sandboxes say"),
        pytest.param([9, 9, 1, 9, 9], 4, 4, 4, id="others only flare up"),
        pytest.param([21], 2, 64, 2, id="a container on a large machine"),
    ],
)
def test_cores_that_others_leave(monkeypatch, running, cores, processors, expected):
    looks = itertools.cycle(running)
    monkeypatch.setattr(runtime, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(runtime, "_read", lambda file: f"0.20 0.18 0.12 {next(looks)}/80 11206")
    monkeypatch.setattr(runtime, "usable_cores", lambda: cores)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert runtime.free_cores() == expected


@pytest.mark.parametrize("text", ["", "0.20 0.18", None])
def test_free_cores_where_the_system_does_not_tell(monkeypatch, tmp_path, text):
    monkeypatch.setattr(runtime, "usable_cores", lambda: 5)
    if text is not None:
        (tmp_path / "loadavg").write_text(text)
    assert runtime.free_cores(tmp_path / "loadavg") == 5


@LINUX
def test_a_program_that_computes_has_its_core():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            time.sleep(0.3)
            assert runtime.free_cores() <= max((os.cpu_count() or 1) - 1, 1)
        finally:
            other.kill()


# Threads


@pytest.fixture
def before_mxnet(monkeypatch):
    """Let configure_threads believe that MXNet is not loaded yet, on a machine of 6 cores without OpenMP loaded."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")  # so that it is put back afterwards, also where it was not set
        monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "mxnet.base")
    monkeypatch.setattr(runtime, "free_cores", lambda: 6)
    monkeypatch.setattr(runtime, "_loaded_openmp", lambda: None)
    return monkeypatch


def configured(monkeypatch, **variables):
    """Return the thread variables after configure_threads(), in VARIABLES' order, None for those not set."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OMP_NUM_THREADS", variables.get("OMP_NUM_THREADS", "?"))  # so that it is put back afterwards
    if "OMP_NUM_THREADS" not in variables:
        del os.environ["OMP_NUM_THREADS"]
    runtime.configure_threads()
    return [os.environ.get(name) for name in VARIABLES]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["6", None, None, None]),
        ({"OMP_NUM_THREADS": "3"}, ["3", None, None, None]),
        ({"OMP_NUM_THREADS": "4,2"}, ["4,2", None, None, None]),
        ({"OPENBLAS_NUM_THREADS": "2"}, ["2", "2", None, None]),
        ({"OPENBLAS_NUM_THREADS": ""}, ["6", "", None, None]),
        ({"MXNET_OMP_MAX_THREADS": "2"}, [None, None, "2", None]),
        ({"MXNET_CPU_WORKER_NTHREADS": "1"}, ["6", None, None, "1"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "OMP_NUM_THREADS": "1"}, ["1", None, None, "4"]),
    ],
)
def test_environment(before_mxnet, variables, expected):
    assert configured(before_mxnet, **variables) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"MXNET_CPU_WORKER_NTHREADS": "4"}, ["1", None, None, "4"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "OPENBLAS_NUM_THREADS": "2"}, ["1", "2", None, "4"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "OMP_NUM_THREADS": "2"}, ["2", None, None, "1"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "MXNET_OMP_MAX_THREADS": "2"}, [None, None, "2", "1"]),
    ],
)
def test_what_would_hang_is_prevented_with_a_warning(before_mxnet, variables, expected):
    with pytest.warns(RuntimeWarning) as caught:
        assert configured(before_mxnet, **variables) == expected
    text = str(caught[0].message)
    assert len(caught) == 1
    assert "hang" in text
    assert "MXNET_CPU_WORKER_NTHREADS=4" in text
    assert "MXNET_OMP_MAX_THREADS=2" in text or "OMP_NUM_THREADS" in text


@pytest.mark.parametrize(("variables", "told"), [({}, [6]), ({"OMP_NUM_THREADS": "3"}, [3])])
def test_openmp_that_is_loaded_already_is_told(before_mxnet, variables, told):
    class OpenMP:
        calls: list = []  # noqa: RUF012
        omp_set_num_threads = calls.append

    OpenMP.calls.clear()
    before_mxnet.setattr(runtime, "_loaded_openmp", lambda: OpenMP)
    configured(before_mxnet, **variables)
    assert OpenMP.calls == told


def test_too_late(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "6")
    monkeypatch.setattr(runtime, "threads_in_use", lambda: 3)
    with pytest.warns(RuntimeWarning, match=r"MXNet is loaded already and keeps to 3 thread\(s\); 6 would be right"):
        runtime.configure_threads()


@pytest.mark.filterwarnings("error")
def test_again_when_all_is_well(monkeypatch):
    monkeypatch.setattr(runtime, "threads_in_use", lambda: 6)
    monkeypatch.setenv("OMP_NUM_THREADS", "6")
    runtime.configure_threads()


# Measured in a fresh process. An independent witness of the threads at work is the processor time that Linux books
# for each thread of the process.
MEASURE = """
    import ctypes, json, os, sys
    if "openmp first" in sys.argv:
        ctypes.CDLL("libgomp.so.1").omp_set_num_threads(1)
    import mxnet
    from mxnet import np, npx
    from d2lhelpers import runtime

    def booked():
        times = {}
        for thread in os.listdir("/proc/self/task"):
            fields = open(f"/proc/self/task/{thread}/stat").read().rpartition(")")[2].split()
            times[thread] = int(fields[11]) + int(fields[12])
        return times

    mxnet.random.seed(1)
    a = np.random.normal(size=(1024, 1024))
    print(float(a[:4, :4].sum()), file=sys.stderr)
    np.dot(a, a).wait_to_read()
    before = booked()
    for _ in range(30):
        b = np.dot(a, a)
    b.wait_to_read()
    spent = sorted(time - before.get(thread, 0) for thread, time in booked().items())
    busy = sum(time > spent[-1] / 3 for time in spent)
    print(json.dumps([runtime.threads_in_use(), busy, os.environ.get("OMP_NUM_THREADS")]))
"""


def measure(*arguments, **variables):
    """Return (threads MXNet claims, threads found busy, OMP_NUM_THREADS) and stderr of a fresh process."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    command = [sys.executable, "-c", textwrap.dedent(MEASURE), *arguments]
    done = subprocess.run(command, env={**environment, **variables}, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@LINUX
def test_bare_import_uses_all_cores_and_random_numbers_do_not_depend_on_it():
    cores = runtime.usable_cores()
    (used, busy, variable), numbers = measure()
    assert 1 <= used <= cores  # fewer where another program computes just now
    assert (busy, variable) == (used, str(used))
    (used, busy, variable), same_numbers = measure(OMP_NUM_THREADS="1")
    assert (used, busy, variable) == (1, 1, "1")
    assert numbers == same_numbers


@LINUX
def test_all_cores_also_when_openmp_was_loaded_first():
    cores = runtime.usable_cores()
    (used, busy, _), _ = measure("openmp first", OMP_NUM_THREADS=str(cores))
    assert (used, busy) == (cores, cores)


COPIES = """
    import os
    from mxnet import np, npx

    np.dot(np.ones((512, 512)), np.ones((512, 512))).wait_to_read()  # starts the threads that compute
    threads = len(os.listdir("/proc/self/task"))
    np.array(np.ones((1000, 1000)).asnumpy())
    print(len(os.listdir("/proc/self/task")) - threads)
"""


def threads_for_copies(**variables):
    """Count the threads that copying a million numbers out of MXNet and into it adds for good, in a fresh process."""
    environment = {name: value for name, value in os.environ.items() if name != "MXNET_CPU_PARALLEL_SIZE"}
    command = [sys.executable, "-c", textwrap.dedent(COPIES)]
    variables = {"OMP_NUM_THREADS": "2", **variables}
    done = subprocess.run(
        command, env={**environment, **variables}, capture_output=True, text=True, timeout=100, check=True
    )
    return int(done.stdout)


@LINUX
def test_copies_keep_no_threads_of_their_own():
    assert threads_for_copies() == 0
    assert threads_for_copies(MXNET_CPU_PARALLEL_SIZE="200000") == 1  # the user's choice holds


KERNELS = """
    import ctypes, os
    import mxnet

    openblas = ctypes.CDLL(os.path.join(os.path.dirname(mxnet.__file__), "libopenblas.so.0"), os.RTLD_NOLOAD)
    openblas.openblas_get_corename.restype = ctypes.c_char_p
    print(openblas.openblas_get_corename().decode(), os.environ.get("OPENBLAS_CORETYPE"))
"""


def kernels(code=KERNELS):
    """Return what the code prints in a fresh process, and which processor each OpenBLAS takes this one for."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, env={**environment, "OPENBLAS_VERBOSE": "2"}, capture_output=True, text=True, timeout=100, check=True
    )
    return done.stdout.split(), [line for line in done.stderr.splitlines() if line.startswith("Core: ")]


HAS_AVX2 = os.path.exists("/proc/cpuinfo") and "avx2" in Path("/proc/cpuinfo").read_text().split()
AVX2 = pytest.mark.skipif(not HAS_AVX2, reason="needs Linux, and a processor with AVX2")


@AVX2
def test_kernels_of_matrix_products_suit_the_processor_and_numpy_keeps_its_own():
    unaided = "from d2lhelpers import runtime; runtime.load_openblas = lambda folder: None; import mxnet"
    _, (numpys, _, *later) = kernels(unaided)  # NumPy's library, MXNet's, and SciPy's, if MXNet finds it
    printed, cores = kernels()
    assert printed == ["Haswell", "None"]
    assert cores == [numpys, "Core: Haswell", *later]


@AVX2
def test_kernels_that_the_user_chose_hold():
    set_late = 'import os, numpy\nos.environ["OPENBLAS_CORETYPE"] = "Sandybridge"\n'  # NumPy 2.5.5 can crash with it
    assert kernels(set_late + textwrap.dedent(KERNELS))[0] == ["Sandybridge", "Sandybridge"]


def test_kernels_are_chosen_while_the_library_loads_and_no_longer(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    seen = []

    def load(library):
        seen.append((library, os.environ["OPENBLAS_CORETYPE"]))
        raise OSError("libgfortran.so.3: cannot open shared object file")

    monkeypatch.setattr(runtime.ctypes, "CDLL", load)
    old = machine(tmp_path / "old", {"proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse2 avx fma4 avx2x"})
    new = machine(tmp_path / "new", {"proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse2 avx avx2 fma avx512f"})
    arm = machine(tmp_path / "arm", {"proc/cpuinfo": "processor : 0\nFeatures : fp asimd"})
    runtime.load_openblas(tmp_path, new)  # a build that has no such library
    library = tmp_path / "libopenblas.so.0"
    library.touch()
    for other in (old, arm, tmp_path):
        runtime.load_openblas(tmp_path, other)
    assert seen == []
    with pytest.raises(OSError, match="libgfortran"):
        runtime.load_openblas(tmp_path, new)
    assert seen == [(str(library), "Haswell")]
    assert "OPENBLAS_CORETYPE" not in os.environ
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    runtime.load_openblas(tmp_path, new)
    assert len(seen) == 1


FAULTS = """
    import resource
    from mxnet import np, npx

    for _ in range(3):
        np.ones((2_000_000,)).wait_to_read()  # 8 MB, 2,000 pages
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(50):
        np.ones((2_000_000,)).wait_to_read()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(**variables):
    """Count the page faults of making 50 arrays of 2,000 pages one after the other, in a fresh process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    command = [sys.executable, "-c", textwrap.dedent(FAULTS)]
    done = subprocess.run(
        command, env={**environment, **variables}, capture_output=True, text=True, timeout=100, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="only glibc's malloc has these settings")
def test_memory_of_a_freed_array_is_used_again():
    assert page_faults() < 30_000
    assert page_faults(MALLOC_TRIM_THRESHOLD_="131072") > 50_000  # the user's choice holds


@LINUX
def test_the_combination_that_hangs_does_not():
    (used, _, _), warning = measure(OMP_NUM_THREADS="2", MXNET_CPU_WORKER_NTHREADS="2")
    assert used == 2
    assert "MXNET_CPU_WORKER_NTHREADS=2 together with OMP_NUM_THREADS=2 makes MXNet hang" in warning


# Random numbers


def draw():
    npx.set_np()
    return random.random(), onp.random.rand(), np.random.uniform(size=(3,)).tolist(), np.random.randint(10**6).item()


@pytest.mark.parametrize("n", [0, 42, 2**31, 2**32 - 1, onp.int64(42)])
def test_seed_repeats_all_three(n):
    runtime.seed(n)
    first, second = draw(), draw()
    assert all(a != b for a, b in zip(first, second, strict=True))
    runtime.seed(n)
    assert draw() == first


def test_seeds_differ():
    runtime.seed(1)
    first = draw()
    runtime.seed(2)
    assert all(a != b for a, b in zip(first, draw(), strict=True))


@pytest.mark.parametrize("n", [1.0, "1", None, True])
def test_seed_that_is_no_integer(n):
    with pytest.raises(TypeError, match=f"a seed is an integer .* not {n!r}"):
        runtime.seed(n)


@pytest.mark.parametrize("n", [-1, 2**32])
def test_seed_out_of_range(n):
    with pytest.raises(ValueError, match=f"from 0 to 4294967295, but got {n}"):
        runtime.seed(n)


# The check of the set-up


def rows_by_name():
    return {row.name: row for row in runtime.check_setup()}


def test_check_of_this_machine():
    rows = rows_by_name()
    assert list(rows)[:3] == ["Python", "NumPy", "MXNet"]
    assert [row for row in rows.values() if row.state == "error"] == []
    assert rows["MXNet"].found.startswith("1.9.1")
    assert "digits" in rows["Data"].found
    assert all(row.mend for row in rows.values() if row.state != "ok")


def test_check_leaves_numpy_semantics_alone():
    from mxnet import npx

    npx.reset_np()
    try:
        rows = rows_by_name()
        assert not npx.is_np_array()
    finally:
        npx.set_np()
    assert rows["MXNet"].state == "ok"


class Broken:
    """A finder that finds MXNet and fails to load it."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, path=None, target=None):
        if name == "mxnet":
            raise self.error


@pytest.mark.parametrize(
    "error",
    [
        ImportError("no such name"),
        AttributeError("module 'numpy' has no attribute 'bool'"),
        OSError("libcudart.so.11.0: cannot open shared object file"),
        RuntimeError("Cannot find the MXNet library.\nList of candidates:"),
        ModuleNotFoundError("No module named 'graphviz'", name="graphviz"),
        ModuleNotFoundError("No module named 'mxnet'", name="mxnet"),
    ],
)
def test_check_reports_an_mxnet_that_does_not_import(monkeypatch, error):
    monkeypatch.delitem(sys.modules, "mxnet")
    monkeypatch.setattr(sys, "meta_path", [Broken(error), *sys.meta_path])
    rows = rows_by_name()
    assert rows["MXNet"].state == "error"
    assert type(error).__name__ in rows["MXNet"].found
    assert str(error).splitlines()[0] in rows["MXNet"].found
    assert "install" in rows["MXNet"].mend
    assert not {"Threads", "GPU", "d2l", "Data"} & set(rows), "one fault, one row"


def test_check_prefers_what_the_error_itself_says(monkeypatch):
    error = OSError("libgomp.so.1: cannot open shared object file")
    error.add_note("Install it with\n    apt-get install libgomp1")
    monkeypatch.delitem(sys.modules, "mxnet")
    monkeypatch.setattr(sys, "meta_path", [Broken(error), *sys.meta_path])
    assert rows_by_name()["MXNet"].mend == "Install it with\n    apt-get install libgomp1"


@pytest.mark.parametrize(
    ("platform", "machine", "expected"),
    [("win32", "AMD64", "WSL2"), ("darwin", "arm64", "Linux container"), ("linux", "x86_64", "mxnet==1.9.1")],
)
def test_how_to_install_mxnet(monkeypatch, platform, machine, expected):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(runtime.platform, "machine", lambda: machine)
    assert expected in runtime._mxnet_install()


@pytest.mark.parametrize(
    ("used", "cores", "workers", "state", "mend"),
    [
        (2, 2, "", "ok", ""),
        (1, 4, "", "warning", "restart Python when no other program computes, or export OMP_NUM_THREADS=4"),
        (8, 4, "", "warning", "unset OMP_NUM_THREADS"),
        (2, 2, "2", "error", "unset MXNET_CPU_WORKER_NTHREADS"),
        (1, 2, "2", "ok", ""),
        (None, 2, "", "ok", ""),
    ],
)
def test_check_of_the_threads(monkeypatch, used, cores, workers, state, mend):
    monkeypatch.setattr(runtime, "threads_in_use", lambda: used)
    monkeypatch.setattr(runtime, "usable_cores", lambda: cores)
    monkeypatch.setenv("MXNET_CPU_WORKER_NTHREADS", workers)
    row = runtime._check_threads()
    assert row.state == state
    assert row.mend.startswith(mend)
    assert bool(row.mend) == bool(mend)


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10), "error"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "warning")]
)
def test_check_of_a_version(version, state):
    assert runtime._judge_version("Python", version, ((3, 11), (3, 13)), "found").state == state


def test_check_of_missing_packages():
    row = runtime._check_packages("RISE", ["pytest", "no-such-package"], "to present")
    assert (row.state, row.mend) == ("warning", "python -m pip install no-such-package   (to present)")
    assert "no-such-package missing" in row.found


def test_check_without_d2l(monkeypatch):
    monkeypatch.setitem(sys.modules, "d2l.mxnet", None)
    row = runtime._check_d2l()
    assert (row.state, row.mend) == ("warning", "python -m pip install --no-deps d2l==1.0.3")


def test_table():
    rows = [Check("A", "ok", "1.0"), Check("Long", "error", "two\nlines", "first\n    second")]
    assert runtime.format_checks(rows).splitlines() == [
        "ok       A     1.0",
        "error    Long  two",
        "               lines",
        "               -> first",
        "               -> second",
    ]


def test_table_of_nothing():
    assert runtime.format_checks([]) == ""
