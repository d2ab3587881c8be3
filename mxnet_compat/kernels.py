"""Kernels: loads MXNet's OpenBLAS with those that suit the processor."""

import ctypes
import os
import re
from pathlib import Path

_CHOICE = "OPENBLAS_CORETYPE"


def load_openblas(folder: str | Path, root: str | Path = "/") -> None:
    """Load MXNet's OpenBLAS, with the kernels for Haswell on every processor that has AVX2.

    MXNet's OpenBLAS 0.3.13 (2020) recognizes processors by their model numbers. On newer ones, such as Intel's Raptor
    Lake, it falls back to kernels of 2004 (OpenMathLib/OpenBLAS#4267): 81 GFLOP/s in a product of two 1024 by 1024
    matrices, where its kernels for Haswell reach 203. It has no newer ones for AVX-512, with which NumPy's OpenBLAS
    reaches 318 on the same processor.

    The environment variable ``OPENBLAS_CORETYPE`` selects the kernels. It is set only while this library is loaded, so
    that NumPy's and SciPy's OpenBLAS never see it. Does nothing if you have set it.

    Parameters
    ----------
    folder : path
        Where MXNet's libraries are. Does nothing if OpenBLAS is not among them.
    root : path
        The folder that contains Linux's ``proc``; tests use another one.
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
