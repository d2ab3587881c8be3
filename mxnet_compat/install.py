"""Installs MXNet into the running Python without changing what is already installed there.

MXNet and d2l require versions that are years old (``numpy<2``, ``numpy==1.23.5``). A regular installation would replace
the NumPy of a running notebook, if it succeeded at all, so both are installed without their requirements. The packages
that they really need are in the extras of this package (pyproject.toml).
"""

import importlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mxnet_compat import cuda
from mxnet_compat.support import unsupported_platform

_DISTRIBUTION = "d2lhelpers"
#: Installed without their requirements.
_OUTDATED = {"mxnet", "mxnet-cu117", "d2l"}
#: Never replaced, because running notebooks use them.
_KEPT = {"ipykernel", "ipython", "numpy"}
#: MXNet's wheels. They own the same files, so only one may be installed.
_BUILDS = ("mxnet", "mxnet-cu117", "mxnet-cu112")
#: Download and installed sizes, in MB, of each package of the GPU build.
_SIZES = {"mxnet-cu117": (509, 940)} | {p.name: (p.download, p.installed) for p in cuda.PACKAGES}

# What to do about an installer's error message
_ADVICE = (
    ("No space left|Errno 28", "The disk is full. Free up some space and try again."),
    (
        "name resolution|Name or service not known|NewConnectionError|ConnectTimeout|ConnectionResetError|"
        "Read timed out|ReadTimeout|ProxyError|dns error|error sending request|Network is unreachable",
        "The package index could not be reached. Check your network connection. Behind a proxy, set HTTPS_PROXY. To "
        "install from a folder of wheels, set PIP_NO_INDEX=1 and PIP_FIND_LINKS=FOLDER.",
    ),
    (
        "externally.managed",
        "This Python is managed by the system. Create a virtual environment (python3 -m venv course) and install the "
        "package there (course/bin/pip install).",
    ),
    (
        "Permission denied|Errno 13",
        "You are not allowed to change this environment. Create your own with python3 -m venv.",
    ),
    ("", "Fix this and try again; what has been installed so far is kept."),
)


class InstallationError(RuntimeError):
    """Something cannot be installed; the message says why and what to do."""


def missing_requirements(*extras: str) -> list[Requirement]:
    """Return the requirements of MXNet and of this package's `extras` that are missing or have the wrong version.

    Raises InstallationError if NumPy, IPython, or the kernel is too old, because these are never replaced.
    """
    missing = []
    for requirement in _requirements("mxnet", *extras):
        name = canonicalize_name(requirement.name)
        version = _version(name)
        if name == "mxnet" and version is None:
            version = next(filter(None, map(_version, _BUILDS)), None)
        if version and requirement.specifier.contains(version, prereleases=True):
            continue
        if version and name in _KEPT:
            raise InstallationError(
                f"{name} {version} is installed, but {name}{requirement.specifier} is needed. Replacing it would break "
                f"running notebooks. Run {sys.executable} -m pip install --upgrade {name}, then restart the kernel."
            )
        missing.append(requirement)
    return missing


def install_missing(*extras: str) -> list[str]:
    """Install MXNet and its requirements if they are missing; a GPU build of MXNet is kept.

    MXNet can be imported immediately afterwards.

    Parameters
    ----------
    *extras : str
        Extras of this package whose requirements are installed too, such as ``"course"``.

    Returns
    -------
    list of str
        What was installed.

    Raises
    ------
    InstallationError
        If MXNet cannot run on this machine, or the installation fails.
    """
    _require_platform()
    missing = missing_requirements(*extras)
    if not missing:
        return []
    print(f"Installing {', '.join(map(str, missing))} ...", flush=True)
    outdated = [str(requirement) for requirement in missing if canonicalize_name(requirement.name) in _OUTDATED]
    others = [str(requirement) for requirement in missing if str(requirement) not in outdated]
    if others:
        with _constraints(missing) as file:
            _run_installer("install", "--constraint", file, *others)
    if outdated:
        _run_installer("install", "--no-deps", *outdated)
    importlib.invalidate_caches()
    if "mxnet" in sys.modules:
        print("MXNet is already loaded. Restart Python (in a notebook, restart the kernel) to use the new version.")
    return [str(requirement) for requirement in missing]


def install_cpu(*extras: str) -> list[str]:
    """Like `install_missing`, but first remove MXNet's GPU build and the CUDA libraries."""
    _require_platform()
    builds = _installed_builds()
    removed = [] if builds == ["mxnet"] else builds  # if there are two, both: they share files
    if removed:
        print(f"Removing {', '.join(removed)} ...", flush=True)
        _uninstall(removed)
    if cuda.FOLDER.exists():
        print("Removing the CUDA 11 libraries ...", flush=True)
        shutil.rmtree(cuda.FOLDER)
    return [*install_missing(*extras), *removed]


def install_gpu(*extras: str, without_driver: bool = False) -> list[str]:
    """Like `install_missing`, but with MXNet's GPU build, and the CUDA 11 libraries in a folder of their own.

    Packages are installed one by one, MXNet last. If something fails, MXNet still works as before, and another call
    continues where this one stopped. With `without_driver`, this machine needs no driver, so you can prepare an image
    for another one.
    """
    _require_gpu_platform(without_driver)
    done = install_missing(*extras)
    missing = [requirement for requirement in _gpu_requirements() if not _has_gpu_package(requirement)]
    if not missing:
        return done
    sizes = [_SIZES[requirement.name] for requirement in missing]
    download, installed = (sum(column) / 1000 for column in zip(*sizes, strict=True))
    print(f"MXNet for GPUs: {download:.1f} GB to download, {installed:.1f} GB on disk.", flush=True)
    _check_space(sizes)
    for number, (requirement, size) in enumerate(zip(missing, sizes, strict=True), 1):
        print(f"{number} of {len(missing)}: {requirement}, {size[0]} MB", flush=True)
        _install_gpu_package(requirement)
        done.append(str(requirement))
    importlib.invalidate_caches()
    return done


