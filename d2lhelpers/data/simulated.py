"""Simulated data: the process that generated it is known, so what a model learns can be compared with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx

from d2lhelpers.arguments import check_integer
from d2lhelpers.arrays import to_numpy
from d2lhelpers.random import random_stream

SYNTHETIC_NOISE = 0.01

HALF_YEAR = 182 * 24  # hours
CORES = (2, 4, 8, 16, 32)
REGION_NAMES = ("us-east", "us-west", "europe", "asia")
# Dollars per hour: for a quarter of a year, for 16 cores, and for a server with no cores in each region.
PRICE_WEIGHTS = (-0.05, 0.32, 0.08, 0.10, 0.13, 0.18)
PRICE_NOISE = 0.01


def synthetic_data(w: Any, b: float, num_examples: int, seed: int = 0) -> tuple[Any, Any]:
    """Draw examples from a linear model with known weights, y = Xw + b + noise, like d2l's function of the same name.

    Parameters
    ----------
    w : array_like
        The weights, of shape (d,) or (d, 1).
    b : float
        The bias.
    num_examples : int
        The number of examples, n.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    X : mxnet.numpy.ndarray
        (n, d) float32, independent draws from the normal distribution N(0, 1).
    y : mxnet.numpy.ndarray
        (n, 1) float32; the noise is normal with standard deviation 0.01.

    Raises
    ------
    TypeError, ValueError
        If `w` or `b` has the wrong shape or is not finite, or if `num_examples` or `seed` is not a whole number in its
        range.

    Examples
    --------
    >>> X, y = synthetic_data([2, -3.4], 4.2, num_examples=1000)
    >>> X.shape, y.shape
    ((1000, 2), (1000, 1))
    """
    npx.set_np()
    weights = to_numpy(w, dtype="float64")
    if weights.size == 0 or weights.shape not in ((weights.size,), (weights.size, 1)):
        raise ValueError(f"w has the shape {weights.shape}, but must be a vector with one weight for each feature")
    bias = float(b)
    if not (onp.isfinite(weights).all() and onp.isfinite(bias)):
        raise ValueError(f"w={w!r}, b={b!r}: must be finite numbers")
    num_examples = check_integer("num_examples", num_examples, 1)
    random = random_stream(seed)
    features = random.normal(0, 1, (num_examples, weights.size))
    noise = random.normal(0, SYNTHETIC_NOISE, (num_examples, 1))
    targets = features @ weights.reshape(-1, 1) + bias + noise
    return np.array(features, dtype="float32"), np.array(targets, dtype="float32")


@dataclass(frozen=True, eq=False)
class SpotPrices:
    """A simulated price history of cloud servers; see `spot_prices` for the fields."""

    hours: onp.ndarray
    cores: onp.ndarray
    region: onp.ndarray
    region_names: tuple[str, ...]
    features: Any
    feature_names: tuple[str, ...]
    prices: Any
    true_weights: Any
    noise_std: float

    def __repr__(self) -> str:
        return f"<SpotPrices: {len(self.hours):,} prices, features {', '.join(self.feature_names)}>"


def spot_prices(num_examples: int = 1000, seed: int = 0) -> SpotPrices:
    """Simulate half a year's spot prices of cloud servers (servers that nobody has reserved, sold by the hour).

    Each example is one server at one time, drawn independently and uniformly: the hour from the 182 days, the cores
    from 2, 4, 8, 16, and 32, and the region from four regions. Its price is linear in its features, up to noise:

        p = w_time * t + w_server * s + w_region[r] + noise

    with the time t in quarters of a year from the middle of the half year (-1 to 1), the server's size s in units of 16
    cores (1/8 to 2), and normal noise with standard deviation 0.01. The weights are invented but plausible: in dollars
    per hour, w_time = -0.05 (prices fall by 5 cents per quarter), w_server = 0.32 (2 cents per core), and w_region =
    0.08, 0.10, 0.13, 0.18.

    The examples are in random order, so that any part of them is as good as another for training or testing. In these
    units, all features are of order 1, and gradient descent with learning rate 0.1 converges in a few epochs.

    A linear model of the features needs no bias: the four region features are 0 except for one 1, so their sum is 1,
    and a bias would only add the same amount to the weights of all four regions (and make X'X singular).

    Parameters
    ----------
    num_examples : int
        The number of prices, n.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    SpotPrices
        With these fields:

        - `hours` (n,) NumPy int64, since the start of the history, 0 to 4367; t = hours / 2184 - 1
        - `cores` (n,) NumPy int64; s = cores / 16
        - `region` (n,) NumPy int64, indices into `region_names`, a tuple of four strings
        - `features` (n, 6) MXNet float32: t, s, and the region as a one-hot vector; `feature_names` names them
        - `prices` (n,) MXNet float32, in dollars per hour
        - `true_weights` (6,) MXNet float32: w_time, w_server, and the four values of w_region
        - `noise_std` float, in dollars per hour

    Raises
    ------
    TypeError, ValueError
        If `num_examples` or `seed` is not a whole number in its range.

    Examples
    --------
    >>> data = spot_prices(1000)
    >>> data.features.shape, data.prices.shape
    ((1000, 6), (1000,))
    """
    npx.set_np()
    num_examples = check_integer("num_examples", num_examples, 1)
    random = random_stream(seed)
    # int64 on every platform: NumPy 1 uses 32 bits on Windows
    hours = random.randint(0, HALF_YEAR, num_examples).astype("int64")
    cores = onp.array(CORES, dtype="int64")[random.randint(0, len(CORES), num_examples)]
    region = random.randint(0, len(REGION_NAMES), num_examples).astype("int64")
    noise = random.normal(0, PRICE_NOISE, num_examples)

    time = hours / (HALF_YEAR / 2) - 1
    features = onp.column_stack([time, cores / 16, onp.eye(len(REGION_NAMES))[region]])
    weights = onp.array(PRICE_WEIGHTS)
    return SpotPrices(
        hours=hours,
        cores=cores,
        region=region,
        region_names=REGION_NAMES,
        features=np.array(features, dtype="float32"),
        feature_names=("time", "server size", *REGION_NAMES),
        prices=np.array(features @ weights + noise, dtype="float32"),
        true_weights=np.array(weights, dtype="float32"),
        noise_std=PRICE_NOISE,
    )
