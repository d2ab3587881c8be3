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
# *60 minutes · needs 04, 07*

# %% [markdown] slideshow={"slide_type": "skip"}
# Every notebook so far has come back to this question. We have seen a line that fits the cars in a table, a
# classifier that reads digits, and a network whose training accuracy was suspiciously good. In each case we set
# some data aside and looked at the error there. This notebook explains why that works, when it does not, and what
# you can do when the two errors drift apart. At the end, you will have a procedure that you can apply to every model
# in the rest of the course.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask before you start: a model has 99 % training accuracy. What do we know about it? Collect answers and return to
# them in the recap.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Split** data into training, validation, and test sets, and say why you need three.
# - **Recognize** underfitting and overfitting from two curves.
# - **Narrow** the gap with weight decay, dropout, early stopping, augmentation, and more data.
# - **Compute** how uncertain a measured accuracy is, and compare two models fairly.
# - **Choose** hyper-parameters without fooling yourself.

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
# A model that remembers its training data has learned nothing that you can use.

# %% [markdown] slideshow={"slide_type": "skip"}
# Suppose that a friend prepares for an exam by learning last year's questions and answers by heart. On last year's
# exam they score 100 %. You would not conclude that they will do well this year, because memory alone is enough for
# the old questions.
#
# A model is in the same position. Its **training error** is the mean loss on the examples that its parameters were
# fitted to. What you care about is its **generalization error**, the mean loss on *new* examples from the same source.
# You cannot compute it, because you don't have all possible examples. But you can *estimate* it, on examples that you
# have kept away from training. The difference between the two is the **generalization gap**.
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
points = make_points(random_seed=0)  # training and validation


def draw_fit(ax, degree):
    figures.polynomial(ax, points, fit_polynomial(points[0], degree), truth)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A flexible model follows the noise

