# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
# # 00 · Welcome
#
# What can a computer learn from examples, and how would you know that it has?
#
# *45 minutes · on the fast path*

# %% [markdown] slideshow={"slide_type": "skip"}
# Some problems are hard to solve by writing down rules. You recognize a cat at a glance, but try to tell a computer
# how: which pixels must have which values? Deep learning takes another way. You show the computer many examples, and
# it finds the rules itself, by adjusting millions of numbers until its answers fit the examples.
#
# That raises a question which will accompany you through the whole course: **how do I know that a model will work on
# data it has not seen?** Fitting the examples is not enough, since a program that simply stores them fits them
# perfectly. This notebook starts with results, so that you see what the question is about, and gives a first answer.
#
# You need no experience with machine learning, only a little Python. Nothing in the first half has to be understood
# in detail: run the cells, look, and play. If a cell fails, go to *Is everything there?* near the end of this
# notebook.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Ask before anything runs: what would you want a computer to learn from examples? Collect three
# answers; come back to them at *Three kinds of problems*.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you will learn
#
# - **Use** a network that recognizes photographs, yours as well.
# - **Build** a program that continues a text, and **measure** whether it has learned anything.
# - **Train** a network that reads your handwriting, and **find** its limits.
# - **Name** what deep learning does today, and **tell apart** three kinds of problems.
# - **Work** with notebooks, and **find** your way through the course.

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
import random
from collections import defaultdict
from statistics import mode

from mxnet import np, npx
from mxnet.gluon import nn

from d2lhelpers import (
    accuracy,
    check,
    draw_digit,
    fit,
    format_course,
    load_data,
    load_images,
    load_photos,
    load_pretrained,
    load_text,
    read_course,
    recognize,
    seed,
    show_images,
    upload_photo,
)
from d2lhelpers.figures import nb00_welcome as figures

npx.set_np()

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Results first
#
# What computers learn from photographs and from a book, and what they don't.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A network recognizes a photograph
#
# It has learned from 1.3 million photographs with names. Now it sees a new one.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
expert = load_pretrained()
photos = {photo.name: photo.image for photo in load_photos(size=224)}
figures.answers(photos["coffee"], recognize(expert, photos["coffee"]))

# %% [markdown] slideshow={"slide_type": "skip"}
# A *network* is a function with a great many adjustable numbers, its *parameters*. This one has 4.7 million. Google
# adjusted them on *ImageNet*, a collection of photographs that people had sorted into a thousand classes; the network
# is called EfficientNet-Lite0. Such a network is *pretrained*: somebody else has spent the computing time, and you
# may use the result. It is not certain of its answers. It gives each of the thousand classes a probability, and the
# bars show the five largest.
#
# Nobody told it what an espresso looks like. It has seen about a thousand photographs under that name, and here it
# gets one right that we picked. That looks impressive; whether it means anything is our question.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Keep it short, then let somebody upload a photo from their phone (next slide down).

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Now a photograph of your own
#
# In a live notebook, the first cell shows a button. Upload a picture, then run the second cell.

# %% slideshow={"slide_type": "-"}
photo = upload_photo()

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
for name, probability in recognize(expert, photo.image[0]):
    print(f"{probability:4.0%}  {name}")

# %% [markdown] slideshow={"slide_type": "skip"}
# Without a picture of yours, you see Chelsea, a cat. The network hesitates between three kinds of cats, and even
# experts might. Try your mug, your bicycle, your breakfast. Try yourself, too, but don't take the answer personally;
# the next section explains it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### It knows a thousand things, and must always name one
#
# Above each picture is the most probable answer. Which of the eight would you call wrong, and why?

# %% slideshow={"slide_type": "skip"}
images, labels = load_images(train=False, source="mnist")  # handwritten digits: 2,000 × 1 × 28 × 28
seven = images[0].repeat(3, axis=0).repeat(8, axis=1).repeat(8, axis=2)  # in color, 3 × 224 × 224
pictures = [*photos.values(), seven]

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
best_guesses = [recognize(expert, picture, top=1)[0] for picture in pictures]
figures.gallery(pictures, best_guesses)

