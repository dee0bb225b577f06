import json
import re
from dataclasses import replace
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
from layer_cast import HOSTILE, empty_layer, mixed_layer, places_layer, zones_layer
from shapely import Point, get_num_coordinates
from shapely.geometry import shape

from geo import model
from geo.errors import DataFileError, OutputError
from geo.layers import build as layers
from geo.model import Layer, Source
from geo.webmap.assets import SCRIPTS, STYLE_SHEETS, asset_files, asset_path, script_text, style_text
from geo.webmap.build import MapOptions, build_map
from geo.webmap.describe import SHOWN, area_labels, article_facts, attribution, describe, script_json
from geo.webmap.extent import all_bounds, focus_bounds, latlon_bounds, region_around
from geo.webmap.links import check_offline, foreign_addresses
from geo.webmap.listing import sections
from geo.webmap.page import Assets, PageOptions, map_parts, render_page

BREAKOUTS = [
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% raw %}",
    "{# x #}",
    "${1}",
    "`",
    "\\1",
    "\u2028",
    "<!--",
]


@pytest.mark.parametrize("text", [*BREAKOUTS, HOSTILE])
def test_text_in_a_script_stays_the_same_text(text: str) -> None:
    assert json.loads(script_json({"a": text})) == {"a": text}


@pytest.mark.parametrize("text", [*BREAKOUTS, HOSTILE])
def test_text_in_a_script_ends_no_script_and_is_no_template(text: str) -> None:
    assert not re.search(r"[<>&`$\u2028\u2029\ud800-\udfff]|\{[{%#]", script_json([text]))


def test_the_map_is_a_folium_map() -> None:
    assert isinstance(build_map([places_layer(), zones_layer()]), folium.Map)


def test_the_same_layers_give_the_same_bytes() -> None:
    first, second = (render_page(build_map([places_layer(), zones_layer()])) for _ in range(2))
    assert first == second


def test_a_map_rendered_twice_is_the_same_page() -> None:
    made = build_map([places_layer(), zones_layer()])
    assert render_page(made) == render_page(made)


def test_a_map_of_nothing_is_a_page_too() -> None:
    text = render_page(build_map([empty_layer()]))
    assert '<div class="dl-map"' in text
    assert "Dateline.layer(" not in text.rsplit("<script>", 1)[1]


def test_a_page_loads_nothing_from_other_hosts() -> None:
    assert foreign_addresses(render_page(build_map([places_layer(), zones_layer(), mixed_layer()]))) == []


def test_folium_s_own_save_is_self_contained_as_well(tmp_path: object) -> None:
    text = build_map([zones_layer()]).get_root().render()
    assert foreign_addresses(text) == []
    assert '<html lang="en">' in text
    assert "user-scalable" not in text


def test_the_page_has_language_title_and_escaped_heading() -> None:
    text = render_page(build_map([]), PageOptions(title="<A & B>", lang="ar"))
    assert '<html lang="ar">' in text
    assert "<title>&lt;A &amp; B&gt;</title>" in text
    assert "<h1>&lt;A &amp; B&gt;</h1>" in text


def test_a_list_names_the_same_features() -> None:
    [places] = sections([places_layer()])[:1]
    assert [item.text for item in places.items][:1] == ["Homs"]
    assert places.items[0].key == "places/geonames:1"


def test_what_is_unresolved_is_listed_last_and_leads_nowhere() -> None:
    last = sections([places_layer()])[-1]
    assert (last.title, [(item.text, item.key) for item in last.items]) == ("Not located", [("Atlantis", None)])


def test_of_a_zone_one_extent_is_listed() -> None:
    [zones] = sections([zones_layer()])
    assert [item.key for item in zones.items] == ["zones/idlib-zone"]


def test_linked_pages_carry_no_asset_but_their_address_and_nonce() -> None:
    parts = map_parts(build_map([zones_layer()]), Assets(base_url="/static/map", nonce="n0"))
    assert parts.head.count('href="/static/map/') == len(STYLE_SHEETS)
    assert parts.script.count('src="/static/map/') == len(SCRIPTS)
    assert parts.script.count("<script") == parts.script.count('nonce="n0"') == len(SCRIPTS) + 1


def test_every_file_a_linked_page_asks_for_is_there() -> None:
    files = asset_files()
    assert {"leaflet/leaflet.js", "map.js", "leaflet/images/layers.png"} <= set(files)
    assert all(path.is_file() for path in files.values())


@pytest.mark.parametrize("name", ["leaflet/none.js", "../describe.py", "/etc/passwd", ""])
def test_a_missing_asset_says_what_to_do(name: str) -> None:
    with pytest.raises(DataFileError, match="pip install"):
        asset_path(name)


