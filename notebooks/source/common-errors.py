# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "skip"}
# # Common errors
#
# What you see, why, and what to do. Every message below is the real one: the cell above it has just raised it. Search
# the page for a piece of yours. (`docs/differences.md` lists how MXNet's `np` differs from NumPy.)

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
import re
import subprocess
import sys
import tempfile
import textwrap
from contextlib import contextmanager
from importlib.util import find_spec
from unittest import mock

import numpy as onp  # NumPy itself; np is MXNet's
from mxnet import MXNetError, autograd, gluon, np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    ArrayLoader,
    DataError,
    TrainingDiverged,
    fit,
    load_data,
    try_all_gpus,
    try_gpu,
)

npx.set_np()


# %% slideshow={"slide_type": "skip"}
@contextmanager
def shows(kind):
    """Run the lines below it, and print the error that they raise without its traceback."""
    try:
        yield
    except kind as error:
        lines = str(error).removeprefix("Traceback (most recent call last):\n").splitlines()
        places = r'  File ".*|MXNetError: |\[[\d:]+\] \S+: '  # in MXNet's own source
        message = next(text for line in lines if (text := re.sub(places, "", line)))
        message = f"{type(error).__name__}: {message}"
        print(textwrap.shorten(message, 240, placeholder=" …"))
    else:
        raise AssertionError("these lines should have raised an error")


# %% slideshow={"slide_type": "skip"}
def new_python(*options):
    """Run another Python, and return the lines of its output and of its complaints."""
    command, plain = [sys.executable, *options], {**os.environ, "PYTHON_COLORS": "0"}
    run = subprocess.run(command, capture_output=True, text=True, env=plain)
    return run.stdout.splitlines(), run.stderr.splitlines()


# %% [markdown] slideshow={"slide_type": "skip"}
# ## Shape inconsistent, in a product
#
# **Cause:** the inner lengths of the two matrices differ.

# %% slideshow={"slide_type": "skip"}
A, B = np.ones((2, 3)), np.ones((2, 3))
with shows(MXNetError):
    np.dot(A, B)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** print the shapes. (2, 3) needs a partner of 3 rows: often the transpose.

