# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 14 · VGG
#
# How do you make a network deeper without inventing every layer? Design one block, and repeat it.
#
# *40 minutes · needs 12, 13*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* AlexNet showed in 2012 that deep networks win. It gave no rule for the next one: its kernels,
# strides and widths are single finds. Two years later Karen Simonyan and Andrew Zisserman, of the Visual Geometry Group
# in Oxford, made a network from one block, and named it after the group. It was second in the ImageNet competition of
# 2014, and first in finding where the object is.
#
# At the end we meet a network of the same time that throws the large dense layers out. It leads to notebook 15.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** a network from blocks, and a family of networks from lists of numbers.
# - **Compute** where parameters and work sit in VGG-11.
# - **Measure** how far a stack of 3×3 convolutions sees.
# - **Explain** why two or three 3×3 layers beat one 5×5 or 7×7.
# - **Replace** the dense layers by 1×1 convolutions and a mean.

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
from itertools import pairwise

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from matplotlib.patches import Rectangle
from mxnet import autograd, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    at_scale,
    check,
    draw_blocks,
    draw_cells,
    draw_layers,
    explore,
    fit,
    load_data,
    load_photo,
    show,
    subplots,
    summarize,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_two_plans():
    """Draw AlexNet's layers above VGG's blocks."""
    alexnet = ["11×11\n96 maps\nstride 4", "pool", "5×5\n256 maps", "pool"]
    alexnet += ["3×3\n384 maps", "3×3\n384 maps", "3×3\n256 maps", "pool"]
    boxes = {f"alexnet {i}": (i, 2, "pool" if text == "pool" else "conv", text) for i, text in enumerate(alexnet)}
    widths = [64, 128, 256, 512, 512]
    for i, width in enumerate(widths):
        boxes[f"vgg {i}"] = (i, 0.4, "block", f"VGG block\n{width} maps")
    arrows = [(f"alexnet {i}", f"alexnet {i + 1}") for i in range(len(alexnet) - 1)]
    arrows += [(f"vgg {i}", f"vgg {i + 1}") for i in range(len(widths) - 1)]
    fig, ax = subplots(width=11.5, height=4.2)
    draw_blocks(ax, boxes, arrows, box_width=0.84)
    ax.set_ylim(-0.1, 2.8)
    ax.text(-0.42, 2.55, "AlexNet, 2012: each layer is a find of its own")
    ax.text(-0.42, 0.95, "VGG, 2014: one block, five times")
    show(
        fig,
        alt="Above, the convolutions and pools of AlexNet, hardly two alike. Below, five equal VGG blocks whose width "
        "grows from 64 to 512 maps.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Blocks
#
# A deep network as a short list of numbers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From layers to blocks

# %% slideshow={"slide_type": "-"}
draw_two_plans()

# %% [markdown] slideshow={"slide_type": "fragment"}
# Designers of chips went from transistors to gates to modules. Networks went from units to layers to **blocks**.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Both end with dense layers of 4096, 4096 and 1000 units, which the picture leaves out.
#
# Ask: how would you make AlexNet deeper? (Nobody knows: another 5×5? Before or after the pool? With which width?) And
# VGG? (One more block, or one more convolution in a block.) A block turns a thousand choices into two numbers: how many
# convolutions, and how wide.


# %% slideshow={"slide_type": "skip"}
def draw_chain(block, input_shape):
    """Draw a chain of layers from left to right, and under each the shape that it puts out and its parameters."""
    rows = summarize(block, (1, *input_shape)).rows
    boxes = {"input": (0, 0, "data", "input")}
    for i, row in enumerate(rows):
        kind, size = row.name.split()[:2]
        channels, _, kernel = size.rstrip(",").partition("×")
        conv = kind == "Conv2D"
        text = f"{kernel} conv\n{channels} maps\nReLU" if conv else "2×2 max\npooling\nstride 2"
        boxes[row.path] = (i + 1, 0, "conv" if conv else "pool", text)
    names = list(boxes)
    fig, ax = subplots(width=11.0, height=2.9)
    draw_blocks(ax, boxes, list(pairwise(names)), box_width=0.66)
    ax.set_ylim(-0.85, 0.36)
    shapes = [input_shape, *(row.output_shape[1:] for row in rows)]
    for i, shape in enumerate(shapes):
        ax.text(i, -0.53, "×".join(str(side) for side in shape), ha="center")
    for i, row in enumerate(rows):
        ax.text(i + 1, -0.74, f"{row.parameters:,} parameters", ha="center")
    show(
        fig,
        alt=f"A chain from the input through {len(rows)} layers: {', '.join(row.name for row in rows)}.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The VGG block
#
# 3×3 convolutions that keep height and width, then one pooling layer that halves them.


# %% slideshow={"slide_type": "-"}
def vgg_block(num_convs, channels, pool=nn.MaxPool2D):
    block = nn.Sequential()
    for _ in range(num_convs):
        block.add(nn.Conv2D(channels, 3, padding=1, activation="relu"))
    block.add(pool(pool_size=2, strides=2))
    return block


draw_chain(vgg_block(num_convs=2, channels=256), (128, 56, 56))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The picture is drawn from the network: change the two numbers in the last line, and it follows.
#
# Ask: why padding 1? (n − 3 + 2 + 1 = n: the size stays, so any number of such layers can be stacked.) Why pool only
# once a block? (Each pooling halves the image. Five halvings take 224 to 7; with one after each of eight convolutions
# nothing would be left.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### VGG-11: five blocks and three dense layers


# %% slideshow={"slide_type": "-"}
def vgg(blocks, units=4096, num_classes=1000):
    net = nn.Sequential()
    for num_convs, channels in blocks:
        net.add(vgg_block(num_convs, channels))
    net.add(nn.Dense(units, activation="relu"), nn.Dropout(0.5))
    net.add(nn.Dense(units, activation="relu"), nn.Dropout(0.5))
    net.add(nn.Dense(num_classes))
    return net


# %% slideshow={"slide_type": "-"}
vgg11_blocks = [(1, 64), (1, 128), (2, 256), (2, 512), (2, 512)]
convs = sum(num_convs for num_convs, _ in vgg11_blocks)
print(f"{convs} convolutions + 3 dense layers = {convs + 3} layers")
table = summarize(vgg(vgg11_blocks), (1, 3, 224, 224), depth=1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The name counts layers with weights. The list is the whole design. `depth=1`: one row for each block.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the list aloud: one convolution with 64 maps, one with 128, two with 256, and twice two with
# 512. The width doubles when height and width halve, until it stops at 512: this keeps the work of the blocks in the
# same range.
#
# The head, two dense layers of 4096 with dropout and one for the classes, is AlexNet's.


# %% slideshow={"slide_type": "skip"}
def draw_vgg11(table):
    """Draw VGG-11's feature maps and vectors; their sizes come from its table."""
    rows = [row for row in table.rows if not row.name.startswith("Dropout")]
    labels = ["image", *(f"block {i + 1}" for i in range(5)), "2 × dense", "dense:\nscores"]
    shapes = [(3, 224, 224), *(row.output_shape[1:] for row in rows[:5]), rows[6].output_shape[1:]]
    shapes.append(rows[7].output_shape[1:])
    fig, ax = subplots(width=11.5, height=3.6)
    draw_layers(ax, list(zip(labels, shapes, strict=True)))
    show(fig, alt="VGG-11 from left to right: five stacks of maps, each half as large as the one before, then vectors.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### VGG-11 on an image of 224×224

# %% slideshow={"slide_type": "-"}
table

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* *Sequential of 2* is a block with one convolution and its pooling, *of 3* one with two. The sizes:
# 224, 112, 56, 28, 14, 7. The last maps are 512·7·7 numbers, and the first dense layer joins each of them to 4096
# units.
#
# Ask before the next slides: which row has the most parameters? Which the most work? Is it as in LeNet?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### 133 million, as in the paper

# %% slideshow={"slide_type": "-"}
layers = summarize(vgg(vgg11_blocks), (1, 3, 224, 224))  # all rows
gray = summarize(vgg(vgg11_blocks), (1, 1, 224, 224))
for name, counted in (("color", layers), ("gray", gray)):
    total = counted.total_parameters / 1e6
    work = counted.total_multiply_adds / 1e9
    print(f"{name:5} {total:.2f} M parameters, {work:.2f} G multiply-adds")
draw_vgg11(table)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The paper's table says 133 million for this network. One input channel instead of three changes
# only the first layer: 2·9·64 weights fewer, not to be seen in the second decimal.
#
# As float32 the parameters fill more than half a gigabyte. Ask: how much does training need? (Weights, gradients and,
# with Adam, two more numbers for each: four times as much, before a single feature map is stored.)


# %% slideshow={"slide_type": "skip"}
def draw_shares(table):
    """Draw for each layer with weights its share of the parameters and of the multiply-adds."""
    rows = [row for row in table.rows if row.parameters]
    names = []
    for row in rows:
        place = [int(step) + 1 for step in row.path.split(".")]
        is_conv = row.name.startswith("Conv2D")
        names.append(f"block {place[0]}, conv {place[1]}" if is_conv else f"dense {(place[0] - 4) // 2}")
    fig, (left, right) = subplots(1, 2, width=11.5, height=3.8, sharey=True)
    panels = (
        (left, "parameters", "parameters", table.total_parameters, COLORS["orange"]),
        (right, "multiply_adds", "multiply-adds", table.total_multiply_adds, COLORS["sky"]),
    )
    for ax, field, label, total, color in panels:
        values = [getattr(row, field) for row in rows]
        bars = ax.barh(names, [100 * value / total for value in values], color=color)
        ax.bar_label(bars, [f"{value / 1e6:,.1f} M" for value in values], padding=4, fontsize=14)
        ax.set(xlabel=f"% of {total / 1e6:,.0f} M {label}", xlim=(0, 100))
    left.invert_yaxis()
    show(
        fig,
        alt="Bars for eight convolutions and three dense layers: dense 1 holds most parameters, the convolutions do "
        "nearly all of the work.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Parameters sit in the dense layers, work in the convolutions

# %% slideshow={"slide_type": "-"}
dense_rows = [row for row in table.rows if row.name.startswith("Dense")]
dense_parameters = sum(row.parameters for row in dense_rows)
dense_work = sum(row.multiply_adds for row in dense_rows)
share = dense_parameters / table.total_parameters
print(f"dense: {share:.0%} of the parameters", end=", ")
print(f"{dense_work / table.total_multiply_adds:.0%} of the work")
draw_shares(layers)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* It is LeNet's picture, two thousand times larger. One layer, the first dense one, has three
# quarters of everything that the network stores. Keep it in mind: the last part of this notebook attacks just this
# layer.
#
# Ask: why do the convolutions of blocks 3 and 4 cost the same? (Half the height and width is a quarter of the places;
# twice the width, in and out, is four times the weights.)


# %% slideshow={"slide_type": "skip"}
def draw_views():
    """Draw one row of pixels seen by two layers of width 3, and by one of width 5."""
    fig, axes = subplots(1, 2, width=11.0, height=3.7)
    plans = (("two layers of 3: 5 pixels", [3, 3]), ("one layer of 5: 5 pixels", [5]))
    for ax, (title, kernels) in zip(axes, plans, strict=True):
        seen = {0}  # places, counted from the middle
        for level, kernel in zip(range(len(kernels), -1, -1), [*kernels, 1], strict=True):
            y = 2 * level / len(kernels)
            below = 2 * (level - 1) / len(kernels)
            reach = range(-(kernel // 2), kernel // 2 + 1)
            for place in range(-4, 5):
                color = COLORS["sky"] if place in seen else "white"
                ax.add_patch(Rectangle((place - 0.4, y - 0.14), 0.8, 0.28, facecolor=color, edgecolor="black"))
            if level:
                for place in seen:
                    for step in reach:
                        ax.plot([place, place + step], [y - 0.14, below + 0.14], color="black", linewidth=1)
            seen = {place + step for place in seen for step in reach}
        ax.text(-4.6, 0, "image", ha="right", va="center")
        ax.text(-4.6, 2, "output", ha="right", va="center")
        ax.set(xlim=(-7, 4.6), ylim=(-0.3, 2.3), title=title)
        ax.set_axis_off()
    show(
        fig,
        alt="A row of pixels from the side: one output pixel leads to three pixels of the layer below and to five of "
        "the image; with one layer of width 5 it leads to five at once.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Small kernels
#
# How far do they see together, and what do they save?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why only 3×3? Two of them see as far as one 5×5

# %% slideshow={"slide_type": "-"}
draw_views()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The part of the image that one output can see is its **receptive field**. Each further 3×3 layer adds one pixel on
# every side: $n$ layers see $2n + 1$.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The drawing is a cut through one row; the same holds for the columns.
#
# Ask: how many layers of 3×3 for a 7×7? (Three.) For AlexNet's 11×11? (Five. It is the first exercise.) What is the
# smallest kernel that knows left from right and up from down, and has a middle? (3×3. That is the paper's reason.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The receptive field, measured
#
# The gradient of **one** output pixel by the image is nonzero exactly where it looks.


# %% slideshow={"slide_type": "-"}
def stack(num_layers, kernel, channels):
    net = nn.Sequential()
    for _ in range(num_layers):
        net.add(nn.Conv2D(channels, kernel, padding=kernel // 2))
    return net


# %% slideshow={"slide_type": "-"}
def seen_from_the_middle(net, size):
    net.initialize(init.One(), force_reinit=True)  # all weights 1
    X = np.ones((1, 1, size, size))
    X.attach_grad()
    with autograd.record():
        Y = net(X)  # (1, 1, h, w)
        pixel = Y[0, 0, Y.shape[2] // 2, Y.shape[3] // 2]
    pixel.backward()
    return X.grad[0, 0]  # (size, size)


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The gradient says how much the output pixel changes when a pixel of the image does. A pixel that
# no path joins to the output has gradient 0, whatever the weights.
#
# Ask: why weights of 1 and not random ones? (With random weights two paths could cancel, or a ReLU could be closed.
# Ones count paths: the gradient is the number of ways from the pixel to the output.)

# %% slideshow={"slide_type": "skip"}
VIEWS = "Squares of 3, 5 and 7 pixels a side, for one, two and three layers; the shade is strongest in the middle."


def draw_seen(ax, num_layers):
    """Shade each pixel by the root of the number of paths that lead from it to the middle of the output."""
    paths = seen_from_the_middle(stack(num_layers, kernel=3, channels=1), size=15).asnumpy()
    side = int((paths.sum(axis=0) > 0).sum())
    ax.imshow(onp.sqrt(paths / paths.max()), cmap="Blues", extent=(0, 15, 15, 0), vmin=0, vmax=1.3)
    start = (15 - side) / 2
    ax.add_patch(Rectangle((start, start), side, side, fill=False, edgecolor=COLORS["vermilion"], linewidth=2.5))
    ax.set(xticks=range(16), yticks=range(16), xticklabels=[], yticklabels=[])
    ax.grid(color="#CCCCCC")
    ax.tick_params(length=0)
    ax.set_title(f"{num_layers} layer{'s' if num_layers > 1 else ''}: {side}×{side} pixels")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Stack layers, and watch it grow

# %% slideshow={"slide_type": "-"}
depths = [1, 2, 3, 4, 5, 6]  # the slider's, when live
explore(draw_seen, [1, 2, 3], values=depths, label="layers", alt=VIEWS)

# %% slideshow={"slide_type": "fragment"}
print("layers → pixels:", end="    ")
for num_layers in depths:
    paths = seen_from_the_middle(stack(num_layers, 3, 1), size=15)
    print(num_layers, "→", int((paths[7] > 0).sum()), end="    ")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The square is where the gradient is not zero, its shade the number of paths. Live, move the slider
# and let the class call the size before it appears.
#
# Ask: why is the middle darker? (More paths lead from there to the output. So in deep networks the part that really
# counts is smaller than the receptive field, and soft at the edge.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Equal view, fewer weights
#
# $n$ layers of 3×3 with $c$ channels in and out: $9nc^2$ weights. One kernel with the same view: $(2n+1)^2c^2$.

# %% slideshow={"slide_type": "-"}
print("view    n × 3×3   one kernel   share    multiply-adds")
for n in (1, 2, 3, 5):
    k = 2 * n + 1
    small = summarize(stack(n, 3, channels=256), (1, 256, 28, 28))
    large = summarize(stack(1, k, channels=256), (1, 256, 28, 28))
    share = small.total_parameters / large.total_parameters
    print(f"{k:2}×{k:<2} {small.total_parameters:10,}", end="")
    print(f" {large.total_parameters:12,} {share:7.0%}", end="")
    work = [t.total_multiply_adds / 1e6 for t in (small, large)]
    print(f" {work[0]:8,.0f} M {work[1]:6,.0f} M")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two for a 5×5 save a quarter, three for a 7×7 nearly half: of the parameters, and of the work.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The counts are for 256 channels and maps of 28×28, with biases. The shares hardly depend on it: 18
# to 25 and 27 to 49.
#
# Ask: does it also pay for the first layer, with 3 channels in? (No. The second layer of a stack has not 3 but 64
# channels in, at full resolution. AlexNet's 11×11 with stride 4 is cheap, and the first VGG blocks are not.)

# %% slideshow={"slide_type": "skip"}
first = np.array([[[[1, 0, -1], [1, 0, -1], [1, 0, -1]]]])  # finds vertical edges; (1, 1, 3, 3)
second = np.array([[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]])  # blurs
image = np.array(onp.random.RandomState(13).randint(0, 10, (1, 1, 12, 12)).astype("float32"))


def conv(X, weight):
    """Cross-correlation without padding, as in notebook 10."""
    return npx.convolution(X, weight, kernel=weight.shape[2:], num_filter=1, no_bias=True)


def draw_kernels(first, second, kernel):
    """Draw two kernels of 3×3 and the one of 5×5 that does the work of both."""
    fig, axes = subplots(1, 3, width=8.5, height=2.55, width_ratios=[3, 3, 5])
    titles = ("edges", "then blur", "both at once")
    for ax, weight, title in zip(axes, (first, second, kernel), titles, strict=True):
        draw_cells(ax, weight[0, 0].astype("int32").tolist(), title=title)
        low, high = ax.get_ylim()
        ax.set_ylim(low, low + (high - low) * 5 / weight.shape[2])  # cells of one size in all three
        ax.set_title(title, y=weight.shape[2] / 5)
    show(fig, alt="Two kernels of 3×3, one for edges and one that blurs, and the kernel of 5×5 that does both at once.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### One more nonlinearity
#
# Without ReLU in between, two 3×3 kernels are *one* 5×5 kernel.

# %% slideshow={"slide_type": "-"}
bright = np.zeros((1, 1, 9, 9))
bright[0, 0, 4, 4] = 1  # one bright pixel shows the kernel, upside down
kernel = np.flip(conv(conv(bright, first), second), (2, 3))  # (1, 1, 5, 5)
two = conv(conv(image, first), second)  # (1, 1, 8, 8)
with_relu = conv(npx.relu(conv(image, first)), second)
for name, result in (("without ReLU", two), ("with ReLU", with_relu)):
    gap = int(abs(result - conv(image, kernel)).max())
    print(f"{name:12} differs from the 5×5 kernel by up to {gap}")
draw_kernels(first, second, kernel)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* It is the story of notebook 07: layers without something nonlinear between them collapse into one.
# The cell finds that one kernel by asking what the two layers do to a single bright pixel. The answer is turned by 180
# degrees, because cross-correlation puts a kernel upside down around a point.
#
# So a stack without ReLU could do *less* than a 5×5: its kernels have 18 numbers and not 25. With ReLU it can do things
# that no 5×5 kernel can. The paper tried it: two 3×3 in each block instead of one 5×5 had the smaller error.


# %% slideshow={"slide_type": "skip"}
def draw_vgg_views(areas):
    """Draw on a photograph what one output pixel of each block can see."""
    photo = load_photo(224)
    fig, (left, right) = subplots(1, 2, width=11.0, height=3.65, width_ratios=[1, 1.3])
    left.imshow(photo.transpose(1, 2, 0).asnumpy())
    left.set_axis_off()
    styles = ["-", "--", "-", "--", "-"]
    colors = [COLORS[name] for name in ("vermilion", "sky", "orange", "green", "black")]
    for (start, side), style, color in zip(areas, styles, colors, strict=True):
        square = (start, start), side, side
        left.add_patch(Rectangle(*square, fill=False, edgecolor="white", linewidth=4.5))
        left.add_patch(Rectangle(*square, fill=False, edgecolor=color, linewidth=2.5, linestyle=style))
    names = [f"block {i + 1}" for i in range(len(areas))]
    bars = right.barh(names, [side for _, side in areas], color=colors)
    right.bar_label(bars, [f"{side}×{side}" for _, side in areas], padding=4, fontsize=14)
    right.invert_yaxis()
    right.set(xlabel="pixels of the image that one output sees", xlim=(0, 190))
    show(
        fig,
        alt="A portrait of 224×224 pixels with five nested squares: an output of block 1 sees a dot, one of block 3 a "
        "nose, one of block 5 the whole face.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### How far VGG-11 sees
#
# Pooling makes every later step twice as wide.

# %% slideshow={"slide_type": "-"}
net, areas = nn.Sequential(), []
for num_convs, _ in vgg11_blocks:
    net.add(vgg_block(num_convs, channels=1, pool=nn.AvgPool2D))
    row = seen_from_the_middle(net, 224).sum(axis=0)  # (224,)
    places = onp.flatnonzero(row.asnumpy())
    areas.append((int(places[0]), len(places)))
draw_vgg_views(areas)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One channel is enough to count paths, and average pooling stands in for max pooling: any pixel of
# a window may be the largest, but the gradient would follow only the one that is.
#
# Ask: could block 2 recognize a face? (It sees ten pixels a side. Block 3 sees a nose, block 5 the whole head.) Edges
# and dots come early, parts in the middle, whole objects at the end: depth makes it so, nobody prescribes it. The last
# exercise asks for the formula behind these five numbers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A family of networks
#
# From 11 layers to 19, and a narrow one for a laptop.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A family from one list
#
# Same widths, more convolutions per block: VGG-11, 13, 16 and 19.

# %% slideshow={"slide_type": "-"}
widths = (64, 128, 256, 512, 512)
family = {"VGG-11": (1, 1, 2, 2, 2), "VGG-13": (2, 2, 2, 2, 2)}
family |= {"VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}


# %% slideshow={"slide_type": "-"}
def count_convs(depths, channels=3, size=224):
    parameters = work = 0
    for num_convs, width in zip(depths, widths, strict=True):
        for _ in range(num_convs):
            parameters += width * (9 * channels + 1)
            work += width * 9 * channels * size**2
            channels = width  # what the next layer gets
        size //= 2
    return parameters, work


# %% slideshow={"slide_type": "fragment"}
by_list = count_convs(family["VGG-11"])[0] + dense_parameters
print(f"{by_list:,} by the list, {table.total_parameters:,} by the network")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Five numbers make a network. This is what a block buys: the question "how deep?" becomes an
# experiment. The paper's answer: the error falls from 11 to 16 layers, and stays about the same at 19. Notebook 17
# takes up from there.
#
# How were they trained? The deep ones hardly started from random weights of that time, so the authors trained the one
# with 11 layers first and put its layers into the others. With the initialization that we use below it works directly.
# Ask: which two convolutions does VGG-13 have more than VGG-11? (One in each of the first two blocks.)


# %% slideshow={"slide_type": "skip"}
def draw_family(convs):
    """Draw parameters and work of each network, in convolutions and in dense layers."""
    fig, axes = subplots(1, 2, width=11.5, height=3.3, sharey=True)
    panels = (("million parameters", 1e6, dense_parameters), ("billion multiply-adds per image", 1e9, dense_work))
    names = list(convs)
    for i, (ax, (label, unit, dense)) in enumerate(zip(axes, panels, strict=True)):
        values = [convs[name][i] / unit for name in names]
        ax.barh(names, values, color=COLORS["sky"], label="convolutions")
        ax.barh(names, dense / unit, left=values, color=COLORS["orange"], hatch="//", label="dense")
        for place, value in enumerate(values):
            ax.text(value + dense / unit, place, f" {value + dense / unit:.1f}", va="center")
        ax.set(xlabel=label, xlim=(0, 1.2 * (max(values) + dense / unit)))
    axes[0].invert_yaxis()
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    show(
        fig,
        alt="Bars for VGG-11 to VGG-19: parameters hardly grow and are mostly dense; work grows from 7.6 to 19.6 "
        "billion multiply-adds and is nearly all convolution.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Depth costs work, hardly any parameters

# %% slideshow={"slide_type": "-"}
paper = {"VGG-11": 133, "VGG-13": 133, "VGG-16": 138, "VGG-19": 144}
convs = {name: count_convs(depths) for name, depths in family.items()}
for name, (parameters, _) in convs.items():
    millions = (parameters + dense_parameters) / 1e6
    print(f"{name}: {millions:.1f} M parameters; paper: {paper[name]} M")
draw_family(convs)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Eight convolutions more, and the number of parameters moves by 8 %: nearly all of them sit in the
# three dense layers, which are the same in the whole family. The work is two and a half times as much.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A VGG-11 for a laptop
#
# Same blocks, every width divided by 8, smaller images.

# %% slideshow={"slide_type": "-"}
image_size = at_scale(laptop=64, full=224)
divide_by = at_scale(laptop=8, full=1)
train_size = at_scale(laptop=1500, full=None)  # None: all there are
test_size = at_scale(laptop=500, full=None)
num_epochs = at_scale(laptop=5, full=10)
learning_rate = at_scale(laptop=0.001, full=0.0001)

# %% slideshow={"slide_type": "-"}
blocks = [(n, channels // divide_by) for n, channels in vgg11_blocks]
net = vgg(blocks, units=4096 // divide_by, num_classes=10)
small = summarize(net, (1, 1, image_size, image_size))
print(f"{small.total_parameters:,} parameters", end=", ")
print(f"{small.total_multiply_adds:,} multiply-adds")

# %% [markdown] slideshow={"slide_type": "fragment"}
# `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the environment, before Jupyter starts, gives the paper's size: for a
# GPU, or an evening.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Dividing the width by 8 divides most weights by 64, because both the channels in and the channels
# out shrink. The images are the digits of notebook 12, enlarged, with ten classes.
#
# Ask: which size have the last maps at 64 pixels? (64 halved five times: 2×2. In the paper's size, 7×7.)

# %% slideshow={"slide_type": "skip"}
histories = {}


def train(name, net):
    """Train with the sizes above, and keep what happened."""
    sizes = {"train_size": train_size, "test_size": test_size, "resize": image_size}
    loaders = load_data(32, **sizes)  # same order for all
    net.initialize(init.Xavier("gaussian", "in", magnitude=2))
    alt = f"{name}: loss falls and accuracy rises from epoch to epoch."
    options = {"optimizer": "adam", "lr": learning_rate, "seed": 1, "title": name, "alt": alt}
    histories[name] = fit(net, *loaders, num_epochs=num_epochs, **options)


# %% [markdown] slideshow={"slide_type": "skip"}
# **How the weights begin.** A ReLU cuts half of its inputs off, so that the signal loses half of its power in every
# layer. `Xavier("gaussian", "in", magnitude=2)` draws weights of variance 2 over the number of inputs, which makes up
# for it. This is known as *He initialization*. Eleven layers feel the difference: with `fit`'s usual weights
# this network needs about 8 epochs instead of 5 to read nine of ten digits. Try it: leave the line out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training the narrow VGG-11
#
# About 7 seconds on two cores.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
train("VGG-11", net)
print(f"test accuracy {histories['VGG-11'].test_accuracy[-1]:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Eleven layers learn from 1,500 images. The first epoch goes by with little to see; a deep stack
# without help starts slowly. In notebook 16 batch normalization helps.
#
# Ask: why is the training loss above the test loss at times? (Dropout is on while training, and the loss is taken while
# the weights still improve.)


# %% slideshow={"slide_type": "skip"}
def draw_heads(dense_rows, nin_parameters):
    """Draw the dense head above the one without dense layers, the parameters under each layer."""
    boxes = {"a": (0, 1, "data", "last maps\n512×7×7"), "b": (0, 0, "data", "last maps\n512×7×7")}
    for i, units in enumerate((4096, 4096, 1000)):
        boxes[f"dense {i}"] = (i + 1, 1, "dense", f"dense\n{units}")
    boxes["1×1"] = (1, 0, "conv", "1×1 conv\n1000 maps")
    boxes["mean"] = (2, 0, "pool", "mean of\neach map")
    boxes["scores"] = (3, 0, "data", "1000\nscores")
    arrows = [("a", "dense 0"), ("dense 0", "dense 1"), ("dense 1", "dense 2")]
    arrows += [("b", "1×1"), ("1×1", "mean"), ("mean", "scores")]
    fig, ax = subplots(width=11.0, height=3.4)
    draw_blocks(ax, boxes, arrows, box_width=0.6, box_height=0.5)
    for i, row in enumerate(dense_rows):
        ax.text(i + 1, 0.62, f"{row.parameters:,}", ha="center", va="center")
    ax.text(1, -0.38, f"{nin_parameters:,}", ha="center", va="center")
    ax.text(2, -0.38, "0", ha="center", va="center")
    show(
        fig,
        alt="Two ways from 512 maps to 1000 scores: three dense layers with 103, 17 and 4 million parameters, or a 1×1 "
        "convolution with half a million and a mean.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Network in network
#
# Most weights sit in the dense layers. Can we do without?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The heavy head, and NiN's answer
#
# *Network in network* (2013): 1×1 convolutions make one map per class. Its mean is the score.

# %% slideshow={"slide_type": "-"}
nin_head = nn.Sequential()
nin_head.add(nn.Conv2D(1000, kernel_size=1), nn.GlobalAvgPool2D())
nin_parameters = summarize(nin_head, (1, 512, 7, 7)).total_parameters
times = dense_parameters / nin_parameters
print(f"{dense_parameters:,} → {nin_parameters:,}: {times:.0f} times fewer")
draw_heads(dense_rows, nin_parameters)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Notebook 10 showed that a 1×1 convolution is a dense layer at every pixel, with the same weights
# everywhere. So it can turn 512 maps into one map for each class: how much of a cat is here, and here, and here? The
# mean over all places is the score. The mean has no parameters, so nothing in it can overfit.
#
# Ask: what do we give up? (The place: a dense layer can weigh the upper left corner differently. For the question "what
# is in the image?" it should not.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The NiN block
#
# An ordinary convolution, then two of 1×1: a small MLP at every pixel. Hence the name.


# %% slideshow={"slide_type": "-"}
def nin_block(channels, kernel, strides=1, padding=0):
    block = nn.Sequential()
    block.add(nn.Conv2D(channels, kernel, strides, padding, activation="relu"))
    for _ in range(2):
        block.add(nn.Conv2D(channels, kernel_size=1, activation="relu"))
    return block


draw_chain(nin_block(96, kernel=11, strides=4), (3, 224, 224))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is the first block of NiN, with AlexNet's kernel of 11×11 and stride 4. The two 1×1 layers
# make it deeper for half as many parameters again, and do not widen the view.
#
# VGG asks: how far should a layer see? NiN asks: what should happen to the channels at one place? Inception, in the
# next notebook, answers both in one block, and uses the 1×1 convolution to make channels fewer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### VGG's blocks with NiN's head: any image size


# %% slideshow={"slide_type": "-"}
def vgg_nin(blocks, num_classes):
    net = nn.Sequential()
    for num_convs, channels in blocks:
        net.add(vgg_block(num_convs, channels))
    net.add(nn.Dropout(0.5), nn.Conv2D(num_classes, kernel_size=1))
    net.add(nn.GlobalAvgPool2D(), nn.Flatten())
    return net


# %% slideshow={"slide_type": "-"}
for size in (64, 96, 128):  # parameters of the narrow networks
    shape = (1, 1, size, size)
    dense = summarize(vgg(blocks, 4096 // divide_by, 10), shape)
    nin = summarize(vgg_nin(blocks, 10), shape)
    print(f"{size:3} pixels: dense {dense.total_parameters:9,}", end="")
    print(f", NiN's {nin.total_parameters:,}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A mean takes maps of any size. A dense layer is made for one.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `Flatten` turns (N, 1000, 1, 1) into (N, 1000). The network with the dense head must be made anew,
# and trained anew, for another image size. The other one runs on any, with the weights that it has.
#
# Ask: where do the further parameters of the dense head come from at 128 pixels? (4·4 places instead of 2·2 for each of
# the last maps, each joined to all units.)


# %% slideshow={"slide_type": "skip"}
def draw_comparison(histories):
    """Draw test accuracy by epoch for each network."""
    fig, ax = subplots(width=10, height=3.0)
    for (name, history), style in zip(histories.items(), ("-o", "--s"), strict=True):
        ax.plot(range(1, len(history.test_accuracy) + 1), history.test_accuracy, style, label=name)
    ax.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1), xticks=range(1, num_epochs + 1))
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    show(fig, alt="Test accuracy by epoch: both networks climb from chance to about 0.9.")


# %% [markdown] slideshow={"slide_type": "skip"}
# ### Training with NiN's head
#
# About 6 seconds on two cores.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
small_nin = vgg_nin(blocks, num_classes=10)
nin_table = summarize(small_nin, (1, 1, image_size, image_size))
train("NiN's head", small_nin)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Fewer parameters, no worse

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counted = {"VGG-11": small, "NiN's head": nin_table}
for name, history in histories.items():
    parameters = counted[name].total_parameters
    print(f"{name:10} {parameters:9,} parameters", end="   ")
    print(f"test accuracy {history.test_accuracy[-1]:.2f}")
draw_comparison(histories)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The same blocks, the same images in the same order, the same number of epochs. Only the head
# differs. A few points up or down are chance. What stays: about a quarter of the parameters do the same job.
#
# At the paper's size the difference is larger: 9.7 against 132.9 million. That is why Inception, ResNet and all that
# follow end with the mean of each map.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A block turns the design of a network into a short list of numbers.
# - $n$ layers of 3×3 see $2n + 1$ pixels, with fewer weights than one large kernel and more ReLUs.
# - In VGG most parameters are dense, and nearly all work is convolution.
# - Depth costs work, hardly any parameters.
# - NiN: 1×1 convolutions and the mean of each map replace the dense layers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 14.1: predict a stack
#
# How many 3×3 layers see as far as AlexNet's 11×11 kernel? With 64 channels in and out, and no biases: how many
# weights has the stack, how many the single layer?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (layers, weights of the stack, weights of 11×11)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The first layer sees 3 pixels, every further one adds two. A layer has channels in × channels out kernels.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (5, 5 * 9 * 64 * 64, 121 * 64 * 64)
# ```
#
# From $2n + 1 = 11$ follows $n = 5$. The stack has 45/121 of the weights.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 14.2: change the list
#
# Images are gray, 64×64. Write the list of a network of VGG blocks with **ten convolutions** that leaves **256 maps of
# 4×4**, and whose convolutions have **less than 2 million parameters**.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_blocks = ...  # [(convolutions, channels), ...]

# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.2", my_blocks)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# How often must 64 be halved to get 4? Wide layers are the dear ones: let the width double from block to block, and
# reach 256 only in the last.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_blocks = [(2, 32), (2, 64), (3, 128), (3, 256)]
# ```
#
# There are others.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 14.3: build the formula of the receptive field
#
# Given the kernel and stride of each layer, from the image up, how many pixels wide is the receptive field of one
# output? One block with two convolutions is `[(3, 1), (3, 1), (2, 2)]`.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def receptive_field(layers):
    """layers: [(kernel, stride), ...]; returns a number of pixels."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.3", receptive_field)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Before the first layer the field is 1. A layer adds kernel − 1 steps. One step is a pixel at first; after a layer with
# stride 2 a step is two pixels of the image, for all layers above it.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def receptive_field(layers):
#     field, step = 1, 1
#     for kernel, stride in layers:
#         field += (kernel - 1) * step
#         step *= stride
#     return field
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Simonyan and Zisserman, [Very Deep Convolutional Networks for Large-Scale Image
#   Recognition](https://arxiv.org/abs/1409.1556), 2014: VGG. Section 2.3 argues for 3×3.
# - Lin, Chen and Yan, [Network In Network](https://arxiv.org/abs/1312.4400), 2013: 1×1 convolutions and global average
#   pooling
# - He, Zhang, Ren and Sun, [Delving Deep into Rectifiers](https://arxiv.org/abs/1502.01852), 2015: how to draw the
#   first weights of deep networks with ReLU
# - Luo and others, [Understanding the Effective Receptive Field in Deep Convolutional Neural
#   Networks](https://arxiv.org/abs/1701.04128), 2017: why the middle counts more
# - *Dive into Deep Learning*, [Networks Using Blocks
#   (VGG)](https://d2l.ai/chapter_convolutional-modern/vgg.html) and [Network in Network
#   (NiN)](https://d2l.ai/chapter_convolutional-modern/nin.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **15 · Inception**, which does not choose between 1×1, 3×3 and 5×5 but takes them all.
