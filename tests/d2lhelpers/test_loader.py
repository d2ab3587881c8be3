"""ArrayLoader and bilinear resizing."""

import time
import tracemalloc

import numpy as onp
import pytest
from mxnet import ndarray, np, npx

from d2lhelpers.data import ArrayLoader
from d2lhelpers.data.loader import bilinear_weights, resize_images


def numbers(count, batch_size, **options):
    """A loader whose examples are the numbers 0, 1, 2, ..."""
    return ArrayLoader(onp.arange(count, dtype="int32"), batch_size=batch_size, **options)


def epoch(loader):
    """The numbers of one epoch, batch by batch."""
    return [batch.asnumpy().tolist() for (batch,) in loader]


@pytest.mark.parametrize(
    ("count", "batch_size", "sizes"),
    [(6, 2, [2, 2, 2]), (7, 3, [3, 3, 1]), (5, 5, [5]), (5, 6, [5]), (1, 1, [1]), (3, 1, [1, 1, 1])],
)
@pytest.mark.parametrize("shuffle", [False, True])
def test_every_example_comes_once(count, batch_size, sizes, shuffle):
    loader = numbers(count, batch_size, shuffle=shuffle)
    for _ in range(3):
        batches = epoch(loader)
        assert [len(batch) for batch in batches] == sizes
        assert sorted(number for batch in batches for number in batch) == list(range(count))
    assert len(loader) == len(sizes)
    assert loader.num_examples == count


def test_order_without_shuffle():
    loader = numbers(5, 2)
    assert epoch(loader) == epoch(loader) == [[0, 1], [2, 3], [4]]


def test_each_epoch_has_an_order_of_its_own():
    loader = numbers(100, 10, shuffle=True)
    epochs = [epoch(loader) for _ in range(3)]
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_same_seed_gives_same_batches():
    loaders = [numbers(100, 32, shuffle=True, seed=seed) for seed in (7, 7, 8)]
    first, same, other = ([epoch(loader) for _ in range(3)] for loader in loaders)
    assert first == same
    assert first[0] != other[0]


def test_order_is_the_same_on_every_numpy():
    loader = numbers(10, 10, shuffle=True)
    assert epoch(loader) == [[3, 7, 6, 4, 1, 0, 2, 8, 5, 9]]
    assert epoch(loader) == [[9, 4, 0, 8, 1, 5, 3, 2, 6, 7]]


def test_order_does_not_depend_on_other_random_numbers():
    onp.random.seed(1)
    first = epoch(numbers(50, 50, shuffle=True))
    onp.random.seed(2)
    npx.random.seed(2)
    before = onp.random.get_state()[1].copy()
    assert epoch(numbers(50, 50, shuffle=True)) == first
    assert (onp.random.get_state()[1] == before).all()


def test_two_iterators_at_once_are_independent():
    loader = numbers(20, 5, shuffle=True)
    first, second = iter(loader), iter(loader)  # epochs 0 and 1, although neither has been read yet
    twin = numbers(20, 5, shuffle=True)
    late = [batch.asnumpy().tolist() for (batch,) in second]
    early = [batch.asnumpy().tolist() for (batch,) in first]
    assert [early, late] == [epoch(twin), epoch(twin)]


def test_an_abandoned_epoch_counts():
    loader, twin = numbers(20, 5, shuffle=True), numbers(20, 5, shuffle=True)
    next(iter(loader))
    epoch(twin)
    assert epoch(loader) == epoch(twin)


def test_arrays_stay_in_step():
    features, labels = onp.random.RandomState(0).normal(size=(50, 3, 2)), onp.arange(50)
    for batch, chosen in ArrayLoader(features, labels, batch_size=16, shuffle=True):
        onp.testing.assert_array_equal(batch.asnumpy(), features[chosen.asnumpy()].astype("float32"))


