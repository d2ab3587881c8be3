"""The common parts of the exercise checks: compare answers, and say how they are wrong."""

import traceback
from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np  # the original NumPy: MXNet's and NumPy's arrays are both compared as NumPy's
from mxnet import np as mxnp
from mxnet import npx

from d2lhelpers.arrays import to_numpy

# Students compute in single precision, the checks in double.
RTOL, ATOL = 1e-4, 1e-5


class NotDone(Exception):
    """The stub has not been filled in."""


class WrongAnswer(Exception):
    """The answer is wrong; the message tells the student how."""


def compare(
    answer: object, expected: object, *, what: str = "the answer", rtol: float = RTOL, atol: float = ATOL
) -> None:
    """Raise `WrongAnswer`, naming the first difference, unless `answer` equals `expected` to within the tolerance.

    Parameters
    ----------
    answer, expected : array_like
        Numbers, or arrays of MXNet or NumPy.
    what : str
        What the answer is called in the message, such as ``"block(matrix)"``.
    rtol, atol : float
        Relative and absolute tolerance, as in `numpy.isclose`.

    Examples
    --------
    >>> compare([1, 2, 4], [1, 2, 3], what="your list")
    Traceback (most recent call last):
        ...
    d2lhelpers.exercises.answers.WrongAnswer: your list is 4 at index [2], but should be 3.
    """
    require_done(answer)
    got, want = as_array(answer, what=what), as_array(expected, what="the expected value")
    if got.shape != want.shape:
        raise WrongAnswer(f"{what} has shape {got.shape}, but should have shape {want.shape}.")
    close = np.isclose(got, want, rtol=rtol, atol=atol)
    if close.all():
        return
    where = tuple(int(i) for i in np.argwhere(~close)[0])
    place = f" at index {list(where)}" if where else ""
    raise WrongAnswer(f"{what} is {got[where]:g}{place}, but should be {want[where]:g}.")


def name_mistake(
    answer: object,
    mistakes: Mapping[str, Any],
    *,
    what: str = "the answer",
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Raise `WrongAnswer` with the message for the mistake that leads to exactly this answer, if there is one.

    Call it before `compare`, and compute the wrong values from the same data as the right one.

    Parameters
    ----------
    answer : array_like
        The student's answer, as an MXNet or NumPy array.
    mistakes : mapping of str to array_like
        For each message, the value to which that mistake leads.

    Examples
    --------
    >>> name_mistake(8.0, {"this is the sum; compute the mean.": 8})
    Traceback (most recent call last):
        ...
    d2lhelpers.exercises.answers.WrongAnswer: this is the sum; compute the mean.
    """
    require_done(answer)
    got = as_array(answer, what=what)
    for words, wrong in mistakes.items():
        value = as_array(wrong, what="the mistake")
        if got.shape == value.shape and np.allclose(got, value, rtol=rtol, atol=atol):
            raise WrongAnswer(words)


def call(function: object, *arguments: object, shown: str) -> object:
    """Call the student's function and return what it returns.

    Parameters
    ----------
    function : callable
        The student's answer.
    *arguments
        The arguments of the call.
    shown : str
        The call as a student would write it, for messages, such as ``"block(matrix)"``.

    Raises
    ------
    NotDone
        If the function is a stub, or returns `...`.
    WrongAnswer
        If `function` cannot be called at all, raises an error, or returns None.
    """
    if not callable(function):
        raise WrongAnswer(f"the answer should be a function, but it is {kind_of(function)}.")
    try:
        result = function(*arguments)
    except Exception as error:  # whatever the student's code raises
        raise WrongAnswer(f"{_describe(error, function)} This happened when the check called {shown}.") from error
    if result is None and not is_stub(function):
        raise WrongAnswer(f"{shown} is None. Does your function end with `return`?")
    require_done(result)
    return result


def _describe(error: Exception, function: Any) -> str:
    """Say which error a student's function has raised, and in which of its lines."""
    message = str(error).strip().split("\n")[-1]  # MXNet's own messages start with a traceback
    words = f"{type(error).__name__}: {message}" if message else type(error).__name__
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    place = f" in line {lines[-1].lineno} of its cell, `{lines[-1].line}`" if lines else ""
    hint = " An element of an array is an array, too: `.tolist()` makes numbers." if "unhashable" in message else ""
    return f"your function raised an error{place}: {words.rstrip('.')}.{hint}"


def is_stub(function: Any) -> bool:
    """Return whether the body of a function is only `...`, perhaps below a docstring."""

    def stub() -> None: ...

    code = getattr(function, "__code__", None)
    return code is not None and len(code.co_code) == len(stub.__code__.co_code)


def as_array(value: object, *, what: str = "the answer") -> np.ndarray:
    """Return numbers, or an MXNet or NumPy array, as a NumPy array in double precision.

    Raises
    ------
    WrongAnswer
        If `value` does not consist of numbers.
    """
    try:
        return to_numpy(value, dtype="float64")
    except (TypeError, ValueError):
        raise WrongAnswer(f"{what} should be numbers, but it is {kind_of(value)}.") from None


def as_number(value: object, *, what: str = "the answer") -> float:
    """Return a number, or an array that contains only one, as a float.

    Raises
    ------
    WrongAnswer
        If `value` is anything else; True and False do not count as numbers.
    """
    if isinstance(value, bool) or not (isinstance(value, Real) or hasattr(value, "shape")):
        raise WrongAnswer(f"{what} should be one number, but it is {kind_of(value)}.")
    array = as_array(value, what=what)
    if array.size != 1:
        raise WrongAnswer(f"{what} should be one number, but it is an array of shape {array.shape}.")
    return float(array.item())


def to_mxnet(values: object) -> Any:
    """Return numbers as an MXNet array of type float32, to pass to the student's function."""
    npx.set_np()  # as in the notebook; the student's code expects NumPy's shapes
    return mxnp.array(values, dtype="float32")


def require_done(answer: object) -> None:
    """Raise `NotDone` if the answer is that of an unchanged stub."""
    if answer is None or answer is ...:
        raise NotDone


def kind_of(value: object) -> str:
    """Return the type of a value and the value itself, shortened, for a message."""
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"
