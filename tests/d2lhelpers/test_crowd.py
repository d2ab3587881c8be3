"""The crowd of pixel people, and the figure that stands in it once."""

import hashlib

import numpy as onp
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from d2lhelpers import draw_crowd

DIGEST = "f7d25d88e806561be7184eaacf7cd596506df9634d2fac0957020c3f74f1bc0b"  # of the crowd with seed 0


def test_the_crowd_is_the_same_on_every_machine():
    crowd = draw_crowd(0)
    assert crowd.image.shape == (3, 99, 312)
    assert crowd.figure.shape == (3, 15, 13)
    pixels = (255 * crowd.image.asnumpy()).round().astype("uint8")
    assert hashlib.sha256(pixels.tobytes()).hexdigest() == DIGEST
    assert crowd.place == (59, 72)


@pytest.mark.parametrize(("seed", "rows", "columns"), [(0, 5, 22), (1, 2, 2), (2, 9, 4)])
def test_the_figure_stands_once_in_the_crowd(seed, rows, columns):
    crowd = draw_crowd(seed, rows=rows, columns=columns)
    image, figure = crowd.image.asnumpy(), crowd.figure.asnumpy()
    assert image.min() >= 0
    assert image.max() == 1
    same = (sliding_window_view(image, figure.shape)[0] == figure).all(axis=(2, 3, 4))
    assert onp.argwhere(same).tolist() == [list(crowd.place)]


def test_the_seed_moves_the_figure_but_does_not_change_it():
    crowds = [draw_crowd(seed) for seed in range(10)]
    assert len({crowd.place for crowd in crowds}) > 5
    assert all((crowd.figure == crowds[0].figure).all() for crowd in crowds)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_else_has_both_a_hat_and_a_bag(seed):
    """The brim of a hat is 10 pixels wide, a bag is a 3×3 block 8 rows below; each has one color, and is not white."""

    def in_one_color(pixels):
        return (pixels == pixels[..., :1]).all(axis=(0, -1)) & (pixels[..., 0] < 1).any(axis=0)

    crowd = draw_crowd(seed)
    windows = sliding_window_view(crowd.image.asnumpy(), (13, 12), axis=(1, 2))
    hats = onp.concatenate([windows[..., 2, 1:11], windows[..., 0, 3:9]], axis=-1)
    bags = windows[..., 10:13, 9:12].reshape(*windows.shape[:3], 9)
    assert onp.argwhere(in_one_color(hats) & in_one_color(bags)).tolist() == [list(crowd.place)]


@pytest.mark.parametrize("options", [{"rows": 1}, {"columns": 51}, {"seed": -1}])
def test_a_crowd_refuses_sizes_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        draw_crowd(**options)


def test_a_crowd_has_a_whole_number_of_rows():
    with pytest.raises(TypeError, match="rows"):
        draw_crowd(rows=2.5)
