"""The map of the course: its notebooks, what they need, and how long they take."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Chapter:
    """What the map says of one notebook.

    Attributes
    ----------
    number, title : str
        As in its first line, such as "04" and "Linear regression".
    minutes : int or None
        To study it, as its first cell says.
    needs : str
        Numbers of the notebooks to read before, such as "01, 02, 03"; empty for the first.
    seconds : float or None
        To run it from top to bottom, as last measured; None if it has not been.
    """

    number: str
    title: str
    minutes: int | None
    needs: str
    seconds: float | None


def read_course(folder: str | Path = ".") -> list[Chapter]:
    """Read the map from the notebooks in a folder.

    The seconds are those of the last ``make run`` on this machine or, before the first, those noted when the stored
    notebooks were made.

    Parameters
    ----------
    folder : path
        Where the notebooks NN-name.ipynb are. A notebook runs in its own folder, so that the default is right there.

    Returns
    -------
    list of Chapter
        In the order of their numbers; empty where there are no notebooks.
    """
    folder = Path(folder)
    times = _read_times(folder / "times.json") | _read_times(folder.resolve().parent / "build" / "times.json")
    return [
        _read_chapter(path, times.get(path.stem))
        for path in sorted(folder.glob("[0-9][0-9]-*.ipynb"))
        if path.is_file()
    ]


def format_course(chapters: Iterable[Chapter]) -> str:
    """Return the map as a table in plain text.

    Examples
    --------
    >>> print(format_course([Chapter("00", "Welcome", 20, "", 2.5), Chapter("01", "Arrays", 45, "00", None)]))
        notebook  to study  to run  needs
    00  Welcome     20 min   2.5 s
    01  Arrays      45 min          00
    """
    chapters = list(chapters)
    width = max([len("notebook"), *(len(chapter.title) for chapter in chapters)])
    lines = [f"    {'notebook':<{width}}  to study  to run  needs"]
    for chapter in chapters:
        minutes = "" if chapter.minutes is None else f"{chapter.minutes} min"
        seconds = "" if chapter.seconds is None else f"{chapter.seconds:.1f} s"
        line = f"{chapter.number}  {chapter.title:<{width}}  {minutes:>8}  {seconds:>6}  {chapter.needs}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def _read_times(file: Path) -> dict[str, float]:
    """Return seconds by notebook, such as {"01-ndarray": 7.4}; empty where there is no such file."""
    try:
        return {str(name): float(seconds) for name, seconds in json.loads(file.read_text()).items()}
    except (OSError, ValueError):
        return {}


def _read_chapter(path: Path, seconds: float | None) -> Chapter:
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.match(r"# (\d\d) · (.+)", first)
    frame = re.search(r"\*(\d+) minutes(?: · needs ([\d, ]+))?", first)
    return Chapter(
        number=title[1] if title else path.stem[:2],
        title=re.sub(r"[`*]", "", title[2]) if title else path.stem[3:],
        minutes=int(frame[1]) if frame else None,
        needs=(frame[2] or "") if frame else "",
        seconds=seconds,
    )
