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
# of the kernel. LeNet has 5×5, AlexNet 11×11 at its beginning, VGG 3×3 everywhere, and NiN adds many of 1×1. In the
# experiments of notebook 14, small kernels were no better than large ones. The network that won the ImageNet
# competition of 2014, ahead of VGG, does not choose at all. At each step, its chain splits into four *paths* with
# kernels of different sizes, and puts their results next to each other.
#
# This part of the course asks what a network has to know about pictures before it sees any. The answer of this notebook
# is: that things come in all sizes. An eye can fill three pixels or thirty, and both can happen in the same photograph.
# A block that looks at several sizes at once has this knowledge built in. You'll see how it can be cheap enough, and
# then find out, on images that the networks have not seen, whether it is worth its price.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which kernel size the class would take, and why. Write the answers down for the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Compute** what kernels of different sizes cost, and why 1×1 convolutions save most of it.
# - **Build** an Inception block: four paths, joined along the channels.
# - **Test**, at equal work and by the clock, whether four paths beat one kernel size.
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
# Four networks, four answers. Each square on the left is what one kernel sees at one position, and on the right you see
# it enlarged: a color, then a change from dark to bright, and only the largest window contains an eye. (The photograph
# has 96×96 pixels. The sizes are those that each network is known for: AlexNet's is that of its first layer, NiN's that
# of its additional layers.)
#
# **Question.** Which of the four would you take to find eyes?
#
# <details><summary>Answer</summary>
#
# In this photograph, the one of 11×11. But in a picture of a crowd an eye is a single spot, and in a portrait that
# fills a screen it is larger than all four windows. The right size depends on the picture, and even on the position
# within it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which window the class would take to find an eye. The right size depends on the picture.

# %% [markdown] slideshow={"slide_type": "skip"}
# You may object that there is no need for small kernels at all. Whatever a 3×3 kernel computes, a 5×5 kernel can
# compute as well: it only has to set its outer weights to zero. Let's check this on the photograph, with a kernel that
# finds vertical edges.


