"""Articles, what was read in them, and what makes them quick to search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
reads_from = "0001"

_JSON = sa.JSON().with_variant(JSONB, "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_SQLITE = (
    # The words come in normal form, parted by spaces; the article's text itself is kept once, in contents.
    "CREATE VIRTUAL TABLE words USING fts5("
    "text, content='', columnsize=0, tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
    "CREATE VIRTUAL TABLE place_boxes USING rtree(number, west, east, south, north)",
    "CREATE TRIGGER places_inserted AFTER INSERT ON places BEGIN "
    "INSERT INTO place_boxes VALUES (NEW.number, NEW.lon, NEW.lon, NEW.lat, NEW.lat); END",
    "CREATE TRIGGER places_moved AFTER UPDATE OF lon, lat ON places BEGIN "
    "UPDATE place_boxes SET west = NEW.lon, east = NEW.lon, south = NEW.lat, north = NEW.lat "
    "WHERE number = NEW.number; END",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS postgis",
    "CREATE TABLE words (article BIGINT NOT NULL CONSTRAINT pk_words PRIMARY KEY "
    "CONSTRAINT fk_words_article_articles REFERENCES articles ON DELETE CASCADE, text TSVECTOR NOT NULL)",
    "CREATE INDEX ix_words_text ON words USING gin (text)",
    "CREATE INDEX ix_places_point ON places USING gist (ST_Point(lon, lat, 4326))",
    "CREATE INDEX ix_places_ground ON places USING gist ((ST_Point(lon, lat, 4326)::geography))",
)


def upgrade() -> None:
    """Make the tables."""
    _make_articles()
    _make_places()
    _make_readings()
    _make_counts()
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _make_articles() -> None:
    op.create_table(
        "workspace_info",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workspace_info"),
    )
    op.create_table(
        "origins",
        _number(),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_role", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_origins"),
        sa.UniqueConstraint("source", "source_role", "language", name="uq_origins_source_source_role_language"),
    )
    op.create_table(
        "articles",
        _number(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("origin", _NUMBER, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("date", sa.Date),
        sa.Column("time", sa.Time),
        sa.Column("moment", sa.BigInteger, nullable=False),
        sa.Column("dateline_start", sa.Integer),
        sa.Column("dateline_end", sa.Integer),
        sa.Column("boilerplate", _JSON, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        sa.Column("resolved", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_articles"),
        sa.UniqueConstraint("id", name="uq_articles_id"),
        sa.UniqueConstraint("content_hash", name="uq_articles_content_hash"),
        sa.ForeignKeyConstraint(["origin"], ["origins.number"], name="fk_articles_origin_origins"),
    )
    op.create_index("ix_articles_moment", "articles", ["moment"])
    op.create_table(
        "contents",
        *_of_article("contents"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("details", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article", name="pk_contents"),
    )


def _make_places() -> None:
    op.create_table(
        "places",
        _number(),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("country", sa.Text),
        sa.Column("admin1", sa.Text),
        sa.Column("admin2", sa.Text),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("south", sa.Double, nullable=False),
        sa.Column("population", sa.BigInteger, nullable=False),
        sa.Column("uncertainty_km", sa.Double, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_places"),
        sa.UniqueConstraint("id", name="uq_places_id"),
    )
    op.create_index("ix_places_country_admin1_admin2", "places", ["country", "admin1", "admin2"])
    op.create_table(
        "shapes",
        _number(),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("outline", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_shapes"),
        sa.UniqueConstraint("hash", name="uq_shapes_hash"),
    )


def _make_readings() -> None:
    op.create_table(
        "mentions",
        *_of_article("mentions"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sentence_start", sa.Integer, nullable=False),
        sa.Column("sentence_end", sa.Integer, nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("query", sa.Text),
        sa.Column("place", _NUMBER),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("article", "position", name="pk_mentions"),
        sa.ForeignKeyConstraint(["place"], ["places.number"], name="fk_mentions_place_places"),
        sqlite_with_rowid=False,
    )
    extents = ("core", "zone", "possible")
    op.create_table(
        "footprints",
        *_of_article("footprints"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("sentence_start", sa.Integer),
        sa.Column("sentence_end", sa.Integer),
        *(sa.Column(extent, _NUMBER, nullable=False) for extent in extents),
        sa.Column("places", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("article", "position", name="pk_footprints"),
        *(
            sa.ForeignKeyConstraint([extent], ["shapes.number"], name=f"fk_footprints_{extent}_shapes")
            for extent in extents
        ),
        sqlite_with_rowid=False,
    )


def _make_counts() -> None:
    op.create_table(
        "article_places",
        *_of_article("article_places"),
        sa.Column("place", _NUMBER, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("origin", sa.Integer, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("article", "place", name="pk_article_places"),
        sa.ForeignKeyConstraint(["place"], ["places.number"], name="fk_article_places_place_places"),
        sqlite_with_rowid=False,
    )
    for first, *rest in (["place", "day", "origin"], ["day", "origin", "place"], ["origin", "day", "place"]):
        op.create_index(f"ix_article_places_{first}", "article_places", [first, *rest, "mentions", "article"])
    op.create_table(
        "place_counts",
        sa.Column("period", sa.Integer, nullable=False),
        sa.Column("place", _NUMBER, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("period", "place", name="pk_place_counts"),
        sa.ForeignKeyConstraint(["place"], ["places.number"], name="fk_place_counts_place_places"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_counts",
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("origin", sa.Integer, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "origin", name="pk_day_counts"),
        sqlite_with_rowid=False,
    )


def _number() -> sa.Column[int]:
    return sa.Column("number", _NUMBER, nullable=False, autoincrement=False)


def _of_article(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("article", _NUMBER, nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.number"], name=f"fk_{table}_article_articles", ondelete="CASCADE"
        ),
    )
