# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 05 · Optimization
#
# A gradient says where down is. How far to step, and from how many examples to ask, decides whether a network learns in
# minutes, in days, or never.
#
# *45 minutes · needs 03, 04*

# %% [markdown] slideshow={"slide_type": "notes"}
# Two numbers are chosen in every training run of this course: the learning rate and the batch size. Today's question is
# how to choose them, and what goes wrong with the other choices. First with functions that fit on a slide, then with
# prices.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Explain** why a small step against the gradient goes down, and when a large one does not.
# - **See** gradient descent in one dimension and in two, and choose a learning rate.
# - **Measure** what a batch of one example, of a hundred, and of all of them costs and brings.
# - **Build** momentum, from scratch and in Gluon.
# - **Know** what a lower rate at the end of training is good for.

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

import numpy as onp  # NumPy itself, for random orders that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, np, npx

from d2lhelpers import COLORS, check, explore, rounded, show, spot_prices, subplots

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_promise(lr):
    """Draw x², its tangent at 1, and a step of gradient descent: where the tangent leads, and where the curve is."""
    fig, ax = subplots(width=8.4, height=3.2)
    x = onp.linspace(-0.2, 1.5, 100)
    end = 1 - lr * 2
    ax.plot(x, x**2, color=COLORS["black"], linewidth=1.5, label="f")
    ax.plot(x, 2 * x - 1, color=COLORS["sky"], linestyle="--", label="tangent at x = 1")
    ax.plot(1, 1, "s", color=COLORS["blue"], markersize=10)
    ax.plot(end, end**2, "o", color=COLORS["vermilion"], label="where the step leads")
    ax.plot(end, 1 - lr * 4, "D", color=COLORS["sky"], label="promised by the tangent")
    ax.annotate("", (end, 1), (1, 1), arrowprops={"arrowstyle": "-|>", "color": COLORS["vermilion"], "linewidth": 2.5})
    ax.text((1 + end) / 2, 1.1, "−η f′(x)", ha="center")
    ax.set(xlabel="x", ylabel="f(x)", ylim=(-0.6, 1.9))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(
        fig,
        alt="A parabola and its tangent at 1. A step to the left leads to a point on the parabola that lies lower "
        "than the start, and a little above the tangent.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Gradient descent
#
# Why a step goes down, and how long it may be.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Why a step against the slope goes down
#
# Near $x$ a function is nearly its tangent (Taylor): $\;f(x + \epsilon) \approx f(x) + \epsilon f'(x)$.
# Choose $\epsilon = -\eta f'(x)$:
#
# $$f(x - \eta f'(x)) \approx f(x) - \eta f'(x)^2$$

# %% slideshow={"slide_type": "-"}
draw_promise(lr=0.25)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A square is never negative: with a small *learning rate* $\eta > 0$ the step goes **down**, wherever $f'(x) \neq 0$.

# %% [markdown] slideshow={"slide_type": "notes"}
# Go through it from left to right. The step is against the slope, and its length is the slope times η, the *learning
# rate*. Where the function is steep the step is long; at the minimum it is zero.
#
# Ask: where in this argument is it used that η is small? (In "nearly its tangent". The next slide shows the price.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### How much is that promise worth?
#
# $f(x) = x^2$ at $x = 1$: the value is 1, the slope 2. Promised is $1 - 4\eta$.


# %% slideshow={"slide_type": "-"}
def square(x):
    return x**2


for lr in (0.01, 0.1, 0.25, 0.5, 1.0, 1.5):
    promised, true = square(1) - lr * 2**2, square(1 - lr * 2)
    print(f"η = {lr:4}: promised {promised:5.2f}, true {true:5.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Small steps keep the promise. At $\eta = 1$ nothing is gained, beyond it the step climbs.

# %% [markdown] slideshow={"slide_type": "notes"}
# The difference between the columns is 4η², exactly: for a parabola the Taylor series ends with the square.
#
# Ask: which η is best here? (0.5: in one step to the minimum. Would we know it for another function? Only if we knew
# its curvature.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Gradient descent from scratch


# %% slideshow={"slide_type": "-"}
def descend(f, x, lr, num_steps):
    x = np.array(x)
    x.attach_grad()
    path = [x.copy()]
    for _ in range(num_steps):
        with autograd.record():
            value = f(x)
        value.backward()
        x[:] = x - lr * x.grad  # in place, as in notebook 04
        path.append(x.copy())
    return path


print([rounded(x.item()) for x in descend(square, [1.0], 0.25, 6)])

# %% [markdown] slideshow={"slide_type": "notes"}
# The loop of notebook 04 with one parameter and no data. `[:]` writes in place, so that the gradient stays attached.
# `x` is an array, here of one number; the valley below has two.
#
# Ask: by what factor does x shrink in each step? (1 − 2η, a half. For η = 0.6 it would be −0.2: it changes sides.)


# %% slideshow={"slide_type": "skip"}
GOLDILOCKS = (
    "A parabola with the points of a descent from the left. At 0.05 the points creep and do not arrive; at 0.4 they "
    "reach the bottom in three steps; at 1.03 they jump from side to side, higher each time."
)


def draw_descent(ax, lr, num_steps=8):
    """Draw the parabola x², and the points that gradient descent visits from x = -1."""
    path = onp.array([x.item() for x in descend(square, [-1.0], lr, num_steps)])
    x = onp.linspace(-1.9, 1.9, 100)
    ax.plot(x, x**2, color=COLORS["black"], linewidth=1.5)
    ax.plot(path, path**2, color=COLORS["vermilion"], marker="o", linewidth=1.5)
    ax.plot(path[:1], path[:1] ** 2, color=COLORS["blue"], marker="s", markersize=11)
    missed = "too small" if lr < 0.5 else "too large"
    outcome = "right" if abs(path[-1]) < 0.3 else missed
    ax.set_title(f"η = {lr:g}: {outcome}")
    ax.set(xlim=(-1.9, 1.9), ylim=(-0.2, 3.4), xlabel="x", ylabel="f(x)")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Too small, right, too large
#
# Eight steps from the blue square. Goldilocks would have tried all three.

# %% slideshow={"slide_type": "-"}
rates = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 0.97, 1.0, 1.03, 1.1]
explore(draw_descent, [0.05, 0.4, 1.03], values=rates, label="η", alt=GOLDILOCKS)

# %% [markdown] slideshow={"slide_type": "notes"}
# Live, move the slider from left to right and let the class shout when it is right. Then ask what happens at exactly 1
# (it jumps between −1 and 1 for ever), and which side of "right" is the safer one.
#
# In practice: try factors of ten or three. Too small shows as a loss that falls in a straight, dull line; too large
# as a loss that jumps, or is `nan`.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Curvature sets the limit
#
# $f(x) = \frac{a}{2} x^2$ has the slope $a x$, so a step multiplies $x$ by $1 - \eta a$. It shrinks only if
# $\eta < 2 / a$.

# %% slideshow={"slide_type": "-"}
for a in (1, 4, 10):
    for lr in (1.9 / a, 2.1 / a):
        x = 1.0
        for _ in range(60):
            x = x - lr * a * x
        print(f"a = {a:2}, η = {lr:.2f}: after 60 steps |x| = {abs(x):.3g}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Just below the limit it converges, just above it explodes, whatever a is. The second derivative of f is a, its
# *curvature*: the more curved, the smaller the rate that is allowed. (x² has a = 2, so its limit was 1.)
#
# A network has millions of directions, each with a curvature of its own. The most curved one sets the limit for all.


# %% slideshow={"slide_type": "skip"}
def draw_paths(paths):
    """Draw descents over the contours of the valley, side by side."""
    fig, axes = subplots(1, len(paths), width=11.4, height=2.9, sharey=True)
    u, v = onp.meshgrid(onp.linspace(-5.4, 2.2, 120), onp.linspace(-2.6, 2.6, 80))
    for ax, (title, path) in zip(axes, paths.items(), strict=True):
        ax.contour(u, v, 0.1 * u**2 + 2 * v**2, levels=[0.1, 0.5, 1, 2, 4, 8], colors="#9a9a9a", linewidths=1)
        points = onp.array([point.asnumpy() for point in path])
        ax.plot(*points.T, color=COLORS["vermilion"], marker="o", markersize=4, linewidth=1.5)
        ax.plot(*points[0], color=COLORS["blue"], marker="s", markersize=10)
        ax.plot(0, 0, color=COLORS["black"], marker="*", markersize=14)
        ax.set_title(title)
        ax.set(xlim=(-5.4, 2.2), ylim=(-2.6, 2.6), xlabel="x₁")
    axes[0].set_ylabel("x₂")
    show(
        fig,
        alt="Paths over the contours of a long valley, from a square towards a star at its bottom: "
        + "; ".join(paths)
        + ".",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Momentum
#
# Two directions that want two rates, and a ball that gathers speed.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two dimensions: a long valley
#
# $f(\mathbf{x}) = 0.1\,x_1^2 + 2\,x_2^2$. Across, the valley is twenty times as curved as along.


# %% slideshow={"slide_type": "-"}
def valley(x):
    return 0.1 * x[0] ** 2 + 2 * x[1] ** 2


start = [-5.0, -2.0]
paths = {f"η = {lr}": descend(valley, start, lr, 20) for lr in (0.1, 0.4, 0.49)}
draw_paths(paths)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Across, $a = 4$: the rate must stay below $2/4$. Along, $a = 0.2$: with such a rate the steps are small.

# %% [markdown] slideshow={"slide_type": "notes"}
# Twenty steps each. With 0.1 the path slides to the bottom of the valley, then creeps along it. With 0.4 it zigzags and
# gets further. With 0.49 it hardly stops jumping across.
#
# Ask: what would the path be if the contours were circles? (Straight to the star.) This is why features should have the
# same scale, as those of notebook 04 have: it makes the contours rounder.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Momentum
#
# A ball does not turn at every bump. Keep a part $\beta$ of the last step $\mathbf{v}$; $\nabla f$ is the gradient:
#
# $$\mathbf{v} \leftarrow \beta \mathbf{v} - \eta \nabla f(\mathbf{x}) \qquad \mathbf{x} \leftarrow \mathbf{x} +
# \mathbf{v}$$


# %% slideshow={"slide_type": "-"}
def descend_with_momentum(f, x, lr, num_steps, momentum):
    x = np.array(x)
    x.attach_grad()
    velocity = np.zeros_like(x)
    path = [x.copy()]
    for _ in range(num_steps):
        with autograd.record():
            value = f(x)
        value.backward()
        velocity[:] = momentum * velocity - lr * x.grad
        x[:] = x + velocity
        path.append(x.copy())
    return path


# %% [markdown] slideshow={"slide_type": "notes"}
# Across the valley the gradients alternate and cancel in the sum. Along it they all point the same way and add up: to a
# step 1/(1 − β) times as long, twice for β = 0.5, ten times for 0.9.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Momentum in the valley
#
# The same 20 steps, the same rate.

# %% slideshow={"slide_type": "-"}
paths = {}
for beta in (0.0, 0.5, 0.8):
    path = descend_with_momentum(valley, start, 0.4, 20, beta)
    paths[f"β = {beta}"] = path
draw_paths(paths)
for name, path in paths.items():
    print(f"{name}: f is {valley(path[-1]).item():.4f} after 20 steps")

# %% [markdown] slideshow={"slide_type": "notes"}
# β = 0 is plain descent. With 0.5 the ball arrives. With 0.8 it shoots past the star and comes back: too much memory,
# for so few steps. In deep networks, with many thousand steps, 0.9 is the usual start.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same in Gluon
#
# `Trainer` has momentum built in. From the same start it takes the same steps.

# %% slideshow={"slide_type": "-"}
x = gluon.Parameter("x", shape=(2,))
x.initialize()
x.set_data(np.array(start))
options = {"learning_rate": 0.4, "momentum": 0.5}
trainer = gluon.Trainer({"x": x}, "sgd", options)
for _ in range(20):
    with autograd.record():
        value = valley(x.data())
    value.backward()
    trainer.step(batch_size=1)
print("Gluon:  ", rounded(x.data()))
print("scratch:", rounded(paths["β = 0.5"][-1]))

# %% [markdown] slideshow={"slide_type": "notes"}
# A `Parameter` is an array with a name and a gradient; layers have them inside. The trainer takes any collection of
# them. `step(batch_size)` divides the gradient by the batch size; here there is no batch.


# %% slideshow={"slide_type": "skip"}
def draw_two_minima(f, paths):
    """Draw a curve with two minima, and descents into each of them."""
    fig, ax = subplots(width=9.0, height=2.6)
    x = onp.linspace(-1.5, 1.5, 200)
    ax.plot(x, f(x), color=COLORS["black"], linewidth=1.5)
    looks = (("vermilion", "o"), ("blue", "s"))
    for (start, path), (color, marker) in zip(paths.items(), looks, strict=True):
        points = onp.array([point.item() for point in path])
        ax.plot(points, f(points), color=COLORS[color], marker=marker, markersize=6, label=f"from {start:g}")
    ax.set(xlabel="x", ylabel="f(x)", ylim=(-0.85, 0.5))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(
        fig,
        alt="A curve with two valleys, the left one deeper. A descent from the left of the hill ends in the left "
        "valley, one from the right of it in the right valley.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### More than one valley
#
# With small steps, descent ends in the valley in which it starts. Networks have very many.


# %% slideshow={"slide_type": "-"}
def two_minima(x):
    return x**4 / 2 - x**2 + 0.2 * x


descents = {x: descend(two_minima, [x], 0.1, 40) for x in (0.05, 0.2)}
for x, path in descents.items():
    low = two_minima(path[-1]).item()
    print(f"from {x:4}: to x = {path[-1].item():5.2f}, f = {low:5.2f}")
draw_two_minima(two_minima, descents)

# %% [markdown] slideshow={"slide_type": "notes"}
# Two starts, 0.15 apart, on the two sides of the hilltop. Ask: does a bad valley matter for networks? (Less than one
# would think: in many dimensions most valleys that are found are about equally deep, and noisy steps leave the shallow
# ones. That the start matters at all is why it is random and why its size is chosen with care.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Minibatches
#
# All examples for one step, or one example, or something between?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Now with data: how many examples for a gradient?
#
# 400,000 prices, the model of notebook 04. The loss is a mean over examples, and so is its gradient.

# %% slideshow={"slide_type": "-"}
data = spot_prices(400_000)
X, y = data.features, data.prices  # (n, 6), (n,); rows in random order


def gradient(w, first, count):
    residual = y[first : first + count] - np.dot(X[first : first + count], w)
    return -2 / count * np.dot(residual, X[first : first + count])  # (6,)


w = np.zeros(6)
for count in (1, 100, 400_000):
    print(f"{count:7} examples:", rounded(gradient(w, 0, count), 2))

# %% [markdown] slideshow={"slide_type": "fragment"}
# A hundred examples already say nearly what all of them say: data are **redundant**.

# %% [markdown] slideshow={"slide_type": "notes"}
# One example says nothing about the regions that it is not in: three entries are zero. A hundred give every entry to
# within 0.1, and all but the first, which is small, to about an eighth of its size. All 400,000 are four thousand times
# as much arithmetic, and change little.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The noise of a minibatch
#
# The gradient of $b$ examples is off by an amount that falls as $1/\sqrt{b}$. Measured over 200 batches each:


# %% slideshow={"slide_type": "skip"}
def draw_noise(sizes, errors):
    """Draw the error of minibatch gradients against the batch size, with the line of the theory."""
    fig, ax = subplots(width=8.0, height=2.7)
    ax.loglog(sizes, errors, "o", color=COLORS["blue"], label="measured")
    theory = errors[0] / onp.sqrt(onp.array(sizes, dtype="float64"))
    ax.loglog(sizes, theory, color=COLORS["vermilion"], linestyle="--", label="falls as 1 / √b")
    ax.set(xlabel="batch size b", ylabel="relative error")
    ax.legend()
    show(
        fig,
        alt="The relative error of the gradient against the batch size, both axes logarithmic: the points lie on a "
        "straight line, falling by ten for a batch a hundred times as large.",
    )


# %% slideshow={"slide_type": "-"}
exact = gradient(w, 0, 400_000)
sizes, errors = [1, 4, 16, 64, 256, 1024], []
for b in sizes:
    off = [gradient(w, b * i, b) - exact for i in range(200)]
    mean_square = sum((error**2).sum() for error in off) / len(off)
    errors.append((mean_square**0.5 / np.linalg.norm(exact)).item())
print("relative error:", rounded(errors, 2))

# %% slideshow={"slide_type": "-"}
draw_noise(sizes, errors)

# %% [markdown] slideshow={"slide_type": "notes"}
# *Relative error*: how far a batch's gradient is from that of all examples, over the length of the latter. It is
# averaged as in a standard deviation: the root of the mean square. With one example it is larger than the gradient.
#
# To halve the noise you need four times the examples, so four times the work: a bad bargain, soon. Two small steps in
# about the right direction bring more than one in exactly the right one.


# %% slideshow={"slide_type": "skip"}
def seconds_per_gradient(count, repeats=20):
    """Return the shortest time of a gradient from `count` examples: what else the machine does only adds to it."""
    times = []
    for i in range(repeats):
        begin = perf_counter()
        gradient(w, i, count).wait_to_read()
        times.append(perf_counter() - begin)
    return min(times)


def draw_cost(sizes, times):
    """Draw the time of a gradient, and the time for each example in it, against the batch size."""
    fig, (left, right) = subplots(1, 2, width=10.5, height=3.0)
    left.loglog(sizes, onp.array(times) * 1e6, marker="o", color=COLORS["blue"])
    left.set(xlabel="batch size", ylabel="µs for a gradient", ylim=(min(times) * 1e6 / 10, max(times) * 1e6 * 2))
    right.loglog(sizes, onp.array(times) / onp.array(sizes) * 1e6, marker="s", color=COLORS["vermilion"])
    right.set(xlabel="batch size", ylabel="µs for an example")
    show(
        fig,
        alt="Left: the time of a gradient against the batch size, level at first, then rising. Right: the time for "
        "each example, falling steeply, then level.",
    )


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Why not one example at a time?
#
# Hardware works in bulk: a gradient from 100 examples takes hardly longer than one from a single example.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = [1, 10, 100, 1000, 10_000, 100_000, 400_000]
times = [seconds_per_gradient(count) for count in counts]
print(f"1 example: {times[0] * 1e6:.0f} µs, 100 examples: {times[2] * 1e6:.0f} µs")
draw_cost(counts, times)

# %% [markdown] slideshow={"slide_type": "notes"}
# On the left the curve is level for small batches: what costs is to start the operators, not to compute. Then it
# rises with the number of examples. On the right the same per example: a single one costs thousands of times as much
# as one in a large batch. On a GPU the level part is longer.
#
# Ask: which batch size would you take from these two curves alone? (One just before the left curve rises. The noise, on
# the slide before, says that a smaller one will do.)


# %% slideshow={"slide_type": "skip"}
C = np.dot(X.T, X) / len(y)  # (6, 6)
best = np.linalg.solve(C, np.dot(X.T, y) / len(y))  # the weights of smallest loss
best.wait_to_read()  # so that this work is not on the clock of the race


def excess(weights):
    """Return by how much the loss of weights (k, 6) is above the smallest: (w - best)ᵀ C (w - best), (k,)."""
    error = weights - best
    return (np.dot(error, C) * error).sum(axis=1).asnumpy()


def draw_race(runs):
    """Draw the excess loss against epochs and against seconds."""
    fig, axes = subplots(1, 2, width=11.0, height=3.4, sharey=True)
    looks = (("orange", ":", "^"), ("vermilion", "-", "o"), ("blue", "--", "s"))
    for (name, (epochs, seconds, losses)), (color, line, marker) in zip(runs.items(), looks, strict=True):
        for ax, x in zip(axes, (epochs, seconds), strict=True):
            ax.loglog(x, losses, color=COLORS[color], linestyle=line, marker=marker, markersize=5, label=name)
    axes[0].set(xlabel="epochs", ylabel="loss above the smallest")
    axes[1].set(xlabel="seconds")
    axes[1].legend()
    show(
        fig,
        alt="Loss above the smallest against epochs and seconds, axes logarithmic. The single example is first in "
        "epochs and stays high, the minibatch is first in seconds, the full gradient ends lowest.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A race over the same data
#
# Three ways to train, each for a fraction of a second.


# %% slideshow={"slide_type": "-"}
def train(batch_size, lr, num_updates):
    w, weights, seconds = np.zeros(6), [], []
    every = max(1, num_updates // 50)  # measure about 50 times
    begin = perf_counter()
    for update in range(num_updates):
        first = update * batch_size % len(y)
        w = w - lr * gradient(w, first, batch_size)
        if update % every == 0:
            weights.append(w.asnumpy())
            seconds.append(perf_counter() - begin)
    updates = onp.arange(0, num_updates, every) + 1
    return updates * batch_size / len(y), seconds, excess(np.array(weights))


# %% [markdown] slideshow={"slide_type": "notes"}
# The gradient is the function of the last slides, so nothing is recorded. The rows are in random order already; with
# your own data, shuffle. `asnumpy` waits for the result, 50 times in all, so that the clock is honest.
#
# Each way has a rate that suits it: the fewer examples, the noisier the gradient, and the smaller the rate must be.
#
# Ask for bets before the next slide: who wins per epoch, who per second?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Who wins?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
runs = {
    "one example": train(1, lr=0.05, num_updates=1500),
    "100 examples": train(100, lr=0.3, num_updates=1000),
    "all examples": train(400_000, lr=0.5, num_updates=50),
}
draw_race(runs)

# %% [markdown] slideshow={"slide_type": "fragment"}
# One example is first by epochs, 100 by seconds. Only the full gradient, without noise, goes on falling.

# %% [markdown] slideshow={"slide_type": "notes"}
# Left: the smaller the batch, the further ahead: within one pass over the data a batch of 100 could update 4,000 times,
# the full gradient once. Right: by the clock the single example loses that lead, because it wastes the hardware.
#
# The single example levels off high, the minibatch lower: the noise of the gradient keeps them from the bottom. The
# full gradient has no noise and overtakes in the end. But a loss of 0.00001 above the smallest means predictions that
# are off by 1.05 cents in place of 1.00: nobody waits for that.


# %% slideshow={"slide_type": "skip"}
def print_methods(results):
    """Print a row for each run: its cost, and when its loss was first within 0.00001 of the smallest."""
    print("method           batch  updates/epoch  s/epoch | to 1e-5: epochs  seconds")
    methods = ("SGD", "minibatch SGD", "GD")
    for method, (epochs, seconds, losses) in zip(methods, results.values(), strict=True):
        batch_size = round(epochs[0] * len(y))
        per_epoch = seconds[-1] / epochs[-1]
        print(f"{method:13} {batch_size:8,} {len(y) // batch_size:14,} {per_epoch:8.3g} |", end="")
        if losses.min() < 1e-5:
            there = onp.argmax(losses < 1e-5)
            print(f" {epochs[there]:15.2g} {seconds[there]:8.2g}")
        else:
            print(f" {'never':>15} {'never':>8}")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The three methods in a table
#
# *GD*: gradient descent. *SGD*: stochastic, from examples at random. Arrived: 1e-5 above the smallest loss.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
print_methods(runs)

# %% [markdown] slideshow={"slide_type": "notes"}
# *Stochastic gradient descent* is the name of the first, in books; in practice everybody who says SGD means the second.
#
# The seconds for an epoch are projected from the updates made: nobody waits for 400,000 single ones.
#
# The last two columns: how many epochs and seconds until the loss is, for the first time, within 0.00001 of the
# smallest. Ask: for which of them would a machine with ten times the cores help most? (The last one, whose single
# step is large.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Slower at the end
#
# The smaller the rate, the less noise is left in the weights. So: large steps first, small ones at the end.


# %% slideshow={"slide_type": "-"}
def last_losses(rates):
    w, weights = np.zeros(6), []
    for update, lr in enumerate(rates):
        w = w - lr * gradient(w, update * 10, 10)  # batches of 10
        weights.append(w)
    return excess(np.array([w.asnumpy() for w in weights[-200:]])).mean()


num_updates = 1200
constant = [0.3] * num_updates
falling = [0.3 / (1 + update / 60) for update in range(num_updates)]
gain = last_losses(constant) / last_losses(falling)
print(f"falling from 0.3 to {falling[-1]:.3f}: the loss ends {gain:.0f} times closer")

# %% [markdown] slideshow={"slide_type": "notes"}
# The loss above the smallest, as a mean of the last 200 updates. With a constant rate the weights dance around the
# minimum at a distance that the rate decides; with a falling one the dance calms down. For small rates the loss that is
# left is in proportion to the rate; 0.3 is a large one, so the gain is more than the rates' quotient.
#
# Networks are trained the same way: a constant rate for most of the time, then a tenth of it, then a hundredth, or
# along a cosine. `mxnet.lr_scheduler` has these; a `Trainer` takes one in its options.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A small step against the gradient goes down: $f(x - \eta f'(x)) \approx f(x) - \eta f'(x)^2$.
# - The most curved direction limits the learning rate: $\eta < 2 / a$, where $a$ is its curvature.
# - Momentum cancels zigzags and adds up what points the same way.
# - A minibatch: small enough for many updates, large enough for the hardware.
# - Its noise falls as $1/\sqrt{b}$; a falling rate calms what is left.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 05.1: predict two steps
#
# $f(x) = 2x^2$, start at $x = 1$, learning rate $\eta = 0.35$. Where is $x$ after **two** steps? Is $f$ smaller there
# than at the start? Without running it.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
x_after_two_steps = ...
is_smaller = ...  # True or False

# %% slideshow={"slide_type": "-"} tags=["check"]
check("05.1", (x_after_two_steps, is_smaller))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The slope of $2x^2$ is $4x$. One step multiplies $x$ by $1 - 4\eta$.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# x_after_two_steps = 0.16
# is_smaller = True
# ```
#
# Each step multiplies $x$ by $1 - 4 \cdot 0.35 = -0.4$: it changes sides, and comes closer.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 05.2: change the rate in the valley
#
# Plain gradient descent in $f(\mathbf{x}) = 0.1\,x_1^2 + 2\,x_2^2$, from $(-5, -2)$. Choose a learning rate with which
# $f$ is below 0.0005 after 50 steps. Only a narrow range does it.
#
# The check descends with your rate and says where it gets.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
learning_rate = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("05.2", learning_rate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# A step multiplies $x_1$ by $1 - 0.2\eta$ and $x_2$ by $1 - 4\eta$. The slower of the two counts. For which $\eta$ are
# they equally fast?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# learning_rate = 0.47
# ```
#
# Equally fast they are at $2 / (4 + 0.2) \approx 0.476$, where both factors are 0.905 in size. Momentum would need
# fewer steps.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 05.3: build a momentum step
#
# One update: $\mathbf{v} \leftarrow \beta \mathbf{v} - \eta \mathbf{g}$, then $\mathbf{x} \leftarrow \mathbf{x} +
# \mathbf{v}$. Return the new $\mathbf{x}$ and the new $\mathbf{v}$; leave what you are given unchanged.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def momentum_step(x, v, gradient, lr, beta):
    """Arrays x, v, gradient (d,), numbers lr and beta; returns (new x, new v)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("05.3", momentum_step)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Compute the new velocity first, under a name of its own. The new position uses the **new** velocity.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def momentum_step(x, v, gradient, lr, beta):
#     new_v = beta * v - lr * gradient
#     return x + new_v, new_v
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 05.4: build gradient clipping
#
# One wild batch can throw the weights far away. *Clipping* scales a gradient whose norm is above a limit, so
# that its norm is the limit, and keeps its direction. Shorter ones stay as they are.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def clip(gradient, limit):
    """An array gradient (d,), a number limit > 0; returns an array (d,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("05.4", clip)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `np.linalg.norm(gradient)` is the norm. What is the factor that brings it to the limit, and when is it 1?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def clip(gradient, limit):
#     norm = float(np.linalg.norm(gradient))
#     return gradient * min(1.0, limit / norm) if norm > 0 else gradient
# ```
#
# Gluon has it for a list of arrays: `gluon.utils.clip_global_norm`.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Optimization Algorithms](https://d2l.ai/chapter_optimization/index.html)
# - Robbins and Monro, [A Stochastic Approximation Method](https://doi.org/10.1214/aoms/1177729586), 1951
# - Bottou, Curtis and Nocedal, [Optimization Methods for Large-Scale Machine
#   Learning](https://arxiv.org/abs/1606.04838), 2016
# - Sutskever, Martens, Dahl and Hinton, [On the importance of initialization and momentum in deep
#   learning](https://proceedings.mlr.press/v28/sutskever13.html), 2013
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **06 · Softmax regression**, from numbers to classes.
