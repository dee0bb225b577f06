"""What the popup and the list say of each layer's features: which properties, in which order, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Popup:
    """What is shown of a feature.

    Attributes
    ----------
    title, subtitle
        Properties that name it and say what it is.
    rows
        Property, words for it, and how it is written: text, date, percent, metres or km2.
    quotes, sources
        Properties that hold lists of quoted sentences and of sources; empty for none, or for a feature whose only quote
        is its own ``sentence``.
    listed
        Property and value of the features that the list of features names; None for all of them.
    """

    title: str
    subtitle: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    quotes: str = ""
    sources: str = ""
    listed: tuple[str, str] | None = None


POPUPS: Mapping[str, Popup] = {
    "places": Popup(
        title="name",
        subtitle=("feature", "admin1", "country"),
        rows=(
            ("mentions", "Mentions", "text"),
            ("articles", "Articles", "text"),
            ("places", "Places", "text"),
            ("spellings", "Written as", "text"),
            ("confidence", "Confidence", "percent"),
            ("accuracy_m", "Point good to", "metres"),
            ("source", "Gazetteer", "text"),
        ),
        quotes="quotes",
    ),
    "mentions": Popup(
        title="text",
        subtitle=("name", "feature", "country"),
        rows=(("confidence", "Confidence", "percent"),),
        listed=("symbol", "unresolved"),
    ),
    "footprints": Popup(
        title="phrase",
        subtitle=("certainty",),
        rows=(("places", "Built on", "text"), ("area_km2", "Area", "km2"), ("method", "Method", "text")),
        listed=("extent", "zone"),
    ),
    "zones": Popup(
        title="name",
        subtitle=("certainty",),
        rows=(
            ("on", "As of", "date"),
            ("valid_from", "In force from", "date"),
            ("valid_to", "Until", "date"),
            ("status", "Status", "text"),
            ("area_km2", "Area", "km2"),
            ("accuracy_m", "Boundary", "metres"),
            ("population", "Population", "text"),
            ("members", "Units", "text"),
            ("definition", "Described as", "text"),
            ("notes", "Notes", "text"),
            ("evidence", "Evidence points", "text"),
            ("method", "Method", "text"),
        ),
        sources="sources",
        listed=("extent", "zone"),
    ),
    "posts": Popup(
        title="name",
        rows=(
            ("other_names", "Other names", "text"),
            ("operator", "Operator", "text"),
            ("established", "Established", "date"),
            ("closed", "Closed", "date"),
            ("accuracy_m", "Accuracy", "metres"),
            ("note", "Note", "text"),
            ("source", "Source", "text"),
        ),
    ),
    "governorates": Popup(
        title="name",
        subtitle=("type", "country"),
        rows=(
            ("name_ar", "Arabic", "text"),
            ("name_ru", "Russian", "text"),
            ("area_km2", "Area", "km2"),
            ("source", "Source", "text"),
        ),
    ),
    "countries": Popup(
        title="name",
        subtitle=("country",),
        rows=(("area_km2", "Area", "km2"), ("source", "Source", "text")),
    ),
}

PLAIN = Popup(title="name")
"""For layers without an entry."""
