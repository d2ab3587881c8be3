"""How long it takes to present the course, and when each notebook begins.

    python -m coursetools.timetable                              the whole course in one day, from 9:00
    python -m coursetools.timetable --start 13:00 09 10 11 12    an afternoon

Counted are the core slides, not the optional ones below them: their words and notes, spoken at 130 words a minute,
their lines of code, their figures, and the time that all cells take to run; a quarter of it on top for questions; and a
few minutes in which the students solve one exercise.
"""

import argparse
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from coursetools.decks import NotebookError, find_notebooks, read_notebook, title_of
from coursetools.project import NOTEBOOKS, read_times

WORDS_A_MINUTE = 130  # when explaining; reading aloud is faster
SECONDS_A_LINE = 3  # of code, to explain it
SECONDS_A_FIGURE = 20  # to look at it
QUESTIONS = 0.25  # as a share of all this
EXERCISE = 4  # minutes
BREAK_AFTER, BREAK, LUNCH = 90, 15, 60  # minutes


@dataclass(frozen=True)
class Turn:
    """A notebook in the timetable: its title, its number of core slides, and its minutes."""

    title: str
    slides: int
    minutes: int


def count_words(text: str) -> int:
    r"""Count the words of a Markdown text; a formula counts as one word.

    >>> count_words("The *loss* $\frac{a}{b}$ of `net` isn't 3.")
    6
    """
    spoken = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", text, flags=re.DOTALL)
    return len(re.findall(r"[^\W\d][\w'’-]*", spoken))


def measure(notebook: NotebookNode, seconds: float) -> Turn:
    """Return how long a notebook takes to present; `seconds` is how long its cells take to run."""
    slides, optional = 0, False
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind in ("slide", "subslide"):
            optional = kind == "subslide"
            slides += not optional
        if optional or kind == "skip":
            continue
        if cell.cell_type == "markdown":
            seconds += 60 * count_words(cell.source) / WORDS_A_MINUTE
        else:
            figures = sum("image/" in " ".join(output.get("data", {})) for output in cell.outputs)
            seconds += SECONDS_A_LINE * len(cell.source.splitlines()) + SECONDS_A_FIGURE * figures
    return Turn(title_of(notebook), slides, math.ceil(seconds / 60 * (1 + QUESTIONS) + EXERCISE))


def read_turns(names: Sequence[str]) -> list[Turn]:
    """Return how long each of the notebooks takes, or all; raise NotebookError for one that is not there or not run."""
    seconds = read_times()
    paths = find_notebooks(NOTEBOOKS, names)
    for path in paths:
        if path.stem not in seconds:
            raise NotebookError(f"{path.stem} has not been timed: run `make refresh NB={path.stem[:2]}`.")
    return [measure(read_notebook(path), seconds[path.stem]) for path in paths]


def plan(turns: Sequence[Turn], start: int) -> list[tuple[int, str]]:
    """Schedule notebooks one after the other; return a list of (minute of the day, what begins then), with the end.

    There is a break before each notebook that would end more than an hour and a half after the last break. The first
    break after 11:30 is lunch, unless the day starts at noon or later.

    >>> plan([Turn("a", 9, 80), Turn("b", 9, 40)], start=9 * 60)
    [(540, 'a'), (620, 'break'), (635, 'b'), (675, 'end')]
    """
    now = rested = start
    eaten = start >= 12 * 60
    lines: list[tuple[int, str]] = []
    for turn in turns:
        if lines and now + turn.minutes - rested > BREAK_AFTER:
            lunch = not eaten and now >= 11 * 60 + 30
            lines.append((now, "lunch" if lunch else "break"))
            eaten |= lunch
            now = rested = now + (LUNCH if lunch else BREAK)
        lines.append((now, turn.title))
        now += turn.minutes
    return [*lines, (now, "end")]


def clock(minute: int) -> str:
    """Return a minute of the day as a time.

    >>> clock(545)
    '9:05'
    """
    return f"{minute // 60}:{minute % 60:02}"


def parse_clock(text: str) -> int:
    """Return the minute of the day of a time.

    >>> parse_clock("13:30")
    810
    """
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and (minutes or "0").isdigit() and int(hours) < 24 and int(minutes or 0) < 60):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 9:00")
    return 60 * int(hours) + int(minutes or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NB", help="a notebook: its number or name; default all")
    parser.add_argument("--start", type=parse_clock, default="9:00", metavar="H:MM", help="default 9:00")
    options = parser.parse_args(arguments)
    try:
        turns = {turn.title: turn for turn in read_turns(options.names)}
    except NotebookError as error:
        print(f"timetable: {error}", file=sys.stderr)
        return 1
    print(" time  slides  minutes")
    for minute, title in plan(list(turns.values()), options.start):
        turn = turns.get(title)
        numbers = f"{turn.slides:6}  {turn.minutes:7}" if turn else " " * 15
        print(f"{clock(minute):>5}  {numbers}  {title}")
    total = sum(turn.minutes for turn in turns.values())
    print(f"{sum(turn.slides for turn in turns.values())} slides, {total // 60} h {total % 60} min without breaks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
