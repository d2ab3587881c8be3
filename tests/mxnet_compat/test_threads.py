"""Cores and threads (threads.py), memory (memory.py), and the kernels of OpenBLAS (kernels.py)."""

import itertools
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import run_python

from mxnet_compat import kernels, threads

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")


def machine(root, files):
    """Write a folder that looks like a Linux machine's /proc and /sys."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


def topology(*siblings):
    """Return the files that say which logical processors share a core: a text such as "0,2" for each of them."""
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
        pytest.param(HYPERTHREADED, [0, 2], 1, id="restricted to both threads of one core"),
        pytest.param(HYPERTHREADED, [0, 1], 2, id="restricted to one thread of each core"),
        pytest.param({"proc/cpuinfo": CPUINFO}, range(8), 4, id="cpuinfo: two packages of two cores"),
        pytest.param({"proc/cpuinfo": "processor : 0\n\nprocessor : 1"}, range(2), 2, id="cpuinfo of an ARM machine"),
        pytest.param({}, range(3), 3, id="nothing known"),
        pytest.param({}, [], 1, id="never below one"),
    ],
)
def test_physical_cores_are_counted(tmp_path, files, cpus, expected):
    assert threads.usable_cores(machine(tmp_path, files), cpus) == expected


@LINUX
@pytest.mark.parametrize(
    ("cgroup", "limits", "expected"),
    [
        pytest.param("0::/", {"cpu.max": "max 100000"}, 4, id="v2 without a limit"),
        pytest.param("0::/a/b", {"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, 3, id="v2 outer limit"),
        pytest.param("0::/a/b", {"a/b/cpu.max": "100000 50000", "a/cpu.max": "300000 100000"}, 2, id="v2 smallest"),
        pytest.param("0::/", {"cpu.max": "190000 100000"}, 1, id="nearly two"),
        pytest.param("0::/", {"cpu.max": "10000 100000"}, 1, id="a tenth of a core"),
        pytest.param("0::/", {"cpu.max": "900000 100000"}, 4, id="more than there are"),
        pytest.param("0::/", {"cpu.max": "garbage"}, 4, id="not readable as a limit"),
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
def test_a_containers_quota_limits_the_cores(tmp_path, cgroup, limits, expected):
    files = {"proc/self/cgroup": cgroup, **{f"sys/fs/cgroup/{name}": text for name, text in limits.items()}}
    assert threads.usable_cores(machine(tmp_path, {**FOUR_CORES, **files}), range(4)) == expected


@pytest.mark.parametrize(("answer", "expected"), [("8\n", 8), ("", os.cpu_count())])
def test_macos_is_asked_for_its_cores(monkeypatch, answer, expected):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, stdout=answer))
    assert threads.usable_cores() == expected


@pytest.mark.parametrize(
    ("running", "cores", "processors", "expected"),
    [
        pytest.param([1], 4, 4, 4, id="nobody else"),
        pytest.param([2], 4, 4, 3, id="one other"),
        pytest.param([3], 4, 8, 4, id="hyper-threads are for the others"),
        pytest.param([7], 4, 8, 2, id="more others than hyper-threads"),
        pytest.param([90], 4, 4, 1, id="never below one"),
        pytest.param([0], 4, 4, 4, id="none at all, as some sandboxes say"),
        pytest.param([9, 9, 1, 9, 9], 4, 4, 4, id="others run only for a moment"),
        pytest.param([21], 2, 64, 2, id="a container on a large machine"),
        pytest.param([None], 5, 8, 5, id="the system does not tell"),
    ],
)
def test_cores_that_others_use_are_not_free(monkeypatch, tmp_path, running, cores, processors, expected):
    loadavg = tmp_path / "loadavg"
    looks = itertools.cycle(running)

    def look(seconds):
        count = next(looks)
        loadavg.write_text("0.20 0.18" if count is None else f"0.20 0.18 0.12 {count}/80 11206")

    look(0)
    monkeypatch.setattr(time, "sleep", look)
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert threads.free_cores(loadavg) == expected


@LINUX
def test_a_program_that_is_computing_keeps_its_core():
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            time.sleep(0.3)
            assert threads.free_cores() <= max((os.cpu_count() or 1) - 1, 1)
        finally:
            other.kill()


# What is chosen while MXNet is loaded

VARIABLES = (threads.THREADS, "OPENBLAS_NUM_THREADS", threads.MAX_THREADS, threads.WORKERS)


def choose(monkeypatch, **variables):
    """Return OMP_NUM_THREADS and MXNET_CPU_WORKER_NTHREADS while MXNet would be loaded on a machine with 6 cores."""
    for name in VARIABLES:
        monkeypatch.setenv(name, "")  # so that it is restored even if it was not set
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(threads, "free_cores", lambda: 6)
    monkeypatch.setattr(threads, "_loaded_openmp", lambda: None)
    with threads.configured():
        chosen = [os.environ.get(name) for name in (threads.THREADS, threads.WORKERS)]
    assert os.environ.get(threads.THREADS) == variables.get(threads.THREADS)
    return chosen


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ["6", None]),
        ({"OMP_NUM_THREADS": "3"}, ["3", None]),
        ({"OMP_NUM_THREADS": "4,2"}, ["4,2", None]),
        ({"OPENBLAS_NUM_THREADS": "2"}, ["2", None]),
        ({"OPENBLAS_NUM_THREADS": ""}, ["6", None]),
        ({"MXNET_OMP_MAX_THREADS": "2"}, [None, None]),
        ({"MXNET_CPU_WORKER_NTHREADS": "1"}, ["6", "1"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4"}, ["1", "4"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "OPENBLAS_NUM_THREADS": "2"}, ["1", "4"]),
        ({"MXNET_CPU_WORKER_NTHREADS": "4", "OMP_NUM_THREADS": "1"}, ["1", "4"]),
    ],
)
def test_the_users_choice_holds_otherwise_all_free_cores_compute(monkeypatch, variables, expected):
    assert choose(monkeypatch, **variables) == expected


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "MXNET_OMP_MAX_THREADS"])
def test_variables_that_together_make_mxnet_hang_are_changed_with_a_warning(monkeypatch, name):
    with pytest.warns(RuntimeWarning, match=f"MXNET_CPU_WORKER_NTHREADS=4 and {name}=2 would make MXNet hang"):
        assert choose(monkeypatch, MXNET_CPU_WORKER_NTHREADS="4", **{name: "2"})[1] == "1"


# Measured in a fresh process. An independent witness of the threads at work is the processor time that Linux books for
# each thread of the process.
MEASURE = """
    import ctypes, json, os, sys
    if "openmp first" in sys.argv:
        ctypes.CDLL("libgomp.so.1").omp_set_num_threads(1)
    import mxnet
    from mxnet import np, npx
    from mxnet_compat import threads

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
    print(json.dumps([threads.threads_in_use(), busy]))
