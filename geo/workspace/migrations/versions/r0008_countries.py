"""Which countries an article names: a country's articles are one stretch of a table, however many places it has.

The store keeps the table in step with ``article_places`` by itself, with triggers: programs of the revision before work
on beside it, and what they write is found by country too.

Totals of all articles get an index by mentions, from which the places named most are read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
reads_from = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_KEY = "country, day, article"

_ADD = f"""
    INSERT INTO article_countries ({_KEY}, origin, mentions)
    SELECT {_KEY}, origin, mentions FROM {{named}} AS named WHERE true
    ON CONFLICT ({_KEY}) DO UPDATE SET
        origin = excluded.origin, mentions = article_countries.mentions + excluded.mentions;
"""
_TAKE = f"""
    UPDATE article_countries SET mentions = article_countries.mentions - named.mentions FROM {{named}} AS named
    WHERE article_countries.country = named.country AND article_countries.day = named.day
        AND article_countries.article = named.article;
    DELETE FROM article_countries WHERE mentions = 0 AND ({_KEY}) IN (SELECT {_KEY} FROM {{named}} AS named);
"""


def _named(rows: str) -> str:
    """Return the query of what rows of ``article_places`` add up to."""
    return f"""(
        SELECT places.country AS country, facts.day AS day, facts.article AS article, facts.origin AS origin,
            sum(facts.mentions) AS mentions
        FROM {rows} AS facts JOIN places ON places.number = facts.place WHERE places.country IS NOT NULL
        GROUP BY places.country, facts.day, facts.article, facts.origin
    )"""


def _of_place(row: str) -> str:
    """Return the query of what a place adds up to by its row as it was or is."""
    return f"""(
        SELECT {row}.country AS country, day, article, origin, mentions FROM article_places
        WHERE place = {row}.number AND {row}.country IS NOT NULL
    )"""


def _row(row: str) -> str:
    columns = (f"{row}.{name} AS {name}" for name in ("place", "day", "article", "origin", "mentions"))
    return f"(SELECT {', '.join(columns)})"


_MOVE = _TAKE.format(named=_of_place("OLD")) + _ADD.format(named=_of_place("NEW"))
_OUT, _IN = _TAKE.format(named=_named(_row("OLD"))), _ADD.format(named=_named(_row("NEW")))
_SQLITE = (
    f"CREATE TRIGGER article_places_inserted AFTER INSERT ON article_places BEGIN {_IN} END",
    f"CREATE TRIGGER article_places_deleted AFTER DELETE ON article_places BEGIN {_OUT} END",
    f"CREATE TRIGGER article_places_updated AFTER UPDATE ON article_places BEGIN {_OUT} {_IN} END",
    f"CREATE TRIGGER places_ceded AFTER UPDATE OF country ON places WHEN OLD.country IS NOT NEW.country "
    f"BEGIN {_MOVE} END",
)
# Once a statement, however many rows it changes.
_POSTGRESQL = (
    f"""CREATE FUNCTION count_countries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN {_TAKE.format(named=_named("removed"))} END IF;
        IF TG_OP <> 'DELETE' THEN {_ADD.format(named=_named("written"))} END IF;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER article_places_inserted AFTER INSERT ON article_places "
    "REFERENCING NEW TABLE AS written EXECUTE FUNCTION count_countries()",
    "CREATE TRIGGER article_places_deleted AFTER DELETE ON article_places "
    "REFERENCING OLD TABLE AS removed EXECUTE FUNCTION count_countries()",
    "CREATE TRIGGER article_places_updated AFTER UPDATE ON article_places "
    "REFERENCING OLD TABLE AS removed NEW TABLE AS written EXECUTE FUNCTION count_countries()",
    f"CREATE FUNCTION move_countries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_MOVE} RETURN NULL; END $$",
    "CREATE TRIGGER places_ceded AFTER UPDATE OF country ON places FOR EACH ROW "
    "WHEN (OLD.country IS DISTINCT FROM NEW.country) EXECUTE FUNCTION move_countries()",
)


def upgrade() -> None:
    """Make the table of what is there."""
    in_postgresql = op.get_bind().dialect.name == "postgresql"
    _make_table(in_postgresql)
    # Before it is filled: PostgreSQL lets nobody write from here on, so that nothing slips in between.
    for statement in _POSTGRESQL if in_postgresql else _SQLITE:
        op.execute(sa.text(statement))
    op.execute(sa.text(_ADD.format(named=_named("article_places"))))
    op.create_index(
        "ix_place_totals_most",
        "place_totals",
        [sa.text("mentions DESC"), "place"],
        sqlite_where=sa.text("part = 0"),
        postgresql_where=sa.text("part = 0"),
        postgresql_include=["articles", "sure"],
    )


def _make_table(in_postgresql: bool) -> None:
    key = [] if in_postgresql else [sa.PrimaryKeyConstraint(*_KEY.split(", "), name="pk_article_countries")]
    op.create_table(
        "article_countries",
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("article", _NUMBER, nullable=False),
        sa.Column("origin", sa.Integer, nullable=False),
        sa.Column("mentions", sa.Integer, nullable=False),
        *key,
        sqlite_with_rowid=False,
    )
    if in_postgresql:
        # SQLite keeps the rows in the key's order; here the key's index holds all of them.
        op.execute(
            "ALTER TABLE article_countries ADD CONSTRAINT pk_article_countries "
            f"PRIMARY KEY ({_KEY}) INCLUDE (origin, mentions)"
        )
