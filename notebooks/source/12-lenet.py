# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 12 · LeNet
#
# What does a convolutional network know about pictures before it has seen any, and what is that knowledge worth?
#
# *60 minutes · needs 07, 10, 11 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# An MLP gets an image as a list of 784 numbers. It isn't told which pixels are neighbors, or that a stroke is the same
# stroke two pixels further to the right, and has to learn all of that from examples. Notebooks 10 and 11 introduced two
# layers in which such knowledge is built in: a convolution looks for the same small pattern everywhere, and pooling
# makes its answer less sensitive to the exact position. In this notebook you put the two together and get *LeNet*, the
# network that read bank checks in the 1990s, and the ancestor of all networks in this part of the course.
#
# All of this part asks what a network has to know about pictures before it sees any. Here you measure what such
# knowledge is worth: in accuracy on data the network has not seen, and in training images. You'll also see what happens
# when the knowledge is wrong.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Build** LeNet in Gluon, and compute the shape, the parameters, and the multiply-adds of each layer.
# - **Train** it on the device that the machine has, and watch how classes separate.
# - **Compare** it with an MLP at equal time, and measure what its structure is worth.
# - **Explain** when that structure helps, and when it does harm.
# - **Look inside**: at what excites a channel, what an answer depends on, and the worst mistakes.

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

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    History,
    Scoreboard,
    check,
    class_names,
    draw_digit,
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
from d2lhelpers.figures import nb12_lenet as figures

npx.set_np()
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The network
#
# Two convolutions find features, and three dense layers decide. Where are the parameters, and where is the work?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A letter with one misread digit goes to the wrong town

# %% slideshow={"slide_type": "-"}
test_images, test_labels = load_images(train=False, source="mnist")  # (2000, 1, 28, 28)
zip_code = [9, 4, 7, 2, 0]
positions = [test_labels.tolist().index(digit) for digit in zip_code]
show_images(test_images[np.array(positions)], width=11, alt="Five digits: 9 4 7 2 0.")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect rules ("a loop at the top"), then ask for the same rule when the digit is slanted, thick,
# or not closed.

# %% [markdown] slideshow={"slide_type": "fragment"}
# 94720 is in Berkeley. Take the 4 for a 6, and the letter goes to Hilo, Hawaii.
#
# **Question.** How would you write a program that reads a zip code, *without* learning anything from data?

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Answer</summary>
#
# You might look for loops: a 0 has one, an 8 has two, a 9 has one at the top. But a 0 may be open, a 2 may have a loop
# at the bottom, and a 4 is sometimes closed at the top, just like a 9. Every rule needs exceptions, and every exception
# another rule. People tried this for decades. It is easier to collect examples.
#
# </details>
#
# In 1989 Yann LeCun and colleagues at AT&T Bell Laboratories trained a convolutional network, with backpropagation,
# on 7,291 digits that had been cut from zip codes on real mail. Training took three days on a workstation of the time,
# and 5 % of the test digits were misread. In 1998 they published its successor *LeNet-5*, as part of a commercial
# system that read several million checks a day. The digits of that paper are MNIST: 60,000 images for training and
# 10,000 for the test, 28×28 pixels each. The course contains the first 10,000 and 2,000 of them. As in notebook 07, we
# train on 8,000 images, and keep the last 2,000 of the training images as validation images for every comparison and
# every choice. The test images wait until the end.

# %% slideshow={"slide_type": "skip"}
images, labels = (array.asnumpy() for array in load_images(train=True, source="mnist"))  # (10000, 1, 28, 28)
X_train, y_train = training = images[:8000], labels[:8000]
X_validation, y_validation = validation = images[8000:], labels[8000:]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet: convolution and pooling twice, then an MLP


# %% slideshow={"slide_type": "-"}
def lenet(activation="relu", pool=nn.MaxPool2D):
    net = nn.Sequential()
    net.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation=activation),
        pool(pool_size=2, strides=2),
        nn.Conv2D(16, kernel_size=5, activation=activation),
        pool(pool_size=2, strides=2),
        nn.Dense(120, activation=activation),
        nn.Dense(84, activation=activation),
        nn.Dense(10),
    )
    return net


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: which layer flattens the feature maps? And where is the softmax?

# %% [markdown] slideshow={"slide_type": "skip"}
# Read it from top to bottom. Six kernels of 5×5 pixels give six feature maps. Pooling halves their height and width.
# Sixteen kernels, each of which reaches through all six channels, combine the six maps into sixteen. Pooling halves
# them again. Three dense layers turn the result into ten scores, one for each digit.
#
# **Question.** Which layer turns the feature maps into a vector, and where is the softmax?
#
# <details><summary>Answer</summary>
#
# Gluon's `Dense` takes everything after the batch axis as one vector, so the first dense layer flattens the
# 16 maps of 5×5 into 400 numbers. Softmax is part of the loss, as in notebook 06.
#
# </details>
#
# **What differs from 1998.** This is LeNet as it is built today, with ReLU and max pooling. The original had a scaled
# tanh as its activation function, and its pooling layers added up four values, multiplied the sum by a weight, added a
# bias, and passed the result through the activation function. Its second convolution connected only some of the pairs
# of channels, which saved work and made the channels differ from each other; and its output layer measured distances to
# ten fixed patterns. It took images of 32×32 pixels and needed no padding; with 28×28 pixels, the padding of 2 gives
# the same sizes from there on. `lenet("tanh", nn.AvgPool2D)` is closer to it. Train that below as well: how much do the
# newer parts bring?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From left to right: fewer positions, more kinds of features

