"""Both packages as users install them: the contents of the wheel, imports, public names, and docstrings."""

import ast
import doctest
import importlib.util
import pkgutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from support import ROOT

import d2lhelpers
import mxnet_compat

MODULES = [
    module.name
    for package in (mxnet_compat, d2lhelpers)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not module.name.endswith("__main__")
]


def test_the_installed_packages_are_tested():
    for package in (d2lhelpers, mxnet_compat):
        assert not Path(package.__file__).is_relative_to(ROOT / package.__name__)
        assert metadata.version("d2lhelpers") == package.__version__


def test_changelog_and_citation_name_the_version():
    version = mxnet_compat.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert newest.split("\n")[0] in (version, "Unreleased")


def test_every_public_name_is_documented():
    for name in d2lhelpers.__all__:
        value = getattr(d2lhelpers, name)
        assert name.isupper() or name == "__version__" or value.__doc__, name


@pytest.mark.jobs
def test_the_wheel_contains_both_packages_the_start_up_line_the_data_and_the_licenses(tmp_path):
    options = ["-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "."], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("d2lhelpers-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert folders == {"d2lhelpers", "mxnet_compat", "mxnet_compat.pth"}
    assert {"d2lhelpers/py.typed", "mxnet_compat/py.typed"} <= names
    assert {f"d2lhelpers/datasets/{name}" for name in ("mnist.npz", "sources.json", "photos/coffee.png")} <= names
    licenses = ("LICENSE", "LICENSE-DATA", "LICENSE-Apache-2.0.txt")
    assert all(any(".dist-info/licenses/" in name and name.endswith(f"/{file}") for name in names) for file in licenses)
    assert wheel.stat().st_size < 15_000_000


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    failures, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failures == 0


def imports_of(file):
    """Yield the full name of each module that a file's top-level code imports, and with each name its parts."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_imports_itself_through_others():
    """A module of a cycle works or not, depending on which one is imported first."""
    files = {name: Path(importlib.util.find_spec(name).origin) for name in [*MODULES, "d2lhelpers", "mxnet_compat"]}
    graph = {name: {other for other in imports_of(file) if other in files} for name, file in files.items()}
    # A package's __init__ imports its modules, which name it only as a part of their own names.
    graph = {name: others - {name, *packages_above(name)} for name, others in graph.items()}
    while graph:
        free = {name for name, others in graph.items() if not others & graph.keys()}
        assert free, f"these import each other: {sorted(graph)}"
        graph = {name: others for name, others in graph.items() if name not in free}


def packages_above(name):
    parts = name.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def test_mxnet_compat_knows_nothing_of_the_course():
    for file in Path(mxnet_compat.__file__).parent.rglob("*.py"):
        modules = {node.module for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)}
        assert not any((module or "").partition(".")[0] == "d2lhelpers" for module in modules), file
