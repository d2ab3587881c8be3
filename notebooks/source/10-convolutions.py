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
# What must a layer know about pictures, so that 9 weights can beat 600,000?
#
# *60 minutes · needs 03, 07 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# To the networks of part 1, an image is a list of numbers. They would learn just as well, or as badly, if someone had
# shuffled the pixels of all images in the same way. And they have to learn everything anew for each position: a digit
# that has been moved by a few pixels is something they have never seen.
#
# This part of the course asks what a network has to know about pictures *before it sees any*. The first answer is the
# most important one, and it fits in a single kind of layer, the *convolution*. In this notebook you derive it from the
# dense layer, find someone in a crowd with it, send your own drawing and your own photograph through it, and then put
# it to a test: a dense layer with 614,656 weights and a convolution with 9 learn the same task from the same images.
# Which of them works on data it has not seen?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Derive** the convolution from a dense layer, by two principles.
# - **Compute** it with loops, and get the same result from MXNet.
# - **Tell** equivariance from invariance, and check both.
# - **Learn** a kernel by gradient descent, and compare it with a dense layer.
# - **Predict** the size of the output from padding, stride, and channels.
# - **Count** what a layer costs in weights and in work.

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

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    check,
    draw_crowd,
    draw_digit,
    explore,
    load_images,
    load_photo,
    load_photos,
    rounded,
    seed,
    show_table,
    summarize,
    upload_photo,
)
from d2lhelpers.figures import nb10_convolutions as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What a layer may take for granted
#
# Two principles, which you already use when you look for something in a picture.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One dense layer: two weights for every dog and cat on earth
#
# A photograph of 12 megapixels in three colors, and a dense layer of only 100 units:

# %% slideshow={"slide_type": "-"}
inputs = 12_000_000 * 3
weights = inputs * 100
animals = 900_000_000 + 600_000_000  # rough estimates: dogs, cats
print(f"{inputs:,} inputs, {weights:,} weights, {4 * weights / 1e9:.1f} GB as float32")
figures.billions({"weights": weights, "dogs and cats": animals})

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many weights the first layer of the MLP had for 28×28 pixels, and why that worked.

# %% [markdown] slideshow={"slide_type": "skip"}
# Suppose the network should tell dogs from cats. Nobody knows exactly how many there are, but with the estimates in the
# cell, the first layer alone has more than two weights for every dog and cat alive. Even with a photograph of each of
# them as training data, such a layer could go a long way towards learning them by heart (notebook 08). In notebook 07 a
# dense layer was good enough because the images were tiny: 784 weights per unit.
#
# So a layer for pictures needs fewer weights. Which ones can go? Let's watch how *you* read a picture.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Who wears a hat with a brim and carries a bag?
#
# Only one of these people has both. Find them, and notice how you search.

# %% slideshow={"slide_type": "-"}
crowd = draw_crowd(0)  # image (3, 99, 312), figure (3, 15, 13)
figures.crowd(crowd.image)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Half a minute of silence. Then ask not where the person is, but how they searched.

# %% [markdown] slideshow={"slide_type": "skip"}
# Beware of the caps: a cap has a brim on one side only. (If you don't find the person, the slide *Found* below shows
# where they are.)
#
# **Question.** Did you look for something else on the left than on the right? And did you have to see the whole crowd
# at once?
#
# <details><summary>Answer</summary>
#
# No to both. You looked for the same pattern everywhere, because a person stays the same wherever they stand. And a
# window as large as one person was enough to decide whether it is the person you want.
#
# </details>
#
# These two habits are what we now build into the layer. We begin with a dense layer that makes an image out of an
# image.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A dense layer: each output has its own weight for each pixel
#
# $$h_{i,j} = \sum_{k,l} w_{i,j,k,l}\, x_{k,l}$$

# %% slideshow={"slide_type": "-"}
n = 9
random_numbers = onp.random.RandomState(0)
w = random_numbers.normal(size=(n, n, n, n))  # row and column of the output, of the pixel
OUTPUTS = [(2, 2), (5, 6)]
figures.two_outputs(w, OUTPUTS, alt="The weights of two outputs: unrelated random patterns.")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which weights the two pictures share.

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the layer of notebook 07; only the inputs $x_{k,l}$ and the outputs $h_{i,j}$ are arranged in rows and
# columns, so that a weight needs four indices: two for the output, and two for the pixel. The figure shows the weights
# of two of the 81 outputs as images, with positive weights in orange and negative ones in purple; the cross marks the
# position of the output. A dense layer may use any weights, so the two images have nothing to do with each other.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same layer, counted from the output's position
#
# $$h_{i,j} = \sum_{a,b} v_{i,j,a,b}\, x_{i+a,\,j+b} \qquad \text{with} \quad v_{i,j,a,b} = w_{i,j,\,i+a,\,j+b}$$

# %% [markdown] slideshow={"slide_type": "-"}
# - $a$ says how many rows below the output the pixel is, and $b$ how many columns to its right.
# - Both can be negative: above, and to the left.
# - Nothing has changed but the names: $k = i + a$ and $l = j + b$.

# %% [markdown] slideshow={"slide_type": "skip"}
# Why rename the indices? Because "the pixel to my left" can be said of every output in the same words, while "the pixel
# in column 17" can't. With the new names, each of the two principles is one small change of the formula.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Principle 1: the same weights at every position
#
# $$h_{i,j} = \sum_{a,b} v_{a,b}\, x_{i+a,\,j+b}$$

# %% slideshow={"slide_type": "-"}
v = random_numbers.normal(size=(2 * n - 1, 2 * n - 1))  # a weight for each offset (a, b)
axis = onp.arange(n)
offset = axis[None, :] - axis[:, None]  # offset[i, k] = k − i
shared = v[offset[:, None, :, None], offset[None, :, None, :]]  # v[k − i, l − j]
SHARED = "The weights of two outputs: one random pattern, which moves with the output."
figures.two_outputs(shared, OUTPUTS, alt=SHARED)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which indices have disappeared from the weight. Then let someone find the same group of cells
# in both pictures.

# %% [markdown] slideshow={"slide_type": "skip"}
# The indices $i$ and $j$ are gone from the weight: it no longer depends on where the output is, only on where the pixel
# is *relative to the output*. (In the code, a negative offset counts from the end of `v`.) Both images show the same
# pattern around the cross; the rest falls off the edge. This is called *weight sharing*. (In the literature, the
# principle is also known as *translation invariance*; we'll see that this is not quite what it is.)
#
# **Question.** An output needs offsets from −8 to 8 in each direction. How many different weights are left for images
# of 9×9?
#
# <details><summary>Answer</summary>
#
# 17 · 17 = 289, instead of 81 · 81 = 6,561.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Principle 2: only what is near counts
#
# $$h_{i,j} = \sum_{a=-\Delta}^{\Delta} \; \sum_{b=-\Delta}^{\Delta} v_{a,b}\, x_{i+a,\,j+b}$$

