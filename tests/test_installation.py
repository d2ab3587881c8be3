"""python -m d2lhelpers install (installation.py): what it brings, what it leaves alone, what it refuses."""

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

import d2lhelpers
from d2lhelpers import cuda, installation, runtime
from d2lhelpers.__main__ import main
from d2lhelpers.installation import InstallationError

pytestmark = pytest.mark.jobs
LINUX_X86 = pytest.mark.skipif(
    not (sys.platform == "linux" and runtime.platform.machine() == "x86_64"), reason="MXNet's GPU build is for x86-64"
)

# What Colab has, as names and versions only: nothing of it is ever imported by the installation.
THERE = {
    **{"ipykernel": "6.17.1", "ipython": "7.34.0", "ipywidgets": "7.7.1", "matplotlib": "3.10.0", "numpy": "2.1.3"},
    **{"pandas": "2.2.3", "pillow": "11.0", "pooch": "1.9.0", "requests": "2.32.4", "tqdm": "4.60.0", "urllib3": "2.5"},
    **{"filelock": "3.18.0", "torch": "2.6.0+cu124"},
}


def declared(extra):
    """Return name and version of what the package's metadata demand for an extra."""
    found = (Requirement(text) for text in metadata.requires("d2lhelpers"))
    return {r.name: str(r.specifier).removeprefix("==") for r in found if r.marker and f'"{extra}"' in str(r.marker)}


def write_dist_info(folder, name, version, requires=()):
    """Write what makes a package count as installed, and what a wheel has beside its files."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {r}" for r in requires),
    ]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    (info / "INSTALLER").write_text("pip\n")
    (info / "RECORD").touch()
    (info / "RECORD").write_text("".join(f"{info.name}/{file.name},,\n" for file in info.iterdir()))
    return info


def make_wheel(folder, name, version, requires=(), files=()):
    with tempfile.TemporaryDirectory() as scratch:
        info = write_dist_info(Path(scratch), name, version, requires)
        with zipfile.ZipFile(folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as wheel:
            for file in sorted(info.iterdir()):
                wheel.write(file, f"{info.name}/{file.name}")
            for file in files:
                wheel.writestr(file, f"{name} {version}")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Return a folder with stand-ins of all wheels, which declare the requirements of their time."""
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "mxnet", "1.9.1", ["numpy<2.0.0,>1.16.0", "graphviz<0.9.0"], ["mxnet/which.txt"])
    make_wheel(folder, "mxnet", "1.6.0", files=["mxnet/which.txt"])
    make_wheel(folder, "d2l", "1.0.3", ["numpy==1.23.5", "jupyter==1.0.0"], ["d2l/x.py"])
    make_wheel(folder, "graphviz", "0.21", ["numpy"], ["graphviz.py"])
    make_wheel(folder, "numpy", "2.9.9", files=["numpy/x.py"])
    for version in ("4.67.3", "5.0.0"):
        make_wheel(folder, "tqdm", version, files=["tqdm.py"])
    for name, version in declared("gpu").items():
        libraries = dict(cuda.LIBRARIES).get(name, ())
        files = [f"nvidia/{library}" for library in libraries] or ["mxnet/which.txt"]
        make_wheel(folder, name, version, ["numpy<2"], files)
    return folder


