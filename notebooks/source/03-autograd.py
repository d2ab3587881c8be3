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
# How can a computer find the derivative of any program, and why is that the main thing training needs?
#
# *60 minutes · needs 00, 01, 02 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# A network makes predictions with its *weights*: numbers, often millions of them, that start out random. Training has
# to turn these numbers into good ones. The main thing it needs is the answer to one question, asked of each weight: *if
# I made you a little larger, would the error grow or shrink, and how fast?* The answer is a derivative. Once you have
# it, you move each weight a little in the direction in which the error shrinks, and ask again.
#
# So the remaining problem is to get millions of derivatives, of a program that may contain loops and conditions, and
# fast enough to ask thousands of times. This notebook shows how a computer does that: first for one number, then for
# many, and then from the inside. At the end you'll write a small autograd yourself.
#
# One question runs through this part of the course: *how do I know that a model will work on data it has not seen?*
# The gradient is a good place to start being careful. It tells you how to be less wrong on the examples that you
# *have*, and promises nothing about those that you don't.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** a derivative as the slope of a tangent, and measure it.
# - **Predict** the shape of any derivative, and chain them.
# - **Run** a compute graph backward by hand, and say what a gradient costs.
# - **Control** what is recorded: `record`, `pause`, `detach`, `grad_req`.
# - **Follow** a gradient to a first fit, and see what it does not know.

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
import time

from mxnet import autograd, gluon, np, npx, sym
from mxnet.gluon import nn

from d2lhelpers import check, load_cars, seed
from d2lhelpers.figures import nb03_autograd as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Slopes
#
# How fast does the output move when an input does?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A derivative is the slope of the tangent
#
# How fast does $y = x^2$ grow at $x = 1$? Go a step $h$ to the right and measure the slope.

# %% slideshow={"slide_type": "-"}
figures.secants()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* In a live notebook, press play and let the class read out the slope. Ask: where is this
# going?

# %% [markdown] slideshow={"slide_type": "skip"}
# The line through two points of the curve turns, as the points approach each other, into the line that touches the
# curve at one: the *tangent*. Its slope is the *derivative* at that point, written $\frac{dy}{dx}$ or $f'(x)$. It says
# how sensitive the output is to a change of the input: here the slope is 2, so if $x$ grows from 1 by a thousandth, $y$
# grows by about two thousandths.
#
# For the parabola, algebra shows where the slope of the line is going:
#
# $$\frac{(x + h)^2 - x^2}{h} = \frac{2xh + h^2}{h} = 2x + h \;\to\; 2x \quad\text{as } h \to 0$$
#
# The fraction on the left is called the *difference quotient*. It needs no algebra if you give $h$ a small value
# instead of letting it go to zero, so you can use it to measure the slope of any function that you can run.


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### You can measure a slope without any algebra
#
# The difference quotient of $x^2$ at 1 is $2 + h$: wrong by exactly $h$.


# %% slideshow={"slide_type": "-"}
def square(x):
    return x * x


def quotient(f, x, h):
    return (f(x + h) - f(x)) / h


