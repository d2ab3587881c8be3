"""Notebook 07: its networks, compared with NumPy; what it claims about training; wrong answers to its exercises."""

import itertools

import numpy as onp
import pytest
from lessons import lesson
from mxnet import autograd, np, npx
from support import said

from d2lhelpers import ArrayLoader, accuracy, evaluate, fit, summarize


@pytest.fixture
def names():
    data = ("def make_spirals", "put aside until the end", "starts = {name", "fold_of_car = onp")
    return lesson("07-mlp").names("loss_function = gluon.loss", *data, "def held_out_error")


@pytest.fixture
def xor():
    corners = list(itertools.product([0, 1], repeat=2))
    return np.array(corners), np.array([a ^ b for a, b in corners], dtype="int32")


def train(names, widths, num_epochs, seed, lr=0.2):
    """Train a network on the notebook's images; return its history with validation data, and its test accuracy."""
    net = names["build"](widths)
    images, labels = names["images"][:8000], names["labels"][:8000]
    loader = ArrayLoader(images, labels, batch_size=64, shuffle=True, seed=seed)
    history = fit(net, loader, names["validation_loader"], num_epochs=num_epochs, lr=lr, plot=False, seed=seed)
    return history, evaluate(net, names["test_loader"])[1]


# ---- Networks ----


def test_the_network_by_hand_computes_xor(names, xor):
    points, labels = xor
    assert (names["by_hand"](points) > 0).tolist() == labels.astype(bool).tolist()


def test_relu_on_the_scores_of_a_single_layer_computes_xor_if_ties_go_to_class_0(xor):
    points, labels = xor
    total = points.sum(axis=1)
    scores = npx.relu(np.stack([3 * total - 3.5, total - 0.5], axis=1))
    assert scores.argmax(axis=1).astype(int).tolist() == labels.tolist()


