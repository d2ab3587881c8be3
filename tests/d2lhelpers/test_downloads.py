"""Downloads, tested with a web server on this machine."""

import contextlib
import errno
import gzip
import hashlib
import http.server
import os
import re
import resource
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as onp
import pytest

from d2lhelpers import DataError, load_images
from d2lhelpers.__main__ import main
from d2lhelpers.data import cached_sources, downloads, images, mirrors

IMAGES, LABELS = mirrors.TRAIN_FILES
NAMES = mirrors.TRAIN_FILES + mirrors.TEST_FILES
LOGIN_PAGE = b"<html><title>Guest network</title>Please log in</html>"


def make_files(count):
    """Make the four files of a data set: random pixels, and the labels 0, 1, 2, ..."""
    pixels = onp.random.RandomState(0).bytes(count * 28 * 28)
    content = {
        "images": struct.pack(">4I", 0x803, count, 28, 28) + pixels,
        "labels": struct.pack(">2I", 0x801, count) + bytes(i % 10 for i in range(count)),
    }
    return {name: gzip.compress(content[name.split("-")[1]], mtime=0) for name in NAMES}


FILES = make_files(100)
TAMPERED = FILES[LABELS][:-9] + bytes([FILES[LABELS][-9] ^ 1]) + FILES[LABELS][-8:]