# %% slideshow={"slide_type": "-"}
table = summarize(lenet(), (1, 1, 28, 28))
stages = ["image", "conv 5×5\npadding 2", "max pool\n2×2", "conv 5×5", "max pool\n2×2"]
figures.network(table, [*stages, "dense", "dense", "dense:\nscores"])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute 28, 14, 10, and 5 before you show the next slide.

# %% [markdown] slideshow={"slide_type": "skip"}
# (The drawing is not to scale.) The left part extracts *features*: from layer to layer there are fewer positions and
# more kinds of patterns. The right part is an MLP, as in notebook 07, except that it reads 400 features instead of 784
# pixels.
#
# The sizes follow from the formula of notebook 10. With $n$ rows, a kernel of size $k$, $p$ rows of padding in all
# (twice Gluon's `padding`), and stride $s$, the output has
#
# $$\left\lfloor \frac{n - k + p}{s} \right\rfloor + 1$$
#
# rows: $28 - 5 + 4 + 1 = 28$ after the first convolution, 14 after pooling, $14 - 5 + 1 = 10$ after the second
# convolution, and 5 after pooling again.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The network counts itself

# %% slideshow={"slide_type": "-"}
table

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Before the next slide: which layer has the most parameters, and which does the most work?

# %% [markdown] slideshow={"slide_type": "skip"}
# Let's check two rows by hand. Let $m$ be the number of inputs that one output sees. A layer has $m + 1$ parameters
# (the 1 is a bias) for each output channel or unit, and takes $m$ multiply-adds for each *number* in its output. (As in
# notebook 10, a multiply-add counts as two FLOP.)
#
# - The second convolution: $m = 6 \cdot 5 \cdot 5 = 150$, so it has $16 \cdot 151 = 2{,}416$ parameters. Its output
#   contains $16 \cdot 10 \cdot 10 = 1{,}600$ numbers: $1{,}600 \cdot 150 = 240{,}000$ multiply-adds.
# - The first dense layer: $m = 400$, so it has $120 \cdot 401 = 48{,}120$ parameters, but takes only
#   $120 \cdot 400 = 48{,}000$ multiply-adds.
#
# **Question.** Which layer has the most parameters, and which does the most work? Why isn't it the same one?
#
# <details><summary>Answer</summary>
#
# The first dense layer has the most parameters, the second convolution does the most work. A dense layer uses each
# weight once per image. A convolution uses each weight once for every output position: 100 times in the second
# convolution, and 784 times in the first.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Dense layers have the parameters, convolutions the work

# %% slideshow={"slide_type": "-"}
figures.shares(table)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Remember this picture for AlexNet, where it holds on a much larger scale.

# %% [markdown] slideshow={"slide_type": "skip"}
# Sharing a weight among all positions makes it cheap to store and expensive to use. Keep this picture in mind: the
# networks of notebooks 13 to 18 are largely about moving parameters and work to where they do the most good.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the knowledge is worth
#
# A race at equal time, a race with few images, and a race in which the knowledge is wrong.

# %% [markdown] slideshow={"slide_type": "skip"}
# A training step is the same as for any other network: forward, backward, step. `try_gpu()` returns the first GPU if
# there is one, and the CPU otherwise. Parameters and batches have to be on the same device: `ctx` says where an array
# lives, and `as_in_ctx` copies it there. The optimizer is Adam (notebook 05), which adapts the step size of each
# weight.
#
# To *see* what training does, we look at the 84 outputs of the last hidden layer. The output layer is linear, so the
# network can only classify images that are separated by then. The function `look` computes these outputs for
# 300 validation images. `watch` trains for one epoch, and looks after some of the steps.


# %% slideshow={"slide_type": "skip"}
device = try_gpu()
X_watch, y_watch = np.array(X_validation[:300], ctx=device), y_validation[:300]


def look(net):
    """Return the outputs of the last hidden layer (300, 84), and the accuracy."""
    features = net[:-1](X_watch)
    answers = net[-1](features).argmax(axis=1).asnumpy()
    return features.asnumpy(), (answers == y_watch).mean()


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A training step: forward, backward, step


