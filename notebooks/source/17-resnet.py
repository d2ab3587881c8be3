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
# Past some depth a network gets worse with every layer. One plus sign mends it.
#
# *45 minutes · needs 10, 14, 16*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* In 2015 networks had some twenty layers, and more made them worse. A year later there were
# networks of a thousand. What lies between is an addition. Today it is in nearly every deep network, whether it sees,
# hears or writes.
#
# The plan: an experiment that goes wrong, an argument why it ought not to, the remedy, the experiment again. Then the
# network of the paper, counted and trained. All training together takes about 15 seconds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** a deep network that trains worse than a shallow one.
# - **Explain** by function classes why that need not be.
# - **Build** a residual block, and check that with zero weights it is the identity.
# - **Compose** ResNet-18 of modules, and count it against the paper.
# - **Compare** three kinds of block: original, pre-activation, bottleneck.

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
import itertools

import numpy as onp  # NumPy itself, for drawings and random numbers that are the same everywhere; np is MXNet's
from matplotlib.path import Path
from mxnet import MXNetError, autograd, gluon, init, lr_scheduler, np, npx, optimizer
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    at_scale,
    check,
    draw_blocks,
    draw_layers,
    explore,
    fit,
    load_data,
    seed,
    show,
    subplots,
    summarize,
    try_gpu,
)

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The trouble with depth
#
# Eight layers against 32, on the same data.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A plain block: two convolutions, as in VGG


# %% slideshow={"slide_type": "-"}
def conv(num_channels, kernel_size, strides=1):
    padding = kernel_size // 2  # keeps height and width, if strides is 1
    return nn.Conv2D(num_channels, kernel_size, strides, padding, use_bias=False)


class Plain(nn.Block):
    def __init__(self, num_channels, strides=1):
        super().__init__()
        self.conv1, self.bn1 = conv(num_channels, 3, strides), nn.BatchNorm()
        self.conv2, self.bn2 = conv(num_channels, 3), nn.BatchNorm()

    def g(self, X):
        return self.bn2(self.conv2(npx.relu(self.bn1(self.conv1(X)))))

    def forward(self, X):
        return npx.relu(self.g(X))


# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read `g` from the inside out: convolution, batch norm, ReLU, convolution, batch norm. The last
# ReLU stands in `forward`, because that line is the one that will change.
#
# Ask: why no bias in the convolutions? (Batch norm subtracts the mean, and the bias with it; its own β takes over.
# Notebook 16 has shown it.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Stack it: 8 layers, or 32


# %% slideshow={"slide_type": "-"}
def deep(block, num_layers, num_channels=16):
    net = nn.Sequential()
    net.add(conv(num_channels, 3, strides=2), nn.BatchNorm(), nn.Activation("relu"))
    for _ in range((num_layers - 2) // 2):  # two layers to a block
        net.add(block(num_channels))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(10))
    return net


for num_layers in (8, 32):
    table = summarize(deep(Plain, num_layers), (1, 1, 16, 16))
    print(f"{num_layers:2} layers: {table.total_parameters:7,} parameters")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Both learn the same 1,024 digits. Which one gets the lower **training** loss?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Layers are counted as in the paper: those with weights, batch norm left out. One convolution
# first, two in each block, one dense layer last.
#
# Let the class bet. Most will say: the deep one fits its training data better, and may then be worse on new data. Write
# that on the board.


# %% slideshow={"slide_type": "skip"}
def train_deep(block, num_layers, number=0, num_epochs=5, source=None):
    """Train a deep network on 1,024 images of 16×16; return the training loss of each epoch."""
    loader, _ = load_data(batch_size=64, train_size=1024, test_size=10, resize=16, source=source)
    net = deep(block, num_layers)
    history = fit(net, loader, num_epochs=num_epochs, lr=0.005, optimizer="adam", seed=number, plot=False)
    return history.train_loss


def draw_losses(losses, alt):
    """Draw training loss against epoch: blue for plain, orange for residual; dashed for 8 layers, solid for 32."""
    fig, ax = subplots(width=10.6, height=3.8)
    for (name, num_layers), values in losses.items():
        color = COLORS["blue"] if name == "plain" else COLORS["vermilion"]
        style = {8: "--", 32: "-"}[num_layers]
        marker = "o" if name == "plain" else "s"
        label = f"{name}, {num_layers} layers: {values[-1]:.2f}"
        ax.plot(range(1, len(values) + 1), values, style, marker=marker, color=color, label=label)
    ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 2.5), xticks=range(1, len(values) + 1))
    ax.grid(axis="y")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), title="in the last epoch", title_fontsize=13)
    show(fig, alt=alt)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Deeper, and worse
#
# About 5 seconds on two cores. The sizes are small; batch norm is in both, and Adam trains both.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
losses = {}
for num_layers in (8, 32):
    losses["plain", num_layers] = train_deep(Plain, num_layers)
