# %% [markdown] slideshow={"slide_type": "slide"}
# # 01 · Arrays
#
# Labels, pictures and weights of a network are all the same thing: arrays of numbers. Whoever can create, cut, combine
# and time them can read every later chapter.
#
# *45 minutes · needs 00*

# %% [markdown] slideshow={"slide_type": "notes"}
# Everything in this course is an array: the data, the parameters, the predictions, the gradients. This chapter is the
# vocabulary. Ask who has used NumPy. Those who have will know two thirds of it; tell them to look out for the three
# places where Deep NumPy is different (default type, views, asynchrony).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Say** what an array of 0 to 5 axes holds in machine learning.
# - **Create** arrays, and cut out elements, rows, columns and blocks.
# - **Predict** the shape of a result by broadcasting.
# - **Know** when memory is shared and when it is copied.
# - **Time** a matrix product on an engine that answers before it is done.

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
from time import perf_counter

import numpy as onp  # the original NumPy; `np` is MXNet's, called Deep NumPy here
from mxnet import MXNetError, autograd, gluon, np, npx

from d2lhelpers import COLORS, check, draw_cells, explore, load_images, seed, show, show_images, subplots

npx.set_np()

# %% [markdown] slideshow={"slide_type": "notes"}
# The imports are in a cell that the slides leave out. `np` is MXNet's NumPy interface, `onp` the original one.
# `npx.set_np()` switches MXNet to NumPy's rules for shapes; every notebook of the course begins with it.


# %% slideshow={"slide_type": "skip"}
def draw_workflow():
    """Draw what happens to the data on its way, with many libraries and with one."""
    fig, ax = subplots(width=10.0, height=3.0)
    steps = ["load", "prepare", "train", "predict", "plot"]
    usual = ["pandas", "NumPy", "tensor", "tensor", "NumPy"]
    colors = {"pandas": COLORS["orange"], "NumPy": COLORS["blue"], "tensor": COLORS["green"]}
    for i, (step, library) in enumerate(zip(steps, usual, strict=True)):
        ax.text(2 * i + 0.75, 2.95, step, ha="center")
        draw_box(ax, 2 * i, 1.75, 1.5, library, colors[library])
        if i:
            ax.annotate("", (2 * i, 2.15), (2 * i - 0.5, 2.15), arrowprops={"arrowstyle": "-|>", "color": "black"})
        if i and library != usual[i - 1]:
            ax.text(2 * i - 0.25, 1.35, "convert", ha="center", color=COLORS["vermilion"], weight="bold")
    draw_box(ax, 0, 0.1, 9.5, "Deep NumPy: the same array all the way", COLORS["blue"])
    ax.set(xlim=(-0.1, 9.6), ylim=(0, 3.3))
    ax.axis("off")
    show(
        fig,
        alt="Usually data are converted twice between NumPy and a framework's tensors, and once from pandas; "
        "Deep NumPy needs no conversion.",
    )


def draw_box(ax, x, y, width, text, color):
    ax.fill([x, x + width, x + width, x], [y, y, y + 0.8, y + 0.8], color=color, alpha=0.25)
    ax.text(x + width / 2, y + 0.4, text, ha="center", va="center")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Arrays and axes
#
# One structure for a label, a table, a picture and a film.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One array, from loading to plotting
#
# Every conversion is a chance for a wrong axis, a wrong type, a copy too many. Deep NumPy speaks NumPy all the way, and
# adds gradients and GPUs.

# %% slideshow={"slide_type": "-"}
draw_workflow()

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask: who has lost an afternoon to a framework's own name for `sum(axis=...)`? In the usual workflow the framework has
# its own array type with its own names. Deep NumPy is NumPy's interface on MXNet's engine: what you know carries over.
# What NumPy cannot do (run on a GPU, record a calculation to differentiate it) is added under separate names, on the
# next slide.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Four names to know
#
# One example of each; later notebooks take them apart.

# %% slideshow={"slide_type": "-"}
x = np.array([-1.0, 0.0, 2.0])  # np: arrays, as in NumPy
print(npx.relu(x))  # npx: what networks need and NumPy lacks
x.attach_grad()
with autograd.record():  # autograd: derivatives
    y = (x**2).sum()
y.backward()
print(x.grad)
layer = gluon.nn.Dense(2)  # gluon.nn: layers of networks
layer.initialize()
print(layer(x.reshape(1, 3)).shape, layer.weight.shape)

