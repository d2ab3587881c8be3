# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "skip"}
# # Errata
#
# This course grew out of lectures that were given in 2019, at ODSC, at Amazon's machine learning conference (AMLC),
# and at UC Berkeley. Their slides are worth reading, but some of the numbers on them were typed by hand, and a few
# are wrong. If you teach or study with those slides, this page is for you: it lists each slip, says what is right,
# and computes it. The notebooks themselves don't mention the slips.
#
# One convention holds everywhere: work is counted in multiply-adds, and a multiply-add is two floating-point
# operations.

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
from mxnet import autograd, np, npx
from mxnet.gluon import nn

from d2lhelpers import rounded, seed, summarize

npx.set_np()
seed(0)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Arrays and regression
#
# **Element access** (Berkeley, AMLC): the slide on reading a column writes `[1, :]`. That is a row. The column is
# `[:, 1]`.

# %% slideshow={"slide_type": "skip"}
x = np.arange(12).reshape(3, 4)
print("x[1, :] =", x[1, :])
print("x[:, 1] =", x[:, 1])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Images** (all basics decks): an RGB image is introduced as "width × height × channels". MXNet's layers want
# (channels, height, width), and a batch of images has the shape $(N, C, H, W)$. A convolution that gets an image in
# the other order takes its rows for channels.

