"""MNIST and Fashion-MNIST: their files, the SHA-256 and size of each, and the mirrors that have them.

A file counts only if its SHA-256 is the one below, wherever it came from; so any mirror will do, over https or not, and
a login page that a network delivers instead of the file is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class RemoteFile:
    """One file of a data set; `size` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class RemoteDataSet:
    """A data set in MNIST's format: four gzipped IDX files with the same names at each mirror."""

    name: str
    title: str
    mirrors: tuple[str, ...]
    train_images: RemoteFile
    train_labels: RemoteFile
    test_images: RemoteFile
    test_labels: RemoteFile

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        """All files, in the order of the fields."""
        return self.train_images, self.train_labels, self.test_images, self.test_labels


MNIST = RemoteDataSet(
    name="mnist",
    title="MNIST",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://apache-mxnet.s3.amazonaws.com/gluon/dataset/mnist/",
    ),
    train_images=RemoteFile(
        "train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9_912_422
    ),
    train_labels=RemoteFile(
        "train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28_881
    ),
    test_images=RemoteFile(
        "t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1_648_877
    ),
    test_labels=RemoteFile(
        "t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4_542
    ),
)

# The current release, of 2017-08-31.
FASHION_MNIST = RemoteDataSet(
    name="fashion_mnist",
    title="Fashion-MNIST",
    mirrors=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    train_images=RemoteFile(
        "train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880
    ),
    train_labels=RemoteFile(
        "train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515
    ),
    test_images=RemoteFile(
        "t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102
    ),
    test_labels=RemoteFile(
        "t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148
    ),
)

DATA_SETS = MappingProxyType({data_set.name: data_set for data_set in (MNIST, FASHION_MNIST)})

# SHA-1 of the files of Fashion-MNIST's first release (2017-08-26, before duplicates were removed), which MXNet still
# downloads. Its labels agree with those above at one place in ten: files of the two must never be mixed, so nothing is
# read from MXNet's own cache. These hashes are those of MXNet's source; they only serve to say what such a file is.
EARLIER_FASHION_MNIST_SHA1 = frozenset(
    {
        "0cf37b0d40ed5169c6b3aba31069a9770ac9043d",
        "236021d52f1e40852b06a4c3008d8de8aef1e40b",
        "626ed6a7c06dd17c0eec72fa3be1740f146a2863",
        "17f9ab60e7257a1620f4ad76bbbaf857c3920701",
    }
)
