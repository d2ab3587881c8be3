# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 02 · Linear algebra
#
# What does a matrix do to space, and why is nearly all the work in deep learning a matrix product?
#
# *70 minutes · needs 00, 01 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# You may remember linear algebra as rules for calculating with tables of numbers. Here you'll see it as geometry: a
# vector is an arrow, and a matrix moves arrows. This is worth the effort, because a layer of a network is a matrix. If
# you can see what a matrix does to space, you can see what a network does to data.
#
# At the end, you'll build a classifier from dot products alone and let it read handwritten digits. It also gives a
# first answer to the question of this part, *how do I know that a model will work on data it has not seen?* It gets
# every digit right that it has seen, which turns out to be no evidence at all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Measure** lengths, distances, and angles of vectors, even of images.
# - **See** a matrix as a map, from its columns, and say what its rank is.
# - **Say** how much longer a matrix can make a vector: its norms, its eigenvectors.
# - **Recognize** symmetric, positive definite, orthogonal, and permutation matrices.
# - **Build** a classifier of digits from a single matrix product.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Most of the class know the rules. Today the pictures, and each rule checked by a cell.

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
from mxnet import np, npx
from mxnet.gluon import nn

from d2lhelpers import check, explore, load_images, load_photo, rounded, show_images
from d2lhelpers.figures import nb02_linear_algebra as figures

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def random_arrays(shape, count, seed=0):
    """Return random MXNet arrays, the same on every machine."""
    return [np.array(array) for array in onp.random.RandomState(seed).normal(size=(count, *shape)).astype("float32")]


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Vectors
#
# How long is one, and how similar are two?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A vector is an arrow with a length
#
# Add and scale entry by entry: $c_i = a_i + b_i$ and $c_i = \alpha \, b_i$. The length is $\|\mathbf{a}\| =
# \sqrt{\sum_i a_i^2}$.

# %% slideshow={"slide_type": "-"}
a, b = np.array([3.0, 1.0]), np.array([1.0, 1.5])
length = np.linalg.norm
print("a + b =", a + b, " 2 b =", 2 * b, " ‖a + b‖ =", rounded(length(a + b), 2))
figures.sum_and_multiple(a, b, 2)

# %% [markdown] slideshow={"slide_type": "skip"}
# A *vector* is a list of numbers, and with two or three entries you can draw it as an arrow. To add two vectors, put
# the second arrow at the end of the first. To multiply a vector by a number, a *scalar*, make the arrow longer or
# shorter, or turn it around if the number is negative. The length is Pythagoras's theorem, with as many squares as
# there are entries. It is called the *Euclidean norm*, or simply the norm, and the distance between two points is the
# norm of their difference.
#
# Everything holds for a thousand entries as well; we just can't draw the arrows any more. A digit of notebook 01, with
# its 28 rows written one after the other, is a vector with 784 entries.
#
# **Question.** Where is $\mathbf{a} - \mathbf{b}$ in the left picture, if both arrows begin at the same point?
#
# <details><summary>Answer</summary>
#
# It leads from the end of $\mathbf{b}$ to the end of $\mathbf{a}$, because $\mathbf{b} + (\mathbf{a} - \mathbf{b}) =
# \mathbf{a}$. Its length is the distance between the two ends.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Two entries so that we can draw them. Ask where a − b is.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The norm works in any number of dimensions
#
# $$\|\mathbf{a}\| \geq 0 \qquad \|\mathbf{a} + \mathbf{b}\| \leq \|\mathbf{a}\| + \|\mathbf{b}\| \qquad
# \|\alpha \mathbf{b}\| = |\alpha| \cdot \|\mathbf{b}\|$$


# %% slideshow={"slide_type": "-"}
def norm(vector):
    total = 0.0
    for entry in vector.tolist():
        total += entry**2
    return math.sqrt(total)


three_four = np.array([3.0, 4.0])
print("loop:", norm(three_four), " np.linalg.norm:", length(three_four).item())
print("diagonal of a cube with 784 dimensions:", norm(np.ones(784)))

# %% [markdown] slideshow={"slide_type": "skip"}
# A cube whose sides have length 1 has a diagonal of $\sqrt{2}$ in the plane, and of 28 in 784 dimensions. There is a
# lot of room in high-dimensional space (see *In high dimensions, everything is nearly orthogonal* below).
#
# The three formulas are the laws of every norm. The second one is the *triangle inequality*: a detour is never shorter.
# You can see it in the left picture above, where $\mathbf{a} + \mathbf{b}$ is the direct way. In the third one,
# $|\alpha| = \max(\alpha, -\alpha)$ is the *absolute value*, which is the length of a single number and obeys the
# same laws. Anything that does, and is 0 only for the vector $\mathbf{0}$, may be called a norm. Another one adds up
# the absolute values of the entries, which is the distance for a taxi in a city of square blocks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The dot product grows with similarity and both lengths
#
# $$\langle \mathbf{a}, \mathbf{b} \rangle = \mathbf{a}^\top \mathbf{b} = \sum_i a_i b_i
# = \|\mathbf{a}\| \, \|\mathbf{b}\| \cos \theta$$

# %% slideshow={"slide_type": "-"}
a, b = np.array([2.0, 2.0]), np.array([4.0, 0.0])
by_loop = sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))
theta = math.acos(np.dot(a, b) / (length(a) * length(b)))
print("loop:", by_loop, " np.dot:", np.dot(a, b).item(), f" θ = {math.degrees(theta):.1f}°")
figures.angle(a, b)

