"""Near duplicates: the same report carried by several, with another lead, byline or a paragraph less.

Reports resemble each other as far as their sets of word triples overlap (Jaccard). Candidates are found by MinHash
(Broder 1997) in bands of a few rows (Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, section 3.4): texts as
alike as `ALIKE` share a band in 96 of 100 cases, texts with a tenth in common in 1 of 800. Among many articles made of
the same phrases these are many all the same, so that a candidate's other bands are looked at before the texts are
compared in full. docs/ingest.md has the measurements behind these numbers.

Reports made from one template (of weather, of losses) may have as many triples in common, and tell other facts: they
have other figures between the same words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo.model import Article

Shingles: TypeAlias = "NDArray[np.uint64]"
"""Word triples as hashes, each once, sorted."""

ALIKE = 0.7
"""Least resemblance of two texts that are one report."""

BANDS, ROWS = 12, 4

_SHINGLE = 3
# Fewer triples say too little: flashes of a dozen words differ by the one word that matters.
_LEAST_SHINGLES = 12
# Scripts without spaces count by character.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_FIGURE = re.compile(r"(?P<before>[^\W\d_]+)\W+(?P<figure>\d[\d.,:]*)(?=\W+(?P<behind>[^\W\d_]+))")
_LEAST_CHANGED = 2
"""Figures that must be others, and half of all, in reports of one template: an update of a report changes fewer."""

_HASH = "<u4"
"""A word's hash, CRC-32, in numpy's name for 32 bits without a sign."""
_LONG_PIECE = 20
"""Characters between two spaces, on average, from which on a text is taken to be written without them."""
_MIX, _MIX_END = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9  # odd constants of SplitMix64 (Steele, Lea & Flood 2014)
_SEED = 20170915

_MARK_BITS = 11
"""What is kept of each row's least hash: a band is one number of 44 bits, six bytes in SQLite. Of a million texts, two
share one by accident 1 time in 3."""

_LEAST_ROWS = BANDS * ROWS // 3
"""Rows that two texts must share to be compared in full: those as alike as `ALIKE` share fewer 3 times in a hundred
million; those that share a band but only a tenth of their triples share as many 1 time in 1000."""


@dataclass(frozen=True)
class Wording:
    """What two reports are compared by.

    Attributes
    ----------
    shingles
        The word triples.
    figures
        The figures by the words before and behind them.
    """

    shingles: Shingles
    figures: Mapping[tuple[str, str], frozenset[str]]


def wording_of_text(text: str, boilerplate: Sequence[Sequence[int]]) -> Wording:
    """Return the wording of a text without the spans given, which are in order."""
    plain = _plain(text, boilerplate)
    figures: dict[tuple[str, str], frozenset[str]] = {}
    for match in _FIGURE.finditer(plain):
        around = match["before"], match["behind"]
        figures[around] = figures.get(around, frozenset()) | {match["figure"]}
    return Wording(_shingles(plain), figures)


def are_alike(some: Wording, other: Wording) -> bool:
    """Tell whether two texts are one report: they are worded alike, and do not tell other figures throughout."""
    both = some.figures.keys() & other.figures.keys()
    changed = sum(some.figures[around].isdisjoint(other.figures[around]) for around in both)
    if changed >= _LEAST_CHANGED and 2 * changed >= len(both):
        return False
    return resemblance(some.shingles, other.shingles) >= ALIKE


def _shingles(plain: str) -> Shingles:
    """Return the word triples of what `_plain` returns."""
    import numpy as np

    pieces = plain.split()
    has_spaces = len(pieces) * _LONG_PIECE > len(plain)
    found = map(_hashes if has_spaces else _hashes.__wrapped__, pieces)
    hashes = np.frombuffer(b"".join(found), _HASH).astype(np.uint64)
    count = max(0, len(hashes) - _SHINGLE + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(_SHINGLE):
        mixed = mixed * np.uint64(_MIX) + hashes[offset : offset + count]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(_MIX_END)
    return np.unique(mixed ^ (mixed >> np.uint64(32)))


@lru_cache(maxsize=1 << 15)
def _hashes(piece: str) -> bytes:
    """Return the hashes of the words between two spaces, mostly one, as `_HASH`; texts repeat most of theirs.

    Not those of scripts without spaces, whose sentences would fill the memory.
    """
    hashes = (zlib.crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(piece))
    return b"".join([value.to_bytes(4, "little") for value in hashes])


def bands_of(article: Article) -> tuple[int, ...]:
    """Return a report's MinHash bands: two reports that share one are candidates for being one report.

    Returns
    -------
    tuple of int
        `BANDS` numbers below 2 ** 44, by band; empty for a report too short to tell.
    """
    return bands_of_text(article.text, article.boilerplate)


def bands_of_text(text: str, boilerplate: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the bands of a text without its boilerplate; see `bands_of`.

    To make them in another way needs a revision that makes all of a store anew, since old and new ones match by chance
    alone.
    """
    import numpy as np

    shingles = _shingles(_plain(text, boilerplate))
    if len(shingles) < _LEAST_SHINGLES:
        return ()
    factors, offsets = _permutations()
    least = (shingles * factors + offsets).min(axis=1)
    marks = (least * np.uint64(_MIX)) >> np.uint64(64 - _MARK_BITS)
    return tuple((marks.reshape(BANDS, ROWS) << _shifts()).sum(axis=1, dtype=np.uint64).tolist())


def may_be_alike(some: Sequence[int], others: Sequence[Sequence[int]]) -> list[bool]:
    """Tell of texts, by their bands, which of them may be as alike as `ALIKE` to one that shares a band with them."""
    import numpy as np

    if not others:
        return []
    apart = np.array(others, np.uint64) ^ np.array(some, np.uint64)
    rows = (apart[:, :, None] >> _shifts()) & np.uint64(2**_MARK_BITS - 1)
    shared = np.count_nonzero(rows == 0, axis=(1, 2))
    return [bool(count >= _LEAST_ROWS) for count in shared]


def resemblance(some: Shingles, others: Shingles) -> float:
    """Return the share of two texts' word triples that both have (Jaccard), 0 to 1; 0 where both have none."""
    import numpy as np

    common = len(np.intersect1d(some, others, assume_unique=True))
    return common / max(1, len(some) + len(others) - common)


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return factors and offsets of the hash functions (Dietzfelbinger 1996), as columns."""
    import numpy as np

    # The raw stream of a bit generator never changes between versions of numpy; that of `Generator` may.
    factors, offsets = np.random.PCG64(_SEED).random_raw(2 * BANDS * ROWS).reshape(2, -1, 1)
    return factors | np.uint64(1), offsets


@cache
def _shifts() -> NDArray[np.uint64]:
    """Return where each row's mark stands in a band."""
    import numpy as np

    return np.arange(ROWS, dtype=np.uint64) * np.uint64(_MARK_BITS)


def _plain(text: str, spans: Sequence[Sequence[int]]) -> str:
    """Return a text without the spans given, which are in order, in one case."""
    kept, at = [], 0
    for start, end in spans:
        kept.append(text[at:start])
        at = end
    return " ".join([*kept, text[at:]]).casefold()
