"""Plots: Matplotlib axes of numbers in the course's style, such as learning curves and images; and tables.

Diagrams of networks are in `d2lhelpers.drawing`. Figures are made without pyplot: no global list keeps them alive,
nothing has to be closed, and the reader's own Matplotlib settings neither matter nor change.
"""

from d2lhelpers.plotting.curves import LiveCurve, plot_history
from d2lhelpers.plotting.display import ipython_shell, picture_html, show, show_table
from d2lhelpers.plotting.images import show_images
from d2lhelpers.plotting.labels import label_points
from d2lhelpers.plotting.style import COLORS, FILL, FONT_SIZE, INK, PALE, TINTS, subplots

__all__ = [
    "COLORS",
    "FILL",
    "FONT_SIZE",
    "INK",
    "PALE",
    "TINTS",
    "LiveCurve",
    "ipython_shell",
    "label_points",
    "picture_html",
    "plot_history",
    "show",
    "show_images",
    "show_table",
    "subplots",
]
