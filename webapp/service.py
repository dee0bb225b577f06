"""What the views ask for: the workspace's articles, layers made of them, and a version that tells when to ask again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple, cast

from flask import current_app

from geo import pipeline, searching
from geo.errors import DatelineError, GazetteerError
from geo.gazetteer.boundaries import open_boundaries
from geo.layers.counted import Counted
from geo.model import Layer, Reading, Zone
from geo.settings import Settings, data_dir
from geo.workspace.search import Search
from webapp.parameters import Query
from webapp.searching import search_of

if TYPE_CHECKING:
    from geo.workspace.results import Cell, Period, PlaceCount, Summary, Trend
    from geo.workspace.reviews import Reviewed
    from geo.workspace.workspace import Workspace

_log = logging.getLogger(__name__)

EXTENSION = "dateline"
"""Key of the app's `Service` in ``app.extensions``."""

PAGE = 20
"""Articles listed on one page, and places: a page's bytes must not grow with the workspace."""

MOST_PAGE = 200
"""Articles or places that a program may ask for at once."""

MOST_PLACES = 10_000
"""Places in a file; the ones mentioned most."""

MOST_ARTICLES = 2000
"""Articles whose mentions and footprints one file holds: the newest of those asked for."""

MOST_ZONES = 20
"""Zones whose trends are told at once, in the order of their files: each is a search of its own."""

IN_FOCUS = 300
"""Places that say where a map looks first: the ones mentioned most."""

HALF_THE_WORLD = 180
"""Degrees of longitude from which a view counts as one of the whole world."""

SMALL_SQUARES = 2
"""Zoom from which squares are small enough to lie inside such a view or outside."""

DAY_LAYERS = frozenset({"zones", "posts"})
"""Layers that are made of the zones' data for a day; all others are made of the articles."""

COUNTED_LAYERS = frozenset({"governorates", "countries"})
"""Layers of units that the places mentioned most lie in."""

_KEPT = 24
"""Layers kept: more than the days and articles that viewers ask for at a time, some 100 MB at most."""


def service() -> Service:
    """Return the service of the app that answers the request at hand."""
    return cast("Service", current_app.extensions[EXTENSION])


class Totals(NamedTuple):
    """How many articles are found, and how many places they mention how often."""

    articles: int
    places: int
    mentions: int


