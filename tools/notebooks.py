"""Writes, executes, normalizes and verifies the notebooks.

    tools/notebooks.py refresh [NN ...]   write notebooks/*.ipynb from notebooks/source/*.py and execute them
    tools/notebooks.py verify             say where a notebook and its source, or its outputs, disagree
    tools/notebooks.py run [NN ...]       execute the stored notebooks into build/notebooks/; print times and memory
    tools/notebooks.py colab [OWNER/NAME] write the first cell, which installs the course, and the link that opens Colab

NN is a notebook's two-digit number, or the name of a page without one (glossary).

People edit the text in ``notebooks/source/`` (jupytext's percent format); the ``.ipynb`` beside it is made from it.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
BUILD = ROOT / "build"

PROJECT = ROOT / "pyproject.toml"
COLAB = "https://colab.research.google.com/github/{repository}/blob/main/notebooks/{name}.ipynb"
LINK = """\
# %% [markdown] slideshow={{"slide_type": "skip"}} tags=["colab"]
# [Open this notebook in Colab]({address})

"""
# The first code cell of every notebook. After the `try` MXNet can be imported in this very kernel: importing anything
# of d2lhelpers lets it (d2lhelpers/compat.py), where Python has started before that was installed.
FIRST_CELL = """\
# %% slideshow={{"slide_type": "skip"}} tags=["install", "remove-cell"]
{comment}
try:
    from d2lhelpers import installation
except ModuleNotFoundError:
{imports}

{find}    subprocess.run([sys.executable, "-m", "pip", "install", "-q", {package}], check=True)
    from d2lhelpers import installation
if installation.missing_requirements():
    installation.install()

