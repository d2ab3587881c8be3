"""One process of a job: `launch` runs this file as a script, on this machine or through ssh on another.

The environment variable ``DMLC_ROLE`` says what the process is: MXNet's scheduler and servers serve as long as the job
lasts, a worker runs the user's script. ``python script.py`` alone would not do, for two reasons:

- When a worker's script fails, MXNet waits at the end of the process for the others, which wait for this worker.
- When the launcher is killed, or the connection to it breaks, nothing would end the process.

This file must not import anything that imports MXNet: a scheduler or server starts to serve during that import.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
from types import TracebackType
from typing import NoReturn

from d2lhelpers.runtime import usable_cores


def main() -> None:
    """Run ``process.py PROCESSES SCRIPT [ARGUMENT ...]``, where PROCESSES is how many workers share this machine."""
    processes, script, *arguments = sys.argv[1:]
    _end_with_launcher()
    if not {"OMP_NUM_THREADS", "MXNET_OMP_MAX_THREADS", "OPENBLAS_NUM_THREADS"} & os.environ.keys():
        os.environ["OMP_NUM_THREADS"] = str(max(usable_cores() // int(processes), 1))
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.abspath(script))
    if os.environ["DMLC_ROLE"] == "worker":
        _run_script(script, arguments)
    else:
        import mxnet  # noqa: F401 (serves until the workers have ended, then exits)


def _end_with_launcher() -> None:
    """Kill this process and its children when standard input ends; the script gets an empty one."""
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
    """Run a script as ``python script arguments`` does, but end at once when it fails."""
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:
        if stop.code is not None and not isinstance(stop.code, int):
            print(stop.code, file=sys.stderr)
            _leave(1)
        if stop.code:
            _leave(stop.code)
    except BaseException as error:
        error = error.with_traceback(_from_script_on(error.__traceback__))
        sys.excepthook(type(error), error, error.__traceback__)
        _leave(1)


def _from_script_on(trace: TracebackType | None) -> TracebackType | None:
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
