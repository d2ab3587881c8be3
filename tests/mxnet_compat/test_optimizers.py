"""Optimizers and schedules against their formulas in NumPy, over three steps."""

import inspect

import mxnet as mx
import numpy as onp
import pytest
from gluon_checks import random
from mxnet import gluon, np
from mxnet import lr_scheduler as schedules
from mxnet import optimizer as optimizers

WD, CLIP, RATE, BATCH = 0.1, 0.4, 0.05, 2


def clipped(g):
    return onp.clip(g, -CLIP, CLIP)


def sgd(w, g, s, t):
    return w - RATE * (clipped(g) + WD * w)


def momentum(w, g, s, t):
    s["m"] = 0.9 * s.get("m", 0) - RATE * (clipped(g) + WD * w)
    return w + s["m"]


def nesterov(w, g, s, t):
    g = clipped(g) + WD * w
    s["m"] = 0.9 * s.get("m", 0) + g
    return w - RATE * (g + 0.9 * s["m"])


def signum(w, g, s, t):
    s["m"] = 0.9 * s.get("m", 0) - 0.1 * (clipped(g) + WD * w)
    return w + RATE * onp.sign(s["m"])


def adam(w, g, s, t, eps=1e-8):
    g = clipped(g + WD * w)
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    return w - RATE * onp.sqrt(1 - 0.999**t) / (1 - 0.9**t) * s["m"] / (onp.sqrt(s["v"]) + eps)


def adagrad(w, g, s, t):
    s["h"] = s.get("h", 0) + clipped(g) ** 2
    return w - RATE * (clipped(g) / onp.sqrt(s["h"] + 1e-7) + WD * w)


def group_adagrad(w, g, s, t):
    s["h"] = s.get("h", 0) + (clipped(g) ** 2).mean(1, keepdims=True)
    return w - RATE * clipped(g) / onp.sqrt(s["h"] + 1e-5)


def rmsprop(w, g, s, t):
    g = clipped(g + WD * w)
    s["n"] = 0.9 * s.get("n", 0) + 0.1 * g**2
    return w - RATE * g / onp.sqrt(s["n"] + 1e-8)


def centered_rmsprop(w, g, s, t):
    g = clipped(g + WD * w)
    s["n"] = 0.9 * s.get("n", 0) + 0.1 * g**2
    s["g"] = 0.9 * s.get("g", 0) + 0.1 * g
    s["d"] = 0.9 * s.get("d", 0) - RATE * g / onp.sqrt(s["n"] - s["g"] ** 2 + 1e-8)
    return w + s["d"]


def adadelta(w, g, s, t):
    g = clipped(g)
    s["g"] = 0.9 * s.get("g", 0) + 0.1 * g**2
    step = onp.sqrt(s.get("d", 0) + 1e-5) / onp.sqrt(s["g"] + 1e-5) * g
    s["d"] = 0.9 * s.get("d", 0) + 0.1 * step**2
    return w - step - WD * w


def ftrl(w, g, s, t):
    g = clipped(g)
    old = s.get("n", 0 * g)
    s["n"] = old + g**2
    s["z"] = s.get("z", 0) + g - (onp.sqrt(s["n"]) - onp.sqrt(old)) / RATE * w
    shrunk = onp.sign(s["z"]) * 0.01 - s["z"]
    return (abs(s["z"]) > 0.01) * shrunk / ((1 + onp.sqrt(s["n"])) / RATE + WD)


def adamax(w, g, s, t):
    g = clipped(g + WD * w)
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["u"] = onp.maximum(0.999 * s.get("u", 0), abs(g))
    return w - RATE / (1 - 0.9**t) * s["m"] / s["u"]


def nadam(w, g, s, t):
    g = clipped(g + WD * w)
    now, after = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
    s["p"] = s.get("p", 1) * now
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    mean = (1 - now) * g / (1 - s["p"]) + after * s["m"] / (1 - s["p"] * after)
    return w - RATE * mean / (onp.sqrt(s["v"] / (1 - 0.999**t)) + 1e-8)


