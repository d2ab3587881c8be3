# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 08 · Generalization
#
# **How do you know that a model will work on data it has not seen?**
#
# *60 minutes · needs 04, 07 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Every notebook so far has come back to this question. We have seen a line that fits the cars in a table (notebook
# 04), a classifier that reads digits (06), and a network whose training loss kept falling while the loss on new images
# hardly changed (05). In each case we set some data aside and looked at the error there. This notebook explains why
# that works, when it does not, and what you can do when the two errors drift apart. At the end, you will have a
# procedure for every model in the rest of the course.
#
# **Question.** A model has a training accuracy of 99 %. What do you know about it? Write down your answer; the recap
# returns to it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before you start: a model has 99 % training accuracy. What do we know about it? Return to this
# in the recap.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Split** data into training, validation, and test sets, and say why you need three.
# - **Recognize** underfitting and overfitting from two curves.
# - **Narrow** the gap with weight decay, dropout, early stopping, augmentation, and more data.
# - **Compute** how uncertain a measured accuracy is, and compare two models fairly.
# - **Choose** hyperparameters without fooling yourself.

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
import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn
from mxnet.optimizer import SGD

from d2lhelpers import (
    ArrayLoader,
    check,
    evaluate,
    explore,
    fit,
    load_cars,
    load_emoji,
    rounded,
    seed,
    show_images,
)
from d2lhelpers.figures import nb08_generalization as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The error that counts
#
# Remembering the training data is not yet learning anything you can use.

# %% [markdown] slideshow={"slide_type": "skip"}
# Suppose that a friend prepares for an exam by learning last year's questions and answers by heart. On last year's
# exam they score 100 %. You would not conclude that they will do well this year, because memory alone is enough for
# the old questions.
#
# A model is in the same position. Its *training error* is the mean loss on the examples that its parameters were
# fitted to. What you care about is its *generalization error*, the mean loss on *new* examples from the same source.
# You cannot compute it, because you don't have all possible examples. But you can *estimate* it, on examples that you
# have kept away from training. The difference between the two is the generalization gap, which you met in notebook 07.
#
# To study it, we start with a problem that is small enough to draw. Eighteen points lie on a smooth curve, apart from
# some noise. We fit a polynomial
#
# $$\hat{y} = w_0 + w_1 x + w_2 x^2 + \dots + w_d x^d$$
#
# to them with least squares. That is the linear regression of notebook 04, with the powers of $x$ as features. The
# degree $d$ says how flexible the model is. With $d = 1$ it is a straight line, and with $d = 15$ it has 16 parameters
# and can bend almost anywhere.


# %% slideshow={"slide_type": "skip"}
def truth(x):
    return onp.sin(3 * x)


def make_points(random_seed, num_train=18, num_validation=200, noise=0.3):
    """Return training and validation points, each as a pair (x, y)."""
    random_numbers = onp.random.RandomState(random_seed)
    x = onp.linspace(-1, 1, num_train)
    x_validation = random_numbers.uniform(-1, 1, num_validation)
    return [(x, truth(x) + noise * random_numbers.normal(size=len(x))) for x in (x, x_validation)]


def fit_polynomial(points, degree):
    return onp.polynomial.Polynomial.fit(*points, degree, domain=[-1, 1])  # least squares


# %% slideshow={"slide_type": "skip"}
noise = 0.3
points = make_points(random_seed=0, noise=noise)  # training and validation


def draw_fit(ax, degree):
    figures.polynomial(ax, points, fit_polynomial(points[0], degree), truth)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A flexible model follows the noise