# %% [markdown] slideshow={"slide_type": "skip"}
# Tripod, palace, and espresso are good answers. The dahlia becomes a *daisy*, because dahlias are not among the
# thousand classes, and a daisy comes closest. The rocket becomes a *missile* for the same reason. For the astronaut
# there is no class at all, because hardly any of ImageNet's classes are people, so the network has to guess. The
# handwritten seven is unlike anything that it has learned from.
#
# The network has no way to say "I don't know". It can only choose among the classes it was given, and the one warning
# is a low probability. Remember this when you read about a model's success: it holds for data *like those it was
# tested on*.
#
# **Question.** The network is right about the espresso. Does that one photograph prove that it recognizes coffee?
#
# <details><summary>Answer</summary>
#
# No. One success can be luck. To judge a model, we test it on many examples that it has not learned from, and count.
# Google did that with 50,000 other photographs of ImageNet, and [reports
# 75.1%](https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite): the network's first answer
# was right three times in four.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let them vote on each picture, and take your time for the astronaut and the seven.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A program reads a book, and completes words
#
# It only lists which letters have followed each piece of text, up to ten letters long.


# %% slideshow={"slide_type": "-"}
def read(text, memory):
    """List the letters that follow each piece of up to `memory` letters."""
    followers = defaultdict(list)
    for end in range(len(text)):
        for start in range(max(0, end - memory), end + 1):  # the last piece is ""
            followers[text[start:end]].append(text[end])
    return followers


alice = " ".join(load_text("alice").lower().split())
seen, unseen = alice[:128_000], alice[128_000:]  # it reads nine tenths of the book
followers = read(seen, memory=10)

# %% [markdown] slideshow={"slide_type": "skip"}
# The photographs took a large network. Learning from examples can be much simpler than that. Here the example is a
# book, Lewis Carroll's *Alice's Adventures in Wonderland*, in lower case. For every piece of text, such as `"rab"`,
# the program lists the letters that followed it, each time it occurred. Its *favorite* is the most frequent one,
# which is the mode of the list. (Spaces and punctuation count as letters here.)
#
# To complete a word, append the favorite of the last few letters, and repeat until the word ends. If these letters
# have never occurred in this order, look at fewer of them. In the worst case none is left, and the favorite is the
# most frequent letter of the whole book, because every letter follows the empty piece, `""`.

# %% slideshow={"slide_type": "skip"}
favorite = {piece: mode(letters) for piece, letters in followers.items()}


def known_end(text, memory):
    """Return the longest end of a text, of at most `memory` letters, that was read with something behind it."""
    end = text[max(0, len(text) - memory) :]
    while end not in followers:
        end = end[1:]
    return end


def complete(word, memory=4):
    """Append the favorite next letter until the word ends."""
    while len(word) < 30:
        letter = favorite[known_end(" " + word, memory)]
        if not letter.isalpha():
            break
        word += letter
    return word


# %% slideshow={"slide_type": "-"}
for word in ("rab", "cur", "impo", "wonderf", "compu"):
    print(f"{word:8} → {complete(word)}")

# %% [markdown] slideshow={"slide_type": "skip"}
# *Rabbit*, *curious*, *impossible*: these are words of the book, and the program knows them from a few letters. The
# keyboard of a phone can complete words in this way, with larger lists. But *wonderfectly* is not a word at all. Of
# *wonderf*, the last four letters, *derf*, never occur in what the program has read, so it looks at the last three,
# *erf*. They occur six times, four of them before an *e*, as in *perfectly*. Of *compu*, only *pu* is known. Its
# favorite is *t*, as in *put*, and after *put* the favorite is a space, so the word ends. Change the words and the
# memory!

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let the class shout beginnings of words, and predict the completions. Ask why *compu* fails.


# %% slideshow={"slide_type": "skip"}
def continue_text(text, length, memory):
    """Append letters that have followed the last ones, drawn at random, up to a length."""
    dice = random.Random(1)
    while len(text) < length:
        text += dice.choice(followers[known_end(text, memory)])
    return text


def longest_copy(text):
    """Return the length of the longest piece that occurs in the book, letter by letter."""
    longest = 0
    for start in range(len(text)):
        while start + longest < len(text) and text[start : start + longest + 1] in seen:
            longest += 1
    return longest


# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same lists write sentences
#
# Draw the next letter at random among the followers, append it, repeat. Which of the four texts is best?

# %% slideshow={"slide_type": "-"}
texts = {memory: continue_text("alice ", 140, memory) for memory in (1, 3, 5, 10)}
figures.samples({memory: (text, longest_copy(text)) for memory, text in texts.items()})

