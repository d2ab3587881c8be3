# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 00 · Welcome
#
# Deep learning in one day, from arrays to deep networks, on the computer in front of you. First we see that all of it
# runs there.
#
# *25 minutes*

# %% [markdown] slideshow={"slide_type": "notes"}
# This notebook is the set-up page and the first half hour of the course. Ask everybody to open it and run it while you
# speak: whoever sees an error in the check table has the whole first break to mend it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Check** that your computer has what the course needs, and mend what it lacks.
# - **Run** a notebook cell by cell, and know what its numbers in brackets mean.
# - **Train** a first network, before anything is explained.
# - **Name** what deep learning does today, and which of three kinds of problem each task is.
# - **Find** your way: which notebooks there are, what they need, how long they take.

# %% slideshow={"slide_type": "skip"} tags=["install", "remove-cell"]
# Installs the course if necessary, for example on Colab. That takes about a minute.
# First upload dist/d2lhelpers-*.whl (made by `make wheel`) next to this notebook.
try:
    from mxnet_compat.install import install_missing
except ModuleNotFoundError:
    import glob
    import subprocess
    import sys

    wheels = glob.glob("d2lhelpers-*.whl")
    if not wheels:
        sys.exit("Upload d2lhelpers-*.whl next to this notebook, then run this cell again.")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", max(wheels)], check=True)
    from mxnet_compat.install import install_missing
installed = install_missing("course")

# %% slideshow={"slide_type": "skip"}
import random

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    check,
    fit,
    format_course,
    load_data,
    read_course,
    rounded,
    seed,
    show,
    show_images,
    subplots,
)

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## This computer
#
# What the course needs, and what to do where something is missing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Is everything there?
#
# Run this cell, even if the imports above failed. Below each row that does not say `ok` is what to do about it.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
from mxnet_compat import report

print(report.format_rows(report.examine()))

# %% [markdown] slideshow={"slide_type": "notes"}
# A *warning* does not stop anybody: the course runs, less well. An *error* does. The cell imports what it
# needs by itself, so it also answers if MXNet cannot be imported.
#
# Ask: who has a GPU in the table, a graphics processor that computes? Nobody needs one today. "Threads" is worth a
# look: MXNet by itself starts one for every two processors that it sees, which leaves half of many machines idle; the
# course sets that right before MXNet is loaded.
#
# If no notebook opens yet, `python -m mxnet_compat check` prints the same table in a terminal. `python -m d2lhelpers
# check` also looks at d2l, the data, Jupyter, RISE, and the browser.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where it runs
#
# | computer | way |
# |---|---|
# | Linux, x86-64 or ARM64 | `make`, then `make lab` |
# | Mac, Intel processor | the same |
# | Mac, Apple silicon | there is no MXNet for it: a Linux container, or Colab |
# | Windows | there is no MXNet for it: `wsl --install`, then in that Linux the same |
# | nothing but a browser | Colab: next slide |
#
# Both commands are given in the course's folder. `make` builds a virtual environment there, in `.venv`; nothing else on
# the computer changes.

# %% [markdown] slideshow={"slide_type": "notes"}
# `make` wants Python 3.11, 3.12 or 3.13. Where a piece is missing (Python, its venv module, a system library), it says
# which, and the command that installs it, before it does anything else. A new Ubuntu, the one in Windows too, has no
# `make` itself: `sudo apt-get install make`.
#
# Those who prefer conda: `conda env create -f environment.yml`, then `conda activate dive`. It has the versions that
# d2l asks for, the package of the book *Dive into Deep Learning*; every number of the course is the same in both.
#
# Macs, Windows, ARM64 and Colab have not been tried by the authors yet, only Linux on x86-64. The README keeps a
# list of what was not run.

