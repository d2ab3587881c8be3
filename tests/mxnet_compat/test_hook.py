"""Importing MXNet: in any order, without side effects, and with helpful errors (hook.py, startup.py, support.py)."""

import importlib.util
import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import mxnet
import pytest
from processes import run_python
from support import ROOT

import mxnet_compat
from mxnet_compat import hook, patches

PACKAGE = Path(mxnet_compat.__file__).parent
PUBLIC = "{n: id(v) for n, v in vars(numpy).items() if type(v).__name__ != 'module' and not n.startswith('_')}"


@pytest.mark.parametrize(
    "imports", ["import mxnet", "import matplotlib.pyplot, pandas, scipy.linalg; from d2l import mxnet as d2l"]
)
def test_mxnet_can_be_imported_first_or_last_and_leaves_numpy_and_the_environment_as_they_were(imports):
    done = run_python(f"""
        import os, sys
        environment = dict(os.environ)
        {imports}
        from mxnet import np
        assert np.dot(np.ones((2, 3)), np.ones((3, 2))).asnumpy().tolist() == [[3, 3], [3, 3]]
        assert dict(os.environ) == environment
        import numpy
        print(*sorted({PUBLIC}))
    """)
    assert done.stderr == ""
    assert done.stdout == run_python(f"import numpy; print(*sorted({PUBLIC}))").stdout


def test_no_object_in_numpy_is_replaced():
    run_python(f"import numpy; before = {PUBLIC}; import mxnet.gluon; assert before == {PUBLIC}")


