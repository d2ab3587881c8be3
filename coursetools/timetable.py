"""How long the course takes to present, and when each notebook's turn comes.

    python -m coursetools.timetable                              the whole course in one day, from 9:00
    python -m coursetools.timetable --start 13:00 08 09 10 11    an afternoon

A notebook takes the time to say its notes and read its slides aloud at 130 words a minute, the time that its cells
take to run, and a quarter of both for questions. Exercises are counted as slides only: do them in a break, or at home.
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

WORDS_A_MINUTE = 130  # of somebody who explains; reading aloud goes faster
QUESTIONS = 0.25  # of the speaking time
BREAK_AFTER, BREAK, LUNCH = 90, 15, 60  # minutes


@dataclass(frozen=True)
class Turn:
    """A notebook's place in the day: its title, slides, and minutes."""

    title: str
    slides: int
    minutes: int


def count_words(text: str) -> int:
    r"""Count the words of a Markdown text; a formula is one.

    >>> count_words("The *loss* $\frac{a}{b}$ of `net` isn't 3.")
    6
    """
    spoken = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " formula ", text, flags=re.DOTALL)
    return len(re.findall(r"[^\W\d][\w'’-]*", spoken))


def measure(notebook: NotebookNode, seconds: float) -> Turn:
    """Say how long a notebook takes to present; `seconds` is what its cells take to run."""
    words = slides = 0
    for cell in notebook.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        slides += kind in ("slide", "subslide")
        if cell.cell_type == "markdown" and kind != "skip":
            words += count_words(cell.source)
    minutes = (words / WORDS_A_MINUTE + seconds / 60) * (1 + QUESTIONS)
    return Turn(title_of(notebook), slides, math.ceil(minutes))


def plan(turns: Sequence[Turn], start: int) -> list[tuple[int, str]]:
    """Place notebooks one after the other; returns (minute of the day, what begins then), the end included.

    A break comes before a notebook that would end more than an hour and a half after the last one; lunch is the first
    break at or after noon, or that comes within half an hour of it.

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
    """Write a minute of the day as a time.

    >>> clock(545)
    '9:05'
    """
    return f"{minute // 60}:{minute % 60:02}"


def parse_clock(text: str) -> int:
    """Read a time of the day as its minute.

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
        sources = find_notebooks(NOTEBOOKS, options.names)
    except NotebookError as error:
        print(f"timetable: {error}", file=sys.stderr)
        return 1
    seconds = read_times()
    turns = {turn.title: turn for turn in (measure(read_notebook(path), seconds[path.stem]) for path in sources)}
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
