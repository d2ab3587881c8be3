"""Which machines and versions of Python and NumPy MXNet runs on, and known causes of errors on others."""

import platform
import sys
import sysconfig

#: Oldest and newest versions that the package is tested with.
TESTED_PYTHON = ((3, 11), (3, 13))
TESTED_NUMPY = ((1, 23), (2, 5))

#: What importing a broken or half-installed package raises (MXNet wraps some errors in RuntimeError).
LOADING_ERRORS = (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OSError)


def tested_versions() -> str:
    """Return the tested versions as text: 'Python 3.11 to 3.13 and NumPy 1.23 to 2.5'."""
    python, numpy = (
        " to ".join(".".join(map(str, version)) for version in versions) for versions in (TESTED_PYTHON, TESTED_NUMPY)
    )
    return f"Python {python} and NumPy {numpy}"


def unsupported_platform() -> str | None:
    """Return why MXNet cannot run on this machine and what to do about it; None if it can."""
    system, machine = sys.platform, platform.machine()
    if sys.version_info[:2] < TESTED_PYTHON[0]:
        return f"Python {platform.python_version()} is too old. Use {tested_versions()}."
    if system in ("win32", "cygwin"):
        return "There is no MXNet for Windows. Install WSL2 (wsl --install) and work in its Linux environment."
    if system == "darwin" and machine == "arm64":  # here pip would install MXNet 1.6.0, with a library for Linux
        return "There is no MXNet for Apple silicon. Use a Linux container, or an x86-64 Python under Rosetta."
    bits = 64 if sys.maxsize > 2**32 else 32
    if bits == 32 or (system, machine) not in {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "x86_64")}:
        return (
            f"There is no MXNet for {system} on {machine} with a {bits}-bit Python. It needs a 64-bit Python on Linux "
            "(x86-64 or ARM64) or macOS (Intel). You can also use it in a browser, on Colab."
        )
    if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        return "MXNet needs glibc, but this system (Alpine?) uses musl. Use a Debian, Ubuntu, or Fedora image."
    return None


def add_notes(error: BaseException) -> None:
    """Add notes about known causes to an error that ``import mxnet`` raised."""
    library = next((name for name in ("libgomp", "libquadmath") if name in str(error)), None)
    if isinstance(error, OSError) and library:
        error.add_note(
            f"MXNet needs the system library {library}, which is not installed. Install it with\n"
            "    apt-get install libgomp1 libquadmath0     (Debian, Ubuntu)\n"
            "    dnf install libgomp libquadmath           (Fedora, Red Hat)"
        )
    numpy_version = str(getattr(sys.modules.get("numpy"), "__version__", "0.0"))
    newer = [f"Python {platform.python_version()}"] * (sys.version_info[:2] > TESTED_PYTHON[1])
    newer += [f"NumPy {numpy_version}"] * (tuple(map(int, numpy_version.split(".")[:2])) > TESTED_NUMPY[1])
    if newer:
        error.add_note(
            f"{' and '.join(newer)} {'is' if len(newer) == 1 else 'are'} newer than the versions that MXNet 1.9.1 was "
            f"tested with: {tested_versions()}."
        )