# %% [markdown] slideshow={"slide_type": "skip"}
# **When the check shows an error**
#
# | message | cause | cure |
# |---|---|---|
# | `No module named 'd2lhelpers'` | the kernel is another Python | start Jupyter with `make lab` |
# | MXNet: `libquadmath.so.0` cannot be opened | a slim Linux image | `sudo apt-get install libgomp1 libquadmath0` |
# | Python: too old | the course needs 3.11 or newer | install one, then `make PYTHON=python3.13` |
# | MXNet: `No module named 'mxnet'` | there is none for Windows and Apple silicon | WSL2, a Linux container, or Colab |
# | Threads: a warning | a variable of your shell limits them | the row says which one to set or unset |
#
# Messages that appear later, while you work, are in [common errors](common-errors.ipynb).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In the browser: Colab
#
# Google's Colab runs notebooks on Google's computers. Open a notebook there with *File, Upload notebook*. Upload the
# course's package too (the folder symbol at the left): one file that your instructor has. Begin with this cell:
#
# ```
# !pip install --no-deps mxnet==1.9.1 d2l==1.0.3 d2lhelpers-1.0.0-py3-none-any.whl
# import d2lhelpers
# ```
#
# `--no-deps` leaves Colab's own NumPy as it is. The import comes before MXNet's, and makes a restart unnecessary.

# %% [markdown] slideshow={"slide_type": "notes"}
# `make wheel`, on a computer where the course is set up, writes the package to `dist/`. Hand that file out.
#
# MXNet and d2l ask for versions of NumPy that are years old; on Colab, installing those breaks the rest. Our package
# makes MXNet work on the NumPy that is there, from the moment it is loaded. Elsewhere Python loads it at its start, but
# Colab's Python has started before the package was there: hence the second line.
#
# A GPU on Colab does not help here: MXNet's GPU version needs CUDA 11, and Colab has a later one. The CPU is enough:
# the data are small, and every notebook runs in about a minute.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A first network
#
# It reads digits within seconds. How it does that, the day will show.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The tools
#
# | tool | what for |
# |---|---|
# | Python | the language of machine learning |
# | Jupyter | text, code and pictures in one document that runs |
# | MXNet | arrays that know their derivatives, and layers made of them |
# | NumPy's interface | one way to write array code, from loading to plotting |
# | RISE | shows a notebook as slides, live |
# | `d2lhelpers` | what would distract: data, plots, checks of your answers |

# %% [markdown] slideshow={"slide_type": "notes"}
# Why MXNet, which is retired? Because who knows NumPy knows most of its array library already. What you learn today
# about arrays, gradients and layers holds in PyTorch and JAX with other names. Notebook 03 says where PyTorch's
# gradients behave differently.
#
# RISE comes in two flavors, for the classic notebook and for JupyterLab. `make present NB=04` opens one. `make slides`
# writes decks that need neither Python nor a network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A notebook is a conversation
#
# Click into a cell, change it, press **Shift + Enter**. The *kernel*, the Python behind the page, answers and
# remembers.

# %% slideshow={"slide_type": "-"}
distance = 42.195  # km, a marathon
hours = 3.5
print(f"{distance / hours:.1f} km/h")

# %% slideshow={"slide_type": "fragment"}
hours = 2.5
print(f"{distance / hours:.1f} km/h")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The number in brackets beside a cell counts the runs. What counts is the order in which cells were **run**, not the
# order on the page.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask: I now run the first of the two cells again without its second line. Which hours does it use? (2.5, the last value
# that was run.) This is the most common reason for results that nobody can explain.
#
# The way out is always the same: *Restart the kernel and run all cells*. Every notebook of this course survives that.
#
# The slides leave the numbers in brackets out: show them in the notebook itself. A star in their place means that the
# cell is still running.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Your first network
#
# Handwritten digits, two layers, eight rounds (*epochs*) through the data: about five seconds. The *loss* says how
# wrong the answers are, the *accuracy* how many are right.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
seed(0)
train_loader, test_loader = load_data(batch_size=64)
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
history = fit(net, train_loader, test_loader, num_epochs=8, lr=0.1)