# %% slideshow={"slide_type": "-"}
explore(
    draw_fit, cases=[1, 3, 15], values=range(16), play=True, label="degree", height=3.9,
    alt="A line misses the points, a cubic follows the true curve, and degree 15 swings "
    "through nearly every point.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "-"}
# Blue: training points. Small orange dots: points from the same source that the model never sees.

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play and watch the polynomial grow from degree 0 to degree 15. The line (degree 1) is too
# stiff: it misses the true curve, which is dashed. That is **underfitting**. Degree 3 comes close to the truth. Degree
# 15 comes closer to the *training points*, but it does so by bending to the noise of each one. Between the points, and
# above all near the ends, it is far from the truth.
#
# **Question.** Which of the three has the smallest error on the blue points, and which on the orange ones?
#
# <details><summary>Answer</summary>
#
# Degree 15 has the smallest error on the blue points, and this is no accident: every polynomial of degree 3 is also one
# of degree 15, with zeros for the extra weights. Least squares takes the best, so more freedom can never increase the
# training error. On the orange points, degree 3 is best, as the next figure shows.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# Let it play, and stop at degree 3. Ask the class for the degree they would choose, and why they would not choose 15.


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
# - **Underfitting.** At first both errors are large. The model lacks the flexibility, called **capacity**, to follow
#   the pattern. More capacity helps on both sets.
# - **The valley.** The validation error reaches its minimum at a small degree. This is the model you want.
# - **Overfitting.** From here on, the training error continues to fall while the validation error rises. The extra
#   capacity goes into details that are true of these eighteen points only.
#
# The blue curve falls all the way, so it gives no warning. Only data that the model was not fitted to show where the
# valley is. Overfitting does *not* mean that the training error is smaller than the validation error; a gap of some
# size is normal. It means that more training, or more capacity, makes the model **worse on new data while it gets
# better on the old**.

# %% [markdown] slideshow={"slide_type": "notes"}
# Point out that the vertical axis is logarithmic. Overfitting is defined by the rise of the validation error, not by
# the gap.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With more points, the same polynomial is harmless

# %% slideshow={"slide_type": "-"}
for num_train in (18, 50, 200, 1000):
    training, validation = measure_degrees(make_points(0, num_train), [15])
    errors = f"training {training.item():.2f}, validation {validation.item():.2f}"
    print(f"{num_train:5} points: {errors}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Degree 15 overfits eighteen points, but with a thousand points its two errors meet, close to 0.09, the variance of
# the noise, which no model can predict. So no model overfits by itself: what matters is its capacity *compared with
# the amount of data*. This is the first remedy, and the best: get more data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why you need three sets, not two

# %% slideshow={"slide_type": "-"}
emoji = load_emoji()
fold = emoji.concepts % 5  # all drawings of a concept, such as "tulip", are in one fold
in_train, in_validation, in_test = fold < 3, fold == 3, fold == 4
masks = {"training": in_train, "validation": in_validation, "test": in_test}
figures.three_sets({name: int(mask.sum()) for name, mask in masks.items()})

# %% [markdown] slideshow={"slide_type": "-"}
# You choose the degree *on* the validation set. From then on, that set is no longer unseen.

# %% [markdown] slideshow={"slide_type": "skip"}
# We used the validation error to choose the degree. Such choices that are made before training, like the degree, the
# width of a network, or the learning rate, are called **hyper-parameters**. Choosing them is a kind of training, too:
# of many candidates, you keep the one that suits these 200 points best, and part of that is luck. So the validation
# error of the winner is too optimistic. (We'll measure by how much in the third section.) This is why we need:
#
# 1. the **training set**, to fit the parameters by gradient descent;
# 2. the **validation set**, to choose the hyper-parameters, as often as you like;
# 3. the **test set**, to report the error of the final model, *once*. If you go back and change the model because of
#    its result, it has become a validation set, and you need another test set.
#
# From here on, we use real images: emoji of 32×32 pixels in color, in six classes, such as *food and drink*. Each
# *concept*, such as "tulip", is drawn in up to five art styles.

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
# the same, in the validation set. We split **by concept** instead, so that validation asks about things that the
# network has never seen in any style. In the third section, you'll see what difference it makes.
#
# Networks learn faster if the inputs have mean 0 and standard deviation 1, so we **standardize** them. The mean and
# the standard deviation are computed from the training set alone. If they came from all the images, information
# from the validation set would leak into training.

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
# first epoch and after each one, it measures loss and accuracy on both sets, *without* changing the network. It also
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
    """Return the curves (1 + epochs, 4), loss and accuracy on each of two sets, and the weights after each epoch."""
    seed(random_seed)
    net.initialize(init.Xavier())
    curves, weights = [], []
    for epoch in range(num_epochs + 1):
        if epoch > 0:
            fit(net, loader, num_epochs=1, optimizer=SGD(learning_rate=lr, wd=wd), plot=False)
        curves.append([value for loader_of_set in sets for value in evaluate(net, loader_of_set)])
        weights.append(copy_weights(net))
    return onp.array(curves), weights


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Overfitting: one loss falls while the other rises

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
train_loader = make_loader(images, labels, in_train, shuffle=True)
watched = (in_train, in_validation)
sets = [make_loader(images, labels, mask, batch_size=1000) for mask in watched]
net = build()
curves, weights = train(net, train_loader, sets)
best = int(curves[:, 2].argmin())  # the epoch with the smallest validation loss
figures.losses(curves, best=best)

# %% [markdown] slideshow={"slide_type": "skip"}
# Here the horizontal axis is the epoch instead of the degree, but the picture is the same. Epoch 0 is the network
# before training. Then the training loss falls toward zero. The validation loss falls at first, turns at the dotted
# line, and rises. From there on, the network **overfits**.
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
# Cover the validation curves with a sheet and ask when to stop. Then ask why the validation accuracy does not fall.


# %% slideshow={"slide_type": "skip"}
def true_class_probability(net, images, labels):
    probabilities = npx.softmax(net(np.array(images))).asnumpy()  # (n, 6)
    return probabilities[onp.arange(len(labels)), labels]


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
learned = []
for values in weights:
    restore_weights(net, values)
    learned.append([true_class_probability(net, images[mask], labels[mask]) for mask in (in_train, in_validation)])


# %% slideshow={"slide_type": "skip"}
def draw_epoch(ax, epoch):
    figures.confidence(ax, *learned[epoch])


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An overfitted network is certain, even when it is wrong


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_epoch, cases=[0, 2, 10], values=range(11), play=True, label="epoch", height=4.0,
    alt="Shares of images by probability of the true class. Training images move to "
    "probability one, validation images to both ends: certain, right or wrong.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The blue line shows the training images by the probability that the network gives to their true class. Epoch by
# epoch, they move to the right, to certainty. The validation images (orange) move to *both* ends: the network is
# certain of its right answers, and just as certain of its wrong ones, near 0. Each of those costs a large loss,
# $-\log 0.01 = 4.6$.

# %% [markdown] slideshow={"slide_type": "skip"}
# What can you do about it? Four remedies follow, each of which makes it harder to learn the training set by heart. Then
# we compare them, and add the one that needs no trick: more data.

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
# that nearly cancel. So we make large weights expensive: we add a **penalty** to the loss, proportional to the sum of
# the squared weights. The constant $\lambda$ says how expensive. The gradient of the penalty is $\lambda\mathbf{w}$,
# so each step of gradient descent first multiplies the weights by $1 - \eta\lambda$, a little less than 1, where
# $\eta$ is the learning rate. Therefore, the method is called **weight decay**. A weight survives only if the data
# keep pulling at it.
#
# The penalty, our own step, and the option `wd` of Gluon's optimizers are one and the same thing. To check it, we
# take twenty steps with each from the same start:

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
            loss = penalized_loss(loss, w, wd) if kind == "penalty" else loss
        loss.backward()
        trainer.step(1) if kind == "Gluon" else decay_step(w, w.grad, lr, wd if kind == "step" else 0)
    return w[0]


# %% slideshow={"slide_type": "-"}
for kind in ("penalty", "step", "Gluon"):
    print(f"{kind:8}", rounded(twenty_steps(kind), 5))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Dropout: no unit may rely on another

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
dropout = nn.Dropout(0.5)
hidden = np.ones((2, 12))  # a hidden layer for two images
seed(1)
with autograd.record():
    print("while training\n", dropout(hidden))
print("afterwards\n", dropout(hidden))

# %% [markdown] slideshow={"slide_type": "skip"}
# A network can remember an image with a few units that fire together for this image alone. **Dropout** breaks up such
# conspiracies. In each training step, each hidden unit is set to zero with probability $p$, a different choice for each
# image. The units that remain are divided by $1 - p$ (here, 1 becomes 2), so that the sum that arrives at the next
# layer stays the same *on average*. When you use the network, nothing is dropped. MXNet knows the difference by
# `autograd.record()`.
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
# More data is the best remedy, but new data may be expensive. **Augmentation** makes new examples from old ones, by
# changes that do not alter the label: mirror the image, shift it by a few pixels (above up to four, in training two).
# The network never sees exactly the same image twice, so there is nothing to remember pixel by pixel. The changes must
# suit the problem: a mirrored cat is a cat, but a mirrored 2 is not a 2. Validation images are *not* changed, because
# they stand for what the model will meet in use.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Early stopping: keep the best epoch

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
restore_weights(net, weights[best])
loss, _ = evaluate(net, sets[1])
print(f"epoch {best:2}: validation loss {loss:.2f}")
print(f"epoch {len(curves) - 1:2}: validation loss {curves[-1, 2]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The simplest remedy is to stop where the validation loss is smallest, or rather, to train on for a while, then go back
# to the weights of the best epoch. Because you cannot know that the loss will not fall again, you wait for a number of
# epochs without improvement, called the *patience*. **Early stopping** costs nothing, and even saves time.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Every remedy narrows the gap


# %% slideshow={"slide_type": "skip"}
def first(mask, count):
    """Return a mask with only the first `count` of the examples chosen."""
    return mask & (onp.cumsum(mask) <= count)


def train_on_part(count, num_epochs, random_seed=0):
    part = first(in_train, count)
    part_sets = [make_loader(images, labels, part, batch_size=1000), sets[1]]
    loader = make_loader(images, labels, part, shuffle=True)
    return train(build(), loader, part_sets, num_epochs=num_epochs, random_seed=random_seed)[0][-1]


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
nets = {"early stopping": net}
results = {"a ninth of the data": train_on_part(298, num_epochs=40)}
results |= {"all data": curves[-1], "early stopping": curves[best]}
for name, net, loader, wd in (
    ("weight decay", build(), train_loader, 0.1),
    ("dropout", build(dropout=0.5), train_loader, 0.0),
    ("augmentation", build(), Augmented(train_loader), 0.0),
):
    results[name] = train(net, loader, sets, wd=wd)[0][-1]
    nets[name] = net

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.gaps(results, baseline="all data")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row is one training run; the length of the gray bar is the gap. The dotted line marks the validation result of
# the plain network. All networks see the data for ten epochs, except for the first (forty, because its epochs are so
# short) and for early stopping.
#
# - With **a ninth of the data**, the gap is larger and the validation accuracy is lower. Read it the other way round:
#   nine times the data narrow the gap.
# - **Early stopping**, **weight decay**, **dropout**, and **augmentation** all narrow the gap, and all reduce the
#   validation loss. In part, they do so by making the *training* loss worse. That is fine: the training loss is not
#   what we want.
# - Only some of them raise the validation *accuracy*. More data do: by about six points, and with each of the seeds
#   that we tried. The others make the network less certain where it is wrong, which the loss rewards, but the
#   accuracy changes by no more than luck. Augmentation would need more epochs, and a network that makes better use of
#   it: an MLP has to learn each position of a stroke anew, and the convolutions of notebook 10 do not.
#
# In practice one combines them: weight decay and augmentation nearly always, early stopping because it is free.

# %% [markdown] slideshow={"slide_type": "notes"}
# Let the class guess the order before you show the figure. Stress that a smaller gap is a means, not the end.

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
# Suppose that a model is right on 80 % of all images in the world. On a test set of 400 images, how many will it get
# right? Not exactly 320: each image is like the toss of a biased coin, and the number of successes varies. Statistics
# says by how much. The answer for one image is 1 with probability $p$, otherwise 0, so its variance is $p(1-p)$. The
# mean of $n$ independent answers has the variance $p(1-p)/n$, and its standard deviation is the root of that. About
# 95 % of all measurements are within two standard deviations:
#
# $$p \pm 2\sqrt{\frac{p(1-p)}{n}}$$
#
# The simulation above confirms it. In reality you know only the measured accuracy, so you put it in for $p$; the
# result is called a **95 % confidence interval**. (For accuracies close to 0 or 1 it is too simple; the `Scoreboard` of
# later notebooks uses a better formula.) Because of the root, *four* times as many images are needed to halve it.
#
# The images must be independent. Our emoji are not: five drawings of one tulip are often right or wrong together, so
# the true interval is wider. We'll return to this in the recipe.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask first: a model scores 0.83 on 400 images, another 0.80. Which is better? Show of hands, then the figure.


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
# Each row shows the intervals of both models. With 400 images they overlap widely, so the order of the two models
# could be luck. With 10,000 images they are apart, and the second model is clearly better. When both models see the
# same images, you can do better by looking only at those where just one of them is right. And remember the randomness
# of training: repeat it with a few seeds before you believe in a small difference.


# %% slideshow={"slide_type": "skip"}
def toss_classifiers(random_seed, count=100, num_chosen_on=50, num_fresh=10_000):
    """Return each classifier's accuracy where it is chosen, and on fresh examples."""
    random_numbers = onp.random.RandomState(random_seed)
    sizes = (num_chosen_on, num_fresh)
    return [random_numbers.randint(0, 2, size=(count, n)).mean(axis=1) for n in sizes]


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The best of a hundred coin tosses looks like a good model


# %% slideshow={"slide_type": "-"}
chosen_on, fresh = toss_classifiers(random_seed=0)
winner = chosen_on.argmax()
figures.best_of_many(chosen_on, fresh)
print(f"the winner: {chosen_on[winner]:.2f}, on fresh examples {fresh[winner]:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** There are two classes and 50 examples. A hundred "models" answer by tossing a coin. What is the
# accuracy of the best one?
#
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
# Live variant: everybody stands up and predicts ten coin tosses; whoever is wrong three times sits down. The last one
# standing is your "model".

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Few data? Let every example validate once

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
# With only a hundred cars, a validation set of twenty is small, and its verdict depends on which twenty you take. In
# **cross-validation** you divide the data into $k$ parts, called **folds**. You train $k$ times, each time leaving out
# another fold, and validate on the one left out. So each example validates exactly once, and you average over the $k$
# results. The price is $k$ times the work.
#
# The figure shows it for the mileage of cars, predicted from six columns and their powers. Each point is one fold.
# For the same degree, they differ by more than a mile per gallon, which is more than the degrees differ on average.
# With a single validation set of twenty cars, you might have chosen degree 2, 3, or 4, depending on the fold. Their
# mean has a clear minimum at degree 2. Note that the mean and the standard deviation of the features are computed
# *within* each training part.
#
# Cross-validation replaces the validation set, not the test set.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The test set must resemble the real use


# %% slideshow={"slide_type": "skip"}
def shift_styles(images, emoji, random_seed=0, familiar=("noto", "twemoji"), new="fluent"):
    """Train on two styles; return accuracy and count on new concepts in those styles and in a third style."""
    known = onp.isin(emoji.styles, [emoji.style_names.index(style) for style in familiar])
    foreign = emoji.styles == emoji.style_names.index(new)
    seen = emoji.concepts % 5 < 3
    parts = [known & ~seen, foreign & ~seen]
    loaders = [make_loader(images, emoji.labels, part, batch_size=1000) for part in parts]
    loader = make_loader(images, emoji.labels, known & seen, shuffle=True)
    curves, _ = train(build(), loader, loaders, num_epochs=15, random_seed=random_seed)
    return [(accuracy, int(part.sum())) for accuracy, part in zip(curves[-1, 1::2], parts, strict=True)]


def split_at_random(images, labels, random_seed=0):
    """Return accuracy and count when the images are shuffled, so that a concept can be on both sides."""
    order = onp.random.RandomState(random_seed).permutation(len(labels))
    parts = [onp.isin(onp.arange(len(labels)), part) for part in (order[:2686], order[2686:3585])]
    loaders = [make_loader(images, labels, part, batch_size=1000) for part in parts]
    loader = make_loader(images, labels, parts[0], shuffle=True)
    curves, _ = train(build(), loader, loaders, random_seed=random_seed)
    return curves[-1, 3], int(parts[1].sum())


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
same_styles, other_style = shift_styles(images, emoji)
accuracies = {
    "shuffled images\n(the same tulip on both sides)": split_at_random(images, labels),
    "new concepts": (curves[-1, 3], int(in_validation.sum())),
    "two styles: new concepts": same_styles,
    "two styles: a third style": other_style,
}
figures.bars(accuracies)

# %% [markdown] slideshow={"slide_type": "skip"}
# These are four accuracies of the same kind of network. What differs is how the images were split, and with it, the
# question that is asked. Compare the bars in pairs.
#
# The first bar comes from a split of the *shuffled images*. It is far too good: nearly every validation image has a
# twin in the training set, the same thing in another style. The network only has to recognize it. This is a **leak**.
# The second bar is the honest one, with concepts that were never seen.
#
# The lower two bars show a **distribution shift**. They belong to one network, which was trained on two art styles
# only. The third bar is its accuracy on new concepts *in these two styles*. In a *third style*, it drops by about ten
# points, although the concepts are the same ones as before. All that we have said in this notebook rests on one
# assumption: that new data come from the same source as the training data. A camera that is replaced, patients of
# another hospital, or next year's slang break it, and no interval and no validation set from the *old* source will
# warn you. Ask how the model will be used, and collect test data from there.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask which of the numbers one should print in a brochure. What will users do: draw tulips in a new style, or ask for
# new things?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A recipe: choose without fooling yourself
#
# 1. **Split first**, by what will be new in real use. Lock the test set away.
# 2. **Set a baseline**: a constant answer, then the simplest model.
# 3. **Overfit on purpose**: a network that cannot fit 50 images has a bug.
# 4. **Try** random hyper-parameters; keep a log of all runs, not only the best.
# 5. **Compare** on validation data, by more than the interval and the seeds' spread.
# 6. **Test once.** Report the accuracy, its interval, and the number of models tried.

# %% [markdown] slideshow={"slide_type": "skip"}
# A word on the fourth step. Learning rates and weight decay act by factors, so draw them on a logarithmic scale, for
# example between 0.001 and 1. Random values are better than a grid when only one of the hyper-parameters matters: a
# grid of 3 by 3 tries three values of it, nine random points try nine. Let's follow the last step with our own
# models: of those above, we choose the one with the smallest validation loss, and ask the test set, once.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
name = min(nets, key=lambda name: results[name][2])  # the smallest validation loss
test_accuracy = evaluate(nets[name], make_loader(images, labels, in_test, batch_size=1000))[1]
print(f"{name}: validation accuracy {results[name][3]:.2f}, test accuracy {test_accuracy:.2f}")
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
# making it and that resemble its use; and you say how accurate the measurement is.
#
# - Training error always falls with capacity. Only held-out data show the valley.
# - Overfitting: the validation loss rises while the training loss falls.
# - More data, augmentation, weight decay, dropout, and early stopping narrow the gap.
# - An accuracy has an interval, ± 2√(p(1−p)/n), and the best of many is too good.
# - Leaks and shifts make every such number wrong, without any warning.

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
# ## Exercise 08.2: find the leak
#
# This function standardizes the features of both sets, but information from the validation set leaks into training.
# Write it without the leak.
#
# ```python
# def standardize(X_train, X_validation):
#     X = onp.concatenate([X_train, X_validation])
#     mean, deviation = X.mean(axis=0), X.std(axis=0)
#     return (X_train - mean) / deviation, (X_validation - mean) / deviation
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def standardize(X_train, X_validation):
    """Return both arrays, X_train (n, d) and X_validation (m, d), standardized."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("08.2", standardize)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The mean and the standard deviation are learned from data, like weights. From which data may a model learn? And which
# scale does the trained model expect its inputs to have?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def standardize(X_train, X_validation):
#     mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
#     return (X_train - mean) / deviation, (X_validation - mean) / deviation
# ```
#
# The validation set now has a mean that is not quite 0. That is how new data will look to the model, too.
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
# ## Mini-project: beat every remedy with a combination
#
# The plain network had a validation loss of about 1.53 in its best epoch. Train one whose validation loss is **at most
# 1.45**, in at most two minutes. Combine what this notebook offers. When you have decided on a network, evaluate it
# **once** on the test set, and report its accuracy with an interval.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = build()
# my_curves, my_weights = train(my_net, ..., sets, num_epochs=..., wd=...)
# my_accuracy = evaluate(my_net, make_loader(images, labels, in_test))[1]

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Sample solution</summary>
#
# ```python
# my_net = build(dropout=0.3)
# my_curves, my_weights = train(my_net, train_loader, sets, num_epochs=15, wd=0.1)
# my_best = int(my_curves[:, 2].argmin())
# restore_weights(my_net, my_weights[my_best])  # early stopping
# print(f"validation loss {my_curves[my_best, 2]:.2f} in epoch {my_best}")
# my_accuracy = evaluate(my_net, make_loader(images, labels, in_test))[1]
# print(f"test accuracy {my_accuracy:.2f}, interval", rounded(interval(my_accuracy, num_concepts), 2))
# ```
#
# Weight decay, dropout, and early stopping together reach a validation loss of about 1.41. For the interval, we count
# the concepts instead of the images, because drawings of the same concept are not independent.
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
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **09 · GPUs**, the machines that make training fast. In **10 · Convolutions**, the network learns that pixels
# have neighbors, which generalizes better than any remedy of today.
