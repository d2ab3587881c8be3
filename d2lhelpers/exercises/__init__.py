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
from collections.abc import Callable, Mapping
from numbers import Real
from types import ModuleType
from typing import Any

import numpy as np  # the original NumPy: answers may be arrays of either kind, and are compared as this one's

__all__ = ["NotDone", "WrongAnswer", "as_array", "as_number", "call", "check", "compare", "exercise_names"]
__all__ += ["name_mistake", "to_mxnet"]

# Students compute in single precision, the checks in double.
RTOL, ATOL = 1e-4, 1e-5


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
    ['00.1', '00.2']
    """
    return [
        f"{number}.{function.removeprefix('exercise_')}"
        for number, module in sorted(_modules().items())
        for function in sorted(vars(module))
        if function.startswith("exercise_")
    ]


def compare(
    answer: object, expected: object, *, what: str = "the answer", rtol: float = RTOL, atol: float = ATOL
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
    got, want = as_array(answer, what=what), as_array(expected, what="the expected value")
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


def name_mistake(
    answer: object,
    mistakes: Mapping[str, Any],
    *,
    what: str = "the answer",
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Raise `WrongAnswer` with the words of the mistake that gives just this answer, if there is one.

    Call it before `compare`, and compute the mistakes' values from the same data as the right one.

    Parameters
    ----------
    answer : array_like
        What the student has found, MXNet's or NumPy's.
    mistakes : mapping of str to array_like
        For each message the value to which that mistake leads.

    Examples
    --------
    >>> name_mistake(8.0, {"this is the sum; the mean is asked for.": 8})
    Traceback (most recent call last):
        ...
    d2lhelpers.exercises.WrongAnswer: this is the sum; the mean is asked for.
    """
    _require_done(answer)
    got = as_array(answer, what=what)
    for words, wrong in mistakes.items():
        value = as_array(wrong, what="the mistake")
        if got.shape == value.shape and np.allclose(got, value, rtol=rtol, atol=atol):
            raise WrongAnswer(words)


def as_array(value: object, *, what: str = "the answer") -> np.ndarray:
    """Return numbers or an array, MXNet's or NumPy's, as NumPy's array in double precision.

    Raises
    ------
    WrongAnswer
        If `value` does not consist of numbers.
    """
    if hasattr(value, "asnumpy"):
        value = value.asnumpy()
    try:
        return np.asarray(value, dtype="float64")
    except (TypeError, ValueError):
        raise WrongAnswer(f"{what} should be numbers, but it is {_kind(value)}.") from None


def as_number(value: object, *, what: str = "the answer") -> float:
    """Return a number, or an array that holds just one, as a float.

    Raises
    ------
    WrongAnswer
        If `value` is anything else; True and False are no numbers here.
    """
    if isinstance(value, bool) or not (isinstance(value, Real) or hasattr(value, "shape")):
        raise WrongAnswer(f"{what} should be one number, but it is {_kind(value)}.")
    array = as_array(value, what=what)
    if array.size != 1:
        raise WrongAnswer(f"{what} should be one number, but it is an array of shape {array.shape}.")
    return float(array.item())


def to_mxnet(values: object) -> Any:
    """Return numbers as MXNet's array of type float32, for a call of the student's function."""
    from mxnet import np as mxnet_np
    from mxnet import npx

    npx.set_np()  # as in the notebook; the student's code expects NumPy's shapes
    return mxnet_np.array(values, dtype="float32")


def _require_done(answer: object) -> None:
    if answer is None or answer is ...:
        raise NotDone


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
