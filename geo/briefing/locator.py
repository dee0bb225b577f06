"""A small globe that shows where on Earth the map is."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.briefing.canvas import Canvas
from geo.briefing.countries import world
from geo.briefing.layout import ACCENT, RULE, WATER
from geo.briefing.projection import FINEST, Frame, relative
from geo.model import Symbol

_LAND = Symbol("", fill="#c9cdc6", stroke="#f4f3ee", width=0.5)
_SEA = Symbol("", fill=WATER, stroke=RULE, width=1)
_HERE = Symbol("", fill=ACCENT, stroke=ACCENT, fill_opacity=0.25, width=2)
_HORIZON = 88.0
"""Degrees from the centre to the edge of what is drawn: at 90 shapes would be edge-on."""
_SMALLEST = 9.0
"""Pixels across the mark of the map at least has."""


def draw_globe(canvas: Canvas, frame: Frame, x: float, y: float, radius: float) -> None:
    """Draw the hemisphere around the frame's centre (orthographic projection) with the frame marked.

    Parameters
    ----------
    x, y, radius
        Middle and size of the globe, in pixels.
    """
    from shapely import Point, Polygon, segmentize, transform

    def pixels(degrees: Any) -> Any:
        return orthographic(degrees, frame.lat) * (radius, -radius) + (x, y)

    canvas.draw(Point(x, y).buffer(radius, quad_segs=64), _SEA)
    visible = cap(frame.lat)
    for _, _, shape in world():
        seen = relative(shape, frame.lon).intersection(visible)
        canvas.draw(transform(segmentize(seen, 2.0), pixels).simplify(FINEST).buffer(0), _LAND)
    mark = Polygon(pixels(frame.outline()))
    half = max(_SMALLEST * canvas.unit - max(_size(mark)), 0) / 2
    canvas.draw(mark.buffer(half, join_style="mitre") if half else mark, _HERE)


def _size(shape: Any) -> tuple[float, float]:
    left, top, right, bottom = shape.bounds
    return right - left, bottom - top


def orthographic(degrees: Any, lat: float) -> Any:
    """Return x to the east and y to the north of points on a globe of radius 1 seen from above ``lat``.

    Longitudes count from the middle. Snyder (1987), Map Projections: A Working Manual, equations 20-3 and 20-4.
    """
    lam, phi = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    middle = np.radians(lat)
    x = np.cos(phi) * np.sin(lam)
    y = np.cos(middle) * np.sin(phi) - np.sin(middle) * np.cos(phi) * np.cos(lam)
    return np.column_stack([x, y])


def cap(lat: float) -> Any:
    """Return all that lies within `_HORIZON` degrees of a latitude on the middle meridian, in degrees.

    Longitudes count from that meridian. Where a pole lies within, the area goes up to it.
    """
    from shapely import Polygon

    bearing, reach, middle = np.radians(np.arange(-180, 180, 2.0)), np.radians(_HORIZON), np.radians(lat)
    phi = np.arcsin(np.sin(middle) * np.cos(reach) + np.cos(middle) * np.sin(reach) * np.cos(bearing))
    lam = np.arctan2(np.sin(bearing) * np.sin(reach) * np.cos(middle), np.cos(reach) - np.sin(middle) * np.sin(phi))
    edge = np.degrees(np.column_stack([lam, phi]))
    pole = 90.0 if lat + _HORIZON > 90 else -90.0 if lat - _HORIZON < -90 else None
    if pole is None:
        return Polygon(edge)
    edge = edge[np.argsort(edge[:, 0])]
    ends = [(180.0, edge[-1, 1]), (180.0, pole), (-180.0, pole), (-180.0, edge[0, 1])]
    return Polygon([*edge.tolist(), *ends])
