"""What the viewer asks of a large workspace, and how long the store takes to answer: p50 and p95 of each kind.

Fill one first: python scripts/generate_workspace.py sqlite:///large.db

Usage: python benchmarks/queries.py URL [--rounds 5]

Each kind is asked in several ways (places, days, words and views of different size) so that no answer is asked for
twice in a row. For SQLite the time is this process's CPU time, which other programs do not change; for PostgreSQL it is
wall time, the least of the rounds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from geo.geometry import WORLD, Bbox
from geo.model import Place
from geo.workspace.results import PlaceCount
from geo.workspace.search import EVERYTHING, Circle, Search
from geo.workspace.workspace import Workspace, open_workspace

Question = tuple[str, Callable[[], object]]
_PAGE = 100
_SPREAD = (0, 3, 20, 80)
_SHARES = (0.1, 0.03, 0.01, 0.003)


def questions(workspace: Workspace) -> Iterator[Question]:
    """Yield what is asked, with the kind it belongs to."""
    named = workspace.places(limit=3000)
    for kind, several in _searches(workspace, [item.place for item in named]):
        for search in several:
            yield from _asked_with(workspace, kind, search)
    for bbox, zoom in _views(named):
        yield "map: views", partial(workspace.cells, EVERYTHING, bbox, zoom)


def _asked_with(workspace: Workspace, kind: str, search: Search) -> Iterator[Question]:
    yield f"list: {kind}", partial(workspace.articles, search, _PAGE)
    yield f"count: {kind}", partial(workspace.count, search)
    yield f"map: {kind}", partial(workspace.cells, search, WORLD, 2)
    yield f"places: {kind}", partial(workspace.places, search, 50)
    yield f"trend: {kind}", partial(workspace.trend, search, "week")
    yield f"trend of places: {kind}", partial(workspace.trend, search, "month", top=5)
    yield f"together: {kind}", partial(workspace.together, search)


def _searches(workspace: Workspace, places: Sequence[Place]) -> Iterator[tuple[str, list[Search]]]:
    """Yield searches by kind; of places those mentioned most and some mentioned less."""
    towns, units, countries = (_some([p for p in places if p.feature == f]) for f in ("city", "admin1", "country"))
    words, sources = _words(workspace), list(workspace.sources())
    last = workspace.articles(limit=1)[0].date or dt.date.today()
    month, year, years = (last - dt.timedelta(days) for days in (30, 365, 1095))
    yield "everything", [EVERYTHING]
    yield "words", [Search(q=word) for word in words]
    yield "phrase", [Search(q=f'"{one} {two}"') for one, two in pairwise(words)]
    yield "town", [Search(places=(place.id,)) for place in towns]
    yield "province", [Search(places=(place.id,)) for place in units]
    yield "country", [Search(places=(place.id,)) for place in countries]
    yield "circle", [Search(near=Circle(p.lon, p.lat, km)) for p, km in zip(towns, (20, 50, 200, 500), strict=False)]
    yield "area", [Search(within=Point(p.lon, p.lat).buffer(r)) for p, r in zip(towns, (0.5, 1, 3, 8), strict=False)]
    yield "source", [Search(sources=(sources[rank],)) for rank in (0, 5, -1)]
    yield "language", [Search(language=code) for code in ("en", "ru", "ar")]
    yield "month", [Search(since=month), Search(since=year - dt.timedelta(30), until=year)]
    yield "years", [Search(since=year), Search(until=year), Search(since=years, until=year)]
    yield (
        "several",
        [
            Search(places=(countries[0].id,), since=years, sources=tuple(sources[:3])),
            Search(places=(countries[1].id,), since=years, q=words[0]),
            Search(within=box(0, 30, 40, 60), since=month),
        ],
    )


def _words(workspace: Workspace) -> list[str]:
    """Return words that about a tenth, a thirtieth, … of the articles hold."""
    titles = [summary.title or "" for summary in workspace.articles(limit=60)]
    held = {word: workspace.count(Search(q=word)) for title in titles for word in title.lower().split()}
    total = workspace.count()
    return [min((abs(held[word] - share * total), word) for word in held)[1] for share in _SHARES]


def _some(places: Sequence[Place]) -> list[Place]:
    return [places[number] for number in _SPREAD if number < len(places)]


def _views(named: Sequence[PlaceCount]) -> Iterator[tuple[Bbox, float]]:
    for item in named[:6]:
        for zoom in (3, 5, 8, 11):
            reach = 700 / 2**zoom
            lon, lat = item.place.lon, item.place.lat
            yield (
                (max(lon - reach, -180), max(lat - reach / 2, -85), min(lon + reach, 180), min(lat + reach / 2, 85)),
                zoom,
            )


def _around(place: Place, reach: float) -> BaseGeometry:
    return box(place.lon - reach, place.lat - reach / 2, place.lon + reach, place.lat + reach / 2)


def measure(asked: Sequence[Question], rounds: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Return the milliseconds of each kind's questions, the least of the rounds for each."""
    least = [float("inf")] * len(asked)
    for _ in range(rounds):
        for number, (_kind, ask) in enumerate(asked):
            began = clock()
            ask()
            least[number] = min(least[number], (clock() - began) * 1000)
    kinds: dict[str, list[float]] = {}
    for (kind, _ask), taken in zip(asked, least, strict=True):
        kinds.setdefault(kind, []).append(taken)
    return kinds


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    clock = time.process_time if options.url.startswith("sqlite") else time.perf_counter
    with open_workspace(options.url) as workspace:
        kinds = measure(list(questions(workspace)), options.rounds, clock)
    for kind, values in kinds.items():
        print(f"{kind:32} p50 {_at(values, 0.5):7.1f} ms   p95 {_at(values, 0.95):7.1f} ms   {len(values)} questions")
    together = [value for values in kinds.values() for value in values]
    print(
        f"{'all':32} p50 {_at(together, 0.5):7.1f} ms   p95 {_at(together, 0.95):7.1f} ms   {len(together)} questions"
    )


if __name__ == "__main__":
    main()