# %% slideshow={"slide_type": "skip"}
print(A.shape, B.shape, np.dot(A, B.T).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Operands could not be broadcast together
#
# **Cause:** aligned at the last axis, two lengths differ and neither is 1.

# %% slideshow={"slide_type": "skip"}
table, row_means = np.ones((3, 4)), np.ones(3)
with shows(MXNetError):
    table - row_means

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** make it a column, by `reshape` or by `keepdims=True` where it was computed.

# %% slideshow={"slide_type": "skip"}
print((table - row_means.reshape(3, 1)).shape)
print((table - table.mean(axis=1, keepdims=True)).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## No error, but the loss makes no sense: (n, 1) minus (n,)
#
# **Cause:** broadcasting stretches both to (n, n). The mean of that is a number that looks harmless.

# %% slideshow={"slide_type": "skip"}
y_hat, y = np.ones((5, 1)), np.ones(5)
print((y_hat - y).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** the same shape on both sides, and a line that makes sure of it.

# %% slideshow={"slide_type": "skip"}
y = y.reshape(y_hat.shape)
assert y_hat.shape == y.shape
print((y_hat - y).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Expected float32, got float64
#
# **Cause:** an array made from one of NumPy's keeps its type, which is float64, while MXNet's own arrays, and the
# parameters of layers, are float32. Images often come as uint8. Operators such as `+` and `@` convert; `np.dot` and
# layers don't.

# %% slideshow={"slide_type": "skip"}
from_numpy = np.array(onp.ones((3, 2)))
with shows(MXNetError):
    np.dot(np.ones((2, 3)), from_numpy)

layer = nn.Dense(2, in_units=2, prefix="layer_")
layer.initialize()
with shows(TypeError):
    layer(from_numpy)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** name the type when you convert.

# %% slideshow={"slide_type": "skip"}
from_numpy = np.array(onp.ones((3, 2)), dtype="float32")
print(np.dot(np.ones((2, 3)), from_numpy).shape, layer(from_numpy).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Must have NDArray type, or must be one NDArray
#
# **Cause:** an array of NumPy itself is passed to one of MXNet's functions or layers. `import numpy as np` after
# MXNet's `np` is a common reason. (Operators accept both kinds.)

# %% slideshow={"slide_type": "skip"}
data = onp.ones((3, 2))
with shows(AssertionError):
    np.dot(np.ones((2, 3)), data)
with shows(ValueError):
    layer(data)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** convert once, where the data come in, and name the type.

# %% slideshow={"slide_type": "skip"}
data = np.array(data, dtype="float32")
print(np.dot(np.ones((2, 3)), data).shape, layer(data).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Index … is out of bounds, or boolean index did not match
#
# **Cause:** an index beyond the end: the last of n entries has the index n − 1. Or a mask that was computed from
# another array, and has another length.

# %% slideshow={"slide_type": "skip"}
x = np.array([1.0, 2.0, 3.0])
with shows(IndexError):
    x[3]
with shows(IndexError):
    x[[0, 7]] = 5
mask = np.array([1.0, -1.0]) > 0
with shows(IndexError):
    x[mask]

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** print the shapes. −1 is the last entry, and a mask comes from the array that it selects from.

# %% slideshow={"slide_type": "skip"}
print(x[-1], x[x > 1])

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Cannot reshape array of size …
#
# **Cause:** the new shape has room for more entries, or fewer. With −1 for one of its lengths, the others don't divide
# the number of entries.

# %% slideshow={"slide_type": "skip"}
with shows(MXNetError):
    np.ones((2, 3)).reshape(4, 2)
with shows(MXNetError):
    np.ones((2, 3)).reshape(4, -1)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** the lengths multiply to the number of entries, which is `x.size`.

# %% slideshow={"slide_type": "skip"}
x = np.ones((2, 3))
print(x.size, x.reshape(3, 2).shape, x.reshape(6, -1).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Got an unexpected keyword argument 'exclude'
#
# **Cause:** `npx.set_np()` is missing at the top, so Gluon takes your arrays for those of MXNet's old interface. The
# first code cell of every notebook has it: run that cell. (Other functions fail in other ways.)

# %% slideshow={"slide_type": "skip"}
program = """
from mxnet import gluon, np
gluon.loss.SoftmaxCrossEntropyLoss()(np.ones((2, 3)), np.array([0, 1]))
"""
_, complaints = new_python("-c", program)
print(complaints[-1])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** `from mxnet import npx` and `npx.set_np()`, before anything else.

# %% slideshow={"slide_type": "skip"}
npx.set_np()
print(gluon.loss.SoftmaxCrossEntropyLoss()(np.ones((2, 3)), np.array([0, 1])))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Cannot differentiate node because it is not in a computational graph
#
# **Cause:** one of four. Nothing was recorded; no array has asked for a gradient with `attach_grad`; the array that had
# asked was replaced, by `w = w - ...`; or `backward` was called twice, and the first call threw the record away.

# %% slideshow={"slide_type": "skip"}
x = np.array([1.0, 2.0])
x.attach_grad()
y = (x * x).sum()  # not recorded
with shows(MXNetError):
    y.backward()

w = x - 0.1  # a new array, which has not asked
with autograd.record():
    y, z = (x * x).sum(), (w * w).sum()
y.backward()
for result in (z, y):  # z: no gradient was asked for; y: a second time
    with shows(MXNetError):
        result.backward()

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** `attach_grad`, then `record` around the calculation, then `backward` once. (Twice: `retain_graph=True`.)
# Update with `w[:] = ...`, which keeps the array.

# %% slideshow={"slide_type": "skip"}
with autograd.record():
    y = (x * x).sum()
y.backward()
x[:] = x - 0.1 * x.grad
print(x, x.grad)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## No error, but a gradient is too small, or 0
#
# **Cause:** `float`, `item` and `asnumpy` take a plain number out of the record: to autograd it is a constant.

# %% slideshow={"slide_type": "skip"}
x = np.array([3.0, 4.0])
x.attach_grad()
with autograd.record():
    y = x[0] * float(x[1])
y.backward()
print(x.grad)  # not [4, 3]

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** calculate with arrays to the end; take the number out after `backward`.

# %% slideshow={"slide_type": "skip"}
with autograd.record():
    y = x[0] * x[1]
y.backward()
print(x.grad, float(y))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Assigning to NDArrays that are already in a computational graph
#
# **Cause:** `x[:] = ...`, `x[0] = ...` or `x += ...` while recording. The record needs the old value.

# %% slideshow={"slide_type": "skip"}
with shows(MXNetError), autograd.record():
    x[:] = 2 * x

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** give the result a name of its own; update parameters outside of `record`.

# %% slideshow={"slide_type": "skip"}
with autograd.record():
    doubled = 2 * x
print(doubled)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Has no gradient in MXNet, or no second derivative
#
# **Cause:** MXNet has no derivative of this function, for example of `np.cov` and `np.delete`. Or you
# differentiate a gradient, which works only for elementwise functions of one array, such as `np.exp`.

# %% slideshow={"slide_type": "skip"}
x = np.array([1.0, 2.0, 4.0])
x.attach_grad()
with shows(NotImplementedError), autograd.record():
    np.delete(x, 0)

with autograd.record():
    (slope,) = autograd.grad((x * x).sum(), [x], create_graph=True)
with shows(NotImplementedError):
    slope.backward()

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** write it with functions that have one, as below; or, if the result is to be a constant, pass `x.detach()`.

# %% slideshow={"slide_type": "skip"}
with autograd.record():
    y = np.concatenate([x[:1], x[2:]]).sum()  # without the second number
y.backward()
print(x.grad)
with autograd.record():
    (slope,) = autograd.grad(np.square(x), [x], create_graph=True)
slope.backward()
print(x.grad)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Parameter has not been initialized
#
# **Cause:** the network was used before `initialize`. (Every layer counts its own names: the number in yours differs.)

# %% slideshow={"slide_type": "skip"}
net = nn.Dense(3, prefix="layer_")
with shows(RuntimeError):
    net(np.ones((1, 2)))

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** call `initialize` once, after the network is built. `fit` does it for you.

# %% slideshow={"slide_type": "skip"}
net.initialize()
print(net(np.ones((1, 2))).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Initialization was deferred
#
# **Cause:** the layer does not know yet how many inputs it has, so it has no weights to show.

# %% slideshow={"slide_type": "skip"}
net = nn.Dense(3, prefix="layer_")
net.initialize()
with shows(gluon.parameter.DeferredInitializationError):
    net.weight.data()

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** show it one batch first, or say the number of inputs, `nn.Dense(3, in_units=2)`.

# %% slideshow={"slide_type": "skip"}
net(np.ones((1, 2)))
print(net.weight.data().shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Shape inconsistent, in a layer
#
# **Cause:** the layer has seen another number of features, or of channels, in its first batch. A convolution takes axis
# 1 for the channels: pictures with the color last have as many channels as rows.

# %% slideshow={"slide_type": "skip"}
with shows(MXNetError):
    net(np.ones((1, 5)))

convolution = nn.Conv2D(channels=6, kernel_size=5, in_channels=3)
convolution.initialize()
images = np.ones((2, 28, 28, 3))  # (N, H, W, C)
with shows(MXNetError):
    convolution(images)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** the same features in every batch, or a new network; channels before height and width. The shapes are those
# of the weights: the second number is how many features or channels come in.

# %% slideshow={"slide_type": "skip"}
net = nn.Dense(3)
net.initialize()
print(net(np.ones((1, 5))).shape, convolution(images.transpose(0, 3, 1, 2)).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Input data should be 4D
#
# **Cause:** a convolution wants (N, C, H, W). A batch of gray images often lacks its channel axis, a single image its
# batch axis.

# %% slideshow={"slide_type": "skip"}
images = np.ones((5, 28, 28))
convolution = nn.Conv2D(channels=6, kernel_size=5, prefix="convolution_")
convolution.initialize()
with shows(ValueError):
    convolution(images)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** add the axis.

# %% slideshow={"slide_type": "skip"}
print(convolution(images.reshape(5, 1, 28, 28)).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Is not implemented for GPU
#
# **Cause:** you ask for a GPU, and there is none, or this MXNet was built without GPU support. (MXNet also prints a
# line of its own.)

# %% slideshow={"slide_type": "skip"}
program = """
import d2lhelpers
from mxnet import np, npx
npx.set_np()
np.ones(3, ctx=npx.gpu())
"""
_, complaints = new_python("-c", program)
print(complaints[-1])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** `try_gpu()` returns the first GPU, or the CPU if there is none. With a GPU in the machine,
# `python -m d2lhelpers install --gpu` installs the build that supports it.

# %% slideshow={"slide_type": "skip"}
print(np.ones(3, ctx=try_gpu()).ctx in try_all_gpus())

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Parameter was not initialized on context
#
# **Cause:** the parameters are on one device, and the input is on another. (For two arrays, one on a CPU and one on a
# GPU, the message is `Operator … require all inputs live on the same context`.)

# %% slideshow={"slide_type": "skip"}
net = nn.Dense(1, in_units=3)
net.initialize(ctx=npx.cpu(1))
X = np.ones((2, 3))  # on cpu(0)
with shows(RuntimeError):
    net(X)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** bring the batch to the device of the network, at the top of the loop.

# %% slideshow={"slide_type": "skip"}
print(net(X.as_in_ctx(npx.cpu(1))).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The array or batch is empty
#
# **Cause:** a mask or a slice has selected nothing, and the layer gets 0 examples.

# %% slideshow={"slide_type": "skip"}
layer = nn.Dense(2, in_units=2)
layer.initialize()
X = np.array([[1.0, 2.0], [3.0, 4.0]])
with shows(ValueError):
    layer(X[X[:, 0] > 5])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** check the length first, and find out why nothing is left.

# %% slideshow={"slide_type": "skip"}
chosen = X[X[:, 0] > 2]
print(len(chosen), layer(chosen).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Label is out of range, or no class number
#
# **Cause:** more classes in the labels than outputs of the network. Or a regression without
# `loss=gluon.loss.L2Loss()`: `fit` takes the loss for classes if you name none.

# %% slideshow={"slide_type": "skip"}
X, labels = np.ones((4, 2)), np.array([0, 1, 2, 3], dtype="int32")
with shows(ValueError):
    fit(nn.Dense(3), ArrayLoader(X, labels, batch_size=2), num_epochs=1, plot=False)
prices = np.array([0.5, 1.5, 2.5, 3.5])
with shows(ValueError):
    fit(nn.Dense(1), ArrayLoader(X, prices, batch_size=4), num_epochs=1, plot=False)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** as the message says; in a regression, name the loss. In a loop of your own, the loss says the same. Beware
# of `npx.pick`, and of losses within a hybridized network: they take a label that is too large for the last class.

# %% slideshow={"slide_type": "skip"}
print(npx.pick(np.array([[10.0, 20.0, 30.0]]), np.array([7])))
history = fit(nn.Dense(4), ArrayLoader(X, labels, batch_size=2), num_epochs=1, plot=False)
print(len(history.train_loss), "epoch of classification")
loader, loss = ArrayLoader(X, prices, batch_size=4), gluon.loss.L2Loss()
history = fit(nn.Dense(1), loader, num_epochs=1, loss=loss, plot=False)
print(len(history.train_loss), "epoch of regression")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Labels of shape … do not fit predictions of …
#
# **Cause:** `KLDivLoss` compares whole distributions, so each example needs one probability for each class, not the
# number of its class.

# %% slideshow={"slide_type": "skip"}
log_q = npx.log_softmax(np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))
with shows(ValueError):
    gluon.loss.KLDivLoss()(log_q, np.array([2, 0]))

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** pass probabilities of the shape of the predictions, or take `SoftmaxCrossEntropyLoss`, which expects class
# numbers.

# %% slideshow={"slide_type": "skip"}
print(gluon.loss.KLDivLoss()(log_q, npx.one_hot(np.array([2, 0]), 3)))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Must be a whole number, or got an unexpected keyword argument
#
# **Cause:** a batch size that was computed: `//` has rounded it down to nothing, or `/` has made it a fraction. Or an
# argument that has another name.

# %% slideshow={"slide_type": "skip"}
with shows(ValueError):
    ArrayLoader(X, labels, batch_size=len(X) // 10)
with shows(TypeError):
    ArrayLoader(X, labels, batch_size=len(X) / 2)
loader = ArrayLoader(X, labels, batch_size=2)
with shows(TypeError):
    fit(nn.Dense(4), loader, epochs=3)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** at least 1, and whole. `help(fit)` lists the names of the arguments.

# %% slideshow={"slide_type": "skip"}
print(len(ArrayLoader(X, labels, batch_size=max(1, len(X) // 10))), "batches")
print(len(fit(nn.Dense(4), loader, num_epochs=3, plot=False).train_loss), "epochs")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The training loss is nan, or the data contain nan
#
# **Cause:** nearly always the learning rate is too large (notebook 05). Otherwise: a division by zero, a logarithm of
# zero, or missing values in the data, which `fit` looks for.

# %% slideshow={"slide_type": "skip"}
loader, loss = ArrayLoader(100 * X, np.ones(4), batch_size=2), gluon.loss.L2Loss()
with shows(TrainingDiverged):
    fit(nn.Dense(1), loader, num_epochs=5, lr=10, loss=loss, plot=False)
gap = np.array([[1.0, 1.0], [1.0, onp.nan]])
with shows(ValueError):
    fit(nn.Dense(1), ArrayLoader(gap, np.ones(2), batch_size=2), num_epochs=1, plot=False)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** a **new** network (the old one holds `nan` in all weights) and a smaller rate; features of similar size; no
# gaps in the data.

# %% slideshow={"slide_type": "skip"}
loader = ArrayLoader(X, np.ones(4), batch_size=2)
history = fit(nn.Dense(1), loader, num_epochs=5, lr=0.1, loss=loss, plot=False)
print(history.train_loss[-1] < history.train_loss[0])
full = gap[~np.isnan(gap).any(axis=1)]
print(full)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The error comes later than its cause
#
# **Cause:** MXNet computes while Python goes on (notebook 01). Some faults show only when the result is read.

# %% slideshow={"slide_type": "skip"}
root = np.linalg.cholesky(np.array([[1.0, 2.0], [2.0, 1.0]]))  # has none: no error here
with shows(MXNetError):
    print(root)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** to find the line, put `wait_to_read()` behind the suspects. The first one that raises is the culprit.

# %% slideshow={"slide_type": "skip"}
root = np.linalg.cholesky(np.array([[2.0, 1.0], [1.0, 2.0]]))
root.wait_to_read()
print(root.shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The truth value of an ndarray is ambiguous
#
# **Cause:** an array of several values where Python wants one yes or no.

# %% slideshow={"slide_type": "skip"}
x = np.array([1.0, -2.0])
with shows(ValueError):
    if x > 0:
        print("positive")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** say whether all are meant, or any.

# %% slideshow={"slide_type": "skip"}
print(bool((x > 0).all()), bool((x > 0).any()))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Unknown data set
#
# **Cause:** a name that is not there.

# %% slideshow={"slide_type": "skip"}
with shows(ValueError):
    load_data(batch_size=64, source="mnsit")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** one of the three names.

# %% slideshow={"slide_type": "skip"}
train_loader, test_loader = load_data(batch_size=64, source="mnist")
print(len(train_loader), "batches")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## No mirror delivered …
#
# **Cause:** you ask for more of MNIST or Fashion-MNIST than comes with the course (10,000 images for training and 2,000
# for testing), and no server can be reached to download the rest: there is no network, or a proxy is in the way, as
# here. Below its first line, the message says what was tried and why it failed. (Each mirror is asked several times, so
# the cell takes a few seconds.)

# %% slideshow={"slide_type": "skip"}
with tempfile.TemporaryDirectory() as empty:
    no_network = {"D2L_DATA_DIR": empty, "https_proxy": "http://127.0.0.1:9"}
    with mock.patch.dict(os.environ, no_network), shows(DataError):
        load_data(batch_size=64, source="mnist", train_size=60_000)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** use the images that come with the course, as below. Or fetch the data where there is a network, with
# `python -m d2lhelpers data fetch mnist`, and bring them on a stick: `python -m d2lhelpers data path` names the folder,
# and the environment variable `D2L_DATA_DIR` says where it is now.

# %% slideshow={"slide_type": "skip"}
train_loader, test_loader = load_data(batch_size=64, source="mnist")
print(train_loader.num_examples, "digits")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Cannot write to the folder for downloads
#
# **Cause:** the folder belongs to somebody else, its disk is full, or it cannot be there at all.

# %% slideshow={"slide_type": "skip"}
with mock.patch.dict(os.environ, {"D2L_DATA_DIR": "/dev/null/data"}), shows(DataError):
    load_data(batch_size=64, source="mnist", train_size=60_000)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** set `D2L_DATA_DIR` to a folder that you can write to, before Jupyter starts. If a file in the folder is
# damaged, it is downloaded again.

# %% slideshow={"slide_type": "skip"}
with tempfile.TemporaryDirectory() as folder:
    print("can be written to:", os.access(folder, os.W_OK))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## No module named …
#
# **Cause:** the notebook runs in another Python than the one in which the course is installed.

# %% slideshow={"slide_type": "skip"}
_, complaints = new_python("-I", "-S", "-c", "import d2lhelpers")  # without pip's packages
print(complaints[-1])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** start Jupyter with `make lab`, or choose the course's kernel in the menu. `print(sys.executable)` says which
# Python a notebook runs in; the one of the course finds both packages.

# %% slideshow={"slide_type": "skip"}
for name in ("mxnet", "d2lhelpers"):
    print(name, "found" if find_spec(name) else "missing")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The kernel hangs
#
# **Cause:** `OMP_NUM_THREADS` and `MXNET_CPU_WORKER_NTHREADS` both above 1: MXNet then waits for itself. The course's
# package notices, and says what it has done about it.

# %% slideshow={"slide_type": "skip"}
program = """
import os
os.environ.update(OMP_NUM_THREADS="2", MXNET_CPU_WORKER_NTHREADS="2")
import mxnet
"""
_, complaints = new_python("-c", program)
print(re.search(r"RuntimeWarning: .*", "\n".join(complaints))[0])

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** unset the second variable in the shell that starts Jupyter: `unset MXNET_CPU_WORKER_NTHREADS`.

# %% slideshow={"slide_type": "skip"}
program = """
import os
os.environ.pop("MXNET_CPU_WORKER_NTHREADS", None)
import mxnet
print("no warning")
"""
print(*new_python("-W", "error::RuntimeWarning", "-c", program)[0])
