"""Which device to compute on (device.py)."""

import mxnet
import numpy as onp
import pytest
from mxnet import cpu, gpu, npx

from d2lhelpers import try_all_gpus, try_gpu


@pytest.fixture(params=[0, 2])
def number(request, monkeypatch):
    """Let MXNet see that many GPUs."""
    monkeypatch.setattr(npx, "num_gpus", lambda: request.param)
    return request.param


def test_all(number):
    assert try_all_gpus() == ([gpu(0), gpu(1)] if number else [cpu()])


def test_one(number):
    assert try_gpu() == (gpu(0) if number else cpu())
    assert try_gpu(onp.int64(1)) == (gpu(1) if number else cpu())
    assert try_gpu(2) == cpu()


def test_without_a_driver(monkeypatch):
    def num_gpus():
        raise mxnet.MXNetError("CUDA: Check failed: e == cudaSuccess: CUDA driver version is insufficient")

    monkeypatch.setattr(npx, "num_gpus", num_gpus)
    assert (try_gpu(), try_all_gpus()) == (cpu(), [cpu()])


def test_agrees_with_d2l(number, monkeypatch):
    d2l = pytest.importorskip("d2l.mxnet")
    for i in range(3):
        assert try_gpu(i) == d2l.try_gpu(i)
    if number:  # without a GPU d2l returns [], against its own documentation
        assert try_all_gpus() == d2l.try_all_gpus()


def test_negative_number():
    with pytest.raises(ValueError, match="a GPU's number is 0 or more, but got -1"):
        try_gpu(-1)


@pytest.mark.parametrize("i", ["gpu", 1.0, None])
def test_no_number(i):
    with pytest.raises(TypeError, match="named by its number"):
        try_gpu(i)