class Mirror:
    """A web server that records its requests. An answer is a content, a status, or a function of the handler.

    A list has the answers to one request after the other.
    """

    def __init__(self, answers):
        self.requests = requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append(self.path[1:])
                answer = answers.get(self.path[1:], 404)
                if isinstance(answer, list):
                    answer = answer.pop(0)
                with contextlib.suppress(OSError):  # the client has hung up
                    if isinstance(answer, int):
                        self.send_error(answer)
                    elif isinstance(answer, bytes):
                        self.send(answer)
                    else:
                        answer(self)

            def send(self, content, status=200, **headers):
                self.send_response(status)
                for name, value in {"Content_Length": len(content), **headers}.items():
                    self.send_header(name.replace("_", "-"), str(value))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.block_on_close = False
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """Return the cache folder of MNIST, which does not exist; no setting of the user's has any effect."""
    for name in list(os.environ):
        if name.startswith("D2L_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(downloads, "RETRIES", downloads.RETRIES.new(backoff_factor=0))
    return tmp_path / "cache" / "mnist"


@pytest.fixture
def start_mirror():
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
def use_mirrors(monkeypatch):
    """Return a function that makes "mnist" the small files above, at the given mirrors."""

    def use(*urls):
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
        data_set = mirrors.RemoteDataSet("mnist", "Small MNIST", urls, hashes)
        monkeypatch.setattr(mirrors, "DATA_SETS", MappingProxyType({"mnist": data_set}))
        monkeypatch.setattr(images, "EMBEDDED_SIZES", (0, 0))  # so that any number of images is downloaded
        return data_set

    return use


def files_in(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_downloaded_images_are_those_of_the_files_and_are_downloaded_once(start_mirror, use_mirrors):
    mirror = start_mirror(FILES)
    use_mirrors(mirror.url)
    assert cached_sources() == []
    for _ in range(2):
        for train, names in ((True, mirrors.TRAIN_FILES), (False, mirrors.TEST_FILES)):
            pixels, labels = load_images(train, source="mnist", size=50)
            expected = onp.frombuffer(gzip.decompress(FILES[names[0]])[16:], "uint8").reshape(100, 1, 28, 28)
            onp.testing.assert_allclose(pixels.asnumpy(), expected[:50] / 255, rtol=1e-6)
            assert labels.tolist() == 5 * list(range(10))
    assert sorted(mirror.requests) == sorted(NAMES)
    assert cached_sources() == ["mnist"]


def test_a_file_is_not_visible_before_it_is_complete_and_verified(start_mirror, use_mirrors, cache):
    seen = []

    def answer(handler):
        handler.send(FILES[IMAGES][:-1], Content_Length=len(FILES[IMAGES]))
        deadline = time.monotonic() + 10
        while not any(path.stat().st_size > 50_000 for path in cache.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        seen.append((cache / IMAGES).exists())
        handler.wfile.write(FILES[IMAGES][-1:])

    path = downloads.fetch(use_mirrors(start_mirror({IMAGES: answer}).url), IMAGES)
    assert seen == [False]
    assert path == cache / IMAGES
    assert path.read_bytes() == FILES[IMAGES]


# Mirrors


def connection_reset(handler):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


FAULTS = {
    "missing": (404, "HTTPError: 404"),
    "busy": (503, "HTTPError: 503"),
    "reset": (connection_reset, "ConnectionError: .*reset"),
    "stalled": (lambda handler: time.sleep(2), "ConnectionError: .*timed out"),
    "cut off": (lambda handler: handler.send(FILES[LABELS][:20], Content_Length=99), "ProtocolError: .*IncompleteRead"),
    "no HTTP": (lambda handler: handler.wfile.write(b"220 mail ready\r\n"), "ConnectionError: .*BadStatusLine"),
    "circle": (lambda handler: handler.send(b"", 302, Location=f"/{LABELS}"), "TooManyRedirects"),
    "login page": (LOGIN_PAGE, "the SHA-256 differs.* login page"),
    "one bit changed": (TAMPERED, "the SHA-256 differs"),
    "another data set": (make_files(50)[LABELS], "the SHA-256 differs"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_mirror_is_named_and_leaves_nothing(fault, start_mirror, use_mirrors, cache, monkeypatch):
    if fault == "stalled":
        monkeypatch.setattr(downloads, "TIMEOUT", (5, 0.3))
    answer, reason = FAULTS[fault]
    mirror = start_mirror({LABELS: answer})
    with pytest.raises(DataError, match=rf"{mirror.url}{LABELS}\n    .*{reason}"):
        downloads.fetch(use_mirrors(mirror.url), LABELS)
    assert files_in(cache) == []


def test_mirrors_are_tried_in_turn(start_mirror, use_mirrors, dead_url, monkeypatch, cache):
    own, wrong = start_mirror({}), start_mirror(dict.fromkeys(NAMES, LOGIN_PAGE))
    good, spare = start_mirror(FILES), start_mirror(FILES)
    monkeypatch.setenv("D2L_MIRROR", own.url.rstrip("/"))
    downloads.fetch(use_mirrors(dead_url, wrong.url, good.url, spare.url), LABELS)
    assert (cache / LABELS).read_bytes() == FILES[LABELS]
    assert [mirror.requests for mirror in (own, wrong, good, spare)] == [[f"mnist/{LABELS}"], [LABELS], [LABELS], []]


def test_when_all_mirrors_fail_one_error_names_each_reason_and_the_ways_out(
    start_mirror, use_mirrors, dead_url, cache, caplog
):
    missing, login = start_mirror({}), start_mirror(dict.fromkeys(NAMES, LOGIN_PAGE))
    use_mirrors(dead_url, missing.url, login.url)
    with pytest.raises(DataError) as caught:
        load_images(source="mnist", size=3)
    first, *failures = str(caught.value).partition("\nWhat you can do:")[0].splitlines()
    assert first == f"Small MNIST: no mirror delivered {LABELS}."
    assert [line.strip() for line in failures[::2]] == [url + LABELS for url in (dead_url, missing.url, login.url)]
    for line, reason in zip(failures[1::2], ("Connection refused", "404", "login page"), strict=True):
        assert reason in line
    commands = ["python -m d2lhelpers data fetch mnist", "python -m d2lhelpers data path", "python -m http.server"]
    for way_out in (*commands, "D2L_DATA_DIR", "D2L_MIRROR", str(cache), *NAMES, "leave out train_size"):
        assert way_out in str(caught.value)
    assert not caplog.records  # they would appear below a notebook's cell


def test_a_busy_mirror_is_asked_again(start_mirror, use_mirrors):
    mirror = start_mirror({LABELS: [503, connection_reset, FILES[LABELS]]})
    downloads.fetch(use_mirrors(mirror.url), LABELS)
    assert len(mirror.requests) == 3


def test_a_file_that_is_labeled_as_gzip_encoded_stays_compressed(start_mirror, use_mirrors):
    mirror = start_mirror({LABELS: lambda handler: handler.send(FILES[LABELS], Content_Encoding="gzip")})
    assert downloads.fetch(use_mirrors(mirror.url), LABELS).read_bytes() == FILES[LABELS]


def test_large_downloads_show_their_progress_on_stdout(start_mirror, use_mirrors, monkeypatch, capfd):
    monkeypatch.setattr(downloads, "PROGRESS_FROM", 50_000)
    data_set = use_mirrors(start_mirror(FILES).url)
    for name in mirrors.TRAIN_FILES:
        downloads.fetch(data_set, name)
    output, errors = capfd.readouterr()
    assert IMAGES in output
    assert LABELS not in output
    assert errors == ""


def test_every_data_set_has_mirrors_and_files_of_its_own():
    for name, data_set in mirrors.DATA_SETS.items():
        assert data_set.name == name
        assert name in images.CLASS_NAMES
        assert len(data_set.mirrors) >= 3
        assert all(url.startswith("http") and url[-1] == "/" for url in data_set.mirrors)
        assert tuple(data_set.files) == NAMES
    hashes = [sha256 for data_set in mirrors.DATA_SETS.values() for sha256 in data_set.files.values()]
    assert len(set(hashes)) == 8
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for sha256 in hashes)


@pytest.mark.network
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_every_mirror_delivers(name, monkeypatch, tmp_path):
    data_set = mirrors.DATA_SETS[name]
    for number, mirror in enumerate(data_set.mirrors):
        monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / str(number)))
        path = downloads.fetch(replace(data_set, mirrors=(mirror,)), mirrors.TEST_FILES[1])
        assert images.read_idx(path).shape == (10_000,)


# The cache


MANY_PROCESSES = """
import multiprocessing, sys
from d2lhelpers.data import downloads, mirrors

url, name, sha256 = sys.argv[1:]
data_set = mirrors.RemoteDataSet("mnist", "Small MNIST", (url,), {name: sha256})
context = multiprocessing.get_context("fork")
barrier = context.Barrier(8)

def fetch(_):
    barrier.wait()
    return downloads.fetch(data_set, name).read_bytes() != b""

with context.Pool(8) as pool:
    print(sum(pool.map(fetch, range(8), chunksize=1)))
"""


@pytest.mark.jobs
def test_many_processes_at_once_download_once(start_mirror, use_mirrors, cache):
    def slow(handler):
        time.sleep(0.5)
        handler.send(FILES[IMAGES])

    mirror = start_mirror({IMAGES: slow})
    command = [sys.executable, "-c", MANY_PROCESSES, mirror.url, IMAGES, use_mirrors().files[IMAGES]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("8\n", "")
    assert mirror.requests == [IMAGES]
    assert files_in(cache) == [IMAGES]


def test_without_locks_files_are_downloaded_all_the_same(start_mirror, use_mirrors, monkeypatch, cache):
    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    monkeypatch.setattr(downloads, "LOCK_TIMEOUT", 1)  # filelock 3 waits for it, filelock 4 does not
    downloads.fetch(use_mirrors(start_mirror(FILES).url), LABELS)
    assert (cache / LABELS).read_bytes() == FILES[LABELS]


def test_a_damaged_file_is_replaced(start_mirror, use_mirrors, cache):
    use_mirrors(start_mirror(FILES).url)
    cache.mkdir(parents=True)
    (cache / LABELS).write_bytes(TAMPERED)
    assert load_images(source="mnist", size=3)[1].tolist() == [0, 1, 2]
    assert (cache / LABELS).read_bytes() == FILES[LABELS]


def test_other_data_are_never_substituted(use_mirrors, dead_url, cache):
    use_mirrors(dead_url)
    cache.mkdir(parents=True)
    for name, content in make_files(50).items():  # complete and valid, but not those of this data set
        (cache / name).write_bytes(content)
    with pytest.raises(DataError, match="no mirror delivered"):
        load_images(source="mnist", size=3)


def test_a_class_can_read_the_files(start_mirror, use_mirrors):
    before = os.umask(0o077)
    try:
        path = downloads.fetch(use_mirrors(start_mirror(FILES).url), LABELS)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_complete_cache_works_without_writing(use_mirrors, dead_url, cache, monkeypatch):
    use_mirrors(dead_url)
    cache.mkdir(parents=True)
    for name in NAMES:  # as copied by hand
        (cache / name).write_bytes(FILES[name])
    cache.chmod(0o555)
    before = cache.stat().st_mtime_ns
    monkeypatch.setattr(downloads, "FileLock", lambda *arguments, **options: pytest.fail("a lock was made"))
    load_images(source="mnist", size=3)
    cache.chmod(0o755)
    assert cache.stat().st_mtime_ns == before
    assert files_in(cache) == sorted(NAMES)


@contextlib.contextmanager
def ordinary_user():
    """Act as a user other than root, who may write everywhere."""
    if os.getuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(os.getuid())


@contextlib.contextmanager
def small_files():
    """Refuse to write more than 16 kB to a file, as a full disk would."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**14, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    ("folder", "condition", "reason"),
    [
        ("read-only", ordinary_user, "Permission denied"),
        ("file/folder", contextlib.nullcontext, "Not a directory"),
        ("full", small_files, "File too large"),
    ],
)
def test_a_folder_that_cannot_be_written_to_gets_a_clear_error(
    folder, condition, reason, start_mirror, use_mirrors, monkeypatch, tmp_path
):
    (tmp_path / "read-only").mkdir(mode=0o555)
    (tmp_path / "file").touch()
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / folder))
    mirror = start_mirror(FILES)
    data_set = use_mirrors(mirror.url, mirror.url)
    message = f"Cannot write to the folder for downloads, {tmp_path / folder / 'mnist'}: {reason}.\nSet .*D2L_DATA_DIR"
    with condition(), pytest.raises(DataError, match=message):
        downloads.fetch(data_set, IMAGES)
    assert len(mirror.requests) == (folder == "full")  # the fault is not the mirror's: the next one is not asked


def test_the_folder_for_downloads(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("D2L_DATA_DIR")
    assert downloads.cache_folder().is_relative_to(tmp_path)
    assert downloads.cache_folder().name == "d2lhelpers"
    for chosen, folder in (("~/data", tmp_path / "data"), ("data", Path.cwd() / "data")):
        monkeypatch.setenv("D2L_DATA_DIR", chosen)
        assert main(["data", "path"]) == 0
        assert capsys.readouterr().out == f"{folder}\n"
    monkeypatch.setenv("D2L_DATA_DIR", "~no-user-of-this-name/data")
    assert cached_sources() == []
    assert main(["data", "path"]) == 1
    assert "no home directory. Set the environment variable D2L_DATA_DIR" in capsys.readouterr().err


# python -m d2lhelpers data


def test_commands_fetch_and_verify(start_mirror, use_mirrors, cache, capsys):
    use_mirrors(start_mirror({name: FILES[name] for name in NAMES[:3]}).url)

    def run(*arguments):
        status = main(["data", *arguments])
        return status, [line.split()[0] for line in capsys.readouterr().out.splitlines()]

    assert run("verify") == (0, ["missing"] * 4)  # nobody has asked for this data set
    assert run("verify", "mnist") == (1, ["missing"] * 4)
    assert run("fetch", "mnist") == (1, ["ok"] * 3)
    (cache / NAMES[3]).write_bytes(FILES[NAMES[3]])
    assert run("fetch", "mnist") == run("verify", "mnist") == run("verify") == (0, ["ok"] * 4)
    (cache / NAMES[0]).write_bytes(b"damaged")
    (cache / NAMES[1]).unlink()
    (cache / NAMES[1]).mkdir()
    assert run("verify") == run("verify", "mnist") == (1, ["damaged", "unreadable", "ok", "ok"])
    assert (cache / NAMES[0]).read_bytes() == b"damaged"  # it only looks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fetch", "digits"], "unknown data set 'digits': choose mnist or fashion_mnist"),
        (["fetch"], "required"),
        ([], "required"),
    ],
)
def test_commands_refuse_wrong_arguments(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["data", *arguments])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
