"""`explore`: a slider where somebody can move it, a row of cases elsewhere, both from one function."""

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from d2lhelpers import explore
from d2lhelpers.interactive import is_live

SETUP = """
from d2lhelpers import explore
drawn = []
def draw_line(ax, slope):
    drawn.append(slope)
    ax.plot([0, 1], [0, slope])
"""
CALL = "explore(draw_line, [0.5, 1.0, 2.0], values=[0.0, 0.5, 1.0, 1.5, 2.0], label='slope', alt='Three lines.')"


def draw_nothing(ax, value):
    pass


def execute(monkeypatch, *cells, **variables):
    """Run cells in a kernel that has the given environment variables, and return the notebook."""
    for name in ("D2L_WIDGETS", "JPY_SESSION_NAME", "COLAB_RELEASE_TAG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return notebook


def outputs(notebook, cell):
    return [output.get("data", output.get("text")) for output in notebook.cells[cell].outputs]


def test_in_a_script_the_alternative_text_is_printed(capsys):
    drawn = []
    explore(lambda ax, value: drawn.append(value), [1, 2, 3], label="width", alt="Three pictures.")
    assert capsys.readouterr().out == "Three pictures.\n"
    assert drawn == [1, 2, 3]


def test_an_executed_notebook_holds_a_picture_of_the_cases(monkeypatch):
    notebook = execute(monkeypatch, SETUP, CALL, "print(drawn)")
    (shown,) = outputs(notebook, 1)
    assert set(shown) == {"image/png", "text/plain"}
    assert shown["text/plain"] == "Three lines."
    assert outputs(notebook, 2) == ["[0.5, 1.0, 2.0]\n"]
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("variable", ["JPY_SESSION_NAME", "COLAB_RELEASE_TAG"])
def test_where_jupyter_or_colab_started_the_kernel_there_is_a_slider(monkeypatch, variable):
    notebook = execute(monkeypatch, SETUP, CALL, "print(drawn)", **{variable: "a"})
    (shown,) = outputs(notebook, 1)
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert outputs(notebook, 2) == ["[1.0]\n"]  # it starts in the middle


def test_moving_the_slider_draws_again(monkeypatch):
    find = (
        "from ipywidgets.widgets.widget import _instances\n"
        "widgets = list(_instances.values())\n"
        "slider = next(w for w in widgets if type(w).__name__ == 'SelectionSlider')\n"
        "picture = next(w for w in widgets if type(w).__name__ == 'HTML')\n"
        "before = picture.value\n"
        "slider.value = 1.5\n"
        "print(drawn, picture.value != before, 'alt=\"slope = 1.5. In' in picture.value, picture.value[:9])"
    )
    notebook = execute(monkeypatch, SETUP, CALL, find, D2L_WIDGETS="1")
    assert outputs(notebook, 2) == ["[1.0, 1.5] True True <img src=\n"]


def test_the_variable_has_the_last_word(monkeypatch):
    notebook = execute(monkeypatch, SETUP, CALL, D2L_WIDGETS="0", JPY_SESSION_NAME="a")
    assert "image/png" in outputs(notebook, 1)[0]
    monkeypatch.setenv("D2L_WIDGETS", "0")
    assert not is_live()
    monkeypatch.setenv("D2L_WIDGETS", "1")
    assert is_live()


def test_one_case_and_words_instead_of_numbers(capsys):
    seen = []
    explore(lambda ax, value: seen.append(ax.get_title()), ["ReLU"], label="activation", alt="A curve.")
    assert seen == ["activation = ReLU"]


def test_the_drawing_may_choose_its_own_title():
    titles = []

    def draw(ax, value):
        ax.set_title(f"after {value} steps")
        titles.append(ax.get_title())

    explore(draw, [3], label="steps", alt="A path.")
    assert titles == ["after 3 steps"]


def test_no_case():
    with pytest.raises(ValueError, match="at least one value"):
        explore(draw_nothing, [], label="x", alt="Nothing.")


def test_a_case_that_the_slider_cannot_reach():
    with pytest.raises(ValueError, match=r"must hold every case, and lack 7"):
        explore(draw_nothing, [1, 7], values=[1, 2, 3], label="x", alt="Nothing.")


def test_alternative_text_is_required():
    with pytest.raises(ValueError, match="alt must say"):
        explore(draw_nothing, [1], label="x", alt=" ")
