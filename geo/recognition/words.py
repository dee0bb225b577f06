"""What is known of single words: shape, affixes, word class, Brown cluster, use as a person's name.

Every distinct word of a text becomes a *word type* once a process; its features are worked out then, so that reading an
article only gathers rows of a table.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from geo.settings import data_dir

if TYPE_CHECKING:
    import marisa_trie

_RECORD = "<IbbB"
TYPE_CLASSES = (
    "", "admin1", "admin2", "city", "region", "country", "water", "road", "facility", "land", "organisation", "title",
    "direction", "calendar",
)  # fmt: skip
CLUSTER_BITS = (4, 6, 8, 11, 18)
UNKNOWN = (0, -20, -20, 0)


@cache
def word_table() -> marisa_trie.RecordTrie:
    """Return the table of English words: Brown cluster, log probabilities, classes of use as a name."""
    import marisa_trie

    return marisa_trie.RecordTrie(_RECORD).mmap(str(data_dir() / "words" / "words.marisa"))


@cache
def type_words(language: str = "en") -> dict[str, tuple[str, ...]]:
    """Return the classes of type words ("river": water), titles and directions by lower-case word."""
    classes: dict[str, tuple[str, ...]] = {}
    with (data_dir() / "words" / "types.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["language"] == language:
                for word in row["words"].split():
                    classes[word] = (*classes.get(word, ()), row["class"])
    return classes


@cache
def _word_lists() -> dict[tuple[str, str], frozenset[str]]:
    with (data_dir() / "words" / "lists.csv").open(encoding="utf-8", newline="") as file:
        return {(row["language"], row["list"]): frozenset(row["words"].split()) for row in csv.DictReader(file)}


def prepositions(language: str) -> frozenset[str]:
    """Return the prepositions that stand before places."""
    return _word_lists().get((language, "prepositions"), frozenset())


def given_names(language: str) -> frozenset[str]:
    """Return given names that stand beside surnames, in lower case."""
    return _word_lists().get((language, "given names"), frozenset())


def shape(word: str) -> str:
    """Return the casing of a word as a short pattern; the character itself where it is no letter or digit.

    >>> shape("Syria"), shape("U.S."), shape("KAZINFORM"), shape("2017"), shape("McCain"), shape("-")
    ('Xx', 'X.', 'XX', 'dddd', 'XxX', '-')
    """
    if word.isdigit():
        return "d" * min(len(word), 5)
    if not word[0].isalnum():
        return word[:1]
    if word.islower():
        return "x"
    if word.isupper():
        return "X" if len(word) == 1 else "X." if "." in word else "XX"
    if word[0].isupper() and word[1:].islower():
        return "Xx"
    return "XxX" if word[0].isupper() else "mixed"


def features_of(word: str) -> list[str]:
    """Return the names of a word's features, in a fixed order.

    Affixes and the word itself are features too; training keeps only those seen in three documents or more.
    """
    lower = word.lower()
    names = [f"shape={shape(word)}", f"w={lower}"]
    if not word[0].isalpha():
        return names
    names += [f"type={name}" for name in type_words().get(lower.rstrip("."), ())]
    names += _cluster_features(word)
    if word != lower:
        names += [f"pre={lower[:k]}" for k in (2, 3)] + [f"suf={lower[-k:]}" for k in (2, 3, 4) if len(lower) > k]
        given, surname = name_use(word)
        cased, uncased = _record(word)[1], _record(lower)[1]
        names += [f"given={given}", f"surname={surname}", f"lower={uncased // 2}"]
        names.append(f"case={max(-3, min(3, cased - uncased))}")
    return names


def _cluster_features(word: str) -> list[str]:
    cluster = _record(word)[0]
    if not cluster and word.isupper() and len(word) > 3:  # a headline's capitals
        cluster = _record(word.title())[0]
    if not cluster:
        return ["cluster=none"]
    return [f"cluster{bits}={cluster & ((1 << bits) - 1)}" for bits in CLUSTER_BITS]


def name_use(word: str) -> tuple[int, int]:
    """Return how common a word is as a given name and as a surname: 0 not at all, 1 to 7 from rare to common."""
    person = _record(word.lower())[3]
    return person >> 4, person & 15


def uncased_class(word: str) -> int:
    """Return how common a word is in lower case: 0 unknown, 1 rare, up to 8 for the commonest."""
    return (_record(word.lower())[1] + 20) // 2


def type_class(word: str) -> int:
    """Return the number of a word's class of type words, 0 for none; see `TYPE_CLASSES`."""
    classes = type_words().get(word.lower().rstrip("."))
    return TYPE_CLASSES.index(classes[0]) if classes else 0


def _record(word: str) -> tuple[int, int, int, int]:
    found = word_table().get(word)
    return found[0] if found else UNKNOWN
