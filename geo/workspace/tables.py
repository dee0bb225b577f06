"""The workspace's tables, the same in SQLite and PostgreSQL; `geo.workspace.migrations` makes them.

An article's text is kept once, by its content's hash; a place and a shape are kept once, and rows point to them by
number. What a machine read in an article (mentions, footprints, evidence) hangs on the article and goes with it, and
the article says which reader and gazetteer made it. What a person said of it (reviews) belongs to the text's hash and
stays. ``article_places`` says which places an article names, machine and reviewers taken together; it and the totals
made of it are there for searching, and can be worked out anew from the other tables.

Days are numbers as 20170803, 0 where the date is not known, so that both stores compare them alike. What only one kind
of store has (full-text and spatial indexes, see `OWN`) is made by the migrations alone.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

OWN = frozenset({"words", "place_boxes", "ix_places_point", "ix_places_ground", "ix_places_located"})
"""Tables and indexes that only one kind of store has.

``words`` holds every article's words in the form of `geo.workspace.words`: SQLite's FTS5, PostgreSQL's tsvector with a
GIN index. ``place_boxes`` is SQLite's R*Tree of the places; ``ix_places_point`` (plane) and ``ix_places_ground``
(geography) are PostGIS's GiST indexes of them, ``ix_places_located`` is PostgreSQL's of where they lie.
"""

_Json = JSON().with_variant(JSONB, "postgresql")
# SQLite numbers rows by itself only in a column of type INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

# Every constraint has a name, so that a migration can say which one it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    return Column("number", _Number, primary_key=True, autoincrement=False)


def _of_article() -> Column[int]:
    return Column(
        "article", _Number, ForeignKey("articles.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


# name "id": of this workspace; "changes": how often its content was changed; "reads_from": the oldest revision of the
# tables whose program can work with these; "zones": digest of what the zones were drawn from.
info = Table(
    "workspace_info",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

origins = Table(
    "origins",
    metadata,
    _number(),
    Column("source", Text, nullable=False),  # all three: "" where not known
    Column("source_role", Text, nullable=False),
    Column("language", Text, nullable=False),
    # Of the other sources that published the very same text, as `geo.workspace.outlets.Origin.key` has it; "" for none.
    Column("besides", Text, nullable=False),
    # Languages have no numbers of their own: that of the first origin in one stands for it.
    Column("language_number", _Number, nullable=False),
    UniqueConstraint("source", "source_role", "language", "besides"),
)

# By which sources the articles of an origin are found.
outlets = Table(
    "outlets",
    metadata,
    Column("source", Text, primary_key=True),
    Column("origin", _Number, ForeignKey(origins.c.number, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Index("ix_outlets_origin", "origin"),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("content_hash", Text, nullable=False, unique=True),  # SHA-256 of the text, in hex
    Column("origin", _Number, ForeignKey(origins.c.number), nullable=False),
    Column("title", Text),
    Column("date", Date),
    Column("time", Time),
    Column("moment", BigInteger, nullable=False),  # day × 100000 + second of the day + 1: what articles are sorted by
    Column("dateline_start", Integer),
    Column("dateline_end", Integer),
    Column("boilerplate", _Json, nullable=False),  # [[start, end], …]
    Column("url", Text),
    Column("made_by", Text, nullable=False),  # version of the reader and gazetteer
    Column("mentions", Integer, nullable=False),  # all of them
    Column("resolved", Integer, nullable=False),  # those that stand for a place
    Column("places", Integer, nullable=False),  # how many different ones
    Column("carried_with", _Number),  # number of the first article of its near-duplicates; NULL where it has none
    Index("ix_articles_moment", "moment"),
    Index("ix_articles_origin_moment", "origin", "moment", "number", "places"),
    Index("ix_articles_carried_with", "carried_with"),
)

contents = Table(
    "contents",
    metadata,
    _of_article(),
    Column("text", Text, nullable=False),
    Column("details", LargeBinary, nullable=False),  # evidence and alternatives: geo.workspace.details
)

places = Table(
    "places",
    metadata,
    _number(),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("country", Text),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("lat", Double, nullable=False),  # degrees, EPSG:4326
    Column("lon", Double, nullable=False),
    Column("south", Double, nullable=False),  # on a web map: 0 at its northern edge, 1 at its southern
    Column("population", BigInteger, nullable=False),
    Column("uncertainty_km", Double, nullable=False),
    Column("source", Text, nullable=False),
    Column("square", Integer, nullable=False, server_default="0"),  # of a map: geo.workspace.packing.square_of
    # Answered from alone: SQLite's indexes hold the number anyway.
    Index("ix_places_country_admin1_admin2", "country", "admin1", "admin2", postgresql_include=["number", "square"]),
)

mentions = Table(
    "mentions",
    metadata,
    _of_article(),
    Column("position", Integer, primary_key=True),  # among the article's mentions, in text order
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("probability", Double, nullable=False),
    Column("query", Text),  # NULL where it is the text of the span
    Column("place", _Number, ForeignKey(places.c.number)),  # NULL where unresolved
    Column("confidence", Double, nullable=False),
    sqlite_with_rowid=False,
)

shapes = Table(
    "shapes",
    metadata,
    _number(),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("outline", LargeBinary, nullable=False),  # EPSG:4326: geo.workspace.outlines
)

footprints = Table(
    "footprints",
    metadata,
    _of_article(),
    Column("position", Integer, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("phrase", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("sentence_start", Integer),
    Column("sentence_end", Integer),
    Column("core", _Number, ForeignKey(shapes.c.number), nullable=False),
    Column("zone", _Number, ForeignKey(shapes.c.number), nullable=False),
    Column("possible", _Number, ForeignKey(shapes.c.number), nullable=False),
    Column("places", _Json, nullable=False),  # [place id, …]
    sqlite_with_rowid=False,
)

article_places = Table(
    "article_places",
    metadata,
    _of_article(),
    Column("place", _Number, ForeignKey(places.c.number), primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("origin", Integer, nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("sure", Integer, nullable=False, server_default="0"),  # those of them that are not in doubt
    # Each holds all that is asked for, so that the table itself need not be read.
    Index("ix_article_places_place", "place", "day", "origin", "mentions", "sure", "article"),
    Index("ix_article_places_day", "day", "origin", "place", "mentions", "sure", "article"),
    Index("ix_article_places_origin", "origin", "day", "place", "mentions", "sure", "article"),
    sqlite_with_rowid=False,
)

# Which countries an article names, by any place of theirs, and how often. The store keeps it in step with
# article_places by itself, with triggers (revision 8).
article_countries = Table(
    "article_countries",
    metadata,
    Column("country", Text, nullable=False),
    Column("day", Integer, nullable=False),
    Column("article", _Number, nullable=False),
    Column("origin", Integer, nullable=False),
    Column("mentions", Integer, nullable=False),
    PrimaryKeyConstraint("country", "day", "article"),
    sqlite_with_rowid=False,
)

# How often places are named in all articles, in those of a month, of an origin, of a language (`geo.workspace.totals`).
# Square and point are the place's own: with them here, and in the order of squares, a map is added up from this alone.
place_totals = Table(
    "place_totals",
    metadata,
    Column("part", SmallInteger, nullable=False),
    Column(
        "value", Integer, nullable=False
    ),  # 0, a month as 201708 (0: no date), or the number of an origin or language
    Column("square", Integer, nullable=False),
    Column("place", _Number, nullable=False),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("sure", Integer, nullable=False),
    PrimaryKeyConstraint("part", "value", "square", "place"),
    sqlite_with_rowid=False,
)
# Those of all articles by mentions, from which the places named most are read.
Index(
    "ix_place_totals_most",
    place_totals.c.mentions.desc(),
    place_totals.c.place,
    sqlite_where=place_totals.c.part == 0,
    postgresql_where=place_totals.c.part == 0,
    postgresql_include=["articles", "sure"],
)

day_counts = Table(
    "day_counts",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("origin", Integer, primary_key=True, autoincrement=False),
    Column("mentions", Integer, nullable=False),  # those that stand for a place
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

reviews = Table(
    "reviews",
    metadata,
    Column("content_hash", Text, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("end", Integer, primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("place", _Number, ForeignKey(places.c.number)),  # what it stands for; NULL where for none
    Column("reviewer", Text, nullable=False),
    Column("time", Text, nullable=False),  # ISO 8601, UTC
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)

# The same text by others: its first appearance is the article itself.
appearances = Table(
    "appearances",
    metadata,
    _of_article(),
    Column("key", Text, primary_key=True),  # geo.workspace.appearances.Appearance.key
    Column("source", Text),
    Column("source_role", Text),
    Column("title", Text),
    Column("date", Date),
    Column("url", Text),
    sqlite_with_rowid=False,
)

near_bands = Table(
    "near_bands",
    metadata,
    _of_article(),
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column("value", BigInteger, nullable=False),
    Index("ix_near_bands_band_value", "band", "value"),
    sqlite_with_rowid=False,
)

# What is kept of the zones' data files, so that whoever reads the store alone has them too; PostgreSQL has a view
# ``zone_extents`` of it for GIS programs.
zones = Table(
    "zones",
    metadata,
    Column("zone", Text, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date, nullable=False),  # the last day of this shape
    Column("names", _Json, nullable=False),  # {language: name}
    Column("status", Text, nullable=False),
    Column("accuracy_km", Double, nullable=False),
    Column("core", LargeBinary, nullable=False),  # well-known binary, EPSG:4326
    Column("best", LargeBinary, nullable=False),
    Column("possible", LargeBinary, nullable=False),
)
