"""News agencies and outlets: whose report it is, and whom it cites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from geo.articles.languages import phrases
from geo.model import Span

# How far from an agency's name the word that cites it may stand, in characters.
_NEAR = 60
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Agency:
    """An entry of ``agencies.yaml``, which says what each field means."""

    name: str
    spellings: tuple[str, ...]
    words: frozenset[str]
    domains: tuple[str, ...]


@cache
def agencies() -> tuple[Agency, ...]:
    """Return all agencies known, in the order of the data file."""
    return tuple(
        Agency(
            name=entry["name"],
            spellings=(entry["name"], *entry.get("also", ())),
            words=frozenset(entry.get("words", ())),
            domains=tuple(entry.get("domains", ())),
        )
        for entry in load_table("agencies.yaml")
    )


def load_table(name: str) -> Any:
    """Return one of this package's YAML tables."""
    import yaml

    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both loaders are safe)


@cache
def _by_spelling() -> dict[str, str]:
    return {_key(spelling): agency.name for agency in agencies() for spelling in agency.spellings}


def _key(name: str) -> str:
    return " ".join(name.casefold().strip(" .,;:/()[]«»\"'“”").removeprefix("the ").split())


def agency_named(name: str) -> str | None:
    """Return the usual name of the agency written like this, in any case and script known; None where unknown."""
    return _by_spelling().get(_key(name))


def agency_of_url(url: str) -> str | None:
    """Return the agency whose page a URL is, or else its host without ``www.``; None where it has no host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for agency in agencies():
        if any(host == domain or host.endswith(f".{domain}") for domain in agency.domains):
            return agency.name
    return host or None


@cache
def spelling_pattern() -> str:
    """Return a regular expression for all spellings, longest first."""
    spellings = {spelling for agency in agencies() for spelling in agency.spellings}
    return "|".join(re.escape(spelling) for spelling in sorted(spellings, key=lambda s: (-len(s), s)))


@cache
def _by_first_word() -> dict[str, tuple[str, ...]]:
    """Return the spellings that count in running text by their first word, longest first."""
    table: dict[str, list[str]] = {}
    telling = (spelling for agency in agencies() for spelling in agency.spellings if spelling not in agency.words)
    for spelling in sorted(telling, key=lambda spelling: (-len(spelling), spelling)):
        bare = spelling.removeprefix("The ")
        if first := _WORD.match(bare):
            table.setdefault(first[0], []).append(bare)
    return {first: tuple(spellings) for first, spellings in table.items()}


def cited_agency(text: str) -> str | None:
    """Return the agency that a report says it has its news from, None where it names none.

    The one cited most often; the first of several cited as often. A name alone is no citation: a word like "told" or
    "according" must stand near it, in the same line.
    """
    cues = phrases("cites")
    counts: Counter[str] = Counter()
    for start, end in sorted(_named_in(text)):
        if cues.intersection(_WORD.findall(_line_around(text, start, end).casefold())):
            counts[_by_spelling()[_key(text[start:end])]] += 1
    return max(counts, key=lambda name: counts[name], default=None)


def _named_in(text: str) -> Iterator[Span]:
    """Yield the spans of agencies' names.

    Looking up each word is far quicker than searching for every name. Arabic writes "to" and "and" as part of the word
    after it, and Russian declines names that end in a consonant: a letter before and two after are allowed for.
    """
    names = _by_first_word()
    stems = set(_WORD.findall(text))
    if not text.isascii():
        stems |= {stem for word in stems if not word.isascii() for stem in _stems(word)}
    for stem in sorted(stems & names.keys()):
        pattern = "|".join(map(re.escape, names[stem]))
        yield from (match.span(1) for match in re.finditer(rf"(?<!\w)[ولب]?({pattern})(?:ом|[ауе])?(?!\w)", text))


def _stems(word: str) -> tuple[str, ...]:
    return (word[1:],) if "\u0600" <= word[0] <= "\u06ff" else (word[:-1], word[:-2])


def _line_around(text: str, start: int, end: int) -> str:
    before = text[max(0, start - _NEAR) : start].rpartition("\n")[2]
    after = text[end : end + _NEAR].partition("\n")[0]
    return f"{before} {after}"
