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
# data it has not seen: new images never agree with the training images to the pixel.
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
from mxnet import autograd, init, np, npx
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
maps = {"image": bright(3), "edges": edges, "moved": bright(2), "moved edges": moved_edges}
alt = "The edges are a column of ones; in the moved image, the column to its left."
figures.matrices(maps, alt=alt, height=2.6)

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
positions = [(0, 0), (0, 1), (1, 0), (1, 1)]
alt = "A 2×2 window at its four positions; the largest numbers are 4, 5, 7, 8."
explore(figures.window, positions, label="window", alt=alt, play=True, height=3.4)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nothing is multiplied, and nothing is learned: the window has no weights.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class say the four numbers before you show the picture. Could a convolution do this?

# %% [markdown] slideshow={"slide_type": "skip"}
# This is *max pooling*. Its relative, *average pooling*, takes the mean of the window instead. The mean is a
# convolution with four weights of 1/4 for each channel by itself. The maximum is none, because it isn't linear: max(1,
# 0) + max(0, 1) = 2, but max(1, 1) = 1.

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
parts = {"numbers": numbers, "largest": pool2d(numbers, 2, stride=1)}
parts["mean"] = pool2d(numbers, 2, stride=1, reduce=np.mean)
alt = "The largest numbers are 4, 5, 7, 8, the means 2, 3, 5, 6."
figures.matrices(parts, alt=alt, height=2.2)

# %% [markdown] slideshow={"slide_type": "skip"}
# Compare `corr2d` of notebook 10. The numbers of rows and columns now follow from its formula with a stride, `top` and
# `left` step by the stride, and the last line reduces the window to its largest number, or to its mean, instead of
# multiplying it by a kernel.

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
maps = {"edges": edges, "pooled": pooled, "moved": moved_edges, "moved, pooled": moved_pooled}
alt = "The pooled edge fills the last two columns, the moved one the first two."
figures.matrices(maps, alt=alt)
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
# height and width are halved (*downsampling*). Windows then lie side by side, and nothing is seen from two positions
# anymore.
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
# From column 1 to column 0, the edge stays in its window; from column 2 to column 1, it crosses a border between two
# windows. So it depends on the position. Let's try several: an edge is a single 1 in a row of eight numbers, it moves
# by one position to the left, and we count which part of the pooled answers stays.


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
# this is half on average. In this example, the stride makes the tolerance uneven, and neither increases nor reduces it.
#
# In the language of notebook 10, a layer with stride 2 is equivariant only to shifts by a multiple of 2, and two such
# layers to shifts by a multiple of 4. Shifts in between change the values themselves. The cause is that the map keeps
# only every second number, too few for details as fine as one pixel. This is called *aliasing*. (It also makes wheels
# in films seem to turn backward: there are too few pictures for so fast a turn.) One remedy is to blur before skipping
# (Zhang, 2019; see *Where to read on*).
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
# At stride 1 the map glides. At stride 2 it changes its shape: look at the bar at the top, and at the diagonal.

# %% slideshow={"slide_type": "-"}
alt = "The pooled edges of a 5, before and after it moves by a column, at both strides."
options = {"values": range(9), "play": True, "label": "columns", "height": 3.5}
explore(draw_moved, [0, 1], alt=alt, width=11.6, **options)

# %% [markdown] slideshow={"slide_type": "skip"}
# At stride 2, the map has half as many rows and columns. After a shift by two columns it has its first shape again, one
# position further to the right; in a live notebook, play it.

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
sizes = [2, 4, 5, 8, 10, 16, 20, 32]  # the slider's, when live
alt = "A portrait, pooled with windows of 5 and 16 pixels; maxima are brighter."
options = {"values": sizes, "label": "window", "width": 11.6, "height": 3.6}
explore(draw_pooled, [5, 16], alt=alt, **options)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which of the two would you use to shrink a photograph? Then why do most networks take the maximum?

