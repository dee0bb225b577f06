"""Layers of areas and posts: zones as of a day, observation posts, first-level units, countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from geo.geometry import area_km2
from geo.layers.frame import NATURAL_EARTH, features, first_url, source_row, source_text, unique
from geo.layers.readings import PAINTED
from geo.layers.styles import EXTENT_LABELS, countries_style, governorates_style, posts_style, zones_style
from geo.model import Extent, FeatureKind, Layer, Place, Source, Zone

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

_INSIDE_A_COUNTRY: frozenset[FeatureKind] = frozenset({"admin1", "admin2", "city", "region", "facility"})

_ZONE_PROPERTIES = ("population", "members", "definition", "notes", "evidence", "method", "licence")
"""What of a zone's properties its features have."""

ZONE_COLUMNS = (
    *("id", "symbol", "zone", "extent", "label", "name", "name_ar", "name_ru", "names", "status", "certainty", "on"),
    *("valid_from", "valid_to", "area_km2", "accuracy_km", "accuracy_m", "population", "members", "definition"),
    *("notes", "evidence", "method", "source", "source_url", "source_date", "sources", "licence"),
)
POST_COLUMNS = (
    *("id", "symbol", "name", "other_names", "number", "zone", "operator", "established", "closed", "note"),
    *("source", "source_url", "method", "accuracy_m", "licence"),
)
GOVERNORATE_COLUMNS = (
    *("id", "symbol", "name", "name_ar", "name_ru", "name_tr", "name_fa", "country", "type", "area_km2"),
    *("source", "source_url", "method", "licence"),
)
COUNTRY_COLUMNS = ("id", "symbol", "name", "country", "area_km2", "source", "source_url", "method", "licence")


class Boundaries(Protocol):
    """What the layers need to know of boundaries; `geo.gazetteer.boundaries` has it."""

    def units(self, country: str) -> gpd.GeoDataFrame:
        """Return the first-level units of a country."""

    def country(self, country: str) -> BaseGeometry | None:
        """Return a country's area."""

    def country_source(self, code: str) -> str:
        """Return the name of the user's file that a country's area is from; "" for Natural Earth's."""


def zones_layer(zones: Iterable[Zone]) -> Layer:
    """Return the extents of every zone (``core``, ``zone``, ``possible``), widest first, so that the surest is on top.

    An empty extent has no feature.
    """
    zones = tuple(zones)
    rows = [_zone_row(z, extent) for extent in PAINTED for z in zones if not z.extent(extent).is_empty]
    return Layer(
        name="zones",
        title="Zones (approximate)",
        description="Named areas with dates and sources. Core: surely inside; zone: best estimate; possible: not "
        "excluded.",
        features=features(rows, ZONE_COLUMNS),
        style=zones_style(zones),
        sources=unique([source for zone in zones for source in zone.sources]),
        approximate=True,
        on=max((zone.on for zone in zones), default=None),
    )


def _zone_row(zone: Zone, extent: Extent) -> dict[str, Any]:
    geometry = zone.extent(extent)
    more = zone.properties
    return {
        **_zone_facts(zone),
        "id": f"{zone.id}-{extent}",
        "symbol": f"{zone.id}-{extent}",
        "extent": extent,
        "label": zone.names["en"] if extent == "zone" else None,
        "certainty": EXTENT_LABELS[extent],
        "area_km2": round(area_km2(geometry), 1),
        **{key: _plain(more.get(key)) for key in _ZONE_PROPERTIES},
        "geometry": geometry,
    }


def _zone_facts(zone: Zone) -> dict[str, Any]:
    dates = [source.date for source in zone.sources if source.date]
    return {
        "zone": zone.id,
        "name": zone.names["en"],
        "name_ar": zone.names.get("ar"),
        "name_ru": zone.names.get("ru"),
        "names": dict(zone.names),
        "status": zone.status,
        "on": zone.on.isoformat(),
        "valid_from": zone.valid_from.isoformat(),
        "valid_to": zone.valid_to.isoformat() if zone.valid_to else None,
        "accuracy_km": zone.accuracy_km,
        "accuracy_m": round(zone.accuracy_km * 1000),
        "source": source_text(zone.sources),
        "source_url": first_url(zone.sources),
        "source_date": max(dates).isoformat() if dates else None,
        "sources": [source_row(source) for source in zone.sources],
    }