def test_inlined_style_sheets_carry_their_images() -> None:
    css = style_text("leaflet/leaflet.css")
    assert "url(images/" not in css
    assert css.count("url(data:image/png;base64,") == 3


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        "<style>@import 'http://fonts.example/a.css';</style>",
        "<style>a { background: url( 'https://x.example/i.png' ) }</style>",
        '<img srcset="a.png 1x, HTTPS://x.example/b.png 2x">',
        '<div style="background:url(//x.example/i.png)"></div>',
    ],
)
def test_whatever_loads_from_another_host_is_found(markup: str) -> None:
    with pytest.raises(OutputError, match="example"):
        check_offline(f"<html>{markup}</html>")


def test_links_for_readers_and_own_files_are_no_loads() -> None:
    page = '<a href="https://example.org/">x</a><script src="/static/x.js"></script><script>// http://x</script>'
    assert foreign_addresses(page) == []


def test_online_tiles_are_there_only_when_asked_for() -> None:
    offered = [
        "tile.openstreetmap.org" in render_page(build_map([zones_layer()], (), MapOptions(online_tiles=asked)))
        for asked in (False, True)
    ]
    assert offered == [False, True]


def test_a_layer_with_an_address_is_not_put_into_the_page() -> None:
    described = describe(places_layer(), {"url": "/layers/places.geojson?on=2017-09-15"})
    assert "data" not in described
    assert described["url"] == "/layers/places.geojson?on=2017-09-15"


def test_a_layer_in_the_page_keeps_its_holes_and_drops_what_is_unknown() -> None:
    features = describe(zones_layer())["data"]["features"]
    assert [len(f["geometry"]["coordinates"]) for f in features if f["properties"]["extent"] == "zone"] == [2]
    assert "name" not in features[2]["properties"]


@pytest.mark.parametrize("name", ["SMALLEST_RADIUS", "HATCH_SPACING", "HATCH_WIDTH"])
def test_the_map_is_drawn_to_the_same_figures_as_every_other_output(name: str) -> None:
    [found] = re.findall(rf"var {name} = ([\d.]+);", script_text("map.js"))
    assert float(found) == getattr(model, name)


def test_only_the_rest_of_the_possible_extent_is_hatched() -> None:
    features = {f["properties"]["extent"]: f for f in describe(zones_layer())["data"]["features"]}
    [west, *_], *_ = zip(*features["possible"]["geometry"]["coordinates"][0], strict=True)
    assert west >= 37


def test_labels_stand_inside_their_area() -> None:
    layer = zones_layer()
    [(lon, lat, text, _, _)] = area_labels(layer)
    zone = layer.features.geometry.iloc[1]
    assert text == "Idlib"
    assert zone.contains(type(zone.centroid)(lon, lat))


def test_the_view_is_on_the_zones_where_there_are_any() -> None:
    west, south, east, north = focus_bounds([places_layer(), zones_layer()])
    assert (round(west), round(south), round(north)) == (36, 35, 36)
    assert west < 36
    assert 37.5 < east < 37.7


def places_at(*rows: tuple[str, str, int, float, float]) -> Layer:
    feature, country, mentions, lon, lat = zip(*rows, strict=True)
    columns = {"id": [str(number) for number in range(len(rows))], "feature": feature, "country": country}
    shapes = gpd.points_from_xy(lon, lat)
    frame = gpd.GeoDataFrame({**columns, "mentions": mentions}, geometry=shapes, crs="EPSG:4326")
    return replace(places_layer(), features=frame)


def test_zones_far_from_all_places_do_not_draw_the_view() -> None:
    west, _, east, _ = focus_bounds(
        [places_at(("city", "FR", 3, 2.3, 48.9), ("city", "FR", 1, 5.4, 43.3)), zones_layer()]
    )
    assert (int(west), int(east)) == (2, 5)


@pytest.mark.parametrize(("elsewhere", "expected"), [(19, 36), (20, -98)])
def test_zones_draw_the_view_where_a_part_of_the_mentions_lies_there(elsewhere: int, expected: int) -> None:
    places = places_at(("city", "SY", 1, 36.8, 35.4), ("city", "US", elsewhere, -98.0, 39.0))
    assert focus_bounds([places, zones_layer()])[0] == pytest.approx(expected, abs=0.7)


def test_of_places_all_over_the_world_no_country_is_in_view_that_few_mentions_are_of() -> None:
    rows = (("city", "FR", 2, 2.3, 48.9), ("city", "KZ", 3, 71.4, 51.2), ("city", "US", 2, -77.0, 38.9))
    west, _, east, _ = focus_bounds([places_at(*rows)])
    assert west < -77
    assert east > 71


