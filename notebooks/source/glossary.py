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
# - **Accuracy**: the share of examples for which the predicted class is the true one. [00](00-welcome.ipynb)
# - **Activation function**: the nonlinear function applied to each sum of a layer, such as ReLU; without it, layers
#   collapse into one. [07](07-mlp.ipynb)
# - **Adam**: an optimizer that gives each weight its own step size, from running means of its gradient and of the
#   gradient's square. [05](05-optimization.ipynb)
# - **AlexNet**: the network of eight layers that won the ImageNet contest of 2012. [13](13-alexnet.ipynb)
# - **Argmax**: the position of the largest entry; turns scores into a class. [00](00-welcome.ipynb)
# - **Arithmetic intensity**: operations for each byte moved; low means that memory limits the speed. [09](09-gpu.ipynb)
# - **Array**: numbers in a grid with any number of axes; everything in this course is one. [01](01-ndarray.ipynb)
# - **Asynchronous**: Python goes on before a result is computed; reading it waits. [01](01-ndarray.ipynb)
# - **Augmentation**: changing training images in ways that keep the label, such as shifts and mirror images.
#   [08](08-generalization.ipynb)
# - **Autograd**: records a calculation, then goes back through it and multiplies derivatives. [03](03-autograd.ipynb)
# - **Axis**: a direction of an array; a matrix has two, a batch of images four. [01](01-ndarray.ipynb)
# - **Backpropagation**: computing all gradients in one pass from the loss back to the inputs. [03](03-autograd.ipynb)
# - **Barrier**: a point at which the program waits for all results, such as `wait_to_read`. [01](01-ndarray.ipynb)
# - **Baseline**: a prediction that uses no features, such as the mean; a model has to beat it.
#   [04](04-linear-regression.ipynb)
# - **Batch**: examples that go through the network together; see minibatch. [04](04-linear-regression.ipynb)
# - **Batch normalization**: gives each feature a mean and a deviation that are learned, by standardizing it within the
#   minibatch first. [16](16-batchnorm.ipynb)
# - **Bias**: the number added to a weighted sum; one for each output. [04](04-linear-regression.ipynb)
# - **Block**: a small network with a few numbers to set, from which large networks are assembled, such as VGG's.
#   [14](14-vgg.ipynb)
# - **Body**: all layers of a network before its head; they turn an image into features. [19](19-fine-tuning.ipynb)
# - **Bottleneck**: a 1×1 convolution that makes channels few before a costly layer. [15](15-inception.ipynb)
# - **Broadcasting**: stretching axes of length 1 so that two shapes fit. [01](01-ndarray.ipynb)
# - **Calibrated**: among answers given with probability p, the share p is right. [06](06-softmax-regression.ipynb)
# - **Capacity**: how flexible a model is; roughly, how many different functions it can become.
#   [08](08-generalization.ipynb)
# - **Chain rule**: the derivative of nested functions is the product of their derivatives. [03](03-autograd.ipynb)
# - **Channel**: one plane of an image or of a feature map, such as red. [01](01-ndarray.ipynb)
# - **Channel shuffle**: reordering channels so that groups meet in the next layer. [18](18-modern-blocks.ipynb)
# - **Class activation map**: where in a picture a network sees a class: the map that is averaged into the score of the
#   class. [14](14-vgg.ipynb)
# - **Classification**: predicting one of several classes. [06](06-softmax-regression.ipynb)
# - **Closed form**: a formula that gives the best weights in one go, without steps. [04](04-linear-regression.ipynb)
# - **Compute graph**: the steps of a calculation as nodes, with arrows from inputs to outputs. [03](03-autograd.ipynb)
# - **Confidence interval**: where the true accuracy probably is: the measured one ± 2√(p(1−p)/n), for about 95 %.
#   [08](08-generalization.ipynb)
# - **Confusion matrix**: counts of examples by true class (row) and predicted class (column).
#   [06](06-softmax-regression.ipynb)
# - **Context**: MXNet's word for a device that holds arrays and computes: `npx.cpu()`, `npx.gpu(0)`. [09](09-gpu.ipynb)
# - **Contour**: a curve along which a function of two variables has the same value. [05](05-optimization.ipynb)
# - **Convex**: of a function, that no chord of its graph runs below the graph; where its gradient is zero, it is
#   smallest. [04](04-linear-regression.ipynb)
# - **Convolution**: the same small kernel applied at every position of an image. [10](10-convolutions.ipynb)
# - **Cross-correlation**: multiply what lies in a window by a kernel, add up, move on; what a convolution layer
#   computes. [10](10-convolutions.ipynb)
# - **Cross-entropy**: minus the logarithm of the probability given to the true class. [06](06-softmax-regression.ipynb)
# - **Cross-validation**: training k times, each time validating on another one of k parts (*folds*) of the data.
#   [07](07-mlp.ipynb)
# - **Curvature**: the second derivative in a direction; the largest one limits the learning rate.
#   [05](05-optimization.ipynb)
# - **Data parallelism**: each device takes a part of the batch, and the gradients are added up. [09](09-gpu.ipynb)
# - **Decision region**: all inputs that a model assigns to the same class. [07](07-mlp.ipynb)
# - **Deferred initialization**: a layer's weights are made when the first batch shows how many inputs there are.
#   [07](07-mlp.ipynb)
# - **Degradation**: a deeper network that is worse on the very data it trains on. [17](17-resnet.ipynb)
# - **Dense layer**: every output is connected to every input by a weight. [04](04-linear-regression.ipynb)
# - **DenseNet**: a network in which each layer reads the outputs of all before it, side by side.
#   [18](18-modern-blocks.ipynb)
# - **Depth**: the number of layers of a network. [07](07-mlp.ipynb)
# - **Depthwise convolution**: one kernel for each channel, without mixing channels. [18](18-modern-blocks.ipynb)
# - **Depthwise separable**: said of a convolution in two layers: a depthwise convolution, then a 1×1 convolution.
#   [18](18-modern-blocks.ipynb)
# - **Difference quotient**: the change of the output divided by a small change of the input; it measures a derivative.
#   [03](03-autograd.ipynb)
# - **Distribution shift**: new data come from another source than the training data, so that accuracy drops.
#   [08](08-generalization.ipynb)
# - **Dot product**: the sum of the products of two vectors' entries. [02](02-linear-algebra.ipynb)
# - **Double descent**: a validation error that falls a second time once a model has more parameters than an exact fit
#   needs. [08](08-generalization.ipynb)
# - **Dropout**: setting random hidden units to zero during training, so that no unit relies on another.
#   [08](08-generalization.ipynb)
# - **Dual number**: a value together with its slope; computing with dual numbers is forward mode.
#   [03](03-autograd.ipynb)
# - **Early stopping**: keeping the weights of the epoch with the smallest validation loss.
#   [08](08-generalization.ipynb)
# - **Eigenvalue**: the factor by which a matrix stretches an eigenvector. [02](02-linear-algebra.ipynb)
# - **Eigenvector**: a vector whose direction a matrix keeps; it is stretched by the eigenvalue.
#   [02](02-linear-algebra.ipynb)
# - **Engine**: the part of MXNet that computes in the background what Python has queued. [09](09-gpu.ipynb)
# - **Epoch**: one pass over all training examples. [00](00-welcome.ipynb)
# - **Equivariance**: if the input moves, the output moves in the same way; convolutions have it.
#   [10](10-convolutions.ipynb)
# - **Extrapolation**: predicting outside the range of the training data. [04](04-linear-regression.ipynb)
# - **Fashion-MNIST**: 28×28 gray images of ten kinds of clothes, a harder replacement for MNIST. [12](12-lenet.ipynb)
# - **Feature**: one number that describes an example, such as the cores of a server. [04](04-linear-regression.ipynb)
# - **Feature map**: an image that says where and how strongly a pattern occurs; what one output channel computes.
#   [10](10-convolutions.ipynb)
# - **Fine-tuning**: going on with the training of a pretrained network on new data, usually at a small rate.
#   [19](19-fine-tuning.ipynb)
# - **FLOP**: a floating-point operation; a multiplication with its addition is 2 FLOP. [01](01-ndarray.ipynb)
# - **Forward mode**: differentiating from the inputs to the outputs; one pass for each input. [03](03-autograd.ipynb)
# - **Freezing**: keeping parameters as they are while others learn; for batch norm, the running statistics as well.
#   [19](19-fine-tuning.ipynb)
# - **Full rank**: of a matrix, that its rank is the smaller of its numbers of rows and columns.
#   [02](02-linear-algebra.ipynb)
# - **Generalization error**: the mean loss on new examples from the same source; held-out data estimate it.
#   [08](08-generalization.ipynb)
# - **Generalization gap**: the difference between the loss (or accuracy) on new examples and on the training examples.
#   [07](07-mlp.ipynb)
# - **Global average pooling**: the mean of each map, whatever its size. [14](14-vgg.ipynb)
# - **Global pooling**: pooling with a window as large as the map: one number is left of each channel.
#   [11](11-pooling.ipynb)
# - **Gluon**: MXNet's layers, losses and trainer. [04](04-linear-regression.ipynb)
# - **GoogLeNet**: the network of nine Inception blocks that won the ImageNet contest of 2014. [15](15-inception.ipynb)
# - **Gradient**: the derivatives with respect to all inputs; it points in the direction in which the function grows
#   fastest. [03](03-autograd.ipynb)
# - **Gradient descent**: stepping against the gradient again and again. [05](05-optimization.ipynb)
# - **Grouped convolution**: channels cut into groups that do not see each other; fewer weights.
#   [18](18-modern-blocks.ipynb)
# - **He initialization**: random weights with standard deviation √(2 / inputs), which keeps signals and gradients of
#   ReLU layers level. [13](13-alexnet.ipynb)
# - **Head**: the last layer, a linear classifier on the features; it is replaced for new classes.
#   [19](19-fine-tuning.ipynb)
# - **Head gradient**: what `backward` starts with, when the end is not a single number. [03](03-autograd.ipynb)
# - **Hidden layer**: a layer between inputs and outputs. [07](07-mlp.ipynb)
# - **Hyperparameter**: what is chosen before training rather than learned, such as the width or the learning rate.
#   [07](07-mlp.ipynb)
# - **Identity matrix**: the square matrix with ones on the diagonal and zeros elsewhere; it leaves vectors as they are.
#   [02](02-linear-algebra.ipynb)
# - **ImageNet**: 1.28 million labeled photographs of 1,000 kinds of things, and the contest on them.
#   [00](00-welcome.ipynb)
# - **Imputing**: filling in a plausible value for a missing one, such as the mean. [04](04-linear-regression.ipynb)
# - **Inception block**: four paths with windows of different sizes, concatenated along the channels.
#   [15](15-inception.ipynb)
# - **Inductive bias**: what a model assumes before it sees any data, such as that a pattern means the same at every
#   position. [10](10-convolutions.ipynb)
# - **Initialization**: the numbers with which the weights begin; random, so that units become different.
#   [07](07-mlp.ipynb)
# - **Internal covariate shift**: the distribution of a layer's inputs changes while the layers before it learn; batch
#   normalization was once explained by it. [16](16-batchnorm.ipynb)
# - **Invariance**: if the input moves, the output stays the same; a maximum over all positions has it.
#   [10](10-convolutions.ipynb)
# - **Inverse**: of a matrix, the matrix that undoes it. [02](02-linear-algebra.ipynb)
# - **Jacobian**: the matrix of all derivatives of a vector with respect to a vector, with a row for each output.
#   [03](03-autograd.ipynb)
# - **Kernel**: the process that runs a notebook's cells; also the small matrix of a convolution. [00](00-welcome.ipynb)
# - **Label**: the right answer of an example. [04](04-linear-regression.ipynb)
# - **Language model**: predicts the next letter or word of a text, again and again. [00](00-welcome.ipynb)
# - **Layer normalization**: standardizes each example by itself, over all its features. [16](16-batchnorm.ipynb)
# - **Leak**: information from validation or test data that gets into training, so that the measured accuracy is too
#   good. [08](08-generalization.ipynb)
# - **Learning rate**: the factor between gradient and step. [05](05-optimization.ipynb)
# - **Learning-rate schedule**: a rule that changes the learning rate during training, mostly downward.
#   [05](05-optimization.ipynb)
# - **LeNet**: two convolutions with pooling, then three dense layers; LeNet-5 read checks in the 1990s.
#   [12](12-lenet.ipynb)
# - **Linear combination**: a sum of multiples of vectors. [02](02-linear-algebra.ipynb)
# - **Linear map**: what a matrix does to vectors; straight lines stay straight. [02](02-linear-algebra.ipynb)
# - **Linear probe**: a linear classifier trained on the stored features of a frozen network. [19](19-fine-tuning.ipynb)
# - **Linear regression**: predicting a number by a weighted sum. [04](04-linear-regression.ipynb)
# - **Linearly independent**: of vectors, that none of them is a linear combination of the others.
#   [02](02-linear-algebra.ipynb)
# - **Locality**: the principle that only nearby pixels count for an output. [10](10-convolutions.ipynb)
# - **Log-sum-exp trick**: subtracting the largest score before `exp`, against overflow.
#   [06](06-softmax-regression.ipynb)
# - **Loss**: a number that says how wrong predictions are; training makes it small. [04](04-linear-regression.ipynb)
# - **McNemar's test**: compares two models on the same examples by those that exactly one of them gets right.
#   [08](08-generalization.ipynb)
# - **Minibatch**: a few examples, from which a gradient is estimated. [05](05-optimization.ipynb)
# - **MLP**: multilayer perceptron, dense layers with activation functions in between. [07](07-mlp.ipynb)
# - **MNIST**: images of handwritten digits, 28 × 28 pixels each, the classic first data set. [00](00-welcome.ipynb)
# - **Momentum**: adding a part of the last step to the next one. [05](05-optimization.ipynb)
# - **MXNet**: the library under this course; its `np` is NumPy's interface with gradients. [00](00-welcome.ipynb)
# - **Nearest neighbor**: the classifier that gives the answer of the closest known example.
#   [02](02-linear-algebra.ipynb)
# - **Negative log-likelihood**: minus the logarithm of the probability that a model gives to the labels.
#   [06](06-softmax-regression.ipynb)
# - **Neuron**: see unit. [07](07-mlp.ipynb)
# - **NiN**: network in network: 1×1 convolutions and a mean instead of large dense layers. [14](14-vgg.ipynb)
# - **Norm**: the length of a vector, or the size of a matrix. [02](02-linear-algebra.ipynb)
# - **Normal equations**: XᵀXw = Xᵀy; the weights with the smallest squared loss solve them.
#   [04](04-linear-regression.ipynb)
# - **Occlusion map**: for each position in an image, how the network's answer changes when a piece is covered there.
#   [12](12-lenet.ipynb)
# - **One-hot encoding**: a class as a vector with a single 1 at its position. [04](04-linear-regression.ipynb)
# - **Orthogonal**: at right angles, with dot product 0; of a matrix, that it keeps lengths.
#   [02](02-linear-algebra.ipynb)
# - **Overfitting**: further training, or more capacity, lowers the training loss but raises the loss on new examples; a
#   gap between the two alone is not overfitting. [08](08-generalization.ipynb)
# - **Padding**: zeros around an image, so that a convolution does not make it smaller; in formulas, p counts both
#   sides. [10](10-convolutions.ipynb)
# - **Parameter**: a number that training adjusts: a weight or a bias. [00](00-welcome.ipynb)
# - **Partial derivative**: the slope with respect to one of several inputs, while the others stay.
#   [03](03-autograd.ipynb)
# - **Patience**: for how many epochs early stopping waits for a smaller validation loss. [08](08-generalization.ipynb)
# - **Permutation matrix**: a matrix that only reorders the entries of a vector. [02](02-linear-algebra.ipynb)
# - **Pointwise convolution**: a 1×1 convolution; it mixes channels and sees no neighbors. [18](18-modern-blocks.ipynb)
# - **Pooling**: keeping the largest or the mean value of each small window. [11](11-pooling.ipynb)
# - **Positive definite**: of a symmetric matrix, that all eigenvalues are positive; its quadratic form is a bowl.
#   [02](02-linear-algebra.ipynb)
# - **Pre-activation**: batch norm and ReLU before each convolution, so that nothing is on the skip connection.
#   [17](17-resnet.ipynb)
# - **Pretrained**: adjusted by somebody else, on other and usually many more data. [00](00-welcome.ipynb)
# - **Rank**: of a matrix, the number of linearly independent columns, or rows. [02](02-linear-algebra.ipynb)
# - **Recall**: the share of the examples of a class that a classifier recognizes. [06](06-softmax-regression.ipynb)
# - **Receptive field**: the part of the image that one output can see. [12](12-lenet.ipynb)
# - **Redundancy**: that examples resemble each other, so that a few give roughly the gradient of all.
#   [05](05-optimization.ipynb)
# - **Regression**: predicting a number. [04](04-linear-regression.ipynb)
# - **ReLU**: max(x, 0); the usual activation function. [07](07-mlp.ipynb)
# - **Residual**: the true label minus the prediction. [04](04-linear-regression.ipynb)
# - **Residual block**: adds its input to what its layers compute, x + g(x). [17](17-resnet.ipynb)
# - **ResNet**: a network of residual blocks, up to 152 layers deep in 2015. [17](17-resnet.ipynb)
# - **Reverse mode**: differentiating from the output back to the inputs; one pass for each output, and what `backward`
#   does. [03](03-autograd.ipynb)
# - **Ridge regression**: linear regression with the penalty λ‖w‖² in its loss. [04](04-linear-regression.ipynb)
# - **RMSE**: the root of the mean square error; it has the unit of the label. [04](04-linear-regression.ipynb)
# - **Running average**: a mean that forgets slowly; batch normalization predicts with it. [16](16-batchnorm.ipynb)
# - **Saddle point**: a point where the gradient is zero, a minimum in some directions and a maximum in others.
#   [05](05-optimization.ipynb)
# - **Seed**: the number from which random numbers start, so that a run can be repeated. [01](01-ndarray.ipynb)
# - **SGD**: stochastic gradient descent, with gradients from a few examples at a time. [05](05-optimization.ipynb)
# - **Shape**: the lengths of an array's axes. [01](01-ndarray.ipynb)
# - **Sigmoid**: an S-shaped activation function, from 0 to 1. [07](07-mlp.ipynb)
# - **Singular value**: how much of each matrix of rank 1 the singular value decomposition takes.
#   [02](02-linear-algebra.ipynb)
# - **Singular value decomposition**: a matrix as a sum of matrices of rank 1, the most important first.
#   [02](02-linear-algebra.ipynb)
# - **Skip connection**: the path on which an array bypasses layers. [17](17-resnet.ipynb)
# - **Soft label**: probabilities over the classes as the label of one example, such as the votes of several people; a
#   one-hot label is the special case. [06](06-softmax-regression.ipynb)
# - **Softmax**: turns scores into probabilities that add up to 1. [06](06-softmax-regression.ipynb)
# - **Spectral norm**: of a matrix, the largest factor by which it lengthens a vector. [02](02-linear-algebra.ipynb)
# - **Squeeze-and-excite**: weighs each channel by a number computed from all of them. [18](18-modern-blocks.ipynb)
# - **Standard error**: the standard deviation of a measured mean, for an accuracy √(p(1−p)/n).
#   [08](08-generalization.ipynb)
# - **Standardize**: subtract the mean and divide by the standard deviation, both computed from the training data.
#   [08](08-generalization.ipynb)
# - **Stride**: how many positions a kernel or a pooling window moves at a time. [10](10-convolutions.ipynb)
# - **Subderivative**: the slope of a line that touches a convex function at a kink and never rises above it.
#   [03](03-autograd.ipynb)
# - **Tensor**: what other frameworks call an array. [01](01-ndarray.ipynb)
# - **Test set**: examples that are kept away from training and from all choices, and used once, to judge the final
#   model. [00](00-welcome.ipynb)
# - **Top-5 error**: the share of test images whose class is not among the five that score highest.
#   [13](13-alexnet.ipynb)
# - **Trainer**: what updates a Gluon network's parameters. [04](04-linear-regression.ipynb)
# - **Training set**: the examples that a model learns from. [00](00-welcome.ipynb)
# - **Transfer learning**: using what a network has learned from one task for another. [19](19-fine-tuning.ipynb)
# - **Translation invariance**: in the literature, often another name for weight sharing, or for equivariance or
#   invariance to shifts. [10](10-convolutions.ipynb)
# - **Transpose**: a matrix with rows and columns exchanged. [02](02-linear-algebra.ipynb)
# - **Underfitting**: the model is too stiff for the pattern, so both errors are large. [08](08-generalization.ipynb)
# - **Unit**: one neuron of a layer: a weighted sum, a bias, and an activation function. [07](07-mlp.ipynb)
# - **Universal approximation**: with enough units, one hidden layer approximates any continuous function on a bounded
#   region; training need not find the weights. [07](07-mlp.ipynb)
# - **Validation set**: examples that are not trained on, used to choose among models. [07](07-mlp.ipynb)
# - **Vanishing gradient**: a gradient that gets smaller by a factor at each layer on its way back. [07](07-mlp.ipynb)
# - **VGG**: a family of networks of 2014, from blocks of 3×3 convolutions. [14](14-vgg.ipynb)
# - **View**: an array that shares the memory of another one. [01](01-ndarray.ipynb)
# - **Warm-up**: the first updates of a schedule, in which the learning rate rises from zero.
#   [05](05-optimization.ipynb)
# - **Weight**: the factor on a connection; what is learned. [04](04-linear-regression.ipynb)
# - **Weight decay**: a penalty on large weights; each step also shrinks them by a small factor.
#   [08](08-generalization.ipynb)
# - **Weight sharing**: the same weights at every position, as in a convolution. [10](10-convolutions.ipynb)
# - **Width**: the number of units in a hidden layer. [07](07-mlp.ipynb)
# - **Xavier initialization**: random first weights whose spread is about one over the square root of the number of
#   units. [07](07-mlp.ipynb)
# - **XOR**: one or the other but not both; the smallest problem that no line solves. [07](07-mlp.ipynb)
