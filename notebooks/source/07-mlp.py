# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 07 · Multilayer perceptron
#
# One layer draws straight lines. Two layers, with a bend in between, draw whatever is needed.
#
# *50 minutes · needs 05, 06*

# %% [markdown] slideshow={"slide_type": "notes"}
# Notebook 06 ended with a model that gets half of the digits wrong because it is linear. Today it gets a layer in the
# middle. First on a problem of four points, where every step can be seen; then on the digits.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Show** that no linear model can compute XOR, and build a network by hand that does.
# - **Say** why there must be something nonlinear between two layers, and choose it.
# - **Build** a multilayer perceptron from scratch, then in Gluon.
# - **Start** it with random weights, and know why not with zeros.
# - **Compare** widths and depths by accuracy, parameters and seconds.

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
import numpy as onp  # NumPy itself, for random points that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    ArrayLoader,
    accuracy,
    check,
    class_names,
    draw_network,
    explore,
    fit,
    load_images,
    rounded,
    seed,
    show,
    show_images,
    subplots,
    summarize,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_neuron():
    """Draw a neuron: inputs on weighted lines, their sum with a bias, an activation function, the output."""
    fig, ax = subplots(width=11.0, height=4.4)
    for i in range(3):
        y = 1.2 - 1.2 * i
        ax.plot([0, 3], [y, 0], color="#8A8A8A", linewidth=1.5)
        ax.plot(0, y, "o", color="#D6ECF8", markersize=42, markeredgecolor="#222222")
        ax.text(0, y, f"$x_{i + 1}$", ha="center", va="center", fontsize=18)
        ax.text(1.3, 0.57 * y + 0.14, f"$w_{i + 1}$", ha="center", color=COLORS["vermilion"], fontsize=18)
    ax.plot([3, 6.9], [0, 0], color="#8A8A8A", linewidth=1.5)
    for x, sign, words in ((3, r"$\Sigma + b$", "sum"), (5, r"$\sigma$", "activation"), (7, "$h$", "output")):
        color = "#FBE3D0" if x == 7 else "white"
        ax.plot(x, 0, "o", color=color, markersize=42 if x == 7 else 68, markeredgecolor="#222222")
        ax.text(x, 0, sign, ha="center", va="center", fontsize=18)
        ax.text(x, -0.85, words, ha="center", va="center", fontsize=16)
    ax.text(0, -1.85, "inputs", ha="center", va="center", fontsize=16)
    ax.set(xlim=(-0.6, 7.6), ylim=(-2, 1.6))
    ax.axis("off")
    show(
        fig,
        alt="Three inputs, each on a line with its weight, meet in a circle that adds them up with a bias. An "
        "activation function follows, then the output.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What one line cannot do
#
# Four points that no single neuron gets right.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A neuron
#
# $$h = \sigma(\langle \mathbf{w}, \mathbf{x} \rangle + b)$$

# %% slideshow={"slide_type": "-"}
draw_neuron()

# %% [markdown] slideshow={"slide_type": "notes"}
# Inputs, a weighted sum, one output. Without the last circle it is the linear model of notebook 04. Living nerve cells
# gave the name and the idea: many inputs, and a signal only if their sum is large enough. Nothing else is taken from
# biology.
#
# The first such machine, the perceptron of 1958, had one layer of them, with a step for σ.


# %% slideshow={"slide_type": "skip"}
def draw_classes(ax, X, y, size=15):
    """Draw points (n, 2) of two classes, in color and marker."""
    points, labels = X.asnumpy(), y.asnumpy()
    for label, color, marker in ((0, COLORS["blue"], "o"), (1, COLORS["orange"], "s")):
        chosen = points[labels == label].T
        ax.plot(*chosen, marker, color=color, markeredgecolor="white", linestyle="", markersize=size)


def draw_regions(ax, score, limits=(-0.6, 1.6)):
    """Color the plane by where a function of points (n, 2) is above 0."""
    side = onp.linspace(*limits, 160)
    grid = onp.stack(onp.meshgrid(side, side), axis=-1).reshape(-1, 2)
    values = score(np.array(grid, dtype="float32")).asnumpy().reshape(160, 160)
    ax.contourf(side, side, values > 0, levels=[-0.5, 0.5, 1.5], colors=["#CFE3F1", "#FBE6BF"])
    if values.min() < 0 < values.max():
        ax.contour(side, side, values, levels=[0], colors="#222222", linewidths=1.5)
    ax.set(xlim=limits, ylim=limits, aspect="equal", xticks=[], yticks=[])


def draw_points():
    """Draw the four points of XOR with their coordinates."""
    fig, ax = subplots(width=8.4, height=4.0)
    draw_classes(ax, X, y, size=22)
    for x1, x2 in X.asnumpy().astype(int).tolist():
        ax.text(x1 + 0.1, x2, f"({x1}, {x2})", va="center")
    ax.set(xlim=(-0.3, 1.5), ylim=(-0.3, 1.3), aspect="equal", xticks=[0, 1], yticks=[0, 1])
    ax.set(xlabel="x₁", ylabel="x₂")
    names = ["class 0: inputs equal", "class 1: inputs differ"]
    ax.legend(names, loc="center left", bbox_to_anchor=(1.02, 0.5), markerscale=0.7, labelspacing=1)
    show(
        fig,
        alt="Four points at the corners of a square. Discs, class 0, at (0, 0) and (1, 1); squares, class 1, at (0, 1) "
        "and (1, 0).",
    )


def draw_xor(scores):
    """Draw the four points, once over the regions of each score function."""
    fig, axes = subplots(1, len(scores), width=11.0, height=2.9, squeeze=False)
    for ax, (title, score) in zip(axes.flat, scores.items(), strict=True):
        draw_regions(ax, score)
        draw_classes(ax, X, y)
        ax.set_title(title)
    show(
        fig,
        alt="The four points of XOR, each class at opposite corners of a square, over the regions of: "
        + "; ".join(scores)
        + ".",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Four points that stopped a field
#
# XOR: one or the other, but not both. How many of the four can a straight line get right?

# %% slideshow={"slide_type": "-"}
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])  # (4, 2)
y = np.array([0, 1, 1, 0], dtype="int32")  # (4,)
draw_points()

