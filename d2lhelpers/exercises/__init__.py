"""Checks a student's answer to an exercise and says what is wrong with it.

In a notebook an exercise is a stub, to be filled in, and a call of `check`::

    def block(matrix):
        ...

    check("01.2", block)

`check` prints one line: not done yet, right, or what is wrong.  A wrong answer raises nothing, so that the notebook
runs on.  The checks themselves are the functions ``exercise_1``, ``exercise_2``, ... of this package's modules, one
module a notebook; each takes the answer and returns a sentence of praise, or raises `WrongAnswer` or `NotDone`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType

import numpy as np  # the original NumPy: answers may be arrays of either kind, and are compared as this one's

__all__ = ["NotDone", "WrongAnswer", "call", "check", "compare", "exercise_names"]


class NotDone(Exception):
    """The stub is as it was."""


class WrongAnswer(Exception):
    """The answer is wrong; the message tells the student in what way."""


def check(name: str, answer: object) -> None:
    """Print whether `answer` is right, and if not, what is wrong with it.

    Parameters
    ----------
    name : str
        Notebook and exercise, such as ``"01.2"``.
    answer : object
        What the exercise asks for: a value, an array or a function.

    Raises
    ------
    ValueError
        If there is no exercise of this name.
    Exception
        Whatever the student's own function raises, with a note that says for which input.
    """
    exercise = _find(name)
    try:
        _require_done(answer)
        praise = exercise(answer)
    except NotDone:
        print(f"– Exercise {name}: not done yet.")
    except WrongAnswer as error:
        print(f"✗ Exercise {name}: {error}")
    else:
        print(f"✓ Exercise {name}: right. {praise}")


def exercise_names() -> list[str]:
    """Return the names of all exercises, in order.

    Examples
    --------
    >>> exercise_names()[:2]
    ['01.1', '01.2']
    """
    return [
        f"{number}.{function.removeprefix('exercise_')}"
        for number, module in sorted(_modules().items())
        for function in sorted(vars(module))
        if function.startswith("exercise_")
    ]


def compare(
    answer: object, expected: object, *, what: str = "the answer", rtol: float = 1e-5, atol: float = 1e-6
) -> None:
    """Raise `WrongAnswer`, naming the first difference, unless `answer` equals `expected` to within the tolerance.

    Parameters
    ----------
    answer, expected : array_like
        Numbers or arrays, MXNet's or NumPy's.
    what : str
        What the answer is called in the message, such as ``"block(matrix)"``.
    rtol, atol : float
        Relative and absolute tolerance, as in `numpy.isclose`.

    Examples
    --------
    >>> compare([1, 2, 4], [1, 2, 3], what="your list")
    Traceback (most recent call last):
        ...
    d2lhelpers.exercises.WrongAnswer: your list is 4 at index [2] where 3 is right.
    """
    _require_done(answer)
    got, want = _as_numpy(answer, what), _as_numpy(expected, "the expected value")
    if got.shape != want.shape:
        raise WrongAnswer(f"{what} has shape {got.shape} where {want.shape} is right.")
    close = np.isclose(got, want, rtol=rtol, atol=atol)
    if close.all():
        return
    where = tuple(int(i) for i in np.argwhere(~close)[0])
    place = f" at index {list(where)}" if where else ""
    raise WrongAnswer(f"{what} is {got[where]:g}{place} where {want[where]:g} is right.")


def call(function: object, *arguments: object, shown: str) -> object:
    """Call the student's function and return what it returns.

    Parameters
    ----------
    function : callable
        The student's answer.
    *arguments
        What it is called with.
    shown : str
        The call as a student would write it, for messages, such as ``"block(matrix)"``.

    Raises
    ------
    NotDone
        If the function returns nothing, as a stub does.
    WrongAnswer
        If `function` cannot be called at all.
    """
    if not callable(function):
        raise WrongAnswer(f"a function is asked for, but this is {_kind(function)}.")
    try:
        result = function(*arguments)
    except Exception as error:  # whatever the student's code raises goes on to the student: only a note is added
        error.add_note(f"This happened in your own function, when the check called {shown}.")
        raise
    _require_done(result)
    return result


def _require_done(answer: object) -> None:
    if answer is None or answer is ...:
        raise NotDone


def _as_numpy(value: object, what: str) -> np.ndarray:
    if hasattr(value, "asnumpy"):
        value = value.asnumpy()
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise WrongAnswer(f"{what} should be numbers, but it is {_kind(value)}.") from None


def _kind(value: object) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"


def _modules() -> dict[str, ModuleType]:
    """Return the module of each notebook's exercises, by the notebook's two-digit number."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name.startswith("nb")]
    return {name[2:4]: importlib.import_module(f"{__name__}.{name}") for name in names}


def _find(name: str) -> Callable[[object], str]:
    number, _, exercise = name.partition(".")
    function = getattr(_modules().get(number), f"exercise_{exercise}", None)
    if function is None:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(exercise_names())}")
    return function
