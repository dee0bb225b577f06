"""The base map: land, water, borders, first-level lines, towns and country names, from our own files.

Nothing here needs a tile server. A view gets the detail it can show: about 1 km in the region of interest, about 10 km
in the rest of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geo.gazetteer.shapes import read_shapes
from geo.geometry import CRS, WORLD, Bbox, bbox_polygon, rounded
from geo.layers.frame import GEONAMES, NATURAL_EARTH, features
from geo.layers.styles import base_style
from geo.model import Layer

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from shapely.geometry.base import BaseGeometry

BASE_LAYER_NAMES = ("land", "lakes", "rivers", "admin1", "borders", "countries", "towns")
"""Names of the base map's layers in painting order; the last two are points that carry labels."""

WORLD_TOLERANCE = 0.15
"""Degrees that lines of the world may be off outside the region of interest: one pixel at Leaflet's zoom 3."""
WORLD_DIGITS = 2
"""Decimals of coordinates outside the region of interest."""
LEAST_RIVER = 4.0
"""Degrees that a river or lake must span to be drawn in a view of the world."""
FINEST_WIDTH = 60.0
"""Widest region of interest, in degrees, that is drawn finer than the world."""
FULL_DETAIL_WIDTH = 15.0
"""Widest region of interest, in degrees, that is drawn with every vertex; wider ones are thinned by their width."""
THINNING = 1 / 2500
"""Tolerance of a wide region as a part of its width: about half a pixel when it fills a screen."""
NATIONAL_CAPITAL = 2
"""Value of the towns' ``capital`` for the seat of a country's government; 1 is that of a first-level unit's."""
OVERLAP = 0.02
"""Degrees by which coarse and fine land overlap, so that no seam shows."""
CITIES_OF_THE_WORLD = 2
"""Outside the region of interest, towns up to this rank are shown."""
MOST_TOWNS = 300
"""Towns of one region, the most important first."""


@dataclass(frozen=True, slots=True)
class _Detail:
    """Which files to read, and how much to thin their lines (degrees; 0 for not at all)."""

    countries: str
    tolerance: float


COARSE = _Detail("countries_world", WORLD_TOLERANCE)


def base_layers(bbox: Bbox) -> tuple[Layer, ...]:
    """Return the base map inside a bbox, in painting order: at full detail, or coarse where the bbox is very wide."""
    return tuple(_layer(name, _shapes(name, bbox, _detail(bbox))) for name in BASE_LAYER_NAMES)


def web_base_layers(bbox: Bbox) -> tuple[Layer, ...]:
    """Return the base map of the whole world, at full detail inside a bbox."""
    detail = _detail(bbox)
    if detail is COARSE:
        return base_layers(WORLD)
    inside = {name: _shapes(name, bbox, detail) for name in BASE_LAYER_NAMES}
    return tuple(_layer(name, _outside(_world(name), bbox, name) + inside[name]) for name in BASE_LAYER_NAMES)


def _detail(bbox: Bbox) -> _Detail:
    west, _, east, _ = bbox
    width = east - west if west <= east else 360 + east - west
    if width > FINEST_WIDTH:
        return COARSE
    return _Detail("countries", width * THINNING if width > FULL_DETAIL_WIDTH else 0.0)


def _layer(name: str, rows: Sequence[dict[str, Any]]) -> Layer:
    columns = ("id", "symbol", "name", "rank", "population")
    numbered = [{"id": f"{name}-{number}", **row} for number, row in enumerate(rows, start=1)]
    return Layer(name, *_TITLES[name], features(numbered, columns), base_style(name), sources=(_SOURCES[name],))


_TITLES = {
    "land": ("Land", "Land, as the union of all countries."),
    "lakes": ("Lakes", "Lakes and reservoirs."),
    "rivers": ("Rivers", "Large rivers."),
    "admin1": ("First-level lines", "Lines between first-level administrative units."),
    "borders": ("Borders", "Land borders, de facto; disputed ones are dashed."),
    "countries": ("Country names", "Names of countries, each at a point well inside."),
    "towns": ("Towns", "Towns and cities, the most important first."),
}
_SOURCES = {name: GEONAMES if name == "towns" else NATURAL_EARTH for name in _TITLES}


