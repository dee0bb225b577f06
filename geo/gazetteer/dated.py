"""When places bore their names: Astana was Nur-Sultan from March 2019 to September 2022."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

from geo.gazetteer.names import normalise
from geo.gazetteer.sources import STILL_USUAL, read_table
from geo.settings import data_dir


class Spell(NamedTuple):
    """A time for which a place bore a name; an open end is None. ``usual`` where it went on in use."""

    first: dt.date | None
    last: dt.date | None
    usual: bool


@cache
def dated_names() -> dict[tuple[str, str], tuple[Spell, ...]]:
    """Return when places bore names, by place id and name in the normal form."""
    spells: dict[tuple[str, str], tuple[Spell, ...]] = {}
    for row in read_table(data_dir() / "gazetteer" / "dated_names.csv"):
        key = row["place"], normalise(row["name"])
        spell = Spell(_day(row["from"]), _day(row["to"]), row["note"] == STILL_USUAL)
        spells[key] = (*spells.get(key, ()), spell)
    return spells


def _day(text: str) -> dt.date | None:
    """Read a day; a bare year is its first day."""
    return dt.date.fromisoformat(f"{text}-01-01" if len(text) == 4 else text) if text else None


def name_held(place_id: str, name: str, on: dt.date) -> bool | None:
    """Tell whether a place bore a name on a day; None where no dates are known for the name.

    A name that is still in use although another is official counts as borne.

    >>> name_held("geonames:1526273", "Nur-Sultan", dt.date(2017, 1, 20))
    False
    """
    spells = dated_names().get((place_id, normalise(name)))
    if spells is None:
        return None
    return any(
        (spell.first is None or spell.first <= on) and (spell.last is None or on < spell.last or spell.usual)
        for spell in spells
    )
