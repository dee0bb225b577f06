"""A workspace for the web app's tests: reports of our own, read by hand, hostile ones among them."""

from __future__ import annotations

import datetime as dt

from geo.model import Article, Evidence, Mention, MentionKind, Place, Reading, Resolution
from geo.settings import Settings
from geo.workspace.workspace import Workspace, open_workspace
from webapp.service import Service

HOSTILE = (
    "<img src=x onerror=alert(1)> <script>alert(2)</script> ${alert(3)} {{ 7*7 }} `alert(4)` \\1 "
    "</script><svg onload=alert(5)> &lt;b&gt; \"'"
)

ASTANA = Place("geonames:1526273", "Astana", "city", "KZ", "Astana", 51.1801, 71.446, 1_078_384)
HOMS = Place("geonames:169575", "Homs", "admin1", "SY", "Homs", 34.25, 38.0)
DARAA = Place("geonames:170905", "Daraa", "city", "SY", "Daraa", 32.6189, 36.1021, 97_969)
SYRIA = Place("geonames:163843", "Syria", "country", "SY", None, 35.0, 38.0)
PLACES = {"Astana": ASTANA, "Homs": HOMS, "Deraa": DARAA, "Syrian": SYRIA, HOSTILE: DARAA}

REPORT = "Talks end in Astana\nThe Syrian sides spoke of Homs and Deraa. Nobody had heard of Atlantis."


def mention(text: str, name: str, kind: MentionKind = "name") -> Resolution:
    """Return the first mention of a name in a text, resolved where `PLACES` knows it."""
    start = text.index(name)
    before, after = text.rfind("\n", 0, start) + 1, text.find("\n", start)
    span = Mention(start, start + len(name), name, kind, (before, after if after >= 0 else len(text)))
    known = PLACES.get(name)
    return Resolution(name, known, 0.9 if known else 0.0, (Evidence("exact", 1.0, 2.0),), mention=span)


def report() -> Reading:
    """Return a report with names, a demonym and a name that resolves to nothing."""
    names = [mention(REPORT, name) for name in ("Astana", "Homs", "Deraa", "Atlantis")]
    names.insert(1, mention(REPORT, "Syrian", "demonym"))
    day = dt.date(2017, 9, 15)
    article = Article("report", REPORT, "Talks end in Astana", day, source="Example Wire", language="en")
    return Reading(article, tuple(names))


def hostile_report() -> Reading:
    """Return a report whose every text tries to become markup or code."""
    text = f"{HOSTILE}\nNear Homs: {HOSTILE}"
    article = Article("hostile", text, HOSTILE, dt.date(2017, 9, 14), source=HOSTILE, url="javascript:alert(6)")
    return Reading(article, (mention(text, HOSTILE), mention(text, "Homs")))


def filled(*readings: Reading) -> Workspace:
    """Return a workspace in memory with readings."""
    workspace = open_workspace("sqlite://")
    workspace.add_all(readings)
    return workspace


def service_of(settings: Settings, *readings: Reading) -> Service:
    """Return the web app's service on a workspace in memory."""
    return Service(settings, filled(*readings))


def crowd(articles: int, places: int = 40) -> list[Reading]:
    """Return many generated reports that name the same places, on a grid over Syria, a few each."""
    grid = [
        Place(f"grid:{n}", f"Town {n}", "city", "SY", "Homs", 33 + (n // 20) * 0.11, 36 + (n % 20) * 0.13)
        for n in range(places)
    ]
    return [_crowded(number, grid) for number in range(articles)]


def _crowded(number: int, grid: list[Place]) -> Reading:
    named = [grid[(number * 7 + step * step) % len(grid)] for step in range(4)]
    text = f"Report {number:07d} told of " + ", ".join(f"[{place.name}]" for place in named) + "."
    resolutions, at = [], 0
    for place in named:
        start = text.index(f"[{place.name}]", at) + 1
        at = start + len(place.name)
        span = Mention(start, at, place.name, "name", (0, len(text)))
        resolutions.append(Resolution(place.name, place, 0.9, mention=span))
    day = dt.date(2017, 1, 1) + dt.timedelta(days=number % 300)
    title = f"Report {number:07d}"
    return Reading(Article(f"r{number:07d}", text, title, day, source=f"Wire {number % 3}"), tuple(resolutions))
