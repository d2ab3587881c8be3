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
# A layer of a network is a matrix that moves vectors. Whoever sees what a matrix does to space can see what a network
# does to data.
#
# *45 minutes · needs 00, 01*

# %% [markdown] slideshow={"slide_type": "notes"}
# Most of the class will have met this at school or in the first year, as rules for calculating. Today as pictures: a
# vector is an arrow, a matrix moves arrows. Each rule is then checked by a cell.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Measure** lengths and angles of vectors, and know the laws of a norm.
# - **See** a matrix as a map: what it does to a square and to a circle.
# - **Compute** products of matrices, by loops and by `np.dot`.
# - **Bound** what a matrix can do to a length: its norms, its eigenvectors.
# - **Recognize** symmetric, positive definite, orthogonal and permutation matrices.

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

from d2lhelpers import COLORS, check, draw_cells, explore, rounded, show, subplots

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def random_arrays(shape, count, seed=0):
    """Return random MXNet arrays, the same on every machine."""
    return [np.array(array) for array in onp.random.RandomState(seed).normal(size=(count, *shape)).astype("float32")]


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Vectors
#
# How long is one, and what is the angle between two?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Numbers have a length
#
# The length is the size without the sign. That of a sum is at most the sum of the lengths; that of a product is the
# product of the lengths.
#
# $$|a| = \max(a, -a) \qquad |a + b| \leq |a| + |b| \qquad |a \cdot b| = |a| \cdot |b|$$

# %% slideshow={"slide_type": "-"}
a, b = np.array(3.0), np.array(-5.0)
print("lengths:", abs(a).item(), abs(b).item())
print("sum:    ", abs(a + b).item(), "is at most", (abs(a) + abs(b)).item())
print("product:", abs(a * b).item(), "equals", (abs(a) * abs(b)).item())

# %% [markdown] slideshow={"slide_type": "notes"}
# A single number is also called a *scalar*. Ask: when are both sides of the law of the sum equal? (When a and b have
# the same sign, or one is zero.)
#
# The law of the sum will hold for vectors and for matrices, with other lengths. Of the law of the product, matrices
# keep only half: at most as long.


# %% slideshow={"slide_type": "skip"}
def draw_arrow(ax, start, end, color, label="", place=None):
    """Draw an arrow, with a label at `place`, or beside its tip."""
    arrow = {"arrowstyle": "-|>", "color": COLORS[color], "linewidth": 2.5, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=arrow)
    x, y = (end[0] + 0.12, end[1] + 0.08) if place is None else place
    ax.text(x, y, label, color=COLORS[color], weight="bold")


