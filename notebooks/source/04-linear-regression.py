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
# What would a server with 48 cores cost, and how far can you trust the answer?
#
# *60 minutes · needs 01, 02, 03 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Linear regression is the smallest model that has everything a deep network has: data, weights, a loss, a gradient, a
# training loop, and a test. From here on, mostly the model grows. That is why we take our time and find the weights
# three times, with a formula, with a training loop of our own, and with the library Gluon, so that you can compare
# the results.
#
# One question runs through the first part of the course: *how do I know that a model will work on data it has not
# seen?* In this notebook you take the first step towards an answer. You put some examples aside, never train on them,
# and measure the error there. Then you find out what even such a test cannot tell you.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask the question of the title right away and write the guesses down; the next slides give three
# prices.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Write** a linear model for all examples at once, $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$.
# - **Derive** the weights with the smallest squared loss, and say when the formula fails.
# - **Build** minibatch stochastic gradient descent from scratch, then use Gluon.
# - **Prepare** a real table: missing values, categories, units.
# - **Judge** a model on examples it has not seen, and **recognize** questions it can't answer.

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
    ArrayLoader,
    check,
    fit,
    load_cars,
    rounded,
    seed,
    show_table,
    spot_prices,
)
from d2lhelpers.figures import nb04_linear_regression as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A weighted sum
#
# A linear model adds up what each feature contributes to the price.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three prices lie on a line
#
# A cloud provider rents out spare servers by the hour. What would one with 48 cores cost?

# %% slideshow={"slide_type": "-"}
servers = ["g3.4xlarge", "g3.8xlarge", "g3.16xlarge"]
cores, dollars = [16, 32, 64], [0.41, 0.73, 1.37]  # of 2019
slope = (dollars[1] - dollars[0]) / (cores[1] - cores[0])  # dollars for one more core
start = dollars[0] - slope * cores[0]
rows = [("server", "cores", "dollars per hour", "slope · cores + start")]
for server, x, price in zip(servers, cores, dollars, strict=True):
    rows.append((server, f"{x}", f"{price:.2f}", f"{slope * x + start:.2f}"))
rows.append(("?", "48", "?", f"{slope * 48 + start:.2f}"))
show_table(rows, f"slope {slope:.3f} dollars per core, start {start:.2f} dollars")

# %% [markdown] slideshow={"slide_type": "skip"}
# Servers that nobody has reserved are rented out at a price that rises and falls with demand, the *spot price*. The
# first two prices determine a line, and the third server, which we did not use, lies on it as well. That is a tiny
# test on unseen data, and it makes the answer for 48 cores believable: 1.05 dollars.
#
# If you answered the question in your head, you have used a linear model: price = slope · cores + start. Predicting a
# number is called *regression*. What you just did with two prices, we now do with a thousand, where the time and the
# region play a part as well. No line passes through all of them, so we need to say what "best" means.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class answer before you run the cell. The columns: what we know, what we predict.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What moves the price? Size, region, and time

# %% slideshow={"slide_type": "-"}
data = spot_prices(1000)
figures.prices(data)

# %% [markdown] slideshow={"slide_type": "skip"}
# Each point is one server at one time in half a year of prices. The history is simulated: `help(spot_prices)` shows
# that the prices come from a linear model with random noise of one cent. Real spot prices jump and have daily cycles.
# We start with simulated ones because only then do we know the true weights, so we can check whether a method finds
# them. The last section turns to a real table, for which nobody knows the truth.
#
# **Question.** Why do the points form bands, why are there layers of color within a band, and why do the bands
# fall to the right?
# <details><summary>Answer</summary>
#
# The bands are server sizes: 32 cores at the top, then 16; those of 8, 4, and 2 cores overlap. The layers of color
# are regions, and the bands fall because prices fall over time. All bands are parallel because each cause adds its
# own amount, whatever the others are. That is what *linear* means here, and it is what the model will assume.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: why bands, why layers, why do they fall, and are they parallel?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One-hot encoding turns a region into numbers
#
# $$p = w_{\text{time}} \cdot t + w_{\text{server}} \cdot s + w_{\text{region}}[r]$$

# %% slideshow={"slide_type": "-"}
X, y = data.features, data.prices  # (1000, 6), (1000,)
rows = [("region", *data.feature_names, "price")]
for i in range(4):
    region = data.region_names[data.region[i]]
    rows.append((region, *(f"{value:g}" for value in rounded(X[i])), f"{float(y[i]):.3f}"))
show_table(rows, "four of the 1000 examples: six features and the label")

# %% [markdown] slideshow={"slide_type": "skip"}
# Each row is an *example*. It consists of *features*, the numbers that the model is given, and a *label*, the number it
# should predict. A factor that multiplies a feature is called a *weight*.
#
# A region is a name, not an amount. *One-hot encoding* gives each region a column of its own, with a 1 for the examples
# of that region and a 0 for all others. With these columns, picking the weight of a region, $w_{\text{region}}[r]$, is
# a weighted sum too: three of the four products are zero.
#
# **Question.** Why not number the regions 0, 1, 2, 3 in a single column?
# <details><summary>Answer</summary>
#
# A single weight would then have to serve all of them. If us-west (1) costs 2 cents more than us-east (0), europe (2)
# would have to cost 4 cents more and asia (3) 6, whatever the prices are. Numbers bring an order and distances that
# names don't have.
#
# </details>
#
# Units are chosen with training in mind. Time is in quarters of a year, counted from the middle of the half year, so it
# goes from −1 to 1; size is in units of 16 cores. If all columns have about the same size, one step length (the
# *learning rate*, below) suits all of them. With the cars you will see what happens otherwise.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### One product predicts all prices
#
# One example: $\;\hat{y} = w_1 x_1 + \dots + w_d x_d + b = \langle \mathbf{w}, \mathbf{x} \rangle + b$
#
# All examples, one in each row of $\mathbf{X}$: $\;\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$

# %% slideshow={"slide_type": "-"}
guess = np.array([0, 0.5, 0, 0, 0, 0])  # 50 cents per 16 cores, nothing else matters
one_by_one = [float(sum(w * x for w, x in zip(guess, row, strict=True))) for row in X[:3]]
at_once = np.dot(X, guess)  # (1000, 6) times (6,) is (1000,)
print("one by one:", rounded(one_by_one))
print("at once:   ", rounded(at_once[:3]))

