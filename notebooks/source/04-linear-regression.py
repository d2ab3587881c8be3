# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 04 · Linear regression
#
# What will a rented server cost next week? Six numbers, learned from past prices, give the answer.
#
# *35 minutes · needs 01, 02, 03*

# %% [markdown] slideshow={"slide_type": "notes"}
# Linear regression is the smallest model that has everything a deep network has: data, a model with weights, a loss, a
# gradient, a training loop, a test. From here on only the model grows. So we do it three times: with a formula, with a
# loop of our own, and with Gluon, and then hold the three results side by side.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Write** a linear model for all examples at once, $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$.
# - **Derive** the weights of smallest squared loss, and see when the formula fails.
# - **Build** minibatch stochastic gradient descent from scratch.
# - **Repeat** it in a few lines of Gluon.
# - **Compare** three answers with the truth, and test error with noise.

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
import numpy as onp  # NumPy itself, for random orders that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    ArrayLoader,
    check,
    draw_network,
    explore,
    fit,
    rounded,
    seed,
    show,
    spot_prices,
    subplots,
)

npx.set_np()


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Data and model
#
# What does a server cost? Six numbers and a weighted sum.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three prices
#
# The lecture shows what three idle GPU servers cost per hour. What does one more core cost?

# %% slideshow={"slide_type": "-"}
servers = ["g3.4xlarge", "g3.8xlarge", "g3.16xlarge"]
cores = [16, 32, 64]
dollars = [0.41, 0.73, 1.37]
for i in (0, 1):
    a_core = (dollars[i + 1] - dollars[i]) / (cores[i + 1] - cores[i])
    print(f"{servers[i]} to {servers[i + 1]}: {a_core:.3f} dollars a core")
print(f"without any core: {dollars[0] - a_core * cores[0]:.3f} dollars")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The same slope twice: the prices lie on a line. Price = slope · cores + start.

# %% [markdown] slideshow={"slide_type": "notes"}
# A cloud provider sells servers that nobody has reserved by the hour, at a price that moves: the *spot price*. The
# three prices are those of the lecture's slide, from 2019; the cores are the machines' virtual processors.
#
# Ask: what would a server with 48 cores cost? (0.09 + 48 · 0.02 = 1.05 dollars.) Whoever has answered has used a linear
# model. What the class just did by eye we now do for a thousand prices, in which time and region play a part as well.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Half a year of prices
#
# One row is one server at one time. The history is simulated, so we know the truth that the model has to find.

