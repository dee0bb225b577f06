"""What is known of single words: shape, affixes, word class, Brown cluster, use as a person's name.

Every distinct word of a text becomes a *word type* once a process; its features are worked out then, so that reading an
article only gathers rows of a table.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

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


class WordFacts(NamedTuple):
    """What the tables say of a word.

    Attributes
    ----------
    cluster
        Its Brown cluster: bits from the root of the tree on, the first lowest; 0 where unknown.
    cased, uncased
        Log probability as written, and in lower case; -20 where unknown.
    given, surname
        How common it is as a name of persons: 0 not at all, 1 to 7 from rare to common.
    types
        Its classes as a type word, title, direction or month.
    """

    cluster: int
    cased: int
    uncased: int
    given: int
    surname: int
    types: tuple[str, ...]


def facts_of(word: str) -> WordFacts:
    """Look a word up."""
    lower = word.lower()
    own = _record(word)
    low = own if word == lower else _record(lower)
    cluster = own[0]
    if not cluster and word.isupper() and len(word) > 3:  # a headline's capitals
        cluster = _record(word.title())[0]
    return WordFacts(cluster, own[1], low[1], low[3] >> 4, low[3] & 15, type_words().get(lower.rstrip("."), ()))


def features_of(word: str, facts: WordFacts) -> list[str]:
    """Return the names of a word's features, in a fixed order.

    Affixes and the word itself are features too; training keeps only those seen in three documents or more.
    """
    lower = word.lower()
    names = [f"shape={shape(word)}", f"w={lower}"]
    if not word[0].isalpha():
        return names
    names += [f"type={name}" for name in facts.types]
    names += _cluster_features(facts.cluster)
    if word != lower:
        names += [f"pre={lower[:2]}", f"pre={lower[:3]}", *(f"suf={lower[-k:]}" for k in (2, 3, 4) if len(lower) > k)]
        case = max(-3, min(3, facts.cased - facts.uncased))
        names += _use_features(facts.given, facts.surname, facts.uncased // 2, case)
    return names


@cache
def _cluster_features(cluster: int) -> tuple[str, ...]:
    if not cluster:
        return ("cluster=none",)
    return tuple(f"cluster{bits}={cluster & ((1 << bits) - 1)}" for bits in CLUSTER_BITS)


@cache
def _use_features(given: int, surname: int, lower: int, case: int) -> tuple[str, ...]:
    return f"given={given}", f"surname={surname}", f"lower={lower}", f"case={case}"


def uncased_class(facts: WordFacts) -> int:
    """Return how common a word is in lower case: 0 unknown, 1 rare, up to 8 for the commonest."""
    return (facts.uncased + 20) // 2


def type_class(facts: WordFacts) -> int:
    """Return the number of a word's first class of type words, 0 for none; see `TYPE_CLASSES`."""
    return TYPE_CLASSES.index(facts.types[0]) if facts.types else 0


def _record(word: str) -> tuple[int, int, int, int]:
    # The table joins words and records with bytes that no text has but damaged ones: a word with NUL is in it never.
    if "\0" in word:
        return UNKNOWN
    try:
        found = word_table().get(word)
    except UnicodeEncodeError:  # half a character
        return UNKNOWN
    return found[0] if found else UNKNOWN
