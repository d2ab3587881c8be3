"""A mirror of data sets on this machine that can be told to misbehave, and small archives for it to serve."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import MappingProxyType

import numpy as onp
import pytest

from d2lhelpers.data import cache, downloads, mirrors
from d2lhelpers.data.mirrors import RemoteDataSet, RemoteFile

NAMES = ("train-images.gz", "train-labels.gz", "t10k-images.gz", "t10k-labels.gz")
LOGIN_PAGE = b"<html><title>Guest network</title>Please log in</html>"


# Archives


def idx(magic, shape, values):
    return struct.pack(f">{1 + len(shape)}I", magic, *shape) + bytes(values)


@functools.cache
def image_file(count, seed=0):
    pixels = onp.random.RandomState(seed).randint(0, 256, (count, 28, 28)).astype("uint8")
    return pixels, gzip.compress(idx(0x803, pixels.shape, pixels.tobytes()), mtime=0)


def label_file(labels):
    return gzip.compress(idx(0x801, (len(labels),), labels), mtime=0)


def make_archives(train=7, test=4):
    """Four archives; the labels of image i are i and 9 - i."""
    contents = (
        image_file(train)[1],
        label_file([i % 10 for i in range(train)]),
        image_file(test, seed=1)[1],
        label_file([9 - i % 10 for i in range(test)]),
    )
    return dict(zip(NAMES, contents, strict=True))


def make_data_set(archives, urls, name="mnist", title="Tiny MNIST"):
    files = [RemoteFile(name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in archives.items()]
    return RemoteDataSet(name, title, tuple(urls), *files)


# The server. An answer is the file's content, a status, or a function that gets the request handler.


class Mirror:
    """A web server with the files `answers`, which counts what it was asked for."""

    def __init__(self, answers):
        mirror = self
        self.answers, self.requests = dict(answers), []
        self.sent = 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.requests.append(self.path[1:])
                answer = mirror.answers.get(self.path[1:], 404)
                with contextlib.suppress(OSError):  # the other side has hung up
                    if isinstance(answer, int):
                        self.send_error(answer)
                    elif isinstance(answer, bytes):
                        sending(answer)(self)
                    else:
                        answer(self)

            def start(self, length=None, status=200, **headers):
                self.send_response(status)
                if length is not None:
                    self.send_header("Content-Length", str(length))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()

            def send(self, content):
                self.wfile.write(content)
                mirror.sent += len(content)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 64
            daemon_threads = True
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def sending(content, announced=None, pieces=1, pause=0.0, **headers):
    """Send the content in pieces, with pauses in between; `announced` is its length as the header has it."""

    def answer(handler):
        handler.start(len(content) if announced is None else announced, **headers)
        step = -(-len(content) // pieces) or 1
        for start in range(0, len(content), step):
            if start:
                time.sleep(pause)
            handler.send(content[start : start + step])

    return answer


def unannounced(content):
    """Send the content without saying how long it is."""

    def answer(handler):
        handler.start()
        handler.send(content)

    return answer


def endless(handler):
    handler.start()
    while True:
        handler.send(bytes(2**16))


def endlessly(status, **headers):
    """Send a status, and after it something without end."""

    def answer(handler):
        handler.start(status=status, **headers)
        while True:
            handler.send(bytes(2**16))

    return answer


def stalled(handler):
    """Accept the request and never answer."""
    time.sleep(60)


def stalled_after(content, announced):
    def answer(handler):
        handler.start(announced)
        handler.send(content)
        time.sleep(60)

    return answer


def dripping_header(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_chunk(handler):
    """Begin with a few bytes of the file, and never come to the end of the line before the next ones."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\x1f\x8b\r\n1;")
    while True:
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def made_up(seed):
    """Send an answer put together at random from what a server may send, and from what none should."""
    rng = random.Random(seed)
    names = (
        "Content-Length",
        "Transfer-Encoding",
        "Content-Encoding",
        "Location",
        "Content-Type",
        "Retry-After",
        "X",
        "",
    )
    values = (
        "-1", "1, 2", str(10**30), "²", "chunked", "gzip", "br", "x", "\xff\xfe", "//", "http://[::1", "http://a b/",
        "http://127.0.0.1:99999/", "file:///etc/passwd", "http://\0/", "text/html", "soon", "9" * 400, "a" * 70_000,
        "Fri, 99 Foo 2100",
    )  # fmt: skip

    def answer(handler):
        name = handler.path[1:]
        good = make_archives()[name] if name in NAMES else b""
        version, status = (
            rng.choice(["HTTP/1.1", "HTTP/1.0", "HTTP/9", ""]),
            rng.choice([200, 200, 100, 101, 204, 206, 301, 302, 304, 404, 503, 999, -1]),
        )
        lines = [
            f"{version} {status}",
            *(f"{rng.choice(names)}: {rng.choice(values)}" for _ in range(rng.randint(0, 3))),
        ]
        if rng.random() < 0.3:
            lines.append(f"Content-Length: {len(good)}")
        body = rng.choice([good, good, b"", good[:20], b"5\r\nhello\r\n0\r\n\r\n", b"F" * 20 + b"\r\n"])
        handler.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    return answer


