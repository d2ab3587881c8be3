"""Digits as strokes: what tests draw on the pad."""

import math


def arc(x, y, width, height, start, end, steps=24):
    """Points of an ellipse around (x, y), from one angle to another in degrees; 0 is right and 90 is down."""
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + width / 2 * math.cos(a), y + height / 2 * math.sin(a)) for a in angles]


# In units of the pad, with y downward. A digit is a list of strokes, and a stroke is a list of points.
DIGITS = [
    [arc(0.5, 0.5, 0.4, 0.6, -90, 270)],
    [[(0.55, 0.2), (0.47, 0.8)]],
    [[*arc(0.5, 0.36, 0.36, 0.32, -170, 40), (0.3, 0.8), (0.72, 0.8)]],
    [[*arc(0.48, 0.35, 0.36, 0.3, -150, 90), *arc(0.48, 0.655, 0.42, 0.31, -90, 150)]],
    [[(0.36, 0.2), (0.3, 0.52), (0.68, 0.5)], [(0.64, 0.22), (0.58, 0.82)]],
    [[(0.66, 0.2), (0.4, 0.2), (0.36, 0.46), *arc(0.48, 0.62, 0.38, 0.36, -110, 140)]],
    [[(0.6, 0.18), (0.42, 0.45), *arc(0.5, 0.65, 0.3, 0.3, -180, 180)]],
    [[(0.3, 0.22), (0.7, 0.22), (0.46, 0.8)]],
    [[*arc(0.5, 0.35, 0.28, 0.29, 90, 450), *arc(0.5, 0.65, 0.34, 0.31, -90, 270)]],
    [[*arc(0.48, 0.36, 0.32, 0.3, 0, 360), (0.6, 0.8)]],
]


def changed(strokes, *, scale=1.0, dx=0.0, dy=0.0, slant=0.0, stretch=1.0):
    """Strokes that are scaled, stretched in width and slanted around the middle of the pad, then moved."""
    return [
        [
            (0.5 + scale * (stretch * (x - 0.5) - slant * (y - 0.5)) + dx, 0.5 + scale * (y - 0.5) + dy)
            for x, y in stroke
        ]
        for stroke in strokes
    ]
