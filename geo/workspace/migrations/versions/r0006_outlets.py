"""Texts that several published are found under each of them: origins tell of all, and ``outlets`` which are whose.

Words of scripts that put no spaces between them are indexed anew, each character by itself.

Programs of earlier revisions would add origins without outlets: the new column has no default, so that they stop.
"""

import sqlalchemy as sa
from alembic import op

from geo.gazetteer.names import normalise
from geo.workspace.outlets import credit
from geo.workspace.tables import articles, contents, origins
from geo.workspace.words import APART, LONGEST_TEXT, has_unspaced, searched, vector

revision = "0006"
down_revision = "0005"
reads_from = "0006"

_CHUNK = 200
"""Articles credited at a time."""
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_UNIQUE = "uq_origins_source_source_role_language"


def upgrade() -> None:
    """Make the outlets of what is there."""
    _make_anew() if op.get_bind().dialect.name == "sqlite" else _change()
    op.create_table(
        "outlets",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("origin", _NUMBER, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("source", "origin", name="pk_outlets"),
        sa.ForeignKeyConstraint(["origin"], ["origins.number"], name="fk_outlets_origin_origins", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outlets_origin", "outlets", ["origin"])
    op.execute("INSERT INTO outlets (source, origin) SELECT source, number FROM origins WHERE source <> ''")
    _credit(op.get_bind())
    _index_anew(op.get_bind())


def _change() -> None:
    op.add_column("origins", sa.Column("besides", sa.Text, nullable=False, server_default=""))
    op.alter_column("origins", "besides", server_default=None)
    op.alter_column("origins", "language_number", server_default=None)
    op.drop_constraint(_UNIQUE, "origins")
    op.create_unique_constraint(f"{_UNIQUE}_besides", "origins", ["source", "source_role", "language", "besides"])


def _make_anew() -> None:
    """Make the table anew under its name: SQLite changes no constraint of a table."""
    # Until the rows are back, articles point to nothing.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE former_origins AS SELECT * FROM origins")
    op.drop_table("origins")
    op.create_table(
        "origins",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_role", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("besides", sa.Text, nullable=False),
        sa.Column("language_number", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_origins"),
        sa.UniqueConstraint("source", "source_role", "language", "besides", name=f"{_UNIQUE}_besides"),
    )
    op.execute(
        "INSERT INTO origins (number, source, source_role, language, besides, language_number) "
        "SELECT number, source, source_role, language, '', language_number FROM former_origins"
    )
    op.execute("DROP TABLE former_origins")


def _credit(connection: sa.Connection) -> None:
    numbers = connection.execute(sa.text("SELECT DISTINCT article FROM appearances ORDER BY article")).scalars().all()
    for start in range(0, len(numbers), _CHUNK):
        credit(connection, numbers[start : start + _CHUNK])


def _index_anew(connection: sa.Connection) -> None:
    """Index those articles anew whose words are others now."""
    said = sa.select(articles.c.number, articles.c.title, origins.c.source, contents.c.text)
    said = said.select_from(articles.join(origins).join(contents, contents.c.article == articles.c.number))
    query = said.order_by(articles.c.number).limit(_CHUNK)
    done = 0
    while rows := connection.execute(query.where(articles.c.number > done)).all():
        for number, *parts in rows:
            if any(map(has_unspaced, filter(None, parts))):
                _replace_words(connection, number, parts)
        done = rows[-1][0]


def _replace_words(connection: sa.Connection, number: int, said: list[str]) -> None:
    before, now = _former("\n".join(filter(None, said))), searched(*said)
    if connection.dialect.name == "sqlite":
        # The index keeps no text: it must be told what to take out.
        delete = "INSERT INTO words (words, rowid, text) VALUES ('delete', :n, :text)"
        insert = "INSERT INTO words (rowid, text) VALUES (:n, :text)"
    else:
        delete, insert = "DELETE FROM words WHERE article = :n", "INSERT INTO words (article, text) VALUES (:n, :text)"
        now = vector(now)
    connection.execute(sa.text(delete), {"n": number, "text": before})
    connection.execute(sa.text(insert), {"n": number, "text": now})


def _former(text: str) -> str:
    """Return words as revisions before had them: what has no spaces in itself was one word."""
    parts = (part for word in text[:LONGEST_TEXT].split() for part in normalise(word.translate(APART)).split())
    return " ".join(part[:100] for part in parts)
