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
# How big should a step be, and how many examples should it use?
#
# *60 minutes · needs 03, 04 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# In notebook 04 a model learned prices: a loop computed the gradient of the loss from a few examples and moved the
# weights a little in the opposite direction. Two numbers in that loop were given without a reason. One is the
# *learning rate*, which scales the step. The other is the *batch size*, the number of examples from which each
# gradient is computed. Together they decide whether a network learns in minutes, in days, or never.
#
# Finding the weights that make a loss small is called *optimization*. Throughout this part of the course we ask how
# you know that a model will work on data it has not seen. Optimization is only half of the answer: it lowers
# the loss on the *training* data. At the end of this notebook you will measure that this is not the same thing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Explain** why a small step against the gradient goes down, and when a large one does not.
# - **Recognize** a learning rate that is too small or too large, a zigzag, and a saddle point.
# - **Build** momentum, from scratch and in Gluon.
# - **Measure** what a batch of one example, of a hundred, and of all of them costs and gains.
# - **Choose** learning rate, batch size, and optimizer for a small network.

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
from math import ceil, cos, pi
from time import perf_counter
from types import SimpleNamespace

import numpy as onp  # NumPy itself, for random orders that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import check, explore, load_images, rounded, seed, show_table, spot_prices
from d2lhelpers.figures import nb05_optimization as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How big a step?
#
# We start with functions of one or two variables, where you can see every step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A small step against the slope goes down
#
# $$f(x - \eta f'(x)) \approx f(x) - \eta f'(x)^2$$

# %% slideshow={"slide_type": "-"}
figures.promise(lr=0.25)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the formula from left to right. Ask where it is used that η is small (in ≈).

# %% [markdown] slideshow={"slide_type": "skip"}
# Near $x$ a function is almost its tangent. This is the beginning of its Taylor series:
#
# $$f(x + \epsilon) \approx f(x) + \epsilon f'(x)$$
#
# We are free to choose the step $\epsilon$. Let's choose $\epsilon = -\eta f'(x)$ with a *learning rate* $\eta > 0$:
# against the slope, and longer where the function is steeper. Insert it, and you get the formula above. A square is
# never negative, so the value goes **down** wherever $f'(x) \neq 0$, provided that $\eta$ is small enough for "almost
# its tangent" to be true.
#
# In the figure, the step leads from the square to the left. The tangent promises the value at the diamond. The curve
# bends away from its tangent, so you arrive a little higher, at the disc, but still lower than where you started.
#
# **Question.** Where does the argument use that $\eta$ is small?
#
# <details><summary>Answer</summary>
#
# Only in the sign ≈. The tangent is a good description of the curve near $x$ and a bad one far away, so a long step
# can end anywhere. The next table shows how soon that happens.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A long step breaks the promise
#
# $f(x) = x^2$ at $x = 1$: the value is 1 and the slope is 2, so the promise is $1 - 4\eta$.


# %% slideshow={"slide_type": "-"}
def square(x):
    return x**2


# %% slideshow={"slide_type": "-"}
rows = [["η", "promised", "true"]]
for lr in (0.1, 0.25, 0.5, 1.0, 1.5):
    promised, true = square(1) - lr * 2**2, square(1 - lr * 2)
    rows.append([f"{lr}", f"{promised:.2f}", f"{true:.2f}"])
show_table(rows, "The value after one step from x = 1")

# %% [markdown] slideshow={"slide_type": "skip"}
# Small steps keep the promise. At $\eta = 0.5$ a single step reaches the minimum. At $\eta = 1$ nothing is gained,
# because the step lands at $-1$ on the other side, and beyond that it climbs. For this parabola the two columns
# differ by $4\eta^2$, because the true value is $(1 - 2\eta)^2 = (1 - 4\eta) + 4\eta^2$.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Gradient descent repeats the step


# %% slideshow={"slide_type": "-"}
def descend(f, x, lr, num_steps, momentum=0.0):
    x = np.array(x)
    x.attach_grad()
    velocity, path = np.zeros_like(x), [x.copy()]
    for _ in range(num_steps):
        with autograd.record():
            value = f(x)
        value.backward()
        velocity[:] = momentum * velocity - lr * x.grad
        x[:] = x + velocity  # in place, so that the gradient stays attached
        path.append(x.copy())
    return path


# %% slideshow={"slide_type": "fragment"}
print([rounded(x.item()) for x in descend(square, [1.0], 0.25, 6)])

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the loop of notebook 04 with one parameter and no data. With `momentum=0`, the velocity is simply the step
# $-\eta f'(x)$; what other values are good for comes later. Here each step multiplies $x$ by $1 - 2\eta = 0.5$, so
# $x$ is halved again and again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Too small creeps, too large explodes
#
# Eight steps from the black square. Which rate would you choose?


# %% slideshow={"slide_type": "-"}
def draw_descent(ax, lr):
    figures.parabola(ax, [x.item() for x in descend(square, [-1.0], lr, 8)], lr)


rates = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 0.97, 1.0, 1.03, 1.1]
cases, alt = [0.05, 0.4, 1.03], figures.GOLDILOCKS
explore(draw_descent, cases, values=rates, label="η", alt=alt, height=3.7)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live: move the slider from left to right and let the class call out when it is right. Then ask
# about exactly 1.