class Environment:
    """A virtual environment with Colab's packages in name, the real package of ours, and a real pip."""

    def __init__(self, folder, wheels):
        venv.create(folder, with_pip=True)
        self.python = folder / "bin" / "python"
        self.wheels = wheels
        (self.site,) = folder.glob("lib/python3*/site-packages")
        source = Path(d2lhelpers.__file__).parent
        shutil.copytree(source, self.site / "d2lhelpers", ignore=shutil.ignore_patterns("__pycache__"))
        write_dist_info(self.site, "d2lhelpers", d2lhelpers.__version__, metadata.requires("d2lhelpers"))
        packaging = Path(importlib.util.find_spec("packaging").origin).parent
        shutil.copytree(packaging, self.site / "packaging")
        write_dist_info(self.site, "packaging", metadata.version("packaging"))
        for name, version in THERE.items():
            write_dist_info(self.site, name, version)

    def run(self, *arguments, **variables):
        command = [str(self.python), "-m", "d2lhelpers", "install", *arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        environment |= variables
        # Not from the project's root, where the checkout would be imported.
        options = {"cwd": self.site, "env": environment, "capture_output": True, "text": True, "timeout": 120}
        return subprocess.run(command, **options)

    def installed(self):
        return {d.name: d.version for d in metadata.distributions(path=[str(self.site)])}

    def mxnet(self):
        return (self.site / "mxnet" / "which.txt").read_text()


@pytest.fixture(scope="module")
def environment(tmp_path_factory, wheels):
    return Environment(tmp_path_factory.mktemp("environment with spaces") / "env", wheels)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no MXNet for Windows")
class TestInEnvironment:
    """The life of an environment, in this order."""

    def test_1_what_cannot_be_had_is_said_and_nothing_has_changed(self, environment, tmp_path):
        before = environment.installed()
        done = environment.run(PIP_FIND_LINKS=str(tmp_path))
        assert done.returncode == 1
        assert "pip install has failed:" in done.stderr
        assert "No matching distribution found for" in done.stderr
        assert "Traceback" not in done.stderr
        assert environment.installed() == before

    def test_2_what_is_missing_comes_and_what_is_there_stays(self, environment):
        done = environment.run()
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        expected = {**THERE, "mxnet": "1.9.1", "d2l": "1.0.3", "graphviz": "0.21", "tqdm": "5.0.0"}
        installed = environment.installed()
        assert {name: installed[name] for name in expected} == expected
        assert installed.keys() - expected.keys() == {
            "pip",
            "d2lhelpers",
            "packaging",
            *({"setuptools"} & {*installed}),
        }

    def test_3_again_does_nothing_and_asks_nobody(self, environment, tmp_path):
        before = environment.installed()
        done = environment.run(PIP_FIND_LINKS=str(tmp_path))  # pip would find nothing
        assert (done.returncode, done.stdout, done.stderr) == (0, "Everything is there already.\n", "")
        assert environment.installed() == before

    def test_4_another_mxnet_is_replaced(self, environment):
        command = [str(environment.python), "-m", "pip", "install", "-q", "--no-index", "--no-deps", "mxnet==1.6.0"]
        subprocess.run([*command, "--find-links", str(environment.wheels)], check=True, capture_output=True)
        assert environment.mxnet() == "mxnet 1.6.0"
        assert environment.run().returncode == 0
        assert environment.mxnet() == "mxnet 1.9.1"

    @LINUX_X86
    def test_5_gpu_without_a_driver_is_refused(self, environment):
        done = environment.run("--gpu", LD_LIBRARY_PATH="")
        assert done.returncode == 1
        assert "no Nvidia driver" in done.stderr
        assert "--without-driver" in done.stderr
        assert environment.mxnet() == "mxnet 1.9.1"

    @LINUX_X86
    def test_6_gpu_brings_its_mxnet_and_cuda_in_a_folder_of_their_own(self, environment):
        before = environment.installed()
        done = environment.run("--gpu", "--without-driver")
        assert done.returncode == 0, done.stderr
        assert "2.4 GB to download" in done.stdout
        assert "11 of 11: mxnet-cu117==1.9.1" in done.stdout
        assert environment.mxnet() == "mxnet-cu117 1.9.1"
        del before["mxnet"]
        assert environment.installed() == {**before, "mxnet-cu117": "1.9.1"}
        assert not (environment.site / "nvidia").exists()
        folder = environment.site / cuda.FOLDER.name
        assert all((folder / name / "nvidia" / file).is_file() for name, files in cuda.LIBRARIES for file in files)

    @LINUX_X86
    def test_7_gpu_again_and_the_first_cell_do_nothing(self, environment):
        for arguments in (["--gpu", "--without-driver"], []):
            assert environment.run(*arguments).stdout == "Everything is there already.\n"
        assert environment.mxnet() == "mxnet-cu117 1.9.1"

    @LINUX_X86
    def test_8_what_an_interrupted_call_has_left_is_made_good(self, environment):
        package = environment.site / cuda.FOLDER.name / "nvidia-curand-cu11"
        for info in package.glob("*.dist-info"):
            shutil.rmtree(info)
        done = environment.run("--gpu", "--without-driver")
        assert done.returncode == 0, done.stderr
        assert "1 of 1: nvidia-curand-cu11" in done.stdout
        assert list(package.glob("*.dist-info"))

    @LINUX_X86
    @pytest.mark.parametrize(("option", "build"), [("--cpu", "mxnet"), ("--gpu", "mxnet-cu117")])
    def test_8_of_two_builds_that_share_their_files_one_is_left_whole(self, environment, option, build):
        other = "mxnet" if "mxnet-cu117" in environment.installed() else "mxnet-cu117"
        command = [str(environment.python), "-m", "pip", "install", "-q", "--no-index", "--no-deps", f"{other}==1.9.1"]
        subprocess.run([*command, "--find-links", str(environment.wheels)], check=True, capture_output=True)
        assert {"mxnet", "mxnet-cu117"} <= environment.installed().keys()
        options = [option] if option == "--cpu" else [option, "--without-driver"]
        assert environment.run(*options).returncode == 0
        assert environment.mxnet() == f"{build} 1.9.1"
        assert [name for name in environment.installed() if name.startswith("mxnet")] == [build]

    @LINUX_X86
    def test_9_cpu_puts_the_other_build_back_and_removes_cuda(self, environment):
        assert environment.run("--cpu").returncode == 0
        assert environment.mxnet() == "mxnet 1.9.1"
        assert "mxnet-cu117" not in environment.installed()
        assert not (environment.site / cuda.FOLDER.name).exists()
        assert environment.run("--cpu").stdout == "Everything is there already.\n"


# What is declared


def test_the_extra_names_the_packages_that_are_loaded_and_those_whose_size_is_known():
    names = set(declared("gpu"))
    assert names == {"mxnet-cu117", *(name for name, _ in cuda.LIBRARIES)}
    assert names == set(installation._MEGABYTES)


def test_all_that_the_course_needs_is_here():
    assert installation.missing_requirements() == []


@pytest.mark.parametrize("name", ["numpy", "ipykernel", "ipython"])
def test_what_a_notebook_stands_on_is_not_replaced(monkeypatch, name):
    monkeypatch.setattr(installation, "_version", lambda asked: "0.9" if asked == name else None)
    with pytest.raises(InstallationError, match=rf"{name} 0.9 is here, and the course needs >=.*not replaced"):
        installation.missing_requirements()


# What is refused


Version = namedtuple("Version", "major minor micro")


@pytest.mark.parametrize(
    ("system", "machine", "bits", "musl", "words"),
    [
        ("win32", "AMD64", 64, False, "wsl --install"),
        ("darwin", "arm64", 64, False, "Apple silicon: use a Linux container, or an x86-64 Python under Rosetta"),
        ("linux", "armv7l", 32, False, "linux on armv7l with a 32-bit Python"),
        ("linux", "x86_64", 32, False, "x86_64 with a 32-bit Python: it needs a 64-bit Python"),
        ("linux", "riscv64", 64, False, "linux on riscv64"),
        ("emscripten", "wasm32", 32, False, "Colab runs the course in a browser"),
        ("linux", "x86_64", 64, True, "has musl: use a Debian, Ubuntu or Fedora image"),
        ("linux", "x86_64", 64, False, None),
        ("linux", "aarch64", 64, False, None),
        ("darwin", "x86_64", 64, False, None),
    ],
)
def test_a_machine_that_mxnet_has_no_build_for(monkeypatch, capsys, system, machine, bits, musl, words):
    monkeypatch.setattr(runtime.sys, "platform", system)
    monkeypatch.setattr(runtime.sys, "maxsize", 2 ** (bits - 1) - 1)
    monkeypatch.setattr(runtime.platform, "machine", lambda: machine)
    host = "x86_64-pc-linux-musl" if musl else "x86_64-pc-linux-gnu"
    monkeypatch.setattr(runtime.sysconfig, "get_config_var", lambda name: host)
    problem = runtime.unsupported_platform()
    if words is None:
        assert problem is None
        return
    assert words in problem
    assert main(["install"]) == 1
    assert capsys.readouterr().err == problem + "\n"


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(runtime.sys, "version_info", (3, 10, 13))
    monkeypatch.setattr(runtime.platform, "python_version", lambda: "3.10.13")
    assert runtime.unsupported_platform().startswith("Python 3.10.13 is too old: the course needs Python 3.11 to 3.13")


@pytest.mark.parametrize(
    ("system", "machine", "words"),
    [("darwin", "x86_64", "for Linux on x86-64 only"), ("linux", "aarch64", "x86-64 only"), ("win32", "AMD64", "WSL2")],
)
def test_gpu_on_another_machine(monkeypatch, system, machine, words):
    monkeypatch.setattr(runtime.sys, "platform", system)
    monkeypatch.setattr(runtime.platform, "machine", lambda: machine)
    with pytest.raises(InstallationError, match=words):
        installation.install_gpu(without_driver=True)


@LINUX_X86
def test_a_gpu_that_the_wheel_has_no_code_for(monkeypatch):
    monkeypatch.setattr(cuda, "has_driver", lambda: True)
    monkeypatch.setattr(cuda, "find_gpus", lambda: [cuda.Gpu("H100", (9, 0))])
    with pytest.raises(
        InstallationError, match=r"no code for H100 \(compute capability 9.0\), but for .* 5.0 to 8.9 only"
    ):
        installation.install_gpu()


Usage = namedtuple("Usage", "total used free")


@LINUX_X86
@pytest.mark.parametrize("free", [1, 5.9e9])
def test_too_small_a_disk_is_found_before_anything_is_fetched(monkeypatch, free):
    monkeypatch.setattr(installation, "_version", lambda name: None)
    monkeypatch.setattr(installation, "install", list)
    monkeypatch.setattr(installation, "_run_installer", lambda *arguments, **options: pytest.fail("was started"))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(free, 0, free))
    with pytest.raises(InstallationError, match=r"has \d\.\d GB free, and \d\.\d GB are needed: make space"):
        installation.install_gpu(without_driver=True)