# %% [markdown] slideshow={"slide_type": "skip"}
# With a memory of one letter we get letter soup. Three letters suffice for syllables and short words, five for most
# words, and with ten we read real phrases. But look at the last column. The text with a memory of ten is good because
# long pieces of it are *copied*: ten letters in a row occur so rarely that the list usually holds a single follower,
# that of the book. Where it holds several, the text may jump to another page.
#
# None of the four texts is about anything. The program knows which letters stand next to each other, but not who Alice
# is, and it forgets everything beyond its memory. A *language model* such as those behind today's chatbots runs the
# same loop, predict, append, repeat. Instead of a list it has a network with billions of parameters, its memory
# reaches back over hundreds of pages, and it has read much of the internet. Whether it invents or copies is a serious
# question there, too.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let them vote for the best text before you point at the last column.


# %% slideshow={"slide_type": "skip"}
def share_right(text, memory):
    """Return how often the favorite after the preceding letters is indeed the next letter of a text."""
    right = 0
    for end in range(memory, len(text)):
        right += favorite[known_end(text[end - memory : end], memory)] == text[end]
    return right / (len(text) - memory)


# %% [markdown] slideshow={"slide_type": "slide"}
# ### Only text that it has not read shows what it has learned
#
# It has not read the last tenth of the book. How often does it guess the next letter there? Before you look, guess
# what a memory of ten letters brings, compared with one of five.

# %% slideshow={"slide_type": "-"}
memories = (1, 2, 3, 4, 5, 6, 8, 10)
on_seen = {memory: share_right(seen[-10_000:], memory) for memory in memories}
on_unseen = {memory: share_right(unseen[:10_000], memory) for memory in memories}
figures.memories(on_seen, on_unseen)

# %% [markdown] slideshow={"slide_type": "skip"}
# On the pages that it has read, the program gets better and better, until it guesses more than nine letters in ten.
# On new pages of the same book, it stops improving at a memory of about five: six letters in ten, whatever else it
# stores. Everything that the upper curve gains from there on is memorizing, not learning. If you had measured on the
# pages it knows, you would have chosen the largest memory, and you would have promised 92% and delivered 60%.
#
# This is the most important figure of this notebook. **A model that is perfect on its examples may have learned them
# by heart. What it has learned shows only in examples that it has not seen.** Therefore we split the data before we
# start: a *training set* to learn from, and a *test set* to judge the result. All the networks of this course are
# measured this way.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* The key slide. Take bets before you run the cell. Then say the sentence of the title.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One network, trained in a few seconds
#
# Now you train one yourself, and find out where it fails.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A few lines learn to read digits
#
# 10,000 handwritten digits to learn from, 2,000 others to test with.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
seed(0)
train_loader, test_loader = load_data(batch_size=64, source="mnist")
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
history = fit(net, train_loader, test_loader, num_epochs=8, lr=0.1)

# %% [markdown] slideshow={"slide_type": "skip"}
# *MNIST* is a collection of digits that employees and students in the United States wrote by hand around 1990. An
# image has 28 × 28 pixels. `Dense(256)` computes 256 intermediate numbers from these 784, and `Dense(10)` computes
# ten numbers from those, one for each digit; the largest is the answer. At first the network's parameters are random,
# and so are its answers. Then it goes through the training set eight times, each time an *epoch*. After every
# `batch_size` = 64 images, it adjusts all its parameters a little, so that its answers become less wrong; `lr` says
# how much.
#
# The left curves show the *loss*, a number that says how wrong the answers are; the right ones show the *accuracy*,
# the share of images that it gets right. In each pair, one curve is for the training set and one for the test set.
# You know from the book which one to trust: the test accuracy, about nine right in ten. The gap between the two is
# smaller than it was for the letters. (The training values are averages over an epoch in which the network still
# improves, so don't compare the two curves closely in the first epochs.)
#
# Everything in this cell gets a notebook of its own: the arrays (01), gradients, which say how to adjust (03), layers
# (04 and 07), the small steps (05), the loss (06), and the gap (08).

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Let it train in front of everybody and say nothing for ten seconds. Then ask which of the two
# accuracies counts.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Most digits that it has never seen are read correctly
#
# Above each test image is the network's answer. A cross marks a wrong one, with the true digit in brackets.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
answers = net(images).argmax(axis=1).astype("int32")
share = accuracy(net(images), labels)
print(f"{share:.0%} of {len(images):,} test images are read correctly.")
figures.digits(images[:16], answers[:16], labels[:16])