# %% slideshow={"slide_type": "-"}
delta = 1
near = abs(offset) <= delta  # (n, n)
local = shared * near[:, None, :, None] * near[None, :, None, :]  # both offsets small
LOCAL = "The weights of two outputs: the same 3×3 pattern around each, and zero elsewhere."
figures.two_outputs(local, OUTPUTS, alt=LOCAL)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This formula is the convolution. Ask how large Δ would have to be to find the person with the hat.

# %% [markdown] slideshow={"slide_type": "skip"}
# The second principle is called *locality*: whether there is an eye at some position can be decided from its
# neighborhood. With $\Delta = 1$ each output sees 3×3 pixels, and the whole layer has nine weights. What is left is a
# *convolution*, and its small array of weights $v$ is a *kernel*. (It has nothing to do with Jupyter's kernel, which
# runs your Python.)
#
# Neither principle is a law of nature. In a passport photograph, the eyes are always near the same position, and the
# symmetry of a face connects pixels that are far apart. The principles are *assumptions*, made before any image has
# been seen, and part of this notebook is about what happens if they are right.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Each principle saves more than 99 % of the weights
#
# Images of 32×32 pixels in and out, and $\Delta = 2$:

# %% slideshow={"slide_type": "-"}
n, delta = 32, 2
steps = {
    "dense: each output, each pixel": (n * n) * (n * n),
    "the same weights at every position": (2 * n - 1) ** 2,
    "and only near pixels": (2 * delta + 1) ** 2,
}
rows = [(name, f"{count:,}") for name, count in steps.items()]
show_table([("", "weights"), *rows], "what each principle saves")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask where the 63² comes from before you show the table.

# %% [markdown] slideshow={"slide_type": "skip"}
# In each direction, a pixel lies from 31 positions before an output to 31 after it, which makes 63 offsets. From a
# million weights, 3,969 remain after the first principle, and 25 after the second. And for the photograph of the
# beginning?

# %% slideshow={"slide_type": "skip"}
print(f"100 units: {weights:,} weights; 100 kernels of 5×5 for 3 colors: {100 * 3 * 5 * 5:,} weights")

# %% [markdown] slideshow={"slide_type": "skip"}
# (The outputs differ, too: 100 units give 100 numbers, while 100 kernels give 100 images.) The number of weights no
# longer depends on the size of the image at all. The amount of work does, as you'll see in the last section.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Kernels
#
# The same small window of weights at every position: computed, designed, and learned.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A convolution slides a window over the image
#
# Multiply what is in the window by the kernel $\begin{bmatrix} 0 & 1 \\ 2 & 3 \end{bmatrix}$, entry by entry, and add
# up:

# %% slideshow={"slide_type": "-"}
WINDOWS = "A window at its four positions; the products in it sum to 19, 25, 37, and 43."
positions = [(0, 0), (0, 1), (1, 0), (1, 1)]
explore(figures.window, positions, label="window", alt=WINDOWS, width=11, height=4.2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compute the first sum aloud, let the class compute the second. How many positions does the window
# have?

# %% [markdown] slideshow={"slide_type": "skip"}
# The first sum is 0·0 + 1·1 + 3·2 + 4·3 = 19. From here on we name the position of a window by its upper left corner,
# as all libraries do, so that $a$ and $b$ count from 0 instead of from $-\Delta$. This changes the numbering and
# nothing else. A window of $k$ rows has $n - k + 1$ positions in an image of $n$ rows: here two down and two across.
#
# In mathematics, a convolution first rotates the kernel by 180°. What we compute, without the rotation, is strictly
# called *cross-correlation*. In deep learning everyone calls it a convolution, and since kernels are learned, the
# difference doesn't matter: the other operation would simply learn the rotated kernel.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch, it is two loops


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

# %% [markdown] slideshow={"slide_type": "-"}
# A layer also adds a bias: $\mathbf{Y} = \mathbf{X} \star \mathbf{K} + b$, where the star stands for `corr2d`.

# %% [markdown] slideshow={"slide_type": "skip"}
# Read the loops as sentences: for each position of the output, cut the window out of `X`, multiply it by `K`, and add
# up. The kernel and the bias are the layer's parameters, and both are learned.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### MXNet computes the same
#
# It expects images of shape $(N, C, H, W)$ and kernels of shape (channels out, channels in, height, width).


# %% slideshow={"slide_type": "-"}
def convolve(X, K):
    images, kernels = X.reshape(1, 1, *X.shape), K.reshape(1, 1, *K.shape)
    options = {"kernel": K.shape, "num_filter": 1, "no_bias": True}
    return npx.convolution(images, kernels, **options)[0, 0]


layer = nn.Conv2D(1, kernel_size=2, in_channels=1, use_bias=False)
layer.initialize()
layer.weight.set_data(K.reshape(1, 1, 2, 2))
print(rounded(convolve(X, K), 0))
print(rounded(layer(X.reshape(1, 1, 3, 3)), 0))

# %% [markdown] slideshow={"slide_type": "skip"}
# `npx.convolution` is the operation, which takes the kernel as an argument. `nn.Conv2D` is the layer, which owns its
# kernel and hands it to the trainer. Both expect a batch axis and a channel axis even for a single gray image, hence
# the reshapes. From here on, `convolve` is our shorthand for single gray images; on a photograph it is far faster
# than the loops.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### It is still a dense layer, one with shared weights

# %% slideshow={"slide_type": "-"}
W = np.zeros((2, 2, 3, 3))  # position of the output, position of the pixel
for i, j in positions:
    W[i, j, i : i + 2, j : j + 2] = K
W = W.reshape(4, 9)
print("dense layer:", rounded(np.dot(W, X.reshape(9)), 0))
figures.shared_weights(W)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many numbers a dense layer learns here, and how many the convolution.

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the weight $w$ with its four indices, written as a matrix. Each color is one weight, and it appears in every
# row: principle 1. The empty cells are zero: principle 2. A dense layer *could* learn this matrix, but it would have to
# learn all 36 numbers, one by one, from examples. The convolution has only 4 numbers to learn.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### People have designed kernels for decades

# %% slideshow={"slide_type": "-"}
edges = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
bell = np.array([1, 6, 15, 20, 15, 6, 1]) / 64  # sums to 1
blur = np.outer(bell, bell)  # (7, 7)
gray = load_photo(128, gray=True)[0]  # (128, 128)
maps = {"photo": gray, "edges": abs(convolve(gray, edges))}
maps |= {"sharpen": convolve(gray, sharpen), "blur": convolve(gray, blur)}
ALT = "A portrait; its edges, bright on black; a sharper portrait; and a blurred one."
figures.images({name: Y.clip(0, 1) for name, Y in maps.items()}, ALT)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* For each kernel: what do its entries sum to, and what does it make of an evenly gray wall?

# %% [markdown] slideshow={"slide_type": "skip"}
# The photograph shows Grace Hopper, who wrote one of the first compilers. Each kernel asks another question:
#
# - `edges` compares a pixel with its four neighbors. Its entries sum to 0, so it answers 0 wherever the image is
#   uniform. The figure shows how strong the answers are, without their signs.
# - `sharpen` adds those differences to the image, which makes each edge steeper.
# - `blur` replaces each pixel by a weighted mean of its neighborhood. Its entries sum to 1, so a uniform area stays
#   as it is, and details are averaged away.
#
# That sharpening is "the image plus its edges" can be checked with the kernels alone. A kernel with a single 1 in its
# middle returns the image unchanged:

# %% slideshow={"slide_type": "skip"}
unchanged = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
print("sharpen = unchanged + edges:", bool((sharpen == unchanged + edges).all()))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Draw a digit for the kernels

# %% slideshow={"slide_type": "-"}
drawn = draw_digit(example=5)

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, draw a digit on the pad, then run the next cell. Elsewhere you see a stored example.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your drawing, seen by three kernels
#
# Positive answers are orange, negative ones purple.

# %% slideshow={"slide_type": "-"}
mine = drawn.image[0, 0]  # (28, 28)
vertical = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])  # the middle row counts twice
maps = {"your digit": mine, "edges": convolve(mine, edges)}
maps["left − right"] = convolve(mine, vertical)
maps["above − below"] = convolve(mine, vertical.T)
ALT = "A digit; its outline; its left and right sides, and upper and lower ones, in colors."
figures.images(maps, ALT, signed=list(maps)[1:])

