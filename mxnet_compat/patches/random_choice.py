"""Choosing and shuffling: ``choice``, ``multinomial``, ``randint``, and ``shuffle`` of ``np.random``.

A choice without replacement was not random (apache/mxnet#19423): a choice of all kept their order. Choosing from
nothing, an empty range, too many, or probabilities above 1 ended the process, as did shuffling an array without entries
(apache/mxnet#16357). Wrong probabilities were used as they were. Integers from ranges that are not small compared with
the random bits were not uniform. All of this is found before MXNet's operators are called, which are used where they
are right.
"""

import math
from types import ModuleType
from typing import Any

import numpy as onp

from mxnet_compat.patches.random_parameters import check_size, is_array

MODULES = ("mxnet.ndarray.numpy", "mxnet.symbol.numpy")


def apply(module: ModuleType) -> None:
    """Replace the functions."""
    random = vars(module)["random"]
    random.choice = _choice(module, random)
    random.randint = _randint(module, random)
    if module.__name__ == "mxnet.ndarray.numpy":
        random.multinomial = _multinomial(random)
        random.shuffle = _shuffle(module, random)
    else:
        random.shuffle = _refuse_symbol


# Choices


def _choice(np: Any, random: Any) -> Any:
    original = random.choice

    def choice(a: Any, size: Any = None, replace: Any = True, p: Any = None, ctx: Any = None, out: Any = None) -> Any:
        """Choose entries of `a`, or of ``range(a)`` if it is an integer."""
        if size is not None:
            check_size("np.random.choice", size)
        if isinstance(a, (list, tuple, onp.ndarray)):
            a = _as_array(a, ctx)
        n = _population_size(a)
        number = 1 if size is None else math.prod(size if isinstance(size, (tuple, list)) else (size,))
        if n == 0 and number > 0:
            raise ValueError("np.random.choice: there is nothing to choose from, because a is empty.")
        if p is not None:
            p = _checked_probabilities(p, n, ctx)
        if replace:
            return original(a, size, True, p, ctx, out)
        _check_number(number, n, p)
        order = np.argsort(_times(np, random, a, n, p, ctx))
        chosen = order[:number].reshape(() if size is None else size)
        if not isinstance(a, (int, onp.integer)):
            chosen = np.take(a, chosen)
        if out is None:
            return chosen
        out[:] = chosen
        return out

    return choice


def _as_array(values: Any, ctx: Any) -> Any:
    from mxnet import numpy

    return numpy.array(values, dtype=getattr(values, "dtype", None), ctx=ctx)


def _population_size(a: Any) -> int | None:
    """Return how many there are to choose from, or None for a symbol."""
    if isinstance(a, (int, onp.integer)) and not isinstance(a, bool):
        if a < 0:
            raise ValueError(f"np.random.choice: a must not be negative, but is {a}.")
        return int(a)
    if is_array(a):
        if a.ndim != 1:
            raise ValueError(f"np.random.choice: a must have one axis, but its shape is {a.shape}.")
        return len(a)
    if hasattr(a, "list_arguments"):
        return None
    raise TypeError(f"np.random.choice: a must be an integer or an array with one axis, but is {a!r}.")


def _checked_probabilities(p: Any, n: int | None, ctx: Any) -> Any:
    """Return probabilities as an array; those of a symbol cannot be checked."""
    if hasattr(p, "list_arguments"):
        return p
    values = p.asnumpy() if is_array(p) else onp.asarray(p)
    if values.ndim != 1 or (n is not None and len(values) != n):
        raise ValueError(
            f"np.random.choice: p must have one probability for each of the {n}, not shape {values.shape}."
        )
    tolerance = onp.sqrt(onp.finfo(values.dtype if values.dtype.kind == "f" else "float64").eps)
    if not (values >= 0).all() or not abs(values.sum(dtype="float64") - 1) <= tolerance:
        raise ValueError("np.random.choice: the probabilities in p must be at least 0, and their sum must be 1.")
    if is_array(p) and values.cumsum()[-1:] >= 1:
        return p
    # As rounding left the sum below 1, the operator would sometimes choose an entry after the last.
    values = values.astype("float64") * (1 + 1e-9) / values.sum(dtype="float64")
    return _as_array(values, getattr(p, "ctx", ctx))


def _check_number(number: int, n: int | None, p: Any) -> None:
    if n is not None and number > n:
        raise ValueError(f"np.random.choice: without replacement, there are only {n} to choose, not {number}.")
    if is_array(p) and number > (p.asnumpy() > 0).sum():
        raise ValueError(f"np.random.choice: fewer than {number} probabilities in p are greater than 0.")


