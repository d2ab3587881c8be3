# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 18 · Modern blocks
#
# **What can a convolution leave out without losing accuracy, and does leaving it out save any time?**
#
# *60 minutes · needs 09, 10, 15, 16, 17 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# This part of the course asks what a network has to know about pictures before it sees any. A convolution knows two
# things: neighboring pixels belong together, and what is worth finding in one place is worth finding everywhere
# (notebook 10). In the directions along the image, that saved nearly all the weights of a dense layer. In the third
# direction, across the *channels*, a convolution still is a dense layer: every output channel reads every input
# channel.
#
# Papers from 2016 and 2017 questioned that. Some let channels be reused or weighed, others cut the connections between
# them. You'll build five such blocks in a few lines each and count what they cost. Then four of them compete with a
# plain network, one of them live, first at equal numbers of multiply-adds, then at equal seconds. The two comparisons
# do not agree. Every choice is judged on validation images, as everywhere since notebook 08, and the test images are
# used once, at the end.
#
# **Question.** A block needs only an eighth of the multiply-adds of another one. How much faster is it? Write down a
# number before you read on.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class write down a guess: an eighth of the multiply-adds, how much faster? Return to it
# when layers are timed, in the third section.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** five blocks: dense, squeeze-and-excite, grouped, shuffled, and separable.
# - **Count** their weights and multiply-adds with a formula, and check the formula against the network.
# - **See** with a gradient which input channels an output channel depends on.
# - **Compare** networks fairly: at equal multiply-adds, and at equal seconds.
# - **Explain** why less work is not always less time.

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

import numpy as onp  # NumPy itself, for counting; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn
from mxnet.gluon.model_zoo import vision

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    Timer,
    check,
    class_names,
    evaluate,
    explore,
    fit,
    load_images,
    seed,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb18_modern_blocks as figures

npx.set_np()


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep features, weigh features
#
# DenseNet throws nothing away, and squeeze-and-excite turns channels up and down.


