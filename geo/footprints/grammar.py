"""The words and patterns of locative expressions of one language, read from ``data/footprints/``.

Words fall into classes; a text becomes a string of one letter a word, its class; patterns are regular expressions over
these letters. A match is replaced by one letter and the patterns are tried again: a cascade of finite-state
recognisers (Abney 1996, Partial parsing via finite-state cascades).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from geo.errors import DataFileError
from geo.settings import data_dir

LANGUAGES = ("en", "ru", "ar")
_SCRIPTS = {"ru": ("\u0400", "\u04ff"), "ar": ("\u0600", "\u06ff")}
# Classes that the text's places and the patterns themselves give, not words.
_GIVEN_CLASSES = ("OTHER", "PLACE", "DEMONYM", "UNITS", "REGION", "DISTANCE")
_CLASS_NAME = re.compile(r"[A-Z_]+")
# No letter of ASCII, whose signs mean something in patterns; below U+0100, where regular expressions compile quickly.
_FIRST_LETTER = 0xA1


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase of the lexicon: its words, its class and what it means (None where its class says all)."""

    words: tuple[str, ...]
    cls: str
    meaning: Any


@dataclass(frozen=True)
class Pattern:
    """A pattern over classes.

    Attributes
    ----------
    make
        The relations it makes, outermost first.
    cls
        The class of what it makes.
    letters
        The pattern as a regular expression over letters.
    needs
        Sets of letters: without one of each it cannot match.
    """

    make: tuple[str, ...]
    cls: str
    letters: str
    needs: tuple[frozenset[str], ...]

    def fits(self, letters: Set[str]) -> bool:
        """Whether some letters are enough for the pattern to match, in some order."""
        return not any(map(letters.isdisjoint, self.needs))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern compiled, when first needed: most texts need few."""
        return re.compile(self.letters)


@dataclass(frozen=True, eq=False)
class Grammar:
    """Words and patterns of one language.

    Attributes
    ----------
    lexicon
        Phrases by their first word, longest first.
    stems
        The same for phrases whose words end in ``*``: any ending fits.
    prefixes
        Letters that are written together with the next word (Arabic "and", "in", "the"), longest first.
    letters
        Class name to the letter that stands for it.
    references
        What refers to a place named before ("the province"), by the kind of place it refers to.
    looks_back
        Classes whose patterns ask what stands before the unknown words before them.
    """

    lexicon: Mapping[str, tuple[Word, ...]]
    patterns: tuple[Pattern, ...]
    letters: Mapping[str, str]
    skip: frozenset[str] = frozenset()
    stems: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    looks_back: frozenset[str] = frozenset()
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def knows(self, word: str) -> bool:
        """Whether a word in lower case, a sign or a number may be part of a phrase, or is passed over."""
        if word in self._words or word[0].isdecimal():
            return True
        if self._stems and any(word[:size] in self._stems for size in range(1, len(word) + 1)):
            return True
        rests = (word[len(prefix) :] for prefix in self.prefixes if word.startswith(prefix))
        return any(rest and self.starting_with(rest) for rest in rests)

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of every phrase, and those passed over."""
        phrases = chain(*self.lexicon.values(), *self.stems.values())
        return self.skip.union(*(phrase.words for phrase in phrases))

    @cached_property
    def _stems(self) -> frozenset[str]:
        """Every word that may have any ending."""
        return frozenset(word[:-1] for word in self._words if word.endswith("*"))

    def fitting(self, letters: Set[str]) -> list[int]:
        """Return the numbers of the patterns that some letters may be enough for, in order."""
        tried = {number for letter in letters for number in self._by_rarest.get(letter, ())}
        return [number for number in sorted(tried) if self.patterns[number].fits(letters)]

    @cached_property
    def _by_rarest(self) -> dict[str, list[int]]:
        """The numbers of the patterns by the letters of what they need that the fewest others need."""
        common = Counter(letter for pattern in self.patterns for need in pattern.needs for letter in need)
        found: dict[str, list[int]] = {}
        for number, pattern in enumerate(self.patterns):
            for letter in min(pattern.needs, key=lambda need: sum(common[letter] for letter in need)):
                found.setdefault(letter, []).append(number)
        return found

    def classes(self, letters: str) -> list[str]:
        """Return the names of the classes that letters stand for."""
        return [self._class_names[letter] for letter in letters]

    @cached_property
    def _class_names(self) -> dict[str, str]:
        return {letter: name for name, letter in self.letters.items()}

    def starting_with(self, word: str) -> tuple[Word, ...]:
        """Return the phrases that may start with a word in lower case, longest first."""
        found = self.lexicon.get(word)
        if found or not self.stems:
            return found or ()
        sizes = range(len(word), 1, -1)
        return next((self.stems[word[:size]] for size in sizes if word[:size] in self.stems), ())


@lru_cache(maxsize=len(LANGUAGES))
def load_grammar(language: str) -> Grammar:
    """Read the grammar of a language (ISO 639-1); languages without one are read as English.

    Raises
    ------
    DataFileError
        The data file is missing or wrong.
    """
    path = data_dir() / "footprints" / f"{language if language in LANGUAGES else 'en'}.yaml"
    return parse_grammar(_read(path), path)


