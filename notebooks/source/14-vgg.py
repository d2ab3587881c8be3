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
# **How do you make a network deeper without inventing every layer?**
#
# *50 minutes · needs 08, 12, 13 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# AlexNet showed in 2012 that deep networks win. But it gave no rule for the next network: its kernel sizes, strides,
# and widths had been found one by one. Two years later, Karen Simonyan and Andrew Zisserman of the Visual Geometry
# Group in Oxford had a simple answer. They designed one *block*, and repeated it. Their network, named VGG after the
# group, came second in the classification task of the ImageNet competition of 2014, and first in the task of finding
# *where* the object is.
#
# This part of the course asks what a network has to know about pictures before it sees any. VGG's answer is short:
# nearby pixels belong together, and this holds at every scale. It tries to get along with a single small kernel,
# applied again and again to smaller and smaller maps. At the end of this notebook we'll meet a network of the same
# years that builds in one more piece of knowledge, that the class of a picture doesn't depend on where the object is,
# and thereby gets rid of most of VGG's parameters. Whether such knowledge helps is decided, as in every notebook since
# 08, by data that the network has not seen.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: you want AlexNet with three more layers. Where do you put them? Collect answers; nobody has a
# rule.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** a network from blocks, and a family of networks from lists of numbers.
# - **Compute** where parameters and work sit in VGG-11, and what more depth costs.
# - **Measure** how far a stack of 3×3 convolutions sees.
# - **Test** whether a stack beats one large kernel when both do the same work.
# - **Replace** dense layers by a 1×1 convolution and a mean, and test what is gained and lost.

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
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn
from mxnet.lr_scheduler import CosineScheduler
from mxnet.optimizer import Adam

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    check,
    class_names,
    evaluate,
    explore,
    fit,
    load_emoji,
    load_images,
    load_photo,
    seed,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb14_vgg as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Blocks
#
# A deep network as a short list of numbers.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### AlexNet is a list of choices, VGG repeats one

# %% slideshow={"slide_type": "-"}
figures.two_plans()

# %% [markdown] slideshow={"slide_type": "skip"}
# In AlexNet, hardly two layers are alike. If you wanted to make it deeper, you would have to decide where the new layer
# goes, with which kernel, and how wide it is. In VGG these questions have answers: you add a block, or one more 3×3
# convolution to a block. (Both networks end with dense layers of 4096, 4096, and 1000 units, which the picture leaves
# out.)
#
# Engineers have taken this step before. Chip designers went from transistors to gates to modules. The designers of
# networks went from units to layers to *blocks*: small networks with a few numbers to set, from which large ones are
# assembled.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how to make each of the two deeper. A block turns a hundred choices into two: how many
# convolutions, and how wide.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A VGG block: 3×3 convolutions that keep the size, then a pool


