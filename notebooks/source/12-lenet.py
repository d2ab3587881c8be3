# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 12 · LeNet
#
# The network that read zip codes and bank checks in the 1990s. We build it, count it, train it and look inside.
#
# *45 minutes · needs 05, 07*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Notebooks 10 and 11 gave us the two bricks, convolution and pooling. Today we lay them on top of
# each other and get the first convolutional network that earned money.
#
# The plan for this part: data, network, counting, training, a race against the MLP of notebook 07, and pictures of
# what the network has learned. All training together takes about half a minute.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## What you will learn
#
# - **Build** LeNet in Gluon, layer by layer.
# - **Compute** the output shape, the parameters and the multiply-adds of each layer.
# - **Train** it on the device that the machine has.
# - **Compare** it with an MLP that gets the same time.
# - **See** what the first layer looks for, and where the network errs.

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
import math
import os

from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    check,
    draw_layers,
    explore,
    fit,
    load_data,
    load_images,
    seed,
    show,
    show_images,
    subplots,
    summarize,
    try_gpu,
)

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Handwritten digits
#
# A zip code on an envelope, and the data that came of it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The problem: read this zip code

# %% slideshow={"slide_type": "-"}
test_images, test_labels = load_images(train=False)
zip_code = [9, 4, 7, 2, 0]
places = [test_labels.tolist().index(digit, 300) for digit in zip_code]
zip_images = test_images[np.array(places)]  # (5, 1, 28, 28)
show_images(zip_images, width=11, alt="Five handwritten digits.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A letter with a misread digit goes to the wrong town. A check with one is worse.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: how would you write this program without learning? Somebody will say: look for a loop, then
# it may be a 0, 6, 8 or 9. Then ask for the same rule when the digit is slanted, thick, open at the top, or a bit
# further to the left.
#
# Point at the places: hardly a digit sits in the middle. A network that wants to read these must cope with that.
# (The code takes the first image of each digit after number 300 of the test set. Any other start will do.)

# %% [markdown] slideshow={"slide_type": "skip"}
# ### A short history
#
# - **1989** Yann LeCun and colleagues at AT&T Bell Labs train a convolutional network, by backpropagation, on digits
#   cut from zip codes on real mail.
# - **1998** They publish *LeNet-5*. Inside a commercial check reader it reads several million checks a day.
# - **MNIST**, the data set of that paper, becomes the first exercise of a whole field.
#
# Convolution, pooling, convolution, pooling, dense: the order of layers that later networks stretched.

# %% [markdown] slideshow={"slide_type": "skip"}
# The two papers are under 'Where to read on'. The 1989 network learned for three days on a workstation of its time;
# the one we build is larger and learns in seconds on a laptop. Nothing in the idea has changed, only the machine.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### MNIST: how many images?
#
# Ten classes of gray 28×28 images, each digit centered and scaled. A file of MNIST has a header of 16 bytes, then one
# byte for each pixel; so its size tells the number of images.

# %% slideshow={"slide_type": "-"}
train_file, test_file = 47_040_016, 7_840_016  # bytes, unpacked
for name, size in (("training", train_file), ("test", test_file)):
    print(f"{name:8} {(size - 16) // (28 * 28):6,} images")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says 50,000 training images. The cell says 60,000.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Where the 50,000 may come from: many people put 10,000 of the 60,000 aside for validation and
# train on the rest. That is good practice, but it is their choice and not the size of the data set.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The data of this run
#
# This course brings small digits of its own. We load them by one name, whatever the source.

# %% slideshow={"slide_type": "-"}
train_loader, test_loader = load_data(batch_size=32, train_size=2000)
images, labels = load_images(train=True, size=2000)
print("source:", os.environ.get("D2L_DATASET") or "digits")
print("train: ", images.shape, labels.shape, images.dtype, labels.dtype)
print("test:  ", test_images.shape, test_labels.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `D2L_DATASET=mnist` in the environment, before Jupyter starts, switches to MNIST. The shapes stay: $(N, 1, 28, 28)$.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Say it clearly: unless somebody has set the variable, these are *not* MNIST's images. They are the
# 1,797 digits of the UCI collection that the package carries, 8×8 pixels each, enlarged to 20×20 and drawn at a random
# place on an empty canvas of MNIST's size. Training and test images never come from the same original.
#
# Ask: which is harder, MNIST's centered digits or these? These, for any model that ties a weight to a pixel.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Why only 2,000 images?** For two reasons. Everything below then runs in half a minute. And few images show what a
# convolution is good for: it need not see every digit at every place. With many more draws of the same digits, an MLP
# sees each digit nearly everywhere and comes close to LeNet. Try `train_size=6000`, and see the gap shrink.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### Sixteen of them

# %% slideshow={"slide_type": "skip"}
sixteen = "Sixteen training images in two rows, the label above each."
show_images(images[:16], labels[:16].tolist(), width=10, alt=sixteen)

# %% [markdown] slideshow={"slide_type": "skip"}
# Let the class find two images of the same digit at different places, and one that they would misread themselves.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The network
#
# Two convolutions and three dense layers: shapes, parameters, work.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet, layer by layer
#
# Average pooling and an S-shaped activation, as in the 1990s. Both are arguments: we change them later.


# %% slideshow={"slide_type": "-"}
def lenet(activation="sigmoid", pool=nn.AvgPool2D):
    net = nn.Sequential()
    net.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation=activation),
        pool(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation=activation),
        pool(pool_size=2, strides=2),
        nn.Dense(120, activation=activation),
        nn.Dense(84, activation=activation),
        nn.Dense(10),
    )
    return net


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it top down. Six kernels of 5×5; halve; sixteen kernels of 5×5 over all six channels; halve;
# three dense layers.
#
# Ask: where is the layer that flattens the feature maps into a vector? Gluon's `Dense` does it: it takes everything
# after the batch axis as one vector. Ask also: where is the softmax? In the loss, as in notebook 06.

