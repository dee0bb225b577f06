"""The words of a sheet in its language, from ``labels.yaml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from geo.errors import UnknownNameError

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

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its values filled in."""
        return str(self.entries[key]).format(**values)

    def date(self, day: dt.date) -> str:
        """Return a date in words."""
        return self.say("date", day=day.day, month=self.entries["months"][day.month - 1], year=day.year)

    def term(self, english: str) -> str:
        """Return the name of a layer or symbol in this language; as it is where no translation is known."""
        return str(self.entries["terms"].get(english, english))


@lru_cache(maxsize=1)
def _languages() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return read


def words_in(language: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    UnknownNameError
        Sheets are not drawn in that language.
    """
    languages = _languages()
    if language not in languages:
        raise UnknownNameError(f"Sheets are not drawn in {language!r}.", f"Use one of {', '.join(languages)}.")
    return Words(language, languages[language])