def language_of(text: str) -> str:
    """Return the language of the grammars that a text's first letters belong to, by script."""
    letters = [c for c in text[:2000] if c.isalpha()]
    for language, (first, last) in _SCRIPTS.items():
        if sum(first <= c <= last for c in letters) * 2 > len(letters):
            return language
    return "en"


def _read(path: Path) -> Any:
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506 (both loaders are safe)
    except (OSError, yaml.YAMLError) as error:
        raise DataFileError(f"The grammar {path} cannot be read: {error}.", "Install Dateline again.") from error


def parse_grammar(data: Any, path: Path) -> Grammar:
    """Compile a grammar from what its data file holds.

    Raises
    ------
    DataFileError
        A phrase stands in two classes, or a pattern names a class or macro that there is none of, or needs no words.
    """
    words = list(_words(data["words"], path))
    letters = {name: chr(_FIRST_LETTER + n) for n, name in enumerate([*_GIVEN_CLASSES, *data["words"]])}
    compiler = _Compiler(letters, data.get("macros", {}), path)
    return Grammar(
        lexicon=_by_first([w for w in words if not w.words[0].endswith("*")]),
        stems=_by_first([w for w in words if w.words[0].endswith("*")]),
        patterns=tuple(compiler.pattern(row) for row in data["patterns"]),
        letters=letters,
        skip=frozenset(data.get("skip", ())),
        prefixes=tuple(sorted(data.get("prefixes", ()), key=lambda p: (-len(p), p))),
        looks_back=frozenset(data.get("looks_back", ())),
        references={kind: tuple(phrases) for kind, phrases in data.get("references", {}).items()},
    )


def _words(classes: Mapping[str, Any], path: Path) -> Iterator[Word]:
    seen: dict[str, str] = {}
    for cls, phrases in classes.items():
        by_meaning = phrases if isinstance(phrases, dict) else {None: phrases}
        for meaning, listed in by_meaning.items():
            for phrase in listed:
                if phrase in seen:
                    problem = f"{path.name}: {phrase!r} is both {seen[phrase]} and {cls}."
                    raise DataFileError(problem, "Leave it in one class.")
                seen[phrase] = cls
                yield Word(tuple(phrase.split()), cls, meaning)


def _by_first(words: list[Word]) -> dict[str, tuple[Word, ...]]:
    found: dict[str, list[Word]] = {}
    # Whole words before stems: "восточнее" is not "восточн*".
    for word in sorted(words, key=lambda w: (-len(w.words), "*" in w.words[-1], w.words)):
        found.setdefault(word.words[0].rstrip("*"), []).append(word)
    return {first: tuple(group) for first, group in found.items()}


def _parts(match: str) -> list[str]:
    """Return the parts of a pattern that follow each other, groups whole."""
    parts, depth = [""], 0
    for sign in match:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        parts[-1] += sign
        if sign == " " and depth == 0:
            parts.append("")
    return [part.strip() for part in parts if part.strip()]


@lru_cache(maxsize=1024)
def _required(part: str) -> str:
    """Return a part of a pattern without what is optional in it."""
    shorter = re.sub(r"[^()\s|][?*]|\([^()]*\)[?*]", "", part)
    shorter = re.sub(r"\(([^()]*)\)(?![?*])", r"\1", shorter)
    return shorter if shorter == part else _required(shorter)


@dataclass(frozen=True)
class _Compiler:
    """Turns patterns over class names into regular expressions over letters."""

    letters: Mapping[str, str]
    macros: Mapping[str, str]
    path: Path

    def pattern(self, row: Mapping[str, str]) -> Pattern:
        match = row["match"]
        letters = self._letters_of(match).replace(" ", "").replace("(", "(?:").replace("(?:?", "(?")
        return Pattern(tuple(row["make"].split()), row.get("as", "REGION"), letters, self._needs(match))

    def _needs(self, match: str) -> tuple[frozenset[str], ...]:
        """Return the letters of each part of a pattern that is not optional: one of them at least must be there."""
        parts = [part for part in _parts(self._letters_of(match)) if part[-1] not in "?*" and not part.startswith("(?")]
        known = frozenset(self.letters.values())
        # What asks for the fewest kinds of letters rules most texts out: it is looked at first.
        needs = {known.intersection(_required(part)) for part in parts}
        if not needs:
            problem = f"{self.path.name}: the pattern {match!r} matches no words at all."
            raise DataFileError(problem, "Leave a part of it without a question mark or star.")
        return tuple(sorted(needs, key=lambda need: (len(need), sorted(need))))

    def _letters_of(self, match: str) -> str:
        return _CLASS_NAME.sub(lambda found: self._letter(found[0], match), match)

    def _letter(self, name: str, match: str) -> str:
        if name in self.macros:
            return f"({self._letters_of(self.macros[name])})"
        if name not in self.letters:
            problem = f"{self.path.name}: the pattern {match!r} names {name}, which is no class."
            raise DataFileError(problem, "Add it to words or macros, or correct the pattern.")
        return self.letters[name]