# %% slideshow={"slide_type": "-"}
def watch(net, loader, steps):
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002})
    snapshots = {0: look(net)}
    for step, (X, y) in enumerate(loader, start=1):
        X, y = X.as_in_ctx(device), y.as_in_ctx(device)
        with autograd.record():
            losses = loss_function(net(X), y)  # (64,)
        losses.backward()
        trainer.step(batch_size=len(y))
        if step in steps:
            snapshots[step] = look(net)
    return snapshots


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `fit` is these lines in a second loop, over epochs.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
seed(0)
net = lenet()
net.initialize(init.Xavier(), ctx=device)
loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
steps = [*range(0, 50, 5), *range(50, 126, 15)]
snapshots = watch(net, loader, steps)
plane = figures.separating_plane(snapshots[max(snapshots)][0], y_watch)

# %% slideshow={"slide_type": "skip"}
APART = "Digits as points. At first all are mixed; after some steps, equal digits have gathered in groups."


def draw_step(ax, step):
    features, right = snapshots[step]
    figures.classes(ax, features, y_watch, plane)
    ax.set_title(f"step {step}: {right:.0%} right")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Watch 125 steps pull the classes apart
#
# 300 validation images, as the last hidden layer sees them, in two of its 84 dimensions.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
cases = [0, 20, 125]
explore(draw_step, cases, values=steps, play=True, label="step", alt=APART, height=4.4)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play. Ask: which digits are still on top of each other at the end?

# %% [markdown] slideshow={"slide_type": "skip"}
# Each image is drawn as the digit that it shows. Its position is what the last hidden layer computes for it, projected
# onto the plane in which the means of the ten classes are farthest apart at the end. (Each picture is scaled to fill
# its frame. Classes that overlap here may be separated in the other 82 dimensions.) In the beginning, all digits are
# mixed. Within one epoch, which is 125 steps of 64 images, they gather in groups. 4 and 9, which people confuse as
# well, end as neighbors.
#
# ### A fair race
#
# Does LeNet beat the MLP of notebook 07, the one with two hidden layers of 256 units that was chosen there on
# validation data? What would a fair comparison be? With equal numbers of epochs, the network that computes more in each
# epoch would have an advantage. So both get the *same time*, on the same machine and the same images: LeNet trains for
# four epochs, and the MLP goes on until it has used as many seconds.


# %% slideshow={"slide_type": "skip"}
def mlp():
    net = nn.Sequential()
    net.add(nn.Dense(256, activation="relu"), nn.Dense(256, activation="relu"), nn.Dense(10))
    return net


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Train until the epochs, or the seconds, are used up


# %% slideshow={"slide_type": "-"}
def train(net, data, lr, num_epochs=100, seconds=100, batch_size=128, held_out=validation):
    loader, run = ArrayLoader(*data, batch_size=batch_size, shuffle=True), History()
    held_out_loader = ArrayLoader(*held_out, batch_size=500)
    seed(0)
    net.initialize(init.Xavier(), ctx=device, force_reinit=True)  # start again
    trainer = gluon.Trainer(net.collect_params(), "adam")
    while (used := max(len(run.seconds) / num_epochs, sum(run.seconds) / seconds)) < 1:
        trainer.set_learning_rate(lr * (1 + math.cos(math.pi * used)) / 2)
        epoch = fit(net, loader, held_out_loader, num_epochs=1, optimizer=trainer, plot=False)
        for name, values in vars(epoch).items():
            vars(run)[name].extend(values)
    return run


# %% [markdown] slideshow={"slide_type": "skip"}
# `used` is the share of the epochs, or of the seconds, that has been used up. Meanwhile the learning rate falls from
# `lr` toward zero along half a cosine, as in notebook 05. (The history calls the accuracy on held-out images
# `test_accuracy`, whatever they are. Here they are the validation images.)
#
# **Guess first.** LeNet has 61,706 parameters and needs 416,520 multiply-adds per image. The MLP has 269,322
# parameters, and needs 268,800 multiply-adds. Who will be ahead after the same time, and by how much?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, rival = lenet(), mlp()
nets = {"MLP": rival, "LeNet": net}
histories = {"LeNet": train(net, training, lr=0.006, num_epochs=4)}
histories["MLP"] = train(rival, training, lr=0.002, seconds=sum(histories["LeNet"].seconds))
for name, history in histories.items():
    print(f"{name:5}  {len(history.seconds):2} epochs in {sum(history.seconds):4.1f} s")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### At equal time, LeNet makes a third fewer mistakes

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.race(histories)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class bet before this slide. Ask what would happen if the MLP got ten times as long.

