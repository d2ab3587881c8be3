"""Makes the notebooks from their sources, normalizes their outputs, and verifies that both agree.

Authors edit the text in ``notebooks/source/`` (in jupytext's percent format), from which the ``.ipynb`` files in
``notebooks/`` are made. A notebook is referred to by its two digits, or by name if it has no number (``glossary``).
"""

import contextlib
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from coursetools.execution import execute
from coursetools.project import NOTEBOOKS, RESULTS, ROOT, SOURCES, TIMES, read_times

SLIDE_TYPES = {"slide", "subslide", "fragment", "notes", "skip", "-"}
CELL_METADATA = {"slideshow", "tags"}
COURSE = "Dive into Deep Learning in One Day"
# The same in every notebook, for both flavors of RISE; `course_metadata` adds the header.
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


def refresh(names: list[str]) -> int:
    """Make notebooks from their sources, execute them, and store them with normalized outputs."""
    for source in select(SOURCES, "*.py", names):
        notebook = from_source(source)
        with earlier_results(source.stem) as environment:
            execution = execute(notebook, source.stem, environment)
        if execution.failure:
            sys.exit(f"{source.stem}, {execution.failure}\nThe stored notebook was left as it is.")
        normalize_outputs(notebook)
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        nbformat.write(notebook, target)
        note_time(source.stem, execution.seconds)
        print(f"{target.relative_to(ROOT)}: {len(notebook.cells)} cells, {execution.seconds:.1f} s", flush=True)
    return verify()


@contextlib.contextmanager
def earlier_results(name: str) -> Iterator[dict[str, str]]:
    """Give a notebook the scoreboard of the notebooks before it, and keep what it adds in notebooks/scoreboard.json.

    Yields the environment variable that says where the notebook finds it.
    """
    results: dict[str, list[str]] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    earlier = [row for other, rows in results.items() if other < name for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scoreboard.jsonl"
        file.write_text("\n".join(earlier))
        yield {"D2L_SCOREBOARD": str(file)}
        added = [row for row in file.read_text().splitlines()[len(earlier) :] if row]
    if added or name in results:
        results[name] = added
        RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n")


def keep_outputs(notebook: NotebookNode, stored: NotebookNode, name: str) -> NotebookNode:
    """Give the cells of a notebook the outputs that they have in the stored one, and renumber them."""
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


def note_time(name: str, seconds: float) -> None:
    """Store how long a notebook took by itself, on all cores; the course map and the timetable use it."""
    times = read_times() | {name: round(seconds, 1)}
    TIMES.write_text(json.dumps(times, indent=1, sort_keys=True) + "\n")


def verify() -> int:
    """Print every fault of the notebooks and of their pairing with the sources; return 1 if there is one."""
    faults = [fault for fault in find_faults() if not print(fault, file=sys.stderr)]
    if faults:
        print(
            "Restart and run all: `make refresh NB=NN` writes and executes a notebook from its source.", file=sys.stderr
        )
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """Yield what is wrong with the notebooks, each time naming the notebook, the cell, and the fault."""
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
    """Yield the differences between a stored notebook and its source."""
    if notebook.metadata != expected.metadata:
        yield "its metadata are not the course's"
    if len(notebook.cells) != len(expected.cells):
        yield f"{len(notebook.cells)} cells where the source has {len(expected.cells)}"
    for index, (cell, source) in enumerate(zip(notebook.cells, expected.cells, strict=False)):
        for key in ("cell_type", "source", "metadata", "id"):
            if cell[key] != source[key]:
                yield f"cell {index}: its {key} is not the source's"


def cell_faults(notebook: NotebookNode) -> Iterator[str]:
    """Yield what makes a stored notebook unfit to be read, presented, or compared."""
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
        # The id depends on the text only, so it stays when other cells are added, and is the same on every machine.
        digest = hashlib.sha256(f"{cell.cell_type} {cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
        )
    return notebook


def course_metadata(notebook: NotebookNode) -> NotebookNode:
    """Return the metadata of a notebook of the course: the common ones, and the header of its slides."""
    metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    title = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    metadata.rise["header"] = f"{title} · {COURSE}"
    return metadata


def normalize_outputs(notebook: NotebookNode) -> None:
    """Remove irrelevant differences between runs."""
    notebook.metadata = course_metadata(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)


def join_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join adjacent pieces of the same stream, because where the kernel splits them is a matter of chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def select(folder: Path, pattern: str, names: list[str]) -> list[Path]:
    """Return the files of the named notebooks, or of all if there are no names; exit if a name is unknown."""
    paths = sorted(folder.glob(pattern))
    short = {path: path.stem[:2] if path.stem[:2].isdigit() else path.stem for path in paths}
    unknown = [name for name in names if name not in short.values()]
    if unknown:
        sys.exit(f"There is no notebook {', '.join(unknown)}: choose among {', '.join(sorted(short.values()))}.")
    return [path for path in paths if not names or short[path] in names]
