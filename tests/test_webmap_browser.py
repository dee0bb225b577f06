"""The map in a real browser with the network cut off."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import folium
import pandas as pd
import pytest
from layer_cast import places_layer, zones_layer
from real_browser import Seen, watched_page

from geo.layers.basemap import web_base_layers
from geo.model import Layer, Source
from geo.webmap.assets import asset_path
from geo.webmap.build import MapOptions, build_map
from geo.webmap.describe import page_data
from geo.webmap.page import Assets, PageOptions, render_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAYLOADS = [
    "<img src=x onerror=window.hacked=1>",
    "</script><script>window.hacked=1</script>",
    "${window.hacked=1}",
    "`;window.hacked=1;`",
    "\\1 \\u0041 \\",
    "{{ 7*7 }} {% x %} {# y #}",
    "'\";window.hacked=1;//",
    "javascript:window.hacked=1",
    "\u2028window.hacked=1",
]
POLICY = (
    "default-src 'none'; script-src 'nonce-n0'; style-src-elem 'self' 'nonce-n0'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'"
)


def quoted(layer: Layer, text: str = "The town of Homs was named.") -> Layer:
    """Return a places layer whose features carry a quote, a spelling and a link made of a text."""
    quote = {
        "sentence": text,
        "mark": [0, 3],
        "article": text,
        "title": text,
        "source": text,
        "date": text,
        "url": text,
    }
    frame = layer.features.assign(spellings=text)
    frame["quotes"] = pd.Series([[quote]] * len(frame), index=frame.index)
    return replace(layer, features=frame)


@contextmanager
def opened(browser: "Browser", folder: Path, text: str, width: int = 1280) -> Iterator[tuple["Page", Seen]]:
    file = folder / "map.html"
    file.write_text(text, encoding="utf-8")
    with watched_page(browser, width=width) as (page, seen):
        page.goto(file.as_uri())
        page.wait_for_function("document.querySelector('.dl-legend')")
        yield page, seen
        assert seen == Seen()


@pytest.fixture
def sample() -> str:
    layers = [quoted(places_layer()), zones_layer()]
    return render_page(build_map(layers, web_base_layers((35.0, 34.0, 39.0, 37.0))), PageOptions(title="Sample"))


def test_the_page_shows_map_zones_legend_and_scale(browser: "Browser", tmp_path: Path, sample: str) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        assert page.locator(".leaflet-zones-pane path").count() == 3
        assert page.locator(".leaflet-points-pane path").count() == 2
        assert "approximate" in page.locator(".dl-legend").inner_text()
        assert "as of 15 September 2017" in page.locator(".dl-legend").inner_text()
        assert page.locator(".leaflet-control-scale-line").inner_text().endswith("km")
        assert page.locator(".dl-label-zones").inner_text() == "Idlib"


def test_the_best_estimate_is_dashed_and_the_possible_extent_hatched(
    browser: "Browser", tmp_path: Path, sample: str
) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        paths = page.locator(".leaflet-zones-pane path")
        looks = [(p.get_attribute("stroke-dasharray"), p.get_attribute("fill")) for p in paths.all()]
    assert looks[1] == ("6 3", "#b5452c")
    assert looks[2][1] == "url(#dl-hatch-b5452c)"


def test_a_popup_quotes_the_sentence_with_the_mention_marked(browser: "Browser", tmp_path: Path, sample: str) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        page.locator(".features a", has_text="Homs").click()
        popup = page.locator(".dl-popup")
        assert popup.locator("blockquote").inner_text() == "The town of Homs was named."
        assert popup.locator("mark").inner_text() == "The"


def test_the_list_is_enough_for_the_keyboard(browser: "Browser", tmp_path: Path, sample: str) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        page.locator(".features a", has_text="Idlib").focus()
        page.keyboard.press("Enter")
        assert page.locator(".dl-popup h2").inner_text() == "Idlib"
        page.keyboard.press("Escape")
        page.wait_for_function("!document.querySelector('.dl-popup')")


def test_a_layer_switched_off_leaves_map_legend_and_labels(browser: "Browser", tmp_path: Path, sample: str) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        page.get_by_label("De-escalation zones").uncheck()
        page.wait_for_function("!document.querySelector('.dl-label-zones')")
        assert page.locator(".leaflet-zones-pane path").count() == 0
        assert "De-escalation zones" not in page.locator(".dl-legend").inner_text()


def test_an_address_ending_in_a_feature_opens_it(browser: "Browser", tmp_path: Path, sample: str) -> None:
    with opened(browser, tmp_path, sample) as (page, _):
        page.evaluate("location.hash = 'feature=zones%2Fidlib-zone'")
        page.wait_for_selector(".dl-popup")
        page.evaluate("location.hash = 'feature=%E0%A4%A'")
        page.evaluate("location.hash = 'feature=zones%2Fnone'")


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_cover_no_other_label_and_no_panel(browser: "Browser", tmp_path: Path, sample: str, width: int) -> None:
    script = """[...document.querySelectorAll('.dl-label, .leaflet-control')].map(e => {
      const b = e.getBoundingClientRect();
      return [b.left, b.top, b.right, b.bottom, e.classList.contains('dl-label')];
    })"""
    with opened(browser, tmp_path, sample, width) as (page, _):
        page.wait_for_selector(".dl-label-town")
        boxes = page.evaluate(script)
    labels = [box for box in boxes if box[4]]
    assert len(labels) > 3
    assert not [(a, b) for a in labels for b in boxes if a is not b and _overlap(a, b)]


def _overlap(a: list[float], b: list[float]) -> bool:
    # Positions are rounded to whole pixels.
    return a[0] + 1 < b[2] and b[0] + 1 < a[2] and a[1] + 1 < b[3] and b[1] + 1 < a[3]


@pytest.mark.parametrize("width", [720, 390])
def test_however_many_sources_there_are_the_scale_bar_stays_readable(
    browser: "Browser", tmp_path: Path, width: int
) -> None:
    sources = tuple(Source(f"A source with a long name, {number}") for number in range(6))
    made = build_map([replace(places_layer(), sources=sources)])
    with opened(browser, tmp_path, render_page(made), width) as (page, _):
        scale, credits = (page.locator(f".leaflet-control-{name}").bounding_box() for name in ("scale", "attribution"))
    assert scale is not None
    assert credits is not None
    assert scale["x"] + scale["width"] <= credits["x"]


def test_a_country_is_shown_as_far_as_its_point_stands_for_it(browser: "Browser", tmp_path: Path) -> None:
    frame = places_layer().features.assign(accuracy_m=[900_000, 5_000, 100])
    made = build_map([replace(places_layer(), features=frame)])
    with opened(browser, tmp_path, render_page(made)) as (page, _):
        reached = []
        for key in ("places/geonames:2", "places/geonames:1"):
            page.evaluate("key => { Dateline.show(map_dateline, key); }", key)
            reached.append(page.evaluate("map_dateline.getZoom()"))
    assert reached[0] >= 7
    assert reached[1] < 6


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_text_is_shown_as_it_is_and_does_nothing(browser: "Browser", tmp_path: Path, text: str) -> None:
    frame = places_layer().features.assign(name=text, admin1=text, country=text)
    layer = quoted(replace(places_layer(), features=frame, title=text), text)
    with opened(browser, tmp_path, render_page(build_map([layer]), PageOptions(title=text))) as (page, _):
        page.locator(".features a").first.click()
        page.locator(".leaflet-points-pane path").first.hover()
        assert page.locator(".dl-popup h2").evaluate("e => e.textContent") == text
        assert page.locator(".dl-popup blockquote").evaluate("e => e.textContent") == text
        assert page.locator(".leaflet-control-layers label").evaluate("e => e.textContent").strip() == text.strip()
        assert page.evaluate("window.hacked") is None
        assert page.locator(".dl-popup a").count() == 0


def test_the_direction_of_a_title_changes_nothing_around_it(browser: "Browser", tmp_path: Path) -> None:
    layer = quoted(places_layer(), "\u202elatiT")
    with opened(browser, tmp_path, render_page(build_map([layer]), PageOptions(title="Sample"))) as (page, _):
        page.locator(".features a").first.click()
        isolated = page.locator(".dl-popup figcaption bdi")
        assert isolated.all_inner_texts() == ["\u202elatiT"] * 3


def test_tiles_are_asked_for_only_once_they_are_switched_on(browser: "Browser", tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    file.write_text(render_page(build_map([zones_layer()], (), MapOptions(online_tiles=True))), encoding="utf-8")
    with watched_page(browser) as (page, seen):
        page.context.route("https://**", lambda route: route.abort())
        page.goto(file.as_uri())
        page.wait_for_selector(".leaflet-zones-pane path")
        before = list(seen.foreign)
        page.get_by_label("OpenStreetMap (online)").check()
        page.wait_for_timeout(300)
    assert before == []
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in seen.foreign)
    assert seen.foreign


def test_folium_s_own_markers_and_popups_work_on_our_map(browser: "Browser", tmp_path: Path) -> None:
    made = build_map([zones_layer()])
    folium.Marker([35.5, 36.2], popup="Hello").add_to(made)
    with opened(browser, tmp_path, render_page(made)) as (page, _):
        page.locator(".leaflet-marker-icon").click()
        assert page.locator(".leaflet-popup-content").inner_text() == "Hello"
        assert page.locator(".leaflet-marker-icon").evaluate("e => e.naturalWidth") > 0


@dataclass
class Site:
    """A small site: pages and data by path, the map's assets, a strict policy."""

    texts: dict[str, str]
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[str, bytes] | None:
        self.asked.append(path)
        where = urlsplit(path).path
        if where in self.texts:
            return ("text/html" if where == "/" else "application/json"), self.texts[where].encode()
        if not where.startswith("/static/map/"):
            return None
        kind = {".css": "text/css", ".js": "text/javascript"}.get(Path(where).suffix, "image/png")
        return kind, asset_path(where.removeprefix("/static/map/")).read_bytes()