# %% slideshow={"slide_type": "-"}
def vgg_block(num_convs, channels, kernel=3, pool=nn.MaxPool2D):
    block = nn.Sequential()
    for _ in range(num_convs):
        block.add(nn.Conv2D(channels, kernel, padding=kernel // 2, activation="relu"))
    block.add(pool(pool_size=2, strides=2))
    return block


# %% slideshow={"slide_type": "-"}
figures.chain(vgg_block(num_convs=2, channels=256), input_shape=(128, 56, 56))

# %% [markdown] slideshow={"slide_type": "skip"}
# The picture is drawn from the network: change the two numbers in the last line, and it follows.
#
# A convolution with a 3×3 kernel and a padding of 1 keeps height and width, because $n - 3 + 2 \cdot 1 + 1 = n$. So you
# can stack as many of them as you like. At the end of the block, a max pooling layer of 2×2 with stride 2 halves both.
# (VGG only uses 3×3 kernels. We'll need the argument `kernel` later, to compare.)
#
# **Question.** Why is there only one pooling layer in each block, and not one after each convolution?
#
# <details><summary>Answer</summary>
#
# Each pooling layer halves the maps. Five halvings take an image of 224×224 to 7×7. VGG-19 has 16 convolutions; with a
# pool after each one, nothing would be left after the eighth. The pools limit the number of blocks, but not the number
# of convolutions within a block.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Change the two numbers and run the cell again; the drawing follows.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### VGG-11 is a list of five pairs


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
vgg11_blocks = [(1, 64), (1, 128), (2, 256), (2, 512), (2, 512)]  # (convolutions, channels)
table = summarize(vgg(vgg11_blocks), (1, 3, 224, 224), depth=1)  # one row for each block
figures.feature_maps(table)

# %% [markdown] slideshow={"slide_type": "skip"}
# Read the list aloud: one convolution with 64 channels, one with 128, two with 256, and twice two with 512. That makes
# eight convolutions. With the three dense layers, the network has 11 layers with weights, hence its name.
#
# The number of channels doubles when height and width are halved, until it stops at 512. A map of half the height and
# width has a quarter of the pixels, and twice as many channels, in and out, need four times as many weights. So as
# long as the width doubles, a block's first convolution does the same work as that of the block before.
#
# The two dense layers of 4096 units with dropout, and a last one for the 1000 classes of ImageNet, are AlexNet's. Here
# is the table of layers; *Sequential of 2* is a block with one convolution, *of 3* one with two:

# %% slideshow={"slide_type": "skip"}
table

# %% [markdown] slideshow={"slide_type": "skip"}
# The paper says 133 million parameters, too. As float32 numbers they fill half a gigabyte, and training with Adam
# needs four times as much: each weight has a gradient and two running means (notebook 05).
#
# **Guess first.** You know where LeNet and AlexNet have their parameters, and where they do their work. Is VGG
# different? How large is the share of the dense layers in each?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the list aloud and count: 8 convolutions + 3 dense layers = 11. Ask for the row with the most
# parameters.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three dense layers hold 93 % of the parameters

# %% slideshow={"slide_type": "-"}
layers = summarize(vgg(vgg11_blocks), (1, 3, 224, 224))  # all rows
figures.shares(layers)

# %% slideshow={"slide_type": "skip"}
dense_rows = [row for row in layers.rows if row.name.startswith("Dense")]
dense_parameters = sum(row.parameters for row in dense_rows)
dense_work = sum(row.multiply_adds for row in dense_rows)
print(f"dense layers: {dense_parameters / layers.total_parameters:.0%} of the parameters,", end=" ")
print(f"{dense_work / layers.total_multiply_adds:.0%} of the multiply-adds")

# %% [markdown] slideshow={"slide_type": "skip"}
# So VGG is no different, only larger: parameters sit in the dense layers, and work in the convolutions, which use each
# of their few weights at every pixel. The first dense layer, which connects 512·7·7 numbers to 4096 units, alone has
# three quarters of all parameters. Remember it: the last section gets rid of it.
#
# The right panel shows what doubling the width at half the size does. The first convolutions of blocks 2, 3, and 4 do
# the same work. Block 1 does less, because it reads only three channels, and so does block 5, where the width no longer
# doubles.
#
# **Question.** The second convolutions of blocks 3 and 4 do the same amount of work, although one has four times as
# many weights as the other. Why?
#
# <details><summary>Answer</summary>
#
# Block 4's maps have half the height and half the width, so each of its weights is used at a quarter of the positions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The same picture as for LeNet and AlexNet. Point at dense 1, and promise to remove it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Small kernels
#
# How far do stacked 3×3 kernels see, what do they save, and are they better?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two layers of 3×3 see as far as one of 5×5

# %% slideshow={"slide_type": "-"}
figures.views()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The part of the image that one output pixel can see is its **receptive field**.

# %% [markdown] slideshow={"slide_type": "skip"}
# Why does VGG only use 3×3 kernels, when AlexNet has 11×11 and 5×5? The drawing is a cut through one row of pixels. In
# its left half, the output pixel sees three pixels of layer 1, and these see five pixels of the image. In the right
# half, a single layer sees the same five. Each further layer of 3×3 adds one pixel on every side, so $n$ layers see
# $2n + 1$ pixels in each direction: two of them as much as 5×5, and three as much as 7×7. And 3×3 is the smallest
# kernel that has a center and knows left from right and up from down.
#
# You can also *measure* a receptive field. The gradient of *one* output pixel with respect to the image is nonzero
# exactly where that pixel looks. We set all weights to 1, so that nothing cancels. Then the gradient even *counts*: it
# is the number of paths that lead from a pixel of the image to the output.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: how many 3×3 layers see as far as one 7×7? As AlexNet's 11×11? (The second is exercise 14.1.)


# %% slideshow={"slide_type": "skip"}
def stack(num_layers, kernel, channels):
    net = nn.Sequential()
    for _ in range(num_layers):
        net.add(nn.Conv2D(channels, kernel, padding=kernel // 2))
    return net


# %% slideshow={"slide_type": "skip"}
def seen_from_the_middle(net, size):
    """Return how many paths lead from each pixel of the image to the middle of the output, (size, size)."""
    net.initialize(init.One(), force_reinit=True)  # all weights 1, also if it has been initialized before
    X = np.ones((1, 1, size, size))
    X.attach_grad()
    with autograd.record():
        Y = net(X)  # (1, 1, h, w)
        pixel = Y[0, 0, Y.shape[2] // 2, Y.shape[3] // 2]
    pixel.backward()
    return X.grad[0, 0]


# %% slideshow={"slide_type": "skip"}
VIEWS = "Squares of 3, 7, and 13 pixels a side for one, three, and six layers; the shade is strongest in the middle."


def draw_seen(ax, num_layers):
    paths = seen_from_the_middle(stack(num_layers, kernel=3, channels=1), size=15).asnumpy()
    side = int((paths.sum(axis=0) > 0).sum())
    figures.seen(ax, paths)
    ax.set_title(f"{num_layers} layer{'s' if num_layers > 1 else ''}: {side}×{side} pixels")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Every layer adds one pixel on each side

# %% slideshow={"slide_type": "-"}
depths = range(1, 8)
explore(draw_seen, [1, 3, 6], values=depths, play=True, label="layers", height=4, alt=VIEWS)

# %% [markdown] slideshow={"slide_type": "skip"}
# The frame is the receptive field, where the gradient is not zero. The shade shows the number of paths. In a live
# notebook, press play and guess the next size before it appears. Why is the middle darker? More paths lead from there
# to the output. So in a deep network, the part of the picture that really counts is smaller than the receptive field,
# and its edge is soft (Luo and others, 2017, call it the *effective receptive field*).

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Press play, and let the class call the next size. Ask why the middle is darker.

# %% slideshow={"slide_type": "skip"}
rows = [("view", "stack", "its parameters", "one kernel", "stack / kernel", "in multiply-adds")]
for n in (2, 3, 4):
    k = 2 * n + 1
    small = summarize(stack(n, 3, channels=256), (1, 256, 28, 28))
    large = summarize(stack(1, k, channels=256), (1, 256, 28, 28))
    share = small.total_parameters / large.total_parameters
    work = small.total_multiply_adds / large.total_multiply_adds
    numbers = f"{small.total_parameters:,}", f"{large.total_parameters:,}", f"{share:.0%}"
    rows.append((f"{k}×{k}", f"{n} of 3×3", *numbers, f"{work:.0%}"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Equal view, equal width: the stack needs fewer weights
#
# $n$ layers of 3×3 with $c$ channels: $9nc^2$ weights. One kernel with this view: $(2n+1)^2c^2$.

# %% slideshow={"slide_type": "-"}
show_table(rows, "256 channels in and out, maps of 28×28, with biases")

# %% [markdown] slideshow={"slide_type": "skip"}
# Two layers instead of a 5×5 save more than a quarter of the parameters and of the work, three instead of a 7×7 nearly
# half, and four instead of a 9×9 more than half. The shares hardly depend on the number of channels: for each pair of
# an input and an output channel, two layers have 2 · 9 = 18 weights instead of 25, and three have 27 instead of 49.
#
# **Question.** Does this also hold for the first layer of a network, which has 3 channels in and 64 out?
#
# <details><summary>Answer</summary>
#
# No. One layer of 5×5 has 25 · 3 · 64 = 4,800 weights. Of two layers of 3×3, the first has 9 · 3 · 64 = 1,728, but the
# second has 64 channels in, so it has 9 · 64 · 64 = 36,864, all of them used at full resolution. A large kernel in the
# first layer is cheap, and many later networks have one there: that of ResNet (notebook 17) is 7×7.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* 18 weights instead of 25, 27 instead of 49. Then ask about the first layer.

# %% slideshow={"slide_type": "skip"}
first = np.array([[[[1, 0, -1], [1, 0, -1], [1, 0, -1]]]])  # finds vertical edges; (1, 1, 3, 3)
second = np.array([[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]])  # blurs
bright = np.zeros((1, 1, 9, 9))
bright[0, 0, 4, 4] = 1  # a single bright pixel
image = np.array(onp.random.RandomState(13).randint(0, 10, (1, 1, 12, 12)).astype("float32"))


def conv(X, weight):
    """Cross-correlation without padding, as in notebook 10."""
    # One output channel; the weights are those given, and there is no bias.
    return npx.convolution(X, weight, kernel=weight.shape[2:], num_filter=1, no_bias=True)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Without ReLU in between, two 3×3 kernels are one 5×5

# %% slideshow={"slide_type": "-"}
both = np.flip(conv(conv(bright, first), second), (2, 3))  # turned by 180°, (1, 1, 5, 5)
two = conv(conv(image, first), second)  # (1, 1, 8, 8)
with_relu = conv(npx.relu(conv(image, first)), second)
for name, result in (("without ReLU", two), ("with ReLU", with_relu)):
    gap = int(abs(result - conv(image, both)).max())
    print(f"{name:12} differs from the 5×5 kernel by up to {gap}")
figures.kernels(first, second, both)

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the story of notebook 07: layers with nothing nonlinear between them collapse into one. The cell finds that
# one kernel by asking what the two layers do to a single bright pixel. As the kernel slides to the right and down, its
# *last* weight is the first to meet that pixel, and its first weight is the last. So the output shows the kernel turned
# by 180 degrees, and `np.flip` turns it back.
#
# So without ReLU a stack could do *less* than a 5×5 kernel: it has 18 numbers to choose, and not 25. With ReLU, it can
# compute functions that no single kernel can. Whether these are the functions we need is a question for an experiment.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Optional. Ask what the two printed numbers will be before running the cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Pooling doubles the step: VGG-11 sees 150×150 pixels

# %% slideshow={"slide_type": "-"}
net, areas = nn.Sequential(), []
for num_convs, _ in vgg11_blocks:
    net.add(vgg_block(num_convs, channels=1, pool=nn.AvgPool2D))
    row = seen_from_the_middle(net, 224).sum(axis=0)  # (224,)
    columns = onp.flatnonzero(row.asnumpy())
    areas.append((int(columns[0]), len(columns)))
figures.fields_on_photo(load_photo(224), areas)

# %% [markdown] slideshow={"slide_type": "skip"}
# After a pooling layer, neighboring pixels of a map are two pixels of the image apart, so each further layer adds twice
# as much. One channel is enough to count paths, and average pooling stands in for max pooling: any pixel of a window
# could be the largest, but the gradient follows only the one that is.
#
# Could block 2 recognize a face? Not whatever it learns: it sees squares of ten pixels. Block 3 sees the bridge of the
# nose, and block 5 the whole face. Nobody tells the network to look for small things first and for large ones later;
# the receptive fields rule out the opposite order. Exercise 14.3 asks for the formula behind these five numbers.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### An experiment at equal work
#
# "Fewer weights" is not yet "better". To find out what depth is worth, we compare networks that differ in nothing else.
# All of them have three blocks, for the images of Fashion-MNIST. The first block is the same everywhere. In the others,
# one network has a single layer with a large kernel, and the other a stack with the same receptive field.
#
# There is a pleasant coincidence. In a VGG block whose width doubles from $c/2$ to $c$, one layer of 5×5 has
# $25c^2/2 = 12.5c^2$ weights. Of two layers of 3×3, only the first has $c/2$ channels in, so together they have
# $9c^2/2 + 9c^2 = 13.5c^2$. For 7×7 against three layers, it is $24.5c^2$ to $22.5c^2$. So with equal width and equal
# view, the work is equal, too, up to 9 %, and so is the number of parameters.


# %% slideshow={"slide_type": "skip"}
def dense_head():
    return [nn.Dense(10)]


def build(blocks, head):
    net = nn.Sequential()
    for block in blocks:
        net.add(vgg_block(*block))
    net.add(*head)
    return net


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Equal work, equal view, equal width: does depth help?

# %% slideshow={"slide_type": "-"}
plans = {  # (convolutions, channels, kernel)
    "one 5×5": [(1, 8, 3), (1, 16, 5), (1, 32, 5)],
    "two 3×3": [(1, 8, 3), (2, 16, 3), (2, 32, 3)],
    "one 7×7": [(1, 8, 3), (1, 16, 7), (1, 32, 7)],
    "three 3×3": [(1, 8, 3), (3, 16, 3), (3, 32, 3)],
}

# %% slideshow={"slide_type": "skip"}
rows = [("blocks 2 and 3", "layers", "parameters", "multiply-adds")]
for name, blocks in plans.items():
    counted = summarize(build(blocks, dense_head()), (1, 1, 28, 28))
    num_layers = sum(row.parameters > 0 for row in counted.rows)
    work = f"{counted.total_multiply_adds:,}"
    rows.append((name, f"{num_layers}", f"{counted.total_parameters:,}", work))

# %% slideshow={"slide_type": "-"}
show_table(rows, "Networks for Fashion-MNIST, each with a dense layer of 10 units at the end")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** The paper tried this on ImageNet, with VGG-13. When each pair of 3×3 layers was replaced by one layer
# of 5×5, the top-1 error was 7 % higher. Does that carry over to 8,000 small gray images? Which network of each pair
# wins, and by how much?
#
# We train on the first 8,000 images and compare on the last 2,000 of the training set, as always when something is
# chosen. The test set has to wait. The page trains the first pair; the second takes as long again, so we'll only report
# its result. The pixels stay between 0 and 1; standardizing them, as in notebook 13, is something you can try. Two
# details of the training matter for deep networks:
#
# - **The first weights.** We use He initialization, as in notebook 13: `Xavier("gaussian", "in", magnitude=2)`. VGG's
#   authors didn't have it yet. They knew that a bad start can stall the learning of a deep network, so they trained the
#   one with 11 layers first, and started the deeper ones with its first four convolutions and its dense layers.
# - **The last steps.** With a constant learning rate, the last steps are as large as the first, and the accuracy jumps
#   from epoch to epoch. So the rate falls to zero along half a cosine, as in notebook 05. `CosineScheduler` does this
#   after every step. It starts at 0.004; with half and with twice that rate, both stacks were less accurate on the
#   validation images.

# %% slideshow={"slide_type": "skip"}
X, y = load_images(source="fashion_mnist")  # (10000, 1, 28, 28), (10000,)
validation_loader = ArrayLoader(X[8000:], y[8000:], batch_size=500)


def make_adam(num_steps, lr=0.004):
    schedule = CosineScheduler(max_update=num_steps, base_lr=lr, final_lr=0)
    return Adam(learning_rate=lr, lr_scheduler=schedule)


def train(net, num_epochs=5, random_seed=0, lr=0.004):
    # A new loader each time, so all networks see the images in the same order. `fit` sets the seed, and the
    # weights are drawn after that, with the first batch, when their shapes become known.
    loader = ArrayLoader(X[:8000], y[:8000], batch_size=64, shuffle=True)
    net.initialize(init.Xavier("gaussian", "in", magnitude=2))
    options = {"optimizer": make_adam(num_epochs * len(loader), lr), "seed": random_seed, "plot": False}
    return fit(net, loader, validation_loader, num_epochs=num_epochs, **options)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
nets = {name: build(plans[name], dense_head()) for name in ("one 5×5", "two 3×3")}
histories = {name: train(net) for name, net in nets.items()}
rows = [("blocks 2 and 3", "training accuracy", "validation accuracy", "seconds")]
for name, history in histories.items():
    accuracies = f"{history.train_accuracy[-1]:.3f}", f"{history.test_accuracy[-1]:.3f}"
    rows.append((name, *accuracies, f"{sum(history.seconds):.1f}"))
show_table(rows, "After five epochs; one seed")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On these images, depth alone wins nothing

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
curves = {name: history.test_accuracy for name, history in histories.items()}
figures.race(curves, examples=2000)

# %% [markdown] slideshow={"slide_type": "skip"}
# The two networks have about the same number of parameters and the same view, width, and work. The stack has more
# ReLUs, and that is nearly the only difference. The bars are the 95 % intervals of notebook 08 for 2,000 images, about
# ± 0.015, and another seed moves a network by a point or more. So one run decides nothing. We have trained all four
# networks with three seeds; these are the means of the validation accuracy:
#
# | one 5×5 | two 3×3 | one 7×7 | three 3×3 |
# |---|---|---|---|
# | 0.871 | 0.867 | 0.877 | 0.866 |
#
# So the stacks don't win. If anything, the large kernels are ahead, by less than half a point in the first pair, and by
# one point in the second, where 7×7 is better with each of the three seeds.
#
# Is VGG's rule wrong, then? Not quite, but this experiment tells you what it rests on:
#
# - What is certain is the arithmetic. Where a layer has as many channels out as in, the stack gets the same view for
#   fewer weights and less work. We have deliberately taken that advantage away.
# - The paper worked with 1.3 million photographs of 1000 classes, and trained each network for two to three weeks. On
#   small gray pictures of ten kinds of garments, and in five epochs, four layers with weights are enough.
# - A rule for one budget need not hold for the next. In 2022, Ding and others used kernels of up to 31×31, each for one
#   channel only (notebook 18), in most of their blocks, and were about as accurate as the Swin transformers of the year
#   before. "3×3 everywhere" was a good design, not a law.
#
# What remains of VGG is the method: make a block, turn its choices into numbers, and let held-out data decide.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect bets on both pairs before you show it. A tie is a result: ask what the paper had that we
# don't.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Depth and the head
#
# What do more layers cost, and who needs a dense head?

# %% [markdown] slideshow={"slide_type": "skip"}
# Five numbers make a network of the VGG family: how many convolutions each of the five blocks has. The widths are
# always the same. This is what a block buys: the question "how deep?" becomes an experiment. The paper tried four
# depths:

# %% slideshow={"slide_type": "skip"}
widths = (64, 128, 256, 512, 512)
family = {"VGG-11": (1, 1, 2, 2, 2), "VGG-13": (2, 2, 2, 2, 2)}
family |= {"VGG-16": (2, 2, 3, 3, 3), "VGG-19": (2, 2, 4, 4, 4)}


def count_convs(depths, channels=3, size=224):
    """Return the parameters and the multiply-adds of the convolutions."""
    parameters = work = 0
    for num_convs, width in zip(depths, widths, strict=True):
        for _ in range(num_convs):
            parameters += width * (9 * channels + 1)
            work += width * 9 * channels * size**2
            channels = width  # what the next layer gets
        size //= 2
    return parameters, work


by_list = count_convs(family["VGG-11"])[0] + dense_parameters
print(f"VGG-11: {by_list:,} parameters by the list, {table.total_parameters:,} by the network")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The convolutions' parameters double; the dense head hides it

# %% slideshow={"slide_type": "-"}
convs = {name: count_convs(depths) for name, depths in family.items()}
figures.family(convs, dense_parameters, dense_work)

# %% [markdown] slideshow={"slide_type": "skip"}
# Look at the totals on the left. From VGG-11 to VGG-19, the total grows by only 8 %, from 132.9 to 143.7 million
# parameters (the paper prints 133 and 144). It is tempting to conclude that depth costs work but hardly any parameters.
# That would be wrong. The convolutions go from 9.2 to 20.0 million parameters, more than twice as many, and their work
# grows by a factor of 2.6. You don't see the former because the dense layers, which are the same in the whole family,
# put 123.6 million on top. *In a network without this head, depth costs both.*
#
# Was it worth it? In the paper, the top-1 error on ImageNet falls from 29.6 % with 11 layers to 28.7 % with 13 and
# 27.0 % with 16, and with 19 layers it is 27.3 % (Table 3, training and test images 256 pixels high). Depth pays there,
# and then it stops paying. Notebook 17 takes up from there.
#
# **Question.** Which two convolutions does VGG-13 add to VGG-11, and why do they cost hardly any parameters, but half
# as much work again?
#
# <details><summary>Answer</summary>
#
# One more in each of the first two blocks. There the layers are narrow, with 64 and 128 channels, so they have few
# weights: 0.2 of 9.2 million. But their maps are large, 224×224 and 112×112 pixels, and each weight is used at every
# pixel.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class read the totals on the left first, and say what depth costs. Then point at the blue
# parts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Network in network: one map per class, its mean is the score

# %% slideshow={"slide_type": "-"}
nin_head = nn.Sequential()
nin_head.add(nn.Conv2D(1000, kernel_size=1), nn.GlobalAvgPool2D(), nn.Flatten())
nin_parameters = summarize(nin_head, (1, 512, 7, 7)).total_parameters
figures.heads(dense_rows, nin_parameters)
ratio = dense_parameters / nin_parameters
print(f"{dense_parameters:,} parameters / {nin_parameters:,} parameters = {ratio:.0f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Do we need the dense layers at all? The year before VGG, Min Lin, Qiang Chen, and Shuicheng Yan had published *Network
# in network*, or *NiN* for short, which has none. In notebook 10 you saw that a 1×1 convolution is a dense layer at
# every pixel, with the same weights everywhere. So a 1×1 convolution can turn VGG's 512 last maps into one map for each
# class: how much of a cat is here, and here, and here? The score of a class is the mean of its map, which
# `GlobalAvgPool2D` computes and `Flatten` turns from (N, 1000, 1, 1) into (N, 1000). The mean has no parameters. All in
# all, this head has 241 times fewer parameters than the dense one.
#
# **Question.** What do we give up? What can a dense layer do that the mean can't?
#
# <details><summary>Answer</summary>
#
# It can weigh positions differently: a wheel at the bottom counts for a car, a wheel at the top doesn't. The mean
# treats all positions alike. If objects may be anywhere, that is knowledge: the class does not depend on the position.
# If they are always in the middle, it is a loss. We will measure both.
#
# </details>
#
# NiN's other idea is a block of its own: an ordinary convolution, followed by two of 1×1. Together they are a small
# multilayer perceptron that looks at every pixel's neighborhood: a network in the network.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A 1×1 convolution is a dense layer at every pixel. Ask what the mean cannot do that a dense layer
# can.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The NiN block: a small perceptron at every pixel


# %% slideshow={"slide_type": "-"}
def nin_block(channels, kernel, strides=1, padding=0):
    block = nn.Sequential()
    block.add(nn.Conv2D(channels, kernel, strides, padding, activation="relu"))
    for _ in range(2):
        block.add(nn.Conv2D(channels, kernel_size=1, activation="relu"))
    return block


figures.chain(nin_block(96, kernel=11, strides=4), (3, 224, 224))

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the first block of NiN's version for ImageNet, with AlexNet's kernel of 11×11 and its stride of 4. The two 1×1
# layers make it deeper, for about half as many parameters again, and don't widen its view. So VGG uses further layers
# to see further, and NiN uses them to combine the channels at one position. The next notebook, on Inception, does both
# in one block, and uses 1×1 convolutions to reduce the number of channels before an expensive layer.
#
# ### Is the dense head worth its parameters?
#
# Let's put NiN's head on the blocks with two 3×3, and compare it with the dense layer that they have had so far.
#
# **Guess first.** Which of the two is more accurate on the validation images? And which one, if these images are
# shifted to the right by four pixels?


# %% slideshow={"slide_type": "skip"}
def mean_head(num_classes=10):
    return [nn.Conv2D(num_classes, kernel_size=1), nn.GlobalAvgPool2D(), nn.Flatten()]


def shifted(pictures, pixels):
    """Shift pictures to the right: what leaves them is lost, and what enters is empty."""
    return np.pad(pictures, ((0, 0), (0, 0), (0, 0), (pixels, 0)))[:, :, :, : pictures.shape[3]]


# %% [markdown] slideshow={"slide_type": "skip"}
# We train NiN's head one epoch at a time, and keep what it says about a further picture after each epoch. That picture
# is a wall of nine garments, which we'll come to below.

# %% slideshow={"slide_type": "skip"}
names = class_names("fashion_mnist")
order = ["trouser", "bag", "ankle boot", "pullover", "sneaker", "dress", "sandal", "t-shirt", "trouser"]
labels = y[8000:].tolist()
chosen = [labels.index(names.index(name), 100 * i) for i, name in enumerate(order)]  # validation images
tiles = np.pad(X[8000:][chosen], ((0, 0), (0, 0), (0, 4), (0, 4)))  # (9, 1, 32, 32)
wall = tiles.reshape(3, 3, 32, 32).transpose(0, 2, 1, 3).reshape(1, 1, 96, 96)


def windows(net, pictures):
    """Return the probabilities of the classes in each window of 28×28 pixels, (n, 10, rows, columns)."""
    maps = pictures
    for layer in list(net)[:-2]:  # all layers up to the 1×1 convolution
        maps = layer(maps)
    return npx.softmax(nn.AvgPool2D(3, strides=1)(maps), axis=1)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, num_epochs = build(plans["two 3×3"], mean_head()), 5
loader = ArrayLoader(X[:8000], y[:8000], batch_size=64, shuffle=True)
seed(0)
net.initialize(init.Xavier("gaussian", "in", magnitude=2))
net(X[:1])  # creates the weights, which the trainer needs
trainer = gluon.Trainer(net.collect_params(), make_adam(num_epochs * len(loader)))
on_wall = [windows(net, wall)[0].asnumpy()]  # (10, 10, 10): classes, rows, columns
for _ in range(num_epochs):
    history = fit(net, loader, validation_loader, num_epochs=1, optimizer=trainer, plot=False)
    on_wall.append(windows(net, wall)[0].asnumpy())

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
results = {"dense layer": (nets["two 3×3"], histories["two 3×3"]), "1×1 and mean": (net, history)}
convolutions = sum(layer.parameters for layer in summarize(net, (1, 1, 28, 28)).rows[:-3])  # in both networks
pixels, curves = [0, 2, 4, 6], {}
rows = [("head", "its parameters", "training", *(f"shifted by {shift}" if shift else "validation" for shift in pixels))]
for name, (trained, epochs) in results.items():
    parameters = summarize(trained, (1, 1, 28, 28)).total_parameters - convolutions
    loaders = [ArrayLoader(shifted(X[8000:], shift), y[8000:], batch_size=500) for shift in pixels]
    curves[name] = [evaluate(trained, loader)[1] for loader in loaders]
    accuracies = epochs.train_accuracy[-1], *curves[name]
    rows.append((name, f"{parameters:,}", *(f"{accuracy:.3f}" for accuracy in accuracies)))
show_table(rows, "The same three blocks with two heads: accuracy after five epochs, one seed")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### In the middle the dense layer wins, off-center the mean does

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.shifts(pixels, curves)

# %% [markdown] slideshow={"slide_type": "skip"}
# Where all garments are in the middle, the dense layer is better by more than the uncertainty. It pays to know what is
# where, and the mean can't: it is even less accurate on the images that it is trained on. After a shift by two pixels
# the dense layer is still ahead, but from four on it is the other way round. Both networks lose, because a shift cuts
# off a part of the garment, and because pooling isn't indifferent to it (notebook 11), but the dense layer loses more.
# So knowledge that is built into a network costs something where it isn't needed, and pays where it is.
#
# In photographs, objects are anywhere, and VGG's head has more than a hundred million parameters: with NiN's head,
# VGG-11 would have 9.7 million in all instead of 132.9. This is why Inception, ResNet, and nearly everything that
# follows end with the mean of each map.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect bets on both questions. Same blocks, same images, same number of epochs; only the head
# differs.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### A network that says where
#
# The mean has another consequence. A dense layer is made for maps of one size, but a mean works for any. So a network
# with NiN's head runs on pictures of *any size*, with the weights that it has. Our wall has 96×96 pixels: nine
# validation images of 28×28 pixels, with four empty pixels between them.
#
# For each class, the network makes a map of scores. On an image of 28×28 pixels, the map has 3×3 positions, and their
# mean is the score of the class. On the wall, the map has 12×12 positions, eight pixels apart. The mean of *any* 3×3
# neighbors is the score of the class for that part of the wall, a window of about 28×28 pixels. `windows` computes all
# of these means with an `AvgPool2D` layer of stride 1, and applies softmax to the scores of each window. So the network
# answers for 10×10 windows at once:

# %% slideshow={"slide_type": "skip"}
one = summarize(net, (1, 1, 28, 28)).total_multiply_adds
whole = summarize(net, (1, 1, 96, 96)).total_multiply_adds
print(f"million multiply-adds for 100 windows one by one: {100 * one / 1e6:.0f}, in one pass: {whole / 1e6:.0f}")

# %% slideshow={"slide_type": "skip"}
WALL = "A wall of nine garments, shaded where the network finds trousers: untrained, after one epoch, and after five."


def draw_epoch(ax, epoch):
    figures.class_map(ax, wall[0, 0].asnumpy(), on_wall[epoch][names.index("trouser")])


def draw_class(ax, name):
    figures.class_map(ax, wall[0, 0].asnumpy(), on_wall[-1][names.index(name)])
    ax.set_title(name)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### It finds both trousers on a wall, and some where there are none

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
epochs = range(num_epochs + 1)
explore(draw_epoch, [0, 1, 5], values=epochs, play=True, label="epoch", height=4.6, alt=WALL)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each shaded square is the middle of a window; the darker it is, the more probable is "trouser". Untrained, the network
# has no opinion. After five epochs, it finds both pairs of trousers. Nobody has told it *where* anything is: it has
# only seen single garments in the middle of small pictures, each with one label. But it also finds trousers where there
# are none, at the right edge of the dress and to the left of the T-shirt: half a garment next to nothing can look
# like a leg.
#
# VGG's authors tested their networks in the same way, on whole photographs instead of pieces of 224×224 pixels. They
# rewrote the dense layers as convolutions, the first with a kernel of 7×7, and averaged the maps of the classes
# (Section 3.2 of their paper). Without the windows, the maps of a network with NiN's head are known as *class
# activation maps* (Zhou and others, 2015), a good tool to find out what a network looks at.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
answers = on_wall[-1][:, ::4, ::4].argmax(axis=0).ravel()  # every fourth window is on a garment
right = sum(names[answer] == name for answer, name in zip(answers, order, strict=True))
print(f"right answers in the nine windows on the garments: {right}")
explore(
    draw_class, cases=["bag", "ankle boot", "sneaker"], values=names, label="class", height=4.2,
    alt="The same wall, shaded where the network finds a bag, an ankle boot, and a sneaker.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# On the garments themselves, the answers are right. In between, it sees a bag where the sneaker and the dress meet, and
# takes the sole of the boot for a sneaker. Such windows contain pieces of garments, which the network has never seen in
# training, and it must name one of ten classes anyway: there is none for "nothing of the kind".

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Press play. Ask: nobody has ever told the network where anything is; how can it know?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
X_test, y_test = load_images(train=False, source="fashion_mnist")  # (2000, 1, 28, 28), (2000,)
full_loader = ArrayLoader(X, y, batch_size=64, shuffle=True)  # all 10,000 training images
final = build(plans["two 3×3"], dense_head())
final.initialize(init.Xavier("gaussian", "in", magnitude=2))
adam = make_adam(8 * len(full_loader))
history = fit(final, full_loader, num_epochs=8, optimizer=adam, seed=0, plot=False)
accuracy = evaluate(final, ArrayLoader(X_test, y_test, batch_size=500))[1]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### As accurate as LeNet, with a third of its parameters

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
result = {"accuracy": accuracy, "examples": 2000, "seconds": sum(history.seconds)}
board.add("VGG blocks", final, (1, 1, 28, 28), data="Fashion-MNIST", **result)
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# By the validation images, the dense layer is the better head, so the network on the board has it. Like LeNet, it is
# trained on all 10,000 training images for eight epochs, and its accuracy on the test set is measured once, now. With a
# third of LeNet's parameters, because it has no hidden dense layers, and with more than three times its work, it is
# about as accurate: the bars, the 95 % intervals for 2,000 images, overlap widely. (The networks on the board differ in
# how they were trained, too, so don't take a small lead for a victory of the layers.) On small gray pictures, blocks
# save design and parameters. What more depth is good for, harder data will have to show.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
board

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The test set is used once, at the end. Ask where the next network should land on this plot.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How do you make a network deeper without inventing every layer?** Design one block, and repeat it. The network is
# then a list of numbers, and its depth an experiment.
#
# - $n$ layers of 3×3 see $2n + 1$ pixels, at equal width with fewer weights than one kernel of this size.
# - At equal work and view, stacks don't beat large kernels on Fashion-MNIST. On ImageNet, they did.
# - Depth costs work *and* parameters: VGG's convolutions go from 9.2 to 20.0 million. Its dense head of 124 million
#   hides it.
# - NiN: a 1×1 convolution and the mean of each map replace the dense layers. That is worse on centered images,
#   better on shifted ones, and works for any size.

# %% [markdown] slideshow={"slide_type": "skip"}
# The network knew two things about pictures before it saw any: that nearby pixels belong together, at every scale, and,
# with NiN's head, that the class doesn't depend on the position. Whether such knowledge helps depends on the data, and
# images that the network has not seen decide it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 14.1: predict a stack
#
# How many 3×3 layers see as far as AlexNet's 11×11 kernel? How many weights does the stack have, with 64 channels in
# and out and no biases, and how many the single layer?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (layers, weights of the stack, weights of 11×11)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The first layer sees 3 pixels, and every further one adds two. A layer has channels in × channels out kernels.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (5, 5 * 9 * 64 * 64, 121 * 64 * 64)
# ```
#
# From $2n + 1 = 11$ follows $n = 5$. The stack has 45/121 of the weights, a little more than a third.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 14.2: change the list
#
# Images are gray, 64×64. Write the list of a network of VGG blocks with **ten convolutions** that outputs **256 maps of
# 4×4**, and whose convolutions have **fewer than 2 million parameters**.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_blocks = ...  # [(convolutions, channels), ...]

# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.2", my_blocks)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# How often must 64 be halved to get 4? That is the number of blocks. A wide layer is expensive, so let the width double
# from block to block, and reach 256 only in the last one. Count the parameters of the last block first; the narrow
# blocks can take the other convolutions.
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
    """layers: [(kernel, stride), ...]; return a number of pixels."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("14.3", receptive_field)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Before the first layer, the field is 1. A layer adds kernel − 1 steps. One step is a pixel at first; after a layer
# with stride 2, a step is twice as many pixels of the image, for all layers above it.
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Mini-project: a small network for emoji
#
# Emoji have 32×32 pixels in three colors, and six classes. Reach a validation accuracy of **0.45** on concepts that
# the network has not seen, with at most **20,000 parameters** and two minutes of training. The AlexNet of notebook 13
# has 390,000 parameters. Choose the blocks, the head, the learning rate, and the number of epochs by the validation
# images. When you are done, evaluate your network **once** on the test images.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
emoji = load_emoji()
fold = emoji.concepts % 5  # train where it is < 3, validate where it is 3; 4 is the test set
emoji_blocks = ...  # [(convolutions, channels, kernel), ...]

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Three blocks turn 32×32 pixels into maps of 4×4. Start with the blocks of this notebook, and count with `summarize`
# what each head adds. Objects are not always in the middle of an emoji.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# def emoji_loader(part, **options):
#     return ArrayLoader(emoji.images[part], emoji.labels[part], **options)
#
#
# emoji_blocks = [(1, 12, 3), (2, 16, 3), (2, 24, 3)]
# my_net = build(emoji_blocks, mean_head(num_classes=6))
# print(f"{summarize(my_net, (1, 3, 32, 32)).total_parameters:,} parameters")
# my_net.initialize(init.Xavier("gaussian", "in", magnitude=2))
# my_loader = emoji_loader(fold < 3, batch_size=32, shuffle=True)
# options = {"num_epochs": 20, "optimizer": make_adam(20 * len(my_loader), lr=0.006), "seed": 0}
# my_history = fit(my_net, my_loader, emoji_loader(fold == 3, batch_size=500), **options)
# print(f"validation accuracy {my_history.test_accuracy[-1]:.3f}")
# print(f"test accuracy {evaluate(my_net, emoji_loader(fold == 4, batch_size=500))[1]:.3f}")  # once, at the end
# ```
#
# The network has 13,238 parameters. With the seeds 0, 1, and 2, it reaches 0.485, 0.517, and 0.459 on the validation
# images, and 0.51 to 0.53 on the test images. The head is NiN's. With a dense layer of six units instead, the network
# fits its training images far better, and the validation images hardly: its loss on them rises after the third epoch.
# There are 904 validation images, but only a fifth as many concepts, so a difference of a few points may be luck.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Simonyan and Zisserman, [Very deep convolutional networks for large-scale image
#   recognition](https://arxiv.org/abs/1409.1556), 2014: VGG. Section 2.3 argues for 3×3.
# - Lin, Chen, and Yan, [Network in network](https://arxiv.org/abs/1312.4400), 2013: 1×1 convolutions and global average
#   pooling
# - He, Zhang, Ren, and Sun, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015: how to draw the
#   first weights of deep networks with ReLU
# - Luo, Li, Urtasun, and Zemel, [Understanding the effective receptive field in deep convolutional neural
#   networks](https://arxiv.org/abs/1701.04128), 2017: why the middle counts more
# - Zhou, Khosla, Lapedriza, Oliva, and Torralba, [Learning deep features for discriminative
#   localization](https://arxiv.org/abs/1512.04150), 2015: maps that say where, from labels that say only what
# - Ding, Zhang, Han, and Ding, [Scaling up your kernels to 31×31](https://arxiv.org/abs/2203.06717), 2022:
#   large kernels return, one channel at a time
# - *Dive into Deep Learning*, [Networks using blocks
#   (VGG)](https://d2l.ai/chapter_convolutional-modern/vgg.html) and [Network in network
#   (NiN)](https://d2l.ai/chapter_convolutional-modern/nin.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **15 · Inception**, which does not choose between 1×1, 3×3, and 5×5 kernels but takes them all.
