# %% [markdown] slideshow={"slide_type": "slide"}
# # 01 · Arrays
#
# How do you compute with a million numbers at once, and why is it fast?
#
# *60 minutes · needs 00 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Photographs, texts, prices, and all that a network learns and predicts have one thing in common: to the computer
# they are *arrays*, blocks of numbers with a shape. Once you can create arrays, cut them up, and combine them without
# writing loops, you can read every other notebook of this course. And once you know why that is fast, you know why deep
# learning became practical at all.
#
# One question runs through the first part of the course: *how do I know that a model will work on data it has not
# seen?* This notebook gives you the tools to ask it. Seen examples are one array, unseen ones another, and every
# accuracy that you will ever report is the mean of an array of ones and zeros.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Say** what an array of 0 to 5 axes holds in machine learning.
# - **Create** arrays, and select elements, rows, columns, and blocks.
# - **Predict** the shape of a result, with and without broadcasting.
# - **Decide** whether an operation shares memory or copies it.
# - **Time** a matrix product correctly, although MXNet answers before it is done.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask who has used NumPy. They know two thirds of this; three things are new: the default type,
# views, asynchrony.

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
import sys
from importlib.util import find_spec
from time import perf_counter

import numpy as onp  # the original NumPy; `np` is MXNet's, called Deep NumPy here
from mxnet import MXNetError, autograd, gluon, np, npx

from d2lhelpers import check, explore, load_images, load_photos, seed, show_images
from d2lhelpers.figures import nb01_ndarray as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "skip"}
# You'll see these imports in every notebook. `np` is MXNet's version of NumPy, which we call *Deep NumPy*: it has
# NumPy's functions under NumPy's names, and adds derivatives and GPUs. `onp` is the original NumPy. `npx.set_np()`
# tells MXNet to follow NumPy's rules for shapes, which allow, for example, a table without any rows.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One operation replaces a million steps
#
# Square a million numbers, first one by one, then as a single operation on an array.


# %% slideshow={"slide_type": "skip"}
def seconds(times, work, *arguments):
    """Call work(*arguments) several times, and return how long that took."""
    start = perf_counter()
    for _ in range(times):
        work(*arguments)
    return perf_counter() - start


array = np.array(onp.random.RandomState(1).uniform(size=1_000_000), dtype="float32")
numbers = array.tolist()  # the same million numbers in a Python list


# %% slideshow={"slide_type": "-"}
def square_all(numbers):
    squares = []
    for number in numbers:
        squares.append(number * number)
    return squares


# %% [markdown] slideshow={"slide_type": "fragment"}
# **Question.** Guess before you look: how many times faster is the array? Twice? Ten times?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-ignore-output"]
loop = min(seconds(1, square_all, numbers) for _ in range(5))
# wait_to_read(): until it is computed; see "A clock can lie" below
whole = min(seconds(1, lambda: (array * array).wait_to_read()) for _ in range(5))
print(f"loop {1000 * loop:.1f} ms, array {1000 * whole:.2f} ms:")
print(f"{loop / whole:.0f} times faster")

# %% [markdown] slideshow={"slide_type": "skip"}
# The factor depends on the machine, but expect twenty or more rather than two or ten. A small part of it comes from
# shorter numbers (the array's have four bytes, Python's eight) and from using all cores. But both versions do the same
# million multiplications, so most of the difference is everything else that the loop does. For each number, Python's
# interpreter looks up what `number` refers to, checks that it can be multiplied, finds the multiplication that belongs
# to its type, makes a new object for the product, and later throws it away. An array operation asks these questions
# once. Then a compiled loop runs over numbers that are packed next to each other in memory, several of them in each
# instruction.
#
# The packing matters as much as the compiled loop. A Python float is an object, and the list holds only a reference to
# it; an array holds the numbers themselves.

