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
# **What does a much larger network need in order to be better, and not just larger?**
#
# *60 minutes · needs 07, 08, 11, 12 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# LeNet, the network of notebook 12, is from 1998. For the next fourteen years, hardly anybody outside a few groups
# worked on such networks. Then one of them, with about 800 times as many parameters, won the largest contest in image
# recognition by a margin that nobody had seen before, and within two years nearly all its competitors used networks.
#
# Why did it take so long? You could have written down a larger LeNet in 1998. But a larger network is not better by
# itself: its first layers may not learn at all, and if they do, it may learn its training images by heart. In this
# notebook, we build the network of 2012, count what it costs, and test what makes its size useful.
#
# Two threads go on. The thread of part 1 was: how do you know that a model will work on data it has not seen? Here you
# see two remedies against overfitting, in a network that badly needs them. The thread of this part is: *what does a
# network have to know about pictures before it sees any?* A convolution knows that pixels have neighbors, and that a
# pattern can be anywhere. In this notebook, we tell the network something else, for example that a mirrored cat is
# still a cat. And we tell it with *examples* instead of with a layer.
#
# **Question.** Suppose that you make a network ten times as large and train it on the same images. Name two things
# that could get worse. The recap returns to this.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: why did nobody simply build a larger LeNet in 1998? Collect the answers, and return to them
# in the recap.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** AlexNet in Gluon, and count its parameters and multiply-adds.
# - **Measure** how gradients vanish through sigmoids, and how ReLU preserves them.
# - **Write** dropout and augmentation, and test what each of them is worth.
# - **Look** inside a trained network: what excites its channels, and where it errs.
# - **Estimate** how long full size takes, on your machine and in 2012.

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

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    Timer,
    at_scale,
    check,
    class_names,
    evaluate,
    explore,
    fit,
    load_emoji,
    load_images,
    load_photo,
    rounded,
    seed,
    show_images,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb13_alexnet as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What changed in 2012
#
# A network of 1998, about eight hundred times larger, trained on four thousand times as much data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### In 2012, a network was eleven points ahead

# %% slideshow={"slide_type": "-"}
top5_errors = {"2010, winner": 28.2, "2011, winner": 25.8, "2012, second": 26.2}  # percent
figures.contest(top5_errors | {"2012, AlexNet": 15.3})

# %% [markdown] slideshow={"slide_type": "skip"}
# The *ImageNet* contest asks programs to recognize a thousand kinds of things in photographs. Its measure is the *top-5
# error*: of 100 test images, for how many is the right class not among the five that score highest? Five guesses are
# allowed because many photographs show more than one thing, and because more than a hundred of the classes are breeds
# of dogs.
#
# The first three bars are programs without a deep network. The last one is *AlexNet*, named after Alex Krizhevsky, the
# first author of its paper. (To be precise: each year had its own test images, and 15.3 % is the average of several
# networks, some of which had seen more photographs of ImageNet than the contest provides. Without those, their error
# was 16.4 %. The runner-up averaged several models, too.)
#
# **Question.** What is the top-5 error of guessing at random?
#
# <details><summary>Answer</summary>
#
# 99.5 %. Five guesses hit one of 1,000 classes with probability 5/1,000.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the error of random guessing before you comment on the bars.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Until 2011, the contest's entries used designed features

# %% slideshow={"slide_type": "-"}
figures.two_ways()

# %% [markdown] slideshow={"slide_type": "skip"}
# What had the others done? They computed *features*: numbers that describe edges, corners, and textures, by formulas
# that experts had refined over many years, with names such as SIFT and HOG. Only the last step, a linear classifier as
# in notebook 06, was learned from the labels. AlexNet learned everything from pixels and labels, as LeNet had done with
# digits.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ImageNet is four thousand times as much data as MNIST

# %% slideshow={"slide_type": "-"}
mnist = (60_000, 10, 28 * 28)  # training images, classes, numbers per image
imagenet = (1_281_167, 1000, 3 * 224 * 224)
rows = [("", "training images", "classes", "numbers per image", "numbers")]
for name, (images, classes, size) in {"MNIST": mnist, "ImageNet": imagenet}.items():
    rows.append((name, f"{images:,}", f"{classes:,}", f"{size:,}", f"{images * size:.1e}"))
factors = [b / a for a, b in zip(mnist, imagenet, strict=True)]
total = f"{factors[0] * factors[2]:,.0f}"
rows.append(("factor", *(f"{factor:.0f}" for factor in factors), total))
show_table(rows, "Both data sets, photographs cut to 224×224 pixels")

# %% [markdown] slideshow={"slide_type": "skip"}
# ImageNet was presented in 2009 by Fei-Fei Li and her group. The photographs are from the web, and many thousands of
# people labeled them, paid per image. A network with enough parameters to tell a thousand classes apart would have
# learned MNIST by heart; here was a data set that could feed it. And graphics cards, made for games, had learned to do
# other arithmetic, fast enough to go through it ninety times.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What changed: more size, and what size needs
#
# | | LeNet, 1998 | AlexNet, 2012 | why |
# |:--|:--|:--|:--|
# | depth | 5 layers with weights | 8 | features of features |
# | width | 6 and 16 channels | 96 to 384 | more kinds of features |
# | activation | S-shaped | ReLU | gradients arrive |
# | pooling | average | max | the strongest signal |
# | in dense layers | – | dropout | less overfitting |
# | training images | as they are | augmented | less overfitting |
# | computer | workstation | two GPUs | days, not months |

# %% [markdown] slideshow={"slide_type": "skip"}
# This table is the plan of the notebook. The first two rows make the network larger; the next section builds it and
# counts, and asks what the computers of 2012 could do. The other rows are what the size *needs*: the third section
# tests ReLU, dropout, and augmentation one by one. (Max pooling was the subject of notebook 11.) All of the parts but
# dropout, which the same group published in the same year, had been known before. That they work so well together, at
# this size, was new.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the last column and ask for the reasons.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The network
#
# LeNet's plan, with more layers and many more channels. What does that cost?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### AlexNet: five convolutions, three dense layers