def test_countries_do_not_widen_the_view() -> None:
    west, _, east, _ = focus_bounds([places_at(("city", "FR", 3, 2.3, 48.9), ("country", "US", 9, -98.0, 39.0))])
    assert 0 < west < east < 5


def test_of_places_all_over_the_world_the_country_most_mentioned_is_in_view() -> None:
    rows = (("city", "FR", 1, 2.3, 48.9), ("city", "KZ", 5, 71.4, 51.2), ("city", "US", 1, -77.0, 38.9))
    west, _, east, _ = focus_bounds([places_at(*rows)])
    assert 71 < west < east < 72


def test_a_view_of_nothing_is_of_the_world_and_of_one_point_not_empty() -> None:
    assert focus_bounds([])[0] < 0 < focus_bounds([])[2]
    single = replace(places_layer(), features=places_layer().features.iloc[[0]].assign(feature="city"))
    west, south, east, north = focus_bounds([single])
    assert (round(east - west, 2), round(north - south, 2)) == (0.6, 0.6)


def test_bounds_of_everything_leave_out_what_is_only_background() -> None:
    background = replace(zones_layer(), name="governorates")
    assert all_bounds([background]) is None


def test_only_the_web_map_puts_latitude_first() -> None:
    assert latlon_bounds((35.0, 32.0, 43.0, 38.0)) == [[32.0, 35.0], [38.0, 43.0]]


def test_the_region_around_a_view_stays_on_earth() -> None:
    assert region_around((-170.0, -80.0, 175.0, 80.0)) == (-180.0, -85.0, 180.0, 85.0)


def test_the_region_around_a_tall_view_fills_a_wide_screen() -> None:
    west, south, east, north = region_around((35.5, 32.0, 38.0, 36.6))
    assert east - west > 2 * (36.6 - 32.0)
    assert south < 32.0
    assert north > 36.6


def test_a_source_is_credited_once_and_its_text_is_no_markup() -> None:
    sources = [
        Source("GeoNames", "https://www.geonames.org", licence="CC BY 4.0"),
        Source("GeoNames, again", "https://www.geonames.org/", licence="CC BY 4.0"),
        Source("<b>x</b>", "javascript:alert(1)", licence="free"),
        Source("No licence"),
    ]
    credits = attribution(sources)
    assert credits.count("GeoNames") == 1
    assert "&lt;b&gt;x&lt;/b&gt; (free)" in credits
    assert "javascript" not in credits


def layer_titled(title: str) -> Layer:
    return replace(zones_layer(), title=title)


@pytest.mark.parametrize("text", BREAKOUTS)
def test_a_hostile_title_does_no_harm(text: str) -> None:
    script = map_parts(build_map([layer_titled(text)])).script
    assert script.count("</script>") == len(SCRIPTS) + 1
    assert "49" not in re.findall(r'"title":"([^"]*)"', script)


def test_a_sketched_outline_is_thinner_on_the_page_and_still_itself() -> None:
    circle = Point(36, 35).buffer(1, quad_segs=200)
    layer = replace(zones_layer(), name="footprints")
    layer = replace(layer, features=layer.features.set_geometry([circle] * 3))
    [core] = [f for f in describe(layer)["data"]["features"] if f["properties"]["extent"] == "core"]
    drawn = shape(core["geometry"])
    assert get_num_coordinates(drawn) < 60
    assert drawn.symmetric_difference(circle).area < 0.02 * circle.area


def test_a_page_tells_an_article_once_for_all_its_quotes() -> None:
    quotes = [
        [{"sentence": "A.", "mark": [0, 1], "article": "a1", "title": "T", "date": "2017-05-04", "url": None}]
    ] * 3
    layer = replace(places_layer(), features=places_layer().features.assign(quotes=pd.Series(quotes)))
    [feature, *_] = describe(layer)["data"]["features"]
    assert feature["properties"]["quotes"] == [{"sentence": "A.", "mark": [0, 1], "article": "a1"}]
    assert article_facts([layer, zones_layer()]) == {"a1": {"title": "T", "date": "2017-05-04"}}


def test_the_docs_say_which_layers_are_on_at_first() -> None:
    text = (Path(__file__).parents[1] / "docs" / "map.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    said = {row[0]: row[2] == "on" for row in rows if row[2] in ("on", "off")}
    built = [layers.places_layer([]), layers.mentions_layer([]), layers.footprints_layer([]), layers.posts_layer([])]
    assert {layer.title.removesuffix(" (approximate)"): layer.name in SHOWN for layer in built}.items() <= said.items()
