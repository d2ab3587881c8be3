"""Data for the notebooks: images from the package or a download, simulated numbers, and batches of either.

=================  ==================================================================================
`loader`           `ArrayLoader`: batches from arrays in memory; bilinear resizing
`images`           `load_data`, `load_images`, `class_names`: one interface to all image data sets
`digits`           the handwritten digits that the package brings along
`mirrors`          MNIST and Fashion-MNIST: their files, hashes and mirrors
`cache`            the folder of downloads: verified, shared by processes
`downloads`        a file from the cache, else from the first mirror that delivers it whole
`idx`              the reader of MNIST's file format
`errors`           `DataError`
`crowd`            `draw_crowd`: a crowd of small figures, one of them different
`photo`            `load_photo`: a photograph to filter, crop and turn
`simulated`        `synthetic_data`, `spot_prices`: data whose true weights are known
=================  ==================================================================================

A public name's module is loaded when the name is first used: whoever only downloads (``python -m d2lhelpers data``)
does not wait for MXNet.
"""

import importlib
from typing import Any

_PUBLIC = {
    "crowd": ("Crowd", "draw_crowd"),
    "errors": ("DataError",),
    "images": ("cached_sources", "class_names", "load_data", "load_data_fashion_mnist", "load_images"),
    "loader": ("ArrayLoader",),
    "photo": ("load_photo",),
    "simulated": ("SpotPrices", "spot_prices", "synthetic_data"),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
