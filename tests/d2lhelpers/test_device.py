"""Which device to compute on."""

import mxnet
import numpy as onp
import pytest
from mxnet import cpu, gpu, npx

from d2lhelpers import try_all_gpus, try_gpu


def test_without_a_gpu_the_cpu_is_chosen(monkeypatch):
    monkeypatch.setattr(npx, "num_gpus", lambda: 0)
    assert (try_gpu(), try_all_gpus()) == (cpu(), [cpu()])


def test_gpus_are_chosen_by_number(monkeypatch):
    monkeypatch.setattr(npx, "num_gpus", lambda: 2)
    assert try_all_gpus() == [gpu(0), gpu(1)]
    assert [try_gpu(), try_gpu(onp.int64(1)), try_gpu(2)] == [gpu(0), gpu(1), cpu()]


def test_without_a_driver_the_cpu_is_chosen(monkeypatch):
    def num_gpus():
        raise mxnet.MXNetError("CUDA: Check failed: e == cudaSuccess: CUDA driver version is insufficient")

    monkeypatch.setattr(npx, "num_gpus", num_gpus)
    assert (try_gpu(), try_all_gpus()) == (cpu(), [cpu()])


@pytest.mark.parametrize("number", [0, 2])
def test_the_choice_is_that_of_d2l(monkeypatch, number):
    d2l = pytest.importorskip("d2l.mxnet")
    monkeypatch.setattr(npx, "num_gpus", lambda: number)
    assert [try_gpu(i) for i in range(3)] == [d2l.try_gpu(i) for i in range(3)]
    if number:  # without a GPU d2l returns [], against its own documentation
        assert try_all_gpus() == d2l.try_all_gpus()


@pytest.mark.parametrize(
    ("i", "error", "message"),
    [(-1, ValueError, "must be 0 or more, not -1"), (1.0, TypeError, r"must be an integer \(0, 1, ...\), not 1.0")],
)
def test_bad_numbers(i, error, message):
    with pytest.raises(error, match=message):
        try_gpu(i)
