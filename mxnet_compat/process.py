"""One process of a distributed job: ``python -m mxnet_compat.process PROCESSES SCRIPT [ARGUMENTS]``.

``DMLC_ROLE`` contains the role: MXNet's scheduler and servers run until the job ends, and a worker runs the script. Two
things differ from a plain ``python script.py``. If the script fails, the process ends at once; MXNet would wait for the
other workers, which are waiting for this one. And if the launcher is killed or the connection to it breaks, this
process is killed too.
"""

import argparse
import os
import runpy
import signal
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

from mxnet_compat import threads


def main(arguments: Sequence[str] | None = None) -> None:
    """Run this process in the role that ``DMLC_ROLE`` contains."""
    parser = argparse.ArgumentParser(prog="python -m mxnet_compat.process")
    parser.add_argument("processes", type=int, help="how many of the job's processes compute on this machine")
    parser.add_argument("script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parsed = parser.parse_args(arguments)
    _end_with_launcher()
    if not {threads.THREADS, threads.MAX_THREADS, "OPENBLAS_NUM_THREADS"} & os.environ.keys():
        os.environ[threads.THREADS] = str(max(threads.usable_cores() // parsed.processes, 1))
    if os.environ["DMLC_ROLE"] == "worker":
        _run_script(parsed.script, parsed.arguments)
    else:
        import mxnet  # noqa: F401 (serves until the workers have ended, then exits)


def _end_with_launcher() -> None:
    """Kill this process and its children when standard input closes; the script gets an empty one instead."""
    launcher = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        while os.read(launcher, 1024):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _run_script(script: str, arguments: list[str]) -> None:
    """Run a script as ``python script arguments`` does, but end at once if it fails."""
    sys.argv = [script, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.abspath(script))
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        if stop.code is not None and not isinstance(stop.code, int):
            print(stop.code, file=sys.stderr)
            _leave(1)
        if stop.code:
            _leave(stop.code)
    except BaseException as error:
        error = error.with_traceback(_from_script(error.__traceback__))
        sys.excepthook(type(error), error, error.__traceback__)
        _leave(1)


def _from_script(trace: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that begins in the script."""
    above = {__file__, runpy.run_path.__code__.co_filename}
    while trace is not None and trace.tb_frame.f_code.co_filename in above:
        trace = trace.tb_next
    return trace


def _leave(status: int) -> NoReturn:
    """End the process without waiting for the other workers."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 0xFF)


if __name__ == "__main__":
    main()
