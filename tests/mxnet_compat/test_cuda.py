"""GPUs (cuda.py): which CUDA libraries are loaded, in which order, and what the errors say.

The tests need no GPU. They compile stand-ins for the libraries and the driver, which record when they are loaded.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from processes import run_python

import mxnet_compat
from mxnet_compat import cuda
from mxnet_compat.cuda import Gpu

COMPILER = shutil.which("gcc") or shutil.which("cc")
ORDER = [library.rpartition("/")[2] for package in cuda.PACKAGES for library in package.libraries]


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
    source.unlink()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Return a folder with the package, CUDA's libraries where ``install --gpu`` puts them, a driver, and an MXNet."""
    root = tmp_path_factory.mktemp("gpu")
    shutil.copytree(Path(mxnet_compat.__file__).parent, root / "mxnet_compat", ignore=shutil.ignore_patterns("*.pyc"))
    compile_library(root / "driver" / "libcuda.so.1")
    libraries = {}
    for package in cuda.PACKAGES:
        for name in package.libraries:
            file = root / cuda.FOLDER.name / package.name / "nvidia" / name
            # As in the real ones: each finds cuBLAS only if that is loaded already.
            needs = [libraries[x] for x in ("libcublasLt.so.11", "libcublas.so.11") if x in libraries]
            compile_library(file, needs)
            libraries[file.name] = file
    compile_library(root / "mxnet" / "libmxnet.so", [*libraries.values(), root / "driver" / "libcuda.so.1"])
    code = "import ctypes, os\nctypes.CDLL(os.path.join(os.path.dirname(__file__), 'libmxnet.so'))\n"
    (root / "mxnet" / "__init__.py").write_text(code)
    return root


@pytest.fixture
def built(template, tmp_path):
    """Return a copy of the folder that a test may change."""
    return shutil.copytree(template, tmp_path / "gpu")


def import_mxnet(root, driver=True):
    """Import the stand-in for MXNet in a new process; return what was loaded, in order, and the error's text."""
    log = root / "loaded.txt"
    log.write_text("")
    code = f"""
        from mxnet_compat import cuda
        cuda.FOLDER = type(cuda.FOLDER)({str(root)!r}) / cuda.FOLDER.name
        try:
            import mxnet
            assert not mxnet.__path__[0].endswith('site-packages/mxnet')
        except ImportError as error:
            print(type(error).__name__, error, sep='|')
    """
    library_path = str(root / "driver") if driver else ""
    done = run_python(code, LOADED=str(log), PYTHONPATH=str(root), LD_LIBRARY_PATH=library_path)
    return log.read_text().split(), done.stdout.strip()


@pytest.mark.skipif(not (COMPILER and sys.platform.startswith("linux")), reason="needs Linux and a C compiler")
class TestLoading:
    def test_libraries_come_before_mxnet_in_an_order_in_which_they_find_each_other(self, built):
        loaded, error = import_mxnet(built)
        assert error == ""
        assert loaded == ["libcuda.so.1", *ORDER, "libmxnet.so"]
        (cublas,) = built.rglob("libcublas.so.11")
        alone = run_python(f"import ctypes; ctypes.CDLL({str(cublas)!r})", check=False, LOADED=os.devnull)
        assert "libcublasLt.so.11: cannot open shared object file" in alone.stderr

    def test_without_a_driver_nothing_is_loaded_and_the_advice_is_the_other_build(self, built):
        loaded, error = import_mxnet(built, driver=False)
        assert loaded == []
        assert error.startswith("GpuBuildError|This is MXNet's build for Nvidia GPUs, but this machine has no Nvidia")
        assert "python -m mxnet_compat install --cpu" in error

    def test_a_missing_library_is_named_with_two_ways_out(self, built):
        (file,) = built.rglob("libcudnn.so.8")
        file.unlink()
        loaded, error = import_mxnet(built)
        assert "libmxnet.so" not in loaded
        assert "CUDA 11 libraries are incomplete: libcudnn.so.8: cannot open" in error
        assert "install --gpu" in error
        assert "install --cpu" in error

    def test_a_damaged_library_is_named(self, built):
        (file,) = built.rglob("libcufft.so.10")
        file.write_bytes(b"")
        _, error = import_mxnet(built)
        assert error.startswith("GpuBuildError|")
        assert "libcufft.so.10: file too short" in error

    def test_a_system_that_has_cuda_11_needs_no_folder(self, built):
        for file in (built / cuda.FOLDER.name).rglob("*.so*"):
            shutil.copy(file, built / "driver")
        shutil.rmtree(built / cuda.FOLDER.name)
        loaded, error = import_mxnet(built)
        assert error == ""
        assert loaded[-1] == "libmxnet.so"


def test_without_the_folder_nobody_asks_for_a_driver(tmp_path, monkeypatch):
    monkeypatch.setattr(cuda, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(cuda, "has_driver", lambda: pytest.fail("asked for the driver"))
    assert cuda.load_libraries() == []


@pytest.mark.parametrize(
    ("library", "is_explained"),
    [
        *[(name, True) for name in ("libcuda.so.1", "libcudart.so.11.0", "libnvToolsExt.so.1", "libnccl.so.2")],
        *[(name, False) for name in ("libgomp.so.1", "libcurl.so.4", "libc.so.6", "")],
    ],
)
def test_only_errors_about_cuda_are_explained(library, is_explained):
    explained = cuda.explain(OSError(f"{library}: cannot open shared object file: No such file"))
    assert isinstance(explained, cuda.GpuBuildError) == is_explained


# The GPUs that nvidia-smi names


@pytest.fixture
def smi(tmp_path, monkeypatch):
    """Return a function that puts a stand-in for nvidia-smi, a shell script, on the path."""

    def put(script):
        program = tmp_path / "nvidia-smi"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    return put


def answers(*lines):
    return "cat <<'END'\n" + "".join(f"{line}\n" for line in lines) + "END\n"


def test_gpus_have_a_name_and_a_capability(smi):
    smi(answers("Tesla T4, 7.5", "NVIDIA H100 80GB HBM3, 9.0"))
    assert cuda.find_gpus() == [Gpu("Tesla T4", (7, 5)), Gpu("NVIDIA H100 80GB HBM3", (9, 0))]


def test_an_old_driver_does_not_know_the_capability(smi):
    smi('case "$1" in *compute_cap*) echo "not a valid field"; exit 2;; esac\n' + answers("Tesla V100"))
    (gpu,) = cuda.find_gpus()
    assert (gpu, gpu.is_supported, str(gpu)) == (Gpu("Tesla V100", None), True, "Tesla V100")


@pytest.mark.parametrize("script", ["exit 9\n", answers("")])
def test_a_driver_that_does_not_answer_has_no_gpus(smi, script):
    smi(script)
    assert cuda.find_gpus() == []


@pytest.mark.parametrize(
    ("capability", "is_supported"),
    [((3, 7), False), ((5, 0), True), ((7, 5), True), ((8, 9), True), ((9, 0), False), ((12, 0), False)],
)
def test_what_the_wheel_has_code_for(capability, is_supported):
    assert Gpu("a GPU", capability).is_supported == is_supported