def reset(handler):
    """End the connection as a firewall does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def redirecting(location):
    def answer(handler):
        handler.start(0, 302, Location=location)

    return answer


def in_turn(*answers):
    """Answer each request as the next one in the list says, and the last one for ever."""
    rest = list(answers)

    def answer(handler):
        now = rest.pop(0) if len(rest) > 1 else rest[0]
        if isinstance(now, int):
            handler.send_error(now)
        elif isinstance(now, bytes):
            sending(now)(handler)
        else:
            now(handler)

    return answer


# Fixtures


@pytest.fixture
def data_folder(monkeypatch, tmp_path):
    """An empty cache, not yet made; tests see neither the user's choice of data nor the user's proxy."""
    monkeypatch.delenv("D2L_DATASET", raising=False)
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mnist"


@pytest.fixture
def impatient(monkeypatch):
    """All that is waited for, in about a second; a good mirror on a busy machine must still make it."""
    for name, value in IMPATIENT.items():
        monkeypatch.setattr(cache if hasattr(cache, name) else downloads, name, value)


IMPATIENT = {
    "CONNECT_TIMEOUT": 2,
    "READ_TIMEOUT": 0.8,
    "ANSWER_TIMEOUT": 1.5,
    "SPEED_WINDOW": 0.3,
    "BACKOFF": 0.01,
    "RETRY_AFTER_MAX": 0.01,
}


@pytest.fixture
def start_mirror():
    """A function that starts a mirror."""
    with contextlib.ExitStack() as stack:

        def start(answers):
            mirror = Mirror(answers)
            stack.callback(mirror.close)
            return mirror

        yield start


@pytest.fixture
def dead_url():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        yield f"http://127.0.0.1:{unused.getsockname()[1]}/"


@pytest.fixture
def archives():
    return make_archives()


@pytest.fixture
def tiny(monkeypatch, archives):
    """A function that makes "mnist" those archives, at the mirrors given."""

    def use(*urls):
        data_set = make_data_set(archives, urls)
        monkeypatch.setattr(mirrors, "DATA_SETS", MappingProxyType({"mnist": data_set}))
        return data_set

    return use


# Other processes

_PROGRAM = """
import hashlib, json, os, sys
from types import MappingProxyType
from d2lhelpers.data import cache, downloads, mirrors

def set_constants(constants):
    for name, value in constants.items():
        setattr(cache if hasattr(cache, name) else downloads, name, value)

def read():
    try:
        images, labels = downloads.read_data_set("mnist", train=True)
    except downloads.DataError as error:
        sys.exit(f"DataError: {error}")
    print("arrays", hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest())

def fork(count, constants):
    # All children go at once: when the last one has been made, and the other end of the pipe is closed.
    wait_end, go_end = os.pipe()
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            output = os.open(f"{plan['output']}/{os.getpid()}", os.O_WRONLY | os.O_CREAT)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.close(go_end)
            os.read(wait_end, 1)
            set_constants(constants)
            read()
            sys.exit()
        pids.append(pid)
    os.close(wait_end)
    os.close(go_end)
    return pids

def wait(pid):
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with open(f"{plan['output']}/{pid}", "a+") as output:  # "a": it may have died before it could make the file
        output.seek(0)
        return [status, output.read()]

plan = json.loads(sys.argv[1])
files = [mirrors.RemoteFile(*file) for file in plan["files"]]
data_set = mirrors.RemoteDataSet("mnist", "Tiny MNIST", tuple(plan["urls"]), *files)
mirrors.DATA_SETS = MappingProxyType({"mnist": data_set})
set_constants(plan["constants"])
exec(plan["first"])
if not plan["output"]:
    read()
else:
    while line := sys.stdin.readline():
        name, *arguments = json.loads(line)
        print(json.dumps({"fork": fork, "wait": wait}[name](*arguments)), flush=True)
"""


def start_process(archives, urls, before=(), first="", output="", **constants):
    """Start a process that reads the training data and prints their hash; `before` and `first` come before that."""
    data_set = make_data_set(archives, urls)
    plan = {
        "files": [(file.name, file.sha256, file.size) for file in data_set.files],
        "urls": urls,
        "constants": {**IMPATIENT, "READ_TIMEOUT": 10, "ANSWER_TIMEOUT": 10, "SPEED_WINDOW": 30, **constants},
        "first": first,
        "output": str(output),
    }
    return subprocess.Popen(
        [*before, sys.executable, "-c", _PROGRAM, json.dumps(plan)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


class Nursery:
    """A process that has imported everything and forks others that read the training data: thirty in a moment."""

    def __init__(self, archives, urls, output, first=""):
        output.mkdir()
        self.archives = archives
        self.process = start_process(archives, urls, output=output, first=first)

    def _ask(self, *command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, self.process.stderr.read()
        return json.loads(answer)

    def fork(self, count=1, **constants):
        """Fork processes that all start at once; return their numbers."""
        return self._ask("fork", count, constants)

    def wait(self, pid):
        """Wait for a process, and return its exit status and what it has printed."""
        return self._ask("wait", pid)

    def complaints(self, pids):
        """Wait for processes; return the output of those that did not get the right arrays."""
        right = f"arrays {hash_of_training_data(self.archives)}\n"
        ends = [self.wait(pid) for pid in pids]
        return [output for status, output in ends if status != 0 or not output.endswith(right)]

    def close(self):
        self.process.communicate()


def open_to_all(folder):
    """Let other users of the machine see a temporary folder."""
    for above in (folder, *folder.parents):
        if above.is_relative_to(tempfile.gettempdir()) and above != Path(tempfile.gettempdir()):
            above.chmod(0o755)


def hash_of_training_data(archives):
    images, labels = (gzip.decompress(archives[name]) for name in NAMES[:2])
    return hashlib.sha256(images[16:] + labels[8:]).hexdigest()


def finish(process, archives, timeout=60):
    """Wait for a process; return its complaint, or "" if it got the right arrays."""
    output, errors = process.communicate(timeout=timeout)
    if process.returncode:
        return errors
    (found,) = re.findall(r"^arrays (\w+)$", output, re.MULTILINE)
    return "" if found == hash_of_training_data(archives) else f"wrong arrays: {found}"
