"""Checks of the exercises of notebook 07, multilayer perceptron."""

import itertools

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import (
    NotDone,
    WrongAnswer,
    as_array,
    as_number,
    call,
    compare,
    name_mistake,
    to_mxnet,
)

SIZES = (784, 100, 50, 10)  # exercise 1
POINTS = ((0, 0), (0, 1), (1, 0), (1, 1))  # exercise 2


def exercise_1(answer: object) -> str:
    """Check the number of parameters of a network with two hidden layers."""
    count = as_number(answer, what="num_parameters")
    weights = sum(a * b for a, b in itertools.pairwise(SIZES))
    biases = sum(SIZES[1:])
    mistakes = {
        f"these are the weights alone. Each unit but the inputs has a bias, too: {biases} of them.": weights,
        "the inputs have no biases; only the units of the three layers do.": weights + biases + SIZES[0],
        "one bias for each layer is too few: each unit has its own.": weights + 3,
        "the output layer is missing, with its weights and biases.": weights + biases - 50 * 10 - 10,
        "the output layer has biases, too.": weights + biases - 10,
        "the second hidden layer gets the 100 units of the first, not the 784 pixels.": (
            784 * 100 + 100 + 784 * 50 + 50 + 50 * 10 + 10
        ),
        "these are the units. A layer has a weight for each pair of an input and an output.": sum(SIZES),
        "an image of 28×28 has 784 pixels, not 28.": 28 * 100 + 100 + 100 * 50 + 50 + 50 * 10 + 10,
    }
    name_mistake(count, mistakes, rtol=0, atol=0.5)
    if count != weights + biases:
        raise WrongAnswer(f"{count:,.0f} is not right. Add up three layers, each with a · b weights and b biases.")
    return "93 % of them are in the first layer: the pixels make it expensive."


def exercise_2(answer: object) -> str:
    """Check output weights with which the hidden units of the XOR network compute its opposite."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("check wants the pair (w, b).")
    if answer[1] is ... or (isinstance(answer[0], list) and ... in answer[0]):
        raise NotDone
    w, b = as_array(answer[0], what="w"), as_number(answer[1], what="b")
    if w.shape != (2,):
        raise WrongAnswer(f"w should hold two weights, one for each hidden unit; it has shape {w.shape}.")
    scores = {}
    for x1, x2 in POINTS:
        hidden = onp.maximum([x1 + x2, x1 + x2 - 1], 0)
        scores[x1, x2] = float(hidden @ w + b)
    if all((scores[point] > 0) == (point[0] != point[1]) and scores[point] != 0 for point in POINTS):
        raise WrongAnswer("this is XOR itself: above 0 where the inputs differ. Turn every sign.")
    for point, score in scores.items():
        wanted = "above" if point[0] == point[1] else "below"
        if score == 0 or (score > 0) != (wanted == "above"):
            raise WrongAnswer(f"at {point} the score is {score:g}, and should be {wanted} 0.")
    return "Only the output layer changed: the hidden layer had done the hard part."


def exercise_3(answer: object) -> str:
    """Check the forward pass of a multilayer perceptron of any depth."""
    random = onp.random.RandomState(7)
    for sizes in ((5, 4, 3), (5, 3), (4, 6, 5, 4, 2)):
        X = random.normal(size=(6, sizes[0]))
        pairs = [(random.normal(size=(a, b)), random.normal(size=b)) for a, b in itertools.pairwise(sizes)]
        shown = f"forward(X, layers) with {len(pairs)} layer{'s' * (len(pairs) > 1)}"
        given = [(to_mxnet(W), to_mxnet(b)) for W, b in pairs]
        inputs = to_mxnet(X)
        got = call(answer, inputs, given, shown=shown)
        if not onp.allclose(as_array(inputs), X, atol=1e-5):
            raise WrongAnswer("X is changed in place; give the name to new arrays, as `X = npx.relu(...)` does.")
        right = _forward(X, pairs)
        last_W, _ = pairs[-1]
        hidden = _forward(X, pairs[:-1], last_relu=True)
        mistakes = {
            f"{shown}: ReLU comes after the last layer, too; scores may be negative.": _forward(
                X, pairs, last_relu=True
            ),
            f"{shown}: ReLU is missing between the layers.": _forward(X, pairs, relu=False),
            f"{shown}: the biases are missing.": _forward(X, [(W, 0 * b) for W, b in pairs]),
            f"{shown}: the last bias is missing.": hidden @ last_W,
            f"{shown}: the last layer is missing.": hidden,
            f"{shown}: only the last layer has a bias.": _forward(X, [(W, 0 * b) for W, b in pairs[:-1]] + [pairs[-1]]),
        }
        different = {
            words: wrong
            for words, wrong in mistakes.items()
            if wrong.shape != right.shape or not onp.allclose(wrong, right, atol=1e-3)
        }
        name_mistake(got, different, what=shown, rtol=1e-3, atol=1e-4)
        compare(got, right, what=shown, rtol=1e-3, atol=1e-4)
    return "All of deep learning's forward passes look like this: a loop over layers."


def _forward(
    X: onp.ndarray,
    layers: list[tuple[onp.ndarray, onp.ndarray]],
    *,
    relu: bool = True,
    last_relu: bool = False,
) -> onp.ndarray:
    for index, (W, b) in enumerate(layers):
        X = X @ W + b
        if (relu and index < len(layers) - 1) or last_relu:
            X = onp.maximum(X, 0)
    return X