def draw_sum_and_multiple(a, b, factor):
    """Draw a + b as one arrow after the other, and a multiple of b."""
    a, b = a.asnumpy(), b.asnumpy()
    fig, axes = subplots(1, 2, width=9.6, height=3.4)
    zero = onp.zeros(2)
    draw_arrow(axes[0], zero, a, "blue", "a", (1.7, 0.1))
    draw_arrow(axes[0], a, a + b, "green", "b", (3.7, 1.5))
    draw_arrow(axes[0], zero, a + b, "vermilion", "a + b", (0.6, 1.5))
    axes[0].set_title("one after the other")
    draw_arrow(axes[1], zero, factor * b, "vermilion", f"{factor:g} b")
    draw_arrow(axes[1], zero, b, "green", "b", (0.75, 0.6))
    draw_arrow(axes[1], zero, -b, "purple", "−b", (-1.5, -0.9))
    axes[1].set_title("longer, or turned around")
    for ax in axes:
        ax.set(xlim=(-2.2, 5), ylim=(-1.6, 3.8), aspect="equal")
        ax.grid(True)
    show(
        fig,
        alt="Left: the arrow b begins where the arrow a ends, and a + b leads from the beginning of a to the end of b. "
        "Right: twice b has the same direction, minus b the opposite one.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Vectors are arrows
#
# Add: $c_i = a_i + b_i$. Scale: $c_i = \alpha \cdot b_i$. Each entry for itself.

# %% slideshow={"slide_type": "-"}
a, b = np.array([3.0, 1.0]), np.array([1.0, 1.5])
print("a + b =", a + b, "  2 b =", 2 * b)
draw_sum_and_multiple(a, b, 2)

# %% [markdown] slideshow={"slide_type": "notes"}
# Two entries, so that they can be drawn; everything holds for a thousand. With its 28 rows one after the other, a digit
# of notebook 01 is a vector of 784 entries, and the sum of two of them is both drawn on top of each other.
#
# Ask: where is a − b in the picture? (From the end of b to the end of a, if both begin at the same place.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The length of a vector
#
# Pythagoras, with as many squares as there are entries: $\;\|\mathbf{a}\|_2 = \sqrt{\sum_i a_i^2}$


# %% slideshow={"slide_type": "-"}
def norm(vector):
    total = 0.0
    for entry in vector.tolist():
        total += entry**2
    return math.sqrt(total)


a = np.array([3.0, 4.0])
print("loop:", norm(a), " np.linalg.norm:", np.linalg.norm(a).item())
print("in 784 dimensions:", norm(np.ones(784)))

# %% [markdown] slideshow={"slide_type": "notes"}
# The 2 says which norm; without it this one is meant, the *Euclidean*. Another one adds the sizes of the entries: a
# taxi in a city of square blocks.
#
# The last number is the length of the diagonal of a cube with 784 directions: 28. Space is large there.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three laws of a norm
#
# $$\|\mathbf{a}\| \geq 0 \qquad \|\mathbf{a} + \mathbf{b}\| \leq \|\mathbf{a}\| + \|\mathbf{b}\| \qquad
# \|\alpha \mathbf{b}\| = |\alpha| \cdot \|\mathbf{b}\|$$

# %% slideshow={"slide_type": "-"}
length = np.linalg.norm
vectors = random_arrays((10,), count=1000)
pairs = list(zip(vectors[::2], vectors[1::2], strict=True))
print("never negative:", all(length(a) >= 0 for a in vectors))
detours = [length(a) + length(b) - length(a + b) for a, b in pairs]
print("no detour is shorter:", min(detours) >= 0)
off = max(abs(length(-3 * b) / length(b) - 3).item() for b in vectors)
print("scales along:", off < 1e-5)

# %% [markdown] slideshow={"slide_type": "fragment"}
# And length 0 belongs to $\mathbf{0}$ alone. Whatever obeys these laws may be called a length.

# %% [markdown] slideshow={"slide_type": "notes"}
# A check on a thousand random vectors is not a proof, but it would find a wrong law fast. Ask: for which a and b is a
# detour no longer than the straight way? (When they point in the same direction.)
#
# The lecture's slide lists the three; the fourth sentence, that only the zero vector has length 0, is needed as well.


# %% slideshow={"slide_type": "skip"}
def draw_angle(a, b):
    """Draw two arrows, the angle between them, and the shadow of a on b."""
    fig, ax = subplots(width=6.4, height=2.5)
    a, b = a.asnumpy(), b.asnumpy()
    shadow = (a @ b) / (b @ b) * b
    around = onp.linspace(math.atan2(b[1], b[0]), math.atan2(a[1], a[0]), 50)
    ax.plot(0.7 * onp.cos(around), 0.7 * onp.sin(around), color="#555555", linewidth=1.5)
    ax.text(0.85 * math.cos(around[25]), 0.85 * math.sin(around[25]), "θ", va="center")
    ax.plot(*zip(a, shadow, strict=True), color="#8A8A8A", linestyle=":")
    draw_arrow(ax, (0, 0), b, "green", "b")
    draw_arrow(ax, (0, 0), a, "blue", "a")
    draw_arrow(ax, (0, 0), shadow, "vermilion", "")
    ax.text(shadow[0] / 2, -0.55, "shadow of a on b", ha="center", color=COLORS["vermilion"])
    ax.set(xlim=(-0.4, 5.6), ylim=(-0.7, 2.4), aspect="equal")
    ax.axis("off")
    show(
        fig,
        alt="Two arrows from one point, with the angle θ between them. A dotted line drops from the tip of a to b and "
        "cuts off a's shadow on b.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The dot product measures angles
#
# $$\langle \mathbf{a}, \mathbf{b} \rangle = \mathbf{a}^\top \mathbf{b} = \sum_i a_i b_i
# = \|\mathbf{a}\| \, \|\mathbf{b}\| \cos \theta$$
#
# $\theta$ is the angle between the arrows; the sign $\top$ says that the column $\mathbf{a}$ is written as a row.

# %% slideshow={"slide_type": "-"}
a, b = np.array([2.0, 2.0]), np.array([4.0, 0.0])
by_loop = sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))
cosine = np.dot(a, b) / (length(a) * length(b))
print("loop:", by_loop, " np.dot:", np.dot(a, b).item())
print(f"angle: {math.degrees(math.acos(cosine.item())):.1f} degrees")
draw_angle(a, b)

