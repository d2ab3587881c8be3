"""What several test modules need."""

from pathlib import Path

from d2lhelpers import check

ROOT = Path(__file__).resolve().parent.parent


def said(name, answer, capsys) -> str:
    """Return what the check of an exercise prints about an answer."""
    check(name, answer)
    return capsys.readouterr().out
