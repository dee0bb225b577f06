"""Totals by month, origin and language, with the place's square and point; and how many mentions are in no doubt.

Programs of earlier revisions would add articles without counting them in the totals: the table they count in is gone,
so that they stop rather than write what does not agree.

The signatures of near duplicates are made in another way since: those of before would match none of new articles.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
reads_from = "0005"
due = ("signatures",)

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_KEY = ["part", "value", "square", "place"]
_INDEXES = (["place", "day", "origin"], ["day", "origin", "place"], ["origin", "day", "place"])

_FILL = (
    "UPDATE places SET square = "
    "CAST(floor((lon + 180) / 360 * 128) AS INTEGER) * 256 + CAST(floor(south * 128) AS INTEGER)",
    "UPDATE origins SET language_number = "
    "(SELECT min(number) FROM origins AS same WHERE same.language = origins.language)",
    # A mention is in no doubt where the machine is sure enough of it, or a person has decided.
    """
    UPDATE article_places SET sure = counted.sure FROM (
        SELECT m.article AS article, CASE WHEN r.verdict IS NULL THEN m.place ELSE r.place END AS place,
               sum(CASE WHEN r.verdict IS NOT NULL OR m.confidence >= 0.5 THEN 1 ELSE 0 END) AS sure
        FROM mentions AS m JOIN articles AS a ON a.number = m.article
        LEFT JOIN reviews AS r ON r.content_hash = a.content_hash AND r."start" = m."start" AND r."end" = m."end"
        WHERE m.kind = 'name'
        GROUP BY m.article, CASE WHEN r.verdict IS NULL THEN m.place ELSE r.place END
    ) AS counted
    WHERE counted.article = article_places.article AND counted.place = article_places.place
    """,
    """
    INSERT INTO place_totals (part, value, square, place, lon, lat, mentions, articles, sure)
    SELECT part, value, p.square, place, p.lon, p.lat, sum(mentions), count(*), sum(sure)
    FROM (
        SELECT 0 AS part, 0 AS value, place, mentions, sure FROM article_places
        UNION ALL SELECT 1, day / 100, place, mentions, sure FROM article_places
        UNION ALL SELECT 2, origin, place, mentions, sure FROM article_places
        UNION ALL SELECT 3, language_number, place, mentions, sure
        FROM article_places JOIN origins ON origins.number = origin
    ) AS named JOIN places AS p ON p.number = place
    GROUP BY part, value, p.square, place, p.lon, p.lat ORDER BY part, value, p.square, place
    """,
)
# SQLite keeps rows in the order of their keys; here indexes hold all that is asked for by them.
_POSTGRESQL = (
    "ALTER TABLE article_places DROP CONSTRAINT pk_article_places",
    "ALTER TABLE article_places ADD CONSTRAINT pk_article_places PRIMARY KEY (article, place) "
    "INCLUDE (day, origin, mentions, sure)",
    "CREATE INDEX ix_places_located ON places (number) INCLUDE (square, south, lon, lat)",
    # Else it takes places for five times as common as they are, and all articles' totals for a tenth as many.
    "ALTER TABLE article_places ALTER COLUMN place SET STATISTICS 1000",
    "CREATE STATISTICS place_totals_parts (mcv) ON part, value FROM place_totals",
)


def upgrade() -> None:
    """Make the totals of what is there."""
    for first, *_rest in _INDEXES:
        op.drop_index(f"ix_article_places_{first}", "article_places")
    op.add_column("places", sa.Column("square", sa.Integer, nullable=False, server_default="0"))
    op.add_column("origins", sa.Column("language_number", _NUMBER, nullable=False, server_default="0"))
    op.add_column("article_places", sa.Column("sure", sa.Integer, nullable=False, server_default="0"))
    _make_totals()
    for statement in (*_FILL, *(_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ())):
        op.execute(statement)
    for first, *rest in _INDEXES:
        columns = [first, *rest, "mentions", "sure", "article"]
        op.create_index(f"ix_article_places_{first}", "article_places", columns)
    op.create_index("ix_articles_origin_moment", "articles", ["origin", "moment", "number", "places"])
    op.drop_table("place_counts")


def _make_totals() -> None:
    in_postgresql = op.get_bind().dialect.name == "postgresql"
    key = [] if in_postgresql else [sa.PrimaryKeyConstraint(*_KEY, name="pk_place_totals")]
    op.create_table(
        "place_totals",
        sa.Column("part", sa.SmallInteger, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("square", sa.Integer, nullable=False),
        sa.Column("place", _NUMBER, nullable=False),
        sa.Column("lon", sa.Double, nullable=False),
        sa.Column("lat", sa.Double, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("sure", sa.Integer, nullable=False),
        *key,
        sqlite_with_rowid=False,
    )
    if in_postgresql:
        # SQLite keeps the rows in the key's order; here the key's index holds all of them.
        op.execute(
            f"ALTER TABLE place_totals ADD CONSTRAINT pk_place_totals PRIMARY KEY ({', '.join(_KEY)}) "
            "INCLUDE (lon, lat, mentions, articles, sure)"
        )