# %% [markdown] slideshow={"slide_type": "skip"}
# `argmax` is the position of the largest number. There is one number per digit, so the position *is* the digit, and
# `astype("int32")` makes it a whole number. Guessing would be right once in ten times, so the network has clearly
# learned something. Look at the 5 that it reads as a 6: would you have read it correctly? Not all mistakes are as
# excusable as this one. Here are the first sixteen.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
wrong = [index for index in range(len(images)) if answers[index] != labels[index]][:16]
figures.digits(images[wrong], answers[wrong], labels[wrong])

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Now a digit of your own
#
# In a live notebook, the first cell shows a pad. Draw a digit, then run the second cell.

# %% slideshow={"slide_type": "-"}
drawing = draw_digit()

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
probabilities = npx.softmax(net(drawing.image))[0]
best = int(probabilities.argmax())
print(f"The network reads a {best}, with probability {float(probabilities[best]):.0%}.")

# %% [markdown] slideshow={"slide_type": "skip"}
# `softmax` turns the network's ten numbers into probabilities; notebook 06 explains it. The pad scales and centers
# what you draw, because the digits of MNIST are centered as well. Was that necessary?

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Four pixels to the right, and it fails
#
# We move all 2,000 test images. You read them as easily as before. Guess the accuracy before you look.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
# What leaves an image at the right comes back at the left, where nearly all are black.
moved = {k: np.roll(images, k, axis=3) for k in range(5)}
titles = [f"{k} pixels: {accuracy(net(moved[k]), labels):.0%}" for k in moved]
sevens = [moved[k][0] for k in moved]
show_images(sevens, titles, alt="A 7, moved by 0 to 4 pixels; accuracies.", width=11.4)

# %% [markdown] slideshow={"slide_type": "skip"}
# Of about nine right answers in ten, only about three are left. (The little ink that comes back at the left is not
# the reason: with black there, the accuracy is the same.) The network has not learned what a seven looks like; it has
# learned which *pixels* are bright in a centered seven. Its test accuracy was honest, but only for test images that
# are made like the training images. So "data it has not seen" can mean two things: new examples of the same kind, or
# examples of another kind. The first is what a test set measures. You have to think of the second yourself.
# *Convolutional networks* (from notebook 10 on) look for the same pattern at every position. They stand such shifts
# better, though not perfectly.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Take bets first. The shift returns in notebook 12.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Deep learning today, and this course
#
# Many tasks, three kinds of problems, and how you will learn to solve them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Today, a few large models do many of these tasks
#
# | task | from → to | what is used today (names to search for) |
# |---|---|---|
# | classify images | photo → name | pretrained networks, which a few examples adapt |
# | detect and segment | photo → boxes, or a class per pixel | YOLO, DETR; Segment Anything for any object |
# | style transfer | photo, painting → photo in that style | diffusion models that edit by instruction |
# | face synthesis | random numbers → a face of nobody | StyleGAN, then diffusion models |
# | word analogies | words → vectors to compute with | vectors of whole sentences, for search |
# | translation | sentence → sentence | transformers, hundreds of languages in one |
# | text synthesis | beginning → continuation | large language models: GPT, Llama, and others |
# | visual question answering | photo, question → answer | language models that also read images |
# | captioning | photo → sentence | the same models; they also label training data |

# %% [markdown] slideshow={"slide_type": "skip"}
# Ten years ago, each row of this table was a field of its own, with networks of its own. Today a few large models
# serve many rows, because a network that has learned from enough text and images needs only a few examples of a new
# task, or just an instruction. What they are made of has not changed: layers, losses, gradients, and small steps
# downhill, which are the contents of this course. *Diffusion models* learn to remove noise from images, and start
# from pure noise to create new ones. *Transformers* are networks that look at all words of a text at once; they are
# the core of all language models.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* One sentence per row at most. Ask which of the rows they have used this week.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### What is in it? Where is it? Which pixels are it?
#
# Three tasks on the same picture, each harder than the one before.

# %% slideshow={"slide_type": "-"}
figures.vision_tasks()

# %% [markdown] slideshow={"slide_type": "-"}
# *Classification* says what there is (here, four times), *detection* draws a box around each object, and
# *segmentation* gives each pixel a class. (These are the right answers, not a network's.)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Words become vectors: *king − man + woman* is near *queen*
#
# A *vector* is a list of numbers. If words are vectors, a direction can have a meaning.

# %% slideshow={"slide_type": "-"}
words = {"man": [-1, 0], "woman": [1, 0.1], "child": [0, 0]}
words |= {"king": [-1, 2], "queen": [1, 1.9], "princess": [0.9, 1.4]}
words = {word: np.array(vector) for word, vector in words.items()}
target = words["king"] - words["man"] + words["woman"]
distances = {word: float(np.linalg.norm(vector - target)) for word, vector in words.items()}
print("nearest word:", min(distances, key=distances.get))

