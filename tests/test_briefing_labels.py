import geopandas as gpd
import pytest
from layer_cast import places_layer, zones_layer
from shapely import Point, box

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.countries import country_name, world
from geo.briefing.labels import balanced, country_labels, darker, layer_labels, place_labels, spaced
from geo.briefing.placing import Spot, Wish, around, beside, overlap, place, within
from geo.briefing.projection import frame_of
from geo.model import Layer, Style, Symbol

PANEL = (0.0, 0.0, 200.0, 100.0)
FRAME = frame_of((35, 34, 38, 37), (0, 0, 800, 800))


def _wish(*spots: tuple[float, float], limit: float = 4.0, room: float = 0.0) -> Wish:
    return Wish(40, 10, tuple(Spot(x, y, 0.1 * n) for n, (x, y) in enumerate(spots)), room, limit)


def _at(spot: Spot | None) -> tuple[float, float] | None:
    return None if spot is None else (spot.x, spot.y)


def test_first_label_has_its_best_spot() -> None:
    assert [_at(spot) for spot in place([_wish((50, 50), (50, 70))], PANEL, [], [])] == [(50, 50)]


def test_second_label_goes_where_the_first_is_not() -> None:
    assert [_at(s) for s in place([_wish((50, 50)), _wish((55, 50), (50, 70))], PANEL, [], [])] == [(50, 50), (50, 70)]


def test_label_without_room_is_left_out() -> None:
    assert place([_wish((50, 50)), _wish((55, 52))], PANEL, [], [])[1] is None
    assert place([_wish((10, 50))], PANEL, [], []) == [None]
    assert place([_wish()], PANEL, [], []) == [None]


def test_symbols_are_covered_only_at_need() -> None:
    dot = (45.0, 45.0, 55.0, 55.0)
    assert _at(place([_wish((50, 50), (50, 70))], PANEL, [dot], [])[0]) == (50, 70)
    assert _at(place([_wish((50, 50))], PANEL, [dot], [])[0]) == (50, 50)
    assert place([_wish((50, 50), limit=1.0)], PANEL, [dot], []) == [None]


def test_what_is_taken_is_never_covered() -> None:
    assert place([_wish((50, 50))], PANEL, [], [(60, 40, 80, 60)]) == [None]


def test_room_keeps_labels_apart() -> None:
    assert place([_wish((50, 50)), _wish((50, 61))], PANEL, [], [])[1] is not None
    assert place([_wish((50, 50)), _wish((50, 61), room=5)], PANEL, [], [])[1] is None


def test_no_label_is_written_over_a_leader() -> None:
    led = Wish(40, 10, (Spot(30, 20, 0.0, (150, 80)),))
    assert place([led, _wish((90, 50))], PANEL, [], [])[1] is None


def test_spots_around_a_point_do_not_cover_it() -> None:
    wish = Wish(40, 10, around(100, 50, 6, (40, 10)))
    dot = (97.0, 47.0, 103.0, 53.0)
    assert len(wish.spots) == 8
    assert not any(overlap(wish.box(spot), dot) for spot in wish.spots)


def test_spots_beside_an_area_are_outside_it_with_a_leader() -> None:
    area = (80.0, 40.0, 120.0, 60.0)
    spots = list(beside(area, 5, (40, 10), (100, 50)))
    wish = Wish(40, 10, tuple(spots))
    assert not any(overlap(wish.box(spot), area) for spot in spots)
    assert {spot.leader for spot in spots} == {(100, 50)}


def test_edges_may_touch() -> None:
    assert not overlap((0, 0, 1, 1), (1, 0, 2, 1))
    assert within(PANEL, PANEL)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Homs", ("Homs",)),
        ("Idlib de-escalation zone", ("Idlib", "de-escalation zone")),
        ("Llanfairpwllgwyngyll", ("Llanfairpwllgwyngyll",)),
        ("", ("",)),
    ],
)
def test_long_names_are_balanced(words: str, lines: tuple[str, ...]) -> None:
    assert balanced(words) == lines


def test_capitals_are_set_wide_where_a_script_has_them() -> None:
    assert spaced("Iraq") == "I\u200aR\u200aA\u200aQ"
    assert spaced("سوريا") == "سوريا"


def test_text_colours_are_dark() -> None:
    assert darker("#ff8000") == "#8a4500"
    assert darker("#000000") == "#000000"
    assert darker(None).startswith("#")


def _names(layer: Layer, language: str = "en", *, base: bool = False) -> list[str]:
    return [" ".join(label.lines) for label in layer_labels(layer, FRAME, language, base=base)]


def test_extents_of_one_name_have_one_label() -> None:
    assert _names(zones_layer()) == ["Idlib"]


def test_points_are_named_each_the_most_counted_first() -> None:
    layer = places_layer()
    assert _names(layer)[0] == "Homs"
    layer.features["name"] = "Homs"
    assert _names(layer) == ["Homs", "Homs"]


def test_names_are_in_the_sheets_language_where_known() -> None:
    assert _names(zones_layer(), "ar") == ["إدلب"]
    assert _names(zones_layer(), "ru") == ["Idlib"]


def test_hostile_and_missing_names_do_no_harm() -> None:
    assert not any("\x00" in name or "\ud800" in name for name in _names(places_layer()))
    assert "Atlantis" not in _names(places_layer())


def _town(name: str, lon: float, lat: float) -> Layer:
    rows = {"id": [name], "symbol": ["town"], "name": [name], "rank": [1]}
    frame = gpd.GeoDataFrame(rows, geometry=[Point(lon, lat)], crs="EPSG:4326")
    return Layer("towns", "Towns", "", frame, Style({"town": Symbol("Town", "#000000", radius=2)}, "name"))


def test_base_map_does_not_repeat_a_name() -> None:
    canvas = Canvas(800, 800, 1)
    labels = [*layer_labels(places_layer(), FRAME, "en", base=False)]
    labels += layer_labels(_town("Homs", 36.8, 34.8), FRAME, "en", base=True)
    placed = place_labels(canvas, labels, (0, 0, 800, 800), [], [])
    assert [label.lines for label, _ in placed].count(("Homs",)) == 1


def test_countries_are_named_in_the_part_that_is_shown() -> None:
    labels = country_labels(FRAME, "ru", box(0, 0, 1, 1))
    assert labels[0].name == "сирия"
    assert box(0, 0, 800, 800).buffer(1).covers(labels[0].shape)


def test_line_that_is_too_long_is_made_smaller_then_cut() -> None:
    canvas = Canvas(800, 800, 1)
    ink = Ink(16)
    width = canvas.text_width("A long label", ink)
    assert canvas.fitted("A long label", ink, width, 12) == ("A long label", ink)
    assert canvas.fitted("A long label", ink, 0.9 * width, 12)[1].size < 16
    words, small = canvas.fitted("A long label", ink, 0.5 * width, 12)
    assert words.endswith("…")
    assert canvas.text_width(words, small) <= 0.5 * width


@pytest.mark.parametrize(
    ("english", "expected"), [("Somalia", "Сомали"), ("Somaliland", "Somaliland"), ("Eswatini", "Эсватини")]
)
def test_what_lies_under_the_code_of_a_country_keeps_its_own_name(english: str, expected: str) -> None:
    [code] = [code for code, name, _ in world() if name == english]
    assert country_name(code, english, "ru") == expected
