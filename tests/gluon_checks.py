"""Compares blocks of Gluon with formulas in NumPy: values, gradients, and the hybridized block with the other."""

import mxnet as mx
import numpy as onp
from mxnet import autograd, np

TOLERANCES = {"float64": 1e-6, "float32": 1e-4}


def random(*shape, low=-1.0, high=1.0, seed=0):
    return onp.random.RandomState(seed).uniform(low, high, size=shape)


def array(x):
    """Return an array of MXNet's default type; ``np.array`` keeps the type of NumPy arrays."""
    return np.array(x, dtype="float32")


def parameters(block):
    """Return the parameters as float64, by their names in the block, such as "weight"."""
    return {
        name: parameter.data().asnumpy().astype("float64")
        for name, parameter in block._collect_params_with_prefix().items()
    }


def check_block(block, inputs, formula, dtype="float64", hybridize=(False, True), training=True):
    """Assert that `block` computes ``formula(parameters, *inputs)`` and its derivatives (not by integers)."""
    block.initialize(mx.init.Normal(0.4))
    if block.collect_params():
        block.cast(dtype)
    repr(block)
    for hybrid in hybridize:
        block.hybridize(hybrid)
        arrays = [np.array(x, dtype=dtype if x.dtype.kind == "f" else x.dtype) for x in inputs]
        block(*arrays)  # finds the shapes of parameters
        check_call(block, arrays, formula, dtype, training)


def check_call(block, arrays, formula, dtype, training):
    before = parameters(block)
    inputs = [array.asnumpy().astype("float64" if array.dtype.kind == "f" else array.dtype) for array in arrays]
    expected = formula(before, *inputs)
    differentiable = [array for array in arrays if array.dtype.kind == "f"]
    for array in differentiable:
        array.attach_grad()
    with autograd.record(train_mode=training):
        output = block(*arrays)
        factors = random(*onp.shape(expected), seed=3)
        total = (output * np.array(factors, dtype=output.dtype)).sum()
    assert type(output) is np.ndarray
    assert output.dtype == dtype
    assert output.shape == onp.shape(expected)
    onp.testing.assert_allclose(output.asnumpy(), expected, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])
    total.backward()
    names = [n for n, p in block._collect_params_with_prefix().items() if p.grad_req != "null"]
    gradients = [array.grad.asnumpy() for array in differentiable]
    own = block._collect_params_with_prefix()
    gradients += [own[name].grad().asnumpy() for name in names]
    check_gradients(formula, before, names, inputs, gradients, factors, TOLERANCES[dtype])


def check_gradients(formula, values, names, inputs, gradients, factors, tolerance, step=1e-6):
    """Compare each gradient with the difference quotient of the formula along a random direction."""
    floats = [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]
    for number, gradient in enumerate(gradients):
        direction = random(*gradient.shape, seed=7 + number)
        results = []
        for sign in (1, -1):
            moved, changed = list(inputs), dict(values)
            if number < len(floats):
                moved[floats[number]] = moved[floats[number]] + sign * step * direction
            else:
                name = names[number - len(floats)]
                changed[name] = changed[name] + sign * step * direction
            results.append((formula(changed, *moved) * factors).sum())
        quotient = (results[0] - results[1]) / (2 * step)
        onp.testing.assert_allclose((gradient * direction).sum(), quotient, rtol=10 * tolerance, atol=10 * tolerance)
