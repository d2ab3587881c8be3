# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "skip"}
# # Quiz: the basics
#
# Fifteen questions on notebooks 00 to 08, all about one thing: how do you know that a model will work on data it has
# not seen? Answer each in a sentence or two, on paper, before you unfold the answer, and count a point only if your
# *reason* was right as well. With 13 points or more, you are ready for [09 · GPUs](09-gpu.ipynb). With 9 to 12, reread
# the sections to which the answers that you missed link. With 8 or fewer, reread
# [04 · Linear regression](04-linear-regression.ipynb), [07 · Multilayer perceptron](07-mlp.ipynb), and above all
# [08 · Generalization](08-generalization.ipynb), and try again tomorrow. The questions are in the order of the
# notebooks, and several of them need two.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 1. A better memory
#
# A program guesses the next letter of a book from the letters before it. It has read the first nine tenths.
#
# | memory | right on pages that it has read | right on pages that it has not read |
# |---|---|---|
# | 5 letters | 72% | 60% |
# | 10 letters | 92% | 60% |
#
# A friend says: "Ten letters are clearly better. They add twenty points on one half of the test and cost nothing on
# the other." Which memory would you choose, and how many letters in ten would you promise to a reader?
#
# <details><summary>Answer</summary>
#
# Choose five letters, and promise six letters in ten. The two columns are not two halves of a test, because only the
# right one tests anything. What a longer memory gains on pages that the program has read is copying: ten letters in a
# row occur so rarely that the list holds a single follower, that of the book. On new pages the longer memory gains
# nothing, and it has to store much more. See
# [00, *Only text that it has not read shows what it has learned*](00-welcome.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 2. An accuracy that never moves
#
# A network learns to read the ten digits. Its loss on new images falls from 2.3 to 0.3, but the accuracy that you
# print after each epoch is 0.10, from the first epoch to the last. `predictions` has the shape (2000, 1), `labels` has
# the shape (2000,), and you compute `(predictions == labels).mean()`. Has the network learned nothing? What does your
# line compute?
#
# <details><summary>Answer</summary>
#
# The network has learned; the measurement is wrong. Aligned on the right, 1 meets 2,000 and 2,000 meets nothing, so
# both arrays are broadcast to (2000, 2000), and every prediction is compared with *every* label. About one label in
# ten is equal to any given prediction, so the mean is close to 0.1, however good the network is. No error is raised,
# and the number looks plausible. Check the shapes before you believe a number: with `predictions.reshape(-1)`, you get
# the mean of 2,000 comparisons. See [01, *Broadcasting stretches axes of length 1*](01-ndarray.ipynb), and the trap in
# [04, *The loss is the mean square of the errors*](04-linear-regression.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 3. Perfect on random labels
#
# You replace the labels of all 10,000 known digits by random ones, each of the ten digits with the same probability,
# and then give these digits and their new labels to the nearest neighbor classifier. How often does it return the
# stored label for a known digit, and how often is it right on new digits, whose labels are correct?
#
# <details><summary>Answer</summary>
#
# It is right on all known digits (unless two of them are exactly the same image), and on about one in ten of the new
# ones. The nearest neighbor of a known digit is the digit itself, at distance 0, so the classifier returns whatever
# label was stored with it, sense or nonsense. For a new digit it returns the label of a similar one, and a random
# label is right one time in ten. A perfect result on the training data is therefore compatible with having learned
# nothing at all. See [02, *One matrix product reads digits*](02-linear-algebra.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 4. Shuffled or shifted
#
# In notebook 02, all pixels of all images were shuffled in the same way, until nobody could read the digits any more,
# and the accuracy stayed at 0.92. In notebook 00, the test images were moved four pixels to the right, which one
# hardly notices, and the accuracy of the network fell from about nine in ten to fewer than three in ten. The two
# models are different ones, but that is not the reason. What is?
#
# <details><summary>Answer</summary>
#
# The shuffle was applied to the known *and* to the new images, the shift to the new ones *only*. If both are shuffled
# in the same way, each pixel still means the same in both, and all distances and dot products are what they were. So
# the data are unlike any digits that you know, but the new data are like the training data, and that is all that
# counts. After the shift, the new data are no longer like the training data: the ink arrives at other weights. The
# shift by `np.roll` is itself a permutation of the pixels, and if you moved the training images as well, it would be
# just as harmless. See [02, *Shuffling all pixels changes nothing*](02-linear-algebra.ipynb), and
# [00, *Four pixels to the right, and it fails*](00-welcome.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 5. A rising error
#
# A line is fitted to light cars by gradient descent. Their error falls in each of the first 100 steps, and is 5.3
# miles per gallon in the end. The error on the heavy cars, which were not used, is 3.6 at best on the way, and 8.6 in
# the end. What is the reason?
#
# - **A.** The learning rate is too large.
# - **B.** The descent has not arrived yet; more steps would bring both errors down.
# - **C.** The gradient answers a question about the light cars, and only about them.
# - **D.** Autograd has computed a wrong gradient for the heavy cars.
#
# <details><summary>Answer</summary>
#
# **C.** The heavy cars appear nowhere in the loss, so its gradient cannot know about them. With a rate that is too
# large, the error on the *light* cars would jump or grow (A). More steps bring the line closer to the best one for the
# light cars, and that is the line that is so bad for the heavy ones (B). No gradient was ever computed for the heavy
# cars (D). Stopping at the step where they happened to be predicted with an error of 3.6 would not be an honest way
# out either: then you would have chosen the step with their help, and they would not be unseen any more. See
# [03, *On the cars that we kept out, the error falls and rises*](03-autograd.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 6. Two sets of weights
#
# Two students predict the mileage of cars with the same features, among them one column for each of the three origins
# and a column of ones. Their weights for all other features agree. For these four columns, they have found:
#
# | | Europe | Japan | USA | ones |
# |---|---|---|---|---|
# | first student | 21 | 22 | 19 | 0 |
# | second student | 1 | 2 | −1 | 20 |
#
# One says that an American car gets 19 miles more, the other that it gets 1 mile less. Who is right, and whose model
# will do better on new cars?
#
# <details><summary>Answer</summary>
#
# The two models are the same: both add 21 for Europe, 22 for Japan, and 19 for the USA, so they make the same
# prediction for every car, seen or unseen. In each row the three origin columns add up to 1, which is the column of
# ones. The columns are dependent, so you can move any amount from the origins to the ones without changing a
# prediction, and no data can decide between the two. What the data do determine is the differences: all else being
# equal, the prediction for an American car is 2 miles per gallon below that for a European one. Judge models by their
# predictions, and don't read a single weight as an explanation. See
# [04, *With one column too many, the formula fails*](04-linear-regression.ipynb), and
# [02, *The rank counts the directions that survive*](02-linear-algebra.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 7. When is a difference a difference?
#
# In notebook 04, a linear model was off by 3.2 miles per gallon on 98 held-out cars. A classmate splits the cars anew,
# builds another model, and is off by 3.4 on hers. Is your model better? In notebook 07, the error of linear regression
# was between 2.7 and 4.0, depending on the fold, and yet we concluded that an MLP is better, although its mean error
# was only 0.7 lower. How can the first difference mean nothing, and the second one something?
#
# <details><summary>Answer</summary>
#
# You can't tell whose model is better, because the two were tested on different cars. When the *same* kind of model is
# fitted and tested on 100 different splits, 90 of the errors lie anywhere between 2.9 and 3.8, so a difference of 0.2
# may be nothing but the luck of the split. In notebook 07, both models were tested on the same cars, fold by fold. A
# fold with unusual cars is hard for both, so that this luck cancels in the comparison, and the MLP was better in each
# of the five folds. How *good* a model is remains uncertain; *which of two* is better can be seen much more clearly if
# both answer the same questions. See [04, *Another split, another test error*](04-linear-regression.ipynb), and
# [07, *Held-out cars: the MLP finds the curvature by itself*](07-mlp.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 8. Four loss curves
#
# Four runs train a network to tell ten classes apart. This is the training loss after each epoch:
#
# | run | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | P | 2.30 | 2.30 | 2.29 | 2.29 | 2.28 |
# | Q | 2.85 | 6.80 | 41.0 | nan | nan |
# | R | 0.62 | 0.41 | 0.33 | 0.28 | 0.25 |
# | S | 0.70 | 0.52 | 0.50 | 0.50 | 0.50 |
#
# What would you change in each run? Which of them has converged to a minimum, and which will do best on new images?
#
# <details><summary>Answer</summary>
#
# P creeps: after five epochs, its loss is still close to $\log 10 \approx 2.30$, that of a guess. Its steps are far
# too short, so try a rate that is ten times as large, or look at the scale of the inputs. Q explodes: the steps are
# longer than 2 divided by the largest curvature, so try a tenth of the rate. R is healthy and not finished. S is
# level, and from the curve alone you cannot say why. It may be at a minimum, near a saddle point, or it may dance
# around a minimum because the gradients of its minibatches are noisy; a smaller rate would show whether it is the
# last. The final question cannot be answered, except that Q is out of the race: all of these are *training* losses, and
# a lower one is not yet a better model. See [05, *Too small creeps, too large explodes*](05-optimization.ipynb),
# [05, *At a saddle point the gradient is zero, but you have not arrived*](05-optimization.ipynb),
# [05, *Ten times less training loss: how much better is the model?*](05-optimization.ipynb), and
# [06, *The same pixels on another scale: learning stalls or explodes*](06-softmax-regression.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 9. How sure is sure?
#
# On the test set, a classifier of digits is too modest: where it gives its answer a probability of 0.8, it is right
# about nine times in ten. A post office wants to accept all answers with a probability of at least 0.8 without
# checking them. "If anything, it is better than it says." Their scanner places every digit four pixels further to the
# right than the images of the test set. What do you tell them?
#
# <details><summary>Answer</summary>
#
# That neither the accuracy nor the probabilities have been measured on digits like theirs. Being modest is not a
# property of the classifier alone; it was measured on centered digits. On digits that were moved by four pixels, the
# model of notebook 06 claimed 0.59 on average and was right only a quarter of the time, so from too modest it had
# become far too sure. Softmax compares the ten classes with each other and has no way to say that an image is unlike
# all others. The post office should collect digits from its own scanner and measure on those, or move the digits to
# where the training images had them. See
# [06, *A shift of a few pixels ruins it*](06-softmax-regression.ipynb), and
# [06, *Is a probability of 0.9 right nine times in ten?*](06-softmax-regression.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 10. Three layers, and still a line
#
# A network for XOR has three dense layers of 16, 16, and 2 units, without activation functions. From every start, it
# gets at most three of the four points right. Which *single* change can help?
#
# - **A.** More units in each layer, because two were too few for some starts.
# - **B.** ReLU after the first layer and after the second one.
# - **C.** tanh after the last layer only.
# - **D.** More random starts, or more epochs, because the descent is stuck on a plateau.
#
# <details><summary>Answer</summary>
#
# **B.** Without a function in between, the three layers are one linear map, and the difference of the two scores is a
# linear function $o$ of the inputs. For every such function, $o(0, 0) + o(1, 1) = o(0, 1) + o(1, 0)$, and XOR needs
# two negative numbers on the left and two positive ones on the right. No weights exist that solve the problem, so
# neither more units (A) nor a better search (D) can find them. A tanh after the last layer (C) comes too late: it is an
# increasing function, so the larger of the two scores stays the larger one, and no answer changes. A and D would be
# good advice for a network that *can* compute XOR, but did not learn it: with two hidden tanh units, only 6 of 10
# starts succeeded, and with eight all of them. See
# [07, *Without σ, two layers collapse into one*](07-mlp.ipynb),
# [07, *No line gets all four right, and here is why*](07-mlp.ipynb), and
# [02, *Matrix times matrix: one map after the other*](02-linear-algebra.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 11. Which width do you keep?
#
# Four networks, which differ only in the width of the hidden layer, were trained on the same data:
#
# | hidden units | training loss | validation loss |
# |---|---|---|
# | 4 | 1.20 | 1.24 |
# | 32 | 0.60 | 0.82 |
# | 256 | 0.25 | 0.74 |
# | 2,048 | 0.03 | 0.95 |
#
# "The first one generalizes best, because its two losses are almost equal. The second and the third one overfit." Do
# you agree? Which one do you keep, and is its validation loss the number that you report?
#
# <details><summary>Answer</summary>
#
# No. Keep the third one: its validation loss is the smallest, and a small gap is not what you want, but a small loss
# on unseen data. The first network has almost no gap because it is bad on both sets. It *underfits*. From 4 to 32 and
# from 32 to 256 units, both losses fall, so the growing gap is normal there. Only the step to 2,048 units is
# *overfitting*: the training loss falls further, and the validation loss rises. Don't report 0.74, because you have
# chosen the network for this number, so it is a little too good. Report the loss of the chosen network on a test set
# that had no part in the choice. See
# [08, *The training error cannot tell you when to stop*](08-generalization.ipynb),
# [07, *In Gluon: two layers, one call of `fit`*](07-mlp.ipynb), and
# [08, *Why you need three sets, not two*](08-generalization.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 12. Lost on the way to the test
#
# Of six networks, the one with the best validation accuracy was chosen. These are 2,000 validation images, drawn at
# random from MNIST's training images, and 2,000 of MNIST's test images:
#
# | network | validation accuracy | test accuracy |
# |---|---|---|
# | two hidden layers of 256 units (chosen) | 0.952 | 0.929 |
# | softmax regression (not chosen) | 0.906 | 0.875 |
#
# What explains *most* of the drop?
#
# - **A.** The best of six was chosen, so its validation accuracy was luck.
# - **B.** The chosen network is too large for 8,000 training images, and overfits.
# - **C.** Nothing needs to be explained: with 2,000 images, such a difference is chance.
# - **D.** The two sets differ in other ways than by chance.
#
# <details><summary>Answer</summary>
#
# **D.** Softmax regression is the control that tells the explanations apart. Nobody chose it, and with 7,850 parameters
# it is the smallest of the six models, and yet it loses more: 3.1 percentage points, compared with 2.3. So neither the
# choice (A) nor the size (B) can be the main reason. Chance (C) is too small: on 2,000 images, each of these accuracies
# is uncertain by 1 to 1.5 percentage points, and both models lose more than that. But the sets differ: the validation
# images are a random part of the training images, so they come from the same writers, while the test images come from
# other writers, and these 2,000 may be harder than the rest. These numbers cannot tell the two apart. Either way, a
# random split asks how well the network reads more digits *like those it has*. If the future brings strangers, split by
# writer. See [07, *On the test data, all three do worse than on validation data*](07-mlp.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 13. Worse than guessing?
#
# A network tells six classes of emoji apart:
#
# | | validation loss | validation accuracy |
# |---|---|---|
# | after epoch 2 | 1.53 | 0.46 |
# | after epoch 10 | 1.93 | 0.47 |
#
# Giving all six classes the same probability costs $\log 6 \approx 1.79$, and is right one time in six. So after epoch
# 10, the network's loss is *worse* than that of a guess, although it is right almost three times as often. Is one of
# the numbers wrong? Which epoch do you keep?
#
# <details><summary>Answer</summary>
#
# Both are right: they measure different things. Accuracy only counts right answers. The loss, $-\log p$ of the
# true class, also depends on how sure the network is, and being sure and wrong costs most. If the true class of an
# image gets a probability of 0.1 at first and 0.01 later, the answer is wrong both times, because some other class gets
# more. So the accuracy does not change, but the loss of this image rises from 2.3 to 4.6. That is what overfitting does
# here: the network becomes certain, also where it is wrong. Early stopping keeps epoch 2. The probabilities are more
# honest there, and the difference in accuracy is no more than luck on about 900 images. See
# [08, *An overfitted network is certain, even when it is wrong*](08-generalization.ipynb),
# [08, *Early stopping: keep the best epoch*](08-generalization.ipynb), and
# [06, *Cross-entropy measures the surprise*](06-softmax-regression.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 14. The best of a hundred
#
# There are two classes, equally frequent. A colleague has tried a hundred settings of a network, and the best one is
# right on 33 of 50 validation examples. "That is 0.66 ± 0.13. The interval does not contain 0.5, so we can be 95% sure
# that the network is better than a coin." On 10,000 fresh examples, it is right on half. Did your colleague use the
# wrong formula? And would a validation set of 200 examples have prevented this?
#
# <details><summary>Answer</summary>
#
# The formula is right for a model that was fixed *before* anyone looked at these examples. Here, the examples were
# used to choose. Of a hundred such intervals, about five miss the truth, and by taking the maximum your colleague
# picked one of these. A hundred coins do no worse: the best of them is right on 33 or more of 50 examples in about
# four of five attempts. Four times as many examples would have halved the interval, and with it the luck of the
# winner, but the best of many would still have been too good. What helps for certain is a third set, which is used
# once, for the winner, and a report that says how many settings were tried. See
# [08, *The best of a hundred coin tosses looks like a good model*](08-generalization.ipynb), and
# [08, *An accuracy is known only to ± 2√(p(1−p)/n)*](08-generalization.ipynb).
#
# </details>