# %% slideshow={"slide_type": "-"}
figures.analogy(words, target)

# %% [markdown] slideshow={"slide_type": "skip"}
# The arrows start at *king*. Subtracting *man* leaves what is royal about a king; adding *woman* leads to the *target*,
# (1, 2.1), a royal woman. The nearest word is *queen*, at (1, 1.9). (`norm` is the length of a vector, here of the
# difference between a word and the target.)
#
# We made up these six vectors, with two numbers each, so that they fit into a plane. Real ones have hundreds of
# numbers, learned by predicting which words occur near each other in billions of sentences. Nobody tells them about
# kings. But the word nearest to the target is then often one of the three in the question, so these are excluded by
# rule, and analogies are weaker evidence than they look (see Linzen at the end). Real vectors are usually compared by
# the angle between them instead of the distance.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Three kinds of problems: $y = f(x)$
#
# $x$ goes in, $y$ comes out, and the model is the function $f$. The kind is decided by what $y$ is.

# %% slideshow={"slide_type": "-"}
figures.problem_kinds()

# %% [markdown] slideshow={"slide_type": "-"}
# | kind | $y$ is | example | notebooks |
# |---|---|---|---|
# | classification | one of $N$ classes: $1, 2, \dots, N$ | which digit is it? | 06, 07, 12 |
# | regression | any real number | what does a rented computer cost? | 04, 05 |
# | sequence | a sequence of any length | how does the text go on? | 00 |

# %% [markdown] slideshow={"slide_type": "skip"}
# Think of a photograph of an animal. Is it a cat, a dog, or a rabbit? That is *classification*. How many kilograms
# does it weigh? That is *regression*: the input is the same, but the answer is a number, and 4.1 is nearly as good as
# 4.0. What would a caption say? That is a *sequence*. It is usually produced step by step, and each step is a
# classification: which letter or word comes next? The kind matters because each has its own way to measure how wrong
# an answer is.
#
# In the left picture, each point is an example, its position is $x$, and its color is $y$, the class. In the middle,
# the points are examples, too, and the line is the model. At the right, $x$ is blue, and $y$ red. Mathematics counts
# the $N$ classes from 1; Python counts from 0, and so do our labels.
#
# **Question.** Which kind is detection, with its boxes? Which kind is segmentation?
#
# <details><summary>Answer</summary>
#
# Detection is classification and regression at once: a class for each object, and four numbers for its box.
# Segmentation is classification, once for every pixel.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Return to what the class wanted a computer to learn: which kind is each?

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A notebook is a conversation with Python
#
# Click into a cell, change it, press **Shift + Enter**. The *kernel*, the Python behind the page, answers and
# remembers.

# %% slideshow={"slide_type": "-"}
distance = 42.195  # kilometers, a marathon
hours = 3.5
print(f"{distance / hours:.1f} km/h")

# %% slideshow={"slide_type": "-"}
hours = 2.5
print(f"{distance / hours:.1f} km/h")

# %% [markdown] slideshow={"slide_type": "-"}
# The number in brackets next to a cell counts the runs; a star means that the cell is still running. What counts is
# the order in which cells were **run**, not their order on the page.

# %% [markdown] slideshow={"slide_type": "skip"}
# **Question.** Delete the line `hours = 3.5` from the first of the two cells, and run that cell again, now that the
# second has been run. What does it print?
#
# <details><summary>Answer</summary>
#
# 16.9 km/h: the kernel remembers the value of `hours` that was set last, which is 2.5. This is the most common cause
# of results that nobody can explain. The way out is always the same: restart the kernel and run all cells from the
# top.
#
# </details>
#
# **When you are stuck**
#
# - *What does this function do?* Write a question mark behind its name, as in `np.dot?`, and run the cell.
# - *The cell runs forever:* interrupt the kernel (the square in the toolbar).
# - *Results are strange:* restart the kernel and run all cells (the double arrow in the toolbar). Your text stays;
#   only the kernel's memory is erased. Every notebook of this course survives that.
# - *An error message:* read its last line first. The frequent ones are explained in [common
#   errors](common-errors.ipynb).
# - *An unknown word or symbol:* see the [glossary](glossary.ipynb) and [notation](notation.ipynb).
# - *An exercise:* run `check` with a wrong answer; it tells you what is wrong with it. Hint and solution can be
#   unfolded.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The tools, and why these
#
# | tool | what for |
# |---|---|
# | Python | the language in which most of machine learning is written |
# | Jupyter | text, code, and pictures in one document that runs |
# | venv or conda | keeps this course's packages separate from your others |
# | NumPy's interface | one way to write array code, which most libraries share |
# | MXNet | arrays that know their gradients, and layers made of them |
# | RISE | shows a notebook as slides in which you can run cells |
# | `d2lhelpers` | everything that would distract you: loading data, plotting, checking answers |

