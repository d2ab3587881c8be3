"""Jobs of several processes: python -m d2lhelpers launch."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from pathlib import Path

import pytest

from d2lhelpers.__main__ import main
from d2lhelpers.distributed import launch
from mxnet_compat.threads import usable_cores

pytestmark = [
    pytest.mark.jobs,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="jobs run on Linux only"),
]

READY = "import time; print('ready', flush=True); time.sleep(600)"


def as_in_a_terminal():
    """Undo what nohup and the shell's & leave to the processes they start: ignored signals."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Jobs:
    """Runs jobs in a folder, and recognizes their processes by a mark in the environment that they inherit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.environment = {**os.environ, "D2L_TEST_MARK": self.mark}

    def write(self, code: str, name: str = "script.py") -> str:
        (self.folder / name).write_text(textwrap.dedent(code))
        return name

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "d2lhelpers", "launch", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=as_in_a_terminal,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a job; it must end by itself and leave nothing behind."""
        launcher = self.start(*arguments)
        out, err = launcher.communicate(timeout=120)
        assert self.left() == []
        return subprocess.CompletedProcess(launcher.args, launcher.returncode, out, err)

    def left(self, seconds: float = 0) -> list[str]:
        """Return the command lines of processes that are still running after so many seconds."""
        deadline = time.monotonic() + seconds
        while (found := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[str]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (process / "environ").read_bytes():
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:  # it has ended, or belongs to someone else
                continue
        return found


@pytest.fixture
def jobs(tmp_path):
    jobs = Jobs(tmp_path)
    yield jobs
    assert jobs.left(10) == []


# What the script sees


def test_script_runs_as_python_runs_it(jobs):
    jobs.write("WORD = 'found'", "neighbor.py")
    jobs.write(
        "import os, sys, neighbor; print(__name__, __file__, sys.argv, sys.path[0], neighbor.WORD, sys.stdin.read())"
    )
    arguments = ["-n", "5", "--", "--hosts", "a b", "", "*", "it's", "-"]
    done = jobs.run("-n", "2", "script.py", *arguments)
    assert done.returncode == 0
    expected = f"__main__ script.py {['script.py', *arguments]} {jobs.folder} found "
    assert sorted(done.stdout.splitlines()) == [f"[worker {rank}] {expected}" for rank in range(2)]
    assert done.stderr == ""


def test_environment_is_what_mxnet_reads(jobs):
    names = ["DMLC_ROLE", "DMLC_NUM_WORKER", "DMLC_NUM_SERVER", "DMLC_PS_ROOT_URI", "DMLC_NODE_HOST", "OMP_NUM_THREADS"]
    jobs.write(f"import os; print(*[os.environ[name] for name in {names}])")
    jobs.environment |= {"OMP_NUM_THREADS": "3"}
    done = jobs.run("-n", "1", "-s", "2", "script.py")
    assert done.stdout == "[worker 0] worker 1 2 127.0.0.1 127.0.0.1 3\n"


def test_workers_divide_the_cores(jobs):
    jobs.write("import os; print(os.environ['OMP_NUM_THREADS'])")
    for name in ("OMP_NUM_THREADS", "MXNET_OMP_MAX_THREADS", "OPENBLAS_NUM_THREADS"):
        jobs.environment.pop(name, None)
    done = jobs.run("-n", "3", "script.py")
    assert {line.split()[-1] for line in done.stdout.splitlines()} == {str(max(usable_cores() // 3, 1))}


# Output


def test_lines_stay_whole_and_in_order(jobs):
    jobs.write("""
        import sys
        for i in range(300):
            print(i, str(i % 10) * 500, file=(sys.stdout, sys.stderr)[i % 2])
        print("no end", end="")
    """)
    done = jobs.run("-n", "3", "script.py")
    expected = [f"{i} {str(i % 10) * 500}" for i in range(300)] + ["no end"]
    lines = done.stdout.splitlines()
    for worker in range(3):
        start = f"[worker {worker}] "
        assert [line.removeprefix(start) for line in lines if line.startswith(start)] == expected
    assert len(lines) == 3 * len(expected)


def test_job_ends_when_nobody_reads_its_output(jobs):
    jobs.write("while True: print('line')")
    launcher = jobs.start("-n", "2", "script.py")
    launcher.stdout.readline()
    launcher.stdout.close()
    assert launcher.wait(timeout=60) == 1
    launcher.stderr.close()


def test_bytes_that_are_not_text(jobs):
    jobs.write(r"import sys; sys.stdout.buffer.write(b'\xff\xe9 a\rb\n')")
    done = jobs.run("-n", "1", "script.py")
    assert done.stdout == "[worker 0] \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} a\n[worker 0] b\n"


# Ends


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("import does_not_exist", 1, "ModuleNotFoundError: No module named 'does_not_exist'"),
        ("import sys; sys.exit('all wrong')", 1, "all wrong"),
        ("import os; os._exit(4)", 4, None),
        ("raise KeyboardInterrupt", 1, "KeyboardInterrupt"),
        ("import sys; sys.exit(0)", 0, None),
    ],
)
def test_status_is_that_of_the_worker(jobs, code, status, said):
    jobs.write(code)
    done = jobs.run("-n", "1", "script.py")
    assert done.returncode == status
    if status:
        assert done.stderr.startswith(f"worker 0 ended with status {status}, so the job was stopped.\n")
    if said:
        assert done.stdout.splitlines()[-1].endswith(said)
        assert done.stderr.splitlines()[-1].endswith(said)


def test_traceback_begins_in_the_script(jobs):
    jobs.write("def f():\n    1 / 0\nf()")
    lines = jobs.run("-n", "1", "script.py").stdout.splitlines()
    assert lines[0] == "[worker 0] Traceback (most recent call last):"
    assert lines[1].startswith('[worker 0]   File "script.py", line 3, in <module>')
    assert lines[-1] == "[worker 0] ZeroDivisionError: division by zero"


@pytest.mark.parametrize("role", ["scheduler", "server"])
def test_server_that_is_killed_stops_the_job(jobs, role):
    jobs.write("""
        import os, signal, sys, time
        from pathlib import Path
        for file in Path("/proc").glob("[0-9]*/environ"):
            try:
                variables = file.read_bytes().split(b"\\0")
            except OSError:
                continue
            if {f"D2L_TEST_MARK={sys.argv[1]}".encode(), f"DMLC_ROLE={sys.argv[2]}".encode()} <= set(variables):
                os.kill(int(file.parent.name), signal.SIGKILL)
        time.sleep(600)
    """)
    done = jobs.run("-n", "1", "script.py", jobs.mark, role)
    assert done.returncode == 128 + signal.SIGKILL
    name = role if role == "scheduler" else "server 0"
    assert done.stderr.startswith(f"{name} was killed by signal 9 (SIGKILL), perhaps because memory ran out")


@pytest.mark.parametrize(
    ("leave", "status", "said"),
    [
        ("sys.exit(5)", 5, "worker 1 ended with status 5, so the job was stopped."),
        (
            "os.kill(os.getpid(), signal.SIGKILL)",
            128 + signal.SIGKILL,
            "worker 1 was killed by signal 9 (SIGKILL), perhaps because memory ran out, so the job was stopped.",
        ),
    ],
)
def test_worker_that_leaves_stops_the_others_that_wait_for_it(jobs, leave, status, said):
    jobs.write(f"""
        import os, signal, sys
        from mxnet import np, npx
        from d2lhelpers import connect_workers
        npx.set_np()
        store = connect_workers()
        value = np.ones(1)
        store.init(1, value)
        if store.rank == 1:
            print("worker", store.rank, "leaves")
            {leave}
        store.pushpull(1, value)
        print(f"never reached: it waits for the other worker {{value}}")
    """)
    done = jobs.run("-n", "2", "script.py")
    assert done.returncode == status
    assert done.stdout == "[worker 1] worker 1 leaves\n"
    assert done.stderr == f"{said}\nIts last lines:\n    worker 1 leaves\n"


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_launcher_that_is_stopped_leaves_nothing(jobs, number, status):
    # Workers with a child each, which ignore Ctrl+C and the signal that follows it.
    jobs.write(f"""
        import signal, subprocess, sys, time
        for number in {[signal.SIGINT.value, signal.SIGTERM.value] if number == signal.SIGINT else []}:
            signal.signal(number, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print("ready")
        time.sleep(600)
    """)
    launcher = jobs.start("-n", "2", "script.py")
    assert {launcher.stdout.readline() for _ in range(2)} == {"[worker 0] ready\n", "[worker 1] ready\n"}
    launcher.send_signal(number)
    launcher.communicate(timeout=60)
    assert launcher.returncode == status
    assert jobs.left(0 if number != signal.SIGKILL else 10) == []


def test_ctrl_c_twice(jobs):
    jobs.write("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready'); time.sleep(600)")
    launcher = jobs.start("-n", "1", "script.py")
    launcher.stdout.readline()
    launcher.send_signal(signal.SIGINT)
    time.sleep(0.5)
    launcher.send_signal(signal.SIGINT)
    launcher.communicate(timeout=60)
    assert launcher.returncode == 130


# The command line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["script.py"], "the following arguments are required: -n/--num-workers"),
        (["-n", "2"], "the following arguments are required: script"),
        (["-n", "0", "script.py"], "must be a whole number, 1 or more, not '0'"),
        (["-n", "2", "-s", "two", "script.py"], "must be a whole number, 1 or more, not 'two'"),
        (["-n", "2", "missing.py"], "there is no script 'missing.py'"),
        (["-n", "2", "--hosts", " , ", "script.py"], "' , ' names no host"),
        (["-n", "2", "--hosts", "a,-oProxyCommand=x", "script.py"], "'-oProxyCommand=x' is not a host"),
        (["-n", "2", "--hosts", "a:b", "script.py"], "'a:b' is not a host: use name, user@name or name:port"),
        (["-n", "2", "--hosts", "a:", "script.py"], "'a:' is not a host"),
        (["-n", "2", "--hosts", "./hosts", "script.py"], "or name:port, and there is no such file"),
    ],
)
def test_wrong_usage(tmp_path, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").touch()
    with pytest.raises(SystemExit) as stopped:
        main(["launch", *arguments])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "hosts", "said"),
    [
        (lambda patch: patch.setattr(sys, "platform", "darwin"), [], "launch works only on Linux"),
        (
            lambda patch: patch.delenv("DMLC_PS_ROOT_URI", raising=False),
            ["a..b"],
            "Cannot find the address at which a..b",
        ),
        (lambda patch: patch.setenv("PATH", ""), ["localhost"], "are started with ssh, which is missing here"),
    ],
)
def test_where_jobs_cannot_be_started(tmp_path, monkeypatch, change, hosts, said):
    (tmp_path / "script.py").touch()
    change(monkeypatch)
    options = [f"--hosts={name}" for name in hosts]
    with pytest.raises(SystemExit, match=said):
        main(["launch", "-n", "1", *options, str(tmp_path / "script.py")])