# %% [markdown] slideshow={"slide_type": "skip"}
# The hat in $\hat{y}$ marks a prediction; $y$ is the true label. The number $b$ is the *bias*: the prediction when all
# features are zero.
#
# Writing a computation on whole arrays instead of a loop over their entries is called *vectorization*. The formula gets
# shorter and the computation much faster, because one call of optimized code replaces thousands of steps of Python
# (notebook 01 measures it).
#
# There is no $b$ in the code. In every row the four region columns add up to 1, so the region weights can play its
# part. We come back to this when we look for the best weights.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A linear model is a network of one layer

# %% slideshow={"slide_type": "-"}
figures.network(data.feature_names)

# %% [markdown] slideshow={"slide_type": "skip"}
# Every line in this picture carries a weight, and the output adds up what arrives. The inputs don't count as a layer
# because nothing is computed there. Every input is connected to every output, which is why Gluon calls such a layer
# *dense*. Deep networks stack dense layers, with something nonlinear between them (notebook 07).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The best weights
#
# A loss says what "best" means. A formula finds the weights, or many small steps do.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The loss is the mean square of the errors
#
# $$\ell(\mathbf{w}) = \frac{1}{n} \sum_{i=1}^{n} \left(y_i - \hat{y}_i\right)^2
# = \frac{1}{n} \left\| \mathbf{y} - \mathbf{X}\mathbf{w} \right\|^2$$

# %% slideshow={"slide_type": "skip"}
small_to_large = [2, 4, 8, 16, 32]  # one server of each size, all in us-east
chosen = [onp.flatnonzero((data.region == 0) & (data.cores == size))[0] for size in small_to_large]
size, price = data.cores[chosen].astype("float64"), y.asnumpy()[chosen].astype("float64")

# %% slideshow={"slide_type": "-"}
figures.move_the_line(size, price, cases=[0.01, 0.02, 0.03])

# %% [markdown] slideshow={"slide_type": "skip"}
# A *loss* measures how wrong the predictions are, in one number. The *squared loss* is the mean area of the blue
# squares: an error of either sign counts, large errors count more than in proportion, and the derivative is simple.
#
# The picture shows five servers in us-east, and for each slope the line through their center. At slope 0.02 the loss is
# 0.0004, so a typical error is its root, 2 cents. (The two smallest servers cost the same because their prices are
# from different days.) If the notebook is live, move the slider: near the best slope the loss hardly changes, because
# it is flat at its minimum. We will use exactly that to find the minimum.


# %% slideshow={"slide_type": "skip"}
def squared_loss(y_hat, y):
    return ((y - y_hat) ** 2).mean()


tried = {"guess": guess, "zeros": np.zeros(6), "truth": data.true_weights}
for name, w in tried.items():
    print(f"{name:6} {float(squared_loss(np.dot(X, w), y)):.5f}")
print(f"noise² {data.noise_std**2:.5f}")
column = np.dot(X, data.true_weights).reshape(-1, 1)  # (1000, 1) instead of (1000,)
print(f"truth, but in the wrong shape: {float(squared_loss(column, y)):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Even the true weights have a loss above zero because the prices contain noise. Its variance, the square of its
# standard deviation, is in the line *noise²*. On new data no model can do better, except by luck.
#
# The last line shows a trap: if `y` has shape (n,) and `y_hat` has shape (n, 1), then `y - y_hat` is broadcast to shape
# (n, n). There is no error message, and the mean is a plausible number, but it is wrong.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Some prices are put aside before anything is fitted

# %% slideshow={"slide_type": "-"}
n = 800
X_train, y_train = X[:n], y[:n]  # (800, 6), (800,)
X_test, y_test = X[n:], y[n:]  # (200, 6), (200,)
print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)

# %% [markdown] slideshow={"slide_type": "fragment"}
# We choose the weights with the *training data* and judge them on the *test data*. Test data play the part of prices
# that nobody knows yet.

# %% [markdown] slideshow={"slide_type": "skip"}
# The rows are in random order, so the first 800 are as good as any others. Keep in mind what this assumes: that the
# servers you will be asked about are like the ones you put aside. We will break this assumption at the end.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### In a bowl, the only flat point is the lowest

# %% slideshow={"slide_type": "skip"}
weights_tried = onp.linspace(0.1, 0.5, 41)  # for the server's size
losses_tried = []
for weight in weights_tried:
    w = data.true_weights.copy()  # all others stay at the truth
    w[1] = weight
    losses_tried.append(float(squared_loss(np.dot(X_train, w), y_train)))

# %% slideshow={"slide_type": "-"}
figures.bowl(weights_tried, onp.array(losses_tried))

# %% [markdown] slideshow={"slide_type": "fragment"}
# Squared loss is *convex*, so setting its gradient to zero finds the minimum.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do we find the minimum? In school, you set the derivative to zero, and then you had to check what you had found:
# the right-hand curve is flat at three points, of which one is a hilltop and one is only the second-lowest valley. For
# squared loss no check is needed. A function is *convex* if the straight line between any two points of its graph never
# runs below the graph, like the dashed line on the left. A convex function never curves downward, so if it is flat at
# some point, no way leads down from there, and it can't be lower anywhere else.
#
# Why is squared loss convex? Walk from any $\mathbf{w}$ a distance $t$ in any direction $\mathbf{v}$. The prediction
# changes by $t\,\mathbf{X}\mathbf{v}$. If $\mathbf{r} = \mathbf{y} - \mathbf{X}\mathbf{w}$ was left over before, the
# loss is now
#
# $$\frac{1}{n} \left\| \mathbf{r} - t\,\mathbf{X}\mathbf{v} \right\|^2 = \frac{1}{n} \left( \|\mathbf{r}\|^2
# - 2t\, \langle \mathbf{r}, \mathbf{X}\mathbf{v} \rangle + t^2\, \|\mathbf{X}\mathbf{v}\|^2 \right),$$
#
# a parabola in $t$. The factor of $t^2$ is a square and never negative, so the parabola opens upward (or is a straight,
# flat line if $\mathbf{X}\mathbf{v} = \mathbf{0}$, a case we will meet shortly). Networks with several layers don't
# have this property: their loss looks more like the right-hand curve.


