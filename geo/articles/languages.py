"""What is known of each language, and which one a text is written in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SAMPLE = 2000
"""Characters that tell a text's language; more change nothing."""

SCRIPT_SAMPLE = 400
"""Characters that tell the script."""

# The blocks of the Unicode Standard that news is written in.
_SCRIPTS = {
    "latin": "A-Za-z\u00aa-\u024f",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "hebrew": "\u0590-\u05ff",
    "greek": "\u0370-\u03ff",
    "kana": "\u3040-\u30ff",
    "hangul": "\uac00-\ud7af",
    "han": "\u4e00-\u9fff",
}
_SCRIPT_LETTERS = {name: re.compile(f"[{block}]+") for name, block in _SCRIPTS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['\u200c][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of ``languages.yaml``, which says what each field means."""

    code: str
    script: str
    letters: frozenset[str]
    words: frozenset[str]
    months: tuple[tuple[str, ...], ...]
    labels: frozenset[str]
    weekdays: frozenset[str]
    cites: frozenset[str]
    based: tuple[str, ...]
    retold: tuple[str, ...]
    tail: frozenset[str]
    lines: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """Return all languages known, in the order of the data file."""
    import yaml

    text = files(__package__).joinpath("languages.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both loaders are safe)
    return tuple(_language(code, entry) for code, entry in table.items())


def _language(code: str, entry: dict[str, object]) -> Language:
    def words(key: str) -> frozenset[str]:
        return frozenset(str(entry[key] or "").casefold().split())

    def phrases(key: str) -> list[str]:
        value = entry[key]
        assert isinstance(value, list), f"{code}.{key} is a list"
        return [str(phrase).casefold() for phrase in value]

    return Language(
        code=code,
        script=str(entry["script"]),
        letters=frozenset(str(entry.get("letters", ""))),
        words=words("words"),
        months=tuple(tuple(names.split("|")) for names in phrases("months")),
        labels=words("labels"),
        weekdays=words("weekdays"),
        cites=words("cites"),
        based=tuple(phrases("based")),
        retold=tuple(phrases("retold")),
        tail=frozenset(phrases("tail")),
        lines=frozenset(phrases("lines")),
    )


@cache
def phrases(field: str) -> frozenset[str]:
    """Return the phrases of one field over all languages: ``labels``, ``weekdays``, ``cites``, ``tail`` and so on."""
    return frozenset(phrase for language in languages() for phrase in getattr(language, field))


@cache
def _by_script(script: str) -> tuple[str, ...]:
    return tuple(language.code for language in languages() if language.script == script)


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    words = {word for language in languages() for word in language.words}
    return {word: tuple(language.code for language in languages() if word in language.words) for word in words}


def script_of(text: str) -> str | None:
    """Return the script most letters of a text are in, None where it has no letters of a known one.

    Only the first `SCRIPT_SAMPLE` characters are looked at.
    """
    sample = text[:SCRIPT_SAMPLE]
    latin = sum(map(len, _SCRIPT_LETTERS["latin"].findall(sample)))
    if latin * 2 > len(sample):
        return "latin"
    counts = {name: sum(map(len, letters.findall(sample))) for name, letters in _SCRIPT_LETTERS.items()}
    # Japanese is written in Han and kana together: any fair share of kana decides.
    if counts["kana"] * 5 > counts["han"]:
        counts["kana"] += counts["han"]
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, None where nothing tells it.

    The script narrows the choice; among languages of one script the one whose function words make up most of the text
    wins. A text in which no known function word occurs has none in Latin script; in others it is in the first language
    of the script, or in the one whose own letters it has.
    """
    known = _by_script(script_of(text) or "")
    if len(known) == 1:
        return known[0]
    words = _WORD.findall(text[:SAMPLE].replace("İ", "i").casefold())
    scores: Counter[str] = Counter()
    for codes, count in Counter(filter(None, map(_by_word().get, words))).items():
        for code in codes:
            scores[code] += count
    # In the order of the data file, so that equals are decided the same way at every run.
    best = max(known, key=lambda code: scores[code], default=None)
    return best if best and scores[best] else _by_letters(text, known)


def _by_letters(text: str, known: tuple[str, ...]) -> str | None:
    """Return the language of a script that some letters of a text tell, else the script's first; None for Latin."""
    letters = frozenset(text[:SAMPLE].casefold())
    own = [language for language in languages() if language.code in known and not language.letters.isdisjoint(letters)]
    if own:
        return own[0].code
    return known[0] if known and known != _by_script("latin") else None