# %% [markdown] slideshow={"slide_type": "skip"}
# Multiply entry by entry, add up: that is the *dot product*. ($\mathbf{a}^\top$, the *transpose*, is the column
# $\mathbf{a}$ written as a row.) The formula on the right says what the number means. It is the length of the shadow of
# $\mathbf{a}$ on $\mathbf{b}$, times the length of $\mathbf{b}$: large if both point in the same direction, 0 if they
# are at a right angle, and negative if the angle is larger than 90 degrees. One unit of a network, a *neuron*, computes
# just that: the dot product of its input with a vector of its own, its *weights*.
#
# <details><summary>Why the cosine?</summary>
#
# The difference $\mathbf{a} - \mathbf{b}$ is the third side of a triangle. Multiply its squared length out, and compare
# with the law of cosines for the same side:
#
# $$\|\mathbf{a} - \mathbf{b}\|^2 = \|\mathbf{a}\|^2 - 2 \, \langle \mathbf{a}, \mathbf{b} \rangle +
# \|\mathbf{b}\|^2 = \|\mathbf{a}\|^2 - 2 \, \|\mathbf{a}\| \, \|\mathbf{b}\| \cos \theta + \|\mathbf{b}\|^2$$
#
# So the two middle terms are equal. We'll need the first half of this formula again, to find similar digits.
#
# </details>
#
# Two vectors whose dot product is 0 are called *orthogonal*. If a vector is orthogonal to both $\mathbf{b}$ and
# $\mathbf{c}$, it is orthogonal to every mixture of the two:

# %% slideshow={"slide_type": "skip"}
a, b, c = np.array([1, 2, 2]), np.array([2, 1, -2]), np.array([2, -2, 1])
print("a·b, a·c, b·c:", [np.dot(x, y).item() for x, y in ((a, b), (a, c), (b, c))])
print("a · (5 b − 3 c):", np.dot(a, 5 * b - 3 * c).item())

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Shadow times length. Ask for the dot product of a vector with itself (its squared length).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In high dimensions, everything is nearly orthogonal
#
# **Question.** Draw two random vectors with 784 entries. Which angle do you expect between them?


# %% slideshow={"slide_type": "skip"}
def angles(a, b):
    """Return the angles in degrees between each row of a and the same row of b, both (n, d)."""
    lengths = onp.linalg.norm(a, axis=1) * onp.linalg.norm(b, axis=1)
    return onp.degrees(onp.arccos((a * b).sum(axis=1) / lengths))


# %% slideshow={"slide_type": "-"}
degrees = {}
for d in (2, 10, 784):  # 2,000 pairs of random vectors with d entries
    degrees[f"{d} dimensions"] = angles(*onp.random.RandomState(0).normal(size=(2, 2000, d)))
figures.angles(degrees, alt=figures.RANDOM)

# %% slideshow={"slide_type": "-"}
near = {name: f"{onp.mean(abs(values - 90) < 10):.0%}" for name, values in degrees.items()}
print("within 10° of 90°:", near)

# %% [markdown] slideshow={"slide_type": "skip"}
# In the plane, all angles are equally likely. With 784 entries, all of the 2,000 angles are close to 90 degrees: the
# products $a_i b_i$ are positive about as often as negative, and nearly cancel.
#
# **Question.** An image of a digit has 784 pixels, too. Which angle do you expect between two *different* digits?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Images have small angles, until you subtract their mean

# %% slideshow={"slide_type": "-"}
images, labels = load_images(source="mnist")  # (10000, 1, 28, 28), (10000,)
seen = images.reshape(10000, 784)
raw = seen.asnumpy()
centered = raw - raw.mean(axis=0)  # subtract the mean image
same = (labels[:5000] == labels[5000:]).asnumpy().astype(bool)  # 5,000 pairs
pairs = {}
for kind, vectors in (("", raw), (", centered", centered)):
    between = angles(vectors[:5000], vectors[5000:])
    for name, values in (("different", between[~same]), ("same", between[same])):
        pairs[f"{name}{kind}: {values.mean():.0f}°"] = values
figures.angles(pairs, alt=figures.DIGITS)

# %% [markdown] slideshow={"slide_type": "skip"}
# Above each histogram is its mean. Two different digits have an angle of 67 degrees on average, because pixels are
# never negative: nothing can cancel, so no two images are more than 90 degrees apart. If you want to read angles as
# similarity, subtract the mean image first. Now entries can be negative, different digits are nearly orthogonal on
# average (91 degrees), and two pictures of the same digit have a clearly smaller angle (74). They have something in
# common.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Matrices move space
#
# Where a matrix sends a vector, what it flattens, and how long it can make an arrow.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The columns say where the unit vectors go
#
# A matrix moves every point of the plane. Gray: a square before. Light blue: after.

# %% slideshow={"slide_type": "-"}
sine, cosine = math.sin(math.radians(40)), math.cos(math.radians(40))
maps = {
    "stretch": np.array([[2.0, 0.0], [0.0, 0.5]]),
    "rotate": np.array([[cosine, -sine], [sine, cosine]]),
    "shear": np.array([[1.0, 0.8], [0.0, 1.0]]),
    "project": np.array([[0.8, 0.4], [0.4, 0.2]]),
}
figures.maps(maps, alt=figures.MAPS)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The first column (orange) is where $(1, 0)$ goes, the second (blue) is where $(0, 1)$ goes.

# %% [markdown] slideshow={"slide_type": "skip"}
# A *matrix* is a table of numbers, and this is what it does: it sends each vector $\mathbf{x}$ to another one,
# $\mathbf{A}\mathbf{x}$. The origin stays where it is, sums go to sums and multiples to multiples,
# $\mathbf{A}(\mathbf{x} + \mathbf{y}) = \mathbf{A}\mathbf{x} + \mathbf{A}\mathbf{y}$ and $\mathbf{A}(\alpha\mathbf{x})
# = \alpha\mathbf{A}\mathbf{x}$. Such a map is called *linear*. Every vector is a mixture of the unit vectors, $(x_1,
# x_2) = x_1 (1, 0) + x_2 (0, 1)$, so where the two unit vectors go decides everything: to the two columns.
#
# **Question.** Which of the four maps can be undone?
#
# <details><summary>Answer</summary>
#
# The first three. The last one drops every point onto a line, like a shadow, and nobody can tell from the shadow where
# the point came from.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask where the columns are in the picture, and which of the four maps can be undone.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A matrix takes the dot product with each of its rows
#
# $$\mathbf{c} = \mathbf{A}\mathbf{b}, \qquad c_i = \sum_j A_{ij} b_j$$


# %% slideshow={"slide_type": "skip"}
def matrix_times_vector(A, b):
    m, n = A.shape
    c = np.zeros(m)
    for i in range(m):
        for j in range(n):
            c[i] += A[i, j] * b[j]
    return c