# %% [markdown] slideshow={"slide_type": "notes"}
# The dot product is the length of the shadow times the length of b. If a is turned towards b it grows; beyond a right
# angle it is negative.
#
# This is what a neuron computes: how much of its weights is in the input? Ask for the dot product of a vector with
# itself (its length, squared).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Orthogonal: dot product zero
#
# At a right angle the cosine is 0, and with it the dot product. Such vectors are called *orthogonal*.

# %% slideshow={"slide_type": "-"}
a, b, c = np.array([1, 2, 2]), np.array([2, 1, -2]), np.array([2, -2, 1])
print("a·b, a·c, b·c:", [np.dot(x, y).item() for x, y in ((a, b), (a, c), (b, c))])
print("a · (5 b − 3 c):", np.dot(a, 5 * b - 3 * c).item())

# %% [markdown] slideshow={"slide_type": "fragment"}
# What is orthogonal to $\mathbf{b}$ and to $\mathbf{c}$ is orthogonal to every sum of their multiples.

# %% [markdown] slideshow={"slide_type": "notes"}
# Three directions at right angles to each other, and none along an axis. Ask for a vector orthogonal to (1, 2):
# (−2, 1), or any multiple.
#
# In a thousand dimensions nearly all pairs of random vectors are nearly orthogonal. There is that much room.


# %% slideshow={"slide_type": "skip"}
SQUARE = onp.array([[0, 1, 1, 0, 0], [0, 0, 1, 1, 0]], dtype="float64")  # its corners as columns


