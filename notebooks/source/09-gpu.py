# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 09 · GPUs
#
# When is a GPU faster than a CPU, and what must your code do for it?
#
# *50 minutes · needs 01, 07 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Networks for pictures are trained on GPUs, because GPUs are faster. How much faster? You'll find claims of twenty
# times, of eighty times, of a hundred times. Some compare things that cannot be compared, and the others are true of
# *some* network. By the end of this notebook, you can tell what to expect for yours, before you spend any money.
#
# This part of the course asks what a network has to know about pictures before it sees any. Its main answer, the
# convolution of notebook 10, uses few weights for an enormous amount of arithmetic, which is what a GPU is made for. It
# doesn't change what a network learns from a batch, but from how many images it can learn.
#
# You don't need a GPU here. Everything about this machine is *measured* while you read. What a GPU would do is
# *computed* from data sheets, or taken from a *recorded* run of 2019, and each number says which of the three it is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Compute** the peak speed of a chip, and compare like with like.
# - **Measure** latency, bandwidth, and arithmetic of your machine.
# - **Predict** what limits an operation, and what a GPU can do for your network.
# - **Put** arrays and networks on a device, and divide a batch among several.
# - **Find** the line of a training loop that makes the device wait, and a clock that lies.

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
import os
from time import perf_counter, sleep

from mxnet import MXNetError, autograd, gluon, init, np, npx
from mxnet.gluon import nn
from mxnet.gluon.model_zoo import vision

from d2lhelpers import (
    check,
    explore,
    fit,
    load_data,
    load_images,
    seed,
    show_table,
    summarize,
    try_all_gpus,
    try_gpu,
)
from d2lhelpers.figures import nb09_gpu as figures

npx.set_np()
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What limits the speed
#
# Arithmetic, the way to memory, or the wait before anything happens.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A GPU has seventy times as many arithmetic units
#
# Each dot multiplies and adds one pair of numbers per tick of the clock.

# %% slideshow={"slide_type": "-"}
figures.chips()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Point at the two lines to memory. Which chip for a web server, which for a matrix product?

# %% [markdown] slideshow={"slide_type": "skip"}
# On the left is the processor of a good desktop computer of 2015, on the right the chip of a large graphics card of
# 2018. (The areas are not to scale, but the number of dots is right.) Each gray box is a *core*, a part that runs a
# program: four on the left, 72 on the right. The blue bars are *caches*, small and fast memories on the chip; those in
# the GPU's cores are left out. A CPU is built to do one thing after another quickly, so most of a core serves to guess
# which way an `if` will go, and to keep numbers that may be needed again. A GPU's cores are full of arithmetic units,
# and 32 of them always execute the same instruction at the same time, on different numbers.
#
# **Question.** Which of the two would you give a web server, and which a product of two large matrices?
#
# <details><summary>Answer</summary>
#
# A web server does something different for each visitor: a CPU. The product is the same multiplication and addition a
# billion times: a GPU. So is graphics, and that is why graphics cards were there when deep learning needed them.
#
# </details>
#
# How fast can such chips be at best? Their *peak* is the number of dots, times the clock, times 2, because a
# multiply-add counts as two floating-point operations (FLOP), here as in all notebooks. A GFLOP is $10^9$ of them, a
# TFLOP $10^{12}$. The way to memory has a peak as well: the bytes per transfer times the transfers per second.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Peak against peak, the GPU is twenty times faster

# %% slideshow={"slide_type": "-"}
CPU, GPU = {}, {}  # Intel i7-6700K, Nvidia Titan RTX
CPU["units"], GPU["units"] = 4 * 2 * 8, 72 * 64  # cores × units in a core
CPU["GHz"], GPU["GHz"] = 4.0, 1.35
for chip in (CPU, GPU):
    chip["TFLOP/s"] = 2 * chip["units"] * chip["GHz"] / 1000
CPU["GB/s"], GPU["GB/s"] = 2 * 8 * 2.133, 48 * 14.0  # bytes × billion transfers per second
rows = [("", "CPU", "GPU", "GPU : CPU")]
for what in CPU:
    ratio = f"{GPU[what] / CPU[what]:.1f}"
    rows.append((what, f"{CPU[what]:,.4g}", f"{GPU[what]:,.4g}", ratio))
show_table(rows, "computed from data sheets: the most that is possible with 32-bit numbers")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Three times slower a clock, and yet faster? Insist on peak against peak.

# %% [markdown] slideshow={"slide_type": "skip"}
# (Each core of this CPU has two units that work on eight numbers at once. Both clocks are the guaranteed ones.) The
# GPU's clock is three times slower, but it has 72 times as many units. So its arithmetic is 24 times as fast, and its
# memory 20 times.
#
# **Question.** "This CPU does 0.15 TFLOP/s, this GPU 12, so the GPU is 80 times faster." What is wrong with this
# sentence?
#
# <details><summary>Answer</summary>
#
# It compares a measurement with a peak. 0.15 TFLOP/s is what some program reached on the CPU, 29 % of its peak of 0.51.
# Compare peaks with peaks, or measurements of the same program.
#
# </details>
#
# GPUs have a second kind of unit, *tensor cores*, which multiply small matrices of 16-bit numbers. This card has 576 of
# them with 64 multiply-adds per tick, 8 times as many as its 4,608 units do.
#
# All of that assumes that the units are busy all the time. Are they?
#
# ### This machine
#
# From here on, we measure. `elapsed` needs two barriers (notebook 01): one before the start, so that no earlier work is
# counted, and one at the end, so that all of its own work is. Other programs can make a run slower, but never faster,
# so `fastest` takes the best of several.

# %% slideshow={"slide_type": "skip"}
device = try_gpu()  # the first GPU, or the CPU if there is none


def elapsed(work, *arguments, wait=True, **options):
    """Return the seconds until everything that work(*arguments, **options) queues is computed (or just queued)."""
    npx.waitall()
    start = perf_counter()
    work(*arguments, **options)
    if wait:
        npx.waitall()
    return perf_counter() - start


