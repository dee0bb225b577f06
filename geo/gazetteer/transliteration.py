"""Tables of letters: what each becomes in the normal form and in the skeleton of a name.

After the romanisation systems in use for Arabic (BGN/PCGN 1956, DMG, the French and the Turkish press), Russian
practical transcription and our own knowledge of how the press spells. Capital letters stand for classes of consonants.
"""

from __future__ import annotations

import re

LETTERS: dict[str, str] = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t",
    "ə": "a", "ɨ": "i", "ĸ": "k", "&": " and ",
    "ى": "ي", "ی": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "گ": "گ", "ٱ": "ا", "ۆ": "و", "ې": "ي",
    "ێ": "ي",
}  # fmt: skip
"""Letters of the normal form that Unicode does not decompose."""

CYRILLIC: dict[int, str] = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "J", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i",
    "є": "e", "ґ": "g", "ў": "u", "қ": "q", "ғ": "gh", "ә": "a", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ң": "n",
    "ђ": "J", "ј": "y", "љ": "l", "њ": "n", "ћ": "ch", "џ": "J", "ѓ": "g", "ќ": "k", "ѕ": "z",
})  # fmt: skip

ARABIC: dict[int, str] = str.maketrans({
    "ا": "a", "ب": "b", "پ": "b", "ت": "t", "ث": "U", "ج": "J", "چ": "C", "ح": "H", "خ": "X", "د": "d", "ذ": "V",
    "ر": "r", "ز": "z", "ژ": "J", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "V", "ع": "e", "غ": "gh",
    "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
    "ە": "e", "ڕ": "r", "ڵ": "l",
})  # fmt: skip

ARTICLES = frozenset({
    "al", "el", "il", "ul", "as", "es", "us", "ash", "esh", "ach", "ech", "asch", "esch", "az", "ez", "uz", "ad", "ed",
    "ud", "adh", "edh", "ar", "er", "ur", "an", "en", "un", "at", "et", "ut", "ath", "eth", "l",
    "ehl", "ehr", "ehs", "ehn", "ehz", "eht", "ehd", "ehsh",
})  # fmt: skip
"""The Arabic article in all usual spellings, assimilated to the next consonant or not."""

READINGS: dict[str, tuple[str, ...]] = {
    "tsch": ("S",), "dsch": ("J",), "sch": ("S",), "dzh": ("J",), "dj": ("J",), "dz": ("J", "S"), "tch": ("S",),
    "sh": ("S",), "ch": ("S", "H", "K"), "kh": ("H",), "gh": ("K",), "rh": ("K", "R"), "dh": ("D", "S"),
    "th": ("T", "D"), "ph": ("F",), "ts": ("S",), "tz": ("S",), "sz": ("S",), "cz": ("S",), "ck": ("K",),
    "qu": ("K",), "gu": ("K",), "zh": ("J",),
    "b": ("B",), "p": ("B",), "c": ("K", "J"), "d": ("D",), "f": ("F",), "g": ("K",), "h": ("H",), "j": ("J", ""),
    "k": ("K",), "l": ("L",), "m": ("M",), "n": ("N",), "q": ("K",), "r": ("R",), "s": ("S",), "t": ("T",),
    "v": ("",), "w": ("",), "x": ("KS", "H"), "y": ("",), "z": ("S",), "~": ("T", ""), "^": ("", "L"),
    "U": ("T", "S"), "C": ("S",), "H": ("H",), "X": ("H",), "V": ("D", "S"), "J": ("J",), "dJ": ("J",),
}  # fmt: skip
"""Classes of consonants a letter or group of letters may stand for, the commonest first."""

INITIAL: dict[str, tuple[str, ...]] = {"w": ("W",), "v": ("W",), "y": ("Y",), "j": ("J", "Y")}
"""Readings that hold only at the start of a name."""

GRAPHEME = re.compile("|".join(sorted((re.escape(grapheme) for grapheme in READINGS), key=len, reverse=True)))
WEAK_FINAL_H = re.compile(r"(?<=[aeiouy])h$")
WEAK_FINAL_T = re.compile(r"(?<=[ae])t$")
INITIAL_W = re.compile(r"^(?:ou|u)(?=[aei])")
ARABIC_ARTICLE = re.compile(r"(?:^|(?<= ))ال(?=\w{3})")

VOWELS: dict[str, str] = {"a": "a", "e": "a", "i": "i", "y": "i", "o": "u", "u": "u", "ou": "u", "w": "u", "v": "u"}
"""The three vowels that romanisations of Arabic agree on; waw and ya count as theirs."""

SOUND = re.compile(f"ou|{GRAPHEME.pattern}|[aeiou]")

ARABIC_WEAK_END = re.compile(r"(?<=\w\w)ه(?= |$)")
"""Ta marbuta, in the normal form a ha: written, but not heard."""

DOUBLED = re.compile(r"([bcdfgjklmnpqrstvwxz])\1+|s(?=sh|sch)|k(?=kh)|t(?=th)|d(?=dh|dj)|(sh|kh|dh|th|gh|ch)\2")
"""A doubled consonant, single or of two letters, as romanisations write shadda or do not."""

GENERIC = frozenset({
    "nahiyat", "nahiyah", "nahiya", "madinat", "medinat", "madinet", "qaryat", "qariyat", "baldat", "muhafazat",
    "mintaqat", "mantiqat", "qada", "nahy", "mdyn", "qry", "bld", "mHafV", "mntq", "qdaa", "gorod",
})  # fmt: skip
"""Words for town, village and district that some write before a name."""

JOINED_ARTICLE = re.compile(r"(?<=[bdt])(?:ou|u|o)l$")
"""The article run into the word before it: Abul, Kalatul."""

ATTACHED_ARTICLE = re.compile(r"[aeu](ss|nn|zz|rr|dd|tt|ssh|ssch)(?=\w{3})")
"""The article run into its word and assimilated to it: Essanamein, Ennebek."""
