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
# the page for a piece of yours.

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

from d2lhelpers import ArrayLoader, DataError, TrainingDiverged, fit, load_data

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
# ## No error, but halves disappear
#
# **Cause:** an array of integers cuts a plain number down to an integer.

# %% slideshow={"slide_type": "skip"}
labels = np.array([1, 2], dtype="int32")
print(labels + 0.5)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** `astype` before you calculate.

# %% slideshow={"slide_type": "skip"}
print(labels.astype("float32") + 0.5)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Type inconsistent
#
# **Cause:** two arrays of different integer types. `argmax` gives int64, labels are int32.

# %% slideshow={"slide_type": "skip"}
scores = np.array([[0.1, 0.9], [0.8, 0.2]])
with shows(MXNetError):
    print(scores.argmax(axis=1) == labels)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** bring one to the other's type; or use `accuracy` from `d2lhelpers`.

# %% slideshow={"slide_type": "skip"}
print(scores.argmax(axis=1).astype("int32") == labels)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Expected float32, got float64
#
# **Cause:** an array made from one of NumPy's keeps its type, which is float64; MXNet's own are float32.

# %% slideshow={"slide_type": "skip"}
from_numpy = np.array(onp.ones((3, 2)))
with shows(MXNetError):
    np.dot(np.ones((2, 3)), from_numpy)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** name the type when you convert.

# %% slideshow={"slide_type": "skip"}
from_numpy = np.array(onp.ones((3, 2)), dtype="float32")
print(np.dot(np.ones((2, 3)), from_numpy).shape)

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Type numpy.ndarray not supported
#
# **Cause:** NumPy's array and MXNet's in one expression. `import numpy as np` after MXNet's `np` is a common reason.

# %% slideshow={"slide_type": "skip"}
with shows(TypeError):
    np.ones(3) + onp.ones(3)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** convert, in one direction or the other.

# %% slideshow={"slide_type": "skip"}
print(np.ones(3) + np.array(onp.ones(3), dtype="float32"))
print(np.ones(3).asnumpy() + onp.ones(3))

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Legacy operator … received an MXNet numpy ndarray
#
# **Cause:** `npx.set_np()` is missing at the top. The first code cell of every notebook has it: run that cell.

# %% slideshow={"slide_type": "skip"}
program = """
from mxnet import gluon, np
layer = gluon.nn.Dense(2, in_units=3)
layer.initialize()
layer(np.ones((1, 3)))
"""
_, complaints = new_python("-c", program)
print(textwrap.shorten(complaints[-1], 240, placeholder=" …"))

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** `from mxnet import npx` and `npx.set_np()`, before the layer is made.

# %% slideshow={"slide_type": "skip"}
npx.set_np()
layer = gluon.nn.Dense(2, in_units=3)
layer.initialize()
print(layer(np.ones((1, 3))).shape)

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
# **Cure:** as the message says; in a regression, name the loss. Beware in a loop of your own: there MXNet says nothing,
# and takes the last class.

# %% slideshow={"slide_type": "skip"}
print(npx.pick(np.array([[10.0, 20.0, 30.0]]), np.array([7])))
history = fit(nn.Dense(4), ArrayLoader(X, labels, batch_size=2), num_epochs=1, plot=False)
print(len(history.train_loss), "epoch of classification")
loader, loss = ArrayLoader(X, prices, batch_size=4), gluon.loss.L2Loss()
history = fit(nn.Dense(1), loader, num_epochs=1, loss=loss, plot=False)
print(len(history.train_loss), "epoch of regression")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Must be a whole number, 1 or more
#
# **Cause:** a batch size that was computed: `//` has rounded it down to nothing, or `/` has made it a fraction.

# %% slideshow={"slide_type": "skip"}
with shows(ValueError):
    ArrayLoader(X, labels, batch_size=len(X) // 10)
with shows(TypeError):
    ArrayLoader(X, labels, batch_size=len(X) / 2)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** at least 1, and whole.

# %% slideshow={"slide_type": "skip"}
print(len(ArrayLoader(X, labels, batch_size=max(1, len(X) // 10))), "batches")

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The training loss is nan
#
# **Cause:** nearly always the learning rate is too large (notebook 05). Otherwise: a division by zero, a logarithm of
# zero, or data that hold `nan` already.

# %% slideshow={"slide_type": "skip"}
loader, loss = ArrayLoader(100 * X, np.ones(4), batch_size=2), gluon.loss.L2Loss()
with shows(TrainingDiverged):
    fit(nn.Dense(1), loader, num_epochs=5, lr=10, loss=loss, plot=False)

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** a **new** network (the old one holds `nan` in all weights) and a smaller rate; features of similar size.

# %% slideshow={"slide_type": "skip"}
loader = ArrayLoader(X, np.ones(4), batch_size=2)
history = fit(nn.Dense(1), loader, num_epochs=5, lr=0.1, loss=loss, plot=False)
print(history.train_loss[-1] < history.train_loss[0])

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
# **Cause:** a name that is not there, as an argument or in the environment variable `D2L_DATASET`.

# %% slideshow={"slide_type": "skip"}
with shows(ValueError):
    load_data(batch_size=64, source="mnsit")

# %% [markdown] slideshow={"slide_type": "skip"}
# **Cure:** one of the four names; without any the course's own digits are taken.

# %% slideshow={"slide_type": "skip"}
train_loader, test_loader = load_data(batch_size=64, source="digits")
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
