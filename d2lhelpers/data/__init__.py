"""Data for the notebooks: images from the package or a download, simulated numbers, and batches of either.

=================  ======================================================================================
`loader`           `ArrayLoader`: batches from arrays in memory; bilinear resizing
`images`           `load_data`, `load_images`, `class_names`: one interface to all image data sets
`digits`           the handwritten digits that are part of the package
`mirrors`          MNIST and Fashion-MNIST: their files, hashes and mirrors
`downloads`        a file from the cache, or from the first mirror that delivers it intact; `DataError`
`crowd`            `draw_crowd`: a crowd of small figures, one of them different
`photo`            `load_photo`: a photograph to filter, crop and rotate
`simulated`        `synthetic_data`, `spot_prices`: data whose true weights are known
=================  ======================================================================================
"""

from d2lhelpers.data.crowd import Crowd, draw_crowd
from d2lhelpers.data.downloads import DataError
from d2lhelpers.data.images import cached_sources, class_names, load_data, load_data_fashion_mnist, load_images
from d2lhelpers.data.loader import ArrayLoader
from d2lhelpers.data.photo import load_photo
from d2lhelpers.data.simulated import SpotPrices, spot_prices, synthetic_data

__all__ = [
    "ArrayLoader",
    "Crowd",
    "DataError",
    "SpotPrices",
    "cached_sources",
    "class_names",
    "draw_crowd",
    "load_data",
    "load_data_fashion_mnist",
    "load_images",
    "load_photo",
    "spot_prices",
    "synthetic_data",
]