# %% slideshow={"slide_type": "-"}
A, b = np.array([[1, 2, 3], [4, 5, 6]]), np.array([1, 0, 2])  # (2, 3), (3,)
print("loops:", matrix_times_vector(A, b), " np.dot:", np.dot(A, b), end=" ")
print(" columns:", 1 * A[:, 0] + 0 * A[:, 1] + 2 * A[:, 2])
by_row = [[1], [2]]  # a color for each row
figures.tables({"A": A, "b": b, "Ab": np.dot(A, b)}, [by_row, 0, by_row], alt=figures.BY_ROWS)

# %% [markdown] slideshow={"slide_type": "skip"}
# There are two ways to read the product, and both will be useful. *By rows*, as in the picture: each entry of
# $\mathbf{c}$ is the dot product of a row with $\mathbf{b}$, so it says how similar $\mathbf{b}$ is to that row. *By
# columns*: $\mathbf{c}$ is a mixture of the columns, and the entries of $\mathbf{b}$ are the amounts; here once the
# first and twice the third. Such a mixture is called a *linear combination*.
#
# The shapes tell you what fits: (2, 3) times (3,) is (2,). The 3 in the middle must agree, and disappears.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* By rows: similarities. By columns: a mixture. The length in the middle must agree.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Matrix times matrix: one map after the other
#
# $$\mathbf{C} = \mathbf{A}\mathbf{B}, \qquad C_{ik} = \sum_j A_{ij} B_{jk}$$


# %% slideshow={"slide_type": "-"}
def matrix_times_matrix(A, B):
    columns = [matrix_times_vector(A, B[:, k]) for k in range(B.shape[1])]
    return np.stack(columns, axis=1)


A, B = random_arrays((4, 4), count=2)
x = np.arange(4)
difference = abs(matrix_times_matrix(A, B) - np.dot(A, B)).max()
print("loops as np.dot:", bool(difference < 1e-5))  # float32 has only seven digits
print("(AB) x:", rounded(np.dot(np.dot(A, B), x), 2))
print("A (Bx):", rounded(np.dot(A, np.dot(B, x)), 2))
print("(BA) x:", rounded(np.dot(np.dot(B, A), x), 2))

# %% [markdown] slideshow={"slide_type": "skip"}
# The product $\mathbf{A}\mathbf{B}$ is the map "first $\mathbf{B}$, then $\mathbf{A}$". That is why the order matters:
# socks first, then shoes. Parentheses don't matter: $(\mathbf{A}\mathbf{B})\mathbf{x}$ is
# $\mathbf{A}(\mathbf{B}\mathbf{x})$. It also means that two linear maps in a row are just another linear map, so a
# network of matrices alone could not do more than a single matrix; notebook 07 shows what has to come in between.
#
# Loops and `np.dot` add in a different order, so their last digits may differ. Always use `np.dot` in practice: you
# know from notebook 01 how much faster it is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The rank counts the directions that survive
#
# Columns are *dependent* if one is a mixture of the others. The *rank* is how many can be independent.

# %% slideshow={"slide_type": "-"}
X = np.array([[1, 60, 2], [3, 180, 1], [2, 120, 5], [4, 240, 3]])  # bills
x = np.array([60, -1, 0])
ranks = {name: np.linalg.matrix_rank(A).item() for name, A in {**maps, "bills": X}.items()}
print("rank:", ranks)
figures.tables({"X": X, "x": x, "Xx": np.dot(X, x)}, [[1, 1, 0], 0, 0], alt=figures.BILLS)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Bills: hours, the same time in minutes, number of servers. The second column says nothing new.

# %% [markdown] slideshow={"slide_type": "skip"}
# Look at the last of the four maps again. Its columns, (0.8, 0.4) and (0.4, 0.2), lie on the same line, because the
# first is twice the second. Whatever you mix from them stays on that line: the matrix flattens the plane. Its *rank* is
# 1, one direction survives, while the other three matrices have rank 2.
#
# In general, the columns of a matrix are called *linearly independent* if none of them is a linear combination of the
# others. Equivalently, $\mathbf{A}\mathbf{x} = \mathbf{0}$ holds only for $\mathbf{x} = \mathbf{0}$, because
# $\mathbf{A}\mathbf{x}$ is a mixture of the columns: if one column is a mixture of the others, bring everything to one
# side, and you have a mixture that gives $\mathbf{0}$. The rank is the largest number of independent columns, and it is
# a remarkable fact that the rows give the same number. So the rank of an $(m, n)$ matrix is at most the smaller of $m$
# and $n$; if it is equal to that, the matrix has *full rank*.
#
# What does it mean if columns are dependent? For a map, that it can't be undone: $\mathbf{x}$ and $\mathbf{x} + (60,
# -1, 0)$ give the same result, and nothing tells you which one it was. A square matrix has an *inverse*, a matrix
# $\mathbf{A}^{-1}$ that undoes it, if and only if it has full rank. For a table of data, it means that a feature is
# redundant. Each row of the table is a bill of a computing center: hours, the same time in minutes, and the number of
# servers rented. The price could depend on hours alone, on minutes alone, or on any mixture, and no amount of such data
# can decide which. Notebook 04 runs into exactly this problem.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Dependent columns: flattened space, no inverse, a redundant feature. Notebook 04 needs this.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Unused pixels lower the rank
#
# 10,000 digits of MNIST as a matrix: one digit per row, one column for every fourth pixel.

# %% slideshow={"slide_type": "-"}
pixels = images[:, :, ::2, ::2].reshape(10000, 196).asnumpy()
used = pixels.max(axis=0) > 0  # (196,)
rank = onp.linalg.matrix_rank(pixels.astype("float64"))
print(f"{pixels.shape[1]} columns, {used.sum()} ever used, rank {rank}")
alt = "Black along the top and left edges and in the corners, where nobody wrote; else white."
show_images(used.reshape(14, 14), alt=alt, width=3.6)

# %% [markdown] slideshow={"slide_type": "skip"}
# White marks the pixels that at least one writer has used. The others, along the top and left edges and in the corners,
# are 0 in all 10,000 digits, and a column of zeros is a mixture of any others: zero times each. Here this is the only
# reason: the rank is equal to the number of pixels that are used, so none of them can be computed from the others by a
# linear formula.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A photograph is nearly a matrix of low rank