# %% [markdown] slideshow={"slide_type": "skip"}
# MXNet was retired in 2023, so why learn with it? Because its arrays behave like NumPy's, it hides little, and it
# needs no GPU: the processor of a laptop is enough (on Windows and Apple silicon, inside Linux or on Colab). What you
# learn here about arrays, gradients, and layers holds in PyTorch and JAX with other names; notebook 03 says where
# PyTorch differs. For a project of your own, use one of those two.

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The map: the basics come first
#
# *To study*: read and run; exercises come on top. *To run*: all cells, on two processor cores. *Fast path*: in one day.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
course = read_course()
print(format_course([chapter for chapter in course if chapter.number < "09"]))

# %% [markdown] slideshow={"slide_type": "skip"}
# These notebooks are the basics: arrays, gradients, the first models, and how to judge them; [Quiz: the
# basics](quiz-basics.ipynb) tells you what you have understood. *Needs* says what to read before a notebook. If you
# have a single day, take the *fast path*, the notebooks with a dot. They use a few things from notebooks that you then
# skip (in this table 01, 02, 04, and 05): look them up there, or believe them and go on. Here is the rest of the map,
# with GPUs and networks for images.

# %% slideshow={"slide_type": "skip"} tags=["nbval-ignore-output"]
print(format_course([chapter for chapter in course if chapter.number >= "09"]))

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Is everything there?
#
# Run this cell, even if the imports failed. Below each row that does not say `ok` is what to do about it.

# %% slideshow={"slide_type": "-"} tags=["nbval-ignore-output"]
from mxnet_compat import report

print(report.format_rows(report.examine()))

# %% [markdown] slideshow={"slide_type": "skip"}
# A *warning* means that the course runs, though not as well as it could; an *error* means that it does not. A GPU is
# a graphics processor that computes; you don't need one here. If no notebook opens at all, `python -m mxnet_compat
# check` prints the same table in a terminal, and `python -m d2lhelpers check` also examines data, Jupyter, and the
# browser.
#
# | message | cause | what to do |
# |---|---|---|
# | `No module named 'd2lhelpers'` | the kernel is another Python | start Jupyter with `make lab` |
# | MXNet: `libquadmath.so.0` cannot be opened | a slim Linux image | `sudo apt-get install libgomp1 libquadmath0` |
# | Python: too old | the course needs 3.11, 3.12, or 3.13 | install one, then `make PYTHON=python3.13` |
# | MXNet: `No module named 'mxnet'` | there is no MXNet for Windows and Apple silicon | WSL2, a container, or Colab |
# | Threads: a warning | a variable of your shell limits them | the row says which one to set or unset |

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The course runs in Linux, or in a browser
#
# | your computer | what to do in the course's folder |
# |---|---|
# | Linux | `make`, then `make lab` |
# | Linux with an Nvidia GPU | the same; optionally `python -m mxnet_compat install --gpu` |
# | Mac with an Intel processor | `make`, then `make lab` |
# | Mac with Apple silicon | use a Linux container, or Colab |
# | Windows | `wsl --install`; then, in that Linux, `make` and `make lab` |
# | only a browser | Colab: next slide |
#
# `make` creates a virtual environment in `.venv`; nothing else on your computer changes.

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Details: what <code>make</code> needs, conda, and where the course has been tested</summary>
#
# `make` needs Python 3.11, 3.12, or 3.13. If a piece is missing, it says which one and how to install it. A new
# Ubuntu, also the one in Windows, has no `make`: `sudo apt-get install make`. If you prefer conda, run `conda env
# create -f environment.yml`, then `conda activate dive`. Details are in `docs/install.md`, which also says where the
# course has been tested: on Linux with x86-64 processors, but not on Macs, on ARM64, on a real GPU, or on Colab
# itself.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### In the browser: Colab
#
# Google's Colab runs notebooks on Google's computers. The first code cell of each notebook installs the course there.
#
# 1. Look at that cell. If it contains an address, `https://github.com/…`, just open the notebook in Colab and run it.
# 2. Otherwise, download the course's folder. On a computer with Linux, run `make wheel` in it.
# 3. In Colab, choose *File, Upload notebook*. Then upload `dist/d2lhelpers-….whl` (folder symbol at the left).
# 4. Run the first cell. It installs the course in about a minute, and nothing has to be restarted.

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Details: without Linux, with a repository of your own, and GPUs</summary>
#
# You need nobody's help for this. If you have no Linux to run `make wheel` on, upload the course's folder to Colab as
# a ZIP file instead, and run `!pip install -q NAME.zip` with its name in a new cell above the first one; pip builds
# the package itself. Colab forgets uploads when a session ends, so keep the file. If you put the course into a
# repository of your own on GitHub, `make colab REPO=owner/name` writes its address into all first cells, and then
# step 1 is all that's needed. A GPU on Colab does not help here, because MXNet's GPU version needs CUDA 11, and Colab
# has a later one. The CPU is enough.
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Recap
#
# - **What can a computer learn from examples?** A function $y = f(x)$: a class, a number, or a sequence.
# - **How would you know that it has?** By testing on examples that it has not seen. Those that it has seen prove
#   nothing.
# - A model that is perfect on its training set may have learned it by heart, like the letters with memory 10.
# - A test set speaks only for data of its own kind: four pixels to the right were enough.
# - A classifier like these has no "I don't know". Its answer is one of those it was given.

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Everyone must have heard the second line. It is the thread of the first nine notebooks.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Exercise 00.1: predict the kind of problem
#
# Write the kind of each task: `"classification"`, `"regression"` or `"sequence"`.

