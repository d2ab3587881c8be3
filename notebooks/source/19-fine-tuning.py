# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 19 · Fine-tuning
#
# **How do you build an image classifier if you have only twenty pictures of each class?**
#
# *75 minutes · needs 08, 12, 16, 18 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Every network in this part of the course started from random numbers and needed thousands of images. You probably
# don't have thousands of labeled images of your own problem. You have twenty. This notebook shows what to do: start
# from a network that has learned from other pictures, and teach it only what is new about yours.
#
# The question of this part is what a network has to know about pictures before it sees any. Convolution builds in that
# pixels have neighbors, and pooling that small shifts don't matter. Here, the network already knows much more, and
# nobody programmed it: training on 1.3 million photographs has left it in the weights. Part 1's question comes back,
# because with few pictures it is easy to fool yourself: will it work on pictures that it has not seen?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask who has a problem with pictures of their own, and how many labeled ones they have. Keep an
# example for the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Use** a pretrained network, and look at what its layers respond to.
# - **Train** a new head on stored features, and compare it with training from scratch.
# - **Fine-tune** a network with different rates for body and head, and freeze what should not change.
# - **Ask** a network which pixels its answer depends on.
# - **Build** a classifier of your own pictures: trained, evaluated, and saved.

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
from pathlib import Path
from tempfile import mkdtemp

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn
from mxnet.lr_scheduler import CosineScheduler
from mxnet.optimizer import Adam
from PIL import Image

from d2lhelpers import (
    ArrayLoader,
    Timer,
    check,
    evaluate,
    explore,
    fit,
    load_emoji,
    load_photos,
    load_pretrained,
    recognize,
    show_table,
    upload_photo,
)
from d2lhelpers.figures import nb19_fine_tuning as figures

npx.set_np()
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A network that has seen a million photographs
#
# What does it know, and in which of its layers?


# %% slideshow={"slide_type": "skip"}
def count_parameters(block):
    """Return the number of parameters that get a gradient, so not of batch norm's running statistics."""
    return sum(p.data().size for p in block.collect_params().values() if p.grad_req != "null")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A network is a body that makes features, and a head
#
# The head is one dense layer: softmax regression (notebook 06) on 1,280 features.

# %% slideshow={"slide_type": "-"}
pretrained = load_pretrained()
pretrained.hybridize()  # faster, as long as we don't train it
vector = pretrained.features(np.zeros((1, 3, 224, 224)))  # the body
logits = pretrained.output(vector)  # the head
parts = {"body": pretrained.features, "head": pretrained.output, "both": pretrained}

# %% slideshow={"slide_type": "-"}
outputs = [f"{vector.shape[1]:,} features", *2 * [f"{logits.shape[1]:,} logits"]]
rows = [(name, output, f"{count_parameters(part):,}")
        for (name, part), output in zip(parts.items(), outputs, strict=True)]  # fmt: skip
show_table([("part", "output", "parameters"), *rows], "EfficientNet-Lite0")

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the network that recognized the espresso in notebook 00: EfficientNet-Lite0, with the residual blocks and the
# depthwise convolutions of notebooks 17 and 18. Google trained it on *ImageNet*, 1.3 million photographs of a thousand
# classes. Such a network is called *pretrained*.
#
# Every network since notebook 07 has the same two parts. The *body* turns a picture into a vector, its *features*. The
# *head* is a linear classifier on top. In notebook 07 you saw why this is a good way to look at a network: the last
# layer is a linear model, and it succeeds if the features are good. More than a quarter of all parameters are in the
# head, and they are about tench, goldfish, and 998 other things. If you want to tell other classes apart, the head is
# useless to you. The body may not be. Using it for another task is called *transfer learning*. (`load_pretrained` reads
# the parameters from a Python package that was installed with the course. Layer 0 of the body only scales the pixels,
# so give it values between 0 and 1.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The first layer looks for changes and for colors
#
# All 32 kernels of the first convolution, 3×3 pixels in color, sorted: changes first, plain colors last.

# %% slideshow={"slide_type": "-"}
figures.kernels(pretrained.features[1].weight.data())

# %% [markdown] slideshow={"slide_type": "skip"}
# Gray stands for a weight of 0, and each kernel is scaled to its own largest weight. The weights of the first kernels
# add up to almost nothing, so they ignore plain surfaces and respond to changes, as the edge detectors of notebook 10
# did. The last ones are nearly the same everywhere: they respond to one color. Nobody chose these kernels; gradient
# descent found them. Networks that are trained on quite different photographs find much the same kinds of kernels in
# their first layer (Yosinski and others, 2014). They are useful for any photograph, not only for a tench.

# %% slideshow={"slide_type": "skip"}
photos = {photo.name: photo.image for photo in load_photos(size=224)}


def peak(maps):
    """Return the map (h, w) of the channel whose largest value stands out most from the others."""
    maps = maps[0].asnumpy()  # (channels, h, w)
    heights = (maps.max(axis=(1, 2)) - maps.mean(axis=(1, 2))) / (maps.std(axis=(1, 2)) + 1e-6)
    return maps[heights.argmax()]


def draw_layer(ax, layer):
    maps = layers[layer][0].asnumpy()
    ax.imshow(onp.abs(maps).mean(axis=0))
    ax.set_title(f"layer {layer}: {maps.shape[0]} × {maps.shape[1]} × {maps.shape[2]}")
    ax.axis("off")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Maps get smaller and more numerous: less *where*, more *what*
#
# The cat of notebook 00, layer by layer. Bright: the channels respond, on average.