# %% slideshow={"slide_type": "skip"}
layer = nn.Conv2D(channels=6, kernel_size=5, in_channels=3)
layer.initialize()
print(layer(np.ones((1, 3, 28, 32))).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Speed of a matrix product** (ODSC, AMLC): 1,000 products of two 1024 × 1024 matrices in 53.66 s and 18.25 s are
# said to be 4.0 and 11.8 GFLOP/s. Both are ten times as many.

# %% slideshow={"slide_type": "skip"}
flop = 2 * 1024**3 * 1000  # each entry of each product takes 1024 multiply-adds
gigaflops = [flop / seconds / 1e9 for seconds in (53.66, 18.25)]
print(f"{gigaflops[0]:.0f} and {gigaflops[1]:.0f} GFLOP/s")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Closed form of linear regression** (AMLC): printed as $\mathbf{w}^* =
# (\mathbf{X}^\top\mathbf{X})^{-1}\mathbf{X}\mathbf{y}$. The shapes do not even fit: it is
# $(\mathbf{X}^\top\mathbf{X})^{-1}\mathbf{X}^\top\mathbf{y}$.
#
# **Gradient of the squared loss** (AMLC): $\frac{2}{n}(\mathbf{y} - \mathbf{X}\mathbf{w})^\top\mathbf{X}$ has the
# wrong sign. It is zero at the same place, so the closed form is right, but a step along it goes uphill.

# %% slideshow={"slide_type": "skip"}
X, w_true = np.random.normal(size=(50, 3)), np.array([1.0, -2.0, 3.0])
y = X @ w_true
print("closed form:", rounded(np.linalg.inv(X.T @ X) @ X.T @ y, 3))

w = np.zeros(3)
w.attach_grad()
with autograd.record():
    loss = ((X @ w - y) ** 2).mean()
loss.backward()
right = -2 / len(X) * (y - X @ w) @ X
print("autograd agrees with -2/n (y - Xw)ᵀX:", bool(np.abs(w.grad - right).max() < 1e-4))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Convolutions and pooling
#
# **Size after a convolution** (AMLC, padding): an input of 224 × 224 with kernels of 5 × 5 "needs 44 layers" to
# shrink to 4 × 4. Each layer takes away 4 rows, so it takes 55 layers.

# %% slideshow={"slide_type": "skip"}
size, layers = 224, 0
while size > 4:
    size, layers = size - 5 + 1, layers + 1
print(layers, "layers leave", size, "×", size)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Biases of a convolution** (AMLC, summary): the slide gives a convolution $c_o \times c_i$ biases. There is one for
# each output channel: $c_o$.

# %% slideshow={"slide_type": "skip"}
layer = nn.Conv2D(channels=6, kernel_size=5, in_channels=3)
layer.initialize()
print("weight", layer.weight.shape, "bias", layer.bias.shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Time of a forward pass** (AMLC, cost): 10 layers with 100 channels in and out, kernels of 5 × 5 and maps of 64 ×
# 64, a million images, at 0.15 TFLOP/s, are said to take 18 hours. The slide counts a multiply-add as one operation,
# and rounds its work to 1 GFLOP a layer: with that, 18.5 hours; without the rounding, 19.0. With two operations for
# each multiply-add, as in this course, it is 37.9 hours.

# %% slideshow={"slide_type": "skip"}
work = 100 * 100 * 5 * 5 * 64 * 64  # multiply-adds of one layer for one image
counts = {"rounded": 1e9, "multiply-adds": work, "operations": 2 * work}
for name, per_layer in counts.items():
    hours = 10 * 1e6 * per_layer / 0.15e12 / 3600
    print(f"{name:13} {per_layer / 1e9:.3f} G a layer: {hours:.1f} h")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Max pooling** (AMLC): the slide on tolerance to shifts shows three ones in a row as the result of 2 × 2 max
# pooling of a single one. A window of 2 sees it at two positions, not at three; three ones need a window that is 3
# wide.

# %% slideshow={"slide_type": "skip"}
edge = np.zeros((1, 1, 1, 7))
edge[0, 0, 0, 3] = 1
for width in (2, 3):
    pooled = npx.pooling(edge, kernel=(1, width), stride=(1, 1), pool_type="max")
    print(f"window {width}:", pooled[0, 0, 0])

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Networks
#
# **MNIST** (AMLC): it has 60,000 training examples, not 50,000. (50,000 are left if 10,000 are set aside for
# validation.)
#
# **Complexity of LeNet** (AMLC): the slide gives its dense layers 0.48 M and 0.1 M parameters, and the whole network
# 0.6 M; its convolutions 1.2 M and 2.4 M operations, and the whole network 4 M. All of that is ten times too much.

# %% slideshow={"slide_type": "skip"}
lenet = nn.Sequential()
lenet.add(nn.Conv2D(6, 5, padding=2, activation="sigmoid"), nn.AvgPool2D(2, 2))
lenet.add(nn.Conv2D(16, 5, activation="sigmoid"), nn.AvgPool2D(2, 2))
lenet.add(nn.Dense(120, activation="sigmoid"), nn.Dense(84, activation="sigmoid"))
lenet.add(nn.Dense(10))
summarize(lenet, (1, 1, 28, 28))

# %% [markdown] slideshow={"slide_type": "skip"}
# **Complexity of AlexNet** (AMLC): the slide's total of 46 M parameters leaves out the last layer with its 1,000
# outputs, which has 4.1 M. And with the right numbers for LeNet, AlexNet has about 800 times as many parameters, not
# "11x", and about 2,400 times the work, not "250x". (11 is not the ratio of the slide's own numbers either: 46 M to
# 0.6 M are 77.)

# %% slideshow={"slide_type": "skip"}
alexnet = nn.Sequential()
alexnet.add(nn.Conv2D(96, 11, strides=4, activation="relu"), nn.MaxPool2D(3, 2))
alexnet.add(nn.Conv2D(256, 5, padding=2, activation="relu"), nn.MaxPool2D(3, 2))
for channels in (384, 384, 256):
    alexnet.add(nn.Conv2D(channels, 3, padding=1, activation="relu"))
alexnet.add(nn.MaxPool2D(3, 2))
alexnet.add(nn.Dense(4096, activation="relu"), nn.Dense(4096, activation="relu"))
alexnet.add(nn.Dense(1000))
large, small = summarize(alexnet, (1, 3, 224, 224)), summarize(lenet, (1, 1, 28, 28))
count, last = large.total_parameters, large.rows[-1].parameters
print(f"parameters: {count:,}, of which the last layer {last:,}")
print(f"ratio of parameters: {count / small.total_parameters:.0f}", end=", ")
print(f"without the last layer {(count - last) / small.total_parameters:.0f}")
print(f"ratio of the work: {large.total_multiply_adds / small.total_multiply_adds:,.0f}")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Inception against one convolution** (AMLC): 1.22 M parameters for the 5 × 5 convolution and 346 M operations for
# the 3 × 3 are cut off rather than rounded: 1.23 M and 347 M. **Inception v4** is said to add residual connections;
# those belong to Inception-ResNet, which was published in the same paper. Version 4 itself has none.
#
# **DenseNet** (AMLC): the third line of the formula repeats $x_2$; it defines $x_3$.

# %% slideshow={"slide_type": "skip"}
for kernel in (3, 5):
    layer = nn.Conv2D(256, kernel, padding=kernel // 2, use_bias=False)
    table = summarize(layer, (1, 192, 28, 28))
    parameters, work = table.total_parameters, table.total_multiply_adds
    print(f"{kernel}×{kernel}: {parameters:,} parameters, {work:,} multiply-adds")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Depthwise-separable convolution** (AMLC): the cost that is printed leaves out the 1 × 1 convolution that follows.
# That one is most of the work.

# %% slideshow={"slide_type": "skip"}
depthwise = nn.Conv2D(256, 3, padding=1, groups=256, use_bias=False)
pointwise = nn.Conv2D(256, 1, use_bias=False)
tables = [summarize(layer, (1, 256, 28, 28)) for layer in (depthwise, pointwise)]
work = [table.total_multiply_adds for table in tables]
print(f"3×3 depthwise {work[0]:,}, 1×1 {work[1]:,}: that is {work[1] / sum(work):.0%}")
