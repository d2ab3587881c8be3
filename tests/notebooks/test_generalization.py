"""Notebook 08: what it claims about errors, remedies, and intervals; wrong answers to its exercises."""

import numpy as onp
import pytest
from lessons import lesson
from mxnet import np, npx
from support import said

from d2lhelpers import evaluate, fit


@pytest.fixture
def names():
    return lesson("08-generalization").names()


@pytest.fixture
def data(names):
    """Return the notebook's definitions, and the emoji, split and standardized."""
    cells = "emoji = load_emoji()", "mean, deviation = emoji", "def split_at_random"  # the last one defines only
    return names | lesson("08-generalization").names(*cells)


@pytest.fixture
def loaders(data):
    """Return loaders of the training and the validation set for `evaluate`."""
    masks = {"training": data["in_train"], "validation": data["in_validation"]}
    return {name: data["make_loader"](data["images"], data["labels"], masks[name], batch_size=1000) for name in masks}


# ---- The error that counts ----


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_training_error_falls_with_the_degree_and_validation_error_turns_up(names, random_seed):
    points = names["make_points"](random_seed)
    training, validation = names["measure_degrees"](points, range(16))
    assert (onp.diff(training) < 1e-9).all()
    assert training[1] > 2 * training[3] > 2 * training[15]
    best = validation.argmin()
    assert 3 <= best <= 9
    assert validation[1] > 1.5 * validation[best]
    assert validation[15] > 1.2 * validation[best]


def test_how_high_the_validation_error_ends_depends_on_the_noise(names):
    def rise(random_seed):
        _, validation = names["measure_degrees"](names["make_points"](random_seed), range(16))
        return validation[15] / validation.min()

    assert rise(2) < 1.5
    assert rise(1) > 50


def test_with_less_noise_the_best_degree_is_larger(names):
    best = [
        names["measure_degrees"](names["make_points"](0, noise=noise), range(16))[1].argmin() for noise in (0.3, 0.1)
    ]
    assert best == [3, 5]


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_more_points_make_a_high_degree_harmless(names, random_seed):
    training, validation = names["measure_degrees"](names["make_points"](random_seed, 1000), [15])
    assert training.item() == pytest.approx(0.09, abs=0.015)
    assert validation.item() == pytest.approx(0.09, abs=0.04)


def test_no_concept_is_in_two_sets(data):
    concepts = data["emoji"].concepts
    parts = [set(concepts[data[name]].tolist()) for name in ("in_train", "in_validation", "in_test")]
    assert sum(map(len, parts)) == len(set(concepts.tolist()))


# ---- The gap ----


def test_weight_decay_is_a_penalty_a_step_and_an_option_of_gluon():
    twenty_steps = lesson("08-generalization").names("X, y = (np.array(random_numbers")["twenty_steps"]
    penalty, step, gluon = (twenty_steps(kind).asnumpy() for kind in ("penalty", "step", "Gluon"))
    onp.testing.assert_allclose(penalty, gluon, rtol=1e-5, atol=1e-6)
    onp.testing.assert_allclose(step, gluon, rtol=1e-5, atol=1e-6)
    assert onp.linalg.norm(gluon) < 0.8 * onp.linalg.norm(twenty_steps("Gluon", wd=0).asnumpy())


def test_variants_are_shifted_and_half_of_them_mirrored(names):
    image = onp.zeros((1000, 3, 32, 32), "float32")
    image[:, :, 16, 10] = 1  # a point left of the middle
    varied = names["vary"](image, onp.random.RandomState(0))
    assert (varied.sum(axis=(1, 2, 3)) == 3).all()  # one point, in each of three channels
    _, rows, columns = onp.nonzero(varied[:, 0])
    assert set(rows) == {14, 15, 16, 17, 18}
    assert set(columns) == {8, 9, 10, 11, 12, 19, 20, 21, 22, 23}
    assert 400 < (columns > 16).sum() < 600


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_the_network_can_fit_fifty_images(data, random_seed):
    fifty = data["make_loader"](data["images"], data["labels"], data["first"](data["in_train"], 50), shuffle=True)
    net = data["build"]()
    fit(net, fifty, num_epochs=40, lr=0.05, plot=False, seed=random_seed)
    assert evaluate(net, fifty)[1] == 1