def fastest(work, *arguments, tries=5, **options):
    return min(elapsed(work, *arguments, **options) for _ in range(tries))


# %% [markdown] slideshow={"slide_type": "skip"}
# The simplest thing to measure is a copy. It reads each number and writes it, so a float32 moves 8 bytes.
#
# **Guess first.** A million numbers take longer to copy than a single one. How many times longer?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
numbers, times = [4**k for k in range(13)], []  # from one number to 17 million
for size in numbers:
    X, Y = np.ones((2, size), ctx=device)
    times.append(fastest(X.copyto, Y, tries=40))
moved = [8 * size for size in numbers]  # bytes: 4 are read and 4 are written

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Latency is the wait, bandwidth is the flow
#
# Measured here: copies of 1 number, of 4, of 16, and so on, up to 17 million. Each number moves 8 bytes.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
latency = min(times[:6])  # seconds
bandwidth = moved[-1] / (times[-1] - latency)  # bytes per second
figures.copies(moved, times, latency, bandwidth)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A train: how long until it leaves, and how many people per hour?

# %% [markdown] slideshow={"slide_type": "skip"}
# Small copies all take about the same time, no matter how many numbers they move: this is the *latency*, the time that
# passes before anything arrives. Python has to queue the operation, the engine has to pick it up, and at the end Python
# has to be woken up. Large copies take time in proportion to their size, and their bytes per second are the
# *bandwidth*. The dashed line adds the two:
#
# $$\text{time} = \text{latency} + \frac{\text{bytes}}{\text{bandwidth}}$$
#
# (The points scatter, because other programs run, too. Large copies below the line were in a cache, which is faster
# than memory, or the very last copy was disturbed: then run the cell again.)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
million = times[numbers.index(4**10)]
print(f"copying a million numbers takes {million / latency:.0f} times as long as copying one")
print(f"bandwidth: {bandwidth / 1e9:.0f} GB/s")
print(f"about {round(latency * bandwidth / 8, -4):,.0f} numbers could be copied in the time of the latency")

# %% [markdown] slideshow={"slide_type": "skip"}
# So a million numbers take nowhere near a million times as long as one. A computation has a third limit, arithmetic.
# Which of them matters depends on how much work there is for each number that is moved.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A product uses each number many times, a sum only once

# %% slideshow={"slide_type": "-"}
figures.uses()

# %% slideshow={"slide_type": "-"}
rows = [("n", "bytes moved", "sum: FLOP", "FLOP per byte", "product: FLOP", "FLOP per byte")]
for n in (16, 64, 1024):
    total, adding, multiplying = 3 * 4 * n**2, n**2, 2 * n**3
    sums, products = f"{adding / total:.2f}", f"{multiplying / total:.1f}"
    rows.append((f"{n:,}", f"{total:,}", f"{adding:,}", sums, f"{multiplying:,}", products))
show_table(rows, "two matrices (n, n) are read, one is written")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* ReLU, dropout, convolution: with the sum, or with the product?

# %% [markdown] slideshow={"slide_type": "skip"}
# In a sum, each number is used once. In a product, each number of A meets a whole row of B, so it is used n times. The
# FLOP per byte moved are called the *arithmetic intensity*: 1/12 for the sum of any size, and n/6 for the product, if
# each number comes from memory only once. (Libraries see to that: they cut large matrices into tiles that fit into a
# cache.)
#
# **Question.** Where do a ReLU, dropout, and a convolution stand: with the sum, or with the product?
#
# <details><summary>Answer</summary>
#
# ReLU and dropout do one simple thing to each number, like the sum. In a convolution, each pixel meets the kernels of
# all output channels, so it stands with the product.
#
# </details>
#
# While numbers are on their way, the chip can compute with those that have already arrived. So the time of an operation
# is at least the *longer* of two times:
#
# $$\text{time} \ge \max\left(\frac{\text{FLOP}}{\text{peak}},\; \frac{\text{bytes}}{\text{bandwidth}}\right)$$
#
# Divide the FLOP by both sides, and you get the highest possible speed at each intensity:
#
# $$\text{speed} = \frac{\text{FLOP}}{\text{time}} \le \min\left(\text{peak},\; \text{intensity}\cdot
# \text{bandwidth}\right)$$
#
# As long as memory is the limit, the speed grows with the intensity; once arithmetic is, it is level. The plot looks
# like a roof, and is called a *roofline*. Let's draw that of this machine. The slope is the bandwidth of the copy, the
# level the highest speed that we measure, which is less than a peak. Under it, we put a sum of two matrices, and a
# dense layer with 2,048 inputs and units for batches of several sizes.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
units = 2048
A, B, C = np.random.uniform(0, 1, (3, units, units), ctx=device)
points = {"sum": (1 / 12, units**2 / fastest(np.add, A, B, out=C))}  # FLOP per byte, FLOP per second
layer = nn.Dense(units, in_units=units, use_bias=False)
layer.initialize(ctx=device)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same layer is faster with more examples

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for batch in (1, 4, 16, 64, 256, 2048):
    X = np.ones((batch, units), ctx=device)
    flop = 2 * batch * units * units
    num_bytes = 4 * (units * units + 2 * batch * units)  # weights, inputs, outputs
    name = "1 example" if batch == 1 else f"{batch:,}"
    points[name] = flop / num_bytes, flop / fastest(layer, X, tries=10)
level = max(speed for _, speed in points.values())
figures.roof(level, bandwidth, points)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The layer is the same in six of the points. What has changed?

# %% [markdown] slideshow={"slide_type": "skip"}
# With a single example, each weight is fetched from memory and used once, as in the sum. The more examples there are in
# the batch, the more often each weight is used, and the higher the point. (It may lie above the slope, because reading
# alone can be faster than copying.) In notebook 05, larger batches made the gradient less noisy. Here is the other
# reason for them: the hardware.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print(f"this machine: {os.cpu_count()} cores, up to {level / 1e9:.0f} GFLOP/s in a dense layer")

