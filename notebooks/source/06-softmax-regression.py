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
# How does a model choose among ten answers, and say how sure it is?
#
# *60 minutes · needs 04, 05*

# %% [markdown] slideshow={"slide_type": "skip"}
# Regression, in notebook 04, answered *how much*: a price, a number on a scale. Classification answers *which one*: a
# name from a list. The model stays linear. What is new is the way from scores to probabilities, and a loss that
# rewards the right ones; both sit at the end of almost every classifier you will meet later.
#
# One thread runs through this part: *how do I know that a model will work on data it has not seen?* Here the model
# gives its own answer, a probability, and we check on unseen images whether that probability can be trusted.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Encode** classes as one-hot vectors, and explain why neither squared loss nor accuracy is a good loss for them.
# - **Turn** scores into probabilities with softmax, without overflow.
# - **Derive** the cross-entropy loss and its gradient.
# - **Train** softmax regression on handwritten digits, from scratch and in Gluon.
# - **Judge** a classifier by its confusion matrix, its probabilities, and images that have moved.

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
from itertools import pairwise

import numpy as onp  # NumPy itself, for counting; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    Timer,
    accuracy,
    check,
    draw_digit,
    evaluate,
    explore,
    fit,
    load_images,
    rounded,
    show_images,
)
from d2lhelpers.figures import nb06_softmax_regression as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## From scores to a loss
#
# What should a model that chooses put out, and what should a mistake cost?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Each image belongs to one of ten classes

# %% slideshow={"slide_type": "-"}
X_train, y_train = load_images(train=True, source="mnist")  # (n, 1, 28, 28), (n,)
X_test, y_test = load_images(train=False, source="mnist")
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)
show_images(
    X_train[:16],
    y_train[:16].tolist(),
    alt="Sixteen handwritten digits, labels above.",
    width=9.6,
)

# %% [markdown] slideshow={"slide_type": "skip"}
# This is MNIST, digits written by hand and scanned: 10,000 images to train on and 2,000 to test on. The second number
# of the shape is the channel, of which a gray image has one. The training set is what the model learns from. The test
# set stays out of training, because only unseen images show whether the model has learned digits or just these images.
#
# **Question.** How would you tell a computer what a 7 is, by rules?
#
# <details><summary>Answer</summary>
#
# People tried: "a horizontal stroke, then a slanted one". Then comes a 7 with a crossbar, or one whose top is bent.
# Examples work better than rules.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# Show a few ambiguous digits. Ask for rules that define a 7.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One-hot labels give each class its own position

# %% slideshow={"slide_type": "-"}
classes = np.array([0, 2, 1])
one_hot = npx.one_hot(classes, 3)  # (n, q)
print(one_hot)
print("back again:", one_hot.argmax(axis=1))

# %% [markdown] slideshow={"slide_type": "-"}
# The model gives each class a *score*, $\mathbf{o} = (o_1, \dots, o_q)$, and answers with the largest:
# $\hat{y} = \operatorname{argmax}_i o_i$.

# %% [markdown] slideshow={"slide_type": "skip"}
# The label 3 isn't larger than the label 2 in any useful sense; the numbers are only names. A *one-hot* vector has a 1
# at the position of the class and 0 elsewhere, so all classes are equally far apart. `argmax` returns the position of
# the largest entry, and so turns a vector back into a class.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Squared loss punishes a confident right answer
#
# The true class is the third. Which of the two answers is better?

