"""Files of data sets: from the cache, or from the first mirror that delivers them intact.

Files are moved into place only after their SHA-256 matches, so a file with its final name is complete, and any number
of processes can share the folder.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pooch
import requests
import urllib3
from filelock import FileLock
from requests.adapters import HTTPAdapter
from tqdm import tqdm

from d2lhelpers.data.embedded import EMBEDDED_SIZES
from d2lhelpers.data.mirrors import RemoteDataSet

TIMEOUT = (5, 20)  # seconds: to connect, and between two parts of a response
RETRIES = urllib3.Retry(  # for each mirror
    total=2,
    backoff_factor=0.5,
    status_forcelist=(429, 502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=False,  # it may ask us to wait for hours, and there are other mirrors
)
LOCK_TIMEOUT = 300  # seconds
PROGRESS_FROM = 5_000_000  # bytes; smaller files arrive before anyone reads a progress bar

# Reports of each download and retry would look like errors below a notebook's cell, and DataError is enough.
pooch.get_logger().setLevel(logging.ERROR)
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class DataError(RuntimeError):
    """A data set is not available; the message says why and what to do."""


def cache_folder() -> Path:
    """Return the folder for downloads, which need not exist: D2L_DATA_DIR, or else the system's cache folder."""
    try:
        return Path(os.environ.get("D2L_DATA_DIR") or pooch.os_cache("d2lhelpers")).expanduser().absolute()
    except RuntimeError as error:  # as in a container without HOME
        raise DataError(
            "The folder for downloads is unknown because there is no home directory. "
            "Set the environment variable D2L_DATA_DIR to a folder that you can write to."
        ) from error


def cached_path(data_set: RemoteDataSet, name: str) -> Path:
    """Return the path that a file has, or will have, in the cache."""
    return cache_folder() / data_set.name / name


def file_state(data_set: RemoteDataSet, name: str) -> str:
    """Return whether a file in the cache is "ok", "missing", "damaged" or "unreadable"."""
    try:
        found = pooch.file_hash(str(cached_path(data_set, name)), alg="sha256")
    except FileNotFoundError:
        return "missing"
    except (OSError, DataError):
        return "unreadable"
    return "ok" if found == data_set.files[name] else "damaged"


def fetch(data_set: RemoteDataSet, name: str) -> Path:
    """Return the path of a file in the cache, after downloading it if it is missing or damaged.

    Raises
    ------
    DataError
        If no mirror delivers the file, or it cannot be stored.
    """
    path = cached_path(data_set, name)
    if file_state(data_set, name) == "ok":  # nothing is written, not even a lock: the disk may be read-only
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(path):
            _retrieve(data_set, name, path.parent)
    except OSError as error:
        raise DataError(
            f"Cannot write to the folder for downloads, {path.parent}: {error.strerror or error}.\n"
            "Set the environment variable D2L_DATA_DIR to a folder that you can write to and that has enough space."
        ) from error
    return path


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the file's lock, so that only one of many processes downloads it.

    The lock only saves work. If it is not available (some network drives have no locks; the process that holds it may
    be suspended), it is safe to download without it.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, NotImplementedError):
            stack.enter_context(FileLock(f"{path}.lock", timeout=LOCK_TIMEOUT))
        yield


def _retrieve(data_set: RemoteDataSet, name: str, folder: Path) -> None:
    """Download a file from the first mirror that delivers it, unless another process has done so in the meantime."""
    own = os.environ.get("D2L_MIRROR")
    mirrors = ((f"{own.rstrip('/')}/{data_set.name}/",) if own else ()) + data_set.mirrors
    failures = []
    for url in (mirror + name for mirror in mirrors):
        try:
            pooch.retrieve(url, data_set.files[name], fname=name, path=folder, downloader=_download)
            return
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            reason = _reason(error)
        except ValueError:  # from pooch
            reason = "It delivered something else (the SHA-256 differs), perhaps the login page of a network."
        failures.append(f"  {url}\n    {reason}")
    raise DataError("\n".join([f"{data_set.title}: no mirror delivered {name}.", *failures, _ways_out(data_set)]))


def _download(url: str, output_file: str, _: object) -> None:
    """Download to a temporary file: pooch calls this, compares the SHA-256, and moves the file into place."""
    with requests.Session() as session, open(output_file, "wb") as target:
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=RETRIES))
        # The files are compressed already. `raw` does not decompress them if a server labels them as gzip-encoded.
        response = session.get(url, stream=True, timeout=TIMEOUT, headers={"Accept-Encoding": "identity"})
        response.raise_for_status()
        size = response.raw.length_remaining or 0
        shown = {"desc": url.rpartition("/")[2], "total": size, "disable": size < PROGRESS_FROM, "leave": False}
        # To stdout: what a notebook writes to stderr looks like an error.
        with tqdm.wrapattr(response.raw, "read", file=sys.stdout, **shown) as source:
            shutil.copyfileobj(source, target)
    os.chmod(output_file, 0o644)  # temporary files are private, but a class may share the folder


def _reason(error: Exception) -> str:
    """Describe why a mirror failed, without the layers that requests and urllib3 wrap around the cause."""
    inner = error.args[0] if error.args else error
    cause = getattr(inner, "reason", None) or inner
    return f"{type(error).__name__}: {cause}"


def _ways_out(data_set: RemoteDataSet) -> str:
    return f"""What you can do:
  - Try again later or from another network: a firewall or a proxy may be in the way.
  - Run `python -m d2lhelpers data fetch {data_set.name}` on a machine with a network, copy the folder that
    `python -m d2lhelpers data path` prints, and set the environment variable D2L_DATA_DIR to the copy;
    or run `python -m http.server` in that folder, and set D2L_MIRROR to its address on the other machines.
  - Download the files with a browser, and put them, still compressed, into {cache_folder() / data_set.name}:
    {", ".join(data_set.files)}.
  - Use the images that need no download: leave out train_size and test_size (or size), or ask for at most
    {EMBEDDED_SIZES[0]:,} images for training and {EMBEDDED_SIZES[1]:,} for testing."""