# %% [markdown] slideshow={"slide_type": "skip"}
# With $\eta = 0.05$ the path creeps downhill and does not arrive. With 0.4 it is at the bottom after three steps. With
# 1.03 it jumps from side to side, a little higher each time. (`alt` describes a picture for people who cannot see it.)
# When you work on a network you see only the loss: a rate that is too small shows as a loss that falls slowly and
# steadily, and one that is too large as a loss that jumps, grows, or becomes `nan`. A good way to find a rate is to try
# values that differ by factors of ten, then of three.
#
# **Question.** What happens at exactly $\eta = 1$?
#
# <details><summary>Answer</summary>
#
# A step multiplies $x$ by $1 - 2\eta = -1$. The path jumps between $-1$ and $1$ and never gets anywhere. The loss
# stays the same, which looks like a network that does not learn.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Curvature sets the limit
#
# $f(x) = \frac{a}{2} x^2$ has the slope $a x$. A step multiplies $x$ by $1 - \eta a$, which shrinks it only if $\eta
# < 2 / a$.


# %% slideshow={"slide_type": "skip"}
def parabola(a):
    return lambda x: a * x**2 / 2


# %% slideshow={"slide_type": "-"}
rows = [["curvature", "η", "|x| after 60 steps"]]
for a in (1, 4, 10):
    for lr in (1.9 / a, 2.1 / a):
        x = descend(parabola(a), [1.0], lr, 60)[-1].item()
        rows.append([f"a = {a}", f"{lr:.2f}", f"{abs(x):.3g}"])
show_table(rows, "Descent from x = 1, just below the limit 2 / a and just above")

# %% [markdown] slideshow={"slide_type": "skip"}
# The second derivative $a$ says how strongly the function is curved, and is called its *curvature*. Just below $2/a$
# the descent converges, just above it explodes, whatever $a$ is. A network has as many directions as weights, each
# with a curvature of its own, and **the most curved direction limits the rate for all of them**. The next figure
# shows what that means.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A long valley wants two rates
#
# $f(\mathbf{x}) = 0.1\,x_1^2 + 2\,x_2^2$ is twenty times as curved across as along.


# %% slideshow={"slide_type": "-"}
def valley(x):
    return 0.1 * x[0] ** 2 + 2 * x[1] ** 2


start = [-5.0, -2.0]
by_lr = {f"η = {lr}": descend(valley, start, lr, 20) for lr in (0.1, 0.4, 0.49)}
figures.valley(by_lr, figures.THREE_RATES)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what the path would be if the contours were circles (straight to the star): a reason to
# standardize features.

# %% [markdown] slideshow={"slide_type": "skip"}
# The gray curves are *contours*: along each of them $f$ has the same value. All three paths take 20 steps. With $\eta
# = 0.1$ the path slides to the bottom of the valley quickly and then creeps along it. With 0.4 it zigzags across and
# gets further along. With 0.49 it hardly stops jumping. Across, the curvature is $a = 4$, so the rate must stay below
# $2/4$; along, it is $a = 0.2$, and for such a small curvature every allowed rate is small.
#
# **Question.** What would the path look like if the contours were circles?
#
# <details><summary>Answer</summary>
#
# It would go straight to the star, because the gradient is perpendicular to the contours. (In the figure it does not
# look that way, because the axes have different scales.) That is why features should be on the same scale, as the
# standardized ones of notebook 04 are: it makes the contours rounder, and one rate fits all directions.
#
# </details>
#
# How long is the valley of a real loss? For the prices of notebook 04, the second derivatives of the loss are the
# entries of the matrix $\frac{2}{n} \mathbf{X}^\top \mathbf{X}$, which you get by taking the derivative of the gradient
# $-\frac{2}{n} \mathbf{X}^\top (\mathbf{y} - \mathbf{X}\mathbf{w})$ once more. The axes of its valley are the
# eigenvectors of this matrix, and their curvatures are the eigenvalues:

# %% slideshow={"slide_type": "skip"}
X_train = spot_prices(1000).features[:800]  # (800, 6), as in notebook 04
curvatures = np.linalg.eigvalsh(2 / 800 * np.dot(X_train.T, X_train))  # (6,), smallest first
print("curvatures:", rounded(curvatures, 2))
print("limit of the rate:", rounded(2 / curvatures[-1], 2))
print("largest / smallest:", rounded(curvatures[-1] / curvatures[0], 1))

# %% [markdown] slideshow={"slide_type": "skip"}
# The limit explains why training diverged above 0.8 in exercise 04.2. The ratio of the largest to the smallest
# curvature is the one that notebook 02 announced: it says how tedious the walk is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### At a saddle point the gradient is zero, but you have not arrived


# %% slideshow={"slide_type": "-"}
def saddle(x):
    return x[0] ** 2 - x[1] ** 2 / 2 + x[1] ** 4 / 4


figures.saddle(saddle, descend(saddle, [-1.5, 0.001], 0.1, 120))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask how a loss curve of this shape would be misread: "it has converged".

