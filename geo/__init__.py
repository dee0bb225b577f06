"""Dateline turns news reports into layered maps, offline.

article → mentions → places → footprints → zones → layers → map | export | briefing

>>> import geo
>>> article = geo.read_article("report.txt")            # doctest: +SKIP
>>> reading = geo.geoparse(article)                      # doctest: +SKIP
>>> geo.webmap(reading, zones=geo.zones())               # doctest: +SKIP

`read_article` makes an `Article`; `geoparse` finds its mentions, resolves them to places and draws its locative
expressions, and `geoparse_all` does so for many articles at several times the speed; `resolve` and `footprint` do the
same for a bare name and a bare phrase; `zones` gives the zones of a day; `webmap` draws layers on a Folium map;
`Gazetteer` is an offline geopy geocoder. What each step does lives in the folder of its name, and `geo.pipeline` is the
flow in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# The folders `geo.webmap` and `geo.zones` are loaded first (they are light), so that the functions of the same names,
# which users call, stay what `geo.webmap` and `geo.zones` mean.
import geo.webmap
import geo.zones  # noqa: F401
from geo.errors import DatelineError
from geo.model import Article, Footprint, Layer, Mention, Place, Reading, Resolution, Zone
from geo.pipeline import footprint, geoparse, geoparse_all, read_article, resolve, webmap, zones
from geo.settings import Settings, load_settings

if TYPE_CHECKING:
    from geo.gazetteer.geocoder import Gazetteer

__version__ = "0.1.0"

__all__ = [
    "Article",
    "DatelineError",
    "Footprint",
    "Gazetteer",
    "Layer",
    "Mention",
    "Place",
    "Reading",
    "Resolution",
    "Settings",
    "Zone",
    "footprint",
    "geoparse",
    "geoparse_all",
    "load_settings",
    "read_article",
    "resolve",
    "webmap",
    "zones",
]


def __getattr__(name: str) -> object:
    # geopy takes a while to import, and most programs need only `resolve`.
    if name == "Gazetteer":
        from geo.gazetteer.geocoder import Gazetteer

        return Gazetteer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
