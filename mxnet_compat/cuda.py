"""GPUs: Nvidia's driver, and the CUDA 11 libraries for MXNet's GPU build.

The wheel ``mxnet-cu117`` contains machine code for GPUs of compute capability 5.0 to 8.6, which also runs on 8.7 and
8.9, but no code that a driver could translate for newer GPUs. It needs CUDA 11 and cuDNN 8, which are still on PyPI.
``python -m mxnet_compat install --gpu`` puts each of those packages into a folder of its own, because the CUDA 12
packages that PyTorch installs contain files with the same names.
"""

import ctypes
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

#: The lowest and highest compute capabilities that the wheel has code for.
SUPPORTED = ((5, 0), (8, 9))


@dataclass(frozen=True)
class Package:
    """A CUDA 11 package: its name, its download and installed sizes in MB, and its libraries in loading order."""

    name: str
    download: int
    installed: int
    libraries: tuple[str, ...]


#: Ordered so that the libraries that a package needs are loaded before it.
PACKAGES = (
    Package("nvidia-cuda-runtime-cu11", 1, 5, ("cuda_runtime/lib/libcudart.so.11.0",)),
    Package("nvidia-cuda-nvrtc-cu11", 23, 62, ("cuda_nvrtc/lib/libnvrtc.so.11.2",)),
    Package("nvidia-nvtx-cu11", 1, 1, ("nvtx/lib/libnvToolsExt.so.1",)),
    Package("nvidia-cublas-cu11", 418, 671, ("cublas/lib/libcublasLt.so.11", "cublas/lib/libcublas.so.11")),
    Package("nvidia-cufft-cu11", 168, 281, ("cufft/lib/libcufft.so.10",)),
    Package("nvidia-curand-cu11", 58, 104, ("curand/lib/libcurand.so.10",)),
    Package("nvidia-cusparse-cu11", 204, 280, ("cusparse/lib/libcusparse.so.11",)),
    Package("nvidia-cusolver-cu11", 128, 491, ("cusolver/lib/libcusolver.so.11",)),
    Package("nvidia-cudnn-cu11", 700, 1115, ("cudnn/lib/libcudnn.so.8",)),
    Package("nvidia-nccl-cu11", 148, 192, ("nccl/lib/libnccl.so.2",)),
)

#: Where ``install --gpu`` puts the packages.
FOLDER = Path(sysconfig.get_path("purelib")) / "mxnet_compat_cuda11"

_DRIVER = "libcuda.so.1"


class GpuBuildError(ImportError):
    """MXNet's GPU build cannot be loaded on this machine; `advice` says what to do."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(f"{found}\n{advice}")
        self.advice = advice


@dataclass(frozen=True)
class Gpu:
    """A GPU: its name, and its compute capability if the driver is new enough to report it."""

    name: str
    capability: tuple[int, int] | None

    @property
    def is_supported(self) -> bool:
        """Whether MXNet's GPU build has code for it; true if the compute capability is unknown."""
        return self.capability is None or SUPPORTED[0] <= self.capability <= SUPPORTED[1]

    def __str__(self) -> str:
        return self.name + (f" (compute capability {'.'.join(map(str, self.capability))})" if self.capability else "")


def supported_text() -> str:
    """Describe the GPUs that MXNet's GPU build has code for: 'compute capability 5.0 to 8.9'."""
    return "compute capability " + " to ".join(".".join(map(str, capability)) for capability in SUPPORTED)


def has_driver() -> bool:
    """Return whether programs on this machine can load Nvidia's driver."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        ctypes.CDLL(_DRIVER)
    except OSError:
        return False
    return True


def find_gpus() -> list[Gpu]:
    """Ask ``nvidia-smi`` for the GPUs; return an empty list if it is not installed or fails."""
    # In WSL2, it is in a folder that is not always on the path.
    program = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path="/usr/lib/wsl/lib")
    for fields in ("name,compute_cap", "name") if program else ():  # drivers from before 2022 report only the name
        try:
            query = [str(program), f"--query-gpu={fields}", "--format=csv,noheader"]
            answer = subprocess.run(query, capture_output=True, text=True, timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            return []
        if answer.returncode == 0:
            return [_parse_gpu(line) for line in answer.stdout.splitlines() if line.strip()]
    return []


def _parse_gpu(line: str) -> Gpu:
    found = re.fullmatch(r"(.*), *(\d+)\.(\d+)", line.strip())
    return Gpu(found[1], (int(found[2]), int(found[3]))) if found else Gpu(line.partition(",")[0].strip(), None)


def num_usable_gpus() -> int:
    """Return how many GPUs MXNet can use; 0 if its GPU build finds no driver, in which case ``npx.num_gpus`` fails."""
    from mxnet import MXNetError, npx

    try:
        return int(npx.num_gpus())
    except MXNetError:
        return 0


def load_libraries() -> list[Path]:
    """Load the libraries in `FOLDER` for MXNet, and return them in order; ``import mxnet`` calls this.

    Nothing is loaded if the folder or the driver is missing. If the system has its own CUDA 11, no folder is needed.
    """
    if not FOLDER.is_dir() or not has_driver():
        return []
    files = [FOLDER / package.name / "nvidia" / library for package in PACKAGES for library in package.libraries]
    loaded = [file for file in files if file.is_file()]
    for file in loaded:
        ctypes.CDLL(str(file), mode=ctypes.RTLD_GLOBAL)
    return loaded


def explain(error: OSError) -> GpuBuildError | None:
    """Explain an error that ``import mxnet`` raised if it is about the GPU build, otherwise return None."""
    libraries = [_DRIVER, *(Path(library).name for package in PACKAGES for library in package.libraries)]
    if not any(library.partition(".so")[0] + ".so" in str(error) for library in libraries):
        return None
    install_cpu = "python -m mxnet_compat install --cpu      installs the build without GPU support"
    if not has_driver():
        return GpuBuildError(
            f"This is MXNet's build for Nvidia GPUs, but this machine has no Nvidia driver ({_DRIVER}).", install_cpu
        )
    return GpuBuildError(
        f"This is MXNet's build for Nvidia GPUs, but its CUDA 11 libraries are incomplete: {error}",
        f"python -m mxnet_compat install --gpu      installs what is missing\n{install_cpu}",
    )