def _times(np: Any, random: Any, a: Any, n: int | None, p: Any, ctx: Any) -> Any:
    """Return a random time for each of the population; those that come first are chosen.

    With probabilities, waiting times of rate `p` come in the order of draws without replacement.
    """
    if n is None:
        draws = random.uniform(0.0, np.ones_like(a), dtype="float64")
    else:
        draws = random.uniform(size=n, dtype="float64", ctx=getattr(a, "ctx", ctx))
    return draws if p is None else -np.log(draws) / p


# Counts and integers


def _multinomial(random: Any) -> Any:
    original = random.multinomial

    def multinomial(n: Any, pvals: Any, size: Any = None, **kwargs: Any) -> Any:
        """Draw how often each outcome comes up in `n` experiments."""
        if size is not None:
            check_size("np.random.multinomial", size)
        if not isinstance(n, (int, onp.integer)) or n < 0:
            raise ValueError(f"np.random.multinomial: n must be an integer and at least 0, but is {n!r}.")
        values = pvals.tolist() if hasattr(pvals, "tolist") else list(pvals)
        if any(isinstance(value, (list, tuple)) for value in values):
            raise ValueError("np.random.multinomial: pvals must have one axis.")
        # As in NumPy, the last outcome gets the probability that remains. In float32, the sum may be rounded up.
        total = sum(values)
        if not (min(values, default=0) >= 0 and total <= 1 + 1e-6):
            raise ValueError("np.random.multinomial: the entries of pvals must be at least 0, and their sum must be 1.")
        if total > 1:
            values = [value / total for value in values]
        return original(int(n), values, size, **kwargs)

    return multinomial


_INTEGERS = 2**24  # The operator's numbers are remainders, so they are uniform only in ranges much smaller than 2**32.


def _randint(np: Any, random: Any) -> Any:
    original = random.randint

    def randint(
        low: Any, high: Any = None, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
    ) -> Any:
        """Draw integers from `low` to `high` - 1, or from 0 to `low` - 1 if there is no `high`."""
        if size is not None:
            check_size("np.random.randint", size)
        low, high = (0, low) if high is None else (low, high)
        if low.__class__ is not int or high.__class__ is not int:
            low, high = _integer("low", low), _integer("high", high)
        if not 0 < high - low <= _INTEGERS or abs(low) > 2**53 or dtype is not None:
            _check_integers(low, high, onp.dtype(dtype or "int64"))
        if high - low <= _INTEGERS and dtype in (None, int, "int", "int32", "int64", onp.int32, onp.int64):
            return original(low, high, size, dtype, ctx, out)
        # 53 random bits; numbers drawn as float64 have fewer.
        fraction = original(0, 2**26, size, None, ctx).astype("float64") * 2.0**-26
        fraction = fraction + original(0, 2**27, size, None, ctx).astype("float64") * 2.0**-53
        draws = np.floor(fraction * float(high - low)).astype("int64") + low
        if out is None:
            return draws.astype(dtype or "int64")
        out[:] = draws
        return out

    return randint


def _integer(name: str, value: Any) -> int:
    if isinstance(value, (int, float, onp.integer, onp.floating)) and value == value // 1:
        return int(value)
    raise TypeError(
        f"np.random.randint: {name} must be one integer, but is {value!r}. "
        "For arrays, write np.floor(np.random.uniform(low, high))."
    )


def _check_integers(low: int, high: int, dtype: Any) -> None:
    if low >= high:
        raise ValueError(f"np.random.randint: low must be less than high, but they are {low} and {high}.")
    if dtype.kind not in "biu":
        raise TypeError(f"np.random.randint: dtype must be a type of integers, but is {dtype}.")
    lowest, highest = (0, 1) if dtype.kind == "b" else (onp.iinfo(dtype).min, onp.iinfo(dtype).max)
    if low < lowest or high - 1 > highest:
        raise ValueError(f"np.random.randint: integers from {low} to {high - 1} do not fit into {dtype}.")
    if high - low > 2**53:
        raise ValueError("np.random.randint: the range from low to high must not be longer than 2**53.")


# Shuffling


def _shuffle(np: Any, random: Any) -> Any:
    original = random.shuffle

    def shuffle(x: Any) -> None:
        """Shuffle a sequence in place: an array along its first axis, or a list."""
        if not is_array(x):
            order = random.choice(len(x), len(x), replace=False).tolist()
            x[:] = x[order] if isinstance(x, onp.ndarray) else [x[i] for i in order]
            return
        shape = x.shape
        if not shape:
            raise TypeError("np.random.shuffle: x has no axis that could be shuffled.")
        if 0 in shape:
            return
        if x.dtype == bool:
            x[:] = np.take(x, random.choice(len(x), len(x), replace=False, ctx=x.ctx), axis=0)
        else:
            original(x)

    return shuffle


def _refuse_symbol(x: Any) -> None:
    raise NotImplementedError(
        "np.random.shuffle changes an array in place, which is not possible in a hybridized network. Write "
        "np.take(x, np.argsort(np.random.uniform(size=n)), axis=0), where n is the length of x."
    )