# %% slideshow={"slide_type": "-"}
y = np.array([0, 0, 1])
answers = {"sure and right": [0.3, 0, 7000], "unsure and wrong": [0.6, 0.2, 0.5]}
for name, scores in answers.items():
    scores = np.array(scores)
    loss = ((y - scores) ** 2).sum()
    print(f"{name:17} argmax {scores.argmax().item()}, squared loss {loss.item():,.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The first answer is right, and its squared loss is 49 million. Training would pull the good score down. Squared loss
# wants the score to *be* 1; we want it to be *larger than the others*. A good loss is small when the right class is
# far ahead, however far, and large when it is behind.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Softmax turns scores into probabilities
#
# $$p(y \mid \mathbf{o}) = \frac{\exp(o_y)}{\sum_i \exp(o_i)}$$


# %% slideshow={"slide_type": "-"}
def softmax(scores):
    exponentials = np.exp(scores)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


probabilities = softmax(np.array([1.0, -1.0, 2.0]))
print(rounded(probabilities, 2), "sum:", rounded(probabilities.sum(), 2))
print("scores + 5:", rounded(softmax(np.array([6.0, 4.0, 7.0])), 2))

# %% [markdown] slideshow={"slide_type": "skip"}
# The exponential makes every score positive, and dividing by the sum makes the results add up to 1. Adding 5 to all
# scores changes nothing: only *differences* of scores matter. The order stays, so the answer stays as well.
#
# **Question.** What happens if you multiply all scores by ten?
#
# <details><summary>Answer</summary>
#
# The differences grow tenfold, and the largest score takes nearly all of the probability. So softmax is a soft version
# of the maximum, and the size of the scores says how sure the model is.
#
# </details>


# %% slideshow={"slide_type": "skip"}
def draw_probabilities(ax, third_score):
    scores = [1.0, -1.0, float(third_score)]
    figures.probabilities(ax, scores, softmax(np.array(scores)))


# %% [markdown] slideshow={"slide_type": "notes"}
# Ask what adding 5 to all scores changes before you run the cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Raising one score lowers all other probabilities

# %% slideshow={"slide_type": "-"}
BARS = "Bars of probability; as the third score grows, so does its bar."
explore(
    draw_probabilities,
    [-1, 1, 4],
    values=range(-4, 7),
    label="third score",
    alt=BARS,
)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each step of 1 multiplies the ratio between the third probability and each of the others by $e \approx 2.7$. No
# finite score gives a probability of exactly 1.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Cross-entropy measures the surprise
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
# Ask for the loss of guessing among ten classes: log 10.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Being sure and wrong costs most

# %% slideshow={"slide_type": "-"}
figures.surprise(softmax(np.array([1.0, -1.0, 2.0])))

# %% [markdown] slideshow={"slide_type": "skip"}
# The logarithm of a fraction is a difference of logarithms, and $\log \exp(o_y) = o_y$; with the minus sign, the log
# of the sum comes first. If the true class has probability 1, the loss is 0; at 0.5 it is 0.69; at 0.01 it is 4.6. The
# three points in the figure are the three cases above.
#
# Why the logarithm? The probability that the model gives to *all* labels is a product over the examples. Its negative
# logarithm, the *negative log-likelihood*, is the sum of these losses. Minimizing the loss therefore means finding the
# weights under which the labels are most probable.
#
# **Question.** What is the loss of a model that gives all ten digits the same probability?
#
# <details><summary>Answer</summary>
#
# $-\log 0.1 = \log 10 \approx 2.3$. A training run whose first loss is far from that probably has a bug.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A soft label spreads the truth over several classes
#
# $$-\sum_i y_i \log p_i = \log \sum_i \exp(o_i) - \mathbf{y}^\top \mathbf{o}$$


# %% slideshow={"slide_type": "-"}
def soft_cross_entropy(scores, y):  # y (q,) sums to 1
    return np.log(np.exp(scores).sum()) - np.dot(y, scores)


scores = np.array([1.0, -1.0, 2.0])
for y in ([0, 0, 1], [0.3, 0, 0.7]):
    print(y, f"loss {soft_cross_entropy(scores, np.array(y)).item():.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# If three of ten people read an image as class 0 and seven as class 2, the honest label is $(0.3, 0, 0.7)$. The sum
# $-\sum_i y_i \log p_i$ is what *cross-entropy* means in general. Insert $\log p_i = o_i - \log \sum_j \exp(o_j)$, and
# because the $y_i$ add up to 1, you get the formula above. A one-hot label is the special case $\mathbf{y}^\top
# \mathbf{o} = o_y$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The gradient is prediction minus truth
#
# $$\frac{\partial \ell}{\partial \mathbf{o}} = \operatorname{softmax}(\mathbf{o}) - \mathbf{y}$$

# %% slideshow={"slide_type": "-"}
scores = np.array([1.0, -1.0, 2.0])
scores.attach_grad()
with autograd.record():
    loss = cross_entropy(scores, 2)
loss.backward()
print("autograd:", rounded(scores.grad))
print("formula: ", rounded(softmax(scores) - npx.one_hot(np.array(2), 3)))

# %% [markdown] slideshow={"slide_type": "skip"}
# By the chain rule, the derivative of $\log \sum_i \exp(o_i)$ with respect to $o_j$ is $\exp(o_j) / \sum_i \exp(o_i)$:
# softmax again. The second term, $-\mathbf{y}^\top \mathbf{o}$, contributes $-y_j$. A step of gradient descent raises
# the score of the true class by what its probability lacks to 1, and lowers each of the others by what it has too
# much.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Accuracy itself cannot be trained: it is flat almost everywhere

# %% slideshow={"slide_type": "-"}
rows = X_train[:300].reshape(300, -1)
W0 = np.array(onp.random.RandomState(0).normal(size=(784, 10)) / 10, dtype="float32")
values, accuracies, losses = onp.linspace(-3, 3, 121), [], []
for value in values:
    W0[406, 3] = value  # the weight of one pixel in the middle for the class 3
    scores = np.dot(rows, W0)
    accuracies.append(accuracy(scores, y_train[:300]))
    losses.append(-npx.pick(npx.log_softmax(scores), y_train[:300]).mean().item())
figures.accuracy_and_loss(values, accuracies, losses)

# %% [markdown] slideshow={"slide_type": "skip"}
# We want accuracy, so why not maximize it? Change one weight a little: unless an image happens to sit exactly on the
# border between two classes, no answer changes. The accuracy is *piecewise constant*, its gradient is zero wherever it
# exists, and gradient descent would not move. Cross-entropy notices every small improvement.

# %% [markdown] slideshow={"slide_type": "notes"}
# Point at a flat step: here gradient descent would stand still.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Large scores overflow, unless the largest is subtracted first


# %% slideshow={"slide_type": "-"}
def log_softmax(scores):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


scores = np.array([200.0, 199.0, 0.0])
print("softmax:", softmax(scores))
print("fixed:  ", rounded(np.exp(log_softmax(scores))))
print("losses: ", rounded(-log_softmax(scores)))

# %% [markdown] slideshow={"slide_type": "skip"}
# A float32 ends at about $3 \cdot 10^{38}$, which `exp` passes at 89. Infinity divided by infinity is `nan`, "not a
# number", and a single one ruins all weights in one step. Only differences of scores matter, so we may subtract the
# largest: this is the *log-sum-exp trick*. The third loss shows why the logarithm is taken inside: the probability has
# vanished in float32, its loss of about 200 has not. Gluon's `SoftmaxCrossEntropyLoss` does the same, so give it
# scores, not probabilities.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Cross-entropy prefers the right answer

# %% slideshow={"slide_type": "-"}
for name, scores in answers.items():
    log_p = log_softmax(np.array(scores))[2]
    print(f"{name:17} p = {np.exp(log_p).item():.2f}, loss {abs(log_p).item():.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# These are the two answers that squared loss put in the wrong order. A right score that is far ahead costs nothing. The
# second answer is wrong but costs only 1.05, because its scores are nearly equal: it admits that it doesn't know.
# Guessing among three classes costs $\log 3 \approx 1.10$.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training
#
# The same model twice: from scratch, and in Gluon.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Softmax regression is ten linear models that compete
#
# | | regression | softmax regression |
# |---|---|---|
# | model | $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$ | $\mathbf{O} = \mathbf{X}\mathbf{W} + \mathbf{b}$ |
# | shapes | $(n, d)(d) + () \to (n)$ | $(n, d)(d, q) + (q) \to (n, q)$ |
# | label | a number | a class; one-hot $(n, q)$ |
# | loss | $(y - \hat{y})^2$ | $\log \sum_i \exp(o_i) - o_y$ |

# %% [markdown] slideshow={"slide_type": "skip"}
# For our images $d = 784$, one input per pixel, and $q = 10$: that is $784 \cdot 10$ weights and 10 biases, 7,850
# parameters. The images become rows; the model doesn't know which pixels are neighbors.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch, it is the loop of notebook 04 with another loss


# %% slideshow={"slide_type": "-"}
def model(X, W, b):
    return np.dot(X.reshape(len(X), -1), W) + b  # (n, 784)(784, 10) + (10,)


def batch_loss(scores, y):
    return -npx.pick(log_softmax(scores), y).mean()  # the true class of each row


def update(parameters, lr):
    for parameter in parameters:
        parameter[:] = parameter - lr * parameter.grad


# %% [markdown] slideshow={"slide_type": "skip"}
# `npx.pick` takes the entry at the label's position from each row. So one-hot labels are never built: all their other
# entries would only multiply by zero.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five epochs, from zero weights

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
W, b = np.zeros((784, 10)), np.zeros(10)
for parameter in (W, b):
    parameter.attach_grad()
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
history_of_W = [W.copy()]
for epoch in range(5):
    for X, y in train_loader:
        with autograd.record():
            loss = batch_loss(model(X, W, b), y)
        loss.backward()
        update([W, b], lr=0.1)
    history_of_W.append(W.copy())
    print(f"epoch {epoch + 1}: test accuracy {accuracy(model(X_test, W, b), y_test):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# An *epoch* is one pass through the training set. Zeros are a good start here because this loss is convex: it has a
# single valley. Networks with hidden layers need another start, as notebook 07 shows. We keep the weights after each
# epoch, to watch them grow.


# %% slideshow={"slide_type": "skip"}
def draw_weights(ax, epoch):
    figures.weights(ax, history_of_W[epoch])


PICTURES = (
    "Ten patterns of orange and purple, one per class, which grow from blank; the 0 is a ring with a purple middle."
)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The weights of a class grow into a picture of it

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_weights,
    [1, 5],
    values=range(6),
    play=True,
    label="epoch",
    alt=PICTURES,
    height=3.0,
)

# %% [markdown] slideshow={"slide_type": "skip"}
# The classes are 0 to 4 in the upper row and 5 to 9 in the lower. Orange ink speaks for a class, purple against it:
# ink in the middle is strong evidence against a 0. The model holds ten templates against the image, and the best match
# wins.

# %% [markdown] slideshow={"slide_type": "notes"}
# Press play. Ask which class the ring belongs to.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Gluon does the same in fewer lines

# %% slideshow={"slide_type": "-"}
net = nn.Dense(10)  # flattens each image by itself
net.initialize(init.Zero())
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()  # takes scores
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
for _ in range(5):
    for X, y in train_loader:
        with autograd.record():
            losses = loss_function(net(X), y)  # (n,)
        losses.backward()
        trainer.step(len(y))
print("as from scratch:", bool(abs(net.weight.data() - W.T).max() < 1e-3))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `fit` runs this loop and draws the curves

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = nn.Dense(10)
test_loader = ArrayLoader(X_test, y_test, batch_size=256)
timer = Timer()
history = fit(net, train_loader, test_loader, num_epochs=5, lr=0.1, seed=0)
took = timer.stop()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The scoreboard starts with a linear model

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
right = accuracy(net(X_test), y_test)
board.add(
    "softmax",
    net,
    (1, 784),
    data="MNIST",
    accuracy=right,
    examples=len(y_test),
    seconds=timer.sum(),
)
board

# %% [markdown] slideshow={"slide_type": "skip"}
# Between eight and nine of ten unseen digits are right. On 2,000 test images that number is itself uncertain; the
# interval says where the accuracy on further images of this kind probably lies. Later networks have to beat it by more
# than that. The accuracy on the training images is a few points higher, but the model has seen those, so it says
# little about new ones.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Can we trust it?
#
# Look at the mistakes, at the probabilities, and at images that differ from those it was trained on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Mistakes are often, but not always, unsure

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
p_test = npx.softmax(net(X_test))  # (n, 10)
figures.predictions(X_test[:16], p_test[:16], y_test[:16])

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
right_ones = p_test.argmax(axis=1) == y_test
for name, chosen in (("right", right_ones), ("wrong", ~right_ones)):
    print(f"mean probability of the {name} answers: {p_test.max(axis=1).asnumpy()[chosen.asnumpy()].mean():.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Above each image you see the answer and its probability; a cross marks a mistake, followed by the true class. The 5 in
# the second row is called a 6 with a probability of more than 0.8. On average the model is less sure where it is wrong,
# but a large probability is no guarantee.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The confusion matrix shows which digits are hard

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = onp.zeros((10, 10), dtype=int)  # row: true class, column: prediction
onp.add.at(counts, (y_test.asnumpy(), p_test.argmax(axis=1).asnumpy().astype(int)), 1)
figures.confusions(counts)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row is a true class, each column an answer. *Recall* is the share of a class that is recognized. 0 and 1, which
# everybody writes alike, are nearly always found: 0.97 or more. 2, 3, 5, 7, 8, and 9 stay between about 0.8 and 0.87.
# Look for the largest numbers off the diagonal: 3 and 5, 4 and 9, 7 and 9, 2 and 8. These pairs share most of their
# strokes, and the part that tells them apart, such as the gap at the top of the 4, lies at a slightly different
# position in each handwriting. A single template per class has to fit all of them.


# %% slideshow={"slide_type": "skip"}
def group(p, y):
    """Return (mean probability, share of right answers) for five groups of answers, by probability."""
    answers, top = p.argmax(axis=1).asnumpy(), p.max(axis=1).asnumpy()
    groups = [(low <= top) & (top < high) for low, high in pairwise([0, 0.5, 0.7, 0.9, 0.97, 1.01])]
    return [(top[g].mean(), (answers == y.asnumpy())[g].mean()) for g in groups]


# %% [markdown] slideshow={"slide_type": "skip"}
# To check the probabilities, we sort the test images into five groups by the probability of the answer. For each group
# we compare the mean probability with the share of answers that are right.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Is a probability of 0.9 right nine times in ten?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
p_max = p_test.max(axis=1).asnumpy()
is_right = p_test.argmax(axis=1).asnumpy() == y_test.asnumpy()
longer = nn.Dense(10)
fit(longer, train_loader, num_epochs=40, lr=0.1, plot=False, seed=0)
p_longer = npx.softmax(longer(X_test))
figures.reliability({"5 epochs": group(p_test, y_test), "40 epochs": group(p_longer, y_test)})

# %% [markdown] slideshow={"slide_type": "skip"}
# On the dashed line the model says exactly as much as it knows: among the answers given with probability 0.9, nine in
# ten are right. Such a model is called *calibrated*. After five epochs, ours is too modest. Where it says 0.8, it is
# right about nine times in ten, because short training from small weights leaves the scores small. After 40 epochs,
# the points lie closer to the line, although the accuracy has hardly changed: 0.88 instead of 0.87. So how often a
# model is right and how sure it says it is are two different things, and both have to be measured on images that it
# wasn't trained on.

# %% [markdown] slideshow={"slide_type": "notes"}
# Collect guesses first: too sure or too modest?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your own digit

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
digit = draw_digit()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What the model says about it

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
p = npx.softmax(net(digit.image))[0]
figures.answer(p)

# %% [markdown] slideshow={"slide_type": "skip"}
# Draw a few in a live notebook; on the page you see a stored test image, a 3. The pad scales and centers your drawing
# like MNIST's images. Your hand is new to the model, and so are your pen and your habits, such as a bar through the 7.
# Try to draw a digit that you read without hesitation and the model gets wrong.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same pixels on another scale: learning stalls or explodes
#
# **Guess first.** Same model, rate and epochs. What happens if pixels run from 0 to 255, or from 2 to 3?


# %% slideshow={"slide_type": "skip"}
mean = X_train.mean(axis=0)
ways = {
    "0 to 1": lambda X: X,
    "0 to 1, centered": lambda X: X - mean,
    "0 to 255": lambda X: 255 * X,
    "0 to 1/255": lambda X: X / 255,
    "2 to 3": lambda X: X + 2,
    "2 to 3, centered": lambda X: X + 2 - (mean + 2),
}


def try_pixels(prepare, images=X_train, tests=X_test, lr=0.1):
    loader = ArrayLoader(prepare(images), y_train, batch_size=64, shuffle=True)
    trained = nn.Dense(10)
    fit(trained, loader, num_epochs=5, lr=lr, plot=False, seed=0)
    return evaluate(trained, ArrayLoader(prepare(tests), y_test, batch_size=256))  # loss, accuracy


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
results = {name: try_pixels(prepare) for name, prepare in ways.items()}
figures.scales(results)

# %% [markdown] slideshow={"slide_type": "notes"}
# Take a vote on each bar before you run the cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The largest eigenvalue limits the step

# %% slideshow={"slide_type": "-"}
for name, prepare in ways.items():
    rows = prepare(X_train).reshape(len(X_train), -1).asnumpy().astype("float64")
    largest = onp.linalg.eigvalsh(rows.T @ rows / len(rows))[-1]
    print(f"{name:17} eigenvalue {largest:9.2g}, largest safe rate {20 / largest:.1g}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Notebook 05 explains it: a step longer than 2 divided by the largest curvature overshoots. At the start, all ten
# probabilities are 0.1, and the largest curvature of the loss is about 0.1 times the largest eigenvalue of
# $\mathbf{X}^\top \mathbf{X} / n$. So the largest safe rate is about 20 divided by that eigenvalue, and the cell above
# computes it. We used 0.1 throughout. Multiplying pixels by 255 multiplies all curvatures by $255^2$: the steps
# overshoot, and the model becomes absurdly sure of its mistakes. Dividing by 255 leaves steps that are far too short.
#
# Adding 2 to every pixel, as a bright background would, adds one enormous eigenvalue in the direction "all pixels
# together", while most others stay as they were. So the *condition number*, the ratio of the largest curvature to the
# smallest that matters, grows. Is it enough to choose a smaller, safe rate?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for lr in (0.003, 0.006):
    print(f"2 to 3, rate {lr}: accuracy {try_pixels(ways['2 to 3'], lr=lr)[1]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# No: a rate that is safe for the one steep direction is far too small for all the others, in which the digits differ.
# Subtracting the mean removes the steep direction, and the usual rate works again.
#
# The surprise is the second row: on pixels from 0 to 1, subtracting the mean changes next to nothing, because most
# pixels are 0 and the mean is small: our rate was safe already. Centering isn't a ritual. It matters when the mean is
# large compared with the variation.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A shift of a few pixels ruins it

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
pixels = [0, 1, 2, 3, 4, 5, 6]
shifted = [accuracy(net(np.roll(X_test, shift, axis=3)), y_test) for shift in pixels]
figures.shifts(pixels, shifted)

# %% [markdown] slideshow={"slide_type": "skip"}
# You would hardly notice a shift of four pixels, yet only a quarter of the answers are still right.
# (`np.roll` moves ink that leaves on the right back in on the left. The margins are mostly empty, so up to four pixels
# hardly any ink does.) The model ties each
# weight to one position, so for it this is another image. Does it at least become unsure?

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask how far one may shift before the accuracy is halved.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### On shifted digits it is far too sure

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
p_shifted = npx.softmax(net(np.roll(X_test, 4, axis=3)))
print(f"by 4 pixels: says {p_shifted.max(axis=1).mean().item():.2f}, right {shifted[4]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Not enough. On the test set it was too modest; here it claims a probability of nearly 0.6 on average and is right a
# quarter of the time. The accuracy and the probabilities held for *centered* digits. A test set vouches only for data
# like itself.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Moving the digits back to the center rescues it


# %% slideshow={"slide_type": "skip"}
def move(images, shifts):  # shifts (n, 2): rows, columns
    pairs = zip(images[:, 0].asnumpy(), shifts, strict=True)
    return np.array(onp.stack([onp.roll(image, shift, axis=(0, 1)) for image, shift in pairs])[:, None])


def center(images):
    shifts = []
    for image in images[:, 0].asnumpy():
        ink = onp.argwhere(image > 0.1)
        shifts.append(14 - (ink.min(axis=0) + ink.max(axis=0) + 1) // 2)
    return move(images, shifts)


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
random = onp.random.RandomState(0)
anywhere, tests = [move(X, random.randint(-4, 5, size=(len(X), 2))) for X in (X_train, X_test)]
for name, prepare in (("anywhere", lambda X: X), ("moved to the center", center)):
    print(f"{name:20} accuracy {try_pixels(prepare, anywhere, tests)[1]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Training on moved digits doesn't help a linear model much: one template per class cannot be everywhere. Removing the
# shift from the data does, if not completely: MNIST centers by the center of mass, and we center the box around the
# ink. There are two ways to do without such preparation: learn features in between (notebook 07), or build into the
# network that position doesn't matter (convolutions, notebook 10, and LeNet, notebook 12).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# How does a model choose among ten answers, and say how sure it is?
#
# - It gives each class a score; the largest wins, and softmax turns scores into probabilities.
# - Cross-entropy, $\log \sum_i \exp(o_i) - o_y$, is small when the true class is probable; its gradient is
#   $\operatorname{softmax}(\mathbf{o}) - \mathbf{y}$.
# - Subtract the largest score before `exp`, and keep inputs small and centered.
# - Its probabilities can be checked on unseen data *of the same kind*; on shifted digits they are far too high.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 06.1: predict a loss
#
# A model gives four classes the scores $(2, 2, 2, 2)$. The true class is the first. What is the cross-entropy loss?
# And what is it if every score is 10 higher? Two digits after the point are enough.

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
# With batches of 600 instead of 64 there are only 17 updates in an epoch. Choose a learning rate with which 4 epochs on
# MNIST reach a test accuracy of at least 0.85.
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
# learning_rate = 0.9
# ```
#
# The batch is about nine times as large, so each step may be about nine times as long: 0.9 instead of 0.1. From about
# 0.4 to 1 it works. From 1.5 on the steps overshoot.
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: straighten the digits, beat 0.90
#
# Look at the 16 wrong answers that the model is most sure of. Which could you read? What do the others have in common?
# Then beat a test accuracy of 0.90 with the same 7,850 parameters and five epochs, by changing only the images.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
most_confident = ...  # the positions of 16 test images


def prepare(images):
    """images (n, 1, 28, 28); returns as many, of the same shape."""
    ...


# %% [markdown] slideshow={"slide_type": "skip"}
# You have reached the goal if `try_pixels(prepare)` returns an accuracy of at least 0.90. Try ideas on a part of the
# training images that you set aside, and use the test set once, at the end.
#
# <details><summary>A sample solution</summary>
#
# ```python
# wrong = onp.flatnonzero(~is_right)
# most_confident = wrong[onp.argsort(-p_max[wrong])][:16]
# chosen = np.array(most_confident, dtype="int32")
# figures.predictions(X_test[chosen], p_test[chosen], y_test[chosen])
#
#
# def prepare(images):
#     place = onp.arange(28) - 13.5
#     straight = onp.zeros_like(images.asnumpy())
#     for target, image in zip(straight[:, 0], images[:, 0].asnumpy(), strict=True):
#         ink = image / image.sum()
#         row, column = ink.sum(axis=1) @ place, ink.sum(axis=0) @ place  # the center of mass
#         slant = (place - row) @ ink @ (place - column) / (ink.sum(axis=1) @ (place - row) ** 2)
#         for i in range(28):
#             target[i] = onp.interp(place + column + slant * (place[i] - row), place, image[i])
#     return np.array(straight)
#
#
# print(try_pixels(prepare)[1])
# ```
#
# Nearly all of the 16 are easy for us to read: the model is wrong, not the label. Many are slanted, or sit lower or
# wider than usual. `slant` says how many pixels the ink moves to the side per row, by least squares as in notebook 04,
# and each row is moved back by that much. The accuracy rises from 0.87 to 0.91 or 0.92.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Linear Neural Networks for
#   Classification](https://d2l.ai/chapter_linear-classification/index.html)
# - Shannon, [A Mathematical Theory of Communication](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x), 1948: where
#   the logarithm of a probability became a measure of information
# - Guo, Pleiss, Sun and Weinberger, [On Calibration of Modern Neural Networks](https://arxiv.org/abs/1706.04599),
# 2017:
#   how far to trust a probability
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **07 · Multilayer perceptron**, layers in between that find features of their own.
