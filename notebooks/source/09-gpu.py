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
# The same training takes a night on one processor and a coffee break on another. Why? And what must your code do?
#
# *40 minutes · needs 01, 07 · not on the fast path*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Nobody needs a GPU today. All cells run on a CPU, and what a GPU would do differently is computed
# from its data sheet or said. On a machine with a GPU the same cells use it, because they ask `try_gpu()` for the
# device.
#
# Three questions: what is a GPU good at, and what not? How does an array get there? And which innocent line of a
# training loop makes it wait?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Say** where TFLOP/s come from, and **measure** those of your machine.
# - **Predict** whether memory or arithmetic limits an operation.
# - **Put** arrays and networks on a device, and read the errors if they are on two.
# - **See** why reading a result in each batch can cost time.
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
from time import perf_counter

from mxnet import MXNetError, autograd, gluon, init, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    check,
    draw_blocks,
    draw_cells,
    explore,
    fit,
    load_data,
    load_images,
    seed,
    show,
    subplots,
    try_all_gpus,
    try_gpu,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
def draw_bar(ax, left, bottom, width, height, text, color="#F3F3F3"):
    """Draw a box with a text in its middle."""
    ax.bar(left, height, width, bottom, align="edge", color=color, edgecolor="#222222", linewidth=1.2)
    ax.text(left + width / 2, bottom + height / 2, text, ha="center", va="center")


def draw_units(ax, left, bottom, columns, rows):
    """Draw a grid of dots: each multiplies and adds one pair of numbers at a time."""
    places = [(left + 0.5 * (i + 0.5), bottom + 0.5 * (j + 0.5)) for i in range(columns) for j in range(rows)]
    ax.scatter(*zip(*places, strict=True), s=5, color=COLORS["vermilion"], linewidths=0)


