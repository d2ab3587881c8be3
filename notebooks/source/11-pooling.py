# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 11 · Pooling
#
# How can a network forgive a shift by one pixel, and what does it forget in return?
#
# *40 minutes · needs 07, 10 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Write a 7, and write it again, one pixel further to the left. You won't notice the difference, but a convolution does.
# It is *equivariant* (notebook 10): when the image moves, all its answers move along. A dense layer that reads these
# answers has a weight of its own for each position, so after a shift by a single pixel, every answer meets a weight
# that was learned for its neighbor.
#
# *Pooling* is a small layer that makes the answers less exact on purpose. It has no weights and learns nothing. What it
# adds is another piece of what a network can know about pictures before it sees any: *exactly where something is
# doesn't matter, as long as it is about there*. It also bears on the question of part 1, whether a model will work on
# data it has not seen, because new images never agree with the training images to the pixel.
#
# Forgiving has a price: what a layer doesn't pass on, no later layer can use. In this notebook you measure both sides,
# first on the numbers that a single layer puts out, where nothing is trained and nothing is left to chance, and then in
# networks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** how much the answers of a convolution change when an image moves by one pixel.
# - **Build** max and average pooling from scratch, and find them in Gluon.
# - **Explain** what a stride of 2 does to a shift by one pixel.
# - **Compute** the sizes and the gradients of pooling layers.
# - **Measure** what pooling forgives and what it forgets, in a layer and in trained networks.

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
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    check,
    explore,
    fit,
    load_images,
    load_photo,
    rounded,
    seed,
    show_images,
    show_table,
    summarize,
)
from d2lhelpers.figures import nb11_pooling as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A window without weights
#
# A convolution says exactly where a pattern is. That is often more than the next layer should know.


# %% slideshow={"slide_type": "skip"}
def bright(columns):
    """Return an image (4, 5) whose first columns are bright."""
    return np.array([[1] * columns + [0] * (5 - columns)] * 4)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### An edge, and the same edge one pixel further left
#
# The kernel $[1, -1]$ of notebook 10 answers 1 where bright turns dark, read from left to right.


# %% slideshow={"slide_type": "-"}
def detect_edges(image):
    return image[:, :-1] - image[:, 1:]  # cross-correlation with [1, −1]


edges, moved_edges = detect_edges(bright(3)), detect_edges(bright(2))  # (4, 4) each
maps = {"image": bright(3), "its edges": edges}
maps |= {"moved": bright(2), "its edges now": moved_edges}
EDGES = "The edges are a column of ones; in the moved image, the column to its left."
figures.matrices(maps, EDGES, height=2.6)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what moves an edge by a pixel in practice: the camera, another font, another hand.

# %% [markdown] slideshow={"slide_type": "skip"}
# The two images differ in a single column of pixels, and no person would call them different. But the two answers have
# no position in common: wherever one of them is 1, the other is 0. Suppose that the next layer is dense, and has
# learned to expect the edge in column 2. In the moved image it sees nothing at all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Max pooling: the largest number in a window
#
# A window slides over the input, as in a convolution. What comes out is the largest number in it.

# %% slideshow={"slide_type": "-"}
WINDOWS = "A 2×2 window at its four positions; the largest numbers are 4, 5, 7, 8."
positions = [(0, 0), (0, 1), (1, 0), (1, 1)]
explore(figures.window, positions, label="window", alt=WINDOWS, play=True, height=2.9)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nothing is multiplied, and nothing is learned: the window has no weights.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class say the four numbers before you show the picture. Could a convolution do this?

# %% [markdown] slideshow={"slide_type": "skip"}
# This is *max pooling*. Its relative, *average pooling*, takes the mean of the window instead.
#
# **Question.** Could a convolution compute the same as average pooling? And as max pooling?
#
# <details><summary>Answer</summary>
#
# The mean of 2×2 numbers is a convolution with a kernel of four weights of 1/4 each, applied to each channel by itself.
# The maximum is not a convolution, because it isn't linear: max(1, 0) + max(0, 1) = 2, but the maximum of the sum of
# the two windows is max(1, 1) = 1.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch: a convolution's loops, another last line


# %% slideshow={"slide_type": "-"}
def pool2d(X, size, stride, reduce=np.max):
    rows = (X.shape[0] - size + stride) // stride
    columns = (X.shape[1] - size + stride) // stride
    Y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            Y[i, j] = reduce(X[top : top + size, left : left + size])
    return Y


# %% slideshow={"slide_type": "-"}
numbers = np.arange(9).reshape(3, 3)
print("largest:", rounded(pool2d(numbers, 2, stride=1), 0))
print("mean:   ", rounded(pool2d(numbers, 2, stride=1, reduce=np.mean), 1))

# %% [markdown] slideshow={"slide_type": "skip"}
# The numbers of rows and columns follow from the formula of notebook 10, and the loops are the same as for a
# convolution with a stride. Only the last line differs: the window is reduced to its largest number, or to its mean,
# instead of being multiplied by a kernel.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In Gluon, a pooling layer's stride is its window

# %% slideshow={"slide_type": "-"}
batch = numbers.reshape(1, 1, 3, 3)  # (images, channels, height, width)
for layer, reduce in ((nn.MaxPool2D, np.max), (nn.AvgPool2D, np.mean)):
    Y = layer(pool_size=2, strides=1)(batch)[0, 0]
    equal = bool((pool2d(numbers, 2, stride=1, reduce=reduce) == Y).all())
    print(f"{layer.__name__}: {rounded(Y, 1)}, as from scratch: {equal}")
print("without strides=1:", rounded(nn.MaxPool2D(pool_size=2)(batch), 0))

