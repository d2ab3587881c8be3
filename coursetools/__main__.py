"""The commands for notebooks, which the Makefile's targets run.

    python -m coursetools refresh [NN ...]    make notebooks from notebooks/source/, execute and store them
    python -m coursetools verify              report notebooks that differ from their sources or are unfit to be stored
    python -m coursetools run [NN ...]        execute the stored notebooks, and write the results to build/notebooks/
    python -m coursetools colab [OWNER/NAME]  write the cell that installs the course, and the link to Colab
    python -m coursetools differences         write docs/differences.md

NN is a notebook's two-digit number, or its name if it has no number (glossary). The default is all notebooks.
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursetools import differences, execution, install_cell, notebooks
from coursetools.project import BUILD, NOTEBOOKS, read_times
from mxnet_compat.threads import usable_cores


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("refresh", "run"):
        commands.add_parser(name).add_argument("names", nargs="*", metavar="NN")
    commands.add_parser("colab").add_argument("repository", nargs="?", help="default: what pyproject.toml says")
    commands.add_parser("verify")
    commands.add_parser("differences")
    arguments = parser.parse_args()
    os.environ["D2L_WIDGETS"] = "0"  # stored outputs show the fixed cases, no matter where this is run
    if arguments.command == "verify":
        return notebooks.verify()
    if arguments.command == "differences":
        return differences.write()
    if arguments.command == "colab":
        return install_cell.write_first_cells(arguments.repository)
    if arguments.command == "refresh":
        return notebooks.refresh(arguments.names)
    return run(arguments.names)


def run(names: list[str]) -> int:
    """Execute stored notebooks in parallel into build/notebooks/; print how long each took, and what failed.

    The notebooks that are not named are copied there, because the website links to all of them.
    """
    paths = notebooks.select(NOTEBOOKS, "*.ipynb", names)
    target = BUILD / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, target)

    def store(notebook: NotebookNode, path: Path) -> None:
        notebooks.normalize_outputs(notebook)
        nbformat.write(notebook, target / path.name)

    expected = read_times()
    paths.sort(key=lambda path: -expected.get(path.stem, 0))  # longest first, so that none runs alone at the end
    begin = time.perf_counter()
    workers = min(usable_cores(), len(paths))
    executions = execution.execute_side_by_side(paths, store, workers=workers, expected=expected)
    print_summary(executions, time.perf_counter() - begin)
    return 1 if any(each.failure for each in executions) else 0


def print_summary(executions: list[execution.Execution], seconds: float) -> None:
    """Print the total time, the slowest notebooks, and every failure."""
    slowest = sorted(executions, key=lambda each: -each.seconds)[:5]
    print(f"\n{len(executions)} notebooks in {seconds:.0f} s. The slowest:")
    for each in slowest:
        print(f"  {each.name:24}{each.seconds:8.1f} s")
    for each in executions:
        if each.failure:
            print(f"\nFAILED: {each.name}, {each.failure}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
