"""What several test modules need."""

from pathlib import Path

from d2lhelpers import check

ROOT = Path(__file__).resolve().parent.parent


def said(name, answer, capsys) -> str:
    """Return what `check` prints about an answer to an exercise."""
    check(name, answer)
    return capsys.readouterr().out
