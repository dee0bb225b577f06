"""The gazetteer's index: names to places, from memory-mapped tries and columns.

Nothing is read until it is asked for; opening takes milliseconds and processes share the pages.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import marisa_trie
import numpy as np
import numpy.typing as npt

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.inflection import base_forms
from geo.gazetteer.names import likeness, normalise, skeletons
from geo.gazetteer.postings import Pairs
from geo.gazetteer.sources import NAME_KINDS, NameKind
from geo.model import FeatureKind, Place

MAX_TOKENS = 8
"""The longest run of tokens that is looked up as one name."""

MOST_BEGINNING = 5_000
"""Names looked at for a beginning: some milliseconds."""

INFLECTED = frozenset({"ru", "ar", "de"})
"""Languages in which names are looked up by their base forms too."""

Rows = npt.NDArray[np.uint32]


class NameMatch(NamedTuple):
    """A run of tokens that is a name: tokens ``start`` to ``end`` (exclusive), and the name's id."""

    start: int
    end: int
    name_id: int


class SimilarName(NamedTuple):
    """A name that shares a skeleton with the one asked for, and how alike they are (0 to 1)."""

    name: str
    name_id: int
    similarity: float


class Index:
    """The gazetteer, read-only. Open it with `geo.gazetteer.index.open_index`; it may be shared by threads.

    **Places are rows.** A row is an integer below ``len(index)``; every column is an array indexed by row (read the
    whole, or fancy-index it with the rows a name gave):

    ==================  ==========================================================================================
    ``lon``, ``lat``    degrees, EPSG:4326
    ``population``      0 where unknown; of a unit the sum of its towns'
    ``size``            log10(population + 1); of regions, waters and continents log10(km² + 1) where that is more
    ``prominence``      size, more for countries and capitals; with the kind of name, the order of postings
    ``feature``         index into `FEATURES` (``index.feature_of(row)`` gives the word)
    ``country``         index into ``country_codes``; 0 is "" (in no single country)
    ``admin1, admin2``  row of the unit it lies in, -1 where unknown; a unit lies in itself
    ``code``            index into ``feature_codes``: GeoNames codes as PPLC, PPLA2, PPLX
    ``name_count``      how many names it has, in all languages: the better known, the more
    ``uncertainty_km``  how far the true place may be from the point
    ==================  ==========================================================================================

    ``place(row)`` makes a `Place`, ``row_of("geonames:170063")`` finds its row, ``country_row("SY")`` a country's.

    **Names are ids.** ``name_id(normal)`` gives the id of a name in the normal form of `geo.gazetteer.names.normalise`;
    ``rows_of(name_id)`` the places it may stand for, most prominent first, and ``kinds_of(name_id)``, parallel to it,
    how it belongs to each (index into `NAME_KINDS`: main, alternate, official, abbreviation, historic, bare, demonym,
    weak, code). ``classes[name_id]`` is a bitmask of `NameClass`: what kinds of place it may stand for at all.
    ``find(name)`` is all of it in one call for a name as written; ``find_similar(name)`` finds rows by skeleton.

    **Longest match.** Normalise each token of a text once; then ``matches(tokens)`` gives every run of up to eight
    tokens that is a name, ``names_at(tokens, i)`` those that start at token ``i``, longest first. Case is gone in the
    normal form ("us" is both US and us): look at the text itself.

    Examples
    --------
    >>> from geo.gazetteer.index import open_index
    >>> from geo.settings import load_settings
    >>> index = open_index(load_settings())
    >>> index.place(int(index.find("Damascus")[0])).country
    'SY'
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = folder.name.removeprefix("gazetteer-")

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.lon)

    def _column(self, name: str) -> Any:
        return np.load(self.folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)

    def _layer_tries(self, name: str) -> list[Any]:
        return [marisa_trie.Trie().mmap(str(self.folder / f"{name}-{layer}.trie")) for layer in range(self.layers)]

    def _layer_columns(self, name: str) -> list[Any]:
        return [self._column(f"{name}-{layer}") for layer in range(self.layers)]

    @cached_property
    def layers(self) -> int:
        """How many layers the index has: one, and one for each part of what the user added."""
        return len(self._meta["rows"])

    lon = cached_property(lambda self: self._column("lon"))
    lat = cached_property(lambda self: self._column("lat"))
    population = cached_property(lambda self: self._column("population"))
    size = cached_property(lambda self: self._column("size"))
    prominence = cached_property(lambda self: self._column("prominence"))
    uncertainty_km = cached_property(lambda self: self._column("uncertainty_km"))
    feature = cached_property(lambda self: self._column("feature"))
    country = cached_property(lambda self: self._column("country"))
    admin1 = cached_property(lambda self: self._column("admin1"))
    admin2 = cached_property(lambda self: self._column("admin2"))
    code = cached_property(lambda self: self._column("code"))
    name_count = cached_property(lambda self: self._column("name_count"))
    classes = cached_property(lambda self: self._column("name_class"))
    _source = cached_property(lambda self: self._column("source"))
    _name_start = cached_property(lambda self: self._column("name_start"))
    _name_row = cached_property(lambda self: self._column("name_posting"))
    _name_kind = cached_property(lambda self: self._column("name_kind"))
    _skeleton_start = cached_property(lambda self: self._layer_columns("skeleton_start"))
    _skeleton_name = cached_property(lambda self: self._layer_columns("skeleton_posting"))
    _id_key = cached_property(lambda self: self._column("id_key"))
    _id_row = cached_property(lambda self: self._layer_columns("id_row"))
    _label_key = cached_property(lambda self: self._column("label_key"))
    _names = cached_property(lambda self: self._layer_tries("name"))
    _skeletons = cached_property(lambda self: self._layer_tries("skeleton"))
    _ids = cached_property(lambda self: self._layer_tries("id"))
    _labels = cached_property(lambda self: self._layer_tries("label"))

    @cached_property
    def _meta(self) -> dict[str, Any]:
        meta: dict[str, Any] = json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))
        return meta

    @cached_property
    def country_codes(self) -> tuple[str, ...]:
        """ISO 3166-1 alpha-2 codes by the numbers of the ``country`` column; the first is ""."""
        return tuple(self._meta["lists"]["country"])

    @cached_property
    def feature_codes(self) -> tuple[str, ...]:
        """GeoNames feature codes by the numbers of the ``code`` column; "" where none is known."""
        return tuple(self._meta["lists"]["code"])

    def country_row(self, code: str) -> int | None:
        """Return the row of a country by its ISO 3166-1 alpha-2 code, None for a code that is no country's."""
        row: int | None = self._meta["countries"].get(code.upper())
        return row

    def name_id(self, normal: str) -> int | None:
        """Return the id of a name in the normal form, None where no place bears it."""
        for trie, first in zip(self._names, self._meta["names"], strict=True):
            if (number := trie.get(f"{normal} ")) is not None:
                return int(first + number)
        return None

    def name(self, name_id: int) -> str:
        """Return a name, in the normal form."""
        starts = self._meta["names"]
        layer = bisect_right(starts, name_id) - 1
        return str(self._names[layer].restore_key(name_id - starts[layer]))[:-1]

    def rows_of(self, name_id: int) -> Rows:
        """Return the places that bear a name, most prominent first."""
        rows: Rows = self._name_row[self._name_start[name_id] : self._name_start[name_id + 1]]
        return rows

    def bearers(self, name_ids: npt.NDArray[Any], most: int) -> tuple[npt.NDArray[np.int64], Rows]:
        """Return the places that bear each of some names, of each name the ``most`` most prominent.

        Two arrays, a place each: which of the names it bears (an index into ``name_ids``), and its row.
        """
        start = self._name_start[name_ids].astype(np.int64)
        counts = np.minimum(self._name_start[name_ids + 1] - start, most)
        owner = np.repeat(np.arange(len(start)), counts)
        rows: Rows = self._name_row[np.arange(len(owner)) + np.repeat(start - np.cumsum(counts) + counts, counts)]
        return owner, rows

    def counts(self, name_ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """Return how many places bear each name."""
        start = self._name_start
        counts: npt.NDArray[np.int64] = start[name_ids + 1].astype(np.int64) - start[name_ids].astype(np.int64)
        return counts

    def kinds_of(self, name_id: int) -> npt.NDArray[np.uint8]:
        """Return how a name belongs to each place of ``rows_of``: indexes into `NAME_KINDS`."""
        kinds: npt.NDArray[np.uint8] = self._name_kind[self._name_start[name_id] : self._name_start[name_id + 1]]
        return kinds

    def kind_words_of(self, name_id: int) -> tuple[NameKind, ...]:
        """Return the same in words."""
        return tuple(NAME_KINDS[kind] for kind in self.kinds_of(name_id))

    def find(self, name: str) -> Rows:
        """Return the places that bear exactly this name, whatever its case and accents; most prominent first."""
        number = self.name_id(normalise(name))
        return self.rows_of(number) if number is not None else np.empty(0, dtype=np.uint32)

    def find_beginning(self, text: str, limit: int) -> Rows:
        """Return the most prominent places with a name that begins like this, whatever its case and accents.

        Where very many names do, only the first `MOST_BEGINNING` in order of the alphabet are looked at.
        """
        beginning = normalise(text)
        keys = [
            first + number
            for trie, first in zip(self._names, self._meta["names"], strict=True)
            for _, number in islice(trie.iteritems(beginning), MOST_BEGINNING)
        ]
        if not beginning or not keys:
            return np.empty(0, dtype=np.uint32)
        rows = np.unique(self.bearers(np.array(keys, dtype=np.int64), limit)[1])
        best: Rows = rows[np.argsort(-self.prominence[rows], kind="stable")][:limit]
        return best

    def similar_names(self, name: str, country: str | None = None) -> list[SimilarName]:
        """Return the names that share a skeleton with this one, the most alike first; the name itself is among them.

        With ``country`` (ISO 3166-1 alpha-2) only names that some place there bears: anywhere, a short name has many.

        Similarity is `geo.gazetteer.names.likeness`.
        """
        wanted = normalise(name)
        numbers = self._sharing_skeleton(name)
        if country is not None:
            owner, rows = self.bearers(np.array(numbers, dtype=np.int64), len(self))
            inside = self.country[rows] == self._country_numbers.get(country.upper(), -1)
            numbers = [numbers[at] for at in np.unique(owner[inside]).tolist()]
        others = [(self.name(number), number) for number in numbers]
        found = [SimilarName(other, number, likeness(wanted, other)) for other, number in others]
        return sorted(found, key=lambda match: (-match.similarity, match.name))

    def _sharing_skeleton(self, name: str) -> list[int]:
        numbers: dict[int, None] = {}
        for key in skeletons(name):
            for trie, starts, names in zip(self._skeletons, self._skeleton_start, self._skeleton_name, strict=True):
                if (at := trie.get(key)) is not None:
                    numbers |= dict.fromkeys(names[starts[at] : starts[at + 1]].tolist())
        return list(numbers)

    def find_similar(self, name: str, country: str | None = None, *, least: float = 0.0) -> Rows:
        """Return places whose name may be another spelling of this one, the most alike first.

        Parameters
        ----------
        country
            ISO 3166-1 alpha-2 code to stay within; anywhere by default, which gives many for short names.
        least
            The least similarity, 0 to 1.
        """
        rows: dict[int, None] = {}
        for match in self.similar_names(name, country):
            if match.similarity < least:
                break
            rows |= dict.fromkeys(self._rows_in(match.name_id, country).tolist())
        return np.array(list(rows), dtype=np.uint32)

    def _rows_in(self, name_id: int, country: str | None) -> Rows:
        rows = self.rows_of(name_id)
        if country is None:
            return rows
        inside: Rows = rows[self.country[rows] == self._country_numbers.get(country.upper(), -1)]
        return inside

    @cached_property
    def _country_numbers(self) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.country_codes) if code}

    def names_at(self, tokens: Sequence[str], start: int, language: str = "en") -> list[NameMatch]:
        """Return the names that start at a token, longest first; tokens are in the normal form, none empty.

        In Russian and Arabic ("ru", "ar") a token may stand for its base forms too: Астане for Астана, بإدلب for إدلب.
        A name that needs no change comes before others of its length.
        """
        if language in INFLECTED:
            return self._inflected_at(tokens, start, language)
        found = self.names_in(" ".join(tokens[start : start + MAX_TOKENS]))
        return [NameMatch(start, start + tokens_in, number) for tokens_in, number in reversed(found)]

    def names_in(self, text: str) -> list[tuple[int, int]]:
        """Return the names that open a text in the normal form: how many tokens each has and its id, shortest first."""
        text = f"{text} "
        found = [(name.count(" "), number) for name, number in self._names[0].iter_prefixes_with_ids(text)]
        for trie, first in zip(self._names[1:], self._meta["names"][1:], strict=True):
            found += [(name.count(" "), first + number) for name, number in trie.iter_prefixes_with_ids(text)]
            found.sort()
        return found

    def _inflected_at(self, tokens: Sequence[str], start: int, language: str) -> list[NameMatch]:
        found: list[NameMatch] = []
        prefixes = [""]
        for end, token in enumerate(tokens[start : start + MAX_TOKENS], start + 1):
            forms = base_forms(token, language)
            longer = [f"{prefix}{form} " for prefix in prefixes for form in forms]
            prefixes = [text for text in longer if self._begins_a_name(text)]
            numbers = [number for text in prefixes if (number := self.name_id(text[:-1])) is not None]
            found = [NameMatch(start, end, number) for number in numbers] + found
            if not prefixes:
                break
        return found

    def _begins_a_name(self, text: str) -> bool:
        return any(next(trie.iterkeys(text), None) is not None for trie in self._names)

    def matches(self, tokens: Sequence[str], language: str = "en") -> list[NameMatch]:
        """Return every run of tokens that is a name, by start, longest first; tokens and language as in `names_at`."""
        return [match for start in range(len(tokens)) for match in self.names_at(tokens, start, language)]

    def lies_in(self, row: int, unit: int) -> bool:
        """Tell whether a place lies in a country or unit by the gazetteer's own codes; nothing lies in itself."""
        if row == unit:
            return False
        if self.feature_of(unit) == "country":
            return bool(self.country[row] == self.country[unit])
        return unit in {int(self.admin1[row]), int(self.admin2[row])}

    def feature_of(self, row: int) -> FeatureKind:
        """Return the kind of a place."""
        return FEATURES[int(self.feature[row])]

    def label(self, row: int) -> str:
        """Return the name a place is shown by."""
        return str(self._labels[self._layer_of(row)].restore_key(int(self._label_key[row])))

    def id_of(self, row: int) -> str:
        """Return a place's id, as ``geonames:170063``."""
        return str(self._ids[self._layer_of(row)].restore_key(int(self._id_key[row])))

    def _layer_of(self, row: int) -> int:
        return bisect_right(self._meta["rows"], row) - 1

    def row_of(self, place_id: str) -> int | None:
        """Return the row of a place's id; None for an id that is not in the gazetteer."""
        for trie, rows in zip(self._ids, self._id_row, strict=True):
            if (key := trie.get(place_id)) is not None:
                return int(rows[key])
        return None

    def pairs(self, first: int, last: int) -> Pairs:
        """Return the names of a stretch of ids with the places that bear them: what `geo.gazetteer.writing` merges."""
        last = min(last, len(self.classes))
        if first >= last:
            return Pairs(*(np.empty(0, dtype=np.uint32) for _ in range(3)))
        starts = self._name_start[first : last + 1]
        here = slice(int(starts[0]), int(starts[-1]))
        ids = np.repeat(np.arange(first, last, dtype=np.uint32), np.diff(starts.astype(np.int64)))
        return Pairs(ids, self._name_row[here], self._name_kind[here])

    def place(self, row: int) -> Place:
        """Return a row as a place."""
        admin1, admin2 = int(self.admin1[row]), int(self.admin2[row])
        return Place(
            id=self.id_of(row),
            name=self.label(row),
            feature=self.feature_of(row),
            country=self.country_codes[self.country[row]] or None,
            admin1=_unit_label(self, admin1) if admin1 >= 0 else None,
            admin2=_unit_label(self, admin2) if admin2 >= 0 else None,
            lat=float(self.lat[row]),
            lon=float(self.lon[row]),
            population=int(self.population[row]),
            uncertainty_km=round(float(self.uncertainty_km[row]), 1),
            source=self._meta["lists"]["source"][self._source[row]],
        )


@lru_cache(maxsize=8192)
def _unit_label(index: Index, row: int) -> str:
    """Return the name that a unit is shown by; many places lie in the same ones."""
    return index.label(row)
