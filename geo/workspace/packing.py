"""A reading made ready to be written: all that costs time is done before, in any process.

The rows are as the tables want them, but for the numbers that only the store can give: places and shapes are numbered
within the reading, and the store puts its own numbers in.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import asinh, floor, pi, radians, tan
from typing import TYPE_CHECKING, Any, NamedTuple

from geo.errors import InputError
from geo.model import EXTENTS, UNSURE_BELOW, Article, Footprint, Place, Reading, Resolution
from geo.workspace.details import pack_details
from geo.workspace.near import bands_of
from geo.workspace.outlines import hashed_outline
from geo.workspace.words import searched

if TYPE_CHECKING:
    import datetime as dt

Row = tuple[Any, ...]
Shape = tuple[bytes, bytes]
"""Hash and bytes of an outline: `geo.workspace.outlines.hashed_outline`."""

PLACE_FIELDS = (
    "id",
    "name",
    "feature",
    "country",
    "admin1",
    "admin2",
    "lat",
    "lon",
    "population",
    "uncertainty_km",
    "source",
)
"""Columns of a place that are fields of `Place`."""
PLACE_COLUMNS = (*PLACE_FIELDS, "south", "square")

_LONGEST_NAME = 300
"""Characters of what is looked up by an index: PostgreSQL's hold 2,704 bytes, of two names at most."""

SQUARES_ZOOM = 5
"""Zoom of the web map whose squares places are sorted into: of its world, 128 to a side; see `square_of`."""
_SQUARES_SIDE: int = 4 * 2**SQUARES_ZOOM
SQUARES_STEP: int = 2 * _SQUARES_SIDE
"""From a square's number to that of its eastern neighbour: more than a column holds, since its end is a square too."""
MENTION_COLUMNS = (
    "position",
    "start",
    "end",
    "kind",
    "sentence_start",
    "sentence_end",
    "probability",
    "query",
    "place",
    "confidence",
)
FOOTPRINT_COLUMNS = (
    "position",
    "start",
    "end",
    "phrase",
    "relation",
    "sentence_start",
    "sentence_end",
    *EXTENTS,
    "places",
)


class PackedReading(NamedTuple):
    """A reading as the store writes it; it may be sent to another process, which tuples are most quickly.

    Attributes
    ----------
    content_hash, id, made_by
        The text's SHA-256 in hex; the article's own id; the version that read it.
    article
        The article's columns that need no number, by name.
    origin
        Source, role of the source, and language, "" where not known.
    words
        What is searched: `geo.workspace.words.searched`.
    places, shapes
        Rows of the places it names, in the order of `PLACE_COLUMNS`, and its outlines with their hashes.
    mentions, footprints
        Rows in the order of their columns; places and shapes by their numbers among those above.
    counts
        Each place's number with how often it is mentioned, and how often of these in no doubt.
    bands
        What finds near duplicates: `geo.workspace.near.bands_of`.
    """

    content_hash: str
    id: str
    made_by: str
    article: dict[str, Any]
    origin: tuple[str, str, str]
    text: str
    words: str
    details: bytes
    places: tuple[Row, ...]
    shapes: tuple[Shape, ...]
    mentions: tuple[Row, ...]
    footprints: tuple[Row, ...]
    counts: tuple[tuple[int, int, int], ...]
    bands: tuple[int, ...]


def content_hash(article: Article) -> str:
    """Return the SHA-256 of an article's text, in hex: two articles with the same text are one."""
    return hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()


def pack(reading: Reading, made_by: str) -> PackedReading:
    """Make a reading ready for `geo.workspace.workspace.Workspace.add_packed`.

    Parameters
    ----------
    made_by
        Version of the reader and gazetteer that made it.

    Raises
    ------
    InputError
        The text holds characters that no database takes: halves of characters, or NUL; or its id, source or language is
        too long for an index.
    """
    article = reading.article
    check_article(article)
    check_text("The version", (made_by,))
    places = {place.id: place for place in places_in(reading)}
    numbers = {id: number for number, id in enumerate(places)}
    # Names alone are counted, as in the layers: "Syrian" puts no point on the map.
    named = [r for r in reading.resolutions if r.place and r.mention and r.mention.kind == "name"]
    counts = Counter(numbers[r.place.id] for r in named if r.place)
    sure = Counter(numbers[r.place.id] for r in named if r.place and r.confidence >= UNSURE_BELOW)
    shapes: dict[Shape, int] = {}
    return PackedReading(
        content_hash=content_hash(article),
        id=article.id,
        made_by=made_by,
        article=_article_row(reading, made_by, counts),
        origin=(article.source or "", article.source_role or "", article.language or ""),
        text=article.text,
        words=searched(article.title, article.source, article.text),
        details=pack_details(reading.resolutions),
        places=tuple(map(place_row, places.values())),
        mentions=tuple(_mention_rows(reading, numbers)),
        footprints=tuple(_footprint_row(n, footprint, shapes) for n, footprint in enumerate(reading.footprints)),
        shapes=tuple(shapes),
        counts=tuple((number, count, sure[number]) for number, count in counts.items()),
        bands=bands_of(article),
    )


def is_storable(article: Article) -> bool:
    """Tell whether `check_article` passes."""
    try:
        check_article(article)
    except InputError:
        return False
    return True