draw_losses(losses, "The loss of the 8 layers falls fast, that of the 32 layers slowly.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Worse on the very data that it trains on. This is **not** overfitting: it is *degradation*.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The paper shows the same for 20 and 56 layers on color images of 32×32. Overfitting would be the
# opposite: a lower training loss and a higher test loss.
#
# Somebody will ask whether the deep one only needs more time. Fair. With four times the epochs it does get on; it then
# is about where the shallow one was after five. The paper trained until nothing moved, and the gap stayed.
#
# Ask: is it the vanishing gradient? (Batch norm is in both networks to keep the signal alive. We will measure.)


# %% slideshow={"slide_type": "skip"}
def identity_kernel(num_channels):
    """Return the kernel (c, c, 3, 3) that copies every channel: a 1 in the middle, from each channel to itself."""
    kernel = onp.zeros((num_channels, num_channels, 3, 3), dtype="float32")
    kernel[range(num_channels), range(num_channels), 1, 1] = 1
    return np.array(kernel)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### It need not be worse
#
# Take the 8 layers, and let the other 24 copy their input. Such a network exists, and its loss is the same:

# %% slideshow={"slide_type": "-"}
random = onp.random.RandomState(0)
X = np.array(random.uniform(size=(2, 16, 8, 8)), dtype="float32")
copy = Plain(16)
copy.initialize()
copy(X)  # finds out the shapes of the weights
for layer in (copy.conv1, copy.conv2):
    layer.weight.set_data(identity_kernel(16))
print("output equals input:", bool(abs(copy(X) - X).max() < 1e-4))
numbers = copy.conv1.weight.data().size + copy.conv2.weight.data().size
print(f"weights to get right: {numbers:,} in each block")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The solution is there. Gradient descent, from random weights, does not find it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The kernel that copies has a 1 in the middle, from each channel to itself, and 0 everywhere else.
# The input must not be negative, as after any ReLU. (Why 'equals' up to 0.0001? Batch norm adds a small ε to the
# variance.)
#
# This is the heart of the paper's argument: the deep network *can* do what the shallow one does. So the trouble is not
# what it can represent, but what training finds. For a plain block, to do nothing is a hard task: thousands of weights
# must come out just so.

# %% slideshow={"slide_type": "skip"}
STAR = onp.array([2.9, 1.7])
ANGLES = onp.linspace(0, 2 * onp.pi, 720, endpoint=False)


def region(center, radius, bend=0.0, turn=0.0):
    """Return the outline (720, 2) of a round region with three dents."""
    distance = radius * (1 + bend * onp.cos(3 * ANGLES + turn))
    return onp.stack([center[0] + distance * onp.cos(ANGLES), center[1] + distance * onp.sin(ANGLES)], axis=1)


def gap(outline, star=STAR):
    """Return the distance of a point from a region, 0 if it is inside, and the region's point nearest to it."""
    if Path(outline).contains_point(star):
        return 0.0, star
    distances = onp.linalg.norm(outline - star, axis=1)
    return distances.min(), outline[distances.argmin()]


CENTERS = [(-1.6, -1.1), (-0.2, 0.9), (1.0, -1.5), (0.6, 2.5), (-1.5, 1.3), (-0.9, -1.2)]
generic = [region(center, 0.6 + 0.2 * k, 0.09, k) for k, center in enumerate(CENTERS)]
nested = [region((-1.3 + 0.2 * k, -0.9 + 0.13 * k), 0.55 + 0.47 * k, 0.06, 0.4) for k in range(6)]


def draw_classes(generic, nested):
    """Draw both rows of six regions, the star, and dashed lines from it to the last and to the nearest region."""
    fig, axes = subplots(1, 2, width=11.4, height=3.95)
    palette = [COLORS[name] for name in ("sky", "green", "orange", "purple", "blue", "vermilion")]
    for ax, title, regions in zip(
        axes, ("larger, but elsewhere", "each inside the next"), (generic, nested), strict=True
    ):
        for k, outline in enumerate(regions):
            ax.fill(*outline.T, facecolor=palette[k], alpha=0.13, zorder=1)
            ax.plot(*onp.vstack([outline, outline[:1]]).T, color=palette[k], linewidth=2, zorder=2)
            x, y = outline[outline[:, 1].argmax()]
            ax.text(
                x, y, f"{k + 1}", ha="center", va="center", fontweight="bold", bbox=dict(fc="white", ec="none", pad=1)
            )
        ax.plot(*onp.stack([STAR, gap(regions[-1])[1]]).T, "k--", linewidth=2, zorder=3)
        ax.plot(*STAR, "*", color="black", markersize=20, zorder=4)
        ax.text(STAR[0] + 0.25, STAR[1] + 0.25, "truth")
        ax.set(title=title, aspect="equal", xlim=(-3.8, 4.6), ylim=(-3.3, 3.9))
        ax.set_axis_off()
    show(
        fig,
        alt="Left six ever larger regions in different places: the sixth is further from a star than the fourth. Right "
        "six regions, each inside the next: the sixth is nearest.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Add, do not replace
#
# A block whose easiest answer is to change nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Does a larger class of functions come closer to the truth?

# %% slideshow={"slide_type": "-"}
draw_classes(generic, nested)
for name, classes in (("elsewhere", generic), ("nested   ", nested)):
    print(name, *(f"{gap(outline)[0]:5.1f}" for outline in classes))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Only if the larger one **contains** the smaller one, it cannot be further away.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each region stands for all functions that a network of some depth can reach; the star is the
# function that we want. The numbers are the distances from the star to the nearest point of each region, computed from
# the drawing.
#
# Left: region 6 is the largest, and region 4 was closer. Right: the distances can only fall, since whatever region 3
# holds, region 4 holds too. Ask: which of the two is a stack of plain blocks? (On paper the right one: we have just
# seen a block that copies. But what counts is what training reaches, and that looks like the left one.)
#
# So we want layers for which 'add nothing' is the easiest thing to learn.


# %% slideshow={"slide_type": "skip"}
def draw_idea():
    """Draw a plain block, which has to learn f, beside a residual one, which has to learn g."""
    fig, axes = subplots(1, 2, width=11.4, height=2.7)
    boxes = {"x": (0, 0, "data", "$x$"), "g": (1.2, 0, "conv", "layers\nlearn $f$"), "out": (2.4, 0, "data", "$f(x)$")}
    draw_blocks(axes[0], boxes, [("x", "g"), ("g", "out")])
    boxes = {"x": (0, 0, "data", "$x$"), "g": (1.2, 0, "conv", "layers\nlearn $g$"), "+": (2.1, 0, "join", "+")}
    boxes["out"] = (3.0, 0, "data", "$x + g(x)$")
    draw_blocks(axes[1], boxes, [("x", "g"), ("g", "+"), ("+", "out"), ("x", "+", 0.75)])
    for ax, title in zip(axes, ("plain", "residual"), strict=True):
        ax.set_title(title)
        ax.set_ylim(-0.6, 1.0)
    show(fig, alt="Left x through layers to f(x). Right x through layers to a plus, and on a second way around them.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Add to what is there: $f(x) = x + g(x)$

# %% slideshow={"slide_type": "-"}
draw_idea()

# %% [markdown] slideshow={"slide_type": "fragment"}
# - Nothing to do? $g = 0$: all weights zero, and small random weights start near it.
# - Something to do? Then $g$ is only the **residual**, what is missing: $g(x) = f(x) - x$.
# - As in a Taylor series, each term corrects what the terms before it have left.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The way around is called a *skip connection* or shortcut. It has no weights and costs one addition
# for each number.
#
# Ask: with weight decay, where do the weights of a block go that is of no use? (To zero. In a plain block that would
# destroy the signal; here it makes the block disappear.)
#
# Taylor: f(x) = f(0) + f'(0) x + ...; cutting the series off anywhere leaves something that makes sense. So it is here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The residual block


# %% slideshow={"slide_type": "-"}
class Residual(Plain):
    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        super().__init__(num_channels, strides)
        self.conv3 = conv(num_channels, 1, strides) if use_1x1conv else None

    def forward(self, X):
        Y = self.g(X)
        if self.conv3 is not None:
            X = self.conv3(X)  # gives X the shape of Y
        return npx.relu(Y + X)


for block in (Plain, Residual):
    table = summarize(deep(block, 32), (1, 1, 16, 16))
    print(f"{block.__name__:8} {table.total_parameters:,} parameters")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Two things are new against `Plain`: `Y + X`, and a 1×1 convolution for those blocks whose output
# has another shape than their input. The sum comes before the last ReLU.
#
# Ask: how many parameters does the skip add? (None: both lines say the same.)


# %% slideshow={"slide_type": "skip"}
def draw_residual():
    """Draw the residual block without and with a 1×1 convolution on the skip."""
    line = {
        "x": (0, 0, "data", "X"),
        "1": (1, 0, "conv", "3×3\nconv"),
        "2": (2, 0, "norm", "batch\nnorm"),
        "3": (3, 0, "activation", "ReLU"),
        "4": (4, 0, "conv", "3×3\nconv"),
        "5": (5, 0, "norm", "batch\nnorm"),
        "+": (6, 0, "join", "+"),
        "6": (7, 0, "activation", "ReLU"),
    }
    way = [("x", "1"), ("1", "2"), ("2", "3"), ("3", "4"), ("4", "5"), ("5", "+"), ("+", "6")]
    fig, (above, below) = subplots(2, 1, width=11.5, height=5.1)
    draw_blocks(above, line, [*way, ("x", "+", 1)])
    strided = line | {"1": (1, 0, "conv", "3×3 conv\nstride 2"), "7": (3, 1, "conv", "1×1 conv\nstride 2")}
    draw_blocks(below, strided, [*way, ("x", "7", 1), ("7", "+", 1)])
    for ax in (above, below):
        ax.set_ylim(-0.5, 1.45)
    above.text(3.0, 1.12, "X itself", ha="center", va="bottom")
    show(
        fig,
        alt="Two chains: 3×3 convolution, batch norm, ReLU, 3×3 convolution, batch norm, plus, ReLU. X goes around to "
        "the plus: above as it is, below through a 1×1 convolution.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The block, without and with a 1×1 convolution

# %% slideshow={"slide_type": "-"}
draw_residual()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Above: input and output have the same shape. Below: the block halves height and width and changes
# the number of channels, so the skip has to do the same. A 1×1 convolution with stride 2 looks at every second pixel,
# and mixes channels there (notebook 10).
#
# Ask: the 1×1 convolution with stride 2 throws away three of four pixels. Are they lost? (Not for the block: the 3×3
# convolution below sees them all.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Output shapes

# %% slideshow={"slide_type": "-"}
X = np.zeros((4, 3, 6, 6))
cases = {
    "Residual(3)": Residual(3),
    "Residual(6, use_1x1conv=True, strides=2)": Residual(6, True, strides=2),
    "Residual(6, strides=2)": Residual(6, strides=2),
}
for name, block in cases.items():
    block.initialize()
    try:
        print(f"{name:42}", block(X).shape)
    except MXNetError:
        print(f"{name:42} {block.g(X).shape} + {X.shape}: no sum")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Change channels or size, and the skip needs its 1×1 convolution.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class say each shape before you run the cell. The third case is the usual mistake. MXNet
# then refuses: "operands could not be broadcast together".
#
# A nastier case: with one input channel the sum would broadcast, without a word (notebook 01).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With zero weights, the block is the identity
#
# Put 12 such blocks into an untrained network of 8 layers: 32 layers, and the same function.

# %% slideshow={"slide_type": "-"}
seed(0)
shallow = deep(Residual, 8)
shallow.initialize(init.Xavier())
copies = [Residual(16) for _ in range(12)]
for block in copies:
    block.initialize(init.Zero())  # every convolution: 0
longer = nn.Sequential()
longer.add(*shallow[:-2], *copies, *shallow[-2:])
X = np.array(random.uniform(size=(64, 1, 16, 16)), dtype="float32")
for net in (shallow, longer):
    parameters = summarize(net, X.shape).total_parameters
    print(f"{parameters:6,} parameters")
print("largest difference:", float(abs(longer(X) - shallow(X)).max()))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Not nearly the same: **exactly**. The function class of 8 layers lies inside that of 32.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The plain block had to get 4,608 weights just right, and came close. The residual block gets there
# by weights of zero, to the last bit. Only the ReLU after the sum is left, and it does nothing to numbers that are not
# negative.
#
# Can we start training there? Not with all weights zero: then g is zero and its gradient too, for ever. In practice
# only the last γ of each block starts at zero. That is common today, and `Residual` could do it with
# `nn.BatchNorm(gamma_initializer="zeros")`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The experiment again, with the plus sign
#
# Same data, same sizes, same optimizer, same number of weights. About 5 seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for num_layers in (8, 32):
    losses["residual", num_layers] = train_deep(Residual, num_layers)
best = "Plain: 32 layers are far worse than 8. Residual: 32 are best."
draw_losses(losses, best)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Plain, depth hurts. Residual, depth helps.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare first the two solid lines: equal depth, equal weights, one plus sign between them. Then
# the two orange ones: now the deeper network is the better one. For the 8 layers the skip hardly matters: at that depth
# there was no trouble.
#
# It is training loss, on purpose: the question was what training can find. It comes out the same for other seeds; the
# tests of this course train three.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The way back
#
# What the plus sign does for the gradient.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What the gradient meets on its way back
#
# $$\text{plain: } \frac{\partial f}{\partial x} = g'(x)
# \qquad\qquad \text{residual: } \frac{\partial f}{\partial x} = 1 + g'(x)$$
#
# Through many blocks the factors multiply. Say that every $g'$ is 0.3:

# %% slideshow={"slide_type": "-"}
for num_blocks in (1, 5, 15):
    plain, residual = 0.3**num_blocks, (1 + 0.3) ** num_blocks
    print(f"{num_blocks:2} blocks: plain {plain:.0e}, residual {residual:4.1f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Multiply out $(1 + g_1')(1 + g_2') = 1 + g_1' + g_2' + g_1' g_2'$: the 1 is a way with no block on it at all.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The chain rule of notebook 03. For vectors the 1 is the identity matrix and g' a Jacobian; the
# argument is the same. (The ReLU after each sum is left out here. The pre-activation block, further down, really has
# none.)
#
# Ask: what if g' is 2 instead of 0.3? (Then both explode, the residual one faster. The skip cures vanishing, not
# exploding; for that there is batch norm.)


# %% slideshow={"slide_type": "skip"}
def gradient_norms(block, num_layers, batch_norm):
    """Return the length of the loss's gradient by each convolution's weights, first to last, before any training."""
    seed(0)
    net = deep(block, num_layers)
    net.initialize(init.Xavier())
    loader, _ = load_data(batch_size=64, train_size=64, test_size=10, resize=16, source="digits")
    X, y = next(iter(loader))
    # In predict mode a new batch norm subtracts 0 and divides by 1: the network is one without batch norm.
    with autograd.record(train_mode=batch_norm):
        value = gluon.loss.SoftmaxCrossEntropyLoss()(net(X), y).mean()
    value.backward(train_mode=batch_norm)
    weights = [p for name, p in net.collect_params().items() if "conv" in name]
    return [float(np.linalg.norm(weight.grad())) for weight in weights]


def draw_gradients(ax, num_layers):
    """Draw the gradients' lengths of a plain and a residual network, without batch norm, against the layer."""
    looks = ((Plain, "o-", COLORS["blue"]), (Residual, "s-", COLORS["vermilion"]))
    for block, style, color in looks:
        norms = gradient_norms(block, num_layers, batch_norm=False)
        ax.semilogy(range(1, len(norms) + 1), norms, style, color=color, markersize=4, label=block.__name__.lower())
    ax.set(xlabel="convolution", ylabel="length of gradient", xlim=(0, num_layers), ylim=(1e-8, 10))
    ax.set_title(f"{num_layers} layers")
    ax.legend(loc="lower right" if num_layers < 15 else "center right")


GRADIENTS = (
    "Lengths of gradients by layer. Residual: near 0.1 at any depth. Plain: a hundredth at 8 layers, a hundred "
    "thousandth at 20, and far below a millionth at 32."
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Do gradients arrive? Without batch norm

# %% slideshow={"slide_type": "-"}
depths = list(range(8, 33, 4))  # the slider's, when live
cases = [8, 20, 32]
looks = {"alt": GRADIENTS, "height": 4.2, "sharey": True}
explore(draw_gradients, cases, values=depths, label="layers", **looks)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Plain: from 8 layers to 32 the gradient shrinks some ten thousand times. Residual: it arrives.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Before any training, one batch of 64 digits. Each point is one convolution; the axis is
# logarithmic. Live, move the slider and watch the blue line sink.
#
# Ask: the blue line is nearly flat. If gradients vanish on the way back, why are the first layers no worse off than the
# last? (The signal vanishes on the way forward as well. The last layers see hardly any signal, so hardly any gradient;
# the first see the signal, but hardly any gradient comes back.)
#
# Why does the orange line even rise with depth? (The factors 1 + g' are a little above 1. Batch norm, on the next
# slide, holds them down.)
#
# For the curious: the network without batch norm is the same network in predict mode, where a new batch norm does
# nothing.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With batch norm: nothing vanishes
#
# How many times longer than in the last convolution is the gradient in the first? (To one digit.)

# %% slideshow={"slide_type": "-"}
print("layers   plain   residual")
for num_layers in (8, 20, 32):
    ratios = []
    for block in (Plain, Residual):
        norms = gradient_norms(block, num_layers, batch_norm=True)
        one_digit = f"{norms[0] / norms[-1]:.1g}"
        ratios.append(float(one_digit))
    print(f"{num_layers:6} {ratios[0]:7.0f} {ratios[1]:10.0f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# In the plain network they now grow toward the data. So degradation is not the vanishing gradient of old.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* These are the networks that we trained. Batch norm has done its job: no gradient vanishes. The
# plain network now has the opposite trouble, lengths that differ a hundredfold between first and last layer. The
# residual one keeps them together.
#
# Be honest about the limits. The lengths alone cannot explain our experiment: Adam gives each weight a step of its own
# size, and still the plain network was slow. The authors, too, write that vanishing gradients are an unlikely cause.
# What we know for sure is the experiment, and that the skip mends it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## ResNet-18 and its relatives
#
# From blocks to modules, to a network, to a family.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A module: several blocks, the first halves


# %% slideshow={"slide_type": "-"}
def module(num_channels, num_blocks, first_module=False, block=Residual):
    blocks = nn.Sequential()
    for i in range(num_blocks):
        if i == 0 and not first_module:
            blocks.add(block(num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.add(block(num_channels))
    return blocks


table = summarize(module(128, num_blocks=2), (1, 64, 56, 56), depth=1)
for row in table.rows:
    print(row.name, row.output_shape, f"{row.parameters:,} parameters")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Twice the channels at half the height and width, as in VGG. The first module stays as it is: the
# pooling before it has halved already.
#
# The lecture's slide says that the 1×1 convolution enforces some nonlinearity in each module. A convolution by itself
# is linear; what it does is to end the clean way around. Nonlinear are the ReLUs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ResNet-18 from modules


# %% slideshow={"slide_type": "-"}
def resnet(num_blocks, num_classes, width=64):
    net = nn.Sequential()
    net.add(conv(width, 7, strides=2), nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    for i, number in enumerate(num_blocks):
        net.add(module(width * 2**i, number, first_module=i == 0))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(num_classes))
    return net


resnet18 = (2, 2, 2, 2)  # blocks in each module
print("layers with weights:", 1 + sum(2 * number for number in resnet18) + 1)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Four parts: a first convolution with pooling, four modules, one average per channel, one dense layer.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare with LeNet and VGG: no large dense layers at the end. Global average pooling makes one
# number of each of the 512 maps, as in GoogLeNet.
#
# Why 18? One convolution, eight blocks of two, one dense layer. The 1×1 convolutions on the skips are not counted, by
# custom. `width` is the number of channels to start with: 64 in the paper, less on a laptop.


# %% slideshow={"slide_type": "skip"}
def draw_resnet(table):
    """Draw the feature maps of ResNet-18; their sizes come from the network's table."""
    keep = {0: "7×7 conv\nstride 2", 3: "3×3 pool\nstride 2", 8: "average", 9: "dense"}
    keep |= {4 + k: f"module {k + 1}\n2 blocks" for k in range(4)}
    stages = [("image", table.input_shape[1:])]
    stages += [(keep[i], row.output_shape[1:]) for i, row in enumerate(table.rows) if i in keep]
    fig, ax = subplots(width=11.5, height=3.4)
    draw_layers(ax, stages)
    show(fig, alt="Feature maps from left to right: 224×224 in three channels down to 7×7 in 512, then two vectors.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### ResNet-18 drawn

# %% slideshow={"slide_type": "-"}
table = summarize(resnet(resnet18, 1000), (1, 3, 224, 224), depth=1)
draw_resnet(table)

# %% [markdown] slideshow={"slide_type": "fragment"}
# From module to module: half the height, half the width, twice the channels.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Follow the sizes: 224, 112, 56, 28, 14, 7. Five times a stride of 2, and 7×7 places are left.
#
# Ask for a bet: which module does most of the work, and which holds most of the weights?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Full size, counted by the network

# %% slideshow={"slide_type": "-"}
table

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* "Sequential of 2" is a module of two blocks. Read the last column: the modules cost about the
# same. Twice the channels in and out are four times the weights, at a quarter of the places. Read the parameters: a
# factor of four from module to module, so most of them sit in the last one.
#
# The paper gives 1.8 billion multiply-adds for this network. The network says 1.81.


# %% slideshow={"slide_type": "skip"}
def draw_variants():
    """Draw the original block, the pre-activation block and the bottleneck block, one below the other."""

    def chain(*texts):
        kinds = {"3×3": "conv", "1×1": "conv", "BN": "norm", "+": "join", "ReLU": "activation"}
        boxes = {"x": (0, 0, "data", "X")}
        for place, text in enumerate(texts, start=1):
            boxes[str(place)] = (place, 0, kinds[text.split()[0]], text)
        return boxes

    rows = {
        "original": chain("3×3\nconv", "BN\nReLU", "3×3\nconv", "BN", "+", "ReLU"),
        "pre-activation": chain("BN\nReLU", "3×3\nconv", "BN\nReLU", "3×3\nconv", "+"),
        "bottleneck": chain("1×1\n256→64", "BN\nReLU", "3×3\nconv", "BN\nReLU", "1×1\n64→256", "BN", "+", "ReLU"),
    }
    fig, axes = subplots(3, 1, width=11.5, height=5.4)
    for ax, (name, boxes) in zip(axes, rows.items(), strict=True):
        names = list(boxes)
        plus = next(key for key, box in boxes.items() if box[3] == "+")
        draw_blocks(ax, boxes, [*itertools.pairwise(names), ("x", plus, 0.85)], box_height=0.8)
        ax.set(xlim=(-0.5, 8.5), ylim=(-0.5, 1.35))
        ax.text(boxes[plus][0] / 2, 0.92, name, ha="center", va="bottom", fontsize=16)
    show(
        fig,
        alt="Three blocks. Original: convolutions first, ReLU after the plus. Pre-activation: batch norm and ReLU "
        "before each convolution, nothing after the plus. Bottleneck: 1×1, 3×3, 1×1.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three kinds of block

# %% slideshow={"slide_type": "-"}
draw_variants()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* BN is batch norm. The *original* block of 2015 has a ReLU after the plus, so what goes around is
# cut at zero block by block. The *pre-activation* block of 2016 moves batch norm and ReLU to the front of each
# convolution. Nothing stands on the skip any more: the output of the last block is the input of the first plus all the
# g. With it the authors trained 1,001 layers. You build it in exercise 16.3.
#
# The *bottleneck* goes down to a quarter of the channels, does its 3×3 there, and comes back: NiN's and Inception's
# 1×1 convolutions again. ResNet-50 and deeper ones are made of it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a bottleneck saves


# %% slideshow={"slide_type": "-"}
class Bottleneck(Residual):
    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        super().__init__(num_channels, use_1x1conv, strides)
        narrow = num_channels // 4
        self.conv1, self.conv2 = conv(narrow, 1, strides), conv(narrow, 3)
        self.back, self.bn3 = conv(num_channels, 1), nn.BatchNorm()

    def g(self, X):
        Y = npx.relu(self.bn1(self.conv1(X)))
        return self.bn3(self.back(npx.relu(self.bn2(self.conv2(Y)))))


for block, channels in ((Residual, 64), (Residual, 256), (Bottleneck, 256)):
    table = summarize(block(channels), (1, channels, 56, 56))
    parameters = f"{table.total_parameters:9,} parameters"
    work = f"{table.total_multiply_adds / 1e6:6,.0f} M multiply-adds"
    print(f"{block.__name__:10} {channels:3}: {parameters} {work}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Four times the channels at about the price of the basic block with few.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The last column counts millions of multiply-adds, at 56×56. A basic block with 256 channels costs
# sixteen times one with 64. The bottleneck with 256 costs less than either: the 3×3 kernels, nine weights each, are
# where few channels are.
#
# `Bottleneck` keeps `forward` as it was: the skip does not care what g is made of.


# %% slideshow={"slide_type": "skip"}
def paper_resnet(num_blocks, block):
    """Return a ResNet for 1000 classes with basic or bottleneck blocks, as in the paper's first table."""
    net = nn.Sequential()
    net.add(conv(64, 7, strides=2), nn.BatchNorm(), nn.Activation("relu"))
    net.add(nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    wide = 4 if block is Bottleneck else 1
    for i, number in enumerate(num_blocks):
        blocks = module(64 * wide * 2**i, number, first_module=i == 0, block=block)
        if i == 0 and wide > 1:  # from 64 channels to 256, at the same size
            blocks = nn.Sequential()
            blocks.add(block(64 * wide, use_1x1conv=True), *[block(64 * wide) for _ in range(number - 1)])
        net.add(blocks)
    net.add(nn.GlobalAvgPool2D(), nn.Dense(1000))
    return net


PAPER = {  # layers: blocks in each module, the block, billions of multiply-adds as the paper's table 1 has them
    18: ((2, 2, 2, 2), Residual, 1.8),
    34: ((3, 4, 6, 3), Residual, 3.6),
    50: ((3, 4, 6, 3), Bottleneck, 3.8),
    101: ((3, 4, 23, 3), Bottleneck, 7.6),
    152: ((3, 8, 36, 3), Bottleneck, 11.3),
}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The five networks of the paper
#
# Multiply-adds for one image of 224×224, in billions: the paper's, and what we count. (2 seconds)

# %% slideshow={"slide_type": "-"}
print("layers  blocks          paper  counted  parameters")
for layers, (num_blocks, block, paper) in PAPER.items():
    table = summarize(paper_resnet(num_blocks, block), (1, 3, 224, 224), depth=1)
    work, parameters = table.total_multiply_adds / 1e9, table.total_parameters / 1e6
    print(f"{layers:6}  {num_blocks!s:14} {paper:6.1f} {work:8.2f} {parameters:9.2f} M")

# %% [markdown] slideshow={"slide_type": "fragment"}
# 50 layers of bottlenecks cost little more than 34 basic ones.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The counts agree with the paper's to a tenth of a billion.
#
# Ask: how does 50 follow from (3, 4, 6, 3)? (Three layers in each of the 16 blocks, and two more.)
#
# The network of 152 layers won the ImageNet competition of 2015: alone it had 4.5 % top-5 error, six together 3.6 %.
# AlexNet had 15.3 % three years before.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One switch: laptop or full size
#
# `D2L_SCALE=full D2L_DATASET=fashion_mnist` in the environment, before Jupyter starts, is for a GPU or an evening.

# %% slideshow={"slide_type": "-"}
width = at_scale(laptop=16, full=64)  # channels of the first module
image_size = at_scale(laptop=32, full=96)
train_size = at_scale(laptop=1500, full=None)  # None: all there are
test_size = at_scale(laptop=500, full=None)
batch_size = at_scale(laptop=32, full=128)
epochs_fast, epochs_slow = at_scale(laptop=(3, 2), full=(8, 2))

# %% [markdown] slideshow={"slide_type": "fragment"}
# The last epochs run at a tenth of the learning rate. A *scheduler* changes it while training goes on.

# %% slideshow={"slide_type": "fragment"}
sizes = {"resize": image_size, "train_size": train_size, "test_size": test_size}
train_loader, test_loader = load_data(batch_size, **sizes)
drop_at = epochs_fast * len(train_loader)  # in minibatches
lr = 0.003
schedule = lr_scheduler.MultiFactorScheduler([drop_at], factor=0.1, base_lr=lr)
adam = optimizer.Adam(learning_rate=lr, lr_scheduler=schedule)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* On the laptop: all 18 layers, with a quarter of the channels, on images of 32×32. At full size:
# the paper's ResNet-18 on 96×96.
#
# Why the drop? At a high rate the weights move so much from batch to batch that batch norm's running statistics lag
# behind, and the test accuracy jumps about (notebook 16). The paper, too, divides the rate by ten when the error stops
# falling.

# %% slideshow={"slide_type": "skip"}
TRAINING = "The training loss falls. Test accuracy jumps about, then steps up when the learning rate drops."

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training ResNet-18: about 8 seconds on two cores

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = resnet(resnet18, num_classes=10, width=width)
options = {"optimizer": adam, "seed": 0, "devices": try_gpu()}
num_epochs = epochs_fast + epochs_slow
words = {"title": "ResNet-18", "alt": TRAINING}
loaders = (train_loader, test_loader)
history = fit(net, *loaders, num_epochs=num_epochs, **options, **words)
print(history.final())

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Eighteen layers, 1,500 images, and it trains from the first batch on. Ask: where did the rate
# drop? (After epoch 3: the test curve steps up and keeps still.)
#
# LeNet of notebook 12 gets a similar accuracy on these digits with less work. ResNet's place is where LeNet has no
# chance: a thousand classes, a million photographs. Here we see that it trains.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A deep plain network can train worse than a shallow one: degradation, not overfitting.
# - A larger class helps for sure only if it contains the smaller one.
# - $f(x) = x + g(x)$: zero weights are the identity, and the gradient always has a way back.
# - ResNet-18 is four modules of two blocks; each next module has half the size and twice the channels.
# - Pre-activation keeps the skip clean; the bottleneck makes depth cheap.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for one sentence each: why does depth hurt without the skip, and why not with it? Then the
# exercises.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 17.1: predict a shape
#
# The block `Residual(128, use_1x1conv=True, strides=2)` gets an array of shape (1, 64, 56, 56). What are the
# channels, height and width of its output, and how many weights has its **1×1 convolution**?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_prediction = ...  # (channels, height, width, weights)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("17.1", my_prediction)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Only one of the two 3×3 convolutions has the stride. The 1×1 convolution stands on the skip: what goes into it, and
# what has to come out? It has no bias.
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
# ResNet-34 has (3, 4, 6, 3) blocks of two layers in its modules of 64, 128, 256 and 512 channels, and 21.8 million
# parameters. Choose four other numbers, each at least 2: still **34 layers**, but **fewer than 15 million**
# parameters.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
num_blocks = ...  # such as (3, 4, 6, 3)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("17.2", num_blocks)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# How many blocks have 34 layers, if the first convolution and the dense layer count one each? A block of the last
# module has 64 times the weights of one of the first: move blocks forward.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# num_blocks = (8, 4, 2, 2)
# ```
#
# Any four numbers with the sum 16 have 34 layers. And they all cost the same multiply-adds: what a block has in
# weights, it saves in places.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 17.3: build the pre-activation block
#
# Two 3×3 convolutions, input and output of the same shape; batch norm and ReLU **before** each convolution,
# and nothing after the sum.


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
# Start with `Y = self.conv1(npx.relu(self.bn1(X)))`. The convolutions need `padding=1`, so that X and Y have the same
# shape.
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
# Put it into `deep` in place of `Residual`, and train it.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - He, Zhang, Ren, Sun: [Deep residual learning for image recognition](https://arxiv.org/abs/1512.03385), 2015. The
#   degradation, the block, ResNet-18 to 152.
# - He, Zhang, Ren, Sun: [Identity mappings in deep residual networks](https://arxiv.org/abs/1603.05027), 2016. The
#   pre-activation block, and why the skip should stay clean.
# - Dive into Deep Learning: [Residual Networks](https://d2l.ai/chapter_convolutional-modern/resnet.html).
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **18 · Modern blocks**, what can be done with a skip besides adding.