class Service:
    """One workspace and its layers, opened at the first request and shared by all threads.

    Layers are kept until the data changes: most requests ask for the same few.
    """

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        self.settings = settings
        self._lock = RLock()
        self._workspace = workspace
        self._search = lru_cache(maxsize=256)(self._search_of)
        self._world = lru_cache(maxsize=64)(self._add_up_world)
        self._totals = lru_cache(maxsize=256)(self._add_up)
        self._focus = lru_cache(maxsize=64)(self._in_focus)
        self._readings = lru_cache(maxsize=4)(self._read)
        self._layer = lru_cache(maxsize=_KEPT)(self._build_layer)
        self._digest = lru_cache(maxsize=256)(self._digest_of)
        self.country_name = lru_cache(maxsize=None)(self._country_name)

    @property
    def workspace(self) -> Workspace:
        """The workspace, opened when first asked for."""
        return self.open()

    def open(self, *, samples: bool = False) -> Workspace:
        """Open the workspace and the gazetteer's index, which is built first where it is not there yet.

        Parameters
        ----------
        samples
            Fill an empty workspace with the sample articles.

        Raises
        ------
        WorkspaceError, GazetteerError
            They cannot be opened, built or filled.
        """
        with self._lock:
            if self._workspace is None:
                from geo.batch import open_with_samples
                from geo.gazetteer.index import open_index

                open_index(self.settings)
                self._workspace = open_with_samples(self.settings) if samples else _open_with_zones(self.settings)
            return self._workspace

    def version(self) -> str:
        """Return a text that changes whenever an answer made of the articles and shapes may have changed."""
        return f"{self.workspace.version()}-{self._shapes}"

    def version_of(self, query: Query) -> str:
        """Return the same for what a query asks for: a single article stays as it is while others come."""
        if not query.article:
            return self.version()
        return f"{self._digest(query.article, self.version())}-{self._shapes}"

    def version_of_layer(self, name: str, query: Query) -> str:
        """Return the same for one layer: many articles come that change neither zones nor which outlines are drawn."""
        if name in DAY_LAYERS:
            return self._shapes
        if name in COUNTED_LAYERS:
            return f"{_drawn_for(self.counted(_about(name, query), IN_FOCUS))}-{self._shapes}"
        return self.version_of(query)

    def _digest_of(self, article_id: str, _version: str) -> str:
        return sha256(repr(self.reading(article_id)).encode("utf-8", "replace")).hexdigest()[:16]

    def readiness(self) -> dict[str, str]:
        """Return what each part that answers are made with lacks, in one plain line; empty where it is as it should be.

        Nothing is built: a process that is asked whether it is ready answers at once.
        """
        return {"gazetteer": _reason(self._check_gazetteer), "workspace": _reason(self._check_workspace)}

    def _check_gazetteer(self) -> None:
        from geo.gazetteer.build import index_folder

        if not index_folder(self.settings).is_dir():
            raise GazetteerError("The index of place names is not built yet.", "Run: dateline gazetteer build")

    def _check_workspace(self) -> None:
        from geo.workspace.workspace import open_workspace

        if self._workspace is not None:
            self._workspace.ensure_usable()
        else:
            open_workspace(self.settings.workspace).close()

    def totals(self, query: Query) -> Totals:
        """Return how much a query finds."""
        return self._totals(query.of_articles(), self.version())

    def _add_up(self, query: Query, _version: str) -> Totals:
        # As for cells: what lies in a box is counted faster than articles with a place in it are searched for.
        named = self.workspace.count_named(self.search(replace(query, bbox=None)), query.bbox)
        return Totals(self.count(query), *named)

    def count(self, query: Query) -> int:
        """Return how many articles a query asks for."""
        return self.workspace.count(self.search(query))

    def cells(self, query: Query, zoom: int) -> tuple[Cell, ...]:
        """Return the places in a query's bbox, everywhere by default, added up by squares of a web map at a zoom."""
        # The store adds up what lies in a box faster than it searches for articles with a place in it, and the whole
        # world faster than most of it.
        bbox = query.bbox
        if bbox and (bbox[2] - bbox[0] < HALF_THE_WORLD or zoom < SMALL_SQUARES):
            return self.workspace.cells(self.search(replace(query, bbox=None)), bbox, zoom)
        everywhere = self._world(replace(query.of_articles(), bbox=None), zoom, self.version())
        south, north = (bbox[1], bbox[3]) if bbox else (-90, 90)
        return tuple(cell for cell in everywhere if south <= cell.lat <= north)

    def _add_up_world(self, query: Query, zoom: int, _version: str) -> tuple[Cell, ...]:
        return self.workspace.cells(self.search(query), None, zoom)

    @cached_property
    def _shapes(self) -> str:
        """Fingerprint of the program and the shapes it comes with; they stay as they are while it runs."""
        import geo

        folders = [data_dir() / "shapes", self.settings.zones]
        files = sorted(path for folder in folders if folder for path in folder.rglob("*") if path.is_file())
        facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        return sha256(repr((geo.__version__, self.settings.boundaries, facts)).encode()).hexdigest()[:12]

    def _country_name(self, code: str) -> str:
        """Return the name of a country by its ISO 3166-1 alpha-2 code."""
        return open_boundaries(self.settings.boundaries).country_name(code)

    def search(self, query: Query) -> Search:
        """Return a query's conditions as the workspace is asked.

        Raises
        ------
        UnknownNameError
            It names no known place or zone.
        """
        return self._search(query.of_articles())

    def _search_of(self, query: Query) -> Search:
        return search_of(query, self.settings)

    def articles(self, query: Query, offset: int = 0, limit: int = PAGE) -> tuple[Summary, ...]:
        """Return a page of the articles that a query asks for, newest first."""
        return self.workspace.articles(self.search(query), limit, offset)

    def places(self, query: Query, limit: int = PAGE, offset: int = 0) -> tuple[PlaceCount, ...]:
        """Return a page of the places that a query finds, those mentioned most first."""
        if offset + limit > IN_FOCUS:
            return self.workspace.places(self.search(query), limit, offset)
        return self._focus(query.of_articles(), self.version())[offset : offset + limit]

    def _in_focus(self, query: Query, _version: str) -> tuple[PlaceCount, ...]:
        """Return the places that a page's lists and map both ask for: 20 take the store as long as 300."""
        return self.workspace.places(self.search(query), IN_FOCUS)

    def zone_trends(self, query: Query, by: Period) -> list[tuple[Zone, Trend]]:
        """Return the trend of what a query finds in each zone of its day, or in the first `MOST_ZONES` of more."""
        zones = searching.searches_by_zone(self.search(query), query.on, self.settings)
        return [(zone, self.workspace.trend(search, by)[0]) for zone, search in zones[:MOST_ZONES]]

    def reading(self, article_id: str) -> Reading:
        """Return what was read in an article.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        return self.workspace.reading(article_id)

    def reviews(self, article_id: str) -> tuple[Reviewed, ...]:
        """Return what people decided about an article's mentions, with what the machine had found of each.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        read = self.reading(article_id).resolutions
        found = {(r.mention.start, r.mention.end): r.review for r in read if r.mention and r.review}
        kept = self.workspace.reviews(article_id)
        return tuple(replace(item, review=found.get(item.span, item.review)) for item in kept)

    def readings(self, query: Query, limit: int = MOST_ARTICLES) -> tuple[Reading, ...]:
        """Return what was read in the newest articles that a query asks for, as far as layers show it.

        Raises
        ------
        UnknownNameError
            It asks for an article that is not there.
        """
        return self._readings(query.of_articles(), limit, self.version())

    def _read(self, query: Query, limit: int, _version: str) -> tuple[Reading, ...]:
        if query.article:
            return (self.reading(query.article),)
        return tuple(self.workspace.readings(self.search(query), limit=limit, evidence=False))

    def layers(self, names: Sequence[str], query: Query) -> dict[str, Layer]:
        """Return whole layers by name, made of the articles and for the day that a query asks for.

        Raises
        ------
        UnknownNameError
            There is no such layer, article, place or zone.
        """
        for name in names:
            pipeline.check_layer_name(name)
        return {name: self._kept_layer(name, _about(name, query)) for name in names}

    def _kept_layer(self, name: str, query: Query) -> Layer:
        version = self.version_of_layer(name, query)
        if name in pipeline.REPORT_LAYERS:
            return self._layer(name, query, version)
        # What every page needs is made once, while others wait for it; nobody waits for another's large file.
        with self._lock:
            return self._layer(name, query, version)

    def _build_layer(self, name: str, query: Query, _version: str) -> Layer:
        if name in DAY_LAYERS:
            return pipeline.build_layers((), query.on, [name], self.settings)[name]
        if name in COUNTED_LAYERS:
            return pipeline.build_layers((), None, [name], self.settings, self.counted(query, IN_FOCUS))[name]
        layer = pipeline.build_layers(self.readings(query), None, [name], self.settings, self.counted(query))[name]
        return _with_notice(layer, self.totals(query).articles)

    def counted(self, query: Query, limit: int = MOST_PLACES) -> list[Counted]:
        """Return the places that a query finds with their counts, as layers are made of them."""
        return [Counted(item.place, item.mentions, item.articles, item.unsure) for item in self.places(query, limit)]