# %% [markdown] slideshow={"slide_type": "skip"}
# **What differs from the network of 1998.** The original took 32×32 images without padding, which gives the same
# 28×28 after the first convolution. Its pooling layers had a weight and a bias for each channel, its second convolution
# used only some of the pairs of channels (to save work and to break the symmetry), its activation was a scaled tanh,
# and its last layer measured distances to ten drawn prototypes instead of computing ten scores. Today everybody who
# says LeNet means the network above, or one close to it.


# %% slideshow={"slide_type": "skip"}
def draw_lenet(net):
    """Draw the network's feature maps and vectors; their sizes come from the network."""
    labels = ["image", "conv 5×5\npadding 2", "average\npool 2×2", "conv 5×5", "average\npool 2×2"]
    labels += ["dense", "dense", "dense:\nscores"]
    shapes = [row.output_shape[1:] for row in summarize(net, (1, 1, 28, 28)).rows]
    fig, ax = subplots(width=11.5, height=3.2)
    draw_layers(ax, list(zip(labels, [(1, 28, 28), *shapes], strict=True)))
    show(fig, alt="LeNet from left to right: feature maps get smaller and more, then three ever shorter vectors.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet drawn

# %% slideshow={"slide_type": "-"}
draw_lenet(lenet())

# %% [markdown] slideshow={"slide_type": "fragment"}
# Left, the **features**: from layer to layer fewer places, more kinds of pattern.
#
# Right, the **decision**: an MLP that reads features instead of pixels and gives ten scores.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Follow one image with your finger. 28×28 pixels become six maps of 28×28: six patterns, and for
# each place how much of the pattern is there. Pooling halves height and width. The second convolution combines the six
# patterns to sixteen larger ones. At the end 16·5·5 numbers describe the image, and the dense layers decide from them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The sizes 28, 14, 10 and 5
#
# With $p$ rows of padding on either side and stride $s$: $\;\lfloor (n - k + 2p) / s \rfloor + 1$.


# %% slideshow={"slide_type": "-"}
def output_size(n, kernel, padding=0, stride=1):
    return (n - kernel + 2 * padding) // stride + 1


conv1_side = output_size(28, kernel=5, padding=2)
pool1_side = output_size(conv1_side, kernel=2, stride=2)
conv2_side = output_size(pool1_side, kernel=5)
pool2_side = output_size(conv2_side, kernel=2, stride=2)
print(conv1_side, pool1_side, conv2_side, pool2_side)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Notebook 10 had this formula with $p$ for the rows of padding in all. Gluon's argument `padding=2`
# means two rows on each side, hence the factor 2. Let the class compute each line before you run the cell.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The network counts itself

# %% slideshow={"slide_type": "-"}
table = summarize(lenet(), (1, 1, 28, 28))
table

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One image in, (1, 1, 28, 28). The table runs zeros through the network and writes down what each
# layer puts out, how many numbers it learns, and how many multiplications with an addition it takes per image.
#
# Ask before you go on: which layer has most parameters, and which does most of the work? They are not the same.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Parameters by hand
#
# Outputs × (inputs that each sees + 1 bias). A convolution sees $c_i \cdot k \cdot k$ inputs, a dense layer all.

# %% slideshow={"slide_type": "-"}
conv1 = 6 * (1 * 5 * 5 + 1)
conv2 = 16 * (6 * 5 * 5 + 1)
dense1 = 120 * (16 * 5 * 5 + 1)
dense2 = 84 * (120 + 1)
dense3 = 10 * (84 + 1)
total = conv1 + conv2 + dense1 + dense2 + dense3
print(conv1, conv2, dense1, dense2, dense3)
print(f"{total:,} by hand, {table.total_parameters:,} by the table")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Work by hand
#
# A dense layer uses each weight once per image. A convolution uses it once for every **output position**.

# %% slideshow={"slide_type": "-"}
conv1_work = (6 * 1 * 5 * 5) * (28 * 28)
conv2_work = (16 * 6 * 5 * 5) * (10 * 10)
dense_work = [120 * 400, 84 * 120, 10 * 84]
total_work = conv1_work + conv2_work + sum(dense_work)
print(f"{conv1_work:,} + {conv2_work:,}, dense {dense_work}")
print(f"{total_work:,} by hand, {table.total_multiply_adds:,} by the table")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The two usual slips: to forget the bias in the parameters, and to forget the output positions in
# the work. The biases do not count as work: they are added, not multiplied. Both slips come back in the exercises.


# %% slideshow={"slide_type": "skip"}
def draw_shares(table):
    """Draw for each layer with weights its share of the parameters and of the multiply-adds."""
    rows = [row for row in table.rows if row.parameters]
    names = [" ".join(row.name.split()[:2]) for row in rows]
    fig, (left, right) = subplots(1, 2, width=11, height=3.6, sharey=True)
    panels = (
        (left, "parameters", "parameters", table.total_parameters, COLORS["orange"]),
        (right, "multiply_adds", "multiply-adds", table.total_multiply_adds, COLORS["sky"]),
    )
    for ax, field, label, total, color in panels:
        values = [getattr(row, field) for row in rows]
        bars = ax.barh(names, [100 * value / total for value in values], color=color)
        ax.bar_label(bars, [f"{value:,}" for value in values], padding=4, fontsize=14)
        ax.set(xlabel=f"% of {total:,} {label}", xlim=(0, 100))
    left.invert_yaxis()
    show(
        fig,
        alt="Bars for the five layers with weights: the first dense layer holds most parameters, "
        "the two convolutions do most multiply-adds.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Parameters sit in the dense layers, work in the convolutions

# %% slideshow={"slide_type": "-"}
draw_shares(table)

# %% slideshow={"slide_type": "fragment"}
dense_share = (dense1 + dense2 + dense3) / total
conv_share = (conv1_work + conv2_work) / total_work
print(f"{dense_share:.0%} of the parameters are dense,")
print(f"{conv_share:.0%} of the work is convolution.")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Sharing a weight among all positions makes it cheap to store and expensive to use. The dense
# layers are the opposite: each weight is used once. Remember this picture for AlexNet, where the same holds on a scale
# a thousand times larger, and for Inception and ResNet, which throw the large dense layers out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The lecture's numbers, checked
#
# The lecture's slide compares LeNet with AlexNet. We set its LeNet column beside ours.

# %% slideshow={"slide_type": "-"}
lecture = [
    ("parameters, dense 1", 0.48e6, dense1),
    ("parameters, dense 2", 0.1e6, dense2),
    ("parameters, in all", 0.6e6, total),
    ("multiply-adds, conv 1", 1.2e6, conv1_work),
    ("multiply-adds, conv 2", 2.4e6, conv2_work),
    ("multiply-adds, in all", 4e6, total_work),
]
for name, printed, ours in lecture:
    print(f"{name:22} {printed:>9,.0f} {ours:>8,}   {printed / ours:4.1f} times")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The slide is too high by a factor of ten, in every line but its 150 and 2.4 K weights of the convolutions.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* No shame in it: a decimal point moved once, and the totals followed. It does change the comparison
# with AlexNet, which is much larger than that slide says; notebook 13 computes it. The moral of the course's tables:
# let the network count.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training
#
# One step by hand, then a race: LeNet against an MLP.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One training step by hand
#
# First the device, the parameters on it, and the trainer.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
seed(11)
device = try_gpu()
net = lenet()
net.initialize(init.Xavier(), ctx=device)
loss = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.005})
print("training on", device)