# %% [markdown] slideshow={"slide_type": "skip"}
# In the third map, purple is where a stroke begins when you read from left to right, and orange is where it ends. In
# the fourth it is the same from top to bottom. Such a map, an image that says where and how strongly a pattern occurs,
# is called a *feature map*.
#
# **Question.** What do the two maps make of a slanted stroke? Draw one.
#
# <details><summary>Answer</summary>
#
# It appears in both maps, and more faintly in each than a stroke that runs straight down or across does in its own map.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# You looked for the same pattern everywhere, and so does the kernel. What does that mean for an image in which
# something has moved? Let's move images to the right:


# %% slideshow={"slide_type": "skip"}
def move(X, columns):  # X (..., height, width); zeros come in from the left
    return np.pad(X, ((0, 0),) * (X.ndim - 1) + ((columns, 0),))[..., : X.shape[-1]]


digit = load_images(source="mnist", size=1)[0][0, 0]  # (28, 28)
wide = np.pad(digit, ((0, 0), (2, 10)))  # (28, 40): room to move


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Move the image, and the map moves along
#
# Let $f$ compute a map, and let $T$ move an image. The order doesn't matter: $\;f(T\,\mathbf{X}) = T f(\mathbf{X})$

# %% slideshow={"slide_type": "-"}
moved, edge_map = move(wide, 8), convolve(wide, edges)
moved_first, moved_last = convolve(moved, edges), move(edge_map, 8)
print(f"largest difference: {abs(moved_first - moved_last).max().item():.4f}")
figures.equivariance(wide, (moved, moved_first), (edge_map, moved_last))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Only the first principle is at work here, not locality. Ask at which positions the equation can
# fail.

# %% [markdown] slideshow={"slide_type": "skip"}
# The two results are equal, pixel by pixel. A function with this property is called *equivariant* to shifts: if the
# image moves, the answer moves in the same way. It is no accident of this kernel. Think of images without borders, and
# substitute $x_{i-s,\,j-t}$ for $x_{i,j}$ on the right of principle 1: the left becomes $h_{i-s,\,j-t}$, whatever the
# weights are.
#
# On such a plane without borders, the converse holds, too: among all linear layers, which multiply pixels by weights
# and add up, *no others* are equivariant. If moving first and last must be the same for every image and every shift,
# then the weight from a pixel to an output may not change when both are moved, so
# $w_{i+s,\,j+t,\,k+s,\,l+t} = w_{i,j,k,l}$. Such a weight depends only on the differences $k - i$ and $l - j$, and that
# is principle 1. So if you want shifts to be handled in this way, you have no choice.
#
# How far does this reach?
#
# - **At the border** of a real image it fails for whatever is pushed out or comes in. The digit above has room to move.
# - **With a stride**, a layer skips positions (next section), and the order doesn't matter only for moves by whole
#   multiples of the stride.
# - **Other changes**, such as turning or enlarging the image, are not covered. A network has to learn from examples
#   that a slanted 7 is a 7.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Found: the figure itself is the kernel


# %% slideshow={"slide_type": "-"}
def find(image, kernel):
    scores = convolve(image, kernel)
    position = divmod(int(scores.argmax()), scores.shape[1])  # row, column of the largest
    return position, scores.max().item()


# %% slideshow={"slide_type": "-"}
person = crowd.figure.mean(axis=0) - crowd.figure.mean()  # (15, 13), gray
position, score = find(crowd.image.mean(axis=0), person)
figures.crowd(crowd.image, crowd.figure, position)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask why the mean is subtracted before you say it.

# %% [markdown] slideshow={"slide_type": "skip"}
# The sum of products is large where bright pixels meet positive weights and dark pixels negative ones, which is where
# the image looks like the kernel. So to look for a pattern, use the pattern as the kernel. The result is a map of how
# strongly each window agrees with the kernel, and its largest entry is where the person stands. (Strictly, the score
# also grows with the contrast of the window. Reliable *template matching* divides by it; here it isn't necessary.)
#
# **Question.** Why does the kernel need its mean subtracted?
#
# <details><summary>Answer</summary>
#
# Without that, all weights would be positive, and the whitest window would score highest: the empty space between the
# people. With it, the weights sum to 0, so a uniform area scores 0, however bright it is.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### "Where?" moves along, "how much?" stays the same
#
# The largest score of a map doesn't care where it is: $\quad g(T\,\mathbf{X}) = g(\mathbf{X})$

# %% slideshow={"slide_type": "-"}
found = {"digit": find(wide, edges), "digit, moved by 8": find(move(wide, 8), edges)}
for number in range(3):
    found[f"person in crowd {number}"] = find(draw_crowd(number).image.mean(axis=0), person)
rows = [("", "row, column", "score")]
rows += [(name, str(position), f"{score:.3f}") for name, (position, score) in found.items()]
show_table(rows, "the largest score of each map")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which of the two a network needs that says *whether* there is a cat, and which one that says
# where.

