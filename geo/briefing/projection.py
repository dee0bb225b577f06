"""From longitude and latitude to pixels of a map panel, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geo.geometry import CRS, Bbox, distance_km, within_world

if TYPE_CHECKING:
    from pyproj import Transformer
    from shapely.geometry.base import BaseGeometry

Panel = tuple[float, float, float, float]
"""Left, top, width, height in pixels; y runs down."""

WIDEST_LOCAL = 11_000_000.0
"""Metres: a wider or higher map is a world map."""

NARROWEST_KM = 1.0
"""A map shows at least this much, so that one point is a map too."""

FINEST = 0.2
"""Pixels: detail that nobody can see is left out, as it makes files large."""

_MARGIN = 1.06
_STEP = 0.5  # Degrees between vertices: straight lines on the globe are curves on the map.


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the Earth a panel shows, and how.

    Attributes
    ----------
    kind
        ``laea`` (Lambert azimuthal equal-area, centred on the map) or ``eqearth`` (Equal Earth, the whole world).
    lon, lat
        Centre of the projection, degrees.
    x, y
        Projected metres in the middle of the panel.
    metres
        Projected metres per pixel.
    panel
        Where the map is on the sheet.
    """

    kind: str
    lon: float
    lat: float
    x: float
    y: float
    metres: float
    panel: Panel

    @property
    def is_world(self) -> bool:
        """Whether distances differ too much over the map for a scale bar or a north arrow."""
        return self.kind == "eqearth"

    def pixels(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry (degrees) in pixels of the sheet, clipped to the panel."""
        from shapely import clip_by_rect, segmentize, transform

        near = clip_by_rect(relative(geometry, self.lon), *self.reach)
        drawn = transform(segmentize(near, _STEP), self._to_pixels).simplify(FINEST)
        drawn = drawn if drawn.is_valid else drawn.buffer(0)
        return drawn.intersection(self.panel_shape)

    @property
    def panel_shape(self) -> BaseGeometry:
        """The panel as a shape in pixels."""
        from shapely import box

        left, top, width, height = self.panel
        return box(left, top, left + width, top + height)

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point in pixels of the sheet; it may lie outside the panel."""
        import numpy as np

        x, y = self._to_pixels(np.array([[(lon - self.lon + 180) % 360 - 180, lat]]))[0]
        return float(x), float(y)

    def outline(self) -> Any:
        """Return points around the panel, in order: longitude from the centre and latitude, in degrees."""
        import numpy as np

        _, _, width, height = self.panel
        along = np.linspace(-0.5, 0.5, 33).tolist()
        square = [(t, -0.5) for t in along] + [(0.5, t) for t in along]
        square += [(-x, -y) for x, y in square]
        corners = [(self.x + x * width * self.metres, self.y + y * height * self.metres) for x, y in square]
        return np.array(self._degrees(corners))

    def km_across(self, pixels: float) -> float:
        """Return the length on the ground of a line from left to right through the middle of the panel."""
        half = pixels * self.metres / 2
        (lon1, lat1), (lon2, lat2) = self._degrees([(self.x - half, self.y), (self.x + half, self.y)])
        return distance_km(lon1, lat1, lon2, lat2)

    def _to_pixels(self, degrees: Any) -> Any:
        import numpy as np

        left, top, width, height = self.panel
        x, y = _transformer(self.kind, self.lat).transform(degrees[:, 0], degrees[:, 1])
        across = left + width / 2 + (x - self.x) / self.metres
        down = top + height / 2 - (y - self.y) / self.metres
        return np.column_stack([across, down])

    def _degrees(self, metres: list[tuple[float, float]]) -> list[tuple[float, float]]:
        xs, ys = zip(*metres, strict=True)
        lons, lats = _transformer(self.kind, self.lat).transform(xs, ys, direction="INVERSE")
        return list(zip(lons, lats, strict=True))

    @property
    def reach(self) -> Bbox:
        """Degrees that the panel covers, longitudes counted from the centre."""
        return _reach(self)


def relative(geometry: BaseGeometry, lon: float) -> BaseGeometry:
    """Return a geometry with longitudes counted from ``lon``, cut on the other side of the Earth: whole where shown."""
    from shapely.affinity import translate

    return within_world(translate(within_world(geometry), -lon))


@lru_cache(maxsize=64)
def _transformer(kind: str, lat: float) -> Transformer:
    from pyproj import Transformer

    centre = f"+lat_0={lat}" if kind == "laea" else ""
    return Transformer.from_crs(CRS, f"+proj={kind} {centre} +lon_0=0 +datum=WGS84 +units=m", always_xy=True)


@lru_cache(maxsize=64)
def _reach(frame: Frame) -> Bbox:
    if frame.is_world:
        return -180.0, -90.0, 180.0, 90.0
    lons, lats = frame.outline().T
    for pole in (-90.0, 90.0):
        if _inside(frame, *frame.pixel(frame.lon, pole)):
            return -180.0, min(pole, float(lats.min())), 180.0, max(pole, float(lats.max()))
    return float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())


def _inside(frame: Frame, x: float, y: float) -> bool:
    left, top, width, height = frame.panel
    return left <= x <= left + width and top <= y <= top + height


def _square() -> list[tuple[float, float]]:
    """Return points around a unit square centred on the origin."""
    import numpy as np

    along = np.linspace(-0.5, 0.5, 33)
    return [p for t in along.tolist() for p in ((t, -0.5), (t, 0.5), (-0.5, t), (0.5, t))]


def unturned(reach: Bbox, lon: float) -> Bbox:
    """Return a bbox whose longitudes count from ``lon`` as one whose longitudes count from Greenwich."""
    west, south, east, north = reach
    if east - west >= 360:
        return -180.0, south, 180.0, north
    return _wrapped(west + lon), south, _wrapped(east + lon), north


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


def frame_of(bbox: Bbox, panel: Panel) -> Frame:
    """Return the frame that shows all of a bbox (west may exceed east) as large as the panel allows."""
    west, south, east, north = bbox
    width = (east - west) % 360 or (360.0 if east > west else 0.0)
    lon = 0.0 if width == 360 else round(_wrapped(west + width / 2), 2)
    lat = round((south + north) / 2, 2)
    centred = (-width / 2, south, width / 2, north)
    x, y, across, down = _projected("laea", lat, centred)
    kind = "laea"
    if max(across, down) > WIDEST_LOCAL:
        kind, lat = "eqearth", 0.0
        x, y, across, down = _projected(kind, lat, centred)
    metres = max(across * _MARGIN / panel[2], down * _MARGIN / panel[3], NARROWEST_KM * 1000 / min(panel[2:]))
    return Frame(kind, lon, lat, x, y, metres, panel)


def _projected(kind: str, lat: float, bbox: Bbox) -> tuple[float, float, float, float]:
    """Return the middle and the size, in metres, of a bbox whose longitudes count from the centre."""
    import numpy as np

    west, south, east, north = bbox
    lons = np.array([(west + east) / 2 + dx * (east - west) for dx, _ in _square()])
    lats = np.array([(south + north) / 2 + dy * (north - south) for _, dy in _square()])
    x, y = _transformer(kind, lat).transform(lons, lats)
    # What is opposite to the centre has no place in an azimuthal projection.
    x, y = np.nan_to_num(x, posinf=WIDEST_LOCAL), np.nan_to_num(y, posinf=WIDEST_LOCAL)
    middle = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
    return (*middle, float(x.max() - x.min()), float(y.max() - y.min()))