for h in (1.0, 0.1, 0.01, 0.001):
    print(f"h = {h:<5}  slope {quotient(square, 1.0, h):.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Too small a step is as bad as too large a step
#
# So far we computed with Python's numbers, which have 16 digits. MXNet's arrays are float32 and have about seven. A
# small $h$ leaves few of them in the difference.


# %% slideshow={"slide_type": "-"}
def central(f, x, h):  # a step to both sides: the errors of order h cancel
    return (f(x + h) - f(x - h)) / (2 * h)


# %% slideshow={"slide_type": "skip"}
x = np.linspace(1, 2, 101)
steps = [10 ** (-7 + i / 4) for i in range(29)]  # from 1e-7 to 1
errors = {"one-sided": [], "central": []}
for name, method in zip(errors, (quotient, central), strict=True):
    for h in steps:
        slopes = method(lambda x: x * x * x, x, h)
        errors[name].append(float(abs(slopes / (3 * x * x) - 1).mean()))

# %% slideshow={"slide_type": "-"}
figures.valley(steps, errors)

# %% [markdown] slideshow={"slide_type": "skip"}
# The picture shows the mean relative error, that is, the error divided by the true slope, for $x^3$ at 101 points
# between 1 and 2. Both axes are logarithmic: from one label to the next it's a factor of ten. Read it from right to
# left. At first a smaller step is better, because a curve bends less over a shorter distance. Then rounding takes over:
# two numbers that agree in most of their digits are subtracted, and the noise in their last digits is divided by a tiny
# $h$. In single precision, 1 and $1 + 10^{-8}$ are even the same number, so the quotient is 0. How good does each
# method get?

# %% slideshow={"slide_type": "skip"}
lowest = {name: min(values) for name, values in errors.items()}
for name, values in errors.items():
    print(f"{name:9}  best step {steps[values.index(lowest[name])]:.0e}, error {lowest[name]:.0e}")

# %% [markdown] slideshow={"slide_type": "skip"}
# So the central quotient is ten to a hundred times better.
#
# Measuring is a good judge: you can use it to check any formula for a derivative (exercise 03.3 does). But it isn't
# good enough for training. You'd have to find the bottom of this valley, and you'd have to run the program again for
# each input whose slope you want to know. A network with a million weights would have to run a million times for a
# single step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Autograd finds the exact slope in four steps
#
# They are the same for a parabola and for a deep network.


# %% slideshow={"slide_type": "-"}
def gradient(f, x):
    x = np.array(x)
    x.attach_grad()  # 1. make room for the gradient
    with autograd.record():  # 2. write down what is computed
        y = f(x)
    y.backward()  # 3. go back from y to x
    return x.grad  # 4. read the gradient


for x in (1.0, 3.0):
    measured, found = quotient(square, x, 1e-6), float(gradient(square, x))
    print(f"x = {x:g}   measured {measured:.6f}   autograd {found:.6f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Go through the four steps slowly; they return in every notebook.

# %% [markdown] slideshow={"slide_type": "skip"}
# These four steps return in every notebook, so take your time with them. `attach_grad` says that you'll want the
# derivative with respect to this array. Inside `record`, MXNet writes down each operation, together with the arrays it
# needs later. `backward` reads this record from the end to the start and computes the derivative. It stores the result
# next to the array, in `x.grad`. Here our function returns the gradient. In training you leave it where it is, in
# `weights.grad`.
#
# (When we measure, `square` gets a Python number with 16 digits, so a step of $10^{-6}$ is still large enough. The
# valley above was for float32.)
#
# **Question.** What does autograd know about the function `square`?
# <details><summary>Answer</summary>
#
# Only that it multiplied `x` by `x`, once. It never sees a formula, and doesn't read the Python code. It sees the
# operations as they happen.
#
# </details>
#
# **Question.** What does `x.grad` contain before the first `backward`? And what happens if you forget `record`?
# <details><summary>Answer</summary>
#
# Zeros, so a gradient of 0 may mean that you forgot `backward`. Without `record`, `backward` raises an error: "Cannot
# differentiate node because it is not in a computational graph".
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A short table of derivatives...
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

# %% [markdown] slideshow={"slide_type": "skip"}
# Autograd has such a table too: for each operation, somebody once wrote down its derivative. There are a few hundred of
# them. (`np.ones_like(x)` keeps the constant 3 connected to `x`. With a bare `np.array(3.0)`, there would be no way
# from `y` back to `x`, and `backward` would say so in an error.)
#
# No table can list all programs, but three rules extend it to everything that is built from its entries: they say how
# to differentiate a sum, a product, and a function of a function.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### ...and three rules build everything else
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

# %% [markdown] slideshow={"slide_type": "skip"}
# The third one, the *chain rule*, is the one that matters most. Think of amplifiers: if a change of $x$ moves $u$ three
# times as far, and a change of $u$ moves $y$ twice as far, then $x$ moves $y$ six times as far. Slopes along a chain
# multiply. And if there are several paths from $x$ to $y$, their slopes add up, as the rules for sums and products both
# show. *Multiply along each path, add over all paths*: that's all the calculus in this notebook.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### At a kink, autograd picks one of many slopes
#
# Guess first: what does autograd answer at 0? The dashed lines touch the curve there and stay below it.

# %% slideshow={"slide_type": "-"}
figures.kinks()

# %% slideshow={"slide_type": "fragment"}
kinks = {"np.abs(x)": np.abs, "npx.relu(x)": npx.relu}
kinks["np.maximum(x, 0)"] = lambda x: np.maximum(x, 0)
kinks["np.sqrt(x * x)"] = lambda x: np.sqrt(x * x)
for name, f in kinks.items():
    print(f"{name:17} gradient at 0: {float(gradient(f, 0.0)):g}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take guesses before you show the numbers. Point out that relu and maximum are the same function.

# %% [markdown] slideshow={"slide_type": "skip"}
# To the left of the kink the slope is one number, to the right another, and at the kink there is no derivative. But
# every slope $a$ between the two gives a line that touches the curve and never rises above it. Such a slope is called a
# *subderivative*.
#
# Autograd picks one value: 0 for the absolute value, the middle of the range from $-1$ to 1. The surprise is in the
# next two lines. `npx.relu` and `np.maximum(x, 0)` are the same function, but their authors chose the two ends of the
# range from 0 to 1. For a single kink that bends upward, like these, either end is a valid subderivative. But such
# choices can combine to a wrong slope. For both functions, $f(x) - f(-x)$ is just $x$, with slope 1, and autograd
# finds:

# %% slideshow={"slide_type": "skip"}
for f in (npx.relu, lambda x: np.maximum(x, 0)):
    slope = gradient(lambda x, f=f: f(x) - f(-x), 0.0)
    print(f"slope of f(x) - f(-x) at 0: {float(slope):g}")

# %% [markdown] slideshow={"slide_type": "skip"}
# In training this rarely matters, because inputs are hardly ever exactly 0, and on either side of it the slope is the
# usual one.
#
# The last of the four functions is dangerous. $\sqrt{x^2}$ is $|x|$ as well, but here the chain rule multiplies $0$ by
# $1/0$, and the result is `nan`, *not a number*. Once a `nan` gets into the gradient, it is in all weights after the
# next step.
#
# **Question.** The norm $\|\mathbf{x}\|$ has the same problem at $\mathbf{x} = \mathbf{0}$. How would you avoid it?
# <details><summary>Answer</summary>
#
# Add a small number under the root: `np.sqrt((x * x).sum() + 1e-12)`. Its slope at 0 is 0. Or, better, don't take the
# root at all if the squared norm serves the same purpose.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The gradient points where a function grows fastest
#
# With many inputs there is one slope for each: $\frac{\partial y}{\partial \mathbf{x}} = \left[\frac{\partial
# y}{\partial x_1}, \dots, \frac{\partial y}{\partial x_n}\right]$.


# %% slideshow={"slide_type": "-"}
def bowl(x):
    return x[0] ** 2 / 2 + 2 * x[1] ** 2  # slopes: x1 and 4 x2


points = [[2, 0], [-2, 0], [0, 1], [0, -1]]
points += [[1.6, 0.6], [-1.6, 0.6], [-1.6, -0.6], [1.6, -0.6]]
figures.arrows(bowl, points, [gradient(bowl, point) for point in points])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: what do you notice about the direction of the arrows, and about their length?

# %% [markdown] slideshow={"slide_type": "skip"}
# A slope with respect to one of several inputs, while the others stay where they are, is a *partial derivative*,
# written with a round $\partial$. The row of all of them is the *gradient*.
#
# Read the picture as a map: each line joins points of equal height, which is the number on it, and the arrows are the
# gradients that autograd computes, drawn at three tenths of their length. They are at right angles to the lines and
# point uphill, in the direction of steepest ascent. They are long where the lines are close together, because the bowl
# is steep there. So to get down, walk *against* the arrow. That is how training works, and at the end of this notebook
# you'll do it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `backward` combines the outputs into one row
#
# For a vector $\mathbf{y}$, `backward` computes $\mathbf{h}^\top \frac{\partial \mathbf{y}}{\partial \mathbf{x}}$.
# You choose the *head gradient* $\mathbf{h}$; the default is all ones.

# %% slideshow={"slide_type": "-"}
A = np.array([[1, 2, 3], [4, 5, 6]])  # (m, n)
x = np.array([1, 1, 1])  # (n,)
x.attach_grad()
for head in (None, np.array([1, 1]), np.array([1, 0]), np.array([0, 1])):
    with autograd.record():
        y = np.dot(A, x)  # (m,)
    y.backward(head)
    print(f"head {head}: {x.grad}")

# %% [markdown] slideshow={"slide_type": "skip"}
# $\mathbf{y} = \mathbf{A}\mathbf{x}$ has two outputs and three inputs, so there are six derivatives. Arranged with
# one row for each output, they form the *Jacobian* matrix, which here is $\mathbf{A}$ itself. But `x.grad` has room
# for only three numbers. `backward` stores a weighted sum of the rows, and the head gradient contains the weights. If
# you don't pass one, as in the first line, MXNet uses ones and you get the gradient of the sum of all outputs. A head
# with a single 1 picks one row. The name comes from the graph: the head is where going backward starts.
#
# The default is handy. A batch has one loss per example, and `loss.backward()` computes the gradient of their sum.
#
# **Question.** What does the head `[1, -1]` give?
# <details><summary>Answer</summary>
#
# The first row minus the second: $-3$, three times.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One backward pass per output gives all derivatives


# %% slideshow={"slide_type": "-"}
def derivative(f, x):
    x = x.copy()
    x.attach_grad()
    with autograd.record():
        y = f(x)
        outputs = y.reshape(-1)  # all of them in one row
    rows = []
    for head in np.eye(y.size):  # a single 1, at each position in turn
        outputs.backward(head, retain_graph=True)
        rows.append(x.grad.T.copy())  # the next backward overwrites it
    return np.stack(rows).reshape(y.shape + x.shape[::-1])


print(derivative(lambda x: np.dot(A, x), np.ones(3)))  # A itself

# %% [markdown] slideshow={"slide_type": "skip"}
# Each head picks one output, so `x.grad` holds the derivatives of that output, in the shape of `x`. We store its
# transpose, because in the layout below the axes of the input come in reverse order, and stack the results: one block
# per output. `retain_graph=True` keeps the record for the next pass. Without it, the record is thrown away after the
# first `backward`, and a second one raises an error. In most programs this error means that a line is outside the loop
# it belongs to.
#
# The function arranges the derivatives in *numerator layout*: first the axes of $\mathbf{y}$, then those of
# $\mathbf{x}$ in reverse order. In the Jacobian, row $i$ and column $j$ contain $\frac{\partial y_i}{\partial x_j}$.
# That rule gives you the shape of any derivative. Vectors count as columns here, so a 1 can appear in the middle of a
# shape; `joined` leaves it out.
#
# You can skip to *Along a chain* now and return when you need a formula: training differentiates a single number, the
# loss, and uses only the first row of the following table.


# %% slideshow={"slide_type": "skip"}
def joined(shape):
    """Leave out the ones inside a shape: (2, 1, 1, 4) becomes (2, 4)."""
    return shape[:1] + tuple(axis for axis in shape[1:-1] if axis > 1) + shape[-1:]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Shape of a derivative: the output's, then the input's reversed
#
# | | with respect to $x$ | to $\mathbf{x}\;(n, 1)$ | to $\mathbf{X}\;(n, k)$ |
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

# %% [markdown] slideshow={"slide_type": "skip"}
# Don't learn this table by heart; learn the rule.
#
# **Question.** What is the shape of the derivative of a loss with respect to a weight matrix of shape (100, 784)? And
# the shape of `weight.grad`?
# <details><summary>Answer</summary>
#
# By the rule, (784, 100). But `weight.grad` has shape (100, 784): MXNet stores the transpose, so that a weight and its
# gradient have the same shape and can be added.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The rules for vectors look like those for numbers
#
# On the left for numbers, with $u' = \frac{du}{dx}$; on the right for vectors, with the Jacobian $\mathbf{J}_u =
# \frac{\partial\mathbf{u}}{\partial\mathbf{x}}$.
#
# | $y$ | $\frac{dy}{dx}$ | $y$ or $\mathbf{y}$ | derivative with respect to $\mathbf{x}$ |
# |:---:|:---:|:---:|:---:|
# | $a$ | $0$ | $\mathbf{a}$ | $\mathbf{0}$ |
# | $x$ | $1$ | $\text{sum}(\mathbf{x})$ | $\mathbf{1}^\top$ |
# | $a\,x$ | $a$ | $\mathbf{A}\mathbf{x}$ | $\mathbf{A}$ |
# | $x\,a$ | $a$ | $\mathbf{x}^\top \mathbf{A}$ | $\mathbf{A}^\top$ |
# | $x^2$ | $2x$ | $\lVert\mathbf{x}\rVert^2$ | $2\,\mathbf{x}^\top$ |
# | $a\,u$ | $a\,u'$ | $\mathbf{A}\mathbf{u}$ | $\mathbf{A}\,\mathbf{J}_u$ |
# | $u + v$ | $u' + v'$ | $\mathbf{u} + \mathbf{v}$ | $\mathbf{J}_u + \mathbf{J}_v$ |
# | $u\,v$ | $vu' + uv'$ | $\langle\mathbf u,\mathbf v\rangle$ | $\mathbf v^\top\mathbf J_u+\mathbf u^\top\mathbf J_v$ |

# %% [markdown] slideshow={"slide_type": "skip"}
# Notice how little is new: the squared norm reads like the derivative of $x^2$, and the inner product like the product
# rule. The transpose in the row of $\mathbf{x}^\top \mathbf{A}$ appears because output $j$ is $\sum_i x_i A_{ij}$: its
# derivative with respect to $x_i$ is $A_{ij}$, and outputs are rows, so $A_{ij}$ goes to row $j$, column $i$.
#
# The next cell checks all rows with $\mathbf{u} = \mathbf{A}\mathbf{x}$ and with the squares of $\mathbf{x}$ as
# $\mathbf{v}$. All numbers are whole, so both sides are equal to the last digit.

# %% slideshow={"slide_type": "skip"}
A = np.array([[1, 2, 0], [0, 1, 3], [4, 0, 1]])
x = np.array([1, 2, 3])


def u(x):
    return np.dot(A, x)


def v(x):
    return x * x


du, dv = derivative(u, x), derivative(v, x)  # (3, 3) each
rules = {
    "a": (lambda x: 3 * np.ones_like(x), np.zeros((3, 3))),
    "sum(x)": (lambda x: x.sum(), np.ones(3)),
    "Ax": (lambda x: np.dot(A, x), A),
    "xᵀA": (lambda x: np.dot(x, A), A.T),
    "|x|²": (lambda x: np.dot(x, x), 2 * x),
    "Au": (lambda x: np.dot(A, u(x)), np.dot(A, du)),
    "u + v": (lambda x: u(x) + v(x), du + dv),
    "<u, v>": (lambda x: np.dot(u(x), v(x)), np.dot(v(x), du) + np.dot(u(x), dv)),
}
for name, (f, rule) in rules.items():
    same = bool((derivative(f, x) == rule).all())
    print(f"{name:7} {rule.shape!s:6} as autograd: {same}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Along a chain, derivatives multiply, and their shapes fit
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
# From which end would you multiply?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class answer the last question: a row times a matrix is cheap, a matrix times a matrix is
# not.

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the amplifier story again, with many channels. In the code, $\mathbf{u} = \mathbf{B}\mathbf{x}$ has 2 entries,
# and $\mathbf{y}$, which is $\mathbf{C}$ times the squares of $\mathbf{u}$, has 4. The shapes fit together like
# dominoes: the inner ones must agree, and disappear. If you forget the formula, you can rebuild it from the shapes.
#
# A network is a long chain: each layer is a function of the one before, and at the end stands the loss. The product of
# all these Jacobians is the same wherever you start multiplying, but the work isn't. Suppose that each layer has 1,000
# numbers. The loss is one number, so the leftmost factor is a row with 1,000 entries. A row times a matrix is a row
# again and takes a million multiplications. If you start on the right instead, you multiply two matrices of 1,000 rows
# and 1,000 columns, which takes a billion. So go from the left, from the loss back to the input. This is
# *backpropagation*, and it's a thousand times cheaper here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How autograd works
#
# It writes down small steps, and goes back through them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Forward: a program is a graph of small steps
#
# $z = (\langle \mathbf{x}, \mathbf{w} \rangle - y)^2$: the squared error of a prediction. Values are in blue, above.

# %% slideshow={"slide_type": "-"}
x, w, y = np.array([1, 2]), np.array([3, 1]), np.array(2)
for leaf in (x, w, y):
    leaf.attach_grad()
with autograd.record():
    a = np.dot(x, w)
    b = a - y
    z = b**2
values = {"x": x, "w": w, "y": y, "a": a, "b": b, "z": z}
figures.graph(values)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute the values first: 1 · 3 + 2 · 1 = 5, minus 2 is 3, squared is 9.

# %% [markdown] slideshow={"slide_type": "skip"}
# Any calculation can be broken into small steps whose derivatives are in the table. Drawn as boxes with arrows from
# what goes in to what comes out, they form a *compute graph*, and the inputs are its *leaves*. In this one,
# $\mathbf{x}$ contains the features of one example, $\mathbf{w}$ the weights, and $y$ the true answer. Then $a$ is the
# prediction, $b$ its error, and $z$ the *loss*: a number that says how bad the prediction is. It is the model of the
# next notebook.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Backward: each step multiplies by one local derivative
#
# At the end, $\frac{\partial z}{\partial z} = 1$. Follow the dashed arrows back to $\mathbf{x}$, $\mathbf{w}$, and $y$.

# %% slideshow={"slide_type": "-"}
gradients = {"z": 1.0}
gradients["b"] = gradients["z"] * 2 * b  # z = b²
gradients["a"], gradients["y"] = gradients["b"] * 1, gradients["b"] * -1  # b = a − y
gradients["x"], gradients["w"] = gradients["a"] * w, gradients["a"] * x  # a = ⟨x, w⟩
figures.passes(values, gradients)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play: both passes fill the graph step by step. On paper, do it on the blackboard. Ask
# for each number.

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press play and watch the two passes fill the graph; otherwise, follow the code line by line. The
# *forward pass* computes the values, from left to right. The *backward pass* computes the gradients of $z$, from right
# to left. Each box passes its gradient on to the boxes it was computed from, multiplied by the local derivative, the
# factor on the arrow.
#
# The factor of $z = b^2$ is $2b$, so the backward pass needs the value of $b$ from the forward pass. That's why the
# values that the derivatives need have to be kept until the backward pass has gone by, and why training takes much
# more memory than predicting.
#
# Halfway, only $z$, $b$, and $a$ have gradients:

# %% slideshow={"slide_type": "skip"}
figures.graph(values, {name: gradients[name] for name in "zba"})

# %% [markdown] slideshow={"slide_type": "skip"}
# Does MXNet agree with the gradients that we filled in by hand?

# %% slideshow={"slide_type": "fragment"}
z.backward()
print("autograd: x", x.grad, " w", w.grad, " y", y.grad)

# %% [markdown] slideshow={"slide_type": "skip"}
# One backward pass has given us the gradients with respect to all inputs. What do they say? If you raise the second
# entry of $\mathbf{w}$ by a hundredth, the loss grows by about 12 hundredths. So to make the loss smaller, lower it. If
# you raise the true answer $y$, the loss falls, because the prediction 5 was too high.
#
# When a value is used twice, the gradients that come back from both uses are added. Exercise 03.4 is about that.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A million slopes for the price of a few runs
#
# | | forward mode | reverse mode (`backward`) |
# |:--|:--|:--|
# | what goes along | the slopes with respect to *one input* | the slopes of *one output* |
# | one pass computes | a column of the Jacobian | a row of the Jacobian |
# | passes for $n$ inputs and $m$ outputs | $n$ | $m$ |
# | has to be kept | nothing | the forward values that derivatives need |
# | passes for a million weights, one loss | a million | **one** |

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: when is forward mode the better choice?

# %% [markdown] slideshow={"slide_type": "skip"}
# There are two ways to run the chain rule through a program, and the table compares them.
#
# In *forward mode*, each value carries its slope with respect to one chosen input along with it. The program runs once,
# front to back, and at the end you know how all outputs react to that input: a column of the Jacobian. For the next
# input you need another run.
#
# In *reverse mode*, you first run the program and keep what the derivatives need. Then you go back from one chosen
# output, and each value learns how that output reacts to it. At the end you know how the output reacts to all inputs: a
# row of the Jacobian. For the next output you need another pass.
#
# In both modes, a pass has about the cost of a few runs of the program: each operation is accompanied by one or two
# others of the same size, namely multiplications by its local derivatives. That doesn't depend on the number of inputs
# or outputs. So what counts is the number of passes, $n$ against $m$.
#
# Training asks for the slopes of *one* loss with respect to *many* weights, which is the case that reverse mode was
# made for. That is not the reason why a loss is a single number, however. A loss is a single number because we want to
# minimize it: of two numbers you can say which is smaller, but of two vectors, in general, you can't. That its gradient
# is cheap is a consequence, and a very lucky one.
#
# Let's measure it. The next cell computes a function of a million weights, alone and together with its gradient.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
seed(0)
weight = np.random.normal(scale=0.03, size=(1000, 1000))  # a million inputs
weight.attach_grad()


def seconds(with_gradient):
    start = time.perf_counter()
    with autograd.record() if with_gradient else autograd.pause():  # pause: record nothing (see below)
        x = np.ones((1000, 100))
        for _ in range(4):
            x = np.tanh(np.dot(weight, x))
        y = x.sum()
    if with_gradient:
        y.backward()
    npx.waitall()
    return time.perf_counter() - start


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
times = [(seconds(with_gradient=False), seconds(with_gradient=True)) for _ in range(10)]
alone, both = (min(column) for column in zip(*times, strict=True))
print(f"the function alone     {1e3 * alone:6.0f} ms")
print(f"with a million slopes  {1e3 * both:6.0f} ms, or about {both / alone:.0f} runs")
print(f"measured one by one    {1e6 * alone / 3600:6.1f} hours")

# %% [markdown] slideshow={"slide_type": "skip"}
# The exact ratio depends on the machine and on the program; between two and five runs are typical. Difference quotients
# would need a run for each of the million weights, and so would forward mode, at about twice the price, since each of
# its runs also computes slopes. If you have *one* input and many outputs, forward mode wins: it needs one pass, and no
# memory for old values.
#
# Forward mode is easy to build. A *dual number* is a value together with its slope, and all you need are the rules for
# sums and products. Here it is for the graph that you know. The function has to run twice, since there are two weights:


# %% slideshow={"slide_type": "skip"}
class Dual:
    """A number that carries its slope with respect to one input along with it."""

    def __init__(self, value, slope=0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)


for slopes in ((1, 0), (0, 1)):  # with respect to which weight?
    w1, w2 = Dual(3, slopes[0]), Dual(1, slopes[1])
    b = Dual(1) * w1 + Dual(2) * w2 + Dual(-2)
    print("z is", (b * b).value, "with slope", (b * b).slope)

# %% [markdown] slideshow={"slide_type": "skip"}
# The slopes 6 and 12 are those that one backward pass has found together.


# %% slideshow={"slide_type": "skip"}
def operators(graph):
    """Return the names of a graph's operators, in order."""
    nodes = json.loads(graph.tojson())["nodes"]
    names = [node["op"] for node in nodes if node["op"] != "null"]  # null: a leaf
    return [name.removeprefix("_npi_").removeprefix("_np_") for name in names]


def recorded(f, number):
    """Return the names of the operators between a number and f of it."""
    x = np.array(number)
    x.attach_grad()
    with autograd.record():
        y = f(x)
    return operators(autograd.get_symbol(y))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The graph follows Python through loops and conditions
#
# Heron's square root repeats until it is close enough. The slope of $\sqrt{x}$ is $\frac{1}{2\sqrt{x}}$.


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
# *For the lecturer:* Ask: what about the comparison in the `while`?

# %% [markdown] slideshow={"slide_type": "skip"}
# Nobody would differentiate this function by hand. The number of repetitions depends on the input, so each input has a
# graph of its own, and autograd differentiates the repetitions that have happened. (The operators are those on the path
# from `x` to the result, three per repetition. The comparisons are not among them.) That is the answer to the first
# half of our question: a computer can differentiate *any* program, because in a particular run every program is just a
# sequence of small operations whose derivatives are in the table. Where a step jumps, as `round` or `argmax` do, the
# slope is 0 or undefined, and following it teaches nothing.
#
# **Question.** What happens with the comparison in the `while`?
# <details><summary>Answer</summary>
#
# It decides which graph is built, but no value flows through it to the result, so its derivative is never needed. The
# price: where a small change of the input would change the number of repetitions, autograd doesn't notice.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A graph can be declared in advance or traced while running

# %% slideshow={"slide_type": "-"}
x, w, y = np.array([1, 2]), np.array([3, 1]), np.array(2)
w.attach_grad()
names = [sym.var(s, dtype="float32").as_np_ndarray() for s in "xwy"]
declared = (sym.np.dot(names[0], names[1]) - names[2]) ** 2
print("declared:", operators(declared))

with autograd.record():
    z = (np.dot(x, w) - y) ** 2
print("traced:  ", operators(autograd.get_symbol(z)))

run = gluon.SymbolBlock(declared, names)
print("values:  ", float(run(x, w, y)), float(z))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Declared: can be optimized and saved as a whole. Traced: plain Python, with `print` and `if`.

# %% [markdown] slideshow={"slide_type": "skip"}
# Some frameworks let you *declare* a graph first and run it later: TensorFlow 1 and MXNet's Symbol do. A declared
# graph is a form without numbers. A tool can look at the whole, make it faster, save it, and run it without Python.
# But you can't print or debug on the way, and an `if` has to be an operator of the graph. Others *trace* what happens
# while the program runs: Chainer, PyTorch, and MXNet's autograd. Here both give the same graph and the same number.
#
# In the code, a *symbol* is a name without a number. `sym.var` makes one, `SymbolBlock` turns the finished form into a
# function, and `get_symbol` returns the graph that was recorded. (`operators` omits the leaves.)
#
# *Gluon*, MXNet's library for networks, offers both: you write a traced program, and when it works, `hybridize` turns
# it into a declared graph.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `backward` overwrites the gradient unless you ask it to add

# %% slideshow={"slide_type": "-"}
x = np.array([3, 5])
for grad_req in ("write", "add"):
    x.attach_grad(grad_req)
    for _ in range(3):
        with autograd.record():
            y = (x * x).sum()
        y.backward()
    print(f"{grad_req:5}", x.grad)
x.grad[:] = 0  # with "add", you have to clear it yourself

# %% [markdown] slideshow={"slide_type": "skip"}
# The derivative of $x^2$ is 6 at 3 and 10 at 5. After three passes, `write` has stored it three times, and `add` has
# added it up. Adding is useful if a batch is too large for the memory: take it in parts, and the gradients of the
# parts add up to the gradient of the whole. A third choice, `"null"`, keeps no gradient at all. If you come from
# PyTorch, note that adding is the default there, and that you need `zero_grad`; MXNet overwrites by default.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `detach` and `pause` make a value count as a constant

# %% slideshow={"slide_type": "-"}
x = np.array(3.0)
x.attach_grad()
with autograd.record():
    y = x * x
    with autograd.pause():
        unseen = x * x  # in this block nothing is recorded
    z = {"all": y * x, "detach": y.detach() * x, "pause": unseen * x}
for name, result in z.items():
    result.backward()
    print(f"{name:6} value {float(result):g}, gradient {float(x.grad):2g}")

# %% [markdown] slideshow={"slide_type": "skip"}
# All three values are $x^3 = 27$, but the gradients differ. `y * x` has the slope $3x^2 = 27$. With `y.detach()`,
# autograd sees 9 times $x$, with slope 9. `pause` does the same for everything computed in its block. Use them for what
# should not be learned from, such as a running mean, a target that another network computed, or a number for the log.
# What isn't recorded takes no memory either.
#
# **Question.** What would `(y * x).detach().backward()` do?
# <details><summary>Answer</summary>
#
# It would raise an error, because no way back to `x` is left.
#
# </details>


# %% slideshow={"slide_type": "skip"}
def print_state(name, y):
    """Print the two switches of autograd as they are now, and the share of zeros in y."""
    zeros = float((y == 0).mean())
    print(f"{name:17}{autograd.is_recording()!s:11}{autograd.is_training()!s:10}{zeros:.1f}")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Some layers behave differently in training and predicting
#
# *Dropout* sets entries to zero at random, and only in training. `record` switches training on.

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

# %% [markdown] slideshow={"slide_type": "skip"}
# There are two switches. One says whether operations are recorded, the other how some layers behave, and `record()`
# sets both. Dropout doubles the entries that survive, so that the mean stays the same. You'll use it from notebook 08
# on, and batch normalization, which has two modes as well, in notebook 16.
#
# **Question.** What goes wrong if you measure the accuracy on test data inside `record`?
# <details><summary>Answer</summary>
#
# Parts of the network are switched off at random, so the accuracy usually comes out too low, and it changes from run
# to run. You also pay memory for a record that nobody reads.
#
# </details>
#
# ### What MXNet's autograd cannot do
#
# A gradient is a function too, so you could differentiate it again: the *second derivative* says how fast the slope
# changes. With `autograd.grad(..., create_graph=True)` MXNet records the backward pass as well, but only some of its
# operators support that: mostly elementwise functions such as `exp`, `sin`, and `tanh`, but not `x**3`, sums, or
# products. This costs us nothing, because training needs only the first.

# %% slideshow={"slide_type": "skip"}
functions = {"sin(x)": np.sin, "square(x)": np.square, "x * x": lambda x: x * x, "x**3": lambda x: x**3}
for name, f in functions.items():
    x = np.array(2.0)
    x.attach_grad()
    with autograd.record():
        (slope,) = autograd.grad(f(x), [x], create_graph=True)
    try:
        slope.backward()
        print(f"{name:10} second derivative at 2: {float(x.grad):.3f}")
    except NotImplementedError as error:
        print(f"{name:10} {str(error).split(',')[0]}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Follow the gradient
#
# Less wrong, step by step, on the examples that you have.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Your first fit: walk against the gradient

# %% slideshow={"slide_type": "skip"}
cars = load_cars().dropna(subset=["mpg"])  # leave out cars whose mileage is unknown
cars["above"] = cars["weight"] / 1000 - 2  # in thousands of pounds, above 2,000


def columns(table):
    """Return what we know about the cars, and what we want to predict, as arrays."""
    return [np.array(table[name].to_numpy(), dtype="float32") for name in ("above", "mpg")]


light, heavy = cars[cars["weight"] < 2500], cars[cars["weight"] >= 2500]
x, y = columns(light)
print(f"{len(light)} light cars, {len(heavy)} heavy ones")

# %% slideshow={"slide_type": "-"}
weights = np.zeros(2)  # the line's slope, and its height at 2,000 pounds
weights.attach_grad()
history = [weights.tolist()]  # the two weights at the start, and after each step
for _ in range(300):
    with autograd.record():
        loss = ((weights[0] * x + weights[1] - y) ** 2).mean()
    loss.backward()
    weights -= 0.4 * weights.grad  # a step downhill
    history.append(weights.tolist())
figures.lines({"light cars": (x, y)}, history, [0, 3, 300], height=3.2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play. The whole of training is in this loop; notebook 04 takes it apart.

# %% [markdown] slideshow={"slide_type": "skip"}
# The data are real: 398 cars from the years 1970 to 1982, with their weight and the distance that they drive on a
# gallon of gas. We use the 146 cars that weigh less than 2,500 pounds (1.1 tonnes) and look for a line that predicts
# the mileage of a car from its weight. To keep the numbers small, the weight counts from 2,000 pounds, in thousands.
#
# The line has two weights, its slope and its height. The loss is the mean of the squared errors. In each step, we ask
# the gradient which way the loss grows and move both weights a little the other way. That's all: nobody has told the
# program how to fit a line. Both weights start at 0 here; those of a network start out random. The factor 0.4, the
# *learning rate*, and the 300 steps were found by trying; notebook 05 explains how to choose.
#
# Watch the line: the first few steps lift it to the right height, and the remaining ones turn it slowly. It is as in
# the picture of the bowl above, only stronger: here the slope of the loss changes 28 times as fast in one direction as
# in the other.
#
# Is the fit good? On the cars that it was made for, yes. What about the others? Guess first: while the error on the
# light cars falls, what does the error on the heavy ones do?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A gradient promises nothing about examples you don't have

# %% slideshow={"slide_type": "-"}
everything = {"light cars, used": (x, y), "heavy cars, not used": columns(heavy)}
figures.lines(everything, history, [50, 300], height=4.6)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Before you show it, ask: does the error on the heavy cars fall as well?

# %% [markdown] slideshow={"slide_type": "skip"}
# After 50 steps, the line passes through the heavy cars quite well; after 300, it is far below the heaviest ones. The
# next figure shows the typical error, the root of the mean squared error, after each step.


# %% slideshow={"slide_type": "skip"}
def typical_errors(x, y):
    """Return the root of the mean squared error on some cars after each step."""
    return [float(((w * x + b - y) ** 2).mean()) ** 0.5 for w, b in history]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### On the cars that we kept out, the error falls and rises

# %% slideshow={"slide_type": "-"}
used, not_used = typical_errors(x, y), typical_errors(*columns(heavy))
figures.errors(used, not_used)

# %% slideshow={"slide_type": "skip"}
falls = used[:101] == sorted(used[:101], reverse=True)
print(f"light cars: {used[-1]:.1f} in the end; falls in each of the first 100 steps: {falls}")
print(f"heavy cars: {min(not_used):.1f} at best, {not_used[-1]:.1f} in the end")
w, b = history[-1]
print(f"prediction for the heaviest car: {w * float(cars['above'].max()) + b:.0f} miles per gallon")

# %% [markdown] slideshow={"slide_type": "skip"}
# On the light cars, each of the first 100 steps makes the error smaller; after that it hardly changes. On the heavy
# ones it falls, rises, falls, and rises again, and at the end it is more than twice its lowest value: for the heaviest
# car, the line predicts a mileage *below zero*. Around step 40 the error is even lower than on the light cars, because
# heavy cars scatter less around a line, and for a moment ours is nearly the best one for them. That is luck: the line
# is on its way to somewhere else.
#
# Nothing is wrong with the gradient. We asked it how to be less wrong on the light cars, and it answered exactly that
# question. Heavy cars appear nowhere in the loss. Had we put aside some *light* cars instead, their error would have
# fallen too, because they resemble the ones we used. Training relies on this resemblance, and the gradient can't check
# it. So a falling loss tells you that training works; it doesn't tell you that the model will work on data it has not
# seen. You can find out only by keeping some data out of the loss and measuring on them. The next notebooks do that,
# and notebook 08 is all about it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - *Any program*: in each run it is a sequence of small operations with known derivatives. Autograd records them,
#   then multiplies along each path and adds over all paths.
# - One backward pass gives the slopes of one number with respect to all inputs, for the price of a few runs.
# - *The main thing*: the gradient tells each weight which way the loss shrinks. Step, and ask again.
# - `attach_grad`, `record`, `backward`, `.grad`; `detach` and `pause` keep things out.
# - It makes you less wrong on the examples you *have*. What about the others? Measure.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 03.1: predict a gradient
#
# Without running it: what is `x.grad` at the end?
#
# ```python
# x = np.array(3.0)
# x.attach_grad(grad_req="add")
# for _ in range(3):
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
# Write z with the constant as a number and differentiate. Then count how often the result is added.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# x_grad = 45
# ```
#
# The detached y is the constant 9, so z = 9x + x², with slope 9 + 2x = 15. It is added three times.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 03.2: change the step
#
# In float32, the central quotient of $x^3$ with $h = 0.1$ is wrong by up to three parts in a thousand for $x$ between 1
# and 2. Choose $h$ so that it is wrong by less than one part in ten thousand at all of these points.
#
# The check measures 101 points in float32 and reports the largest error.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
h = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.2", h)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Look at the V-shaped curves above: too far to the left is as bad as too far to the right.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# h = 0.005
# ```
#
# Any step from about 0.001 to 0.017 will do. No step makes the one-sided quotient that good.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 03.3: build a gradient checker
#
# A checker finds the gradient of any function without calculus: move one entry of $\mathbf{x}$ by $h$ to both sides
# while the others stay, take the central quotient, and go on to the next entry.


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
# ## Exercise 03.4: build the backward pass
#
# Here $z$ uses $a$ twice: $\;a = \langle \mathbf{x}, \mathbf{w} \rangle, \quad b = a - y, \quad z = a \, b$.
#
# Go back by hand, without autograd, and return the gradients of $z$ with respect to $\mathbf{x}$, $\mathbf{w}$, and
# $y$.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def backward(x, w, y):
    """x (n,), w (n,), a number y; returns (dz_dx, dz_dw, dz_dy)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.4", backward)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Draw the graph. Two paths lead from a to z: one directly, one through b. What comes back along them is added up.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def backward(x, w, y):
#     a = np.dot(x, w)
#     b = a - y
#     dz_db = a  # z = a * b
#     dz_da = b + dz_db  # directly, and through b
#     return dz_da * w, dz_da * x, -dz_db
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: your own autograd
#
# In about 30 lines you can build what MXNet's autograd does, for single numbers:
#
# 1. the check says *right*, for any graph of sums and products;
# 2. your gradients agree with MXNet's **to the last digit**;
# 3. you fit the light cars with your own class.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A number that remembers what it was computed from
#
# `Value` can already add. Write `__mul__` and `backward`.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
class Value:
    def __init__(self, data, steps=()):
        self.data, self.grad = data, 0.0
        self.steps = steps  # pairs: (what it was computed from, the local derivative)

    def __add__(self, other):
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other): ...

    def backward(self): ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("03.5", Value)

# %% [markdown] slideshow={"slide_type": "skip"}
# For the second goal, take $z = (\langle \mathbf{x}, \mathbf{w} \rangle - y)^2$ with numbers such as 0.1 that are not
# whole, and let MXNet compute in double precision, as Python does: `np.array(0.1, dtype="float64")`. You have reached
# the third if your line is the same as MXNet's, to four digits, after 50 steps of 0.4.
#
# If you want more, add `exp` or `tanh`, or draw the graph of a `Value`. Your class computes with single numbers, so it
# is slow. Otherwise nothing is missing: MXNet does the same with arrays.
#
# <details><summary>Hint</summary>
#
# The local derivative of a product with respect to one factor is the other factor. For `backward`, first list all
# values that the result depends on, each one after those it was computed from (a recursive function and a set of what
# it has seen will do). Then set the gradient of the result to 1, go through the list in reverse order, and let each
# value pass its gradient on, times the local derivative, with `+=`. In a wrong order, a value passes its gradient on
# before all of its own has arrived. Try it with `a = x * x; z = a * a + a`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# class Value:
#     def __init__(self, data, steps=()):
#         self.data, self.grad = data, 0.0
#         self.steps = steps
#
#     def __add__(self, other):
#         return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
#
#     def __mul__(self, other):
#         return Value(self.data * other.data, [(self, other.data), (other, self.data)])
#
#     def backward(self):
#         order, seen = [], set()
#
#         def visit(value):
#             if value not in seen:
#                 seen.add(value)
#                 for source, _ in value.steps:
#                     visit(source)
#                 order.append(value)
#
#         visit(self)
#         self.grad = 1.0
#         for value in reversed(order):
#             for source, slope in value.steps:
#                 source.grad += value.grad * slope
# ```
#
# The second goal, with MXNet on the left and the new class on the right:
#
# ```python
# numbers = (0.3, 0.7, 0.1, 0.2, -1.9)  # w1, w2, x1, x2, -y
#
#
# def program(w1, w2, x1, x2, minus_y):
#     error = w1 * x1 + w2 * x2 + minus_y
#     return error * error
#
#
# arrays = [np.array(number, dtype="float64") for number in numbers]
# for array in arrays:
#     array.attach_grad()
# with autograd.record():
#     z = program(*arrays)
# z.backward()
# values = [Value(number) for number in numbers]
# program(*values).backward()
# for array, value in zip(arrays, values, strict=True):
#     print(array.grad.item(), value.grad, array.grad.item() == value.grad)
# ```
#
# And the third, where `x`, `y`, and `history` come from the section *Follow the gradient*. Each example takes its own
# backward pass, and the gradients add up, as with `grad_req="add"`:
#
# ```python
# data = list(zip(x.tolist(), y.tolist(), strict=True))
# slope, height = 0.0, 0.0
# for step in range(50):
#     w, b = Value(slope), Value(height)
#     for weight, mileage in data:
#         error = w * Value(weight) + b + Value(-mileage)
#         (error * error).backward()
#     slope -= 0.4 * w.grad / len(data)
#     height -= 0.4 * b.grad / len(data)
# print(f"{slope:.4g} {height:.4g}", [float(f"{number:.4g}") for number in history[50]])
# ```
#
# Where three or more gradients meet, the last digit may depend on the order in which they are added.
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
#   survey](https://arxiv.org/abs/1502.05767), 2015: forward and reverse mode, and what they cost
# - Parr and Howard, [The matrix calculus you need for deep learning](https://arxiv.org/abs/1802.01528), 2018
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **04 · Linear regression**, where following the gradient becomes a method.
