"""Downloads: every way in which a mirror, a network or a disk can fail, against a server on this machine."""

import errno
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as onp
import pytest
from mirror import (
    LOGIN_PAGE,
    NAMES,
    dripping_chunk,
    dripping_header,
    endless,
    endlessly,
    finish,
    image_file,
    in_turn,
    label_file,
    made_up,
    make_archives,
    make_data_set,
    open_to_all,
    redirecting,
    reset,
    sending,
    stalled,
    stalled_after,
    start_process,
    unannounced,
)
from mxnet.gluon.data import vision

import d2lhelpers.data as data
from d2lhelpers.data import DataError, cache, downloads, images, mirrors
from d2lhelpers.data.idx import read_idx_labels


@pytest.fixture(autouse=True)
def no_settings(data_folder, impatient):
    """Tests see neither the user's cache nor the user's patience."""


def check_tiny():
    for train, count, labels, seed in ((True, 7, [0, 1, 2, 3, 4, 5, 6], 0), (False, 4, [9, 8, 7, 6], 1)):
        pictures, found = data.load_images(train, source="mnist")
        assert found.tolist() == labels
        assert found.dtype == "int32"
        assert pictures.shape == (count, 1, 28, 28)
        assert pictures.dtype == "float32"
        assert (pictures.asnumpy()[:, 0] == image_file(count, seed)[0] / onp.float32(255)).all()


def test_download_and_cache(start_mirror, tiny, archives, data_folder):
    mirror = start_mirror(archives)
    tiny(mirror.url)
    assert data.cached_sources() == ["digits"]
    check_tiny()
    assert sorted(mirror.requests) == sorted(NAMES)
    assert sorted(path.name for path in data_folder.iterdir()) == [".lock", *sorted(NAMES)]
    assert data.cached_sources() == ["digits", "mnist"]
    mirror.requests.clear()
    check_tiny()
    assert mirror.requests == []


def test_only_what_is_needed_is_downloaded(start_mirror, tiny, archives):
    mirror = start_mirror(archives)
    tiny(mirror.url)
    data.load_images(False, source="mnist")
    assert sorted(mirror.requests) == ["t10k-images.gz", "t10k-labels.gz"]
    assert data.cached_sources() == ["digits"]


def test_load_data_takes_the_first_ones(start_mirror, tiny, archives):
    tiny(start_mirror(archives).url)
    train, test = data.load_data(2, source="mnist", train_size=5, test_size=3)
    assert sorted(label for _, labels in train for label in labels.tolist()) == [0, 1, 2, 3, 4]
    assert [labels.tolist() for _, labels in test] == [[9, 8], [7]]


def test_dead_mirror_then_good_one(start_mirror, tiny, archives, dead_url, caplog):
    tiny(dead_url, start_mirror(archives).url)
    check_tiny()
    assert not caplog.records  # in a notebook they would stand below the cell


def test_reason_is_not_what_the_caller_was_handling(tiny, dead_url):
    tiny(dead_url)
    try:
        raise KeyError("the caller's own trouble")
    except KeyError:
        with pytest.raises(DataError, match=r"ConnectionError: \[Errno \d+\] Connection refused\n"):
            data.load_images(source="mnist")


def test_files_put_into_the_folder_by_hand(tiny, archives, dead_url, data_folder):
    tiny(dead_url)
    folder = data_folder
    folder.mkdir(parents=True)
    for name, content in archives.items():
        (folder / name).write_bytes(content)
    check_tiny()
    assert data.cached_sources() == ["digits", "mnist"]


def test_small_downloads_are_silent(start_mirror, tiny, archives, capfd):
    tiny(start_mirror(archives).url)
    check_tiny()
    assert capfd.readouterr() == ("", "")


def test_all_mirrors_dead(start_mirror, tiny, dead_url, data_folder):
    missing, login = start_mirror({}), start_mirror(dict.fromkeys(NAMES, LOGIN_PAGE))
    tiny(dead_url, missing.url, login.url)
    with pytest.raises(DataError) as caught:
        data.load_data(2, source="mnist")
    message = str(caught.value)
    assert message.startswith("Tiny MNIST: no mirror delivered train-labels.gz:\n")
    assert re.search(rf"{dead_url}train-labels.gz\n +ConnectionError: \[Errno \d+\] Connection refused\n", message)
    assert re.search(rf"{missing.url}train-labels.gz\n +HTTP status 404", message)
    assert re.search(rf"{login.url}train-labels.gz\n +delivered a web page", message)
    assert "try again later or from another network" in message
    assert str(data_folder) in message
    assert all(name in message for name in NAMES)
    assert "D2L_DATASET=digits" in message
    assert left_over(data_folder) == []


