"""`explore`: a slider if someone can move it, otherwise a row of cases, both from the same drawing function."""

from types import SimpleNamespace

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from d2lhelpers import explore
from d2lhelpers.interactive import is_live

VARIABLES = ("D2L_WIDGETS", "JPY_SESSION_NAME", "COLAB_RELEASE_TAG")
SETUP = """
from d2lhelpers import explore
drawn = []
def draw_line(ax, slope):
    drawn.append(slope)
    ax.plot([0, 1], [0, slope])
"""
CALL = "explore(draw_line, [0.5, 1.0, 2.0], values=[0.0, 0.5, 1.0, 1.5, 2.0], label='slope', alt='Three lines.')"
MOVE = """
from ipywidgets.widgets.widget import _instances
slider, = (widget for widget in _instances.values() if type(widget).__name__ == 'SelectionSlider')
picture, = (widget for widget in _instances.values() if type(widget).__name__ == 'HTML')
before = picture.value
slider.value = 1.5
print(picture.value != before, 'alt="slope = 1.5. In' in picture.value, picture.value[:9])
"""


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def outputs_of(*cells):
    """Run cells in a kernel, and return what each displayed or printed."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    return [[output.get("data", output.get("text")) for output in cell.outputs] for cell in notebook.cells]


def test_an_executed_notebook_holds_one_picture_of_the_cases():
    _, (shown,), (drawn,) = outputs_of(SETUP, CALL, "print(drawn)")
    assert set(shown) == {"image/png", "text/plain"}
    assert shown["text/plain"] == "Three lines."
    assert drawn == "[0.5, 1.0, 2.0]\n"


def test_a_live_notebook_has_a_slider_that_starts_in_the_middle_and_draws_when_moved(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "a")
    _, (shown,), (moved,), (drawn,) = outputs_of(SETUP, CALL, MOVE, "print(drawn)")
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert moved == "True True <img src=\n"
    assert drawn == "[1.0, 1.5]\n"


def test_an_animation_starts_at_the_first_value_and_draws_each_picture_once(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "a")
    play = f"""
{MOVE}
from ipywidgets import Play
player, = (widget for widget in _instances.values() if type(widget) is Play)
slider.value = 0.0
slider.value = 1.5
print(player.min, player.max, drawn)
"""
    _, (shown,), (moved,) = outputs_of(SETUP, CALL.replace("values=", "play=True, values="), play)
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert moved == "True True <img src=\n0 4 [0.0, 1.5]\n"


@pytest.mark.parametrize(
    ("variables", "names", "expected"),
    [
        ({}, {}, False),
        ({"JPY_SESSION_NAME": "a"}, {}, True),
        ({"COLAB_RELEASE_TAG": "a"}, {}, True),
        ({}, {"__vsc_ipynb_file__": "a.ipynb"}, True),  # VS Code
        ({"JPY_SESSION_NAME": "a", "D2L_WIDGETS": "0"}, {}, False),
        ({"D2L_WIDGETS": "1"}, {}, True),
    ],
)
def test_a_notebook_is_live_if_a_front_end_started_it_or_the_variable_says_so(monkeypatch, variables, names, expected):
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(user_ns=names))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_live() is expected


def test_a_script_draws_every_case_and_prints_the_alternative_text(capsys):
    titles = []
    explore(lambda ax, value: titles.append(ax.get_title()), ["ReLU", 0.12345], label="value", alt="Two curves.")
    assert titles == ["value = ReLU", "value = 0.1235"]
    assert capsys.readouterr().out == "Two curves.\n"


@pytest.mark.parametrize(
    ("cases", "options", "message"),
    [
        ([], {}, "cases must contain at least one value"),
        ([1, 7], {"values": [1, 2, 3]}, "values must include every case, but 7 is missing"),
        ([1], {"alt": " "}, "alt must say"),
    ],
)
def test_bad_arguments(cases, options, message):
    with pytest.raises(ValueError, match=message):
        explore(lambda ax, value: None, cases, **{"label": "x", "alt": "Nothing."} | options)
