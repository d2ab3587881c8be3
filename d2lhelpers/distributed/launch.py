"""Start the processes of a job that trains with MXNet's parameter server, and monitor them.

``python -m d2lhelpers launch`` starts a scheduler, servers, and workers. The environment variables ``DMLC_*`` tell each
process its role and where the scheduler is; MXNet does the rest. MXNet's own launcher is not in the wheel. Unlike that
one, this launcher stops the job when a process dies.
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
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeAlias

_LOCAL = "127.0.0.1"
_FORWARDED = ("DMLC_", "PS_", "MXNET_", "OMP_", "OPENBLAS_", "D2L_", "PYTHONPATH")  # variables passed on through ssh
_SHOWN_LINES = 10  # of a process that failed
# Seconds. Servers end within milliseconds of the workers, provided that the script has used them at all.
_SERVERS_PATIENCE = 1.0
_PATIENCE = 3.0  # from SIGTERM to SIGKILL

_Events: TypeAlias = "queue.SimpleQueue[tuple[_Process, str | None]]"  # lines of output; None when a process ends


@dataclass(frozen=True)
class Host:
    """A machine to run processes on; `name` may include a user, as for ``ssh``."""

    name: str
    port: str | None = None

    def ssh(self, command: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """Return the command that runs `command` on this machine, in the folder with the same path."""
        assignments = [f"{name}={value}" for name, value in variables.items()]
        remote = f"cd {shlex.quote(os.getcwd())} && exec {shlex.join(['env', *assignments, *command])}"
        return ["ssh", "-o", "BatchMode=yes", *(["-p", self.port] if self.port else []), self.name, remote]


def read_hosts(text: str) -> list[Host]:
    """Read hosts from a list separated by commas, or from a file with one per line and comments after ``#``.

    >>> read_hosts("node1,me@node2:2222")
    [Host(name='node1', port=None), Host(name='me@node2', port='2222')]
    """
    file = Path(text)
    lines = file.read_text().splitlines() if file.is_file() else text.split(",")
    entries = [entry for line in lines if (entry := line.partition("#")[0].strip())]
    if not entries:
        raise argparse.ArgumentTypeError(f"{text!r} names no host")
    hosts = []
    for entry in entries:
        name, colon, port = entry.partition(":")
        # ssh would take a name that begins with "-" for an option.
        is_name = name and not name.startswith("-") and len(entry.split()) == 1 and "/" not in entry
        if not is_name or (colon and not port.isdecimal()):
            hint = ", and there is no such file" if "/" in entry else ""
            raise argparse.ArgumentTypeError(f"{entry!r} is not a host: use name, user@name or name:port{hint}")
        hosts.append(Host(name, port or None))
    return hosts


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text!r}")
    return int(text)


def _script(text: str) -> str:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no script {text!r}")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``launch`` to a parser."""
    parser.add_argument(
        "-n", "--num-workers", type=_positive, required=True, metavar="N", help="how many processes run the script"
    )
    parser.add_argument(
        "-s",
        "--num-servers",
        type=_positive,
        metavar="N",
        help="how many servers add up gradients (default: one per host)",
    )
    parser.add_argument(
        "--hosts",
        type=read_hosts,
        default=[],
        help="machines to use in turn, through ssh without a password: node1,node2 or a file with one per line. "
        "They must have this folder and this Python under the same paths. Default: only this machine",
    )
    parser.add_argument("script", type=_script, help="the Python script to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments for the script")
    parser.set_defaults(run=launch)


def launch(arguments: argparse.Namespace) -> int:
    """Run a script in several workers; return 0 if all ended with 0, otherwise the status of the first that failed."""
    if not sys.platform.startswith("linux"):
        sys.exit("launch works only on Linux: MXNet's parameter server has not been tested on other systems")
    hosts: list[Host] = arguments.hosts
    try:
        root = os.environ.get("DMLC_PS_ROOT_URI") or _own_address(hosts)
    except (OSError, UnicodeError) as error:  # UnicodeError: an invalid name, such as "a..b"
        names = ", ".join(host.name for host in hosts)
        sys.exit(f"Cannot find the address at which {names} can reach this machine ({error}): set DMLC_PS_ROOT_URI")
    if hosts and shutil.which("ssh") is None:
        sys.exit("Processes on other machines are started with ssh, which is missing here. Install it first.")
    job = _Job(hosts, root, arguments.num_workers, arguments.num_servers or max(len(set(hosts)), 1))
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)  # so that the job is ended first
    return job.run([arguments.script, *arguments.arguments])


def _own_address(hosts: Sequence[Host]) -> str:
    """Return this machine's address, as the hosts see it."""
    addresses = []
    for host in hosts:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host.name.rpartition("@")[2], 9))  # sends nothing, but finds the route
            addresses.append(probe.getsockname()[0])
    return next((address for address in addresses if not address.startswith("127.")), _LOCAL)