def check_article(article: Article) -> None:
    """Raise an InputError where an article holds what no database takes; see `pack`."""
    name = f"The article {article.id[:_LONGEST_NAME]!r}"
    check_text(name, (article.text, article.title, article.source, article.url, article.id))
    check_names(name, {"id": article.id, "source": article.source, "language": article.language})


def check_names(name: str, values: Mapping[str, str | None]) -> None:
    """Raise an InputError where one of some values that are looked up by an index is too long for one."""
    for what, value in values.items():
        if value is not None and len(value) > _LONGEST_NAME:
            said = f"{name} has {'an' if what == 'id' else 'a'} {what} of {len(value)} characters."
            raise InputError(said, f"Give one of at most {_LONGEST_NAME}.")


def check_text(name: str, values: Iterable[str | None]) -> None:
    """Raise an InputError where one of some values, which it calls by a name, cannot be stored; see `pack`."""
    for value in values:
        try:
            if value is not None and b"\0" in value.encode():
                raise InputError(f"{name} holds the character NUL.", "Save it as plain text.")
        except UnicodeEncodeError as error:
            raise InputError(f"{name} holds half a character at {error.start}.", "Save it anew as UTF-8.") from error


def places_in(reading: Reading) -> Iterator[Place]:
    """Yield every place that a reading names: resolved, alternative, or under a footprint."""
    for resolution in reading.resolutions:
        if resolution.place:
            yield resolution.place
        yield from (candidate.place for candidate in resolution.alternatives)
    for footprint in reading.footprints:
        yield from footprint.places


def _article_row(reading: Reading, made_by: str, counts: Counter[int]) -> dict[str, Any]:
    article = reading.article
    start, end = article.dateline or (None, None)
    return {
        "title": article.title,
        "date": article.date,
        "time": article.time,
        "moment": moment(article.date, article.time),
        "dateline_start": start,
        "dateline_end": end,
        "boilerplate": [list(span) for span in article.boilerplate],
        "url": article.url,
        "made_by": made_by,
        "mentions": len(reading.resolutions),
        "resolved": counts.total(),
        "places": len(counts),
    }


def day_number(day: dt.date | None) -> int:
    """Return a day as a number: 20170803; 0 where it is not known."""
    return day.year * 10000 + day.month * 100 + day.day if day else 0


def moment(day: dt.date | None, time: dt.time | None) -> int:
    """Return what articles are sorted by: those without a time come before the others of their day."""
    second = 1 + time.hour * 3600 + time.minute * 60 + time.second if time else 0
    return day_number(day) * 100_000 + second


def place_row(place: Place) -> Row:
    """Return a place as a row, in the order of `PLACE_COLUMNS`; raises as `pack` does."""
    check_text(f"The place {place.id!r}", (place.id, place.name, place.country, place.admin1, place.admin2))
    south = south_of(place.lat)
    return (*(getattr(place, name) for name in PLACE_FIELDS), south, square_of(place.lon, south))


def square_of(lon: float, south: float) -> int:
    """Return the number of the square of 64 pixels that a point lies in on a web map at `SQUARES_ZOOM`.

    Squares are counted from the north-western one to the south, column by column, `SQUARES_STEP` numbers to each. Four
    of them make one at the zoom before.
    """
    column, row = floor((lon + 180) / 360 * _SQUARES_SIDE), floor(south * _SQUARES_SIDE)
    return column * SQUARES_STEP + row


def south_of(lat: float) -> float:
    """Return where a latitude lies on a web map: 0 at its northern edge (85.05° N), 1 at its southern."""
    return min(max(0.5 - asinh(tan(radians(max(min(lat, 89.9), -89.9)))) / (2 * pi), 0.0), 1.0)


def _mention_rows(reading: Reading, numbers: dict[str, int]) -> Iterator[Row]:
    for position, resolution in enumerate(reading.resolutions):
        yield _mention_row(position, resolution, numbers[resolution.place.id] if resolution.place else None)


def _mention_row(position: int, resolution: Resolution, place: int | None) -> Row:
    mention = resolution.mention
    assert mention is not None, "a reading's resolutions are of mentions"
    return (
        position,
        mention.start,
        mention.end,
        mention.kind,
        *mention.sentence,
        float(mention.probability),
        None if resolution.query == mention.text else resolution.query,
        place,
        float(resolution.confidence),
    )


def _footprint_row(position: int, footprint: Footprint, shapes: dict[Shape, int]) -> Row:
    start, end = footprint.sentence or (None, None)
    return (
        position,
        footprint.start,
        footprint.end,
        footprint.phrase,
        footprint.relation,
        start,
        end,
        # The number of each outline among the reading's, where it is put if it is new.
        *(shapes.setdefault(outline, len(shapes)) for outline in _outlines(footprint)),
        [place.id for place in footprint.places],
    )


def _outlines(footprint: Footprint) -> list[Shape]:
    """Return the outlines of the extents; of an exact area, whose extents are one, it is made once."""
    from shapely import to_wkb

    if footprint.core is footprint.possible:
        return [hashed_outline(to_wkb(footprint.zone))] * len(EXTENTS)
    return [hashed_outline(outline) for outline in to_wkb([footprint.extent(extent) for extent in EXTENTS])]
