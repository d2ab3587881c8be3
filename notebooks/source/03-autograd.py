# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 03 · Autograd
#
# A network learns by asking each of its weights: would a little more of you make the error larger or smaller? The
# derivative answers, and the computer finds it.
#
# *45 minutes · needs 00, 01, 02*

# %% [markdown] slideshow={"slide_type": "notes"}
# Every network of this course is trained by the same trick: measure the error, ask for its derivative by each weight,
# move each weight a little against it. Networks have millions of weights. This chapter is about getting millions of
# derivatives from one pass through the program, without working out a single one by hand.
#
# Who remembers school calculus will meet old friends first; what is new starts with the shapes.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** a derivative as the slope of a tangent, and measure it.
# - **Check** the rules of calculus against autograd.
# - **Tell** the shape of any derivative: scalar, vector or matrix by scalar, vector or matrix.
# - **Run** a compute graph backward by hand, and then let autograd do it.
# - **Control** what is recorded: `record`, `pause`, `detach`, `grad_req`.

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
import json
import math

from mxnet import autograd, gluon, np, npx, sym
from mxnet.gluon import nn

from d2lhelpers import COLORS, check, explore, rounded, seed, show, subplots

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_secant(ax, h):
    """Draw x², its tangent at 1, and the line through the points at 1 and 1 + h."""
    xs = [i / 20 for i in range(-8, 61)]
    ax.plot(xs, [x * x for x in xs], color="black", label=r"$y = x^2$")
    ends = (-0.4, 3)
    ax.plot(ends, [1 + 2 * (x - 1) for x in ends], color=COLORS["blue"], linestyle="--", label="tangent")
    slope = ((1 + h) ** 2 - 1) / h
    ax.plot(ends, [1 + slope * (x - 1) for x in ends], color=COLORS["vermilion"], label=f"slope {slope:.4g}")
    ax.plot([1, 1 + h], [1, (1 + h) ** 2], "o", color=COLORS["vermilion"])
    ax.set(xlabel="x", xlim=ends, ylim=(-2, 9))
    ax.legend(loc="upper left", handlelength=1.4, borderaxespad=0)


