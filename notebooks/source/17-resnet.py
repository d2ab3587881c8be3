# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 17 · ResNet
#
# Why do deeper networks become *worse*, even on the images they train on, and how can one plus sign change that?
#
# *60 minutes · needs 10, 13, 14, 16 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Since notebook 12, our networks have grown deeper: LeNet has 5 layers with weights, AlexNet 8, VGG 11. Each time,
# depth was supposed to help. In 2015, networks had about twenty layers, and adding more made them worse. Within a year,
# there were networks of a thousand layers. What happened in between is a single addition. Today, it is in nearly every
# deep network, whether it processes images, sound, or text.
#
# This part of the course asks what a network has to know about pictures before it sees any. So far, the answers were
# about pictures: neighboring pixels belong together, and a pattern means the same wherever it is. The answer of this
# notebook is about the *layers*: a layer should start from what it is given and only change what needs to be changed.
# We also keep asking how we know that a network works on images it has not seen. All choices here are made on
# validation images. The test images only judge the finished network, and show its mistakes; nothing is changed after
# that.
#
# **Question.** You add layers to a network, and it gets worse. Is that overfitting? Which measurement would tell you?
#
# <details><summary>Answer</summary>
#
# The *training* loss tells you. An overfitted network has a low training loss and a high validation loss (notebook
# 08). If the deeper network has a higher training loss as well, then it is not overfitted. It has not even learned what
# it was shown.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what could be the reason if a deeper network is worse, even in training. Most will say
# overfitting; write it down.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Show** that a deep network can train worse than a shallow one.
# - **Explain** with function classes why that need not be so.
# - **Build** a residual block, and check that with zero weights it changes nothing.
# - **Remove** layers from a trained network, and predict what happens.
# - **Train** ResNet-18, look inside, and explain the step in its learning curve.

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
from collections import namedtuple

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import MXNetError, autograd, gluon, init, lr_scheduler, np, npx, optimizer
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    at_scale,
    check,
    class_names,
    evaluate,
    explore,
    fit,
    load_images,
    seed,
    show_images,
    show_table,
    summarize,
    try_gpu,
)
from d2lhelpers.figures import nb17_resnet as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The trouble with depth
#
# The same images, the same training, 18 layers or 34.

# %% [markdown] slideshow={"slide_type": "skip"}
# Our networks are built from *blocks* of two 3×3 convolutions, as in VGG, each followed by batch norm. The convolutions
# have no bias, because batch norm would subtract it again; its own β takes over (notebook 16).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A plain block: two convolutions, as in VGG


# %% slideshow={"slide_type": "-"}
def conv(num_channels, kernel_size, strides=1):
    padding = kernel_size // 2  # keeps height and width if strides is 1
    return nn.Conv2D(num_channels, kernel_size, strides, padding, use_bias=False)


class Plain(nn.Block):
    def __init__(self, num_channels, strides=1):
        super().__init__()
        self.strides = strides
        self.g = nn.HybridSequential()
        self.g.add(conv(num_channels, 3, strides), nn.BatchNorm(), nn.Activation("relu"))
        self.g.add(conv(num_channels, 3), nn.BatchNorm())

    def forward(self, X):
        return npx.relu(self.g(X))


# %% [markdown] slideshow={"slide_type": "skip"}
# The layers that do the work are in `g`. Only the last ReLU is in `forward`, because this is the line that we'll
# change. `HybridSequential` is a `Sequential` that MXNet can compile: `net.hybridize()` does so, and the network runs
# faster.
#
# Blocks make *modules*, and modules make a network. The first block of each module, except the first one, has a stride
# of 2. It halves height and width and doubles the number of channels. A convolution comes first and a dense layer last.
# Depth is counted as in the literature: layers with weights, without batch norm. With two layers in each block,
# modules of 2, 2, 2, and 2 blocks have 16 layers, and with the first and the last it is 18. Modules of 3, 4, 6, and 3
# blocks make 34. These are the depths that were compared in the paper of 2015. The paper's networks begin with 64
# channels and take images of 224×224; ours begin with 8 and take images of 28×28, so that two processor cores train
# them in seconds.


# %% slideshow={"slide_type": "skip"}
def module(block, num_channels, num_blocks, first_stride=2, **first_options):
    blocks = nn.Sequential()
    blocks.add(block(num_channels, strides=first_stride, **first_options))
    blocks.add(*[block(num_channels) for _ in range(num_blocks - 1)])
    return blocks


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Blocks make modules, modules make a network


# %% slideshow={"slide_type": "-"}
def small_network(block, num_blocks, width=8):
    net = nn.Sequential()
    net.add(conv(width, 3, strides=2), nn.BatchNorm(), nn.Activation("relu"))
    for i, number in enumerate(num_blocks):  # 8, 16, 32, 64 channels
        net.add(module(block, width * 2**i, number, first_stride=1 if i == 0 else 2))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(10))
    net.hybridize()
    return net


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 18 layers or 34: the same blocks, more of them

# %% slideshow={"slide_type": "-"}
BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}  # in each of the four modules
rows = [("layers", "blocks", "parameters", "multiply-adds")]
for num_layers, num_blocks in BLOCKS.items():
    table = summarize(small_network(Plain, num_blocks), (1, 1, 28, 28))
    counts = f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}"
    rows.append((str(num_layers), "  ".join(map(str, num_blocks)), *counts))
show_table(rows, "Two plain networks for images of 28×28")

# %% [markdown] slideshow={"slide_type": "skip"}
# Both networks learn the same 1,536 images of Fashion-MNIST, in the same order, with Adam: three epochs at a learning
# rate of 0.003, then one at a tenth of it. The last 2,000 of the 10,000 training images are our validation images. For
# later, the function below keeps a copy of the network's *state* after the third epoch: its weights, and the running
# averages of batch norm.

# %% slideshow={"slide_type": "skip"}
images, labels = (array.asnumpy() for array in load_images(source="fashion_mnist"))
names = class_names("fashion_mnist")
validation_loader = ArrayLoader(images[8000:], labels[8000:], batch_size=500)
FAST = 3  # epochs before the learning rate drops
SLOW = 1  # epochs after it


def small_loader(random_seed=0):
    return ArrayLoader(images[:1536], labels[:1536], batch_size=64, shuffle=True, seed=random_seed)


# %% slideshow={"slide_type": "skip"}
def copy_state(net):
    return [parameter.data().copy() for parameter in net.collect_params().values()]


def restore_state(net, state):
    for parameter, value in zip(net.collect_params().values(), state, strict=True):
        parameter.set_data(value)


Run = namedtuple("Run", "loss accuracy state")  # training loss, validation accuracy; the state when the rate drops


