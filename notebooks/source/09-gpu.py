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
# *60 minutes · needs 01, 07 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Networks for pictures are trained on GPUs. Everybody knows that GPUs are faster, but how much faster? You'll find
# claims of twenty times, of eighty times, of a thousand times, and reports of people who bought one and saw no
# difference at all. Some of these numbers compare things that cannot be compared, and the others are true of *some*
# network. By the end of this notebook, you'll be able to tell what to expect for yours, before you spend any money.
#
# This part of the course asks what a network has to know about pictures before it sees any. The most important answer,
# the convolution of notebook 10, uses few weights for an enormous amount of arithmetic, and that is what a GPU is made
# for. Part 1 asked how you know that a model will work on data it has not seen. A faster machine doesn't change what a
# network learns from a batch, and you'll check that here. But it decides how many images a network can learn from, and
# how many ideas you can try on validation data, in one night.
#
# You don't need a GPU for this notebook. Everything about this machine is *measured* while you read. What a GPU would
# do is *computed* from data sheets, or taken from a *recorded* run of 2019, and each number says which of the three it
# is. On a machine with a GPU, the same cells use it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Compute** the peak speed of a chip, and compare like with like.
# - **Measure** latency, bandwidth, and arithmetic of your machine.
# - **Predict** what limits an operation, and when a GPU pays off.
# - **Put** arrays and networks on a device, and read the errors if they are on two.
# - **Find** the line of a training loop that makes the device wait, and a clock that lies.
# - **Divide** a batch among devices, with the same result.

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
# ### A GPU spends most of its chip on arithmetic
#
# Each dot is a unit that multiplies and adds one pair of numbers per tick of the clock.

# %% slideshow={"slide_type": "-"}
figures.chips()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which of the two would you give a web server, and which a matrix product? Point at the two lines
# to memory.

# %% [markdown] slideshow={"slide_type": "skip"}
# On the left is the processor of a good desktop computer of 2015, on the right the chip of a large graphics card of
# 2018. (The areas are not to scale, but the number of dots is right.) A CPU is built to do one thing after another as
# quickly as possible. Most of its area serves that goal: each of its *cores*, the parts that run a program, guesses
# which way an `if` will go, reorders instructions, and keeps numbers that may be needed again in several layers of
# *cache*, small and fast memories on the chip. A GPU spends its area on arithmetic instead. It has many small cores,
# and the dots of a group all do the same thing at the same time, to different numbers.
#
# **Question.** Which of the two would you give a web server, and which a product of two large matrices?
#
# <details><summary>Answer</summary>
#
# A web server does something different for each visitor, with an `if` at every turn: a CPU. The product is the same
# multiplication and addition a billion times: a GPU. Graphics is work of that kind, too, because each pixel of a frame
# is computed in the same way. That is why graphics cards were there when deep learning needed them.
#
# </details>
#
# How fast can such chips be at best? Their *peak* is the number of dots, times the clock, times 2, because a
# multiply-add counts as two floating-point operations (FLOP), here as in all notebooks. One FLOP/s is one operation per
# second; a GFLOP is $10^9$ operations, a TFLOP $10^{12}$, and a PFLOP $10^{15}$. The way to memory has a peak as well:
# the bytes per transfer times the transfers per second.

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
# *For the lecturer:* The GPU's clock is three times slower. Why is it faster all the same? Insist on peak against peak.

# %% [markdown] slideshow={"slide_type": "skip"}
# (Each core of this CPU has two units that work on eight numbers at once. Both clocks are the guaranteed ones; with
# good cooling, the CPU goes up to 4.2 GHz and the GPU to 1.77.) The GPU's clock is three times slower, but it has 72
# times as many units. So its arithmetic is 24 times as fast, and its memory 20 times.
#
# **Question.** "This CPU does 0.15 TFLOP/s, this GPU 12, so the GPU is 80 times faster." What is wrong with this
# sentence?
#
# <details><summary>Answer</summary>
#
# It compares a measurement with a peak. 0.15 TFLOP/s is what some program really reached on the CPU, 29 % of its peak
# of 0.51. 12 is the peak of the GPU, and real programs reach only a part of that as well. Compare peaks with peaks, or
# measurements of the same program.
#
# </details>
#
# GPUs have a second kind of unit, *tensor cores*, which multiply small matrices of 16-bit numbers. This one has 576 of
# them with 64 multiply-adds per tick. (Its data sheet says 130 TFLOP/s, at 1.77 GHz.)

# %% slideshow={"slide_type": "skip"}
tensor_cores = 2 * 576 * 64 * GPU["GHz"] / 1000  # TFLOP/s with 16-bit numbers
print(f"tensor cores: {tensor_cores:.0f} TFLOP/s at {GPU['GHz']} GHz")

