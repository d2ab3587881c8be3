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
# - **1×1 convolution**: a dense layer applied to the channels of each pixel by itself. [10](10-convolutions.ipynb)
# - **Accuracy**: the share of examples for which the predicted class is the true one. [06](06-softmax-regression.ipynb)
# - **Activation function**: what is applied to each sum of a layer, such as ReLU; without it layers collapse into one.
#   [07](07-mlp.ipynb)
# - **AlexNet**: the network of eight layers that won the ImageNet contest of 2012. [13](13-alexnet.ipynb)
# - **Argmax**: the place of the largest entry; turns scores into a class. [06](06-softmax-regression.ipynb)
# - **Arithmetic intensity**: operations for each byte moved; low means that memory limits the speed. [09](09-gpu.ipynb)
# - **Array**: numbers in a grid with any number of axes; everything in this course is one. [01](01-ndarray.ipynb)
# - **Asynchronous**: Python goes on before a result is computed; reading it waits. [01](01-ndarray.ipynb)
# - **Augmentation**: changing training images in ways that keep the label, such as crops and flips.
#   [13](13-alexnet.ipynb)
# - **Autograd**: records a calculation, then goes back through it and multiplies derivatives. [03](03-autograd.ipynb)
# - **Axis**: a direction of an array; a matrix has two, a batch of images four. [01](01-ndarray.ipynb)
# - **Backpropagation**: computing all gradients in one pass from the loss back to the inputs. [03](03-autograd.ipynb)
# - **Barrier**: a point at which the program waits for all results, such as `wait_to_read`. [01](01-ndarray.ipynb)
# - **Batch**: examples that go through the network together; see minibatch. [04](04-linear-regression.ipynb)
# - **Batch normalization**: gives each feature mean 0 and deviation 1 within a batch, then a learned scale and shift.
#   [16](16-batchnorm.ipynb)
# - **Bias**: the number added to a weighted sum; one for each output. [04](04-linear-regression.ipynb)
# - **Block**: a few layers that a network repeats, such as VGG's or Inception's. [14](14-vgg.ipynb)
# - **Bottleneck**: a 1×1 convolution that makes channels few before a costly layer. [15](15-inception.ipynb)
# - **Broadcasting**: stretching axes of length 1 so that two shapes fit. [01](01-ndarray.ipynb)
# - **Chain rule**: the derivative of nested functions is the product of their derivatives. [03](03-autograd.ipynb)
# - **Channel**: one plane of an image or of a feature map, such as red. [01](01-ndarray.ipynb)
# - **Channel shuffle**: reordering channels so that groups meet in the next layer. [18](18-modern-blocks.ipynb)
# - **Classification**: predicting one of several classes. [06](06-softmax-regression.ipynb)
# - **Closed form**: a formula that gives the best weights in one go, without steps. [04](04-linear-regression.ipynb)
# - **Compute graph**: the steps of a calculation as nodes, with arrows from inputs to outputs. [03](03-autograd.ipynb)
# - **Confusion matrix**: counts of examples by true class and predicted class. [06](06-softmax-regression.ipynb)
# - **Context**: MXNet's word for a device that holds arrays and computes: `npx.cpu()`, `npx.gpu(0)`. [09](09-gpu.ipynb)
# - **Convolution**: the same small kernel applied at every place of an image. [10](10-convolutions.ipynb)
# - **Cross-correlation**: multiply what lies in a window by a kernel, add up, move on; what a convolution layer
#   computes. [10](10-convolutions.ipynb)
# - **Cross-entropy**: minus the logarithm of the probability given to the true class. [06](06-softmax-regression.ipynb)
# - **Data parallelism**: each device takes a part of the batch, and the gradients are added up. [09](09-gpu.ipynb)
# - **Decision region**: the part of the input space in which one class is predicted. [07](07-mlp.ipynb)
# - **Deferred initialization**: a layer's weights are made when the first batch shows how many inputs there are.
#   [07](07-mlp.ipynb)
# - **Degradation**: a deeper network that is worse on the very data it trains on. [17](17-resnet.ipynb)
# - **Dense layer**: every output is joined to every input by a weight. [04](04-linear-regression.ipynb)
# - **DenseNet**: a network in which each layer reads the outputs of all before it, side by side.
#   [18](18-modern-blocks.ipynb)
# - **Depthwise convolution**: one kernel for each channel, without mixing channels. [18](18-modern-blocks.ipynb)
# - **Dot product**: the sum of the products of two vectors' entries. [02](02-linear-algebra.ipynb)
# - **Dropout**: silencing random units in training, so that no unit relies on another. [13](13-alexnet.ipynb)
# - **Eigenvector**: a vector whose direction a matrix keeps; it is stretched by the eigenvalue.
#   [02](02-linear-algebra.ipynb)
# - **Engine**: the part of MXNet that computes what Python has ordered, in the background. [09](09-gpu.ipynb)
# - **Epoch**: one pass over all training examples. [04](04-linear-regression.ipynb)
# - **Feature**: one number that describes an example, such as the cores of a server. [04](04-linear-regression.ipynb)
# - **Feature map**: one output channel: a picture of where a pattern is. [12](12-lenet.ipynb)
# - **Global pooling**: pooling with a window as large as the map: one number is left of each channel.
#   [11](11-pooling.ipynb)
# - **Gluon**: MXNet's layers, losses and trainer. [04](04-linear-regression.ipynb)
# - **GoogLeNet**: the network of nine Inception blocks that won the ImageNet contest of 2014. [15](15-inception.ipynb)
# - **Gradient**: the derivatives by all inputs; it points where the function grows fastest. [03](03-autograd.ipynb)
# - **Gradient descent**: stepping against the gradient again and again. [05](05-optimization.ipynb)
# - **Grouped convolution**: channels cut into groups that do not see each other; fewer weights.
#   [18](18-modern-blocks.ipynb)
# - **Head gradient**: what `backward` starts with, when the end is not a single number. [03](03-autograd.ipynb)
# - **Hidden layer**: a layer between inputs and outputs. [07](07-mlp.ipynb)
# - **Hyper-parameter**: a number that we choose and training does not change, such as the width. [07](07-mlp.ipynb)
# - **ImageNet**: 1.28 million labeled photographs of 1,000 kinds of things, and the contest on them.
#   [13](13-alexnet.ipynb)
# - **Inception block**: four paths with windows of different sizes, concatenated along the channels.
#   [15](15-inception.ipynb)
# - **Initialization**: the numbers with which the weights begin; random, so that units become different.
#   [07](07-mlp.ipynb)
# - **Jacobian**: the matrix of all derivatives of a vector by a vector, a row for each output. [03](03-autograd.ipynb)
# - **Kernel**: the process that runs a notebook's cells; also the small matrix of a convolution. [00](00-welcome.ipynb)
# - **Label**: the right answer of an example. [04](04-linear-regression.ipynb)
# - **Learning rate**: the factor between gradient and step. [05](05-optimization.ipynb)
# - **LeNet**: a convolutional network of 1998 that reads digits. [12](12-lenet.ipynb)
# - **Linear map**: what a matrix does to vectors; straight lines stay straight. [02](02-linear-algebra.ipynb)
# - **Linear regression**: predicting a number by a weighted sum. [04](04-linear-regression.ipynb)
# - **Locality**: the principle that only nearby pixels count for an output. [10](10-convolutions.ipynb)
# - **Log-sum-exp trick**: subtracting the largest score before `exp`, against overflow.
#   [06](06-softmax-regression.ipynb)
# - **Loss**: a number that says how wrong predictions are; training makes it small. [04](04-linear-regression.ipynb)
# - **Minibatch**: a few examples, from which a gradient is estimated. [05](05-optimization.ipynb)
# - **MLP**: multilayer perceptron, dense layers with activation functions in between. [07](07-mlp.ipynb)
# - **Momentum**: keeping a part of the last step, which cancels zigzags. [05](05-optimization.ipynb)
# - **MXNet**: the library under this course; its `np` is NumPy's interface with gradients. [00](00-welcome.ipynb)
# - **NiN**: network in network: 1×1 convolutions and a mean instead of large dense layers. [14](14-vgg.ipynb)
# - **Norm**: a length, of a vector or a matrix. [02](02-linear-algebra.ipynb)
# - **One-hot**: a class as a vector with a single 1 at its place. [04](04-linear-regression.ipynb)
# - **Orthogonal**: at right angles, with dot product 0; of a matrix, that it keeps lengths.
#   [02](02-linear-algebra.ipynb)
# - **Overfitting**: learning what holds for the training examples only; the test accuracy stays below the training
#   accuracy. [07](07-mlp.ipynb)
# - **Padding**: zeros around an image, so that a convolution does not make it smaller. [10](10-convolutions.ipynb)
# - **Parameter**: a number that training changes: a weight or a bias. [04](04-linear-regression.ipynb)
# - **Pooling**: keeping the largest or the mean value of each small window. [11](11-pooling.ipynb)
# - **Positive definite**: of a symmetric matrix, that all eigenvalues are positive; a bowl.
#   [02](02-linear-algebra.ipynb)
# - **Receptive field**: the part of the image that one output can see. [14](14-vgg.ipynb)
# - **Regression**: predicting a number. [04](04-linear-regression.ipynb)
# - **ReLU**: max(x, 0); the usual activation function. [07](07-mlp.ipynb)
# - **Residual block**: adds its input to what its layers compute, x + g(x). [17](17-resnet.ipynb)
# - **ResNet**: a network of residual blocks, up to 152 layers deep in 2015. [17](17-resnet.ipynb)
# - **Running average**: a mean that forgets slowly; batch normalization predicts with it. [16](16-batchnorm.ipynb)
# - **Seed**: the number from which random numbers start, so that a run can be repeated. [01](01-ndarray.ipynb)
# - **Separable convolution**: a depthwise convolution, then a 1×1 convolution. [18](18-modern-blocks.ipynb)
# - **SGD**: stochastic gradient descent, with gradients from a few examples at a time. [05](05-optimization.ipynb)
# - **Shape**: the lengths of an array's axes. [01](01-ndarray.ipynb)
# - **Sigmoid**: an S-shaped activation function, from 0 to 1. [07](07-mlp.ipynb)
# - **Skip connection**: the way on which an array passes layers by. [17](17-resnet.ipynb)
# - **Softmax**: turns scores into probabilities that add up to 1. [06](06-softmax-regression.ipynb)
# - **Squeeze-and-excite**: weighs each channel by a number computed from all of them. [18](18-modern-blocks.ipynb)
# - **Stride**: how many places a kernel or a pooling window moves at a time. [10](10-convolutions.ipynb)
# - **Subderivative**: the slope of a line that touches a kink and never rises above the curve. [03](03-autograd.ipynb)
# - **Test data**: examples that were not trained on, to judge the model. [04](04-linear-regression.ipynb)
# - **Trainer**: what updates a Gluon network's parameters. [04](04-linear-regression.ipynb)
# - **Translation invariance**: the principle that a pattern means the same wherever it is. [10](10-convolutions.ipynb)
# - **Unit**: one neuron: a weighted sum, a bias, an activation function. [07](07-mlp.ipynb)
# - **Vanishing gradient**: a gradient that gets smaller by a factor at each layer on its way back.
#   [13](13-alexnet.ipynb)
# - **VGG**: a family of networks of 2014, from blocks of 3×3 convolutions. [14](14-vgg.ipynb)
# - **Weight**: the factor on a connection; what is learned. [04](04-linear-regression.ipynb)
# - **XOR**: one or the other but not both; the smallest problem that no line solves. [07](07-mlp.ipynb)