def ftml(w, g, s, t):
    g = clipped(g + WD * w)
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    d = (1 - 0.6**t) / RATE * (onp.sqrt(s["v"] / (1 - 0.999**t)) + 1e-8)
    s["z"] = 0.6 * s.get("z", 0) + 0.4 * g - (d - 0.6 * s.get("d", 0)) * w
    s["d"] = d
    return -s["z"] / d


def lamb(w, g, s, t):
    g = clipped(g)
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    step = s["m"] / (1 - 0.9**t) / (onp.sqrt(s["v"] / (1 - 0.999**t)) + 1e-6) + WD * w
    return w - RATE * onp.linalg.norm(w) / onp.linalg.norm(step) * step


def lars(w, g, s, t):
    ratio = 0.001 * onp.linalg.norm(w) / (onp.linalg.norm(g) + WD * onp.linalg.norm(w))
    return w - RATE * ratio * (clipped(g) + WD * w)


def dcasgd(w, g, s, t):
    g, previous = clipped(g), s.get("w", w)
    s["w"] = w
    return w - RATE * (g + WD * w + 0.04 * g**2 * (w - previous))


CASES = {
    "SGD": ({}, sgd),
    "SGD with momentum": ({"momentum": 0.9}, momentum),
    "ccSGD": ({"momentum": 0.9}, momentum),
    "LBSGD": ({"warmup_epochs": 0}, sgd),
    "NAG": ({"momentum": 0.9}, nesterov),
    "Signum": ({}, signum),
    "Adam": ({}, adam),
    "AdaGrad": ({}, adagrad),
    "GroupAdaGrad": ({"wd": 0.0}, group_adagrad),
    "RMSProp": ({}, rmsprop),
    "RMSProp centered": ({"centered": True}, centered_rmsprop),
    "AdaDelta": ({}, adadelta),
    "Ftrl": ({}, ftrl),
    "Adamax": ({}, adamax),
    "Nadam": ({}, nadam),
    "FTML": ({}, ftml),
    "LAMB": ({}, lamb),
    "LARS": ({}, lars),
    "DCASGD": ({}, dcasgd),
    "Test": ({"wd": 0.0, "clip_gradient": None}, lambda w, g, s, t: w + g),
}
OTHERS = {"SGLD"}  # adds random numbers


def trainer(name, values, dtype, arguments):
    """Return a trainer of parameters that have these values."""
    parameters = [gluon.Parameter(f"p{i}_weight", shape=v.shape, dtype=dtype) for i, v in enumerate(values)]
    for parameter, value in zip(parameters, values, strict=True):
        parameter.initialize(mx.init.Zero())
        parameter.set_data(np.array(value, dtype=dtype))
    options = {"learning_rate": RATE, "wd": WD, "clip_gradient": CLIP, **arguments}
    optimizer = optimizers.create(name.split()[0].lower(), **options)
    return gluon.Trainer(parameters, optimizer, kvstore=None), parameters


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES)
def test_steps(case, dtype):
    arguments, formula = CASES[case]
    values = [random(3, 2), random(4, 2, seed=1)]
    training, parameters = trainer(case, values, dtype, arguments)
    states = [{} for _ in values]
    for t in (1, 2, 3):
        gradients = [random(*v.shape, seed=10 * t + i) for i, v in enumerate(values)]
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad()[:] = np.array(gradient * BATCH, dtype=dtype)
            parameter.data()._fresh_grad = True
        training.step(BATCH)
        values = [formula(v, g, s, t) for v, g, s in zip(values, gradients, states, strict=True)]
        for parameter, value, gradient in zip(parameters, values, gradients, strict=True):
            tolerance = 1e-6 if dtype == "float64" else 2e-4
            onp.testing.assert_allclose(parameter.data().asnumpy(), value, rtol=tolerance, atol=tolerance)
            assert parameter.data().dtype == dtype
            assert onp.allclose(parameter.grad().asnumpy(), gradient * BATCH)  # not changed


