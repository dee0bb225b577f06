import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

from geo.gazetteer.boundaries import Boundaries, open_boundaries
from geo.layers.build import (
    countries_layer,
    footprints_layer,
    governorates_layer,
    mentions_layer,
    places_layer,
    posts_layer,
    zones_layer,
)
from geo.layers.frame import gazetteer_sources
from geo.layers.styles import hue_of, places_style
from geo.model import Article, Extent, Footprint, Mention, MentionKind, Place, Reading, Resolution, Source, Zone

TEXT = "Monitors left Sampleton. The delegation reached Northshire and Sampleton; Nowhereville was not reached."
SAMPLETON = Place("geonames:1", "Sampleton", "city", "SY", "Northshire", 34.0, 36.0, uncertainty_km=0.5)
NORTHSHIRE = Place("geonames:2", "Northshire", "admin1", "SY", "Northshire", 35.0, 37.0)
HOLED = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 2, 2).exterior.coords])


def resolution(name: str, place: Place | None, nth: int = 0, kind: MentionKind = "name") -> Resolution:
    start = [i for i in range(len(TEXT)) if TEXT.startswith(name, i)][nth]
    sentence = (0, 24) if start < 24 else (25, len(TEXT))
    return Resolution(
        name, place, 0.9 if place else 0.0, mention=Mention(start, start + len(name), name, kind, sentence)
    )


def reading(resolutions: Sequence[Resolution], id: str = "a1", footprints: tuple[Footprint, ...] = ()) -> Reading:
    article = Article(id, TEXT, title="A <b>title</b>", date=dt.date(2017, 5, 4), source="Agency")
    return Reading(article, tuple(resolutions), footprints)


def zone(id: str = "east", status: str = "agreed", **more: object) -> Zone:
    day = dt.date(2017, 7, 1)
    return Zone(
        id, {"en": id.title(), "ar": "شرق"}, day, status, day, None, 2.5,
        core=box(1, 1, 2, 2), zone=HOLED.buffer(0.1), possible=box(-1, -1, 5, 5),
        sources=(Source("Agency", url="https://example.org/z", date=day),), properties=more,
    )  # fmt: skip


@pytest.fixture
def two_readings() -> list[Reading]:
    found = [
        resolution("Sampleton", SAMPLETON),
        resolution("Northshire", NORTHSHIRE),
        resolution("Sampleton", SAMPLETON, nth=1),
        resolution("Nowhereville", None),
        resolution("delegation", NORTHSHIRE, kind="demonym"),
    ]
    return [reading(found), reading(found[:1], id="a2")]


def test_a_place_is_one_feature_with_its_counts(two_readings: list[Reading]) -> None:
    frame = places_layer(two_readings).features
    assert frame[["name", "mentions", "articles"]].values.tolist() == [["Sampleton", 3, 2], ["Northshire", 1, 1]]


def test_demonyms_count_when_asked(two_readings: list[Reading]) -> None:
    frame = places_layer(two_readings, kinds=("name", "demonym")).features
    assert dict(zip(frame["name"], frame["mentions"], strict=True))["Northshire"] == 2


def test_quotes_come_from_every_article_before_a_second_from_one(two_readings: list[Reading]) -> None:
    quotes = places_layer(two_readings).features["quotes"][0]
    assert [q["article"] for q in quotes] == ["a1", "a2", "a1"]
    assert quotes[0]["sentence"] == "Monitors left Sampleton."


def test_the_mark_in_a_quote_is_the_mention(two_readings: list[Reading]) -> None:
    quotes = [q for quotes in places_layer(two_readings).features["quotes"] for q in quotes]
    assert {q["sentence"][slice(*q["mark"])] for q in quotes} == {"Sampleton", "Northshire"}


def test_a_very_long_sentence_is_cut_around_the_mention() -> None:
    text = "x " * 500 + "Sampleton" + " y" * 500
    found = Resolution("Sampleton", SAMPLETON, 0.9, mention=Mention(1000, 1009, "Sampleton", "name", (0, len(text))))
    [q] = places_layer([Reading(Article("a", text), (found,))]).features["quotes"][0]
    assert len(q["sentence"]) <= 402
    assert q["sentence"][slice(*q["mark"])] == "Sampleton"


