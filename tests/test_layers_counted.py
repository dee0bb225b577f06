"""Places by counts alone, and heaps of several."""

from __future__ import annotations

from webapp_cast import ASTANA, DARAA, HOMS, report

from geo.layers.counted import Counted, Heap, counted_places_layer, heaps_layer
from geo.layers.readings import places_layer


def test_counts_are_those_given_and_quotes_those_of_the_readings() -> None:
    layer = counted_places_layer([Counted(HOMS, 41_000, 900), Counted(ASTANA, 3, 2)], [report()])
    first, second = layer.features.to_dict("records")
    assert (first["mentions"], first["articles"]) == (41_000, 900)
    assert "Homs" in first["quotes"][0]["sentence"]
    assert second["name"] == "Astana"


def test_a_place_that_no_reading_tells_of_has_no_quotes() -> None:
    row = counted_places_layer([Counted(DARAA, 7, 5)]).features.to_dict("records")[0]
    assert (row["mentions"], row["quotes"], row["confidence"]) == (7, None, None)


def test_legend_promises_doubts_only_where_they_are_known() -> None:
    counted = [Counted(HOMS, 2, 1)]
    without, known = (counted_places_layer(counted, newest).style.legend for newest in ([], [report()]))
    assert [any(symbol.dash for symbol in legend) for legend in (without, known)] == [False, True]


def test_columns_are_those_of_the_places_layer() -> None:
    expected = list(places_layer([]).features.columns)
    assert list(counted_places_layer([]).features.columns) == expected
    assert list(counted_places_layer([Counted(DARAA, 7, 5)]).features.columns) == expected


def test_heaps_say_how_many_they_are() -> None:
    layer = heaps_layer([Counted(ASTANA, 3, 2)], [Heap(36.5, 34.5, 17, 4120, 0, HOMS)], 5)
    heap, place = layer.features.to_dict("records")
    assert (heap["name"], heap["places"]) == ("Homs and 16 more", 17)
    assert heap["note"].startswith("4,120 mentions in this area; zoom in")
    assert heap["symbol"] in layer.style.symbols
    assert place["name"] == "Astana"


def test_what_is_in_doubt_looks_so() -> None:
    single = [Counted(ASTANA, 3, 2, True), Counted(DARAA, 3, 2, False)]
    layer = heaps_layer(single, [Heap(36.5, 34.5, 17, 4120, 9, HOMS), Heap(3, 4, 2, 5, 1, HOMS)], 5)
    features = layer.features.to_dict("records")
    symbols = [feature["symbol"] for feature in features]
    assert symbols == ["cell-unsure", "cell", "point-unsure", "point"]
    assert all(layer.style.symbols[symbol].dash for symbol in symbols[::2])
    assert "9 of its 17 places uncertain" in features[0]["note"]
    assert {"Several places, most of them uncertain", "Place at a point, uncertain"} <= {
        symbol.label for symbol in layer.style.legend
    }


def test_nothing_to_show_is_an_empty_layer() -> None:
    assert heaps_layer([], [], 3).features.empty