def explore_secant():
    """Show the secant for a few steps h or, live, with a slider."""
    explore(
        draw_secant,
        [1.5, 0.5, 0.1],
        label="h",
        alt="The parabola with its dashed tangent at 1 and the line through 1 and 1 + h: slope 3.5, then 2.5, then "
        "2.1. The line turns into the tangent.",
        values=[2.0, 1.5, 1.0, 0.5, 0.2, 0.1, 0.05, 0.01],
        height=4.6,
        sharey=True,
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## One number in, one out
#
# The slope: by hand, by measuring, by autograd.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A derivative is the slope of the tangent
#
# How fast does $y = x^2$ grow at $x = 1$? Go a step $h$ to the right and measure the slope.

# %% slideshow={"slide_type": "-"}
explore_secant()

# %% [markdown] slideshow={"slide_type": "notes"}
# In a live notebook, move the slider and let the class read out the slope.
#
# Ask: where is this going? (To 2.) The line through two points of the curve becomes the line that touches it at one:
# the tangent. Its slope is the derivative at 1, and says how sensitive the output is to a change of the input. If x
# grows by a thousandth, y grows by about two thousandths.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### By hand, and by measuring
#
# $$\frac{(x + h)^2 - x^2}{h} = \frac{2xh + h^2}{h} = 2x + h \;\to\; 2x
# \quad\text{as } h \to 0$$


# %% slideshow={"slide_type": "-"}
def square(x):
    return x * x


def quotient(f, x, h):
    return (f(x + h) - f(x)) / h


for h in (1.0, 0.1, 0.01, 0.001):
    print(f"h = {h:<5}  slope {quotient(square, 1.0, h):.3f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# On the left the algebra, on the right of the arrow what is left when h goes to zero. The code needs no algebra: it
# works for any function, and gives an approximation. For all tests of derivatives it is the judge: nobody has to trust
# a formula.
#
# Ask: what is the error at h = 0.01? (Exactly h, says the formula.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Autograd: exact, and without algebra
#
# Four steps, the same for a parabola and for a deep network.


# %% slideshow={"slide_type": "-"}
def gradient(f, x):
    x = np.array(x)
    x.attach_grad()  # 1. make room for the gradient
    with autograd.record():  # 2. write down what is computed
        y = f(x)
    y.backward()  # 3. go back from y to x
    return x.grad  # 4. read the gradient


print(f"measured: {quotient(square, 1.0, 1e-6):.4f}")
for x in (1.0, 3.0):
    print(f"autograd: {float(gradient(square, x))} at {x:g}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Go through the four steps slowly; they return in every notebook. `attach_grad` says: I shall want the derivative by
# this array. Inside `record` each operator is written down, together with what it needs later. `backward` reads these
# notes from the end to the start. The gradient then lies beside the array, in `x.grad`.
#
# The array belongs to the function here. In training the weights keep their gradients, and nobody returns anything.
#
# Ask: what does autograd know about `square`? (That it multiplied x by x, once. It never saw a formula.)

# %% slideshow={"slide_type": "skip"}
X_AXIS = [10 ** (-7 + i / 4) for i in range(29)]  # steps h from 1e-7 to 1


def draw_errors(*methods):
    """Plot the relative error of difference quotients of x³ against the step, in single precision."""
    fig, ax = subplots(width=10.0, height=2.9)
    x = np.linspace(1, 2, 101)  # the mean over many points: at one alone, chance decides
    for method, marker in zip(methods, "os", strict=True):
        slopes = [method(lambda x: x * x * x, x, h) for h in X_AXIS]
        errors = [float(abs(slope / (3 * x * x) - 1).mean()) for slope in slopes]
        ax.loglog(X_AXIS, errors, marker=marker, markersize=5, label=method.__name__)
    ax.set(xlabel="step h", ylabel="relative error", ylim=(1e-6, 3))
    ax.legend(loc="upper center")
    show(
        fig,
        alt="Error against step for two quotients, both V-shaped: they grow to the right with the step, and to the "
        "left with rounding. The central one is best at a hundredth, and ten times better.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### How small should h be?
#
# `np.array(5)` is float32: seven digits. A small $h$ leaves few of them in the difference.


# %% slideshow={"slide_type": "-"}
def central(f, x, h):  # both sides: the errors of order h cancel
    return (f(x + h) - f(x - h)) / (2 * h)


for h in (1e-7, 1e-8):
    print(f"{h:g}: {float(quotient(square, np.array(1.0), h)):.4f}")
draw_errors(quotient, central)

# %% [markdown] slideshow={"slide_type": "notes"}
# In single precision 1 and 1 + 1e-8 are the same number, so the quotient is 0: no digit is left. On the picture, read
# from right to left: at first a smaller step is better, since curves bend less over shorter distances. Then rounding
# takes over: numbers that agree in their first digits are subtracted, and the noise in the last digits is divided by
# a tiny h.
#
# Ask: why not always measure, and forget calculus? (Because of this valley, and because a network with a million
# weights would have to run a million times for one gradient. Autograd needs the time of a few runs.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A table of derivatives, checked
#
# | $y$ | $a$ | $x^n$ | $\exp(x)$ | $\log(x)$ | $\sin(x)$ |
# |:---:|:---:|:---:|:---:|:---:|:---:|
# | $\frac{dy}{dx}$ | $0$ | $n x^{n-1}$ | $\exp(x)$ | $\frac{1}{x}$ | $\cos(x)$ |

# %% slideshow={"slide_type": "-"}
x = 2.0
table = [
    ("3", lambda x: 3 * np.ones_like(x), 0),
    ("x**5", lambda x: x**5, 5 * x**4),
    ("exp(x)", np.exp, math.exp(x)),
    ("log(x)", np.log, 1 / x),
    ("sin(x)", np.sin, math.cos(x)),
]
for name, f, rule in table:
    slope = float(gradient(f, x))
    print(f"{name:7} rule {rule:6.3f}   autograd {slope:6.3f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Autograd has this table too: for each operator somebody wrote down its derivative, once. All else follows from the
# chain rule.
#
# Ask: which function is its own derivative? (exp.) At which x does log grow as fast as x itself? (At 1.)
#
# `np.ones_like(x)` keeps the 3 connected to x. With a bare `np.array(3.0)` there would be no way from y back to x, and
# `backward` would say so with an error.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three rules build everything else
#
# | $y$ | $u + v$ | $u\,v$ | $f(u),\; u = g(x)$ |
# |:---:|:---:|:---:|:---:|
# | $\frac{dy}{dx}$ | $\frac{du}{dx}+\frac{dv}{dx}$ | $\frac{du}{dx}v+u\frac{dv}{dx}$ | $\frac{dy}{du}\frac{du}{dx}$ |

# %% slideshow={"slide_type": "-"}
u, du = math.sin(x), math.cos(x)
v, dv = x**2, 2 * x
rules = [
    ("sum", lambda x: np.sin(x) + x**2, du + dv),
    ("product", lambda x: np.sin(x) * x**2, du * v + u * dv),
    ("chain", lambda x: np.sin(x**2), math.cos(v) * dv),
]
for name, f, rule in rules:
    slope = float(gradient(f, x))
    print(f"{name:7} rule {rule:6.3f}   autograd {slope:6.3f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Here u is sin(x) and v is x². The chain example is sin(x²): cos at x², times 2x.
#
# Read the chain rule as a story of amplifiers: if x wiggles u three times as strongly, and u wiggles y twice as
# strongly, then x wiggles y six times as strongly. Slopes along a chain multiply. Slopes of several ways add up: that
# is the rule for sums.


# %% slideshow={"slide_type": "skip"}
def draw_kinks():
    """Draw |x| and max(x, 0) with lines through the kink that stay below the curve."""
    fig, axes = subplots(1, 2, width=11.0, height=3.2, sharey=True)
    curves = ((r"$|x|$", abs, (-1, -0.5, 0, 0.5, 1)), (r"$\max(x, 0)$", lambda x: max(x, 0), (0, 0.25, 0.5, 0.75, 1)))
    for ax, (name, f, slopes) in zip(axes, curves, strict=True):
        for slope in slopes:
            inner = slopes[0] < slope < slopes[-1]
            ax.plot([-2, 2], [-2 * slope, 2 * slope], "--", color=COLORS["sky"], linewidth=1.8)
            if inner:
                ax.text(2.05, 2 * slope, f"a = {slope:g}", va="center", fontsize=13)
        ax.plot([-2, 0, 2], [f(-2), 0, f(2)], color="black")
        ax.plot(0, 0, "o", color=COLORS["vermilion"])
        ax.set_title(f"{name}: any slope a from {slopes[0]} to {slopes[-1]}")
        ax.set(xlim=(-2, 2.8), ylim=(-1.2, 2.1), xticks=[-2, -1, 0, 1, 2], yticks=[-1, 0, 1, 2])
    show(
        fig,
        alt="Two curves with a kink at 0, and dashed lines through it that stay below the curve: slopes -1 to 1 for "
        "the absolute value, 0 to 1 for max(x, 0).",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### At a kink: subderivatives

# %% slideshow={"slide_type": "-"}
draw_kinks()
kinks = {"np.abs(x)": np.abs, "npx.relu(x)": npx.relu}
kinks["np.maximum(x, 0)"] = lambda x: np.maximum(x, 0)
kinks["np.sqrt(x * x)"] = lambda x: np.sqrt(x * x)
for name, f in kinks.items():
    print(f"{name:17} gradient at 0: {float(gradient(f, 0.0)):g}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Left of the kink the slope is one thing, right of it another; at the kink there is no derivative. Every slope between
# the two gives a line that touches the curve and never rises above it: a *subderivative*. Any of them will do for
# training.
#
# Ask before running: what will autograd say at 0? It picks one value: 0 for the absolute value, the middle of -1 to 1.
# `np.maximum(x, 0)` and `npx.relu` are the same function, but their authors chose the two ends of 0 to 1. Both are
# right.
#
# The last line is |x| as well, but the chain rule meets 0 times 1/0 there: nan. Once a nan is in a gradient, it is in
# all weights after the next step. A norm at 0 does the same. Ask: who finds a remedy? (Add a small number under
# the root.)


# %% slideshow={"slide_type": "skip"}
def draw_gradients(f):
    """Draw lines of equal height of f(x1, x2), with gradients by autograd as arrows."""
    fig, ax = subplots(width=10.0, height=3.4)
    ticks = [i / 25 for i in range(-100, 101)]
    heights = [[f([x1, x2]) for x1 in ticks] for x2 in ticks[25:176]]
    levels = (0.5, 2, 4.5, 8)
    lines = ax.contour(ticks, ticks[25:176], heights, levels=levels, colors="#8A8A8A", linewidths=1.5)
    places = [(1.28 * level**0.5, 0.3 * level**0.5) for level in levels]  # between the arrows
    ax.clabel(lines, fmt="%g", fontsize=14, colors="#222222", manual=places)
    for point in ([2, 0], [1.6, 0.6], [0, 1], [-1.6, 0.6], [-2, 0], [-1.6, -0.6], [0, -1], [1.6, -0.6]):
        slope = 0.3 * gradient(f, point).asnumpy()
        ax.annotate(
            "",
            xy=(point[0] + slope[0], point[1] + slope[1]),
            xytext=point,
            arrowprops={"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5, "mutation_scale": 18},
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=(-4.1, 4.1), ylim=(-2.3, 2.3))
    show(
        fig,
        alt="Ellipses of equal height around 0, wider than tall. Arrows, the gradients, point outward, at right angles "
        "to the lines, and are longest where the lines are close.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Vectors in, vectors out
#
# One derivative for each pair. What shape does that make?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Many inputs: the gradient
#
# One slope for each input, $\frac{\partial y}{\partial \mathbf{x}} = \left[\frac{\partial y}{\partial x_1},
# \dots, \frac{\partial y}{\partial x_n}\right]$. It points where $y$ grows fastest.


# %% slideshow={"slide_type": "-"}
def bowl(x):
    return x[0] ** 2 / 2 + 2 * x[1] ** 2  # slopes: x1 and 4 x2


print("at (2, 1):", gradient(bowl, [2, 1]))
draw_gradients(bowl)

# %% [markdown] slideshow={"slide_type": "notes"}
# Think of a map: the lines join places of equal height, the arrows are the gradients that autograd gives, drawn at
# three tenths of their length. Ask: what do you see about their direction? (At right angles to the lines, uphill.) And
# about their length? (Long where the lines are close: steep.)
#
# Training goes against the arrow. Notebook 05 does nothing else.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Many outputs: head gradients
#
# `backward` goes back from **one** number. A vector $\mathbf{y}$ needs a *head gradient* $\mathbf{h}$; then
# $\mathbf{x}$ gets $\mathbf{h}^\top \frac{\partial \mathbf{y}}{\partial \mathbf{x}}$.

# %% slideshow={"slide_type": "-"}
A = np.array([[1, 2, 3], [4, 5, 6]])  # (m, n)
x = np.array([1, 1, 1])  # (n,)
x.attach_grad()
for head in (None, np.array([1, 0]), np.array([0, 1])):
    with autograd.record():
        y = np.dot(A, x)  # (m,)
    y.backward(head)
    print(f"head {head}: {x.grad}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# No head means ones: the gradient of the sum. A single 1 picks a row.

# %% [markdown] slideshow={"slide_type": "notes"}
# y = Ax has two outputs and three inputs: six derivatives, and the table of them is A itself. `backward` gives only
# three numbers, one for each input. Which? A weighted sum of the rows, and the head gradient has the weights.
#
# Ask: what does the head [1, -1] give? (The first row minus the second, -3 three times.)
#
# The default is handy for losses: a batch has one loss an example, and `loss.backward()` is the gradient of their sum.
# The name comes from the graph: the head is where going backward starts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### All derivatives, row by row


# %% slideshow={"slide_type": "-"}
def derivative(f, x):
    x = x.copy()
    x.attach_grad()
    with autograd.record():
        y = f(x)
        entries = y.reshape(-1)  # all outputs in one row
    rows = []
    for head in np.eye(y.size):  # a single 1, at each place in turn
        entries.backward(head, retain_graph=True)
        rows.append(x.grad.T.copy())  # the next backward overwrites it
    return np.stack(rows).reshape(y.shape + x.shape[::-1])


jacobian = derivative(lambda x: np.dot(A, x), np.ones(3))
print(jacobian.shape, "equal to A:", bool((jacobian == A).all()))

# %% [markdown] slideshow={"slide_type": "fragment"}
# *Numerator layout*: the axes of $\mathbf{y}$, then those of $\mathbf{x}$ backward. Row $i$, column $j$ is
# $\frac{\partial y_i}{\partial x_j}$.

# %% [markdown] slideshow={"slide_type": "notes"}
# The table of all derivatives of a vector by a vector is called the Jacobian matrix. One `backward` per output gives
# one row.
#
# `retain_graph=True` keeps the notes for the next time; without it they are thrown away after the first `backward`, and
# a second one raises an error. That error means in most programs that a line stands outside the loop it belongs to.
#
# Ask: what does this cost for a million weights and one loss? (One row: one pass.) And for a million outputs? (A
# million passes. Losses are single numbers for this reason.)


# %% slideshow={"slide_type": "skip"}
def joined(shape):
    """Leave out ones inside a shape, as one does for columns: (2, 1, 1, 4) becomes (2, 4)."""
    return shape[:1] + tuple(axis for axis in shape[1:-1] if axis > 1) + shape[-1:]


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Nine shapes
#
# | | by $x$ | by $\mathbf{x}\;(n, 1)$ | by $\mathbf{X}\;(n, k)$ |
# |:--|:--|:--|:--|
# | $y$ | $()$ | $(1, n)$ | $(k, n)$ |
# | $\mathbf{y}\;(m, 1)$ | $(m, 1)$ | $(m, n)$ | $(m, k, n)$ |
# | $\mathbf{Y}\;(m, l)$ | $(m, l)$ | $(m, l, n)$ | $(m, l, k, n)$ |

# %% slideshow={"slide_type": "-"}
inputs = [np.array(1.0), np.ones((4, 1)), np.ones((4, 5))]  # n, k
outputs = [  # m, l
    lambda x: x.sum(),
    lambda x: np.ones((2, 1)) * x.sum(),
    lambda x: np.ones((2, 3)) * x.sum(),
]
print("y \\ x    ", *(f"{x.shape!s:12}" for x in inputs))
for f in outputs:  # joined: (2, 1, 1, 4) becomes (2, 4)
    shapes = [joined(derivative(f, x).shape) for x in inputs]
    print(f"{f(inputs[0]).shape!s:9}", *(f"{s!s:12}" for s in shapes))

# %% [markdown] slideshow={"slide_type": "notes"}
# Nobody learns this table by heart. Learn the rule: the shape of y, then the shape of x backward. Vectors count as
# columns; where the ones of two columns meet inside, they are left out.
#
# Ask: a loss by a weight matrix (100, 784): which shape? (784, 100) by the table. And `weight.grad`? (100, 784): MXNet
# stores it turned, so that a weight and its gradient have the same shape and can be added. Training needs no other
# cell of the table.
#
# The lecture writes (1,) for the shape of a number; in NumPy a number has the empty shape ().

# %% slideshow={"slide_type": "skip"}
A = np.array([[1, 2, 0], [0, 1, 3], [4, 0, 1]])
x = np.array([1, 2, 3])


def u(x):
    return np.dot(A, x)


def v(x):
    return x * x


du, dv = derivative(u, x), derivative(v, x)  # (3, 3) each


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Rules for vectors
#
# $$\begin{aligned} &\tfrac{\partial\, \text{sum}(\mathbf{x})}{\partial \mathbf{x}} = \mathbf{1}^\top \quad\;
# \tfrac{\partial \|\mathbf{x}\|^2}{\partial \mathbf{x}} = 2\mathbf{x}^\top \quad\;
# \tfrac{\partial \langle \mathbf{u}, \mathbf{v} \rangle}{\partial \mathbf{x}}
# = \mathbf{u}^\top \tfrac{\partial \mathbf{v}}{\partial \mathbf{x}}
# + \mathbf{v}^\top \tfrac{\partial \mathbf{u}}{\partial \mathbf{x}} \\[-2pt]
# &\tfrac{\partial \mathbf{A}\mathbf{x}}{\partial \mathbf{x}} = \mathbf{A} \quad\;
# \tfrac{\partial\, \mathbf{x}^\top \mathbf{A}}{\partial \mathbf{x}} = \mathbf{A}^\top \quad\;
# \tfrac{\partial \mathbf{A}\mathbf{u}}{\partial \mathbf{x}}
# = \mathbf{A} \tfrac{\partial \mathbf{u}}{\partial \mathbf{x}} \end{aligned}$$

# %% slideshow={"slide_type": "-"}
inner = np.dot(u(x), dv) + np.dot(v(x), du)  # (3,)
rules = {
    "sum(x)": (lambda x: x.sum(), np.ones(3)),
    "|x|²": (lambda x: np.dot(x, x), 2 * x),
    "<u, v>": (lambda x: np.dot(u(x), v(x)), inner),
    "Ax": (lambda x: np.dot(A, x), A),
    "xᵀA": (lambda x: np.dot(x, A), A.T),
    "Au": (lambda x: np.dot(A, u(x)), np.dot(A, du)),
}
for name, (f, rule) in rules.items():
    same = bool((derivative(f, x) == rule).all())
    print(f"{name:7} {rule.shape!s:6} as autograd: {same}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Here u = Ax and v = x² entry by entry, with whole numbers, so that the two sides are equal to the last digit.
#
# Point out how little is new: the norm reads like the derivative of x², the inner product like the product rule.
#
# Ask: why does the transpose appear at the end? (Entry j of xᵀA is the sum of x_i A_ij; its derivative by x_i is A_ij.
# Outputs are rows, so A_ij stands in row j, column i.)
#
# The cell below, for readers, checks the rest of the lecture's table: constants, factors, sums, products.

# %% slideshow={"slide_type": "skip"}
a = 3
rest = {
    "constant number: 0ᵀ": (lambda x: a + 0 * x.sum(), np.zeros(3)),
    "constant vector: 0": (lambda x: x.copy() * 0 + a, np.zeros((3, 3))),
    "x: I": (lambda x: x + 0, np.eye(3)),
    "a u: a ∂u": (lambda x: a * u(x), a * du),
    "u + v: ∂u + ∂v": (lambda x: u(x) + v(x), du + dv),
    "product of two numbers": (lambda x: x.sum() * np.dot(x, x), np.ones(3) * np.dot(x, x) + 2 * x * x.sum()),
}
for name, (f, rule) in rest.items():
    print(f"{name:23} {bool((derivative(f, x) == rule).all())}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The chain rule, with shapes
#
# $$\underset{(1, n)}{\frac{\partial y}{\partial \mathbf{x}}}
# = \underset{()}{\frac{\partial y}{\partial u}}\;\underset{(1, n)}{\frac{\partial u}{\partial \mathbf{x}}}
# \qquad
# \underset{(1, n)}{\frac{\partial y}{\partial \mathbf{x}}}
# = \underset{(1, k)}{\frac{\partial y}{\partial \mathbf{u}}}\;
# \underset{(k, n)}{\frac{\partial \mathbf{u}}{\partial \mathbf{x}}}
# \qquad
# \underset{(m, n)}{\frac{\partial \mathbf{y}}{\partial \mathbf{x}}}
# = \underset{(m, k)}{\frac{\partial \mathbf{y}}{\partial \mathbf{u}}}\;
# \underset{(k, n)}{\frac{\partial \mathbf{u}}{\partial \mathbf{x}}}$$

# %% slideshow={"slide_type": "-"}
B = np.array([[1, 2, 3], [0, 1, 1]])  # (k, n) = (2, 3)
C = np.array([[1, 0], [2, 1], [1, 1], [0, 3]])  # (m, k) = (4, 2)
whole = derivative(lambda x: np.dot(C, np.dot(B, x) ** 2), x)
dy_du = derivative(lambda u: np.dot(C, u**2), np.dot(B, x))
du_dx = derivative(lambda x: np.dot(B, x), x)
print(whole.shape, "=", dy_du.shape, "times", du_dx.shape)
print("equal:", bool((whole == np.dot(dy_du, du_dx)).all()))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Long chains: $\frac{\partial y}{\partial \mathbf{x}} = \frac{\partial y}{\partial \mathbf{u}_n}
# \frac{\partial \mathbf{u}_n}{\partial \mathbf{u}_{n-1}} \cdots \frac{\partial \mathbf{u}_1}{\partial \mathbf{x}}$.
# Multiplied from the left, a row meets a matrix at each step: *backpropagation*.

# %% [markdown] slideshow={"slide_type": "notes"}
# Amplifiers again, now with many channels. Here u = Bx has 2 entries, and y = Cu², entry by entry, has 4. Shapes
# fit like dominoes: the inner ones must agree, and vanish. Whoever forgets the formula can rebuild it from the shapes.
#
# Why from the left? A loss is one number, so the leftmost factor is a row. A row times a matrix is a row again: cheap,
# and no matrix times matrix is ever needed. Ask: for 1000 numbers in each layer, what does one step cost from the left,
# and what from the right? (A million multiplications against a billion.)


# %% slideshow={"slide_type": "skip"}
NODES = {  # name: (x, y, half the width of the box, formula)
    "x": (1.2, 2.5, 0.27, r"$\mathbf{x}$"),
    "w": (1.2, 0.65, 0.27, r"$\mathbf{w}$"),
    "a": (4.1, 2.05, 0.78, r"$a = \langle\mathbf{x}, \mathbf{w}\rangle$"),
    "y": (4.1, 0.5, 0.27, r"$y$"),
    "b": (7.2, 1.5, 0.7, r"$b = a - y$"),
    "z": (9.9, 1.5, 0.55, r"$z = b^2$"),
}
EDGES = {  # (from, to): the local derivative, and where beside the arrow it stands
    ("x", "a"): (r"$\times\,\mathbf{w}$", 0.1),
    ("w", "a"): (r"$\times\,\mathbf{x}$", -0.42),
    ("a", "b"): (r"$\times\,1$", 0.1),
    ("y", "b"): (r"$\times\,(-1)$", -0.42),
    ("b", "z"): (r"$\times\,2b$", 0.1),
}
BLUE, RED = COLORS["blue"], "#B34700"  # forward, backward: dark enough for text


def draw_graph(values, gradients=None):
    """Draw the graph of z = (⟨x, w⟩ − y)², with values above the boxes and gradients below, as far as given."""
    gradients = gradients or {}
    fig, ax = subplots(width=11.0, height=3.0)
    box = {"boxstyle": "round,pad=0.35", "facecolor": "#F3F3F3", "edgecolor": "#222222"}
    for name, (x, y, _, formula) in NODES.items():
        ax.text(x, y, formula, ha="center", va="center", fontsize=18, bbox=box)
        if name in values:
            words = in_words(values[name])
            ax.text(x, y + 0.33, words, ha="center", va="bottom", color=BLUE, weight="bold", fontsize=16)
        if name in gradients:
            symbol = rf"\mathbf{{{name}}}" if name in "xw" else name
            words = rf"$\partial z / \partial {symbol}$ = {in_words(gradients[name])}"
            ax.text(x, y - 0.35, words, ha="center", va="top", color=RED, weight="bold", fontsize=15)
    for (start, end), factor in EDGES.items():
        draw_edge(ax, NODES[start], NODES[end], factor, backward=start in gradients)
    ax.set(xlim=(0, 11), ylim=(-0.3, 3.2))
    ax.set_axis_off()
    show(fig, alt=alt_of_graph(values, gradients))


def draw_edge(ax, start, end, factor, backward):
    """Draw an arrow between two boxes: gray and solid, or, going backward, red and dashed with its factor."""
    tail, head = (start[0] + start[2] + 0.1, start[1]), (end[0] - end[2] - 0.1, end[1])
    style = {
        "arrowstyle": "-|>",
        "linewidth": 2.2,
        "mutation_scale": 20,
        "shrinkA": 0,
        "shrinkB": 0,
        "color": "#8A8A8A",
    }
    if backward:
        style |= {"arrowstyle": "<|-", "linestyle": (0, (4, 2)), "color": RED}
        x, y = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
        ax.text(x, y + factor[1], factor[0], ha="center", va="bottom", color=RED, fontsize=15)
    ax.annotate("", xy=head, xytext=tail, arrowprops=style)


def in_words(value):
    numbers = rounded(value, 0)
    return f"({', '.join(map(str, numbers))})" if isinstance(numbers, list) else str(numbers)


def alt_of_graph(values, gradients):
    """Say in words what the graph shows."""
    parts = [f"{name} = {in_words(value)}" for name, value in values.items()]
    text = "Compute graph: x and w lead to a, a and y to b, b to z. Values: " + ", ".join(parts)
    parts = [f"{name} {in_words(value)}" for name, value in gradients.items()]
    return text + (". Gradients, going back: " + ", ".join(parts) if parts else "") + "."


# %% [markdown] slideshow={"slide_type": "slide"}
# ## How autograd works
#
# It writes down small steps, and goes back through them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A graph of small steps: forward
#
# $z = (\langle \mathbf{x}, \mathbf{w} \rangle - y)^2$: the squared error of a prediction. Values in blue, above.

# %% slideshow={"slide_type": "-"}
x, w, y = np.array([1, 2]), np.array([3, 1]), np.array(2)
for leaf in (x, w, y):
    leaf.attach_grad()
with autograd.record():
    a = np.dot(x, w)
    b = a - y
    z = b**2
values = {"x": x, "w": w, "y": y, "a": a, "b": b, "z": z}
draw_graph(values)

# %% [markdown] slideshow={"slide_type": "notes"}
# Any formula falls apart into small steps whose derivatives are in the table. x are the features of one example, w the
# weights, y the true answer: a is the prediction, b its error, z the loss. It is the model of the next notebook.
#
# Let the class compute the values before running: 1 · 3 + 2 · 1 = 5, less 2 is 3, squared is 9.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Backward: from the end to the start
#
# At the end stands $\frac{\partial z}{\partial z} = 1$. Each step back multiplies by one local derivative.

# %% slideshow={"slide_type": "-"}
gradients = {"z": 1.0}
gradients["b"] = gradients["z"] * 2 * b  # z = b²
gradients["a"] = gradients["b"] * 1  # b = a − y
draw_graph(values, gradients)

# %% [markdown] slideshow={"slide_type": "notes"}
# Gradients stand below the boxes; dashed arrows show the way back. The local derivative of b² is 2b: it needs the value
# of b from the way forward. So everything computed forward has to be kept until the way back has passed: training
# needs more memory than predicting.
#
# Ask: what comes next, at y? (6 times -1.) And at w?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Backward: into the leaves

# %% slideshow={"slide_type": "-"}
gradients["y"] = gradients["b"] * -1  # b = a − y
gradients["x"] = gradients["a"] * w  # a = ⟨x, w⟩
gradients["w"] = gradients["a"] * x
draw_graph(values, gradients)

# %% slideshow={"slide_type": "fragment"}
z.backward()
print("autograd: x", x.grad, " w", w.grad, " y", y.grad)

# %% [markdown] slideshow={"slide_type": "notes"}
# One pass back gives the gradients by all inputs. This is the point of going backward: from the front, each input would
# need a pass of its own.
#
# Ask: what do the numbers say? (Raise w's second entry by a hundredth, and the loss grows by 12 hundredths. So to make
# the loss smaller, lower it. Raise the true answer y, and the loss falls: the prediction 5 was above it.)
#
# Where a value goes two ways, its gradients add up: exercise 4.


# %% slideshow={"slide_type": "skip"}
def operators(graph):
    """Return the names of a graph's operators, in order."""
    nodes = json.loads(graph.tojson())["nodes"]
    names = [node["op"] for node in nodes if node["op"] != "null"]  # null: a leaf
    return [name.removeprefix("_npi_").removeprefix("_np_") for name in names]


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two ways to get a graph
#
# **Declare** it first, run it later (TensorFlow 1, MXNet Symbol), or run, and **trace** what happens (Chainer, PyTorch,
# MXNet's autograd).

# %% slideshow={"slide_type": "-"}
names = [sym.var(s, dtype="float32").as_np_ndarray() for s in "xwy"]
declared = (sym.np.dot(names[0], names[1]) - names[2]) ** 2
print("declared:", operators(declared))

with autograd.record():
    z = (np.dot(x, w) - y) ** 2
print("traced:  ", operators(autograd.get_symbol(z)))

run = gluon.SymbolBlock(declared, names)
print("values:  ", float(run(x, w, y)), float(z))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Declared: seen as a whole, so that it can be optimized. Traced: plain Python, with `print` and `if`.

# %% [markdown] slideshow={"slide_type": "notes"}
# The declared graph is a form without numbers: names, no values, until it is run. A tool can look at the whole and make
# it faster, save it, run it without Python. But nothing can be printed or debugged on the way, and an `if` has to be an
# operator of the graph.
#
# Tracing is plain Python that takes notes. Here both give the same graph and the same number.
#
# Gluon offers both: write it traced, and `hybridize` turns it into a declared graph when it works.


# %% slideshow={"slide_type": "skip"}
def recorded(f, number):
    """Return the names of the operators between a number and f of it."""
    x = np.array(number)
    x.attach_grad()
    with autograd.record():
        y = f(x)
    return operators(autograd.get_symbol(y))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Through a loop
#
# A trace follows Python wherever it goes. Heron's square root repeats until it is near enough; the slope of $\sqrt{x}$
# is $\frac{1}{2\sqrt{x}}$.


# %% slideshow={"slide_type": "-"}
def root(x):
    guess = x
    while abs(guess * guess - x) > 1e-3 * x:
        guess = (guess + x / guess) / 2
    return guess


for number in (2.0, 100.0, 10000.0):
    slope, rule = float(gradient(root, number)), 0.5 / math.sqrt(number)
    size = len(recorded(root, number))
    print(f"{number:7g}: {slope:.4f}, rule {rule:.4f}, {size} operators")

# %% [markdown] slideshow={"slide_type": "notes"}
# The function has no formula that anyone would differentiate by hand: the number of turns depends on the input, so each
# input has a graph of its own. Autograd differentiates the turns that happened.
#
# Ask: what about the comparison in the `while`? (It decides which graph is built, but nothing flows through it to the
# result. Its derivative is never asked for.) And how many turns does 100 take? (18 operators, three a turn: six.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Write or add

# %% slideshow={"slide_type": "-"}
x = np.array([3, 5])
for grad_req in ("write", "add"):
    x.attach_grad(grad_req)
    for _ in range(3):
        with autograd.record():
            y = (x * x).sum()
        y.backward()
    print(f"{grad_req:5}", x.grad)
x.grad[:] = 0  # with add, clearing is your own task

# %% [markdown] slideshow={"slide_type": "fragment"}
# Each `backward` writes over the gradient before, unless it is told to add.

# %% [markdown] slideshow={"slide_type": "notes"}
# The derivative of x² at 3 is 6, at 5 it is 10. Three passes: written once more each time, or added up.
#
# What is adding good for? A batch too large for the memory can be taken in parts: the gradients of the parts add up to
# that of the whole. And for one parameter used by several losses.
#
# Whoever comes from PyTorch: there adding is the default, and `zero_grad` must not be forgotten. In MXNet writing is
# the default. A third choice, "null", keeps no gradient at all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Keep something out: `detach` and `pause`

# %% slideshow={"slide_type": "-"}
x = np.array(3.0)
x.attach_grad()
with autograd.record():
    y = x * x
    with autograd.pause():
        unseen = x * x  # in this block nothing is recorded
    z = {"all": y * x, "detach": y.detach() * x, "pause": unseen * x}
for name, result in z.items():
    result.backward(retain_graph=True)
    print(f"{name:6} value {float(result):g}, gradient {float(x.grad):2g}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Same value, other gradient: what is kept out counts as a constant.

# %% [markdown] slideshow={"slide_type": "notes"}
# y times x is x³, with slope 27 at 3. With `y.detach()` autograd sees 9 times x, slope 9. `pause` does the same for all
# that is computed in its block.
#
# Use them for what should not be learned from: a running mean, a target that another network made, a number for the
# log. Also, what is not recorded takes no memory.
#
# Ask: what would `(y * x).detach().backward()` do? (Fail: no way back to x is left.)


# %% slideshow={"slide_type": "skip"}
def print_state(name, y):
    """Print the two switches of autograd as they are now, and the share of zeros in y."""
    zeros = float((y == 0).mean())
    print(f"{name:17}{autograd.is_recording()!s:11}{autograd.is_training()!s:10}{zeros:.1f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training and predicting differ
#
# *Dropout* zeroes entries at random, and only in training. `record` switches training on.

# %% slideshow={"slide_type": "-"}
seed(0)
layer, x = nn.Dropout(0.5), np.ones(10000)
print("                 recording  training  zeros")
print_state("alone", layer(x))
with autograd.record():
    print_state("record", layer(x))
with autograd.record(train_mode=False):
    print_state("record, predict", layer(x))
with autograd.train_mode():
    print_state("train_mode", layer(x))

# %% [markdown] slideshow={"slide_type": "notes"}
# Two switches: recording says whether notes are taken; training says how some layers behave. `record()` sets both.
#
# Dropout comes in notebook 13, batch normalization, which differs in the same way, in 15. The survivors are doubled, so
# that the mean stays.
#
# Ask: what goes wrong when test accuracy is computed inside `record`? (Half of the numbers are missing, and the result
# changes from run to run. It also takes memory.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A derivative is a slope: how much the output moves when the input does.
# - Shape of $\frac{\partial \mathbf{y}}{\partial \mathbf{x}}$: that of $\mathbf{y}$, then $\mathbf{x}$'s backward.
# - Along a chain derivatives multiply; going backward, one pass gives all gradients.
# - `attach_grad`, `record`, `backward`, `.grad`: four steps for any Python code.
# - Gradients are written over, unless `grad_req="add"`; `detach` and `pause` keep things out.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 03.1: predict a gradient
#
# Without running it: what is `x.grad` in the end?
#
# ```python
# x = np.array(3.0)
# x.attach_grad(grad_req="add")
# for epoch in range(3):
#     with autograd.record():
#         y = x * x
#         z = y.detach() * x + y
#     z.backward()
# ```

# %% slideshow={"slide_type": "-"} tags=["exercise"]
x_grad = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.1", x_grad)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Write z with the constant as a number. Differentiate. Then count how often the result is added.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# x_grad = 45
# ```
#
# The detached y is the constant 9, so z = 9x + x² with slope 9 + 2x = 15. Three times 15 is added.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 03.2: change the step
#
# In float32 the central quotient of $x^3$ with $h = 0.1$ is wrong by up to three parts in a thousand, for $x$ between 1
# and 2. Choose $h$ so that it is wrong by less than one part in ten thousand.
#
# The check measures 101 points in float32 and says the largest error.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
h = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.2", h)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# See the valley on the slide *How small should h be?* Too far to the left is as bad as too far to the right.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# h = 0.005
# ```
#
# From about 0.001 to 0.017 all will do. No step brings the one-sided quotient there.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 03.3: build a gradient checker
#
# A checker finds the gradient of any function without calculus: move one entry of $\mathbf{x}$ by $h$ to both sides,
# the others stay, and take the central quotient.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def numeric_gradient(f, x, h):
    """f maps x (n,) to a number; returns the gradient, (n,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.3", numeric_gradient)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The rows of `h * np.eye(len(x))` are the n moves. Collect the quotients in an array of zeros.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def numeric_gradient(f, x, h):
#     slopes = np.zeros(x.shape)
#     for j, move in enumerate(h * np.eye(len(x))):
#         slopes[j] = (f(x + move) - f(x - move)) / (2 * h)
#     return slopes
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 03.4: build the way back
#
# Here $a$ goes two ways: $\;a = \langle \mathbf{x}, \mathbf{w} \rangle, \quad b = a - y, \quad z = a \, b$.
#
# Go back by hand, without autograd, and return the gradients of $z$ by $\mathbf{x}$, $\mathbf{w}$ and $y$.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def backward(x, w, y):
    """x (n,), w (n,), a number y; returns (dz_dx, dz_dw, dz_dy)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.4", backward)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Draw the graph. Two arrows leave a: one straight to z, one through b. What comes back along them is added up.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def backward(x, w, y):
#     a = np.dot(x, w)
#     b = a - y
#     dz_db = a  # z = a * b
#     dz_da = b + dz_db  # straight to z, and through b
#     return dz_da * w, dz_da * x, -dz_db
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Automatic Differentiation](https://d2l.ai/chapter_preliminaries/autograd.html) and
#   [Calculus](https://d2l.ai/chapter_preliminaries/calculus.html)
# - Rumelhart, Hinton and Williams, [Learning representations by back-propagating
#   errors](https://doi.org/10.1038/323533a0), 1986
# - Baydin, Pearlmutter, Radul and Siskind, [Automatic differentiation in machine learning: a
#   survey](https://arxiv.org/abs/1502.05767), 2015
# - Parr and Howard, [The matrix calculus you need for deep learning](https://arxiv.org/abs/1802.01528), 2018
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **04 · Linear regression**, the first model whose weights these gradients find.