# %% slideshow={"slide_type": "skip"}
reference, number = sys.getsizeof(numbers) / len(numbers), sys.getsizeof(numbers[0])
in_array = onp.dtype(array.dtype).itemsize
print(f"bytes per number: list {reference:.0f} + {number}, array {in_array}")  # reference + object
print("same squares:", onp.allclose(square_all(numbers), (array * array).asnumpy()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let everybody write down a guess first. Same arithmetic, so where does the time go? Interpretation
# and memory.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Arrays and axes
#
# One structure holds a label, a table, a photograph, and a film.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Everything a network sees is an array
#
# `ndim` is the number of *axes*, and `shape` the length of each axis.

# %% slideshow={"slide_type": "skip"}
images, labels = load_images(source="mnist", size=1000)  # (1000, 1, 28, 28), (1000,)
photos = {photo.name: photo.image for photo in load_photos()}
label, digit, pixels = labels[0], images[0, 0], images[0, 0, 14]  # (), (28, 28), (28,)
photo, batch = photos["china"], images[:32]  # (3, 427, 640), (32, 1, 28, 28)
small = photo[:, ::4, ::4]  # every fourth row and column: (3, 107, 160)
pan_right = np.stack([small[:, 10:80, 12 * t : 12 * t + 100] for t in range(5)])
pan_left = pan_right[::-1]
videos = np.stack([pan_right, pan_left])  # (2, 5, 3, 70, 100): films, time, C, H, W

# %% slideshow={"slide_type": "-"}
figures.axes_of_arrays(label, pixels, digit, photo, batch, videos)

# %% [markdown] slideshow={"slide_type": "skip"}
# Read the figure from the upper left. A *label*, the right answer to an example, is a single number. It has no axis,
# and its shape is the empty tuple `()`. A row of pixels, or any list of *features* such as the age, size, and price of
# a house, is a *vector* with one axis. A gray picture, or a table of examples by features, is a *matrix* with two. A
# color photograph has three axes, because each pixel has an amount of red, green, and blue. A *batch* is a number of
# examples that are processed together, which adds an axis at the front; a film adds one for time.
#
# These are real arrays: the digit is the first one of MNIST, 70,000 digits written around 1990 by employees of the U.S.
# Census Bureau and by high-school students, of which the course includes 12,000. The films are small ones that we made
# by moving a window across the photograph. The cell above the figure cuts them out, with a notation that you'll know in
# a few minutes.
#
# **Question.** What is the shape of a table of 1,000 customers with 20 features each? And how many numbers does a batch
# of 64 color photographs of 224 by 224 pixels contain?
#
# <details><summary>Answer</summary>
#
# `(1000, 20)`: examples are rows, features are columns. The batch has shape `(64, 3, 224, 224)`, which is
# 64 · 3 · 224 · 224 = 9,633,792 numbers, or 39 MB with four bytes each.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the shape of each example before you point at it, then for that of 1,000 customers with 20
# features.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A photograph is three planes of numbers
#
# Its shape is (channels, height, width): one plane each for red, green, and blue. 0 is dark, 1 is bright.

# %% slideshow={"slide_type": "-"}
flower = photos["flower"]
figures.planes(flower)

# %% slideshow={"slide_type": "skip"}
print(flower.shape, flower.dtype, f"{flower.size:,} numbers")
print(flower[:, 240, 260].round(2))  # one pixel of a petal: red, green, blue

# %% [markdown] slideshow={"slide_type": "skip"}
# The blossom is nearly white in the red plane, gray in the green one, and darker still in the blue one. That mixture is
# orange, and the single pixel that the cell prints agrees. This is all the computer gets: it doesn't know that the
# numbers show a flower. A network has to find that out, and the second half of the course is about how it does so.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which plane belongs to which color before you point at the titles.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In MXNet, channels come before height and width
#
# You don't have to believe it: a convolution layer (notebook 10) gives the order away.

# %% slideshow={"slide_type": "-"}
layer = gluon.nn.Conv2D(channels=8, kernel_size=5)
layer.initialize()
photo_batch = flower.reshape(1, 3, 427, 640)  # (N, C, H, W), with N = 1
print("in:    ", photo_batch.shape)
print("out:   ", layer(photo_batch).shape)
print("weight:", layer.weight.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Axis 1 had 3 colors and now has 8 output channels; the last two axes have each lost 4 pixels.

# %% [markdown] slideshow={"slide_type": "skip"}
# You'll learn in notebook 10 what a convolution computes. For now it is enough that it has to know which axis is color,
# and that it treats axis 1 as such. Height and width shrink because a window of 5 × 5 pixels fits into 427 rows at only
# 427 − 5 + 1 = 423 positions. The letters in (N, C, H, W) stand for number of the example, channel, height, and width,
# and this order holds throughout MXNet. Matplotlib, Pillow, and OpenCV keep pictures as (H, W, C), so sooner or later
# you'll have to convert one into the other. There is a right way to do that, and a wrong one that raises no error.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The right shape can hold the wrong picture
#
# Move the channels to the end and back again, in two ways that give the same shapes.

# %% slideshow={"slide_type": "-"}
cat = photos["chelsea"]  # (3, 300, 451)
channels_last = cat.transpose(1, 2, 0)  # (300, 451, 3), for Matplotlib
back = channels_last.transpose(2, 0, 1)  # (3, 300, 451)
scrambled = channels_last.reshape(3, 300, 451)  # the same shape
figures.pictures(
    {"original": cat, "transpose": back, "reshape": scrambled},
    alt="The photograph of a cat; the same again; and faint stripes in many colors.",
)

# %% [markdown] slideshow={"slide_type": "skip"}
# `transpose` *moves axes*: element `[c, i, j]` becomes element `[i, j, c]`. `reshape` *keeps the order* of the numbers
# in memory and only cuts the row in other places. Both results have the shape (3, 300, 451), so a network accepts
# either without an error. But a convolution, which relies on neighbors, learns badly from the second, and a network
# trained on correct pictures cannot read it at all. So when you convert data, look at a picture, not only at the shape.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for the output of reshape before you run the cell; nearly everybody expects the cat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A batch puts the examples first: (N, C, H, W)
#
# The first MNIST digits. N counts examples, and C is 1 because the pictures are gray.

# %% slideshow={"slide_type": "-"}
print("images", images.shape, images.dtype, "  labels", labels.shape, labels.dtype)
show_images(images[:16], labels[:16].tolist(), alt="Sixteen digits.", width=10.5)

# %% [markdown] slideshow={"slide_type": "skip"}
# Images and labels belong together by position: `images[7]` is a picture, and `labels[7]` says which digit it shows.
# The first axis of all data in this course counts examples. This makes it easy to hold some of them back: train with
# `images[:800]`, and find out with `images[800:]` how the model does on digits that it has not seen.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Examples first, always. Splitting into seen and unseen data is then a slice of axis 0.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### An array has a shape, a type, and values

# %% slideshow={"slide_type": "-"}
print(np.zeros((2, 3)))
print(np.ones((2, 3), dtype="int32"))
print(np.full((2, 3), 7.5))
print(np.arange(6).reshape(2, 3))
print(np.array([[1, 2, 3], [4, 5, 6]]).dtype)

# %% [markdown] slideshow={"slide_type": "skip"}
# The functions that create arrays take a shape, and a type if you want another one than the default. `arange` counts,
# and `reshape` arranges the same number of elements in another shape. The last line may surprise you if you know NumPy:
# a list of whole numbers becomes *float32*, numbers with a fraction in four bytes each, which is nearly always what
# machine learning needs.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Networks start out random, and a seed makes them repeatable

# %% slideshow={"slide_type": "-"}
seed(1)
normal = np.random.normal(0, 1, size=(100, 100))  # mean 0, standard deviation 1
uniform = np.random.uniform(0, 1, size=(100, 100))  # between 0 and 1
for name, draws in (("normal", normal), ("uniform", uniform)):
    print(f"{name:7} mean {draws.mean().item():.2f}, deviation {draws.std().item():.2f}")
figures.histograms(normal=normal, uniform=uniform)

# %% [markdown] slideshow={"slide_type": "skip"}
# A network's *weights*, the numbers that it learns, start as random numbers. `normal(mean, deviation)` draws from a
# bell curve, `uniform(low, high)` evenly from an interval. A *seed* is the number from which the random generator
# starts: the same seed gives the same numbers, so that you can repeat an experiment. The printed means are close to 0
# and ½ but not equal to them, because 10,000 draws are a sample. The deviation of the uniform draws is close to
# $1/\sqrt{12} \approx 0.29$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Deep NumPy computes in float32, NumPy in float64
#
# float32 has about seven decimal digits, which is plenty for learning, in half the memory.

# %% slideshow={"slide_type": "-"}
print("NumPy:     ", onp.zeros(2).dtype)
print("Deep NumPy:", np.zeros(2).dtype)

# %% slideshow={"slide_type": "fragment"}
ages = np.array([20, 30], dtype="int32")
print(ages + 0.5, (ages + 0.5).dtype, "→", (ages.astype("float32") + 0.5).dtype)

# %% [markdown] slideshow={"slide_type": "skip"}
# There is one trap. Whole numbers plus a fraction become float64, as in NumPy, but layers and `np.dot` refuse to mix
# float64 with float32. So convert integers with `astype("float32")` where the data come in.
#
# This is the first of three differences between Deep NumPy and NumPy that you'll notice in this notebook; the others
# are memory that is shared less often, and results that arrive later. MXNet's `np` deviates from NumPy in other, rarer
# cases, too, and [a list](../docs/differences.md) says what to write instead.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The row comes first, and counting starts at 0
#
# `X[row, column]` selects; a colon alone means all; `start:stop` includes the start and excludes the stop.

# %% slideshow={"slide_type": "-"}
X = np.arange(1, 17).reshape(4, 4)
parts = {
    "X[1, 2]": X[1, 2],  # an element
    "X[1, :]": X[1, :],  # a row, or just X[1]
    "X[:, 1]": X[:, 1],  # a column
    "X[1:3, 1:]": X[1:3, 1:],  # a block
}
figures.selections(X, parts)

# %% [markdown] slideshow={"slide_type": "skip"}
# The figure is made from the selections themselves: what is colored is what the index returned. Mixing up `X[1, :]` and
# `X[:, 1]` is one of the most common mistakes of all, so read both aloud: "row 1, all columns", "all rows, column 1".
# Negative numbers count from the end: `X[-1]` is the last row.
#
# **Question.** What is `X[2, 1]`, and what is the shape of `X[1:3, :-1]`?
#
# <details><summary>Answer</summary>
#
# `X[2, 1]` is 10, in the third row and the second column. `X[1:3, :-1]` has shape (2, 3): rows 1 and 2, and all columns
# but the last.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for X[2, 1] before anyone computes it. Row 1, all columns; all rows, column 1.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A third number is the step
#
# In `start:stop:step`, what you leave out means: from the beginning, to the end, one by one.

# %% slideshow={"slide_type": "-"}
parts = {"X[::3, ::2]": X[::3, ::2], "X[1::2, :-1]": X[1::2, :-1], "X[:, ::2]": X[:, ::2]}
figures.selections(X, parts)

# %% [markdown] slideshow={"slide_type": "skip"}
# `::3` takes rows 0 and 3 of four, `1::2` takes rows 1 and 3, and `:-1` is all columns but the last. The next figure
# shows a larger matrix, with six rows and columns. In a live notebook, guess the shape before you move the slider.

# %% slideshow={"slide_type": "skip"}
cases, steps = [1, 2, 3], [1, 2, 3, 4, 5, 6]
explore(figures.strided, cases, values=steps, label="step", alt=figures.STRIDED)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Slices crop, mirror, and shrink a photograph

# %% slideshow={"slide_type": "-"}
edited = {
    "crop": cat[:, 50:210, 120:360],
    "mirror": cat[:, :, ::-1],
    "shrink": cat[:, ::10, ::10],
}
alt = "The eyes of a cat; the cat looking the other way; and the cat in coarse blocks."
figures.pictures(edited, alt)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each of these is one slice and not a loop; a step of −1 goes backward. Cropping and mirroring will return in notebook
# 13 as a way to make more training pictures out of a few: a mirrored cat is still a cat, but to the network it's a new
# example.
#
# **Question.** What does the picture `cat[::-1]` look like?
#
# <details><summary>Answer</summary>
#
# The first axis is color, so red and blue change places: the orange cat turns blue.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Compute without loops
#
# Element by element, along an axis, with shapes that differ, and in place.

# %% [markdown] slideshow={"slide_type": "subslide"}
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

# %% [markdown] slideshow={"slide_type": "skip"}
# Even `*` multiplies element by element. The dot product, `np.dot`, multiplies and then adds up, as the last line
# shows; it is the subject of notebook 02. A comparison gives an array of truth values, which you can use as an index:
# `x[x > 5]` keeps the elements that are greater than 5, and `images[labels == 7]` keeps the sevens. An array of whole
# numbers works, too: `images[np.array([3, 0, 3], dtype="int32")]` is images 3, 0, and 3 again. The mean of a comparison
# is the share of elements for which it holds. That is how accuracy is computed: the mean of `predictions == labels`.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The axis that you name is the one that disappears
#
# A mean along axis 0 turns all sevens, shape (number, 1, 28, 28), into one average seven, shape (1, 28, 28).

# %% slideshow={"slide_type": "-"}
averages = np.stack([images[labels == k].mean(axis=0) for k in range(10)])
print(images[labels == 7].shape, "→", averages[7].shape, "; all ten:", averages.shape)
alt = "Ten blurred digits, each the average of its class."
show_images(averages, range(10), alt=alt, num_columns=5, width=8.2)

# %% [markdown] slideshow={"slide_type": "skip"}
# Nobody drew these pictures: each is the mean of about a hundred digits, pixel by pixel. The middle of the 1 is nearly
# white, because almost everybody puts ink there; its ends are smeared, because people slant it differently. The 2 and
# the 5 are blurred most: the brightest pixel of each average, which the next cell finds, is darkest for these two.

# %% slideshow={"slide_type": "skip"}
brightest = averages.max(axis=(1, 2, 3))  # (10, 1, 28, 28) → (10,)
print((100 * brightest).round(), "percent, most for digit", brightest.argmax())

# %% [markdown] slideshow={"slide_type": "skip"}
# You could already recognize digits with these averages, by looking for the one that is most similar, and notebook 02
# does exactly that.
#
# `sum`, `mean`, `std`, and `max` all take an axis, and the axis that you name disappears. So do `argmax`, which gives
# the position of the largest element, and `argmin`, which gives that of the smallest. With `keepdims=True` the axis
# stays, with length 1, which is useful for what comes next.

# %% slideshow={"slide_type": "skip"}
X = np.arange(1, 13).reshape(3, 4)  # a new X
print(X)
print("all:         ", X.sum())
print("axis=0:      ", X.sum(axis=0), X.sum(axis=0).shape)
print("axis=1:      ", X.sum(axis=1), X.sum(axis=1).shape)
print("axis=1, kept:", X.sum(axis=1, keepdims=True).shape)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which average will have the brightest pixel. Naming the axis that goes away is what students
# get wrong most often.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Broadcasting stretches axes of length 1
#
# Align the shapes at the last axis. Equal lengths fit, and a length of 1, or a missing axis, is stretched.

# %% slideshow={"slide_type": "-"}
a = np.array([[10], [20], [30]])  # (3, 1)
b = np.array([[1, 2, 3, 4]])  # (1, 4)
figures.broadcast(a, b)

# %% slideshow={"slide_type": "fragment"}
mean = flower.mean(axis=(1, 2), keepdims=True)  # one number per color
print(flower.shape, "−", mean.shape, "→", (flower - mean).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# What if two arrays have different shapes? If they fit by the rule above, the smaller one is *broadcast*: it acts as if
# it were repeated, but no memory is spent on the copies. Of a and b, only the colored cells exist. The last line is a
# typical use: it subtracts from each color of a photograph its own mean, three numbers from 819,840.
#
# **Question.** What is the shape of an array of shape (5, 1, 3) plus one of shape (2, 1)?
#
# <details><summary>Answer</summary>
#
# Write the shapes below each other, aligned on the right. 3 meets 1, 1 meets 2, and 5 meets nothing: (5, 2, 3).
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Of a and b, only the colored cells exist in memory. Ask for the shape of (5, 1, 3) + (2, 1).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### When shapes don't fit, read them from the right
#
# The last line of the error names both shapes.

# %% slideshow={"slide_type": "-"}
X, row_means = np.ones((3, 4)), np.ones(3)
try:
    X - row_means
except MXNetError as error:
    print(str(error).splitlines()[-1])

# %% slideshow={"slide_type": "-"}
print((X - row_means.reshape(3, 1)).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# From the right, 4 meets 3, and neither is 1. There is a 3 in both shapes, but not in the same position. The solution
# is to make the means a column, by `reshape` or by `keepdims=True`. Be careful with square matrices: there, the wrong
# direction raises no error at all.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `concatenate` makes an axis longer, `stack` makes a new one

# %% slideshow={"slide_type": "-"}
A = np.arange(1, 7).reshape(2, 3)
B = A * 10
print(np.concatenate([A, B], axis=0).shape, np.stack([A, B]).shape)
figures.concatenation(A, B)

# %% [markdown] slideshow={"slide_type": "skip"}
# The colored cells come from B. `concatenate` needs equal lengths along all other axes, and `stack` along all of them,
# because it puts A and B behind each other. Batches are made by `stack`: images of shape (C, H, W) become one array of
# shape (N, C, H, W).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### `Y = Y + X` makes a new array, `Y += X` changes the old one

# %% slideshow={"slide_type": "-"}
X, Y = np.ones((2, 2)), np.zeros((2, 2))
weights = Y  # a second name for the same array
Y = Y + X  # a new array; `weights` still names the old one
print("Y = Y + X: ", weights.tolist())
Y = weights
Y += X  # written into the same memory
print("Y += X:    ", weights.tolist())
Y[:] = Y + X  # a new array for the sum, then copied into the same memory
print("Y[:] = ...:", weights.tolist())

# %% [markdown] slideshow={"slide_type": "skip"}
# A variable in Python is a name for an object, and an object can have several names. `weights` and `Y` name the same
# array until `Y = Y + X` gives the name `Y` to a new one. Training updates a network's weights thousands of times, and
# they can take hundreds of megabytes. A new array each time would waste memory, and every other variable that names the
# weights, such as the one inside the layer, would keep the old values. That is why weights are updated in place.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what `weights` is after each line before you run the cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In Deep NumPy, a row shares memory and a column is a copy

# %% slideshow={"slide_type": "-"}
A, X = onp.ones((3, 3)), np.ones((3, 3))  # NumPy's, Deep NumPy's
for matrix in (A, X):
    row, column = matrix[1], matrix[:, 0]
    row[:] = 7
    column[:] = 5
print("NumPy:", A, "Deep NumPy:", X, sep="\n")

# %% [markdown] slideshow={"slide_type": "fragment"}
# To change a column, write into `X` itself: `X[:, 0] = 5` works in both.

# %% [markdown] slideshow={"slide_type": "skip"}
# A slice that shares memory with its array is called a *view*: writing into it changes the array. In NumPy, every slice
# is a view. Deep NumPy's arrays are always one piece of memory without gaps, in which the rows follow each other. So a
# row, or several neighboring rows, can be a view, but a column would have gaps and becomes a copy. This is the second
# difference from NumPy to remember.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Conversion from and to NumPy copies

# %% slideshow={"slide_type": "-"}
data = onp.ones((2, 3))
X = np.array(data)
data[0, 0] = 100
back = X.asnumpy()
back[0, 0] = -1
print(data[0], X[0], back[0])
print(X.dtype, np.array(data, dtype="float32").dtype)

# %% [markdown] slideshow={"slide_type": "skip"}
# Both directions copy, so changing one array leaves the others alone. The type comes along: a float64 array stays
# float64 unless you say otherwise, and a float64 batch then meets float32 weights. Here is what that looks like, and
# what happens if an original NumPy array gets into a function of Deep NumPy:

# %% slideshow={"slide_type": "skip"}
weights = np.ones((3, 2))  # float32
try:
    np.dot(np.array(data), weights)  # float64 and float32
except MXNetError as error:
    print(str(error).splitlines()[-1])
try:
    np.dot(data, weights)  # not converted at all
except AssertionError as error:
    print(str(error).splitlines()[0])
print(np.dot(np.array(data, dtype="float32"), weights).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# The last line shows the solution for both: convert once, where the data come in, and name the type.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What NumPy lacks has names of its own

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

# %% [markdown] slideshow={"slide_type": "skip"}
# `npx.relu` replaces negative numbers by 0, as many networks do between two layers (notebook 07). The derivative of
# $x^2$ is $2x$, and `autograd` finds it (notebook 03). A dense layer turns three numbers into two, so its weight has
# shape (2, 3) (notebooks 02 and 04).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Other frameworks have the same ideas under other names
#
# | | NumPy and Deep NumPy | PyTorch | TensorFlow |
# |---|---|---|---|
# | join | `np.concatenate([A, B], axis=0)` | `torch.cat([A, B], dim=0)` | `tf.concat([A, B], axis=0)` |
# | sum | `A.sum(axis=1, keepdims=True)` | `A.sum(dim=1, keepdim=True)` | `tf.reduce_sum(A, 1, keepdims=True)` |
# | move axes | `A.transpose(1, 2, 0)` | `A.permute(1, 2, 0)` | `tf.transpose(A, [1, 2, 0])` |
# | convert | `A.astype("int32")` | `A.to(torch.int32)` | `tf.cast(A, tf.int32)` |
# | write | `A[:, 0] = 5` | `A[:, 0] = 5` | only for variables: `A[:, 0].assign(…)` |

# %% [markdown] slideshow={"slide_type": "skip"}
# The other large frameworks call their arrays *tensors*. The ideas of this notebook, axes, broadcasting, a compiled
# loop behind every operation, are the same in all of them, and once you know them in one framework you can read the
# others. What differs are the names. Data are usually loaded and plotted with NumPy, so most programs convert back and
# forth, and each conversion is an opportunity for a wrong axis or a wrong type. With Deep NumPy the conversion remains,
# but the names don't change. Google's JAX was designed with the same aim.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why it is fast
#
# The same matrix product in NumPy and in Deep NumPy, timed wrongly at first, then correctly.

# %% [markdown] slideshow={"slide_type": "skip"}
# Which operation should we time? Networks spend most of their time with matrix products: a dense layer is one, and a
# convolution is turned into one. The product of two matrices of shape $(n, n)$ has $n^2$ entries. Each is the sum of
# $n$ products, so it takes $n$ multiplications and about as many additions. We count both and arrive at $2n^3$
# floating-point operations, or *FLOP*. All notebooks count in this way: a multiplication with its addition is 2 FLOP.
# Work divided by time is the speed, in billions of FLOP per second, *GFLOP/s*.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A clock can lie: it stops before the work is done
#
# A product of two 1024 × 1024 matrices takes $2n^3$ floating-point operations (FLOP), about 2 billion.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
n, many = 1024, 10
gflop = 2 * n**3 / 1e9  # billions of operations in one product
X, Y = np.random.normal(0, 1, (2, n, n))  # two matrices, float32: axis 0 is unpacked
np.dot(X, Y).wait_to_read()  # warm up
queued = seconds(many, np.dot, X, Y)
print(f"{many} × {gflop:.2f} GFLOP in {queued:.4f} s")
print(f"apparently {many * gflop / queued:,.0f} GFLOP/s")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Laptops reach tens or hundreds of GFLOP/s, nowhere near this number. What was measured here?

# %% slideshow={"slide_type": "fragment"} tags=["nbval-ignore-output"]
print(f"work left when the clock had stopped: {seconds(1, npx.waitall):.2f} s")

# %% [markdown] slideshow={"slide_type": "skip"}
# The clock measured how long it takes to *ask* for ten products, not to compute them. In Deep NumPy, an operation
# puts a task into a queue and returns immediately, with an array whose numbers don't exist yet. A part of MXNet called
# the *engine* works through the queue in the background. This is called *asynchronous* execution, and it is the third
# difference from NumPy.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class explain the number before you show the last line. The clock has timed ten requests.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Python queues operations, the engine computes them
#
# A *barrier* makes Python wait: `wait_to_read()` for one array, `npx.waitall()` for all of them.

# %% slideshow={"slide_type": "-"}
figures.timeline()

# %% [markdown] slideshow={"slide_type": "skip"}
# Orange marks Python, blue the engine, and a dashed line a barrier. At the top, Python queues all four products ahead
# of the engine and waits only once. At the bottom, it waits for each product, so the engine in turn has to wait for
# Python before it can start the next one. The figure is a sketch: the pauses are drawn much longer than they are here.
#
# Everything that needs the numbers is a barrier, too: `print`, `asnumpy()`, `item()`, and `float()`. Two rules follow.
# Never time anything without a barrier. And don't print or convert inside a training loop what you can print after it.
# There is a third consequence: an error that happens inside the engine may be reported only at the next barrier, in a
# line that has nothing to do with it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `print`, `asnumpy`, `item`, and `float` are barriers as well. The pauses in the sketch are
# exaggerated.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### With a barrier, the numbers are real


# %% slideshow={"slide_type": "skip"}
def rate(work, *arguments):
    """Return the GFLOP/s of `work`, which computes one product; the first call is not timed."""
    work(*arguments)  # warm up
    return many * gflop / seconds(many, work, *arguments)


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
A, B = X.asnumpy(), Y.asnumpy()  # float32
rates = {
    "NumPy float64": rate(onp.dot, A.astype("float64"), B.astype("float64")),
    "NumPy float32": rate(onp.dot, A, B),
    "Deep NumPy: wait for each": rate(lambda: np.dot(X, Y).wait_to_read()),
}
at_end = seconds(many, np.dot, X, Y) + seconds(1, npx.waitall)
rates["Deep NumPy: wait at the end"] = many * gflop / at_end
figures.rates(rates)

# %% [markdown] slideshow={"slide_type": "skip"}
# Longer bars are faster. Compare Deep NumPy with NumPy in float32, its own type. float64 is slower, on a quiet machine
# by about a factor of two, because half as many numbers fit into a register of the processor and into its caches. Where
# Python waits makes little difference for products as large as these: the blue bars may come out in either order.
#
# Both libraries hand this work to OpenBLAS, a library of compiled code, and NumPy's is newer; on many processors it is
# therefore the faster one. What Deep NumPy adds is what NumPy doesn't have: derivatives, and the same code on a GPU
# (notebook 09). If you have PyTorch, which this course doesn't need, the next cell adds a bar for it.
#
# One measurement is not a benchmark, though. Run the cell again, and the bars will change by some percent, on a busy
# machine by a lot more.
#
# <details><summary>Why the libraries differ</summary>
#
# MXNet 1.9.1 contains OpenBLAS 0.3.13, of December 2020. The course sets it to *kernels*, its innermost loops, that use
# AVX2 instructions. These work on eight float32 numbers at a time, and they are the newest kernels that this OpenBLAS
# has. The OpenBLAS in NumPy also has kernels for AVX-512, with sixteen numbers at a time, and can be up to about twice
# as fast on processors with these instructions. On others, the two should be close.
#
# </details>

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
if find_spec("torch"):
    import torch

    rates["PyTorch float32"] = rate(torch.matmul, torch.from_numpy(A), torch.from_numpy(B))
    figures.rates(rates)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Why is float64 slower? Run it twice, so that everyone sees how much a single measurement varies.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Small arrays are slow: queuing and waiting have a fixed price
#
# **Question.** At n = 64, a product takes 4,096 times less work than at n = 1024. Which library is faster there?


# %% slideshow={"slide_type": "skip"}
def queue_products(times, X, Y):
    """Return how long it takes to queue products, and how long until all of them are computed."""
    queued = seconds(times, np.dot, X, Y)
    return queued, queued + seconds(1, npx.waitall)


def per_product(n, tries=5):
    """Return the seconds for one product in each of the four ways below, the best of several tries."""
    X, Y = np.random.normal(0, 1, (2, n, n))
    A, B = X.asnumpy(), Y.asnumpy()
    times = max(3, 2000 // n)
    numpy = min(seconds(times, onp.dot, A, B) for _ in range(tries))
    each = min(seconds(times, lambda: np.dot(X, Y).wait_to_read()) for _ in range(tries))
    queued, at_end = onp.min([queue_products(times, X, Y) for _ in range(tries)], axis=0)
    return onp.array([numpy, each, at_end, queued]) / times


ways = ["NumPy float32"]
ways += [f"Deep NumPy: {way}" for way in ("wait for each", "wait at the end", "queuing alone")]

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
sizes = [16, 32, 64, 128, 256, 512]
table = onp.array([per_product(n) for n in sizes])  # (sizes, ways)
figures.times_by_size(sizes, dict(zip(ways, table.T, strict=True)))

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
for way, time in zip(ways, table[sizes.index(64)], strict=True):
    print(f"n = 64: {1e6 * time:4.0f} µs  {way}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Did you expect that? For small matrices, plain NumPy wins by far. Look at the dotted line: to queue a product takes
# Deep NumPy tens of microseconds, whether the product is small or large. NumPy has no queue, and finishes the whole
# product at n = 64 in a fraction of that time. From n = 64 to n = 512, the work grows by a factor of 8³ = 512 and the
# price of queuing far less, so it no longer matters there. What remains between the lines at n = 512 is how fast the
# two libraries are and what else the machine is doing, and differs from run to run.
#
# Does the line of NumPy jump at n = 128 in your figure? Small products stay on one core, larger ones are divided among
# all of them. On a busy machine, the cores then wait for each other for longer than they compute.
#
# Now compare the two blue lines, which differ only in where Python waits. A likely price of waiting is that Python's
# thread goes to sleep and has to be woken up by the operating system, which can take longer than a product of small
# matrices. This price varies a lot, even on the same machine: sometimes the two lines are close, sometimes they are far
# apart. Believe the figure that *your* machine draws, and draw it more than once.
#
# The lesson for your own code: give the library large pieces of work. A dense layer with 784 inputs and 256 outputs,
# applied to 64 examples, is one product or 64 products:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
examples, weight = np.random.normal(0, 1, (64, 784)), np.random.normal(0, 1, (784, 256))
rows = [examples[i : i + 1] for i in range(64)]  # 64 arrays of shape (1, 784)


def multiply_rows():
    for row in rows:
        np.dot(row, weight)
    npx.waitall()


single = min(seconds(1, multiply_rows) for _ in range(10))
together = min(seconds(1, lambda: np.dot(examples, weight).wait_to_read()) for _ in range(10))
print(f"64 products {1000 * single:.1f} ms, one product {1000 * together:.1f} ms")

# %% [markdown] slideshow={"slide_type": "skip"}
# The work is the same, but a single product is many times faster. That is one reason why networks are trained on
# batches.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets first. Small work: queuing and waiting dominate. Large work: both disappear. Run it
# twice.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How do you compute with a million numbers at once?** Put them into an array, and name the operation, not the steps.
#
# - Examples come first; images are (N, C, H, W). The axis that you name disappears.
# - Broadcasting aligns shapes on the right, and stretches lengths of 1.
# - float32 by default; rows share memory, columns are copies; `+=` writes in place.
#
# **Why is it fast?** One call replaces a million interpreted steps; the numbers lie packed in memory; compiled code
# uses the whole processor. Large pieces of work are fast; many small ones pay the price of queuing each time. And time
# nothing without a barrier.

# %% [markdown] slideshow={"slide_type": "skip"}
# For the question of this part, *how do I know that a model will work on data it has not seen?*, you now have the
# tools: a slice that holds examples back, and the mean of a comparison that says how many answers are right.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for one sentence on each line. Then twenty minutes for the exercises; 1, 2, and 5 take two
# minutes each.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 01.1: predict a shape
#
# X has shape (3, 1, 5), and Y has shape (4, 1). What is the shape of X + Y? Write it down before you run anything.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
shape = ...  # a tuple, such as (2, 3)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.1", shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Write the shapes below each other, aligned on the right. Read a missing axis as a 1.
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 01.2: change a block
#
# `X[::3, ::2]` takes every third row and every second column. Change it: take every second row, beginning with row 1,
# and of these every third column, beginning with column 0. It should work for a matrix of any size.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def block(X):
    return ...  # change X[::3, ::2]


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.2", block)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `start:stop:step`, rows before the comma, columns after it. If you leave out the stop, the slice goes to the very end.
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 01.3: bring columns to one scale
#
# Networks learn better from features of similar size. *Standardize* a table: return a new matrix (n, d) in which each
# column has mean 0 and standard deviation 1 (divide by n, as `std` does). No column is constant. Leave X as it is.


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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 01.4: channels last
#
# MXNet keeps a batch of images as (N, C, H, W), other libraries as (N, H, W, C). Convert the first into the second:
# every pixel keeps its position and its color.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def to_channels_last(batch):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.4", to_channels_last)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Think of the scrambled cat: `reshape` gives the right shape and the wrong picture. `transpose` takes the old positions
# of the axes in their new order.
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

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 01.5: predict what is written
#
# What is `Y` after these lines? Write it down before you run anything.
#
# ```python
# X = np.zeros((2, 2))
# Y = X
# row, column = X[0], X[:, 0]
# row += 1
# column += 10
# X = X + 100
# ```

# %% slideshow={"slide_type": "-"} tags=["exercise"]
values = ...  # a list of two rows, such as [[2, 3], [4, 5]]

# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.5", values)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Ask of each of the last three lines: does it write into the memory of the array that `Y` names?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# values = [[1, 1], [0, 0]]
# ```
#
# `row` is a view, so `row += 1` writes into the array. `column` is a copy in Deep NumPy; NumPy would give
# `[[11, 1], [10, 0]]`. The last line makes a new array and gives it the name `X`, while `Y` still names the old one.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 01.6: repair a clock
#
# This function reports a time that is far too short. Repair it: it should return the seconds from the start until all
# products are computed.
#
# ```python
# def product_time(many, X, Y):
#     start = perf_counter()
#     for _ in range(many):
#         np.dot(X, Y)
#     return perf_counter() - start
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def product_time(many, X, Y):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("01.6", product_time)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# When the clock is read for the second time, the products are only queued. What makes Python wait for them?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def product_time(many, X, Y):
#     start = perf_counter()
#     for _ in range(many):
#         np.dot(X, Y)
#     npx.waitall()
#     return perf_counter() - start
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: paint a photograph with digits
#
# Replace each block of 8 × 8 pixels by the handwritten digit whose brightness is closest. **Your goal:** no loops; on
# average within 0.01 of the right brightness; ready in a second.

# %% slideshow={"slide_type": "skip"}
gray = photos["camera"].mean(axis=0)  # (3, 512, 512) → (512, 512)
tiles = images.reshape(1000, 14, 2, 14, 2).mean(axis=(2, 4))  # (1000, 14, 14): smaller digits
brightness = tiles.mean(axis=(1, 2))  # (1000,)
show_images(gray, alt="A photographer with his camera on a tripod, in gray.", width=3.5)

# %% slideshow={"slide_type": "-"} tags=["exercise"]
targets = ...  # (4096, 1): the mean of each block of `gray`, times the largest brightness
choice = ...  # (4096,): for each block, the index of the best of the 1,000 `tiles`
mosaic = ...  # (896, 896): 64 rows of 64 tiles
if mosaic is not ...:
    error = abs(targets.reshape(-1) - brightness[choice]).mean().item()
    print(f"off by {error:.4f} on average")
    show_images(mosaic, alt="A photograph made of digits.", width=7, vmax=0.7)

# %% [markdown] slideshow={"slide_type": "skip"}
# The cell that makes the tiles shows a trick that you need for the photograph as well: a `reshape` that splits an axis
# of 28 into 14 pairs, then a mean along the axes of the pairs. The brightest digit is still rather dark, so the
# photograph, whose brightness goes up to 1, is scaled to the range that the digits can reach.
#
# When it works, try another photograph (`load_photos(512)` makes all of them square) or your own (`upload_photo` in
# `d2lhelpers`), more and smaller blocks, or the clothes that notebook 12 uses (`source="fashion_mnist"`). Which
# photographs come out well, and why?
#
# <details><summary>Hint</summary>
#
# `gray.reshape(64, 8, 64, 8)` has an axis for rows of blocks, one for rows within a block, and the same for columns. A
# column (4096, 1) minus a row (1000,) is a matrix of all differences, and `argmin(axis=1)` finds the smallest in each
# row. `tiles[choice]` has shape (4096, 14, 14). At the end, `transpose` has to bring (64, 64, 14, 14) into the order
# row of blocks, row within a block, column of blocks, column within a block.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# start = perf_counter()
# blocks = gray.reshape(64, 8, 64, 8).mean(axis=(1, 3))  # (64, 64)
# targets = blocks.reshape(-1, 1) * brightness.max()  # (4096, 1)
# choice = abs(targets - brightness).argmin(axis=1).astype("int32")  # (4096, 1000) → (4096,)
# mosaic = tiles[choice].reshape(64, 64, 14, 14).transpose(0, 2, 1, 3).reshape(896, 896)
# error = abs(targets.reshape(-1) - brightness[choice]).mean().item()
# print(f"off by {error:.4f} on average, after {perf_counter() - start:.2f} s")
# show_images(mosaic, alt="A photographer made of digits.", width=7, vmax=0.7)
# ```
#
# It is off by about 0.004, so the goal is reached with room to spare. `item()` is a barrier, so the time is real. The
# matrix of all differences has four million elements; a loop would have to visit each of them.
#
# Pictures with large dark and bright areas, such as the photographer and the rocket, come out best. The cat's fur is
# made of details smaller than a block, and all of them are averaged away.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Fast groups can exchange photographs. Grade by the three goals; look for loops over blocks.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Data Manipulation](https://d2l.ai/chapter_preliminaries/ndarray.html) and [Asynchronous
#   Computation](https://d2l.ai/chapter_computational-performance/async-computation.html)
# - NumPy's own page on [broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html)
# - Harris and others, [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2), 2020
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **02 · Linear algebra**, what a matrix does to space.
