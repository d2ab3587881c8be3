"""The rest of Gluon with NumPy arrays: utilities, initial values, data, transforms, the model zoo, and its errors."""

import inspect

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import array, random
from mxnet import autograd, gluon, init, np
from mxnet.gluon import data, nn
from mxnet.gluon.data.vision import transforms
from mxnet.gluon.model_zoo import vision

# Utilities


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_clip_global_norm(dtype):
    arrays = [np.array([3, 4], dtype=dtype), np.array([[12]], dtype=dtype)]
    assert gluon.utils.clip_global_norm(arrays, 26) == pytest.approx(13)
    assert [a.asnumpy().tolist() for a in arrays] == [[3, 4], [[12]]]
    assert gluon.utils.clip_global_norm(arrays, 6.5) == pytest.approx(13)
    assert [a.asnumpy().ravel() for a in arrays] == [pytest.approx([1.5, 2]), pytest.approx([6])]
    assert gluon.utils.clip_global_norm(arrays, 6.5, check_isfinite=False).item() == pytest.approx(6.5, rel=1e-3)
    with pytest.warns(UserWarning, match="nan or inf"):
        gluon.utils.clip_global_norm([np.array([onp.inf])], 1)


def test_clip_global_norm_of_old_arrays():
    arrays = [mx.nd.array([3, 4])]
    assert gluon.utils.clip_global_norm(arrays, 1) == pytest.approx(5)
    assert arrays[0].asnumpy() == pytest.approx([0.6, 0.8])


def test_split_and_load():
    contexts = [mx.cpu(0), mx.cpu(1)]
    parts = gluon.utils.split_and_load(np.arange(10).reshape(5, 2), contexts, even_split=False)
    assert [(type(part), part.shape, part.ctx) for part in parts] == [
        (np.ndarray, (3, 2), contexts[0]),
        (np.ndarray, (2, 2), contexts[1]),
    ]
    assert gluon.utils.split_data(np.arange(12).reshape(2, 6), 3, batch_axis=1)[1].asnumpy().tolist() == [
        [2, 3],
        [8, 9],
    ]
    with pytest.raises(ValueError, match="cannot be evenly split"):
        gluon.utils.split_and_load(onp.ones((5, 2)), contexts)


# Initial values: the initializer as a student writes it, and the standard deviation and the largest value

FAN = onp.sqrt(3 / ((200 + 100) / 2))
RANDOM = {
    "Uniform(0.5)": (0.5 / onp.sqrt(3), 0.5),
    "Normal(0.5)": (0.5, 3.5),
    "Xavier()": (FAN / onp.sqrt(3), FAN),
    "Xavier('gaussian', 'in', 2)": (onp.sqrt(2 / 100), 1),
    "MSRAPrelu()": (onp.sqrt(2 / (1 + 0.25**2) / 150), 1),
}
FIXED = {
    "Zero()": (onp.zeros((8, 2)), (8, 2)),
    "One()": (onp.ones((8, 2)), (8, 2)),
    "Constant(0.1)": (onp.full((8, 2), 0.1), (8, 2)),
    "LSTMBias(2.0)": (onp.repeat([0, 2, 0, 0], 2), (8,)),
    "Bilinear()": (onp.outer([0.25, 0.75, 0.75, 0.25], [0.25, 0.75, 0.75, 0.25])[None, None], (1, 1, 4, 4)),
}
TYPES = ["float16", "float32", "float64"]


def initialized(text, shape, dtype):
    parameter = gluon.Parameter("some_weight", shape=shape, dtype=dtype, init=eval(f"init.{text}"))
    parameter.initialize()
    value = parameter.data()
    assert (type(value), value.dtype, value.shape) == (np.ndarray, onp.dtype(dtype), shape)
    return value.asnumpy().astype("float64")


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("text", RANDOM)
def test_random_initial_values(text, dtype):
    deviation, largest = RANDOM[text]
    values = initialized(text, (200, 100), dtype)
    assert values.std() == pytest.approx(deviation, rel=0.05)
    assert abs(values.mean()) < 5 * deviation / onp.sqrt(values.size)
    assert abs(values).max() < largest * 1.01


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("text", FIXED)
def test_fixed_initial_values(text, dtype):
    expected, shape = FIXED[text]
    assert initialized(text, shape, dtype) == pytest.approx(expected, rel=1e-3 if dtype == "float16" else 1e-7)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_orthogonal_initial_values(kind, dtype):
    values = initialized(f"Orthogonal(2.0, '{kind}')", (3, 5), dtype)
    assert values @ values.T == pytest.approx(4 * onp.eye(3), abs=0.01)


