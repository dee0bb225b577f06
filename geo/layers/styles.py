"""How each layer looks, decided once for the web map, the sheet and every export.

Hue says which zone, texture says how certain: the surer, the denser. Dashed outlines are approximate (WHO map SOP),
dotted and hatched ones are what one side claims. Zone hues are those of Okabe & Ito (2008), told apart with any common
kind of colour vision.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from geo.model import EXTENTS, LARGEST_RADIUS, SMALLEST_RADIUS, Extent, Style, Symbol, Zone

INK = "#26323d"
PAPER = "#ffffff"
GREY = "#6e6a64"
FOOTPRINT_HUE = "#6a3d9a"
ZONE_HUES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

UNIT_RADIUS = 3.4
"""Radius of a place with one mention, in CSS pixels, where counts are low."""

EXTENT_LABELS: dict[Extent, str] = {
    "core": "surely inside",
    "zone": "best estimate (approximate)",
    "possible": "not excluded",
}

SETTLEMENT = Symbol("Place at a point", fill=INK, stroke=PAPER, fill_opacity=0.78, radius=UNIT_RADIUS)
AREA = Symbol("Area, at its centre", fill=PAPER, stroke=INK, fill_opacity=0.35, width=1.6, radius=UNIT_RADIUS)
MENTION = Symbol("Mention", fill=GREY, stroke=PAPER, fill_opacity=0.8, radius=3.0)
POST = Symbol("Observation post", fill="#f2d13c", stroke=INK, width=1.2, radius=4.0)
GOVERNORATE = Symbol("First-level unit", stroke="#bfb4a2", fill="#bfb4a2", fill_opacity=0.04, width=1.2)
COUNTRY = Symbol("Country", stroke="#7d7364", fill="#7d7364", fill_opacity=0.05, width=1.8)


def unsure(symbol: Symbol) -> Symbol:
    """Make a point's symbol look uncertain: lighter, with a dashed outline."""
    return replace(
        symbol,
        label=f"{symbol.label}, uncertain",
        stroke=INK,
        dash=(2.5, 2.5),
        fill_opacity=symbol.fill_opacity / 3,
        width=1.2,
    )


def places_style(counts: Sequence[int]) -> Style:
    """Return the style of places: area of the circle by mentions, hollow for areas, dashed where uncertain."""
    symbols = {"point": SETTLEMENT, "area": AREA, "point-unsure": unsure(SETTLEMENT), "area-unsure": unsure(AREA)}
    return Style(
        symbols=symbols,
        label_property="name",
        size_property="mentions",
        legend=(*_place_keys(symbols), *_size_keys(max(counts, default=1))),
    )


def _place_keys(symbols: Mapping[str, Symbol]) -> list[Symbol]:
    return [replace(symbols[key], radius=5.0) for key in ("point", "area", "point-unsure")]


def _size_keys(most: int) -> list[Symbol]:
    """Return circles of one or two round counts up to ``most``, drawn to the scale that `Layer.radii` uses.

    The smaller is the least that is drawn to scale: circles of fewer mentions are no smaller than `SMALLEST_RADIUS`.
    """
    unit = min(UNIT_RADIUS, LARGEST_RADIUS / math.sqrt(most))
    counts = [digit * 10**power for power in range(len(str(most))) for digit in (1, 2, 5) if digit * 10**power <= most]
    least = next(count for count in counts if unit * math.sqrt(count) >= SMALLEST_RADIUS)
    shown = sorted({least, counts[-1]})
    return [replace(SETTLEMENT, label=_counted(n), radius=round(unit * math.sqrt(n), 2)) for n in shown]


def _counted(count: int) -> str:
    return "1 mention" if count == 1 else f"{count:,} mentions"


def mentions_style() -> Style:
    """Return the style of single mentions."""
    unresolved = Symbol("Unresolved: in the list only", fill=None, stroke=GREY, dash=(2, 2), radius=3.0)
    return Style(symbols={"mention": MENTION, "unresolved": unresolved})


def footprints_style() -> Style:
    """Return the style of footprints of locative expressions: one hue, texture by extent."""
    textures = _textures(FOOTPRINT_HUE, claimed=False, strength=0.25)
    return Style(symbols={extent: replace(textures[extent], label=EXTENT_LABELS[extent]) for extent in EXTENTS})


