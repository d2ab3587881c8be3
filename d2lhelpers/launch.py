"""Start the processes of a job that trains with MXNet's parameter server, and watch over them.

``python -m d2lhelpers launch`` does what MXNet's own launcher did, whose parts are not in the wheel: it starts
a scheduler, servers and workers, and tells each by the environment variables ``DMLC_*`` what it is and where the
scheduler is. The rest is between them. Unlike MXNet's, it stops the job when one of them dies.
"""

from __future__ import annotations

import argparse
import os
import queue
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

_LOCAL = "127.0.0.1"
_FORWARDED = ("DMLC_", "PS_", "MXNET_", "OMP_", "OPENBLAS_", "D2L_", "PYTHONPATH")  # variables that ssh hands on
_SHOWN_LINES = 10  # of a process that failed
# Seconds. When the workers have ended, so have the servers, within milliseconds: if the script called them at all.
_SERVERS_PATIENCE = 1.0
_PATIENCE = 3.0  # from SIGTERM to SIGKILL


@dataclass(frozen=True)
class Host:
    """A machine to run processes on; `name` may hold a user, as in ``ssh``."""

    name: str
    port: str | None = None

    def ssh(self, command: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """Return the command that runs another one over there, in the folder of this name."""
        assignments = [f"{name}={value}" for name, value in variables.items()]
        remote = f"cd {shlex.quote(os.getcwd())} && exec {shlex.join(['env', *assignments, *command])}"
        return ["ssh", "-o", "BatchMode=yes", *(["-p", self.port] if self.port else []), self.name, remote]


def read_hosts(text: str) -> list[Host]:
    """Read a list of hosts: names with commas between them, or a file with one a line and comments after ``#``.

    A host is ``name``, ``user@name`` or ``name:port``, with the port of its ssh.

    Raises
    ------
    argparse.ArgumentTypeError
        If there are none, or one is no name.

    Examples
    --------
    >>> read_hosts("node1,me@node2:2222")
    [Host(name='node1', port=None), Host(name='me@node2', port='2222')]
    """
    file = Path(text)
    lines = file.read_text().splitlines() if file.is_file() else text.split(",")
    names = [name for line in lines if (name := line.partition("#")[0].strip())]
    if not names:
        raise argparse.ArgumentTypeError(f"{text!r} names no host")
    hosts = []
    for entry in names:
        name, _, port = entry.partition(":")
        # A name that begins with "-" would be an option of ssh.
        is_name = name and not name.startswith("-") and len(entry.split()) == 1 and "/" not in entry
        if not is_name or (":" in entry and not port.isdecimal()):
            hint = "" if "/" not in entry else ", and there is no such file"
            raise argparse.ArgumentTypeError(f"{entry!r} is no host: give name, user@name or name:port{hint}")
        hosts.append(Host(name, port or None))
    return hosts


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be a whole number, at least 1, not {text!r}")
    return int(text)


def _script(text: str) -> str:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no script {text!r}")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of ``launch``."""
    parser.add_argument(
        "-n", "--num-workers", type=_positive, required=True, metavar="N", help="how many processes run the script"
    )
    parser.add_argument(
        "-s", "--num-servers", type=_positive, metavar="N", help="how many add up gradients (default: one a host)"
    )
    parser.add_argument(
        "--hosts",
        type=read_hosts,
        default=[],
        help="machines to use in turn, through ssh without a password: node1,node2 or a file with one a line. "
        "This folder and this Python must be there under the same names. Default: only this machine",
    )
    parser.add_argument("script", type=_script, help="the script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its own arguments")
    parser.set_defaults(run=launch)


@dataclass
class _Process:
    """A process of the job."""

    name: str
    popen: subprocess.Popen[str]
    remote: bool
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_SHOWN_LINES))
    status: int | None = None  # once it has ended; negative: the signal that killed it
    threads: list[threading.Thread] = field(default_factory=list)

    def signal(self, number: int) -> None:
        """Send a signal to the process and its children."""
        with suppress(ProcessLookupError):  # all of them have ended
            os.killpg(self.popen.pid, number)


def launch(arguments: argparse.Namespace) -> int:
    """Run a script in several workers; 0 if all have ended with 0, else the status of what failed first."""
    if not sys.platform.startswith("linux"):
        print("launch works on Linux only: on other systems MXNet's parameter server was never tried", file=sys.stderr)
        return 1
    hosts: list[Host] = arguments.hosts
    try:
        root = os.environ.get("DMLC_PS_ROOT_URI") or _own_address(hosts)
    except (OSError, UnicodeError) as error:  # UnicodeError: no name at all, such as "a..b"
        names = ", ".join(host.name for host in hosts)
        print(
            f"The address of this machine, as {names} see it, could not be found ({error}). "
            "Set DMLC_PS_ROOT_URI to it.",
            file=sys.stderr,
        )
        return 1
    if hosts and shutil.which("ssh") is None:
        print("Processes on other machines are started with ssh: install it here first.", file=sys.stderr)
        return 1
    job = _Job(hosts, root, arguments.num_workers, arguments.num_servers or max(len(set(hosts)), 1))
    with _signals_raise():
        return job.run([arguments.script, *arguments.arguments])


def _own_address(hosts: Sequence[Host]) -> str:
    """Return this machine's address, as the hosts see it."""
    addresses = []
    for host in hosts:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host.name.rpartition("@")[2], 9))  # sends nothing: only asks for the way
            addresses.append(probe.getsockname()[0])
    return next((address for address in addresses if not address.startswith("127.")), _LOCAL)


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody uses just now, in ascending order."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("", 0))
        return sorted(one.getsockname()[1] for one in sockets)
    finally:
        for one in sockets:
            one.close()


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Let the signals that would end this process raise SystemExit, so that it can end the others first."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)  # as a shell reports it

    numbers = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