# %% slideshow={"slide_type": "-"}
layers, X = {}, photos["chelsea"][None]
for number, layer in enumerate(pretrained.features[:23]):
    X = layer(X)
    if number >= 4:  # the blocks, and the last convolution
        layers[number] = X
alt = "Four layers' mean activations for the cat: outlines, and a coarse grid at the end."
options = {"play": True, "label": "layer", "height": 3.3, "alt": alt}
explore(draw_layer, [4, 6, 14, 22], values=list(layers), **options)

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play. Layer 4 still shows a picture, with every whisker. Then the maps shrink, from 112×112
# positions to 7×7, while the channels grow from 16 to 1,280. In the last layer, each position stands for 32×32 pixels,
# so *where* is known only roughly, but there are 1,280 numbers to say *what* is there. Averaging over the 49 positions
# gives the features. From here on, we call layer 6 *early*, layer 14 *middle*, and layer 22 *late*.

# %% slideshow={"slide_type": "skip"}
depths = {"early": 7, "middle": 15, "late": 23}  # how many layers of the body, counting from layer 0

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Now a picture of your own
#
# In a live notebook, upload a picture with the button, then run the cell on the next slide.

# %% slideshow={"slide_type": "-"}
photo = upload_photo(example="coffee")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What three layers see in it, and the answer

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
bodies = {name: pretrained.features[:depth] for name, depth in depths.items()}
maps = {name: peak(body(photo.image)) for name, body in bodies.items()}
figures.inside(photo.image[0], maps, recognize(pretrained, photo.image[0], top=4))

# %% [markdown] slideshow={"slide_type": "skip"}
# Of each layer, you see the channel that stands out most in your picture, the one with the highest peak relative to its
# spread. An early one usually marks a highlight or an edge, a late one an object, or a part of it. In the next section,
# we'll find out what such channels respond to in general.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Features for a handful of pictures
#
# Four classes that the network has never heard of, and drawings instead of photographs.

# %% slideshow={"slide_type": "skip"}
emoji = load_emoji()
names = emoji.class_names[:4]  # "objects" and "activities" collect what fits nowhere else
fold = emoji.concepts % 5  # as in notebook 08: no concept is in two sets
wanted = emoji.labels < 4
validation_part = onp.flatnonzero(wanted & (fold == 3))[::2]  # every second image, to save time
test_part = onp.flatnonzero(wanted & (fold == 4))[::2]


def draw_training_images(count, random_seed=0):
    """Return the numbers of `count` random training images of each class, class by class."""
    order = onp.random.RandomState(random_seed)
    candidates = [onp.flatnonzero((emoji.labels == label) & (fold < 3)) for label in range(4)]
    return onp.concatenate([order.permutation(mine)[:count] for mine in candidates])


training_part = draw_training_images(100)  # 4 × 100
sets = {"training": training_part, "validation": validation_part, "test": test_part}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Eight of each class: could *you* learn from so few?

# %% slideshow={"slide_type": "-"}
samples = emoji.images[draw_training_images(8)].reshape(4, 8, 3, 32, 32)
figures.favorites(dict(zip(names, samples, strict=True)), height=5.2)

# %% [markdown] slideshow={"slide_type": "skip"}
# The emoji of notebook 08 stand in for the pictures you would collect yourself. We take four of their six classes, a
# hundred training images of each, and split *by concept*: no tulip is in two of the sets. In that notebook, an MLP
# overfitted badly with 2,686 training images. Now we have 20, 80, and 400.
#
# You can learn these classes from five examples, because you know what faces and animals are. You have seen millions of
# pictures before. A network that starts from random numbers knows nothing.
#
# **Guess.** The pretrained network has seen photographs only, and none of these classes. With twenty drawings of each,
# how many of the new ones will it get right? And the network that starts from scratch? A constant answer is right
# about a third of the time.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Compute the features once, and store them
#
# The body does not change, so neither do the features of an image.


# %% slideshow={"slide_type": "-"}
def compute(layers, images):
    """Return what the layers make of images or feature maps (n, ...), in batches."""
    batches = [np.array(images[i : i + 50]) for i in range(0, len(images), 50)]
    return onp.concatenate([layers(batch).asnumpy() for batch in batches])


# %% slideshow={"slide_type": "skip"}
def enlarge(part):
    """Return emoji (n, 3, 96, 96), enlarged from 32×32."""
    loader = ArrayLoader(emoji.images[part], emoji.labels[part], batch_size=1000, resize=96)
    return onp.concatenate([X.asnumpy() for X, _ in loader])


lower, upper = pretrained.features[:15], pretrained.features[15:]
for block in (lower, upper):
    block.hybridize()

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
labels = {name: emoji.labels[part] for name, part in sets.items()}
timer = Timer()
early = {name: compute(lower[:7], enlarge(part)) for name, part in sets.items()}
middle = {name: compute(lower[7:], maps) for name, maps in early.items()}  # n × 112 × 6 × 6
seconds_lower = timer.stop()
features = {name: compute(upper, maps) for name, maps in middle.items()}  # n × 1,280
seconds = timer.stop()
num_images = sum(map(len, sets.values()))
print(f"{num_images} images, {num_images / seconds:.0f} a second;", end=" ")
print(f"the lower 15 layers take {seconds_lower / seconds:.0%} of the time")

# %% [markdown] slideshow={"slide_type": "skip"}
# Images go in with 96×96 pixels, enlarged from 32×32. The network was trained with 224×224, but a convolutional body
# accepts other sizes, and this one is five times cheaper. We also keep the outputs of the early and the middle layer,
# because we'll need them later. From now on, an image *is* its 1,280 numbers. Training a head on them takes a moment.
#
# What do these numbers mean? Let's ask the channels. For a class, and for the early, the middle, and the late layer, we
# pick the channel that separates this class best from the others *on the training images*. Then we show the eight
# *validation* images that excite this channel most: at its strongest position (early, middle), or on average (late).


