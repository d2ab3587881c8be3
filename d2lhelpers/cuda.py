"""Nvidia's side of a GPU: the driver, the GPUs, and the libraries of CUDA 11 that MXNet's GPU wheel was built for.

The wheel ``mxnet-cu117`` holds machine code for GPUs of the generations 5.0 to 8.6, which those up to 8.9 run too, and
no code that a driver could translate for newer ones. It wants CUDA 11 and cuDNN 8, which today's systems no longer
have, but PyPI does. ``python -m d2lhelpers install --gpu`` puts each of those packages into a folder of its own, away
from other packages: CUDA 12's packages, which PyTorch brings, have files of the same names.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

#: Oldest and newest compute capability that the wheel has code for.
SUPPORTED = ((5, 0), (8, 9))

#: The packages of CUDA 11 and their libraries, in the order in which they find each other.
LIBRARIES = (
    ("nvidia-cuda-runtime-cu11", ("cuda_runtime/lib/libcudart.so.11.0",)),
    ("nvidia-cuda-nvrtc-cu11", ("cuda_nvrtc/lib/libnvrtc.so.11.2",)),
    ("nvidia-nvtx-cu11", ("nvtx/lib/libnvToolsExt.so.1",)),
    ("nvidia-cublas-cu11", ("cublas/lib/libcublasLt.so.11", "cublas/lib/libcublas.so.11")),
    ("nvidia-cufft-cu11", ("cufft/lib/libcufft.so.10",)),
    ("nvidia-curand-cu11", ("curand/lib/libcurand.so.10",)),
    ("nvidia-cusparse-cu11", ("cusparse/lib/libcusparse.so.11",)),
    ("nvidia-cusolver-cu11", ("cusolver/lib/libcusolver.so.11",)),
    ("nvidia-cudnn-cu11", ("cudnn/lib/libcudnn.so.8",)),
    ("nvidia-nccl-cu11", ("nccl/lib/libnccl.so.2",)),
)

#: Where ``install --gpu`` puts them: the environment's, also when a checkout of the project is imported.
FOLDER = Path(sysconfig.get_path("purelib")) / "d2lhelpers_cuda11"

_DRIVER = "libcuda.so.1"


class GpuBuildError(ImportError):
    """MXNet's build for GPUs cannot be loaded on this machine; `mend` says what to do."""

    def __init__(self, found: str, mend: str) -> None:
        super().__init__(f"{found}\n{mend}")
        self.mend = mend


@dataclass(frozen=True)
class Gpu:
    """A GPU as its driver describes it: its name, and its compute capability, None where the driver is too old."""

    name: str
    capability: tuple[int, int] | None

    @property
    def is_supported(self) -> bool:
        """Whether MXNet's GPU wheel has code for it; yes where that is not known."""
        return self.capability is None or SUPPORTED[0] <= self.capability <= SUPPORTED[1]

    def __str__(self) -> str:
        return self.name + (f" (compute capability {'.'.join(map(str, self.capability))})" if self.capability else "")


def supported_text() -> str:
    """Return for which GPUs the wheel has code, as text.

    Examples
    --------
    >>> supported_text()
    'compute capability 5.0 to 8.9'
    """
    oldest, newest = (".".join(map(str, capability)) for capability in SUPPORTED)
    return f"compute capability {oldest} to {newest}"


def has_driver() -> bool:
    """Return whether this machine has Nvidia's driver, as far as programs see it."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        ctypes.CDLL(_DRIVER)
    except OSError:
        return False
    return True


def find_gpus() -> list[Gpu]:
    """Ask the driver's ``nvidia-smi`` for the GPUs; empty where there is none, or it does not answer."""
    # Windows' driver, which serves WSL2, has it in a folder that is not always searched.
    program = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path="/usr/lib/wsl/lib")
    for fields in ("name,compute_cap", "name") if program else ():  # drivers before 2022 know only the first
        try:
            query = [str(program), f"--query-gpu={fields}", "--format=csv,noheader"]
            answer = subprocess.run(query, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            return []
        if answer.returncode == 0:
            return [_read_gpu(line) for line in answer.stdout.splitlines() if line.strip()]
    return []


def _read_gpu(line: str) -> Gpu:
    found = re.fullmatch(r"(.*), *(\d+)\.(\d+)", line.strip())
    return Gpu(found[1], (int(found[2]), int(found[3]))) if found else Gpu(line.partition(",")[0].strip(), None)


def load_libraries() -> list[Path]:
    """Load CUDA's libraries so that MXNet finds them; ``import mxnet`` calls it by itself (see `compat`).

    Returns
    -------
    list of path
        What was loaded, in order: nothing without `FOLDER` or without a driver. A system that has CUDA 11 needs none
        of it: there the loader finds the libraries.
    """
    if not FOLDER.is_dir() or not has_driver():
        return []
    files = [FOLDER / package / "nvidia" / name for package, names in LIBRARIES for name in names]
    loaded = [file for file in files if file.is_file()]
    for file in loaded:
        ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL)
    return loaded


def explain(error: OSError) -> GpuBuildError | None:
    """Return what the loader's `error` at ``import mxnet`` means if it is about the GPU build, else None."""
    names = [_DRIVER, *(Path(name).name for _, names in LIBRARIES for name in names)]
    if not any(name.partition(".so")[0] + ".so" in str(error) for name in names):
        return None
    if not has_driver():
        return GpuBuildError(
            f"This is MXNet's build for Nvidia GPUs, and this machine has no Nvidia driver ({_DRIVER}).",
            "python -m d2lhelpers install --cpu      brings the build without GPU, which is enough for the course",
        )
    return GpuBuildError(
        f"This is MXNet's build for Nvidia GPUs, and CUDA 11 is not complete here: {error}",
        "python -m d2lhelpers install --gpu      brings what is missing\n"
        "python -m d2lhelpers install --cpu      brings the build without GPU, which is enough for the course",
    )
