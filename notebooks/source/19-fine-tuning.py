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
# *75 minutes · needs 08, 12, 16 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Every network in this part of the course started from random numbers and needed thousands of images. You probably
# don't have thousands of images of your own problem, with labels. You have twenty. This notebook shows what to do:
# start from a network that has learned from other pictures, and teach it only what is new about yours.
#
# The question of this part is what a network has to know about pictures before it sees any. Convolution says that
# pixels have neighbors, pooling says that small shifts don't matter. Both are built in by hand. Here the network brings
# along much more, and nobody wrote it down: everything that was worth knowing about 1.3 million photographs. And part
# 1's question goes on, because with few pictures it is easy to fool yourself: does it work on pictures that it has not
# seen?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask who has a problem with pictures of their own, and how many labeled ones they have. Keep an
# example for the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Use** a pretrained network, and look at what its layers respond to.
# - **Train** a new head on stored features, and compare it with training from scratch.
# - **Fine-tune** a network with different rates for body and head, and freeze parts of it correctly.
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
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn
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
    """Return the number of parameters that learn; batch norm's running statistics don't."""
    return sum(p.data().size for p in block.collect_params().values() if p.grad_req != "null")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A network is a body that makes features, and a head
#
# The head is one dense layer: softmax regression (notebook 06) on 1,280 features.

# %% slideshow={"slide_type": "-"}
pretrained = load_pretrained()
pretrained.hybridize()  # faster, and right as long as we don't train it
vector = pretrained.features(np.zeros((1, 3, 224, 224)))  # the body
logits = pretrained.output(vector)  # the head
parts = {"body": pretrained.features, "head": pretrained.output, "both": pretrained}

# %% slideshow={"slide_type": "-"}
outputs = {"body": f"{vector.shape[1]:,} features", "head": f"{logits.shape[1]:,} logits", "both": ""}
rows = [(name, outputs[name], f"{count_parameters(part):,}") for name, part in parts.items()]
show_table([("part", "output", "parameters"), *rows], "EfficientNet-Lite0")

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the network that recognized the espresso in notebook 00: EfficientNet-Lite0, with the residual blocks and the
# depthwise convolutions of notebooks 17 and 18. Google trained it on *ImageNet*, 1.3 million photographs of a thousand
# classes. Such a network is called *pretrained*.
#
# Every classifier of this course has the same two parts. The *body* turns a picture into a vector, its *features*. The
# *head* is a linear classifier on top. In notebook 07 you saw why this is a good way to look at a network: the last
# layer is a linear model, and it succeeds if the features are good. More than a quarter of all parameters are in the
# head, and they are about tench, goldfish, and 998 other things. If you want to tell other classes apart, the head is
# useless to you. The body may not be. Using it for another task is called *transfer learning*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The first layer looks for edges, spots, and colors
#
# All 32 kernels of the first layer, 3×3 pixels in color:

# %% slideshow={"slide_type": "-"}
figures.kernels(pretrained.features[1].weight.data())

# %% [markdown] slideshow={"slide_type": "skip"}
# Gray stands for a weight of 0. Some kernels have a bright and a dark side: they are edge detectors, as in notebook 10,
# in several directions. Others have a spot in the middle, and the colored ones compare one color with another. Nobody
# chose them; gradient descent found them. Networks that are trained on quite different photographs find much the same
# kernels in their first layer (Yosinski and others, 2014). Such features are not about tench. They are about light.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare with the kernels that notebook 12 learned from digits: here there is color, and there are
# cleaner edges.

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
cases = [4, 8, 14, 22]
explore(draw_layer, cases, values=list(layers), play=True, label="layer", height=3.3,
        alt="Mean activation of four layers for the cat: outlines at first, a coarse grid in the end.")  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play. Early layers still show a picture: the whiskers, the edge of the ear. Then the maps
