"""Figures that belong to one notebook each: one module per notebook, such as ``nb07_mlp``.

What several notebooks draw is in `d2lhelpers.drawing` (diagrams) and `d2lhelpers.plotting` (numbers). A function here
takes what it draws as arguments, computes nothing that the notebook should teach, and shows the figure.
"""
