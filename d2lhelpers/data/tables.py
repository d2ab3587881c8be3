"""A real table for regression: cars of the 1970s."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from d2lhelpers.arguments import shorten
from d2lhelpers.data.embedded import open_embedded

CAR_UNITS = MappingProxyType(
    {
        "mpg": "miles per gallon",
        "displacement": "cubic inches",
        "horsepower": "hp",
        "weight": "pounds",
        "acceleration": "seconds from 0 to 60 mph",
    }
)


def load_cars(*, one_hot: bool = False) -> Any:
    """Load a table of 406 cars of the model years 1970 to 1982, with their gas mileage and engine data.

    Parameters
    ----------
    one_hot : bool
        Replace the column `origin` with one column of zeros and ones for each value.

    Returns
    -------
    pandas.DataFrame
        The columns are name, mpg, cylinders, displacement, horsepower, weight, acceleration, year, and origin, which is
        "USA", "Europe" or "Japan". `mpg` is missing (NaN) for 8 cars, and `horsepower` for 6 others.
        The units are in `attrs["units"]`.

    Examples
    --------
    >>> cars = load_cars(one_hot=True)
    >>> cars.shape, cars.attrs["units"]["mpg"]
    ((406, 11), 'miles per gallon')
    """
    import pandas  # here, because loading it takes half a second

    if not isinstance(one_hot, bool):
        raise TypeError(f"one_hot={shorten(one_hot)}: must be True or False")
    with open_embedded("cars.csv") as stream:
        cars = pandas.read_csv(stream)
    if one_hot:
        cars = pandas.get_dummies(cars, columns=["origin"], dtype="float64")
    cars.attrs["units"] = dict(CAR_UNITS)
    return cars
