"""Numbers as text, the same on every machine."""

from typing import Any

import numpy as np


def rounded(values: Any, digits: int = 3) -> Any:
    """Return a number or an array as Python numbers, rounded, for printing.

    MXNet's own `round` stays in single precision and prints 0.18 as 0.17999999.

    Parameters
    ----------
    values : number or array_like
        MXNet's, NumPy's, or a nested list.
    digits : int
        Decimal places; 0 gives whole numbers.

    Returns
    -------
    int, float, or nested list of them
        Of the same shape. A rounded zero has no sign.

    Examples
    --------
    >>> rounded([0.18000001, -0.0001], 2)
    [0.18, 0.0]
    >>> rounded(2.5e3, 0)
    2500
    """
    array = values.asnumpy() if hasattr(values, "asnumpy") else values
    numbers = np.round(np.asarray(array, dtype="float64"), digits) + 0.0  # -0.0 + 0.0 is 0.0
    return (numbers.astype(int) if digits == 0 else numbers).tolist()