# %% slideshow={"slide_type": "skip"}
def convolve(X, K):
    """Convolve one channel (h, w) with one kernel of odd size; zeros around X keep its height and width."""
    X, weight, pad = X.reshape(1, 1, *X.shape), K.reshape(1, 1, *K.shape), tuple(side // 2 for side in K.shape)
    return npx.convolution(X, weight, kernel=K.shape, pad=pad, num_filter=1, no_bias=True)[0, 0]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A 5×5 kernel can do what a 3×3 kernel does

# %% slideshow={"slide_type": "-"}
small = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
large = np.pad(small, 1)  # a border of zeros
gray = load_photo(96, gray=True)[0]  # (96, 96)
difference = abs(convolve(gray, small) - convolve(gray, large)).max()
print(f"largest difference: {float(difference):.3f}")
figures.padded(small, large)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* So why not only large kernels? Wait for somebody to say: because of what they cost.

# %% [markdown] slideshow={"slide_type": "skip"}
# So a large kernel is never less *able*. It is more *expensive*: a kernel of size $k$ has $k^2$ weights for each pair
# of an input and an output channel, and each weight costs one multiply-add at each position. What can you buy for a
# given amount of work?


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
# patterns, and those among them that would fit into 3×3 pixels waste most of their weights. With kernels of 3×3 it buys
# 57, but none of them can be larger than that. So this is a question of how to *spend* a budget, and it has an obvious
# answer: some of each. Many patterns are small, so buy many small kernels; some are large, so buy a few large ones. A
# chain of layers can't do that, because all of the kernels in a layer have the same size.

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
# internet joke that the paper cites: "we need to go deeper".) Training decides what each path is used for. Later in
# this notebook, we'll ask a trained network which of its paths it relies on.
#
# How do four results become one again? They are *concatenated* along the channels: the channels of the first path, then
# those of the second, and so on. No number is changed, and no weight is needed. (Adding them up would be possible, too;
# notebook 17 is about sums.)
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
# Along axis 0 or axis 2, MXNet would refuse to join these two, because their numbers of channels are different.
#
# A kernel of odd size $k$ keeps height and width if there are $\lfloor k/2 \rfloor$ rows of zeros on each side (Gluon's
# `padding`; the $p$ of notebook 10 counts both sides). The pooling in the fourth path has a stride of 1. So it does not
# make anything smaller, unlike the pooling layers so far.


# %% slideshow={"slide_type": "skip"}
def conv(channels, k):
    return nn.Conv2D(channels, k, padding=k // 2, activation="relu")


input_shape = (1, 192, 28, 28)
rows = [("path", "output for an input of 192×28×28")]
for layer in (conv(64, 1), conv(128, 3), conv(32, 5), nn.MaxPool2D(3, strides=1, padding=1)):
    row = summarize(layer, input_shape).rows[0]
    rows.append((row.name, "×".join(str(side) for side in row.output_shape[1:])))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With padding and stride 1, every path keeps height and width

# %% slideshow={"slide_type": "-"}
show_table(rows, "Four paths, as built in Gluon")

# %% [markdown] slideshow={"slide_type": "skip"}
# Two things in this plan are too expensive. Pooling can't reduce the number of channels, so the fourth path alone
# outputs all 192. Together with the other three that makes 416, and every block would output more channels than it
# got. And the large kernels read all of the 192 channels: the 5×5 path needs 153,600 weights for its 32 channels. Both
# problems have the same solution, which you know from notebook 10.

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
# position (notebook 10). With fewer outputs than inputs it becomes a *reduction*: it puts the 192 channels into, say,
# 16, and the expensive 5×5 kernels read only these. The height of the bars is the number of channels; below are the
# weights between them. Through 16 channels there are 15,872 weights instead of 153,600, and because each weight is used
# once at each position, the multiply-adds shrink to the same 10 %. (The narrow place is often called a *bottleneck*.)
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
# How much is lost? If the 192 channels were independent of each other, 16 numbers could not replace them. But channels
# of a trained network have much in common: several respond to the same edge, or to the same texture. We can measure it.
# The pretrained network of notebook 00 has a layer of 240 channels, with 14×14 positions for each photograph. (It
# belongs to the fourth stage of EfficientNet-Lite0, and its authors, too, put a 1×1 reduction after it: to 80
# channels.) We collect the 240 numbers at each position of seven photographs, and ask how much of their variance the
# best combinations of channels carry. The eigenvalues of the covariance matrix tell us: the largest one is the variance
# of the best combination, the second one that of the best combination that is uncorrelated with the first, and so on.
# (This is known as *principal component analysis*.)
#
# **Guess first.** How many combinations of the 240 channels do you need to keep 90 % of the variance?

# %% slideshow={"slide_type": "skip"}
pretrained = load_pretrained()
photos = np.stack([photo.image for photo in load_photos(224)])  # (7, 3, 224, 224)
before = pretrained.features[:9](photos)
maps = pretrained.features[9].body[:6](before).asnumpy()  # (7, 240, 14, 14), just before the reduction
covariance = onp.cov(maps.transpose(1, 0, 2, 3).reshape(240, -1))  # (240, 240)
variances = onp.linalg.eigvalsh(covariance)[::-1]  # the largest first
combined = onp.cumsum(variances) / variances.sum()
single = onp.cumsum(onp.sort(covariance.diagonal())[::-1]) / variances.sum()
enough = [int((shares < 0.9).sum()) + 1 for shares in (combined, single)]
print(f"for 90 % of the variance: {enough[0] / 240:.0%} as many combinations, or {enough[1] / 240:.0%} of the channels")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Channels repeat each other, so a reduction can keep most

# %% slideshow={"slide_type": "-"}
figures.variance(combined, single, marks=[20, 120])

# %% [markdown] slideshow={"slide_type": "skip"}
# A third as many combinations as there are channels keep 90 % of the variance, and half as many keep 95 %. The best
# half of the channels themselves keeps only 65 %. So what keeps the information is the *combining*, not just a choice
# of good channels. (A 1×1 convolution learns its combinations for its task, so it may find better ones than those of
# largest variance, and its ReLU keeps only one side of each.) But a reduction to a twelfth, as from 192 to 16, is
# another matter: 20 combinations keep 65 %. So what the 5×5 kernels read is a summary.
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
# pooling. The paper gives no formula for these numbers, and nearly every one of its nine blocks has others.
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
# It is a class, because `Sequential` can only build chains. `__init__` names the layers, and Gluon finds their
# parameters by itself, because they are attributes. `forward` says how the data run. The arguments are the numbers of
# channels: `c1` and `c4` are single numbers, `c2` and `c3` pairs of reduction and output. `chain` is `Sequential` with
# its layers as arguments. The block of the picture is `Inception(64, (96, 128), (16, 32), 32)`.

# %% slideshow={"slide_type": "skip"}
first = Inception(64, (96, 128), (16, 32), 32)
first.initialize()
some_maps = np.random.uniform(size=input_shape)
output = first(some_maps)
print(output.shape, "channels 64 to 191 are path 2:", bool((output[:, 64:192] == first.path2(some_maps)).all()))

# %% [markdown] slideshow={"slide_type": "skip"}
# The output is the four results and nothing else: cut out the right channels, and you have a path in your hands. We'll
# use that below.
#
# What does the block cost? Let's add up its six convolutions by hand, and compare with `summarize`.

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
by_hand = sum(weights(*layer) for layer in layers.values())
biases = sum(c_out for _, c_out, _ in layers.values())
table = summarize(first, input_shape)
rows.append(("all", "", f"{by_hand:,}"))
print(f"with biases   {by_hand + biases:11,}, by summarize {table.total_parameters:11,}")
print(f"multiply-adds {by_hand * 28**2:11,}, by summarize {table.total_multiply_adds:11,}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two thirds of the weights are in the 3×3 kernels

# %% slideshow={"slide_type": "-"}
show_table(rows, "The block's six convolutions, without biases")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each weight works once at each of the 28 · 28 positions, so the multiply-adds are 784 times the weights. There is one
# bias for each output channel of a convolution, including those of the reductions.
#
# Now compare the block with the alternatives: with single convolutions that have just as many channels in and out, and
# with the same four paths without the reductions before the 3×3 and the 5×5 kernels.


# %% slideshow={"slide_type": "skip"}
def without_reduction(c1, c2, c3, c4):
    block = Inception(c1, (1, c2), (1, c3), c4)
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
# than a layer that has only one of the two. The second bar says where this comes from. Without reductions, four paths
# cost nearly as much as a single 3×3 layer. So dividing the channels among the paths makes the mixture affordable, and
# the reductions make it cheap.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before: the block contains a 3×3 and a 5×5. How can it be cheaper than either?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Does it pay?
#
# At equal work, and by the clock: what do four paths win?

# %% [markdown] slideshow={"slide_type": "skip"}
# "Cheaper" is not yet "better". A fair question is: *for the same work*, is a network of Inception blocks more accurate
# than one with a single kernel size? We build five networks that follow the same plan, for the images of Fashion-MNIST.
# A plain layer comes first, as in GoogLeNet: 16 channels of 5×5, with a stride of 2. Two *stages* follow, with 14×14
# and 7×7 positions and max pooling after each, and a dense layer comes last. (Notebook 14 has shown that on these
# images, where everything is in the middle, a dense layer is better than a mean.) The networks differ only in what a
# stage consists of. The numbers of channels have been chosen so that all five do the same work, 0.80 to 0.82 million
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
# ### For the same work, Inception affords the most channels

# %% slideshow={"slide_type": "-"}
show_table(rows, "Five networks for images of 28×28; channels: output of the two stages")

# %% [markdown] slideshow={"slide_type": "skip"}
# "Two 3×3" are two layers in each stage, as in VGG. They have the same receptive field as a 5×5 layer, and the same
# number of layers one behind the other as an Inception block. For the same work, Inception outputs three times as many
# channels as these. That also gives it more parameters: most of the difference is in the dense layer, which reads nine
# positions of each channel.
#
# **Guess first.** Which of the five will be the most accurate on the validation images, which the least, and how far
# apart will they be?
#
# Everything else is as in notebook 14: 8,000 training images, the last 2,000 of the training set as validation images,
# He initialization, and Adam with a learning rate that falls to zero along half a cosine. To save time, there are only
# four epochs, in batches of 128. The function below also calls `watch` after each epoch, which will let us look into
# the network while it learns.

# %% slideshow={"slide_type": "skip"}
X, y = load_images(source="fashion_mnist")  # (10000, 1, 28, 28), (10000,)
validation_loader = ArrayLoader(X[8000:], y[8000:], batch_size=500)


def train(net, num_epochs=4, random_seed=0, size=8000, rate=0.008, watch=lambda net: None, new=True):
    """Train with Adam, and return the history of each epoch."""
    held_out = validation_loader if size <= 8000 else None  # otherwise, the network has seen these images
    loader = ArrayLoader(X[:size], y[:size], batch_size=128, shuffle=True)
    seed(random_seed)
    if new:
        net.initialize(init.Xavier("gaussian", "in", magnitude=2))
    net(X[:1])  # creates new weights, which the trainer needs
    steps = num_epochs * len(loader)
    schedule = CosineScheduler(max_update=steps, base_lr=rate, final_lr=0)
    trainer = gluon.Trainer(net.collect_params(), Adam(learning_rate=rate, lr_scheduler=schedule))
    epochs = []
    for _ in range(num_epochs):
        epochs.append(fit(net, loader, held_out, num_epochs=1, optimizer=trainer, plot=False))
        watch(net)
    return epochs


# %% [markdown] slideshow={"slide_type": "skip"}
# Seven training runs with three seeds each take six minutes, so we show their recorded results: those of the five
# networks of equal work, and of two more that have wider 3×3 layers and do more work.

# %% slideshow={"slide_type": "skip"}
plans |= {"wider 3×3": (conv, (26, 3), (48, 3)), "widest 3×3": (conv, (32, 3), (64, 3))}
recorded = {  # validation accuracies with the seeds 0, 1, and 2; mean of the seconds that training took on one core
    "one 3×3": (0.8525, 0.8550, 0.8510, 11.5),
    "two 3×3": (0.8410, 0.8395, 0.8420, 15.9),
    "one 5×5": (0.8435, 0.8365, 0.8330, 16.8),
    "no reductions": (0.8285, 0.8595, 0.8485, 32.2),
    "Inception": (0.8565, 0.8440, 0.8510, 17.0),
    "wider 3×3": (0.8535, 0.8575, 0.8580, 14.0),
    "widest 3×3": (0.8570, 0.8580, 0.8580, 6.0),
}
rows = [("stages", "million multiply-adds", "seconds", "seed 0", "seed 1", "seed 2", "mean")]
results = {}  # million multiply-adds, seconds, accuracies
for name, (*accuracies, seconds) in recorded.items():
    work = summarize(build(name), (1, 1, 28, 28)).total_multiply_adds / 1e6
    results[name] = work, seconds, accuracies
    values = (f"{value:.3f}" for value in (*accuracies, sum(accuracies) / 3))
    rows.append((name, f"{work:.2f}", f"{seconds:.0f}", *values))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### At equal work, Inception is as good as the best single size

# %% slideshow={"slide_type": "-"}
figures.verdict(results)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect bets first. Compare the upper five; then ask what changes if seconds count.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three seeds, four epochs each

# %% slideshow={"slide_type": "-"}
show_table(rows, "Validation accuracy: a recorded run of the code above, on one core")

# %% [markdown] slideshow={"slide_type": "skip"}
# In the picture, each dot is one seed, and the line is the mean. First compare the upper five networks, which do the
# same work. Inception is ahead of "one 5×5" and "two 3×3" with each seed, on average by about one point (a hundredth).
# It is not ahead of "one 3×3": their means differ by a quarter of a point, and the order changes with the seed. So on
# these images the additional channels win nothing over the best single size. But somebody first has to find out which
# size that is, and a wrong choice costs a point. A mixture makes the choice unnecessary.
#
# Are the reductions needed? With them, the mean is half a point higher than without, but the seeds of "no
# reductions" differ by three points. We can't tell.
#
# **Question.** Why is a comparison at equal work fairer than one with the same number of channels?
#
# <details><summary>Answer</summary>
#
# With the same number of channels, they would differ in their work, by a factor of up to seven in the bars above, and
# you would also measure whether more work helps.
#
# </details>
#
# (All use the same learning rate. With half and with twice that rate, Inception and two of its rivals were less
# accurate, with one seed.)
#
# Now look at the seconds. By the clock, Inception loses. The widest 3×3 layers do more than twice the work in about a
# third of the time, and are 0.7 points more accurate on average. Let's try that with one seed.

# %% [markdown] slideshow={"slide_type": "skip"}
# While Inception learns, we look at one more thing: whether it really makes use of its four paths. So after each epoch,
# we take one path away from one block, and measure how many points of accuracy are lost on 1,000 validation images. To
# "take away" a path means to replace its output by the mean of its output over all of these
# images. So the layers that follow get a typical answer of this path instead of the answer for this image.


# %% slideshow={"slide_type": "skip"}
def accuracy(net, images, labels):
    return float((net(images).argmax(axis=1) == labels).mean())


def points_lost(net):
    """Return how many points of accuracy are lost without each path, (blocks, 4)."""
    images, labels, layers, table = X[8000:9000], y[8000:9000], list(net), []
    whole = accuracy(net, images, labels)
    for number, layer in enumerate(layers):
        if isinstance(layer, Inception):
            Y, rest = chain(*layers[: number + 1])(images), chain(*layers[number + 1 :])
            table.append([])
            for path, width in enumerate(layer.widths):
                start, Z = sum(layer.widths[:path]), Y.copy()
                Z[:, start : start + width] = Z[:, start : start + width].mean(axis=0, keepdims=True)
                table[-1].append(100 * (whole - accuracy(rest, Z, labels)))
    return onp.array(table)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
nets, lost = {name: build(name) for name in ("Inception", "widest 3×3")}, []
runs = {"Inception": train(nets["Inception"], watch=lambda net: lost.append(points_lost(net)))}
runs["widest 3×3"] = train(nets["widest 3×3"])
curves = {}
for name, epochs in runs.items():
    seconds = sum(sum(epoch.seconds) for epoch in epochs)
    curves[f"{name}: {seconds:.0f} s"] = [epoch.test_accuracy[0] for epoch in epochs]

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One run: twice the work, in less time

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.race(curves, examples=2000)

# %% [markdown] slideshow={"slide_type": "skip"}
# (The bars are the 95 % intervals of notebook 08 for 2,000 images, about ± 0.015.)
#
# How can more work take less time? A block is seven small layers and a concatenation, and each call has a fixed cost.
# But something else matters more. To see it, we measure how long a single layer takes.
#
# **Guess first.** A 5×5 layer with 4 output channels, and one with 16: which is faster, and by how much?


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def milliseconds(channels, k, repeats=9):
    """Measure how long a layer takes for 128 images with 16 channels: the median of several calls."""
    layer, some_maps, times = conv(channels, k), np.ones((128, 16, 14, 14)), []
    layer.initialize()
    for _ in range(repeats):
        layer(some_maps).wait_to_read()
        times.append(perf_counter())
    return 1000 * float(onp.median(onp.diff(times)))


channels = (4, 8, 16, 17, 32)
rows = [("output channels", *map(str, channels))]
for k in (3, 5):
    rows.append((f"{k}×{k}, milliseconds", *(f"{milliseconds(number, k):.1f}" for number in channels)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Sixteen channels can be faster than four

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(rows, "One layer, 16 channels of 14×14 in, 128 images")

# %% [markdown] slideshow={"slide_type": "skip"}
# On the machine of the stored run, 16 channels take a fraction of the time of 4, and of 17. Its processor computes with
# 16 numbers at a time (AVX-512; notebook 01), and MXNet's convolutions are fast if the channels fill these registers.
# Inception's many small layers do not, and neither do the 17 and 34 channels of "one 3×3". The widest network has 32
# and 64. (On another machine, your table may look different.)
#
# Multiply-adds count the work that has to be done, and not how well a machine can do it. So comparing at equal work
# answers the question which idea is better, and only a clock can tell which network you should use on *your* machine.
# Notebook 18 returns to this.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class guess before you show the table. Ask what it means for choosing numbers of channels.

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
# ### The network relies on its 3×3 paths, and hardly on the others

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
epochs = range(1, 5)
explore(draw_lost, [1, 2, 4], values=epochs, play=True, label="epoch", height=4.6, alt=LOST)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("path", "channels", "share of the work", "points lost, block 1", "block 2")]
parts = {}
for number, block in enumerate((nets["Inception"][1], nets["Inception"][3])):
    shape = (1, 16, 14, 14) if number == 0 else (1, 32, 7, 7)
    paths = block.path1, block.path2, block.path3, block.path4
    parts[number] = [summarize(path, shape).total_multiply_adds for path in paths]
for path, name in enumerate(figures.PATHS):
    share = sum(parts[number][path] for number in parts) / sum(map(sum, parts.values()))
    channels = " and ".join(str(nets["Inception"][layer].widths[path]) for layer in (1, 3))
    rows.append((name, channels, f"{share:.0%}", *(f"{lost[-1][number, path]:.1f}" for number in parts)))
show_table(rows, "What each path costs, and what is lost without it")

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play to see how the network comes to rely on its paths. With each of three seeds, the 3×3
# path is the one that costs most in both blocks: 6 to 25 points in the first and 13 to 30 in the second. Every other
# path costs at most 6, mostly less than 3. It also gets most of the channels and of the work, so this is no proof that
# 3×3 is the better size. But the 5×5 path, which was to see the large things, is worth little: with two of the seeds,
# taking it away cost hardly more than a point. This agrees with the race, where a plain network of 3×3 layers was just
# as accurate.
#
# (What is lost without a path depends on the others, too. If two paths know the same, each can be spared, but not both.
# And 1,000 images leave an uncertainty of a point or so. Notebook 17 takes whole blocks away.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses for the order of the four paths. Then press play.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## GoogLeNet and its successors
#
# Nine blocks in a row, and what later versions made of them.

# %% [markdown] slideshow={"slide_type": "skip"}
# The network that won the ImageNet competition of 2014 is called *GoogLeNet*. (The capital L is a bow to LeNet.) For
# 6.7 % of the test images, the right answer was not among its first five guesses. For VGG, which came second, it was
# 7.3 %, and for AlexNet, two years before, 15.3 % (in all three cases, several networks voted). GoogLeNet has five
# stages. Each of the first four halves height and width, the first one twice. Two stages of ordinary convolutions come
# first, which the paper explains with the memory that training needs. Then there are two, five, and two Inception
# blocks, called 3a to 5b.

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
# layer. (In notebook 14, a 1×1 convolution came first and then the mean. Both only add up and multiply by constants, so
# their order makes no difference, apart from the dropout in between.)
#
# **What differs from the network of 2014.** The original normalized neighboring channels in the first two stages, and
# it had two *auxiliary classifiers*: small networks on the blocks 4a and 4d. Their losses were added in training, to
# bring gradients into the middle of the network, and they were removed afterwards. A later paper found that they
# don't speed up training at its beginning, and that the lower one can be left out without any harm.

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

# %% slideshow={"slide_type": "skip"}
lines = ["1: 7×7", "2: 1×1, 3×3", "3: 3a, 3b", "4: 4a to 4e", "5: 5a, 5b, mean"]
rows = [("stage", "output", "parameters", "multiply-adds")]
for name, row in zip([*lines, "dropout", "dense"], full_size.rows, strict=True):
    if row.name != "Dropout 0.4":
        shape = "×".join(str(side) for side in row.output_shape[1:])
        rows.append((name, shape, f"{row.parameters:,}", f"{row.multiply_adds:,}"))
rows.append(("all", "", f"{full_size.total_parameters:,}", f"{full_size.total_multiply_adds:,}"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Stage 3 has a fifth of stage 4's weights, not of its work

# %% slideshow={"slide_type": "-"}
show_table(rows, "GoogLeNet for photographs of 224×224 and 1,000 classes")

# %% [markdown] slideshow={"slide_type": "skip"}
# Stage 3 has two blocks and stage 4 has five, with more channels. But the maps of stage 3 have four times as many
# positions, and each weight is used at all of them.
#
# How does the network compare with AlexNet and VGG-11, which you have counted in notebooks 13 and 14? (We take the
# AlexNet of 2012. In three of its layers, a kernel reads only half of the channels, because the network was cut in two
# halves for two GPUs.)

# %% slideshow={"slide_type": "skip"}
# Channels that a kernel reads, channels out, kernel size, side of the output; dense layers have size and side 1.
ALEXNET = [(3, 96, 11, 55), (48, 256, 5, 27), (256, 384, 3, 13), (192, 384, 3, 13), (192, 256, 3, 13)]
ALEXNET += [(256 * 6 * 6, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]
VGG11 = [(3, 64, 3, 224), (64, 128, 3, 112), (128, 256, 3, 56), (256, 256, 3, 56)]
VGG11 += [(256, 512, 3, 28), (512, 512, 3, 28), (512, 512, 3, 14), (512, 512, 3, 14)]
VGG11 += [(512 * 7 * 7, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]


def count(layers):
    """Return the parameters of convolutions, those of dense layers, and the multiply-adds of a chain of layers."""
    parameters = [c_out * (c_in * k * k + 1) for c_in, c_out, k, _ in layers]
    dense = sum(number for number, layer in zip(parameters, layers, strict=True) if layer[3] == 1)
    work = sum(weights(c_in, c_out, k) * side**2 for c_in, c_out, k, side in layers)
    return sum(parameters) - dense, dense, work


# %% slideshow={"slide_type": "skip"}
dense = full_size.rows[-1].parameters
counts = {"AlexNet": count(ALEXNET), "VGG-11": count(VGG11)}
counts["GoogLeNet"] = full_size.total_parameters - dense, dense, full_size.total_multiply_adds
for name in ("AlexNet", "VGG-11"):
    fewer = sum(counts[name][:2]) / full_size.total_parameters
    print(f"{name}: {fewer:.1f} times GoogLeNet's parameters,", end=" ")
    print(f"{counts[name][2] / full_size.total_multiply_adds:.1f} times its multiply-adds")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A ninth of AlexNet's parameters, a fifth of VGG-11's work

# %% slideshow={"slide_type": "-"}
figures.sizes(counts)

# %% [markdown] slideshow={"slide_type": "skip"}
# Two savings are at work. The left picture shows mostly NiN's: without large dense layers, most of the parameters are
# gone. The *convolutions* of GoogLeNet have more parameters than AlexNet's, 6.0 million compared with 2.3. The right
# picture shows that of the reductions: 22 layers with up to 1,024 channels do a fifth of the work of VGG-11, which has
# half as many layers with at most 512. (The paper speaks of 12 times fewer parameters than AlexNet. The table of layers
# in the same paper adds up to 6.8 million, which is a ninth of AlexNet's 61 million.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which of the two savings comes from the blocks, and which from the missing dense layers?

# %% [markdown] slideshow={"slide_type": "skip"}
# ### What came after
#
# The same group published three more versions in two years. What they changed became common property:
#
# | version | year | what is new |
# |---|---|---|
# | 2 | 2015 | batch normalization after each convolution (notebook 16): as accurate in a fourteenth of the steps |
# | 3 | 2015 | large kernels replaced by chains of small and of flat ones; labels that are not quite certain |
# | 4 | 2016 | deeper, and with fewer kinds of blocks |
# | Inception-ResNet | 2016 | a way around each block (notebook 17): learns faster, hardly more accurate |
#
# (Papers number the versions differently. What is called version 2 here is the network of the paper on batch
# normalization.)
#
# The idea of version 3 begins where notebook 14 has been. Two 3×3 layers see as much as one of 5×5, for 18 weights
# instead of 25. Can we do the same to a 3×3 kernel? Not with smaller squares, but with *flat* kernels. A row of three
# and then a column of three together see 3×3 pixels, for six weights instead of nine.


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
# With 1×7 and 7×1, a kernel costs 14 weights instead of 49. The paper uses them in the middle of the network, on maps
# of 12×12 to 20×20 positions, and found that they don't work well in the first layers.
#
# **Question.** Is a row followed by a column just as able as a full kernel?
#
# <details><summary>Answer</summary>
#
# For a single channel, no. A column times a row is a matrix of rank 1 (notebook 02), and most kernels are not. The next
# cell shows one that is.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Two 3×3 for a 5×5 is VGG's idea. Ask what is lost if a kernel must be a column times a row.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A column and a row do the work of a kernel of rank 1

# %% slideshow={"slide_type": "-"}
column, row = np.array([[1], [2], [1]]), np.array([[1, 0, -1]])  # (3, 1), (1, 3)
kernel = np.dot(column, row)  # (3, 3)
spot = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
in_two_steps = convolve(convolve(gray, column), row)
print("equal:", bool(abs(convolve(gray, kernel) - in_two_steps).max() < 1e-5))
print("ranks:", *(int(onp.linalg.matrix_rank(K.asnumpy())) for K in (kernel, spot)))
figures.product(column, row, kernel, gray, in_two_steps)

# %% [markdown] slideshow={"slide_type": "skip"}
# The kernel finds vertical edges: the column smooths along the edge, and the row takes the difference across it. The
# second kernel, `spot`, compares a pixel with its four neighbors. It has rank 2, so no single column and row make it.
# With many channels in between, sums of such products can make any kernel, and with a ReLU in between they can do other
# things as well. Training finds out what is worth its weights.
#
# Finally, the scoreboard. The Inception network from above learns for one more epoch, now on all 10,000 training
# images, with a quarter of the learning rate. Then we measure its accuracy on the test images, once.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
final = nets["Inception"]
epochs = runs["Inception"] + train(final, num_epochs=1, size=10_000, rate=0.002, new=False)
X_test, y_test = load_images(train=False, source="fashion_mnist")  # (2000, 1, 28, 28), (2000,)
result = {"accuracy": evaluate(final, ArrayLoader(X_test, y_test, batch_size=500))[1], "examples": 2000}
result["seconds"] = sum(sum(epoch.seconds) for epoch in epochs)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Scoreboard: between LeNet and VGG in work

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
board.add("Inception blocks", final, (1, 1, 28, 28), data="Fashion-MNIST", **result)
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# The horizontal axis is the work for one image, and the vertical bars are 95 % intervals. Look at their length before
# you call one network better than another. (The networks also differ in how they were trained, so don't take a small
# lead for a victory of the layers; for that there is the experiment above.) Our Inception network is a bit behind
# LeNet, which does half the work, but it has also been trained for fewer epochs. Inception was made for large color
# photographs of a thousand classes, where things really come in all sizes. Here, all garments are drawn to the same
# size.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
board

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The test images are used once, here. Ask what on these pictures comes in several sizes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **Which kernel size is best, and what if a network doesn't have to choose?** None is best for all patterns. A block
# with several sizes side by side turns the choice into a budget, and training decides which paths it uses.
#
# - A large kernel can do all that a small one can, but costs more. So buy many small ones and a few large ones.
# - Concatenation along the channels keeps everything, and costs nothing.
# - A 1×1 reduction from 192 to 16 channels saves 90 % of the work of a 5×5 layer. Channels have much in common, so it
#   loses less than you might think.
# - At equal work, Inception was as good as the best single size, and nobody had to find that size first. By the clock,
#   wide 3×3 layers won.
# - GoogLeNet: nine blocks, a mean instead of large dense layers, 7 million parameters.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Return to the answers from the beginning. Ask for the purpose of each 1×1 in the block.

# %% [markdown] slideshow={"slide_type": "skip"}
# The network knew one more thing about pictures before it saw any: that patterns come in several sizes. As with all
# built-in knowledge, it is a bet on what the data will be like, and images that the network has not seen decide it.
# Here, where all garments have been scaled to one size, they decided that it hardly matters.

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
# `nn.Conv2D(channels, kernel_size=3, padding=1, activation="relu")` keeps height and width. Gluon finds out by itself
# how many channels come in.
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
# multiply-adds**, and reaches a validation accuracy of **0.86** after at most eight epochs. Which paths can you do
# without? When you have decided, ask the test images **once**.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = ...  # network(Inception(...), Inception(...), stem=...)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Where is the work? `summarize(my_net, (1, 1, 28, 28))` lists it. The first layer works at 14×14 positions with 25
# weights, so its 16 channels alone take a fifth of the budget. The bars above say which paths the large network could
# spare; a path may also keep its work and get more of the channels. Compare several networks with the same number of
# epochs, and don't forget that 2,000 images leave an uncertainty of ± 0.015.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# my_net = network(Inception(6, (5, 10), (2, 4), 4), Inception(14, (12, 26), (3, 6), 6), stem=10)
# print(f"{summarize(my_net, (1, 1, 28, 28)).total_multiply_adds:,} multiply-adds")
# my_epochs = train(my_net, num_epochs=8)
# print(f"validation accuracy {my_epochs[-1].test_accuracy[0]:.3f}")
# X_test, y_test = load_images(train=False, source="fashion_mnist")
# print(f"test accuracy {accuracy(my_net, X_test, y_test):.3f}")  # once, at the end
# ```
#
# The network does 415,202 multiply-adds. It keeps all four paths and has fewer channels everywhere; the first layer has
# 10. Its validation accuracy was 0.865, 0.866, and 0.870 with three seeds. That is more than the networks above have
# reached with twice the work, because it has been trained for twice as many epochs.
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
