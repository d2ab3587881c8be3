"""Fetch files of MNIST and Fashion-MNIST: from the cache, else from the first mirror that delivers them whole.

Nothing that comes over a network is believed. A file gets its name only when its SHA-256 is right, is never longer
than its known size, and has to come at a bearable speed; each way in which a mirror fails is named in the error.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import queue
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as onp
import pooch
import requests
from requests.adapters import HTTPAdapter
from tqdm import tqdm
from urllib3 import exceptions as urllib3_errors
from urllib3.util import Retry

from d2lhelpers.data import cache, mirrors
from d2lhelpers.data.errors import DataError
from d2lhelpers.data.idx import read_idx_images, read_idx_labels
from d2lhelpers.data.mirrors import RemoteDataSet, RemoteFile

CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 20  # seconds between two pieces
ANSWER_TIMEOUT = 60  # seconds until the file begins, retries and redirects included
MIN_SPEED = 5_000  # bytes per second: the largest file takes an hour and a half with it
SPEED_WINDOW = 30  # seconds over which the speed is taken
RETRIES = 3  # of one mirror, when it refuses, resets the connection, or says that it is busy
BACKOFF = 0.5  # seconds before the second retry; doubled for each one after
RETRY_AFTER_MAX = 10  # seconds, whatever the mirror asks for: there are other mirrors
TRANSFERS = 2  # from one mirror, when the connection breaks in the middle of the file
MAX_REDIRECTS = 5

PROGRESS_FROM = 5_000_000  # bytes; smaller files are there before anyone reads a progress line

_Result = TypeVar("_Result")


class _MirrorFailed(Exception):
    """A mirror did not deliver the file; `again` if the same mirror may deliver it the next time."""

    def __init__(self, reason: str, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


class _Overdue(_MirrorFailed):
    """A mirror takes longer than we wait."""


def read_data_set(name: str, *, train: bool) -> tuple[onp.ndarray, onp.ndarray]:
    """Read images (n, 28, 28) and labels (n,), both uint8, of a data set; download what is not in the cache.

    Raises
    ------
    DataError
        If a file can neither be found in the cache nor downloaded, or is not what it should be.
    """
    data_set = mirrors.DATA_SETS[name]
    image_file, label_file = (
        (data_set.train_images, data_set.train_labels) if train else (data_set.test_images, data_set.test_labels)
    )
    # The small file first: when the mirrors can't be reached it makes no difference, else it fails sooner.
    labels = read_idx_labels(fetch(data_set, label_file))
    images = read_idx_images(fetch(data_set, image_file))
    if len(images) != len(labels):
        raise DataError(f"{data_set.title}: {len(images):,} images in {image_file.name}, but {len(labels):,} labels")
    return images, labels


def fetch(data_set: RemoteDataSet, file: RemoteFile) -> Path:
    """Find the file in the cache, or download it there from the first mirror that has it; return its path.

    The folder is only written to if something must be downloaded: a class can share a read-only one. A cached file
    that is not what it should be is kept under another name, and a printed line says so.

    Raises
    ------
    DataError
        If no mirror delivers the file, or it cannot be kept; with what was tried, and the ways out.
    """
    path = cache.file_path(data_set, file)
    if cache.sha256(path) == file.sha256:
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_keep(path, file, error) from error
    with cache.locked(path) as held:
        found = cache.sha256(path)  # again: another process may have brought it while we waited
        if found == file.sha256:
            return path
        if held:
            cache.remove_abandoned_parts(path.parent)
        if found is not None:
            cache.set_aside(data_set, file, found)
        try:
            try:
                _download(data_set, file, path)
            except FileNotFoundError:
                if not path.parent.is_dir():
                    raise
                # Only the temporary file has gone: another process took it for abandoned.
                if cache.sha256(path) != file.sha256:
                    _download(data_set, file, path)
        except BrokenPipeError:  # of the progress bar: nobody reads what we print
            raise
        except OSError as error:  # of the disk: those of the network are _MirrorFailed
            raise _cannot_keep(path, file, error) from error
    return path


def _download(data_set: RemoteDataSet, file: RemoteFile, path: Path) -> None:
    """Bring the file from the mirrors in turn, under a temporary name until it is verified."""
    failures = []
    with cache.open_part(path) as (part, stream):
        for mirror in _mirrors(data_set):
            for _ in range(TRANSFERS):
                try:
                    _receive(mirror + file.name, file, stream)
                    _verify(part, file)
                except _MirrorFailed as failure:
                    reason, again = str(failure), failure.again
                else:
                    os.replace(part, path)
                    return
                if not again:
                    break
            failures.append(f"  {mirror}{file.name}\n    {reason}")
    raise DataError("\n".join([f"{data_set.title}: no mirror delivered {file.name}:", *failures, _ways_out(data_set)]))


def _mirrors(data_set: RemoteDataSet) -> tuple[str, ...]:
    """Return the folders to try, in order: first that of D2L_MIRROR, which has a folder for each data set."""
    own = os.environ.get("D2L_MIRROR")
    return ((f"{own.rstrip('/')}/{data_set.name}/",) if own else ()) + data_set.mirrors


def _verify(part: Path, file: RemoteFile) -> None:
    """Compare what is on the disk, not what went there."""
    if pooch.file_hash(str(part), alg="sha256") != file.sha256:
        raise _MirrorFailed("delivered something else: its SHA-256 is not the file's")


def _receive(url: str, file: RemoteFile, stream: BinaryIO) -> None:
    """Write to the stream what is at the URL; raise _MirrorFailed for the network's faults, OSError for the disk's."""
    stream.seek(0)
    stream.truncate()
    with contextlib.ExitStack() as stack:
        pieces = stack.enter_context(contextlib.closing(_pieces(url, file)))
        # To stdout: what a notebook writes to stderr looks like an error, and counts as one in its tests.
        progress = stack.enter_context(
            tqdm(
                desc=file.name,
                total=file.size,
                unit="B",
                unit_scale=True,
                file=sys.stdout,
                leave=False,
                disable=file.size < PROGRESS_FROM,
            )
        )
        for piece in pieces:
            stream.write(piece)
            progress.update(len(piece))
    stream.flush()
    os.fsync(stream.fileno())  # else a power cut can leave the name without the content


def _pieces(url: str, file: RemoteFile) -> Generator[bytes, None, None]:
    """Yield the file's bytes as they arrive; raise _MirrorFailed, and nothing else, if they are not as many."""
    outside = sys.exception()  # what the caller may be handling
    try:
        logging.getLogger("urllib3.connectionpool").addFilter(_is_not_our_retry)  # once, however often it is added
        with requests.Session() as session:
            session.max_redirects = MAX_REDIRECTS
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=_retries()))
            response = _in_time(lambda: _ask(session, url), ANSWER_TIMEOUT, "no answer within")
            reading = False
            try:
                if response.status_code != 200:
                    raise _MirrorFailed(f"HTTP status {response.status_code}")
                piece = _read_piece(response)
                _check_beginning(response, piece, file)
                arrived, window_end, window_bytes = 0, time.monotonic() + SPEED_WINDOW, 0
                while piece:
                    arrived += len(piece)
                    if arrived > file.size:  # stop here: it may have no end
                        raise _MirrorFailed(f"sends more than the {file.size:,} bytes of the file")
                    window_bytes += len(piece)
                    if (now := time.monotonic()) > window_end:
                        if window_bytes < MIN_SPEED * SPEED_WINDOW:
                            raise _MirrorFailed(f"too slow: {window_bytes:,} bytes in {SPEED_WINDOW} seconds")
                        window_end, window_bytes = now + SPEED_WINDOW, 0
                    yield piece
                    if arrived == file.size:  # whatever the mirror still has to say
                        return
                    piece = _read_piece(response)
                raise _MirrorFailed(f"ends after {arrived:,} of {file.size:,} bytes", again=True)
            except (_Overdue, KeyboardInterrupt):
                reading = True
                raise
            finally:
                if not reading:  # else a thread still reads, and to close the response would be to wait for it
                    response.close()
    # requests' errors are OSErrors. The others come from headers that no library can make sense of: addresses that are
    # none, lengths that no machine can count to.
    except (OSError, urllib3_errors.HTTPError, ValueError, ArithmeticError, MemoryError) as error:
        broken = isinstance(error, urllib3_errors.ProtocolError)
        raise _MirrorFailed(_reason(error, outside), again=broken) from error