# %% [markdown] slideshow={"slide_type": "skip"}
# What do such numbers mean for a network? In notebook 10 you'll count the work of a convolution with 100 channels in,
# 100 out, kernels of 5×5, and maps of 64×64: 1.024 billion multiply-adds per image.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Half a day, or half an hour
#
# Ten such convolutions see a million images once. At best, that takes:

# %% slideshow={"slide_type": "-"}
work = 10 * 1_000_000 * 2 * 1.024e9  # layers, images, FLOP per multiply-add, multiply-adds
speeds = {"CPU": CPU["TFLOP/s"], "GPU": GPU["TFLOP/s"], "16 bits": tensor_cores}
rows = [("", "TFLOP/s", "time")]
for name, speed in speeds.items():
    minutes = work / (speed * 1e12) / 60
    time = f"{minutes / 60:.0f} hours" if minutes > 90 else f"{minutes:.0f} minutes"
    rows.append((name, f"{speed:.3g}", time))
show_table(rows, f"computed from the peaks, for {work / 1e15:.1f} PFLOP")

# %% [markdown] slideshow={"slide_type": "skip"}
# And this is only a forward pass. Backpropagation takes about twice as much again, and training many epochs. All of
# that assumes, though, that the dots are busy all the time. Are they?
#
# ### This machine
#
# From here on, we measure. `seconds` returns the time until all results exist. It needs two barriers (notebook 01): one
# before the start, so that no earlier work is counted, and one at the end, so that all of its own work is. `fastest`
# takes the best of several runs, because other programs can make a run slower, but never faster.


# %% slideshow={"slide_type": "skip"}
device = try_gpu()  # the first GPU, or the CPU if there is none


def seconds(work, *arguments, **options):
    """Return the seconds until everything that work(*arguments, **options) queues is computed."""
    npx.waitall()
    start = perf_counter()
    work(*arguments, **options)
    npx.waitall()
    return perf_counter() - start


def fastest(work, *arguments, tries=5, **options):
    return min(seconds(work, *arguments, **options) for _ in range(tries))


# %% [markdown] slideshow={"slide_type": "skip"}
# The simplest thing to measure is a copy. It reads each number and writes it, so a float32 moves 8 bytes, and no
# arithmetic is involved.
#
# **Guess first.** A million numbers take longer to copy than a single one. How many times longer?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
sizes, times = [4**k for k in range(13)], []  # 1 to 17 million numbers
for size in sizes:
    X, Y = np.ones((2, size), ctx=device)
    times.append(fastest(X.copyto, Y, tries=20))
moved = [8 * size for size in sizes]  # bytes: 4 are read and 4 are written

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Latency is the wait, bandwidth is the flow
#
# Measured here: copies of 1 to 17 million numbers. Each number moves 8 bytes.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
latency = times[0]  # seconds
bandwidth = moved[-1] / (times[-1] - latency)  # bytes per second
figures.copies(moved, times, latency, bandwidth)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Compare with a train: how long until it leaves, and how many people it carries per hour.

# %% [markdown] slideshow={"slide_type": "skip"}
# Small copies all take the same time, no matter how many numbers they move: this is the *latency*, the time that passes
# before anything arrives. Python has to queue the operation, the engine has to pick it up, and at the end Python has to
# be woken up. Large copies take time in proportion to their size, and the bytes per second of a large copy are the
# *bandwidth*. The dashed line adds the two:
#
# $$\text{time} = \text{latency} + \frac{\text{bytes}}{\text{bandwidth}}$$
#
# Where points lie below the line, the numbers fit into a cache, which is faster than memory. (The largest arrays have
# 67 MB. That is more than the caches of most computers hold. Some server chips have larger ones, and then the last
# point measures the cache, too.)

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
million = times[sizes.index(4**10)]
print(f"a million numbers: {million / latency:.0f} times as long as one; bandwidth {bandwidth / 1e9:.1f} GB/s")
print(f"in the time of the latency, {latency * bandwidth / 8:,.0f} numbers could be copied")

# %% [markdown] slideshow={"slide_type": "skip"}
# A computation has a third limit, arithmetic. Which limit matters depends on how much work there is for each number
# that is moved.

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
# *For the lecturer:* Where do a ReLU, dropout, a convolution stand: with the sum, or with the product?

