"""Word types: every distinct word of this process, with what it counts in each role beside or inside a span."""

from __future__ import annotations

from threading import Lock
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.gazetteer.names import normalise
from geo.gazetteer.transliteration import ARTICLES
from geo.recognition.lists import word_list
from geo.recognition.namehood import top_class
from geo.recognition.words import WordFacts, facts_of, features_of, type_class, uncased_class

Ints = NDArray[np.int32]

Role = Literal["left2", "left1", "first", "last", "single", "right1", "right2", "inner"]
ROLES: tuple[Role, ...] = get_args(Role)
EDGE = "<edge>"
"""Stands for the words before and after an article."""

CAPITAL, NUMBER, LINK, OTHER = 0, 1, 2, 3
"""Kinds of token: a capitalised word, a number, what may join the words of a name, anything else."""
COMMA, AND, JOINT = 1, 2, 3
"""What joins the members of a list; 0 for other words."""
LONG, CAPITAL_LONG, UPPER_LONG = 1, 2, 4
"""Marks of words of more than three letters: all of them, capitalised ones, those in capitals."""
HYPHEN, STOP, SHORT, ARTICLE, BRIEF = 8, 16, 32, 64, 128
"""Marks: a hyphen, a full stop, a word of up to five letters, an article as in "al-Tanf", and a word whose normal form
has up to three letters."""

FACTS = np.dtype(
    [
        ("kind", np.int8),
        ("uncased", np.int8),
        ("given", np.int8),
        ("surname", np.int8),
        ("type", np.int8),
        ("joint", np.int8),
        ("marks", np.int16),
        ("normal", np.int32),
        ("name", np.int32),
    ]
)
"""What is known of a word type: ``uncased`` to ``type`` as in `geo.recognition.words`; ``normal`` is the number of its
normal form, and ``name`` the gazetteer's id of that as a name, -1 for none."""

_LINKS = word_list("en", "links")
"""What may join the words of a name; the same for all languages in Latin script."""
_JOINTS = {",": COMMA, "and": AND, "or": AND, "&": JOINT, "/": JOINT, "–": JOINT, "-": JOINT}
_SHORT, _LONG = 5, 3
_NO_FACTS = (OTHER, 0, 0, 0, 0, 0, 0, 0, -1)
_ROOM = 1 << 12
_MOST_TYPES = 400_000


class _Numbers(dict[str, int]):
    """Gives every word that it is asked for a number, and remembers the new ones."""

    def __init__(self) -> None:
        self._new: list[str] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        self._new.append(word)
        return number

    def taken(self) -> list[str]:
        """Return the words that are new since the last call."""
        new, self._new = self._new, []
        return new


class Lexicon:
    """Interns words. ``weights`` maps a word feature's name to its row of ``table``: one column a role and pass.

    Attributes
    ----------
    ids
        The type of each word.
    normals, facts, scores
        By type: the normal form, `FACTS`, and what it counts in each role and pass.
    lock
        Held by a thread from where it interns words until it has no more use for their types.
    """

    def __init__(self, index: Index, weights: dict[str, int], table: NDArray[np.float32]) -> None:
        self.index = index
        self.lock = Lock()
        self._rows = weights
        self._table = np.concatenate([table, np.zeros((1, table.shape[1]), np.float32)])
        self._zero = len(table)
        self.clear()

    def clear(self) -> None:
        """Forget all word types."""
        self.ids = _Numbers()
        self._likes: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        self._numbers: dict[str, int] = {"": 0}
        self.normals: list[str] = []
        self.facts = np.zeros(_ROOM, FACTS)
        self.scores = np.zeros((_ROOM, self._table.shape[1]), np.float32)
        self.ids_of([EDGE])

    def ids_of(self, words: list[str]) -> Ints:
        """Return the type of each word; new ones are worked out."""
        if len(self.ids) > _MOST_TYPES:
            self.clear()
        found = np.array([*map(self.ids.__getitem__, words)], np.int32)
        try:
            self._describe_new()
        except BaseException:  # what is half described would be taken for known by the next text
            self.clear()
            raise
        return found

    def feature_names(self, word: str) -> list[str]:
        """Return the names of a word's features: its own, and what it may stand for alone."""
        return [EDGE] if word == EDGE else self._feature_names(word, facts_of(word), self._name_of(normalise(word)))

    def _feature_names(self, word: str, known: WordFacts, name: int) -> list[str]:
        alone = top_class(int(self.index.classes[name])) if name >= 0 and word[0].isupper() else 0
        return [*features_of(word, known), f"gaz={alone}"]

    def _describe_new(self) -> None:
        """Work out new words together: one sum over the weights of all of them."""
        first, new = len(self.normals), self.ids.taken()
        facts: list[tuple[int, ...]] = []
        rows: list[int] = []
        starts: list[int] = []
        for word in new:
            starts.append(len(rows))
            rows.append(self._zero)
            own, weighing = self._described(word)
            facts.append(own)
            rows += weighing
        if new:
            here = slice(first, first + len(new))
            self._make_room(here.stop)
            self.facts[here] = facts
            self.scores[here] = np.add.reduceat(self._table[rows], starts)

    def _described(self, word: str) -> tuple[tuple[int, ...], list[int]]:
        """Note a new word's normal form, and return its facts and the rows of its features."""
        if word == EDGE:
            self.normals.append("")
            return _NO_FACTS, self._rows_of([EDGE])
        plain = word.islower() and word.isascii() and word.isalpha()
        known, normal, kind = facts_of(word), word if plain else normalise(word), token_kind(word)
        name = self._name_of(normal) if kind != OTHER else -1
        self.normals.append(normal)
        number = self._numbers.setdefault(normal, len(self._numbers))
        words = uncased_class(known), known.given, known.surname, type_class(known)
        facts = kind, *words, _JOINTS.get(word, 0), _marks(word, normal), number, name
        return facts, self._plain_rows(word, known) if plain else self._rows_of(self._feature_names(word, known, name))

    def _plain_rows(self, word: str, known: WordFacts) -> list[int]:
        """Return the rows of a plain word in lower case, most of a text: those of its like, and its own."""
        like = (known.cluster, known.types)
        if (shared := self._likes.get(like)) is None:
            names = [name for name in self._feature_names(word, known, -1) if not name.startswith("w=")]
            shared = self._likes[like] = self._rows_of(names)
        own = self._rows.get(f"w={word}")
        return shared if own is None else [*shared, own]

    def _name_of(self, normal: str) -> int:
        name = self.index.name_id(normal)
        return -1 if name is None else name

    def _rows_of(self, names: list[str]) -> list[int]:
        return [row for name in names if (row := self._rows.get(name)) is not None]

    def _make_room(self, size: int) -> None:
        while size > len(self.scores):
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)])
            self.facts = np.concatenate([self.facts, np.zeros_like(self.facts)])


def token_kind(word: str) -> int:
    """Return CAPITAL, NUMBER, LINK or OTHER."""
    first = word[0]
    if first.isupper():
        return CAPITAL
    if first.isdigit():
        return NUMBER
    return LINK if word in _LINKS else OTHER


def _marks(word: str, normal: str) -> int:
    short = SHORT * (len(word) <= _SHORT) + ARTICLE * (word in ARTICLES) + BRIEF * (len(normal) <= _LONG)
    if len(word) <= _LONG or not word[0].isalpha():
        return short + HYPHEN * (word == "-") + STOP * (word == ".")
    return short + LONG + CAPITAL_LONG * word[0].isupper() + UPPER_LONG * word.isupper()