# shrink, from 112×112 positions to 7×7, while the channels grow from 16 to 1,280. In the last layer a position knows
# hardly where it is, but it has 1,280 numbers to say what is there. Averaging over the 49 positions gives the features.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Now a picture of your own
#
# In a live notebook, upload a picture with the button, then run the cell on the next slide.

# %% slideshow={"slide_type": "-"}
photo = upload_photo(example="coffee")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What three layers see in it, and the answer

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
maps = {}
for name, depth in (("early", 5), ("middle", 9), ("late", 23)):
    maps[name] = peak(pretrained.features[:depth](photo.image))
figures.inside(photo.image[0], maps, recognize(pretrained, photo.image[0], top=4))

# %% [markdown] slideshow={"slide_type": "skip"}
# Of each layer, you see the channel that stands out most in your picture, the one with the highest peak relative to its
# spread. Early ones usually mark a highlight or an edge, late ones mark an object, or a part of it. In the next section
# we'll find out what such a channel responds to in general.

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


def draw_lots(count, random_seed=0):
    """Return the numbers of `count` random training images of each class, class by class."""
    lots = onp.random.RandomState(random_seed)
    candidates = [onp.flatnonzero((emoji.labels == label) & (fold < 3)) for label in range(4)]
    return onp.concatenate([lots.permutation(mine)[:count] for mine in candidates])


training_part = draw_lots(100)  # 4 × 100

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Eight of each class: could *you* learn from so few?

# %% slideshow={"slide_type": "-"}
samples = emoji.images[draw_lots(8)].reshape(4, 8, 3, 32, 32)
figures.favorites(dict(zip(names, samples, strict=True)), height=5.2)

# %% [markdown] slideshow={"slide_type": "skip"}
# The emoji of notebook 08 stand in for the pictures you would collect yourself. We take four of their six classes, a
# hundred training images of each, and split *by concept*: no tulip is in two of the sets. In that notebook a
# convolutional network overfitted badly with 2,686 training images. Now we will give it 20, 80, and 400.
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
    batches = [layers(np.array(images[i : i + 50])).asnumpy() for i in range(0, len(images), 50)]
    return onp.concatenate(batches)


# %% slideshow={"slide_type": "skip"}
def enlarge(part):
    """Return emoji (n, 3, 96, 96), enlarged from 32×32."""
    loader = ArrayLoader(emoji.images[part], emoji.labels[part], batch_size=1000, resize=96)
    return onp.concatenate([X.asnumpy() for X, _ in loader])


lower, upper = pretrained.features[:15], pretrained.features[15:]
lower.hybridize()
upper.hybridize()
parts = {"training": training_part, "validation": validation_part, "test": test_part}

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
timer = Timer()
labels = {name: emoji.labels[part] for name, part in parts.items()}
middle = {name: compute(lower, enlarge(part)) for name, part in parts.items()}  # n × 112 × 6 × 6
features = {name: compute(upper, maps) for name, maps in middle.items()}  # n × 1,280
seconds_for_features = timer.stop() / sum(map(len, parts.values()))  # per image
print(f"{len(features['training'])} training images, {1 / seconds_for_features:.0f} images a second")

# %% [markdown] slideshow={"slide_type": "skip"}
# Images go in with 96×96 pixels, enlarged from 32×32. The network was trained with 224×224, but a convolutional body
# accepts other sizes, and this one is five times cheaper. We also keep the output of a layer in the middle of the body,
# because we'll need it later. From now on, an image *is* its 1,280 numbers. Training a head on them takes a moment.
#
# What do these numbers mean? Let's ask the channels. For a class, and for an early, a middle, and the last layer, we
# pick the channel that separates this class best from the others *on the training images*. Then we show the eight
# *validation* images that excite this channel most.


# %% slideshow={"slide_type": "skip"}
def best_channel(values, labels, label):
    """Return the channel of values (n, channels) whose means in and outside a class are farthest apart."""
    inside, outside = values[labels == label], values[labels != label]
    return ((inside.mean(axis=0) - outside.mean(axis=0)) / (values.std(axis=0) + 1e-6)).argmax()