# %% [markdown] slideshow={"slide_type": "skip"}
# Both operations read two matrices and write one. In a sum, each number is used once. In a product, each number of A
# meets a whole row of B, so it is used n times. The FLOP per byte moved are called the *arithmetic intensity*: 1/12 for
# the sum of any size, and n/6 for the product. It is a property of the task, and not of the machine, as long as each
# number comes from memory only once. (Libraries see to that: they cut large matrices into tiles that fit into a cache.)
#
# **Question.** Where do a ReLU, dropout, and a convolution stand: with the sum, or with the product?
#
# <details><summary>Answer</summary>
#
# ReLU and dropout do one simple thing to each number, like the sum. In a convolution, each pixel is in many windows and
# meets the kernels of all output channels, so it stands with the product.
#
# </details>
#
# While numbers are on their way, the chip can compute with those that have already arrived. So the time of an operation
# is at least the *longer* of two times:
#
# $$\text{time} \ge \max\left(\frac{\text{FLOP}}{\text{peak}},\; \frac{\text{bytes}}{\text{bandwidth}}\right)$$
#
# Divide the FLOP by both sides, and you get the highest possible speed at each intensity. It grows with the intensity
# as long as memory is the limit, and is level once arithmetic is: the plot looks like a roof, and is called a
# *roofline*. Let's draw the roof of this machine. Its level is the speed of a large product, its slope the bandwidth of
# the copy. Then we measure a dense layer with 2,048 inputs and 2,048 units for batches of several sizes, and a sum.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
units = 2048
A, B, C = np.random.uniform(0, 1, (3, units, units), ctx=device)
peak = 2 * units**3 / fastest(np.dot, A, B, out=C, tries=3)  # FLOP per second
points = {"sum": (1 / 12, units**2 / fastest(np.add, A, B, out=C))}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same layer is faster with more examples

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for batch in (1, 4, 16, 64, 256):
    X, Y = np.ones((2, units, batch), ctx=device)  # a column for each example
    flop = 2 * units * units * batch
    num_bytes = 4 * (units * units + 2 * units * batch)  # weights, inputs, outputs
    speed = flop / fastest(np.dot, A, X, out=Y, tries=10)
    points["1 example" if batch == 1 else str(batch)] = flop / num_bytes, speed
figures.roof(peak, bandwidth, points)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The layer is the same in five of the points. What has changed?

# %% [markdown] slideshow={"slide_type": "skip"}
# The sum and the layer with a single example are far to the left: each weight is fetched from memory and used once. The
# more examples there are in the batch, the more often each weight is used, and the higher the point. The roof says what
# is possible, not what a library achieves: points below it show where the library, or the latency, loses time. (A point
# may also lie a little above the slope, because reading alone can be faster than copying, or because the weights fit
# into a cache.)
#
# In notebook 05, larger batches made the gradient less noisy. Here is the other reason for them, and the one that
# matters more on a GPU: the hardware.

# %% [markdown] slideshow={"slide_type": "skip"}
# And the two chips of the data sheets? A slider moves the product of two matrices along both roofs.

# %% slideshow={"slide_type": "skip"}
PEAKS = {name: (1e12 * chip["TFLOP/s"], 1e9 * chip["GB/s"]) for name, chip in (("CPU", CPU), ("GPU", GPU))}


def draw_two_roofs(ax, n):
    figures.two_roofs(ax, PEAKS, n)


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The two roofs bend at about the same intensity

# %% slideshow={"slide_type": "-"}
ROOFS = "Two roofs, CPU below GPU. The sum's mark stays low, the product's moves up."
options = {"values": [2**k for k in range(2, 13)], "play": True, "label": "n", "height": 4.6}
explore(draw_two_roofs, [16, 64, 1024], alt=ROOFS, **options)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before you move the slider at which n the product comes to the bend.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** At which n does the product come to the bend of the CPU's roof, and of the GPU's?
#
# <details><summary>Answer</summary>
#
# The bend is where both times are equal, at 0.512 · 10¹² / (34.1 · 10⁹) = 15 FLOP per byte on the CPU. The product has
# n/6 FLOP per byte, so n = 90. On the GPU it is 18.5 FLOP per byte, so n = 111.
#
# </details>
#
# So by this model, the GPU is 20 to 24 times faster at *everything*, even at a product of two 16×16 matrices. Anybody
# who has tried that knows better. What is missing?

# %% [markdown] slideshow={"slide_type": "skip"}
# The latency is. Queuing an operation takes Python just as long for a GPU as for a CPU, and before a GPU can start, the
# command has to cross the link to the card. Suppose that both chips have the latency that you have just measured here.
# (That is an assumption: this machine is neither of them. And while operations are queued one after the other, only the
# part of the latency that Python needs for queuing counts; by notebook 01, that is of the same order.) Then the least
# time of an operation is:


# %% slideshow={"slide_type": "skip"}
def least_time(flop, num_bytes, name):
    peak, bandwidth = PEAKS[name]
    return latency + max(flop / peak, num_bytes / bandwidth)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
sizes = [2**k for k in range(4, 14)]
factors = {"sum": [], "product": []}
for size in sizes:
    for name, flop in (("sum", size**2), ("product", 2 * size**3)):
        slow, fast = (least_time(flop, 3 * 4 * size**2, chip) for chip in ("CPU", "GPU"))
        factors[name].append(slow / fast)
