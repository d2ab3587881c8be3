"""The setup report: whether MXNet can run on this machine, how well, and what to change."""

import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mxnet_compat import cuda, support, threads


@dataclass(frozen=True)
class Row:
    """One row of the report: what was examined and found, and what to do about it."""

    name: str
    state: Literal["ok", "warning", "error"]  # "warning" if it only limits what can be done
    found: str
    advice: str = ""


def examine() -> list[Row]:
    """Examine everything that MXNet needs. Problems are reported in the rows and never raised."""
    mxnet = _examine_mxnet()
    # Without MXNet, these would only report the same problem again.
    more = [_examine_threads(), _examine_gpu()] if mxnet.state == "ok" else []
    return [_examine_python(), _examine_numpy(), mxnet, *more]


def format_rows(rows: Iterable[Row]) -> str:
    """Return the rows as a table in plain text, with the advice below each.

    Examples
    --------
    >>> print(format_rows([Row("Python", "ok", "3.13.0"), Row("MXNet", "error", "missing", "pip install mxnet")]))
    ok       Python  3.13.0
    error    MXNet   missing
                     -> pip install mxnet
    """
    rows = list(rows)
    width = max((len(row.name) for row in rows), default=0)
    margin = " " * (width + 11)
    lines = []
    for row in rows:
        lines.append(f"{row.state:<7}  {row.name:<{width}}  " + f"\n{margin}".join(row.found.splitlines()))
        lines += [f"{margin}-> {line.strip()}" for line in row.advice.splitlines()]
    return "\n".join(lines)


def failure(name: str, error: BaseException, advice: str) -> Row:
    """Return the row for something that cannot be imported; advice from the error itself takes precedence."""
    first_line = (str(error).splitlines() or ["no message"])[0]
    if isinstance(error, cuda.GpuBuildError):
        return Row(name, "error", first_line, error.advice)
    notes = "\n".join(getattr(error, "__notes__", []))
    return Row(name, "error", f"{type(error).__name__}: {first_line}", notes or advice)


def _examine_python() -> Row:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return judge_version("Python", sys.version_info[:2], support.TESTED_PYTHON, found)


def _examine_numpy() -> Row:
    try:
        import numpy as np
    except support.LOADING_ERRORS as error:
        return failure("NumPy", error, "python -m pip install numpy")
    version = tuple(map(int, np.__version__.split(".")[:2]))
    return judge_version("NumPy", version, support.TESTED_NUMPY, np.__version__)


def judge_version(name: str, version: tuple[int, ...], tested: tuple[tuple[int, ...], ...], found: str) -> Row:
    """Return the row for a version, given the oldest and newest tested versions."""
    if version < tested[0]:
        return Row(name, "error", f"{found}: too old", f"Use {support.tested_versions()}.")
    if version > tested[1]:
        return Row(name, "warning", f"{found}: not tested", f"Tested with {support.tested_versions()}.")
    return Row(name, "ok", found)


def _examine_mxnet() -> Row:
    advice = support.unsupported_platform()
    reinstall = advice or "python -m pip install --no-deps --force-reinstall mxnet==1.9.1"
    try:
        import mxnet
        from mxnet import np

        # Works whether or not npx.set_np() has been called, and does not call it.
        product = np.dot(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])).asnumpy()
    except ModuleNotFoundError as error:
        install = advice or "python -m mxnet_compat install"
        return failure("MXNet", error, install if error.name == "mxnet" else f"python -m pip install {error.name}")
    except (*support.LOADING_ERRORS, ArithmeticError) as error:
        return failure("MXNet", error, reinstall)
    if product.tolist() != [[19.0, 22.0], [43.0, 50.0]]:
        return Row("MXNet", "error", f"multiplies two matrices incorrectly: {product.tolist()}", reinstall)
    return Row("MXNet", "ok", f"{mxnet.__version__}, imports and multiplies matrices")


def _examine_threads() -> Row:
    cores, used = threads.usable_cores(), threads.threads_in_use()
    workers = threads.number_in(threads.WORKERS)
    if used is None:
        return Row("Threads", "ok", f"{_count(cores, 'physical core')}; MXNet's threads cannot be counted here")
    found = f"MXNet computes with {_count(used, 'thread')} on {_count(cores, 'physical core')}"
    if min(workers, used) > 1:
        advice = f"unset {threads.WORKERS}, then restart Python"
        return Row("Threads", "error", f"{found}; {threads.WORKERS} makes it hang", advice)
    if workers > 1:
        return Row("Threads", "ok", f"{found} in each of {workers} workers")
    if used < cores:
        advice = f"restart Python when no other program is busy, or export {threads.THREADS}={cores} first"
        return Row("Threads", "warning", f"{found}: slower than with all cores", advice)
    if used > cores:
        advice = f"unset {threads.THREADS} (or set it to {cores}), then restart Python"
        return Row("Threads", "warning", f"{found}: too many, so they wait for each other", advice)
    return Row("Threads", "ok", found)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _examine_gpu() -> Row:
    import mxnet

    used, gpus = cuda.num_usable_gpus(), cuda.find_gpus()
    found = ", ".join(map(str, gpus or (f"gpu({i})" for i in range(used))))
    install_cpu = "python -m mxnet_compat install --cpu      installs the build without GPU support"
    if used:
        if all(gpu.is_supported for gpu in gpus):
            return Row("GPU", "ok", found)
        return Row("GPU", "error", f"{found}: MXNet has code only for {cuda.supported_text()}", install_cpu)
    if mxnet.runtime.Features().is_enabled("CUDA"):
        return Row("GPU", "warning", f"{found or 'none'}, although this is MXNet's GPU build", install_cpu)
    if not gpus:
        return Row("GPU", "ok", "none; MXNet computes on the CPU")
    if any(gpu.is_supported for gpu in gpus):
        advice = "python -m mxnet_compat install --gpu      installs MXNet for it (2.4 GB)"
        return Row("GPU", "ok", f"{found}, not used: this is MXNet's build without GPU support", advice)
    return Row("GPU", "ok", f"{found}: too old or too new for MXNet, which computes on the CPU")