@lru_cache(maxsize=16)
def _world(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(_shapes(name, WORLD, COARSE))


def _shapes(name: str, bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    return _READERS[name](bbox, detail)


def _outside(rows: Sequence[dict[str, Any]], bbox: Bbox, name: str) -> list[dict[str, Any]]:
    """Cut a bbox out of the world's shapes; of its points, only the important ones are kept."""
    import shapely

    if name in ("countries", "towns"):
        window = bbox_polygon(bbox)
        return [row for row in rows if not window.contains(row["geometry"])]
    hole = bbox_polygon(bbox).buffer(-OVERLAP, join_style="mitre")
    cut = [{**row, "geometry": shapely.difference(row["geometry"], hole)} for row in rows]
    return [row for row in cut if not row["geometry"].is_empty]


def _row(symbol: str, geometry: BaseGeometry, name: str | None = None, rank: int = 0) -> dict[str, Any]:
    return {"symbol": symbol, "name": name, "rank": rank, "geometry": geometry}


def _read(name: str, bbox: Bbox) -> gpd.GeoDataFrame:
    """Return a shape file's features that touch a bbox; GDAL's boxes cannot cross the antimeridian."""
    return read_shapes(name, bbox if bbox[0] <= bbox[2] else None)  # type: ignore[arg-type]


def _clipped(frame: gpd.GeoDataFrame, bbox: Bbox) -> gpd.GeoDataFrame:
    """Cut features at a bbox; what lies outside goes."""
    import numpy as np
    import shapely

    boxes = shapely.get_parts(bbox_polygon(bbox))
    parts = np.array([shapely.clip_by_rect(frame.geometry.values, *box.bounds) for box in boxes])
    whole = parts[0] if len(parts) == 1 else shapely.union_all(parts, axis=0)
    cut = frame.set_geometry(whole, crs=CRS)
    return cut[~cut.is_empty]


def _land(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    import shapely

    countries = _clipped(_read(detail.countries, bbox), bbox)
    land = shapely.coverage_union_all(countries.geometry.values)
    return [] if land.is_empty else [_row("land", _thinned(land, detail))]


def _thinned(geometry: BaseGeometry, detail: _Detail) -> BaseGeometry:
    if not detail.tolerance:
        return geometry
    thinned = geometry.simplify(detail.tolerance)
    return rounded(thinned, WORLD_DIGITS) if detail is COARSE else thinned


def _water(name: str, symbol: str) -> Callable[[Bbox, _Detail], list[dict[str, Any]]]:
    def read(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
        shapes = _clipped(_read(name, bbox), bbox)
        named = zip(shapes["name"], shapes.geometry, strict=True)
        rows = [_row(symbol, _thinned(shape, detail), _text(name)) for name, shape in named]
        return [row for row in rows if detail is not COARSE or _span(row["geometry"]) > LEAST_RIVER]

    return read


def _span(geometry: BaseGeometry) -> float:
    """Return the longer side of a geometry's bounds, in degrees."""
    west, south, east, north = geometry.bounds
    return float(max(east - west, north - south))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _borders(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    import shapely

    borders = _clipped(_read("borders", bbox), bbox)
    groups = [(status, list(lines)) for status, lines in borders.groupby("status")["geometry"]]
    return [
        _row(str(status), _thinned(shapely.line_merge(shapely.union_all(lines)), detail)) for status, lines in groups
    ]


def _admin1(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    """Return the lines between units of one country, each once; none in views of a continent and more."""
    if detail is COARSE:
        return []
    units = _read("admin1", bbox)
    lines = _clipped(_shared_edges(units), bbox)
    return [_row("admin1", _thinned(shape, detail)) for shape in lines.geometry]


def _shared_edges(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the edges that two units of one country share, as one geometry a country.

    Neighbours share their edges to the vertex, so an edge between them is a segment that occurs twice.
    """
    import geopandas as gpd
    import numpy as np
    import shapely

    segments = [_twice(np.asarray(shapes)) for _, shapes in units.groupby("adm0_a3")["geometry"]]
    lines = [shapely.MultiLineString(list(pairs)) for pairs in segments]
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(lines, crs=CRS).line_merge(), crs=CRS)


def _twice(shapes: np.ndarray) -> np.ndarray:
    """Return the segments that occur twice among the rings of polygons, as an array of two points each."""
    import numpy as np
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    segments = np.stack([points[:-1][follows], points[1:][follows]], axis=1)
    backward = (segments[:, 0, 0] > segments[:, 1, 0]) | (
        (segments[:, 0, 0] == segments[:, 1, 0]) & (segments[:, 0, 1] > segments[:, 1, 1])
    )
    segments[backward] = segments[backward][:, ::-1]
    distinct, times = np.unique(segments.reshape(-1, 4), axis=0, return_counts=True)
    shared: np.ndarray = distinct[times == 2].reshape(-1, 2, 2)
    return shared


def _country_names(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    """Return a point well inside the largest part of each country; rank 1 to 5 by its size."""
    import shapely

    countries = _read("countries_world", bbox)
    window = bbox_polygon(bbox)
    parts = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in countries.geometry]
    rows = [
        _row("country", shapely.point_on_surface(part), name, rank=_size_rank(part))
        for part, name in zip(parts, countries["name"], strict=True)
    ]
    return [row for row in rows if window.contains(row["geometry"])]


def _size_rank(part: BaseGeometry) -> int:
    """Return 1 for countries that are large on a map of the world, up to 5 for the smallest."""
    span = _span(part)
    return next((rank for rank, limit in enumerate((20.0, 10.0, 5.0, 2.0), start=1) if span >= limit), 5)


def _towns(bbox: Bbox, detail: _Detail) -> list[dict[str, Any]]:
    """Return the towns of a bbox, the most important first; of most of the world only the great cities."""
    towns = _clipped(_read("towns", bbox), bbox)
    if detail is COARSE:
        towns = towns[towns["rank"] <= CITIES_OF_THE_WORLD]
    ranked = towns.sort_values(["rank", "population", "id"], ascending=[True, False, True]).head(MOST_TOWNS)
    return [_town_row(row) for row in ranked.to_dict("records")]


def _town_row(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    symbol = "capital" if row["capital"] == NATIONAL_CAPITAL else "town"
    facts = {"id": row["id"], "population": int(row["population"])}
    return {**_row(symbol, row["geometry"], row["name"], rank=int(row["rank"])), **facts}


_READERS: dict[str, Callable[[Bbox, _Detail], list[dict[str, Any]]]] = {
    "land": _land,
    "lakes": _water("lakes", "lake"),
    "rivers": _water("rivers", "river"),
    "admin1": _admin1,
    "borders": _borders,
    "countries": _country_names,
    "towns": _towns,
}
