"""The setup report, and the command that prints it (report.py, __main__.py)."""

import re
import subprocess
import sys

import mxnet
import pytest
from mxnet import npx

from mxnet_compat import cuda, report, threads
from mxnet_compat.__main__ import main
from mxnet_compat.report import Row


def rows_by_name():
    return {row.name: row for row in report.examine()}


def test_this_machine_can_run_mxnet_and_the_report_leaves_mxnets_switches_alone():
    npx.reset_np()
    rows = rows_by_name()
    assert not npx.is_np_array()
    assert list(rows) == ["Python", "NumPy", "MXNet", "Threads", "GPU"]
    assert [row for row in rows.values() if row.state == "error"] == []
    assert rows["MXNet"].found.startswith("1.9.1")
    assert all(row.advice for row in rows.values() if row.state != "ok")


def broken_import(monkeypatch, error):
    """Let ``import mxnet`` raise an error."""

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "mxnet":
                raise error

    monkeypatch.delitem(sys.modules, "mxnet")
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (AttributeError("module 'numpy' has no attribute 'bool'"), "--force-reinstall mxnet==1.9.1"),
        (RuntimeError("Cannot find the MXNet library.\nList of candidates:"), "--force-reinstall mxnet==1.9.1"),
        (ModuleNotFoundError("No module named 'graphviz'", name="graphviz"), "python -m pip install graphviz"),
        (ModuleNotFoundError("No module named 'mxnet'", name="mxnet"), "python -m mxnet_compat install"),
        (cuda.GpuBuildError("no driver", "python -m mxnet_compat install --cpu"), "python -m mxnet_compat install --c"),
    ],
)
def test_an_mxnet_that_does_not_import_is_one_error_with_advice(monkeypatch, error, advice):
    broken_import(monkeypatch, error)
    rows = rows_by_name()
    assert rows["MXNet"].state == "error"
    assert str(error).splitlines()[0] in rows["MXNet"].found
    assert advice in rows["MXNet"].advice
    assert list(rows) == ["Python", "NumPy", "MXNet"]


def test_advice_of_the_error_itself_comes_first(monkeypatch):
    error = OSError("libgomp.so.1: cannot open shared object file")
    error.add_note("Install it with\n    apt-get install libgomp1")
    broken_import(monkeypatch, error)
    assert rows_by_name()["MXNet"].advice == "Install it with\n    apt-get install libgomp1"


@pytest.mark.parametrize(
    ("used", "cores", "workers", "state", "advice"),
    [
        (2, 2, "", "ok", ""),
        (1, 4, "", "warning", "restart Python when no other program is busy, or export OMP_NUM_THREADS=4"),
        (8, 4, "", "warning", "unset OMP_NUM_THREADS"),
        (2, 2, "2", "error", "unset MXNET_CPU_WORKER_NTHREADS"),
        (1, 2, "2", "ok", ""),
        (None, 2, "", "ok", ""),
    ],
)
def test_threads(monkeypatch, used, cores, workers, state, advice):
    monkeypatch.setattr(threads, "threads_in_use", lambda: used)
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    monkeypatch.setenv("MXNET_CPU_WORKER_NTHREADS", workers)
    row = rows_by_name()["Threads"]
    assert row.state == state
    assert not re.search(r"\b1 (threads|physical cores)|[2-9] (thread|physical core)\b", row.found)
    assert row.advice.startswith(advice)
    assert bool(row.advice) == bool(advice)


@pytest.mark.parametrize(
    ("gpus", "usable", "cuda_build", "state", "found", "advice"),
    [
        ([], 0, False, "ok", "none; MXNet computes on the CPU", ""),
        ([("Tesla T4", (7, 5))], 0, False, "ok", "Tesla T4 (compute capability 7.5), not used", "install --gpu"),
        ([("H100", (9, 0))], 0, False, "ok", "H100 (compute capability 9.0): too old or too new", ""),
        ([("Tesla T4", (7, 5))], 1, True, "ok", "Tesla T4 (compute capability 7.5)", ""),
        ([("H100", (9, 0))], 1, True, "error", "has code only for compute capability 5.0 to 8.9", "install --cpu"),
        ([], 1, True, "ok", "gpu(0)", ""),
        ([], 0, True, "warning", "none, although this is MXNet's GPU build", "install --cpu"),
    ],
)
def test_gpus(monkeypatch, gpus, usable, cuda_build, state, found, advice):
    class Features:
        def is_enabled(self, name):
            return cuda_build and name == "CUDA"

    monkeypatch.setattr(cuda, "find_gpus", lambda: [cuda.Gpu(*gpu) for gpu in gpus])
    monkeypatch.setattr(mxnet.runtime, "Features", Features)
    monkeypatch.setattr(npx, "num_gpus", lambda: usable)
    row = rows_by_name()["GPU"]
    assert row.state == state
    assert found in row.found
    assert advice in row.advice
    assert bool(row.advice) == bool(advice)


@pytest.mark.parametrize(
    ("version", "state"), [((3, 10), "error"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "warning")]
)
def test_versions_are_compared_with_those_that_were_tested(version, state):
    assert report.judge_version("Python", version, ((3, 11), (3, 13)), "found").state == state


def test_the_table_has_advice_below_each_row():
    rows = [Row("A", "ok", "1.0"), Row("Long", "error", "two\nlines", "first\n    second")]
    assert report.format_rows(rows).splitlines() == [
        "ok       A     1.0",
        "error    Long  two",
        "               lines",
        "               -> first",
        "               -> second",
    ]
    assert report.format_rows([]) == ""


# The command


@pytest.mark.parametrize(("states", "status"), [(["ok", "warning"], 0), (["error", "ok"], 1)])
def test_check_exits_with_1_only_if_there_is_an_error(capsys, monkeypatch, states, status):
    rows = [Row("Name", state, "found") for state in states]
    monkeypatch.setattr(report, "examine", lambda: rows)
    assert main(["check"]) == status
    assert capsys.readouterr().out == report.format_rows(rows) + "\n"


def test_check_as_a_user_calls_it():
    done = subprocess.run([sys.executable, "-m", "mxnet_compat", "check"], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "ok       MXNet    1.9.1" in done.stdout


def test_no_command_prints_help_and_wrong_usage_exits_with_2(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: python -m mxnet_compat")
    for arguments in (["nonsense"], ["install", "--gpu", "--cpu"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
