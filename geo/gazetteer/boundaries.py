"""Boundaries of countries and first-level units: Natural Earth's, or the user's own in their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import InputError, InputNotFoundError
from geo.gazetteer.names import normalise
from geo.gazetteer.shapes import read_shapes
from geo.geometry import CRS, area_km2, valid
from geo.model import Place, Source

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

NATURAL_EARTH = Source(
    title="Natural Earth 1:10m, admin 1 states and provinces",
    url="https://www.naturalearthdata.com/",
    licence="public domain",
    note="de facto boundaries, thinned to about 1 km",
)
_NAME_COLUMNS = ("name", "name_en", "name_fr", "name_de", "name_tr", "name_ar", "name_ru", "name_fa", "name_local")
# A unit of the user's file takes the place of the unit of ours that it covers by more than half.
_SAME_UNIT = 0.5
# The user's units also redraw their country where together they cover nearly all of it.
_SAME_COUNTRY = 0.9


@dataclass(frozen=True)
class Boundaries:
    """Polygons of countries and first-level units, EPSG:4326.

    Attributes
    ----------
    own
        The user's file of first-level units, or None.
    """

    own: Path | None = None

    @cached_property
    def admin1(self) -> gpd.GeoDataFrame:
        """All first-level units: country (ISO code), gn_id, names by language, geometry, and the source of each."""
        units = read_shapes("admin1")
        units["source"] = NATURAL_EARTH.title
        return units if self.own is None else _replaced(units, read_own(self.own), self.own.name)

    @cached_property
    def countries(self) -> gpd.GeoDataFrame:
        """All countries: country (ISO code), name, geometry. Territories are rows of their own."""
        countries = read_shapes("countries")
        return countries if self.own is None else _redrawn(countries, self.admin1, self.own.name)

    def country(self, code: str) -> BaseGeometry | None:
        """Return the polygon of a country by ISO 3166-1 alpha-2 code, disputed parts under that code included."""
        from shapely.ops import unary_union

        known, code = self._country_shapes, code.upper()
        if code not in known and code in self._country_rows:
            shapes = list(self.countries.geometry.iloc[self._country_rows[code]])
            known[code] = valid(unary_union(shapes) if len(shapes) > 1 else shapes[0])
        return known.get(code)

    def country_name(self, code: str) -> str:
        """Return a country's English name, that of the largest unit under its code; the code where we have none."""
        rows = self.countries[self.countries["country"] == code.upper()]
        sizes = [area_km2(shape) for shape in rows.geometry]
        return str(rows["name"].iloc[sizes.index(max(sizes))]) if sizes else code

    def units(self, code: str) -> gpd.GeoDataFrame:
        """Return the first-level units of a country; an empty frame for a code that has none."""
        return self.admin1[self.admin1["country"] == code.upper()]

    def unit(self, country: str, name: str) -> BaseGeometry | None:
        """Return the polygon of a first-level unit by any of its names; None where no unit has that name."""
        row = self._unit_by_name.get((country.upper(), normalise(name)))
        return None if row is None else self.admin1.geometry.iloc[row]

    def of(self, place: Place) -> BaseGeometry | None:
        """Return the polygon of a place; None for what has no boundary here (towns, regions, small units)."""
        if place.feature == "country" and place.country:
            return self.country(place.country)
        if place.feature != "admin1" or not place.country:
            return None
        row = self._unit_by_geonames_id.get(place.id)
        return self.unit(place.country, place.name) if row is None else self.admin1.geometry.iloc[row]

    @cached_property
    def _country_rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, code in enumerate(self.countries["country"]):
            rows.setdefault(str(code), []).append(row)
        return rows

    @cached_property
    def _country_shapes(self) -> dict[str, BaseGeometry]:
        """The countries asked for so far: those in several rows take long to join."""
        return {}

    @cached_property
    def _unit_by_geonames_id(self) -> dict[str, int]:
        ids = self.admin1["gn_id"].fillna(0).astype(int)
        return {f"geonames:{gn_id}": row for row, gn_id in enumerate(ids) if gn_id}

    @cached_property
    def _unit_by_name(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for column in _NAME_COLUMNS:
            for row, (country, name) in enumerate(zip(self.admin1["country"], self.admin1[column], strict=True)):
                if isinstance(name, str):
                    found.setdefault((country, normalise(name)), row)
        return found


@lru_cache(maxsize=4)
def open_boundaries(own: Path | None = None) -> Boundaries:
    """Return the boundaries; the same object for the same file, so that they are read once a process."""
    return Boundaries(own)


def read_own(path: Path) -> gpd.GeoDataFrame:
    """Read a user's first-level units, any format GDAL reads, into EPSG:4326.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        It cannot be read, has no polygons, or does not say its coordinate system.
    """
    import geopandas as gpd
    import pyogrio

    if not path.exists():
        raise InputNotFoundError(f"The boundaries file {path} is not there.", "Set DATELINE_BOUNDARIES to a file.")
    try:
        frame = gpd.read_file(path)
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"The boundaries file {path} cannot be read.", "Give a GeoJSON or GeoPackage.") from error
    if frame.crs is None:
        raise InputError(f"The boundaries file {path} names no coordinate system.", "Save it with one.")
    frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])].to_crs(CRS)
    if frame.empty:
        raise InputError(f"The boundaries file {path} holds no polygons.", "Give one polygon a unit.")
    return frame.set_geometry([valid(shape) for shape in frame.geometry], crs=CRS)


def _replaced(units: gpd.GeoDataFrame, own: gpd.GeoDataFrame, source: str) -> gpd.GeoDataFrame:
    """Put the user's polygons in the place of the units they cover most of."""
    shapes: list[Any] = list(units.geometry)
    sources: list[Any] = list(units["source"])
    for shape in own.geometry:
        near = units.sindex.query(shape, predicate="intersects")
        shared = {row: area_km2(units.geometry.iloc[row].intersection(shape)) for row in near}
        best = max(shared, key=lambda row: shared[row], default=None)
        if best is not None and shared[best] > _SAME_UNIT * min(area_km2(shape), area_km2(units.geometry.iloc[best])):
            shapes[best], sources[best] = shape, source
    return units.set_geometry(shapes, crs=CRS).assign(source=sources)


def _redrawn(countries: gpd.GeoDataFrame, units: gpd.GeoDataFrame, source: str) -> gpd.GeoDataFrame:
    """Redraw the countries that the user's units cover nearly all of."""
    from shapely.ops import unary_union

    shapes: list[Any] = list(countries.geometry)
    own = units[units["source"] == source]
    for row, code in enumerate(countries["adm0_a3"]):
        parts = list(own.geometry[own["adm0_a3"] == code])
        whole = valid(unary_union(parts)) if parts else None
        if whole is not None and area_km2(whole) > _SAME_COUNTRY * area_km2(shapes[row]):
            shapes[row] = whole
    return countries.set_geometry(shapes, crs=CRS)