# %% [markdown] slideshow={"slide_type": "skip"}
# The left picture of each pair keeps the brightest pixel of each window, the right one the mean. To shrink a
# photograph, you would take the mean: it looks like the same photograph, seen from further away. The maximum has lost
# what is dark and thin: the frame of the glasses, the folds around the mouth.
#
# So why do most networks that pool between their convolutions take the maximum? One reason is that there, the layer
# doesn't look at pixels. It looks at the answers of a convolution.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On the answers of a convolution, the mean fades what is thin

# %% slideshow={"slide_type": "-"}
answers = abs(portrait[..., :-1] - portrait[..., 1:])  # how strong the edges are
largest, mean = nn.MaxPool2D(8)(answers)[0, 0], nn.AvgPool2D(8)(answers)[0, 0]  # (40, 39)
maps = {"edges": answers[0, 0], "largest of 8×8": largest, "mean of 8×8": mean}
alt = "Edges of a face, thin and bright; the maxima stay bright, the means are dark."
figures.pictures(maps, alt=alt, brightest=0.5)
there = mean.reshape(-1)[int(largest.argmax())].item()  # in the same window
print(f"window of the strongest answer: largest {largest.max().item():.2f}, mean {there:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All three pictures have the same gray scale. How much of an 8×8 window does a thin edge fill?
# Before the next slide, take votes: what forgives a shift, the window or the stride?

# %% [markdown] slideshow={"slide_type": "skip"}
# All three pictures have the same gray scale, in which white begins at 0.5. An edge that is one pixel wide and runs
# straight through a window fills an eighth of its 64 positions, so the mean keeps about an eighth of it, or a little
# more, because the rest of the window isn't quite 0. The maximum passes it on undiminished. A constant factor would be
# no loss, because the next weights can undo it. But the mean adds up everything in the window, so a strong thin edge
# and a weak texture all over give the same number. In words: **the maximum says whether a pattern is there, the mean
# says how much of it there is.** At the end of a network, where the question is what an image consists of as a whole,
# the mean is common (notebooks 14 and 17).

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
alt = "Max: 1 for the largest number of each window, else 0. Average: 0.25."
figures.matrices(maps, alt=alt, height=2.6, side=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What should happen if two numbers of a window are equal and largest?

# %% [markdown] slideshow={"slide_type": "skip"}
# As with max(x, 0) in notebook 03, the derivative is 1 for what decides and 0 for the rest. With max pooling, no
# gradient flows back to the numbers that lost, and so none, through them, to the weights that made them; with average
# pooling, each gets a quarter. If several numbers are the largest, there is no derivative, and MXNet gives everything
# to the first of them.

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
# parameters. Pooling has none.


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
# 27 rows is in no window. The last row is *global pooling*: the window is as large as the map, and one number is left
# of each channel. Gluon has `nn.GlobalMaxPool2D()` and `nn.GlobalAvgPool2D()` for it, which work for maps of any size.
#
# Max pooling ignores the padding. Average pooling counts it as zeros, so the mean of a corner of ones is only 4/9,
# unless you say `count_include_pad=False`.
#
# ### What does a shift change, and what should it change?
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
# *For the lecturer:* There are four lines in the figure, in two pairs. Who was right?

# %% [markdown] slideshow={"slide_type": "skip"}
# There are four lines, in two pairs that lie on each other. Without pooling, one column takes the numbers more than
# half of the way to "nothing in common", and three columns take them as far away as another digit (next figure).
# Skipping every second answer changes nothing about that, although it leaves as few numbers as pooling does. Taking the
# largest of 2×2 answers reduces the difference to less than half. And whether the windows overlap or lie side by side
# makes practically no difference for the sum over many positions: there, the everything and the nothing of stride 2
# average out. So the *window* forgives the shift, and the *stride* saves work.
#
# When the digits move further, the lines come closer together: a window of two columns helps less, the larger the
# shift. For larger shifts, there must be more pooling.
#
# But a layer that always answers 0 would forgive every shift. So it isn't enough that the same digit looks similar
# after a shift: *different* digits must still look different. Let's measure both after no, one, two, and three poolings
# with stride 2, in a row. As "another digit" we take the next image of the 500, which shows the same numeral in about
# one of ten cases.

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
# Before the next slides, take bets: how many more digits does a network read that pools once, and three times?

# %% [markdown] slideshow={"slide_type": "skip"}
# With each pooling, both differences become smaller, which is the price. But the harmless one shrinks faster than the
# one that matters. For comparison, here is also the ratio for one *average* pooling:

# %% slideshow={"slide_type": "skip"}
cases = dict(zip(["no pooling", "one", "two", "three"], zip(same_digit, other_digit, strict=True), strict=True))
still, moved = (nn.AvgPool2D(2)(edge_maps(X)) for X in (digits, move(digits, 1)))
cases["one average"] = difference(still, moved), difference(still[:-1], still[1:])
for name, (same, other) in cases.items():
    print(f"{name}: moved {same:.3f}, other {other:.3f}, ratio {same / other:.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# By this ratio, more pooling is always better. But it compares means over many pairs. A 4 and a 9 differ in a few
# answers only, and once these are pooled away, no later layer gets them back. The ratio doesn't see that.
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
# to the neighbor. Pooling with windows of 2×2 keeps the difference, as long as each person stands in a window of their
# own: the two ones are at the same position, or at two positions. After global pooling, both crowds are "a hat, a bag",
# and no later layer can tell them apart. So a network should not forget *where* before it has combined what belongs
# together.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Does it help a network?
#
# Trained on centered digits, tested on digits that have moved, with the same amount of work for all.

# %% [markdown] slideshow={"slide_type": "skip"}
# So far, nothing was learned. But a network can adapt its weights to what pooling leaves, so networks must decide.
#
# All digits of MNIST have been centered. We train on 4,000 of them and never move a training image, so whatever a
# network knows about shifts must come from its structure. The last 2,000 training images are the validation images, and
# these are moved to the right by 0 to 6 columns.


# %% slideshow={"slide_type": "skip"}
images, labels = load_images(source="mnist")  # (10000, 1, 28, 28), (10000,)
X_train, y_train = images[:4000], labels[:4000]
X_validation, y_validation = images[8000:], labels[8000:].asnumpy()
SHIFTS = range(7)


def answers_of(net, X):
    return net(X).argmax(axis=1).asnumpy()


def tolerance(net):
    """Return the accuracy on the validation images at each shift."""
    return [float((answers_of(net, move(X_validation, columns)) == y_validation).mean()) for columns in SHIFTS]


# %% slideshow={"slide_type": "skip"}
def train(net, X, y, num_epochs=5, learning_rate=0.01, start=0):
    """Train on digits that have not moved; return the seconds that it took."""
    seed(start)
    net.initialize(init.Xavier(), force_reinit=True)
    loader = ArrayLoader(X, y, batch_size=64, shuffle=True, seed=start)
    history = fit(net, loader, num_epochs=num_epochs, optimizer="adam", lr=learning_rate, plot=False)
    return sum(history.seconds)


# %% slideshow={"slide_type": "skip"}
moving_digit = [move(X_validation[0], columns) for columns in SHIFTS]
show_images(moving_digit, list(SHIFTS), num_columns=7, width=11, alt="A digit moves to the right by 0 to 6 columns.")
ink = X_validation.asnumpy() > 0
cut_off = [ink[..., 28 - columns :].any(axis=(1, 2, 3)).mean() for columns in SHIFTS]
print("images that lose ink:", ", ".join(f"{part:.0%}" for part in cut_off))

# %% [markdown] slideshow={"slide_type": "skip"}
# From four columns on, many digits are cut off at the right, so no network is to blame for all that it loses there.
# Compare the networks with each other, not with 1.
#
# What is a fair comparison? A stride of 2 makes what follows it cheaper. So each network gets as many kernels as about
# 200,000 multiply-adds per image pay for: without pooling, for example, 13 kernels of 3×3, because 13 · 9 · 784 + 13 ·
# 784 · 10 = 193,648. All see the same images, and train for five epochs with Adam (notebook 05). The learning rate,
# 0.01, was chosen on digits in the middle: of 0.005, 0.01, and 0.02, it is the best or within half a point of the best
# for all networks of this section, except for the one below that forgets everything early.
#
# Three networks have a single convolution with kernels of 3×3, then what was compared above, then a dense layer. (To
# skip every second answer, one need not compute them: a convolution with stride 2 does the same.) After pooling with
# stride 2, the next kernel reaches twice as far in the image, and so does the next window. So the last network repeats
# convolution and pooling three times. If it is more tolerant, that could be due to its depth, so the one before it has
# three convolutions as well, but skips instead of pooling.


# %% slideshow={"slide_type": "skip"}
def conv(channels, strides=1):
    return nn.Conv2D(channels, kernel_size=3, padding=1, strides=strides, activation="relu")


def network(*layers):
    net = nn.Sequential()
    net.add(*layers, nn.Dense(10))
    return net


def show_costs(nets):
    rows = [("network", "parameters", "multiply-adds")]
    for name, net in nets.items():
        table = summarize(net, (1, 1, 28, 28))
        rows.append((name, f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}"))
    show_table(rows, "one or three convolutions and a dense layer")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Five networks that do the same work

# %% slideshow={"slide_type": "-"}
nets = {
    "no pooling": network(conv(13)),
    "skip every second": network(conv(53, strides=2)),
    "one pooling": network(conv(22), halve),
    "three skips": network(conv(12, 2), conv(18, 2), conv(30, 2)),
    "three poolings": network(conv(6), halve, conv(10), halve, conv(12), halve),
}
show_costs(nets)

# %% [markdown] slideshow={"slide_type": "skip"}
# The third pooling makes 3×3 numbers of 7×7: the last row and the last column are in none of its windows.
#
# **Guess first.** Without training, one pooling reduced the difference to less than half. Of 100 digits that have moved
# by two columns, how many more will a network read with one pooling than without?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
found = {}
for name, net in nets.items():
    seconds = train(net, X_train, y_train)
    found[name] = tolerance(net)
    print(f"{name}: trained in {seconds:.1f} s")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One pooling forgives a little, three forgive a lot

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
alt = "Accuracy against the shift. All networks fall, three poolings much later."
figures.tolerance(SHIFTS, found, alt=alt)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Look at three columns. Which lines are close to each other?

# %% [markdown] slideshow={"slide_type": "skip"}
# On digits in the middle, all five networks are good, and close to each other. When the digits move, all of them lose,
# but not equally. How much of this is chance? The next table has been **recorded**: it is the mean over three random
# starts, for these networks and for others that do the same work.

# %% slideshow={"slide_type": "skip"}
recorded = {  # validation accuracy at each shift, mean of the starts 0, 1, and 2
    "no pooling": [0.935, 0.904, 0.765, 0.558, 0.358, 0.210, 0.129],
    "skip every second": [0.934, 0.903, 0.758, 0.562, 0.369, 0.211, 0.122],
    "one average pooling": [0.945, 0.919, 0.783, 0.571, 0.354, 0.208, 0.133],  # conv(22), nn.AvgPool2D(2)
    "one pooling, stride 1": [0.948, 0.922, 0.808, 0.604, 0.411, 0.265, 0.165],  # conv(14), nn.MaxPool2D(2, strides=1)
    "one pooling": [0.947, 0.921, 0.794, 0.581, 0.389, 0.238, 0.152],
    "three skips": [0.942, 0.919, 0.842, 0.651, 0.442, 0.271, 0.168],
    "two poolings": [0.952, 0.932, 0.856, 0.681, 0.473, 0.317, 0.203],  # conv(8), halve, conv(10), halve
    "three poolings": [0.932, 0.926, 0.887, 0.809, 0.695, 0.555, 0.423],
    "global, early": [0.563, 0.563, 0.563, 0.562, 0.558, 0.547, 0.533],
    "global, late": [0.888, 0.888, 0.885, 0.884, 0.881, 0.870, 0.849],
}


def show_recorded(*names):
    rows = [("columns moved", *map(str, SHIFTS))]
    rows += [(name, *(f"{value:.2f}" for value in recorded[name])) for name in names]
    show_table(rows, "recorded: validation accuracy, the mean of three starts")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Over three starts, one pooling helps little, max or mean

# %% slideshow={"slide_type": "-"}
show_recorded(*list(recorded)[:8])

# %% [markdown] slideshow={"slide_type": "skip"}
# With each of the three starts, the order at two and three columns is the same, from the lowest: *no pooling*, *one
# pooling*, *three skips*, *two poolings*, *three poolings*. (The same network differs by up to 0.07 between
# starts.)
#
# *One pooling helps, but little.* After a shift by two columns, it reads 3 in 100 digits more than no pooling. On
# digits that haven't moved, it is ahead by 1 already, so the tolerance gains about 2. That may be less than you guessed
# from the figure of the differences. A likely reason: training digits don't agree to the pixel either, so a dense layer
# learns some tolerance from them anyway. Which kind of pooling it is hardly matters: the mean, and the maximum at
# stride 1, differ from the maximum at stride 2 by less than the starts differ from each other. Skipping gains nothing
# over the full maps, although it can afford four times as many kernels. By the ratio of the differences above, one
# pooling should have helped much more, and the mean more than the maximum: measuring a layer without training is a
# start, not a verdict.
#
# *Repeating it helps a lot.* After a shift by three columns, the network without pooling reads little more than half of
# the digits, the one with three poolings 8 in 10. Some of this is due to depth: three skips do nearly as well as two
# poolings. But three poolings are clearly ahead of three skips, with a quarter of the parameters. This is one reason
# why convolution and pooling alternate in the next notebooks.
#
# Equal work isn't equal time: as the seconds above show, the networks that pool take longer to train, although pooling
# takes no multiply-adds. It compares instead, and a processor is also faster with some numbers of kernels than with
# others.
#
# ### Where should a network forget everything?
#
# Global pooling forgets all positions. Should it come directly after a first convolution, or after the third?

# %% slideshow={"slide_type": "skip"}
everything = {
    "global, early": network(conv(28), nn.GlobalMaxPool2D()),
    "global, late": network(conv(6), halve, conv(10), halve, conv(12), nn.GlobalMaxPool2D()),
}
show_costs(everything)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
forgetful = {"three poolings": found["three poolings"]}
for name, net in everything.items():
    train(net, X_train, y_train)
    forgetful[name] = tolerance(net)
show_recorded("three poolings", *everything)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### If you forget everything, do it late

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
alt = "Accuracy against the shift. Global pooling: level, and higher if it is late."
figures.tolerance(SHIFTS, forgetful, alt=alt)

# %% [markdown] slideshow={"slide_type": "skip"}
# The curves with global pooling are nearly level. Directly after the first convolution, global pooling leaves 28
# numbers, which say how strongly each of 28 small patterns occurs *somewhere*. No shift changes them as long as a
# margin of one pixel stays around the ink: the convolution is equivariant, and the maximum over all positions is
# invariant (notebook 10). But such numbers don't tell much about a digit, as with the hats and the bags: the network
# reads fewer than 6 in 10 (trained three times as long, at twice the rate, 64 in 100). After three convolutions, a
# number stands for a pattern of 18×18 pixels, so *where* it occurs matters much less. (A number sees 3 pixels in a row
# after the first convolution, and 4 after the pooling; the next kernel reaches 2 pixels further on both sides, so it
# sees 8, and 10 after the pooling; and 10 + 2 · 4 = 18.) There is still a price: after five epochs, the network that
# forgets late reads fewer digits in the middle than the one with three poolings. From a shift by three columns on, it
# reads more.
#
# ### Do single answers change?
#
# Does an answer change when its digit moves? The accuracy doesn't say, because a wrong answer can become right. So
# let's move each validation image by one, two, or four columns, and count how many of the answers are different from
# before, right or wrong.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("network", "one column", "two columns", "four columns")]
for name, net in (nets | everything).items():
    before = answers_of(net, X_validation)
    parts = [(answers_of(net, move(X_validation, columns)) != before).mean() for columns in (1, 2, 4)]
    rows.append((name, *(f"{part:.1%}" for part in parts)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Tolerant isn't invariant
#
# *Global, early* forgets all positions after one convolution, *global, late* after three convolutions and two poolings.
# Look at the last row: why do four columns change fewer answers than one?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
show_table(rows, "validation images whose answer changes when they move")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which shifts of the image move the last maps by whole positions? Think of the digit at stride 2.

# %% [markdown] slideshow={"slide_type": "skip"}
# No answer should change, because a digit that has moved by a column is the same digit. It is often said that pooling
# makes a network *translation invariant*. Of these networks, only *global, early* is, as long as the ink stays away
# from the margin (after four columns, it often doesn't), and it reads worst.
#
# *Global, late* is a surprise: its accuracy is level, and yet one column changes 7 to 9 of 100 answers, about as many
# as without pooling. (Some wrong answers become right, some right ones wrong.) But move by **four** columns, and far
# fewer answers change than after one! Two poolings with stride 2 come before the last convolution, so its maps only
# move along if the image moves by a multiple of 4; other shifts change their values. It is aliasing, seen in a network.
# Larger networks have it, too: trained on more than a million photographs, they can change their mind when a photograph
# moves by a pixel (Azulay and Weiss, 2019).
#
# Halving height and width does one more thing, which is reason enough to pool: it makes all that follows four times
# cheaper. Networks spend what they save on more channels: fewer positions, and more kinds of patterns.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *How can a network forgive a shift by one pixel, and what does it forget in return?*
#
# - Pooling passes on a window's maximum (is a pattern there?) or its mean (how much?).
# - The window forgives shifts, small ones most; the stride saves work.
# - At stride 2, one pixel changes nothing or everything, and on average half.
# - In return, images look more alike, and *where* is lost, for all later layers.
# - At equal work, one pooling helps a network a little, three help a lot.
# - Tolerant isn't invariant: single answers still change.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do you know that a model will work on data it has not seen? You have just tested it on data that differs from the
# training data in a way that you control. None of the networks had ever seen a digit off the center. On centered
# validation digits, networks with no pooling, with one, and with three are almost equally good; only the moved digits
# show how different they are. If you expect something of new data, build it into the network, *and* test it.

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
# `figures.tolerance(SHIFTS, {"mine": tolerance(my_net)}, alt="my network")`: where do you lose? (In part at the right
# margin, where digits are cut off.) When you have chosen your
# network by its tolerance on the validation images, measure it once on the test images:


# %% slideshow={"slide_type": "skip"}
def final_score(net):
    X, y = load_images(train=False, source="mnist")  # (2000, 1, 28, 28), (2000,)
    right = [(answers_of(net, move(X, columns)) == y.asnumpy()).mean() for columns in SHIFTS]
    return float(sum(right) / len(right))


# %% [markdown] slideshow={"slide_type": "skip"}
# Then break your network: which digits change their answer when they move, and to what? And what happens if you move
# them down instead, with `move(X.swapaxes(2, 3), rows).swapaxes(2, 3)`?
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
# train(my_net, images[:8000], labels[:8000], num_epochs=8, learning_rate=0.005)
# print(np.array(tolerance(my_net)).mean(), final_score(my_net))
# ```
#
# It takes 395,336 multiply-adds and about 40 seconds of training. Recorded with the starts 0, 1, and 2: 0.93 to 0.95 on
# the validation images, 0.94 to 0.95 on the test images. Three poolings before a dense layer (8, 12, and 32 kernels;
# start 0) read centered digits equally well (0.96), but their mean over the shifts is only 0.78 on the validation
# images. So with longer training, forgetting late costs nothing in the middle.
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