ratios = {"arithmetic": GPU["TFLOP/s"] / CPU["TFLOP/s"], "memory": GPU["GB/s"] / CPU["GB/s"]}

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A GPU pays off only if the work outlasts the latency
#
# Computed from the peaks, if both chips have the latency of this machine:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.speedups(sizes, factors, ratios)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let someone read off the size at which the GPU is ten times faster.

# %% [markdown] slideshow={"slide_type": "skip"}
# For small matrices, a GPU gains nothing: both chips are idle most of the time and wait for the next operation. For
# large ones, it comes close to the ratio of the peaks. Between the two, it is a question of size, and that is the first
# half of the answer to this notebook's question: **a GPU is faster if each operation has enough work**, more than a CPU
# can do in the time of the latency. Convolutions on many channels and large batches have. A small network on small
# images has not.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Devices in code
#
# Where an array lives, how it gets elsewhere, and why it should stay there.

# %% [markdown] slideshow={"slide_type": "skip"}
# A graphics card has a memory of its own, and the GPU computes only with what is in it. Between the two memories lies
# the slot of the card: with PCI Express of the third generation and 16 lanes, about 16 GB/s in each direction. Suppose
# that you want to add two arrays of 100 million numbers each. How long does it take at least, on the CPU, on the GPU,
# and if the arrays first have to cross the link to the GPU, and the sum has to come back?

