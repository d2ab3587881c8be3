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
# What to keep, what to turn up, which channels have to meet: five small ideas that today's networks are made of.
#
# *45 minutes · needs 10, 16, 17*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The last notebook on convolutional networks. Five papers of 2016 and 2017 each changed one thing
# about the convolution or about what happens to its output. We build each in a few lines, count it, measure it, and
# train it in the same small network. At the end the class can read the architecture table of most networks that run on
# phones.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** five blocks: dense, squeeze-and-excite, grouped, separable, shuffled.
# - **Count** their weights and multiply-adds by formula, and hold the formulas against the network.
# - **See** which input channels an output channel depends on.
# - **Measure** them: less work is not always less time.
# - **Train** each in the same small network, and say who uses what.

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

import numpy as onp  # NumPy itself, for pictures; np is MXNet's
from mxnet import autograd, np, npx
from mxnet.gluon import nn
from mxnet.gluon.model_zoo import vision

from d2lhelpers import (
    COLORS,
    Timer,
    at_scale,
    check,
    draw_blocks,
    draw_cells,
    explore,
    fit,
    load_data,
    load_images,
    seed,
    show,
    subplots,
    summarize,
    try_gpu,
)

npx.set_np()


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Keep features, weigh features
#
# DenseNet throws nothing away, squeeze-and-excite turns channels up and down.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What a convolution pays for
#
# Every output channel has a kernel for **every** input channel:
# $\;k_h \cdot k_w \cdot c_i \cdot c_o\;$ weights, each used at $m_h \cdot m_w$ places.


