"""The command line: python -m d2lhelpers (__main__.py)."""

import subprocess
import sys

import pytest

from d2lhelpers import runtime
from d2lhelpers.__main__ import main
from d2lhelpers.runtime import Check


def test_no_command_prints_help(capsys):
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("usage: python -m d2lhelpers")
    assert "check" in printed


def test_unknown_command_exits_with_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["nonsense"])
    assert stopped.value.code == 2
    assert "invalid choice: 'nonsense'" in capsys.readouterr().err


@pytest.mark.parametrize(("states", "status"), [(["ok", "ok"], 0), (["ok", "warning"], 0), (["error", "ok"], 1)])
def test_check_exits_with_1_on_an_error_only(capsys, monkeypatch, states, status):
    rows = [Check("Name", state, "found", "mend it" if state != "ok" else "") for state in states]
    monkeypatch.setattr(runtime, "check_setup", lambda: rows)
    assert main(["check"]) == status
    assert capsys.readouterr().out == runtime.format_checks(rows) + "\n"


def test_check_as_a_user_calls_it():
    done = subprocess.run([sys.executable, "-m", "d2lhelpers", "check"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    for name in ("Python", "NumPy", "MXNet", "Threads", "GPU", "Data"):
        assert f"  {name}  " in done.stdout