def _require_platform() -> None:
    if problem := unsupported_platform():
        raise InstallationError(problem)


def _require_gpu_platform(without_driver: bool) -> None:
    _require_platform()
    cpu = "Without --gpu, MXNet runs on the CPU."
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise InstallationError(f"MXNet's GPU build is for Linux on x86-64 only. {cpu}")
    if without_driver:
        return
    if not cuda.has_driver():
        raise InstallationError(
            f"This machine has no Nvidia driver (libcuda.so.1), which MXNet's GPU build needs. {cpu} "
            "To prepare an image for a machine with a driver, add --without-driver."
        )
    gpus = cuda.find_gpus()
    if gpus and not any(gpu.is_supported for gpu in gpus):
        names = ", ".join(map(str, gpus))
        raise InstallationError(f"MXNet has no code for {names}, only for {cuda.supported_text()}. {cpu}")


def _gpu_requirements() -> list[Requirement]:
    """Return the requirements of the GPU build: the CUDA packages and then MXNet."""
    requirements = [requirement for requirement in _requirements("gpu") if requirement.name in _SIZES]
    return sorted(requirements, key=lambda requirement: requirement.name in _BUILDS)


def _has_gpu_package(requirement: Requirement) -> bool:
    if requirement.name in _BUILDS:
        version = _version(requirement.name)
        return _installed_builds() == [requirement.name] and version is not None and version in requirement.specifier
    found = metadata.distributions(path=[str(cuda.FOLDER / requirement.name)])
    return any(distribution.version in requirement.specifier for distribution in found)


def _install_gpu_package(requirement: Requirement) -> None:
    options = ["--no-deps", "--no-cache-dir"]  # pip's cache would keep a second copy
    if requirement.name not in _BUILDS:
        target = cuda.FOLDER / requirement.name
        shutil.rmtree(target, ignore_errors=True)  # left by an interrupted call
        _run_installer("install", *options, "--target", str(target), str(requirement), show=True)
        return
    _uninstall(_installed_builds())
    try:
        _run_installer("install", *options, str(requirement), show=True)
    except InstallationError as error:
        raise InstallationError(
            f"{error}\nMXNet is no longer installed. Run `python -m mxnet_compat install --gpu` to try again, or "
            "`python -m mxnet_compat install` to install the build without GPU support."
        ) from None


def _check_space(sizes: list[tuple[int, int]]) -> None:
    """Raise InstallationError unless there is space for all packages and for a second copy of one during unpacking."""
    site, temporary = cuda.FOLDER.parent, Path(tempfile.gettempdir())
    needed = {site: sum(installed for _, installed in sizes)}
    unpacking = max(map(sum, sizes))
    if site.stat().st_dev == temporary.stat().st_dev:
        needed[site] += unpacking
    else:
        needed[temporary] = unpacking
    for folder, megabytes in needed.items():
        free = shutil.disk_usage(folder).free / 1e6
        if free < megabytes:
            raise InstallationError(
                f"{folder} has {free / 1000:.1f} GB of free space, but {megabytes / 1000:.1f} GB is needed. Free up "
                + ("some space, or set TMPDIR to a folder on another disk." if folder == temporary else "some space.")
            )


def _requirements(*extras: str) -> Iterator[Requirement]:
    """Yield the requirements of this package and of its `extras` on this Python and system."""
    for text in metadata.requires(_DISTRIBUTION) or ():
        requirement = Requirement(text)
        marker, requirement.marker = requirement.marker, None
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _installed_builds() -> list[str]:
    return [name for name in _BUILDS if _version(name)]


@contextmanager
def _constraints(replaced: Iterable[Requirement]) -> Iterator[str]:
    """Write a constraints file that pins every installed package except those in `replaced`."""
    free = {canonicalize_name(requirement.name) for requirement in replaced}
    kept = {
        canonicalize_name(distribution.name): distribution.version
        for distribution in metadata.distributions()
        if distribution.name and canonicalize_name(distribution.name) not in free
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "constraints.txt"
        file.write_text("".join(f"{name}=={version}\n" for name, version in sorted(kept.items())))
        yield str(file)


def _uninstall(names: list[str]) -> None:
    if names:
        _run_installer("uninstall", *(["-y"] if _has_pip() else []), *names)
        importlib.invalidate_caches()


def _has_pip() -> bool:
    return importlib.util.find_spec("pip") is not None


def _run_installer(command: str, *arguments: str, show: bool = False) -> None:
    """Run pip, or uv if pip is not installed; `show` displays its progress. Raise InstallationError if it fails."""
    uv = shutil.which("uv")
    if _has_pip():
        name, program = "pip", [sys.executable, "-m", "pip", command, "--disable-pip-version-check"]
    elif uv:
        name, program = "uv", [uv, "pip", command, "--python", sys.executable]
    else:
        raise InstallationError(f"Neither pip nor uv is installed. To install pip: {sys.executable} -m ensurepip")
    done = subprocess.run(
        [*program, *([] if show else ["--quiet"]), *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # pip should not ask questions, nor warn when it runs as root, as it does on Colab and in containers.
        env={**os.environ, "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
    if done.returncode != 0:
        lines = [f"    {line}" for line in done.stderr.splitlines() if line.strip()]
        advice = next(advice for pattern, advice in _ADVICE if re.search(pattern, done.stderr))
        raise InstallationError("\n".join([f"{name} {command} failed:", *lines[-5:], advice]))
