"""The GPU's side (cuda.py): what loads CUDA's libraries, in which order, and what is said where that fails.

No GPU is needed: a C compiler makes libraries that note in a file when they are loaded, a driver among them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import d2lhelpers
from d2lhelpers import cuda, runtime
from d2lhelpers.cuda import Gpu

COMPILER = shutil.which("gcc") or shutil.which("cc")
ORDER = [name.rpartition("/")[2] for _, names in cuda.LIBRARIES for name in names]
needs_compiler = pytest.mark.skipif(
    not (COMPILER and sys.platform.startswith("linux")), reason="needs Linux and a C compiler"
)


def compile_library(file, needs=()):
    """Make a library that appends its name to the file $LOADED when it is loaded, and needs others by their names."""
    file.parent.mkdir(parents=True, exist_ok=True)
    source = file.with_suffix(".c")
    source.write_text(
        "#include <stdio.h>\n#include <stdlib.h>\n"
        "__attribute__((constructor)) static void note(void) {\n"
        f'    FILE *log = fopen(getenv("LOADED"), "a"); fputs("{file.name}\\n", log); fclose(log);\n}}\n'
    )
    command = [COMPILER, "-shared", "-fPIC", "-o", file, source, f"-Wl,-soname,{file.name}", "-Wl,--no-as-needed"]
    subprocess.run([*command, *needs, "-Wl,--allow-shlib-undefined"], check=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a folder with the package, CUDA's libraries where ``install --gpu`` puts them, a driver and an MXNet."""
    root = tmp_path_factory.mktemp("gpu")
    shutil.copytree(Path(d2lhelpers.__file__).parent, root / "d2lhelpers", ignore=shutil.ignore_patterns("*.pyc"))
    compile_library(root / "driver" / "libcuda.so.1")
    libraries = {}
    for package, names in cuda.LIBRARIES:
        for name in names:
            file = root / cuda.FOLDER.name / package / "nvidia" / name
            # As in the real ones: each finds cuBLAS only if that is loaded already.
            needs = [libraries[x] for x in ("libcublasLt.so.11", "libcublas.so.11") if x in libraries]
            compile_library(file, needs)
            libraries[file.name] = file
    compile_library(root / "mxnet" / "libmxnet.so", [*libraries.values(), root / "driver" / "libcuda.so.1"])
    code = "import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), 'libmxnet.so'))\n"
    (root / "mxnet" / "__init__.py").write_text(code)
    return root