# %% [markdown] slideshow={"slide_type": "skip"}
# The last line may surprise you. A convolution in Gluon has stride 1 unless you say otherwise. A pooling layer has the
# stride of its window, so that windows lie side by side. Only one window of 2×2 fits into 3×3 numbers in this way, and
# the last row and the last column are never looked at.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With stride 1, the two answers share a column
#
# Now each position asks: is there an edge here, *or next to here*?

# %% slideshow={"slide_type": "-"}
pooled = pool2d(edges, 2, stride=1)  # (3, 3)
moved_pooled = pool2d(moved_edges, 2, stride=1)
maps = {"edges": edges, "pooled": pooled}
maps |= {"moved edges": moved_edges, "moved, pooled": moved_pooled}
POOLED = "The pooled edge fills the last two columns, the moved one the first two."
figures.matrices(maps, POOLED)
print("positions at which both answer:", int((pooled * moved_pooled).sum()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what happens if the edge moves by two pixels.

# %% [markdown] slideshow={"slide_type": "skip"}
# The window is two columns wide, so it sees the edge from two positions, and one of these remains when the edge moves
# by one pixel. The price is that the answer no longer says in which of two columns the edge is.
#
# **Question.** What do the two answers share if the edge moves by two pixels? And with a window of three columns?
#
# <details><summary>Answer</summary>
#
# With a window of two, nothing. With a window of three, the edge is seen from three positions (if there is room), and
# one of them is left after a shift by two. A window tolerates less than its own width.
#
# </details>
#
# Most networks don't pool like this. They move the window by its own width, as Gluon's layers do by themselves, so that
# height and width are halved. Windows then lie side by side, and nothing is seen from two positions anymore.
#
# **Guess first.** Does pooling with stride 2 still tolerate a shift by one pixel? Better than with stride 1, or worse?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With stride 2, one pixel changes nothing, or everything
#
# The same edge in column 2, 1, and 0, and windows side by side:

# %% slideshow={"slide_type": "-"}
three = {f"edge in column {c}": detect_edges(bright(c + 1)) for c in (2, 1, 0)}
pooled = [pool2d(values, 2, stride=2) for values in three.values()]  # (2, 2) each
figures.side_by_side(three, pooled, size=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class say which of the two shifts the pooled map notices, and why.

# %% [markdown] slideshow={"slide_type": "skip"}
# When the edge moves from column 1 to column 0, it stays in its window, and the pooled map doesn't change at all. When
# it moves from column 2 to column 1, it crosses the border between two windows, and the pooled map has nothing in
# common with the one before. So it depends on the position. Let's try several positions: an edge is a single 1 in a
# row of eight numbers, it moves by one position to the left, and we count which part of the pooled answers stays.


# %% slideshow={"slide_type": "skip"}
def edge_at(column):
    row = np.zeros((1, 1, 1, 8))
    row[..., column] = 1
    return row


def part_that_stays(layer, column):
    before, after = layer(edge_at(column)), layer(edge_at(column - 1))
    return (before * after).sum().item() / before.sum().item()


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### On average, both strides tolerate the same

# %% slideshow={"slide_type": "-"}
layers = {
    "without pooling": nn.MaxPool2D(pool_size=(1, 1)),  # windows of one number
    "stride 1": nn.MaxPool2D(pool_size=(1, 2), strides=1),
    "stride 2": nn.MaxPool2D(pool_size=(1, 2)),
}
rows = [("the edge moves from", *layers)]
for column in (5, 4, 3, 2):
    parts = [part_that_stays(layer, column) for layer in layers.values()]
    rows.append((f"column {column} to {column - 1}", *(f"{part:.0%}" for part in parts)))
show_table(rows, "which part of the answers stays the same")

# %% [markdown] slideshow={"slide_type": "skip"}
# At stride 1, half of the answers stay at every position. At stride 2, it is all of them or none of them, in turns, and
# this is half on average. The stride makes the tolerance uneven, and neither increases nor reduces it.
#
# You can also say this in the language of notebook 10. A layer with stride 2 is equivariant only to shifts by a
# multiple of 2: if the edge moves by two columns, the pooled map moves by exactly one. After two such layers it is a
# multiple of 4, and after three a multiple of 8. Everything in between makes the maps flicker, as when a wheel in a
# film seems to turn backward: the map is sampled too coarsely for the details that it contains, which is called
# *aliasing*. The remedy of signal processing is to blur before skipping: take the maximum at stride 1, blur, and only
# then keep every second number (Zhang, 2019; see *Where to read on*).
#
# Let's look at both strides on a digit. As in notebook 10, `move` moves images to the right, and zeros come in from the
# left. The function `edge_maps` applies the kernel that compares a pixel with its four neighbors, and ReLU.


# %% slideshow={"slide_type": "skip"}
def move(X, columns):  # X (..., height, width)
    return np.pad(X, ((0, 0),) * (X.ndim - 1) + ((columns, 0),))[..., : X.shape[-1]]


def edge_maps(X):  # (N, 1, 28, 28)
    kernel = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]).reshape(1, 1, 3, 3)
    options = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 1, "no_bias": True}
    return npx.relu(npx.convolution(X, kernel, **options))


# %% slideshow={"slide_type": "skip"}
digits = load_images(source="mnist", size=500)[0]  # (500, 1, 28, 28)


def draw_moved(ax, columns):
    answers = edge_maps(move(digits[:1], columns))
    maps = {"stride 1": nn.MaxPool2D(2, strides=1)(answers), "stride 2": nn.MaxPool2D(2)(answers)}
    figures.moving(ax, {name: values[0, 0] for name, values in maps.items()})


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Watch both pooled maps while a digit moves
#
# At stride 1 the map glides. At stride 2 it changes its shape, and is itself again after two columns.

