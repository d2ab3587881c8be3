"""Diagrams: arrays as cells, networks as layers, blocks as boxes and arrows.

Each function draws on Matplotlib axes made by `d2lhelpers.subplots`. Plots of numbers are in `d2lhelpers.plotting`.
"""

from d2lhelpers.drawing.blocks import draw_blocks
from d2lhelpers.drawing.cells import draw_cells
from d2lhelpers.drawing.layers import draw_layers
from d2lhelpers.drawing.network import draw_network

__all__ = ["draw_blocks", "draw_cells", "draw_layers", "draw_network"]