def _read_piece(response: requests.Response) -> bytes:
    """Return what has arrived, b"" at the end."""
    # read1 returns what is there. Others wait until a piece is full, as long as single bytes drip in.
    limit = READ_TIMEOUT + SPEED_WINDOW  # more than the socket waits for a byte
    return _in_time(lambda: response.raw.read1(2**16, decode_content=False), limit, "too slow: nothing within")


class _Retries(Retry):
    """Retries that end soon: a mirror that does not answer in time is not asked again."""

    def increment(self, method: Any = None, url: Any = None, response: Any = None, error: Any = None,
                  *arguments: Any, **more: Any) -> _Retries:  # fmt: skip
        timeouts = urllib3_errors.ConnectTimeoutError, urllib3_errors.ReadTimeoutError
        # A connection that is refused at once is a timeout to urllib3.
        if isinstance(error, timeouts) and not isinstance(error, urllib3_errors.NewConnectionError):
            raise error
        if response is not None:
            response.close()  # else it is read to its end, and it may have none
        return super().increment(method, url, response, error, *arguments, **more)

    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, RETRY_AFTER_MAX)


def _is_not_our_retry(record: logging.LogRecord) -> bool:
    """Keep urllib3's report of each retry from standing below a notebook's cell: our error says it all."""
    return not (isinstance(record.args, tuple) and record.args and isinstance(record.args[0], _Retries))


