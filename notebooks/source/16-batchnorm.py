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
# **Why does a network learn faster, and at much larger rates, once its layers are normalized?**
#
# *55 minutes · needs 07, 08, 12 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Most convolutional networks since 2015 contain *batch normalization*, or *batch norm* for short. What it
# computes fits into two lines, and it is easy to show *that* it works. *Why* it works is a story with a twist, because
# the reason that its inventors gave did not survive a simple experiment. You'll repeat that experiment here.
#
# The question of this part is: what does a network have to know about pictures before it sees any? A convolution knows
# that a pattern may be anywhere. Batch norm adds that the *size* of a number means nothing by itself: whether pixels
# run from 0 to 1 or from 0 to 255, a shirt is a shirt. We'll see that it builds this into every layer. As in all
# notebooks since 08, what counts in the end is data that the network has not seen, so the test images are used once, at
# the end.
#
# **Question.** LeNet learns at a learning rate of 0.1. What do you expect at 1? Write it down.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What it computes is easy, that it works is quickly shown, why it works is a story with a twist.
# Collect guesses: what happens to LeNet at ten times its usual rate?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Watch** the values in a hidden layer drift while the network learns.
# - **Build** batch norm from scratch, for training and for prediction, and compare it with Gluon's.
# - **Find** the learning rates at which LeNet learns, with and without it.
# - **Test** three explanations by experiment, and see which one survives.
# - **Choose** a batch size: train with 16 to 256 images, and measure.

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
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn
from mxnet.gluon.loss import SoftmaxCrossEntropyLoss

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    TrainingDiverged,
    check,
    evaluate,
    explore,
    fit,
    load_data,
    load_images,
    rounded,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb16_batchnorm as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The layer
#
# What moves inside a network while it learns, and how can you hold it still?

# %% [markdown] slideshow={"slide_type": "skip"}
# Our data are the clothes of Fashion-MNIST. We train on the first few thousand of the 10,000 training images, and
# compare networks on the last 2,000, which are our validation set.


# %% slideshow={"slide_type": "skip"}
images, labels = load_images(source="fashion_mnist")  # (10000, 1, 28, 28), (10000,)
validation_loader = ArrayLoader(images[8000:], labels[8000:], batch_size=500)


def make_loader(num_images, batch_size=64):
    return ArrayLoader(images[:num_images], labels[:num_images], batch_size=batch_size, shuffle=True)


# %% [markdown] slideshow={"slide_type": "skip"}
# First, a look inside. A multilayer perceptron, 784 → 64 → 64 → 10, learns 2,000 images. While it does, we record the
# mean and the standard deviation of each of the 64 units of its second hidden layer, before the ReLU, over each
# minibatch. To do this without changing the network, we use a *hook*: a function that Gluon calls whenever a layer has
# computed something. The argument `between` lets us put other layers before each ReLU later on.


# %% slideshow={"slide_type": "skip"}
def mlp(*between):
    """Return an MLP with two hidden layers, and with layers of the given kinds before each ReLU."""
    net = nn.Sequential()
    for _ in range(2):
        net.add(nn.Dense(64), *[make() for make in between], nn.Activation("relu"))
    net.add(nn.Dense(10))
    return net


def watch(net, rate=0.1, num_epochs=4, random_seed=0):
    """Train a network; return means and deviations (batches, 64) of its last hidden units, and its losses."""
    means, deviations = [], []

    def record(layer, inputs, output):  # output (n, 64)
        means.append(output.detach().mean(axis=0))
        deviations.append(output.detach().std(axis=0))

    hook = net[-3].register_forward_hook(record)  # the last layer before a ReLU
    losses = fit(net, make_loader(2000), num_epochs=num_epochs, lr=rate, seed=random_seed, plot=False).train_loss
    hook.detach()
    return np.stack(means).asnumpy(), np.stack(deviations).asnumpy(), losses


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
plain = watch(mlp())
means, deviations, _ = plain
moved = abs(means[-1] - means[0]) / deviations[0]  # (64,)
typical, wider = onp.median(moved), onp.median(deviations[-1] / deviations[0])
print(f"a typical mean moved by {typical:.1f} standard deviations; a typical deviation grew {wider:.1f} times")


# %% slideshow={"slide_type": "skip"}
def draw_units(ax, batch):
    figures.units(ax, means[batch], deviations[batch], start=(means[0], deviations[0]))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### While a network learns, its hidden values move

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_units, cases=[0, 24, 124], values=range(0, 125, 4), label="batch", play=True,
    height=4.6, alt="64 units as points, mean against standard deviation. They start close "
    "together and spread far to both sides and upward.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# Each point is a hidden unit. Its position says where the unit's values lie (mean, to the right) and how far they
# spread (standard deviation, upward). The gray points are the units before training. In a live notebook, press play:
# the units swarm out. A typical mean moves by more than two of its own standard deviations, and the spread triples.
#
# The last layer reads these values, and has to follow them.
#
# **Question.** What would you do with a *table* whose columns were as different as that, before you gave it to a model?
#
# <details><summary>Answer</summary>
#
# Standardize it, as we did with the cars in notebook 07: from each column, subtract its mean, then divide by its
# standard deviation. Centering the pixels made a large difference in notebook 06 as well. So why not do it *between*
# the layers, in every minibatch? That is batch normalization.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let it play twice. Ask what one would do with a table whose columns differ this much.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Each layer adapts to layers that are changing, too

# %% slideshow={"slide_type": "-"}
figures.chase()

# %% [markdown] slideshow={"slide_type": "skip"}
# This was the motivation in 2015. All layers take their step at the same time, each as if the others stood still. When
# layer 1 changes, what layer 3 has learned about the size and position of its inputs is out of date. Ioffe and Szegedy
# called this *internal covariate shift*: covariates are the inputs of a model, and here the distribution of a layer's
# inputs shifts during training. They argued that training would be faster without it. Keep this explanation in mind,
# since we'll test it in the third section.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Fix the mean and the variance, then learn them
#
# For one feature, over the examples $i$ of a minibatch $B$:
#
# $$\mu_B = \frac{1}{|B|} \sum_{i \in B} x_i \qquad\quad
# \sigma_B^2 = \frac{1}{|B|} \sum_{i \in B} (x_i - \mu_B)^2$$
#
# $$y_i = \gamma \, \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta$$
#
# The result has the mean $\beta$ and the standard deviation $\gamma$: two parameters that are **learned**.