# %% slideshow={"slide_type": "skip"}
gigabytes = 3 * 4 * 100_000_000 / 1e9  # two arrays in, one out
rows = [("100 million numbers are added", "GB/s", "milliseconds")]
for way, speed in {"by the CPU": CPU["GB/s"], "by the GPU": GPU["GB/s"], "across the link": 16}.items():
    rows.append((way, f"{speed:.0f}", f"{1000 * gigabytes / speed:.1f}"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The link between the two memories is the slowest part

# %% slideshow={"slide_type": "-"}
figures.link()

# %% slideshow={"slide_type": "-"}
show_table(rows, "computed from the peaks")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Is a GPU of any use then? Let the class count how often a weight crosses the link.

# %% [markdown] slideshow={"slide_type": "skip"}
# Bringing the arrays to the GPU and the sum back takes twice as long as adding them on the CPU, and the addition itself
# hardly matters.
#
# **Question.** Is a GPU of any use then?
#
# <details><summary>Answer</summary>
#
# Yes, if numbers that have crossed the link are used often. A weight crosses it once, before training, and is then used
# for every example of every batch. A batch of images crosses it once and keeps a whole network busy, forward and
# backward. So: bring data once, keep them there, and bring back little.
#
# </details>
#
# The card's memory is usually the smaller one, too: 24 GB here, and less on most cards of its time. What doesn't fit
# cannot be trained there in one piece. That is often the reason why a batch is made smaller.
#
# MXNet doesn't move anything across the link unless you say so. Every array is on a *device*, and a device has a name.
# MXNet calls it a *context*, `ctx` for short. You may write a name even if there is no such device:

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print(npx.cpu(), npx.gpu(), npx.gpu(1), "GPUs here:", npx.num_gpus())
print("we compute on", try_gpu(), "of", try_all_gpus())

# %% [markdown] slideshow={"slide_type": "skip"}
# `npx.cpu()` stands for all cores of the machine, and `npx.gpu(1)` for the second card. `try_gpu()` and
# `try_all_gpus()` come from our package and have the names that you find in the book. With them, a notebook runs on
# every machine. To *use* a GPU that is not there is an error: the page of [common errors](common-errors.ipynb) shows
# it.
#
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

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Where are the random numbers of `np.random.normal(0, 1, (2, 3), ctx=npx.gpu(0))` drawn?

# %% [markdown] slideshow={"slide_type": "skip"}
# `.ctx` says where an array is. Random numbers are drawn on the device as well: with `ctx=npx.gpu(0)`, the GPU draws
# them, and its generator gives other numbers than the CPU's for the same seed.

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

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What can go wrong because `as_in_ctx` may return the same array?

# %% [markdown] slideshow={"slide_type": "skip"}
# This is the line for the top of every training loop. On a CPU it does nothing; on a GPU it brings the batch across the
# link.
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
# ### All inputs of an operator must be on one device

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
here, there = np.ones(3, ctx=device), np.ones(3, ctx=other)
try:
    print("no complaint, the sum is on", (here + there).ctx)
except MXNetError as error:
    print(str(error).splitlines()[-1])
print("fixed:", (here + there.as_in_ctx(device)).ctx)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two names of the CPU share their memory, so MXNet lets it pass. With a GPU among them, it refuses:
#
# `Operator … require all inputs live on the same context. But the first argument is on gpu(0) while the 2-th argument
# is on cpu(1)`

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Why doesn't MXNet simply copy? A hidden trip across the link in every batch is what makes programs
# slow without anybody seeing why.

# %% [markdown] slideshow={"slide_type": "skip"}
# (Without a GPU, the cell cannot show this message, so we quote it; it is the text that MXNet's source has for this
# case.) MXNet could copy the array for you. But then a trip across the link might hide in every line of a training
# loop, and make it slow without anybody seeing why. So you have to write the trip yourself. And code that has only run
# on a CPU may still fail on a GPU. The next error shows on both.

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
# does all three. `reset_ctx` moves all parameters and keeps their values. `list_ctx` is a list because parameters can
# be on several devices at the same time, with a copy on each:

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two devices share a batch

# %% slideshow={"slide_type": "-"}
figures.division()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The gradient of a sum is the sum of the gradients, so nothing changes but the place.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* What has to travel in each step? Which networks travel well?

# %% [markdown] slideshow={"slide_type": "skip"}
# This is called *data parallelism*. Each device has the whole network and sees a part of the batch. The gradients are
# added up, and after the step all copies are equal again. In each step, as many numbers as the network has parameters
# have to travel, there and back. So a network of convolutions travels better than one of large dense layers, which does
# less work per parameter.

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
# The sum of two means is not the mean of all. `trainer.step(64)` divides by the number of examples once, at the end.
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
# The losses agree, except for rounding. So a second device changes nothing about what the network learns. Here it
# doesn't make anything faster, either, because both names stand for the same cores. (**A trap:** don't queue large
# `np.dot` on `npx.cpu(0)` and `npx.cpu(1)` at the same time. OpenBLAS, the library that computes them in MXNet 1.9.1,
# then hangs indefinitely. Dense layers use another library and are safe. On GPUs there is no such trap.)
#
# **Guess first.** With two GPUs, is training twice as fast?

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
# ancestors of this one, with Fashion-MNIST at 28×28 pixels. Each clock stopped after a barrier. For the small network,
# the second GPU made things worse: each GPU had only half as many examples per operation, and the gradients of each
# parameter array had to be copied to one GPU, added, and copied back, one small copy after the other, each with its
# latency. The large network was nearly twice as fast. There, each GPU kept its 256 examples, so that a step used 512,
# and an epoch had half as many steps. (The two rows are therefore not quite like for like. When more devices make the
# batch larger, the learning rate has to grow, too; see Goyal and others below.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Don't make the device wait
#
# A clock that lies, a fair race, and the line that makes a training loop stand still.

# %% [markdown] slideshow={"slide_type": "skip"}
# How fast is a real network on a real GPU? The notebooks of 2019 seem to contain an answer. For AlexNet, a network that
# you'll meet in notebook 13, the training function printed 14,578.6 examples per second on `gpu(0)`, with images of
# 224×224 pixels. A printout two days later in the same collection shows four Tesla V100 cards, and we assume that these
# were the same ones. Such a card has 5,120 units, and even its highest clock is 1.53 GHz. Is the recorded speed
# plausible? Let's compute. For each multiply-add, training takes 2 FLOP forward, and about twice as many backward.


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
show_table(rows, f"{claimed / possible:.1f} times the peak")

# %% [markdown] slideshow={"slide_type": "fragment"}
# **Question.** The network had learned, and nobody had cheated. What went wrong?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Give them the inner loop: start the clock, forward, backward, step, add up loss and accuracy, stop
# the clock. Who waits?

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
# measured how long it takes Python to *queue* the work. It stood still while Python waited for the GPU: when the plot
# was drawn, and at the end of each epoch.
#
# </details>
#
# Could a smarter algorithm explain the speed? There are some that compute certain convolutions with fewer operations
# than we count, but even the best of them don't make up for a factor of five in this network. And there is a second
# clock: the notebook also stored when the cell began and ended. It ran for 271 seconds.

# %% slideshow={"slide_type": "skip"}
trained = 10 * 60_000  # ten epochs
print(f"at the printed speed, the cell would have taken {trained / 14_578.6:.0f} seconds")
print(f"in 271 seconds: {trained * 6 * multiply_adds / 271 / 1e12:.0f} TFLOP/s, which is possible")

# %% [markdown] slideshow={"slide_type": "skip"}
# This is *asynchronous* execution (notebook 01): an operation returns before it is done. Python puts it into a queue,
# and the *engine*, MXNet's threads or the GPU, works through the queue. It is a good thing, because while the engine
# computes, Python can prepare the next batch. But a clock that is stopped without a barrier lies. Its mistake is easy
# to repeat on this machine.


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

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Which of the two columns would an advertisement quote?

# %% [markdown] slideshow={"slide_type": "skip"}
# Only the second column is a speed of the machine. The first one says how fast Python can queue.
#
# Now we can compare like with like: not a peak with a measurement, and not queuing with computing, but the same
# training on two machines, to the end. What do the recorded runs tell us about it? Each cell ran ten epochs of 60,000
# images. It also loaded the images, tested the network after each epoch, and drew a plot, so 600,000 images divided by
# its duration is **at least** how fast the GPU trained. And the speed that it printed is not worthless. Queuing is a
# part of training, and no image can be trained faster than it is queued, so the printed speed is **at most** how fast
# the GPU trained. The truth lies between the two.
#
# **Guess first.** How many times faster than this machine was the GPU with LeNet, with ResNet-18, and with AlexNet (the
# networks of notebooks 12, 17, and 13)?

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
RECORDED = {  # July 3, 2019: seconds for ten epochs and all the rest; images per second by the clock that did not wait
    "LeNet, 28×28": (37.2, 52_694.5),
    "ResNet-18, 96×96": (143.6, 12_520.9),
    "AlexNet, 224×224": (271.0, 14_578.6),
}
rows = [("", "MFLOP per image", "measured here", "recorded: at least", "at most", "ratio")]
factors = {}
for name, (duration, printed) in RECORDED.items():
    here = measured[name][1]
    low, high = factors[name] = trained / duration / here, printed / here
    speeds = [f"{speed:,.0f}" for speed in (here, trained / duration, printed)]
    rows.append((name, f"{training_flop[name] / 1e6:,.1f}", *speeds, f"{low:.1f} to {high:.1f}"))
show_table(rows, "training, images per second: measured on this machine, recorded on one Tesla V100")

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The more work per image, the more a GPU gains
#
# The same networks, trained here (measured) and on a Tesla V100 (recorded in 2019). The truth is within the bars.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.gains(factors)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Collect guesses for LeNet and for AlexNet first. The axis is logarithmic.

# %% [markdown] slideshow={"slide_type": "skip"}
# So reports of hardly any difference, of twenty times, and of a hundred times can all be true. It depends on the
# network, and on the CPU in the comparison, which here is yours, if you run this notebook. (The recorded batches had
# 256 images, for AlexNet 128. Ours are smaller for the two large networks, so that they fit into the memory of a
# laptop.)
#
# Why does LeNet gain so little? The clock that didn't wait tells us: it says how long Python took to queue a batch. How
# long would the GPU need for the arithmetic of that batch, at its peak?

# %% slideshow={"slide_type": "skip"}
rows = [("one batch on the V100, milliseconds", "queuing, recorded", "arithmetic at the peak, computed")]
for (name, (_, printed)), size in zip(RECORDED.items(), (256, 256, 128), strict=True):
    rows.append((name, f"{1000 * size / printed:.1f}", f"{size * training_flop[name] / (possible * 1e9):.2f}"))
show_table(rows, "the longer of the two is a lower limit for the time of a batch")

# %% [markdown] slideshow={"slide_type": "skip"}
# For LeNet, Python takes a hundred times longer to queue the work than the GPU would need for it at its peak. This is
# the latency again, once for each of the many small operations in a batch. The GPU is idle most of the time, and a
# faster one would hardly train LeNet any faster. For AlexNet it is the other way round: Python is done early, and the
# GPU computes.
#
# Perhaps LeNet's images didn't even arrive in time. The loader of those notebooks fetches and transforms one image at a
# time in Python, in four processes. On two cores, it yields between 27,000 and 35,000 images per second if nobody
# trains at all (measured for the course's benchmarks); the cell for LeNet trained on 16,000 per second.

# %% [markdown] slideshow={"slide_type": "skip"}
# That is how most GPUs are wasted: they wait. They wait for data, and they wait for Python. Look at the training loop
# that you would probably write:


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
    return float(total) / count  # the mean loss


# %% [markdown] slideshow={"slide_type": "skip"}
# With `read=True`, `total` is a number in Python, and each `item()` waits until the loss exists. With `read=False`, it
# is an array on the device, adding to it is one more operation in the queue, and only the last line waits.
# `float(loss)`, `asnumpy()`, and `print(loss)` wait just like `item()`. The mean loss is the same, up to rounding.
#
# What does the waiting cost? While Python waits for a loss, it cannot prepare the next batch, and while it prepares a
# batch, the engine has nothing to do. In the figure, orange is Python, which prepares batches (loads, decodes, queues),
# and blue the engine, which computes. The number is the time for four batches, in units of preparing one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Reading each result makes Python and the engine take turns

# %% slideshow={"slide_type": "-"}
TURNS = "Time lines: reading each result, Python and engine take turns; else they overlap."
options = {"values": [0.25, 0.5, 1, 2, 4, 8], "play": True, "height": 4.4}
explore(figures.turns, [0.25, 1, 4], label="computing", alt=TURNS, **options)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Read, a batch costs the **sum** of both times; not read, the **longer** one.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Live: let the class guess the worst position of the slider before you press play.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** At which position of the slider does reading cost most, and what does a faster GPU change?
#
# <details><summary>Answer</summary>
#
# Where both times are equal: there, reading doubles the time. Far to either side, one of the two is so long that the
# other hardly counts. A faster GPU makes computing shorter. It moves a program from the picture on the right towards
# the one on the left, where Python sets the pace, and then an even faster GPU is of no use.
#
# </details>
#
# That was a drawing. Is it true? We need something for which Python has to wait, so we simulate a slow disk: for each
# batch, Python sleeps for a while. (Sleeping is a fair stand-in for a disk or a network, because nothing computes in
# the meantime. Real decoding also needs cores, and on a CPU it takes them away from the engine.)


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
    epochs = (seconds(run_epoch, net, trainer, from_disk(batches, delay), read) for _ in range(tries))
    return min(epochs) / len(batches)


# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
net, trainer, batches = make_training()
run_epoch(net, trainer, batches, read=True)  # warm up
computing = per_batch(delay=0, read=False)
delays = [share * computing for share in (0, 0.5, 1, 1.5, 2)]
each = [per_batch(delay, read=True) for delay in delays]
at_end = [per_batch(delay, read=False) for delay in delays]

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Reading costs little until Python has something to wait for

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
figures.reading(delays, computing, each, at_end)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The dashed lines are not fitted: they are the sum and the maximum of two measured times.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
rows = [("time of the disk : time of computing", *(f"{delay / computing:.1f}" for delay in delays))]
rows.append(("each result read : read at the end", *(f"{a / b:.2f}" for a, b in zip(each, at_end, strict=True))))
show_table(rows, "measured here: how many times as long an epoch takes")

# %% [markdown] slideshow={"slide_type": "skip"}
# The points are measured, and the dashed lines are the sum and the longer one of the two times. At the left, Python has
# nothing else to do, and reading each loss makes hardly any difference: as long as the data are in memory, the rule
# "don't read in the loop" has no effect on this machine. As soon as something else has to be waited for, the effect
# is there, and it is largest, nearly a factor of two, where the disk takes as long as computing. On a GPU there is
# always something to wait for: the batch has to be loaded, decoded, and brought across the link while the GPU works on
# the batch before.
#
# So what should you do? Add results up on the device, and read them once per epoch, as `fit` does, or every hundredth
# batch. Never `print` an array in the loop. And if you must read each loss, let someone else prepare the batches: that
# is the mini-project.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# *When is a GPU faster than a CPU, and what must your code do for it?*
#
# - Peak against peak, about 20 times, in arithmetic and in memory. A multiply-add is 2 FLOP.
# - Time ≥ latency + the longer of FLOP / peak and bytes / bandwidth.
# - So a GPU pays off if each operation has much work: large layers, large batches.
# - `initialize(ctx=device)`, `X.as_in_ctx(device)`, `y.as_in_ctx(device)`, `device = try_gpu()`.
# - Queue, and don't wait: read results once per epoch. Stop no clock without a barrier.
# - Several devices: divide the batch, add the gradients; the step is the same.

# %% [markdown] slideshow={"slide_type": "skip"}
# What does that mean for data that the network has not seen? Nothing that you measured here changes what a network
# learns: the gradients of two halves add up to that of the whole. But in a given time, the right machine and the right
# loop see ten or a hundred times as many images, and that is what the networks of this part live on.

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
# For each of the two: how many FLOP, and how many bytes? A float32 has 4 bytes, two matrices are read, and one is
# written. Both go on at the same time, so the longer time counts.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# milliseconds = (0.30, 11.1)
# ```
#
# Both move 3 · 4 · 4096² = 201 MB, which takes 0.30 ms. The sum has 17 MFLOP, which would take a thousandth of a
# millisecond, so memory is the limit. The product has 2 · 4096³ = 137 GFLOP, which takes 11.1 ms, so arithmetic is.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 09.2: change a loop that waits
#
# These lines read a number in each batch. Make them a function that waits once and gives the same mean over all
# examples.
#
# ```python
# total, count = 0.0, 0
# for X, y in batches:
#     total += float(loss(net(X), y).sum())
#     count += len(y)
# return total / count
# ```


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def mean_loss(net, loss, batches):
    return ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.2", mean_loss)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# `total` may be an array. Which of the operations above asks for a plain number? Move it to the end.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def mean_loss(net, loss, batches):
#     total, count = 0.0, 0
#     for X, y in batches:
#         total = total + loss(net(X), y).sum()
#         count += len(y)
#     return float(total) / count
# ```
#
# The last batch is smaller than the others, so the mean of the batches' means would be another number.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 09.3: build the division of a batch
#
# Divide an array among devices: return a list with one part for each, in order, each part on its device. No example may
# be lost, and the sizes may differ by one at most: 7 examples on 3 devices are 3, 2, 2, in any order.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def divide(X, devices):
    """X (n, ...), a list of devices; returns a list of arrays."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.3", divide)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Part number i of k goes from `i * n // k` to `(i + 1) * n // k`. Then bring it to its device.
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
# Each part ends where the next one begins, and the last one ends at n: nothing is lost, whatever the remainder.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: a loader that works ahead
#
# The disk takes as long for a batch as computing does, and you have to read each loss. **Your goal:** an epoch takes at
# most **1.25 times** as long as without a disk, with the same losses.


# %% slideshow={"slide_type": "skip"}
def race(loader):
    """Return how long an epoch takes with a slow disk, each loss read, as a multiple of an epoch without a disk."""
    without, with_disk = [], []
    for _ in range(3):
        without.append(seconds(run_epoch, net, trainer, batches, read=True))
        slow_batches = from_disk(batches, delay=without[-1] / len(batches))
        with_disk.append(seconds(run_epoch, net, trainer, loader(slow_batches), read=True))
    return min(with_disk) / min(without)


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def one_by_one(slow_batches):
    yield from slow_batches


print(f"one by one: {race(one_by_one):.2f} times as long as without a disk")


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def ahead(slow_batches):
    """Yield the batches in order, but fetch them while the others are being computed."""
    ...  # then look at race(ahead)


# %% [markdown] slideshow={"slide_type": "skip"}
# If the loader works one batch at a time, disk and engine take turns, and an epoch takes twice as long. While Python
# waits in `loss.item()`, a second *thread* of Python could fetch the next batch. Python's module `threading` has
# `Thread(target=function, daemon=True)`, whose `start()` runs a function in a thread of its own. The module `queue` has
# `Queue(maxsize=2)`, which hands things from one thread to another: `put` waits while the queue is full, `get` waits
# while it is empty.
#
# When it works: how much longer may the disk take before your loader loses the race? Does a larger queue help then?
# And what if the disk is as fast on average, but now and then very slow? (Multiply `delay` by random numbers.)
#
# <details><summary>Hint</summary>
#
# The thread goes through `slow_batches` and puts each batch into the queue, and at the end something that is not a
# batch, such as `None`. The generator gets one thing after another from the queue, and yields it, until it gets `None`.
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
#         for batch in slow_batches:
#             fetched.put(batch)
#         fetched.put(None)
#
#     Thread(target=fetch, daemon=True).start()
#     while (batch := fetched.get()) is not None:
#         yield batch
#
#
# print(f"ahead: {race(ahead):.2f} times as long as without a disk")
# ```
#
# Only the first batch has to be waited for, so with twelve batches an epoch should take 1 + 1/12 times as long. If the
# disk is slower than the engine, no queue can help: the batches don't come any faster. If it is only irregular, a
# longer queue evens it out. Loaders of all frameworks work in this way, with several threads or processes.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Grade by the time and by the losses. Ask what happens if the disk is slower than the engine.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [GPUs](https://d2l.ai/chapter_builders-guide/use-gpu.html),
#   [Hardware](https://d2l.ai/chapter_computational-performance/hardware.html), and [Training on Multiple
#   GPUs](https://d2l.ai/chapter_computational-performance/multiple-gpus.html)
# - Williams, Waterman, and Patterson, [Roofline: an insightful visual performance model for multicore
#   architectures](https://doi.org/10.1145/1498765.1498785), 2009
# - Cornell University, [GPU architecture: Tesla
#   V100](https://cvw.cac.cornell.edu/gpu-architecture/gpu-example-tesla-v100/tesla), which computes its peak
# - d2l.ai, [notebooks of a one-day course](https://github.com/d2l-ai/1day-notebooks), 2019, where the recorded runs are
#   from: `notebooks-2/4-lenet`, `5-alexnet`, `8-resnet`, and `notebooks-3/2-multiple-gpus`, `3-multiple-gpus-gluon`
# - Goyal and others, [Accurate, large minibatch SGD: training ImageNet in 1 hour](https://arxiv.org/abs/1706.02677),
#   2017: the learning rate when more devices make the batch larger
# - Several processes, on this machine or on many, train one network through MXNet's parameter server:
#   `from d2lhelpers import connect_workers`, and `help(connect_workers)` shows a whole script.
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **10 · Convolutions**, the layer that needs a GPU most.