# %% slideshow={"slide_type": "-"}
MOVING = "The pooled edges of a digit, moved by 0, 1, and 2 columns, at both strides."
cases = [0, 1, 2]
options = {"values": range(9), "play": True, "label": "columns", "height": 2.9}
explore(draw_moved, cases, alt=MOVING, width=11.6, **options)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What is kept, and what is lost
#
# The largest or the mean, each channel by itself; what the window doesn't pass on is gone.

# %% slideshow={"slide_type": "skip"}
portrait = load_photo(320, gray=True)[None]  # (1, 1, 320, 320)


def draw_pooled(ax, size):
    """Draw the photograph, pooled with windows of size×size."""
    largest, mean = (layer(pool_size=size)(portrait)[0, 0] for layer in (nn.MaxPool2D, nn.AvgPool2D))
    figures.largest_and_mean(ax, largest, mean, size)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### On pixels, the mean looks right, the maximum too bright

# %% slideshow={"slide_type": "-"}
PORTRAIT = "A portrait, pooled with windows of 5 and 16 pixels; maxima are brighter."
sizes = [2, 4, 5, 8, 10, 16, 20, 32]  # the slider's, when live
options = {"values": sizes, "label": "window", "width": 11.6, "height": 3.5}
explore(draw_pooled, [5, 16], alt=PORTRAIT, **options)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which of the two would you use to shrink a photograph? Then why do most networks take the maximum?

# %% [markdown] slideshow={"slide_type": "skip"}
# The left picture of each pair keeps the brightest pixel of each window, the right one the mean. To shrink a
# photograph, you would take the mean: it looks like the same photograph, seen from further away. The maximum has lost
# everything that is dark and thin.
#
# So why do most networks that pool between their convolutions take the maximum? One reason is that there, the layer
# doesn't look at pixels. It looks at the answers of a convolution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On the answers of a convolution, the mean fades what is thin