def test_mxnet_works_in_a_spawned_worker(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import multiprocessing

        def work(n):
            import mxnet
            return float(mxnet.np.ones(n).sum())

        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                print(pool.map(work, [3, 4]))
    """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("[3.0, 4.0]\n", "")


# The cost for everyone else


def test_python_starts_with_next_to_nothing_loaded(bare):
    code = "import sys; before = set(sys.modules); import mxnet_compat; print(*set(sys.modules) - before)"
    loaded = set(run_python(code, options=["-S"], PYTHONPATH=str(bare)).stdout.split())
    # importlib brings its own parts and `warnings`, which most programs load anyway.
    allowed = {"importlib", "importlib._bootstrap", "importlib._bootstrap_external", "importlib.machinery"}
    assert loaded - allowed - {"warnings", "_warnings"} == {"mxnet_compat", "mxnet_compat.hook"}


@pytest.mark.skipif(
    not Path(importlib.util.cache_from_source(hook.__file__)).exists(),
    reason="no compiled file: Python compiles it",
)
def test_python_starts_2_ms_later_at_most():
    microseconds = {"mxnet_compat.hook": [], "os": []}
    for _ in range(9):
        lines = run_python("", options=["-X", "importtime"]).stderr.splitlines()
        for name, times in microseconds.items():
            found = [int(line.split("|")[1]) for line in lines if line.split("|")[-1].strip() == name]
            times += found[-1:]  # the last line is the whole, with the package itself
    ours, of_os = microseconds.values()
    assert len(ours) == 9, "site-packages contains no mxnet_compat.pth: the package is not installed"
    # The fastest, because the others measure what else the machine is doing. On a slow machine, `os` is the measure.
    assert min(ours) < max(2_000, min(of_os))


def test_the_finder_is_installed_once(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    hook.install()
    hook.install()
    assert [getattr(finder, "__module__", None) for finder in sys.meta_path].count("mxnet_compat.hook") == 1
    assert sys.meta_path[0] is hook.Finder


def test_only_mxnet_is_loaded_by_the_hook():
    assert isinstance(mxnet.__spec__.loader, hook.Loader)
    assert isinstance(importlib.util.find_spec("mxnet.gluon").loader, hook.Loader)
    assert importlib.util.find_spec("mxnet.nothing") is None
    assert hook.Finder.find_spec("numpy") is None
    assert hook.Finder.find_spec("mxnet_extras") is None


def test_mxnet_numpy_and_mxnets_own_requirements_are_enough(bare):
    """A folder with links to these packages only, and no site-packages."""
    for name in ("mxnet", "numpy", "graphviz", "requests", "urllib3", "idna", "certifi", "charset_normalizer"):
        (bare / name).symlink_to(importlib.util.find_spec(name).submodule_search_locations[0])
    libraries = Path(importlib.util.find_spec("numpy").origin).parent.parent / "numpy.libs"
    if libraries.exists():
        (bare / "numpy.libs").symlink_to(libraries)
    code = """
        import mxnet_compat, mxnet
        from mxnet_compat.__main__ import main
        assert main(["check"]) == 0
    """
    assert "imports and multiplies" in run_python(code, options=["-S"], PYTHONPATH=str(bare)).stdout


# Errors


@pytest.fixture
def bare(tmp_path):
    """Return a folder that contains only a copy of the package, to be used with -S (no site-packages)."""
    shutil.copytree(PACKAGE, tmp_path / "mxnet_compat", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


FAKE_NUMPY = """
def f(): pass
__version__ = {version!r}
inf = nan = 0.0
all = any = prod = round = trapezoid = isin = ravel = f
"""


def import_error(folder, *, mxnet=None, numpy=None, numpy_version="2.5.1", before=""):
    """Return name, text and notes of what ``import mxnet`` raises with these sources for the two packages."""
    if mxnet is not None:
        numpy = numpy or FAKE_NUMPY.format(version=numpy_version)
        for name, source in (("mxnet", mxnet), ("numpy", numpy)):
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(source)
    code = f"""
        import mxnet_compat, json
        from mxnet_compat import support
        {before}
        try:
            import mxnet
        except Exception as error:
            print(json.dumps([type(error).__name__, str(error), getattr(error, "__notes__", [])]))
    """
    return json.loads(run_python(code, options=["-S"], PYTHONPATH=str(folder)).stdout)


def test_without_mxnet_the_error_is_pythons(bare):
    assert import_error(bare) == ["ModuleNotFoundError", "No module named 'mxnet'", []]
    code = "import mxnet_compat, importlib.util; assert importlib.util.find_spec('mxnet') is None"
    run_python(code, options=["-S"], PYTHONPATH=str(bare))


def test_without_numpy_the_error_is_pythons(bare):
    (bare / "mxnet").mkdir()
    (bare / "mxnet" / "__init__.py").write_text("import numpy")
    assert import_error(bare) == ["ModuleNotFoundError", "No module named 'numpy'", []]


@pytest.mark.parametrize(
    ("arguments", "error", "note"),
    [
        pytest.param({"mxnet": "import nothing"}, "ModuleNotFoundError", None, id="tested versions"),
        pytest.param(
            {"mxnet": "import numpy\nnumpy.newly_removed", "numpy_version": "2.10.1"},
            "AttributeError",
            "NumPy 2.10.1 is newer than the versions that MXNet 1.9.1 was tested with: Python 3.11 to 3.13 and NumPy",
            id="newer NumPy",
        ),
        pytest.param(
            {"mxnet": "", "numpy": "__version__ = '3.0.0'"}, "AttributeError", "NumPy 3.0.0 is newer", id="no view"
        ),
        pytest.param(
            {
                "mxnet": "from typing import gone",
                "numpy_version": "2.11.0.dev0+git",
                "before": "support.TESTED_PYTHON = ((3, 9), (3, 10))",
            },
            "ImportError",
            f"Python {sys.version.split()[0]} and NumPy 2.11.0.dev0+git are newer",
            id="newer Python",
        ),
        pytest.param(
            {"mxnet": "import ctypes\nctypes.CDLL('libquadmath.so.99')"},
            "OSError",
            "the system library libquadmath, which is not installed. Install it with\n    apt-get install libgomp1 lib",
            id="system library",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="the message of Linux's loader"),
        ),
    ],
)
def test_an_error_comes_with_what_is_known_about_it(bare, arguments, error, note):
    name, _, notes = import_error(bare, **arguments)
    assert name == error
    assert len(notes) == (note is not None)
    assert note is None or note in notes[0]


@pytest.mark.parametrize("name", ["mxnet", "numpy"])
@pytest.mark.parametrize("code", ["import mxnet", "import d2lhelpers"])
def test_a_users_file_with_the_name_of_a_package_is_named(tmp_path, name, code):
    file = tmp_path / f"{name}.py"
    file.write_text("print('executed')")
    done = run_python(code, folder=tmp_path, check=False)
    assert f"ImportError: {file} has the same name as the package {name}" in done.stderr
    assert "Rename the file." in done.stderr
    assert done.stdout == ""


def test_a_script_named_like_the_package_is_named(tmp_path):
    script = tmp_path / "mxnet.py"
    script.write_text("from mxnet import np")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert f"ImportError: {script} has the same name as the package mxnet" in done.stderr


def test_a_users_mxnet_py_that_hides_nothing_is_imported(bare):
    (bare / "mxnet.py").write_text("answer = 42")
    code = "import mxnet_compat, mxnet; print(mxnet.answer)"
    assert run_python(code, options=["-S"], PYTHONPATH=str(bare)).stdout == "42\n"


@pytest.mark.parametrize("patch", patches._PATCHES, ids=lambda patch: patch.__name__.rpartition(".")[2])
def test_every_patch_is_documented(patch):
    assert patch.MODULES
    assert patch.__doc__
    assert f"| `{patch.__name__.rpartition('.')[2]}.py` | " in (ROOT / "docs" / "mxnet-compat.md").read_text()


def test_every_file_of_patches_is_listed_in_the_package():
    listed = {patch.__name__.rpartition(".")[2] for patch in patches._PATCHES}
    assert listed == {path.stem for path in (PACKAGE / "patches").glob("*.py") if "\nMODULES = " in path.read_text()}
