"""The workspace: articles and what was read in them, kept in SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, Engine, delete, select, text

from geo.errors import UnknownNameError
from geo.geometry import WORLD, Bbox
from geo.model import Article, Reading, Review, Span
from geo.workspace.adding import add_packed, count_change, place_number
from geo.workspace.appearances import Appearance, keep, unknown
from geo.workspace.bulk import chunks
from geo.workspace.carriers import carriers_of, leave, resembling
from geo.workspace.cells import count_all, count_cells
from geo.workspace.conditions import Conditions, conditions_of
from geo.workspace.counting import count_out
from geo.workspace.counts import count_days, count_days_of_places, count_pairs, count_places
from geo.workspace.database import connect, connect_unchanged, decoding, guarded, reading, shown, writing
from geo.workspace.listing import count_articles, numbers_found, numbers_of, sources, summaries
from geo.workspace.loading import load
from geo.workspace.outlets import drop_unused
from geo.workspace.packing import PackedReading, content_hash, is_storable, pack
from geo.workspace.results import Carrier, Cell, Period, PlaceCount, Stored, Summary, Together, Trend
from geo.workspace.reviews import (
    Reviewed,
    check_mention,
    check_review,
    count_anew,
    drop_review,
    keep_review,
    reviews_of,
)
from geo.workspace.schema import prepare
from geo.workspace.search import EVERYTHING, Search, check_counts
from geo.workspace.tables import articles, info
from geo.workspace.wordindex import remove_words
from geo.workspace.zones import ZoneState, digest_of_zones, keep_zones, zones_on

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 200
"""Articles fetched at a time: some megabytes, and few enough for SQLite's limit on values."""


def open_workspace(url: str) -> Workspace:
    """Open a workspace, made on the spot where it is not there yet.

    Parameters
    ----------
    url
        ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite://`` (in memory, for one thread, gone when
        closed) or ``postgresql://user:password@host/database``.

    Raises
    ------
    WorkspaceError
        It cannot be opened; the message tells no password.
    """
    return Workspace(connect(url))


def open_unchanged(url: str) -> Workspace:
    """Open a workspace as it is, to look at it; where there is none yet, an empty one in memory stands for it.

    Raises
    ------
    WorkspaceError
        It cannot be opened, or was made by an earlier version, so that it would have to be changed first.
    """
    return Workspace(connect_unchanged(url) or connect("sqlite://"))


