"""The words of a text, and of what is searched for, in one form for both stores.

Case, accents, apostrophes and marks are gone (`geo.gazetteer.names.normalise`), so that *Idlib’s*, إدلب and Алёппо are
found by *idlib*, ادلب and *алеппо*. The stores' own rules, which differ, have nothing left to decide. In scripts that
put no spaces between words (Chinese, Japanese, Thai, …) each character is a word, and those asked for must stand side
by side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, takewhile

from geo.gazetteer.names import normalise

APART = dict.fromkeys(map(ord, "'’‘`´.،·"), " ")
"""Characters that part words, which `normalise` would drop."""
_TERM = re.compile(r'"([^"]*)("|$)|(\S+)')

# Thai and Lao, Burmese, Khmer, Japanese, Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

LONGEST_TEXT = 500_000
"""Characters of an article that are searched."""
_LONGEST_WORD = 100
_MOST_PLACES = 255
_LAST_PLACE = 16383
_LARGEST_VECTOR = 2**20 - 1
"""Bytes of words and places that a tsvector holds: those of any text of this length, but not of one made up of nothing
but different words."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand side by side; with ``begins`` the last of them need only begin so."""

    words: tuple[str, ...]
    begins: bool = False


def normal_words(text: str) -> str:
    """Return a text's words in normal form, parted by single spaces.

    >>> normal_words("Ma‘arrat’s «Truce», e.g.")
    'ma arrat s truce e g'
    """
    return " ".join(filter(None, map(_normal_word, text[:LONGEST_TEXT].split())))


@lru_cache(maxsize=1 << 15)
def _normal_word(word: str) -> str:
    """Return what stands between two spaces in normal form, which may be several words; texts repeat most of theirs."""
    words = normalise(word.translate(APART))
    if has_unspaced(words):
        words = _UNSPACED.sub(r" \g<0> ", words)
    return " ".join(part[:_LONGEST_WORD] for part in words.split())


def has_unspaced(text: str) -> bool:
    """Tell whether a text has words of a script that puts no spaces between them."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def searched(title: str | None, source: str | None, text: str) -> str:
    """Return the words by which an article is found."""
    return normal_words("\n".join(filter(None, (title, source, text))))


def parse(q: str) -> tuple[Term, ...] | None:
    """Read what a person searches for; None where it is nothing, () where it holds no word to look for.

    >>> parse('"cease fire" ras*')
    (Term(words=('cease', 'fire'), begins=False), Term(words=('ras',), begins=True))
    """
    if not q.strip():
        return None
    found = [_term(match[1] if match[3] is None else match[3]) for match in _TERM.finditer(q)]
    return tuple(term for term in found if term.words)


def _term(text: str) -> Term:
    return Term(tuple(normal_words(text).split()), text.rstrip().endswith("*"))


def for_sqlite(terms: tuple[Term, ...]) -> str:
    """Return terms as FTS5 reads them."""
    return " AND ".join(f'"{" ".join(term.words)}"{" *" if term.begins else ""}' for term in terms)


def for_postgresql(terms: tuple[Term, ...]) -> str:
    """Return terms as a tsquery."""
    return " & ".join("(" + " <-> ".join(_lexemes(term)) + ")" for term in terms)


def _lexemes(term: Term) -> list[str]:
    return [f"'{word}'" for word in term.words[:-1]] + [f"'{term.words[-1]}'{':*' if term.begins else ''}"]


def vector(words: str) -> str:
    """Return words in normal form as a tsvector: each with its places, as many words and places as PostgreSQL keeps."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(words.split(), 1):
        places[word].append(str(min(place, _LAST_PLACE)))
    kept = {word: found[:_MOST_PLACES] for word, found in places.items()}
    # A word is followed by a byte to make them even, and by the number of its places; two bytes each.
    sizes = accumulate(len(word.encode()) + 3 + 2 * len(found) for word, found in kept.items())
    fitting = takewhile(lambda item: item[1] <= _LARGEST_VECTOR, zip(kept.items(), sizes, strict=True))
    return " ".join(f"'{word}':{','.join(found)}" for (word, found), _ in fitting)