def test_quotes_are_bounded() -> None:
    readings = [reading([resolution("Sampleton", SAMPLETON)], id=str(number)) for number in range(40)]
    assert len(places_layer(readings).features["quotes"][0]) == 5


def test_an_unsure_place_looks_unsure() -> None:
    doubtful = replace(resolution("Northshire", NORTHSHIRE), confidence=0.3)
    layer = places_layer([reading([doubtful])])
    assert layer.style.symbols[layer.features["symbol"][0]].dash


def test_unresolved_mentions_are_kept_without_a_location(two_readings: list[Reading]) -> None:
    frame = mentions_layer(two_readings).features
    unresolved = frame[frame["symbol"] == "unresolved"]
    assert unresolved["text"].tolist() == ["Nowhereville"]
    assert unresolved.geometry.isna().all()


def test_mentions_name_the_gazetteers_of_their_places() -> None:
    own = replace(SAMPLETON, source="Dateline; A map (CC BY-SA 4.0)")
    layer = mentions_layer([reading([resolution("Sampleton", own)])])
    assert [source.licence for source in layer.sources if source.licence] == ["CC BY-SA 4.0"]


def test_nothing_read_gives_empty_layers_with_all_columns() -> None:
    for layer in (places_layer([]), mentions_layer([]), footprints_layer([]), zones_layer([]), posts_layer([])):
        assert len(layer.features) == 0
        assert {"id", "symbol", "geometry"} <= set(layer.features.columns)


def test_zones_are_painted_widest_first() -> None:
    frame = zones_layer([zone("east"), zone("west")]).features
    assert frame["extent"].tolist() == ["possible"] * 2 + ["zone"] * 2 + ["core"] * 2
    assert frame["zone"].tolist() == ["east", "west"] * 3


def test_a_zone_says_what_analysts_need() -> None:
    row = zones_layer([zone(population="1,000 (Agency)", members=["A", "B"])]).features.iloc[0]
    expected = {"name_ar": "شرق", "valid_from": "2017-07-01", "accuracy_m": 2500, "source_url": "https://example.org/z"}
    assert {key: row[key] for key in expected} == expected
    assert row["members"] == "A; B"
    assert row["source"] == "Agency (2017-07-01)"


def test_a_hole_stays_a_hole() -> None:
    frame = zones_layer([zone()]).features
    [shape] = frame.geometry[frame["extent"] == "zone"]
    assert not shape.contains(Point(1.5, 1.5))


def test_an_empty_extent_has_no_feature() -> None:
    frame = zones_layer([replace(zone(), core=Polygon())]).features
    assert frame["extent"].tolist() == ["possible", "zone"]


def test_claimed_zones_look_different_and_the_legend_says_so() -> None:
    style = zones_layer([zone("east"), zone("west", status="claimed")]).style
    assert style.symbols["west-zone"].hatch
    assert not style.symbols["east-zone"].hatch
    assert "claimed by one side" in [symbol.label for symbol in style.legend]


def test_a_zone_keeps_the_hue_of_its_data_file() -> None:
    assert hue_of(zone(colour="#123456"), position=3) == "#123456"


@pytest.mark.parametrize("extent", ["core", "zone", "possible"])
def test_footprints_have_their_extents(extent: Extent) -> None:
    footprint = Footprint(0, 8, "Monitors", "north_of", box(0, 0, 1, 1), box(0, 0, 2, 2), box(0, 0, 3, 3))
    frame = footprints_layer([reading([], footprints=(footprint,))]).features
    assert frame.set_index("extent").loc[extent, "id"] == f"a1:0-8:{extent}"


def test_footprints_name_what_they_are_drawn_from() -> None:
    area = box(0, 0, 1, 1)
    footprint = Footprint(0, 8, "north of Sampleton", "north_of", area, area, area, places=(SAMPLETON,))
    layer = footprints_layer([reading([], footprints=(footprint,))])
    assert [source.title for source in layer.sources] == ["GeoNames", "Natural Earth", "A <b>title</b>"]
    assert set(layer.features["licence"]) == {"CC BY 4.0"}


