"""What the words around a mention ask for: a kind of place, and the place that it is said to lie in."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise

from geo.model import Mention
from geo.settings import data_dir

_WORD = re.compile(r"[^\W\d_]+\.?")
_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]++)(?:\s+of)?\s++(?:the\s++)?[\"“«']?$")
_AFTER = re.compile(r"^[\"”»']?\s+([^\W\d_]+)")
# "Latakia, Hama and Aleppo, the three provinces beside it"; "the cities of …" begins a list of its own.
_APPOSED = re.compile(r"^,\s+(?:the|both|all|two|three|four|five)\s+(?:[a-z-]+\s+){0,2}?([a-z]+s)\b(?!\s+of\b)")
# "the provinces beside it, Latakia, Hama and Aleppo"; "three provinces: Latakia and Hama".
_ANNOUNCED = re.compile(r"((?:[a-z]+\s+){0,3}[a-z]+)\s*[,:—–]\s+$")
_LIST_GAP = re.compile(
    r"^\s*(?:,|and|or|as well as|и|или|و|et|ou|und|oder|y|ve|,\s*(?:and|or))\s*(?:the\s+)?$", re.IGNORECASE
)
_COMMA_GAP = re.compile(r"^\.?\s*,\s*(?:in\s+)?$|^\s*\($|^\s+in\s+(?:the\s+)?$")
_WITHIN_GAP = re.compile(r"^['’]s\s+$")

ASKABLE = frozenset({"admin1", "admin2", "city", "region", "country", "water", "road", "facility", "land"})


@cache
def asked_kinds() -> dict[str, str]:
    """Return the kind of place that a type word asks for, by lower-case word, in every language we have words for."""
    kinds: dict[str, str] = {}
    with (data_dir() / "words" / "types.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["class"] in ASKABLE:
                for word in row["words"].split():
                    kinds.setdefault(word, row["class"])
    return kinds


def kinds_asked(text: str, mentions: Sequence[Mention]) -> list[str]:
    """Return the kind of place that type words beside each mention ask for; "" for none.

    A type word before or after a list ("provinces Latakia, Hama and Aleppo"), or in apposition to it, holds for all its
    members where it is plural.
    """
    own = [_before(text, m) or _after(text, m) or own_type_word(m.text) for m in mentions]
    for i, (left, right) in enumerate(pairwise(mentions)):
        if _listed(text, left, right):
            own[i] = own[i] or _announced(text, left)
            own[i + 1] = own[i + 1] or _apposed(text, right)
    kinds = [asked_kinds().get(word, "") for word in own]
    for i in range(1, len(mentions)):  # a plural before a list
        if not own[i] and _is_plural(own[i - 1]) and _listed(text, mentions[i - 1], mentions[i]):
            own[i], kinds[i] = own[i - 1], kinds[i - 1]
    for i in range(len(mentions) - 2, -1, -1):  # a plural after a list
        if not own[i] and _is_plural(own[i + 1]) and _listed(text, mentions[i], mentions[i + 1]):
            own[i], kinds[i] = own[i + 1], kinds[i + 1]
    return kinds


def _before(text: str, mention: Mention) -> str:
    match = _BEFORE.search(text, max(0, mention.start - 40), mention.start)
    word = match.group(1).lower() if match else ""
    return word if word in asked_kinds() else ""


def _after(text: str, mention: Mention) -> str:
    match = _AFTER.match(text[mention.end : mention.end + 30])
    word = match.group(1).lower() if match else ""
    return word if word in asked_kinds() else ""


def _announced(text: str, mention: Mention) -> str:
    match = _ANNOUNCED.search(text, max(0, mention.start - 60), mention.start)
    words = match.group(1).split() if match else []
    return next((word for word in reversed(words) if _is_plural(word) and word in asked_kinds()), "")


def _apposed(text: str, mention: Mention) -> str:
    match = _APPOSED.match(text[mention.end : mention.end + 50])
    word = match.group(1) if match else ""
    return word if word in asked_kinds() else ""


@lru_cache(maxsize=8192)
def own_type_word(name: str) -> str:
    """Return the type word that closes or opens a name of several words ("Idlib Governorate"), "" where none does."""
    words = [word.lower() for word in _WORD.findall(name)]
    ends = [words[-1], words[0]] if len(words) > 1 else []
    return next((word for word in ends if word in asked_kinds()), "")


def _is_plural(word: str) -> bool:
    return word.endswith("s")


def _listed(text: str, left: Mention, right: Mention) -> bool:
    return right.start - left.end < 20 and bool(_LIST_GAP.match(text[left.end : right.start]))


def container_of(text: str, mentions: Sequence[Mention]) -> list[int]:
    """Return for each mention the number of the mention it is said to lie in ("Hama, Syria", "Syria's Hama"), or -1."""
    found = [-1] * len(mentions)
    for i, (left, right) in enumerate(pairwise(mentions)):
        gap = text[left.end : right.start] if right.start - left.end < 12 else "-"
        if _COMMA_GAP.match(gap):
            found[i] = i + 1
        elif _WITHIN_GAP.match(gap) and found[i + 1] < 0:
            found[i + 1] = i
    return found


def enumerated(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return the pairs of mentions that stand side by side in an enumeration ("Georgia, Armenia and Iran").

    A word joins two of its members at least: commas alone may also say that one place lies in the other.
    """
    listed = [_listed(text, left, right) for left, right in pairwise(mentions)]
    found: list[tuple[int, int]] = []
    for is_list, run in groupby(range(len(listed)), key=listed.__getitem__):
        pairs = [(i, i + 1) for i in run]
        if is_list and any(_WORD.search(text, mentions[i].end, mentions[j].start) for i, j in pairs):
            found += pairs
    return found