# %% slideshow={"slide_type": "skip"}
def best_channel(values, labels, label):
    """Return the channel of values (n, channels) whose means in and outside a class are farthest apart."""
    inside, outside = values[labels == label], values[labels != label]
    return ((inside.mean(axis=0) - outside.mean(axis=0)) / (values.std(axis=0) + 1e-6)).argmax()


maps_at = {"early": early, "middle": middle}
largest = {depth: {name: maps.max(axis=(2, 3)) for name, maps in of.items()} for depth, of in maps_at.items()}
largest["late"] = features

rows = {}
for label in (0, 2):  # smileys, food
    for depth, values in largest.items():
        channel = best_channel(values["training"], labels["training"], label)
        order = onp.argsort(-values["validation"][:, channel], kind="stable")[:8]
        right = (labels["validation"][order] == label).sum()
        rows[f"{depth}: {right} of 8 {names[label].split()[0]}"] = emoji.images[validation_part[order]]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What excites a channel? Compare early and late ones

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.favorites(rows, height=5.5)

# %% [markdown] slideshow={"slide_type": "skip"}
# By chance, about two of eight would be right. An early channel sees a few pixels at a time, so it can do no more than
# react to a color or a simple pattern. For smileys, that is almost enough, because most of them are yellow. There is no
# color of food, and here only the late channel is useful. Nobody has ever told it about food or smileys. It was good
# for telling a thousand other classes apart, and it is good for ours as well. This is why features can be transferred.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the names at the left, and let the class say what the images of a row have in common.


# %% slideshow={"slide_type": "skip"}
def few(count, draw=0):
    """Return the positions of `count` images of each class among the 400 training images."""
    order = onp.random.RandomState(draw).permutation(100)[:count]  # each draw takes others
    return (100 * onp.arange(4)[:, None] + order).ravel()


def loader_of(inputs, part, chosen=slice(None), batch_size=16, shuffle=True, order=0):
    return ArrayLoader(inputs[chosen], labels[part][chosen], batch_size=batch_size, shuffle=shuffle, seed=order)


def fold(head, mean, scale):
    """Change a head for standardized features so that it gives the same logits for the features themselves."""
    weight, bias = head.weight.data().asnumpy() / scale, head.bias.data().asnumpy()
    head.weight.set_data(np.array(weight))
    head.bias.set_data(np.array(bias - weight @ mean))


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A new head is softmax regression, and it trains in a moment


# %% slideshow={"slide_type": "-"}
def train_head(values, count, draw=0):
    """Return a head trained on `count` images of each class, and its history."""
    mean, scale = values["training"].mean(axis=0), values["training"].std(axis=0)
    scale += 0.1 * scale.mean()  # so that no feature is divided by almost 0
    inputs = {name: (values[name] - mean) / scale for name in ("training", "validation")}
    loader = loader_of(inputs["training"], "training", few(count, draw), batch_size=400)
    validation = loader_of(inputs["validation"], "validation", batch_size=300)
    head = nn.Dense(4, weight_initializer="zeros")
    optimizer = Adam(learning_rate=0.002, wd=0.1)
    history = fit(head, loader, validation, num_epochs=200, optimizer=optimizer, plot=False)
    fold(head, mean, scale)
    return head, history


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### It soon knows its training images by heart

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
head, history = train_head(features, 20)
curves = {"training": history.train_accuracy, "validation": history.test_accuracy}
figures.learning(curves, first=1)

# %% [markdown] slideshow={"slide_type": "skip"}
# (`fit` calls the second set *test*; it is our validation set.) The features are standardized, as in notebook 04, and
# all images make one batch. The head has 5,124 parameters and 80 images to learn from, so it soon knows the training
# images by heart, and a strong weight decay (notebook 08) keeps its weights small. `fold` then moves mean and scale
# into weights and bias. This method is called a *linear probe*, or feature extraction.
#
# Now the same from scratch. A fair opponent is not the large network: it has 3.4 million parameters in its body alone,
# and it would take minutes. We take a small convolutional network with batch normalization, like those of notebook 16,
# and train it on the original 32×32 pixels, with a falling rate, until it knows its training images.


