"""Boundaries of countries and first-level units: Natural Earth's, or the user's own in their place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import InputError, InputNotFoundError
from geo.gazetteer.names import normalise
from geo.gazetteer.shapes import ShapeTable
from geo.geometry import CRS, area_km2, valid
from geo.model import Place

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

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
    def admin1(self) -> ShapeTable:
        """All first-level units: country (ISO code), gn_id, names by language."""
        units = ShapeTable("admin1")
        return units if self.own is None else _replaced(units, read_own(self.own), self.own.name)

    @cached_property
    def countries(self) -> ShapeTable:
        """All countries: country (ISO code), name. Territories are rows of their own."""
        countries = ShapeTable("countries")
        return countries if self.own is None else _redrawn(countries, self.admin1, self.own.name)

    def country(self, code: str) -> BaseGeometry | None:
        """Return the polygon of a country by ISO 3166-1 alpha-2 code, disputed parts under that code included."""
        from shapely.ops import unary_union

        known, code = self._country_shapes, code.upper()
        rows = self.countries.by_country.get(code, [])
        if code not in known and rows:
            shapes = [self.countries.shape(row) for row in rows]
            known[code] = unary_union(shapes) if len(shapes) > 1 else shapes[0]
        return known.get(code)

    def country_name(self, code: str) -> str:
        """Return a country's English name, that of the largest unit under its code; the code where we have none."""
        rows = self.countries.by_country.get(code.upper(), [])
        largest = max(rows, key=lambda row: area_km2(self.countries.shape(row)), default=None)
        return code if largest is None else self.countries.rows[largest]["name"]

    def units(self, code: str) -> gpd.GeoDataFrame:
        """Return the first-level units of a country as a table for GIS; an empty one for a code that has none.

        ``source`` names the user's file where the area is from it, and is empty where it is Natural Earth's.
        """
        rows = self.admin1.by_country.get(code.upper(), [])
        return self.admin1.frame(rows).assign(source=[self.admin1.source(row) for row in rows])

    def country_source(self, code: str) -> str:
        """Return the name of the user's file where a country's area or a part of it is from it, otherwise ""."""
        rows = self.countries.by_country.get(code.upper(), [])
        return next((source for row in rows if (source := self.countries.source(row))), "")

    def unit(self, country: str, name: str) -> BaseGeometry | None:
        """Return the polygon of a first-level unit by any of its names; None where no unit has that name."""
        row = self.unit_row(country, name)
        return None if row is None else self.admin1.shape(row)

    def unit_row(self, country: str, name: str) -> int | None:
        """Return the row of a first-level unit in ``admin1`` by any of its names."""
        return self._units_named(country.upper()).get(normalise(name))

    def of(self, place: Place) -> BaseGeometry | None:
        """Return the polygon of a place; None for what has no boundary here (towns, regions, small units)."""
        if place.feature == "country" and place.country:
            return self.country(place.country)
        if place.feature != "admin1" or not place.country:
            return None
        row = self._row(place)
        return None if row is None else self.admin1.shape(row)

    def is_own(self, place: Place) -> bool:
        """Tell whether the polygon of a country or first-level unit, or a part of it, may be the user's."""
        if self.own is None:
            return False
        if place.feature == "country":
            return any(self.countries.source(row) for row in self.countries.by_country.get(place.country or "", []))
        row = self._row(place)
        return row is None or bool(self.admin1.source(row))

    def _row(self, place: Place) -> int | None:
        row = self._unit_by_geonames_id.get(place.id)
        return self.unit_row(place.country or "", place.name) if row is None else row

    def id_of_unit(self, row: int) -> str:
        """Return the id that a first-level unit has in GeoNames; "" where Natural Earth does not know it."""
        number = self.admin1.rows[row]["gn_id"]
        return f"geonames:{number}" if number.isdigit() else ""

    @cached_property
    def _country_shapes(self) -> dict[str, BaseGeometry]:
        """The countries asked for so far: those in several rows take long to join."""
        return {}

    @cached_property
    def _unit_by_geonames_id(self) -> dict[str, int]:
        numbers = enumerate(self.admin1.rows.codes("gn_id"))
        return {f"geonames:{number}": row for row, number in numbers if number.isdigit()}

    @cached_property
    def _unit_names(self) -> dict[str, dict[str, int]]:
        """The normalised names of the units of the countries asked for so far, with their rows."""
        return {}

    def _units_named(self, country: str) -> dict[str, int]:
        """Return the rows of a country's units by normalised name, a name in an earlier column before a later one."""
        if country not in self._unit_names:
            units = [(row, self.admin1.rows[row]) for row in self.admin1.by_country.get(country, [])]
            found: dict[str, int] = {}
            for column in _NAME_COLUMNS:
                named: dict[str, list[int]] = {}
                for row, unit in units:
                    named.setdefault(normalise(unit[column]), []).append(row)
                found = {name: self._largest(rows) for name, rows in named.items() if name} | found
            self._unit_names[country] = found
        return self._unit_names[country]

    def _largest(self, rows: list[int]) -> int:
        """Return which of the units of one name is meant: the region of Kyiv rather than the city."""
        return rows[0] if len(rows) == 1 else max(rows, key=lambda row: area_km2(self.admin1.shape(row)))


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
        It cannot be read, has no polygons, does not say its coordinate system, or is not in the one it says.
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
    west, south, east, north = frame.total_bounds
    # A shape across the antimeridian may run on past 180.
    if min(west, -east) < -360 or min(south, -north) < -90.001:
        message = f"The boundaries file {path} has coordinates outside the world."
        raise InputError(message, "Save it as longitude and latitude (EPSG:4326), or name its coordinate system.")
    return frame.set_geometry([valid(shape) for shape in frame.geometry], crs=CRS)


def _replaced(units: ShapeTable, own: gpd.GeoDataFrame, source: str) -> ShapeTable:
    """Put the user's polygons in the place of the units they cover most of."""
    redrawn: dict[int, BaseGeometry] = {}
    for shape in own.geometry:
        shared = {row: area_km2(units.shape(row).intersection(shape)) for row in units.touching(shape)}
        best = max(shared, key=lambda row: shared[row], default=None)
        if best is not None and shared[best] > _SAME_UNIT * min(area_km2(shape), area_km2(units.shape(best))):
            redrawn[best] = shape
    return ShapeTable("admin1", redrawn, source)


def _redrawn(countries: ShapeTable, units: ShapeTable, source: str) -> ShapeTable:
    """Redraw the countries that the user's units cover nearly all of."""
    from shapely.ops import unary_union

    own: dict[str, list[BaseGeometry]] = {}
    for number, unit in enumerate(units.rows):
        if units.source(number):
            own.setdefault(unit["adm0_a3"], []).append(units.shape(number))
    redrawn: dict[int, BaseGeometry] = {}
    for number, country in enumerate(countries.rows):
        whole = valid(unary_union(own.get(country["adm0_a3"], [])))
        if not whole.is_empty and area_km2(whole) > _SAME_COUNTRY * area_km2(countries.shape(number)):
            redrawn[number] = whole
    return ShapeTable("countries", redrawn, source)