# %% [markdown] slideshow={"slide_type": "skip"}
# When the digit moves, the position of the largest score moves with it, which is equivariance. The largest score itself
# stays the same, because a maximum forgets positions: it is *invariant*.
#
# The three crowds are different images; all that they share is the person, drawn with the same pixels. That window gets
# the same score wherever it is, and here no other window gets a larger one. So the maximum says *that* the person is
# there, and its position says *where*.
#
# Keep the two apart: **a convolution is equivariant, and not invariant.** A network that only has to say *whether*
# there is a cat wants an invariant answer in the end. It gets there by computing equivariant maps and throwing the
# positions away, little by little. That is the job of pooling, in notebook 11.
#
# Nobody has told the computer what a hat is. But somebody had to draw the figure. Can the kernel be learned?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The smallest edge detector has two weights
#
# $[1, -1]$ subtracts the neighbor on the right. Where the two are equal, the answer is 0.

# %% slideshow={"slide_type": "-"}
X_edge = np.ones((6, 8))
X_edge[:, 2:6] = 0
K_true = np.array([[1, -1]])
Y_edge = convolve(X_edge, K_true)  # (6, 7)
figures.edge(X_edge, K_true, Y_edge)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what it makes of an edge that runs across. Exercise 10.2 is about that.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Gradient descent finds the kernel from its answers
#
# Given only the image and its edges, start with a random kernel:

# %% slideshow={"slide_type": "-"}
K_learned = np.array(onp.random.RandomState(0).normal(size=(1, 2)), dtype="float32")
K_learned.attach_grad()
rows = [("step", "loss", "kernel")]
for step in range(16):
    with autograd.record():
        loss = ((convolve(X_edge, K_learned) - Y_edge) ** 2).mean()
    loss.backward()
    if step % 5 == 0:
        rows.append((str(step), f"{loss.item():.3f}", str(rounded(K_learned, 2))))
    K_learned[:] = K_learned - 1.0 * K_learned.grad  # the learning rate is 1.0
show_table(rows, "the kernel that made the edges was [1, −1]")

# %% [markdown] slideshow={"slide_type": "skip"}
# The loop is that of notebook 04: predict, compute the loss, the gradient, and take a step. Only the model is new, and
# `backward` knows how to differentiate it. (The learning rate of 1.0 was found by trying.) This is how networks learn
# all their kernels.
#
# **Question.** What would be learned if the image were white all over?
#
# <details><summary>Answer</summary>
#
# Each window would contain $[1, 1]$, so the loss depends only on the sum of the two weights, which becomes 0. Any
# kernel of the form $[c, -c]$ is then as good as any other. Examples must show what is to be learned.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ### The test: 614,656 weights against 9
#
# Now let's see what the two principles are worth. The task is to turn a digit of 28×28 pixels into the map of its
# edges, also of 28×28, as computed by the kernel `edges` above. (The argument `pad` adds a ring of zeros around the
# image, so that the map doesn't shrink; the next section explains it.) The examples are 1,000 handwritten digits, all
# of them centered, with their maps. Two layers learn the task:
#
# - a dense layer, with a weight from each of the 784 pixels to each of the 784 outputs,
# - a convolution with a kernel of 3×3.
#
# Both can represent the correct solution exactly: you have seen how a convolution is written as a dense matrix. Both
# get the same images and 20 epochs of Adam (gradient descent with a step size of its own for each weight, notebook 05).
# And both try the same five learning rates: the best one on 200 further images of the training set counts.


# %% slideshow={"slide_type": "skip"}
def edge_maps(X):  # (N, 1, 28, 28)
    options = {"kernel": (3, 3), "pad": (1, 1), "num_filter": 1, "no_bias": True}
    return npx.convolution(X, edges.reshape(1, 1, 3, 3), **options)


def answers(layer, X):
    return layer(X).reshape(X.shape)


def error(maps, truth):  # 0 is perfect; 1 is what an empty map gets
    return ((maps - truth) ** 2).sum().item() / (truth**2).sum().item()


images = load_images(source="mnist", size=1200)[0]  # (1200, 1, 28, 28)
train, validation = images[:1000], images[1000:]
new = load_images(False, source="mnist", size=200)[0]  # test images
probe = move(new[:1], 6)  # one new digit, six columns off the center


# %% slideshow={"slide_type": "skip"}
def learn(layer, X, learning_rate, num_epochs=20, start=0):
    """Train a layer on images X and their edge maps; return its answer to the probe after each epoch."""
    seed(start)
    layer.initialize(init.Normal(0.01), force_reinit=True)
    trainer = gluon.Trainer(layer.collect_params(), "adam", {"learning_rate": learning_rate})
    targets, seen = edge_maps(X), [answers(layer, probe)]
    for _ in range(num_epochs):
        for first in range(0, len(X), 50):
            batch, target = X[first : first + 50], targets[first : first + 50]
            with autograd.record():
                loss = ((answers(layer, batch) - target) ** 2).mean()
            loss.backward()
            trainer.step(1)  # the loss is already a mean
        seen.append(answers(layer, probe))
    return seen


# %% slideshow={"slide_type": "skip"}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1)


def best_rate(make_layer):
    """Train a layer with each learning rate; return the best on validation images, its answers, and all errors."""
    results = {}
    for rate in RATES:
        layer = make_layer()
        seen = learn(layer, train, rate)
        results[rate] = error(answers(layer, validation), edge_maps(validation)), layer, seen
    best = min(results, key=lambda rate: results[rate][0])
    return *results[best][1:], [f"{100 * result[0]:.1f} %" for result in results.values()]


def new_dense():
    return nn.Dense(784, in_units=784, use_bias=False)  # 784 × 784 = 614,656 weights


def new_convolution():
    return nn.Conv2D(1, kernel_size=3, padding=1, in_channels=1, use_bias=False)  # 9 weights


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
dense, seen_by_dense, dense_errors = best_rate(new_dense)
convolution, seen_by_convolution, convolution_errors = best_rate(new_convolution)
rows = [("learning rate", *map(str, RATES))]
rows += [("dense", *dense_errors), ("convolution", *convolution_errors)]
show_table(rows, "error on the validation images; an empty map has 100 %")
print("the learned kernel:", rounded(convolution.weight.data()[0, 0], 2))

# %% [markdown] slideshow={"slide_type": "skip"}
# The convolution has found the kernel `edges`. For the dense layer, no learning rate is good, because neighboring
# pixels are nearly equal: some combinations of weights hardly change the loss, and descent is slow in their directions
# (notebook 05). To be fair, let's also give it the best weights that there are for these 1,000 digits. The loss is a
# squared error, so notebook 04 has a formula for them, and no descent is needed:


