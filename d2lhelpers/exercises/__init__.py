"""Checks a student's answer to an exercise and says what is wrong with it.

In a notebook, an exercise is a stub to fill in and a call to `check`::

    def block(matrix):
        ...

    check("01.2", block)

`check` prints one line: not done yet, right, or what is wrong. A wrong answer does not raise an error, so the notebook
keeps running. The checks themselves are the functions ``exercise_1``, ``exercise_2``, ... in this package's modules,
one per notebook; each takes the answer and returns a sentence of praise, or raises `WrongAnswer` or `NotDone`.
"""

from collections.abc import Callable

from d2lhelpers.exercises import (
    nb00_welcome,
    nb01_ndarray,
    nb02_linear_algebra,
    nb03_autograd,
    nb04_linear_regression,
    nb05_optimization,
    nb06_softmax_regression,
    nb07_mlp,
    nb08_generalization,
    nb09_gpu,
    nb10_convolutions,
    nb11_pooling,
    nb12_lenet,
    nb13_alexnet,
    nb14_vgg,
    nb15_inception,
    nb16_batchnorm,
    nb17_resnet,
    nb18_modern_blocks,
    nb19_fine_tuning,
)
from d2lhelpers.exercises.answers import NotDone, WrongAnswer, call, compare, require_done

__all__ = ["NotDone", "WrongAnswer", "call", "check", "compare", "exercise_names"]

# By the notebook's two-digit number
_MODULES = {
    "00": nb00_welcome,
    "01": nb01_ndarray,
    "02": nb02_linear_algebra,
    "03": nb03_autograd,
    "04": nb04_linear_regression,
    "05": nb05_optimization,
    "06": nb06_softmax_regression,
    "07": nb07_mlp,
    "08": nb08_generalization,
    "09": nb09_gpu,
    "10": nb10_convolutions,
    "11": nb11_pooling,
    "12": nb12_lenet,
    "13": nb13_alexnet,
    "14": nb14_vgg,
    "15": nb15_inception,
    "16": nb16_batchnorm,
    "17": nb17_resnet,
    "18": nb18_modern_blocks,
    "19": nb19_fine_tuning,
}


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
        If there is no exercise with this name.
    """
    exercise = _find(name)
    try:
        require_done(answer)
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
        for number, module in _MODULES.items()
        for function in sorted(vars(module))
        if function.startswith("exercise_")
    ]


def _find(name: str) -> Callable[[object], str]:
    number, _, exercise = str(name).partition(".")
    function = getattr(_MODULES.get(number), f"exercise_{exercise}", None)
    if function is None:
        near = [repr(other) for other in exercise_names() if other.startswith(f"{number.zfill(2)}.")]
        names = ", ".join(near) or "a name such as '04.1'"
        raise ValueError(f"there is no exercise {name!r}: pass {names}")
    return function
