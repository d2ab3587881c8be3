# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 16 · Batch normalization
#
# Two lines of arithmetic, and a network learns at ten times the rate.
#
# *45 minutes · needs 07, 12*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Nearly every convolutional network since 2015 has batch normalization in it. What it computes fits
# on one slide. That it works is quickly shown. Why it works is a story with a twist: the reason that its inventors gave
# did not hold.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** how the layers of a network move under each other's feet.
# - **Build** batch norm from scratch, for training and for prediction, equal to Gluon's.
# - **Train** LeNet at a rate at which it dies without batch norm.
# - **Test** the usual explanation, and drop it.
# - **Measure** the noise that batch norm puts in, and choose a batch size by it.

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
import itertools
import math

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    TrainingDiverged,
    at_scale,
    check,
    draw_blocks,
    draw_cells,
    evaluate,
    explore,
    fit,
    load_data,
    load_images,
    rounded,
    show,
    subplots,
    summarize,
    try_gpu,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_chase():
    """Draw data, three layers and the loss in a row, data flowing right and gradients flowing left."""
    boxes = {"x": (0, 0, "data", "data")}
    for i, text in enumerate(("layer 1", "layer 2", "layer 3"), start=1):
        boxes[text] = (i, 0, "dense", text)
    boxes["loss"] = (4, 0, "data", "loss")
    names = list(boxes)
    fig, ax = subplots(width=11.5, height=4.2)
    draw_blocks(ax, boxes, list(itertools.pairwise(names)))
    ax.set_ylim(-1.5, 1.3)
    arrow = {"arrowstyle": "->", "color": COLORS["vermilion"], "linewidth": 2.5, "linestyle": "--"}
    ax.annotate("", (0.7, -0.75), (4.2, -0.75), arrowprops=arrow)
    words = "gradients come from the loss: layer 3 is nearest"
    ax.text(2.5, -1.15, words, ha="center", fontsize=17, color=COLORS["vermilion"])
    ax.annotate("", (3.7, 0.7), (-0.2, 0.7), arrowprops={**arrow, "color": COLORS["blue"], "linestyle": "-"})
    ax.text(1.8, 0.95, "what layer 1 changes, all later layers get", ha="center", fontsize=17, color=COLORS["blue"])
    show(
        fig,
        alt="Data, three layers and the loss in a row. An arrow above runs right: changes of layer 1 reach every later "
        "layer. A dashed arrow below runs left from the loss: gradients.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## The layer
#
# What moves under a layer while it learns, and how to hold it still.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Layers that chase each other

# %% slideshow={"slide_type": "-"}
draw_chase()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The last layers fit what they get. Then the first layers move, and the last ones have to learn again.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The loss sits at one end, the data come in at the other. The last layers are near the loss and
# learn quickly. But all layers take their step at the same time, each as if the others stood still.
#
# Ask: when layer 1 changes, what has layer 3 learned in vain? (All that depended on the size and place of its inputs.)
#
# This was the motivation of 2015, under the name *internal covariate shift*: covariates are a model's inputs, and here
# their distribution shifts. First we look whether it happens at all.


# %% slideshow={"slide_type": "skip"}
def watch(net, rate=0.1):
    """Train a network; return means and deviations of its last hidden units, batch by batch, and its losses."""
    means, stds = [], []  # of the last hidden layer, before its ReLU

    def note(layer, inputs, output):  # output (n, units)
        means.append(output.detach().mean(axis=0))
        stds.append(output.detach().std(axis=0))

    net[-3].register_forward_hook(note)
    loader, _ = load_data(batch_size=64, train_size=1500)
    history = fit(net, loader, num_epochs=5, lr=rate, seed=0, plot=False)
    return np.stack(means), np.stack(stds), history.train_loss


# %% slideshow={"slide_type": "skip"}
def mlp(*between):
    """Return an MLP with two hidden layers, and with layers of the given kinds before each ReLU."""
    net = nn.Sequential()
    for _ in range(2):
        net.add(nn.Dense(64), *[make() for make in between], nn.Activation("relu"))
    net.add(nn.Dense(10))
    return net


def draw_drift(means, stds, words, num_units=6):
    """Draw mean and standard deviation of some units against the number of batches trained on."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=3.6)
    styles = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1))]
    for ax, values in ((left, means.asnumpy()), (right, stds.asnumpy())):
        for unit in range(num_units):
            ax.plot(values[:, unit], linestyle=styles[unit], linewidth=2)
        ax.set(xlabel="batches trained on")
        ax.grid(axis="y")
    left.set(ylabel="mean of a unit", ylim=(-2, 2))
    right.set(ylabel="its standard deviation", ylim=(0, 1.4))
    show(fig, alt=f"Six units of a hidden layer while it trains. {words}")


# %% slideshow={"slide_type": "skip"}
DRIFT = "Their means wander apart, by far more than a standard deviation; the deviations triple."
NO_DRIFT = "With batch norm the means stay near 0 and the deviations near 1."

# %% [markdown] slideshow={"slide_type": "slide"}
# ### It happens: six units of a hidden layer
#
# An MLP, 784 → 64 → 64 → 10, learns 1,500 digits. A hook watches its second hidden layer.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
means, stds, _ = plain = watch(mlp())  # (batches, 64), (batches, 64)
draw_drift(means, stds, DRIFT)
moves = abs(means[-1] - means[0]) / stds[0]  # (64,)
typical = onp.median(moves.asnumpy())
print(f"a typical mean moved by {typical:.1f} standard deviations")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A hook is a function that Gluon calls whenever a layer has computed something; ours notes mean and
# standard deviation of each unit over the batch, before the ReLU. The training is `fit`, as always.
#
# Each line is a unit. On the left where its values lie, on the right how far they spread. The last layer, which reads
# these units, has to follow all of this.
#
# Ask: what would you do to a table of data whose columns were so different, before you gave it to a model? (Subtract
# the mean of each column, divide by its standard deviation. Notebook 04 chose its units for that reason.) Why not do it
# between the layers, in every batch?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Fix mean and variance, then learn them
#
# For one feature, over the examples $i$ of a minibatch $B$:

# %% [markdown] slideshow={"slide_type": "fragment"}
# $$\mu_B = \frac{1}{|B|} \sum_{i \in B} x_i$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# $$\sigma_B^2 = \frac{1}{|B|} \sum_{i \in B} (x_i - \mu_B)^2 + \epsilon$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# $$y_i = \gamma \, \frac{x_i - \mu_B}{\sigma_B} + \beta$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# The result has mean $\beta$ and standard deviation $\gamma$: two numbers that are **learned**.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* ε, a hundred-thousandth, only keeps us from dividing by zero when all examples have the same
# value.
#
# Ask: why take the mean away and then add β? (Because mean 0 and deviation 1 need not be good for the layer: before a
# ReLU half of each unit would always be off. With γ and β the network can choose, and can even undo the normalization.
# But the mean no longer depends on what all layers below do. It is one number, with a gradient of its own.)
#
# Gradients flow through μ and σ too, as both are computed from the batch. Autograd takes care of that.


# %% slideshow={"slide_type": "skip"}
def draw_steps(X, normalized, scaled):
    """Draw a small batch, the batch normalized, and the batch with γ and β, as three grids of numbers."""
    fig, axes = subplots(1, 3, width=10.4, height=3.1)
    titles = ["a batch X", "mean 0, deviation 1", "γ = (1, 2), β = (0, 5)"]
    colors = [COLORS["sky"], COLORS["orange"]]
    for ax, values, title in zip(axes, (X, normalized, scaled), titles, strict=True):
        draw_cells(ax, rounded(values, 1), highlight=[[1, 2]] * 4, title=title, color=colors)
    show(fig, alt="Three grids of four rows and two columns: a batch; both columns equal after normalization; scaled.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Four examples, two features

# %% slideshow={"slide_type": "-"}
X = np.array([[1, 10], [3, 30], [3, 30], [5, 50]])  # (4, 2)
mean = X.mean(axis=0)  # (2,)
var = ((X - mean) ** 2).mean(axis=0)  # (2,)
normalized = (X - mean) / np.sqrt(var + 1e-5)  # (4, 2)
scaled = np.array([1, 2]) * normalized + np.array([0, 5])
print("mean", rounded(mean), " variance", rounded(var))
draw_steps(X, normalized, scaled)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute the first column by hand: mean 3, squares 4, 0, 0, 4, variance 2, so the
# first entry is −2 over the root of 2.
#
# Ask: the second feature is ten times the first. Where has the ten gone? (Normalization takes any shift and any scale
# out of a feature: both columns are the same now. Remember this; it comes back as the reason for the large rates.)


# %% slideshow={"slide_type": "skip"}
def draw_axes():
    """Draw which numbers share a mean: columns of a batch of vectors, channels of a batch of images."""
    fig, (left, right) = subplots(1, 2, width=11.0, height=4.1, width_ratios=(2, 3))
    fills, marks = ["#D6ECF8", "#FCEBC8", "#D5EFE6"], ["a", "b", "c"]
    for ax, side in ((left, 1), (right, 3)):
        for example in range(4):
            for channel in range(3):
                x0, y0 = channel * (side + 0.8), -example * (side + 0.5)
                for i in range(side * side):
                    x, y = x0 + i % side, y0 - i // side
                    corners = ([x, x + 1, x + 1, x], [y, y, y - 1, y - 1])
                    ax.fill(*corners, facecolor=fills[channel], edgecolor="#222222", linewidth=1)
                    size = 16 if side == 1 else 11
                    ax.text(x + 0.5, y - 0.5, marks[channel], ha="center", va="center", fontsize=size)
        ax.set_aspect("equal" if side == 1 else "auto")
        ax.axis("off")
    left.set_title("dense (4, 3):\na mean for each feature")
    right.set_title("convolution (4, 3, 3, 3):\na mean for each channel")
    for ax in (left, right):
        low, high = ax.get_ylim()
        ax.text(ax.get_xlim()[0], (low + high) / 2, "4 examples", rotation=90, ha="right", va="center")
    show(
        fig,
        alt="Left: four rows of three cells, lettered a, b, c by column. Right: four rows of three grids of 3×3 cells, "
        "all cells of a channel with one letter. The same letter is the same mean.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which numbers share a mean?
#
# The same letter: averaged together.

# %% slideshow={"slide_type": "-"}
draw_axes()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A convolution looks for the same pattern at every place (notebook 10), so all places of a channel
# are alike and share their mean: n·h·w numbers, not n.
#
# Ask: how many γ and β has batch norm after a dense layer of 120 units (120 each) and after a convolution with 16
# channels of 10×10 (16 each, whatever the size of the image)?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch


# %% slideshow={"slide_type": "-"}
def batch_statistics(X):  # (n, d) or (n, c, h, w)
    axes = (0,) if X.ndim == 2 else (0, 2, 3)  # all but the features
    mean = X.mean(axis=axes, keepdims=True)  # (1, d) or (1, c, 1, 1)
    var = ((X - mean) ** 2).mean(axis=axes, keepdims=True)
    return mean, var


def normalize(X, mean, var, gamma=1, beta=0, eps=1e-5):
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


# %% slideshow={"slide_type": "-"}
random = onp.random.RandomState(0)
batches = random.normal(2, 3, size=(2, 64, 4, 5, 5))
X, other = np.array(batches, dtype="float32")  # each (64, 4, 5, 5)
for name, used in (("its own", X), ("another's", other)):
    Y = normalize(X, *batch_statistics(used))
    print(f"means by {name:9} statistics:", rounded(Y.mean(axis=(0, 2, 3)), 2))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `keepdims` keeps the axes of length 1, so that the result broadcasts against X, for vectors and
# for images alike.
#
# The last line normalizes a batch by the statistics of *another* one. The means come close to 0, not to the digit.
# Keep that in mind: what becomes of an example depends on its company.

# %% slideshow={"slide_type": "skip"}
batch_means = onp.random.RandomState(1).normal(2, 0.5, size=60)  # of 60 batches


def draw_running(ax, momentum):
    """Draw the means of batches, and their running average from 0."""
    average, averages = 0.0, []
    for value in batch_means:
        average = momentum * average + (1 - momentum) * value
        averages.append(average)
    steps = range(1, len(batch_means) + 1)
    ax.plot(steps, batch_means, "o", color="#8A8A8A", markersize=4)
    ax.plot(steps, averages, color=COLORS["blue"])
    ax.axhline(2, color="black", linestyle="--", linewidth=1)
    ax.set(xlabel="batches", ylim=(0, 3.4))


MEMORY = "Batch means as dots around 2, their running average as a line: jumpy at 0.5, steady at 0.9, late at 0.99."

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Prediction: there is no batch
#
# One image, one answer, whoever else asks. So training keeps **running averages**, for prediction:
#
# $$\hat{\mu} \leftarrow \text{momentum} \cdot \hat{\mu} + (1 - \text{momentum}) \cdot \mu_B,
# \qquad \hat{\sigma}^2 \text{ likewise}$$

# %% slideshow={"slide_type": "-"}
momenta = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99]  # the slider's, when live
explore(draw_running, [0.5, 0.9, 0.99], values=momenta, label="momentum", alt=MEMORY)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Dots are the means of batches, the line is their running average, which starts at 0. A momentum of
# 0.9 remembers about ten batches. Live, move the slider. Ask: what is wrong with 0.5 (it is nearly as noisy as a batch)
# and with 0.99 (after 60 batches it is still on its way from its start)?
#
# A trap when you read other people's code: here momentum is what is *kept*. PyTorch gives the same name to the part
# that is *new*, and writes 0.1 for our 0.9.
#
# This momentum has nothing to do with the one of notebook 05, except that both are running averages.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The layer, from scratch


# %% slideshow={"slide_type": "-"}
class OurBatchNorm:
    def __init__(self, num_features, num_axes, momentum=0.9):
        shape = (1, num_features) + (1,) * (num_axes - 2)
        self.gamma, self.beta = np.ones(shape), np.zeros(shape)  # learned
        self.mean, self.var = np.zeros(shape), np.ones(shape)  # averaged
        self.momentum = momentum

    def __call__(self, X):
        mean, var = self.mean, self.var
        if autograd.is_training():
            mean, var = batch_statistics(X)
            keep, new = self.momentum, 1 - self.momentum
            self.mean = keep * self.mean + new * mean.detach()
            self.var = keep * self.var + new * var.detach()
        return normalize(X, mean, var, self.gamma, self.beta)


# %% [markdown] slideshow={"slide_type": "fragment"}
# `autograd.is_training()` is true within `autograd.record()`. Two kinds of state: γ and β learn by gradients, the
# averages by averaging.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it in two halves: what there is, and what happens to a batch. In training the batch's own
# statistics are used, and the averages are only kept for later. In prediction the averages are used, and nothing
# changes.
#
# Ask: why `detach`? (The averages are no part of the function that is differentiated. Without it each batch would hang
# on the graph of the one before.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Equal to Gluon's
#
# Ten batches through both layers, for dense inputs and for images.


# %% slideshow={"slide_type": "-"}
def same(a, b):
    return bool(abs(a.reshape(-1) - b.reshape(-1)).max() < 1e-4)


# %% slideshow={"slide_type": "-"}
names = ("training", "mean", "variance", "prediction")
print(" " * 12, *(f"{name:>12}" for name in names))
for shape in ((8, 3), (8, 3, 5, 5)):
    ours, gluons = OurBatchNorm(3, len(shape)), nn.BatchNorm()
    gluons.initialize()
    for _ in range(10):
        X = np.array(random.normal(2, 3, size=shape), dtype="float32")
        with autograd.record():
            our_Y, gluon_Y = ours(X), gluons(X)
        gluon_Y.backward()
    mean, var = gluons.running_mean.data(), gluons.running_var.data()
    pairs = [(our_Y, gluon_Y), (ours.mean, mean), (ours.var, var)]
    pairs.append((ours(X), gluons(X)))  # prediction: nothing is recorded
    print(f"{shape!s:12}", *(f"{same(a, b)!s:>12}" for a, b in pairs))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `nn.BatchNorm` has momentum 0.9 and ε = 0.00001 unless told otherwise, and normalizes along axis
# 1, MXNet's channels.
#
# A peculiarity of MXNet: it updates the running averages in the *backward* pass. A forward pass in training mode
# without `backward` leaves them as they are. Ours updates in the forward pass, as most do.
#
# Its running variance is that of the batch, divided by n. Other libraries average the one divided by n − 1; with 64
# examples the two differ by less than two percent.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## In a network
#
# Where it goes, what it makes useless, and how much faster one may learn.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same MLP, with batch norm

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
normed = watch(mlp(nn.BatchNorm))
draw_drift(*normed[:2], NO_DRIFT)
print("training loss, plain:     ", rounded(plain[2], 2))
print("training loss, batch norm:", rounded(normed[2], 2))

# %% [markdown] slideshow={"slide_type": "fragment"}
# No drift, and faster learning. It is tempting to say: *because of it*. We come back to this.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The scales are those of the earlier picture. Means and deviations still move, slowly: they are β
# and γ now.
#
# Ask: has the picture shown that less drift is why it learns faster? (No. Two things happened together. To find out,
# one would have to bring the drift back and leave the rest. Somebody did.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A bias before batch norm is useless

# %% slideshow={"slide_type": "-"}
shapes = ((8, 3), (3, 2), (8, 2))
batch, W, head = (np.array(random.normal(size=size)) for size in shapes)
for value in (0, 5):
    bias = np.full((2,), value, dtype="float32")
    bias.attach_grad()
    with autograd.record():
        Z = np.dot(batch, W) + bias  # (8, 2)
        Y = normalize(Z, *batch_statistics(Z))
    Y.backward(head)  # as if a loss had sent this gradient
    print("bias", value, " first row", rounded(Y[0]), " gradient", rounded(bias.grad))

# %% [markdown] slideshow={"slide_type": "fragment"}
# The mean takes it away again; β does its work. So: `nn.Dense(120, use_bias=False)` before `nn.BatchNorm()`.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Not harmful: parameters that never learn, and a little time. Many networks in the wild still have
# them.
#
# `backward(head)` starts from a given gradient. With `Y.sum()` all gradients would be zero, for whatever reason: the
# sum of a normalized batch never changes.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A batch of one teaches nothing

# %% slideshow={"slide_type": "-"}
layer = nn.BatchNorm()
layer.initialize()
for values in ([[1, 2, 3]], [[-70, 0, 1000]]):
    X = np.array(values)  # (1, 3)
    with autograd.record():
        Y = layer(X)
    print(f"{values!s:16} training {rounded(Y)}  prediction {rounded(layer(X), 0)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# One example **is** its mean: whatever comes in, out comes β, and no gradient goes back. Prediction is fine.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The message is: no error, no warning, and nothing learned. It also happens to the last batch of an
# epoch, when one example is left over.
#
# Ask: does it happen after a convolution? (Not as badly: an image of 28×28 still gives 784 numbers for each channel.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet, with and without
#
# The one of notebook 12 with ReLU. Batch norm comes between layer and ReLU.


# %% slideshow={"slide_type": "-"}
def lenet(norm):
    net = nn.Sequential()

    def add(layer, *pool):
        net.add(layer)
        if norm:
            net.add(nn.BatchNorm())
        net.add(nn.Activation("relu"), *pool)

    add(nn.Conv2D(6, kernel_size=5, padding=2), nn.MaxPool2D(2, 2))
    add(nn.Conv2D(16, kernel_size=5), nn.MaxPool2D(2, 2))
    add(nn.Dense(120))
    add(nn.Dense(84))
    net.add(nn.Dense(10))
    return net


# %% slideshow={"slide_type": "fragment"}
before = summarize(lenet(False), (1, 1, 28, 28)).total_parameters
after = summarize(lenet(True), (1, 1, 28, 28)).total_parameters
print(f"{before:,} parameters, and {after - before} = 2 · {6 + 16 + 120 + 84}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The biases stay, so that both networks have the same layers; we know that they do nothing on one
# side.
#
# Batch norm costs next to no parameters: a γ and a β for each of 226 channels and units. It does cost time: on a CPU
# each epoch takes more than twice as long, because all activations are read and written again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two rates, one ten times the other
#
# Plain SGD, same data, same order. About ten seconds.

# %% slideshow={"slide_type": "-"}
train_size, num_epochs = at_scale(laptop=(1500, 5), full=(None, 10))
device = try_gpu()
nets, runs = {}, {}

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for rate in (0.1, 1.0):
    for name in ("plain", "batch norm"):
        net = nets[name, rate] = lenet(norm=name == "batch norm")
        loaders = load_data(batch_size=64, train_size=train_size)
        options = {"num_epochs": num_epochs, "lr": rate, "seed": 0, "plot": False}
        try:
            runs[name, rate] = fit(net, *loaders, devices=device, **options)
        except TrainingDiverged as error:
            runs[name, rate] = error.history  # the curves up to there
        print(f"{name:10} at {rate}: {runs[name, rate].final()}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* While it runs, let the class bet which of the four runs is the best, and whether one fails.
#
# `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the environment, before Jupyter starts, trains on all images, for a GPU
# or an evening.


# %% slideshow={"slide_type": "skip"}
def draw_runs(runs):
    """Draw the training loss of LeNet with and without batch norm, one panel for each rate."""
    fig, axes = subplots(1, 2, width=11.2, height=4.6, sharey=True)
    styles = {"plain": ("s--", COLORS["vermilion"]), "batch norm": ("o-", COLORS["blue"])}
    for ax, rate in zip(axes, (0.1, 1.0), strict=True):
        ax.axhline(math.log(10), color="black", linewidth=1, linestyle=":")
        for name, (style, color) in styles.items():
            losses = runs[name, rate].train_loss
            ax.plot(range(1, len(losses) + 1), losses, style, color=color, label=name)
        ax.set(xlabel="epoch", title=f"learning rate {rate}", ylim=(0, 2.8))
        ax.set_xticks(range(1, len(losses) + 1))
        ax.text(1, 2.4, "log 10: ten classes, no idea", va="bottom")
    axes[0].set(ylabel="training loss")
    axes[0].legend(loc="lower left")
    show(
        fig,
        alt="Training loss of LeNet. At rate 0.1 the plain network learns slowly, that with batch norm fast. At rate "
        "1.0 the plain one stays at log 10, and the other one learns as before.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Ten times the rate: one dies, one learns

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
draw_runs(runs)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Left: at a rate that suits plain LeNet, the second epoch with batch norm is better than the plain
# one's fifth. Right: at ten times that rate plain LeNet never leaves log 10, the loss of somebody who gives each of ten
# classes a tenth.
#
# Is 0.1 fair to the plain network? Let the class try: with 0.03 it is slower; from 0.3 on some starts get stuck.
#
# Ask: is 1.0 then better than 0.1 with batch norm? (A little. The gain is that the rate is no longer a matter of life
# and death.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What has died
#
# 200 test images go in. How many of the 84 units of the last hidden layer answer to any of them?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
images = load_images(train=False, size=200)[0].as_in_ctx(device)
for (name, rate), net in nets.items():
    hidden = images  # (200, 1, 28, 28)
    for layer in list(net)[:-1]:  # all but the scores
        hidden = layer(hidden)  # in the end (200, 84)
    alive = int((hidden.max(axis=0) > 0).sum())
    print(f"{name:10} at {rate}: {alive} of 84")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A few long steps push a unit to where its ReLU is 0 for every image. No answer, no gradient, no way back.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Notebook 07 had units of this kind on XOR. Here nearly a whole layer dies (on another processor a
# few units may survive), and the network gives the same scores to every image.
#
# Ask: why can this not happen behind batch norm? (In each batch the values of a unit have mean β and deviation γ, so
# about half of them lie above zero as long as β is near 0, whatever the step before has done.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### When test accuracy lags
#
# The running averages remember ten batches, and meanwhile the weights have moved. One pass over the training data
# **without** a trainer brings the averages up to date:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = nets["batch norm", 1.0]
train_loader, test_loader = load_data(batch_size=64, train_size=train_size)
print(f"test accuracy {evaluate(net, test_loader)[1]:.2f}")
for X, _ in train_loader:
    with autograd.record():
        scores = net(X.as_in_ctx(device))
    scores.backward()  # updates the running averages; no trainer, so no weight
print(f"up to date    {evaluate(net, test_loader)[1]:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Remember the test accuracy two slides ago: well below the training accuracy, by more than
# overfitting explains. In training a batch brings its own statistics, which always fit the weights. In prediction the
# averages are used, and after long steps they are those of an older network.
#
# No weight changes in this cell. `backward` is there because MXNet updates the averages in it.
#
# Ask: how else could one help? (A smaller learning rate towards the end, as everybody does: the weights then move less
# than the averages can follow.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why it works
#
# Three explanations, each put to the test.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why a long step does not hurt
#
# Multiply the weights before batch norm by 10 or 100. What changes?

# %% slideshow={"slide_type": "-"}
for factor in (1, 10, 100):
    W_scaled = factor * W  # (3, 2)
    W_scaled.attach_grad()
    with autograd.record():
        Z = np.dot(batch, W_scaled)  # (8, 2)
        Y = normalize(Z, *batch_statistics(Z))
    Y.backward(head)
    length = float(np.linalg.norm(W_scaled.grad))
    print(f"weights × {factor:3}: first row {rounded(Y[0])}, gradient {length:.4f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The output stays, the gradient shrinks: after a step that was too long come shorter ones.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Normalization takes any scale out of a feature. So a step that blows up the weights changes the
# function much less than it seems, and the next gradients are smaller, against larger weights: the rate adapts itself.
#
# This is exact, not a theory: the function depends on the direction of the weights only, and the gradient of such a
# function goes with one over their length. Ask: which direction has no slope at all? (That of the weights themselves:
# moving along it changes nothing.)


# %% slideshow={"slide_type": "skip"}
def draw_suspects(loss_curves, moves):
    """Draw how far a unit's mean moves from batch to batch, and the training loss, of several networks."""
    fig, (left, right) = subplots(1, 2, width=11.2, height=3.4, width_ratios=(3, 4))
    styles = {"plain": ("s--", "vermilion"), "batch norm": ("o-", "blue"), "with drift put back": ("^-.", "green")}
    bars = left.barh(list(moves), list(moves.values()), color=[COLORS[styles[name][1]] for name in moves])
    left.bar_label(bars, [f"{value:.2f}" for value in moves.values()], padding=4, fontsize=14)
    left.invert_yaxis()
    left.set(xlabel="move of a mean, in deviations", xlim=(0, 1.25 * max(moves.values())))
    for name, losses in loss_curves.items():
        style, color = styles[name]
        right.plot(range(1, len(losses) + 1), losses, style, color=COLORS[color], label=name)
    right.set(xlabel="epoch", ylabel="training loss", ylim=(0, 2.5))
    right.legend(loc="lower left")
    show(
        fig,
        alt="Left, bars: means move most with drift put back, less in the plain network, next to not at all with batch "
        "norm. Right: with drift put back the loss is still below the plain network's.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What it really does: put the drift back
#
# If less drift were the reason, then drift **behind** batch norm should spoil it.


# %% slideshow={"slide_type": "-"}
class Drift(gluon.Block):
    """Another scale and another shift for each unit, in every batch."""

    def forward(self, X):  # (n, units)
        if not autograd.is_training():
            return X
        scale = np.random.uniform(0.5, 1.5, size=X.shape[1], ctx=X.ctx)
        return scale * X + np.random.normal(0, 0.5, size=X.shape[1], ctx=X.ctx)


drifting = watch(mlp(nn.BatchNorm, Drift))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The experiment of Santurkar and others, 2018, on our MLP. Each unit is scaled by something between
# a half and one and a half, and shifted by half a standard deviation, differently for every batch. No layer can rely on
# where its inputs lie.
#
# Let the class vote: faster than plain, or slower?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### More drift than without, and still faster

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
watched = {"plain": plain, "batch norm": normed, "with drift put back": drifting}
moves, curves = {}, {}
for name, (means, stds, losses) in watched.items():
    moves[name] = float((abs(means[1:] - means[:-1]) / stds[:-1]).mean())
    curves[name] = losses
draw_suspects(curves, moves)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The drift of the means is not what made plain training slow. Layers cope with it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Left: how far the mean of a unit moves from one batch to the next. With drift put back it moves
# more than in the plain network. Right: and it still learns faster than that one, though not as fast as without the
# noise.
#
# So *reducing internal covariate shift* is not the explanation. Lipton and Steinhardt, whom the lecture cites, take it
# as their example of a guess that was repeated until it passed for a fact. What the paper of 2018 offers instead: the
# loss becomes smoother, its gradient changes less along a step, and so longer steps are safe. The slide on scaled
# weights is a piece of that.

# %% slideshow={"slide_type": "skip"}
images, _ = load_images(size=1500)  # (1500, 1, 28, 28)
unit = onp.random.RandomState(0).normal(size=784)  # the weights of one unit, untrained
hidden = images.asnumpy().reshape(1500, 784) @ unit  # (1500,)


def draw_company(ax, batch_size):
    """Draw how often an example gets which normalized value, over batches of other examples."""
    values = seen_as(hidden[0], batch_size)
    ax.hist(values, bins=onp.linspace(-2.5, 1.5, 61), color=COLORS["sky"])
    alone = (hidden[0] - hidden.mean()) / hidden.std()
    ax.axvline(alone, color="black", linestyle="--")
    ax.set(xlabel="normalized value", xlim=(-2.5, 1.5), yticks=[])
    ax.set_title(f"batch size {batch_size}: ± {values.std():.2f}")


COMPANY = "Histograms of what a batch norm makes of one example: wide for batches of 4, ever narrower up to 256."


# %% [markdown] slideshow={"slide_type": "slide"}
# ### One example, in changing company
#
# The same image, the same weights. Only the other examples of the batch change.


# %% slideshow={"slide_type": "-"}
def seen_as(value, batch_size, num_batches=2000):
    random = onp.random.RandomState(0)
    chosen = random.randint(len(hidden), size=(num_batches, batch_size))
    batches = hidden[chosen]  # (num_batches, batch_size)
    batches[:, 0] = value  # our example is always there
    sigma = onp.sqrt(batches.var(axis=1) + 1e-5)
    return (value - batches.mean(axis=1)) / sigma


# %% slideshow={"slide_type": "-"}
sizes = {"values": [2, 4, 8, 16, 32, 64, 128, 256, 512], "height": 2.9}
explore(draw_company, [4, 16, 64, 256], label="batch size", alt=COMPANY, **sizes)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One unit with random weights, applied to 1,500 digits; one digit, in 2,000 batches. The dashed
# line is its value by the mean and the deviation of all digits.
#
# Live, move the slider to 2: what is left? (Two values, 1 and −1: larger or smaller than the other one.) Ask what this
# does to training. (The network never sees exactly the same input twice. It cannot learn an example by heart from its
# last digits: noise of this kind *regularizes*, as dropout does.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A random shift and a random scale
#
# $$y = \gamma \, \frac{x - \hat{\mu}_B}{\hat{\sigma}_B} + \beta$$

# %% slideshow={"slide_type": "-"}
random = onp.random.RandomState(0)
table = {}  # batch size: shifts (2000,), scales (2000,)
print("batch size   shift          scale          1/√n")
for n in (4, 16, 64, 256):
    batches = hidden[random.randint(len(hidden), size=(2000, n))]
    shift = (batches.mean(axis=1) - hidden.mean()) / hidden.std()
    scale = batches.std(axis=1) / hidden.std()
    table[n] = shift, scale
    means = [rounded(values.mean(), 2) for values in table[n]]
    print(f"{n:10}   {means[0]:.2f} ± {shift.std():.2f}", end="    ")
    print(f"{means[1]:.2f} ± {scale.std():.2f}    {n**-0.5:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* In units of the deviation over all digits: with 4 examples the mean is off by half of it, with 64
# by an eighth.
#
# The last column is what the law of large numbers promises for a mean, one over the root of n. The scale is off by
# about 1/√(2n) if the values are near a bell curve, and too small on average in tiny batches.


# %% slideshow={"slide_type": "skip"}
def draw_noise(table):
    """Draw mean and standard deviation of shift and scale over many batches, against the batch size."""
    fig, axes = subplots(1, 2, width=11.2, height=4.3)
    line = onp.geomspace(3, 340, 50)
    for i, (ax, name, start) in enumerate(zip(axes, ("shift", "scale"), (0, 1), strict=True)):
        ax.axvspan(64, 256, color="#D5EFE6")
        for n, values in table.items():
            ax.errorbar(n, values[i].mean(), values[i].std(), fmt="o", color=COLORS["blue"], capsize=6, linewidth=2.5)
        for sign in (-1, 1):
            ax.plot(line, start + sign / onp.sqrt((1 + i) * line), color="black", linestyle="--", linewidth=1)
        ax.set_xscale("log")
        ax.set_xticks(list(table), [str(n) for n in table])
        ax.minorticks_off()
        ax.set(xlabel="batch size", ylim=(start - 0.75, start + 0.75))
        ax.set_title(f"random {name}, dashed: ± 1/√{'n' if i == 0 else '(2n)'}")
    show(
        fig,
        alt="Mean and standard deviation of shift and scale over 2,000 batches of 4, 16, 64, 256: error bars shrink "
        "along dashed curves; 64 to 256 is shaded.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why batches of 64 to 256

# %% slideshow={"slide_type": "-"}
draw_noise(table)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Small batches: much noise. Large ones: hardly any left, and few updates an epoch. The lecture recommends 64 to 256,
# shaded.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* In the shaded range an example moves by 6 to 12 percent of a standard deviation: enough to keep
# the network from trusting the last digit, not enough to hide the signal.
#
# On several GPUs each one normalizes its own share. 256 images on 8 GPUs are batches of 32 to batch norm.
#
# For segmentation or detection, where two large images fill a GPU, batch norm is too noisy: group norm and layer norm,
# which use no other examples, take its place.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### No need for dropout with it
#
# Both put noise in, and both keep the network from learning by heart. Together they can disagree:

# %% slideshow={"slide_type": "-"}
X = npx.relu(np.array(random.normal(size=(100_000, 1)), dtype="float32"))
dropout = nn.Dropout(0.5)
with autograd.train_mode():
    X_training = dropout(X)
print(f"variance in training   {float(X_training.var()):.1f}")
print(f"variance in prediction {float(dropout(X).var()):.1f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A batch norm behind dropout learns the first variance, and meets the second when it predicts.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Dropout sets half of the values to zero and doubles the rest (notebook 13): the mean stays, the
# variance does not.
#
# In practice: with batch norm leave dropout out, or keep it behind the last batch norm, before the output layer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - Batch norm gives each feature mean β and deviation γ, over the examples of a batch.
# - Training uses the batch's statistics, prediction the running averages.
# - LeNet with it learns at ten times the rate at which it dies without.
# - It does not work by stopping drift. Scaled weights change nothing behind it.
# - It puts noise in, one over √n: batches of 64 to 256, and no dropout.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 16.1: predict a running mean
#
# Three batches arrive, and each has mean 10. The running mean starts at 0, with MXNet's momentum 0.9. Where is it
# after the third batch?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
running_mean = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("16.1", running_mean)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# After the first batch it is 0.9 · 0 + 0.1 · 10. Which part of the distance to 10 is left after each batch?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# running_mean = 10 * (1 - 0.9**3)  # 2.71
# ```
#
# Each batch leaves nine tenths of the distance to 10. This is why a network that has seen few batches predicts badly
# with its running averages, while training looks fine.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 16.2: change a block
#
# ```python
# def block(channels):
#     net = nn.Sequential()
#     net.add(nn.Conv2D(channels, kernel_size=3, padding=1, activation="relu"))
#     return net
# ```
#
# Put batch norm **between** convolution and ReLU, and leave out the parameters that become useless.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block(channels):
    """Returns a network: convolution 3×3 that keeps the size, batch norm, ReLU."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("16.2", block)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# With `activation="relu"` the ReLU is part of the convolution, and nothing can go in between: make it a layer of its
# own, `nn.Activation("relu")`. Which parameters were useless?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def block(channels):
#     net = nn.Sequential()
#     net.add(
#         nn.Conv2D(channels, kernel_size=3, padding=1, use_bias=False),
#         nn.BatchNorm(),
#         nn.Activation("relu"),
#     )
#     return net
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 16.3: build it away
#
# In prediction, mean and variance are constants. A dense layer $\mathbf{W}\mathbf{x}$ without bias comes before a batch
# norm. Write **one** dense layer $\mathbf{W}'\mathbf{x} + \mathbf{b}'$ that does the work of both.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def fold(W, gamma, beta, mean, var, eps):
    """W (outputs, inputs), the others (outputs,); returns (new W, new b)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("16.3", fold)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Write $\gamma (\mathbf{W}\mathbf{x} - \mu) / \sigma + \beta$ as something times $\mathbf{x}$ plus something without.
# Each output has its own factor $\gamma / \sigma$: it multiplies a row of $\mathbf{W}$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def fold(W, gamma, beta, mean, var, eps):
#     factor = gamma / np.sqrt(var + eps)  # (outputs,)
#     return factor.reshape(-1, 1) * W, beta - factor * mean
# ```
#
# Phones and servers do this before they use a network: batch norm then costs nothing.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Ioffe and Szegedy, [Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate
#   Shift](https://arxiv.org/abs/1502.03167), 2015
# - Santurkar, Tsipras, Ilyas and Mądry, [How Does Batch Normalization Help
#   Optimization?](https://arxiv.org/abs/1805.11604), 2018: drift put back, and a smoother loss
# - Lipton and Steinhardt, [Troubling Trends in Machine Learning Scholarship](https://arxiv.org/abs/1807.03341), 2018:
#   on explanations that nobody tested, with batch norm as an example
# - Li, Chen, Hu and Yang, [Understanding the Disharmony between Dropout and Batch Normalization by Variance
#   Shift](https://arxiv.org/abs/1801.05134), 2018
# - Wu and He, [Group Normalization](https://arxiv.org/abs/1803.08494), 2018: for small batches
# - *Dive into Deep Learning*, [Batch
#   Normalization](https://d2l.ai/chapter_convolutional-modern/batch-norm.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **17 · ResNet**, why deeper networks could get worse, and one addition that fixes it.
