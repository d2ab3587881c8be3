"""Put MXNet and d2l into the Python that is running, and leave everything else there as it is.

What the two declare to need is years old (``numpy<2``, ``numpy==1.23.5``): installed the ordinary way, they would
replace the NumPy of a notebook that is running, if they could be installed at all. So they go in without their
dependencies, and what they really need, and is not there, with ranges of our own. All of these are in this package's
metadata (the extras ``course`` and ``gpu`` of pyproject.toml), and nowhere else.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import platform
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

from d2lhelpers import cuda
from d2lhelpers.runtime import unsupported_platform

#: Installed without their dependencies.
_STALE = {"mxnet", "mxnet-cu117", "d2l"}
#: Never replaced: a running notebook stands on them.
_KEPT = {"ipykernel", "ipython", "numpy"}
#: MXNet's wheels; each owns the same folder, so that only one of them may be installed.
_BUILDS = ("mxnet", "mxnet-cu117", "mxnet-cu112")

# Megabytes of the GPU's packages: to download, and unpacked.
_MEGABYTES = {
    "mxnet-cu117": (509, 940),
    "nvidia-cublas-cu11": (418, 671),
    "nvidia-cuda-nvrtc-cu11": (23, 62),
    "nvidia-cuda-runtime-cu11": (1, 5),
    "nvidia-cudnn-cu11": (700, 1115),
    "nvidia-cufft-cu11": (168, 281),
    "nvidia-curand-cu11": (58, 104),
    "nvidia-cusolver-cu11": (128, 491),
    "nvidia-cusparse-cu11": (204, 280),
    "nvidia-nccl-cu11": (148, 192),
    "nvidia-nvtx-cu11": (1, 1),
}

_NO_NETWORK = (
    "name resolution",
    "Name or service not known",
    "NewConnectionError",
    "ConnectTimeout",
    "ConnectionResetError",
    "Read timed out",
    "ReadTimeout",
    "ProxyError",
    "dns error",
    "error sending request",
    "Network is unreachable",
)


class InstallationError(RuntimeError):
    """Something cannot be installed; the message says why and what to do."""


def missing_requirements() -> list[Requirement]:
    """Return what the course needs and this environment lacks, or has in a version that does not fit.

    Raises
    ------
    InstallationError
        If NumPy, IPython or the kernel are too old: they are not replaced below a running notebook.
    """
    missing = []
    for requirement in _requirements("course"):
        name = canonicalize_name(requirement.name)
        version = _version(name)
        if name == "mxnet" and version is None:
            version = next((other for other in map(_version, _BUILDS) if other), None)
        if version and requirement.specifier.contains(version, prereleases=True):
            continue
        if version and name in _KEPT:
            raise InstallationError(
                f"{name} {version} is here, and the course needs {requirement.specifier}. It is not replaced below a "
                f"running notebook: {sys.executable} -m pip install --upgrade {name}, then restart the kernel."
            )
        missing.append(requirement)
    return missing


def install() -> list[str]:
    """Install what is missing for the course on a CPU; a GPU build of MXNet that is there stays.

    Prints a line before it installs something, and nothing when all is there. A notebook's first cell calls it. MXNet
    can be imported right after it, in the same process.

    Returns
    -------
    list of str
        What was installed.

    Raises
    ------
    InstallationError
        MXNet cannot run on this machine, or the installation has failed.
    """
    if problem := unsupported_platform():
        raise InstallationError(problem)
    missing = missing_requirements()
    if not missing:
        return []
    names = [str(requirement) for requirement in missing]
    print(f"Installing {', '.join(names)} ...", flush=True)
    stale = [str(requirement) for requirement in missing if canonicalize_name(requirement.name) in _STALE]
    others = [name for name in names if name not in stale]
    if others:
        with _keeping_what_is_there(missing) as constraints:
            _run_installer("install", "--constraint", constraints, *others)
    if stale:
        _run_installer("install", "--no-deps", *stale)
    importlib.invalidate_caches()
    if "mxnet" in sys.modules:
        print("MXNet is loaded already: restart Python (in a notebook: restart the kernel) to take the new one.")
    return names


def install_cpu() -> list[str]:
    """Like `install`, and put MXNet's build without GPU in the place of one for GPUs; CUDA's libraries go too."""
    if problem := unsupported_platform():
        raise InstallationError(problem)
    builds = [name for name in _BUILDS if _version(name)]
    removed = [] if builds == ["mxnet"] else builds  # where two have been installed, both: they share their files
    if removed:
        print(f"Removing {', '.join(removed)} ...", flush=True)
        _uninstall(removed)
    if cuda.FOLDER.exists():
        print("Removing the libraries of CUDA 11 ...", flush=True)
        shutil.rmtree(cuda.FOLDER)
    return [*install(), *removed]


def install_gpu(without_driver: bool = False) -> list[str]:
    """Install MXNet's build for GPUs in place of the other, and the libraries of CUDA 11 in a folder of their own.

    One package at a time, the build of MXNet last: when something fails, what there was still works, and another call
    goes on where this one stopped.

    Parameters
    ----------
    without_driver : bool
        Install also where there is no driver: to prepare an image for another machine.

    Returns
    -------
    list of str
        What was installed.

    Raises
    ------
    InstallationError
        This machine cannot use the build, there is not enough space on a disk, or the installation has failed.
    """
    if problem := _unsupported_gpu(without_driver):
        raise InstallationError(problem)
    done = install()
    missing = [requirement for requirement in _gpu_requirements() if not _has_gpu_package(requirement)]
    if not missing:
        return done
    sizes = [_MEGABYTES[canonicalize_name(requirement.name)] for requirement in missing]
    print(
        f"MXNet for GPUs: {sum(size[0] for size in sizes) / 1000:.1f} GB to download, "
        f"{sum(size[1] for size in sizes) / 1000:.1f} GB on disk.",
        flush=True,
    )
    _check_space(sizes)
    for number, (requirement, size) in enumerate(zip(missing, sizes, strict=True), 1):
        print(f"{number} of {len(missing)}: {requirement}, {size[0]} MB", flush=True)
        _install_gpu_package(requirement)
        done.append(str(requirement))
    importlib.invalidate_caches()
    return done


def _unsupported_gpu(without_driver: bool) -> str | None:
    cpu = "Without --gpu the course runs on the CPU."
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return unsupported_platform() or f"MXNet for GPUs exists for Linux on x86-64 only. {cpu}"
    if problem := unsupported_platform():
        return problem
    if without_driver:
        return None
    if not cuda.has_driver():
        return (
            f"This machine has no Nvidia driver (libcuda.so.1), so MXNet's build for GPUs could not be loaded. {cpu} "
            "To prepare an image for a machine that has one, add --without-driver."
        )
    gpus = cuda.find_gpus()
    if gpus and not any(gpu.is_supported for gpu in gpus):
        return f"MXNet has no code for {', '.join(map(str, gpus))}, but for {cuda.supported_text()} only. {cpu}"
    return None


def _gpu_requirements() -> list[Requirement]:
    """Return CUDA's packages and, last, the build of MXNet."""
    requirements = [r for r in _requirements("gpu") if canonicalize_name(r.name) in _MEGABYTES]
    return sorted(requirements, key=lambda requirement: requirement.name.startswith("mxnet"))


