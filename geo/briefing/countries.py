"""Countries for orientation: their shapes at a small scale, and their names in the sheet's language."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@lru_cache(maxsize=1)
def world() -> tuple[tuple[str, str, BaseGeometry], ...]:
    """Return each country's ISO 3166-1 alpha-2 code, English name and shape (about 10 km of detail).

    The code is "" for what lies under the code of a larger one, as Somaliland under Somalia's: its name is its own.
    """
    from geo.gazetteer.shapes import read_shapes
    from geo.geometry import area_km2

    frame = read_shapes("countries_world")
    largest = frame.geometry.map(area_km2).groupby(frame["country"]).idxmax()
    codes = frame["country"].where(frame.index.isin(largest), "")
    return tuple(zip(codes, frame["name"], frame.geometry, strict=True))


def country_name(code: str, english: str, language: str) -> str:
    """Return a country's name in a language, by Unicode CLDR; the English one given where CLDR knows no such code."""
    from babel import Locale

    return english if language == "en" else Locale(language).territories.get(code, english)
