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
# Which window is best for a convolution? The winner of 2014 does not choose, and needs a ninth of AlexNet's parameters.
#
# *40 minutes · needs 10, 11, 14 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* LeNet, AlexNet and VGG are chains: one layer after the other, and for each layer somebody chose
# the size of the window. Today the chain splits into four paths, and the results are put side by side.
#
# The plan: the question, the block, what it costs, the network made of nine such blocks, a short training, and what
# three later versions changed. Training takes about 10 seconds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Join** the outputs of several paths along the channels.
# - **Build** an Inception block, and see why it has 1×1 convolutions.
# - **Compute** what it costs beside a 3×3 and a 5×5 convolution.
# - **Assemble** GoogLeNet from nine blocks, and train a narrow one.
# - **Explain** what versions 2, 3 and 4 changed.

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
from matplotlib.patches import Polygon, Rectangle
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    at_scale,
    check,
    draw_blocks,
    draw_cells,
    explore,
    fit,
    load_data,
    load_photo,
    seed,
    show,
    subplots,
    summarize,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_windows(photo, row, column, sizes):
    """Draw a photo with windows of several sizes around one pixel, and what is in each."""
    pixels = photo.transpose(1, 2, 0).asnumpy()  # (height, width, 3)
    fig, axes = subplots(1, len(sizes) + 1, width=11.6, height=3.3, width_ratios=[1.5] + [1] * len(sizes))
    axes[0].imshow(pixels)
    for ax, (network, k) in zip(axes[1:], sizes.items(), strict=True):
        top, left = row - k // 2, column - k // 2
        frame = {"fill": False, "edgecolor": "white", "linewidth": 1.5}
        axes[0].add_patch(Rectangle((left - 0.5, top - 0.5), k, k, **frame))
        ax.imshow(pixels[top : top + k, left : left + k])
        ax.set_title(f"{network}\n{k}×{k}")
    for ax in axes:
        ax.set_axis_off()
    show(fig, alt="A portrait with four square windows around an eye: one pixel, a spot, a pupil, the whole eye.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## All of them at once
#
# Four convolutions side by side, and how that stays cheap.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which convolution is best?
#
# Four networks, four answers. This is what one kernel sees at one place:

# %% slideshow={"slide_type": "-"}
answers = {"NiN": 1, "VGG": 3, "LeNet": 5, "AlexNet": 11}
draw_windows(load_photo(96), row=43, column=59, sizes=answers)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A small window sees detail, a large one sees things. Pictures hold both, in every size.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each of these is the window that the network is known for: the first layers of LeNet and AlexNet,
# all layers of VGG, and the 1×1 layers of NiN, which combine the channels of one pixel (notebooks 10 and 14).
#
# Ask: which would you take to find an eye? (Nobody can say before knowing how large the eye is in the picture: a
# portrait, or a face in a crowd?) The right size depends on the image, and even on the place in the image.


# %% slideshow={"slide_type": "skip"}
def draw_naive():
    """Draw four operations side by side on one input, joined by a concatenation."""
    boxes = {
        "x": (0, 1.5, "data", "input"),
        "1": (1.5, 3, "conv", "1×1 convolution"),
        "3": (1.5, 2, "conv", "3×3 convolution"),
        "5": (1.5, 1, "conv", "5×5 convolution"),
        "p": (1.5, 0, "pool", "3×3 max pooling"),
        "cat": (3, 1.5, "data", "concatenate"),
    }
    paths = ("1", "3", "5", "p")
    fig, ax = subplots(width=11.0, height=3.9)
    draw_blocks(ax, boxes, [("x", path) for path in paths] + [(path, "cat") for path in paths])
    show(fig, alt="One input goes into a 1×1, a 3×3, a 5×5 convolution and a pooling; all four are concatenated.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why choose? Take them all
#
# The same input goes along four **paths**. Training decides which path is used for what.

# %% slideshow={"slide_type": "-"}
draw_naive()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Inception, 2014. The name comes from the film, by way of a picture on the internet: 'we need to go
# deeper'.
#
# Ask: how can four results become one again? Somebody will say: add them. That is possible too (notebook 17). Here they
# are concatenated: nothing is mixed, and the next layer can tell the paths apart.
#
# Ask: what must be equal for that? (Height and width. The number of channels may differ.)


# %% slideshow={"slide_type": "skip"}
def draw_concatenation(A, B, joined):
    """Draw the channels of two inputs and of their concatenation as grids of numbers."""
    planes = [*A[0], *B[0], *joined[0]]
    names = ["A", "B, channel 0", "B, channel 1", "channel 0", "channel 1", "channel 2"]
    shades = [COLORS["orange"], COLORS["sky"], COLORS["sky"], COLORS["orange"], COLORS["sky"], COLORS["sky"]]
    fig, axes = subplots(1, 7, width=11.6, height=1.9, width_ratios=[1, 1, 1, 0.5, 1, 1, 1])
    axes[3].text(0.5, 0.5, "→", ha="center", va="center", fontsize=26)
    axes[3].set_axis_off()
    places = [ax for index, ax in enumerate(axes) if index != 3]
    for ax, plane, name, shade in zip(places, planes, names, shades, strict=True):
        draw_cells(ax, plane, onp.ones(plane.shape), name, color=shade)
    show(fig, alt="One plane of A and two of B, each 2×2, become three planes in a row, their numbers unchanged.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Concatenation along the channels
#
# Shapes are $(N, C, H, W)$, so the channels are axis 1.

# %% slideshow={"slide_type": "-"}
A = np.array([[[[1, 2], [3, 4]]]])  # (1, 1, 2, 2)
B = np.array([[[[5, 6], [7, 8]], [[0, 0], [9, 9]]]])  # (1, 2, 2, 2)
joined = np.concatenate([A, B], axis=1)
print(A.shape, B.shape, "→", joined.shape)
draw_concatenation(A, B, joined)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Channels add up: 1 + 2 = 3. No number is changed, and no weight is needed.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: what would axis 0 give? (Nothing: it would put two images into one batch, and their channels
# differ, so MXNet refuses.) And axis 2? (Maps on top of each other: refused as well, for the same reason.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Every path keeps height and width
#
# A window of odd size $k$ needs $\lfloor k/2 \rfloor$ rows of padding on each side, and stride 1.


# %% slideshow={"slide_type": "-"}
def conv(channels, k):
    return nn.Conv2D(channels, k, padding=k // 2, activation="relu")


input_shape = (1, 192, 28, 28)
same_size_pool = nn.MaxPool2D(3, strides=1, padding=1)
for layer in (conv(8, 1), conv(8, 3), conv(8, 5), same_size_pool):
    row = summarize(layer, input_shape).rows[0]
    print(f"{row.name:17} {row.output_shape}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Unlike the poolings so far this one moves by one place, so it does not shrink anything. It puts
# out, for each place, the strongest answer in the neighborhood.
#
# Ask: how many channels does the pooling put out? (As many as go in, always. Remember this number, 192: it will be a
# nuisance on the next slides.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A 5×5 window over 192 channels is dear
#
# A **bottleneck** helps: a 1×1 convolution first puts the 192 channels into 16. A 5×5 then reads only those.


# %% slideshow={"slide_type": "-"}
def weights(c_in, c_out, k):
    return c_in * c_out * k * k


direct = weights(192, 32, k=5)
bottleneck = weights(192, 16, k=1) + weights(16, 32, k=5)
print(f"direct           {direct:8,} weights")
print(f"through 16       {bottleneck:8,} weights")
print(f"a saving of      {1 - bottleneck / direct:8.0%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Each weight works once at every place, so the multiply-adds shrink by the same factor.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A 1×1 convolution is a dense layer over the channels of a pixel (notebook 10). Here it has fewer
# outputs than inputs: it keeps what training finds worth keeping.
#
# Ask: what is the price? (16 numbers cannot say all that 192 can. And one more ReLU, which is rather a gain.)

# %% slideshow={"slide_type": "skip"}
NECKS = "Hourglasses from 192 channels over 4, 16, 64 and 160 to 32: 3, 10, 41 and 103 percent of the direct weights."


def draw_bottleneck(ax, width):
    """Draw 192 channels that become `width` and then 32, as bars, with the number of weights between them."""
    channels = (192, width, 32)
    for x, height in enumerate(channels):
        ax.bar(x, height, width=0.16, bottom=-height / 2, color=COLORS["blue"])
        ax.text(x, 104, str(height), ha="center")
    for x, shade in ((0, "#D6ECF8"), (1, "#FCEBC8")):
        left, right = channels[x] / 2, channels[x + 1] / 2
        corners = [(x + 0.1, left), (x + 0.9, right), (x + 0.9, -right), (x + 0.1, -left)]
        ax.add_patch(Polygon(corners, facecolor=shade, edgecolor="none"))
    first, second = weights(192, width, k=1), weights(width, 32, k=5)
    ax.text(0.5, -126, f"1×1\n{first:,}", ha="center", va="center")
    ax.text(1.5, -126, f"5×5\n{second:,}", ha="center", va="center")
    share = (first + second) / weights(192, 32, k=5)
    ax.set_title(f"width {width}: {share:.0%} of direct\n{(first + second) * 28**2 / 1e6:.1f} M multiply-adds")
    ax.set(xlim=(-0.4, 2.4), ylim=(-160, 125))
    ax.set_axis_off()


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Move the width of the bottleneck
#
# Bars are channels, the numbers below are weights. From which width on is the detour longer?

# %% slideshow={"slide_type": "-"}
cases = [4, 16, 64, 160]
widths = list(range(4, 193, 4))  # the slider's, when live
look = {"label": "width", "alt": NECKS, "height": 4.0}
explore(draw_bottleneck, cases, values=widths, **look)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Both layers cost in proportion to the width: each of the narrow channels has 192 weights before it
# and 25 · 32 after it. So the detour pays as long as the width is below 153,600 / 992, about 155.
#
# Ask: why not width 4, then? (It is nearly free, but four numbers per pixel is all that the 5×5 gets to see.) The
# authors took 16. Such choices were made by trying.


# %% slideshow={"slide_type": "skip"}
def draw_first_block():
    """Draw the first Inception block of GoogLeNet with its channels."""
    boxes = {
        "x": (0, 1.5, "data", "input\n192×28×28"),
        "a": (2, 3, "conv", "1×1\n64 channels"),
        "b1": (1, 2, "conv", "1×1\n96"),
        "b2": (2, 2, "conv", "3×3\n128 channels"),
        "c1": (1, 1, "conv", "1×1\n16"),
        "c2": (2, 1, "conv", "5×5\n32 channels"),
        "d1": (1, 0, "pool", "3×3 max\npooling"),
        "d2": (2, 0, "conv", "1×1\n32 channels"),
        "cat": (3, 1.5, "data", "concatenate\n256×28×28"),
    }
    arrows = [("x", "a", 3), ("x", "b1"), ("b1", "b2"), ("x", "c1"), ("c1", "c2"), ("x", "d1", 0), ("d1", "d2")]
    arrows += [("a", "cat", 3), ("b2", "cat"), ("c2", "cat"), ("d2", "cat", 0)]
    fig, ax = subplots(width=11.5, height=4.6)
    draw_blocks(ax, boxes, arrows, box_width=0.66)
    show(
        fig,
        alt="Input of 192 channels; path 1: 1×1 to 64; path 2: 1×1 to 96, 3×3 to 128; path 3: 1×1 to 16, 5×5 to 32; "
        "path 4: pooling, 1×1 to 32; concatenated to 256.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## One block
#
# Its code, its shapes, its price.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The first Inception block

# %% slideshow={"slide_type": "-"}
draw_first_block()
print("channels out:", 64 + 128 + 32 + 32)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The numbers are those of the paper's block 3a. Path 1 has no bottleneck: it is one. In paths 2 and
# 3 the 1×1 comes first, to make the large window cheap. In path 4 it comes last, to cut down the 192 channels of the
# pooling.
#
# Ask: which path gets most channels? (The 3×3, half of them.) Which do you think has most weights? (Also the 3×3; you
# compute it for the next block in exercise 14.1.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The block in Gluon


# %% slideshow={"slide_type": "-"}
def chain(*layers):
    net = nn.Sequential()
    net.add(*layers)
    return net


class Inception(nn.Block):
    def __init__(self, c1, c2, c3, c4, conv=conv):
        super().__init__()
        self.path1 = conv(c1, 1)
        self.path2 = chain(conv(c2[0], 1), conv(c2[1], 3))
        self.path3 = chain(conv(c3[0], 1), conv(c3[1], 5))
        self.path4 = chain(nn.MaxPool2D(3, strides=1, padding=1), conv(c4, 1))

    def forward(self, X):
        paths = (self.path1, self.path2, self.path3, self.path4)
        return np.concatenate([path(X) for path in paths], axis=1)


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A class, because `Sequential` can only stack. `__init__` says which layers there are; Gluon finds
# their parameters by itself, as they are attributes. `forward` says how the data runs.
#
# The arguments: c1 and c4 are one number, c2 and c3 a pair, bottleneck and output. `conv` is an argument as well: it
# lets us exchange all convolutions of the block at once, for version 2.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What each path puts out

# %% slideshow={"slide_type": "-"}
seed(0)
block = Inception(64, (96, 128), (16, 32), 32)
block.initialize()
X = np.random.uniform(size=(1, 192, 28, 28))
Y = block(X)
paths = [block.path1, block.path2, block.path3, block.path4]
for number, path in enumerate(paths, start=1):
    print(f"path {number}: {path(X).shape}")
print(f"block:  {Y.shape}")
print("channels 64 to 191 are path 2:", bool((Y[:, 64:192] == block.path2(X)).all()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The block's output is the four outputs and nothing else: cut out the right channels and you hold a
# path in your hands.
#
# Ask: at which channel does path 3 start? (64 + 128 = 192, and it ends at 223.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What it costs: by hand and by the table

# %% slideshow={"slide_type": "-"}
layers = [(192, 64, 1)]  # path 1: channels in, channels out, window
layers += [(192, 96, 1), (96, 128, 3)]  # path 2
layers += [(192, 16, 1), (16, 32, 5)]  # path 3
layers += [(192, 32, 1)]  # path 4, after the pooling
by_hand = sum(weights(*layer) for layer in layers)
biases = sum(c_out for _, c_out, _ in layers)
table = summarize(Inception(64, (96, 128), (16, 32), 32), input_shape)
print(f"weights       {by_hand:11,}")
print(f"with biases   {by_hand + biases:11,}, table {table.total_parameters:11,}")
print(f"multiply-adds {by_hand * 28**2:11,}, table {table.total_multiply_adds:11,}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Every weight is used at each of the 28 · 28 places, so the multiply-adds are 784 times the
# weights. There is one bias for each output channel of a convolution, those of the bottlenecks included.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Cheaper than one convolution
#
# All three read 192 channels of 28×28 and put out 256.

# %% slideshow={"slide_type": "-"}
rivals = {"Inception": Inception(64, (96, 128), (16, 32), 32)}
rivals |= {"3×3": conv(256, 3), "5×5": conv(256, 5)}
slide = {"Inception": "0.16 M  128 M", "3×3": "0.44 M  346 M"}
slide |= {"5×5": "1.22 M  963 M"}
print(" " * 10 + "parameters    weights  multiply-adds   the lecture's slide")
for name, net in rivals.items():
    table = summarize(net, input_shape)
    work = table.total_multiply_adds
    counts = f"{table.total_parameters:11,}{work // 28**2:11,}{work:15,}"
    print(f"{name:9}{counts}   {slide[name]}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# With biases or without, the slide's digits are the same. It cuts off: rounded, 1,228,800 is 1.23 M, and
# 346,816,512 is 347 M.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The first column has the biases in it, the second has not; the difference is small. What the slide
# calls FLOPS are multiply-adds: one multiplication with its addition.
#
# Ask: the block contains a 3×3 *and* a 5×5 convolution. How can it be cheaper than either? (Fewer channels in each
# path, and bottlenecks before the large windows. The next slide tells which of the two does more.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What the bottlenecks save
#
# The same block with a 3×3 and a 5×5 that read all 192 channels:

# %% slideshow={"slide_type": "-"}
wide = Inception(64, (96, 128), (16, 32), 32)
wide.path2 = chain(conv(128, 3))
wide.path3 = chain(conv(32, 5))
three = {"as it is": rivals["Inception"], "without": wide, "3×3": rivals["3×3"]}
for name, net in three.items():
    work = summarize(net, input_shape).total_multiply_adds
    print(f"{name:9}{work // 28**2:9,} weights{work / 1e6:6.0f} M multiply-adds")
print("without path 4's 1×1 as well:", 64 + 128 + 32 + 192, "channels")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Without bottlenecks four paths cost nearly as much as one 3×3. With them, well under half.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Path 4 keeps its 1×1 here, so that 256 channels come out. Without it the 192 channels of the
# pooling go straight into the output: every block would then put out more channels than it got, and the next block
# would pay for them.

# %% slideshow={"slide_type": "skip"}
# Channels of the nine blocks: 1×1, (bottleneck, 3×3), (bottleneck, 5×5), 1×1 after the pooling.
BLOCKS = {
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
NINE = tuple(BLOCKS)  # their names


def narrow(channels, width):
    """Multiply a number of channels, or each of a group, by `width`."""
    if isinstance(channels, tuple):
        return tuple(narrow(part, width) for part in channels)
    return int(channels * width)


def draw_googlenet(net, size):
    """Draw GoogLeNet's stages as lines, to be read like a text; the sizes on the right come from the network."""
    rows = summarize(net, size, depth=1).rows
    pool = ("pool", "max pool\n÷2")
    lines = [
        [("conv", "7×7\n÷2"), pool],
        [("conv", "1×1"), ("conv", "3×3"), pool],
        [("block", "Inception\n3a"), ("block", "Inception\n3b"), pool],
        [
            ("block", "Inception\n4a"),
            ("block", "Inception\n4b"),
            ("block", "Inception\n4c"),
            ("block", "Inception\n4d"),
            ("block", "Inception\n4e"),
            pool,
        ],
        [("block", "Inception\n5a"), ("block", "Inception\n5b"), ("pool", "average"), ("dense", "dense\n1000")],
    ]
    boxes, arrows = {}, []
    for stage, line in enumerate(lines):
        for place, (kind, text) in enumerate(line):
            boxes[f"{stage} {place}"] = (place, -stage, kind, text)
            if place:
                arrows.append((f"{stage} {place - 1}", f"{stage} {place}"))
    fig, ax = subplots(width=11.6, height=5.4)
    draw_blocks(ax, boxes, arrows, box_width=0.82)
    for stage in range(5):
        shape = "×".join(str(side) for side in rows[stage].output_shape[1:])
        ax.text(-0.55, -stage, f"stage {stage + 1}", ha="right", va="center")
        ax.text(5.6, -stage, shape, ha="left", va="center")
    ax.set_xlim(-1.4, 6.7)
    show(
        fig,
        alt="Five lines of boxes: two stages of convolutions, then two, five and two Inception blocks; each of the "
        "first four stages ends in a pooling, the last in an average and a dense layer.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## GoogLeNet
#
# Nine blocks in a row, counted and trained.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### GoogLeNet in Gluon
#
# `BLOCKS` holds the channels of the paper's nine blocks. `width` makes all layers narrower.


# %% slideshow={"slide_type": "-"}
def googlenet(classes=1000, width=1, names=NINE, block=Inception, conv=conv):
    def stage(number):
        chosen = [BLOCKS[name] for name in names if name[0] == number]
        return [block(*narrow(channels, width), conv=conv) for channels in chosen]

    c = narrow(64, width)
    first = nn.Conv2D(c, 7, strides=2, padding=3, activation="relu")
    pools = [nn.MaxPool2D(3, strides=2, padding=1) for _ in range(4)]
    net = chain(chain(first, pools[0]), chain(conv(c, 1), conv(3 * c, 3), pools[1]))
    net.add(chain(*stage("3"), pools[2]), chain(*stage("4"), pools[3]))
    net.add(chain(*stage("5"), nn.GlobalAvgPool2D()))
    net.add(nn.Dropout(0.4), nn.Dense(classes))
    return net


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it stage by stage. Stage 1 is that of AlexNet, stage 2 resembles path 2 of a block. Then two,
# five and two blocks. Each of the first four stages ends with a pooling that halves height and width, and every block
# is called with its line of the table `BLOCKS`, in the cell above.
#
# At the end there are no large dense layers: each of the 1,024 maps is averaged to one number, and one dense layer
# turns these into scores. The idea is NiN's.

# %% [markdown] slideshow={"slide_type": "skip"}
# **What differs from the network of 2014.** The original normalized neighboring channels in stages 1 and 2, which has
# no parameters. And it had two *auxiliary heads*: small classifiers on the blocks 4a and 4d, whose losses were added to
# the main loss while training, to bring gradients into the middle of the network. They were removed for prediction;
# later experiments found that they helped little. Ours does without.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five stages, nine blocks

# %% slideshow={"slide_type": "-"}
draw_googlenet(googlenet(), (1, 3, 224, 224))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it like a text, line by line. On the right is what the stage puts out: half the height and
# width each time, and more channels. Stage 1 halves twice, so 224 becomes 56.
#
# Ask: how many layers with weights lie one behind the other? (22: three in stages 1 and 2, two in each of nine blocks,
# and the dense one. AlexNet has 8.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Full size, stage by stage
#
# Color images of 224×224, 1000 classes.

# %% slideshow={"slide_type": "-"}
full_size = summarize(googlenet(), (1, 3, 224, 224), depth=1)
lines = ["stage 1", "stage 2", "3a 3b", "4a … 4e", "5a 5b", "dropout", "dense"]
print(f"{'output':>15}{'parameters':>16}{'multiply-adds':>15}")
for name, row in zip(lines, full_size.rows, strict=True):
    shape = "×".join(str(side) for side in row.output_shape[1:])
    print(f"{name:9}{shape:11}{row.parameters:11,}{row.multiply_adds:15,}")
work = full_size.total_multiply_adds
print(f"{'in all':20}{full_size.total_parameters:11,}{work:15,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The paper says 1.5 billion multiply-adds. Its own table of layers adds up to 6.8 million parameters.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Seven million against 6.8: the lines of the paper's table are rough. It counts 159K for block 3a,
# in units of 1024, and 2.7K for the first convolution, where a plain 7×7 has 9,408 weights. In the same line it counts
# 34 million multiply-adds instead of 118: that explains the difference to 1.5 billion.
#
# Ask: which stage has most parameters, and which does most of the work? (Both times stage 4, with five of the nine
# blocks. But stage 3 does nearly as much work with a fifth of the parameters: its maps have four times the places.)

# %% slideshow={"slide_type": "skip"}
# Channels in, channels out, window, side of the output; dense layers have window 1 and side 1.
ALEXNET = [(3, 96, 11, 55), (96, 256, 5, 27), (256, 384, 3, 13), (384, 384, 3, 13), (384, 256, 3, 13)]
ALEXNET += [(256 * 6 * 6, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]
VGG11 = [(3, 64, 3, 224), (64, 128, 3, 112), (128, 256, 3, 56), (256, 256, 3, 56)]
VGG11 += [(256, 512, 3, 28), (512, 512, 3, 28), (512, 512, 3, 14), (512, 512, 3, 14)]
VGG11 += [(512 * 7 * 7, 4096, 1, 1), (4096, 4096, 1, 1), (4096, 1000, 1, 1)]


def count(layers):
    """Return the parameters in convolutions, those in dense layers, and the multiply-adds of a chain of layers."""
    parameters = [c_out * (c_in * k * k + 1) for c_in, c_out, k, _ in layers]
    dense = sum(number for number, layer in zip(parameters, layers, strict=True) if layer[3] == 1)
    work = sum(weights(c_in, c_out, k) * side**2 for c_in, c_out, k, side in layers)
    return sum(parameters) - dense, dense, work


def count_table(table):
    """Return the same three numbers of a table whose only dense layer is the last."""
    dense = table.rows[-1].parameters
    return table.total_parameters - dense, dense, table.total_multiply_adds


def draw_sizes(networks):
    """Draw parameters, divided into convolutions and dense layers, and multiply-adds of several networks."""
    fig, (left, right) = subplots(1, 2, width=11.4, height=2.8, sharey=True)
    for place, (convolutions, dense, work) in enumerate(networks.values()):
        words = {"label": "convolutions"} if place == 0 else {}
        left.barh(place, convolutions / 1e6, color=COLORS["blue"], **words)
        words = {"label": "dense layers"} if place == 0 else {}
        style = {"color": COLORS["orange"], "hatch": "//", "edgecolor": "white"}
        bar = left.barh(place, dense / 1e6, left=convolutions / 1e6, **style, **words)
        left.bar_label(bar, [f"{(convolutions + dense) / 1e6:.1f}"], padding=4)
        bar = right.barh(place, work / 1e9, color=COLORS["sky"])
        right.bar_label(bar, [f"{work / 1e9:.1f}"], padding=4)
    left.set(xlabel="million parameters", yticks=range(len(networks)), yticklabels=list(networks), xlim=(0, 165))
    right.set(xlabel="billion multiply-adds", xlim=(0, 9))
    left.invert_yaxis()
    left.legend(loc="lower right")
    show(
        fig,
        alt="Bars: AlexNet and VGG-11 have most parameters in dense layers, GoogLeNet has few in all; of the "
        "multiply-adds VGG-11 has by far the most.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Beside AlexNet and VGG

# %% slideshow={"slide_type": "-"}
networks = {"AlexNet": count(ALEXNET), "VGG-11": count(VGG11)}
networks["GoogLeNet"] = count_table(full_size)
draw_sizes(networks)
for name in ("AlexNet", "VGG-11"):
    ratio = sum(networks[name][:2]) / full_size.total_parameters
    print(f"{name}: {ratio:.1f} times GoogLeNet's parameters")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The paper says 12 times fewer than AlexNet. The cell says 9.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Where does the saving come from? The picture shows it: from leaving out the dense layers. The
# convolutions of GoogLeNet have more parameters than AlexNet's, and do more work.
#
# AlexNet is counted here with the 6×6 maps of its paper, 62 million parameters; with the 5×5 maps of notebook 13 it has
# 51 million. The paper's 12 would need a GoogLeNet of 5 million.
#
# In the contest of 2014 the right answer was missing from GoogLeNet's first five guesses for 6.7 % of the images;
# AlexNet in 2012 had 15.3 %, VGG in 2014 came second with 7.3 %.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One switch: laptop or full size
#
# `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the environment, before Jupyter starts, trains all nine blocks in full
# width on images of 96×96, for a GPU. Nothing else changes.

# %% slideshow={"slide_type": "-"}
image_side = at_scale(laptop=28, full=96)
width = at_scale(laptop=1 / 4, full=1)
names = at_scale(laptop=("3a", "4a", "5a"), full=NINE)
train_size = at_scale(laptop=2000, full=None)  # None: all
batch_size = at_scale(laptop=64, full=128)
num_epochs = at_scale(laptop=7, full=10)
lr = at_scale(laptop=0.004, full=0.001)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* On a laptop: a quarter of the channels, one block in each of the stages 3, 4 and 5, and 2,000 of
# our small digits. 28×28 shrinks to 7, 4, 2 and 1 from stage to stage; all five stages stay.


# %% slideshow={"slide_type": "skip"}
def single(c1, c2, c3, c4, conv=conv):
    """Return one 3×3 convolution with the output channels of an Inception block."""
    return conv(c1 + c2[1] + c3[1] + c4, 3)


def train(name, block, start=0, plot=True):
    """Train a GoogLeNet with the given block in the sizes chosen above; return the network and its history."""
    train_loader, test_loader = load_data(batch_size, train_size=train_size, test_size=1000, resize=image_side)
    seed(start)
    net = googlenet(10, width, names, block)
    net.initialize(init.Xavier("gaussian", factor_type="in", magnitude=2))
    options = {"num_epochs": num_epochs, "lr": lr, "optimizer": "adam", "seed": start, "plot": plot}
    alt = f"{name}: the loss falls, training and test accuracy rise together."
    return net, fit(net, train_loader, test_loader, title=name, alt=alt, **options)


def print_comparison(runs):
    """Print parameters, multiply-adds, accuracy (mean of the last three epochs) and seconds of each network."""
    print(f"{'':15}parameters  multiply-adds  test accuracy  seconds")
    for name, (net, history) in runs.items():
        table = summarize(net, (1, 1, image_side, image_side))
        accuracy = sum(history.test_accuracy[-3:]) / 3
        counts = f"{table.total_parameters:10,}{table.total_multiply_adds:15,}"
        print(f"{name:15}{counts}{accuracy:15.2f}{sum(history.seconds):9.1f}")


def draw_accuracies(runs):
    """Draw the test accuracy of each network against the epoch."""
    fig, ax = subplots(width=10.0, height=3.2)
    for (name, (_, history)), style in zip(runs.items(), ("s-", "o--"), strict=True):
        ax.plot(range(1, len(history.test_accuracy) + 1), history.test_accuracy, style, label=name)
    ax.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ax.grid(axis="y")
    show(fig, alt="Test accuracy against epoch: both networks climb to above nine tenths and end side by side.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training a narrow GoogLeNet
#
# About 6 seconds on two cores.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
runs = {"Inception": train("Inception blocks", Inception)}

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* While it runs, ask: which accuracy is higher in the first epochs, and why? (Test accuracy: dropout
# is on while training, and training accuracy is averaged over the whole epoch.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same with one 3×3 in place of each block
#
# About 4 seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
runs["single 3×3"] = train("single 3×3 convolutions", single, plot=False)
print_comparison(runs)
draw_accuracies(runs)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A quarter of the parameters, half of the multiply-adds, and about the same accuracy.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A point or two is chance: another seed turns them round. On this small problem both are good
# enough, and the claim is only that the cheaper network loses nothing.
#
# Now the honest column: seconds. Half of the multiply-adds do not take half of the time; on a CPU the narrow network is
# rather *slower*. Ask why. (A block is seven small operations, a single convolution is one larger one. Each call has a
# fixed cost, and small matrices use a processor badly: notebook 01.) At full size, on a GPU, the work counts for more.


# %% slideshow={"slide_type": "skip"}
def conv_bn(channels, k):
    """Return version 2's convolution: no bias, then batch normalization, then ReLU."""
    plain = nn.Conv2D(channels, k, padding=k // 2, use_bias=False)
    return chain(plain, nn.BatchNorm(), nn.Activation("relu"))


def spreads(net):
    """Return the standard deviation of what each stage of an untrained network puts out, for random images."""
    seed(0)
    net.initialize(init.Xavier())
    X = np.array(onp.random.RandomState(0).normal(size=(16, 3, 96, 96)), dtype="float32")
    result = []
    with autograd.train_mode():
        for stage in list(net._children.values())[:5]:
            X = stage(X)
            result.append(float(X.std()))
    return result


def draw_spreads(spread):
    """Draw the standard deviation of each stage's output on a logarithmic axis."""
    fig, ax = subplots(width=10.0, height=2.3)
    for (name, values), style in zip(spread.items(), ("s-", "o--"), strict=True):
        ax.semilogy([1, 2, 3, 4, 5], values, style, label=name)
    ax.set(xlabel="stage", ylabel="spread", xticks=[1, 2, 3, 4, 5], ylim=(0.01, 2))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    ax.grid(axis="y")
    show(
        fig, alt="Standard deviation by stage: version 1 falls tenfold from stage 2 on, version 2 stays near one half."
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Later versions
#
# What became of it: versions 2, 3 and 4.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Version 2: batch normalization
#
# Each channel is shifted to mean 0 and scaled to spread 1 over the batch (notebook 16). Before training:

# %% slideshow={"slide_type": "-"}
versions = {"version 1": conv, "version 2": conv_bn}
spread = {}
for name, kind in versions.items():
    values = spread[name] = spreads(googlenet(width=1 / 4, conv=kind))
    print(f"{name}: ", "".join(f"{value:8.1g}" for value in values))
draw_spreads(spread)

# %% [markdown] slideshow={"slide_type": "fragment"}
# In version 1 the signal fades from stage to stage. Version 2 keeps it up, and allows larger learning rates.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The numbers are the standard deviations of what comes out of the five stages. The network has all
# nine blocks, a quarter of the width, and MXNet's Xavier start. For our training we chose larger weights at the start
# instead, which keep the signal up for ReLU. The last stage ends in an average over all places, which makes its spread
# smaller in both versions.
#
# The paper on batch normalization reports the accuracy of version 1 in a fourteenth of the steps. It also replaced each
# 5×5 by two 3×3, which the lecture lists under version 3.


# %% slideshow={"slide_type": "skip"}
def parameters(windows):
    """Count the parameters of convolutions in a row, 64 channels each."""
    layers = [nn.Conv2D(64, (h, w), padding=(h // 2, w // 2)) for h, w in windows]
    return summarize(chain(*layers), (1, 64, 28, 28)).total_parameters


def draw_versions():
    """Draw three replacements of version 3, each above what it replaces."""
    boxes = {
        "a": (0, 1, "conv", "5×5"),
        "a1": (0.5, 0, "conv", "3×3"),
        "a2": (-0.5, 0, "conv", "3×3"),
        "b": (2.5, 1, "conv", "7×7"),
        "b1": (2, 0, "conv", "1×7"),
        "b2": (3, 0, "conv", "7×1"),
        "c": (5, 1, "conv", "3×3"),
        "c1": (4.5, 0, "conv", "1×3"),
        "c2": (5.5, 0, "conv", "3×1"),
    }
    fig, ax = subplots(width=10.5, height=1.75)
    draw_blocks(ax, boxes, [("a2", "a1"), ("b1", "b2"), ("c1", "c2")], box_width=0.62)
    show(fig, alt="A 5×5 above two 3×3 in a row, a 7×7 above 1×7 and 7×1, a 3×3 above 1×3 and 3×1.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Version 3: large windows from small ones

# %% slideshow={"slide_type": "-"}
draw_versions()
replacements = {
    "5×5 → 3×3, 3×3": ([(5, 5)], [(3, 3), (3, 3)]),
    "7×7 → 1×7, 7×1": ([(7, 7)], [(1, 7), (7, 1)]),
    "5×5 → 1×7, 7×1": ([(5, 5)], [(1, 7), (7, 1)]),
    "3×3 → 1×3, 3×1": ([(3, 3)], [(1, 3), (3, 1)]),
}
for name, (old, new) in replacements.items():
    before, after = parameters(old), parameters(new)
    less = 1 - after / before
    print(f"{name}: {before:8,} → {after:7,} parameters, {less:.0%} less")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* 64 channels in and out. Two 3×3 in a row see 5×5 (notebook 14). A row of 7 and then a column of 7
# see 7×7, each output depends on all 49 places, with 14 weights per pair of channels instead of 49.
#
# The lecture says that 1×7 and 7×1 replace a 5×5, the third line: they see more than a 5×5 and still cost less. In the
# paper they stand for a 7×7, in the middle of the network; 1×3 and 3×1 stand near its end, side by side rather than in
# a row. Version 3 is also deeper.


# %% slideshow={"slide_type": "skip"}
def convolve(X, K):
    """Convolve one channel (h, w) with one kernel, without padding."""
    kernel = K.reshape(1, 1, *K.shape)
    return npx.convolution(X.reshape(1, 1, *X.shape), kernel, kernel=K.shape, num_filter=1, no_bias=True)[0, 0]


def draw_product(column, row, kernel, X, Y):
    """Draw column times row as cells, and an image before and after."""
    fig, axes = subplots(1, 7, width=11.4, height=2.3, width_ratios=[0.35, 0.2, 1, 0.2, 1, 1.1, 1.1])
    for place, values in ((0, column), (2, row), (4, kernel)):
        draw_cells(axes[place], values)
    for place, sign in ((1, "·"), (3, "=")):
        axes[place].text(0.5, 0.5, sign, ha="center", va="center", fontsize=24)
        axes[place].set_axis_off()
    for ax, image, name in ((axes[5], X, "photo"), (axes[6], Y, "after column and row")):
        ax.imshow(image.asnumpy(), cmap="gray")
        ax.set_title(name)
        ax.set_axis_off()
    show(fig, alt="A column 1, 2, 1 times a row 1, 0, −1 is a 3×3 edge detector; a photo and its vertical edges.")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A column times a row is a kernel of rank 1

# %% slideshow={"slide_type": "-"}
column = np.array([[1], [2], [1]])  # (3, 1)
row = np.array([[1, 0, -1]])  # (1, 3)
kernel = np.dot(column, row)  # (3, 3)
photo = load_photo(128, gray=True)[0]  # (128, 128)
in_two_steps = convolve(convolve(photo, column), row)
print("equal:", bool(abs(convolve(photo, kernel) - in_two_steps).max() < 1e-5))
spot = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
print("ranks:", *(int(onp.linalg.matrix_rank(K.asnumpy())) for K in (kernel, spot)))
draw_product(column, row, kernel, photo, in_two_steps)

# %% [markdown] slideshow={"slide_type": "fragment"}
# 6 weights do the work of 9. The second kernel has rank 2: no single column and row make it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The kernel finds vertical edges: the column smooths along the edge, the row takes the difference
# across it.
#
# So 1×3 and 3×1 are a true restriction for one channel. With many channels in between, sums of such products can make
# any kernel (a matrix of rank 3 is a sum of three of rank 1), and a ReLU between the two makes something new. Training
# finds out what is worth its weights.


# %% slideshow={"slide_type": "skip"}
def draw_residual():
    """Draw an Inception block with a way around it."""
    boxes = {
        "x": (0, 0, "data", "input\n192×28×28"),
        "i": (1.15, 0, "block", "Inception\nblock"),
        "b": (2.3, 0, "conv", "1×1\nto 192"),
        "+": (3.2, 0, "join", "+"),
        "r": (4.1, 0, "activation", "ReLU"),
    }
    arrows = [("x", "i"), ("i", "b"), ("b", "+"), ("+", "r"), ("x", "+", 0.8)]
    fig, ax = subplots(width=10.5, height=1.75)
    draw_blocks(ax, boxes, arrows)
    show(
        fig, alt="The input goes through an Inception block and a 1×1 convolution, and around both to a sum; then ReLU."
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Version 4: a way around the block


# %% slideshow={"slide_type": "-"}
class ResidualInception(nn.Block):
    def __init__(self, channels):
        super().__init__()
        self.paths = Inception(64, (96, 128), (16, 32), 32)
        self.back = nn.Conv2D(channels, 1)  # 256 channels to those of X

    def forward(self, X):
        return npx.relu(X + self.back(self.paths(X)))


table = summarize(ResidualInception(192), input_shape)
print("shape:", table.rows[-1].output_shape)
draw_residual()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide gives this to Inception-v4. The paper calls it Inception-*ResNet*; its v4 has none.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A sum needs equal shapes, so a 1×1 without activation brings the 256 channels back to 192. If its
# weights are near zero the block hands X on as it is, and learns only what to add: notebook 17 is about this idea.
#
# The paper of 2016 presents both: Inception-v4, deeper and tidier, without residual connections, and Inception-ResNet
# in two sizes, with them. At equal cost the accuracy is about the same; the residual ones train faster.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - Several windows on the same input, concatenated along the channels: no need to choose.
# - 1×1 bottlenecks make the large windows cheap: 128 M multiply-adds, not 308 M.
# - GoogLeNet: five stages, nine blocks, an average instead of large dense layers; 7 million parameters.
# - Fewer multiply-adds are not always fewer seconds.
# - v2 normalizes, v3 splits large windows, Inception-ResNet adds a way around.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the reason of each 1×1 in the block, path by path: path 1 combines channels, paths 2 and 3
# narrow before an expensive layer, path 4 narrows after the pooling.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 15.1: predict the next block
#
# Block 3b gets 256 channels of 28×28: 1×1 to 128; 1×1 to 128, then 3×3 to 192; 1×1 to 32, then 5×5 to 96; pooling, then
# 1×1 to 64. What shape comes out, and which path (1 to 4) has most weights?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, path)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Only the last layer of each path reaches the concatenation. A convolution has channels in × channels out × $k^2$
# weights; compare the 3×3 with the 5×5, channels included.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (128 + 192 + 96 + 64, 28, 28, 2)
# ```
#
# The 3×3 has 128 · 192 · 9 = 221,184 weights, the 5×5 only 32 · 96 · 25 = 76,800: its bottleneck is narrower.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 15.2: change path 3
#
# As in version 3, write path 3 without a 5×5: a 1×1 convolution to `reduced` channels, then **two** 3×3
# convolutions to `channels` each. ReLU after every convolution; height and width stay.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def path3(reduced, channels):
    return ...  # an nn.Sequential of three layers


# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.2", path3)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `nn.Conv2D(channels, kernel_size=3, padding=1, activation="relu")` keeps height and width. Gluon finds out the
# channels that come in by itself.
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
# Write a function that returns the parameters (**with** biases) and the multiply-adds of an Inception block,
# for `c_in` channels of `size`×`size`. As in this notebook, `c2` and `c3` are pairs: bottleneck, output.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block_cost(c_in, c1, c2, c3, c4, size):
    return ...  # parameters, multiply-adds


# %% slideshow={"slide_type": "-"} tags=["check"]
check("15.3", block_cost)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# List the six convolutions as (channels in, channels out, window). Weights are the product of the three, the window
# squared. There is one bias for each output channel, and each weight works at every place.
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

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Szegedy and others: [Going deeper with convolutions](https://arxiv.org/abs/1409.4842), 2014. The block, GoogLeNet.
# - Ioffe, Szegedy: [Batch normalization](https://arxiv.org/abs/1502.03167), 2015. Its Inception is version 2.
# - Szegedy and others: [Rethinking the Inception architecture for computer
#   vision](https://arxiv.org/abs/1512.00567), 2015. Version 3.
# - Szegedy and others: [Inception-v4, Inception-ResNet and the impact of residual connections on
#   learning](https://arxiv.org/abs/1602.07261), 2016.
# - Lin, Chen, Yan: [Network in network](https://arxiv.org/abs/1312.4400), 2013. NiN: 1×1 convolutions, and averaging
#   instead of dense layers.
# - Dive into Deep Learning: [GoogLeNet](https://d2l.ai/chapter_convolutional-modern/googlenet.html).
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **16 · Batch normalization**, what version 2 put behind every convolution.
