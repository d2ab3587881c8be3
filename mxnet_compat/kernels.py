"""Kernels: loads MXNet's OpenBLAS with kernels that suit the processor."""

import ctypes
import os
import re
from pathlib import Path

_CHOICE = "OPENBLAS_CORETYPE"


def load_openblas(folder: str | Path, root: str | Path = "/") -> None:
    """Load the OpenBLAS in MXNet's `folder`, with its kernels for Haswell if the processor has AVX2.

    MXNet's OpenBLAS 0.3.13 (2020) recognizes processors by their model numbers. On newer ones, such as Intel's Raptor
    Lake, it falls back to kernels from 2004 (OpenMathLib/OpenBLAS#4267), which reach 81 GFLOP/s in a product of two
    1024-by-1024 matrices instead of 203. (NumPy's OpenBLAS, which has kernels for AVX-512, reaches 318.)

    ``OPENBLAS_CORETYPE`` selects the kernels. It is set only while the library is being loaded, so NumPy's and SciPy's
    own OpenBLAS never sees it. If you have set it yourself, your choice is used.
    """
    library, cpuinfo = Path(folder, "libopenblas.so.0"), Path(root, "proc/cpuinfo")
    if _CHOICE in os.environ or not library.exists() or not cpuinfo.exists():
        return
    flags = re.search(r"^flags\s*:(.*)", cpuinfo.read_text(errors="replace"), re.MULTILINE)
    if flags is None or not {"avx2", "fma"} <= set(flags[1].split()):
        return
    os.environ[_CHOICE] = "Haswell"
    try:
        ctypes.CDLL(str(library))  # stays loaded: MXNet's library finds it by its name
    finally:
        del os.environ[_CHOICE]