def test_hosts_in_a_file(tmp_path):
    file = tmp_path / "hosts"
    file.write_text("# the lab\nnode1\n\n  me@node2:2222  # upstairs\n")
    assert launch.read_hosts(str(file)) == [launch.Host("node1"), launch.Host("me@node2", "2222")]


# Through ssh: a stand-in that runs commands on this machine

SSH = """\
#!/bin/sh
printf '%s|' "$@" >> "$0.calls"
printf '\\n' >> "$0.calls"
for command; do :; done
exec env -i HOME="$HOME" PATH="$PATH" sh -c "$command"
"""


@pytest.fixture
def ssh(jobs):
    """Put a stand-in for ssh first on the jobs' path, and return its path; it passes on no variables itself."""
    folder = jobs.folder / "bin"
    folder.mkdir()
    (folder / "ssh").write_text(SSH)
    (folder / "ssh").chmod(0o755)
    jobs.environment["PATH"] = f"{folder}:{jobs.environment['PATH']}"
    return folder / "ssh"


def test_hosts_are_used_in_turn(jobs, ssh):
    jobs.write("""
        import os, sys
        from mxnet import np, npx
        from d2lhelpers import connect_workers
        npx.set_np()
        store = connect_workers()
        value = np.ones(1)
        store.init(1, value)
        value = np.array([store.rank + 1.0])
        store.pushpull(1, value)
        print(float(value[0]), sys.argv[1:], os.getcwd(), "SECRET" in os.environ)
    """)
    jobs.environment["SECRET"] = "not passed on"
    arguments = ["it's", "a b", "$HOME"]
    done = jobs.run("-n", "3", "-s", "1", "--hosts", "localhost,me@127.0.0.1:2222", "script.py", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    expected = f"6.0 {arguments} {jobs.folder} False"
    assert sorted(done.stdout.splitlines()) == [
        f"[worker 0 on localhost] {expected}",
        f"[worker 1 on me@127.0.0.1] {expected}",
        f"[worker 2 on localhost] {expected}",
    ]
    calls = Path(f"{ssh}.calls").read_text().splitlines()
    assert sum(call.startswith("-o|BatchMode=yes|localhost|cd ") for call in calls) == 3
    assert sum(call.startswith("-o|BatchMode=yes|-p|2222|me@127.0.0.1|cd ") for call in calls) == 1


def test_remote_processes_end_with_the_connection(jobs, ssh):
    jobs.write(READY)
    launcher = jobs.start("-n", "2", "--hosts", "localhost", "script.py")
    launcher.stdout.readline()
    launcher.kill()
    launcher.communicate(timeout=60)
    assert jobs.left(10) == []


def test_host_that_cannot_be_reached(jobs, ssh):
    jobs.write(READY)
    ssh.write_text("#!/bin/sh\necho 'ssh: connect to host localhost port 22: Connection refused' >&2\nexit 255\n")
    done = jobs.run("-n", "1", "--hosts", "localhost", "script.py")
    assert done.returncode == 255
    assert "on localhost ended with status 255 (ssh could not connect, or the process was killed)" in done.stderr
    assert "    ssh: connect to host localhost port 22: Connection refused" in done.stderr
