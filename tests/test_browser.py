"""The served pages in a real browser with the network cut off: no request to another host, no console error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from real_browser import Seen, watched_page
from webapp_cast import HOSTILE, crowd, hostile_report, mention, report
from werkzeug.serving import make_server

from geo.model import Article, Reading
from geo.settings import Settings
from geo.workspace.workspace import Workspace, open_workspace
from webapp import create_app
from webapp.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WAIT = 120_000
"""Milliseconds for a first page: on a busy machine the zones' shapes may take that long to compute."""

SHOWN = "key => document.querySelector('.leaflet-popup') || Dateline.show(map_dateline, key)"
"""Opens a feature's popup; true once it is there, which features that the page fetches are not at first."""

Open = Callable[..., AbstractContextManager["Page"]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in a file, which threads may share, with a report and a hostile one."""
    made = open_workspace(f"sqlite:///{tmp_path_factory.mktemp('browser') / 'workspace.db'}")
    made.add_all([report(), hostile_report()])
    return made


@pytest.fixture(scope="module")
def site(session_settings: Settings, workspace: Workspace) -> Iterator[str]:
    """Address of the web app."""
    app = create_app(session_settings, Service(session_settings, workspace))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def visit(browser: Browser, site: str) -> Open:
    """Open a page of the site; whatever it asks of another host, or complains of, fails the test."""

    @contextmanager
    def opened(path: str, width: int = 1280, height: int = 800) -> Iterator[Page]:
        with watched_page(browser, site, width, height) as (page, seen):
            page.route(lambda url: not url.startswith(site), lambda route: route.abort())
            page.on("dialog", lambda dialog: seen.errors.append(f"dialog {dialog.message}"))
            answer = page.goto(site + path, timeout=WAIT)
            assert answer is not None
            assert answer.ok
            page.wait_for_selector(".leaflet-zones-pane path", timeout=WAIT)
            yield page
            assert seen == Seen()

    return opened


def test_viewer_shows_map_zones_and_lists(visit: Open) -> None:
    with visit("/") as page:
        assert page.locator(".leaflet-container").count() == 1
        assert page.locator(".leaflet-zones-pane path").count() >= 4
        assert page.locator(".dl-legend").get_by_text("Zones (approximate)").is_visible()
        assert page.locator(".leaflet-control-scale").is_visible()
        assert page.get_by_role("link", name="Talks end in Astana").is_visible()


def test_place_of_the_list_opens_its_popup_with_the_quoted_sentence(visit: Open) -> None:
    with visit("/?q=atlantis") as page:
        page.get_by_role("tab", name="Places").click()
        page.get_by_role("button", name="Daraa").click()
        popup = page.locator(".leaflet-popup")
        popup.locator(".dl-quotes").wait_for()
        assert "The Syrian sides spoke of Homs and Deraa." in popup.inner_text()
        assert "15 September 2017" in popup.inner_text()
        assert page.get_by_role("button", name="Daraa").get_attribute("aria-current") == "true"


def test_popup_leads_to_the_article(visit: Open) -> None:
    with visit("/?q=atlantis") as page:
        page.get_by_role("tab", name="Places").click()
        page.get_by_role("button", name="Daraa").click()
        page.locator(".leaflet-popup a", has_text="Talks end in Astana").click()
        page.wait_for_url("**/articles/report*")
        assert page.get_by_role("heading", name="Talks end in Astana").is_visible()


def test_popup_leads_to_all_articles_that_name_the_place(visit: Open) -> None:
    with visit("/articles/report") as page:
        page.locator("a.mention", has_text="Deraa").click()
        page.locator(".leaflet-popup a", has_text="All articles that name it").click()
        page.wait_for_url("**/?*place=*")
        assert "Daraa" in page.locator(".chip").inner_text()
        assert page.locator(".card").count() == 2


def test_mention_and_map_show_each_other(visit: Open) -> None:
    with visit("/articles/report") as page:
        page.locator("a.mention", has_text="Deraa").click()
        assert page.locator(".leaflet-popup h2").inner_text() == "Daraa"
        assert page.locator("a.mention.active").all_inner_texts() == ["Deraa"]
        page.keyboard.press("Escape")
        page.wait_for_selector("a.mention.active", state="detached")


def test_demonym_moves_the_map_to_its_country(visit: Open) -> None:
    with visit("/articles/report") as page:
        page.locator("a.mention.demonym").click()
        centre = page.evaluate("[map_dateline.getCenter().lat, map_dateline.getCenter().lng]")
        assert centre == pytest.approx([35.0, 38.0], abs=1)


def test_zone_of_the_list_opens_its_popup(visit: Open) -> None:
    with visit("/") as page:
        page.get_by_role("tab", name="Zones").click()
        page.get_by_role("button", name="Idlib").click()
        assert "Approximate" in page.locator(".leaflet-popup").inner_text()


def test_lists_and_map_work_by_keyboard(visit: Open) -> None:
    with visit("/") as page:
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the content"
        page.get_by_role("tab", name="Articles").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".leaflet-popup").wait_for()


def test_other_day_shows_the_zones_of_that_day(visit: Open) -> None:
    with visit("/") as page:
        page.locator("#on").fill("2018-06-01")
        page.wait_for_url("**on=2018-06-01*")
        page.wait_for_selector(".dl-as-of")
        assert "1 June 2018" in page.locator(".dl-as-of").first.inner_text()
        names = page.locator("#zones .row-name").all_inner_texts()
        assert not any("Ghouta" in name for name in names)


@pytest.mark.parametrize("path", ["/", "/articles/hostile", "/map"])
def test_hostile_text_is_shown_and_does_not_run(visit: Open, path: str) -> None:
    with visit(path) as page:
        page.wait_for_function(SHOWN, arg="places/geonames:170905")
        page.locator(".leaflet-popup .dl-quotes").wait_for()
        assert HOSTILE in page.locator(".leaflet-popup").inner_text()


def test_bare_map_fills_a_frame_of_another_page(browser: Browser, site: str) -> None:
    with watched_page(browser, site) as (page, seen):
        page.set_content(f'<iframe src="{site}/map" width="600" height="400"></iframe>', timeout=WAIT)
        page.frame_locator("iframe").locator(".leaflet-zones-pane path:visible").first.wait_for(timeout=WAIT)
        assert seen == Seen()


def test_what_is_no_map_leaves_the_frame(browser: Browser, site: str) -> None:
    with watched_page(browser, site) as (page, _):
        page.set_content(f'<iframe src="{site}/map" width="600" height="400"></iframe>', timeout=WAIT)
        page.frame_locator("iframe").locator(".leaflet-points-pane path").first.wait_for(timeout=WAIT)
        page.frames[1].evaluate("Dateline.show(map_dateline, 'places/geonames:170905') && 0")
        links = page.frame_locator("iframe").locator(".leaflet-popup a:not(.leaflet-popup-close-button)")
        links.first.wait_for()
        assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


@pytest.mark.parametrize("path", ["/", "/articles/report"])
def test_pages_fit_a_phone(visit: Open, path: str) -> None:
    with visit(path, 390, 844) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = page.locator(".leaflet-container").bounding_box()
        assert box is not None
        assert box["width"] == pytest.approx(390, abs=2)


def test_a_title_without_spaces_does_not_widen_a_phone_s_page(visit: Open, workspace: Workspace) -> None:
    made = crowd(1, 1)[0]
    workspace.add(replace(made, article=replace(made.article, title="Title" * 40)))
    with visit("/", 390, 844) as page:
        width = page.evaluate("document.documentElement.scrollWidth")
    workspace.delete(made.article.id)
    assert width <= 390


def test_a_popup_leaves_the_scale_bar_of_a_phone_s_small_map_in_sight(visit: Open) -> None:
    with visit("/articles/report", width=390, height=844) as page:
        page.locator("a.mention", has_text="Deraa").click()
        popup, scale = (page.locator(f".leaflet-{name}").bounding_box() for name in ("popup", "control-scale"))
    assert popup is not None
    assert scale is not None
    assert popup["y"] + popup["height"] <= scale["y"]


def test_a_place_that_the_map_has_yet_to_fetch_brings_it_into_sight_on_a_phone(visit: Open) -> None:
    with visit("/", 390, 844) as page:
        page.get_by_role("tab", name="Places").click()
        place = page.get_by_role("button", name="Astana")
        place.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 40)")
        place.click()
        page.locator(".leaflet-popup h2", has_text="Astana").wait_for()
        popup = page.locator(".leaflet-popup").bounding_box()
    assert popup is not None
    assert popup["y"] >= 0


def test_the_map_goes_along_on_paper(visit: Open) -> None:
    with visit("/") as page:
        page.emulate_media(media="print")
        box = page.locator(".leaflet-container").bounding_box()
        assert box is not None
        assert box["height"] > 300
        assert page.locator(".sources").is_visible()


def test_without_scripts_the_lists_say_what_the_map_cannot(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site, timeout=WAIT)
    assert page.locator("noscript p").bounding_box() is not None
    assert not page.get_by_text("Drawing the map").is_visible()
    assert page.locator(".card").count() == 2
    context.close()


def test_map_view_stays_when_the_day_changes(visit: Open) -> None:
    with visit("/") as page:
        page.evaluate("void map_dateline.setView([36, 37], 9, { animate: false })")
        page.locator("#on").fill("2018-06-01")
        page.wait_for_url("**on=2018-06-01*")
        page.wait_for_selector(".leaflet-zones-pane path")
        assert page.evaluate("map_dateline.getZoom()") == 9


def test_what_is_ingested_shows_by_itself(visit: Open, workspace: Workspace) -> None:
    fresh = crowd(1, 1)[0]
    with visit("/") as page:
        workspace.add(fresh)
        page.get_by_text(str(fresh.article.title)).wait_for(timeout=5_000)
        assert "3 articles" in page.locator("#news").inner_text()
        page.wait_for_function(SHOWN, arg="places/grid:0")
    workspace.delete(fresh.article.id)


def test_pages_ask_less_often_while_much_comes_in(visit: Open, workspace: Workspace) -> None:
    asked: list[float] = []
    with visit("/") as page:
        for number in range(4):
            if number == 2:  # twice nothing has changed
                workspace.add(crowd(1, 1)[0])
            with page.expect_response("**/lists*"):
                pass
            asked.append(monotonic())
    workspace.delete("r0000000")
    assert asked[3] - asked[2] > 1.5 * (asked[1] - asked[0])


def test_news_take_nothing_from_who_is_reading(visit: Open, workspace: Workspace) -> None:
    text = "Homs was quiet again."
    with visit("/") as page:
        page.get_by_role("tab", name="Places").click()
        place = page.locator("#places .row", has_text="Homs")
        place.click()
        page.locator(".leaflet-popup .dl-quotes").wait_for()
        place.focus()
        workspace.add(Reading(Article("again", text, "Quiet again", dt.date(2017, 9, 16)), (mention(text, "Homs"),)))
        page.locator("#places .row .count", has_text="3").wait_for(timeout=8_000)
        page.wait_for_timeout(1_000)  # for the map's own answer
        assert "spoke of Homs" in page.locator(".leaflet-popup").inner_text()
        assert page.locator("#places .row.active:focus").inner_text().startswith("Homs")
    workspace.delete("again")


def test_conditions_are_filled_in_and_taken_away(visit: Open) -> None:
    with visit("/") as page:
        page.locator(".filters summary").click()
        page.get_by_label("Place, and all inside it").press_sequentially("asta")
        page.wait_for_selector("#place-names option[value=Astana]", state="attached")
        page.get_by_label("Place, and all inside it").fill("Astana")
        page.get_by_label("Source").press("Enter")
        page.wait_for_url("**place=Astana*")
        assert page.locator("#articles .card").count() == 1
        page.locator(".chip").click()
        page.wait_for_selector("#articles li:nth-child(2)")


def test_a_circle_is_drawn_on_the_map_and_searched_in(visit: Open) -> None:
    with visit("/?q=sides") as page:
        draw(page, "A circle", (36.1, 32.6), (36.4, 32.6))
        page.wait_for_url("**near=*")
        assert "km of 32." in page.locator(".chip", has_text="Within").inner_text()
        assert page.locator(".chip", has_text="Words").count() == 1
        assert page.locator(".leaflet-overlay-pane path").count() == 1


def test_an_outline_is_drawn_on_the_map_and_can_be_taken_away(visit: Open) -> None:
    with visit("/") as page:
        draw(page, "An outline", (35.9, 32.4), (36.4, 32.4), (36.1, 32.9))
        page.get_by_role("button", name="Finish").click()
        page.wait_for_url("**within=*")
        page.locator(".chip", has_text="Area").click()
        page.wait_for_url(lambda url: "within" not in url)


def test_what_the_map_shows_is_searched_in_by_keyboard(visit: Open) -> None:
    with visit("/") as page:
        page.locator(".filters summary").press("Enter")
        page.get_by_role("button", name="What it shows").press("Enter")
        page.wait_for_url("**bbox=*")
        assert page.locator(".card").count() == 2


def draw(page: Page, shape: str, *corners: tuple[float, float]) -> None:
    """Click places of the map, given as longitude and latitude, to draw a shape."""
    page.evaluate("map_dateline.setView([32.6, 36.1], 9, {animate: false}) && 0")
    page.locator(".filters summary").click()
    page.get_by_role("button", name=shape).click()
    for lon, lat in corners:
        at = page.evaluate(f"(p => [p.x, p.y])(map_dateline.latLngToContainerPoint([{lat}, {lon}]))")
        page.locator(".leaflet-container").click(position={"x": at[0], "y": at[1]})


def test_trends_are_loaded_when_asked_for(visit: Open) -> None:
    with visit("/") as page:
        page.get_by_role("tab", name="Trends").click()
        page.get_by_role("img", name="Mentions of all places").wait_for()
        assert page.get_by_text("Daraa – Homs").or_(page.get_by_text("Homs – Daraa")).is_visible()


def test_no_label_of_a_chart_lies_on_another_on_a_phone(browser: Browser, site: str, workspace: Workspace) -> None:
    workspace.add(crowd(1, 1)[0])  # of months before
    boxes = "[...document.querySelector('.chart svg').querySelectorAll('text')].map(e => e.getBoundingClientRect())"
    with watched_page(browser, site, 390, 844) as (page, _):
        page.goto(f"{site}/trends", timeout=WAIT)
        labels = page.evaluate(boxes)
    workspace.delete("r0000000")
    assert len(labels) > 3
    assert not [(a, b) for a in labels for b in labels if a is not b and overlap(a, b)]


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    """Return whether two boxes on a page cover each other."""
    beside = a["right"] <= b["left"] or b["right"] <= a["left"]
    return not beside and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def test_a_mention_is_reviewed_on_its_page(visit: Open, workspace: Workspace) -> None:
    with visit("/articles/report") as page:
        page.locator("a.mention", has_text="Deraa").click()
        page.locator("#review").get_by_text("90 % sure").first.wait_for()
        page.get_by_label("Another place").fill("Rif Dim")
        page.get_by_label("Rif Dimashq").first.check()
        page.get_by_label("Your name").fill("Ana")
        page.get_by_role("button", name="Keep").click()
        page.locator(".verdicts").get_by_text("corrected to Rif Dimashq").wait_for()
        assert "by Ana" in page.locator(".verdicts").inner_text()
        page.get_by_role("button", name="Withdraw the verdict").click()
        page.locator(".verdicts").wait_for(state="detached")
    assert workspace.reviews("report") == ()