# %% [markdown] slideshow={"slide_type": "notes"}
# Everything in this cell gets a notebook of its own: the arrays (01), the gradients (03), the layers (04, 07), the
# descent (05), the loss (06). Nobody has to understand it now. It is here to show that a network is a few lines, and
# that it learns while you watch.
#
# Ask: at the end training accuracy is above test accuracy. What does that mean? (The network knows its own examples
# better than new ones. The new ones count.) If somebody asks why it is the other way round in the first epoch: training
# accuracy is counted while the network still learns, test accuracy at the end of the epoch.


# %% slideshow={"slide_type": "skip"}
def show_predictions(net, loader, count):
    """Show the first images of a loader with the network's answers, the wrong ones marked."""
    images, labels = next(iter(loader))
    answers = net(images).argmax(axis=1).astype("int32")
    titles = [
        f"{answer}" if answer == label else f"{answer} ✗ ({label})"
        for answer, label in zip(rounded(answers, 0), rounded(labels, 0), strict=True)
    ]
    show_images(
        images[:count],
        titles[:count],
        alt="Sixteen test images, the network's answer above each; wrong ones carry a cross and the true label.",
        width=9.6,
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What does it say to digits it has never seen?
#
# Above each image stands the network's answer. A cross marks a wrong one; the true digit follows in brackets.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_predictions(net, test_loader, count=16)
print(f"{history.test_accuracy[-1]:.0%} of the test images are right.")

# %% [markdown] slideshow={"slide_type": "notes"}
# The originals have 8 × 8 pixels. They are enlarged, hence the blur, and each is drawn at a random place of 28 × 28
# pixels, which makes the problem harder.
#
# Guessing would be right in one of ten cases. Later today LeNet (notebook 12), which makes use of what lies beside each
# pixel, does better than this network.
#
# Ask: would you have read the one with the cross?


# %% slideshow={"slide_type": "skip"}
def paste_digits():
    """Return a canvas with four digits on it, and of each its label, its corner, and its pixels' places."""
    images, labels = next(iter(load_data(batch_size=64)[1]))
    canvas = onp.zeros((48, 120))
    found = []
    for index, left in enumerate((2, 32, 60, 90)):
        digit = images[index, 0].asnumpy()
        top = 10 + 6 * (index % 2)
        canvas[top : top + 28, left : left + 28] += digit
        rows, columns = onp.nonzero(digit > 0.2)
        found.append((int(labels[index]), rows + top, columns + left))
    return canvas, found


def draw_vision_tasks():
    """Draw one picture three times: with a list of labels, with boxes, with every digit's pixels colored."""
    canvas, found = paste_digits()
    fig, axes = subplots(1, 3, width=11.4, height=2.4)
    colors = [COLORS[name] for name in ("orange", "sky", "green", "purple")]
    titles = ["classify: " + ", ".join(str(label) for label, _, _ in found), "detect", "segment"]
    for ax, title in zip(axes, titles, strict=True):
        ax.imshow(canvas, cmap="gray", vmin=0, vmax=1)
        ax.set_title(title)
        ax.axis("off")
    for color, (label, rows, columns) in zip(colors, found, strict=True):
        corners = columns.min() - 1, columns.max() + 1, rows.min() - 1, rows.max() + 1
        left, right, top, bottom = corners
        axes[1].plot([left, right, right, left, left], [top, top, bottom, bottom, top], color=color, linewidth=2)
        axes[1].text(left, top - 1, str(label), color=color, va="bottom", ha="left")
        axes[2].scatter(columns, rows, s=5, marker="s", color=color)
    show(
        fig,
        alt="The same four digits three times: with a list of labels as title, each in a box with its label, "
        "and with the pixels of each in a color of its own.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What it is for
#
# Pictures, words, text, and what they have in common.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Deep learning today: images
#
# *What is in it? Where? Which pixels?* One picture, three tasks.

# %% slideshow={"slide_type": "-"}
draw_vision_tasks()

# %% [markdown] slideshow={"slide_type": "-"}
# | task | in | out |
# |---|---|---|
# | style transfer | a photo, a painting | the photo in the painting's manner |
# | face synthesis | random numbers | a face that belongs to nobody |

# %% [markdown] slideshow={"slide_type": "notes"}
# The boxes and colors here were drawn from the places where we pasted the digits: this is what a network is asked for,
# not what one has answered. Each is a harder question than the one before: what there is, a box for each object, a
# label for each pixel.
#
# ImageNet, the collection of photos on which deep networks won their first big contest in 2012, asks the first question
# with a thousand classes.


# %% slideshow={"slide_type": "skip"}
def draw_analogy(words, target):
    """Draw word vectors as labeled points, and the way from king by minus man and plus woman to the target."""
    fig, ax = subplots(width=7.6, height=2.95)
    for word, vector in words.items():
        x, y = rounded(vector)
        ax.plot(x, y, "o", color=COLORS["blue"])
        ax.text(x + (-0.08 if x < 0 else 0.1), y, word, ha="right" if x < 0 else "left", va="center")
    king, royal, end = (rounded(place) for place in (words["king"], words["king"] - words["man"], target))
    for start, stop, text in ((king, royal, "− man"), (royal, end, "+ woman")):
        arrow = {"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5}
        ax.annotate("", stop, start, arrowprops=arrow)
        ax.text((start[0] + stop[0]) / 2, start[1] + 0.12, text, ha="center", va="bottom", color=COLORS["vermilion"])
    ax.set(xlim=(-1.7, 2.1), ylim=(-0.3, 2.6), xlabel="man to woman", ylabel="to the throne")
    show(
        fig,
        alt="Points for six words. Arrows lead from king, minus man, plus woman, to a place beside queen.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Deep learning today: words
#
# A word becomes a vector, a list of numbers. Then directions have a meaning: *king − man + woman*.

# %% slideshow={"slide_type": "-"}
words = {"man": [-1, 0], "woman": [1, 0.1], "child": [0, 0]}
words |= {"king": [-1, 2], "queen": [1, 1.9], "princess": [0.9, 1.4]}
words = {word: np.array(vector) for word, vector in words.items()}
target = words["king"] - words["man"] + words["woman"]
away = {w: float(np.linalg.norm(words[w] - target)) for w in words}
print("nearest:", min(away, key=away.get))

# %% slideshow={"slide_type": "-"}
draw_analogy(words, target)

# %% [markdown] slideshow={"slide_type": "notes"}
# These six vectors are made up, two numbers each, to fit on a slide. `norm` is the length of a vector, so `away` holds
# the distance of each word from the target. Real vectors have a few hundred numbers and are learned from billions of
# words, by predicting which words stand near each other; nobody tells them about kings. The arithmetic is the same.
# GloVe and word2vec, in the last cell's reading list, made it known.
#
# Ask: why subtract man before adding woman? (What is left of king is what is royal about it.)


# %% slideshow={"slide_type": "skip"}
TALE = (
    "the gardener and the engineer met at the gate of the garden in the morning. the engineer had a machine that "
    "could water the garden, and the gardener had a can. the machine was fast, but the can was there when the machine "
    "was not. in the evening the garden was green, and the gardener said that the machine had done well, and the "
    "engineer said that the gardener had. the next morning the machine was gone, and the can stood at the gate."
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Deep learning today: text that continues
#
# Predict the next character, append it, repeat. Here from the last four, by looking up what follows them in a short
# tale.


# %% slideshow={"slide_type": "-"}
def continue_text(text, length, memory=4):
    random.seed(3)
    while len(text) < length:
        last = text[-memory:]
        while last not in TALE[:-1]:  # nothing has followed it: remember less
            last = last[1:]
        places = [i for i in range(len(TALE)) if TALE[:i].endswith(last)]
        text += random.choice([TALE[i] for i in places])
    return text


# %% slideshow={"slide_type": "-"}
print(continue_text("the ", 80))

# %% [markdown] slideshow={"slide_type": "fragment"}
# A language model does the same, with a network in place of the looking up, a memory of thousands of words, and much of
# the internet in place of the tale.

# %% [markdown] slideshow={"slide_type": "notes"}
# No network here. What has followed more often is drawn more often: that is all. It knows spelling, and no sense. Ask:
# what happens with memory=1? And with memory=30, if it starts with `TALE[:30]`, and goes on to 300 characters? (Letter
# soup; the tale word for word, because thirty characters in a row occur there only once.) Between babbling and copying
# lies what we want, sentences that are new and make sense. That takes more than looking up.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Deep learning today: sentences and images
#
# | task | in | out |
# |---|---|---|
# | translation | a sentence | the sentence in another language |
# | captioning | an image | a sentence about it |
# | visual question answering | an image and a question | an answer |
# | text synthesis | the beginning of a text | its continuation |
#
# *What's her mustache made of?* is a question about a photo in our lecture. The network's answer: *Banana*.

# %% [markdown] slideshow={"slide_type": "notes"}
# The photo shows a woman with a banana below her nose. Three networks work together: one turns the image into numbers,
# one the question, and the third makes an answer of both. The pieces of all of them, layers, losses, gradients,
# descent, are those of today.


# %% slideshow={"slide_type": "skip"}
def draw_problem_kinds():
    """Draw points of three classes, a line through points, and a series with its next values to be predicted."""
    random_numbers = onp.random.RandomState(1)
    fig, (left, middle, right) = subplots(1, 3, width=11.4, height=2.9)
    for name, marker, center in (("blue", "o", (0, 0)), ("orange", "s", (2, 2)), ("green", "^", (3, -0.5))):
        points = random_numbers.normal(center, 0.5, size=(25, 2))
        left.plot(*points.T, marker, color=COLORS[name], linestyle="", markersize=6)
    x = onp.linspace(0, 1, 25)
    middle.plot(x, 2 * x + random_numbers.normal(0, 0.2, size=25), "o", color=COLORS["blue"], markersize=6)
    middle.plot(x, 2 * x, color=COLORS["vermilion"])
    time = onp.arange(40)
    series = onp.sin(time / 3) * (1 + time / 40)
    right.plot(time[:30], series[:30], color=COLORS["blue"])
    right.plot(time[29:], series[29:], color=COLORS["vermilion"], linestyle="--")
    for ax, title in zip((left, middle, right), ("classification", "regression", "sequence"), strict=True):
        ax.set(xticks=[], yticks=[])
        ax.set_title(title)
    show(
        fig,
        alt="Three clouds of points in different markers; points along a straight line; "
        "a wave drawn to a point in time and continued as a dashed line.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three kinds of problem: $y = f(x)$
#
# $x$ goes in, $y$ comes out. The network is $f$.

# %% slideshow={"slide_type": "-"}
draw_problem_kinds()

# %% [markdown] slideshow={"slide_type": "-"}
# | kind | $y$ is | example | notebooks |
# |---|---|---|---|
# | classification | one of $N$ classes, $y \in \{1, \dots, N\}$ | which digit is it? | 06, 07, 11 |
# | regression | a number, *y* ∈ ℝ | what will the server cost? | 04, 05 |
# | sequence model | a sequence, of a length that may vary | how does the text go on? | none yet |

# %% [markdown] slideshow={"slide_type": "notes"}
# The lecture's example: a photo of an animal. Is it a cat, a dog, a rabbit or a gerbil? Classification. How many
# kilograms does it weigh? Regression. Same input, another kind of answer, and so another way to measure how wrong it
# is.
#
# Ask for each task of the last slides which kind it is. Segmentation is classification, once for every pixel. Detection
# is both: a class, and four numbers for the box. A synthetic face is regression, a number for every pixel. Translation
# and captions are sequences.
#
# Mathematics counts the classes from 1. Python counts from 0, and so do our labels.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The map
#
# To study: read, run, do the exercises. To run: all cells from top to bottom, as measured in the last run.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
print(format_course(read_course()))

# %% [markdown] slideshow={"slide_type": "notes"}
# The table is read from the notebooks next to this one; their times were measured on two cores.
#
# Words that you do not know are in the glossary, signs in notation, error messages in common errors: three short pages
# that lie beside the notebooks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - The check table says what is missing, and the line that mends it.
# - Cells run in the order in which you run them. When in doubt: restart, run all.
# - A network is a function $y = f(x)$ that is learned from examples.
# - Classification, regression, sequence: what $y$ is decides the kind.
# - Each notebook ends with exercises that check your answer. Here are the first three.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 00.1: predict the kind of problem
#
# Write the kind of each task: `"classification"`, `"regression"` or `"sequence"`.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
kinds = {
    "which bird is singing?": ...,
    "how old is the person in the photo, in years?": ...,
    "what is this sentence in French?": ...,
    "is this mail spam?": ...,
    "how much rain falls tomorrow, in millimeters?": ...,
}

# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.1", kinds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Ask what the answer is: one of a few names, a number with a unit, or a text.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# kinds = {
#     "which bird is singing?": "classification",
#     "how old is the person in the photo, in years?": "regression",
#     "what is this sentence in French?": "sequence",
#     "is this mail spam?": "classification",
#     "how much rain falls tomorrow, in millimeters?": "regression",
# }
# ```
#
# The input may be a sequence, as the song and the mail are: the kind is that of the answer.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 00.2: change one number
#
# `np.ones((2, 3))` is a matrix of ones with 2 rows and 3 columns: its *shape* is (2, 3). `np.dot` multiplies matrices.
# `np.dot(np.ones((2, 3)), np.ones((2, 3)))` raises an error: the inner lengths, 3 and 2, are not equal. Write the
# product again with **one** number changed, so that the result has shape (2, 3).

# %% slideshow={"slide_type": "-"} tags=["exercise"]
product = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.2", product)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# (a, b) times (b, c) is (a, c). The outer two of the four numbers are right: they are the shape of the result.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# product = np.dot(np.ones((2, 3)), np.ones((3, 3)))
# ```
#
# The other way, `np.ones((2, 2))` times `np.ones((2, 3))`, has this shape too: then every entry is a sum of two ones.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 00.3: build the analogy
#
# *a is to b as c is to …* The dictionary `vectors` holds an array for each word. Return the word whose array is nearest
# to $\mathbf{b} - \mathbf{a} + \mathbf{c}$, computed with the arrays of the three, but none of the three itself.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def analogy(vectors, a, b, c):
    """analogy(vectors, "man", "king", "woman") returns "queen"."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.3", analogy)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Compute the target first. Then take `min` over the words that are left, with the distance to the target,
# `float(np.linalg.norm(vectors[word] - target))`, as its `key`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def analogy(vectors, a, b, c):
#     target = vectors[b] - vectors[a] + vectors[c]
#     others = [word for word in vectors if word not in (a, b, c)]
#     return min(others, key=lambda word: float(np.linalg.norm(vectors[word] - target)))
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Introduction](https://d2l.ai/chapter_introduction/index.html)
# - LeCun, Bengio and Hinton, [Deep learning](https://doi.org/10.1038/nature14539), 2015
# - Pennington, Socher and Manning, [GloVe: Global Vectors for Word Representation](https://aclanthology.org/D14-1162/),
#   2014
# - Mikolov, Chen, Corrado and Dean, [Efficient Estimation of Word Representations in Vector
#   Space](https://arxiv.org/abs/1301.3781), 2013
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **01 · Arrays**, how to create, cut and combine them.
