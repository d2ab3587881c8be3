"""The errata page: what its cells print, against formulas written down here."""

import pytest
from lessons import lesson


def conv(channels_in, channels, kernel, size):
    """Return the parameters and multiply-adds of a convolution whose output is size × size."""
    weights = channels_in * channels * kernel**2
    return weights + channels, weights * size**2


def dense(inputs, outputs):
    return inputs * outputs + outputs, inputs * outputs


LENET = [conv(1, 6, 5, 28), conv(6, 16, 5, 10), dense(400, 120), dense(120, 84), dense(84, 10)]
ALEXNET = [
    *(conv(3, 96, 11, 54), conv(96, 256, 5, 26), conv(256, 384, 3, 12), conv(384, 384, 3, 12), conv(384, 256, 3, 12)),
    *(dense(256 * 5 * 5, 4096), dense(4096, 4096), dense(4096, 1000)),
]
SMALL, LARGE = (list(map(sum, zip(*network, strict=True))) for network in (LENET, ALEXNET))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x[:, 1] =", "x[:, 1] = [1. 5. 9.]"),
        ("gigaflops", f"{2 * 1.024**3 * 1000 / 53.66:.0f} and {2 * 1.024**3 * 1000 / 18.25:.0f} GFLOP/s"),
        ("closed form", "closed form: [1.0, -2.0, 3.0]"),
        ("autograd agrees", "True"),
        ("layers leave", f"{(224 - 4) // (5 - 1)} layers leave 4 × 4"),
        ('"weight"', "bias (6,)"),
        ("hours", f"{10 * 1e15 / 0.15e12 / 3600:.1f} h"),
        ("edge", "window 2: [0. 0. 1. 1. 0. 0.]"),
        ("ratio of the work", f"parameters: {LARGE[0]:,}"),
        ("ratio of the work", f"ratio of parameters: {LARGE[0] / SMALL[0]:.0f}"),
        ("ratio of the work", f"ratio of the work: {LARGE[1] / SMALL[1]:,.0f}"),
        ("for kernel in", f"5×5: {192 * 256 * 25:,} parameters, {192 * 256 * 25 * 28**2:,} multiply-adds"),
        ("depthwise", f"{256 / (256 + 9):.0%}"),
    ],
)
def test_what_is_right(cell, words):
    assert words in lesson("errata").printed_by(cell)
