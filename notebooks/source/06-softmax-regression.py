# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 06 · Softmax regression
#
# Which digit is it? The answer is no longer a number on a scale, but one of ten names, and how sure we are of each.
#
# *45 minutes · needs 04, 05*

# %% [markdown] slideshow={"slide_type": "notes"}
# Regression asked *how much*. Classification asks *which one*. The model stays linear; what is new is the way from
# scores to probabilities, and a loss that fits. Both will be at the end of every network for the rest of the day.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Code** classes as one-hot vectors, and see why squared loss does not suit them.
# - **Turn** scores into probabilities: softmax, and how to compute it without overflow.
# - **Derive** the cross-entropy loss and its gradient.
# - **Train** softmax regression on images, from scratch and in Gluon.
# - **Read** predictions, a confusion matrix and the weights, and say what a linear model cannot do.

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
import numpy as onp  # NumPy itself, for pictures and counting; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    ArrayLoader,
    accuracy,
    check,
    class_names,
    evaluate,
    explore,
    fit,
    load_images,
    rounded,
    seed,
    show,
    show_images,
    subplots,
)

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## From scores to a loss
#
# Classes have no order. What should a model put out, and what should a mistake cost?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Ten classes of images
#
# Each example is a gray image of 28 × 28 pixels, each label a number from 0 to 9.

# %% slideshow={"slide_type": "-"}
X_train, y_train = load_images(train=True)  # (n, 1, 28, 28), (n,)
X_test, y_test = load_images(train=False)
names = class_names()
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)
labels = [names[label] for label in y_train[:16].tolist()]
show_images(X_train[:16], labels, alt="Sixteen images, the class above each.", width=9.6)

# %% [markdown] slideshow={"slide_type": "notes"}
# These are the course's own digits: real handwriting, enlarged and placed anywhere on a 28×28 canvas. The second number
# of the shape is the channel: gray images have one. With `D2L_DATASET=fashion_mnist` in the environment the same
# notebook sorts shoes and shirts.
#
# Ask: how would you tell a computer what a 7 is? (By examples. People have tried rules; handwriting keeps breaking
# them.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One-hot labels
#
# A class has no size: 3 is not more than 2. So each of the $q$ classes gets a place of its own.

# %% slideshow={"slide_type": "-"}
classes = np.array([0, 2, 1])
one_hot = npx.one_hot(classes, 3)  # (n, q)
print(one_hot)
print("back again:", one_hot.argmax(axis=1))

# %% [markdown] slideshow={"slide_type": "fragment"}
# The model gives a *score* for each class, $\mathbf{o} = (o_1, \dots, o_q)$. The largest wins: $\hat{y} =
# \operatorname{argmax}_i o_i$.

# %% [markdown] slideshow={"slide_type": "notes"}
# We met one-hot coding in notebook 04, for the region of a server. There it was an input; here it is what we want.
# `argmax` gives the place of the largest entry, and turns scores back into a class.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why not squared loss?
#
# The true class is the third. Which of the two answers is better?