# %% slideshow={"slide_type": "-"}
photo = load_photo(256, gray=True)[0]  # (256, 256)
U_photo, s_photo, Vt_photo = np.linalg.svd(photo)  # (256, 256), (256,), (256, 256)


def of_rank(k):  # the sum of the first k terms: column of U times s times row of Vᵀ
    return np.dot(U_photo[:, :k] * s_photo[:k], Vt_photo[:k])


draw, values = figures.low_rank(photo, of_rank), [1, 2, 5, 10, 20, 50, 256]
explore(draw, [1, 10, 50, 256], values=values, label="rank", alt=figures.LOW_RANK, height=3.4)

# %% [markdown] slideshow={"slide_type": "skip"}
# A matrix of rank 1 is a column times a row: every one of its rows is a multiple of the same row. The *singular value
# decomposition*, `svd`, writes a matrix as a sum of such matrices,
#
# $$\mathbf{A} = \sum_k s_k \, \mathbf{u}_k \mathbf{v}_k^\top$$
#
# where $\mathbf{u}_k$ is column $k$ of `U_photo`, $\mathbf{v}_k^\top$ is row $k$ of `Vt_photo`, and the *singular
# value* $s_k$ says how much of this matrix to take, largest first. Fifty terms are enough for this portrait of Grace
# Hopper, who wrote one of the first compilers: they take 25,600 numbers instead of 65,536, and the error, as a share of
# the norm of the photo, is 6%. Large language models can be adapted to new tasks with the same trick: the changes to
# their huge matrices are restricted to a low rank (Hu et al., 2021).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A matrix turns a circle into an ellipse
#
# $\mathbf{b}$ has length 1 and turns around. How long can $\mathbf{A}\mathbf{b}$ become?

# %% slideshow={"slide_type": "-"}
stretching = np.array([[1.6, 0.8], [0.2, 1.0]])
draw, turns = figures.circle(stretching), range(0, 181, 5)
explore(draw, [35, 80, 125], values=turns, label="degrees", alt=figures.CIRCLE, height=3.8)

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, turn $\mathbf{b}$ with the slider and watch the length in the title. It is longest, 1.92, at about
# 35 degrees, and shortest, 0.75, at a right angle to that. The largest stretch is called the *spectral norm* of the
# matrix, $\|\mathbf{A}\|$. It is the smallest number for which
#
# $$\|\mathbf{A}\mathbf{b}\| \leq \|\mathbf{A}\| \, \|\mathbf{b}\|$$
#
# holds for every $\mathbf{b}$. At 35 degrees, $\mathbf{b}$ is stretched most, but it also changes its direction. For
# this matrix there are two directions that don't change, at 14 degrees (stretched by 1.8) and at 135 degrees (by 0.8).
# These are its eigenvectors, which we'll come to in a moment.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Turn b live. Ask for the longest (1.92 at 35°) and the shortest (0.75, at a right angle to it).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The spectral norm bounds every length
#
# The *Frobenius norm*, $\|\mathbf{A}\|_F = \sqrt{\sum_{ij} A_{ij}^2}$, treats the matrix as one long vector.