# %% [markdown] slideshow={"slide_type": "skip"}
# ## 15. An audit
#
# A hospital has 1,000 X-ray images, five of each of 200 patients. A team wants to sell a classifier to *other*
# hospitals, and proceeds as follows:
#
# 1. Standardize all images with the mean and the standard deviation of the 1,000 images.
# 2. Shuffle the images, train on 800, and hold out 200.
# 3. Train 50 networks, and keep the one that is best on the 200 held-out images.
# 4. Report its accuracy on these 200 images, 0.90, with the interval for n = 200: 0.86 to 0.94.
#
# Find at least four mistakes, and say for each what to do instead. In which direction is 0.90 wrong?
#
# <details><summary>Answer</summary>
#
# - **The mean and the deviation** come from all images, so information about the held-out images leaks into training.
#   Split first, and compute both from the training images alone.
# - **The split is by image.** Almost every held-out image has a twin in the training set, another image of the same
#   patient, which the network only has to recognize. Split by patient.
# - **The same images choose and judge.** The best of 50 looks better than it is. Choose on a validation set, and use a
#   test set once, at the end.
# - **The interval** is for 200 independent images. Images of one patient tend to be right or wrong together, so count
#   patients. A test set of 200 images, split by patient, has only 40, and the interval for n = 40 is more than twice as
#   wide: ± 0.09 instead of ± 0.04.
# - **The question is another one.** The classifier will be used in other hospitals, with other machines and patients.
#   No split of this hospital's images can tell how well it does there. Test it on images from hospitals that had no
#   part in the training.
#
# The first three, and probably the fifth, make 0.90 too good. The fourth makes it look more certain than it is. If
# your list also has a baseline, which is missing, count it as well. See
# [08, *A recipe: choose without fooling yourself*](08-generalization.ipynb),
# [08, *The test set must resemble the real use*](08-generalization.ipynb), and
# [04, *A test error holds for data like the test data*](04-linear-regression.ipynb).
#
# </details>
