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


def test_the_gpu_with_a_number_or_the_cpu(number):
    assert try_gpu() == (gpu(0) if number else cpu())
    assert try_gpu(onp.int64(1)) == (gpu(1) if number else cpu())
    assert try_gpu(2) == cpu()
    assert try_all_gpus() == ([gpu(0), gpu(1)] if number else [cpu()])


def test_devices_are_d2ls(number):
    d2l = pytest.importorskip("d2l.mxnet")
    for i in range(3):
        assert try_gpu(i) == d2l.try_gpu(i)
    if number:  # without a GPU, d2l returns [], which contradicts its own documentation
        assert try_all_gpus() == d2l.try_all_gpus()


def test_the_cpu_if_the_gpu_build_finds_no_driver(monkeypatch):
    def num_gpus():
        raise mxnet.MXNetError("CUDA: Check failed: e == cudaSuccess: CUDA driver version is insufficient")

    monkeypatch.setattr(npx, "num_gpus", num_gpus)
    assert (try_gpu(), try_all_gpus()) == (cpu(), [cpu()])


@pytest.mark.parametrize(("i", "error"), [(-1, ValueError), ("gpu", TypeError), (1.0, TypeError), (None, TypeError)])
def test_what_is_not_a_number_of_a_gpu_is_an_error(i, error):
    with pytest.raises(error, match=f"i={i!r}: must be a whole number, 0 or more"):
        try_gpu(i)