# %% slideshow={"slide_type": "skip"}
def three_digits(values):  # for tables
    return [f"{value:.3f}" for value in rounded(values)]


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The gradient, by formula and by autograd
#
# $$\frac{\partial \ell}{\partial \mathbf{w}} = -\frac{2}{n} (\mathbf{y} - \mathbf{X}\mathbf{w})^\top \mathbf{X}$$

# %% slideshow={"slide_type": "-"}
w = np.zeros(6)
w.attach_grad()
with autograd.record():
    loss_value = squared_loss(np.dot(X_train, w), y_train)
loss_value.backward()
formula = -2 / n * np.dot(y_train - np.dot(X_train, w), X_train)  # (6,)
rows = [("gradient", *data.feature_names)]
rows += [("autograd", *three_digits(w.grad)), ("formula", *three_digits(formula))]
show_table(rows, "at zero weights")

# %% [markdown] slideshow={"slide_type": "skip"}
# The chain rule gives this formula. The loss is a mean of $(y_i - \hat{y}_i)^2$. The derivative of a square is
# twice what is inside, times the derivative of the inside with respect to $w_j$, which is $-x_{ij}$. So
#
# $$\frac{\partial \ell}{\partial w_j} = \frac{1}{n} \sum_i 2\,(y_i - \hat{y}_i)\,(-x_{ij}),$$
#
# and all $d$ of these sums together are the product above. The minus sign comes from the inside, where the prediction
# is subtracted.
#
# **Question.** The second entry, for the server's size, is negative. What does it tell you?
# <details><summary>Answer</summary>
#
# That a larger weight for the size makes the loss smaller. This is no surprise: with all weights at zero, every
# prediction is zero and too low.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A flat point solves a linear equation
#
# $$\mathbf{X}^\top(\mathbf{y} - \mathbf{X}\mathbf{w}) = \mathbf{0}
# \;\Leftrightarrow\; \mathbf{X}^\top\mathbf{X}\,\mathbf{w} = \mathbf{X}^\top\mathbf{y}
# \;\Leftrightarrow\; \mathbf{w}^* = (\mathbf{X}^\top\mathbf{X})^{-1}\mathbf{X}^\top\mathbf{y}$$

# %% slideshow={"slide_type": "-"}
XtX = np.dot(X_train.T, X_train)  # (6, 6)
w_closed = np.dot(np.linalg.inv(XtX), np.dot(X_train.T, y_train))  # (6,)
rows = [("weights", *data.feature_names)]
rows += [("found", *three_digits(w_closed)), ("true", *three_digits(data.true_weights))]
show_table(rows, "dollars per hour, from 800 noisy prices")

# %% [markdown] slideshow={"slide_type": "skip"}
# Let's go from the gradient to the formula step by step. Set the gradient to zero. The factor $-\frac{2}{n}$ is not
# zero, so divide by it. Transpose, to have a column instead of a row: $(\mathbf{r}^\top\mathbf{X})^\top =
# \mathbf{X}^\top\mathbf{r}$. That is the first equation. Multiply out, $\mathbf{X}^\top\mathbf{y} -
# \mathbf{X}^\top\mathbf{X}\mathbf{w} = \mathbf{0}$, and bring the term with $\mathbf{w}$ to the other side: the second
# one, known as the *normal equations*, $d$ linear equations for $d$ weights. If the square matrix
# $\mathbf{X}^\top\mathbf{X}$ has an inverse, multiply by it. This is called the *closed form*: a formula gives the
# result, and nothing has to be searched for.
#
# Check the shapes: (6, 800) times (800,) is (6,), and (6, 6) times (6,) is (6,). Checking shapes finds more mistakes
# in formulas than reading them twice. The first equation also has a meaning: what is left over, $\mathbf{y} -
# \mathbf{X}\mathbf{w}$, is orthogonal to every column of $\mathbf{X}$. If it weren't, some feature could
# explain a bit more.
#
# The weights are found to within a tenth of a cent. In practice, nobody inverts the matrix: `np.linalg.solve` solves
# the second equation faster and more accurately, and we use it from now on. (`np.linalg.lstsq` avoids even
# $\mathbf{X}^\top\mathbf{X}$, which is more accurate still.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The bias is a weight whose feature is always 1
#
# $$\mathbf{X} \leftarrow [\mathbf{X}, \mathbf{1}_n], \quad
# \mathbf{w} \leftarrow \begin{bmatrix} \mathbf{w} \\ b \end{bmatrix}, \quad
# \hat{\mathbf{y}} = \mathbf{X}\mathbf{w}$$


# %% slideshow={"slide_type": "-"}
def closed_form(X, y):
    return np.linalg.solve(np.dot(X.T, X), np.dot(X.T, y))


ones = np.ones((n, 1))
folded = np.concatenate([X_train[:, :2], ones], axis=1)  # (800, 3)
print("time, server size, bias:", rounded(closed_form(folded, y_train)))

# %% [markdown] slideshow={"slide_type": "skip"}
# The column $\mathbf{1}_n$ contains $n$ ones. So the closed form finds a bias as well, without a new derivation. Here
# only the time and the size are used, and the region is left out. The bias is then the price of a server without cores,
# in the middle of the half year, in an average region.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### With one column too many, the formula fails

# %% slideshow={"slide_type": "-"}
both = np.concatenate([X_train, ones], axis=1)  # (800, 7)
no_us_east = np.concatenate([X_train[:, :2], X_train[:, 3:], ones], axis=1)  # (800, 6)
w_reference = closed_form(no_us_east, y_train)
of_time, of_size, *others = three_digits(w_reference)
rank = np.linalg.matrix_rank
rows = [
    ("columns", "rank", *data.feature_names, "ones"),
    ("all regions", f"{rank(X_train)} of 6", *three_digits(w_closed), "–"),
    ("all regions and ones", f"{rank(both)} of 7", *["?"] * 7),
    ("ones, without us-east", f"{rank(no_us_east)} of 6", of_time, of_size, "–", *others),
]
show_table(rows, "the weights that the formula finds")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Rank 6 with 7 columns: $\mathbf{X}^\top\mathbf{X}$ has no inverse. Drop the ones, or drop one region.