# %% slideshow={"slide_type": "skip"}
def best_dense(X):
    """Return the dense layer with the smallest squared error (and weight decay) on images X and their edge maps."""
    inputs = X.asnumpy().reshape(-1, 784).astype("float64")
    targets = edge_maps(X).asnumpy().reshape(-1, 784)
    W = onp.linalg.solve(inputs.T @ inputs + 0.001 * onp.eye(784), inputs.T @ targets)
    layer = new_dense()
    layer.initialize()
    layer.weight.set_data(np.array(W.T, dtype="float32"))  # Dense keeps its weight as (outputs, inputs)
    return layer


solved = best_dense(train)

# %% [markdown] slideshow={"slide_type": "skip"}
# (Some pixels are black in all these images, so nothing determines their weights. The term 0.001 is a tiny weight
# decay, as in ridge regression in notebook 04: it makes the equations solvable, and sets those weights to 0.)
#
# **Guess first.** All three layers have seen centered digits only. How large will their errors be on *new* digits, and
# what happens if those are moved to the right?

# %% slideshow={"slide_type": "skip"}
shifts = range(9)
layers = {"dense, 20 epochs": dense, "dense, solved": solved, "convolution": convolution}
errors = {name: [] for name in layers}
for columns in shifts:
    moved = move(new, columns)
    for name, layer in layers.items():
        errors[name].append(error(answers(layer, moved), edge_maps(moved)))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The dense layer knows only the positions it has seen
#
# Trained on 1,000 centered digits, tested on new ones. An empty map has an error of 100 %.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.errors(shifts, errors)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses for no shift and for eight pixels first. All three could represent the perfect
# solution.

# %% [markdown] slideshow={"slide_type": "skip"}
# After 20 epochs, the dense layer is still far from the solution, and the further digits have moved, the worse it gets;
# soon it is worse than an empty map. Solved exactly, it is nearly perfect on new digits *in the middle*, and that is
# all that the data could teach it. In the margins, where pixels are black in nearly all the training images, the data
# say little or nothing about its weights, and so the error rises with each pixel of the shift. The convolution makes no
# error that you could see, at any shift: what it has learned at one position holds at all others. It generalizes
# better, not because it is smarter, but because what it can represent was restricted, *before it saw any image*, to
# solutions that treat all positions alike. Such a built-in assumption is called an *inductive bias*. It helps if it is
# right. For a task in which positions matter, say "mark the left half of the image", the same convolution would fail,
# and no amount of data could help it.

# %% [markdown] slideshow={"slide_type": "skip"}
# The next figure shows a single new digit, six columns off the center, and the answers after each epoch. In a live
# notebook, play it.


# %% slideshow={"slide_type": "skip"}
def draw_epoch(ax, epoch):
    maps = {"wanted": edge_maps(probe), "dense": seen_by_dense[epoch]}
    maps["convolution"] = seen_by_convolution[epoch]
    figures.learned(ax, probe, maps)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Watch both layers learn
