# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 11 · Pooling
#
# One pixel to the left, and an edge detector answers somewhere else. Pooling is a layer that does not mind.
#
# *30 minutes · needs 10 · on the fast path*

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A convolution says exactly where a pattern is. A digit is the same digit one pixel further left,
# so at some point a network has to forget the exact place. This short notebook is about the layer that forgets on
# purpose.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **See** how much a convolution's answer changes when the image moves by one pixel.
# - **Build** max and average pooling from scratch, and find them in Gluon.
# - **Compute** output shapes with windows, strides, padding and channels.
# - **Measure** the tolerance to shifts that pooling gives to a trained network.

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
import numpy as onp  # NumPy itself, to cut images out; np is MXNet's
from matplotlib.patches import Rectangle
from mxnet import autograd, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    COLORS,
    ArrayLoader,
    accuracy,
    check,
    draw_cells,
    explore,
    fit,
    load_images,
    load_photo,
    rounded,
    show,
    show_images,
    subplots,
    summarize,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
EDGES = "The edges are a column of ones: the second column for the image, the first for the moved one."
POOLED = "Pooled, the edge fills two columns, and the moved edge one: the first column is in both."
GRADIENTS = (
    "With max pooling the largest cell of each 2×2 window has the gradient 1; with average pooling each has 0.25."
)


