"""Parameters of the functions of ``np.random`` and ``npx.random``.

A parameter that is out of range raised an error at some later line, ended the process, hung, or had no effect, and an
array of parameters did not have to fit the size. The operators behind these functions now check their parameters, so
the error comes from the call, as in NumPy. If parameters are arrays, the check waits for them; in a hybridized network,
only numbers are checked. Lists and NumPy arrays are accepted, too.
"""

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as onp

MODULES = ("mxnet.ndarray.numpy", "mxnet.symbol.numpy")

HIGHEST = 3.4028234663852886e38  # the highest number in float32
POSITIVE = 1.1754943508222875e-38  # the lowest normal number above 0 in float32
ANY = (-HIGHEST, HIGHEST)
NOT_NEGATIVE = (0.0, HIGHEST)
ABOVE_ZERO = (POSITIVE, HIGHEST)

Limits = Mapping[str, tuple[float, float]]

# For each operator: its name in Python, and its parameters in the order of its inputs, with their limits.
_OPERATORS: dict[str, tuple[str, Limits]] = {
    "uniform": ("np.random.uniform", {"low": ANY, "high": ANY}),
    "normal": ("np.random.normal", {"loc": ANY, "scale": NOT_NEGATIVE}),
    "logistic": ("np.random.logistic", {"loc": ANY, "scale": NOT_NEGATIVE}),
    "gumbel": ("np.random.gumbel", {"loc": ANY, "scale": NOT_NEGATIVE}),
    "gamma": ("np.random.gamma", {"shape": ABOVE_ZERO, "scale": ABOVE_ZERO}),
    "exponential": ("np.random.exponential", {"scale": NOT_NEGATIVE}),
    "rayleigh": ("np.random.rayleigh", {"scale": NOT_NEGATIVE}),
    "weibull": ("np.random.weibull", {"a": ABOVE_ZERO}),
    "pareto": ("np.random.pareto", {"a": ABOVE_ZERO}),
    "powerd": ("np.random.power", {"a": ABOVE_ZERO}),
    "bernoulli": ("npx.random.bernoulli", {"prob": (0.0, 1.0), "logit": ANY}),
    "uniform_n": ("npx.random.uniform_n", {"low": ANY, "high": ANY}),
    "normal_n": ("npx.random.normal_n", {"loc": ANY, "scale": NOT_NEGATIVE}),
}

# np.random.uniform() rounded one number in 30 million up to `high`. The highest factor below 1 in each type:
_BELOW_ONE = {"float32": 1 - 2.0**-24, onp.float32: 1 - 2.0**-24, "float16": 1 - 2.0**-11, onp.float16: 1 - 2.0**-11}


def apply(module: ModuleType) -> None:
    """Wrap the operators."""
    operators = vars(module)["_internal"]
    for operator_name, (name, limits) in _OPERATORS.items():
        setattr(operators, operator_name, _checked(getattr(operators, operator_name), name, limits))
    operators.uniform = _differentiable(module, operators.uniform)


def _checked(operator: Callable[..., Any], function: str, limits: Limits) -> Callable[..., Any]:
    rules = [(name, low, high) for name, (low, high) in limits.items()]
    adapt_range = _adapt_range if function == "np.random.uniform" else None

    @functools.wraps(operator)
    def draw(*arrays: Any, size: Any = None, **parameters: Any) -> Any:
        if size is not None:
            check_size(function, size)
        numbers = not arrays
        for name, low, high in rules:
            value = parameters[name]
            if value.__class__ is float or value.__class__ is int:
                if not low <= value <= high:
                    check(function, name, value, low, high)
            elif value is not None or not arrays:
                numbers = False
        if not numbers:
            arrays = _check_arrays(function, limits, arrays, parameters, size)
        elif adapt_range:
            adapt_range(parameters)
        return operator(*arrays, size=size, **parameters)

    return draw


def _check_arrays(function: str, limits: Limits, arrays: Any, parameters: dict[str, Any], size: Any) -> tuple[Any, ...]:
    """Check parameters of which some are not plain numbers, convert these in place, and return the arrays."""
    given, inputs = iter(arrays), []
    for name, (low, high) in limits.items():
        if name == ("prob" if parameters.get("is_logit") else "logit"):
            continue  # npx.random.bernoulli takes one of them
        value = next(given, None) if parameters[name] is None else parameters[name]
        value = number_or_array(function, name, value)
        check(function, name, value, low, high)
        if isinstance(value, float):
            parameters[name] = value
        else:
            parameters[name] = None
            inputs.append(value)
    if size is not None and not function.endswith("_n"):
        check_broadcast(function, [value.shape for value in inputs if is_array(value)], size)
    return tuple(inputs)


