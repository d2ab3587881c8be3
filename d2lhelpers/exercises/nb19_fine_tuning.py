"""Checks of the exercises of notebook 19, fine-tuning."""

from typing import Any

import numpy as onp  # the original NumPy: independent of what the student computes with
from mxnet import gluon, init, np
from mxnet.gluon import nn

from d2lhelpers.exercises.answers import NotDone, WrongAnswer, as_number, call, compare, name_mistake

TOTAL, FEATURES, OLD_CLASSES, NEW_CLASSES = 4_652_008, 1_280, 1_000, 6  # exercise 1
RATE, SHARE = 0.003, 0.1  # exercise 2: the rate of the head, and the part of it for the upper layers


def exercise_1(answer: object) -> str:
    """Check the numbers of trained parameters with a frozen body, and without freezing anything."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("check needs the pair (frozen, everything).")
    if ... in answer:
        raise NotDone
    frozen, everything = (as_number(value, what="each answer") for value in answer)
    old_head, head = ((FEATURES + 1) * classes for classes in (OLD_CLASSES, NEW_CLASSES))
    mistakes: dict[str, Any] = {
        "frozen: these are the weights only; each class has a bias, too.": FEATURES * NEW_CLASSES,
        "frozen: this is the old output layer, with a thousand classes. The new one has six.": old_head,
        "frozen: this is the body, which is exactly what does not learn.": TOTAL - old_head,
        "frozen: one bias for each feature? There is one for each class.": FEATURES * (NEW_CLASSES + 1),
    }
    name_mistake(frozen, mistakes, rtol=0, atol=0.5)
    compare(frozen, head, what="frozen", rtol=0, atol=0.5)
    mistakes = {
        "everything: the old output layer is still in it. It was replaced.": TOTAL,
        "everything: the old output layer is still in it. It was replaced, not joined by a second one.": TOTAL + head,
        "everything: the new output layer is missing. It learns, too.": TOTAL - old_head,
        "everything: subtract the biases of the old output layer as well.": TOTAL - FEATURES * OLD_CLASSES + head,
    }
    name_mistake(everything, mistakes, rtol=0, atol=0.5)
    compare(everything, TOTAL - old_head + head, what="everything", rtol=0, atol=0.5)
    return "With a frozen body, fewer than three parameters in a thousand learn."


def exercise_2(answer: object) -> str:
    """Check a trainer with frozen lower layers, upper layers at a tenth of the head's rate, and a head."""
    net = _SmallNetwork()
    net.initialize(init.Zero())  # draws no random numbers
    net(np.zeros((1, 3)))
    trainer = call(answer, net, 2, shown="make_trainer(net, 2)")
    if not isinstance(trainer, gluon.Trainer):
        raise WrongAnswer("make_trainer should return a gluon.Trainer.")
    trained = {parameter.name for parameter in trainer._params}
    lower, upper, head = (list(part.collect_params().values()) for part in (*_split(net), net.output))
    if any(parameter.grad_req != "null" for parameter in lower):
        if all(parameter.lr_mult == 0 for parameter in lower):
            raise WrongAnswer('with lr_mult = 0, the lower layers still get gradients. Use grad_req = "null".')
        raise WrongAnswer('the first 2 layers still get gradients. Freeze them: grad_req = "null".')
    for name, parameters in {"upper layers": upper, "head": head}.items():
        if any(parameter.grad_req == "null" for parameter in parameters):
            raise WrongAnswer(f"the {name}: no gradients. Freeze only the first `depth` layers.")
        if any(parameter.name not in trained for parameter in parameters):
            raise WrongAnswer(f"the trainer does not get the parameters of the {name}. One trainer can have them all.")
    rates = []
    for name, parameters in {"upper layers": upper, "head": head}.items():
        found = {round(trainer.learning_rate * parameter.lr_mult, 9) for parameter in parameters}
        if len(found) > 1:
            raise WrongAnswer(f"the parameters of the {name} have different rates: {sorted(found)}. Set all of them.")
        rates.append(found.pop())
    _compare_rates(*rates)
    return "What should not change is frozen, and the head can take larger steps than the layers below it."


def _split(net: "_SmallNetwork") -> tuple[nn.Block, nn.Block]:
    return net.features[:2], net.features[2:]


def _compare_rates(upper: float, head: float) -> None:
    if onp.isclose(upper, RATE) and onp.isclose(head, RATE):
        raise WrongAnswer("the upper layers and the head have the same rate. Set lr_mult of the parameters in between.")
    if onp.isclose(upper, RATE):
        raise WrongAnswer(f"the two are exchanged: the upper layers have the rate {upper:g}, the head {head:g}.")
    if onp.isclose(upper, SHARE) and onp.isclose(head, RATE):
        raise WrongAnswer("lr_mult is not a rate. The optimizer's rate is multiplied by it.")
    if onp.isclose(upper, RATE * SHARE) and onp.isclose(head, RATE * SHARE):
        raise WrongAnswer("lr_mult is 0.1 for all parameters, also for the head's. Set it for net.features only.")
    if onp.isclose(upper, RATE * RATE * SHARE):
        raise WrongAnswer("lr_mult is not a rate. It multiplies the optimizer's rate, so it should be 0.1.")
    if not (onp.isclose(upper, RATE * SHARE) and onp.isclose(head, RATE)):
        raise WrongAnswer(
            f"the upper layers have the rate {upper:g}, the head {head:g}; they should have 0.0003 and 0.003."
        )


def exercise_3(answer: object) -> str:
    """Check classification by the most similar training example."""
    features = onp.array([[4.0, 0, 0], [0, 1, 1], [0, 0, 2], [1, 1, 0]], dtype="float32")
    labels = onp.array([3, 0, 2, 1], dtype="int32")
    queries = onp.array([[1.0, 0.1, 0], [0, 3, 3], [0.1, 0, 1], [9, 8, 0], [0.3, 0.1, 0]], dtype="float32")
    shown = "nearest(features, labels, queries)"
    result = call(answer, *(np.array(array, dtype=array.dtype) for array in (features, labels, queries)), shown=shown)
    cosine = _directions(queries) @ _directions(features).T
    distances = ((queries[:, None] - features[None]) ** 2).sum(axis=2)
    expected = labels[cosine.argmax(axis=1)]
    mistakes = {
        "these are the positions of the nearest examples. Look up their labels.": cosine.argmax(axis=1),
        "this takes the least similar example: the largest cosine is the best.": labels[cosine.argmin(axis=1)],
        "long vectors win: divide the training features by their lengths, too.": labels[
            (queries @ features.T).argmax(axis=1)
        ],
        "this compares distances. Two vectors of the same direction are similar whatever their lengths are: "
        "use the cosine.": labels[distances.argmin(axis=1)],
    }
    name_mistake(result, mistakes)
    compare(result, expected, what=shown)
    return "No training at all: the network that made the features has done the work."


class _SmallNetwork(nn.Block):
    """A network with a body and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        self.features.add(nn.Dense(4, activation="relu"), nn.Dense(5), nn.Dense(6, activation="relu"), nn.Dense(5))
        self.output = nn.Dense(2)

    def forward(self, x: Any) -> Any:
        """Return the logits."""
        return self.output(self.features(x))


def _directions(vectors: onp.ndarray) -> onp.ndarray:
    return vectors / onp.linalg.norm(vectors, axis=1, keepdims=True)
