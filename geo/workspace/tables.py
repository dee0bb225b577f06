"""The workspace's tables, the same in SQLite and PostgreSQL.

An article's text is kept once, by its content's hash. A place is kept once, as the gazetteer last described it;
mentions point to it. What a machine read in an article (mentions, footprints) hangs on the article and goes with it,
and the article says which reader and gazetteer made it.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA_VERSION = 1
"""Raised with every change of the tables."""

# SQLite numbers rows by itself only in a column of type INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")
_Json = JSON().with_variant(JSONB, "postgresql")

# Every constraint has a name, so that a later migration can say which one it changes.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# name "schema": version of these tables; "id": of this workspace; "changes": how often its content was changed.
info = Table(
    "workspace_info",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("content_hash", Text, nullable=False, unique=True),  # SHA-256 of the text, in hex
    Column("text", Text, nullable=False),
    Column("title", Text),
    Column("date", Date, index=True),
    Column("time", Time),
    Column("source", Text),
    Column("source_role", Text),
    Column("language", Text),
    Column("dateline_start", Integer),
    Column("dateline_end", Integer),
    Column("boilerplate", _Json, nullable=False),  # [[start, end], …]
    Column("url", Text),
    Column("made_by", Text, nullable=False),  # version of the reader and gazetteer
)

places = Table(
    "places",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("country", Text),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("lat", Double, nullable=False),  # degrees, EPSG:4326
    Column("lon", Double, nullable=False),
    Column("population", BigInteger, nullable=False),
    Column("uncertainty_km", Double, nullable=False),
    Column("source", Text, nullable=False),
)


def _of_article() -> Column[int]:
    return Column("article", _Number, ForeignKey(articles.c.number, ondelete="CASCADE"), primary_key=True)


mentions = Table(
    "mentions",
    metadata,
    _of_article(),
    Column("position", Integer, primary_key=True),  # among the article's mentions, in text order
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("probability", Double, nullable=False),
    Column("query", Text, nullable=False),
    Column("place", Text, ForeignKey(places.c.id), index=True),  # NULL where unresolved
    Column("confidence", Double, nullable=False),
    Column("evidence", _Json, nullable=False),  # [[feature, value, weight], …]
    Column("alternatives", _Json, nullable=False),  # [[place id, confidence, evidence], …], best first
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
    Column("core", LargeBinary, nullable=False),  # well-known binary, EPSG:4326
    Column("zone", LargeBinary, nullable=False),
    Column("possible", LargeBinary, nullable=False),
    Column("places", _Json, nullable=False),  # [place id, …]
)