def test_every_optimizer_is_tested():
    modules = (optimizers.optimizer, optimizers.contrib)
    classes = {
        name
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, optimizers.Optimizer) and value is not optimizers.Optimizer
    }
    assert classes == {case.split()[0] for case in CASES} | OTHERS


@pytest.mark.parametrize("name", ["SGD", "NAG", "LAMB", "Adam"])
def test_float16_with_a_float32_copy(name):
    """Steps that are lost in float16 add up in the copy."""
    training, (parameter,) = trainer(
        name, [onp.ones((2, 2))], "float16", {"multi_precision": True, "learning_rate": 1e-4, "wd": 0}
    )
    for _ in range(30):
        parameter.grad()[:] = 1
        parameter.data()._fresh_grad = True
        training.step(1)
    assert (parameter.data() < 1).all()


def test_sgld_adds_noise_of_the_right_size():
    training, (parameter,) = trainer("SGLD", [onp.zeros((200, 200))], "float32", {})
    parameter.data()._fresh_grad = True
    training.step(1)
    noise = parameter.data().asnumpy()
    assert abs(noise.mean()) < 5 * onp.sqrt(RATE / noise.size)
    assert noise.std() == pytest.approx(onp.sqrt(RATE), rel=0.02)


def test_adamax_leaves_parameters_without_gradient():
    training, (parameter,) = trainer("Adamax", [onp.ones((2, 2))], "float32", {"wd": 0})
    parameter.data()._fresh_grad = True
    training.step(1)
    assert (parameter.data() == 1).all()


def test_dcasgd_has_no_momentum():
    with pytest.raises(NotImplementedError, match="without momentum"):
        optimizers.DCASGD(momentum=0.9)


SCHEDULES = {
    "FactorScheduler": ({"step": 3, "factor": 0.5}, lambda t: 0.5 ** max(0, (t - 1) // 3)),
    "MultiFactorScheduler": ({"step": [2, 5], "factor": 0.1}, lambda t: 0.1 ** ((t > 2) + (t > 5))),
    "PolyScheduler": ({"max_update": 8, "pwr": 2}, lambda t: (1 - min(t, 8) / 8) ** 2),
    "CosineScheduler": ({"max_update": 8}, lambda t: (1 + onp.cos(onp.pi * min(t, 8) / 8)) / 2),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name):
    arguments, formula = SCHEDULES[name]
    schedule = getattr(schedules, name)(base_lr=1.0, **arguments)
    assert [schedule(t) for t in range(1, 12)] == pytest.approx([formula(t) for t in range(1, 12)])
    warm = getattr(schedules, name)(base_lr=1.0, warmup_steps=4, warmup_begin_lr=0.2, **arguments)
    assert [warm(t) for t in range(4)] == pytest.approx([0.2, 0.4, 0.6, 0.8])


def test_every_schedule_is_tested():
    classes = {name for name, value in vars(schedules).items() if inspect.isclass(value)}
    assert classes - {"LRScheduler"} == set(SCHEDULES)


def test_a_trainer_follows_its_schedule():
    schedule = schedules.FactorScheduler(step=1, factor=0.5, base_lr=RATE)
    training, (parameter,) = trainer("SGD", [onp.zeros((1, 1))], "float32", {"lr_scheduler": schedule, "wd": 0})
    rates = []
    for _ in range(3):
        before = parameter.data().item()
        parameter.grad()[:] = 0.1
        parameter.data()._fresh_grad = True
        training.step(1)
        rates.append((before - parameter.data().item()) / 0.1)
    assert rates == pytest.approx([RATE, RATE / 2, RATE / 4], rel=1e-4)
    assert training.learning_rate == pytest.approx(RATE / 4)
