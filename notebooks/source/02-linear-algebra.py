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

# %% slideshow={"slide_type": "skip"}
import math

import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import np, npx
from mxnet.gluon import nn

from d2lhelpers import COLORS, check, draw_cells, explore, rounded, show, subplots

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def random_arrays(shape, count, seed=0):
    """Return random arrays of MXNet's, the same on every machine."""
    return [np.array(array) for array in onp.random.RandomState(seed).normal(size=(count, *shape)).astype("float32")]


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Numbers have a length
#
# $$|a| = \max(a, -a) \qquad |a + b| \leq |a| + |b| \qquad |a \cdot b| = |a| \cdot |b|$$

# %% slideshow={"slide_type": "-"}
a, b = np.array(3.0), np.array(-5.0)
print("lengths:", abs(a).item(), abs(b).item())
print("sum:    ", abs(a + b).item(), "is at most", (abs(a) + abs(b)).item())
print("product:", abs(a * b).item(), "equals", (abs(a) * abs(b)).item())

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask: when are both sides of the first law equal? (When a and b have the same sign, or one is zero.) The same two laws
# will hold for vectors and for matrices, with other lengths.


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
# ## Vectors are arrows
#
# Add: $c_i = a_i + b_i$. Scale: $c_i = \alpha \cdot b_i$. Each entry for itself.

# %% slideshow={"slide_type": "-"}
a, b = np.array([3.0, 1.0]), np.array([1.0, 1.5])
print("a + b =", a + b, "  2 b =", 2 * b)
draw_sum_and_multiple(a, b, 2)