# %% [markdown] slideshow={"slide_type": "skip"}
# The MLP goes through the images several times as often, so it is ahead in the first seconds: a race that is stopped
# early can have a different winner. Then its curve becomes flat. The accuracies on the training images say why:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
for name, history in histories.items():
    print(f"{name:5}  training {history.train_accuracy[-1]:.3f}  validation {history.test_accuracy[-1]:.3f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The MLP knows nearly all of the 8,000 images by heart, so more time cannot help it. What it lacks is not capacity or
# computing time. It lacks *knowledge about images it has not seen*: what it has learned about a stroke in one place
# tells it nothing about the same stroke in another place. LeNet has less than a quarter of the parameters, and makes
# about a third fewer mistakes. (The rates were chosen on validation data. From other random starts, LeNet's error
# stays near 3 %, and the MLP's near 5 %.)
#
# Notebook 10 called what is built into a network an *inductive bias*. LeNet has two: neighboring pixels belong
# together, and a pattern means the same everywhere. An inductive bias is a bet on what the data will be like. So let's
# make it lose.
#
# ### What if the bet is wrong?
#
# Choose one random order of the 784 pixels, and apply it to *all* images, for training and for validation. No
# information is lost, because you could put the pixels back in order. But neighbors are no longer neighbors.
#
# **Guess first.** What will happen to the error of the MLP, and what to the error of LeNet?


# %% slideshow={"slide_type": "skip"}
new_order = onp.random.RandomState(0).permutation(28 * 28)


def shuffle_pixels(X):
    """Return images (n, 1, 28, 28) with their pixels in the new order."""
    return onp.ascontiguousarray(X.reshape(-1, 28 * 28)[:, new_order].reshape(X.shape))


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
mixed, held_out = (shuffle_pixels(X_train), y_train), (shuffle_pixels(X_validation), y_validation)
histories["MLP, shuffled"] = train(mlp(), mixed, lr=0.002, num_epochs=6, held_out=held_out)
histories["LeNet, shuffled"] = train(lenet(), mixed, lr=0.006, num_epochs=4, held_out=held_out)
final = {name: 1 - history.test_accuracy[-1] for name, history in histories.items()}
errors = {name: (final[name], final[f"{name}, shuffled"]) for name in ("MLP", "LeNet")}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Shuffle the pixels, and LeNet's advantage becomes a handicap
#
# All images in the same new order: each network's validation error.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.shuffled(X_validation[0, 0], held_out[0][0, 0], errors)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take votes for both networks before showing the bars. The MLP's result can be proved without
# running it.

# %% [markdown] slideshow={"slide_type": "skip"}
# The MLP doesn't notice anything. For each MLP on the original images there is one on the shuffled images that
# computes exactly the same: the one whose rows of $\mathbf{W}_1$ have been put in the same new order. Its random first
# weights are as good in any order, so training leads to the same accuracy, apart from chance. (It gets six epochs
# here, after which its curve was nearly flat.)
#
# LeNet falls far behind the MLP, with more than three times its error on tidy images. Its kernels look for patterns
# among 25 neighboring pixels, but neighbors now come from all over the image and have nothing to do with each other.
# And max pooling throws away three of four values as if they were nearly the same.
#
# So the race doesn't show that LeNet is the better network. It is *better on pictures*, because its bet is right for
# pictures. On data of another kind, another bet wins.
#
# ### What is it worth in images?
#
# Knowledge that is built in doesn't have to be learned, so LeNet should need fewer examples. Let's compare both
# networks with 500, 2,000, and 8,000 images. To save time, only the errors with 8,000 images are measured here; the
# others are *recorded*. With fewer images, there are more epochs: LeNet got twelve with 500 images and six with 2,000,
# and the MLP twice as many, both in batches of 64. This trains one of these networks again:
# `train(lenet(), (X_train[:500], y_train[:500]), lr=0.004, num_epochs=12, batch_size=64)`

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
counts = [500, 2000, 8000]
recorded = {"MLP": [0.1375, 0.0845], "LeNet": [0.0995, 0.062]}  # with 500 and 2,000 images
by_count = {name: [*errors, final[name]] for name, errors in recorded.items()}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### LeNet needs fewer images for the same accuracy

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.sizes(counts, by_count)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Draw a horizontal line with your finger: how many images does each network need for the same
# error? (The errors with 500 and 2,000 images are recorded.)

# %% [markdown] slideshow={"slide_type": "skip"}
# Read the figure horizontally: start at the MLP's last point, and go left until you meet LeNet's line. That is how many
# images LeNet needs to be as good as the MLP with 8,000: about half of them. Every digit that someone must label
# costs money. What is built into a convolution costs some computing time, and no labels.
#
# ### What LeNet does *not* know
#
# It is often said that convolutional networks are invariant to shifts. Are they? A convolution is *equivariant*: if the
# digit moves, the feature maps move along (notebook 10). Pooling tolerates a shift of a pixel or two (notebook 11). But
# the dense layers of LeNet have a separate weight for each position of each feature map, and they have only seen
# digits in the middle of the image.
#
# **Guess first.** All validation images are moved to the right by 2, 4, or 6 pixels, and zeros come in from the left.
# What accuracy is left?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
pixels, after_shift = [0, 2, 4, 6], {"LeNet": [], "MLP": []}
for shift in pixels:
    X_moved = onp.pad(X_validation, ((0, 0), (0, 0), (0, 0), (shift, 0)))[..., :28]
    moved = ArrayLoader(X_moved, y_validation, batch_size=500)
    for name, network in nets.items():
        after_shift[name].append(evaluate(network, moved)[1])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A far shift breaks LeNet, too

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.shifts(pixels, after_shift)

# %% [markdown] slideshow={"slide_type": "skip"}
# LeNet tolerates a shift better than the MLP, but a shift of six pixels ruins both. "A pattern means the same
# everywhere" holds for its convolutions, not for the network as a whole. If you expect digits that aren't centered, you
# must train on such digits, or remove the dense layers, as some of the later networks do. A network only knows what its
# layers express.
#
# ### Ready for the post office?
#
# All comparisons so far used the validation images. The network has been chosen, so the test images may come out.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five digits in a row are harder than one

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
test_loader = ArrayLoader(test_images, test_labels, batch_size=500)
one = evaluate(net, test_loader)[1]
scores = net(test_images.as_in_ctx(device)).asnumpy()  # (2000, 10)
answers = scores.argmax(axis=1)
read = [f"LeNet says {answers[position]}" for position in positions]
show_images(test_images[np.array(positions)], read, width=9, alt="Five digits and answers.")
print(f"one digit right: {one:.2f}, five independent digits right: {one**5:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Most single digits are right, but about one zip code in seven contains a mistake, if the five digits are right or
# wrong independently of each other. (In a real one they aren't quite, because one person has written all five.)
#
# In notebook 07, accuracies fell from validation to test images. For these two networks there is little of that, and
# LeNet stays ahead:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
for name, network in nets.items():
    reached = evaluate(network, test_loader)[1]
    print(f"{name:5}  validation {histories[name].test_accuracy[-1]:.3f}  test {reached:.3f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Real systems can answer "I don't know", and let a person read the doubtful digits. The table sorts the test images by
# the probability of LeNet's answer, and leaves out the least certain ones. A zip code goes to a person as soon as one
# of its digits does.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
p = onp.exp(scores - scores.max(axis=1, keepdims=True))
certainty = (p / p.sum(axis=1, keepdims=True)).max(axis=1)  # (2000,)
right = (answers == test_labels.asnumpy())[onp.argsort(-certainty)]  # the most certain first
rows = [("digits left to a person", "other digits right", "zip codes read by LeNet", "of these, right")]
for share in (0, 0.02, 0.05, 0.1):
    kept = right[: round((1 - share) * len(right))].mean()
    rows.append((f"{share:.0%}", f"{kept:.3f}", f"{(1 - share) ** 5:.0%}", f"{kept**5:.0%}"))
show_table(rows, "If the least certain digits are left to a person")

# %% [markdown] slideshow={"slide_type": "skip"}
# With one digit in ten left to people, LeNet still reads more than half of the zip codes alone, and far more of those
# are right. The check reader of the 1990s also rejected the checks of which it wasn't certain.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look inside, and move on
#
# What excites a channel, what does an answer depend on, and what comes after digits?

# %% [markdown] slideshow={"slide_type": "skip"}
# ### The first layer: six kernels before training, and after
#
# Orange weights are positive, purple ones are negative.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
fresh = lenet()
seed(0)  # as `train` did, so these are the weights that it started with
fresh.initialize(init.Xavier(), ctx=device)
fresh(X_watch)
figures.kernels(fresh[0].weight.data(device), net[0].weight.data(device))

# %% [markdown] slideshow={"slide_type": "skip"}
# Training has pulled neighboring weights in the same direction: regions of one sign are easier to see in the second row
# than in the first. Some kernels got a positive side and a negative side, like the edge detectors of notebook 10, and
# nobody wrote them. But don't expect a textbook picture. Much of the random start is still there, and the layers above
# can work with any six patterns that differ enough.
#
# The second layer is more interesting, but its kernels are hard to read, because each reaches through six channels. It
# is better to ask what *excites* it. Each number in its feature maps depends on a piece of the image of 14×14 pixels,
# its *receptive field*. In each direction, a number of the first map sees 5 pixels. Pooling takes two neighbors, one
# pixel apart: 6. After it, neighbors are 2 pixels apart, and the second kernel spans five of them: 6 + 4 · 2 = 14. (In
# the padded image, row $r$ of the map sees rows $2r$ to $2r + 13$.) For each channel we look for the seven validation
# images with the largest number anywhere in the map, and cut out the piece that the number depends on.


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Find the pieces of images that excite a channel most


# %% slideshow={"slide_type": "-"}
def exciting_pieces(net, X, count=7):
    """Return what excites each channel of the second layer most: (16, count, 14, 14)."""
    maps = net[:3](np.array(X, ctx=device)).asnumpy()  # (n, 16, 10, 10)
    padded = onp.pad(X[:, 0], ((0, 0), (2, 2), (2, 2)))  # (n, 32, 32)
    pieces = onp.zeros((16, count, 14, 14))
    for channel in range(16):
        largest = maps[:, channel].reshape(len(X), -1)  # (n, 100)
        for i, image in enumerate(onp.argsort(-largest.max(axis=1))[:count]):
            row, column = divmod(largest[image].argmax(), 10)
            rows, columns = slice(2 * row, 2 * row + 14), slice(2 * column, 2 * column + 14)
            pieces[channel, i] = padded[image, rows, columns]
    return pieces


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Channels of the second layer respond to pieces of digits
#
# For all 16 channels, the 14×14 pieces of seven validation images that excite them most.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.patches(exciting_pieces(net, X_validation))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class name what a row has in common. Not every row has a name.

# %% [markdown] slideshow={"slide_type": "skip"}
# Within a row, the pieces resemble each other although they come from seven different images: bars in one direction,
# bends that open to one side, crossings, ends of strokes. Nobody told the network that digits consist of strokes. All
# 16 channels are shown, and nothing has been selected, so you'll also find rows without an obvious name.
#
# ### Your turn
#
# In notebook 07, both networks took the stored 5 for a 6, and were almost certain. In a live notebook, draw a digit on
# the pad, and then run the cell below it. Elsewhere, the same stored 5 takes its place. **Guess first:** will LeNet and
# the MLP agree about it?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Draw a digit, and let both networks read it

# %% slideshow={"slide_type": "-"}
digit = draw_digit(example=5)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Your digit on its way through LeNet

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
X = digit.image.as_in_ctx(device)  # (1, 1, 28, 28)
maps = [net[:1](X)[0].asnumpy(), net[:3](X)[0].asnumpy()]  # (6, 28, 28), (16, 10, 10)
probabilities = {name: npx.softmax(nets[name](X))[0].asnumpy() for name in nets}  # (10,) each
figures.passage(X[0, 0].asnumpy(), maps, probabilities)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, let a student draw. Try a crossed 7, and a digit that is hard to read.

# %% [markdown] slideshow={"slide_type": "skip"}
# From left to right: the digit, its six feature maps in the first layer, and the sixteen in the second. (Each map is
# scaled to its own maximum.) In the first layer you still recognize the digit, with different edges of its strokes lit
# up. In the second, each map says roughly *where* in the image its kind of piece occurs. The bars show what the two
# networks make of it. In the stored run, the MLP takes the 5 for a 6 once more, with some doubt, and LeNet says 5
# with almost none. A single example proves nothing, but it is a nice one.
#
# ### Which pixels does the answer depend on?
#
# Erase a piece of the image, and watch the probability of the answer. If it stays, the piece didn't matter. Doing so
# for every position gives an *occlusion map* (Zeiler and Fergus, 2014).


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An occlusion map: erase a piece, and watch the answer


# %% slideshow={"slide_type": "-"}
def occlusion_map(net, image, size=8):
    """Return the probability of the answer, by the position of an erased piece (28, 28)."""
    answer = int(net(np.array(image[None], ctx=device)).argmax(axis=1).item())
    erased = onp.repeat(image[None], 28 * 28, axis=0)  # (784, 1, 28, 28)
    for i in range(28 * 28):
        top, left = i // 28 - size // 2, i % 28 - size // 2
        erased[i, 0, max(top, 0) : top + size, max(left, 0) : left + size] = 0
    probabilities = npx.softmax(net(np.array(erased, ctx=device)))[:, answer]
    return probabilities.reshape(28, 28).asnumpy(), answer


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Which strokes does each answer depend on?
#
# The probability of the answer with a piece erased here: blue, as before; yellow, about half; red, almost 0.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
four = test_images[np.array(positions[:4])].asnumpy()  # (4, 1, 28, 28)
shown = [digit.image[0].asnumpy(), *four]
occlusion_maps, given = zip(*[occlusion_map(net, image) for image in shown], strict=True)
figures.occlusion([image[0] for image in shown], occlusion_maps, given)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Before showing it: which stroke of a 4 would you erase to get a 9, or of a 7 to get a 1?

# %% [markdown] slideshow={"slide_type": "skip"}
# The outline of the digit is drawn on top of each map. Where the map is red, the network changes its mind if the 8×8
# pixels around that point are erased. In the stored run, the 9 needs its loop, the 5 its bar at the top, and no single
# piece is needed for the 7. If the background is paler than dark blue, the network wasn't certain to begin with:
# erasing empty paper changes nothing. Which strokes would *you* need?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The worst mistakes: true digit → answer, and its probability

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
num_wrong = int((answers != test_labels.asnumpy()).sum())
print(f"{num_wrong} of {len(answers):,} test images wrong; the 16 with the largest losses:")
figures.mistakes(test_images.asnumpy(), test_labels.asnumpy(), scores)

# %% [markdown] slideshow={"slide_type": "skip"}
# The loss is minus the logarithm of the probability of the *true* digit, so the largest losses belong to images whose
# true digit got almost none; mostly, the network is certain of a wrong answer. Some of these digits you would misread
# as well. Others are plain to us. In the stored run, both 7s that are taken for a 2 are crossed, as is usual in Europe;
# perhaps the training images contain too few of them. In any project, look at the worst mistakes first: they may reveal
# wrong labels, unusual writers, and gaps in the training data.
#
# ### From digits to clothes
#
# LeNet misreads only a few percent of the digits. Even better networks would soon differ by less than what 2,000 test
# images can tell, about one percentage point. That is why the rest of this part uses *Fashion-MNIST*: the same size,
# the same number of images, and ten kinds of clothes instead of ten digits.

# %% slideshow={"slide_type": "skip"}
fashion = load_images(train=True, source="fashion_mnist")  # (10000, 1, 28, 28), (10000,)
fashion_test = load_images(train=False, source="fashion_mnist")  # (2000, 1, 28, 28), (2000,)
fashion_names = class_names("fashion_mnist")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Fashion-MNIST: ten kinds of clothes

# %% slideshow={"slide_type": "-"}
first_labels = fashion[1][:16].tolist()
show_images(
    fashion[0][:16],
    [fashion_names[label] for label in first_labels],
    width=11,
    alt="Sixteen gray images of clothes, each with its class, such as ankle boot or dress.",
)

# %% [markdown] slideshow={"slide_type": "skip"}
# Three networks start on a scoreboard that the following notebooks will extend: softmax regression (notebook 06), the
# MLP, and LeNet. All later networks are compared with them, so they must be trained well. The pixels are standardized,
# as in notebook 08, because that makes LeNet learn faster. Learning rates, sizes of batches, and numbers of epochs were
# chosen while the last 2,000 training images were held out. Now the networks are trained on all 10,000. (`held_out`
# gets the test images here, of which only the last accuracy is used. Nothing is chosen by it.)
#
# **Guess first.** On digits, LeNet made a third fewer mistakes than the MLP. What about clothes?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
softmax_regression = nn.Sequential()
softmax_regression.add(nn.Dense(10))
contest = {  # network, epochs, learning rate, batch size
    "softmax": (softmax_regression, 8, 0.005, 128),
    "MLP": (mlp(), 6, 0.002, 128),
    "LeNet": (lenet(), 6, 0.004, 64),
}
mean, deviation = fashion[0].mean(), fashion[0].std()
seen, unseen = (((X - mean) / deviation, y) for X, y in (fashion, fashion_test))
board, shape = Scoreboard(), (1, 1, 28, 28)
for name, (network, num_epochs, lr, batch_size) in contest.items():
    history = train(network, seen, lr, num_epochs, batch_size=batch_size, held_out=unseen)
    result = {"accuracy": history.test_accuracy[-1], "examples": 2000, "seconds": sum(history.seconds)}
    board.add(name, network, shape, data="Fashion-MNIST", **result)
    print(f"{name:8} {num_epochs:2} epochs, accuracy on the training images {history.train_accuracy[-1]:.3f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On clothes, LeNet leads, but by little

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board.show()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class bet first. Every following notebook adds a row, on the same data.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
board

# %% [markdown] slideshow={"slide_type": "skip"}
# Each point is a network: its accuracy on the test images, with a 95 % interval, against the multiply-adds that one
# image takes. LeNet is ahead of the MLP by about one percentage point. The intervals overlap, so this run alone doesn't
# settle it. But LeNet was ahead from each of three random starts, by one or two points.
#
# The bet is worth less here than on digits, where LeNet made a third fewer mistakes: perhaps because all clothes fill
# their frames in the same way, so that a pattern rarely appears in another place. And clothes are harder for every
# network: LeNet makes more than three times as many mistakes as on digits.
#
# So there is room for improvement, at last. The following notebooks ask what more layers, more channels, and
# other blocks are good for, and how to train them faster.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *What does a convolutional network know about pictures before it has seen any, and what is that knowledge worth?*
#
# - It knows that neighbors belong together, and a pattern means the same everywhere.
# - At equal time, it makes a third fewer mistakes than an MLP four times its size.
# - It needs about half as many images for the same accuracy.
# - On shuffled pixels, the knowledge is wrong, and LeNet is far worse than the MLP.
# - On clothes, it leads by one or two points: there is room for the networks that follow.
# - Parameters are in the dense layers, work is in the convolutions.
# - Look inside: at exciting pieces, occlusion maps, and the worst mistakes.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do you know that a model will work on data it has not seen? Part of the answer is what you put into it before it
# sees any data. An inductive bias that is right for your data makes up for thousands of examples. One that is wrong
# costs accuracy, and no amount of training time shows you that. Validation data does.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 12.1: predict shape and size
#
# A convolution with 32 kernels of 3×3, stride 1, and no padding gets 16 channels of 14×14 pixels. What is the shape of
# its output, and how many parameters does it have?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, parameters)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Height and width are $n - k + 1$. Each kernel reaches through all input channels, and each output channel has one
# bias.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# side = 14 - 3 + 1
# my_prediction = (32, side, side, 32 * (16 * 3 * 3 + 1))  # (32, 12, 12, 4640)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.2: change the input
#
# Write a LeNet for **color images of 32×32 pixels**, shape $(n, 3, 32, 32)$. The outputs of all layers have the same
# sizes as in `lenet`, so the first dense layer still gets 400 inputs.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def color_lenet():
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.2", color_lenet)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Copy `lenet`, and change one argument of one layer. Gluon finds the number of input channels by itself. Which size
# must the output of the first convolution have, so that everything after it stays the same?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def color_lenet():
#     net = nn.Sequential()
#     net.add(
#         nn.Conv2D(6, kernel_size=5, activation="relu"),  # 32 → 28, without padding
#         nn.MaxPool2D(pool_size=2, strides=2),
#         nn.Conv2D(16, kernel_size=5, activation="relu"),
#         nn.MaxPool2D(pool_size=2, strides=2),
#         nn.Dense(120, activation="relu"),
#         nn.Dense(84, activation="relu"),
#         nn.Dense(10),
#     )
#     return net
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.3: build a cost formula
#
# Write a function that returns the multiply-adds of a convolution with kernels of `kernel`×`kernel` pixels and stride
# 1, on square images of `size`×`size` pixels, with `padding` on each side.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def conv_multiply_adds(in_channels, out_channels, kernel, size, padding=0):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.3", conv_multiply_adds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# First compute the height (and width) of the output. Then: how many numbers does the output contain, and how many
# multiply-adds does each of them take?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def conv_multiply_adds(in_channels, out_channels, kernel, size, padding=0):
#     side = size - kernel + 2 * padding + 1
#     return (out_channels * side * side) * (in_channels * kernel * kernel)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 12.4: build a list of confusions
#
# Which digit does a network most often take for which other one? Write a function that returns the true digit, the
# predicted digit, and how often this happens.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def most_confused(labels, predictions):  # two arrays of shape (n,)
    return ...  # true digit, predicted digit, count


# %% slideshow={"slide_type": "-"} tags=["check"]
check("12.4", most_confused)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `zip(labels.tolist(), predictions.tolist())` gives the pairs. Keep those that differ, and count them:
# `collections.Counter` has a method `most_common`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from collections import Counter
#
#
# def most_confused(labels, predictions):
#     pairs = zip(labels.tolist(), predictions.tolist())
#     errors = Counter((true, said) for true, said in pairs if true != said)
#     (true, said), count = errors.most_common(1)[0]
#     return true, said, count
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: LeNet's accuracy with a sixth of its parameters
#
# Reach **a test accuracy of at least 0.96 on MNIST with at most 10,000 parameters**, trained on the 8,000 training
# images. Make every choice on validation data, and use the test set once.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = nn.Sequential()
my_net.add(
    nn.Conv2D(6, kernel_size=5, activation="relu"),
    nn.MaxPool2D(pool_size=4, strides=4),
    nn.Dense(10),
)
print(f"{summarize(my_net, (1, 1, 28, 28)).total_parameters:,} parameters")
# my_run = train(my_net, training, lr=0.006, num_epochs=4)
# When you have made all choices: evaluate(my_net, test_loader)

# %% [markdown] slideshow={"slide_type": "skip"}
# Where are LeNet's parameters, and which of them do you need? Write down the validation accuracy of everything
# you try. Can you find out how far you can go: what is the smallest network that still reaches 0.95?
#
# <details><summary>Hint</summary>
#
# The two hidden dense layers have 94 % of the parameters. What happens if you leave them out? You can then afford a
# third convolution, after which fewer numbers are left for the output layer.
#
# </details>
# <details><summary>A sample solution</summary>
#
# Three convolutions, and a single dense layer on the 144 numbers that are left.
#
# ```python
# my_net = nn.Sequential()
# my_net.add(
#     nn.Conv2D(8, kernel_size=5, padding=2, activation="relu"),
#     nn.MaxPool2D(pool_size=2, strides=2),
#     nn.Conv2D(16, kernel_size=5, activation="relu"),
#     nn.MaxPool2D(pool_size=2, strides=2),
#     nn.Conv2D(16, kernel_size=3, activation="relu"),
#     nn.Dense(10),
# )
# my_run = train(my_net, training, lr=0.008, num_epochs=7)
# print(my_run.test_accuracy)  # on the validation images
# print(evaluate(my_net, test_loader))
# ```
#
# It has 7,194 parameters, and reached an accuracy of 0.97 on the validation images and on the test images: as much as
# LeNet, with less than an eighth of its parameters.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - LeCun and others, [Backpropagation applied to handwritten zip code
#   recognition](https://doi.org/10.1162/neco.1989.1.4.541), 1989
# - Karpathy, [Deep neural nets: 33 years ago and 33 years from
#   now](https://karpathy.github.io/2022/03/14/lecun1989/), 2022, who trained the network of 1989 again
# - LeCun, Bottou, Bengio and Haffner, [Gradient-based learning applied to document
#   recognition](https://doi.org/10.1109/5.726791), 1998: LeNet-5, MNIST, and the check reader
# - Zeiler and Fergus, [Visualizing and understanding convolutional networks](https://arxiv.org/abs/1311.2901), 2014:
#   what excites a channel, and occlusion maps
# - Xiao, Rasul and Vollgraf, [Fashion-MNIST](https://arxiv.org/abs/1708.07747), 2017
# - *Dive into Deep Learning*, [Convolutional Neural Networks
#   (LeNet)](https://d2l.ai/chapter_convolutional-neural-networks/lenet.html)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **13 · AlexNet**, a LeNet made deeper and wider, and what it needs to learn.