def train_small(net, random_seed=0, lr=0.003, fast=FAST, slow=SLOW):
    """Train at the rate `lr`, then at a tenth of it."""
    loader, options = small_loader(random_seed), {"optimizer": "adam", "plot": False}
    first = fit(net, loader, validation_loader, num_epochs=fast, lr=lr, seed=random_seed, **options)
    state = copy_state(net)
    second = fit(net, loader, validation_loader, num_epochs=slow, lr=lr / 10, **options)
    return Run(first.train_loss + second.train_loss, first.test_accuracy + second.test_accuracy, state)


# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** Which of the two networks will have the lower training loss, the one with 18 layers or the one with
# 34? And on the validation images?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With 34 layers, it trains worse: this is not overfitting

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
nets, runs = {}, {}
for num_layers in (18, 34):
    key = "plain", num_layers
    nets[key] = small_network(Plain, BLOCKS[num_layers])
    runs[key] = train_small(nets[key])
figures.losses(runs, drop=FAST)

# %% [markdown] slideshow={"slide_type": "skip"}
# The network with 34 layers is worse, and not only on the validation images on the right: its *training* loss, on the
# left, is much higher. So it is **not** overfitting, where the training loss would be lower (notebook 08). A deeper
# network that is worse on the very data it trains on: this is called *degradation*.
#
# Is the deeper network only *slower*? It does go on learning. With 18 epochs instead of 4, `train_small(net, fast=12,
# slow=6)`, its training loss comes down to about 0.4, a little lower than that of 18 layers after 4 epochs. But with
# the same patience, 18 layers reach 0.02. The paper of 2015, which compared the same two depths on 1.28 million
# photographs, also found that the gap in training error remains to the end.
#
# **Question.** Might the gradient vanish on its way through 34 layers, as it did with the sigmoid in notebook 13?
#
# <details><summary>Answer</summary>
#
# It's a good guess, but batch norm is in both networks, and its purpose is to keep the sizes of signals and gradients
# in order. We'll measure the gradients below. With batch norm, they do not vanish.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class bet before you run the cell (about ten seconds). Then return to their guesses: is it
# overfitting?

# %% [markdown] slideshow={"slide_type": "skip"}
# This result is strange, because of the following argument. Take the network of 18 layers, as trained. Insert blocks
# that simply copy their input to their output. The result has 34 layers and exactly the same loss. So a deep network
# that is *as good* as the shallow one exists. Training just doesn't find it.
#
# How hard is it for a plain block to copy? Let's try it by hand. The kernel that copies a channel has a 1 in the middle
# and zeros everywhere else. The ReLUs are in no one's way: they change only negative numbers, and what comes out of the
# block before, after its ReLU, has none. What about batch norm?


# %% slideshow={"slide_type": "skip"}
def identity_kernel(num_channels):
    """Return the kernel (c, c, 3, 3) that copies every channel: a 1 in the middle, from each channel to itself."""
    kernel = onp.zeros((num_channels, num_channels, 3, 3), dtype="float32")
    kernel[range(num_channels), range(num_channels), 1, 1] = 1
    return np.array(kernel)


def distance_from_identity(block, X):
    """Return how far a block's output is from its input: when predicting, and when training."""
    with autograd.train_mode():
        training = block(X)
    return [float(abs(output - X).max()) for output in (block(X), training)]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A plain block can copy its input, but it is hard

# %% slideshow={"slide_type": "-"}
X = np.array(onp.random.RandomState(0).uniform(size=(64, 16, 8, 8)), dtype="float32")
copying = Plain(16)
copying.initialize()
copying(X)  # finds out the shapes of the weights
for layer in (copying.g[0], copying.g[3]):
    layer.weight.set_data(identity_kernel(16))
predicting, training = distance_from_identity(copying, X)
print(f"largest difference of output and input: {predicting:.1f} when predicting,", end=" ")
print(f"{training:.1f} when training")
print(f"weights to get right: {2 * copying.g[0].weight.data().size:,}")

# %% [markdown] slideshow={"slide_type": "skip"}
# When *predicting*, a batch norm that has never been trained subtracts 0 and divides by 1, so the block copies. When
# *training*, batch norm subtracts the mean of the batch and divides by its standard deviation, and the block no longer
# copies its input. It could: each γ would have to become the standard deviation of its channel, and each β the mean.
# But then thousands of weights, all γ, and all β must be in balance, for the sake of doing nothing. From random
# weights, gradient descent has a long way to go.
#
# This is the heart of the matter. The trouble is not what the deep network *can represent*, but what training *finds*.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what a layer has to do if it is not needed. Why is that hard for a plain block?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add, don't replace
#
# We want blocks for which changing nothing is the easiest thing to do.

# %% [markdown] slideshow={"slide_type": "skip"}
# All functions that a network can compute, with all possible weights, form its *function class*. More layers make a
# larger class. Is the best function in a larger class always closer to the one we are looking for?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Larger classes help for sure only if they are nested

# %% slideshow={"slide_type": "-"}
figures.function_classes()

# %% [markdown] slideshow={"slide_type": "skip"}
# Each region is a function class, and the star is the function that we would like to have. Below are the distances from
# the star to the nearest point of each region. On the left, region 6 is the largest, but only region 1 is farther away.
# On the right, each region contains the one before, so the distance cannot grow: whatever the small class offers, the
# large one offers as well.
#
# Which picture shows plain networks? On paper the right one, because a plain block can copy, as we have just seen. But
# what counts is the functions that *training reaches*, and these behave as on the left. So we look for a block that
# makes the classes nested in practice, because copying costs no effort.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the two rows of distances aloud. Ask which picture belongs to a stack of plain blocks, on
# paper and in practice.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The block learns only what to add: $f(x) = x + g(x)$

# %% slideshow={"slide_type": "-"}
figures.idea()

# %% [markdown] slideshow={"slide_type": "-"}
# - Nothing to do? $g = 0$: all weights zero or, with batch norm at its end, only the last γ and β.
# - Something to do? $g$ learns only the *residual*, what is missing: $g(x) = f(x) - x$.

# %% [markdown] slideshow={"slide_type": "skip"}
# The path around the layers is a *skip connection*, or *shortcut*. It has no weights and costs one addition per number.
# A block with a skip connection is a *residual block*. A stack of them works like a number written with more and more
# decimals: each one corrects what the ones before it have left.
#
# **Question.** Suppose that all weights of a block shrink to zero. What happens to the signal in a plain block, and in
# a residual one?
#
# <details><summary>Answer</summary>
#
# In a plain block, weights of zero destroy the signal. In a residual block they make the block disappear, and the
# signal passes unchanged. (Nearly zero is not enough: batch norm divides small weights by their own size, notebook 16.
# What makes a block's contribution small is a small γ in its last batch norm.)
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The residual block: one plus sign