# %% slideshow={"slide_type": "-"}
spectral, frobenius = np.linalg.norm(stretching, ord=2), np.linalg.norm(stretching)
print(f"spectral {spectral.item():.3f}, Frobenius {frobenius.item():.3f}")
random_matrices = random_arrays((5, 5), count=200)
random_vectors = random_arrays((5,), count=200, seed=1)
for kind, order in (("spectral", 2), ("Frobenius", None)):
    shares = []
    for A, b in zip(random_matrices, random_vectors, strict=True):
        bound = np.linalg.norm(A, ord=order) * length(b)
        shares.append((length(np.dot(A, b)) / bound).item())
    mean = sum(shares) / len(shares)
    print(f"{kind:9} ‖Ab‖ / bound is {mean:.2f} on average, at most {max(shares):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# With 200 random matrices and vectors, the ratio never exceeds 1, and the spectral bound is nearly reached now and
# then. The Frobenius norm is easier to compute, and never smaller, so it gives a safe but looser bound.
#
# Why would you care? A chain of matrices lengthens a vector at most by the product of their norms, and a network is
# such a chain. If all norms are above 1, signals may explode on their way through many layers; if they are below 1,
# signals fade. You'll meet both, in the other direction, when gradients travel back through a network (notebook 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Eigenvectors keep their direction: $\mathbf{A}\mathbf{v} = \lambda\mathbf{v}$

# %% slideshow={"slide_type": "-"}
A_symmetric = np.array([[2.0, 0.8], [0.8, 1.0]])
eigenvalues, eigenvectors = np.linalg.eigh(A_symmetric)  # (2,), (2, 2): each v is a column
eigenvectors *= np.sign(eigenvectors[0])  # −v is one, too: we take first entry > 0
print("λ =", rounded(eigenvalues, 2))
figures.eigenvectors(A_symmetric, eigenvectors)

# %% [markdown] slideshow={"slide_type": "skip"}
# Most arrows change their direction. An *eigenvector* $\mathbf{v}$ does not: the matrix only makes it longer or
# shorter, by a factor $\lambda$, the *eigenvalue*. In the picture, $\mathbf{v}_1$ and $\mathbf{v}_2$ stay on their
# dotted lines, while $\mathbf{w}$ and the gray arrows leave theirs. Along its eigenvectors, a matrix is as simple as a
# number. If an eigenvalue is negative, the arrow stays on its line and points the other way.
#
# The matrix here is *symmetric*: it is equal to its transpose, $\mathbf{A}^\top = \mathbf{A}$, where rows and columns
# are exchanged. A symmetric matrix with $n$ rows always has $n$ eigenvectors at right angles to each other, and its
# spectral norm is the absolute value of the eigenvalue that is largest in absolute value. (The h in `eigh` stands for
# Hermitian, which for real numbers means symmetric.) Other matrices may have fewer: a rotation by 40 degrees turns
# every arrow of the plane and has no real eigenvalue at all.

# %% slideshow={"slide_type": "skip"}
for value, v in zip(eigenvalues, eigenvectors.T, strict=True):
    print(f"λ = {value.item():.3f}, v = {rounded(v)}, Av / λ = {rounded(np.dot(A_symmetric, v) / value)}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Direction, not length. Ask which eigenvalue is the spectral norm of a symmetric matrix.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Every square matrix is symmetric plus antisymmetric
#
# Symmetric: $S_{ij} = S_{ji}$. Antisymmetric: $K_{ij} = -K_{ji}$.

# %% slideshow={"slide_type": "-"}
M = np.array([[1, 4, 0], [2, 3, 6], [8, 2, 5]])
S, K = (M + M.T) / 2, (M - M.T) / 2
off = 1 - np.eye(3)  # not the diagonal
figures.tables({"M": M, "S": S, "K": K}, [0, off, 2 * off], alt=figures.HALVES)
x = np.array([1, -2, 3])
print("xᵀMx, xᵀSx, xᵀKx:", [np.dot(x, np.dot(half, x)).item() for half in (M, S, K)])

# %% [markdown] slideshow={"slide_type": "skip"}
# `M.T` is the transpose. The two halves add up to $\mathbf{M}$, entry by entry. We need this once, for the next slide:
# in $\mathbf{x}^\top\mathbf{M}\mathbf{x}$, only the symmetric half counts.
#
# <details><summary>Why?</summary>
#
# Transposing a product turns its order around, $(\mathbf{A}\mathbf{B})^\top = \mathbf{B}^\top\mathbf{A}^\top$: either
# way, an entry is a row of $\mathbf{A}$ times a column of $\mathbf{B}$. So $(\mathbf{x}^\top\mathbf{K}\mathbf{x})^\top
# = \mathbf{x}^\top\mathbf{K}^\top\mathbf{x} = -\mathbf{x}^\top\mathbf{K}\mathbf{x}$. But this is a number, which is its
# own transpose, and a number that equals its own negative is 0.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A positive definite matrix makes a bowl
#
# *Positive definite*: symmetric, and $\mathbf{x}^\top\mathbf{A}\mathbf{x} > 0$ for every $\mathbf{x} \neq \mathbf{0}$.
# Equivalently, all $\lambda > 0$.

# %% slideshow={"slide_type": "-"}
forms = {"bowl": [[2, 1], [1, 2]], "trough": [[1, -1], [-1, 1]], "saddle": [[1, 2], [2, 1]]}
eigenvalues_of = {name: np.linalg.eigvalsh(np.array(A)) for name, A in forms.items()}
print("eigenvalues:", {name: rounded(values, 2) for name, values in eigenvalues_of.items()})
figures.forms(forms)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each picture is a map of the surface $f(\mathbf{x}) = \mathbf{x}^\top\mathbf{A}\mathbf{x}$; for the bowl, this is
# $2x_1^2 + 2x_1x_2 + 2x_2^2$. A curve joins points of equal height, and darker blue is higher. Light orange is below
# zero, and the dark orange line is at height zero.
#
# What do eigenvalues have to do with it? For an eigenvector of length 1, $\mathbf{v}^\top\mathbf{A}\mathbf{v} =
# \lambda$, and all other directions are mixtures of these, so the signs of the eigenvalues decide. If all eigenvalues
# are positive, the surface is a bowl with a single lowest point. If one is 0, it is a trough, level along a line, and
# the matrix is only positive *semidefinite*. With a negative and a positive one it is a saddle. Notebook 05 walks down
# such bowls, and the ratio of the largest to the smallest eigenvalue says how slow the walk is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Orthogonal matrices keep all lengths and angles
#
# Their rows have length 1 and are orthogonal to each other: $\;\mathbf{Q}\mathbf{Q}^\top = \mathbf{1}$, the identity
# matrix.

# %% slideshow={"slide_type": "-"}
rotate, mirror = maps["rotate"], np.array([[-1.0, 0.0], [0.0, 1.0]])
orthogonal = {"rotate": rotate, "mirror": mirror, "both": np.dot(mirror, rotate)}
x, y = np.array([3.0, 4.0]), np.array([1.0, -2.0])
Qx, Qy = ([np.dot(Q, v) for Q in orthogonal.values()] for v in (x, y))
print("‖x‖ =", length(x).item(), " ‖Qx‖ =", [rounded(length(v), 3) for v in Qx], end="   ")
inner = [rounded(np.dot(v, w), 3) for v, w in zip(Qx, Qy, strict=True)]
print("⟨x, y⟩ =", np.dot(x, y).item(), " ⟨Qx, Qy⟩ =", inner)
figures.maps(orthogonal, alt=figures.ORTHOGONAL)

# %% [markdown] slideshow={"slide_type": "skip"}
# The *identity matrix* $\mathbf{1}$, in other books $\mathbf{I}$, has ones on the diagonal and zeros elsewhere, and
# leaves every vector as it is. Entry by entry, $\mathbf{Q}\mathbf{Q}^\top$ is the table of the dot products of the
# rows. $\mathbf{Q}$ is square, and $\mathbf{Q}\mathbf{Q}^\top = \mathbf{1}$ says that $\mathbf{Q}$ undoes what
# $\mathbf{Q}^\top$ has done. So $\mathbf{Q}^\top$ flattens nothing: it has full rank, and being square it has an
# inverse, which must be $\mathbf{Q}$. An inverse works from both sides, hence $\mathbf{Q}^\top\mathbf{Q} = \mathbf{1}$
# as well, and the columns, too, have length 1 and are orthogonal. Dot products don't change:
#
# $$\langle \mathbf{Q}\mathbf{x}, \mathbf{Q}\mathbf{y} \rangle = (\mathbf{Q}\mathbf{x})^\top\mathbf{Q}\mathbf{y} =
# \mathbf{x}^\top\mathbf{Q}^\top\mathbf{Q}\mathbf{y} = \mathbf{x}^\top\mathbf{y}$$
#
# Lengths and angles are made of dot products, so an orthogonal matrix keeps them all. Among linear maps, only
# rotations, mirror images, and combinations of them do.

# %% slideshow={"slide_type": "skip"}
Q = np.array([[2, -2, 1], [1, 2, 2], [2, 1, -2]]) / 3
for name, product in (("QQᵀ", np.dot(Q, Q.T)), ("QᵀQ", np.dot(Q.T, Q))):
    print(f"{name} is the identity:", bool(abs(product - np.eye(3)).max() < 1e-6))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Permutation matrices are orthogonal
#
# Row $i$ picks entry $\pi(i)$, where $\pi$ is a new order: $P_{ij} = 1$ if $j = \pi(i)$, else 0.

# %% slideshow={"slide_type": "-"}
new_order = np.array([2, 0, 3, 1], dtype="int32")  # π; an index must be int
P, x = np.eye(4)[new_order], np.array([10, 20, 30, 40])  # rows of the identity, in this order
print("PPᵀ is the identity:", bool((np.dot(P, P.T) == np.eye(4)).all()))
figures.tables({"P": P, "x": x, "Px": np.dot(P, x)}, [P, 0, 0], alt=figures.PERMUTATION)

# %% [markdown] slideshow={"slide_type": "skip"}
# The rows of $\mathbf{P}$ are rows of the identity in another order. They have length 1, and no two of them have their
# one in the same position, so their dot products are 0: $\mathbf{P}$ is orthogonal, and its transpose puts everything
# back. In practice you write `x[new_order]`, which copies and does not multiply.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Nearly all the work is matrix products
#
# A classifier without any learning, and how it does on digits that it has not seen.

# %% [markdown] slideshow={"slide_type": "skip"}
# Here is a simple idea for a classifier: keep all the digits that you know. When a new one comes, find the one among
# them that is closest, and give the same answer. This is the *nearest neighbor* classifier. The distance between two
# images is the norm of the difference of their vectors, and its square, multiplied out, is made of dot products:
#
# $$\|\mathbf{a} - \mathbf{b}\|^2 = \|\mathbf{a}\|^2 - 2 \, \langle \mathbf{a}, \mathbf{b} \rangle + \|\mathbf{b}\|^2$$
#
# We need it for each of 2,000 new images $\mathbf{a}$ and each of 10,000 known ones $\mathbf{b}$, twenty million
# distances. All the dot products together are a single matrix product: `unseen` has shape (2000, 784), the transpose of
# `seen` has shape (784, 10000), and entry $(i, k)$ of the product is the dot product of row $i$ with row $k$. The term
# $\|\mathbf{a}\|^2$ is the same for all candidates $\mathbf{b}$, so we can leave it out. What remains is $-2 \, \langle
# \mathbf{a}, \mathbf{b} \rangle + \|\mathbf{b}\|^2$. Divided by −2, it is $\langle \mathbf{a}, \mathbf{b} \rangle -
# \|\mathbf{b}\|^2 / 2$, and small has become large.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One matrix product reads digits


# %% slideshow={"slide_type": "-"}
def nearest(unseen, seen):
    """For each row of unseen (m, d), find the index of the closest row of seen (n, d)."""
    products = np.dot(unseen, seen.T)  # (m, n): all dot products
    squares = (seen * seen).sum(axis=1)  # (n,)
    return (products - squares / 2).argmax(axis=1).astype("int32")  # (m,)


new_images, new_labels = load_images(train=False, source="mnist")  # (2000, 1, 28, 28)
unseen = new_images.reshape(2000, 784)
answers = labels[nearest(unseen, seen)]  # the labels of the nearest neighbors
right = answers == new_labels  # (2000,)
print(f"right on 2,000 unseen digits: {right.mean().item():.2f}")

# %% slideshow={"slide_type": "fragment"}
right_on_seen = labels[nearest(seen[:1000], seen)] == labels[:1000]
print(f"right on 1,000 seen digits:   {right_on_seen.mean().item():.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Every digit is its own nearest neighbor. Accuracy on seen data says nothing at all here.

# %% [markdown] slideshow={"slide_type": "skip"}
# Guessing would be right for one digit in ten. This classifier, made of one matrix product and a maximum, is right for
# more than nine in ten, on digits by writers whom it has never seen. (MNIST's test digits come from other people than
# its training digits.)
#
# Now look at the second number. On digits that it has seen, the classifier is perfect (we've tried the first 1,000). It
# would be perfect even if all labels were wrong, since the closest image to a known one is the image itself, at
# distance 0. It has *memorized* the examples. So if you want to know how a model will do on new data, you must try it
# on data that it has not seen. The gap between the two numbers will accompany us through the course.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** If the dot product measures similarity, why not simply take the known digit with the largest one,
# without $\|\mathbf{b}\|^2 / 2$? Guess how much that would change.

# %% slideshow={"slide_type": "skip"}
largest = np.dot(unseen, seen.T).argmax(axis=1).astype("int32")
print(f"largest dot product: {(labels[largest] == new_labels).mean().item():.2f} are right")
lengths = np.linalg.norm(seen, axis=1)  # (10000,)
winners = len(set(largest.tolist()))
print(f"mean length: {lengths.mean().item():.1f} of all, {lengths[largest].mean().item():.1f} of the winners")
print(f"digits that win at least once: {winners} of {len(seen):,}")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Answer</summary>
#
# It is right much less often. The dot product is the cosine of the angle *times both lengths*, so the longest vectors,
# digits with a lot of ink, have large dot products with almost everything, and win too often: all others lose against
# a few hundred. Either the length has to be accounted for, as in the distance, or divided out, so that only the angle
# remains.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for a guess at both numbers before you run the cells. Why is the second one worthless?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Its mistakes are understandable
#
# Top: unseen digits that were read wrongly. Bottom: the nearest known digit.

# %% slideshow={"slide_type": "-"}
wrong = onp.flatnonzero(~right.asnumpy().astype(bool))[:8]
neighbors = nearest(unseen[wrong], seen)
pictures = np.concatenate([unseen[wrong], seen[neighbors]]).reshape(16, 1, 28, 28)
titles = [*new_labels[wrong].tolist(), *labels[neighbors].tolist()]
alt = "Eight digits, and below each a similar one with another label."
show_images(pictures, titles, alt=alt, width=10.8)

# %% [markdown] slideshow={"slide_type": "skip"}
# Above each picture is its true label: in the upper row that of the new digit, in the lower row that of its neighbor,
# which was the answer. The pairs do look alike, pixel by pixel. The classifier doesn't know that a loop matters more
# than the thickness of a stroke, nor that a shifted 7 is still a 7. The next experiment shows how little it knows.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Shuffling all pixels changes nothing
#
# **Question.** Apply one random permutation to the pixels of all images. What will the accuracy be?

# %% slideshow={"slide_type": "-"}
pixel_order = np.array(onp.random.RandomState(0).permutation(784), dtype="int32")
shuffled_seen, shuffled_unseen = seen[:, pixel_order], unseen[:, pixel_order]
both = np.concatenate([unseen[:8], shuffled_unseen[:8]]).reshape(16, 1, 28, 28)
show_images(both, alt="Eight digits, and below them eight clouds of dots.", width=9.6)

# %% slideshow={"slide_type": "fragment"}
shuffled_right = labels[nearest(shuffled_unseen, shuffled_seen)] == new_labels
print(f"before: {right.mean().item():.2f}, after: {shuffled_right.mean().item():.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# You can't read the digits in the lower row, but for the classifier nothing has changed. A permutation matrix is
# orthogonal, so all dot products and distances stay the same, and with them all answers. To put it the other way
# around: to this classifier, the original images look just as confusing as the shuffled ones look to you. It has no
# idea that some pixels are neighbors. The same is true of every network of dense layers in this part of the course, and
# one reason why convolutional networks (notebook 10) are better is that they do know.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets: chance level, a bit worse, the same? Orthogonal matrices keep dot products.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### And this is a layer: ten dot products per image
#
# Compare with ten average digits instead of 10,000 known ones. Notebook 04 calls that a dense layer.

# %% slideshow={"slide_type": "-"}
W = np.stack([seen[labels == k].mean(axis=0) for k in range(10)])  # (10, 784)
bias = -(W * W).sum(axis=1) / 2  # (10,): closest average = largest ⟨w, x⟩ − ‖w‖² / 2
by_hand = np.dot(unseen, W.T) + bias  # (2000, 10)
layer = nn.Dense(10, in_units=784)
layer.initialize()
layer.weight.set_data(W)
layer.bias.set_data(bias)
scores = layer(unseen)  # (2000, 10)
print("the layer computes XWᵀ + b:", bool(abs(scores - by_hand).max() < 1e-3))
print(f"right on unseen: {(scores.argmax(axis=1) == new_labels).mean().item():.2f}")

# %% slideshow={"slide_type": "-"}
show_images(W.reshape(10, 1, 28, 28), alt="Ten average digits.", num_columns=10, width=11)

# %% [markdown] slideshow={"slide_type": "skip"}
# As before, choosing the closest average $\mathbf{w}$ means making $\|\mathbf{x}\|^2 - 2\langle \mathbf{w}, \mathbf{x}
# \rangle + \|\mathbf{w}\|^2$ small, or $\langle \mathbf{w}, \mathbf{x} \rangle - \|\mathbf{w}\|^2 / 2$ large. That is a
# matrix with ten rows, plus one number for each row, the *bias*. A *dense layer* is just that: it takes the dot product
# of its input with each of its rows, its *weights*. Examples lie in rows, so the whole batch is one product,
# $\mathbf{X}\mathbf{W}^\top$.
#
# The layer does a thousandth of the work of the nearest neighbor classifier, and is right three times out of four. Its
# rows are only averages, though. Nothing says that averages are the best rows to compare with, and in notebook 06
# you'll let a computer *learn* better ones, for the same work per prediction; the learning itself costs extra. Where
# the better numbers come from is the subject of notebooks 03 to 05, and what comes between two layers that of notebook
# 07.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ten rows instead of 10,000: a thousandth of the work. Better rows can be learned (06).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **What does a matrix do to space?** It moves the unit vectors to its columns, and everything else follows.
#
# - Dependent columns flatten space: the rank counts what survives.
# - $\|\mathbf{A}\mathbf{b}\| \leq \|\mathbf{A}\| \, \|\mathbf{b}\|$. Along eigenvectors a matrix only stretches.
# - Positive definite: all eigenvalues are positive. Orthogonal, such as a permutation: keeps lengths and angles.
#
# **Why is nearly all the work a matrix product?** Dot products compare vectors, and a matrix product is all dot
# products of a batch with all rows of a layer, in one fast operation.

# %% [markdown] slideshow={"slide_type": "skip"}
# And for the question of this part: a model can be perfect on the data it has seen without being good on others. Only
# data that it has not seen can tell.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 02.1: predict where a vector goes
#
# $\mathbf{A} = \begin{bmatrix} 0 & -1 \\ 1 & 0 \end{bmatrix}$. Where does it send $\mathbf{x} = (2, 1)$, and where
# does $\mathbf{A}\mathbf{A}$ send it? Answer without running it.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
Ax = [..., ...]
AAx = [..., ...]

# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.1", (Ax, AAx))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The columns of A say where (1, 0) and (0, 1) go. What kind of map is it? Doing it twice is then easy.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# Ax = [-1, 2]
# AAx = [-2, -1]
# ```
#
# A turns the plane by 90 degrees counterclockwise. Twice is half a turn: $\mathbf{A}\mathbf{A} = -\mathbf{1}$,
# minus the identity.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 02.2: change the matrix
#
# The identity leaves every vector as it is. Change it so that $(1, 0)$ goes to $(2, 1)$ and $(0, 1)$ to $(-1, 1)$.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
A = ...  # np.array([[1, 0], [0, 1]]) is the identity

# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.2", A)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The first **column** is where (1, 0) goes. `np.array` is given the rows.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# A = np.array([[2, -1], [1, 1]])
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 02.3: build a projection
#
# Return the shadow of $\mathbf{a}$ on the line through $\mathbf{b}$: the multiple of $\mathbf{b}$ for which the rest,
# $\mathbf{a} - \text{shadow}$, is orthogonal to $\mathbf{b}$.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def project(a, b):
    """Vectors a, b (n,), b not zero; returns a vector (n,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.3", project)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Write the shadow as $t\,\mathbf{b}$ and solve $\langle \mathbf{a} - t\,\mathbf{b}, \mathbf{b} \rangle = 0$ for $t$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def project(a, b):
#     return np.dot(a, b) / np.dot(b, b) * b
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 02.4: build the power method
#
# Apply a symmetric matrix to $\mathbf{v}$ again and again, and scale to length 1 each time: $\mathbf{v}$ turns to the
# eigenvector whose eigenvalue is largest in size. Return that eigenvalue, with its sign, as
# $\mathbf{v}^\top\mathbf{A}\mathbf{v}$.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def largest_eigenvalue(A, v, num_steps=100):
    """A symmetric matrix A (n, n), a start v (n,); returns a number."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.4", largest_eigenvalue)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# A loop of two lines: v becomes A times v, then v divided by its length. After the loop, two dot products.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def largest_eigenvalue(A, v, num_steps=100):
#     for _ in range(num_steps):
#         v = np.dot(A, v)
#         v = v / np.linalg.norm(v)
#     return float(np.dot(v, np.dot(A, v)))
# ```
#
# Why does it work? Write $\mathbf{v}$ as a mixture of eigenvectors. Each step multiplies every part by its eigenvalue,
# so the part with the largest one grows fastest relative to the others. It fails if there is no such part, because the
# start is orthogonal to this eigenvector, or if both $\lambda$ and $-\lambda$ are largest in size, as for a mirror
# image. Google's first ranking of pages was this loop, with a matrix made of the links of the web (not a symmetric
# one).
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 02.5: recognize five matrices
#
# $\mathbf{A} = \begin{bmatrix} 2 & 1 \\ 1 & 2 \end{bmatrix}$,
# $\mathbf{B} = \begin{bmatrix} 0 & 1 \\ 1 & 0 \end{bmatrix}$,
# $\mathbf{C} = \begin{bmatrix} 1 & -1 \\ -1 & 1 \end{bmatrix}$,
# $\mathbf{D} = \begin{bmatrix} 0.6 & -0.8 \\ 0.8 & 0.6 \end{bmatrix}$,
# $\mathbf{E} = \begin{bmatrix} 1 & 2 \\ 3 & 6 \end{bmatrix}$. Which are symmetric, positive definite, orthogonal, a
# permutation, of rank 1? List all letters for each, in one string.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
kinds = {
    "symmetric": ...,  # such as "DE"
    "positive definite": ...,
    "orthogonal": ...,
    "permutation": ...,
    "rank 1": ...,
}

# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.5", kinds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Compare the two entries off the diagonal. Compare the two columns: is one a multiple of the other, are they
# orthogonal, do they have length 1? For positive definite, try $\mathbf{x} = (1, 1)$ and $\mathbf{x} = (1, -1)$ in
# $\mathbf{x}^\top\mathbf{A}\mathbf{x}$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# kinds = {
#     "symmetric": "ABC",
#     "positive definite": "A",
#     "orthogonal": "BD",
#     "permutation": "B",
#     "rank 1": "CE",
# }
# ```
#
# $\mathbf{B}$ has the eigenvalues 1 and −1, and $\mathbf{C}$ 2 and 0, so both are symmetric but not positive definite.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: a better ruler
#
# **Your goal:** 0.94 on the 2,000 unseen digits, without learning, in ten seconds. Choose a method on
# digits that you hold back, and look at `unseen` only once.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def improve(images):  # (n, 1, 28, 28)
    return images.reshape(-1, 784)  # vectors (n, 784) whose distances should say more


known, held_out = improve(images[:8000]), improve(images[8000:])
held_out_right = labels[:8000][nearest(held_out, known)] == labels[8000:]
print(f"held out: {held_out_right.mean().item():.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Why this rule? If you try ten methods on the unseen digits and report the best, then you have chosen with their help,
# and they aren't unseen any more: part of the success is luck with these 2,000 digits. So hold back some of the digits
# that you know, choose with them, and keep the others for a single, final measurement. (Strictly speaking, this
# notebook has already looked at `unseen` several times, but not to choose a method.) Notebook 08 is about this.
#
# <details><summary>Hint</summary>
#
# What should not matter? Whether somebody writes with a thick or a thin pen: give all vectors the length 1. Whether a
# stroke is one pixel further to the left: blur the images, by averaging each pixel with its eight neighbors.
# `np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))` adds one row or column of zeros at each side of the last two axes,
# and slices of the result are shifted images.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# def blur(images):
#     padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))  # (n, 1, 30, 30)
#     return sum(padded[:, :, i : i + 28, j : j + 28] for i in range(3) for j in range(3)) / 9
#
#
# def unit(vectors):
#     return vectors / np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
#
#
# methods = {
#     "as it is": lambda images: images.reshape(-1, 784),
#     "length 1": lambda images: unit(images.reshape(-1, 784)),
#     "blurred": lambda images: blur(images).reshape(-1, 784),
#     "both": lambda images: unit(blur(images).reshape(-1, 784)),
# }
# results = {}
# for name, method in methods.items():
#     guesses = labels[:8000][nearest(method(images[8000:]), method(images[:8000]))]
#     results[name] = (guesses == labels[8000:]).mean().item()
#     print(f"{name}: {results[name]:.3f}")
# best = methods[max(results, key=results.get)]
# guesses = labels[nearest(best(new_images), best(images))]
# final = (guesses == new_labels).mean().item()
# print(f"once, on unseen digits: {final:.3f}")
# ```
#
# On the digits held out, the results are about 0.929, 0.943, 0.943, and 0.952; with both steps, 0.949 of the unseen
# digits are right. The difference, 0.003, is smaller than the uncertainty of either number (about ±0.01, notebook 08).
# With four methods, there is little to gain by luck. With four hundred, expect the number by which you chose to be too
# good.
#
# If you blur, shuffled pixels do matter: you have told the classifier which pixels are neighbors.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Grade by the number and by the rule: was `unseen` used once? Write all results on the board.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Linear Algebra](https://d2l.ai/chapter_preliminaries/linear-algebra.html)
# - Strang, [The Fundamental Theorem of Linear Algebra](https://doi.org/10.2307/2324660), 1993
# - Page, Brin, Motwani and Winograd, [The PageRank Citation Ranking: Bringing Order to the
#   Web](http://ilpubs.stanford.edu:8090/422/), Stanford technical report, 1999
# - Hu et al., [LoRA: Low-Rank Adaptation of Large Language Models](https://arxiv.org/abs/2106.09685), 2021
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **03 · Autograd**, how a network finds out which way to change its numbers.
