"""Notebook 19: pretrained features win; what fine-tuning and batch norm do; the mini-project; wrong answers."""

import re
from pathlib import Path
from tempfile import mkdtemp

import nbformat
import numpy as onp
import pytest
from lessons import NOTEBOOKS, lesson
from mxnet import autograd, gluon, init, np
from mxnet.gluon import nn
from support import said

from d2lhelpers import evaluate
from d2lhelpers.figures import nb19_fine_tuning as figures

SEEDS = pytest.mark.parametrize("random_seed", [0, 1, 2])


@pytest.fixture(scope="module")
def names():
    return lesson("19-fine-tuning").names()


@pytest.fixture(scope="module")
def data():
    """Return the notebook's namespace with the features computed and the heads trained and saved."""
    cells = (
        "loss_function = gluon.loss",
        "pretrained = load_pretrained()",
        "training_part = draw_training_images(100)",
        "lower, upper = pretrained",
        "seconds_lower = timer",
        "validation_loader = loader_of",
        "def example_folder",
    )
    names = dict(lesson("19-fine-tuning").names(*cells))
    saved = Path(mkdtemp())
    names["heads"] = {}
    for count in (20, 100):
        names["heads"][count], _ = names["train_head"](names["features"], count)
        names["heads"][count].save_parameters(f"{saved}/{count}.params")
    names["saved"] = names["build"].__globals__["saved"] = saved
    return names


def test_no_concept_is_in_two_sets(data):
    concepts = data["emoji"].concepts
    parts = [set(concepts[data[f"{name}_part"]].tolist()) for name in ("training", "validation", "test")]
    assert sum(map(len, parts)) == len(set.union(*parts))


def test_every_class_has_a_hundred_training_images(data):
    assert onp.bincount(data["labels"]["training"]).tolist() == [100] * 4
    assert all(
        (data["labels"]["training"][data["few"](5, draw)] == onp.repeat(onp.arange(4), 5)).all() for draw in range(3)
    )


def test_the_stored_features_are_those_of_the_whole_body(data):
    images = data["enlarge"](data["training_part"][:5])
    whole = data["pretrained"].features(np.array(images)).asnumpy()
    onp.testing.assert_allclose(data["features"]["training"][:5], whole, rtol=1e-3, atol=1e-3)


def test_frozen_batch_norm_is_a_fixed_scale_and_shift_and_so_are_its_gradients(names):
    X = np.array(onp.random.RandomState(0).normal(2, 3, (8, 4, 5, 5)), dtype="float32")
    convolution, norm = nn.Conv2D(4, 3, in_channels=4), nn.BatchNorm(in_channels=4)
    convolution.initialize(init.Constant(0.1))
    norm.initialize()
    norm.apply(names["freeze_statistics"])
    norm.running_mean.set_data(np.array([1.0, 2.0, 3.0, 4.0]))
    norm.running_var.set_data(np.array([4.0, 1.0, 9.0, 1.0]))
    shift, scale = (np.array(values).reshape(1, 4, 1, 1) for values in ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 3.0, 1.0]))
    gradients = []
    for function in (norm, lambda maps: (maps - shift) / scale):
        with autograd.record():
            loss = (function(convolution(X)) ** 3).sum()
        loss.backward()
        gradients.append(convolution.weight.grad().asnumpy().copy())
    onp.testing.assert_allclose(*gradients, rtol=1e-3)
    assert norm.running_mean.data().tolist() == [1, 2, 3, 4]


@pytest.mark.training
@SEEDS
def test_pretraining_wins_at_every_size(data, random_seed):
    for count in (5, 20, 100):
        head = data["train_head"](data["features"], count, random_seed)[1].test_accuracy[-1]
        training, validation = data["train_from_scratch"](count, random_seed)
        assert training > 0.9
        assert head > validation - 0.01


@pytest.mark.training
def test_a_small_rate_keeps_what_the_body_knows_and_the_heads_rate_does_not(data):
    gains = []
    for draw in range(3):
        head, _ = data["train_head"](data["features"], 20, draw)
        head.save_parameters(f"{data['saved']}/20.params")
        net, (before, *_, after), _ = data["watch"](1 / 30, draw=draw)
        assert after > before - 0.12
        truth = data["labels"]["test"]
        results = data["compute"](net, data["middle"]["test"]), data["compute"](head, data["features"]["test"])
        on_test = [(logits.argmax(axis=1) == truth).mean() for logits in results]
        gains += [after - before, on_test[0] - on_test[1]]
        assert data["watch"](1, num_epochs=2, draw=draw)[1][-1] < 0.4
    data["heads"][20].save_parameters(f"{data['saved']}/20.params")
    assert abs(sum(gains) / len(gains)) < 0.08


@pytest.mark.training
@SEEDS
@pytest.mark.parametrize("statistics_frozen", [False, True])
def test_training_mode_alone_changes_a_frozen_network(data, random_seed, statistics_frozen):
    net = data["build"](20) if statistics_frozen else data["build"](20, for_each_block=lambda block: None)
    before = evaluate(net, data["validation_loader"])[1]
    for _ in range(5):
        for X, y in data["loader_of"](data["middle"]["training"], "training", data["few"](20), order=random_seed):
            with autograd.record():
                losses = data["loss_function"](net(X), y)
            losses.backward()  # batch norm updates its statistics here; no weight changes
    after = evaluate(net, data["validation_loader"])[1]
    assert after == before if statistics_frozen else after < before - 0.05


