# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 07 · Multilayer perceptron
#
# What can a second layer do that one layer cannot, and how do you choose its size without fooling yourself?
#
# *60 minutes · needs 05, 06 · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Softmax regression, the model of notebook 06, multiplies the pixels by weights and adds them up. It has one layer, and
# you can see what it learns. In this notebook it gets a second layer, which makes it a *multilayer perceptron* (MLP).
# The first half explains what that changes, with problems so small that you can follow every step. The second half
# trains MLPs on handwritten digits and on cars.
#
# A second layer brings a new choice: how large should it be? Throughout this part of the course we ask how you know
# that a model will work on data it has not seen. Here you take a step toward the answer: choices are made on data that
# the model was not trained on, and the final judgment on data that no choice has touched.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Prove** that no linear model computes XOR, and build a network by hand that does.
# - **Explain** why a nonlinear function must stand between two layers.
# - **Build** a multilayer perceptron from scratch and in Gluon, and start it with random weights.
# - **Choose** width and depth on validation data, and use the test data once.
# - **Decide** from held-out data whether a network beats a linear model.

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
import numpy as onp  # NumPy itself, for random numbers that are the same everywhere; np is MXNet's
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    Scoreboard,
    accuracy,
    check,
    draw_digit,
    evaluate,
    explore,
    fit,
    load_cars,
    load_images,
    rounded,
    seed,
    summarize,
)
from d2lhelpers.figures import nb07_mlp as figures

npx.set_np()
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What one layer cannot do
#
# Four points defeat every linear model, and two hidden units are enough to get them right.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A neuron adds up its inputs, then decides
#
# $$h = \sigma(w_1 x_1 + \dots + w_d x_d + b) = \sigma(\langle \mathbf{w}, \mathbf{x} \rangle + b)$$

# %% slideshow={"slide_type": "-"}
figures.neuron()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Cover the circle with σ: what is left?

# %% [markdown] slideshow={"slide_type": "skip"}
# A *neuron*, also called a *unit*, multiplies each input by a *weight*, adds a *bias*, and applies a function σ, its
# *activation function*. Without σ it is the linear model of notebook 04; why σ is needed, you will see in the second
# section. The name comes from nerve cells, which send a signal only if the sum of many incoming signals is large
# enough; the resemblance ends there. The first machine of this kind, Rosenblatt's *perceptron* of 1958, had a single
# layer of units with adjustable weights, and its σ was a step: 1 if the sum is positive, 0 otherwise.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### XOR: four points that no line separates
#
# Class 1 means: one input or the other, but not both. How many of the four points can a straight line get right?

# %% slideshow={"slide_type": "-"}
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])  # (4, 2)
y = np.array([0, 1, 1, 0], dtype="int32")  # (4,)
figures.xor(X, y)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class lay a pencil on the screen. Three of four is easy; collect guesses about four before
# going down.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### No line gets all four right, and here is why
#
# First an experiment: the best of 10,000 random lines.

# %% slideshow={"slide_type": "-"}
points, classes = X.asnumpy(), y.asnumpy()  # (4, 2), (4,)
random_numbers = onp.random.RandomState(0)
best = 0
for _ in range(10_000):
    w, b = random_numbers.normal(size=2), random_numbers.normal()
    says_one = points @ w + b > 0  # (4,)
    best = max(best, int((says_one == classes).sum()))
print(f"best of 10,000 random lines: {best} of 4 points, accuracy {best / 4}")

# %% [markdown] slideshow={"slide_type": "-"}
# Then the proof. For every linear score $o(x_1, x_2) = w_1 x_1 + w_2 x_2 + b$,
#
# $$o(0, 0) + o(1, 1) = o(0, 1) + o(1, 0)$$
#
# because both sides are $w_1 + w_2 + 2b$. XOR needs two negative scores on the left and two positive ones on the right,
# which is impossible.

# %% [markdown] slideshow={"slide_type": "skip"}
# The experiment alone proves nothing, because the next random line might be the one. The equation settles the question
# for all lines at once. Minsky and Papert published results of this kind about perceptrons in 1969. They are often
# named as one reason why interest in neural networks declined in the years that followed.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two lines and their product do it
#
# One line below class 1, one above it. The product of their scores is positive only between them.

# %% slideshow={"slide_type": "-"}
lines = {
    "x₁ + x₂ > 0.5": lambda points: points.sum(axis=1) - 0.5,
    "x₁ + x₂ < 1.5": lambda points: 1.5 - points.sum(axis=1),
}
above, below = lines.values()
lines["product"] = lambda points: above(points) * below(points)
figures.xor_regions(X, y, lines)

# %% [markdown] slideshow={"slide_type": "skip"}
# The colored areas are *decision regions*: every point in the orange area is assigned to class 1. Each line alone gets
# three points right. Their product gets all four, because multiplying two functions is not a linear operation.
#
# **Question.** Would it help to add the two scores instead of multiplying them?
#
# <details><summary>Answer</summary>
#
# No. The sum of linear functions is linear; in this case it is $(x_1 + x_2 - 0.5) + (1.5 - x_1 - x_2) = 1$ everywhere.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two hidden units compute XOR
#
# Both units apply $\operatorname{ReLU}(z) = \max(z, 0)$. The output is a linear function of the two.


# %% slideshow={"slide_type": "-"}
def hidden_units(points):
    W1, b1 = np.array([[1, 1], [1, 1]]), np.array([0, -1])  # (2, 2), (2,)
    return npx.relu(np.dot(points, W1) + b1)  # (n, 2)


# %% slideshow={"slide_type": "-"}
def output_unit(hidden):
    return np.dot(hidden, np.array([1, -2])) - 0.5  # (n,)


# %% slideshow={"slide_type": "-"}
figures.hidden_space(X, y, hidden_units, output_unit)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class compute the hidden values of (1, 1), then the score. Then point at the straight line
# on the right.