# %% [markdown] slideshow={"slide_type": "notes"}
# Let the class lay a pencil on the screen: one class on one side, the other class on the other. Three of four is easy,
# in several ways. Collect guesses whether all four are possible, then go on.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### No line gets all four

# %% slideshow={"slide_type": "-"}
points, classes = X.asnumpy(), y.asnumpy()  # (4, 2), (4,)
random_numbers = onp.random.RandomState(0)
best = 0
for _ in range(10_000):
    w, b = random_numbers.normal(size=2), random_numbers.normal()
    says_one = points @ w + b > 0  # (4,)
    best = max(best, int((says_one == classes).sum()))
print(f"best of 10,000 random lines: {best} of 4, accuracy {best / 4}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nor would any other. For each linear score $o(x_1, x_2) = w_1 x_1 + w_2 x_2 + b$
#
# $$o(0, 0) + o(1, 1) = o(0, 1) + o(1, 0)$$
#
# XOR wants two negative scores on the left, and two positive ones on the right.

# %% [markdown] slideshow={"slide_type": "notes"}
# The cell tries lines at random. None gets more than three. That proves nothing; the equation does. Ask the class to
# check it: both sides are w₁ + w₂ + 2b.
#
# Minsky and Papert wrote this down in 1969, and for a decade few people worked on networks.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two lines and their product
#
# One line above, one below. Between them lies class 1.


# %% slideshow={"slide_type": "-"}
lines = {
    "x₁ + x₂ > 0.5": lambda points: points.sum(axis=1) - 0.5,
    "x₁ + x₂ < 1.5": lambda points: 1.5 - points.sum(axis=1),
}
above, below = lines.values()
lines["product"] = lambda points: above(points) * below(points)
draw_xor(lines)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Each line alone gets three right. Put together by something that is **not linear**, they get all four.

# %% [markdown] slideshow={"slide_type": "notes"}
# The colored areas are called *decision regions*. A first layer of two linear functions, then a second stage that
# combines them.
#
# The lecture's slide takes one line down and one across; the table of signs is in the notebook, below. Each line alone
# then gets two of four right, and the product is positive where the inputs are equal. The idea is the same.
#
# Ask: could we add the two instead of multiplying? (above + below is the constant 1: the sum of linear functions is
# linear, nothing is won.)

# %% [markdown] slideshow={"slide_type": "skip"}
# The lecture's slide has another pair of lines, one down ("blue") and one across ("orange"), and a table of the signs
# at four points. Here it is computed:

# %% slideshow={"slide_type": "skip"}
order = [3, 1, 2, 0]  # top right, top left, bottom right, bottom left
blue, orange = X[order].T - 0.5  # (4,), (4,)
for name, values in {"blue": blue, "orange": orange, "product": blue * orange}.items():
    print(f"{name:7}", *("+" if value > 0 else "-" for value in values.tolist()))


# %% slideshow={"slide_type": "skip"}
def draw_by_hand():
    """Draw the regions of the network by hand, and the four points as its hidden layer sees them."""
    fig, (left, right) = subplots(1, 2, width=9.0, height=2.9)
    draw_regions(left, by_hand)
    draw_classes(left, X, y)
    left.set_title("the inputs x₁, x₂")
    hidden = npx.relu(X.sum(axis=1, keepdims=True) + np.array([0, -1]))  # (4, 2)
    draw_regions(right, lambda h: h[:, 0] - 2 * h[:, 1] - 0.5, limits=(-0.6, 2.5))
    draw_classes(right, hidden, y)
    right.set_title("what the hidden units say")
    show(
        fig,
        alt="Left: the four points of XOR over a diagonal strip. Right: the points as hidden units see them, three "
        "places left, and one straight line between the classes.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A network by hand
#
# Two hidden units with $\operatorname{ReLU}(z) = \max(z, 0)$, and one output:


# %% slideshow={"slide_type": "-"}
def by_hand(points):
    W1, b1 = np.array([[1, 1], [1, 1]]), np.array([0, -1])  # (2, 2), (2,)
    w2, b2 = np.array([1, -2]), -0.5  # (2,)
    hidden = npx.relu(np.dot(points, W1) + b1)  # (n, 2)
    return np.dot(hidden, w2) + b2  # (n,)


# %% slideshow={"slide_type": "-"}
print("scores:", rounded(by_hand(X)), " labels:", rounded(y, 0))
draw_by_hand()

# %% [markdown] slideshow={"slide_type": "notes"}
# Go through the point (1, 1): the sums are 2 and 1, ReLU leaves them, the score is 2 − 2 − 0.5. For (0, 1): 1 and 0, so
# 1 − 0.5.
#
# The second unit is silent until both inputs are there; then it pulls down twice as hard as the first pushes up.
#
# On the right the same four points, drawn by the values of the two hidden units. (0, 1) and (1, 0) fall on one place,
# and now a straight line is enough: the last layer is a linear model, of better features. Deep learning in one picture.


# %% slideshow={"slide_type": "skip"}
def train_two_classes(X, y, width, num_steps, start):
    """Return a network with one hidden layer of tanh units, trained on points (n, 2) of two classes."""
    seed(start)
    net = nn.Sequential()
    net.add(nn.Dense(width, activation="tanh"), nn.Dense(2))
    net.initialize(init.Normal(1))
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    options = {"learning_rate": 0.5, "momentum": 0.9}
    trainer = gluon.Trainer(net.collect_params(), "sgd", options)
    for _ in range(num_steps):
        with autograd.record():
            losses = loss_function(net(X), y)
        losses.backward()
        trainer.step(len(y))
    return net


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Does descent find such weights?
#
# Gradient descent with momentum, from ten random starts for each *width*, the number of hidden units. About five
# seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
nets = {}
for width in (1, 2, 4, 8):
    starts = range(10)
    nets[width] = [train_two_classes(X, y, width, 150, i) for i in starts]
    solved = sum(accuracy(net(X), y) == 1 for net in nets[width])
    print(f"width {width}: {solved:2} of 10 starts learn XOR")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two units are enough to **compute** XOR, and often not enough to **learn** it. Room to spare helps.

# %% [markdown] slideshow={"slide_type": "notes"}
# The units are tanh: ReLU units that are off at all four points get no gradient, and stay off.
#
# One unit cannot, whatever the start: it still draws one line. With two, many starts end in a valley that is not the
# deepest. With eight, some two of them are nearly always well placed.
#
# This is why networks are larger than the problem seems to need. Ask what the price is. (Time, and the danger of
# learning the noise.)


# %% slideshow={"slide_type": "skip"}
def margin(net):
    """Return the function of points (n, 2) that says how far class 1 is ahead of class 0."""

    def score(points):
        outputs = net(points)  # (n, 2)
        return outputs[:, 1] - outputs[:, 0]

    return score


def draw_starts(nets):
    """Draw the regions of networks that were trained on XOR from different starts."""
    fig, axes = subplots(1, len(nets), width=11.4, height=3.2)
    for start, (ax, net) in enumerate(zip(axes.flat, nets, strict=True)):
        draw_regions(ax, margin(net))
        draw_classes(ax, X, y)
        ax.set_title(f"start {start}: {4 * accuracy(net(X), y):.0f} of 4")
    show(
        fig,
        alt="The four points of XOR over the regions of four trained networks, which differ: in some a strip holds "
        "just the squares, in others two points are on a wrong side.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Same network, different starts
#
# Two hidden units, trained from the first four starts:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
draw_starts(nets[2][:4])

# %% [markdown] slideshow={"slide_type": "fragment"}
# Where it is stuck, two points have even chances, and the gradient is next to zero: more steps do not help.

# %% [markdown] slideshow={"slide_type": "notes"}
# The stuck network gives the same scores to two points of different classes: its units are too flat there to tell them
# apart, and a flat unit has no gradient.
#
# The squared loss of a linear model had one valley (notebook 04); the loss of a network has many. Ask: how would you
# notice on a problem with more than four points? (Train from several starts, and compare the losses.)


# %% slideshow={"slide_type": "skip"}
def make_rings():
    """Return 200 points (n, 2): class 0 within a disc, class 1 in a ring around it."""
    random_numbers = onp.random.RandomState(0)
    labels = onp.arange(200) % 2
    angle = random_numbers.uniform(0, 2 * onp.pi, size=200)
    radius = onp.where(labels == 0, random_numbers.uniform(0, 0.8, 200), random_numbers.uniform(1.2, 2, 200))
    points = onp.stack([radius * onp.cos(angle), radius * onp.sin(angle)], axis=1)
    return np.array(points, dtype="float32"), np.array(labels, dtype="int32")


ring_points, ring_labels = make_rings()
RINGS = (
    "A disc of one class within a ring of the other. With 1 hidden unit the border is a line, with 2 a strip or a "
    "wedge, with 3 a closed curve around the disc."
)


def draw_rings(ax, width):
    """Train a network with so many hidden units on the rings, and draw its regions."""
    net = train_two_classes(ring_points, ring_labels, int(width), 150, start=0)
    draw_regions(ax, margin(net), limits=(-2.3, 2.3))
    draw_classes(ax, ring_points, ring_labels, size=6)
    units = "unit" if width == 1 else "units"
    ax.set_title(f"{width} {units}: {accuracy(net(ring_points), ring_labels):.0%} right")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many units does a disc need?
#
# Each unit contributes one bent line.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
widths = [1, 2, 3, 4, 6, 8, 16, 64]
explore(draw_rings, [1, 2, 3], values=widths, label="hidden units", alt=RINGS, height=4.3)

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask before running: how many straight cuts does it take to cut out a disc? (Three make a triangle around it.)
#
# Live, move the slider: each step trains a new network, in a tenth of a second. With 64 units the border becomes round.


# %% slideshow={"slide_type": "skip"}
def draw_one_hidden_layer():
    """Draw a network of one hidden layer."""
    fig, ax = subplots(width=8.0, height=2.7)
    draw_network(ax, [3, 4, 2], labels=["x", "h", "o"], names=["inputs", "hidden layer", "outputs"])
    show(fig, alt="Three inputs, four hidden units, two outputs, each circle joined to all of the next column.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Layers
#
# What stands between two layers, and why it must not be linear.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One hidden layer, with shapes
#
# $$\mathbf{H} = \sigma(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1) \qquad
# \mathbf{O} = \mathbf{H}\mathbf{W}_2 + \mathbf{b}_2$$

# %% slideshow={"slide_type": "-"}
seed(0)
batch = np.random.normal(size=(64, 784))  # (n, d)
W1, b1 = np.random.normal(size=(784, 256)), np.zeros(256)  # (d, h), (h,)
W2, b2 = np.random.normal(size=(256, 10)), np.zeros(10)  # (h, q), (q,)
H = npx.relu(np.dot(batch, W1) + b1)  # (n, h)
scores = np.dot(H, W2) + b2  # (n, q)
sizes = [array.size for array in (W1, b1, W2, b2)]
print("H", H.shape, " O", scores.shape, " parameters", sum(sizes))
draw_one_hidden_layer()

# %% [markdown] slideshow={"slide_type": "notes"}
# Read the shapes from left to right: the inner lengths meet and vanish. 784 pixels in, 10 scores out; how many units
# are in between, h, is ours to choose: a *hyper-parameter*.
#
# Ask: where do nearly all of the parameters sit? (In the first matrix: 784 · 256 of 203,530.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why something nonlinear?
#
# Without $\sigma$ two layers collapse into one:
# $\;(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1)\mathbf{W}_2 + \mathbf{b}_2 =
# \mathbf{X}\,\mathbf{W}_1\mathbf{W}_2 + (\mathbf{b}_1\mathbf{W}_2 + \mathbf{b}_2)$

# %% slideshow={"slide_type": "-"}
b1, b2 = np.random.normal(size=256), np.random.normal(size=10)
sums = np.dot(batch, W1) + b1  # (n, h)
two_layers = np.dot(sums, W2) + b2  # (n, q)
with_relu = np.dot(npx.relu(sums), W2) + b2
W, b = np.dot(W1, W2), np.dot(b1, W2) + b2  # (d, q), (q,)
one_layer = np.dot(batch, W) + b
for name, scores in {"without": two_layers, "with": with_relu}.items():
    off = float(abs(scores - one_layer).max() / abs(one_layer).max())
    print(f"{name:7} ReLU: one layer does the same: {off < 1e-4}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A hundred linear layers are one linear layer, with more to compute. The bend in between is what makes depth worth
# its price.

# %% [markdown] slideshow={"slide_type": "notes"}
# A linear function of a linear function is linear: the new weights are the product of the two matrices. So the scores
# of many such layers are those of softmax regression.
#
# Ask: and if only the last layer had a nonlinearity? (Then it is one layer with an activation: the borders stay
# straight.)


# %% slideshow={"slide_type": "skip"}
FORMULAS = {
    "ReLU": r"$\max(x, 0)$",
    "sigmoid": r"$\frac{1}{1 + \exp(-x)}$",
    "tanh": r"$\frac{1 - \exp(-2x)}{1 + \exp(-2x)}$",
}


def draw_activations(functions):
    """Draw functions, and below them their gradients from autograd."""
    fig, axes = subplots(2, len(functions), width=11.4, height=4.6, sharex=True, sharey="row")
    for (above_axis, below_axis), (name, function) in zip(axes.T, functions.items(), strict=True):
        x = np.arange(-4, 4.01, 0.05)
        x.attach_grad()
        with autograd.record():
            value = function(x)
        value.backward()
        above_axis.plot(x.asnumpy(), value.asnumpy(), color=COLORS["blue"])
        below_axis.plot(x.asnumpy(), x.grad.asnumpy(), color=COLORS["vermilion"], linestyle="--")
        above_axis.set_title(f"{name}: {FORMULAS[name]}", fontsize=17, pad=12)
        above_axis.set_ylim(-1.2, 2.2)
        below_axis.set_ylim(-0.1, 1.15)
        for ax in (above_axis, below_axis):
            ax.grid(True)
    axes[0, 0].set_ylabel("σ(x)")
    axes[1, 0].set_ylabel("gradient")
    show(
        fig,
        alt="ReLU, sigmoid and tanh above, their gradients below. ReLU's is 0, then 1. Sigmoid's is a bell of height a "
        "quarter, tanh's a bell of height 1; both vanish away from 0.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three activation functions, and their gradients

# %% slideshow={"slide_type": "-"}
activations = {"ReLU": npx.relu, "sigmoid": npx.sigmoid, "tanh": np.tanh}
draw_activations(activations)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Sigmoid is at most a quarter steep. ReLU lets the gradient pass whole, where it is on.

# %% [markdown] slideshow={"slide_type": "notes"}
# Above the function, below its gradient as autograd has it. Ask: what happens to a gradient that passes through ten
# sigmoids? (At each at most a quarter is left: after ten a millionth. That is why deep networks waited for ReLU.)
#
# ReLU costs one comparison, and half of its inputs get a gradient of exactly 0. tanh is a sigmoid stretched to −1..1.


# %% slideshow={"slide_type": "skip"}
def draw_two_hidden_layers():
    fig, ax = subplots(width=9.0, height=4.4)
    draw_network(ax, [4, 6, 5, 3], names=["inputs", "hidden 1", "hidden 2", "outputs"])
    show(fig, alt="Four columns of circles, 4, 6, 5 and 3, each circle joined to all of the next column.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### More hidden layers
#
# Each layer takes what the one before has made. Depth and widths are hyper-parameters.

# %% slideshow={"slide_type": "-"}
draw_two_hidden_layers()

# %% [markdown] slideshow={"slide_type": "notes"}
# $\mathbf{H}_1 = \sigma(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1)$, $\mathbf{H}_2 = \sigma(\mathbf{H}_1\mathbf{W}_2 +
# \mathbf{b}_2)$, $\mathbf{O} = \mathbf{H}_2\mathbf{W}_3 + \mathbf{b}_3$.
#
# The last layer has no activation: it gives scores, and softmax is in the loss.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training
#
# The digits again: from scratch, in Gluon, in one call.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch, on images

# %% slideshow={"slide_type": "-"}
X_train, y_train = load_images(train=True)  # (n, 1, 28, 28), (n,)
X_test, y_test = load_images(train=False)
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()


# %% slideshow={"slide_type": "-"}
def mlp(X, parameters):
    W1, b1, W2, b2 = parameters
    H = npx.relu(np.dot(X.reshape(len(X), -1), W1) + b1)  # (n, 256)
    return np.dot(H, W2) + b2  # (n, 10)


# %% slideshow={"slide_type": "-"}
def start_parameters(scale=0.05):
    seed(1)
    W1 = np.random.normal(0, scale, size=(784, 256))
    W2 = np.random.normal(0, scale, size=(256, 10))
    parameters = [W1, np.zeros(256), W2, np.zeros(10)]
    for parameter in parameters:
        parameter.attach_grad()
    return parameters


# %% [markdown] slideshow={"slide_type": "notes"}
# One line more than softmax regression. The weights begin small and random; the biases may begin at zero. The loss is
# Gluon's: notebook 06 has written it from scratch, and there is nothing new in it.
#
# With `D2L_DATASET=fashion_mnist` there are ten times as many images, and all times from here on are ten times as long;
# `load_images(train=True, size=6000)` keeps them short.
#
# Ask before the next slide: why not start the weights at zero, too?


# %% slideshow={"slide_type": "skip"}
def update(parameters, lr):
    """Make one step of gradient descent, as in notebook 06."""
    for parameter in parameters:
        parameter[:] = parameter - lr * parameter.grad


def first_gradient(parameters):
    """Return the first gradient of the hidden units' weights, on 64 images, as an array (784, 256)."""
    with autograd.record():
        loss = loss_function(mlp(X_train[:64], parameters), y_train[:64])
    loss.backward()
    return parameters[0].grad


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why random, why not zeros?
#
# Units that start equal get equal gradients, and stay equal for ever.

# %% slideshow={"slide_type": "-"}
starts = {name: start_parameters() for name in ("zero", "equal", "random")}
for name, value in (("zero", 0), ("equal", 0.01)):
    for parameter in starts[name]:
        parameter[:] = value
starts["equal"][2][:, 0] = 0.02  # one class differs, the units do not
for name, parameters in starts.items():
    gradient = first_gradient(parameters)  # (784, 256), a column a unit
    largest = abs(gradient).max().item()
    spread = abs(gradient - gradient[:, :1]).max().item()
    print(f"{name:6} start: largest {largest:.1f}, spread {spread:.1f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *Largest* is the largest entry of the first gradient of W₁; *spread* is how far the units' gradients differ. With
# zeros nothing comes back at all, through a W₂ of zeros. With an equal start all 256 columns of the gradient are the
# same: the layer is one unit, 256 times. Random numbers break the tie.
#
# Why 0.02 for one class? With all of W₂ equal, no unit could make a difference between classes either.
#
# How large? Large weights let the scores explode from layer to layer, small ones let them vanish. The Xavier rule,
# which `fit` uses, takes a spread of about one over the root of the number of inputs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch: training
#
# The loop of notebook 06, four parameters in place of two. About four seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
parameters = start_parameters()
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
for _ in range(8):
    for X_batch, y_batch in train_loader:
        with autograd.record():
            loss = loss_function(mlp(X_batch, parameters), y_batch).mean()
        loss.backward()
        update(parameters, lr=0.1)
print(f"test accuracy {accuracy(mlp(X_test, parameters), y_test):.3f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Softmax regression had about one half on the same images. Now nearly nine of ten are right.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same in Gluon

# %% slideshow={"slide_type": "-"}
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
net.initialize()
net(X_test[:1])  # now the layers know how many inputs they have
parameters = start_parameters()
net[0].weight.set_data(parameters[0].T)
net[1].weight.set_data(parameters[2].T)
gap = abs(net(X_test) - mlp(X_test, parameters)).max()
print("same scores:", bool(gap < 1e-4))
print(summarize(net, (1, 1, 28, 28)))

# %% [markdown] slideshow={"slide_type": "notes"}
# With the same weights the same scores. Gluon stores a weight as (outputs, inputs), hence the transposes; until the
# first batch it does not know the number of inputs, which is called *deferred initialization*.
#
# A multiply-add is one multiplication and one addition: in dense layers there is one for each weight.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same training
#
# One epoch each, over the same batches.

# %% slideshow={"slide_type": "-"}
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})
for X_batch, y_batch in ArrayLoader(X_train, y_train, batch_size=64):
    with autograd.record():
        losses = loss_function(net(X_batch), y_batch)  # (n,)
        mean = loss_function(mlp(X_batch, parameters), y_batch).mean()
    autograd.backward([losses, mean])
    trainer.step(len(y_batch))
    update(parameters, lr=0.1)
gap = abs(net[0].weight.data() - parameters[0].T).max()
print("same weights after an epoch:", bool(gap < 1e-4))

# %% [markdown] slideshow={"slide_type": "notes"}
# Both networks see the same batches in one loop. `autograd.backward` takes several results at once.
#
# `trainer.step(n)` divides by the number of examples; the scratch version takes the mean. The weights stay equal up to
# rounding.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Trained with `fit`
#
# Eight epochs, about three seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
seed(0)
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
train_loader = ArrayLoader(X_train, y_train, batch_size=64, shuffle=True)
test_loader = ArrayLoader(X_test, y_test, batch_size=256)
history = fit(net, train_loader, test_loader, num_epochs=8, lr=0.1)

# %% [markdown] slideshow={"slide_type": "notes"}
# Compare with the curves of notebook 06, which leveled off at about one half. These are still rising.
#
# Training accuracy is above test accuracy: a first sign of *overfitting*. Ask: what would you do about it? (More
# data, a smaller network, or dropout, which comes in the afternoon.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Size
#
# What more units bring, and what they look for.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How wide, how deep?
#
# Six epochs for each network. It takes about ten seconds.


# %% slideshow={"slide_type": "-"}
def build(widths):
    net = nn.Sequential()
    net.add(*[nn.Dense(width, activation="relu") for width in widths])
    net.add(nn.Dense(10))
    return net


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
print("hidden layers    parameters  seconds  train  test")
for widths in ([], [16], [64], [256], [1024], [256] * 2, [64] * 4):
    run = fit(build(widths), train_loader, test_loader, num_epochs=6, plot=False, seed=0)
    size = summarize(build(widths), (1, 1, 28, 28)).total_parameters
    line = f"{widths!s:16} {size:10,} {sum(run.seconds):8.1f}"
    print(f"{line} {run.train_accuracy[-1]:6.2f} {run.test_accuracy[-1]:5.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# The empty list is softmax regression. Read down: width helps much at first, then less; a second layer of the same
# width costs little and may help; four narrow ones are no better after six epochs, deep networks start slowly.
#
# A difference of a point or two is luck: another seed, another order. Ask how one would find out. (Several seeds, and
# their mean and spread.)


# %% slideshow={"slide_type": "skip"}
def show_units(net, count=12):
    """Show the input weights of the hidden units with the largest weights as images; white is zero."""
    weights = net[0].weight.data()  # (256, 784)
    largest = np.argsort(-(weights**2).sum(axis=1))[:count].astype("int32")
    weights = weights[largest].reshape(-1, 28, 28)
    limit = float(abs(weights).max())
    show_images(
        weights,
        alt="Twelve patterns of orange and blue: strokes, edges and spots at various places of the canvas.",
        cmap="PuOr_r",
        vmin=-limit,
        vmax=limit,
        num_columns=6,
        width=10.8,
    )


def show_mistakes(net):
    """Show the first test images that the network gets wrong."""
    names = class_names()
    num_columns = 8 if max(map(len, names)) < 3 else 4  # long names need room
    answers = net(X_test).argmax(axis=1).asnumpy().astype(int)
    labels = y_test.asnumpy()
    wrong = onp.flatnonzero(answers != labels)[: 2 * num_columns]
    titles = [f"{names[labels[i]]} → {names[answers[i]]}" for i in wrong]
    show_images(
        X_test.asnumpy()[wrong],
        titles,
        alt="Test images that the network gets wrong, above each the true class and the network's answer.",
        num_columns=num_columns,
        width=10.5,
        height=3.6,
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What do hidden units look for?
#
# The input weights of the twelve units with the largest ones. Orange: ink here switches the unit on.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_units(net)

# %% [markdown] slideshow={"slide_type": "notes"}
# Compare with the weights of notebook 06, one pattern a class. Here a unit has no class: it looks for a piece, in one
# region of the canvas, and the second layer counts such pieces.
#
# Ask: how many units does the network need for a stroke that may lie anywhere? (One for each place. This is what
# convolution will save.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is still wrong?
#
# True class → the network's answer.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_mistakes(net)

# %% [markdown] slideshow={"slide_type": "notes"}
# Let the class decide which of them are fair mistakes. Many lie near an edge of the canvas, where there were few
# examples of that digit: an MLP has to learn every digit again at every place.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A hidden layer with something nonlinear turns lines into regions: XOR needs two units.
# - Without the nonlinearity any number of layers collapses into one.
# - ReLU passes gradients whole; sigmoid and tanh let them fade.
# - Weights start random, so that units become different.
# - Width and depth are chosen by trying, on data not trained on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 07.1: predict the number of parameters
#
# Images of 28×28 pixels, two hidden layers of 100 and 50 units, 10 classes. How many weights and biases has the network
# in all? Without running it.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
num_parameters = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.1", num_parameters)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Three layers. One with $a$ inputs and $b$ outputs has $a \cdot b$ weights and $b$ biases.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# num_parameters = 784 * 100 + 100 + 100 * 50 + 50 + 50 * 10 + 10  # 84060
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 07.2: change XOR to its opposite
#
# The network by hand has the hidden units $h_1 = \operatorname{ReLU}(x_1 + x_2)$ and $h_2 = \operatorname{ReLU}(x_1 +
# x_2 - 1)$. Choose output weights $\mathbf{w}$ and a bias $b$ so that the score $w_1 h_1 + w_2 h_2 + b$ is **above 0
# where both inputs are equal**, and below 0 where they differ.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
w = [..., ...]
b = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.2", (w, b))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# At (0, 0) the hidden units are 0 and 0, at (0, 1) and (1, 0) they are 1 and 0, at (1, 1) they are 2 and 1. What must b
# be like, from the first point alone?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# w = [-1, 2]
# b = 0.5
# ```
#
# The opposite of a score is the score with every sign turned.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 07.3: build a network of any depth
#
# `layers` is a list of pairs $(\mathbf{W}, \mathbf{b})$. Apply one after the other, with ReLU **between** them, and not
# after the last.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def forward(X, layers):
    """X (n, d); layers [(W (d, h), b (h,)), ...]; returns the scores (n, q)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.3", forward)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Loop over `layers[:-1]` with `npx.relu`, then apply `layers[-1]` without.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def forward(X, layers):
#     for W, b in layers[:-1]:
#         X = npx.relu(np.dot(X, W) + b)
#     W, b = layers[-1]
#     return np.dot(X, W) + b
# ```
#
# With a single layer it is a linear model: the loop does not run.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Multilayer Perceptrons](https://d2l.ai/chapter_multilayer-perceptrons/index.html)
# - Rosenblatt, [The Perceptron: A Probabilistic Model](https://doi.org/10.1037/h0042519), 1958
# - Rumelhart, Hinton and Williams, [Learning representations by back-propagating
#   errors](https://doi.org/10.1038/323533a0), 1986
# - Glorot and Bengio, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010: how large the first weights should be
# - Cybenko, [Approximation by superpositions of a sigmoidal function](https://doi.org/10.1007/BF02551274), 1989
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **12 · LeNet**, a network that knows that pixels have neighbors.