@pytest.mark.parametrize(
    ("dtype", "result"),
    [("float64", "float32"), ("float32", "float32"), ("float16", "float16"), ("int64", "int64"), ("int32", "int32"),
     ("int8", "int8"), ("uint8", "uint8"), ("bool", "bool")],
)  # fmt: skip
def test_types(dtype, result):
    source = onp.array([[0, 1], [1, 1], [2, 3]]).astype(dtype)
    ((batch,),) = ArrayLoader(source, batch_size=3)
    assert isinstance(batch, np.ndarray)
    assert onp.dtype(batch.dtype).name == result
    assert batch.ctx == npx.cpu()
    assert batch.asnumpy().tolist() == source.tolist()


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 0), (4, 2, 0, 3), (4, 3, 2, 2)])
def test_shapes(shape):
    source = onp.arange(onp.prod(shape), dtype="float32").reshape(shape)
    batches = [batch for (batch,) in ArrayLoader(source, batch_size=3)]
    assert [batch.shape for batch in batches] == [(3, *shape[1:]), (1, *shape[1:])]
    assert onp.array_equal(onp.concatenate([batch.asnumpy() for batch in batches]), source)


def test_arrays_in_another_memory_order():
    source = onp.arange(24, dtype="float32").reshape(2, 3, 4).transpose(2, 1, 0)
    (first,), (second,) = ArrayLoader(source, batch_size=3)
    assert onp.array_equal(onp.concatenate([first.asnumpy(), second.asnumpy()]), source)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4", "i8"])
@pytest.mark.parametrize("byte_order", "<>")
def test_numbers_in_either_byte_order(byte_order, dtype):
    source = onp.array([[0, 1], [-2, 300]]).astype(byte_order + dtype)
    ((batch,),) = ArrayLoader(source, batch_size=2)
    assert batch.asnumpy().tolist() == source.tolist()
    assert onp.dtype(batch.dtype).name == {"f8": "float32"}.get(dtype, onp.dtype(dtype).name)


def test_arrays_that_are_in_order_are_not_copied():
    source = onp.zeros((2, 3), dtype="float32")
    loader = ArrayLoader(source, batch_size=2)
    source[1, 2] = 5
    assert next(iter(loader))[0].asnumpy().tolist() == [[0, 0, 0], [0, 0, 5]]


def test_a_batch_does_not_wait_for_what_mxnet_computes():
    loader = numbers(1000, 100)
    A = np.random.uniform(size=(1024, 1024))
    npx.waitall()
    for _ in range(20):
        B = np.dot(A, A)
    start = time.perf_counter()
    for _ in loader:
        pass
    loaded = time.perf_counter()
    B.wait_to_read()
    assert loaded - start < time.perf_counter() - loaded


def test_mxnet_arrays_and_lists():
    loader = ArrayLoader(np.array([[1.0, 2], [3, 4]]), [10, 20], batch_size=2)
    ((features, labels),) = loader
    assert features.asnumpy().tolist() == [[1, 2], [3, 4]]
    assert labels.asnumpy().tolist() == [10, 20]


def test_batches_are_copies():
    source = onp.zeros((4, 2), dtype="float32")
    for (batch,) in ArrayLoader(source, batch_size=2):
        batch[:] = 1
    assert (source == 0).all()


def test_batches_behave_as_np_arrays_without_set_np():
    npx.reset_np()
    try:
        ((batch,),) = numbers(3, 3)
        assert batch.sum().shape == ()
    finally:
        npx.set_np()


def test_repr():
    assert repr(numbers(7000, 256, shuffle=True, seed=3)) == (
        "<ArrayLoader: 7,000 examples, 28 batches of 256, shuffled, seed 3>"
    )
    assert "in order" in repr(numbers(5, 2))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0: must be a whole number, 1 or more"),
        ({"batch_size": 2.0}, TypeError, "batch_size=2.0: must be a whole number, 1 or more"),
        ({"seed": 2**32}, ValueError, "seed=4294967296: must be a whole number, 0 to 4,294,967,295"),
        ({"shuffle": 1}, TypeError, "shuffle=1: must be True or False"),
        ({"resize": 7}, ValueError, "resize=7: must be a whole number, 8 to 1,024"),
        ({"resize": 1025}, ValueError, "resize=1025: must be a whole number, 8 to 1,024"),
    ],
)
def test_wrong_options(options, error, message):
    with pytest.raises(error, match=message):
        numbers(5, **{"batch_size": 2, **options})