early_layers = pretrained.features[:7]
early_layers.hybridize()
known = ("training", "validation")
maps_at = {
    "early": {name: compute(early_layers, enlarge(parts[name])) for name in known},  # n × 24 × 24 × 24
    "middle": {name: middle[name] for name in known},
}
largest = {depth: {name: maps[name].max(axis=(2, 3)) for name in known} for depth, maps in maps_at.items()}
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
# An early channel sees a few pixels at a time. It can do no more than react to a color or a pattern that happens to be
# frequent in the class. The late channel has *never been told* about smileys or food. It was useful for telling a
# thousand other classes apart, and as the counts at the left show, it is useful here as well. This is why features can
# be transferred.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the names at the left, and let the class say what the images of a row have in common.


# %% slideshow={"slide_type": "skip"}
def few(count):
    """Return the positions of the first `count` images of each class among the 400 training images."""
    return onp.arange(400).reshape(4, 100)[:, :count].ravel()


def loader_of(inputs, part, chosen=slice(None), batch_size=16, shuffle=True, order=0):
    return ArrayLoader(inputs[chosen], labels[part][chosen], batch_size=batch_size, shuffle=shuffle, seed=order)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A new head is softmax regression, and it trains in a moment


# %% slideshow={"slide_type": "-"}
def train_head(values, count, random_seed=0, num_epochs=30, **options):
    """Train a head on the features of `count` images of each class."""
    head = nn.Dense(4)
    loader = loader_of(values["training"], "training", few(count))
    validation = loader_of(values["validation"], "validation", batch_size=300, shuffle=False)
    options = {"lr": 0.001, "optimizer": "adam", "plot": False, "seed": random_seed} | options
    history = fit(head, loader, validation, num_epochs=num_epochs, **options)
    return head, history.test_accuracy[-1]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### It soon knows its training images by heart

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
head, accuracy_of_head = train_head(features, 20, plot=True)

# %% [markdown] slideshow={"slide_type": "skip"}
# (The curve that `fit` calls *test* shows our validation images.) The head has 5,124 parameters and 80 images to learn
# from, so it soon knows the training images by heart. The validation accuracy does not care much. This method is called
# a *linear probe*, or feature extraction.
#
# Now the same from scratch. A fair opponent is not the large network: with 3.4 million parameters and 80 images it
# would not have a chance, and it would take minutes. We take a small convolutional network with batch normalization, of
# the kind that did well in notebook 16, and train it on the original 32×32 pixels until it knows its training images.


