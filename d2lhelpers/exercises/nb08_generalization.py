"""Checks of the exercises of notebook 08, generalization."""

# Answers are computed in the original NumPy and double precision: independent of what the student computes with.
import numpy as onp

from d2lhelpers.exercises.answers import NotDone, WrongAnswer, as_array, as_number, call, name_mistake

ACCURACY, COUNT = 0.9, 400  # exercise 1

# Exercise 2: how many images only A, only B, both, and neither gets right; the answer; what a wrong one means.
CONTESTS = (
    (
        (900, 50, 30, 20),
        True,
        "Is the root missing? The difference is compared with 2 · √(a + b), not with 2 · (a + b).",
    ),
    ((20, 8, 900, 72), True, "Count only the images on which exactly one of the two is right, not all of them."),
    ((8, 20, 900, 72), False, "Here B is the better one; look at the sign of the difference."),
    ((60, 45, 80, 15), False, "15 is less than 2 · √105, two standard deviations. Is the factor 2 missing?"),
    ((30, 30, 100, 40), False, "The two differ by nothing at all."),
)


def exercise_1(answer: object) -> str:
    """Check the interval of an accuracy of 0.9 on 400 examples."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise WrongAnswer("check needs the pair (low, high).")
    if ... in answer:
        raise NotDone
    got = onp.array([as_number(value, what="each end of the interval") for value in answer])
    middle = onp.array([ACCURACY, ACCURACY])
    variance = ACCURACY * (1 - ACCURACY)
    sign = onp.array([-1, 1])
    half = 2 * onp.sqrt(variance / COUNT)  # 0.03
    mistakes = {
        "this is one standard deviation to each side. The interval goes two of them to each side.": half / 2,
        "the root is missing: take the square root of p(1 − p)/n.": 2 * variance / COUNT,
        "divide by n inside the root; here it is outside, where √n belongs.": 2 * onp.sqrt(variance) / COUNT,
        "the number of examples is missing: divide p(1 − p) by n, under the root.": 2 * onp.sqrt(variance),
        "under the root is p(1 − p)/n, with both p and 1 − p.": 2 * onp.sqrt(ACCURACY / COUNT),
    }
    name_mistake(got, {words: middle + sign * wrong for words, wrong in mistakes.items()}, rtol=0, atol=5e-4)
    if got[0] > got[1]:
        raise WrongAnswer("the low end comes first.")
    if not onp.isclose(got.mean(), ACCURACY, atol=2e-3):
        raise WrongAnswer(f"the interval should have the measured accuracy, {ACCURACY}, in its middle.")
    if not onp.allclose(got, middle + sign * half, atol=2e-3):
        raise WrongAnswer(f"{tuple(got.tolist())} is not right. Compute 2 · √(p(1 − p)/n) with p = 0.9 and n = 400.")
    return "Three points to each side, so a rival with 0.91 on the same number of images is not clearly better."


def exercise_2(answer: object) -> str:
    """Check McNemar's comparison of two models on the same images."""
    for (only_a, only_b, both, neither), expected, mistake in CONTESTS:
        outcomes = onp.repeat([[1, 0], [0, 1], [1, 1], [0, 0]], (only_a, only_b, both, neither), axis=0).astype(bool)
        right_a, right_b = onp.random.RandomState(8).permutation(outcomes).T.copy()
        shown = f"clearly_better with {only_a} images where A alone is right, {only_b} where B alone is"
        result = call(answer, right_a, right_b, shown=shown)
        if not isinstance(result, bool | onp.bool_):
            raise WrongAnswer("clearly_better should return True or False.")
        if result != expected:
            raise WrongAnswer(f"{shown}, of {len(right_a)}: you say {bool(result)}. {mistake}")
    return "Images on which both models agree cannot tell them apart, however many there are."


def exercise_3(answer: object) -> str:
    """Check a split into k folds."""
    for count, k in ((12, 3), (10, 4), (7, 7)):
        shown = f"k_folds({count}, {k})"
        result = call(answer, count, k, shown=shown)
        pairs = list(result) if hasattr(result, "__iter__") else []
        if len(pairs) != k or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
            raise WrongAnswer(f"{shown} should return a list of {k} pairs (train, validation).")
        parts = [[as_array(part, what=shown).astype(int).ravel().tolist() for part in pair] for pair in pairs]
        _check_folds(parts, count, k, shown)
    return "With it, every example is used for validation once, and for training k − 1 times."


def _check_folds(pairs: list[list[list[int]]], count: int, k: int, shown: str) -> None:
    for fold, (train, validation) in enumerate(pairs):
        if shared := sorted(set(train) & set(validation)):
            raise WrongAnswer(f"{shown}: in fold {fold}, example {shared[0]} is in both parts. That is a leak.")
        if len(train) < len(validation) and k > 2:
            raise WrongAnswer(f"{shown}: fold {fold} trains on the small part; the pair is (train, validation).")
        if sorted(train + validation) != list(range(count)):
            raise WrongAnswer(f"{shown}: the two parts of fold {fold} should contain 0 to {count - 1}, once each.")
    validated = [example for _, validation in pairs for example in validation]
    if sorted(validated) != list(range(count)):
        counts = onp.bincount(validated, minlength=count)
        example = int(onp.flatnonzero(counts != 1)[0])
        raise WrongAnswer(f"{shown}: example {example} is validated {counts[example]} times instead of once.")
    sizes = [len(validation) for _, validation in pairs]
    if max(sizes) - min(sizes) > 1:
        raise WrongAnswer(f"{shown}: the folds have {sizes} examples; their sizes should differ by 1 at most.")