@pytest.mark.training
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_each_remedy_narrows_the_gap(data, loaders, random_seed):
    train, build, at, images, labels = (data[name] for name in ("train", "build", "at", "images", "labels"))
    loader = data["make_loader"](images, labels, data["in_train"], shuffle=True)
    plain, _ = train(build(), loader, loaders, random_seed=random_seed)
    last = at(plain, -1)
    best = int(onp.argmin(plain["validation loss"]))
    stopped = at(plain, best)
    assert min(plain["training loss"][0], plain["validation loss"][0]) > 2  # although log 6 is 1.8
    assert best <= 5  # overfitting: the validation loss turns while the training loss falls
    assert last["validation loss"] > stopped["validation loss"] + 0.15
    assert last["training loss"] < stopped["training loss"] - 0.5
    assert last["training accuracy"] > 0.94
    assert last["validation accuracy"] < 0.5
    part = data["first"](data["in_train"], 298)
    few_loader = data["make_loader"](images, labels, part, shuffle=True)
    few_sets = loaders | {"training": data["make_loader"](images, labels, part, batch_size=1000)}
    few = at(train(build(), few_loader, few_sets, num_epochs=40, random_seed=random_seed)[0], -1)
    runs = {
        "early stopping": stopped,
        "weight decay": at(train(build(), loader, loaders, wd=0.1, random_seed=random_seed)[0], -1),
        "dropout": at(train(build(0.5), loader, loaders, random_seed=random_seed)[0], -1),
        "augmentation": at(train(build(), data["Augmented"](loader), loaders, random_seed=random_seed)[0], -1),
    }
    gap = last["validation loss"] - last["training loss"]
    for name, run in runs.items():
        assert run["validation loss"] - run["training loss"] < 0.8 * gap, name
        assert run["validation loss"] < last["validation loss"] - 0.1, name
        assert abs(run["validation accuracy"] - last["validation accuracy"]) < 0.05, name
    assert min(runs, key=lambda name: runs[name]["validation loss"]) == "weight decay"
    assert few["validation loss"] - few["training loss"] > 1.1 * gap
    assert 0.035 < last["validation accuracy"] - few["validation accuracy"] < 0.08  # more data raise it


@pytest.mark.training
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_validation_loss_has_a_valley_between_no_penalty_and_a_strong_one(data, loaders, random_seed):
    loader = data["make_loader"](data["images"], data["labels"], data["in_train"], shuffle=True)
    curves = [
        data["train"](data["build"](), loader, loaders, wd=wd, random_seed=random_seed)[0] for wd in (0, 0.01, 0.1, 1)
    ]
    training, validation = (onp.array([curve[f"{name} loss"][-1] for curve in curves]) for name in loaders)
    assert (onp.diff(training) > 0).all()
    assert validation.argmin() == 2
    assert validation[3] - training[3] < 0.15


@pytest.mark.training
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_wrong_answers_become_more_certain(data, loaders, random_seed):
    loader = data["make_loader"](data["images"], data["labels"], data["in_train"], shuffle=True)
    net = data["build"]()
    _, weights = data["train"](net, loader, loaders, random_seed=random_seed)
    images, labels = (data[name][data["in_validation"]] for name in ("images", "labels"))
    means = []
    for epoch in (1, 10):
        data["restore_weights"](net, weights[epoch])
        probabilities = npx.softmax(net(np.array(images))).asnumpy()
        wrong = probabilities.argmax(axis=1) != labels
        means.append((probabilities[wrong].max(axis=1).mean(), probabilities[~wrong].max(axis=1).mean()))
    (wrong_before, right_before), (wrong_after, right_after) = means
    assert wrong_after > wrong_before + 0.1
    assert right_after > right_before + 0.1


@pytest.mark.training
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_the_sample_solution_reaches_the_goal_of_the_mini_project(data, loaders, random_seed):
    loader = data["make_loader"](data["images"], data["labels"], data["in_train"], shuffle=True)
    curves, _ = data["train"](data["build"](0.3), loader, loaders, num_epochs=15, wd=0.1, random_seed=random_seed)
    assert min(curves["validation loss"]) <= 1.45


