"""Figures of notebook 00, welcome."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as onp  # NumPy itself; np is MXNet's
from matplotlib.axes import Axes

from d2lhelpers.arrays import to_numpy
from d2lhelpers.data import load_images
from d2lhelpers.formatting import rounded
from d2lhelpers.plotting import COLORS, INK, show, show_images, subplots


def answers(image: Any, answers: Sequence[tuple[str, float]]) -> None:
    """Draw a photograph, and next to it a bar for the probability of each answer."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=3.9, width_ratios=(1.35, 1))
    left.imshow(to_numpy(image).transpose(1, 2, 0))
    left.axis("off")
    names, probabilities = zip(*reversed(answers), strict=True)
    right.barh(names, probabilities, color=COLORS["sky"])
    for row, probability in enumerate(probabilities):
        right.text(probability + 0.02, row, f"{probability:.0%}", va="center")
    right.set(xlim=(0, 1.15), xticks=[], xlabel="probability")
    show(fig, alt=f"A photograph, and the network's {len(names)} most probable answers as bars; first {names[-1]}.")


def digits(images: Any, answers: Any, labels: Any) -> None:
    """Show digits with the network's answers above them; a wrong one has a cross, and the true digit in brackets."""
    pairs = zip(rounded(answers, 0), rounded(labels, 0), strict=True)
    titles = [f"{answer:.0f}" if answer == label else f"{answer:.0f} ✗ ({label:.0f})" for answer, label in pairs]
    alt = f"{len(titles)} handwritten digits with the network's answers; a cross marks each wrong one."
    show_images(images, titles, alt=alt, width=11.4)


def gallery(pictures: Sequence[Any], answers: Sequence[tuple[str, float]]) -> None:
    """Show pictures in two rows, with the most probable answer and its probability above each."""
    titles = [f"{name} ({probability:.0%})" for name, probability in answers]
    alt = "Pictures with the network's answers: " + ", ".join(name for name, _ in answers) + "."
    show_images(pictures, titles, alt=alt, num_columns=4, width=11.4, height=4.9)


def samples(texts: Mapping[int, tuple[str, int]]) -> None:
    """Draw a table: the memory, a text written with it, and the length of the longest piece copied from the book."""
    fig, ax = subplots(width=11.6, height=4.9)
    ax.set(xlim=(0, 100), ylim=(len(texts), -0.5))
    ax.axis("off")
    for x, head in ((6, "memory"), (50, "text"), (93.5, "longest copy\n(characters)")):
        ax.text(x, -0.2, head, ha="center", va="center", color=COLORS["blue"])
    for row, (memory, (text, copied)) in enumerate(texts.items()):
        ax.axhline(row, color="#E2E2E2", linewidth=1)
        ax.text(6, row + 0.5, f"{memory}", ha="center", va="center", fontsize=18)
        ax.text(11, row + 0.5, fill(text, 66), va="center", fontfamily="DejaVu Sans Mono", fontsize=14.5)
        ax.text(93.5, row + 0.5, f"{copied}", ha="center", va="center")
    show(
        fig,
        alt="Texts written with longer and longer memories: first letter soup, then words, at last the book itself.",
    )


def memories(seen: Mapping[int, float], unseen: Mapping[int, float]) -> None:
    """Draw how often the next letter is guessed right, in text that was counted and in text that was not."""
    fig, ax = subplots(width=11.0, height=3.7)
    for name, shares, color, marker in (
        ("text that it has read", seen, "blue", "o"),
        ("text that it has not read", unseen, "vermilion", "s"),
    ):
        ax.plot(list(shares), list(shares.values()), color=COLORS[color], marker=marker)
        last = list(shares)[-1]
        ax.text(last + 0.2, shares[last], f"{name}: {shares[last]:.0%}", color=COLORS[color], va="center")
    ax.set(xlabel="memory (letters)", ylabel="letters guessed right", xlim=(-0.2, 15.6), ylim=(0, 1.05))
    ax.set(xticks=list(seen), yticks=[0, 0.5, 1], yticklabels=["0%", "50%", "100%"])
    ax.grid(True, axis="y")
    show(
        fig,
        alt="Two curves against the memory. On text that was read, the share of letters guessed right rises to nearly "
        "all; on text that was not read, it stops at six in ten.",
    )


