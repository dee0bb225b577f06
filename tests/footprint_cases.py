"""Places, points and expressions of ``tests/data/footprints*.yaml`` as the objects that footprints are made from."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from shapely.geometry import Point

from geo.model import Mention, Place, Resolution


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "data" / name).read_text(encoding="utf-8"))
    return found


_FORMS = _read("footprints_forms.yaml")
DATA = {
    key: found | _FORMS[key] if key in {"places", "demonyms"} else found
    for key, found in _read("footprints.yaml").items()
}
CASES: list[dict[str, Any]] = [*DATA["expressions"], *_FORMS["expressions"]]


@lru_cache(maxsize=1024)
def place(name: str) -> Place:
    """Return a place of the data file."""
    feature, country, admin1, lon, lat, population, uncertainty, number = DATA["places"][name]
    id = f"geonames:{number}" if number else f"test:{name}"
    own = name.removesuffix(" province")
    return Place(id, own, feature, country, admin1, lat, lon, population, uncertainty_km=uncertainty)


def point(where: str | list[float]) -> Point:
    """Return a point of the data file by name, or longitude and latitude as they are."""
    if not isinstance(where, str):
        return Point(where)
    lon, lat = DATA["points"][where] if where in DATA["points"] else (place(where).lon, place(where).lat)
    return Point(lon, lat)


def resolved(text: str, names: dict[str, str] | None = None) -> list[Resolution]:
    """Return the names in a text, resolved; ``names`` says what a name stands for where it is not the place's own."""
    meant = {name: name for name in DATA["places"]} | (names or {})
    places = {name: place(target) for name, target in meant.items()}
    return resolutions_of(text, places, {name: place(target) for name, target in DATA["demonyms"].items()})


def resolutions_of(text: str, names: dict[str, Place], demonyms: dict[str, Place]) -> list[Resolution]:
    """Return what of some names and demonyms stands in a text, in text order, longest names first."""
    meant = names | demonyms
    pattern = "|".join(re.escape(name) for name in sorted(meant, key=len, reverse=True))
    # Arabic "and" is written together with the name after it.
    found = re.finditer(rf"(?:(?<!\w)|(?<=\bو))(?:{pattern})(?!\w)", text)
    return [_resolution(match, meant[match[0]], match[0] in demonyms, len(text)) for match in found]


def _resolution(found: re.Match[str], where: Place, is_demonym: bool, length: int) -> Resolution:
    mention = Mention(found.start(), found.end(), found[0], "demonym" if is_demonym else "name", sentence=(0, length))
    return Resolution(found[0], where, 1.0, mention=mention)
