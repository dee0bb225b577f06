"""Word types: every distinct word of this process, with what it counts in each role beside or inside a span."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.gazetteer.names import normalise
from geo.recognition.namehood import top_class
from geo.recognition.segments import token_class
from geo.recognition.words import features_of, name_use, type_class, uncased_class

Role = Literal["left2", "left1", "first", "last", "single", "right1", "right2", "inner"]
ROLES: tuple[Role, ...] = get_args(Role)
EDGE = "<edge>"
"""Stands for the words before and after a sentence."""

_ROOM = 1 << 12
_MOST_TYPES = 400_000


class Lexicon:
    """Interns words. ``weights`` maps a word feature's name to its row of ``table``: one column a role and pass."""

    def __init__(self, index: Index, weights: dict[str, int], table: NDArray[np.float32]) -> None:
        self.index = index
        self._rows = weights
        self._table = table
        self.clear()

    def clear(self) -> None:
        """Forget all word types."""
        self.ids: dict[str, int] = {}
        self.normals: list[str] = []
        self.kinds: list[int] = []
        self.scores = np.zeros((_ROOM, self._table.shape[1]), np.float32)
        self.attributes = np.zeros((_ROOM, 4), np.int16)
        self._add(EDGE)

    def ids_of(self, words: list[str]) -> list[int]:
        """Return the type of each word; new ones are worked out."""
        if len(self.ids) > _MOST_TYPES:
            self.clear()
        get = self.ids.get
        found = [get(word, -1) for word in words]
        if -1 in found:
            found = [self._add(word) if number < 0 else number for word, number in zip(words, found, strict=True)]
        return found

    def feature_names(self, word: str) -> list[str]:
        """Return the names of a word's features: its own, and what it may stand for alone."""
        if word == EDGE:
            return [EDGE]
        number = self.index.name_id(normalise(word)) if word[0].isupper() else None
        return [*features_of(word), f"gaz={top_class(int(self.index.classes[number])) if number is not None else 0}"]

    def _add(self, word: str) -> int:
        if (number := self.ids.get(word)) is not None:
            return number
        number = self.ids[word] = len(self.normals)
        if number >= len(self.scores):
            self.scores = np.concatenate([self.scores, np.zeros_like(self.scores)])
            self.attributes = np.concatenate([self.attributes, np.zeros_like(self.attributes)])
        self.normals.append(normalise(word) if word != EDGE else "")
        self.kinds.append(token_class(word))
        rows = [self._rows[name] for name in self.feature_names(word) if name in self._rows]
        self.scores[number] = self._table[rows].sum(axis=0)
        if word != EDGE:
            self.attributes[number] = (uncased_class(word), *name_use(word), type_class(word))
        return number