def _free_ports(count: int) -> list[int]:
    """Return ports that are free at the moment, in ascending order."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("", 0))
        return sorted(one.getsockname()[1] for one in sockets)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # as a shell reports the signal


@dataclass
class _Process:
    """A process of the job, watched by two threads that report its output and its end."""

    name: str
    popen: subprocess.Popen[str]
    remote: bool
    events: _Events
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_SHOWN_LINES))
    status: int | None = None  # once it has ended; negative: the signal that killed it

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.waiter = threading.Thread(target=self._wait, daemon=True)
        self.reader.start()
        self.waiter.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.events.put((self, line.rstrip("\n")))

    def _wait(self) -> None:
        # WNOWAIT: its process ID is not reused until `_Job._end`, so that no signal can reach another process.
        ended = os.waitid(os.P_PID, self.popen.pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        self.status = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        self.reader.join(1)  # its last lines come first, but one of its children may keep the pipe open
        self.events.put((self, None))

    def signal(self, number: int) -> None:
        """Send a signal to the process and its children."""
        with suppress(ProcessLookupError):  # all of them have ended
            os.killpg(self.popen.pid, number)

    def show(self, line: str) -> None:
        """Print a line of its output."""
        self.last_lines.append(line)
        print(f"[{self.name}] {line}", flush=True)

    def describe_failure(self) -> str:
        """Say how it ended, and what it printed last."""
        assert self.status is not None
        if self.status > 0:
            how = f"ended with status {self.status}"
            if self.remote and self.status == 255:
                how += " (ssh could not connect, or the process was killed)"
        else:
            how = f"was killed by signal {-self.status} ({signal.Signals(-self.status).name})"
            if self.status == -signal.SIGKILL:
                how += ", perhaps because memory ran out"
        lines = ["Its last lines:", *(f"    {line}" for line in self.last_lines)] if self.last_lines else []
        return "\n".join([f"{self.name} {how}, so the job was stopped.", *lines])


@dataclass
class _Job:
    """The processes of one job."""

    hosts: Sequence[Host]
    root: str  # address of this machine
    num_workers: int
    num_servers: int
    processes: list[_Process] = field(default_factory=list)
    events: _Events = field(default_factory=queue.SimpleQueue)

    def run(self, command: Sequence[str]) -> int:
        """Run the job to its end, and leave no process behind."""
        try:
            self._start(command)
            failed = self._watch()
            if failed is None:
                self._wait(_SERVERS_PATIENCE)
        finally:
            self._end()
        self._show_remaining()
        if failed is None:
            return 0
        sys.stdout.flush()
        print(failed.describe_failure(), file=sys.stderr)
        assert failed.status is not None
        return failed.status if failed.status > 0 else 128 - failed.status  # as a shell reports a signal

    def _start(self, command: Sequence[str]) -> None:
        scheduler_port, *ports = _free_ports(1 + self.num_servers + self.num_workers)
        shared = {
            "DMLC_PS_ROOT_URI": self.root,
            "DMLC_PS_ROOT_PORT": str(scheduler_port),
            "DMLC_NUM_WORKER": str(self.num_workers),
            "DMLC_NUM_SERVER": str(self.num_servers),
            "PYTHONUNBUFFERED": "1",  # shows each line when it is printed, even from a process that is killed later
        }
        if self.root == _LOCAL:
            shared["DMLC_NODE_HOST"] = _LOCAL  # nobody outside can connect
        self._start_process("scheduler", None, shared, command)
        for role, count in (("server", self.num_servers), ("worker", self.num_workers)):
            for number in range(count):
                host = self.hosts[number % len(self.hosts)] if self.hosts else None
                # MXNet numbers the workers of a machine by their ports; with these, `rank` is the number that we show.
                variables = {**shared, "PORT": str(ports.pop(0))} if host is None else shared
                self._start_process(f"{role} {number}", host, variables, command)

    def _start_process(
        self, name: str, host: Host | None, variables: Mapping[str, str], command: Sequence[str]
    ) -> None:
        workers_per_machine = -(-self.num_workers // (len(set(self.hosts)) or 1))
        variables = {**variables, "DMLC_ROLE": name.split()[0]}
        full = [sys.executable, "-m", "mxnet_compat.process", str(workers_per_machine), *command]
        if host is not None:
            forwarded = {key: value for key, value in os.environ.items() if key.startswith(_FORWARDED)}
            full = host.ssh(full, {**forwarded, **variables})
            name = f"{name} on {host.name}"
        popen = subprocess.Popen(
            full,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,  # never written to: it closes when this process ends, and ends the other one
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl+C reaches only this process, which ends the others
        )
        self.processes.append(_Process(name, popen, host is not None, self.events))

    def _watch(self) -> _Process | None:
        """Show lines until all workers have succeeded (return None) or a process has failed (return that process)."""
        running = {process.name for process in self.processes if process.name.startswith("worker")}
        while running:
            process, line = self.events.get()
            if line is not None:
                process.show(line)
            elif process.status:
                return process
            else:
                running.discard(process.name)
        return None

    def _show_remaining(self) -> None:
        for process in self.processes:
            process.reader.join(1)
        while not self.events.empty():
            process, line = self.events.get()
            if line is not None:
                process.show(line)

    def _wait(self, seconds: float) -> None:
        """Wait until all processes have ended, but no longer than `seconds`."""
        deadline = time.monotonic() + seconds
        for process in self.processes:
            process.waiter.join(max(deadline - time.monotonic(), 0))

    def _end(self) -> None:
        """End all processes that are still running, and their children."""
        try:
            for process in self.processes:
                process.signal(signal.SIGTERM)
            self._wait(_PATIENCE)
        finally:  # also when Ctrl+C is pressed again
            for process in self.processes:
                process.signal(signal.SIGKILL)
            for process in self.processes:
                process.popen.wait()