def test_records():
    for name, data_set in mirrors.DATA_SETS.items():
        assert data_set.name == name
        assert name in images.SOURCES
        assert len(data_set.mirrors) >= 3
        assert all(url.startswith("http") and url[-1] == "/" for url in data_set.mirrors)
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in data_set.files)
        assert all(file.size > 4_000 for file in data_set.files)
    hashes = [file.sha256 for data_set in mirrors.DATA_SETS.values() for file in data_set.files]
    assert len(set(hashes)) == 8


def test_hashes_of_the_earlier_release_are_those_of_mxnet():
    source = Path(vision.datasets.__file__).read_text(encoding="utf-8")
    fashion = source[source.index("class FashionMNIST") : source.index("class CIFAR10")]
    assert set(re.findall("'([0-9a-f]{40})'", fashion)) == mirrors.EARLIER_FASHION_MNIST_SHA1


def left_over(folder):
    """What lies in the folder besides the archives and the lock."""
    return sorted(path.name for path in folder.iterdir() if path.name not in (*NAMES, ".lock"))


# Mirrors that fail. Each fault: what the mirror does with the file, and what the error says of it.

LABELS = make_archives()["train-labels.gz"]
TAMPERED = LABELS[:-9] + bytes([LABELS[-9] ^ 1]) + LABELS[-8:]
FAULTS = {
    "404": (404, "HTTP status 404"),
    "500": (500, "HTTP status 500"),
    "503": (503, "HTTP status 503"),
    "stalled": (stalled, "stalled: nothing for 0.8 seconds"),
    "stalled midway": (stalled_after(LABELS[:20], len(LABELS)), "stalled: nothing for 0.8 seconds"),
    "dripping header": (dripping_header, "no answer within 1.5 seconds"),
    "dripping between chunks": (dripping_chunk, "too slow: nothing within 1.1 seconds"),
    "slow": (sending(LABELS, pieces=len(LABELS), pause=0.05), r"too slow: \d+ bytes in 0.3 seconds"),
    "reset": (reset, "ConnectionError: .*(reset|abort|closed|without response)"),
    "wrong bytes": (bytes(len(LABELS)), "delivered something else: its SHA-256 is not the file's"),
    "tampered": (TAMPERED, "delivered something else: its SHA-256 is not the file's"),
    "web page": (LOGIN_PAGE, "delivered a web page instead of the file"),
    "web page by its type": (sending(b"Log in", Content_Type="text/html; charset=utf-8"), "delivered a web page"),
    "web page of the right length": (LOGIN_PAGE[:6] + bytes(len(LABELS) - 6), "delivered a web page"),
    "empty": (b"", "announces 0 bytes, but the file has"),
    "empty, unannounced": (unannounced(b""), "ends after 0 of"),
    "redirect loop": (redirecting("/train-labels.gz"), "redirects in a circle: more than 5 times"),
    "redirect to nowhere": (redirecting("http://"), "redirects in a circle|InvalidURL"),
    "redirect to nonsense": (redirecting("ftp://127.0.0.1/file"), "InvalidSchema: "),
    "redirect with strange letters": (redirecting("http://\xff\xfe:port/"), "InvalidURL|Error"),
    "announces too much": (sending(LABELS, len(LABELS) + 100), "announces .* bytes, but the file has"),
    "announces too little": (sending(LABELS, len(LABELS) - 10), "announces .* bytes, but the file has"),
    "sends too much": (unannounced(LABELS + b"!"), "sends more than the .* bytes of the file"),
    "sends too little": (unannounced(LABELS[:-1]), "ends after .* of .* bytes"),
    "endless 404": (endlessly(404), "HTTP status 404"),
    "endless 503": (endlessly(503), "HTTP status 503"),
    "endless redirect": (endlessly(302, Location="/train-labels.gz"), "redirects in a circle"),
    "length that cannot be": (sending(LABELS, 10**30), "announces .* bytes|OverflowError"),
    "redirect of a length that cannot be": (
        endlessly(302, Location="/", Content_Length=str(10**30)),
        "HTTP status 404",
    ),
    "endless": (endless, "sends more than the .* bytes of the file"),
    "no HTTP at all": (lambda handler: handler.wfile.write(b"220 mail ready\r\n"), "BadStatusLine|ConnectionError"),
    "wrong chunks": (
        lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
        "broke|Protocol|Incomplete|chunk",
    ),
    **{
        f"cut off at {tenths}/10": (
            sending(LABELS[: len(LABELS) * tenths // 10], len(LABELS)),
            "the connection broke before the end|ends after",
        )
        for tenths in range(10)
    },
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_of_a_mirror_is_named(fault, start_mirror, tiny, data_folder):
    answer, message = FAULTS[fault]
    mirror = start_mirror({"train-labels.gz": answer})
    tiny(mirror.url)
    with pytest.raises(DataError, match=rf"{mirror.url}train-labels.gz\n    .*({message})"):
        data.load_images(source="mnist")
    assert left_over(data_folder) == []
    assert not (data_folder / "train-labels.gz").exists()
    asked_again = 1 + max(downloads.RETRIES, downloads.MAX_REDIRECTS)
    assert len(mirror.requests) <= (1 if fault in ("404", "500", "stalled", "dripping header") else asked_again)
    assert mirror.sent < 100_000_000  # some of it into the system's buffers


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_mirror_serves(fault, start_mirror, tiny, archives, data_folder):
    bad, good = start_mirror(archives | {"train-labels.gz": FAULTS[fault][0]}), start_mirror(archives)
    tiny(bad.url, good.url)
    check_tiny()
    assert good.requests == ["train-labels.gz"]
    assert left_over(data_folder) == []


def test_made_up_answers(start_mirror, tiny, archives, monkeypatch, data_folder):
    """Whatever a server says, the file is the right one or the error is ours."""
    monkeypatch.setattr(downloads, "RETRIES", 1)
    good, mirror = 0, start_mirror({})
    data_set = tiny(mirror.url)
    for seed in range(300):
        mirror.answers["train-labels.gz"] = made_up(seed)
        try:
            path = downloads.fetch(data_set, data_set.train_labels)
        except DataError:
            path = None
        if path is not None:
            assert path.read_bytes() == archives["train-labels.gz"]
            path.unlink()
            good += 1
        assert left_over(data_folder) == []
    assert 5 < good < 150


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_then_good(status, start_mirror, tiny, archives, capfd):
    mirror = start_mirror({name: in_turn(status, status, content) for name, content in archives.items()})
    tiny(mirror.url)
    check_tiny()
    assert len(mirror.requests) == 12
    assert capfd.readouterr() == ("", "")  # nothing for the user to worry about


def test_reset_then_good(start_mirror, tiny, archives):
    tiny(start_mirror({name: in_turn(reset, content) for name, content in archives.items()}).url)
    check_tiny()


def test_cut_off_then_good(start_mirror, tiny, archives):
    broken = {name: in_turn(sending(content[:9], len(content)), content) for name, content in archives.items()}
    mirror = start_mirror(broken)
    tiny(mirror.url)
    check_tiny()
    assert len(mirror.requests) == 8


@pytest.mark.parametrize("wanted", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_mirror_that_wants_us_to_wait_for_hours(wanted, start_mirror, tiny, archives):
    def busy(handler):
        handler.start(0, 503, Retry_After=wanted)

    tiny(start_mirror(dict.fromkeys(NAMES, busy)).url, start_mirror(archives).url)
    check_tiny()


def test_redirect_to_the_file(start_mirror, tiny, archives):
    good = start_mirror(archives)
    tiny(start_mirror({name: redirecting(good.url + name) for name in NAMES}).url)
    check_tiny()


def test_slow_but_steady(start_mirror, tiny, archives, monkeypatch):
    """A slow line is borne, if it is faster than the bound over each window."""
    monkeypatch.setattr(downloads, "MIN_SPEED", 1)
    pieces = {name: sending(content, pieces=6, pause=0.1) for name, content in archives.items()}
    tiny(start_mirror(pieces).url)
    data.load_images(False, source="mnist")


def test_file_that_is_compressed_once_more(start_mirror, tiny, archives):
    """Some servers call a .gz file gzip-encoded; unpacked on the way, it would not be the file any more."""
    encoded = {name: sending(content, Content_Encoding="gzip") for name, content in archives.items()}
    tiny(start_mirror(encoded).url)
    check_tiny()


@pytest.mark.parametrize("after", [b"", b"0\r\nX-Trailer: more\r\n"], ids=["open", "trailers"])
def test_connection_that_stays_open_after_the_file(after, start_mirror, tiny, archives):
    """All bytes are there; what a mirror still has to say is not waited for."""

    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(LABELS), LABELS))
        handler.wfile.write(after)
        handler.wfile.flush()
        time.sleep(60)

    mirror = start_mirror(archives | {"train-labels.gz": answer})
    tiny(mirror.url)
    start = time.monotonic()
    check_tiny()
    assert time.monotonic() - start < 10
    assert mirror.requests.count("train-labels.gz") == 1


def test_own_mirror_comes_first(start_mirror, tiny, archives, monkeypatch):
    """Such as that of a class: the folder of downloads, served as it is."""
    own, public = start_mirror({f"mnist/{name}": content for name, content in archives.items()}), start_mirror(archives)
    tiny(public.url)
    for address in (own.url, own.url.rstrip("/")):
        monkeypatch.setenv("D2L_MIRROR", address)
        check_tiny()
    assert len(own.requests) == 4
    assert public.requests == []


@pytest.mark.parametrize("address", ["nonsense", "http://", "ftp://127.0.0.1"])
def test_own_mirror_that_is_none(address, start_mirror, tiny, archives, monkeypatch):
    tiny(start_mirror(archives).url)
    monkeypatch.setenv("D2L_MIRROR", address)
    check_tiny()  # from the public one


def test_in_chunks(start_mirror, tiny, archives):
    def chunked(content):
        def answer(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for start in range(0, len(content), 50):
                piece = content[start : start + 50]
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            handler.wfile.write(b"0\r\n\r\n")

        return answer

    tiny(start_mirror({name: chunked(content) for name, content in archives.items()}).url)
    check_tiny()


# Networks that fail


def test_name_that_nobody_knows(tiny, monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # the real one might ask the network
    tiny("http://mirror.invalid/")
    with pytest.raises(DataError, match=r"its name cannot be looked up \(no network\?\)"):
        data.load_images(source="mnist")


def test_dead_proxy(tiny, dead_url, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", dead_url)
    monkeypatch.setenv("http_proxy", dead_url)
    monkeypatch.setenv("NO_PROXY", "")
    tiny("http://mirror.invalid/")
    with pytest.raises(DataError, match=r"the proxy cannot be reached or refuses: .*Connection refused"):
        data.load_images(source="mnist")


def test_proxy_that_wants_a_password(start_mirror, tiny, monkeypatch):
    class Anything(dict):
        def get(self, name, default=None):
            return 407

    proxy = start_mirror({})
    proxy.answers = Anything()
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.setenv("NO_PROXY", "")
    tiny("http://mirror.invalid/")
    with pytest.raises(DataError, match="HTTP status 407"):
        data.load_images(source="mnist")


def test_mirror_without_a_certificate(start_mirror, tiny, archives):
    tiny(start_mirror(archives).url.replace("http:", "https:"))
    with pytest.raises(DataError, match=r"SSLError: .*|ConnectionError: .*SSL"):
        data.load_images(source="mnist")


def test_connection_that_is_never_made(tiny, monkeypatch):
    """A firewall that drops what it does not like: nobody waits for it twice."""
    monkeypatch.setattr(downloads, "CONNECT_TIMEOUT", 0.2)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]  # more than the queue holds
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        tiny(f"http://127.0.0.1:{address[1]}/")
        start = time.monotonic()
        with pytest.raises(DataError, match=r"no connection within 0.2 seconds"):
            data.load_images(source="mnist")
        assert time.monotonic() - start < 1
        for each in waiting:
            each.close()


# The cache


def test_complete_cache_is_not_written_to(start_mirror, tiny, archives, monkeypatch, data_folder):
    tiny(start_mirror(archives).url)
    check_tiny()
    (data_folder / ".lock").unlink()
    before = data_folder.stat().st_mtime_ns
    monkeypatch.setattr(cache, "locked", None)  # would raise if it were called
    check_tiny()
    assert data_folder.stat().st_mtime_ns == before


def test_files_can_be_read_by_others(start_mirror, tiny, archives, data_folder):
    """As those of any program: an instructor may download for a whole class."""
    tiny(start_mirror(archives).url)
    before = os.umask(0o022)
    try:
        check_tiny()
    finally:
        os.umask(before)
    assert {oct((data_folder / name).stat().st_mode)[-3:] for name in NAMES} == {"644"}


@pytest.mark.parametrize(
    "damage", [b"garbage", b"", LABELS[:-1], LABELS + b"!"], ids=["other", "empty", "cut", "longer"]
)
def test_damaged_file_in_the_cache_is_replaced(damage, start_mirror, tiny, archives, data_folder, capsys):
    mirror = start_mirror(archives)
    tiny(mirror.url)
    check_tiny()
    mirror.requests.clear()
    path = data_folder / "train-labels.gz"
    path.write_bytes(damage)
    assert data.cached_sources() == ["digits"]
    check_tiny()
    assert mirror.requests == ["train-labels.gz"]
    aside = data_folder / f"train-labels.gz.damaged-{hashlib.sha256(damage).hexdigest()[:8]}"
    assert aside.read_bytes() == damage
    assert capsys.readouterr().out == (
        f"{path} is damaged (its SHA-256 is not the file's): kept as {aside.name}; fetching it again.\n"
    )
    # The same damage once more, and something else that has that name already: nothing is lost.
    path.write_bytes(damage)
    check_tiny()
    aside.write_bytes(b"the user's")
    path.write_bytes(damage)
    check_tiny()
    assert aside.read_bytes() == b"the user's"
    assert aside.with_name(f"train-labels.gz.damaged-{hashlib.sha256(damage).hexdigest()}").read_bytes() == damage


def test_damaged_file_where_there_are_no_hard_links(start_mirror, tiny, archives, monkeypatch, data_folder):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    tiny(start_mirror(archives).url)
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(b"garbage")
    check_tiny()
    assert [path.read_bytes() for path in data_folder.glob("*.damaged-*")] == [b"garbage"]


def test_damaged_file_is_kept_when_no_mirror_delivers(tiny, dead_url, data_folder):
    tiny(dead_url)
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(b"perhaps of use to somebody")
    with pytest.raises(DataError, match="Connection refused"):
        data.load_images(source="mnist")
    assert [path.read_bytes() for path in data_folder.glob("train-labels.gz.damaged-*")] == [
        b"perhaps of use to somebody"
    ]


def test_file_of_the_other_data_set_is_recognized(start_mirror, archives, monkeypatch, data_folder, capsys):
    """Their files have the same names."""
    others = make_archives(5, 3)
    mirror = start_mirror(archives)
    both = make_data_set(archives, [mirror.url]), make_data_set(others, [], "fashion_mnist", "Tiny Fashion-MNIST")
    monkeypatch.setattr(mirrors, "DATA_SETS", MappingProxyType({data_set.name: data_set for data_set in both}))
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(others["train-labels.gz"])
    check_tiny()
    assert "train-labels.gz is in fact train-labels.gz of Tiny Fashion-MNIST: kept as" in capsys.readouterr().out


def test_earlier_release_of_fashion_mnist_is_recognized(start_mirror, tiny, archives, monkeypatch, data_folder, capsys):
    earlier = label_file([3, 3, 3, 3, 3, 3, 3])
    monkeypatch.setattr(cache, "EARLIER_FASHION_MNIST_SHA1", {hashlib.sha1(earlier).hexdigest()})
    tiny(start_mirror(archives).url)
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").write_bytes(earlier)
    check_tiny()
    assert "is from an earlier release of Fashion-MNIST, which must not be mixed" in capsys.readouterr().out


def test_files_that_do_not_belong_together(start_mirror, tiny, archives):
    archives["train-labels.gz"] = label_file([1, 2, 3])
    tiny(start_mirror(archives).url)
    with pytest.raises(DataError, match=r"7 images in train-images\.gz, but 3 labels"):
        data.load_images(source="mnist")


def test_something_else_in_the_file_s_place(tiny, dead_url, data_folder):
    tiny(dead_url)
    (data_folder / "train-labels.gz").mkdir(parents=True)
    assert data.cached_sources() == ["digits"]
    with pytest.raises(DataError, match=r"train-labels.gz should be a file, and is something else: move it away"):
        data.load_images(source="mnist")


def test_file_that_cannot_be_read(start_mirror, tiny, archives, monkeypatch):
    tiny(start_mirror(archives).url)
    check_tiny()

    def refuse(*arguments, **options):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(cache.pooch, "file_hash", refuse)
    assert data.cached_sources() == ["digits"]
    with pytest.raises(DataError, match=r"cannot read .*train-labels.gz: Input/output error.\n.*D2L_DATA_DIR"):
        data.load_images(source="mnist")


def test_progress_of_large_downloads_on_stdout(start_mirror, tiny, archives, monkeypatch, capfd):
    monkeypatch.setattr(downloads, "PROGRESS_FROM", 100)
    tiny(start_mirror(archives).url)
    check_tiny()
    output, errors = capfd.readouterr()
    assert NAMES[0] in output
    assert "B/s" in output
    assert errors == ""


def test_interrupted_by_the_user(start_mirror, tiny, archives, monkeypatch, data_folder):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    tiny(start_mirror(archives).url)
    for name in ("_verify", "_receive"):
        with monkeypatch.context() as patch:
            patch.setattr(downloads, name, interrupt)
            with pytest.raises(KeyboardInterrupt):
                data.load_images(source="mnist")
        assert left_over(data_folder) == []
    check_tiny()


# Folders


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("D2L_DATA_DIR", "~/data")
    assert cache.cache_folder() == tmp_path / "data"
    monkeypatch.setenv("D2L_DATA_DIR", "data")
    assert cache.cache_folder() == Path.cwd() / "data"
    monkeypatch.delenv("D2L_DATA_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if sys.platform == "linux":
        assert cache.cache_folder() == tmp_path / ".cache" / "d2lhelpers"
    assert cache.cache_folder().name == "d2lhelpers"


def test_current_folder_is_gone(monkeypatch, tmp_path):
    monkeypatch.setenv("D2L_DATA_DIR", "data")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(DataError, match="data is relative to the current folder, which has been removed"):
        cache.cache_folder()


def test_no_such_user(monkeypatch):
    monkeypatch.setenv("D2L_DATA_DIR", "~nobody-of-this-name/data")
    assert data.cached_sources() == ["digits"]
    with pytest.raises(DataError, match=r"~nobody-of-this-name/data depends on a home(.|\n)*D2L_DATA_DIR"):
        data.load_images(source="mnist")


def test_folder_that_cannot_be_made(tiny, dead_url, monkeypatch, tmp_path):
    tiny(dead_url)
    (tmp_path / "file").write_text("")
    for folder in ("file/cache", "file", "a" * 300, "/proc/cache"):
        monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / folder))
        assert data.cached_sources() == ["digits"]
        with pytest.raises(DataError, match=r"cannot (write|read) .*: .*\n(.|\n)*D2L_DATA_DIR"):
            data.load_images(source="mnist")


@pytest.mark.parametrize("name", ["two words", "Übung — 数据", "a'b\"c", "-rf", "%s{}"])
def test_folder_of_any_name(name, start_mirror, tiny, archives, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / name))
    tiny(start_mirror(archives).url)
    check_tiny()
    assert data.cached_sources() == ["digits", "mnist"]
    (tmp_path / name / "mnist" / "train-labels.gz").write_bytes(b"")
    check_tiny()
    assert name in capsys.readouterr().out


def test_terminal_that_lacks_the_folder_s_letters(monkeypatch, capfdbinary):
    code = "from d2lhelpers.data import cache; cache.say('Übung 数')"
    output = subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert output.decode("latin-1") == "Übung \\u6570\n"


def test_home_behind_a_link(start_mirror, tiny, archives, monkeypatch, tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "disk")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("D2L_DATA_DIR", "~/data")
    tiny(start_mirror(archives).url)
    check_tiny()
    assert sorted(path.name for path in (tmp_path / "disk" / "data" / "mnist").iterdir()) == [".lock", *sorted(NAMES)]


def test_file_behind_a_link(start_mirror, tiny, archives, tmp_path, data_folder):
    """A damaged file of somebody else, linked to: the link is set aside, and the other's file stays."""
    tiny(start_mirror(archives).url)
    (tmp_path / "other").write_bytes(b"of somebody else")
    data_folder.mkdir(parents=True)
    (data_folder / "train-labels.gz").symlink_to(tmp_path / "other")
    (data_folder / "train-images.gz").symlink_to(tmp_path / "nothing")
    check_tiny()
    assert (tmp_path / "other").read_bytes() == b"of somebody else"
    assert not (data_folder / "train-labels.gz").is_symlink()


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_folder_vanishes(moment, start_mirror, tiny, archives, monkeypatch, data_folder):
    def vanish(handler):
        shutil.rmtree(data_folder)
        sending(LABELS)(handler)

    tiny(start_mirror(archives | {"train-labels.gz": vanish if moment == "during" else LABELS}).url)
    name, original = {"before": ("_download", downloads._download), "after": ("_verify", downloads._verify)}.get(
        moment, ("_verify", downloads._verify)
    )

    def vanish_then(*arguments):
        if moment == "after":
            original(*arguments)
        shutil.rmtree(data_folder)
        if moment == "before":
            original(*arguments)

    with monkeypatch.context() as patch:
        if moment != "during":
            patch.setattr(downloads, name, vanish_then)
        with pytest.raises(DataError, match=r"The folder vanished during the download(.|\n)*D2L_DATA_DIR"):
            data.load_images(source="mnist")
    assert not data_folder.exists()
    tiny(start_mirror(archives).url)
    check_tiny()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_file_system_without_locks(number, start_mirror, tiny, archives, monkeypatch, data_folder):
    """Nothing is locked then, and no file is made whose existence would lock others out after a crash."""

    def refuse(*arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    tiny(start_mirror(archives).url)
    check_tiny()
    assert set(left_over(data_folder)) == set()


def test_temporary_file_of_a_living_process_stays(data_folder):
    path = data_folder / "train-labels.gz"
    data_folder.mkdir(parents=True)
    with cache.open_part(path) as (living, _):
        abandoned = living.with_name(living.name.replace(living.name[-13:-5], "00000000"))
        abandoned.write_bytes(b"some")
        cache.remove_abandoned_parts(data_folder)
        assert living.exists()
        assert not abandoned.exists()


def test_temporary_file_is_taken_away(start_mirror, tiny, archives, data_folder):
    """By a process that could not see that we live: then the download begins anew."""
    taken = []

    def take(handler):
        if not taken:
            taken.extend(data_folder.glob(".*.part"))
            taken[0].unlink()
        sending(LABELS)(handler)

    tiny(start_mirror(archives | {"train-labels.gz": take}).url)
    check_tiny()
    assert len(taken) == 1
    assert left_over(data_folder) == []


@pytest.mark.skipif(os.getuid() != 0, reason="changes the user")
def test_lock_of_another_user(start_mirror, archives, data_folder):
    """In a folder that all may write to: the lock is one for all of them."""
    data_folder.mkdir(parents=True)
    open_to_all(data_folder)
    data_folder.chmod(0o777)
    with cache.locked(data_folder / "train-labels.gz") as held:
        assert held
        become_another = "import os; os.setgid(65534); os.setuid(65534)"
        urls = [start_mirror(archives).url]
        process = start_process(archives, urls, first=become_another, WAIT_WITHOUT_PROGRESS=0.2)
        output, _ = process.communicate(timeout=60)
    assert "It does not get on" in output
    assert process.returncode == 0


def test_lock_that_cannot_be_opened(start_mirror, tiny, archives, data_folder):
    (data_folder / ".lock").mkdir(parents=True)
    tiny(start_mirror(archives).url)
    check_tiny()


# Disks. What needs a file system of its own runs in another process: a tmpfs where we may mount one, else limits.


def run_in_namespace(command, archives, urls, folder):
    """Read data in a process with mounts of its own, made by a shell command; skip where that is not allowed."""
    start = ["unshare", "--mount", "--map-root-user", "sh", "-c", f'{command} && exec "$@"', "sh"]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run([*start, "true"], cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"needs a mount: {error}")
    before = [*start[:-2], f'cd "$D2L_DATA_DIR/mnist" && {command} && cd / && exec "$@"', "sh"]
    return start_process(archives, urls, before=before)


@pytest.mark.parametrize("fits", [False, True])
def test_full_disk(fits, start_mirror, data_folder):
    archives = make_archives(train=100)  # 78 kB
    mirror = start_mirror(archives)
    size = "1m" if fits else "64k"
    process = run_in_namespace(f"mount -t tmpfs -o size={size} none .", archives, [mirror.url, mirror.url], data_folder)
    complaint = finish(process, archives)
    if fits:
        assert complaint == ""
        return
    size = len(archives["train-images.gz"])
    assert re.search(
        rf"No space left on device\.\ntrain-images.gz needs {size:,} bytes, and [\d,]+ are free", complaint
    )
    assert "D2L_DATA_DIR" in complaint
    assert "D2L_DATASET=digits" in complaint
    assert mirror.requests.count("train-images.gz") == 1  # not the mirror's fault: the next one is not asked


def test_quota(start_mirror, data_folder):
    """The limit on the size of a file gives the same kind of error, and can be set by everybody."""
    archives = make_archives(train=100)
    mirror = start_mirror(archives)
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2**14, 2**14))"
    complaint = finish(start_process(archives, [mirror.url, mirror.url], first=limit), archives)
    assert re.search(r"File too large\.\ntrain-images.gz needs [\d,]+ bytes, and [\d,]+ are free", complaint)
    assert mirror.requests.count("train-images.gz") == 1
    assert sorted(path.name for path in data_folder.iterdir()) == [".lock", "train-labels.gz"]


@pytest.mark.parametrize("content", ["nothing", "damaged", "good"])
def test_read_only_disk(content, start_mirror, archives, data_folder):
    mirror = start_mirror(archives)
    data_folder.mkdir(parents=True)
    if content != "nothing":
        for name in NAMES:
            (data_folder / name).write_bytes(archives[name] if content == "good" else b"garbage")
    command = "mount --bind . . && mount -o remount,bind,ro ."
    complaint = finish(run_in_namespace(command, archives, [mirror.url], data_folder), archives)
    if content == "good":
        assert complaint == ""
    else:
        problem = "cannot be set aside" if content == "damaged" else "cannot write to"
        assert re.search(rf"{problem}.*: Read-only file system(.|\n)*D2L_DATA_DIR(.|\n)*=digits", complaint)
    assert mirror.requests == []
    assert (data_folder / ".lock").exists() is False


@pytest.mark.skipif(os.getuid() != 0, reason="changes the user")
@pytest.mark.parametrize("content", ["nothing", "damaged", "good"])
def test_folder_of_another_user(content, start_mirror, archives, data_folder):
    """An instructor's folder, mode 755, as a student sees it."""
    mirror = start_mirror(archives)
    data_folder.mkdir(parents=True)
    open_to_all(data_folder)
    for name in NAMES if content != "nothing" else ():
        (data_folder / name).write_bytes(archives[name] if content == "good" else b"garbage")
    process = start_process(archives, [mirror.url], first="import os; os.setgid(65534); os.setuid(65534)")
    complaint = finish(process, archives)
    if content == "good":
        assert complaint == ""
    else:
        problem = "cannot be set aside" if content == "damaged" else "cannot write to"
        assert re.search(rf"{problem}.*: Permission denied(.|\n)*D2L_DATA_DIR(.|\n)*=digits", complaint)
    assert mirror.requests == []


def test_no_home(start_mirror, archives, monkeypatch):
    """A user without HOME and without an entry among the system's users, as in some containers."""
    monkeypatch.delenv("D2L_DATA_DIR")
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    nobody = "import pwd\ndef unknown(uid): raise KeyError(uid)\npwd.getpwuid = unknown"
    complaint = finish(start_process(archives, [start_mirror(archives).url], first=nobody), archives)
    assert re.search(r"^DataError: there is no folder for downloads(.|\n)*D2L_DATA_DIR(.|\n)*=digits", complaint)


@pytest.mark.network
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_every_mirror_delivers(name, monkeypatch, tmp_path):
    data_set = mirrors.DATA_SETS[name]
    for number, mirror in enumerate(data_set.mirrors):
        monkeypatch.setenv("D2L_DATA_DIR", str(tmp_path / str(number)))
        path = downloads.fetch(replace(data_set, mirrors=(mirror,)), data_set.test_labels)
        assert len(read_idx_labels(path)) == 10_000