def test_largest_seed():
    assert len(epoch(numbers(5, 5, shuffle=True, seed=2**32 - 1))) == 1


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ([], ValueError, "at least one array"),
        ([onp.zeros((0, 3))], ValueError, r"no examples.*\(0, 3\)"),
        ([onp.zeros(3), onp.zeros(4)], ValueError, "different numbers of examples: 3, 4"),
        ([onp.float32(1)], ValueError, "array 0 is a single number"),
        ([onp.zeros(2), onp.array(["a", "b"])], TypeError, "array 1 has type <U1"),
        ([onp.zeros(3, dtype="int16")], TypeError, "array 0 has type int16: choose bool"),
    ],
)
def test_wrong_arrays(arrays, error, message):
    with pytest.raises(error, match=message):
        ArrayLoader(*arrays, batch_size=2)


# Resizing


def interpolated(image, size):
    """Interpolate with NumPy (the oracle), first down the columns and then along the rows."""

    def along(values):
        centers = onp.arange(len(values)) + 0.5
        return onp.interp((onp.arange(size) + 0.5) * len(values) / size, centers, values)

    return onp.apply_along_axis(along, 1, onp.apply_along_axis(along, 0, image))


@pytest.mark.parametrize("size", [8, 14, 20, 28, 32, 57, 96])
@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (17, 30)])
def test_resize_against_interp(shape, size):
    images = onp.random.RandomState(0).uniform(size=(2, 3, *shape)).astype("float32")
    result = resize_images(images, size)
    assert result.shape == (2, 3, size, size)
    assert result.dtype == "float32"
    expected = [[interpolated(image, size) for image in channels] for channels in images]
    onp.testing.assert_allclose(result, expected, atol=1e-6)


def test_resize_against_mxnet_operator():
    images = onp.random.RandomState(0).uniform(size=(2, 1, 28, 28)).astype("float32")
    batch = np.array(images).as_nd_ndarray()
    theirs = ndarray.contrib.BilinearResize2D(batch, height=96, width=96, align_corners=False)
    onp.testing.assert_allclose(resize_images(images, 96), theirs.asnumpy(), atol=1e-5)


@pytest.mark.parametrize(("old", "new"), [(28, 28), (28, 96), (28, 8), (8, 20), (1, 5), (28, 14), (28, 9)])
def test_weights_are_averages(old, new):
    weights = bilinear_weights(old, new)
    assert weights.shape == (new, old)
    assert (weights >= 0).all()
    onp.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-14)
    onp.testing.assert_allclose(weights, weights[::-1, ::-1], atol=1e-13)  # the same from both ends


def test_same_size_changes_nothing():
    images = onp.random.RandomState(0).uniform(size=(2, 1, 28, 28)).astype("float32")
    assert resize_images(images, 28) is images
    onp.testing.assert_array_equal(bilinear_weights(28, 28), onp.eye(28))


def test_loader_resizes_the_images_only():
    images = onp.random.RandomState(0).uniform(size=(5, 1, 28, 28)).astype("float32")
    loader = ArrayLoader(images, onp.arange(5), batch_size=2, shuffle=True, resize=40)
    for batch, chosen in loader:
        assert batch.shape == (len(chosen), 1, 40, 40)
        onp.testing.assert_allclose(batch.asnumpy(), resize_images(images[chosen.asnumpy()], 40), atol=1e-6)


def test_resize_that_would_fill_the_memory():
    images = onp.lib.stride_tricks.as_strided(onp.zeros(1, "float32"), (60_000, 1, 28, 28), (0, 0, 0, 0))
    with pytest.raises(ValueError, match=r"resize=224: 60,000 images at once need 12 GB, and the limit is 4 GB"):
        resize_images(images, 224)
    with pytest.raises(ValueError, match=r"resize=1024: 2,000 images at once need 8 GB"):
        ArrayLoader(images, batch_size=2_000, resize=1024)
    ArrayLoader(images, batch_size=1_000, resize=1024)


def test_batches_are_resized_one_by_one():
    # All at once, these images would take 400 MB.
    loader = ArrayLoader(onp.zeros((2_000, 1, 28, 28), "float32"), batch_size=50, resize=224)
    tracemalloc.start()
    for batch in loader:
        assert batch[0].shape == (50, 1, 224, 224)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000


@pytest.mark.parametrize("shape", [(4,), (4, 3), (4, 28, 28), (4, 2, 1, 28, 28)])
def test_resize_needs_images(shape):
    with pytest.raises(ValueError, match="resize=32: the first array must be images"):
        ArrayLoader(onp.zeros(shape), batch_size=2, resize=32)
