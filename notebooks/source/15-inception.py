# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 15 · Inception
#
# **Which kernel size is best for a convolution, and what if a network doesn't have to choose?**
#
# *45 minutes · needs 10, 12, 13, 14 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# LeNet, AlexNet, and VGG are chains: one layer follows the other, and for each of them somebody had to choose the size
# of the kernel. LeNet has 5×5, AlexNet 11×11 at its beginning, VGG 3×3 everywhere, and NiN adds many of 1×1. In
# notebook 14, small kernels were no better than large ones. The network that won the ImageNet competition of 2014,
# ahead of VGG, does not choose at all. At each step, it splits into four *paths* with kernels of different sizes, and
# puts their results next to each other.
#
# This part of the course asks what a network has to know about pictures before it sees any. Here, the answer is that
# things come in all sizes: an eye can fill three pixels or thirty, even in the same photograph. A block that looks at
# several sizes at once has this built in. You'll see how it can be cheap enough, and find out whether it is worth its
# price on images that the network has not seen.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which kernel size the class would take, and why. Write the answers down for the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Compute** what kernels of different sizes cost, and why 1×1 convolutions save most of it.
# - **Build** an Inception block: four paths, joined along the channels.
# - **Test**, at equal work and by the clock, whether four paths are better than one kernel size.
# - **Measure** which paths a trained network relies on.
# - **Assemble** GoogLeNet from nine blocks, and explain what later versions changed.

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
from time import perf_counter

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import gluon, init, np, npx
from mxnet.gluon import nn
from mxnet.lr_scheduler import CosineScheduler
from mxnet.optimizer import Adam

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    check,
    evaluate,
    explore,
    fit,
    load_images,
    load_photo,
    load_photos,
    load_pretrained,
    seed,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb15_inception as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One budget, several kernels
#
# What does each kernel size buy, and how can one block afford them all?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A small window sees detail, a large one sees things

# %% slideshow={"slide_type": "-"}
kernel_sizes = {"NiN": 1, "VGG": 3, "LeNet": 5, "AlexNet": 11}
figures.windows(load_photo(96), row=43, column=59, sizes=kernel_sizes)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each square on the left is what one kernel sees at one position. On the right you see it enlarged: a color, then a
# change from dark to bright, and only the largest window contains an eye. (The photograph has 96×96 pixels. AlexNet's
# size is that of its first layer, NiN's that of its additional layers.)

#
# **Question.** Which of the four would you take to find eyes?
#
# <details><summary>Answer</summary>
#
# In this photograph, the one of 11×11. But in a picture of a crowd an eye is a single spot, and in a portrait that
# fills a screen it is larger than all four windows. The right size depends on the picture, and even on the position
# within it. (Deeper layers see more, of course, but each of them has to choose again.)
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which window the class would take to find an eye, and in which picture another one.

# %% [markdown] slideshow={"slide_type": "skip"}
# A large kernel is never less *able*: with zeros in its outer ring, a 5×5 kernel does exactly what a 3×3 kernel does.
# But it is more *expensive*. A kernel of size $k$ has $k^2$ weights for each pair of an input and an output channel,
# and each weight costs one multiply-add at each position. What can you buy for a given amount of work?


# %% slideshow={"slide_type": "skip"}
def weights(c_in, c_out, k):
    return c_in * c_out * k * k