# %% slideshow={"slide_type": "-"}
y = np.array([0, 0, 1])
answers = {"sure and right": [0.3, 0, 7000], "unsure and wrong": [0.6, 0.2, 0.5]}
for name, scores in answers.items():
    scores = np.array(scores)
    loss = ((y - scores) ** 2).sum()
    print(f"{name:17} argmax {scores.argmax().item()}, squared loss {loss.item():,.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Squared loss wants the score to be 1. We want it to be **larger than the others**.

# %% [markdown] slideshow={"slide_type": "notes"}
# The first answer is the lecture's. Its squared loss is 49 million, for being right with confidence. Training would
# pull the good score down.
#
# Ask: what properties should a good loss have, then? (Small when the right class is far ahead, however far; large when
# it is behind; and unchanged when all scores are raised by the same amount.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Softmax: scores become probabilities
#
# The probability of class $y$, given the scores $\mathbf{o}$, is written $p(y \mid \mathbf{o})$.
#
# $$p(y \mid \mathbf{o}) = \frac{\exp(o_y)}{\sum_i \exp(o_i)}$$


# %% slideshow={"slide_type": "-"}
def softmax(scores):
    exponentials = np.exp(scores)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


probabilities = softmax(np.array([1.0, -1.0, 2.0]))
print(rounded(probabilities, 2), "sum:", rounded(probabilities.sum(), 2))
print("scores + 5:", rounded(softmax(np.array([6.0, 4.0, 7.0])), 2))

# %% [markdown] slideshow={"slide_type": "fragment"}
# exp makes every score positive, the sum makes them share one. Only **differences** of scores matter. (The lecture's
# slide says 0.70 for the third. The cell says 0.71.)

# %% [markdown] slideshow={"slide_type": "notes"}
# The three scores are the lecture's; its slide cuts 0.705 off where it should round. The order stays, so argmax stays.
#
# Ask: what happens if all scores are multiplied by ten? (The largest takes nearly everything. That is why it is
# called a soft *max*.)


# %% slideshow={"slide_type": "skip"}
BARS = "Three bars of probability. As the third score grows, -1, 1, 4, its bar grows from the smallest to nearly 1."


def draw_probabilities(ax, third_score):
    """Draw softmax of the scores 1, -1 and a third one as bars."""
    scores = [1.0, -1.0, float(third_score)]
    heights = softmax(np.array(scores)).asnumpy()
    bars = ax.bar([0, 1, 2], heights, color=[COLORS["sky"], COLORS["sky"], COLORS["vermilion"]])
    ax.bar_label(bars, [f"{height:.2f}" for height in heights], fontsize=14)
    ax.set_xticks([0, 1, 2], [f"o = {score:g}" for score in scores])
    ax.set(ylim=(0, 1.1), ylabel="probability")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Raise one score
#
# The others sink, although their scores stay.

# %% slideshow={"slide_type": "-"}
third = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]  # the slider's, when live
explore(draw_probabilities, [-1, 1, 4], values=third, label="third score", alt=BARS)

# %% [markdown] slideshow={"slide_type": "notes"}
# Live: at which third score are the first and the third equally probable? (1.) Ask before you move the slider there.
# Each step of 1 multiplies the ratio of its probability to each of the others by e, about 2.7. No finite score gives a
# probability of exactly 1.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The loss: how surprised are we?
#
# *Cross-entropy*: the negative logarithm of the probability given to the true class.
#
# $$\ell(\mathbf{o}, y) = -\log p(y \mid \mathbf{o}) = \log \sum_i \exp(o_i) - o_y$$


# %% slideshow={"slide_type": "-"}
def cross_entropy(scores, y):
    return np.log(np.exp(scores).sum()) - scores[y]


