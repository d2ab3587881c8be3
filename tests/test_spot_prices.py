"""The simulated data: spot_prices and synthetic_data."""

import dataclasses

import numpy as onp
import pytest
from mxnet import np, npx

from d2lhelpers.data import spot_prices, synthetic_data


def least_squares(features, targets):
    """Weights, and the standard deviation of what they leave unexplained, in float64."""
    weights, *_ = onp.linalg.lstsq(features.astype("float64"), targets.astype("float64"), rcond=None)
    residuals = targets - features @ weights
    return weights, onp.sqrt((residuals**2).sum() / (len(targets) - len(weights)))


def test_least_squares_finds_the_true_weights_and_the_noise():
    data = spot_prices(20_000)
    features, true = data.features.asnumpy(), data.true_weights.asnumpy()
    weights, noise = least_squares(features, data.prices.asnumpy())
    errors = data.noise_std * onp.sqrt(onp.diag(onp.linalg.inv(features.T @ features)))  # their standard errors
    assert (abs(weights - true) < 4 * errors).all()
    assert errors.max() < 3e-4
    assert noise == pytest.approx(data.noise_std, rel=0.02)


def test_noise_is_normal_and_independent_of_the_features():
    data = spot_prices(20_000)
    noise = (data.prices.asnumpy() - data.features.asnumpy() @ data.true_weights.asnumpy()) / data.noise_std
    assert abs(noise.mean()) < 4 / onp.sqrt(len(noise))
    for width, share in ((1, 0.6827), (2, 0.9545), (3, 0.9973)):
        assert onp.mean(abs(noise) < width) == pytest.approx(share, abs=0.012)
    assert onp.abs(data.features.asnumpy().T @ noise).max() / len(noise) < 0.04


def test_features_follow_from_the_description():
    data = spot_prices(500)
    features = data.features.asnumpy()
    onp.testing.assert_allclose(features[:, 0], data.hours / 2184 - 1, atol=1e-6)
    onp.testing.assert_allclose(features[:, 1], data.cores / 16)
    assert (features[:, 2:] == (data.region[:, None] == onp.arange(4))).all()
    assert data.feature_names == ("time", "server size", *data.region_names)
    assert len(data.region_names) == 4


def test_ranges():
    data = spot_prices(20_000)
    assert data.hours.min() == 0
    assert data.hours.max() == 182 * 24 - 1
    assert set(data.cores) == {2, 4, 8, 16, 32}
    assert set(data.region) == {0, 1, 2, 3}
    for values, count in ((data.cores, 5), (data.region, 4)):
        shares = onp.unique(values, return_counts=True)[1] / 20_000
        onp.testing.assert_allclose(shares, 1 / count, atol=0.015)
    assert data.prices.asnumpy().min() > 0


def test_shapes_and_types():
    data = spot_prices(10)
    for values in (data.hours, data.cores, data.region):
        assert isinstance(values, onp.ndarray)
        assert values.shape == (10,)
        assert values.dtype == "int64"
    for values, shape in ((data.features, (10, 6)), (data.prices, (10,)), (data.true_weights, (6,))):
        assert isinstance(values, np.ndarray)
        assert values.shape == shape
        assert values.dtype == "float32"
    assert np.dot(data.features, data.true_weights).shape == data.prices.shape
    assert repr(data).startswith("<SpotPrices: 10 prices, features time, server size, us-east")


def test_region_features_hold_the_bias_already():
    features = spot_prices(1000).features.asnumpy().astype("float64")
    assert (features[:, 2:].sum(axis=1) == 1).all()
    assert onp.linalg.matrix_rank(features) == 6
    assert onp.linalg.matrix_rank(onp.column_stack([features, onp.ones(1000)])) == 6


def test_plain_sgd_converges_in_a_few_epochs():
    """What the units were chosen for: learning rate 0.1, batches of 10."""
    data = spot_prices(1000)
    features, prices = data.features.asnumpy(), data.prices.asnumpy()
    weights = onp.zeros(6, dtype="float32")
    random = onp.random.RandomState(0)
    for _ in range(5):
        for batch in random.permutation(1000).reshape(100, 10):
            weights -= 0.1 * features[batch].T @ (features[batch] @ weights - prices[batch]) / 10
    loss = ((features @ weights - prices) ** 2).mean() / 2
    assert loss < 1.1 * data.noise_std**2 / 2
    onp.testing.assert_allclose(weights, data.true_weights.asnumpy(), atol=0.01)


def test_reproducible():
    first, same, other = spot_prices(100, seed=1), spot_prices(100, seed=1), spot_prices(100, seed=2)
    assert (first.prices.asnumpy() == same.prices.asnumpy()).all()
    assert (first.hours == same.hours).all()
    assert (first.hours != other.hours).any()


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        spot_prices(10).noise_std = 0


@pytest.mark.parametrize(("value", "error"), [(0, ValueError), (-5, ValueError), (1e3, TypeError), (True, TypeError)])
@pytest.mark.parametrize("function", [spot_prices, lambda n: synthetic_data([1], 0, n)])
def test_wrong_num_examples(function, value, error):
    with pytest.raises(error, match="num_examples="):
        function(value)


def test_one_example():
    assert spot_prices(1).features.shape == (1, 6)
    assert synthetic_data([1, 2], 0, 1)[0].shape == (1, 2)


# synthetic_data


@pytest.mark.parametrize("weights", [[2, -3.4], [[2], [-3.4]], onp.array([2, -3.4]), (2, -3.4)])
def test_synthetic_data_follows_its_formula(weights):
    X, y = synthetic_data(weights, 4.2, 20_000)
    assert X.shape == (20_000, 2)
    assert y.shape == (20_000, 1)
    assert X.dtype == y.dtype == "float32"
    X, y = X.asnumpy(), y.asnumpy()[:, 0]
    noise = y - (2 * X[:, 0] - 3.4 * X[:, 1] + 4.2)
    assert abs(noise.mean()) < 4 * 0.01 / onp.sqrt(20_000)
    assert noise.std() == pytest.approx(0.01, rel=0.02)
    onp.testing.assert_allclose(X.mean(axis=0), 0, atol=0.03)
    onp.testing.assert_allclose(onp.cov(X.T), onp.eye(2), atol=0.04)
    found, _ = least_squares(onp.column_stack([X, onp.ones(len(X))]), y)
    onp.testing.assert_allclose(found, [2, -3.4, 4.2], atol=5e-4)


def test_synthetic_data_takes_mxnet_weights():
    npx.set_np()
    X, y = synthetic_data(np.array([2, -3.4]), 4.2, 10)
    X2, y2 = synthetic_data(onp.array([2, -3.4], dtype="float32"), 4.2, 10)
    assert (X.asnumpy() == X2.asnumpy()).all()
    assert (y.asnumpy() == y2.asnumpy()).all()


def test_synthetic_data_seeds():
    draws = [synthetic_data([1.0], 0, 5, seed=seed)[0].asnumpy().tolist() for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize("weights", [[], 3.0, onp.eye(2), [[1, 2]]])
def test_synthetic_data_wrong_shape(weights):
    with pytest.raises(ValueError, match=r"w has the shape .*must be a vector"):
        synthetic_data(weights, 0, 10)


@pytest.mark.parametrize(("w", "b"), [([float("nan")], 0), ([1.0], float("inf"))])
def test_synthetic_data_not_finite(w, b):
    with pytest.raises(ValueError, match="finite"):
        synthetic_data(w, b, 10)