# The installer


def run_installer(monkeypatch, stderr="", pip=True, uv=None):
    """Run the installer with a stand-in of subprocess.run that fails with these words; return the command."""
    commands = []

    def run(command, **options):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1 if stderr else 0, stderr=stderr)

    monkeypatch.setattr(installation, "_has_pip", lambda: pip)
    monkeypatch.setattr(shutil, "which", lambda name: uv)
    monkeypatch.setattr(subprocess, "run", run)
    installation._run_installer("install", "x==1")
    return commands[0]


def test_pip_before_uv(monkeypatch):
    assert run_installer(monkeypatch, uv="/bin/uv")[:4] == [sys.executable, "-m", "pip", "install"]


def test_uv_where_there_is_no_pip(monkeypatch):
    command = run_installer(monkeypatch, pip=False, uv="/bin/uv")
    assert command == ["/bin/uv", "pip", "install", "--python", sys.executable, "--quiet", "x==1"]


def test_neither_pip_nor_uv(monkeypatch):
    with pytest.raises(InstallationError, match=r"Neither pip nor uv is here: .* -m ensurepip"):
        run_installer(monkeypatch, pip=False)


@pytest.mark.parametrize(
    ("stderr", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "A disk is full"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution", "is there a network?"),
        ("error: dns error: failed to lookup address", "is there a network?"),
        ("error: externally-managed-environment\n\n× This environment is externally managed", "python3 -m venv"),
        ("ERROR: ... [Errno 13] Permission denied: '/usr/lib'", "not yours to change"),
        ("ERROR: something else", "Mend that, and try again"),
    ],
)
def test_a_failure_is_shown_with_the_installer_s_words_and_what_to_do(monkeypatch, stderr, advice):
    with pytest.raises(InstallationError) as failed:
        run_installer(monkeypatch, stderr="".join(f"line {n}\n" for n in range(99)) + stderr)
    text = str(failed.value)
    assert stderr.splitlines()[-1] in text
    assert advice in text
    assert "line 1\n" not in text


def test_options_that_exclude_each_other(capsys):
    with pytest.raises(SystemExit):
        main(["install", "--gpu", "--cpu"])
    assert "not allowed with argument" in capsys.readouterr().err