rows = [("kernel", "weights of one output channel", "channels for 100,000 weights")]
for k in (1, 3, 5, 7, 11):
    one = weights(192, 1, k)
    rows.append((f"{k}×{k}", f"{one:,}", f"{100_000 // one}"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### For the price of one 5×5 kernel, you get 25 of 1×1

# %% slideshow={"slide_type": "-"}
show_table(rows, "192 channels in: how many channels out does the same budget buy?")

# %% [markdown] slideshow={"slide_type": "skip"}
# An output channel is a pattern that the layer can look for. With kernels of 5×5, the budget of the table buys 20
# patterns, and a kernel whose pattern would fit into 3×3 pixels wastes most of its 25 weights. With kernels of 3×3 it
# buys 57, but in one layer, none of them can be larger than that. So this is a question of how to *spend* a budget, and
# it has an obvious answer: some of each. Many patterns are small, so buy many small kernels; some are large, so buy a
# few large ones. A chain of layers can't do that, because all of the kernels in a layer have the same size.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* An output channel is a pattern to look for. Ask how the class would spend 100,000 weights.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why choose? Send the input along four paths

# %% slideshow={"slide_type": "-"}
figures.four_paths()

# %% [markdown] slideshow={"slide_type": "skip"}
# The four paths all read the same input. Three are convolutions with kernels of different sizes. The fourth is max
# pooling: it passes on, for each channel, the strongest response in the neighborhood. This is the idea of the
# *Inception block*, which Christian Szegedy and others published in 2014. (The name comes from the film, by way of an
# internet joke that the paper cites: "we need to go deeper".) Training decides what each path is used for.
#
# How do four results become one again? They are *concatenated* along the channels: the channels of the first path, then
# those of the second, and so on. No number is changed, and no weight is needed. (Notebook 17 adds results up instead.)
#
# **Question.** What must be equal in all four results, and what may differ?
#
# <details><summary>Answer</summary>
#
# Height and width must be equal. The number of channels may be different in each path: that is how the budget is
# divided.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how four results become one again, and what must be equal for that.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Concatenation: no number is changed, and channels add up
#
# Shapes are $(N, C, H, W)$, so the channels are axis 1.

# %% slideshow={"slide_type": "-"}
A = np.array([[[[1, 2], [3, 4]]]])  # (1, 1, 2, 2)
B = np.array([[[[5, 6], [7, 8]], [[0, 0], [9, 9]]]])  # (1, 2, 2, 2)
joined = np.concatenate([A, B], axis=1)
print(A.shape, B.shape, "→", joined.shape)
figures.concatenation(A, B, joined)

# %% [markdown] slideshow={"slide_type": "skip"}
# A kernel of odd size $k$ keeps height and width if there are $\lfloor k/2 \rfloor$ rows of zeros on each side (Gluon's
# `padding`; the $p$ of notebook 10 counts both sides). The pooling in the fourth path has a stride of 1, so that it
# does not make anything smaller, unlike the pooling layers so far.


# %% slideshow={"slide_type": "skip"}
def conv(channels, k):
    return nn.Conv2D(channels, k, padding=k // 2, activation="relu")


# %% [markdown] slideshow={"slide_type": "skip"}
# Two things in this plan are too expensive. Pooling can't reduce the number of channels, so the fourth path alone
# outputs all 192, and every block would output many more channels than it got. And the large kernels read all of the
# 192 channels: a 5×5 path needs 153,600 weights for 32 channels of its own. Both problems have the same solution, which
# you know from notebook 10.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A 1×1 convolution before a 5×5 saves 90 % of the work

# %% slideshow={"slide_type": "skip"}
direct = weights(192, 32, k=5)
HOURGLASSES = "192 channels, reduced to 4, 16, 64, and 160, then 32: 3, 10, 41, and 103 percent of the direct weights."


def draw_reduction(ax, reduced):
    detour = weights(192, reduced, k=1) + weights(reduced, 32, k=5)
    figures.reduction(ax, (192, reduced, 32), (1, 5), detour / direct)


# %% slideshow={"slide_type": "-"}
cases = [4, 16, 64, 160]
widths = list(range(4, 193, 4))  # the slider's, when live
explore(draw_reduction, cases, values=widths, label="reduced to", alt=HOURGLASSES, height=4.6)

# %% [markdown] slideshow={"slide_type": "skip"}
# A 1×1 convolution is a dense layer for each pixel: each of its outputs is a combination of all channels at one
# position (notebook 10). With fewer outputs than inputs it is a *reduction*: it puts the 192 channels into, say, 16,
# and the expensive 5×5 kernels read only these. The height of the bars is the number of channels; below are the weights
# between them. Through 16 channels there are 15,872 weights instead of 153,600. Each weight is used once at each
# position, so the multiply-adds shrink to the same 10 %. (The narrow place is often called a *bottleneck*.)
#
# **Question.** From which width on is the detour more expensive than the direct way? And why not take 4?
#
# <details><summary>Answer</summary>
#
# Each of the narrow channels has 192 weights before it and 25 · 32 = 800 after it, together 992. So the detour pays as
# long as there are fewer than 153,600 / 992, which is about 155. With 4 channels it is nearly free, but then four
# numbers at each position are all that the 5×5 kernels get to see.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Move the slider. Ask from which width on the detour is longer, and what is lost with 4.

# %% [markdown] slideshow={"slide_type": "skip"}
# How much is lost? Sixteen numbers can't replace 192 that are independent of each other. But channels of a trained
# network have much in common: several respond to the same edge, or to the same texture. Let's measure that in the
# pretrained network of notebook 00. It has a layer of 240 channels, which a 1×1 reduction then turns into 80. We
# collect the 240 numbers at each of the 14×14 positions of seven photographs.
#
# Their *covariance matrix* has 240 rows and columns. On its diagonal is the variance of each channel; off the diagonal,
# how much two channels rise and fall together. Its eigenvectors (notebook 02) are the weights of sums of channels,
# *combinations*, that don't rise and fall together, and each eigenvalue is the variance of its combination. So we sort
# the eigenvalues and add them up. (This is known as *principal component analysis*.)
#
# **Guess first.** How many combinations of the 240 channels do you need to keep 90 % of the variance?

# %% slideshow={"slide_type": "skip"}
pretrained = load_pretrained()
photos = np.stack([photo.image for photo in load_photos(224)])  # (7, 3, 224, 224)
before = pretrained.features[:9](photos)  # through the first nine blocks
maps = pretrained.features[9].body[:6](before)  # through all layers of the tenth before its reduction
samples = maps.asnumpy().transpose(1, 0, 2, 3).reshape(240, -1)  # a row for each channel, a column for each position
covariance = onp.cov(samples)  # (240, 240)
variances = onp.linalg.eigvalsh(covariance)[::-1]  # of the combinations, the largest first
combined = onp.cumsum(variances) / variances.sum()
single = onp.cumsum(onp.sort(covariance.diagonal())[::-1]) / variances.sum()  # of channels, the largest first
enough = [int((shares < 0.9).sum()) + 1 for shares in (combined, single)]
print(f"for 90 % of the variance: {enough[0] / 240:.0%} as many combinations, or {enough[1] / 240:.0%} of the channels")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Channels repeat each other, so a reduction can keep most

# %% slideshow={"slide_type": "-"}
figures.variance(combined, single, marks=[20, 120])

# %% [markdown] slideshow={"slide_type": "skip"}
# A third as many combinations as there are channels keep 90 % of the variance, and half as many 95 %; the best half of
# the channels themselves keeps only 65 %. So what keeps the information is the *combining*, not a choice of good
# channels. But a reduction to a twelfth, as from 192 to 16, is a summary: 20 combinations of 240 carry two thirds. (The
# layers before make these 240 channels from 40, so it's no surprise that they repeat each other. And on other
# photographs, the combinations found for these seven would keep a little less.)
#
# GoogLeNet's first block does both: the 3×3 path reads half as many channels as there are, and the 5×5 path a twelfth.
# In the fourth path the 1×1 convolution comes *after* the pooling, to cut down its 192 channels.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class guess first: how many combinations of 240 channels carry 90 % of the variance?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The Inception block: the 5×5 path reads only a summary

# %% slideshow={"slide_type": "-"}
figures.first_block()

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the first block of the network of 2014. Its 256 output channels are a way to spend a budget: 128 for patterns
# of 3×3 pixels, 64 for combinations of channels at a single position, and 32 each for large patterns and for the
# pooling.
#
# **Question.** Path 1 has no reduction. Why not?
#
# <details><summary>Answer</summary>
#
# A 1×1 convolution is what a reduction consists of. A reduction before it would be a second one, and save little.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the purpose of each 1×1, path by path. Which path gets most of the channels?


# %% slideshow={"slide_type": "skip"}
def chain(*layers):
    net = nn.Sequential()
    net.add(*layers)
    return net


# %% [markdown] slideshow={"slide_type": "slide"}
# ### In Gluon, four attributes and one concatenation


# %% slideshow={"slide_type": "-"}
class Inception(nn.Block):
    def __init__(self, c1, c2, c3, c4):
        super().__init__()
        self.widths = c1, c2[1], c3[1], c4  # the channels that each path outputs
        self.path1 = conv(c1, 1)
        self.path2 = chain(conv(c2[0], 1), conv(c2[1], 3))
        self.path3 = chain(conv(c3[0], 1), conv(c3[1], 5))
        self.path4 = chain(nn.MaxPool2D(3, strides=1, padding=1), conv(c4, 1))

    def forward(self, X):
        paths = self.path1, self.path2, self.path3, self.path4
        return np.concatenate([path(X) for path in paths], axis=1)


# %% [markdown] slideshow={"slide_type": "skip"}
# `Sequential` can only build chains, so we write a class. `class Inception(nn.Block)` means that it is a block of
# Gluon, like `Dense`. `super().__init__()` prepares it, and must come before the first layer: only then does Gluon
# notice the attributes, and find their parameters. `forward` says what happens to the input; calling `first(X)` runs
# it. The arguments are the numbers of channels: `c1` and `c4` are single numbers, `c2` and `c3` pairs of reduction and
# output. `chain` is `Sequential` with its layers as arguments. The block of the picture is `Inception(64, (96, 128),
# (16, 32), 32)`.

# %% slideshow={"slide_type": "skip"}
input_shape = (1, 192, 28, 28)
first = Inception(64, (96, 128), (16, 32), 32)
first.initialize()
some_maps = np.random.uniform(size=input_shape)
output = first(some_maps)
print(output.shape, "channels 64 to 191 are path 2:", bool((output[:, 64:192] == first.path2(some_maps)).all()))

# %% [markdown] slideshow={"slide_type": "skip"}
# The output is the four results and nothing else: cut out the right channels, and you have a path in your hands. Now:
# what does the block cost?

# %% slideshow={"slide_type": "skip"}
layers = {  # channels in, channels out, kernel size
    "path 1: 1×1": (192, 64, 1),
    "path 2: 1×1": (192, 96, 1),
    "path 2: 3×3": (96, 128, 3),
    "path 3: 1×1": (192, 16, 1),
    "path 3: 5×5": (16, 32, 5),
    "path 4: 1×1": (192, 32, 1),
}
rows = [("layer", "computation", "weights")]
for name, (c_in, c_out, k) in layers.items():
    rows.append((name, f"{c_in} · {c_out} · {k * k}", f"{weights(c_in, c_out, k):,}"))
rows.append(("all", "", f"{sum(weights(*layer) for layer in layers.values()):,}"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two thirds of the weights are in the 3×3 kernels

# %% slideshow={"slide_type": "-"}
show_table(rows, "The block's six convolutions, without biases")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each weight works once at each of the 28 · 28 positions, so the multiply-adds are 784 times the weights. Now compare
# the block with the alternatives: single convolutions with just as many channels in and out, and the same four paths
# without the reductions before the 3×3 and the 5×5 kernels.


# %% slideshow={"slide_type": "skip"}
def without_reduction(c1, c2, c3, c4):
    block = Inception(c1, (1, c2), (1, c3), c4)  # the 1s don't matter: the next line replaces both paths
    block.path2, block.path3 = chain(conv(c2, 3)), chain(conv(c3, 5))
    return block


rivals = {"Inception block": first, "without reductions": without_reduction(64, 128, 32, 32)}
rivals |= {"one 3×3": conv(256, 3), "one 5×5": conv(256, 5)}
tables = {name: summarize(layer, input_shape) for name, layer in rivals.items()}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With 3×3 and 5×5 kernels in it, cheaper than a 3×3 layer

# %% slideshow={"slide_type": "-"}
work = {name: table.total_multiply_adds / 1e6 for name, table in tables.items()}
figures.costs(work, {name: table.total_parameters for name, table in tables.items()})

# %% [markdown] slideshow={"slide_type": "skip"}
# All four read 192 channels of 28×28 and output 256. The block contains 3×3 *and* 5×5 kernels, and is still cheaper
# than a layer that has only one of the two. Without reductions, four paths cost nearly as much as a single 3×3 layer.
# So dividing the channels among the paths makes the mixture affordable, and the reductions make it cheap.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before: the block contains a 3×3 and a 5×5. How can it be cheaper than either?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Is it worth it?
#
# At equal work, and by the clock: what do four paths gain?

# %% [markdown] slideshow={"slide_type": "skip"}
# "Cheaper" is not yet "better". A fair question is: *for the same work*, is a network of Inception blocks more accurate
# than one with a single kernel size? We build five networks that follow the same plan, for the images of Fashion-MNIST.
# A plain layer comes first, as in GoogLeNet: 16 channels of 5×5, with a stride of 2. Two *stages* follow, with 14×14
# and 7×7 positions and max pooling after each, and a dense layer comes last (which was better than a mean in notebook
# 14). The networks differ only in what a stage consists of. All five do the same work, 0.80 to 0.82 million
# multiply-adds, which is twice LeNet's.


# %% slideshow={"slide_type": "skip"}
def network(*stages, stem=16):
    net = chain(nn.Conv2D(stem, 5, strides=2, padding=2, activation="relu"))
    for stage in stages:
        net.add(stage, nn.MaxPool2D(2))
    net.add(nn.Dense(10))
    return net


def two(channels):
    return chain(conv(channels, 3), conv(channels, 3))


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five networks, the same budget

# %% slideshow={"slide_type": "-"}
plans = {  # what a stage is, and its arguments in the two stages
    "one 3×3": (conv, (17, 3), (34, 3)),
    "two 3×3": (two, (10,), (20,)),
    "one 5×5": (conv, (7, 5), (20, 5)),
    "no reductions": (without_reduction, (5, 10, 2, 3), (9, 18, 4, 5)),
    "Inception": (Inception, (8, (8, 16), (2, 4), 4), (16, (20, 32), (4, 8), 8)),
}


def build(name):
    stage, first_sizes, second_sizes = plans[name]
    return network(stage(*first_sizes), stage(*second_sizes))


# %% slideshow={"slide_type": "skip"}
rows = [("stages", "channels", "parameters", "multiply-adds")]
for name in plans:
    table = summarize(build(name), (1, 1, 28, 28), depth=1)
    channels = [row.output_shape[1] for row in table.rows if "Max" not in row.name]  # first layer, stages, dense layer
    counts = f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}"
    rows.append((name, f"{channels[1]} and {channels[2]}", *counts))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### For the same work, Inception gets the most channels

# %% slideshow={"slide_type": "-"}
show_table(rows, "Five networks for images of 28×28; channels: output of the two stages")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Before the next slide, collect bets: which of the five will be the most accurate?

# %% [markdown] slideshow={"slide_type": "skip"}
# "Two 3×3" are two layers in each stage, as in VGG. They have the same receptive field as a 5×5 layer, and as many
# layers one behind the other as an Inception block. For the same work, Inception outputs three times as many channels
# as these. That also gives it more parameters, most of them in the dense layer, which reads 3×3 positions of each
# channel (those that the second pooling leaves).
#
# **Guess first.** Which of the five will be the most accurate on the validation images, which the least, and how far
# apart will they be?
#
# Everything else is as in notebook 14: 8,000 training images, the last 2,000 of the training set as validation images,
# He initialization, and Adam with a learning rate that falls to zero along half a cosine. To save time, there are only
# four epochs, in batches of 128. (With half and with twice the rate below, Inception, "one 3×3", and the widest network
# further down were less accurate, with one seed. We didn't try other rates for the rest.) After each epoch, `train`
# calls `watch`, which lets us look into the network.

# %% slideshow={"slide_type": "skip"}
X, y = load_images(source="fashion_mnist")  # (10000, 1, 28, 28), (10000,)
validation_loader = ArrayLoader(X[8000:], y[8000:], batch_size=500)


def prepare(net, random_seed=0):
    """Give a network new weights."""
    seed(random_seed)
    net.initialize(init.Xavier("gaussian", "in", magnitude=2))
    net(X[:1])  # Gluon creates the weights now, because it knows the input's shape
    return net


def train(net, num_epochs=4, rate=0.008, size=8000, held_out=validation_loader, watch=None):
    """Train with Adam, and return the history of each epoch."""
    loader = ArrayLoader(X[:size], y[:size], batch_size=128, shuffle=True)
    schedule = CosineScheduler(max_update=num_epochs * len(loader), base_lr=rate, final_lr=0)
    trainer = gluon.Trainer(net.collect_params(), Adam(learning_rate=rate, lr_scheduler=schedule))
    epochs = []
    for _ in range(num_epochs):
        epochs.append(fit(net, loader, held_out, num_epochs=1, optimizer=trainer, plot=False))
        if watch is not None:
            watch(net)
    return epochs


# %% [markdown] slideshow={"slide_type": "skip"}
# Training every network with three seeds takes six minutes, so here are recorded results, also of three more networks
# that have one 3×3 layer in each stage, a little narrower or wider.

# %% slideshow={"slide_type": "skip"}
plans["narrower 3×3"] = conv, (16, 3), (32, 3)
plans |= {"wider 3×3": (conv, (26, 3), (48, 3)), "widest 3×3": (conv, (32, 3), (64, 3))}
recorded = {  # validation accuracies with the seeds 0, 1, and 2; mean of the seconds that training took on one core
    "one 3×3": (0.8525, 0.8550, 0.8510, 11.5),
    "two 3×3": (0.8410, 0.8395, 0.8420, 15.9),
    "one 5×5": (0.8435, 0.8365, 0.8330, 16.8),
    "no reductions": (0.8285, 0.8595, 0.8485, 32.2),
    "Inception": (0.8565, 0.8440, 0.8510, 17.0),
    "narrower 3×3": (0.8435, 0.8495, 0.8460, 3.6),
    "wider 3×3": (0.8535, 0.8575, 0.8580, 14.0),
    "widest 3×3": (0.8570, 0.8580, 0.8580, 6.0),
}
rows = [("stages", "million multiply-adds", "seconds", "seed 0", "seed 1", "seed 2", "mean")]
results = {}  # million multiply-adds, seconds, accuracies
for name, (*accuracies, seconds) in recorded.items():
    work = summarize(build(name), (1, 1, 28, 28)).total_multiply_adds / 1e6
    results[name] = work, seconds, accuracies
    values = (f"{value:.4f}" for value in (*accuracies, sum(accuracies) / 3))
    rows.append((name, f"{work:.2f}", f"{seconds:.0f}", *values))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### At equal work, Inception is as good as the best single size

# %% slideshow={"slide_type": "-"}
figures.verdict(results, equal=5)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare the upper five; then ask what changes if seconds count.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three seeds, four epochs each

# %% slideshow={"slide_type": "-"}
show_table(rows, "Validation accuracy: a recorded run of the code above, on one core")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each dot is one seed, and the line is their mean. First compare the five networks above the gray line, which do the
# same work. Inception is ahead of "one 5×5" and "two 3×3" with each seed, on average by about one *point* (a
# hundredth). It is not ahead of "one 3×3": each leads with one seed, and the third is a tie. So on these images the
# additional channels gain nothing over the best single size. But you have to know which size that is: 5×5 was more than
# a point worse. (In notebook 14, it was not behind, because it had as many channels. Here it pays for its size with
# channels.) A mixture is insurance against the wrong size, though not a free one: somebody had to choose the channels
# of four paths.
#
# Are the reductions needed? With them, the mean is half a point higher. But training is short, and the seeds of "no
# reductions" differ by three points. We can't tell.
#
# Now look at the seconds. By the clock, Inception loses. The widest 3×3 layers do more than twice the work in about a
# third of the time, and are 0.7 points more accurate on average. And why is "narrower 3×3", with 16 and 32 channels,
# three times as fast as "one 3×3" with 17 and 34? Let's watch two of these networks learn.

# %% [markdown] slideshow={"slide_type": "skip"}
# While Inception learns, we look at one more thing: does it really make use of its four paths? After each epoch, we
# take one path away from one block, and measure how many points of accuracy are lost on 1,000 validation images. To
# "take away" a path means to replace its output by its mean over these images. So the layers that follow get a typical
# answer of this path instead of the answer for this image. (Zeros would be an answer that they have never seen.)


# %% slideshow={"slide_type": "skip"}
def accuracy(net, images, labels):
    return float((net(images).argmax(axis=1) == labels).mean())


def points_lost(net):
    """Return how many points of accuracy are lost without each path, (blocks, 4)."""
    images, labels, layers = X[8000:9000], y[8000:9000], list(net)
    whole, table = accuracy(net, images, labels), []
    for number, layer in enumerate(layers):
        if isinstance(layer, Inception):
            Y = chain(*layers[: number + 1])(images)  # the output of this block
            rest = chain(*layers[number + 1 :])  # all that follows
            row = []
            for path, width in enumerate(layer.widths):
                start = sum(layer.widths[:path])  # the first channel of this path
                Z = Y.copy()
                mean = Y[:, start : start + width].mean(axis=0, keepdims=True)  # over the images
                Z[:, start : start + width] = mean
                row.append(100 * (whole - accuracy(rest, Z, labels)))
            table.append(row)
    return onp.array(table)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
inception, wide, lost = build("Inception"), build("widest 3×3"), []
runs = {"Inception": train(prepare(inception), watch=lambda net: lost.append(points_lost(net)))}
runs["widest 3×3"] = train(prepare(wide))
curves = {}
for name, epochs in runs.items():
    seconds = sum(sum(epoch.seconds) for epoch in epochs)
    curves[f"{name}: {seconds:.0f} s"] = [epoch.test_accuracy[0] for epoch in epochs]  # of validation images

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One run: twice the work, in less time

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.race(curves, examples=2000)

# %% [markdown] slideshow={"slide_type": "skip"}
# (The bars are the 95 % intervals of notebook 08, about ± 0.015.) With this seed, the two end equal: the 0.7 points are
# the mean of three.
#
# How can more work take less time? An Inception block is six convolutions, a pooling, and a concatenation, and each
# call has a cost of its own. A pooling with stride 1 takes time, too, although it counts no multiply-adds. Another
# reason is less obvious. To see it, let's measure a single layer.
#
# **Guess first.** A 5×5 layer with 4 output channels, and one with 16: which is faster, and by how much?


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def milliseconds(channels, k, repeats=15):
    """Measure how long a layer takes for 128 images with 16 channels: the fastest of several calls."""
    layer, some_maps, times = conv(channels, k), np.ones((128, 16, 14, 14)), []
    layer.initialize()
    for _ in range(repeats):
        start = perf_counter()
        layer(some_maps).wait_to_read()
        times.append(1000 * (perf_counter() - start))
    return min(times)


numbers = (4, 8, 16, 17, 32)
times = {f"{k}×{k}": [milliseconds(number, k) for number in numbers] for k in (3, 5)}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Sixteen channels can be faster than four

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.timings(numbers, times)

# %% [markdown] slideshow={"slide_type": "skip"}
# The layers read 16 channels of 14×14, for 128 images. On the machine of the stored run, 16 channels take less than
# half of the time of 4, and of 17. Its processor computes with 16 numbers at a time (AVX-512; notebook 01), and
# *oneDNN*, the library that MXNet calls, has fast convolutions for channels in groups of 8 or 16. It could fill up 4 or
# 17 channels with zeros, but MXNet doesn't give it the memory for that. So a slower, general method runs, which copies
# the windows into a matrix and multiplies. It runs in most of Inception's layers, and with the 17 and 34 channels of
# "one 3×3", but not with 16, 32, or 64. (Set `DNNL_VERBOSE=1` before you start Python, and oneDNN prints which method
# each layer takes. On another machine, your bars may look different.)
#
# So the verdict by the clock is about our small networks. "No reductions" is worst off, with paths of 5, 10, 2, and 3
# channels; GoogLeNet's numbers of channels are all multiples of 8.
#
# Multiply-adds count the work, and not how well a machine can do it. So comparing at equal work answers which idea is
# better, and only a clock can tell which network to use on *your* machine. (Notebook 18 returns to this.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what it means for choosing numbers of channels. Before the next slide, collect guesses: which
# of the four paths matters most?

# %% [markdown] slideshow={"slide_type": "skip"}
# Now let's look at the paths. In each block, half of the channels belong to the 3×3 path, and an eighth to the 5×5
# path.
#
# **Guess first.** Which path costs the most accuracy if you take it away? Is there one that costs nothing?


# %% slideshow={"slide_type": "skip"}
LOST = "Bars for four paths in two blocks: points of accuracy lost without each, after one, two, and four epochs."


def draw_lost(ax, epoch):
    figures.lost(ax, lost[epoch - 1])
    ax.set_ylim(min(-2, onp.min(lost) - 1), onp.max(lost) + 3)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The 3×3 paths matter most: they have half of the channels

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
epochs = range(1, 5)
explore(draw_lost, [1, 2, 4], values=epochs, play=True, label="epoch", height=4.6, alt=LOST)

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play. The picture shows one seed; here are three, at the end of training:

# %% slideshow={"slide_type": "skip"}
recorded_lost = {  # points lost in block 1 and in block 2, with the seeds 0, 1, and 2
    "1×1": ((3.0, 0.6, 1.1), (3.0, 0.0, 0.9)),
    "3×3": ((15.8, 5.9, 24.6), (12.7, 30.4, 19.5)),
    "5×5": ((6.0, 1.1, 0.2), (2.3, 0.2, 0.6)),
    "pool": ((2.7, 3.4, 0.9), (0.0, -0.4, 0.3)),
}
net, path_work = build("Inception"), onp.zeros((2, 4))
for number, (layer, shape) in enumerate({1: (1, 16, 14, 14), 3: (1, 32, 7, 7)}.items()):
    block = net[layer]
    for column, path in enumerate((block.path1, block.path2, block.path3, block.path4)):
        path_work[number, column] = summarize(path, shape).total_multiply_adds
shares = path_work.sum(axis=0) / path_work.sum()
rows = [("path", "channels", "share of the work", "points lost, block 1", "block 2")]
for column, (name, blocks) in enumerate(recorded_lost.items()):
    channels = " and ".join(str(net[layer].widths[column]) for layer in (1, 3))
    points = ("  ".join(f"{value:.1f}".replace("-", "−") for value in values) for values in blocks)
    rows.append((name, channels, f"{shares[column]:.0%}", *points))
show_table(rows, "What each path costs, and what is lost without it: three seeds (recorded)")

# %% [markdown] slideshow={"slide_type": "skip"}
# With each seed, the 3×3 path costs most in both blocks, 6 to 30 points. Every other path costs at most 6, mostly 3 or
# less. But the 3×3 paths get half of the channels and three quarters of the work, so this doesn't prove that 3×3 is the
# better size. The 5×5 path, which was to see the large things, has only an eighth of the channels. In block 1 with seed
# 0 it is worth more per channel than the 3×3 path (6.0 points for 4, compared with 15.8 for 16), but not in the other
# five cases.
#
# (What is lost without a path depends on the others, too. If two paths know the same, each can be spared, but not both.
# Notebook 17 takes whole blocks away.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Press play. Whose guess was right?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## GoogLeNet and its successors
#
# Nine blocks in a row, and what later versions made of them.

# %% [markdown] slideshow={"slide_type": "skip"}
# The network that won the ImageNet competition of 2014 is called *GoogLeNet*. (The capital L is a bow to LeNet.) For
# 6.7 % of the test images, the right answer was not among its first five guesses. For VGG, which came second, it was
# 7.3 %, and for AlexNet, two years before, 15.3 % (in all three cases, several networks voted). It has five stages.
# Each of the first four halves height and width, the first one twice. Two stages of ordinary convolutions come first,
# to save memory in training. Then there are two, five, and two Inception blocks, called 3a to 5b.

# %% slideshow={"slide_type": "skip"}
BLOCKS = {  # path 1, (reduction, path 2), (reduction, path 3), path 4
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}


def pool():
    return nn.MaxPool2D(3, strides=2, padding=1)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### GoogLeNet in Gluon


# %% slideshow={"slide_type": "-"}
def googlenet(num_classes=1000):
    def stage(number, last):
        blocks = [Inception(*BLOCKS[name]) for name in BLOCKS if name[0] == number]
        return chain(*blocks, last)

    first_layer = nn.Conv2D(64, 7, strides=2, padding=3, activation="relu")
    net = chain(chain(first_layer, pool()), chain(conv(64, 1), conv(192, 3), pool()))
    net.add(stage("3", pool()), stage("4", pool()), stage("5", nn.GlobalAvgPool2D()))
    net.add(nn.Dropout(0.4), nn.Dense(num_classes))
    return net


# %% [markdown] slideshow={"slide_type": "skip"}
# Read it stage by stage. Stage 1 resembles the beginning of AlexNet, stage 2 resembles path 2 of a block. Stages 3 and
# 4 end with a pooling layer. Stage 5 ends with NiN's idea, the mean of each map, and so there is only one small dense
# layer. (In notebook 14, a 1×1 convolution came first and then the mean. Both are linear, so their order makes no
# difference, as long as there is no ReLU or dropout between them.)
#
# **What differs from the network of 2014.** The original normalized neighboring channels in the first two stages, and
# in training it had two *auxiliary classifiers*: small networks on the blocks 4a and 4d, whose losses were added to
# bring gradients into the middle of the network. The paper of version 3 found that they don't speed up training at its
# beginning, that the lower one can be left out without any harm, and that at the end, they help a little, as a
# regularizer (notebook 08).

# %% slideshow={"slide_type": "skip"}
full_size = summarize(googlenet(), (1, 3, 224, 224), depth=1)
shapes = [row.output_shape[1:] for row in full_size.rows[:4]] + [full_size.rows[-1].output_shape[1:]]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Nine blocks in five stages: half the size, more channels

# %% slideshow={"slide_type": "-"}
figures.stages(shapes)

# %% [markdown] slideshow={"slide_type": "skip"}
# On the right is what each stage outputs for a photograph of 224×224 pixels.
#
# **Question.** How many layers with weights are one behind the other?
#
# <details><summary>Answer</summary>
#
# 22: three in the first two stages, two in each of the nine blocks, and the dense layer. VGG-19 has 19, and AlexNet has
# 8.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it like a text. Ask how many layers with weights are one behind the other.

# %% [markdown] slideshow={"slide_type": "skip"}
# How does the network compare with AlexNet (of 2012) and VGG-11, which you have counted in notebooks 13 and 14?

# %% slideshow={"slide_type": "skip"}
dense = full_size.rows[-1].parameters
counts = {  # parameters of the convolutions, of the dense layers; multiply-adds
    "AlexNet": (2_334_080, 58_631_144, 724_406_816),
    "VGG-11": (9_220_480, 123_642_856, 7_609_090_048),
    "GoogLeNet": (full_size.total_parameters - dense, dense, full_size.total_multiply_adds),
}
for name, (convolutions, dense, work) in counts.items():
    print(f"{name}: {convolutions / 1e6:.1f} million parameters in convolutions;", end=" ")
    print(f"{(convolutions + dense) / full_size.total_parameters:.1f} times GoogLeNet's parameters,", end=" ")
    print(f"{work / full_size.total_multiply_adds:.1f} times its multiply-adds")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A ninth of AlexNet's parameters, a fifth of VGG-11's work

# %% slideshow={"slide_type": "-"}
figures.sizes(counts)

# %% [markdown] slideshow={"slide_type": "skip"}
# The left picture shows a saving that is mostly NiN's: without large dense layers, most of the parameters are gone. The
# *convolutions* of GoogLeNet have more parameters than AlexNet's. The right picture shows two more savings. One is the
# reductions, which take the nine blocks from 3.9 to 1.1 billion multiply-adds. The other is early halving: VGG-11 does
# half of its work on maps of 56×56 and larger, where GoogLeNet has only its first layers. (The paper speaks of 12 times
# fewer parameters than AlexNet; the layers that it lists, and ours, have about a ninth.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which saving comes from the blocks, which from missing dense layers, and which from neither.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### What came after
#
# The same group published three more versions in two years, and a hybrid. What they changed became common property:
#
# | version | year | what is new |
# |---|---|---|
# | 2 | 2015 | batch normalization after each convolution (notebook 16): as accurate in a fourteenth of the steps |
# | 3 | 2015 | chains of small and flat kernels instead of large ones; labels that give each class some probability |
# | 4 | 2016 | deeper and more uniform |
# | Inception-ResNet | 2016 | a way around each block (notebook 17): learns faster, hardly more accurate |
#
# (Papers number the versions differently; version 2 is here the network of the paper on batch normalization.)
#
# Version 3 begins where notebook 14 has been: two 3×3 layers see as much as one of 5×5, for 18 weights instead of 25.
# Can we do the same to a 3×3 kernel? Not with smaller squares, but with *flat* kernels. A row of three and then a
# column of three together see 3×3 pixels, for six weights instead of nine.


# %% slideshow={"slide_type": "skip"}
def parameters(kernels):
    """Count the parameters of convolutions in a chain, 64 channels each."""
    chained = chain(*[nn.Conv2D(64, (h, w), padding=(h // 2, w // 2)) for h, w in kernels])
    return summarize(chained, (1, 64, 28, 28)).total_parameters


replacements = {
    "5×5 → 3×3, 3×3": ([(5, 5)], [(3, 3), (3, 3)]),
    "7×7 → 1×7, 7×1": ([(7, 7)], [(1, 7), (7, 1)]),
    "3×3 → 1×3, 3×1": ([(3, 3)], [(1, 3), (3, 1)]),
}
rows = [("replacement", "parameters before", "after", "saved")]
for name, kernels in replacements.items():
    old, new = map(parameters, kernels)
    rows.append((name, f"{old:,}", f"{new:,}", f"{1 - new / old:.0%}"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Version 3 makes large kernels from small and flat ones

# %% slideshow={"slide_type": "-"}
figures.versions()
show_table(rows, "64 channels in and out, with biases")

# %% [markdown] slideshow={"slide_type": "skip"}
# With 1×7 and 7×1, a kernel costs 14 weights instead of 49. The paper uses them in the middle of the network, and found
# that they don't work well in the first layers.
#
# **Question.** Is a row followed by a column just as able as a full kernel?
#
# <details><summary>Answer</summary>
#
# For a single channel, no. A column times a row is a matrix of rank 1 (notebook 02), such as the edge kernel that is
# the column (1, 2, 1) times the row (1, 0, −1). Most kernels have a higher rank.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Two 3×3 for a 5×5 is VGG's idea. Ask what is lost if a kernel must be a column times a row.

# %% [markdown] slideshow={"slide_type": "skip"}
# Finally, the scoreboard. The Inception network from above learns for one more epoch, now on all 10,000 training
# images, with a quarter of the learning rate. Then we measure its accuracy on the test images, once.


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
epochs = runs["Inception"] + train(inception, num_epochs=1, rate=0.002, size=10_000, held_out=None)
X_test, y_test = load_images(train=False, source="fashion_mnist")  # (2000, 1, 28, 28), (2000,)
result = {"accuracy": evaluate(inception, ArrayLoader(X_test, y_test, batch_size=500))[1], "examples": 2000}
result["seconds"] = sum(sum(epoch.seconds) for epoch in epochs)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Scoreboard: between LeNet and VGG in work

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
board.add("Inception", inception, (1, 1, 28, 28), data="Fashion-MNIST", **result)
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# The horizontal axis is the work for one image, and the vertical bars are 95 % intervals. Inception is behind LeNet
# here, which does half of its work, and even behind the MLP, which does a third. The intervals overlap widely, and it
# has been trained for only five epochs, so this decides little, but there is no sign of a gain. Inception was made for
# large color photographs of a thousand classes, where things really come in all sizes. Here, all garments are drawn to
# the same size.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
board

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The test images are used once, here. Ask what on these pictures comes in several sizes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **Which kernel size is best, and what if a network doesn't have to choose?** None is best for all patterns. A block
# with several sizes bets that things come in all sizes. Here, garments of one size gave no sign that the bet pays.
#
# - A large kernel can do all that a small one can, but costs more. So buy many small ones and a few large ones.
# - A 1×1 reduction from 192 to 16 channels saves 90 % of the work of a 5×5 layer. Channels have much in common: half as
#   many combinations keep 95 % of the variance, a twelfth about two thirds.
# - At equal work, Inception was as good as the best single size: insurance against choosing the wrong one. On our
#   machine's clock, wide 3×3 layers won.
# - GoogLeNet: nine blocks, a mean instead of large dense layers, 7 million parameters.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Return to the answers from the beginning. Ask for the purpose of each 1×1 in the block.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 15.1: predict the next block
#
# Block 3b gets 256 channels of 28×28. Its paths are: 1×1 to 128; 1×1 to 128, then 3×3 to 192; 1×1 to 32, then 5×5 to
# 96; pooling, then 1×1 to 64. What is the shape of the output, and which path (1 to 4) has the most weights?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, path)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Only the last layer of each path reaches the concatenation. A convolution has channels in × channels out × $k^2$
# weights. Compare the 3×3 with the 5×5, channels included.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (128 + 192 + 96 + 64, 28, 28, 2)
# ```
#
# The 3×3 kernels have 128 · 192 · 9 = 221,184 weights, and the 5×5 kernels only 32 · 96 · 25 = 76,800, because they
# read a narrower reduction.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 15.2: change path 3
#
# As in version 3, write path 3 without a 5×5: a 1×1 convolution to `reduced` channels, then **two** 3×3 convolutions to
# `channels` each. ReLU comes after every convolution; height and width stay the same.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def path3(reduced, channels):
    return ...  # an nn.Sequential of three layers


# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.2", path3)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `chain` and `conv` from above do nearly all of it.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def path3(reduced, channels):
#     path = nn.Sequential()
#     path.add(
#         nn.Conv2D(reduced, kernel_size=1, activation="relu"),
#         nn.Conv2D(channels, kernel_size=3, padding=1, activation="relu"),
#         nn.Conv2D(channels, kernel_size=3, padding=1, activation="relu"),
#     )
#     return path
# ```
#
# With the functions from above: `chain(conv(reduced, 1), conv(channels, 3), conv(channels, 3))`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 15.3: build the cost of a block
#
# Write a function that returns the parameters (**with** biases) and the multiply-adds of an Inception block, for `c_in`
# channels of `size`×`size`. As in this notebook, `c2` and `c3` are pairs: reduction, output.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block_cost(c_in, c1, c2, c3, c4, size):
    return ...  # parameters, multiply-adds


# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.3", block_cost)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# List the six convolutions as (channels in, channels out, kernel size). The number of weights is the product of the
# three, with the kernel size squared. There is one bias for each output channel, and each weight works once at each
# position.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def block_cost(c_in, c1, c2, c3, c4, size):
#     layers = [(c_in, c1, 1), (c_in, c2[0], 1), (c2[0], c2[1], 3)]
#     layers += [(c_in, c3[0], 1), (c3[0], c3[1], 5), (c_in, c4, 1)]
#     weights = sum(a * b * k * k for a, b, k in layers)
#     biases = sum(b for _, b, _ in layers)
#     return weights + biases, weights * size * size
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Mini-project: the same budget as LeNet
#
# The Inception network of this notebook does twice the work of LeNet. Make one that does no more than LeNet, **420,000
# multiply-adds**, and reaches a validation accuracy of **0.86** after at most eight epochs. Where will you save? When
# you have decided, ask the test images **once**.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = ...  # network(Inception(...), Inception(...), stem=...)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `summarize(my_net, (1, 1, 28, 28))` lists the work. The first layer works at 14×14 positions with 25 weights, so its
# 16 channels alone take a fifth of the budget. Most of the rest is in the 3×3 kernels: a path can also get a narrower
# reduction and a wider output. Compare several networks with the same number of epochs. Remember that 2,000 images
# leave an uncertainty of ± 0.015, and that the best of many is partly the luckiest (notebook 08).
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# my_net = network(Inception(6, (5, 10), (2, 4), 4), Inception(14, (12, 26), (3, 6), 6), stem=10)
# print(f"{summarize(my_net, (1, 1, 28, 28)).total_multiply_adds:,} multiply-adds")
# my_epochs = train(prepare(my_net), num_epochs=8)
# print(f"validation accuracy {my_epochs[-1].test_accuracy[0]:.3f}")
# X_test, y_test = load_images(train=False, source="fashion_mnist")
# print(f"test accuracy {accuracy(my_net, X_test, y_test):.3f}")  # once, at the end
# ```
#
# It does 415,202 multiply-adds. It keeps all four paths, with fewer channels everywhere. Its validation accuracy was
# 0.865, 0.866, and 0.870 with three seeds. That is more than the networks above have reached with twice the work,
# probably because it has been trained for twice as many epochs.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Szegedy and others, [Going deeper with convolutions](https://arxiv.org/abs/1409.4842), 2014: the block and GoogLeNet
# - Lin, Chen, and Yan, [Network in network](https://arxiv.org/abs/1312.4400), 2013: 1×1 convolutions, and the mean of
#   each map instead of dense layers
# - Ioffe and Szegedy, [Batch normalization: accelerating deep network training by reducing internal covariate
#   shift](https://arxiv.org/abs/1502.03167), 2015: version 2
# - Szegedy, Vanhoucke, Ioffe, Shlens, and Wojna, [Rethinking the Inception architecture for computer
#   vision](https://arxiv.org/abs/1512.00567), 2015: version 3, and what the authors think makes a network efficient.
#   Their third principle is the reduction.
# - Szegedy, Ioffe, Vanhoucke, and Alemi, [Inception-v4, Inception-ResNet and the impact of residual connections on
#   learning](https://arxiv.org/abs/1602.07261), 2016
# - *Dive into Deep Learning*, [Multi-branch networks
#   (GoogLeNet)](https://d2l.ai/chapter_convolutional-modern/googlenet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **16 · Batch normalization**, what version 2 put after every convolution.
