# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 10 · Convolutions
#
# Twenty-five weights, used at every place of a picture, take the place of a million.
#
# *50 minutes · needs 03, 07*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The MLP of notebook 07 read a picture as a list of numbers: neighbors meant nothing to it, and a
# digit moved by three pixels was another input altogether. Today the layer learns what a picture is. It is one
# operation, slow to explain and quick to write; all networks from notebook 12 on are built of it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Derive** the convolution from a dense layer, by two principles.
# - **Compute** it with loops, and get the same from MXNet.
# - **Find** a figure in a crowd, the edges of a photograph, and a kernel by gradient descent.
# - **Predict** the output's size from padding, stride and channels.
# - **Count** what a layer costs in weights and in time.

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
from matplotlib.patches import Rectangle
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    check,
    draw_cells,
    draw_crowd,
    explore,
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
def draw_billions(amounts):
    """Draw a bar for each amount, in billions."""
    fig, ax = subplots(width=10.0, height=2.2)
    names, values = list(amounts), [amount / 1e9 for amount in amounts.values()]
    bars = ax.barh(names, values, color=[COLORS["vermilion"], COLORS["sky"]])
    ax.bar_label(bars, [f"{value:.1f} billion" for value in values], padding=6, fontsize=14)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.25 * max(values)), xticks=[])
    ax.spines["bottom"].set_visible(False)
    show(fig, alt="Two bars: the weights of one dense layer, and below, less than half as long, all dogs and cats.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## From dense to convolution
#
# What a picture allows us to leave out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Dogs and cats with a good camera
#
# A photograph of 12 megapixels in three colors, one dense layer of 100 hidden units:

# %% slideshow={"slide_type": "-"}
inputs = 12_000_000 * 3
weights = inputs * 100
animals = 900_000_000 + 600_000_000  # dogs and cats on earth
print(f"{inputs:,} inputs, {weights:,} weights")
print(f"{4 * weights / 1e9:.1f} GB in single precision")
draw_billions({"weights": weights, "dogs and cats": animals})

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* More than two weights for each dog and cat alive. Even if every one of them were photographed, the
# layer could learn them by heart.
#
# Ask: how many weights did the MLP of notebook 07 have in its first layer, for 28×28 pixels? (784 for each hidden unit.
# It worked because the pictures were tiny.) What could we do without making the pictures small? Collect answers; two
# of them are on the next slides. The 900 million and 600 million are the lecture's estimates.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One of them wears a hat and carries a bag
#
# Nobody else has both. Who finds the figure first?

# %% slideshow={"slide_type": "-"}
crowd = draw_crowd(0)  # image (3, 99, 312), figure (3, 15, 13)
people = "A crowd of 110 small pixel people in colorful clothes."
show_images(crowd.image[None], width=11.4, num_columns=1, alt=people)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Give the class half a minute. Then ask how they searched, which is the point of the picture:
#
# - Did you look for other things at the left than at the right? (No: the same pattern, everywhere. Where it is does
#   not change what it is.)
# - Did you need to see the whole crowd at once? (No: a window as large as one person is enough.)
#
# These are the two principles of the next slide. The picture is made by code, `help(draw_crowd)`: another seed gives
# another crowd.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two principles turn a dense layer into a convolution
#
# A picture in, a picture out, every output joined to every pixel:
# $\quad h_{i,j} = \sum_{k,l} w_{i,j,k,l}\, x_{k,l}$

# %% [markdown] slideshow={"slide_type": "fragment"}
# Count places from $(i, j)$ on, $k = i + a$ and $l = j + b$. Nothing changes but names:
#
# $$h_{i,j} = \sum_{a,b} v_{i,j,a,b}\, x_{i+a,\,j+b} \qquad v_{i,j,a,b} = w_{i,j,\,i+a,\,j+b}$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# **Translation invariance**: the same weights at every place.
#
# $$h_{i,j} = \sum_{a,b} v_{a,b}\, x_{i+a,\,j+b}$$

# %% [markdown] slideshow={"slide_type": "fragment"}
# **Locality**: nothing further away than $\Delta$ counts.
#
# $$h_{i,j} = \sum_{a=-\Delta}^{\Delta} \; \sum_{b=-\Delta}^{\Delta} v_{a,b}\, x_{i+a,\,j+b}$$

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take the steps one at a time. The first line is the layer of notebook 07 with its numbers arranged
# in rectangles instead of lists. The second counts from the output's place: a and b say how far away the pixel is, and
# may be negative.
#
# Ask at the third: which index disappears from v, and what does that say? (i and j: the weights no longer know where
# they are. If x moves by a pixel, h moves by a pixel.) Ask at the last: what does a window of the size of one person
# mean here? (That Δ is about half a person.)
#
# A word on words: that h moves along with x is called *equivariance* by those who want to be exact. The answer "there
# is one somewhere", which does not move at all, is *invariance*. The literature on networks uses the second for both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What each step saves
#
# Pictures of 32×32 pixels, in and out, and $\Delta = 2$:

# %% slideshow={"slide_type": "-"}
n, delta = 32, 2
steps = {
    "dense: each output, each pixel": (n * n) * (n * n),
    "same weights at every place": (2 * n - 1) ** 2,
    "and only nearby": (2 * delta + 1) ** 2,
}
for name, count in steps.items():
    print(f"{name:32} {count:9,} weights")

# %% slideshow={"slide_type": "fragment"}
print(f"the photograph, dense:  {weights:13,} weights")
print(f"100 patterns, 3 colors: {100 * 3 * 5 * 5:13,} weights")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before the second line: why 63? (A pixel lies from 31 places to the left to 31 to the right of
# another: a runs from -31 to 31.) And 5: from -2 to 2.
#
# Back to the camera: 100 patterns of 5×5 pixels, over three colors, instead of 100 hidden units. The number of weights
# no longer depends on the size of the picture. The work does; that is the last section.


# %% slideshow={"slide_type": "skip"}
def draw_grids(ax, parts, titles=None):
    """Draw matrices in a row, all cells of one size, with signs between them.

    A part is a sign, or (values, highlight, colors) as `draw_cells` takes them.
    """
    height = max(len(part[0]) for part in parts if not isinstance(part, str))
    x, titles = 0.0, iter(titles or [])
    for part in parts:
        if isinstance(part, str):
            ax.text(x + 0.55, height / 2, part, ha="center", va="center", fontsize=22)
            x += 1.1
            continue
        values, highlight, color = part
        rows, columns = len(values), len(values[0])
        top = (height - rows) / 2
        inset = ax.inset_axes([x, top, columns, rows], transform=ax.transData)
        draw_cells(inset, values, highlight, color=color)
        ax.text(x + columns / 2, top - 0.15, next(titles, ""), ha="center", va="bottom")
        x += columns
    ax.set(xlim=(-0.1, x + 0.1), ylim=(height + 0.1, -0.65), aspect="equal")
    ax.axis("off")


WINDOWS = "The window at its four places in a 3×3 matrix; the products in it sum to 19, 25, 37 and 43."


def draw_window(ax, place):
    """Draw a 3×3 matrix with the products in a 2×2 window, and the sums of all windows below."""
    row, column = place
    x, kernel = onp.arange(9).reshape(3, 3), onp.arange(4).reshape(2, 2)
    cells = x.astype(str).astype(object)
    inside = onp.zeros((3, 3), dtype=int)
    sums = onp.full((2, 2), "", dtype=object)
    for a in range(2):
        for b in range(2):
            cells[row + a, column + b] = f"{x[row + a, column + b]}·{kernel[a, b]}"
            inside[row + a, column + b] = 1
            if (a, b) <= place:
                sums[a, b] = str((x[a : a + 2, b : b + 2] * kernel).sum())
    chosen = onp.zeros((2, 2), dtype=int)
    chosen[row, column] = 1
    for values, highlight, left, top in ((cells, inside, 0, 0), (sums, chosen, 0.5, 3.5)):
        box = [left, top, len(values), len(values)]
        draw_cells(ax.inset_axes(box, transform=ax.transData), values.tolist(), highlight)
    ax.set(xlim=(-0.1, 3.1), ylim=(5.6, -0.1), aspect="equal")
    ax.axis("off")
    ax.set_title(f"window at {place}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Kernels
#
# Small windows of weights: computed, designed, learned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Cross-correlation: a window slides over the picture
#
# Multiply what lies in the window by the *kernel* $\begin{bmatrix} 0 & 1 \\ 2 & 3 \end{bmatrix}$, entry by entry, and
# add up:

# %% slideshow={"slide_type": "-"}
places = [(0, 0), (0, 1), (1, 0), (1, 1)]
explore(draw_window, places, label="window", alt=WINDOWS, width=11, height=4.2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This kernel has nothing to do with Jupyter's, which runs the Python.
#
# Compute the first sum aloud: 0·0 + 1·1 + 3·2 + 4·3. Let the class compute the second before you show it. Live, the
# slider moves the window.
#
# The window's place is named by its upper left corner from here on; a and b then count from 0, not from -Δ. That is how
# all libraries count, and changes only the numbering.
#
# Ask: how many places does a 2×2 window have in a 3×3 picture? (Two down, two across: n − k + 1 each.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch: two loops


# %% slideshow={"slide_type": "-"}
def corr2d(X, K):
    h, w = K.shape
    Y = np.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


X = np.arange(9).reshape(3, 3)
K = np.array([[0, 1], [2, 3]])
print(rounded(corr2d(X, K), 0))

# %% [markdown] slideshow={"slide_type": "fragment"}
# A layer adds a bias $b$ to every output: $\mathbf{Y} = \mathbf{X} \star \mathbf{W} + b$. The star is `corr2d`.
# Kernel and bias are learned.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the loops aloud: for each place of the output, cut the window out of X, multiply, sum.
#
# Ask: a convolution in mathematics turns the kernel upside down and mirrors it first. Does it matter that ours does
# not? (No: the kernel is learned, and would be learned turned around.) What the field calls convolution is, strictly,
# this cross-correlation.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same from MXNet
#
# Pictures have shape $(N, C, H, W)$, kernels (channels out, channels in, height, width).


# %% slideshow={"slide_type": "-"}
def convolve(X, K):
    batch, kernels = X.reshape(1, 1, *X.shape), K.reshape(1, 1, *K.shape)
    options = {"kernel": K.shape, "num_filter": 1, "no_bias": True}
    return npx.convolution(batch, kernels, **options)[0, 0]


layer = nn.Conv2D(1, kernel_size=2, in_channels=1, use_bias=False)
layer.initialize()
layer.weight.set_data(K.reshape(1, 1, 2, 2))
print(rounded(convolve(X, K), 0))
print(rounded(layer(X.reshape(1, 1, 3, 3)), 0))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `npx.convolution` is the operation, with the kernel as an argument. `nn.Conv2D` is the layer,
# which owns its kernel and gives it to the trainer. Both want a batch axis and a channel axis even for one gray
# picture: hence the reshapes.
#
# `convolve` is our shorthand for single pictures from here on. On a photograph it is thousands of times faster than the
# loops.

# %% slideshow={"slide_type": "skip"}
SHARED = "A 4×9 matrix. Each row holds the kernel's four numbers, shifted; most cells are empty, that is zero."


def draw_shared_weights(W):
    """Draw the dense matrix of a 2×2 kernel over a 3×3 picture, each weight of the kernel in its own color."""
    number = onp.zeros((2, 2, 3, 3), dtype=int)
    for i in range(2):
        for j in range(2):
            number[i, j, i : i + 2, j : j + 2] = [[1, 2], [3, 4]]
    number = number.reshape(4, 9)
    texts = onp.array([f"{weight:g}" for weight in W.asnumpy().flat]).reshape(4, 9)
    cells = onp.where(number > 0, texts, "")
    palette = [COLORS[name] for name in ("sky", "orange", "green", "purple")]
    fig, ax = subplots(width=11.0, height=3.0)
    draw_grids(ax, [(cells.tolist(), number, palette)], ["one column for each pixel, one row for each output"])
    show(fig, alt=SHARED)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### It still is a dense layer: one with shared weights

# %% slideshow={"slide_type": "-"}
W = np.zeros((2, 2, 3, 3))  # an output's place, a pixel's place
for i, j in places:
    W[i, j, i : i + 2, j : j + 2] = K
W = W.reshape(4, 9)
print("dense layer:", rounded(np.dot(W, X.reshape(9)), 0))
draw_shared_weights(W)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Empty cells are zero: **locality**. One color is one weight, in every row: **translation invariance**.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is w with its four indices, written as a matrix: the two principles to be seen. A dense layer
# could learn it, from very many examples. The convolution need not learn it.
#
# Ask: how many numbers does a dense layer learn here, how many the convolution? (36 and 4.)


# %% slideshow={"slide_type": "skip"}
def draw_found(crowd, place):
    """Draw the crowd, with a frame around the figure found."""
    fig, ax = subplots(width=11.4, height=2.85)
    ax.imshow(crowd.image.asnumpy().transpose(1, 2, 0), interpolation="nearest")
    height, width = crowd.figure.shape[1:]
    corner = (place[1] - 2.5, place[0] - 2.5)
    frame = {"fill": False, "edgecolor": COLORS["vermilion"], "linewidth": 4}
    ax.add_patch(Rectangle(corner, width + 4, height + 4, **frame))
    ax.axis("off")
    show(fig, alt="The crowd, with a red frame around a person in a blue coat with a green hat and a red bag.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Found: the figure itself is the kernel


# %% slideshow={"slide_type": "-"}
def find(image, figure):
    kernel = figure.mean(axis=0) - figure.mean()  # (15, 13), gray
    score = convolve(image.mean(axis=0), kernel)  # (85, 300)
    return divmod(int(score.argmax()), score.shape[1])


# %% slideshow={"slide_type": "-"}
for number in range(3):
    other = draw_crowd(number)
    print(f"found at {find(other.image, crowd.figure)}, is at {other.place}")
draw_found(crowd, find(crowd.image, crowd.figure))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The sum is large where bright pixels meet positive weights and dark pixels negative ones: where
# the picture looks like the kernel. `argmax` gives the place of the largest sum, row and column of the upper left
# corner.
#
# Ask: why subtract the mean? (The figure's plain brightness is positive everywhere. The whitest window of the picture
# would score highest, and more than a quarter of all places higher than the figure. With the mean taken off, an even
# place scores zero.)
#
# Three crowds, three places, one kernel: translation invariance. Nobody tells the computer what a hat is; in a network
# the kernel is learned as well.


# %% slideshow={"slide_type": "skip"}
def draw_filtered(images):
    """Show gray or color images (H, W) or (H, W, 3) side by side under their names, each in its own scale."""
    fig, axes = subplots(1, len(images), width=11.4, height=3.2)
    for ax, (name, image) in zip(axes, images.items(), strict=True):
        ax.imshow(image, cmap="gray", interpolation="nearest")
        ax.set_title(name)
        ax.axis("off")
    return fig


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three kernels that people designed

# %% slideshow={"slide_type": "-"}
edges = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
bell = np.array([1, 6, 15, 20, 15, 6, 1]) / 64  # sums to 1
blur = np.outer(bell, bell)  # (7, 7), nearly a Gaussian
photo = load_photo(128, gray=True)[0]  # (128, 128)
results = {"photo": photo, "edges": convolve(photo, edges)}
results |= {"sharpen": convolve(photo, sharpen), "blur": convolve(photo, blur)}
pictures = {name: Y.clip(0, 1).asnumpy() for name, Y in results.items()}
four = "A portrait; its edges, bright on black; sharper; and blurred."
show(draw_filtered(pictures), alt=four)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for each kernel: what do its entries sum to, and what does it do on an even wall? (Edges: 0,
# so black. Sharpen: 1, the wall stays. It is the picture plus its edges. Blur: 1, the wall stays, and details are
# averaged away.)
#
# For decades, people designed such kernels by hand. The next slides let the data do it. The photograph shows Grace
# Hopper, who wrote one of the first compilers.


# %% slideshow={"slide_type": "skip"}
def draw_edge(X, K, Y):
    """Draw a picture of ones and zeros, a kernel of two weights and the result, where edges are marked."""
    fig, ax = subplots(width=11.4, height=3.4)
    signs = onp.where(Y.asnumpy() > 0, 1, onp.where(Y.asnumpy() < 0, 2, 0))
    parts = [
        (X.tolist(), X.asnumpy() == 0, "#8A8A8A"),
        "★",
        (K.tolist(), None, "#FFFFFF"),
        "=",
        (Y.tolist(), signs, [COLORS["sky"], COLORS["orange"]]),
    ]
    draw_grids(ax, parts, ["bright 1, dark 0", "kernel", "edges"])
    show(fig, alt="A 6×8 picture with a dark block; the result is 1 at its left edge, −1 at its right edge, else 0.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The smallest edge detector
#
# $[1, -1]$ subtracts the right neighbor. Where nothing changes, nothing is left.

# %% slideshow={"slide_type": "-"}
X_edge = np.ones((6, 8))
X_edge[:, 2:6] = 0
K_true = np.array([[1, -1]])
Y_edge = convolve(X_edge, K_true)  # (6, 7)
draw_edge(X_edge, K_true, Y_edge)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* 1 where bright turns dark from left to right, -1 where dark turns bright.
#
# Ask: what does it say about a horizontal edge? (Nothing: left and right neighbor are equal there. Exercise 10.2 is
# about that.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Learn the kernel from examples
#
# Given only the picture and its edges, gradient descent finds the kernel.

# %% slideshow={"slide_type": "-"}
random = onp.random.RandomState(0)
K_learned = np.array(random.normal(size=(1, 2)), dtype="float32")
K_learned.attach_grad()
for step in range(21):
    with autograd.record():
        loss = ((convolve(X_edge, K_learned) - Y_edge) ** 2).mean()
    loss.backward()
    if step % 4 == 0:
        print(f"{step:2}  loss {float(loss):.3f}  {rounded(K_learned, 2)}")
    K_learned[:] = K_learned - 1.0 * K_learned.grad

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nobody told it that the answer is $[1, -1]$. A network learns all its kernels this way.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The loop is that of notebook 04: predict, loss, gradient, step. Only the model is new, and
# `backward` knows how to differentiate it.
#
# Ask: if the picture were all white, what could be learned? (Every window is [1, 1], so only the sum of the two
# weights: 0. Examples must show what is to be learned.)

# %% [markdown] slideshow={"slide_type": "skip"}
# The same with Gluon: the layer brings its kernel and a random start, the trainer makes the step.

# %% slideshow={"slide_type": "skip"}
seed(0)
layer = nn.Conv2D(1, kernel_size=(1, 2), in_channels=1, use_bias=False)
layer.initialize(init.Normal(1))
trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 1.0})
batch, target = X_edge.reshape(1, 1, 6, 8), Y_edge.reshape(1, 1, 6, 7)
for _ in range(21):
    with autograd.record():
        loss = ((layer(batch) - target) ** 2).mean()
    loss.backward()
    trainer.step(1)  # the loss is a mean already
print(rounded(layer.weight.data(), 2))


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Padding and stride
#
# Two ways to choose the size of what comes out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Every layer makes the picture smaller
#
# $n - k + 1$ places for a window of $k$ in a picture of $n$. With 5×5 kernels:


# %% slideshow={"slide_type": "-"}
def sides(n, k, smallest):
    result = [n]
    while result[-1] > smallest:
        result.append(result[-1] - k + 1)
    return result


small, large = sides(32, 5, smallest=4), sides(224, 5, smallest=4)
print(*small, sep=" → ")
print(len(small) - 1, "layers from 32 to 4")
print(len(large) - 1, "layers from 224 to", large[-1])

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says 44 layers for 224. The cell says 55: each takes off 4, and 220 are to go.
#
# Two wishes follow: to lose nothing (**padding**), and to get small faster (**stride**).

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The same holds for the columns, with their own n and k.
#
# Pixels at the border also have less say: the corner pixel is seen by one window, a pixel in the middle by 25.
#
# Ask: when is shrinking bad? (When the network should be deep: after 7 layers a picture of 32×32 has been used up.)
# When is it wanted? (At the end we need ten numbers, one for each class, not a picture.)


# %% slideshow={"slide_type": "skip"}
def draw_padding(padded, K, Y):
    """Draw the padded 3×3 picture, its zeros shaded, the kernel and the 4×4 result."""
    border = onp.ones((5, 5), dtype=int)
    border[1:4, 1:4] = 0
    border[:2, :2] = 2
    first = onp.zeros((4, 4), dtype=int)
    first[0, 0] = 2
    palette = ["#E2E2E2", COLORS["sky"]]
    fig, ax = subplots(width=11.4, height=3.1)
    parts = [(padded.tolist(), border, palette), "★", (K.tolist(), None, palette), "=", (Y.tolist(), first, palette)]
    draw_grids(ax, parts, ["3×3, padded to 5×5", "kernel", "4×4"])
    show(fig, alt="A 3×3 matrix in a ring of zeros, times a 2×2 kernel, gives a 4×4 matrix; its first entry is 0.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Padding: zeros around the picture
#
# With $p$ rows of zeros in all, $n - k + p + 1$ rows come out. $p = k - 1$ keeps the size.

# %% slideshow={"slide_type": "-"}
padded = np.pad(X, ((1, 1), (1, 1)))  # above and below, left and right
Y = convolve(padded, K)
n, k, p = 3, 2, 2
print("formula:", n - k + p + 1, " shape:", Y.shape)
draw_padding(padded, K, Y)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Gluon's `padding=1` means one row on **each** side: $p = 2$ in the formula.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compute the first entry together: the window in the corner holds three zeros and a pixel that is 0
# itself. Then the second: 0·0 + 0·1 + 0·2 + 1·3.
#
# The trap of the slide is the factor two. The lecture's formula counts p above and below together, Gluon's argument is
# one side's. Ask: which `padding` keeps the size with a 5×5 kernel? (p = 4 in all, so padding=2. And 3×3? padding=1.)
#
# Here k = 2, and p = 2 is one more than k − 1: the picture grows. To keep the size with an even kernel, one side needs
# a row more than the other: half of p rounded up on top, rounded down at the bottom. Gluon's layer cannot do that,
# `np.pad` can; it is one reason why nearly all kernels are odd.


# %% slideshow={"slide_type": "skip"}
def draw_stride(padded, K, Y):
    """Draw the padded picture with the four windows of stride 3 and 2, the kernel and the result."""
    windows = onp.zeros((5, 5), dtype=int)
    for number, (top, left) in enumerate(((0, 0), (0, 2), (3, 0), (3, 2))):
        windows[top : top + 2, left : left + 2] = number + 1
    palette = [COLORS[name] for name in ("sky", "orange", "green", "purple")]
    fig, ax = subplots(width=11.4, height=3.1)
    parts = [(padded.tolist(), windows, palette), "★", (K.tolist(), None, palette), "="]
    parts.append((Y.tolist(), [[1, 2], [3, 4]], palette))
    draw_grids(ax, parts, ["3 down, 2 to the right", "kernel", "2×2"])
    show(fig, alt="A padded 5×5 matrix with four colored 2×2 windows; the result has four entries in the same colors.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Stride: slide by more than one
#
# $$\text{rows out} = \left\lfloor \frac{n - k + p + s}{s} \right\rfloor$$

# %% slideshow={"slide_type": "-"}
layer = nn.Conv2D(1, 2, strides=(3, 2), padding=1, use_bias=False)
layer.initialize()
layer(X.reshape(1, 1, 3, 3))  # the first call fixes the kernel's shape
layer.weight.set_data(K.reshape(1, 1, 2, 2))
Y = layer(X.reshape(1, 1, 3, 3))[0, 0]
draw_stride(padded, K, Y)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Three down, two across. A stride larger than the kernel leaps over pixels, here over the row in
# the middle. And the window stops where it no longer fits, so the last column is never seen: that is what the floor
# brackets say.
#
# Height and width each have their own stride, and the formula holds for each of them.
#
# Compute two together: the upper right window, 0·0 + 0·1 + 1·2 + 2·3 = 8, and the lower left, 0·0 + 6·1 + 0 + 0 = 6.
#
# Check the formula with the class: rows (3 − 2 + 2 + 3)/3 = 2; columns (3 − 2 + 2 + 2)/2 = 2.5, so 2.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The formula against the layer


# %% slideshow={"slide_type": "-"}
def output_size(n, k, p=0, s=1):  # p rows of padding in all
    return (n - k + p + s) // s


print("  n  k  padding  s   formula  layer")
for n, k, padding, s in [(32, 5, 0, 1), (32, 5, 2, 1), (224, 5, 2, 2), (7, 3, 1, 3)]:
    layer = nn.Conv2D(1, k, padding=padding, strides=s)
    layer.initialize()
    side = layer(np.zeros((1, 1, n, n))).shape[2]
    formula = output_size(n, k, 2 * padding, s)
    print(f"{n:3} {k:2} {padding:8} {s:2} {formula:9} {side:6}")

# %% slideshow={"slide_type": "fragment"}
halves = [224]
while halves[-1] > 4:
    halves.append(output_size(halves[-1], 5, p=4, s=2))
print(*halves, sep=" → ")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* With p = k − 1 the formula becomes ⌊(n + s − 1)/s⌋, and n/s if s divides n: stride 2 halves. Six
# layers, not 55.
#
# The same formula is in notebook 12 in the form (n − k + 2·padding)/s + 1, rounded down. Ask whether these are equal.
# (Yes: the s in the numerator is the + 1.)


# %% slideshow={"slide_type": "skip"}
def draw_channels(X, K, Y):
    """Draw two channels, each times its own kernel, and the sum; the first window is colored."""
    fig, ax = subplots(width=11.4, height=2.6)
    window = onp.zeros((3, 3), dtype=int)
    window[:2, :2] = 1
    sky = COLORS["sky"]
    parts = []
    for channel, kernel in zip(X.tolist(), K.tolist(), strict=True):
        parts += [(channel, window, sky), "★", (kernel, None, sky), "+"]
    parts[-1] = "="
    parts.append((Y.tolist(), [[1, 0], [0, 0]], sky))
    draw_grids(ax, parts, ["channel 0", "its kernel", "channel 1", "its kernel", "sum"])
    show(fig, alt="Channel 0 times its kernel plus channel 1 times its kernel gives one matrix; its first entry is 56.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Channels
#
# Colors go in, features come out. What does it all cost?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Channels in: a kernel for each, and one sum
#
# Red, green and blue say more than gray. Each input channel has a kernel; the results are added.

# %% slideshow={"slide_type": "-"}
X2 = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]])
K2 = np.array([[[1, 2], [3, 4]], [[0, 1], [2, 3]]])  # (2, 2, 2)
by_channel = [corr2d(x, k) for x, k in zip(X2, K2, strict=True)]
print("sum of both:", rounded(sum(by_channel), 0))
options = {"kernel": (2, 2), "num_filter": 1, "no_bias": True}
print("MXNet:      ", rounded(npx.convolution(X2[None], K2[None], **options), 0))
draw_channels(X2, K2, sum(by_channel))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The upper left entry: (1·1 + 2·2 + 4·3 + 5·4) + (0·0 + 1·1 + 3·2 + 4·3) = 37 + 19 = 56.
#
# $\mathbf{Y} = \sum_i \mathbf{X}_{i,:,:} \star \mathbf{W}_{i,:,:}$, one matrix, however many channels go in. The window
# slides down and across only; through the channels it reaches all the way.
#
# Ask: what can a color picture tell that a gray one cannot? (Ripe from unripe, skin from wall: different colors may
# have the same brightness.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Channels out: one stack of kernels for each
#
# $$\mathbf{Y}_{i,:,:} = \mathbf{X} \star \mathbf{W}_{i,:,:,:} + b_i \qquad i = 1, \dots, c_o$$

# %% slideshow={"slide_type": "-"}
layer = nn.Conv2D(channels=16, kernel_size=5)  # c_o, k
layer.initialize()
Y = layer(np.zeros((1, 3, 32, 32)))  # c_i is read off the input
print(f"X  {(3, 32, 32)!s:15} c_i, height, width")
print(f"W  {layer.weight.shape!s:15} c_o, c_i, k, k")
print(f"b  {layer.bias.shape!s:15} c_o")
print(f"Y  {Y.shape[1:]!s:15} c_o, height, width")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says that the bias has $c_o \times c_i$ numbers. The layer says $c_o$.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Four indices: which output, which input, row, column. Read the shapes off with the class.
#
# Ask: how many numbers does this layer learn? (16·3·5·5 + 16.) Does it depend on the picture's size? (No.)
#
# Why one bias each? A second one for every input channel would only be added to the first: their sum is all that
# matters.


# %% slideshow={"slide_type": "skip"}
def draw_maps(photo, Y, titles):
    """Show a color photo and the output channels (c_o, H, W); of the edges, how strong they are."""
    maps = [abs(Y[0]), abs(Y[1]), Y[2].clip(0, None)]
    pictures = {"photo": photo.asnumpy().transpose(1, 2, 0)}
    pictures |= {title: values.asnumpy() for title, values in zip(titles, maps, strict=True)}
    alt = "A color portrait and three gray maps: vertical edges, horizontal edges, red things such as skin and stripes."
    show(draw_filtered(pictures), alt=alt)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Each output channel looks for something else

# %% slideshow={"slide_type": "-"}
photo = load_photo(128)  # (3, 128, 128)
W = np.zeros((3, 3, 3, 3))  # (c_o, c_i, k, k)
W[0, :, :, 0], W[0, :, :, 2] = 1, -1  # left minus right, in all colors
W[1, :, 0, :], W[1, :, 2, :] = 1, -1  # above minus below
W[2, 0], W[2, 1:] = 2, -1  # twice red, minus green, minus blue
options = {"kernel": (3, 3), "num_filter": 3, "no_bias": True}
Y = npx.convolution(photo[None], W, **options)[0]  # (3, 126, 126)
draw_maps(photo, Y, ["vertical edges", "horizontal edges", "red"])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One layer, three output channels, three questions to the same picture. An output channel is also
# called a *feature map*: a picture of where a pattern is. The two edge maps are drawn by strength, without the sign.
#
# Ask: which of the three could not be computed from the gray picture? (Red.) What would a second layer do with these
# maps? (Combine them: a vertical edge beside a horizontal one is a corner. Layers upon layers make eyes of edges, and
# faces of eyes.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A 1×1 convolution is a dense layer over pixels
#
# It sees no neighbors. It mixes channels, each pixel for itself.

# %% slideshow={"slide_type": "-"}
X3 = np.arange(48).reshape(3, 4, 4)  # (c_i, height, width)
W3 = np.array([[1, 0, -1], [2, 1, 3]])  # (c_o, c_i)
options = {"kernel": (1, 1), "num_filter": 2, "no_bias": True}
conv = npx.convolution(X3[None], W3.reshape(2, 3, 1, 1), **options)[0]

dense = nn.Dense(2, in_units=3, use_bias=False)
dense.initialize()
dense.weight.set_data(W3)
pixels = X3.reshape(3, 16).T  # (16, 3): a row for each pixel
mixed = dense(pixels).T.reshape(2, 4, 4)
print(conv.shape, mixed.shape, "equal:", bool((conv == mixed).all()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The dense layer takes n_h · n_w examples of c_i numbers and has c_o × c_i weights. Turning color
# into gray is a 1×1 convolution, with three weights.
#
# Ask: why would anyone want it? (To change the number of channels at little cost: 256 maps in, 64 out. Notebooks 14,
# 14 and 16 are built on it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Few weights, much work
#
# Each weight is used at every place of the output: $c_i\, c_o\, k^2\, m^2$ multiply-adds.

# %% slideshow={"slide_type": "-"}
c_in, c_out, k, m = 100, 100, 5, 64  # m×m places in the output
one = c_in * c_out * k * k * m * m
table = summarize(nn.Conv2D(c_out, k, padding=2), (1, c_in, m, m))
print(f"a layer: {one / 1e9:.2f} GFLOP, counted {table.total_multiply_adds:,}")
training = 10 * 1_000_000 * one  # 10 layers, 1 million pictures
print(f"10 layers, 1 million pictures: {training / 1e15:.1f} PFLOP")
for name, speed in (("CPU", 0.15e12), ("GPU", 12e12)):
    hours = training / speed / 3600
    print(f"{name} at {speed / 1e12:g} TFLOP/s: {hours:.1f} h, {60 * hours:,.0f} min")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says 18 h and 14 min: it starts from 10 PFLOP, and rounds the hours down.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Here, as in many papers, FLOP counts a multiplication with its addition as one. Notebook 01 and
# hardware makers count two, so the makers' TFLOP/s promise twice as much as this slide uses; and no program reaches
# them.
#
# Ask: this is one pass forward. What does training need in addition? (The pass back costs about twice as much again,
# and there is more than one epoch.) Which is why there is notebook 09.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - Same weights everywhere, and only nearby: a dense layer becomes a convolution.
# - Multiply the window by the kernel, add up, move on. Kernels are learned.
# - Out come $\lfloor (n - k + p + s) / s \rfloor$ rows; $p$ counts both sides, Gluon's `padding` one.
# - Weights $c_o \times c_i \times k \times k$, bias $c_o$, whatever the picture's size.
# - The work is weights times places.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 10.1: predict three sizes
#
# How many rows come out?
#
# - 28 rows into `nn.Conv2D(6, kernel_size=5)`
# - 64 rows into `nn.Conv2D(8, kernel_size=3, padding=1)`
# - 224 rows into `nn.Conv2D(64, kernel_size=7, strides=2, padding=3)`

# %% slideshow={"slide_type": "-"} tags=["exercise"]
rows_out = ...  # (first, second, third)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("10.1", rows_out)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# $\lfloor (n - k + p + s) / s \rfloor$, and $p$ is twice Gluon's `padding`. What is not given is `padding=0` and
# `strides=1`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# rows_out = (24, 64, 112)
# ```
#
# 28 − 5 + 1; 64 − 3 + 2 + 1; (224 − 7 + 6 + 2)/2 = 112.5, rounded down.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 10.2: change the edge detector
#
# `[[1, -1]]` finds edges that run down. Change it so that it finds edges that run **across**: 1 where
# a bright row lies above a dark one, −1 where dark lies above bright, 0 elsewhere.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
across = ...  # np.array([[1, -1]]) finds the others

# %% slideshow={"slide_type": "-"} tags=["check"]
check("10.2", across)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The kernel must subtract the neighbor below. What shape has a window that holds a pixel and the one below it?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# across = np.array([[1], [-1]])  # or np.array([[1, -1]]).T
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 10.3: build padding and stride
#
# Extend `corr2d`: with `padding` rows and columns of zeros on each side, and the window moving by `stride`, down and
# across. Loops are fine; `npx.convolution` is not asked for.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def corr2d_strided(X, K, padding=0, stride=1):
    """X (n_h, n_w), K (k_h, k_w); returns the output as a matrix."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("10.3", corr2d_strided)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# First `np.pad(X, ((padding, padding), (padding, padding)))`. Then the loops of `corr2d`: output $(i, j)$ belongs to
# the window whose corner is at $(i \cdot \text{stride}, j \cdot \text{stride})$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def corr2d_strided(X, K, padding=0, stride=1):
#     X = np.pad(X, ((padding, padding), (padding, padding)))
#     h, w = K.shape
#     rows = (X.shape[0] - h + stride) // stride
#     columns = (X.shape[1] - w + stride) // stride
#     Y = np.zeros((rows, columns))
#     for i in range(rows):
#         for j in range(columns):
#             top, left = i * stride, j * stride
#             Y[i, j] = (X[top : top + h, left : left + w] * K).sum()
#     return Y
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Convolutional Neural
#   Networks](https://d2l.ai/chapter_convolutional-neural-networks/index.html)
# - Dumoulin and Visin, [A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285), 2016:
#   every combination of padding and stride, drawn
# - Fukushima, [Neocognitron](https://doi.org/10.1007/BF00344251), 1980: shared local weights, before gradient descent
#   learned them
# - LeCun and others, [Backpropagation applied to handwritten zip code
#   recognition](https://doi.org/10.1162/neco.1989.1.4.541), 1989: when it did
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **11 · Pooling**, a layer that forgives small shifts.