# %% slideshow={"slide_type": "skip"}
def conv(channels, kernel=3, **options):
    """A convolution without a bias that keeps height and width, unless it has strides."""
    options = {"padding": kernel // 2, "use_bias": False} | options  # what the caller gives takes precedence
    return nn.Conv2D(channels, kernel, **options)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Across channels, a convolution is still a dense layer
#
# A $k_h \times k_w$ convolution from $c_i$ to $c_o$ channels, computed at $m_h \times m_w$ positions, has
#
# $$k_h \cdot k_w \cdot c_i \cdot c_o \text{ weights} \qquad\text{and needs}\qquad
# m_h \cdot m_w \cdot k_h \cdot k_w \cdot c_i \cdot c_o \text{ multiply-adds.}$$

# %% slideshow={"slide_type": "-"}
channels, k, m = 64, 3, 28  # channels in and out, kernel, height and width
plain = summarize(conv(channels), (1, channels, m, m))
weights = k * k * channels * channels
rows = [("", "by formula", "in the network")]
rows += [("weights", f"{weights:,}", f"{plain.total_parameters:,}")]
rows += [("multiply-adds", f"{m * m * weights:,}", f"{plain.total_multiply_adds:,}")]
show_table(rows, "A 3×3 convolution from 64 to 64 channels of 28×28")

# %% [markdown] slideshow={"slide_type": "skip"}
# The formulas are from notebook 10, and one multiply-add is 2 FLOP, as in the whole course. There is no bias, because
# each of these layers will be followed by batch normalization, which adds a shift of its own (notebook 16).
#
# **Question.** Which of the four factors of the weights would you attack first?
#
# <details><summary>Answer</summary>
#
# The obvious candidate is the kernel, and notebook 14 went from 11×11 to 3×3. But 3 · 3 = 9 is small by now, while
# 64 · 64 = 4,096. The large factor is the number of pairs of channels that are connected, so that is where something
# can be saved.
#
# </details>
#
# This section changes what happens to the *output* of a convolution. The next one cuts connections.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which factor to attack first. Most will say the kernel.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### DenseNet keeps every feature instead of adding to it
#
# ResNet: $\;x_{i+1} = x_i + f_i(x_i)$. DenseNet: $\;x_{i+1} = [x_i, f_i(x_i)]$, the channels side by side.

# %% slideshow={"slide_type": "-"}
figures.dense()

# %% [markdown] slideshow={"slide_type": "skip"}
# A residual block (notebook 17) *adds* what it has found to what it was given. A sum cannot be undone: from a 7 you
# cannot tell whether it was 3 + 4 or 5 + 2. DenseNet (Huang and others, 2016) *concatenates* instead, as Inception did
# with its paths (notebook 15): the new channels are put next to the old ones. In the lower row, $x_2 = [x_1, f_1(x_1)]$
# and $x_3 = [x_1, f_1(x_1), f_2(x_2)]$. Every later layer can read the input and everything that was found so far,
# unchanged.
#
# **Question.** What is the price?
#
# <details><summary>Answer</summary>
#
# The number of channels grows with every layer, and with it the work of the next one. In return, each layer can be
# narrow, because it doesn't have to pass on what is already there. In the figure, each layer adds only 16 channels.
# This number is called the *growth rate*.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The circles differ: a sum above, a concatenation below. Ask for the price of keeping everything.


# %% slideshow={"slide_type": "skip"}
def sequence(*layers):
    net = nn.Sequential()
    net.add(*layers)
    return net


def active(*layers):
    """Layers, followed by batch normalization and ReLU."""
    return sequence(*layers, nn.BatchNorm(), nn.Activation("relu"))


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A dense block is one `concatenate` per layer


# %% slideshow={"slide_type": "-"}
class DenseBlock(nn.Block):
    def __init__(self, num_layers, growth):
        super().__init__()
        self.layers = nn.Sequential()
        for _ in range(num_layers):
            self.layers.add(active(conv(growth)))

    def forward(self, X):  # (n, c, h, w)
        for layer in self.layers:
            X = np.concatenate([X, layer(X)], axis=1)  # growth more channels
        return X


# %% slideshow={"slide_type": "skip"}
layers = summarize(DenseBlock(4, growth=16), (1, 64, 28, 28)).rows
print("weights:", [layer.parameters for layer in layers if "Conv" in layer.name])

# %% [markdown] slideshow={"slide_type": "skip"}
# The layers read 64, 80, 96, and 112 channels, so each has 9 · 16 · 16 = 2,304 more weights than the one before it.
# (The paper's layers are longer: normalization and ReLU come before each convolution, and a 1×1 convolution first
# brings the many channels down to four times the growth rate.)
#
# **Question.** What would happen without the ReLU in `active`?
#
# <details><summary>Answer</summary>
#
# Convolutions of convolutions, put side by side, would still be linear functions of the input. The block would be no
# more than one convolution with a larger kernel (notebook 07).
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A transition layer cuts the channels back


# %% slideshow={"slide_type": "-"}
def transition():
    return sequence(conv(64, 1), nn.AvgPool2D(pool_size=2))


X, shapes = np.zeros((1, 64, 28, 28)), [("", "channels", "height", "width")]
for name in ("dense block", "transition", "dense block", "transition"):
    block = DenseBlock(4, 16) if name == "dense block" else transition()
    block.initialize()
    X = block(X)
    shapes.append((name, *map(str, X.shape[1:])))
show_table(shapes, "Shapes after each part, from 64 channels of 28×28")

# %% [markdown] slideshow={"slide_type": "skip"}
# Concatenation needs equal heights and widths, so no layer within a block may have a stride. The resolution changes
# between blocks: a *transition layer* is a 1×1 convolution, which here halves the channels, and a pooling layer, which
# halves the height and the width. Then the channels grow again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Squeeze-and-excite looks at the whole image to weigh each channel

# %% slideshow={"slide_type": "-"}
figures.squeeze()

# %% [markdown] slideshow={"slide_type": "-"}
# **Squeeze** each channel to its mean, **excite** each with a weight between 0 and 1, then multiply.

# %% [markdown] slideshow={"slide_type": "skip"}
# A 3×3 convolution sees nine pixels. It takes many layers before anything in the far corner of the image can affect a
# pixel (notebook 14). *Squeeze-and-excite* (Hu and others, 2017) takes a shortcut. The mean of a channel says how much
# of its feature there is in the *whole* image. From these means, two small dense layers compute a weight for every
# channel, and the weight multiplies the channel everywhere. If the image as a whole looks like a shoe, the channels
# that matter for shoes can be turned up, and the others turned down. This is a simple form of *attention*: weights that
# the network computes from its input, to decide what to use.
#
# **Question.** Why a sigmoid at the end, and not a softmax?
#
# <details><summary>Answer</summary>
#
# Several channels may matter at once. With a softmax they would have to compete for a total of 1, and each of the 64
# would get about 1/64. With a sigmoid, every channel has a volume knob of its own.
#
# </details>
#
# **Question.** Why two dense layers with a narrow one between them, and not a single one of 64 · 64 weights?
#
# <details><summary>Answer</summary>
#
# One dense layer would have 64 · 64 + 64 = 4,160 parameters, the two have 2,128. And the ReLU between them lets the
# weights depend on *combinations* of means: turn this channel up only if that one is strong and a third is weak.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Why sigmoid and not softmax? Why two layers with a narrow one between them, and not one layer of
# 64·64 weights?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Squeeze-and-excite adds almost no multiply-adds


# %% slideshow={"slide_type": "-"}
class SqueezeExcite(nn.Block):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.squeeze = nn.Dense(channels // reduction, activation="relu")
        self.excite = nn.Dense(channels, activation="sigmoid")

    def weights(self, X):  # (n, c, h, w) → (n, c)
        return self.excite(self.squeeze(X.mean(axis=(2, 3))))

    def forward(self, X):
        return X * self.weights(X).reshape(*X.shape[:2], 1, 1)


# %% slideshow={"slide_type": "skip"}
added = summarize(SqueezeExcite(64), (1, 64, 28, 28))
rows = [("", "squeeze-and-excite", "3×3 convolution")]
rows += [("parameters", f"{added.total_parameters:,}", f"{plain.total_parameters:,}")]
rows += [("multiply-adds", f"{added.total_multiply_adds:,}", f"{plain.total_multiply_adds:,}")]

# %% slideshow={"slide_type": "-"}
show_table(rows, "For 64 channels of 28×28")

# %% [markdown] slideshow={"slide_type": "skip"}
# `reshape` gives the weights two more axes of length 1, so that broadcasting carries each weight to every pixel of its
# channel. The shape of the data stays as it was, so the block fits after any convolution of any network. It adds 6 %
# to the weights of a 3×3 convolution and next to nothing to its multiply-adds, because the dense layers run once for an
# image and not once for every position. (The product itself is not counted: one multiplication per number, like an
# activation. Whether it costs time is another question, which the clock will answer.) The method `weights` is separate
# so that we can look at the weights of a trained network later.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Leave connections out
#
# Groups, shuffles, and one kernel for each channel.

# %% [markdown] slideshow={"slide_type": "skip"}
# Which connections may go? Before we cut any, let's find a way to *see* them. The gradient is such a way: if changing
# an input channel would change nothing in an output channel, its gradient is zero.


# %% slideshow={"slide_type": "skip"}
def depends(block, channels):
    """Return a table (outputs, inputs): True where an output channel depends on an input channel."""
    block.initialize(force_reinit=True)  # new weights, even if it has some already
    X, factors, rows = np.random.normal(size=(1, channels, 5, 5)), np.random.normal(size=(5, 5)), []
    X.attach_grad()
    for output in range(channels):
        with autograd.record():
            total = (block(X)[0, output] * factors).sum()
        total.backward()
        rows.append(abs(X.grad[0]).sum(axis=(1, 2)).asnumpy() > 0)
    return onp.stack(rows)


def draw_groups(ax, groups):
    layer = conv(8, groups=groups)
    joined = depends(layer, 8)
    figures.pairs(ax, joined, f"{groups} group{'s' * (groups > 1)}: {layer.weight.data().size} weights")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Groups cut the table of channels into blocks
#
# With $g$ groups, $k_h \cdot k_w \cdot c_i \cdot c_o / g$ weights are left. Rows: outputs; columns: inputs.

# %% slideshow={"slide_type": "-"}
explore(
    draw_groups, [1, 2, 8], values=[1, 2, 4, 8], label="groups", height=4.0, play=True,
    alt="Grids of 8×8 pairs of channels. With one group all cells are marked, with 2 groups "
    "two blocks of 4×4 on the diagonal, with 8 groups only the diagonal.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# For each output channel, `depends` takes a random combination of its pixels, differentiates, and marks the input
# channels whose gradient is not zero. Nothing in these pictures is drawn by hand, so you can try the function on any
# block that has as many outputs as inputs.
#
# A *grouped convolution* splits the channels into $g$ groups of equal size and convolves each group by itself. Each
# marked cell is one 3×3 kernel. With 2 groups, half of the kernels are gone; with 8, only the diagonal is left, and
# every channel is filtered by itself. That extreme has a name of its own, *depthwise convolution*, and we'll return to
# it.
#
# AlexNet had two groups because its two GPUs had only 3 GB of memory each (notebook 13). What began as a workaround
# became a method.
#
# **Question.** Which numbers of groups are possible for 8 input and 12 output channels?
#
# <details><summary>Answer</summary>
#
# 1, 2, and 4: the number of groups must divide both numbers of channels.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, move the slider. Before 8 groups: how many kernels will be left?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch: split, convolve each part, concatenate

# %% slideshow={"slide_type": "-"}
seed(0)
grouped = conv(64, groups=4)
grouped.initialize()
X = np.random.normal(size=(2, 64, 28, 28))
Y = grouped(X)
kernels = np.split(grouped.weight.data(), 4)  # four of (16, 16, 3, 3)
parts = np.split(X, 4, axis=1)  # four of (2, 16, 28, 28)
shape = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 16, "no_bias": True}
parts = [npx.convolution(parts[i], kernels[i], **shape) for i in range(4)]
scratch = np.concatenate(parts, axis=1)
print("weights:", grouped.weight.shape, " output:", Y.shape)
print("same as groups=4:", bool(abs(scratch - Y).max() < 1e-4))

# %% [markdown] slideshow={"slide_type": "skip"}
# The shape of the weights has 16 where the input has 64 channels, because each output channel reads only its own group.
# The four convolutions know nothing of each other. On AlexNet's two GPUs, they were indeed in two places.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ResNeXt: twice as wide for the same price

# %% slideshow={"slide_type": "-"}
figures.bottlenecks()


# %% slideshow={"slide_type": "-"}
def bottleneck(width, groups):
    return sequence(conv(width, 1), conv(width, groups=groups), conv(256, 1))


for name, width, groups in (("ResNet", 64, 1), ("ResNeXt", 128, 32)):
    table = summarize(bottleneck(width, groups), (1, 256, 14, 14))
    print(f"{name:8}{width:4} channels: {table.total_parameters:,} weights")

# %% [markdown] slideshow={"slide_type": "skip"}
# ResNet-50 is built of *bottlenecks* like the upper one (notebook 17). ResNeXt-50 (Xie and others, 2016) replaces the
# middle by a layer of twice the width with 32 groups of four channels. The number of weights is the same to within one
# percent, and the error on ImageNet went down. (Batch normalization and ReLU are left out of the picture.)
#
# **Question.** Where do the groups of the middle layer meet again?
#
# <details><summary>Answer</summary>
#
# In the 1×1 convolution after it, which has no groups: each of its outputs reads all 128 channels.
#
# </details>


# %% slideshow={"slide_type": "skip"}
class ChannelShuffle(nn.Block):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, X):
        n, c, h, w = X.shape
        X = X.reshape(n, self.groups, c // self.groups, h, w)
        return X.transpose(0, 2, 1, 3, 4).reshape(n, c, h, w)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two grouped layers never meet, unless you shuffle the channels


# %% slideshow={"slide_type": "-"}
def two_layers(*between):
    return sequence(conv(8, groups=2), *between, conv(8, groups=2))


stacks = {"grouped, grouped": two_layers()}
stacks["grouped, shuffle, grouped"] = two_layers(ChannelShuffle(groups=2))
figures.mixing({name: depends(stack, 8) for name, stack in stacks.items()})

# %% [markdown] slideshow={"slide_type": "skip"}
# On the left, channels 0 to 3 never hear of channels 4 to 7, however many such layers we stack. These are two networks
# side by side. On the right, the channels were *shuffled* between the layers: a single shuffle, without one more
# weight, and every output depends on every input.
#
# **Question.** Is one shuffle enough for 8 channels in 4 groups? Change `groups` in all three places and look.
#
# <details><summary>Answer</summary>
#
# No. A group has two channels, so an output of the second layer reads two channels, which come from two groups, and
# these read two inputs each: four of eight. One shuffle is enough if a group has at least as many channels as there are
# groups.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the right half: how many layers does it take until everybody has met? (In the left picture,
# never.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A channel shuffle is reshape, transpose, reshape

# %% slideshow={"slide_type": "-"}
numbers = np.arange(8).reshape(1, 8, 1, 1)  # eight channels of one pixel
after = ChannelShuffle(groups=2)(numbers)
figures.shuffle(range(8), 2, after.asnumpy().astype(int).flatten())

# %% [markdown] slideshow={"slide_type": "skip"}
# It works like dealing cards: from two packs of four, take the top cards in turn. The last row of the figure is what
# the class `ChannelShuffle` above has computed. The shuffle has no weights and does no multiply-adds; it only copies.
# ShuffleNet (Zhang and others, 2017) is built on it. Which shuffle undoes this one? The one with 4 groups, because
# transposing twice restores a matrix.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Depthwise separable: look at neighbors first, mix channels later

# %% slideshow={"slide_type": "-"}
figures.separable()

# %% [markdown] slideshow={"slide_type": "-"}
# Looking costs $k_h k_w \cdot c$ weights and mixing $c \cdot c$, so they add up. In one layer, they multiply.

# %% [markdown] slideshow={"slide_type": "skip"}
# A convolution does two jobs at once: it compares each pixel with its neighbors, and it mixes the channels. A
# *depthwise separable* convolution gives each job a layer of its own. First comes a depthwise convolution, with one 3×3
# kernel for each channel and no mixing. Then comes a *pointwise* convolution, another name for 1×1, which mixes the
# channels and sees no neighbors. That is a strong statement about pictures: the *shape* of a feature and its
# *combination* with others can be learned one after the other. MobileNet (Howard and others, 2017) is hardly more than
# thirteen such pairs in a row.
#
# ShuffleNet asked what is left to save, found the pointwise layers, and split these into groups, too, with a shuffle so
# that the groups meet.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Two jobs, two layers. Ask which of the two lower layers is the expensive one now.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### It saves a factor of nearly nine, and never more
#
# $$\frac{k_h k_w \cdot c_i + c_i c_o}{k_h k_w \cdot c_i c_o} = \frac{1}{c_o} + \frac{1}{k_h k_w}$$

# %% slideshow={"slide_type": "-"}
pair = sequence(conv(channels, groups=channels), conv(channels, 1))
table = summarize(pair, (1, channels, m, m))
looking, mixing = (row.multiply_adds for row in table.rows)
saved = plain.total_multiply_adds / (looking + mixing)
by_formula = 1 / (1 / channels + 1 / (k * k))
rows = [("", "plain", "looking", "mixing", "saved", "by formula")]
rows += [("multiply-adds", f"{plain.total_multiply_adds:,}", f"{looking:,}", f"{mixing:,}",
          f"{saved:.1f} times", f"{by_formula:.1f} times")]  # fmt: skip
show_table(rows, "64 channels of 28×28")

# %% [markdown] slideshow={"slide_type": "skip"}
# Both sides of the fraction are multiplied by the same number of positions, so they have been left out. With many
# channels, $1/c_o$ is small, and a 3×3 kernel can save at most a factor of nine. Nearly all of the remaining work is
# mixing.
#
# **Question.** What would a 5×5 kernel cost, compared with 3×3?
#
# <details><summary>Answer</summary>
#
# In a plain convolution, 25/9, so almost three times as much. In the separable one, only the small part grows: from 9 +
# 64 to 25 + 64 for each of the 64 channels, 22 % more. This is why later networks, such as ConvNeXt, use depthwise
# kernels of 7×7.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Equal work, equal seconds
#
# Five networks compete on Fashion-MNIST, first by multiply-adds, then by the clock.

# %% [markdown] slideshow={"slide_type": "skip"}
# "Block A beats block B" means nothing until you say what was kept equal. With an equal number of *channels*, the
# blocks that leave out connections have fewer weights and do less work, and they usually lose a little. The papers
# usually keep the *work* equal instead, and spend the multiply-adds that they save on more channels. We do the same.
# All networks share one frame, and only the two stages differ.

# %% slideshow={"slide_type": "skip"}
figures.frame()


# %% slideshow={"slide_type": "skip"}
class Residual(nn.Block):
    def __init__(self, *layers):
        super().__init__()
        self.body = sequence(*layers)

    def forward(self, X):
        return X + self.body(X)


def network(stage, c):
    first = [active(conv(c, strides=2)), stage(c), nn.MaxPool2D(pool_size=2)]  # (n, c, 7, 7)
    second = [active(conv(2 * c, 1)), stage(2 * c), nn.GlobalAvgPool2D()]  # (n, 2c, 1, 1)
    return sequence(*first, *second, nn.Dense(10))


def build(name):
    c, stage = stages[name]
    return network(stage, c)


# %% slideshow={"slide_type": "skip"}
def compare(names):
    """Return the rows of a table of these networks."""
    rows = [("stage", "channels", "multiply-adds", "parameters", "numbers computed")]
    for name in names:
        table = summarize(build(name), (1, 1, 28, 28))
        numbers = sum(math.prod(row.output_shape) for row in table.rows)  # that all layers put out
        totals = (table.total_multiply_adds, table.total_parameters, numbers)
        rows.append((name, str(stages[name][0]), *(f"{total:,}" for total in totals)))
    return rows


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Leaving out connections pays for more channels

# %% slideshow={"slide_type": "-"}
stages = {
    "plain": (16, lambda c: Residual(active(conv(c)))),
    "squeeze-excite": (16, lambda c: Residual(active(conv(c)), SqueezeExcite(c))),
    "dense": (16, lambda c: DenseBlock(1, c)),
    "grouped": (24, lambda c: Residual(active(conv(c, groups=c // 8), conv(c, 1)))),
    "separable": (40, lambda c: Residual(active(conv(c, groups=c), conv(c, 1)))),
}


# %% slideshow={"slide_type": "-"}
show_table(compare(stages), "Five networks, per image: within 13 % of the plain one's work")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each entry has the number of channels $c$ of the first stage, and a function that builds a stage; the second stage has
# $2c$ channels. The number was chosen so that the multiply-adds come close to those of the plain network. All stages
# are residual blocks (notebook 17) except for the dense one. That one is a dense block with a single layer, so it
# differs from the plain stage in one point: it puts $f(x)$ next to $x$ where the other adds it. The 1×1 convolution
# between the stages is its transition. In the grouped stage, the groups have eight channels each, and a 1×1 convolution
# lets them meet. (MobileNet has batch normalization and a ReLU after the depthwise layer as well; we save the time.)
#
# For the same work, the separable network can afford 40 channels instead of 16. But look at the last column, too. It
# counts the numbers that all layers put out, including batch normalization, ReLU, and pooling. Those have no
# multiply-adds to speak of, but every one of these numbers must be computed, stored, and read again by the next layer.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Who will be most accurate at equal work? Who will be fastest? Collect bets before the next slide.

# %% [markdown] slideshow={"slide_type": "skip"}
# The data are the 10,000 images of Fashion-MNIST that come with the course. The first 8,000 train, and the last 2,000
# validate. Every network gets the same images in the same order, the same optimizer, and three epochs: two at a
# learning rate of 0.006, and one at a tenth of it, which settles the weights (notebook 16). Three epochs are short, and
# one rate for all may suit some network better than another. So what the race shows is how fast each network learns,
# not where it would end after a day.

# %% slideshow={"slide_type": "skip"}
images, labels = (array.asnumpy() for array in load_images(source="fashion_mnist"))
mean, deviation = images[:8000].mean(), images[:8000].std()
images = (images - mean) / deviation
validation_loader = ArrayLoader(images[8000:], labels[8000:], batch_size=500)


# %% slideshow={"slide_type": "skip"}
def train(net, num_epochs=3, num_images=8000, lr=0.006, random_seed=0, new=True, watch=lambda net: None):
    """Train a new or a trained network with Adam, in the last epoch at a tenth of the rate; return the seconds."""
    loader = ArrayLoader(images[:num_images], labels[:num_images], batch_size=64, shuffle=True, seed=random_seed)
    seed(random_seed)
    if new:
        net.initialize(init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
    watch(net)
    seconds = 0
    for epoch in range(num_epochs):
        if epoch == num_epochs - 1:
            trainer.set_learning_rate(lr / 10)
        seconds += sum(fit(net, loader, num_epochs=1, optimizer=trainer, plot=False).seconds)
        watch(net)
    return seconds


# %% [markdown] slideshow={"slide_type": "skip"}
# We train two of the networks here, plain and separable; a table below has the others. For the second comparison, the
# plain network gets a longer run as well, six epochs. Its two runs show what seconds can buy without any new block.
#
# **Question.** Before you run the cell: which of the two will have the higher validation accuracy after three epochs?
# And which one will need more seconds?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
nets, results = {}, {}
for name, num_epochs in [("plain", 3), ("separable", 3), ("plain", 6)]:
    net = build(name)
    seconds = train(net, num_epochs)
    accuracy = evaluate(net, validation_loader)[1]
    nets[name, num_epochs], results[name, num_epochs] = net, (seconds, accuracy)
    print(f"{name:10}{num_epochs:2} epochs  accuracy {accuracy:.3f}, {seconds:.0f} s")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Separable beats plain at equal work, but not at equal seconds

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.race(results, baseline="plain")

# %% [markdown] slideshow={"slide_type": "skip"}
# The vertical bars are the 95 % intervals of an accuracy measured on 2,000 images, so don't rank networks by this one
# run. Here are these runs with three seeds, and those of the other three networks, recorded once.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it twice: first by height, then along the line. Who is above the line? Then ask for the
# reason before the next slide.

# %% slideshow={"slide_type": "skip"}
recorded = {  # validation accuracies with the seeds 0, 1, and 2; seconds, divided by those of plain, 3 epochs
    ("plain", 3): (0.7960, 0.8085, 0.8015, 1.0),
    ("squeeze-excite", 3): (0.8040, 0.8095, 0.8105, 2.1),
    ("dense", 3): (0.8060, 0.8165, 0.8180, 1.0),
    ("grouped", 3): (0.8145, 0.8080, 0.8015, 1.6),
    ("separable", 3): (0.8100, 0.8285, 0.8275, 2.0),
    ("plain", 6): (0.8295, 0.8400, 0.8340, 2.0),
}
average = {run: sum(accuracies) / 3 for run, (*accuracies, _) in recorded.items()}
rows = [("network", "epochs", "seed 0", "seed 1", "seed 2", "mean", "time")]
for (name, num_epochs), (*accuracies, time) in recorded.items():
    values = (f"{accuracy:.3f}" for accuracy in (*accuracies, average[name, num_epochs]))
    rows.append((name, str(num_epochs), *values, f"{time:.1f}"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three seeds agree: separable is first, unless seconds count

# %% slideshow={"slide_type": "-"}
show_table(rows, "Recorded: validation accuracy, and time as a multiple of the first row's")

# %% [markdown] slideshow={"slide_type": "skip"}
# First compare the networks with three epochs, which have done the same work. The separable one is two points above the
# plain one on average, and above it with every seed: the multiply-adds that it saved by leaving out connections have
# bought 40 channels instead of 16, and the channels are worth more than the connections. This is the result of the
# papers. The dense network is one point above the plain one, too: here, keeping features was better than adding to
# them. Squeeze-and-excite and groups gain about half a point, which is less than the seeds differ. Don't rank these
# two.
#
# Now go back to the figure and read it by the clock. The dashed line joins the two runs of the plain network, so it
# shows what ordinary convolutions reach in a given number of seconds. The separable network needs about twice the
# seconds for the same work. In that time the plain network trains for six epochs, and it ends *higher*, again with
# every seed. So if you have some seconds on this computer, use the plain network; if multiply-adds are what you must
# count, for example because a chip is built for them, use the separable one. The same runs support two opposite
# advertisements, and the only difference is what was kept equal.
#
# Squeeze-and-excite has the plain network's work and computes as many numbers, but in the recorded runs it needed about
# twice the seconds. The multiply-adds cannot explain that, so let's time the layers one by one.


# %% slideshow={"slide_type": "skip"}
def milliseconds(layer, X, repeats=6):
    """Return the time per image of a forward and backward pass, the fastest of several."""
    layer.initialize(force_reinit=True, ctx=X.ctx)
    X.attach_grad()
    timer = Timer()
    for _ in range(repeats + 1):  # the first one also chooses the implementation
        timer.start()
        with autograd.record():
            Y = layer(X)
        Y.backward()
        npx.waitall()
        timer.stop()
    return 1000 * min(timer.times) / len(X)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
layers = {
    "plain 3×3": conv(channels),
    "grouped 3×3, 8 groups": conv(channels, groups=8),
    "grouped 3×3, 32 groups": conv(channels, groups=32),
    "pointwise 1×1": conv(channels, 1),
    "depthwise 3×3": conv(channels, groups=channels),
    "depthwise, then pointwise": pair,
    "batch normalization": nn.BatchNorm(),
    "channel shuffle": ChannelShuffle(8),
    "squeeze-and-excite": SqueezeExcite(channels),
}
X = np.random.normal(size=(16, channels, m, m))
rows = [("64 channels of 28×28", "parameters", "multiply-adds", "milliseconds", "times as fast as plain")]
speeds, times = {}, {}
for name, layer in layers.items():
    times[name], table = milliseconds(layer, X), summarize(layer, (1, channels, m, m))
    work = table.total_multiply_adds
    totals = (f"{table.total_parameters:,}", f"{work:,}")
    rows.append((name, *totals, f"{times[name]:.2f}", f"{times['plain 3×3'] / times[name]:.1f}"))
    if isinstance(layer, nn.Conv2D):
        moved = 2 * channels * m * m  # numbers read and written for an image, without the weights
        speeds[name] = (work / moved, 3 * work / times[name] / 1e6)  # backward takes twice the work of forward

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Less work for each number is usually slower work

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.intensity(speeds)

# %% [markdown] slideshow={"slide_type": "skip"}
# For each kind of layer, this figure shows how much work there is for every number that has to be read or written (to
# the right), and how fast that work is done (up). The ratio is the *arithmetic intensity* of notebook 09, in
# multiply-adds per number instead of FLOP per byte. A plain convolution uses each number that it has loaded hundreds of
# times, so the processor's arithmetic units stay busy. A depthwise convolution uses each number that it reads nine
# times, once for each weight of its kernel, and then needs the next one. (On the axis that is 4.5, because every result
# has to be written as well.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Both axes are logarithmic. Which point is out of line? Then return to the guess of the first
# slide, on the slide below.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An eighth of the work is more than an eighth of the time

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(rows, "Forward and backward, per image, measured here")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** Back to the guess at the top: an eighth of the multiply-adds, how much faster? Two rows of the table
# have about an eighth of the plain convolution's work.
#
# <details><summary>Answer</summary>
#
# Not eight times. With 8 groups, the layer has exactly an eighth of the work, and the separable pair has 13 % of it.
# Both were between three and five times as fast when this page was made. And each of them is followed by a batch
# normalization, which doesn't get any faster.
#
# </details>
#
# The other rows say why. The depthwise layer has 64 times less work than the plain one, but it is far from 64 times
# faster. Batch normalization and the shuffle do no multiply-adds at all, and yet they take longer than the depthwise
# layer. So in such layers it is not the arithmetic that takes the time, but fetching and storing the numbers, and the
# overhead of every operation. That is what the column of numbers computed was about: at equal work, the separable
# network has 2.5 times as many channels, so it has far more numbers to move, to normalize, and to activate. The
# multiply-adds don't count that, and the seconds do.
#
# Two rows are a matter of the program rather than of memory. With 32 groups of two channels, a layer with 32 times less
# work takes about as long as the plain one. Probably the library has no special code for such small groups. And
# squeeze-and-excite takes as long as the plain convolution, or longer, with almost no multiply-adds. Most of that is
# the broadcast product in its last line, which this library computes slowly.
#
# None of this is a law of nature. GPUs, phones, and special chips have other balances between arithmetic and memory,
# and other libraries. The authors of ShuffleNet V2 (Ma and others, 2018) measured on GPUs and on ARM processors, and
# concluded that a network should be designed for its speed on the device that it will run on, not for its FLOP.
# EfficientNetV2 (Tan and Le, 2021) put plain convolutions back into its early layers, because training became faster.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What became of the blocks
#
# What one of them has learned, and where you meet them today.

# %% [markdown] slideshow={"slide_type": "skip"}
# What does squeeze-and-excite do with its weights? We train its network on half of the images. Before training and
# after each epoch, the functions below record the weights that its blocks give to their channels.


# %% slideshow={"slide_type": "skip"}
def gate_weights(net, X):
    """Return the weights (n, c) that each squeeze-and-excite block gives to its channels for images X."""
    found, X = [], np.array(X)
    for layer in net:
        if isinstance(layer, Residual):
            main, gate = layer.body  # the convolution, and the block that weighs its channels
            found.append(gate.weights(main(X)).asnumpy())
        X = layer(X)
    return found


def class_means(weights):
    return onp.stack([weights[labels[8000:] == label].mean(axis=0) for label in range(10)])  # (10, c)


recorded_gates = []  # before training and after each epoch: a table (10, c) for each of the two blocks


def watch_gates(net):
    recorded_gates.append([class_means(weights) for weights in gate_weights(net, images[8000:])])


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
excited = build("squeeze-excite")
train(excited, num_images=4000, watch=watch_gates)
print(f"validation accuracy {evaluate(excited, validation_loader)[1]:.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Squeeze-and-excite learns to tell shoes from clothes


# %% slideshow={"slide_type": "skip"}
names = class_names("fashion_mnist")


def draw_gates(ax, epoch):
    figures.gates(ax, recorded_gates[epoch][1], names)  # the second block


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_gates, cases=[0, 1, 3], values=range(4), play=True, label="epoch", height=4.6,
    alt="Mean weight of all 32 channels for each of ten classes, before training and after "
    "one and three epochs. At first all are near one half; later, shoes differ from clothes.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# Rows: classes; columns: all channels of the second stage. Yellow: left as it is (1), dark: turned off (0).

# %% [markdown] slideshow={"slide_type": "skip"}
# The color is the mean weight that a channel gets for the validation images of a class. The channels are in their own
# order, and none was left out. Before training, the two dense layers put out about 0.5 for everything; after a single
# epoch, the rows differ.
#
# **Question.** Which rows would you expect to be alike? Look for them.
#
# <details><summary>Answer</summary>
#
# Classes that look alike as a whole: the three kinds of shoes, and pullover, coat, and shirt. The block sees only 32
# means, so it cannot tell apart what the means do not tell apart. Most channels stay near 1 for every class; there it
# changes nothing. A few are turned down for shoes, and one for pullovers, coats, and shirts. In the recorded runs, that
# gained half a point on average.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play. Ask which classes have similar rows, and which channels are on for everything.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
after_training = gate_weights(excited, images[8000:])  # (2000, 16), (2000, 32)
tables = {}
for title, weights in zip(("first block", "second block"), after_training, strict=True):
    means = class_means(weights)
    share = means[labels[8000:]].var(axis=0).sum() / weights.var(axis=0).sum()
    tables[f"{title}: {share:.0%} by the class"] = means

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The second block knows the class better than the first one

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.depth_of_gates(tables, names)

# %% [markdown] slideshow={"slide_type": "skip"}
# A picture of means could deceive, so the titles say how much of the weights' variation from image to image the class
# explains, over *all* channels. The authors of the paper found the same in a deep network on ImageNet: in early layers,
# the weights are much alike for all classes; in later ones, each class has its own.

# %% [markdown] slideshow={"slide_type": "skip"}
# All choices are made: the candidate for the test is the network with the best mean accuracy of three seeds at equal
# work. The one that was trained in the race learns for two more epochs, now on all 10,000 images. Then we ask the test
# set for the first time.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
best = max(stages, key=lambda name: average[name, 3])
net = nets[best, 3]
seconds = results[best, 3][0] + train(net, num_epochs=2, num_images=10_000, new=False)
test_images, test_labels = load_images(train=False, source="fashion_mnist")
test_loader = ArrayLoader((test_images - mean) / deviation, test_labels, batch_size=500)
test_accuracy = evaluate(net, test_loader)[1]
print(f"{best}: {results[best, 3][1]:.2f} on validation images after 3 epochs")
print(f"{test_accuracy:.2f} on test images after 2 more epochs, with the validation images")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The separable network joins the scoreboard

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
board.add(best, net, (1, 1, 28, 28), data="Fashion-MNIST",
          accuracy=test_accuracy, examples=2000, seconds=seconds)  # fmt: skip
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# Compare with LeNet: the separable network is about four points less accurate. After five short epochs it has not
# finished learning, and even softmax regression, which costs next to nothing, is as good. It has less than a quarter of
# LeNet's parameters, but does more than twice its multiply-adds. On gray images of 28×28, a modern block has little to
# win; these blocks were made for large networks. The vertical bar is the 95 % interval of an accuracy measured on 2,000
# images, about 1.5 points in each direction. Networks whose bars overlap should not be ranked by it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Real networks combine these blocks
#
# | network | sum | concatenate | squeeze-excite | groups | depthwise | shuffle |
# |---|:-:|:-:|:-:|:-:|:-:|:-:|
# | DenseNet, 2016 | | ● | | | | |
# | ResNeXt, 2016 | ● | | | ● | | |
# | MobileNet, 2017 | | | | | ● | |
# | SENet, 2017 | ● | | ● | ● | | |
# | ShuffleNet, 2017 | ● | ● | | ● | ● | ● |
# | MobileNetV2, 2018 | ● | | | | ● | |
# | EfficientNet, 2019 | ● | | ● | | ● | |
# | ConvNeXt, 2022 | ● | | | | ● | |

# %% [markdown] slideshow={"slide_type": "skip"}
# All of them also have normalization, and 1×1 convolutions or, which is the same, dense layers across the channels. Two
# columns have stayed: the sum, from ResNet, and the depthwise convolution, which separates looking from mixing. You can
# now read the architecture table of most networks that run on phones.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which two columns came to stay?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In MobileNet, nearly all of the work is mixing

# %% slideshow={"slide_type": "-"}
mobilenet = summarize(vision.mobilenet1_0(), (1, 3, 224, 224))
total_work, total_weights = mobilenet.total_multiply_adds, mobilenet.total_parameters
rows = [("", "parameters", "multiply-adds")]
for kind, mark in {"pointwise": "×1×1", "depthwise": " groups", "dense": "Dense"}.items():
    chosen = [row for row in mobilenet.rows if mark in row.name]
    weights = sum(row.parameters for row in chosen) / total_weights
    work = sum(row.multiply_adds for row in chosen) / total_work
    rows.append((kind, f"{weights:.1%}", f"{work:.1%}"))
rows.append(("in all", f"{total_weights:,}", f"{total_work:,}"))
show_table(rows, "MobileNet, from Gluon's model zoo, for an image of 224×224")

# %% [markdown] slideshow={"slide_type": "skip"}
# The depthwise layers, which look at neighbors, do three percent of the work. Nearly all the rest is mixing, which is
# why ShuffleNet went on to group the pointwise layers. The paper gives 4.2 million parameters, 569 million
# multiply-adds, and 95 % of them in pointwise convolutions, and that is what the network in the model zoo has. It is
# about 27 times less than VGG-16 needs (notebook 14).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **What can a convolution leave out, and does that save time?** It can leave out most connections between channels.
# Spent on more channels, the saved multiply-adds buy accuracy. But they are not saved seconds: here, a plain network
# that trains for the same time is better.
#
# - DenseNet concatenates instead of adding; a transition cuts the channels back.
# - Squeeze-and-excite weighs each channel by what is in the whole image.
# - $g$ groups divide weights and work by $g$; a shuffle lets the groups meet.
# - Depthwise separable: look, then mix. At most $k_h k_w$ times less work.
# - Work is not time: where each number is used only a few times, fetching and storing numbers takes the time.

# %% [markdown] slideshow={"slide_type": "skip"}
# This completes the part's answer to its question, what a network has to know about pictures before it sees any.
# Notebooks 10 to 12: neighbors belong together, and places are alike. Notebooks 13 to 15: depth and blocks, so that
# small views add up to large ones. Notebooks 16 and 17: how to make depth trainable. And this one: looking and mixing
# can be separated. Each such piece of knowledge saves weights, and each is a bet that pictures are like that.
#
# The course's thread, how a model does on data it has not seen, was in the comparisons: validation images judged the
# networks, one run was not believed, and the test images were used once. The next notebook goes the opposite way: a
# network learns about pictures from a million others before it sees yours.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Return to the guess of the first slide. Then ask what the class would build, for which device and
# which budget.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 18.1: predict the weights
#
# 128 channels in, 128 out, 5×5 kernels, no biases. How many weights do the plain convolution, the one with 8 groups,
# and the depthwise separable pair have?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (plain, 8 groups, separable)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("18.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# An output channel of the grouped convolution reads only the channels of its own group. The pair has a 5×5 kernel for
# each channel, and then a weight for each pair of channels.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (5 * 5 * 128 * 128, 5 * 5 * 128 * 128 // 8, 5 * 5 * 128 + 128 * 128)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 18.2: change the groups
#
# ResNet's bottleneck, 256 → 64 → 64 → 256 with kernels 1×1, 3×3, 1×1 and no biases, has 69,632 weights. Change the
# middle layer to **8 groups**. How wide can the bottleneck be now, with no more weights than before?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
width = ...  # channels in the middle, divisible by 8

# %% slideshow={"slide_type": "-"} tags=["check"]
check("18.2", width)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# With width $w$, the three layers have $256 w$, $9 w^2 / 8$, and $256 w$ weights. Try the multiples of 8 above 64.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def weights(width, groups=8):
#     return 256 * width + 9 * width * width // groups + width * 256
#
#
# width = max(w for w in range(8, 257, 8) if weights(w) <= weights(64, groups=1))  # 104
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 18.3: build squeeze-and-excite from scratch
#
# Without Gluon's layers, and without biases: the mean of each channel, `W1` and a ReLU, `W2` and a sigmoid, and the
# product with the input.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def squeeze_excite(X, W1, W2):
    """X (n, c, h, w), W1 (r, c), W2 (c, r); returns (n, c, h, w)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("18.3", squeeze_excite)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `X.mean(axis=(2, 3))` has shape (n, c), and `np.dot(..., W1.T)` turns it into (n, r). Use `npx.relu` and
# `npx.sigmoid`. Give the weights two more axes before the product: `.reshape(n, c, 1, 1)`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def squeeze_excite(X, W1, W2):
#     hidden = npx.relu(np.dot(X.mean(axis=(2, 3)), W1.T))  # (n, r)
#     weights = npx.sigmoid(np.dot(hidden, W2.T))  # (n, c)
#     return X * weights.reshape(*weights.shape, 1, 1)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: half the work, hardly less accurate
#
# Design a block, or choose a width, so that the network needs **at most 480,000 multiply-adds**, about half of the
# plain one's, and has **a validation accuracy of at least 0.79** after three epochs, one point less than the plain
# one's mean. Use at least one block of this notebook.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = network(stages["plain"][1], 8)
print(f"{summarize(my_net, (1, 1, 28, 28)).total_multiply_adds:,} multiply-adds")
# my_seconds = train(my_net)
# evaluate(my_net, validation_loader)

# %% [markdown] slideshow={"slide_type": "skip"}
# Write down every block that you try, with its multiply-adds, seconds, and validation accuracy. When you have reached
# the goal, train the winner with two more seeds (`random_seed=1`, `2`, each time a new network): is it still above
# 0.79, and how far apart are the three runs? A result that depends on the seed is luck.
#
# <details><summary>Hint</summary>
#
# The separable block has connections to spare. How many channels fit into the budget? (Multiples of eight are fastest
# here.) And what does squeeze-and-excite add to the work of such a block?
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# def my_stage(c):
#     return Residual(active(conv(c, groups=c), conv(c, 1)), SqueezeExcite(c))
#
#
# my_net = network(my_stage, 24)
# print(f"{summarize(my_net, (1, 1, 28, 28)).total_multiply_adds:,} multiply-adds")  # 390,000
# my_seconds = train(my_net)
# print(evaluate(my_net, validation_loader)[1])  # with seeds 0, 1, and 2: 0.796, 0.809, 0.803
# ```
#
# The pair of depthwise and pointwise layers leaves room for 24 channels, and squeeze-and-excite costs less than one
# percent of the work.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Huang, Liu, van der Maaten, and Weinberger, [Densely connected convolutional
#   networks](https://arxiv.org/abs/1608.06993), 2016
# - Hu, Shen, Albanie, Sun, and Wu, [Squeeze-and-excitation networks](https://arxiv.org/abs/1709.01507), 2017
# - Xie, Girshick, Dollár, Tu, and He, [Aggregated residual transformations for deep neural
#   networks](https://arxiv.org/abs/1611.05431), 2016: ResNeXt
# - Howard and others, [MobileNets: efficient convolutional neural networks for mobile vision
#   applications](https://arxiv.org/abs/1704.04861), 2017
# - Zhang, Zhou, Lin, and Sun, [ShuffleNet: an extremely efficient convolutional neural network for mobile
#   devices](https://arxiv.org/abs/1707.01083), 2017
# - Ma, Zhang, Zheng, and Sun, [ShuffleNet V2: practical guidelines for efficient CNN architecture
#   design](https://arxiv.org/abs/1807.11164), 2018: why multiply-adds are not time
# - Tan and Le, [EfficientNetV2: smaller models and faster training](https://arxiv.org/abs/2104.00298), 2021
# - Further networks of the table: [MobileNetV2](https://arxiv.org/abs/1801.04381),
#   [EfficientNet](https://arxiv.org/abs/1905.11946), [ConvNeXt](https://arxiv.org/abs/2201.03545)
# - *Dive into Deep Learning*, [Densely connected networks
#   (DenseNet)](https://d2l.ai/chapter_convolutional-modern/densenet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **19 · Fine-tuning**, where a network that has already seen a million photographs learns *your* classes from a
# few images.