# %% slideshow={"slide_type": "-"}
def conv(channels, kernel=3, **options):
    """A convolution that keeps height and width, without a bias."""
    options |= {"padding": kernel // 2, "use_bias": False}
    return nn.Conv2D(channels, kernel, **options)


c, k, m = 64, 3, 28  # channels in and out, kernel, height and width
table = summarize(conv(c), (1, c, m, m))
print(f"weights:       {k * k * c * c:10,}, table {table.total_parameters:,}")
work = m * m * k * k * c * c
print(f"multiply-adds: {work:10,}, table {table.total_multiply_adds:,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two questions: what does it **forget** that later layers could use? And must every channel meet every other?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The formula is from notebook 10. No bias: in a network each of these layers is followed by batch
# normalization, which has a shift of its own (notebook 16).
#
# Everything today takes 64 channels of 28×28 and gives 64 channels of 28×28, so that the numbers can be compared. Ask:
# which of the factors would you attack? Most will say the kernel (3×3 to 1×1). The factor 64·64 is larger.


# %% slideshow={"slide_type": "skip"}
def draw_dense():
    """Draw two layers of a residual network above two layers of a densely connected one."""
    boxes = {}
    for row, join, first, last in ((3.8, "+", "x₁\n64", "x₃\n64"), (0.8, "[,]", "x₁\n64", "x₃\n96")):
        width = 64 if join == "+" else 16
        boxes |= {
            f"in {row}": (0, row, "data", first),
            f"f1 {row}": (1, row, "conv", f"f₁\n{width}"),
            f"j1 {row}": (2, row, "join", join),
            f"f2 {row}": (3, row, "conv", f"f₂\n{width}"),
            f"j2 {row}": (4, row, "join", join),
            f"out {row}": (5, row, "data", last),
        }
    arrows = []
    for row in (3.8, 0.8):
        names = [f"{part} {row}" for part in ("in", "f1", "j1", "f2", "j2", "out")]
        arrows += list(itertools.pairwise(names))
        arrows += [(names[0], names[2], row + 0.95), (names[2], names[4], row - 0.8)]
    fig, ax = subplots(width=11.0, height=4.3)
    draw_blocks(ax, boxes, arrows, box_width=0.62, box_height=0.9)
    ax.text(-0.42, 4.95, "ResNet", fontweight="bold", ha="left")
    ax.text(-0.42, 1.95, "DenseNet", fontweight="bold", ha="left")
    show(
        fig,
        alt="Two rows of two layers with ways around them. In ResNet the ways meet in a sum and 64 channels stay 64; "
        "in DenseNet they are put side by side, and 64 channels become 96.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### DenseNet: do not add, keep
#
# ResNet: $\;x_{i+1} = x_i + f_i(x_i)$. DenseNet (2016): $\;x_{i+1} = [x_i, f_i(x_i)]$, the channels side by side.

# %% slideshow={"slide_type": "-"}
draw_dense()

# %% [markdown] slideshow={"slide_type": "fragment"}
# $x_2 = [x_1, f_1(x_1)]$ and $x_3 = [x_1, f_1(x_1), f_2(x_2)]$. The lecture's slide calls both of them $x_2$.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A sum cannot be undone: whoever sees 7 does not know whether it was 3 + 4. A concatenation can.
# Every later layer sees the input and all features made so far, as they were.
#
# The lecture speaks of a Taylor series of higher order: ResNet writes f as x plus a correction, DenseNet keeps each
# correction as a term of its own.
#
# Ask: what is the price? (Channels grow with every layer. The layers can be narrow in return: 16 channels here, as no
# layer has to hand on what is there already.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In code: one `concatenate`


# %% slideshow={"slide_type": "-"}
class DenseBlock(nn.Block):
    def __init__(self, num_layers, growth):
        super().__init__()
        self.layers = nn.Sequential()
        for _ in range(num_layers):
            self.layers.add(conv(growth, activation="relu"))

    def forward(self, X):  # (n, c, h, w)
        for layer in self.layers:
            X = np.concatenate([X, layer(X)], axis=1)  # growth more channels
        return X


summary = summarize(DenseBlock(4, growth=16), (1, 64, 28, 28))
print("weights of the layers:", [row.parameters for row in summary.rows])

# %% [markdown] slideshow={"slide_type": "fragment"}
# Each layer has 16 channels more to read: $9 \cdot 16 \cdot 16 = 2304$ more weights than the one before.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The number of channels that each layer adds is called the *growth rate*.
#
# The paper's f is longer: batch normalization, ReLU, a 1×1 convolution that first brings many channels down to four
# times the growth rate, then again normalization, ReLU and the 3×3 convolution.
#
# Ask: what would happen without the ReLU? (Linear functions of linear functions side by side: still linear.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Channels grow, a transition layer cuts them back


# %% slideshow={"slide_type": "-"}
def sequence(*layers):
    net = nn.Sequential()
    net.add(*layers)
    return net


def transition():
    return sequence(conv(64, 1), nn.AvgPool2D(pool_size=2))


X = np.zeros((1, 64, 28, 28))
for name in ("dense", "transition", "dense", "transition"):
    block = DenseBlock(4, 16) if name == "dense" else transition()
    block.initialize()
    X = block(X)
    print(f"{name:11} {X.shape}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A 1×1 convolution halves the channels, pooling halves height and width. Then it grows again.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Concatenation needs equal heights and widths, so within a block no layer may have a stride. The
# resolution changes between blocks only: that is what the lecture means by 'occasionally need to reduce resolution'.
#
# Ask: how many channels after 4 layers of growth 16 on 64? (64 + 4 · 16.)


# %% slideshow={"slide_type": "skip"}
def draw_squeeze():
    """Draw squeeze-and-excite: channel means, two dense layers, a product."""
    boxes = {
        "x": (0, 0.8, "data", "input\n64×28×28"),
        "pool": (1.1, 2.3, "pool", "mean of each\nchannel: 64"),
        "d1": (2.3, 2.3, "dense", "dense 16\nReLU"),
        "d2": (3.5, 2.3, "dense", "dense 64\nsigmoid"),
        "times": (4.3, 0.8, "join", "×"),
        "y": (5.2, 0.8, "data", "output\n64×28×28"),
    }
    arrows = [("x", "times"), ("x", "pool", 2.3), ("pool", "d1"), ("d1", "d2"), ("d2", "times", 2.3), ("times", "y")]
    fig, ax = subplots(width=11.0, height=3.4)
    draw_blocks(ax, boxes, arrows, box_width=0.86, box_height=0.75)
    show(
        fig,
        alt="From the input one way goes straight to a product. The other takes the mean of each channel through a "
        "dense layer of 16 with ReLU and one of 64 with sigmoid to the same product.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Squeeze and excite: turn channels up and down
#
# Which channels matter for **this** image? Look at all of it, then weigh each channel, from 0 to 1.

# %% slideshow={"slide_type": "-"}
draw_squeeze()


# %% [markdown] slideshow={"slide_type": "fragment"}
# **Squeeze**: one number for each channel. **Excite**: from these numbers a weight for each. Then the product.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A 3×3 convolution sees nine pixels. The mean of a channel has seen the whole image: news from the
# far corner reaches every pixel in one step. The lecture: fast information transfer between pixels in different
# locations.
#
# Two dense layers with a narrow one between them: cheap, and the second decides from what the first has summed up.
#
# Ask: why a sigmoid and no softmax? (Several channels may matter at once. With a softmax they would compete.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In code: small in weights, almost free in work


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


table = summarize(SqueezeExcite(64), (1, 64, 28, 28))
print(f"weights       {table.total_parameters:,} of {k * k * c * c:,}")
print(f"multiply-adds {table.total_multiply_adds:,} of {work:,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The shape stays: the block fits behind any convolution of any network.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The dense layers work once for an image, a convolution once for every place. The product itself is
# not in the count: one multiplication for each number, as cheap as an activation.
#
# `weights` is a method of its own, so that we can look at the weights when the network is trained.
#
# Ask: what does the reshape do? (The weights get two axes of length 1, and broadcasting takes them to every pixel.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fewer connections
#
# Groups, shuffles, and one kernel for each channel.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Who depends on whom?
#
# The gradient tells: it is zero where a change of the input would change nothing.


# %% slideshow={"slide_type": "-"}
def depends(block, channels):
    """(outputs, inputs): true where an output depends on an input."""
    block.initialize(force_reinit=True)
    X, rows = np.random.normal(size=(1, channels, 5, 5)), []
    X.attach_grad()
    for output in range(channels):
        with autograd.record():
            total = block(X)[0, output].sum()
        total.backward()
        rows.append(abs(X.grad[0]).sum(axis=(1, 2)).asnumpy() > 0)
    return onp.stack(rows)


for groups in (1, 4):
    pairs = depends(conv(8, groups=groups), 8)  # (8, 8)
    print(f"groups={groups}: {pairs.sum()} of {pairs.size} pairs")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* For each output channel: add it up, differentiate, and see which input channels have a gradient.
# No formula and no drawing by hand, so it can be used for any block.
#
# `groups=4` cuts the channels into four groups of two. Ask before running: how many pairs are left? (4 groups with
# 2 · 2 pairs.)

# %% slideshow={"slide_type": "skip"}
GROUPS = (
    "Grids of 8×8 pairs of channels. With one group all cells are marked, with 2 groups two blocks of 4×4 on the "
    "diagonal, with 8 groups only the diagonal."
)


def draw_pairs(ax, pairs, title):
    """Draw which output channel (row) depends on which input channel (column)."""
    marks = onp.where(pairs, "●", "")
    draw_cells(ax, marks, pairs, title, indices=True)


def draw_groups(ax, groups):
    """Draw the pairs of channels that a grouped convolution of 8 channels joins."""
    layer = conv(8, groups=groups)
    pairs = depends(layer, 8)
    weights = layer.weight.data().size
    draw_pairs(ax, pairs, f"{groups} group{'s' * (groups > 1)}: {weights} weights")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Grouped convolution: fewer meetings
#
# Rows are output channels, columns input channels. $g$ groups: $\;k_h \cdot k_w \cdot c_i \cdot c_o / g\;$ weights.

# %% slideshow={"slide_type": "-"}
values = [1, 2, 4, 8]  # the slider's, when live
options = {"label": "groups", "alt": GROUPS, "height": 4.2}
explore(draw_groups, [1, 2, 8], values=values, **options)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each marked cell is a 3×3 kernel. Live, move the slider. Ask: which numbers of groups are
# possible? (Divisors of both numbers of channels.) What is the last picture called? (Depthwise: each channel by
# itself.)
#
# The lecture's slide has ResNeXt break the convolution 'into channels'. It is groups of channels; single channels are
# the last picture.
#
# AlexNet had two groups, because its two GPUs had 3 GB each (notebook 13). What was a way out of need became a method.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same from scratch: split, convolve, concatenate

# %% slideshow={"slide_type": "-"}
seed(0)
grouped = conv(64, groups=4)
grouped.initialize()
X = np.random.normal(size=(2, 64, 28, 28))
Y = grouped(X)
kernels = np.split(grouped.weight.data(), 4)  # four of (16, 16, 3, 3)
shape = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 16, "no_bias": True}
parts = np.split(X, 4, axis=1)  # four of (2, 16, 28, 28)
parts = [npx.convolution(parts[i], kernels[i], **shape) for i in range(4)]
scratch = np.concatenate(parts, axis=1)
print("weight:", grouped.weight.shape, " output:", Y.shape)
print("as groups=4:", bool(abs(scratch - Y).max() < 1e-4))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The weight has 16 in the place of 64 input channels: each output channel reads only its own group.
#
# Four convolutions that know nothing of each other. On AlexNet's two GPUs they were indeed on two machines.


# %% slideshow={"slide_type": "skip"}
def draw_bottlenecks():
    """Draw the bottleneck of ResNet above that of ResNeXt."""
    boxes, arrows = {}, []
    rows = {"ResNet": (2.9, "1×1 conv\n64", "3×3 conv\n64"), "ResNeXt": (0.5, "1×1 conv\n128", "3×3, 128\n32 groups")}
    for name, (y, first, second) in rows.items():
        boxes |= {
            f"{name} x": (0, y, "data", "256"),
            f"{name} 1": (1, y, "conv", first),
            f"{name} 2": (2, y, "conv", second),
            f"{name} 3": (3, y, "conv", "1×1 conv\n256"),
            f"{name} +": (3.9, y, "join", "+"),
            f"{name} y": (4.8, y, "data", "256"),
        }
        places = [f"{name} {place}" for place in "x123+y"]
        arrows += [*itertools.pairwise(places), (places[0], places[4], y + 0.95)]
    fig, ax = subplots(width=11.0, height=3.0)
    draw_blocks(ax, boxes, arrows, box_width=0.7, box_height=0.9)
    for name, (y, *_) in rows.items():
        ax.text(-0.4, y + 1.05, name, fontweight="bold", ha="left")
    show(
        fig,
        alt="Two residual blocks of three convolutions: ResNet's is 64 channels wide in the middle, ResNeXt's 128 in "
        "32 groups.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ResNeXt: wider for the same price

# %% slideshow={"slide_type": "-"}
draw_bottlenecks()


# %% slideshow={"slide_type": "-"}
def bottleneck(width, groups):
    return sequence(conv(width, 1), conv(width, groups=groups), conv(256, 1))


for name, width, groups in (("ResNet", 64, 1), ("ResNeXt", 128, 32)):
    table = summarize(bottleneck(width, groups), (1, 256, 14, 14))
    print(f"{name:8}{width:4} channels: {table.total_parameters:,} weights")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Xie and others, 2016. ResNet-50 has this bottleneck; ResNeXt-50 replaces each by one of twice the
# width with 32 groups of four channels. The weights are the same up to a percent, the error on ImageNet went down.
#
# Batch normalization and ReLU are left out of the picture. Ask: where do the groups of the middle layer meet again?
# (In the 1×1 convolution after it, which has no groups.)

# %% slideshow={"slide_type": "skip"}
SHUFFLE_ALT = (
    "Channels 0 to 7 in a row, two groups in two colors; as 2 rows of 4; transposed as 4 rows of 2; in a row again, "
    "where the colors take turns: 0, 4, 1, 5, 2, 6, 3, 7."
)


def draw_shuffle(channels, groups):
    """Draw numbered channels as a row, as a matrix with a row for each group, transposed, and as a row again."""
    row = onp.arange(channels)[None]  # (1, c)
    matrix = row.reshape(groups, -1)
    after = ChannelShuffle(groups)(np.arange(channels).reshape(1, -1, 1, 1)).reshape(1, -1)
    steps = [("channels", row), ("1. reshape", matrix), ("2. transpose", matrix.T)]
    steps.append(("3. reshape", after.asnumpy().astype(int)))
    palette = ["#9BD3F2", "#F7C66B", "#8FD4BC", "#E8B6D1"]
    widths = [max(cells.shape[1], 3) for _, cells in steps]
    fig, axes = subplots(1, 4, width=11.3, height=2.3, width_ratios=widths)
    for ax, (title, cells) in zip(axes, steps, strict=True):
        group = cells // (channels // groups) + 1
        draw_cells(ax, cells, group, title, color=palette)
    show(fig, SHUFFLE_ALT)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Channel shuffle: reshape, transpose, reshape
#
# Two grouped convolutions in a row: the groups never meet. Unless somebody deals the channels anew.


# %% slideshow={"slide_type": "-"}
class ChannelShuffle(nn.Block):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, X):
        n, c, h, w = X.shape
        X = X.reshape(n, self.groups, c // self.groups, h, w)
        return X.transpose(0, 2, 1, 3, 4).reshape(n, c, h, w)


# %% slideshow={"slide_type": "-"}
draw_shuffle(8, groups=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Like dealing cards: two packs of four, from which we take the top cards in turn. No weights, no
# multiplications, only copying. The last row of the picture is what the class has put out, for channels of one pixel.
#
# Ask: which shuffle takes it back? (The one with 4 groups: transpose again.)

# %% slideshow={"slide_type": "skip"}
MIXING_ALT = "Two 8×8 grids: without the shuffle two separate 4×4 blocks are marked, with it all 64 cells."


def draw_mixing(groups=2):
    """Draw what depends on what after two grouped convolutions, without and with a shuffle between them."""
    fig, axes = subplots(1, 2, width=11.0, height=4.0)
    nets = {
        "grouped, grouped": sequence(conv(8, groups=groups), conv(8, groups=groups)),
        "grouped, shuffle, grouped": sequence(conv(8, groups=groups), ChannelShuffle(groups), conv(8, groups=groups)),
    }
    for ax, (title, net) in zip(axes, nets.items(), strict=True):
        pairs = depends(net, 8)
        draw_pairs(ax, pairs, f"{title}: {pairs.sum()} of 64")
    show(fig, MIXING_ALT)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With the shuffle everybody meets
#
# Two convolutions of 8 channels in 2 groups. Who depends on whom after both?

# %% slideshow={"slide_type": "-"}
draw_mixing(groups=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Left: however many such layers we stack, the upper half never hears of the lower half. Two
# networks side by side. Right: one shuffle, and every output depends on every input, with the same number of weights.
#
# Ask: with 8 channels in 4 groups, is one shuffle enough? (No: a group has two channels, so two layers reach four
# inputs. In general the size of a group must be at least the number of groups.)


# %% slideshow={"slide_type": "skip"}
def draw_separable():
    """Draw the two steps of a depthwise-separable convolution, and a shuffled unit."""
    boxes = {
        "x": (0, 2.2, "data", "64"),
        "d": (1, 2.2, "conv", "3×3 conv\n64 groups"),
        "p": (2, 2.2, "conv", "1×1 conv\n64"),
        "y": (3, 2.2, "data", "64"),
        "sx": (0, 0.5, "data", "64"),
        "s1": (1, 0.5, "conv", "1×1 conv\n4 groups"),
        "s2": (2, 0.5, "block", "shuffle"),
        "s3": (3, 0.5, "conv", "3×3 conv\n64 groups"),
        "s4": (4, 0.5, "conv", "1×1 conv\n4 groups"),
        "sy": (5, 0.5, "data", "64"),
    }
    arrows = [("x", "d"), ("d", "p"), ("p", "y")]
    arrows += [("sx", "s1"), ("s1", "s2"), ("s2", "s3"), ("s3", "s4"), ("s4", "sy")]
    fig, ax = subplots(width=11.0, height=3.0)
    draw_blocks(ax, boxes, arrows, box_width=0.76, box_height=0.9)
    ax.text(-0.4, 2.85, "separable", fontweight="bold", ha="left")
    ax.text(-0.4, 1.15, "shuffled", fontweight="bold", ha="left")
    show(
        fig,
        alt="Above: a 3×3 convolution with as many groups as channels, then a 1×1 convolution. Below: a 1×1 "
        "convolution with 4 groups, a shuffle, a 3×3 convolution with as many groups as channels, a 1×1 with 4 groups.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Depthwise separable: first places, then channels
#
# As many groups as channels: a 3×3 kernel each, $k_h \cdot k_w \cdot c$ weights in all, and no mixing. Then a 1×1
# convolution mixes: $c_i \cdot c_o$ more.

# %% slideshow={"slide_type": "-"}
draw_separable()

# %% [markdown] slideshow={"slide_type": "fragment"}
# Even the 1×1 can have groups, if a shuffle lets them meet: below, the core of ShuffleNet.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A convolution does two jobs at once: it compares neighbors in place, and it mixes channels. Here
# each job has a layer of its own. The names: the first is a *depthwise* convolution, the second a *pointwise* one, the
# pair *depthwise separable*.
#
# MobileNet is little else than this pair, thirteen times over. ShuffleNet asked what is left to save, found the 1×1
# convolutions, and grouped these. Its unit adds the input to the output at the end, as ResNet does.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The cost formula
#
# A convolution does the work on the left. The depthwise and the 1×1 convolution together do that on the right:
#
# $$m_h m_w \cdot k_h k_w \cdot c_i c_o \qquad\qquad m_h m_w \cdot k_h k_w \cdot c_i + m_h m_w \cdot c_i c_o$$

# %% slideshow={"slide_type": "-"}
pair = summarize(sequence(conv(c, groups=c), conv(c, 1)), (1, c, m, m))
print("formula:", f"{m * m * k * k * c:,} + {m * m * c * c:,}")
print("table:  ", " + ".join(f"{row.multiply_adds:,}" for row in pair.rows))
saved = work / pair.total_multiply_adds
print(f"{saved:.1f} times less work; 1 / (1/{c} + 1/{k * k}) is", end=" ")
print(f"{1 / (1 / c + 1 / (k * k)):.1f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide stops at $m_h m_w k_h k_w c$: no mixing. The mixing is most of the work.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Divide the right side by the left: 1/c_o + 1/(k_h k_w). With many channels only the second counts:
# nine times less work for 3×3, and that is the limit.
#
# Ask: what would a 5×5 kernel cost in addition? (In the convolution almost three times as much. In the separable one
# the small part grows and the large part stays: that is why later networks take large depthwise kernels.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Side by side
#
# Weights, work, time and accuracy of six blocks in the same network.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Six blocks for one place
#
# Each takes $c$ channels and gives $c$ channels, at the same height and width.


# %% slideshow={"slide_type": "-"}
def shuffled(c, groups=4):
    first, last = conv(c, 1, groups=groups), conv(c, 1, groups=groups)
    return sequence(first, ChannelShuffle(groups), conv(c, groups=c), last)


blocks = {
    "plain": lambda c: conv(c),
    "dense": lambda c: sequence(DenseBlock(2, 16), conv(c, 1)),
    "squeeze-excite": lambda c: sequence(conv(c), SqueezeExcite(c)),
    "grouped": lambda c: conv(c, groups=4),
    "separable": lambda c: sequence(conv(c, groups=c), conv(c, 1)),
    "shuffled": shuffled,
}

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Six recipes by name: given a number of channels, each makes a new block. From here on every table
# and every plot runs over this dictionary.
#
# The dense block gives more channels than it takes, so a 1×1 convolution brings them back, as its transition would.


# %% slideshow={"slide_type": "skip"}
def formulas(c, m, k=3, g=4, r=16):
    """Return for each block its parameters and multiply-adds at c channels of m×m, by hand."""
    dense = k * k * r * (c + c + r) + (c + 2 * r) * c
    squeeze = 2 * c * (c // 4)
    biases = c // 4 + c
    return {
        "plain": (k * k * c * c, m * m * k * k * c * c),
        "dense": (dense, m * m * dense),
        "squeeze-excite": (k * k * c * c + squeeze + biases, m * m * k * k * c * c + squeeze),
        "grouped": (k * k * c * c // g, m * m * k * k * c * c // g),
        "separable": (k * k * c + c * c, m * m * (k * k * c + c * c)),
        "shuffled": (2 * c * c // g + k * k * c, m * m * (2 * c * c // g + k * k * c)),
    }


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What they cost: 64 channels of 28×28

# %% slideshow={"slide_type": "-"}
print(f"{'':15}{'parameters':>11}{'multiply-adds':>15}{'of plain':>10}")
costs, by_hand = {}, formulas(c, m)
for name, make in blocks.items():
    table = summarize(make(c), (1, c, m, m))
    params, costs[name] = table.total_parameters, table.total_multiply_adds
    share = costs[name] / costs["plain"]
    print(f"{name:15}{params:11,}{costs[name]:15,}{share:10.0%}")
    assert (params, costs[name]) == by_hand[name]

# %% [markdown] slideshow={"slide_type": "fragment"}
# The last line holds the table against the formulas, and would stop the notebook if one were wrong.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `formulas`, in the cell above this slide in the notebook, writes each formula once more by hand.
#
# Ask: which rows save, and which improve? (Squeeze-and-excite costs a little more than the plain convolution and saves
# nothing: it is there for accuracy. Grouped, separable and shuffled are there for the cost. Dense is between: the
# layers are narrow, but they read everything.)


# %% slideshow={"slide_type": "skip"}
def milliseconds(block, X, runs=25):
    """Run a block on a batch several times, and return the milliseconds of the fastest run."""
    block.initialize(ctx=X.ctx)
    block(X).wait_to_read()  # the first run also chooses the kernels
    timer = Timer()
    for _ in range(runs):
        timer.start()
        block(X).wait_to_read()
        timer.stop()
    return 1000 * min(timer.times)


def draw_times(costs, times):
    """Draw for each block its multiply-adds and its time, both as percent of the plain convolution's."""
    names = list(costs)
    fig, ax = subplots(width=11.0, height=4.4)
    rows = onp.arange(len(names))
    kinds = {"multiply-adds": (costs, COLORS["sky"], "", -0.2), "time": (times, COLORS["vermilion"], "//", 0.2)}
    for label, (values, color, hatch, shift) in kinds.items():
        shares = [100 * values[name] / values["plain"] for name in names]
        words = [f"{share:.0f} %" for share in shares]
        if values is times:
            words = [f"{word}, {times[name]:.1f} ms" for word, name in zip(words, names, strict=True)]
        bars = ax.barh(rows + shift, shares, 0.38, color=color, hatch=hatch, edgecolor="white", label=label)
        ax.bar_label(bars, words, padding=4, fontsize=13)
    ax.set(yticks=rows, yticklabels=names, xlabel="percent of the plain convolution")
    ax.margins(x=0.2)
    ax.invert_yaxis()
    ax.legend(loc="lower right")
    show(
        fig,
        alt="Two bars for each of six blocks, multiply-adds and measured time, in percent of the plain convolution's. "
        "They differ: the shuffled block has the fewest multiply-adds and is not the fastest.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What they take: milliseconds, measured here

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
X = np.random.normal(size=(16, c, m, m), ctx=try_gpu())
times = {name: milliseconds(make(c), X) for name, make in blocks.items()}
draw_times(costs, times)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Time does not follow work. The shuffle has no multiply-add at all, and yet takes time: it moves data.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A batch of 16 images, the fastest of 25 runs. The times are this machine's, and other programs
# disturb them.
#
# Why the bars differ: a plain 3×3 convolution uses each number that it has read hundreds of times, so the arithmetic is
# the limit. A depthwise one uses each nine times, a shuffle not at all: there the memory is the limit (notebook 09).
#
# Say it honestly: which block is fastest depends on processor and library. On the machine where this was written, 64
# channels in 32 groups took three times as long as in 8 groups, with a quarter of the work: groups of two channels do
# not fill its vector units. With 64 groups, depthwise, the library has code of its own, and is fast again. So measure
# where the network is to run.


# %% slideshow={"slide_type": "skip"}
def draw_frame():
    """Draw the network in which each block is trained."""
    boxes = {
        "x": (0, 1, "data", "image\n1×28×28"),
        "stem": (1, 1, "conv", "7×7 conv\nstride 4"),
        "b1": (2, 1, "block", "block\nc×7×7"),
        "pool": (3, 1, "pool", "max\npool 2×2"),
        "b2": (4, 1, "block", "block\nc×3×3"),
        "mean": (5, 1, "pool", "global\nmean"),
        "dense": (6, 1, "dense", "dense\n10"),
    }
    names = list(boxes)
    fig, ax = subplots(width=11.5, height=1.7)
    draw_blocks(ax, boxes, list(itertools.pairwise(names)))
    show(fig, alt="Image, 7×7 convolution with stride 4, block, max pooling, block, global mean, dense layer of 10.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### One small network, six blocks

# %% slideshow={"slide_type": "-"}
draw_frame()


# %% slideshow={"slide_type": "-"}
def active(block):
    return sequence(block, nn.BatchNorm(), nn.Activation("relu"))


def network(make, c):
    stem = active(conv(c, 7, strides=4))  # (n, c, 7, 7)
    first, second = active(make(c)), active(make(c))
    pool = nn.MaxPool2D(pool_size=2)  # (n, c, 3, 3)
    head = sequence(nn.GlobalAvgPool2D(), nn.Dense(10))
    return sequence(stem, first, pool, second, head)


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Stem, block, pool, block, mean, scores: the shape of every network since GoogLeNet, at its
# smallest. The large stride in the stem is for speed, as in ResNet, whose stem also divides the sides by four.
#
# Only what stands in the two places of `block` is exchanged: same data, same order, same learning rate, same epochs.

# %% [markdown] slideshow={"slide_type": "skip"}
# The sizes are for two cores and a quarter of a minute. With `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the
# environment, before Jupyter starts, the same cells take more channels, all images and more epochs: for a GPU, or an
# evening.

# %% slideshow={"slide_type": "skip"}
channels = at_scale(laptop=32, full=128)
train_size = at_scale(laptop=1500, full=None)
test_size = at_scale(laptop=1000, full=None)
num_epochs = at_scale(laptop=5, full=20)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Train each for a moment
#
# About 15 seconds for all six on two cores.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
options = {"optimizer": "adam", "seed": 0, "plot": False}
nets, accuracies = {}, {}
for name, make in blocks.items():
    net = nets[name] = network(make, channels)
    train, test = load_data(32, train_size=train_size, test_size=test_size)
    first = fit(net, train, num_epochs=num_epochs, lr=0.01, **options)
    last = fit(net, train, test, num_epochs=2, lr=0.001, **options)
    accuracies[name] = last.test_accuracy[-1]
    seconds = sum(first.seconds + last.seconds)
    print(f"{name:15} accuracy {accuracies[name]:.2f}, {seconds:.1f} s")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* At the larger learning rate the test accuracy jumps from epoch to epoch; two epochs at a tenth of
# it settle it. Each call of `fit` goes on from where the network is.
#
# Seven epochs on 1,500 images are no contest: differences of a few points are chance. What can be seen: all of them
# learn, and the small ones need not be far behind.
#
# Let the class bet before running: which will be best, which fastest?


# %% slideshow={"slide_type": "skip"}
def draw_results(accuracies, sizes):
    """Plot test accuracy against the number of parameters, a name and a marker for each block."""
    fig, ax = subplots(width=11.0, height=4.2)
    looks = zip("osD^vP", [name for name in COLORS if name != "black"], strict=True)
    for (name, accuracy), (marker, color) in zip(accuracies.items(), looks, strict=True):
        label = f"{name}, {sizes[name]:,}"
        ax.plot(sizes[name], accuracy, marker, color=COLORS[color], markersize=14, label=label)
    low, high = min(sizes.values()) / 1.3, 1.3 * max(sizes.values())
    ticks = [tick for power in (1e3, 1e4, 1e5) for tick in (power, 2 * power, 5 * power) if low < tick < high]
    ax.set(xlabel="parameters of the network (logarithmic)", ylabel="test accuracy", xscale="log", xlim=(low, high))
    ax.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    ax.minorticks_off()
    ax.set_ylim(min(accuracies.values()) - 0.02, min(1, max(accuracies.values()) + 0.01))
    ax.grid()
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), labelspacing=0.8)
    show(
        fig,
        alt="Test accuracy against parameters: the separable and the shuffled block have a tenth of the parameters of "
        "the dense one and lose a few points.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Accuracy and size

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
sizes = {}
for name, net in nets.items():
    sizes[name] = summarize(net, (1, 1, 28, 28)).total_parameters
draw_results(accuracies, sizes)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Fewer weights cost some accuracy, and much less of it than of weights.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Down and to the left is cheap, up and to the right is good. Ask: for a phone, which would you
# take? And what would you do with the weights that separable has saved? (More channels, more layers: that is what the
# papers did. At equal work, not at equal channels, the modern blocks win.)


# %% slideshow={"slide_type": "skip"}
def images_of(digits, each=2):
    """Return test images: so many of each digit, in order."""
    images, labels = load_images(train=False)
    rows = [row for digit in digits for row in onp.flatnonzero(labels.asnumpy() == digit)[:each]]
    return images[np.array(rows)]


def channel_weights(net, images):
    """Return the weights, (n, c), that the second squeeze-and-excite block of the network gives to its channels."""
    features = net[2](net[1](net[0](images)))
    convolution, squeeze_excite = net[3][0]
    return squeeze_excite.weights(convolution(features)).asnumpy()


def draw_channel_weights(images, weights):
    """Draw images, and beside each the weights of its channels as a row of colors."""
    chosen = onp.argsort(weights.std(axis=0))[-16:]  # those that differ most from image to image
    order = chosen[onp.argsort((weights[:2] - weights[-2:]).mean(axis=0)[chosen])]
    fig, axes = subplots(len(images), 2, width=11.0, height=3.8, width_ratios=(1, 12))
    for (left, right), image, row in zip(axes, images, weights, strict=True):
        left.imshow(-image[0].asnumpy(), cmap="gray")
        picture = right.imshow(row[None, order], aspect="auto", cmap="viridis", vmin=0, vmax=1)
        for ax in (left, right):
            ax.set(xticks=[], yticks=[])
    fig.colorbar(picture, ax=axes[:, 1], label="weight")
    show(
        fig,
        alt="Six digits, two of each kind; beside each a row of 16 colored cells, the weights of its channels. Rows of "
        "the same digit look alike, rows of different digits differ.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What squeeze-and-excite turns up
#
# Six images, and for each the weights in the second block: of the 16 channels that differ most between them.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
images = images_of([0, 1, 7])  # (6, 1, 28, 28)
net = nets["squeeze-excite"]
weights = channel_weights(net, images.as_in_ctx(try_gpu()))  # (6, 32)
draw_channel_weights(images, weights)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two images of a digit get similar weights, two digits different ones: the block knows what it is looking at.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Bright is turned up, dark is turned down. Sixteen of the 32 channels are shown; the others have
# about the same weight for all six. They are sorted by how much more weight the first digit gives them than the last,
# so that the pattern shows.
#
# The paper looked at the same in a deep network: in early layers all classes get about the same weights, in late ones
# each class has its own. Ask: is there a channel that is always on? One that is always off could be thrown away.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Real networks combine them
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

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two columns came to stay: the sum, from ResNet, and the depthwise convolution.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All of them also have normalization, and 1×1 convolutions or dense layers over the channels, which
# is the same. SENet won the last ImageNet contest, in 2017, with squeeze-and-excite in a ResNeXt. ShuffleNet adds, and
# concatenates where it halves the resolution.
#
# Ask before the sentence: which columns came to stay?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### MobileNet, counted
#
# Gluon's model zoo has it. Where is the work?

# %% slideshow={"slide_type": "-"}
mobilenet = summarize(vision.mobilenet1_0(), (1, 3, 224, 224))
kinds = {"1×1": "×1×1", "depthwise": " groups", "dense": "Dense"}
for kind, mark in kinds.items():
    rows = [row for row in mobilenet.rows if mark in row.name]
    share = sum(row.parameters for row in rows) / mobilenet.total_parameters
    share_work = sum(row.multiply_adds for row in rows)
    share_work /= mobilenet.total_multiply_adds
    print(f"{kind:9} {share:5.1%} of parameters, {share_work:5.1%} of work")
print(f"in all: {mobilenet.total_parameters:,} parameters,", end=" ")
print(f"{mobilenet.total_multiply_adds:,} multiply-adds")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The paper says 4.2 million parameters, 569 million multiply-adds, 95 % of them in 1×1 convolutions. So does the cell.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The depthwise layers, which look at neighbors, do three percent of the work. Nearly all the rest
# is mixing of channels, which is why ShuffleNet grouped the 1×1 convolutions.
#
# Ask: how many times less is that than VGG's 15 billion multiply-adds (notebook 14)? (Some 27 times.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - DenseNet concatenates instead of adding; transition layers cut the channels back.
# - Squeeze-and-excite weighs channels by what is in the whole image.
# - $g$ groups divide weights and work by $g$; a shuffle lets groups meet.
# - Depthwise separable: places first, then channels; at most $k_h k_w$ times less work.
# - Count the work, and measure the time: they are not the same.

# %% [markdown] slideshow={"slide_type": "fragment"}
# This part began with a 5×5 kernel and ends here. The original course goes on with *computation* (compiled networks,
# several GPUs, many machines) and *sequences* (text, recurrent networks). These two parts are not yet written.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The way from LeNet to here in four sentences. Notebooks 10 to 12: share weights among places,
# pool, decide. 13 to 15: deeper, in blocks, with several paths. 16 and 17: make depth trainable. 18: keep, weigh, and
# mix only what has to be mixed.
#
# A good moment to ask what the class would build: which of the blocks, for which device, with which budget?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 18.1: predict the weights
#
# 128 channels in, 128 out, 5×5 kernels, no biases. How many weights has the plain convolution, the one with 8 groups,
# and the depthwise-separable pair?

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
# With width $w$ the three layers have $256 w$, $9 w^2 / 8$ and $256 w$ weights. Try the multiples of 8 above 64.
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
# `X.mean(axis=(2, 3))` has shape (n, c). `np.dot(..., W1.T)` makes it (n, r). `npx.relu` and `npx.sigmoid` are there.
# Give the weights two more axes before the product: `.reshape(n, c, 1, 1)`.
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

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Huang, Liu, van der Maaten, Weinberger: [Densely Connected Convolutional
#   Networks](https://arxiv.org/abs/1608.06993), 2016
# - Hu, Shen, Albanie, Sun, Wu: [Squeeze-and-Excitation Networks](https://arxiv.org/abs/1709.01507), 2017
# - Xie, Girshick, Dollár, Tu, He: [Aggregated Residual Transformations for Deep Neural
#   Networks](https://arxiv.org/abs/1611.05431), 2016. ResNeXt.
# - Howard and others: [MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
#   Applications](https://arxiv.org/abs/1704.04861), 2017
# - Zhang, Zhou, Lin, Sun: [ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile
#   Devices](https://arxiv.org/abs/1707.01083), 2017
# - Later: [MobileNetV2](https://arxiv.org/abs/1801.04381), [EfficientNet](https://arxiv.org/abs/1905.11946),
#   [ConvNeXt](https://arxiv.org/abs/2201.03545)
# - *Dive into Deep Learning*, [Densely Connected Networks
#   (DenseNet)](https://d2l.ai/chapter_convolutional-modern/densenet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# This was the last notebook of the part on convolutional networks. The two parts that follow in the original course,
# computation and sequences, are not yet written.