# %% [markdown] slideshow={"slide_type": "skip"}
# Let's check the four points one by one:


# %% slideshow={"slide_type": "skip"}
def by_hand(points):
    return output_unit(hidden_units(points))


for point, hidden, score in zip(X.tolist(), hidden_units(X).tolist(), by_hand(X).tolist(), strict=True):
    print("inputs", point, " hidden units", hidden, " score", score, " class", int(score > 0))

# %% [markdown] slideshow={"slide_type": "skip"}
# The first hidden unit adds the inputs. The second is 0 unless both inputs are 1, and the output counts it with weight
# −2, so it pulls down twice as hard as the first one pushes up.
#
# The picture on the right is the key to everything that follows. It shows the same four points, but at the positions
# that the two hidden units give them. There (0, 1) and (1, 0) coincide, and *a straight line separates the classes*.
# The last layer of a network is still a linear model. What the hidden layer contributes is better *features*, in which
# the linear model succeeds. In notebook 04 people chose the features; here the network can learn them.
#
# ### Does gradient descent find such weights?
#
# We chose these weights ourselves. The next cell trains networks of one hidden layer, from ten random starts each, with
# gradient descent and momentum (notebook 05). The *width* of a layer is the number of its units. These are tanh units,
# which you'll meet below, because a ReLU unit that is 0 at all four points gets no gradient and never recovers.
#
# **Guess first.** You have seen that two units are enough. How many of ten starts with two units will learn XOR?


# %% slideshow={"slide_type": "skip"}
def train_two_classes(X, y, width, num_steps, start):
    """Return a network with one hidden layer of tanh units, trained on points (n, 2) of two classes."""
    seed(start)
    net = nn.Sequential()
    net.add(nn.Dense(width, activation="tanh"), nn.Dense(2))
    net.initialize(init.Normal(1))
    options = {"learning_rate": 0.5, "momentum": 0.9}
    trainer = gluon.Trainer(net.collect_params(), "sgd", options)
    for _ in range(num_steps):
        with autograd.record():
            losses = loss_function(net(X), y)
        losses.backward()
        trainer.step(len(y))
    return net


def margin(net):
    """Return the function of points (n, 2) that says how far class 1 is ahead of class 0."""
    return lambda points: np.dot(net(points), np.array([-1, 1]))  # (n,)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two units can compute XOR, but often fail to learn it
#
# Ten random starts for each width. The regions are those of the first four starts with two units.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
nets = {}
for width in (1, 2, 8):
    nets[width] = [train_two_classes(X, y, width, 150, start) for start in range(10)]
    solved = sum(accuracy(net(X), y) == 1 for net in nets[width])
    print(f"width {width}: {solved:2} of 10 starts learn XOR")
first = {f"width 2, start {i}": margin(net) for i, net in enumerate(nets[2][:4])}
figures.xor_regions(X, y, first)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses about two units before you show this slide.

# %% [markdown] slideshow={"slide_type": "skip"}
# One unit fails from every start, as it must: it still draws one line. With two units, some starts succeed and others
# don't. Do these need more time? Let's give the first of them ten times as many steps:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
unlucky = next(start for start, net in enumerate(nets[2]) if accuracy(net(X), y) < 1)
for num_steps in (150, 1500):
    net = train_two_classes(X, y, 2, num_steps, unlucky)
    with autograd.record():
        loss = loss_function(net(X), y).mean()
    loss.backward()
    weights = net.collect_params().values()
    gradient = max(abs(weight.grad()).max().item() for weight in weights)
    largest = max(abs(weight.data()).max().item() for weight in weights)
    print(f"start {unlucky}, {num_steps:4} steps: loss {loss.item():.3f}, largest gradient {gradient:.5f}, ", end="")
    print(f"largest weight {largest:.1f}, class 1 ahead by {rounded(margin(net)(X), 1)}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The loss hardly moves. Two points are right; the other two, which belong to different classes, get the same scores. At
# each of these the loss is that of a coin toss, log 2, so the mean over all four is ½ log 2 ≈ 0.347. This is a
# *plateau*: the weights keep growing, the units *saturate*, which means that their values hardly change anymore, and
# hardly any gradient is left. With eight units nearly every start succeeds, because some of the eight are almost
# always well placed.
#
# What a network *can compute* and what descent *finds* are two different things. This is one reason why networks are
# built larger than the problem seems to need. The price is computing time, and a greater capacity to learn the noise
# in the training data, which is the subject of notebook 08.

# %% [markdown] slideshow={"slide_type": "skip"}
# Four points are a toy. A harder problem of the same kind is a pair of spirals, wound around each other: 200 points to
# train on, and 100 points that the network never sees in training, to judge it by.


# %% slideshow={"slide_type": "skip"}
def make_spirals(num_points, noise=0.1):
    """Return points (n, 2) near two spirals, and which spiral each belongs to (n,)."""
    random_numbers = onp.random.RandomState(0)
    labels = onp.arange(num_points) % 2
    # The root spreads the points evenly over the disc.
    radius = onp.sqrt(random_numbers.uniform(0.02, 1, num_points))
    # One and a half turns; the second spiral is turned by 180°.
    angle = 3 * onp.pi * radius + onp.pi * labels
    points = 2 * radius[:, None] * onp.stack([onp.cos(angle), onp.sin(angle)], axis=1)
    points += random_numbers.normal(0, noise, size=points.shape)
    return np.array(points, dtype="float32"), np.array(labels, dtype="int32")


spiral_points, spiral_labels = make_spirals(300)
train = spiral_points[:200], spiral_labels[:200]
held_out = spiral_points[200:], spiral_labels[200:]


# %% slideshow={"slide_type": "skip"}
def watch_learning(widths, epochs, limits=(-2.4, 2.4), start=0):
    """Train an MLP on the spirals; return, for each epoch listed, the scores on a grid and two accuracies."""
    seed(start)
    net = nn.Sequential()
    net.add(*[nn.Dense(width, activation="relu") for width in widths], nn.Dense(2))
    net.initialize(init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.02})
    snapshots, grid = {}, figures.grid(limits)
    for epoch in range(max(epochs) + 1):
        if epoch in epochs:
            accuracies = [accuracy(net(points), labels) for points, labels in (train, held_out)]
            snapshots[epoch] = margin(net)(grid), *accuracies
        with autograd.record():
            losses = loss_function(net(train[0]), train[1])
        losses.backward()
        trainer.step(len(train[1]))
    return snapshots