@contextmanager
def served(site: Site) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.answer(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", (found[0] if found else "text/plain") + "; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(found[1] if found else b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_a_linked_page_obeys_a_strict_policy_and_fetches_its_layer_by_bbox(browser: "Browser") -> None:
    layers = [places_layer(), zones_layer()]
    made = build_map(layers, (), MapOptions(urls={"places": "/layers/places.geojson?on=2017-09-15"}))
    page_text = render_page(made, PageOptions(bare=True, assets=Assets("/static/map", "n0")))
    texts = {
        "/": page_text,
        "/layers/places.geojson": json.dumps(page_data(quoted(places_layer()))),
    }
    with served(site := Site(texts)) as address, watched_page(browser, own=address) as (page, seen):
        page.goto(address)
        page.wait_for_selector(".leaflet-points-pane path")
        page.locator(".leaflet-control-zoom-out").click()
        page.wait_for_function("performance.getEntriesByName(performance.getEntriesByType('resource').at(-1).name)")
        page.wait_for_timeout(600)
    asked = [parse_qs(urlsplit(path).query) for path in site.asked if path.startswith("/layers/")]
    assert len(asked) == 2
    assert all(query["on"] == ["2017-09-15"] and len(query["bbox"][0].split(",")) == 4 for query in asked)
    assert seen == Seen()
