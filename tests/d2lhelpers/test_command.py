"""The commands check and install of python -m d2lhelpers (__main__.py)."""

import subprocess
import sys

import pytest

from d2lhelpers import report
from d2lhelpers.__main__ import main
from mxnet_compat import install
from mxnet_compat.report import Row


def test_no_command_prints_help_and_an_unknown_one_exits_with_2(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: python -m d2lhelpers")
    with pytest.raises(SystemExit) as stopped:
        main(["nonsense"])
    assert stopped.value.code == 2


@pytest.mark.parametrize(("state", "status"), [("warning", 0), ("error", 1)])
def test_check_prints_the_courses_report(capsys, monkeypatch, state, status):
    monkeypatch.setattr(report, "examine", lambda: [Row("Browser", state, "found")])
    assert main(["check"]) == status
    assert capsys.readouterr().out == f"{state:<7}  Browser  found\n"


def test_install_includes_what_the_course_needs(monkeypatch):
    asked = []
    monkeypatch.setattr(install, "install_missing", lambda *extras: asked.append(extras))
    assert main(["install"]) == 0
    assert asked == [("course",)]


def test_without_mxnet_the_command_that_installs_it_is_named():
    code = "import sys, runpy; sys.modules['mxnet'] = None; runpy.run_module('d2lhelpers', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "MXNet is not installed. Run: python -m mxnet_compat install --extra course" in done.stderr