# %% [markdown] slideshow={"slide_type": "notes"}
# `npx.relu` sets negative numbers to 0. The derivative of x² is 2x: ask for it before you show the output. The layer
# turns 3 numbers into 2, so its weight has shape (2, 3). Notebook 03 is about `autograd`, 04 takes the layer apart.
# Today only `np`.


# %% slideshow={"slide_type": "skip"}
def draw_plane(ax, x, y, rows, columns, color):
    """Draw a grid of cells, its lower left corner at (x, y)."""
    for row in range(rows):
        for column in range(columns):
            left, bottom = x + column, y + row
            corners = [left, left + 1, left + 1, left], [bottom, bottom, bottom + 1, bottom + 1]
            ax.fill(*corners, facecolor=color, edgecolor="white", linewidth=1.5)


def draw_image(ax, x, y, rows=3, columns=3):
    """Draw an RGB image: three planes, one behind the other."""
    for depth, color in ((2, "blue"), (1, "green"), (0, "vermilion")):
        draw_plane(ax, x + 0.6 * depth, y + 0.6 * depth, rows, columns, COLORS[color])


def draw_axes_0_to_2():
    """Draw a scalar, a vector and a matrix."""
    fig, axes = subplots(1, 3, width=10.0, height=2.5)
    titles = ["0 axes: a label", "1 axis: a feature vector", "2 axes: examples × features"]
    for ax, title, (rows, columns) in zip(axes, titles, ((1, 1), (1, 3), (3, 3)), strict=True):
        draw_plane(ax, -columns / 2, -rows / 2, rows, columns, COLORS["blue"])
        ax.set(xlim=(-4, 4), ylim=(-1.8, 1.8), aspect="equal")
        ax.set_title(title)
        ax.axis("off")
    show(
        fig,
        alt="A single cell for a label, a row of three cells for a feature vector, "
        "a grid of cells for a matrix of examples by features.",
    )