def test_initial_values_by_name():
    net = nn.Dense(2, in_units=3, bias_initializer=None)
    with pytest.raises(TypeError, match=r"Gluon cannot use init.Mixed.*collect_params\('.\*bias'\)"):
        net.initialize(init.Mixed([".*"], [init.One()]))
    net.collect_params(".*bias").initialize(init.Constant(7))
    net.collect_params(".*weight").initialize(init.One())
    assert (net.bias.data() != 1).all()
    assert (net.weight.data() == 1).all()


def test_every_initializer_is_tested():
    module = init.initializer if hasattr(init, "initializer") else init
    classes = {
        name for name, value in vars(module).items() if inspect.isclass(value) and issubclass(value, init.Initializer)
    }
    tested = {text.split("(")[0] for text in (*RANDOM, *FIXED)} | {"Orthogonal"}
    assert classes - {"Initializer", "FusedRNN"} == tested  # FusedRNN is for the symbols of the old interface


# Data

X, Y = random(10, 2).astype("float32"), onp.arange(10, dtype="int32")
DATA = {
    "arrays": lambda: data.ArrayDataset(np.array(X), np.array(Y)),
    "NumPy's arrays": lambda: data.ArrayDataset(X, Y),
    "a list": lambda: data.SimpleDataset(list(zip(X, Y, strict=True))),
    "transformed": lambda: data.ArrayDataset(X / 2, Y).transform_first(lambda x: x * 2),
    "filtered": lambda: data.ArrayDataset(np.array(X), np.array(Y)).filter(lambda item: True),
    "some": lambda: data.ArrayDataset(X, Y).take(10),
}
LOADERS = {
    "in order": {"batch_size": 4},
    "shuffled": {"batch_size": 4, "shuffle": True},
    "threads": {"batch_size": 4, "num_workers": 2, "thread_pool": True},
    "a sampler": {"batch_size": 4, "sampler": data.RandomSampler(10)},
    "batches": {"batch_sampler": data.BatchSampler(data.SequentialSampler(10), 3, "keep")},
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("kind", DATA)
def test_data_loaders(kind, loader):
    batches = list(data.DataLoader(DATA[kind](), **LOADERS[loader]))
    assert all(type(part) is np.ndarray for batch in batches for part in batch)
    x = onp.concatenate([batch[0].asnumpy() for batch in batches])
    y = onp.concatenate([batch[1].asnumpy() for batch in batches])
    assert (x.dtype, y.dtype) == (X.dtype, Y.dtype)
    assert sorted(y) == Y.tolist()
    assert x == pytest.approx(X[y])
    assert loader in ("shuffled", "a sampler") or (y == Y).all()


@pytest.mark.parametrize(("last", "sizes"), [("keep", [4, 4, 2]), ("discard", [4, 4]), ("rollover", [4, 4])])
def test_last_batches(last, sizes):
    loader = data.DataLoader(data.ArrayDataset(X), batch_size=4, last_batch=last)
    assert [len(batch) for batch in loader] == sizes
    assert len(data.ArrayDataset(X).shard(3, 1)) == 3
    assert list(data.FilterSampler(lambda y: y > 7, data.SimpleDataset(Y.tolist()))) == [8, 9]


# Transforms

IMAGE = onp.random.RandomState(0).randint(0, 255, size=(12, 10, 3)).astype("uint8")
FLOATS = (IMAGE.transpose(2, 0, 1) / 255).astype("float32")
MEAN, STD = (0.1, 0.2, 0.3), (0.5, 0.4, 0.3)


def normal(x):
    return (x - onp.reshape(MEAN, (3, 1, 1))) / onp.reshape(STD, (3, 1, 1))


# The transform as a student writes it, its input, and the result or its shape
TRANSFORMS = {
    "Cast('float64')": (IMAGE, IMAGE.astype("float64")),
    "ToTensor()": (IMAGE, FLOATS),
    "Normalize(MEAN, STD)": (FLOATS, normal(FLOATS)),
    "Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])": (IMAGE, normal(FLOATS)),
    "Rotate(360)": (FLOATS, FLOATS),
    "RandomRotation((-10, 10))": (FLOATS, (3, 12, 10)),
    "CenterCrop((4, 6))": (IMAGE, IMAGE[3:9, 3:7]),
    "CropResize(1, 2, 5, 6)": (IMAGE, IMAGE[2:8, 1:6]),
    "Resize((5, 6))": (IMAGE, (6, 5, 3)),
    "RandomResizedCrop((5, 6))": (IMAGE, (6, 5, 3)),
    "RandomApply(transforms.Cast('float32'), 1.0)": (IMAGE, IMAGE.astype("float32")),
    "RandomFlipLeftRight()": (IMAGE, [IMAGE, IMAGE[:, ::-1]]),
    "RandomFlipTopBottom()": (IMAGE, [IMAGE, IMAGE[::-1]]),
    "RandomBrightness(0.0)": (IMAGE, IMAGE),
    "RandomContrast(0.0)": (IMAGE, IMAGE),
    "RandomSaturation(0.0)": (IMAGE, IMAGE),
    "RandomHue(0.1)": (IMAGE, (12, 10, 3)),
    "RandomColorJitter(0.1, 0.1, 0.1, 0.1)": (IMAGE, (12, 10, 3)),
    "RandomLighting(0.0)": (IMAGE, IMAGE),
}


@pytest.mark.parametrize("text", TRANSFORMS)
def test_transforms(text):
    image, expected = TRANSFORMS[text]
    result = eval(f"transforms.{text}")(np.array(image, dtype=image.dtype))
    assert type(result) is np.ndarray
    if isinstance(expected, tuple):
        assert result.shape == expected
        return
    options = expected if isinstance(expected, list) else [expected]
    assert any(onp.allclose(result.asnumpy(), option, atol=1e-4 if image is FLOATS else 1) for option in options)


def test_every_transform_is_tested():
    classes = {name for name, value in vars(transforms).items() if inspect.isclass(value)}
    classes = {name for name in classes if vars(transforms)[name].__module__ == transforms.__name__}
    assert classes == {text.split("(")[0] for text in TRANSFORMS}


@pytest.mark.parametrize(
    ("augmenter", "arguments"),
    [
        ("ColorNormalizeAug", (onp.array(MEAN), onp.array(STD))),
        ("LightingAug", (0.0, onp.ones(3), onp.eye(3))),
        ("ContrastJitterAug", (0.1,)),
        ("SaturationJitterAug", (0.1,)),
        ("ColorJitterAug", (0.1, 0.1, 0.1)),
    ],
)
def test_augmenters(augmenter, arguments):
    result = getattr(mx.image, augmenter)(*arguments)(array(FLOATS.transpose(1, 2, 0)))
    assert (type(result), result.shape) == (np.ndarray, (12, 10, 3))


# Networks


@pytest.mark.parametrize(
    "name", ["resnet18_v1", "resnet18_v2", "mobilenet0.25", "mobilenetv2_0.25", "squeezenet1.1", "densenet121"]
)
def test_networks_of_the_model_zoo(name):
    net = vision.get_model(name, classes=3)
    net.initialize()
    size = 224 if name in ("densenet121", "squeezenet1.1") else 64
    x = np.ones((1, 3, size, size))
    expected = net(x)
    net.hybridize()
    assert type(expected) is np.ndarray
    assert net(x).asnumpy() == pytest.approx(expected.asnumpy(), rel=1e-3, abs=1e-5)


# What a student may forget: each is an error that says what to do


def test_forgotten_steps():
    net = nn.Dense(1)
    x, y = np.ones((2, 3)), np.ones((2, 1))
    with pytest.raises(RuntimeError, match=r"has not been initialized.*you should initialize parameters"):
        net(x)
    net.initialize()
    with pytest.raises(mx.gluon.parameter.DeferredInitializationError, match="pass one batch of data through"):
        net.weight.data()
    loss, trainer = gluon.loss.L2Loss(), gluon.Trainer(net.collect_params(), "sgd")
    with pytest.raises(mx.MXNetError, match=r"use autograd.record\(\)"):
        loss(net(x), y).backward()
    with pytest.raises(UserWarning, match="has not been updated by backward"):
        trainer.step(2)
    with autograd.record():
        loss(net(x), y).backward()
    trainer.step(2)
    with pytest.raises(ValueError, match=r"All args are None|there must be one NDArray"):
        net(onp.ones((2, 3)))
