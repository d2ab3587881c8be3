"""Executes notebooks: one alone, as a student would, or several side by side with one thread each."""

import asyncio
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from coursetools.project import NOTEBOOKS

CELL_TIMEOUT = 600  # seconds
FAILURES = (CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError)


@dataclass(frozen=True)
class Execution:
    """How one notebook went.

    Attributes
    ----------
    name : str
        Its file's name without the ending.
    seconds : float
        From the start of the kernel to the last cell.
    megabytes : int or None
        The most memory that the kernel held; None if the system does not tell.
    failure : str
        The cell and its error; "" if all cells ran.
    """

    name: str
    seconds: float
    megabytes: int | None
    failure: str = ""


def execute(notebook: NotebookNode, name: str) -> Execution:
    """Execute a notebook in place, in a new kernel that uses all cores and runs in notebooks/."""
    return asyncio.run(_execute(notebook, name, dict(os.environ)))


def execute_side_by_side(
    paths: Sequence[Path],
    finish: Callable[[NotebookNode, Path], None],
    *,
    workers: int,
    expected: dict[str, float] | None = None,
) -> list[Execution]:
    """Execute notebooks, `workers` at a time, each with its share of the cores; say how far they are.

    A notebook that fails does not stop the others.

    Parameters
    ----------
    paths : sequence of Path
        Stored notebooks. They start in this order.
    finish : callable
        Called with each notebook and its path as soon as it has ended.
    workers : int
        How many run at a time. With more than one, each computes with one thread: idle threads of one notebook would
        keep a core from another. An OMP_NUM_THREADS in the environment is respected.
    expected : dict, optional
        Seconds by notebook from an earlier run, for the time left.

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
        # ipykernel would warn that it speaks TCP without encryption: with this process only, on this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    client.on_cell_start = lambda cell, cell_index: started.append(cell_index)
    # When the notebook ends its kernel is gone, so ask after each cell; the last answer counts.
    client.on_cell_executed = lambda **event: peaks.append(peak_memory(client.km.provisioner.pid))
    try:
        await client.async_execute(env=environment)
    except FAILURES as error:
        failure = _describe(notebook, started[-1], error)
    return Execution(name, time.perf_counter() - begin, peaks[-1], failure)


def _describe(notebook: NotebookNode, index: int, error: Exception) -> str:
    """Return the cell's number and first line, and what went wrong in it."""
    source = notebook.cells[index].source.strip().partition("\n")[0] if notebook.cells else ""
    what = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
    return f"cell {index} ({source[:60]}): {what.strip()}"


class Progress:
    """Says which notebooks run, which have ended, and how long the rest will take.

    On a terminal the last line is rewritten as things change; elsewhere there is one line for each notebook that ends.
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
        """Note that a notebook has started."""
        self.running.append(name)
        self._draw()

    def end(self, execution: Execution) -> None:
        """Note that a notebook has ended, and print its line."""
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
        """Return the time that the rest will take, going by how fast the others were."""
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
    """Return the most memory that a process has held so far, in MB; None if the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return round(int(found[1]) * 1024 / 1e6) if found else None