#
# A new digit, six columns off the center, and the answers after each epoch:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
LEARNING = "The convolution's map soon equals the wanted one; the dense one becomes noise."
options = {"values": range(21), "play": True, "label": "epoch", "height": 4.2}
explore(draw_epoch, [0, 2, 20], alt=LEARNING, **options)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How many digits do they need? The convolution needs one

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = [("digits to learn from", "dense, these", "dense, new", "convolution, new")]
for size in (1, 10, 100, 1000):
    few, best, small = train[:size], best_dense(train[:size]), new_convolution()
    learn(small, few, learning_rate=0.1, num_epochs=300 // max(1, size // 50))  # 300 steps
    pairs = (best, few), (best, new), (small, new)
    values = [error(answers(layer, X), edge_maps(X)) for layer, X in pairs]
    rows.append((f"{size:,}", *(f"{100 * value:.1f} %" for value in values)))
show_table(rows, "error on the digits to learn from, and on new ones (not moved)")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets on the number before you show the table. How many equations does one image give?

# %% [markdown] slideshow={"slide_type": "skip"}
# For the convolution, one digit is enough, because each of its 784 windows is an example for the same nine weights. The
# dense layer fits 1, 10, or 100 digits exactly, and yet its answers to new ones are no better than an empty map. For
# it, a digit is only one equation for each output, which has 784 unknown weights: with 100 digits, most of what the
# weights should be remains open, and only with more digits than pixels is there enough. What you assume, you don't have
# to learn from data.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Where no training digit had ink, the dense layer has learned nothing
#
# The digit that you drew above, eight columns to the right, and the errors:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
moved = move(drawn.image, 8)
maps = {"your digit, moved": moved, "wanted": edge_maps(moved)}
for name in ("dense, solved", "convolution"):
    answer = answers(layers[name], moved)
    maps[f"{name}: {100 * error(answer, maps['wanted']):.0f} %"] = answer
ALT = "A moved digit; its edges; a dense layer's answer, wrong at the right; a convolution's."
figures.images({name: Y[0, 0] for name, Y in maps.items()}, ALT, signed=list(maps)[1:])

# %% [markdown] slideshow={"slide_type": "skip"}
# The dense layer is right wherever training digits had ink, and wrong where they had none: look at the columns at the
# right edge. The convolution doesn't mind.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Size, channels, and cost
#
# Real layers keep the size or halve it, read colors, and compute many maps at once.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Padding keeps the size
#
# With $p$ rows of zeros in all, $n - k + p + 1$ rows come out: for $p = k - 1$, as many as went in.

# %% slideshow={"slide_type": "-"}
X = np.arange(9).reshape(3, 3)  # as above
padded = np.pad(X, ((1, 1), (1, 1)))  # above and below, left and right
Y = convolve(padded, K)
n, k, p = 3, 2, 2
print("formula:", n - k + p + 1, " shape:", Y.shape)
figures.padding(padded, K, Y)

# %% [markdown] slideshow={"slide_type": "-"}
# Gluon's `padding=1` adds one row on **each** side, which is $p = 2$ in the formula.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The trap is the factor of two. Ask which `padding` keeps the size for 5×5 and 3×3.

# %% [markdown] slideshow={"slide_type": "skip"}
# *Padding* surrounds the image with zeros, so that windows can reach over its edge. The first window above contains
# three zeros and the pixel 0; the second one gives 0·0 + 0·1 + 0·2 + 1·3 = 3.
#
# **Question.** Which `padding` keeps the size of the image with a kernel of 5×5? With 3×3? With 2×2?
#
# <details><summary>Answer</summary>
#
# $p = 4$ in all, so `padding=2`. $p = 2$, so `padding=1`. $p = 1$ would be needed for 2×2, and that can't be split
# evenly between two sides; the figure shows that `padding=1` makes the image larger. This is one reason why nearly all
# kernels have odd sizes.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Without padding, every layer makes the image smaller


# %% slideshow={"slide_type": "-"}
def sides(n, k, smallest):
    result = [n]
    while result[-1] > smallest:
        result.append(result[-1] - k + 1)
    return result


from_32, from_224 = sides(32, k=5, smallest=4), sides(224, k=5, smallest=4)
print(" → ".join(map(str, from_32)))
print(len(from_32) - 1, "layers from 32 to 4,", len(from_224) - 1, "layers from 224 to 4")

# %% [markdown] slideshow={"slide_type": "-"}
# Two wishes follow: to lose nothing (**padding**), and to get small faster (**stride**).

# %% [markdown] slideshow={"slide_type": "skip"}
# Without padding, a deep network would run out of image: with kernels of 5×5, one of 32×32 is down to 4×4 after 7
# layers, too small for another kernel. Pixels at the border also have less say: the one in the corner is seen by a
# single window, one in the middle by 25. On the other hand, at the end of a network we want ten numbers, one for each
# class, instead of an image. Getting there from 224 in steps of 4 takes 55 layers.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A stride moves the window by more than one
#
# $$\text{rows out} = \left\lfloor \frac{n - k + p + s}{s} \right\rfloor$$

# %% slideshow={"slide_type": "-"}
layer = nn.Conv2D(1, 2, strides=(3, 2), padding=1, in_channels=1, use_bias=False)
layer.initialize()
layer.weight.set_data(K.reshape(1, 1, 2, 2))
Y = layer(X.reshape(1, 1, 3, 3))[0, 0]
figures.stride(padded, K, Y)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compute 8 and 6 together, then check the formula for rows and for columns.

# %% [markdown] slideshow={"slide_type": "skip"}
# The *stride* $s$ says by how many positions the window moves, here three down and two to the right. Height and width
# have their own strides, and the formula holds for each. The brackets mean rounding down: the window stops where it no
# longer fits. Here $(3 - 2 + 2 + 3)/3 = 2$ rows and $(3 - 2 + 2 + 2)/2 = 2.5$, so 2 columns. The last column is never
# seen, and neither is the row in the middle, which the stride of 3 skips.
#
# With $p = k - 1$ the formula becomes $\lfloor (n + s - 1)/s \rfloor$, which is $n/s$, rounded up: **a stride of 2
# halves the size.** The formula is often written as $\lfloor (n - k + p)/s \rfloor + 1$, which is the same.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The formula agrees with the layer


# %% slideshow={"slide_type": "-"}
def output_size(n, k, p=0, s=1):  # p rows of padding in all
    return (n - k + p + s) // s


rows = [("rows in", "kernel", "padding", "stride", "formula", "layer")]
for n, k, padding, s in [(32, 5, 0, 1), (32, 5, 2, 1), (224, 5, 2, 2), (7, 3, 1, 3)]:
    layer = nn.Conv2D(1, k, padding=padding, strides=s)
    layer.initialize()
    side = layer(np.zeros((1, 1, n, n))).shape[2]
    numbers = n, k, padding, s, output_size(n, k, 2 * padding, s), side
    rows.append(tuple(map(str, numbers)))
show_table(rows, "rows that come out")

# %% [markdown] slideshow={"slide_type": "skip"}
# Now to the wish to get small faster. Padding keeps the size, and the stride alone changes it:

# %% slideshow={"slide_type": "skip"}
halves = [224]
while halves[-1] > 4:
    halves.append(output_size(halves[-1], k=5, p=4, s=2))
print("stride 2:", " → ".join(map(str, halves)))

# %% [markdown] slideshow={"slide_type": "skip"}
# With a stride of 2, six layers lead from 224 to 4, instead of 55.

# %% [markdown] slideshow={"slide_type": "skip"}
# So far, images were gray, and a layer gave one map. Let's ask a color photograph three questions at once, with three
# kernels for each of them, one for each color:

# %% slideshow={"slide_type": "skip"}
kernels = np.zeros((3, 3, 3, 3))  # output channel, input channel, row, column
kernels[0, :, :, 0], kernels[0, :, :, 2] = 1, -1  # left minus right, in all colors
kernels[1, :, 0, :], kernels[1, :, 2, :] = 1, -1  # above minus below
kernels[2, 0], kernels[2, 1:] = 2, -1  # twice red, minus green, minus blue


def three_maps(X):  # (1, 3, height, width)
    options = {"kernel": (3, 3), "num_filter": 3, "no_bias": True}
    return npx.convolution(X, kernels, **options)[0]  # (3, height - 2, width - 2)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Each output channel asks its own question
#
# $$\mathbf{Y}_i = \sum_c \mathbf{X}_c \star \mathbf{W}_{i,c} + b_i$$


# %% slideshow={"slide_type": "-"}
photo = load_photo(128)  # (3, 128, 128)
Y = three_maps(photo[None])
names = ["vertical edges", "horizontal edges", "red"]
PHOTO = "A color portrait and three maps: vertical edges, horizontal edges, and red."
maps = {"photo": photo} | dict(zip(names, Y, strict=True))
figures.images(maps, PHOTO, signed=names)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which of the three maps could not be computed from a gray image.

# %% [markdown] slideshow={"slide_type": "skip"}
# A color image has three *channels*: red, green, and blue. Each input channel $\mathbf{X}_c$ gets its own kernel, and
# the results are added, so that one map comes out, however many channels go in. The window moves down and across only;
# through the channels it reaches all the way.
#
# One map answers one question. For several questions, the layer has several *output channels*: each has its own stack
# of kernels $\mathbf{W}_i$ and its own bias $b_i$. Here we have designed three of them. The first two don't care about
# color. The third asks for red: it is orange where there is more red than green and blue, as in skin and in the stripes
# of the flag, and purple where there is less. It is the only one that could not be computed from the gray image.
#
# **Question.** What could a second layer do with these three maps?
#
# <details><summary>Answer</summary>
#
# Combine them: a vertical edge next to a horizontal one is a corner, a red area with a round edge could be a
# mouth. Layer upon layer, edges make eyes, and eyes make faces. Notebook 12 looks inside a trained network.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Choose a photograph for the kernels

# %% slideshow={"slide_type": "-"}
uploaded = upload_photo(size=160, example="coffee")

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, upload a photograph, then run the next cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your photograph gets the same three maps

# %% slideshow={"slide_type": "-"}
Y = three_maps(uploaded.image)  # (3, 158, 158)
ALT = "A photograph and its three maps."
maps = {"your photo": uploaded.image[0]} | dict(zip(names, Y, strict=True))
figures.images(maps, ALT, signed=names)

# %% [markdown] slideshow={"slide_type": "skip"}
# Change `kernels` and look for something else: for green, for diagonal edges, for spots.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two channels in: two kernels, one sum

# %% slideshow={"slide_type": "-"}
X2 = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]])
K2 = np.array([[[1, 2], [3, 4]], [[0, 1], [2, 3]]])  # (2, 2, 2)
total = corr2d(X2[0], K2[0]) + corr2d(X2[1], K2[1])
options = {"kernel": (2, 2), "num_filter": 1, "no_bias": True}
print("MXNet:", rounded(npx.convolution(X2[None], K2[None], **options), 0))
figures.channels(X2, K2, total)

