"""Simulated data: `spot_prices` and `synthetic_data`."""

import numpy as onp
import pytest
from mxnet import np

from d2lhelpers import spot_prices, synthetic_data


def least_squares(features, targets):
    """Return the weights, and the standard deviation of what they leave unexplained, in float64."""
    weights, *_ = onp.linalg.lstsq(features.astype("float64"), targets.astype("float64"), rcond=None)
    residuals = targets - features @ weights
    return weights, onp.sqrt((residuals**2).sum() / (len(targets) - len(weights)))


# ---- Spot prices ----


def test_least_squares_finds_the_true_weights_and_the_noise():
    data = spot_prices(20_000)
    features, true = data.features.asnumpy(), data.true_weights.asnumpy()
    weights, noise = least_squares(features, data.prices.asnumpy())
    errors = data.noise_std * onp.sqrt(onp.diag(onp.linalg.inv(features.T @ features)))  # their standard errors
    assert (abs(weights - true) < 4 * errors).all()
    assert errors.max() < 3e-4
    assert noise == pytest.approx(data.noise_std, rel=0.02)


def test_the_noise_is_normal_and_independent_of_the_features():
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


def test_hours_cores_and_regions_are_uniform_and_prices_positive():
    data = spot_prices(20_000)
    assert (data.hours.min(), data.hours.max()) == (0, 182 * 24 - 1)
    for values, kinds in ((data.cores, [2, 4, 8, 16, 32]), (data.region, [0, 1, 2, 3])):
        found, counts = onp.unique(values, return_counts=True)
        assert found.tolist() == kinds
        onp.testing.assert_allclose(counts / 20_000, 1 / len(kinds), atol=0.015)
    assert data.prices.asnumpy().min() > 0


def test_a_model_is_given_float32_arrays_of_mxnet():
    data = spot_prices(10)
    for values, shape in ((data.features, (10, 6)), (data.prices, (10,)), (data.true_weights, (6,))):
        assert (type(values), values.shape, values.dtype) == (np.ndarray, shape, onp.float32)


def test_the_regions_take_the_role_of_a_bias():
    features = spot_prices(1000).features.asnumpy().astype("float64")
    assert onp.linalg.matrix_rank(features) == 6
    assert onp.linalg.matrix_rank(onp.column_stack([features, onp.ones(1000)])) == 6


def test_plain_sgd_converges_in_a_few_epochs():
    """The units were chosen for a learning rate of 0.1 and batches of 10."""
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


# ---- Synthetic data ----


@pytest.mark.parametrize("weights", [[2, -3.4], onp.array([[2], [-3.4]]), np.array([2, -3.4])])
def test_synthetic_data_follow_their_formula(weights):
    X, y = synthetic_data(weights, 4.2, 20_000)
    assert (X.shape, y.shape, X.dtype, y.dtype) == ((20_000, 2), (20_000, 1), onp.float32, onp.float32)
    X, y = X.asnumpy(), y.asnumpy()[:, 0]
    noise = y - (2 * X[:, 0] - 3.4 * X[:, 1] + 4.2)
    assert abs(noise.mean()) < 4 * 0.01 / onp.sqrt(20_000)
    assert noise.std() == pytest.approx(0.01, rel=0.02)
    onp.testing.assert_allclose(X.mean(axis=0), 0, atol=0.03)
    onp.testing.assert_allclose(onp.cov(X.T), onp.eye(2), atol=0.04)
    found, _ = least_squares(onp.column_stack([X, onp.ones(len(X))]), y)
    onp.testing.assert_allclose(found, [2, -3.4, 4.2], atol=5e-4)


@pytest.mark.parametrize(
    ("w", "b", "message"),
    [
        ([], 0, r"w has the shape \(0,\), but must be a vector"),
        ([[1, 2]], 0, r"w has the shape \(1, 2\), but must be a vector"),
        ([float("nan")], 0, "finite"),
        ([1.0], float("inf"), "finite"),
    ],
)
def test_bad_weights(w, b, message):
    with pytest.raises(ValueError, match=message):
        synthetic_data(w, b, 10)


# ---- Both ----


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: spot_prices(100, seed=seed).prices,
        lambda seed: spot_prices(100, seed=seed).features,
        lambda seed: synthetic_data([1.0], 0, 5, seed=seed)[0],
    ],
)
def test_a_seed_gives_the_same_data_again(draw):
    first, same, other = (draw(seed).asnumpy().tolist() for seed in (1, 1, 2))
    assert first == same != other


def test_one_example_is_enough():
    assert spot_prices(1).features.shape == (1, 6)
    assert synthetic_data([1, 2], 0, 1)[0].shape == (1, 2)


@pytest.mark.parametrize(("value", "error"), [(0, ValueError), (1e3, TypeError), (True, TypeError)])
@pytest.mark.parametrize("function", [spot_prices, lambda n: synthetic_data([1], 0, n)])
def test_bad_numbers_of_examples(function, value, error):
    with pytest.raises(error, match="num_examples="):
        function(value)
