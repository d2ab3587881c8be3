# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 13 · AlexNet
#
# A LeNet made deeper and wider won a contest in 2012, and computer vision was never the same.
#
# *45 minutes · needs 07, 11, 12*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The network of notebook 12 is from 1998. Fourteen years later hardly anybody outside a few groups
# worked on such networks. Then one of them won the largest contest in image recognition, by a margin that nobody had
# seen before.
#
# Today: what was new in it, what it costs, and why each of the new parts is there. All training takes about
# 20 seconds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** AlexNet in Gluon, and lay it beside LeNet.
# - **Count** its parameters and its work, and check the lecture's table.
# - **Measure** how gradients fade through sigmoids, and how ReLU keeps them.
# - **Write** dropout and data augmentation yourself, and see what they do.
# - **Train** it: small on a laptop, in full size by one switch.

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

from d2lhelpers import (
    COLORS,
    at_scale,
    check,
    draw_blocks,
    draw_layers,
    evaluate,
    explore,
    fit,
    load_data,
    load_images,
    load_photo,
    rounded,
    seed,
    show,
    show_images,
    subplots,
    summarize,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
CONTEST = {  # of 100 test images, for how many the right class is not among five guesses
    "2010, winner": 28.2,
    "2011, winner": 25.8,
    "2012, second": 26.2,
    "2012, AlexNet": 15.3,
}


def draw_contest(errors):
    """Draw the error of each year's entry as a bar, the network's in another color."""
    fig, ax = subplots(width=10.5, height=3.6)
    colors = [COLORS["sky"]] * (len(errors) - 1) + [COLORS["vermilion"]]
    bars = ax.barh(list(errors), list(errors.values()), color=colors)
    ax.bar_label(bars, [f"{error} %" for error in errors.values()], padding=5, fontsize=16)
    ax.invert_yaxis()
    ax.set(xlabel="test images whose class is not among five guesses, in percent", xlim=(0, 32))
    show(fig, alt="Bars of error: three entries of 2010 to 2012 between 25 and 29 percent, AlexNet's at 15 percent.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What changed in 2012
#
# More data, faster computers, and features that nobody designs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### 2012: ten points ahead
#
# The ImageNet contest: photographs of 1,000 kinds of things. Five guesses are allowed for each.

# %% slideshow={"slide_type": "-"}
draw_contest(CONTEST)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Three entries without a network, then one with: AlexNet, named after its first author, Alex Krizhevsky.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The measure is the *top-5 error*: the right class is not among the five with the highest scores.
# Many photographs show more than one thing, and more than a hundred of the classes are breeds of dogs; hence five
# guesses.
#
# Ask: what would guessing at random get? (995 of 1,000 wrong, so 99.5 percent.)
#
# For the purist: each year's contest had test images of its own. 15.3 percent is an average of several networks, some
# of which saw further ImageNet photographs. With the contest's own images alone they had 16.4. The runner-up's 26.2 was
# an average of many models, too.


# %% slideshow={"slide_type": "skip"}
def draw_two_ways():
    """Draw the way from image to class before 2012 and since: who makes the features?"""
    fig, ax = subplots(width=11.2, height=3.6)
    boxes = {
        "image 1": (1, 2, "data", "image"),
        "by hand": (2, 2, "block", "features,\ndesigned"),
        "classifier 1": (3, 2, "dense", "classifier,\nlearned"),
        "class 1": (4, 2, "data", "class"),
        "image 2": (1, 1, "data", "image"),
        "learned": (2, 1, "conv", "features,\nlearned"),
        "classifier 2": (3, 1, "dense", "classifier,\nlearned"),
        "class 2": (4, 1, "data", "class"),
    }
    names = list(boxes)
    arrows = [(names[i], names[i + 1]) for i in range(len(names) - 1) if names[i] != "class 1"]
    draw_blocks(ax, boxes, arrows)
    ax.set_xlim(-0.3, 4.5)
    for y, words in ((2, "until 2011"), (1, "since 2012")):
        ax.text(0.0, y, words, ha="center", va="center", fontsize=16)
    show(
        fig,
        alt="Two rows of boxes from image to class. Above, until 2011, features are designed and the classifier is "
        "learned; below, since 2012, both are learned.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Who makes the features?

# %% slideshow={"slide_type": "-"}
draw_two_ways()

# %% [markdown] slideshow={"slide_type": "fragment"}
# Until then, years of work went into formulas for edges, corners and textures. AlexNet learned all of it from pixels
# and labels.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The features of the time have names such as SIFT and HOG: histograms of edge directions, tuned by
# hand. Only the last step, a linear classifier, was learned.
#
# Ask: LeNet learned its features in 1998. Why did it take so long? Collect answers, then show the next slide: the data,
# the computers, and a few tricks were missing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What had been missing: data

# %% slideshow={"slide_type": "-"}
data_sets = {  # training images, classes, numbers in an image
    "MNIST": (60_000, 10, 1 * 28 * 28),
    "ImageNet": (1_281_167, 1000, 3 * 224 * 224),
}
print(f"{'':9}{'images':>10} {'classes':>8} {'numbers each':>13}")
for name, (images, classes, numbers) in data_sets.items():
    print(f"{name:9}{images:10,} {classes:8,} {numbers:13,}")
mnist, imagenet = data_sets.values()
times = [f"{b / a:.0f}" for a, b in zip(mnist, imagenet, strict=True)]
print(f"{'times':9}{times[0]:>10} {times[1]:>8} {times[2]:>13}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# And computers: graphics cards had learned to do arithmetic for others than games.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* ImageNet was presented in 2009 by Fei-Fei Li and her group: photographs from the web, labeled by
# thousands of people who were paid by the piece. The contest uses the thousand classes counted here. Photographs come
# in all sizes; networks get squares of 224×224 cut from them.
#
# Twenty times as many images, two hundred times as many numbers in each: together four thousand times as much to read.
# It fed a network that would have learned MNIST by heart.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What changed from LeNet to AlexNet
#
# | | LeNet, 1998 | AlexNet, 2012 | why |
# |:--|:--|:--|:--|
# | depth | 5 layers with weights | 8 | features of features |
# | width | 6 and 16 channels | 96 to 384 | more kinds of them |
# | activation | S-shaped | ReLU | gradients arrive |
# | pooling | average | max | the strongest signal |
# | in dense layers | – | dropout | less overfitting |
# | training images | as they are | augmented | less overfitting |
# | computer | workstation | two GPUs | days, not months |

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is the plan for today. The first two rows are the architecture: we build it and count. Then
# one section for each of ReLU, dropout and augmentation; max pooling was the subject of notebook 11.
#
# None of these was entirely new in 2012. That all of them together, at this size, work so well was new.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The network
#
# AlexNet beside LeNet, layer by layer.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### AlexNet in Gluon


# %% slideshow={"slide_type": "-"}
def alexnet(classes=1000, shrink=1, act="relu", dropout=0.5):
    c1, c2, c3, units = (n // shrink for n in (96, 256, 384, 4096))
    net = nn.Sequential()
    net.add(nn.Conv2D(c1, 11, strides=4, activation=act))
    net.add(nn.MaxPool2D(3, strides=2))
    net.add(nn.Conv2D(c2, 5, padding=2, activation=act))
    net.add(nn.MaxPool2D(3, strides=2))
    for channels in (c3, c3, c2):
        net.add(nn.Conv2D(channels, 3, padding=1, activation=act))
    net.add(nn.MaxPool2D(3, strides=2))
    for _ in range(2):
        net.add(nn.Dense(units, activation=act), nn.Dropout(dropout))
    net.add(nn.Dense(classes))
    return net


# %% [markdown] slideshow={"slide_type": "fragment"}
# Large kernels with a large stride first, while the image is large; then small kernels, three in a row.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read it from the top: five convolutions, three poolings, three dense layers. `shrink` divides all
# widths, for laptops; 1 is the paper's size.
#
# Ask: how many layers with weights? (Eight.) Why a stride of 4 at the start? (It leaves a sixteenth of the positions,
# and so a sixteenth of the work, before anything else is computed.) The pooling windows of 3×3 move by 2, so they
# overlap by a row.

# %% [markdown] slideshow={"slide_type": "skip"}
# **What differs from the network of 2012.** The original was cut in two halves, one for each GPU, which talked to each
# other in some layers only; its second, fourth and fifth convolution saw only the channels of their own half. It
# normalized neighboring channels after the first two convolutions, which has gone out of use. Its feature maps were
# 55×55 after the first convolution, and 6×6 at the end, which gives the 60 million parameters of the paper. The network
# above is the one of the lecture: one tower, no padding in the first layer.


# %% slideshow={"slide_type": "skip"}
def lenet():
    """Build the LeNet of notebook 12."""
    net = nn.Sequential()
    net.add(nn.Conv2D(6, kernel_size=5, padding=2, activation="sigmoid"), nn.AvgPool2D(2, strides=2))
    net.add(nn.Conv2D(16, kernel_size=5, activation="sigmoid"), nn.AvgPool2D(2, strides=2))
    net.add(nn.Dense(120, activation="sigmoid"), nn.Dense(84, activation="sigmoid"), nn.Dense(10))
    return net


def stages(net, shape, words):
    """Return what `draw_layers` draws of a network: the words and the sizes of its input and its layers."""
    rows = [row for row in summarize(net, (1, *shape)).rows if "Dropout" not in row.name]
    return list(zip(words, [shape, *(row.output_shape[1:] for row in rows)], strict=True))


def draw_side_by_side(small, large):
    """Draw LeNet above AlexNet; the sizes come from the networks."""
    small_words = ["image", "conv\n5×5", "average\npool 2×2", "conv\n5×5", "average\npool 2×2"]
    small_words += ["dense", "dense", "scores"]
    large_words = ["image", "conv\n11×11", "max\npool 3×3", "conv\n5×5", "max\npool 3×3"]
    large_words += ["conv\n3×3"] * 3 + ["max\npool 3×3", "dense", "dense", "scores"]
    fig, (above, below) = subplots(2, 1, width=11.6, height=5.7)
    draw_layers(above, stages(small, (1, 28, 28), small_words))
    draw_layers(below, stages(large, (3, 224, 224), large_words))
    show(
        fig,
        alt="LeNet above, AlexNet below, each to its own scale: both go from a large image through ever smaller "
        "feature maps to vectors; AlexNet has twice as many layers, and many more channels.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Side by side: LeNet above, AlexNet below

# %% slideshow={"slide_type": "-"}
draw_side_by_side(lenet(), alexnet())

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each row has its own scale: LeNet's image would be a stamp beside AlexNet's. Point at what is
# alike: from left to right fewer places and more channels, then vectors. Point at what is not: three convolutions in a
# row without pooling between them, and vectors of 4,096.
#
# Ask: 224 becomes 54. How? ((224 − 11) / 4 rounded down, plus 1.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Full size, counted by the network

# %% slideshow={"slide_type": "-"}
full_size = summarize(alexnet(), (1, 3, 224, 224))
print(full_size)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One color image in. Let the class find three things: the layer with most parameters (the first
# dense one), the layer with most work (the second convolution), and the layers without parameters.

# %% slideshow={"slide_type": "skip"}
GROUPS = ("conv 1", "conv 2", "conv 3-5", "dense 1", "dense 2", "output")
SLIDE = {  # the lecture's figures for AlexNet: parameters, FLOP
    "conv 1": ("35K", "101M"),
    "conv 2": ("614K", "415M"),
    "conv 3-5": ("3M", "445M"),
    "dense 1": ("26M", "26M"),
    "dense 2": ("16M", "16M"),
    "output": ("", ""),
    "in all": ("46M", "1G"),
}


def by_group(table):
    """Return (parameters, multiply-adds) of each group of layers, and of the network."""
    rows = [row for row in table.rows if row.parameters]
    parts = (rows[:1], rows[1:2], rows[2:-3], rows[-3:-2], rows[-2:-1], rows[-1:])
    groups = {
        name: (sum(row.parameters for row in part), sum(row.multiply_adds for row in part))
        for name, part in zip(GROUPS, parts, strict=True)
    }
    return groups | {"in all": (table.total_parameters, table.total_multiply_adds)}


def print_both(small, large):
    """Print parameters and multiply-adds of LeNet and of AlexNet, a line a group."""
    print(f"{'':9}{'LeNet':>27}{'AlexNet':>31}")
    print(f"{'':9}" + 2 * f"{'parameters':>12}{'multiply-adds':>15}    ")
    for group, numbers in small.items():
        left, right = (f"{pair[0]:12,}{pair[1]:15,}" for pair in (numbers, large[group]))
        print(f"{group:9}{left}    {right}")
    print()


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The lecture's table, checked

# %% slideshow={"slide_type": "-"}
large = by_group(full_size)
print(f"{'':9}{'parameters':>12}  slide {'multiply-adds':>17}  slide")
for group, (parameters, multiply_adds) in large.items():
    said, said_flop = SLIDE[group]
    line = f"{group:9}{parameters:12,} {said:>6} {multiply_adds:17,}"
    print(f"{line} {said_flop:>6}")
without = large["in all"][0] - large["output"][0]
print(f"\n{without:,} parameters without the output layer")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Line by line the slide is right. Its total of 46M leaves out the output layer with its 1,000 classes.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The slide cuts digits off instead of rounding; never mind. It says FLOP for what the table calls
# multiply-adds: one multiplication and the addition that follows count as one.
#
# With 4.1 million more, the total is 50.8 million. The paper says 60 million, as its last feature maps are 6×6 and not
# 5×5 (exercise 12.1 has that size).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many LeNets is an AlexNet?

# %% slideshow={"slide_type": "-"}
small = by_group(summarize(lenet(), (1, 1, 28, 28)))
print_both(small, large)
parameters = large["in all"][0] / small["in all"][0]
work = large["in all"][1] / small["in all"][1]
print(f"parameters    {parameters:5,.0f} times; the slide says 11")
print(f"multiply-adds {work:5,.0f} times; the slide says 250")
print(f"the slide's own totals: {46e6 / 0.6e6:.0f} and {1e9 / 4e6:.0f} times")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The slide's LeNet column is ten times too high (notebook 12); its 11 is not even its own ratio.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Without its output layer AlexNet has some 750 times LeNet's parameters, with it more than 800.
#
# Ask: which of the two grew more, memory or work? (Work, three times as much.) LeNet has no third to fifth convolution,
# hence the zeros.


# %% slideshow={"slide_type": "skip"}
def draw_shares(networks):
    """Draw for each group of layers its share of a network's parameters and multiply-adds."""
    fig, axes = subplots(1, 2, width=11.2, height=4.2, sharey=True)
    looks = (("LeNet", COLORS["orange"], "//"), ("AlexNet", COLORS["blue"], ""))
    for which, (ax, what) in enumerate(zip(axes, ("parameters", "multiply-adds"), strict=True)):
        for place, (name, color, hatch) in enumerate(looks):
            groups = networks[name]
            shares = [100 * groups[group][which] / groups["in all"][which] for group in GROUPS]
            heights = [row + 0.4 * place - 0.2 for row in range(len(GROUPS))]
            bars = ax.barh(heights, shares, height=0.38, color=color, hatch=hatch, edgecolor="white", label=name)
            ax.bar_label(bars, [f"{share:.0f}" for share in shares], padding=4)
        ax.set(xlabel=f"% of all {what}", xlim=(0, 100), yticks=range(len(GROUPS)), yticklabels=GROUPS)
    axes[0].invert_yaxis()
    axes[1].legend(loc="lower right")
    show(
        fig,
        alt="Shares of layer groups, LeNet and AlexNet alike: most parameters in the first dense layers, most "
        "multiply-adds in the convolutions.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same picture, a thousand times larger

# %% slideshow={"slide_type": "-"}
draw_shares({"LeNet": small, "AlexNet": large})

# %% [markdown] slideshow={"slide_type": "fragment"}
# Parameters sit in the dense layers, work in the convolutions. Dropout goes where the parameters are.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before you show it: where would you look first to make the network smaller, and where to make
# it faster? (Dense layers; convolutions.) Notebook 15 removes the dense layers, and notebook 18 makes the convolutions
# cheaper.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Three remedies
#
# ReLU for the gradient; dropout and augmentation against overfitting.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### ReLU: do gradients arrive?
#
# The way back leads through every layer. Each multiplies by its weights and by the slope of its activation, at most
# ¼ for a sigmoid. We send the same random gradient in at the end:


# %% slideshow={"slide_type": "-"}
def gradient_norms(activation, depth, width=100):
    draw = onp.random.RandomState(0).normal
    shape, spread = (depth, width, width), (2 / width) ** 0.5
    weights = [np.array(W, "float32") for W in draw(0, spread, shape)]
    H, end = np.array(draw(size=(2, 64, width)), "float32")
    for W in weights:
        W.attach_grad()
    with autograd.record():
        for W in weights:
            H = activation(np.dot(H, W))  # (64, width)
    H.backward(end)
    return [float(np.linalg.norm(W.grad)) for W in weights]


# %% slideshow={"slide_type": "-"}
for name, activation in {"sigmoid": npx.sigmoid, "ReLU": npx.relu}.items():
    norms = gradient_norms(activation, depth=10)
    power = round(onp.log10(norms[0] / norms[-1]))
    print(f"{name:8} first layer / last layer: about 10 to the power {power}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ten dense layers, each 100 wide, random weights of spread √(2/100). The spread is chosen for ReLU,
# which lets half of the numbers through: with it neither signals nor gradients grow or shrink on average.
# `backward(end)` takes a gradient to start with, a head gradient (notebook 03).
#
# Ask: what does an update do to a layer with a gradient ten thousand times smaller than the last layer's? (Nothing:
# the first layers stay as random as they started, and they are the ones that see the image.)


# %% slideshow={"slide_type": "skip"}
def draw_gradients(ax, depth):
    """Draw the norm of each layer's gradient, of a stack of so many layers, for sigmoid and ReLU."""
    looks = {"ReLU": (npx.relu, COLORS["blue"], "s-"), "sigmoid": (npx.sigmoid, COLORS["vermilion"], "o--")}
    layers = range(1, depth + 1)
    for name, (activation, color, style) in looks.items():
        ax.semilogy(layers, gradient_norms(activation, depth), style, color=color, label=name)
    ax.set(xlabel="layer, 1 is next to the input", ylabel="norm of the gradient", ylim=(1e-9, 1e5))
    ax.set_title(f"{depth} layers")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.label_outer()
    ax.grid(True)
    ax.legend(loc="lower right")


GRADIENTS = (
    "Gradient norms on a logarithmic axis for 5, 10 and 20 layers. ReLU's stay level; sigmoid's fall in a straight "
    "line towards the first layer, by some nine powers of ten in 20 layers."
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The gradient vanishes, layer by layer
#
# Each step down the axis is a factor. A straight line: the same factor at every layer.

# %% slideshow={"slide_type": "-"}
look = {"label": "layers", "height": 4.2, "sharey": True}
depths = [2, 3, 5, 7, 10, 15, 20]  # the slider's, when live
explore(draw_gradients, [5, 10, 20], values=depths, alt=GRADIENTS, **look)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, move the slider from 2 layers on. Ask: how many layers of sigmoids would you dare? The
# factor is about a third at each layer: a slope of at most a quarter, times weights that are a bit larger than 1 in
# effect.
#
# This is the *vanishing gradient*. LeNet, with four sigmoids, could live with it, given larger starting weights and
# patience (notebook 12). With seven we try it below. ReLU's slope is 1 or 0: what gets through gets through whole.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Dropout
#
# In training, each unit is silent with probability $p$, and the others speak up so that the mean stays:
#
# $$h' = \begin{cases} 0 & \text{with probability } p \\ h / (1 - p) & \text{else} \end{cases}
# \qquad \text{mean of } h' = p \cdot 0 + (1 - p) \cdot \frac{h}{1 - p} = h$$


# %% slideshow={"slide_type": "-"}
def dropout(H, keep, p):  # keep: the mask, 1 stays, 0 is silent
    if not autograd.is_training():
        return H
    return H * keep / (1 - p)


# %% slideshow={"slide_type": "-"}
H, keep = np.array([1.0, 2, 3, 4]), np.array([1, 0, 0, 1])
with autograd.record():
    print("training:  ", rounded(dropout(H, keep, p=0.5)))
print("predicting:", rounded(dropout(H, keep, p=0.5)))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The mask is drawn anew for every example of every batch. Here it is written down, so that we can
# check.
#
# `record()` switches training mode on (notebook 03); outside of it nothing is dropped. Ask: why do we want all units
# when predicting? (The answer should not depend on luck, and a network of all units knows more than half of one.)


# %% slideshow={"slide_type": "skip"}
def draw_thinned(ax, p):
    """Draw a network with two hidden layers whose units are dropped with probability p."""
    random_numbers = onp.random.RandomState(739)
    sizes = (4, 6, 6, 3)
    kept = [onp.ones(4), random_numbers.uniform(size=6) >= p, random_numbers.uniform(size=6) >= p, onp.ones(3)]
    places = [[(2 * column, i - (size - 1) / 2) for i in range(size)] for column, size in enumerate(sizes)]
    for column in range(3):
        for start, on in zip(places[column], kept[column], strict=True):
            for end, also_on in zip(places[column + 1], kept[column + 1], strict=True):
                if on and also_on:
                    ax.plot(*zip(start, end, strict=True), color="#8A8A8A", linewidth=1.0, zorder=1)
    for layer, mask in zip(places, kept, strict=True):
        for (x, y), on in zip(layer, mask, strict=True):
            fill, edge = ("#D6ECF8", COLORS["blue"]) if on else ("white", "#8A8A8A")
            ax.plot(x, y, "o", markersize=19, color=fill, markeredgecolor=edge, markeredgewidth=1.6, zorder=2)
            if not on:
                ax.plot(x, y, "x", markersize=11, color=COLORS["vermilion"], markeredgewidth=2.5, zorder=3)
    silent = int(12 - kept[1].sum() - kept[2].sum())
    ax.set_title(f"p = {p:g}: {silent} of 12 are silent")
    ax.set(xlim=(-0.5, 6.5), ylim=(3, -3))
    ax.set_axis_off()


THINNED = (
    "A network with two hidden layers of six units, three times: of the hidden units more and more are crossed out, "
    "and their lines are gone."
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Every example trains another, thinner network
#
# A unit cannot rely on any other being there.

# %% slideshow={"slide_type": "-"}
look = {"label": "p", "height": 4.2}
chances = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
explore(draw_thinned, [0.2, 0.5, 0.8], values=chances, alt=THINNED, **look)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Only hidden units are dropped, never the scores: there would be no answer. The paper takes p = ½
# in its two large dense layers.
#
# Ask: how many thinned networks are there, with 12 units? (2 to the power 12, 4,096. With 8,192 units, more than
# anyone can count. They all share their weights, and predicting with all units comes close to averaging them.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Gluon's `Dropout` does the same
#
# The same seed draws the same mask. A layer of ones shows us which.

# %% slideshow={"slide_type": "-"}
layer, p = nn.Dropout(0.5), 0.5
H = np.array([[1.0, 2, 3, 4]] * 100_000)  # (100000, 4)
with autograd.train_mode():
    seed(0)
    keep = layer(np.ones(H.shape)) > 0  # Gluon's mask
    seed(0)
    by_gluon = layer(H)
    by_hand = dropout(H, keep, p)
print("the same:    ", bool((by_gluon == by_hand).all()))
print("mean of each:", rounded(by_gluon.mean(axis=0), 1))
print("predicting:  ", rounded(layer(H)[0]))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A hundred thousand copies of the same four numbers, each with a mask of its own: the means are
# what they were, as the formula says. Statistics calls such a mean the *expectation*.
#
# `seed` twice, so that the layer draws the same random numbers twice.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Augmentation: more images for free
#
# Mirrored, moved or a bit darker, a cat is still a cat.


# %% slideshow={"slide_type": "-"}
def flip(X):
    return X[..., ::-1]  # (..., height, width): columns backwards


def crop(X, top, left, size):
    return X[..., top : top + size, left : left + size]


def brighten(X, factor):
    return np.clip(factor * X, 0, 1)


# %% slideshow={"slide_type": "-"}
photo = load_photo(256)  # (3, 256, 256)
by_gluon = npx.image.flip_left_right(photo.transpose(1, 2, 0))
same = bool((flip(photo).transpose(1, 2, 0) == by_gluon).all())
print("flip as Gluon's:", same)
print(f"crops of 224, flipped or not: {(256 - 224 + 1) ** 2 * 2:,}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Gluon's images have the channels last, hence `transpose`; that is how they come from a file.
#
# The paper cuts 224×224 out of 256×256, at random, and mirrors half of them. It says that this makes 2,048 images out
# of one, 32 · 32 · 2. Ask: why 33? (A window as large as the image has one place, so it is n − k + 1 places, as for a
# convolution.)


# %% slideshow={"slide_type": "skip"}
def show_augmented(pictures):
    """Show color images (3, size, size) in rows of five."""
    show_images(
        pictures,
        num_columns=5,
        width=8.6,
        alt="Ten versions of a portrait: closer to one edge or another, some mirrored, some darker or brighter.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One photograph, ten draws


# %% slideshow={"slide_type": "-"}
def augment(X, size, random_numbers):
    room = X.shape[-1] - size + 1
    top, left = random_numbers.randint(room, size=2).tolist()
    X = crop(X, top, left, size)
    if random_numbers.uniform() < 0.5:
        X = flip(X)
    return brighten(X, random_numbers.uniform(0.5, 1.5))


# %% slideshow={"slide_type": "-"}
random_numbers = onp.random.RandomState(0)
show_augmented([augment(photo, 180, random_numbers) for _ in range(10)])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Grace Hopper, who wrote one of the first compilers. Every epoch draws anew, so the network never
# sees the same numbers twice. At test time nothing is drawn: the middle is cut out, or several crops are tried and
# their scores averaged.
#
# The crops of 180 are smaller than the paper's, so that one can see them move. Ask: which changes could occur in a new
# photograph? Those are the ones worth drawing: another place, another light, another direction of view.


# %% slideshow={"slide_type": "skip"}
def show_flipped(images):
    """Show each image (1, height, width) as it is, mirrored, and turned upside down."""
    pictures = [picture for X in images for picture in (X, flip(X), X[:, ::-1, ::-1])]
    show_images(
        pictures,
        ["as it is", "mirrored", "half a turn"] * len(images),
        num_columns=6,
        width=11.2,
        alt="The digits 2 and 6, then mirrored, then turned: the mirrored 2 is no digit, the turned 6 reads as a 9.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Does the label survive?

# %% slideshow={"slide_type": "-"}
images, labels = load_images(source="digits", size=100)
chosen = [labels.tolist().index(digit) for digit in (2, 6)]
show_flipped(images[np.array(chosen)])  # (2, 1, 28, 28)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A mirrored cat is a cat. A mirrored 2 is nothing, and half a turn makes a 6 a 9. For digits we move the image, and
# leave it unmirrored.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Augmentation is knowledge: we tell the network which changes do not matter. Wrong knowledge does
# harm.
#
# Ask: what about augmentation for reading X-ray images? (Mirrored, the heart is on the other side. Whether that matters
# is a question for a doctor, not for the library.)


# %% slideshow={"slide_type": "skip"}
class RandomCrops:
    """Batches of a loader, each with four rows and columns of zeros around it, and cropped back at a random place."""

    def __init__(self, loader):
        self.loader = loader
        self.random_numbers = onp.random.RandomState(0)

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        for X, y in self.loader:  # (n, 1, side, side), (n,)
            side, around = X.shape[-1], ((0, 0), (0, 0), (4, 4), (4, 4))
            top, left = self.random_numbers.randint(9, size=2).tolist()
            yield crop(np.pad(X, around), top, left, side), y


def small_mlp(p=0.0):
    net = nn.Sequential()
    for _ in range(2):
        net.add(nn.Dense(256, activation="relu"), nn.Dropout(p))
    net.add(nn.Dense(10))
    return net


def overfit(net, augmentation=lambda loader: loader, start=0):
    """Train on 500 digits; return loss and accuracy on them, and on test digits, all without dropout."""
    train_loader, _ = load_data(32, source="digits", train_size=500)
    options = {"num_epochs": 30, "lr": 0.002, "optimizer": "adam"}
    fit(net, augmentation(train_loader), seed=start, plot=False, **options)
    _, test_loader = load_data(500, source="digits")
    return *evaluate(net, train_loader), *evaluate(net, test_loader)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Do they help against overfitting?
#
# An MLP with two hidden layers on only 500 digits learns them by heart. Three runs, about 6 seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
results = {
    "plain": overfit(small_mlp()),
    "dropout": overfit(small_mlp(p=0.5)),
    "random crops": overfit(small_mlp(), RandomCrops),
}
print("              train loss  accuracy   test loss  accuracy")
for name, result in results.items():
    print(f"{name:13}" + "".join(f"{number:11.2f}" for number in result))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Random crops: a much better test accuracy. Dropout: a smaller gap between the losses, but no better accuracy in so
# short a training.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The numbers are measured in predict mode, on the same images for all. The curves of `fit` would
# show dropout's training accuracy with half of the units silent, and so look worse than the network is.
#
# Plain: every training image right, one test image in four wrong. Dropout's network is less sure of its errors, so the
# test loss falls; the accuracy does not rise, it may even lose a few points. Be honest: dropout needs long training
# (about twice as many epochs, the paper says), and it pays off in large networks. Crops are made for this data, whose
# digits are at random places.
#
# Ask: why is augmentation worth so much to an MLP? (It ties each weight to a pixel, and has to see a digit everywhere.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training
#
# Small on a laptop, and what full size took.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One switch: laptop or full size
#
# `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the environment, before Jupyter starts, gives AlexNet in its full
# size, for a GPU. Nothing else in the notebook changes.

# %% slideshow={"slide_type": "-"}
shrink = at_scale(laptop=8, full=1)  # divides all widths
image_size = at_scale(laptop=72, full=224)
train_size = at_scale(laptop=2000, full=None)  # None: all
batch_size = at_scale(laptop=32, full=128)
num_epochs = at_scale(laptop=6, full=10)
lr = at_scale(laptop=0.001, full=0.0001)

table = summarize(alexnet(10, shrink), (1, 1, image_size, image_size))
print(f"{table.total_parameters:10,} parameters")
print(f"{table.total_multiply_adds:10,} multiply-adds an image")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The layers are the same in both sizes: kernels, strides, poolings, dropout. Only widths and images
# differ. 72 pixels is about the least: below 67 nothing is left for the last pooling.
#
# The digits have 28×28 pixels and are enlarged: no new detail comes in, but the network meets the sizes that it was
# made for. Ten classes, so ten scores.


# %% slideshow={"slide_type": "skip"}
def train_alexnet(act, start=0, plot=True):
    """Train an AlexNet of the size chosen above, from weights of the spread that suits ReLU."""
    train_loader, test_loader = load_data(batch_size, train_size=train_size, resize=image_size)
    seed(start)
    net = alexnet(10, shrink, act)
    net.initialize(init.Xavier("gaussian", factor_type="in", magnitude=2))
    alt = f"AlexNet with {act}: loss and accuracy against the epoch."
    options = {"num_epochs": num_epochs, "lr": lr, "optimizer": "adam"}
    options |= {"seed": start, "plot": plot, "title": f"AlexNet with {act}", "alt": alt}
    return fit(net, train_loader, test_loader, **options)


def draw_runs(runs):
    """Draw the test accuracy of several training runs, and what guessing gets."""
    fig, ax = subplots(width=10.5, height=3.8)
    looks = (("s-", COLORS["blue"]), ("o--", COLORS["vermilion"]))
    for (name, run), (style, color) in zip(runs.items(), looks, strict=True):
        epochs = range(1, len(run.test_accuracy) + 1)
        ax.plot(epochs, run.test_accuracy, style, color=color, label=name)
    ax.axhline(0.1, color="black", linestyle=":", label="guessing")
    ax.set(xlabel="epoch", ylabel="test accuracy", ylim=(0, 1))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt="Test accuracy against epoch: with ReLU it climbs, with sigmoids it stays where guessing is.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training AlexNet
#
# About 6 seconds on two cores. The weights start with spread $\sqrt{2 / \text{inputs}}$, as in the experiment above.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
relu_run = train_alexnet("relu")

# %% [markdown] slideshow={"slide_type": "fragment"}
# In the first epochs training accuracy is *below* test accuracy. Why?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The answer: dropout is on while training, half of the dense units are silent. And the training
# accuracy is an average over the epoch, while the network still gets better.
#
# On these small digits LeNet does as well, with less work: it was made for them. AlexNet's place is where there is more
# to learn.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same with sigmoids
#
# One word of the code differs. About 6 seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
sigmoid_run = train_alexnet("sigmoid", plot=False)
draw_runs({"ReLU": relu_run, "sigmoid": sigmoid_run})

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nothing is learned. Next to no gradient reaches the convolutions, and the dense layers have nothing to work with.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The same data, order, rate, seed.
#
# Somebody may ask about LeNet's remedy, larger weights at the start (notebook 12). It does not help here: with
# `magnitude=24` nothing is learned in six epochs either. Notebooks 16 and 17 have what helps deep networks with any
# activation.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What full size cost in 2012
#
# The paper: 90 epochs on ImageNet, five to six days on two GPUs. The way back takes about twice the work of the way
# there; a multiply-add is two operations.

# %% slideshow={"slide_type": "-"}
examples = 90 * imagenet[0]
operations = examples * 3 * 2 * full_size.total_multiply_adds
print(f"{operations:.1e} operations")
lecture = {"CPU, i7-6700K": 0.15e12, "GPU, Titan RTX": 12e12}  # a second
for device, speed in lecture.items():
    print(f"{device:15} {operations / speed / 3600 / 24:5.1f} days at best")
two_gpus = operations / (5.5 * 24 * 3600)
print(f"the two GPUs of 2012 managed {two_gpus / 1e12:.1f} TFLOP a second")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The speeds are the lecture's, of notebook 09, and they are peaks: no training reaches them. Even
# so: two months on the processor, most of a day on one card of 2018.
#
# That is why the paper describes its GPU code at length, and why its network is cut in two: the cards of 2012 had 3
# gigabytes each, and the network did not fit into one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - AlexNet is LeNet with eight layers, wide ones: some 800 times the parameters, 2,400 times the work.
# - Sigmoids let the gradient vanish, by a factor at every layer. ReLU does not.
# - Dropout silences units in training, and keeps the mean; predicting uses all.
# - Augmentation draws changes that keep the label. It is knowledge about the data.
# - Same code, two sizes: `at_scale`.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the table of slide 6 once more, from memory: what changed from LeNet to AlexNet, and why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 13.1: predict the paper's size
#
# AlexNet, as built above, gets color images of 256×256. What shape has the output of the last pooling layer, and how
# many parameters has the first dense layer, of 4,096 units?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, parameters)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Without padding, a window of $k$ that moves by $s$ has $\lfloor (n - k) / s \rfloor + 1$ places. Only the first
# convolution and the three poolings change height and width.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# side = 256
# for window, stride in ((11, 4), (3, 2), (3, 2), (3, 2)):
#     side = (side - window) // stride + 1  # 62, 30, 14, 6
# my_prediction = (256, side, side, 4096 * (256 * side * side + 1))
# ```
#
# These are the 6×6 maps and the first dense layer of the paper.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 13.2: change when dropout rescales
#
# In the paper, survivors of training keep their values. Predicting uses all units instead, each times $1 - p$. Write
# dropout that way.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def paper_dropout(H, keep, p):  # keep: 1 stays, 0 is silent
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.2", paper_dropout)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Start from `dropout` above; `autograd.is_training()` says which mode it is. One factor moves from one line to the
# other, and is no division any more.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def paper_dropout(H, keep, p):
#     if autograd.is_training():
#         return H * keep
#     return H * (1 - p)
# ```
#
# Either way the next layer gets the same mean in both modes. Rescaling in training, as Gluon does, leaves nothing to do
# when the network is used.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 13.3: build a flip for batches
#
# Mirror some images of a batch left to right, and leave the others as they are. `chosen` says which, by 1 and 0.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def flip_some(X, chosen):  # (n, channels, height, width), (n,)
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.3", flip_some)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Mirror the whole batch first. Then combine: `np.where(condition, a, b)` takes `a` where the condition holds, else
# `b`. The condition needs four axes, so that it can be broadcast.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def flip_some(X, chosen):
#     mirrored = X[..., ::-1]
#     condition = chosen.reshape(-1, 1, 1, 1)  # (n, 1, 1, 1)
#     return np.where(condition, mirrored, X)
# ```
#
# No loop over the images: on a GPU, a loop would be as slow as its number of steps.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Krizhevsky, Sutskever, Hinton: [ImageNet classification with deep convolutional neural
#   networks](https://doi.org/10.1145/3065386), 2012; reprinted in Communications of the ACM, 2017. AlexNet.
# - Russakovsky and others: [ImageNet large scale visual recognition challenge](https://arxiv.org/abs/1409.0575), 2015.
#   The contest, its data and its winners, year by year.
# - Hinton and others: [Improving neural networks by preventing co-adaptation of feature
#   detectors](https://arxiv.org/abs/1207.0580), 2012. Dropout.
# - He, Zhang, Ren, Sun: [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015. Why the weights start
#   with the spread $\sqrt{2 / n}$.
# - Dive into Deep Learning: [Deep convolutional neural networks
#   (AlexNet)](https://d2l.ai/chapter_convolutional-modern/alexnet.html).
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **14 · VGG**, which builds networks from blocks instead of layers.