# %% [markdown] slideshow={"slide_type": "skip"}
# And the two chips of the data sheets? By their roofs, the GPU is 20 to 24 times faster at *everything*, even at a
# product of two 16×16 matrices. What is missing?
#
# The latency is. Queuing an operation takes Python just as long for a GPU as for a CPU, and then the command has to
# cross the link to the card. Suppose that both chips have the latency that you have just measured. (Operations that are
# queued one after the other wait less, so take the sizes below as rough ones.) Then the least time of an operation is:


# %% slideshow={"slide_type": "skip"}
PEAKS = {name: (1e12 * chip["TFLOP/s"], 1e9 * chip["GB/s"]) for name, chip in (("CPU", CPU), ("GPU", GPU))}


def least_time(flop, num_bytes, name):
    peak, bandwidth = PEAKS[name]
    return latency + max(flop / peak, num_bytes / bandwidth)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
sizes = [2**k for k in range(4, 14)]
speedups = {"sum": [], "product": []}
for size in sizes:
    for name, flop in (("sum", size**2), ("product", 2 * size**3)):
        slow, fast = (least_time(flop, 3 * 4 * size**2, chip) for chip in ("CPU", "GPU"))
        speedups[name].append(slow / fast)
ratios = {"arithmetic": GPU["TFLOP/s"] / CPU["TFLOP/s"], "memory": GPU["GB/s"] / CPU["GB/s"]}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A GPU pays off only if the work outlasts the latency
#
# Computed from the peaks, if both chips have the latency of this machine:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.speedups(sizes, speedups, ratios)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let someone read off the size at which the GPU is ten times faster.

# %% [markdown] slideshow={"slide_type": "skip"}
# For small matrices, a GPU gains nothing: both chips wait for the next operation. For large ones, it comes close to the
# ratio of the peaks. That is the first half of the answer to this notebook's question: **a GPU is faster if each
# operation has enough work**, as in convolutions with many channels and in large batches.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Devices in code
#
# Where an array lives, how it gets elsewhere, and why it should stay there.

# %% [markdown] slideshow={"slide_type": "skip"}
# A graphics card has a memory of its own, and the GPU computes only with what is in it. The usual slot of such a card
# (PCI Express 3.0, 16 lanes) moves about 16 GB/s in each direction. How long does it take at least to add two arrays of
# 100 million numbers each: on the CPU, on the GPU, and if the arrays first have to cross the link to the GPU, and the
# sum has to come back?