def vision_tasks() -> None:
    """Draw four digits three times: with a list of labels, with boxes, with every digit's pixels colored."""
    images, labels = (array.asnumpy() for array in load_images(False, source="mnist", size=4))
    canvas = onp.zeros((64, 60))
    found = []
    for index, digit in enumerate(images[:, 0]):
        top, left = 4 + 31 * (index // 2), 2 + 28 * (index % 2)
        canvas[top : top + 28, left : left + 28] += digit
        rows, columns = onp.nonzero(digit > 0.2)
        found.append((str(labels[index]), rows + top, columns + left))
    fig, axes = subplots(1, 3, width=11.4, height=4.0)
    titles = ["classify: " + ", ".join(label for label, _, _ in found), "detect", "segment"]
    for ax, title in zip(axes, titles, strict=True):
        ax.imshow(canvas, cmap="gray", vmin=0, vmax=1)
        ax.set_title(title)
        ax.axis("off")
    for name, (label, rows, columns) in zip(("orange", "sky", "green", "purple"), found, strict=True):
        _draw_box(axes[1], rows, columns, label, COLORS[name])
        axes[2].scatter(columns, rows, s=14, marker="s", color=COLORS[name])
    show(
        fig, alt="The same four digits three times: with their labels as a list, each in a box, each in its own color."
    )


def _draw_box(ax: Axes, rows: Any, columns: Any, label: str, color: str) -> None:
    left, right, top, bottom = columns.min() - 1, columns.max() + 1, rows.min() - 1, rows.max() + 1
    ax.plot([left, right, right, left, left], [top, top, bottom, bottom, top], color=color, linewidth=2)
    ax.text(left, top - 0.4, label, color=color, va="bottom", ha="left", fontsize=18)


def analogy(words: Mapping[str, Any], target: Any) -> None:
    """Draw word vectors as labeled points, and the way from king by minus man and plus woman to the target."""
    fig, ax = subplots(width=8.6, height=3.05)
    for word, vector in words.items():
        x, y = rounded(vector)
        ax.plot(x, y, "o", color=COLORS["blue"])
        ax.text(x + (-0.08 if x < 0 else 0.1), y, word, ha="right" if x < 0 else "left", va="center")
    king, royal, end = (rounded(place) for place in (words["king"], words["king"] - words["man"], target))
    for start, stop, text in ((king, royal, "− man"), (royal, end, "+ woman")):
        arrow = {"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5}
        ax.annotate("", stop, start, arrowprops=arrow)
        ax.text((start[0] + stop[0]) / 2, start[1] + 0.12, text, ha="center", va="bottom", color=COLORS["vermilion"])
    ax.text(end[0] + 0.1, end[1] + 0.12, "target", va="bottom", color=COLORS["vermilion"])
    ax.set(xlim=(-1.7, 2.1), ylim=(-0.3, 2.6), xlabel="from man to woman", ylabel="royal")
    show(
        fig,
        alt="Points for six words. Arrows lead from king, minus man, plus woman, to the target, a point next to queen.",
    )


def problem_kinds() -> None:
    """Draw points of three classes, a line through points, and a text with its continuation."""
    random_numbers = onp.random.RandomState(1)
    fig, (left, middle, right) = subplots(1, 3, width=11.4, height=2.9)
    for name, marker, center in (("blue", "o", (0, 0)), ("orange", "s", (2, 2)), ("green", "^", (3, -0.5))):
        points = random_numbers.normal(center, 0.5, size=(25, 2))
        left.plot(*points.T, marker, color=COLORS[name], linestyle="", markersize=6)
    x = onp.linspace(0, 1, 25)
    middle.plot(x, 2 * x + random_numbers.normal(0, 0.2, size=25), "o", color=COLORS["blue"], markersize=6)
    middle.plot(x, 2 * x, color=COLORS["vermilion"])
    for y, words, name in (
        (0.8, "alice was", "blue"),
        (0.5, "beginning to", "blue"),
        (0.2, "get very tired", "vermilion"),
    ):
        right.text(0.5, y, words, ha="center", va="center", fontsize=20, color=COLORS[name])
    left.set(xlabel="$x_1$", ylabel="$x_2$")
    middle.set(xlabel="$x$", ylabel="$y$")
    for ax, title in zip((left, middle, right), ("classification", "regression", "sequence"), strict=True):
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, color=INK)
    right.axis("off")
    show(
        fig,
        alt="Three clouds of points in different markers; points along a straight line; "
        "the text 'alice was beginning to', continued in another color by 'get very tired'.",
    )