def test_the_mlp_from_scratch_agrees_with_numpy(names):
    random = onp.random.RandomState(0)
    X = random.normal(size=(3, 1, 4, 5))
    W1, b1, W2, b2 = (random.normal(size=shape) for shape in ((20, 6), 6, (6, 2), 2))
    got = names["mlp"](np.array(X), [np.array(parameter) for parameter in (W1, b1, W2, b2)])
    expected = onp.maximum(X.reshape(3, 20) @ W1 + b1, 0) @ W2 + b2
    onp.testing.assert_allclose(got.asnumpy(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("widths", [[], [64, 16]])
def test_a_network_is_built_with_the_widths_given(names, widths):
    expected = sum(a * b + b for a, b in itertools.pairwise([784, *widths, 10]))
    assert summarize(names["build"](widths), (1, 1, 28, 28)).total_parameters == expected


def test_the_first_gradients_vanish_are_equal_or_differ(names):
    zero, equal, random = (names["gradients"][name].asnumpy() for name in ("zero", "equal", "random"))
    assert (zero == 0).all()
    assert abs(equal).max() > 1e-3
    onp.testing.assert_allclose(equal, onp.repeat(equal[:, :1], 256, axis=1), atol=1e-5 * abs(equal).max())
    assert abs(random - random[:, :1]).max() > 0.1 * abs(random).max()


# ---- Training ----


@pytest.mark.training
@pytest.mark.parametrize("start", range(5))
def test_a_start_either_learns_xor_or_ends_on_a_plateau_with_two_coin_tosses(names, xor, start):
    def measure(num_steps):
        net = names["train_two_classes"](*xor, 2, num_steps, start)
        with autograd.record():
            loss = names["loss_function"](net(xor[0]), xor[1]).mean()
        loss.backward()
        weights = net.collect_params().values()
        gradients = [abs(weight.grad()).max().item() for weight in weights]
        return loss.item(), max(gradients), max(abs(weight.data()).max().item() for weight in weights)

    (early, early_gradient, early_weight), (late, late_gradient, late_weight) = measure(150), measure(1500)
    assert late < 0.001 or [early, late] == pytest.approx([onp.log(2) / 2] * 2, abs=0.002)
    assert late_gradient < 0.5 * early_gradient
    assert late_weight > early_weight


@pytest.mark.training
def test_more_hidden_units_learn_xor_from_more_starts(names, xor):
    points, labels = xor

    def solved(width):
        nets = (names["train_two_classes"](points, labels, width, 150, start) for start in range(10))
        return sum(accuracy(net(points), labels) == 1 for net in nets)

    assert solved(1) == 0
    assert 1 <= solved(2) <= 9
    assert solved(8) >= 9


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_two_hidden_layers_learn_the_spirals_and_generalize(names, start):
    _, seen, unseen = names["watch_learning"]([32, 32], [200], start=start)[200]
    assert seen > 0.98
    assert unseen > 0.95


def test_more_relu_units_approximate_better_but_not_outside(names):
    def error(num_units, low, high):
        x = np.array(onp.linspace(low, high, 1001), dtype="float32")
        return float(abs(names["relu_approximation"](num_units)(x) - names["wave"](x)).max())

    errors = [error(num_units, 0, 1) for num_units in (4, 12, 48)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.02
    assert error(48, 1, 1.5) > 1


def test_the_features_of_held_out_cars_do_not_leak_into_the_training(names):
    seen = []

    def fit_nothing(X, y):
        seen.append((X, y))
        return lambda X: onp.zeros(len(X))

    fold, mpg = names["fold_of_car"] == 1, names["mpg"]
    assert names["held_out_error"](fit_nothing, 1) == pytest.approx(onp.sqrt((mpg[fold] ** 2).mean()), rel=1e-5)
    ((X, y),) = seen
    assert len(y) == (~fold).sum()
    onp.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-4)
    onp.testing.assert_allclose(X.std(axis=0), 1, atol=1e-3)


def test_a_pound_costs_a_light_car_more_mileage(names):
    weight, mpg = names["cars"]["weight"].to_numpy(), names["mpg"]
    light = weight < onp.median(weight)
    slopes = [onp.polyfit(weight[group], mpg[group], 1)[0] for group in (light, ~light)]
    assert slopes[0] < 1.2 * slopes[1] < 0


@pytest.mark.training
@pytest.mark.parametrize("start", [0, 1, 2])
def test_the_mlp_predicts_cars_better_in_every_fold_but_squares_bring_most_of_the_gain(names, start):
    def fit_mlp(X, y):
        return names["fit_mlp"](X, y, start=start)

    linear, squares, network = (
        onp.array([names["held_out_error"](model, fold) for fold in range(5)])
        for model in (names["fit_powers"](1), names["fit_powers"](2), fit_mlp)
    )
    assert (network < linear).all()
    gain = linear.mean() - network.mean()
    assert gain > 0.5
    assert 0.6 * gain < linear.mean() - squares.mean() < gain


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_mlp_wins_against_four_times_the_epochs_and_all_networks_do_worse_on_the_test(names, seed):
    linear, linear_test = train(names, [], 6, seed)
    patient, patient_test = train(names, [], 24, seed)
    one, _ = train(names, [64], 6, seed)
    deep, deep_test = train(names, [256, 256], 6, seed)
    assert linear.test_accuracy[-1] < one.test_accuracy[-1] < deep.test_accuracy[-1]  # on validation data
    assert patient_test + 0.025 < deep_test
    assert deep_test < 0.94  # or the largest network reaches the goal of the mini-project
    runs = ((linear, linear_test), (patient, patient_test), (deep, deep_test))
    for run, test_accuracy in runs:
        half_interval = 2 * (test_accuracy * (1 - test_accuracy) / 2000) ** 0.5
        assert run.test_accuracy[-1] - test_accuracy > half_interval


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_largest_network_learns_better_at_twice_the_rate_of_notebook_06(names, seed):
    slow, fast = (train(names, [256, 256], 6, seed, lr=lr)[0].test_accuracy[-1] for lr in (0.1, 0.2))
    assert fast > slow


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_validation_loss_still_falls_after_eight_epochs(names, seed):
    history, _ = train(names, [256], 8, seed)
    assert history.test_loss[7] < history.test_loss[3]
    assert history.train_accuracy[-1] > history.test_accuracy[-1]


@pytest.mark.training
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_shifted_images_reach_the_goal_of_the_mini_project(names, seed):
    images, labels = names["images"][:8000], names["labels"][:8000]
    shifts = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]
    shifted = onp.concatenate([onp.roll(images, shift, axis=(2, 3)) for shift in shifts])
    loader = ArrayLoader(shifted, onp.tile(labels, 5), batch_size=64, shuffle=True)
    net = names["build"]([64])
    fit(net, loader, num_epochs=4, lr=0.2, plot=False, seed=seed)
    assert evaluate(net, names["test_loader"])[1] >= 0.94
    assert summarize(net, (1, 1, 28, 28)).total_parameters <= 60_000


# ---- Exercises ----


def forward(X, layers, *, relu=True, last_relu=False, bias=True, last_bias=True):
    """Return the solution of exercise 3, or one with mistakes in it."""
    for index, (W, b) in enumerate(layers):
        is_last = index == len(layers) - 1
        X = np.dot(X, W) + b * (last_bias if is_last else bias)
        if last_relu if is_last else relu:
            X = npx.relu(X)
    return X


def change_in_place(X, layers):
    scores = forward(X, layers)
    X[:] = 0
    return scores


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("07.1", 784 * 100 + 100 * 50 + 50 * 10, "the weights alone"),
        ("07.1", 84060 + 784, "the inputs have no biases"),
        ("07.1", 84060 - 160 + 3, "each unit has its own"),
        ("07.1", 84060 - 510, "the output layer is missing"),
        ("07.1", 84060 - 10, "the output layer has biases"),
        ("07.1", 784 * 100 + 100 + 784 * 50 + 50 + 510, "not the 784 pixels"),
        ("07.1", 784 + 100 + 50 + 10, "these are the units"),
        ("07.1", 28 * 100 + 100 + 5050 + 510, "784 pixels, not 28"),
        ("07.1", 84061, "Add up three layers"),
        ("07.2", ([1, -2], -0.5), "XOR itself"),
        ("07.2", ([-1, 1], 0.5), "at (1, 1) the score is -0.5, and should be above 0"),
        ("07.2", ([-1, 2], 0), "at (0, 0) the score is 0, and should be above 0"),
        ("07.2", ([1, 1], 0.5), "at (0, 1) the score is 1.5, and should be below 0"),
        ("07.2", ([-1, 2, 0], 0.5), "two weights"),
        ("07.2", [-1, 2], "the pair"),
        ("07.3", lambda X, layers: forward(X, layers, last_relu=True), "after the last layer, too"),
        ("07.3", lambda X, layers: forward(X, layers, relu=False), "missing between the layers"),
        ("07.3", lambda X, layers: forward(X, layers, bias=False, last_bias=False), "the biases are missing"),
        ("07.3", lambda X, layers: forward(X, layers, last_bias=False), "the last bias is missing"),
        ("07.3", lambda X, layers: forward(X, layers, bias=False), "only the last layer has a bias"),
        ("07.3", lambda X, layers: forward(X, layers[:-1], last_relu=True), "the last layer is missing"),
        ("07.3", change_in_place, "changed in place"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize("answer", [([-3, 7], 1), ((-2, 4), 1.0)])
def test_other_output_layers_are_right_as_well(answer, capsys):
    assert said("07.2", answer, capsys).startswith("✓ Exercise 07.2: right.")