# %% slideshow={"slide_type": "skip"}
SPIRALS = "Two spirals. At first, straight rays from the center divide the plane; in the end, the border follows both."


def draw_epoch(ax, epoch):
    scores, seen, unseen = snapshots[epoch]
    figures.learned_regions(ax, scores, train, held_out, (-2.4, 2.4))
    ax.set_title(f"epoch {epoch}\ntraining {100 * seen:.0f} %, held out {100 * unseen:.0f} %")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Watch decision regions bend until they fit
#
# Two hidden layers of 32 units learn the spirals. Small white markers are held out.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
epochs = [*range(0, 60, 5), *range(60, 201, 20)]
snapshots = watch_learning([32, 32], epochs)
cases = [0, 20, 200]
explore(draw_epoch, cases, values=epochs, play=True, label="epoch", alt=SPIRALS, height=4.4)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live, press play. Ask: where does the border have corners, and why?

# %% [markdown] slideshow={"slide_type": "skip"}
# In a live notebook, press the play button and watch 200 epochs. (Here, each epoch is a single step of gradient descent
# on all 200 points, with the optimizer *Adam*, which adapts the step size of each weight.) At the start, the border
# consists of rays from the center, because all biases are 0. At the end it follows both spirals. The network also gets
# nearly all of the held-out points right, so it has learned the spirals rather than the individual points.
#
# Look at the shape of the border. Each unit of the first hidden layer is 0 on one side of a straight line and grows on
# the other. It has the same value everywhere along a line parallel to this one, so a single unit could only draw a
# straight border. The border bends because the next layer adds up many such units, each with a kink along a different
# line; the second hidden layer then bends the result again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What a hidden layer adds
#
# Shapes, the function between the layers, and what enough units can approximate.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One hidden layer is two matrix products
#
# $$\mathbf{H} = \sigma(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1) \qquad
# \mathbf{O} = \mathbf{H}\mathbf{W}_2 + \mathbf{b}_2$$

# %% slideshow={"slide_type": "-"}
seed(0)  # numbers of size 1, unscaled: only the shapes matter here
batch = np.random.normal(size=(64, 784))  # (n, d)
W1, b1 = np.random.normal(size=(784, 256)), np.random.normal(size=256)  # (d, h), (h,)
W2, b2 = np.random.normal(size=(256, 10)), np.random.normal(size=10)  # (h, q), (q,)
H = npx.relu(np.dot(batch, W1) + b1)  # (n, h)
scores = np.dot(H, W2) + b2  # (n, q)
total = sum(array.size for array in (W1, b1, W2, b2))
print("H", H.shape, " scores", scores.shape, " parameters", total)

# %% slideshow={"slide_type": "-"}
figures.network([3, 4, 2], labels=["x", "h", "o"])

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Read the shapes from left to right: the inner lengths meet and vanish.

# %% [markdown] slideshow={"slide_type": "skip"}
# A batch $\mathbf{X}$ has a row for each of $n$ examples and a column for each of $d$ inputs, 784 pixels in the case of
# a digit. The *hidden layer* turns each row into $h$ numbers, one for each hidden unit, and the *output layer* turns
# these into $q$ scores, one for each class. The last layer has no activation function: softmax, which is part of the
# loss, turns the scores into probabilities, as in notebook 06.
#
# The sizes $d$ and $q$ are given by the problem. The width $h$ is ours to choose. A number that we choose and that
# training does not change is called a *hyperparameter*.
#
# **Question.** Where are nearly all of the parameters?
#
# <details><summary>Answer</summary>
#
# In the first matrix, which has 784 · 256 = 200,704 of the 203,530 parameters. The pixels make it expensive.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Without σ, two layers collapse into one
#
# $$(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1)\mathbf{W}_2 + \mathbf{b}_2 =
# \mathbf{X}\,(\mathbf{W}_1\mathbf{W}_2) + (\mathbf{b}_1\mathbf{W}_2 + \mathbf{b}_2)$$

