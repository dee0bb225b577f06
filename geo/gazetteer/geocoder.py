"""The gazetteer as a geopy geocoder, offline: for programs that speak geopy already."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index, Rows, open_index
from geo.gazetteer.online import OnlineGeocoder, online_geocoder
from geo.geometry import distance_km
from geo.model import Place
from geo.settings import Settings, load_settings

REVERSE_KM = 50.0
"""How far from a point the nearest place may be to be said to be there."""

MOST = 10
"""How many answers a query gets at most."""

LEAST_LIKENESS = 0.6
"""How alike another spelling must be to answer for a name."""

EARTH_KM = 6371.0
_AREAS = [FEATURES.index(feature) for feature in ("continent", "country", "admin1", "admin2", "region", "water")]


class Gazetteer(Geocoder):  # type: ignore[misc]  # geopy is untyped
    """A geopy geocoder that answers from the local gazetteer.

    ``Location.raw`` is the place as a dictionary, with ``match`` ("name", or "spelling" for another romanisation) and,
    from ``reverse``, ``distance_km``. Where a geocoder is set by ``DATELINE_GEOCODER``, it is asked for what the
    gazetteer does not have; its answers carry ``"online": True``.

    Examples
    --------
    >>> Gazetteer().geocode("Kuneytra, Syria").raw["name"]
    'Quneitra'
    """

    def __init__(self, settings: Settings | None = None, *, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout or 10)
        self.settings = settings or load_settings()

    @property
    def index(self) -> Index:
        """The index the answers come from."""
        return open_index(self.settings)

    @property
    def online(self) -> OnlineGeocoder | None:
        """The geocoder behind this one, None where none is set."""
        return online_geocoder(self.settings)

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: float | None = None, country: str | None = None
    ) -> Any:
        """Return the place a query names, or with ``exactly_one=False`` up to ten, best first.

        Parameters
        ----------
        query
            A name, or names from small to large: "Douma, Rif Dimashq, Syria".
        timeout
            Seconds; only an online geocoder takes any.
        country
            ISO 3166-1 alpha-2 code to stay within.

        Returns
        -------
        Location, list of Location, or None
            None where nothing is found.
        """
        name, *containers = [part.strip() for part in query.split(",")]
        found = self._named(name, country, containers)
        locations = [_location(self.index.place(row), self.index, match=match) for row, match in found[:MOST]]
        if not locations and self.online and name:
            locations = self.online.locate(query, timeout=timeout)
        return _chosen(locations, exactly_one)

    def _named(self, name: str, country: str | None, containers: list[str]) -> list[tuple[int, str]]:
        """Return rows that bear the name, else those with another spelling, inside the containers named."""
        inside = [self.index.find(container) for container in containers]
        exact = _fitting(self.index, self.index.find(name), inside, country)
        if len(exact):
            return [(row, "name") for row in exact]
        nation = country or next((code for rows in inside if (code := _nation(self.index, rows))), None)
        similar = self.index.find_similar(name, nation, least=LEAST_LIKENESS)
        return [(row, "spelling") for row in _fitting(self.index, similar, inside, country)]

    def reverse(self, query: Any, *, exactly_one: bool = True, timeout: float | None = None) -> Any:
        """Return the populated place or facility nearest to a point, or with ``exactly_one=False`` up to ten.

        Parameters
        ----------
        query
            Anything geopy takes as a point: ``(latitude, longitude)``, ``"35.93, 36.63"``, a ``Point``.

        Returns
        -------
        Location, list of Location, or None
            None where nothing lies within 50 km.

        Raises
        ------
        ValueError
            The query is not a point.
        """
        del timeout
        point = query if isinstance(query, Point) else Point(query)
        near = [
            _location(place, self.index, match="point", distance_km=round(km, 3))
            for row in _nearest(self.index, point.longitude, point.latitude)
            for place in [self.index.place(row)]
            if (km := distance_km(point.longitude, point.latitude, place.lon, place.lat)) <= REVERSE_KM
        ]
        near.sort(key=lambda location: location.raw["distance_km"])
        return _chosen(near, exactly_one)


def _fitting(index: Index, rows: Rows, containers: list[Rows], country: str | None) -> list[int]:
    """Keep the rows that lie in one place each of the containers' names, in their order."""
    wanted = index.country_row(country) if country else None
    if country and wanted is None:
        return []
    units = [*containers, np.array([wanted], dtype=np.uint32)] if wanted is not None else containers
    return [row for row in rows.tolist() if all(_lies_in_any(index, row, unit) for unit in units)]


def _lies_in_any(index: Index, row: int, units: Rows) -> bool:
    return any(index.lies_in(row, unit) for unit in units.tolist())


def _nation(index: Index, rows: Rows) -> str | None:
    """Return the code of the country among the places of a name, or of the one the first of them lies in."""
    countries = [row for row in rows.tolist() if index.feature_of(row) == "country"]
    first = next(iter([*countries, *rows.tolist()]), None)
    return index.place(first).country if first is not None else None


def _nearest(index: Index, lon: float, lat: float) -> list[int]:
    """Return the rows of the nearest points that are not areas, by great circle, nearest first."""
    lons, lats = np.radians(index.lon), np.radians(index.lat)
    half = np.sin((lats - np.radians(lat)) / 2) ** 2
    half += np.cos(lats) * np.cos(np.radians(lat)) * np.sin((lons - np.radians(lon)) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    km[np.isin(index.feature, _AREAS)] = np.inf
    nearest = np.argpartition(km, MOST)[:MOST] if len(km) > MOST else np.arange(len(km))
    return [int(row) for row in nearest[np.argsort(km[nearest])] if np.isfinite(km[row])]


def _location(place: Place, index: Index, **more: Any) -> Location:
    nation = index.country_row(place.country) if place.country else None
    parts = dict.fromkeys([place.name, place.admin1, index.label(nation) if nation is not None else None])
    return Location(", ".join(part for part in parts if part), (place.lat, place.lon), asdict(place) | more)


def _chosen(locations: list[Location], exactly_one: bool) -> Any:
    if not locations:
        return None
    return locations[0] if exactly_one else locations