# %% [markdown] slideshow={"slide_type": "notes"}
# Two entries, so that they can be drawn; everything holds for a thousand. The digits of notebook 01 are vectors of 784
# entries, and the sum of two of them is both drawn on top of each other.
#
# Ask: where is a − b in the picture? (From the end of b to the end of a, if both begin at the same place.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The length of a vector
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
# ## Three laws of a norm
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
    fig, ax = subplots(width=6.4, height=3.0)
    a, b = a.asnumpy(), b.asnumpy()
    shadow = (a @ b) / (b @ b) * b
    ax.plot(*zip(a, shadow, strict=True), color="#8A8A8A", linestyle=":")
    draw_arrow(ax, (0, 0), b, "green", "b")
    draw_arrow(ax, (0, 0), a, "blue", "a")
    draw_arrow(ax, (0, 0), shadow, "vermilion", "")
    ax.text(shadow[0] / 2, -0.55, "shadow of a on b", ha="center", color=COLORS["vermilion"])
    ax.set(xlim=(-0.4, 5.6), ylim=(-0.9, 2.8), aspect="equal")
    ax.axis("off")
    show(fig, alt="Two arrows from one point. A dotted line drops from the tip of a to b and cuts off a's shadow on b.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## The dot product measures angles
#
# $$\langle \mathbf{a}, \mathbf{b} \rangle = \mathbf{a}^\top \mathbf{b} = \sum_i a_i b_i
# = \|\mathbf{a}\| \, \|\mathbf{b}\| \cos \alpha$$

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
# ## Orthogonal: dot product zero

# %% slideshow={"slide_type": "-"}
a, b, c = np.array([1, 2, 2]), np.array([2, 1, -2]), np.array([2, -2, 1])
print("a·b, a·c, b·c:", [np.dot(x, y).item() for x, y in ((a, b), (a, c), (b, c))])
print("a · (5 b − 3 c):", np.dot(a, 5 * b - 3 * c).item())

# %% [markdown] slideshow={"slide_type": "fragment"}
# What is orthogonal to $\mathbf{b}$ and to $\mathbf{c}$ is orthogonal to everything made of them.

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
# ## A matrix is a map
#
# It moves every point of the plane. Gray: a square before. Blue: after.

# %% slideshow={"slide_type": "-"}
sine, cosine = math.sin(math.radians(40)), math.cos(math.radians(40))
matrices = {
    "stretch": np.array([[2.0, 0.0], [0.0, 0.5]]),
    "rotate": np.array([[cosine, -sine], [sine, cosine]]),
    "shear": np.array([[1.0, 0.8], [0.0, 1.0]]),
    "project": np.array([[1.0, 0.5], [0.5, 0.25]]),
}
draw_maps(matrices)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The columns say it all: the first is where $(1, 0)$ goes, the second where $(0, 1)$ goes.

# %% [markdown] slideshow={"slide_type": "notes"}
# Red is the first column, blue the second. Straight lines stay straight, and the grid stays a grid: this makes it a
# *linear map*, A(x + y) = Ax + Ay.
#
# Ask: which of the four can be undone? (The first three. The last has squeezed the plane onto a line; nobody knows
# where a point came from. Its determinant is zero.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Matrix times vector
#
# $$\mathbf{c} = \mathbf{A}\mathbf{b}, \qquad c_i = \sum_j A_{ij} b_j$$


# %% slideshow={"slide_type": "-"}
def matrix_times_vector(A, b):
    m, n = A.shape
    c = np.zeros(m)
    for i in range(m):
        for j in range(n):
            c[i] += A[i, j] * b[j]
    return c


A = np.array([[1, 2, 3], [4, 5, 6]])  # (2, 3)
b = np.array([1, 0, -1])  # (3,)
print("loops: ", matrix_times_vector(A, b))
print("np.dot:", np.dot(A, b))

# %% [markdown] slideshow={"slide_type": "notes"}
# Two ways to read it. By rows: each entry of c is the dot product of a row with b, as in the loops. By columns: c is a
# mixture of the columns, with the entries of b as amounts: once the first, minus once the third.
#
# The shapes tell what fits: (2, 3) times (3,) is (2,). The 3 in the middle must agree.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Matrix times matrix: one map after the other
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
# The product is the map "first B, then A". That is why the order counts: first putting on socks, then shoes.
#
# Loops and `np.dot` agree to the last digit shown. In practice always `np.dot`: notebook 01 shows how fast it is.


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
    draw_arrow(ax, (0, 0), matrix @ b, "vermilion", "Ab")
    draw_arrow(ax, (0, 0), b, "blue", "b", 1.25 * b - [0.1, 0.05])
    ax.set(xlim=(-2.1, 2.3), ylim=(-1.5, 1.6), aspect="equal")
    ax.set_title(f"{degrees}°: ‖Ab‖ = {onp.linalg.norm(matrix @ b):.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ## How long can $\mathbf{A}\mathbf{b}$ become?
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
# ## Two norms of a matrix
#
# *Spectral*: the longest axis of that ellipse. *Frobenius*: the matrix as one long vector,
# $\;\|\mathbf{A}\|_F = \sqrt{\sum_{ij} A_{ij}^2}$.

# %% slideshow={"slide_type": "-"}
A = stretching
angles = onp.linspace(0, onp.pi, 1801)  # a tenth of a degree
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
# ## $\|\mathbf{A}\mathbf{b}\| \leq \|\mathbf{A}\| \, \|\mathbf{b}\|$, on random draws

# %% slideshow={"slide_type": "-"}
matrices = random_arrays((5, 5), count=500)
vectors = random_arrays((5,), count=500, seed=1)
for kind, order in (("spectral", 2), ("Frobenius", None)):
    shares = []
    for A, b in zip(matrices, vectors, strict=True):
        bound = np.linalg.norm(A, ord=order) * length(b)
        shares.append((length(np.dot(A, b)) / bound).item())
    mean = sum(shares) / len(shares)
    print(f"{kind:9} reached on average {mean:.2f}, at most {max(shares):.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Never above 1. So a chain of layers cannot stretch a difference of inputs by more than the product of its norms.

# %% [markdown] slideshow={"slide_type": "notes"}
# Five hundred random matrices and vectors. The spectral bound is nearly reached now and then; the Frobenius bound is
# safe and looser.
#
# This inequality is behind much that follows: if the norms of all layers are above 1, signals and gradients may
# explode; if they are below, they fade.


# %% slideshow={"slide_type": "skip"}
def draw_eigenvectors(A, vectors):
    """Draw arrows all around, their images under A, and in bold those that keep their direction."""
    fig, axes = subplots(1, 2, width=11.4, height=4.6)
    matrix, kept = A.asnumpy().astype("float64"), vectors.asnumpy()
    for ax, title, change in ((axes[0], "before", onp.eye(2)), (axes[1], "after", matrix)):
        for angle in onp.linspace(0, 2 * onp.pi, 17)[:-1]:
            end = change @ [math.cos(angle), math.sin(angle)]
            ax.plot([0, end[0]], [0, end[1]], color="#8A8A8A", linewidth=1.5)
        for column, color in enumerate(("vermilion", "blue")):
            draw_arrow(ax, (0, 0), change @ kept[:, column], color, f"v{'₁₂'[column]}" if ax is axes[0] else "")
        ax.set(xlim=(-3.2, 3.2), ylim=(-2.1, 2.1), aspect="equal")
        ax.set_title(title)
    show(
        fig,
        alt="Sixteen lines around a point, and the same lines stretched by the matrix. Two of them, at right angles, "
        "drawn as arrows, have kept their directions.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Eigenvectors: $\mathbf{A}\mathbf{v} = \lambda\mathbf{v}$
#
# A symmetric matrix has $n$ of them, at right angles to each other.

# %% slideshow={"slide_type": "-"}
A = np.array([[2.0, 0.8], [0.8, 1.0]])
values, vectors = np.linalg.eigh(A)  # (2,), (2, 2): one vector a column
vectors = vectors * np.sign(vectors[0])  # signs are free: first entry positive
for value, v in zip(values, vectors.T, strict=True):
    image = rounded(np.dot(A, v) / value)
    print(f"λ = {value.item():.3f}, v = {rounded(v)}, Av / λ = {image}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide: vectors that the matrix does not change. The cell: it keeps their **direction**, not the
# length.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## All other arrows turn

# %% slideshow={"slide_type": "-"}
draw_eigenvectors(A, vectors)

# %% [markdown] slideshow={"slide_type": "notes"}
# All other arrows turn, these two do not. Along them the matrix is as simple as a number.
#
# Ask: which eigenvalue is the spectral norm? (For a symmetric matrix the one that is largest in size. For others, no:
# a rotation turns every arrow of the plane and has no real eigenvalue at all.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Symmetric and antisymmetric
#
# $A_{ij} = A_{ji}$, and $A_{ij} = -A_{ji}$. Every square matrix is a sum of one of each.

# %% slideshow={"slide_type": "-"}
M = np.array([[1, 4, 0], [2, 3, 6], [8, 2, 5]])
symmetric, antisymmetric = (M + M.T) / 2, (M - M.T) / 2
print(symmetric)
print(antisymmetric)
x = np.array([1, -2, 3])
print("xᵀKx:", np.dot(x, np.dot(antisymmetric, x)).item())

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask before the last line: what is xᵀKx for an antisymmetric K? (Zero, always: transposing the number turns its sign,
# and does not change it.) Kx is orthogonal to x: an antisymmetric matrix sends every arrow to its side.


# %% slideshow={"slide_type": "skip"}
def draw_forms(forms):
    """Draw xᵀAx over the plane for some matrices, as contours with their heights."""
    fig, axes = subplots(1, len(forms), width=10.8, height=2.45)
    u, v = onp.meshgrid(onp.linspace(-2, 2, 81), onp.linspace(-2, 2, 81))
    for ax, (title, A) in zip(axes, forms.items(), strict=True):
        heights = A[0][0] * u**2 + (A[0][1] + A[1][0]) * u * v + A[1][1] * v**2
        ax.contourf(u, v, heights, levels=[-99, 0, 99], colors=["#FBE6BF", "#FFFFFF"])
        lines = ax.contour(u, v, heights, levels=[-2, -1, 0.001, 1, 2, 4, 8], colors="#555555", linewidths=1)
        ax.clabel(lines, fmt="%.0f", fontsize=13)
        ax.set(aspect="equal", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        ax.set_title(title)
    show(
        fig,
        alt="Contours of xᵀAx. Bowl: ellipses around the lowest point. Trough: parallel lines beside one at height 0. "
        "Saddle: hyperbolas, with two wedges below 0.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Positive definite: a bowl
#
# $\|\mathbf{x}\|^2 = \mathbf{x}^\top\mathbf{x} > 0$ becomes $\mathbf{x}^\top\mathbf{A}\mathbf{x} > 0$ for every
# $\mathbf{x} \neq \mathbf{0}$. Equivalent: all eigenvalues are positive.

# %% slideshow={"slide_type": "-"}
forms = {"bowl": [[2, 1], [1, 2]], "trough": [[1, -1], [-1, 1]]}
forms["saddle"] = [[1, 2], [2, 1]]
for name, A in forms.items():
    eigenvalues = rounded(np.linalg.eigvalsh(np.array(A)), 2)
    print(f"{name:6} eigenvalues {eigenvalues}")
draw_forms(forms)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide writes $\geq 0$. The trough obeys that, and has an eigenvalue 0: it is only *semi*definite.

# %% [markdown] slideshow={"slide_type": "notes"}
# f(x) = xᵀAx is a surface over the plane. Positive definite: a bowl with one lowest point. Semidefinite: a trough,
# level along a line. With a negative eigenvalue: a saddle.
#
# Notebook 05 slides down such bowls; the ratio of the largest to the smallest eigenvalue says how tedious that is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Orthogonal matrices keep lengths
#
# The rows have length 1 and are orthogonal to each other: $\;\mathbf{U}\mathbf{U}^\top = \mathbf{1}$.

# %% slideshow={"slide_type": "-"}
U = np.array([[1, 2, 2], [2, 1, -2], [2, -2, 1]]) / 3
print(rounded(np.dot(U, U.T), 4))
print(rounded(np.dot(U.T, U), 4))
x = np.array([3.0, 0.0, 4.0])
print("‖x‖ =", length(x).item(), " ‖Ux‖ =", rounded(length(np.dot(U, x)), 4))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Then $\mathbf{U}^\top\mathbf{U} = \mathbf{1}$ too: $\mathbf{U}^\top$ is the inverse of $\mathbf{U}$, and an inverse
# works from both sides. The columns are orthonormal as well.

# %% [markdown] slideshow={"slide_type": "notes"}
# The three vectors from the slide on orthogonality, divided by their length, 3. Row by row the product UUᵀ is the
# table of their dot products.
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
# ## Permutation matrices are orthogonal
#
# $P_{ij} = 1$ if $j = \pi(i)$, else 0. Each row takes one entry.

# %% slideshow={"slide_type": "-"}
order = np.array([2, 0, 3, 1], dtype="int32")  # π
P = np.eye(4)[order]
print("PPᵀ is the identity:", bool((np.dot(P, P.T) == np.eye(4)).all()))
draw_permutation(P)

# %% [markdown] slideshow={"slide_type": "notes"}
# The rows of P are rows of the identity in another order: of length 1, and no two have their one at the same place.
# So P is orthogonal, and its transpose puts everything back.
#
# Ask: how does one shuffle the rows of a data matrix X? (PX. In practice by `X[order]`, which copies and does not
# multiply.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## And this is a layer
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
# product, XWᵀ.
#
# All that is left to know about networks is where the numbers in W come from (notebooks 03 to 05), and what is done
# between two matrices (notebook 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A norm is a length; the dot product adds angles, and is 0 at right angles.
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
# A turns the plane by 90 degrees to the left. Twice is half a turn: $\mathbf{A}\mathbf{A} = -\mathbf{1}$.
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
# Apply a symmetric matrix again and again, and scale to length 1 each time: the arrow turns to the eigenvector whose
# eigenvalue is largest in size. Return that eigenvalue, as $\mathbf{v}^\top\mathbf{A}\mathbf{v}$.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def largest_eigenvalue(A, v, num_steps=100):
    """A symmetric matrix A (n, n), a start v (n,); returns a number."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("02.4", largest_eigenvalue)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# In each step `v = np.dot(A, v)`, then divide by `np.linalg.norm(v)`.
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
# this loop, over the links of the web.
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