def _retries() -> Retry:
    return _Retries(
        total=RETRIES,
        other=0,
        status_forcelist=(429, 502, 503, 504),
        backoff_factor=BACKOFF,
        raise_on_status=False,
    )


def _ask(session: requests.Session, url: str) -> requests.Response:
    # Not compressed once more: what is sent is then the file itself.
    headers = {"Accept-Encoding": "identity"}
    timeout = CONNECT_TIMEOUT, READ_TIMEOUT
    return session.get(url, stream=True, timeout=timeout, headers=headers, hooks={"response": _drop_redirect_body})


def _drop_redirect_body(response: requests.Response, **options: Any) -> None:
    """Close a response that only says where to go: requests would read it to its end, and it may have none."""
    if response.is_redirect:
        response.raw.close()


def _in_time(function: Callable[[], _Result], seconds: float, complaint: str) -> _Result:
    """Call a function in a thread, and raise _Overdue if it has not returned after so many seconds.

    The timeouts of sockets start anew with each byte: a header that comes byte by byte would hold us for hours, and so
    would the lines between the chunks of an answer. The thread is left to itself then; it ends with the process at the
    latest.
    """
    answers: queue.Queue[tuple[_Result | None, BaseException | None]] = queue.Queue()

    def call() -> None:
        try:
            answers.put((function(), None))
        except BaseException as error:  # it is raised again below
            answers.put((None, error))

    threading.Thread(target=call, daemon=True).start()
    try:
        result, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise _Overdue(f"{complaint} {seconds} seconds") from None
    if error is not None:
        raise error from error.__cause__ or error.__context__  # else our caller's trouble would be its context
    return result  # type: ignore[return-value]


def _check_beginning(response: requests.Response, piece: bytes, file: RemoteFile) -> None:
    """Raise _MirrorFailed if the header or the first piece say that this is not the file."""
    kind = response.headers.get("Content-Type", "").lower()
    if "html" in kind or piece.lstrip()[:5].lower() in (b"<html", b"<!doc"):
        raise _MirrorFailed("delivered a web page instead of the file: a login page of the network?")
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) != file.size:
        raise _MirrorFailed(f"announces {int(announced):,} bytes, but the file has {file.size:,}")


def _reason(error: BaseException, outside: BaseException | None) -> str:
    """Say in a few words why a download failed; `outside` is an error from before it, not to be blamed."""
    # requests wraps urllib3's errors, which wrap the system's: only the innermost says what happened.
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) not in (None, outside):
        chain.append(inner)

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(link, kinds) for link in chain)

    if has(requests.TooManyRedirects):
        return f"redirects in a circle: more than {MAX_REDIRECTS} times"
    if has(urllib3_errors.ReadTimeoutError):
        return f"stalled: nothing for {READ_TIMEOUT} seconds"
    if has(urllib3_errors.ProxyError):
        return f"the proxy cannot be reached or refuses: {chain[-1]}"
    if has(urllib3_errors.NameResolutionError):
        return f"its name cannot be looked up (no network?): {chain[-1]}"
    if has(urllib3_errors.ConnectTimeoutError) and not has(urllib3_errors.NewConnectionError):
        return f"no connection within {CONNECT_TIMEOUT} seconds"
    if has(urllib3_errors.IncompleteRead):
        return f"the connection broke before the end: {chain[-1]}"
    return f"{type(error).__name__}: {chain[-1]}"


def _ways_out(data_set: RemoteDataSet) -> str:
    names = "\n".join(f"      {file.name}" for file in data_set.files)
    return (
        "What you can do:\n"
        "  - try again later or from another network: a firewall or proxy may be in the way;\n"
        "  - name another mirror in the environment variable D2L_MIRROR; a class can have its own: somebody who has\n"
        "    the data runs `python -m http.server` in the folder that `python -m d2lhelpers data path` prints;\n"
        "  - get these files from any mirror of the data set (a browser will do), and put them, still compressed,\n"
        f"    into {cache.cache_folder() / data_set.name}\n{names}\n"
        "  - take the data that needs no download: set the environment variable D2L_DATASET=digits,\n"
        '    or pass source="digits".'
    )


def _cannot_keep(path: Path, file: RemoteFile, error: OSError) -> DataError:
    lines = [f"cannot write to the folder for downloads, {path.parent}: {error.strerror or error}."]
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        lines.append(f"{file.name} needs {file.size:,} bytes{_free(path.parent)}.")
    elif error.errno == errno.ENOENT:
        lines.append("The folder vanished during the download, or a folder above it is not there.")
    return DataError(
        "\n".join(
            [
                *lines,
                "Set the environment variable D2L_DATA_DIR to a folder that you can write to, with enough room,",
                "or take the data that needs no download: D2L_DATASET=digits.",
            ]
        )
    )


def _free(folder: Path) -> str:
    try:
        return f", and {shutil.disk_usage(folder).free:,} are free on that disk"
    except OSError:
        return ""