def draw_maps(matrices):
    """Draw the unit square, and what each matrix makes of it and of the two unit vectors."""
    fig, axes = subplots(1, len(matrices), width=11.4, height=2.9)
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        A = matrix.asnumpy().astype("float64")
        ax.fill(*SQUARE, color="#8A8A8A", alpha=0.25)
        ax.fill(*(A @ SQUARE), color=COLORS["sky"], alpha=0.4)
        draw_arrow(ax, (0, 0), A[:, 0], "vermilion")
        draw_arrow(ax, (0, 0), A[:, 1], "blue")
        ax.set(xlim=(-1.3, 2.3), ylim=(-0.8, 2.3), aspect="equal")
        ax.set_title(title)
        ax.grid(True)
    show(
        fig,
        alt="A unit square and its image under four matrices: wider and lower; turned to the left; leaning to the "
        "right; flattened to a line.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Matrices
#
# Where a matrix sends a vector, and how much longer it can make it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A matrix is a map
#
# It moves every point of the plane. Gray: a square before. Light blue: after.

# %% slideshow={"slide_type": "-"}
sine, cosine = math.sin(math.radians(40)), math.cos(math.radians(40))
matrices = {
    "stretch": np.array([[2.0, 0.0], [0.0, 0.5]]),
    "rotate": np.array([[cosine, -sine], [sine, cosine]]),
    "shear": np.array([[1.0, 0.8], [0.0, 1.0]]),
    "project": np.array([[0.8, 0.4], [0.4, 0.2]]),
}
draw_maps(matrices)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The columns say it all: the first (red) is where $(1, 0)$ goes, the second (blue) where $(0, 1)$ goes.

# %% [markdown] slideshow={"slide_type": "notes"}
# The red arrow is the first column, the blue one the second. The origin stays, sums go to sums and multiples to
# multiples: A(x + y) = Ax + Ay, A(αx) = αAx. This makes it a *linear map*, and so the two columns decide everything.
#
# Ask: which of the four can be undone? (The first three. The last drops every point onto a line, as its shadow; nobody
# knows where a point came from.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Matrix times vector
#
# $$\mathbf{c} = \mathbf{A}\mathbf{b}, \qquad c_i = \sum_j A_{ij} b_j$$
#
# Entry $i$ of $\mathbf{c}$ is the dot product of row $i$ of $\mathbf{A}$ with $\mathbf{b}$.


# %% slideshow={"slide_type": "-"}
def matrix_times_vector(A, b):
    m, n = A.shape
    c = np.zeros(m)
    for i in range(m):
        for j in range(n):
            c[i] += A[i, j] * b[j]
    return c


A = np.array([[1, 2, 3], [4, 5, 6]])  # (2, 3)
b = np.array([1, 0, 2])  # (3,)
print("loops: ", matrix_times_vector(A, b))
print("np.dot:", np.dot(A, b))

# %% [markdown] slideshow={"slide_type": "notes"}
# Two ways to read it. By rows: each entry of c is the dot product of a row with b, as in the loops. By columns: c is a
# mixture of the columns, with the entries of b as amounts: once the first, twice the third.
#
# The shapes tell what fits: (2, 3) times (3,) is (2,). The 3 in the middle must agree.

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
print("loops as np.dot:", bool(difference < 1e-5))
print("(AB) x:", rounded(np.dot(np.dot(A, B), x), 2))
print("A (Bx):", rounded(np.dot(A, np.dot(B, x)), 2))
print("(BA) x:", rounded(np.dot(np.dot(B, A), x), 2))

# %% [markdown] slideshow={"slide_type": "notes"}
# The product is the map "first B, then A". That is why the order counts: first socks, then shoes. Brackets do not
# count: (AB)x is A(Bx).
#
# Loops and `np.dot` differ by less than 0.00001: they add in another order, and round differently. In practice always
# `np.dot`: notebook 01 shows how fast it is.


# %% slideshow={"slide_type": "skip"}
stretching = np.array([[1.6, 0.8], [0.2, 1.0]])
CIRCLE = (
    "A circle and the ellipse that a matrix makes of it. As the arrow b turns around the circle, Ab runs around the "
    "ellipse, now long, now short."
)


def draw_circle(ax, degrees, A=stretching):
    """Draw the unit circle, the ellipse that A makes of it, and a vector b with its image Ab."""
    matrix = A.asnumpy().astype("float64")
    around = onp.linspace(0, 2 * onp.pi, 200)
    circle = onp.stack([onp.cos(around), onp.sin(around)])
    ax.plot(*circle, color="#8A8A8A", linewidth=1.5)
    ax.plot(*(matrix @ circle), color=COLORS["sky"], linewidth=1.5)
    b = onp.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    image = matrix @ b
    draw_arrow(ax, (0, 0), image, "vermilion", "Ab", image + onp.array([0.12, -0.05]))
    draw_arrow(ax, (0, 0), b, "blue", "b", 1.25 * b - [0.1, 0.05])
    ax.set(xlim=(-2.1, 2.3), ylim=(-1.5, 1.6), aspect="equal")
    ax.set_title(f"{degrees}°: ‖Ab‖ = {onp.linalg.norm(image):.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### How long can $\mathbf{A}\mathbf{b}$ become?
#
# $\mathbf{b}$ has length 1 and turns around. The matrix makes an ellipse of the circle.

# %% slideshow={"slide_type": "-"}
degrees = list(range(0, 181, 5))
explore(draw_circle, [35, 80, 125], values=degrees, label="degrees", alt=CIRCLE)

# %% [markdown] slideshow={"slide_type": "notes"}
# Live, turn b and watch the length in the title. Ask for the longest (1.92, at 35 degrees) and the shortest (0.75, at a
# right angle to it).
#
# At some angles b and Ab point in the same direction. Those are the eigenvectors; we come to them.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two norms of a matrix
#
# *Spectral*: the longest $\mathbf{A}\mathbf{b}$ on that ellipse. *Frobenius*: the matrix as one long vector,
# $\;\|\mathbf{A}\|_F = \sqrt{\sum_{ij} A_{ij}^2}$.

# %% slideshow={"slide_type": "-"}
A = stretching
angles = onp.linspace(0, onp.pi, 1801)  # half a turn, in tenths of a degree
circle = np.array(onp.stack([onp.cos(angles), onp.sin(angles)]), dtype="float32")
lengths = np.sqrt((np.dot(A, circle) ** 2).sum(axis=0))  # (1801,)
print(f"longest of {lengths.size}: {lengths.max().item():.4f}")
print(f"spectral norm:   {np.linalg.norm(A, ord=2).item():.4f}")
print(f"Frobenius norm:  {np.linalg.norm(A).item():.4f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# The spectral norm is the smallest number with ‖Ab‖ ≤ ‖A‖ ‖b‖ for every b. The lecture calls it H-infinity norm, a name
# from control theory. The Frobenius norm is easier to compute, and never smaller.
#
# Ask: what are both norms of a rotation of the plane? (Spectral 1: no length changes. Frobenius √2.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### $\|\mathbf{A}\mathbf{b}\| \leq \|\mathbf{A}\| \, \|\mathbf{b}\|$, on random draws

# %% slideshow={"slide_type": "-"}
matrices = random_arrays((5, 5), count=500)
vectors = random_arrays((5,), count=500, seed=1)
for kind, order in (("spectral", 2), ("Frobenius", None)):
    shares = []
    for A, b in zip(matrices, vectors, strict=True):
        bound = np.linalg.norm(A, ord=order) * length(b)
        shares.append((length(np.dot(A, b)) / bound).item())
    mean = sum(shares) / len(shares)
    print(f"{kind:9} ‖Ab‖ / bound is {mean:.2f} on average, at most {max(shares):.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Never above 1. So a chain of matrices lengthens a vector at most by the product of their norms.

# %% [markdown] slideshow={"slide_type": "notes"}
# Five hundred random matrices and vectors. The spectral bound is nearly reached now and then; the Frobenius bound is
# safe and looser.
#
# Layers of a network are such a chain. If the norms of all are above 1, signals, and in notebook 03 gradients, may
# explode; if they are below, they fade.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Special matrices
#
# Symmetric, definite, orthogonal: each kind keeps something as it was.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Symmetric and antisymmetric
#
# `M.T` is $\mathbf{M}^\top$, *transposed*: rows become columns. Symmetric: $\mathbf{S}^\top = \mathbf{S}$, or
# $S_{ij} = S_{ji}$. Antisymmetric: $\mathbf{K}^\top = -\mathbf{K}$. Every square matrix is a sum of one of each.

# %% slideshow={"slide_type": "-"}
M = np.array([[1, 4, 0], [2, 3, 6], [8, 2, 5]])
symmetric, antisymmetric = (M + M.T) / 2, (M - M.T) / 2
print(symmetric, antisymmetric, sep="\n\n")
x = np.array([1, -2, 3])
print("xᵀKx:", np.dot(x, np.dot(antisymmetric, x)).item())

# %% [markdown] slideshow={"slide_type": "notes"}
# The two halves add up to M, entry by entry: let the class check one.
#
# Ask before the last line: what is xᵀKx for an antisymmetric K? (Zero, always: transposing the number turns its sign,
# and does not change it.) Kx is orthogonal to x: an antisymmetric matrix sends every arrow to its side.


# %% slideshow={"slide_type": "skip"}
def draw_eigenvectors(A, eigenvectors):
    """Draw arrows all around and their images under A: two keep their directions, w and the others do not."""
    fig, axes = subplots(1, 2, width=11.4, height=4.4)
    A, w = A.asnumpy().astype("float64"), onp.array([0.0, 1.0])
    arrows = [("v₁", "vermilion"), ("v₂", "blue")]
    for ax, title, change, sign in ((axes[0], "before", onp.eye(2), ""), (axes[1], "after", A, "A")):
        for angle in onp.linspace(0, 2 * onp.pi, 17)[:-1]:
            end = change @ [math.cos(angle), math.sin(angle)]
            ax.plot([0, end[0]], [0, end[1]], color="#C4C4C4", linewidth=1.5)
        for v, (name, color) in zip([*eigenvectors.asnumpy().T, w], [*arrows, ("w", "green")], strict=True):
            ax.axline((0, 0), v, color=COLORS[color], linestyle=":", linewidth=1.5)  # the direction before
            end = change @ v
            draw_arrow(ax, (0, 0), end, color, sign + name, (end[0] + 0.1, end[1] - 0.12))
        ax.set(xlim=(-2.6, 2.6), ylim=(-1.6, 1.6), aspect="equal", xticks=range(-2, 3), yticks=(-1, 0, 1))
        ax.set_title(title)
    show(
        fig,
        alt="Arrows around a point, before and after the matrix. v₁ and v₂, at right angles, still lie on their dotted "
        "lines, shorter and longer; a third one, w, has left its own.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Eigenvectors: $\mathbf{A}\mathbf{v} = \lambda\mathbf{v}$
#
# The matrix only stretches them, by the *eigenvalue* $\lambda$. A symmetric matrix with $n$ rows has $n$ of them, at
# right angles to each other.

# %% slideshow={"slide_type": "-"}
A = np.array([[2.0, 0.8], [0.8, 1.0]])
eigenvalues, eigenvectors = np.linalg.eigh(A)  # (2,), (2, 2): v a column
eigenvectors *= np.sign(eigenvectors[0])  # −v is one, too: we take first entry > 0
for value, v in zip(eigenvalues, eigenvectors.T, strict=True):
    image = rounded(np.dot(A, v) / value)
    print(f"λ = {value.item():.3f}, v = {rounded(v)}, Av / λ = {image}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide: vectors that the matrix does not change. The cell: it keeps their **direction**, not the
# length.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### All other arrows turn

# %% slideshow={"slide_type": "-"}
draw_eigenvectors(A, eigenvectors)

# %% [markdown] slideshow={"slide_type": "notes"}
# v₁ and v₂ stay on their dotted lines; w leaves its own, and so do the gray arrows. Along v₁ and v₂ the matrix is as
# simple as a number. With a negative eigenvalue the arrow stays on its line and points the other way.
#
# The h in `eigh` stands for Hermitian, which for real numbers means symmetric.
#
# Ask: which eigenvalue is the spectral norm? (For a symmetric matrix the one that is largest in size. For others, no:
# a rotation turns every arrow of the plane and has no real eigenvalue at all.)


# %% slideshow={"slide_type": "skip"}
def draw_forms(forms):
    """Draw xᵀAx over the plane for some matrices, as contours with their heights."""
    fig, axes = subplots(1, len(forms), width=10.8, height=2.45)
    u, v = onp.meshgrid(onp.linspace(-2, 2, 81), onp.linspace(-2, 2, 81))
    shades = ["#F6C98B", "#F4F9FD", "#D5E9F6", "#A9D3EE", "#7DBDE5"]
    for ax, (title, A) in zip(axes, forms.items(), strict=True):
        heights = A[0][0] * u**2 + (A[0][1] + A[1][0]) * u * v + A[1][1] * v**2
        ax.contourf(u, v, heights, levels=[-99, 0, 1, 4, 9, 99], colors=shades)
        lines = ax.contour(u, v, heights, levels=[-1, 1, 4, 9], colors="#555555", linewidths=1, linestyles="-")
        ax.clabel(lines, levels=[-1, 4] if title == "saddle" else [1, 4, 9], fmt="%.0f", fontsize=13)
        if title != "bowl":
            ax.contour(u, v, heights, levels=[0.001], colors=COLORS["vermilion"], linewidths=2)
        ax.set(aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        ax.set_title(title)
    show(
        fig,
        alt="Maps of xᵀAx, darker where it is higher. Bowl: ellipses around the lowest point. Trough: parallel lines "
        "beside one at height 0. Saddle: two wedges below 0.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Positive definite: a bowl
#
# $\mathbf{A}$ is symmetric, and $\mathbf{x}^\top\mathbf{A}\mathbf{x} > 0$ for every $\mathbf{x} \neq \mathbf{0}$.
# Equivalent: all eigenvalues are positive.

# %% slideshow={"slide_type": "-"}
forms = {"bowl": [[2, 1], [1, 2]], "trough": [[1, -1], [-1, 1]]}
forms["saddle"] = [[1, 2], [2, 1]]
for name, rows in forms.items():
    lambdas = rounded(np.linalg.eigvalsh(np.array(rows)), 2)
    print(f"{name:6} eigenvalues {lambdas}")
draw_forms(forms)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide writes $\geq 0$. The trough obeys that, and has an eigenvalue 0: it is only *semi*definite.

# %% [markdown] slideshow={"slide_type": "notes"}
# The picture is a map of f(x) = xᵀAx, a surface over the plane: each curve joins points of one height, darker blue is
# higher, orange is below zero, the red line is height zero. For the identity matrix f is ‖x‖², a round bowl.
#
# Positive definite: a bowl with one lowest point. Semidefinite: a trough, level along a line. With a negative and a
# positive eigenvalue: a saddle.
#
# Notebook 05 slides down such bowls; the ratio of the largest to the smallest eigenvalue says how tedious that is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Orthogonal matrices keep lengths
#
# The rows have length 1 and are orthogonal to each other: $\;\mathbf{U}\mathbf{U}^\top = \mathbf{1}$, the identity
# matrix.

# %% slideshow={"slide_type": "-"}
U = np.array([[1, 2, 2], [2, 1, -2], [2, -2, 1]]) / 3
print(rounded(np.dot(U, U.T), 4))
print(rounded(np.dot(U.T, U), 4))
x = np.array([3.0, 0.0, 4.0])
print("‖x‖ =", length(x).item(), " ‖Ux‖ =", rounded(length(np.dot(U, x)), 4))

# %% [markdown] slideshow={"slide_type": "fragment"}
# $\mathbf{U}^\top$ undoes $\mathbf{U}$: it is the *inverse* $\mathbf{U}^{-1}$. An inverse works from both sides:
# $\mathbf{U}^\top\mathbf{U} = \mathbf{1}$. So the columns, too, have length 1 and right angles.

# %% [markdown] slideshow={"slide_type": "notes"}
# The three vectors from the slide on orthogonality, divided by their length, 3. Row by row the product UUᵀ is the
# table of their dot products. The identity matrix, bold 1 (in some books I), has ones on the diagonal and zeros
# elsewhere, and leaves every vector as it is.
#
# The lecture asks to show UᵀU = 1. In full: UUᵀ = 1 says that Uᵀ undoes U on one side. For square matrices that makes
# it the inverse, on both sides. And ‖Ux‖² = xᵀUᵀUx = ‖x‖²: rotations and mirrors, nothing else.


# %% slideshow={"slide_type": "skip"}
def draw_permutation(P):
    """Draw a permutation matrix, and what it does to the vector (10, 20, 30, 40)."""
    fig, axes = subplots(1, 3, width=9.0, height=2.7, width_ratios=[4, 1.6, 1.6])
    x = np.array([[10], [20], [30], [40]])
    draw_cells(axes[0], P, highlight=P.asnumpy() > 0, title="P")
    draw_cells(axes[1], x, title="x")
    draw_cells(axes[2], np.dot(P, x), title="Px")
    show(
        fig,
        alt="A matrix of zeros with a single one in each row and each column, a column of numbers 10, 20, 30, 40, and "
        "the product: the same numbers in the order 30, 10, 40, 20.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Permutation matrices are orthogonal
#
# Row $i$ takes entry $\pi(i)$, where $\pi$ is a new order: $P_{ij} = 1$ if $j = \pi(i)$, else 0.

# %% slideshow={"slide_type": "-"}
order = np.array([2, 0, 3, 1], dtype="int32")  # π; an index must be int
P = np.eye(4)[order]  # rows of the identity, in this order
print("PPᵀ is the identity:", bool((np.dot(P, P.T) == np.eye(4)).all()))
draw_permutation(P)

# %% [markdown] slideshow={"slide_type": "notes"}
# The rows of P are rows of the identity in another order: of length 1, and no two have their one at the same place.
# So P is orthogonal, and its transpose puts everything back.
#
# Ask: how does one shuffle the rows of a data matrix X? (PX. In practice by `X[order]`, which copies and does not
# multiply.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### And this is a layer
#
# Gluon's dense layer, without bias, applies one matrix to every row of its input.

# %% slideshow={"slide_type": "-"}
layer = nn.Dense(2, use_bias=False)
layer.initialize()
X = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])  # (examples, features)
outputs = layer(X)  # (2, 2)
W = layer.weight.data()  # (2, 3): (outputs, features)
by_hand = np.stack([np.dot(W, X[0]), np.dot(W, X[1])])
print(outputs.shape, W.shape)
print("Wx for each row:", bool(abs(outputs - by_hand).max() < 1e-6))
print("X Wᵀ for all:   ", bool(abs(outputs - np.dot(X, W.T)).max() < 1e-6))

# %% [markdown] slideshow={"slide_type": "notes"}
# A layer turns a vector of features into another one, by a matrix. Examples lie in rows, so the whole batch is one
# product, XWᵀ. A bias, one number more for each output, comes in notebook 04.
#
# All that is left to know about networks is where the numbers in W come from (notebooks 03 to 05), and what is done
# between two matrices (notebook 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A norm is a length; the dot product knows angles, and is 0 at a right one.
# - A matrix is a map: its columns are where the unit vectors go.
# - $\|\mathbf{A}\mathbf{b}\| \leq \|\mathbf{A}\| \, \|\mathbf{b}\|$; along eigenvectors a matrix only stretches.
# - Positive definite: a bowl. Orthogonal: lengths stay, $\mathbf{U}^{-1} = \mathbf{U}^\top$.
# - A dense layer is a matrix, applied to every row of its input.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 02.1: predict where a vector goes
#
# $\mathbf{A} = \begin{bmatrix} 0 & -1 \\ 1 & 0 \end{bmatrix}$. Where does it send $\mathbf{x} = (2, 1)$, and where
# does $\mathbf{A}\mathbf{A}$ send it? Without running it.

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
# A turns the plane by 90 degrees to the left. Twice is half a turn: $\mathbf{A}\mathbf{A} = -\mathbf{1}$,
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
# With each step the largest eigenvalue gains on the others by its ratio to them. Google's first ranking of pages was
# this loop, with a matrix made of the links of the web (not a symmetric one).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Linear Algebra](https://d2l.ai/chapter_preliminaries/linear-algebra.html)
# - Strang, [The Fundamental Theorem of Linear Algebra](https://doi.org/10.2307/2324660), 1993
# - Page, Brin, Motwani and Winograd, [The PageRank Citation Ranking](http://ilpubs.stanford.edu:8090/422/), 1999
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **03 · Autograd**, how a network finds out which way to change its numbers.