class Workspace:
    """A store of readings. Open it with `open_workspace`; threads may share it.

    A reading is kept under its article's content: the same text added twice is there once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine of the store, for queries of one's own; `geo.workspace.database` opens transactions."""
        return self._engine

    def __repr__(self) -> str:
        return f"<Workspace {shown(self._engine.url)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def ensure_usable(self) -> None:
        """Make sure that the store answers and that its tables are still ones this version works with.

        Raises
        ------
        WorkspaceError
            It does not, or a newer version has changed them since.
        """
        with guarded(self._engine):
            prepare(self._engine, shown(self._engine.url))

    def version(self) -> str:
        """Return a text that differs between workspaces and changes whenever the content does: made for ETags."""
        with reading(self._engine) as connection:
            values = dict(connection.execute(select(info.c.name, info.c.value)).all())
        with decoding(self._engine):
            return f"{values['id'][:12]}-{values['changes']}"

    def keep_zones(self, states: Iterable[ZoneState], digest: str) -> bool:
        """Keep the shapes of all zones over all days in the place of earlier ones; tell whether anything changed.

        Of several processes that do so at the same time, one writes.

        Parameters
        ----------
        states
            Iterated over only where they are not those that are kept.
        digest
            Of all that they were drawn from: where it is that of the zones kept already, nothing is written.
        """
        with reading(self._engine) as connection:
            if digest_of_zones(connection) == digest:
                return False
        drawn = list(states)
        with writing(self._engine) as connection:
            if digest_of_zones(connection) == digest:  # another process was first
                return False
            keep_zones(connection, drawn, digest)
            count_change(connection)
        return True

    def zones_on(self, day: dt.date) -> tuple[ZoneState, ...]:
        """Return the zones kept that held on a day, in order of their ids; () where none did."""
        with reading(self._engine) as connection:
            return zones_on(connection, day)

    def add(self, item: Reading, made_by: str = "") -> Stored:
        """Add one reading; see `add_all`."""
        return self.add_all([item], made_by)[0]

    def add_all(self, items: Sequence[Reading], made_by: str = "") -> list[Stored]:
        """Add readings, all or none, and tell what became of each.

        One whose text is there and was read by the same version changes nothing; one read by another version replaces
        what was read, while the article keeps its id and what people said of it.

        Parameters
        ----------
        made_by
            Version of the reader and gazetteer that made them.

        Raises
        ------
        InputError
            One holds characters that no database takes; nothing was written.
        WorkspaceError
            They cannot be written; nothing was.
        """
        return self.add_packed([pack(item, made_by) for item in items])

    def add_packed(self, items: Sequence[PackedReading]) -> list[Stored]:
        """Add readings made ready by `geo.workspace.packing.pack`, all or none; see `add_all`."""
        with writing(self._engine) as connection:
            return add_packed(connection, items)

    def preview(self, items: Sequence[PackedReading]) -> list[Stored]:
        """Tell what `add_packed` would make of each reading by itself; nothing is written."""
        keys = [item.content_hash for item in items]
        query = select(articles.c.content_hash, articles.c.id, articles.c.made_by)
        with reading(self._engine) as connection:
            there = connection.execute(query.where(articles.c.content_hash.in_(keys))).all()
            known: dict[str, tuple[str, str]] = {key: (id, made_by) for key, id, made_by in there}
            near = resembling(connection, [item for item in items if item.content_hash not in known])
        return [_previewed(item, known.get(item.content_hash), item.content_hash in near) for item in items]

    def unread(self, items: Sequence[Article], made_by: str = "") -> list[Article]:
        """Return the articles whose text is not there yet, or was read by another version.

        Those that no database takes are among them: `geo.workspace.packing.pack` says why.
        """
        hashes = [content_hash(article) for article in items]
        query = select(articles.c.content_hash).where(
            articles.c.content_hash.in_(hashes), articles.c.made_by == made_by
        )
        with reading(self._engine) as connection:
            known = set(connection.execute(query).scalars())
        pairs = zip(items, hashes, strict=True)
        return [article for article, key in pairs if key not in known or not is_storable(article)]

    def keep_appearances(self, items: Sequence[Article]) -> int:
        """Keep where texts that are there already appeared besides; return how many appearances were new.

        Articles whose text is not there are passed over.
        """
        found: dict[str, list[Appearance]] = {}
        for article in items:
            found.setdefault(content_hash(article), []).append(Appearance.of(article))
        with reading(self._engine) as connection:
            if not unknown(connection, found):
                return 0
        with writing(self._engine) as connection:
            new = keep(connection, found)
            if new:
                count_change(connection)
        return new

    def count(self, search: Search = EVERYTHING) -> int:
        """Return how many articles are found."""
        with self._searching(search) as (connection, wanted):
            return count_articles(connection, wanted)

    def articles(self, search: Search = EVERYTHING, limit: int = 100, offset: int = 0) -> tuple[Summary, ...]:
        """Return a page of the articles found, newest first and those without a date last.

        Parameters
        ----------
        limit, offset
            How many at most, and how many to pass over.

        Raises
        ------
        InputError
            One of them is no whole number of 0 or more; all that take such a number raise it.
        """
        check_counts(limit=limit, offset=offset)
        with self._searching(search) as (connection, wanted):
            return summaries(connection, wanted, limit, offset)

    def places(self, search: Search = EVERYTHING, limit: int = 100, offset: int = 0) -> tuple[PlaceCount, ...]:
        """Return a page of the places that mentions found resolved to, those mentioned most first.

        Parameters
        ----------
        limit, offset
            How many at most, and how many to pass over.
        """
        check_counts(limit=limit, offset=offset)
        with self._searching(search) as (connection, wanted):
            return count_places(connection, wanted, limit, offset)

    def count_named(self, search: Search = EVERYTHING, bbox: Bbox | None = None) -> tuple[int, int]:
        """Return how many places within a bbox the mentions found resolved to, and how many mentions those are.

        None stands for the whole world.
        """
        with self._searching(search) as (connection, wanted):
            return count_all(connection, wanted, bbox or WORLD)

    def cells(self, search: Search, bbox: Bbox | None, zoom: float) -> tuple[Cell, ...]:
        """Return the places found within a bbox, added up by squares of 64 pixels of a web map at a zoom.

        Those mentioned most come first; there are never more than `geo.workspace.cells.MOST_CELLS`. None stands for
        the whole world.
        """
        with self._searching(search) as (connection, wanted):
            return count_cells(connection, wanted, bbox or WORLD, zoom)

    def trend(self, search: Search = EVERYTHING, by: Period = "day", top: int = 0) -> tuple[Trend, ...]:
        """Return counts by period: one trend of all that is found, or one each for the ``top`` places.

        What has no date is left out. Articles count where they are found, mentions where they stand for a place found.
        """
        check_counts(top=top)
        with self._searching(search) as (connection, wanted):
            if top:
                return count_days_of_places(connection, wanted, by, top)
            return (count_days(connection, wanted, by),)

    def together(self, search: Search = EVERYTHING, limit: int = 50) -> Together:
        """Return which places the articles found name together, most often first.

        Of the newest `geo.workspace.counts.NEWEST` articles found; articles that name more than
        `geo.workspace.counts.LONGEST_LIST` places are passed over.
        """
        check_counts(limit=limit)
        with self._searching(search) as (connection, wanted):
            return count_pairs(connection, wanted, limit)

    def optimise(self) -> None:
        """Let the store look at its own content, so that it uses its indexes well: worth it after many were added."""
        if self._engine.dialect.name != "postgresql":
            with writing(self._engine) as connection:
                connection.execute(text("ANALYZE"))
            return
        # It answers from indexes alone where it knows that nothing in the table has changed since it was tidied up.
        with guarded(self._engine), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))

    def sources(self) -> dict[str, int]:
        """Return how many articles each source has, those with most first; a text of several counts for each."""
        with reading(self._engine) as connection:
            return dict(sources(connection))

    @contextmanager
    def _searching(self, search: Search) -> Iterator[tuple[Connection, Conditions]]:
        with reading(self._engine) as connection:
            yield connection, conditions_of(connection, search)

    def reading(self, article_id: str) -> Reading:
        """Return what was read in an article.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        found = next(self.readings([article_id]), None)
        if found is None:
            raise _no_article(article_id)
        return found

    def readings(
        self, wanted: Search | Sequence[str] = EVERYTHING, *, limit: int | None = None, evidence: bool = True
    ) -> Iterator[Reading]:
        """Yield what was read in the articles found, newest first.

        Parameters
        ----------
        wanted
            What to search for, or ids of articles; ids that are not there are passed over.
        limit
            The most to yield; None for all.
        evidence
            Whether resolutions come with their evidence and alternatives, which layers do not need.

        The articles are those of the moment it is first asked for one.
        """
        check_counts(limit=limit)
        search = wanted if isinstance(wanted, Search) else EVERYTHING
        with self._searching(search) as (connection, conditions):
            if isinstance(wanted, Search):
                found = numbers_found(connection, conditions, limit)
            else:
                found = numbers_of(connection, wanted, limit)
        for numbers in chunks(found, _CHUNK):
            with reading(self._engine) as connection:
                chunk = load(connection, numbers, evidence=evidence)
            yield from chunk

    def carried_by(self, article_ids: Sequence[str]) -> dict[str, tuple[Carrier, ...]]:
        """Return who else carries the same report, the first of them in front.

        Articles whose report nobody else carries, and ids that are not there, are left out.
        """
        query = select(articles.c.number, articles.c.id).where(articles.c.id.in_(article_ids))
        with reading(self._engine) as connection:
            ids = dict(connection.execute(query).all())
            return {ids[number]: found for number, found in carriers_of(connection, list(ids)).items()}

    def delete(self, article_id: str) -> None:
        """Remove an article with all that was read in it.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        with writing(self._engine) as connection:
            number, _ = _number_and_hash(connection, article_id)
            origin = connection.execute(select(articles.c.origin).where(articles.c.number == number)).scalar_one()
            count_out(connection, [number])
            remove_words(connection, [number])
            leave(connection, number)
            connection.execute(delete(articles).where(articles.c.number == number))
            drop_unused(connection, [origin])
            count_change(connection)

    def review(self, article_id: str, span: Span, review: Review) -> None:
        """Keep what a person decided about a mention, in the place of what was decided before.

        It belongs to the article's text and the span: it stays when the article is read anew, and even when it is
        deleted and added again. ``review.machine`` is passed over.

        Raises
        ------
        UnknownNameError
            There is no such article, or no mention at that span.
        InputError
            The review contradicts itself: accepted or corrected without a place, or others with one; no reviewer; a
            time without a time zone.
        """
        check_review(review)
        with writing(self._engine) as connection:
            number, key = _number_and_hash(connection, article_id)
            check_mention(connection, number, span)
            keep_review(connection, key, span, review, place_number(connection, review.place))
            count_anew(connection, number)
            count_change(connection)

    def unreview(self, article_id: str, span: Span) -> None:
        """Remove a review: the machine's result counts again.

        Raises
        ------
        UnknownNameError
            There is no such article, or no review of that span.
        """
        with writing(self._engine) as connection:
            number, key = _number_and_hash(connection, article_id)
            if not drop_review(connection, key, span):
                raise UnknownNameError(f"There is no review of {span[0]} to {span[1]} in {article_id!r}.")
            count_anew(connection, number)
            count_change(connection)

    def reviews(self, article_id: str) -> tuple[Reviewed, ...]:
        """Return what people decided about an article's mentions, in text order, orphaned reviews included.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        with reading(self._engine) as connection:
            return tuple(reviews_of(connection, *_number_and_hash(connection, article_id)))


def _previewed(item: PackedReading, there: tuple[str, str] | None, near: bool) -> Stored:
    if there is None:
        return Stored(item.id, "new", near)
    return Stored(there[0], "duplicate" if there[1] == item.made_by else "replaced")


def _number_and_hash(connection: Connection, article_id: str) -> tuple[int, str]:
    """Return an article's number and the hash of its text."""
    query = select(articles.c.number, articles.c.content_hash).where(articles.c.id == article_id)
    row = connection.execute(query).first()
    if row is None:
        raise _no_article(article_id)
    return row[0], row[1]


def _no_article(article_id: str) -> UnknownNameError:
    message = f"There is no article {article_id!r} in the workspace."
    return UnknownNameError(message, "List them with /api/v1/articles.")