"""


def measure(*arguments, **variables):
    """Return (threads that MXNet claims to use, threads found busy) and stderr of a fresh process."""
    done = run_python(MEASURE, *arguments, **variables)
    return tuple(json.loads(done.stdout)), done.stderr


@pytest.mark.jobs
@LINUX
def test_a_bare_import_uses_the_free_cores_and_random_numbers_do_not_depend_on_that():
    (used, busy), numbers = measure()
    assert 1 <= used <= threads.usable_cores()  # fewer if another program is computing
    assert busy == used
    single, same_numbers = measure(OMP_NUM_THREADS="1")
    assert single == (1, 1)
    assert numbers == same_numbers


@pytest.mark.jobs
@LINUX
def test_all_cores_compute_even_if_openmp_was_loaded_first():
    cores = threads.usable_cores()
    assert measure("openmp first", OMP_NUM_THREADS=str(cores))[0] == (cores, cores)


@LINUX
def test_the_combination_that_hangs_does_not():
    (used, _), warning = measure(OMP_NUM_THREADS="2", MXNET_CPU_WORKER_NTHREADS="2")
    assert used == 2
    assert "would make MXNet hang" in warning


@pytest.mark.jobs
@LINUX
@pytest.mark.parametrize(
    "what", ["np.array(np.ones((1000, 1000)).asnumpy())", "layer.weight.data().asnumpy()"], ids=["copies", "weights"]
)
def test_python_s_own_thread_keeps_no_threads(what):
    code = f"""
        import os
        from mxnet import np, npx
        from mxnet.gluon import nn

        npx.set_np()
        layer = nn.Conv2D(16, 5, in_channels=8)
        layer.initialize()
        layer(np.ones((64, 8, 28, 28))).wait_to_read()  # starts the threads that compute; oneDNN rearranges the weights
        threads = len(os.listdir("/proc/self/task"))
        {what}
        print(len(os.listdir("/proc/self/task")) - threads)
    """
    assert run_python(code, OMP_NUM_THREADS="2").stdout == "0\n"


# Memory


@pytest.mark.jobs
@pytest.mark.skipif("glibc" not in platform.libc_ver(), reason="only glibc's malloc has these settings")
def test_memory_of_a_freed_array_is_used_again():
    code = """
        import resource
        from mxnet import np, npx

        for _ in range(3):
            np.ones((2_000_000,)).wait_to_read()  # 8 MB, 2,000 pages
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(50):
            np.ones((2_000_000,)).wait_to_read()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    """
    assert int(run_python(code).stdout) < 30_000
    assert int(run_python(code, MALLOC_TRIM_THRESHOLD_="131072").stdout) > 50_000  # the user's choice holds


# Kernels

KERNELS = """
    import ctypes, os
    import mxnet

    openblas = ctypes.CDLL(os.path.join(os.path.dirname(mxnet.__file__), "libopenblas.so.0"), os.RTLD_NOLOAD)
    openblas.openblas_get_corename.restype = ctypes.c_char_p
    print(openblas.openblas_get_corename().decode(), os.environ.get("OPENBLAS_CORETYPE"))
