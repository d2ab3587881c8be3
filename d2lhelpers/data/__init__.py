"""Data for the notebooks: images, tables and texts from the package or a download, simulated numbers, and batches.

=================  ======================================================================================
`loader`           `ArrayLoader`: batches from arrays in memory; bilinear resizing
`images`           `load_data`, `load_images`, `class_names`: one interface to all image data sets
`embedded`         the files that are part of the package
`emoji`            `load_emoji`: emoji with their styles and concepts
`mirrors`          MNIST and Fashion-MNIST: their files, hashes and mirrors
`downloads`        a file from the cache, or from the first mirror that delivers it intact; `DataError`
`crowd`            `draw_crowd`: a crowd of small figures, one of them different
`photo`            `load_photo`: a photograph to filter, crop and rotate
`photos`           `load_photos`: photographs with titles and credits
`tables`           `load_cars`: a table for regression
`texts`            `load_text`, `load_names`: a book, a play, and first names
`dates`            `date_pairs`: dates as people write them, and in ISO format
`simulated`        `synthetic_data`, `spot_prices`: data whose true weights are known
=================  ======================================================================================
"""

from d2lhelpers.data.crowd import Crowd, draw_crowd
from d2lhelpers.data.dates import date_pairs
from d2lhelpers.data.downloads import DataError
from d2lhelpers.data.emoji import Emoji, load_emoji
from d2lhelpers.data.images import cached_sources, class_names, load_data, load_data_fashion_mnist, load_images
from d2lhelpers.data.loader import ArrayLoader
from d2lhelpers.data.photo import load_photo
from d2lhelpers.data.photos import Photo, load_photos
from d2lhelpers.data.simulated import SpotPrices, spot_prices, synthetic_data
from d2lhelpers.data.tables import load_cars
from d2lhelpers.data.texts import load_names, load_text

__all__ = [
    "ArrayLoader",
    "Crowd",
    "DataError",
    "Emoji",
    "Photo",
    "SpotPrices",
    "cached_sources",
    "class_names",
    "date_pairs",
    "draw_crowd",
    "load_cars",
    "load_data",
    "load_data_fashion_mnist",
    "load_emoji",
    "load_images",
    "load_names",
    "load_photo",
    "load_photos",
    "load_text",
    "spot_prices",
    "synthetic_data",
]
