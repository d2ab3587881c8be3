"""The photograph: its shape, its range, and what it shows."""

import numpy as np
import pytest

from d2lhelpers import load_photo


@pytest.mark.parametrize(("gray", "shape"), [(False, (3, 40, 40)), (True, (1, 40, 40))])
def test_shape_and_range(gray, shape):
    photo = load_photo(40, gray=gray)
    assert photo.shape == shape
    assert photo.dtype == np.float32
    assert 0 <= float(photo.min()) < 0.1
    assert 0.9 < float(photo.max()) <= 1


def test_the_photo_is_upright_and_its_planes_are_red_green_and_blue():
    red, green, blue = load_photo(64).asnumpy()
    sky = np.s_[2:20, 56:63]  # the backdrop at the upper right is blue
    assert blue[sky].mean() > green[sky].mean() > red[sky].mean()
    face = np.s_[38:44, 28:36]
    assert red[face].mean() > green[face].mean() > blue[face].mean()


def test_gray_is_the_weighted_mean_of_the_colors():
    """ITU-R 601's luma, as Pillow documents its mode L."""
    weights = np.array([0.299, 0.587, 0.114]).reshape(3, 1, 1)
    luma = (weights * load_photo(48).asnumpy()).sum(axis=0)
    np.testing.assert_allclose(load_photo(48, gray=True).asnumpy()[0], luma, atol=2 / 255)


@pytest.mark.parametrize(("size", "error"), [(7, ValueError), (381, ValueError), (32.5, TypeError)])
def test_bad_sizes(size, error):
    with pytest.raises(error, match="size"):
        load_photo(size)
