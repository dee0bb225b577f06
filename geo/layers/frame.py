"""Rows to features: the same columns in the same order whatever the rows, even where there are none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.geometry import CRS
from geo.model import Article, Source

if TYPE_CHECKING:
    import geopandas as gpd

GEONAMES = Source("GeoNames", url="https://www.geonames.org/", publisher="GeoNames", licence="CC BY 4.0")
NATURAL_EARTH = Source(
    "Natural Earth", url="https://www.naturalearthdata.com/", publisher="Natural Earth", licence="public domain"
)

_OURS = "Dateline; "
"""What the sources of the hand-kept entries begin with (``data/gazetteer/README.md`` tells their licences)."""

_GAZETTEERS = {"GeoNames": GEONAMES, "Natural Earth": NATURAL_EARTH}


def features(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Return rows as features in EPSG:4326, in the order given.

    Parameters
    ----------
    rows
        Each with ``geometry`` (None where it lies nowhere) and the columns; a missing one is None.
    columns
        All columns but ``geometry``, in order. Values are str, int, float, bool or None, dates in ISO 8601; ``quotes``,
        ``sources`` and ``names`` are nested and become JSON text in formats without nesting.
    """
    import geopandas as gpd
    import pandas as pd

    data = {column: pd.Series([row.get(column) for row in rows], dtype=object) for column in columns}
    geometry = gpd.GeoSeries([row["geometry"] for row in rows], crs=CRS)
    return gpd.GeoDataFrame(data, geometry=geometry, crs=CRS)


def gazetteer_sources(name: str) -> tuple[Source, ...]:
    """Return the sources that a place's ``source`` names (as "GeoNames; Natural Earth label point")."""
    known = tuple(source for title, source in _GAZETTEERS.items() if title in name)
    title = f"Dateline's gazetteer: {name.removeprefix(_OURS)}"
    return known or (Source(title, licence=_licence_in(name)),)


def gazetteers(names: Iterable[str]) -> list[Source]:
    """Return the sources of several places' entries, those of a name once."""
    return [source for name in sorted(set(names)) for source in gazetteer_sources(name)]


def _licence_in(name: str) -> str | None:
    """Return the licence of an entry that is not GeoNames': the one stated, or ours; None for what the user added."""
    stated = re.search(r"\((CC [^)]+)\)", name)
    if stated:
        return stated[1]
    return "MIT" if name.startswith(_OURS) else None


def licence_of(sources: Sequence[Source]) -> str | None:
    """Return the licence of the first source that names one."""
    return next((source.licence for source in sources if source.licence), None)


def article_source(article: Article) -> Source:
    """Return an article as a source."""
    title = article.title or article.id
    return Source(title, url=article.url, publisher=article.credit, date=article.date)


def source_row(source: Source) -> dict[str, str]:
    """Return what is known of a source, ready for JSON; unknown parts are left out."""
    row = {
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher,
        "date": source.date.isoformat() if source.date else None,
        "licence": source.licence,
        "note": source.note,
    }
    return {key: value for key, value in row.items() if value}


def source_text(sources: Sequence[Source]) -> str:
    """Return sources as one line: title, publisher and date of each."""
    return "; ".join(_one_source(source) for source in sources)


def _one_source(source: Source) -> str:
    publisher = source.publisher if source.publisher != source.title else None
    details = [part for part in (publisher, source.date and source.date.isoformat()) if part]
    return f"{source.title} ({', '.join(details)})" if details else source.title


def first_url(sources: Sequence[Source]) -> str | None:
    """Return the first link among sources, None where there is none."""
    return next((source.url for source in sources if source.url), None)


def unique(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Return each source once, in order."""
    return tuple(dict.fromkeys(sources))
