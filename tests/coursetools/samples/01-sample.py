# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   rise:
#     center: false
#     footer: A course
#     header: 01 · A sample
#     scroll: true
#     slideNumber: c/t
#     start_slideshow_at: beginning
#     theme: white
#     transition: none
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 01 · A sample of every kind of slide
#
# How text, mathematics, code, tables and pictures look in the deck and in both kinds of RISE.
#
# **You will learn** to place one idea on one slide · **You need** nothing · **Time** 5 minutes

# %% [markdown] slideshow={"slide_type": "notes"}
# Welcome everybody. These words are for the speaker's eyes only.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A section
#
# What comes next, in a sentence.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Text and mathematics
#
# A linear model predicts a weighted sum of its inputs, $\hat{y} = \mathbf{w}^\top \mathbf{x} + b$, and training
# makes the *mean squared error* small:
#
# $$\ell(\mathbf{w}, b) = \frac{1}{n} \sum_{i=1}^{n} \frac{1}{2}
# \left(\mathbf{w}^\top \mathbf{x}^{(i)} + b - y^{(i)}\right)^2$$
#
# - The **weights** $\mathbf{w}$ say how much each input counts.
# - The bias $b$ is the prediction where all inputs are `0`.
#     - A second level, should it be needed: see [the book](https://d2l.ai).
#
# 1. Compute the loss on a batch, with `loss(net(X), y)`.
# 2. Take a step against the gradient.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Code with text output

# %% slideshow={"slide_type": "-"}
import numpy as np


def mean_squared_error(y_hat, y):
    """Half the mean of the squared differences."""
    return float(((y_hat - y) ** 2).mean() / 2)  # a number, not an array


X = np.arange(12, dtype="float32").reshape(3, 4)
print(f"loss {mean_squared_error(X, X + 0.5):.3f}, shape {X.shape}, {True}")
X

# %% [markdown] slideshow={"slide_type": "fragment"}
# This sentence appears later, as a fragment.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask: what is the shape of `X[:, 0]`?

# %% slideshow={"slide_type": "skip"}
# ruff: noqa: B007, B018, E402
import base64
import io

from IPython.display import HTML, display
from matplotlib.figure import Figure


def show(fig, alt):
    """Display a figure at twice its resolution, with its alt text."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=200)
    width, height = (int(100 * inches) for inches in fig.get_size_inches())
    data = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt}
    display(data, raw=True, metadata={"image/png": {"width": width, "height": height, "alt": alt}})


def draw_curves():
    fig = Figure(figsize=(8, 3.2), layout="constrained")
    ax = fig.subplots()
    t = np.linspace(0, 10, 200)
    ax.plot(t, np.exp(-t / 3), color="#0072B2", label="train")
    ax.plot(t, 0.2 + 0.8 * np.exp(-t / 2), color="#D55E00", linestyle="--", label="test")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    show(fig, "Two falling curves: the training loss goes to 0, the test loss levels off at 0.2 after epoch 6.")


def summarize_layers():
    """A table of layers as HTML."""
    rows = [
        ("Conv2D 6×5×5", "(1, 6, 28, 28)", 156, 117_600),
        ("AvgPool2D 2×2", "(1, 6, 14, 14)", 0, 0),
        ("Conv2D 16×5×5", "(1, 16, 10, 10)", 2_416, 240_000),
        ("Dense 120", "(1, 120)", 48_120, 48_000),
    ]
    right = 'style="text-align: right"'
    body = "".join(
        f"<tr><td>{name}</td><td>{shape}</td><td {right}>{parameters:,}</td><td {right}>{work:,}</td></tr>"
        for name, shape, parameters, work in rows
    )
    head = f"<tr><th>Layer</th><th>Output</th><th {right}>Parameters</th><th {right}>Multiply-adds</th></tr>"
    caption = "<caption>4 layers, 50,692 parameters</caption>"
    return HTML(f"<table>{caption}<thead>{head}</thead><tbody>{body}</tbody></table>")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Code with a picture
#
# Training loss keeps falling; test loss does not.

# %% slideshow={"slide_type": "-"}
for epoch in range(3):
    print(f"epoch {epoch + 1}, loss {1 / (1 + epoch / 10):.3f}")

# %% slideshow={"slide_type": "-"}
draw_curves()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A table of layers

# %% slideshow={"slide_type": "-"}
summarize_layers()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A Markdown table, and a quotation
#
# | Learner | Test accuracy | Seconds |
# |:--|--:|--:|
# | Softmax regression | 0.55 | 1.0 |
# | Multilayer perceptron | 0.91 | 1.7 |
# | LeNet | 0.96 | 8.0 |
#
# > One idea a slide, one short cell, one picture.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What goes wrong

# %% slideshow={"slide_type": "-"} tags=["raises-exception"]
np.ones((2, 3)) @ np.ones((2, 3))

# %% slideshow={"slide_type": "-"}
import sys

print("a warning on the error stream", file=sys.stderr)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The fullest slide allowed
#
# Nine lines of code of 76 characters, and a picture 320 pixels high.

# %% slideshow={"slide_type": "-"}
weights = np.zeros(4)  # .....................................to column seventy6
bias = 0.0
features = np.arange(8.0).reshape(2, 4)
labels = features @ np.array([2.0, -3.4, 1.0, 0.5]) + 4.2
for epoch in range(2):
    error = features @ weights + bias - labels
    weights = weights - 0.01 * features.T @ error
    bias = bias - 0.01 * error.sum()
draw_curves()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.1: sum of the diagonal
#
# Replace the dots so that `trace` returns the sum of the diagonal of a square matrix.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def trace(A):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
print("– Exercise 01.1: not done yet.")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `A[i, i]`
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - Text is 26 pixels, code 20, titles 40.
# - What a speaker would say is in the notes.