# %% [markdown] slideshow={"slide_type": "skip"}
# The *rank* of a matrix is the largest number of its columns that you can pick so that none is a weighted sum of the
# others you picked (notebook 02). All four
# region columns and a column of ones are one too many: the regions already add up to the ones. Then you could take
# one dollar from all four region weights and add it to the bias, and no prediction would change. In this direction
# $\mathbf{v}$, $\mathbf{X}\mathbf{v} = \mathbf{0}$: the bowl has become a valley with a flat floor, infinitely many
# weights are best, and so no inverse can single out one.
#
# There are two ways out. If you keep all regions and leave out the bias, each region weight contains it; that is what
# we do. If you drop one region, the *reference*, the bias is the reference's price and the other region weights are
# differences from it. The us-west weight in the last row, 0.021, tells you that us-west costs about two cents more than
# us-east. The predictions are the same:

# %% slideshow={"slide_type": "skip"}
gap = abs(np.dot(no_us_east, w_reference) - np.dot(X_train, w_closed)).max()
print("differ by less than a hundredth of a cent:", bool(gap < 1e-4))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Small steps find the weights without a formula
#
# $$\mathbf{w} \leftarrow \mathbf{w} - \eta\,\frac{\partial}{\partial \mathbf{w}}
# \frac{1}{|B|} \sum_{i \in B} (y_i - \hat{y}_i)^2$$


# %% slideshow={"slide_type": "skip"}
def batches(X, y, batch_size, epoch):
    order = onp.random.RandomState(epoch).permutation(len(X))
    for start in range(0, len(X), batch_size):
        chosen = np.array(order[start : start + batch_size])
        yield X[chosen], y[chosen]


def model(X, w):
    return np.dot(X, w)  # (batch, d) times (d,) is (batch,)


def update(w, lr):
    w[:] = w - lr * w.grad  # in place: w stays the same array


print([len(y_batch) for _, y_batch in batches(X[:100], y[:100], 32, 0)])

# %% [markdown] slideshow={"slide_type": "skip"}
# Deep networks have no closed form, so we need a method that uses nothing but gradients. *Minibatch stochastic gradient
# descent* (SGD) takes a few examples $B$, a *minibatch* or batch for short, computes the gradient of their mean loss,
# and moves the weights a small step against it. The learning rate $\eta$ (eta) says how far. *Stochastic* means random:
# each batch gives a slightly different gradient, but on average it is the gradient of the whole loss.
#
# An *epoch* is one pass over all training data. `batches` shuffles the examples anew for each epoch and cuts them into
# batches; the last one takes what is left, as the output for 100 examples shows. `onp` is NumPy itself, whose
# `RandomState` gives the same order on every machine.
#
# Model, loss, and update are three functions that you can replace independently: with another model, another loss,
# another way to update.
#
# **Question.** Why does `update` write into the array instead of `w = w - lr * w.grad`?
# <details><summary>Answer</summary>
#
# The gradient's memory belongs to the array on which you called `attach_grad`. The assignment would make a new array
# without a gradient, and the next `backward` would have nowhere to write.
#
# </details>


# %% slideshow={"slide_type": "-"}
def train(X, y, lr, num_epochs, batch_size=32):
    w = np.zeros(X.shape[1])
    w.attach_grad()
    path = [w.copy()]  # the weights after each epoch
    for epoch in range(num_epochs):
        for X_batch, y_batch in batches(X, y, batch_size, epoch):
            with autograd.record():
                loss_value = squared_loss(model(X_batch, w), y_batch)
            loss_value.backward()
            update(w, lr)
        path.append(w.copy())
    return path


# %% [markdown] slideshow={"slide_type": "skip"}
# Read the inner loop line by line: take a batch, predict, measure the loss, differentiate, step. These lines are the
# same for every network of this course.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the inner loop aloud; it stays the same for the whole course. `batches`, `model`, `update`
# are on the page.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The weights move towards the truth

# %% slideshow={"slide_type": "-"}
path = train(X_train, y_train, lr=0.1, num_epochs=10)
w_scratch = path[-1]
figures.watch_weights(path, data.true_weights, data.feature_names, cases=[0, 1, 10])

# %% [markdown] slideshow={"slide_type": "skip"}
# The bars are the weights, and the black ticks are the truth. The first epoch does most of the work: its 25 steps bring
# every weight more than half of the way, and the server size even a little too far. By epoch 10, no difference is
# visible. In a live notebook, press play to watch it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The loss falls to the noise and stays there

# %% slideshow={"slide_type": "-"}
losses = [float(squared_loss(model(X_train, w), y_train)) for w in path]
figures.loss_curve(losses, data.noise_std)

# %% [markdown] slideshow={"slide_type": "skip"}
# The axis is logarithmic: each labeled line is a factor of ten. What remains is noise, which no weights explain,
# so more epochs don't help. The loss doesn't end exactly on the line: the noise of these 800 prices happens to be a bit
# larger than its true variance, although six weights fit a little of it (less than 1 %).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A penalty keeps the weights small
#
# $$\ell(\mathbf{w}) = \frac{1}{n} \left\| \mathbf{y} - \mathbf{X}\mathbf{w} \right\|^2 + \lambda \|\mathbf{w}\|^2$$


# %% slideshow={"slide_type": "skip"}
def descend(X, y, lam, steps=250, lr=0.2):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        gradient = -2 / len(y) * np.dot(y - np.dot(X, w), X) + 2 * lam * w
        w = w - lr * gradient
    return w


rows = [("λ", *data.feature_names, "ones", "test error in cents")]
test_with_ones = np.concatenate([X_test, np.ones((200, 1))], axis=1)  # (200, 7)
for lam in (0, 0.01, 0.1):
    w = descend(both, y_train, lam)
    error = 100 * float(squared_loss(np.dot(test_with_ones, w), y_test)) ** 0.5
    rows.append((f"{lam:g}", *three_digits(w), f"{error:.1f}"))

# %% slideshow={"slide_type": "-"}
show_table(rows, "all seven columns, 250 steps down the gradient from zero weights")

# %% [markdown] slideshow={"slide_type": "fragment"}
# With $\lambda > 0$ there is exactly one best $\mathbf{w}$, even with a column too many. If $\lambda$ is too large, the
# weights are too small.