"""
FROM_REPOSITORY = {
    "comment": "# Installs the course where it is not yet, such as on Colab: once, in about a minute.",
    "imports": "    import subprocess\n    import sys",
    "find": '    course = "https://github.com/{repository}/archive/refs/heads/main.zip"\n',
    "package": "course",
}
FROM_WHEEL = {
    "comment": "# Installs the course where it is not yet, such as on Colab: once, in about a minute.\n"
    "# First upload dist/d2lhelpers-*.whl, which `make wheel` makes, beside the notebook.",
    "imports": "    import glob\n    import subprocess\n    import sys",
    "find": '    wheels = glob.glob("d2lhelpers-*.whl")\n'
    "    if not wheels:\n"
    '        sys.exit("Upload d2lhelpers-*.whl beside this notebook, and run the cell again.")\n',
    "package": "max(wheels)",
}

SLIDE_TYPES = {"slide", "subslide", "fragment", "notes", "skip", "-"}
CELL_METADATA = {"slideshow", "tags"}
COURSE = "Dive into Deep Learning in One Day"
# One block for both RISE flavours, in every notebook; `course_metadata` adds the header.
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
    "rise": {
        "center": False,
        "scroll": True,
        "slideNumber": "c/t",
        "start_slideshow_at": "beginning",
        "theme": "white",
        "transition": "none",
    },
}
CELL_TIMEOUT = 600  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("refresh", "write and execute from source"), ("run", "execute into build/")):
        command = commands.add_parser(name, help=text)
        command.add_argument("names", nargs="*", metavar="NN", help="two digits, or a page's name; all when left out")
    command = commands.add_parser("colab", help="write the cell that installs the course, and the link to Colab")
    command.add_argument("repository", nargs="?", help="OWNER/NAME on GitHub; what pyproject.toml says when left out")
    commands.add_parser("verify", help="check sources against notebooks")
    arguments = parser.parse_args()
    os.environ["D2L_WIDGETS"] = "0"  # what is stored shows the fixed cases, also when started from a notebook
    if arguments.command == "verify":
        return verify()
    if arguments.command == "colab":
        return write_first_cells(arguments.repository)
    if arguments.command == "refresh":
        return refresh(arguments.names)
    return run(arguments.names)


def refresh(names: list[str]) -> int:
    """Write the notebooks from their sources, execute them, and store them in a form that changes only when they do."""
    for source in select(SOURCES, "*.py", names):
        notebook = from_source(source)
        seconds, _ = execute(notebook, source.stem)
        normalize_outputs(notebook)
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        nbformat.write(notebook, target)
        note_time(NOTEBOOKS / "times.json", source.stem, seconds)
        print(f"{target.relative_to(ROOT)}: {len(notebook.cells)} cells, {seconds:.1f} s", flush=True)
    return verify()


def run(names: list[str]) -> int:
    """Execute the stored notebooks into build/notebooks/, as a student would; print seconds and memory of each."""
    target = BUILD / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    for path in select(NOTEBOOKS, "*.ipynb", names):
        print(f"{path.stem:30}", end="", flush=True)
        notebook = nbformat.read(path, as_version=4)
        seconds, megabytes = execute(notebook, path.stem)
        normalize_outputs(notebook)
        nbformat.write(notebook, target / path.name)
        note_time(BUILD / "times.json", path.stem, seconds)
        print(f"{seconds:8.1f} s" + (f"{megabytes:8} MB" if megabytes else ""), flush=True)
    return 0


def write_first_cells(repository: str | None) -> int:
    """Write the cell that installs the course into every notebook with code, and the link that opens it in Colab.

    Nothing is executed: the cell does nothing where the course is installed, so that only counts change.
    """
    if repository:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*/[\w.-]*\w", repository, re.ASCII):
            sys.exit(f"{repository!r} is not a repository on GitHub: write it as OWNER/NAME.")
        text = PROJECT.read_text()
        PROJECT.write_text(re.sub(r'(?<=^repository = ")[^"]*', repository, text, count=1, flags=re.MULTILINE))
    repository = read_repository()
    for source in select(SOURCES, "*.py", []):
        text = with_first_cell(source.read_text(encoding="utf-8"), source.stem, repository)
        source.write_text(text, encoding="utf-8")
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        nbformat.write(keep_outputs(from_source(source), nbformat.read(target, as_version=4), source.stem), target)
    print(f"The first cells install the course from {repository or 'the wheel that `make wheel` makes'}.")
    return verify()


def read_repository() -> str:
    """Return OWNER/NAME of the public repository from pyproject.toml; "" while there is none."""
    return str(tomllib.loads(PROJECT.read_text())["tool"]["course"]["repository"])


def with_first_cell(text: str, name: str, repository: str) -> str:
    """Return a notebook's source with the cell that installs the course before its first code cell.

    A cell and a link that are there already are replaced. A page without code stays as it is.
    """
    cells = re.split(r"^(?=# %%)", text, flags=re.MULTILINE)
    cells = [cell for cell in cells if not re.match(r'# %%.* tags=\["(install|colab)"', cell)]
    first = next((index for index, cell in enumerate(cells) if re.match(r"# %%(?! \[markdown\])", cell)), None)
    if first is not None:
        link = LINK.format(address=COLAB.format(repository=repository, name=name)) if repository else ""
        cells.insert(first, link + first_cell(repository))
    return "".join(cells)


def first_cell(repository: str) -> str:
    """Return the cell that installs the course, from its repository or from a wheel beside the notebook."""
    parts = FROM_REPOSITORY if repository else FROM_WHEEL
    return FIRST_CELL.format(**{**parts, "find": parts["find"].format(repository=repository)})


def keep_outputs(notebook: NotebookNode, stored: NotebookNode, name: str) -> NotebookNode:
    """Give the cells of a notebook the outputs that they have in the stored one, and count them anew."""
    outputs = {cell.id: cell.outputs for cell in stored.cells if cell.cell_type == "code"}
    for count, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), 1):
        if cell.id not in outputs and "install" not in cell.metadata.get("tags", []):
            sys.exit(f"{name} has a cell that was not run yet: `make refresh`, then again.\n{cell.source}")
        cell.execution_count = count
        cell.outputs = outputs.get(cell.id, [])
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return notebook


def note_time(file: Path, name: str, seconds: float) -> None:
    """Note how long a notebook took. The map of the course (d2lhelpers/course.py) and the index page show it."""
    times = json.loads(file.read_text()) if file.exists() else {}
    times[name] = round(seconds, 1)
    file.write_text(json.dumps(times, indent=1, sort_keys=True) + "\n")


def verify() -> int:
    """Print every fault of the notebooks and their pairing; return 1 if there is one."""
    faults = [fault for fault in find_faults() if not print(fault, file=sys.stderr)]
    if faults:
        print(
            "Restart and run all: `make refresh NB=NN` writes and executes a notebook from its source.", file=sys.stderr
        )
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """Yield what is wrong with the notebooks: each line names the notebook, the cell and the fault."""
    stems = {path.stem for path in SOURCES.glob("*.py")}, {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    for stem in sorted(stems[0] - stems[1]):
        yield f"{stem}: the source has no notebook"
    for stem in sorted(stems[1] - stems[0]):
        yield f"{stem}: the notebook has no source"
    for stem in sorted(stems[0] & stems[1]):
        notebook = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)
        for fault in [*pairing_faults(notebook, from_source(SOURCES / f"{stem}.py")), *cell_faults(notebook)]:
            yield f"{stem}: {fault}"


def pairing_faults(notebook: NotebookNode, expected: NotebookNode) -> Iterator[str]:
    """Yield where a stored notebook is not what its source says."""
    if notebook.metadata != expected.metadata:
        yield "its metadata are not the course's"
    if len(notebook.cells) != len(expected.cells):
        yield f"{len(notebook.cells)} cells where the source has {len(expected.cells)}"
    for index, (cell, source) in enumerate(zip(notebook.cells, expected.cells, strict=False)):
        for key in ("cell_type", "source", "metadata", "id"):
            if cell[key] != source[key]:
                yield f"cell {index}: its {key} is not the source's"


def cell_faults(notebook: NotebookNode) -> Iterator[str]:
    """Yield what makes a stored notebook unfit to be read, presented or compared."""
    count = 0
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("slideshow", {}).get("slide_type") not in SLIDE_TYPES:
            yield f"cell {index}: no slide type; choose one of {', '.join(sorted(SLIDE_TYPES))}"
        if unknown := cell.metadata.keys() - CELL_METADATA:
            yield f"cell {index}: metadata {', '.join(sorted(unknown))} do not belong in the course"
        if cell.cell_type != "code":
            continue
        count += 1
        if cell.execution_count != count:
            yield f"cell {index}: executed as {cell.execution_count}, not as {count}"
        tags = cell.metadata.get("tags", [])
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {index}: text on stderr: {output.text[:60]!r}"
            if output.output_type == "error" and "raises-exception" not in tags:
                yield f"cell {index}: raises {output.ename}"


def from_source(path: Path) -> NotebookNode:
    """Return the notebook that a source file describes, without outputs."""
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.metadata = course_metadata(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        # An id that follows from the text: it stays when cells are added elsewhere, and is the same on every machine.
        digest = hashlib.sha256(f"{cell.cell_type} {cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
        )
    return notebook


def course_metadata(notebook: NotebookNode) -> NotebookNode:
    """Return the metadata that a notebook of the course has: those of all, and the header of its slides."""
    metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    metadata.rise["header"] = f"{title} · {COURSE}"
    return metadata


def execute(notebook: NotebookNode, name: str) -> tuple[float, int | None]:
    """Execute a notebook in place, in a new kernel that stands in notebooks/.

    Returns the seconds it took, and the most memory that the kernel held, in MB; None where Linux does not tell.
    """
    peaks: list[int | None] = [None]
    start = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        startup_timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        record_timing=False,
        # ipykernel would warn that it speaks TCP without encryption: with this process only, on this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    # At the end of the notebook the kernel is gone: ask after each cell, the last answer counts.
    client.on_cell_executed = lambda **event: peaks.append(peak_memory(client.km.provisioner.pid))
    client.execute()
    return time.perf_counter() - start, peaks[-1]


def peak_memory(process: int) -> int | None:
    """Return the most memory that a process has held so far, in MB; None where Linux does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return round(int(found[1]) * 1024 / 1e6) if found else None


def normalize_outputs(notebook: NotebookNode) -> None:
    """Drop what differs from run to run without meaning anything."""
    notebook.metadata = course_metadata(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: how a kernel cuts them is chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def select(folder: Path, pattern: str, names: list[str]) -> list[Path]:
    """Return the files of the chosen notebooks, or of all; exit with a message for a name that none has.

    00 comes last: its map shows how long the others took.
    """
    paths = sorted(folder.glob(pattern), key=lambda path: (path.name.startswith("00-"), path.name))
    short = {path: path.stem[:2] if path.stem[:2].isdigit() else path.stem for path in paths}
    unknown = [name for name in names if name not in short.values()]
    if unknown:
        sys.exit(f"There is no notebook {', '.join(unknown)}: choose among {', '.join(sorted(short.values()))}.")
    return [path for path in paths if not names or short[path] in names]


if __name__ == "__main__":
    sys.exit(main())