def draw_axes_3_to_5():
    """Draw an image, a batch of images and a batch of videos."""
    fig, axes = subplots(1, 3, width=10.0, height=2.6, width_ratios=[1, 2, 2])
    titles = ["3 axes: an image", "4 axes: a batch of images", "5 axes: a batch of videos"]
    for ax, title, (down, across) in zip(axes, titles, ((1, 1), (1, 3), (2, 3)), strict=True):
        for row in range(down):
            for column in range(across):
                draw_image(ax, 6 * column, -5 * row)
        bottom = -5.2 if down > 1 else -2.8
        ax.set(xlim=(-0.5, 6 * across - 1), ylim=(bottom, bottom + 9.6), aspect="equal", anchor="N")
        ax.set_title(title)
        ax.axis("off")
    show(
        fig,
        alt="Three color planes make an image, a row of images a batch, two rows of images a batch of two videos.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### No axis, one, two
#
# `shape` is the length of each axis; `ndim` is how many there are.

# %% slideshow={"slide_type": "-"}
label = np.array(1.0)
features = np.array([1.0, 2.7, 3.4])  # one house, one customer
table = np.array([[1.0, 2.7, 3.4], [5.0, 0.2, 4.6], [4.3, 8.5, 0.2]])
for array in (label, features, table):
    print(array.ndim, array.shape)

# %% slideshow={"slide_type": "-"}
draw_axes_0_to_2()

# %% [markdown] slideshow={"slide_type": "notes"}
# The numbers are the lecture's. A label is a single number and has no axis: its shape is the empty tuple. In the matrix
# each row is one example and each column is one feature; this is how all tables in the course lie. Ask: what is the
# shape of 1,000 customers with 20 features each? (1000, 20).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three axes, four, five
#
# An image is one plane of pixels per color. A batch stacks images, a video stacks them in time.

# %% slideshow={"slide_type": "-"}
image = np.zeros((3, 32, 48))  # (channels, height, width)
batch = np.zeros((64, 3, 32, 48))  # (N, C, H, W)
videos = np.zeros((8, 30, 3, 32, 48))  # (batch, time, C, H, W)
for array in (image, batch, videos):
    print(array.ndim, array.shape, array.size)

# %% slideshow={"slide_type": "-"}
draw_axes_3_to_5()

# %% [markdown] slideshow={"slide_type": "notes"}
# `size` is the product of the lengths: how many numbers there are. Eight short videos of tiny pictures already are more
# than a million numbers. Ask what the batch of 64 needs in bytes at 4 bytes a number.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Channels come first
#
# The lecture's slide says width × height × channels. MXNet reads (channels, height, width). A convolution layer shows
# it.

# %% slideshow={"slide_type": "-"}
layer = gluon.nn.Conv2D(channels=8, kernel_size=5)
layer.initialize()
print("in: ", batch.shape)
print("out:", layer(batch).shape)
print("weight:", layer.weight.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Axis 1 was the 3 colors and is the 8 output channels. Height and width lost 4 pixels each, in this order.

# %% [markdown] slideshow={"slide_type": "notes"}
# Nobody needs to know yet what a convolution is. It has to know which axis is color, so it gives the order away: axis 1
# changes from 3 to 8, the last two shrink by kernel size minus one. Pillow, OpenCV and matplotlib hold pictures as
# (height, width, channels): exercise 4 converts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Create and select
#
# Numbers in, and just the part that you want out again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Creating: shape, type, values

# %% slideshow={"slide_type": "-"}
print(np.zeros((2, 3)))
print(np.ones((2, 3), dtype="int32"))
print(np.full((2, 3), 7.5))
print(np.arange(6).reshape(2, 3))
print(np.array([[1, 2, 3], [4, 5, 6]]).dtype)

# %% [markdown] slideshow={"slide_type": "notes"}
# An array is given by its shape, the type of its elements, and their values. `reshape` needs the same number of
# elements. Even a list of integers becomes float32 here: in machine learning that is nearly always what is wanted.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Creating: random values
#
# Weights start at random. A seed makes the draw repeatable.


# %% slideshow={"slide_type": "skip"}
def draw_histograms(**arrays):
    fig, axes = subplots(1, len(arrays), width=10.0, height=2.8, sharex=True)
    for ax, (name, array) in zip(axes, arrays.items(), strict=True):
        ax.hist(array.reshape(-1).asnumpy(), bins=20, color=COLORS["blue"])
        ax.set(title=name, xlabel="value", ylabel="how many")
    show(
        fig,
        alt="Histograms of 10,000 draws: the normal ones form a bell around 0, the uniform ones fill 0 to 1 evenly.",
    )


# %% slideshow={"slide_type": "-"}
seed(1)
normal = np.random.normal(0, 1, size=(100, 100))  # mean 0, deviation 1
uniform = np.random.uniform(0, 1, size=(100, 100))  # between 0 and 1
print(f"normal:  mean {normal.mean().item():.2f}, deviation {normal.std().item():.2f}")
print(f"uniform: mean {uniform.mean().item():.2f}, deviation {uniform.std().item():.2f}")

# %% slideshow={"slide_type": "-"}
draw_histograms(normal=normal, uniform=uniform)

# %% [markdown] slideshow={"slide_type": "notes"}
# `normal(mean, deviation)`, `uniform(low, high)`. Ask for the deviation of the uniform distribution: 1/√12, about 0.29.
# The numbers are not exactly 0 and 1 because 10,000 draws are a sample.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The type of the elements
#
# Deep NumPy takes float32 where NumPy takes float64, unless integers meet a number with a fraction.

# %% slideshow={"slide_type": "-"}
for library in (onp, np):
    ages = library.array([20, 30], dtype="int32")
    print(f"{library.__name__:11}", library.zeros(2).dtype, ages + 0.5)

# %% slideshow={"slide_type": "fragment"}
print((ages + 0.5).dtype, (ages.astype("float32") + 0.5).dtype)

# %% [markdown] slideshow={"slide_type": "notes"}
# float32 has seven digits, half the memory and on most hardware at least twice the speed: enough for learning. An
# integer array plus 0.5 is float64, as in NumPy, but layers and `np.dot` don't mix float64 with float32. That's why
# images and tables of integers are converted with `astype("float32")` before you calculate with them.


# %% slideshow={"slide_type": "skip"}
def draw_selections(X, selections):
    """Draw X once for every selection, the selected elements colored."""
    fig, axes = subplots(1, len(selections), width=11.4, height=2.7)
    for ax, (title, part) in zip(axes, selections.items(), strict=True):
        draw_cells(ax, X, highlight=onp.isin(X.asnumpy(), part.asnumpy()), title=title)
    colored = [f"{title} is {part.astype('int32').tolist()}" for title, part in selections.items()]
    show(fig, alt=f"Grids of the numbers 1 to 16 with the selected ones colored: {', '.join(colored)}.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Access: element, row, column
#
# Counting starts at 0. The row comes first. A colon means all.

# %% slideshow={"slide_type": "-"}
X = np.arange(1, 17).reshape(4, 4)
element, row, column = X[1, 2], X[1, :], X[:, 1]
print(element, row, column)

# %% slideshow={"slide_type": "-"}
parts = {"X[1, 2]": element, "X[1, :]": row, "X[:, 1]": column}
parts["X[1:3, 1:]"] = X[1:3, 1:]  # a block
draw_selections(X, parts)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide writes the column as `[1, :]`. The cell says that this is the row.

# %% [markdown] slideshow={"slide_type": "notes"}
# The picture is made from the selections themselves: what is colored is what the index returned. Ask for X[2, 1] before
# anyone computes it (10). A slip between [1, :] and [:, 1] is the most common bug of this chapter, and it even got onto
# a slide. `X[1]` is short for `X[1, :]`; `X[-1]` is the last row.


# %% slideshow={"slide_type": "skip"}
STRIDES = "Three squares of 36 cells: all colored, every second row and column, every third row and column."


def draw_strided(ax, step):
    """Draw the numbers 1 to 36 as a square, and color every step-th row and column."""
    square = np.arange(1, 37).reshape(6, 6)
    part = square[::step, ::step]
    title = f"X[::{step}, ::{step}] has shape {part.shape}"
    draw_cells(ax, square, highlight=onp.isin(square.asnumpy(), part.asnumpy()), title=title)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Access: blocks with a step
#
# `start:stop:step` takes start, leaves out stop. What you leave out means: from the beginning, to the end, one by one.

# %% slideshow={"slide_type": "-"}
explore(draw_strided, [1, 2, 3], values=[1, 2, 3, 4, 5, 6], label="step", alt=STRIDES)

# %% slideshow={"slide_type": "fragment"}
print(X[1:3, 1:].shape, X[::3, ::2].shape, X[1::2, :-1].shape)

# %% [markdown] slideshow={"slide_type": "notes"}
# Live, move the slider: in class ask for the shape before you move it. With a step of 4 two rows are left, 0 and 4.
#
# 1:3 is two rows, 1 and 2: stop minus start. ::3 takes rows 0 and 3 of four, ::2 columns 0 and 2. Ask before the last
# line appears: what is X[1::2, :-1]? Rows 1 and 3 without the last column.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A picture is an array
#
# Handwritten digits come with the course. One channel, 28 × 28 pixels, 0 is black and 1 is white.

# %% slideshow={"slide_type": "-"}
images, labels = load_images(size=8)  # (N, 1, H, W), (N,)
print(images.shape, images.dtype, labels.shape, labels.dtype)
digit = images[0, 0]  # (H, W)
print(digit[11:15, 15:21].round(1))

# %% slideshow={"slide_type": "-"}
show_images(images, labels.tolist(), alt="Eight white digits on black.")

# %% [markdown] slideshow={"slide_type": "notes"}
# These are real digits of the UCI data set, enlarged and placed at random on a larger canvas. The four axes have the
# order of the previous slides. `images[0, 0]` takes the first image and its only channel; the block below it is a
# window of pixel values.


# %% slideshow={"slide_type": "skip"}
def draw_channels(image):
    """Draw the three channels of an image (3, H, W), then the image in color."""
    fig, axes = subplots(1, 4, width=10.0, height=2.8)
    for ax, plane, title in zip(axes, image, ("red", "green", "blue"), strict=False):
        ax.imshow(plane.asnumpy(), cmap="gray", vmin=0, vmax=1)
        ax.set_title(title)
    axes[3].imshow(image.transpose(1, 2, 0).asnumpy())  # matplotlib wants (H, W, C)
    axes[3].set_title("together")
    for ax in axes:
        ax.axis("off")
    show(
        fig,
        alt="Three gray digits titled red, green and blue, then one picture in which they overlap in these colors.",
    )


# %% [markdown] slideshow={"slide_type": "skip"}
# ### A color picture is three planes
#
# Three digits become the red, the green and the blue plane of one picture.

# %% slideshow={"slide_type": "skip"}
image = np.concatenate([images[0], images[1], images[2]], axis=0)
print(images[0].shape, image.shape)  # (C, H, W)
draw_channels(image)

# %% [markdown] slideshow={"slide_type": "skip"}
# Where only the red plane is bright the pixel is red; where red and green overlap it is yellow. matplotlib wants
# channels last, so the drawing function moves the axes with transpose(1, 2, 0). Concatenation gets its own slide.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Compute
#
# Element by element, along an axis, with shapes that differ, and in place.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Operators work element by element

# %% slideshow={"slide_type": "-"}
x = np.array([1.0, 4.0, 9.0, 16.0])
y = np.array([2.0, 2.0, 2.0, 2.0])
print(x + y, x - y)
print(x * y, x / y)
print(x**y)
print(np.sqrt(x))
print(x > 5)
print((x * y).sum(), np.dot(x, y))

# %% [markdown] slideshow={"slide_type": "notes"}
# `*` is not the matrix product: it multiplies element by element. `np.dot` multiplies and adds up. Comparison gives an
# array of truth values, which can be an index: `x[x > 5]`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Summing along an axis
#
# `axis=0` runs down the rows: that axis disappears, one number per column remains.

# %% slideshow={"slide_type": "-"}
X = np.arange(1, 13).reshape(3, 4)
print(X)
print("all:   ", X.sum())
print("axis=0:", X.sum(axis=0), X.sum(axis=0).shape)
print("axis=1:", X.sum(axis=1), X.sum(axis=1).shape)
print("axis=1, kept:", X.sum(axis=1, keepdims=True).shape)

# %% [markdown] slideshow={"slide_type": "notes"}
# The axis that you name is the one that goes. `keepdims=True` keeps it with length 1: the next slides need that. Same
# for `mean`, `std`, `max`, `argmax`.


# %% slideshow={"slide_type": "skip"}
def draw_broadcast(a, b):
    """Draw a (n, 1) and b (1, m) stretched to (n, m), their own cells colored, and the sum."""
    fig, axes = subplots(1, 3, width=9.6, height=2.7)
    wide = onp.broadcast_arrays(a.asnumpy(), b.asnumpy())
    own = [onp.zeros(wide[0].shape, bool), onp.zeros(wide[0].shape, bool)]
    own[0][:, 0] = True
    own[1][0, :] = True
    draw_cells(axes[0], wide[0], highlight=own[0], title=f"a {a.shape}")
    draw_cells(axes[1], wide[1], highlight=own[1], title=f"b {b.shape}")
    draw_cells(axes[2], a + b, title=f"a + b {(a + b).shape}")
    show(
        fig,
        alt="The column a repeated four times, the row b repeated three times, "
        "and the 3 by 4 matrix of all their sums.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Broadcasting
#
# Align the shapes at the last axis. Equal lengths fit. A length of 1, or none, is stretched.

# %% slideshow={"slide_type": "-"}
a = np.array([[10], [20], [30]])  # (3, 1)
b = np.array([[1, 2, 3, 4]])  # (1, 4)
draw_broadcast(a, b)

# %% slideshow={"slide_type": "fragment"}
mean = images.mean(axis=(0, 2, 3), keepdims=True)  # one per channel
print(images.shape, mean.shape, (images - mean).shape)

# %% [markdown] slideshow={"slide_type": "notes"}
# The colored cells are what exists; the others are copies that exist only on paper, no memory is spent. The same rule
# subtracts a mean per channel from a whole batch. Ask for the shape of (5, 1, 3) + (2, 1): write them below each other,
# aligned on the right: (5, 2, 3).

# %% [markdown] slideshow={"slide_type": "skip"}
# ### When shapes do not fit
#
# The error's last line has both shapes. Read it from the right: 4 meets 3.

# %% slideshow={"slide_type": "skip"}
X, row_means = np.ones((3, 4)), np.ones(3)
try:
    X - row_means
except MXNetError as error:
    print(str(error).splitlines()[-1])

# %% slideshow={"slide_type": "skip"}
print((X - row_means.reshape(3, 1)).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# (3, 4) and (3,): from the right, 4 meets 3, neither is 1. That there is a 3 in both does not help, it is not in the
# same place. The cure is to make it a column, by reshape or by keepdims. Beware the square matrix: there the wrong
# direction raises no error at all.


# %% slideshow={"slide_type": "skip"}
def draw_concatenation(A, B):
    """Draw A and B joined below each other and beside each other; the cells of B are colored."""
    fig, axes = subplots(1, 2, width=9.0, height=2.8)
    for axis, ax in enumerate(axes):
        joined = np.concatenate([A, B], axis=axis)
        of_B = np.concatenate([np.zeros_like(A), np.ones_like(B)], axis=axis)
        draw_cells(ax, joined, highlight=of_B.asnumpy() > 0, title=f"axis={axis} {joined.shape}")
    show(
        fig,
        alt="A above B makes a matrix of 4 rows and 3 columns; A beside B makes one of 2 rows and 6 columns.",
    )


# %% [markdown] slideshow={"slide_type": "skip"}
# ### Joining arrays
#
# `concatenate` makes an axis longer. `stack` makes a new axis.

# %% slideshow={"slide_type": "skip"}
A = np.arange(1, 7).reshape(2, 3)
B = A * 10
print(np.concatenate([A, B], axis=0).shape, np.stack([A, B]).shape)
draw_concatenation(A, B)

# %% [markdown] slideshow={"slide_type": "skip"}
# All other axes must agree. Batches are made by `stack`: images of shape (C, H, W) become (N, C, H, W). The colored
# cells come from B.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Writing in place
#
# `Y = Y + X` makes a new array. `+=` and `[:] =` write into the old one.

# %% slideshow={"slide_type": "-"}
X, Y = np.ones((2, 2)), np.zeros((2, 2))
before = id(Y)
Y = Y + X
print("Y = Y + X    same array:", id(Y) == before)
before = id(Y)
Y += X
print("Y += X       same array:", id(Y) == before)
Y[:] = Y + X
print("Y[:] = Y + X same array:", id(Y) == before)

# %% [markdown] slideshow={"slide_type": "notes"}
# `id` is where Python keeps the object. Weights are updated in place, a hundred megabytes of them, thousands of times:
# a new array each time would waste memory, and other names for the same weights would keep the old values. `Y[:] = Y +
# X` still makes the sum first and copies it; `+=` does not.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What shares memory?
#
# NumPy's slices all look into the same memory. Deep NumPy's do only where the part lies in one piece.

# %% slideshow={"slide_type": "-"}
for library in (onp, np):
    X = library.ones((3, 3))
    row, column = X[1], X[:, 0]
    row[:] = 7  # a row lies in one piece
    column[:] = 5  # a column does not
    print(library.__name__)
    print(X)

# %% [markdown] slideshow={"slide_type": "fragment"}
# To change a column, write into `X` itself: `X[:, 0] = 5`.

# %% [markdown] slideshow={"slide_type": "notes"}
# Matrices are stored row after row. Deep NumPy arrays are always one piece of memory, so a row or several neighboring
# rows can be a view; a column would have gaps, so it is a copy. This is the second difference from NumPy to remember.
# Writing by index on the left, `X[:, 0] = 5`, works in both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### To NumPy and back
#
# Both directions copy: changing one leaves the other alone.

# %% slideshow={"slide_type": "-"}
data = onp.ones((2, 3))
X = np.array(data)
data[0, 0] = 100
back = X.asnumpy()
back[0, 0] = -1
print(data[0], X[0], back[0])
print(X.dtype, np.array(data, dtype="float32").dtype)

# %% [markdown] slideshow={"slide_type": "notes"}
# `asnumpy` also waits until the array is computed: more of this soon. The type comes along: float64 stays float64. Ask
# why that matters: a float64 batch meets float32 weights.

# %% [markdown] slideshow={"slide_type": "skip"}
# ### To NumPy and back: what clashes
#
# A float64 batch meets float32 weights. An original NumPy array meets a Deep NumPy function.

# %% slideshow={"slide_type": "skip"}
weights = np.ones((3, 2))  # float32
for batch in (np.array(data), data):
    try:
        np.dot(batch, weights)
    except (MXNetError, AssertionError) as error:
        print(type(error).__name__, "…", str(error).split(": ")[-1][:33])

# %% [markdown] slideshow={"slide_type": "skip"}
# The cure for both: convert once, where data come in, and name the type.

# %% slideshow={"slide_type": "skip"}
print(np.dot(np.array(data, dtype="float32"), weights).shape)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How fast is it?
#
# The lecture's race between NumPy and Deep NumPy, run again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How much work is a matrix product?
#
# Each of the $n^2$ results takes $n$ multiplications and $n$ additions: $2n^3$ floating-point operations (FLOP).

# %% slideshow={"slide_type": "-"}
n, many = 1024, 40
gflop = 2 * n**3 / 1e9  # billions of operations in one product
print(f"{gflop:.2f} GFLOP")


def seconds(times, work, *arguments):
    start = perf_counter()
    for _ in range(times):
        work(*arguments)
    return perf_counter() - start


# %% [markdown] slideshow={"slide_type": "notes"}
# The matrix product is where deep learning spends its time: dense layers are one, convolutions are turned into one. So
# its speed is the speed of a library. `seconds(times, work, ...)` calls `work` several times and reads the clock before
# and after. The whole measurement takes about ten seconds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The product in NumPy
#
# Once, then many times: the second number is the more honest one.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
A, B = onp.random.normal(0, 1, (2, n, n))  # float64, as in the lecture
rates = {}
for dtype in ("float64", "float32"):
    A, B = A.astype(dtype), B.astype(dtype)
    once = seconds(1, onp.dot, A, B)
    total = seconds(many, onp.dot, A, B)
    rates[f"NumPy {dtype}"] = many * gflop / total
    print(f"{dtype}: once {once:.4f} s, {many} times {total:.2f} s,", end=" ")
    print(f"{many * gflop / total:.0f} GFLOP/s")

# %% [markdown] slideshow={"slide_type": "notes"}
# The first call also wakes up threads and fills caches. float32 is about twice as fast as float64: twice as many
# numbers fit into one register and into each cache line. Write the numbers of this machine on the board.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The product in Deep NumPy

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
X, Y = np.random.normal(0, 1, (2, n, n))  # float32
np.dot(X, Y).wait_to_read()  # warm up
once = seconds(1, np.dot, X, Y)
npx.waitall()
total = seconds(many, np.dot, X, Y)
left_over = seconds(1, npx.waitall)
print(f"once {once:.6f} s, {many} times {total:.6f} s")
print(f"apparently {many * gflop / total:,.0f} GFLOP/s")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Too good to be true. What was measured here?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-ignore-output"]
print(f"still to be computed after that: {left_over:.2f} s of work")

# %% [markdown] slideshow={"slide_type": "notes"}
# Let the class guess before the last line. No laptop does thousands of GFLOP/s. `np.dot` puts the task into a queue and
# returns at once, with an array whose content does not exist yet. The clock has measured how long it takes to write
# forty orders, not to carry them out.


# %% slideshow={"slide_type": "skip"}
def draw_timeline(number=4):
    """Draw when Python orders products and when the engine computes them, without and with a barrier in the loop."""
    fig, axes = subplots(1, 2, width=10.5, height=2.4)
    for ax, wait in zip(axes, (False, True), strict=True):
        orders = [(1.35 if wait else 0.2) * i for i in range(number)]
        works = [0.2 + (1.35 if wait else 1.1) * i for i in range(number)]
        ax.broken_barh([(start, 0.15) for start in orders], (1.1, 0.6), color=COLORS["vermilion"])
        ax.broken_barh([(start, 1.05) for start in works], (0.1, 0.6), color=COLORS["blue"])
        stops = [start + 1.12 for start in works] if wait else [works[-1] + 1.12]
        for stop in stops:
            ax.axvline(stop, color="black", linestyle="--", linewidth=2)
        ax.set(xlim=(-0.1, 6), ylim=(0, 1.9), xticks=[], yticks=[0.4, 1.4], xlabel="time")
        ax.set_yticklabels(["engine", "Python"])
        ax.set_title("wait_to_read() in the loop" if wait else "waitall() at the end")
    show(
        fig,
        alt="Two time lines. Without barrier Python orders all products at once and the engine follows; "
        "with a barrier in the loop they alternate.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Asynchronous: Python orders, the engine computes
#
# A barrier makes Python wait for the result: `wait_to_read()` for one array, `npx.waitall()` for all. So do `print`,
# `asnumpy()`, `item()` and `float()`.

# %% slideshow={"slide_type": "-"}
draw_timeline()

# %% [markdown] slideshow={"slide_type": "notes"}
# Red is Python, blue is the engine, dashed is a barrier. On the left Python runs ahead, the engine never idles. On the
# right Python waits for each product, the engine has a short pause between two. Consequences: time nothing without a
# barrier; and print or convert nothing inside a training loop that you can print after it. An error inside the engine
# may also come up only at the barrier.


# %% slideshow={"slide_type": "skip"}
def draw_rates(rates):
    fig, ax = subplots(width=10.0, height=3.4)
    colors = [COLORS["orange"]] * 2 + [COLORS["blue"]] * (len(rates) - 2)
    bars = ax.barh(list(rates), list(rates.values()), color=colors)
    ax.bar_label(bars, fmt="%.0f", padding=4, fontsize=14)
    ax.set(xlabel="GFLOP/s on this machine", xlim=(0, 1.15 * max(rates.values())))
    ax.invert_yaxis()
    show(
        fig,
        alt="Bars: GFLOP/s of NumPy with float64 and float32, and of Deep NumPy with a barrier "
        "after each product and one at the end.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The product in Deep NumPy, with a barrier

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
each = seconds(many, lambda: np.dot(X, Y).wait_to_read())
at_end = seconds(many, np.dot, X, Y) + seconds(1, npx.waitall)
rates["Deep NumPy, wait for each"] = many * gflop / each
rates["Deep NumPy, wait at the end"] = many * gflop / at_end
draw_rates(rates)

# %% [markdown] slideshow={"slide_type": "notes"}
# Now the numbers can be compared. Compare Deep NumPy with NumPy at float32, its own type; the lecture compared it with
# float64. On a processor both hand the work to libraries of the same kind; on one with AVX-512 NumPy's is ahead, since
# MXNet's, of 2020, has no code for it. The difference comes with a GPU, and with the gradients that NumPy cannot give.

# %% [markdown] slideshow={"slide_type": "notes"}
# Longer is faster. Ask why float64 is the shortest bar, and what would happen to the Deep NumPy bars for tiny matrices
# (the overhead of ordering shows). Notebook 09 runs the same measurement on a GPU.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The lecture's numbers, recomputed
#
# The slide's clock says these seconds for 1,000 products on a laptop of 2015. Its last line prints 4.0 and 11.8
# Gigaflops. The cell says:

# %% slideshow={"slide_type": "-"}
numpy_seconds, deep_numpy_seconds = 53.658205, 18.248058
print(f"NumPy       {1000 * gflop / numpy_seconds:6.1f} GFLOP/s")
print(f"Deep NumPy  {1000 * gflop / deep_numpy_seconds:6.1f} GFLOP/s")
print(f"ratio       {numpy_seconds / deep_numpy_seconds:6.1f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The slide lost a factor of ten in both. The ratio stands, and a good part of it is float32 against float64.

# %% [markdown] slideshow={"slide_type": "notes"}
# The slide's own loop runs 1,000 times, and its single call takes 0.065 s, so the seconds fit together; only the
# conversion to Gigaflops slipped. A computed rate is worth a check by hand: 2 GFLOP in 0.054 s is about 40 GFLOP/s.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - Shapes: examples come first; images are (N, C, H, W).
# - `X[row, column]`, with `start:stop:step` on either side of the comma.
# - Broadcasting aligns at the last axis and stretches lengths of 1.
# - float32 by default; rows share memory, columns are copies.
# - The engine runs behind: no timing without a barrier.

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask for one sentence on each line. Then fifteen minutes for the exercises; the first two take two minutes each.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.1: predict a shape
#
# X has shape (3, 1, 5), Y has shape (4, 1). What is the shape of X + Y? Write it down before you run anything.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
shape = ...  # a tuple, such as (2, 3)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.1", shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Write the shapes below each other, aligned on the right. Where nothing stands, think a 1.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# shape = (3, 4, 5)
# ```
#
# Aligned on the right, 5 meets 1, 1 meets 4, and 3 meets nothing. Each 1, and the missing axis, is stretched to the
# other length.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.2: change a block
#
# `X[::3, ::2]` was on a slide. Change it: take every second row, beginning with row 1, and of these every third column,
# beginning with column 0. It should work for a matrix of any size.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block(X):
    return ...  # on the slide: X[::3, ::2]


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.2", block)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `start:stop:step`, rows before the comma, columns after it. What you leave out goes to the very end.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def block(X):
#     return X[1::2, ::3]
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.3: standardize a table
#
# Networks learn better from features of similar size. Return a new matrix (n, d) in which each column has mean 0 and
# standard deviation 1 (divide by n, as `std` does). No column is constant. Leave X as it is.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def standardize(X):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.3", standardize)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `X.mean(axis=0)` has one number for each column, and its shape (d,) broadcasts against (n, d).
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def standardize(X):
#     return (X - X.mean(axis=0)) / X.std(axis=0)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.4: channels last
#
# MXNet holds a batch of images as (N, C, H, W), other libraries as (N, H, W, C). Convert the first into the second:
# every pixel keeps its place and its color.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def to_channels_last(batch):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.4", to_channels_last)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `reshape` gives the right shape and the wrong picture. `transpose` takes the old numbers of the axes in their new
# order.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def to_channels_last(batch):
#     return batch.transpose(0, 2, 3, 1)
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# While they work, walk around and look for `reshape` in exercise 4 and for `axis=1` in exercise 3. Who is done early:
# write `one_hot(labels, k)` with `==`, broadcasting and `np.arange(k)`, and compare it with `npx.one_hot`.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - Dive into Deep Learning, [Data Manipulation](https://d2l.ai/chapter_preliminaries/ndarray.html)
# - Dive into Deep Learning, [Asynchronous Computation](https://d2l.ai/chapter_computational-performance/async-computation.html)
# - NumPy's own page on [broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html)
# - Harris et al., *Array programming with NumPy*, Nature 585, 2020, [doi:10.1038/s41586-020-2649-2](https://doi.org/10.1038/s41586-020-2649-2)
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **02 · Linear algebra**, what a matrix does to a vector.