@pytest.mark.training
@pytest.mark.parametrize("number", [1, 2])
def test_the_mini_projects_sample_solutions_reach_the_goal(data, number, tmp_path, monkeypatch, capsys):
    cells = nbformat.read(NOTEBOOKS / "19-fine-tuning.ipynb", as_version=4).cells
    (text,) = [cell.source for cell in cells if "Sample solution 1" in cell.source]
    first, second = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    if number == 2:
        first = second + first[first.index("my_features = ") :]
    monkeypatch.chdir(tmp_path)
    exec(first, data | {"emoji": data["emoji"]})
    accuracy, interval, constant = map(float, re.findall(r"\d\.\d\d", capsys.readouterr().out)[:3])
    assert accuracy - interval > constant


def test_the_occlusion_map_finds_what_a_score_depends_on(names):
    image = onp.zeros((3, 24, 24), dtype="float32")
    image[:, 16:, :8] = 1

    def score(images):
        return images[:, :, 16:, :8].mean(axis=(1, 2, 3))

    drops = names["occlusion_map"](score, image, 8, 8)
    expected = onp.zeros((3, 3))
    expected[2, 0] = 0.5
    onp.testing.assert_allclose(drops, expected)
    onp.testing.assert_allclose(image[:, 16:, :8], 1)  # the image itself is not changed


def test_figures_say_what_they_show(capsys):
    figures.race({"new\nhead": {5: 0.5, 20: 0.6}}, 0.3)
    figures.learning({"one tenth": [0.3, 0.6]}, frozen=0.5)
    assert capsys.readouterr().out.splitlines() == [
        "Accuracy with 5, 20 images per class: new head 0.50, 0.60.",
        "Accuracy against the epoch: one tenth ends at 0.60.",
    ]


# ---- Exercises ----


def trainer_with(upper, head, lr=0.003, train=lambda net: net.collect_params(), frozen=slice(2)):
    """Return an answer to exercise 2 with these values of lr_mult and these frozen layers."""

    def make_trainer(net, depth):
        net.features.collect_params().setattr("lr_mult", upper)
        net.output.collect_params().setattr("lr_mult", head)
        net.features[frozen].collect_params().setattr("grad_req", "null")
        return gluon.Trainer(train(net), "adam", {"learning_rate": lr})

    return make_trainer


def without_rate(net, depth):
    net.features.collect_params().setattr("lr_mult", 0.1)
    net.features[:depth].collect_params().setattr("lr_mult", 0)
    return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})


def nearest(features, labels, queries, normalize=True, best=onp.argmax):
    features, labels, queries = (array.asnumpy() for array in (features, labels, queries))
    if normalize:
        features = features / onp.linalg.norm(features, axis=1, keepdims=True)
    return labels[best(queries @ features.T, axis=1)]


def positions(features, labels, queries):
    return nearest(features, np.arange(len(labels)), queries)


def by_distance(features, labels, queries):
    distances = ((queries[:, None] - features[None]) ** 2).sum(axis=2)
    return labels[distances.argmin(axis=1)]


WRONG = [
    ("19.1", (7680, 3_378_694), "each class has a bias"),
    ("19.1", (1_281_000, 3_378_694), "this is the old output layer"),
    ("19.1", (3_371_008, 3_378_694), "exactly what does not learn"),
    ("19.1", (8960, 3_378_694), "There is one for each class"),
    ("19.1", (7686, 4_652_008), "It was replaced."),
    ("19.1", (7686, 4_659_694), "not joined by a second one"),
    ("19.1", (7686, 3_371_008), "the new output layer is missing"),
    ("19.1", (7686, 3_379_694), "biases of the old output layer"),
    ("19.1", 7686, "the pair"),
    ("19.2", trainer_with(1, 1), "have the same rate"),
    ("19.2", trainer_with(1, 0.1), "exchanged"),
    ("19.2", trainer_with(0.1, 0.1), "also for the head's"),
    ("19.2", trainer_with(0.0003, 1), "lr_mult is not a rate"),
    ("19.2", trainer_with(0.5, 1), "should have 0.0003 and 0.003"),
    ("19.2", trainer_with(0.1, 1, train=lambda net: net.output.collect_params()), "parameters of the upper layers"),
    ("19.2", trainer_with(0.1, 1, frozen=slice(None)), "Freeze only the first"),
    ("19.2", trainer_with(0.1, 1, frozen=slice(1)), "still get gradients. Freeze them"),
    ("19.2", without_rate, "with lr_mult = 0"),
    ("19.2", lambda net, depth: net, "a gluon.Trainer"),
    ("19.3", positions, "Look up their labels"),
    ("19.3", lambda *arrays: nearest(*arrays, best=onp.argmin), "least similar"),
    ("19.3", lambda *arrays: nearest(*arrays, normalize=False), "long vectors win"),
    ("19.3", by_distance, "compares distances"),
]


@pytest.mark.parametrize(("name", "answer", "words"), WRONG)
def test_wrong_answers_get_their_own_message(name, answer, words, capsys):
    text = said(name, answer, capsys)
    assert text.startswith(f"✗ Exercise {name}: ")
    assert words in text


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("19.1", (7686, 3_378_694)),
        ("19.2", trainer_with(0.1, 1)),
        ("19.2", trainer_with(1, 10, 0.0003)),
        ("19.3", nearest),
    ],
)
def test_right_answers_are_right(name, answer, capsys):
    assert said(name, answer, capsys).startswith(f"✓ Exercise {name}: right.")