def import_mxnet(root, driver=True):
    """Import the stand-in of MXNet in a new process; return what was loaded, in order, and the error's text."""
    log = root / "loaded.txt"
    log.write_text("")
    environment = {**os.environ, "LOADED": str(log), "PYTHONPATH": str(root)}
    environment["LD_LIBRARY_PATH"] = str(root / "driver") if driver else ""
    code = (
        f"from d2lhelpers import cuda\ncuda.FOLDER = type(cuda.FOLDER)({str(root)!r}) / cuda.FOLDER.name\n"
        "try:\n    import mxnet\n    assert not mxnet.__path__[0].endswith('site-packages/mxnet')\n"
        "except ImportError as error:\n    print(type(error).__name__, error, sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return log.read_text().split(), done.stdout.strip()


@needs_compiler
class TestLoading:
    def test_libraries_come_before_mxnet_and_in_their_order(self, built):
        loaded, error = import_mxnet(built)
        assert error == ""
        assert loaded == ["libcuda.so.1", *ORDER, "libmxnet.so"]

    def test_in_another_order_they_do_not_find_each_other(self, built):
        (cublas,) = built.rglob("libcublas.so.11")
        code = f"import ctypes; ctypes.CDLL({str(cublas)!r})"
        environment = {**os.environ, "LOADED": os.devnull}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert "libcublasLt.so.11: cannot open shared object file" in done.stderr

    def test_without_a_driver_nothing_is_loaded_and_the_cpu_is_the_way_out(self, built):
        loaded, error = import_mxnet(built, driver=False)
        assert loaded == []
        assert error.startswith("GpuBuildError|This is MXNet's build for Nvidia GPUs, and this machine has no Nvidia")
        assert "python -m d2lhelpers install --cpu" in error

    def test_with_a_library_missing_both_ways_out_are_named(self, built):
        (file,) = built.rglob("libcudnn.so.8")
        hidden = file.rename(file.with_suffix(".hidden"))
        try:
            loaded, error = import_mxnet(built)
        finally:
            hidden.rename(file)
        assert "libmxnet.so" not in loaded
        assert "CUDA 11 is not complete here: libcudnn.so.8: cannot open" in error
        assert "install --gpu" in error
        assert "install --cpu" in error

    def test_a_damaged_library_is_named(self, built):
        (file,) = built.rglob("libcufft.so.10")
        whole = file.read_bytes()
        file.write_bytes(b"")
        try:
            _, error = import_mxnet(built)
        finally:
            file.write_bytes(whole)
        assert error.startswith("GpuBuildError|")
        assert "libcufft.so.10: file too short" in error

    def test_a_system_that_has_cuda_11_needs_no_folder(self, built):
        folder = built / cuda.FOLDER.name
        hidden = folder.rename(built / "hidden")
        system = built / "driver"
        names = [file for file in hidden.rglob("*.so*") if file.suffix != ".c"]
        copies = [Path(shutil.copy(file, system)) for file in names]
        try:
            loaded, error = import_mxnet(built)
        finally:
            hidden.rename(folder)
            for copy in copies:
                copy.unlink()
        assert error == ""
        assert loaded[-1] == "libmxnet.so"


def test_nothing_is_loaded_without_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(cuda, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(cuda, "has_driver", lambda: pytest.fail("asked for the driver"))
    assert cuda.load_libraries() == []


@pytest.mark.parametrize(
    "text", ["libgomp.so.1: cannot open shared object file", "libcurl.so.4: cannot open", "libc.so.6: not found", ""]
)
def test_other_errors_of_the_loader_are_not_explained(text):
    assert cuda.explain(OSError(text)) is None


@pytest.mark.parametrize(
    "library", ["libcuda.so.1", "libcudart.so.11.0", "libnvrtc.so.11.2", "libnccl.so.2", "libnvToolsExt.so.1"]
)
def test_errors_about_cuda_are_explained(library):
    assert isinstance(cuda.explain(OSError(f"{library}: cannot open shared object file: No such file")), ImportError)


# The GPUs that nvidia-smi names


@pytest.fixture
def smi(tmp_path, monkeypatch):
    """Return a function that puts a stand-in of nvidia-smi, a shell script, on the path."""

    def put(script):
        program = tmp_path / "nvidia-smi"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    return put


def answers(*lines):
    return "cat <<'END'\n" + "".join(f"{line}\n" for line in lines) + "END\n"


def test_gpus_with_their_capability(smi):
    smi(answers("Tesla T4, 7.5", "NVIDIA H100 80GB HBM3, 9.0"))
    assert cuda.find_gpus() == [Gpu("Tesla T4", (7, 5)), Gpu("NVIDIA H100 80GB HBM3", (9, 0))]


def test_an_old_driver_does_not_know_the_capability(smi):
    smi('case "$1" in *compute_cap*) echo "not a valid field"; exit 2;; esac\n' + answers("Tesla V100"))
    (gpu,) = cuda.find_gpus()
    assert (gpu, gpu.is_supported, str(gpu)) == (Gpu("Tesla V100", None), True, "Tesla V100")


@pytest.mark.parametrize("script", ["exit 9\n", answers("")])
def test_a_driver_that_does_not_answer(smi, script):
    smi(script)
    assert cuda.find_gpus() == []


@pytest.mark.parametrize("capability", [(5, 0), (6, 1), (7, 5), (8, 0), (8, 6), (8, 9)])
def test_what_the_wheel_has_code_for(capability):
    assert Gpu("a GPU", capability).is_supported


@pytest.mark.parametrize("capability", [(3, 7), (9, 0), (10, 0), (12, 0)])
def test_what_the_wheel_has_no_code_for(capability):
    assert not Gpu("a GPU", capability).is_supported


@pytest.mark.parametrize(
    ("gpus", "used", "cuda_build", "state", "found", "mend"),
    [
        ([], [], False, "ok", "none; the CPU is enough", ""),
        ([("Tesla T4", (7, 5))], [], False, "ok", "Tesla T4 (compute capability 7.5), not used", "install --gpu"),
        ([("H100", (9, 0))], [], False, "ok", "H100 (compute capability 9.0): too new or too old", ""),
        ([("Tesla T4", (7, 5))], ["gpu"], True, "ok", "Tesla T4 (compute capability 7.5)", ""),
        (
            [("H100", (9, 0))],
            ["gpu"],
            True,
            "error",
            "has code for compute capability 5.0 to 8.9 only",
            "install --cpu",
        ),
        ([], ["gpu"], True, "ok", "gpu(0)", ""),
        ([], [], True, "warning", "none, though this is MXNet's build for GPUs", "install --cpu"),
    ],
)
def test_check_says_which_gpu_and_what_to_do(monkeypatch, gpus, used, cuda_build, state, found, mend):
    import mxnet

    class Features:
        def is_enabled(self, name):
            return cuda_build and name == "CUDA"

    monkeypatch.setattr(cuda, "find_gpus", lambda: [Gpu(*gpu) for gpu in gpus])
    monkeypatch.setattr(mxnet.runtime, "Features", Features)
    monkeypatch.setattr("d2lhelpers.device._num_gpus", lambda: len(used))
    row = runtime._check_gpu()
    assert row.state == state
    assert found in row.found
    assert mend in row.mend
    assert bool(row.mend) == bool(mend)