"""
HAS_AVX2 = os.path.exists("/proc/cpuinfo") and "avx2" in Path("/proc/cpuinfo").read_text().split()
AVX2 = pytest.mark.skipif(not HAS_AVX2, reason="needs Linux and a processor with AVX2")


def cores_seen(code):
    """Return what the code prints, and which processor each OpenBLAS takes this one for."""
    done = run_python(code, OPENBLAS_VERBOSE="2")
    return done.stdout, [line for line in done.stderr.splitlines() if line.startswith("Core: ")]


@pytest.mark.jobs
@AVX2
def test_mxnets_kernels_suit_the_processor_and_numpy_keeps_its_own():
    unaided = "from mxnet_compat import kernels; kernels.load_openblas = lambda folder: None; import mxnet"
    _, (numpys, _, *later) = cores_seen(unaided)  # NumPy's library, MXNet's, and SciPy's, if MXNet finds it
    printed, cores = cores_seen(KERNELS)
    assert printed == "Haswell None\n"
    assert cores == [numpys, "Core: Haswell", *later]


@pytest.mark.jobs
@AVX2
def test_kernels_that_the_user_chose_are_used():
    set_late = (
        '\n    import os, numpy; os.environ["OPENBLAS_CORETYPE"] = "Sandybridge"'  # NumPy 2.5.5 can crash with it
    )
    assert run_python(set_late + KERNELS).stdout == "Sandybridge Sandybridge\n"


def test_kernels_are_chosen_while_the_library_loads_and_no_longer(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    seen = []

    def load(library):
        seen.append((library, os.environ["OPENBLAS_CORETYPE"]))
        raise OSError("libgfortran.so.3: cannot open shared object file")

    monkeypatch.setattr(kernels.ctypes, "CDLL", load)
    old = machine(tmp_path / "old", {"proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse2 avx fma4 avx2x"})
    new = machine(tmp_path / "new", {"proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse2 avx avx2 fma avx512f"})
    arm = machine(tmp_path / "arm", {"proc/cpuinfo": "processor : 0\nFeatures : fp asimd"})
    kernels.load_openblas(tmp_path, new)  # a build that has no such library
    library = tmp_path / "libopenblas.so.0"
    library.touch()
    for other in (old, arm, tmp_path):
        kernels.load_openblas(tmp_path, other)
    assert seen == []
    with pytest.raises(OSError, match="libgfortran"):
        kernels.load_openblas(tmp_path, new)
    assert seen == [(str(library), "Haswell")]
    assert "OPENBLAS_CORETYPE" not in os.environ
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    kernels.load_openblas(tmp_path, new)
    assert len(seen) == 1