# %% slideshow={"slide_type": "-"}
class Residual(Plain):
    def __init__(self, num_channels, strides=1, use_1x1conv=None):
        super().__init__(num_channels, strides)
        if use_1x1conv is None:
            use_1x1conv = strides > 1
        self.conv3 = conv(num_channels, 1, strides) if use_1x1conv else None

    def forward(self, X):
        skip = X if self.conv3 is None else self.conv3(X)  # has the shape of self.g(X)
        return npx.relu(self.g(X) + skip)


# %% [markdown] slideshow={"slide_type": "skip"}
# Two things are new compared with `Plain`. The first is the sum, which comes before the last ReLU. The second is a 1×1
# convolution for blocks whose output has another shape than their input. Such a block halves height and width and
# changes the number of channels, so the skip connection has to do the same. A 1×1 convolution with stride 2 looks at
# every second pixel in each direction, and mixes the channels there (notebook 10). (The paper's networks have another
# batch norm after this convolution, which we leave out.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The skip carries X itself, or a 1×1 convolution of it

# %% slideshow={"slide_type": "-"}
figures.residual_block()

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** The 1×1 convolution with stride 2 ignores three of four pixels. Are they lost?
#
# <details><summary>Answer</summary>
#
# Not for the block, because the 3×3 convolution on the other path sees them all.
#
# </details>


# %% slideshow={"slide_type": "skip"}
def output_shape(block, shape=(4, 3, 6, 6)):
    """Return the shape of a block's output, or what does not fit."""
    block.initialize()
    images_in = np.zeros(shape)
    try:
        return str(block(images_in).shape)
    except MXNetError:
        return f"{block.g(images_in).shape} + {shape} is no sum"


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### If the shape changes, X itself does not fit

# %% slideshow={"slide_type": "-"}
rows = [("block", "output for an input of (4, 3, 6, 6)")]
rows.append(("Residual(3)", output_shape(Residual(3))))
rows.append(("Residual(6, strides=2)", output_shape(Residual(6, strides=2))))
without_conv = Residual(6, strides=2, use_1x1conv=False)
rows.append(("Residual(6, strides=2, use_1x1conv=False)", output_shape(without_conv)))
show_table(rows, "Output shapes of three blocks")

# %% [markdown] slideshow={"slide_type": "skip"}
# The third case is a common mistake. MXNet refuses it: "operands could not be broadcast together". In one case, there
# is no error message: if the input has only one channel and the size stays the same, the sum is broadcast over all
# channels without a word (notebook 01).
#
# Does a residual block with zero weights really change nothing? We check it in both modes, and compare it with the
# plain block that we made to copy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With zero weights, a residual block changes nothing

# %% slideshow={"slide_type": "-"}
zero = Residual(16)
zero.initialize(init.Zero())  # every convolution: 0
rows = [("block", "predicting", "training")]
for name, block in (("plain, made to copy", copying), ("residual, weights zero", zero)):
    rows.append((name, *(f"{distance:.1f}" for distance in distance_from_identity(block, X))))
show_table(rows, "Largest difference of output and input")

# %% [markdown] slideshow={"slide_type": "skip"}
# Now the whole argument, with a network: we insert twelve such blocks into an untrained residual network of 10 layers.

# %% slideshow={"slide_type": "skip"}
seed(0)
shallow = small_network(Residual, (4,), width=16)
shallow.initialize(init.Xavier())
zeros = [Residual(16) for _ in range(12)]
for block in zeros:
    block.initialize(init.Zero())
deep = nn.Sequential()
deep.add(*shallow[:-2], *zeros, *shallow[-2:])  # 24 layers more, before the pooling
with autograd.train_mode():
    difference = float(abs(deep(np.array(images[:64])) - shallow(np.array(images[:64]))).max())