# %% [markdown] slideshow={"slide_type": "skip"}
# At $(0, 0)$ this function has the gradient zero. It is a minimum along $x_1$ and a *maximum* along $x_2$, like the
# middle of a saddle: a *saddle point*. The path starts almost on the ridge, at $x_2 = 0.001$. It slides into the
# saddle within about 20 steps, and there it seems to have stopped: the gradient is almost zero, the steps are tiny,
# and the value stays the same for dozens of steps. But near 0 the slope along $x_2$ is about $-x_2$, so a step leads to
# $x_2 + \eta x_2$: it multiplies the small $x_2$ by 1.1. That growth is exponential, so in the end the path leaves and
# finds a minimum. (As in notebook 02, the map is orange below zero.)
#
# Networks are believed to have far more saddle points than minima, as theory and experiments suggest ([Dauphin and
# others](https://arxiv.org/abs/1406.2572), 2014). For a minimum, the function must curve upward in every one of
# thousands of directions; one that curves downward is enough for a saddle. So a loss that stays level does not prove
# that training is finished. Exactly on the ridge, at $x_2 = 0$, gradient descent would stay at the saddle point
# forever; the noise of minibatches, which comes later, pushes it off.
#
# **Question.** How many steps would you expect if you started a thousand times closer to the ridge, at $x_2 =
# 0.000001$?
#
# <details><summary>Answer</summary>
#
# Not a thousand times as many. Since $x_2$ grows by 10 % in each step, a factor of 1,000 takes $\ln 1000 / \ln 1.1
# \approx 72$ additional steps.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With small steps, descent ends in the valley in which it starts


# %% slideshow={"slide_type": "-"}
def two_minima(x):
    return x**4 / 2 - x**2 + 0.2 * x


descents = {x: descend(two_minima, [x], 0.1, 40) for x in (0.05, 0.2)}
figures.two_minima(two_minima, descents)

# %% [markdown] slideshow={"slide_type": "skip"}
# The two starting points are only 0.15 apart, but on the two sides of the hilltop, and they lead to minima of different
# depth. For large networks this seems to matter less than you would think: experiments with different starts end in
# valleys that are about equally deep ([Choromanska and others](https://arxiv.org/abs/1412.0233), 2015). That the start
# matters at all is a reason why it is random, with a carefully chosen size (notebook 07).


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Momentum remembers the last steps
#
# $$\mathbf{v} \leftarrow \beta \mathbf{v} - \eta \nabla f(\mathbf{x}) \qquad \mathbf{x} \leftarrow \mathbf{x} +
# \mathbf{v}$$

# %% slideshow={"slide_type": "-"}
plain = descend(valley, start, 0.4, 20)
with_momentum = descend(valley, start, 0.4, 20, momentum=0.5)


# %% slideshow={"slide_type": "skip"}
def draw_steps(ax, step):
    both = {"plain": plain[: step + 1], "momentum": with_momentum[: step + 1]}
    figures.valley_path(ax, both)


# %% slideshow={"slide_type": "-"}
steps, alt = range(21), figures.STEPS
explore(draw_steps, [2, 8, 20], values=steps, play=True, label="step", alt=alt)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Press play. Both paths cost the same 20 gradients.

# %% [markdown] slideshow={"slide_type": "skip"}
# A ball that rolls down the valley does not turn at every bump. *Momentum* keeps a part $\beta$ of the last step
# $\mathbf{v}$, the velocity, and adds the new step to it ($\nabla f$ is the gradient). Across the valley the
# gradients change sign from step to step, so in the sum they cancel. Along the valley they all point the same way, so
# they add up. If the gradient stayed the same, the step would grow to $1 + \beta + \beta^2 + \dots = 1 / (1 - \beta)$
# times $-\eta \nabla f$: twice as long for $\beta = 0.5$, ten times for 0.9. In the figure, both descents have the same
# rate and the same number of gradients. Momentum arrives; plain descent is still on its way.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Too much memory overshoots

# %% slideshow={"slide_type": "-"}
by_beta = {f"β = {beta}": descend(valley, start, 0.4, 20, beta) for beta in (0, 0.5, 0.8)}
figures.valley(by_beta, figures.THREE_MEMORIES)
for name, path in by_beta.items():
    print(f"{name}: f is {valley(path[-1]).item():.4f} after 20 steps")

# %% [markdown] slideshow={"slide_type": "skip"}
# With $\beta = 0.8$ the ball shoots past the star and has to come back. After the first few steps, it stays behind 0.5
# in this valley, however long you wait. The longer the valley, the more memory pays. The loss surfaces of networks are
# far more elongated than 20 to 1, and 0.9 is the usual first choice.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Gluon's trainer has momentum built in

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
print("scratch:", rounded(by_beta["β = 0.5"][-1]))

# %% [markdown] slideshow={"slide_type": "skip"}
# A `Parameter` is an array with a name and a gradient; layers contain them. From the same start, the trainer takes
# the same steps as our loop. `step(batch_size)` divides the gradient by the batch size, which is 1 here, because
# there is no batch.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How many examples per step?
#
# All examples for one step, one example, or something in between?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A hundred examples point roughly the right way

# %% slideshow={"slide_type": "skip"}
data = spot_prices(400_000)  # the prices of notebook 04, but many more
X, y = data.features, data.prices  # (n, 6), (n,); rows in random order


# %% slideshow={"slide_type": "-"}
def gradient(w, first, count):
    residual = y[first : first + count] - np.dot(X[first : first + count], w)
    return -2 / count * np.dot(residual, X[first : first + count])  # (6,)


