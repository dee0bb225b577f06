"""What the views ask for: the workspace's articles, layers made of them, and a version that tells when to ask again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, cast

from flask import current_app

from geo import pipeline
from geo.errors import DatelineError, GazetteerError
from geo.gazetteer.boundaries import open_boundaries
from geo.model import Layer, Reading
from geo.settings import Settings, data_dir
from geo.workspace.search import Search
from webapp.parameters import Query

if TYPE_CHECKING:
    from geo.workspace.results import Summary
    from geo.workspace.workspace import Workspace

EXTENSION = "dateline"
"""Key of the app's `Service` in ``app.extensions``."""

PAGE = 100
"""Articles listed on one page."""

MOST_ARTICLES = 2000
"""Articles that one map is made of: the newest of those asked for. More would be neither drawn nor read in time."""

DAY_LAYERS = frozenset({"zones", "posts"})
"""Layers that are made of the zones' data for a day; all others are made of the articles."""

_KEPT = 32
"""Sets of layers kept: more than the days and articles that viewers ask for at a time, some 100 MB at most."""


def service() -> Service:
    """Return the service of the app that answers the request at hand."""
    return cast("Service", current_app.extensions[EXTENSION])


class Service:
    """One workspace and its layers, opened at the first request and shared by all threads.

    Layers are kept until the data changes: most requests ask for the same few.
    """

    def __init__(self, settings: Settings, workspace: Workspace | None = None) -> None:
        self.settings = settings
        self._lock = RLock()
        self._workspace = workspace
        self._readings = lru_cache(maxsize=4)(self._read)
        self._layer = lru_cache(maxsize=_KEPT)(self._build_layer)
        self._figures = lru_cache(maxsize=1)(self._count_all)
        self.country_name = lru_cache(maxsize=None)(self._country_name)

    @property
    def workspace(self) -> Workspace:
        """The workspace, opened when first asked for."""
        return self.open()

    def open(self) -> Workspace:
        """Open the workspace and the gazetteer's index, which is built first where it is not there yet.

        An empty workspace gets the sample articles.

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
                self._workspace = open_with_samples(self.settings)
            return self._workspace

    def version(self) -> str:
        """Return a text that changes whenever an answer made of the articles and shapes may have changed."""
        return f"{self.workspace.version()}-{self._shapes}"

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
            self._workspace.version()
            return
        with open_workspace(self.settings.workspace) as workspace:
            workspace.version()

    def figures(self) -> dict[str, int]:
        """Return how much the workspace holds, by what."""
        return self._figures(self.workspace.version())

    def _count_all(self, _version: str) -> dict[str, int]:
        return {"articles": self.workspace.count()}

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

    def count(self, query: Query) -> int:
        """Return how many articles a query asks for."""
        return self.workspace.count(Search(q=query.q))

    def articles(self, query: Query, offset: int = 0) -> tuple[Summary, ...]:
        """Return a page of the articles that a query asks for, newest first."""
        return self.workspace.articles(Search(q=query.q), PAGE, offset)

    def readings(self, query: Query) -> tuple[Reading, ...]:
        """Return what was read in the articles that a query asks for, newest first, `MOST_ARTICLES` at most.

        Raises
        ------
        UnknownNameError
            It asks for an article that is not there.
        """
        return self._readings(query.article, query.q, self.version())

    def _read(self, article: str | None, q: str, _version: str) -> tuple[Reading, ...]:
        if article:
            return (self.workspace.reading(article),)
        found = self.workspace.articles(Search(q=q), MOST_ARTICLES)
        return tuple(self.workspace.readings([summary.id for summary in found]))

    def layers(self, names: Sequence[str], query: Query) -> dict[str, Layer]:
        """Return layers by name, made of the articles and for the day that a query asks for.

        Raises
        ------
        UnknownNameError
            There is no such layer or article.
        """
        version = self.version()
        for name in names:
            pipeline.check_layer_name(name)
        with self._lock:
            return {name: self._layer(name, _about(name, query), version) for name in names}

    def _build_layer(self, name: str, query: Query, _version: str) -> Layer:
        readings = () if name in DAY_LAYERS else self.readings(query)
        return pipeline.build_layers(readings, query.on, [name], self.settings)[name]


def _reason(check: Callable[[], None]) -> str:
    """Return why a check fails, empty where it does not."""
    try:
        check()
    except DatelineError as error:
        return str(error)
    return ""


def _about(name: str, query: Query) -> Query:
    """Return the part of a query that decides what a layer is made of: the day, or the articles."""
    return Query(on=query.on) if name in DAY_LAYERS else Query(article=query.article, q=query.q)
