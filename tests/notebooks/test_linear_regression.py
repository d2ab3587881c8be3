"""Notebook 04: its gradients, weights, and errors, compared with NumPy; what its exercises say about wrong answers."""

import re

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, np
from support import said

from d2lhelpers import load_cars, spot_prices

NOTEBOOK = lesson("04-linear-regression")
DATA = ("data = spot_prices(1000)", "X, y = data.features", "X_train, y_train = X[:n]")
NUM_TRAIN = 800
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def names():
    return NOTEBOOK.names()


def plain(data):
    """Return X (n, 6) and y (n,) in double precision."""
    return data.features.asnumpy().astype(float), data.prices.asnumpy().astype(float)


def single(values):
    return np.array(values, dtype="float32")


def lstsq(X, y):
    return onp.linalg.lstsq(X, y, rcond=None)[0]


def mean_square(X, y, w):
    return onp.mean((y - X @ w) ** 2)


# ---- Closed form ----


def test_gradients_by_autograd_and_by_formula_agree_with_finite_differences():
    found = NOTEBOOK.names(*DATA, "formula = ")
    X, y = (array[:NUM_TRAIN] for array in plain(spot_prices(1000)))
    moves = 1e-5 * onp.eye(6)
    expected = [(mean_square(X, y, move) - mean_square(X, y, -move)) / 2e-5 for move in moves]
    onp.testing.assert_allclose(found["w"].grad.asnumpy(), expected, rtol=1e-4)
    onp.testing.assert_allclose(found["formula"].asnumpy(), expected, rtol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_closed_form_is_least_squares_and_close_to_the_truth(names, seed):
    data = spot_prices(1000, seed=seed)
    found = names["closed_form"](data.features, data.prices).asnumpy()
    onp.testing.assert_allclose(found, lstsq(*plain(data)), atol=1e-5)
    # Four standard errors of the least certain weight.
    onp.testing.assert_allclose(found, data.true_weights.asnumpy(), atol=0.004)


def test_bias_is_the_price_of_the_region_without_a_column():
    """The weights of the other regions are differences to it."""
    w = lstsq(*(array[:NUM_TRAIN] for array in plain(spot_prices(1000))))
    found = NOTEBOOK.names(*DATA, "three_digits(w_closed)), (", "ones = np.ones((n, 1))", "w_reference = ")[
        "w_reference"
    ]
    onp.testing.assert_allclose(found.asnumpy(), [w[0], w[1], *(w[3:] - w[2]), w[2]], atol=1e-4)


def test_test_errors_are_those_of_numpy(names):
    X, y = plain(spot_prices(1000))
    train, test = slice(NUM_TRAIN), slice(NUM_TRAIN, None)
    best = mean_square(X[test], y[test], lstsq(X[train], y[train])) ** 0.5
    y_hat = X[test] @ lstsq(X[train], y[train])
    error = names["root_mean_square"](single(y_hat), single(y[test]))
    assert error == pytest.approx(best, rel=1e-3)
    assert 0.9 < 100 * best < 1.1  # the noise is 1 cent


def test_penalty_reaches_the_closed_form_of_ridge(names):
    X, y = (array[:NUM_TRAIN] for array in plain(spot_prices(1000)))
    X = onp.column_stack([X, onp.ones(NUM_TRAIN)])
    for lam in (0.01, 0.1):
        expected = onp.linalg.solve(X.T @ X + NUM_TRAIN * lam * onp.eye(7), X.T @ y)
        onp.testing.assert_allclose(names["descend"](single(X), single(y), lam).asnumpy(), expected, atol=1e-3)


def test_six_weights_fit_less_than_a_hundredth_of_the_noise():
    X, y = (array[:NUM_TRAIN] for array in plain(spot_prices(1000)))
    truth = spot_prices(1000).true_weights.asnumpy()
    noise = mean_square(X, y, truth)
    assert 0.99 < mean_square(X, y, lstsq(X, y)) / noise < 1
    assert mean_square(X, y, lstsq(X, y)) > 1.001e-4  # above the true variance


# ---- Stochastic gradient descent ----


def test_batches_hold_every_example_once_in_an_order_of_each_epoch(names):
    X, y = np.arange(100).reshape(100, 1), np.arange(100)
    found = list(names["batches"](X, y, 32, 0))
    assert [len(labels) for _, labels in found] == [32, 32, 32, 4]
    rows, labels = (np.concatenate(parts).reshape(-1).tolist() for parts in zip(*found, strict=True))
    assert rows == labels
    assert sorted(labels) == y.tolist() != labels
    again, other = (next(names["batches"](X, y, 100, epoch))[1].tolist() for epoch in (0, 1))
    assert again == labels != other


@pytest.mark.training
def test_training_from_scratch_and_in_gluon_take_the_steps_of_numpy():
    found = NOTEBOOK.names(*DATA, "path = train(", "trainer = gluon.Trainer(")
    X, y = (array[:NUM_TRAIN] for array in plain(spot_prices(1000)))
    w = onp.zeros(6)
    for epoch in range(10):
        order = onp.random.RandomState(epoch).permutation(NUM_TRAIN)
        for batch in onp.split(order, NUM_TRAIN // 32):
            w += 0.1 * 2 / 32 * X[batch].T @ (y[batch] - X[batch] @ w)
    onp.testing.assert_allclose(found["w_scratch"].asnumpy(), w, atol=1e-5)
    onp.testing.assert_allclose(found["w_gluon"].asnumpy(), w, atol=1e-5)
    onp.testing.assert_allclose(w, lstsq(X, y), atol=0.004)


def test_limit_of_the_learning_rate_is_where_exercise_2_says():
    X = plain(spot_prices(1000))[0][:NUM_TRAIN]
    assert 2 / onp.linalg.eigvalsh(2 / NUM_TRAIN * X.T @ X).max() == pytest.approx(0.825, abs=0.002)


# ---- Cars ----


def encoded(cars, reference):
    """Return the nine features of cars and their mileage, in double precision."""
    numbers = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year"]
    means, stds = reference[numbers].mean(), reference[numbers].std()
    scaled = ((cars[numbers].fillna(means) - means) / stds).to_numpy()
    return onp.column_stack([scaled, cars[["origin_Europe", "origin_Japan", "origin_USA"]]]), cars["mpg"].to_numpy()


def mpg_error(train_cars, test_cars):
    X, y = encoded(test_cars, train_cars)
    return mean_square(X, y, lstsq(*encoded(train_cars, train_cars))) ** 0.5


@pytest.fixture(scope="module")
def known():
    cars = load_cars(one_hot=True)
    return cars[cars["mpg"].notna()]


def splits(cars, seeds, num_train=300):
    for seed in seeds:
        shuffled = cars.iloc[onp.random.RandomState(seed).permutation(len(cars))]
        yield shuffled[:num_train], shuffled[num_train:]


def test_held_out_cars_are_off_by_as_much_as_the_page_says(known):
    ((train, test),) = splits(known, [4])
    assert mpg_error(train, test) == pytest.approx(3.25, abs=0.01)
    assert mpg_error(train, train) == pytest.approx(3.30, abs=0.01)
    assert mpg_error(train.dropna(), test) == pytest.approx(3.27, abs=0.02)


def test_later_cars_are_predicted_more_than_twice_as_badly_as_others_of_the_same_years(known):
    for year in (1975, 1976, 1977):
        old, new = known[known["year"] <= year], known[known["year"] > year]
        num_train = round(len(old) * 300 / 398)
        usual = onp.median([mpg_error(*pair) for pair in splits(old, range(20), num_train)])
        X, y = encoded(new, old)
        assert (y - X @ lstsq(*encoded(old, old))).mean() > 3  # too low
        assert mpg_error(old, new) > 2 * usual


def test_line_promises_a_truck_that_makes_fuel(known):
    ((train, _),) = splits(known, [4])
    assert onp.polyval(onp.polyfit(train["weight"], train["mpg"], 1), 7000) == pytest.approx(-8, abs=0.1)


def test_displacement_changes_its_sign_in_every_split(known):
    for train, _ in splits(known, range(5)):
        X, y = encoded(train, train)
        assert lstsq(X, y)[1] > 1
        assert lstsq(onp.column_stack([X[:, 1], onp.ones(300)]), y)[0] < -5


def test_sample_solution_of_the_mini_project_beats_the_table_and_reaches_the_goal(known, names):
    cells = nbformat.read(NOTEBOOKS / "04-linear-regression.ipynb", as_version=4).cells
    (text,) = [cell.source for cell in cells if "A solution</summary>" in cell.source]
    solution = dict(names)
    exec(re.search(r"A solution</summary>.*?```python\n(.*?)```", text, re.DOTALL)[1], solution)

    def error(train, test):
        return names["error_of"](test, train, solution["my_features"])

    ((train, test),) = splits(known, [4])
    assert error(train, test) == pytest.approx(2.83, abs=0.005)
    assert error(train[:225], train[225:]) == pytest.approx(2.58, abs=0.005)
    wins = [error(train, test) < mpg_error(train, test) for train, test in splits(known, range(100))]
    assert sum(wins) == 99


# ---- Exercises ----


@pytest.mark.parametrize("lr", [0.3, 0.6])
def test_both_ends_of_the_range_of_rates_are_right(lr, capsys):
    assert said("04.2", lr, capsys).startswith("✓")


def test_right_step_of_exercise_3_is_that_of_autograd(capsys):
    def step(X, y, w, b, lr):
        parameters = w, np.array(b)
        for parameter in parameters:
            parameter.attach_grad()
        with autograd.record():
            loss = ((y - np.dot(X, w) - parameters[1]) ** 2).mean()
        loss.backward()
        return [parameter - lr * parameter.grad for parameter in parameters]

    assert said("04.3", step, capsys).startswith("✓")


def test_right_weights_of_exercise_4_are_least_squares_with_rows_for_the_penalty(capsys):
    """The penalty n λ ‖w‖² is the squared error of d more examples."""

    def ridge(X, y, lam):
        n, d = X.shape
        rows = (n * lam) ** 0.5 * onp.eye(d)
        return lstsq(onp.vstack([X.asnumpy(), rows]), onp.concatenate([y.asnumpy(), onp.zeros(d)]))

    assert said("04.4", ridge, capsys).startswith("✓")


def steps(
    gradient_w=lambda X, r: -2 / len(r) * np.dot(X.T, r),
    gradient_b=lambda r: -2 * r.mean(),
    residual=lambda X, y, w, b: y - np.dot(X, w) - b,
):
    """Return a `step` with the right gradients, or with wrong ones instead of them."""

    def step(X, y, w, b, lr):
        r = residual(X, y, w, b)
        return w - lr * gradient_w(X, r), b - lr * gradient_b(r)

    return step


def with_new_w(X, y, w, b, lr):
    w = w + lr * 2 / len(y) * np.dot(X.T, y - np.dot(X, w) - b)
    return w, b + lr * 2 * (y - np.dot(X, w) - b).mean()


def ridge_with(added):
    def ridge(X, y, lam):
        n, d = X.shape
        return np.linalg.solve(np.dot(X.T, X) + added(n, lam, np.eye(d)), np.dot(X.T, y))

    return ridge


def ridge_of_examples(X, y, lam):
    n = len(y)
    return np.linalg.solve(np.dot(X, X.T) + n * lam * np.eye(n), y)


WRONG_ANSWERS = {
    "04.1": [
        ((15, 40), "the 40 that are left form a batch too"),
        ((15.625, 40), "number of updates is whole"),
        ((16, 64), "16 full batches would need 1024"),
        ((16, 24), "24 is how many more examples would fill"),
        ((40, 16), "wrong order"),
        ((10, 100), "do not use each of 1000 examples once"),
        (16, "give two numbers"),
    ],
    "04.2": [
        (0, "the rate must be positive"),
        (float("nan"), "the rate must be positive"),
        (0.1, "too small"),
        (0.82, "too large"),
        (1.0, "diverges"),
        (1e30, "diverges"),
        (True, "one number"),
    ],
    "04.3": [
        (steps(gradient_w=lambda X, r: 2 / len(r) * np.dot(X.T, r)), "weights move uphill"),
        (steps(gradient_w=lambda X, r: -2 * np.dot(X.T, r)), "for the weights, 1/n is missing"),
        (steps(gradient_w=lambda X, r: -1 / len(r) * np.dot(X.T, r)), "for the weights, the factor 2 is missing"),
        (steps(gradient_w=lambda X, r: -np.dot(X.T, r)), "for the weights, 2/n is missing"),
        (steps(gradient_w=lambda X, r: -2 / len(r) * np.dot(X, r)), "X is not transposed"),
        (steps(residual=lambda X, y, w, b: y - np.dot(X, w)), "the bias is missing in the residual"),
        (steps(residual=lambda X, y, w, b: y - np.dot(X, w) + b), "mind the parentheses"),
        (steps(residual=lambda X, y, w, b: y.reshape(-1, 1) - np.dot(X, w) - b), "Did the residual become a matrix"),
        (steps(gradient_b=lambda r: 0), "the bias has not changed"),
        (steps(gradient_b=lambda r: 2 * r.mean()), "the bias moves uphill"),
        (steps(gradient_b=lambda r: -2 * r.sum()), "for the bias, 1/n is missing"),
        (steps(gradient_b=lambda r: -r.mean()), "for the bias, the factor 2 is missing"),
        (steps(gradient_b=lambda r: -r.sum()), "for the bias, 2/n is missing"),
        (steps(gradient_b=lambda r: -2 / len(r) * r), "one entry per example"),
        (with_new_w, "the bias already uses the new w"),
        (lambda X, y, w, b, lr: (-2 / len(y) * np.dot(X.T, y - np.dot(X, w) - b), b), "gradient for w, not the new w"),
        (lambda X, y, w, b, lr: (w, b), "the weights have not changed"),
        (lambda X, y, w, b, lr: w, "return two things"),
        (lambda X, y, w, b, lr: (w * 7, b), "the new w is"),
    ],
    "04.4": [
        (ridge_with(lambda n, lam, eye: 0), "the penalty has no effect"),
        (ridge_with(lambda n, lam, eye: lam * eye), "n is missing"),
        (ridge_with(lambda n, lam, eye: n * lam), "n λ is added to every entry"),
        (ridge_with(lambda n, lam, eye: lam), ": λ is added to every entry"),
        (ridge_with(lambda n, lam, eye: -n * lam * eye), "the sign before λ is wrong"),
        (ridge_with(lambda n, lam, eye: 2 * n * lam * eye), "λ counts twice"),
        (ridge_with(lambda n, lam, eye: n * lam / 2 * eye), "λ counts half"),
        (ridge_of_examples, "one weight per example"),
        (ridge_with(lambda n, lam, eye: 6 * eye), "ridge(X, y, 0)"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "words"), [(name, *row) for name, rows in WRONG_ANSWERS.items() for row in rows]
)
def test_wrong_answers_are_explained(name, answer, words, capsys):
    with onp.errstate(all="raise"):  # training that diverges causes no warning on the student's screen
        out = said(name, answer, capsys)
    assert out.startswith(f"✗ Exercise {name}: ")
    assert words in out