# %% slideshow={"slide_type": "-"}
data = spot_prices(1000)
print("hour  cores  region   dollars per hour")
for i in range(6):
    region = data.region_names[data.region[i]]
    price = float(data.prices[i])
    print(f"{data.hours[i]:4}  {data.cores[i]:5}  {region:7}  {price:.3f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# `help(spot_prices)` says how the prices are made: drawn at random from a linear model with noise of one cent. Real
# prices have jumps and daily cycles; for learning how to fit, a history whose truth is known is worth more.
#
# Ask: which of the three columns is a number, and which is a name? (The region is a name. It needs a coding.)

# %% slideshow={"slide_type": "skip"}
MARKERS = "os^D"  # a shape for each region, so that color is not needed to tell them apart


def draw_prices(data):
    """Scatter price against time, colored by region."""
    fig, ax = subplots(width=11.0, height=5.2)
    for region, name in enumerate(data.region_names):
        rows = data.region == region
        days = data.hours[rows] / 24
        ax.scatter(days, data.prices.asnumpy()[rows], s=14, marker=MARKERS[region], label=name)
    ax.set(xlabel="day", ylabel="dollars per hour", xlim=(-4, 186))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=2)
    show(
        fig,
        alt="Price against day: two bands for the large servers above a thick one for the small, all falling slowly. "
        "Within a band colors lie in layers, us-east lowest, asia highest.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### What moves the price?

# %% slideshow={"slide_type": "-"}
draw_prices(data)

# %% [markdown] slideshow={"slide_type": "notes"}
# Ask before explaining: why bands? (Server sizes: 32 cores on top, then 16. The bands of 8, 4 and 2 overlap.) Why
# layers of color within a band? (Regions.) Why do the bands fall to the right? (Time.) Are they parallel? (Yes: each
# cause adds its own amount, whatever the others do. This is what *linear* means here, and the model will assume it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A server as six numbers
#
# $$p = w_{\text{time}} \cdot t + w_{\text{server}} \cdot s + w_{\text{region}}[r]$$
#
# A region is a name, not a size. *One-hot* coding gives each region a column: one 1, else 0. Then picking
# $w_{\text{region}}[r]$ is a product too.

# %% slideshow={"slide_type": "-"}
X, y = data.features, data.prices  # (n, 6), (n,)
print(*(f"{name:>11}" for name in data.feature_names))
for row in X[:4]:
    print(*(f"{value:11g}" for value in rounded(row)))

# %% [markdown] slideshow={"slide_type": "notes"}
# Units matter for training: time counts in quarters of a year from the middle of the half year, so from -1 to 1. Size
# counts in units of 16 cores. All columns are then of about the same size, and one learning rate suits them all.
#
# Ask: why not code the regions as 0, 1, 2, 3 in one column? (Then europe would have to cost exactly twice as much more
# than us-west does: an order and distances that nobody put there.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A linear model, for all examples at once
#
# One example: $\hat{y} = w_1 x_1 + \dots + w_d x_d + b = \langle \mathbf{w}, \mathbf{x} \rangle + b$
#
# All examples, as rows of $\mathbf{X}$: $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$

# %% slideshow={"slide_type": "-"}
guess = np.array([-0.1, 0.5, 0.1, 0.1, 0.1, 0.1])  # (6,)
by_loop = sum(float(guess[j]) * float(X[0, j]) for j in range(6))
y_hat = np.dot(X, guess)  # (n, 6) times (6,) is (n,)
print(f"first price: loop {by_loop:.3f}, product {float(y_hat[0]):.3f}")
print(f"true {float(y[0]):.3f}; shape of all predictions {y_hat.shape}")

# %% [markdown] slideshow={"slide_type": "notes"}
# The loop shows what is meant; the product does the same for all thousand rows in one call (notebook 02).
#
# There is no b in the code. The four region columns sum to one in every row, so the region weights can play its part.
# We come back to that with a matrix rank.


# %% slideshow={"slide_type": "skip"}
def draw_model(names):
    """Draw the linear model as a network of one layer, with the features' names beside the inputs."""
    fig, ax = subplots(width=8.0, height=4.0)
    draw_network(ax, [len(names), 1], labels=["x", [r"$\hat{y}$"]])
    for i, name in enumerate(names):
        ax.text(-0.6, i - (len(names) - 1) / 2, name, ha="right", va="center")
    ax.text(ax.get_xlim()[1], 0, "price", ha="left", va="center")
    ax.set_xlim(-2.2, ax.get_xlim()[1] + 1)
    show(fig, alt="Six circles, one for each feature, each joined by a line to one circle, the price.")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A network of one layer
#
# Each line carries a weight. The output adds up what arrives.

# %% slideshow={"slide_type": "-"}
draw_model(data.feature_names)

# %% [markdown] slideshow={"slide_type": "notes"}
# Inputs are not counted as a layer: nothing is computed there. Every input is joined to every output, which is why
# Gluon calls this layer *dense*. Deep networks stack such layers, with something nonlinear between them (notebook 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The best weights
#
# What best means, and a formula that finds it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How wrong? Squared loss
#
# $$\ell(\mathbf{w}) = \frac{1}{n} \sum_{i=1}^{n} \left(y_i - \hat{y}_i\right)^2
# = \frac{1}{n} \left\| \mathbf{y} - \mathbf{X}\mathbf{w} \right\|^2$$


# %% slideshow={"slide_type": "-"}
def squared_loss(y_hat, y):
    return ((y - y_hat) ** 2).mean()


tried = {"guess": guess, "zeros": np.zeros(6), "truth": data.true_weights}
for name, w in tried.items():
    print(f"{name:6} {float(squared_loss(np.dot(X, w), y)):.5f}")
print(f"noise² {data.noise_std**2:.5f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# Squares: errors of both signs count, large ones count more, and the derivative is easy.
#
# Ask: why is the loss of the true weights not zero? (The prices carry noise. Its variance is the last line: no model
# can get below it on new data.)
#
# A trap to know: `y` has shape (n,). If `y_hat` had shape (n, 1), the difference would broadcast to (n, n), and the
# mean would be a number that looks harmless and is wrong.


# %% slideshow={"slide_type": "skip"}
SQUARES = "A line through five prices, a square on each distance: large at slopes 0.01 and 0.03, nearly gone at 0.02."


def draw_squares(ax, slope):
    """Draw a line through the mean of five prices, and the square of each price's distance to it."""
    rows = [onp.flatnonzero((data.region == 0) & (data.cores == size))[0] for size in (2, 4, 8, 16, 32)]
    x = data.cores[rows].astype("float64")
    price = data.prices.asnumpy()[rows].astype("float64")
    line = price.mean() + slope * (x - x.mean())
    ax.plot(x, line, color=COLORS["vermilion"])
    ax.plot(x, price, "o", color=COLORS["blue"])
    for left, low, high in zip(x, line, price, strict=True):
        side = 44 * (high - low)  # as wide on the page as it is high
        ax.fill([left, left - side, left - side, left], [low, low, high, high], color=COLORS["sky"], alpha=0.35)
    loss = ((price - line) ** 2).mean()
    ax.set(xlabel="cores", ylabel="dollars per hour", xlim=(-12, 45), ylim=(-0.1, 1.2), aspect=44)
    ax.set_title(f"slope {slope:g}: loss {loss:.4f}")


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Move the line
#
# Each square is one example's loss. Which slope makes their sum smallest?

# %% slideshow={"slide_type": "-"}
slopes = [slope / 1000 for slope in range(0, 41, 2)]  # the slider's, when live
cases = [0.01, 0.02, 0.03]
explore(draw_squares, cases, values=slopes, label="slope", alt=SQUARES, height=4.2)

# %% [markdown] slideshow={"slide_type": "notes"}
# Five servers of one region, each of another size. Live, move the slider and watch the loss in the title. Ask: near the
# best slope, does a small move change much? (Hardly: the loss is flat at its minimum. That is how we will find it, by
# its derivative.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Training data and test data
#
# We fit on some prices and judge on others that the fit has never seen.

# %% slideshow={"slide_type": "-"}
n = 800
X_train, y_train = X[:n], y[:n]  # (800, 6), (800,)
X_test, y_test = X[n:], y[n:]  # (200, 6), (200,)
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# When the model is used, nobody knows the label yet. Test data stand in for that moment.

# %% [markdown] slideshow={"slide_type": "notes"}
# The rows are in random order, so the first 800 are as good as any 800. With a real price history, split by time: fit
# on the past, test on the latest weeks. A random split would let the model peek at tomorrow.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Where is the loss smallest?
#
# Where its gradient is zero:
#
# $$\frac{\partial \ell}{\partial \mathbf{w}} = -\frac{2}{n} (\mathbf{y} - \mathbf{X}\mathbf{w})^\top \mathbf{X}$$

# %% slideshow={"slide_type": "-"}
w = np.zeros(6)
w.attach_grad()
with autograd.record():
    loss_value = squared_loss(np.dot(X_train, w), y_train)
loss_value.backward()
formula = -2 / n * np.dot(y_train - np.dot(X_train, w), X_train)  # (6,)
print("autograd:", rounded(w.grad))
print("formula: ", rounded(formula))

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide prints $\frac{2}{n}$ without the minus. The zero is at the same $\mathbf{w}$, but a step
# against that sign would climb.

# %% [markdown] slideshow={"slide_type": "notes"}
# The minus comes from the inner derivative: in y - Xw the weights carry a minus.
#
# Ask: the second entry is negative. What does it say? (A larger weight for the server's size makes the loss smaller.)
# Is it at odds with the other signs? (Starting from zero all prices are predicted too low.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The closed form
#
# $$(\mathbf{y} - \mathbf{X}\mathbf{w})^\top \mathbf{X} = \mathbf{0}
# \;\Leftrightarrow\; \mathbf{X}^\top\mathbf{X}\,\mathbf{w} = \mathbf{X}^\top\mathbf{y}
# \;\Leftrightarrow\; \mathbf{w}^* = (\mathbf{X}^\top\mathbf{X})^{-1}\mathbf{X}^\top\mathbf{y}$$

# %% slideshow={"slide_type": "-"}
XtX = np.dot(X_train.T, X_train)  # (6, 6)
w_closed = np.dot(np.linalg.inv(XtX), np.dot(X_train.T, y_train))  # (6,)
print("found:", rounded(w_closed))
print("true: ", rounded(data.true_weights))
print("shapes:", np.linalg.inv(XtX).shape, X_train.shape, y_train.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says $(\mathbf{X}^\top\mathbf{X})^{-1}\mathbf{X}\mathbf{y}$. The shapes object: (6, 6) times
# (800, 6) does not exist. The transpose is missing.

# %% [markdown] slideshow={"slide_type": "notes"}
# Go through the shapes aloud: (6, 800) times (800,) is (6,), and (6, 6) times (6,) is (6,). Checking shapes finds more
# errors in formulas than reading them twice.
#
# In practice nobody inverts: `np.linalg.solve(XtX, X^T y)` is faster and more exact. The inverse is here because the
# formula has one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Folding the bias in
#
# A bias is a weight whose feature is always 1:
# $\;\mathbf{X} \leftarrow [\mathbf{X}, \mathbf{1}], \quad
# \mathbf{w} \leftarrow \begin{bmatrix} \mathbf{w} \\ b \end{bmatrix}, \quad
# \hat{\mathbf{y}} = \mathbf{X}\mathbf{w}$


# %% slideshow={"slide_type": "-"}
def closed_form(X, y):
    return np.linalg.solve(np.dot(X.T, X), np.dot(X.T, y))


ones = np.ones((n, 1))
folded = np.concatenate([X_train[:, :2], ones], axis=1)  # (800, 3)
print("time, server size, bias:", rounded(closed_form(folded, y_train)))

# %% [markdown] slideshow={"slide_type": "notes"}
# Here only time and size are used, and the region is left out. The bias then is the price of a server without cores, at
# the middle of the half year, in an average region.
#
# Ask: which price do the three weights predict for 16 cores in the middle? (Size 1: the second plus the third.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One column too many
#
# All four regions and a column of ones: the regions already sum to 1.

# %% slideshow={"slide_type": "-"}
both = np.concatenate([X_train, ones], axis=1)  # (800, 7)
no_first = np.concatenate([X_train[:, :2], X_train[:, 3:], ones], axis=1)
for matrix in (X_train, both, no_first):
    print(matrix.shape[1], "columns, rank", np.linalg.matrix_rank(matrix))
w_baseline = closed_form(no_first, y_train)
gap = abs(np.dot(no_first, w_baseline) - np.dot(X_train, w_closed)).max()
print(rounded(w_baseline))
print("same predictions:", bool(gap < 1e-4))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Rank 6 with 7 columns: $\mathbf{X}^\top\mathbf{X}$ has no inverse. Drop the ones, or drop one region.

# %% [markdown] slideshow={"slide_type": "notes"}
# With both, one dollar could move from the bias to all four regions and no prediction would change: infinitely many
# best weights, so no inverse.
#
# Two ways out. Keep all regions and no bias: the bias is folded into the region weights. This is what we do. Or drop
# one region, the baseline: then the bias is the baseline's price, and the other region weights are differences to it.
#
# Ask: what is the third weight, 0.021? (How much more us-west costs than us-east.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Stochastic gradient descent
#
# Small steps still work where there is no formula.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Downhill in small steps
#
# Deep networks have no closed form. *Minibatch stochastic gradient descent* needs only gradients, each from a
# few examples $B$:
#
# $$\mathbf{w} \leftarrow \mathbf{w} - \eta\,\frac{\partial}{\partial \mathbf{w}}
# \frac{1}{|B|} \sum_{i \in B} (y_i - \hat{y}_i)^2$$


# %% slideshow={"slide_type": "-"}
def batches(X, y, batch_size, epoch):
    order = onp.random.RandomState(epoch).permutation(len(X))
    for start in range(0, len(X), batch_size):
        chosen = np.array(order[start : start + batch_size])
        yield X[chosen], y[chosen]


print([len(y_batch) for _, y_batch in batches(X[:100], y[:100], 32, 0)])

# %% [markdown] slideshow={"slide_type": "notes"}
# An *epoch* is one pass over all training data. Each epoch shuffles anew, so that batches differ. The last batch takes
# what is left; the output shows it on 100 examples.
#
# `onp` is NumPy itself: its `RandomState` gives the same order on every machine.
#
# Ask: why batches and not one example, or all? (Notebook 05 measures it.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch: model and update
#
# The loss is `squared_loss`, as before.


# %% slideshow={"slide_type": "-"}
def model(X, w):
    return np.dot(X, w)  # (batch, 6) times (6,) is (batch,)


def update(w, lr):
    w[:] = w - lr * w.grad  # in place: w stays the same array


# %% [markdown] slideshow={"slide_type": "fragment"}
# The gradient belongs to the array. A new one, `w = w - lr * w.grad`, would have none.


# %% [markdown] slideshow={"slide_type": "notes"}
# Model, loss and update are functions, each to be exchanged later: another model, another loss, another way to
# update.
#
# Ask before the sentence appears: why not `w = w - lr * w.grad`? (The next `backward` would have nowhere to write.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch: the training loop

# %% slideshow={"slide_type": "-"}
lr, batch_size, num_epochs = 0.1, 32, 10
w_scratch = np.zeros(6)
w_scratch.attach_grad()
losses = [float(squared_loss(np.zeros(n), y_train))]
for epoch in range(num_epochs):
    for X_batch, y_batch in batches(X_train, y_train, batch_size, epoch):
        with autograd.record():
            loss_value = squared_loss(model(X_batch, w_scratch), y_batch)
        loss_value.backward()
        update(w_scratch, lr)
    losses.append(float(squared_loss(model(X_train, w_scratch), y_train)))
print("found:", rounded(w_scratch))

# %% [markdown] slideshow={"slide_type": "notes"}
# Read the inner loop aloud: take a batch, predict, measure, differentiate, step. These lines are the same for every
# network of this course.
#
# `float(...)` once an epoch, not once a batch: it waits for the result (notebook 01).


# %% slideshow={"slide_type": "skip"}
def draw_losses(losses, noise_std):
    """Plot training loss after each epoch, with the noise's variance as the floor."""
    fig, ax = subplots(width=10.0, height=4.6)
    ax.semilogy(range(len(losses)), losses, marker="o", label="training loss")
    ax.axhline(noise_std**2, color="black", linestyle="--", label="variance of the noise")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    show(
        fig,
        alt="The training loss falls a thousandfold in five epochs, then stays on a dashed line, the noise variance.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The loss falls to the noise, and stays

# %% slideshow={"slide_type": "-"}
draw_losses(losses, data.noise_std)

# %% [markdown] slideshow={"slide_type": "notes"}
# The axis is logarithmic: each grid line is a factor of ten.
#
# Ask: why does it stop? (What is left is noise, which no weights explain.) Would more epochs help? (No. Would it fall
# below the line, on training data? By a hair: six weights can fit a little of the noise.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same in Gluon
#
# A layer, a loss, a trainer: one line for each part.

# %% slideshow={"slide_type": "-"}
net = nn.Dense(1, use_bias=False)  # the region weights hold the bias
net.initialize(init.Zero())  # start where the scratch version started
l2_loss = gluon.loss.L2Loss()
options = {"learning_rate": 2 * lr}
trainer = gluon.Trainer(net.collect_params(), "sgd", options)

prediction, truth = np.array([5.0]), np.array([2.0])
print("L2Loss:", float(l2_loss(prediction, truth)[0]))
print("ours:  ", float(squared_loss(prediction, truth)))

# %% [markdown] slideshow={"slide_type": "fragment"}
# `L2Loss` is **half** the square. Half the gradient, so twice the learning rate for the same steps.

# %% [markdown] slideshow={"slide_type": "notes"}
# The half cancels the 2 of the derivative: a convention. It changes neither the best weights nor the path, if the
# learning rate is doubled. It does change every loss that is printed, so say which loss is meant before comparing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Gluon: the training loop

# %% slideshow={"slide_type": "-"}
for epoch in range(num_epochs):
    for X_batch, y_batch in batches(X_train, y_train, batch_size, epoch):
        with autograd.record():
            loss_values = l2_loss(net(X_batch), y_batch)  # (batch,)
        loss_values.backward()
        trainer.step(len(y_batch))  # divides the gradient by the batch size
w_gluon = net.weight.data()[0]  # (6,)
print("found:", rounded(w_gluon))
print("as from scratch:", bool(abs(w_gluon - w_scratch).max() < 1e-5))

# %% [markdown] slideshow={"slide_type": "notes"}
# What the trainer updates are the network's *parameters*, here six weights. Two differences to the loop from scratch.
# The loss is one number an example, so `backward` sums the gradients, and `step` divides by the number of examples to
# make it a mean. And the trainer updates all weights of a network, however many arrays they are.
#
# Same start, same batches, same steps: the weights agree up to rounding. This is how to check that you have
# understood a library: write its work yourself and compare.


# %% slideshow={"slide_type": "skip"}
def print_table(answers):
    """Print a row of weights for each answer, under the features' names."""
    print(" " * 11, *(f"{name:>12}" for name in data.feature_names))
    for name, weights in answers.items():
        print(f"{name:11}", *(f"{value:12.3f}" for value in rounded(weights)))


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Is the answer any good?
#
# Three fits beside the truth, and prices that no fit has seen.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three answers and the truth

# %% slideshow={"slide_type": "-"}
answers = {"closed form": w_closed, "scratch": w_scratch, "Gluon": w_gluon}
print_table({"truth": data.true_weights, **answers})
for name, weights in answers.items():
    off = 100 * float(abs(weights - data.true_weights).max())
    print(f"{name:11} off by at most {off:.2f} cents")

# %% [markdown] slideshow={"slide_type": "notes"}
# Read the weights as prices: a quarter of a year takes 5 cents off, 16 more cores add 32 cents, and a server in asia
# costs 10 cents more than one in us-east. A linear model explains itself; enjoy it while it lasts.
#
# Ask: the closed form is the exact minimum. Why is it not the truth? (It is the minimum for these 800 noisy prices.)
# And why do scratch and Gluon differ from it? (They keep stepping around the minimum, a little off with every batch.)

# %% [markdown] slideshow={"slide_type": "skip"}
# ### In one call
#
# From the next notebook on, `fit` runs this loop. `ArrayLoader` shuffles and cuts batches.

# %% slideshow={"slide_type": "skip"}
seed(0)
train_loader = ArrayLoader(X_train, y_train, batch_size=32, shuffle=True)
net = nn.Dense(1, use_bias=False)
fit(net, train_loader, num_epochs=10, lr=0.2, loss=l2_loss)
print("found:", rounded(net.weight.data()[0], 2))

# %% [markdown] slideshow={"slide_type": "skip"}
# `fit` starts from random weights and has another order of batches: the weights are the same to the cent, not to the
# last digit. What it adds is comfort: curves while it trains, test loss after each epoch, a clear message when the
# loss explodes.


# %% slideshow={"slide_type": "skip"}
def draw_predictions(y_hat, y):
    """Scatter predicted against true price, with the diagonal where both are equal."""
    fig, ax = subplots(width=10.0, height=4.6)
    ax.plot([0, 1], [0, 1], color="black", linewidth=1)
    ax.scatter(y.asnumpy(), y_hat.asnumpy(), s=18)
    ax.set(xlabel="true price in dollars per hour", ylabel="predicted")
    show(
        fig,
        alt="Predicted against true price of the 200 test servers: all points lie close to the diagonal, from 0 to 0.9 "
        "dollars.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Prices that the model has never seen

# %% slideshow={"slide_type": "-"}
draw_predictions(model(X_test, w_scratch), y_test)

# %% [markdown] slideshow={"slide_type": "notes"}
# Each point is a server of the test data. On the diagonal the prediction would be exact.
#
# Ask: are dear servers predicted worse than cheap ones? (No: the spread is the same everywhere, as the noise is.) What
# would a curved cloud of points say? (That the truth is not linear.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Test error beside a baseline and the noise


# %% slideshow={"slide_type": "-"}
def cents(y_hat):
    return 100 * float(squared_loss(y_hat, y_test)) ** 0.5


print(f"always the mean price  {cents(y_train.mean()):5.2f} cents off")
print(f"closed form            {cents(model(X_test, w_closed)):5.2f}")
print(f"from scratch           {cents(model(X_test, w_scratch)):5.2f}")
print(f"Gluon                  {cents(model(X_test, w_gluon)):5.2f}")
print(f"noise                  {100 * data.noise_std:5.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The error is about the noise: nothing is left to learn. On 200 examples it can fall a little below, by luck.

# %% [markdown] slideshow={"slide_type": "notes"}
# The number is the root of the mean square: it is in the unit of the prices, and so easier to judge than the loss.
#
# Always give a baseline: an error of one cent means something only beside the error of a model that knows nothing.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A price for next week

# %% slideshow={"slide_type": "-"}
hour = 182 * 24 + 7 * 24  # a week after the last one
x = np.array([hour / 2184 - 1, 16 / 16, 0, 0, 1, 0])  # 16 cores in europe
price, spread = float(model(x, w_closed)), 2 * data.noise_std
print(f"{price:.2f} dollars per hour, give or take {spread:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The model assumes that next week goes on like the past half year. No test on past data can check that.

# %% [markdown] slideshow={"slide_type": "notes"}
# Twice the standard deviation of the noise covers about 95 of 100 prices.
#
# Time 1.08 lies outside the data, which end at 1: this is extrapolation. A week is a small step; a year would be a bold
# one, and at some point the model predicts negative prices. Ask: when? (For 2 cores in us-east, 0.12 dollars in the
# middle of the history, after 2.4 quarters: some four months after its end.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A linear model is a network of one dense layer: $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$.
# - Squared loss has a closed form, if no column is a sum of others.
# - Minibatch SGD: batch, predict, loss, gradient, step. It needs no closed form.
# - Gluon does the same steps; its `L2Loss` is half the square.
# - Judge on test data, beside a baseline and the noise.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 04.1: predict the number of updates
#
# 1000 examples, batches of 64, none left out. How many updates has an epoch, and how many
# examples has the last batch?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
updates_and_last = ...  # (updates, size of the last batch)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.1", updates_and_last)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `divmod(1000, 64)` gives the number of full batches and what remains.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# updates_and_last = (16, 40)
# ```
#
# Fifteen full batches hold 960 examples; the 40 that are left make the sixteenth.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 04.2: change the learning rate
#
# With batches of 100, the loop from scratch makes only 8 updates an epoch. After 5 epochs, $\eta = 0.1$ is not
# there yet. Choose a rate with which the test error is less than 5 % above the closed form's.
#
# The check trains with your rate and says where it gets.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
learning_rate = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.2", learning_rate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Fewer updates, so longer steps. Double the rate until the error stops falling. What happens at 1?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# learning_rate = 0.5
# ```
#
# Rates from about 0.3 to 0.6 will do. Above 0.8 training diverges: notebook 05 shows why.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 04.3: build a step without autograd
#
# Write one update of minibatch SGD for $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$ and the loss
# $\frac{1}{n} \| \mathbf{y} - \hat{\mathbf{y}} \|^2$, with the gradients by hand. Return the new weights and the new
# bias.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def step(X, y, w, b, lr):
    """X (n, d), y (n,), w (d,), numbers b, lr; returns (new w, new b)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.3", step)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Let `residual = y - (np.dot(X, w) + b)`. The gradient for w is on the slide *Where is the loss smallest?*. The bias
# is a weight whose feature is always 1: put a column of ones in the place of X.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def step(X, y, w, b, lr):
#     residual = y - (np.dot(X, w) + b)  # (n,)
#     gradient_w = -2 / len(y) * np.dot(X.T, residual)  # (d,)
#     gradient_b = -2 / len(y) * residual.sum()
#     return w - lr * gradient_w, b - lr * gradient_b
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 04.4: build ridge regression
#
# Large weights are often a sign of fitting noise. *Ridge regression* puts a price on them:
#
# $$\ell(\mathbf{w}) = \frac{1}{n} \left\| \mathbf{y} - \mathbf{X}\mathbf{w} \right\|^2 + \lambda \|\mathbf{w}\|^2$$
#
# Set its gradient to zero and write the closed form.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def ridge(X, y, lam):
    """X (n, d), y (n,), a number lam >= 0; returns w (d,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.4", ridge)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The gradient of the penalty is $2\lambda\mathbf{w}$. Multiply the equation by $n/2$ and collect what stands before
# $\mathbf{w}$; `np.eye(d)` is the identity matrix.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def ridge(X, y, lam):
#     n, d = X.shape
#     return np.linalg.solve(np.dot(X.T, X) + n * lam * np.eye(d), np.dot(X.T, y))
# ```
#
# From $-\frac{2}{n} \mathbf{X}^\top(\mathbf{y} - \mathbf{X}\mathbf{w}) + 2\lambda\mathbf{w} = \mathbf{0}$ follows
# $(\mathbf{X}^\top\mathbf{X} + n\lambda\mathbf{1})\,\mathbf{w} = \mathbf{X}^\top\mathbf{y}$. With $\lambda > 0$ the
# matrix always has an inverse, even with one column too many.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Linear Neural Networks for
#   Regression](https://d2l.ai/chapter_linear-regression/index.html)
# - Hoerl and Kennard, [Ridge Regression: Biased Estimation for Nonorthogonal
#   Problems](https://doi.org/10.1080/00401706.1970.10488634), 1970
# - Who was first, Legendre or Gauss? Stigler,
#   [Gauss and the Invention of Least Squares](https://doi.org/10.1214/aos/1176345451), 1981
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **05 · Optimization**, how long a step should be, and how many examples a gradient needs.