# %% [markdown] slideshow={"slide_type": "fragment"}
# `try_gpu()` is the first GPU if there is one, and the CPU if not: the rest of the code is the same.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Adam is minibatch SGD with momentum that also gives each parameter a step size of its own, from
# the size of its recent gradients. Sigmoids make gradients small, and smaller in the first layers than in the last.
# Plain SGD would crawl here; Adam does not mind.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Forward, backward, step

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
X, y = next(iter(train_loader))
X, y = X.as_in_ctx(device), y.as_in_ctx(device)

with autograd.record():
    before = loss(net(X), y)  # (32,)
before.backward()
trainer.step(batch_size=len(X))

after = loss(net(X), y)
print(f"loss {before.mean().item():.2f} before the step,")
print(f"     {after.mean().item():.2f} after it; log 10 is {math.log(10):.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: why does the loss start near log 10? An untrained network gives all ten classes about the
# same probability, and the loss of a probability of one tenth is log 10. A first loss far away from it hints at a bug.
#
# `fit`, on the next slide, is these lines in two loops: over the batches of an epoch, and over the epochs.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### The same for every batch of every epoch
#
# `fit` does that. We keep what it records, to compare networks.

# %% slideshow={"slide_type": "skip"}
histories = {}


def train(name, net, lr, num_epochs):
    loaders = load_data(batch_size=32, train_size=2000)  # same order for all
    options = {"optimizer": "adam", "lr": lr, "seed": 1, "num_epochs": num_epochs}
    alt = f"{name}: loss and accuracy against the epoch."
    histories[name] = fit(net, *loaders, title=name, alt=alt, **options)


# %% [markdown] slideshow={"slide_type": "skip"}
# `fit` moves the batches to the device, adds the loss up there and reads it once an epoch: the lesson of notebook 09.
# New loaders for every network give them all the same batches in the same order.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training LeNet as of 1998
#
# About 10 seconds on two cores. Sigmoids flatten the signal, so we start with larger weights.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = lenet()
net.initialize(init.Xavier(magnitude=24), ctx=device)
train("LeNet 1998", net, lr=0.005, num_epochs=20)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* For the first epochs little seems to happen: the sigmoids let hardly any gradient through to the
# convolutions. Then the kernels find something useful, and the curve takes off. Somebody may ask whether it is stuck;
# this is the picture to have seen before one kills a training run too early.
#
# The magnitude: a sigmoid is at most 1/4 steep, so what differs between two images shrinks from layer to layer. With
# Xavier's usual 3, this network often gives the same scores for every image, for many epochs. 24 starts with weights
# that are larger by the root of 8, and the network takes off reliably. ReLU, later, needs no such help.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The rival: an MLP
#
# One hidden layer of 256 ReLU units, as in notebook 07.


# %% slideshow={"slide_type": "-"}
def mlp():
    net = nn.Sequential()
    net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
    return net


mlp_table = summarize(mlp(), (1, 1, 28, 28))
print(f"parameters: MLP {mlp_table.total_parameters:,}, LeNet {total:,}")
print(f"multiply-adds: MLP {mlp_table.total_multiply_adds:,}, LeNet {total_work:,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The MLP has more to remember with, and less to compute. So in the same time it goes through the data more often.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What is a fair race? Equal epochs would favor the slow network, which computes more in each. We
# give both the same seconds on the same machine, and the same images.
#
# Let the class bet before the next slide.


# %% slideshow={"slide_type": "skip"}
def epochs_within(seconds, net):
    """Train for three epochs, and say how many such epochs fit."""
    trial = fit(net, train_loader, num_epochs=3, optimizer="adam", plot=False)
    return max(1, round(3 * seconds / sum(trial.seconds)))


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The MLP gets as many epochs as fit into LeNet's time

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
budget = sum(histories["LeNet 1998"].seconds)
num_epochs = epochs_within(budget, mlp())
print(f"LeNet's 20 epochs took {budget:.1f} seconds: {num_epochs} epochs for the MLP.")
train("MLP", mlp(), lr=0.001, num_epochs=num_epochs)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Three epochs give a rough estimate, and other programs on the machine can spoil it. So the race is
# drawn against the seconds that were really used, not against this guess.
#
# Training accuracy reaches the top: the MLP knows all 2,000 images by heart. The test curve stays behind and no longer
# moves: more time would not help. What it has learned of a digit at one place says little about the next place.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet with ReLU and max pooling
#
# Two words change; the parameters stay the same in number.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = lenet("relu", nn.MaxPool2D)
num_epochs = epochs_within(budget, lenet("relu", nn.MaxPool2D))
train("LeNet with ReLU", net, lr=0.002, num_epochs=num_epochs)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* No waiting at the start: a ReLU passes the gradient on unchanged wherever it is active. That is
# one of the changes of AlexNet, fourteen years after LeNet-5, and it already helps here.


# %% slideshow={"slide_type": "skip"}
def draw_race(histories):
    """Draw test accuracy against the seconds spent on training."""
    fig, ax = subplots(width=10, height=3.0)
    for (name, history), style in zip(histories.items(), ("-", "--", "-."), strict=True):
        seconds = [sum(history.seconds[: epoch + 1]) for epoch in range(len(history.seconds))]
        ax.plot(seconds, history.test_accuracy, style, label=name)
    ax.set(xlabel="seconds of training", ylabel="test accuracy", ylim=(0.5, 1))
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    show(
        fig,
        alt="Test accuracy against seconds: the MLP starts fastest and levels off; "
        "both LeNets overtake it, the one with ReLU early, the other one late.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The race: equal data, equal time

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for name, history in histories.items():
    seconds = sum(history.seconds)
    accuracy = sum(history.test_accuracy[-3:]) / 3  # last three epochs
    print(f"{name:15} {seconds:5.1f} s   test accuracy {accuracy:.2f}")
draw_race(histories)

# %% [markdown] slideshow={"slide_type": "fragment"}
# LeNet wins with fewer parameters. It need not learn a digit anew at every place.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Three lessons in one picture. The MLP is ahead for the first second: a race stopped there has the
# wrong winner. The LeNet of 1998 needs half of the time, then passes it by a few points. The one with ReLU is soon
# ahead of both. A point or two is chance: the curves jump from epoch to epoch, and so the table takes the mean of the
# last three.
#
# Be honest about the limits: with three times as many images the MLP sees each digit at almost every place, and comes
# close. The advantage of the right structure is largest where data are few.


# %% slideshow={"slide_type": "skip"}
def draw_kernels(kernels):
    """Show kernels (n, 1, h, w): orange for positive weights, purple for negative ones."""
    limit = float(abs(kernels).max())
    show_images(
        kernels,
        titles=[f"kernel {index + 1}" for index in range(len(kernels))],
        num_columns=6,
        width=11.5,
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        alt="Six kernels of 5×5 weights: neighboring weights often share a sign, positive orange, negative purple.",
    )


def draw_maps(image, maps):
    """Show an image and its feature maps."""
    pictures = [image[0] / image.max(), *(feature_map / max(float(maps.max()), 1e-9) for feature_map in maps)]
    show_images(
        pictures,
        titles=["image", *(f"map {index + 1}" for index in range(len(maps)))],
        num_columns=7,
        width=11.5,
        alt="A digit and six feature maps of it: different strokes and edges of the digit are bright in each.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What it has learned
#
# Its kernels, its maps and its mistakes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What the first layer has learned
#
# Six kernels of 5×5. Orange weights are positive, purple ones negative.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
kernels = net[0].weight.data(device)  # (6, 1, 5, 5)
draw_kernels(kernels)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nobody wrote these. Compare them with the edge detectors of notebook 10.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Look for a side of orange next to a side of purple: an edge detector, vertical, horizontal or
# slanted. A spot of orange in the middle smooths. With only six kernels and 2,000 images not all are tidy; with color
# photographs, in AlexNet, they are.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One digit through the first layer

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
X = test_images[places[0]]  # (1, 28, 28)
maps = net[0](X.as_in_ctx(device).reshape(1, 1, 28, 28))[0]  # (6, 28, 28)
draw_maps(X, maps)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: which map goes with which kernel? A map is bright along those edges that have the side of ink
# where its kernel is orange. ReLU has cut the negative answers off, so one kernel shows one kind of edge only.

# %% slideshow={"slide_type": "skip"}
MOVED = "A digit at three places, left to right, and below each its feature map: the bright strokes move along with it."


def draw_moved(ax, pixels):
    """Draw the digit moved to the right by so many pixels, and under it its strongest feature map."""
    columns = np.nonzero(X[0].max(axis=0) > 0)[0].tolist()  # those that hold ink
    middle = (columns[0] + columns[-1]) // 2
    moved = np.roll(X, 14 - middle + pixels, axis=2).reshape(1, 1, 28, 28)
    answers = net[0](moved.as_in_ctx(device))[0, int(maps.max(axis=(1, 2)).argmax())]  # (28, 28)
    gap = np.ones((2, 28))
    picture = np.concatenate([moved[0, 0], gap, answers.as_in_ctx(gap.ctx) / float(maps.max())])
    ax.imshow(picture.asnumpy(), cmap="gray", vmin=0, vmax=1)
    ax.set_axis_off()
    ax.set_title(f"moved by {pixels}")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Move the digit, and its maps move along
#
# A map says *where* its pattern is. The weights need not change for that.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(draw_moved, [-4, 0, 4], values=range(-5, 6), label="px", alt=MOVED, height=4.8)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, move the slider: the map follows, pixel by pixel. This is what the MLP lacks: for it, the
# moved digit is a new pattern of 784 numbers. After two pooling layers the move is a quarter as large, and the dense
# layers have to cope with less.


# %% slideshow={"slide_type": "skip"}
def draw_mistakes(chosen):
    """Show test images with their label and what the network took them for."""
    show_images(
        test_images[np.array(chosen)],
        titles=[f"{truth[i]} → {predictions[i]}" for i in chosen],
        width=10,
        alt="Misclassified test images, above each the true digit and what the network said.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Where it errs: true digit → what the network said

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
scores = net(test_images.as_in_ctx(device))  # (n, 10)
predictions = scores.argmax(axis=1).astype("int32").tolist()
truth = test_labels.tolist()
wrong = [i for i in range(len(truth)) if predictions[i] != truth[i]]
print(f"{len(wrong)} of {len(truth):,} wrong")
draw_mistakes(wrong[:16])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class vote on some of them. A few are hard for us as well: eight pixels a side were all
# there was of the original. For the others ask what the two digits have in common: a loop, a bar at the top, a stroke
# to the left.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### And the zip code?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
said = [f"net says {predictions[place]}" for place in places]
show_images(zip_images, said, width=11, alt="The five digits again.")

# %% slideshow={"slide_type": "fragment"} tags=["nbval-ignore-output"]
one = 1 - len(wrong) / len(truth)
print(f"one digit right: {one:.2f}, five independent ones: {one**5:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A good accuracy for one digit is a modest one for five in a row. That is why the reader of 1998
# did not stop at single digits: it weighed whole readings against each other, and left the doubtful ones to people.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - LeNet: convolution and pooling, twice, find features; three dense layers decide.
# - Its parameters sit in the dense layers, its work in the convolutions.
# - `try_gpu()` picks the device; a training step is forward, backward, step.
# - At equal time and on few images LeNet beats an MLP with three times its parameters.
# - The first layer learns edge detectors that nobody wrote.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the two counting rules once more, without looking: parameters of a convolution, and its
# multiply-adds.
#
# Next comes AlexNet: this network made deeper and wider, with ReLU, dropout and two GPUs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 12.1: predict shape and size
#
# A convolution with 32 kernels of 3×3, stride 1, no padding, gets 16 channels of 14×14. What is the shape of its
# output, and how many parameters does it have?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, parameters)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Height and width follow $n - k + 1$. Each kernel reaches through all input channels, and each output channel has one
# bias.
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# side = 14 - 3 + 1
# my_prediction = (32, side, side, 32 * (16 * 3 * 3 + 1))
# ```
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.2: change the input
#
# Write LeNet for **color images of 32×32**, shape $(N, 3, 32, 32)$. The dense layers keep the sizes
# that they have, with 400 inputs to the first.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def color_lenet():
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.2", color_lenet)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Copy `lenet` and change one argument of one layer. Gluon finds out the number of input channels by itself. Which size
# must the first convolution put out, so that everything after it stays as it was?
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def color_lenet():
#     net = nn.Sequential()
#     net.add(
#         nn.Conv2D(6, kernel_size=5, activation="sigmoid"),  # 32 → 28, without padding
#         nn.AvgPool2D(pool_size=2, strides=2),
#         nn.Conv2D(16, kernel_size=5, activation="sigmoid"),
#         nn.AvgPool2D(pool_size=2, strides=2),
#         nn.Dense(120, activation="sigmoid"),
#         nn.Dense(84, activation="sigmoid"),
#         nn.Dense(10),
#     )
#     return net
# ```
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.3: build a cost formula
#
# Write a function that counts the multiply-adds of a convolution with `kernel`×`kernel` weights, stride
# 1, on square images of `size`×`size`, with `padding` on each side.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def conv_multiply_adds(in_channels, out_channels, kernel, size, padding=0):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.3", conv_multiply_adds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# First the side of the output. Then: how many numbers does the layer put out, and how many multiply-adds does each of
# them take?
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# def conv_multiply_adds(in_channels, out_channels, kernel, size, padding=0):
#     side = size - kernel + 2 * padding + 1
#     return (out_channels * side * side) * (in_channels * kernel * kernel)
# ```
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.4: build a list of confusions
#
# Which digit does a network most often take for which other? Write a function that returns the true
# digit, the predicted digit, and how often that happens.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def most_confused(labels, predictions):  # two arrays of shape (n,)
    return ...  # true digit, predicted digit, times


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.4", most_confused)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `zip(labels.tolist(), predictions.tolist())` gives the pairs. Keep those that differ, and count them:
# `collections.Counter` has a method `most_common`.
# </details>
#
# <details><summary>Solution</summary>
#
# ```python
# from collections import Counter
#
#
# def most_confused(labels, predictions):
#     pairs = zip(labels.tolist(), predictions.tolist())
#     errors = Counter((true, said) for true, said in pairs if true != said)
#     (true, said), times = errors.most_common(1)[0]
#     return true, said, times
# ```
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - LeCun, Bottou, Bengio, Haffner: [Gradient-based learning applied to document
#   recognition](https://doi.org/10.1109/5.726791), Proceedings of the IEEE, 1998. LeNet-5, MNIST, the check reader.
# - LeCun and others: [Backpropagation applied to handwritten zip code
#   recognition](https://doi.org/10.1162/neco.1989.1.4.541), Neural Computation, 1989.
# - Dive into Deep Learning: [Convolutional Neural Networks
#   (LeNet)](https://d2l.ai/chapter_convolutional-neural-networks/lenet.html).
# - The digits of this run: [Optical Recognition of Handwritten
#   Digits](https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits), UCI.
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **13 · AlexNet**, this network made deeper and wider, with ReLU and dropout.