scores = np.array([1.0, -1.0, 2.0])
for y in (0, 1, 2):
    p = softmax(scores)[y].item()
    print(f"true class {y}: p = {p:.2f}, loss {cross_entropy(scores, y).item():.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# From left to right: the logarithm of a fraction is a difference of logarithms, and log exp(o) is o. With the minus,
# the log of the sum comes first.
#
# With probability 1 for the true class the loss is 0; at 0.5 it is 0.69; at 0.01 it is 4.6. A class called impossible
# that turns up costs infinitely much.
#
# It is the *negative log-likelihood*: the probability of all labels is a product, its logarithm a sum, and the most
# probable weights are those of smallest loss. *Cross-entropy* is the same with one-hot labels: the sum over classes
# −Σ yᵢ log pᵢ has one term that is not zero.
#
# Ask: what is the loss of someone who gives all ten digits the same probability? (log 10, about 2.3. A first loss far
# from it hints at a bug.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Its gradient: prediction minus truth
#
# $$\frac{\partial \ell}{\partial o_j} = \frac{\exp(o_j)}{\sum_i \exp(o_i)} - y_j
# \qquad
# \frac{\partial \ell}{\partial \mathbf{o}} = \operatorname{softmax}(\mathbf{o}) - \mathbf{y}
# \qquad (\mathbf{y}\ \text{one-hot})$$

# %% slideshow={"slide_type": "-"}
scores = np.array([1.0, -1.0, 2.0])
scores.attach_grad()
with autograd.record():
    loss = cross_entropy(scores, 2)
loss.backward()
print("autograd:", rounded(scores.grad))
print("formula: ", rounded(softmax(scores) - npx.one_hot(np.array(2), 3)))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Descent raises the true class's score by what is missing to 1, and lowers the others by what they have.

# %% [markdown] slideshow={"slide_type": "notes"}
# By the chain rule, the derivative of log Σ exp(oᵢ) is one over the sum, times exp(oⱼ): softmax again. The second term,
# the true class's score, has derivative 1 at the true class and 0 elsewhere: the one-hot label.
#
# `L2Loss` has the same form: its derivative by the prediction is prediction minus truth, too. It is not by chance: both
# losses were made to fit their way of turning scores into predictions.
#
# Ask: when is the gradient of one example zero? (Only when the true class has probability 1: never quite. Training
# could go on for ever.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Overflow
#
# float32 ends at about $3 \cdot 10^{38}$. exp passes it at 89.

# %% slideshow={"slide_type": "-"}
scores = np.array([200.0, 199.0, 0.0])
print("exp:    ", np.exp(scores))
print("softmax:", softmax(scores))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Only differences matter, so subtract the largest score first: the *log-sum-exp trick*.


# %% slideshow={"slide_type": "fragment"}
def log_softmax(scores):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


print("mended: ", rounded(np.exp(log_softmax(scores))))
print("losses: ", rounded(-log_softmax(scores)))

# %% [markdown] slideshow={"slide_type": "notes"}
# inf divided by inf is not a number, and one `nan` in a batch ruins all weights in one step.
#
# After the shift the largest exponent is 0: the sum is between 1 and the number of classes, and its logarithm is safe.
# Look at the third loss: 200.3. Its probability is too small for float32 and becomes 0, so −log p would be infinite.
# `log_softmax` never takes the logarithm of something that has vanished. Gluon's `SoftmaxCrossEntropyLoss` does the
# same inside. Give it scores, not probabilities.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Back to the two answers
#
# The true class is the third. Squared loss preferred the wrong answer.

# %% slideshow={"slide_type": "-"}
for name, scores in answers.items():
    log_p = log_softmax(np.array(scores))[2]
    print(f"{name:17} p = {np.exp(log_p).item():.2f}, loss {abs(log_p).item():.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Cross-entropy puts them in the right order: a score that is far ahead costs nothing.

# %% [markdown] slideshow={"slide_type": "notes"}
# A logarithm of a probability is never positive, so its absolute value is the loss.
#
# Ask: the second answer is wrong, and still costs only 1.05. Why so little? (Its three scores are nearly equal: it says
# that it does not know. Guessing among three costs log 3, about 1.10.)


# %% slideshow={"slide_type": "skip"}
def draw_models():
    """Draw linear and softmax regression as networks of one layer, side by side."""
    fig, axes = subplots(1, 2, width=9.0, height=3.0)
    for ax, num_outputs, title in zip(axes, (1, 3), ("regression", "softmax regression"), strict=True):
        inputs = [(0.0, 1.5 - i) for i in range(4)]
        outputs = [(2.2, (num_outputs - 1) / 2 - i) for i in range(num_outputs)]
        for start in inputs:
            for end in outputs:
                ax.plot(*zip(start, end, strict=True), color="#8A8A8A", linewidth=1)
        ax.plot(*zip(*inputs, strict=True), "o", color=COLORS["sky"], markersize=26, markeredgecolor="#222222")
        ax.plot(*zip(*outputs, strict=True), "o", color=COLORS["orange"], markersize=26, markeredgecolor="#222222")
        for i, (x, y) in enumerate(inputs):
            ax.text(x, y, f"x{'₁₂₃₄'[i]}", ha="center", va="center")
        for i, (x, y) in enumerate(outputs):
            ax.text(x, y, "ŷ" if num_outputs == 1 else f"o{'₁₂₃'[i]}", ha="center", va="center")
        ax.set(xlim=(-0.6, 2.8), ylim=(-2.1, 2.1))
        ax.set_title(title)
        ax.axis("off")
    show(
        fig,
        alt="Two networks of one layer. Left: four inputs joined to one output. Right: four inputs joined to each of "
        "three outputs.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training
#
# The same model twice: from scratch, and in Gluon.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Regression beside softmax regression

# %% slideshow={"slide_type": "-"}
draw_models()

# %% [markdown] slideshow={"slide_type": "-"}
# | | regression | softmax regression |
# |---|---|---|
# | model | $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$ | $\mathbf{O} = \mathbf{X}\mathbf{W} + \mathbf{b}$ |
# | shapes | $(n, d)(d) + () \to (n)$ | $(n, d)(d, q) + (q) \to (n, q)$ |
# | label | a number | a class; one-hot $(n, q)$ |
# | loss | $(y - \hat{y})^2$ | $\log \sum_i \exp(o_i) - o_y$ |

# %% [markdown] slideshow={"slide_type": "notes"}
# Softmax regression is q linear models side by side, one for each class, that compete for the probability. For our
# images d is 784, one input for each pixel, and q is 10.
#
# Ask: how many parameters has that model? (784 · 10 weights and 10 biases: 7,850.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch: model, loss, update


# %% slideshow={"slide_type": "-"}
def model(X, W, b):
    return np.dot(X.reshape(len(X), -1), W) + b  # (n, 784)(784, 10) + (10,)


def batch_loss(scores, y):
    log_p = log_softmax(scores)  # (n, 10)
    return -npx.pick(log_p, y).mean()  # the true class of each row


def update(parameters, lr):
    for parameter in parameters:
        parameter[:] = parameter - lr * parameter.grad


# %% [markdown] slideshow={"slide_type": "notes"}
# The images become rows: the model does not know that pixels have neighbours. `npx.pick` takes from each row the entry
# whose place the label says; indexing does the same, `log_p[np.arange(len(y)), y]`. So the code needs no one-hot
# labels: all their other entries would only multiply by zero.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch: training
#
# Eight epochs; it takes about three seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
W, b = np.zeros((784, 10)), np.zeros(10)
for parameter in (W, b):
    parameter.attach_grad()
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
for epoch in range(8):
    for X, y in train_loader:
        with autograd.record():
            loss = batch_loss(model(X, W, b), y)
        loss.backward()
        update([W, b], lr=0.1)
    right = accuracy(model(X_test, W, b), y_test)
    print(f"epoch {epoch + 1}: {right:.3f} of the test images are right")

# %% [markdown] slideshow={"slide_type": "notes"}
# The loop is that of notebook 04, with two parameters. `accuracy` is the share of rows whose argmax is the label. Zeros
# are a good start here, because the loss has only one valley; for networks with hidden layers they are not (notebook
# 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same in Gluon

# %% slideshow={"slide_type": "-"}
net = nn.Dense(10)  # flattens each image by itself
net.initialize(init.Zero())
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()  # takes scores
options = {"learning_rate": 0.1}
trainer = gluon.Trainer(net.collect_params(), "sgd", options)
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
for _ in range(8):
    for X, y in train_loader:
        with autograd.record():
            losses = loss_function(net(X), y)  # (n,)
        losses.backward()
        trainer.step(len(y))
print("as from scratch:", bool(abs(net.weight.data() - W.T).max() < 1e-3))

# %% [markdown] slideshow={"slide_type": "notes"}
# Same start, same batches, same rate: the same weights, up to rounding. Gluon keeps them as (outputs, inputs), hence
# the transpose.
#
# The loss is one number an example, so `step` divides the summed gradient by the batch size, as in notebook 04.
#
# A new loader begins with the same random order: its seed is 0 unless we say otherwise. Without that line the second
# training would go on where the first has left the order, and nothing could be compared.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In one call
#
# `fit` runs this loop and draws the curves. About two seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
seed(0)
net = nn.Dense(10)
test_loader = ArrayLoader(X_test, y_test, batch_size=256)
history = fit(net, train_loader, test_loader, num_epochs=8, lr=0.1)

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
guess = onp.bincount(y_test.asnumpy()).max() / len(y_test)
print(f"accuracy {history.test_accuracy[-1]:.2f}, the most frequent class {guess:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# With the course's digits about half of the test images are right: four or five times better than guessing, and far
# from good. On MNIST such a model gets about 0.9. What is the difference? MNIST's digits are centered. Hold that
# thought.
#
# Ask: the test loss falls smoothly, the test accuracy jumps. How can that be? (The loss sees how sure the model is, the
# accuracy only who is ahead. Where two classes are nearly equal, a small change tips the answer.)


# %% slideshow={"slide_type": "skip"}
def show_predictions():
    """Show test images with the predicted class and its probability; a wrong one has a cross and the true class."""
    num_columns = 8 if max(map(len, names)) < 3 else 4  # long names need room
    count = 2 * num_columns
    p = softmax(net(X_test[:count])).asnumpy()  # (count, 10)
    titles = []
    for row, label in zip(p, rounded(y_test[:count], 0), strict=True):
        answer = int(row.argmax())
        mark = "" if answer == label else f" ✗ ({names[label]})"
        titles.append(f"{names[answer]}{mark}\n{row[answer]:.2f}")
    show_images(
        X_test[:count],
        titles,
        alt="Test images, above each the predicted class and its probability; wrong ones carry a cross and the true "
        "class.",
        num_columns=num_columns,
        width=10.5,
        height=4.1,
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Looking inside
#
# Its answers, its mistakes and its weights, as pictures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What does it say, and how sure is it?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_predictions()

# %% [markdown] slideshow={"slide_type": "notes"}
# Above each image the class with the largest probability, and that probability; a cross and the true class where it is
# wrong. Ask: is it at least unsure where it is wrong? (Often, not always. How far a probability can be trusted is a
# question of its own.)


# %% slideshow={"slide_type": "skip"}
def count_confusions(net, X, y):
    """Return a matrix of counts: row the true class, column the predicted one."""
    counts = onp.zeros((len(names), len(names)), dtype=int)
    onp.add.at(counts, (y.asnumpy(), net(X).argmax(axis=1).asnumpy().astype(int)), 1)
    return counts


def draw_confusions(counts):
    """Draw a confusion matrix with its numbers."""
    fig, ax = subplots(width=7.4, height=4.9)
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=1.6 * counts.max())
    for (row, column), count in onp.ndenumerate(counts):
        ax.text(column, row, str(count), ha="center", va="center", weight="bold" if row == column else "normal")
    ax.set_xticks(range(len(names)), names, rotation=0 if max(map(len, names)) < 3 else 90)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="predicted", ylabel="true class")
    show(
        fig,
        alt="A table of counts, true class by predicted class: the diagonal, where both agree, is darkest.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Confusion matrix: who is taken for whom?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = count_confusions(net, X_test, y_test)
print(f"on the diagonal: {counts.trace()} of {counts.sum()}")
draw_confusions(counts)

# %% [markdown] slideshow={"slide_type": "notes"}
# A row is a true class, a column what the model said. Ask the class to find the two that are confused most often, and
# whether it is as frequent the other way round. (8 is taken for 1 more often than anything else, and 1 for 8 hardly
# ever: the column of 8 is nearly empty, this model does not dare to say it.)
#
# Accuracy is one number; this matrix says what to work on. It is the first thing to draw when a classifier disappoints.


# %% slideshow={"slide_type": "skip"}
def show_weights(net):
    """Show the weights of each class as an image; white is zero."""
    weights = net.weight.data().reshape(-1, 28, 28)
    limit = float(abs(weights).max())
    show_images(
        weights,
        names,
        alt="Ten noisy patterns of orange and purple, one for each class; hardly a digit can be recognized.",
        num_columns=5,
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        width=10.5,
        height=4.6,
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What has it learned?
#
# Each class has one weight for each pixel: a picture.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_weights(net)

# %% [markdown] slideshow={"slide_type": "notes"}
# Orange: ink there speaks for the class. Purple: against it. The score is the sum of ink times weight, and the bias.
#
# Ask: why can hardly a digit be recognized? (The digits lie at random places. One weight for each pixel can only
# answer: how often is there ink of this class *just here*?)


# %% slideshow={"slide_type": "skip"}
def center(images):
    """Return images (n, 1, 28, 28) with the ink of each moved to the middle of its canvas."""
    moved = onp.empty_like(images.asnumpy())
    for target, image in zip(moved[:, 0], images[:, 0].asnumpy(), strict=True):
        rows, columns = onp.nonzero(image > 0.1)
        shift = 14 - (rows.min() + rows.max() + 1) // 2, 14 - (columns.min() + columns.max() + 1) // 2
        target[:] = onp.roll(image, shift, axis=(0, 1))
    return np.array(moved)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same digits, all in the middle
#
# We move the ink of each image to the center, and train the same model again. About two seconds.

# %% slideshow={"slide_type": "-"}
X_middle, X_test_middle = center(X_train), center(X_test)
show_images(X_middle[:8], alt="Eight digits in the middle of their canvas.", width=9.6)

# %% slideshow={"slide_type": "fragment"} tags=["nbval-ignore-output"]
middle_loader = ArrayLoader(X_middle, y_train, batch_size=64, shuffle=True)
seed(0)
middle = nn.Dense(10)
fit(middle, middle_loader, num_epochs=8, lr=0.1, plot=False)
test_middle = ArrayLoader(X_test_middle, y_test, batch_size=256)
print(f"anywhere:      {evaluate(net, test_loader)[1]:.2f}")
print(f"in the middle: {evaluate(middle, test_middle)[1]:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A linear model ties each weight to a place. It has no idea that a digit stays the same when it moves.

# %% [markdown] slideshow={"slide_type": "notes"}
# These are the first eight of the images at the beginning. Ask before training: will it be better? By how much?
#
# The model is the same, the digits are the same; only the places have gone. These two numbers are the most important
# ones for the rest of the day: a model needs to know what may change without changing the answer.
#
# Two ways out. Let the model learn features of its own, layer upon layer: notebook 07. Or build into it that place does
# not matter: convolution, notebook 12. The first brings us to about 0.9, the second beyond.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A class is coded one-hot; the largest score wins.
# - Softmax makes scores into probabilities; subtract the largest score first.
# - Cross-entropy is the surprise: $\log \sum_i \exp(o_i) - o_y$.
# - Its gradient is prediction minus truth, $\operatorname{softmax}(\mathbf{o}) - \mathbf{y}$.
# - A linear model ties each weight to a pixel, and fails when things move.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 06.1: predict a loss
#
# A model gives four classes the scores $(2, 2, 2, 2)$. The true class is the first. What is the cross-entropy loss? And
# what is it if every score is 10 higher? Two digits after the point are enough.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
loss_then = ...
loss_when_higher = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("06.1", (loss_then, loss_when_higher))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Equal scores mean equal probabilities. The loss is the natural logarithm of one over the probability.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# loss_then = 1.39
# loss_when_higher = 1.39
# ```
#
# Each class has probability 1/4, and log 4 is 1.386. Raising all scores changes no difference, so no probability.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 06.2: change the rate to the batch
#
# With batches of 600 there are only 10 updates in an epoch. Choose a learning rate with which 4 epochs on the course's
# digits reach a test accuracy of at least 0.38.
#
# The check trains with your rate, in about a second.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
learning_rate = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("06.2", learning_rate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# 0.1 is good for batches of 64. Larger batches give less noisy gradients, and fewer of them: take longer steps. How
# much longer, before it gets worse again?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# learning_rate = 0.25
# ```
#
# From about 0.15 to 0.4 it works. Larger rates make the scores swing.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 06.3: build a stable cross-entropy
#
# Compute the mean cross-entropy loss of a batch, for scores of any size, each row with its own. Write it with `np`
# alone, without `npx` and Gluon.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def mean_cross_entropy(scores, y):
    """scores (n, q), labels y (n,); returns one number."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("06.3", mean_cross_entropy)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Subtract each row's largest score, with `keepdims=True`. The scores of the true classes are
# `scores[np.arange(len(y)), y]`. Write the logarithm of the fraction as a difference before you compute it.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def mean_cross_entropy(scores, y):
#     shifted = scores - scores.max(axis=1, keepdims=True)  # (n, q)
#     log_sums = np.log(np.exp(shifted).sum(axis=1))  # (n,)
#     return (log_sums - shifted[np.arange(len(y)), y]).mean()
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 06.4: build top-k accuracy
#
# With a thousand classes one asks: is the true one among the $k$ largest scores? Return the share of the examples for
# which it is.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def top_k_accuracy(scores, y, k):
    """scores (n, q), labels y (n,) of type int32, k >= 1; returns a number."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("06.4", top_k_accuracy)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `np.argsort(scores, axis=1)` gives the classes of each row from the smallest score to the largest. Compare its last k
# columns with `y.reshape(-1, 1)`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def top_k_accuracy(scores, y, k):
#     best = np.argsort(scores, axis=1)[:, -k:]  # (n, k)
#     return float((best == y.reshape(-1, 1)).sum()) / len(y)
# ```
#
# With $k = 1$ it is the accuracy, with $k = q$ it is 1.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Linear Neural Networks for
#   Classification](https://d2l.ai/chapter_linear-classification/index.html)
# - Shannon, [A Mathematical Theory of Communication](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x), 1948: where
#   the logarithm of a probability became a measure of information
# - Guo, Pleiss, Sun and Weinberger, [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599), 2017:
#   how far to trust a probability
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **07 · Multilayer perceptron**, layers in between that find features of their own.
