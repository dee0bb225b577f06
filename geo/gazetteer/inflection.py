"""Base forms of names as they stand in Russian, Arabic and German sentences: light rules, checked by the gazetteer.

Russian puts names into cases (Астане, Восточной Гуты), Arabic writes "and", "in", "to" and the article as part of the
word (بإدلب, والسويداء), German has a genitive (Syriens). The rules give every base form a word may have; those that are
no name drop out when they are looked up. Words are in the normal form of `geo.gazetteer.names.normalise`.
"""

from __future__ import annotations

from functools import lru_cache

_RUSSIAN_ENDINGS: dict[str, str] = {
    # adjectives: Восточной, Саудовскую, Голанских, Нижнем, сирийского
    "ого": "ый ий ой ое", "его": "ий ее", "ому": "ый ий ой ое", "ему": "ий ее", "ими": "ие ий", "ыми": "ые ый",
    "ых": "ые ый", "их": "ие ий", "ым": "ый ое ые", "им": "ий ое ие ый", "ую": "ая ий ый", "юю": "яя",
    "ою": "ая а", "ой": "ая а ий ый", "ей": "яя я а ия ь", "ие": "ий", "ые": "ый", "ая": "ий ый", "ое": "ий ый",
    # nouns: Сирии, Дамаском, Израиля, Казанью, Эмиратов, Балканах
    "иями": "ии", "иях": "ии", "ями": "и", "ами": "ы и а", "ах": "ы и а", "ях": "и", "ов": "ы и", "ев": "ы и",
    "ам": "ы и", "ям": "и", "ии": "ия", "ию": "ия", "ием": "ий ие", "ия": "ий ие", "ье": "ья", "ью": "ь ья",
    "ем": "ь й - ий е", "ом": "- о ый ий ое", "ы": "а -", "и": "а я ь -", "е": "а - я ь й о", "у": "а - о",
    "ю": "я ь й е", "а": "- о", "я": "ь й е",
}  # fmt: skip
"""Endings of oblique cases, and the endings of the nominatives they may come from; "-" is none."""

_SHORTEST_STEM = 3
_SHORTEST_ARABIC_STEM = 2
"""As in "and Umm Qasr", a word of three letters."""
_ARABIC_CLITICS = ("و", "ف", "ب", "ل", "ك")
_ARABIC_ARTICLE = "ال"
_ARABIC_ADJECTIVES = ("يه", "يين", "يون", "يات")
"""Feminine and plurals of an adjective in -i: سورية, السوريين for سوري."""


@lru_cache(maxsize=65536)
def base_forms(word: str, language: str) -> tuple[str, ...]:
    """Return the forms a word of a name may stand for, itself first; only itself in other languages.

    >>> base_forms("астане", "ru")[:2], base_forms("بادلب", "ar")[:2]
    (('астане', 'астана'), ('بادلب', 'ادلب'))
    """
    if language == "ru":
        return tuple(dict.fromkeys([word, *_russian(word)]))
    if language == "ar":
        return tuple(dict.fromkeys([word, *_arabic(word)]))
    if language == "de" and word.endswith("s") and len(word) > _SHORTEST_STEM:
        return word, word.removesuffix("s")
    return (word,)


def _russian(word: str) -> list[str]:
    return [
        word.removesuffix(ending) + nominative.removeprefix("-")
        for ending, nominatives in _RUSSIAN_ENDINGS.items()
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM
        for nominative in nominatives.split()
    ]


def _arabic(word: str) -> list[str]:
    """Strip up to two clitics, then the article; "لل" hides an article."""
    found = []
    for stripped in (word, word[1:], word[2:]):
        taken = word[: len(word) - len(stripped)]
        if len(stripped) < _SHORTEST_ARABIC_STEM or any(letter not in _ARABIC_CLITICS for letter in taken):
            break
        found.append(stripped)
        if taken.endswith("ل") and stripped.startswith("ل"):
            found.append("ا" + stripped)
        if stripped.startswith(_ARABIC_ARTICLE) and len(stripped) > len(_ARABIC_ARTICLE) + 1:
            found.append(stripped[len(_ARABIC_ARTICLE) :])
    found += [form.removesuffix(end) + "ي" for form in found for end in _ARABIC_ADJECTIVES if form.endswith(end)]
    return found[1:]
