"""The list of a map's features: for the keyboard, for screen readers, and for what has no place on the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geo.model import Layer
from geo.webmap.popups import PLAIN, POPUPS, Popup

OPEN_LAYERS = ("places", "zones")
"""Lists that are unfolded at first."""


KINDS = {"admin1": "province", "admin2": "district", "region": "region", "facility": "facility", "water": "water"}
"""Words for kinds of place that their name does not tell."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list; ``key`` is None for what has no place on the map."""

    key: str | None
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Section:
    """The list of one layer's features."""

    title: str
    items: tuple[Item, ...]
    is_open: bool = False


def sections(layers: Iterable[Layer]) -> tuple[Section, ...]:
    """Return the lists of the layers that have anything to list; what is unresolved comes last."""
    layers = tuple(layers)
    located = [_section(layer) for layer in layers]
    lost = tuple(item for layer in layers for item in _items(layer, located=False))
    unresolved = Section("Not located", _once(lost), is_open=True)
    return tuple(section for section in (*located, unresolved) if section.items)


def _section(layer: Layer) -> Section:
    return Section(layer.title, tuple(_items(layer, located=True)), layer.name in OPEN_LAYERS)


def _items(layer: Layer, *, located: bool) -> list[Item]:
    popup = POPUPS.get(layer.name, PLAIN)
    frame = layer.features
    column, value = popup.listed or ("", "")
    if column in frame:
        frame = frame[frame[column] == value]
    frame = frame[frame.geometry.notna() == located]
    rows = frame.drop(columns="geometry").to_dict("records")
    return [_item(layer.name, popup, {str(key): value for key, value in row.items()}) for row in rows]


def _item(layer: str, popup: Popup, row: dict[str, Any]) -> Item:
    key = f"{layer}/{row['id']}" if row.get("symbol") != "unresolved" else None
    return Item(key, str(row.get(popup.title) or row["id"]), _detail(row))


def _detail(row: dict[str, Any]) -> str:
    """Return the few words that tell a line from others of its name."""
    mentions = row.get("mentions")
    counted = f"{mentions} mention{'s' * (mentions != 1)}" if isinstance(mentions, int) else None
    where = [KINDS.get(str(row.get("feature"))), row.get("admin1"), row.get("country")]
    told = [part for part in (*where, counted) if isinstance(part, str) and part != row.get("name")]
    return ", ".join(dict.fromkeys(told))


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return each text once."""
    return tuple({item.text: item for item in items}.values())