# %% slideshow={"slide_type": "-"}
answers = abs(portrait[..., :-1] - portrait[..., 1:])  # how strong the edges are
largest, mean = nn.MaxPool2D(8)(answers), nn.AvgPool2D(8)(answers)
maps = {"edges": answers, "largest of 8×8": largest, "mean of 8×8": mean}
THIN = "Edges of a face, thin and bright; the maxima stay bright, the means are dark."
maps = {name: values[0, 0] for name, values in maps.items()}
figures.pictures(maps, THIN, brightest=0.5)
print(f"strongest answer: largest {largest.max().item():.2f}, mean {mean.max().item():.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All three pictures have the same gray scale. How much of an 8×8 window does a thin edge fill?

# %% [markdown] slideshow={"slide_type": "skip"}
# All three pictures have the same gray scale. An edge that is one pixel wide and runs straight through a window fills
# an eighth of its 64 positions, so the mean is an eighth of the edge's strength. The maximum passes it on undiminished.
# In words: **the maximum says whether a pattern is there, the mean says how much of it there is.** A convolution that
# looks for something particular answers strongly at few positions only, and the maximum doesn't let these answers fade.
# At the end of a network, where the question is what an image consists of as a whole, the mean is common (notebooks 14
# and 17).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The gradient goes to the winner
#
# Only the largest number of a window moves the output, so it gets all of the gradient.

# %% slideshow={"slide_type": "-"}
inputs = np.array([[3, 1, 0, 2], [2, 0, 5, 1], [1, 1, 4, 0], [0, 6, 2, 3]])
inputs.attach_grad()
maps = {"input": inputs}
for name, layer in (("gradient of max", nn.MaxPool2D(2)), ("of average", nn.AvgPool2D(2))):
    with autograd.record():
        total = layer(inputs.reshape(1, 1, 4, 4)).sum()
    total.backward()
    maps[name] = inputs.grad.copy()
GRADIENTS = "Max: 1 for the largest number of each window, else 0. Average: 0.25."
figures.matrices(maps, GRADIENTS, height=2.6, window=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What should happen if two numbers of a window are equal and largest?

# %% [markdown] slideshow={"slide_type": "skip"}
# As with max(x, 0) in notebook 03, the derivative is 1 for what decides and 0 for the rest. With max pooling, the
# numbers that lost in their window learn nothing from this example; with average pooling, each gets a quarter.
#
# **Question.** Two numbers of a window are equal, and both are the largest. What could the gradient be?
#
# <details><summary>Answer</summary>
#
# At such a point there is no derivative, as at 0 of max(x, 0), and each way of dividing the 1 between the two is
# a valid choice. The next cell shows MXNet's. (This is no rare case. After ReLU, all numbers of a window are often 0.
# It does no harm there, because ReLU itself passes a gradient of 0 back.)
#
# </details>

# %% slideshow={"slide_type": "skip"}
tied = np.array([[2, 2], [1, 2]])
tied.attach_grad()
with autograd.record():
    total = nn.MaxPool2D(2)(tied.reshape(1, 1, 2, 2)).sum()
total.backward()
print(rounded(tied.grad, 2))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Each channel is pooled by itself
#
# A convolution adds its input channels up. Pooling never mixes them: as many come out as go in.

# %% slideshow={"slide_type": "-"}
color = load_photo(64)[None]  # (1, 3, 64, 64)
rows = [("layer", "channels in", "output", "parameters")]
for layer in (nn.MaxPool2D(pool_size=4), nn.Conv2D(3, kernel_size=4, strides=4)):
    row = summarize(layer, color.shape).rows[0]
    rows.append((type(layer).__name__, "3", str(row.output_shape[1:]), str(row.parameters)))
show_table(rows, "two layers that divide height and width by 4")
together, blue_alone = nn.MaxPool2D(4)(color)[:, 2:], nn.MaxPool2D(4)(color[:, 2:])
print("blue comes out as if it were alone:", bool((together == blue_alone).all()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute 147 before you show the table.

# %% [markdown] slideshow={"slide_type": "skip"}
# The convolution has a kernel of 4×4 for each of the nine pairs of channels, and three biases: 3 · 3 · 16 + 3 = 147
# parameters. Pooling has none. Some networks do use a convolution with a stride where others pool (notebook 17 is an
# example): then the network learns for itself how to summarize a window, and has to pay for it with parameters and
# work.


# %% slideshow={"slide_type": "skip"}
def output_size(n, k, p=0, s=1):  # p rows of padding in all
    return (n - k + p + s) // s


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The sizes follow the formula of the convolution
#
# $$\text{rows out} = \left\lfloor \frac{n - k + p + s}{s} \right\rfloor$$

# %% slideshow={"slide_type": "-"}
rows = [("rows in", "window", "padding", "stride", "formula", "layer")]
cases = [(28, 2, 0, 2), (27, 2, 0, 2), (28, 3, 0, 2), (28, 3, 1, 1), (28, 28, 0, 1)]
for n, k, padding, s in cases:
    side = nn.MaxPool2D(k, strides=s, padding=padding)(np.zeros((1, 1, n, n))).shape[2]
    rows.append(tuple(map(str, (n, k, padding, s, output_size(n, k, 2 * padding, s), side))))
show_table(rows, "rows that come out")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute a row or two before you show the table.

# %% [markdown] slideshow={"slide_type": "skip"}
# Here $n$ is the number of rows, $k$ the size of the window, $s$ the stride, and $p$ the number of rows of padding in
# all, which is twice Gluon's `padding`. Windows that don't fit are left out, as the second row shows: the last of the
# 27 rows is in no window. A window of 3 with stride 2 overlaps its neighbors by one row; AlexNet pools in this way
# (exercise 11.2). A window of 3 with padding 1 and stride 1 keeps the size, as in the blocks of notebook 15. The last
# row is *global pooling*: the window is as large as the map, and one number is left of each channel. Gluon has
# `nn.GlobalMaxPool2D()` and `nn.GlobalAvgPool2D()` for it, which work for maps of any size.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is in the padding?
#
# An image of ones, padded by 1, in windows of 3×3. In the corner, five of nine positions are padding.

# %% slideshow={"slide_type": "-"}
ones = np.ones((1, 1, 4, 4))
window = {"pool_size": 3, "strides": 1, "padding": 1}
results = {"largest": nn.MaxPool2D(**window)(ones)}
results["largest of −1"] = nn.MaxPool2D(**window)(-ones)
results["mean"] = nn.AvgPool2D(**window)(ones)
results["mean, pixels only"] = nn.AvgPool2D(**window, count_include_pad=False)(ones)
rows = [("first row of the output", "corner", "edge", "edge", "corner")]
for name, Y in results.items():
    rows.append((name, *(f"{value:.2f}" for value in Y[0, 0, 0].tolist())))
show_table(rows, "3×3 windows over a padded image of ones, or of −1")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what the second line would be if the padding were zeros.

# %% [markdown] slideshow={"slide_type": "skip"}
# Max pooling ignores the padding: if it were zeros, the largest of minus ones at the border would be 0. Average pooling
# counts it as zeros, unless you tell it not to, so the mean in the corner is only 4/9.
#
# ### Without training: what does a shift change, and what should it change?
#
# Now to real images. Take 500 digits and their edge maps, move the digits by one, two, three, or four columns, and
# compare what a layer makes of them before and after. As a measure of the *difference* between two arrays
# $\mathbf{A}$ and $\mathbf{B}$ we take
#
# $$\frac{\lVert \mathbf{A} - \mathbf{B} \rVert_F^2}{\lVert \mathbf{A} \rVert_F^2 + \lVert \mathbf{B} \rVert_F^2}$$
#
# It is 0 if the two are equal, and 1 if they have nothing in common: if, as in the first example, one is 0 wherever the
# other is not. (Without negative numbers, and there are none after ReLU, it can't be larger.)
#
# Four layers are compared: none at all; one that skips every second answer, down and across, and so gets to 14×14
# without looking at the others; and max pooling of 2×2 at both strides.
#
# **Guess first.** Pooling with stride 2 does two things: it takes the largest of each window, and it leaves fewer
# numbers. Which of the two is it that forgives a shift?


# %% slideshow={"slide_type": "skip"}
def difference(A, B):
    return ((A - B) ** 2).sum().item() / ((A**2).sum() + (B**2).sum()).item()


layers = {
    "no pooling": lambda X: X,
    "skip every second": lambda X: X[:, :, ::2, ::2],
    "max 2×2, stride 1": nn.MaxPool2D(2, strides=1),
    "max 2×2, stride 2": nn.MaxPool2D(2),
}
shifts, changed = range(5), {}
for name, layer in layers.items():
    still = layer(edge_maps(digits))
    changed[name] = [difference(still, layer(edge_maps(move(digits, columns)))) for columns in shifts]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### It is the window that forgives, and not the stride
#
# 500 digits, moved: how different are the numbers that the next layer gets? (0: equal, 1: nothing in common)

# %% slideshow={"slide_type": "-"}
figures.differences(shifts, changed)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take votes first: window or stride? There are four lines in the figure, in two pairs.

# %% [markdown] slideshow={"slide_type": "skip"}
# After a shift by one column, what a layer without pooling passes on is more than half of the way to "nothing in
# common". Skipping every second answer changes nothing about that, although it leaves as few numbers as pooling does.
# Taking the largest of 2×2 answers reduces the difference to less than half. And whether the windows overlap or lie
# side by side makes practically no difference for the sum over many positions: here, the all and the nothing of stride
# 2 average out. So the *window* forgives the shift; the *stride* saves work, at no cost in tolerance on average. The
# mean of 2×2 answers reduces the difference as well:

# %% slideshow={"slide_type": "skip"}
average = nn.AvgPool2D(2)
still, moved = average(edge_maps(digits)), average(edge_maps(move(digits, 1)))
print(f"mean 2×2, stride 2, moved by one column: {difference(still, moved):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# When the digits move further, the lines come closer together, because a window of two can't make up for more than one
# column. For larger shifts, there must be more pooling.
#
# ### The price
#
# A layer that always answers 0 would forgive every shift. So it isn't enough that the same digit looks similar after a
# shift. *Different* digits must still look different. Let's measure both after no, one, two, and three poolings with
# stride 2, in a row. As "another digit" we take the next image of the 500, which shows the same numeral in about one of
# ten cases.

# %% slideshow={"slide_type": "skip"}
halve = nn.MaxPool2D(2)  # without parameters, so several networks can share it below
still, moved = edge_maps(digits), edge_maps(move(digits, 1))
same_digit, other_digit = [], []
for _ in range(4):
    same_digit.append(difference(still, moved))
    other_digit.append(difference(still[:-1], still[1:]))  # each digit and the one after it
    still, moved = halve(still), halve(moved)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The price: other digits look more alike, too

# %% slideshow={"slide_type": "-"}
labels = ["no pooling\n28×28", "one\n14×14", "two\n7×7", "three\n3×3"]
figures.price(labels, same_digit, other_digit)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which pair of bars would you choose as the input of a dense layer?

# %% [markdown] slideshow={"slide_type": "skip"}
# Without pooling, a digit that has moved by one column differs from itself by 0.56, and from another digit by 0.80, so
# it is no wonder that shifts are hard on a network. With each pooling, both differences become smaller, which is the
# price. But the harmless one shrinks faster than the one that matters:

# %% slideshow={"slide_type": "skip"}
for poolings, (same, other) in enumerate(zip(same_digit, other_digit, strict=True)):
    print(f"{poolings} poolings: moved / other = {same / other:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Both are measured on a fixed kernel. A network can do better: it learns its kernels, and between two poolings it has
# a convolution that combines several maps into new ones, so that a pattern which would be lost by the next pooling can
# be turned into a pattern of its own first.
#
# What exactly is lost? Think of the crowd in notebook 10, and of two kernels: one answers where there is a hat, the
# other where there is a bag. In the next figure, each crowd consists of four people, each in a window of 2×2 positions.

# %% slideshow={"slide_type": "skip"}
hats, bags, neighbors_bags = np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((4, 4))
hats[0, 1], bags[1, 1], neighbors_bags[1, 2] = 1, 1, 1
crowds = {"one has both": (hats, bags), "two have one each": (hats, neighbors_bags)}

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Pooled over everything, two different crowds are the same

# %% slideshow={"slide_type": "-"}
figures.crowds(crowds)
rows = [("crowd", "hats, 2×2", "bags, 2×2", "hats, global", "bags, global")]
for name, crowd in crowds.items():
    maps = np.stack(crowd)[None]  # (1, 2, 4, 4)
    pooled = [*nn.MaxPool2D(2)(maps)[0], *nn.GlobalMaxPool2D()(maps).reshape(2)]
    rows.append((name, *(str(rounded(Y, 0)) for Y in pooled)))
show_table(rows, "hats and bags, pooled")

# %% [markdown] slideshow={"slide_type": "skip"}
# In the first crowd, the person at the upper left wears the hat and carries the bag. In the second one, the bag belongs
# to the neighbor. Pooling with windows of 2×2, one for each person, keeps the difference: the two ones are at the same
# position, or at two positions. After global pooling, both crowds are "a hat, a bag", and no later layer can tell
# them apart. So a network should not forget *where* before it has combined what belongs together.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Does it help a network?
#
# Trained on centered digits, tested on digits that have moved, with the same amount of work for all.

# %% [markdown] slideshow={"slide_type": "skip"}
# So far, nothing was learned. A network can adapt its kernels and its dense layer to what the pooling leaves, so
# whether pooling helps must be decided by networks.
#
# All digits of MNIST have been centered. We train on 4,000 of them, just as they are, and never move a training image.
# So whatever a network knows about shifts must come from its structure. The last 2,000 training images are the
# validation images, and these are moved to the right by 0 to 6 columns.


# %% slideshow={"slide_type": "skip"}
images, labels = load_images(source="mnist")  # (10000, 1, 28, 28), (10000,)
X_train, y_train = images[:4000], labels[:4000]
X_validation, y_validation = images[8000:], labels[8000:].asnumpy()
SHIFTS = range(7)


def answers_of(net, X):
    return net(X).argmax(axis=1).asnumpy()


def tolerance(net, size=2000):
    """Return the accuracy on the first validation images at each shift."""
    X, y = X_validation[:size], y_validation[:size]
    return [float((answers_of(net, move(X, columns)) == y).mean()) for columns in SHIFTS]


# %% slideshow={"slide_type": "skip"}
def train(net, X, y, num_epochs=5, learning_rate=0.005, start=0, watch=0):
    """Train on digits that have not moved; return the tolerance of ``watch`` images after each epoch."""
    seed(start)
    net.initialize(init.Xavier(), force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": learning_rate})
    loader, seen = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=start), []
    for _ in range(num_epochs):
        fit(net, loader, num_epochs=1, optimizer=trainer, plot=False)
        if watch:
            seen.append(tolerance(net, watch))
    return seen


# %% slideshow={"slide_type": "skip"}
moving_digit = [move(X_validation[0], columns) for columns in SHIFTS]
show_images(moving_digit, list(SHIFTS), num_columns=7, width=11, alt="A digit moves to the right by 0 to 6 columns.")

# %% [markdown] slideshow={"slide_type": "skip"}
# What is a fair comparison? A layer with stride 2 leaves a quarter of the numbers for the dense layer, which then has
# less to do. And a convolution with stride 2 is itself four times cheaper. So each network gets as many kernels as
# about 200,000 multiply-adds per image pay for. They all see the same images, and train for five epochs with Adam
# (notebook 05) and the same learning rate.
#
# Three networks have a single convolution with kernels of 3×3, then what was compared above, then a dense layer. (To
# skip every second answer, one need not compute them: a convolution with stride 2 does the same.) After pooling with
# stride 2, the next kernel reaches twice as far in the image, and so does the next window. So the fourth network
# repeats convolution and pooling three times. If it turns out to be more tolerant, it could be because of its depth,
# so the fifth one has three convolutions as well, but skips instead of pooling.


# %% slideshow={"slide_type": "skip"}
def network(*layers):
    net = nn.Sequential()
    net.add(*layers, nn.Dense(10))
    return net


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five networks that do the same work


# %% slideshow={"slide_type": "-"}
def conv(channels, strides=1):
    return nn.Conv2D(channels, kernel_size=3, padding=1, strides=strides, activation="relu")


# %% slideshow={"slide_type": "-"}
nets = {
    "no pooling": network(conv(13)),
    "skip every second": network(conv(53, strides=2)),
    "one pooling": network(conv(22), halve),
    "three skips": network(conv(12, 2), conv(18, 2), conv(30, 2)),
    "three poolings": network(conv(6), halve, conv(10), halve, conv(12), halve),
}


# %% slideshow={"slide_type": "skip"}
def costs(nets):
    rows = [("network", "parameters", "multiply-adds")]
    for name, net in nets.items():
        table = summarize(net, (1, 1, 28, 28))
        rows.append((name, f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}"))
    return rows


show_table(costs(nets), "one or three convolutions and a dense layer")

# %% [markdown] slideshow={"slide_type": "skip"}
# (Pooling takes no multiply-adds, because it compares: three comparisons for each output, which makes 12,936 in the
# network with one pooling.)
#
# **Guess first.** Without training, one pooling reduced the difference to less than half. Of 100 digits that have moved
# by two columns, how many more will a network read with one pooling than without?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
seen, found = {}, {}
for name, net in nets.items():
    seen[name] = train(net, X_train, y_train, watch=500 if name in ("no pooling", "three poolings") else 0)
    found[name] = tolerance(net)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One pooling forgives a little, three forgive a lot

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
FIVE = "Accuracy against the shift. All networks fall, three poolings much later."
figures.tolerance(SHIFTS, found, FIVE)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets on the accuracies at three columns. Which lines will be close to each other?

# %% [markdown] slideshow={"slide_type": "skip"}
# On digits in the middle, all five networks are good, and close to each other. When the digits move, all of them lose,
# but not equally. How much of this is chance? The next table has been **recorded**: it is the mean over three random
# starts, for these networks and for others that do the same work.

# %% slideshow={"slide_type": "skip"}
recorded = {  # validation accuracy at each shift, mean of the starts 0, 1, and 2
    "no pooling": [0.933, 0.900, 0.740, 0.528, 0.330, 0.195, 0.112],
    "skip every second": [0.930, 0.901, 0.740, 0.542, 0.335, 0.197, 0.111],
    "one average pooling": [0.935, 0.908, 0.752, 0.544, 0.329, 0.182, 0.114],
    "one pooling, stride 1": [0.951, 0.919, 0.783, 0.589, 0.400, 0.250, 0.158],
    "one pooling": [0.945, 0.917, 0.782, 0.565, 0.367, 0.221, 0.141],
    "three skips": [0.942, 0.924, 0.814, 0.615, 0.416, 0.253, 0.153],
    "two poolings": [0.940, 0.923, 0.831, 0.633, 0.437, 0.296, 0.200],
    "three poolings": [0.928, 0.913, 0.862, 0.784, 0.668, 0.528, 0.375],
    "global, early": [0.494, 0.494, 0.493, 0.490, 0.484, 0.472, 0.458],
    "global, late": [0.861, 0.864, 0.860, 0.851, 0.846, 0.828, 0.811],
}
rows = [("columns moved", *(f"{columns}" for columns in SHIFTS))]
rows += [(name, *(f"{value:.2f}" for value in values)) for name, values in recorded.items()]

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Over three starts, the maximum helps, the mean hardly

# %% slideshow={"slide_type": "-"}
show_table(rows, "recorded: validation accuracy, the mean of three starts")

# %% [markdown] slideshow={"slide_type": "skip"}
# With each of the three starts, the order at two and three columns is the same: the two networks of the first pair,
# then one pooling, three skips, and three poolings.
#
# *One pooling helps, but not much.* After a shift by two columns, the network reads about 4 in 100 digits more than
# without pooling, and one of these 4 it also reads when nothing has moved. That may be less than you guessed from the
# figure of the differences. A likely reason: training digits don't agree to the pixel either, so a dense layer learns
# some tolerance from them anyway. Skipping gains nothing over the full maps, although it can afford four times as
# many kernels. The mean gains hardly anything, although it reduces the difference as much as the maximum does: a small
# difference isn't all that counts. And with stride 1, where windows overlap, the maximum forgives slightly more than
# with stride 2.
#
# *Repeating it helps a lot.* After a shift by three columns, the network without pooling reads about half of the
# digits, the one with three poolings nearly 8 in 10. Some of this is due to depth: three skips do nearly as well as two
# poolings. But three poolings are clearly ahead of three skips, with a quarter of the parameters. This is why
# convolution and pooling alternate in the networks of the next notebooks.

# %% [markdown] slideshow={"slide_type": "skip"}
# The next figure shows how the tolerance develops while two of the networks learn, on the first 500 validation images.
# In a live notebook, play it. After the first epoch, the network with three poolings is behind on digits in the middle,
# but already ahead once they move by three columns. Then it catches up.


# %% slideshow={"slide_type": "skip"}
def draw_epoch(ax, epoch):
    names = ["no pooling", "three poolings"]
    figures.tolerance_panel(ax, SHIFTS, {name: seen[name][epoch - 1] for name in names})


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Watch the tolerance grow, though no training digit moves

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
EPOCHS = "Accuracy against the shift after 1, 3, and 5 epochs: no, three poolings."
options = {"values": range(1, 6), "play": True, "label": "epoch"}
explore(draw_epoch, [1, 3, 5], alt=EPOCHS, width=11.6, height=4.2, sharey=True, **options)

# %% [markdown] slideshow={"slide_type": "skip"}
# ### How far can you go? Forget everything
#
# Global pooling forgets all positions. Where in the network should it come: directly after a first convolution, or
# after the third? Both networks do the same work once more.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
everything = {
    "global, early": network(conv(28), nn.GlobalMaxPool2D()),
    "global, late": network(conv(6), halve, conv(10), halve, conv(12), nn.GlobalMaxPool2D()),
}
forgetful = {"three poolings": found["three poolings"]}
for name, net in everything.items():
    train(net, X_train, y_train)
    forgetful[name] = tolerance(net)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### If you forget everything, do it late

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
FORGETFUL = "Accuracy against the shift. Global pooling: level, and higher if it is late."
figures.tolerance(SHIFTS, forgetful, FORGETFUL)

# %% [markdown] slideshow={"slide_type": "skip"}
# The curves with global pooling are nearly level. Directly after the first convolution, global pooling leaves 28
# numbers, which say how strongly each of 28 small patterns occurs *somewhere*. No shift changes them as long as all of
# the ink stays in the image: the convolution is equivariant, and the maximum over all positions is invariant (notebook
# 10). But such numbers don't tell much about a digit, as with the hats and the bags: the network reads about half of
# them. After three convolutions, a number stands for a pattern of 18×18 pixels, which is most of a digit, so *where*
# it occurs matters much less. The layer is the same; what it is applied to makes the difference. There is still a
# price: in the middle, the network that forgets late reads fewer digits than the one with three poolings. From a shift
# by three columns on, it reads more.
#
# ### Tolerant isn't invariant
#
# An accuracy doesn't say whether single answers change. So let's move each validation image by one or two columns, and
# count how many of the answers are different from before, right or wrong.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("network", "one column", "two columns", "accuracy, not moved")]
for name, net in (nets | everything).items():
    before = answers_of(net, X_validation)
    parts = [(answers_of(net, move(X_validation, columns)) != before).mean() for columns in (1, 2)]
    rows.append((name, *(f"{part:.1%}" for part in parts), f"{(before == y_validation).mean():.2f}"))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Tolerant is not invariant

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(rows, "validation images whose answer changes when they move")

# %% [markdown] slideshow={"slide_type": "skip"}
# No answer should change, because a digit that has moved by a column is the same digit. It is often said that pooling
# makes a network invariant to shifts. Of these networks, only the one that forgets all positions at once is, as long as
# the ink stays in the image, and it reads worst. The one that forgets late is a surprise: its accuracy is level, and
# yet one column changes about as many of its answers as without pooling: as many wrong ones become right as right ones
# become wrong. Global pooling doesn't make a network invariant if layers with a stride come before it: after two
# of them, the maps move along only if the image moves by a multiple of 4, and other shifts change their values. This
# also happens to large networks: trained on more than a million photographs, they still change their minds when a
# photograph moves by a pixel (Azulay and Weiss, 2019).
#
# ### What pooling saves
#
# Halving height and width does one more thing, which is reason enough to pool: it makes all that follows four times
# cheaper. Take a convolution like the second one of LeNet, with 16 kernels of 5×5 for 6 channels, but padded:


# %% slideshow={"slide_type": "skip"}
def multiply_adds(side):
    convolution = nn.Conv2D(16, kernel_size=5, padding=2)
    return summarize(convolution, (1, 6, side, side)).total_multiply_adds


print(f"on 28×28: {multiply_adds(28):,} multiply-adds; on 14×14: {multiply_adds(14):,}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Networks spend what they save on more channels: fewer positions, and more kinds of patterns.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *How can a network forgive a shift by one pixel, and what does it forget in return?*
#
# - Pooling passes on the largest or the mean number of a window: no weights, each channel by itself.
# - The window forgives a shift of less than its width; the stride saves work.
# - At stride 2, one pixel changes nothing or everything, and on average half.
# - In return, other images look more alike, and *where* is lost: forget in small steps, and late.
# - At equal work, one max pooling helps a network a little, three help a lot. Tolerant isn't invariant.
# - The maximum says whether a pattern is there, the mean says how much of it.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do you know that a model will work on data it has not seen? You have just tested it on data that differs from the
# training data in a way that you control. None of the networks had ever seen a digit off the center. On centered
# validation digits, no, one, and three poolings are almost equally good; only the moved digits show how different they
# are. If you expect something of new data, build it into the network, *and* test it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 11.1: predict shape and value
#
# `nn.AvgPool2D(pool_size=2)` gets an array of shape (8, 3, 7, 6) that is 1 everywhere. What is the shape of its output,
# and what is the sum of all numbers in it?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
shape_and_sum = ...  # ((n, c, h, w), sum)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.1", shape_and_sum)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The stride is the window. What happens to the seventh row? The mean of ones is one, so the sum is just how many
# numbers there are.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# shape_and_sum = ((8, 3, 3, 3), 8 * 3 * 3 * 3)
# ```
#
# Rows: ⌊(7 − 2 + 2) / 2⌋ = 3; the seventh row is in no window. The numbers of images and channels don't change.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 11.2: change the layer
#
# `nn.MaxPool2D(pool_size=2)` makes maps of 27×27 from maps of 55×55. So does AlexNet (notebook 13), but its windows
# **overlap** by one row and one column. Change the layer so that it does the same.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
layer = ...  # nn.MaxPool2D(pool_size=2) has windows side by side

# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.2", layer)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Windows overlap by one if the window is larger than the stride by one. Which stride makes about half of 55?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# layer = nn.MaxPool2D(pool_size=3, strides=2)
# ```
#
# ⌊(55 − 3 + 2) / 2⌋ = 27, without padding.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 11.3: build pooling without loops
#
# `pool2d` is slow, because it looks at one window at a time. Write 2×2 max pooling with stride 2 for a whole batch at
# once, without loops and without Gluon's layer. Rows and columns that don't fit are left out.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def max_pool(X):
    """X (n, c, h, w); returns the largest number of each window (n, c, h // 2, w // 2)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.3", max_pool)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# First cut off what doesn't fit: `X[:, :, : h // 2 * 2, : w // 2 * 2]`. Then divide each of the two long axes into two
# axes with `reshape`: which window, and where in the window. The maximum is taken over the two short ones. (Or
# take four arrays with slices such as `X[:, :, ::2, 1::2]`, one for each position in the window.)
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def max_pool(X):
#     n, c, h, w = X.shape
#     whole = X[:, :, : h // 2 * 2, : w // 2 * 2]
#     windows = whole.reshape(n, c, h // 2, 2, w // 2, 2)
#     return windows.max(axis=(3, 5))
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: read digits where you have never seen any
#
# Train a network **only on centered digits**, with at most 400,000 multiply-adds per image. On test images that are
# moved by 0 to 6 columns, it should reach a **mean accuracy of at least 0.90**.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = network(conv(16), nn.MaxPool2D(2))  # a start
print(f"{summarize(my_net, (1, 1, 28, 28)).total_multiply_adds:,} multiply-adds")
# train(my_net, images[:8000], labels[:8000])
# print(np.array(tolerance(my_net)).mean())  # on validation images, as often as you like

# %% [markdown] slideshow={"slide_type": "skip"}
# You may use all 8,000 training images and as many epochs as you like, but no moved ones, neither your own nor by
# augmentation. Look at the curve as well as at its mean, with
# `figures.tolerance(SHIFTS, {"mine": tolerance(my_net)}, "my network")`: where do you lose? When you have chosen your
# network by its tolerance on the validation images, measure it once on the test images:


# %% slideshow={"slide_type": "skip"}
def final_score(net):
    X, y = load_images(train=False, source="mnist")  # (2000, 1, 28, 28), (2000,)
    right = [(answers_of(net, move(X, columns)) == y.asnumpy()).mean() for columns in SHIFTS]
    return float(sum(right) / len(right))


# %% [markdown] slideshow={"slide_type": "skip"}
# Then break your network: which digits change their answer when they move, and to what? And what happens if you move
# them down instead?
#
# <details><summary>Hint</summary>
#
# Which of the curves above falls last, and which one stays level? A kernel of the first convolution is
# applied at 784 positions, one after two poolings at 49 only, so late kernels are cheaper in relation to their size.
#
# </details>
# <details><summary>A sample solution</summary>
#
# Few kernels where there are many positions, more where there are few, and all positions forgotten only after four
# convolutions, when each number has seen 26×26 pixels:
#
# ```python
# my_net = network(conv(6), halve, conv(12), halve, conv(16), conv(20), nn.GlobalMaxPool2D())
# train(my_net, images[:8000], labels[:8000], num_epochs=8)
# print(np.array(tolerance(my_net)).mean(), final_score(my_net))
# ```
#
# It takes 395,336 multiply-adds. Recorded with the starts 0, 1, and 2: 0.93 to 0.95 on the validation images, 0.94 to
# 0.95 on the test images. Three poolings before a dense layer (8, 12, and 32 kernels; start 0) read centered digits as
# well, but their mean over the shifts is only 0.78 on the validation images: more and more is lost from two columns on.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Pooling](https://d2l.ai/chapter_convolutional-neural-networks/pooling.html)
# - Riesenhuber and Poggio, [Hierarchical models of object recognition in cortex](https://doi.org/10.1038/14819), 1999:
#   the maximum as what cells of the visual cortex may compute
# - Boureau, Ponce and LeCun, [A theoretical analysis of feature pooling in visual
#   recognition](https://nyuscholars.nyu.edu/en/publications/a-theoretical-analysis-of-feature-pooling-in-visual-recognition),
#   2010: when to take the maximum, and when the mean
# - Springenberg and others, [Striving for simplicity: the all convolutional net](https://arxiv.org/abs/1412.6806),
#   2014: convolutions with a stride instead of pooling
# - Zhang, [Making convolutional networks shift-invariant again](https://arxiv.org/abs/1904.11486), 2019: aliasing, and
#   what a blur before the stride does about it
# - Azulay and Weiss, [Why do deep convolutional networks generalize so poorly to small image
#   transformations?](https://arxiv.org/abs/1805.12177), 2019: photographs moved by a pixel
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **12 · LeNet**, where convolution and pooling alternate, and read digits.