# %% slideshow={"slide_type": "skip"}
LINK = 16  # GB/s
gigabytes = 3 * 4 * 100_000_000 / 1e9  # two arrays in, one out
rows = [("100 million numbers are added", "GB/s", "milliseconds")]
for way, speed in {"by the CPU": CPU["GB/s"], "by the GPU": GPU["GB/s"], "across the link": LINK}.items():
    rows.append((way, f"{speed:.0f}", f"{1000 * gigabytes / speed:.1f}"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The link between the two memories is the slowest part

# %% slideshow={"slide_type": "-"}
figures.link(CPU["GB/s"], LINK, GPU["GB/s"])

# %% slideshow={"slide_type": "-"}
show_table(rows, "computed from the peaks")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Is a GPU of any use then? How often does a weight cross the link?

# %% [markdown] slideshow={"slide_type": "skip"}
# The trip to the GPU and back takes twice as long as adding on the CPU.
#
# **Question.** Is a GPU of any use then?
#
# <details><summary>Answer</summary>
#
# Yes, if numbers that have crossed the link are used often. A weight crosses it once and is then used for every
# example. A batch of images crosses it once and keeps a whole network busy. So: bring data once, keep them there, and
# bring back little.
#
# </details>
#
# The card's memory is usually the smaller one, too, which often limits the batch. MXNet moves nothing across the link
# unless you say so. Every array is on a *device*, which MXNet calls a *context*, `ctx` for short:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print(npx.cpu(), npx.gpu(), npx.gpu(1), "GPUs here:", npx.num_gpus())
print("we compute on", try_gpu(), "of", try_all_gpus())

# %% [markdown] slideshow={"slide_type": "skip"}
# `npx.cpu()` stands for all cores of the machine, and `npx.gpu(1)` for the second card. You may write the name of a GPU
# that isn't there, but using it is an error. With `try_gpu()` and `try_all_gpus()`, a notebook runs on every machine.
# To practice without a GPU, we use a second name of the CPU: `npx.cpu(0)` and `npx.cpu(1)` are the same cores and the
# same memory, but MXNet treats them as two devices.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### An array lives on one device

# %% slideshow={"slide_type": "-"}
other = npx.cpu(1)
X = np.ones((2, 3))  # if nothing is said: npx.cpu(0)
Y = np.ones((2, 3), ctx=other)  # made there
Z = X.copyto(other)  # copied to there
print(X.ctx, Y.ctx, Z.ctx)
print("result:", (Y + Z).ctx)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A result is where its operands are. Create arrays where you need them: what is created there doesn't have to travel.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### `copyto` always copies, `as_in_ctx` only if it must

# %% slideshow={"slide_type": "-"}
print("copyto,    already there: same array:", X.copyto(X.ctx) is X)
print("as_in_ctx, already there: same array:", X.as_in_ctx(X.ctx) is X)
print("as_in_ctx, elsewhere:     same array:", X.as_in_ctx(other) is X)
Y[:] = 0
X.copyto(Y)  # into an array that exists
print(Y.ctx, Y.sum())

# %% [markdown] slideshow={"slide_type": "fragment"}
# `X, y = X.as_in_ctx(device), y.as_in_ctx(device)` is right on every machine, and free if nothing has to move.

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the line for the top of every training loop.
#
# **Question.** What can go wrong because `as_in_ctx` may return the same array?
#
# <details><summary>Answer</summary>
#
# `Z = X.as_in_ctx(device)`, then `Z += 1`: on a CPU this changes X as well, on a GPU it doesn't. It is a bug that shows
# on one kind of machine only.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two names of the CPU pass, a CPU and a GPU don't

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
here, there = np.ones(3, ctx=device), np.ones(3, ctx=other)
try:
    print("the sum is on", (here + there).ctx)
except MXNetError as error:
    print(str(error).splitlines()[-1])
print("after as_in_ctx:", (here + there.as_in_ctx(device)).ctx)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two names of the CPU share their memory, so MXNet lets it pass. But between a CPU and a GPU:
#
# `Operator … require all inputs live on the same context. But the first argument is on gpu(0) while the 2-th argument
# is on cpu(1)`

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Why doesn't MXNet simply copy?

# %% [markdown] slideshow={"slide_type": "skip"}
# (We quote this message from MXNet's source.) MXNet could copy the array for you, but then a slow trip might hide in
# every line. So code that has only run on a CPU may still fail on a GPU. The next error shows on both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Parameters live on a device, too

# %% slideshow={"slide_type": "-"}
net = nn.Dense(2, in_units=3)
net.initialize(ctx=other)
print("weights on", net.weight.list_ctx())
try:
    net(X)  # X is on cpu(0)
except RuntimeError as error:
    print(error)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Bring the data to the network, or move the network:

# %% slideshow={"slide_type": "fragment"}
print("data moved:   ", net(X.as_in_ctx(other)).ctx)
net.collect_params().reset_ctx(npx.cpu(0))
print("network moved:", net(X).ctx, net.weight.list_ctx())

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Three places in a program name the device. Which two do people forget?

# %% [markdown] slideshow={"slide_type": "skip"}
# So three places in a program name the device: `initialize(ctx=device)`, and `as_in_ctx(device)` for X and for y. `fit`
# does all three. `list_ctx` is a list because parameters can be on several devices at the same time, with a copy on
# each:

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two devices share a batch

# %% slideshow={"slide_type": "-"}
figures.division()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The gradient of a sum is the sum of the gradients, so nothing changes but the place.

# %% [markdown] slideshow={"slide_type": "skip"}
# This is called *data parallelism*. In each step, as many numbers as the network has parameters have to travel, there
# and back. So a network of convolutions travels better than one of large dense layers, which does less work per
# parameter.

# %% slideshow={"slide_type": "skip"}
gpus = try_all_gpus()
pair = gpus[:2] if len(gpus) > 1 else [npx.cpu(0), npx.cpu(1)]
images, labels = load_images(train=True, source="mnist", size=64)  # (64, 1, 28, 28), (64,)
seed(0)
net = nn.Dense(10)
net.initialize(init.Xavier(), ctx=pair)  # a copy on each

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The gradients of two halves add up


# %% slideshow={"slide_type": "-"}
def gradient(X, y, place):
    X, y = X.as_in_ctx(place), y.as_in_ctx(place)
    with autograd.record():
        loss = loss_function(net(X), y).sum()
    loss.backward()
    return net.weight.grad(place).copyto(npx.cpu())  # (10, 784)


# %% slideshow={"slide_type": "-"}
whole = gradient(images, labels, pair[0])
first = gradient(images[:32], labels[:32], pair[0])
second = gradient(images[32:], labels[32:], pair[1])
print("halves add up:", bool(abs(first + second - whole).max() < 1e-4))

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** Why is the loss a `sum` here, and not a `mean`?
#
# <details><summary>Answer</summary>
#
# With means, the two halves would add up to *twice* the gradient of the whole batch. So we add up sums, and divide by
# 64 once, at the end, as `trainer.step(64)` does.
#
# </details>
#
# `fit` does the same for whole epochs, if you give it several devices:


# %% slideshow={"slide_type": "skip"}
def losses_on(devices):
    train_loader, _ = load_data(batch_size=64, source="mnist", train_size=1000)
    net = nn.Sequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    options = {"num_epochs": 4, "lr": 0.2, "seed": 0, "plot": False}
    return fit(net, train_loader, devices=devices, **options).train_loss


one, two = losses_on(pair[:1]), losses_on(pair)
print("same losses:", all(abs(one[epoch] - two[epoch]) < 1e-3 for epoch in range(4)))

# %% [markdown] slideshow={"slide_type": "skip"}
# The losses agree, except for rounding: a second device changes nothing about what the network learns. (Nor is it
# faster here, where both names stand for the same cores.)
#
# **A trap.** Don't queue large `np.dot` on `npx.cpu(0)` and `npx.cpu(1)` at the same time: OpenBLAS, which computes
# them in MXNet 1.9.1, then hangs, and all you can do is restart the kernel. Dense layers and GPUs are safe.
#
# **Guess first.** With two real GPUs, is training twice as fast? The recorded runs used another card, the Tesla V100,
# which does 15.7 TFLOP/s with 32-bit numbers.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Recorded: the second GPU makes a small network slower

# %% slideshow={"slide_type": "-"}
rows = [
    ("seconds per epoch of 60,000 images", "one GPU", "two GPUs"),
    ("LeNet, batches of 256 (on two: 128 each)", "1.8", "2.5"),
    ("ResNet-18, batches of 256 per GPU", "13.2", "7.3"),
]
show_table(rows, "recorded in July 2019 on Nvidia Tesla V100 GPUs, not on this machine")

# %% [markdown] slideshow={"slide_type": "skip"}
# The numbers are from the [notebooks of a one-day course of 2019](https://github.com/d2l-ai/1day-notebooks), the
# ancestors of this one, with 60,000 images of 28×28 pixels. Each clock stopped after a barrier. With two GPUs, the
# small network has half as many examples per operation, and one small copy after the other to add up the gradients,
# each with its latency. (It is a single run, and other programs held memory on the second GPU, though they were idle.)
# The large network was nearly twice as fast, but with 512 images per step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Don't make the device wait
#
# A clock that lies, a fair race, and the line that makes a training loop stand still.

# %% [markdown] slideshow={"slide_type": "skip"}
# How fast is a real network on a real GPU? In the notebooks of 2019, the function that trained AlexNet printed 14,578.6
# examples per second, with images of 224×224 pixels. A printout of the same day shows four Tesla V100 cards, and we
# assume that it was one of them. Such a card has 5,120 units, and even its highest clock is 1.53 GHz. (Its tensor cores
# work on 16-bit numbers, and this training used 32 bits.) Is that plausible? For each multiply-add, training takes 2
# FLOP forward, and about twice as many backward. `summarize` counts them; you don't have to read the networks yet
# (notebooks 10 to 13).


# %% slideshow={"slide_type": "skip"}
def lenet():
    net = nn.Sequential()
    for channels, padding in ((6, 2), (16, 0)):
        net.add(nn.Conv2D(channels, 5, padding=padding, activation="sigmoid"), nn.AvgPool2D(2, 2))
    net.add(nn.Dense(120, activation="sigmoid"), nn.Dense(84, activation="sigmoid"), nn.Dense(10))
    return net


def alexnet():
    net = nn.Sequential()
    net.add(nn.Conv2D(96, 11, strides=4, activation="relu"), nn.MaxPool2D(3, 2))
    net.add(nn.Conv2D(256, 5, padding=2, activation="relu"), nn.MaxPool2D(3, 2))
    for channels in (384, 384, 256):
        net.add(nn.Conv2D(channels, 3, padding=1, activation="relu"))
    net.add(nn.MaxPool2D(3, 2))
    for _ in range(2):
        net.add(nn.Dense(4096, activation="relu"), nn.Dropout(0.5))
    net.add(nn.Dense(10))
    return net


# %% [markdown] slideshow={"slide_type": "slide"}
# ### A recorded speed can be five times what the chip can do

# %% slideshow={"slide_type": "-"}
multiply_adds = summarize(alexnet(), (1, 1, 224, 224)).total_multiply_adds  # one image
claimed = 14_578.6 * 2 * 3 * multiply_adds / 1e12
possible = 2 * 5120 * 1.53e9 / 1e12
rows = [("training AlexNet, recorded in July 2019", "TFLOP/s")]
each = f"{6 * multiply_adds / 1e9:.1f} GFLOP"
rows.append((f"14,579 images per second, {each} each", f"{claimed:.0f}"))
rows.append(("peak of a Tesla V100, 32 bits", f"{possible:.1f}"))
rows.append(("ratio", f"{claimed / possible:.1f}"))
show_table(rows, "computed from the recorded speed, and from the data sheet of the card")

# %% [markdown] slideshow={"slide_type": "fragment"}
# **Question.** The network had learned, and nobody had cheated. What went wrong?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Give them the loop: clock on, forward, backward, step, add up, clock off. Who waits? Before the
# next slide, collect guesses: how many times faster was the GPU with LeNet, and with AlexNet?

# %% [markdown] slideshow={"slide_type": "skip"}
# Here is the loop that was timed, shortened:
#
# ```python
# for X, y in train_iter:
#     timer.start()
#     X, y = X.as_in_context(ctx), y.as_in_context(ctx)
#     with autograd.record():
#         y_hat = net(X)
#         l = loss(y_hat, y)
#     l.backward()
#     trainer.step(X.shape[0])
#     metric.add(l.sum(), d2l.accuracy(y_hat, y), X.shape[0])
#     timer.stop()
# ```
#
# <details><summary>Answer</summary>
#
# Nothing in this loop waits. `metric.add` adds arrays to arrays, which is one more operation in the queue. So the clock
# measured how long it takes Python to *queue* the work, and stood still while Python waited for the GPU, at the end of
# each epoch.
#
# </details>
#
# A second clock proves it: the notebook also stored when the cell began and ended. It ran for 271 seconds.

# %% slideshow={"slide_type": "skip"}
trained = 10 * 60_000  # ten epochs
print(f"at the printed speed, the cell would have taken {trained / 14_578.6:.0f} seconds")
print(f"in 271 seconds: {trained * 6 * multiply_adds / 271 / 1e12:.0f} TFLOP/s, which is possible")

# %% [markdown] slideshow={"slide_type": "skip"}
# This is *asynchronous* execution (notebook 01): Python puts an operation into a queue and goes on, and the *engine*,
# MXNet's threads or the GPU, works through the queue. Meanwhile, Python can prepare the next batch. But a clock that is
# stopped without a barrier lies, on this machine, too.


# %% slideshow={"slide_type": "skip"}
def training_speeds(net, image_shape, batch_size, steps):
    """Return the images per second by a clock that stops after queuing, and by one that waits for the end."""
    X, y = np.random.uniform(0, 1, (batch_size, *image_shape), ctx=device), np.zeros(batch_size, ctx=device)
    net.initialize(init.Xavier(), ctx=device)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
    for step in range(steps + 1):
        if step == 1:  # the first step makes the weights, and is not timed
            npx.waitall()
            start = perf_counter()
        with autograd.record():
            losses = loss_function(net(X), y)
        losses.backward()
        trainer.step(batch_size)
    queued = perf_counter() - start
    npx.waitall()
    done = perf_counter() - start
    return steps * batch_size / queued, steps * batch_size / done


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
NETWORKS = {  # network, shape of an image, examples in a batch, steps
    "LeNet, 28×28": (lenet, (1, 28, 28), 256, 20),
    "ResNet-18, 96×96": (lambda: vision.resnet18_v1(classes=10), (1, 96, 96), 32, 3),
    "AlexNet, 224×224": (alexnet, (1, 224, 224), 32, 2),
}
measured = {name: training_speeds(make(), *options) for name, (make, *options) in NETWORKS.items()}
training_flop = {  # per image
    name: 2 * 3 * summarize(make(), (1, *image_shape)).total_multiply_adds
    for name, (make, image_shape, *_) in NETWORKS.items()
}

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Here, too, Python is done long before the engine

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
rows = [("images per second", "clock stopped after queuing", "clock stopped at the end")]
for name, speeds in measured.items():
    rows.append((name, *(f"{speed:,.0f}" for speed in speeds)))
show_table(rows, "training, measured here with two clocks: only the second one is right")

# %% [markdown] slideshow={"slide_type": "skip"}
# The first column says how fast Python can queue, the second how fast the machine is.
#
# Now we can compare like with like: the same training on two machines, timed until all of it is computed. Each recorded
# cell trained ten epochs of 60,000 images, tested the network after each, and drew a plot. So 600,000 images divided by
# its duration is **at least** how fast the GPU trained. And there are two upper limits. No image can be trained faster
# than it is queued, so the printed speed is **at most** how fast the GPU trained. Nor can its arithmetic be faster than
# its peak (unless a smarter algorithm needs fewer operations).
#
# **Guess first.** How many times faster than this machine was the GPU with LeNet, ResNet-18, and AlexNet (the networks
# of notebooks 12, 17, and 13)?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
RECORDED = {  # July 3, 2019: seconds for ten epochs and all the rest; images per second by the clock that did not wait
    "LeNet, 28×28": (37.2, 52_694.5),
    "ResNet-18, 96×96": (143.6, 12_520.9),
    "AlexNet, 224×224": (271.0, 14_578.6),
}
rows = [("images per second", "measured here", "recorded: at least", "at most, by queuing", "at most, by the peak")]
gains = {}
for name, (duration, printed) in RECORDED.items():
    here, low, limit = measured[name][1], trained / duration, possible * 1e12 / training_flop[name]
    rows.append((name, *(f"{speed:,.0f}" for speed in (here, low, printed, limit))))
    gains[name] = low / here, min(printed, limit) / here
show_table(rows, "training: measured on this machine, recorded on one Tesla V100")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A small network gains little, a large one much
#
# The same networks, trained here (measured) and on a Tesla V100 (recorded). The true factor is within the bar.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.gains(gains)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Whose guesses were nearest? The axis is logarithmic.

# %% [markdown] slideshow={"slide_type": "skip"}
# So the same card was several times faster with LeNet, and dozens of times, perhaps a hundred, with the two large
# networks, whose bars overlap. A claim without the network, and without the CPU in the comparison, says nothing. The
# CPU here is yours, if you run this notebook. (For the large networks, our batches are smaller than the recorded ones.)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print(f"peak of the V100 : dense layer on this machine = {possible * 1e12 / level:.0f}")
with_barrier = 60_000 / 1.8  # images per second: the recorded epoch of LeNet on one GPU
factor = with_barrier / measured["LeNet, 28×28"][1]
print(f"a LeNet timed with a barrier: {with_barrier:,.0f} images per second, {factor:.0f} times as many as LeNet here")

# %% [markdown] slideshow={"slide_type": "skip"}
# Can it be more than the 24 times of the data sheets? Yes, because these are other machines: the first ratio is that of
# the V100's peak to the dense layer on this machine, and what the large networks gain is of that order. The second one
# checks LeNet's bar: the LeNet in the table of the two GPUs, a somewhat larger one, was timed with a barrier.
#
# Why does LeNet gain so much less? Look at the two upper limits. At its peak, the card could do the arithmetic for a
# hundred times as many images as Python could queue. This is the latency again, once for each small operation. If
# queuing is the limit, as it seems, a faster card wouldn't help. With the other two, Python queues faster than the card
# can compute.

# %% [markdown] slideshow={"slide_type": "skip"}
# That is how most GPUs are wasted: they wait. Look at the training loop that you would probably write:


# %% slideshow={"slide_type": "skip"}
def run_epoch(net, trainer, batches, read):
    total, count = 0.0, 0
    for X, y in batches:
        with autograd.record():
            loss = loss_function(net(X), y).sum()
        loss.backward()
        trainer.step(len(y))
        total = total + (loss.item() if read else loss)
        count += len(y)
    return total / count  # the mean loss: a number, or an array that may not be computed yet


# %% [markdown] slideshow={"slide_type": "skip"}
# With `read=True`, each `item()` waits until the loss exists, as `float(loss)`, `asnumpy()`, and `print(loss)` would.
# With `read=False`, `total` is an array on the device, and adding to it is one more operation in the queue.
#
# What does the waiting cost? In the figure, orange is Python, which prepares batches (loads, decodes, queues), and blue
# the engine, which computes. The number is the time for four batches, in units of preparing one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Reading each result makes Python and the engine take turns

# %% slideshow={"slide_type": "-"}
TURNS = "Time lines: reading each result, Python and engine take turns; else they overlap."
options = {"values": [0.25, 0.5, 1, 2, 4, 8], "play": True, "height": 4.4}
explore(figures.turns, [0.25, 1, 4], label="computing", alt=TURNS, **options)

# %% [markdown] slideshow={"slide_type": "fragment"}
# If each result is read, a batch takes the **sum** of both times; if not, only the **longer** one (but for the first).

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class guess the worst position before you press play.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** At which position of the slider does reading cost most, and what does a faster GPU change?
#
# <details><summary>Answer</summary>
#
# Where both times are equal: there, reading doubles the time if there are many batches. (With four it is 8 : 5, because
# the first one has to be waited for in any case.) A faster GPU moves a program from the picture on the right towards
# the one on the left, where Python sets the pace, and then an even faster GPU is of no use.
#
# </details>
#
# That was a drawing. Is it true? We simulate a slow disk: for each batch, Python sleeps for a while.


# %% slideshow={"slide_type": "skip"}
def from_disk(batches, delay):
    """Yield the batches, each after a wait of `delay` seconds: a simulated slow disk."""
    for batch in batches:
        sleep(delay)
        yield batch


def make_training(width=1024, batch_size=256, num_batches=12):
    """Return a network, a trainer, and batches of MNIST on the device."""
    seed(0)
    images, labels = load_images(source="mnist", size=batch_size * num_batches)
    X, y = images.reshape(len(images), -1).as_in_ctx(device), labels.as_in_ctx(device)
    starts = range(0, len(X), batch_size)
    net = nn.Sequential()
    net.add(nn.Dense(width, activation="relu"), nn.Dense(10))
    net.initialize(init.Xavier(), ctx=device)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
    return net, trainer, [(X[start : start + batch_size], y[start : start + batch_size]) for start in starts]


# %% slideshow={"slide_type": "skip"}
def per_batch(delay, read, tries=4):
    """Return the seconds that a batch takes, the best of several epochs."""
    epochs = (elapsed(run_epoch, net, trainer, from_disk(batches, delay), read) for _ in range(tries))
    return min(epochs) / len(batches)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, trainer, batches = make_training()
run_epoch(net, trainer, batches, read=True)  # warm up
computing = per_batch(delay=0, read=False)
queuing = fastest(run_epoch, net, trainer, batches, read=False, wait=False) / len(batches)
delays = [share * computing for share in (0, 0.5, 1, 1.5, 2)]
each_read = [per_batch(delay, read=True) for delay in delays]
at_end = [per_batch(delay, read=False) for delay in delays]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Reading costs little until Python has something to wait for

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.reading(delays, computing, queuing, each_read, at_end)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The dashed lines are not fitted: they are sums and maxima of measured times.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("time of the disk : time of computing", *(f"{delay / computing:.1f}" for delay in delays))]
rows.append(("each result read : read at the end", *(f"{a / b:.2f}" for a, b in zip(each_read, at_end, strict=True))))
show_table(rows, "measured here: how many times as long an epoch takes")

# %% [markdown] slideshow={"slide_type": "skip"}
# The dashed lines are not fitted. If each loss is read, a batch takes the time of the disk plus that of computing. If
# they are read at the end, it takes the longer one of computing and of what Python does: wait for the disk, and queue.
# (The squares may lie a little above their line, because the first of the twelve batches has nothing to overlap with,
# and the circles below theirs, because `item()` waits for the loss only, and not for the backward pass.)
#
# At the left, reading each loss makes hardly any difference on this machine. As soon as something else has to be waited
# for, it does, and most, 1.5 to 1.7 times, where the disk takes as long as computing. With a GPU there is always
# something to wait for: the batch has to be loaded, decoded, and brought across the link. So add results up on the
# device, and read them once per epoch, as `fit` does, or every hundredth batch. If you must read each loss, let a
# second thread prepare the batches: that is the mini-project.
#
# Now you can tell what a GPU could do for a network of yours:
#
# - *Compute* the FLOP of a batch: images × 6 × the multiply-adds that `summarize` counts. Divided by the card's peak,
#   they give the least time for the arithmetic.
# - *Measure* how long Python takes to queue a batch, with a clock that doesn't wait. That needs no GPU.
# - The longer one is the least time of a batch on a GPU. Compare it with the time on your machine.
#
# **Guess first.** The network that we have just trained has 784 inputs, 1,024 hidden units, and 10 outputs, and gets
# batches of 256 images. How many times faster could a GPU train it?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A GPU can be no faster than Python queues

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
arithmetic = 256 * 6 * summarize(net, (1, 784)).total_multiply_adds / PEAKS["GPU"][0]
rows = [("one batch of our MLP", "milliseconds")]
rows.append(("arithmetic on the GPU, computed from its peak", f"{1000 * arithmetic:.1f}"))
rows.append(("queuing, measured here", f"{1000 * queuing:.1f}"))
rows.append(("training, measured here", f"{1000 * computing:.1f}"))
rows.append(("so a GPU is faster by at most", f"{computing / max(arithmetic, queuing):.0f}×"))
show_table(rows, "the longer one of arithmetic and queuing limits the GPU")

# %% [markdown] slideshow={"slide_type": "skip"}
# The arithmetic takes a fraction of the time of queuing, so for this network the price of the card doesn't matter.
# Larger batches or layers would give the card more work per operation.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *When is a GPU faster than a CPU, and what must your code do for it?*
#
# - If each operation has much work: large layers, large batches. Else it waits for Python.
# - Time ≥ latency + the longer of FLOP / peak and bytes / bandwidth. A multiply-add is 2 FLOP.
# - Compare peaks with peaks (our two chips: 20 to 24 times), or the same training on both.
# - `ctx=device` in `initialize`, `as_in_ctx(device)` for X and y, `device = try_gpu()`.
# - Read results once per epoch. Never stop a clock without a barrier.
# - Several devices: divide the batch, add the gradients; the step is the same.

# %% [markdown] slideshow={"slide_type": "skip"}
# And data that the network has not seen? A faster machine learns nothing else from a batch, but it sees many more of
# them in a night, and that is what the networks of this part live on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 09.1: predict two times
#
# Two float32 matrices of 4,096 × 4,096 are in the memory of the GPU: 12.4 TFLOP/s, 672 GB/s. How many **milliseconds**
# do their sum and their product take at least? (Ignore the latency.)

# %% slideshow={"slide_type": "-"} tags=["exercise"]
milliseconds = ...  # (sum, product)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.1", milliseconds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# For each of the two: how many FLOP, and how many bytes? Both go on at the same time, so the longer time counts.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# milliseconds = (0.30, 11.1)
# ```
#
# Both move 3 · 4 · 4096² = 201 MB, which takes 0.30 ms. The sum has 17 MFLOP, a thousandth of a millisecond, so memory
# is the limit. The product has 2 · 4096³ = 137 GFLOP, which takes 11.1 ms, so arithmetic is.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 09.2: change a loop that waits
#
# These lines read two numbers in each batch. Write a function that returns the same two, the mean loss and the accuracy
# over all examples, but reads **at most two numbers**, however many batches there are.
#
# ```python
# total, right, count = 0.0, 0, 0
# for X, y in batches:
#     scores = net(X)
#     total += float(loss(scores, y).sum())
#     right += float((scores.argmax(axis=1) == y).sum())
#     count += len(y)
# return total / count, right / count
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def evaluate(net, loss, batches):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.2", evaluate)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `total` and `right` may be arrays. Which operations ask for a plain number?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def evaluate(net, loss, batches):
#     total, right, count = 0.0, 0, 0
#     for X, y in batches:
#         scores = net(X)
#         total = total + loss(scores, y).sum()
#         right = right + (scores.argmax(axis=1) == y).sum()
#         count += len(y)
#     return float(total) / count, float(right) / count
# ```
#
# The first `float` waits for everything. `np.stack([total, right.astype("float32")]).tolist()` brings both across the
# link in one trip.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 09.3: build the division of a batch
#
# Divide an array among devices: return a list with one part for each, each part on its device. The examples stay in
# order, none may be lost, and the sizes may differ by one at most: of 7 examples on 3 devices, two devices get 2 and
# one gets 3, no matter which.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def divide(X, devices):
    """X (n, ...), a list of devices; returns a list of arrays."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.3", divide)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Where does part i begin, and where does it end, so that it ends where part i + 1 begins, and the last one at n?
# Integer division (`//`) helps. Then bring each part to its device.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def divide(X, devices):
#     n, k = len(X), len(devices)
#     parts = [X[i * n // k : (i + 1) * n // k] for i in range(k)]
#     return [part.as_in_ctx(place) for part, place in zip(parts, devices)]
# ```
#
# For 7 examples on 3 devices, the parts end at 2, 4, and 7. Nothing is lost, whatever the remainder.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: a loader that works ahead
#
# The disk takes as long for a batch as computing does, and you have to read each loss. **Your goal:** an epoch takes at
# most **1.3 times** as long as without a disk, with the same batches in the same order.


# %% slideshow={"slide_type": "skip"}
def race(loader):
    """Return how long an epoch takes with a slow disk, each loss read, as a multiple of an epoch without a disk."""
    fetched = list(loader(iter(batches)) or [])
    same = [id(X) for X, _ in fetched] == [id(X) for X, _ in batches]
    assert same, f"not the same {len(batches)} batches in the same order, but {len(fetched)}"
    without = fastest(run_epoch, net, trainer, batches, read=True)
    with_disk = []
    for _ in range(5):
        slow_batches = from_disk(batches, delay=without / len(batches))
        with_disk.append(elapsed(run_epoch, net, trainer, loader(slow_batches), read=True))
    return min(with_disk) / without


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def one_by_one(slow_batches):
    yield from slow_batches


print(f"one by one: {race(one_by_one):.2f} times as long as without a disk")


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def ahead(slow_batches):
    """Yield the batches in order, but fetch them while the others are being computed."""
    ...  # then look at race(ahead)


# %% [markdown] slideshow={"slide_type": "skip"}
# One batch at a time, disk and engine take turns, and an epoch takes nearly twice as long. While Python waits in
# `loss.item()`, a second *thread* of Python could fetch the next batch. `Thread(target=function, daemon=True).start()`,
# from Python's module `threading`, runs a function in a thread of its own. `Queue(maxsize=2)`, from the module `queue`,
# hands things from one thread to another: `put` waits while the queue is full, `get` waits while it is empty.
#
# When it works: how much longer may the disk take before your loader loses the race? And what if it is only now and
# then very slow? (Multiply `delay` by random numbers.)
#
# <details><summary>Hint</summary>
#
# The thread puts each batch into the queue, and at the end something that is not a batch, such as `None`. The generator
# yields what it gets from the queue, until it gets `None`.
#
# </details>
# <details><summary>Sample solution</summary>
#
# ```python
# from queue import Queue
# from threading import Thread
#
#
# def ahead(slow_batches):
#     fetched = Queue(maxsize=2)
#
#     def fetch():
#         try:
#             for batch in slow_batches:
#                 fetched.put(batch)
#         finally:  # even if the disk fails: else the loop below would wait forever
#             fetched.put(None)
#
#     Thread(target=fetch, daemon=True).start()
#     while (batch := fetched.get()) is not None:
#         yield batch
#
#
# print(f"ahead: {race(ahead):.2f} times as long as without a disk")
# ```
#
# Only the first batch has to be waited for, so with twelve batches an epoch should take 1 + 1/12 times as long. In our
# runs, it took 1.1 to 1.2 times as long, because the thread and the queue need time, too. If the disk is slower than
# the engine, no queue can help. If it is only irregular, a longer queue evens it out. Loaders of all frameworks work in
# this way, with several threads or processes.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Grade by `race(ahead)`, which checks the batches, too. What if the disk is slower than the engine?

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [GPUs](https://d2l.ai/chapter_builders-guide/use-gpu.html) and
#   [Hardware](https://d2l.ai/chapter_computational-performance/hardware.html)
# - Williams, Waterman, and Patterson, [Roofline](https://doi.org/10.1145/1498765.1498785), 2009
# - Cornell University, [Tesla
#   V100](https://cvw.cac.cornell.edu/gpu-architecture/gpu-example-tesla-v100/tesla) and its peak
# - d2l.ai, [notebooks of a one-day course](https://github.com/d2l-ai/1day-notebooks), 2019, where the recorded runs are
#   from: `notebooks-2/4-lenet`, `5-alexnet`, `8-resnet`, and, with the printout of the cards,
#   [`notebooks-3`](https://github.com/d2l-ai/1day-notebooks/tree/0f9673dbb07989b442a289a11e5279d0c27bfb5e/notebooks-3)
# - Goyal and others, [Training ImageNet in 1 hour](https://arxiv.org/abs/1706.02677), 2017, with 256 GPUs
# - Training with several processes: `from d2lhelpers import connect_workers`, `help(connect_workers)`
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **10 · Convolutions**, the layer that needs a GPU most.