# %% [markdown] slideshow={"slide_type": "skip"}
# The column too many has a third way out: change the loss. *Ridge regression* adds a penalty for large weights, the
# squared norm $\|\mathbf{w}\|^2$ times a number $\lambda$ (lambda) that you choose. This sum is called the *regularized
# objective*: fit the data, but with small weights. The penalty is a bowl itself, with its lowest point at zero, so it
# gives the valley with the flat floor a single lowest point. The gradient of the sum is the old one plus
# $2\lambda\mathbf{w}$; in exercise 04.4 you derive the closed form.
#
# You can see it in the table: the price of a region can be split between its own weight and the weight of the ones in
# any way, and all rows show the split with the smallest squares. Even without a penalty, gradient descent that starts
# at zero arrives there, because every step is a sum of rows of $\mathbf{X}$. The direction $\mathbf{v}$ in which no
# prediction changes is orthogonal to all of these rows, so descent never moves along it. The closed form, however,
# needs an inverse that does not exist. (In practice, the bias is usually left out of the penalty.)
#
# Does the penalty improve the predictions? Not here, as the last column shows: with 800 examples for six weights there
# is little to fix, and a large $\lambda$ pulls useful weights towards zero. It pays when there are many features and
# few examples, because then large weights are often a sign that noise is being fitted. Notebook 08 measures it, under
# the name *weight decay*.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Gluon takes the same steps

# %% slideshow={"slide_type": "-"}
net = nn.Dense(1, use_bias=False)  # the region weights contain the bias
net.initialize(init.Zero())  # start where the loop from scratch started
l2_loss = gluon.loss.L2Loss()  # half the square
trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 2 * 0.1})
for epoch in range(10):
    for X_batch, y_batch in batches(X_train, y_train, 32, epoch):
        with autograd.record():
            loss_values = l2_loss(net(X_batch), y_batch)  # (batch,)
        loss_values.backward()
        trainer.step(len(y_batch))  # divides the gradient by the batch size
w_gluon = net.weight.data()[0]  # (6,)
print("as from scratch:", bool(abs(w_gluon - w_scratch).max() < 1e-5))

# %% [markdown] slideshow={"slide_type": "skip"}
# Gluon has an object for each part: a layer, a loss, and a *trainer*, which updates the network's *parameters*, that
# is, everything that is learned, here six weights. Three details differ from our loop:
#
# - `L2Loss` is *half* the square, so that the 2 of the derivative cancels. Half the gradient needs twice the learning
#   rate to take the same steps. The best weights don't change, but every printed loss does.
# - There is one loss per example. `backward` adds up their gradients, and `step` divides by the number of
#   examples, which makes it a mean.
# - The trainer updates all parameters of a network, however many arrays they are in.
#
# With the same start, the same batches, and the same steps, the weights agree up to rounding. This is a good way to
# check that you understand a library: write its work yourself, and compare.
#
# From the next notebook on, `fit` runs this loop. It starts from random weights and shuffles differently, so it agrees
# to the cent, but not to the last digit. Live, it draws the loss while it trains:

# %% slideshow={"slide_type": "skip"}
seed(0)
train_loader = ArrayLoader(X_train, y_train, batch_size=32, shuffle=True)
fitted = nn.Dense(1, use_bias=False)
history = fit(fitted, train_loader, num_epochs=10, lr=0.2, loss=l2_loss)
print("found:", rounded(fitted.weight.data()[0], 2))
print(f"loss in the last epoch: {history.train_loss[-1]:.5f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# This curve differs from ours for three reasons: its loss is half the square, it is averaged *during* the epoch while
# the weights still change, and the start was random. At the end only the first one matters: the loss is half of the
# noise's variance.


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three answers agree, and only noise is left


# %% slideshow={"slide_type": "skip"}
def root_mean_square(y_hat, y):
    return float(squared_loss(y_hat, y)) ** 0.5


answers = {"closed form": w_closed, "scratch": w_scratch, "Gluon": w_gluon}
rows = [("weights", *data.feature_names, "test error in cents")]
for name, weights in {"truth": data.true_weights, **answers}.items():
    error = 100 * root_mean_square(model(X_test, weights), y_test)
    rows.append((name, *three_digits(weights), f"{error:.2f}"))
error = 100 * root_mean_square(y_train.mean(), y_test)
rows.append(("mean price", *["–"] * 6, f"{error:.2f}"))

# %% slideshow={"slide_type": "-"}
show_table(rows, f"the noise: {100 * data.noise_std:.2f} cents")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A test error means something only next to a *baseline*, such as always predicting the mean, and next to the noise.

# %% [markdown] slideshow={"slide_type": "skip"}
# You can read the weights as prices: a quarter of a year takes off 5 cents, 16 more cores add 32 cents, and a
# server in asia costs 10 cents more than one in us-east.
#
# The *test error* in the last column is the root of the mean square error (RMSE), because then it has the unit of the
# label and is easier to judge than the loss. Two numbers give it a meaning. The last row is the baseline, a prediction
# that uses no features, here always the mean price: the model must do better than that. The noise in the caption is the
# best that is possible. All three fits get there. That they are slightly below it, like the truth itself, is luck: the
# noise of these 200 prices happens to be a bit smaller than usual.
#
# **Question.** The closed form is the exact minimum. Why is it not the truth?
# <details><summary>Answer</summary>
#
# It is the minimum for these 800 noisy prices. Other prices would give slightly different weights. Scratch and Gluon
# differ from it a little because they keep stepping around the minimum, a bit off with each batch.
#
# </details>
#
# Now to the question from the title. Three prices gave 1.05 dollars for 48 cores. For us-east, in the middle of the
# half year, the model of 800 prices says:

# %% slideshow={"slide_type": "skip"}
x = np.array([0, 48 / 16, 1, 0, 0, 0])  # time, size, and the region us-east
price, noise, largest = float(model(x, w_closed)), 200 * data.noise_std, max(data.cores)
print(f"{price:.2f} dollars, give or take {noise:.0f} cents of noise, if the line goes on beyond {largest} cores")

# %% [markdown] slideshow={"slide_type": "skip"}
# The one-cent difference from 1.05 means nothing: other data, another region, and another time. Nor is the agreement
# evidence, because the simulation was built to resemble real prices.
#
# About 95 of 100 errors are smaller than twice their standard deviation, if they are normally distributed as the noise
# is here. But no server in the data has more than 32 cores! The answer is right only because we *know* that the
# simulated prices go on in a straight line. No test on past prices could have told us so, and for real data nobody can
# promise it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Cars that the model has not seen
#
# A real table has holes and no known truth. Only held-out cars can tell you how well a model works.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A real table has holes

# %% [markdown] slideshow={"slide_type": "skip"}
# `load_cars` returns a table of *pandas*, Python's library for tables: `table[name]` is a column, `iloc` picks rows by
# number, `isna` and `notna` say where a value is missing or known, `fillna` fills holes, and `join` puts columns side
# by side.

# %% slideshow={"slide_type": "skip"}
cars = load_cars()
columns = ["name", "mpg", "cylinders", "horsepower", "weight", "year", "origin"]
rows = [columns]
for i in (0, 10, 38, 133, 343, 405):
    rows.append([str(value) for value in cars[columns].iloc[i]])
missing = cars.isna().sum()
holes = f"missing (nan): {missing['mpg']} mpg, {missing['horsepower']} horsepower"

# %% slideshow={"slide_type": "-"}
show_table(rows, f"six of {len(cars)} cars; {holes}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Without a label, *drop* the car. Without a feature, drop it or *impute* the feature: fill in a plausible value.

# %% [markdown] slideshow={"slide_type": "skip"}
# The table lists 406 cars sold in the USA in the model years 1970 to 1982. We want to predict how far a car goes on a
# gallon of fuel, in miles per gallon (mpg). The features are the number of cylinders, the engine's displacement in
# cubic inches and its horsepower, the weight in pounds, the seconds it takes to accelerate to 60 miles per hour, the
# model year, and the continent it comes from. The origin is a category, so it will be one-hot encoded.
#
# Missing values are marked `nan` (not a number), and any computation with one gives `nan` again. What can you do?
#
# - **Drop the row.** This is the only choice for the 8 cars without a label: there is nothing to learn from and
#   nothing to compare with. For a missing *feature*, it costs examples. Worse, if values are missing for a reason,
#   the cars that remain are no longer typical. And a model that needs all features can't answer for a car that lacks
#   one.
# - **Impute**, which means filling in a plausible value, such as the mean of the column. This keeps the row, and the
#   model always has an answer. The cost is that the value is invented, and the model treats it as if it had been
#   measured.
#
# The order of the next steps matters: first put the test cars aside, then compute the means. The mean of *all* cars
# would already contain the test cars, and they are supposed to be unseen.

# %% slideshow={"slide_type": "skip"}
cars = load_cars(one_hot=True)
known = cars[cars["mpg"].notna()]  # 398 cars
order = onp.random.RandomState(4).permutation(len(known))
train_cars, test_cars = known.iloc[order[:300]], known.iloc[order[300:]]

numbers = ["cylinders", "displacement", "horsepower", "weight", "acceleration", "year"]
origins = ["origin_Europe", "origin_Japan", "origin_USA"]


def encode(cars, fit_on):
    means, stds = fit_on[numbers].mean(), fit_on[numbers].std()
    scaled = (cars[numbers].fillna(means) - means) / stds  # impute, then standardize
    return np.array(scaled.join(cars[origins]).to_numpy(dtype="float32"))


def labels(cars):
    return np.array(cars["mpg"].to_numpy(dtype="float32"))


print(encode(train_cars, train_cars).shape, encode(test_cars, train_cars).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# `encode` also *standardizes* each number: it subtracts the training cars' mean and divides by their standard
# deviation. Then every number has mean 0 and standard deviation 1, whether it was in pounds or in seconds. The three
# origin columns stay 0 and 1; as with the servers' regions, they take the place of the bias.
#
# In exact arithmetic, the closed form doesn't care about units, but SGD cares very much:

# %% slideshow={"slide_type": "skip"}
y_cars, y_held_out = labels(train_cars), labels(test_cars)  # (300,), (98,)
X_cars, X_held_out = encode(train_cars, train_cars), encode(test_cars, train_cars)
raw_cars = train_cars[numbers + origins].fillna(train_cars[numbers].mean())
raw = np.array(raw_cars.to_numpy(dtype="float32"))
stds = train_cars[numbers].std().to_numpy(dtype="float32")
fits = {  # features, weights, units of the six numbers
    "raw, SGD with η = 2e-7": (raw, train(raw, y_cars, 2e-7, 30)[-1], 1),
    "raw, SGD with η = 3e-8": (raw, train(raw, y_cars, 3e-8, 30)[-1], 1),
    "standardized, SGD with η = 0.1": (X_cars, train(X_cars, y_cars, 0.1, 30)[-1], stds),
    "standardized, closed form": (X_cars, closed_form(X_cars, y_cars), stds),
}

# %% slideshow={"slide_type": "skip"}
rows = [("features and method", "training error in mpg", "mpg for a pound more", "mpg for a year more")]
for name, (features, w, unit) in fits.items():
    error = root_mean_square(model(features, w), y_cars)
    slopes = w[:6].asnumpy() / unit
    if onp.isfinite(error):
        rows.append((name, f"{error:.1f}", f"{slopes[3]:.4f}", f"{slopes[5]:.2f}"))
    else:
        rows.append((name, "diverges", "–", "–"))
show_table(rows, "the training loop from scratch, 30 epochs, with raw and with standardized features")

# %% [markdown] slideshow={"slide_type": "skip"}
# Of the raw features, the weight (around 3,000) and the year (around 1976) dominate the gradient. The learning rate
# must be tiny or training diverges, and with a tiny rate the weights that should become large hardly move: a year
# counts 0.02 instead of 0.85 miles per gallon. Standardized features need no such compromise: the training error comes
# down to that of the closed form.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Held-out cars: off by 3.2 miles per gallon

# %% slideshow={"slide_type": "-"}
w_cars = closed_form(X_cars, y_cars)  # (9,)
predicted = model(X_held_out, w_cars)
figures.held_out(predicted, y_held_out)

# %% [markdown] slideshow={"slide_type": "skip"}
# Points above the line were predicted too high. Is an error of 3.2 mpg good? Compare it with the training cars, with a
# baseline, and with the other way of treating missing horsepower:


# %% slideshow={"slide_type": "skip"}
def predict(cars, fit_on, features=encode):
    w = closed_form(features(fit_on, fit_on), labels(fit_on))
    return model(features(cars, fit_on), w)


def error_of(cars, fit_on, features=encode):
    return root_mean_square(predict(cars, fit_on, features), labels(cars))


complete = train_cars.dropna()
rows = [
    ("", "training cars", "error in mpg"),
    ("always the mean of the training cars", "300", f"{root_mean_square(y_cars.mean(), y_held_out):.1f}"),
    ("linear model, on its own training cars", "300", f"{error_of(train_cars, fit_on=train_cars):.1f}"),
    ("linear model, horsepower imputed", "300", f"{error_of(test_cars, fit_on=train_cars):.1f}"),
    ("linear model, incomplete cars dropped", f"{len(complete)}", f"{error_of(test_cars, fit_on=complete):.1f}"),
]
show_table(rows, "all but the second row are measured on the 98 held-out cars")

# %% [markdown] slideshow={"slide_type": "skip"}
# The model more than halves the error of the baseline. Dropping and imputing differ by less than 0.1 mpg because only
# five of the 300 training cars are affected. With more holes the choice would matter.
#
# Training and test error are about the same, so the model has not just memorized its training cars: nine weights are
# too few for that. The held-out cars support the claim "off by about 3.2 miles per gallon, for cars like these". Both
# halves of the sentence deserve a closer look, first the number and then "cars like these".

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Another split, another test error


# %% slideshow={"slide_type": "skip"}
def errors_of_splits(cars, num_train):
    errors = []
    for number in range(100):
        shuffled = cars.iloc[onp.random.RandomState(number).permutation(len(cars))]
        errors.append(error_of(shuffled[num_train:], fit_on=shuffled[:num_train]))
    return errors


# %% slideshow={"slide_type": "-"}
figures.spread(errors_of_splits(known, 300))

# %% [markdown] slideshow={"slide_type": "skip"}
# How far can you trust the number itself? Reshuffle the cars 100 times, and fit and test each time. The test error
# depends on which 98 cars happen to be held out, so a model with 3.2 on one split is not better than one with 3.4 on
# another. More test data narrow this spread. Notebook 08 returns to it.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A weight is not an explanation

# %% slideshow={"slide_type": "-"}
rows = [("feature", "one unit is", "in the full model", "on its own")]
for j, name in enumerate(numbers):
    one = np.stack([X_cars[:, j], np.ones(300)], axis=1)  # this feature and a bias
    alone = float(closed_form(one, y_cars)[0])
    unit = f"{train_cars[name].std():.3g}"
    rows.append((name, unit, f"{float(w_cars[j]):+.1f}", f"{alone:+.1f}"))
show_table(rows, "miles per gallon for one standard deviation more")

# %% [markdown] slideshow={"slide_type": "skip"}
# Because the features are standardized, their weights can be compared. For a car that is one standard deviation heavier
# (843 pounds), the model *predicts* about 6 miles per gallon less, if all other features stay the same. The model year
# comes second (cars became more economical), just ahead of the displacement.
#
# **Question.** In the full model the weight of the displacement is *positive*. Should you put in a larger engine to
# save fuel?
# <details><summary>Answer</summary>
#
# No. Alone, displacement has a clearly negative weight: cars with large engines use more fuel. But large engines are
# in heavy cars with many cylinders, and once those features have taken the blame, displacement is left to correct
# what they overdo. A weight says how the prediction changes if this feature changes *and all others stay the same*.
# Nobody has observed such cars: displacement and weight go up together. Weights describe the data; they don't say
# what causes what.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is left has a shape: the truth is not linear

# %% slideshow={"slide_type": "-"}
figures.residuals(model(X_cars, w_cars), y_cars)

# %% [markdown] slideshow={"slide_type": "skip"}
# A *residual* is what the model leaves unexplained, the true label minus the prediction. If the model had found
# everything, residuals would look like noise, the same everywhere. These don't. Their means form a smile: they are
# positive at both ends and negative in between, so the truth is curved. And residuals spread more to the right, so "3.2
# miles per gallon" is too pessimistic for heavy cars (on the left, with few miles per gallon) and too optimistic for
# light ones. Such a picture often shows you what to improve; you need it for the mini-project.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A test error holds for data like the test data

# %% [markdown] slideshow={"slide_type": "skip"}
# Now "cars like these". Imagine that it is 1976. You train on cars up to that year, and you will be asked about the
# cars of the next years. The model gets the year as a feature. **Guess first:** will it predict them as well as other
# cars of the years up to 1976?

# %% slideshow={"slide_type": "skip"}
old, new = known[known["year"] <= 1976], known[known["year"] > 1976]
shuffled = old.iloc[onp.random.RandomState(5).permutation(len(old))]  # a typical split
held_out = shuffled[163:]
same_years = predict(held_out, fit_on=shuffled[:163]), labels(held_out)
later = predict(new, fit_on=old), labels(new)

# %% slideshow={"slide_type": "-"}
figures.two_tests(same_years, later)

# %% [markdown] slideshow={"slide_type": "fragment"}
# The cars after 1976 are predicted more than twice as badly, and most of them too low.

# %% slideshow={"slide_type": "skip"}
usual = onp.median(errors_of_splits(old, 163))
print(f"error on held-out cars of the same years: {usual:.1f} mpg, the median of 100 splits")
too_low = float((later[1] - later[0]).mean())
print(f"error on the {len(new)} later cars: {root_mean_square(*later):.1f} mpg; on average {too_low:.1f} mpg too low")

# %% [markdown] slideshow={"slide_type": "skip"}
# The errors don't even balance, as the average shows. After the oil crisis of 1973, and with fuel economy standards
# from 1978 on, engineers built different cars, and the trend of the years before did not continue. No random split of
# the old cars would have warned you.
#
# This is the most important lesson of this notebook: a test error holds for data like the test data. A random
# split answers "how well do I predict another car of the same years?" If you want to know "how well do I predict next
# year's cars?", hold out the latest years. Choose test data that resemble the question you will be asked.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets before you run the cell. The year is a feature, so most will guess "about the same".

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Beyond the data, a line predicts nonsense

# %% slideshow={"slide_type": "-"}
pounds = train_cars["weight"].to_numpy(dtype="float64")
line = onp.polyfit(pounds, train_cars["mpg"], deg=1)  # the least squares line: slope, start
figures.line_beyond_the_data(pounds, train_cars["mpg"], *line, truck=7000)

# %% [markdown] slideshow={"slide_type": "skip"}
# Nothing in a model marks where its data end. Fit the mileage to the weight alone, and look. Within the data the line
# is a fair summary. Ask it about a truck of 7,000 pounds, and the answer is negative: the truck would produce fuel. The
# model computes this without any warning. Predicting outside the range of the training data is called *extrapolation*.
# The data can only support the model where there are data; beyond, all that speaks for the answer is the assumption of
# a straight line. For the servers this assumption happened to be true. Here physics contradicts it: the heavier the
# car, the more fuel it needs per mile, so its miles per gallon get closer and closer to zero, but never below.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A server with 48 cores: 1.04 dollars in us-east, give or take 2 cents of noise, *if* prices stay linear beyond 32
#   cores.
# - Squared loss is convex: its minimum is where the gradient is zero, $\mathbf{X}^\top\mathbf{X}\mathbf{w} =
#   \mathbf{X}^\top\mathbf{y}$.
# - Minibatch SGD gets there without a formula: batch, predict, loss, gradient, step.
# - Judge on held-out data, next to a baseline. The result holds for data *like these*.

# %% [markdown] slideshow={"slide_type": "skip"}
# So how far can you trust a prediction? You can trust it as far as the examples that you held out resemble the case
# that you ask about. The test error says how large the errors are among such cases. It says nothing about newer cars,
# heavier trucks, or larger servers: there you need a reason, not a test. In the next notebooks the models get larger,
# and they can do something that nine weights can't: learn their training data by heart. This makes held-out data even
# more important.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 04.1: predict the number of updates
#
# You train on 1000 examples in batches of 64 and leave none out. How many updates does an epoch have, and how many
# examples are in the last batch?

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
# Fifteen full batches contain 960 examples; the 40 that are left form the sixteenth.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 04.2: change the learning rate
#
# With batches of 100, the loop from scratch makes only 8 updates per epoch on the prices. After 5 epochs, $\eta =
# 0.1$ has not arrived. Choose a rate with which the test error is less than 5 % above the closed form's.
#
# The check trains with your rate and tells you where it gets.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
learning_rate = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.2", learning_rate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# There are fewer updates, so each step must be longer. Double the rate until the error stops falling. What happens at
# 1?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# learning_rate = 0.5
# ```
#
# Rates from about 0.3 to 0.6 work. From about 0.83 on training diverges: notebook 05 shows why.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 04.3: build a step without autograd
#
# Write one update of minibatch SGD for $\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$ and the loss $\frac{1}{n} \|
# \mathbf{y} - \hat{\mathbf{y}} \|^2$, with gradients that you compute yourself. Return the new weights and the new
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
# Let `residual = y - (np.dot(X, w) + b)`. The gradient with respect to w is in *The gradient, by formula and by
# autograd*. The bias is a weight whose feature is always 1: use a column of ones instead of X.
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
# The regularized objective puts a price on large weights:
#
# $$\ell(\mathbf{w}) = \frac{1}{n} \left\| \mathbf{y} - \mathbf{X}\mathbf{w} \right\|^2 + \lambda \|\mathbf{w}\|^2$$
#
# Set its gradient to zero, solve for $\mathbf{w}$, and write the closed form.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def ridge(X, y, lam):
    """X (n, d), y (n,), a number lam >= 0; returns w (d,)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("04.4", ridge)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The gradient of the penalty is $2\lambda\mathbf{w}$. Multiply the equation by $n/2$ and collect the terms with
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
# $(\mathbf{X}^\top\mathbf{X} + n\lambda\mathbf{1})\,\mathbf{w} = \mathbf{X}^\top\mathbf{y}$, where $\mathbf{1}$ is
# the identity matrix. With $\lambda > 0$ the matrix always has an inverse, even with one column too many.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: build better features
#
# Predict the mileage of the 98 held-out cars with an error **below 2.9 mpg**, with a linear model and features that you
# construct. Compare your ideas on 75 of the training cars; use the held-out cars once, at the end.

# %% [markdown] slideshow={"slide_type": "skip"}
# The model stays linear *in its weights*, so `closed_form` still works, but a feature may be anything that you can
# compute: a square, a reciprocal, a product of two columns. Compute means and the like from `fit_on`, so that the cars
# you compare on stay unseen.
#
# Why use the held-out cars only once? You have seen the plain model's error on them, but don't let them choose between
# *your* ideas. If you try twenty ideas on them and keep the best, you have chosen it for its luck with these 98 cars,
# and they are not unseen anymore. That is why the stub fits on 225 training cars and compares on the other 75. (Such a
# set is called *validation data*; notebook 08 explains why you need three sets.) When you are done, call
# `error_of(test_cars, train_cars, my_features)` once.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def my_features(cars, fit_on):
    # For example 1 / cars["weight"].to_numpy(dtype="float32"); fill holes first, with .fillna
    return encode(cars, fit_on)  # (number of cars, number of features): make them better


error_on_75 = error_of(train_cars[225:], train_cars[:225], my_features)
print(f"{error_on_75:.2f} mpg on 75 training cars")

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Physics suggests that fuel per mile grows with the weight, so miles per gallon should follow 1/weight. The smile of
# the residuals says so too. Did the mileage improve evenly over the years? Did light and heavy cars improve by
# equally many miles per gallon?
#
# </details>
# <details><summary>A solution</summary>
#
# ```python
# def my_features(cars, fit_on):
#     horsepower = cars["horsepower"].fillna(fit_on["horsepower"].mean())
#     year = cars["year"] - 1976
#     light = 1000 / cars["weight"]
#     columns = [light, 100 / horsepower, year, year * light, year**2]
#     columns += [cars[origin] for origin in origins]
#     return np.stack([np.array(column.to_numpy(dtype="float32")) for column in columns], axis=1)
# ```
#
# On the 75 training cars it reduces the error from 3.33 to 2.58, and on the held-out cars from 3.25 to 2.83 mpg. The
# difference between 2.58 and 2.83 is a reminder that 75 cars give a rough estimate. Eight features do better than the
# nine before: better features beat more features. Is this only luck with the split? Reshuffle the cars: these features
# win in 99 of 100 splits.
#
# Deep learning starts from here: a network *learns* its features instead of waiting for you to invent them (notebook
# 07).
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
# - The cars: Donoho and Ramos, Data Exposition of the American Statistical Association, 1983; 398 of the 406 are at UCI
#   as Quinlan, [Auto MPG](https://doi.org/10.24432/C5859H), 1993
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **05 · Optimization**, how long a step should be, and how many examples a gradient needs.