def _has_gpu_package(requirement: Requirement) -> bool:
    if requirement.name.startswith("mxnet"):
        builds = [name for name in _BUILDS if _version(name)]
        return builds == [requirement.name] and requirement.specifier.contains(metadata.version(requirement.name))
    found = metadata.distributions(path=[str(cuda.FOLDER / requirement.name)])
    return any(requirement.specifier.contains(distribution.version) for distribution in found)


def _install_gpu_package(requirement: Requirement) -> None:
    # Without pip's cache, which would keep a second copy of each.
    options = ["--no-deps", "--no-cache-dir"]
    if not requirement.name.startswith("mxnet"):
        target = cuda.FOLDER / requirement.name
        shutil.rmtree(target, ignore_errors=True)  # of a call that was interrupted
        _run_installer("install", *options, "--target", str(target), str(requirement), show=True)
        return
    _uninstall([name for name in _BUILDS if _version(name)])
    try:
        _run_installer("install", *options, str(requirement), show=True)
    except InstallationError as error:
        raise InstallationError(
            f"{error}\nThere is no MXNet now: `python -m d2lhelpers install --gpu` tries again, "
            "`python -m d2lhelpers install` brings the build without GPU."
        ) from None


def _check_space(sizes: list[tuple[int, int]]) -> None:
    """See that there is space for the packages, and while it is unpacked, for the largest of them twice."""
    site = cuda.FOLDER.parent
    temporary = Path(tempfile.gettempdir())
    needed = {site: sum(size[1] for size in sizes)}
    passing = max(sum(size) for size in sizes)
    if site.stat().st_dev == temporary.stat().st_dev:
        needed[site] += passing
    else:
        needed[temporary] = passing
    for folder, megabytes in needed.items():
        free = shutil.disk_usage(folder).free / 1e6
        if free < megabytes:
            raise InstallationError(
                f"{folder} has {free / 1000:.1f} GB free, and {megabytes / 1000:.1f} GB are needed: make space there"
                + (", or let TMPDIR name a folder on another disk." if folder == temporary else ".")
            )


