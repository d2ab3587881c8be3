# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "skip"}
# # Glossary
#
# The words of the course in a sentence or two. The number leads to the notebook that explains the word.

# %% [markdown] slideshow={"slide_type": "skip"}
# - **Accuracy**: the share of examples for which the predicted class is the true one. [06](06-softmax-regression.ipynb)
# - **Activation function**: what is applied to each sum of a layer, such as ReLU; without it layers collapse into one.
#   [07](07-mlp.ipynb)
# - **Argmax**: the place of the largest entry; turns scores into a class. [06](06-softmax-regression.ipynb)
# - **Array**: numbers in a grid with any number of axes; everything in this course is one. [01](01-ndarray.ipynb)
# - **Asynchronous**: Python goes on before a result is computed; reading it waits. [01](01-ndarray.ipynb)
# - **Autograd**: records a calculation, then goes back through it and multiplies derivatives. [03](03-autograd.ipynb)
# - **Axis**: a direction of an array; a matrix has two, a batch of images four. [01](01-ndarray.ipynb)
# - **Backpropagation**: computing all gradients in one pass from the loss back to the inputs. [03](03-autograd.ipynb)
# - **Barrier**: a point at which the program waits for all results, such as `wait_to_read`. [01](01-ndarray.ipynb)
# - **Batch**: examples that go through the network together; see minibatch. [04](04-linear-regression.ipynb)
# - **Bias**: the number added to a weighted sum; one for each output. [04](04-linear-regression.ipynb)
# - **Broadcasting**: stretching axes of length 1 so that two shapes fit. [01](01-ndarray.ipynb)
# - **Chain rule**: the derivative of nested functions is the product of their derivatives. [03](03-autograd.ipynb)
# - **Channel**: one plane of an image or of a feature map, such as red. [01](01-ndarray.ipynb)
# - **Classification**: predicting one of several classes. [06](06-softmax-regression.ipynb)
# - **Closed form**: a formula that gives the best weights in one go, without steps. [04](04-linear-regression.ipynb)
# - **Compute graph**: the steps of a calculation as nodes, with arrows from inputs to outputs. [03](03-autograd.ipynb)
# - **Confusion matrix**: counts of examples by true class and predicted class. [06](06-softmax-regression.ipynb)
# - **Convolution**: the same small kernel applied at every place of an image. [11](11-lenet.ipynb)
# - **Cross-entropy**: minus the logarithm of the probability given to the true class. [06](06-softmax-regression.ipynb)
# - **Decision region**: the part of the input space in which one class is predicted. [07](07-mlp.ipynb)
# - **Deferred initialization**: a layer's weights are made when the first batch shows how many inputs there are.
#   [07](07-mlp.ipynb)
# - **Dense layer**: every output is joined to every input by a weight. [04](04-linear-regression.ipynb)
# - **Dot product**: the sum of the products of two vectors' entries. [02](02-linear-algebra.ipynb)
# - **Eigenvector**: a vector whose direction a matrix keeps; it is stretched by the eigenvalue.
#   [02](02-linear-algebra.ipynb)
# - **Epoch**: one pass over all training examples. [04](04-linear-regression.ipynb)
# - **Feature**: one number that describes an example, such as the cores of a server. [04](04-linear-regression.ipynb)
# - **Gluon**: MXNet's layers, losses and trainer. [04](04-linear-regression.ipynb)
# - **Gradient**: the derivatives by all inputs; it points where the function grows fastest. [03](03-autograd.ipynb)
# - **Gradient descent**: stepping against the gradient again and again. [05](05-optimization.ipynb)
# - **Head gradient**: what `backward` starts with, when the end is not a single number. [03](03-autograd.ipynb)
# - **Hidden layer**: a layer between inputs and outputs. [07](07-mlp.ipynb)
# - **Hyper-parameter**: a number that we choose and training does not change, such as the width. [07](07-mlp.ipynb)
# - **Initialization**: the numbers with which the weights begin; random, so that units become different.
#   [07](07-mlp.ipynb)
# - **Jacobian**: the matrix of all derivatives of a vector by a vector, a row for each output. [03](03-autograd.ipynb)
# - **Kernel**: the process that runs a notebook's cells; also the small matrix of a convolution.
#   [00](00-welcome.ipynb)
# - **Label**: the right answer of an example. [04](04-linear-regression.ipynb)
# - **Learning rate**: the factor between gradient and step. [05](05-optimization.ipynb)
# - **LeNet**: a convolutional network of 1998 that reads digits. [11](11-lenet.ipynb)
# - **Linear map**: what a matrix does to vectors; straight lines stay straight. [02](02-linear-algebra.ipynb)
# - **Linear regression**: predicting a number by a weighted sum. [04](04-linear-regression.ipynb)
# - **Log-sum-exp trick**: subtracting the largest score before `exp`, against overflow.
#   [06](06-softmax-regression.ipynb)
# - **Loss**: a number that says how wrong predictions are; training makes it small. [04](04-linear-regression.ipynb)
# - **Minibatch**: a few examples, from which a gradient is estimated. [05](05-optimization.ipynb)
# - **MLP**: multilayer perceptron, dense layers with activation functions in between. [07](07-mlp.ipynb)
# - **Momentum**: keeping a part of the last step, which cancels zigzags. [05](05-optimization.ipynb)
# - **MXNet**: the library under this course; its `np` is NumPy's interface with gradients. [00](00-welcome.ipynb)
# - **Norm**: a length, of a vector or a matrix. [02](02-linear-algebra.ipynb)
# - **One-hot**: a class as a vector with a single 1 at its place. [04](04-linear-regression.ipynb)
# - **Orthogonal**: at right angles, with dot product 0; of a matrix, that it keeps lengths.
#   [02](02-linear-algebra.ipynb)
# - **Overfitting**: learning what holds for the training examples only; the test accuracy stays below the training
#   accuracy. [07](07-mlp.ipynb)
# - **Padding**: zeros around an image, so that a convolution does not make it smaller. [11](11-lenet.ipynb)
# - **Parameter**: a number that training changes: a weight or a bias. [04](04-linear-regression.ipynb)
# - **Pooling**: keeping the largest or the mean value of each small window. [11](11-lenet.ipynb)
# - **Positive definite**: of a symmetric matrix, that all eigenvalues are positive; a bowl.
#   [02](02-linear-algebra.ipynb)
# - **Regression**: predicting a number. [04](04-linear-regression.ipynb)
# - **ReLU**: max(x, 0); the usual activation function. [07](07-mlp.ipynb)
# - **Seed**: the number from which random numbers start, so that a run can be repeated. [01](01-ndarray.ipynb)
# - **SGD**: stochastic gradient descent, with gradients from a few examples at a time. [05](05-optimization.ipynb)
# - **Shape**: the lengths of an array's axes. [01](01-ndarray.ipynb)
# - **Sigmoid**: an S-shaped activation function, from 0 to 1. [07](07-mlp.ipynb)
# - **Softmax**: turns scores into probabilities that add up to 1. [06](06-softmax-regression.ipynb)
# - **Stride**: how many places a kernel or a pooling window moves at a time. [11](11-lenet.ipynb)
# - **Subderivative**: the slope of a line that touches a kink and never rises above the curve. [03](03-autograd.ipynb)
# - **Test data**: examples that were not trained on, to judge the model. [04](04-linear-regression.ipynb)
# - **Trainer**: what updates a Gluon network's parameters. [04](04-linear-regression.ipynb)
# - **Unit**: one neuron: a weighted sum, a bias, an activation function. [07](07-mlp.ipynb)
# - **Weight**: the factor on a connection; what is learned. [04](04-linear-regression.ipynb)
# - **XOR**: one or the other but not both; the smallest problem that no line solves. [07](07-mlp.ipynb)