def _adapt_range(parameters: dict[str, Any]) -> None:
    """Keep the numbers of ``uniform`` below `high`, and reject a range that leads to infinite numbers."""
    low, high = parameters["low"], parameters["high"]
    if low == 0:
        parameters["high"] = high * _BELOW_ONE.get(parameters["dtype"], 1)
    elif abs(high - low) > HIGHEST:
        raise OverflowError(f"np.random.uniform: the range from {low} to {high} is too long for float32.")


def is_array(value: Any) -> bool:
    """Tell whether a value is an MXNet array; a symbol has the same methods, but no entries."""
    return hasattr(value, "asnumpy") and not hasattr(value, "list_arguments")


def number_or_array(function: str, name: str, value: Any) -> Any:
    """Return a parameter as a float, an MXNet array, or a symbol."""
    if hasattr(value, "asnumpy"):
        return value
    if isinstance(value, (bool, int, float, onp.bool_, onp.integer, onp.floating)):
        return float(value)
    if isinstance(value, (list, tuple, onp.ndarray)):
        from mxnet import numpy

        return numpy.array(value, dtype="float32")
    raise TypeError(f"{function}: {name} must be a number or an array, but is {value!r}.")


def check(function: str, name: str, value: Any, low: float, high: float) -> None:
    """Raise a ValueError if a parameter, or an entry of it, is out of range.

    As in NumPy, an array without limits may contain anything, even NaN.
    """
    if isinstance(value, (int, float)):
        if low <= value <= high:
            return
        wrong = value
    else:
        if (low, high) == ANY or not is_array(value):
            return
        entries = value.asnumpy()
        right = (entries >= low) & (entries <= high)
        if right.all():
            return
        wrong = entries[~right].flat[0]
    limit = "greater than 0" if low == POSITIVE else "at least 0"
    if (low, high) == ANY:
        limit = "a finite number (in float32)"
    elif high != HIGHEST:
        limit = f"from {low} to {high}"
    elif low <= wrong:
        limit += " and finite (in float32)"
    raise ValueError(f"{function}: {name} must be {limit}, but is {wrong}.")


def check_size(function: str, size: Any) -> None:
    """Raise a TypeError or ValueError if `size` is neither an integer nor a sequence of integers, or is negative."""
    for length in size if isinstance(size, (tuple, list)) else (size,):
        if length.__class__ is int and length >= 0:
            continue
        if isinstance(length, bool) or not isinstance(length, (int, onp.integer)):
            raise TypeError(f"{function}: size must be an integer or a tuple of integers, but is {size!r}.")
        if length < 0:
            raise ValueError(f"{function}: size must not be negative, but is {size!r}.")


def check_broadcast(function: str, shapes: list[tuple[int, ...]], size: Any) -> None:
    """Raise a ValueError if arrays of parameters cannot be broadcast to `size`."""
    shape = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    try:
        fits = onp.broadcast_shapes(*shapes, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        parameters = " and ".join(map(str, shapes))
        raise ValueError(f"{function}: parameters of shape {parameters} do not fit into numbers of shape {shape}.")


def _differentiable(np: Any, uniform: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``uniform`` with gradients with respect to arrays of bounds, which were 0."""

    @functools.wraps(uniform)
    def draw(*arrays: Any, low: Any, high: Any, out: Any = None, **options: Any) -> Any:
        if not arrays or out is not None or not _may_be_differentiated(arrays[0]):
            return uniform(*arrays, low=low, high=high, out=out, **options)
        given = iter(arrays)
        low, high = (next(given) if bound is None else bound for bound in (low, high))
        zeros = np.zeros_like(low + high, dtype="float32")
        fraction = uniform(zeros, low=None, high=1.0, **options)
        return (low + (high - low) * fraction).astype(options.get("dtype") or "float32")

    return draw


def _may_be_differentiated(array: Any) -> bool:
    from mxnet import autograd

    return not is_array(array) or autograd.is_recording()
