"""Helpers for the course *Dive into Deep Learning in One Day*.

The code that a notebook teaches is in the notebook; code that would distract from it is here, one subject per module:

==============  ==================================================================
`course`        the map of the course
`data`          images, photographs, tables, texts, simulated data, batches
`device`        which device to use
`distributed`   several processes, through MXNet's parameter server
`drawing`       diagrams: arrays as cells, networks as layers, blocks as boxes and arrows
`exercises`     checks a student's answer and says what is wrong with it
`formatting`    numbers as text
`history`       what a training run records
`interactive`   a slider in a live notebook, a row of fixed cases elsewhere
`plotting`      plots of numbers: figures with alternative text, live curves, images, tables
`pretrained`    a network that recognizes photographs
`random`        seeds
`report`        whether the course can run on this machine
`scale`         laptop size or the papers' size, with one switch
`scoreboard`    results of networks, kept across notebooks
`summary`       a table of layers: output shape, parameters, multiply-adds
`torch_file`    reads arrays that PyTorch saved
`training`      fit, evaluate, metrics
`widgets`       a pad to draw digits on, an upload of photographs
==============  ==================================================================

Every public name can be imported from the package itself: ``from d2lhelpers import fit``.
"""

import mxnet_compat  # isort: skip (first, so that MXNet can be imported)

try:
    import mxnet  # noqa: F401  (before NumPy, so that the error names a user's numpy.py)
except ModuleNotFoundError as error:
    if error.name == "mxnet":
        error.msg = "MXNet is not installed. Run: python -m mxnet_compat install --extra course"
    raise

from d2lhelpers.course import format_course, read_course
from d2lhelpers.data import (
    ArrayLoader,
    Crowd,
    DataError,
    Emoji,
    Photo,
    SpotPrices,
    class_names,
    date_pairs,
    draw_crowd,
    load_cars,
    load_data,
    load_data_fashion_mnist,
    load_emoji,
    load_images,
    load_names,
    load_photo,
    load_photos,
    load_text,
    spot_prices,
    synthetic_data,
)
from d2lhelpers.device import try_all_gpus, try_gpu
from d2lhelpers.distributed.workers import connect_workers
from d2lhelpers.drawing import draw_blocks, draw_cells, draw_layers, draw_network
from d2lhelpers.exercises import check
from d2lhelpers.formatting import rounded
from d2lhelpers.history import History, Timer
from d2lhelpers.interactive import explore
from d2lhelpers.plotting import COLORS, LiveCurve, plot_history, show, show_images, show_table, subplots
from d2lhelpers.pretrained import load_pretrained, recognize
from d2lhelpers.random import seed
from d2lhelpers.scale import at_scale
from d2lhelpers.scoreboard import Scoreboard
from d2lhelpers.summary import summarize
from d2lhelpers.training import TrainingDiverged, accuracy, evaluate, fit
from d2lhelpers.widgets import UserImage, draw_digit, upload_photo

__version__ = mxnet_compat.__version__

__all__ = [
    "COLORS",
    "ArrayLoader",
    "Crowd",
    "DataError",
    "Emoji",
    "History",
    "LiveCurve",
    "Photo",
    "Scoreboard",
    "SpotPrices",
    "Timer",
    "TrainingDiverged",
    "UserImage",
    "__version__",
    "accuracy",
    "at_scale",
    "check",
    "class_names",
    "connect_workers",
    "date_pairs",
    "draw_blocks",
    "draw_cells",
    "draw_crowd",
    "draw_digit",
    "draw_layers",
    "draw_network",
    "evaluate",
    "explore",
    "fit",
    "format_course",
    "load_cars",
    "load_data",
    "load_data_fashion_mnist",
    "load_emoji",
    "load_images",
    "load_names",
    "load_photo",
    "load_photos",
    "load_pretrained",
    "load_text",
    "plot_history",
    "read_course",
    "recognize",
    "rounded",
    "seed",
    "show",
    "show_images",
    "show_table",
    "spot_prices",
    "subplots",
    "summarize",
    "synthetic_data",
    "try_all_gpus",
    "try_gpu",
    "upload_photo",
]