# %% slideshow={"slide_type": "skip"}
def train_from_scratch(count, random_seed=0, num_steps=300):
    """Train a small convolutional network on `count` images of each class; return its validation accuracy."""
    net = nn.HybridSequential()
    for channels in (16, 32, 64):
        net.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(2))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(4))
    loader = loader_of(emoji.images[training_part], "training", few(count))
    num_epochs = max(12, num_steps // len(loader))
    fit(net, loader, num_epochs=num_epochs, lr=0.002, optimizer="adam", plot=False, seed=random_seed)
    images = emoji.images[validation_part]
    return evaluate(net, loader_of(images, "validation", batch_size=100, shuffle=False))[1]


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Pretraining wins, and by most when pictures are few

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = (5, 20, 100)
by_head = {count: train_head(features, count)[1] for count in counts}
from_scratch = {count: train_from_scratch(count) for count in counts}
constant = onp.bincount(labels["validation"]).max() / len(validation_part)
figures.race({"new head on\npretrained features": by_head, "small network\nfrom scratch": from_scratch}, constant)

# %% [markdown] slideshow={"slide_type": "skip"}
# Five pictures of each class with pretraining are worth about as much as twenty without, and twenty are worth more than
# a hundred without. The two curves come closer to each other to the right, because the more data you have of
# your own, the less you depend on somebody else's. But collecting a hundred labeled pictures of each class takes a day,
# and loading the network takes a second.
#
# The absolute numbers are modest. These are drawings, the network has learned from photographs, and the validation
# images show concepts that occur in no training image. The validation set has 295 images, so each accuracy is uncertain
# by about ±0.06 (notebook 08); and another draw of five or twenty training images moves it by as much. The order of the
# two methods is the same for every draw that we tried.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect the guesses first. Then: what would the two curves do at 10,000 images per class?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Which layer has the best features? Guess first
#
# Twenty or a hundred images of each class, one head for each layer.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
table = [("layer", "numbers per image", "20 per class", "100 per class")]
averages = {depth: {name: maps[name].mean(axis=(2, 3)) for name in known} for depth, maps in maps_at.items()}
averages["late"] = features
for depth, values in averages.items():
    accuracies = [f"{train_head(values, count, lr=0.003)[1]:.2f}" for count in (20, 100)]
    table.append((depth, f"{values['training'].shape[1]:,}", *accuracies))
show_table(table, "Validation accuracy of a head on the features of each layer")

# %% [markdown] slideshow={"slide_type": "skip"}
# You may have guessed that the last layer is far ahead. It is ahead, but the layer in the middle, with 112 numbers
# instead of 1,280, is close behind. The deeper a layer, the more its features are about *ImageNet's* classes. For
# photographs of things that resemble these classes, the last layer is best. The farther your pictures are from
# ImageNet, the more a middle layer is worth, and the more there is to gain by training the upper layers again.
# That is the next section.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Let the body learn, too
#
# But carefully: it has more to lose than to gain.


# %% slideshow={"slide_type": "skip"}
def freeze_statistics(block):
    """Let batch norm use its running means and variances in training, too, and leave them as they are."""
    if isinstance(block, nn.BatchNorm):
        block._kwargs["use_global_stats"] = True  # as BatchNorm(use_global_stats=True) does


def build(for_each_block=freeze_statistics):
    """Return the upper part of the pretrained network, with a new head."""
    net = nn.Sequential()
    net.add(load_pretrained().features[15:], nn.Dense(4, in_units=1280))
    net[1].initialize(init.Zero())
    return net.apply(for_each_block)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A new head is a tiny part of what could learn

# %% slideshow={"slide_type": "-"}
net = build()
body, head_only = (count_parameters(part) for part in (pretrained.features, net[1]))
rows = [("only the head", head_only), ("head and upper blocks", count_parameters(net)),
        ("head and body", body + head_only)]  # fmt: skip
table = [(name, f"{trained:,}", f"{trained / (body + head_only):.1%}") for name, trained in rows]
show_table([("what learns", "parameters", "share"), *table], "Four classes; what does not learn is frozen")

# %% [markdown] slideshow={"slide_type": "skip"}
# A layer is *frozen* if its parameters stay what they are. *Fine-tuning* means to go on training a pretrained network
# on new data. You can fine-tune all of it, or only the upper layers. We freeze the lower fifteen layers. They are the
# most general ones (edges and textures), they cause most of the work, and because they are frozen, their outputs can be
# stored, too: that is what `middle` is for. The upper layers, which hold almost four fifths of the body's
# parameters, are the ones most devoted to ImageNet.
#
# In Gluon, there are two ways to freeze. With `grad_req = "null"`, no gradient is computed; with `lr_mult = 0`, it is
# computed and then not used. And `lr_mult` can do more: the rate of a parameter is the trainer's rate times its
# `lr_mult`.

# %% slideshow={"slide_type": "skip"}
validation_loader = loader_of(middle["validation"], "validation", batch_size=100, shuffle=False)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A frozen network can still change
#
# No step is taken in this cell, so no weight changes. What does the accuracy do?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
frozen = build(for_each_block=lambda block: None)  # batch norm as usual
frozen[1].weight.set_data(head.weight.data())  # trained above, on 20 images of each class
frozen[1].bias.set_data(head.bias.data())
results = [("before", f"{evaluate(frozen, validation_loader)[1]:.2f}")]
for _ in range(5):
    for X, y in loader_of(middle["training"], "training", few(20)):
        with autograd.record():  # training mode
            losses = loss_function(frozen(X), y)
        losses.backward()  # and no trainer.step
results.append(("afterwards", f"{evaluate(frozen, validation_loader)[1]:.2f}"))
show_table([("a frozen network", "accuracy"), *results], "Five epochs forward and backward, without a single step")

# %% [markdown] slideshow={"slide_type": "skip"}
# Batch normalization (notebook 16) has parameters that no gradient touches: the running means and variances, which it
# updates whenever a batch goes forward and backward in training mode. With batches of sixteen drawings, they move away
# from what they were on ImageNet, and all the layers above get inputs that they are not used to. This is one of the
# most frequent mistakes in fine-tuning, and nothing warns you.
#
# The cure is to freeze the statistics, too. A batch norm layer with `use_global_stats=True` always uses the running
# statistics, and then it is nothing but a fixed scale and shift for each channel. `freeze_statistics` above sets this
# for a network that exists already: `net.apply(f)` calls `f` for every block. (Recording in predict mode, with
# `autograd.record(train_mode=False)`, leaves the statistics alone as well. But do not train this way: MXNet 1.9.1
# returns wrong gradients for batch norm then.)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let them vote first: up, down, or the same? Nobody expects a change without a step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A large rate for the head, a small one for the body


# %% slideshow={"slide_type": "-"}
def fine_tune(net, loader, body_share, num_epochs, after_epoch, lr=0.003):
    """Train the head at the rate lr, and the body at a share of it."""
    net[0].collect_params().setattr("lr_mult", body_share)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
    for _ in range(num_epochs):
        for X, y in loader:
            with autograd.record():
                losses = loss_function(net(X), y)
            losses.backward()
            trainer.step(len(y))
        after_epoch(net)


# %% [markdown] slideshow={"slide_type": "skip"}
# The new head knows nothing, so it needs large steps. The body knows a lot, so it should take small ones: each step
# that fits 80 or 400 images better can also undo something that 1.3 million have taught it. A tenth of the head's rate
# is a common choice.


# %% slideshow={"slide_type": "skip"}
def watch(body_share, count=100, num_epochs=3, random_seed=0):
    """Fine-tune; return the accuracies, and the validation images' features after each epoch."""
    net, accuracies, snapshots = build(), [], []

    def after_epoch(net):
        snapshots.append(compute(net[0], middle["validation"]))  # (n, 1280)
        predictions = net[1](np.array(snapshots[-1])).asnumpy().argmax(axis=1)
        accuracies.append((predictions == labels["validation"]).mean().item())

    after_epoch(net)
    loader = loader_of(middle["training"], "training", few(count), order=random_seed)
    fine_tune(net, loader, body_share, num_epochs, after_epoch)
    return net, accuracies, snapshots


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
tuned, accuracies, snapshots = watch(body_share=0.1)
axes = onp.linalg.svd(snapshots[-1] - snapshots[-1].mean(axis=0), full_matrices=False)[2][:2]  # (2, 1280)


def draw_epoch(ax, epoch):
    figures.cloud(ax, snapshots[epoch] @ axes.T, labels["validation"], names)
    ax.set_title(f"epoch {epoch}: accuracy {accuracies[epoch]:.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Watch the classes move apart
#
# Each point is a validation image. All are seen from the same direction.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
epochs = range(len(snapshots))
explore(draw_epoch, [0, 1, 3], values=epochs, play=True, label="epoch", height=4.4,
        alt="Validation images as points. At first the classes overlap, afterwards they are apart.")  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# The 1,280 features are projected onto the plane in which they vary most after the last epoch (the first two principal
# components). Before fine-tuning, the classes lie on top of each other *in this plane*. Each epoch pulls them apart,
# and these are images that the network has not been trained on. (At epoch 0 the new head is all zeros and always gives
# the first answer.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Fine-tuning gains a little, and too large a rate loses all

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
curves = {"body at 1/10 of the rate": accuracies, "body at the same rate": watch(body_share=1)[1]}
figures.learning(curves, frozen=by_head[100])

# %% [markdown] slideshow={"slide_type": "skip"}
# The dotted line is the head on frozen features. With a hundred images of each class, fine-tuning the upper blocks at a
# small rate gains a few points on it. At the head's own rate, one epoch is enough to destroy what 1.3 million
# photographs have taught the body, and the network ends up no better than a constant answer. The steps of Adam have
# about the same size for all weights, however small the weights are, and those of a pretrained body are small.
#
# **Question.** With twenty images per class, fine-tuning gains nothing over the head here. Why not?
#
# <details><summary>Answer</summary>
#
# The body has millions of parameters, and there are 80 images. It can fit them in a great many ways, and hardly any of
# these ways is about the classes. With few images, prefer to freeze; with more images, or with images that are far from
# ImageNet's, let more layers learn.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What does the answer depend on?
#
# Cover a part of the picture, and look whether the answer suffers.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Cover every place once


# %% slideshow={"slide_type": "-"}
def occlusion_map(probability, image, size, stride):
    """Return by how much a gray square at each position lowers a probability; image (3, n, n)."""
    starts = range(0, image.shape[1] - size + 1, stride)
    covered = []
    for top in starts:
        for left in starts:
            copy = image.copy()
            copy[:, top : top + size, left : left + size] = 0.5
            covered.append(copy)
    probabilities = probability(onp.stack(covered))  # one for each position
    return (probability(image[None]) - probabilities).reshape(len(starts), len(starts))


# %% [markdown] slideshow={"slide_type": "skip"}
# The result is called an *occlusion map* (Zeiler and Fergus, 2014). It needs nothing but the network's answers, so it
# works for every model, even one that you can only query. It costs one forward pass for each position.


# %% slideshow={"slide_type": "skip"}
def probability_of(net, label):
    """Return a function of images (n, ...): the probability that the network gives to a class."""
    return lambda images: npx.softmax(net(np.array(images))).asnumpy()[:, label]


small_photos = {photo.name: photo.image.asnumpy() for photo in load_photos(size=128)}


def draw_occlusion(ax, name):
    image = small_photos[name]
    label = int(pretrained(np.array(image[None])).asnumpy().argmax())
    drops = occlusion_map(probability_of(pretrained, label), image, size=32, stride=16)
    figures.overlay(ax, image, drops)
    ax.set_title(f"{pretrained.class_names[label]}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Red: cover this, and the answer suffers
#
# Guess first: where would you cover the cup to make the network unsure? And the cat?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
explore(draw_occlusion, ["chelsea", "coffee", "flower"], values=list(small_photos), label="photo", height=4.2,
        alt="Three photographs with their occlusion maps. Red places matter most for the answer.")  # fmt: skip

# %% [markdown] slideshow={"slide_type": "skip"}
# A place is red if the probability of the answer falls when it is covered, and blue if the answer gets *more* certain
# without it. The maps show whether a network looks at the thing or at its surroundings, a question that accuracy
# cannot answer. A classifier of huskies and wolves that depends on the snow has an excellent accuracy, as long as
# wolves are photographed in winter.


# %% slideshow={"slide_type": "skip"}
def whole(images):
    """Return the fine-tuned network's logits for images (n, 3, 96, 96)."""
    return tuned(lower(images))


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
probabilities = npx.softmax(np.array(compute(tuned, middle["validation"]))).asnumpy()
predictions, certainty = probabilities.argmax(axis=1), probabilities.max(axis=1)
certainty[predictions == labels["validation"]] = 0
worst = onp.argsort(-certainty, kind="stable")[:5]
pictures = enlarge(validation_part[worst])
drops = [occlusion_map(probability_of(whole, p), image, size=24, stride=12)
         for image, p in zip(pictures, predictions[worst], strict=True)]  # fmt: skip
concepts = [emoji.concept_names[c] for c in emoji.concepts[validation_part[worst]]]
titles = [f"{concept[:20]}\n{names[p]}?" for concept, p in zip(concepts, predictions[worst], strict=True)]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The worst mistakes, and what they rest on
#
# Of the validation images with a wrong answer: those in which the fine-tuned network is most certain.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.mistakes(pictures, titles, drops)

# %% [markdown] slideshow={"slide_type": "skip"}
# Look at the worst mistakes first, always. Some are the fault of the labels: is a face of the moon a smiley or a
# place? Unicode calls it a place, but you may agree with the network. Others show what the network relies on. Both tell
# you what to do next: which labels to check, and which pictures to collect.

# %% [markdown] slideshow={"slide_type": "skip"}
# We have made all choices on the validation images. One look at the test images remains, for the fine-tuned network:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
test_accuracy = evaluate(tuned, loader_of(middle["test"], "test", batch_size=100, shuffle=False))[1]
half = 2 * (test_accuracy * (1 - test_accuracy) / len(test_part)) ** 0.5
print(f"test accuracy {test_accuracy:.2f} ± {half:.2f}, on {len(test_part)} images of new concepts")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How do you build a classifier from twenty pictures of each class?** You take the body of a network that has seen a
# million others, store its features, and train a new head. Then you test it on pictures that share nothing with those.
#
# - Early layers respond to edges and colors, late ones to things. Features transfer, heads don't.
# - The fewer pictures you have, the more pretraining wins, and the more you should freeze.
# - Fine-tune with a large rate for the head, a small one for the body, and frozen statistics.
# - An occlusion map shows what an answer depends on. Look at the worst mistakes first.
# - This answers the question of the part: what a network should know before it sees your pictures is other pictures.

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
# ## Exercise 19.2: give the body its own rate
#
# This trainer lets all parameters learn at the same rate. Change the function so that the parameters of `net.features`
# learn at a tenth of the rate of those of `net.output`, 0.0003 and 0.003.
#
# ```python
# def make_trainer(net):
#     return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def make_trainer(net):
    """Return a trainer for a network whose parts are net.features and net.output."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("19.2", make_trainer)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `net.features.collect_params()` is a dictionary of parameters, and its method `setattr(name, value)` sets an attribute
# of all of them.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def make_trainer(net):
#     net.features.collect_params().setattr("lr_mult", 0.1)
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
# Try it on our features: how close does it come to the trained head?
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
# pixels = np.concatenate([upload_photo(file, size=96).image for file in files])  # n × 3 × 96 × 96
# my_names = sorted({file.parent.name for file in files})

# %% [markdown] slideshow={"slide_type": "skip"}
# `upload_photo(file, size=96)` reads a picture of any format, crops it to a square, and resizes it. Take photographs of
# *different* cups against different backgrounds, not one cup fifteen times. If several pictures show the same thing,
# put all of them into the same set. Grade yourself, or let a neighbor do it:
#
# | points | for |
# |---|---|
# | 2 | the split: nothing is on both sides, no twin, no second photograph of the same thing |
# | 1 | a baseline: the accuracy of a constant answer |
# | 2 | a head on stored features, trained in less than a minute, and no choice made on the test pictures |
# | 2 | the accuracy on the test pictures, with its interval, which lies above the baseline |
# | 2 | the worst mistake is shown, and explained with an occlusion map |
# | 1 | saved, loaded into a new network, and the answers are the same |
#
# If you have no pictures at hand, `example_folder()` writes some: fruit, vehicles, and clothes in the styles of several
# emoji fonts. Each file is named after the thing that it shows, and its style.


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
# pixels = onp.concatenate([upload_photo(file, size=96).image.asnumpy() for file in files])
# my_labels = onp.array([my_names.index(file.parent.name) for file in files], dtype="int32")
# things = sorted({file.stem.split("_")[0] for file in files})
# held_out = set(onp.random.RandomState(0).permutation(things)[: len(things) // 3])  # things, not pictures
# in_test = onp.array([file.stem.split("_")[0] in held_out for file in files])
#
# my_features = compute(pretrained.features, pixels)
# my_head = nn.Dense(len(my_names), in_units=1280)
# loader = ArrayLoader(my_features[~in_test], my_labels[~in_test], batch_size=16, shuffle=True)
# fit(my_head, loader, num_epochs=20, lr=0.001, optimizer="adam", plot=False, seed=0)
#
# answers = compute(my_head, my_features[in_test]).argmax(axis=1)
# p = (answers == my_labels[in_test]).mean()
# half = 2 * (p * (1 - p) / in_test.sum()) ** 0.5
# constant_answer = onp.bincount(my_labels[in_test]).max() / in_test.sum()
# print(f"accuracy {p:.2f} ± {half:.2f} on {in_test.sum()} pictures, constant answer {constant_answer:.2f}")
#
# net = nn.Sequential()
# net.add(pretrained.features, my_head)
# certainty = npx.softmax(np.array(compute(my_head, my_features[in_test]))).asnumpy().max(axis=1)
# worst = (certainty * (answers != my_labels[in_test])).argmax()
# drops = occlusion_map(probability_of(net, answers[worst]), pixels[in_test][worst], size=24, stride=12)
# figures.mistakes(pixels[in_test][[worst]], [f"{my_names[answers[worst]]}?"], [drops])
#
# my_head.save_parameters("my-head.params")
# Path("my-head.txt").write_text("\n".join(["96 pixels", *my_names]))
# again = nn.Dense(len(my_names), in_units=1280)
# again.load_parameters("my-head.params")
# assert (compute(again, my_features[in_test]).argmax(axis=1) == answers).all()
# ```
#
# The split is by thing, because the same banana in another style is a twin. Only the head is saved, with the names of
# the classes and the size of the pictures: whoever uses it must prepare pictures in the same way. For a new picture:
# `my_names[int(my_head(pretrained.features(upload_photo(file, size=96).image)).argmax())]`.
#
# </details>
# <details><summary>Sample solution 2: drawings</summary>
#
# Draw fifteen pictures of each class with `pad = draw_digit()`, and collect `pad.image` after each drawing. The pad
# knows nothing about digits: draw hearts and stars. Here the handwritten threes, fives, and eights of MNIST stand in
# for your drawings. They have one channel and 28×28 pixels, so they are enlarged and repeated for red, green, and blue.
#
# ```python
# from d2lhelpers import load_images  # and draw_digit, for drawings of your own
#
# drawings, digits = (array.asnumpy() for array in load_images(False, source="mnist", resize=96, size=1000))
# my_names = ["3", "5", "8"]
# chosen = onp.concatenate([onp.flatnonzero(digits == int(name))[:60] for name in my_names])
# pixels = 1 - drawings[chosen].repeat(3, axis=1)  # black ink on white paper, n × 3 × 96 × 96
# my_labels = onp.arange(3, dtype="int32").repeat(60)
# in_test = onp.arange(180) % 60 >= 20  # 20 of each class to learn from
#
# my_features = compute(pretrained.features, pixels)
# my_head = nn.Dense(3, in_units=1280)
# loader = ArrayLoader(my_features[~in_test], my_labels[~in_test], batch_size=16, shuffle=True)
# fit(my_head, loader, num_epochs=20, lr=0.001, optimizer="adam", plot=False, seed=0)
#
# answers = compute(my_head, my_features[in_test]).argmax(axis=1)
# p = (answers == my_labels[in_test]).mean()
# half = 2 * (p * (1 - p) / in_test.sum()) ** 0.5
# print(f"accuracy {p:.2f} ± {half:.2f} on {in_test.sum()} drawings, constant answer 0.33")
# my_head.save_parameters("my-drawings.params")
# ```
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
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# This was the last notebook of the part on convolutional networks.