def _requirements(extra: str) -> Iterator[Requirement]:
    """Yield what this package declares to need, by itself and for an extra, on this Python and system."""
    for text in metadata.requires("d2lhelpers") or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            requirement.marker = None
            yield requirement


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@contextmanager
def _keeping_what_is_there(replaced: Iterable[Requirement]) -> Iterator[str]:
    """Write a file of constraints: every installed package but `replaced` keeps its version."""
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
    """Run pip, or uv in an environment without pip; `show` lets its progress be seen.

    Raises
    ------
    InstallationError
        Neither is there, or it has failed.
    """
    uv = shutil.which("uv")
    if _has_pip():
        name, program = "pip", [sys.executable, "-m", "pip", command, "--disable-pip-version-check"]
    elif uv:
        name, program = "uv", [uv, "pip", command, "--python", sys.executable]
    else:
        raise InstallationError(f"Neither pip nor uv is here: {sys.executable} -m ensurepip      brings pip")
    quiet = [] if show else ["--quiet"]
    done = subprocess.run(
        [*program, *quiet, *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=_environment(),
    )
    if done.returncode != 0:
        words = [line for line in done.stderr.splitlines() if line.strip()][-5:]
        raise InstallationError(
            "\n".join([f"{name} {command} has failed:", *(f"    {line}" for line in words), _advice(done.stderr)])
        )


def _environment() -> dict[str, str]:
    """Return the environment for pip: it asks nothing, and as root, as on Colab and in containers, does not warn."""
    return {**os.environ, "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore"}


def _advice(words: str) -> str:
    """Say what to do about the words of an installer that has failed."""
    if "No space left" in words or "Errno 28" in words:
        return "A disk is full: make space, and try again."
    if any(sign in words for sign in _NO_NETWORK):
        return (
            "The package index was not reached: is there a network? Behind a proxy set HTTPS_PROXY; to take packages "
            "from a folder of wheels, PIP_NO_INDEX=1 and PIP_FIND_LINKS=FOLDER."
        )
    if "externally-managed-environment" in words or "externally managed" in words:
        return (
            "This Python belongs to the system: python3 -m venv course, then course/bin/pip install the package there."
        )
    if "Permission denied" in words or "Errno 13" in words:
        return "This environment is not yours to change: make one of your own with python3 -m venv."
    return "Mend that, and try again: what is installed stays."
