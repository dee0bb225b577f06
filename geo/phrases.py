"""What the names in a bare phrase stand for: recognition and resolution are made for whole reports.

Without a report around it a phrase gives no context: names are then looked up as the gazetteer has them, and stand for
the best-known place of the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.footprints.phrases import LeftName, names_left
from geo.model import Candidate, Mention, Resolution
from geo.resolution.resolve import resolve_name

if TYPE_CHECKING:
    from geo.gazetteer.index import Index

_LONGEST = 1000
"""Characters of a phrase: more is a report, which `geo.geoparse` reads."""

_ALIKE = 0.88
"""How alike a name must be to one of the gazetteer's: Timbuktoo is, Ruritania is not Raritan."""

_CLEAR = 0.9
"""How sure a name without context must be to outrank what recognition made of it."""


def check_phrase(phrase: str) -> None:
    """Raise InputError where a phrase is empty or as long as a report."""
    if not phrase.strip():
        raise InputError("The phrase is empty.", 'Give one such as "the north of the province Homs".')
    if len(phrase) > _LONGEST:
        raise InputError(
            f"A phrase has at most {_LONGEST:,} characters; this one has {len(phrase):,}.",
            "Read a whole report with dateline read.",
        )


def resolved_in(phrase: str, resolutions: Sequence[Resolution], index: Index) -> tuple[Resolution, ...]:
    """Return what the names in a bare phrase stand for.

    Parameters
    ----------
    resolutions
        What reading the phrase like a report found; it passes some names over, and takes others too short.
    """
    left = names_left(phrase, resolutions, index)
    kept = [r for r in resolutions if r.mention and not any(_meet(r.mention, name) for name in left)]
    alone = kept[0] if len(kept) == 1 and not left else None
    return (*((_best_known(alone, index),) if alone else kept), *_resolved_left(phrase, left, index))


def _meet(mention: Mention, name: LeftName) -> bool:
    return mention.start < name.end and name.start < mention.end


def _best_known(alone: Resolution, index: Index) -> Resolution:
    """Return the best-known place of a name without any context; the one found where that is in the same country."""
    best = next(iter(resolve_name(alone.query, index, limit=1)), alone)
    is_clear = best.place and alone.place and best.place.country != alone.place.country
    return replace(best, mention=alone.mention) if is_clear and best.confidence >= _CLEAR else alone


def _resolved_left(phrase: str, left: Iterable[LeftName], index: Index) -> Iterator[Resolution]:
    for start, end, name, kind in left:
        # Words without a capital are names only where a place is called exactly that, others where it is spelt alike.
        if not len(index.find(name)) and (name[0].islower() or _likeness(name, index) < _ALIKE):
            continue
        found = resolve_name(name, index)
        alternatives = tuple(Candidate(other.place, other.confidence) for other in found[1:] if other.place)
        mention = Mention(start, end, phrase[start:end], kind, (0, len(phrase)))
        yield from (replace(first, mention=mention, alternatives=alternatives) for first in found[:1])


def _likeness(name: str, index: Index) -> float:
    return max((similar.similarity for similar in index.similar_names(name)), default=0.0)