# ---- Trust the number ----


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_the_interval_contains_95_percent(names, random_seed):
    p, n = 0.8, 400
    low, high = names["interval"](p, n)
    measured = (onp.random.RandomState(random_seed).uniform(size=(10_000, n)) < p).mean(axis=1)
    assert 0.94 < ((measured >= low) & (measured <= high)).mean() < 0.97


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_the_best_of_a_hundred_tosses_looks_good_and_is_not(names, random_seed):
    chosen_on, fresh = names["toss_classifiers"](random_seed)
    winner = chosen_on.argmax()
    assert chosen_on[winner] >= 0.62
    assert fresh[winner] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_folds_scatter_and_their_mean_has_its_minimum_at_degree_two(names, random_seed):
    table = lesson("08-generalization").names("cars = load_cars()")
    features, mileage = table["features"], table["mileage"]
    order = onp.random.RandomState(random_seed).permutation(len(mileage))[:100]
    errors = [names["cross_validate"](features, mileage, order, degree) for degree in (1, 2, 3, 4)]
    assert onp.mean(errors, axis=1).argmin() == 1
    assert max(errors[1]) - min(errors[1]) > 1


@pytest.mark.training
@pytest.mark.parametrize("random_seed", [0, 1, 2])
def test_accuracy_drops_in_a_third_style_and_a_leak_flatters(data, loaders, random_seed):
    (same, _), (other, _) = data["shift_styles"](random_seed)
    assert 0.04 < same - other < 0.12
    leaky, _, in_both = data["split_at_random"](random_seed)
    assert in_both > 0.9
    loader = data["make_loader"](data["images"], data["labels"], data["in_train"], shuffle=True)
    curves, _ = data["train"](data["build"](), loader, loaders, random_seed=random_seed)
    assert leaky > curves["validation accuracy"][-1] + 0.03


# ---- Exercises ----


def better_by(bar):
    """Return an answer to exercise 2: A is better if its lead is above `bar`, a function of the lead, a, b, and n."""

    def clearly_better(right_a, right_b):
        a, b = (right_a & ~right_b).sum(), (right_b & ~right_a).sum()
        return bar(a - b, a, b, len(right_a))

    return clearly_better


def folds(count, k, validation=lambda numbers, fold, k: numbers % k == fold):
    numbers = onp.arange(count)
    return [(numbers[~validation(numbers, fold, k)], numbers[validation(numbers, fold, k)]) for fold in range(k)]


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("08.1", (0.885, 0.915), "one standard deviation"),
        ("08.1", (0.9 - 0.00045, 0.9 + 0.00045), "the root is missing"),
        ("08.1", (0.9 - 0.0015, 0.9 + 0.0015), "divide by n inside the root"),
        ("08.1", (0.3, 1.5), "number of examples is missing"),
        ("08.1", (0.9 - 2 * (0.9 / 400) ** 0.5, 0.9 + 2 * (0.9 / 400) ** 0.5), "both p and 1"),
        ("08.1", (0.93, 0.87), "the low end comes first"),
        ("08.1", (0.8, 0.9), "in its middle"),
        ("08.1", (0.8, 1.0), "is not right"),
        ("08.1", 0.9, "the pair"),
        ("08.2", better_by(lambda lead, a, b, n: lead > 2 * n**0.5), "exactly one of the two"),
        ("08.2", better_by(lambda lead, a, b, n: lead > 2 * (a + b)), "Is the root missing"),
        ("08.2", better_by(lambda lead, a, b, n: lead > (a + b) ** 0.5), "Is the factor 2 missing"),
        ("08.2", better_by(lambda lead, a, b, n: abs(lead) > 2 * (a + b) ** 0.5), "sign of the difference"),
        ("08.2", better_by(lambda lead, a, b, n: lead), "True or False"),
        ("08.3", lambda count, k: folds(count, k)[:-1], "pairs (train, validation)"),
        ("08.3", lambda count, k: [(onp.arange(count), test) for _, test in folds(count, k)], "That is a leak"),
        ("08.3", lambda count, k: [(test, train) for train, test in folds(count, k)], "trains on the small part"),
        ("08.3", lambda count, k: [(train[1:], test) for train, test in folds(count, k)], "once each"),
        ("08.3", lambda count, k: [folds(count, k)[0]] * k, "times instead of once"),
    ],
)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [("08.1", (0.87, 0.93)), ("08.2", better_by(lambda lead, a, b, n: lead > 2 * (a + b) ** 0.5)), ("08.3", folds)],
)
def test_right_answers_are_right(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right.")