# %% [markdown] slideshow={"slide_type": "skip"}
# The entry at the upper left is (1·1 + 2·2 + 4·3 + 5·4) + (0·0 + 1·1 + 3·2 + 4·3) = 37 + 19 = 56.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A kernel for each pair of channels, a bias for each output

# %% slideshow={"slide_type": "-"}
layer = nn.Conv2D(channels=16, kernel_size=5)
layer.initialize()
Y = layer(np.zeros((1, 3, 32, 32)))  # the number of input channels is read off the input
rows = [
    ("", "shape", "axes"),
    ("input", str((3, 32, 32)), "input channels, height, width"),
    ("weight", str(layer.weight.shape), "output channels, input channels, k, k"),
    ("bias", str(layer.bias.shape), "output channels"),
    ("output", str(Y.shape[1:]), "output channels, height, width"),
]
show_table(rows, "3 channels in, 16 out, kernels of 5×5")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how many numbers this layer learns, and whether that depends on the size of the image.

# %% [markdown] slideshow={"slide_type": "skip"}
# The layer learns 16·3·5·5 + 16 = 1,216 numbers, whatever the size of the image. A separate bias for every pair of
# channels would be of no use: those of one output channel would all be added up, so only their sum would count.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A 1×1 convolution is a dense layer for each pixel
#
# It sees no neighbors. It mixes the channels, for each pixel by itself.

# %% slideshow={"slide_type": "-"}
X3 = np.arange(48).reshape(3, 4, 4)  # (input channels, height, width)
W3 = np.array([[1, 0, -1], [2, 1, 3]])  # (output channels, input channels)
options = {"kernel": (1, 1), "num_filter": 2, "no_bias": True}
conv = npx.convolution(X3[None], W3.reshape(2, 3, 1, 1), **options)[0]

pixels = X3.reshape(3, 16).T  # (16, 3): one row for each pixel
mixed = np.dot(pixels, W3.T).T.reshape(2, 4, 4)
print(conv.shape, mixed.shape, "equal:", bool((conv == mixed).all()))

# %% [markdown] slideshow={"slide_type": "skip"}
# Why would anyone want a window of a single pixel? Turning a color image into a gray one is a 1×1 convolution with
# three weights. In networks it changes the number of channels at little cost: 256 maps in, 64 out. You'll meet it again
# in notebooks 14, 15, 17, and 18.

# %% [markdown] slideshow={"slide_type": "skip"}
# The number of weights doesn't depend on the size of the image. What about the work? Let's count it for one layer,
# measure how fast this machine is, and compare it with two chips. (A GFLOP is $10^9$ floating-point operations, a TFLOP
# $10^{12}$, and a PFLOP $10^{15}$.)

# %% slideshow={"slide_type": "skip"}
PEAKS = {"desktop CPU, float32 peak": 0.51e12, "GPU, float32 peak": 12.4e12}  # FLOP/s, from notebook 09


def measure(layer, flop):
    """Return the FLOP/s that this machine reaches on a layer; `flop`: floating-point operations for one image."""
    layer.initialize()
    images, seconds = np.ones((4, 100, 64, 64)), []
    layer(images).wait_to_read()  # the first call makes the weights; wait until MXNet has finished
    for _ in range(3):
        start = perf_counter()
        layer(images).wait_to_read()
        seconds.append(perf_counter() - start)
    return 4 * flop / min(seconds)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Few weights, but each is used at every position
#
# For $c_i$ channels in, $c_o$ out, kernels of $k \times k$, and maps of $m \times m$: $\;c_i \, c_o \, k^2 \, m^2$
# multiply-adds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
layer = nn.Conv2D(100, kernel_size=5, padding=2)  # 100 channels in, 100 out, maps of 64×64
multiply_adds = summarize(layer, (1, 100, 64, 64)).total_multiply_adds  # for one image
work = 10 * 1_000_000 * 2 * multiply_adds  # ten layers, a million images, in FLOP
rows = [("", "TFLOP/s", "hours")]
speeds = {"this machine, measured": measure(layer, 2 * multiply_adds)} | PEAKS
for name, speed in speeds.items():
    rows.append((name, f"{speed / 1e12:.2f}", f"{work / speed / 3600:.1f}"))
print(f"one image: {multiply_adds:,} multiply-adds, {2 * multiply_adds / 1e9:.2f} GFLOP")
show_table(rows, f"ten such layers, a million images: {work / 1e15:.1f} PFLOP")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what training needs beyond this forward pass.

# %% [markdown] slideshow={"slide_type": "skip"}
# Each of the $c_o$ output channels has $m^2$ outputs, and each of those is a sum of $c_i \, k^2$ products. Here this
# makes 1,024,000,000 *multiply-adds* (a multiplication and an addition) for one image, although the layer has only
# 250,000 weights: each weight is used at all 4,096 positions. As everywhere in this course, a multiply-add counts 2
# FLOP, so it is 2.05 GFLOP.
#
# The table says how long ten such layers take for a million images. The first row is what this machine really reached
# with the layer. The other two are *peaks*, the most that the chips could ever do with numbers of 32 bits: those of the
# desktop CPU with four cores and of the GPU in notebook 09. Real programs reach only a part of a peak, so compare the
# peaks with each other, and not with the first row.
#
# **Question.** This is one forward pass over the data. What about training?
#
# <details><summary>Answer</summary>
#
# The backward pass costs about twice as much as the forward pass, because it computes two gradients, with respect to
# the weights and with respect to the inputs. And training takes many epochs. That is why GPUs matter (notebook 09).
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *What must a layer know about pictures, so that 9 weights can beat 600,000?*
#
# - A pattern means the same at every position, and only near pixels count.
# - A dense layer with these two assumptions is a convolution.
# - Convolutions are equivariant: the map moves with the image. A maximum over all positions is invariant.
# - What is assumed need not be learned: one digit was enough.
# - $\lfloor (n - k + p + s) / s \rfloor$ rows come out; $p$ counts both sides, Gluon's `padding` one.
# - There are few weights, $c_o \, c_i \, k^2$, and much work: each is used at every position.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do you know that a model will work on data it has not seen? Part 1 answered: by holding data out. This notebook
# adds another reason for confidence. The convolution works as well at a position that it has never seen as at the
# others, and we don't need any data to know that, because it cannot do otherwise. How well it works at all, only data
# can tell. And it helps only if the assumption is true of the data.

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
# $\lfloor (n - k + p + s) / s \rfloor$, where $p$ is twice Gluon's `padding`. If they are not given, `padding` is 0 and
# `strides` is 1.
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
# `[[1, -1]]` finds edges that run down the image. Change it so that it finds edges that run **across**: 1 where a
# bright row is above a dark one, −1 where a dark row is above a bright one, and 0 elsewhere.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
across = ...  # np.array([[1, -1]]) finds the others

