"""The map of the course: its notebooks, what they require, and how long they take."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from d2lhelpers.formatting import align_columns


@dataclass(frozen=True)
class Chapter:
    """A notebook as the map shows it."""

    number: str  # such as "04"
    title: str  # such as "Linear regression"
    minutes: int | None  # to study it, according to its first cell
    needs: str  # numbers of the notebooks to read first, such as "01, 02, 03"
    fast: bool  # whether it is on the fast path, for those who have a single day
    seconds: float | None  # to run it from top to bottom, as last measured


def read_course(folder: str | Path = ".") -> list[Chapter]:
    """Read the map from the notebooks in a folder, in the order of their numbers.

    The seconds come from the run that produced the stored notebooks.

    Parameters
    ----------
    folder : path
        Contains the notebooks NN-name.ipynb. The default is right in a notebook, because it runs in its own folder.
    """
    folder = Path(folder)
    times = _read_times(folder / "times.json")
    paths = sorted(path for path in folder.glob("[0-9][0-9]-*.ipynb") if path.is_file())
    return [_read_chapter(path, times.get(path.stem)) for path in paths]


def format_course(chapters: Iterable[Chapter]) -> str:
    """Return the map as a table in plain text, with a dot for each notebook on the fast path.

    Examples
    --------
    >>> chapters = [Chapter("00", "Welcome", 20, "", True, 2.5), Chapter("01", "Arrays", 45, "00", False, None)]
    >>> print(format_course(chapters))
        notebook  to study  to run  needs  fast path
    00  Welcome     20 min   2.5 s         ●
    01  Arrays      45 min          00
    """
    rows = [("", "notebook", "to study", "to run", "needs", "fast path")]
    for chapter in chapters:
        minutes = "" if chapter.minutes is None else f"{chapter.minutes} min"
        seconds = "" if chapter.seconds is None else f"{chapter.seconds:.1f} s"
        rows.append((chapter.number, chapter.title, minutes, seconds, chapter.needs, "●" if chapter.fast else ""))
    return "\n".join(align_columns(rows, "<<>><<"))


def _read_times(file: Path) -> dict[str, float]:
    """Return the seconds for each notebook, such as {"01-ndarray": 7.4}; empty if the file is missing or damaged."""
    try:
        return {str(name): float(seconds) for name, seconds in json.loads(file.read_text()).items()}
    except (OSError, ValueError):
        return {}


def _read_chapter(path: Path, seconds: float | None) -> Chapter:
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.match(r"# (\d\d) · (.+)", first)
    frame = re.search(r"\*(\d+) minutes(?: · needs ([\d, ]+))?(?: · ([^*]+))?\*", first)
    return Chapter(
        number=title[1] if title else path.stem[:2],
        title=re.sub(r"[`*]", "", title[2]) if title else path.stem[3:],
        minutes=int(frame[1]) if frame else None,
        needs=(frame[2] or "").strip() if frame else "",
        fast=frame is not None and frame[3] == "on the fast path",
        seconds=seconds,
    )