# %% [markdown] slideshow={"slide_type": "skip"}
# The fraction is the standardization you know, and $\epsilon = 0.00001$ only prevents a division by zero if all
# examples have the same value. Gradients flow through $\mu_B$ and $\sigma_B$ as well, because both are computed from
# the batch; autograd takes care of that.
#
# **Question.** Why subtract the mean, only to add $\beta$ afterwards?
#
# <details><summary>Answer</summary>
#
# Mean 0 and deviation 1 are not necessarily good for the next layer. Before a ReLU, for example, they would switch off
# each unit for about half of the examples. With $\gamma$ and $\beta$ the network can choose, and it could even undo
# the normalization. But the mean is now a *single parameter* with a gradient of its own, instead of the joint result
# of all the weights before it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask why we add β after subtracting the mean. Point out that gradients pass through the mean and
# the deviation, too.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Normalization removes shift and scale

# %% slideshow={"slide_type": "-"}
X = np.array([[1, 10], [3, 30], [3, 30], [5, 50]])  # (4, 2)
mean = X.mean(axis=0)  # (2,)
var = ((X - mean) ** 2).mean(axis=0)  # (2,)
normalized = (X - mean) / np.sqrt(var + 1e-5)  # (4, 2)
scaled = np.array([1, 2]) * normalized + np.array([0, 5])
figures.steps(X, normalized, scaled)

# %% [markdown] slideshow={"slide_type": "skip"}
# You can check the first column by hand: the mean is 3, the squared distances are 4, 0, 0, and 4, so the variance is 2,
# and the first entry becomes $-2/\sqrt{2}$. The second feature is ten times the first, and after normalization both
# columns are *equal*. Where has the factor of ten gone? Normalization removes any shift and any scale from a feature.
# Remember this, because it explains a lot of what follows.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### In a picture, all positions of a channel share one mean

# %% slideshow={"slide_type": "-"}
figures.axes_of_means()

# %% [markdown] slideshow={"slide_type": "skip"}
# Numbers with the same letter are averaged together. After a dense layer, each feature has its own mean over the $n$
# examples. After a convolution, batch norm uses what we know about pictures: a kernel looks for the same pattern at
# every position (notebook 10), so all positions of a channel are alike, and share one mean over $n \cdot h \cdot w$
# numbers.
#
# **Question.** How many $\gamma$ and $\beta$ does batch norm have after a dense layer of 120 units, and after a
# convolution with 16 channels of 10×10?
#
# <details><summary>Answer</summary>
#
# 120 of each after the dense layer, and 16 of each after the convolution, whatever the size of the image.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many γ there are after a convolution with 16 channels of 10×10.

# %% [markdown] slideshow={"slide_type": "skip"}
# In code, the two cases differ only in the axes of the mean. With `keepdims`, these axes remain, with length 1, so that
# the results broadcast against `X`.


# %% slideshow={"slide_type": "skip"}
def batch_statistics(X):  # (n, d) or (n, c, h, w)
    axes = (0,) if X.ndim == 2 else (0, 2, 3)  # all but the features
    mean = X.mean(axis=axes, keepdims=True)  # (1, d) or (1, c, 1, 1)
    var = ((X - mean) ** 2).mean(axis=axes, keepdims=True)
    return mean, var


def normalize(X, mean, var, gamma=1, beta=0, eps=1e-5):
    return gamma * (X - mean) / np.sqrt(var + eps) + beta


# %% [markdown] slideshow={"slide_type": "skip"}
# What becomes of an example now depends on the other examples in its batch. That is fine while we train. When we
# predict, it is not: the answer to one image must not depend on which other images happen to be asked about at the same
# time, and there may be no others. So during training the layer also keeps *running averages* of the means and the
# variances, and it uses those for prediction.


# %% slideshow={"slide_type": "skip"}
def running_averages(values, momentum):
    average, averages = 0.0, []
    for value in values:
        average = momentum * average + (1 - momentum) * value
        averages.append(average)
    return averages


batch_means = onp.random.RandomState(1).normal(2, 0.5, size=60)  # of 60 batches


def draw_running(ax, momentum):
    figures.running(ax, batch_means, running_averages(batch_means, momentum))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Prediction has no batch, so it uses running averages
#
# $$\hat{\mu} \leftarrow \text{momentum} \cdot \hat{\mu} + (1 - \text{momentum}) \cdot \mu_B
# \qquad \text{and likewise } \hat{\sigma}^2$$