# %% slideshow={"slide_type": "-"}
def alexnet(classes=1000, shrink=1, act="relu", rate=0.5, kernel=11, stride=4, pad=0):
    c1, c2, c3, units = (n // shrink for n in (96, 256, 384, 4096))
    net, pool = nn.Sequential(), {"pool_size": 3, "strides": 2, "padding": pad}
    net.add(nn.Conv2D(c1, kernel, stride, pad, activation=act), nn.MaxPool2D(**pool))
    net.add(nn.Conv2D(c2, 5, padding=2, activation=act), nn.MaxPool2D(**pool))
    for channels in (c3, c3, c2):
        net.add(nn.Conv2D(channels, 3, padding=1, activation=act))
    net.add(nn.MaxPool2D(**pool))
    for _ in range(2):
        net.add(nn.Dense(units, activation=act), nn.Dropout(rate))
    net.add(nn.Dense(classes))
    return net


# %% [markdown] slideshow={"slide_type": "skip"}
# Read it from the top. The first convolution has kernels of 11×11 and a stride of 4, because the image is large, and
# there is much to do at every position. Pooling windows are 3×3 and move by 2, so neighboring windows overlap. After
# the second pooling come three 3×3 convolutions in a row, then a last pooling, and two wide dense layers, each with
# dropout. The defaults are the paper's sizes, for photographs of 224×224 pixels. The arguments make it smaller, for
# laptops and for small images: `shrink` divides all widths.
#
# **Question.** How many layers have weights? And what does the stride of 4 in the first layer save?
#
# <details><summary>Answer</summary>
#
# Eight: five convolutions and three dense layers. Pooling and dropout have no weights. A stride of 4 leaves one
# position out of 4 · 4 = 16, so the first layer takes a sixteenth of the work, and all later layers see maps with a
# sixteenth of the positions.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many layers have weights, and why the first stride is 4.


# %% slideshow={"slide_type": "skip"}
def lenet():
    """Build LeNet as in 1998, with sigmoids for its scaled tanh. (Notebook 12 used ReLU and max pooling.)"""
    net = nn.Sequential()
    net.add(nn.Conv2D(6, kernel_size=5, padding=2, activation="sigmoid"), nn.AvgPool2D(2, strides=2))
    net.add(nn.Conv2D(16, kernel_size=5, activation="sigmoid"), nn.AvgPool2D(2, strides=2))
    net.add(nn.Dense(120, activation="sigmoid"), nn.Dense(84, activation="sigmoid"), nn.Dense(10))
    return net


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Side by side: the same plan, more of everything

# %% slideshow={"slide_type": "-"}
figures.side_by_side(lenet(), alexnet())

# %% [markdown] slideshow={"slide_type": "skip"}
# LeNet is at the top, AlexNet below, each to its own scale: next to AlexNet's image, LeNet's would be a stamp. From
# left to right, both have fewer and fewer positions and mostly more and more channels, until a vector is left. But
# AlexNet has three convolutions without a pooling layer between them, and its vectors have 4,096 numbers.
#
# **Question.** The first layer of AlexNet turns 224 pixels into 54 positions. How?
#
# <details><summary>Answer</summary>
#
# A window of 11 pixels that moves by 4 fits into 224 pixels (224 − 11) / 4 + 1 times, rounded down: 53 + 1 = 54.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask where the 54 comes from. Point at the three convolutions in a row.

# %% slideshow={"slide_type": "skip"}
full_size = summarize(alexnet(), (1, 3, 224, 224))
full_size


# %% slideshow={"slide_type": "skip"}
def by_group(table):
    """Return (parameters, multiply-adds) of each group of layers."""
    rows = [row for row in table.rows if row.parameters]
    # Two convolutions, further ones (LeNet has none), and three dense layers.
    parts = (rows[:1], rows[1:2], rows[2:-3], rows[-3:-2], rows[-2:-1], rows[-1:])
    sums = [(sum(row.parameters for row in part), sum(row.multiply_adds for row in part)) for part in parts]
    return dict(zip(figures.GROUPS, sums, strict=True))


# %% slideshow={"slide_type": "skip"}
small_size = summarize(lenet(), (1, 1, 28, 28))
rows = [("", "parameters", "multiply-adds per image")]
totals = {"LeNet": small_size, "AlexNet": full_size}
for name, table in totals.items():
    rows.append((name, f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}"))
parameters = full_size.total_parameters / small_size.total_parameters
work = full_size.total_multiply_adds / small_size.total_multiply_adds
rows.append(("factor", f"{parameters:,.0f}", f"{work:,.0f}"))
show_table(rows, "Two networks, one image each")

# %% [markdown] slideshow={"slide_type": "skip"}
# The parameters grew by a factor of about 800, and the work by three times that. Where do they sit?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Parameters sit in the dense layers, work in the convolutions

# %% slideshow={"slide_type": "-"}
figures.shares({name: by_group(table) for name, table in totals.items()})

# %% [markdown] slideshow={"slide_type": "skip"}
# In both networks, most of the parameters are in the first dense layers, because each unit has a weight of its own for
# every input. Most of the multiply-adds are in the convolutions, because each weight is used at every position. (LeNet
# has no third to fifth convolution.) This tells you where to look: a network becomes *smaller* if its dense layers
# shrink, as in notebooks 14 and 15, and *faster* if its convolutions become cheaper, as in notebook 18. It also tells
# you where AlexNet is most likely to learn by heart, and so it is the two large dense layers that get dropout.

# %% [markdown] slideshow={"slide_type": "skip"}
# **What differs from the network of 2012.** The original was cut in two halves, one for each GPU, which exchanged their
# feature maps in some layers only: in its second, fourth, and fifth convolution, each half saw only its own channels.
# In Gluon, that is the option `groups=2`. Its feature maps were 55×55 after the first convolution and 6×6 at the end.
# It also normalized neighboring channels after the first two convolutions, which is no longer done. The network above
# is the usual modern form: one tower, without groups. We need the original once, to compute what its training cost:


# %% slideshow={"slide_type": "skip"}
def alexnet_of_2012():
    net = nn.Sequential()
    net.add(nn.Conv2D(96, 11, strides=4, padding=2, activation="relu"), nn.MaxPool2D(3, 2))
    net.add(nn.Conv2D(256, 5, padding=2, groups=2, activation="relu"), nn.MaxPool2D(3, 2))
    for channels, groups in ((384, 1), (384, 2), (256, 2)):
        net.add(nn.Conv2D(channels, 3, padding=1, groups=groups, activation="relu"))
    net.add(nn.MaxPool2D(3, 2), nn.Dense(4096, activation="relu"), nn.Dense(4096, activation="relu"), nn.Dense(1000))
    return net


original = summarize(alexnet_of_2012(), (1, 3, 224, 224))
print(f"{original.total_parameters:,} parameters, {original.total_multiply_adds:,} multiply-adds")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Six days on two GPUs. How long on this machine?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, X, y = alexnet(), np.zeros((8, 3, 224, 224)), np.zeros(8)
net.initialize(init.Xavier())
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
for _ in range(2):  # the first step also allocates memory
    timer = Timer()
    with autograd.record():
        loss = loss_function(net(X), y)
    loss.backward()
    npx.waitall()
seconds_per_image = timer.stop() / len(X)

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
flop = 2 * 3  # per multiply-add: two operations, and backward is twice the work of forward
images, day = 90 * imagenet[0], 24 * 3600  # ninety epochs; seconds
speed_2012 = images * flop * original.total_multiply_adds / (5.5 * day)
speed_here = flop * full_size.total_multiply_adds / seconds_per_image
rows = [("", "TFLOP per second", "days")]
rows.append(("two GPUs of 2012, the paper's 5.5 days", f"{speed_2012 / 1e12:.2f}", "5.5"))
days_here = images * seconds_per_image / day
measured = (f"{speed_here / 1e12:.2f}", f"{days_here:,.0f}")
rows.append(("this machine, one step measured", *measured))
show_table(rows, "Ninety epochs of ImageNet")

# %% [markdown] slideshow={"slide_type": "skip"}
# The paper says that training took five to six days, for about ninety epochs. A multiply-add is two floating-point
# operations, and the backward pass takes about twice the work of the forward pass. So we can compute what the two GPUs
# really achieved together: about 1 TFLOP, which is 10¹² operations, per second. The second row is a *measured* speed,
# too, from a single step with eight images, so the two are like for like, and its last column answers the question.
# (The network of the second row has no groups, so it does more work per image.) How good is 1 TFLOP per second? Each of
# the two cards had 512 cores, which could finish one multiply-add per cycle, at 1.544 GHz:

# %% slideshow={"slide_type": "skip"}
peak_2012 = 2 * 512 * 2 * 1.544e9  # cards, cores, FLOP per cycle, cycles per second
print(f"peak of both cards: {peak_2012 / 1e12:.2f} TFLOP per second; achieved: {speed_2012 / peak_2012:.0%}")

# %% [markdown] slideshow={"slide_type": "skip"}
# A third of the peak is a lot. The authors had written their own GPU code for convolutions, and they published it. The
# cards are also the reason why the network was cut in two: one of them had three gigabytes of memory, and the network
# did not fit.

# %% slideshow={"slide_type": "skip"}
del net, X, y, loss  # frees half a gigabyte

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Three remedies
#
# What does size need? Gradients that arrive, units that don't rely on each other, and more examples.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### ReLU: do the gradients arrive?
#
# Backpropagation goes through the layers from the last to the first. At each layer, the gradient is multiplied by the
# slope of the activation and by the weights. The slope of a sigmoid is at most ¼, and unless the weights make up for
# it, the product of many such factors is tiny. ReLU has the slope 1 where a unit is active, otherwise 0: where a unit
# is active, it passes the gradient on unchanged.
#
# To measure it, we take a stack of dense layers, each 100 units wide, with random weights, and feed the *same* random
# gradient in at the end (`backward(end)`, a head gradient as in notebook 03). How large is the gradient of each layer's
# weights? The weights are drawn with the standard deviation $\sqrt{2 / \text{inputs}}$. ReLU sets about half of its
# inputs to zero, and the 2 makes up for this, so neither the signals nor the gradients grow or shrink on average. This
# is called *He initialization* (He and others, 2015), and we use it for all networks that we train here.


# %% slideshow={"slide_type": "skip"}
def gradient_norms(activation, depth, width=100):
    draw = onp.random.RandomState(0).normal
    weights = [np.array(draw(0, (2 / width) ** 0.5, (width, width)), "float32") for _ in range(depth)]
    H = np.array(draw(size=(64, width)), "float32")
    end = np.array(draw(size=(64, width)), "float32")  # the gradient that comes in at the end
    for W in weights:
        W.attach_grad()
    with autograd.record():
        for W in weights:
            H = activation(np.dot(H, W))  # (64, width)
    H.backward(end)
    return [float(np.linalg.norm(W.grad)) for W in weights]


def draw_gradients(ax, depth):
    activations = {"ReLU": npx.relu, "sigmoid": npx.sigmoid}
    figures.gradients(ax, {name: gradient_norms(function, depth) for name, function in activations.items()})


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Through sigmoids, the gradient vanishes layer by layer

# %% slideshow={"slide_type": "-"}
explore(
    draw_gradients, cases=[5, 10, 20], values=[2, 3, 5, 7, 10, 15, 20], play=True,
    label="layers", height=4.4, sharey=True,
    alt="Gradient norms on a logarithmic axis for 5, 10, and 20 layers. ReLU's stay level; "
    "sigmoid's fall in a straight line toward the first layer, by nine powers of ten.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The vertical axis is logarithmic, so a straight line means the same factor at every layer. With sigmoids, it is about
# a third, as you can predict: the weights multiply a gradient by √2 on average, the slopes by at most ¼, and √2 / 4 =
# 0.35. In a network of 20 layers, the first layer gets a gradient a billion times smaller than the last one. It stays
# as random as it started, and it is the layer that sees the image. This is the *vanishing gradient*. With ReLU, half of
# the slopes are 1 and half are 0, which makes √½ on average, and √2 · √½ = 1: the line is level.
#
# LeNet of 1998 had four S-shaped activations on the way, and could live with them. AlexNet has seven.
#
# **Guess first.** What does AlexNet learn in a few epochs if its activations are sigmoids?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play and ask how many layers of sigmoids the class would dare.

# %% [markdown] slideshow={"slide_type": "skip"}
# Let's try. We need a network that a laptop can train, so we divide all widths by 8. The images of Fashion-MNIST have
# 28×28 pixels, an eighth of the paper's side, so kernels of 11×11 with a stride of 4 would leave next to nothing for
# the later layers. In the small network, the first kernels are 5×5 with a stride of 2, and padding keeps the borders.
# The rest is the same. If you have a GPU, one switch gives you the paper's size instead: set the environment variable
# `D2L_SCALE=full` before Jupyter starts.

# %% slideshow={"slide_type": "skip"}
SMALL_IMAGES = at_scale(laptop={"kernel": 5, "stride": 2, "pad": 1}, full={})
SHRINK = at_scale(laptop=8, full=1)
IMAGE_SIZE = at_scale(laptop=None, full=224)  # None: as stored
LEARNING_RATE = at_scale(laptop=0.001, full=0.0001)
summarize(alexnet(10, SHRINK, **SMALL_IMAGES), (1, 1, IMAGE_SIZE or 28, IMAGE_SIZE or 28))

# %% [markdown] slideshow={"slide_type": "skip"}
# Of the 10,000 training images, the last 2,000 are validation images, as in the notebooks before. We standardize with
# the mean and the standard deviation of the rest.


# %% slideshow={"slide_type": "skip"}
def he_start(net, random_seed=0):
    """Seed everything, and initialize with standard deviation √(2 / inputs)."""
    seed(random_seed)
    net.initialize(init.Xavier("gaussian", factor_type="in", magnitude=2))


clothes, clothes_labels = (array.asnumpy() for array in load_images(source="fashion_mnist"))
mean, deviation = clothes[:8000].mean(), clothes[:8000].std()
clothes = (clothes - mean) / deviation  # (10000, 1, 28, 28)


def clothes_loader(part, batch_size=64, shuffle=False):
    return ArrayLoader(clothes[part], clothes_labels[part], batch_size=batch_size, shuffle=shuffle, resize=IMAGE_SIZE)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
def train_clothes(act, num_epochs=3, random_seed=0):
    net = alexnet(10, SHRINK, act, rate=0, **SMALL_IMAGES)
    he_start(net, random_seed)
    few, held_out = clothes_loader(slice(0, 3000), shuffle=True), clothes_loader(slice(8000, None), 500)
    options = {"num_epochs": num_epochs, "lr": LEARNING_RATE, "optimizer": "adam"}
    return fit(net, few, held_out, seed=random_seed, plot=False, **options).test_accuracy


by_activation = {"ReLU": train_clothes("relu"), "sigmoid": train_clothes("sigmoid")}

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With sigmoids, AlexNet hardly starts to learn

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.activations_compared(by_activation, chance=0.1)

# %% [markdown] slideshow={"slide_type": "skip"}
# Same network (without dropout, so that nothing else matters), same images, same number of steps; one word differs.
# With ReLU, the network is right on most images after a single epoch. With sigmoids, the first epochs pass at the level
# of guessing, and after the third, it has at best begun to learn. That does not mean that deep networks are impossible
# with sigmoids, only that they are far slower with *these* weights, which are made for ReLU, and *this* rate. Notebooks
# 16 and 17 show what helps a deep network with any activation.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### Dropout: no unit may rely on another
#
# You know *dropout* from notebook 08: in each training step, each hidden unit is set to zero with probability $r$, the
# *dropout rate*, and the others are divided by $1 - r$. Here is why that keeps the mean of a unit $h$:
#
# $$r \cdot 0 + (1 - r) \cdot \frac{h}{1 - r} = h$$
#
# So the next layer gets the same signal on average, and when the network is used, nothing has to be changed: all units
# take part. It is three lines of code. The mask `keep` is 1 for a unit that stays and 0 for one that is dropped.


# %% slideshow={"slide_type": "skip"}
def dropout(H, keep, rate):
    if not autograd.is_training():
        return H
    return H * keep / (1 - rate)


# %% [markdown] slideshow={"slide_type": "skip"}
# Does Gluon do the same? We read off its mask by sending ones through its layer, and then let both work on the same
# numbers, with the same seed:

# %% slideshow={"slide_type": "skip"}
layer, H = nn.Dropout(0.5), np.array([[1.0, 2, 3, 4]] * 100_000)  # (100000, 4)
with autograd.train_mode():
    seed(0)
    keep = layer(np.ones(H.shape)) > 0
    seed(0)
    by_gluon, by_hand = layer(H), dropout(H, keep, rate=0.5)
print("same as Gluon's:", bool((by_gluon == by_hand).all()))
print("mean of each:   ", rounded(by_gluon.mean(axis=0), 1))
print("in use:         ", rounded(layer(H)[0]))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Dropout: every example trains another, thinner network

# %% slideshow={"slide_type": "-"}
explore(
    figures.thinned, cases=[0.2, 0.5, 0.8], values=[n / 10 for n in range(10)],
    label="rate", height=4.4,
    alt="A network with two hidden layers of six units, three times. The higher the rate, "
    "the more hidden units are crossed out, and their lines are gone.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# Each image in each step sees a different mask, and so a different, thinner network. All of these networks share their
# weights. A unit can't count on any other unit being there, so it has to learn something that is useful by itself.
# AlexNet uses a rate of ½ in its two large dense layers. (The scores are never dropped: there would be no answer.)
#
# **Question.** How many thinned networks are there if 12 units can be dropped? And if 8,192 can?
#
# <details><summary>Answer</summary>
#
# 2¹² = 4,096, because each unit is there or not. With 8,192 units, it is a number of 2,467 digits, so hardly any of
# these networks is ever trained twice. Using all units at once comes close to averaging them all.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many thinned networks there are with twelve units.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### Augmentation: change what must not matter
#
# The third remedy is *augmentation*, which you met in notebook 08, too: it makes new examples out of old ones by
# changes that keep the label. The paper cut a square of 224×224 pixels out of a photograph of 256×256, at a random
# position; it mirrored half of them; and it varied the color and the intensity of the light, of which we vary only the
# brightness. As functions of arrays, each is one line:


# %% slideshow={"slide_type": "skip"}
def flip(X):
    return X[..., ::-1]  # (..., height, width): columns backwards


def crop(X, top, left, size):
    return X[..., top : top + size, left : left + size]


def brighten(X, factor):
    return np.clip(factor * X, 0, 1)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Augmentation: a mirrored portrait is still a portrait


# %% slideshow={"slide_type": "-"}
def augment(X, size, random_numbers):
    top, left = random_numbers.randint(X.shape[-1] - size + 1, size=2).tolist()
    X = crop(X, top, left, size)
    if random_numbers.uniform() < 0.5:
        X = flip(X)
    return brighten(X, random_numbers.uniform(0.5, 1.5))


# %% slideshow={"slide_type": "-"}
photo, random_numbers = load_photo(256), onp.random.RandomState(0)  # (3, 256, 256)
show_images(
    [augment(photo, 180, random_numbers) for _ in range(10)], num_columns=5, width=7.4,
    alt="Ten versions of a portrait: shifted, some mirrored, some darker or brighter.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# This is Grace Hopper, who wrote one of the first compilers. (The squares are smaller than the paper's, so that you can
# see them move.) Each epoch draws anew, so the network hardly ever sees the same numbers twice, and it is much harder
# to learn the images by heart. When the network is used, nothing is drawn: one takes the square in the middle, or
# averages the answers to several.
#
# Look at what happens here. We *know* something about pictures: that neither position, nor light, nor left and right
# decide what is shown. We tell it to the network before it sees any other picture, by making examples of it.
#
# **Question.** The paper says that crops and mirror images make the training set 2,048 times larger, by 32 · 32 · 2.
# How many different squares of 224×224 can really be cut out of 256×256, mirrored or not?
#
# <details><summary>Answer</summary>
#
# 33 · 33 · 2 = 2,178. A window of $k$ pixels has $n - k + 1$ positions among $n$, just as for a convolution.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which changes may occur in a new photograph; those are worth drawing.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A mirrored 2 is no digit, and a turned 6 is a 9

# %% slideshow={"slide_type": "-"}
digits, digit_labels = load_images(source="mnist", size=100)
chosen = [digit_labels.tolist().index(digit) for digit in (2, 6)]
pictures = []
for X in digits[np.array(chosen)]:
    pictures += [X, flip(X), X[:, ::-1, ::-1]]
show_images(
    pictures, ["as it is", "mirrored", "half a turn"] * 2, num_columns=6, width=11.2,
    alt="The digits 2 and 6, then mirrored, then turned: no digit, and a 9.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# A mirrored cat is a cat. A mirrored 2 is nothing, and half a turn makes a 6 a 9. Augmentation is knowledge about the
# problem, and wrong knowledge does harm.
#
# **Question.** Would you mirror X-ray images of the chest?
#
# <details><summary>Answer</summary>
#
# In a mirrored image, the heart is on the other side. Whether that matters depends on what the program should find, so
# it is a question for a physician, not for a library.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ### What is each remedy worth?
#
# Now the experiment that decides. We need a network that overfits, so we give it few examples: the emoji of notebook
# 08, in color, 32×32 pixels, six classes. They are split by concept, such as "tulip", so the validation images show
# things that the network has never seen. The network is AlexNet with all widths divided by 8; its 390,000 parameters
# could remember 2,686 images many times over.


# %% slideshow={"slide_type": "skip"}
def vary(X, random_numbers, shift=2):
    """Shift each image (n, channels, height, width) by up to `shift` pixels, and mirror half of them."""
    padded = onp.pad(X, ((0, 0), (0, 0), (shift, shift), (shift, shift)), mode="edge")
    corners = random_numbers.randint(0, 2 * shift + 1, size=(len(X), 2))
    pairs = zip(padded, corners, strict=True)
    X = onp.stack([crop(image, top, left, X.shape[-1]) for image, (top, left) in pairs])
    mirrored = random_numbers.uniform(size=len(X)) < 0.5
    X[mirrored] = flip(X[mirrored])
    return X


class Augmented:
    """Yield the batches of a loader with images varied at random, anew in each epoch."""

    def __init__(self, loader, random_seed=0, shift=2):
        self.loader, self.shift = loader, shift
        self.random_numbers = onp.random.RandomState(random_seed)

    def __iter__(self):
        for X, y in self.loader:
            yield np.array(vary(X.asnumpy(), self.random_numbers, self.shift)), y


# %% [markdown] slideshow={"slide_type": "skip"}
# The cat of notebook 08 shows what the network gets to see: shifted by up to two pixels, with the last ones repeated at
# the edge, and half of the time mirrored.

# %% slideshow={"slide_type": "skip"}
emoji = load_emoji()
fold = emoji.concepts % 5  # all drawings of a concept are in one fold
masks = {"training": fold < 3, "validation": fold == 3, "test": fold == 4}
for name, mask in masks.items():
    print(f"{name + ':':11} {mask.sum():5,} images of {len(onp.unique(emoji.concepts[mask])):3} concepts")
cat = emoji.images[emoji.concepts == emoji.concept_names.index("cat")][:1]
show_images(
    vary(onp.repeat(cat, 12, axis=0), onp.random.RandomState(0)), num_columns=12, width=11.0,
    alt="Twelve variants of one emoji of a cat: some mirrored, each shifted by a pixel or two.",
)  # fmt: skip


# %% slideshow={"slide_type": "skip"}
def emoji_loader(name, batch_size=64, shuffle=False):
    mean, deviation = emoji.images[masks["training"]].mean(), emoji.images[masks["training"]].std()
    images = (emoji.images[masks[name]] - mean) / deviation
    return ArrayLoader(images, emoji.labels[masks[name]], batch_size=batch_size, shuffle=shuffle)


def train_emoji(rate=0.0, augmentation=False, num_epochs=12, random_seed=0):
    """Return the curves of a training run: validation loss and accuracy, and the final training accuracy."""
    net = alexnet(6, 8, rate=rate, kernel=5, stride=2, pad=1)
    he_start(net, random_seed)
    loader = emoji_loader("training", shuffle=True)
    source = Augmented(loader, random_seed) if augmentation else loader
    options = {"num_epochs": num_epochs, "lr": 0.001, "optimizer": "adam", "seed": random_seed}
    history = fit(net, source, emoji_loader("validation", 500), plot=False, **options)
    curves = {"validation loss": history.test_loss, "validation accuracy": history.test_accuracy}
    return curves | {"training accuracy": evaluate(net, loader)[1], "seconds": sum(history.seconds)}


# %% [markdown] slideshow={"slide_type": "skip"}
# **Guess first.** Which helps more, dropout or augmentation? And in the loss, or in the accuracy?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
results = {"plain": train_emoji(), "dropout": train_emoji(rate=0.5)}

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
results |= {"augmentation": train_emoji(augmentation=True), "both": train_emoji(rate=0.5, augmentation=True)}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Both remedies lower the loss, and augmentation more

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.runs(results)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("", "training accuracy", "validation accuracy", "validation loss", "lowest loss", "seconds")]
for name, run in results.items():
    means = [onp.mean(run[f"validation {kind}"][-4:]) for kind in ("accuracy", "loss")]
    values = [run["training accuracy"], *means, min(run["validation loss"])]
    rows.append((name, *(f"{value:.2f}" for value in values), f"{run['seconds']:.0f}"))
show_table(rows, "Training accuracy at the end; mean of the last four epochs; lowest loss of all epochs")

# %% [markdown] slideshow={"slide_type": "skip"}
# All four runs take the same number of steps, and the remedies add little work to a step. (The seconds also depend on
# what else the machine is doing.) Read the loss first:
#
# - The *plain* network overfits after a few epochs. In the end, it knows most training images by heart, and its
#   validation loss rises: it is sure of its answers, also of the wrong ones.
# - With *dropout*, the loss turns later, and ends lower.
# - With *augmentation*, it hardly rises at all. After twelve epochs, the network still has something to learn from
#   images that are never quite the same, as its training accuracy shows.
# - *Both* together have the lowest loss, by a little, and the lowest training accuracy: a network with both remedies
#   still learns at the end, and could go on.
#
# This is one seed. With two others, the mean losses of the last four epochs came in the same order: plain, dropout,
# augmentation, both. The accuracies are another matter. In these three runs, the remedies gained about three
# points at best, and which of them gained most changed from run to run. The validation images show about two hundred
# concepts, and an accuracy near one half on so few has an uncertainty of ± 0.07 (notebook 08). What the remedies
# certainly improve is how *sure* the network is of its answers, and that is what the loss measures.
#
# Would early stopping do just as well? Nearly: in the column of lowest losses, the plain network's is not much higher
# than the others'. But then you must find the right epoch, and nothing is gained after it. The remedies let you go on.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class bet before you show the curves. All four runs take the same number of steps.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What has it learned?
#
# We train on all the clothes, and then look inside.

# %% [markdown] slideshow={"slide_type": "skip"}
# For the scoreboard, AlexNet meets the 10,000 images of Fashion-MNIST that LeNet was trained on. Which remedies does it
# need here? **Guess first.** There are four times as many images as before, and they are much more alike: clothes sit
# in the middle of their images and are lit alike.
#
# In a trial on validation images, dropout did not pay: with the same few epochs, the network learned more slowly, and
# it had hardly begun to overfit without it. A remedy against a disease that you don't have does harm. So there is no
# dropout here, and images are only mirrored. The rate falls to zero along half a cosine, as in notebook 05. After each
# epoch, we keep the network's answers to the test images, to watch it learn. (Nothing is chosen by them.)


# %% slideshow={"slide_type": "skip"}
def train_on(part, num_epochs=6, rate=0.0, shift=0, random_seed=0):
    """Return the network, its answers to the test images before training and after each epoch, and the seconds."""
    net = alexnet(10, SHRINK, rate=rate, **SMALL_IMAGES)
    he_start(net, random_seed)
    loader = Augmented(clothes_loader(part, shuffle=True), random_seed, shift)
    trainer = gluon.Trainer(net.collect_params(), "adam")
    answers, seconds = [predict(net, test_images)], 0.0
    for epoch in range(num_epochs):
        trainer.set_learning_rate(LEARNING_RATE * (1 + onp.cos(onp.pi * epoch / num_epochs)) / 2)
        seconds += fit(net, loader, num_epochs=1, optimizer=trainer, plot=False).seconds[0]
        answers.append(predict(net, test_images))
    return net, onp.stack(answers), seconds  # answers: (1 + epochs, 2000, 10)


def predict(net, images, batch_size=500):
    """Return the probabilities of the classes (n, classes)."""
    loader = ArrayLoader(images, batch_size=batch_size, resize=IMAGE_SIZE)
    return onp.concatenate([npx.softmax(net(X)).asnumpy() for (X,) in loader])


# %% slideshow={"slide_type": "skip"}
test_images, test_labels = (array.asnumpy() for array in load_images(train=False, source="fashion_mnist"))
test_images = (test_images - mean) / deviation  # (2000, 1, 28, 28)
names = class_names("fashion_mnist")

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, answers, seconds = train_on(slice(None))  # all of them
accuracy = (answers[-1].argmax(axis=1) == test_labels).mean()
print(f"training accuracy {evaluate(net, clothes_loader(slice(None), 500))[1]:.2f}, test accuracy {accuracy:.2f}")


# %% slideshow={"slide_type": "skip"}
def draw_confusion(ax, epoch):
    figures.confusion(ax, test_labels, answers[epoch].argmax(axis=1), names)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Trousers are learned first, and shirts last

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(
    draw_confusion, cases=[0, 1, 6], values=range(7), play=True, label="epoch", height=4.65,
    alt="Tables of true classes and answers, after 0, 1, and 6 epochs. First all answers are "
    "in a few columns, then most are on the diagonal. Shirts are mixed up to the end.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row is a true class, each column an answer, and the number on the diagonal says what percentage of the class is
# recognized. In a live notebook, press play and watch the network learn. Before training, it uses a few answers for
# everything, though not the same ones for all classes: images that look alike get the same wrong answer. After one
# epoch, it already knows nearly all trousers and most boots, sandals, and bags, but it takes many sneakers for sandals.
# At the end, shirts are left behind: it takes them for T-shirts, pullovers, and coats.

# %% [markdown] slideshow={"slide_type": "skip"}
# What do the layers in between compute? We stop the network after its first, second, and fifth convolution, and show
# the ten channels with the strongest response.


# %% slideshow={"slide_type": "skip"}
def features(net, images, num_layers):
    """Return the output of the first layers, (n, channels, height, width)."""
    loader = ArrayLoader(images, batch_size=500, resize=IMAGE_SIZE)
    return onp.concatenate([net[:num_layers](X).asnumpy() for (X,) in loader])


DEPTHS = {"conv 1": 1, "conv 2": 3, "conv 5": 7}  # how many layers of the network to apply

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Early maps still look like the image, deep ones have 4×4 positions left

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
boot = int(onp.flatnonzero(test_labels == names.index("ankle boot"))[0])
image = test_images[boot : boot + 1]
maps = {name: features(net, image, depth)[0] for name, depth in DEPTHS.items()}
figures.feature_maps(image[0, 0], maps)

# %% [markdown] slideshow={"slide_type": "skip"}
# Dark is 0, yellow is strong, and each map has its own scale. The first row still shows the boot: its outline, its dark
# or its light parts. (The bright rims come from the padding. It is 0, but the black of a standardized image is
# negative, so the border of the image looks like an edge.) In the second row, one can guess at the boot. The fifth
# convolution has only 4×4 positions left, and most of them are dark. Each channel says that some *feature* is there,
# and roughly where. Which feature? To find out, we ask for the test images that excite a channel most, anywhere in the
# image.


# %% slideshow={"slide_type": "skip"}
def strongest_responses(net):
    """Return how strongly each image excites each channel of the fifth convolution, anywhere (n, channels)."""
    return features(net, test_images, DEPTHS["conv 5"]).max(axis=(2, 3))


def favorites(responses, count=10):
    """Of the images that excite each channel most, return the most frequent class, and its share."""
    strongest = onp.argsort(-responses, axis=0)[:count]  # (count, channels)
    counts = onp.stack([onp.bincount(column, minlength=10) for column in test_labels[strongest].T])
    return counts.argmax(axis=1), counts.max(axis=1) / count


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
responses = strongest_responses(net)  # (2000, channels)
classes, _ = favorites(responses)
selected = {}  # for each favorite class, the channel whose response varies most
for channel in onp.argsort(-responses.std(axis=0)):
    selected.setdefault(classes[channel], channel)
exciting = {
    f"channel {channel}": test_images[onp.argsort(-responses[:, channel])[:10], 0]
    for channel in list(selected.values())[:5]
}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A deep channel responds to a kind of thing

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.exciting(exciting)

# %% [markdown] slideshow={"slide_type": "skip"}
# These are five channels of the last convolution, with different favorites, and the ten test images that excite each of
# them most. (With another seed, it will be others.) Nobody told the network what a channel should respond to; only the
# labels asked for classes, three layers later. Yet some of the rows show a single class, such as trousers. Others are
# mixed, such as shoes of several kinds: what these have in common is a *feature*, and the dense layers combine many of
# them. Before 2012, people designed such features by hand.

# %% [markdown] slideshow={"slide_type": "skip"}
# Did it learn that? Here is a control that such pictures rarely come with: the same measurement on a network that has
# not been trained at all. **Guess first:** of the ten images that excite a random channel most, how many are of one
# class?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
untrained = alexnet(10, SHRINK, **SMALL_IMAGES)
he_start(untrained)
cases = {"trained": responses, "untrained": strongest_responses(untrained)}
cases["random numbers"] = onp.random.RandomState(0).uniform(size=responses.shape)
rows = [("responses", "channels that respond", "share of one class")]
for name, values in cases.items():
    alive = values[:, values.max(axis=0) > 0]
    rows.append((name, f"{alive.shape[1]}", f"{favorites(alive)[1].mean():.2f}"))
show_table(rows, "Among the ten test images that excite a channel most, mean over the channels")

# %% [markdown] slideshow={"slide_type": "skip"}
# Even without training, the images in a row resemble each other: far more of them are of one class than if the
# responses were random numbers. Random kernels, too, look for the same random pattern in all images, and images of one
# class are alike to begin with. Training makes the rows purer, but the picture alone would not have told you so. When
# you look into a network, measure what you see, and compare it with a network that has learned nothing.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for a name for each row before you go on.

# %% slideshow={"slide_type": "skip"}
probability = answers[-1][onp.arange(len(test_labels)), test_labels]  # of the true class
worst = onp.argsort(probability)[:8]
labels = test_labels[worst]
says = [f"says {names[answers[-1][i].argmax()]}, {answers[-1][i].max():.0%}" for i in worst]
titles = [f"{words}\nlabel {names[label]}" for words, label in zip(says, labels, strict=True)]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The worst mistakes: sure, and wrong

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_images(
    test_images[worst], titles, num_columns=4, width=11.0, height=5.0,
    alt="Eight test images with the lowest probability of the true class, and answers.",
)  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# These are the test images with the largest loss: the network gives the true class the lowest probability. Look at them
# before you read on. Some are really hard, and with some, you may side with the network: the label itself is doubtful.
# Looking at the worst mistakes is the cheapest way to find out what to do next, whether that is more data of a kind,
# another augmentation, or clean labels. As long as you still change the network, do it with validation images. Here, we
# may look at test images, because nothing is changed anymore.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class vote on each image: who is right, the network or the label?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Scoreboard: four times LeNet's work, and no gain

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board = Scoreboard()
side = IMAGE_SIZE or 28
result = {"accuracy": accuracy, "examples": len(test_labels), "seconds": seconds}
board.add("AlexNet", net, (1, 1, side, side), data="Fashion-MNIST", **result)
board.show()

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
board

# %% [markdown] slideshow={"slide_type": "skip"}
# The horizontal axis is logarithmic, and the bars are 95 % intervals. A stored notebook shows the networks of the
# notebooks before it as well; a live one shows what you have run. Compare AlexNet with LeNet and with the MLP on the
# same clothes: even in the small size, it takes four times LeNet's multiply-adds, and it is not better, but about two
# points behind.
#
# So size alone buys nothing here, and there are two likely reasons. The network was made for photographs of 224×224
# pixels in a thousand classes; from 28×28 pixels, three poolings leave 2×2 positions. And ten thousand images can't
# fill a network that needed more than a million. The notebooks that follow look for better ways to spend the same work.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **What does a much larger network need in order to be better, and not just larger?** Gradients that reach its first
# layers, examples enough that it can't learn them by heart, and the computers to go through them.
#
# - AlexNet is LeNet with eight layers: 800 times the parameters, 2,400 times the work.
# - Through sigmoids, the gradient shrinks by a factor at every layer. ReLU preserves it.
# - Dropout trains a different thinner network for each example, and keeps the mean.
# - Augmentation tells the network what does not matter, before it sees new pictures.
# - Many deep channels prefer one class. Even untrained ones do, more than chance.
# - Size needs data: on ten thousand small images, AlexNet is no better than LeNet.

# %% [markdown] slideshow={"slide_type": "skip"}
# Back to the question at the top. If you make a network ten times as large, its training may fail, because the gradient
# vanishes on the long way; and if it does not fail, the network may overfit, because it can remember more. (And you
# wait ten times as long.) The remedies have a price, too: they slow training down, so use them where a network
# overfits, as on the emoji, and not where it doesn't, as on the clothes. Convolutions know that pixels have neighbors.
# Augmentation adds what else we know about pictures, at the price of having to learn it from many examples.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 13.1: predict another size
#
# AlexNet, with the default arguments of `alexnet`, gets color images of 256×256 pixels. What shape does the output of
# the last pooling layer have, and how many parameters does the first dense layer have, with its 4,096 units?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, parameters)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Without padding, a window of $k$ pixels that moves by $s$ fits into $n$ pixels $\lfloor (n - k) / s \rfloor + 1$
# times. Only the first convolution and the three pooling layers change height and width.
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
# These are the 6×6 maps and the first dense layer of the paper, which got them from 224 pixels, because its first
# convolution was padded.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 13.2: change when dropout rescales
#
# In the paper, the units that stay keep their values during training. When the network is used, *all* units take part,
# each multiplied by $1 - r$. Change `dropout` from above accordingly.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def paper_dropout(H, keep, rate):  # keep: 1 stays, 0 is dropped
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.2", paper_dropout)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Start from `dropout` above; `autograd.is_training()` says which mode it is. One factor moves from one line to the
# other, and it becomes a multiplication.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def paper_dropout(H, keep, rate):
#     if autograd.is_training():
#         return H * keep
#     return H * (1 - rate)
# ```
#
# Either way, the next layer gets the same mean in both modes. If training rescales, as in Gluon, nothing is left to do
# when the network is used.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 13.3: build a random mirror for batches
#
# Mirror some images of a batch left to right, and leave the others as they are. `chosen` contains a 1 for each image
# to mirror, and a 0 for the others. All arrays are MXNet's.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def flip_some(X, chosen):  # (n, channels, height, width), (n,)
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("13.3", flip_some)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Mirror the whole batch first. Then combine: `np.where(condition, a, b)` takes `a` where the condition holds, otherwise
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
# No loop over the images is needed, so this is fast on a GPU, too.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: let the network look ten times
#
# At test time, the authors of AlexNet averaged the probabilities for ten variants of each image. Do the same for the
# emoji: train a network, and average its answers, so that the validation *loss* is **at most 1.45, and at least 0.03
# lower** than without averaging. What happens to the accuracy? When you have decided, evaluate **once** on the test
# set.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = alexnet(6, 8, kernel=5, stride=2, pad=1)
he_start(my_net)
my_loader = Augmented(emoji_loader("training", shuffle=True))
# fit(my_net, my_loader, num_epochs=..., lr=0.001, optimizer="adam", seed=0)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `vary` makes a variant of each image of an array, and `predict` returns probabilities. Average probabilities, not
# classes. The loss is the mean of $-\log p$ of the true class.
#
# </details>
# <details><summary>A sample solution</summary>
#
# ```python
# my_net = alexnet(6, 8, kernel=5, stride=2, pad=1)
# he_start(my_net)
# my_loader = Augmented(emoji_loader("training", shuffle=True))
# fit(my_net, my_loader, num_epochs=12, lr=0.001, optimizer="adam", seed=0, plot=False)
#
#
# def judge(name, num_variants):
#     """Return loss and accuracy of the mean answer to several variants, or to the images as they are (0)."""
#     X, y = (array.asnumpy() for array in next(iter(emoji_loader(name, 1000))))  # all in one batch
#     random_numbers = onp.random.RandomState(0)
#     variants = [vary(X, random_numbers) for _ in range(num_variants)] or [X]
#     p = sum(npx.softmax(my_net(np.array(V))).asnumpy() for V in variants) / len(variants)
#     return -onp.log(p[onp.arange(len(y)), y]).mean(), (p.argmax(axis=1) == y).mean()
#
#
# for num_variants in (0, 1, 10):
#     print(num_variants, judge("validation", num_variants))
# print("test", judge("test", 10))  # once, at the end
# ```
#
# In two runs, with the seeds 1 and 2 instead of 0, ten variants reduced the loss from 1.48 to 1.42 and from 1.42 to
# 1.37: variants on which the network is sure and wrong are outvoted by others. The accuracy rose by less than three
# points. (The paper's ten variants were fixed: four corners and the center, each mirrored or not.)
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Krizhevsky, Sutskever, and Hinton, [ImageNet classification with deep convolutional neural
#   networks](https://doi.org/10.1145/3065386), 2012, reprinted in *Communications of the ACM*, 2017: AlexNet
# - Russakovsky and others, [ImageNet large scale visual recognition challenge](https://arxiv.org/abs/1409.0575), 2015:
#   the contest, its data, and its winners, year by year
# - Hinton and others, [Improving neural networks by preventing co-adaptation of feature
#   detectors](https://arxiv.org/abs/1207.0580), 2012: dropout
# - He, Zhang, Ren, and Sun, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015: why the weights
#   start with standard deviation $\sqrt{2 / \text{inputs}}$
# - Zeiler and Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901), 2014:
#   what excites the channels of an AlexNet
# - *Dive into Deep Learning*, [Deep convolutional neural networks
#   (AlexNet)](https://d2l.ai/chapter_convolutional-modern/alexnet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **14 · VGG**, which builds networks from blocks instead of layers.
