"""Word types: every distinct word of this process, with what it counts in each role beside or inside a span."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.gazetteer.names import normalise
from geo.recognition.namehood import top_class
from geo.recognition.segments import token_class
from geo.recognition.words import WordFacts, facts_of, features_of, type_class, uncased_class

Role = Literal["left2", "left1", "first", "last", "single", "right1", "right2", "inner"]
ROLES: tuple[Role, ...] = get_args(Role)
EDGE = "<edge>"
"""Stands for the words before and after a sentence."""

ATTRIBUTES = ("uncased", "given", "surname", "type", "joint", "casing")
"""Columns of `Lexicon.attributes`; see `geo.recognition.words` for the first four."""
COMMA, AND, JOINT = 1, 2, 3
"""What joins the members of a list: values of the column ``joint``, 0 for other words."""
LONG, CAPITAL_LONG, UPPER_LONG = 1, 2, 4
"""Bits of the column ``casing``, set for words of more than three letters."""

_JOINTS = {",": COMMA, "and": AND, "or": AND, "&": JOINT, "/": JOINT, "–": JOINT, "-": JOINT}
_ROOM = 1 << 12
_MOST_TYPES = 400_000


class Lexicon:
    """Interns words. ``weights`` maps a word feature's name to its row of ``table``: one column a role and pass."""

    def __init__(self, index: Index, weights: dict[str, int], table: NDArray[np.float32]) -> None:
        self.index = index
        self._rows = weights
        self._table = np.concatenate([table, np.zeros((1, table.shape[1]), np.float32)])
        self._zero = len(table)
        self.clear()

    def clear(self) -> None:
        """Forget all word types."""
        self.ids: dict[str, int] = {}
        self._likes: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        self.normals: list[str] = []
        self.kinds: list[int] = []
        self.scores = np.zeros((_ROOM, self._table.shape[1]), np.float32)
        self.attributes = np.zeros((_ROOM, len(ATTRIBUTES)), np.int16)
        self._add([EDGE])

    def ids_of(self, words: list[str]) -> list[int]:
        """Return the type of each word; new ones are worked out."""
        if len(self.ids) > _MOST_TYPES:
            self.clear()
        get = self.ids.get
        found = [get(word, -1) for word in words]
        if -1 in found:
            self._add([word for word, number in zip(words, found, strict=True) if number < 0])
            found = [self.ids[word] for word in words]
        return found

    def feature_names(self, word: str) -> list[str]:
        """Return the names of a word's features: its own, and what it may stand for alone."""
        return [EDGE] if word == EDGE else self._feature_names(word, facts_of(word), normalise(word))

    def _feature_names(self, word: str, facts: WordFacts, normal: str) -> list[str]:
        number = self.index.name_id(normal) if word[0].isupper() else None
        alone = top_class(int(self.index.classes[number])) if number is not None else 0
        return [*features_of(word, facts), f"gaz={alone}"]

    def _add(self, words: list[str]) -> None:
        """Work out new words together: one sum over the weights of all of them."""
        new = list(dict.fromkeys(words))
        first = len(self.normals)
        self._make_room(first + len(new))
        rows: list[int] = []
        starts: list[int] = []
        for number, word in enumerate(new, first):
            self.ids[word] = number
            self.kinds.append(token_class(word))
            starts.append(len(rows))
            rows.append(self._zero)
            if word.islower() and word.isascii() and word.isalpha():
                rows += self._plain(word, number)
            else:
                rows += self._rows_of(self._described(word, number))
        self.scores[first : first + len(new)] = np.add.reduceat(self._table[rows], starts)

    def _described(self, word: str, number: int) -> list[str]:
        """Note a new word's normal form and attributes, and return its features."""
        if word == EDGE:
            self.normals.append("")
            return [EDGE]
        facts, normal = facts_of(word), normalise(word)
        self.normals.append(normal)
        self.attributes[number] = self._attributes(word, facts)
        return self._feature_names(word, facts, normal)

    def _plain(self, word: str, number: int) -> list[int]:
        """Do the same as `_described` for a plain word in lower case, most of a text, by what is known of its like."""
        facts = facts_of(word)
        self.normals.append(word)
        self.attributes[number] = self._attributes(word, facts)
        like = (facts.cluster, facts.types)
        if (shared := self._likes.get(like)) is None:
            names = [name for name in self._feature_names(word, facts, word) if not name.startswith("w=")]
            shared = self._likes[like] = self._rows_of(names)
        own = self._rows.get(f"w={word}")
        return shared if own is None else [*shared, own]

    def _rows_of(self, names: list[str]) -> list[int]:
        return [row for name in names if (row := self._rows.get(name)) is not None]

    def _attributes(self, word: str, facts: WordFacts) -> tuple[int, ...]:
        known = (uncased_class(facts), facts.given, facts.surname, type_class(facts))
        return (*known, _JOINTS.get(word, 0), _casing(word))

    def _make_room(self, size: int) -> None:
        while size > len(self.scores):
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)])
            self.attributes = np.concatenate([self.attributes, np.zeros_like(self.attributes)])


def _casing(word: str) -> int:
    if len(word) <= 3 or not word[0].isalpha():
        return 0
    return LONG + CAPITAL_LONG * word[0].isupper() + UPPER_LONG * word.isupper()
