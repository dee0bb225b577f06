"""Outlines kept small: whole millionths of a degree, each as the step from the one before, compressed.

Areas are rounded to six decimals where they are drawn (`geo.geometry.rounded`), so that nothing is lost. What is not
rounded so, or is no area, is kept as compressed well-known binary. The first byte tells which.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_STEPS, _BINARY = b"S", b"B"
_SCALE = 1e6
FARTHEST = 1000.0
"""Degrees, more than any area reaches: their millionths, and the steps between these, fit in 32 bits."""
_KINDS = {"Polygon": 3, "MultiPolygon": 6}
"""GEOS's numbers of the kinds of geometry that are areas."""


@lru_cache(maxsize=1024)
def hashed_outline(binary: bytes) -> tuple[bytes, bytes]:
    """Return the hash of a geometry given as well-known binary, and its bytes.

    Reports name the same few areas: the last ones asked for are kept, some 5 MB.
    """
    from shapely import from_wkb

    return hashlib.blake2b(binary, digest_size=16).digest(), pack_outline(from_wkb(binary))


def pack_outline(geometry: BaseGeometry) -> bytes:
    """Return a geometry's bytes; `unpack_outline` gives back exactly the same."""
    packed = _steps(geometry)
    if packed is None:
        from shapely import to_wkb

        return _BINARY + zlib.compress(to_wkb(geometry))
    return _STEPS + packed


def _steps(geometry: BaseGeometry) -> bytes | None:
    import numpy as np
    from shapely import get_coordinates

    if geometry.geom_type not in _KINDS or geometry.is_empty or geometry.has_z:
        return None
    coordinates = get_coordinates(geometry)
    if not (np.abs(coordinates) <= FARTHEST).all():  # nor is what is no number
        return None
    whole = np.rint(coordinates * _SCALE)
    if (whole / _SCALE != coordinates).any():
        return None
    steps = whole.astype("<i4")
    steps[1:] -= steps[:-1].copy()
    head = json.dumps(_layout(geometry), separators=(",", ":")).encode()
    # All first bytes, then all second ones, …: the upper bytes of small steps are alike.
    lanes = np.ascontiguousarray(steps.T).view(np.uint8).reshape(-1, 4).T.tobytes()
    return zlib.compress(head + b"\n" + lanes)


def _layout(area: Any) -> list[int | list[int]]:
    """Return the kind of an area, where its rings begin and end, then its polygons among the rings (GeoArrow)."""
    polygons = [area] if area.geom_type == "Polygon" else area.geoms
    rings = [[polygon.exterior, *polygon.interiors] for polygon in polygons]
    sizes = (len(ring.coords) for polygon in rings for ring in polygon)
    within = [[0, *accumulate(sizes)], [0, *accumulate(map(len, rings))]]
    return [_KINDS[area.geom_type], *within, *([] if area.geom_type == "Polygon" else [[0, len(rings)]])]


def unpack_outline(packed: bytes) -> BaseGeometry:
    """Return the geometry of `pack_outline`'s bytes.

    Raises
    ------
    ValueError
        They are none of ours.
    """
    from shapely.errors import ShapelyError

    try:
        plain = zlib.decompress(packed[1:])
        return geometry_of(plain) if packed[:1] == _BINARY else _from_steps(plain)
    except (zlib.error, ShapelyError, ValueError) as error:
        raise ValueError(f"an outline is damaged: {error}") from error


def geometry_of(binary: bytes | str) -> BaseGeometry:
    """Return the geometry of well-known binary, as bytes or in hex.

    Raises
    ------
    ValueError
        It is none.
    """
    from shapely import from_wkb
    from shapely.errors import ShapelyError

    if not isinstance(binary, bytes | str):  # None and lists would pass
        raise ValueError(f"{binary!r} is no area")  # noqa: TRY004 - whatever is wrong with it is one kind of error
    try:
        geometry: BaseGeometry = from_wkb(binary)
    except ShapelyError as error:
        raise ValueError(f"an area cannot be read: {error}") from error
    return geometry


def _from_steps(plain: bytes) -> BaseGeometry:
    import numpy as np
    from shapely import from_ragged_array

    head, _, lanes = plain.partition(b"\n")
    kind, *offsets = json.loads(head)
    steps = np.ascontiguousarray(np.frombuffer(lanes, np.uint8).reshape(4, -1).T).view("<i4").reshape(2, -1).T
    coordinates = np.ascontiguousarray(np.cumsum(steps, axis=0, dtype=np.int64) / _SCALE)
    geometry: BaseGeometry = from_ragged_array(kind, coordinates, tuple(np.array(part) for part in offsets))[0]
    return geometry