print(f"10 layers and 34 layers, in training mode: largest difference {difference}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The difference is not nearly zero, but **exactly** zero, and in training mode, too. The plain block needed thousands
# of weights to be just right, and all of batch norm's numbers; the residual block only needs zeros. So the function
# class of 10 layers lies inside that of 34, at a place that is easy to find.
#
# Can training start there? Not with *all* weights zero. The second convolution of a block then receives nothing but
# zeros, so its gradient is zero; and the gradient of the first one would have to pass through the zeros of the second.
# So no convolution ever moves. What works, and is common today, is to start only the last γ of each block at zero, with
# `nn.BatchNorm(gamma_initializer="zeros")` as the last layer of `g`. Then every block is the identity at first, but its
# γ has a gradient, and the rest of the block wakes up as soon as γ moves.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare with the plain block: this works in training mode. Ask why training cannot start with all
# weights zero.

# %% [markdown] slideshow={"slide_type": "skip"}
# Now let's repeat the experiment, with the same images in the same order, and the same seed. The two residual
# networks have slightly more weights than the plain ones, because of three 1×1 convolutions. Everything else is equal.
#
# **Guess first.** Where will the two new curves be?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With the plus sign, depth no longer hurts

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for num_layers in (18, 34):
    key = "residual", num_layers
    nets[key] = small_network(Residual, BLOCKS[num_layers])
    runs[key] = train_small(nets[key])
figures.losses(runs, drop=FAST)

# %% [markdown] slideshow={"slide_type": "skip"}
# Compare the two solid lines first: equal depth, and one plus sign between them. The residual network of 34 layers
# learns what the plain one could not. The dashed lines say the same at 18 layers, on a smaller scale: at equal work,
# the residual network has the lower training loss and the higher validation accuracy.
#
# Now compare the two orange lines, which are close together. (Both take a step up in validation accuracy when the rate
# drops, after the third epoch. The last section explains it.) Depth no longer hurts, but it doesn't help either: 18
# residual layers are enough for 1,536 small images. What the plus sign removes is the *penalty* for depth. Whether
# depth then *pays* depends on the data. On the 1.28 million photographs of ImageNet, where there is more to learn, it
# did. These are the paper's top-1 errors on its validation images, in percent (ten crops of each image), for networks
# eight times as wide as ours:
#
# | | 18 layers | 34 layers |
# |---|---|---|
# | plain | 27.94 | 28.54 |
# | residual | 27.88 | 25.03 |
#
# There, at 18 layers, the plus sign changes almost nothing. Our networks, trained briefly, already gain from it.
# (With another seed, the order is the same: the training loss of 34 plain layers ends above 1.2, and those of the
# other three networks below 0.6.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare the solid lines, then the orange ones. Be honest: here, depth no longer hurts; on ImageNet
# it helps.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why the plus sign helps
#
# Two measurements: of the gradients before training, and of what each block contributes after it.

# %% [markdown] slideshow={"slide_type": "skip"}
# On its way back, the gradient is multiplied by the derivative of each block (notebook 03). For a block with one number
# as input and output,
#
# $$\text{plain: } \frac{\partial f}{\partial x} = g'(x)
# \qquad\qquad \text{residual: } \frac{\partial f}{\partial x} = 1 + g'(x)$$
#
# Suppose that every $g'$ is 0.3. After 16 blocks, the plain product is $0.3^{16} \approx 4 \cdot 10^{-9}$: the gradient
# has vanished. The residual one is $1.3^{16} \approx 67$. That is too large rather than too small: the skip connection
# guarantees a path, not the right size. If you multiply out two residual factors,
#
# $$(1 + g_1')(1 + g_2') = 1 + g_1' + g_2' + g_1' g_2',$$
#
# then you see four paths: around both blocks, through one of them, or through both. The 1 is a path without any
# weights, on which the gradient arrives as it is. For vectors, the 1 is the identity matrix and $g'$ a Jacobian, and
# the argument is the same. (It leaves out the ReLU after each sum.)
#
# In a real network, $g'$ has both signs and another size in each block. So we measure: the gradient of the loss with
# respect to the weights of each convolution, for one batch before any training. Without batch norm, it depends on how
# the weights start, so we try two ways: Xavier initialization, which we have used so far, and He initialization, which
# is made for ReLU (notebook 13). To switch batch norm off, there is a trick: in predict mode, a new batch norm
# subtracts 0 and divides by 1, so it does nothing.


# %% slideshow={"slide_type": "skip"}
def gradient_norms(block, batch_norm, initializer, random_seed=0):
    """Return the length of the gradient with respect to the 3×3 kernels of each convolution, before any training."""
    seed(random_seed)
    net = small_network(block, BLOCKS[34])
    net.initialize(initializer)
    X, y = np.array(images[:64]), np.array(labels[:64])
    with autograd.record(train_mode=batch_norm):  # predict mode, but with gradients, if batch_norm is False
        loss = gluon.loss.SoftmaxCrossEntropyLoss()(net(X), y).mean()
    loss.backward(train_mode=batch_norm)
    weights = [p for p in net.collect_params().values() if p.shape[-2:] == (3, 3)]
    return [float(np.linalg.norm(weight.grad())) for weight in weights]


CASES = {  # title: whether with batch norm, how the weights start
    "Xavier, no batch norm": (False, init.Xavier()),
    "He, no batch norm": (False, init.MSRAPrelu(slope=0)),
    "Xavier, batch norm": (True, init.Xavier()),
}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A gradient always has a path around the layers
#
# From block to block, the gradient is multiplied: plain by $g'(x)$, residual by $1 + g'(x)$.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
kinds = {"plain": Plain, "residual": Residual}
norms = {}
for title, case in CASES.items():
    norms[title] = {name: gradient_norms(block, *case) for name, block in kinds.items()}
figures.gradients(norms)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each point is one 3×3 convolution of a network with 34 layers; the vertical axis is logarithmic. On the left, the
# gradients of the plain network are tiny, because Xavier initialization makes signals and gradients a little too small
# in each layer with ReLU (notebook 13). The residual network keeps its gradients even then. In the middle, He
# initialization cures the plain network. Now the gradients of the residual one are large, because each block adds a $g$
# of about the size of its input. So a path around the layers saves gradients from vanishing, not from growing.
#
# On the right is the network that we trained. Batch norm has done its job: nothing vanishes, however the weights start.
# The plain network now has the opposite problem. Its gradients *grow* from the last layer toward the data, so that its
# first and its last layers would need different learning rates. In the residual network, they are much closer together.
#
# So *degradation is not the vanishing gradient*. Nor do the lengths alone explain our experiment: Adam gives each
# weight a step of its own size (notebook 05), and the plain network was slow nevertheless. The paper's authors, too,
# call vanishing gradients an unlikely cause. What we know for certain is the experiment, and that the skip connection
# changes it. A later analysis (De and Smith, 2020) adds a reason. Batch norm gives the $g$ of every block the same
# size. Along the skip connection, these sums grow from block to block. So the later a block, the smaller its $g$ is
# compared with its input, and the closer the block is to the identity. That makes a deep residual network easy to
# train at the start.
#
# **Question.** On the left, the blue line is tiny everywhere, and even a little lower at the last convolutions than at
# the first. If gradients vanish on the way *back*, why are the last layers affected?
#
# <details><summary>Answer</summary>
#
# The signal vanishes on the way *forward*, too. A weight's gradient is the product of what comes in and what comes
# back. The last layers get a good gradient but hardly any signal, the first layers get the signal but hardly any
# gradient.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which of the three pictures belongs to the networks that we trained. Degradation is not the
# vanishing gradient.

# %% [markdown] slideshow={"slide_type": "skip"}
# For the second measurement, we remove a block from a trained network, without any further training, and measure the
# accuracy on 1,000 of the validation images. Only blocks whose input and output have the same shape can be removed;
# those with a stride must stay. In the residual network, removing a block means setting its $g$ to zero; what came
# along the skip connection still arrives.
#
# There is a catch: the running averages of batch norm, in all blocks behind the gap, belong to the whole network. So
# we measure a second time, and let batch norm use the mean and the variance of each batch of validation images
# instead, as in training.
#
# **Guess first.** What happens if you take 2 of the 18 layers away from the plain network? And from the residual one?


# %% slideshow={"slide_type": "skip"}
def blocks_of(net):
    return [block for module in net[3:-2] for block in module]


def without(net, *removed):
    """Return a network that shares all parts of `net`, except for the blocks with these numbers, which count from 1."""
    kept = [block for number, block in enumerate(blocks_of(net), start=1) if number not in removed]
    shorter = nn.Sequential()
    shorter.add(*net[:3], *kept, *net[-2:])
    return shorter


def removable(net):
    return [number for number, block in enumerate(blocks_of(net), start=1) if block.strides == 1]


half = ArrayLoader(images[9000:], labels[9000:], batch_size=500)  # of the validation images


def accuracies_of(net):
    """Return the validation accuracy with batch norm's running averages, and with the averages of each batch."""
    with autograd.train_mode():
        right = sum(float((net(X).argmax(axis=1) == y).sum()) for X, y in half)
    return evaluate(net, half)[1], right / half.num_examples


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Remove a block from a residual network, and it still works

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
lesions = {}
for kind in ("plain", "residual"):
    net = nets[kind, 18]
    lesions[f"{kind}, 18 layers"] = {0: accuracies_of(net)}  # 0: the whole network
    for number in removable(net):
        lesions[f"{kind}, 18 layers"][number] = accuracies_of(without(net, number))
figures.lesions(lesions)

# %% [markdown] slideshow={"slide_type": "skip"}
# The pair of bars on the left of each picture is the whole network, and the dotted line is guessing. Without any one of
# its blocks, the plain network is down to guessing, or not far above it, and the averages of each batch don't save it.
# It is a chain: every block expects exactly what the block before it delivers. The residual network keeps most of its
# accuracy. Each block makes a *correction* to what it is given, and if one is missing, the next block finds its input a
# little different, but familiar. The first block costs most, probably because all others build on what it adds. (With
# one of two other seeds, the network was down to 0.27 without it, and to 0.51 with the averages of each batch.)
#
# Veit, Wilber, and Belongie observed this in 2016. If you multiply out a residual network like the factors above, you
# get a sum over many paths, some long and most of medium length. Removing a block removes the paths through it, and all
# of the others remain. In deeper networks, a single block, apart from the first, matters even less. You'll measure that
# in the mini-project.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses before the figure. A residual block makes a correction; a plain block is a link in
# a chain.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## ResNet-18, from the paper to its mistakes
#
# Count it at full size, train it small, and look inside.

# %% [markdown] slideshow={"slide_type": "skip"}
# The question of this notebook is answered. What follows is about the network that became famous: you can skip the
# parts that you don't need.

# %% [markdown] slideshow={"slide_type": "skip"}
# The networks of the paper are made for photographs of 224×224 pixels with a thousand classes. They start with a 7×7
# convolution and pooling, each with a stride of 2, because most of the work would otherwise be spent on the full-size
# image. The rest is as in our small networks: four modules, then the average of each of the 512 maps (*global average
# pooling*), then one dense layer.


# %% slideshow={"slide_type": "skip"}
def paper_network(num_blocks, block=Residual, wide=1):
    """Return a ResNet for 1,000 classes, as in the paper, but without batch norm on the skip connections."""
    net = nn.Sequential()
    net.add(conv(64, 7, strides=2), nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    for i, number in enumerate(num_blocks):
        first = {"first_stride": 1 if i == 0 else 2}
        if i == 0 and wide > 1:  # 64 channels come in, 256 go out: the skip needs its 1×1 convolution without a stride
            first["use_1x1conv"] = True
        net.add(module(block, 64 * wide * 2**i, number, **first))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(1000))
    return net


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From module to module: half the size, twice the channels

# %% slideshow={"slide_type": "-"}
table = summarize(paper_network(BLOCKS[18]), (1, 3, 224, 224), depth=1)
figures.resnet18(table)

# %% [markdown] slideshow={"slide_type": "skip"}
# Follow the sizes: 224, 112, 56, 28, 14, 7. A stride of 2, five times, leaves 7×7 positions.
#
# **Question.** Which of the four modules does most of the work? And which contains most of the weights?
#
# <details><summary>Answer</summary>
#
# All do about the same work. Twice as many channels in and out are four times as many weights in each kernel, used at a
# quarter of the positions. But the weights themselves grow by a factor of four from module to module, so most of them
# are in the last one. The table shows it ("Sequential of 2" is a module of two blocks).
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### All modules do about the same work; the last one has the weights

# %% slideshow={"slide_type": "-"}
table

# %% [markdown] slideshow={"slide_type": "skip"}
# The paper gives 1.8 billion multiply-adds for this network, which agrees. Deeper members of the family need a cheaper
# block, and later ones changed the order of the layers in it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The layers may change their order; the skip stays

# %% slideshow={"slide_type": "-"}
figures.variants()

# %% [markdown] slideshow={"slide_type": "skip"}
# BN stands for batch norm. The *original* block of 2015 is ours. Its ReLU comes after the sum, so what travels along
# the skip connections is cut off at zero in each block. The *pre-activation* block of 2016 moves batch norm and ReLU in
# front of each convolution. Nothing is left on the skip connection, and the output of the last block is the input of
# the first one plus all the $g$. With it, the authors trained 1,001 layers. You'll build it in exercise 17.3.
#
# The *bottleneck* block reduces the channels to a quarter with a 1×1 convolution, does its 3×3
# convolution there, and goes back up. ResNet-50 and deeper networks consist of it.


# %% slideshow={"slide_type": "skip"}
class Bottleneck(Residual):
    def __init__(self, num_channels, strides=1, use_1x1conv=None):
        super().__init__(num_channels, strides, use_1x1conv)
        narrow = num_channels // 4  # the width of the bottleneck
        self.g = nn.HybridSequential()  # replaces the g of Plain
        self.g.add(conv(narrow, 1, strides), nn.BatchNorm(), nn.Activation("relu"))
        self.g.add(conv(narrow, 3), nn.BatchNorm(), nn.Activation("relu"))
        self.g.add(conv(num_channels, 1), nn.BatchNorm())


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A bottleneck has four times the channels for the same work

# %% slideshow={"slide_type": "-"}
rows = [("block", "channels", "parameters", "multiply-adds")]
for block, channels in ((Residual, 64), (Residual, 256), (Bottleneck, 256)):
    table = summarize(block(channels), (1, channels, 56, 56))
    counts = f"{table.total_parameters:,}", f"{table.total_multiply_adds / 1e6:,.0f} M"
    rows.append((block.__name__, str(channels), *counts))
show_table(rows, "Three blocks at 56×56")

# %% [markdown] slideshow={"slide_type": "skip"}
# A basic block with 256 channels costs sixteen times as much as one with 64. The bottleneck with 256 channels costs
# less than either, because the expensive 3×3 convolution works on only 64 channels. Only `g` is different; the skip
# connection does not care what is in it.


# %% slideshow={"slide_type": "skip"}
PAPER = {  # layers: blocks in each module, the block, its width, billions of multiply-adds according to the paper
    18: ((2, 2, 2, 2), Residual, 1, 1.8),
    34: ((3, 4, 6, 3), Residual, 1, 3.6),
    50: ((3, 4, 6, 3), Bottleneck, 4, 3.8),
    152: ((3, 8, 36, 3), Bottleneck, 4, 11.3),
}

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 50 layers of bottlenecks cost little more than 34 of basic blocks

# %% slideshow={"slide_type": "-"}
rows = [("layers", "blocks", "parameters", "multiply-adds", "in the paper")]
for layers, (num_blocks, block, wide, paper) in PAPER.items():
    table = summarize(paper_network(num_blocks, block, wide), (1, 3, 224, 224), depth=1)
    work, parameters = table.total_multiply_adds / 1e9, table.total_parameters / 1e6
    blocks = "  ".join(map(str, num_blocks))
    counts = f"{parameters:.1f} M", f"{work:.2f} G", f"{paper:.1f} G"
    rows.append((str(layers), blocks, *counts))
show_table(rows, "ResNets for ImageNet (M: million, G: billion)")

# %% [markdown] slideshow={"slide_type": "skip"}
# Our counts agree with the paper's to a tenth of a billion. A group of such networks won the ImageNet competition of
# 2015, with a top-5 error of 3.57 % (the share of images whose class is not among the network's five best guesses).
#
# Now we train. The cell below sets the sizes; `D2L_SCALE=full` in the environment, before Jupyter starts, chooses the
# paper's width, for a GPU. The learning rate drops by a factor of ten for the last two epochs. A *scheduler* does this:
# it tells the optimizer which rate to use at each step. `fit` takes the trainer instead of a name, so that
# each call goes on where the last one stopped. Everything has been chosen now, so we train on all 10,000
# images. Before the first epoch and after each one, we record what the network makes of 1,000 test images, to look at
# later.

# %% slideshow={"slide_type": "skip"}
width = at_scale(laptop=8, full=64)  # channels of the first module
fast_epochs, slow_epochs = at_scale(laptop=(3, 2), full=(12, 4))
train_loader = ArrayLoader(images, labels, batch_size=128, shuffle=True)
test_images, test_labels = (array.asnumpy() for array in load_images(train=False, source="fashion_mnist"))
test_loader = ArrayLoader(test_images, test_labels, batch_size=500)

# %% slideshow={"slide_type": "skip"}
resnet18 = small_network(Residual, BLOCKS[18], width)
seed(0)
resnet18.initialize(init.Xavier(), ctx=try_gpu())
lr = 0.003
schedule = lr_scheduler.MultiFactorScheduler([fast_epochs * len(train_loader)], factor=0.1, base_lr=lr)
adam = optimizer.Adam(learning_rate=lr, lr_scheduler=schedule)
trainer = gluon.Trainer(resnet18.collect_params(), adam)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
shown = np.array(test_images[:1000], ctx=try_gpu())


def features_of(net):
    """Return the averages of the channels of the last module, for each image that is shown."""
    return net[:-1](shown).asnumpy().reshape(len(shown), -1)  # (1000, 8 * width)


train_loss, seconds, features = [], 0.0, [features_of(resnet18)]
for _ in range(fast_epochs + slow_epochs):
    history = fit(resnet18, train_loader, num_epochs=1, optimizer=trainer, plot=False)
    train_loss += history.train_loss
    seconds += history.seconds[0]
    features.append(features_of(resnet18))
test_accuracy = evaluate(resnet18, test_loader)[1]
print(f"training loss {train_loss[-1]:.2f}, test accuracy {test_accuracy:.2f}, {seconds:.0f} seconds")

# %% [markdown] slideshow={"slide_type": "skip"}
# What does the network make of an image? Its last module has 64 channels, and the average of each is a *feature*. The
# dense layer draws straight boundaries between points in this space of 64 dimensions. To see the points, we project
# them on the plane in which they spread most at the end of training; the *singular value decomposition* (`svd`) finds
# it. And because a plane does not show everything, we also compute, in all 64 dimensions, how far the classes are apart
# compared with their size.


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def separation(points, classes):
    """Return the mean distance between class centers, divided by that of a point from its own center."""
    centers = onp.stack([points[classes == k].mean(axis=0) for k in range(10)])
    within = onp.linalg.norm(points - centers[classes], axis=1).mean()
    between = onp.linalg.norm(centers[:, None] - centers, axis=-1).sum() / 90  # of 10 · 9 pairs
    return between / within


plane = onp.linalg.svd(features[-1] - features[-1].mean(axis=0), full_matrices=False)[2][:2]  # (2, 64)


def draw_features(ax, epoch):
    points, classes = features[epoch], test_labels[:1000]
    note = f"apart by {separation(points, classes):.1f} times their size"
    figures.clouds(ax, points @ plane.T, classes, names, note)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### One epoch pulls most classes apart; the rest is fine work

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_features, cases=[0, 1, len(features) - 1], values=range(len(features)),
    play=True, label="epoch", height=4.4,
    alt="Points in ten colors, one a class. Before training they are mixed; after one epoch "
    "boots, bags, trousers have places of their own; shirts, coats, pullovers overlap.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# Each point is a test image, and each color a class; all pictures have the same overall spread. In a live notebook,
# press play. Before training, the distances between the classes are no larger than the classes. One epoch later, boots,
# bags, and trousers have places of their own. After that, the ratio does not grow any more, although the training loss
# falls to the end: far neighbors are told apart quickly, and what remains are the near ones. Shirts, pullovers, and
# coats still overlap, at least in this plane.
#
# Back to the *step* in the orange curves: why does the validation accuracy rise when the rate drops? There are two
# suspects. At a high rate, the weights never settle, because every step follows the noise of its batch (notebook 05).
# And batch norm's running averages lag behind weights that move so fast, so that the network predicts with means and
# variances of its past (notebook 16).
#
# To separate the two, take the state of a network just before the drop, and continue for one epoch, at the same rate
# or at a tenth of it. Then *refresh* the averages, without changing any weight.


# %% slideshow={"slide_type": "skip"}
def refresh(net):
    """Update the running averages of batch norm, and nothing else, as in notebook 16."""
    for X, _ in small_loader():
        with autograd.record():
            output = net(X.as_in_ctx(try_gpu())).sum()
        output.backward()  # MXNet updates the averages here; without a trainer, no weight changes


def as_is_and_refreshed(net):
    """Return the validation accuracy of a network, and what it is after `refresh`."""
    before = evaluate(net, validation_loader)[1]
    refresh(net)
    return before, evaluate(net, validation_loader)[1]


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, run = nets["residual", 18], runs["residual", 18]
last, refreshed = copy_state(net), {}
refreshed["rate ÷ 10"] = as_is_and_refreshed(net)
restore_state(net, run.state)
refreshed["before the drop"] = as_is_and_refreshed(net)
restore_state(net, run.state)
same_rate = fit(net, small_loader(), validation_loader, num_epochs=SLOW, lr=0.003, optimizer="adam", plot=False)
refreshed["same rate"] = as_is_and_refreshed(net)
restore_state(net, last)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Part of the jump is no learning: the averages catch up

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.drop(run.accuracy, same_rate.test_accuracy, refreshed, drop=FAST)

# %% [markdown] slideshow={"slide_type": "skip"}
# On the left are the accuracies as they were measured, and on the right the last ones, before and after the averages
# were refreshed. In the black pair, **no weight has changed**, and yet the accuracy is higher: the network was better
# than its curve made us believe. At the same rate, in blue, the averages soon lag again. At a tenth of the rate, there
# is hardly anything to refresh: weights that move so slowly do not leave their averages behind. Now compare the two
# open points of epoch 4. All averages are up to date there, and still the lower rate is ahead, because its weights have
# settled. So both suspects are guilty. (With two other seeds, the lower rate was ahead again, by about two points.
# Refreshing before the drop gained 1.7 points with one of them, and next to nothing with the other.)
#
# This is why a network with batch norm should be judged after some training at a low rate. The training loss does not
# show the lagging averages, because in training each batch brings its own.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for reasons first; there are two. Then the experiment that separates them.

# %% [markdown] slideshow={"slide_type": "skip"}
# Next, let's look inside. What do the modules respond to? For one test image, we take the output of each module and
# show the eight channels that respond most strongly. (The first module has only eight.)


# %% slideshow={"slide_type": "skip"}
def strongest_maps(net, image, count=8):
    """Return the `count` channels with the largest mean after each module, for an image (1, height, width)."""
    X, maps = net[:3](np.array(image[None], ctx=try_gpu())), {}
    for number, part in enumerate(net[3:-2], start=1):
        X = part(X)
        channels = X[0].asnumpy()  # (channels, height, width)
        maps[f"module {number}"] = channels[channels.mean(axis=(1, 2)).argsort()[::-1][:count]]
    return maps


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From module to module, the *where* fades

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
boot = int(onp.flatnonzero(test_labels == names.index("ankle boot"))[0])
figures.feature_maps(test_images[boot, 0], strongest_maps(resnet18, test_images[boot]))

# %% [markdown] slideshow={"slide_type": "skip"}
# Yellow is the strongest response within each map. The first module, with maps of 14×14, still shows the shape:
# outlines, light and dark areas, upper and lower edges. In the second one, you can just guess it, and in the third only
# left and right, above and below are left. The last one has 2×2 positions, and each of its channels says how much of
# something there is, and roughly in which quarter. How much of *what*? To find out, we look for the test images that
# excite a channel of the last module most.


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def most_exciting(features, count=10):
    """Return the numbers of the images with the largest value of each feature (count, channels)."""
    alive = features[:, features.std(axis=0) > 0]  # without channels that are the same for all images
    varied_first = onp.argsort(-alive.std(axis=0))
    return onp.argsort(-alive[:, varied_first], axis=0)[:count]


def purity(chosen):
    """Return which share of the images chosen for a channel are of one class, on average over the channels."""
    return onp.mean([onp.bincount(column).max() / len(column) for column in test_labels[chosen].T])


exciting = most_exciting(features[-1])
print(f"of the ten images that excite a channel most, a share of {purity(exciting):.2f} are of one class;", end=" ")
print(f"before training, {purity(most_exciting(features[0])):.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A deep channel responds to a kind of thing

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = exciting[:, :4].T.reshape(-1)  # the four channels that vary most
text = "Four rows of ten images; within a row, they are similar."
show_images(test_images[rows], num_columns=10, width=11.0, height=4.6, alt=text)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row belongs to one of the four channels that vary most from image to image. Low shoes, trousers, and long sleeves
# have a channel of their own here; another channel mixes trousers with t-shirts. (With another seed, there will be
# others.) The printed shares compare this with the network before training, where random kernels look for the same
# random pattern in all images, and images of one class are alike to begin with. Training makes the rows purer. With
# maps and images this small, a picture can show no more; notebook 19 looks into a network for photographs.
#
# To find out what the *answer* depends on, we cover a part of the image with a black square of 6×6 pixels, ask again,
# and note how far the probability of the class falls. Then we move the square by two pixels, and so on. The result is
# an *occlusion map*. Black is the background of these images, so covering means that a part is missing.


# %% slideshow={"slide_type": "skip"}
def occlusion_map(net, image, label, side=6, step=2):
    """Return how far the probability of a class falls when a square of the image (1, 28, 28) is black."""
    corners = range(0, image.shape[-1] - side + 1, step)
    covered = onp.repeat(image[None], len(corners) ** 2 + 1, axis=0)  # the last one stays whole
    for i, (row, column) in enumerate((row, column) for row in corners for column in corners):
        covered[i, :, row : row + side, column : column + side] = 0
    probabilities = npx.softmax(net(np.array(covered, ctx=try_gpu()))).asnumpy()[:, label]
    return (probabilities[-1] - probabilities[:-1]).reshape(len(corners), len(corners))


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
probabilities = npx.softmax(resnet18(np.array(test_images, ctx=try_gpu()))).asnumpy()  # (2000, 10)
answers = probabilities.argmax(axis=1)
right = answers == test_labels
shown_classes = ("sandal", "bag", "shirt", "sneaker", "coat")
candidates = [onp.flatnonzero(right & (test_labels == names.index(name)))[:8] for name in shown_classes]
maps = {i: occlusion_map(resnet18, test_images[i], answers[i]) for few in candidates for i in few}
chosen = [max(few, key=lambda i: maps[i].max()) for few in candidates]  # the most sensitive one of each class
calm = sum(drops.max() < 0.5 for drops in maps.values())
print(f"in {calm} of {len(maps)} images, no square lowers the probability by 0.5")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A single square of 6×6 pixels can decide the answer

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.occlusion(test_images[chosen, 0], [maps[i] for i in chosen], shown_classes)

# %% [markdown] slideshow={"slide_type": "skip"}
# Bright places matter: without them, the network would no longer be sure of its answer, or would give another one. The
# number printed above says more than five pictures: in most of the images that we tried, one square, a twentieth of the
# image, is enough to lower the probability of the right class by 0.5. Of the first eight right answers of each class,
# we show the one that is most sensitive. The square is not neutral, either: it can cut a coat in two, and the result
# may then look like something else.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what the network would say if the bright part were covered. Say how the images were
# chosen.

# %% [markdown] slideshow={"slide_type": "skip"}
# Last, the worst mistakes: the wrong answers that the network is surest of.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The worst mistakes: sure, and wrong

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
worst = onp.flatnonzero(~right)
worst = worst[probabilities[worst].max(axis=1).argsort()[::-1][:10]]
sure = probabilities.max(axis=1)
titles = [f"{names[answers[i]]} {sure[i]:.2f}\nlabel: {names[test_labels[i]]}" for i in worst]
text = "Ten images with a wrong answer: " + "; ".join(titles).replace("\n", ", ")
show_images(test_images[worst], titles, num_columns=5, width=11.0, height=4.5, alt=text)

# %% [markdown] slideshow={"slide_type": "skip"}
# Above each image are the network's answer, its probability, and the label. Half of these mistakes take shoes for other
# shoes. Two of the low ones are labeled "sandal": would you have called them that? What is labeled "trouser" looks like
# a dress. So some labels are doubtful, and no network will reach an accuracy of 1 on these data. The boot in the upper
# row, on the other hand, is the network's own mistake. Note also how sure the network is: a high probability is no
# guarantee (notebook 08).
#
# Finally, the scoreboard, with the networks of the notebooks before. Ours has an eighth of the paper's channels.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### 18 layers do not help much on small gray images

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
board.add("ResNet-18", resnet18, (1, 1, 28, 28), data="Fashion-MNIST",
          accuracy=test_accuracy, examples=2000, seconds=seconds)  # fmt: skip
board.show()

# %% [markdown] slideshow={"slide_type": "skip"}
# The horizontal axis is the work for one image, and the vertical bars are 95 % intervals. With more than four times
# LeNet's work, the network is no better than LeNet, with or without batch norm (notebook 16): after its five epochs, it
# is one to two points below them, and the intervals overlap. On 10,000 small gray images, there is little for 18 layers
# to find. ResNet was made for a million photographs and a thousand classes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **Why do deeper networks become worse, and how can one plus sign change that?** A plain layer that is not needed has
# to learn to copy, which is hard. A residual block starts from its input and learns what to add.
#
# - *Degradation* shows in the training loss, so it is not overfitting; and it is not the vanishing gradient.
# - A larger function class helps for sure only if it contains the smaller one.
# - With $f(x) = x + g(x)$, zero weights change nothing, and every gradient has a path around the layers.
# - A trained residual network survives the loss of a block; a plain one does not.
# - When the learning rate drops, accuracy jumps for two reasons: weights settle, and averages catch up.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for one sentence each: why does depth hurt without the skip connection, and why not with it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 17.1: predict a shape
#
# The block `Residual(128, strides=2)` gets an array of shape (1, 64, 56, 56). What are the channels, the height, and
# the width of its output, and how many weights does its **1×1 convolution** have?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, weights)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("17.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Only one of the two 3×3 convolutions has a stride of 2. The 1×1 convolution is on the skip connection: what goes into
# it, and what has to come out? It has no bias.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# my_prediction = (128, 28, 28, 64 * 128)
# ```
#
# The stride of 2 halves 56 once. The 1×1 convolution goes from 64 channels to 128, with one weight for each pair.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 17.2: change the modules
#
# ResNet-34 has (3, 4, 6, 3) blocks of two layers in its modules of 64, 128, 256, and 512 channels, and 21.8 million
# parameters. Choose four other numbers, each at least 2, so that the network still has **34 layers**, but **fewer than
# 15 million** parameters.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
num_blocks = ...  # such as (3, 4, 6, 3)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("17.2", num_blocks)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# How many blocks make 34 layers, if the first convolution and the dense layer count as one each? A block of the last
# module has 64 times as many weights as one of the first, so move blocks forward.
# `summarize(paper_network(num_blocks), (1, 3, 224, 224), depth=1).total_parameters` counts.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# num_blocks = (8, 4, 2, 2)
# ```
#
# Any four numbers with the sum 16 make 34 layers. And all of these networks do the same work: what a block has more in
# weights, it has less in positions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 17.3: build the pre-activation block
#
# Two 3×3 convolutions, with input and output of the same shape. Batch norm and ReLU come **before** each convolution,
# and nothing comes after the sum. How you name the layers is up to you.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
class PreActivation(nn.Block):
    def __init__(self, num_channels):
        super().__init__()
        ...  # two convolutions, two batch norms

    def forward(self, X):
        return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("17.3", PreActivation)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# If you name the layers `bn1`, `conv1`, and so on, start with `Y = self.conv1(npx.relu(self.bn1(X)))`. The convolutions
# need `padding=1`, so that X and Y have the same shape.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# class PreActivation(nn.Block):
#     def __init__(self, num_channels):
#         super().__init__()
#         self.bn1, self.bn2 = nn.BatchNorm(), nn.BatchNorm()
#         self.conv1 = nn.Conv2D(num_channels, 3, padding=1, use_bias=False)
#         self.conv2 = nn.Conv2D(num_channels, 3, padding=1, use_bias=False)
#
#     def forward(self, X):
#         Y = self.conv1(npx.relu(self.bn1(X)))
#         return X + self.conv2(npx.relu(self.bn2(Y)))
# ```
#
# It is the identity for *every* input if the convolutions are zero; the original block only for inputs that are not
# negative.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: remove as much as you can
#
# Which blocks does the residual network of 34 layers need? Remove blocks, without any training, so that it loses at
# most **2 points** of validation accuracy (0.02). Can you save **10 %** of its multiply-adds, or more? When you have
# decided, ask the test images **once**.

# %% slideshow={"slide_type": "-"} tags=["exercise", "nbval-ignore-output"]
patient = nets["residual", 34]
my_net = without(patient)  # add the numbers of blocks to remove: without(patient, 2, 7)
work = [summarize(net, (1, 1, 28, 28)).total_multiply_adds for net in (my_net, patient)]
print(f"saved: {1 - work[0] / work[1]:.0%} of the multiply-adds;", end=" ")
print(f"validation accuracy {evaluate(my_net, validation_loader)[1]:.3f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `removable(patient)` lists the numbers of the blocks that can be removed. The network without two blocks need not be
# good only because each of the two can be spared. Remove one block after another, and measure again each time. All
# blocks without a stride do about the same work.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# limit = evaluate(patient, validation_loader)[1] - 0.02
# removed = []
# while True:
#     rest = [i for i in removable(patient) if i not in removed]
#     accuracies = {i: evaluate(without(patient, *removed, i), validation_loader)[1] for i in rest}
#     best = max(accuracies, key=accuracies.get)
#     if accuracies[best] < limit:
#         break
#     removed.append(best)
#     print(f"without {removed}: validation accuracy {accuracies[best]:.3f}")
# my_net = without(patient, *removed)
# print("test:", [round(evaluate(net, test_loader)[1], 3) for net in (patient, my_net)])
# ```
#
# Two blocks already save 11 %. Here, blocks 13 and 16 can go, and the validation accuracy falls from 0.783 to 0.772; a
# third one would be too much. We chose them on these images, so the accuracy there is too good (notebook 08). The test
# images show what it is.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - He, Zhang, Ren, and Sun, [Deep residual learning for image recognition](https://arxiv.org/abs/1512.03385), 2015: the
#   degradation, the block, and ResNet-18 to ResNet-152
# - He, Zhang, Ren, and Sun, [Identity mappings in deep residual networks](https://arxiv.org/abs/1603.05027), 2016: the
#   pre-activation block, and why the skip connection should stay clean
# - Veit, Wilber, and Belongie, [Residual networks behave like ensembles of relatively shallow
#   networks](https://arxiv.org/abs/1605.06431), 2016: removing blocks from trained networks
# - De and Smith, [Batch normalization biases residual blocks towards the identity function in deep
#   networks](https://arxiv.org/abs/2002.10444), 2020
# - Zeiler and Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901), 2014:
#   occlusion maps
# - *Dive into Deep Learning*, [Residual networks](https://d2l.ai/chapter_convolutional-modern/resnet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **18 · Modern blocks**, what can be done with a skip connection besides adding.
