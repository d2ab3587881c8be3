"""The folder that keeps downloads: what lies in it, and how many processes share it without harm.

A class may share one home, so thirty processes may want the same file at the same moment. One of them holds the lock
and downloads; the others wait and find the file. The lock only saves work: what keeps the files right is that each is
written under a temporary name of its own, verified, and renamed in one step. So whoever cannot have the lock goes on
without it.

Beside the files of a data set, its folder holds

===============================  ====================================================================================
``.lock``                        the lock, an empty file. It stays: if it were removed, a process that has it open and
                                 one that makes it anew would both hold "the" lock
``.NAME.HOST-RANDOM.part``       a file on its way; the next download removes those of processes that were killed
``NAME.damaged-HASH``            a file that was not what its name says. Nothing of the user's is ever deleted
===============================  ====================================================================================
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pooch

from d2lhelpers.data import mirrors
from d2lhelpers.data.errors import DataError
from d2lhelpers.data.mirrors import EARLIER_FASHION_MNIST_SHA1, RemoteDataSet, RemoteFile

WAIT_WITHOUT_PROGRESS = 60  # seconds for which the holder of the lock may receive nothing
POLL = 0.2  # seconds between two looks at the lock
WAIT_AT_MOST = 600  # seconds, when one after the other tries and fails
PART_IS_OLD = 24 * 3600  # seconds; a file that takes longer is not downloaded at all (downloads.MIN_SPEED)

_LOCK_NAME = ".lock"
_HOST = hashlib.sha256(platform.node().encode()).hexdigest()[:8]  # a name of a machine may have any characters
_PART_NAME = re.compile(r"\..+\.([0-9a-f]{8})-[0-9a-f]{8}\.part")


def cache_folder() -> Path:
    """Return where downloads are kept: D2L_DATA_DIR, else the platform's folder for caches. It need not exist.

    Raises
    ------
    DataError
        If it depends on the user's home, and there is none.
    """
    chosen = os.environ.get("D2L_DATA_DIR")
    try:
        # Without a home, pooch's answer would begin with "~", and a folder of that name would be made somewhere.
        folder = Path(chosen or pooch.os_cache("d2lhelpers")).expanduser().absolute()
    except FileNotFoundError as error:
        raise DataError(
            f"there is no folder for downloads: {chosen} is relative to the current folder, which has been removed.\n"
            "Set the environment variable D2L_DATA_DIR to a full path."
        ) from error
    except RuntimeError as error:
        raise DataError(
            f"there is no folder for downloads: {chosen or 'the default'} depends on a home that is not there "
            "(HOME is not set, or there is no such user).\n"
            "Set the environment variable D2L_DATA_DIR to a folder that you can write to,\n"
            "or take the data that needs no download: D2L_DATASET=digits."
        ) from error
    return folder


def file_path(data_set: RemoteDataSet, file: RemoteFile) -> Path:
    """Return where a file is in the cache, or will be."""
    return cache_folder() / data_set.name / file.name


def sha256(path: Path) -> str | None:
    """Return the SHA-256 of a file as hexadecimal digits, None if there is no such file.

    Raises
    ------
    DataError
        If it is there but cannot be read.
    """
    try:
        # Opening a pipe would wait for ever, and a folder cannot be set aside as a file can.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise DataError(
                f"{path} should be a file, and is something else: move it away,\n"
                "or take the data that needs no download: D2L_DATASET=digits."
            )
        return pooch.file_hash(str(path), alg="sha256")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror}.\n"
            "Ask the owner to let you read it, set the environment variable D2L_DATA_DIR to another folder,\n"
            "or take the data that needs no download: D2L_DATASET=digits."
        ) from error


def file_state(data_set: RemoteDataSet, file: RemoteFile) -> str:
    """Return "ok", "missing" or "damaged"; raise DataError if the file is there but cannot be read."""
    found = sha256(file_path(data_set, file))
    return "missing" if found is None else "ok" if found == file.sha256 else "damaged"


def is_cached(data_set: RemoteDataSet, file: RemoteFile) -> bool:
    """Return whether the file lies in the cache, unharmed."""
    try:
        return file_state(data_set, file) == "ok"
    except DataError:  # such as a folder that only others may read
        return False


def cached_data_sets() -> list[str]:
    """Name the data sets whose files are all in the cache, unharmed."""
    return [
        name
        for name, data_set in mirrors.DATA_SETS.items()
        if all(is_cached(data_set, file) for file in data_set.files)
    ]


def say(line: str) -> None:
    """Print a line, also where the terminal lacks some of its characters (the user's folder can have any name).

    To stdout: what a notebook writes to stderr looks like an error, and counts as one in its tests.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def set_aside(data_set: RemoteDataSet, file: RemoteFile, found: str) -> None:
    """Keep a cached file whose SHA-256 is `found`, and not the file's, under another name, and say so.

    It gets that name besides its own, which the download then takes over. Were it renamed, a process without the lock
    might rename the good file that another one has just put there.
    """
    path = file_path(data_set, file)
    what = _what_it_is(path, found)
    aside = path.with_name(f"{file.name}.damaged-{found[:8]}")
    try:
        if sha256(aside) not in (None, found):
            aside = path.with_name(f"{file.name}.damaged-{found}")
        try:
            os.link(path, aside, follow_symlinks=False)
        except FileExistsError:
            pass  # it has been set aside before
        except FileNotFoundError:
            raise
        except OSError:  # a file system without hard links, such as a USB stick's
            path.rename(aside)
    except FileNotFoundError:  # somebody else has moved it away
        return
    except OSError as error:
        raise DataError(
            f"{path} {what}, and cannot be set aside: {error.strerror}.\n"
            "Ask the owner of the folder to replace the file, set the environment variable D2L_DATA_DIR to a folder\n"
            "that you can write to, or take the data that needs no download: D2L_DATASET=digits."
        ) from error
    say(f"{path} {what}: kept as {aside.name}; fetching it again.")


def _what_it_is(path: Path, found: str) -> str:
    for data_set in mirrors.DATA_SETS.values():
        for file in data_set.files:
            if file.sha256 == found:
                return f"is in fact {file.name} of {data_set.title}"
    # The two releases of Fashion-MNIST have the same names and sizes, and very different labels.
    with contextlib.suppress(OSError):
        if pooch.file_hash(str(path), alg="sha1") in EARLIER_FASHION_MNIST_SHA1:
            return "is from an earlier release of Fashion-MNIST, which must not be mixed with this one"
    return "is damaged (its SHA-256 is not the file's)"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock of the folder in which `path` is to be made; yield whether it could be had.

    It is a lock of the operating system's (flock): it ends with the process that holds it, however that ends. A file
    whose mere existence locks would outlive it.
    """
    lock = _open_lock(path.with_name(_LOCK_NAME))
    try:
        yield lock is not None and _acquire(lock, path)
    finally:
        if lock is not None:
            with contextlib.suppress(OSError):  # such as a network drive that has gone: there is no lock any more
                lock.close()  # which releases it


def _open_lock(path: Path) -> BinaryIO | None:
    # Another user's lock can only be read, which is enough on this machine's disks.
    for mode in ("ab", "rb"):
        with contextlib.suppress(OSError):
            return open(path, mode)
    return None


def _acquire(lock: BinaryIO, path: Path) -> bool:
    """Wait for the lock, as long as that makes sense, and return whether we have it.

    The holder may be stopped instead of dead (Ctrl+Z, a laptop that sleeps), so nobody waits without end; but as long
    as its file grows, waiting is better than fetching the same over the same line.
    """
    begin = changed = time.monotonic()
    before, arrived, said = _version(path), _arrived(path.parent), False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            pass
        except OSError:  # a file system without locks
            return False
        if _version(path) not in (before, None):  # made by somebody who has no lock either
            return False
        now = time.monotonic()
        if not said and now - begin > min(1, WAIT_WITHOUT_PROGRESS / 4):
            say(f"Another process is downloading to {path.parent}: waiting for it.")
            said = True
        if (state := _arrived(path.parent)) != arrived:
            if [name for name, _ in state] == [name for name, _ in arrived]:
                begin = now  # one download, and it gets on
            arrived, changed = state, now
        if now - changed > WAIT_WITHOUT_PROGRESS or now - begin > WAIT_AT_MOST:
            say("It does not get on: downloading without it.")
            return False
        time.sleep(POLL)


def _version(path: Path) -> tuple[int, int, int] | None:
    """Tell a file from another one of that name; None if there is none."""
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_ino, info.st_size, info.st_mtime_ns


def _arrived(folder: Path) -> list[tuple[str, int]]:
    """List the files on their way, each with its size."""
    found = []
    for part in _parts(folder):
        with contextlib.suppress(OSError):
            if size := part.stat().st_size:  # empty ones are made before anything has arrived
                found.append((part.name, size))
    return sorted(found)


def _parts(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if _PART_NAME.fullmatch(path.name)]
    except OSError:
        return []


@contextlib.contextmanager
def open_part(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a temporary file beside `path` to write to, and remove it in the end, if it has not been renamed.

    Unlike those of `tempfile`, others may read it, if the user's umask says so: the folder may be shared.
    """
    part = path.with_name(f".{path.name}.{_HOST}-{secrets.token_hex(4)}.part")
    try:
        with open(part, "xb") as stream:
            with contextlib.suppress(OSError):  # no locks on this file system
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # so that others see that we live
            yield part, stream
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def remove_abandoned_parts(folder: Path) -> None:
    """Remove the temporary files of processes that are dead. Only for who holds the lock.

    Those that went on without the lock may still live. If one of them loses its file all the same (in the moment before
    it is locked, or on a drive that keeps locks local), it begins anew.
    """
    for part in _parts(folder):
        with contextlib.suppress(OSError):
            if _is_abandoned(part):
                part.unlink()


def _is_abandoned(part: Path) -> bool:
    # Locks need not be seen by other machines (some network drives keep them local); age is.
    name = _PART_NAME.fullmatch(part.name)
    if name and name[1] == _HOST:
        with open(part, "r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                return False
            except OSError:
                pass
    return time.time() - part.stat().st_mtime > PART_IS_OLD
