"""Pairs of dates, as people write them and in ISO format: a small translation task."""

from __future__ import annotations

import datetime

from d2lhelpers.arguments import check_integer
from d2lhelpers.random import random_stream

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
NUM_DAYS = (LAST_DAY - FIRST_DAY).days + 1

# Not the names in Python's `calendar`, which depend on the language of the system.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

STYLES = (
    "{day} {month} {year}",  # 3 May 1979
    "{month} {day}, {year}",  # May 3, 1979
    "{weekday}, {month} {day}, {year}",  # Thursday, May 3, 1979
    "{day}-{month:.3}-{year}",  # 3-May-1979
    "{weekday:.3} {day} {month:.3} {year}",  # Thu 3 May 1979
    "{day}.{number}.{year}",  # 3.5.1979
)


def date_pairs(num_pairs: int, seed: int = 0) -> list[tuple[str, str]]:
    """Draw dates from 1900 to 2099, each in one of six styles and in ISO format.

    No date occurs twice, so you can split the list into training and test examples. A shorter list with the same seed
    is the beginning of a longer one.

    Parameters
    ----------
    num_pairs : int
        The number of pairs, at most one for each of the 73,049 days.
    seed : int
        Seed for the dates and the styles, which are drawn independently and uniformly.

    Examples
    --------
    >>> date_pairs(2)
    [('Fri 14 Aug 1914', '1914-08-14'), ('Tuesday, July 15, 2036', '2036-07-15')]
    """
    num_pairs = check_integer("num_pairs", num_pairs, 1, NUM_DAYS)
    days = random_stream(seed, 0).permutation(NUM_DAYS)[:num_pairs]
    styles = random_stream(seed, 1).randint(0, len(STYLES), num_pairs)
    dates = [FIRST_DAY + datetime.timedelta(days=int(day)) for day in days]
    return [(_write(date, STYLES[style]), date.isoformat()) for date, style in zip(dates, styles, strict=True)]


def _write(date: datetime.date, style: str) -> str:
    return style.format(
        day=date.day,
        number=date.month,
        month=MONTHS[date.month - 1],
        weekday=WEEKDAYS[date.weekday()],
        year=date.year,
    )
