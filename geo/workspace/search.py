"""What to look for in a workspace: all conditions in one value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from geo.errors import InputError
from geo.geometry import Bbox
from geo.model import Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Circle(NamedTuple):
    """Everything within ``km`` kilometres of a point, by geodesic distance."""

    lon: float
    lat: float
    km: float


@dataclass(frozen=True, slots=True)
class Search:
    """Conditions, all of which must hold; None and empty mean no condition.

    An article is found where one of its places meets all conditions on places (``places``, ``within``, ``near``,
    ``bbox``) and the article itself meets the others. A mention counts where its own place meets them.

    Attributes
    ----------
    q
        Words that title, source or text must all hold, in any case and with or without accents. ``"quoted words"``
        must stand side by side; ``rast*`` is any word that begins so.
    places
        Ids of places, any of which will do; each stands for everything inside it.
    also
        Ids of places that the article must name besides, each somewhere inside it.
    within
        An area, EPSG:4326, its edge included.
    near
        A circle.
    bbox
        West, south, east, north; west may exceed east.
    sources
        Names of sources, any of which will do; a text that several published is found under each.
    since, until
        Days, both inclusive; articles without a date are then left out.
    language
        ISO 639-1 code.
    article
        An article's id.
    known
        What ``places`` and ``also`` are, for those that no article names itself; `geo.searching.search_of` fills it in.
    outlines
        By id, the areas of those that hold other places without the gazetteer saying so: regions and continents.
    """

    q: str | None = None
    places: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    within: BaseGeometry | None = None
    near: Circle | None = None
    bbox: Bbox | None = None
    sources: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    language: str | None = None
    article: str | None = None
    known: tuple[Place, ...] = ()
    outlines: tuple[tuple[str, BaseGeometry], ...] = ()


EVERYTHING = Search()
"""No condition."""

_MOST = 2**31 - 1
"""More than a store holds of anything that is counted, and a number that both kinds take."""


def check_counts(**counts: int | None) -> None:
    """Raise InputError where how many are asked for, or passed over, is none: the stores understand it differently."""
    for name, value in counts.items():
        if value is not None and (not isinstance(value, int) or not 0 <= value <= _MOST):
            raise InputError(f"The {name} is {value!r}.", f"Give a whole number from 0 to {_MOST}.")
