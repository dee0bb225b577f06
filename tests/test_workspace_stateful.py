"""Any steps in any order: both stores hold and find what plain Python does."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import search_oracle as oracle
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from real_postgresql import new_database
from search_cast import HOMS_PROVINCE, PLACES
from shapely.geometry import Point, Polygon, box
from workspace_model import KNOWN, TEXTS, VERSIONS, Entry, Model, moment, reading_of, spans_of

from geo.geometry import WORLD
from geo.model import Article, Reading, Review
from geo.workspace.backup import backup, restore
from geo.workspace.check import check
from geo.workspace.results import Cell, Period, Together
from geo.workspace.search import EVERYTHING, Circle, Search
from geo.workspace.transfer import digest, export_to, import_from
from geo.workspace.workspace import Workspace, open_workspace
from geo.workspace.zones import ZoneState

_DAYS = [dt.date(1, 1, 1), dt.date(2016, 12, 30), dt.date(2017, 2, 1), dt.date(2017, 2, 9), dt.date(9999, 12, 31)]
_SOURCES = ["SANA", "Gazette", "100%_"]
_IDS = [place.id for place in (*PLACES, HOMS_PROVINCE)]
_AREAS = [box(35, 33, 38, 36.2), Polygon(), Polygon([(36, 33), (39, 33), (36.72, 36)]), box(170, -30, 180, 0)]
_LAST_DAY = dt.date(9999, 12, 31)


def _maybe(values: Sequence[object]) -> st.SearchStrategy[object]:
    """Return nothing half of the time."""
    return st.none() | st.sampled_from(values)


ARTICLES = st.builds(
    Article,
    id=st.sampled_from(["a", "b", sha256(TEXTS[0].encode()).hexdigest()[:16]]),
    text=st.sampled_from(TEXTS),
    title=_maybe(["Truce", "Talks"]),
    date=_maybe(_DAYS),
    time=_maybe([dt.time(0), dt.time(23, 59, 59)]),
    source=_maybe(_SOURCES),
    source_role=_maybe(["publisher", "cited"]),
    language=_maybe(["en", "ru"]),
    url=_maybe(["https://a.example/1", "https://b.example/2"]),
)
SEARCHES = st.builds(
    Search,
    q=_maybe(["truce", "TALKS", "word7 word8", "перемирие", "nowhere"]),
    places=st.just(()) | st.lists(st.sampled_from(_IDS), max_size=2).map(tuple),
    also=st.just(()) | st.lists(st.sampled_from(_IDS), max_size=1).map(tuple),
    within=_maybe(_AREAS),
    near=_maybe([Circle(36.72, 34.727, 0), Circle(36.72, 34.727, 30), Circle(179, -16, 1100)]),
    bbox=_maybe([(35.0, 33.0, 38.0, 35.0), (170.0, -30.0, -165.0, 0.0), WORLD]),
    sources=st.just(()) | st.lists(st.sampled_from(_SOURCES), max_size=2).map(tuple),
    since=_maybe(_DAYS),
    until=_maybe(_DAYS),
    language=_maybe(["en", "ru", "ar"]),
    article=st.none() | st.none() | _maybe(["a", "b", "nothing"]),
    known=st.just(KNOWN),
)
REVIEWS = st.builds(
    Review,
    verdict=st.sampled_from(["corrected", "rejected", "unresolved"]),
    place=st.none(),
    reviewer=st.just("A. Reader"),
    time=st.just(dt.datetime(2017, 8, 3, 10, tzinfo=dt.UTC)),
    note=st.sampled_from(["", "«quoted»"]),
)


CHANCE = st.randoms(use_true_random=False)


class Stores(RuleBasedStateMachine):
    """The same steps on an SQLite file, on PostgreSQL and on a model."""

    copies = Bundle("copies")
    postgresql: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-steps-"))
        urls = f"sqlite:///{self.folder / 'store.db'}", self.postgresql
        self.stores = [open_workspace(url) for url in urls]
        self.model, self.written = Model(), 0
        self.zones: tuple[ZoneState, ...] = ()
        backup_of_nothing = self._path(".jsonl.gz")
        export_to(self.stores[0], backup_of_nothing)
        restore(self.stores[1], backup_of_nothing, replace=True)
        self.stores[1].keep_zones((), "none")

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    def _path(self, suffix: str) -> Path:
        self.written += 1
        return self.folder / f"{self.written}{suffix}"

    @rule(items=st.lists(ARTICLES, min_size=1, max_size=4), version=st.sampled_from(VERSIONS))
    def add(self, items: list[Article], version: str) -> None:
        expected = [self.model.add(item, version) for item in items]
        readings = [reading_of(item, version) for item in items]
        for store in self.stores:
            assert [stored.outcome for stored in store.add_all(readings, version)] == expected

    @rule(items=st.lists(ARTICLES, min_size=1, max_size=4))
    def appear(self, items: list[Article]) -> None:
        for item in items:
            if item.text in self.model.entries:
                self.model.add(item, self.model.entries[item.text].version)
        for store in self.stores:
            store.keep_appearances(items)

    def _deletable(self) -> list[str]:
        # What places that nothing names any more are like is not exported: Aleppo, which moves, stays named.
        return [text for text in self.model.entries if "Aleppo" not in text]

    @precondition(lambda self: bool(self._deletable()))
    @rule(chosen=CHANCE)
    def delete(self, chosen: random.Random) -> None:
        entry = self.model.entries.pop(chosen.choice(self._deletable()))
        for store in self.stores:
            store.delete(entry.article.id)

    @precondition(lambda self: bool(spans_of(self.model)))
    @rule(chosen=CHANCE, review=REVIEWS)
    def review(self, chosen: random.Random, review: Review) -> None:
        entry, span = chosen.choice(spans_of(self.model))
        if review.verdict == "corrected":
            place = chosen.choice([HOMS_PROVINCE, *PLACES[:3]])
            review, self.model.places[place.id] = replace(review, place=place), place
        self.model.reviews.setdefault(entry.article.text, {})[span] = review
        for store in self.stores:
            store.review(entry.article.id, span, review)

    def _decided(self) -> list[tuple[Entry, tuple[int, int]]]:
        entries, reviews = self.model.entries, self.model.reviews
        return [(entries[text], span) for text, found in reviews.items() if text in entries for span in found]

    @precondition(lambda self: bool(self._decided()))
    @rule(chosen=CHANCE)
    def unreview(self, chosen: random.Random) -> None:
        entry, span = chosen.choice(self._decided())
        del self.model.reviews[entry.article.text][span]
        for store in self.stores:
            store.unreview(entry.article.id, span)

    @rule(target=copies, number=st.sampled_from([0, 1]), suffix=st.sampled_from(["", ".jsonl.gz"]))
    def export(self, number: int, suffix: str) -> tuple[Path, Model]:
        path = self._path(suffix)
        assert export_to(self.stores[number], path) == self._kept()
        return path, self.model.copy()

    @rule(target=copies, number=st.sampled_from([0, 1]))
    def backup(self, number: int) -> tuple[Path, Model]:
        path = self._path([".db", ".jsonl.gz"][number])
        backup(self.stores[number], path)
        return path, self.model.copy()

    def _kept(self) -> int:
        left = {text for text, found in self.model.reviews.items() if found} - {*self.model.entries}
        return len(self.model.entries) + len(left)

    @rule(copy=copies)
    def restore(self, copy: tuple[Path, Model]) -> None:
        path, self.model = copy[0], copy[1].copy()
        for store in self.stores:
            restore(store, path, replace=True)

    @rule(copy=copies.filter(lambda copy: copy[0].suffix != ".db"))
    def import_(self, copy: tuple[Path, Model]) -> None:
        self.model.merge(copy[1])
        for store in self.stores:
            import_from(store, copy[0])

    @rule(days=st.lists(st.sampled_from(_DAYS[1:]), min_size=1, max_size=3, unique=True), name=st.sampled_from("xyz"))
    def set_zones(self, days: list[dt.date], name: str) -> None:
        starts = sorted(days)
        ends = [*(day - dt.timedelta(1) for day in starts[1:]), _LAST_DAY]
        shape = Point(36, 35).buffer(1)
        self.zones = tuple(
            ZoneState(name, since, until, {"en": name}, "held", 2.0, shape, shape, shape)
            for since, until in zip(starts, ends, strict=True)
        )
        for store in self.stores:
            store.keep_zones(self.zones, f"{name} {starts}")

    @rule(search=SEARCHES, by=st.sampled_from(["day", "week", "month"]), zoom=st.sampled_from([0, 3, 5, 6, 9]))
    def query(self, search: Search, by: Period, zoom: int) -> None:
        readings, plain = self.model.of_sources(search.sources), replace(search, sources=())
        listed = [self._listed(store, search) for store in self.stores]
        expected = oracle.found(readings, plain)
        assert {id for id, _ in listed[0]} == {reading.article.id for reading in expected}
        for store, found in zip(self.stores, listed, strict=True):
            assert len(found) == len(expected) == store.count(search)
            assert [when for _, when in found] == sorted((when for _, when in found), reverse=True)
            self._counted(store, search, readings, plain)
            assert store.trend(search, by) == oracle.trend(readings, plain, by)
            bbox = (-40.0, 30.0, 60.0, 60.0)
            assert _figures(store.cells(search, WORLD, zoom)) == pytest.approx(
                _figures(oracle.cells(readings, plain, WORLD, zoom))
            )
            assert _figures(store.cells(search, bbox, zoom)) == pytest.approx(
                _figures(oracle.cells(readings, plain, bbox, zoom))
            )

    def _listed(self, store: Workspace, search: Search) -> list[tuple[str, tuple[dt.date, dt.time]]]:
        pages = [store.articles(search, limit=3, offset=start) for start in range(0, len(TEXTS) + 3, 3)]
        return [(item.id, moment(item)) for page in pages for item in page]

    def _counted(self, store: Workspace, search: Search, readings: list[Reading], plain: Search) -> None:
        assert set(store.places(search)) == set(oracle.places(readings, plain))
        trends = {trend.place: trend for trend in store.trend(search, "month", top=20)}
        assert trends == {trend.place: trend for trend in oracle.trend(readings, plain, "month", top=20)}
        found, expected = (
            each.together(*args) for each, args in ((store, (search, 99)), (oracle, (readings, plain, 99)))
        )
        assert (found.of, _pairs(found)) == (expected.of, _pairs(expected))

    @invariant()
    def all_agree(self) -> None:
        assert len({digest(store) for store in self.stores}) == 1
        readings = {reading.article.id: reading for reading in self.model.readings()}
        for store in self.stores:
            assert check(store) == []
            assert {reading.article.id: reading for reading in store.readings(EVERYTHING)} == readings
            assert store.sources() == self.model.sources()
            carried = store.carried_by([*readings])
            for entry in self.model.entries.values():
                found = [(carrier.id, carrier.source) for carrier in carried.get(entry.article.id, ())]
                assert sorted(found, key=str) == sorted(self.model.carriers(entry), key=str)
            for day in _DAYS:
                assert store.zones_on(day) == tuple(zone for zone in self.zones if zone.since <= day <= zone.until)


def _figures(cells: Sequence[Cell]) -> list[float]:
    rows = sorted((cell.places, cell.mentions, cell.unsure, round(cell.lon, 6), round(cell.lat, 6)) for cell in cells)
    return [figure for row in rows for figure in row]


def _pairs(together: Together) -> set[tuple[frozenset[object], int]]:
    return {(frozenset((pair.first, pair.second)), pair.articles) for pair in together.pairs}


def test_any_steps_leave_both_stores_with_the_same_content(postgresql: str) -> None:
    Stores.postgresql = new_database(postgresql)
    # A few, always the same; DATELINE_STEPS=500 looks for others.
    examples = int(os.environ.get("DATELINE_STEPS", "0"))
    how = settings(
        max_examples=examples or 6,
        derandomize=not examples,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    run_state_machine_as_test(Stores, settings=how)
