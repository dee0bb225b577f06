"""Searching by looking at everything: what the store's own queries must agree with."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import asinh, floor, pi, radians, tan

from geo.geometry import Bbox, distance_km
from geo.model import UNSURE_BELOW, Article, Place, Reading
from geo.workspace.results import Cell, Pair, Period, PlaceCount, Together, Trend, TrendPoint
from geo.workspace.search import Search


def found(readings: Iterable[Reading], search: Search) -> list[Reading]:
    """Return the readings that meet all conditions."""
    readings = list(readings)
    known = {p.id: p for r in readings for p in r.places} | {p.id: p for p in search.known}
    return [
        r
        for r in readings
        if _fits(r.article, search)
        and (not _on_places(search) or any(_lies(p, search, known) for p in _named(r)))
        and all(any(_inside(p, id, known) for p in _named(r)) for id in search.also)
    ]


def _named(reading: Reading) -> dict[Place, int]:
    """Return the places with their counts; names alone count, as in the layers: "Syrian" puts no point on the map."""
    return Counter(r.place for r in reading.resolutions if r.place and r.mention and r.mention.kind == "name")


def _on_places(search: Search) -> bool:
    return bool(search.places or search.within is not None or search.near or search.bbox)


def _fits(article: Article, search: Search) -> bool:
    text = " ".join([article.title or "", article.source or "", article.text]).lower()
    return (
        all(word in text for word in (search.q or "").lower().split())
        and (not search.sources or article.source in search.sources)
        and (search.since is None or (article.date is not None and article.date >= search.since))
        and (search.until is None or (article.date is not None and article.date <= search.until))
        and search.language in {None, article.language}
        and search.article in {None, article.id}
    )


def _inside(place: Place, id: str, known: dict[str, Place]) -> bool:
    unit = known.get(id)
    if place.id == id or unit is None:
        return place.id == id
    levels = {"country": 1, "admin1": 2, "admin2": 3}.get(unit.feature, 0)
    own, its = (place.country, place.admin1, place.admin2), (unit.country, unit.admin1, unit.admin2)
    return bool(levels) and unit.country is not None and own[:levels] == its[:levels]


def _lies(place: Place, search: Search, known: dict[str, Place]) -> bool:
    from shapely import intersects_xy

    if search.places and not any(_inside(place, id, known) for id in search.places):
        return False
    if search.within is not None and not intersects_xy(search.within, place.lon, place.lat):
        return False
    if search.near is not None:
        lon, lat, km = search.near
        if distance_km(lon, lat, place.lon, place.lat) > km:
            return False
    return search.bbox is None or _in_box(place, search.bbox)


def _in_box(place: Place, bbox: Bbox) -> bool:
    west, south, east, north = bbox
    across = west <= place.lon <= east if west <= east else place.lon >= west or place.lon <= east
    return across and south <= place.lat <= north


def _facts(readings: Iterable[Reading], search: Search) -> Iterator[tuple[Article, Place, int]]:
    readings = list(readings)
    known = {p.id: p for r in readings for p in r.places} | {p.id: p for p in search.known}
    for reading in found(readings, search):
        named = _named(reading).items()
        yield from ((reading.article, place, count) for place, count in named if _lies(place, search, known))


def places(readings: Iterable[Reading], search: Search) -> tuple[PlaceCount, ...]:
    """Return the places with their counts, those mentioned most first."""
    readings = list(readings)
    mentions: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    known: dict[str, Place] = {}
    for _, place, count in _facts(readings, search):
        known[place.id] = place
        mentions[place.id] += count
        articles[place.id] += 1
    order = sorted(known, key=lambda id: (-mentions[id], id))
    sure = _sure(readings, search)
    return tuple(PlaceCount(known[id], mentions[id], articles[id], id not in sure) for id in order)


def _sure(readings: Iterable[Reading], search: Search) -> set[str]:
    """Return the ids of places that a mention found stands for without doubt."""
    named = (r for reading in found(readings, search) for r in reading.resolutions if r.mention and r.place)
    return {r.place.id for r in named if r.place and (r.confidence >= UNSURE_BELOW or r.review)}


def cells(readings: Iterable[Reading], search: Search, bbox: Bbox, zoom: float) -> tuple[Cell, ...]:
    """Return the places added up by squares of a quarter of a map tile."""
    side = 4 * 2 ** floor(zoom)
    squares: defaultdict[tuple[int, int], list[PlaceCount]] = defaultdict(list)
    for item in places(readings, search):
        if _in_box(item.place, bbox):
            x, y = (item.place.lon + 180) / 360, 0.5 - asinh(tan(radians(item.place.lat))) / (2 * pi)
            squares[floor(x * side), floor(y * side)].append(item)
    return tuple(sorted((_cell(items) for items in squares.values()), key=lambda cell: -cell.mentions))


def _cell(items: Sequence[PlaceCount]) -> Cell:
    mentions = sum(item.mentions for item in items)
    lon = sum(item.place.lon * item.mentions for item in items) / mentions
    lat = sum(item.place.lat * item.mentions for item in items) / mentions
    unsure = sum(item.unsure for item in items)
    return Cell(lon, lat, len(items), mentions, unsure, items[0].place)


def trend(readings: Iterable[Reading], search: Search, by: Period, top: int = 0) -> tuple[Trend, ...]:
    """Return counts by period, of all or of each of the top places."""
    readings = list(readings)
    if not top:
        # Where nothing is asked of places, articles without a place count too.
        anywhere = [] if _on_places(search) else [(reading.article, None, 0) for reading in found(readings, search)]
        return (_trend(None, [*_facts(readings, search), *anywhere], by),)
    return tuple(
        _trend(item.place, [fact for fact in _facts(readings, search) if fact[1].id == item.place.id], by)
        for item in places(readings, search)[:top]
    )


def _trend(place: Place | None, facts: Iterable[tuple[Article, Place | None, int]], by: Period) -> Trend:
    mentions: Counter[dt.date] = Counter()
    articles: defaultdict[dt.date, set[str]] = defaultdict(set)
    for article, _, count in facts:
        if article.date:
            start = _start(article.date, by)
            mentions[start] += count
            articles[start].add(article.id)
    return Trend(place, tuple(TrendPoint(day, mentions[day], len(articles[day])) for day in sorted(articles)))


def _start(day: dt.date, by: Period) -> dt.date:
    if by == "month":
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday()) if by == "week" else day


def together(readings: Iterable[Reading], search: Search, limit: int) -> Together:
    """Return the pairs of places that articles name."""
    among = found(readings, search)
    known = {p.id: p for r in among for p in r.places}
    pairs = Counter(pair for r in among for pair in combinations(sorted(p.id for p in _named(r)), 2))
    order = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:limit]
    return Together(tuple(Pair(known[a], known[b], pairs[a, b]) for a, b in order), len(among))
