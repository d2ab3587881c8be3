"""Metrics against their formulas in NumPy, with every kind of array."""

import inspect

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import array, random
from mxnet import metric as metrics
from mxnet import np
from scipy import special

P = special.softmax(random(8, 2, seed=2, low=-2, high=2), axis=1)
Y = onp.array([0, 1, 1, 0, 1, 0, 0, 1])
P3, Y3 = special.softmax(random(8, 3, seed=4), axis=1), onp.array([0, 1, 2, 0, 1, 2, 2, 1])
GUESS = P.argmax(1)
TP, FP, FN, TN = ((a & b).sum() for a in (GUESS > 0, GUESS < 1) for b in (Y > 0, Y < 1))
MCC = (TP * TN - FP * FN) / onp.sqrt(float((TP + FP) * (TP + FN) * (TN + FP) * (TN + FN)))
LOGS = -onp.log(P[range(8), Y]).mean()
A, B = random(8, seed=5), random(8, seed=6)

# name: arguments, labels, predictions, value
CASES = {
    "Accuracy": ({}, Y, P, (GUESS == Y).mean()),
    "Accuracy of classes": ({}, Y, GUESS, (GUESS == Y).mean()),
    "TopKAccuracy": ({"top_k": 2}, Y3, P3, (P3.argsort(1)[:, 1:] == Y3[:, None]).any(1).mean()),
    "F1": ({}, Y, P, 2 * TP / (2 * TP + FP + FN)),
    "MCC": ({}, Y, P, MCC),
    "PCC": ({}, Y, P, MCC),
    "CrossEntropy": ({}, Y, P, LOGS),
    "NegativeLogLikelihood": ({}, Y, P, LOGS),
    "Perplexity": ({"ignore_label": None}, Y, P, onp.exp(LOGS)),
    "Perplexity with padding": ({"ignore_label": 0}, Y, P, onp.exp(-onp.log(P[range(8), Y])[Y != 0].mean())),
    "MAE": ({}, A, B, abs(A - B).mean()),
    "MSE": ({}, A, B, ((A - B) ** 2).mean()),
    "RMSE": ({}, A, B, onp.sqrt(((A - B) ** 2).mean())),
    "PearsonCorrelation": ({}, A, B, onp.corrcoef(A, B)[0, 1]),
    "PearsonCorrelation of all": ({"average": "micro"}, A, B, onp.corrcoef(A, B)[0, 1]),
    "Loss": ({}, A, B, B.mean()),
    "Torch": ({}, A, B, B.mean()),
    "Caffe": ({}, A, B, B.mean()),
    "CustomMetric": ({"feval": lambda y, p: float(abs(y - p).max())}, A, B, abs(A - B).max()),
}
FORMS = {
    "arrays": array,
    "integers": lambda x: np.array(x, dtype="int32" if x.dtype.kind == "i" else "float32"),
    "float64": lambda x: np.array(x, dtype="float64"),
    "lists of arrays": lambda x: [array(x)],
    "NumPy's arrays": lambda x: x,
    "lists of NumPy's arrays": lambda x: [x],
    "old arrays": lambda x: mx.nd.array(x),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES)
def test_values(case, form):
    arguments, labels, preds, value = CASES[case]
    metric = getattr(metrics, case.split()[0])(**arguments)
    metric.update(FORMS[form](labels), FORMS[form](preds))
    assert metric.get()[1] == pytest.approx(value, rel=1e-5)
    metric.reset()
    assert onp.isnan(metric.get()[1])


@pytest.mark.parametrize("case", [case for case in CASES if " " not in case and "Pearson" not in case])
def test_labels_in_a_column(case):
    arguments, labels, preds, value = CASES[case]
    if case in ("MAE", "MSE", "RMSE", "CustomMetric"):
        preds = preds[:, None]
    metric = getattr(metrics, case)(**arguments)
    metric.update(array(labels[:, None]), array(preds))
    assert metric.get()[1] == pytest.approx(value, rel=1e-5)


def test_every_metric_is_tested():
    classes = {
        name
        for name, value in vars(metrics).items()
        if inspect.isclass(value) and issubclass(value, metrics.EvalMetric)
    }
    assert classes - {"EvalMetric", "CompositeEvalMetric"} == {case.split()[0] for case in CASES}


def test_metrics_of_several_batches_and_a_composite():
    metric = metrics.create(["acc", "ce"])
    for part in (slice(0, 5), slice(5, 8)):
        metric.update(array(Y[part]), array(P[part]))
    assert metric.get()[1] == pytest.approx([CASES["Accuracy"][3], LOGS], rel=1e-5)
    own = metrics.np(lambda y, p: float((y * p).sum()))
    own.update(array([1, 2]), array([3, 4]))
    assert own.get()[1] == 11


@pytest.mark.parametrize(
    ("name", "labels", "preds", "message"),
    [
        ("MSE", onp.zeros(4), onp.zeros((4, 2)), r"shape \(4,\) do not fit predictions of shape \(4, 2\)"),
        ("MAE", onp.zeros((4, 2)), onp.zeros(4), "do not fit"),
        ("CrossEntropy", onp.array([0, -1]), P[:2], "label -1 is not a class from 0 to 1"),
        ("NegativeLogLikelihood", onp.array([0, 2]), P[:2], "label 2 is not a class"),
        ("Accuracy", onp.eye(2), P[:2], "must be classes.*Pass labels as class numbers"),
        ("Accuracy", onp.zeros(3), P[:2], "does not match"),
    ],
)
def test_what_used_to_give_a_wrong_number(name, labels, preds, message):
    with pytest.raises(ValueError, match=message):
        getattr(metrics, name)().update(array(labels), array(preds))
