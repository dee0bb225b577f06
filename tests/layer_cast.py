"""A small cast of layers for every output: empty, missing, with a hole, with hostile and missing text."""

import datetime as dt

import geopandas as gpd
import pandas as pd
from shapely import MultiPolygon, Point, Polygon, box, from_wkt

from geo.model import Layer, Source, Style, Symbol

HOSTILE = "=cmd|'/c calc'!A0 <img src=x onerror=alert(1)> ${alert(1)} $[name] ]]> \x00\x07 \ud800 حمص"
SOURCES = (
    Source("GeoNames", "https://www.geonames.org/", licence="CC BY 4.0"),
    Source("A report", "https://example.org/a?b=1&c=2", "The Example", dt.date(2017, 9, 15), note="page 2"),
)
ZONE_WITH_HOLE = Polygon([(36, 35), (36, 36), (37, 36), (37, 35)], [[(36.4, 35.4), (36.6, 35.4), (36.6, 35.6)]])


def places_layer() -> Layer:
    rows = {
        "id": ["geonames:1", "geonames:2", "none:3"],
        "symbol": ["city", "city", "unresolved"],
        "name": ["Homs", HOSTILE, "Atlantis"],
        "mentions": [9, 1, 1],
        "population": [775404, None, None],
        "articles": [["a", "b"], [], None],
        "lon": [36.72339, 36.123456789, None],
        "lat": [34.72682, 35.987654321, None],
    }
    points = from_wkt(["POINT (36.72339 34.72682)", "POINT (36.123456789 35.987654321)", None])
    # As objects: some builds of pandas refuse a lone surrogate in columns of text.
    columns = {name: pd.Series(cells, dtype=object) for name, cells in rows.items()}
    frame = gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
    symbols = {"city": Symbol("A place", "#1b4f72", "#ffffff", radius=4), "unresolved": Symbol("Unresolved")}
    style = Style(symbols, label_property="name", size_property="mentions")
    return Layer("places", "Places", "Places that reports mention.", frame, style, SOURCES)


def zones_layer() -> Layer:
    shapes = [box(36.1, 35.1, 36.3, 35.3), ZONE_WITH_HOLE, MultiPolygon([ZONE_WITH_HOLE, box(37.1, 35, 37.5, 35.5)])]
    rows = {
        "id": ["idlib-core", "idlib-zone", "idlib-possible"],
        "symbol": ["idlib/core", "idlib/zone", "idlib/possible"],
        "zone": ["idlib"] * 3,
        "extent": ["core", "zone", "possible"],
        "name": ["Idlib", "Idlib", None],
        "name_ar": ["إدلب", "إدلب", None],
        "valid_from": ["2017-05-06"] * 3,
        "valid_to": [None, None, "2018-05-16"],
        "members": [[{"name": "Idlib", "source": 1}]] * 3,
    }
    symbols = {
        "idlib/core": Symbol("Surely inside", "#b5452c", "#7a2d1c", 0.5, 1.5),
        "idlib/zone": Symbol("Best estimate", "#b5452c", "#7a2d1c", 0.3, 1.5, (6, 3)),
        "idlib/possible": Symbol("Not excluded", "#b5452c", None, 0.15, 1, (2, 3), hatch=True),
    }
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    about = "Areas that the reports describe."
    style = Style(symbols, label_property="name")
    return Layer("zones", "De-escalation zones", about, frame, style, SOURCES, True, dt.date(2017, 9, 15))


def empty_layer() -> Layer:
    frame = gpd.GeoDataFrame({"id": [], "symbol": [], "name": []}, geometry=[], crs="EPSG:4326")
    return Layer("places", "Places", "", frame, Style({"city": Symbol("A place", radius=4)}, "name", "mentions"))


def mixed_layer() -> Layer:
    """Return a point, an area across the antimeridian and a hole-less area in one layer."""
    shapes = [Point(178, -18), box(177, -20, 182, -15), box(0, 0, 1, 1)]
    rows = {"id": ["a", "b", "c"], "symbol": ["one"] * 3, "a name longer than ten": ["x", "y", "z"]}
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    return Layer("footprints", "Footprints", "Shapes.", frame, Style({"one": Symbol("One", "#336699", radius=3)}))


LAYERS = {"places": places_layer, "zones": zones_layer, "empty": empty_layer, "mixed": mixed_layer}