# %% slideshow={"slide_type": "-"}
W, b = np.dot(W1, W2), np.dot(b1, W2) + b2  # (d, q), (q,)
one_layer = np.dot(batch, W) + b  # (n, q)
sums = np.dot(batch, W1) + b1  # (n, h)
for name, hidden in {"without ReLU": sums, "with ReLU": npx.relu(sums)}.items():
    two_layers = np.dot(hidden, W2) + b2  # (n, q)
    difference = float(abs(two_layers - one_layer).max() / abs(one_layer).max())
    print(f"{name:12}: relative difference from one layer {difference:.3f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# A hundred linear layers are one linear layer, with more to compute. The nonlinear function between them is what
# makes depth worth its price.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: what if σ came only at the very end, after the scores?

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** What if σ came only at the end: could a *single* layer separate XOR if σ was applied to its two scores?
#
# <details><summary>Answer</summary>
#
# Not if σ is increasing, such as sigmoid, which you are about to meet: the larger of the two scores stays the larger,
# so the border stays straight. ReLU is different, because it makes all negative scores equal. With $s = x_1 + x_2$, the
# scores $3s - 3.5$ for class 0 and $s - 0.5$ for class 1 become 0 and 0 at (0, 0), 0 and 0.5 at (0, 1) and (1, 0), and
# 2.5 and 1.5 at (1, 1). If ties go to class 0, that is XOR.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three activation functions and their gradients

# %% slideshow={"slide_type": "-"}
activations = {"ReLU": npx.relu, "sigmoid": npx.sigmoid, "tanh": np.tanh}
figures.activations(activations)

# %% [markdown] slideshow={"slide_type": "-"}
# Sigmoid's gradient is at most 1/4. ReLU passes a gradient on unchanged, or blocks it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: what is left of a gradient after ten sigmoids?

# %% [markdown] slideshow={"slide_type": "skip"}
# $$\operatorname{ReLU}(z) = \max(z, 0) \qquad \operatorname{sigmoid}(z) = \frac{1}{1 + \exp(-z)} \qquad
# \tanh(z) = \frac{1 - \exp(-2z)}{1 + \exp(-2z)}$$
#
# The upper row shows the functions, the lower row their gradients, computed by autograd. ReLU stands for *rectified
# linear unit*. Sigmoid maps any number to one between 0 and 1, and tanh is a sigmoid stretched to the range from −1
# to 1.
#
# **Question.** By how much does the chain rule shrink a gradient that passes through ten sigmoids?
#
# <details><summary>Answer</summary>
#
# At each one it is multiplied by at most 1/4, so at most $4^{-10}$ is left, about a millionth (unless large weights
# make up for it). Gradients that fade in this way are called *vanishing gradients*. ReLU avoids this particular
# factor. That was one of several things that made deep networks trainable around 2010, along with better initial
# weights, larger data sets, and faster hardware.
#
# </details>
#
# ReLU is the usual choice today. It costs one comparison. Its weakness is that a unit that is off for all examples gets
# no gradient.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Each further layer builds on the features of the one before
#
# $$\mathbf{H}_1 = \sigma(\mathbf{X}\mathbf{W}_1 + \mathbf{b}_1) \qquad
# \mathbf{H}_2 = \sigma(\mathbf{H}_1\mathbf{W}_2 + \mathbf{b}_2) \qquad
# \mathbf{O} = \mathbf{H}_2\mathbf{W}_3 + \mathbf{b}_3$$

# %% slideshow={"slide_type": "-"}
figures.network([4, 6, 5, 3], height=4.2)

# %% [markdown] slideshow={"slide_type": "skip"}
# The number of layers is called the *depth* of the network. It is a hyperparameter, as are the widths.
#
# How much can one hidden layer do? Let's approximate a function of one variable, here a wave, on the interval from 0
# to 1. Divide the interval into equal pieces. Each ReLU unit is 0 up to the start of its piece and grows from there, so
# it can change the slope of the sum at that point:
#
# $$f(x) \approx f(0) + \sum_k (s_k - s_{k-1}) \operatorname{ReLU}(x - t_k)$$
#
# Here $t_k$ is the start of piece $k$, and $s_k$ is the slope from the function's value there to its value at the end
# of the piece, with slope 0 before the first. The sum runs through the function's values at the ends of all pieces. No
# training is needed: the weights are the changes of slope.


# %% slideshow={"slide_type": "skip"}
POLYGONS = "A wave, and polygons that come closer and closer to it, but only between 0 and 1."


def wave(x):
    return np.sin(2 * np.pi * x) + 0.5 * np.cos(6 * np.pi * x)


def draw_width(ax, num_units):
    network = relu_approximation(num_units)
    figures.approximation(ax, wave, network)
    x = np.arange(0, 1.0001, 0.001)
    error = abs(network(x) - wave(x)).max().item()
    ax.set_title(f"{num_units} units: error {error:.2f}")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Enough ReLU units approximate any continuous function
#
# On a bounded interval, here the green one. Gray: the function. Orange: the network.


# %% slideshow={"slide_type": "-"}
def relu_approximation(num_units):
    knots = np.arange(num_units + 1) / num_units  # the ends of the pieces
    values = wave(knots)
    slopes = (values[1:] - values[:-1]) * num_units  # of each piece
    weights = slopes - np.concatenate([np.zeros(1), slopes[:-1]])  # changes of slope
    return lambda x: values[0] + np.dot(npx.relu(x.reshape(-1, 1) - knots[:-1]), weights)


# %% slideshow={"slide_type": "-"}
explore(draw_width, [4, 12, 48], values=[2, 4, 8, 12, 24, 48], label="units", alt=POLYGONS)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask what the theorem leaves open.

# %% [markdown] slideshow={"slide_type": "skip"}
# The error in the title is the largest one in the green interval. It falls as units are added, and with enough of them
# it is as small as you like. This is an instance of the *universal approximation theorem*: on a closed, bounded region,
# a network with one hidden layer of enough units approximates any continuous function as closely as desired (Cybenko,
# 1989, for sigmoids; Leshno and others, 1993, for any continuous activation function that is not a polynomial).
#
# What the theorem does *not* promise is at least as important:
#
# - **How many units.** For functions of many variables the number can be astronomical. More layers sometimes need
#   far fewer units, which is one argument for depth.
# - **That training finds them.** We computed the weights from the function itself. XOR with two units has just shown
#   that gradient descent can miss weights that exist.
# - **Anything about unseen inputs.** Left of 0 the network is constant, and right of 1 it continues in a straight
#   line. Between noisy examples it may be just as wrong. Being able to represent a function says nothing about
#   generalization.
#
# The theorem says that a suitable network exists. Whether *your* network is one, only data that it has not seen can
# tell.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train it, and choose its size honestly
#
# Validation data for choices, test data once at the end: first for digits, then for cars.

# %% [markdown] slideshow={"slide_type": "skip"}
# The images are handwritten digits from MNIST: 10,000 to train on and 2,000 for the test. We are going to compare
# networks of several sizes. If we compared them by their test accuracy, the winner's test accuracy would be too good to
# be true, because we would have picked the network that happens to suit these 2,000 images. So we need a third set.
#
# - The *training set* is what gradients are computed from. It determines the weights.
# - The *validation set* is split off from the training images at random and never trained on. It determines our
#   choices: width, depth, learning rate, number of epochs.
# - The *test set* is used once, after the last choice. It judges the result.

# %% slideshow={"slide_type": "skip"}
images, labels = load_images(train=True, source="mnist")  # (10000, 1, 28, 28), (10000,)
X_test, y_test = load_images(train=False, source="mnist")  # put aside until the end
test_loader = ArrayLoader(X_test, y_test, batch_size=500)
order = onp.random.RandomState(0).permutation(len(images))
images, labels = images.asnumpy()[order], labels.asnumpy()[order]
train_loader = ArrayLoader(images[:8000], labels[:8000], batch_size=64, shuffle=True)
validation_loader = ArrayLoader(images[8000:], labels[8000:], batch_size=500)
X_validation, y_validation = np.array(images[8000:]), np.array(labels[8000:])
X_first, y_first = np.array(images[:64]), np.array(labels[:64])  # a batch to experiment with


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### From scratch, it is one line more than softmax regression


# %% slideshow={"slide_type": "-"}
def mlp(X, parameters):
    W1, b1, W2, b2 = parameters
    H = npx.relu(np.dot(X.reshape(len(X), -1), W1) + b1)  # (n, 256)
    return np.dot(H, W2) + b2  # (n, 10)


# %% slideshow={"slide_type": "skip"}
def start_parameters(scale=0.05):
    """Return the weights and biases of 784 inputs, 256 hidden units, and 10 classes."""
    seed(1)
    W1 = np.random.normal(0, scale, size=(784, 256))
    W2 = np.random.normal(0, scale, size=(256, 10))
    parameters = [W1, np.zeros(256), W2, np.zeros(10)]
    for parameter in parameters:
        parameter.attach_grad()
    return parameters


def update(parameters, lr):
    """Make one step of gradient descent, as in notebook 06."""
    for parameter in parameters:
        parameter[:] = parameter - lr * parameter.grad


# %% [markdown] slideshow={"slide_type": "-"}
# The training loop of notebook 06 works unchanged, here for three epochs:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
parameters = start_parameters()
for _ in range(3):
    for X_batch, y_batch in train_loader:
        with autograd.record():
            loss = loss_function(mlp(X_batch, parameters), y_batch).mean()
        loss.backward()
        update(parameters, lr=0.2)
print(f"validation accuracy {accuracy(mlp(X_validation, parameters), y_validation):.2f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# The weights start with small random numbers, and the biases with zeros. Why not start the weights with zeros too, as
# in softmax regression? Let's look at the first gradient of $\mathbf{W}_1$ for three ways to start: everything zero,
# all hidden units equal, and random.


# %% slideshow={"slide_type": "skip"}
def first_gradient(parameters):
    """Return the first gradient of the hidden units' weights, on 64 images: an array (784, 256)."""
    with autograd.record():
        loss = loss_function(mlp(X_first, parameters), y_first)
    loss.backward()  # sums the 64 gradients
    return parameters[0].grad


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Units that start equal stay equal, so start at random
#
# The first gradients of the input weights of eight hidden units. White is 0.

# %% slideshow={"slide_type": "-"}
starts = {name: start_parameters() for name in ("zero", "equal", "random")}
for name, value in (("zero", 0), ("equal", 0.01)):
    for parameter in starts[name]:
        parameter[:] = value
starts["equal"][2][:, 0] = 0.02  # the output classes differ, the hidden units do not
gradients = {name: first_gradient(parameters) for name, parameters in starts.items()}
figures.gradients(gradients)

# %% [markdown] slideshow={"slide_type": "skip"}
# With zeros, no gradient reaches the first layer at all, because it comes back multiplied by $\mathbf{W}_2$, which is
# zero. With equal units, all 256 columns of the gradient are the same. The units make the same step, so they are equal
# after it too, and forever: the layer is one unit, copied 256 times. (If all ten output weights of a unit were equal,
# the gradient that comes back would be their common value times the sum of $p - y$ over the classes, which is 0. This
# is why the cell changes those of class 0.) Random numbers *break the symmetry*.
#
# How large should they be? A unit adds up $n$ products. If the inputs have size about 1 and the weights standard
# deviation $s$, the sum has standard deviation $s\sqrt{n}$. If it is larger than 1, the numbers grow from layer to
# layer; if it is smaller, they fade away. To keep it near 1, choose $s = 1/\sqrt{n}$; our 0.05 is close to
# $1/\sqrt{784} \approx 0.04$. `fit` uses *Xavier initialization*, which takes the mean of the layer's inputs and
# outputs for $n$.

# %% [markdown] slideshow={"slide_type": "skip"}
# Now the same network in Gluon. With the same weights it computes the same scores. Gluon
# stores a weight matrix as (outputs, inputs), hence the transposes. It finds out the number of inputs from the first
# batch, which is called *deferred initialization*. In the table, a *multiply-add* is one multiplication and one
# addition; a dense layer needs one for each weight.

# %% slideshow={"slide_type": "skip"}
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
net.initialize()
net(X_first)  # now the layers know how many inputs they have
parameters = start_parameters()
net[0].weight.set_data(parameters[0].T)
net[1].weight.set_data(parameters[2].T)
print("same scores:", bool(abs(net(X_first) - mlp(X_first, parameters)).max() < 1e-4))
summarize(net, (1, 1, 28, 28))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### In Gluon: two layers, one call of `fit`


# %% slideshow={"slide_type": "-"}
def build(widths):
    net = nn.Sequential()
    net.add(*[nn.Dense(width, activation="relu") for width in widths], nn.Dense(10))
    return net


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net = build([256])
history = fit(net, train_loader, validation_loader, num_epochs=8, lr=0.2, plot=False, seed=0)
figures.learning_curves(history)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: is this overfitting?

# %% [markdown] slideshow={"slide_type": "skip"}
# `fit` evaluates the network after each epoch on the second loader, which is the validation set here. (It calls the
# results `test_loss` and `test_accuracy`, whatever the loader contains.)
#
# **Question.** The training accuracy is above the validation accuracy. Is the network overfitting?
#
# <details><summary>Answer</summary>
#
# Not on this evidence. A difference between the two, the *generalization gap*, is normal: the weights were fitted to
# the training images and not to the others. *Overfitting* means that more training, or a larger network, still lowers
# the training loss but makes the loss on unseen data *worse*. The sign to look for is a validation loss that turns
# upward. Here it is still lower at the end than halfway. Notebook 08 trains models until it turns, and shows what to
# do then.
#
# </details>
#
# Now to the choice. The next cell trains six networks for six epochs each, from no hidden layer (softmax regression) to
# two hidden layers of 256 units. The learning rate 0.2 is twice that of notebook 06, because the largest network
# did better with it on the validation data. We did not look for the best rate; the mini-project leaves that to you.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
trained, runs, results = {}, {}, {}
for widths in ((), (16,), (64,), (256,), (64, 64), (256, 256)):
    net = trained[widths] = build(widths)
    run = runs[widths] = fit(net, train_loader, validation_loader, num_epochs=6, lr=0.2, plot=False, seed=0)
    size = summarize(net, (1, 1, 28, 28)).total_parameters
    results[widths] = size, run.test_accuracy[-1]  # on validation data
    line = f"hidden layers {list(widths)!s:10}  parameters {size:7,}  seconds {sum(run.seconds):4.1f}"
    print(f"{line}  training {run.train_accuracy[-1]:.3f}  validation {run.test_accuracy[-1]:.3f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Width and depth are chosen on validation data
#
# In brackets: the widths of the hidden layers. Bars are 95 % intervals; the dashed line is the best result.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.sweep(results, len(y_validation))
chosen = max(results, key=lambda widths: results[widths][1])  # the best validation accuracy
print(f"chosen: hidden layers {list(chosen)}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask: which would you take if parameters cost money?

# %% [markdown] slideshow={"slide_type": "skip"}
# Width helps a great deal at first, and then less and less. The bars show how much is luck. An accuracy $p$ that was
# measured on $n$ examples is uncertain by about $\pm 2\sqrt{p(1 - p)/n}$ (notebook 08 derives it), which is one
# percentage point for 0.95 and 2,000 images. A network whose interval reaches the best result may in truth be as good
# as the best one; another random seed might reverse their order. We take the best. If memory or time matters, the
# smallest network whose interval reaches the dashed line is just as defensible. (All networks see the same images, so
# it is sharper to compare two of them only on the images where they disagree. Notebook 08 comes back to that.)
#
# The largest network has more than 30 parameters for each training image, and yet it makes the fewest mistakes on
# images that it was not trained on. Does that surprise you? Notebook 08 comes back to that, too.
#
# We have looked at the validation accuracies of six networks and picked the largest, so this number is now slightly
# too good. That is why the test set has been left alone until this point.
#
# **Guess first.** The chosen network is right on about 95 % of the validation images. What will its accuracy on the
# test images be: higher, about the same, or lower?

# %% [markdown] slideshow={"slide_type": "skip"}
# To be fair to the old model, softmax regression competes twice: with the same number of epochs, and with four times as
# many. `Scoreboard` keeps the results; in a live notebook it also shows those of other notebooks.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
patient = build([])
patient_run = fit(patient, train_loader, validation_loader, num_epochs=24, lr=0.2, plot=False, seed=0)
contest = {
    "softmax, 6 epochs": (trained[()], runs[()]),
    "softmax, 24 epochs": (patient, patient_run),
    f"MLP {list(chosen)}, 6 epochs": (trained[chosen], runs[chosen]),
}

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The MLP wins even against four times the epochs

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
board, shape, accuracies = Scoreboard(), (1, 1, 28, 28), {}
for name, (network, run) in contest.items():
    _, reached = evaluate(network, test_loader)
    accuracies[name] = run.test_accuracy[-1], reached  # on validation and on test data
    data = {"data": "MNIST", "accuracy": reached, "examples": len(y_test)}
    board.add(name, network, shape, seconds=sum(run.seconds), **data)
board

# %% [markdown] slideshow={"slide_type": "skip"}
# The MLP beats softmax regression clearly: the intervals don't overlap. More epochs hardly help the linear model,
# because its limit is what it can represent. The MLP pays with many more multiply-adds for each image.
#
# But compare these accuracies with the ones on the validation data:

# %% [markdown] slideshow={"slide_type": "slide"}
# ### On the test data, all three do worse than on validation data
#
# Points are accuracies, bars 95 % intervals.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.two_sets(accuracies, len(y_test))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class guess the test accuracy before this slide and the scoreboard. Then ask for reasons.

# %% [markdown] slideshow={"slide_type": "skip"}
# All three fall by two to three percentage points, which is more than such an interval allows. Choosing the best of
# six networks explains only a small part of it: softmax regression, for which no choice was made, falls from 0.906 to
# 0.875. Our validation images were drawn at random from the training images. The test images differ from both in at
# least two ways: they were written by other people, and they are the first 2,000 of MNIST's 10,000, which may be harder
# than the rest. Our data cannot separate the two. Either way, a random split of the training images did not tell us.
#
# So even a validation set that no weight has touched can be too optimistic, if it resembles the training data more
# than future data will. **Split your data in the way in which future data will differ from them**: by person, by
# hospital, by year. In notebook 08 you will split emoji by what they show, and measure what a random split hides.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Hidden units look for pieces of digits
#
# How training changed the input weights of twelve units. Orange: ink here switches a unit on. Purple: off.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
fresh = build([256])
seed(0)  # as `fit` did, so these are the weights that it started with
fresh.initialize(init.Xavier())
fresh(X_first)
figures.units(trained[(256,)][0].weight.data() - fresh[0].weight.data())

# %% [markdown] slideshow={"slide_type": "skip"}
# In notebook 06 there was one pattern of weights for each class. A hidden unit has no class. It responds to a piece of
# a digit in one region of the image, and the output layer adds up such pieces. (The margin is white because the pixels
# there are 0 in nearly all images, so their weights get hardly any gradient.) A stroke can be anywhere, so the network
# needs a unit for each position. Convolutions (notebook 10) use the same weights at all positions.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Some mistakes are easy to forgive
#
# True class → the answer of the chosen network.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.mistakes(X_test, y_test, trained[chosen](X_test).argmax(axis=1))

# %% [markdown] slideshow={"slide_type": "skip"}
# Which of these would you have read correctly? Some are badly written, but others show that the network doesn't know
# strokes as we do: it adds up evidence from pixels.
#
# Now give the network a stranger's digit: yours. In a live notebook, draw on the pad, and then run the cell below it.
# Elsewhere, a stored example takes its place.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Draw a digit, and let both networks read it

# %% slideshow={"slide_type": "-"}
digit = draw_digit(example=5)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Do the two networks agree about your digit?

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
probabilities = {
    "softmax regression": npx.softmax(trained[()](digit.image))[0],  # (10,)
    f"MLP {list(chosen)}": npx.softmax(trained[chosen](digit.image))[0],
}
figures.answers(probabilities)

# %% [markdown] slideshow={"slide_type": "skip"}
# The stored example is a 5, the first image among the mistakes above. In the stored run, both networks call it a 6, and
# both are almost certain. The MLP is right more often, but when it is wrong, it can be just as confident. Softmax
# compares the scores of ten classes with each other, and says nothing about how unusual an image is.
#
# If your notebook is live, try a crossed 7, a small digit in a corner (the pad centers it, as MNIST does), and a digit
# that you can hardly read yourself.
#
# ### Does a network also win on a small table?
#
# MNIST has thousands of images. The cars of notebook 04 are a table with 392 complete rows: the features are cylinders,
# displacement, horsepower, weight, acceleration, year, and origin (one-hot), and the goal is miles per gallon.
#
# **Guess first.** Does an MLP predict the mileage of unseen cars better than linear regression, or are 392 cars
# too few?
#
# With so few rows, a single held-out set would decide by luck. *Cross-validation* uses every car once: divide the cars
# into five *folds* at random, hold out one fold at a time, train on the other four, and measure the error on the fold
# that was held out. The means and standard deviations that scale the features come from the training folds only;
# otherwise information about the held-out cars would leak into the training.


# %% slideshow={"slide_type": "skip"}
cars = load_cars(one_hot=True).dropna()  # 392 cars
mpg = cars["mpg"].to_numpy("float32")  # (392,)
features = cars.drop(columns=["name", "mpg"]).to_numpy("float32")  # (392, 9)
fold_of_car = onp.random.RandomState(0).permutation(len(mpg)) % 5


# %% slideshow={"slide_type": "skip"}
def fit_powers(degree):
    """Return a function that fits linear regression to the features and their powers, up to a degree."""

    def add_powers(X):
        return onp.hstack([onp.ones((len(X), 1)), *(X**power for power in range(1, degree + 1))])

    def fit_model(X, y):
        weights = onp.linalg.lstsq(add_powers(X), y, rcond=None)[0]  # solves it exactly
        return lambda X: add_powers(X) @ weights

    return fit_model


def fit_mlp(X, y, start=0):
    """Return the predictions of an MLP with 32 hidden units, trained for 300 steps, as a function of features."""
    seed(start)
    net = nn.Sequential()
    net.add(nn.Dense(32, activation="relu"), nn.Dense(1))
    net.initialize(init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    inputs, targets = np.array(X), np.array((y - y.mean()) / y.std()).reshape(-1, 1)
    for _ in range(300):
        with autograd.record():
            losses = gluon.loss.L2Loss()(net(inputs), targets)
        losses.backward()
        trainer.step(len(y))
    return lambda X: net(np.array(X)).asnumpy()[:, 0] * y.std() + y.mean()


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Held-out cars: the MLP finds the curvature by itself


# %% slideshow={"slide_type": "-"}
def held_out_error(fit_model, fold):
    held_out = fold_of_car == fold
    mean, spread = features[~held_out].mean(axis=0), features[~held_out].std(axis=0)
    scaled = (features - mean) / spread
    predict = fit_model(scaled[~held_out], mpg[~held_out])
    return onp.sqrt(((predict(scaled[held_out]) - mpg[held_out]) ** 2).mean())


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
models = {"linear regression": fit_powers(1), "with squares": fit_powers(2)}
models |= {"with squares and cubes": fit_powers(3), "MLP, 32 units": fit_mlp}
errors = [[held_out_error(model, fold) for fold in range(5)] for model in models.values()]
figures.cars(list(models), onp.array(errors))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each blue line is a fold, black is the mean. Ask who chose the features in each of the four
# models.

# %% [markdown] slideshow={"slide_type": "skip"}
# Each blue line is a fold, and the black one is the mean. The error is the root of the mean squared error, in miles
# per gallon. In every fold the MLP is better than linear regression, by more than half a mile per gallon on average,
# although it has seen only about 313 cars. Mileage does not depend linearly on the features, as the residuals in
# notebook 04 showed: 500 pounds more cost a light car more miles per gallon than a heavy one.
#
# But is it the network that makes the difference? The two models in the middle say no. They are linear regression, too,
# and get the squares of the features, or squares and cubes, as additional features. Most of the gain comes from that
# curvature. The difference is that *we* had to think of squares and cubes, while the MLP found such features by itself.
#
# The folds differ from each other more than the models do, so a single held-out set could not tell you how good a model
# is; the comparison within each fold can still tell you which is better. And if you try many widths or powers and
# report the best, these folds serve as validation data: you need other cars for an honest test.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *What can a second layer do that one cannot, and how do you choose its size without fooling yourself?*
#
# - It computes new features, with which a linear output layer succeeds, as in XOR.
# - Without a nonlinear function in between, any number of layers is one.
# - Enough units approximate any continuous function, if training finds the weights.
# - Choose width and depth on validation data. Use the test data once.
# - A gap between training and validation accuracy is normal. Overfitting: the validation loss rises.
# - Our validation accuracy was too optimistic: its images resemble the training data more.
# - Split the data in the way in which future data will differ.

# %% [markdown] slideshow={"slide_type": "skip"}
# How do you know that a model will work on data it has not seen? From this notebook on you have three sets of data with
# three different tasks, an interval that says what the numbers are worth, and a warning: held-out data answer the
# question only if they differ from the training data in the way in which future data will.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 07.1: predict the number of parameters
#
# Images of 28×28 pixels, two hidden layers of 100 and 50 units, 10 classes: how many weights and biases does the
# network have in total? Work it out without running it.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
num_parameters = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.1", num_parameters)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# There are three layers. A layer with $a$ inputs and $b$ outputs has $a \cdot b$ weights and $b$ biases.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# num_parameters = 784 * 100 + 100 + 100 * 50 + 50 + 50 * 10 + 10  # 84060
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 07.2: change XOR to its opposite
#
# The network by hand has the hidden units $h_1 = \operatorname{ReLU}(x_1 + x_2)$ and $h_2 = \operatorname{ReLU}(x_1 +
# x_2 - 1)$. Choose output weights $\mathbf{w}$ and a bias $b$ so that the score $w_1 h_1 + w_2 h_2 + b$ is **above 0
# where both inputs are equal**, and below 0 where they differ.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
w = [..., ...]
b = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.2", (w, b))

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# At (0, 0) the hidden units are 0 and 0; at (0, 1) and (1, 0) they are 1 and 0; at (1, 1) they are 2 and 1. What does
# the first point alone tell you about b?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# w = [-1, 2]
# b = 0.5
# ```
#
# To get the opposite of a score, change the sign of everything.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 07.3: build a network of any depth
#
# `layers` is a list of pairs $(\mathbf{W}, \mathbf{b})$. Apply one after the other, with ReLU **between** them but not
# after the last one.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def forward(X, layers):
    """X (n, d); layers [(W (d, h), b (h,)), ...]; returns the scores (n, q)."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("07.3", forward)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Loop over `layers[:-1]` with `npx.relu`, then apply `layers[-1]` without it.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def forward(X, layers):
#     for W, b in layers[:-1]:
#         X = npx.relu(np.dot(X, W) + b)
#     W, b = layers[-1]
#     return np.dot(X, W) + b
# ```
#
# With a single layer it is a linear model, because the loop does not run.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: 0.94 within 60,000 parameters
#
# Reach **a test accuracy of at least 0.94 with at most 60,000 parameters**, trained on the 8,000 training images. The
# largest network above did not get there. Make every choice on validation data, and use the test set once.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_net = build([64])
print(f"{summarize(my_net, shape).total_parameters:,} parameters")
# my_run = fit(my_net, train_loader, validation_loader, num_epochs=6, lr=0.2, seed=0)
# When you have made all choices: evaluate(my_net, test_loader)

# %% [markdown] slideshow={"slide_type": "skip"}
# What could you change? The widths, the number of layers, the learning rate, the number of epochs, and the training
# images. Write down the validation accuracy of everything you try. When you are done, compare your test accuracy with
# the best validation accuracy in your list: how much too good was it? (Strictly speaking, this test set is no longer
# fresh: you have seen its mistakes above.)
#
# <details><summary>Hint</summary>
#
# A larger network is not allowed, but more examples are. What can you do to an image of a 3 so that it is a different
# image, and still a 3?
#
# </details>
# <details><summary>A sample solution</summary>
#
# Shift each training image by one pixel in each of four directions. That makes five times as many images without
# collecting any new data; an epoch takes five times as long. It is called *data augmentation*, and notebook 08 says
# more about it. Only the training images are shifted, after the split; shifted copies in both sets would make the
# validation accuracy meaningless. (`roll` moves what leaves at one side back in at the other. That does no harm here,
# because almost all digits have an empty margin.)
#
# ```python
# shifts = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]
# shifted = [onp.roll(images[:8000], shift, axis=(2, 3)) for shift in shifts]
# more_images, more_labels = onp.concatenate(shifted), onp.tile(labels[:8000], 5)
# my_loader = ArrayLoader(more_images, more_labels, batch_size=64, shuffle=True)
# my_net = build([64])  # 50,890 parameters
# my_run = fit(my_net, my_loader, validation_loader, num_epochs=4, lr=0.2, seed=0)
# print(evaluate(my_net, test_loader))
# ```
#
# It reached a test accuracy of about 0.95, with a fifth of the parameters of the network [256, 256].
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Multilayer Perceptrons](https://d2l.ai/chapter_multilayer-perceptrons/index.html)
# - Rosenblatt, [The Perceptron: A Probabilistic Model for Information Storage and Organization in the
#   Brain](https://doi.org/10.1037/h0042519), 1958
# - Rumelhart, Hinton and Williams, [Learning representations by back-propagating
#   errors](https://doi.org/10.1038/323533a0), 1986
# - Cybenko, [Approximation by superpositions of a sigmoidal function](https://doi.org/10.1007/BF02551274), 1989; Leshno
#   and others, [Multilayer feedforward networks with a nonpolynomial activation function can approximate any
#   function](https://doi.org/10.1016/S0893-6080(05)80131-5), 1993
# - Glorot and Bengio, [Understanding the difficulty of training deep feedforward neural
#   networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010: how large the first weights should be
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **08 · Generalization**, where a network learns its training data by heart, and what to do about it.