# %% slideshow={"slide_type": "skip"}
def train_from_scratch(count, draw=0, lr=0.01):
    """Train a small convolutional network on `count` images of each class; return both accuracies."""
    net = nn.HybridSequential()
    for channels in (16, 32, 64):
        net.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(2))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(4))
    net.hybridize()
    loader = loader_of(emoji.images[training_part], "training", few(count, draw))
    num_epochs = max(24, 300 // len(loader))
    optimizer = Adam(learning_rate=lr, lr_scheduler=CosineScheduler(num_epochs * len(loader), base_lr=lr))
    fit(net, loader, num_epochs=num_epochs, optimizer=optimizer, plot=False, seed=draw)
    validation = loader_of(emoji.images[validation_part], "validation", batch_size=100, shuffle=False)
    return evaluate(net, loader)[1], evaluate(net, validation)[1]


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Pretraining wins when pictures are few

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = (5, 20, 100)
heads = {count: train_head(features, count) for count in counts}
by_head = {count: history.test_accuracy[-1] for count, (_, history) in heads.items()}
scratch = {count: train_from_scratch(count) for count in counts}
from_scratch = {count: validation for count, (training, validation) in scratch.items()}
constant = onp.bincount(labels["validation"]).max() / len(validation_part)
runs = {"head on pretrained\nfeatures": by_head, "small network\nfrom scratch": from_scratch}
figures.race(runs, constant)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print("training accuracy from scratch:", {count: f"{training:.2f}" for count, (training, _) in scratch.items()})
print(len(validation_part), "validation images of", len(set(emoji.concepts[validation_part])), "concepts")

# %% [markdown] slideshow={"slide_type": "skip"}
# That is the answer to your guess: with twenty drawings of each class, the new head is right on 0.61 of the validation
# images, and the small network on 0.58. With five, the gap is largest, 0.53 against 0.43. With a hundred, the small
# network has nearly caught up, because the more data you have of your own, the less you depend on somebody else's. Both
# know nearly all their training images. But labeling a hundred pictures of each class takes long, and loading the
# network takes a second.
#
# The absolute numbers are modest. These are drawings, the network has learned from photographs, and the validation
# images show concepts that occur in no training image. How certain are the numbers? All drawings of a concept tend to
# be right or wrong together, so we count concepts, as in notebook 08: each accuracy is uncertain by about ±0.1. The
# comparison is more certain than that, because both are tested on the same images. Try other draws, too, such as
# `train_head(features, 20, draw=1)`.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect the guesses first. Then: what would the two curves do at 10,000 images per class?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Which layer has the best features? Guess first
#
# Twenty or a hundred images of each class, one head for each layer.

# %% slideshow={"slide_type": "skip"}
averages = {depth: {name: maps.mean(axis=(2, 3)) for name, maps in of.items()} for depth, of in maps_at.items()}
averages["late"] = features

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
table = [("layer", "numbers per image", "20 per class", "100 per class")]
for depth, values in averages.items():
    histories = [train_head(values, count)[1] for count in (20, 100)]
    accuracies = [f"{history.test_accuracy[-1]:.2f}" for history in histories]
    table.append((depth, f"{values['training'].shape[1]:,}", *accuracies))
show_table(table, "Validation accuracy of a head on the features of each layer")

# %% [markdown] slideshow={"slide_type": "skip"}
# You may have guessed that the last layer is far ahead. But the middle layer is just as good, with 112 numbers instead
# of 1,280. The deeper a layer, the more its features are about *ImageNet's* classes. Usually, the farther your pictures
# are from ImageNet, the more a middle layer is worth, and the more there could be to gain by training the upper layers
# again. Is there? That is the next section.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Save the head: it is a very small file

# %% slideshow={"slide_type": "-"}
saved = Path(mkdtemp())  # a new folder
for count, (head, _) in heads.items():
    head.save_parameters(f"{saved}/{count}.params")
again = nn.Dense(4, in_units=1280)  # a new layer of the same shape
again.load_parameters(f"{saved}/100.params")
queries = np.array(features["test"])
same = bool((again(queries) == head(queries)).all())
size = f"{(saved / '100.params').stat().st_size / 1000:.0f} kilobytes"
rows = [("content", "weight and bias"), ("size", size), ("same answers", str(same))]
show_table([("file", "100.params"), *rows], "A saved head")

# %% [markdown] slideshow={"slide_type": "skip"}
# The body is the same for everybody, so you only have to store the head. To use it, you need three more things, so
# write them down next to it: the names of the classes in their order, the size of the images, and which body it was.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Let the body learn, too
#
# But carefully: it has more to lose than to gain.


# %% slideshow={"slide_type": "skip"}
def freeze_statistics(block):
    """Let batch norm use its running means and variances in training, too, and leave them as they are."""
    if isinstance(block, nn.BatchNorm):
        block._kwargs["use_global_stats"] = True  # what BatchNorm(use_global_stats=True) sets at the start


def build(count, for_each_block=freeze_statistics):
    """Return the upper part of the pretrained network, with the head trained on `count` images of each class."""
    net = nn.Sequential()
    net.add(load_pretrained().features[15:], nn.Dense(4, in_units=1280))
    net[1].load_parameters(f"{saved}/{count}.params")
    return net.apply(for_each_block)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Freezing decides how many parameters learn

# %% slideshow={"slide_type": "-"}
net = build(20)
upper_blocks, everything = count_parameters(net[0]), count_parameters(pretrained.features)
net[0].collect_params().setattr("grad_req", "null")  # freeze the body: no gradients
head_only = count_parameters(net)  # what still gets a gradient
rows = [("only the head", head_only), ("head and upper blocks", head_only + upper_blocks),
        ("head and body", head_only + everything)]  # fmt: skip
table = [(name, f"{count:,}", f"{count / rows[-1][1]:.1%}") for name, count in rows]
show_table([("what learns", "parameters", "share"), *table], "Four classes")

# %% [markdown] slideshow={"slide_type": "skip"}
# A layer is *frozen* if its parameters stay what they are. *Fine-tuning* means to go on training a pretrained network
# on new data. You can fine-tune all of it, or only the upper layers. We freeze the lower fifteen layers. They are the
# most general ones (edges and textures), they take most of the time, and because they are frozen, their outputs can be
# stored, too: that is what `middle` is for. The upper layers, which hold almost four fifths of all parameters, are the
# ones most devoted to ImageNet.
#
# `collect_params()` returns the parameters of a block, and `setattr` sets an attribute of all of them. There are two
# ways to freeze. With `grad_req = "null"`, no gradient is computed; with `lr_mult = 0`, it is computed and then not
# used. And `lr_mult` can do more: the rate of a parameter is the trainer's rate times its `lr_mult`.

# %% slideshow={"slide_type": "skip"}
validation_loader = loader_of(middle["validation"], "validation", batch_size=100, shuffle=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A frozen network can still change
#
# No step is taken in this cell, so no weight changes. What does the accuracy do?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
frozen = build(20, for_each_block=lambda block: None)  # batch norm as usual
results = [("before", f"{evaluate(frozen, validation_loader)[1]:.2f}")]
for _ in range(5):
    for X, y in loader_of(middle["training"], "training", few(20)):
        with autograd.record():  # training mode
            losses = loss_function(frozen(X), y)
        losses.backward()  # and no trainer.step
results.append(("afterwards", f"{evaluate(frozen, validation_loader)[1]:.2f}"))
show_table([("a frozen network", "accuracy"), *results], "Five epochs without a single step")

# %% [markdown] slideshow={"slide_type": "skip"}
# Batch normalization (notebook 16) has parameters that no gradient touches: the running means and variances, which it
# updates whenever a batch goes forward and backward in training mode. With batches of sixteen drawings, they move away
# from what they were on ImageNet, and all the layers above get inputs that they are not used to. This is one of the
# most frequent mistakes in fine-tuning, and MXNet gives no warning.
#
# The cure is to freeze the statistics, too. A batch norm layer with `use_global_stats=True` always uses the running
# statistics, and then it is nothing but a fixed scale and shift for each channel. `freeze_statistics` above sets this
# for a network that exists already; `net.apply(f)` calls `f` for every block in it. Gluon has no public method for
# that, so the function has to change a private attribute. (Don't record in predict mode, with
# `autograd.record(train_mode=False)`, for the same purpose: MXNet 1.9.1 returns wrong gradients for batch norm then.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let them vote first: up, down, or the same? Nobody expects a change without a step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A large rate for the head, a small one for the body


# %% slideshow={"slide_type": "-"}
def fine_tune(net, loader, body_share, num_epochs, after_epoch, lr=0.003):
    """Train the head at the rate lr, and the body at a share of it."""
    net[0].collect_params().setattr("lr_mult", body_share)
    schedule = CosineScheduler(num_epochs * len(loader), base_lr=lr)
    trainer = gluon.Trainer(net.collect_params(), Adam(lr, lr_scheduler=schedule))
    for _ in range(num_epochs):
        for X, y in loader:
            with autograd.record():
                losses = loss_function(net(X), y)
            losses.backward()
            trainer.step(len(y))
        after_epoch(net)


# %% [markdown] slideshow={"slide_type": "skip"}
# The body knows a lot, so it should take small steps: each one that fits 80 images better can also undo something that
# 1.3 million have taught it. A tenth of the head's rate, or less, is a common choice. And the head should not start
# from nothing: its first gradients would be large and senseless, and they would go through the body (Kumar and others,
# 2022). So we start with the head that has been trained on the stored features.


# %% slideshow={"slide_type": "skip"}
def watch(body_share, count=20, num_epochs=8, draw=0):
    """Fine-tune; return the network, and after each epoch its accuracy and the validation images' features."""
    net, accuracies, snapshots = build(count), [], []

    def after_epoch(net):
        snapshots.append(compute(net[0], middle["validation"]))  # (n, 1280)
        predictions = compute(net[1], snapshots[-1]).argmax(axis=1)
        accuracies.append((predictions == labels["validation"]).mean().item())

    after_epoch(net)
    loader = loader_of(middle["training"], "training", few(count, draw), order=draw)
    fine_tune(net, loader, body_share, num_epochs, after_epoch)
    return net, accuracies, snapshots


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
tuned, accuracies, snapshots = watch(body_share=1 / 30)
axes = onp.linalg.svd(snapshots[-1] - snapshots[-1].mean(axis=0), full_matrices=False)[2][:2]  # (2, 1280)


def draw_epoch(ax, epoch):
    figures.cloud(ax, snapshots[epoch] @ axes.T, labels["validation"], names)
    ax.set_title(f"epoch {epoch}: accuracy {accuracies[epoch]:.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Watch the features of new images move
#
# Each point is a validation image. All are seen from the same direction.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
alt = "Validation images as points, which move apart; the classes go on overlapping."
options = {"play": True, "label": "epoch", "alt": alt, "sharex": True, "sharey": True}
explore(draw_epoch, [0, 2, 8], values=range(len(snapshots)), height=4.6, **options)

# %% [markdown] slideshow={"slide_type": "skip"}
# The 1,280 features are projected onto the plane in which they vary most after the last epoch (the first two principal
# components). The classes have regions of their own from the start, but these overlap. Fine-tuning drives the points
# apart, but not the classes: these are images that the network has not been trained on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Fine-tuning gains nothing here, and too large a rate loses everything

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
destroyed, its_accuracies, _ = watch(body_share=1)
curves = {"body at 1/30 of the rate": accuracies, "body at the same rate": its_accuracies}
figures.learning(curves, frozen=by_head[20])

# %% [markdown] slideshow={"slide_type": "skip"}
# The dotted line is the head on frozen features, which is where both curves start. At a small rate, the network keeps
# most of what it knows, but it gets worse rather than better. At the head's own rate, it loses everything that 1.3
# million photographs have taught the body, and ends up no better than a constant answer. The steps of Adam have about
# the same size for all weights, however small the weights are, and those of a pretrained body are small.
#
# Why is there no gain? Millions of parameters can fit 80 images in a great many ways, and hardly any of these ways is
# about the classes. With thousands of images, fine-tuning usually pays. So try the frozen body first, which takes
# seconds, and keep a fine-tuned network only if it is better on validation images.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What does the answer depend on?
#
# Cover a part of the picture, and see whether the answer suffers.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Cover every place once


# %% slideshow={"slide_type": "-"}
def occlusion_map(score, image, size, stride):
    """Return by how much a gray square at each position lowers a score; image (3, n, n)."""
    starts = range(0, image.shape[1] - size + 1, stride)
    covered = []
    for top in starts:
        for left in starts:
            copy = image.copy()
            copy[:, top : top + size, left : left + size] = 0.5
            covered.append(copy)
    scores = score(onp.stack(covered))  # one for each position
    return (score(image[None]) - scores).reshape(len(starts), len(starts))


# %% [markdown] slideshow={"slide_type": "skip"}
# The result is called an *occlusion map* (Zeiler and Fergus, 2014). It needs nothing but the network's answers, so it
# works for every model, even one that you can only query. It costs one forward pass for each position.
#
# Which score? The probability of the answer is a bad choice: if it is 0.999, nearly any square leaves it at 0.999. The
# *margin* is better, by how much the logit of the answer exceeds the best of all others. At 0, the answer changes.


# %% slideshow={"slide_type": "skip"}
def margin_of(net, label):
    """Return a function of images (n, ...): by how much the logit of a class exceeds the best of the others."""

    def margin(images):
        logits = net(np.array(images)).asnumpy()
        return logits[:, label] - onp.delete(logits, label, axis=1).max(axis=1)

    return margin


small_photos = {photo.name: photo.image.asnumpy() for photo in load_photos(size=128)}


def draw_occlusion(ax, name):
    image = small_photos[name]
    label = int(pretrained(np.array(image[None])).asnumpy().argmax())
    margin = margin_of(pretrained, label)
    drops = occlusion_map(margin, image, size=32, stride=16)
    figures.overlay(ax, image, drops)
    before = margin(image[None]).item()
    margins = f"margin {before:.1f}, covered {before - drops.max():.1f}".replace("-", "−")
    ax.set_title(f"{pretrained.class_names[label]}\n{margins}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Red: cover this, and the answer suffers
#
# Guess first: where would you cover the cup to make the network unsure? And the cat?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
alt = "Three photographs with their occlusion maps. Red places matter most."
options = {"label": "photo", "height": 4.6, "alt": alt}
explore(draw_occlusion, ["chelsea", "coffee", "flower"], values=list(small_photos), **options)

# %% [markdown] slideshow={"slide_type": "skip"}
# A place is red if the margin falls when it is covered, and blue if it grows; full red is a fall by 4. If the margin
# gets below 0 (*covered*, above each picture), the answer changes. The maps show whether a network looks at the thing
# or at its surroundings, a question that accuracy cannot answer. For example, a classifier of huskies and wolves that
# looks at the snow is excellent as long as wolves are photographed in winter (Ribeiro and others, 2016).
#
# The cup is an espresso because of the coffee in it, and also because of the table behind it; without handle and spoon
# the network would be more certain. For the cat, no single place is decisive, and the nose speaks against this breed.
# The flower is a dahlia, which is not among the thousand classes, and the network takes it for a strawberry: the answer
# depends on the middle, where red petals lie like seeds. Read such maps with care, though. A gray square is something
# that the network has never seen either, so a fall may come from the square itself.


# %% slideshow={"slide_type": "skip"}
def whole(images):
    """Return the fine-tuned network's logits for images (n, 3, 96, 96)."""
    return tuned(lower(images))


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
logits = compute(tuned, middle["validation"])
predictions, margins = logits.argmax(axis=1), onp.diff(onp.sort(logits))[:, -1]
wrong = onp.flatnonzero(predictions != labels["validation"])
wrong = wrong[onp.argsort(-margins[wrong], kind="stable")]  # the worst first
concepts = emoji.concepts[validation_part]
worst = wrong[onp.sort(onp.unique(concepts[wrong], return_index=True)[1])][:5]  # one of each concept
pictures = enlarge(validation_part[worst])
drops = [occlusion_map(margin_of(whole, p), image, size=24, stride=12)
         for image, p in zip(pictures, predictions[worst], strict=True)]  # fmt: skip
titles = [f"{emoji.concept_names[concepts[i]][:18]}\n{names[predictions[i]]}?" for i in worst]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The worst mistakes, and what they rest on
#
# Of the validation images with a wrong answer: those with the largest margins.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.mistakes(pictures, titles, drops)

# %% [markdown] slideshow={"slide_type": "skip"}
# Look at the worst mistakes first, always. (Of several drawings of a concept, only the worst is shown.) Some are the
# fault of the labels: Unicode calls a thermometer, a planet, and an hourglass *travel and places*, and nobody would
# guess that. Others show what the network relies on: orange and yellow things are taken for food. Both tell you what to
# do next: which labels to check, and which pictures to collect.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The test: new things, seen once


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def half_width(accuracy, count):
    return 2 * (accuracy * (1 - accuracy) / count) ** 0.5


logits = {"head, 20 per class": compute(heads[20][0], features["test"])}
logits["fine-tuned, 20 per class"] = compute(tuned, middle["test"])
logits["head, 100 per class"] = compute(heads[100][0], features["test"])
things = len(set(emoji.concepts[test_part]))
on_test = {name: (z.argmax(axis=1) == labels["test"]).mean() for name, z in logits.items()}
rows = [(name, f"{p:.2f} ± {half_width(p, things):.2f}") for name, p in on_test.items()]
caption = f"{len(test_part)} test images of {things} new concepts"
show_table([("network", "test accuracy"), *rows], caption)

# %% [markdown] slideshow={"slide_type": "skip"}
# We made all choices on the validation images, so one look at the test images is left. The interval counts concepts, as
# in notebook 08: a network that knows one banana knows most of the others. With twenty drawings of each class, the
# frozen body and the fine-tuned one are equally good. What does help is more pictures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How do you build a classifier from twenty pictures of each class?** Store the features of a network that has seen
# a million others, train a new head, and test it on pictures that share nothing with those.
#
# - Early layers respond to edges and colors, late ones to things. Features transfer, heads don't.
# - Pretraining wins when pictures are few. With a hundred drawings of each class, the lead is small.
# - Fine-tune with a small rate for the body and frozen statistics. Keep it only if it is better on validation images.
# - What a network has to know first can be built in (10 to 18), or learned from other people's pictures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 19.1: count what learns
#
# The network has 4,652,008 parameters, including the head with 1,280 inputs and 1,000 classes. You replace the head by
# one for **six** classes. How many parameters learn if the body is frozen, and how many if everything learns?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
frozen_body = ...
everything = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("19.1", (frozen_body, everything))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# A dense layer has one weight for each input and output, and one bias for each output.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# frozen_body = 1280 * 6 + 6  # 7,686
# everything = 4_652_008 - (1280 * 1000 + 1000) + frozen_body  # 3,378,694
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 19.2: three groups, three rates
#
# Below, all parameters learn at the same rate. Write `make_trainer` so that the first `depth` layers of `net.features`
# are frozen and get no gradient, the other layers of `net.features` learn at a tenth of the trainer's rate, and
# `net.output` learns at the trainer's rate, 0.003.
#
# ```python
# def make_trainer(net, depth):
#     return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def make_trainer(net, depth):
    """Return a trainer for a network whose parts are net.features and net.output."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("19.2", make_trainer)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `net.features[:depth]` is a block, too, so it has `collect_params()`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def make_trainer(net, depth):
#     net.features.collect_params().setattr("lr_mult", 0.1)
#     net.features[:depth].collect_params().setattr("grad_req", "null")
#     return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 19.3: classify without training
#
# Build a classifier that needs no training at all: give each image the label of the *most similar* training image. The
# similarity of two feature vectors is the cosine of the angle between them, ⟨a, b⟩ / (‖a‖ ‖b‖).


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def nearest(features, labels, queries):
    """features (n, d), labels (n,), queries (m, d); return m labels."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("19.3", nearest)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Divide each training vector by its length: `(features**2).sum(axis=1, keepdims=True) ** 0.5`. Then one matrix product
# gives all similarities (m, n) at once. Must you divide the queries, too?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def nearest(features, labels, queries):
#     directions = features / (features**2).sum(axis=1, keepdims=True) ** 0.5
#     similarities = np.dot(queries, directions.T)  # (m, n)
#     return labels[similarities.argmax(axis=1)]
# ```
#
# The length of a query is the same for all training images, so it does not change which of them is the most similar.
# How close does it come to the trained head? Try it on our features:
#
# ```python
# known_features, known_labels = np.array(features["training"]), np.array(labels["training"])
# answers = nearest(known_features, known_labels, np.array(features["validation"])).asnumpy()
# print((answers == labels["validation"]).mean())
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: classify your own pictures
#
# Choose two or more classes, collect **at least 15 pictures of each** (photographs, or drawings), and put them into one
# folder per class. In about 20 lines: read them, split them, train a head, **evaluate** it on pictures that share
# nothing with the training pictures, and **save** it. Reach an accuracy whose interval lies above a constant answer.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
folder = Path("my-pictures")  # with one folder for each class
files = sorted(folder.glob("*/*.*"))
my_names = sorted({file.parent.name for file in files})
my_labels = onp.array([my_names.index(file.parent.name) for file in files], dtype="int32")
# pixels = onp.concatenate([upload_photo(file, size=96).image.asnumpy() for file in files])

# %% [markdown] slideshow={"slide_type": "skip"}
# `upload_photo(file, size=96).image` is a picture of any usual format, cropped to a square and resized, with shape
# (1, 3, 96, 96); `pixels` has all of them. Take
# photographs of *different* cups against different backgrounds, not one cup fifteen times. If several pictures show the
# same thing, put all of them into the same set. Grade yourself, or let a neighbor do it:
#
# | points | for |
# |---|---|
# | 2 | the split: nothing is on both sides, no twin, no second photograph of the same thing |
# | 1 | a baseline: the accuracy of a constant answer, computed |
# | 2 | a head on stored features, trained in less than a minute, and no choice made on the test pictures |
# | 2 | the test accuracy with its interval, which counts *things* and lies above the baseline |
# | 2 | the worst mistake is shown, and explained with an occlusion map |
# | 1 | saved, loaded into a new head, and the answers are the same |
#
# If you have no pictures at hand, `example_folder()` writes some: fruit, vehicles, and clothes in the styles of several
# emoji fonts. Each file is named after the thing that it shows, and its style.
#
# <details><summary>Hint</summary>
#
# `compute(pretrained.features, pixels)` returns the features. Split by thing with a Boolean array, for example
# `in_test`. `ArrayLoader` and `fit` train an `nn.Dense(len(my_names), in_units=1280)` on `my_features[~in_test]`.
# `half_width`, `margin_of`, `occlusion_map`, `figures.mistakes`, `save_parameters`, and `load_parameters` do the rest.
#
# </details>


# %% slideshow={"slide_type": "skip"}
def example_folder():
    """Write emoji of three classes as picture files, and return the folder."""
    things = {
        "fruit": "red-apple banana cherries grapes kiwi-fruit lemon melon peach pear strawberry",
        "vehicles": "ambulance automobile bicycle bus fire-engine locomotive motorcycle taxi tractor tram",
        "clothes": "coat dress gloves jeans kimono necktie scarf shorts socks t-shirt",
    }
    folder = Path(mkdtemp())
    for name, concepts in things.items():
        (folder / name).mkdir()
        for concept in concepts.split():
            for index in onp.flatnonzero(emoji.concepts == emoji.concept_names.index(concept)):
                pixels = (255 * emoji.images[index].transpose(1, 2, 0)).round().astype("uint8")
                style = emoji.style_names[emoji.styles[index]]
                Image.fromarray(pixels).save(folder / name / f"{concept}_{style}.png")
    return folder


# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Sample solution 1: a folder of pictures</summary>
#
# ```python
# files = sorted(example_folder().glob("*/*.*"))
# my_names = sorted({file.parent.name for file in files})
# my_labels = onp.array([my_names.index(file.parent.name) for file in files], dtype="int32")
# pixels = onp.concatenate([upload_photo(file, size=96).image.asnumpy() for file in files])
# things = onp.array([file.stem.split("_")[0] for file in files])
# test_things = onp.random.RandomState(0).permutation(onp.unique(things))[:15]  # things, not pictures
# in_test = onp.isin(things, test_things)
#
# my_features = compute(pretrained.features, pixels)
# my_head = nn.Dense(len(my_names), in_units=1280)
# loader = ArrayLoader(my_features[~in_test], my_labels[~in_test], batch_size=16, shuffle=True)
# fit(my_head, loader, num_epochs=20, lr=0.001, optimizer="adam", plot=False, seed=0)
#
# logits, truth = compute(my_head, my_features[in_test]), my_labels[in_test]
# answers = logits.argmax(axis=1)
# p, constant_answer = (answers == truth).mean(), onp.bincount(truth).max() / len(truth)
# print(f"{p:.2f} ± {half_width(p, len(test_things)):.2f}, constant answer {constant_answer:.2f}")
#
# worst = onp.where(answers != truth, onp.diff(onp.sort(logits))[:, -1], 0).argmax()
# score = margin_of(lambda images: my_head(pretrained.features(images)), answers[worst])
# drops = occlusion_map(score, pixels[in_test][worst], size=24, stride=12)
# figures.mistakes(pixels[in_test][[worst]], [f"{my_names[answers[worst]]}?"], [drops])
#
# my_head.save_parameters("my-head.params")
# Path("my-head.txt").write_text("\n".join(["EfficientNet-Lite0, 96 pixels", *my_names]))
# again = nn.Dense(len(my_names), in_units=1280)
# again.load_parameters("my-head.params")
# assert (compute(again, my_features[in_test]).argmax(axis=1) == answers).all()
# ```
#
# The split is by thing, because the same banana in another style is a twin. Only the head is saved, with the names of
# the classes, the body, and the size of the pictures: anyone who uses it has to prepare pictures in the same way.
# For a new picture: `my_names[int(my_head(pretrained.features(upload_photo(file, size=96).image)).argmax())]`.
#
# </details>
# <details><summary>Sample solution 2: drawings</summary>
#
# Draw fifteen pictures of each class with `pad = draw_digit()` (import it from `d2lhelpers`), and collect `pad.image`
# after each drawing. The pad knows nothing about digits: draw hearts and stars. Here the handwritten threes, fives, and
# eights of MNIST stand in for your drawings. They have one channel and 28×28 pixels, so they are enlarged and repeated
# for red, green, and blue. No two of these drawings are twins, so each one is a thing of its own.
#
# ```python
# from d2lhelpers import load_images
#
# drawings, digits = (array.asnumpy() for array in load_images(False, source="mnist", resize=96, size=1000))
# my_names = ["3", "5", "8"]
# chosen = onp.concatenate([onp.flatnonzero(digits == int(name))[:60] for name in my_names])
# pixels = 1 - drawings[chosen].repeat(3, axis=1)  # black ink on white paper, n × 3 × 96 × 96
# my_labels = onp.arange(3, dtype="int32").repeat(60)
# in_test = onp.arange(180) % 60 >= 20  # 20 of each class to learn from
# test_things = onp.flatnonzero(in_test)
# ```
#
# From `my_features = ...` on, everything is as in solution 1.
#
# The body has learned from photographs, and handwriting is far from those. Train LeNet (notebook 12) on the same sixty
# drawings: which of the two is better?
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Fine-tuning](https://d2l.ai/chapter_computer-vision/fine-tuning.html): hot dogs, with
#   photographs
# - Yosinski, Clune, Bengio, and Lipson, [How transferable are features in deep neural
#   networks?](https://arxiv.org/abs/1411.1792), 2014
# - Zeiler and Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901), 2014:
#   occlusion maps, and images that excite a channel
# - Kornblith, Shlens, and Le, [Do better ImageNet models transfer better?](https://arxiv.org/abs/1805.08974), 2019
# - Geirhos and others, [ImageNet-trained CNNs are biased towards texture](https://arxiv.org/abs/1811.12231), 2019: why
#   drawings are hard for them
# - Kumar and others, [Fine-tuning can distort pretrained features and underperform
#   out-of-distribution](https://arxiv.org/abs/2202.10054), 2022: train the head first
# - Ribeiro, Singh, and Guestrin, ["Why should I trust you?" Explaining the predictions of any
#   classifier](https://arxiv.org/abs/1602.04938), 2016: huskies, wolves, and snow
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# This was the last notebook of the part on convolutional networks. You have everything you need for a project of your
# own: if you have skipped the mini-project, do it now, with your own pictures.