class _Job:
    """The processes of one job."""

    def __init__(self, hosts: Sequence[Host], root: str, num_workers: int, num_servers: int) -> None:
        self._hosts = hosts
        self._root = root
        self._num_workers = num_workers
        self._num_servers = num_servers
        self._processes: list[_Process] = []
        self._events: queue.SimpleQueue[tuple[_Process, str | None]] = queue.SimpleQueue()  # None: it has ended

    def run(self, command: Sequence[str]) -> int:
        """Run the job to its end, and leave no process behind."""
        try:
            self._start(command)
            failed = self._watch()
            if failed is None:
                self._wait(_SERVERS_PATIENCE)
        finally:
            self._end()
        self._show_waiting()
        if failed is None:
            return 0
        sys.stdout.flush()
        print(_describe(failed), file=sys.stderr)
        assert failed.status is not None
        return failed.status if failed.status > 0 else 128 - failed.status  # as a shell reports a signal

    def _start(self, command: Sequence[str]) -> None:
        scheduler_port, *ports = _free_ports(1 + self._num_servers + self._num_workers)
        shared = {
            "DMLC_PS_ROOT_URI": self._root,
            "DMLC_PS_ROOT_PORT": str(scheduler_port),
            "DMLC_NUM_WORKER": str(self._num_workers),
            "DMLC_NUM_SERVER": str(self._num_servers),
            "PYTHONUNBUFFERED": "1",  # lines are shown when they are printed, also those of a process that is killed
        }
        if self._root == _LOCAL:
            shared["DMLC_NODE_HOST"] = _LOCAL  # nobody outside can connect
        self._start_process("scheduler", None, shared, command)
        for role, count in (("server", self._num_servers), ("worker", self._num_workers)):
            for number in range(count):
                host = self._hosts[number % len(self._hosts)] if self._hosts else None
                # MXNet numbers the workers of a machine by their ports: `rank` is the number that we show.
                variables = {**shared, "PORT": str(ports.pop(0))} if host is None else shared
                self._start_process(f"{role} {number}", host, variables, command)

    def _start_process(
        self, name: str, host: Host | None, variables: Mapping[str, str], command: Sequence[str]
    ) -> None:
        machines = len(set(self._hosts)) or 1
        sharing = str(-(-self._num_workers // machines))
        variables = {**variables, "DMLC_ROLE": name.split()[0]}
        full = [sys.executable, "-m", "mxnet_compat.process", sharing, *command]
        if host is not None:
            forwarded = {key: value for key, value in os.environ.items() if key.startswith(_FORWARDED)}
            full = host.ssh(full, {**forwarded, **variables})
            name = f"{name} on {host.name}"
        popen = subprocess.Popen(
            full,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,  # never written to: it ends when this process does, and then the other ends too
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl+C is for this process, which ends the others
        )
        process = _Process(name, popen, remote=host is not None)
        self._processes.append(process)
        for work in (self._read, self._wait_for_end):
            process.threads.append(threading.Thread(target=work, args=(process,), daemon=True))
            process.threads[-1].start()

    def _read(self, process: _Process) -> None:
        assert process.popen.stdout is not None
        for line in process.popen.stdout:
            self._events.put((process, line.rstrip("\n")))

    def _wait_for_end(self, process: _Process) -> None:
        # WNOWAIT: until `_end`, no other process can get its number, and no signal hit another one.
        ended = os.waitid(os.P_PID, process.popen.pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        process.status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        process.threads[0].join(1)  # its last lines come first; a child of it may hold the pipe open
        self._events.put((process, None))

    def _watch(self) -> _Process | None:
        """Show lines until all workers have ended well, or one process badly: return that one."""
        running = {process.name for process in self._processes if process.name.startswith("worker")}
        while running:
            process, line = self._events.get()
            if line is not None:
                self._show(process, line)
            elif process.status:
                return process
            else:
                running.discard(process.name)
        return None

    def _show(self, process: _Process, line: str) -> None:
        process.last_lines.append(line)
        print(f"[{process.name}] {line}", flush=True)

    def _show_waiting(self) -> None:
        for process in self._processes:
            process.threads[0].join(1)
        while not self._events.empty():
            process, line = self._events.get()
            if line is not None:
                self._show(process, line)

    def _wait(self, seconds: float) -> None:
        """Wait until all processes have ended, but no longer than that."""
        deadline = time.monotonic() + seconds
        for process in self._processes:
            process.threads[1].join(max(deadline - time.monotonic(), 0))

    def _end(self) -> None:
        """End all processes that have not, and their children."""
        try:
            for process in self._processes:
                process.signal(signal.SIGTERM)
            self._wait(_PATIENCE)
        finally:  # also when Ctrl+C is pressed again
            for process in self._processes:
                process.signal(signal.SIGKILL)
            for process in self._processes:
                process.popen.wait()


def _describe(process: _Process) -> str:
    assert process.status is not None
    if process.status > 0:
        how = f"ended with status {process.status}"
        if process.remote and process.status == 255:
            how += " (ssh could not connect, or the process was killed)"
    else:
        how = f"was killed by signal {-process.status} ({signal.Signals(-process.status).name})"
        if process.status == -signal.SIGKILL:
            how += ", as the system does when the memory is full"
    lines = [f"    {line}" for line in process.last_lines]
    return "\n".join(
        [f"{process.name} {how}, so the job was stopped.", *(["Its last lines:"] if lines else []), *lines]
    )
