"""Random numbers that are the same in every run (random.py)."""

import random

import numpy as onp
import pytest
from mxnet import np

from d2lhelpers import seed


def draw():
    return random.random(), onp.random.rand(), np.random.uniform(size=(3,)).tolist(), np.random.randint(10**6).item()


@pytest.mark.parametrize("n", [0, 42, 2**31, 2**32 - 1, onp.int64(42)])
def test_a_seed_repeats_the_numbers_of_python_numpy_and_mxnet(n):
    seed(n)
    first, second = draw(), draw()
    assert all(a != b for a, b in zip(first, second, strict=True))
    seed(n)
    assert draw() == first
    seed((int(n) + 1) % 2**32)
    assert all(a != b for a, b in zip(first, draw(), strict=True))


@pytest.mark.parametrize("n", [1.0, "1", None, True])
def test_a_seed_must_be_an_integer(n):
    with pytest.raises(TypeError, match=f"seed={n!r}: must be a whole number"):
        seed(n)


@pytest.mark.parametrize("n", [-1, 2**32])
def test_a_seed_has_32_bits(n):
    with pytest.raises(ValueError, match=f"seed={n}: must be a whole number, 0 to 4,294,967,295"):
        seed(n)