def _open_with_zones(settings: Settings) -> Workspace:
    """Open the workspace with its zones up to date; one that may only be read is served as it is."""
    from geo.batch.zones import keep_zones
    from geo.workspace.workspace import open_workspace

    workspace = open_workspace(settings.workspace)
    try:
        keep_zones(workspace, settings)
    except DatelineError as error:
        _log.warning("The zones in the workspace stay as they are: %s", error)
    return workspace


def _with_notice(layer: Layer, articles: int) -> Layer:
    """Return a layer that says itself what it was cut to."""
    if articles <= MOST_ARTICLES:
        return layer
    told = "quotes and spellings are" if layer.name == "places" else "it is"
    notice = f"Of {articles:,} articles {told} from the newest {MOST_ARTICLES:,}."
    return replace(layer, description=f"{layer.description} {notice}")


def _reason(check: Callable[[], None]) -> str:
    """Return why a check fails, empty where it does not."""
    try:
        check()
    except DatelineError as error:
        return str(error)
    return ""


def _drawn_for(counted: Iterable[Counted]) -> str:
    """Return a text that differs where other units are drawn for the places: those of some of their countries."""
    from geo.layers.areas import countries_in_focus

    places = [item.place for item in counted]
    return f"{countries_in_focus(places)}-{sorted({place.country for place in places if place.country})}"


def _about(name: str, query: Query) -> Query:
    """Return the part of a query that decides what a layer is made of: the day, or the articles."""
    return Query(on=query.on) if name in DAY_LAYERS else query.of_articles()
