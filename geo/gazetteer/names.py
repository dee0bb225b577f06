"""Names made comparable: the exact normal form, and a skeleton that survives transliteration.

`normalise` removes what never tells two names apart in print (case, accents, apostrophes, punctuation). `skeleton`
keeps only the consonants that every usual romanisation, Russian and Arabic script agree on, so that Kuneytra,
Al-Qunayṭirah, Кунейтра and القنيطرة share one key. Where a letter may be read in two ways (French *ch* is sh, German
*ch* is kh), `skeletons` gives one key a reading.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, product

from geo.gazetteer.transliteration import (
    ARABIC,
    ARABIC_ARTICLE,
    ARABIC_WEAK_END,
    ARTICLES,
    ATTACHED_ARTICLE,
    CYRILLIC,
    DOUBLED,
    GENERIC,
    GRAPHEME,
    INITIAL,
    INITIAL_W,
    JOINED_ARTICLE,
    LETTERS,
    READINGS,
    SOUND,
    VOWELS,
    WEAK_FINAL_H,
    WEAK_FINAL_T,
)

MAX_READINGS = 6


class _Folding(dict[int, str | None]):
    """What each character becomes in the normal form, worked out once a character."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _fold(chr(code))
        return folded


_DROPPED = set("'’‘ʼʻʾʿ`´ʹʺ″′.،·ـ־ء˛ˌ") | {"\u200c", "\u200d", "\u200e", "\u200f", "\ufeff", "\u00ad"}


def _fold(char: str) -> str | None:
    if char in LETTERS:
        return LETTERS[char]
    if char in _DROPPED or "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u065f" or char == "\u0670":
        return None
    return " " if unicodedata.category(char)[0] in "PSZC" else char


_FOLDING = _Folding()
_COMMONEST = {grapheme: readings[0] for grapheme, readings in READINGS.items()}


def normalise(name: str) -> str:
    """Return the exact normal form: casefolded, without accents, apostrophes and full stops; other marks are spaces.

    Forms of alef, final ya and ta marbuta become one each; ё is е. Normalising each token of a text and joining them by
    spaces gives the same as normalising the whole. Empty where nothing is left.

    >>> normalise("Ma‘arrat an-Nu‘mān"), normalise("U.S."), normalise("إدلب")
    ('maarrat an numan', 'us', 'ادلب')
    """
    if name.isascii():
        folded = name.lower().translate(_FOLDING)
    else:
        bare = unicodedata.normalize("NFKD", name.casefold()).replace("и\u0306", "й").translate(_FOLDING)
        folded = unicodedata.normalize("NFC", bare)
    return " ".join(folded.split())


def skeleton(name: str) -> str:
    """Return the key of a name's commonest reading; see `skeletons`. Empty where no key can be made."""
    keys = skeletons(name)
    return keys[0] if keys else ""


def skeletons(name: str) -> tuple[str, ...]:
    """Return the keys of a name, one a reading of its ambiguous letters, the commonest first.

    A key holds consonant classes in capitals; an initial vowel is ``A``, other vowels, articles, ayn, hamza and doubled
    letters are gone. Names in scripts other than Latin, Cyrillic and Arabic have none.

    >>> skeleton("Kuneytra"), skeleton("Al-Qunayṭirah"), skeleton("القنيطرة")
    ('KNTR', 'KNTR', 'KNTR')
    """
    return skeletons_of_normal(_marked(name))


def _marked(name: str) -> str:
    """Normalise, but keep the letters whose accent is another sound: ş, š, ç, č, ğ."""
    if name.isascii():
        return normalise(name)
    marked = name.casefold()
    for letter, sound in (("ş", "sh"), ("š", "sh"), ("ș", "sh"), ("ç", "ch"), ("č", "ch"), ("ž", "j")):
        marked = marked.replace(letter, sound)
    return normalise(marked)


def skeletons_of_normal(normal: str) -> tuple[str, ...]:
    """Return the keys of an already normalised name; see `skeletons`."""
    if not normal.isascii():
        normal = normal.translate(CYRILLIC)
        if not normal.isascii():
            normal = ARABIC_WEAK_END.sub("", ARABIC_ARTICLE.sub("", normal)).translate(ARABIC)
            if not normal.isascii():
                return ()
            return _keys(_without_generic(normal.split()))
    tokens = _without_generic(normal.split())
    attached = bool(tokens and ATTACHED_ARTICLE.match(tokens[0]))
    return _keys([DOUBLED.sub(_single, token) for token in tokens], attached=attached)


def _single(doubled: re.Match[str]) -> str:
    return doubled[1] or doubled[2] or ""


def _without_generic(tokens: list[str]) -> list[str]:
    """Drop articles that stand before another word, and a first word that only says what kind of place it is."""
    if len(tokens) > 1 and tokens[0] in GENERIC:
        tokens = tokens[1:]
    kept = [token for token in tokens[:-1] if token not in ARTICLES]
    return [*kept, *tokens[-1:]]


def _keys(tokens: list[str], *, attached: bool = False) -> tuple[str, ...]:
    """Return the keys of words; with ``attached`` also those without the first vowel, which may be an article's."""
    if not tokens:
        return ()
    tokens = [WEAK_FINAL_H.sub("", token) for token in tokens]
    linked = [JOINED_ARTICLE.sub("^", WEAK_FINAL_T.sub("~", token)) for token in tokens[:-1]]
    joined = "".join(linked) + tokens[-1]
    joined = INITIAL_W.sub("w", joined)
    initials = ("A", "")[: 1 + attached] if joined[:1] in "aeiou" else ("",)
    first, rest = INITIAL.get(joined[:1], ("",)), joined[1:] if joined[:1] in INITIAL else joined
    graphemes = GRAPHEME.findall(rest)
    keys = {
        (initial + start + "".join([reading[grapheme] for grapheme in graphemes])).replace("NB", "MB"): None
        for reading in _readings(graphemes)
        for start in first
        for initial in initials
    }
    return tuple(key for key in keys if key)


def _readings(graphemes: list[str]) -> list[dict[str, str]]:
    """Return the ways to read the graphemes; one way holds for the whole name, as one romanisation does."""
    ambiguous = [grapheme for grapheme in dict.fromkeys(graphemes) if len(READINGS[grapheme]) > 1]
    if not ambiguous:
        return [_COMMONEST]
    choices = islice(product(*(READINGS[grapheme] for grapheme in ambiguous)), MAX_READINGS)
    return [_COMMONEST | dict(zip(ambiguous, choice, strict=True)) for choice in choices]


def romanise(normal: str) -> str:
    """Return a normal form in Latin letters, as far as tables go: for comparing spellings, not for showing."""
    if normal.isascii():
        return normal
    return ARABIC_ARTICLE.sub("", normal.translate(CYRILLIC)).translate(ARABIC).lower()


def likeness(one: str, other: str) -> float:
    """Return how alike two names in the normal form are, 0 to 1, by their letters and by how they sound.

    The mean of RapidFuzz's ratio of the romanised forms and that of their sounds: consonant classes and three vowels.
    """
    from rapidfuzz import fuzz

    first, second = romanise(one), romanise(other)
    return (fuzz.ratio(first, second) + fuzz.ratio(_sounds(first), _sounds(second))) / 200


def _sounds(romanised: str) -> str:
    joined = "".join([DOUBLED.sub(_single, token) for token in _without_generic(romanised.split())])
    return "".join([_COMMONEST.get(part) or VOWELS.get(part, "") for part in SOUND.findall(joined)])