# %% slideshow={"slide_type": "-"}
momenta = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99]
explore(
    draw_running, cases=[0.5, 0.9, 0.99], values=momenta, label="momentum", height=3.8,
    alt="Batch means as dots around 2, their running average as a line: jumpy at 0.5, "
    "steady at 0.9, and at 0.99 still on its way.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The dots are the means of 60 batches, and the line is their running average, which starts at 0. With a momentum of
# 0.5 it is nearly as noisy as the batches; with 0.99 it has not arrived after 60 batches. With 0.9, MXNet's default, it
# remembers about ten batches.
#
# There is a trap when you read other people's code. Here, momentum is the part that is *kept*. PyTorch gives the same
# name to the part that is *new*, and writes 0.1 for our 0.9. Neither has anything to do with the momentum of notebook
# 05, except that both are running averages.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what is wrong with 0.5 and with 0.99. Warn about PyTorch's opposite convention.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The whole layer: two modes, two kinds of state


# %% slideshow={"slide_type": "-"}
class OurBatchNorm:
    def __init__(self, num_features, num_axes):
        shape = (1, num_features) + (1,) * (num_axes - 2)
        self.gamma, self.beta = np.ones(shape), np.zeros(shape)  # learned
        self.mean, self.var = np.zeros(shape), np.ones(shape)  # averaged

    def __call__(self, X):
        mean, var = self.mean, self.var
        if autograd.is_training():
            mean, var = batch_statistics(X)
            self.mean = 0.9 * self.mean + 0.1 * mean.detach()
            self.var = 0.9 * self.var + 0.1 * var.detach()
        return normalize(X, mean, var, self.gamma, self.beta)


# %% [markdown] slideshow={"slide_type": "-"}
# Two kinds of state: $\gamma$ and $\beta$ learn by gradients, the averages by averaging.

# %% [markdown] slideshow={"slide_type": "skip"}
# `autograd.is_training()` is true inside `autograd.record()`. Then the layer uses the batch's own statistics, and
# updates its averages for later. Otherwise it uses the averages and changes nothing. Without `detach`, the averages
# would belong to the function that autograd differentiates, and the graph of each batch would stay connected to that of
# the batch before, so memory would grow and grow. (To train $\gamma$ and $\beta$, they would also need `attach_grad`,
# as in notebook 03.)
#
# Does it compute what Gluon's layer computes? Ten random batches go through both, for vectors and for images.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it in two halves: what there is, and what happens to a batch. Ask why `detach` is needed.


# %% slideshow={"slide_type": "skip"}
def same(a, b):
    return "✓" if abs(a.reshape(-1) - b.reshape(-1)).max() < 1e-4 else "✗"


random = onp.random.RandomState(0)
comparison = [("shape", "in training", "running mean", "running variance", "in prediction")]
for shape in ((8, 3), (8, 3, 5, 5)):
    ours, gluons = OurBatchNorm(3, len(shape)), nn.BatchNorm()
    gluons.initialize()
    for _ in range(10):
        X = np.array(random.normal(2, 3, size=shape), dtype="float32")
        with autograd.record():
            our_Y, gluon_Y = ours(X), gluons(X)
        gluon_Y.backward()
    mean, var = gluons.running_mean.data(), gluons.running_var.data()
    pairs = [(our_Y, gluon_Y), (ours.mean, mean), (ours.var, var), (ours(X), gluons(X))]
    comparison.append((str(shape), *(same(a, b) for a, b in pairs)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### It computes what Gluon's layer computes
#
# A check mark means that no difference is above 0.0001.

# %% slideshow={"slide_type": "-"}
show_table(comparison, "our layer and nn.BatchNorm, after ten batches")

# %% [markdown] slideshow={"slide_type": "skip"}
# `nn.BatchNorm` normalizes along axis 1, MXNet's channels. It has one peculiarity: it updates the running averages in
# the *backward* pass. A forward pass in training mode without `backward` leaves them as they are. Its running variance
# is the one divided by $n$; PyTorch averages the one divided by $n - 1$, which for 64 examples of a dense layer differs
# by less than 2 %.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## In a network
#
# Where does it go, what does it make useless, and how much larger can the learning rate be?

# %% [markdown] slideshow={"slide_type": "skip"}
# Let's first put it into the MLP, and watch the same 64 units again.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
normed = watch(mlp(nn.BatchNorm))
rows = [("training loss in epoch", "1", "2", "3", "4")]
for name, (_, _, epoch_losses) in {"plain": plain, "batch norm": normed}.items():
    rows.append((name, *(f"{loss:.2f}" for loss in epoch_losses)))
show_table(rows, "the MLP at learning rate 0.1")


# %% slideshow={"slide_type": "skip"}
def draw_normed_units(ax, batch):
    figures.units(ax, normed[0][batch], normed[1][batch], start=(normed[0][0], normed[1][0]))


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With batch norm, the units stay where they are

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_normed_units, cases=[0, 24, 124], values=range(0, 125, 4), play=True,
    label="batch", height=4.6,
    alt="The same units after batch norm: all points stay close to mean 0, deviation 1.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The scales are those of the first animation. Means and deviations still move, but slowly, because they are now the
# parameters $\beta$ and $\gamma$. And the loss in the table falls faster. No drift, and faster learning: it is tempting
# to say *because of it*. But two things happened together, which proves nothing. To find out, one would have to bring
# the drift back and leave everything else as it is. We'll do that in the third section.
#
# Now to convolutions. Here is LeNet of notebook 12, with ReLU and max pooling, and with He initialization (notebook
# 13), which suits ReLU. Batch norm goes between each layer and its ReLU, and nowhere else: not before the output
# layer's scores.


# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet: batch norm goes between a layer and its ReLU


# %% slideshow={"slide_type": "-"}
def lenet(norm=None):
    net = nn.Sequential()
    convolutions = [nn.Conv2D(6, kernel_size=5, padding=2), nn.Conv2D(16, kernel_size=5)]
    for layer in [*convolutions, nn.Dense(120), nn.Dense(84)]:
        between = [] if norm is None else [norm()]
        net.add(layer, *between, nn.Activation("relu"))
        if layer in convolutions:
            net.add(nn.MaxPool2D(pool_size=2, strides=2))
    net.add(nn.Dense(10))
    net.initialize(init.Xavier("gaussian", factor_type="in", magnitude=2))  # He's
    return net


# %% slideshow={"slide_type": "skip"}
sizes = [("", "parameters", "multiply-adds")]
kinds = {"plain": None, "batch norm": nn.BatchNorm}
for name, norm in kinds.items():
    summary = summarize(lenet(norm), (1, 1, 28, 28))
    sizes.append((name, f"{summary.total_parameters:,}", f"{summary.total_multiply_adds:,}"))

# %% slideshow={"slide_type": "-"}
show_table(sizes, "LeNet")

# %% [markdown] slideshow={"slide_type": "skip"}
# Batch norm adds few parameters: a $\gamma$ and a $\beta$ for each of $6 + 16 + 120 + 84 = 226$ channels and units. The
# multiply-adds are those of convolutions and dense layers. In prediction, batch norm needs one more for each of its $6
# \cdot 28 \cdot 28 + 16 \cdot 10 \cdot 10 + 120 + 84 = 6{,}508$ values, which is less than 2 %, and exercise 16.3 will
# remove even these. In training it takes longer, because it goes through all these values several times.
#
# One thing becomes useless: the *bias* of the layer before. Whatever it adds to all examples, the mean takes away
# again, and $\beta$ does its work. The next cell shows that the output does not change, and that the bias gets no
# gradient. So people write `nn.Dense(120, use_bias=False)` before `nn.BatchNorm()`. (We keep the biases here, so that
# both networks have the same layers.) The call `backward(head)` starts from a given gradient, as if a loss had sent it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Where does it go? Between layer and ReLU, not before the scores. Few parameters more.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A bias before batch norm is useless

# %% slideshow={"slide_type": "-"}
random = onp.random.RandomState(0)
batch, W, head = (np.array(random.normal(size=size)) for size in ((8, 3), (3, 2), (8, 2)))
rows = [("bias", "first row of the output", "gradient of the bias")]
for value in (0, 5):
    bias = np.full((2,), value, dtype="float32")
    bias.attach_grad()
    with autograd.record():
        Z = np.dot(batch, W) + bias  # (8, 2)
        Y = normalize(Z, *batch_statistics(Z))
    Y.backward(head)
    rows.append((str(value), str(rounded(Y[0])), str(rounded(bias.grad))))
show_table(rows, "a dense layer, then batch norm")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A batch of one teaches nothing

# %% slideshow={"slide_type": "-"}
layer = nn.BatchNorm()
layer.initialize()
rows = [("input", "output in training", "output in prediction")]
for values in ([[1, 2, 3]], [[-70, 0, 1000]]):
    X = np.array(values)  # (1, 3)
    with autograd.record():
        Y = layer(X)
    rows.append((str(values), str(rounded(Y)), str(rounded(layer(X), 0))))
show_table(rows, "batch norm, fresh, for a batch of one")

# %% [markdown] slideshow={"slide_type": "skip"}
# A single example *is* its mean. Whatever comes in, $\beta$ comes out, and no gradient goes back. MXNet gives no error
# and no warning (PyTorch raises an error here), and the network learns nothing. It can also happen to the last batch of
# an epoch, when one example is left over. After a convolution it is not as bad, because a single image of 28×28 still
# has 784 values in each channel.
#
# Now we train: five learning rates, each with and without batch norm, on the same 1,000 images, for three epochs of
# plain SGD. Each combination starts three times from other random weights, so that luck does not decide. **Guess
# first:** at which rates do both learn, at which one of them, at which neither?


# %% slideshow={"slide_type": "skip"}
def train(norm, rate, loader, num_epochs=3, random_seed=0):
    """Return a trained LeNet and its history. If it diverges, its last loss is infinite."""
    net = lenet(norm)
    try:
        return net, fit(net, loader, num_epochs=num_epochs, lr=rate, seed=random_seed, plot=False)
    except TrainingDiverged as error:  # fit raises this when the loss is no longer a number
        error.history.train_loss.append(float("inf"))
        return net, error.history


def validation_accuracy(net):
    return evaluate(net, validation_loader)[1]


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rates, seeds = (0.1, 0.5, 1.0, 2.0, 5.0), (0, 1, 2)
nets, runs = {}, {}
for name, norm in kinds.items():
    for rate in rates:
        for random_seed in seeds:
            net, run = train(norm, rate, make_loader(1000), random_seed=random_seed)
            nets[name, rate, random_seed], runs[name, rate, random_seed] = net, run

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With batch norm, any rate up to 2 beats the best without

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.rates(runs)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each small point is a run, and the line connects the medians of three. A network that gives each of ten classes the
# same probability has the loss $\log 10 \approx 2.3$, the dotted line, and has learned nothing. (Points above the
# picture are drawn at its upper edge.)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def median_loss(name, rate):
    return onp.median([runs[name, rate, random_seed].train_loss[-1] for random_seed in seeds])


def best_rate(name):
    return min(rates, key=lambda rate: median_loss(name, rate))


rows = [("median training loss at a rate of", *(f"{rate:g}" for rate in rates), "best rate")]
for name in kinds:
    rows.append((name, *(f"{median_loss(name, rate):.2f}" for rate in rates), f"{best_rate(name):g}"))
show_table(rows, "LeNet after three epochs of 1,000 images")

# %% [markdown] slideshow={"slide_type": "skip"}
# Your guess from the beginning: at a rate of 1, plain LeNet learns nothing, in none of the three runs. With batch norm
# it learns, and has a far lower loss than the plain network at *its* best rate. The plain network learns up to 0.5, the
# other one well up to 2 and a little even at 5.
#
# But look at the rates that are *best*: with batch norm, that is not the largest one either. So don't simply multiply
# your rates. The gain is twofold. At *the same* rate, the network with batch norm learns much faster, and when you miss
# its best rate by a factor of four, it does not matter much. (We judge by the training loss here, because the question
# is how fast a network learns. Its accuracy on other images has a catch, to which we'll come.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class bet before you show it: up to which rate does each learn? The best rate is not the
# largest.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Rate 0.1: faster with batch norm. Rate 1: only with it

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.curves(runs, shown=(0.1, 1.0))

# %% [markdown] slideshow={"slide_type": "skip"}
# These are learning curves of the same runs: thin lines for the three starts, a thick one for their median. On the
# left, at the rate at which the plain network is best, the network with batch norm has the lower loss from the first
# epoch on. And what has happened to the plain network on the right? We send 500 images through the four networks of the
# first start, and count the units of the last hidden layer that are positive for at least one of the images.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### At a large rate, the ReLUs die


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def units_alive(net):
    hidden = images[-500:]
    for layer in list(net)[:-1]:  # all but the scores
        hidden = layer(hidden)  # in the end (500, 84)
    return int((hidden.max(axis=0) > 0).sum())


rows = [("learning rate", *kinds)]
for rate in (0.1, 1.0):
    rows.append((f"{rate:g}", *(str(units_alive(nets[name, rate, 0])) for name in kinds)))
show_table(rows, "units alive, of the 84 in the last hidden layer")

# %% [markdown] slideshow={"slide_type": "skip"}
# A few long steps have pushed units of the plain network to where their ReLU is 0 for every image. They give no answer,
# so they get no gradient, and they never come back. Here, 2 of the 84 are left. With another start it may be a quarter
# of them, but what is left does not tell the classes apart. After batch norm this cannot happen as long as $\beta$ is
# near 0: in each batch, the values of a unit have mean $\beta$ and deviation $\gamma$, so about half of them are
# positive, whatever the last step has done.
#
# The next experiment is about the question of this part. Suppose that you forget to divide the pixels by 255. The
# inputs are then 255 times as large, and nothing else changes. **Guess first:** what will each network do?


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
bright_loader = ArrayLoader(images[:1000] * 255, labels[:1000], batch_size=64, shuffle=True)
bright_runs = {name: train(norm, 0.1, bright_loader)[1] for name, norm in kinds.items()}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Pixels from 0 to 255? Batch norm does not notice

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = [("network", "pixels from 0 to", "loss, epoch 1", "epoch 2", "epoch 3")]
for name in kinds:
    for largest, run in ((1, runs[name, 0.1, 0]), (255, bright_runs[name])):
        cells = [f"{loss:.2f}" if loss < 1e6 else "over a million" for loss in run.train_loss]
        rows.append((name, str(largest), *cells, *[""] * (3 - len(cells))))
show_table(rows, "training loss of LeNet at learning rate 0.1")

# %% [markdown] slideshow={"slide_type": "skip"}
# With batch norm the two runs are *almost the same*: what differs are $\epsilon$ and rounding errors. The first layer's
# values are 255 times as large, and so are their mean and their deviation, and the quotient does not change. Nor does
# the gradient of the first kernels: what arrives at the convolution is divided by 255, and the input by which it is
# multiplied is 255 times as large. The plain network is lost: its first scores are far too large, and so are its
# gradients. Its loss explodes, and then stays at log 10.
#
# So batch norm knows this before it has seen any picture: it does not matter how bright or how rich in contrast *all*
# images are together. What matters is how an image, or a position in it, differs from the others. (So the brightness of
# a *single* image still counts.) For the first layer you could get the same by standardizing the pixels. But batch norm
# does it for all layers, while they change.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Vote first: what happens to each network if one forgets to divide by 255? Then ask why the two
# lower rows agree.

# %% [markdown] slideshow={"slide_type": "skip"}
# So far we have looked at the training loss. On validation images there is the catch. In training, a batch brings its
# own statistics, which always fit the current weights. In prediction, the running averages are used. They remember
# about ten batches, and during these the weights have moved. And after few batches, the averages still contain a part
# of their initial values, 0 and 1 (exercise 16.1). A pass over some training data *without* a trainer brings them up to
# date. It changes no weight. (`backward` is there because MXNet updates the averages in it.)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### When validation accuracy lags, bring the averages up to date


# %% slideshow={"slide_type": "-"}
def update_averages(net, loader):
    for X, _ in loader:
        with autograd.record():
            scores = net(X)
        scores.backward()  # updates the running averages; no trainer, so no weight


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
lag = [("learning rate, start", "validation accuracy", "with updated averages")]
for rate in (0.1, 1.0):
    for random_seed in seeds:
        net, _ = train(nn.BatchNorm, rate, make_loader(1000), num_epochs=1, random_seed=random_seed)
        before = validation_accuracy(net)
        update_averages(net, make_loader(1000))
        lag.append((f"{rate:g}, {random_seed}", f"{before:.2f}", f"{validation_accuracy(net):.2f}"))

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(lag, "LeNet with batch norm after one epoch of 1,000 images")

# %% [markdown] slideshow={"slide_type": "skip"}
# At the small rate, the update gives back at most a few points. At the large one the weights move faster than the
# averages can follow, and it gives back up to fourteen, depending on luck; the training curve doesn't tell. This is one
# reason to lower the rate toward the end of a training: the weights then move less.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why it works
#
# Three explanations, each put to the test.

# %% [markdown] slideshow={"slide_type": "skip"}
# **First suspect: the drift.** If batch norm works *because* it stops the drift, then drift that we put back *after* it
# must spoil the effect. The layer in the next cell scales each unit by a factor between 0.5 and 1.5, and shifts it by a
# random amount, typically half a standard deviation. Both are different for every batch. No later layer can rely on
# where its inputs lie.


# %% slideshow={"slide_type": "skip"}
class Drift(nn.Block):
    """Another scale and another shift for each unit, in every batch."""

    def forward(self, X):  # (n, units)
        if not autograd.is_training():
            return X
        scale = np.random.uniform(0.5, 1.5, size=X.shape[1])
        return scale * X + np.random.normal(0, 0.5, size=X.shape[1])


# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first:** will the network with `Drift` be faster or slower than the plain one?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
drifting = watch(mlp(nn.BatchNorm, Drift))
watched = {"plain": plain, "batch norm": normed, "drift put back": drifting}
losses, step_moves = {}, {}  # a move: of a mean, from each batch to the next, in deviations
for name, (unit_means, unit_deviations, epoch_losses) in watched.items():
    losses[name] = epoch_losses
    moved = abs(unit_means[1:] - unit_means[:-1]) / unit_deviations[:-1]
    step_moves[name] = float(moved.mean())

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Shaken more than without batch norm, and still faster

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.suspects(losses, step_moves)

# %% [markdown] slideshow={"slide_type": "skip"}
# On the left you see how far the mean of a unit moves from one batch to the next. With the drift put back, it moves
# about twice as far as in the plain network. If drift were what makes plain training slow, this network would have to
# be *slower* than the plain one. On the right you see that it is faster. The drift does cost something: more than half
# of the gain is lost. But about 40 % of it remains with inputs that are shaken more than in the plain network, so batch
# norm must do something else, too. (Our drift is random in each batch, whereas that of the plain network goes on in one
# direction for a while. So this is strong evidence, not a proof.)
#
# The experiment is due to Santurkar and others (2018). Lipton and Steinhardt (2018) use "internal covariate shift" as
# an example of a guess that was repeated until it passed for a fact. An explanation needs a test of its own; that the
# method works is no evidence for it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Explain `Drift`, then let the class vote: faster than plain, or slower? The method's success was
# no evidence for its explanation.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Second suspect: the length of a safe step.** Santurkar and others offer another explanation: batch norm makes the
# loss *smoother*. The negative gradient is a direction in which the loss falls, but only for a short step; how short
# depends on how quickly the slope changes. We can measure this. Take a network, a batch of 256 images, and the gradient
# there. Then take a *single step* of a given length, always from the same weights, and look at the loss on the same
# batch. To be fair, we train both MLPs anew, at a rate of 0.02, which is safe for either, and until they have about the
# same loss: that takes four epochs without batch norm, and two with it.


# %% slideshow={"slide_type": "skip"}
def losses_along_gradient(net, lengths, num_images=256):
    """Return the gradient's length on a batch, and the loss after a step of each of the lengths against it."""
    X, y = images[:num_images], labels[:num_images]
    cross_entropy = SoftmaxCrossEntropyLoss()
    with autograd.record():
        loss = cross_entropy(net(X), y).mean()
    loss.backward()
    learned = [p for p in net.collect_params().values() if p.grad_req != "null"]  # no running averages
    start = [(parameter, parameter.data().copy(), parameter.grad().copy()) for parameter in learned]
    gradient_length = float(sum((gradient**2).sum() for _, _, gradient in start)) ** 0.5
    losses = []
    for length in lengths:
        for parameter, value, gradient in start:
            parameter.set_data(value - length / gradient_length * gradient)
        with autograd.train_mode():  # with the statistics of this batch
            losses.append(float(cross_entropy(net(X), y).mean()))
    for parameter, value, _ in start:
        parameter.set_data(value)
    return gradient_length, losses


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
lengths = (0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
along = {}  # network: losses
rows = [("MLP", "epochs", "training loss", "length of the gradient")]
for name, between, num_epochs in (("plain", [], 4), ("batch norm", [nn.BatchNorm], 2)):
    net = mlp(*between)
    _, _, epoch_losses = watch(net, rate=0.02, num_epochs=num_epochs)
    gradient_length, along[name] = losses_along_gradient(net, lengths)
    rows.append((name, str(num_epochs), f"{epoch_losses[-1]:.2f}", f"{gradient_length:.1f}"))
show_table(rows, "before the step")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With batch norm, the best step is ten times as long

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.along(lengths, along)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each curve starts on the left at a step of length zero, and its dotted line shows that loss. (From the second point
# on, the axis is logarithmic.) The plain network's loss is lowest after a step of 0.05, and from a little over 0.1 on,
# it is *higher* than at the start; then it soon leaves the picture. With batch norm, the best step is about ten times
# as long, and the loss is back at its start only at about 2. This is what "smoother" means in practice: the gradient is
# valid for longer. And since both gradients are of similar length, what holds for steps holds for rates, too.
#
# One part of the reason can be proved. Normalization removes any scale from a feature, so multiplying the weights
# before it by a number $c > 0$ changes nothing: $f(c\mathbf{w}) = f(\mathbf{w})$. Differentiate both sides with respect
# to $\mathbf{w}$: $c \, \nabla f(c\mathbf{w}) = \nabla f(\mathbf{w})$. So weights that are 100 times as long get a
# hundredth of the gradient.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One step from the same weights, on the same batch: ask up to which length each curve stays below
# its dotted line.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Weights times 100: same output, gradient divided by 100

# %% slideshow={"slide_type": "-"}
rows = [("weights times", "first output row", "gradient's length", "gradient · weights")]
for factor in (1, 10, 100):
    W_scaled = factor * W  # (3, 2)
    W_scaled.attach_grad()
    with autograd.record():
        Z = np.dot(batch, W_scaled)  # (8, 2)
        Y = normalize(Z, *batch_statistics(Z))
    Y.backward(head)
    length = float(np.linalg.norm(W_scaled.grad))
    product = abs(float((W_scaled.grad * W_scaled).sum()))
    rows.append((str(factor), str(rounded(Y[0])), f"{length:.4f}", f"{product:.3f}"))
show_table(rows, "a dense layer, then batch norm")

# %% [markdown] slideshow={"slide_type": "skip"}
# So a rate that is much too large corrects itself: a long step makes the weights long, and then the next gradients are
# small.
#
# **Question.** The last column says that the gradient is perpendicular to the weights. Why? And what does this do to
# their length?
#
# <details><summary>Answer</summary>
#
# Moving in the direction of the weights themselves only changes their length, and so nothing: there is no slope in this
# direction. A step perpendicular to the weights makes them longer (Pythagoras), so with batch norm they grow at each
# step of gradient descent.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# **Third suspect: the noise.** What batch norm makes of an image depends on the company that it comes in. To see how
# much, we take one unit with random weights, apply it to 1,500 images, and look at *one* of them. We put it into 2,000
# batches whose other members are drawn at random.


# %% slideshow={"slide_type": "skip"}
random = onp.random.RandomState(0)
hidden = images[:1500].asnumpy().reshape(1500, 784) @ random.normal(size=784)  # (1500,): one unit, untrained
alone = (hidden[0] - hidden.mean()) / hidden.std()  # the first image, by the statistics of all


def seen_as(value, batch_size, num_batches=2000):
    """Return the normalized values (num_batches,) of one example in batches with random others."""
    chosen = onp.random.RandomState(0).randint(len(hidden), size=(num_batches, batch_size))
    batches = hidden[chosen]  # (num_batches, batch_size)
    batches[:, 0] = value  # our example is always there
    sigma = onp.sqrt(batches.var(axis=1) + 1e-5)
    return (value - batches.mean(axis=1)) / sigma


def draw_company(ax, batch_size):
    values = seen_as(hidden[0], batch_size)
    figures.company(ax, values, alone)
    ax.set_title(f"batch size {batch_size}: ± {values.std():.2f}")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Same image, same weights, but different neighbors

# %% slideshow={"slide_type": "-"}
explore(
    draw_company, cases=[4, 16, 64, 256], values=[2**k for k in range(1, 10)],
    label="batch size", height=3.8,
    alt="Histograms of what batch norm makes of an image: widest for batches of 4, narrowest "
    "for 256.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The dashed line is the image's value by the mean and the deviation of all 1,500. In a batch of 256, the value stays
# near it; the smaller the batch, the more it depends on the neighbors. The sharp left edge for batches of 4 is no
# accident: in a batch of $n$ numbers, none can be further from the mean than $\sqrt{n - 1}$ deviations, which is 1.7
# for 4. For 2 it is 1, as you can see in a live notebook with the slider: there are only two values left, 1 and −1. All
# that the unit can still say is whether this image's value is larger than that of the other image.
#
# For every image, batch norm applies the same formula with a *random shift* and a *random scale*,
#
# $$y = \gamma \, \frac{x - \mu_B}{\sigma_B} + \beta.$$
#
# How random are they? We measure the mean and the deviation of 2,000 batches, in units of the deviation of all images.

# %% slideshow={"slide_type": "skip"}
random = onp.random.RandomState(0)
noise = {}  # batch size: shifts (2000,), scales (2000,)
for n in (4, 16, 64, 256):
    batches = hidden[random.randint(len(hidden), size=(2000, n))]
    shift = (batches.mean(axis=1) - hidden.mean()) / hidden.std()
    scale = batches.std(axis=1) / hidden.std()
    noise[n] = shift, scale

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The shift varies by 1/√n

# %% slideshow={"slide_type": "-"}
figures.noise(noise)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each bar is one deviation up and one down, over the 2,000 batches. With 4 images, the mean is off by half a deviation,
# and with 64 by an eighth. The dashed lines are what theory predicts: the mean of $n$ independent values has the
# *standard error* $\sigma/\sqrt{n}$ (notebook 08 uses the same formula for accuracies). For a bell curve, the deviation
# would be off by about $1/\sqrt{2n}$; ours varies a little less, because the values are no bell curve. In tiny batches
# it is too small on average.
#
# Could this noise be the reason for faster learning? Then more of it should make learning still faster. The layer in
# the next cell cuts each batch into shares of 16 or 4 examples, and normalizes each share by itself. With a batch norm
# after it, everything else stays the same: the batches, the gradients' averaging over 64 examples, $\gamma$, and
# $\beta$. **Guess first:** faster or slower?


# %% slideshow={"slide_type": "skip"}
class Shares(nn.Block):
    """Normalize each share of a batch by itself, in training."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, X):  # (n, units), n a multiple of the size
        if not autograd.is_training():
            return X
        shares = X.reshape(-1, self.size, X.shape[1])
        mean = shares.mean(axis=1, keepdims=True)  # (shares, 1, units)
        var = ((shares - mean) ** 2).mean(axis=1, keepdims=True)
        return normalize(shares, mean, var).reshape(X.shape)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
shares_of_16 = watch(mlp(lambda: Shares(16), nn.BatchNorm))
shares_of_4 = watch(mlp(lambda: Shares(4), nn.BatchNorm))
by_share = [("examples normalized together", "epoch 1", "2", "3", "4")]
shown = {"64 (batch norm)": normed, "16": shares_of_16, "4": shares_of_4, "plain network": plain}
for name, (_, _, epoch_losses) in shown.items():
    by_share.append((name, *(f"{loss:.2f}" for loss in epoch_losses)))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### More noise: slower, not faster

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(by_share, "training loss of the MLP, batches of 64")

# %% [markdown] slideshow={"slide_type": "skip"}
# The more noise, the slower. With shares of 4 examples, the network is even slower than the plain one. So the noise is
# a price of batch norm, not the reason for its speed. It can still be useful: noise *regularizes*, as
# dropout does (notebook 08), since a network that never sees exactly the same input twice has a harder time learning it
# by heart.
#
# Of the three suspects, one remains: with batch norm, the gradient can be trusted for longer steps.
#
# Which batch size is right, then? **Guess first:** which of 16, 64, and 256 will be best on the validation images, and
# which will be fastest? All see the same 2,000 images for two epochs, at the learning rate 0.2, from three starts each.


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
results = {}  # batch size: for each start, the validation accuracy with updated averages, and the seconds
for batch_size in (16, 64, 256):
    results[batch_size] = []
    for random_seed in seeds:
        net, run = train(nn.BatchNorm, 0.2, make_loader(2000, batch_size), num_epochs=2, random_seed=random_seed)
        update_averages(net, make_loader(1000))
        results[batch_size].append((validation_accuracy(net), sum(run.seconds)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From 16 to 64 little changes; 256 makes too few updates

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.batch_sizes(results)

# %% [markdown] slideshow={"slide_type": "skip"}
# Batches of 16 and of 64 reach about the same accuracy, although the noise with 16 is twice as large. Small batches
# take longer, because there are more updates, and because small arrays use the processor badly. With 256 images there
# are only 8 updates per epoch, and at the same rate, after the same two epochs, the network has not come as far. That
# has nothing to do with batch norm: it is what the races of notebook 05 showed. So start with 64, and measure on your
# own data. (Masters and Luschi, 2018, compare batch sizes on larger problems, and find 2 to 32 images best.)
#
# And below 16? As an extreme, we take batches of 2, with 1,000 images and a smaller rate, 0.02.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses: which size is best, which is fastest? Ask how many updates an epoch has with 256.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
tiny_loader = make_loader(1000, batch_size=2)
rows = [("LeNet", "accuracy in training", "on validation images")]
for name, norm in kinds.items():
    tiny_net, tiny_run = train(norm, 0.02, tiny_loader, num_epochs=1)
    rows.append((name, f"{tiny_run.train_accuracy[-1]:.2f}", f"{validation_accuracy(tiny_net):.2f}"))
show_table(rows, "one epoch of 1,000 images in batches of 2")

# %% [markdown] slideshow={"slide_type": "skip"}
# The plain network learns; the one with batch norm hardly does, because the units of its dense layers can only say 1
# or −1. This is a real problem. When a single large image fills the memory of a GPU, as in *segmentation* (finding the
# outline of every object in an image), batches *are* that small. And with several GPUs, each one normalizes its own
# share: 256 images on 8 GPUs are batches of 32 to batch norm. For such cases, there are *layer norm* (Ba and others,
# 2016) and *group norm* (Wu and He, 2018), which normalize each example by itself. The mini-project is about this.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### After dropout, batch norm predicts with the wrong variance

# %% slideshow={"slide_type": "-"}
X = npx.relu(np.array(random.normal(size=(100_000, 1)), dtype="float32"))
dropout = nn.Dropout(0.5)
with autograd.train_mode():
    X_training = dropout(X)
rows = [("", "variance after dropout")]
rows.append(("in training", f"{float(X_training.var()):.1f}"))
rows.append(("in prediction", f"{float(dropout(X).var()):.1f}"))
show_table(rows, "100,000 values of a ReLU")

# %% [markdown] slideshow={"slide_type": "skip"}
# In training, dropout sets half of the values to zero and doubles the others. The mean remains, but the variance does
# not. A batch norm after dropout averages the first variance, and then meets the second when it predicts (Li and
# others, 2018). So with batch norm, leave dropout out, or put it after the last batch norm, before the output layer.
#
# Finally, LeNet with batch norm goes on the scoreboard. It trains on all 10,000 images, at the rate that was best
# above, and one more epoch at a tenth of it, so that the averages catch up. For comparison, the plain network does the
# same at its own best rate. Then we use the 2,000 test images, once.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
train_loader, test_loader = load_data(64, source="fashion_mnist")
board = Scoreboard()
rows = [("LeNet", "rate", "training accuracy", "test accuracy", "seconds")]
for name, norm in kinds.items():
    net, rate = lenet(norm), best_rate(name)
    first = fit(net, train_loader, num_epochs=2, lr=rate, seed=0, plot=False)
    last = fit(net, train_loader, num_epochs=1, lr=rate / 10, plot=False)
    accuracy, seconds = evaluate(net, test_loader)[1], sum(first.seconds + last.seconds)
    rows.append((name, f"{rate:g}", f"{last.train_accuracy[-1]:.2f}", f"{accuracy:.2f}", f"{seconds:.0f}"))
show_table(rows, "three epochs of 10,000 images; 2,000 test images")
facts = {"data": "Fashion-MNIST", "accuracy": accuracy, "examples": 2000, "seconds": seconds}
board.add("LeNet, batch norm", net, (1, 1, 28, 28), **facts)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Scoreboard: the same multiply-adds, more right answers

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# The board shows the networks that you have trained so far, accuracy against multiply-adds. Batch norm does not move
# LeNet to the right, but up. The fair comparison is the table, with the same epochs of the same images for both, each
# at its own best rate: with batch norm, there are about four more right answers in a hundred. (LeNet of notebook 12 was
# trained differently, so its point is between the two.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Up, not to the right: that is the point of batch norm on this board.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **Why does a network learn faster, and at much larger rates, once its layers are normalized?** Because a step along
# the gradient may be longer before the loss rises again, and because scales no longer matter: a step that is too long
# cannot kill the layers after it. *Not only* because it stops the drift, and not because of the noise.
#
# - Batch norm gives each feature the mean β and the deviation γ.
# - Training uses the statistics of the batch, prediction uses running averages, which can lag.
# - LeNet learns at rates up to 2 instead of 0.5, and better at each of them.
# - Batches of 16 and more work; batches of 2 don't.
# - What a network knows in advance: the scale of a number means nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 16.1: predict a running mean
#
# Three batches arrive, and each has the mean 10. The running mean starts at 0, with MXNet's momentum of 0.9. What is it
# after the third batch? Compute it without running any code.

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
# with its running averages, while its training looks fine.
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
# Put batch norm **between** the convolution and the ReLU, and leave out the parameters that become useless.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block(channels):
    """Return a network: a 3×3 convolution that keeps the size, batch norm, ReLU."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("16.2", block)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# With `activation="relu"`, the ReLU is part of the convolution, and nothing fits in between. Make it a layer of its
# own, `nn.Activation("relu")`. Which parameters became useless in LeNet?
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
# ## Exercise 16.3: fold it into the layer before
#
# In prediction, mean and variance are constants. A dense layer $\mathbf{W}\mathbf{x}$ without bias comes before batch
# norm. Write **one** dense layer $\mathbf{W}'\mathbf{x} + \mathbf{b}'$ that does the work of both.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def fold(W, gamma, beta, mean, var, eps):
    """Return (new W, new b). Shapes: W (outputs, inputs), the other arrays (outputs,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("16.3", fold)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Let $\sigma = \sqrt{\text{var} + \text{eps}}$. Write $\gamma (\mathbf{W}\mathbf{x} - \mu) / \sigma + \beta$ as
# something times $\mathbf{x}$ plus something without $\mathbf{x}$. Each output has its own factor $\gamma / \sigma$,
# which multiplies a row of $\mathbf{W}$.
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
# Phones and servers do this before they use a network: in prediction, batch norm then costs nothing.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: normalize without a batch
#
# Build a layer that normalizes each example *by itself*, over all its channels and positions, and put it into LeNet.
# **Goal:** it learns in two cases: with batches of 2, where batch norm failed, and at a rate of 1, where the plain
# network failed.
#
# 1. Batches of 2 (`tiny_loader`), rate 0.02, one epoch: a validation accuracy of at least 0.5.
# 2. Batches of 64 (`make_loader(3000)`), rate 1, two epochs: a validation accuracy of at least 0.4.
#
# Compare `batch_statistics`: which axes change? And what does the layer have to remember for prediction?


# %% slideshow={"slide_type": "-"} tags=["exercise"]
class ExampleNorm(nn.Block):
    def forward(self, X):  # (n, d) or (n, c, h, w)
        return X


# for rate, loader, num_epochs in ((0.02, tiny_loader, 1), (1.0, make_loader(3000), 2)):
#     my_net, my_run = train(ExampleNorm, rate, loader, num_epochs)
#     print(f"rate {rate:g}: validation accuracy {validation_accuracy(my_net):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Sample solution</summary>
#
# ```python
# class ExampleNorm(nn.Block):
#     def forward(self, X):  # (n, d) or (n, c, h, w)
#         axes = tuple(range(1, X.ndim))  # all but the examples
#         mean = X.mean(axis=axes, keepdims=True)  # (n, 1) or (n, 1, 1, 1)
#         var = ((X - mean) ** 2).mean(axis=axes, keepdims=True)
#         return normalize(X, mean, var)
#
#
# for rate, loader, num_epochs in ((0.02, tiny_loader, 1), (1.0, make_loader(3000), 2)):
#     my_net, my_run = train(ExampleNorm, rate, loader, num_epochs)
#     print(f"rate {rate:g}: validation accuracy {validation_accuracy(my_net):.2f}")
# ```
#
# This is *layer norm*, without $\gamma$ and $\beta$. It has nothing to remember, because each example brings its own
# statistics: training and prediction compute the same. It reaches both goals, with an accuracy of about 0.6 in the
# first case and 0.5 in the second. But neither is a triumph. With batches of 2 at this small rate, LeNet does about as
# well *without* any normalization. And at the rate 1, where the plain network dies, layer norm is far slower than batch
# norm with its 64 images. For convolutional networks with batches of ordinary size, batch norm is hard to beat; layer
# norm has its home in *transformers*, the networks behind language models.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Ioffe and Szegedy, [Batch normalization: accelerating deep network training by reducing internal covariate
#   shift](https://arxiv.org/abs/1502.03167), 2015
# - Santurkar, Tsipras, Ilyas, and Mądry, [How does batch normalization help
#   optimization?](https://arxiv.org/abs/1805.11604), 2018: drift put back, and a smoother loss
# - Bjorck, Gomes, Selman, and Weinberger, [Understanding batch normalization](https://arxiv.org/abs/1806.02375), 2018:
#   larger learning rates as the main effect
# - Lipton and Steinhardt, [Troubling trends in machine learning scholarship](https://arxiv.org/abs/1807.03341), 2018:
#   on explanations that nobody tested, with batch norm as an example
# - Li, Chen, Hu, and Yang, [Understanding the disharmony between dropout and batch normalization by variance
#   shift](https://arxiv.org/abs/1801.05134), 2018
# - Ba, Kiros, and Hinton, [Layer normalization](https://arxiv.org/abs/1607.06450), 2016: the mini-project's layer
# - Wu and He, [Group normalization](https://arxiv.org/abs/1803.08494), 2018: for small batches
# - Masters and Luschi, [Revisiting small batch training for deep neural networks](https://arxiv.org/abs/1804.07612),
#   2018
# - *Dive into Deep Learning*, [Batch
#   normalization](https://d2l.ai/chapter_convolutional-modern/batch-norm.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **17 · ResNet**. With batch norm, deep networks train, but beyond some depth they get *worse*. Why, and which
# addition fixes it?