# %% slideshow={"slide_type": "-"} tags=["check"]
check("10.2", across)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The kernel must subtract the neighbor below. What shape has a window that contains a pixel and the one below it?
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
# Extend `corr2d`: add `padding` rows and columns of zeros on each side, and move the window by `stride`, both down and
# across. Use loops, without `npx.convolution`.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def corr2d_strided(X, K, padding=0, stride=1):
    """X (n_h, n_w), K (k_h, k_w); returns the output as a matrix."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("10.3", corr2d_strided)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Begin with `np.pad(X, ((padding, padding), (padding, padding)))`. Then come the loops of `corr2d`: output $(i, j)$
# belongs to the window whose corner is at $(i \cdot \text{stride}, j \cdot \text{stride})$.
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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: clean a noisy photograph
#
# Learn **one kernel with at most 49 weights** that takes noise out of photographs. On Chelsea the cat, which it must
# not be trained on, at most **14.3 %** of the squared error may remain.

# %% [markdown] slideshow={"slide_type": "skip"}
# The next cell loads the photographs, in gray and with noise. The noise is the same in each run.

# %% slideshow={"slide_type": "skip"}
photos = {photo.name: photo.image.mean(axis=0)[None, None] for photo in load_photos(128)}
noise = onp.random.RandomState(0)
noisy = {name: X + np.array(noise.normal(0, 0.15, size=X.shape), dtype="float32") for name, X in photos.items()}
print(*photos, sep=", ")


# %% slideshow={"slide_type": "-"}
def remaining(layer, name):  # squared error, as a part of the noisy photograph's
    cleaned_error = ((layer(noisy[name]) - photos[name]) ** 2).mean()
    return cleaned_error.item() / ((noisy[name] - photos[name]) ** 2).mean().item()


# %% [markdown] slideshow={"slide_type": "skip"}
# What do kernels achieve that nobody has learned?

# %% slideshow={"slide_type": "skip"}
rows = [("kernel", "squared error that remains")]
for name, line in (("the mean of 3×3 pixels", [1, 1, 1]), ("a bell of 5×5", [1, 4, 6, 4, 1])):
    size, line = len(line), np.array(line) / sum(line)
    fixed = nn.Conv2D(1, kernel_size=size, padding=size // 2, in_channels=1, use_bias=False)
    fixed.initialize()
    fixed.weight.set_data(np.outer(line, line).reshape(1, 1, size, size))
    rows.append((name, f"{100 * remaining(fixed, 'chelsea'):.1f} %"))

# %% slideshow={"slide_type": "-"}
show_table(rows, "Chelsea, cleaned by kernels that nobody has learned")

# %% slideshow={"slide_type": "-"} tags=["exercise"]
inputs, targets = noisy["astronaut"], photos["astronaut"]  # for example
my_layer = ...  # one nn.Conv2D; at the end, look at remaining(my_layer, "chelsea")

# %% [markdown] slideshow={"slide_type": "skip"}
# Can descent do better? As always, make your choices (which photographs to train on, the size of the kernel, the
# learning rate, the number of steps) by looking at other photographs than Chelsea, and look at her only once. Then show
# the learned kernel: does it look like something you know? And if you like, add noise to a photograph of yours and
# clean it.
#
# <details><summary>Hint</summary>
#
# Inputs are the noisy photographs, targets are the clean ones. A single photograph already has 16,384 windows, but they
# all show the same subject.
#
# </details>
# <details><summary>A sample solution</summary>
#
# Start from the mean of the window, and train on several photographs in one batch. The last one of them, the rocket, is
# held out until the size of the kernel has been chosen.
#
# ```python
# def learn_to_clean(names, size):
#     inputs = np.concatenate([noisy[name] for name in names])
#     targets = np.concatenate([photos[name] for name in names])
#     layer = nn.Conv2D(1, kernel_size=size, padding=size // 2, in_channels=1, use_bias=False)
#     layer.initialize(init.Constant(1 / size**2))
#     trainer = gluon.Trainer(layer.collect_params(), "adam", {"learning_rate": 0.01})
#     for step in range(200):
#         with autograd.record():
#             loss = ((layer(inputs) - targets) ** 2).mean()
#         loss.backward()
#         trainer.step(1)
#     return layer
#
#
# others = [name for name in photos if name != "chelsea"]
# for size in (3, 5, 7):
#     print(size, f"{remaining(learn_to_clean(others[:-1], size), others[-1]):.1%}")
# layer = learn_to_clean(others, 7)  # the choice is made: now use all six
# print(f"{remaining(layer, 'chelsea'):.1%}")
# maps = {"clean": photos["chelsea"], "noisy": noisy["chelsea"]}
# maps |= {"cleaned": layer(noisy["chelsea"]), "kernel": layer.weight.data()}
# figures.images({name: Y[0, 0] for name, Y in maps.items()}, "A cat, clean, noisy, and cleaned; a bell.")
# ```
#
# On the rocket, 14.3 %, 11.0 %, and 10.5 % of the error remain, so 7×7 is chosen, and on Chelsea it leaves 13.9 %. The
# kernel looks like a bell, although nobody told it to. The same layer, trained on the astronaut alone, leaves 15.6 %:
# probably, her suit, the flag, and the shuttle have sharper details than fur, so the kernel that suits them blurs less.
# One photograph has many windows, but they don't stand for all photographs. What remains is partly noise, and partly
# detail that was blurred away.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Convolutional Neural
#   Networks](https://d2l.ai/chapter_convolutional-neural-networks/index.html)
# - Dumoulin and Visin, [A guide to convolution arithmetic for deep learning](https://arxiv.org/abs/1603.07285), 2016:
#   every combination of padding and stride, drawn
# - Fukushima, [Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected
#   by shift in position](https://doi.org/10.1007/BF00344251), 1980: the layers of this part, before they were trained
#   by gradient descent
# - LeCun and others, [Backpropagation applied to handwritten zip code
#   recognition](https://doi.org/10.1162/neco.1989.1.4.541), 1989: kernels learned by gradient descent
# - Cohen and Welling, [Group equivariant convolutional networks](https://arxiv.org/abs/1602.07576), 2016: layers that
#   are equivariant to turns and mirror images as well
# - Kayhan and van Gemert, [On translation invariance in CNNs: convolutional layers can exploit absolute spatial
#   location](https://arxiv.org/abs/2003.07064), 2020: how a network finds out from the padding where it is
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **11 · Pooling**, a layer that forgives small shifts.
