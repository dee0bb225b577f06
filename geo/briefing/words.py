"""The words of a sheet in its language, from ``labels.yaml``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from geo.errors import UnknownNameError

# Control characters and lone surrogates: no file format holds them, and fonts have no shapes for them.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FILE = Path(__file__).with_name("labels.yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words.

    Attributes
    ----------
    language
        ISO 639-1 code.
    entries
        What the data file says in that language.
    """

    language: str
    entries: Mapping[str, Any]

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left: the sheet is then mirrored."""
        return bool(self.entries["direction"] == "rtl")

    @property
    def align(self) -> Literal["left", "right"]:
        """The side at which lines begin."""
        return "right" if self.rtl else "left"

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values filled in."""
        return str(self.entries[key]).format(**values)

    def date(self, day: dt.date) -> str:
        """Return a date in words."""
        return self.say("date", day=day.day, month=self.entries["months"][day.month - 1], year=day.year)

    def degrees(self, value: float, positive: str, negative: str) -> str:
        """Return a latitude or longitude with the word for its side: ``N`` or ``S``, ``E`` or ``W``."""
        side: str = self.entries["degrees"][positive if value >= 0 else negative]
        return side.format(value=f"{abs(value):.1f}")

    def term(self, english: str) -> str:
        """Return the name of a layer or symbol in this language; as it is where no translation is known.

        Counts ("5 mentions") take the plural that the language has for the number.
        """
        number, _, noun = english.partition(" ")
        plural = noun if noun.endswith("s") else f"{noun}s"
        figure = number.replace(",", "")
        if figure.isdecimal() and plural in self.entries["plurals"]:
            return self.count(plural, int(figure))
        return clean(str(self.entries["terms"].get(english, english)))

    def count(self, plural: str, number: int) -> str:
        """Return a number of things with the plural that the language has for it."""
        return str(self.entries["plurals"][plural][_plural(self.language, number)]).format(n=number)

    def with_terms(self, terms: Mapping[str, str]) -> Words:
        """Return these words with more translations: names that the layers themselves know."""
        return replace(self, entries={**self.entries, "terms": {**terms, **self.entries["terms"]}})


def _plural(language: str, number: int) -> str:
    """Return the CLDR plural category of a number: one, few, many …."""
    from babel import Locale

    return Locale(language).plural_form(number)


def clean(text: str) -> str:
    """Return text on one line, without what cannot be written; blanks that must not be broken at stay."""
    return re.sub("[ \t\u2028\u2029]+", " ", _UNWRITABLE.sub(" ", text)).strip()


@lru_cache(maxsize=1)
def languages() -> dict[str, Any]:
    """Return what the data file says, by language."""
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return read


def words_in(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    UnknownNameError
        Sheets are not drawn in that language.
    """
    known = languages()
    if language not in known:
        raise UnknownNameError(f"Sheets are not drawn in {language!r}.", f"Use one of {', '.join(known)}.")
    return Words(language, known[language])
