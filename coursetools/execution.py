"""Executes notebooks: a single one as a student would, or several in parallel with one thread each."""

import asyncio
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError
from nbformat import NotebookNode

from coursetools.project import NOTEBOOKS

CELL_TIMEOUT = 600  # seconds
# A cell that failed or took too long; a kernel that died or did not start.
FAILURES = (CellControlSignal, RuntimeError)


@dataclass(frozen=True)
class Execution:
    """The result of executing a notebook.

    Attributes
    ----------
    name : str
        The name of its file without the extension.
    seconds : float
        Time from the start of the kernel to the end of the last cell.
    megabytes : int or None
        Peak memory of the kernel; None if the system does not report it.
    failure : str
        The cell that failed and its error; "" if all cells ran.
    """

    name: str
    seconds: float
    megabytes: int | None
    failure: str = ""


def execute(notebook: NotebookNode, name: str, variables: Mapping[str, str] = {}) -> Execution:
    """Execute a notebook in place, in a new kernel that uses all cores and runs in notebooks/.

    `variables` are environment variables for the kernel, in addition to those of this process.
    """
    return asyncio.run(_execute(notebook, name, {**os.environ, **variables}))


def execute_side_by_side(
    paths: Sequence[Path],
    finish: Callable[[NotebookNode, Path], None],
    *,
    workers: int,
    expected: dict[str, float] | None = None,
) -> list[Execution]:
    """Execute notebooks in parallel, `workers` at a time, and show the progress.

    A notebook that fails does not stop the others.

    Parameters
    ----------
    paths : sequence of Path
        Stored notebooks. They are started in this order.
    finish : callable
        Called with each notebook and its path as soon as it has ended.
    workers : int
        How many run at a time. With more than one, each computes with one thread, because idle threads of one notebook
        would occupy cores that another one needs. If OMP_NUM_THREADS is set in the environment, it is respected.
    expected : dict, optional
        Seconds that each notebook took in an earlier run, to estimate the time left.

    Returns
    -------
    list of Execution
        In the order of `paths`.
    """
    return asyncio.run(_execute_all(paths, finish, workers, Progress(paths, workers, expected or {})))


async def _execute_all(
    paths: Sequence[Path], finish: Callable[[NotebookNode, Path], None], workers: int, progress: "Progress"
) -> list[Execution]:
    free = asyncio.Semaphore(workers)
    environment = ({"OMP_NUM_THREADS": "1"} if workers > 1 else {}) | dict(os.environ)

    async def run(path: Path) -> Execution:
        async with free:
            progress.start(path.stem)
            notebook = nbformat.read(path, as_version=4)
            execution = await _execute(notebook, path.stem, environment)
            finish(notebook, path)
            progress.end(execution)
            return execution

    return await asyncio.gather(*map(run, paths))


async def _execute(notebook: NotebookNode, name: str, environment: dict[str, str]) -> Execution:
    peaks: list[int | None] = [None]
    started = [0]
    failure = ""
    begin = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        startup_timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        record_timing=False,
        # ipykernel would warn of unencrypted TCP, which is only between this process and the kernel, on this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    client.on_cell_start = lambda cell, cell_index: started.append(cell_index)
    # The kernel is gone by the time the notebook ends, so measure after each cell. The last measurement counts.
    client.on_cell_executed = lambda **event: peaks.append(peak_memory(client.km.provisioner.pid))
    try:
        await client.async_execute(env=environment)
    except FAILURES as error:
        failure = _describe(notebook, started[-1], error)
    return Execution(name, time.perf_counter() - begin, peaks[-1], failure)


def _describe(notebook: NotebookNode, index: int, error: Exception) -> str:
    """Return the number and the first line of the cell that failed, and its error."""
    source = notebook.cells[index].source.strip().partition("\n")[0] if notebook.cells else ""
    what = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
    return f"cell {index} ({source[:60]}): {what.strip()}"


class Progress:
    """Shows which notebooks are running, which have ended, and how long the rest will take.

    On a terminal, the last line is updated continuously. Elsewhere, each notebook that ends prints one line.
    """

    def __init__(self, paths: Sequence[Path], workers: int, expected: dict[str, float]) -> None:
        typical = sorted(expected.values())[len(expected) // 2] if expected else 10.0
        self.expected = {path.stem: expected.get(path.stem, typical) for path in paths}
        self.workers = workers
        self.running: list[str] = []
        self.ended: list[Execution] = []
        self.begin = time.perf_counter()
        self.live = sys.stdout.isatty()

    def start(self, name: str) -> None:
        """Record that a notebook has started."""
        self.running.append(name)
        self._draw()

    def end(self, execution: Execution) -> None:
        """Record that a notebook has ended, and print its line."""
        self.running.remove(execution.name)
        self.ended.append(execution)
        memory = f"{execution.megabytes:6} MB" if execution.megabytes else ""
        mark = "FAILED" if execution.failure else ""
        line = f"{execution.name:24}{execution.seconds:8.1f} s{memory}  {mark}".rstrip()
        if self.live:
            print(f"\r\033[K{line}", flush=True)
            self._draw()
        else:
            print(f"{line}   ({self._state()})", flush=True)

    def seconds_left(self) -> float:
        """Estimate how long the rest will take, based on the notebooks that have ended."""
        ended = sum(self.expected[execution.name] for execution in self.ended)
        pace = (time.perf_counter() - self.begin) / ended if ended else 1 / self.workers
        return pace * (sum(self.expected.values()) - ended)

    def _state(self) -> str:
        left = self.seconds_left()
        about = f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min"
        return f"{len(self.ended)} of {len(self.expected)} done" + (f", about {about} left" if self.running else "")

    def _draw(self) -> None:
        if self.live and self.running:
            print(f"\r\033[K{self._state()}; running: {', '.join(self.running)}", end="", flush=True)


def peak_memory(process: int) -> int | None:
    """Return the peak memory of a process so far, in MB; None if the system does not report it."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return round(int(found[1]) * 1024 / 1e6) if found else None