# %% slideshow={"slide_type": "-"}
explore(
    draw_fit, cases=[1, 3, 15], values=range(16), play=True, label="degree", height=4.4,
    alt="A line misses the points, a cubic follows the true curve, and degree 15 swings "
    "through nearly every point.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play and watch the polynomial grow from degree 0 to degree 15. The line (degree 1) is too
# stiff: it misses the true curve, which is dashed. That is *underfitting*. Degree 3 comes close to the truth. Degree
# 15 comes closer to the *training points*, but it does so by bending to the noise of each one. Between the points, and
# above all near the ends, it is far from the truth.
#
# **Question.** Which of the three has the smallest error on the blue points, which were used for the fit? And which on
# the small orange ones, which come from the same source, but which the model has never seen?
#
# <details><summary>Answer</summary>
#
# Degree 15 has the smallest error on the blue points, and this is no accident: every polynomial of degree 3 is also one
# of degree 15, with zeros for the extra weights. Least squares takes the best, so more freedom can never increase the
# training error. On the orange points, degree 3 is best, as the next figure shows.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let it play, and stop at degree 3. Ask the class for the degree they would choose, and why they
# would not choose 15.


# %% slideshow={"slide_type": "skip"}
def measure_degrees(points, degrees):
    errors = []
    for degree in degrees:
        predict = fit_polynomial(points[0], degree)
        errors.append([((predict(x) - y) ** 2).mean() for x, y in points])
    return onp.array(errors).T  # (2, degrees): training, validation


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The training error cannot tell you when to stop

# %% slideshow={"slide_type": "-"}
degrees = range(16)
figures.capacity(degrees, *measure_degrees(points, degrees))

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the most important picture of the notebook. Read it from left to right:
#
# - **Underfitting.** At first both errors are large. The model lacks the flexibility, called *capacity*, to follow
#   the pattern. More capacity helps on both sets.
# - **The valley.** The validation error reaches its minimum at a small degree. This is the model you want.
# - **Overfitting.** From here on, the training error continues to fall while the validation error rises. The extra
#   capacity goes into details that are true of these eighteen points only.
#
# The blue curve falls all the way, so it gives no warning. Only data that the model was not fitted to show where the
# valley is. Overfitting does *not* mean that the training error is smaller than the validation error; a gap of some
# size is normal. It means that more training, or more capacity, makes the model *worse on new data while it gets
# better on the old*. How high the right end is depends on the noise: a polynomial that nearly passes through equally
# spaced points may swing wildly between them, above all near the ends (this is called *Runge's phenomenon*).
#
# This U-shaped curve is not a law of nature. Networks with far more parameters than examples often generalize better
# than smaller ones, as in notebook 07: of all the solutions that fit the training set, gradient descent prefers some
# to others, and once there are more parameters than an exact fit needs, the validation error can fall a second time.
# This is called *double descent* (Belkin and others, 2019). What holds for every model is the method: decide by
# held-out data.
#
# **Try it.** Change `noise` from 0.3 to 0.1, a few cells above, and run the cells from there to here again. First
# guess: will the best degree be smaller or larger?
#
# <details><summary>Answer</summary>
#
# Larger: degree 5 instead of 3. With less noise, the same eighteen points show finer details of the curve. So the right
# capacity depends on the data, and nobody can tell it from the model alone.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Point out that the vertical axis is logarithmic. Overfitting is defined by the rise of the
# validation error, not by the gap.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With more points, the same polynomial is harmless

# %% slideshow={"slide_type": "-"}
counts = (18, 32, 50, 100, 200, 500, 1000)
errors = [measure_degrees(make_points(0, count, noise=noise), [15]) for count in counts]
figures.sizes(counts, *onp.hstack(errors), noise)

# %% [markdown] slideshow={"slide_type": "skip"}
# Degree 15 overfits eighteen points, but with a thousand points its two errors meet, close to the variance of the
# noise (0.3² = 0.09), which no model can predict. So no model overfits by itself: what matters is its capacity
# *compared with the amount of data*. This is the first remedy, and the best: get more data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why you need three sets, not two

# %% slideshow={"slide_type": "-"}
emoji = load_emoji()
fold = emoji.concepts % 5  # all drawings of a concept, such as "tulip", are in one fold
in_train, in_validation, in_test = fold < 3, fold == 3, fold == 4
masks = {"training": in_train, "validation": in_validation, "test": in_test}
figures.three_sets({name: int(mask.sum()) for name, mask in masks.items()})

# %% [markdown] slideshow={"slide_type": "-"}
# You know the three sets from notebook 07. New here: what may be on both sides of a split, and how much too good the
# winner looks.

# %% [markdown] slideshow={"slide_type": "skip"}
# We used the validation error to choose the degree, which is a hyperparameter. This choice is a kind of training, too:
# of 16 candidates, we kept the one that suits these 200 points best, and part of that is luck. So the validation error
# of the winner is too optimistic. The test set has had no part in any choice, so its answer is honest, as long as you
# ask it only *once*. If you go back and change the model because of its answer, it has become a validation set.
#
# From here on, we use real images: emoji of 32×32 pixels in color, in six classes, such as *food and drink*. Each
# *concept*, such as "tulip", is drawn in up to five art styles. Until the last cell before the recap, no experiment of
# this notebook uses an image of the test set.

# %% slideshow={"slide_type": "skip"}
chosen = [onp.flatnonzero(emoji.concepts == emoji.concept_names.index("tulip"))]
chosen += [onp.flatnonzero(emoji.labels == label)[:1] for label in (0, 2, 3, 4, 5)]
chosen = onp.concatenate(chosen)
show_images(
    emoji.images[chosen],
    [emoji.style_names[emoji.styles[i]] for i in chosen[:5]] + [emoji.class_names[emoji.labels[i]] for i in chosen[5:]],
    alt="Five drawings of a tulip, one for each style, then one emoji of each of the other classes.",
    num_columns=5, width=11.0,
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# How should we split them? If we shuffled the images, one tulip would land in the training set, and another, almost
# the same, in the validation set. We split *by concept* instead, so that validation asks about things that the
# network has never seen in any style. In the third section, you'll see what difference it makes.
#
# As for the cars of notebook 07, we *standardize* the inputs with the mean and the standard deviation of the training
# set alone. If they came from all the images, information from the validation set would leak into training.

# %% slideshow={"slide_type": "skip"}
mean, deviation = emoji.images[in_train].mean(), emoji.images[in_train].std()
images, labels = (emoji.images - mean) / deviation, emoji.labels  # (4489, 3, 32, 32), (4489,)


# %% slideshow={"slide_type": "skip"}
def make_loader(images, labels, mask, shuffle=False, batch_size=64):
    return ArrayLoader(images[mask], labels[mask], batch_size=batch_size, shuffle=shuffle)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Narrow the gap
#
# A network of 400,000 weights can remember 2,686 images. How do you keep it from doing so?


# %% [markdown] slideshow={"slide_type": "skip"}
# The network is the multilayer perceptron of notebook 07, with 128 hidden units. Its dropout layer does nothing as
# long as the rate is 0; it is explained below. The function `train` trains with `fit` one epoch at a time. Before the
# first epoch and after each one, it measures loss and accuracy on all sets, *without* changing the network. It also
# keeps a copy of the weights, which we'll need twice.


# %% slideshow={"slide_type": "skip"}
def build(dropout=0.0):
    net = nn.Sequential()
    net.add(nn.Dense(128, activation="relu"), nn.Dropout(dropout), nn.Dense(6))
    return net


def copy_weights(net):
    return [parameter.data().copy() for parameter in net.collect_params().values()]


def restore_weights(net, weights):
    for parameter, value in zip(net.collect_params().values(), weights, strict=True):
        parameter.set_data(value)


# %% slideshow={"slide_type": "skip"}
def train(net, loader, sets, num_epochs=10, lr=0.05, wd=0.0, random_seed=0):
    """Return curves, such as "training loss" (1 + epochs) for the set "training", and the weights after each epoch."""
    seed(random_seed)
    net.initialize(init.Xavier())
    curves = {f"{name} {kind}": [] for name in sets for kind in ("loss", "accuracy")}
    weights = []
    for epoch in range(num_epochs + 1):
        if epoch > 0:
            fit(net, loader, num_epochs=1, optimizer=SGD(learning_rate=lr, wd=wd), plot=False)
        for name, loader_of_set in sets.items():
            loss, accuracy = evaluate(net, loader_of_set)
            curves[f"{name} loss"].append(loss)
            curves[f"{name} accuracy"].append(accuracy)
        weights.append(copy_weights(net))
    return curves, weights


def at(curves, epoch):
    return {name: values[epoch] for name, values in curves.items()}


watched = {"training": in_train, "validation": in_validation}
sets = {name: make_loader(images, labels, mask, batch_size=1000) for name, mask in watched.items()}


# %% [markdown] slideshow={"slide_type": "skip"}
# Before you trust a network, find out two things. How good is a constant answer? And can the network learn at all? If
# it cannot fit fifty images, then there is a bug.


# %% slideshow={"slide_type": "skip"}
def first(mask, count):
    """Return a mask with only the first `count` of the examples chosen."""
    return mask & (onp.cumsum(mask) <= count)


commonest = onp.bincount(labels[in_train]).argmax()
constant_accuracy = float((labels[in_validation] == commonest).mean())
print(f"always {emoji.class_names[commonest]}: validation accuracy {constant_accuracy:.2f}")
fifty = make_loader(images, labels, first(in_train, 50), shuffle=True)
net = build()
fit(net, fifty, num_epochs=40, lr=0.05, plot=False, seed=0)
print(f"network that sees fifty images: accuracy on these {evaluate(net, fifty)[1]:.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Overfitting: one loss falls while the other rises

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
train_loader = make_loader(images, labels, in_train, shuffle=True)
net = build()
curves, weights = train(net, train_loader, sets)
best = int(onp.argmin(curves["validation loss"]))  # an epoch
figures.losses(curves, best=best)

# %% [markdown] slideshow={"slide_type": "skip"}
# Here the horizontal axis is the epoch instead of the degree, but the picture is the same. Epoch 0 is the network
# before training. Then the training loss falls toward zero. The validation loss falls at first, turns at the dotted
# line, and rises. From there on, the network *overfits*.
#
# You may wonder about the first loss. Equal probabilities would give log 6 ≈ 1.8, but the random start gives more than
# 2. The 3,072 standardized inputs make the first scores large, so the untrained network is already sure of random
# answers. The first epoch repairs that.
#
# **Question.** On the right, the validation accuracy does *not* fall after the dotted line. How can the loss get worse
# when the accuracy does not?
#
# <details><summary>Answer</summary>
#
# Accuracy counts only whether the answer is right. The loss, $-\log p$ of the true class, also depends on how *sure*
# the network is. A network that overfits becomes more and more certain, also where it is wrong. The next animation
# shows it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the validation curves with a sheet and ask when to stop. Then ask why the validation
# accuracy does not fall.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
answered = []  # for each epoch, the probability of each answer to a validation image, and whether it is right
for values in weights:
    restore_weights(net, values)
    probabilities = npx.softmax(net(np.array(images[in_validation]))).asnumpy()  # (904, 6)
    answered.append((probabilities.max(axis=1), probabilities.argmax(axis=1) == labels[in_validation]))


# %% slideshow={"slide_type": "skip"}
def draw_epoch(ax, epoch):
    figures.confidence(ax, *answered[epoch])


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An overfitted network is certain, even when it is wrong


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_epoch, cases=[0, 1, 10], values=range(11), play=True, label="epoch", height=4.4,
    alt="Shares of right and wrong answers by their probability. From epoch 1 to epoch 10, "
    "both move to the right, toward certainty.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The network's answer is the class with the largest probability. The figure shows this probability for the validation
# images, separately for right and for wrong answers. After the first epoch, which has repaired the random start, both
# lines move to the right, and the means in the legend grow. The network becomes more certain of its right answers, and
# *just as much* of its wrong ones. A wrong answer with probability 0.9 leaves at most 0.1 for the true class, which
# costs a loss of $-\log 0.1 = 2.3$ or more.
#
# What can you do about it? Four remedies follow, each of which makes it harder to learn the training set by heart. Then
# we compare them with the one that needs no trick: more data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Weight decay: a penalty, or a step toward zero
#
# $$L(\mathbf{w}) + \frac{\lambda}{2} \lVert\mathbf{w}\rVert^2 \quad\Longrightarrow\quad
# \mathbf{w} \leftarrow \mathbf{w} - \eta\,(\nabla L + \lambda\mathbf{w})
# = (1 - \eta\lambda)\,\mathbf{w} - \eta\nabla L$$


# %% slideshow={"slide_type": "-"}
def decay_step(w, gradient, lr, wd):
    w[:] = w - lr * (gradient + wd * w)


def penalized_loss(loss, w, wd):
    return loss + wd / 2 * (w**2).sum()


# %% [markdown] slideshow={"slide_type": "skip"}
# A function that follows the noise has to bend sharply, and for that it needs large weights, positive and negative,
# that nearly cancel. So we make large weights expensive: we add a *penalty* to the loss, proportional to the sum of
# the squared weights. The constant $\lambda$ says how expensive. (It is the ridge regression of notebook 04, where the
# factor was $\lambda$ instead of $\lambda/2$.) The gradient of the penalty is $\lambda\mathbf{w}$, so each step of
# gradient descent first multiplies the weights by $1 - \eta\lambda$, a little less than 1, where $\eta$ is the learning
# rate. Therefore, the method is called *weight decay*. A weight survives only if the data keep pulling at it.
#
# The penalty, our own step, and the option `wd` of Gluon's SGD are one and the same thing. To check it, we take twenty
# steps with each from the same start. (With Adam, a penalty and a step toward zero differ; the optimizer *AdamW* takes
# the step: Loshchilov and Hutter, 2019.)

# %% slideshow={"slide_type": "skip"}
random_numbers = onp.random.RandomState(0)
X, y = (np.array(random_numbers.normal(size=size), dtype="float32") for size in ((64, 3), 64))


def twenty_steps(kind, lr=0.1, wd=0.5):
    layer = nn.Dense(1, use_bias=False, in_units=3)
    layer.initialize()
    layer.weight.set_data(np.array([[3.0, -2.0, 1.0]]))
    w = layer.weight.data()
    trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": lr, "wd": wd})
    for _ in range(20):
        with autograd.record():
            loss = ((layer(X)[:, 0] - y) ** 2).mean()
            if kind == "penalty":
                loss = penalized_loss(loss, w, wd)
        loss.backward()
        if kind == "Gluon":
            trainer.step(1)
        elif kind == "step":
            decay_step(w, w.grad, lr, wd)
        else:  # the gradient contains the penalty already
            decay_step(w, w.grad, lr, wd=0)
    return w[0]


# %% slideshow={"slide_type": "-"}
for kind in ("penalty", "step", "Gluon"):
    print(f"{kind:8}", rounded(twenty_steps(kind), 5))

# %% [markdown] slideshow={"slide_type": "skip"}
# How large should $\lambda$ be? It is a hyperparameter, so validation data decide. We train with values that are a
# factor of ten apart. **Guess first:** what does the network do if $\lambda$ is too large?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
decayed, by_penalty = {}, {0.0: at(curves, -1)}
for wd in (0.01, 0.1, 1.0):
    decayed[wd] = build()
    by_penalty[wd] = at(train(decayed[wd], train_loader, sets, wd=wd)[0], -1)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How strong a penalty? The validation loss chooses

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.penalties(by_penalty)
chosen_wd = min(by_penalty, key=lambda wd: by_penalty[wd]["validation loss"])

# %% [markdown] slideshow={"slide_type": "skip"}
# Without a penalty, the network overfits. With $\lambda = 1$, it underfits: the penalty keeps the weights so small that
# the training loss is nearly as large as the validation loss. In between is a valley, just as with the degree and the
# epochs. The training loss alone would choose $\lambda = 0$. Had the best value been the largest or the smallest one,
# you would try further values beyond it; to be more precise, try values between its neighbors.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Dropout: no unit may rely on another

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
dropout = nn.Dropout(0.5)
hidden = np.ones((2, 12))  # the hidden layer for two images
seed(1)
with autograd.record():
    training = dropout(hidden)
figures.dropout(training, dropout(hidden))

# %% [markdown] slideshow={"slide_type": "skip"}
# A network can remember an image with a few units that fire together for this image alone. *Dropout* forces the network
# to spread what it knows over many units. In each training step, each hidden unit is set to zero with probability $r$,
# the *dropout rate*, with a different choice for each image. The units that remain are divided by $1 - r$ (here, 1
# becomes 2), so that the mean stays the same: $(1 - r) \cdot \frac{1}{1 - r} + r \cdot 0 = 1$. When you use the
# network, nothing is dropped. MXNet knows the difference by `autograd.record()`.
#
# **Question.** Why does the training loss that `fit` reports with dropout look worse than the one that `evaluate`
# returns for the same images?
#
# <details><summary>Answer</summary>
#
# `fit` records the loss during training, with half of the units missing, while `evaluate` uses all of them. To compare
# training and validation, both must be measured in the same way. That is why `train` calls `evaluate` for both.
#
# </details>


# %% slideshow={"slide_type": "skip"}
def vary(images, random_numbers, shift=2):
    """Return images (n, channels, height, width), half of them mirrored, all of them shifted by up to two pixels."""
    height, width = images.shape[2:]
    padded = onp.pad(images, ((0, 0), (0, 0), (shift, shift), (shift, shift)), mode="edge")
    varied = onp.empty_like(images)
    for i, (down, right) in enumerate(random_numbers.randint(0, 2 * shift + 1, size=(len(images), 2))):
        varied[i] = padded[i, :, down : down + height, right : right + width]
    mirrored = random_numbers.uniform(size=len(images)) < 0.5
    varied[mirrored] = varied[mirrored][..., ::-1]
    return varied


class Augmented:
    """Yield the batches of a loader with images varied at random, anew in each epoch."""

    def __init__(self, loader, random_seed=0):
        self.loader = loader
        self.random_numbers = onp.random.RandomState(random_seed)

    def __iter__(self):
        for X, y in self.loader:
            yield np.array(vary(X.asnumpy(), self.random_numbers)), y


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Augmentation: a mirrored cat is still a cat

# %% slideshow={"slide_type": "-"}
cat = emoji.images[emoji.concepts == emoji.concept_names.index("cat")][0]
copies = onp.stack([cat] * 12)  # (12, 3, 32, 32)
show_images(
    vary(copies, onp.random.RandomState(0), shift=4),
    alt="Twelve variants of one emoji: some mirrored, each at another position.",
    num_columns=6,
    width=9.0,
)

# %% [markdown] slideshow={"slide_type": "skip"}
# More data is the best remedy, but new data may be expensive. *Augmentation* makes new examples from old ones, by
# changes that do not alter the label: mirror the image, shift it by a few pixels. (In the picture the shift is up to
# four pixels, in training up to two. It leaves a gap at the edge, which `mode="edge"` fills by repeating the last
# pixels.) The network never sees exactly the same image twice, so there is nothing to remember pixel by pixel. The
# changes must suit the problem: a mirrored cat is a cat, but a mirrored 2 is not a 2. Validation images are *not*
# changed, because they stand for what the model will meet in use.
#
# ### Early stopping: keep the best epoch
#
# The simplest remedy is to stop where the validation loss is smallest, at the dotted line of the overfitting figure.
# Because you cannot know that the loss will not fall again, you wait for a number of epochs without improvement, called
# the *patience*, and then go back to the weights of the best epoch. *Early stopping* costs nothing and saves time.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
restore_weights(net, weights[best])
for epoch in (best, len(weights) - 1):
    print(f"epoch {epoch:2}: validation loss {curves['validation loss'][epoch]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** Which of the remedies lowers the validation loss most, and which raises the validation accuracy?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Every remedy narrows the gap


# %% slideshow={"slide_type": "skip"}
def train_on_part(count, num_epochs, random_seed=0):
    part = first(in_train, count)
    part_sets = sets | {"training": make_loader(images, labels, part, batch_size=1000)}
    loader = make_loader(images, labels, part, shuffle=True)
    return at(train(build(), loader, part_sets, num_epochs=num_epochs, random_seed=random_seed)[0], -1)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
nets = {"early stopping": net, "weight decay": decayed[chosen_wd]}
results = {"a ninth of the data": train_on_part(298, num_epochs=40), "all data": at(curves, -1)}
results |= {"early stopping": at(curves, best), "weight decay": by_penalty[chosen_wd]}
for remedy, rate, loader in (("dropout", 0.5, train_loader), ("augmentation", 0.0, Augmented(train_loader))):
    nets[remedy] = build(rate)
    results[remedy] = at(train(nets[remedy], loader, sets)[0], -1)

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.gaps(results, plain="all data", constant=constant_accuracy)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row is one training run; the length of the gray bar is the gap. The orange dotted line marks the validation
# result of the plain network, the black one the accuracy of a constant answer. All networks see the data for ten
# epochs, except for the first (forty, because its epochs are so short) and for early stopping.
#
# - With *a ninth of the data*, the gap is larger and the validation accuracy is lower. Read it the other way round:
#   nine times the data narrow the gap.
# - *Early stopping*, *weight decay*, *dropout*, and *augmentation* all narrow the gap, and all reduce the validation
#   loss. In part, they do so by making the *training* loss worse. That is fine: the training loss is not what we want.
#   (Early stopping looks slightly too good here, because it is judged by the very data that chose its epoch. The same
#   holds for the chosen $\lambda$.)
# - Only more data raises the validation *accuracy* clearly: by four to seven points in each of three runs with
#   different seeds. In the same runs, the four remedies stayed within five points of the plain network. They make the
#   network less certain where it is wrong, which the loss rewards. Augmentation would need more epochs, and a network
#   that makes better use of it: an MLP has to learn each position of a stroke anew, and the convolutions of notebook 10
#   do not.
#
# In practice one combines them: weight decay and augmentation nearly always, early stopping because it is free.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class guess the order before you show the figure. Stress that a smaller gap is a means,
# not the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Trust the number
#
# A validation accuracy is a measurement. How accurate is it, and what does it measure?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### An accuracy is known only to ± 2√(p(1−p)/n)

# %% slideshow={"slide_type": "-"}
p, n = 0.8, 400  # the true accuracy, and the size of a test set
half = 2 * (p * (1 - p) / n) ** 0.5
right = onp.random.RandomState(0).uniform(size=(10_000, n)) < p  # 10,000 test sets
accuracies = right.mean(axis=1)  # (10000,)
inside = (abs(accuracies - p) <= half).mean()
figures.spread(accuracies, p, half)
print(f"{p} ± {half:.2f} contains {inside:.0%} of the measured accuracies")

# %% [markdown] slideshow={"slide_type": "skip"}
# In notebook 07, you used this interval. Here is where it comes from. Suppose that a model is right on 80 % of all
# images in the world. On a test set of 400 images, how many will it get right? Not exactly 320: each image is like the
# toss of a biased coin, and the number of successes varies. (So the simulation above needs no model. It draws directly
# whether each answer is right.) The result for one image is 1 with probability $p$, otherwise 0. Its mean is $p$, and
# the mean of the squared distance to $p$, its *variance*, is $p(1-p)^2 + (1-p)p^2 = p(1-p)$. The mean of $n$
# independent results has the variance $p(1-p)/n$. The root of that is its standard deviation, also called the
# *standard error*. A mean of many independent values is distributed nearly like a bell curve, so about 95 % of all
# measurements are within two standard deviations:
#
# $$p \pm 2\sqrt{\frac{p(1-p)}{n}}$$
#
# In reality you know only the measured accuracy, so you put it in for $p$; the result is called a *95 % confidence
# interval*. (For accuracies close to 0 or 1 it is too simple; the `Scoreboard` uses a better formula.) Because of the
# root, *four* times as many images are needed to halve it.
#
# The images must be independent. Our emoji are not: five drawings of one tulip are often right or wrong together, so
# the true interval is wider. We'll return to this in the recipe.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask first: a model scores 0.83 on 400 images, another 0.80. Which is better? Show of hands, then
# the figure.


# %% slideshow={"slide_type": "skip"}
def interval(accuracy, count):
    half = 2 * (accuracy * (1 - accuracy) / count) ** 0.5
    return accuracy - half, accuracy + half


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Is 0.83 better than 0.80?

# %% slideshow={"slide_type": "-"}
rows = {}
for size in (100, 400, 2500, 10_000):
    rows[f"{size:,} images"] = (interval(0.80, size), interval(0.83, size))
figures.intervals(rows)

# %% [markdown] slideshow={"slide_type": "skip"}
# Model A is right on 80 % of the test images, model B on 83 %. With 400 images their intervals overlap widely, so the
# order of the two models could be luck. With 10,000 images they are apart, and model B is clearly better.
#
# Intervals that are apart show a difference. Intervals that overlap a little, as with 2,500 images, don't disprove
# one: the standard error of a *difference* of independent measurements is $\sqrt{s_A^2 + s_B^2}$, which is less than
# $s_A + s_B$.
#
# If both models see the same images, there is a sharper comparison. Say model A alone is right on $a$ images, and model
# B alone on $b$. All other images say nothing about which is better. If the two are equally good, each of these $a + b$
# images is a coin toss, so $a - b$ should be within $\pm 2\sqrt{a + b}$. For example, $a = 20$ and $b = 8$: the
# difference is 12, more than $2\sqrt{28} \approx 10.6$. So luck does not explain it, however many images there are.
# This is *McNemar's test*, which you'll use in exercise 08.2. And remember the randomness of training: repeat it with a
# few seeds before you believe in a small difference.


# %% slideshow={"slide_type": "skip"}
def toss_classifiers(random_seed, count=100, num_chosen_on=50, num_fresh=10_000):
    """Return each classifier's accuracy where it is chosen, and on fresh examples."""
    random_numbers = onp.random.RandomState(random_seed)
    sizes = (num_chosen_on, num_fresh)
    return [random_numbers.randint(0, 2, size=(count, n)).mean(axis=1) for n in sizes]


# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** There are two classes and 50 examples. A hundred "models" answer by tossing a coin. What is the
# accuracy of the best one?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The best of a hundred coin tosses looks like a good model


# %% slideshow={"slide_type": "-"}
chosen_on, fresh = toss_classifiers(random_seed=0)
winner = chosen_on.argmax()
figures.best_of_many(chosen_on, fresh)
print(f"the winner: {chosen_on[winner]:.2f}, on fresh examples {fresh[winner]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each of them is right half of the time, as the vertical axis shows: on 10,000 fresh examples all are close to 0.5.
# But the best of the hundred, *on the 50 examples that it was chosen on*, looks far better, with 0.66. Even its 95 %
# interval, 0.66 ± 0.13, excludes the truth. The formula is not wrong. It holds for a model that was chosen *before*
# looking at the data. Of a hundred intervals about five miss the truth, and by taking the maximum we pick one of
# these.
#
# The same happens when you try a hundred learning rates and report the best validation accuracy. That number is an
# overestimate, and this is why the third set exists: the winner's accuracy on the *test* set is honest, because
# the test set had no part in the choice.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live variant: everybody stands up and predicts ten coin tosses; whoever is wrong three times sits
# down. The last one standing is your "model".

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Little data? Let every example take its turn in validation

# %% slideshow={"slide_type": "skip"}
cars = load_cars().dropna()  # the cars without missing values
columns = ["weight", "horsepower", "displacement", "acceleration", "year", "cylinders"]
features, mileage = cars[columns].to_numpy("float64"), cars["mpg"].to_numpy()


def fit_cars(train_features, train_mileage, degree):
    """Fit a polynomial without products of features by least squares; return a function that predicts."""
    mean, deviation = train_features.mean(axis=0), train_features.std(axis=0)

    def powers(features):
        scaled = (features - mean) / deviation  # with the statistics of the training part
        return onp.hstack([onp.ones((len(scaled), 1)), *(scaled**k for k in range(1, degree + 1))])

    w = onp.linalg.lstsq(powers(train_features), train_mileage, rcond=None)[0]
    return lambda features: powers(features) @ w


# %% slideshow={"slide_type": "skip"}
def cross_validate(features, mileage, order, degree, k=5):
    errors = []
    for part in onp.array_split(order, k):
        rest = onp.setdiff1d(order, part)  # train on the other k - 1 parts
        predict = fit_cars(features[rest], mileage[rest], degree)
        errors.append(((predict(features[part]) - mileage[part]) ** 2).mean() ** 0.5)
    return errors


# %% slideshow={"slide_type": "-"}
order = onp.random.RandomState(0).permutation(len(mileage))[:100]  # a hundred cars
errors = [cross_validate(features, mileage, order, degree) for degree in (1, 2, 3, 4)]
figures.folds(onp.array(errors))

# %% [markdown] slideshow={"slide_type": "skip"}
# You met *cross-validation* in notebook 07, where it compared two models: each *fold* is left out of the training once
# and validates. Here it chooses a hyperparameter, the degree of a polynomial that predicts the mileage of cars from six
# columns and their powers. With only a hundred cars, a single validation set of twenty would decide by luck.
#
# Each thin line is one fold. For the same degree, the folds differ by more than a mile per gallon, which is more than
# the degrees differ on average. With one of these folds as the only validation set, you would have chosen degree 2, 3,
# or 4, depending on the fold. The mean is smallest at degree 2; for three of the five folds, 3 and 4 are hardly
# different, and the other two decide. The mean and the standard deviation of the features are computed *within* each
# training part. Cross-validation replaces the validation set, not the test set.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The test set must resemble the real use


# %% slideshow={"slide_type": "skip"}
def shift_styles(random_seed=0, familiar=("noto", "twemoji"), new="fluent"):
    """Train on two styles; return accuracy and interval on new concepts in those styles and in a third style."""
    known = onp.isin(emoji.styles, [emoji.style_names.index(style) for style in familiar])
    parts = {"familiar": known, "new": emoji.styles == emoji.style_names.index(new)}
    counts = {name: int((part & in_validation).sum()) for name, part in parts.items()}
    loaders = {name: make_loader(images, labels, part & in_validation, batch_size=1000) for name, part in parts.items()}
    loader = make_loader(images, labels, known & in_train, shuffle=True)
    last = at(train(build(), loader, loaders, random_seed=random_seed)[0], -1)
    return [(last[f"{name} accuracy"], interval(last[f"{name} accuracy"], counts[name])) for name in parts]


def split_at_random(random_seed=0):
    """Shuffle the images of both sets; return accuracy, interval, and the share whose concept is on both sides."""
    order = onp.random.RandomState(random_seed).permutation(onp.flatnonzero(in_train | in_validation))
    training = onp.isin(onp.arange(len(labels)), order[: in_train.sum()])
    rest = (in_train | in_validation) & ~training
    loaders = {"validation": make_loader(images, labels, rest, batch_size=1000)}
    loader = make_loader(images, labels, training, shuffle=True)
    last = at(train(build(), loader, loaders, random_seed=random_seed)[0], -1)
    accuracy = last["validation accuracy"]
    return accuracy, interval(accuracy, rest.sum()), onp.isin(emoji.concepts[rest], emoji.concepts[training]).mean()


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
same_styles, other_style = shift_styles()
*leaked, in_both = split_at_random()
honest = curves["validation accuracy"][-1]
print(f"shuffled: {in_both:.0%} of the validation images show a concept that is also in the training set")

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
accuracies = {
    "shuffled images\n(the same tulip on both sides)": leaked,
    "new concepts": (honest, interval(honest, in_validation.sum())),
    "two styles: new concepts": same_styles,
    "two styles: a third style": other_style,
}
figures.bars(accuracies, constant=constant_accuracy)

# %% [markdown] slideshow={"slide_type": "skip"}
# These are four accuracies of the same kind of network. What differs is how the images were split, and with it, the
# question that is asked. Compare the first bar with the second, and the third with the fourth, but not the second with
# the third, because their networks have seen different numbers of images and are asked about different ones. (The
# intervals count images, so they are too narrow. The constant answer is that to all validation images.)
#
# The first bar comes from a split of the *shuffled images*. It is far too good: nearly every validation image has a
# twin in the training set, a drawing of the same thing. The network only has to recognize it. This is a *leak*. The
# second bar is the honest one, with concepts that were never seen.
#
# The lower two bars show a *distribution shift*. They belong to one network, which was trained on two art styles only.
# The third bar is its accuracy on new concepts *in these two styles*. In a *third style*, it drops by five to ten
# points, depending on the seed, although the concepts come from the same set. All that we have said in this notebook
# rests on one assumption: that new data come from the same source as the training data. A camera that is replaced,
# patients of another hospital, or next year's slang break it, and no interval and no validation set from the *old*
# source will warn you. Ask how the model will be used, and collect test data from there.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which of the numbers one should print in a brochure. What will users do: draw tulips in a new
# style, or ask for new things?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A recipe: choose without fooling yourself
#
# 1. **Split first**, by what will be new in real use. Lock the test set away.
# 2. **Set a baseline**: a constant answer, then the simplest model.
# 3. **Overfit on purpose**: a network that cannot fit 50 images has a bug.
# 4. **Try** random hyperparameters; keep a log of all runs, not only the best.
# 5. **Compare** on validation data, by more than the interval and the seeds' spread.
# 6. **Test once.** Report the accuracy, its interval, and the number of models tried.

# %% [markdown] slideshow={"slide_type": "skip"}
# A word on the fourth step. Learning rates and weight decay act by factors, so draw them on a logarithmic scale, for
# example between 0.001 and 1. Random values are better than a grid when only one of the hyperparameters matters: a
# grid of 3 by 3 tries three values of it, nine random points try nine. Let's follow the last step with our own
# models. We choose by validation *loss*, because it has less noise: the remedies' accuracies differ by no more than
# luck. Decide *before* you look which number counts. Then we ask the test set, once.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
winning = min(nets, key=lambda remedy: results[remedy]["validation loss"])
test_accuracy = evaluate(nets[winning], make_loader(images, labels, in_test, batch_size=1000))[1]
validated = results[winning]["validation accuracy"]
print(f"{winning}: validation accuracy {validated:.2f}, test accuracy {test_accuracy:.2f}")
print(f"constant answer: test accuracy {(labels[in_test] == commonest).mean():.2f}")
num_concepts = len(set(emoji.concepts[in_test].tolist()))
for count, things in ((int(in_test.sum()), "images"), (num_concepts, "concepts")):
    low, high = interval(test_accuracy, count)
    print(f"interval with {count} {things}: {low:.2f} to {high:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The test accuracy is several points away from the validation accuracy, and it is even *better*. Is something wrong?
# Both numbers are uncertain, and more so than the first interval says. Its formula assumes independent examples, but
# all drawings of a concept tend to be right or wrong together, so the test set is worth hardly more than its number
# of *concepts*. The second interval counts those, and it is twice as wide. So our test concepts may just happen to be
# easier than our validation concepts. A careful report says so, and gives the wide interval.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How do you know that a model will work on data it has not seen?** You measure it, on data that had no part in
# making it and that resemble its use; and you say how accurate the measurement is. A training accuracy of 99 % says
# nothing about new data: the network here reached about 0.97, and is right on less than half of the new images.
#
# - Training error falls with capacity. Only held-out data show the valley.
# - Overfitting: the validation loss rises while the training loss falls.
# - More data, augmentation, weight decay, dropout, and early stopping narrow the gap.
# - An accuracy has an interval, ± 2√(p(1−p)/n), and the best of many is too good.
# - Leaks and shifts can make every such number wrong, without any warning.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 08.1: predict an interval
#
# A classifier gets 360 of 400 test images right, so its accuracy is 0.9. Between which two values does its true
# accuracy lie, with a probability of about 95 %? Compute it without running any code.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
low = ...
high = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("08.1", (low, high))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# $p(1 - p) = 0.9 \cdot 0.1 = 0.09$ is a square number, and so is 400.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# low = 0.9 - 2 * 0.3 / 20  # 0.87
# high = 0.9 + 2 * 0.3 / 20  # 0.93
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 08.2: compare two models on the same images
#
# This function wants to say whether A is better than B by more than luck, but it counts every image as a coin toss.
# Change it so that only the images count on which exactly one of the two is right.
#
# ```python
# def clearly_better(right_a, right_b):
#     difference = right_a.sum() - right_b.sum()
#     return bool(difference > 2 * len(right_a) ** 0.5)
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def clearly_better(right_a, right_b):
    """Return whether A is better; the arrays (n,) are True where a model is right."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("08.2", clearly_better)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `right_a & ~right_b` is True where A alone is right. Or, shorter: `right_a != right_b` is True where one of them is.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def clearly_better(right_a, right_b):
#     a = (right_a & ~right_b).sum()
#     b = (right_b & ~right_a).sum()
#     return bool(a - b > 2 * (a + b) ** 0.5)
# ```
#
# The difference is the same as before, but the bar that it has to clear is lower: two good models agree on most images.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 08.3: build a k-fold split
#
# Return a list of `k` pairs `(train, validation)`, one for each fold. Both are lists or arrays of example numbers. Each
# of the examples 0 to `count - 1` validates exactly once, and the folds' sizes differ by at most 1.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def k_folds(count, k):
    """Return k pairs (train, validation) of index lists or arrays."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("08.3", k_folds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The numbers that leave the remainder `fold` when divided by `k` are the validation set of fold number `fold`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def k_folds(count, k):
#     numbers = onp.arange(count)
#     return [(numbers[numbers % k != fold], numbers[numbers % k == fold]) for fold in range(k)]
# ```
#
# If the examples are sorted, for example by class, shuffle them first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: combine the remedies
#
# Train a network whose validation loss is **at most 1.45**, in at most two minutes. Start from a dropout rate of 0.3,
# and change one thing at a time. Which epoch is best? When you have decided on a network, evaluate it **once** on the
# test set, and report its accuracy with an interval.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = build(dropout=0.3)
# my_curves, my_weights = train(my_net, ..., sets, num_epochs=..., wd=...)
# my_accuracy = evaluate(my_net, make_loader(images, labels, in_test))[1]

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Sample solution</summary>
#
# ```python
# my_net = build(dropout=0.3)
# my_curves, my_weights = train(my_net, train_loader, sets, num_epochs=15, wd=0.1)
# my_best = int(onp.argmin(my_curves["validation loss"]))
# restore_weights(my_net, my_weights[my_best])  # early stopping
# print(f"validation loss {my_curves['validation loss'][my_best]:.2f} in epoch {my_best}")
# my_accuracy = evaluate(my_net, make_loader(images, labels, in_test))[1]
# print(f"test accuracy {my_accuracy:.2f}, interval", rounded(interval(my_accuracy, num_concepts), 2))
# ```
#
# Weight decay, dropout, and early stopping reach the goal together. For the interval, we count the concepts instead of
# the images, because drawings of the same concept are not independent. (Strictly speaking, the test set is no longer
# fresh: the recipe has asked it once already.)
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Generalization](https://d2l.ai/chapter_linear-regression/generalization.html), [Weight
#   decay](https://d2l.ai/chapter_linear-regression/weight-decay.html), and
#   [Dropout](https://d2l.ai/chapter_multilayer-perceptrons/dropout.html)
# - Srivastava, Hinton, Krizhevsky, Sutskever, and Salakhutdinov, [Dropout: a simple way to prevent neural networks from
#   overfitting](https://jmlr.org/papers/v15/srivastava14a.html), 2014
# - Bergstra and Bengio, [Random search for hyper-parameter
#   optimization](https://jmlr.org/papers/v13/bergstra12a.html), 2012
# - Recht, Roelofs, Schmidt, and Shankar, [Do ImageNet classifiers generalize to
#   ImageNet?](https://proceedings.mlr.press/v97/recht19a.html), 2019: a new test set, made like the old one
# - Zhang, Bengio, Hardt, Recht, and Vinyals, [Understanding deep learning requires rethinking
#   generalization](https://arxiv.org/abs/1611.03530), 2016: networks that remember random labels
# - Belkin, Hsu, Ma, and Mandal, [Reconciling modern machine-learning practice and the classical bias–variance
#   trade-off](https://doi.org/10.1073/pnas.1903070116), 2019: the double descent
# - Loshchilov and Hutter, [Decoupled weight decay regularization](https://arxiv.org/abs/1711.05101), 2019: AdamW
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **09 · GPUs**, the machines that make training fast. In **10 · Convolutions**, the network learns that pixels
# have neighbors, which generalizes better than any remedy of today.
