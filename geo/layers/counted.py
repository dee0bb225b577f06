"""Places by their counts alone, as a database gives them, and areas of the map that hold too many to tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.layers.frame import features, gazetteers, unique
from geo.layers.readings import PLACE_COLUMNS, place_facts, place_symbol, places_layer
from geo.layers.styles import SETTLEMENT, places_style, unsure
from geo.model import Layer, Place, Reading, Style

CELL_COLUMNS = ("id", "symbol", "name", "mentions", "places", "note", "zoom")
CELL = replace(SETTLEMENT, label="Several places: zoom in", fill="#0b5c8a", stroke="#ffffff", width=2.0)
UNSURE_CELL = replace(unsure(CELL), label="Several places, most of them uncertain")


@dataclass(frozen=True, slots=True)
class Counted:
    """A place and how many mentions and articles name it; ``articles`` is None where they were not counted.

    ``unsure`` says whether every mention of it is in doubt; None where that is not known.
    """

    place: Place
    mentions: int
    articles: int | None
    unsure: bool | None = None


@dataclass(frozen=True, slots=True)
class Heap:
    """Several places that lie close together on the map.

    Attributes
    ----------
    lon, lat
        Their middle, in degrees.
    places, mentions
        How many they are, and how often they are mentioned.
    unsure
        How many of them are in doubt.
    most
        The one mentioned most.
    """

    lon: float
    lat: float
    places: int
    mentions: int
    unsure: int
    most: Place


def counted_places_layer(counted: Iterable[Counted], newest: Sequence[Reading] = ()) -> Layer:
    """Return one feature a place, in the order given.

    Parameters
    ----------
    newest
        Readings that tell what is said of the places: confidence, spellings, days and quotes are taken from them alone.
    """
    told = places_layer(newest)
    known = {row["id"]: row for row in told.features.drop(columns="geometry").to_dict("records")}
    given = list(counted)
    rows = [_place_row(item, known.get(item.place.id, {})) for item in given]
    counts = [row["mentions"] for row in rows]
    return replace(
        told,
        features=features(rows, PLACE_COLUMNS),
        style=_style(counts, doubts_known=bool(known) or any(item.unsure is not None for item in given)),
        sources=unique([*gazetteers(row["source"] for row in rows), *told.sources]),
    )


def _style(counts: Sequence[int], *, doubts_known: bool) -> Style:
    """Return the style of counts: where they do not tell how sure each place is, the legend must not promise it."""
    style = places_style(counts)
    return replace(style, legend=tuple(symbol for symbol in style.legend if doubts_known or not symbol.dash))


def _place_row(item: Counted, told: dict[Any, Any]) -> dict[str, Any]:
    from shapely.geometry import Point

    place = item.place
    plain = {**place_facts(place), "symbol": place_symbol(place, 1.0), "geometry": Point(place.lon, place.lat)}
    row = {**plain, **told, "mentions": item.mentions, "articles": item.articles}
    # The counts know all mentions, what is told only the newest.
    return row if item.unsure is None else {**row, "symbol": place_symbol(place, 0.0 if item.unsure else 1.0)}


def heaps_layer(single: Iterable[Counted], heaps: Iterable[Heap], zoom: float) -> Layer:
    """Return places that lie apart, and one feature for each heap of several, largest first.

    Parameters
    ----------
    zoom
        Of the web map that the heaps are made for; part of their ids.
    """
    import pandas as pd

    apart, heaped = list(single), list(heaps)
    layer = counted_places_layer(apart)
    shown = layer.features
    rows = [_heap_row(heap, zoom) for heap in heaped]
    both = pd.concat([features(rows, CELL_COLUMNS), shown]) if rows else shown
    counts = [int(count) for count in both["mentions"]]
    style = _style(counts, doubts_known=any(item.unsure is not None for item in apart))
    symbols = {"cell": CELL, "cell-unsure": UNSURE_CELL}
    shown_symbols = [symbol for name, symbol in symbols.items() if name == "cell" or name in set(both["symbol"])]
    legend = (*(replace(symbol, radius=8.0) for symbol in shown_symbols), *style.legend)
    return replace(layer, features=both, style=replace(style, symbols={**style.symbols, **symbols}, legend=legend))


def _heap_row(heap: Heap, zoom: float) -> dict[str, Any]:
    from shapely.geometry import Point

    doubt = f", {heap.unsure:,} of its {heap.places:,} places uncertain" if heap.unsure else ""
    return {
        "id": f"cell:{zoom:g}:{heap.lon:.4f}:{heap.lat:.4f}",
        "symbol": "cell-unsure" if 2 * heap.unsure > heap.places else "cell",
        "name": f"{heap.most.name} and {heap.places - 1:,} more",
        "mentions": heap.mentions,
        "places": heap.places,
        "note": f"{heap.mentions:,} mentions in this area{doubt}; zoom in to tell its places apart.",
        "zoom": zoom,
        "geometry": Point(heap.lon, heap.lat),
    }