w = np.zeros(6)
gradients = {f"{n:,}": gradient(w, 0, n) for n in (1, 100, 400_000)}
batches = np.stack([gradient(w, 100 * i, 100) for i in range(1000)])  # (1000, 6)
gradients["typical error of 100"] = batches.std(axis=0)
rows = [["examples", *data.feature_names]]
for name, entries in gradients.items():
    rows.append([name, *(f"{entry:.2f}" for entry in rounded(entries, 2))])
show_table(rows, "The gradient at w = 0, an entry for each feature")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare the last two rows entry by entry: which entry is smaller than its error?

# %% [markdown] slideshow={"slide_type": "skip"}
# The loss of a data set is the mean of the losses of its examples, so its gradient is a mean too. The table shows the
# gradient of the price model of notebook 04, at weights of zero, computed from the first example, from the first 100,
# and from all 400,000. The last row is the standard deviation over a thousand batches of 100.
#
# One example says nothing about the regions that it does not belong to: three of its entries are zero. A hundred
# examples do better. A batch of 100 is off by about 0.05 in the first entry, which is more than the entry itself, so
# its sign is wrong in every fourth batch. The other entries are off by 10 to 25 %. That is **roughly the right
# direction, at 1/4,000 of the work**, and it is enough for a step, because the next step starts with a new batch and
# corrects the error. Examples resemble each other, and what one says the next one mostly repeats: data are
# *redundant*.

# %% slideshow={"slide_type": "skip"}
print("wrong sign of the first entry:", rounded((batches[:, 0] < 0).mean(), 2))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Half the noise costs four times the work
#
# The error of a gradient from $b$ examples falls as $1/\sqrt{b}$.

# %% slideshow={"slide_type": "-"}
exact = gradient(w, 0, 400_000)
sizes, errors = [1, 4, 16, 64, 256, 1024], []
for b in sizes:
    off = [gradient(w, b * i, b) - exact for i in range(200)]
    mean_square = sum((error**2).sum() for error in off) / len(off)
    errors.append((mean_square**0.5 / np.linalg.norm(exact)).item())
print("relative error:", rounded(errors, 2))
figures.noise(sizes, errors)

# %% [markdown] slideshow={"slide_type": "skip"}
# The *relative error* is the distance between a batch's gradient and that of all examples, divided by the length of the
# latter; the figure shows the root of its mean square over 200 batches of each size. For a single example the error is
# larger than the gradient itself. Why does it fall with the root of $b$? When you add up $b$ independent errors,
# positive and negative ones partly cancel. On average the square of the sum is $b$ times the square of one error, so
# the sum is $\sqrt{b}$ times as large as one, and the mean divides it by $b$. To halve the error you need four times
# the examples and so four times the work, which soon becomes a bad bargain: several small steps in roughly the right
# direction gain more than one step in exactly the right one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Hardware works in bulk, so one example wastes it


# %% slideshow={"slide_type": "skip"}
def seconds_per_gradient(count, repeats=100):
    """Return the shortest time of a gradient from `count` examples: what else the machine does only adds to it."""
    times = []
    for i in range(repeats):
        begin = perf_counter()
        gradient(w, i, count).wait_to_read()
        times.append(perf_counter() - begin)
    return min(times)


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
counts = [1, 10, 100, 1000, 10_000, 100_000, 400_000]
times = [seconds_per_gradient(count) for count in counts]
microseconds = [rounded(times[i] * 1e6, 0) for i in (0, 2, -1)]
print("µs for 1, 100, and 400,000 examples:", microseconds)
figures.cost(counts, times)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask which batch size these two curves alone would suggest. On a GPU the level part is much longer.

# %% [markdown] slideshow={"slide_type": "skip"}
# If redundancy speaks against large batches, why not use a single example? The left curve is level at first: for a
# small batch, the time goes into starting the operations, not into the arithmetic, so a hundred examples take about as
# long as one. (The small ups and downs are the machine's.) Then the time rises with the number of examples. The right
# curve shows the same per example: alone, an example costs more than ten thousand times as much as it does among all.
# On a GPU, the level part is longer still.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One, 100, or all: who wins by epochs, and who by the clock?
#
# Guess first: which is lowest after the same number of epochs, and which after the same time?

# %% [markdown] slideshow={"slide_type": "skip"}
# Because it is a linear model, we know the smallest possible loss, and can plot by how much each method is above it. At
# the best weights $\mathbf{w}^*$, the residuals $\mathbf{r} = \mathbf{y} - \mathbf{X}\mathbf{w}^*$ are orthogonal to
# all columns of $\mathbf{X}$ (notebook 04). For other weights, with the error $\mathbf{e} = \mathbf{w} - \mathbf{w}^*$,
# the mixed term of the squared norm is therefore zero:
#
# $$\frac{1}{n} \|\mathbf{r} - \mathbf{X}\mathbf{e}\|^2 = \frac{1}{n} \|\mathbf{r}\|^2 + \mathbf{e}^\top \mathbf{C}
# \mathbf{e} \qquad \text{with} \qquad \mathbf{C} = \frac{1}{n} \mathbf{X}^\top \mathbf{X}$$
#
# The second term is by how much their loss is above the smallest.

# %% slideshow={"slide_type": "skip"}
C = np.dot(X.T, X) / len(y)  # (6, 6)
best = np.linalg.solve(C, np.dot(X.T, y) / len(y))  # the weights of smallest loss
best.wait_to_read()  # so that this work is not on the clock of the race


def excess(weights):
    """Return by how much the loss of weights (k, 6) is above the smallest: eᵀ C e, (k,)."""
    error = weights - best
    return (np.dot(error, C) * error).sum(axis=1).asnumpy()


