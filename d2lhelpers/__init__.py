"""Helpers for the course *Dive into Deep Learning in One Day*.

What a notebook teaches is written in the notebook; what would distract there is here, one subject a module:

==============  ==================================================================
`compat`        lets the retired MXNet wheel work on current Python and NumPy
`runtime`       threads, seeds, what this machine can do
`cuda`          Nvidia's driver, GPUs, and the libraries of CUDA 11
`installation`  brings MXNet and d2l, and leaves what is there as it is
`scale`         laptop size or the papers' size, by one switch
`device`        which device to use
`data`          images, photographs, tables, texts, simulated data, batches
`training`      fit, evaluate, metrics
`distributed`   several processes, through MXNet's parameter server
`launch`        starts them
`plotting`      figures with alternative text, live curves, images
`drawing`       arrays as cells, networks as layers
`diagrams`      blocks of a network as boxes and arrows
`interactive`   a slider where the notebook is live, a row of fixed cases elsewhere
`formatting`    numbers as text
`course`        the map of the course
`summary`       layer table: output shape, parameters, multiply-adds
`exercises`     checks a student's answer and says what is wrong with it
==============  ==================================================================

Every public name can be imported from the package itself: ``from d2lhelpers import fit``.  Its module is loaded at
that moment, so that ``import d2lhelpers``, which every start of Python does (see `compat`), costs next to nothing.
"""

import importlib

from d2lhelpers import compat  # noqa: F401 (importing it is what matters, where the .pth was not read: see `compat`)

__version__ = "1.0.0"

_PUBLIC = {
    "course": ("format_course", "read_course"),
    "data": (
        "ArrayLoader",
        "Crowd",
        "DataError",
        "Emoji",
        "Photo",
        "SpotPrices",
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
    ),
    "device": ("try_all_gpus", "try_gpu"),
    "diagrams": ("draw_blocks",),
    "distributed": ("connect_workers",),
    "drawing": ("draw_cells", "draw_layers", "draw_network"),
    "exercises": ("check",),
    "formatting": ("rounded",),
    "interactive": ("explore",),
    "plotting": (
        "COLORS",
        "LiveCurve",
        "plot_history",
        "show",
        "show_images",
        "subplots",
    ),
    "runtime": ("check_setup", "format_checks", "seed"),
    "scale": ("at_scale",),
    "summary": ("summarize",),
    "training": ("History", "Timer", "TrainingDiverged", "accuracy", "evaluate", "fit"),
}
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(sorted(_MODULE_OF))}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