def test_posts_without_coordinates_are_left_out() -> None:
    posts = [{"name": "Post 1", "lon": 36.5, "lat": 35.5, "accuracy_km": 1}, {"name": "Somewhere"}]
    frame = posts_layer([zone(posts=posts)]).features
    assert frame[["name", "accuracy_m"]].values.tolist() == [["Post 1", 1000]]


@pytest.mark.parametrize(
    ("counts", "labels"),
    [
        ([], ["1 mention"]),
        ([1, 73], ["1 mention", "50 mentions"]),
        ([1, 1_400], ["20 mentions", "1,000 mentions"]),
        ([3_000_000], ["50,000 mentions", "2,000,000 mentions"]),
        ([3_000_000_000], ["50,000,000 mentions", "2,000,000,000 mentions"]),
    ],
)
def test_the_legend_shows_round_counts(counts: list[int], labels: list[str]) -> None:
    assert [symbol.label for symbol in places_style(counts).legend[3:]] == labels


def test_order_does_not_depend_on_the_order_of_equal_places(two_readings: list[Reading]) -> None:
    swapped = [replace(r, resolutions=r.resolutions[::-1]) for r in two_readings[::-1]]
    assert places_layer(swapped).features["id"].tolist() == places_layer(two_readings).features["id"].tolist()


def test_every_gazetteer_a_place_rests_on_is_credited() -> None:
    both = replace(SAMPLETON, source="GeoNames; Natural Earth label point")
    own = replace(NORTHSHIRE, source="own knowledge")
    layer = places_layer([reading([resolution("Sampleton", both), resolution("Northshire", own)])])
    assert [source.title for source in layer.sources[:3]] == [
        "GeoNames", "Natural Earth", "Dateline's gazetteer: own knowledge",
    ]  # fmt: skip
    assert layer.features["licence"].tolist() == ["CC BY 4.0", None]


def test_areas_from_the_users_file_name_it_and_the_others_natural_earth(tmp_path: Path) -> None:
    idlib = open_boundaries().unit("SY", "Idlib")
    assert idlib is not None
    gpd.GeoDataFrame(geometry=[idlib], crs=4326).to_file(tmp_path / "own.geojson")
    layer = governorates_layer(Boundaries(tmp_path / "own.geojson"), ["SY"])
    drawn = {row["name"]: (row["source"], row["licence"]) for row in layer.features.to_dict("records")}
    assert drawn["Idlib"] == ("own.geojson", None)
    assert drawn["Homs"] == ("Natural Earth", "public domain")
    assert {source.title for source in layer.sources} == {"own.geojson", "Natural Earth"}


def test_a_country_redrawn_by_the_user_names_the_file(tmp_path: Path) -> None:
    gpd.GeoDataFrame(geometry=list(open_boundaries().units("QA").geometry), crs=4326).to_file(tmp_path / "own.geojson")
    layer = countries_layer(Boundaries(tmp_path / "own.geojson"), {"QA": "Qatar", "SY": "Syria"})
    assert layer.features["source"].tolist() == ["own.geojson", "Natural Earth"]
    assert [source.title for source in countries_layer(open_boundaries(), {}).sources] == ["Natural Earth"]


@pytest.mark.parametrize(
    ("name", "title", "licence"),
    [
        ("Dateline; own knowledge", "Dateline's gazetteer: own knowledge", "MIT"),
        ("Dateline; A map (CC BY-SA 4.0)", "Dateline's gazetteer: A map (CC BY-SA 4.0)", "CC BY-SA 4.0"),
        ("camps", "Dateline's gazetteer: camps", None),
        ("GeoNames; mean of its towns", "GeoNames", "CC BY 4.0"),
    ],
)
def test_a_place_tells_the_licence_of_its_entry(name: str, title: str, licence: str | None) -> None:
    [source] = gazetteer_sources(name)
    assert (source.title, source.licence) == (title, licence)