def zones_style(zones: Iterable[Zone]) -> Style:
    """Return the style of zones: hue by zone, texture by extent; claimed ones dotted and hatched.

    A zone's data file may set its hue (``colour``); otherwise hues follow the order of the zones.
    """
    zones = tuple(zones)
    hues = {zone.id: hue_of(zone, position) for position, zone in enumerate(zones)}
    symbols = {
        f"{zone.id}-{extent}": replace(symbol, label=f"{zone.names['en']}: {EXTENT_LABELS[extent]}")
        for zone in zones
        for extent, symbol in _textures(hues[zone.id], claimed=zone.status == "claimed").items()
    }
    hue_keys = [replace(symbols[f"{zone.id}-zone"], label=zone.names["en"]) for zone in zones]
    return Style(symbols=symbols, label_property="label", legend=(*hue_keys, *_texture_keys(zones)))


def hue_of(zone: Zone, position: int = 0) -> str:
    """Return a zone's hue as ``#rrggbb``."""
    return str(zone.properties.get("colour") or ZONE_HUES[position % len(ZONE_HUES)])


def _texture_keys(zones: Sequence[Zone]) -> list[Symbol]:
    if not zones:
        return []
    textures = _textures(GREY, claimed=False)
    keys = [replace(textures[extent], label=EXTENT_LABELS[extent]) for extent in EXTENTS]
    if any(zone.status == "claimed" for zone in zones):
        keys.append(replace(_textures(GREY, claimed=True)["zone"], label="claimed by one side"))
    return keys


def _textures(hue: str, *, claimed: bool, strength: float = 1.0) -> dict[Extent, Symbol]:
    """Return how the three extents look in one hue, surest first; ``strength`` below 1 lightens what overlaps much."""
    if claimed:
        return {
            "core": Symbol("", fill=hue, fill_opacity=0.22 * strength),
            "zone": Symbol("", fill=hue, stroke=hue, fill_opacity=0.6 * strength, width=1.6, dash=(1, 4), hatch=True),
            "possible": Symbol("", fill=hue, fill_opacity=0.08 * strength),
        }
    return {
        "core": Symbol("", fill=hue, fill_opacity=0.38 * strength),
        "zone": Symbol("", fill=hue, stroke=hue, fill_opacity=0.18 * strength, width=1.8, dash=(7, 4)),
        "possible": Symbol("", fill=hue, fill_opacity=0.5 * strength, hatch=True),
    }


def posts_style() -> Style:
    """Return the style of observation posts."""
    return Style(symbols={"post": POST}, label_property=None)


def governorates_style() -> Style:
    """Return the style of first-level units."""
    return Style(symbols={"governorate": GOVERNORATE}, label_property="name")


def countries_style() -> Style:
    """Return the style of countries."""
    return Style(symbols={"country": COUNTRY}, label_property="name")


WATER = "#d6e4ec"
_BASE = {
    "land": {"land": Symbol("Land", fill="#f7f4ee")},
    "lakes": {"lake": Symbol("Lake", fill=WATER, stroke="#b4ccd9", width=0.6)},
    "rivers": {"river": Symbol("River", stroke="#b4ccd9", width=1.0)},
    "admin1": {"admin1": Symbol("First-level line", stroke="#d5cdbf", width=0.8)},
    "borders": {
        "border": Symbol("Border", stroke="#968b7b", width=1.5),
        "disputed": Symbol("Disputed line", stroke="#968b7b", width=1.5, dash=(4, 3)),
    },
    "countries": {"country": Symbol("Country name")},
    "towns": {
        "capital": Symbol("Capital", fill="#6f695f", stroke=PAPER, width=0.8, radius=3.0),
        "town": Symbol("Town", fill="#8b8478", stroke=PAPER, width=0.6, radius=2.0),
    },
}


def base_style(name: str) -> Style:
    """Return the style of a layer of the base map: muted, so that it stays behind what is shown on it."""
    labelled = name in ("countries", "towns")
    return Style(symbols=_BASE[name], label_property="name" if labelled else None)
