"""Executes notebooks as Colab would, and compares their outputs with the stored ones.

    python -m coursetools.colab [NN ...]     some notebooks; by default, all that have code

In build/colab/, it makes an environment with Colab's versions (tests/colab.txt) but without the course, and next to it
a folder with one notebook and the wheel of `make wheel`. The first cell of the notebook installs the course. What it
has installed is removed before the next notebook.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import nbformat

from coursetools.notebooks import select
from coursetools.project import BUILD, NOTEBOOKS, ROOT

VERSIONS = ROOT / "tests" / "colab.txt"
FOLDER = BUILD / "colab"
ENVIRONMENT = FOLDER / "environment"
PYTHON = ENVIRONMENT / "bin" / "python"
CONTENT = FOLDER / "content"
TIMES = FOLDER / "times.xml"


def main() -> int:
    make_environment()
    failed = []
    for path in select(NOTEBOOKS, "*.ipynb", sys.argv[1:]):
        if '"install"' not in path.read_text():
            continue  # a page without code
        before = installed()
        fill_content(path)
        start = time.perf_counter()
        equal = compare(path.name)
        seconds = time.perf_counter() - start
        after = installed()
        new = sorted(after.keys() - before.keys())
        changed = [f"{name} {before[name]}: {after.get(name)}" for name in before if after.get(name) != before[name]]
        print(
            f"{path.stem:22} {seconds:6.1f} s, of which {first_cell_seconds():.1f} s to install {' '.join(new)}",
            flush=True,
        )
        if changed:
            print(f"{path.stem}: what was there has changed: {', '.join(changed)}", flush=True)
        if changed or not equal or not new:
            failed.append(path.stem)
        if new:
            pip("uninstall", "--yes", *new)
        else:
            print(f"{path.stem}: an interrupted run has left the course installed: delete {ENVIRONMENT}", flush=True)
    print(f"differ: {', '.join(failed)}" if failed else "All outputs are as stored.")
    return 1 if failed else 0


def make_environment() -> None:
    """Make the environment, unless it is already there with the same versions."""
    stamp = ENVIRONMENT / "versions.txt"
    if stamp.exists() and stamp.read_text() == VERSIONS.read_text():
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    pip("install", "--requirement", VERSIONS)
    kernel = ENVIRONMENT / "share" / "jupyter" / "kernels" / "colab"
    kernel.mkdir(parents=True)
    command = [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "Colab", "language": "python"}))
    stamp.write_text(VERSIONS.read_text())


def pip(*arguments: str | Path) -> None:
    command: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    subprocess.run(command, check=True)


def installed() -> dict[str, str]:
    """Return the environment's packages and their versions."""
    command: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "list", "--format=json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return {package["name"]: package["version"] for package in json.loads(answer.stdout)}


def fill_content(path: Path) -> None:
    """Put one notebook and the wheel into an otherwise empty folder, as on Colab."""
    CONTENT.mkdir(exist_ok=True)
    for old in CONTENT.iterdir():
        old.unlink()
    wheel = max((ROOT / "dist").glob("d2lhelpers-*.whl"))
    (CONTENT / wheel.name).write_bytes(wheel.read_bytes())
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if "install" in cell.metadata.get("tags", []))
    first.metadata.tags.append("nbval-ignore-output")  # it prints what it installs
    nbformat.write(notebook, CONTENT / path.name)


def compare(name: str) -> bool:
    """Execute a notebook in the environment, let nbval print what differs, and return whether nothing does."""
    command = [sys.executable, "-m", "pytest", "--quiet", "--no-header", "--nbval", "--nbval-kernel-name=colab"]
    command += ["--nbval-cell-timeout=600", "--rootdir=.", "--config-file=/dev/null", "-p", "no:cacheprovider"]
    command += [f"--junitxml={TIMES}", name]
    environment = {**os.environ, "JUPYTER_PATH": str(ENVIRONMENT / "share" / "jupyter")}
    return subprocess.run(command, cwd=CONTENT, env=environment).returncode == 0


def first_cell_seconds() -> float:
    """Return how long the first code cell took, according to pytest's report."""
    return float(next(ElementTree.parse(TIMES).iter("testcase")).attrib["time"])


if __name__ == "__main__":
    sys.exit(main())
