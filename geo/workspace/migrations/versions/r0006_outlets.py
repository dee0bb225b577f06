"""Texts that several published are found under each of them: origins tell of all, and ``outlets`` which are whose.

Words of scripts that put no spaces between them are found by their characters since: words are indexed anew.

Programs of earlier revisions would add origins without outlets: the new column has no default, so that they stop.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
reads_from = "0006"
due = ("outlets", "words")

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
