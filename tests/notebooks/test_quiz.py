"""The quiz: its form, and the sections that its answers refer to."""

import re

import nbformat
import pytest
from support import ROOT

FOLDER = ROOT / "notebooks"
QUESTIONS = [cell.source for cell in nbformat.read(FOLDER / "quiz-basics.ipynb", as_version=4).cells[1:]]


def titles(name):
    cells = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells
    return re.findall(r"^#+ (.+)$", "\n".join(cell.source for cell in cells), re.MULTILINE)


def test_fifteen_questions_in_order():
    assert [question.partition(".")[0] for question in QUESTIONS] == [f"## {number}" for number in range(1, 16)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.splitlines()[0])
def test_answer_is_folded_and_names_sections_that_exist(question):
    _, answer = question.split("<details><summary>Answer</summary>")
    assert answer.count("</details>") == 1
    references = re.findall(r"\[(\d\d),\s\*(.+?)\*\]\(([\w-]+)\.ipynb\)", " ".join(answer.split()))
    assert references
    for number, title, name in references:
        assert name.startswith(number)
        assert title in titles(name)