def draw_chips():
    """Draw the lecture's two processors with their units, caches and memories."""
    fig, ax = subplots(width=11.6, height=5.0)
    for left, name, cache, speed, memory, line in (
        (0, "CPU: Intel i7-6700K", "L3 cache 8 MB", "30 GB/s", "memory 32 GB", 3),
        (60, "GPU: Nvidia Titan RTX (chip TU102)", "L2 cache 6 MB", "672 GB/s", "memory 24 GB", 16),
    ):
        ax.text(left + 28, 56.5, name, ha="center", va="center")
        draw_bar(ax, left, 14, 56, 40, "", "white")
        draw_bar(ax, left + 1, 15, 54, 4.5, cache, "#D6ECF8")
        draw_bar(ax, left, 0, 56, 5, memory, "#D6ECF8")
        ax.plot([left + 20, left + 20], [5.5, 13.5], color=COLORS["blue"], linewidth=line, solid_capstyle="butt")
        ax.text(left + 24, 9.5, f"{speed} to memory", va="center")
    for left, bottom in ((1, 20.5), (28.5, 20.5), (1, 37.3), (28.5, 37.3)):
        draw_bar(ax, left, bottom, 26.5, 15.8, "")
        ax.text(left + 1, bottom + 11.7, "core: control", va="center")
        draw_units(ax, left + 20.5, bottom + 11, 8, 2)
        draw_bar(ax, left + 1, bottom + 5, 24.5, 4, "L1 cache 64 KB", "#D6ECF8")
        draw_bar(ax, left + 1, bottom + 0.7, 24.5, 4, "L2 cache 256 KB", "#D6ECF8")
    for i in range(12):
        for j in range(6):
            left, bottom = 61.1 + 4.5 * i, 20.6 + 5.5 * j
            ax.bar(left, 5.1, 4.3, bottom, align="edge", color="#F3F3F3", edgecolor="#8A8A8A", linewidth=0.8)
            draw_units(ax, left + 0.15, bottom + 0.55, 8, 8)
    ax.set(xlim=(-0.5, 116.5), ylim=(-0.5, 58))
    ax.set_axis_off()
    show(
        fig,
        alt="Two chips. The CPU has four large cores, mostly control and cache, with 16 dots each. The GPU has 72 "
        "small ones, filled with 64 dots each, and a thicker line to its memory.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Two kinds of machine
#
# Why is one of them faster, and when is it not?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A CPU and a GPU
#
# Each dot multiplies and adds one pair of numbers in each tick of the clock.

# %% slideshow={"slide_type": "-"}
draw_chips()

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* These are the lecture's two machines. A CPU spends its area on doing one thing after another
# quickly: it guesses which way an `if` will go, reorders instructions, and keeps what it may need again in three layers
# of *cache*, small and fast memory on the chip. A GPU spends its area on arithmetic, and the dots of a small block do
# the same thing at once.
#
# Ask: which of the two would you give a web server, which a matrix product? (The server is full of `if`: CPU. The
# product is the same multiplication a billion times: GPU.) Point at the lines below: the GPU's own memory is smaller,
# but the way to it is wide. The picture is ours; the areas are not to scale, the number of dots is true.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Where TFLOP/s come from
#
# A multiply-add counts as two operations (FLOP). Count the dots, multiply by the clock:

# %% slideshow={"slide_type": "-"}
cores = {"i7-6700K": 4, "Titan RTX": 72}
dots_a_core = {"i7-6700K": 2 * 8, "Titan RTX": 64}
clock = {"i7-6700K": 4.0, "Titan RTX": 1.35}  # GHz
for name in cores:
    dots = cores[name] * dots_a_core[name]
    peak = 2 * dots * clock[name] / 1000  # TFLOP/s
    print(f"{name:10} {dots:4} dots: at most {peak:5.2f} TFLOP/s")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says 0.15 and 12 TFLOP/s. The cell says 0.51 and 12.44 *at most*: the CPU's number is well below
# its peak, as programs are. We calculate with the lecture's.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* FLOP is the number of floating-point operations, FLOP/s the speed; a TFLOP is a million million.
# Makers count a multiply-add as two. A core of this CPU has two units of eight numbers each. 1.35 GHz is the clock that
# the GPU's maker guarantees; with good cooling it goes up to 1.77, which makes 16 TFLOP/s.
#
# Ask: the GPU's clock is three times slower. Why is it faster all the same? (72 times as many dots.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The lecture's machines side by side

# %% slideshow={"slide_type": "-"}
cpu = {"TFLOP/s": 0.15, "GB/s to memory": 30, "GB of memory": 32}
gpu = {"TFLOP/s": 12, "GB/s to memory": 672, "GB of memory": 24}
print(f"{'':16}{'i7-6700K':>10}{'Titan RTX':>11}{'GPU : CPU':>11}")
for what in cpu:
    ratio = gpu[what] / cpu[what]
    print(f"{what:16}{cpu[what]:10}{gpu[what]:11}{ratio:11.1f}")
tensor = 130  # TFLOP/s with 16-bit numbers, in the GPU's tensor cores
print(f"{'16-bit TFLOP/s':16}{'':10}{tensor:11}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Eighty times the arithmetic, but only twenty-two times the way to memory. Remember both numbers.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All numbers are the lecture's but for the 672 GB/s, which are from the GPU's data sheet. *Tensor
# cores* are units that multiply small matrices of 16-bit numbers, ten times as fast again; MXNet uses them when data
# and weights are float16.
#
# Ask: which row is the GPU's weak spot? (Its memory. What does not fit into 24 GB cannot be trained there in one piece:
# batches are made smaller for no other reason.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A night or a coffee break
#
# Ten convolution layers see a million pictures once: about 10 PFLOP, $10^{16}$ operations (notebook 10).

# %% slideshow={"slide_type": "-"}
work = 10e15
for name, rate in (("CPU", 0.15), ("GPU", 12), ("16-bit", tensor)):
    hours = work / (rate * 1e12) / 3600
    print(f"{name:6} {rate:6} TFLOP/s: {hours:6.2f} h", end=" ")
    print(f"= {60 * hours:7.1f} min")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says 18 h and 14 min. The cell says 18.5 h and 13.9 min.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is the lecture's conclusion: a night against a coffee break, for one pass through the data.
# Training makes many passes, each with a way back that costs twice the way forward.
#
# Ask: an hour of the GPU costs more than an hour of the CPU. From which price on is the CPU the cheaper choice? (From
# eighty times its price.) All this assumes that the work can keep the dots busy. Can it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### This machine: how fast are products and copies?


# %% slideshow={"slide_type": "-"}
def seconds(work, *arguments, **options):
    """Seconds until all results are there."""
    npx.waitall()
    start = perf_counter()
    work(*arguments, **options)
    npx.waitall()
    return perf_counter() - start


def fastest(*arguments, **options):
    return min(seconds(*arguments, **options) for _ in range(5))


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
device, n = try_gpu(), 1024
A, B, C = np.random.uniform(0, 1, (3, n, n), ctx=device)
big, copy = np.ones((2, 2**24), ctx=device)  # 67 MB each
tflops = 2 * n**3 / fastest(np.dot, A, B, out=C) / 1e12
copy_rate = 2 * 4 * big.size / fastest(big.copyto, copy) / 1e9
print(f"{device}: {tflops:.3f} TFLOP/s, {copy_rate:.1f} GB/s")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `try_gpu()` is the first GPU, or the CPU where there is none. Notebook 01 compared libraries with
# this product; here it stands for the machine. The copy reads 67 MB and writes 67 MB, so it counts twice; the array is
# too large for most caches, so memory itself is measured.
#
# Ask: why the fastest of five runs and not the mean? (Other programs can only make a run slower, never faster.)


# %% slideshow={"slide_type": "skip"}
def draw_machines(tflops, copy_rate):
    """Draw this machine beside the lecture's, on logarithmic axes."""
    fig, axes = subplots(1, 2, width=11.4, height=3.9)
    names = ["i7-6700K", "this machine", "Titan RTX"]
    colors = [COLORS["sky"], COLORS["vermilion"], COLORS["sky"]]
    rates = [cpu["TFLOP/s"], tflops, gpu["TFLOP/s"]], [cpu["GB/s to memory"], copy_rate, gpu["GB/s to memory"]]
    for ax, values, what in zip(axes, rates, ("arithmetic, TFLOP/s", "memory, GB/s"), strict=True):
        bars = ax.barh(names, values, color=colors, hatch=["", "//", ""], edgecolor="white")
        ax.bar_label(bars, [f"{value:.3g}" for value in values], padding=4, fontsize=14)
        ax.set(xscale="log", xlim=(min(values) / 4, max(values) * 5), xlabel=what)
        ax.invert_yaxis()
    axes[1].set_yticklabels([])
    show(
        fig,
        alt="Two bar charts with logarithmic axes, arithmetic and memory: this machine between or beside the lecture's "
        "CPU and GPU.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### This machine beside the lecture's
#
# Logarithmic axes: each mark is a factor of ten.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
draw_machines(tflops, copy_rate)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class read the factors for their own laptops: three different machines in a room are a
# good plot. A recent laptop lies above the lecture's CPU of 2015 in both; a shared server in a cloud may lie below.
#
# Ask: if a training takes an hour here, how long would it take on the Titan? (Divide by the ratio of the bars on the
# left, at best. Why only at best comes now.)


# %% slideshow={"slide_type": "skip"}
def draw_uses(n=4):
    """Draw where one number of A is used, in a sum and in a product of two matrices."""
    fig, axes = subplots(1, 7, width=11.0, height=1.7, width_ratios=[1, 1, 1, 0.4, 1, 1, 1])
    axes[3].set_axis_off()
    cell = [[(i, j) == (1, 2) for j in range(n)] for i in range(n)]
    row_of_b, row_of_c = ([[i == row for _ in range(n)] for i in range(n)] for row in (2, 1))
    titles = ["A", "+ B", "= sum", "", "A", "× B", "= product"]
    for ax, title, cells in zip(axes, titles, [cell, cell, cell, None, cell, row_of_b, row_of_c], strict=True):
        if cells:
            draw_cells(ax, [[""] * n] * n, highlight=np.array(cells), title=title, color=COLORS["orange"])
    show(
        fig,
        alt="Six grids. In the sum a number of A meets one number of B and goes into one result; in the product it "
        "meets a row of B and goes into a row of results.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Work for each number moved
#
# A sum of two $n \times n$ matrices: $n^2$ operations. A product: $2n^3$. Both move $3n^2$ numbers: two in, one out.

# %% slideshow={"slide_type": "-"}
print("     n     moved   sum, a number   product, a number")
for n in (10, 100, 1000):
    moved = 3 * n**2
    a_sum, a_product = n**2 / moved, 2 * n**3 / moved
    print(f"{n:6} {moved:9,} {a_sum:12.2f} {a_product:18.0f}")

# %% slideshow={"slide_type": "-"}
draw_uses()

# %% [markdown] slideshow={"slide_type": "fragment"}
# A sum uses each number once, whatever its size. A product uses each number $n$ times.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The number has a name, *arithmetic intensity*: operations for each number (or byte) that goes from
# or to memory. It is a property of the task, not of the machine.
#
# Ask: what do the caches have to do with it? (A number that comes in once must be kept near the dots until it has been
# used n times. Libraries cut the matrices into tiles that fit into a cache.) And where do a ReLU, a dropout, a
# convolution stand? (The first two with the sum. A convolution with the product: each pixel meets many kernels.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Measured: a sum and a product


# %% slideshow={"slide_type": "skip"}
def draw_rates(sizes, rates):
    """Plot GFLOP/s against the matrix size, a line for each operation."""
    fig, ax = subplots(width=10.5, height=3.3)
    for (name, values), marker, style in zip(rates.items(), "so", ("--", "-"), strict=True):
        ax.loglog(sizes, values, marker=marker, linestyle=style, label=name)
    ax.set_xticks(sizes, [str(n) for n in sizes], minor=False)
    ax.minorticks_off()
    ax.set(xlabel="matrix size n", ylabel="GFLOP/s")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    show(fig, alt="GFLOP/s against matrix size: the product's line rises far above the sum's.")


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
sizes = [32, 64, 128, 256, 512, 1024]
rates = {"sum": [], "product": []}
for n in sizes:
    A, B, C = np.random.uniform(0, 1, (3, n, n), ctx=device)
    adding = fastest(np.add, A, B, out=C)
    multiplying = fastest(np.dot, A, B, out=C)
    rates["sum"].append(n**2 / adding / 1e9)
    rates["product"].append(2 * n**3 / multiplying / 1e9)
draw_rates(sizes, rates)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Each mark up is a factor of ten. For large matrices the product does tens to thousands of times as
# many operations a second as the sum, on the same chip: the dots wait for the memory while it adds.
#
# Ask: why are both slow on the left? (So little work that ordering it takes longer than doing it.) Where matrices fit
# into a cache, the sum may be faster than memory allows, and drop again when they do not.


# %% slideshow={"slide_type": "skip"}
def draw_roofline(ax, n):
    """Draw what arithmetic and memory of the two machines allow, and where sum and product of size n stand."""
    intensities = [1 / 32, 2048]
    speeds = {}
    for name, machine, color, style in (
        ("CPU", cpu, COLORS["blue"], "-"),
        ("GPU", gpu, COLORS["vermilion"], "--"),
    ):
        roof, road = machine["TFLOP/s"] * 1000, machine["GB/s to memory"]
        ax.loglog(
            [intensities[0], roof / road, intensities[1]], [intensities[0] * road, roof, roof], style, color=color
        )
        ax.text(intensities[1], roof * 1.25, name, ha="right", va="bottom")
        speeds[name] = []
        for intensity, marker in ((1 / 12, "s"), (n / 6, "o")):
            speed = min(roof, road * intensity)
            ax.plot(intensity, speed, marker, color=color, markersize=11, markeredgecolor="#222222")
            speeds[name].append(speed)
    ax.text(1 / 9, 0.8, "sum", ha="left", va="center")
    ax.annotate("product", (n / 6, speeds["CPU"][1] / 1.6), (n / 6, 8), ha="center", arrowprops={"arrowstyle": "-"})
    faster = [gpu_speed / cpu_speed for cpu_speed, gpu_speed in zip(*speeds.values(), strict=True)]
    ax.set_title(f"n = {n}: GPU {faster[1]:.0f}× faster")
    ax.set(xlim=intensities, ylim=(0.4, 60_000), xlabel="operations a byte", ylabel="GFLOP/s")
    ax.set_xticks([0.1, 1, 10, 100, 1000], ["0.1", "1", "10", "100", "1000"])
    ax.minorticks_off()


TWO_ROOFS = {
    "values": [2**k for k in range(2, 13)],  # the slider's, when live
    "alt": "Two roofs, CPU below GPU: slopes, then level. The sum's mark stays on the slope, the product's moves up.",
    "height": 4.4,
}


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two limits, one roof
#
# time = the longer of (operations / TFLOP/s) and (bytes / GB/s). A number has 4 bytes.

# %% slideshow={"slide_type": "-"}
explore(draw_roofline, [16, 64, 1024], label="n", **TWO_ROOFS)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The plot is called a *roofline*. On the slope the memory is the limit, under the level roof the
# arithmetic. The squares are the sum, the circles the product; the title says how much faster the GPU multiplies.
#
# Live: ask before moving the slider at which n the CPU's circle comes to the bend (30: 5 operations a byte), and at
# which the GPU's does (107: 18 a byte). So a GPU needs larger matrices than a CPU to be busy: larger batches, wider
# layers. And how much faster is the sum on the GPU? (22 times, the ratio of the memories. Never 80.)


# %% slideshow={"slide_type": "skip"}
def draw_road():
    """Draw the two processors, their memories, and the road between them."""
    fig, ax = subplots(width=11.4, height=2.9)
    boxes = {
        "ram": (0, 0, "data", "memory\n32 GB"),
        "cpu": (1.7, 0, "block", "CPU"),
        "gpu": (3.4, 0, "block", "GPU"),
        "vram": (5.1, 0, "data", "memory\n24 GB"),
    }
    arrows = [("ram", "cpu"), ("cpu", "ram"), ("cpu", "gpu"), ("gpu", "cpu"), ("gpu", "vram"), ("vram", "gpu")]
    draw_blocks(ax, boxes, [*arrows, ("ram", "vram", -0.85)], box_width=0.8)
    for x, speed in ((0.85, "30 GB/s"), (2.55, "16 GB/s"), (4.25, "672 GB/s")):
        ax.text(x, 0.2, speed, ha="center", va="center")
    for x, name in ((0.85, "npx.cpu()"), (4.25, "npx.gpu(0)")):
        ax.text(x, 0.72, name, ha="center", va="center", family="monospace")
        ax.plot([x - 1.25, x + 1.25], [0.52, 0.52], color="#222222", linewidth=1.5)
    ax.text(2.55, -0.68, "X.copyto(npx.gpu(0))", ha="center", va="center", family="monospace")
    ax.set_ylim(-1.0, 0.95)
    show(
        fig,
        alt="Memory, CPU, GPU, memory in a row: 30 GB/s between the first two, 16 between CPU and GPU, 672 between the "
        "last two. An arrow below leads from the first memory to the last: X.copyto(npx.gpu(0)).",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Two memories and a narrow road

# %% slideshow={"slide_type": "-"}
draw_road()

# %% slideshow={"slide_type": "-"}
gigabytes = 3 * 4 * 100_000_000 / 1e9  # a sum of 100 million numbers
for way, speed in (("CPU and its memory", 30), ("GPU and its memory", 672)):
    print(f"{way:24} {1000 * gigabytes / speed:5.1f} ms")
print(f"{'to the GPU and back':24} {1000 * gigabytes / 16:5.1f} ms")

# %% [markdown] slideshow={"slide_type": "fragment"}
# The road takes longer than the CPU's own sum. Bring data once, keep them there, bring back little.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is the lecture's picture of a PC, with the speeds written in. The road in the middle is the
# slot in which the graphics card sits (PCI Express, third generation, 16 lanes: about 16 GB/s).
#
# Ask: is a GPU of any use then? (Yes: weights stay there, and each batch brings few bytes for much work. Count a
# dense layer: a weight crosses the road once, before training, and is used in every batch.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Devices in code
#
# Where an array lives, and how it gets elsewhere.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Devices have names
#
# MXNet calls a device a *context*, `ctx` for short. A name may be written where there is no such device.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
print(npx.cpu(), npx.gpu(), npx.gpu(1), "GPUs here:", npx.num_gpus())


def first_device():
    return npx.gpu(0) if npx.num_gpus() > 0 else npx.cpu()


device, other = try_gpu(), npx.cpu(1)
print("first_device and try_gpu agree:", first_device() == device)
print("we compute on", device, "of", try_all_gpus())

# %% [markdown] slideshow={"slide_type": "fragment"}
# `npx.cpu(0)` and `npx.cpu(1)` are the same cores and memory under two names. That is enough to practice.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `try_gpu(i)` and `try_all_gpus()` come from our package and have the names of the d2l book. With
# them one notebook runs everywhere. `npx.cpu()` means all cores of the machine, not one; `npx.gpu(1)` is the second
# card.
#
# To *use* a GPU that is not there is an error: `np.ones(3, ctx=npx.gpu(0))` says that the operator "is not implemented
# for GPU". This means that MXNet was installed without GPU support; the page of common errors has more.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### An array lives on one device

# %% slideshow={"slide_type": "-"}
X = np.ones((2, 3))  # where nothing is said: npx.cpu(0)
Y = np.ones((2, 3), ctx=other)  # made there
Z = X.copyto(other)  # copied to there
print(X.ctx, Y.ctx, Z.ctx)
print("result:", (Y + Z).ctx)

# %% [markdown] slideshow={"slide_type": "fragment"}
# A result is where its operands are. Make arrays where you need them: what is born there need not travel.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `.ctx` says where an array is.
#
# Ask: where are the random numbers of `np.random.normal(0, 1, (2, 3), ctx=npx.gpu(0))` drawn? (On the GPU. It has a
# generator of its own, so the same seed gives other numbers there.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Copy always, or only if needed

# %% slideshow={"slide_type": "-"}
print("copyto,    already there: same array:", X.copyto(X.ctx) is X)
print("as_in_ctx, already there: same array:", X.as_in_ctx(X.ctx) is X)
print("as_in_ctx, elsewhere:     same array:", X.as_in_ctx(other) is X)
Y[:] = 0
X.copyto(Y)  # into an array that exists
print(Y.ctx, Y.sum())

# %% [markdown] slideshow={"slide_type": "fragment"}
# `X, y = X.as_in_ctx(device), y.as_in_ctx(device)` is right on every machine, and free where nothing has to move.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is the line for the top of every training loop. On a CPU it does nothing, on a GPU it brings
# the batch over the road. `copyto` is for when you want a second array to change.
#
# Ask: what may go wrong if `as_in_ctx` gives the same array? (`Z = X.as_in_ctx(device); Z += 1` changes X on a CPU, and
# does not on a GPU. A bug that shows on one machine only.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Operators need one device

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
here, there = np.ones(3, ctx=device), np.ones(3, ctx=other)
try:
    print("no complaint, the sum is on", (here + there).ctx)
except MXNetError as error:
    print(str(error).splitlines()[-1])
print("mended:", (here + there.as_in_ctx(device)).ctx)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Two CPU contexts share their memory, so MXNet lets it pass. With a GPU among them it refuses. Not run here:
#
# `Operator … require all inputs live on the same context. But the first argument is on gpu(0) while the 2-th argument
# is on cpu(1)`

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* On a machine with a GPU the cell itself shows the message. MXNet could copy for us, but a hidden
# trip over the narrow road in every batch is what makes programs slow without anybody seeing why. So it makes us write
# the trip.
#
# Code that has run on a CPU only may therefore still fail on a GPU. The next slide has an error that shows on both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Parameters live somewhere, too

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
# *For the lecturer:* `list_ctx` is a list, because parameters can be on several devices at a time, a copy on each: we
# need that at the end of this notebook. `reset_ctx` moves all parameters and keeps their values.
#
# So three places in a program name the device: `initialize(ctx=device)`, and `as_in_ctx(device)` for X and for y. Ask:
# which two would you forget? `fit` does all three.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Do not wait
#
# What it costs to look at the loss after every batch.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A training loop that reads each batch, or does not

# %% slideshow={"slide_type": "-"}
loss = gluon.loss.SoftmaxCrossEntropyLoss()


def run_epoch(net, trainer, batches, read):
    total, count = 0.0, 0
    for X, y in batches:
        with autograd.record():
            value = loss(net(X), y).sum()
        value.backward()
        trainer.step(len(y))
        total = total + (value.item() if read else value)
        count += len(y)
    return float(total) / count  # the mean loss


# %% [markdown] slideshow={"slide_type": "fragment"}
# With `read`, `total` is a number in Python, and each `item()` waits. Without, it is an array on the device, and only
# the last line waits.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The two differ in one word. `value.item()`, `float(value)`, `value.asnumpy()` and `print(value)`
# all bring the number to Python, and all have to wait until it exists (notebook 01). `total + value` is one more order
# for the engine, and its result stays on the device.
#
# Ask: does it give the same mean loss? (Yes, up to rounding: a test of the course compares them.)


# %% slideshow={"slide_type": "skip"}
def make_training(width, batch_size, num_batches=20):
    """Return a network, a trainer and batches on the device, ready for `run_epoch`."""
    seed(0)
    images, labels = load_images(train=True, size=batch_size)
    X, y = images.reshape(batch_size, -1).as_in_ctx(device), labels.as_in_ctx(device)
    net = nn.Sequential()
    net.add(nn.Dense(width, activation="relu"), nn.Dense(10))
    net.initialize(init.Xavier(), ctx=device)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01})
    return net, trainer, [(X, y)] * num_batches


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Python orders, and is done first
#
# Twenty steps of a network with 1024 hidden units, no result read:

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
net, trainer, batches = make_training(width=1024, batch_size=64)
run_epoch(net, trainer, batches, read=False)  # warm up
start = perf_counter()
for X, y in batches:
    with autograd.record():
        value = loss(net(X), y).sum()
    value.backward()
    trainer.step(len(y))
ordered = perf_counter() - start
npx.waitall()
done = perf_counter() - start
print(f"ordered {1e3 * ordered:.0f} ms, done {1e3 * done:.0f} ms")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Python has written its orders and is free; the *engine*, MXNet's threads or the GPU, still
# computes. While it does, Python could load the next batch. `make_training` is in the notebook, above this slide: the
# same batch twenty times, already on the device.
#
# Ask: what does a stopwatch around `trainer.step` alone measure? (The ordering. It would say that training is nearly
# free. Measure to the end of an epoch, with `npx.waitall()`.)


# %% slideshow={"slide_type": "skip"}
def times_of_batches(compute, read, number=4, reading=0.3):
    """Return when each batch is ordered, when it is computed, and the end; ordering a batch takes 1."""
    orders, works, python, engine = [], [], 0.0, 0.0
    for _ in range(number):
        orders.append(python)
        works.append(max(python + 1, engine))  # the engine needs the order, and to be free
        engine = works[-1] + compute
        python = engine + reading if read else python + 1
    return orders, works, max(python, engine)


def draw_reading(ax, compute):
    """Draw Python and the engine over four batches, reading each result (above) and none (below)."""
    ends = []
    for read, height in ((True, 2.6), (False, 0.0)):
        orders, works, end = times_of_batches(compute, read)
        ends.append(end)
        ax.broken_barh([(start + 0.03, 0.94) for start in orders], (height + 1, 0.8), color=COLORS["vermilion"])
        bars = [(start + 0.03, compute - 0.06) for start in works]
        ax.broken_barh(bars, (height, 0.8), color=COLORS["blue"], edgecolor="white", linewidth=1.5)
        if read:
            bars = [(start + compute, 0.3) for start in works]
            ax.broken_barh(bars, (height + 1, 0.8), color="#222222")
        ax.plot([end, end], [height - 0.1, height + 1.9], color="#222222", linestyle=":")
        words = "each result read" if read else "none read"
        ax.text(0.02 * end, height + 1.9, f"{words}: {end:.1f}", va="bottom")
    ax.set_title(f"computing = {compute:g} × ordering")
    ax.set(xlim=(0, 1.04 * max(ends)), ylim=(-0.2, 5.1), xticks=[], xlabel="time")
    ax.set_yticks([0.4, 1.4, 3.0, 4.0], ["engine", "Python"] * 2)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)


TURNS = {
    "values": [0.25, 0.5, 1, 2, 4, 8],  # the slider's, when live
    "alt": "Time lines of Python and engine. With each result read they take turns, without they overlap and end "
    "earlier.",
    "height": 4.4,
}


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Reading makes them take turns

# %% slideshow={"slide_type": "-"}
explore(draw_reading, [0.25, 1, 4], label="computing", **TURNS)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Read, a batch costs the sum of both times; not read, the longer one. It hurts most where they are equal.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Red is Python that orders, blue the engine that computes, black is the reading. The number is the
# time for four batches, in units of ordering one.
#
# The picture takes Python and the engine to be two machines that do not disturb each other, as they are with a GPU.
#
# Live: let the class guess the worst place of the slider. (1: about half the time is lost. Far to either side one of
# the two is so long that the other hardly counts.) A faster GPU makes computing shorter: it moves a program from the
# right picture towards the left one, in which the orders are the limit. Notebook 01 drew this for matrix products.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Reading, measured
#
# How many times as long does an epoch take if each batch is read? Fifteen pairs of epochs: the middle ratio, and the
# range. About 3 seconds.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for width, batch_size in ((32, 32), (512, 64)):
    training = make_training(width, batch_size)
    run_epoch(*training, read=True)  # warm up
    ratios = []
    for _ in range(15):
        each = seconds(run_epoch, *training, read=True)
        once = seconds(run_epoch, *training, read=False)
        ratios.append(each / once)
    low, middle, high = sorted(ratios)[::7]
    print(f"{width:3} units: {middle:.2f}×, from {low:.2f} to {high:.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Near 1×? On a CPU that is no wonder: Python and the engine share the cores. Reading costs more
#
# - on a GPU, which stands idle while Python wakes up, reads, and orders again;
# - on several GPUs: reading from the first keeps the others without orders.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Be honest about these numbers. When this was written, on two cores that other programs used as
# well, the middle was between 1.0 and 1.3, and single pairs lay far to either side: noise as large as the effect. A CPU
# is not where this rule pays. Ask: why teach it then? (The program will move to a GPU one day, and there the picture of
# the slide before holds. Nothing on this slide has been measured on a GPU; on one, this very cell does it.)
#
# What to do: add up on the device and read once an epoch, as `fit` does. Or read every hundredth batch. Never `print`
# an array in the loop.


# %% slideshow={"slide_type": "skip"}
def draw_division():
    """Draw how a batch is divided among two devices, and how the gradients come together."""
    fig, ax = subplots(width=11.5, height=4.4)
    boxes = {
        "batch": (0, 1, "data", "batch\n64 examples"),
        "x0": (1.5, 2, "data", "32 on\ndevice 0"),
        "x1": (1.5, 0, "data", "32 on\ndevice 1"),
        "net0": (3, 2, "dense", "network,\na copy"),
        "net1": (3, 0, "dense", "network,\na copy"),
        "g0": (4.5, 2, "data", "gradient"),
        "g1": (4.5, 0, "data", "gradient"),
        "sum": (6, 1, "join", "+"),
        "step": (7.3, 1, "block", "the same\nstep, twice"),
    }
    arrows = [("batch", "x0", 2), ("batch", "x1", 0), ("x0", "net0"), ("x1", "net1"), ("net0", "g0"), ("net1", "g1")]
    draw_blocks(ax, boxes, [*arrows, ("g0", "sum", 2), ("g1", "sum", 0), ("sum", "step")], box_width=1.1)
    ax.set_xlim(-0.65, 7.95)
    show(
        fig,
        alt="A batch of 64 goes in halves to two devices. Each has a copy of the network and computes a gradient. The "
        "two are added, and both copies make the same step.",
    )


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Several devices
#
# Half the batch on each, and one update for both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### One batch, two devices

# %% slideshow={"slide_type": "-"}
draw_division()

# %% [markdown] slideshow={"slide_type": "fragment"}
# The gradient of a sum is the sum of the gradients. So nothing changes but the place.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* This is called *data parallelism*. Each device sees its part of the batch and the whole network.
# After the step all copies are equal again.
#
# Ask: what has to travel in each step? (As many numbers as the network has parameters, there and back: a network of
# large dense layers travels worse than one of convolutions.) AlexNet, notebook 13, was trained on two GPUs because it
# did not fit into one.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two half gradients, by hand

# %% slideshow={"slide_type": "-"}
gpus = try_all_gpus()
pair = gpus[:2] if len(gpus) > 1 else [npx.cpu(0), npx.cpu(1)]
images, labels = load_images(train=True, size=64)  # (64, 1, 28, 28), (64,)
seed(0)
net = nn.Dense(10)
net.initialize(init.Xavier(), ctx=pair)  # a copy on each


def gradient(X, y, place):
    X, y = X.as_in_ctx(place), y.as_in_ctx(place)
    with autograd.record():
        value = loss(net(X), y).sum()
    value.backward()
    return net.weight.grad(place).copyto(npx.cpu())  # (10, 784)


# %% slideshow={"slide_type": "-"}
whole = gradient(images, labels, pair[0])
first = gradient(images[:32], labels[:32], pair[0])
second = gradient(images[32:], labels[32:], pair[1])
print("halves add up:", bool(abs(first + second - whole).max() < 1e-4))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `initialize(ctx=pair)` makes a copy of the parameters on each device, with the same values;
# `grad(place)` is the gradient of the copy there. Ask: why `sum` and not `mean` for the loss? (The sum of two means is
# not the mean of all. `trainer.step(64)` divides by the number of examples, once, at the end.)
#
# Here the two halves are computed one after the other, since each is brought to `npx.cpu()`. The trainer orders both
# first, then adds.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same with `fit`


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def losses_on(devices):
    train_loader, _ = load_data(batch_size=64, train_size=1000)
    net = nn.Sequential()
    net.add(nn.Dense(64, activation="relu"), nn.Dense(10))
    options = {"num_epochs": 4, "lr": 0.2, "seed": 0, "plot": False}
    return fit(net, train_loader, devices=devices, **options).train_loss


one, two = losses_on(pair[:1]), losses_on(pair)
for epoch in range(4):
    print(f"epoch {epoch + 1}: {one[epoch]:.3f}, {two[epoch]:.3f} on two")

# %% slideshow={"slide_type": "-"}
print("same:", all(abs(one[i] - two[i]) < 1e-3 for i in range(4)))

# %% [markdown] slideshow={"slide_type": "fragment"}
# On two CPU contexts it is no faster: they are the same cores.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* `fit` divides each batch, orders the work for all devices, and `trainer.step` adds the gradients.
# The losses agree but for rounding: sums in another order.
#
# Ask: with two GPUs, is it twice as fast? (Less. The gradients travel, and each GPU gets half the batch, which may be
# too small to keep it busy. That is why one takes a larger batch with more GPUs, and then a larger learning rate.)

# %% [markdown] slideshow={"slide_type": "skip"}
# **A trap on two CPU contexts.** Order no large `np.dot` on `npx.cpu(0)` and `npx.cpu(1)` at the same time: OpenBLAS,
# the library that computes it in MXNet 1.9.1, then waits for ever. `Dense` layers use another library, oneDNN, and are
# safe, and so is everything where each result is waited for before the next order. On GPUs
# there is no such trap.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A GPU has many more units and a wider way to memory; the road to it is narrow.
# - Much work for each number moved (products): arithmetic limits. Little (sums): memory does.
# - `initialize(ctx=device)`, `X.as_in_ctx(device)`, `y.as_in_ctx(device)`, with `device = try_gpu()`.
# - Read results once an epoch. Add them up on the device until then.
# - Several devices: divide the batch, add the gradients.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask for one sentence on each line, then ten minutes for the exercises. The first needs a pencil
# only.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 09.1: predict a time
#
# Two vectors of a billion float32 numbers ($10^9$ each) are added into a third, on the lecture's CPU: 0.15 TFLOP/s,
# 30 GB/s to memory. How many seconds at least?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
seconds_at_least = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("09.1", seconds_at_least)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# How many operations, and how many bytes? A float32 has 4 bytes. Both go on at the same time, so the longer one counts.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# seconds_at_least = 0.4
# ```
#
# Three vectors of 4 GB move 12 GB: 0.4 s at 30 GB/s. The billion additions take less than 0.007 s. A CPU with ten times
# the TFLOP/s would not be any faster.
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
# Divide an array among devices: a list with one part for each, in order, each part on its device. No example may be
# lost, and the sizes may differ by one at most: 7 examples on 3 devices are 3, 2, 2, in any order.


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
# Each part ends where the next begins, and the last one ends at n: nothing is lost, whatever the remainder.
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [GPUs](https://d2l.ai/chapter_builders-guide/use-gpu.html) and
#   [Hardware](https://d2l.ai/chapter_computational-performance/hardware.html)
# - *Dive into Deep Learning*, [Training on Multiple
#   GPUs](https://d2l.ai/chapter_computational-performance/multiple-gpus.html)
# - Williams, Waterman and Patterson, [Roofline: An Insightful Visual Performance Model for Multicore
#   Architectures](https://doi.org/10.1145/1498765.1498785), 2009
# - Goyal et al., [Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour](https://arxiv.org/abs/1706.02677), 2017:
#   the learning rate when more devices make the batch larger
# - Several processes, on this machine or on many, train one network through MXNet's parameter server:
#   `from d2lhelpers import connect_workers`, and `help(connect_workers)` shows a whole script.
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **10 · Convolutions**, the layer that needs a GPU most.