# %% slideshow={"slide_type": "-"} tags=["exercise"]
kinds = {
    "which bird is singing?": ...,
    "how old is the person in the photo, in years?": ...,
    "what is this sentence in French?": ...,
    "is this mail spam?": ...,
    "how much rain falls tomorrow, in millimeters?": ...,
}

# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.1", kinds)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Ask what the answer is: one of a few names, a number with a unit, or a text.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# kinds = {
#     "which bird is singing?": "classification",
#     "how old is the person in the photo, in years?": "regression",
#     "what is this sentence in French?": "sequence",
#     "is this mail spam?": "classification",
#     "how much rain falls tomorrow, in millimeters?": "regression",
# }
# ```
#
# The song and the mail are sequences, too, but they are the input. The kind of the problem is the kind of the answer.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 00.2: change one number
#
# `np.ones((2, 3))` is a matrix of ones with 2 rows and 3 columns: its *shape* is (2, 3). `np.dot` multiplies
# matrices. `np.dot(np.ones((2, 3)), np.ones((2, 3)))` raises an error: in (2, **3**) times (**2**, 3), the two lengths
# in the middle must be equal. Write the product with **one** number changed, so that its shape is (2, 3).

# %% slideshow={"slide_type": "-"} tags=["exercise"]
product = ...

# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.2", product)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# (a, b) times (b, c) is (a, c). The outer two of the four numbers are right, because they are the shape of the
# result.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# product = np.dot(np.ones((2, 3)), np.ones((3, 3)))
# ```
#
# You could also multiply `np.ones((2, 2))` by `np.ones((2, 3))`. Then each entry is a sum of two ones instead of
# three.
#
# </details>

# %% [markdown] slideshow={"slide_type": "subslide"}
# ## Exercise 00.3: build the analogy
#
# *a is to b as c is to …* The dictionary `vectors` contains an array for each word. Return the word whose array is
# nearest to $\mathbf{b} - \mathbf{a} + \mathbf{c}$, the target computed from the arrays of the three words. The
# answer must not be one of these three.


# %% slideshow={"slide_type": "-"} tags=["exercise"]
def analogy(vectors, a, b, c):
    """analogy(vectors, "man", "king", "woman") returns "queen"."""
    ...


# %% slideshow={"slide_type": "-"} tags=["check"]
check("00.3", analogy)

# %% [markdown] slideshow={"slide_type": "skip"}
# <details><summary>Hint</summary>
#
# Compute the target first. Then take `min` over the words that are left, with the distance to the target,
# `float(np.linalg.norm(vectors[word] - target))`, as its `key`.
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# def analogy(vectors, a, b, c):
#     target = vectors[b] - vectors[a] + vectors[c]
#     others = [word for word in vectors if word not in (a, b, c)]
#     return min(others, key=lambda word: float(np.linalg.norm(vectors[word] - target)))
# ```
#
# </details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Mini-project: fool the network
#
# Find or draw three images that **you** read without hesitation, but that the network you trained gets wrong with a
# probability above 50%. Then describe the pattern in one sentence, and test it: does it predict a fourth failure?


