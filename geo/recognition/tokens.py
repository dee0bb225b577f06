"""Text to tokens and sentences, in any script, with exact character offsets.

A token is a run of letters and digits (with combining marks and inner apostrophes), an abbreviation such as "U.S.", a
possessive ending, or a single other character. Hyphens stand alone, so that both "Fargo" and "Moorhead" of
"Fargo-Moorhead" can be spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from geo.model import Span
from geo.recognition.lists import word_list

# Marks that combine with the letter before them are not \w in Python: Latin accents, Arabic vowel signs and tatweel.
_MARKS = "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670"
_WORD = rf"[^\W_][\w{_MARKS}]*+"
_APOSTROPHE = "['’ʼ`]"

_TOKEN = re.compile(
    rf"([A-Z]\.(?:[A-Z]\.)+"  # U.S., D.C.
    rf"|{_APOSTROPHE}[sS]\b"  # the possessive of "Syria's"
    rf"|{_WORD}(?:{_APOSTROPHE}(?![sS]\b)[^\W_]{{2,}})?"  # O'Fallon, but Syria + 's
    r"|\S)"
)

_CLOSERS = r"\"'”’»)\]"
# Every match begins with one of the same few characters, so that the rest of a text is passed over quickly. Of a run of
# marks only the first is tried: of thousands each would be followed to the end.
_SENTENCE_END = re.compile(rf"[\n.!?؟。…](?:(?<=\n)|(?<![.!?؟。…]{{2}})[.!?؟。…]*[{_CLOSERS}]*(?=\s))")
_FOLLOWING = re.compile(r"\s*[\"'“‘«(\[]*([^ ]*)")
_BEFORE = re.compile(r"[^\s(\[\"“‘«]*+$")
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_REACH, _LONGEST = 60, 20
"""How far after a full stop its sentence's next word is looked for, and how long an abbreviation may be."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, in order.

    Attributes
    ----------
    words
        The tokens as written.
    starts, ends
        Their character offsets, end exclusive.
    sentences
        Spans of characters, in order; every token lies in one.
    first
        For each sentence, the index of its first token; the number of tokens is appended.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Span]
    first: list[int]

    def sentence_at(self, offset: int) -> Span:
        """Return the sentence that holds the character at ``offset``."""
        place = bisect_right(self.sentences, (offset, 1 << 60)) - 1
        return self.sentences[max(place, 0)]


def tokenise(text: str, skip: tuple[Span, ...] = ()) -> Tokens:
    """Split a text into tokens and sentences; nothing inside the spans of ``skip`` becomes a token."""
    pieces: list[str] = _TOKEN.split(text)  # white space and tokens in turn
    offsets = [*accumulate(map(len, pieces))]
    words, starts, ends = pieces[1::2], offsets[:-1:2], offsets[1::2]
    if skip:
        kept = [i for i, start in enumerate(starts) if not any(a <= start < b for a, b in skip)]
        words = [words[i] for i in kept]
        starts, ends = [starts[i] for i in kept], [ends[i] for i in kept]
    first = sorted({bisect_left(starts, cut) for cut in _cuts(text)} | {0, len(words)})
    sentences = [(starts[a], ends[b - 1]) for a, b in pairwise(first)]
    return Tokens(words, starts, ends, sentences, first if words else [0])


def parts_of(tokens: Tokens, most: int) -> list[Tokens]:
    """Return the tokens of a text in parts of so many at most, cut between sentences but where one is longer."""
    if len(tokens.words) <= most:
        return [tokens]
    bounds = [bound for a, b in pairwise(tokens.first) for bound in range(a, b, most)] + [len(tokens.words)]
    cuts = [0]
    for before, bound in pairwise(bounds):
        if bound - cuts[-1] > most:
            cuts.append(before)
    return [_part(tokens, bounds, *cut) for cut in pairwise([*cuts, len(tokens.words)])]


def _part(tokens: Tokens, bounds: list[int], start: int, end: int) -> Tokens:
    within = bounds[bisect_left(bounds, start) : bisect_right(bounds, end)]
    sentences = [(tokens.starts[a], tokens.ends[b - 1]) for a, b in pairwise(within)]
    first = [bound - start for bound in within]
    return Tokens(tokens.words[start:end], tokens.starts[start:end], tokens.ends[start:end], sentences, first)


def _cuts(text: str) -> list[int]:
    """Return where sentences end, but for the last.

    A line break ends a sentence: in news it parts headlines and paragraphs. A full stop after an abbreviation or an
    initial, or before a lower-case letter, does not.
    """
    return [m.end() for m in _SENTENCE_END.finditer(text) if m[0][0] == "\n" or _ends_sentence(text, m)]


@cache
def _abbreviations() -> frozenset[str]:
    """Return words whose full stop does not end a sentence."""
    return word_list("en", "abbreviations") | word_list("ru", "abbreviations")


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = _FOLLOWING.match(text, match.end(), match.end() + _REACH)
    word_after = following[1] if following else ""
    if word_after[:1].islower():
        return False
    if match[0][0] != ".":
        return True
    before = _BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
    word = before[0] if before else ""
    if len(word) == 1 and word.isupper():  # an initial: "J. Smith"
        return False
    if _INITIALS.fullmatch(word):  # "U.S. Army" against "in the U.S. The"
        return word_after in word_list("en", "sentence starters")
    return word.lower() not in _abbreviations()