# %% slideshow={"slide_type": "skip"}
def train(batch_size, lr, num_updates):
    w, weights, seconds = np.zeros(6), [], []
    every = max(1, num_updates // 50)  # measure about 50 times
    begin = perf_counter()
    for update in range(num_updates):
        first = update * batch_size % len(y)  # start again at the end
        w = w - lr * gradient(w, first, batch_size)
        if update % every == 0:
            weights.append(w.asnumpy())  # waits for the result, so that the clock is honest
            seconds.append(perf_counter() - begin)
    epochs = (onp.arange(0, num_updates, every) + 1) * batch_size / len(y)
    losses = excess(np.array(weights))
    return SimpleNamespace(batch_size=batch_size, epochs=epochs, seconds=seconds, losses=losses)


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
runs = {
    "one example": train(1, lr=0.05, num_updates=1500),
    "100 examples": train(100, lr=0.3, num_updates=1000),
    "all examples": train(400_000, lr=0.5, num_updates=50),
}
figures.race(runs, "loss above the smallest", figures.PRICE_RACE)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect bets before you show it. Compare along vertical lines. Each method has a rate that suits
# it.

# %% [markdown] slideshow={"slide_type": "skip"}
# An *epoch* is one pass over all the training data. The three ways to train share the model, the data, and the start,
# and each has a learning rate that suits it: the fewer examples, the noisier the gradient, and the smaller the rate
# must be. The axes are logarithmic, because the methods differ by factors of thousands. Compare them along a
# vertical line rather than at their ends, since the runs have different lengths.
#
# On the left, one example at a time is ahead: within one epoch it could update 400,000 times, a batch of a hundred
# 4,000 times, and the full gradient once. On the right, by the clock, it loses this lead because it wastes the
# hardware, and the batch of 100 wins. Both level off in the end, because the noise of their gradients keeps the weights
# dancing around the minimum. Only the full gradient has no noise and goes on falling. But 0.00001 above the smallest
# loss means a typical error of 1.05 cents instead of 1.00. Nobody waits for that.


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Three methods and what they cost


# %% slideshow={"slide_type": "skip"}
def describe(method, run):
    """Return a row of the table: what a method costs, and when it first is within 0.00001 of the smallest loss."""
    arrived = onp.flatnonzero(run.losses < 1e-5)
    per_epoch = run.seconds[-1] / run.epochs[-1]
    memory = run.batch_size * (X[0].nbytes + 2 * y[0].nbytes)  # features, price, residual
    row = [method, f"{run.batch_size:,}", f"{len(y) // run.batch_size:,}"]
    row += [f"{per_epoch:.0f} s" if per_epoch >= 10 else f"{per_epoch:.2g} s", f"{memory:,} B"]
    return [*row, f"{run.seconds[arrived[0]]:.2g} s" if len(arrived) else "never"]


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = [["method", "batch", "updates/epoch", "time/epoch", "memory", "time to arrive"]]
for method, run in zip(("SGD", "minibatch SGD", "GD"), runs.values(), strict=True):
    rows.append(describe(method, run))
show_table(rows, "Memory of one batch; arrived: within 0.00001 of the smallest loss")

# %% [markdown] slideshow={"slide_type": "skip"}
# *GD* is gradient descent with all examples; *SGD*, *stochastic gradient descent*, uses one random example, and
# *minibatch SGD* a few. People who say SGD usually mean minibatches. The time per epoch is projected from
# the updates made, because nobody waits for 400,000 single ones. The memory is what one gradient has to hold for its
# batch: features, prices, and residuals. Here it is harmless even for GD, 12.8 MB. For a network the results of every
# layer, its *activations*, come on top, for each example of the batch, and then memory often limits the batch size. The
# last column is the time until the loss is, for the first time, within 0.00001 of the smallest. A single example
# touches this line by chance and does not stay below it.


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A small batch wanders to the minimum, then dances around it


# %% slideshow={"slide_type": "skip"}
def take_walk(batch_size, lr, num_updates):
    """Return the first two weights after each update; the others stay at their best values."""
    w, path = best + np.array([-0.04, 0.03, 0, 0, 0, 0]), []
    moves = np.array([1, 1, 0, 0, 0, 0])
    for update in range(num_updates + 1):
        path.append(w[:2].copy())
        first = update * batch_size % len(y)
        w = w - lr * moves * gradient(w, first, batch_size)
    return path


def draw_walks(ax, update):
    both = {name: path[: update + 1] for name, path in walks.items()}
    figures.walk(ax, C[:2, :2], best[:2], both)


# %% slideshow={"slide_type": "-"}
walks = {"2 examples": take_walk(2, 0.2, 100), "all examples": take_walk(400_000, 0.2, 100)}
cases, updates, alt = [3, 20, 100], range(101), figures.WALKS
explore(draw_walks, cases, values=updates, play=True, label="update", alt=alt, height=4.4)

# %% [markdown] slideshow={"slide_type": "skip"}
# To draw SGD on contours, let's move only two of the six weights, and start the others at their best values. With all
# examples the path is a smooth curve, and it stops at the star. With two examples it wanders, because each gradient is
# a little wrong. It gets near the star about as fast, and at 1/200,000 of the work. But it never settles: even at the
# star the gradient of two examples is not zero, so the weights keep dancing around the minimum. A smaller learning rate
# makes the dance smaller; *Near the minimum, a falling rate calms the noise* uses that. The same restlessness has a
# good side, for it pushes the weights off saddle points.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Training a network
#
# Does all this hold for a network, where nobody knows the smallest loss?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The batch size decides how fast a network learns

# %% [markdown] slideshow={"slide_type": "skip"}
# For a linear model we know the best weights, so we could plot how far each method was from them. Nobody knows the best
# weights of a network, so from here on we compare the training loss itself. The next cells load images of handwritten
# digits and define a network with about 50,000 weights. Read its definition as a recipe: two dense layers, and between
# them negative numbers are replaced by 0 (`relu`); `Xavier` sets the size of the random start. It takes the 784 pixels
# of an image and returns ten scores, one for each digit, and `SoftmaxCrossEntropyLoss` is a loss for them. Notebooks 06
# and 07 explain all of it; here it is just a function whose loss we lower. `learn` trains it in the way you know, with
# a batch size, an optimizer, and options of your choice. It also computes the loss and the *accuracy* (the share of the
# images that are recognized) on new images, which you will need at the end.

# %% slideshow={"slide_type": "skip"}
images, labels = load_images(source="mnist", size=4000)
inputs = images.reshape(4000, -1)  # (4000, 784)
new_images, new_labels = load_images(train=False, source="mnist")
new_inputs = new_images.reshape(len(new_labels), -1)  # (2000, 784)
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()


def new_network(start=1):
    seed(start)  # the same start for every run
    net = nn.Sequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    net.initialize(init.Xavier())
    return net


# %% slideshow={"slide_type": "skip"}
def mean_loss(net, inputs, labels):
    return loss_function(net(inputs), labels).mean().item()


def accuracy(net, inputs, labels):
    return (net(inputs).argmax(axis=1) == labels).mean().item()


def train_epoch(net, trainer, batch_size, order):
    """Update the network with batches of all training images, in this order; return the seconds that it takes."""
    begin = perf_counter()
    for first in range(0, len(labels), batch_size):
        rows = order[first : first + batch_size]
        with autograd.record():
            loss = loss_function(net(inputs[rows]), labels[rows])
        loss.backward()
        trainer.step(len(rows))
    npx.waitall()  # so that the clock is honest
    return perf_counter() - begin


# %% slideshow={"slide_type": "skip"}
def learn(batch_size, num_epochs, optimizer="sgd", schedule=None, start=1, **options):
    """Train a new network; return what is known after each epoch."""
    run = SimpleNamespace(epochs=range(1, num_epochs + 1), seconds=[], losses=[], new_losses=[], accuracies=[])
    net, random, seconds = new_network(start), onp.random.RandomState(1), 0.0
    trainer = gluon.Trainer(net.collect_params(), optimizer, options)
    for epoch in range(num_epochs):
        if schedule:
            trainer.set_learning_rate(schedule(epoch / num_epochs))
        order = np.array(random.permutation(len(labels)))
        seconds += train_epoch(net, trainer, batch_size, order)
        run.seconds.append(seconds)
        run.losses.append(mean_loss(net, inputs, labels))
        run.new_losses.append(mean_loss(net, new_inputs, new_labels))
        run.accuracies.append(accuracy(net, new_inputs, new_labels))
    return run


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
settings = {16: (3, 0.3), 64: (8, 0.5), 512: (25, 0.7), 4000: (40, 0.7)}  # b: (epochs, η)
by_batch = {b: learn(b, epochs, learning_rate=lr) for b, (epochs, lr) in settings.items()}
curves = {f"b = {b}": run for b, run in by_batch.items()}
figures.race(curves, "training loss", figures.BATCH_SIZES)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Left: equal epochs. Right: equal seconds. Ask why nobody trains a network with all examples per
# step.

# %% [markdown] slideshow={"slide_type": "skip"}
# For each batch size we tried four or five rates between 0.1 and 1 and kept the best. Larger batches are less noisy,
# but they did not tolerate much larger rates: the curve of all 4,000 images jumps again and again, because its rate is
# close to the limit.
#
# On the left you compare at **equal epochs**. The smaller the batch, the lower the loss, because an epoch has 250
# updates with batches of 16, and a single one with all 4,000 images. On the right you compare at **equal seconds**.
# There the smallest batch loses its lead, because it uses the hardware badly, and the sizes in the middle win, here 64
# and 512. A step with all images is the most exact, and yet it is a slow way to learn. The right panel depends on the
# machine, so measure it on yours; 32 to 512 is a common range to start with.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### At equal epochs, smaller batches reach a lower training loss

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = [["batch size", "updates in 3 epochs", "training loss"]]
for b, run in by_batch.items():
    rows.append([f"{b:,}", f"{3 * ceil(4000 / b):,}", f"{run.losses[2]:.2f}"])
show_table(rows, "A network after three epochs")

# %% [markdown] slideshow={"slide_type": "skip"}
# These numbers do not depend on the clock. Three epochs are 750 updates for the smallest batch, and three updates for
# the largest.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On this network, momentum and Adam beat plain SGD

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
by_optimizer = {
    "SGD, η = 0.5": learn(64, 6, learning_rate=0.5),
    "momentum 0.9, η = 0.1": learn(64, 6, learning_rate=0.1, momentum=0.9),
    "Adam, η = 0.01": learn(64, 6, "adam", learning_rate=0.01),
}
curves = {name: (run.epochs, run.losses) for name, run in by_optimizer.items()}
figures.losses(curves, "epoch", "training loss", figures.OPTIMIZERS)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All three make 63 updates per epoch.

# %% [markdown] slideshow={"slide_type": "skip"}
# *Adam* gives each weight a step size of its own. It keeps a running mean $\mathbf{m}$ of the gradients, like momentum,
# and a running mean $\mathbf{s}$ of their squares, and divides the one by the root of the other:
#
# $$\mathbf{m} \leftarrow \beta_1 \mathbf{m} + (1 - \beta_1)\, \mathbf{g} \qquad
# \mathbf{s} \leftarrow \beta_2 \mathbf{s} + (1 - \beta_2)\, \mathbf{g}^2 \qquad
# \mathbf{w} \leftarrow \mathbf{w} - \eta\, \frac{\mathbf{m}}{\sqrt{\mathbf{s}} + \epsilon}$$
#
# The operations are elementwise, $\beta_1 = 0.9$ and $\beta_2 = 0.999$ are the usual values, and the tiny $\epsilon$
# prevents a division by zero. (During the first steps, Adam also corrects the means for having started at zero.) A
# weight whose gradients are always small therefore moves as fast as one whose gradients are large: it is the idea of
# two rates for a long valley, applied to every weight.
#
# All three runs make the same 378 updates. Each has the best of the rates we tried on this network: 0.2, 0.3, 0.5, 0.7,
# and 1 for plain SGD; 0.03, 0.1, and 0.3 with momentum; 0.001, 0.003, 0.01, and 0.03 for Adam. Momentum and Adam end
# well below plain SGD, also from two other starts. When should you use which? Adam is the usual choice for a first try
# and for language models, because one rate, 0.001, works for many networks. (Ours is small and the run short, so 0.01
# was best.) SGD with momentum needs a tuned rate, stores one number per weight less, and remains common for image
# models.


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Near the minimum, a falling rate calms the noise
#
# The prices again, in batches of 10: a large rate, a small one, and one that falls to a twentieth.


# %% slideshow={"slide_type": "skip"}
def noisy_descent(rates):
    """Return updates, and means over 60 of them of the loss above the smallest: prices, in batches of 10."""
    w, weights = np.zeros(6), []
    for update, lr in enumerate(rates):
        w = w - lr * gradient(w, update * 10, 10)
        weights.append(w)
    means = excess(np.stack(weights)).reshape(-1, 60).mean(axis=1)
    return range(60, len(rates) + 1, 60), means


# %% slideshow={"slide_type": "-"}
falling = [0.3 / (1 + update / 60) for update in range(1200)]
schedules = {"η = 0.3": [0.3] * 1200, "η = 0.02": [0.02] * 1200, "η falls": falling}
by_rate = {name: noisy_descent(rates) for name, rates in schedules.items()}
figures.losses(by_rate, "update", "loss above the smallest", figures.NOISY_RATES)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Large steps first, small ones at the end. Ask whether the same will help the network, then go
# down.

# %% [markdown] slideshow={"slide_type": "skip"}
# With a constant rate, the weights dance around the minimum at a distance that the rate decides. The large rate gets
# there fast and stays high. The small one gets far lower, but starts slowly. A *learning-rate schedule*, which lowers
# the rate during training, does both: large steps first, to get far, and small ones at the end, to settle.


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A falling rate in a short run: gain or loss?
#
# The network, six epochs, the best rate of each kind. Guess which one ends lower.


# %% slideshow={"slide_type": "skip"}
def cosine(part):
    """Return the rate after this part of training, 0 to 1: half a cosine, which starts at 0.7."""
    return 0.7 * (1 + cos(pi * part)) / 2


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
by_schedule = {
    "constant 0.5": by_optimizer["SGD, η = 0.5"],
    "cosine from 0.7": learn(64, 6, learning_rate=0.7, schedule=cosine),
}
curves = {name: (run.epochs, run.losses) for name, run in by_schedule.items()}
figures.losses(curves, "epoch", "training loss", figures.SCHEDULES)

# %% [markdown] slideshow={"slide_type": "skip"}
# Here the rate follows half a cosine, a popular schedule: it starts at 0.7 and is 0.05 in the last of the six epochs.
# Yet the *constant* rate ends lower. Each is the best of the rates 0.3, 0.5, 0.7, and 1, and two other starts of the
# network give the same order. Do not make too much of it, because the constant rate is noisy: in *The batch size
# decides how fast a network learns*, its loss even rises in epoch 7, and a race of seven epochs would have gone to the
# cosine. Our guess is that the constant rate still makes fast progress, while the cosine spends its last epochs with
# rates too small to get any further. A schedule pays when noise keeps the loss up, which happens late in a long
# training run. Long runs therefore follow a cosine, or divide the rate by ten two or three times. Large networks also
# start with a *warm-up*, in which the rate rises from zero during the first updates, because the first gradients are
# unreliable. `mxnet.lr_scheduler` has all of these.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Ten times less training loss: how much better is the model?
#
# Guess: when the training loss falls to a tenth, what does the loss on new images do?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
run = learn(128, 20, "adam", learning_rate=0.005)
training, new = (run.epochs, run.losses), (run.epochs, run.new_losses)
curves = {"training images": training, "new images": new}
figures.losses(curves, "epoch", "loss", figures.TWO_LOSSES)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take guesses first. This is the bridge to notebook 08: optimization lowers only one of these
# curves.

# %% [markdown] slideshow={"slide_type": "skip"}
# The optimizer does what it was asked to do: from epoch 5 to epoch 20, the training loss falls to less than a tenth. On
# 2,000 images that the network has not been trained on, the loss hardly changes; it even rises at the end. Of a hundred
# new images, about two more are recognized. Almost everything that these epochs gained, they gained on the training
# images only. So if you compare optimizers by their training loss, as we did in this notebook, you learn how well they
# *minimize*, and not how well the model will *work* on data it has not seen. Notebook 08 is about the difference.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
shares = [f"{run.accuracies[epoch - 1]:.1%} after epoch {epoch}" for epoch in (5, 20)]
print("new images recognized:", ", ".join(shares))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# **How big a step?** Below $2/a$ of the most curved direction, and not too near, where it jumps. Try factors of ten,
# then of three.
#
# **How many examples per step?** Enough to keep the hardware busy, few enough for many updates: often 32 to 512.
#
# - A small step against the gradient goes down: $f(x - \eta f'(x)) \approx f(x) - \eta f'(x)^2$.
# - Momentum cancels zigzags and adds up what points the same way. A level loss may be a saddle point.
# - The noise of a minibatch falls as $1/\sqrt{b}$; near the minimum, a falling rate calms it.
# - A lower training loss alone does not make a model work on data it has not seen.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 05.1: predict two steps
#
# $f(x) = 2x^2$, start at $x = 1$, learning rate $\eta = 0.35$. Where is $x$ after **two** steps? Is $f$ smaller there
# than at the start? Answer without running it.

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
# Plain gradient descent in $f(\mathbf{x}) = 0.1\,x_1^2 + 2\,x_2^2$, from $(-5, -2)$. Choose a learning rate with
# which $f$ is below 0.0005 after 50 steps. Only a narrow range does it.
#
# The check descends with your rate and says where it gets.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
learning_rate = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("05.2", learning_rate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# A step multiplies $x_1$ by $1 - 0.2\eta$ and $x_2$ by $1 - 4\eta$. The slower of the two counts. For which $\eta$
# are they equally fast?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# learning_rate = 0.47
# ```
#
# They are equally fast at $2 / (4 + 0.2) \approx 0.476$, where both factors are 0.905 in size. Momentum would need
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
# One wild batch can throw the weights far away. *Clipping* scales a gradient whose norm is above a limit, so that its
# norm is the limit, and keeps its direction. Gradients that are short enough stay as they are.


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

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: a training loss of 0.1 in 100 updates
#
# Choose batch size, optimizer, and rates so that the network gets **below 0.1 within 100 updates**. How few can you
# make it?

# %% slideshow={"slide_type": "skip"}
leaderboard = [["attempt", "updates", "seconds", "images seen"]]


def attempt(name, batch_size, num_epochs, *args, **options):
    """Train, and note what it took until the training loss was below 0.1 at the end of an epoch."""
    run = learn(batch_size, num_epochs, *args, **options)
    reached = [epoch for epoch, loss in zip(run.epochs, run.losses, strict=True) if loss < 0.1]
    row = ["not reached", "–", "–"]
    if reached:
        updates = reached[0] * ceil(len(labels) / batch_size)
        row = [f"{updates:,}", f"{run.seconds[reached[0] - 1]:.2f}", f"{reached[0] * len(labels):,}"]
    leaderboard.append([name, *row])
    show_table(leaderboard, "Until the training loss is below 0.1")


# %% slideshow={"slide_type": "-"} tags=["exercise", "nbval-ignore-output"]
attempt("SGD, b = 64, η = 0.5", 64, 6, learning_rate=0.5)

# %% [markdown] slideshow={"slide_type": "skip"}
# `attempt` takes a name and then what `learn` takes: batch size, number of epochs, optimizer, and its options. It adds
# a row to your leaderboard. When you have reached the goal, change the rules: which setting needs the fewest *seconds*,
# and which one sees the fewest *images*? The winner depends on what you count, which is worth knowing whenever you read
# that one optimizer is faster than another.
#
# <details><summary>Hint</summary>
#
# Counting updates makes large batches free, so use a larger one, with momentum or Adam and a higher rate than usual.
#
# </details>
# <details><summary>A sample solution</summary>
#
# ```python
# attempt("Adam, b = 512, η = 0.01", 512, 15, "adam", learning_rate=0.01)
# attempt("momentum, b = 64, η = 0.1", 64, 6, learning_rate=0.1, momentum=0.9)
# ```
#
# The first attempt needed 64 updates and well below a second, and saw 32,000 images. The second needed 252 updates,
# about four times as many, and took more than twice as long, but saw only 16,000 images, half as many.
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
# - Dauphin and others, [Identifying and attacking the saddle point problem in high-dimensional non-convex
#   optimization](https://arxiv.org/abs/1406.2572), 2014
# - Choromanska and others, [The Loss Surfaces of Multilayer Networks](https://arxiv.org/abs/1412.0233), 2015
# - Kingma and Ba, [Adam: A Method for Stochastic Optimization](https://arxiv.org/abs/1412.6980), 2015
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **06 · Softmax regression**, from numbers to classes.