def _plain(value: object) -> str | int | float | None:
    """Return a data file's value ready to be shown: lists as one line, whatever is not plain as its text."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(str(_plain(item)) for item in value)
    return str(value)


def posts_layer(zones: Iterable[Zone]) -> Layer:
    """Return one point an observation post, from each zone's ``posts`` property; an entry without coordinates is out.

    Each entry has ``name``, ``lon`` and ``lat``; ``id``, ``other_names``, ``number``, ``operator``, ``established``,
    ``closed``, ``source``, ``source_url``, ``accuracy_km`` and ``note`` where known.
    """
    zones = tuple(zones)
    entries = [(zone, post) for zone in zones for post in _posts_of(zone)]
    rows = [_post_row(zone, post, number) for number, (zone, post) in enumerate(entries, start=1)]
    return Layer(
        name="posts",
        title="Observation posts (approximate)",
        description="Observation posts inside or along the zones; coordinates are approximate.",
        features=features(rows, POST_COLUMNS),
        style=posts_style(),
        sources=unique([source for zone, _ in entries for source in zone.sources]),
        approximate=True,
        on=max((zone.on for zone in zones), default=None),
    )


def _posts_of(zone: Zone) -> list[Mapping[str, Any]]:
    posts = zone.properties.get("posts")
    if not isinstance(posts, list | tuple):
        return []
    return [post for post in posts if isinstance(post, Mapping) and "lon" in post and "lat" in post]


def _post_row(zone: Zone, post: Mapping[str, Any], number: int) -> dict[str, Any]:
    from shapely.geometry import Point

    accuracy = post.get("accuracy_km", zone.accuracy_km)
    return {
        **{key: _plain(post.get(key)) for key in POST_COLUMNS},
        "id": str(post.get("id") or f"{zone.id}-post-{number}"),
        "symbol": "post",
        "zone": zone.id,
        "source": _plain(post.get("source")) or source_text(zone.sources),
        "source_url": post.get("source_url") or post.get("url") or first_url(zone.sources),
        "method": "coordinates as published",
        "accuracy_m": round(float(accuracy) * 1000),
        "geometry": Point(float(post["lon"]), float(post["lat"])),
    }


def countries_in_focus(places: Sequence[Place]) -> list[str]:
    """Return the countries whose inside the places, each given once, lie in: whose units are worth drawing.

    Those with at least two places below the country itself, and a tenth of all such places; in order of code.
    """
    counts = Counter(place.country for place in places if place.country and place.feature in _INSIDE_A_COUNTRY)
    return sorted(code for code, count in counts.items() if count >= max(2, counts.total() / 10))


def governorates_layer(boundaries: Boundaries, countries: Sequence[str]) -> Layer:
    """Return the first-level units of countries (ISO 3166-1 alpha-2 codes), by country and name."""
    rows = [_unit_row(country, unit) for country in sorted(set(countries)) for unit in _units(boundaries, country)]
    return Layer(
        name="governorates",
        title="Governorates and provinces",
        description="First-level administrative units.",
        features=features(sorted(rows, key=lambda row: (row["country"], str(row["name"]))), GOVERNORATE_COLUMNS),
        style=governorates_style(),
        sources=_drawers(rows),
    )


def _units(boundaries: Boundaries, country: str) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in boundaries.units(country).to_dict("records")]


def _unit_row(country: str, unit: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: _text(unit.get(key)) for key in GOVERNORATE_COLUMNS},
        "id": _unit_id(country, unit),
        "symbol": "governorate",
        "name": _text(unit.get("name_en")) or _text(unit.get("name")),
        "country": country,
        "area_km2": round(area_km2(unit["geometry"]), 1),
        **_drawn_by(_text(unit.get("source"))),
        "geometry": unit["geometry"],
    }


def _drawn_by(file: str | None) -> dict[str, str | None]:
    """Return who drew an area: the user, in the file of that name, or Natural Earth."""
    if file:
        return {"source": file, "source_url": None, "method": "boundaries of the user's own", "licence": None}
    method = "Natural Earth 1:10m, de facto boundaries"
    return {
        "source": NATURAL_EARTH.title,
        "source_url": NATURAL_EARTH.url,
        "method": method,
        "licence": NATURAL_EARTH.licence,
    }


def _drawers(rows: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Return the sources of areas, each once; Natural Earth where there are no areas."""
    titles = dict.fromkeys(str(row["source"]) for row in rows) or {NATURAL_EARTH.title: None}
    return tuple(NATURAL_EARTH if title == NATURAL_EARTH.title else Source(title) for title in titles)


def _text(value: object) -> str | None:
    """Return a table's cell as text, None where it is empty (tables hold NaN there)."""
    return value if isinstance(value, str) and value else None


def _unit_id(country: str, unit: Mapping[str, Any]) -> str:
    import pandas as pd

    number = unit.get("gn_id")
    if number is None or pd.isna(number) or int(number) <= 0:
        return f"{country}.{unit.get('iso_3166_2') or unit.get('name')}"
    return f"geonames:{int(number)}"


def countries_layer(boundaries: Boundaries, countries: Mapping[str, str]) -> Layer:
    """Return the areas of countries; ``countries`` maps ISO 3166-1 alpha-2 codes to names.

    A country without a known area has no feature.
    """
    areas = [(code, name, boundaries.country(code)) for code, name in sorted(countries.items())]
    rows = [
        _country_row(code, name, area) | _drawn_by(boundaries.country_source(code))
        for code, name, area in areas
        if area is not None
    ]
    return Layer(
        name="countries",
        title="Countries",
        description="Areas of countries; Natural Earth's boundaries are de facto.",
        features=features(rows, COUNTRY_COLUMNS),
        style=countries_style(),
        sources=_drawers(rows),
    )


def _country_row(code: str, name: str, area: BaseGeometry) -> dict[str, Any]:
    return {
        "id": code,
        "symbol": "country",
        "name": name,
        "country": code,
        "area_km2": round(area_km2(area), 1),
        "geometry": area,
    }
