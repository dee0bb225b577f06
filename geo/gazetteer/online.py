"""An online geocoder behind the gazetteer: off until set, cached, rate-limited, its answers marked.

``DATELINE_GEOCODER`` names any of geopy's geocoders, with its options as a query string:
``nominatim?domain=geocoder.example.org&user_agent=newsroom``. Each question is asked once and its answer kept in the
cache folder. Options may hold a key: they are never written to the cache, a log or an error.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service
from geopy.location import Location

from geo.errors import GazetteerError, InputError
from geo.model import Evidence, FeatureKind, Place, Resolution
from geo.settings import Settings

SECONDS_BETWEEN = 1.0
"""Nominatim's usage policy: at most one request a second."""

USER_AGENT = "dateline"
MOST = 5


class OnlineGeocoder:
    """A geopy geocoder with a memory.

    Parameters
    ----------
    service
        geopy's name of the service, as ``nominatim``.
    options
        What its class takes: ``domain``, ``user_agent``, ``api_key`` …
    cache
        SQLite file in which answers are kept.
    """

    def __init__(self, service: str, options: dict[str, str], cache: Path) -> None:
        self.service = service
        self.cache = cache
        self._geocoder = _made(service, options)
        self._ask = RateLimiter(
            self._geocoder.geocode,
            min_delay_seconds=SECONDS_BETWEEN,
            max_retries=1,
            error_wait_seconds=2.0,
            swallow_exceptions=False,
        )

    def locate(self, query: str, *, timeout: float | None = None) -> list[Location]:
        """Return what the service answers, best first; a question asked before is answered from the cache.

        ``Location.raw`` is the service's own answer, with ``online`` True and ``source`` naming the service.

        Raises
        ------
        GazetteerError
            The service cannot be reached or refuses.
        """
        key = " ".join(query.casefold().split())
        kept = self._kept(key)
        if kept is None:
            kept = self._asked(query, timeout)
            self._keep(key, kept)
        return [Location(address, (lat, lon), raw) for address, lat, lon, raw in kept]

    def _asked(self, query: str, timeout: float | None) -> list[Any]:
        from geopy.exc import GeopyError

        more = {} if timeout is None else {"timeout": timeout}
        try:
            found = self._ask(query, exactly_one=False, **more) or []
        except GeopyError as error:
            # The cause may quote the request with its key: it is named by its class only.
            raise GazetteerError(
                f"The online geocoder {self.service!r} did not answer ({type(error).__name__}).",
                "Try again later, or unset DATELINE_GEOCODER to work offline.",
            ) from None
        marks = {"online": True, "source": f"{self.service} (online)"}
        return [[spot.address, spot.latitude, spot.longitude, _plain(spot.raw) | marks] for spot in found[:MOST]]

    def _kept(self, key: str) -> list[Any] | None:
        with closing(self._open()) as database:
            row = database.execute("SELECT answer FROM answers WHERE service = ? AND query = ?", (self.service, key))
            found = row.fetchone()
        return json.loads(found[0]) if found else None

    def _keep(self, key: str, answer: list[Any]) -> None:
        text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
        with closing(self._open()) as database, database:
            database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (self.service, key, text))

    def _open(self) -> sqlite3.Connection:
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.cache, timeout=30)
        database.execute(
            "CREATE TABLE IF NOT EXISTS answers (service TEXT, query TEXT, answer TEXT, PRIMARY KEY (service, query))"
        )
        return database


_FEATURES: dict[str, FeatureKind] = {
    "country": "country", "state": "admin1", "province": "admin1", "region": "region", "county": "admin2",
    "district": "admin2", "city": "city", "town": "city", "village": "city", "hamlet": "city", "suburb": "city",
    "road": "road", "river": "water", "water": "water", "sea": "water", "lake": "water",
}  # fmt: skip
"""Kinds of place by the words that services built on OpenStreetMap use."""

UNSURE = 0.5
"""What a service's first answer is believed at: it does not say, and nothing calibrates it."""


def resolve_online(query: str, settings: Settings) -> list[Resolution]:
    """Return what the geocoder set by ``DATELINE_GEOCODER`` answers, marked by its source; empty where none is set.

    Raises
    ------
    GazetteerError
        The service cannot be reached or refuses.
    """
    service = online_geocoder(settings)
    if service is None:
        return []
    evidence = (Evidence("answered online", 1.0, 0.0),)
    return [
        Resolution(query, _place(spot, service.service), UNSURE / rank, evidence)
        for rank, spot in enumerate(service.locate(query), 1)
    ]


def _place(spot: Location, service: str) -> Place:
    """Return an answer as a place; its id is made from its address and point."""
    digest = hashlib.blake2b(f"{spot.address} {spot.latitude} {spot.longitude}".encode(), digest_size=6).hexdigest()
    kind = next((str(spot.raw[key]) for key in ("addresstype", "type") if key in spot.raw), "")
    return Place(
        id=f"{service}:{digest}", name=str(spot.address).partition(",")[0], feature=_FEATURES.get(kind, "facility"),
        country=None, admin1=None, lat=spot.latitude, lon=spot.longitude, source=spot.raw["source"],
    )  # fmt: skip


def _plain(raw: Any) -> dict[str, Any]:
    """Return a raw answer as a dictionary that JSON can hold."""
    plain: dict[str, Any] = json.loads(json.dumps(raw if isinstance(raw, dict) else {"answer": raw}, default=str))
    return plain


def _made(service: str, options: dict[str, str]) -> Any:
    from geopy.exc import GeopyError

    try:
        return get_geocoder_for_service(service)(**options)
    except (GeopyError, TypeError, ValueError) as error:
        raise InputError(
            f"DATELINE_GEOCODER: {service!r} cannot be used with the options {', '.join(sorted(options)) or 'none'}.",
            "Give the name of a geopy geocoder and its options, as nominatim?user_agent=my-newsroom.",
        ) from (error if service.isalpha() and not options else None)


def online_geocoder(settings: Settings) -> OnlineGeocoder | None:
    """Return the geocoder that the settings name, None where they name none.

    Raises
    ------
    InputError
        There is no such geocoder, or it cannot take the options given.
    """
    return _opened(settings.geocoder, settings.cache_dir / "online.sqlite") if settings.geocoder else None


@lru_cache(maxsize=4)
def _opened(setting: str, cache: Path) -> OnlineGeocoder:
    service, _, options = setting.partition("?")
    given = dict(parse_qsl(options))
    if service.lower() == "nominatim":
        given.setdefault("user_agent", USER_AGENT)
    return OnlineGeocoder(service.lower(), given, cache)
