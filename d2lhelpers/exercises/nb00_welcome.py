"""Checks of the exercises of notebook 00, welcome."""

import numpy as onp  # the original NumPy, in which answers are checked

from d2lhelpers.exercises.answers import NotDone, WrongAnswer, as_array, call, compare, to_mxnet

KINDS = {
    "which bird is singing?": ("classification", "the answer is one name from a list of birds."),
    "how old is the person in the photo, in years?": ("regression", "the answer is a number, and 41 is close to 40."),
    "what is this sentence in French?": (
        "sequence",
        "the answer is a sentence, and nobody knows its length in advance.",
    ),
    "is this mail spam?": ("classification", "the answer is yes or no: two classes, whatever the mail's length."),
    "how much rain falls tomorrow, in millimeters?": ("regression", "the answer is a number, with a unit."),
}
NAMES = ("classification", "regression", "sequence")

# Vectors of three analogies. Among the cities each slip leads to a word of its own; among the people and the numbers
# the nearest of all words to the target is a word of the question, so that each of the three must be left out.
CITIES = {
    "Paris": [1.0, 1.0],
    "France": [1.0, 3.0],
    "Rome": [2.0, 1.1],
    "Italy": [2.1, 2.9],
    "cheese": [2.1, -0.8],
    "Europe": [4.0, 5.0],
    "bread": [0.1, 2.8],
    "Oslo": [6.0, -3.0],
}
PEOPLE = {
    "man": [-1.0, 0.0, 0.3],
    "woman": [1.0, 0.1, 0.2],
    "king": [-1.0, 0.6, 0.4],
    "queen": [1.1, 1.3, 0.9],
    "horse": [0.0, -2.0, -3.0],
}
NUMBERS = {"minus one": [-1.0, 0.0], "one": [1.0, 0.0], "two": [2.0, 0.0], "three": [3.0, 0.1], "pair": [2.1, 0.7]}


def exercise_1(answer: object) -> str:
    """Check which of three kinds each of five tasks is."""
    if not isinstance(answer, dict) or set(answer) != set(KINDS):
        raise WrongAnswer("keep the dictionary with its five tasks as keys, and fill in a kind for each.")
    if all(kind is ... or kind is None for kind in answer.values()):
        raise NotDone
    for task, (right, reason) in KINDS.items():
        kind = answer[task]
        if kind is ... or kind is None:
            raise WrongAnswer(f"the task {task!r} has no kind yet.")
        if kind not in NAMES:
            raise WrongAnswer(f"{kind!r} is not one of the three kinds: write {', '.join(map(repr, NAMES))}.")
        if kind != right:
            raise WrongAnswer(f"{task!r} is not {kind}: {reason}")
    return "The kind is decided by the answer, not by what goes in."


def exercise_2(answer: object) -> str:
    """Check the product of a (2, 3) and a (3, 3) matrix of ones."""
    got = as_array(answer, what="product")
    if got.shape == (2, 2):
        raise WrongAnswer("the result has shape (2, 2); the second factor should give it three columns.")
    if got.shape == (3, 3):
        raise WrongAnswer("the result has shape (3, 3); its rows are those of the first factor, which has 2.")
    if got.shape == (2, 3) and onp.array_equal(got, onp.ones((2, 3))):
        raise WrongAnswer("this is one of the factors, or their product element by element; use np.dot.")
    if got.shape == (2, 3) and onp.array_equal(got, onp.full((2, 3), 2.0)):
        return "You changed the first factor; with the second one changed, every entry would be 3."
    compare(got, onp.full((2, 3), 3.0), what="product")
    return "Every entry is a sum over the inner length: three ones."


def exercise_3(answer: object) -> str:
    """Check a function that answers analogies with word vectors."""
    for words, a, b, c, right in (
        (CITIES, "Paris", "France", "Rome", "Italy"),
        (PEOPLE, "man", "king", "woman", "queen"),  # nearest of all: "woman", which is c
        (PEOPLE, "man", "woman", "king", "queen"),  # nearest of all: "woman", which is b
        (NUMBERS, "two", "three", "one", "pair"),  # nearest of all: "two", which is a
        (CITIES, "France", "Paris", "Italy", "Rome"),
    ):
        shown = f'analogy(vectors, "{a}", "{b}", "{c}")'
        got = call(answer, {word: to_mxnet(vector) for word, vector in words.items()}, a, b, c, shown=shown)
        if not isinstance(got, str):
            raise WrongAnswer(f"{shown} should return a word, but it returns {type(got).__name__}.")
        if got not in words:
            raise WrongAnswer(f"{shown} is {got!r}, which is none of the words in vectors.")
        if got in (a, b, c):
            raise WrongAnswer(f"{shown} is {got!r}, a word of the question itself: leave out all three words.")
        if got != right:
            raise WrongAnswer(f"{shown} is {got!r} where {right!r} is right{_guess_slip(words, a, b, c, got)}.")
    return "With 400,000 learned vectors instead of a handful, this is how word analogies are tested."


def _guess_slip(words: dict[str, list[float]], a: str, b: str, c: str, got: str) -> str:
    """Say which slip leads to the word `got`, if one does."""
    vectors = {word: onp.array(vector) for word, vector in words.items()}
    left = [word for word in words if word not in (a, b, c)]

    def ranked(target: onp.ndarray) -> list[str]:
        return sorted(left, key=lambda word: float(onp.linalg.norm(vectors[word] - target)))

    target = vectors[b] - vectors[a] + vectors[c]
    if got == ranked(target)[-1]:
        return ": it is the farthest word, not the nearest"
    if got == ranked(vectors[a] - vectors[b] + vectors[c])[0]:
        return ": a and b have each other's sign"
    if got == ranked(vectors[b] + vectors[a] + vectors[c])[0]:
        return ": a is to be subtracted"
    if got == ranked(vectors[b] + vectors[a] - vectors[c])[0]:
        return ": a is to be subtracted, and c added"
    return ""
