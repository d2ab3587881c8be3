# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "skip"}
# # Notation
#
# The symbols of the course, how they look in code, and the notebook that explains them. They are those of the book,
# *Dive into Deep Learning*.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Numbers, vectors, matrices
#
# Plain letters are numbers, bold small ones vectors, bold capitals matrices.
#
# | symbol | in code | shape | meaning | explained in |
# |---|---|---|---|---|
# | $x, a, b$ | `x` | `()` | a number | 01 |
# | $\mathbf{x}, \mathbf{a}$ | `x`, `a` | `(n,)` | a vector; $x_i$ is its entry `x[i]` | 01 |
# | $\mathbf{X}, \mathbf{A}$ | `X`, `A` | `(n, d)` | a matrix; $X_{ij}$ is its entry `X[i, j]` | 01 |
# | $\mathbf{A} \odot \mathbf{B}$ | `A * B` | `(n, d)` | elementwise product; the symbol is the book's | 01 |
# | $\mathbf{A}^\top$ | `A.T` | `(d, n)` | transposed: rows become columns | 02 |
# | $\sum_i x_i$ | `x.sum()` | `()` | sum of all entries | 02 |
# | $\mathbb{R}$, $\mathbb{R}^n$ | | | the real numbers; the vectors of n of them | 00 |
# | $\mathbf{0}, \mathbf{1}$ | `np.zeros`, `np.ones`, `np.eye` | | zeros; ones, or the identity matrix | 02 |
# | $\lvert a \rvert$ | `abs(a)` | `()` | length of a number | 02 |
# | $\lVert \mathbf{a} \rVert$ | `np.linalg.norm(a)` | `()` | length of a vector, its Euclidean norm | 02 |
# | $\lVert \mathbf{A} \rVert$ | `np.linalg.norm(A, ord=2)` | `()` | spectral norm: by how much A can stretch | 02 |
# | $\mathrm{rank}\,\mathbf{A}$ | `np.linalg.matrix_rank(A)` | `()` | number of linearly independent columns | 02 |
# | $\lVert \mathbf{A} \rVert_F$ | `np.linalg.norm(A)` | `()` | Frobenius norm | 02 |
# | $\langle \mathbf{a}, \mathbf{b} \rangle$, $\mathbf{a}^\top\mathbf{b}$ | `np.dot(a, b)` | `()` | dot product | 02 |
# | $\mathbf{A}\mathbf{b}$ | `np.dot(A, b)` | `(n,)` | matrix times vector | 02 |
# | $\mathbf{A}\mathbf{v} = \lambda\mathbf{v}$ | `np.linalg.eigh` | `(n,)`, `(n, n)` | eigenvalue, eigenvector | 02 |

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Derivatives
#
# | symbol | in code | shape | meaning | explained in |
# |---|---|---|---|---|
# | $f'(x)$, $\frac{dy}{dx}$ | `x.grad` | `()` | derivative: the slope of the tangent | 03 |
# | $\frac{\partial y}{\partial \mathbf{x}}$ | `x.grad` | `(1, n)`; in code `(n,)` | gradient: a slope per $x_i$ | 03 |
# | $\frac{\partial \mathbf{y}}{\partial \mathbf{x}}$ | | `(m, n)` | Jacobian: row i is the gradient of $y_i$ | 03 |
# | $\nabla f(\mathbf{x})$ | `x.grad` | that of `x` | gradient, as the direction of steepest ascent | 05 |
# | $\exp$, $\log$ | `np.exp`, `np.log` | that of its input | exponential function; natural logarithm | 03 |

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Data, model, loss
#
# | symbol | in code | shape | meaning | explained in |
# |---|---|---|---|---|
# | $n$ | `n`, `len(X)` | `()` | number of examples | 04 |
# | $d$ | `d` | `()` | number of features | 04 |
# | $q$ | `10` | `()` | number of outputs; of classes, such as 10 digits | 06 |
# | $\mathbf{X}$ | `X` | `(n, d)` | one example per row | 04 |
# | $\mathbf{y}$ | `y` | `(n,)` | labels | 04 |
# | $\hat{\mathbf{y}}$ | `y_hat` | `(n,)` | predictions | 04 |
# | $\mathbf{w}, b$ | `w`, `b` | `(d,)`, `()` | weights and bias of a linear model | 04 |
# | $\mathbf{W}, \mathbf{b}$ | `W`, `b` | `(d, q)`, `(q,)` | weights, biases of a layer; Gluon: `(q, d)` | 06 |
# | $\ell$ | `loss` | `()` or `(n,)` | loss | 04 |
# | $\lambda$ | `lam`, `wd` | `()` | strength of the penalty on large weights: ridge regression, weight decay | 04, 08 |
# | $\mathbf{o}, \mathbf{O}$ | `scores` | `(q,)`, `(n, q)` | scores of the classes, before softmax | 06 |
# | $p(y \mid \mathbf{o})$ | `softmax(scores)` | `(q,)` | probability of class y, given the scores | 06 |
# | $\sigma$ | `npx.relu`, … | that of its input | activation function | 07 |
# | $\mathbf{H}$ | `H` | `(n, h)` | outputs of a hidden layer with h units | 07 |
# | $(N, C, H, W)$ | `images` | 4 axes | batch of images: examples, channels, height, width | 01 |

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Convolutional networks
#
# | symbol | in code | shape | meaning | explained in |
# |---|---|---|---|---|
# | $\mathbf{X} \star \mathbf{K}$ | `corr2d`, `npx.convolution` | | cross-correlation | 10 |
# | $c_i, c_o$ | `layer.weight.shape` | `()` | channels in, channels out | 10 |
# | $n, k, m$ | `kernel_size` | `()` | sides of input, kernel and output | 10 |
# | $p$ | `padding` | `()` | rows of padding in all; Gluon's `padding` is one side's | 10 |
# | $s$ | `strides` | `()` | stride; of pooling, by default the window | 10, 11 |
# | $\lfloor x \rfloor$ | `//` | `()` | rounded down | 10 |
# | $p$ | `nn.Dropout(p)` | `()` | in dropout, the probability that a unit is set to zero | 08, 13 |
# | $\mu_B, \sigma_B^2$ | `mean`, `var` | `(1, c, 1, 1)` | mean and variance within a minibatch | 16 |
# | $\gamma, \beta$ | `gamma`, `beta` | `(c,)` | scale and shift after batch normalization, learned | 16 |
# | $\epsilon$ | `eps` | `()` | a small number, so that nothing is divided by zero | 16 |
# | $f(x) = x + g(x)$ | `npx.relu(self.g(X) + skip)` | that of `X` | residual block | 17 |
# | $[x, f(x)]$ | `np.concatenate` | | arrays side by side, along the channels | 15, 18 |

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Training
#
# | symbol | in code | shape | meaning | explained in |
# |---|---|---|---|---|
# | $\eta$ | `lr`, `learning_rate` | `()` | learning rate: length of a step over the gradient | 04 |
# | $B$, $\lvert B \rvert$ or $b$ | `batch_size` | `()` | minibatch, and the number of its examples | 04 |
# | $\leftarrow$ | `w[:] = ...` | | takes the new value | 04 |
# | $\beta$ | `momentum`, `beta` | `()` | how much of the last step is kept | 05 |
# | $\mathbf{v}$ | `velocity` | that of `x` | the last step, in momentum | 05 |
# | | `num_epochs` | `()` | passes over the training data | 04 |
# | | `train_loader`, `test_loader` | | give the batches of an epoch | 04, 06 |
# | | `net`, `trainer` | | a Gluon network; what updates its parameters | 04 |

# %% [markdown] slideshow={"slide_type": "skip"}
# ## The shapes, checked

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

npx.set_np()
n, d, q = 4, 3, 2
X, w, W, b = np.ones((n, d)), np.ones(d), np.ones((d, q)), np.zeros(q)
print("Xw:", np.dot(X, w).shape, " XW + b:", (np.dot(X, W) + b).shape)
w.attach_grad()
with autograd.record():
    loss = ((np.dot(X, w) - 1) ** 2).mean()
loss.backward()
print("loss:", loss.shape, " gradient:", w.grad.shape)
layer = nn.Dense(q)
layer.initialize()
print("layer(X):", layer(X).shape)
print("its weight:", layer.weight.shape, " its bias:", layer.bias.shape)