def draw_matrices(matrices, alt, height=3.0, window=None):
    """Draw matrices side by side, all cells of one size; cells that are not 0 are colored.

    With `window`, frame the windows of that size; in the first matrix, color only the largest cell of each.
    """
    fig, axes = subplots(1, len(matrices), width=11.5, height=height)
    down, across = (max(matrix.shape[axis] for matrix in matrices.values()) for axis in (0, 1))
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        values = matrix.asnumpy()
        rows, columns = values.shape
        colored = values != 0
        if window and ax is axes[0]:
            windows = values.reshape(rows // window, window, columns // window, window)
            colored = (windows == windows.max(axis=(1, 3), keepdims=True)).reshape(rows, columns)
        draw_cells(ax, values, colored, title)
        for corner in onp.ndindex(rows // window, columns // window) if window else ():
            place = (corner[1] * window, corner[0] * window)
            frame = {"fill": False, "edgecolor": COLORS["vermilion"], "linewidth": 4}
            ax.add_patch(Rectangle(place, window, window, **frame))
        ax.set(xlim=(-0.06, across + 0.06), ylim=(down + 0.06, -0.06))
        ax.title.set_x(columns / across / 2)
    show(fig, alt)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## A window without weights
#
# A convolution knows exactly where. Often that is too exact.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### An edge, and the same edge one pixel further left
#
# The kernel [1, −1] of notebook 10 answers 1 where bright turns dark, from left to right.


# %% slideshow={"slide_type": "-"}
def detect_edges(image):
    return image[:, :-1] - image[:, 1:]  # cross-correlation with [1, -1]


image = np.array([[1, 1, 0, 0, 0]] * 4)  # (4, 5)
moved = np.array([[1, 0, 0, 0, 0]] * 4)
edges, moved_edges = detect_edges(image), detect_edges(moved)  # (4, 4)
pictures = {"image": image, "its edges": edges, "moved": moved, "edges now": moved_edges}
draw_matrices(pictures, EDGES, height=2.6)
print("places where both answer:", int((edges * moved_edges).sum()))

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The images differ by one column of pixels. The answers have no place in common: a dense layer that
# has learned to look for the edge in the second column sees nothing at all in the moved image.
#
# Ask: does a person see two different edges? Ask also what moves an edge by a pixel in practice: the camera, the light,
# another font, another hand.

# %% slideshow={"slide_type": "skip"}
WINDOWS = (
    "Numbers 0 to 8 on a 3×3 grid, and a 2×2 window at each of its four places: the largest is at the lower right."
)
numbers = np.arange(9).reshape(3, 3)


def draw_window(ax, place):
    """Draw the numbers 0 to 8 with a 2×2 window at one of its four places."""
    row, column = divmod(place - 1, 2)
    window = numbers[row : row + 2, column : column + 2]  # (2, 2)
    largest = numbers.asnumpy() == float(window.max())
    said = ", ".join(str(int(value)) for value in window.flatten())
    draw_cells(ax, numbers, largest, f"max({said}) = {int(window.max())}")
    ax.add_patch(Rectangle((column, row), 2, 2, fill=False, edgecolor=COLORS["vermilion"], linewidth=5, zorder=5))


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Max pooling: the largest number in a window
#
# A window slides over the input, as in a convolution. Its output is the largest number that it sees.

# %% slideshow={"slide_type": "-"}
explore(draw_window, [1, 2, 3, 4], label="place", alt=WINDOWS, height=2.9)

# %% [markdown] slideshow={"slide_type": "fragment"}
# Nothing is multiplied, and nothing is learned: the window has no weights.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class say the four numbers before the picture appears: 4, 5, 7, 8. The lecture's slide
# shows the first, max(0, 1, 3, 4) = 4.
#
# Ask: could a convolution compute this? (No. A convolution is linear, and a maximum is not.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### From scratch
#
# The loops of the convolution, with another last line: `reduce` is `np.max` or `np.mean`.


# %% slideshow={"slide_type": "-"}
def pool2d(X, height, width, reduce):
    rows, columns = X.shape[0] - height + 1, X.shape[1] - width + 1
    Y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            Y[i, j] = reduce(X[i : i + height, j : j + width])
    return Y


print("max: ", pool2d(numbers, 2, 2, np.max).tolist())
print("mean:", pool2d(numbers, 2, 2, np.mean).tolist())

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The second is *average pooling*: the mean of the window. Ask: is that a convolution? (Yes, with a
# kernel of 2×2 whose weights are all 1/4. But nobody trains these weights, and each channel stays by itself.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Gluon's layers compute the same

# %% slideshow={"slide_type": "-"}
batch = numbers.reshape(1, 1, 3, 3)  # (images, channels, height, width)
for layer, reduce in ((nn.MaxPool2D, np.max), (nn.AvgPool2D, np.mean)):
    Y = layer(pool_size=2, strides=1)(batch)[0, 0]  # (2, 2)
    scratch = pool2d(numbers, 2, 2, reduce)
    print(f"{layer.__name__} {Y.tolist()}, as from scratch: {bool((scratch == Y).all())}")
print("without strides=1:", nn.MaxPool2D(pool_size=2)(batch).tolist())

# %% [markdown] slideshow={"slide_type": "fragment"}
# Without `strides`, the stride is the size of the window: windows lie side by side.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The last line surprises: side by side, only one 2×2 window fits into a 3×3 input, and the last row
# and column are not looked at. A convolution in Gluon has stride 1 unless you say otherwise; a pooling layer has its
# window's size.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The edge again, pooled
#
# Now each place asks: is there an edge here, **or next to here**?

# %% slideshow={"slide_type": "-"}
pooled = pool2d(edges, 2, 2, np.max)  # (3, 3)
moved_pooled = pool2d(moved_edges, 2, 2, np.max)
pictures = {"edges": edges, "pooled": pooled}
pictures |= {"moved edges": moved_edges, "moved, pooled": moved_pooled}
draw_matrices(pictures, POOLED)
print("places where both answer:", int((pooled * moved_pooled).sum()))

# %% [markdown] slideshow={"slide_type": "fragment"}
# The two answers now agree in a column. What comes after can rely on it.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The window is two wide, so an edge is seen from two places. The price: the answer no longer says
# where the edge is, to a pixel. Pooling trades place for tolerance.
#
# Ask: what if the edge moves by two pixels? (Nothing is shared again. Larger windows, or pooling in several layers.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The lecture's picture has three columns of ones
#
# How wide must a window be, so that one edge is seen from three places?


# %% slideshow={"slide_type": "-"}
def pooled_row(width):
    layer = nn.MaxPool2D(pool_size=(1, width), strides=1, padding=(0, width // 2))
    return layer(edges.reshape(1, 1, 4, 4))[0, 0, 0]


for width in (2, 3):
    print("window", width, "wide:", [int(value) for value in pooled_row(width)])

# %% [markdown] slideshow={"slide_type": "fragment"}
# The lecture's slide says "2 × 2 max pooling" and prints [1, 1, 1, 0]. The cell says that a window 2 wide makes two
# ones, and that the slide's row belongs to a window 3 wide, with a column of padding on either side.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* A small slip, and a good habit to learn from it: count from how many places a pixel can be seen.
# From as many as the window is wide.
#
# Its conclusion holds: pooling is tolerant to a shift of one pixel.

# %% slideshow={"slide_type": "skip"}
PORTRAIT = (
    "A portrait pooled with windows of 6 and of 16 pixels: the larger, the coarser; maxima are brighter than means."
)
photo = load_photo(320, gray=True)  # (1, 320, 320)


def draw_pooled(ax, size):
    """Draw the photograph pooled with windows of size×size: the largest on the left, the mean on the right."""
    halves = [
        layer(pool_size=size)(photo.reshape(1, 1, 320, 320))[0, 0].asnumpy() for layer in (nn.MaxPool2D, nn.AvgPool2D)
    ]
    both = [onp.repeat(onp.repeat(half, size, 0), size, 1)[:320, :320] for half in halves]
    gap = onp.ones((both[0].shape[0], 12))
    ax.imshow(onp.concatenate([both[0], gap, both[1]], axis=1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    ax.set_axis_off()
    ax.set_title(f"{size}×{size}: max, average")


# %% [markdown] slideshow={"slide_type": "slide"}
# ### On a photograph: brightest pixel or mean
#
# In each pair the left picture keeps the brightest pixel of a window, the right one its mean.

# %% slideshow={"slide_type": "-"}
sizes = [2, 4, 6, 8, 12, 16, 20, 32]  # the slider's, when live
explore(draw_pooled, [6, 16], values=sizes, label="window", alt=PORTRAIT)

# %% [markdown] slideshow={"slide_type": "fragment"}
# On pixels the mean looks like a smaller photograph, and the maximum is too bright.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The portrait is of Grace Hopper, who wrote one of the first compilers; the picture comes with
# Matplotlib.
#
# Ask: which of the two would you take to shrink a photograph? (The mean.) Then why do the networks from 2012 on
# (notebooks 13 to 15) take the maximum between their convolutions? That is the next slide: pooling there does not look
# at pixels, but at answers of a convolution.


# %% slideshow={"slide_type": "skip"}
def draw_edges_pooled(size):
    """Draw the photograph's edges, and the same pooled with the maximum and with the mean."""
    answers = abs(photo[0, :, :-1] - photo[0, :, 1:])  # (320, 319): how strong the edge is
    batch = answers.reshape(1, 1, *answers.shape)
    pooled = [layer(pool_size=size)(batch)[0, 0].asnumpy() for layer in (nn.MaxPool2D, nn.AvgPool2D)]
    fig, axes = subplots(1, 3, width=11.0, height=4.0)
    titles = ["edges", f"max of {size}×{size}", f"average of {size}×{size}"]
    for ax, title, picture in zip(axes, titles, [answers.asnumpy(), *pooled], strict=True):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=0.5, interpolation="nearest")
        ax.set_axis_off()
        ax.set_title(title)
    show(
        fig,
        alt="Thin bright edges of a face and a cap; pooled by maximum they stay bright, by average nearly all is dark.",
    )
    return pooled


# %% [markdown] slideshow={"slide_type": "slide"}
# ### On the answers of a convolution: is it there, or how much of it?

# %% slideshow={"slide_type": "-"}
largest, mean = draw_edges_pooled(8)
print(f"brightest place: max {largest.max():.2f}, average {mean.max():.2f}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# **Max**: the strongest signal in the window. **Average**: the mean strength, so a thin edge fades.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* All three pictures have the same gray scale. A straight edge one pixel wide fills an eighth of a
# window of 8×8, so the mean is an eighth of its strength. In the photograph it is more: edges are wider, and some
# windows hold several. It is never above the maximum.
#
# So max pooling suits detectors, whose strong answers are rare. Average pooling suits the end of a network, where the
# question is how much of a pattern there is in the whole image (notebooks 15 and 17).

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Pooling as a layer
#
# Its size, its channels, and the way of its gradient.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Padding and stride: the formula of the convolution
#
# $$\lfloor (n - k + p + s) / s \rfloor$$
#
# with window $k$, stride $s$, and $p$ rows of padding in all. Gluon's `padding=1` is one row on each side: $p = 2$.


# %% slideshow={"slide_type": "-"}
def output_size(n, k, p, s):
    return (n - k + p + s) // s


print("window  padding  stride   formula  layer")
for k, padding, s in ((2, 0, 2), (3, 0, 2), (3, 1, 2), (3, 1, 1), (4, 0, 4), (28, 0, 1)):
    side = nn.MaxPool2D(k, strides=s, padding=padding)(np.zeros((1, 1, 28, 28))).shape[2]
    print(f"{k:6}  {padding:7}  {s:6}   {output_size(28, k, 2 * padding, s):7}  {side:5}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The most used rows: 2 with stride 2 halves the sides. 3 with padding 1 and stride 1 keeps them;
# Inception uses it (notebook 15). The last row is *global* pooling: a whole channel becomes one number.
#
# Let the class compute a row or two before you run the cell.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is in the padding?
#
# An image of ones, padded by 1, in windows of 3×3: the first row of each result. The corner's window sees four pixels
# and five of padding.

# %% slideshow={"slide_type": "-"}
ones = np.ones((1, 1, 4, 4))
window = {"pool_size": 3, "strides": 1, "padding": 1}
max_layer, mean_layer = nn.MaxPool2D(**window), nn.AvgPool2D(**window)
pixels_only = nn.AvgPool2D(**window, count_include_pad=False)
results = {"max": max_layer(ones), "max of -1": max_layer(-ones)}
results |= {"average": mean_layer(ones), "pixels only": pixels_only(ones)}
for name, Y in results.items():
    print(f"{name:12} {rounded(Y[0, 0, 0], 2)}")

# %% [markdown] slideshow={"slide_type": "fragment"}
# Max pooling passes the padding over, whatever the sign. Average pooling counts it as zeros, unless told not to.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask first: what should the second line be? If padding were a zero, the maximum of minus ones at
# the border would be 0. It is not: for the maximum the padding counts as minus infinity.
#
# The average at the corner is 4/9: darker borders, which later layers can learn to see. The zeros around the input of
# a convolution do the same: by its padding a network can tell where the border is.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Channels: each by itself
#
# A convolution adds its input channels up. Pooling treats each channel alone: as many come out as go in.

# %% slideshow={"slide_type": "-"}
color = load_photo(64).reshape(1, 3, 64, 64)
layer = nn.MaxPool2D(pool_size=4)
pooled = layer(color)  # (1, 3, 16, 16)
blue_alone = layer(color[:, 2:])  # (1, 1, 16, 16)
print(pooled.shape, "blue as by itself:", bool((pooled[:, 2:] == blue_alone).all()))

conv = nn.Conv2D(3, kernel_size=4, strides=4)
for layer in (conv, nn.MaxPool2D(pool_size=4)):
    row = summarize(layer, (1, 3, 64, 64)).rows[0]
    print(f"{row.name:26} {row.output_shape}  {row.parameters} parameters")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The convolution with stride 4 makes the same shape, and has 3·3·4·4 weights and 3 biases to learn
# for it. Pooling has none. Some later networks use such convolutions instead of pooling: then the network learns how to
# forget.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The gradient goes to the winner
#
# In a window only the largest input moves the output; so it gets all of the gradient.

# %% slideshow={"slide_type": "-"}
inputs = np.array([[3, 1, 0, 2], [2, 0, 5, 1], [1, 1, 4, 0], [0, 6, 2, 3]])
inputs.attach_grad()
gradients = {"input": inputs}
layers = {"gradient of max": nn.MaxPool2D(2), "of average": nn.AvgPool2D(2)}
for name, layer in layers.items():
    with autograd.record():
        total = layer(inputs.reshape(1, 1, 4, 4)).sum()
    total.backward()
    gradients[name] = inputs.grad.copy()
draw_matrices(gradients, GRADIENTS, height=2.8, window=2)

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* As with max(x, 0) in notebook 03, the gradient is 1 for what is largest and 0 for the rest. The
# losers of a window learn nothing from this example; the average gives each a quarter.
#
# Ask: what does the gradient look like if two inputs are equal and largest? (One of them gets it.)


# %% slideshow={"slide_type": "skip"}
def centered(images):
    """Move the ink of each image (n, 1, 28, 28) to the middle."""
    middle = onp.zeros(images.shape, dtype="float32")
    for place, image in zip(middle, images.asnumpy(), strict=True):
        rows, columns = onp.nonzero(image[0] > 0.1)
        ink = image[0, rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        top, left = (28 - ink.shape[0]) // 2, (28 - ink.shape[1]) // 2
        place[0, top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return np.array(middle)


def moved_right(images, pixels):
    """Move images (n, 1, 28, 28) to the right; what leaves the image is lost."""
    moved = np.zeros_like(images)
    moved[:, :, :, pixels:] = images[:, :, :, : 28 - pixels]
    return moved


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Does it help?
#
# Digits in the middle to learn from, digits elsewhere to be tested on.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### An experiment: trained in the middle, tested to the right

# %% slideshow={"slide_type": "-"}
images, labels = load_images(train=True, size=1500)
test_images, test_labels = load_images(train=False, size=500)
images, test_images = centered(images), centered(test_images)
seven = [moved_right(test_images[:1], pixels)[0] for pixels in range(7)]
titles = [f"{pixels} px" for pixels in range(7)]
show_images(seven, titles, num_columns=7, width=11, alt="A digit moves right.")

# %% [markdown] slideshow={"slide_type": "fragment"}
# All training images have the ink in the middle. How far can a test image be moved before a network fails?

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* In notebook 06 the digits lay anywhere, which made them hard for a linear model. Here the network
# sees them in one place only, and has to do with others on its own.
#
# Let the class guess what accuracy is left after six pixels, more than a third of a digit's width.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Two networks that differ in one layer
#
# About six seconds for both.


# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
def network(pooling):
    net = nn.Sequential()
    net.add(nn.Conv2D(16, kernel_size=9, strides=2, activation="relu"))
    if pooling:
        net.add(nn.GlobalMaxPool2D())  # the largest answer of each channel
    net.add(nn.Dense(10))
    return net


networks = {"without pooling": network(False), "with pooling": network(True)}
for name, net in networks.items():
    loader = ArrayLoader(images, labels, batch_size=32, shuffle=True)
    options = {"num_epochs": 10, "optimizer": "adam", "lr": 0.003, "seed": 0}
    history = fit(net, loader, plot=False, **options)
    print(f"{name}: training accuracy {history.train_accuracy[-1]:.2f}")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Sixteen kernels of 9×9. Without pooling the dense layer reads 16 maps of 10×10 answers, each at
# its place. With global max pooling it reads 16 numbers: for each kernel, how strong its best answer was, wherever.
#
# Ask: which of the two has more weights? (Without: 16,010 in the dense layer. With: 170.)


# %% slideshow={"slide_type": "skip"}
def draw_tolerance(networks):
    """Plot test accuracy against the shift, and return the accuracies."""
    fig, ax = subplots(width=10.0, height=3.9)
    found = {}
    for (name, net), style in zip(networks.items(), ("s--", "o-"), strict=True):
        found[name] = [accuracy(net(moved_right(test_images, pixels)), test_labels) for pixels in range(7)]
        ax.plot(range(7), found[name], style, label=name)
    ax.axhline(0.1, color=COLORS["black"], linewidth=1, linestyle=":", label="guessing")
    ax.set(xlabel="test images moved right by so many pixels", ylabel="test accuracy", ylim=(0, 1.02))
    ax.legend(loc="lower left")
    show(
        fig,
        alt="Test accuracy against the shift: without pooling it falls from above 0.9 to nearly guessing at 6 pixels, "
        "with pooling it stays above 0.8.",
    )
    return found


# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What a shift does to them

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
found = draw_tolerance(networks)
for name, values in found.items():
    print(f"{name:16} {values[0]:.2f} in the middle, {values[-1]:.2f} moved by six")

# %% [markdown] slideshow={"slide_type": "fragment"}
# In the middle pooling costs accuracy: place is knowledge, too. Off the middle it pays.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The convolution moves its answers with the image; the dense layer behind it is tied to places;
# global pooling cuts that tie. The loss in the middle is the price: the network knows how strong each of sixteen
# patterns is, but not which lies above and which below. (The convolution's stride is 2, so after an odd shift its
# answers differ a little.)
#
# Real networks pool in small steps, a factor of two at a time, and keep some of the places: LeNet, the next notebook,
# ends with 5×5.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What pooling saves
#
# A convolution with 16 kernels of 5×5 over 6 channels, on 28×28, and on what 2×2 pooling leaves.


# %% slideshow={"slide_type": "-"}
def work(side):
    conv = nn.Conv2D(16, kernel_size=5, padding=2)
    return summarize(conv, (1, 6, side, side)).total_multiply_adds


print(f"on 28×28: {work(28):,} multiply-adds")
print(f"on 14×14: {work(14):,}, {work(28) // work(14)} times fewer")

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Halving both sides quarters the work of all that follows. Networks spend what they save on more
# channels: fewer places, more kinds of pattern.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - A convolution's answer moves with the image; a dense layer behind it, tied to places, misses it.
# - Pooling takes the largest or the mean of a window: no weights, each channel by itself.
# - It sees a pattern from as many places as the window is wide: tolerance for place.
# - Max asks whether a pattern is there; average asks how much of it.
# - Sides follow the convolution's formula; Gluon's usual stride is the window.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 11.1: predict shape and value
#
# `nn.AvgPool2D(pool_size=2)` gets an array of shape (8, 3, 7, 6) that is 1 everywhere. Which shape does it give, and
# what is the sum of all its numbers?

# %% slideshow={"slide_type": "-"} tags=["exercise"]
shape_and_sum = ...  # ((n, c, h, w), sum)

# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.1", shape_and_sum)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# The stride is the window. What happens to the seventh row? The mean of ones is one, so the sum is the number of
# numbers.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# shape_and_sum = ((8, 3, 3, 3), 8 * 3 * 3 * 3)
# ```
#
# Rows: ⌊(7 − 2 + 2) / 2⌋ = 3, the last row is not looked at. Images and channels stay as many as they were.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 11.2: change the layer
#
# The network of 2012 (notebook 13) pools 55×55 maps to 27×27, with windows that **overlap** by one pixel. Make that
# layer.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
layer = ...  # a pooling layer of Gluon

# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.2", layer)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Windows overlap by one if the window is one larger than the stride. Which stride makes about half of 55?
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# layer = nn.MaxPool2D(pool_size=3, strides=2)
# ```
#
# ⌊(55 − 3 + 2) / 2⌋ = 27, without padding.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 11.3: build pooling with a stride
#
# Write max pooling of a matrix with square windows and a stride. Windows that do not fit are left out.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def max_pool(X, size, stride):
    """X (h, w); returns the largest numbers of its size×size windows, stride apart."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("11.3", max_pool)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Start from `pool2d`. The output has (h − size) // stride + 1 rows, and the window of output row i starts at input row
# i · stride.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def max_pool(X, size, stride):
#     rows = (X.shape[0] - size) // stride + 1
#     columns = (X.shape[1] - size) // stride + 1
#     Y = np.zeros((rows, columns))
#     for i in range(rows):
#         for j in range(columns):
#             top, left = i * stride, j * stride
#             Y[i, j] = X[top : top + size, left : left + size].max()
#     return Y
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Pooling](https://d2l.ai/chapter_convolutional-neural-networks/pooling.html)
# - Riesenhuber and Poggio, [Hierarchical models of object recognition in
#   cortex](https://doi.org/10.1038/14819), 1999: the maximum as what cells of the visual cortex may compute
# - Springenberg and others, [Striving for Simplicity: The All Convolutional
#   Net](https://arxiv.org/abs/1412.6806), 2014: convolutions with stride in the place of pooling
#
# Words are explained in the [glossary](glossary.ipynb), signs in [notation](notation.ipynb), messages in
# [common errors](common-errors.ipynb).
#
# Next: **12 · LeNet**, convolution and pooling, twice, and the digits are read.
