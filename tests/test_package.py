"""The package as it is installed: the wheel's contents, its public names, its doctests."""

import doctest
import importlib
import json
import pkgutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import d2lhelpers

ROOT = Path(__file__).resolve().parent.parent


def test_tests_run_against_the_installed_package():
    assert not Path(d2lhelpers.__file__).is_relative_to(ROOT / "d2lhelpers")


def test_installed_version_is_the_package_s():
    assert metadata.version("d2lhelpers") == d2lhelpers.__version__


@pytest.mark.parametrize("name", d2lhelpers.__all__)
def test_every_public_name_is_there_and_documented(name):
    value = getattr(d2lhelpers, name)
    assert name.isupper() or name == "__version__" or value.__doc__


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"'fitt'; it has .*fit"):
        d2lhelpers.fitt  # noqa: B018


def test_import_loads_nothing_heavy():
    code = "import sys, json, d2lhelpers; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code])))
    assert "d2lhelpers.compat" in loaded
    assert not loaded & {"numpy", "mxnet", "matplotlib", "IPython", "pooch"}


def test_wheel_holds_the_start_up_line_the_data_and_the_licenses(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("d2lhelpers-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "d2lhelpers_compat.pth" in names
    assert {f"d2lhelpers/datasets/{name}" for name in ("mnist.npz", "sources.json", "photos/coffee.png")} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert {f"d2lhelpers/datasets/LICENSE-{name}.txt" for name in ("digits", "Apache-2.0")} <= names
    assert wheel.stat().st_size < 15_000_000
    assert (
        not {name.split("/")[0] for name in names}
        - {"d2lhelpers", "d2lhelpers_compat.pth"}
        - {name.split("/")[0] for name in names if ".dist-info/" in name}
    )


def modules():
    return ["d2lhelpers"] + [
        module.name
        for module in pkgutil.walk_packages(d2lhelpers.__path__, "d2lhelpers.")
        if not module.name.endswith("__main__")
    ]


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings(name):
    failures, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failures == 0
