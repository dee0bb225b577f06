"""What a workspace should hold after any steps: plain Python beside which the real stores are set."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace

from search_cast import HOMS_PROVINCE, PLACES, SYRIA

from geo.model import Article, Mention, Place, Reading, Resolution, Review, Span
from geo.workspace.appearances import Appearance
from geo.workspace.results import Summary

KNOWN = (SYRIA, HOMS_PROVINCE)
_STORY = " ".join(f"word{number}" for number in range(60))
TEXTS = (
    "The truce holds.",
    "Aid reached Homs and Rastan.",
    "Rastan: shelling near Rastan, says Beirut.",
    "перемирие в Aleppo",
    "From Suva to Apia, from Apia to Suva.",
    "Astana talks on Syria: Homs, Aleppo, Eastern Ghouta.",
    f"Rastan. {_STORY}",
    f"Homs. {_STORY} truce",
    f"{_STORY} talks in Astana",
)
"""The last three are one report in three wordings."""
FAMILY = frozenset(TEXTS[-3:])
VERSIONS = ("v1", "v2", "v3")


def reading_of(article: Article, version: str) -> Reading:
    """Return what a version of the reader finds: the first knows more names, the second has doubts, the third errs."""
    found = []
    for place in PLACES[3:] if version == "v3" else PLACES:
        start = article.text.find(place.name)
        if start >= 0:
            mention = Mention(start, start + len(place.name), place.name, "name", (0, 7), 0.9)
            sure = 0.3 if version == "v2" and start % 2 else 0.8
            stands = None if version == "v2" and place.name == "Homs" else described(place, version)
            found.append(Resolution(place.name, stands, sure, mention=mention))
    return Reading(article, tuple(sorted(found, key=lambda each: each.mention.start if each.mention else 0)))


def described(place: Place, version: str) -> Place:
    """Return a place as a version's gazetteer knows it: that of the third has moved Aleppo."""
    return replace(place, lat=36.21, lon=-37.0) if version == "v3" and place.name == "Aleppo" else place


@dataclass
class Entry:
    """A text, who published it first, and who else."""

    article: Article
    version: str
    besides: dict[str, Appearance] = field(default_factory=dict)

    @property
    def own(self) -> Appearance:
        return Appearance.of(self.article)

    def carry(self, item: Appearance) -> None:
        if item.tells_more_than(self.own):
            self.besides.setdefault(item.key, item)

    @property
    def sources(self) -> set[str | None]:
        return {self.article.source, *(item.source for item in self.besides.values())} - {None}


@dataclass
class Model:
    """Texts in the order they came in, what people decided, and how places were described last."""

    entries: dict[str, Entry] = field(default_factory=dict)
    reviews: dict[str, dict[Span, Review]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, article: Article, version: str) -> str:
        """Add what a version read in an article; return what should become of it."""
        there = self.entries.get(article.text)
        if there is None:
            self.entries[article.text] = Entry(replace(article, id=self._free_id(article)), version)
        elif there.version == version:
            there.carry(Appearance.of(article))
            return "duplicate"
        else:
            self._read_anew(there, article, version)
        self.describe(article, version)
        return "new" if there is None else "replaced"

    def _free_id(self, article: Article) -> str:
        key = hashlib.sha256(article.text.encode()).hexdigest()
        taken = {entry.article.id for entry in self.entries.values()}
        return next(id for id in (article.id, key[:16], f"{key[:16]}-2", f"{key[:16]}-3") if id not in taken)

    def _read_anew(self, there: Entry, article: Article, version: str) -> None:
        before, there.article, there.version = there.own, replace(article, id=there.article.id), version
        there.besides.pop(there.own.key, None)
        if _differ(before.url, there.own.url) or _differ(before.source, there.own.source):
            there.carry(before)

    def describe(self, article: Article, version: str) -> None:
        """Take over how the version's gazetteer knows the places of an article."""
        self.places |= {place.id: place for place in reading_of(article, version).places}

    def merge(self, other: Model) -> None:
        """Add what an export of another store holds; what is there stays."""
        for entry in sorted(
            other.entries.values(), key=lambda item: hashlib.sha256(item.article.text.encode()).digest()
        ):
            there = self.entries.get(entry.article.text)
            if there is None:
                fresh = replace(entry.article, id=self._free_id(entry.article))
                self.entries[entry.article.text] = Entry(fresh, entry.version, dict(entry.besides))
            else:
                for item in (entry.own, *entry.besides.values()):
                    there.carry(item)
        for text, decided in other.reviews.items():
            self.reviews[text] = decided | self.reviews.get(text, {})
        self.places = other.places | self.places

    def copy(self) -> Model:
        return deepcopy(self)

    def readings(self) -> list[Reading]:
        """Return all that searches should see."""
        return [self.reading(entry) for entry in self.entries.values()]

    def reading(self, entry: Entry) -> Reading:
        """Return what is read in an article, people's decisions included, places as described last."""
        found = reading_of(entry.article, entry.version)
        decided = self.reviews.get(entry.article.text, {})
        return replace(found, resolutions=tuple(self._decided(each, decided) for each in found.resolutions))

    def _decided(self, found: Resolution, decided: dict[Span, Review]) -> Resolution:
        place = self.places[found.place.id] if found.place else None
        review = decided.get((found.mention.start, found.mention.end)) if found.mention else None
        if review is None:
            return replace(found, place=place)
        stands = self.places[review.place.id] if review.place else None
        return replace(found, place=stands, review=replace(review, place=stands, machine=place))

    def carriers(self, entry: Entry) -> list[tuple[str | None, str | None]]:
        """Return id and source of all who carry the same report besides."""
        family = [
            each for each in self.entries.values() if each is entry or {each.article.text, entry.article.text} <= FAMILY
        ]
        others = [(each.article.id, each.article.source) for each in family if each is not entry]
        return others + [(None, item.source) for each in family for item in each.besides.values()]

    def sources(self) -> dict[str, int]:
        """Return how many articles each source carries."""
        found = [source for entry in self.entries.values() for source in entry.sources]
        return {source: found.count(source) for source in found if source is not None}

    def of_sources(self, sources: Iterable[str]) -> list[Reading]:
        """Return the readings that one of some sources carries; all where none is given."""
        wanted = set(sources)
        return [self.reading(e) for e in self.entries.values() if not wanted or wanted & e.sources]


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def spans_of(model: Model) -> Sequence[tuple[Entry, Span]]:
    """Return every mention that a review may be about."""
    found = [(entry, each.mention) for entry in model.entries.values() for each in model.reading(entry).resolutions]
    return [(entry, (mention.start, mention.end)) for entry, mention in found if mention]


def moment(article: Article | Summary) -> tuple[dt.date, dt.time]:
    """Return what articles are listed by, the last first."""
    return article.date or dt.date.min, article.time or dt.time.min