# %% slideshow={"slide_type": "skip"}
def is_fooled(image, label):
    """Say what the network reads in an image (1, 28, 28); return whether it is wrong and more than 50% sure."""
    probabilities = npx.softmax(net(image.reshape(1, 1, 28, 28)))[0]
    answer = int(probabilities.argmax())
    print(f"a {label} is read as {answer}, with probability {float(probabilities[answer]):.0%}")
    return answer != label and float(probabilities[answer]) > 0.5


# %% slideshow={"slide_type": "-"} tags=["exercise"]
my_image = ...  # for example drawing.image[0], or (it may fail) np.roll(images[0], 4, axis=2)
my_label = ...  # the digit that you see in it
pattern = "The network fails when ..."

# %% [markdown] slideshow={"slide_type": "skip"}
# Look at your image with `show_images(my_image, alt="mine")`, then call `is_fooled(my_image, my_label)`. You have
# reached the goal with three images for which it returns True, and a pattern that survives the fourth. On the pad,
# vary one thing at a time: slant, open or closed loops, a bar through the 7, a 1 with a foot. With test images,
# change all of them in the same way and count; a share says more than a single case.
#
# <details><summary>Sample solution</summary>
#
# Take test images that the network reads correctly, and change all of them in the same way, so that they remain easy
# for you to read.
#
# ```python
# right = [index for index in range(200) if answers[index] == labels[index]]
# changes = {
#     "moved right by 4": lambda image: np.roll(image, 4, axis=2),
#     "black on white": lambda image: 1 - image,
#     "thicker": lambda image: np.maximum(image, np.roll(image, 1, axis=2)),
#     "half as bright": lambda image: image / 2,
# }
#
# def count_fooled(name):
#     probabilities = npx.softmax(net(np.stack([changes[name](images[index]) for index in right])))
#     missed = probabilities.argmax(axis=1) != labels[right]
#     fooled = missed * (probabilities.max(axis=1) > 0.5)
#     print(f"{name}: {float(missed.mean()):.0%} wrong, {float(fooled.mean()):.0%} with more than 50%")
#
# for name in changes:
#     count_fooled(name)
# ```
#
# In our run, it printed
#
# ```
# moved right by 4: 77% wrong, 63% with more than 50%
# black on white: 99% wrong, 90% with more than 50%
# thicker: 3% wrong, 2% with more than 50%
# half as bright: 1% wrong, 0% with more than 50%
# ```
#
# The pattern: *the network compares pixel by pixel. It fails when the ink is on other pixels than in training, and it
# does not mind how much ink there is.* If that is right, images moved a little to the left *and* down must fail, too,
# even more of them the farther they move. That is a prediction, so let's test it:
#
# ```python
# for k in (1, 2, 3):
#     changes[f"left and down by {k}"] = lambda image, k=k: np.roll(image, (k, -k), axis=(1, 2))
#     count_fooled(f"left and down by {k}")
# ```
#
# In our run, 17%, 59%, and 87% were wrong. The pattern has survived.
#
# </details>

# %% [markdown] slideshow={"slide_type": "notes"}
# *For the lecturer:* Pairs, ten minutes; then each pair shows its best image, and the others guess the pattern.

# %% [markdown] slideshow={"slide_type": "skip"}
# ## Where to read on
#
# - *Dive into Deep Learning*, [Introduction](https://d2l.ai/chapter_introduction/index.html)
# - LeCun, Bengio and Hinton, [Deep learning](https://doi.org/10.1038/nature14539), 2015
# - Shannon, [A Mathematical Theory of Communication](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x), 1948, with
#   texts generated letter by letter, as ours are
# - Mikolov, Chen, Corrado and Dean, [Efficient Estimation of Word Representations in Vector
#   Space](https://arxiv.org/abs/1301.3781), 2013, and Pennington, Socher and Manning, [GloVe: Global Vectors for Word
#   Representation](https://aclanthology.org/D14-1162/), 2014, on word analogies; and Linzen, [Issues in evaluating
#   semantic spaces using word analogies](https://arxiv.org/abs/1606.07736), 2016, on what they prove
# - Tan and Le, [EfficientNet](https://arxiv.org/abs/1905.11946), 2019, on the family of the network that recognized the
#   photographs
# - Torralba and Efros, [Unbiased Look at Dataset Bias](https://doi.org/10.1109/CVPR.2011.5995347), 2011, on models
#   that fail outside their own data
#
# Next: **01 · Arrays**, how to create, cut, and combine them.
